"""Open a .docx or .xlsx: nothing in the file is trusted, and only checked XML is handed on."""

from __future__ import annotations

import io
import posixpath
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.errors import InputError

# Bounds against hostile files, far above what Word and Excel write for a corpus; no choice of the analysis.
_MEMBERS = 4_000  # a document with two thousand pictures has as many parts
_TOTAL = 512 * 2**20  # bytes after unpacking, pictures included, as the file declares them
_PARTS = 256 * 2**20  # bytes of XML after unpacking, counted while unpacking
_PART = 128 * 2**20  # bytes of one XML part: some twenty million characters of text
_TAGS = 3_000_000  # in a part that is held as a tree; an element takes some 100 bytes whatever is in it
_RATIO = 400  # unpacked to packed, of parts over a megabyte; deflate reaches 1032, sheets of equal rows some 100
_SMALL = 2**20
_BLOCK = 2**16

_LOCAL = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")

# Formats by name: what it is (Chinese, English) and what to do.
_WORD_AGAIN = ("请在 Word 或 WPS 中打开，另存为 .docx。", "Open it in Word or WPS and save it as .docx.")
_EXCEL_AGAIN = ("请在 Excel 或 WPS 中打开，另存为 .xlsx。", "Open it in Excel or WPS and save it as .xlsx.")
_RENAME = ("请把扩展名改成 {0}。", "Change the ending of its name to {0}.")
_FORMATS: dict[str, tuple[str, str, tuple[str, str]]] = {
    "docx": ("Word 文档（.docx）", "a Word document (.docx)", (_RENAME[0].format(".docx"), _RENAME[1].format(".docx"))),
    "xlsx": ("Excel 表格（.xlsx）", "a spreadsheet (.xlsx)", (_RENAME[0].format(".xlsx"), _RENAME[1].format(".xlsx"))),
    "pptx": ("PowerPoint 演示文稿", "a presentation", ("请把文字另存为 .docx。", "Save its text as .docx.")),
    "odt": ("ODF 文字文档（.odt）", "an OpenDocument text (.odt)", _WORD_AGAIN),
    "ods": ("ODF 表格（.ods）", "an OpenDocument spreadsheet (.ods)", _EXCEL_AGAIN),
    "xlsb": ("二进制表格（.xlsb）", "a binary spreadsheet (.xlsb)", _EXCEL_AGAIN),
    "zip": ("压缩包", "an archive", ("请解压，使用其中的文件。", "Unpack it and use the files in it.")),
    "locked": (
        "设有密码的文件",
        "protected by a password",
        ("请取消密码后另存。", "Remove the password and save it again."),
    ),
    "doc": ("旧的 Word 文档（.doc）", "an old Word document (.doc)", _WORD_AGAIN),
    "xls": ("旧的 Excel 表格（.xls）", "an old spreadsheet (.xls)", _EXCEL_AGAIN),
    "wps": ("WPS 文字文档（.wps）", "a WPS document (.wps)", _WORD_AGAIN),
    "et": ("WPS 表格（.et）", "a WPS spreadsheet (.et)", _EXCEL_AGAIN),
    "ole": (
        "旧的 Office 文件",
        "an old Office file",
        ("请在 Word、Excel 或 WPS 中另存为 .docx 或 .xlsx。", "Save it as .docx or .xlsx in Word, Excel or WPS."),
    ),
    "rtf": ("RTF 文档", "an RTF document", _WORD_AGAIN),
    "pdf": ("PDF 文件", "a PDF file", (_RENAME[0].format(".pdf"), _RENAME[1].format(".pdf"))),
    "html": ("网页（HTML）", "a web page (HTML)", (_RENAME[0].format(".html"), _RENAME[1].format(".html"))),
    "xml": ("XML 文件", "an XML file", ("请另存为 .docx 或 .xlsx。", "Save it as .docx or .xlsx.")),
    "image": (
        "图片",
        "a picture",
        ("请先把图片中的文字转成文本。", "Turn the picture's text into characters first."),
    ),
    "packed": ("压缩包", "an archive", ("请解压，使用其中的文件。", "Unpack it and use the files in it.")),
    "text": (
        "纯文本",
        "plain text",
        ("请把扩展名改成 .txt 或 .csv。", "Change the ending of its name to .txt or .csv."),
    ),
    "empty": ("空文件", "empty", ("请检查文件是否传输完整。", "See whether it was copied in full.")),
    "unknown": (
        "无法识别的内容",
        "nothing known",
        ("请检查文件，另存为 .docx 或 .xlsx。", "Look at the file and save it as .docx or .xlsx."),
    ),
}
_BEGINNINGS = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"Rar!", "packed"),
    (b"7z\xbc\xaf", "packed"),
    (b"\x1f\x8b", "packed"),
)


def _ole_kind(data: bytes, path: Path) -> str:
    """What an OLE file holds, by the names of its streams, which stand in it as UTF-16."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return "locked"
    ending = path.suffix.lower()
    if has("WordDocument"):
        return "wps" if ending in (".wps", ".wpt") else "doc"
    if has("Workbook") or has("Book"):
        return "et" if ending in (".et", ".ett") else "xls"
    return "ole"


def _zip_kind(data: bytes) -> str:
    """What a zip container holds, by names that every program writes; a guess for messages and routing, no check."""
    mimetype = data[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.")
    if mimetype:
        return "ods" if b"spreadsheet" in data[:120] else "odt"
    if b"xl/workbook.bin" in data:
        return "xlsb"
    found = [(data.find(mark), kind) for mark, kind in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))]
    return min(((at, kind) for at, kind in found if at >= 0), default=(0, "zip"))[1]


def kind_of(data: bytes, path: Path) -> str:
    """What the content is, whatever the ending says: docx, xlsx, html, pdf, text, … ``path`` tells .wps from .doc."""
    if not data:
        return "empty"
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(_OLE):
        return _ole_kind(data, path)
    for beginning, kind in _BEGINNINGS:
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(beginning):
            return kind
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(b"<") and re.search(rb"<(!doctype html|html|head|body|table|meta)\b", head):
        return "html"
    if head.startswith(b"<?xml"):
        return "xml"
    sample = data[:4096] if not data.startswith(_UTF16[:2]) else b""
    return "unknown" if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", sample) else "text"


def refusal(kind: str, path: Path, wanted: str) -> InputError:
    """What the file really is and what to do; ``kind`` and ``wanted`` as `kind_of` names them."""
    should_zh, should_en, _ = _FORMATS[wanted]
    zh, en, (do_zh, do_en) = _FORMATS[kind]
    return InputError(
        f"这不是 {should_zh}，而是{zh}。{do_zh}", f"this is not {should_en}; it is {en}. {do_en}", file=path
    )


def _damaged(path: Path, zh: str, en: str) -> InputError:
    return InputError(
        f"文件不完整或已损坏（{zh}）。请重新下载或复制，或在 Word/Excel/WPS 中打开后另存。",
        f"the file is cut off or damaged ({en}). Copy it again, or open it in Word, Excel or WPS and save it anew.",
        file=path,
    )


def _unsafe(path: Path, zh: str, en: str) -> InputError:
    return InputError(
        f"文件内部结构不安全，没有读取：{zh}。正常保存的文件没有这种情况；请向提供者索取原件，或在 Word/Excel/WPS 中另存。",
        f"unsafe inside, not read: {en}. No file saved in the normal way is like this; ask for the original, or save it "
        "anew in Word, Excel or WPS.",
        file=path,
    )


def _check_name(info: zipfile.ZipInfo, path: Path) -> None:
    name = info.orig_filename
    shown = ascii(name[:80])
    parts = name.split("/")
    if (
        not name
        or "\\" in name
        or "\0" in name
        or name.startswith("/")
        or ".." in parts
        or re.match(r"[A-Za-z]:", name)
    ):
        raise _unsafe(path, f"成员名 {shown} 指向文件之外", f"the member name {shown} points outside the file")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise _unsafe(path, f"成员 {shown} 是符号链接", f"the member {shown} is a symbolic link")


def _check_directory(infos: list[zipfile.ZipInfo], path: Path) -> None:
    """Names, sizes and kinds as the central directory states them."""
    if len(infos) > _MEMBERS:
        raise _unsafe(path, f"成员超过 {_MEMBERS} 个", f"more than {_MEMBERS} members")
    seen: set[str] = set()
    for info in infos:
        _check_name(info, path)
        if info.filename.casefold() in seen:
            name = ascii(info.filename[:80])
            raise _unsafe(path, f"成员 {name} 出现两次", f"the member {name} stands twice")
        seen.add(info.filename.casefold())
        if info.flag_bits & 0x41:
            raise InputError(
                "文件设有密码。请取消密码后另存。",
                "the file has a password. Remove it and save the file again.",
                file=path,
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 0x20:
            name = ascii(info.filename[:80])
            raise _damaged(path, f"{name} 的压缩方法未知", f"{name} is packed in an unknown way")
        if info.file_size > _SMALL and info.file_size > _RATIO * max(info.compress_size, 1):
            raise _bomb(path)
    if sum(info.file_size for info in infos) > _TOTAL:
        raise _bomb(path)


def _bomb(path: Path) -> InputError:
    return _unsafe(
        path,
        f"解压后过大（上限 {_TOTAL // 2**20} MB，或单个成员压缩比 {_RATIO}）",
        f"too large when unpacked (bounds: {_TOTAL // 2**20} MB, and {_RATIO} times its packed size for one member)",
    )


def _begins(data: bytes, info: zipfile.ZipInfo, path: Path) -> int:
    """Where the packed bytes of a member begin; its local header must say what the directory says."""
    at = info.header_offset
    header = data[at : at + 30]
    if len(header) < 30 or not header.startswith(_LOCAL):
        raise _damaged(path, "成员表与内容不符", "the list of members does not fit the content")
    _, _, flags, method, _, _, _, _, _, of_name, of_extra = struct.unpack("<4s5H3I2H", header)
    name = data[at + 30 : at + 30 + of_name]
    expected = info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "replace")
    if name != expected or method != info.compress_type or (flags ^ info.flag_bits) & 1:
        raise _unsafe(path, "成员表与成员自身的说明不符", "a member and the list of members contradict each other")
    return at + 30 + of_name + of_extra


def _check_apart(data: bytes, infos: list[zipfile.ZipInfo], path: Path, directory: int) -> None:
    """Members one after the other: entries that share bytes unpack to far more than the file holds."""
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise _unsafe(path, "成员相互重叠", "members overlap")
        end = _begins(data, info, path) + info.compress_size
    if end > directory:
        raise _unsafe(path, "成员相互重叠", "members overlap")


def _unpacked(data: bytes, info: zipfile.ZipInfo, path: Path) -> bytes:
    """The member, unpacked in blocks and never beyond the size that it states."""
    name = ascii(info.filename[:80])
    begin = _begins(data, info, path)
    packed = memoryview(data)[begin : begin + info.compress_size]
    if info.file_size > _PART:
        raise _bomb(path)
    if info.compress_type == zipfile.ZIP_STORED:
        found = bytes(packed)
    else:
        engine = zlib.decompressobj(-15)
        held = io.BytesIO()
        spare = 0  # bytes behind the end: a place for a second content, which another program may read
        try:
            for at in range(0, len(packed), _BLOCK):
                rest = bytes(packed[at : at + _BLOCK])
                spare += len(rest) if engine.eof else 0
                while rest and not engine.eof:
                    held.write(engine.decompress(rest, _BLOCK))
                    if held.tell() > info.file_size:
                        raise _unsafe(path, f"{name} 比它声明的大", f"{name} is larger than it says")
                    rest = engine.unconsumed_tail
            held.write(engine.flush())
            if not engine.eof or engine.unused_data or spare:
                raise _unsafe(path, f"{name} 的大小与声明不符", f"{name} has another size than it says")
        except zlib.error:
            raise _damaged(path, f"{name} 无法解压", f"{name} cannot be unpacked") from None
        found = held.getvalue()
    if len(found) != info.file_size:
        raise _unsafe(path, f"{name} 的大小与声明不符", f"{name} has another size than it says")
    if zlib.crc32(found) != info.CRC:
        raise _damaged(path, f"{name} 校验和不符", f"the checksum of {name} is wrong")
    return found


def _plain_xml(part: bytes, name: str, path: Path) -> bytes:
    """The part as UTF-8 without declaration; refused where it declares entities or could hide them in an encoding."""
    shown = ascii(name[:80])
    codec = "utf-16" if part.startswith(_UTF16[:2]) else {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(part[:2], "")
    try:
        text = part.decode(codec or "utf-8-sig")
    except UnicodeDecodeError:
        raise _damaged(path, f"{shown} 不是 UTF-8 或 UTF-16", f"{shown} is neither UTF-8 nor UTF-16") from None
    declared = re.match(r"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"']*)", text[:400])
    if declared and declared[1].lower() not in (("utf-16",) if codec else ("utf-8", "us-ascii", "ascii")):
        raise _unsafe(path, f"{shown} 声明了别的编码", f"{shown} declares another encoding")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _unsafe(path, f"{shown} 定义了实体（DOCTYPE）", f"{shown} defines entities (DOCTYPE)")
    if not declared and not codec:
        return part.removeprefix(b"\xef\xbb\xbf")
    return re.sub(r"^\s*<\?xml\b[^>]*\?>", "", text, count=1).encode("utf-8")


def checked(data: bytes, path: Path, wanted: str) -> dict[str, bytes]:
    """The XML parts of a .docx or .xlsx (``wanted``) by name, unpacked and in UTF-8; what is not XML stays packed.

    Errors (`InputError`): not such a file (the message says what it is), cut
    off, a password, names that point outside, links, members that stand twice,
    overlap, lie about their size or unpack to too much, entities.
    """
    if not data.startswith(_LOCAL):
        raise refusal(kind_of(data, path), path, wanted)
    if data.count(_CENTRAL) > 2 * _MEMBERS:  # before anything is allocated for them; a stored file may hold some
        raise _unsafe(path, f"成员超过 {_MEMBERS} 个", f"more than {_MEMBERS} members")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos, directory = archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OverflowError, struct.error):
        raise _damaged(path, "压缩包不完整", "the container is not whole") from None
    _check_directory(infos, path)
    _check_apart(data, infos, path, directory)
    kind = _kind_of_names([info.filename for info in infos], data)
    if kind != wanted:
        raise refusal(kind, path, wanted)
    parts: dict[str, bytes] = {}
    left = _PARTS
    for info in infos:
        if info.filename.lower().endswith((".xml", ".rels")):
            left -= info.file_size
            if left < 0:
                raise _bomb(path)
            parts[info.filename] = _plain_xml(_unpacked(data, info, path), info.filename, path)
    return parts


def _kind_of_names(names: list[str], data: bytes) -> str:
    """By the folders of the parts: every program that writes these formats uses the same ones."""
    if "xl/workbook.bin" in names:
        return "xlsb"
    folders = {name.partition("/")[0] for name in names if "/" in name}
    found = next(
        (kind for folder, kind in (("word", "docx"), ("xl", "xlsx"), ("ppt", "pptx")) if folder in folders), ""
    )
    return found or (_zip_kind(data) if "mimetype" in names else "zip")


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The checked parts as a plain container: a library that reads it meets nothing else of the file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return held.getvalue()


def _parser_options() -> dict[str, bool]:
    """No network, no entities, and libxml2's own bounds on depth and length of text."""
    return {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def refuse_many_tags(count: int, name: str, path: Path) -> None:
    """An `InputError` before a tree is made that would take all memory."""
    if count > _TAGS:
        raise InputError(
            f"{name} 的标记超过 {_TAGS} 个，太大。请分成几个文件。",
            f"{name} has more than {_TAGS} tags, too many. Divide it into several files.",
            file=path,
        )


def parsed(part: bytes, name: str, path: Path) -> Any:
    """The root element of a checked part."""
    refuse_many_tags(part.count(b"<"), name, path)
    try:
        return etree.fromstring(part, etree.XMLParser(remove_comments=True, remove_pis=True, **_parser_options()))
    except etree.XMLSyntaxError as error:
        raise _not_parsed(error, name, path) from None


def elements(part: bytes, name: str, path: Path) -> Iterator[Any]:
    """The elements of a checked part as each ends; the caller clears those it is done with."""
    try:
        for _, element in etree.iterparse(io.BytesIO(part), events=("end",), **_parser_options()):
            if isinstance(element.tag, str):
                yield element
    except etree.XMLSyntaxError as error:
        raise _not_parsed(error, name, path) from None


def _not_parsed(error: etree.XMLSyntaxError, name: str, path: Path) -> InputError:
    return _damaged(path, f"{name}：{error.msg}", f"{name}: {error.msg}")


def local(element: Any) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Any, name: str) -> str | None:
    """An attribute by its name, whichever of the two OOXML namespaces it is in."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def related(parts: Mapping[str, bytes], name: str, path: Path) -> dict[str, tuple[str, str]]:
    """What the part refers to inside the file: id -> kind and name of the part. ``name`` is empty for the whole file."""
    folder, _, own = name.rpartition("/")
    rels = "/".join(filter(None, (folder, "_rels", f"{own}.rels")))
    if rels not in parts:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for one in parsed(parts[rels], rels, path):
        target = one.get("Target", "")
        if one.get("Id", "") in found:
            raise _unsafe(path, f"{rels} 中编号重复", f"an id stands twice in {rels}")
        if one.get("TargetMode") != "External" and target:
            full = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[one.get("Id", "")] = (one.get("Type", "").rpartition("/")[2], full)
    return found


def main_part(parts: Mapping[str, bytes], path: Path) -> str:
    """The part with the text of the document or the list of sheets."""
    found = next((target for kind, target in related(parts, "", path).values() if kind == "officeDocument"), "")
    if found not in parts:
        raise _damaged(path, "缺少正文部分", "its main part is missing")
    return found
