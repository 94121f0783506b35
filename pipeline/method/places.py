"""Which administrative unit a written name means, or a title mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.method.gazetteer import Gazetteer, Place


@dataclass(frozen=True)
class Resolution:
    """What a name means: ``place`` where one unit is meant (found, or by a former name), the choice in ``candidates``.

    Unknown with candidates: units of that name that do not lie in the place asked for.
    """

    place: Place | None
    status: Literal["found", "former", "ambiguous", "unknown"]
    candidates: tuple[Place, ...] = ()


# What may follow a place in a column of authors: 济南市教育局 is 济南市. The first that fits is taken off, once.
OFFICES = (
    *("人民政府办公厅", "人民政府办公室", "人民政府", "政府办公厅", "政府办公室", "政府"),
    *("教育委员会", "教育和体育局", "教育体育局", "教体局", "教育厅", "教育局", "教委"),
)
_OFFICE = re.compile(rf"(?<=..)(?:{'|'.join(OFFICES)}|(?<=[省市区县州盟旗])委)$")
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_JOINTS = re.compile(r"[-‐-―－·•/／\\＼>＞_＿,，]+")  # between the links of a chain: 四川省-成都市
_HEADING = re.compile(r"^(?:市辖区|(?:省|自治区)直辖县级行政(?:区划|单位))(?=..)")  # lines of the code tables, no units

# In running text the last character of a full name may begin a word: 吉林市场 is no 吉林市, 海南区域 no 海南区.
_WORD_BEGINS = {"市": "场", "区": "域块间位"}
# Phrases of running text that a short name begins or straddles. Behind its province the name counts: 陕西安康.
PHRASES = (
    *("长治久安", "朝阳产业", "大同小异", "世界大同", "日照时", "来宾", "安康", "确保定", "沟通化", "南海南"),
    *("中山大学", "大理石", "阿里巴巴", "阿里云", "海西经济区"),
)
_PHRASE = re.compile("|".join(PHRASES))
# Short names of counties that are words of titles: a piece of a title that is one of these names no county.
_WORD = re.compile(
    "资源|合作|和平|比如|南部|解放|东方|动力|前进|港口|公安|友好|友谊|通道|共和|平安|中方|安定|延长|光明|新兴|运河|四方|万年|东风|光泽"
    "|会同|工农|大名|富裕|清水|前锋|复兴|长子|清新|宏伟|平定|洞口|振兴|大方|互助|威信|平和|名山|开元|桃源|同心|同德|二道|平房|定远|灯塔"
    "|大兴|天涯|回民|大通|新民|富民|爱民|惠民|民和|民乐|民丰|永和|清流|水城|新星|和顺|孝义|安居|乐业|新建|凤凰|太平|大观|高明|政和|建华"
    "|城区|郊区|矿区|东区|西区|新城|老城|古城|城中|城东|城西|城南|城北|城关|新市|市中|市南|市北|西市|东市|中站|站前|中原|江南|江北|江东"
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SPACED = re.compile(r"(?<![\u4e00-\u9fff])(?:[\u4e00-\u9fff]\s+)+[\u4e00-\u9fff](?![\u4e00-\u9fff])")  # 浙 江 省


@dataclass(frozen=True)
class _Reading:
    """The units that a name may mean, and whether a name that is no longer in force led there."""

    places: tuple[Place, ...]
    former: bool = False


def _highest(places: Iterable[Place]) -> tuple[Place, ...]:
    """Those of the highest level among the places, each once."""
    each = tuple(dict.fromkeys(places))
    least = min((place.tier for place in each), default=0)
    return tuple(place for place in each if place.tier == least)


def _lowest(places: Iterable[Place]) -> tuple[Place, ...]:
    """Those that no other one lies in, each once."""
    each = tuple(dict.fromkeys(places))
    return tuple(place for place in each if not any(other != place and other.within(place) for other in each))


def _inside(places: Iterable[Place], limits: Sequence[Place], *, below: bool = False) -> tuple[Place, ...]:
    """The places that lie in one of the limits, ``below``: and are none of them; all where there is no limit."""
    return tuple(
        place
        for place in places
        if not limits or any(place.within(limit) and not (below and place == limit) for limit in limits)
    )


def _chained(gazetteer: Gazetteer, name: str, limits: Sequence[Place], *, former: bool) -> tuple[Place, ...]:
    """The units that the last link of a chain means, each link within the one before; () where the name is no chain.

    A link has two characters or more. The longest first link for which the rest can be read decides. 吉林吉林 is the
    city: a link means a unit below the one before, or that one again.
    """
    for length in range(min(len(name) - 2, gazetteer.longest), 1, -1):
        heads = _named(gazetteer, name[:length], limits, former=former)
        if not heads:
            continue
        rest = _HEADING.sub("", name[length:])
        tails = _named(gazetteer, rest, heads, former=former, below=True)
        tails = (
            tails or _named(gazetteer, rest, heads, former=former) or _chained(gazetteer, rest, heads, former=former)
        )
        if tails:
            return tails
    return ()


def _named(
    gazetteer: Gazetteer, name: str, limits: Sequence[Place], *, former: bool, below: bool = False
) -> tuple[Place, ...]:
    """The units within the limits that bear the name: as their full name, else the highest as a short or former one."""
    if name not in gazetteer.names:
        return ()
    return (
        _inside(gazetteer.full.get(name, ()), limits, below=below)
        or _highest(_inside(gazetteer.short.get(name, ()), limits, below=below))
        or (_highest(_inside(gazetteer.former.get(name, ()), limits, below=below)) if former else ())
    )


def _read(gazetteer: Gazetteer, name: str, limits: Sequence[Place]) -> _Reading:
    """What a whole name means: names in force before former ones, one name before a chain."""
    for former in (False, True):
        places = _named(gazetteer, name, limits, former=former) or _chained(gazetteer, name, limits, former=former)
        if places:
            return _Reading(places, former)
    return _Reading(())


def _resolution(reading: _Reading) -> Resolution:
    if len(reading.places) == 1:
        return Resolution(reading.places[0], "former" if reading.former else "found", reading.places)
    return Resolution(None, "ambiguous" if reading.places else "unknown", reading.places)


def resolve(gazetteer: Gazetteer, written: str, *, within: str = "") -> Resolution:
    """The unit that a cell of a table names, by its full or short name, an alias, a former name, or a chain of names.

    A full name is exact; of units that share a short name the highest is meant (吉林 is the province, 朝阳 the city).
    What remains, as 鼓楼区 does, is ambiguous unless ``within``, what another column says, decides; a ``within`` that
    names no unit decides nothing. Names of one character (京) count where nothing else is written.
    """
    name = _JOINTS.sub("", _BLANKS.sub("", written))
    limits: tuple[Place, ...] = resolve(gazetteer, within).candidates if within else ()
    name = _OFFICE.sub("", name)
    reading = _read(gazetteer, name, limits)
    if limits and not reading.places:
        return Resolution(None, "unknown", _read(gazetteer, name, ()).places)
    return _resolution(reading)


def _mentions(gazetteer: Gazetteer, piece: str) -> list[_Reading]:
    """The units that a run of Chinese characters mentions, from left to right, the longest name at each place."""
    found: list[_Reading] = []
    at, before = 0, -1  # where the last name ended
    while at < len(piece):
        behind = found[-1].places if before == at else ()
        phrase = None if behind else _PHRASE.match(piece, at)
        if phrase:
            at = phrase.end()
            continue
        reading, length = _starting(gazetteer, piece, at, behind)
        if length:
            found.append(reading)
            before = at = at + length
        else:
            at += 1
    return found


def _starting(gazetteer: Gazetteer, piece: str, at: int, behind: Sequence[Place]) -> tuple[_Reading, int]:
    """The longest name that starts here and its length; 0 where none does. ``behind``: the units named right before.

    In running text a full name has three characters or more (区和县级 is about no 和县). A short name is that of a
    province or prefecture, or of a county right behind its prefecture.
    """
    near = any(place.prefecture for place in behind)
    for length in range(min(len(piece) - at, gazetteer.longest), 1, -1):
        name = piece[at : at + length]
        if name not in gazetteer.names:
            continue
        exact = length > 2 and piece[at + length : at + length + 1] not in tuple(_WORD_BEGINS.get(name[-1], ""))
        for former in (False, True) if behind else ():
            places = _named(gazetteer, name, behind, former=former)
            if places and (near or places[0].tier < 3 or (exact and name != places[0].short)):
                return _Reading(places, former), length
        for former, index in ((False, gazetteer.full), (True, gazetteer.former)):
            if exact and name in index:
                return _Reading(_highest(index[name]), former), length
        for former, index in ((False, gazetteer.short), (True, gazetteer.former)):
            places = tuple(place for place in _highest(index.get(name, ())) if place.tier < 3)
            if places:
                return _Reading(places, former), length
    return _Reading(()), 0


def found_in(gazetteer: Gazetteer, text: str) -> Resolution:
    """The unit that a file name or a title mentions: 01_浙江省_经验.docx, 2025年上海市政府工作报告.

    A unit named together with those above it is that unit; several that do not lie in each other are ambiguous. A piece
    between other characters than Chinese ones is read as `resolve` reads a name, else as running text.
    """
    text = _SPACED.sub(lambda match: _BLANKS.sub("", match[0]), text.replace("\n", "").replace("\r", ""))
    readings: list[_Reading] = []
    words: list[_Reading] = []  # 城区 is a place where its prefecture is named as well
    for piece in _HAN.findall(text):
        if _WORD.fullmatch(piece):
            words.append(_Reading(gazetteer.full.get(piece, ())))
            continue
        behind = readings[-1].places if readings else ()  # 北京-朝阳 is the district
        below = _named(gazetteer, piece, behind, former=False, below=True) if behind and len(piece) > 1 else ()
        whole = _Reading(below) if below or len(piece) < 2 else _read(gazetteer, piece, ())
        readings += [whole] if whole.places else _mentions(gazetteer, piece)
    certain = [reading for reading in readings if len(reading.places) == 1]
    known = _lowest(reading.places[0] for reading in certain)
    doubtful = [reading for reading in readings if len(reading.places) > 1]
    if known:
        doubtful = [_Reading(_inside(reading.places, known), reading.former) for reading in (*doubtful, *words)]
    certain += doubtful
    named = {place: reading.former for reading in certain for place in reading.places}
    lowest = _lowest(named)
    return _resolution(_Reading(lowest, any(named[place] for place in lowest)))


def at_level(gazetteer: Gazetteer, place: Place, level: str) -> Place | None:
    """The province or the prefecture that a place belongs to, or is; a municipality stands at both levels.

    None for the prefecture of a province, and of a county that its province governs directly.
    """
    if level == "province":
        return gazetteer.above.get((place.province, ""))
    return gazetteer.above.get((place.province, place.prefecture)) if place.prefecture else None
