"""List the corpora of data/raw and the reports there are: data/raw, reports -> standard output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.cli import run
from pipeline.readers import file_names, formats


@dataclass(frozen=True)
class Corpus:
    """A name that `make all CORPUS=` takes; ``reports``: of it, of its other units and methods; ``problem``: why it cannot be read."""

    name: str
    form: str
    files: int
    size: int
    reports: tuple[str, ...]
    problem: str = ""


def corpora_of(raw: Path, reports: Path) -> list[Corpus]:
    """What stands in ``raw``, in natural order; README files are about the others."""
    found = []
    names = [path.stem if path.is_file() else path.name for path in raw.iterdir()]
    for path in file_names.in_natural_order(list(raw.iterdir())):
        if path.name.startswith(("README", ".")):
            continue
        name = path.stem if path.is_file() else path.name
        inside = [one for one in formats.files_of(path) if not file_names.readable(one, raw)]
        made = sorted(one.parent.name for one in reports.glob("*/report.html") if _is_of(one.parent.name, name))
        problem = ""
        if names.count(name) > 1:
            problem = "重名，请改名 name not unique, rename"
        elif not inside:
            problem = "没有可读的文件 nothing that can be read"
        elif any(character.isspace() for character in name):
            problem = "名称有空格，请改名 blank in the name, rename"
        form = path.suffix.lower() if path.is_file() else "/"
        found.append(Corpus(name, form, len(inside), sum(one.stat().st_size for one in inside), tuple(made), problem))
    return found


def _is_of(report: str, name: str) -> bool:
    return report == name or report.startswith((f"{name}@", f"{name}+"))


def listed(found: Iterable[Corpus]) -> str:
    """The corpora as lines for a person."""
    lines = []
    for corpus in found:
        size = f"{corpus.size / 1e6:.1f} MB" if corpus.size >= 1e5 else f"{corpus.size / 1e3:.1f} kB"
        files = f"{corpus.files} 份 files" if corpus.form == "/" else corpus.form
        made = corpus.problem or "  ".join(f"reports/{name}/" for name in corpus.reports) or "—"
        lines.append(f"  {file_names.shown(corpus.name):<28} {files:<14} {size:>10}   {made}")
    if not lines:
        return "data/raw 中还没有语料。把文件放进去，再运行 make all CORPUS=文件名（不含扩展名）。\nNo corpus in data/raw yet. Put a file there, then run make all CORPUS=name."
    return "\n".join([*lines, "", "make all CORPUS=名称 name"])


def main(raw: Path, reports: Path) -> None:
    print(listed(corpora_of(raw, reports)))


if __name__ == "__main__":
    run(main)
