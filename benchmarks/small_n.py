"""Which representation finds the groups that labels name in a few texts? LABELLED [PARAGRAPHS] -> OUT.md.

LABELLED: CSV or JSON lines with text and label. PARAGRAPHS: the corpus (JSON lines, CSV, text files or a folder) from
which the background is learned, without the texts of each draw; else the labelled texts themselves.
"""

from __future__ import annotations

import csv
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jieba
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import normalized_mutual_info_score

from benchmarks.sectors import GAZETTEER, masked, masking
from pipeline.background import PAIRS, SINGLE, TEXTS, WORDS, Background, Space, packed
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.hashing import combined, sha256
from pipeline.learning import counts_of, dimensions_of, space_of, terms_of, weighed
from pipeline.method import (
    BackgroundSettings,
    Entry,
    Settings,
    load_dictionary,
    load_gazetteer,
    load_settings,
    load_synonyms,
    load_word_list,
)
from pipeline.readers import paragraphs as corpus_file
from pipeline.representations import FUSED_VIEW, Corpus, Regions, Units, units_of, with_background
from pipeline.segmentation import Keeping, Segmenter
from pipeline.stats.grouping import ALGORITHMS, partitions
from pipeline.stats.latent import right_singular
from pipeline.stats.partitions import adjusted_rand, co_assignment, consensus
from pipeline.stats.weighting import cosines, weigh
from pipeline.workers import mapped
from pipeline.writing import write

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

METHOD = GAZETTEER.parent
CACHE = Path(".cache") / "jieba"

SEED = 20260611
_DRAW, _GROUP, _BOOTSTRAP = 1, 2, 3  # streams of random numbers
SIZES = ((13, 3), (31, 4))  # texts of a draw, and the labels that they come from
DRAWS = 200
RESAMPLES = 2000
_PIECE = 20  # draws that one process does at a time

# Rows of the page: what is compared, and by what it is grouped.
Row = tuple[str, str]
NAIVE: Row = ("scikit-learn, words by jieba", "k-means, all defaults")
STRONGER: Row = ("scikit-learn, words by jieba", "k-means, n_init=10")
ALONE: Row = ("without background: all specifications", "consensus")
FUSED_AVERAGE: Row = ("with background: fused", "average")
FUSED_ALL: Row = ("with background: all views", "consensus")
_SHORT = {WORDS: "words", PAIRS: "pairs", SINGLE: "single characters"}


# --- the inputs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Labelled:
    """Texts, and the label of each."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]


def _records(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Line and cells of every row of a CSV file or of JSON lines."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".jsonl"):
        raise InputError(
            "应为 .csv 或 .jsonl 文件，含 text 与 label 两列。",
            "must be a .csv or .jsonl file with the columns text and label.",
            file=path,
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            if kind == ".csv":
                rows = csv.DictReader(file, strict=True)
                try:
                    for record in rows:
                        yield rows.line_num, record
                except csv.Error as error:
                    raise InputError(
                        f"表格读不通（{error}）。",
                        f"not a sound table ({error}).",
                        file=path,
                        line=rows.reader.line_num,
                    ) from None
                return
            yield from corpus_file.records(file, path)
        except UnicodeDecodeError as error:
            raise InputError(
                f"不是 UTF-8 编码（{error.reason}）。请另存为 UTF-8。",
                f"not UTF-8 ({error.reason}). Save it as UTF-8.",
                file=path,
            ) from None


def load_labelled(path: Path) -> Labelled:
    """The labelled texts; an `InputError` for the first row that is none."""
    texts, labels = [], []
    for line, record in _records(path):
        for name in ("text", "label"):
            if name not in record:
                raise InputError(
                    f"没有“{name}”列。需要 text（正文）与 label（类别）两列。",
                    f"no column {name}. The columns text and label are needed.",
                    file=path,
                    line=line,
                )
            value = record[name]
            if not isinstance(value, str | int) or not str(value).strip():
                raise InputError(
                    f"“{name}”是空的，或不是文字。请填写或删去这一行。",
                    f"{name} is empty or no text. Fill it in or delete the row.",
                    file=path,
                    line=line,
                )
        texts.append(str(record["text"]).strip())
        labels.append(str(record["label"]).strip())
    if not texts:
        raise InputError("没有一行带类别的文字。", "no labelled text, not one row.", file=path)
    return Labelled(tuple(texts), tuple(labels))


def holders(texts: Sequence[str], paragraphs: Sequence[str]) -> list[Ints]:
    """For each text the numbers of the paragraphs that contain it, or that are part of it; blanks do not count."""
    found: list[set[int]] = [set() for _ in texts]
    short = ["".join(text.split()) for text in texts]
    long = ["".join(paragraph.split()) for paragraph in paragraphs]
    for at, place in _occurrences(short, long):
        found[at].add(place)
    for place, at in _occurrences(long, short):
        found[at].add(place)
    return [np.array(sorted(each), dtype=np.int64) for each in found]


def _occurrences(parts: Sequence[str], wholes: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(number of the part, number of the whole) for every whole that contains the part."""
    joined = "\n".join(wholes)
    starts = np.cumsum([0, *(len(whole) + 1 for whole in wholes)])[:-1].tolist()
    for number, part in enumerate(parts):
        at = joined.find(part) if part else -1
        while at >= 0:
            yield number, bisect_right(starts, at) - 1
            at = joined.find(part, at + 1)


# --- the draws ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draw:
    """Numbers of the texts drawn, in the order in which they are grouped, and the group (0 to k - 1) of each."""

    texts: Ints
    groups: Ints


def labels_for(labels: Sequence[str], n: int, k: int) -> tuple[int, tuple[str, ...]]:
    """How many labels ``n`` texts are drawn from, at most ``k``, and those with texts enough; (0, ()) where two are not to be had."""
    counted = Counter(labels)
    for few in range(k, 1, -1):
        enough = tuple(sorted(label for label, count in counted.items() if count >= -(-n // few)))
        if len(enough) >= few:
            return few, enough
    return 0, ()


def sizes_of(n: int, k: int, rng: np.random.Generator) -> Ints:
    """Sizes of ``k`` groups of ``n`` texts, as equal as possible, the surplus to random ones."""
    sizes = np.full(k, n // k, dtype=np.int64)
    sizes[rng.permutation(k)[: n % k]] += 1
    return sizes


def draws_of(labels: Sequence[str], n: int, k: int, draws: int) -> list[Draw]:
    """Draws of ``n`` different texts from ``k`` labels drawn at random of those with enough of them."""
    _, enough = labels_for(labels, n, k)
    members = {label: np.flatnonzero(np.array(labels) == label) for label in enough}
    found = []
    for number in range(draws):
        rng = np.random.default_rng([SEED, _DRAW, n, number + 1])
        chosen = rng.choice(len(enough), k, replace=False)
        sizes = sizes_of(n, k, rng)
        parts = [rng.choice(members[enough[at]], size, replace=False) for at, size in zip(chosen, sizes, strict=True)]
        order = rng.permutation(n)  # neighbours in the list must not be of one label
        found.append(Draw(np.concatenate(parts)[order], np.repeat(np.arange(k), sizes)[order]))
    return found


# --- the background of a draw ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """Counts (paragraphs x terms) of the terms of at least two paragraphs, in code-point order, and how many have a place."""

    terms: tuple[str, ...]
    counts: csr_array
    most: int
    dimensions: int


def tables_of(paragraphs: Sequence[Mapping[str, Counter[str]]], settings: BackgroundSettings) -> dict[str, Table]:
    """The count tables of all paragraphs, given as terms by what is counted."""
    most = {WORDS: settings.words, PAIRS: settings.pairs, SINGLE: settings.single}
    found = {}
    for text in TEXTS:
        df = Counter(term for each in paragraphs for term in each[text])
        terms = tuple(sorted(term for term, count in df.items() if count > 1))
        counts = counts_of((each[text] for each in paragraphs), {term: at for at, term in enumerate(terms)})
        found[text] = Table(terms, counts, most[text], dimensions_of(settings)[text])
    return found


def most_frequent(df: Ints, most: int) -> Ints:
    """Places of the terms that `learning.vocabulary` would keep: of at least two paragraphs, the ``most`` most frequent."""
    known = np.flatnonzero(df > 1)
    return np.sort(known[np.argsort(-df[known], kind="stable")[:most]])


def left(table: Table, out: Ints) -> tuple[tuple[str, ...], Ints, csr_array]:
    """Terms, frequencies and counts when the paragraphs ``out`` are left out."""
    kept = np.ones(table.counts.shape[0], dtype=bool)
    kept[out] = False
    rest = table.counts[np.flatnonzero(kept)]
    df = np.bincount(rest.indices, minlength=len(table.terms))
    places = most_frequent(df, table.most)
    return tuple(table.terms[at] for at in places), df[places], csr_array(rest[:, places])


def space_from(terms: tuple[str, ...], df: Ints, counts: csr_array, dimensions: int) -> Space:
    """`learning.space_of` of one table; of a table with more terms than paragraphs from its short side, three times as fast."""
    paragraphs = counts.shape[0]
    if paragraphs >= len(terms):
        return space_of(terms, df, paragraphs, lambda: [counts], dimensions)
    weights = weighed(counts, np.log((1 + paragraphs) / (1 + df)) + 1)
    turned = csr_array(weights.T)
    sides, strength = right_singular(lambda: [turned], paragraphs, dimensions, 1)
    whole, step = packed((turned @ sides) / strength)
    return Space(terms, df, whole * step.astype(float)[:, None], strength.astype(np.float32).astype(float))


def background_without(tables: Mapping[str, Table], out: Ints) -> Background:
    """The background of all paragraphs but those ``out``."""
    paragraphs = tables[WORDS].counts.shape[0] - len(out)
    spaces = {text: space_from(*left(table, out), table.dimensions) for text, table in tables.items()}
    return Background({"name": "without the texts drawn", "paragraphs": paragraphs}, spaces)


# --- one draw ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Study:
    """All that the draws share. Of each labelled text: words by jieba alone, terms by what is counted, words cut without
    the dictionary, and the paragraphs that tell of it; of the paragraphs their counts."""

    plain: tuple[str, ...]
    terms: tuple[dict[str, Counter[str]], ...]
    no_dictionary: tuple[Counter[str], ...]
    held_by: tuple[Ints, ...]
    tables: Mapping[str, Table]
    generic: frozenset[str]
    common_share: float


def baseline(texts: Sequence[str], k: int, **options: Any) -> Ints:
    """scikit-learn as it comes: TF-IDF of words joined by blanks, and k-means."""
    return np.asarray(
        KMeans(n_clusters=k, random_state=0, **options).fit_predict(TfidfVectorizer().fit_transform(texts))
    )


def corpus_of(study: Study, texts: Ints) -> Corpus:
    """The texts as a corpus of regions with one measure each."""
    names = tuple(str(at) for at in texts)

    def counted(terms: Sequence[Counter[str]], generic: frozenset[str] = frozenset()) -> Units:
        return units_of(((at, term) for at, each in enumerate(terms) for term in each.elements()), generic)

    units = {
        "dictionary": counted([study.terms[at][WORDS] for at in texts], study.generic),
        "no dictionary": counted([study.no_dictionary[at] for at in texts], study.generic),
        "single characters": counted([study.terms[at][SINGLE] for at in texts]),
        "character pairs": counted([study.terms[at][PAIRS] for at in texts]),
    }
    return Corpus(Regions(names, names, np.arange(len(texts))), units, study.common_share)


def dense(units: Units, texts: int) -> Floats:
    """Counts (texts x terms)."""
    table = np.zeros((texts, len(units.terms)))
    table[units.measure, units.term] = units.count
    return table


def similarities(corpus: Corpus, background: Background) -> tuple[dict[str, Floats], dict[str, list[Floats]]]:
    """Cosines (n x n) of every representation by its name; and of the views that are agreed upon, by the name of the row."""
    n = len(corpus.regions.names)
    named: dict[str, Floats] = {}
    for text in TEXTS:
        units = corpus.units[text]
        named[f"without background: tf-idf, {_SHORT[text]}"] = cosines(weigh(dense(units, n), "tf-idf"))
    seen = with_background(corpus, background)
    found = {view: seen.cosines(view)[0] for view in seen.views}
    for view, cosines_of in found.items():
        if view != FUSED_VIEW and view.generic != "out":
            named[f"with background: {view.weight.removeprefix('background-')}, {_SHORT[view.text]}"] = cosines_of
    return (
        {**named, FUSED_AVERAGE[0]: found[FUSED_VIEW]},
        {ALONE[0]: [corpus.cosines(view)[0] for view in corpus.views], FUSED_ALL[0]: list(found.values())},
    )


def groupings(study: Study, draw: Draw, key: Sequence[int]) -> dict[Row, Ints]:
    """The groups that every row of the page finds in a draw, the true number of groups given."""
    k = int(draw.groups.max()) + 1
    out = np.unique(np.concatenate([study.held_by[at] for at in draw.texts]))
    named, agreed = similarities(corpus_of(study, draw.texts), background_without(study.tables, out))
    stack = np.stack([*named.values(), *(each for views in agreed.values() for each in views)])
    labels = {
        # spectral needs affinities; a centred cosine may be negative
        algorithm: partitions(
            np.maximum(stack, 0.0) if algorithm == "spectral" else stack,
            algorithm,
            [k],
            np.random.default_rng([SEED, _GROUP, *key, at + 1]),
        )[0]
        for at, algorithm in enumerate(ALGORITHMS)
    }
    texts = [study.plain[at] for at in draw.texts]
    found: dict[Row, Ints] = {NAIVE: baseline(texts, k), STRONGER: baseline(texts, k, n_init=10)}
    for at, name in enumerate(named):
        found |= {(name, algorithm): each[at] for algorithm, each in labels.items()}
    start = len(named)
    for name, views in agreed.items():
        together = np.concatenate([each[start : start + len(views)] for each in labels.values()])
        found[name, "consensus"] = consensus(co_assignment(together), k)
        start += len(views)
    return found


def scored(study: Study, draws: Sequence[Draw], n: int) -> dict[Row, Floats]:
    """ARI and NMI (draws x 2) of every row."""

    def work(part: slice) -> list[dict[Row, tuple[float, float]]]:
        return [
            {
                row: (adjusted_rand(groups, draw.groups), float(normalized_mutual_info_score(draw.groups, groups)))
                for row, groups in groupings(study, draw, [n, part.start + at + 1]).items()
            }
            for at, draw in enumerate(draws[part])
        ]

    pieces = [slice(start, min(start + _PIECE, len(draws))) for start in range(0, len(draws), _PIECE)]
    done = [each for piece in mapped(work, pieces, title=f"n = {n}") for each in piece]
    return {row: np.array([each[row] for each in done]) for row in done[0]}


# --- the page ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Interval:
    """A value and the 95% bootstrap interval of it."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if not np.isfinite([self.value, self.low, self.high]).all():
            return "—"
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


def resampled(draws: int, n: int) -> Ints:
    """Draws (resamples x draws) drawn with replacement: the same for every row, for all see the same draws."""
    return np.random.default_rng([SEED, _BOOTSTRAP, n]).integers(draws, size=(RESAMPLES, draws))


def _interval(value: float, values: Floats) -> Interval:
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(value, float(low), float(high))


def mean_of(values: Floats, again: Ints) -> Interval:
    return _interval(float(values.mean()), values[again].mean(axis=1))


def ratio_of(values: Floats, others: Floats, again: Ints) -> Interval:
    """Ratio of two means over the same draws; none where the other mean is not above 0."""
    below = others[again].mean(axis=1)
    if others.mean() <= 0 or (below <= 0).any():
        return Interval(np.nan, np.nan, np.nan)
    return _interval(float(values.mean() / others.mean()), values[again].mean(axis=1) / below)


def table_of(scores: Mapping[Row, Floats], again: Ints) -> list[str]:
    """All rows, the largest mean ARI first."""
    lines = [
        f"| representation | groups | ARI | NMI | ARI : {NAIVE[1]} | ARI : {STRONGER[1]} |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for row in sorted(scores, key=lambda row: (-scores[row][:, 0].mean().round(9), row)):
        ari, nmi = scores[row].T
        ratios = [ratio_of(ari, scores[other][:, 0], again) for other in (NAIVE, STRONGER)]
        lines.append(f"| {' | '.join([*row, *map(str, (mean_of(ari, again), mean_of(nmi, again), *ratios))])} |")
    return lines


def headline(found: Mapping[int, Mapping[Row, Floats]], ks: Mapping[int, int]) -> list[str]:
    """The two defaults beside the two baselines."""
    lines = [
        "| default | texts, groups | ARI | over scikit-learn's default | over n_init=10 |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, row in (("with background: fused, average linkage", FUSED_AVERAGE), ("without: consensus", ALONE)):
        for n, scores in found.items():
            again = resampled(len(scores[row]), n)
            ari = scores[row][:, 0]
            cells = (mean_of(ari, again), *(ratio_of(ari, scores[other][:, 0], again) for other in (NAIVE, STRONGER)))
            lines.append(f"| {name} | {n}, {ks[n]} | {' | '.join(map(str, cells))} |")
    return lines


@dataclass(frozen=True)
class Inputs:
    """What the page says of the inputs: a line for each, the labels, paragraphs, how many of the texts stand in these."""

    files: tuple[str, ...]
    labels: tuple[str, ...]
    paragraphs: int
    standing: int
    apart: bool  # the background has a corpus of its own


def page(inputs: Inputs, found: Mapping[int, Mapping[Row, Floats]], ks: Mapping[int, int]) -> str:
    counted = Counter(inputs.labels)
    told = "、".join(f"{label.replace('|', '/')} {count}" for label, count in sorted(counted.items()))
    draws = len(next(iter(next(iter(found.values())).values())))
    lines = [
        "# A few texts: which representation finds the groups that their labels name?",
        "",
        "Written by `make bench-small-n`. Adjusted Rand index (ARI: 1 the labels, 0 chance) and normalised mutual information",
        f"(NMI), means over {draws} draws with 95% bootstrap intervals; ratios of mean ARI with intervals over the same draws.",
        "",
        *headline(found, ks),
        "",
        "## What was drawn",
        "",
        *(f"- {line}" for line in inputs.files),
        f"- {len(inputs.labels)} labelled texts: {told}.",
        f"- Background of {inputs.paragraphs} paragraphs"
        + (
            f" (in which {inputs.standing} of the labelled texts stand), less, for every draw, those that contain or are part"
            " of a text drawn."
            if inputs.apart
            else " (the labelled texts themselves), less, for every draw, the texts drawn."
        ),
        "- Names of provincial units are masked. Labels are drawn at random of those with texts enough, then texts of each, as",
        f"  many of one as of the other but for the surplus. The true number of groups is given. Seed {SEED}.",
        "- scikit-learn: `TfidfVectorizer()` on words cut by jieba without a dictionary of ours, `KMeans(n_clusters=k,",
        "  random_state=0)`, and the same with `n_init=10`.",
        "- Consensus: of all specifications of the pipeline, or of all views through the background, by every algorithm.",
        "  Similarities with background are seen from the mean of the texts drawn.",
    ]
    for n, scores in found.items():
        again = resampled(len(next(iter(scores.values()))), n)
        lines += ["", f"## {n} texts of {ks[n]} labels", "", *table_of(scores, again)]
    absent = [str(n) for n, _ in SIZES if n not in found]
    if absent:
        lines += ["", f"Not drawn, for want of labels with enough texts: {', '.join(absent)} texts."]
    return "\n".join([*lines, ""])


# --- the run -----------------------------------------------------------------------------------------------------------


def _keeping(entries: Sequence[Entry], settings: Settings) -> tuple[Keeping, Segmenter]:
    listed = frozenset(entry.term for entry in entries)
    stop_words, synonyms = load_word_list(METHOD / "stop_words.txt"), load_synonyms(METHOD / "synonyms.csv")
    segmenter = Segmenter(entries, hmm=settings.segment.hmm, cache=CACHE)
    return Keeping(listed, stop_words, synonyms, settings.segment), segmenter


def study_of(texts: Sequence[str], paragraphs: Sequence[str], settings: Settings) -> Study:
    """All that the draws share, of masked texts and paragraphs, by the lists of `method/`."""
    keeping, segmenter = _keeping(load_dictionary(METHOD / "user_dict.txt"), settings)
    bare, without = _keeping((), settings)
    plain = jieba.Tokenizer()
    plain.tmp_dir = str(CACHE)
    told = [terms_of(paragraph, keeping.terms(paragraph, segmenter)) for paragraph in paragraphs]
    return Study(
        tuple(" ".join(plain.lcut(text)) for text in texts),
        tuple(terms_of(text, keeping.terms(text, segmenter)) for text in texts),
        tuple(Counter(bare.terms(text, without)) for text in texts),
        tuple(holders(texts, paragraphs)),
        tables_of(told, settings.background),
        load_word_list(METHOD / "generic_words.txt"),
        settings.keywords.common_share,
    )


def designs(labels: Sequence[str], path: Path) -> dict[int, int]:
    """For each number of texts from how many labels they are drawn; an `InputError` where no draw is possible."""
    ks = {n: labels_for(labels, n, k)[0] for n, k in SIZES}
    if not any(ks.values()):
        least = -(-SIZES[0][0] // 2)
        raise InputError(
            f"至少需要两个类别各有 {least} 段文字（更好：{SIZES[-1][1]} 类各 {-(-SIZES[-1][0] // SIZES[-1][1])} 段）。请增加文字。",
            f"at least two labels with {least} texts each are needed "
            f"(better: {SIZES[-1][1]} with {-(-SIZES[-1][0] // SIZES[-1][1])}). Add texts.",
            file=path,
        )
    return {n: k for n, k in ks.items() if k}


def _told(path: Path) -> str:
    """Name and hash of a file or of all files of a folder."""
    files = corpus_file.files_of(path) if path.is_dir() else [path]
    if path.is_file():
        return f"`{path.name}`, sha256 {sha256(path)}"
    named = {file.relative_to(path).as_posix(): sha256(file) for file in files}
    return f"`{path.name}/`, {len(files)} files, sha256 of their hashes {combined(named)}"


def main(labelled: Path, paragraphs: Path, out_md: Path) -> None:
    settings = load_settings(METHOD / "settings.toml")
    given = load_labelled(labelled)
    ks = designs(given.labels, labelled)
    names = masking(load_gazetteer(GAZETTEER))
    texts = [masked(text, names) for text in given.texts]
    apart = paragraphs != labelled
    told = texts
    if apart:
        lines = (
            masked(line, names)
            for file in corpus_file.files_of(paragraphs)
            for document in corpus_file.documents(file)
            for line in document.paragraphs
        )
        told = [line for line in lines if len(line) >= settings.background.min_paragraph]
    if not told:
        raise InputError(
            f"没有一个不少于 {settings.background.min_paragraph} 字的段落。请换一个语料。",
            f"no paragraph of at least {settings.background.min_paragraph} characters. Take another corpus.",
            file=paragraphs,
        )
    study = study_of(texts, told, settings)
    found = {n: scored(study, draws_of(given.labels, n, k, DRAWS), n) for n, k in ks.items()}
    files = [_told(path) for path in dict.fromkeys((labelled, paragraphs))]
    standing = sum(len(each) > 0 for each in study.held_by)
    written = page(Inputs(tuple(files), given.labels, len(told), standing, apart), found, ks)
    write({out_md: written.encode()})
    print("\n".join(headline(found, ks)))


def alone(labelled: Path, out_md: Path) -> None:
    """Without paragraphs the labelled texts are the background."""
    main(labelled, labelled, out_md)


if __name__ == "__main__":
    run(main if len(sys.argv) > 3 else alone)
