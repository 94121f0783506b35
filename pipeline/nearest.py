"""Who is nearest to whom."""

from __future__ import annotations

import pandas as pd


def nearest_of(
    similarity: pd.DataFrame, names: list[str], column: str, *, least: float = 0.0
) -> dict[str, tuple[str, float]]:
    """For each region the most similar other one and its value; ties go to the earlier region; none where no value exceeds ``least``."""
    both = pd.concat(
        [
            similarity[["region_a", "region_b", column]].set_axis(["region", "other", "value"], axis=1),
            similarity[["region_b", "region_a", column]].set_axis(["region", "other", "value"], axis=1),
        ]
    )
    both["place"] = both["other"].map({name: at for at, name in enumerate(names)})
    best = both.sort_values(["value", "place"], ascending=[False, True], kind="stable").drop_duplicates("region")
    found = {row.region: (row.other if row.value > least else "", float(row.value)) for row in best.itertuples()}
    return {name: found.get(name, ("", 0.0)) for name in names}
