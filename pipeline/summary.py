"""Count what the report states: tables of the stages before -> regions.csv, summary.csv, limits.csv."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.evidence import all_alike
from pipeline.method import Settings, load_settings
from pipeline.nearest import nearest_of
from pipeline.stats.partitions import gap_choice

Numbers = list[tuple[str, float, str]]  # name, value and the columns that it was counted from
_STANDINGS = ("fragile", "sensitive", "robust")


def regions_of(
    documents: pd.DataFrame,
    measures: pd.DataFrame,
    tokens: pd.DataFrame,
    similarity: pd.DataFrame,
    clusters: pd.DataFrame,
) -> pd.DataFrame:
    """One row per region, in corpus order."""
    spread = tokens.groupby("term")["region"].nunique()
    names = documents["region"].drop_duplicates().tolist()
    nearest = nearest_of(similarity, names, "cosine")
    nearest_char = nearest_of(similarity, names, "cosine_char")
    group_of = dict(zip(clusters["region"], clusters["cluster"], strict=True))
    rows = []
    for name in names:
        own = documents[documents["region"] == name]
        said = tokens[tokens["region"] == name]
        first = own.iloc[0]
        rows.append(
            {
                **{key: first[key] for key in ("region", "region_en", "level", "province", "adcode")},
                "documents": len(own),
                "characters": int(own["text"].str.len().sum()),
                "measures": int((measures["region"] == name).sum()),
                "words": len(said),
                "types": said["term"].nunique(),
                "own_types": int((spread[said["term"].unique()] == 1).sum()),
                "nearest": nearest[name][0],
                "nearest_cosine": nearest[name][1],
                "nearest_char": nearest_char[name][0],
                "cluster": group_of[name],
            }
        )
    return tables.from_rows(rows, tables.REGIONS)


def summary_of(
    regions: pd.DataFrame,
    cleaning: pd.DataFrame,
    audit: pd.DataFrame,
    keywords: pd.DataFrame,
    similarity: pd.DataFrame,
    choice: pd.DataFrame,
    *,
    nested: int,
    top: int,
) -> Numbers:
    """Every number about the whole corpus that a sentence of the report states."""
    listed = keywords[keywords["rank"] <= top]
    words = keywords[keywords["kind"] == "word"].drop_duplicates("term")
    single = keywords[(keywords["df"] == 1) & keywords["single_mention"] & (keywords["kind"] == "word")]
    would_lead = keywords[keywords["generic"] & (keywords["rank_all"] <= top)]
    leads = keywords[keywords["generic"] & (keywords["rank_all"] == 1)]
    taken = cleaning[~cleaning["reason"].isin(["structure", "blank"])]
    several = choice[choice["k"] > 1] if (choice["k"] > 1).any() else choice
    best = several.loc[several["silhouette"].round(9).idxmax()]
    chosen = choice[choice["chosen"]].iloc[0]
    checks = audit.groupby("check").size()
    return [
        ("regions", len(regions), "regions: rows"),
        ("documents", regions["documents"].sum(), "regions: documents"),
        ("regions_several", (regions["documents"] > 1).sum(), "regions: documents above 1"),
        ("measures", regions["measures"].sum(), "regions: measures"),
        ("characters_min", regions["characters"].min(), "regions: characters"),
        ("characters_max", regions["characters"].max(), "regions: characters"),
        ("words", regions["words"].sum(), "regions: words"),
        ("types", len(words), "keywords: different words"),
        ("own_types", (words["df"] == 1).sum(), "keywords: words with df 1"),
        ("own_types_share", (words["df"] == 1).mean(), "keywords: words with df 1"),
        ("nested", nested, "tokens: nested_in"),
        ("common", int(((words["unranked"] == "common") & ~words["generic"]).sum()), "keywords: unranked common"),
        ("single_p_min", single["g2_p"].min(), "keywords: g2_p of words said once in one region"),
        ("single_p_max", single["g2_p"].max(), "keywords: g2_p of words said once in one region"),
        ("listed", len(listed), "keywords: rank up to the setting top"),
        ("listed_single", listed["single_mention"].sum(), "keywords: single_mention among the listed"),
        ("listed_single_share", listed["single_mention"].mean(), "keywords: single_mention among the listed"),
        ("generic_words", words["generic"].sum(), "keywords: generic words that occur"),
        ("generic_would_list", len(would_lead), "keywords: generic, rank_all up to the setting top"),
        ("generic_would_lead", leads["region"].nunique(), "keywords: generic, rank_all 1"),
        ("pairs", len(similarity), "similarity: rows"),
        ("cosine_max", similarity["cosine"].max(), "similarity: cosine"),
        ("cosine_min", similarity["cosine"].min(), "similarity: cosine"),
        ("cosine_mean", similarity["cosine"].mean(), "similarity: cosine"),
        ("nearest_agree", ((regions["nearest"] == regions["nearest_char"]) & (regions["nearest"] != "")).sum(), "regions: nearest, nearest_char"),
        ("silhouette_max", best["silhouette"], "cluster_choice: silhouette"),
        ("silhouette_max_k", best["k"], "cluster_choice: k at the largest silhouette"),
        ("k", chosen["k"], "cluster_choice: chosen"),
        ("silhouette", chosen["silhouette"], "cluster_choice: silhouette at the chosen k"),
        ("gap_k", choice["k"].iloc[gap_choice(choice["gap"].to_numpy(), choice["gap_error"].to_numpy())], "cluster_choice: gap, gap_error"),
        ("k_min", several["k"].min(), "cluster_choice: k"),
        ("k_max", several["k"].max(), "cluster_choice: k"),
        ("removed", (taken["end"] - taken["start"]).sum(), "cleaning: characters, structure and blanks apart"),
        ("removed_runs", len(taken), "cleaning: runs, structure and blanks apart"),
        *((f"audit_{check}", checks.get(check, 0), f"segmentation_audit: check {check}")
          for check in ("split", "unmatched", "quoted", "merged", "nested", "unlisted", "generic", "dropped")),
    ]  # fmt: skip


def certainty_of(
    keywords: pd.DataFrame,
    pairs: pd.DataFrame,
    neighbours: pd.DataFrame,
    rest: pd.DataFrame,
    clusters: pd.DataFrame,
    robustness: pd.DataFrame,
    specifications: pd.DataFrame,
    settings: Settings,
) -> Numbers:
    """Every number about how sure the findings are that a sentence of the report states."""
    listed = keywords[keywords["rank"] <= settings.keywords.top]
    stable = listed["stability"] >= settings.resampling.stable
    among = neighbours.groupby("region")["among"].sum()
    first = robustness[robustness["kind"] == "pair"]
    heads = robustness[robustness["kind"] == "keyword"]
    member = robustness[robustness["kind"] == "membership"]
    views = specifications.drop_duplicates(["text", "generic", "weight", "min_df"])
    return [
        ("listed_stable", stable.sum(), "keywords: stability among the listed"),
        ("listed_stable_single", (stable & listed["single_mention"]).sum(), "keywords: stability, single_mention among the listed"),
        ("listed_discovered", (listed["g2_q"] <= settings.permutation.alpha).sum(), "keywords: g2_q among the listed"),
        ("pairs_hold", pairs["holds"].sum(), "pair_tests: holds"),
        ("nearest_certain", (neighbours["nearest_share"] >= settings.resampling.level).sum(), "neighbours: nearest_share of at least the setting level"),
        ("nearest_among", among.quantile(0.5, interpolation="higher"), "neighbours: median number of regions among"),
        ("closest_kept", rest["closest_same"].sum(), "leave_one_out: closest_same"),
        ("left_out_rho", rest["rho"].min(), "leave_one_out: smallest rho"),
        ("confident", clusters["confident"].sum(), "clusters: confident"),
        ("specifications", len(specifications), "specifications: rows"),
        ("views", len(views), "specifications: different text, generic, weight and min_df"),
        ("rand_median", specifications["rand_mean"].median(), "specifications: median of rand_mean"),
        ("claims", len(robustness), "robustness: rows"),
        ("claims_robust", (robustness["standing"] == "robust").sum(), "robustness: standing robust"),
        ("first_pairs", len(first), "robustness: claims of kind pair"),
        ("first_pairs_robust", (first["standing"] == "robust").sum(), "robustness: robust claims of kind pair"),
        ("heads", len(heads), "robustness: claims of kind keyword"),
        ("heads_robust", (heads["standing"] == "robust").sum(), "robustness: robust claims of kind keyword"),
        ("members", len(member), "robustness: claims of kind membership"),
        ("members_robust", (member["standing"] == "robust").sum(), "robustness: robust claims of kind membership"),
    ]  # fmt: skip


def coding_of(codebook: pd.DataFrame, evidence: pd.DataFrame, measures: int) -> Numbers:
    """Every number about the coding of the measures that a sentence of the report states."""
    counted = evidence[evidence["status"] == "counted"]
    coded = counted["measure_id"].nunique()
    seldom = (codebook["regions"] > 0) & (codebook["regions"] <= 2)
    return [
        ("themes", len(codebook), "codebook: rows"),
        ("themes_used", (codebook["measures"] > 0).sum(), "codebook: measures above 0"),
        ("themes_seldom", seldom.sum(), "codebook: regions 1 or 2"),
        ("rules", codebook["rules"].sum(), "codebook: rules"),
        ("rules_used", codebook["rules_used"].sum(), "codebook: rules_used"),
        ("coded", coded, "theme_evidence: measures with a counted hit"),
        ("coded_share", coded / measures, "theme_evidence: measures with a counted hit"),
        ("uncoded", measures - coded, "uncoded: measures"),
        ("marks", codebook["measures"].sum(), "codebook: measures, summed over the themes"),
        ("marks_single", codebook["single_hit"].sum(), "codebook: single_hit"),
        ("hits", len(counted), "theme_evidence: status counted"),
        ("hits_excluded", (evidence["status"] == "excluded").sum(), "theme_evidence: status excluded"),
        ("hits_negated", (evidence["status"] == "negated").sum(), "theme_evidence: status negated"),
    ]


def background_of(
    regions: pd.DataFrame,
    similarity: pd.DataFrame,
    measures: pd.DataFrame,
    groups: pd.DataFrame,
    claims: pd.DataFrame,
    alpha: float,
) -> Numbers:
    """Every number about the regions seen through a background that a sentence of the report states; 0 without one."""
    names = regions["region"].tolist()
    nearest = nearest_of(similarity, names, "cosine", least=float("-inf"))
    same = sum(nearest[row.region][0] == row.nearest != "" for row in regions.itertuples())
    now, before = (claims[column].map(_STANDINGS.index) for column in ("standing", "standing_without"))
    agree = (measures["nearest"] == measures["nearest_words"]) & (measures["nearest"] != "")
    return [
        ("background_nearest_same", same, "background_similarity: regions whose nearest one is that of regions"),
        ("background_pairs_hold", (similarity["q"] <= alpha).sum(), "background_similarity: q of at most the setting alpha"),
        ("background_measures_same", agree.sum(), "background_measures: nearest is nearest_words"),
        ("background_measures_alone", (measures["nearest_words"] == "").sum(), "background_measures: nearest_words empty"),
        ("background_confident", groups["confident"].sum(), "background_groups: confident"),
        ("background_claims", len(claims), "background_claims: rows"),
        ("background_claims_changed", claims["changes"].sum(), "background_claims: changes"),
        ("background_claims_weaker", (now < before).sum(), "background_claims: standing below standing_without"),
        ("background_claims_stronger", (now > before).sum(), "background_claims: standing above standing_without"),
        ("background_claims_robust", ((now == 2) & (before == 2)).sum(), "background_claims: robust in both"),
    ]  # fmt: skip


def dictionary_of(robustness: pd.DataFrame, listed: pd.DataFrame, regions: pd.DataFrame) -> Numbers:
    """Every number about what the dictionary decides that a sentence of the report states."""
    tried = robustness[(robustness["with_standing"] != "") & (robustness["without_standing"] != "")]
    cut, plain = (tried[f"{side}_standing"].map(_STANDINGS.index) for side in ("with", "without"))
    return [
        ("dictionary_claims", len(tried), "robustness: claims tried with and without the dictionary"),
        ("dictionary_claims_changed", (cut != plain).sum(), "robustness: with_standing is not without_standing"),
        ("dictionary_claims_weaker", (plain < cut).sum(), "robustness: without_standing below with_standing"),
        ("dictionary_claims_stronger", (plain > cut).sum(), "robustness: without_standing above with_standing"),
        ("dictionary_claims_robust", ((cut == 2) & (plain == 2)).sum(), "robustness: robust on both sides"),
        *((f"dictionary_{status}", (listed["status"] == status).sum(), f"dictionary_keywords: status {status}")
          for status in ("kept", "gained", "lost")),
        ("dictionary_cut", ((listed["status"] == "lost") & (listed["cause"] == "cut")).sum(), "dictionary_keywords: lost by the cut"),
        ("dictionary_sure", listed["sure"].sum(), "dictionary_keywords: sure"),
        ("dictionary_nearest_same", regions["nearest_same"].sum(), "dictionary_regions: nearest_same"),
        ("dictionary_nearest", ((regions["nearest"] != "") | (regions["nearest_without"] != "")).sum(), "dictionary_regions: nearest or nearest_without"),
    ]  # fmt: skip


def limits_of(regions: pd.DataFrame, similarity: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """What could not be computed and for which region, in the order of the report."""
    n = len(regions)
    rows: list[tuple[str, str]] = []
    if n < 2:
        rows.append(("pairs", "—"))
    elif n < 3:
        rows.append(("groups", str(n)))
    if n > 2 and all_alike(similarity["cosine"].to_numpy(dtype=float)):
        # equal texts share all their words, so that all are common and every cosine is 0
        equal = similarity["cosine"].max() > 0 or similarity["cosine_char"].min() > 1 - 1e-9
        rows.append(("alike" if equal else "apart", "—"))
    if settings.cluster.k >= n:
        rows.append(("k_too_large", str(settings.cluster.k)))
    rows += [("one_measure", row.region) for row in regions.itertuples() if row.measures == 1]
    rows += [("no_words", row.region) for row in regions.itertuples() if row.words == 0]
    if {("alike", "—"), ("apart", "—")} & set(rows):
        return tables.from_rows(({"what": what, "item": item} for what, item in rows), tables.LIMITS)
    both = pd.concat([similarity["region_a"], similarity["region_b"]], ignore_index=True)
    largest = pd.concat([similarity["cosine"]] * 2, ignore_index=True).groupby(both).max()
    rows += [
        ("alone", row.region) for row in regions.itertuples() if row.words > 0 and largest.get(row.region, 1.0) == 0
    ]
    return tables.from_rows(({"what": what, "item": item} for what, item in rows), tables.LIMITS)


def main(
    documents_csv: Path,
    cleaning_csv: Path,
    measures_csv: Path,
    tokens_csv: Path,
    audit_csv: Path,
    keywords_csv: Path,
    similarity_csv: Path,
    pair_tests_csv: Path,
    neighbours_csv: Path,
    leave_one_out_csv: Path,
    clusters_csv: Path,
    cluster_choice_csv: Path,
    robustness_csv: Path,
    specifications_csv: Path,
    dictionary_keywords_csv: Path,
    dictionary_regions_csv: Path,
    codebook_csv: Path,
    theme_evidence_csv: Path,
    background_similarity_csv: Path,
    background_measures_csv: Path,
    background_groups_csv: Path,
    background_claims_csv: Path,
    settings_toml: Path,
    regions_csv: Path,
    summary_csv: Path,
    limits_csv: Path,
) -> None:
    settings = load_settings(settings_toml)
    similarity = tables.read(similarity_csv, tables.SIMILARITY)
    tokens = tables.read(tokens_csv, tables.TOKENS)
    keywords = tables.read(keywords_csv, tables.KEYWORDS)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    regions = regions_of(
        tables.read(documents_csv, tables.DOCUMENTS),
        tables.read(measures_csv, tables.MEASURES),
        tokens,
        similarity,
        clusters,
    )
    described = summary_of(
        regions,
        tables.read(cleaning_csv, tables.CLEANING),
        tables.read(audit_csv, tables.SEGMENTATION_AUDIT),
        keywords,
        similarity,
        tables.read(cluster_choice_csv, tables.CLUSTER_CHOICE),
        nested=int((tokens["nested_in"] != "").sum()),
        top=settings.keywords.top,
    )
    robustness = tables.read(robustness_csv, tables.ROBUSTNESS)
    sure = certainty_of(
        keywords,
        tables.read(pair_tests_csv, tables.PAIR_TESTS),
        tables.read(neighbours_csv, tables.NEIGHBOURS),
        tables.read(leave_one_out_csv, tables.LEAVE_ONE_OUT),
        clusters,
        robustness,
        tables.read(specifications_csv, tables.SPECIFICATIONS),
        settings,
    )
    decided = dictionary_of(
        robustness,
        tables.read(dictionary_keywords_csv, tables.DICTIONARY_KEYWORDS),
        tables.read(dictionary_regions_csv, tables.DICTIONARY_REGIONS),
    )
    coding = coding_of(
        tables.read(codebook_csv, tables.CODEBOOK),
        tables.read(theme_evidence_csv, tables.THEME_EVIDENCE),
        int(regions["measures"].sum()),
    )
    seen = background_of(
        regions,
        tables.read(background_similarity_csv, tables.BACKGROUND_SIMILARITY),
        tables.read(background_measures_csv, tables.BACKGROUND_MEASURES),
        tables.read(background_groups_csv, tables.BACKGROUND_GROUPS),
        tables.read(background_claims_csv, tables.BACKGROUND_CLAIMS),
        settings.permutation.alpha,
    )
    tables.write(
        (regions, tables.REGIONS, regions_csv),
        (table_of([*described, *sure, *decided, *coding, *seen]), tables.SUMMARY, summary_csv),
        (limits_of(regions, similarity, settings), tables.LIMITS, limits_csv),
    )


def table_of(numbers: Numbers) -> pd.DataFrame:
    """Name, value and origin as summary.csv."""
    return tables.from_rows(
        ({"metric": metric, "value": float(value), "derived_from": source} for metric, value, source in numbers),
        tables.SUMMARY,
    )


if __name__ == "__main__":
    run(main)
