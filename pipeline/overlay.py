"""Lay the settings of another method over the default ones: settings.toml, METHOD folder -> settings.toml in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomlkit

from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.hashing import write_text
from pipeline.method import load_settings, parsed, settings_of

# What a folder of the method may hold; another name is a slip that would go unnoticed.
FILES = ("settings.toml", "user_dict.txt", "stop_words.txt", "generic_words.txt", "synonyms.csv", "themes.toml",
         "regions.csv", "glossary.csv", "figures.mplstyle", "background")  # fmt: skip


def overlaid(default: str, changes: dict[str, Any]) -> str:
    """The default settings with its comments, the changed ones in their places; new sections and keys at the end."""
    document: Any = tomlkit.parse(default)
    for section, keys in changes.items():
        if isinstance(keys, dict) and isinstance(document.get(section), dict):
            for key, value in keys.items():
                document[section][key] = value
        else:
            document[section] = keys
    return tomlkit.dumps(document)


def in_force(default_toml: Path, method: Path) -> str:
    """The settings that hold with this folder of the method; an `InputError` where one of its files or values is unknown."""
    for entry in sorted(method.iterdir()):
        if entry.name not in FILES and not entry.name.startswith((".", "README")):
            raise InputError(
                f"不认识的文件。这里可放：{'、'.join(FILES)}。",
                f"unknown file. A method may hold: {', '.join(FILES)}.",
                file=entry,
            )
    load_settings(default_toml)
    overlay = method / "settings.toml"
    default = default_toml.read_text("utf-8-sig")
    if not overlay.exists():
        return default
    changes, written = parsed(overlay)
    result = overlaid(default, changes)
    settings_of(tomlkit.parse(result).unwrap(), overlay, written)
    return result


def main(default_toml: Path, method: Path, settings_toml: Path) -> None:
    write_text(in_force(default_toml, method), settings_toml)


if __name__ == "__main__":
    run(main)
