"""The method reference names every statistic, and what it names exists."""

from __future__ import annotations

import ast
import re
import tomllib

from pipeline import tables
from tests.make import ROOT

PAGE = (ROOT / "docs/method.md").read_text("utf-8")
STATISTICS = sorted((ROOT / "pipeline/stats").glob("[a-z]*.py"))


def functions() -> set[str]:
    """module.function of every public function of pipeline/stats."""
    return {
        f"{module.stem}.{node.name}"
        for module in STATISTICS
        for node in ast.parse(module.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def test_every_public_statistic_is_on_the_page_and_every_one_on_the_page_exists() -> None:
    modules = "|".join(module.stem for module in STATISTICS)
    named = set(re.findall(rf"`((?:{modules})\.\w+)`", PAGE)) - {f"{module.stem}.csv" for module in STATISTICS}
    assert named == functions()


def test_every_setting_that_the_page_names_exists() -> None:
    known = tomllib.loads((ROOT / "method/settings.toml").read_text("utf-8"))
    named = re.findall(r"`\[(\w+)\] (\w+)`", PAGE)
    assert len(named) > 40
    assert [f"[{section}] {key}" for section, key in named if key not in known.get(section, {})] == []


def test_every_threshold_of_the_verdict_is_on_the_page() -> None:
    known = tomllib.loads((ROOT / "method/settings.toml").read_text("utf-8"))["verdict"]
    assert {key for key in known if f"`[verdict] {key}`" not in PAGE} == set()


def test_every_table_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(\w+)\.csv`", PAGE))
    assert named - {table.name for table in (*tables.ALL, *tables.APART)} == set()


def test_every_row_names_where_it_is_computed() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| what")]
    assert len(rows) > 40
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 6, row
        assert "`" in cells[3], row


def test_every_source_that_a_statistic_cites_stands_in_full_and_no_other() -> None:
    body, sources = PAGE.split("\n## Sources\n")
    cited = {tuple(one.rsplit(" ", 1)) for one in re.findall(r"[A-ZŞ][\w’'-]+(?: et al\.)? [12]\d{3}", body)}
    listed = [(line[2:], re.search(r"\((\d{4})\)", line)[1]) for line in sources.splitlines() if line.startswith("- ")]  # type: ignore[index]
    for name, when in cited:
        first = name.removesuffix(" et al.")
        assert any(first in line and when == of for line, of in listed), (name, when)
    for line, when in listed:
        first = re.split(r"[ ,]", line)[0]
        assert re.search(rf"{first}[^|;)]*{when}", body), line


def test_sources_are_in_order_and_their_identifiers_well_formed() -> None:
    lines = [line[2:] for line in PAGE.split("\n## Sources\n")[1].splitlines()]
    names = [re.split(r"[ ,]", line)[0].replace("Ş", "S").replace("ä", "a") for line in lines]
    assert names == sorted(names)
    for line in lines:
        if "doi:" in line:
            assert re.search(r"\. doi:10\.\d{4,9}/\S+$", line), line
