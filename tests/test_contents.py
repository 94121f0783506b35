"""Files that were packed by another library say the same; other files do not."""

from __future__ import annotations

import base64
import gzip
import zipfile
from io import BytesIO

import brotli
import numpy as np
import pytest
from PIL import Image

from pipeline.report import font
from pipeline.sharing.contents import same


def zipped(parts: dict[str, bytes], level: int) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as file:
        for name, data in parts.items():
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, level)
    return written.getvalue()


def png(level: int, *, dot: int = 0) -> bytes:
    pixels = np.arange(40 * 40, dtype=np.uint8).reshape(40, 40) // 3
    pixels[0, 0] = dot
    written = BytesIO()
    Image.fromarray(pixels).save(written, format="png", compress_level=level, dpi=(300, 300))
    return written.getvalue()


WORDS = b"<w:t>" + "校企合作".encode() * 300


@pytest.mark.parametrize(
    ("name", "one", "other", "third"),
    [
        ("f.png", png(1), png(9), png(9, dot=7)),
        ("r.docx", zipped({"a.xml": WORDS}, 1), zipped({"a.xml": WORDS}, 9), zipped({"a.xml": WORDS + b"x"}, 9)),
        ("r.docx", zipped({"i.png": png(1)}, 6), zipped({"i.png": png(9)}, 6), zipped({"i.png": png(9, dot=7)}, 6)),
        ("t.npz", zipped({"a.npy": WORDS}, 1), zipped({"a.npy": WORDS}, 9), zipped({"b.npy": WORDS}, 9)),
    ],
    ids=["png", "docx", "png in docx", "npz"],
)
def test_what_is_only_compressed_otherwise_says_the_same(name: str, one: bytes, other: bytes, third: bytes) -> None:
    assert one != other
    assert same(one, other, name)
    assert not same(one, third, name)


def woff2(quality: int, characters: str) -> bytes:
    """The subset of the font, its one compressed stream made anew with this quality."""
    data = font.subset_woff2(characters)
    packed = int.from_bytes(data[20:24])
    start = next(at for at in range(len(data) - packed, 0, -1) if _is_stream(data[at : at + packed]))
    again = brotli.compress(brotli.decompress(data[start : start + packed]), quality=quality)
    whole = data[:start] + again + b"\0" * (-(start + len(again)) % 4)
    return whole[:8] + len(whole).to_bytes(4) + whole[12:20] + len(again).to_bytes(4) + whole[24:]


def _is_stream(data: bytes) -> bool:
    try:
        return bool(brotli.decompress(data))
    except brotli.error:
        return False


def page(face: bytes, text: str, policy: str) -> bytes:
    embedded = base64.b64encode(face).decode()
    return f"<meta content=\"style-src 'sha256-{policy}='\"><style>src: url(data:font/woff2;base64,{embedded})</style>{text}".encode()


def test_a_page_whose_font_is_compressed_otherwise_says_the_same_and_one_with_another_word_does_not() -> None:
    one, other = woff2(1, "校企合作"), woff2(9, "校企合作")
    assert one != other
    assert same(page(one, "校企", "aa"), page(other, "校企", "bb"), "report.html")
    assert not same(page(one, "校企", "aa"), page(other, "合作", "bb"), "report.html")
    assert not same(page(one, "校企", "aa"), page(woff2(9, "校企合"), "校企", "aa"), "report.html")


def test_a_page_whose_data_are_compressed_otherwise_says_the_same_and_one_with_other_data_does_not() -> None:
    def explored(level: int, text: bytes) -> bytes:
        return b'<script>"' + base64.b64encode(gzip.compress(text, level, mtime=0)) + b'"</script>'

    one, other = explored(1, WORDS), explored(9, WORDS)
    assert one != other
    assert same(one, other, "report.html")
    assert not same(one, explored(9, WORDS + b"x"), "report.html")


@pytest.mark.parametrize("name", ["t.csv", "r.docx", "f.png", "report.html"])
def test_damaged_or_other_files_differ(name: str) -> None:
    assert same(b"abc", b"abc", name)
    assert not same(b"abc", b"abd", name)
