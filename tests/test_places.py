"""What a written name means, and what a title mentions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from pipeline.method import Gazetteer, Place, at_level, found_in, load_gazetteer, resolve
from pipeline.method.places import PHRASES
from tests.make import ROOT

PLACES = load_gazetteer(ROOT / "method/regions.csv")
CODES = {place.adcode: place for place in PLACES}


def told(resolution: object) -> tuple[str, str]:
    """Status and code, or the codes of the candidates."""
    place = resolution.place  # type: ignore[attr-defined]
    codes = place.adcode if place else " ".join(one.adcode for one in resolution.candidates)  # type: ignore[attr-defined]
    return resolution.status, codes  # type: ignore[attr-defined]


NAMES = [
    # full and short names, aliases
    *(("山东省", "found", "370000"), ("山东", "found", "370000"), ("鲁", "found", "370000"), ("京", "found", "110000")),
    *(("内蒙古自治区", "found", "150000"), ("广西自治区", "found", "450000"), ("香港", "found", "810000")),
    *(("恩施", "found", "422800"), ("恩施州", "found", "422800"), ("锡盟", "found", "152500")),
    *(("积石山", "found", "622927"), ("积石山县", "found", "622927"), ("单县", "found", "371722")),
    *(("达茂旗", "found", "150223"), ("神农架", "found", "429021"), ("浦东", "found", "310115")),
    # blanks
    *(("山 东 省", "found", "370000"), ("内蒙古自\n治区", "found", "150000"), ("宜\u3000昌\t市", "found", "420500")),
    # chains
    *(("山东省济南市历下区", "found", "370102"), ("济南市历下区", "found", "370102"), ("湖北宜昌", "found", "420500")),
    *(
        ("内蒙古兴安盟", "found", "152200"),
        ("内蒙古自治区 兴安盟", "found", "152200"),
        ("四川省-成都市", "found", "510100"),
    ),
    *(
        ("徐州鼓楼", "found", "320302"),
        ("上海市市辖区浦东新区", "found", "310115"),
        ("北京市北京市", "found", "110000"),
    ),
    *(("湖北省省直辖县级行政区划仙桃市", "found", "429004"), ("长沙长沙县", "found", "430121")),
    *(("山东省历下区", "found", "370102"), ("江苏／徐州／鼓楼区", "found", "320302")),
    # one name, several places
    ("市中区", "ambiguous", "370103 370402 511002 511102"),
    ("鼓楼区", "ambiguous", "320106 320302 350102 410204"),
    ("江苏省鼓楼区", "ambiguous", "320106 320302"),
    ("城区", "ambiguous", "140302 140502 441502"),
    ("东乡", "ambiguous", "361003 622926"),
    # the highest level bears a short name, a full name is exact
    *(("吉林", "found", "220000"), ("吉林市", "found", "220200"), ("吉林吉林", "found", "220200")),
    *(("朝阳", "found", "211300"), ("朝阳县", "found", "211321"), ("朝阳区", "ambiguous", "110105 220104")),
    *(("海南", "found", "460000"), ("海南州", "found", "632500"), ("海南区", "found", "150303")),
    *(("河北区", "found", "120105"), ("河南县", "found", "632324"), ("大理", "found", "532900")),
    *(("大同", "found", "140200"), ("长沙", "found", "430100"), ("长沙县", "found", "430121")),
    # former names
    *(("襄樊", "former", "420600"), ("湖北省襄樊市", "former", "420600"), ("崇文区", "former", "110101")),
    *(("密云县", "former", "110118"), ("北京市密云县", "former", "110118"), ("重庆江北区", "former", "500157")),
    *(("莱芜市", "former", "370100"), ("莱芜", "found", "370116"), ("思茅地区", "former", "530800")),
    *(("思茅市", "former", "530800"), ("思茅", "found", "530802"), ("淮阴市", "former", "320800")),
    *(("伊克昭盟", "former", "150600"), ("吴县市", "ambiguous", "320506 320507"), ("巢湖市", "found", "340181")),
    # offices
    *(("济南市教育局", "found", "370100"), ("上海市教委", "found", "310000"), ("吉林市委", "found", "220200")),
    *(("宜昌市夷陵区人民政府", "found", "420506"), ("江苏省教育厅", "found", "320000")),
    *(("省教育厅", "unknown", ""), ("市教委", "unknown", ""), ("教育局", "unknown", ""), ("济南委", "unknown", "")),
    # no places
    *(("某县", "unknown", ""), ("", "unknown", ""), ("区", "unknown", ""), ("省\n市", "unknown", "")),
    *(
        ("北京、上海", "unknown", ""),
        ("浙江省鼓楼区", "unknown", ""),
        ("山东京", "unknown", ""),
        ("宜昌湖北", "unknown", ""),
    ),
]


@pytest.mark.parametrize(("written", "status", "codes"), NAMES)
def test_a_written_name_means(written: str, status: str, codes: str) -> None:
    assert told(resolve(PLACES, written)) == (status, codes)


@pytest.mark.parametrize(
    ("written", "within", "status", "codes"),
    [
        ("朝阳", "北京", "found", "110105"),
        ("朝阳", "辽宁省", "found", "211300"),
        ("鼓楼区", "江苏省徐州市", "found", "320302"),
        ("鼓楼区", "江苏", "ambiguous", "320106 320302"),
        ("市中区", "四川", "ambiguous", "511002 511102"),
        ("江北", "重庆", "former", "500157"),
        ("江北", "浙江", "found", "330205"),
        ("济南市", "济南市", "found", "370100"),
        ("大通", "吴县市", "unknown", "340402 630121"),
        ("鼓楼区", "鼓楼区", "ambiguous", "320106 320302 350102 410204"),
        ("成都", "湖北", "unknown", "510100"),
        ("某县", "湖北", "unknown", ""),
        ("山东省", "济南市", "unknown", "370000"),
        ("朝阳", "未注明", "found", "211300"),
        ("济南市教育局", "山东", "found", "370100"),
    ],
)
def test_another_column_decides_between_places_of_one_name(written: str, within: str, status: str, codes: str) -> None:
    assert told(resolve(PLACES, written, within=within)) == (status, codes)


def test_a_place_without_choice_is_its_own_candidate() -> None:
    assert resolve(PLACES, "济南").candidates == (CODES["370100"],)


@given(st.sampled_from(PLACES), st.sampled_from(["", " ", "\u3000", "\n", "-", "·", "/"]))
def test_the_chain_of_full_names_leads_to_its_own_place(place: Place, joint: str) -> None:
    above = [at_level(PLACES, place, level) for level in ("province", "prefecture")]
    chain = joint.join(dict.fromkeys(one.name for one in (*above, place) if one))
    found = resolve(PLACES, chain)
    assert (found.status, found.place) == ("found", place)
    assert found_in(PLACES, f"01_{chain.replace('-', '')}_经验.docx").place == place


@given(st.sampled_from(PLACES))
def test_a_short_name_within_its_prefecture_means_its_own_place_or_the_prefecture(place: Place) -> None:
    above = at_level(PLACES, place, "prefecture") or at_level(PLACES, place, "province")
    assert above is not None
    found = resolve(PLACES, place.short, within=above.name if above != place else "")
    assert found.place is not None
    assert found.place == place or found.place.tier < place.tier


@given(st.text(alphabet="省市区县州盟旗东西南北中山海江阳京吉林朝 \n-/", max_size=12), st.text(max_size=8))
def test_any_text_has_an_answer_that_agrees_with_its_candidates(written: str, within: str) -> None:
    for found in (resolve(PLACES, written, within=within), found_in(PLACES, written + within)):
        if found.place:
            assert found.candidates == (found.place,)
            assert found.status in ("found", "former")
        else:
            assert found.status == ("ambiguous" if len(found.candidates) > 1 and not within else found.status)
            assert found.status in ("ambiguous", "unknown")


TITLES = [
    *(("01_浙江省_经验.docx", "found", "330000"), ("2025年上海市政府工作报告", "found", "310000")),
    *(("湖北省宜昌市2024", "found", "420500"), ("2024内蒙古兴安盟.pdf", "found", "152200")),
    *(
        ("关于宜昌职业教育的调研", "found", "420500"),
        ("浙 江 省 经验", "found", "330000"),
        ("浙江\n省经验", "found", "330000"),
    ),
    # a county with those above it
    *(
        ("山东省济南市历下区教育经验", "found", "370102"),
        ("河南通许县", "found", "410222"),
        ("兰州城关区", "found", "620102"),
    ),
    *(("杭州萧山职业教育", "found", "330109"), ("浙江 安吉", "found", "330523"), ("03_历下_经验", "found", "370102")),
    *(("马鞍山市和县经验", "found", "340523"), ("和县", "found", "340523"), ("北京市朝阳区经验", "found", "110105")),
    *(("四川市中区经验", "ambiguous", "511002 511102"), ("浙江新城区建设", "found", "330000")),
    *(
        ("山西省 阳泉市 城区", "found", "140302"),
        ("江苏省 徐州市 鼓楼区", "found", "320302"),
        ("城区_2024", "unknown", ""),
    ),
    *(("北京-朝阳", "found", "110105"), ("辽宁 朝阳", "found", "211300"), ("北京_吉林", "ambiguous", "110000 220000")),
    *(("通\n辽市经验", "found", "150500"), ("浙江安吉经验", "found", "330000"), ("浙江安吉县经验", "found", "330523")),
    # the highest level, unless the name before decides
    *(("吉林经验", "found", "220000"), ("吉林省吉林市经验", "found", "220200"), ("辽宁朝阳经验", "found", "211300")),
    # several places
    *(("上海对口支援新疆", "ambiguous", "310000 650000"), ("湖北省宜昌市、襄阳市", "ambiguous", "420500 420600")),
    *(("城关区教育局", "ambiguous", "540102 620102"), ("南京鼓楼区与徐州鼓楼区", "ambiguous", "320106 320302")),
    # former names
    *(("2008年襄樊市工作总结", "former", "420600"), ("重庆市江北区经验", "former", "500157")),
    *(("2010年莱芜市经验", "former", "370100"), ("2006年襄樊经验", "former", "420600")),
    # words that hold a name
    *(("吉林市场监管总结", "found", "220000"), ("海南区域发展", "found", "460000"), ("西安区块链", "found", "610100")),
    *(("广东山区教育", "found", "440000"), ("陕西安康经验", "found", "610900"), ("健康县区", "unknown", "")),
    *(("省市和县级政府", "unknown", ""), ("朝阳产业报告", "unknown", ""), ("确保定点帮扶", "unknown", "")),
    *(("校企_合作_2024", "unknown", ""), ("新兴产业发展", "unknown", ""), ("中山大学报告", "unknown", "")),
    *(("关于历下的事", "unknown", ""), ("京_2024", "unknown", ""), ("", "unknown", ""), ("经验", "unknown", "")),
]


@pytest.mark.parametrize(("text", "status", "codes"), TITLES)
def test_a_title_mentions(text: str, status: str, codes: str) -> None:
    assert told(found_in(PLACES, text)) == (status, codes)


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_of_running_text_is_no_place(phrase: str) -> None:
    assert any(name in phrase for name in PLACES.short if len(name) > 1)  # it would be one
    assert told(found_in(PLACES, f"关于{phrase}的报告")) == ("unknown", "")


@pytest.mark.parametrize(
    ("code", "province", "prefecture"),
    [
        ("370102", "370000", "370100"),
        ("370100", "370000", "370100"),
        ("370000", "370000", None),
        ("310115", "310000", "310000"),
        ("310000", "310000", "310000"),
        ("429004", "420000", None),
        ("522301", "520000", "522300"),
        ("810000", "810000", None),
    ],
)
def test_a_place_has_its_province_and_its_prefecture(code: str, province: str, prefecture: str | None) -> None:
    assert at_level(PLACES, CODES[code], "province") == CODES[province]
    found = at_level(PLACES, CODES[code], "prefecture")
    assert (found.adcode if found else None) == prefecture


def test_the_marks_between_links_are_no_characters_of_names() -> None:
    assert [name for name in PLACES.names if not re.fullmatch(r"[\u4e00-\u9fff]+", name)] == []


def test_every_unit_is_found_by_its_name_in_full_and_no_two_share_one(places: Gazetteer) -> None:
    full = [place.in_full for place in places]
    assert len(set(full)) == len(full)
    wrong = [place.in_full for place in places if resolve(places, place.in_full).place != place]
    assert wrong == []
    assert {"江苏南京鼓楼区", "北京朝阳区", "吉林市", "浙江省"} <= set(full)
