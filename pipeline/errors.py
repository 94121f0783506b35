"""The one error a researcher may see: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


class InputError(Exception):
    """A mistake in a file the researcher owns, told in Chinese and English.

    ``zh`` and ``en`` each say what is wrong and what to do; ``file`` and
    ``line`` (from 1) say where.
    """

    def __init__(self, zh: str, en: str, *, file: Path | str, line: int | None = None) -> None:
        super().__init__(en)
        self.zh, self.en, self.file, self.line = zh, en, str(file), line

    def __reduce__(self) -> tuple[Callable[..., InputError], tuple[str, str, str, int | None]]:
        """So that it arrives whole from another process."""
        return _again, (self.zh, self.en, self.file, self.line)

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}\n  错误：{self.zh}\n  Error: {self.en}"


def _again(zh: str, en: str, file: str, line: int | None) -> InputError:
    return InputError(zh, en, file=file, line=line)
