"""Load `method/`: every choice that a critic may dispute, validated, as frozen objects."""

from pipeline.method.codebook import (
    CLAUSE_ENDS as CLAUSE_ENDS,
    Codebook as Codebook,
    Indicator as Indicator,
    Negation as Negation,
    Theme as Theme,
    folded as folded,
    load_codebook as load_codebook,
)
from pipeline.method.files import (
    read_text as read_text,
)
from pipeline.method.gazetteer import (
    TIERS as TIERS,
    Gazetteer as Gazetteer,
    Place as Place,
    load_gazetteer as load_gazetteer,
)
from pipeline.method.lexicon import (
    CUT_FREE as CUT_FREE,
    Entry as Entry,
    Synonym as Synonym,
    load_dictionary as load_dictionary,
    load_glossary as load_glossary,
    load_synonyms as load_synonyms,
    load_word_list as load_word_list,
)
from pipeline.method.places import (
    Resolution as Resolution,
    at_level as at_level,
    found_in as found_in,
    resolve as resolve,
)
from pipeline.method.settings import (
    BackgroundSettings as BackgroundSettings,
    CalibrationSettings as CalibrationSettings,
    ChartsSettings as ChartsSettings,
    ClusterSettings as ClusterSettings,
    CodersSettings as CodersSettings,
    ColumnsSettings as ColumnsSettings,
    CooccurrenceSettings as CooccurrenceSettings,
    KeywordsSettings as KeywordsSettings,
    MeasuresSettings as MeasuresSettings,
    PermutationSettings as PermutationSettings,
    ResamplingSettings as ResamplingSettings,
    ScaleSettings as ScaleSettings,
    SegmentSettings as SegmentSettings,
    Settings as Settings,
    SharedSettings as SharedSettings,
    SimilaritySettings as SimilaritySettings,
    SpecificationSettings as SpecificationSettings,
    SuggestSettings as SuggestSettings,
    TextSettings as TextSettings,
    VerdictSettings as VerdictSettings,
    calibrated as calibrated,
)
from pipeline.method.settings_file import (
    load_settings as load_settings,
    parsed as parsed,
    settings_of as settings_of,
)
