"""What may leave the house when the texts may not: numbers, names of regions and single words; nothing to read a text from.

A table is left out unless it stands in `FREE`: texts stand in some, and from the places of words, or from lists of the
measures that hold a word, a short text could be put together again. Whatever else goes in is looked through for quotations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

# Tables without a text, without places in a text, and without lists of measures.
FREE = frozenset((
    "character_similarity", "similarity", "region_map", "shared_regions", "shared_effect", "near_duplicates",
    "similarity_intervals", "neighbours", "reliability", "leave_one_out", "dendrogram", "pair_tests", "structure",
    "null_distribution", "coassignment", "consensus", "stability", "clusters", "cluster_choice", "verdict",
    "specifications", "robustness", "codebook", "theme_similarity", "theme_structure", "theme_coassignment",
    "theme_choice", "theme_verdict", "theme_groups", "view_agreement", "coder_agreement", "background_fit",
    "background_similarity", "background_structure", "background_coassignment", "background_choice",
    "background_verdict", "background_groups", "background_specifications", "background_claims", "limits", "regions",
    "summary", "scale", "partitions", "whole", "whole_units", "whole_groups", "whole_group_similarity",
    "whole_choice", "whole_neighbours", "whole_terms", "whole_map",
))  # fmt: skip
# Pictures of words and numbers; the tables behind them are judged by themselves.
_PICTURES = (".svg", ".png")


def free(name: str) -> bool:
    """Whether an output may go into a private bundle: a free table of the corpus, or a figure; a report quotes."""
    path = PurePosixPath(name)
    if path.suffix == ".csv":
        return path.stem in FREE and path.parts[:2] == ("data", "processed") and len(path.parts) == 4
    return path.suffix in _PICTURES and path.parent.name == "figures"


def quotations(files: Mapping[str, str], texts: Iterable[str], length: int) -> dict[str, int]:
    """Files that have ``length`` characters in a row, one of them Han, as one of the texts has them -> the first such line."""
    lines: dict[str, list[tuple[str, int]]] = {}
    for name, content in files.items():
        for number, line in enumerate(content.splitlines(), 1):
            for window in _windows(line, length):
                lines.setdefault(window, []).append((name, number))
    found: dict[str, int] = {}
    for text in texts:
        for at in range(len(text) - length + 1):
            for name, number in lines.get(text[at : at + length], ()):
                found[name] = min(number, found.get(name, number))
    return found


def _windows(line: str, length: int) -> Iterable[str]:
    for at in range(len(line) - length + 1):
        window = line[at : at + length]
        if any(character > "\u2e7f" for character in window):
            yield window
