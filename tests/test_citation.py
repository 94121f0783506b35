"""CITATION.cff says what LICENSE, pyproject.toml and the code say; entries to paste are those of the standards."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
import yaml

import pipeline
from pipeline.report.sections.citing import bibtex, fragment, run_name
from tests.make import ROOT


@pytest.fixture(scope="module")
def cff() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8")))


def test_the_citation_file_has_what_version_1_2_0_of_the_format_requires_and_no_key_that_it_does_not_know(
    cff: dict[str, Any],
) -> None:
    assert cff["cff-version"] == "1.2.0"
    assert {"authors", "cff-version", "message", "title"} <= set(cff)
    known = {
        "abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi", "identifiers", "keywords", "license",
        "license-url", "message", "preferred-citation", "references", "repository", "repository-artifact", "repository-code",
        "title", "type", "url", "version",
    }  # fmt: skip
    assert set(cff) <= known
    assert cff["type"] == "software"
    assert len(set(cff["keywords"])) == len(cff["keywords"]) > 0
    assert all(isinstance(value, str) and value for value in (cff["message"], cff["title"], cff["version"]))
    assert all(set(author) == {"name"} for author in cff["authors"])


def test_version_licence_and_authors_are_those_of_the_project(cff: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert cff["version"] == project["version"] == pipeline.__version__
    assert cff["license"] == project["license"] == "MIT"
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert licence.startswith("MIT License")
    assert f"Copyright (c) {pipeline.YEAR} {pipeline.AUTHORS}\n" in licence
    assert [author["name"] for author in cff["authors"]] == [pipeline.AUTHORS]


def test_a_date_of_release_stands_there_exactly_when_the_changelog_has_the_version(cff: dict[str, Any]) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    released = re.search(rf"^## {re.escape(cff['version'])} \((\d{{4}}-\d\d-\d\d)\)$", changelog, flags=re.MULTILINE)
    assert str(cff.get("date-released", "")) == (released[1] if released else "")


def test_no_address_stands_in_the_citation_file() -> None:
    assert "://" not in (ROOT / "CITATION.cff").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("my_regions", r"my\_regions"),
        ("100% & more #1 $x", r"100\% \& more \#1 \$x"),
        ("{a}~b^c\\d", r"\{a\}\textasciitilde{}b\textasciicircum{}c\textbackslash{}d"),
        ("《经验》—做法", "《经验》—做法"),
        ("two\nlines", "two lines"),
        ("", ""),
    ],
)
def test_a_bibtex_field_holds_nothing_that_latex_reads_as_a_command(text: str, value: str) -> None:
    assert bibtex(text) == value


@pytest.mark.parametrize(
    ("name", "written"), [("浙江", "浙江"), ("New York", "New%20York"), ("甲&乙#1", "甲%26乙%231"), ("5%", "5%25")]
)
def test_a_link_to_a_region_holds_nothing_that_would_end_it(name: str, written: str) -> None:
    assert fragment(name) == written


@pytest.mark.parametrize(
    ("unit", "method", "name"),
    [
        ("region", "method", "corpus"),
        ("province", "method", "corpus@province"),
        ("region", "deep/my-method", "corpus+my-method"),
        ("year", "my-method", "corpus@year+my-method"),
    ],
)
def test_a_run_is_cited_by_the_name_of_its_folder(unit: str, method: str, name: str) -> None:
    assert run_name({"corpus": "corpus", "unit": unit, "method": method}) == name
