"""The explorer says what the tables say: of every region, every pair, any word and every theme."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from pipeline import tables
from tests.browser.conftest import Explorer, Reader
from tests.browser.told import cell, shows

LANGUAGES = ("zh", "en")
# Every number that the explorer shows at each of the fragments: [cell, text].
_NUMBERS = """async fragments => {
  const found = {};
  for (const fragment of fragments) {
    const gone = new Promise(done => addEventListener('hashchange', () => setTimeout(done), {once: true}));
    location.hash = fragment;
    await gone;
    found[fragment] = [...document.querySelectorAll('#explorer [data-cell]')].map(number => [number.dataset.cell, number.textContent]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def regions(processed: Path) -> pd.DataFrame:
    return tables.read(processed / "regions.csv", tables.REGIONS)


@pytest.fixture(scope="module")
def documents(processed: Path) -> pd.DataFrame:
    return tables.read(processed / "documents.csv", tables.DOCUMENTS)


@pytest.fixture(scope="module")
def measures(processed: Path) -> pd.DataFrame:
    return tables.read(processed / "measures.csv", tables.MEASURES)


def rows_of(page: Page, caption: str) -> list[list[str]]:
    """The cells of a table of the explorer."""
    return page.locator("#explorer figure.table", has_text=caption).locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )  # fmt: skip


def numbers_at(explorer: Explorer, processed: Path, fragments: list[str]) -> dict[str, set[str]]:
    """The names of the cells shown at each fragment, when every number has been compared with its cell."""
    found = explorer.at("#findings").evaluate(_NUMBERS, fragments)
    for fragment, numbers in found.items():
        assert numbers, fragment
        for name, text in numbers:
            assert shows(text, cell(processed, name)), (fragment, name, text)
    return {fragment: {name for name, _ in numbers} for fragment, numbers in found.items()}


def test_every_number_of_every_region_is_its_cell_of_a_table(
    explorer: Explorer, processed: Path, regions: pd.DataFrame
) -> None:
    shown = numbers_at(explorer, processed, [f"#region={region}" for region in regions["region"]])
    assert len(shown) == 13
    for region in regions["region"]:
        assert {f"regions.csv | {region} | measures", f"clusters.csv | {region} | support"} <= shown[
            f"#region={region}"
        ]


def test_every_number_of_every_pair_is_its_cell_of_a_table(
    explorer: Explorer, processed: Path, regions: pd.DataFrame
) -> None:
    similarity = tables.read(processed / "similarity.csv", tables.SIMILARITY)
    pairs = list(zip(similarity["region_a"], similarity["region_b"], strict=True))
    assert len(pairs) == 13 * 12 / 2
    shown = numbers_at(explorer, processed, [f"#pair={a}–{b}" for a, b in pairs])
    for a, b in pairs:
        own = {f"similarity.csv | {a}–{b} | cosine", f"pair_tests.csv | {a}|{b} | q"}
        assert own <= shown[f"#pair={a}–{b}"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_region_is_chosen_from_the_list(reader: Reader, report: Path, language: str) -> None:
    page = reader.opens(report, language=language)
    name = {"zh": "湖南", "en": "Hunan"}[language]
    page.get_by_role("combobox", name={"zh": "地区", "en": "Region"}[language], exact=True).select_option(label=name)
    expect(page.locator("#explorer-region h3")).to_have_text(name)
    assert page.evaluate("decodeURIComponent(location.hash)") == "#region=湖南"


def test_the_whole_text_of_a_region_is_read_in_its_explorer(
    explorer: Explorer, documents: pd.DataFrame, measures: pd.DataFrame
) -> None:
    for document in documents.itertuples():
        page = explorer.at(f"#region={document.region}")
        shown = page.locator("#explorer-region .measure .text").all_text_contents()
        own = measures[measures["region"] == document.region]
        assert shown == [document.text[row.start : row.end] for row in own.itertuples()]
        assert shown


def test_the_neighbours_and_keywords_of_a_region_stand_in_the_order_of_the_tables(
    explorer: Explorer, processed: Path, regions: pd.DataFrame
) -> None:
    neighbours = tables.read(processed / "neighbours.csv", tables.NEIGHBOURS).sort_values("rank")
    keywords = tables.read(processed / "keywords.csv", tables.KEYWORDS).sort_values("rank")
    for region in regions["region"]:
        page = explorer.at(f"#region={region}")
        nearest = [row[0] for row in rows_of(page, "最近的地区")]
        assert nearest == list(neighbours[neighbours["region"] == region]["other"])[: len(nearest)]
        assert len(nearest) >= 3
        listed = rows_of(page, "关键词")
        own = keywords[keywords["region"] == region].head(len(listed))
        assert [row[1] for row in listed] == own["term"].tolist()
        assert [row[2:4] for row in listed] == [[str(row.count), str(row.df)] for row in own.itertuples()]
        assert len(listed) >= 10


# The runs of each measure of the region: [text, whether it is marked as that].
_RUNS = """(lines, mark) => lines.map(line => [...line.querySelector('.text').childNodes].map(
  run => [run.textContent, run.nodeType === 1 && run.matches(mark)]))"""


def marked_in(page: Page, text: str, mark: str) -> set[int]:
    """Places of the document's characters that are marked in its measures, which are parts of it in its order."""
    at, places = 0, set()
    for line in page.locator("#explorer-region .measure").evaluate_all(_RUNS, mark):
        shown = "".join(run for run, _ in line)
        at = text.index(shown, at)
        for run, inside in line:
            places |= set(range(at, at + len(run))) if inside else set()
            at += len(run)
    return places


def test_keywords_are_marked_wherever_they_stand_and_no_more_when_switched_off(
    explorer: Explorer, processed: Path, documents: pd.DataFrame
) -> None:
    tokens = tables.read(processed / "tokens.csv", tables.TOKENS)
    for region in ("浙江", "湖南"):
        page = explorer.at(f"#region={region}")
        text = documents.set_index("region").loc[region, "text"]
        keywords = [row[1] for row in rows_of(page, "关键词")]
        assert len(keywords) >= 10
        spellings = {*keywords, *tokens[(tokens["region"] == region) & tokens["term"].isin(keywords)]["surface"]}
        wanted = {
            place
            for spelling in spellings
            for found in re.finditer(re.escape(spelling), text)
            for place in range(*found.span())
        }
        assert marked_in(page, text, "mark") == wanted
        page.get_by_label("关键词", exact=True).uncheck()
        expect(page.locator("#explorer-region .measure mark")).to_have_count(0)
        page.get_by_label("关键词", exact=True).check()
        assert marked_in(page, text, "mark") == wanted


def test_themes_are_marked_where_the_codebook_found_them(
    explorer: Explorer, processed: Path, documents: pd.DataFrame
) -> None:
    evidence = tables.read(processed / "theme_evidence.csv", tables.THEME_EVIDENCE)
    counted = evidence[(evidence["status"] == "counted") & (evidence["region"] == "湖南")]
    text = documents.set_index("region").loc["湖南", "text"]
    wanted = {place for hit in counted.itertuples() for place in range(hit.start, hit.end)}
    assert wanted
    page = explorer.at("#region=湖南")
    assert marked_in(page, text, ".theme") == wanted
    page.get_by_label("主题的指示词", exact=True).uncheck()
    expect(page.locator("#explorer-region .measure .theme")).to_have_count(0)
    page.get_by_label("主题的指示词", exact=True).check()


def test_one_theme_at_a_time_is_looked_at(explorer: Explorer, processed: Path) -> None:
    evidence = tables.read(processed / "theme_evidence.csv", tables.THEME_EVIDENCE)
    codebook = tables.read(processed / "codebook.csv", tables.CODEBOOK).set_index("theme")
    counted = evidence[(evidence["status"] == "counted") & (evidence["region"] == "浙江")]
    theme = counted["theme"].iloc[0]
    page = explorer.at("#region=浙江")
    button = page.locator("#explorer-region .toggles").get_by_role("button", name=codebook.loc[theme, "zh"])
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    held = counted[counted["theme"] == theme]["measure_id"].nunique()
    expect(page.locator("#explorer-region .measure:not(.dim)")).to_have_count(held)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#explorer-region .measure.dim")).to_have_count(0)


def test_a_pair_shows_its_shared_words_and_the_clauses_of_both_sides(
    explorer: Explorer, processed: Path, measures: pd.DataFrame
) -> None:
    shared = tables.read(processed / "similarity_terms.csv", tables.SIMILARITY_TERMS)
    own = shared[(shared["region_a"] == "浙江") & (shared["region_b"] == "上海")]
    own = own if len(own) else shared[(shared["region_a"] == "上海") & (shared["region_b"] == "浙江")]
    page = explorer.at("#pair=浙江–上海")
    listed = [row[0] for row in rows_of(page, "共用的词")]
    assert listed == list(own["term"])[: len(listed)]
    assert listed
    texts = measures.set_index("measure_id")["text"]
    sides = page.locator("#explorer-pair .sides > div")
    assert sides.count() == 2
    for side, column in ((0, "measures_a"), (1, "measures_b")):
        shown = set(sides.nth(side).locator(".measure .text").all_text_contents())
        leading = own.head(len(listed))
        assert {texts[ids[0]] for ids in leading[column]} <= shown
        assert shown <= {texts[one] for ids in leading[column] for one in ids}
    # Either order of the two names is the same pair.
    turned = explorer.at("#pair=上海–浙江")
    assert [row[0] for row in rows_of(turned, "共用的词")] == listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pair_is_chosen_from_two_lists(reader: Reader, report: Path, language: str) -> None:
    a, b = {"zh": ("浙江", "上海"), "en": ("Zhejiang", "Shanghai")}[language]
    page = reader.opens(report, language=language)
    page.locator("#explorer-tab-pair").click()
    page.locator("#explorer-pair-a").select_option(label=a)
    page.locator("#explorer-pair-b").select_option(label=b)
    expect(page.locator("#explorer-pair .sides")).to_be_visible()
    assert set(page.evaluate("decodeURIComponent(location.hash)").removeprefix("#pair=").split("–")) == {"浙江", "上海"}


# --- in context --------------------------------------------------------------------------------------------------


def shown_lines(page: Page) -> Counter[tuple[str, str, str]]:
    """Left context, what was looked for and right context of each line, as far as they are shown."""
    while page.locator("#explorer-term button.more").is_visible():
        page.locator("#explorer-term button.more").click()
    rows = page.locator("#explorer-term .kwic tbody tr").evaluate_all(
        "rows => rows.map(row => ['left', 'node', 'right'].map(part => row.querySelector(`.${part}`).textContent))"
    )
    return Counter((left, node, right) for left, node, right in rows)


def lines_of(documents: pd.DataFrame, measures: pd.DataFrame, word: str, context: int) -> Counter[tuple[str, str, str]]:
    """Every place of the word in the documents, within the measure that holds it."""
    found: Counter[tuple[str, str, str]] = Counter()
    for document in documents.itertuples():
        own = measures[measures["doc_id"] == document.doc_id]
        at = document.text.find(word)
        while at >= 0:
            for row in own.itertuples():
                if row.start <= at and at + len(word) <= row.end:
                    left = document.text[row.start : at][-context:]
                    found[left, word, document.text[at + len(word) : row.end][:context]] += 1
            at = document.text.find(word, at + len(word))
    return found


@pytest.mark.parametrize("word", ["双师", "教师", "校企合作", "的", "产教融合", "，"])
def test_the_lines_of_a_word_are_those_of_a_search_in_the_documents(
    explorer: Explorer, documents: pd.DataFrame, measures: pd.DataFrame, processed: Path, word: str
) -> None:
    page = explorer.at(f"#term={word}")
    found = shown_lines(page)
    wanted = lines_of(documents, measures, word, 40)
    tokens = tables.read(processed / "tokens.csv", tables.TOKENS)
    other = set(tokens[(tokens["term"] == word) & (tokens["surface"] != word)]["surface"])
    assert sum(wanted.values()) > 0
    assert Counter({line: count for line, count in found.items() if line[1] == word}) == wanted
    assert {node for _, node, _ in found} - {word} == other
    status = page.locator("#explorer-term .status").inner_text()
    assert str(sum(found.values())) in status


def test_the_lines_of_a_theme_are_the_places_that_the_codebook_counted(explorer: Explorer, processed: Path) -> None:
    evidence = tables.read(processed / "theme_evidence.csv", tables.THEME_EVIDENCE)
    counted = evidence[evidence["status"] == "counted"]
    documents = tables.read(processed / "documents.csv", tables.DOCUMENTS).set_index("doc_id")["text"]
    owner = tables.read(processed / "measures.csv", tables.MEASURES).set_index("measure_id")["doc_id"]
    for theme, hits in counted.groupby("theme"):
        page = explorer.at(f"#theme={theme}")
        nodes = Counter(node for (_, node, _), count in shown_lines(page).items() for _ in range(count))
        assert nodes == Counter(documents[owner[hit.measure_id]][hit.start : hit.end] for hit in hits.itertuples())


def test_lines_are_ordered_by_region_or_by_what_follows(explorer: Explorer, regions: pd.DataFrame) -> None:
    page = explorer.at("#term=教师")
    order = list(regions["region"])
    page.locator("#explorer-term-sort").select_option("0")
    sources = page.locator("#explorer-term .kwic .source").all_text_contents()
    places = [
        order.index(source.split("·")[0]) for source in sources if source.strip() and source.split("·")[0] in order
    ]
    assert places == sorted(places)
    assert len(places) > 5
    page.locator("#explorer-term-sort").select_option("2")
    right = list(page.locator("#explorer-term tbody .right").all_text_contents())
    beginnings = [line[:1] for line in right]
    # Equal beginnings stand together.
    assert len([1 for before, after in itertools.pairwise(beginnings) if before != after]) + 1 == len(set(beginnings))
    page.locator("#explorer-term-sort").select_option("0")


def test_a_word_is_looked_up_with_the_keyboard(reader: Reader, report: Path) -> None:
    page = reader.opens(report)
    page.locator("#explorer-tab-region").focus()
    page.keyboard.press("ArrowLeft")  # from the first tab to the last
    expect(page.locator("#explorer-tab-term")).to_be_focused()
    page.locator("#explorer-term-text").fill("双师")
    page.keyboard.press("Enter")
    expect(page.locator("#explorer-term .status")).to_contain_text("双师")
    expect(page.locator("#explorer-term .kwic tbody tr").first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_that_no_text_has_is_said_to_be_in_none(explorer: Explorer, language: str) -> None:
    page = explorer.at("#term=元宇宙", language)
    expect(page.locator("#explorer-term .status")).to_contain_text("元宇宙")
    expect(page.locator("#explorer-term .kwic")).to_have_count(0)


# --- links into the explorer -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_names_what_is_not_there_is_answered_in_a_sentence(explorer: Explorer, language: str) -> None:
    for kind, name in (("region", "北京"), ("pair", "浙江–北京"), ("theme", "nothing")):
        page = explorer.at(f"#{kind}={name}", language)
        status = page.locator("#explorer .status:visible")
        expect(status).to_contain_text(name)


def test_a_link_may_name_a_region_in_english_and_a_pair_with_any_dash(explorer: Explorer) -> None:
    page = explorer.at("#region=Zhejiang")
    expect(page.locator("#explorer-region h3")).to_have_text("浙江")
    for dash in "-–—":
        page = explorer.at(f"#pair=Zhejiang{dash}上海")
        expect(page.locator("#explorer-pair .sides"), dash).to_be_visible()


@pytest.mark.parametrize(
    "fragment", ["#region=浙江&lang=en", "#pair=浙江–上海&lang=en", "#term=双师&lang=en", "#theme=training&lang=en"]
)
def test_a_link_says_its_language(reader: Reader, report: Path, fragment: str) -> None:
    page = reader.opens(report, fragment)  # in a browser that prefers Chinese
    assert page.evaluate("document.documentElement.dataset.lang") == "en"
    assert page.evaluate("document.documentElement.lang") == "en"
    kind = fragment[1:].split("=")[0].replace("theme", "term")
    expect(page.locator(f"#explorer-{kind}")).to_be_visible()
    expect(page.locator("#explorer-heading .en")).to_be_in_viewport()
    expect(page.locator("#findings")).to_be_hidden()


def test_back_and_forward_go_from_one_look_to_the_other(reader: Reader, report: Path) -> None:
    page = reader.opens(report)
    page.locator("#explorer-region-name").select_option(label="湖南")
    expect(page.locator("#explorer-region h3")).to_have_text("湖南")
    page.locator("#explorer-region figure.table tbody a").first.click()
    expect(page.locator("#explorer-pair .sides")).to_be_visible()
    page.go_back()
    expect(page.locator("#explorer-region h3")).to_have_text("湖南")
    page.go_forward()
    expect(page.locator("#explorer-pair .sides")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fragment", ["#region=浙江", "#pair=浙江–上海", "#term=50%25 的"])
def test_a_copied_link_opens_what_was_looked_at(
    explorer: Explorer, reader: Reader, report: Path, language: str, fragment: str
) -> None:
    page = explorer.at(fragment, language)
    before = page.locator("#explorer [role=tabpanel]:visible").inner_text()
    page.locator("#explorer .copy-link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(report.as_uri())
    expect(page.locator("#explorer .copy-link")).to_have_text(
        {"zh": "复制链接", "en": "Copy link"}[language], timeout=10_000
    )
    again = reader.opens(report, link.removeprefix(report.as_uri()))
    assert again.evaluate("document.documentElement.dataset.lang") == language
    assert again.locator("#explorer [role=tabpanel]:visible").inner_text() == before
