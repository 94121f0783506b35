"""Feed the readers damaged files for as long as asked, and keep what no user may meet: `python -m benchmarks.fuzz --minutes 20`.

Guided by coverage (atheris, on libFuzzer). Of .docx and .xlsx the XML of one member is damaged and packed again into a
sound container, or else every input would end at a checksum. An input is kept where anything but an `InputError` or a
true `Source` comes out, where reading takes more than 5 seconds, or takes more than 1 GB. It is tried again without the
fuzzer, made smaller and written to tests/data/fuzz/READER/, where tests/test_fuzz.py reads it ever after. What was run is
added to reports/calibration/fuzz.json, of which `python -m benchmarks.inputs` writes a section of its page.

atheris has wheels for Linux only, so that it is in no lock: `.venv/bin/python -m pip install atheris` for these runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter

from pipeline.errors import InputError
from pipeline.method import load_settings
from pipeline.readers import coding_file, formats, paragraphs, word_table
from tests import containers, pdf
from tests.offsets import faults

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "tests/data/fuzz"
RESULTS = ROOT / "reports/calibration/fuzz.json"
SECONDS, MEGABYTES, LONGEST = 5, 1024, 20_000
_ROWS = (("序号", "省市", "经验做法"), ("1", "山东省", "一是建立制度；二是加强培训。"), ("2", "某县", "另一段。"))
_WORDS = (
    *(
        "序号",
        "省市",
        "地区",
        "经验做法",
        "正文",
        "text",
        "标题",
        "\t",
        "\r\n",
        "\ufeff",
        "\u3000",
        "\u202e",
        '""',
        "sep=,",
    ),
    *("---", "```", "**", "[a](b)", "<!--", "{", "}", "[", "]", '":"', "\\ud800", "NaN", "1e999", "null"),
    *("<table>", "<tr>", "<td rowspan=9>", "</td>", "<pre>", "<br>", "<meta charset=gbk>", "<del>", "hidden"),
    *("<w:p>", "</w:p>", "<w:r>", "<w:t>", "<w:tbl>", "<w:tr>", "<w:tc>", "<w:del>", "<w:vMerge/>", "<w:sym w:char='"),
    *("<row r='", "<c r='", "t='s'", "t='e'", "t='b'", "t='d'", "<v>", "<is>", "mergeCell ref='", "hidden='1'", "&#0;"),
    *(
        "/Filter",
        "/FlateDecode",
        "obj",
        "endobj",
        "stream",
        "xref",
        "trailer",
        "/Kids",
        "/Length",
        "BT",
        "ET",
        "Tj",
        "Tm",
    ),
    *("measure_id", "theme", "value", "D01-1"),
)


@dataclass(frozen=True)
class Target:
    """One reader: valid files to begin with, how the bytes become a file, and how that is read."""

    name: str
    seeds: tuple[bytes, ...]
    built: Callable[[bytes], bytes]
    read: Callable[[bytes], list[str]]  # what is not true of the result


@cache
def _headings() -> dict[str, tuple[str, ...]]:
    return dict(load_settings(ROOT / "method/settings.toml").columns.headings)


def _by_ending(name: str, reader: str) -> Callable[[bytes], list[str]]:
    path = Path(name)

    def read(data: bytes) -> list[str]:
        source = formats.read(data, path, _headings())
        is_table = path.suffix == ".txt" and _is_table(data, path)
        return faults(source, data, path, "word_table" if is_table else reader)

    return read


def _is_table(data: bytes, path: Path) -> bool:
    from pipeline.readers.encodings import decoded
    from pipeline.readers.plain_text import looks_like_word_table

    return looks_like_word_table(decoded(data, path)[0])


def _word_table(data: bytes) -> list[str]:
    path = Path("a.txt")
    return faults(word_table.read(data, path, _headings()), data, path, "word_table")


def _on_disk(ending: str, read: Callable[[Path], object]) -> Callable[[bytes], list[str]]:
    def at_path(data: bytes) -> list[str]:
        with tempfile.NamedTemporaryFile(suffix=ending) as file:
            file.write(data)
            file.flush()
            read(Path(file.name))
        return []

    return at_path


def _coding(path: Path) -> object:
    return coding_file.read(path, themes={"A": "制度", "B": "培训"}, measures=["D01-1", "D01-2"], regions=["山东"])


def _paragraphs(path: Path) -> object:
    return list(paragraphs.documents(path))


def _same(data: bytes) -> bytes:
    return data


def repacked(members: dict[str, bytes | str], names: Sequence[str]) -> Callable[[bytes], bytes]:
    """The container with the bytes, but for the first one, in the place of the member that the first one chooses."""

    def built(data: bytes) -> bytes:
        return containers.zipped({**members, names[data[0] % len(names)]: data[1:]} if data else members)

    return built


def _members(members: dict[str, bytes | str], names: Sequence[str]) -> tuple[bytes, ...]:
    parts = [members[name] for name in names]
    return tuple(bytes([at]) + (one if isinstance(one, bytes) else one.encode()) for at, one in enumerate(parts))


def _word() -> dict[str, bytes | str]:
    body = containers.paragraph("标题") + containers.table(
        *_ROWS, containers.row("3", "浙江", "文。", properties="<w:hidden/>")
    )
    body += containers.paragraph(
        containers.run("藏", "<w:vanish/>"), "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
    )
    body += "<w:p><w:r><w:sym w:char='F0B7'/><w:br/><w:t>末</w:t></w:r></w:p>"
    styles = "<w:styles><w:style w:styleId='H'><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"
    notes = f"<w:footnotes>{containers.paragraph('注')}</w:footnotes>"
    return containers.word_members(body, styles=("styles.xml", styles), footnotes=("footnotes.xml", notes))


def _workbook() -> dict[str, bytes | str]:
    first = containers.data(*_ROWS) + '<mergeCells count="1"><mergeCell ref="A4:B5"/></mergeCells>'
    second = '<cols><col min="2" max="2" hidden="1"/></cols>' + containers.data(*_ROWS)
    second = second.replace(
        "</row></sheetData>", '<c r="D3" t="s"><v>0</v></c><c r="E3"><f>1+1</f><v>2</v></c></row></sheetData>'
    )
    return containers.sheet_members(first, second, strings="<si><r><t>精准</t></r><r><t>培训</t></r></si>")


def _codings() -> dict[str, bytes | str]:
    rows = (("measure_id", "text", "A", "B"), ("D01-1", "文", "1", "0"), ("D01-2", "字", "0", "1"))
    return containers.sheet_members(containers.data(*rows), strings="<si><t>1</t></si>")


def _page(data: bytes) -> bytes:
    """A PDF whose page draws the bytes."""
    return pdf.pdf([data.decode("latin-1")])


def _html() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in texts) + "</tr>" for texts in _ROWS)
    return f"<html><meta charset=utf-8><title>题</title><p hidden>藏</p><table><caption>表</caption>{rows}</table>".encode()


def targets() -> dict[str, Target]:
    """Every reader by name."""
    table = "\ufeff标题\n\n" + "".join("".join(f"\t{text}\n" for text in texts) + "\n" for texts in _ROWS)
    csv = "\n".join(",".join(f'"{text}"' for text in texts) for texts in _ROWS)
    lines = "".join(
        json.dumps(dict(zip(("id", "地区", "text"), row, strict=True)), ensure_ascii=False) + "\n" for row in _ROWS
    )
    lines += '{"地区": "山东", "text": " \u3000首有空白。"}\n'
    markdown = "---\ntitle: 题\nyear: 2024\n---\n# 一\n\n- **二** [三](http://a)\n\n```\n四\n```\n"
    prose = "一、总体要求\n坚持制度建设。\n"
    codecs = ("utf-8", "gb18030", "utf-16", "utf-16-le", "big5")
    word, book, coding = _word(), _workbook(), _codings()
    in_word = [name for name in word if name != "[Content_Types].xml"]
    in_book = [name for name in book if name != "[Content_Types].xml"]
    in_coding = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"]
    long = "measure_id,theme,value\nD01-1,A,1\nD01-2,B,0\n"
    drawn = (pdf.table((20, 60, 120, 380), (380, 350, 320, 290), _ROWS) + pdf.text(20, 200, "一段文字。")).encode()
    page = pdf.pdf([pdf.text(40, 300, "一是建立制度。二是加强培训。"), pdf.PICTURE])
    listed = [
        Target("plain_text", tuple(prose.encode(one, "ignore") for one in codecs), _same, _by_ending("a.txt", "plain_text")),
        Target("markdown", (markdown.encode(), prose.encode()), _same, _by_ending("a.md", "plain_text")),
        Target("word_table", tuple(table.encode(one, "ignore") for one in codecs), _same, _word_table),
        Target("delimited", tuple(csv.encode(one, "ignore") for one in codecs), _same, _by_ending("a.csv", "delimited")),
        Target("json_lines", (lines.encode(), json.dumps([{"text": "文", "n": [1, {}]}]).encode()), _same, _by_ending("a.jsonl", "json_lines")),
        Target("paragraphs_csv", (csv.replace("经验做法", "text").encode(),), _same, _on_disk(".csv", _paragraphs)),
        Target("paragraphs_jsonl", (lines.encode(),), _same, _on_disk(".jsonl", _paragraphs)),
        Target("web_page", (_html(), prose.encode()), _same, _by_ending("a.html", "web_page")),
        Target("word_document", _members(word, in_word), repacked(word, in_word), _by_ending("a.docx", "word_document")),
        Target("spreadsheet", _members(book, in_book), repacked(book, in_book), _by_ending("a.xlsx", "spreadsheet")),
        Target("archives", (containers.zipped(word), containers.zipped(book)), _same, _by_ending("a.docx", "word_document")),
        Target("pdf", (page, pdf.pdf([drawn.decode()], packed=True)), _same, _by_ending("a.pdf", "pdf")),
        Target("pdf_page", (drawn, pdf.text(40, 300, "文字", turned=True).encode()), _page, _by_ending("a.pdf", "pdf")),
        Target("coding_csv", (long.encode(), long.encode("gb18030")), _same, _on_disk(".csv", _coding)),
        Target("coding_xlsx", _members(coding, in_coding), repacked(coding, in_coding), _on_disk(".xlsx", _coding)),
    ]  # fmt: skip
    return {target.name: target for target in listed}


def wrong_with(target: Target, data: bytes, seconds: float = SECONDS) -> str:
    """What is wrong with how the input is read, in one line; empty where nothing is. ``seconds``: more is wrong."""
    content = target.built(data)
    begun = perf_counter()
    try:
        untrue = target.read(content)
    except InputError:
        untrue = []
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a library written in Rust panics with an exception that is no Exception
        last = traceback.extract_tb(error.__traceback__)
        own = next((frame for frame in reversed(last) if "/pipeline/" in frame.filename), last[-1])
        return f"{type(error).__name__} in {Path(own.filename).name} {own.name}"
    if perf_counter() - begun > seconds:
        return f"more than {SECONDS} s"
    return f"not true: {re.sub(r'[0-9].*|' r'[^ a-z].*', '', untrue[0]).strip()}" if untrue else ""


# --- one process that is fuzzed ---------------------------------------------------------------------------------------


def fuzzed(name: str, seconds: int, work: Path) -> None:
    """Runs until the time is over or the process dies; what is wrong goes to ``work``/found and does not end the run."""
    import atheris

    resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))
    with atheris.instrument_imports(include=["pipeline.readers", "pdfminer", "pdfplumber"]):
        for module in [one for one in sys.modules if one.startswith(("pipeline.readers", "pdfminer", "pdfplumber"))]:
            del sys.modules[module]
        from benchmarks import fuzz  # once more, with readers that count

        target = fuzz.targets()[name]
        for seed in target.seeds:
            fuzz.wrong_with(target, seed)  # what is imported late is instrumented too
    seen: set[str] = set()

    def once(data: bytes) -> None:
        said = fuzz.wrong_with(target, data)
        if said and said not in seen:
            seen.add(said)
            (work / "found" / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)

    options = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=2500", "-print_final_stats=1"]
    options += ["-max_len=6000", f"-artifact_prefix={work / 'died'}/", f"-dict={work / 'words'}", str(work / "corpus")]
    atheris.Setup([sys.argv[0], *options], once)
    atheris.Fuzz()


# --- the run: every reader in turn, what it finds tried again and made smaller ------------------------------------------


def _prepared(target: Target, work: Path) -> None:
    for folder in ("corpus", "found", "died"):
        (work / folder).mkdir(parents=True)
    for at, seed in enumerate(target.seeds):
        (work / "corpus" / f"seed{at}").write_bytes(seed)
    quoted = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in _WORDS)
    (work / "words").write_text("".join(f'"{word}"\n' for word in quoted), "ascii")


def run_of(target: Target, seconds: float, work: Path) -> tuple[int, list[bytes]]:
    """Fuzz one reader, again where its process dies: executions, and the inputs to look at."""
    _prepared(target, work)
    executions = 0
    ends = perf_counter() + seconds
    while (left := int(ends - perf_counter())) > 0:
        command = [
            sys.executable,
            "-m",
            "benchmarks.fuzz",
            "--target",
            target.name,
            "--seconds",
            str(left),
            "--work",
            str(work),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        said = done.stderr.decode("utf-8", "replace")
        counted = re.findall(r"number_of_executed_units:\s*(\d+)", said)
        executions += int(counted[-1]) if counted else 0
        if not counted and not list((work / "died").iterdir()):
            raise RuntimeError(said[-2000:])
    held = [*(work / "found").iterdir(), *(work / "died").iterdir()]
    return executions, [path.read_bytes() for path in sorted(held)]


def verdict(target: str, data: bytes) -> str:
    """`wrong_with` in a fresh process without the fuzzer, its death and its memory included."""
    code = (
        "import sys, resource; resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))\n"
        "from benchmarks.fuzz import targets, wrong_with\n"
        "target = targets()[sys.argv[1]]\n"
        "for seed in target.seeds: wrong_with(target, seed)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "said = wrong_with(target, sys.stdin.buffer.read())\n"
        "more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024\n"
        f"print('SAID', said or ('more than 1 GB' if more > {MEGABYTES} else ''))\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, target], cwd=ROOT, input=data, capture_output=True, timeout=60, check=False
        )
    except subprocess.TimeoutExpired:
        return f"more than {SECONDS} s"
    said = done.stdout.decode("utf-8", "replace").rpartition("SAID ")
    return said[2].strip() if said[1] else f"died ({done.returncode})"


def smaller(data: bytes, still: Callable[[bytes], bool], tries: int = 400) -> bytes:
    """The data with as much cut out as leaves the fault, block by block."""
    size = max(1, len(data) // 2)
    while size and tries > 0:
        at = 0
        while at < len(data) and tries > 0:
            shorter = data[:at] + data[at + size :]
            tries -= 1
            if shorter and still(shorter):
                data = shorter
            else:
                at += size
        size //= 2
    return data


def kept(target: Target, inputs: Iterable[bytes]) -> list[str]:
    """Confirm the inputs, make them smaller, store one of each fault; the faults."""
    found: dict[str, bytes] = {}
    for data in inputs:
        said = verdict(target.name, data)
        if said and len(data) <= found_size(found.get(said)):
            found[said] = data
    for said, data in found.items():
        slow = said.startswith(("more", "died"))
        less = smaller(
            data,
            lambda one, said=said, slow=slow: (verdict(target.name, one) if slow else wrong_with(target, one)) == said,
            40 if slow else 400,
        )
        if len(less) <= LONGEST:
            folder = KEPT / target.name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / (re.sub(r"\W+", "-", said).strip("-").lower() + ".bin")).write_bytes(less)
    return sorted(found)


def found_size(data: bytes | None) -> int:
    return sys.maxsize if data is None else len(data)


def added(
    stored: dict[str, dict], name: str, seconds: float, executions: int, faults_found: Sequence[str]
) -> dict[str, dict]:
    """The results with one more run of a reader."""
    before = stored.get(name, {"minutes": 0.0, "executions": 0, "found": []})
    now = {
        "minutes": round(before["minutes"] + seconds / 60, 2),
        "executions": before["executions"] + executions,
        "found": sorted({*before["found"], *faults_found}),
    }
    return dict(sorted({**stored, name: now}.items()))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20, help="over all readers together")
    parser.add_argument("--only", nargs="*", help="these readers")
    parser.add_argument("--target", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.target:
        fuzzed(given.target, given.seconds, given.work)
        return
    chosen = [target for target in targets().values() if not given.only or target.name in given.only]
    for target in chosen:
        seconds = 60 * given.minutes / len(chosen)
        with tempfile.TemporaryDirectory() as work:
            executions, inputs = run_of(target, seconds, Path(work))
        found = kept(target, inputs)
        stored = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
        RESULTS.write_text(
            json.dumps(added(stored, target.name, seconds, executions, found), indent=1, ensure_ascii=False) + "\n",
            "utf-8",
        )
        print(target.name, executions, found, flush=True)


if __name__ == "__main__":
    main()
