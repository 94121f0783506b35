"""Claims about keywords on texts made by hand, and every claim of a small corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata
from sklearn.metrics import adjusted_rand_score

from pipeline import tables
from pipeline.claims import claims_of, keyword_claims, main
from pipeline.consensus import consensus_tables
from pipeline.evidence import observed_partitions
from pipeline.method import Settings
from pipeline.representations import Corpus, View, all_units, regions_of, units_of, views
from pipeline.robustness import Claim
from tests.conftest import METHOD, measures_frame, tokens_frame

pytestmark = pytest.mark.usefixtures("in_this_process")

# --- keywords ----------------------------------------------------------------------------------------------------


def heads(**terms: str) -> pd.DataFrame:
    return pd.DataFrame([{"region": region, "term": term, "rank": 1} for region, term in terms.items()])


def keyword_corpus(
    said: Mapping[str, str], plain: Mapping[str, str] | None = None, *, generic: str = "", common_share: float = 1.0
) -> Corpus:
    """One measure a region; the words of each, blanks between them."""
    measures = measures_frame([(region, text.replace(" ", "")) for region, text in said.items()])
    units = {
        name: units_of(
            ((at, word) for at, text in enumerate(given.values()) for word in text.split()), frozenset(generic.split())
        )
        for name, given in (("dictionary", said), ("no dictionary", plain or said))
    }
    return Corpus(regions_of(measures), units, common_share)


def held(claims: Sequence[Claim], region: str) -> dict[tuple[str, str, str], bool]:
    """(text, generic, weight) -> whether the keyword of the region is in its list."""
    claim = next(claim for claim in claims if claim.region_a == region)
    return {
        (given["text"], given["generic"], given["weight"]): holds
        for given, holds in zip(claim.choices, claim.holds, strict=True)
    }


def test_a_keyword_holds_where_fewer_than_the_list_has_places_weigh_more() -> None:
    # 甲: 培训 three times, 基地 once, in one region both; 评价 twice in both regions
    corpus = keyword_corpus({"甲": "培训 培训 培训 基地 评价 评价", "乙": "评价 双师"})
    texts = {"甲": "培训培训培训基地评价评价", "乙": "评价双师"}
    claims = list(keyword_claims(corpus, heads(甲="培训", 乙="评价"), texts, 1))
    assert [(claim.kind, claim.region_a, claim.term) for claim in claims] == [
        ("keyword", "甲", "培训"), ("keyword", "乙", "评价")
    ]  # fmt: skip
    first, second = held(claims, "甲"), held(claims, "乙")
    assert set(first) == set(
        product(("dictionary", "no dictionary"), ("out", "in"), ("tf-idf", "sublinear", "bm25", "binary"))
    )
    assert all(first.values())  # 3 x 1.405 is the most, and in binary weights it ties with 基地
    assert not any(second.values())  # 1 against 1.405 of 双师
    assert all(held(list(keyword_claims(corpus, heads(甲="培训", 乙="评价"), texts, 2)), "乙").values())


def test_a_keyword_that_only_some_weights_put_first_holds_in_these() -> None:
    # 甲 says 评价 three times, as 乙 does once, and 基地 twice: 3 against 2 x 1.405, but 1 + ln 3 = 2.10 against
    # (1 + ln 2) x 1.405 = 2.38, and 1 against 1.405
    said = {"甲": "评价 评价 评价 基地 基地", "乙": "评价"}
    texts = {region: text.replace(" ", "") for region, text in said.items()}
    found = held(list(keyword_claims(keyword_corpus(said), heads(甲="评价", 乙="评价"), texts, 1)), "甲")
    by_weight = {weight: {holds for (_, _, each), holds in found.items() if each == weight} for _, _, weight in found}
    assert by_weight["tf-idf"] == {True}
    assert by_weight["sublinear"] == by_weight["binary"] == {False}


def test_a_phrase_is_counted_as_a_string_where_no_word_is_that_term() -> None:
    # 校企合作 is no word: 甲 says it twice, 乙 says 校企 and 合作 apart, so that it is in one region
    said = {"甲": "校企 合作 校企 合作 培训", "乙": "校企 培训 合作"}
    texts = {"甲": "校企合作，校企合作，培训", "乙": "校企、培训、合作"}
    claims = list(keyword_claims(keyword_corpus(said), heads(甲="校企合作", 乙="校企合作"), texts, 1))
    assert all(held(claims, "甲").values())
    assert not any(held(claims, "乙").values())  # what a region does not say is not in its list


def test_a_word_that_only_the_dictionary_knows_is_counted_as_a_string_without_it() -> None:
    said = {"甲": "双师型教师 双师型教师 培训", "乙": "培训"}
    plain = {"甲": "双 师型 教师 双 师型 教师 培训", "乙": "培训"}
    texts = {"甲": "双师型教师和双师型教师培训", "乙": "培训"}
    found = held(list(keyword_claims(keyword_corpus(said, plain), heads(甲="双师型教师"), texts, 1)), "甲")
    assert all(found.values())


def test_a_keyword_that_too_many_regions_use_does_not_hold() -> None:
    said = {"甲": "培训 培训 基地", "乙": "培训", "丙": "培训 双师"}
    texts = {region: text.replace(" ", "") for region, text in said.items()}
    for share, expected in ((0.6, False), (1.0, True)):
        claims = list(keyword_claims(keyword_corpus(said, common_share=share), heads(甲="培训"), texts, 2))
        assert set(held(claims, "甲").values()) == {expected}


def test_generic_words_take_places_only_where_they_are_in() -> None:
    said = {"甲": "加强 加强 加强 培训 培训", "乙": "基地"}
    texts = {region: text.replace(" ", "") for region, text in said.items()}
    found = held(
        list(keyword_claims(keyword_corpus(said, generic="加强"), heads(甲="培训", 乙="基地"), texts, 1)), "甲"
    )
    assert {holds for (_, generic, _), holds in found.items() if generic == "out"} == {True}
    assert {holds for (_, generic, weight), holds in found.items() if (generic, weight) == ("in", "tf-idf")} == {False}


def test_terms_that_are_not_first_in_their_region_are_not_claimed() -> None:
    keywords = pd.DataFrame({"region": ["甲", "甲"], "term": ["培训", "基地"], "rank": [1, 2]})
    corpus = keyword_corpus({"甲": "培训 基地", "乙": "双师"})
    found = list(keyword_claims(corpus, keywords, {"甲": "培训基地", "乙": "双师"}, 1))
    assert [claim.term for claim in found] == ["培训"]


# --- the stage ---------------------------------------------------------------------------------------------------

SAID = [
    ("山东", "培训 评价"), ("山东", "培训 基地 研修"),
    ("浙江", "培训 评价 研修"), ("浙江", "基地 培训"),
    ("上海", "双师 校企"), ("上海", "比赛 企业 双师"),
    ("湖南", "比赛 校企"), ("湖南", "比赛 企业 双师"),
]  # fmt: skip

Frames = dict[str, pd.DataFrame]


def frames_of(said: Sequence[tuple[str, str]], settings: Settings, *, k: int) -> Frames:
    """What the stage reads; similarity by the two views of the corpus, groups by the consensus, heads by the count."""
    measures = measures_frame([(region, "，".join(text.split())) for region, text in said])
    ids = measures["measure_id"].tolist()
    tokens = tokens_frame([(r, m, text.split()) for (r, text), m in zip(said, ids, strict=True)])
    regions = regions_of(measures)
    corpus = Corpus(regions, all_units(tokens, tokens, measures, regions), 1.0)
    pairs = list(combinations(regions.names, 2))
    i, j = np.triu_indices(len(regions.names), 1)
    columns = {}
    for column, view in (
        ("cosine", View("dictionary", "out", "tf-idf", 1)), ("cosine_char", View("character pairs", "—", "tf-idf", 1))
    ):  # fmt: skip
        values = corpus.cosines(view)[0][i, j]
        columns[column] = values
        columns[column.replace("cosine", "rank")] = rankdata(-values.round(12), method="min").astype(int)
    similarity = pd.DataFrame(
        {"region_a": [a for a, _ in pairs], "region_b": [b for _, b in pairs], **columns, "shared_terms": 0}
    )
    shares, groups, _ = consensus_tables(tokens, tokens, measures, settings)
    clusters = groups[groups["k"] == k].reset_index(drop=True)
    counts = tokens.groupby(["region", "term"], sort=False).size().reset_index(name="count")
    first = counts.sort_values("count", ascending=False, kind="stable").drop_duplicates("region")
    return {
        "tokens": tokens,
        "measures": measures,
        "similarity": similarity[tables.SIMILARITY.names],
        "keywords": first.assign(rank=1).sort_index(),
        "clusters": clusters,
        "coassignment": shares,
    }


def run(frames: Frames, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    return claims_of(
        frames["tokens"], frames["tokens"], frames["measures"], frames["similarity"], frames["keywords"],
        frames["clusters"], frames["coassignment"], settings,
    )  # fmt: skip


def quick(settings: Settings) -> Settings:
    return replace(
        settings,
        keywords=replace(settings.keywords, common_share=1.0, top=3),
        similarity=replace(settings.similarity, first=2),
        specification=replace(settings.specification, resamples=1, null_draws=1),
    )


def test_the_claims_are_pairs_groups_and_keywords_each_with_a_name_of_its_own(settings: Settings) -> None:
    chosen = quick(settings)
    frames = frames_of(SAID, chosen, k=2)
    claims, table = run(frames, chosen)
    tables.check(claims, tables.ROBUSTNESS)
    tables.check(table, tables.SPECIFICATIONS)
    assert claims["kind"].tolist() == ["closest", *["pair"] * 2, *["core"] * 2, *["membership"] * 4, *["keyword"] * 4]
    assert claims["claim_id"].tolist() == [f"{kind}-{at}" for at, kind in enumerate(claims["kind"], 1)]
    numbers = {"closest": 48, "pair": 48, "core": 240, "membership": 240, "keyword": 16}
    assert claims["specifications"].tolist() == [numbers[kind] for kind in claims["kind"]]
    # 山东 and 浙江, 上海 and 湖南 share nothing across: in every specification that sees two groups, these two
    cores = claims[claims["kind"] == "core"]
    assert {frozenset(core.split("·")) for core in cores["region_a"]} == {
        frozenset(("山东", "浙江")), frozenset(("上海", "湖南"))
    }  # fmt: skip
    assert (cores["standing"] == "robust").all()
    assert claims.loc[claims["kind"] == "keyword", "region_a"].tolist() == ["山东", "浙江", "上海", "湖南"]


def test_the_share_of_a_claim_is_that_of_the_specifications_of_the_other_table(settings: Settings) -> None:
    chosen = quick(settings)
    frames = frames_of(SAID, chosen, k=2)
    claims, table = run(frames, chosen)
    closest = claims[claims["kind"] == "closest"].iloc[0]
    per_view = table.drop_duplicates(["text", "generic", "weight", "min_df"])
    assert closest["share"] == pytest.approx((per_view["closest_rank"] == 1).mean(), abs=1e-12)
    measures, tokens = frames["measures"], frames["tokens"]
    regions = regions_of(measures)
    corpus = Corpus(regions, all_units(tokens, tokens, measures, regions), 1.0)
    cosines = {view: corpus.cosines(view)[0] for view in views()}
    labels = observed_partitions(cosines, 2, settings.resampling.seed)
    groups = frames["clusters"]["cluster"].to_numpy()
    expected = [adjusted_rand_score(groups, own) for own in labels]
    assert table["rand"].tolist() == pytest.approx(expected, abs=1e-12)


def test_one_group_makes_no_claim_about_groups(settings: Settings) -> None:
    chosen = quick(settings)
    claims, table = run(frames_of(SAID, chosen, k=1), chosen)
    assert set(claims["kind"]) == {"closest", "pair", "keyword"}
    assert table[["rand", "rand_mean"]].isna().all().all()
    assert len(table) == 240


def test_one_region_alone_has_claims_about_its_keyword_only(settings: Settings) -> None:
    chosen = quick(settings)
    claims, table = run(frames_of(SAID[:2], chosen, k=1), chosen)
    assert claims["kind"].tolist() == ["keyword"]
    assert claims["share"].tolist() == [1.0]
    assert table.empty
    assert list(table.columns) == tables.SPECIFICATIONS.names
    tables.check(table, tables.SPECIFICATIONS)


def test_texts_without_keywords_have_no_claims_about_them(settings: Settings) -> None:
    chosen = quick(settings)
    frames = frames_of(SAID, chosen, k=2)
    frames["keywords"] = frames["keywords"].iloc[:0]
    claims, _ = run(frames, chosen)
    assert "keyword" not in set(claims["kind"])


def test_the_stage_reads_and_writes_its_tables(settings: Settings, tmp_path: Path) -> None:
    frames = frames_of(SAID, quick(settings), k=2)
    keywords = pd.DataFrame([{column.name: 0 for column in tables.KEYWORDS.columns}] * 4)
    keywords = keywords.assign(
        region=frames["keywords"]["region"].tolist(), term=frames["keywords"]["term"].tolist(), rank=1, kind="word",
        measure_ids=[[]] * 4,
    )  # fmt: skip
    clusters = frames["clusters"].assign(label="—", silhouette=0.0, confident=False)[tables.CLUSTERS.names]
    given_ = (
        (frames["tokens"], tables.TOKENS), (frames["tokens"], tables.TOKENS), (frames["measures"], tables.MEASURES),
        (frames["similarity"], tables.SIMILARITY), (keywords, tables.KEYWORDS), (clusters, tables.CLUSTERS),
        (frames["coassignment"], tables.COASSIGNMENT),
    )  # fmt: skip
    inputs = [tmp_path / f"{at}.csv" for at in range(len(given_))]
    tables.write(*((frame, table, path) for (frame, table), path in zip(given_, inputs, strict=True)))
    outputs = [tmp_path / "robustness.csv", tmp_path / "specifications.csv"]
    main(*inputs, METHOD / "settings.toml", *outputs)
    expected, table = claims_of(*(frame for frame, _ in given_), settings)
    found = tables.read(outputs[0], tables.ROBUSTNESS)
    names = ["claim_id", "region_a", "region_b", "term", "standing", "most_sensitive_to", "best_option", "worst_option"]
    assert found[names].values.tolist() == expected[names].values.tolist()
    np.testing.assert_allclose(found["share"], expected["share"], atol=1e-6)
    read = tables.read(outputs[1], tables.SPECIFICATIONS)
    assert read["closest_rank"].tolist() == table["closest_rank"].tolist()
    np.testing.assert_allclose(read["rand_mean"].astype(float), table["rand_mean"].astype(float), atol=1e-6)
