"""The fit of a background, and likenesses through it taken apart exactly: recounted by slow loops and by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import tables
from pipeline.background import PAIRS, SINGLE, TEXTS, WORDS, Background, Space, chosen, load, save
from pipeline.errors import InputError
from pipeline.genre import coverage_of, fit_of, genre_of, keyword_claims, main, place_of
from pipeline.learning import learned
from pipeline.method import Settings, load_synonyms, load_word_list
from pipeline.representations import character_ngrams
from pipeline.segmentation import Keeping, Segmenter
from tests.conftest import METHOD, Corpus, tokens_frame, word_table_text
from tests.make import ROOT

pytestmark = pytest.mark.usefixtures("in_this_process")

READ = ("measures", "tokens", "keywords", "similarity", "structure", "clusters", "coassignment", "robustness")
BACKGROUND_TABLES = [table for table in tables.ALL if table.name.startswith("background_")]


def through(corpus: Corpus, settings: Settings, background: Background | None) -> dict[str, pd.DataFrame]:
    """The stage in memory; every table keeps its contract."""
    made = genre_of(*(getattr(corpus, name) for name in READ), settings, background, "0" * 64)
    for table in BACKGROUND_TABLES:
        tables.check(made[table.name], table)
    return made


def quick(settings: Settings) -> Settings:
    return replace(
        settings,
        resampling=replace(settings.resampling, resamples=20, halvings=5),
        permutation=replace(settings.permutation, draws=19),
        specification=replace(settings.specification, resamples=1, null_draws=2),
    )


# --- does it fit? -------------------------------------------------------------------------------------------------------


def made(df: dict[str, int], held_out: float | None = 0.8, paragraphs: int = 9) -> Background:
    """Words in so many paragraphs; of its own paragraphs the median knows ``held_out`` of its words."""
    terms = tuple(sorted(df))
    space = Space(terms, np.array([df[term] for term in terms]), np.zeros((len(terms), 2)), np.ones(2))
    own = (
        {"coverage": [], "rarity": []}
        if held_out is None
        else {"coverage": [held_out] * 101, "rarity": np.linspace(1, 3, 101).tolist()}
    )
    about = {
        "name": "made",
        "sources": [{"name": "a.txt"}, {"name": "b.csv"}],
        "documents": 3,
        "paragraphs": paragraphs,
        "characters": 500,
        "held_out": own,
    }
    return Background(about, {WORDS: space, PAIRS: space, SINGLE: space})


SAID = tokens_frame([("山东", "D01-1", ["培训"] * 6 + ["鲁班", "双师"]), ("浙江", "D02-1", ["培训", "鲁班"])])


def test_coverage_is_the_share_of_occurrences_that_two_paragraphs_hold() -> None:
    found = coverage_of(SAID, ("山东", "浙江", "上海"), made({"培训": 4, "双师": 1}))
    tables.check(found, tables.BACKGROUND_COVERAGE)
    assert found[["region", "tokens", "known"]].values.tolist() == [["山东", 8, 6], ["浙江", 2, 1], ["上海", 0, 0]]
    assert found["share"].tolist() == [0.75, 0.5, 0.0]
    assert found["unknown_terms"].tolist() == ["双师·鲁班", "鲁班", ""]
    # 培训 ln(10/5) + 1 = 1.693147, 双师 ln(10/2) + 1 = 2.609438, 鲁班 ln(10/1) + 1 = 3.302585
    assert found["rarity"].tolist()[:2] == pytest.approx([2.008863, 2.497866], abs=1e-6)
    assert np.isnan(found["rarity"][2])


def fit(settings: Settings, background: Background, tokens: pd.DataFrame = SAID, **asked: float) -> pd.Series:
    coverage = coverage_of(tokens, tuple(tokens["region"].unique()), background)
    chosen = replace(settings.background, **{"fits": 0.8, "refused": 0.7, "held_out": 0.6} | asked)
    found = fit_of(coverage, background, "0" * 64, chosen, settings.resampling)
    tables.check(found, tables.BACKGROUND_FIT)
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize(
    ("known", "held_out", "outcome", "reason"),
    [
        (8, 1.0, "fits", "overlap"),
        (8, 0.9, "fits", "overlap"),  # 0.889
        (7, 0.875, "fits", "overlap"),  # exactly 0.8
        (6, 0.8, "doubtful", "overlap"),  # 0.75
        (7, 1.0, "doubtful", "overlap"),  # exactly 0.7
        (6, 0.9, "refused", "overlap"),  # 0.667
        (0, 0.9, "refused", "overlap"),
        (8, 0.6, "fits", "overlap"),
        (8, 0.59, "refused", "unknown to itself"),
        (8, 0.0, "refused", "unknown to itself"),
        (8, None, "refused", "no held-out paragraphs"),
    ],
)
def test_the_fit_is_the_coverage_beside_that_of_its_own_paragraphs(
    settings: Settings, known: int, held_out: float | None, outcome: str, reason: str
) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["培训"] * known + ["鲁班"] * (10 - known))])
    found = fit(settings, made({"培训": 4}, held_out), tokens)
    assert (found["outcome"], found["reason"]) == (outcome, reason)
    assert found["coverage"] == pytest.approx(known / 10)
    if held_out:
        assert found["relative_coverage"] == pytest.approx(known / 10 / held_out)
        # one region drawn anew is the same region
        assert found["relative_low"] == found["relative_high"] == pytest.approx(found["relative_coverage"])


def test_the_numbers_of_a_fit_are_worked_by_hand(settings: Settings) -> None:
    found = fit(settings, made({"培训": 4, "双师": 1}))
    assert (found["name"], found["sources"], found["terms"], found["dimensions"]) == ("made", "a.txt;b.csv", 2, 2)
    assert (found["documents"], found["paragraphs"], found["characters"]) == (3, 9, 500)
    assert found["coverage"] == 7 / 10  # not the mean of 0.75 and 0.5
    assert found["relative_coverage"] == pytest.approx(0.875)
    # the regions drawn anew are 2 x 山东, 2 x 浙江 or both: 12/16, 2/4 or 7/10
    assert found["relative_low"] == pytest.approx(0.5 / 0.8)
    assert found["relative_high"] == pytest.approx(0.75 / 0.8)
    assert found["rarity"] == pytest.approx((2.008863 + 2.497866) / 2, abs=1e-6)
    assert found["rarity_held_out"] == 2.0
    # the held-out rarities are even from 1 to 3: 0.373318 of them lie above 2.253365
    assert found["place"] == pytest.approx((3 - 2.2533645) / 2, abs=1e-6)


def test_a_background_that_knows_nothing_of_itself_never_fits(settings: Settings) -> None:
    assert fit(settings, made({"培训": 4}, 0.0), held_out=0.0)["outcome"] == "refused"


@pytest.mark.parametrize(("value", "expected"), [(0.5, 1.0), (1.0, 1.0), (1.5, 0.75), (3.0, 0.0), (9.0, 0.0)])
def test_the_place_is_the_share_of_values_that_are_at_least_as_large(value: float, expected: float) -> None:
    assert place_of(value, np.linspace(1, 3, 101).tolist()) == pytest.approx(expected)


def test_without_values_or_without_a_value_there_is_no_place() -> None:
    assert np.isnan(place_of(1.0, []))
    assert np.isnan(place_of(float("nan"), [0.0] * 101))


# --- a background of another genre --------------------------------------------------------------------------------------


def recipes(number: int) -> list[list[str]]:
    """Cooking instructions from templates, ten in a document."""
    rng = np.random.default_rng(1)
    meats = ("猪肉", "牛肉", "鸡腿", "鲤鱼", "排骨", "虾仁", "豆腐", "茄子", "土豆", "白菜")
    spices = ("生姜", "大蒜", "花椒", "八角", "酱油", "料酒", "白糖", "香醋", "辣椒", "胡椒粉")
    steps = (
        "翻炒均匀",
        "小火慢炖",
        "大火烧开",
        "腌制片刻",
        "沥干水分",
        "切成薄片",
        "撒上葱花",
        "勾芡出锅",
        "煎至金黄",
        "焯水去腥",
    )

    def one() -> str:
        a, b = rng.choice(meats, 2, replace=False)
        c, d, e = rng.choice(spices, 3, replace=False)
        f, g, h = rng.choice(steps, 3, replace=False)
        return (
            f"先把{a}洗净，{f}，锅里倒入食用油烧热，放入{c}和{d}爆香；再加入{b}，{g}，倒入适量清水和{e}，盖上锅盖，{h}，"
            "最后尝一尝咸淡，装盘即可上桌，趁热食用味道更加鲜美。"
        )

    return [[one() for _ in range(10)] for _ in range(number // 10)]  # fmt: skip


@pytest.fixture(scope="module")
def keeping(entries: Sequence[object], settings: Settings) -> Keeping:
    return Keeping(
        frozenset(entry.term for entry in entries),  # type: ignore[attr-defined]
        load_word_list(METHOD / "stop_words.txt"),
        load_synonyms(METHOD / "synonyms.csv"),
        settings.segment,
    )


@pytest.fixture(scope="module")
def cooking(keeping: Keeping, segmenter: Segmenter, settings: Settings) -> Background:
    about = {"sources": [{"name": "recipes"}]}
    return learned("cooking", recipes(300), lambda text: keeping.terms(text, segmenter), settings.background, about)


def test_recipes_do_not_fit_the_appendix_though_they_know_themselves(
    corpus: Corpus, settings: Settings, cooking: Background
) -> None:
    found = through(corpus, settings, cooking)
    row = found["background_fit"].iloc[0]
    assert row["paragraphs"] == 300
    assert row["coverage_held_out"] > 0.9
    assert row["relative_high"] < settings.background.refused
    assert (row["outcome"], row["reason"]) == ("refused", "overlap")
    assert len(found["background_coverage"]) == 13
    assert [name for name, frame in found.items() if len(frame)] == ["background_fit", "background_coverage"]


def test_recipes_fit_recipes(settings: Settings, cooking: Background, keeping: Keeping, segmenter: Segmenter) -> None:
    said = [("山东", "D01-1", keeping.terms(recipes(20)[1][3], segmenter))]
    assert fit(settings, cooking, tokens_frame(said))["outcome"] == "fits"


def test_without_a_background_every_table_is_empty(corpus: Corpus, settings: Settings) -> None:
    found = through(corpus, settings, None)
    assert set(found) == {table.name for table in BACKGROUND_TABLES}
    assert all(frame.empty for frame in found.values())


# --- who is like whom, and by which words? ------------------------------------------------------------------------------

PART = {WORDS: "words", PAIRS: "character pairs", SINGLE: "single characters"}
FUSED = ((WORDS, "lsa"), (PAIRS, "lsa"), (SINGLE, "lsa"), (WORDS, "soft"))
Said = dict[str, list[Counter[str]]]  # what is counted -> the counts of each text


def said_by(tokens: pd.DataFrame, measures: pd.DataFrame, key: str, names: Sequence[str]) -> Said:
    """The counts of every region or measure."""
    texts = [measures.loc[measures[key] == name, "text"] for name in names]
    return {
        WORDS: [Counter(tokens.loc[tokens[key] == name, "term"]) for name in names],
        PAIRS: [Counter(pair for text in own for pair in character_ngrams(text, 2)) for own in texts],
        SINGLE: [Counter(one for text in own for one in character_ngrams(text, 1)) for own in texts],
    }


def alike(space: Space, kind: str, terms: Sequence[str]) -> np.ndarray:
    """S (terms x terms)."""
    vectors = np.array(
        [space.vectors[space.terms.index(t)] if t in space.terms else space.vectors[0] * 0 for t in terms]
    )
    if kind == "lsa":
        return vectors @ vectors.T
    vectors = vectors * space.strength
    size = np.linalg.norm(vectors, axis=1)
    directions = vectors / np.where(size > 0, size, 1)[:, None]
    unknown = np.array([term not in space.terms for term in terms], dtype=float)
    return directions @ directions.T + np.diag(unknown)


class Slow:
    """Texts through a background: of every part the vectors less their mean (texts x terms, scaled), and S."""

    def __init__(self, said: Said, background: Background) -> None:
        self.parts = []
        for text, kind in FUSED:
            terms = sorted(set().union(*said[text]))
            df = dict(zip(background.spaces[text].terms, background.spaces[text].df.tolist(), strict=True))
            idf = [np.log((1 + background.paragraphs) / (1 + df.get(term, 0))) + 1 for term in terms]
            x = np.array([[own[term] for term in terms] for own in said[text]]) * idf
            s = alike(background.spaces[text], kind, terms)
            x = x / np.sqrt(np.maximum((x @ s * x).sum(axis=1), 1e-24))[:, None]
            moved = x - x.mean(axis=0)
            size = np.sqrt(np.maximum((moved @ s * moved).sum(axis=1), 0))
            self.parts.append((text, terms, moved / np.where(size > 1e-9, size, np.inf)[:, None], s))

    @property
    def cosines(self) -> list[np.ndarray]:
        return [moved @ s @ moved.T for _, _, moved, s in self.parts]

    def fused(self) -> np.ndarray:
        return np.asarray(sum(self.cosines) / 4)

    def value(self, part: str, a: int, b: int, first: str, second: str) -> float:
        """What a pair of terms adds to the fused similarity."""
        return sum(
            moved[a, terms.index(first)]
            * s[terms.index(first), terms.index(second)]
            * moved[b, terms.index(second)]
            / 4
            for text, terms, moved, s in self.parts
            if PART[text] == part
        )

    def more(self, part: str, a: int, first: str) -> bool:
        """Whether a text has more of a term than the mean."""
        return all(moved[a, terms.index(first)] > 0 for text, terms, moved, _ in self.parts if PART[text] == part)


@pytest.fixture(scope="module")
def slow(corpus: Corpus, shipped: tuple[Background, str]) -> Slow:
    said = said_by(corpus.tokens, corpus.measures, "region", corpus.clusters["region"])
    return Slow(said, shipped[0])


def test_the_fused_similarity_and_its_parts_are_x_s_y_seen_from_the_mean(corpus: Corpus, slow: Slow) -> None:
    found, above = corpus.background_similarity, np.triu_indices(13, 1)
    np.testing.assert_allclose(found["cosine"], slow.fused()[above], atol=1e-9)
    for column, expected in zip(("lsa_words", "lsa_pairs", "lsa_single", "soft_cosine"), slow.cosines, strict=True):
        np.testing.assert_allclose(found[column], expected[above], atol=1e-9)
    assert found["cosine_words"].tolist() == corpus.similarity["cosine"].tolist()
    assert found["rank_words"].tolist() == corpus.similarity["rank"].tolist()
    assert found["rank"].tolist() == (-found["cosine"].round(9)).rank(method="min").astype(int).tolist()


def test_the_idf_column_is_the_centred_cosine_of_counts_times_idf(
    corpus: Corpus, shipped: tuple[Background, str]
) -> None:
    said = said_by(corpus.tokens, corpus.measures, "region", corpus.clusters["region"])[WORDS]
    space = shipped[0].spaces[WORDS]
    df = dict(zip(space.terms, space.df.tolist(), strict=True))
    terms = sorted(set().union(*said))
    x = np.array([[own[t] * (np.log(2197 / (1 + df.get(t, 0))) + 1) for t in terms] for own in said])
    x /= np.linalg.norm(x, axis=1)[:, None]
    x -= x.mean(axis=0)
    x /= np.linalg.norm(x, axis=1)[:, None]
    np.testing.assert_allclose(corpus.background_similarity["idf"], (x @ x.T)[np.triu_indices(13, 1)], atol=1e-9)


def test_the_values_of_every_pair_sum_to_its_fused_similarity(corpus: Corpus) -> None:
    similarity = corpus.background_similarity.set_index(["region_a", "region_b"])["cosine"]
    sums = corpus.background_terms.groupby(["region_a", "region_b"])["value"].sum()
    assert len(sums) > 30
    for pair, value in sums.items():
        assert value == pytest.approx(similarity[pair], abs=1e-9)


def test_every_value_is_that_of_its_two_terms_and_no_larger_one_is_left_out(
    corpus: Corpus, slow: Slow, settings: Settings
) -> None:
    names = corpus.clusters["region"].tolist()
    rows = corpus.background_terms
    shown = rows[rows["kind"] == "terms"]
    for row in shown.itertuples():
        a, b = names.index(row.region_a), names.index(row.region_b)
        assert row.value == pytest.approx(slow.value(row.part, a, b, row.term_a, row.term_b), abs=1e-9)
        assert slow.more(row.part, a, row.term_a)
        assert slow.more(row.part, b, row.term_b)
    for (first, second, part), group in list(shown.groupby(["region_a", "region_b", "part"]))[::20]:
        a, b = names.index(first), names.index(second)
        table = np.zeros(())
        for text, _, moved, s in slow.parts:
            if PART[text] == part:
                table = table + np.where(
                    (moved[a] > 0)[:, None] & (moved[b] > 0), moved[a][:, None] * s * moved[b] / 4, 0.0
                )
        largest = np.sort(table.ravel())[::-1][: settings.background.explained_terms]
        np.testing.assert_allclose(group.sort_values("rank")["value"], largest[largest > 0], atol=1e-9)
        assert group["rank"].tolist() == list(range(1, len(group) + 1))


def test_every_pair_of_a_region_and_its_nearest_is_explained_and_no_other(
    corpus: Corpus, slow: Slow, settings: Settings
) -> None:
    names, cosines = corpus.clusters["region"].tolist(), slow.fused()
    np.fill_diagonal(cosines, -np.inf)
    expected = {
        tuple(sorted((at, int(other))))
        for at in range(13)
        for other in np.argsort(-cosines[at])[: settings.background.neighbours]
    }
    rows = corpus.background_terms[["region_a", "region_b"]].drop_duplicates().itertuples(index=False)
    assert {(names.index(a), names.index(b)) for a, b in rows} == expected


def test_the_rest_counts_all_pairs_of_terms_that_are_not_shown(corpus: Corpus, slow: Slow) -> None:
    kinds = {PART[text]: len(terms) for text, terms, _, _ in slow.parts}
    for (_, _, part), group in corpus.background_terms.groupby(["region_a", "region_b", "part"]):
        assert group["pairs"].sum() == kinds[part] ** 2
        assert group["kind"].tolist().count("rest") == 1
        assert group.loc[group["kind"] == "rest", "rank"].tolist() == [0]


def test_a_pair_of_terms_leads_to_the_measures_that_have_them(corpus: Corpus) -> None:
    text = corpus.measures.set_index("measure_id")["text"]
    region = corpus.measures.set_index("measure_id")["region"]
    rows = corpus.background_terms[corpus.background_terms["kind"] == "terms"]
    for row in rows.iloc[::7].itertuples():
        for own, term, ids in ((row.region_a, row.term_a, row.measures_a), (row.region_b, row.term_b, row.measures_b)):
            if row.part == "words":
                said = corpus.tokens[(corpus.tokens["region"] == own) & (corpus.tokens["term"] == term)]
                assert ids == said["measure_id"].drop_duplicates().tolist()
            else:
                n = len(term)
                holds = [at for at in text.index if region[at] == own and term in set(character_ngrams(text[at], n))]
                assert ids == holds


def test_on_a_small_corpus_every_value_is_that_of_a_double_loop(
    small: Callable[..., Corpus], settings: Settings
) -> None:
    corpus, background = small(4), known_to_itself()
    chosen = replace(quick(settings), background=replace(settings.background, explained_terms=1000, neighbours=3))
    found = through(corpus, chosen, background)
    assert found["background_fit"]["outcome"].tolist() == ["fits"]
    names = corpus.clusters["region"].tolist()
    slow = Slow(said_by(corpus.tokens, corpus.measures, "region", names), background)
    shown = (
        found["background_terms"].set_index(["region_a", "region_b", "part", "term_a", "term_b"])["value"].sort_index()
    )
    unknown = 0
    for a, b in ((0, 1), (0, 3), (2, 3)):
        total = dict.fromkeys(PART.values(), 0.0)
        for text, terms, moved, s in slow.parts:
            for i, j in product(range(len(terms)), repeat=2):
                total[PART[text]] += moved[a, i] * s[i, j] * moved[b, j] / 4
        for part, value in total.items():
            own = shown.loc[names[a], names[b], part]
            assert own.sum() == pytest.approx(value, abs=1e-9)
            said = [key for key in own.index if key != ("", "")]
            assert len(said) == len(set(said))
            for first, second in said:
                assert own[first, second] == pytest.approx(slow.value(part, a, b, first, second), abs=1e-9)
                unknown += first == second == "鲁班工坊"
    assert unknown  # a word that the background lacks is like itself


# --- small corpora -------------------------------------------------------------------------------------------------------

TEXTS_OF = (
    ("山东", "加强教师培训基地建设，设立鲁班工坊。推进校企合作。"),
    ("浙江", "推进校企合作，建设鲁班工坊。开展教师培训。"),
    ("上海", "举办技能大赛，选拔优秀选手。推进校企合作。"),
    ("湖南", "举办技能大赛，表彰优秀教师。开展教师培训。"),
)


@pytest.fixture(scope="module")
def small(
    corpus_of: Callable[..., Corpus], settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Corpus]:
    """The first so many regions."""

    def run(number: int) -> Corpus:
        raw = tmp_path_factory.mktemp("small") / "small.txt"
        raw.write_text(word_table_text(TEXTS_OF[:number]), "utf-8")
        return corpus_of(raw, replace(quick(settings), keywords=replace(settings.keywords, common_share=1.0)))

    return run


def known_to_itself() -> Background:
    """Knows most words, characters and pairs of the small corpora, each with a vector."""
    words = ("教师", "培训", "教师培训", "基地", "建设", "校企合作", "校企", "合作", "技能", "大赛", "技能大赛", "优秀", "加强",
             "推进", "开展", "举办", "选拔", "选手", "设立")  # fmt: skip
    text = "".join(each for _, each in TEXTS_OF).replace("鲁班工坊", "")
    found = {WORDS: words, PAIRS: set(character_ngrams(text, 2)), SINGLE: set(character_ngrams(text, 1))}
    rng = np.random.default_rng(3)
    spaces = {}
    for name in TEXTS:
        terms = tuple(sorted(found[name]))
        vectors = rng.standard_normal((len(terms), 4)) * 0.3
        vectors[0] = 0  # one without
        spaces[name] = Space(terms, rng.integers(2, 60, len(terms)), vectors, np.array([4.0, 3, 2, 1]))
    own = {"coverage": [0.7] * 101, "rarity": np.linspace(2, 4, 101).tolist()}
    about = {"format": 1, "name": "self", "sources": [{"name": "s"}], "documents": 9, "paragraphs": 90, "characters": 900,
             "held_out": own}  # fmt: skip
    return Background(about, spaces)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_few_regions_or_one_do_not_fail(number: int, small: Callable[..., Corpus], settings: Settings) -> None:
    corpus = small(number)
    found = through(corpus, quick(settings), known_to_itself())
    assert found["background_fit"]["outcome"].tolist() == ["fits"]
    assert len(found["background_similarity"]) == number * (number - 1) // 2
    assert len(found["background_groups"]) == number
    assert found["background_claims"]["claim_id"].tolist()
    assert len(found["background_measures"]) == len(corpus.measures)
    if number == 1:
        assert (found["background_measures"][["nearest", "terms", "nearest_words"]] == "").all().all()
        assert found["background_measures"]["similarity"].isna().all()
        assert found["background_terms"].empty
        assert found["background_claims"]["kind"].tolist() == ["keyword"]
    if number == 2:  # as seen from their mean, two are opposite
        assert found["background_similarity"]["cosine"].tolist() == pytest.approx([-1.0])


# --- measures ------------------------------------------------------------------------------------------------------------


def test_the_nearest_measure_is_the_most_similar_one_of_another_region(
    corpus: Corpus, shipped: tuple[Background, str]
) -> None:
    ids = corpus.measures["measure_id"].tolist()
    region = corpus.measures["region"].to_numpy()
    cosines = Slow(said_by(corpus.tokens, corpus.measures, "measure_id", ids), shipped[0]).fused()
    cosines[region[:, None] == region] = -np.inf
    found = corpus.background_measures
    assert found["measure_id"].tolist() == ids
    assert found["region"].tolist() == region.tolist()
    for at, row in enumerate(found.itertuples()):
        assert region[ids.index(row.nearest)] != row.region
        assert row.similarity == pytest.approx(cosines[at].max(), abs=2e-9)
        assert cosines[at, ids.index(row.nearest)] == pytest.approx(cosines[at].max(), abs=2e-9)
        if row.nearest_words:
            assert region[ids.index(row.nearest_words)] != row.region
            assert 0 < row.cosine_words <= 1


def test_the_words_named_for_a_measure_are_its_own_and_those_of_the_nearest(corpus: Corpus) -> None:
    said = corpus.tokens.groupby("measure_id")["term"].agg(set)
    named = 0
    for row in corpus.background_measures.itertuples():
        for pair in filter(None, row.terms.split("·")):
            first, second = pair.split("×")
            assert first in said[row.measure_id]
            assert second in said[row.nearest]
            named += 1
    assert named > 59


# --- claims --------------------------------------------------------------------------------------------------------------


def test_every_claim_is_compared_with_what_robustness_says_of_it(corpus: Corpus, settings: Settings) -> None:
    found, without = corpus.background_claims, corpus.robustness.set_index("claim_id")
    assert sorted(found["claim_id"]) == sorted(without.index)
    for row in found.itertuples():
        other = without.loc[row.claim_id]
        assert [row.kind, row.region_a, row.region_b, row.term] == other[
            ["kind", "region_a", "region_b", "term"]
        ].tolist()
        assert (row.share_without, row.standing_without) == (other["share"], other["standing"])
        assert row.changes == (row.standing != row.standing_without)
        high, low = settings.specification.robust, settings.specification.fragile
        assert row.standing == ("robust" if row.share >= high else "fragile" if row.share < low else "sensitive")
    numbers = {"closest": 11, "pair": 11, "core": 55, "membership": 55, "keyword": 2}
    assert found["specifications"].tolist() == [numbers[kind] for kind in found["kind"]]
    assert found["changes"].any()


def test_the_closest_pair_is_tried_in_every_view_through_the_background(corpus: Corpus) -> None:
    views = corpus.background_specifications.drop_duplicates(["text", "generic", "weight"])
    assert len(corpus.background_specifications) == 55
    assert set(views["weight"]) == {"background-idf", "background-lsa", "soft-cosine", "fused"}
    claim = corpus.background_claims[corpus.background_claims["kind"] == "closest"].iloc[0]
    assert claim["share"] == pytest.approx((views["closest_rank"] == 1).mean())
    fused = views[views["weight"] == "fused"].iloc[0]
    pair = corpus.background_similarity.set_index(["region_a", "region_b"]).loc[claim["region_a"], claim["region_b"]]
    assert fused["closest_rank"] == pair["rank"]
    assert fused["closest_cosine"] == pytest.approx(pair["cosine"])


def test_a_keyword_holds_where_few_words_are_more_frequent_times_rarer() -> None:
    tokens = tokens_frame([("山东", "D01-1", ["加强"] * 5 + ["培训"] * 2 + ["双师"] * 2)], generic=["加强"])
    keywords = pd.DataFrame({"region": ["山东", "山东"], "term": ["培训", "双师"], "rank": [1, 2], "count": [2, 2]})
    # 培训 2 (ln(10/5) + 1) = 3.39; 双师 2 (ln(10/1) + 1) = 6.61; 加强, where it is in, 5 (ln(10/10) + 1) = 5
    background = made({"培训": 4, "加强": 9})
    for top, expected in ((1, [False, False]), (2, [True, False]), (3, [True, True])):
        (claim,) = keyword_claims(tokens, keywords, background, top)
        assert (claim.kind, claim.region_a, claim.term) == ("keyword", "山东", "培训")
        assert [choice["generic"] for choice in claim.choices] == ["out", "in"]
        assert claim.holds == expected


def test_a_keyword_of_several_words_is_as_rare_as_an_unknown_one() -> None:
    tokens = tokens_frame([("山东", "D01-1", ["培训", "双师"] * 2)])
    keywords = pd.DataFrame({"region": ["山东"], "term": ["双师培训"], "rank": [1], "count": [2]})
    (claim,) = keyword_claims(tokens, keywords, made({"培训": 4, "双师": 3}), 1)
    assert claim.holds == [True, True]  # 2 x 3.30 against 2 x 1.92


# --- groups --------------------------------------------------------------------------------------------------------------


def test_the_groups_through_the_background_stand_beside_those_by_words(corpus: Corpus) -> None:
    found = corpus.background_groups
    assert found["region"].tolist() == corpus.clusters["region"].tolist()
    assert found["cluster_words"].tolist() == corpus.clusters["cluster"].tolist()
    k = int(corpus.background_choice.loc[corpus.background_choice["chosen"], "k"].iloc[0])
    assert found["cluster"].max() == found["cluster_fused"].max() == k
    assert sorted(found["leaf"]) == list(range(1, 14))


# --- the stage -----------------------------------------------------------------------------------------------------------


def test_no_name_is_no_background() -> None:
    assert chosen(METHOD / "background", "", METHOD / "settings.toml") == (None, None)


def test_a_name_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    for name in ("two", "one"):
        save(known_to_itself(), tmp_path / f"{name}.npz")
    found, file = chosen(tmp_path, "one", tmp_path / "settings.toml")
    assert found is not None
    assert found.name == "self"
    assert file == tmp_path / "one.npz"
    with pytest.raises(InputError) as caught:
        chosen(tmp_path, "three", tmp_path / "settings.toml")
    assert caught.value.file == str(tmp_path / "settings.toml")
    for told in (caught.value.zh, caught.value.en):
        assert "three.npz" in told
        assert "one、two" in told
        assert "make background BACKGROUND=three" in told
    with pytest.raises(InputError, match="There are: —"):
        chosen(tmp_path / "none", "three", tmp_path / "settings.toml")


def test_the_stage_writes_what_the_function_returns(corpus: Corpus, tmp_path: Path) -> None:
    inputs = [tmp_path / f"{name}.csv" for name in READ]
    tables.write(*((getattr(corpus, path.stem), tables.by_name(path.stem), path) for path in inputs))
    outputs = [tmp_path / "out" / f"{table.name}.csv" for table in BACKGROUND_TABLES]
    main(*inputs, METHOD / "settings.toml", METHOD / "background", *outputs)
    for table, output in zip(BACKGROUND_TABLES, outputs, strict=True):
        expected = tmp_path / "expected.csv"
        tables.write((getattr(corpus, table.name), table, expected))
        assert output.read_bytes() == expected.read_bytes(), table.name


def test_the_shipped_background_fits_the_appendix_and_holds_what_its_page_says(corpus: Corpus) -> None:
    row = corpus.background_fit.iloc[0]
    assert row["outcome"] == "fits"
    page = (ROOT / "method/background/README.md").read_text("utf-8")
    known = load(ROOT / "method/background/work-reports-2025.npz").about
    assert (
        f"| {known['documents']} | {known['paragraphs']:,} of at least 40 characters | {known['characters']:,} |"
        in page
    )
    assert known["sources"][0]["sha256"] in page
