"""Draw the figures that are out of date, side by side: NAME.todo files, each a figure's arguments -> SVG and PNG."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from pipeline.charts import (
    background_similarity,
    claim_robustness,
    coassignment_heatmap,
    cooccurrence_network,
    dendrogram,
    keyword_bars,
    keyword_heatmap,
    keyword_stability,
    null_distribution,
    region_map,
    silhouette,
    similarity_heatmap,
    similarity_ranks,
    specification_curve,
    theme_matrix,
    theme_profiles,
    theme_use,
    tile_grid,
)
from pipeline.cli import run
from pipeline.errors import InputError

# The slowest first, so that the last one to end is short.
_MODULES = (
    keyword_bars,
    keyword_stability,
    cooccurrence_network,
    keyword_heatmap,
    similarity_heatmap,
    background_similarity,
    coassignment_heatmap,
    theme_matrix,
    theme_profiles,
    similarity_ranks,
    claim_robustness,
    tile_grid,
    specification_curve,
    region_map,
    dendrogram,
    theme_use,
    null_distribution,
    silhouette,
)
FIGURES = {module.__name__.rpartition(".")[2]: module.main for module in _MODULES}


def draw(todo: Path) -> str:
    """Draw the figure that ``todo`` names; the message where the data or the style forbid it, else nothing."""
    try:
        FIGURES[todo.stem](*map(Path, todo.read_text("utf-8").split()))
    except InputError as error:
        return str(error)
    return ""


def main(*todo: Path) -> None:
    ordered = sorted(todo, key=lambda path: list(FIGURES).index(path.stem))
    # Forked workers share the modules that are loaded: importing them takes longer than drawing.
    workers = min(len(ordered), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, get_context("fork")) as pool:
        problems = [problem for problem in pool.map(draw, ordered) if problem]
    if problems:
        print("\n".join(problems), file=sys.stderr)
        raise SystemExit(2)


if __name__ == "__main__":
    run(main)
