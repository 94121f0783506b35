"""A labelled set from government work reports: the paragraphs whose heading names exactly one sector. WORK_REPORTS.jsonl -> OUT.jsonl.

The headings are taken off and the names of provincial units masked, so that neither gives the sector or the report away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.method import Place, load_gazetteer
from pipeline.readers.paragraphs import records
from pipeline.writing import write

GAZETTEER = Path(__file__).parent.parent / "method/regions.csv"
MASK = "□"

# Words of a heading that name a sector; fixed before any grouping was looked at.
SECTORS = {
    "教育": "教育|高校|学校|义务教育|学前|职教|立德树人",
    "科技创新": "科技|科研|创新能力|创新平台|创新体系|创新策源|技术攻关|科创",
    "农业农村": "农业|农村|乡村|三农|“三农”|粮食|耕地|农民|脱贫",
    "生态环境": "生态|污染|环境保护|环境质量|绿色|低碳|美丽|碳|蓝天|碧水|净土|环保",
    "民生就业": "就业|社会保障|社保|养老|社会救助|“一老一小”|兜底",
    "卫生健康": "健康|医疗|卫生|医药|医改|中医",
    "改革": "改革|国企|国资|营商环境|民营经济|要素市场",
    "开放": "开放|外贸|外资|自贸|口岸|“一带一路”|招商",
    "文化旅游": "文化|文旅|旅游|文明|体育|文艺",
    "安全": "安全生产|风险|平安|应急|防灾|公共安全|稳定|社会治理|信访|治安|国防|安全发展",
}
# Topics that mix with every sector: a heading that names one of them is not used.
OTHERS = {
    "消费": "消费|内需",
    "投资": "投资|项目建设|重大项目|基础设施|交通|水利",
    "产业": "产业|制造业|工业|新质生产力|数字经济|服务业|企业",
    "城市": "城镇化|城市|区域协调|都市圈|城乡|县域",
    "政府": "政府|法治|廉|作风|依法行政|政务|行政",
}
_NAMED = {name: re.compile(words) for name, words in (SECTORS | OTHERS).items()}
# A bare 三 is no number (三农), nor is the 3. of 3.5 one.
_NUMBER = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十\d]+[)）]、?|[一二三四五六七八九十]+(?:[、．.]|是)|\d{1,2}[.、．)）](?!\d)|[—－-]+)?\s*"
)
_HEADED = re.compile(r"([^。；！？]{4,40})。(.+)")
_SHORTEST, _LONGEST = 80, 600  # characters of a text


@dataclass(frozen=True)
class Paragraph:
    """A paragraph without its heading, the sector that the heading names, and the report it stands in."""

    text: str
    label: str
    document: str


def masking(places: Iterable[Place]) -> re.Pattern[str]:
    """What the full and short names of the provincial units look like, the longer first: 内蒙古自治区 before 内蒙古."""
    names = {name for place in places if place.tile is not None for name in (place.name, place.short)}
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name))))


def masked(text: str, names: re.Pattern[str]) -> str:
    return names.sub(MASK, text)


def sector_of(heading: str) -> str | None:
    """The one sector that the heading names; None where it names none, several, or a topic that is not used."""
    named = [name for name, words in _NAMED.items() if words.search(heading)]
    return named[0] if len(named) == 1 and named[0] in SECTORS else None


def headed(paragraph: str) -> tuple[str, str] | None:
    """The leading sentence of a paragraph, its number taken off, and what follows; None where it is no heading."""
    number = _NUMBER.match(paragraph)
    found = _HEADED.fullmatch(paragraph, number.end() if number else 0)
    return (found[1], found[2].strip()) if found else None


def labelled(document: str, full_text: str, names: re.Pattern[str]) -> Iterator[Paragraph]:
    """The paragraphs of one report that can be labelled."""
    for line in full_text.splitlines():
        found = headed(line.strip())
        sector = sector_of(found[0]) if found else None
        if found and sector:
            text = masked(found[1], names)
            if _SHORTEST <= len(text) <= _LONGEST:
                yield Paragraph(text, sector, document)


def reports_of(lines: Iterable[str], path: Path) -> Iterator[tuple[str, str]]:
    """Province and text of every report that has one; ``path`` for the message about a line that is none."""
    for number, record in records(lines, path):
        if not {"province", "full_text"} <= record.keys():
            raise InputError(
                "这一行应为含有 province 与 full_text 的 JSON 对象。",
                "this line must be a JSON object with province and full_text.",
                file=path,
                line=number,
            )
        if record["full_text"]:  # a report that could not be had is null
            yield str(record["province"]), str(record["full_text"])


def main(work_reports_jsonl: Path, out_jsonl: Path) -> None:
    names = masking(load_gazetteer(GAZETTEER))
    try:
        lines = work_reports_jsonl.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(
            f"不是 UTF-8 编码（{error.reason}）。请另存为 UTF-8。",
            f"not UTF-8 ({error.reason}). Save it as UTF-8.",
            file=work_reports_jsonl,
        ) from None
    found = [each for report in reports_of(lines, work_reports_jsonl) for each in labelled(*report, names)]
    if not found:
        raise InputError(
            f"没有一个段落以恰好点明一个领域（{'、'.join(SECTORS)}）的标题句开头。这是政府工作报告吗？",
            f"no paragraph opens with a heading that names exactly one sector ({', '.join(SECTORS)}). Are these work reports?",
            file=work_reports_jsonl,
        )
    written = "".join(
        json.dumps({"text": each.text, "label": each.label, "document": each.document}, ensure_ascii=False) + "\n"
        for each in found
    )
    write({out_jsonl: written.encode()})
    counts = ", ".join(f"{name} {sum(each.label == name for each in found)}" for name in SECTORS)
    print(f"{out_jsonl}: {len(found)} 段 paragraphs: {counts}")


if __name__ == "__main__":
    run(main)
