"""Code every measure by the codebook: measures.csv, tokens.csv, themes.toml -> codebook.csv, theme_evidence.csv, themes.csv, uncoded.csv."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.coding import COUNTED, coded
from pipeline.method import Codebook, ResamplingSettings, Settings, load_codebook, load_settings
from pipeline.representations import Regions, regions_of
from pipeline.stats.keyness import signed_g2
from pipeline.stats.resampling import Floats, percentile_interval, resampled_within
from pipeline.unsupervised import grouped

_RESAMPLE = 21  # stream of random numbers


def evidence_of(measures: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """One row per hit of an indicator, in the order of the measures, the codebook and the text."""
    rows = [
        {
            "measure_id": measure.measure_id,
            "region": measure.region,
            "theme": hit.theme,
            "indicator": measure.text[hit.start : hit.end],
            "rule": hit.rule,
            "line": hit.line,
            "start": measure.start + hit.start,
            "end": measure.start + hit.end,
            "status": hit.status,
            "reason": hit.reason,
        }
        for measure in measures.itertuples()
        for hit in coded(measure.text, codebook)
    ]
    return tables.from_rows(rows, tables.THEME_EVIDENCE).astype({"line": "Int64"})


def codebook_of(codebook: Codebook, evidence: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """One row per theme, in the order of the codebook."""
    counted = evidence[evidence["status"] == COUNTED]
    rows = []
    for theme in codebook.themes:
        own = counted[counted["theme"] == theme.id]
        hits = Counter(own["measure_id"])
        rows.append(
            {
                "theme": theme.id,
                "zh": theme.zh,
                "en": theme.en,
                "definition_zh": theme.definition_zh,
                "definition_en": theme.definition_en,
                "source": "codebook",
                "rules": len(theme.indicators),
                "rules_used": own["rule"].nunique(),
                "measures": len(hits),
                "share": len(hits) / len(measures),
                "regions": own["region"].nunique(),
                "single_hit": sum(number == 1 for number in hits.values()),
                "stability": np.nan,
            }
        )
    return tables.from_rows(rows, tables.CODEBOOK)


def carried(evidence: pd.DataFrame, regions: Regions, themes: Sequence[str]) -> np.ndarray:
    """Whether the measures carry the themes (measures x themes)."""
    place = {measure: at for at, measure in enumerate(regions.measures)}
    number = {theme: at for at, theme in enumerate(themes)}
    result = np.zeros((len(place), len(number)), dtype=bool)
    counted = evidence[evidence["status"] == COUNTED]
    result[counted["measure_id"].map(place).to_numpy(dtype=int), counted["theme"].map(number).to_numpy(dtype=int)] = 1
    return result


def leading(shares: Floats) -> Floats:
    """For each theme the share of the draws (draws x themes) in which it has the largest share; ties count in part."""
    most = shares.max(axis=1, keepdims=True, initial=0.0)
    first = (shares >= most - 1e-12) & (most > 0)
    return np.asarray((first / np.maximum(first.sum(axis=1, keepdims=True), 1)).mean(axis=0))


def themes_of(
    evidence: pd.DataFrame, measures: pd.DataFrame, themes: Sequence[str], settings: ResamplingSettings
) -> pd.DataFrame:
    """The profile of every region: its measures per theme, with intervals from drawing its measures anew."""
    regions = regions_of(measures)
    carry = carried(evidence, regions, themes)
    rng = np.random.default_rng([settings.seed, _RESAMPLE])
    times = resampled_within(regions.of, settings.resamples, rng, regions.documents)
    position = measures["position"].to_numpy()
    ids = np.array(regions.measures, dtype=object)
    rows: list[dict[str, Any]] = []
    for at, region in enumerate(regions.names):
        own = np.flatnonzero(regions.of == at)
        shares = carry[own].mean(axis=0)
        drawn = times[:, own] @ carry[own] / len(own)
        low, high, _ = percentile_interval(drawn, shares, settings.level)
        first = leading(drawn)
        for number, theme in enumerate(themes):
            where = own[carry[own, number]]
            rows.append(
                {
                    "region": region,
                    "theme": theme,
                    "measures": len(where),
                    "share": shares[number],
                    "share_low": low[number],
                    "share_high": high[number],
                    "first_rank": int(position[where].min()) if len(where) else pd.NA,
                    "rank": int((shares > shares[number] + 1e-12).sum()) + 1 if len(where) else pd.NA,
                    "leading_share": first[number],
                    "measure_ids": ids[where].tolist(),
                }
            )
    return tables.from_rows(rows, tables.THEMES).astype({"first_rank": "Int64", "rank": "Int64"})


def uncoded_of(evidence: pd.DataFrame, measures: pd.DataFrame, tokens: pd.DataFrame) -> pd.DataFrame:
    """The measures without a theme and their words, those that mark them against the other measures first."""
    with_theme = set(evidence.loc[evidence["status"] == COUNTED, "measure_id"])
    bare = tokens[~tokens["measure_id"].isin(with_theme) & ~tokens["generic"]]
    others = tokens[tokens["measure_id"].isin(with_theme) & ~tokens["generic"]]
    inside, outside = Counter(bare["term"]), Counter(others["term"])
    rows: list[dict[str, Any]] = []
    for measure in measures[~measures["measure_id"].isin(with_theme)].itertuples():
        terms = dict.fromkeys(bare.loc[bare["measure_id"] == measure.measure_id, "term"])
        found = [
            {
                "measure_id": measure.measure_id,
                "region": measure.region,
                "term": term,
                "count": inside[term],
                "elsewhere": outside[term],
                "g2": float(signed_g2(inside[term], inside.total(), outside[term], max(outside.total(), 1))),
            }
            for term in terms
        ]
        found.sort(key=lambda row: (-round(row["g2"], 9), row["term"]))
        empty = {
            "measure_id": measure.measure_id,
            "region": measure.region,
            "term": "",
            "count": 0,
            "elsewhere": 0,
            "g2": 0.0,
        }
        rows += found or [empty]
    return tables.from_rows(rows, tables.UNCODED)


def coding_of(
    measures: pd.DataFrame, tokens: pd.DataFrame, codebook: Codebook, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The themes, their evidence, the regions' profiles and what is left; without a codebook, groups of like measures."""
    if codebook.themes:
        evidence = evidence_of(measures, codebook)
        themes = codebook_of(codebook, evidence, measures)
    else:
        themes, evidence = grouped(measures, tokens, settings)
    profiles = themes_of(evidence, measures, themes["theme"].tolist(), settings.resampling)
    return themes, evidence, profiles, uncoded_of(evidence, measures, tokens)


def main(
    measures_csv: Path,
    tokens_csv: Path,
    themes_toml: Path,
    settings_toml: Path,
    codebook_csv: Path,
    theme_evidence_csv: Path,
    themes_csv: Path,
    uncoded_csv: Path,
) -> None:
    themes, evidence, profiles, uncoded = coding_of(
        tables.read(measures_csv, tables.MEASURES),
        tables.read(tokens_csv, tables.TOKENS),
        load_codebook(themes_toml),
        load_settings(settings_toml),
    )
    tables.write(
        (themes, tables.CODEBOOK, codebook_csv),
        (evidence, tables.THEME_EVIDENCE, theme_evidence_csv),
        (profiles, tables.THEMES, themes_csv),
        (uncoded, tables.UNCODED, uncoded_csv),
    )


if __name__ == "__main__":
    run(main)
