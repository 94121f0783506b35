"""What `method/settings.toml` says: every number and name that a critic may dispute, as frozen objects."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class ColumnsSettings:
    """Headings that name each role of a column, the best first."""

    serial: tuple[str, ...]
    region: tuple[str, ...]
    text: tuple[str, ...]
    year: tuple[str, ...]
    title: tuple[str, ...]
    province: tuple[str, ...]
    prefecture: tuple[str, ...]

    @property
    def headings(self) -> dict[str, tuple[str, ...]]:
        """Role -> headings."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class TextSettings:
    kept_forms: tuple[str, ...]
    traditional: str
    repeated_line_max: int
    repeated_pages: int
    page_edge_share: float
    site_words: tuple[str, ...]
    site_lines: int
    site_documents: int


@dataclass(frozen=True)
class ScaleSettings:
    units_in_full: int
    characters_in_full: int
    units_studied: int
    units_studied_least: int
    characters_studied: int
    in_parts_above: int
    part_bytes: int
    neighbours: int
    comparisons: int
    pairs: int
    pair_terms: int
    forming_share: float
    dimensions: int
    fitted_units: int
    group_numbers: tuple[int, ...]
    judging_units: int
    halvings: int
    null_draws: int
    kappa: float
    subsamples: int
    subsample_units: int
    group_terms: int
    typical: int
    map_units: int

    def is_large(self, units: int, characters: int) -> bool:
        """Whether only a sample of the units is studied in full."""
        return units > self.units_in_full or characters > self.characters_in_full


@dataclass(frozen=True)
class SharedSettings:
    min_characters: int
    shingle: int
    near_duplicate: float


@dataclass(frozen=True)
class MeasuresSettings:
    headline_max: int


@dataclass(frozen=True)
class SegmentSettings:
    hmm: bool
    min_length: int
    count_nested: bool
    engine: str
    fast_above: int

    def engine_for(self, characters: int) -> str:
        """jieba or rjieba, for a corpus of so many characters."""
        if self.engine != "auto":
            return self.engine
        return "rjieba" if characters > self.fast_above else "jieba"


@dataclass(frozen=True)
class KeywordsSettings:
    top: int
    common_share: float
    phrase_min_count: int
    phrase_max_words: int
    phrase_max_characters: int
    exclude_generic: bool
    prior: float


@dataclass(frozen=True)
class CooccurrenceSettings:
    min_measures: int


@dataclass(frozen=True)
class SimilaritySettings:
    explained_terms: int
    first: int


@dataclass(frozen=True)
class ClusterSettings:
    linkage: str
    k_min: int
    k_max: int
    k: int
    max_singletons: int
    silhouette_none: float
    label_terms: int


@dataclass(frozen=True)
class ResamplingSettings:
    seed: int
    resamples: int
    level: float
    halvings: int
    reliability: float
    stable: float


@dataclass(frozen=True)
class PermutationSettings:
    draws: int
    alpha: float


@dataclass(frozen=True)
class SpecificationSettings:
    resamples: int
    null_draws: int
    robust: float
    fragile: float


@dataclass(frozen=True)
class VerdictSettings:
    jaccard: float
    ambiguous_low: float
    ambiguous_high: float
    support: float
    margin: float


@dataclass(frozen=True)
class SuggestSettings:
    max_characters: int
    min_count: int
    min_npmi: float
    min_entropy: float
    own_share: float
    context_words: int
    min_overlap: float
    min_similarity: float
    hint_similarity: float
    min_background: float
    sound_distance: int
    long_term: int
    contrasts: tuple[str, ...]
    listed: int


@dataclass(frozen=True)
class ThemesSettings:
    differences: int
    measure_groups: int
    group_terms: int
    subsamples: int


@dataclass(frozen=True)
class CodersSettings:
    good: float
    tentative: float


@dataclass(frozen=True)
class BackgroundSettings:
    name: str
    fits: float
    refused: float
    held_out: float
    neighbours: int
    explained_terms: int
    min_paragraph: int
    words: int
    pairs: int
    single: int
    dimensions: int
    single_dimensions: int
    group_draws: tuple[int, ...]


@dataclass(frozen=True)
class CalibrationSettings:
    seed: int
    regions: tuple[int, ...]
    groups: tuple[int, ...]
    strengths: tuple[float, ...]
    own_strengths: tuple[float, ...]
    null_regions: tuple[int, ...]
    null_draws: int
    group_draws: tuple[int, ...]
    theme_words: int


@dataclass(frozen=True)
class ReportSettings:
    whole_text: int
    rows: int
    rows_long: int
    pairs: int
    words: int
    clauses: int
    references: int
    references_long: int
    profiles: int
    profile_measures: int
    profile_terms: int
    profile_neighbours: int


@dataclass(frozen=True)
class BundleSettings:
    private: bool
    quotation: int


@dataclass(frozen=True)
class ChartsSettings:
    heatmap_terms: int
    bars: int
    panels_height: float
    name_width: int
    network_terms: int
    palette: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """`method/settings.toml`, one attribute per section; the file's comments say what each means."""

    columns: ColumnsSettings
    text: TextSettings
    measures: MeasuresSettings
    shared: SharedSettings
    segment: SegmentSettings
    keywords: KeywordsSettings
    cooccurrence: CooccurrenceSettings
    similarity: SimilaritySettings
    cluster: ClusterSettings
    resampling: ResamplingSettings
    permutation: PermutationSettings
    specification: SpecificationSettings
    verdict: VerdictSettings
    suggest: SuggestSettings
    themes: ThemesSettings
    coders: CodersSettings
    background: BackgroundSettings
    scale: ScaleSettings
    calibration: CalibrationSettings
    report: ReportSettings
    bundle: BundleSettings
    charts: ChartsSettings


def calibrated(settings: Settings) -> dict[str, Any]:
    """The settings on which the verdict depends: `make calibrate` is good for these."""
    return {
        "permutation": asdict(settings.permutation),
        "specification": asdict(settings.specification),
        "verdict": asdict(settings.verdict),
        "cluster": {key: getattr(settings.cluster, key) for key in ("k_min", "k_max", "k", "max_singletons")},
        "keywords": {key: getattr(settings.keywords, key) for key in ("common_share", "exclude_generic")},
    }
