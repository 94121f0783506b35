"""A hostile or mistaken container is one message that names the file and what to do, before any library sees it."""

from __future__ import annotations

import io
import os
import resource
import stat
import struct
import subprocess
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from pipeline.errors import InputError
from pipeline.readers import archives, formats
from pipeline.readers.archives import checked, kind_of, packed
from tests.appendix import HEADINGS
from tests.containers import (
    LAUGHS,
    OLE,
    OUTSIDE,
    data,
    ole,
    paragraph,
    patched,
    sheet_members,
    sheets,
    table,
    word,
    word_members,
    zipped,
)
from tests.make import ROOT

DOCX, XLSX = Path("甲.docx"), Path("甲.xlsx")
GOOD = word_members(table(("序号", "省市", "经验做法"), ("1", "山东", "文字。")))
MAIN = "word/document.xml"


def refused(content: bytes, path: Path = DOCX, wanted: str = "docx") -> str:
    with pytest.raises(InputError) as caught:
        checked(content, path, wanted)
    assert caught.value.file == str(path)
    assert str(caught.value).startswith(f"{path}\n  错误：")
    return str(caught.value)


def test_a_sound_container_gives_its_xml_parts_as_they_are() -> None:
    found = checked(zipped({**GOOD, "word/media/a.png": b"\x89PNG"}), DOCX, "docx")
    assert found == {name: str(content).encode() for name, content in GOOD.items()}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_parts_are_read_stored_and_deflated(method: int) -> None:
    assert set(checked(zipped(GOOD, method), DOCX, "docx")) == set(GOOD)


def test_parts_written_to_a_stream_with_their_sizes_behind_them_are_read() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.held = b""

        def writable(self) -> bool:
            return True

        def write(self, content: bytes) -> int:  # type: ignore[override]
            self.held += bytes(content)
            return len(content)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
    assert b"PK\x07\x08" in pipe.held  # the data descriptor
    assert set(checked(pipe.held, DOCX, "docx")) == set(GOOD)


def test_what_is_handed_to_a_library_holds_the_checked_parts_and_nothing_else() -> None:
    parts = checked(zipped({**GOOD, "word/vbaProject.bin": b"macro"}), DOCX, "docx")
    with zipfile.ZipFile(io.BytesIO(packed(parts))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == parts
    assert b"macro" not in packed(parts)


@pytest.mark.parametrize(
    ("content", "kind", "zh", "en"),
    [
        (b"", "empty", "空文件", "it is empty"),
        (ole("EncryptedPackage"), "locked", "取消密码后另存", "Remove the password"),
        (ole("WordDocument"), "doc", "另存为 .docx", "save it as .docx"),
        (ole("Workbook"), "xls", "另存为 .xlsx", "save it as .xlsx"),
        (ole("Book"), "xls", "另存为 .xlsx", "save it as .xlsx"),
        (OLE, "ole", "旧的 Office 文件", "an old Office file"),
        (b"{\\rtf1\\ansi}", "rtf", "RTF", "an RTF document"),
        (b"%PDF-1.7\n", "pdf", "PDF 文件", "to .pdf"),
        (b"\r\n<html><table><tr><td>1</table>", "html", "网页", "to .html"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>", "html", "网页", "to .html"),
        ("\ufeff<meta charset=utf-16><table>".encode("utf-16-le"), "html", "网页", "to .html"),
        (b'<?xml version="1.0"?><Workbook/>', "xml", "XML 文件", "an XML file"),
        (b'<?xml version="1.0"?>\n<html xmlns="x">', "html", "网页", "to .html"),
        ("序号,省市\n".encode(), "text", "纯文本", ".txt or .csv"),
        ("序号,省市\n".encode("gb18030"), "text", "纯文本", ".txt or .csv"),
        (b"\x89PNG\r\n", "image", "图片", "a picture"),
        (b"Rar!\x1a\x07", "packed", "压缩包", "Unpack it"),
        (bytes(range(256)), "unknown", "无法识别", "nothing known"),
        (zipped(sheet_members(data(("1",)))), "xlsx", "扩展名改成 .xlsx", "to .xlsx"),
        (zipped({"ppt/presentation.xml": "<p/>"}), "pptx", "演示文稿", "a presentation"),
        (zipped({"xl/workbook.bin": b"", "xl/a.xml": ""}), "xlsb", ".xlsb", "a binary spreadsheet"),
        (zipped({"readme.txt": "a"}), "zip", "请解压", "Unpack it"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}, zipfile.ZIP_STORED),
            "odt",
            ".odt",
            "an OpenDocument text",
        ),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "c.xml": ""}, zipfile.ZIP_STORED),
            "ods",
            ".ods",
            "an OpenDocument spreadsheet",
        ),
    ],
)
def test_a_file_of_another_format_is_told_what_it_is_and_what_to_do(
    content: bytes, kind: str, zh: str, en: str
) -> None:
    said = refused(content)
    assert zh in said
    assert en in said
    assert kind_of(content, DOCX) == kind


def test_a_word_document_under_the_name_of_a_spreadsheet_is_told_its_own_ending() -> None:
    assert "扩展名改成 .docx" in refused(zipped(GOOD), XLSX, "xlsx")


@pytest.mark.parametrize(("ending", "stream", "kind"), [(".wps", "WordDocument", "wps"), (".et", "Workbook", "et")])
def test_a_file_of_wps_is_told_from_one_of_office_by_its_ending(ending: str, stream: str, kind: str) -> None:
    assert kind_of(ole(stream), Path(f"甲{ending}")) == kind


@pytest.mark.parametrize("name", ["甲.doc", "甲.wps", "甲.rtf", "甲.odt", "甲.xls", "甲.ods"])
def test_every_old_ending_leads_to_a_message_that_says_what_to_do(name: str) -> None:
    content = {".rtf": b"{\\rtf1}", ".xls": ole("Workbook")}.get(Path(name).suffix, ole("WordDocument"))
    with pytest.raises(InputError, match="save it as"):
        formats.read(content, Path(name), HEADINGS)


# --- damage ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_is_cut_off_is_refused_wherever_it_ends(share: float) -> None:
    content = zipped(GOOD)
    said = refused(content[: int(len(content) * share)])
    assert "不完整" in said
    assert "Copy it again" in said


def test_a_changed_byte_in_a_part_is_found_by_its_checksum() -> None:
    content = bytearray(zipped(GOOD, zipfile.ZIP_STORED))
    at = content.index("山东".encode())
    content[at + 2] ^= 1
    assert "checksum" in refused(bytes(content))


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8), st.booleans())
def test_any_damage_is_a_message_or_leaves_the_parts_as_they_were(changes: list[tuple[int, int]], cut: bool) -> None:
    content = bytearray(zipped(GOOD))
    for at, value in changes:
        content[at % len(content)] = value
    if cut:
        del content[changes[0][0] % len(content) :]
    try:
        found = checked(bytes(content), DOCX, "docx")
    except InputError:
        return
    for name, part in found.items():
        assert part.decode() in GOOD.values(), name


# --- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../a.xml", "word/../../a.xml", "/etc/passwd", "C:/a.xml", "c:a.xml", "word\\a.xml", "..\\a.xml", "a\0b.xml"],
)
def test_a_member_that_points_outside_the_file_is_refused(name: str) -> None:
    plain = zipped({**GOOD, "x" * len(name.encode()): "<a/>"})
    content = plain.replace(b"x" * len(name.encode()), name.encode())  # zipfile itself would mend some of the names
    said = refused(content)
    assert "points outside the file" in said
    assert "请向提供者索取原件" in said


def test_a_symbolic_link_is_refused() -> None:
    held = io.BytesIO(zipped(GOOD))
    with zipfile.ZipFile(held, "a") as archive:
        link = zipfile.ZipInfo("word/link.xml")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "a symbolic link" in refused(held.getvalue())


@pytest.mark.parametrize("name", [MAIN, "WORD/Document.xml"])
def test_a_member_that_stands_twice_is_refused_also_in_another_case(name: str) -> None:
    held = io.BytesIO(zipped(GOOD))
    with zipfile.ZipFile(held, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile's own, of the name
        archive.writestr(name, "<a/>")
    assert "stands twice" in refused(held.getvalue())


# --- what the header says ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", [0x1, 0x41])
def test_an_encrypted_member_is_told_to_lose_its_password(flag: int) -> None:
    said = refused(patched(zipped(GOOD), MAIN, central={8: ("<H", flag)}))
    assert "取消密码" in said
    assert "Remove it and save" in said


@pytest.mark.parametrize("method", [12, 14, 97])
def test_a_member_packed_in_an_unknown_way_is_refused(method: int) -> None:
    assert "packed in an unknown way" in refused(patched(zipped(GOOD), MAIN, central={10: ("<H", method)}))


def test_a_member_larger_than_it_says_is_refused() -> None:
    assert "larger than it says" in refused(patched(zipped(GOOD), MAIN, central={24: ("<I", 100)}))


def test_a_member_smaller_than_it_says_is_refused() -> None:
    assert "another size than it says" in refused(patched(zipped(GOOD), MAIN, central={24: ("<I", 100_000)}))


def test_a_stored_member_of_another_size_than_it_says_is_refused() -> None:
    content = zipped(GOOD, zipfile.ZIP_STORED)
    assert "another size than it says" in refused(patched(content, MAIN, central={24: ("<I", 100)}))


def test_a_member_under_another_name_than_the_directory_says_is_refused() -> None:
    content = zipped(GOOD)
    at = content.index(MAIN.encode())
    held = content[:at] + b"word/documenT.xml" + content[at + len(MAIN) :]
    assert "contradict each other" in refused(held)


def test_members_that_share_bytes_are_refused() -> None:
    """Fifield's zip bomb in small: two entries of the directory name one member."""
    plain = zipped({**GOOD, "word/aaaaaaaa.xml": "<a/>"})
    first = struct.unpack_from("<I", plain, plain.rindex(MAIN.encode()) - 4)[0]
    said = refused(patched(plain, "word/aaaaaaaa.xml", central={42: ("<I", first)}))
    assert "members overlap" in said or "contradict each other" in said


def test_a_member_within_another_is_refused() -> None:
    inner = zipped({"word/aaaaaaaa.xml": "<a/>"}, zipfile.ZIP_STORED)
    inner = inner[: inner.index(b"PK\x01\x02")]
    plain = zipped({**GOOD, "word/b.bin": inner, "word/aaaaaaaa.xml": "<a/>"}, zipfile.ZIP_STORED)
    assert "members overlap" in refused(
        patched(plain, "word/aaaaaaaa.xml", central={42: ("<I", plain.index(inner))}, local=False)
    )


# --- too much ----------------------------------------------------------------------------------------------------------


def test_a_member_that_unpacks_to_a_thousand_times_its_size_is_refused() -> None:
    said = refused(zipped({**GOOD, "word/a.xml": b" " * 20_000_000}))
    assert "解压后过大" in said
    assert "ask for the original" in said


def test_a_member_that_hides_its_size_is_not_unpacked_beyond_it() -> None:
    bomb = zipped({**GOOD, "word/a.xml": b" " * 50_000_000})
    assert "larger than it says" in refused(patched(bomb, "word/a.xml", central={24: ("<I", 5_000)}))


def test_members_that_together_unpack_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped(GOOD)
    size = sum(len(str(part).encode()) for part in GOOD.values())
    monkeypatch.setattr(archives, "_TOTAL", size)
    checked(content, DOCX, "docx")
    monkeypatch.setattr(archives, "_TOTAL", size - 1)
    assert "too large when unpacked" in refused(content)


@pytest.mark.parametrize("bound", ["_PARTS", "_PART"])
def test_xml_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(archives, bound, 200)
    assert "too large when unpacked" in refused(zipped(GOOD))


@pytest.mark.parametrize("count", [4_001, 9_000])
def test_too_many_members_are_refused(count: int) -> None:
    assert "more than 4000 members" in refused(zipped({f"word/{at}": b"" for at in range(count)}, zipfile.ZIP_STORED))


# --- XML ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE, "<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'>"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("part", [MAIN, "_rels/.rels", "word/footnotes.xml"])
def test_a_part_that_defines_entities_is_refused_in_every_encoding(part: str, codec: str, declaration: str) -> None:
    content = zipped({**GOOD, part: (declaration + "<a>&x;</a>").encode(codec)})
    assert "defines entities" in refused(content)


@pytest.mark.parametrize("codec", ["utf-7", "cp500", "gb18030", "latin-1"])
def test_a_part_that_declares_another_encoding_is_refused(codec: str) -> None:
    part = f'<?xml version="1.0" encoding="{codec}"?><a/>'
    said = refused(zipped({**GOOD, MAIN: part.encode("ascii")}))
    assert "declares another encoding" in said
    with pytest.raises(InputError):  # not even read as UTF-8
        checked(zipped({**GOOD, MAIN: (part + "é").encode(codec)}), DOCX, "docx")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_part_in_utf_16_or_with_a_mark_reads_like_one_in_utf_8(codec: str) -> None:
    said = "utf-16" if codec == "utf-16" else "UTF-8"
    part = f'<?xml version="1.0" encoding="{said}" standalone="yes"?>' + str(GOOD[MAIN])
    assert checked(zipped({**GOOD, MAIN: part.encode(codec)}), DOCX, "docx")[MAIN] == str(GOOD[MAIN]).encode()


def test_a_part_that_is_no_xml_is_refused_with_its_name() -> None:
    parts = checked(zipped({**GOOD, MAIN: "<a><b></a>"}), DOCX, "docx")
    with pytest.raises(InputError, match=r"word/document\.xml"):
        archives.parsed(parts[MAIN], MAIN, DOCX)


def test_more_tags_than_a_tree_can_hold_are_refused_before_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_TAGS", 3)
    archives.parsed(b"<a><b/></a>", MAIN, DOCX)
    with pytest.raises(InputError, match="more than 3 tags"):
        archives.parsed(b"<a><b/><b/></a>", MAIN, DOCX)


def test_a_relation_that_leads_out_of_the_file_is_not_followed() -> None:
    out = (
        '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="http://127.0.0.1/a.xml" '
        'TargetMode="External"/></Relationships>'
    )
    parts = checked(zipped({**GOOD, "_rels/.rels": out}), DOCX, "docx")
    with pytest.raises(InputError, match="main part is missing"):
        archives.main_part(parts, DOCX)


# --- with real bounds on memory ------------------------------------------------------------------------------------------

_LIMITED = """
import resource, sys
from pathlib import Path
from pipeline.errors import InputError
from pipeline.readers import formats, spreadsheet, web_page, word_document
from tests.appendix import HEADINGS
data = Path(sys.argv[1]).read_bytes()
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
try:
    formats.read(data, Path(sys.argv[1]), HEADINGS)
except InputError as error:
    print(error)
print("MORE", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) // 1024)
"""


def attack(name: str) -> bytes:
    """The content of the file of this name; each asks for far more than it holds."""
    kept = {name: content for name, content in GOOD.items() if name != MAIN}
    deep = "<w:sdt><w:sdtContent>" * 100_000
    shared = f"<si><t>{'哈' * 100_000}</t></si>"
    pointing = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, 4000))
    html = "<table>" + "<tr><td rowspan=65534 colspan=1000>甲</td><td rowspan=65534 colspan=1000>乙</td></tr>"
    makers: dict[str, Callable[[], bytes]] = {
        "空白.docx": lambda: zipped({**kept, MAIN: b" " * 200_000_000}),
        "深.docx": lambda: zipped({**kept, MAIN: word_members(deep)[MAIN]}),
        "宽.docx": lambda: word(
            table("<w:tr>" + '<w:tc><w:tcPr><w:gridSpan w:val="999999"/></w:tcPr></w:tc>' * 9 + "</w:tr>")
        ),
        "长.docx": lambda: word(paragraph("".join(chr(0x4E00 + at % 20_000) for at in range(9_000_000)))),
        "远.xlsx": lambda: sheets(
            '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
        "无.xlsx": lambda: sheets('<sheetData><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></sheetData>'),
        "重.xlsx": lambda: sheets(f"<sheetData>{pointing}</sheetData>", strings=shared),
        "合.xlsx": lambda: sheets(data(("甲",)) + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "跨.html": lambda: (html + "<tr><td>丙</td></tr>" * 60_000 + "</table>").encode(),
        "深.html": lambda: ("<div>" * 100_000 + "<p>文字</p>").encode(),
        "长.html": lambda: f"<p>{'长' * 5_000_000}</p>".encode(),
    }
    return makers[name]()


ATTACKS = (
    "空白.docx",
    "深.docx",
    "宽.docx",
    "长.docx",
    "远.xlsx",
    "无.xlsx",
    "重.xlsx",
    "合.xlsx",
    "跨.html",
    "深.html",
    "长.html",
)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_ends_in_a_message_with_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(attack(name))
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30)),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said, _, more = done.stdout.rpartition("MORE")
    assert said.startswith(f"{path}"), done.stdout[:500]
    assert "错误：" in said
    assert int(more) < 600  # MB beyond the libraries and the file itself


@pytest.mark.parametrize("hidden", [b"h", b"h" * 70_000])
def test_bytes_behind_the_end_of_a_packed_part_are_refused(hidden: bytes) -> None:
    part = str(GOOD[MAIN]).encode()
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = engine.compress(part) + engine.flush()
    plain = zipped({**GOOD, MAIN: stream + hidden}, zipfile.ZIP_STORED)
    content = patched(plain, MAIN, central={10: ("<H", 8), 16: ("<I", zlib.crc32(part)), 24: ("<I", len(part))})
    assert "another size than it says" in refused(content)
