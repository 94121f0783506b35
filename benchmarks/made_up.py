"""A made-up corpus of any size, the same bytes each time: `python -m benchmarks.made_up OUT.csv short 200000`.

Words are drawn as often as jieba's dictionary has them and set into clauses like those of policy papers. Every text has
a unit of its own and a hidden theme, from whose words it takes some, so that there are groups to find. Short texts have
about 25 characters (75 bytes of UTF-8), and some stand there again, word for word or nearly; long ones have 17,000, as
the work reports of provinces. Fewer texts are the first of more.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import jieba

from pipeline.writing import write

SEED = 20190124
THEMES = 24
LONG = 17_000  # characters
_THEME_WORDS = 120
_OF_THEME = 0.4  # share of the words that come from the theme
_REPEATED = 0.01  # share of the short texts that stand there before; and as many again with one word changed
_KEPT = 20  # every so manieth short text may come again
_SHORTEST, _LONGEST = 19, 29  # characters at which no word is added to a short text; it ends two after that on average
_CLAUSE = 11  # characters after which a clause ends
_FIRST = (
    "推进",
    "完善",
    "加强",
    "建设",
    "实施",
    "健全",
    "推动",
    "支持",
    "培育",
    "深化",
    "落实",
    "优化",
    "开展",
    "鼓励",
    "统筹",
    "强化",
)
_NUMBERS = "一二三四五六七八九十"
_HAN = re.compile("[一-龥]+")


@dataclass(frozen=True)
class Text:
    """A text, the unit that wrote it and the theme it was made of: -1 in a corpus that nobody made up."""

    unit: str
    theme: int
    text: str


@dataclass(frozen=True)
class Words:
    """All words of jieba's dictionary with their frequencies, and the words of each theme."""

    all: tuple[str, ...]
    frequency: tuple[int, ...]
    themes: tuple[tuple[str, ...], ...]


@cache
def words() -> Words:
    """From the file itself, in its order."""
    rows = []
    with jieba.Tokenizer().get_dict_file() as lines:
        for line in lines:
            word, frequency, tag = line.decode().split()
            if _HAN.fullmatch(word):
                rows.append((word, int(frequency), tag))
    likely = [word for word, count, tag in rows if tag in ("n", "vn", "v") and 2 <= len(word) <= 4 and count >= 50]
    drawn = random.Random(SEED).sample(likely, THEMES * _THEME_WORDS)
    themes = tuple(tuple(drawn[at::THEMES]) for at in range(THEMES))
    return Words(tuple(row[0] for row in rows), tuple(row[1] for row in rows), themes)


class _Source:
    """Words in the order in which they are drawn; ten thousand at a time, for one draw takes as long as the sum of all."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self._words = words()
        self._drawn: list[str] = []

    def word(self, theme: int) -> str:
        if self.draw.random() < _OF_THEME:
            return self.draw.choice(self._words.themes[theme])
        if not self._drawn:
            self._drawn = self.draw.choices(self._words.all, self._words.frequency, k=10_000)
        return self._drawn.pop()

    def sentence(self, theme: int, least: int) -> list[str]:
        """Pieces with at least so many characters, the full stop not counted."""
        pieces: list[str] = []
        made = in_clause = 0
        while made < least:
            if in_clause >= _CLAUSE and made < least - 2:
                piece, in_clause = "，", 0
            elif in_clause == 0:
                piece = self.draw.choice(_FIRST) if self.draw.random() < 0.9 else self._figure()
            else:
                piece = self.word(theme)
            pieces.append(piece)
            made += len(piece)
            in_clause += 0 if piece == "，" else len(piece)
        return [*pieces, "。"]

    def _figure(self) -> str:
        return f"到20{self.draw.randrange(25, 36)}年" if self.draw.random() < 0.7 else "AI+"


def short() -> Iterator[Text]:
    """Short texts without end."""
    source = _Source(SEED + 1)
    kept: list[tuple[int, list[str]]] = []
    number = 0
    while True:
        number += 1
        theme = source.draw.randrange(THEMES)
        chance = source.draw.random()
        if kept and chance < 2 * _REPEATED:
            theme, earlier = source.draw.choice(kept)
            pieces = list(earlier)
            if chance >= _REPEATED:
                pieces[source.draw.randrange(1, len(pieces) - 1)] = source.word(theme)
        else:
            pieces = source.sentence(theme, source.draw.randint(_SHORTEST, _LONGEST))
        if number % _KEPT == 0:
            kept.append((theme, pieces))
        yield Text(f"示例县{number:06d}", theme, "".join(pieces))


def long() -> Iterator[Text]:
    """Long texts without end: a heading, then paragraphs of three to six sentences, ten to a heading."""
    source = _Source(SEED + 2)
    number = 0
    while True:
        number += 1
        theme = source.draw.randrange(THEMES)
        lines: list[str] = []
        made = 0
        while made < LONG:
            if len(lines) % 11 == 0:
                line = f"{_NUMBERS[len(lines) // 11 % 10]}、{''.join(source.sentence(theme, 8)[:-1])}"
            else:
                line = "".join(
                    "".join(source.sentence(theme, source.draw.randint(30, 90)))
                    for _ in range(source.draw.randint(3, 6))
                )
            line = line[: LONG - made - 1]
            lines.append(line)
            made += len(line) + 1
        yield Text(f"示例市{number:04d}", theme, "\n".join(lines) + "。")


def as_table(texts: Iterable[Text]) -> bytes:
    """A CSV file of two columns, as the pipeline reads it."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("地区", "正文"))
    writer.writerows((text.unit, text.text) for text in texts)
    return file.getvalue().encode()


def as_json_lines(texts: Iterable[Text]) -> bytes:
    """A JSON object a line, as the pipeline reads it."""
    rows = ({"地区": text.unit, "正文": text.text} for text in texts)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


FORMS: dict[str, Callable[[Iterable[Text]], bytes]] = {".csv": as_table, ".jsonl": as_json_lines}
KINDS: dict[str, Callable[[], Iterator[Text]]] = {"short": short, "long": long}


def main(arguments: Sequence[str]) -> None:
    path, kind, count = Path(arguments[0]), arguments[1], int(arguments[2])
    write({path: FORMS[path.suffix](islice(KINDS[kind](), count))})


if __name__ == "__main__":
    main(sys.argv[1:])
