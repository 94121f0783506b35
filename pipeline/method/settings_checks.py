"""Values of `method/settings.toml` that no stage could work with are refused, with the line where they stand."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.errors import InputError
from pipeline.method.settings import CalibrationSettings, ColumnsSettings, SegmentSettings, Settings, TextSettings

# Key -> (smallest, largest) allowed value, for keys where a wrong number would break a stage.
_BOUNDS: dict[tuple[str, str], tuple[float, float]] = {
    ("text", "repeated_line_max"): (1, 200),
    ("text", "repeated_pages"): (2, 10_000),
    ("text", "page_edge_share"): (0.5, 1),
    ("text", "site_lines"): (1, 100),
    ("text", "site_documents"): (2, 1_000_000),
    ("measures", "headline_max"): (1, 1000),
    ("shared", "min_characters"): (1, 10_000),
    ("shared", "shingle"): (2, 50),
    ("shared", "near_duplicate"): (0.05, 1),
    ("segment", "min_length"): (1, 20),
    ("segment", "fast_above"): (0, 10**12),
    ("keywords", "top"): (1, 1000),
    ("keywords", "common_share"): (0, 1),
    ("keywords", "phrase_min_count"): (1, 1_000_000),
    ("keywords", "phrase_max_words"): (1, 10),
    ("keywords", "phrase_max_characters"): (2, 100),
    ("keywords", "prior"): (0.001, 1000),
    ("cooccurrence", "min_measures"): (1, 1_000_000),
    ("similarity", "explained_terms"): (1, 1000),
    ("similarity", "first"): (1, 1000),
    ("cluster", "k_min"): (2, 100),
    ("cluster", "k_max"): (2, 100),
    ("cluster", "k"): (0, 100),
    ("cluster", "max_singletons"): (0, 1000),
    ("cluster", "silhouette_none"): (-1, 1),
    ("cluster", "label_terms"): (1, 20),
    ("resampling", "seed"): (0, 2**63 - 1),
    ("resampling", "resamples"): (100, 1_000_000),
    ("resampling", "level"): (0.5, 0.999),
    ("resampling", "halvings"): (10, 1_000_000),
    ("resampling", "reliability"): (0, 1),
    ("resampling", "stable"): (0, 1),
    ("permutation", "draws"): (999, 1_000_000),
    ("permutation", "alpha"): (0.001, 0.5),
    ("specification", "resamples"): (1, 10_000),
    ("specification", "null_draws"): (19, 10_000),
    ("specification", "robust"): (0, 1),
    ("specification", "fragile"): (0, 1),
    ("verdict", "jaccard"): (0, 1),
    ("verdict", "ambiguous_low"): (0, 1),
    ("verdict", "ambiguous_high"): (0, 1),
    ("verdict", "support"): (0, 1),
    ("verdict", "margin"): (0, 1),
    ("suggest", "max_characters"): (2, 30),
    ("suggest", "min_count"): (2, 1_000_000),
    ("suggest", "min_npmi"): (-1, 1),
    ("suggest", "min_entropy"): (0, 1),
    ("suggest", "own_share"): (0, 1),
    ("suggest", "context_words"): (1, 20),
    ("suggest", "min_overlap"): (0, 1),
    ("suggest", "min_similarity"): (0, 1),
    ("suggest", "hint_similarity"): (0, 1),
    ("suggest", "min_background"): (0, 1),
    ("suggest", "sound_distance"): (0, 4000),
    ("suggest", "long_term"): (3, 100),
    ("suggest", "listed"): (1, 100_000),
    ("themes", "differences"): (1, 1000),
    ("themes", "measure_groups"): (0, 1000),
    ("themes", "group_terms"): (1, 1000),
    ("themes", "subsamples"): (10, 100_000),
    ("coders", "good"): (0, 1),
    ("coders", "tentative"): (0, 1),
    ("background", "fits"): (0, 1),
    ("background", "refused"): (0, 1),
    ("background", "held_out"): (0, 1),
    ("background", "neighbours"): (1, 1000),
    ("background", "explained_terms"): (1, 1000),
    ("background", "min_paragraph"): (1, 100_000),
    ("background", "words"): (100, 1_000_000),
    ("background", "pairs"): (100, 1_000_000),
    ("background", "single"): (100, 100_000),
    ("background", "dimensions"): (2, 1000),
    ("background", "single_dimensions"): (2, 1000),
    ("calibration", "seed"): (0, 2**63 - 1),
    ("calibration", "null_draws"): (300, 1_000_000),
    ("calibration", "theme_words"): (1, 1000),
    ("scale", "units_in_full"): (2, 100_000),
    ("scale", "characters_in_full"): (1000, 10**12),
    ("scale", "units_studied"): (2, 100_000),
    ("scale", "units_studied_least"): (2, 100_000),
    ("scale", "characters_studied"): (1000, 10**12),
    ("scale", "in_parts_above"): (0, 10**15),
    ("scale", "part_bytes"): (1000, 10**9),
    ("scale", "neighbours"): (1, 1000),
    ("scale", "comparisons"): (1, 10**15),
    ("scale", "pairs"): (1, 100_000),
    ("scale", "pair_terms"): (1, 1000),
    ("scale", "forming_share"): (0, 1),
    ("scale", "kappa"): (-1, 1),
    ("scale", "dimensions"): (2, 1000),
    ("scale", "fitted_units"): (100, 10**9),
    ("scale", "judging_units"): (50, 10**9),
    ("scale", "halvings"): (1, 10_000),
    ("scale", "subsamples"): (2, 10_000),
    ("scale", "subsample_units"): (50, 10**6),
    ("scale", "null_draws"): (19, 10_000),
    ("scale", "group_terms"): (1, 1000),
    ("scale", "typical"): (1, 100),
    ("scale", "map_units"): (10, 100_000),
    ("report", "whole_text"): (0, 100_000_000),
    ("report", "rows"): (1, 1_000_000),
    ("report", "rows_long"): (1, 1_000_000),
    ("report", "pairs"): (1, 1_000_000),
    ("report", "words"): (1, 1_000_000),
    ("report", "clauses"): (1, 1_000_000),
    ("report", "references"): (1, 1000),
    ("report", "references_long"): (1, 1000),
    ("report", "profiles"): (0, 1_000_000),
    ("report", "profile_measures"): (1, 1_000_000),
    ("report", "profile_terms"): (1, 1_000_000),
    ("report", "profile_neighbours"): (1, 1_000_000),
    ("bundle", "quotation"): (8, 1000),
    ("charts", "heatmap_terms"): (1, 200),
    ("charts", "panels_height"): (2, 200),
    ("charts", "name_width"): (4, 100),
    ("charts", "bars"): (1, 50),
    ("charts", "network_terms"): (2, 200),
}


# A number that must not be larger than another of its section.
_ORDERED = (
    ("specification", "fragile", "robust"),
    ("report", "rows_long", "rows"),
    ("report", "references_long", "references"),
    ("verdict", "ambiguous_low", "ambiguous_high"),
    ("coders", "tentative", "good"),
    ("scale", "units_studied_least", "units_studied"),
    ("background", "refused", "fits"),
    ("suggest", "hint_similarity", "min_similarity"),
)

# Lists of numbers in [calibration]: their kinds and the smallest allowed.
_LISTS: tuple[tuple[str, tuple[type, ...], int], ...] = (
    ("regions", (int,), 2),
    ("groups", (int,), 2),
    ("group_draws", (int,), 1),
    ("null_regions", (int,), 2),
    ("strengths", (int, float), 0),
    ("own_strengths", (int, float), 0),
)


def line_of(text: str, section: str, key: str | None) -> int | None:
    """The line of a section, or of a key in it; None where it stands nowhere."""
    """Line of a key in its section, for messages: tomllib keeps no positions."""
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[([^\]]+)\]", line):
            current = header[1].strip()
            if current == section and key is None:
                return number
        elif current == section and key is not None and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
    return None


def _check_calibration(calibration: CalibrationSettings, path: Path, text: str) -> None:
    for key, kinds, least in _LISTS:
        values = getattr(calibration, key)
        if not values or not all(type(value) in kinds and value >= least for value in values):
            raise InputError(
                f"[calibration] {key} 应为一列不小于 {least} 的{'数' if float in kinds else '整数'}。请改正。",
                f"[calibration] {key} must list {'' if float in kinds else 'whole '}numbers of at least {least}. Correct it.",
                file=path,
                line=line_of(text, "calibration", key),
            )
    if not len(calibration.regions) == len(calibration.groups) == len(calibration.group_draws):
        raise InputError(
            "[calibration] regions、groups、group_draws 应当一样长。请改正。",
            "[calibration] regions, groups and group_draws must be equally long. Correct it.",
            file=path,
            line=line_of(text, "calibration", "regions"),
        )


def _check_columns(columns: ColumnsSettings, path: Path, text: str) -> None:
    seen: dict[str, str] = {}
    for role, names in columns.headings.items():
        for name in names:
            if not isinstance(name, str) or not name.strip() or name in seen:
                where = f" {seen[name]}" if name in seen else ""
                raise InputError(
                    f"[columns] {role} 里的 {name!r} 不是列名，或已用于{where or '别处'}。请改正。",
                    f"[columns] {role}: {name!r} is no heading, or stands for{where or ' something else'} already. Correct it.",
                    file=path,
                    line=line_of(text, "columns", role),
                )
            seen[name] = role
    if not columns.text:
        raise InputError(
            "[columns] text 至少要有一个列名。请补上。",
            "[columns] text needs at least one heading. Add it.",
            file=path,
            line=line_of(text, "columns", "text"),
        )


def _check_segment(chosen: SegmentSettings, path: Path, text: str) -> None:
    if chosen.engine not in ("auto", "jieba", "rjieba"):
        raise InputError(
            f"[segment] engine = {chosen.engine!r} 不认识；可用 auto、jieba、rjieba。",
            f"[segment] engine = {chosen.engine!r} is unknown; use auto, jieba or rjieba.",
            file=path,
            line=line_of(text, "segment", "engine"),
        )


def _check_text(chosen: TextSettings, path: Path, text: str) -> None:
    if chosen.traditional not in ("keep", "simplify"):
        raise InputError(
            f"[text] traditional = {chosen.traditional!r} 不认识；可用 keep、simplify。",
            f"[text] traditional = {chosen.traditional!r} is unknown; use keep or simplify.",
            file=path,
            line=line_of(text, "text", "traditional"),
        )
    for key in ("kept_forms", "site_words"):
        wrong = [each for each in getattr(chosen, key) if not isinstance(each, str) or not each.strip()]
        if wrong:
            raise InputError(
                f"[text] {key} 里的 {wrong} 不是文字。请改正。",
                f"[text] {key}: {wrong} is not a text. Correct it.",
                file=path,
                line=line_of(text, "text", key),
            )
    for entry in chosen.kept_forms:
        if len(entry) == 3 and entry[1] == "-" and entry[0] > entry[2]:
            raise InputError(
                f"[text] kept_forms 里的“{entry}”应从编码较小的字符写到较大的。请改正。",
                f"[text] kept_forms: {entry!r} must run from the lower code point to the higher. Correct it.",
                file=path,
                line=line_of(text, "text", "kept_forms"),
            )


def _check_scale(groups: tuple[int, ...], path: Path, text: str) -> None:
    if not groups or not all(type(k) is int and 2 <= k <= 1000 for k in groups):
        raise InputError(
            "[scale] group_numbers 应为一列 2 到 1000 的整数。请改正。",
            "[scale] group_numbers must list whole numbers from 2 to 1000. Correct it.",
            file=path,
            line=line_of(text, "scale", "group_numbers"),
        )


def _check_contrasts(contrasts: tuple[str, ...], path: Path, text: str) -> None:
    wrong = [group for group in contrasts if not isinstance(group, str) or len(group) < 2]
    if wrong:
        raise InputError(
            f"[suggest] contrasts 里的 {wrong} 不是两个以上的字。请改正。",
            f"[suggest] contrasts: {wrong} is not a group of two or more characters. Correct it.",
            file=path,
            line=line_of(text, "suggest", "contrasts"),
        )


def _check_background(settings: Settings, path: Path, text: str) -> None:
    if not re.fullmatch(r"[\w.-]*", settings.background.name) or settings.background.name.startswith("."):
        raise InputError(
            f"[background] name = {settings.background.name!r} 应为 method/background/ 里一个文件的名称（不含 .npz）。请改正。",
            f"[background] name = {settings.background.name!r} must name a file of method/background/ without .npz. Correct it.",
            file=path,
            line=line_of(text, "background", "name"),
        )
    draws = settings.background.group_draws
    if len(draws) != len(settings.calibration.regions) or not all(type(one) is int and one >= 0 for one in draws):
        raise InputError(
            "[background] group_draws 应与 [calibration] regions 一样长，都是不小于 0 的整数。请改正。",
            "[background] group_draws must be as long as [calibration] regions, whole numbers of at least 0. Correct it.",
            file=path,
            line=line_of(text, "background", "group_draws"),
        )


def check(settings: Settings, path: Path, text: str) -> None:
    """An `InputError` for the first value that would break a stage; it names ``path`` and the line of ``text``."""
    for (section, key), (low, high) in _BOUNDS.items():
        value = getattr(getattr(settings, section), key)
        if not low <= value <= high:
            raise InputError(
                f"[{section}] {key} = {value} 超出范围，应在 {low} 与 {high} 之间。请改正。",
                f"[{section}] {key} = {value} is out of range: {low} to {high}. Correct it.",
                file=path,
                line=line_of(text, section, key),
            )
    for section, smaller, larger in _ORDERED:
        chosen = getattr(settings, section)
        if getattr(chosen, smaller) > getattr(chosen, larger):
            raise InputError(
                f"[{section}] {smaller} 不能大于 {larger}。请改正。",
                f"[{section}] {smaller} must not be larger than {larger}. Correct it.",
                file=path,
                line=line_of(text, section, smaller),
            )
    _check_text(settings.text, path, text)
    _check_segment(settings.segment, path, text)
    _check_calibration(settings.calibration, path, text)
    _check_background(settings, path, text)
    _check_columns(settings.columns, path, text)
    _check_scale(settings.scale.group_numbers, path, text)
    _check_contrasts(settings.suggest.contrasts, path, text)
    cluster = settings.cluster
    if cluster.linkage not in ("average", "complete", "single"):
        raise InputError(
            f"[cluster] linkage = {cluster.linkage!r} 不认识；可用 average、complete、single。",
            f"[cluster] linkage = {cluster.linkage!r} is unknown; use average, complete or single.",
            file=path,
            line=line_of(text, "cluster", "linkage"),
        )
    if cluster.k_min > cluster.k_max or cluster.k == 1:
        raise InputError(
            "[cluster] 需要 k_min ≤ k_max；k 为 0 或不小于 2。请改正。",
            "[cluster] needs k_min <= k_max, and k either 0 or at least 2. Correct it.",
            file=path,
            line=line_of(text, "cluster", "k_min" if cluster.k_min > cluster.k_max else "k"),
        )
    wrong = [colour for colour in settings.charts.palette if not re.fullmatch(r"#[0-9A-Fa-f]{6}", str(colour))]
    if wrong or not settings.charts.palette:
        raise InputError(
            f"[charts] palette 里的 {wrong} 不是 #RRGGBB 颜色。请改正。",
            f"[charts] palette: {wrong} is not a list of #RRGGBB colours. Correct it.",
            file=path,
            line=line_of(text, "charts", "palette"),
        )
