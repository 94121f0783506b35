"""The README of a bundle, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.hashing import short
from pipeline.remaking import arguments


def _quoted(argument: str) -> str:
    """As the shell takes it; Han characters need no quotes."""
    return argument if re.fullmatch(r"[\w@%+=:,./-]+", argument) else "'" + argument.replace("'", "'\\''") + "'"


def readme(
    made: Mapping[str, Any],
    bundle: Mapping[str, Any],
    raw: Mapping[str, str],
    unread: Sequence[str],
    windows: Sequence[str],
) -> str:
    """What is in the bundle, how to reproduce it, what may differ and what is left out.

    ``made``: the manifest; ``bundle``: what bundle.json holds; ``raw``: file -> SHA-256, empty where it was not read;
    ``unread``: files that zeros stand for.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # Markdown; names are of files that stand on a disk
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    run, coding = made["run"], bundle["coding"]
    command = [*arguments(run), *([f"CODING={coding}"] if coding else [])]
    text = environment.get_template("readme.md.j2").render(
        name=bundle["name"],
        folder=_quoted(f"{bundle['name']}-bundle"),
        version=made["pipeline"],
        python=made["python"],
        short=short(made["findings"]["fingerprint"]),
        method="" if run["method"] == "method" else run["method"],
        coding=coding,
        command=" ".join(map(_quoted, command)),
        private=bundle["private"],
        left_out=[(name, _REASONS.get(why, {})) for name, why in bundle["left_out"].items()],
        raw=list(raw.items()),
        unread=unread,
        windows=windows,
        spaces="      ",
    )
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)^(- .*)\n\n(?=- )", r"\1\n", text)).strip() + "\n"


_REASONS = {
    "quotes": {
        "zh": "引用了原文；没有它，重做的结果会不同",
        "en": "it quotes the texts; without it, what is made again will differ",
    },
    "link": {
        "zh": "是链接，程序也没有读它；重做的 files.csv 会少这一行",
        "en": "a link that was not read either; the files.csv made again will lack it",
    },
}
