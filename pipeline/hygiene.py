"""Clean text of what exports leave in it, each change with its place and its reason: pure functions, no stage.

What stands on the page stays. Marks that only steer how a text is shown go; another form of a character becomes the
common one. A blank stays one blank inside a line, also between Han characters: 第一章　总则 and 主任　副主任 are two words,
and joining them would invent a third. 职 业 教 育 with plain blanks is left to its author.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.errors import InputError
from pipeline.method import TextSettings


@dataclass(frozen=True)
class Change:
    """``removed`` is exactly ``text[start:end]`` of the text as given; ``replacement`` stands there now.

    A lost character (U+FFFD) stands for itself: it is named, but nothing can be put in its place.
    """

    start: int
    end: int
    removed: str
    replacement: str
    reason: str


class _Edit(NamedTuple):
    start: int
    end: int
    replacement: str
    reason: str


_Step = Callable[[str], Iterator[_Edit]]

_BOOKMARK = re.compile(r"\[bookmark:[^\[\]\n]*\]")
_LINE_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# Never characters of a text: C0 and C1, lone surrogates, code points that Unicode sets aside for no character.
_CONTROL = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]+"
)
# Soft hyphen, joiners, Hangul fillers, marks of Mongolian, of mathematics, of annotations and of objects, tags.
# Variation selectors choose a glyph, not a character: 葛 with one would be counted apart from 葛 without.
_INVISIBLE = re.compile(
    "[\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
# \ue5e5 is the ideographic blank of old GBK pages, in the private area.
_BLANKS = "\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\ue5e5"
_BLANK = re.compile(f"(?<! ) *[{_BLANKS}][ {_BLANKS}]*")
# No step looks for these, as long as they stand for themselves.
_PLAIN = "\n 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ，。；：、！？（）《》“”‘’—…·.,;:%-+()/"
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")
_LOST = re.compile("\ufffd+")

# What NFKC takes no notice of, though PDF exports put them in place of characters: simplified forms among the radicals
# (Unicode, EquivalentUnifiedIdeograph.txt). The last three it makes 戶, 靑 and 黃; in a simplified text 用⼾ is 用户.
_RADICALS = dict(
    zip(
        "⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⼾⾭⿈",
        "民虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙户青黄",
        strict=True,
    )
)
# Vertical and small forms of Chinese marks are Chinese marks, not ASCII ones.
_MARK_FORMS = re.compile("[\ufe10-\ufe1f\ufe30-\ufe6f]")
_FULL_WIDTH = str.maketrans(",:;?!()", "，：；？！（）")


def _each(pattern: re.Pattern[str], replacement: str, reason: str) -> _Step:
    def step(text: str) -> Iterator[_Edit]:
        for found in pattern.finditer(text):
            yield _Edit(found.start(), found.end(), replacement, reason)

    return step


def _blanks(text: str) -> Iterator[_Edit]:
    """Indentation and what trails a line goes, with the plain blanks beside it; elsewhere one plain blank stays."""
    for found in _BLANK.finditer(text):
        start, end = found.span()
        at_edge = start == 0 or text[start - 1] == "\n" or end == len(text) or text[end] == "\n"
        yield _Edit(start, end, "" if at_edge else " ", "blank")


@lru_cache
def kept_forms(written: tuple[str, ...]) -> frozenset[str]:
    """The characters of the setting: each string lists some, or is a range such as ①-⑳."""
    kept: set[str] = set()
    for entry in written:
        if len(entry) == 3 and entry[1] == "-":
            kept.update(map(chr, range(ord(entry[0]), ord(entry[2]) + 1)))
        else:
            kept.update(entry)
    return frozenset(kept)


def _joins(character: str) -> bool:
    """Whether it is written over the character before it."""
    return unicodedata.combining(unicodedata.normalize("NFKC", character)[0]) > 0


def _common_form(cluster: str, kept: frozenset[str]) -> str:
    """A character with the marks over it, in its common form.

    A form that falls apart at a blank (´ would be a blank with a mark over it) stays as it is.
    """
    if cluster[0] in kept:
        return cluster
    if cluster[0] in _RADICALS:
        return _RADICALS[cluster[0]] + cluster[1:]
    common = unicodedata.normalize("NFKC", cluster)
    if _MARK_FORMS.match(cluster):
        common = common.translate(_FULL_WIDTH)
    return cluster if " " in common else common


def _one_of(characters: Iterable[str]) -> str:
    return "".join(map(re.escape, sorted(characters)))


def _forms(kept: frozenset[str]) -> _Step:
    def step(text: str) -> Iterator[_Edit]:
        unusual = {character for character in set(text) if not character.isascii()}
        marks = _one_of(character for character in unusual if _joins(character))
        forms = _one_of(character for character in unusual if _common_form(character, kept) != character)
        patterns = [f"[^{marks}]?[{marks}]+"] * bool(marks) + [f"[{forms}]"] * bool(forms)
        if not patterns:
            return
        for found in re.finditer("|".join(patterns), text):
            common = _common_form(found[0], kept)
            if common != found[0]:
                yield _Edit(found.start(), found.end(), common, "compatibility form")

    return step


def _simplified() -> _Step:
    """Traditional characters to simplified ones, by phrase (OpenCC, t2s): 乾燥 becomes 干燥, 乾隆 stays."""
    try:
        from opencc import OpenCC  # an extra, that few corpora need
    except ImportError:
        raise InputError(
            '转换繁体字需要 OpenCC。请运行 make extras，或改为 traditional = "keep"。',
            'converting traditional characters needs OpenCC. Run `make extras`, or write traditional = "keep".',
            file="[text] traditional",
        ) from None
    convert = OpenCC("t2s").convert

    def step(text: str) -> Iterator[_Edit]:
        for found in _HAN.finditer(text):
            start, run = found.start(), found[0]
            simple = convert(run)
            if len(simple) != len(run):
                yield _Edit(start, found.end(), simple, "traditional character")
                continue
            for at, (before, after) in enumerate(zip(run, simple, strict=True), start):
                if before != after:
                    yield _Edit(at, at + 1, after, "traditional character")

    return step


def _applied(text: str, edits: Iterable[_Edit]) -> str:
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += [text[at : edit.start], edit.replacement]
        at = edit.end
    return "".join([*parts, text[at:]])


def _composed(first: Sequence[_Edit], text: str, second: Sequence[_Edit]) -> list[_Edit]:
    """One list for two that follow each other: ``first`` made ``text``, of which ``second`` counts the places.

    Where the second takes up what the first put in, both are one edit with the reason of the second.
    """
    placed: list[tuple[int, int, int, _Edit]] = [(edit.start, edit.end, 1, edit) for edit in second]
    shift = 0  # place in the text as given, less the place in ``text``
    for edit in first:
        start = edit.start - shift
        placed.append((start, start + len(edit.replacement), 0, edit))
        shift += edit.end - edit.start - len(edit.replacement)
    groups: list[list[tuple[int, int, int, _Edit]]] = []
    reached = -1
    for one in sorted(placed, key=lambda one: one[:2]):
        if one[0] < reached:
            groups[-1].append(one)
        else:
            groups.append([one])
        reached = max(reached, one[1])
    done: list[_Edit] = []
    shift = 0
    for group in groups:
        start, end = group[0][0], max(one[1] for one in group)
        later = [edit for _, _, order, edit in group if order == 1]
        inside = [edit._replace(start=edit.start - start, end=edit.end - start) for edit in later]
        given = start + shift
        shift += sum(edit.end - edit.start - len(edit.replacement) for _, _, order, edit in group if order == 0)
        reason = (later or [group[0][3]])[-1].reason
        done.append(_Edit(given, end + shift, _applied(text[start:end], inside), reason))
    return done


def _runs(text: str, edits: Sequence[_Edit]) -> tuple[Change, ...]:
    """Edits that touch and have one reason are one change."""
    if not edits:
        return ()
    runs: list[_Edit] = []
    for edit in edits:
        if runs and (runs[-1].end, runs[-1].reason) == (edit.start, edit.reason):
            last = runs.pop()
            edit = _Edit(last.start, edit.end, last.replacement + edit.replacement, edit.reason)
        runs.append(edit)
    return tuple(
        Change(edit.start, edit.end, text[edit.start : edit.end], edit.replacement, edit.reason) for edit in runs
    )


@lru_cache
def _untouched(settings: TextSettings) -> re.Pattern[str]:
    """Texts of these characters alone stay as they are: most are, and need not go through the steps."""
    kept = kept_forms(settings.kept_forms)
    plain = [chr(code) for code in (*range(0x3001, 0x3003), *range(0x4E00, 0x9FA6), *map(ord, _PLAIN))]
    return re.compile(f"[{_one_of(one for one in plain if not _joins(one) and _common_form(one, kept) == one)}]*")


def _cleaned(text: str, settings: TextSettings) -> tuple[str, list[_Edit]]:
    if settings.traditional == "keep" and _untouched(settings).fullmatch(text):
        return text, []
    steps: list[_Step] = [
        _each(_BOOKMARK, "", "bookmark"),
        _each(_LINE_BREAK, "\n", "line break"),
        _each(_CONTROL, "", "control character"),
        _each(_INVISIBLE, "", "invisible character"),
        _each(_DIRECTION, "", "direction mark"),
        _forms(kept_forms(settings.kept_forms)),
        _blanks,
    ]
    if settings.traditional == "simplify":
        steps.append(_simplified())
    now, edits = text, list[_Edit]()
    changing = True
    while changing:  # what one step takes away may bring together what another looks for
        changing = False
        for step in steps:
            found = list(step(now))
            if found:
                edits = _composed(edits, now, found)
                now = _applied(now, found)
                changing = True
    lost = [_Edit(found.start(), found.end(), found[0], "lost character") for found in _LOST.finditer(now)]
    return now, _composed(edits, now, lost)


def cleaned(text: str, settings: TextSettings) -> tuple[str, tuple[Change, ...]]:
    """The text without what is no part of it, and every change in order; cleaning it again changes nothing."""
    now, edits = _cleaned(text, settings)
    return now, _runs(text, edits)


_PAGE = re.compile(
    r"[-\u2010-\u2015－─~～·•]+\s*\d{1,4}\s*[-\u2010-\u2015－─~～·•]+"
    r"|第\s*\d{1,4}\s*页(?:[\s，,/／]*共\s*\d{1,4}\s*页)?"
    r"|Page\s+\d{1,4}(?:\s+of\s+\d{1,4})?",
    re.IGNORECASE,
)
# A page number only beside a form feed: anywhere else it may be a serial number or a figure of a table.
_BARE_PAGE = re.compile(r"\d{1,4}(?:\s*[/／]\s*\d{1,4})?")
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十百\d]+[）)、.．]|第[一二三四五六七八九十百\d]+[章节条部编]")
_SENTENCE = tuple("。！？；，、：!?;,:")


class _Line(NamedTuple):
    start: int
    end: int  # after its line feed
    words: str  # without blanks at its ends
    breaks: bool  # a form feed stands before it


def _lines(text: str) -> list[_Line]:
    """Lines that hold something; a form feed ends a line, and belongs to none."""
    lines: list[_Line] = []
    start, breaks = 0, False
    for part in re.split("(\n|\f)", text):
        end = start + len(part)
        if part == "\f":
            breaks = True
        elif part.strip():
            following = end + (text[end : end + 1] == "\n")
            lines.append(_Line(start, following, part.strip(), breaks))
            breaks = False
        start = end
    return lines


def _may_go(words: str, settings: TextSettings) -> bool:
    """Neither long, nor a sentence or what announces one (各位代表：), nor a numbered heading (一、总体要求)."""
    short = len(words) <= settings.repeated_line_max
    return short and not words.endswith(_SENTENCE) and not _NUMBERED.match(words)


def _running(lines: list[_Line], settings: TextSettings) -> dict[int, str]:
    """Page numbers and running heads among the lines of one document: line number -> reason.

    A running head stands at least ``repeated_pages`` times in the document, and nearly always at the edge of a page:
    first or last in the document, or next to a form feed, a page number or another running head. A line that only
    comes back (责任单位：省教育厅, 各位代表！) does not.
    """
    page_ends = {at for at, line in enumerate(lines) if line.breaks}
    gone: dict[int, str] = {}
    for at, line in enumerate(lines):
        at_feed = at in page_ends or at + 1 in page_ends
        if _PAGE.fullmatch(line.words) or (at_feed and _BARE_PAGE.fullmatch(line.words)):
            gone[at] = "page number"
    if not gone and not page_ends:
        return gone
    counted = Counter(line.words for at, line in enumerate(lines) if at not in gone)
    candidates = {
        words for words, times in counted.items() if times >= settings.repeated_pages and _may_go(words, settings)
    }
    while candidates:  # below one running head there may be a second
        at_edge = Counter[str]()
        kept = [at for at in range(len(lines)) if at not in gone]
        for before, at, after in zip([-1, *kept], kept, [*kept[1:], len(lines)], strict=False):
            ends = {0, len(lines), *page_ends}
            at_edge[lines[at].words] += after - before > 2 or at in ends or at + 1 in ends
        found = {words for words in candidates if at_edge[words] >= settings.page_edge_share * counted[words]}
        if not found:
            break
        gone |= {at: "repeated line" for at in kept if lines[at].words in found}
        candidates -= found
    return gone


def repeated_lines(texts: Sequence[str], settings: TextSettings) -> tuple[tuple[Change, ...], ...]:
    """What pages and web sites put around the texts of one corpus, as changes of each text as it was read.

    Besides the page numbers and running heads of each document, lines of a web site go: among its first or last
    ``site_lines`` lines, in at least ``site_documents`` documents alike, with one of ``site_words`` in it. A heading that
    all documents of a kind have (总体要求) has none of these, and stays.
    """
    split = [_lines(text) for text in texts]
    gone = [_running(lines, settings) for lines in split]
    edges: list[list[int]] = []
    for lines, without in zip(split, gone, strict=True):
        left = [at for at in range(len(lines)) if at not in without]
        edges.append(sorted({*left[: settings.site_lines], *left[len(left) - settings.site_lines :]}))
    documents = Counter(
        words
        for lines, places in zip(split, edges, strict=True)
        for words in {lines[at].words for at in places}
        if _may_go(words, settings) and any(word in words for word in settings.site_words)
    )
    for lines, places, without in zip(split, edges, gone, strict=True):
        for at in places:
            if documents[lines[at].words] >= settings.site_documents:
                without[at] = "repeated line"
    return tuple(
        _runs(text, [_Edit(lines[at].start, lines[at].end, "", without[at]) for at in sorted(without)])
        for text, lines, without in zip(texts, split, gone, strict=True)
    )


def all_cleaned(texts: Sequence[str], settings: TextSettings) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    """The texts of one corpus as they were read, without `repeated_lines` and `cleaned`, places as in the texts given.

    In this order: once cleaned, a text has no form feeds, which tell where its pages end.
    """
    done: list[tuple[str, tuple[Change, ...]]] = []
    for text, lines in zip(texts, repeated_lines(texts, settings), strict=True):
        first = [_Edit(change.start, change.end, "", change.reason) for change in lines]
        between = _applied(text, first)
        now, second = _cleaned(between, settings)
        done.append((now, _runs(text, _composed(first, between, second))))
    return tuple(done)
