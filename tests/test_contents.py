"""Files that were packed by another zlib say the same; other files do not."""

from __future__ import annotations

import base64
import gzip
import zipfile
import zlib
from io import BytesIO

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


def woff(level: int, characters: str) -> bytes:
    """The subset of the font, its tables compressed anew with this level."""
    data = bytearray(font.subset_woff(characters))
    tables = int.from_bytes(data[12:14])
    parts, at = [], 44 + 20 * tables
    head = bytearray(data[:at])
    for number in range(tables):
        entry = 44 + 20 * number
        offset, packed, whole = (int.from_bytes(data[entry + k : entry + k + 4]) for k in (4, 8, 12))
        piece = bytes(data[offset : offset + packed])
        raw = zlib.decompress(piece) if packed < whole else piece
        again = zlib.compress(raw, level)
        again = again if len(again) < len(raw) else raw
        head[entry + 4 : entry + 8] = at.to_bytes(4)
        head[entry + 8 : entry + 12] = len(again).to_bytes(4)
        again += b"\0" * (-len(again) % 4)
        parts.append(again)
        at += len(again)
    whole_file = bytes(head) + b"".join(parts)
    return whole_file[:8] + len(whole_file).to_bytes(4) + whole_file[12:]


def page(face: bytes, text: str, policy: str) -> bytes:
    embedded = base64.b64encode(face).decode()
    return f"<meta content=\"style-src 'sha256-{policy}='\"><style>src: url(data:font/woff;base64,{embedded})</style>{text}".encode()


def test_a_page_whose_font_is_compressed_otherwise_says_the_same_and_one_with_another_word_does_not() -> None:
    one, other = woff(1, "校企合作"), woff(9, "校企合作")
    assert one != other
    assert same(page(one, "校企", "aa"), page(other, "校企", "bb"), "report.html")
    assert not same(page(one, "校企", "aa"), page(other, "合作", "bb"), "report.html")
    assert not same(page(one, "校企", "aa"), page(woff(9, "校企合"), "校企", "aa"), "report.html")


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
