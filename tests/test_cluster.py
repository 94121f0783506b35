"""Groups, their silhouettes and their terms: worked by hand on three regions, checked by scikit-learn on thirteen."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score, silhouette_score

from pipeline import tables
from pipeline.cluster import choice_of, cluster_of, distances_of, in_leaf_order, main, terms_of
from pipeline.errors import InputError
from pipeline.method import ClusterSettings, Settings
from tests.conftest import METHOD, REGIONS, Corpus, tokens_frame

# The corpus of the fixture `three`: distances 1 - cosine
#   山东-浙江 1 - 0.667710646695 = 0.332289353305
#   山东-上海 1
#   浙江-上海 1 - 0.482429001674 = 0.517570998326
NEAR, FAR, MIDDLE = 0.3322893533050636, 1.0, 0.5175709983255273


def test_three_documents_merge_at_the_heights_worked_by_hand(three: Corpus) -> None:
    # 山东 and 浙江 first; then 上海 at the mean of its two distances, (1 + 0.517570998326) / 2
    assert three.dendrogram["height"].tolist() == pytest.approx([NEAR, (FAR + MIDDLE) / 2], abs=1e-9)
    assert three.dendrogram["size"].tolist() == [2, 3]
    assert three.dendrogram[["left", "right"]].apply(sorted, axis=1).tolist() == [[0, 1], [2, 3]]


def test_three_documents_have_the_silhouettes_worked_by_hand(three: Corpus) -> None:
    # 山东: (1 - 0.332289) / 1; 浙江: (0.517571 - 0.332289) / 0.517571; 上海 alone: 0
    by_region = three.clusters.set_index("region")["silhouette"].to_dict()
    assert by_region == pytest.approx({"山东": 0.6677106466949364, "浙江": 0.3579830508662513, "上海": 0.0}, abs=1e-9)
    assert three.cluster_choice[["k", "sizes", "singletons", "chosen"]].values.tolist() == [[2, "2+1", 1, True]]
    assert three.cluster_choice["silhouette"].tolist() == pytest.approx([0.34189789918706265], abs=1e-9)


def test_three_documents_have_the_group_terms_worked_by_hand(three: Corpus) -> None:
    group = three.clusters.set_index("region")["cluster"]
    assert group["山东"] == group["浙江"] != group["上海"]
    # The pair has 7 words, 上海 has 3. Expected counts beside the observed:
    #   培训 3/7, 0/3: E 2.1 0.9 4.9 2.1   2 [3 ln(3/2.1) + 4 ln(4/4.9) + 3 ln(3/2.1)] = 2.656572575291
    #   评价 2/7, 0/3: E 1.4 0.6 5.6 2.4   2 [2 ln(2/1.4) + 5 ln(5/5.6) + 3 ln(3/2.4)] = 1.632274230570
    #   基地 1/7, 0/3: E 0.7 0.3 6.3 2.7   2 [ln(1/0.7) + 6 ln(6/6.3) + 3 ln(3/2.7)] = 0.760031011791
    #   校企 1/3, 0/7 and 双师 2/3, 1/7 as in test_keywords.py; 双师 is rarer in the pair and is no term of it
    found = {(row.cluster, row.term): row.g2 for row in three.cluster_terms.itertuples()}
    pair, alone = group["山东"], group["上海"]
    assert found == pytest.approx(
        {
            (pair, "培训"): 2.656572575291265,
            (pair, "评价"): 1.6322742305701572,
            (pair, "基地"): 0.7600310117912383,
            (alone, "校企"): 2.6825744580600879,
            (alone, "双师"): 2.6565725752912661,
        },
        abs=1e-9,
    )
    labels = three.clusters.set_index("region")["label"].to_dict()
    assert labels == {"山东": "培训·评价·基地", "浙江": "培训·评价·基地", "上海": "校企·双师"}


def test_distances_are_symmetric_with_zeros_on_the_diagonal(three: Corpus) -> None:
    distances = distances_of(three.similarity, ["山东", "浙江", "上海"])
    expected = [[0, NEAR, FAR], [NEAR, 0, MIDDLE], [FAR, MIDDLE, 0]]
    np.testing.assert_allclose(distances, expected, atol=1e-9)


def blocks(sizes: tuple[int, ...], *, within: float = 0.1, between: float = 0.9) -> np.ndarray:
    """Distances of groups of these sizes."""
    group = np.repeat(np.arange(len(sizes)), sizes)
    distances = np.where(group[:, None] == group, within, between)
    np.fill_diagonal(distances, 0)
    return distances


def chosen(distances: np.ndarray, settings: ClusterSettings) -> tuple[pd.DataFrame, np.ndarray]:
    return choice_of(linkage(squareform(distances), "average"), distances, settings)


def test_the_number_of_groups_with_the_largest_silhouette_is_chosen(settings: Settings) -> None:
    choice, labels = chosen(blocks((3, 3)), settings.cluster)
    # every region: 0.1 from its own, 0.9 from the others, (0.9 - 0.1) / 0.9
    assert choice.set_index("k").loc[2, ["sizes", "singletons", "chosen"]].tolist() == ["3+3", 0, True]
    assert choice.set_index("k").loc[2, "silhouette"] == pytest.approx(0.8 / 0.9, abs=1e-12)
    assert len(set(labels[:3])) == len(set(labels[3:])) == 1
    assert labels[0] != labels[3]


def test_numbers_of_groups_that_equal_heights_forbid_are_left_out(settings: Settings) -> None:
    # inside a block all merges are at 0.1: there is nothing between 2 groups and 6
    choice, _ = chosen(blocks((3, 3)), settings.cluster)
    assert choice["k"].tolist() == [2]


def lone_regions() -> np.ndarray:
    """Two pairs and two regions far from everything and each other; four groups fit best, three and two less."""
    distances = blocks((2, 2, 1, 1))
    for (i, j), distance in {(4, 5): 0.95, (0, 2): 0.8, (0, 3): 0.8, (1, 2): 0.8, (1, 3): 0.8}.items():
        distances[i, j] = distances[j, i] = distance
    return distances


@pytest.mark.parametrize(("allowed", "k"), [(2, 4), (1, 2), (0, 4)])
def test_groups_of_one_region_are_limited_by_the_setting(settings: Settings, allowed: int, k: int) -> None:
    # 4 groups 2+2+1+1 have two alone, 3 groups 4+1+1 too, 2 groups 5+1 one; where none qualifies the best of all is taken
    choice, _ = chosen(lone_regions(), replace(settings.cluster, max_singletons=allowed))
    by_k = choice.set_index("k")
    assert by_k["singletons"].to_dict() == {2: 1, 3: 2, 4: 2}
    assert choice.loc[choice["chosen"], "k"].tolist() == [k]


def test_a_number_of_groups_that_the_setting_names_is_taken(settings: Settings) -> None:
    choice, labels = chosen(lone_regions(), replace(settings.cluster, k=3))
    assert choice.loc[choice["chosen"], "k"].tolist() == [3]
    assert len(set(labels)) == 3


def test_groups_are_numbered_as_the_leaves_meet_them() -> None:
    # leaves read regions 2, 0, 1, 3: region 2 is in group 7, then 0 in 5
    assert in_leaf_order(np.array([5, 5, 7, 5]), np.array([2, 0, 1, 3])).tolist() == [2, 2, 1, 2]


def test_a_term_of_one_region_comes_after_those_that_the_group_shares() -> None:
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["基地", "基地", "基地", "培训"]),
            ("浙江", "D02-1", ["培训", "评价"]),
            ("上海", "D03-1", ["双师", "双师"]),
        ]
    )
    terms = terms_of(tokens, {"山东": 1, "浙江": 1, "上海": 2}, exclude_generic=True)
    first = terms[terms["cluster"] == 1]
    # 基地 is the most frequent, but only 山东 says it
    assert first[["term", "regions", "rank"]].values.tolist() == [["培训", 2, 1], ["基地", 1, 2], ["评价", 1, 3]]
    assert first.set_index("term")["g2"]["基地"] > first.set_index("term")["g2"]["培训"]


def test_a_generic_word_labels_no_group_and_counts_in_its_size() -> None:
    said = [("山东", "D01-1", ["加强", "加强", "培训"]), ("浙江", "D02-1", ["评价", "双师"])]
    terms = terms_of(tokens_frame(said, generic=["加强"]), {"山东": 1, "浙江": 2}, exclude_generic=True)
    assert "加强" not in set(terms["term"])
    # 培训 1 of 3, 0 of 2: E 0.6 0.4 2.4 1.6   2 [ln(1/0.6) + 2 ln(2/2.4) + 2 ln(2/1.6)]
    # = 2 [0.510825623766 - 0.364643113588 + 0.446287102628] = 1.184939225614
    assert terms.set_index("term").loc["培训", "g2"] == pytest.approx(1.184939225614, abs=1e-9)


ALIKE = {"all alike": 1.0, "nothing in common": 0.0}


@pytest.mark.parametrize("case", ALIKE)
def test_regions_that_nothing_tells_apart_are_one_group(settings: Settings, case: str) -> None:
    words = ["培训"] if case == "all alike" else None
    names = ["山东", "浙江", "上海", "湖南"]
    tokens = tokens_frame([(name, f"D{at}-1", words or [f"词{at}"]) for at, name in enumerate(names)])
    similarity = pd.DataFrame(
        [{"region_a": a, "region_b": b, "cosine": ALIKE[case]} for a, b in combinations(names, 2)]
    )
    clusters, terms, choice, tree = cluster_of(similarity, tokens, settings.cluster, exclude_generic=True)
    assert clusters["cluster"].tolist() == [1, 1, 1, 1]
    assert clusters["silhouette"].tolist() == [0.0] * 4
    assert choice[["k", "silhouette", "chosen"]].values.tolist() == [[1, 0.0, True]]
    for frame, table in (
        (clusters, tables.CLUSTERS),
        (terms, tables.CLUSTER_TERMS),
        (choice, tables.CLUSTER_CHOICE),
        (tree, tables.DENDROGRAM),
    ):
        tables.check(frame, table)


def test_two_regions_are_too_few_to_group(three: Corpus, tmp_path: Path) -> None:
    similarity, tokens = tmp_path / "similarity.csv", tmp_path / "tokens.csv"
    two = {"山东", "浙江"}
    tables.write(
        (three.similarity[three.similarity["region_b"] == "浙江"], tables.SIMILARITY, similarity),
        (three.tokens[three.tokens["region"].isin(two)], tables.TOKENS, tokens),
    )
    outputs = [tmp_path / f"out{at}.csv" for at in range(4)]
    with pytest.raises(InputError) as caught:
        main(similarity, tokens, METHOD / "settings.toml", *outputs)
    assert "至少需要 3 个地区" in str(caught.value)
    assert "at least 3 regions" in str(caught.value)
    assert not any(output.exists() for output in outputs)


def distances_in_the_appendix(corpus: Corpus) -> np.ndarray:
    matrix = np.zeros((13, 13))
    for (i, j), cosine in zip(combinations(range(13), 2), corpus.similarity["cosine"], strict=True):
        matrix[i, j] = matrix[j, i] = 1 - cosine
    return matrix


def test_every_silhouette_of_the_appendix_is_that_of_scikit_learns_groups(corpus: Corpus, settings: Settings) -> None:
    distances = distances_in_the_appendix(corpus)
    for row in corpus.cluster_choice.itertuples():
        model = AgglomerativeClustering(n_clusters=row.k, metric="precomputed", linkage=settings.cluster.linkage)
        labels = model.fit_predict(distances)
        assert row.silhouette == pytest.approx(silhouette_score(distances, labels, metric="precomputed"), abs=1e-9)
        sizes = sorted(np.bincount(labels).tolist(), reverse=True)
        assert (row.sizes, row.singletons) == ("+".join(map(str, sizes)), sizes.count(1))
        if row.chosen:
            assert adjusted_rand_score(labels, corpus.clusters["cluster"]) == pytest.approx(1.0)
    assert corpus.cluster_choice["k"].tolist() == [2, 3, 4, 5, 6, 7]
    assert corpus.cluster_choice["chosen"].sum() == 1


def test_groups_of_the_appendix_are_neighbours_in_leaf_order_and_numbered_from_one(corpus: Corpus) -> None:
    ordered = corpus.clusters.sort_values("leaf")
    assert ordered["leaf"].tolist() == list(range(1, 14))
    groups = ordered["cluster"].tolist()
    assert groups == sorted(groups)
    assert sorted(set(groups)) == list(range(1, max(groups) + 1))
    assert tuple(corpus.clusters["region"]) == REGIONS


def test_group_terms_of_the_appendix_are_not_generic_and_stand_where_they_say(corpus: Corpus) -> None:
    generic = set(corpus.tokens.loc[corpus.tokens["generic"], "term"])
    assert not generic & set(corpus.cluster_terms["term"])
    group = corpus.clusters.set_index("region")["cluster"]
    for row in corpus.cluster_terms.itertuples():
        said = corpus.tokens[(corpus.tokens["region"].map(group) == row.cluster) & (corpus.tokens["term"] == row.term)]
        assert (row.count, row.regions) == (len(said), said["region"].nunique())
        assert row.measure_ids == list(dict.fromkeys(said["measure_id"]))


def test_a_number_of_groups_that_cannot_be_had_is_refused(tmp_path: Path, corpus: Corpus) -> None:
    for name, frame, table in (("s", corpus.similarity, tables.SIMILARITY), ("t", corpus.tokens, tables.TOKENS)):
        tables.write((frame, table, tmp_path / f"{name}.csv"))
    settings = tmp_path / "settings.toml"
    settings.write_text((METHOD / "settings.toml").read_text("utf-8").replace("\nk = 0", "\nk = 13"), "utf-8")
    outputs = [tmp_path / f"{number}.csv" for number in range(4)]
    with pytest.raises(InputError, match="k = 13"):
        main(tmp_path / "s.csv", tmp_path / "t.csv", settings, *outputs)
    assert not any(path.exists() for path in outputs)
