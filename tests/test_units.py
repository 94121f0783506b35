"""A document's unit: its place, a larger one, its year, its title or another column."""

from __future__ import annotations

import pytest

from pipeline.method import Gazetteer
from pipeline.units import Placed, placed, title_of, told_apart, unit_of, year_of


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2024", "2024"),
        ("2024年", "2024"),
        ("2024-05-01", "2024"),
        ("20240501", "2024"),
        ("发布于1999年", "1999"),
        ("第2024001号", ""),
        ("二〇二四年", ""),
        ("12024", ""),
        ("", ""),
    ],
)
def test_the_year_of_a_date_or_title_is_found(written: str, year: str) -> None:
    assert year_of(written) == year


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("山东_职教经验", "职教经验"),
        ("山东省 职教经验 2024年", "职教经验"),
        ("2024_湖北省宜昌市_做法_二", "做法_二"),
        ("2025年上海市政府工作报告", "2025年上海市政府工作报告"),
        ("山东", "山东"),
        ("山东_2024", "山东_2024"),
    ],
)
def test_the_title_in_a_file_name_is_what_says_neither_where_nor_when(places: Gazetteer, stem: str, title: str) -> None:
    assert title_of(stem, places) == title


@pytest.mark.parametrize(
    ("fields", "written", "code"),
    [
        ({"region": "宜昌市"}, "宜昌市", "420500"),
        ({"region": "西湖区", "prefecture": "杭州市", "province": "浙江省"}, "西湖区", "330106"),
        ({"province": "浙江省"}, "浙江省", "330000"),
        ({"title": "2025年上海市政府工作报告"}, "上海", "310000"),
        ({"title": "经验", "name": "浙江-2"}, "浙江", "330000"),
        ({"name": "2", "folder": "2024/湖南省"}, "湖南", "430000"),
    ],
)
def test_a_place_comes_from_its_column_then_from_the_title_the_name_and_the_folder(
    places: Gazetteer, fields: dict[str, str], written: str, code: str
) -> None:
    found = placed(fields, places)
    assert (found.written, found.found.place and found.found.place.adcode) == (written, code)


def test_a_document_that_names_no_place_has_none(places: Gazetteer) -> None:
    assert placed({"title": "经验", "name": "经验"}, places).found.place is None


def where(places: Gazetteer, name: str) -> Placed:
    return placed({"region": name}, places)


@pytest.mark.parametrize(
    ("unit", "region", "name", "level"),
    [
        ("region", "杭州市西湖区", "西湖", "district"),
        ("prefecture", "杭州市西湖区", "杭州", "prefecture-level city"),
        ("province", "杭州市西湖区", "浙江", "province"),
        ("province", "某县", "某县", "unknown"),
        ("prefecture", "浙江省", "浙江", "province"),
        ("year", "浙江省", "2024", "year"),
        ("处室", "浙江省", "未注明", "column"),
    ],
)
def test_the_unit_is_the_place_or_what_it_lies_in_or_another_column(
    places: Gazetteer, unit: str, region: str, name: str, level: str
) -> None:
    found = unit_of(unit, {"title": "2024年经验"}, where(places, region), places)
    assert (found.name, found.level) == (name, level)


@pytest.mark.parametrize(
    ("regions", "names"),
    [
        (["北京市朝阳区", "长春市朝阳区"], ["北京朝阳", "长春朝阳"]),
        (["吉林省", "吉林省吉林市"], ["吉林省", "吉林市"]),
        (["北京市朝阳区", "北京市朝阳区"], ["朝阳", "朝阳"]),
    ],
)
def test_places_of_one_name_are_told_apart(places: Gazetteer, regions: list[str], names: list[str]) -> None:
    units = [unit_of("region", {}, where(places, region), places) for region in regions]
    assert [unit.name for unit in told_apart(units)] == names
