"""A text comes back from any encoding as it was, or is refused with its line; what is no text says what it is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import assume, given, strategies as st

from pipeline.errors import InputError
from pipeline.readers.encodings import common_share, decoded, line_of
from tests.appendix import ROWS

PATH = Path("a.txt")
TEXT = "\n".join(row[2] for row in ROWS)
# The beginning of the appendix as it is written in Taiwan.
TRADITIONAL = "領導重視，成立職業院校教師素質提高計畫領導小組，形成高效管理機制；精準培訓，開展專業骨幹教師、校企雙向交流等專項培訓。"
ENCODINGS = [
    ("utf-8", b"", "UTF-8"),
    ("utf-8", b"\xef\xbb\xbf", "UTF-8 (BOM)"),
    ("gb18030", b"", "GB18030"),
    ("gbk", b"", "GB18030"),
    ("utf-16-le", b"\xff\xfe", "UTF-16 LE (BOM)"),
    ("utf-16-be", b"\xfe\xff", "UTF-16 BE (BOM)"),
    ("utf-32-le", b"\xff\xfe\x00\x00", "UTF-32 LE (BOM)"),
    ("utf-32-be", b"\x00\x00\xfe\xff", "UTF-32 BE (BOM)"),
    ("utf-16-le", b"", "UTF-16 LE"),
    ("utf-16-be", b"", "UTF-16 BE"),
]


def refused(data: bytes, line: int | None, *words: str) -> None:
    with pytest.raises(InputError) as caught:
        decoded(data, PATH)
    assert (caught.value.file, caught.value.line) == ("a.txt", line), str(caught.value)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(("codec", "mark", "name"), ENCODINGS)
def test_the_appendix_comes_back_from_every_encoding_with_its_name(codec: str, mark: bytes, name: str) -> None:
    assert decoded(mark + TEXT.encode(codec), PATH) == (TEXT, name)


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_ends_of_lines_stay_as_they_are(ends: str) -> None:
    text = TEXT.replace("\n", ends)
    assert decoded(text.encode("gb18030"), PATH) == (text, "GB18030")


def test_big5_is_known_by_its_commoner_characters_and_traditional_text_in_gbk_stays_gbk() -> None:
    assert decoded(TRADITIONAL.encode("cp950"), PATH) == (TRADITIONAL, "Big5")
    assert decoded(TRADITIONAL.encode("gbk"), PATH) == (TRADITIONAL, "GB18030")


@given(st.integers(0, len(TEXT) - 20), st.integers(20, 300), st.sampled_from(ENCODINGS[:8]))
def test_any_piece_of_the_appendix_comes_back(start: int, length: int, encoding: tuple[str, bytes, str]) -> None:
    piece = TEXT[start : start + length]
    assert decoded(encoding[1] + piece.encode(encoding[0]), PATH)[0] == piece


@given(st.text(st.characters(codec="gb18030", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60))
def test_text_of_any_characters_comes_back_from_utf_8(text: str) -> None:
    assume(text.strip("\ufeff \t\r\n\u3000") and not text.startswith("\ufeff"))
    assert decoded(text.encode(), PATH) == (text, "UTF-8")


def test_some_rare_characters_do_not_make_a_text_unreadable() -> None:
    text = TEXT[:90] + "亳濮泸衢赣歙黟郴莆儋"
    assert decoded(text.encode("gb18030"), PATH) == (text, "GB18030")


def test_english_in_utf_16_without_a_mark_is_known_by_its_zero_bytes() -> None:
    assert decoded("region,text\n".encode("utf-16-le"), PATH) == ("region,text\n", "UTF-16 LE")
    assert decoded("region,text\n".encode("utf-16-be"), PATH) == ("region,text\n", "UTF-16 BE")


def test_a_lone_name_of_a_region_in_an_english_file_is_read() -> None:
    text = "id,region\n1,浙江省\n"
    assert decoded(text.encode("gbk"), PATH) == (text, "GB18030")


@pytest.mark.parametrize("codec", ["shift_jis", "cp1252"])
def test_a_text_that_no_encoding_makes_common_is_refused(codec: str) -> None:
    text = {"shift_jis": "ひらがなとカタカナのぶんしょうです。", "cp1252": "é à è ù â ê î ô û ë ï ü ÿ ç\n" * 3}[codec]
    refused(text.encode(codec), 1, "UTF-8")


def test_rare_and_private_characters_are_not_taken_for_text() -> None:
    private = "".join(map(chr, range(0xE000, 0xE040)))
    rare = "".join(map(chr, range(0x9F00, 0x9F60)))
    assert common_share(private) == 0
    assert common_share(rare) < 0.2
    refused((private + rare).encode("gb18030"), 1, "GB18030", "乱码")


@pytest.mark.parametrize(("codec", "name"), [("utf-8", "UTF-8"), ("gb18030", "GB18030")])
def test_a_damaged_byte_is_told_with_its_line_and_the_encoding(codec: str, name: str) -> None:
    lines = [line.encode(codec) for line in TEXT.split("\n")]
    lines[4] = lines[4][:6] + b"\xff" + lines[4][6:]
    refused(b"\n".join(lines), 5, name, "5")


def test_a_file_that_was_cut_off_in_a_character_is_refused() -> None:
    refused(TEXT.encode()[:-1], TEXT.count("\n") + 1, "UTF-8")


def test_a_mark_that_the_rest_of_the_file_belies_is_refused() -> None:
    refused(b"\xef\xbb\xbf" + b"a\n" + "浙江".encode("gbk"), 2, "UTF-8 (BOM)")
    refused(b"\xff\xfe" + "a\n浙江".encode("utf-16-le") + b"\x00", 2, "UTF-16 LE")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1a", "\x7f"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_control_character_is_refused_with_its_line(character: str, end: str) -> None:
    refused(f"浙江{end}省{character}{end}".encode(), 2)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t\n", "\u3000\n".encode("gb18030")])
def test_a_file_without_text_is_refused(data: bytes) -> None:
    refused(data, 1, "空")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", ("PDF", ".pdf")),
        (b"PK\x03\x04\x14\x00", ("Word", ".docx", ".xlsx")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", (".doc", "old Office")),
        (b"{\\rtf1\\ansi}", ("RTF",)),
        (b"\x89PNG\r\n\x1a\n\x00", ("图片", "OCR")),
        (b"\xff\xd8\xff\xe0", ("图片", "OCR")),
        (gzip.compress(b"x"), ("压缩包", "Unpack")),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(data: bytes, words: tuple[str, ...]) -> None:
    refused(data, None, *words)


def test_a_binary_file_of_no_known_kind_is_refused() -> None:
    refused(bytes(range(256)) * 4, 1, "UTF-8")


@pytest.mark.parametrize(
    ("text", "offset", "line"),
    [
        ("a\nb", 0, 1),
        ("a\nb", 2, 2),
        ("a\r\nb", 2, 1),
        ("a\r\nb", 3, 2),
        ("a\rb", 2, 2),
        ("a\r\rb", 3, 3),
        ("\n\r", 2, 3),
    ],
)
def test_lines_are_counted_as_an_editor_does(text: str, offset: int, line: int) -> None:
    assert line_of(text, offset) == line


@pytest.mark.parametrize("broken", ["甲\f乙", "甲\v乙"])
def test_a_page_break_and_a_line_break_of_word_are_text(broken: str) -> None:
    assert decoded(broken.encode(), Path("甲.txt")) == (broken, "UTF-8")
