"""What of a text is counted: words with or without the dictionary, single characters, pairs of characters; and how it is weighed, also by a background."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from pipeline import background as of_background
from pipeline.background import FUSED, Background, centred, unit
from pipeline.stats.grouping import ALGORITHMS
from pipeline.stats.resampling import Floats, Ints, numbers, region_counts
from pipeline.stats.weighting import WEIGHTS, cosines, weigh

_RUN = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Regions:
    """Region names in corpus order, the measures in order, and the number of the region of each.

    ``documents``: the number of the document of each measure; None where every region has one.
    """

    names: tuple[str, ...]
    measures: tuple[str, ...]
    of: Ints
    documents: Ints | None = None

    @property
    def dealt(self) -> Ints | None:
        """The documents where whole documents are dealt anew among the regions; None where measures are.

        Documents, where every region has several: those of one region are by one hand. A region of one document would
        only ever get another's: that says nothing of what chance does, so there the measures are dealt.
        """
        if self.documents is None:
            return None
        return self.documents if numbers(self.of, self.documents, len(self.names)).min() > 1 else None


@dataclass(frozen=True)
class Units:
    """The non-zero cells of measures x terms, and for each term whether it is a generic word."""

    measure: Ints
    term: Ints
    count: Floats
    terms: tuple[str, ...]
    generic: np.ndarray

    @property
    def cells(self) -> tuple[Ints, Ints, Floats]:
        return self.measure, self.term, self.count

    def without(self, left_out: np.ndarray) -> Units:
        """Without the terms of which ``left_out`` (terms) is true."""
        kept = ~left_out[self.term]
        place = np.cumsum(~left_out) - 1
        terms = tuple(term for term, out in zip(self.terms, left_out, strict=True) if not out)
        return Units(self.measure[kept], place[self.term[kept]], self.count[kept], terms, self.generic[~left_out])


def regions_of(measures: pd.DataFrame) -> Regions:
    """The regions and measures of measures.csv."""
    names = measures["region"].drop_duplicates().tolist()
    place = {name: at for at, name in enumerate(names)}
    documents = pd.factorize(measures["doc_id"])[0].astype(np.int64)
    several = len(measures) > 0 and documents.max() >= len(names)
    of = measures["region"].map(place).to_numpy(dtype=np.int64)
    return Regions(tuple(names), tuple(measures["measure_id"]), of, documents if several else None)


def common_above(share: float, n: int) -> float:
    """A word of more regions than this is common: the ``share`` of the ``n`` regions, but never only two of them.

    Of two or three regions, two are more than most shares; but what two regions have in common makes them alike.
    """
    return max(share * n, 2.0) + 1e-9


def character_ngrams(text: str, n: int) -> Iterator[str]:
    """Every ``n`` adjoining letters, digits or Han characters."""
    for run in _RUN.findall(text):
        for at in range(len(run) - n + 1):
            yield run[at : at + n]


def units_of(said: Iterable[tuple[int, str]], generic: frozenset[str] = frozenset()) -> Units:
    """(measure number, term) pairs, counted; terms in code-point order."""
    counted = Counter(said)
    terms = sorted({term for _, term in counted})
    place = {term: at for at, term in enumerate(terms)}
    ordered = sorted((measure, place[term], count) for (measure, term), count in counted.items())
    table = np.array(ordered, dtype=np.int64).reshape(-1, 3)
    flags = np.array([term in generic for term in terms], dtype=bool)
    return Units(table[:, 0], table[:, 1], table[:, 2].astype(float), tuple(terms), flags)


def words(tokens: pd.DataFrame, regions: Regions) -> Units:
    """The words of tokens.csv."""
    place = {measure: at for at, measure in enumerate(regions.measures)}
    said = zip(tokens["measure_id"].map(place), tokens["term"], strict=True)
    return units_of(said, frozenset(tokens.loc[tokens["generic"], "term"]))


def characters(measures: pd.DataFrame, n: int) -> Units:
    """Runs of ``n`` characters, none across two measures."""
    return units_of((at, run) for at, text in enumerate(measures["text"]) for run in character_ngrams(text, n))


def all_units(tokens: pd.DataFrame, plain: pd.DataFrame, measures: pd.DataFrame, regions: Regions) -> dict[str, Units]:
    """What every view counts; ``plain`` are the tokens cut without the user dictionary."""
    return {
        "dictionary": words(tokens, regions),
        "no dictionary": words(plain, regions),
        "single characters": characters(measures, 1),
        "character pairs": characters(measures, 2),
    }


@dataclass(frozen=True)
class View:
    """One way from counts to cosines. ``text``: dictionary, no dictionary, single characters or character pairs."""

    text: str
    generic: str  # out, in, or — where no list applies
    weight: str
    min_df: int

    @property
    def choices(self) -> dict[str, str]:
        return {"text": self.text, "generic": self.generic, "weight": self.weight, "min_df": str(self.min_df)}


@dataclass(frozen=True)
class Specification:
    """A view and an algorithm."""

    view: View
    algorithm: str

    @property
    def choices(self) -> dict[str, str]:
        return {**self.view.choices, "algorithm": self.algorithm}


WORD_TEXTS = ("dictionary", "no dictionary")
CHARACTER_TEXTS = ("single characters", "character pairs")


def views() -> tuple[View, ...]:
    """Every combination that makes sense: the list of generic words applies to words only."""
    of_words = product(WORD_TEXTS, ("out", "in"), WEIGHTS, (1, 2))
    of_characters = product(CHARACTER_TEXTS, ("—",), WEIGHTS, (1, 2))
    return tuple(View(*choice) for choice in (*of_words, *of_characters))


def theme_views() -> tuple[View, ...]:
    """The views of themes: every weight; no theme is too rare or too common to count."""
    return tuple(View("themes", "—", weight, 1) for weight in WEIGHTS)


# The mean of several views, chosen by `make bench-small-n`.
FUSED_VIEW = View("fused", "—", "fused", 1)


def background_views() -> tuple[View, ...]:
    """Every way to see the texts through a background; none leaves out common words, for the background knows which say little."""
    of_words = product(("dictionary",), ("out", "in"), of_background.WEIGHTS, (1,))
    of_characters = product(CHARACTER_TEXTS, ("—",), of_background.WEIGHTS[:2], (1,))
    return (*(View(*choice) for choice in (*of_words, *of_characters)), FUSED_VIEW)


def specifications(tried: Iterable[View] | None = None) -> tuple[Specification, ...]:
    """Every view (None: of `views`) with every algorithm."""
    return tuple(
        Specification(view, algorithm) for view in (views() if tried is None else tried) for algorithm in ALGORITHMS
    )


@dataclass(frozen=True)
class Corpus:
    """All that the views count, of one corpus; ``common_share`` as in the settings; ``views``: all that are tried.

    ``images``: for each view through a background the measures (measures x coordinates) in coordinates whose plain inner
    products are the background's; a region's image is the sum of those of its measures.
    """

    regions: Regions
    units: dict[str, Units]
    common_share: float
    views: tuple[View, ...] = field(default_factory=views)
    images: Mapping[View, csr_array] = field(default_factory=dict)

    def _counted(self, view: View) -> Units:
        units = self.units[view.text]
        return units.without(units.generic) if view.generic == "out" else units

    def terms(self, view: View) -> tuple[str, ...]:
        """The view's terms, in the order of the counts."""
        return self._counted(view).terms

    def counts(self, view: View, *, regions: Ints | None = None, times: Ints | None = None) -> Floats:
        """Counts (draws x regions x terms) of the view's terms, the measures moved (``regions``) or repeated (``times``)."""
        units = self._counted(view)
        shape = (len(self.regions.names), len(units.terms))
        return region_counts(units.cells, self.regions.of if regions is None else regions, times, shape)

    def size(self, view: View) -> int:
        """Numbers that a region takes in the view."""
        if view == FUSED_VIEW:
            return max(self.size(part) for part in fused_parts())
        return self.images[view].shape[1] if view in self.images else len(self.units[view.text].terms)

    def seen(self, view: View, *, regions: Ints | None = None, times: Ints | None = None) -> Floats:
        """Images (draws x regions x coordinates, of length 1) of the regions in a view through a background."""
        moved = self.regions.of[None] if regions is None else np.atleast_2d(regions)
        weights = np.ones((1, 1)) if times is None else np.atleast_2d(times)
        draws, n = max(len(moved), len(weights)), len(self.regions.names)
        rows = np.broadcast_to(moved, (draws, moved.shape[1])) + np.arange(draws)[:, None] * n
        columns = np.broadcast_to(np.arange(moved.shape[1]), rows.shape)
        values = np.broadcast_to(weights, rows.shape).astype(float)
        dealt = csr_array((values.ravel(), (rows.ravel(), columns.ravel())), shape=(draws * n, moved.shape[1]))
        return unit((dealt @ self.images[view]).toarray().reshape(draws, n, -1))

    def cosines(self, view: View, *, regions: Ints | None = None, times: Ints | None = None) -> Floats:
        """Cosines (draws x regions x regions) in the view; through a background as seen from the mean, -1 to 1."""
        if view == FUSED_VIEW:
            parts = [self.cosines(part, regions=regions, times=times) for part in fused_parts()]
            return np.asarray(sum(parts) / len(parts))
        if view in self.images:
            images = self.seen(view, regions=regions, times=times)
            return centred(images @ np.swapaxes(images, -1, -2))
        return self.weighed(view, self.counts(view, regions=regions, times=times))

    def weighed(self, view: View, counts: Floats) -> Floats:
        """Cosines of counts of the view's terms; words that more than ``common_share`` of the regions use do not count."""
        n = len(self.regions.names)
        most = common_above(self.common_share, n) if view.text in WORD_TEXTS else n
        return cosines(weigh(counts, view.weight, min_df=view.min_df, max_df=most))


def fused_parts() -> tuple[View, ...]:
    """The views whose mean is `FUSED_VIEW`."""
    return tuple(View(text, "in" if text in WORD_TEXTS else "—", weight, 1) for text, weight in FUSED)


def with_background(corpus: Corpus, background: Background) -> Corpus:
    """The corpus with the background's views as all that are tried."""
    images = {}
    for view in background_views():
        if view == FUSED_VIEW:
            continue
        units = corpus.units[view.text]
        counted = units.without(units.generic) if view.generic == "out" else units
        part = background.part(view.text, counted.terms)
        shape = (len(corpus.regions.measures), len(counted.terms))
        weighed = csr_array((counted.count * part.idf[counted.term], (counted.measure, counted.term)), shape=shape)
        images[view] = of_background.image(part, view.weight, weighed)
    return replace(corpus, views=background_views(), images=images)
