"""What changed between two runs, and why: the tables and manifests of two folders -> compare_runs.csv, compare_inputs.csv, compare_regions.csv, compare_keywords.csv, compare_pairs.csv, compare_pair_terms.csv, compare_groups.csv, compare_verdict.csv, compare_terms.csv, compare_summary.csv."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.background import chosen
from pipeline.cli import run as run_main
from pipeline.comparing.groups import groups_of, terms_of, verdict_of
from pipeline.comparing.inputs import inputs_of, runs_of
from pipeline.comparing.keywords import keywords_of
from pipeline.comparing.numbers import summary_of
from pipeline.comparing.pairs import pair_terms_of, pairs_of
from pipeline.comparing.regions import regions_of
from pipeline.comparing.runs import OWN, Run, Weights, background_weights, own_weights
from pipeline.comparing.sides import in_both, side_of
from pipeline.errors import InputError
from pipeline.hashing import read_json
from pipeline.method import Settings, load_settings

_READ = (
    tables.DOCUMENTS, tables.MEASURES, tables.TOKENS, tables.KEYWORDS, tables.SIMILARITY, tables.SIMILARITY_TERMS,
    tables.SIMILARITY_INTERVALS, tables.NEIGHBOURS, tables.CLUSTERS, tables.VERDICT, tables.REGIONS, tables.SUMMARY,
    tables.BACKGROUND_FIT,
)  # fmt: skip


def compared(a: Run, b: Run, weights: tuple[Weights, Weights], settings: Settings) -> dict[str, pd.DataFrame]:
    """Every table of this stage by name."""
    first, second = (side_of(run, own, settings) for run, own in zip((a, b), weights, strict=True))
    regions, keywords = regions_of(first, second, settings), keywords_of(first, second, settings)
    pair_parts = pair_terms_of(first, second)
    pairs, groups, terms = pairs_of(first, second, pair_parts), groups_of(a, b), terms_of(a, b)
    inputs = inputs_of(a.manifest, b.manifest)
    return {
        "compare_runs": runs_of(first, second),
        "compare_inputs": inputs,
        "compare_regions": regions,
        "compare_keywords": keywords,
        "compare_pairs": pairs,
        "compare_pair_terms": pair_parts,
        "compare_groups": groups,
        "compare_verdict": verdict_of(a, b),
        "compare_terms": terms,
        "compare_summary": summary_of(first, second, inputs, regions, keywords, pairs, groups, terms, settings),
    }


def read_run(side: str, folder: Path) -> Run:
    """The tables and the manifest of one folder."""
    path = folder / "manifest.json"
    manifest = read_json(path)
    try:
        inputs_of(manifest, manifest)
    except (ValueError, LookupError, TypeError):
        raise InputError(
            "这个文件不是 make all 写出的清单。请删除它并重新运行 make all。",
            "this is not a manifest that `make all` wrote. Delete it and run `make all` again.",
            file=path,
        ) from None
    frames = {table.name: tables.read(folder / f"{table.name}.csv", table) for table in _READ}
    return Run(side, folder.name, frames, manifest)


def weights_of(
    a: Run, b: Run, reference: str, settings: Settings, background_folder: Path, settings_toml: Path
) -> tuple[Weights, Weights]:
    """The idf of each run: its own, or one for both."""
    if reference == OWN:
        return own_weights(a), own_weights(b)
    if reference in ("A", "B"):
        one = own_weights(a if reference == "A" else b, reference)
        return one, one
    if reference != "background":
        raise InputError(
            f"REFERENCE={reference} 不认识；可用 A、B、background，不写则各用各的 idf。",
            f"REFERENCE={reference} is unknown; use A, B or background, or none for each run's own idf.",
            file="make compare",
        )
    background, path = chosen(background_folder, settings.background.name, settings_toml)
    if background is None:
        raise InputError(
            '[background] name = ""：没有选定背景，不能以它的 idf 为准。请写上名称，或改用 REFERENCE=A。',
            '[background] name = "": no background is chosen whose idf could be used. Name one, or use REFERENCE=A.',
            file=settings_toml,
        )
    for run in (a, b):
        refused = run["background_fit"]
        refused = refused[(refused["name"] == background.name) & (refused["outcome"] == "refused")]
        if len(refused):
            raise InputError(
                f"背景“{background.name}”与 {run.name} 不合（background_fit.csv），不能以它的 idf 为准。请改用 REFERENCE=A 或 B。",
                f"the background {background.name!r} does not fit {run.name} (background_fit.csv): its idf cannot be "
                "the reference. Use REFERENCE=A or B.",
                file=path or settings_toml,
            )
    one = background_weights(a, b, background, settings.keywords)
    return one, one


def main(
    a_folder: Path, b_folder: Path, reference: Path, settings_toml: Path, background_folder: Path, compared_folder: Path
) -> None:
    """``reference``: own, A, B or background, not a file."""
    settings = load_settings(settings_toml)
    a, b = read_run("A", a_folder), read_run("B", b_folder)
    if not in_both(a, b):
        raise InputError(
            f"{a.name} 与 {b.name} 没有共同的地区，无从比较。",
            f"{a.name} and {b.name} have no region in common: there is nothing to compare.",
            file=b_folder / "regions.csv",
        )
    weights = weights_of(a, b, str(reference), settings, background_folder, settings_toml)
    made = compared(a, b, weights, settings)
    tables.write(*((made[table.name], table, compared_folder / f"{table.name}.csv") for table in tables.COMPARED))


if __name__ == "__main__":
    run_main(main)
