"""Groups, their terms, the number of groups and the verdict: worked by hand on made tables, recounted on the appendix."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import silhouette_samples, silhouette_score

from pipeline import tables
from pipeline.cluster import cluster_of, main
from pipeline.errors import InputError
from pipeline.method import Settings
from tests.conftest import METHOD, REGIONS, Corpus, tokens_frame
from tests.group_tables import (
    CLEAR,
    NAMES,
    SIMILAR,
    TWO,
    consensus_frame,
    described,
    pairs_of,
    rows_of,
    stability_frame,
    structure_frame,
)

TOKENS = tokens_frame([(name, f"D{at}-1", [f"词{at}"]) for at, name in enumerate(NAMES)])


# --- three documents by hand -------------------------------------------------------------------------------------


def test_three_documents_have_the_silhouettes_worked_by_hand(three: Corpus) -> None:
    # Distances as in test_groups.py. 山东: (1 - 0.332289) / 1; 浙江: (0.517571 - 0.332289) / 0.517571; 上海 alone: 0
    by_region = three.clusters.set_index("region")["silhouette"].to_dict()
    assert by_region == pytest.approx({"山东": 0.6677106466949364, "浙江": 0.3579830508662513, "上海": 0.0}, abs=1e-9)
    columns = ["k", "sizes", "singletons", "chosen"]
    assert three.cluster_choice[columns].values.tolist() == [[1, "3", 0, False], [2, "2+1", 1, True]]
    assert three.cluster_choice["silhouette"].tolist() == pytest.approx([0.0, 0.34189789918706265], abs=1e-9)


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


# --- the groups described --------------------------------------------------------------------------------------------


def test_in_one_group_nobody_belongs_with_confidence(settings: Settings) -> None:
    alike = pairs_of(dict.fromkeys(combinations(NAMES, 2), 0.5))
    clusters, _, choice, verdict = cluster_of(
        consensus_frame(TWO), stability_frame(CLEAR), structure_frame([2]), alike, TOKENS, settings
    )
    assert described(choice) == [1]
    assert clusters["cluster"].tolist() == [1] * 4
    assert clusters["silhouette"].tolist() == [0.0] * 4
    assert clusters["confident"].tolist() == [False] * 4
    assert clusters["runner_up"].isna().all()
    assert rows_of(verdict)["verdict"] == (False, "not shown")


def test_the_groups_described_are_those_of_the_chosen_number_with_their_support_and_fit(settings: Settings) -> None:
    support, second = [0.9, 0.8, 0.7, 0.65], [0.4, 0.3, 0.2, 0.1]
    clusters, _, _, _ = cluster_of(
        consensus_frame(TWO, support=support, runner_up_support=second),
        stability_frame(CLEAR),
        structure_frame([2]),
        SIMILAR,
        TOKENS,
        settings,
    )
    assert clusters["region"].tolist() == list(NAMES)
    assert clusters["cluster"].tolist() == [1, 1, 2, 2]
    assert clusters["runner_up"].tolist() == [2, 2, 1, 1]
    assert (clusters["support"].tolist(), clusters["runner_up_support"].tolist()) == (support, second)
    # 0.1 from its own, 0.9 from the others: (0.9 - 0.1) / 0.9
    assert clusters["silhouette"].tolist() == pytest.approx([8 / 9] * 4, abs=1e-12)


def test_a_group_without_a_term_of_its_own_has_a_dash_for_a_label(settings: Settings) -> None:
    tokens = tokens_frame([(name, f"D{at}-1", ["加强"]) for at, name in enumerate(NAMES)], generic=["加强"])
    clusters, terms, _, _ = cluster_of(
        consensus_frame(TWO), stability_frame(CLEAR), structure_frame([2]), SIMILAR, tokens, settings
    )
    assert clusters["label"].tolist() == ["—"] * 4
    tables.check(terms, tables.CLUSTER_TERMS)
    assert terms.empty


# --- the stage ---------------------------------------------------------------------------------------------------


def written(corpus: Corpus, folder: Path) -> list[Path]:
    """The tables that the stage reads."""
    contracts = (tables.CONSENSUS, tables.STABILITY, tables.STRUCTURE, tables.SIMILARITY, tables.TOKENS)
    paths = [folder / f"{table.name}.csv" for table in contracts]
    tables.write(*((getattr(corpus, table.name), table, path) for table, path in zip(contracts, paths, strict=True)))
    return paths


def test_more_groups_than_colours_are_refused_with_the_file_that_lacks_them(corpus: Corpus, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    text = (METHOD / "settings.toml").read_text("utf-8").replace("\nk = 0", "\nk = 3")
    start = text.index("palette = [")
    end = text.index("]", start)
    settings.write_text(text[:start] + 'palette = ["#0072B2", "#D55E00"' + text[end:], "utf-8")
    outputs = [tmp_path / f"out{at}.csv" for at in range(4)]
    with pytest.raises(InputError) as caught:
        main(*written(corpus, tmp_path), settings, *outputs)
    assert caught.value.file == str(settings)
    assert "只有 2 种颜色" in str(caught.value)
    assert "has 2 colours" in str(caught.value)
    assert not any(output.exists() for output in outputs)


def test_the_stage_writes_what_the_function_returns(corpus: Corpus, tmp_path: Path) -> None:
    contracts = (tables.CLUSTERS, tables.CLUSTER_TERMS, tables.CLUSTER_CHOICE, tables.VERDICT)
    outputs = [tmp_path / f"out{at}.csv" for at in range(4)]
    main(*written(corpus, tmp_path), METHOD / "settings.toml", *outputs)
    for table, output in zip(contracts, outputs, strict=True):
        expected = tmp_path / "expected.csv"
        tables.write((getattr(corpus, table.name), table, expected))
        assert output.read_bytes() == expected.read_bytes(), table.name


# --- the appendix ------------------------------------------------------------------------------------------------


def distances_in_the_appendix(corpus: Corpus) -> np.ndarray:
    matrix = np.zeros((13, 13))
    for (i, j), cosine in zip(combinations(range(13), 2), corpus.similarity["cosine"], strict=True):
        matrix[i, j] = matrix[j, i] = 1 - cosine
    return matrix


def test_every_silhouette_of_the_appendix_is_that_of_scikit_learns_groups(corpus: Corpus, settings: Settings) -> None:
    distances = distances_in_the_appendix(corpus)
    looked_at = range(settings.cluster.k_min, settings.cluster.k_max + 1)
    assert corpus.cluster_choice["k"].tolist() == [1, *looked_at]
    for k, silhouette in corpus.cluster_choice.set_index("k")["silhouette"].loc[list(looked_at)].items():
        model = AgglomerativeClustering(n_clusters=k, metric="precomputed", linkage="average")
        labels = model.fit_predict(distances)
        assert silhouette == pytest.approx(silhouette_score(distances, labels, metric="precomputed"), abs=1e-9)


def test_the_groups_of_the_appendix_are_those_of_the_consensus_and_fit_as_scikit_learn_says(corpus: Corpus) -> None:
    assert corpus.cluster_choice["chosen"].sum() == 1
    k = described(corpus.cluster_choice)[0]
    assert k > 1
    of_k = corpus.consensus[corpus.consensus["k"] == k]
    for column in ("region", "cluster", "leaf", "support", "runner_up", "runner_up_support"):
        assert corpus.clusters[column].tolist() == of_k[column].tolist()
    fit = silhouette_samples(distances_in_the_appendix(corpus), corpus.clusters["cluster"], metric="precomputed")
    np.testing.assert_allclose(corpus.clusters["silhouette"], fit, atol=1e-9)
    for row in corpus.cluster_choice.itertuples():
        groups = corpus.consensus.loc[corpus.consensus["k"] == row.k, "cluster"]
        sizes = sorted(np.bincount(groups)[1:].tolist(), reverse=True)
        assert (row.sizes, row.singletons) == ("+".join(map(str, sizes)), sizes.count(1))


def test_the_verdict_on_the_appendix_follows_from_its_tables(corpus: Corpus) -> None:
    found = rows_of(corpus.verdict)
    value = corpus.verdict.set_index("criterion")["value"]
    structure = corpus.structure.set_index(["view", "k"])["p"]
    chosen = corpus.cluster_choice[corpus.cluster_choice["chosen"]].iloc[0]
    wanted = [structure["words", 0], structure["characters", 0], chosen["pac_p"], chosen["jaccard"]]
    assert value.tolist()[:4] == wanted
    met = [p <= 0.05 for p in wanted[:3]] + [bool(wanted[3] >= 0.75 and chosen["jaccard_p"] <= 0.05)]
    assert [found[name][0] for name in list(found)[:4]] == met
    outcome = "not shown" if not all(met[:2]) else "supported" if all(met) else "weak"
    assert found["verdict"] == (outcome == "supported", outcome)


def test_groups_of_the_appendix_are_neighbours_in_leaf_order_and_numbered_from_one(corpus: Corpus) -> None:
    ordered = corpus.clusters.sort_values("leaf")
    assert ordered["leaf"].tolist() == list(range(1, 14))
    groups = ordered["cluster"].tolist()
    assert groups == sorted(groups)
    assert sorted(set(groups)) == list(range(1, max(groups) + 1))
    assert tuple(corpus.clusters["region"]) == REGIONS


def test_group_terms_of_the_appendix_are_neither_generic_nor_common_and_stand_where_they_say(corpus: Corpus) -> None:
    left_out = corpus.keywords.loc[corpus.keywords["generic"] | (corpus.keywords["unranked"] == "common"), "term"]
    assert not set(left_out) & set(corpus.cluster_terms["term"])
    group = corpus.clusters.set_index("region")["cluster"]
    for row in corpus.cluster_terms.itertuples():
        said = corpus.tokens[(corpus.tokens["region"].map(group) == row.cluster) & (corpus.tokens["term"] == row.term)]
        assert (row.count, row.regions) == (len(said), said["region"].nunique())
        assert row.measure_ids == list(dict.fromkeys(said["measure_id"]))
