"""Small pieces that several sections use: references, highlighted measures, bound numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report.document import Span, Spans
from pipeline.report.source import Tables, bound
from pipeline.report.wording import Wording


def pair_anchor(a: str, b: str) -> str:
    return anchor("pair", a, b)


def region_link(w: Wording, region: str) -> Span:
    """The region's name, linked to all that the report says of it."""
    return Span(w.region(region), href=f"#{anchor('profile', region)}")


def rows(t: Tables, settings: Settings) -> int:
    """How many rows a list has at most that may be as long as the corpus."""
    return settings.report.rows_long if long_corpus(t, settings) else settings.report.rows


def references(t: Tables, settings: Settings) -> int:
    """How many measures a list refers to: of a corpus that is too long to be printed whole fewer."""
    return settings.report.references_long if long_corpus(t, settings) else settings.report.references


def long_corpus(t: Tables, settings: Settings) -> bool:
    """Whether it has too many characters to be printed whole."""
    return t.characters > settings.report.whole_text


def many_regions(t: Tables, settings: Settings) -> bool:
    """Whether there are too many regions for the report to tell all of each: the explorer does."""
    return len(t.names) > settings.report.profiles


def to_keywords(t: Tables, settings: Settings, region: str) -> str:
    """A link to the keywords of a region: its table, or its profile where there are too many for a table each."""
    return f"#{anchor('profile' if many_regions(t, settings) else 'keywords', region)}"


def measure_links(t: Tables, w: Wording, ids: Iterable[str], most: int) -> Spans:
    """References such as 山东·2, 4, each number a link to its measure; after ``most`` an ellipsis."""
    listed = list(ids)
    parts: list[Span] = []
    region = ""
    for measure_id in listed[:most]:
        measure = t.measure[measure_id]
        if measure.region != region:
            parts += [Span("; ")] if parts else []
            parts.append(Span(f"{w.region(measure.region)}·{t.numbered(measure)}", href=f"#{measure_id}"))
        else:
            parts += [Span(", "), Span(str(measure.position), href=f"#{measure_id}")]
        region = measure.region
    return (*parts, Span(" …")) if len(listed) > most else tuple(parts)


def pair_links(t: Tables, w: Wording, a: list[str], b: list[str], most: int) -> Spans:
    """References to measures of both regions of a pair, to as many of each; at least one of each, about ``most`` in all."""
    half = max(1, most // 2)
    shown = [*a[:half], *b[:half]]
    links = measure_links(t, w, shown, len(shown))
    return (*links, Span(" …")) if len(shown) < len(a) + len(b) else links


def first_of(ids: list[str]) -> str:
    return f"#{ids[0]}" if ids else ""


def metric(t: Tables, name: str, style: str = "int", href: str = "#numbers") -> Span:
    """A number of summary.csv."""
    return bound(t.metric[name], style, table="summary", key=name, column="value", href=href)


def pair_number(row: Any, column: str, style: str) -> Span:
    """A number of similarity.csv, linked to the pair's explanation."""
    return bound(
        getattr(row, column),
        style,
        table="similarity",
        key=f"{row.region_a}–{row.region_b}",
        column=column,
        href=f"#{pair_anchor(row.region_a, row.region_b)}",
    )


def keyword_number(row: Any, column: str, style: str) -> Span:
    """A number of keywords.csv, linked to the first measure that carries the term."""
    return bound(
        getattr(row, column),
        style,
        table="keywords",
        key=f"{row.region}|{row.term}",
        column=column,
        href=first_of(row.measure_ids),
    )


def group_number(t: Tables, region: str, column: str, style: str) -> Span:
    """A number of clusters.csv, linked to the group."""
    row = t["clusters"].set_index("region").loc[region]
    return bound(row[column], style, table="clusters", key=region, column=column, href="#table-groups")


def occurrences(t: Tables, measure_id: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Offsets within the measure at which one of the terms stands; of overlapping ones the longest, left to right."""
    measure = t.measure[measure_id]
    wanted = set(terms)
    found = {
        (token.start - measure.start, token.end - measure.start)
        for token in t.tokens_of.get(measure_id, [])
        if token.term in wanted
    }
    for term in wanted:
        at = measure.text.find(term)
        while at >= 0:
            found.add((at, at + len(term)))
            at = measure.text.find(term, at + 1)
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda place: (place[0] - place[1], place[0])):
        if all(end <= s or start >= e for s, e in kept):
            kept.append((start, end))
    return sorted(kept)


def highlighted(t: Tables, measure_id: str, terms: Iterable[str]) -> Spans:
    """The text of a measure with the terms marked."""
    return highlighted_at(t.measure[measure_id].text, occurrences(t, measure_id, terms))


def highlighted_at(text: str, places: Iterable[tuple[int, int]]) -> Spans:
    """The text with the places (start, end) marked; places that touch are one mark."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if runs and start <= runs[-1][1]:  # side by side: one mark
            runs[-1] = runs[-1][0], max(end, runs[-1][1])
        else:
            runs.append((start, end))
    parts: list[Span] = []
    at = 0
    for start, end in runs:
        parts += [Span(text[at:start], kind="source"), Span(text[start:end], kind="mark")]
        at = end
    return tuple(part for part in [*parts, Span(text[at:], kind="source")] if part.text)
