"""Read `method/settings.toml`: each section with all of its keys, each of its kind."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

from pipeline.errors import InputError
from pipeline.method.files import read_text
from pipeline.method.settings import Settings
from pipeline.method.settings_checks import check, line_of


def _section(kind: type, name: str, given: Any, path: Path, text: str) -> Any:
    if not isinstance(given, Mapping):
        line = line_of(text, "", name)
        raise InputError(
            f"“{name}”应写成 [{name}] 一节。", f"write {name!r} as a section [{name}].", file=path, line=line
        )
    expected = get_type_hints(kind)
    for key in given:
        if key not in expected:
            raise InputError(
                f"[{name}] 里没有“{key}”这个设置。可用的有：{', '.join(expected)}。请改正。",
                f"unknown setting {key!r} in [{name}]. Known: {', '.join(expected)}. Correct it.",
                file=path,
                line=line_of(text, name, key),
            )
    values: dict[str, Any] = {}
    for key, wanted in expected.items():
        if key not in given:
            raise InputError(
                f"[{name}] 缺少设置“{key}”。请补上这一行。",
                f"[{name}] lacks the setting {key!r}. Add the line.",
                file=path,
                line=line_of(text, name, None),
            )
        value = tuple(given[key]) if isinstance(given[key], list) else given[key]
        base = tuple if str(wanted).startswith("tuple") else wanted
        right = isinstance(value, base) and not (base is int and isinstance(value, bool))
        if not (right or (base is float and isinstance(value, int))):
            raise InputError(
                f"[{name}] {key} 的值 {given[key]!r} 类型不对，应为 {base.__name__}。请改正。",
                f"[{name}] {key} = {given[key]!r} has the wrong type; it must be {base.__name__}. Correct it.",
                file=path,
                line=line_of(text, name, key),
            )
        values[key] = value
    return kind(**values)


def parsed(path: Path) -> tuple[dict[str, Any], str]:
    """The tables of a TOML file, and its text; an `InputError` where it is none."""
    text = read_text(path)
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise InputError(
            f"不是合法的 TOML：{error}。请改正。",
            f"not valid TOML: {error}. Correct it.",
            file=path,
            line=int(found[1]) if found else None,
        ) from None


def settings_of(data: Mapping[str, Any], path: Path, text: str) -> Settings:
    """The settings in ``data``; messages name ``path`` and the line of ``text`` where the setting stands."""
    sections = {field.name: field for field in fields(Settings)}
    for name in data:
        if name not in sections:
            raise InputError(
                f"没有“{name}”这一节。可用的有：{', '.join(sections)}。请改正。",
                f"unknown section {name!r}. Known: {', '.join(sections)}. Correct it.",
                file=path,
                line=line_of(text, name, None) or line_of(text, "", name),
            )
    kinds = get_type_hints(Settings)
    settings = Settings(**{name: _section(kinds[name], name, data.get(name, {}), path, text) for name in sections})
    check(settings, path, text)
    return settings


def load_settings(path: Path) -> Settings:
    """`settings.toml`, complete and checked: an unknown, missing or wrong setting is an `InputError` with its line."""
    data, text = parsed(path)
    return settings_of(data, path, text)
