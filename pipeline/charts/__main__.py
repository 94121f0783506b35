"""Draw the figures that are out of date, side by side: NAME.todo files, each a figure's arguments -> SVG and PNG."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from inspect import signature
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
    whole_groups,
    whole_map,
    whole_similarity,
)
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.workers import end_with, workers

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
    whole_map,
    whole_groups,
    whole_similarity,
)
LOOK = 7  # settings, glossary, style, two of strings, folder and name of the figure on the page and of its own files
FIGURES = {module.__name__.rpartition(".")[2]: module.main for module in _MODULES}


def arguments_of(todo: Path) -> list[Path]:
    """What the note says to draw from and to; an `InputError` where it is damaged."""
    try:
        paths = [Path(word) for word in todo.read_text("utf-8").split()]
    except UnicodeDecodeError:
        paths = []
    own = len(signature(FIGURES[todo.stem]).parameters) - 2  # the last ones take what every figure is handed
    if len(paths) != own + LOOK or paths[-1].name != todo.stem:
        raise InputError(
            "这个文件已损坏。请删除它并重新运行 make all。",
            "this file is damaged. Delete it and run `make all` again.",
            file=todo,
        )
    return paths


def _drawn(todo: Path) -> None:
    FIGURES[todo.stem](*arguments_of(todo))


def _complaint(todo: Path, draw: Callable[[Path], None]) -> str:
    """Draw the figure that ``todo`` names; the message where the data or the style forbid it, else nothing."""
    try:
        draw(todo)
    except InputError as error:
        return str(error)
    return ""


def _side_by_side(ordered: Sequence[Path], draw: Callable[[Path], None], many: int) -> list[str]:
    """What `_complaint` says of each, drawn by ``many`` processes.

    Forked workers share the modules that are loaded: importing them takes longer than drawing.
    """
    with ProcessPoolExecutor(many, get_context("fork"), end_with, (os.getpid(),)) as pool:
        try:
            return list(pool.map(partial(_complaint, draw=draw), ordered))
        except BaseException:  # Ctrl-C, a full disk: the others need not be drawn
            pool.shutdown(cancel_futures=True)
            raise


def draw_all(todo: Sequence[Path], draw: Callable[[Path], None]) -> None:
    """Draw what each note names; where some could not be drawn, say why and end with exit code 2."""
    ordered = sorted(todo, key=lambda path: list(FIGURES).index(path.stem))
    many = min(len(ordered), workers())
    said = _side_by_side(ordered, draw, many) if many > 1 else [_complaint(note, draw) for note in ordered]
    if problems := [problem for problem in said if problem]:
        print("\n".join(problems), file=sys.stderr)
        raise SystemExit(2)


def main(*todo: Path) -> None:
    draw_all(todo, _drawn)


if __name__ == "__main__":
    run(main)
