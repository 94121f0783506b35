"""Take a picture of the top of a page in Chromium, small enough for a README: PAGE.html -> PICTURE.png."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

WIDTH, HEIGHT = 1280, 860
LARGEST = 300_000  # bytes
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=2000",
)  # fmt: skip


def taken(browser: str, page: Path, fragment: str) -> Image.Image:
    """The window of WIDTH x HEIGHT at the ``fragment`` of the page, twice as many pixels each way."""
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        command = [
            browser, *_FLAGS, f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{HEIGHT}",
            "--force-device-scale-factor=2", f"--screenshot={shot}", page.resolve().as_uri() + fragment,
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=900)
        return Image.open(io.BytesIO(shot.read_bytes())).convert("RGB")


def packed(image: Image.Image, largest: int = LARGEST) -> bytes:
    """As PNG of at most so many bytes: the first of fewer colours, then fewer pixels, that is small enough."""
    for scale in (1.0, 0.75, 0.6, 0.5):
        size = (round(image.width * scale), round(image.height * scale))
        smaller = image.resize(size, Image.Resampling.LANCZOS)
        for colours in (256, 128, 64, 32):
            stream = io.BytesIO()
            smaller.quantize(colours, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
            if stream.tell() <= largest:
                return stream.getvalue()
    raise ValueError(f"no picture of at most {largest} bytes")


def main(page: str, fragment: str, out: str) -> None:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit("需要 Chromium（Debian：apt install chromium）。 Chromium is needed (Debian: apt install chromium).")
    Path(out).write_bytes(packed(taken(browser, Path(page), fragment)))


if __name__ == "__main__":
    main(*sys.argv[1:])
