"""A folder with one document in each file: what the names hold, in which order, which files are none."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePath, PurePosixPath

from pipeline.readers.formats import ENDINGS, OLD

_SYSTEM = ("thumbs.db", "desktop.ini", ".ds_store", "__macosx")
_YEAR = r"(?:19|20)\d\d"
# 1、 01_ 3. （4） 5 – but not the year, the date or the decimal number that a name may begin with.
_SERIAL = re.compile(
    rf"\s*(?:[(（\[【](\d{{1,9}})[)）\]】]\s*[_\-.、．，,]?|(?!{_YEAR}(?!\d)|{_YEAR}(?:0\d|1[0-2])(?:[0-2]\d|3[01])(?!\d))"
    rf"(\d{{1,9}})(?:\s*[_\-—–、，,)）\]】]|\s*[.．](?!\d)|\s*[.．](?={_YEAR}(?!\d))|\s))[\s_\-—–]*(?=\S)"
)
_SPAN = re.compile(rf"(?<!\d){_YEAR}\s*年?\s*[-—–~～至到]+\s*{_YEAR}(?!\d)")
_DATE = re.compile(rf"(?<!\d)({_YEAR})(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?(?!\d)(\s*年)?")
_LONGEST = 80  # characters of a name in a message


def _year(part: str) -> str:
    """The one year that the words name; none where they name several or a span (2021-2025)."""
    part = unicodedata.normalize("NFKC", part)
    found = _DATE.findall(_SPAN.sub(" ", part))
    for years in ({year for year, mark in found if mark}, {year for year, _ in found}):
        if years:
            return years.pop() if len(years) == 1 else ""
    return ""


def fields_of(name: str) -> dict[str, str]:
    """What a file's path, relative to the corpus folder, says of its document; a field that it lacks is not there.

    ``serial``: the number before the first separator (01_, 1、), unless it is a
    year. ``title``: the rest. ``year``: of the file, else of the nearest folder
    with one. ``name``: the whole stem, and ``folder``: the folders above it,
    in both of which the caller looks for the region.
    """
    path = PurePosixPath(name)
    stem = path.stem if path.suffix.lower() in ENDINGS else path.name
    found = {"name": stem}
    serial = _SERIAL.match(stem)
    if serial:
        found["serial"] = unicodedata.normalize("NFKC", serial[1] or serial[2])
    found["title"] = stem[serial.end() :].strip() if serial else stem.strip()
    folders = path.parts[:-1]
    if folders:
        found["folder"] = "/".join(folders)
    year = next((year for part in (found["title"], *reversed(folders)) if (year := _year(part))), "")
    if year:
        found["year"] = year
    return found


def _natural(path: PurePath) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """Digits compare as numbers of any length, without `int` and its limit."""
    keys = []
    for part in path.parts:
        pieces = re.split(r"([0-9]+)", unicodedata.normalize("NFKC", part))
        keys.append(
            tuple(
                (0, len(digits := piece.lstrip("0")), digits) if at % 2 else (1, 0, piece)
                for at, piece in enumerate(pieces)
                if piece
            )
        )
    return tuple(keys)


def in_natural_order(paths: Iterable[Path]) -> list[Path]:
    """2 before 10, whatever the locale and the order in which the file system names them."""
    return sorted(paths, key=lambda path: (_natural(path), os.fsencode(path)))


def readable(path: Path, folder: Path) -> str:
    """Why the file of a corpus folder is not read; empty where it is."""
    names = path.relative_to(folder).parts
    last = names[-1]
    if any(name.lower() in _SYSTEM for name in names):
        return "system file"
    if last.startswith(("~$", ".~lock.")):
        return "lock file"
    if any(name.startswith(".") for name in names):
        return "hidden file"
    try:
        inside = path.resolve(strict=True).is_relative_to(folder.resolve(strict=True))
        if not inside:
            return "link out of the folder"
        if not path.is_file():
            return "not a file"
        size = path.stat().st_size
    except (OSError, RuntimeError):  # a link that leads nowhere, or (RuntimeError, before Python 3.13) to itself
        return "link to nothing" if path.is_symlink() else "cannot be read"
    if path.suffix.lower() not in (*ENDINGS, *OLD):
        return "unknown ending"
    return "" if size else "empty file"


def is_text(name: str) -> bool:
    """Whether the name is in the encoding of the system: bytes that are not come as halves of a pair."""
    return not re.search("[\ud800-\udfff]", name)


def shown(name: str) -> str:
    """The name for one line of output or one cell of a Markdown table: what is not printed is escaped, the middle of a
    very long one left out."""
    written = "".join(_escaped(character) for character in name)
    if written.startswith("-"):
        written = f"./{written}"
    if len(written) > _LONGEST:
        half = _LONGEST // 2
        written = f"{written[:half]}…{written[-half + 1 :]}"
    return written


def _escaped(character: str) -> str:
    if character in "\\|`":
        return f"\\{character}"
    if character.isprintable():  # neither control characters, nor bidi overrides, nor halves of a pair
        return character
    return character.encode("unicode_escape").decode("ascii")
