"""What Word and PDF share: numbers of captions, cross-references, widths of columns, figures cut between pages."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from PIL import Image

from pipeline.report.document import Details, Document, Figure, Heading, Paragraph, Span, Spans, Table
from pipeline.report.paged import (
    SIZE,
    SMALL,
    TURNED,
    WIDTH,
    captions,
    cuts,
    fitted,
    headings_in_sources,
    pieces,
    referred,
    shown,
)
from tests.report_of_all_kinds import spans

NAMED = {"table-a": "表 1", "figure-b": "图 2"}


def text(runs: Spans) -> str:
    return "".join(span.text for span in runs)


def table(columns: dict[str, tuple[str, ...]], align: str) -> Table:
    rows = zip(*columns.values(), strict=True)
    return Table("", tuple(columns), tuple(tuple(spans(cell) for cell in row) for row in rows), align)


def test_captions_are_numbered_by_kind_in_the_order_of_what_is_shown() -> None:
    blocks = [
        Table("", ("a",), (), "l", "t1"),
        Details((), (Table("", ("a",), (), "l", "left-out"),), long=True),
        Figure("f", (), "", ()),
        Details((), (Table("", ("a",), (), "l", "t2"), Table("", ("a",), (), "l")), "d"),
        Table("", ("a",), (), "l", "t4"),
    ]
    assert captions(blocks, "zh") == {"t1": "表 1", "figure-f": "图 1", "t2": "表 2", "t4": "表 4"}
    assert captions(blocks, "en")["t4"] == "Table 4"
    assert [type(block).__name__ for block in shown(blocks)] == [
        "Table",
        "Figure",
        "Details",
        "Table",
        "Table",
        "Table",
    ]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((Span("余弦 "), Span("0.3", "#table-a"), Span("。下一句。")), "余弦 0.3（表 1）。下一句。"),
        # once in a run; not for a target without a caption
        ((Span("0.3", "#table-a"), Span("；"), Span("0.4", "#table-a"), Span("5", "#m"), Span("。")), "0.3（表 1）；0.45。"),
        # brackets are not left before they close
        ((Span("（"), Span("0.3", "#table-a"), Span("；甲），"), Span("0.4", "#figure-b"), Span("；乙")), "（0.3；甲），0.4（表 1、图 2）；乙"),
        ((Span("0.3", "#table-a"), Span(" 无句号")), "0.3 无句号（表 1）"),
        ((Span("甲。"), Span("乙", "#table-a")), "甲。乙（表 1）"),
    ],
)  # fmt: skip
def test_a_sentence_that_links_to_a_table_names_it_at_its_end(runs: Spans, expected: str) -> None:
    found = referred(runs, NAMED, "zh")
    assert text(found) == expected
    assert {(span.text, span.href) for span in found if span.kind == "reference"} <= {("表 1", "#table-a"), ("图 2", "#figure-b")}  # fmt: skip


def test_a_point_inside_a_number_ends_no_english_sentence() -> None:
    runs = (Span("of "), Span("3", "#table-a"), Span(" at 0.5 or more. Next."))
    assert text(referred(runs, {"table-a": "Table 1"}, "en")) == "of 3 at 0.5 or more (Table 1). Next."


@given(parts=st.lists(st.tuples(st.text(alphabet="甲a.;。；（）() 0", max_size=6), st.sampled_from(["", "#table-a", "#x"])), max_size=6))  # fmt: skip
def test_a_cross_reference_adds_to_a_run_and_changes_nothing_of_it(parts: list[tuple[str, str]]) -> None:
    runs = tuple(Span(words, href) for words, href in parts)
    for language in ("zh", "en"):
        found = referred(runs, {"table-a": "T"}, language)
        added = [at for at, span in enumerate(found) if span.kind == "reference"]
        assert len(added) == any(href == "#table-a" for _, href in parts)
        kept = [span for at, span in enumerate(found) if not any(abs(at - one) <= 1 for one in added)]
        assert len(text(kept)) <= len(text(runs))
        opening, closing = ("（", "）") if language == "zh" else (" (", ")")
        assert text(found).replace(f"{opening}T{closing}", "", 1) == text(runs)


def test_a_small_table_is_as_wide_as_its_cells_and_heads_take_two_lines() -> None:
    fit = fitted(table({"甲": ("四个汉字", "一"), "八个汉字的列名呀": ("12", "3")}, "lr"))
    em, margin = 8 * 0.0353, 0.32  # cm: 8 points, and the room beside the text
    assert fit.widths == pytest.approx((4 * em + margin, 4 * em + margin))
    assert (fit.size, fit.turned) == (SIZE, False)


def test_running_text_is_broken_and_numbers_are_not() -> None:
    fit = fitted(table({"n": ("浙江 – 上海",), "w": ("字" * 300,), "r": ("0.123",)}, "nwr"))
    name, words, number = fit.widths
    assert sum(fit.widths) == pytest.approx(WIDTH)
    assert name == pytest.approx((4 + 3 * 0.52 - 2 * 0.2) * 8 * 0.0353 + 0.32)  # four characters, a dash, two blanks
    assert number == pytest.approx((4 * 0.52 + 0.32) * 8 * 0.0353 + 0.32)
    assert words > 10


def test_a_wide_table_has_smaller_text_and_a_wider_one_turns_the_page() -> None:
    columns = {f"c{n}": ("字" * 6,) for n in range(9)}  # 9 (6 x 0.282 + 0.32) = 18.1 cm; at 7 points 16.2 cm
    assert (fitted(table(columns, "r" * 9)).size, fitted(table(columns, "r" * 9)).turned) == (SMALL, False)
    columns = {f"c{n}": ("字" * 6,) for n in range(11)}  # at 7 points 19.8 cm
    assert (fitted(table(columns, "r" * 11)).size, fitted(table(columns, "r" * 11)).turned) == (SIZE, True)


@given(st.lists(st.tuples(st.sampled_from("lnrw"), st.text(max_size=60)), min_size=1, max_size=30))
def test_no_table_is_wider_than_its_page(columns: list[tuple[str, str]]) -> None:
    row = tuple((Span(words),) for _, words in columns)
    fit = fitted(Table("", ("",) * len(columns), (row,), "".join(letter for letter, _ in columns)))
    assert len(fit.widths) == len(columns)
    assert all(width > 0 for width in fit.widths)
    assert sum(fit.widths) <= (TURNED if fit.turned else WIDTH) + 1e-9


def test_a_table_without_rows_is_as_wide_as_its_heads() -> None:
    assert len(fitted(Table("", ("a", "b"), (), "lr")).widths) == 2


@pytest.fixture
def png(tmp_path: Path) -> Callable[[int, list[int]], Path]:
    def made(height: int, white: list[int]) -> Path:
        image = Image.new("L", (166, height), 0)
        for row in white:
            image.paste(255, (0, row, 166, row + 1))
        image.save(tmp_path / "x.png", dpi=(300, 300))
        return tmp_path / "x.png"

    return made


def test_a_figure_higher_than_a_page_is_cut_where_it_is_white(png: Callable[[int, list[int]], Path]) -> None:
    # a page is 22/16.6 as high as wide: 220 rows
    path = png(500, [150, 200, 390])
    assert cuts(path) == [(0, 200), (200, 390), (390, 500)]
    with path.open("rb") as whole:
        rows = Image.open(whole).convert("L")
        for (top, bottom), piece in zip(cuts(path), pieces(path), strict=True):
            (path.parent / "piece.png").write_bytes(piece)
            with Image.open(path.parent / "piece.png") as cut:
                assert cut.convert("L").tobytes() == rows.crop((0, top, 166, bottom)).tobytes()


@given(white=st.sets(st.integers(0, 999), max_size=30))
def test_the_parts_of_a_figure_are_the_whole_figure(white: set[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("png") / "x.png"
    image = Image.new("L", (166, 1000), 0)
    for row in white:
        image.paste(255, (0, row, 166, row + 1))
    image.save(path)
    rows = cuts(path)
    assert (rows[0][0], rows[-1][1]) == (0, 1000)
    assert all(before[1] == after[0] for before, after in pairwise(rows))
    assert all(0 < bottom - top <= 220 for top, bottom in rows)


def test_a_figure_a_little_higher_than_a_page_is_made_smaller(png: Callable[[int, list[int]], Path]) -> None:
    path = png(286, [150])
    assert pieces(path) == [path.read_bytes()]


def test_a_paragraph_without_links_stays_as_it_is() -> None:
    run = Paragraph(spans("甲。")).spans
    assert referred(run, NAMED, "zh") == run


def test_the_headings_of_single_sources_are_those_after_the_heading_of_all() -> None:
    headings = (Heading(2, "One", "a"), Heading(3, "Part", "b"), Heading(2, "Sources", "s"), Heading(3, "浙江", "z"))
    assert headings_in_sources(Document("zh", "t", "s", headings, shared="s")) == {"z"}
    assert headings_in_sources(Document("zh", "t", "s", headings)) == frozenset()
