"""Cut each measure into terms: measures.csv -> tokens.csv, segmentation_audit.csv."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.method import (
    Entry,
    SegmentSettings,
    Synonym,
    load_dictionary,
    load_settings,
    load_synonyms,
    load_word_list,
)
from pipeline.segmentation import QUOTED, Segmenter, Word, drop_rule, placed

_CACHE = Path(".cache") / "jieba"

Found = dict[tuple[str, str, str], list[str]]  # (check, item, rule) -> measure ids, one per occurrence


def cut(
    measures: pd.DataFrame,
    segmenter: Segmenter,
    *,
    entries: Sequence[Entry],
    stop_words: frozenset[str],
    generic: frozenset[str],
    synonyms: Mapping[str, Synonym],
    settings: SegmentSettings,
) -> tuple[pd.DataFrame, Found]:
    """The kept tokens, and what was dropped, merged, nested or unlisted on the way."""
    listed = {entry.term for entry in entries}
    rows: list[dict[str, Any]] = []
    found: Found = defaultdict(list)

    def canonical(surface: str) -> str:
        return synonyms[surface].term if surface in synonyms else surface

    def keep(measure: Any, word: Word, position: int, host: str) -> None:
        term = canonical(word.surface)
        if term != word.surface:
            found["merged", word.surface, f"→ {term} ({synonyms[word.surface].kind})"].append(measure.measure_id)
        if term in generic:
            found["generic", term, ""].append(measure.measure_id)
        rows.append(
            {
                "measure_id": measure.measure_id,
                "region": measure.region,
                "position": position,
                "surface": word.surface,
                "term": term,
                "generic": term in generic,
                "nested_in": host,
                "start": measure.start + word.start,
                "end": measure.start + word.end,
            }
        )

    for measure, surfaces in zip(measures.itertuples(), segmenter.words_of(measures["text"]), strict=True):
        position = 0
        for word in placed(surfaces):
            rule = drop_rule(
                word.surface,
                listed=word.surface in listed,
                stop_words=stop_words,
                min_length=settings.min_length,
            )
            if rule:
                found["dropped", word.surface, rule].append(measure.measure_id)
                continue
            if not segmenter.knows(word.surface):
                found["unlisted", word.surface, "guessed by the hidden Markov model"].append(measure.measure_id)
            position += 1
            keep(measure, word, position, "")
            for part in segmenter.nested(word):
                if drop_rule(
                    part.surface,
                    listed=part.surface in listed,
                    stop_words=stop_words,
                    min_length=settings.min_length,
                ):
                    continue
                found["nested", part.surface, f"in {word.surface}"].append(measure.measure_id)
                if settings.count_nested and canonical(part.surface) != canonical(word.surface):
                    keep(measure, part, position, word.surface)
    tags = segmenter.tags(row["surface"] for row in rows)
    tokens = tables.from_rows(({**row, "pos": tags[row["surface"]]} for row in rows), tables.TOKENS)
    return tokens, found


def unmatched_and_split(
    measures: pd.DataFrame, tokens: pd.DataFrame, found: Found, entries: Sequence[Entry]
) -> dict[tuple[str, str, str], tuple[int, list[str]]]:
    """Dictionary entries the corpus never has, and those it has but jieba cut."""
    whole: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for token in tokens.itertuples():
        whole[token.surface].add((token.measure_id, token.start))
    nested = {item for check, item, _ in found if check == "nested"}
    texts = list(zip(measures["measure_id"], measures["text"], measures["start"], strict=True))
    result: dict[tuple[str, str, str], tuple[int, list[str]]] = {}
    for entry in entries:
        places = [
            (measure_id, start + match.start())
            for measure_id, text, start in texts
            if entry.term in text
            for match in re.finditer(re.escape(entry.term), text)
        ]
        cut_up = [place for place in places if place not in whole[entry.term]]
        if not places:
            result["unmatched", entry.term, ""] = (0, [])
        elif cut_up and entry.term not in nested:
            result["split", entry.term, ""] = (len(cut_up), [measure for measure, _ in cut_up])
    return result


def quoted(measures: pd.DataFrame, tokens: pd.DataFrame) -> dict[tuple[str, str, str], tuple[int, list[str]]]:
    """Phrases in “ ”, with the tokens they were cut into: candidates for the dictionary."""
    whole = tokens[tokens["nested_in"] == ""]
    by_measure: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for measure_id, start, end, surface in zip(
        whole["measure_id"], whole["start"], whole["end"], whole["surface"], strict=True
    ):
        by_measure[measure_id].append((start, end, surface))
    result: dict[tuple[str, str, str], tuple[int, list[str]]] = {}
    for measure in measures.itertuples():
        for match in QUOTED.finditer(measure.text):
            begin, stop = measure.start + match.start(1), measure.start + match.end(1)
            words = by_measure.get(measure.measure_id, ())
            inside = [surface for start, end, surface in words if start >= begin and end <= stop]
            key = ("quoted", match[1], "whole" if inside == [match[1]] else " / ".join(inside))
            count, where = result.get(key, (0, []))
            result[key] = (count + 1, [*where, measure.measure_id])
    return result


def audit_of(measures: pd.DataFrame, tokens: pd.DataFrame, found: Found, entries: Sequence[Entry]) -> pd.DataFrame:
    """Everything a critic of the segmentation would ask, most frequent first within each check."""
    counted = {key: (len(where), where) for key, where in found.items()}
    counted |= unmatched_and_split(measures, tokens, found, entries)
    counted |= quoted(measures, tokens)
    order = ("split", "unmatched", "quoted", "merged", "nested", "unlisted", "generic", "dropped")
    ranked = sorted(counted.items(), key=lambda pair: (order.index(pair[0][0]), -pair[1][0], pair[0]))
    return tables.from_rows(
        (
            {"check": check, "item": item, "rule": rule, "count": count, "measure_ids": list(dict.fromkeys(where))}
            for (check, item, rule), (count, where) in ranked
        ),
        tables.SEGMENTATION_AUDIT,
    )


def refuse_without_words(tokens: pd.DataFrame, file: Path) -> None:
    """An `InputError` where nothing is left to compare."""
    if tokens["generic"].all():  # also where there are none
        raise InputError(
            "除通用词外没有保留下任何词：文本是否为中文？停用词表与通用词表是否过长？",
            "no word was kept but generic ones: is the text Chinese, are the stop-word and generic lists too long?",
            file=file,
        )


def main(
    measures_csv: Path,
    settings_toml: Path,
    user_dict_txt: Path,
    stop_words_txt: Path,
    generic_words_txt: Path,
    synonyms_csv: Path,
    tokens_csv: Path,
    audit_csv: Path,
) -> None:
    measures = tables.read(measures_csv, tables.MEASURES)
    settings = load_settings(settings_toml).segment
    entries = load_dictionary(user_dict_txt)
    characters = int(measures["text"].str.len().sum())
    tokens, found = cut(
        measures,
        Segmenter(entries, hmm=settings.hmm, cache=_CACHE, engine=settings.engine_for(characters)),
        entries=entries,
        stop_words=load_word_list(stop_words_txt),
        generic=load_word_list(generic_words_txt),
        synonyms=load_synonyms(synonyms_csv),
        settings=settings,
    )
    refuse_without_words(tokens, measures_csv)
    tables.write(
        (tokens, tables.TOKENS, tokens_csv),
        (audit_of(measures, tokens, found, entries), tables.SEGMENTATION_AUDIT, audit_csv),
    )


if __name__ == "__main__":
    run(main)
