"""Write reports/calibration/inputs.md: every kind of bad or odd input, and what a user is told or what is done with it.

Each case is made in a temporary folder and read as `make` reads it: `cli.run` around `gathered`, `ingested` and the
writing of the tables. Anything but an `InputError`, or what `cli.run` tells of the machine, ends this script.
`python -m benchmarks.inputs`; the section on fuzzing is from reports/calibration/fuzz.json (`benchmarks.fuzz`).
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import stat
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from warnings import catch_warnings, simplefilter

from pipeline import tables
from pipeline.cli import run
from pipeline.corpora import corpora_of, listed
from pipeline.ingest import Ingested, gathered, ingested
from pipeline.method import Gazetteer, Settings, load_gazetteer, load_settings
from pipeline.reading_notes import Note
from tests import containers, make, pdf
from tests.containers import (
    cell,
    data,
    paragraph,
    patched,
    row,
    sheet_members,
    sheets,
    table,
    word,
    word_members,
    zipped,
)

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "reports/calibration/inputs.md"
FUZZED = ROOT / "reports/calibration/fuzz.json"
_LAYOUT = ("structure", "blank", "header")  # of any table
_LONGEST = 300  # characters of a message in the page

Content = bytes | str | Callable[[], bytes]
Files = Mapping[str, Content]


@dataclass(frozen=True)
class Case:
    """One input: files of a folder, or one file; ``odd`` does what is more than writing them."""

    zh: str
    en: str
    name: str
    files: Content | Files
    unit: str = "region"
    odd: Callable[[Path], None] | None = None
    user: bool = False  # read as one who is not root
    settings: str = ""  # what the settings hold instead of the shipped ones: "old -> new"


@dataclass(frozen=True)
class Told:
    """What came of a case: the exit code, the place and messages of an error, or what was read, left out and noted."""

    case: Case
    code: int
    where: str = ""
    zh: str = ""
    en: str = ""


_OK = "一是建立制度。"
_CSV = f"地区,正文\n山东,{_OK}\n"
_HEADS = ("序号", "省市", "经验做法")
_ROW = ("1", "山东", _OK)
_WORD = word_members(table(_HEADS, _ROW))
_BOOK = sheet_members(data(_HEADS, _ROW))
_MAIN, _SHEET = "word/document.xml", "xl/worksheets/sheet1.xml"
_PDF = pdf.pdf([pdf.text(40, 300, "一是建立制度。二是加强培训。三是评价教师。")])
_PARTS = {name: part for name, part in _WORD.items() if name != _MAIN}


def _html(rows: str) -> str:
    head = "<tr><th>省市<th>经验做法</tr>"
    return f'<html><head><meta charset="utf-8"><title>题</title></head><body><table>{head}{rows}</table></body></html>'


def _twice(members: Mapping[str, bytes | str], name: str) -> bytes:
    held = io.BytesIO(zipped(members))
    with zipfile.ZipFile(held, "a") as archive, catch_warnings():
        simplefilter("ignore", UserWarning)
        archive.writestr(name, "<a/>")
    return held.getvalue()


def _linked() -> bytes:
    held = io.BytesIO(zipped(_WORD))
    with zipfile.ZipFile(held, "a") as archive:
        link = zipfile.ZipInfo("word/link.xml")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return held.getvalue()


def _renamed(name: str) -> bytes:
    """A member under a name that zipfile would mend."""
    stand_in = "x" * len(name)
    return zipped({**_WORD, stand_in: "<a/>"}).replace(stand_in.encode(), name.encode())


def _wrong_byte() -> bytes:
    content = bytearray(zipped(_WORD, zipfile.ZIP_STORED))
    content[content.index("山东".encode()) + 2] ^= 1
    return bytes(content)


def _in_word(body: str, **others: tuple[str, str]) -> Callable[[], bytes]:
    return lambda: word(body, **others)


def _json(*lines: str) -> str:
    return "\n".join([*lines, ""])


def _formats() -> Iterator[Case]:
    ole = containers.ole
    yield Case("旧的 Word 文档", "old Word document", "旧.doc", ole("WordDocument"))
    yield Case("旧的 Excel 表格", "old spreadsheet", "旧.xls", ole("Workbook"))
    yield Case("旧的 PowerPoint", "old presentation", "旧.ppt", ole("PowerPoint Document"))
    yield Case("旧的 WPS 文档", "WPS document", "旧.wps", ole("WordDocument"))
    yield Case("旧的 WPS 表格", "WPS spreadsheet", "旧.et", ole("Workbook"))
    yield Case("RTF", "RTF", "旧.rtf", "{\\rtf1\\ansi text}")
    yield Case(
        "ODF 文档",
        "OpenDocument text",
        "文.odt",
        zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}, zipfile.ZIP_STORED),
    )
    yield Case(
        "ODF 表格",
        "OpenDocument spreadsheet",
        "表.ods",
        zipped(
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}, zipfile.ZIP_STORED
        ),
    )
    yield Case("二进制表格", "binary spreadsheet", "表.xlsx", zipped({"xl/workbook.bin": b"", "xl/a.xml": ""}))
    yield Case("演示文稿改名为 .docx", "presentation named .docx", "稿.docx", zipped({"ppt/presentation.xml": "<p/>"}))
    yield Case("不认识的扩展名", "unknown ending", "图.jpg", b"\xff\xd8\xff\xe0 picture")
    yield Case("没有扩展名", "no ending", "正文", _OK)
    yield Case("Word 设有密码", "Word with a password", "密.docx", ole("EncryptedPackage"))
    yield Case("Excel 设有密码", "Excel with a password", "密.xlsx", ole("EncryptedPackage"))
    yield Case(
        "压缩包成员加密", "encrypted member", "密.docx", lambda: patched(zipped(_WORD), _MAIN, central={8: ("<H", 1)})
    )
    yield Case(
        "PDF 需要密码",
        "PDF with a password to open it",
        "密.pdf",
        lambda: (ROOT / "tests/data/appendix-password.pdf").read_bytes(),
    )
    yield Case(
        "PDF 只限制编辑",
        "PDF with a password to change it",
        "限.pdf",
        lambda: (ROOT / "tests/data/appendix-owner-password.pdf").read_bytes(),
    )
    yield Case("Word 改名为 .xlsx", "Word named .xlsx", "文.xlsx", zipped(_WORD))
    yield Case("Excel 改名为 .docx", "Excel named .docx", "表.docx", zipped(_BOOK))
    yield Case("Word 改名为 .txt", "Word named .txt", "文.txt", zipped(_WORD))
    yield Case("PDF 改名为 .docx", "PDF named .docx", "文.docx", _PDF)
    yield Case("文本改名为 .docx", "text named .docx", "文.docx", _OK)
    yield Case("文本改名为 .pdf", "text named .pdf", "文.pdf", _OK)
    yield Case(
        "网页改名为 .xls（办公系统常见）",
        "web page named .xls, as many systems export",
        "表.xls",
        _html(f"<tr><td>山东<td>{_OK}</tr>"),
    )
    yield Case("网页改名为 .docx", "web page named .docx", "页.docx", _html(""))
    yield Case("含宏的 Word", "Word with macros", "宏.docm", zipped({**_WORD, "word/vbaProject.bin": b"macro"}))
    yield Case("含宏的 Excel", "Excel with macros", "宏.xlsm", zipped({**_BOOK, "xl/vbaProject.bin": b"macro"}))
    yield Case("空文件", "empty file", "空.txt", b"")
    yield Case("只有空白", "blanks only", "空.csv", " \r\n\u3000\t\n")
    yield Case("只有字节顺序标记", "a byte-order mark only", "空.txt", b"\xef\xbb\xbf")
    yield Case("只有标点", "punctuation only", "空.txt", "——……。\n")


def _containers() -> Iterator[Case]:
    deep = "<w:sdt><w:sdtContent>" * 5_000
    far = '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    yield Case("压缩炸弹", "zip bomb", "炸.docx", lambda: zipped({**_WORD, "word/a.xml": b" " * 20_000_000}))
    yield Case(
        "隐瞒大小的压缩炸弹",
        "zip bomb that lies about its size",
        "炸.docx",
        lambda: patched(zipped({**_WORD, "word/a.xml": b" " * 5_000_000}), "word/a.xml", central={24: ("<I", 5_000)}),
    )
    yield Case(
        "压缩包中的压缩包",
        "zip within a zip",
        "套.docx",
        lambda: zipped({"内.zip": zipped({"内.docx": zipped(_WORD)})}),
    )
    yield Case(
        "Word 中附带文件",
        "Word that holds a file",
        "套.docx",
        lambda: zipped(
            {
                **word_members(paragraph(_OK), package=("embeddings/a.xlsx", "<a>")),
                "word/embeddings/a.xlsx": zipped(_BOOK),
            }
        ),
    )
    yield Case(
        "成员重叠",
        "members overlap",
        "叠.docx",
        lambda: patched(zipped({**_WORD, "word/document2xml": "<a/>"}), "word/document2xml", central={42: ("<I", 0)}),
    )
    yield Case(
        "五千个成员",
        "five thousand members",
        "多.docx",
        lambda: zipped({f"word/{at}": b"" for at in range(5_000)}, zipfile.ZIP_STORED),
    )
    yield Case(
        "成员名指向上级目录", "member name with ../", "外.docx", lambda: zipped({**_WORD, "../../a.xml": "<a/>"})
    )
    yield Case("成员名是绝对路径", "member with an absolute name", "外.docx", lambda: _renamed("/etc/passwd"))
    yield Case("成员名有反斜线", "member name with a backslash", "外.docx", lambda: _renamed("word\\a.xml"))
    yield Case("成员是符号链接", "member that is a link", "链.docx", _linked)
    yield Case("成员重名", "two members of one name", "重.docx", lambda: _twice(_WORD, _MAIN))
    yield Case(
        "成员名只差大小写", "names that differ in case only", "重.docx", lambda: _twice(_WORD, "WORD/Document.xml")
    )
    yield Case("文件被截断", "cut off", "断.docx", lambda: zipped(_WORD)[:600])
    yield Case("内容被改动（校验和不符）", "changed byte (checksum)", "坏.docx", _wrong_byte)
    yield Case(
        "未知压缩方法", "unknown packing", "压.docx", lambda: patched(zipped(_WORD), _MAIN, central={10: ("<H", 14)})
    )
    yield Case(
        "XML 实体炸弹", "XML entity bomb", "体.docx", lambda: zipped({**_WORD, _MAIN: containers.LAUGHS + "<a>&l;</a>"})
    )
    yield Case(
        "XML 外部实体",
        "XML external entity",
        "体.xlsx",
        lambda: zipped({**_BOOK, _SHEET: containers.OUTSIDE + "<a>&x;</a>"}),
    )
    yield Case(
        "XML 声明别的编码",
        "XML in another encoding",
        "码.docx",
        lambda: zipped({**_WORD, _MAIN: '<?xml version="1.0" encoding="utf-7"?><a/>'}),
    )
    yield Case("不是 XML", "no XML", "坏.docx", lambda: zipped({**_WORD, _MAIN: "<a><b></a>"}))
    yield Case("缺少正文部分", "main part missing", "缺.docx", lambda: zipped(_PARTS))
    yield Case("嵌套过深", "nested too deeply", "深.docx", _in_word(deep))
    yield Case(
        "表格极宽",
        "table far too wide",
        "宽.docx",
        _in_word(table("<w:tr>" + '<w:tc><w:tcPr><w:gridSpan w:val="999999"/></w:tcPr></w:tc>' * 9 + "</w:tr>")),
    )
    yield Case("单元格在表格尽头", "cell at the far end of the sheet", "远.xlsx", lambda: sheets(far))
    yield Case(
        "声明极多字符串",
        "states very many strings",
        "多.xlsx",
        lambda: zipped(
            {
                **_BOOK,
                "xl/sharedStrings.xml": str(_BOOK["xl/sharedStrings.xml"]).replace(
                    "<sst ", '<sst uniqueCount="99999999999999" '
                ),
            }
        ),
    )


def _encodings() -> Iterator[Case]:
    text = "加强职业院校教师队伍建设，完善评价制度，推进校企合作。" * 3
    gb = text.encode("gb18030")
    yield Case("UTF-8 有标记", "UTF-8 with a mark", "码.txt", b"\xef\xbb\xbf" + text.encode())
    yield Case("标记出现两次", "the mark stands twice", "码.txt", b"\xef\xbb\xbf" * 2 + text.encode())
    yield Case("GBK", "GBK", "码.txt", gb)
    yield Case("Big5", "Big5", "码.txt", "加強職業院校教師隊伍建設，完善評價制度。".encode("big5"))
    yield Case("UTF-16 有标记", "UTF-16 with a mark", "码.txt", text.encode("utf-16"))
    yield Case("UTF-16 没有标记", "UTF-16 without a mark", "码.txt", text.encode("utf-16-le"))
    yield Case("UTF-32 有标记", "UTF-32 with a mark", "码.txt", text.encode("utf-32"))
    yield Case("UTF-16 缺半个字符", "UTF-16 that lacks half a character", "码.txt", text.encode("utf-16")[:-1])
    yield Case("UTF-8 有坏字节", "UTF-8 with a damaged byte", "坏.txt", text.encode() + b"\n\xff\n" + text.encode())
    yield Case(
        "UTF-8 与 GBK 混合", "UTF-8 and GBK in one file", "混.txt", text.encode() + b"\n" + "又一段。".encode("gb18030")
    )
    yield Case("无法判断的编码", "encoding that cannot be told", "乱.txt", random.Random(1).randbytes(400))
    yield Case("NUL 字符", "NUL character", "控.txt", f"{text}\0")
    yield Case("控制字符", "control character", "控.csv", _CSV.replace("制度", "制\x01度"))
    yield Case("换页符", "form feed", "控.txt", f"{text}\f{text}")
    yield Case("双向控制字符", "bidi overrides", "隐.csv", _CSV.replace("制度", "制\u202e度\u202c"))
    yield Case("零宽字符", "zero-width characters", "隐.csv", _CSV.replace("制度", "制\u200b\u200d度"))
    yield Case("软连字符", "soft hyphen", "隐.csv", _CSV.replace("制度", "制\xad度"))
    yield Case("标签字符", "tag characters", "隐.csv", _CSV.replace("制度", "制\U000e0041度"))
    yield Case("变体选择符", "variation selector", "隐.csv", _CSV.replace("制度", "制\ufe00度"))
    yield Case("丢失的字符 �", "lost character �", "失.csv", _CSV.replace("制度", "制�度"))
    yield Case(
        "全角数字、部首、兼容字",
        "full-width digits, radicals, compatibility forms",
        "形.csv",
        _CSV.replace("制度", "２０２５年⻋⼭㎡"),
    )
    yield Case("非字符", "a noncharacter", "非.csv", _CSV.replace("制度", "制\ufffe度"))
    yield Case("私用区字符", "a private character", "私.csv", _CSV.replace("制度", "制\ue000度"))
    yield Case("半个代理对", "half of a surrogate pair", "半.jsonl", _json('{"地区": "山东", "text": "文\\ud800字。"}'))


def _tables() -> Iterator[Case]:
    yield Case("只有表头", "only a header", "头.csv", "地区,正文\n")
    yield Case("Word 表格只有表头", "Word table with only a header", "头.docx", _in_word(table(_HEADS)))
    yield Case("Excel 只有表头", "sheet with only a header", "头.xlsx", lambda: sheets(data(_HEADS)))
    yield Case("没有表头", "no header", "无.csv", f"山东,{_OK}\n浙江,二是加强培训。\n")
    yield Case("Excel 没有表头", "sheet without a header", "无.xlsx", lambda: sheets(data(("甲", "乙"), ("丙", "丁"))))
    yield Case("两列都是正文", "two columns of texts", "双.csv", f"地区,正文,内容\n山东,{_OK},二是加强培训。\n")
    yield Case("两列都是地区", "two columns of regions", "双.csv", f"地区,省市,正文\n山东,浙江,{_OK}\n")
    yield Case("没有地区列", "no column of regions", "缺.csv", f"序号,正文\n1,{_OK}\n")
    yield Case("地区是空的", "a region is empty", "缺.csv", f"{_CSV},二是加强培训。\n")
    yield Case("一行没有正文", "a row without text", "缺.csv", f"{_CSV}浙江,\n")
    yield Case("所有行都没有正文", "all rows without text", "缺.csv", "地区,正文\n山东,\n浙江,——\n")
    yield Case("合计行", "a row of totals", "合.csv", f"序号,地区,正文\n1,山东,{_OK}\n合计,,\n")
    yield Case("单元格比表头多", "more cells than the header", "多.csv", "地区,正文\n山东,一是建立制度,二是培训。\n")
    yield Case("单元格比表头少", "fewer cells than the header", "少.csv", f"地区,正文,备注\n山东,{_OK}\n")
    yield Case(
        "Word 表格存成的文本缺单元格",
        "Word table as text lacks a cell",
        "少.txt",
        f"\t序号\n\t省市\n\t经验做法\n\n\t1\n\t山东\n\t{_OK}\n\n\t2\n\t浙江\n",
    )
    yield Case("序号不是数字", "serial number that is none", "号.csv", f"序号,地区,正文\n甲,山东,{_OK}\n")
    yield Case(
        "序号有五千位", "serial number of five thousand digits", "号.csv", f"序号,地区,正文\n{'9' * 5000},山东,{_OK}\n"
    )
    yield Case(
        "一格两百多万字",
        "a cell of over two million characters",
        "长.csv",
        lambda: f"地区,正文\n山东,{'长' * 2_000_001}\n".encode(),
    )
    yield Case("重复的段落", "a paragraph that comes twice", "重.csv", f'地区,正文\n山东,"{_OK}\n{_OK}"\n')
    yield Case(
        "公式文字 =HYPERLINK",
        "formula as text, =HYPERLINK",
        "式.csv",
        '地区,正文\n山东,"=HYPERLINK(""http://a"",""点"")"\n',
    )


def _delimited() -> Iterator[Case]:
    yield Case("引号没有闭合", "quote never closed", "引.csv", '地区,正文\n山东,"一是建立制度。\n浙江,二是培训。\n')
    yield Case("引号后还有文字", "text after the closing quote", "引.csv", '地区,正文\n山东,"一是"建立制度。\n')
    yield Case("不认识的分隔符", "unknown delimiter", "分.csv", f"地区^正文\n山东^{_OK}\n")
    yield Case("分号分隔", "semicolons", "分.csv", _CSV.replace(",", ";"))
    yield Case("全角逗号分隔", "full-width commas", "分.csv", _CSV.replace(",", "，"))
    yield Case("Excel 的 sep= 行", "Excel's line sep=", "分.csv", "sep=|\r\n" + _CSV.replace(",", "|"))
    yield Case(
        "正文含未加引号的逗号", "comma in a text without quotes", "分.csv", "地区,正文\n山东,一是制度,二是培训。\n"
    )
    yield Case("只有回车的换行", "line ends of old Macs", "行.csv", _CSV.replace("\n", "\r"))


def _objects() -> Iterator[Case]:
    good = '{"地区": "山东", "text": "一是建立制度。"}'
    yield Case("一行不完整", "a broken line", "行.jsonl", _json(good, '{"地区": "浙江", "te'))
    yield Case("不是对象", "no object", "行.jsonl", _json(good, '["浙江", "文"]'))
    yield Case("没有正文的键", "no key of texts", "键.jsonl", _json('{"地区": "山东", "备注": "一"}'))
    yield Case("一条没有正文", "one without text", "键.jsonl", _json(good, '{"地区": "浙江"}'))
    yield Case("一条没有地区", "one without region", "键.jsonl", _json(good, '{"text": "二是培训。"}'))
    yield Case("键重复", "a key twice", "键.jsonl", _json('{"text": "一", "text": "二"}'))
    yield Case(
        "嵌套极深",
        "nested very deeply",
        "深.jsonl",
        _json('{"text": "文", "a": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    )
    yield Case("NaN", "NaN", "数.jsonl", _json('{"text": "文", "a": NaN}'))
    yield Case("无穷大", "a number beyond any", "数.jsonl", _json('{"text": "文", "a": 1e999}'))
    yield Case(
        "五千位的整数",
        "a whole number of five thousand digits",
        "数.jsonl",
        _json('{"text": "文", "a": ' + "9" * 5000 + "}"),
    )
    yield Case("正文是数字", "text that is a number", "数.jsonl", _json('{"text": 5}'))
    yield Case(
        "正文是段落列表",
        "text as a list of paragraphs",
        "段.jsonl",
        _json('{"地区": "山东", "text": ["一是制度。", "二是培训。"]}'),
    )
    yield Case("正文含控制字符", "control character in the text", "控.jsonl", _json('{"text": "文\\u0007字"}'))
    yield Case("列表没有写完", "list that does not end", "列.json", f"[{good},")


def _documents() -> Iterator[Case]:
    changed = paragraph(
        "一是",
        "<w:ins><w:r><w:t>建立</w:t></w:r></w:ins>",
        "<w:del><w:r><w:delText>废除</w:delText></w:r></w:del>",
        "制度。",
    )
    hidden = paragraph(_OK, containers.run("密", "<w:vanish/>"))
    yield Case("修订记录", "tracked changes", "修.docx", _in_word(changed))
    yield Case("隐藏文字", "hidden text", "藏.docx", _in_word(hidden))
    yield Case(
        "批注、脚注、页眉",
        "comments, notes, page heads",
        "注.docx",
        _in_word(
            paragraph(_OK),
            comments=("comments.xml", f"<w:comments>{paragraph('批')}</w:comments>"),
            footnotes=("footnotes.xml", f"<w:footnotes>{paragraph('脚')}</w:footnotes>"),
            header=("header1.xml", f"<w:hdr>{paragraph('眉')}</w:hdr>"),
        ),
    )
    yield Case("没有文字的 Word", "Word without text", "图.docx", _in_word("<w:p><w:r><w:drawing/></w:r></w:p>"))
    yield Case(
        "嵌入另一个文件作正文",
        "another file embedded as text",
        "嵌.docx",
        _in_word(paragraph(_OK) + '<w:altChunk r:id="rId9"/>'),
    )
    yield Case(
        "合并单元格下的文字",
        "text under a merged cell",
        "并.docx",
        _in_word(
            table(
                row(*_HEADS),
                row("1", cell("山东", '<w:vMerge w:val="restart"/>'), _OK),
                row("2", cell("藏", "<w:vMerge/>"), "二是培训。"),
            )
        ),
    )
    yield Case(
        "符号字体的字符",
        "character of a symbol font",
        "符.docx",
        _in_word(paragraph(_OK, "<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>")),
    )
    rows = (_HEADS, _ROW, ("2", "浙江", "二是培训。"))
    two = data(*rows)
    yield Case(
        "公式错误 #REF!",
        "formula error #REF!",
        "错.xlsx",
        lambda: sheets(
            data(_HEADS, ("1", "山东", "")).replace(
                "</row></sheetData>", '<c r="C2" t="e"><f>1/0</f><v>#REF!</v></c></row></sheetData>'
            )
        ),
    )
    yield Case(
        "公式",
        "formula",
        "式.xlsx",
        lambda: sheets(
            data(_HEADS, ("1", "山东", "")).replace(
                "</row></sheetData>", '<c r="C2" t="str"><f>"一"&amp;"二"</f><v>一二</v></c></row></sheetData>'
            )
        ),
    )
    yield Case(
        "单元格文字以 = 开头",
        "cell text that begins with =",
        "式.xlsx",
        lambda: sheets(data(_HEADS, ("1", "山东", '=HYPERLINK("http://a","点")'))),
    )
    yield Case(
        "隐藏的行", "hidden row", "藏.xlsx", lambda: sheets(two.replace('<row r="3">', '<row r="3" hidden="1">'))
    )
    yield Case(
        "隐藏的列", "hidden column", "藏.xlsx", lambda: sheets('<cols><col min="1" max="1" hidden="1"/></cols>' + two)
    )
    yield Case(
        "隐藏的工作表",
        "hidden sheet",
        "藏.xlsx",
        lambda: sheets(two, data(_HEADS, ("1", "上海", "三。")), attributes=("", 'state="veryHidden"')),
    )
    yield Case("全部隐藏", "all hidden", "藏.xlsx", lambda: sheets(two, attributes=('state="hidden"',)))
    yield Case(
        "工作表重名",
        "two sheets of one name",
        "重.xlsx",
        lambda: zipped(
            {
                **(members := sheet_members(two, two)),
                "xl/workbook.xml": str(members["xl/workbook.xml"]).replace("乙", "甲"),
            }
        ),
    )


def _pages() -> Iterator[Case]:
    rows = f"<tr><td>山东<td>{_OK}</tr>"
    yield Case(
        "脚本、样式、跳转",
        "scripts, styles, refresh",
        "页.html",
        _html(rows).replace(
            "<body>",
            '<meta http-equiv="refresh" content="0;url=http://a"><script>alert("脚本")</script><style>p{}</style><body>',
        ),
    )
    yield Case(
        "框架页",
        "frames",
        "框.html",
        '<html><frameset cols="50%,50%"><frame src="a.html"><frame src="b.html"></frameset></html>',
    )
    yield Case("内嵌框架", "inline frame", "框.html", f"<p>{_OK}</p><iframe src='http://a'>框架里的字</iframe>")
    yield Case(
        "隐藏的文字",
        "hidden text",
        "藏.html",
        f"<p>{_OK}</p><p style='display:none'>藏一</p><p hidden>藏二</p><del>删</del>",
    )
    yield Case(
        "外部实体",
        "external entity",
        "体.html",
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>{_OK}&x;</p>',
    )
    yield Case("只有图片的网页", "pictures only", "图.html", "<html><body><img src=a.png></body></html>")
    yield Case("嵌套十万层", "a hundred thousand levels", "深.html", "<div>" * 100_000 + "<p>文字</p>")
    yield Case(
        "单元格跨极多行列",
        "cells that span far too much",
        "跨.html",
        _html("<tr><td rowspan=65534 colspan=1000>甲<td rowspan=65534 colspan=1000>乙</tr>" * 9),
    )
    yield Case(
        "网页声明的编码不对",
        "page that names a wrong encoding",
        "码.html",
        _html(rows).replace('charset="utf-8"', 'charset="gbk"'),
    )


def _pdfs() -> Iterator[Case]:
    heads = pdf.text(180, 20, "－ 1 －")
    yield Case("扫描件，没有文字层", "scan without a text layer", "扫.pdf", lambda: pdf.pdf([pdf.PICTURE]))
    yield Case(
        "文字层没有 Unicode",
        "fonts without Unicode",
        "乱.pdf",
        lambda: pdf.pdf([pdf.text(40, 300, "一是建立制度", font="F2")]),
    )
    yield Case("旋转的文字", "rotated text", "转.pdf", lambda: pdf.pdf([pdf.text(40, 100, _OK, turned=True)]))
    yield Case(
        "一页没有文字", "one page without text", "页.pdf", lambda: pdf.pdf([pdf.text(40, 300, _OK * 3), pdf.PICTURE])
    )
    yield Case("只有页码", "page numbers only", "码.pdf", lambda: pdf.pdf([heads] * 3))
    yield Case(
        "没有表头的表格",
        "table without a header",
        "表.pdf",
        lambda: pdf.pdf([pdf.table((20, 100, 380), (380, 350, 320), (("甲", "乙乙乙"), ("丙", "丁丁丁")))]),
    )
    yield Case(
        "截断的 PDF", "PDF that is cut off", "断.pdf", lambda: (ROOT / "tests/data/appendix.pdf").read_bytes()[:9_000]
    )
    yield Case("损坏的 PDF", "damaged PDF", "坏.pdf", b"%PDF-1.4\n" + bytes(range(256)) * 4)
    yield Case(
        "PDF 炸弹", "PDF bomb", "炸.pdf", lambda: pdf.pdf([pdf.text(40, 300, _OK)], streams=[pdf.bomb(2, 100_000_001)])
    )
    yield Case(
        "带脚本和附件的 PDF",
        "PDF with scripts",
        "脚.pdf",
        lambda: pdf.pdf(
            [pdf.text(40, 300, _OK * 3)], catalog="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
        ),
    )


def _link(name: str, target: str) -> Callable[[Path], None]:
    return lambda raw: (raw / name).symlink_to(target)


def _pipe(raw: Path) -> None:
    os.mkfifo(raw)


def _undecodable(raw: Path) -> None:
    with open(os.path.join(os.fsencode(raw), "山东".encode("gb18030") + b".txt"), "wb") as file:
        file.write(_OK.encode())


def _folders() -> Iterator[Case]:
    good = {"山东_经验_2024.txt": _OK}
    yield Case("文件名有换行", "line break in a name", "夹", {"山东\n经验.txt": _OK})
    yield Case("文件名只有数字", "digits only for a name", "夹", {"123.txt": _OK})
    yield Case("文件名不是 UTF-8", "name that is not in UTF-8", "夹", good, odd=_undecodable)
    yield Case(
        "隐藏文件、系统文件",
        "hidden and system files",
        "夹",
        {**good, ".草稿.txt": _OK, "Thumbs.db": b"x", "__MACOSX/a.txt": _OK},
    )
    yield Case("Word 的临时文件", "Word's lock file", "夹", {**good, "~$经验.docx": b"x"})
    yield Case("不认识的格式", "unknown ending", "夹", {**good, "照片.jpg": b"x"})
    yield Case("文件夹里的空文件", "empty file in a folder", "夹", {**good, "空.txt": b""})
    yield Case("文件夹里的坏文件", "damaged file in a folder", "夹", {**good, "坏.docx": b"PK\x03\x04 cut off"})
    yield Case("指向文件夹之外的链接", "link out of the folder", "夹", good, odd=_link("外.txt", "/etc/passwd"))
    yield Case("失效的链接", "link to nothing", "夹", good, odd=_link("断.txt", "无.txt"))
    yield Case("指向自己的链接", "link to itself", "夹", good, odd=_link("环.txt", "环.txt"))
    yield Case("文件夹里的管道", "pipe in a folder", "夹", good, odd=lambda raw: _pipe(raw / "管.txt"))
    yield Case("语料是管道", "the corpus is a pipe", "管.txt", {}, odd=lambda raw: (raw.rmdir(), _pipe(raw))[-1])
    yield Case(
        "无权读取的文件",
        "file that must not be read",
        "夹",
        good,
        odd=lambda raw: next(raw.iterdir()).chmod(0),
        user=True,
    )
    yield Case(
        "无权读取的文件夹",
        "folder that must not be read",
        "夹",
        {**good, "内/浙江.txt": _OK},
        odd=lambda raw: (raw / "内").chmod(0),
        user=True,
    )
    yield Case("空文件夹", "empty folder", "夹", {})
    yield Case("文件夹里没有可读的文件", "nothing in the folder can be read", "夹", {"照片.jpg": b"x"})
    yield Case("没有这个文件", "no such file", "无.txt", {}, odd=lambda raw: raw.rmdir())


def _places() -> Iterator[Case]:
    yield Case("地名表没有的地区", "region that is in no gazetteer", "地.csv", f"地区,正文\n某县,{_OK}\n")
    yield Case("重名的县", "county of several places", "地.csv", f"地区,正文\n城关区,{_OK}\n")
    yield Case("旧地名", "former name", "地.csv", f"地区,正文\n襄樊市,{_OK}\n")
    yield Case("没有写明地区", "no region stated", "夹", {"经验.txt": _OK})
    yield Case("同一文件两次", "the same document twice", "夹", {"1_山东_经验.txt": _OK, "2_山东_经验.txt": _OK})
    yield Case("同一行两次", "the same row twice", "重.csv", f"{_CSV}山东,{_OK}\n")
    yield Case("地区名有隐藏字符", "hidden characters in a region", "地.csv", f"地区,正文\n山\u200b东,{_OK}\n")
    yield Case("UNIT 没有这一列", "UNIT that is no column", "单.csv", _CSV, unit="处室")


def _settings() -> Iterator[Case]:
    yield Case("设置名写错", "unknown setting", "设.csv", _CSV, settings="min_length -> min_lenght")
    yield Case(
        "设置值类型不对", "setting of a wrong type", "设.csv", _CSV, settings="headline_max = -> headline_max = 'a' #"
    )
    yield Case("设置文件不是 TOML", "settings that are no TOML", "设.csv", _CSV, settings="[measures] -> [measures")


SECTIONS: tuple[tuple[str, str, Callable[[], Iterator[Case]]], ...] = (
    ("格式", "Formats", _formats),
    ("Word 与 Excel 的容器", "Containers of Word and Excel", _containers),
    ("编码与字符", "Encodings and characters", _encodings),
    ("表格", "Tables", _tables),
    ("CSV", "CSV", _delimited),
    ("JSON", "JSON", _objects),
    ("Word 与 Excel 的内容", "What Word and Excel hold", _documents),
    ("网页", "Web pages", _pages),
    ("PDF", "PDF", _pdfs),
    ("文件与文件夹", "Files and folders", _folders),
    ("地区与重复", "Regions and repetitions", _places),
    ("设置", "Settings", _settings),
)  # fmt: skip


# --- a case is made and read -------------------------------------------------------------------------------------------


def _bytes(content: Content) -> bytes:
    content = content() if callable(content) else content
    return content.encode("utf-8") if isinstance(content, str) else content


def _made(case: Case, folder: Path) -> Path:
    raw = folder / case.name
    if isinstance(case.files, Mapping):
        raw.mkdir()
        for name, content in case.files.items():
            (raw / name).parent.mkdir(exist_ok=True)
            (raw / name).write_bytes(_bytes(content))
    else:
        raw.write_bytes(_bytes(case.files))
    if case.odd:
        case.odd(raw)
    return raw


def _settings_of(case: Case, folder: Path) -> Path:
    shipped = ROOT / "method/settings.toml"
    if not case.settings:
        return shipped
    before, after = case.settings.split(" -> ")
    text = shipped.read_text("utf-8")
    if before not in text:
        raise ValueError(f"{case.en}: no {before} in the settings")
    path = folder / "settings.toml"
    path.write_text(text.replace(before, after, 1), "utf-8")
    return path


@contextmanager
def _user(folder: Path, wanted: bool) -> Iterator[None]:
    """Without the rights of root, to whom nothing is forbidden."""
    if not wanted or os.geteuid() != 0:
        yield
        return
    folder.chmod(0o755)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def told(case: Case, gazetteer: Gazetteer, settings: Settings) -> Told:
    """What a user is told, in the words of the command line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        raw, settings_toml = _made(case, folder), _settings_of(case, folder)
        found: list[Ingested] = []

        def stage(raw: Path) -> None:
            chosen = load_settings(settings_toml) if case.settings else settings
            found.append(ingested(gathered(raw, chosen), raw, gazetteer, chosen, case.unit))
            held = found[0]
            with tempfile.TemporaryDirectory() as other:
                written = [
                    (held.documents, tables.DOCUMENTS),
                    (held.sources, tables.SOURCES),
                    (held.files, tables.FILES),
                    (held.cleaning, tables.CLEANING),
                ]
                tables.write(*((frame, table, Path(other) / f"{table.name}.csv") for frame, table in written))
                for _, table in written:
                    tables.read(Path(other) / f"{table.name}.csv", table)

        said = io.StringIO()
        code = 0
        try:
            with redirect_stderr(said), _user(folder, case.user):
                run(stage, [str(raw)])
        except SystemExit as error:
            code = int(error.code or 0)
        except BaseException as error:
            error.add_note(f"in the case: {case.en}")
            raise
        finally:
            for path in (raw / "内", *(raw.glob("*") if raw.is_dir() else ())):
                if not path.is_symlink() and path.exists():
                    path.chmod(0o755)
        if found and code == 0:
            return Told(case, 0, "", *_done(found[0], folder))
        match = re.fullmatch(r"(.*)\n  错误：(.*)\n  Error: (.*)\n", said.getvalue(), re.DOTALL)
        if not match:
            raise RuntimeError(f"{case.en}: {said.getvalue()}")
        where, zh, en = (part.replace(f"{folder}/", "") for part in match.groups())
        return Told(case, code, where, zh, en)


def _done(found: Ingested, folder: Path) -> tuple[str, str]:
    """What was read, what is listed in cleaning.csv and files.csv, and the notes; Chinese and English."""
    counted = Counter(found.cleaning.loc[~found.cleaning["reason"].isin(_LAYOUT), "reason"])
    reasons = "、".join(f"{reason} {times}" for reason, times in counted.items())
    skipped = Counter(found.files.loc[found.files["skipped"] != "", "skipped"])
    unread = "、".join(f"{reason} {times}" for reason, times in skipped.items())
    encoding = "、".join(name for name in dict.fromkeys(found.files["encoding"]) if name not in ("", "UTF-8"))
    count = len(found.documents)
    zh, en = [f"读入 {count} 篇。"], [f"{count} document{'s' if count > 1 else ''} read."]
    if encoding:
        zh.append(f"编码 {encoding}。")
        en.append(f"Encoding {encoding}.")
    if reasons:
        zh.append(f"cleaning.csv 列出：{reasons}。")
        en.append(f"Listed in cleaning.csv: {reasons.replace('、', ', ')}.")
    if unread:
        zh.append(f"files.csv 列出：{unread}。")
        en.append(f"Listed in files.csv: {unread.replace('、', ', ')}.")
    notes: tuple[Note, ...] = found.notes
    zh += [f"提示：{note.zh}".replace(f"{folder}/", "") for note in notes if note.kind not in ("skipped", "nowhere")]
    en += [f"Note: {note.en}".replace(f"{folder}/", "") for note in notes if note.kind not in ("skipped", "nowhere")]
    if any(note.kind == "nowhere" for note in notes):
        zh.append("提示：没有写明地区。")
        en.append("Note: no region is stated.")
    return " ".join(zh), " ".join(en)


def _by_make() -> list[Told]:
    """What the Makefile says of a name: before anything is read."""
    nothing = Case("CORPUS 的名称不存在", "CORPUS that does not exist", "make all CORPUS=无此语料", b"")
    two = Case(
        "两个文件同名（name.csv 与 name.xlsx）",
        "two files of one name (name.csv and name.xlsx)",
        "make all CORPUS=name",
        b"",
    )
    blank = Case("CORPUS 有空格", "CORPUS with a blank", "make all CORPUS='a b'", b"")
    out = Case("CORPUS 是路径", "CORPUS that is a path", "make all CORPUS=../x", b"")
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(ROOT / "Makefile", folder)
        (folder / "data/raw").mkdir(parents=True)
        for ending in ("csv", "xlsx"):
            (folder / f"data/raw/name.{ending}").write_text(_CSV, "utf-8")
        for case in (nothing, two, blank, out):
            corpus = case.name.partition("CORPUS=")[2].strip("'")
            target = f"data/processed/{corpus}/raw.given" if case in (nothing, two) else "all"
            done = make.make(folder, target, f"CORPUS={corpus}")
            lines = [
                line for line in done.stderr.splitlines() if not line.startswith("make: ***") or "CORPUS must" in line
            ]
            zh, en = (
                next((line for line in lines if "错误：" in line or "应为" in line), ""),
                next((line for line in lines if "Error: " in line or "must be" in line), ""),
            )
            if zh == en:  # of a name that cannot be one, in one line
                en, _, zh = re.sub(r"^.*\*\*\* |  Stop\.$", "", zh).partition("blanks ")
                en, zh = f"{en}blanks", zh
            found.append(Told(case, done.returncode, "", zh.removeprefix("错误："), en.removeprefix("Error: ")))
        lines = listed(corpora_of(folder / "data/raw", folder / "reports")).splitlines()
        case = Case("make corpora 列出两个同名文件", "`make corpora` with two files of one name", "make corpora", b"")
        zh, en = re.search(r"(\S+改名) (.*)", lines[0]).groups()  # type: ignore[union-attr]
        found.append(Told(case, 0, "", zh, en))
    return found


def every() -> dict[tuple[str, str], list[Told]]:
    """Every case of every section as it ends today."""
    settings, gazetteer = load_settings(ROOT / "method/settings.toml"), load_gazetteer(ROOT / "method/regions.csv")
    found = {(zh, en): [told(case, gazetteer, settings) for case in cases()] for zh, en, cases in SECTIONS}
    return {**found, ("make 的参数", "Arguments of make"): _by_make()}


# --- the page ----------------------------------------------------------------------------------------------------------


def _shown(text: str) -> str:
    """Words for a cell of the page, in one line; a very long message without its middle."""
    line = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text.replace("\n", "\u2424"))
    line = line if len(line) <= _LONGEST else f"{line[: _LONGEST // 2]} … {line[-_LONGEST // 2 :]}"
    return line.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _rows(found: list[Told]) -> Iterator[str]:
    for one in found:
        files = "、".join(one.case.files) if isinstance(one.case.files, Mapping) else ""
        name = _shown(one.case.name if not files else f"{one.case.name}/：{files}")
        outcome = "报错 error, 2" if one.code else "—"
        where = f"`{_shown(one.where)}` " if one.where else ""
        yield f"| {one.case.zh}<br>{one.case.en} | {name} | {outcome} | {where}{_shown(one.zh)} | {_shown(one.en)} |"


def _fuzzing() -> Iterator[str]:
    if not FUZZED.exists():
        return
    results = json.loads(FUZZED.read_text("utf-8"))
    minutes, executions = (sum(one[key] for one in results.values()) for key in ("minutes", "executions"))
    yield "## 模糊测试 Fuzzing"
    yield ""
    yield f"`python -m benchmarks.fuzz`，以覆盖率引导（atheris），共 {minutes:.0f} 分钟、{executions:,} 次。分钟是钟表时间，机器与别的任务共用。发现的问题已改正，输入存于 `tests/data/fuzz/`，每次测试都重读；带 offsets.py 的是检查程序自身的错误。"
    yield ""
    yield f"`python -m benchmarks.fuzz`, guided by coverage (atheris): {minutes:.0f} minutes, {executions:,} executions. Minutes are those of the clock, on a machine shared with other work. What was found is mended; the inputs are in `tests/data/fuzz/` and read by every run of the tests; what names offsets.py was a mistake of the check itself."
    yield ""
    yield "| 读取程序 reader | 分钟 minutes | 次数 executions | 发现 found |"
    yield "|---|---:|---:|---|"
    for name, one in results.items():
        yield f"| {name} | {one['minutes']:.1f} | {one['executions']:,} | {_shown('; '.join(one['found'])) or '—'} |"
    yield ""


def page(found: Mapping[tuple[str, str], list[Told]]) -> str:
    told_of = [one for section in found.values() for one in section]
    refused = sum(one.code != 0 for one in told_of)
    lines = [
        "# 不合格与不寻常的输入 Bad and odd inputs",
        "",
        f"由 `python -m benchmarks.inputs` 写成，不手改。共 {len(told_of)} 种输入，每一种都实际生成并读取：{refused} 种报错（一条消息，说明文件、位置和怎么办；退出码 2；原有结果不动），其余照常读入，去掉或略过的都在 `cleaning.csv` 或 `files.csv` 中列出。“结果”栏的 — 表示没有报错。",
        "",
        f"Written by `python -m benchmarks.inputs`, never by hand. {len(told_of)} kinds of input, each made and read: {refused} end in an error (one message with the file, the place and what to do; exit code 2; earlier results stay), the others are read, and what is cleaned or skipped is listed in `cleaning.csv` or `files.csv`. A — as outcome: no error.",
        "",
    ]
    for (zh, en), section in found.items():
        lines += [f"## {zh} {en}" if zh != en else f"## {zh}", ""]
        lines += [
            "| 输入 input | 文件 file | 结果 outcome | 中文 | English |",
            "|---|---|---|---|---|",
            *_rows(section),
            "",
        ]
    return "\n".join([*lines, *_fuzzing()])


def main() -> None:
    PAGE.write_text(page(every()), "utf-8")


if __name__ == "__main__":
    main()
