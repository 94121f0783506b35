"""The appendix as rows, read from the raw file by hand: what every reader must give, whatever the format."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.method import load_settings
from pipeline.readers import Source
from tests.make import ROOT

HEADINGS = load_settings(ROOT / "method" / "settings.toml").columns.headings
TITLE = "省市职教教师队伍建设经验做法简介"
HEADER = ("序号", "省市", "经验做法简介")
_RAW = (ROOT / "data" / "raw" / "vocational-teachers.txt").read_text("utf-8").replace("[bookmark: _GoBack]", "")
# Each cell is on a line of its own behind a tab: title, title, three headings, then three lines for each row.
_CELLS = [line.strip() for line in _RAW.splitlines() if line.startswith("\t")][3:]
ROWS = tuple((_CELLS[at], _CELLS[at + 1], _CELLS[at + 2]) for at in range(0, 39, 3))
assert [row[0] for row in ROWS] == [str(number) for number in range(1, 14)]
assert len(_CELLS) == 39


def rows_of(source: Source) -> tuple[tuple[str, str, str], ...]:
    return tuple((one.fields["serial"], one.fields["region"], one.text.text) for one in source.records)


def refused(read: object, data: bytes, name: str, line: int | None, *words: str) -> InputError:
    """The one message that a reader gives, with its place; each of the words is in it."""
    with pytest.raises(InputError) as caught:
        read(data, Path(name), HEADINGS)  # type: ignore[operator]
    assert (caught.value.file, caught.value.line) == (name, line), str(caught.value)
    for word in words:
        assert word in str(caught.value)
    return caught.value
