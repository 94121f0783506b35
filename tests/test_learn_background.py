"""The stage learns a background from a folder of texts, the same bytes twice, and refuses too few paragraphs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.background import PAIRS, SINGLE, WORDS, load
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.hashing import sha256
from pipeline.learn_background import main
from tests.conftest import METHOD

LISTS = [METHOD / name for name in ("settings.toml", "user_dict.txt", "stop_words.txt", "synonyms.csv")]
SUBJECTS = ("双师型教师队伍建设", "校企合作与产教融合", "职业技能大赛", "教师培训基地")


def paragraph(at: int) -> str:
    first, second = SUBJECTS[at % 4], SUBJECTS[(at // 4) % 4]
    return f"我省第{at}项工作：大力推进{first}，完善{second}的体制机制，支持职业院校与企业共同培养高素质技术技能人才。"


def corpus_in(folder: Path, paragraphs: int) -> Path:
    """Documents of ten paragraphs with a heading each, in a file of JSON lines and a text file."""
    source = folder / "corpus"
    source.mkdir()
    texts = ["标题\n" + "\n".join(paragraph(at) for at in range(start, min(start + 10, paragraphs)))
             for start in range(0, paragraphs, 10)]  # fmt: skip
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in texts[1:]]
    (source / "b.jsonl").write_text("\n".join(lines), "utf-8")
    (source / "a.txt").write_text(texts[0], "utf-8")
    return source


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stage keeps jieba's prepared dictionary in the current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_stage_learns_from_a_folder_and_says_what_it_saw(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, output = corpus_in(folder, 120), folder / "out" / "mine.npz"
    main(source, *LISTS, output)
    found = load(output)
    assert found.name == "mine"
    assert (found.paragraphs, found.about["documents"], found.about["short_paragraphs"]) == (120, 12, 12)
    assert found.about["characters"] == sum(len(paragraph(at)) for at in range(120))
    assert [each["name"] for each in found.about["sources"]] == ["a.txt", "b.jsonl"]
    assert found.about["sources"][0]["sha256"] == sha256(source / "a.txt")
    assert set(found.about["word_lists"]) == {"user_dict.txt", "stop_words.txt", "synonyms.csv"}
    df = dict(zip(found.spaces[WORDS].terms, found.spaces[WORDS].df.tolist(), strict=True))
    assert df["双师型教师"] == sum("双师型教师" in paragraph(at) for at in range(120))
    assert df["教师"] == sum("教师" in paragraph(at) for at in range(120))  # also nested
    assert "，" not in df
    assert "的" not in df
    assert dict(zip(found.spaces[SINGLE].terms, found.spaces[SINGLE].df, strict=True))["省"] == 120
    assert dict(zip(found.spaces[PAIRS].terms, found.spaces[PAIRS].df, strict=True))["我省"] == 120
    assert found.about["held_out"]["coverage"][50] > 0.9
    told = capsys.readouterr().err
    assert "120 paragraphs" in told
    assert "12 documents" in told


def test_the_same_corpus_is_the_same_bytes(folder: Path) -> None:
    source = corpus_in(folder, 100)
    for name in ("one", "two"):
        (folder / name).mkdir()
        main(source, *LISTS, folder / name / "same.npz")
    assert (folder / "one/same.npz").read_bytes() == (folder / "two/same.npz").read_bytes()


def test_fewer_than_a_hundred_paragraphs_are_refused_and_an_older_file_stays(folder: Path) -> None:
    source, output = corpus_in(folder, 99), folder / "mine.npz"
    output.write_bytes(b"older")
    with pytest.raises(InputError) as caught:
        main(source, *LISTS, output)
    assert caught.value.file == str(source)
    assert "99" in caught.value.zh
    assert "only 99 paragraphs" in caught.value.en
    assert output.read_bytes() == b"older"
    assert not list(folder.glob("*.part"))


def test_a_mistake_in_the_corpus_is_one_message(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, output = corpus_in(folder, 20), folder / "mine.npz"
    (source / "c.jsonl").write_text('{"text": "甲"}\n{"title": "乙"}\n', "utf-8")
    with pytest.raises(SystemExit) as caught:
        run(main, [str(path) for path in (source, *LISTS, output)])
    assert caught.value.code == 2
    told = capsys.readouterr().err
    assert f"{source / 'c.jsonl'}:2" in told
    assert "Traceback" not in told
    assert not output.exists()
