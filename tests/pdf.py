"""Small PDFs written by hand, object by object: what a page holds is what the test says."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

# Adobe's Song, not embedded: pdfminer knows its characters. Half-width Latin letters, full-width all else.
_SONG = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font "
    "/Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> "
    "/DW 1000 /W [1 95 500] /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 >> >>] >>"
)
# Glyph numbers without a word on which characters they are.
_NAMELESS = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype "
    "/CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 >>] >>"
)


def text(x: float, y: float, words: str, *, size: float = 10, font: str = "F1", turned: bool = False) -> str:
    """Words with the left end of their baseline at x, y from the bottom left."""
    matrix = "0 1 -1 0" if turned else "1 0 0 1"
    return f"BT /{font} {size} Tf {matrix} {x} {y} Tm <{words.encode('utf-16-be').hex()}> Tj ET\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


def table(
    xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[str | Sequence[str]]], size: float = 10,
    closed: tuple[bool, bool] = (True, True),
) -> str:  # fmt: skip
    """Cells between xs and, from the top, ys; a cell of several lines as a list. ``closed``: lines above and below."""
    drawn = "".join(line(x, ys[0], x, ys[-1]) for x in xs)
    drawn += "".join(line(xs[0], y, xs[-1], y) for y in ys[0 if closed[0] else 1 : len(ys) if closed[1] else -1])
    for top, row in zip(ys, rows, strict=False):
        for left, cell in zip(xs, row, strict=False):
            for at, words in enumerate([cell] if isinstance(cell, str) else cell):
                drawn += text(left + 2, top - 12 - 1.2 * size * at, words, size=size) if words else ""
    return drawn


PICTURE = "q 300 0 0 300 50 50 cm /Im1 Do Q\n"


def pdf(pages: Sequence[str], *, catalog: str = "", packed: bool = False, streams: Sequence[bytes] = ()) -> bytes:
    """A file with these contents of pages, 400 by 400 points; ``streams``: whole streams, dictionary and all."""
    first = 6
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _SONG.encode(),
        _NAMELESS.encode(),
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\n"
        b"stream\n\x80\nendstream",
    ]
    for at, content in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents {first + 2 * at + 1} 0 R /Resources << /Font "
            "<< /F1 3 0 R /F2 4 0 R >> /XObject << /Im1 5 0 R >> >> >>".encode()
        )
        body = zlib.compress(content.encode()) if packed else content.encode()
        kind = " /Filter /FlateDecode" if packed else ""
        objects.append(f"<< /Length {len(body)}{kind} >>\nstream\n".encode() + body + b"\nendstream")
    objects += streams
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table_at = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return written + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table_at}\n%%EOF\n".encode()


def bomb(depth: int, size: int) -> bytes:
    """A stream of so many bytes, packed so many times over."""
    packed = b"0" * size
    for _ in range(depth):
        packed = zlib.compress(packed, 9)
    filters = b" ".join([b"/FlateDecode"] * depth)
    return b"<< /Filter [%b] /Length %d >>\nstream\n%b\nendstream" % (filters, len(packed), packed)
