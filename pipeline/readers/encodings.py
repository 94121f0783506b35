"""Bytes become text: the encoding is found."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import InputError


def decoded(data: bytes, path: Path) -> tuple[str, str]:
    """The text and the name of its encoding."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise InputError("未知编码。请另存为 UTF-8 文本。", "unknown encoding. Save it as UTF-8 text.", file=path)
