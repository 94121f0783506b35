"""Load `method/`: every choice that a critic may dispute, validated, as frozen objects."""

from pipeline.method.files import (
    read_text as read_text,
)
from pipeline.method.gazetteer import (
    Place as Place,
)
from pipeline.method.gazetteer import (
    find_place as find_place,
)
from pipeline.method.gazetteer import (
    load_gazetteer as load_gazetteer,
)
from pipeline.method.lexicon import (
    Entry as Entry,
)
from pipeline.method.lexicon import (
    Synonym as Synonym,
)
from pipeline.method.lexicon import (
    load_dictionary as load_dictionary,
)
from pipeline.method.lexicon import (
    load_glossary as load_glossary,
)
from pipeline.method.lexicon import (
    load_synonyms as load_synonyms,
)
from pipeline.method.lexicon import (
    load_word_list as load_word_list,
)
from pipeline.method.settings import (
    CalibrationSettings as CalibrationSettings,
)
from pipeline.method.settings import (
    ChartsSettings as ChartsSettings,
)
from pipeline.method.settings import (
    ClusterSettings as ClusterSettings,
)
from pipeline.method.settings import (
    CooccurrenceSettings as CooccurrenceSettings,
)
from pipeline.method.settings import (
    KeywordsSettings as KeywordsSettings,
)
from pipeline.method.settings import (
    MeasuresSettings as MeasuresSettings,
)
from pipeline.method.settings import (
    PermutationSettings as PermutationSettings,
)
from pipeline.method.settings import (
    ResamplingSettings as ResamplingSettings,
)
from pipeline.method.settings import (
    SegmentSettings as SegmentSettings,
)
from pipeline.method.settings import (
    Settings as Settings,
)
from pipeline.method.settings import (
    SimilaritySettings as SimilaritySettings,
)
from pipeline.method.settings import (
    SpecificationSettings as SpecificationSettings,
)
from pipeline.method.settings import (
    VerdictSettings as VerdictSettings,
)
from pipeline.method.settings import (
    calibrated as calibrated,
)
from pipeline.method.settings import (
    load_settings as load_settings,
)
