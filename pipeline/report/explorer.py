"""What the explorer of the page shows: regions, pairs, terms, themes and where they stand in the texts, as compact JSON."""

from __future__ import annotations

import base64
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report.document import Document, Measure, Spans, plain, printable
from pipeline.report.html import Explorer, unbroken
from pipeline.report.sections import headlines, hedges
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording

_NEAREST = 5  # neighbours named for a region
_QUOTED = 3  # measures of each side that are quoted for a term of a pair
_PLAIN = 400_000  # characters of JSON: more is packed, and unpacked by the browser
AFTER = "findings"

# How the numbers are written: column -> style of `source.number`, as in the tables of the report.
PAIR = {
    "similarity": {"cosine": "3", "rank": "int", "cosine_char": "3", "rank_char": "int"},
    "similarity_intervals": {"rank_low": "int", "rank_high": "int", "cosine_low": "2", "cosine_high": "2", "first_share": "share"},
    "pair_tests": {"p": "p", "q": "p"},
}  # fmt: skip
REGION = {
    "regions": {"characters": "int", "measures": "int", "words": "int", "own_types": "int"},
    "clusters": {"cluster": "int", "support": "share", "runner_up": "int", "runner_up_support": "share"},
}
NEIGHBOUR = {"rank": "int", "nearest_share": "share"}
KEYWORD = {"rank": "int", "count": "int", "df": "int", "tf_idf": "3", "stability": "share1"}
THEME = {"measures": "int", "share": "share", "share_low": "share", "share_high": "share"}
SHARED_TERM = {"product": "3", "share": "share"}


class _Names:
    """Names in the order in which they are met: a place for each."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self.places = {name: at for at, name in enumerate(known)}

    def __call__(self, name: str) -> int:
        return self.places.setdefault(name, len(self.places))


def _told(row: Any, styles: Mapping[str, str]) -> list[str]:
    """The numbers of a row as readers see them; — for all of them where there is no row."""
    return ["—" if row is None else number(getattr(row, column), style) for column, style in styles.items()]


def _pairs(
    t: Tables, settings: Settings, regions: _Names, terms: _Names, measures: _Names
) -> tuple[list[list[Any]], list[list[list[int]]]]:
    """Every pair: regions, numbers, leading shared terms, how many more and their share.

    And what each region has of these terms: the term and its first measures, once for all pairs of the region.
    """
    shared = dict(iter(t["similarity_terms"].groupby(["region_a", "region_b"], sort=False)))
    holding: list[dict[int, list[int]]] = [{} for _ in regions.places]
    found = []
    for pair in t["similarity"].sort_values(["rank", "rank_char"], kind="stable").itertuples():
        key = (pair.region_a, pair.region_b)
        told = [text for table, styles in PAIR.items() for text in _told(t.row(table, *key), styles)]
        mine = shared.get(key)
        leading, rest = [], []
        if mine is not None:
            for row in mine.head(settings.similarity.explained_terms).itertuples():
                term = terms(row.term)
                leading.append([term, *_told(row, SHARED_TERM)])
                for region, ids in zip(key, (row.measures_a, row.measures_b), strict=True):
                    holding[regions(region)].setdefault(term, [measures(i) for i in ids[:_QUOTED]])
            left = mine.iloc[settings.similarity.explained_terms :]
            rest = [len(left), number(left["share"].sum(), "share")] if len(left) else []
        found.append([regions(key[0]), regions(key[1]), told, leading, rest])
    return found, [[[term, *ids] for term, ids in sorted(own.items())] for own in holding]


def _regions(t: Tables, settings: Settings, regions: _Names, terms: _Names, themes: _Names) -> list[list[Any]]:
    """Every region: names, anchor, group, whether it is sure, numbers, neighbours, keywords, themes."""
    nearest: dict[str, list[Any]] = defaultdict(list)
    for row in t["neighbours"].sort_values("rank", kind="stable").itertuples():
        if len(nearest[row.region]) < _NEAREST:
            nearest[row.region].append([regions(row.other), *_told(row, NEIGHBOUR)])
    listed: dict[str, list[Any]] = defaultdict(list)
    keywords = t["keywords"][t["keywords"]["rank"] <= settings.keywords.top]
    for row in keywords.sort_values("rank", kind="stable").itertuples():
        listed[row.region].append([terms(row.term), *_told(row, KEYWORD)])
    carried: dict[str, list[Any]] = defaultdict(list)
    for row in t["themes"][t["themes"]["measures"] > 0].sort_values("rank", kind="stable").itertuples():
        carried[row.region].append([themes(row.theme), *_told(row, THEME)])
    found = []
    for name in list(regions.places):
        group = t.row("clusters", name)
        numbers = [text for table, styles in REGION.items() for text in _told(t.row(table, name), styles)]
        found.append(
            [
                name,
                t.region_en[name],
                anchor("region", name),
                0 if group is None else int(group.cluster),
                int(group is not None and bool(group.confident)),
                "" if group is None else group.label,
                numbers,
                nearest[name],
                listed[name],
                carried[name],
            ]
        )
    return found


def _measures(t: Tables, regions: _Names, measures: _Names, printed: frozenset[str]) -> list[list[Any]]:
    """Every measure: id, region, number, and its text unless it stands on the page as it is."""
    return [
        [
            measure_id,
            regions(row.region),
            t.numbered(row),
            0 if measure_id in printed and plain(row.text) == row.text else row.text,
        ]
        for measure_id, row in ((one, t.measure[one]) for one in measures.places)
    ]


def _other_surfaces(t: Tables, terms: _Names, measures: _Names) -> list[list[int]]:
    """Places (measure, start, end, term) at which a known term stands in another spelling."""
    tokens = t["tokens"]
    other = tokens[(tokens["surface"] != tokens["term"]) & tokens["term"].isin(list(terms.places))]
    return [
        [measures(row.measure_id), *_place(t, row), terms(row.term)]
        for row in other.itertuples()
    ]  # fmt: skip


def _place(t: Tables, row: Any) -> tuple[int, int]:
    start = int(t.measure[row.measure_id].start)
    return int(row.start) - start, int(row.end) - start


def _verdict(t: Tables, w: Wording, settings: Settings) -> Spans:
    """What the report says of the groups, and what that rests on."""
    return hedges.sentences(w, hedges.stated(w, headlines.groups(t, w)[1]), hedges.verdict(t, w, settings))


def _runs(spans: Spans) -> list[list[str]]:
    return [[unbroken(span.text), span.href.removeprefix("#"), span.cell, span.kind] for span in spans]


def data(t: Tables, words: Mapping[str, Wording], settings: Settings, printed: frozenset[str]) -> dict[str, Any]:
    """All that the explorer shows. ``printed``: the measures whose text stands on the page.

    Terms, regions, themes and measures are named by their places in the lists of that name;
    offsets are characters (code points) within the measure.
    """
    regions, themes = _Names(t.names), _Names(t["codebook"]["theme"])
    terms, measures = _Names(), _Names(t["measures"]["measure_id"])
    pairs, holding = _pairs(t, settings, regions, terms, measures)
    of_regions = _regions(t, settings, regions, terms, themes)
    hits = t["theme_evidence"][t["theme_evidence"]["status"] == "counted"]
    glossary = words["en"].glossary
    several = t["clusters"]["cluster"].nunique() > 1
    return {
        "columns": {
            "pair": [[table, column] for table, styles in PAIR.items() for column in styles],
            "region": [[table, column] for table, styles in REGION.items() for column in styles],
            "neighbour": list(NEIGHBOUR),
            "keyword": list(KEYWORD),
            "theme": list(THEME),
            "shared": list(SHARED_TERM),
        },
        "regions": of_regions,
        "terms": [[term, glossary.get(term, "")] for term in terms.places],
        "themes": [[row.theme, row.zh, row.en, row.definition_zh, row.definition_en] for row in t["codebook"].itertuples()],
        "pairs": pairs,
        "holding": holding,
        "measures": _measures(t, regions, measures, printed),
        "hits": [[measures(row.measure_id), *_place(t, row), themes(row.theme)] for row in hits.itertuples()],
        "surfaces": _other_surfaces(t, terms, measures),
        "several": several,
        "verdict": {language: _runs(_verdict(t, w, settings)) for language, w in words.items()} if several else {},
        "quoted": _QUOTED,
    }  # fmt: skip


def names_of(t: Tables, words: Mapping[str, Wording]) -> dict[str, dict[str, str]]:
    """Regions, themes and words by the names that readers of a language know them by, where these are others."""
    themes = {language: dict(zip(t["codebook"]["theme"], t["codebook"][language], strict=True)) for language in words}
    glosses = {term: f"{term} {gloss}" for term, gloss in words["en"].glossary.items() if gloss}
    return {
        language: {
            **(glosses if language == "en" else {}),
            **themes[language],
            **(t.region_en if language == "en" else {}),
        }
        for language in words
    }


def _readable(told: Any) -> Any:
    """The data with their texts as the page shows them."""
    if isinstance(told, str):
        return printable(told)
    if isinstance(told, Mapping):
        return {name: _readable(one) for name, one in told.items()}
    return [_readable(one) for one in told] if isinstance(told, Sequence) else told


def written(told: Mapping[str, Any]) -> str:
    """The data as JSON that a page can hold."""
    return json.dumps(_readable(told), ensure_ascii=False, separators=(",", ":"))


def packed(text: str) -> str:
    """The JSON; where it is long the base64 of a gzip file, as a JSON string."""
    if len(text) <= _PLAIN:
        return text
    return json.dumps(base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode())


def of(t: Tables, words: Mapping[str, Wording], settings: Settings, document: Document) -> Explorer:
    """The explorer of a report; what follows its findings."""
    printed = frozenset(block.anchor for block in document.blocks if isinstance(block, Measure))
    coloured = {
        anchor(kind, region): 1 + (cluster - 1) % len(settings.charts.palette)
        for region, cluster in t.cluster.items()
        for kind in ("region", "keywords")
        if not pd.isna(cluster)
    }
    text = written(data(t, words, settings, printed))
    return Explorer(packed(text), AFTER, coloured, settings.charts.palette, frozenset(text), names_of(t, words))
