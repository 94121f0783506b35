"""Suggest terms and synonyms that the word lists lack: measures.csv, tokens.csv -> suggestions.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.background import WORDS, Background, chosen
from pipeline.cli import run
from pipeline.method import (
    Entry,
    SuggestSettings,
    Synonym,
    load_dictionary,
    load_settings,
    load_synonyms,
    load_word_list,
)
from pipeline.segmentation import Segmenter
from pipeline.synonym_candidates import (
    SynonymCandidate,
    background_candidates,
    contexts_of,
    finest_words,
    synonym_candidates,
)
from pipeline.term_candidates import Clause, TermCandidate, clauses_of, term_candidates

_CACHE = Path(".cache") / "jieba"
_ENDS = "，。；：！？,;:!?\n"
_QUOTE = 40  # characters of a quote
_NEAR = 4  # terms named that lie near in the background

_REASONS = {
    "repeated": "反复出现 repeated",
    "quoted": "加引号 quoted",
    "abbreviation": "缩写 abbreviation",
    "sound": "一字音近 one character that sounds alike",
    "one character": "一字之差 one character differs",
    "wording": "用法相近 used alike",
    "background": "在背景语料里用法相近 used alike in the background",
}


@dataclass(frozen=True)
class _Uses:
    """Where a term stands: measure, region, first character and the one after the last in the measure's text."""

    places: tuple[tuple[str, str, int, int], ...]

    @property
    def measure_ids(self) -> list[str]:
        return list(dict.fromkeys(place[0] for place in self.places))

    @property
    def regions(self) -> set[str]:
        return {place[1] for place in self.places}


def passage(text: str, start: int, end: int) -> str:
    """The part of a sentence around ``text[start:end]``, no longer than needed or than 40 characters."""
    first = max(text.rfind(mark, 0, start) for mark in _ENDS) + 1
    last = min((at for mark in _ENDS if (at := text.find(mark, end)) >= 0), default=len(text))
    spare = max((_QUOTE - (end - start)) // 2, 0)
    low, high = max(first, start - spare), min(last, end + spare)
    return "…" * (low > first) + text[low:high].strip() + "…" * (high < last)


def dictionary_line(term: str, head_tag: str, *, quoted: bool) -> str:
    """The line for user_dict.txt: a verb at the end makes a verbal noun; a quotation without noun or verb is a fixed expression."""
    if head_tag.startswith("v"):
        return f"{term} vn"
    return f"{term} {'n' if head_tag.startswith('n') or not quoted else 'l'}"


def synonym_line(pair: SynonymCandidate, unlisted: Collection[str]) -> str:
    """The line for synonyms.csv. ``unlisted``: candidates for the dictionary, without which jieba never finds them."""
    note = f"candidate: {pair.reason}, check"
    if needed := [term for term in (pair.variant, pair.term) if term in unlisted]:
        note += f"; needs {' and '.join(needed)} in user_dict.txt"
    kind = "abbreviation" if pair.reason == "abbreviation" else "variant"
    cells = io.StringIO()
    csv.writer(cells, lineterminator="").writerow([pair.variant, pair.term, kind, note])
    return cells.getvalue()


def mergeable(pairs: Iterable[SynonymCandidate], synonyms: Mapping[str, Synonym]) -> Iterator[SynonymCandidate]:
    """The pairs whose lines the table of synonyms can take all together: no variant twice, none that is itself a term.

    Where only the variant is a term already, the pair is turned round, unless it is an abbreviation.
    """
    variants, terms = set(synonyms), {synonym.term for synonym in synonyms.values()}
    for pair in pairs:
        turned = pair if pair.reason == "abbreviation" else replace(pair, variant=pair.term, term=pair.variant)
        for way in (pair, turned):
            if way.variant not in variants | terms and way.term not in variants:
                variants.add(way.variant)
                terms.add(way.term)
                yield way
                break


def _uses(
    clauses: Sequence[Clause], found: Sequence[TermCandidate], measures: pd.DataFrame, tokens: pd.DataFrame
) -> dict[str, _Uses]:
    """Every token, those that stand in the text as they are counted first, and every candidate."""
    offset = dict(zip(measures["measure_id"], measures["start"], strict=True))
    places: dict[str, list[tuple[str, str, int, int]]] = {}
    for token in (
        tokens.assign(merged=tokens["surface"] != tokens["term"]).sort_values("merged", kind="stable").itertuples()
    ):
        start = offset[token.measure_id]
        place = (token.measure_id, token.region, token.start - start, token.end - start)
        places.setdefault(token.term, []).append(place)
    for candidate in found:
        places[candidate.term] = [
            (clause.measure_id, clause.region, clause.start + start, clause.start + start + len(candidate.term))
            for clause, start in ((clauses[number], start) for number, start in candidate.places)
        ]
    return {term: _Uses(tuple(where)) for term, where in places.items()}


def suggestions_of(
    measures: pd.DataFrame,
    tokens: pd.DataFrame,
    segmenter: Segmenter,
    *,
    entries: Sequence[Entry],
    stop_words: frozenset[str],
    generic: frozenset[str],
    synonyms: Mapping[str, Synonym],
    settings: SuggestSettings,
    background: Background | None = None,
) -> pd.DataFrame:
    """Terms, highest C-value first, then synonyms in the order of their reasons; nothing that the lists have.

    ``segmenter`` and lists are those that cut the ``tokens``. All lines may be pasted together.
    """
    listed = {entry.term for entry in entries}
    clauses = clauses_of(measures, segmenter, longest_quotation=settings.max_characters)
    words = {word for clause in clauses for word in clause.words}
    term_of = dict(zip(tokens["surface"], tokens["term"], strict=True))
    finest = {word: tuple(finest_words((word,), segmenter)) for word in {*words, *term_of.values()}}
    tags = segmenter.tags({*finest, *(part for parts in finest.values() for part in parts)})
    found = term_candidates(
        clauses,
        tags,
        listed=listed,
        known={word for word in words if segmenter.knows(word)},
        stop_words=stop_words,
        generic=generic,
        settings=settings,
    )
    contexts = contexts_of(
        clauses,
        term_of,
        found,
        generic={*generic, *tokens.loc[tokens["generic"], "term"]},
        words=settings.context_words,
    )
    cut = {candidate.term: candidate.words for candidate in found}
    words_of = {term: [part for word in cut.get(term, (term,)) for part in finest[word]] for term in contexts.terms}
    pairs = synonym_candidates(
        clauses,
        contexts,
        words_of,
        dict.fromkeys(cut, "x") | tags,  # a candidate is a word that no dictionary knows
        listed=listed,
        settings=settings,
    )
    uses = _uses(clauses, found, measures, tokens)
    space = background.spaces[WORDS] if background else None
    kept = [term for term in contexts.terms if len(term) > 1]
    if space:
        spoken = {term: len(contexts.clauses[term]) for term in contexts.terms}
        own_tags = dict.fromkeys(cut, "x") | tags
        pairs += background_candidates(contexts.terms, words_of, own_tags, space, spoken, settings)

    def near(words: Sequence[str]) -> str:
        return "·".join(space.nearest(words, kept, _NEAR)) if space else ""

    text_of = dict(zip(measures["measure_id"], measures["text"], strict=True))

    def quote(term: str) -> str:
        measure_id, region, start, end = uses[term].places[0]
        return f"{region}：{passage(text_of[measure_id], start, end)}"

    rows: list[dict[str, Any]] = [
        {
            "kind": "term",
            "suggestion": candidate.term,
            "other": "",
            "line": dictionary_line(candidate.term, tags[candidate.words[-1]], quoted=candidate.quoted),
            "reason": "quoted" if candidate.quoted else "repeated",
            "count": len(candidate.places),
            "count_other": None,
            "regions": len(uses[candidate.term].regions),
            "c_value": candidate.c_value,
            "npmi": candidate.npmi,
            "entropy_left": candidate.entropy_left,
            "entropy_right": candidate.entropy_right,
            "similarity": None,
            "near": near(words_of.get(candidate.term, candidate.words)),
            "measure_ids": uses[candidate.term].measure_ids,
            "quote": quote(candidate.term),
        }
        for candidate in found
    ]
    for pair in mergeable(pairs, synonyms):
        variant, term = uses[pair.variant], uses[pair.term]
        rows.append(
            {
                "kind": "synonym",
                "suggestion": pair.variant,
                "other": pair.term,
                "line": synonym_line(pair, cut),
                "reason": pair.reason,
                "count": len(variant.places),
                "count_other": len(term.places),
                "regions": len(variant.regions | term.regions),
                "c_value": None,
                "npmi": None,
                "entropy_left": None,
                "entropy_right": None,
                "similarity": pair.similarity,
                "near": near((pair.variant,)),
                "measure_ids": list(dict.fromkeys([*variant.measure_ids, *term.measure_ids])),
                "quote": f"{quote(pair.variant)} / {quote(pair.term)}",
            }
        )
    return tables.from_rows(rows, tables.SUGGESTIONS)


def _near(row: Any) -> Iterator[str]:
    if row.near:
        yield f"    背景语料中的近邻 near in the background: {row.near}"


def _printed_terms(rows: pd.DataFrame) -> Iterator[str]:
    yield "每条：要粘贴的一行；理由；次数，地区数，C 值，最弱结合处的 NPMI，左右分支熵（比特）；原文。"
    yield "Each: the line to paste; why; count, regions, C-value, NPMI of the weakest joint, branching entropy left and right (bits); the text."
    for row in rows.itertuples():
        yield ""
        yield row.line
        yield (
            f"    {_REASONS[row.reason]} · {row.count} 次 times · {row.regions} 地区 regions · C {row.c_value:.2f}"
            f" · NPMI {row.npmi:.2f} · H {row.entropy_left:.2f} {row.entropy_right:.2f}"
        )
        yield from _near(row)
        yield f"    {row.quote}"


def _printed_synonyms(rows: pd.DataFrame) -> Iterator[str]:
    yield "每条：要粘贴的一行；理由；两词各自的次数，共有地区数，上下文相似度；两处原文。"
    yield "Each: the line to paste; why; count of either, regions of both together, likeness of contexts; two texts."
    for row in rows.itertuples():
        yield ""
        yield row.line
        yield (
            f"    {_REASONS[row.reason]} · {row.count} + {int(row.count_other)} 次 times · {row.regions} 地区 regions"
            f" · cos {row.similarity:.2f}"
        )
        yield from _near(row)
        yield f"    {row.quote}"


def printed(suggestions: pd.DataFrame, listed: int) -> str:
    """The list for the researcher: terms, then synonyms, of each reason for these the first ``listed``."""
    terms = suggestions[suggestions["kind"] == "term"]
    synonyms = suggestions[suggestions["kind"] == "synonym"]
    lines: list[str] = []
    for title, rows, shown, body in (
        ("可加入 method/user_dict.txt 的词 Candidate terms", terms, terms.head(listed), _printed_terms),
        (
            "可加入 method/synonyms.csv 的同义词 Candidate synonyms",
            synonyms,
            synonyms.groupby("reason", sort=False).head(listed),
            _printed_synonyms,
        ),
    ):
        lines += ["", f"== {title}: {len(rows)} =="]
        lines += body(shown) if len(rows) else ["没有候选。None."]
        if len(shown) < len(rows):
            rest = len(rows) - len(shown)
            lines += ["", f"另有 {rest} 条只写入数据表。 {rest} more are in the table only."]
    if len(suggestions):
        lines += [
            "",
            "请逐条核对后再粘贴：method/ 未作任何改动。 Check each before you paste it: nothing in method/ was changed.",
        ]
    return "\n".join(lines[1:])


def main(
    measures_csv: Path,
    tokens_csv: Path,
    settings_toml: Path,
    user_dict_txt: Path,
    stop_words_txt: Path,
    generic_words_txt: Path,
    synonyms_csv: Path,
    background_folder: Path,
    suggestions_csv: Path,
) -> None:
    measures = tables.read(measures_csv, tables.MEASURES)
    tokens = tables.read(tokens_csv, tables.TOKENS)
    settings = load_settings(settings_toml)
    entries = load_dictionary(user_dict_txt)
    background, _ = chosen(background_folder, settings.background.name, settings_toml)
    suggestions = suggestions_of(
        measures,
        tokens,
        Segmenter(entries, hmm=settings.segment.hmm, cache=_CACHE),
        entries=entries,
        stop_words=load_word_list(stop_words_txt),
        generic=load_word_list(generic_words_txt),
        synonyms=load_synonyms(synonyms_csv),
        settings=settings.suggest,
        background=background,
    )
    tables.write((suggestions, tables.SUGGESTIONS, suggestions_csv))
    print(printed(suggestions, settings.suggest.listed))


if __name__ == "__main__":
    run(main)
