"""The font inside the page: only the characters that it shows."""

from __future__ import annotations

import base64
import unicodedata
from io import BytesIO

from fontTools import subset
from fontTools.ttLib import TTFont

from pipeline.fonts import font_file

_UNSEEN = ("Cc", "Cf", "Cn", "Cs", "Mn", "Me", "Zs", "Zl", "Zp")


def lacking_in(text: str, font: TTFont | None = None) -> list[str]:
    """Characters of the text that the font has no glyph for, in code-point order; those that nobody sees need none."""
    known = (font or TTFont(font_file(), lazy=True)).getBestCmap()
    return sorted(c for c in set(text) if ord(c) not in known and unicodedata.category(c) not in _UNSEEN)


def named(characters: list[str]) -> str:
    return "、".join(f"{c} (U+{ord(c):04X})" for c in characters)


def subset_woff2(text: str) -> bytes:
    """Noto Sans SC reduced to the characters of ``text``, as WOFF2; the same bytes for the same characters.

    A character that it lacks is left to the reader's own fonts.
    """
    font = TTFont(font_file(), lazy=True, recalcTimestamp=False)
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, flavor="woff2")
    options.drop_tables += [
        "GSUB",
        "GPOS",
        "GDEF",
        "BASE",
        "STAT",
        "vhea",
        "vmtx",
    ]  # for layouts that the page does not use
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(set(text))))
    subsetter.subset(font)
    font.flavor = "woff2"
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def face(woff2: bytes) -> str:
    """The rule that brings the font into a style sheet."""
    return (
        '@font-face{font-family:"Jingyan Sans";font-display:block;'
        f'src:url(data:font/woff2;base64,{base64.b64encode(woff2).decode()}) format("woff2")}}'
    )
