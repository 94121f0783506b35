"""The settings in force are the default ones with what a folder of the method changes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.overlay import in_force, main
from tests.conftest import METHOD

DEFAULT = METHOD / "settings.toml"


def given(folder: Path, text: str, name: str = "settings.toml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_folder_without_settings_leaves_the_default_ones_as_they_are(tmp_path: Path) -> None:
    assert in_force(DEFAULT, given(tmp_path, "", "stop_words.txt")) == DEFAULT.read_text("utf-8")


def test_what_the_folder_says_stands_in_its_place_and_all_else_with_its_comments(tmp_path: Path) -> None:
    text = in_force(DEFAULT, given(tmp_path, '[columns]\ntext = ["材料"]\n[keywords]\ntop = 7\n'))
    before, after = tomllib.loads(DEFAULT.read_text("utf-8")), tomllib.loads(text)
    assert (after["columns"]["text"], after["keywords"]["top"]) == (["材料"], 7)
    before["columns"]["text"], before["keywords"]["top"] = ["材料"], 7
    assert after == before
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in DEFAULT.read_text("utf-8").splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize(
    ("name", "text", "line", "words"),
    [
        ("setings.toml", "", None, "unknown file"),
        ("settings.toml", "[keywords]\n\ntpo = 3\n", 3, "tpo"),
        ("settings.toml", "[keywords\n", 1, "TOML"),
    ],
)
def test_a_slip_in_the_folder_is_told_with_its_place(
    tmp_path: Path, name: str, text: str, line: int | None, words: str
) -> None:
    folder = given(tmp_path, text, name)
    with pytest.raises(InputError, match=words) as caught:
        main(DEFAULT, folder, tmp_path / "out.toml")
    assert (caught.value.file, caught.value.line) == (str(folder / name), line)
    assert not (tmp_path / "out.toml").exists()
