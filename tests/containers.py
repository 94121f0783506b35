"""Containers of Word and Excel files as bytes, written by hand where a library would not write them so."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)

# What old Office files and those with a password begin with.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
# Ten times ten times ten …, and what stands elsewhere.
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "哈"><!ENTITY b "'
    + "&a;" * 10
    + '">'
    + "".join(f'<!ENTITY {chr(99 + at)} "{f"&{chr(98 + at)};" * 10}">' for at in range(10))
    + "]>"
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def relations(**targets: str) -> str:
    """id -> kind:part, the kind as the last step of its address."""
    rows = []
    for number, said in targets.items():
        kind, _, target = said.partition(":")
        rows.append(f'<Relationship Id="{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>')
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def word_members(body: str, space: str = W, **others: tuple[str, str]) -> dict[str, bytes | str]:
    """The members of a .docx with this body; ``others``: kind of a part -> its name and XML."""
    document = f'<w:document xmlns:w="{space}" {_SPACES}><w:body>{body}</w:body></w:document>'
    targets = {f"rId{at}": f"{kind}:{name}" for at, (kind, (name, _)) in enumerate(others.items(), 1)}
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": relations(rId1="officeDocument:word/document.xml"),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": relations(**targets),
    }
    for name, xml in others.values():
        members[f"word/{name}"] = xml.replace(">", f' xmlns:w="{space}" {_SPACES}>', 1)
    return members


def word(body: str, space: str = W, **others: tuple[str, str]) -> bytes:
    return zipped(word_members(body, space, **others))


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*texts: str) -> str:
    return "<w:p>" + "".join(text if text.startswith("<") else run(text) for text in texts) + "</w:p>"


def cell(content: str, properties: str = "") -> str:
    inner = content if content.startswith("<") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    held = "".join(one if one.startswith("<w:tc>") else cell(one) for one in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{held}</w:tr>"


def table(*rows: str | Sequence[str]) -> str:
    return "<w:tbl><w:tblPr/>" + "".join(one if isinstance(one, str) else row(*one) for one in rows) + "</w:tbl>"


def sheet_members(*sheets: str, strings: str = "", attributes: Sequence[str] = ()) -> dict[str, bytes | str]:
    """The members of an .xlsx whose sheets 甲, 乙, … hold this XML; ``strings``: of the shared strings."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    said = [*attributes, *[""] * len(sheets)]
    listed = "".join(
        f'<sheet name="{"甲乙丙"[at]}" sheetId="{at + 1}" r:id="rId{at + 1}" {said[at]}/>' for at in range(len(sheets))
    )
    targets = {f"rId{at + 1}": f"worksheet:worksheets/sheet{at + 1}.xml" for at in range(len(sheets))}
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": relations(rId1="officeDocument:xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(**targets, rId99="sharedStrings:sharedStrings.xml"),
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
    }
    for at, content in enumerate(sheets, 1):
        members[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{main}">{content}</worksheet>'
    return members


def sheets(*contents: str, strings: str = "", attributes: Sequence[str] = ()) -> bytes:
    return zipped(sheet_members(*contents, strings=strings, attributes=attributes))


def data(*rows: Sequence[str], first: int = 1) -> str:
    """The rows of a sheet with texts in the cells; nothing where a text is empty."""
    held = []
    for at, texts in enumerate(rows, first):
        cells = "".join(
            f'<c r="{chr(65 + column)}{at}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
            for column, text in enumerate(texts)
            if text
        )
        held.append(f'<row r="{at}">{cells}</row>')
    return f"<sheetData>{''.join(held)}</sheetData>"


def ole(stream: str) -> bytes:
    """An old Office file with a stream of this name."""
    return OLE + stream.encode("utf-16-le") + bytes(512)


def patched(content: bytes, name: str, *, central: dict[int, tuple[str, int]], local: bool = True) -> bytes:
    """Numbers changed in the directory entry of a member: offset -> format and value; ``local``: beside it as well."""
    held = bytearray(content)
    at = held.rindex(name.encode()) - 46
    assert held[at : at + 4] == b"PK\x01\x02"
    start = struct.unpack_from("<I", held, at + 42)[0]
    for offset, (form, value) in central.items():
        struct.pack_into(form, held, at + offset, value)
        if local and 8 <= offset < 42:
            struct.pack_into(form, held, start + offset - 2, value)
    return bytes(held)
