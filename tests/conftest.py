"""What several tests share: the real corpus, run once through the pure functions, and small hand-made tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from pipeline import dictionary, tables
from pipeline.approaches import approaches_of
from pipeline.background import Background, chosen as chosen_background
from pipeline.characters import character_similarity_of
from pipeline.claims import claims_of
from pipeline.cluster import cluster_of
from pipeline.consensus import consensus_tables
from pipeline.cooccurrence import cooccurrence_of
from pipeline.genre import genre_of
from pipeline.hashing import sha256
from pipeline.ingest import Ingested, gathered, ingested, scale_of
from pipeline.keywords import keywords_of
from pipeline.measures import measures_of
from pipeline.method import (
    Codebook,
    Entry,
    Gazetteer,
    Indicator,
    Negation,
    Settings,
    Theme,
    load_codebook,
    load_dictionary,
    load_gazetteer,
    load_settings,
    load_synonyms,
    load_word_list,
)
from pipeline.method.codebook import compiled
from pipeline.permutation import permutation_of
from pipeline.resampling import resampling_of
from pipeline.segment import Found, audit_of, cut
from pipeline.segmentation import Segmenter
from pipeline.shared_passages import shared_of
from pipeline.similarity import similarity_of
from pipeline.summary import (
    background_of,
    certainty_of,
    coding_of as coding_numbers,
    dictionary_of as dictionary_numbers,
    limits_of,
    regions_of,
    summary_of,
    table_of,
)
from pipeline.themes import coding_of
from tests.make import ROOT

RAW = ROOT / "data" / "raw" / "vocational-teachers.txt"
METHOD = ROOT / "method"
REGIONS = ("山东", "浙江", "上海", "湖南", "广东", "河北", "河南", "天津", "安徽", "重庆", "宜昌", "兰州", "兴安盟")
NO_THEMES = Codebook((), Negation((), (), 0, ()))  # the measures are grouped without supervision

pytest_plugins = ("tests.built",)  # the main job, run once through make

# The same examples on every run and machine, and no clock.
hypothesis.settings.register_profile("suite", max_examples=60, deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("suite")


@dataclass(frozen=True)
class Corpus:
    """Every table of one corpus, as the pure functions return them."""

    documents: pd.DataFrame
    sources: pd.DataFrame
    files: pd.DataFrame
    cleaning: pd.DataFrame
    measures: pd.DataFrame
    tokens: pd.DataFrame
    found: Found
    audit: pd.DataFrame
    keywords: pd.DataFrame
    cooccurrence: pd.DataFrame
    character_similarity: pd.DataFrame
    similarity: pd.DataFrame
    similarity_terms: pd.DataFrame
    region_map: pd.DataFrame
    shared_passages: pd.DataFrame
    shared_regions: pd.DataFrame
    shared_effect: pd.DataFrame
    near_duplicates: pd.DataFrame
    similarity_intervals: pd.DataFrame
    neighbours: pd.DataFrame
    dendrogram: pd.DataFrame
    reliability: pd.DataFrame
    leave_one_out: pd.DataFrame
    pair_tests: pd.DataFrame
    structure: pd.DataFrame
    null_distribution: pd.DataFrame
    coassignment: pd.DataFrame
    consensus: pd.DataFrame
    stability: pd.DataFrame
    clusters: pd.DataFrame
    cluster_terms: pd.DataFrame
    cluster_choice: pd.DataFrame
    verdict: pd.DataFrame
    robustness: pd.DataFrame
    specifications: pd.DataFrame
    dictionary_keywords: pd.DataFrame
    dictionary_regions: pd.DataFrame
    codebook: pd.DataFrame
    theme_evidence: pd.DataFrame
    themes: pd.DataFrame
    uncoded: pd.DataFrame
    theme_similarity: pd.DataFrame
    theme_pairs: pd.DataFrame
    theme_structure: pd.DataFrame
    theme_coassignment: pd.DataFrame
    theme_choice: pd.DataFrame
    theme_verdict: pd.DataFrame
    theme_groups: pd.DataFrame
    theme_profiles: pd.DataFrame
    view_agreement: pd.DataFrame
    view_differences: pd.DataFrame
    background_fit: pd.DataFrame
    background_coverage: pd.DataFrame
    background_similarity: pd.DataFrame
    background_terms: pd.DataFrame
    background_measures: pd.DataFrame
    background_structure: pd.DataFrame
    background_coassignment: pd.DataFrame
    background_choice: pd.DataFrame
    background_verdict: pd.DataFrame
    background_groups: pd.DataFrame
    background_specifications: pd.DataFrame
    background_claims: pd.DataFrame
    coder_agreement: pd.DataFrame
    coder_disagreements: pd.DataFrame
    regions: pd.DataFrame
    summary: pd.DataFrame
    limits: pd.DataFrame
    plain: pd.DataFrame  # tokens cut without the dictionary

    def text(self, doc_id: str) -> str:
        return str(self.documents.set_index("doc_id").loc[doc_id, "text"])

    def with_contracts(self) -> list[tuple[pd.DataFrame, tables.Table]]:
        """Each table beside its contract."""
        names = {"segmentation_audit": "audit"}
        large = {table.name: tables.from_rows([], table) for table in (tables.PARTITIONS, *tables.WHOLE_ALL)}
        large["scale"] = scale_of({"large": 0, "units": self.documents["region"].nunique()}, self.documents)
        return [
            (large[table.name] if table.name in large else getattr(self, names.get(table.name, table.name)), table)
            for table in tables.ALL
        ]


def word_table_text(rows: Iterable[tuple[str, str]], *, title: str = "标题", header: bool = True) -> str:
    """(region, summary) pairs as Word's text export has them: a tab before each cell, an empty line after each row."""
    head = [("序号", "省市", "经验做法简介")] if header else []
    written = [*head, *((str(number), region, text) for number, (region, text) in enumerate(rows, 1))]
    return f"{title}\n" + "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in written)


def measures_frame(rows: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """(region, text) pairs, each a measure of a document of its own."""
    return tables.from_rows(
        (
            {
                "measure_id": f"D{number:02d}-1",
                "doc_id": f"D{number:02d}",
                "region": region,
                "position": 1,
                "headline": text,
                "text": text,
                "start": 0,
                "end": len(text),
            }
            for number, (region, text) in enumerate(rows, 1)
        ),
        tables.MEASURES,
    )


def tokens_frame(
    measures: Iterable[tuple[str, str, Sequence[str]]], *, generic: Iterable[str] = (), pos: str = "v"
) -> pd.DataFrame:
    """(region, measure id, words) as tokens side by side. ``word/tag`` sets the tag, ``/`` alone leaves a gap.

    Verbs unless tagged, so that no phrase arises unasked.
    """
    rows = []
    for region, measure_id, words in measures:
        at = position = 0
        for written in words:
            word, _, tag = written.partition("/")
            if word:
                position += 1
                rows.append(
                    {
                        "measure_id": measure_id,
                        "region": region,
                        "position": position,
                        "surface": word,
                        "term": word,
                        "pos": tag or pos,
                        "generic": word in set(generic),
                        "nested_in": "",
                        "start": at,
                        "end": at + len(word),
                    }
                )
            at += len(word) or 1
    return tables.from_rows(rows, tables.TOKENS)


def indicators(patterns: Iterable[str], line: int) -> tuple[Indicator, ...]:
    """One a line, from ``line`` on."""
    return tuple(Indicator(pattern, at, *compiled(pattern, 8)) for at, pattern in enumerate(patterns, line))


def codebook_of(
    themes: Mapping[str, Iterable[str]],
    exclusions: Mapping[str, Iterable[str]] | None = None,
    negation: Negation = NO_THEMES.negation,
) -> Codebook:
    """Themes with their indicators; the first theme begins on line 1, the next on line 101."""
    return Codebook(
        tuple(
            Theme(
                name, f"{name} zh", f"{name} en", f"{name} 定义", f"{name} definition", "例", "反例",
                indicators(patterns, line + 1), indicators((exclusions or {}).get(name, ()), line + 51), line,
            )
            for line, (name, patterns) in zip(range(1, 9999, 100), themes.items(), strict=False)
        ),
        negation,
    )  # fmt: skip


Said = Sequence[tuple[str, str]]


def said_frames(said: Said) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tokens and measures: each row is a region and the words of one of its measures, blanks between them."""
    measures = measures_frame([(region, "，".join(text.split())) for region, text in said])
    rows = zip(said, measures["measure_id"], strict=True)
    return tokens_frame([(region, measure, text.split()) for (region, text), measure in rows]), measures


def plain_cosines(documents: Sequence[Sequence[str]]) -> np.ndarray:
    """scikit-learn's, of documents given as words."""
    return cosine_similarity(TfidfVectorizer(analyzer=list).fit_transform(documents))


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker processes: starting them takes longer than the few draws of a test."""
    monkeypatch.setenv("JOBS", "1")


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load_settings(METHOD / "settings.toml")


@pytest.fixture(scope="session")
def places() -> Gazetteer:
    return load_gazetteer(METHOD / "regions.csv")


@pytest.fixture(scope="session")
def entries() -> tuple[Entry, ...]:
    return load_dictionary(METHOD / "user_dict.txt")


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    """The shipped one."""
    return load_codebook(METHOD / "themes.toml")


@pytest.fixture(scope="session")
def shipped(settings: Settings) -> tuple[Background, str]:
    """The background that the settings name, and its hash."""
    background, file = chosen_background(METHOD / "background", settings.background.name, METHOD / "settings.toml")
    assert background is not None
    assert file is not None
    return background, sha256(file)


@pytest.fixture(scope="session")
def jieba_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One prepared dictionary for all segmenters of a session."""
    return tmp_path_factory.mktemp("jieba")


@pytest.fixture(scope="session")
def segmenter(entries: tuple[Entry, ...], settings: Settings, jieba_cache: Path) -> Segmenter:
    return Segmenter(entries, hmm=settings.segment.hmm, cache=jieba_cache)


Cut = Callable[..., tuple[pd.DataFrame, Found]]


def cutter(segmenter: Segmenter, entries: tuple[Entry, ...], settings: Settings) -> Cut:
    """`segment.cut` with the project's method; keyword arguments replace a part of it."""
    method = {
        "entries": entries,
        "stop_words": load_word_list(METHOD / "stop_words.txt"),
        "generic": load_word_list(METHOD / "generic_words.txt"),
        "synonyms": load_synonyms(METHOD / "synonyms.csv"),
        "settings": settings.segment,
    }

    def run(measures: pd.DataFrame, **other: object) -> tuple[pd.DataFrame, Found]:
        return cut(measures, segmenter, **{**method, **other})  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def cut_measures(segmenter: Segmenter, entries: tuple[Entry, ...], settings: Settings) -> Cut:
    """Cut with the dictionary."""
    return cutter(segmenter, entries, settings)


@pytest.fixture(scope="session")
def cut_plain(settings: Settings, jieba_cache: Path) -> Cut:
    """Cut without the dictionary."""
    return cutter(Segmenter((), hmm=settings.segment.hmm, cache=jieba_cache), (), settings)


def ingest(raw: Path, places: Gazetteer, settings: Settings, unit: str = "region") -> Ingested:
    """Documents and their sources of a raw file or folder."""
    return ingested(gathered(raw, settings), raw, places, settings, unit)


@pytest.fixture(scope="session")
def corpus_of(
    cut_measures: Cut,
    cut_plain: Cut,
    entries: tuple[Entry, ...],
    places: Gazetteer,
    settings: Settings,
    codebook: Codebook,
) -> Callable[..., Corpus]:
    """Raw file, settings and codebook -> every table, by the pure functions alone; no second coder has coded."""

    def run(
        raw: Path,
        chosen: Settings = settings,
        themes: Codebook = codebook,
        background: tuple[Background | None, str] = (None, ""),
    ) -> Corpus:
        exclude = chosen.keywords.exclude_generic
        read = ingest(raw, places, chosen)
        documents = read.documents
        measures = measures_of(documents, headline_max=chosen.measures.headline_max)
        tokens, found = cut_measures(measures, settings=chosen.segment)
        audit = audit_of(measures, tokens, found, entries)
        plain, _ = cut_plain(measures, settings=chosen.segment)
        keywords = keywords_of(tokens, measures, chosen.keywords, chosen.resampling)
        linked = cooccurrence_of(tokens, min_measures=chosen.cooccurrence.min_measures, exclude_generic=exclude)
        characters = character_similarity_of(measures)
        similarity, pair_terms, region_map = similarity_of(keywords, characters, exclude_generic=exclude)
        shared = shared_of(documents, measures, tokens, similarity, chosen)
        intervals, neighbours, tree, reliability, rest = resampling_of(tokens, measures, similarity, chosen)
        pair_tests, structure, null = permutation_of(tokens, measures, chosen)
        coassignment, consensus, stability = consensus_tables(tokens, plain, measures, chosen)
        clusters, cluster_terms, choice, verdict = cluster_of(
            consensus, stability, structure, similarity, tokens, chosen
        )
        robustness, specifications = claims_of(
            tokens, plain, measures, similarity, keywords, clusters, coassignment, chosen
        )
        without = keywords_of(plain, measures, chosen.keywords, chosen.resampling)
        apart = similarity_of(without, characters, exclude_generic=exclude)[0]
        names = measures["region"].drop_duplicates().tolist()
        listed = dictionary.keywords_of(
            keywords, without, names, top=chosen.keywords.top, stable=chosen.resampling.stable
        )
        decided = dictionary.regions_of(listed, similarity, apart, names)
        coded, evidence, profiles, uncoded = coding_of(measures, tokens, themes, chosen)
        approaches = approaches_of(
            measures, tokens, coded, evidence, similarity, pair_terms, structure, consensus, clusters, chosen
        )
        regions = regions_of(documents, measures, tokens, similarity, clusters)
        described = summary_of(
            regions,
            read.cleaning,
            audit,
            keywords,
            similarity,
            choice,
            nested=int((tokens["nested_in"] != "").sum()),
            top=chosen.keywords.top,
        )
        sure = certainty_of(keywords, pair_tests, neighbours, rest, clusters, robustness, specifications, chosen)
        sure += dictionary_numbers(robustness, listed, decided)
        counted = coding_numbers(coded, evidence, len(measures))
        genre = genre_of(
            measures,
            tokens,
            keywords,
            similarity,
            structure,
            clusters,
            coassignment,
            robustness,
            chosen,
            *background,
        )
        views = ("similarity", "measures", "groups", "claims")
        seen = background_of(regions, *(genre[f"background_{name}"] for name in views), chosen.permutation.alpha)
        limits = limits_of(regions, similarity, chosen)
        return Corpus(
            documents, read.sources, read.files, read.cleaning, measures, tokens, found, audit, keywords, linked, characters, similarity,
            pair_terms, region_map, *shared, intervals, neighbours, tree, reliability, rest, pair_tests, structure, null,
            coassignment, consensus, stability, clusters, cluster_terms, choice, verdict, robustness, specifications, listed, decided,
            coded, evidence, profiles, uncoded,
            regions=regions, summary=table_of([*described, *sure, *counted, *seen]), limits=limits, plain=plain, **approaches, **genre,
            coder_agreement=tables.from_rows([], tables.CODER_AGREEMENT),
            coder_disagreements=tables.from_rows([], tables.CODER_DISAGREEMENTS),
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def corpus(corpus_of: Callable[..., Corpus], shipped: tuple[Background, str]) -> Corpus:
    """The appendix: thirteen documents, seen through the shipped background too."""
    return corpus_of(RAW, background=shipped)


@pytest.fixture(scope="session")
def three(corpus_of: Callable[..., Corpus], settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Three documents small enough to work by hand; commas keep phrases out, no word counts as common."""
    raw = tmp_path_factory.mktemp("three") / "three.txt"
    rows = (("山东", "培训、培训、基地、评价。"), ("浙江", "培训、评价、双师。"), ("上海", "双师、双师、校企。"))
    raw.write_text(word_table_text(rows), "utf-8")
    return corpus_of(raw, replace(settings, keywords=replace(settings.keywords, common_share=1.0)))
