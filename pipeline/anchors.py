"""Names of places on the report's page, made of names from the documents; figures and report agree on them."""

from __future__ import annotations


def slug(name: str) -> str:
    """The name with every character but letters and digits as its code between points: one name, one slug.

    What is left stands in an id, a link and Markdown as it is: no blank, quote, %, # or |.
    """
    return "".join(c if c.isalnum() and c.isprintable() else f".{ord(c):x}." for c in name)


def anchor(kind: str, *names: str) -> str:
    """``kind`` and the names, with hyphens between; names that differ never have the same."""
    return "-".join([kind, *map(slug, names)])


def approach(region: str, theme: str) -> str:
    """Where the clauses of a region that carry the theme are quoted. A theme's id is no text of a document."""
    return f"{anchor('approach', region)}-{theme}"
