"""Compare a second coder with the codebook: measures.csv, codebook.csv, theme_evidence.csv, coding file -> coder_agreement.csv, coder_disagreements.csv."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.coding import COUNTED
from pipeline.method import CodersSettings, ResamplingSettings, Settings, load_settings
from pipeline.readers.coding_file import Coding, read
from pipeline.stats.agreement import cohen_kappa, two_coder_agreement, two_coder_alpha
from pipeline.stats.resampling import Ints, percentile_interval, resampled_within

_RESAMPLE = 31  # stream of random numbers
_ALL = "all"


def compared(coding: Coding, measures: pd.DataFrame, codebook: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """One row per unit and theme that the second coder coded: both codings and the row of the coding file.

    In the order of the corpus, then of the codebook. The codebook gives a region
    every theme that one of its measures carries.
    """
    name = "measure_id" if coding.unit == "measure" else "region"
    counted = evidence[evidence["status"] == COUNTED]
    carried = set(zip(counted[name], counted["theme"], strict=True))
    units = {unit: at for at, unit in enumerate(dict.fromkeys(measures[name]))}
    themes = {theme: at for at, theme in enumerate(codebook["theme"])}
    rows = [
        (one.unit, one.theme, (one.unit, one.theme) in carried, one.carries, one.row)
        for one in sorted(coding.codings, key=lambda one: (units[one.unit], themes[one.theme]))
    ]
    return pd.DataFrame(rows, columns=["unit_id", "theme", "codebook", "coder", "row"])


def cells_of(pairs: pd.DataFrame) -> Ints:
    """How many of each unit's codings are marked by both, by the codebook only, by the coder only, by neither."""
    units = pd.factorize(pairs["unit_id"])[0]
    kind = np.where(pairs["codebook"], np.where(pairs["coder"], 0, 1), np.where(pairs["coder"], 2, 3))
    cells = np.zeros((units.max() + 1, 4), dtype=np.int64)
    np.add.at(cells, (units, kind), 1)
    return cells


def interval_of(cells: Ints, settings: ResamplingSettings) -> tuple[float, float]:
    """Percentile interval of alpha when the units are drawn anew with replacement; a unit's codings stay together.

    Draws in which all codings are one value have no alpha and are left out. The
    interval is not a number where they are a larger share than the interval
    leaves out itself (1 - level): what is left would speak of the lucky draws
    only. At 0.95 that takes about three units marked by either coder.

    Coders who never differ have alpha 1 in every draw: an interval from 1 to 1
    says that no difference was seen, not that none is to be expected.

    Every theme starts from the same random numbers, so that its interval does
    not depend on which other themes were coded.
    """
    rng = np.random.default_rng([settings.seed, _RESAMPLE])
    times = resampled_within(np.zeros(len(cells), dtype=np.int64), settings.resamples, rng)
    alpha = two_coder_alpha(times @ cells)
    defined = alpha[~np.isnan(alpha)]
    if len(alpha) - len(defined) > (1 - settings.level) * len(alpha):
        return np.nan, np.nan
    low, high, _ = percentile_interval(defined, two_coder_alpha(cells.sum(axis=0)), settings.level)
    return float(low), float(high)


def standing_of(alpha: float, settings: CodersSettings) -> str:
    """What may be concluded from a theme coded so: good, tentative, low; unknown where alpha is not a number."""
    if np.isnan(alpha):
        return "unknown"
    reached = alpha + 1e-12  # 0.8 worked out is sometimes a bit below 0.8
    return "good" if reached >= settings.good else "tentative" if reached >= settings.tentative else "low"


def agreement_of(pairs: pd.DataFrame, unit: str, themes: Iterable[str], settings: Settings) -> pd.DataFrame:
    """Agreement on each of the themes that was coded, in their order, then on all codings together."""
    coded = {theme: pairs[pairs["theme"] == theme] for theme in themes if (pairs["theme"] == theme).any()}
    rows: list[dict[str, Any]] = []
    for theme, own in [*coded.items(), (_ALL, pairs)]:
        cells = cells_of(own)
        counts = cells.sum(axis=0)
        alpha = float(two_coder_alpha(counts))
        low, high = interval_of(cells, settings.resampling)
        rows.append(
            {
                "theme": theme,
                "unit": unit,
                "units": len(own),
                **dict(zip(("both", "codebook_only", "coder_only", "neither"), counts.tolist(), strict=True)),
                "agreement": float(two_coder_agreement(counts)),
                "kappa": float(cohen_kappa(counts)),
                "alpha": alpha,
                "alpha_low": low,
                "alpha_high": high,
                "standing": standing_of(alpha, settings.coders),
            }
        )
    return tables.from_rows(rows, tables.CODER_AGREEMENT)


def disagreements_of(pairs: pd.DataFrame, unit: str, measures: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Every unit and theme on which the two differ, with what the codebook found there and the measures to read."""
    name = "measure_id" if unit == "measure" else "region"
    rows: list[dict[str, Any]] = []
    for pair in pairs[pairs["codebook"] != pairs["coder"]].itertuples():
        own = measures[measures[name] == pair.unit_id]
        hits = evidence[(evidence[name] == pair.unit_id) & (evidence["theme"] == pair.theme)]
        shown = hits["indicator"].where(hits["status"] == COUNTED, "(" + hits["indicator"] + ")")
        rows.append(
            {
                "unit_id": pair.unit_id,
                "region": own["region"].iloc[0],
                "theme": pair.theme,
                "codebook": pair.codebook,
                "coder": pair.coder,
                "indicators": "·".join(dict.fromkeys(shown)),
                "line": pair.row,
                "measure_ids": list(dict.fromkeys(hits["measure_id"])) or own["measure_id"].tolist(),
            }
        )
    return tables.from_rows(rows, tables.CODER_DISAGREEMENTS)


def coders_of(
    coding: Coding, measures: pd.DataFrame, codebook: pd.DataFrame, evidence: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How far the second coder agrees with the codebook, and where they differ."""
    pairs = compared(coding, measures, codebook, evidence)
    agreement = agreement_of(pairs, coding.unit, codebook["theme"], settings)
    return agreement, disagreements_of(pairs, coding.unit, measures, evidence)


def main(
    measures_csv: Path,
    codebook_csv: Path,
    theme_evidence_csv: Path,
    coding_file: Path,
    settings_toml: Path,
    coder_agreement_csv: Path,
    coder_disagreements_csv: Path,
) -> None:
    settings = load_settings(settings_toml)
    agreement = tables.from_rows([], tables.CODER_AGREEMENT)
    disagreements = tables.from_rows([], tables.CODER_DISAGREEMENTS)
    if coding_file != Path():  # an empty path: there is no second coder
        measures = tables.read(measures_csv, tables.MEASURES)
        codebook = tables.read(codebook_csv, tables.CODEBOOK)
        coding = read(
            coding_file,
            themes=dict(zip(codebook["theme"], codebook["zh"], strict=True)),
            measures=measures["measure_id"],
            regions=measures["region"].unique(),
        )
        evidence = tables.read(theme_evidence_csv, tables.THEME_EVIDENCE)
        agreement, disagreements = coders_of(coding, measures, codebook, evidence, settings)
    tables.write(
        (agreement, tables.CODER_AGREEMENT, coder_agreement_csv),
        (disagreements, tables.CODER_DISAGREEMENTS, coder_disagreements_csv),
    )


if __name__ == "__main__":
    run(main)
