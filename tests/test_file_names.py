"""What names say, the order of files, and which files are none; names from anywhere are safe to print."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pipeline.readers.file_names import fields_of, in_natural_order, readable, shown


@pytest.mark.parametrize(
    ("name", "serial", "year", "title"),
    [
        ("01_浙江省_省市职教教师队伍建设经验做法简介", "01", "", "浙江省_省市职教教师队伍建设经验做法简介"),
        ("1、浙江省", "1", "", "浙江省"),
        ("１２、浙江", "12", "", "浙江"),
        ("3.浙江.docx", "3", "", "浙江"),
        ("（4）浙江.txt", "4", "", "浙江"),
        ("5 浙江", "5", "", "浙江"),
        ("330000_浙江", "330000", "", "浙江"),
        ("01.2024年浙江", "01", "2024", "2024年浙江"),
        ("1-2024-浙江", "1", "2024", "2024-浙江"),
        ("浙江省-2024", "", "2024", "浙江省-2024"),
        ("2024-浙江.PDF", "", "2024", "2024-浙江"),
        ("20240115_浙江", "", "2024", "20240115_浙江"),
        ("2025年上海市政府工作报告", "", "2025", "2025年上海市政府工作报告"),
        ("湖北省宜昌市 2023年 职教经验(1)", "", "2023", "湖北省宜昌市 2023年 职教经验(1)"),
        ("2024年浙江（2023修订）", "", "2024", "2024年浙江（2023修订）"),
        ("2021-2025年浙江规划", "", "", "2021-2025年浙江规划"),
        ("浙江2023、2024两年", "", "", "浙江2023、2024两年"),
        ("1.5万人培训", "", "", "1.5万人培训"),
        ("001浙江", "", "", "001浙江"),
        ("120240浙江", "", "", "120240浙江"),
        ("01", "", "", "01"),
        ("1_", "", "", "1_"),
        ("2024.txt", "", "2024", "2024"),
        ("v1.2", "", "", "v1.2"),
    ],
)
def test_serial_year_and_title_are_read_from_the_name(name: str, serial: str, year: str, title: str) -> None:
    found = fields_of(name)
    assert (found.get("serial", ""), found.get("year", ""), found["title"]) == (serial, year, title)
    assert "folder" not in found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2024/浙江省.txt", {"name": "浙江省", "title": "浙江省", "folder": "2024", "year": "2024"}),
        ("浙江/2024.txt", {"name": "2024", "title": "2024", "folder": "浙江", "year": "2024"}),
        (
            "2020/2024年/3_浙江.md",
            {"name": "3_浙江", "title": "浙江", "folder": "2020/2024年", "year": "2024", "serial": "3"},
        ),
        ("2024/2023浙江.md", {"name": "2023浙江", "title": "2023浙江", "folder": "2024", "year": "2023"}),
    ],
)
def test_folders_say_what_the_name_does_not(name: str, expected: dict[str, str]) -> None:
    assert fields_of(name) == expected


@given(
    st.text(
        st.sampled_from("012９年月_-.、（） 浙江/\n\u202e|") | st.characters(exclude_characters="\x00"), max_size=30
    )
)
def test_any_name_has_a_title_and_no_serial_that_is_not_a_number(name: str) -> None:
    found = fields_of(name)
    assert {"name", "title"} <= set(found)
    assert found.get("serial", "1").isdecimal()
    assert found.get("year", "1999")[:2] in ("19", "20")


def test_numbers_in_names_are_compared_as_numbers_whatever_the_order_they_come_in() -> None:
    wanted = [
        "1、甲",
        "2、甲",
        "10、甲",
        "a/2.txt",
        "a/10.txt",
        "a/010.txt",
        "a10",
        "b1",
        "乙2",
        "乙" + "9" * 5000,
        "乙1" + "0" * 5000,
    ]
    paths = [Path(name) for name in wanted]
    for seed in range(20):
        mixed = random.Random(seed).sample(paths, len(paths))
        assert [path.as_posix() for path in in_natural_order(mixed) if path.name != "010.txt"] == [
            name for name in wanted if name != "a/010.txt"
        ]
        assert in_natural_order(mixed) == in_natural_order(paths)
    assert in_natural_order([Path("b10"), Path("b002")]) == [Path("b002"), Path("b10")]


def written(folder: Path, name: str, content: str = "甲") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.txt", ""),
        ("a.PDF", ""),
        ("b/c/浙江.docx", ""),
        ("~$浙江.docx", "lock file"),
        (".~lock.浙江.docx#", "lock file"),
        ("Thumbs.db", "system file"),
        ("desktop.ini", "system file"),
        (".DS_Store", "system file"),
        ("__MACOSX/._a.txt", "system file"),
        (".a.txt", "hidden file"),
        (".git/a.txt", "hidden file"),
        ("a.exe", "unknown ending"),
        ("a", "unknown ending"),
    ],
)
def test_a_file_that_is_no_document_has_its_reason(name: str, reason: str, tmp_path: Path) -> None:
    assert readable(written(tmp_path, name), tmp_path) == reason


def test_an_empty_file_and_what_is_no_file_have_their_reason(tmp_path: Path) -> None:
    assert readable(written(tmp_path, "a.txt", ""), tmp_path) == "empty file"
    (tmp_path / "b.txt").mkdir()
    assert readable(tmp_path / "b.txt", tmp_path) == "not a file"
    os.mkfifo(tmp_path / "c.txt")
    assert readable(tmp_path / "c.txt", tmp_path) == "not a file"
    assert readable(tmp_path / "d.txt", tmp_path) == "cannot be read"


def test_links_are_followed_within_the_folder_only(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    inside, outside = written(corpus, "a.txt"), written(tmp_path, "secret.txt")
    for name, target in (("in.txt", inside), ("out.txt", outside), ("lost.txt", tmp_path / "none"), ("up", tmp_path)):
        (corpus / name).symlink_to(target)
    (corpus / "loop.txt").symlink_to(corpus / "loop.txt")
    reasons = {
        name: readable(corpus / name, corpus) for name in ("in.txt", "out.txt", "lost.txt", "loop.txt", "up/secret.txt")
    }
    assert reasons == {
        "in.txt": "",
        "out.txt": "link out of the folder",
        "lost.txt": "link to nothing",
        "loop.txt": "link to nothing",
        "up/secret.txt": "link out of the folder",
    }


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("浙江 2024（1）.txt", "浙江 2024（1）.txt"),
        ("a\nb\tc\x1b[31m", "a\\nb\\tc\\x1b[31m"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("a|b`c\\d", "a\\|b\\`c\\\\d"),
        ("-rf", "./-rf"),
        (os.fsdecode(b"\xff"), "\\udcff"),
        ("甲" * 300, "甲" * 40 + "…" + "甲" * 39),
    ],
)
def test_names_are_shown_on_one_line_and_escaped(name: str, seen: str) -> None:
    assert shown(name) == seen


@given(st.text(max_size=200))
def test_a_shown_name_never_breaks_a_line_or_a_table(name: str) -> None:
    seen = shown(name)
    assert seen.isprintable()
    assert len(seen) <= 80
    assert not seen.startswith("-")
    assert len(seen.splitlines()) <= 1
    if "…" not in seen:
        assert "|" not in seen.replace("\\\\", "").replace("\\|", "")
