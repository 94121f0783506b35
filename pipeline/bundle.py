"""Pack a run so that another machine can repeat it: manifest.json and all that it names -> NAME-bundle.zip.

In the archive, under one folder: what went in, at the places where `make` looks for it; what came out, under results/;
a README; and bundle.json, which says how to repeat the run. A private one holds no text (`pipeline.sharing.private`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline import tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.hashing import read_json, sha256, short
from pipeline.method import Settings, load_settings
from pipeline.sharing import archive, private
from pipeline.sharing.readme import readme


def changed(expected: Mapping[str, str]) -> list[str]:
    """Files that are gone, or no more what the manifest says."""
    return [name for name, digest in expected.items() if not Path(name).is_file() or sha256(Path(name)) != digest]


def movable(method: str, manifest: Path) -> None:
    """An `InputError` where the method lies outside the project: its place would be another one elsewhere."""
    if Path(method).is_absolute() or ".." in Path(method).parts:
        raise InputError(
            f"方法文件夹 {method} 不在本项目里，换一台机器就找不到。请把它复制到项目文件夹里，用相对路径再运行：make bundle METHOD=名称。",
            f"the folder of the method, {method}, lies outside the project, where another machine has none. Copy it into the "
            "project and run again: make bundle METHOD=name.",
            file=manifest,
        )


def inputs_of(made: Mapping[str, Any]) -> dict[str, str]:
    """Method, code and locks, name -> SHA-256; what make derives from them is made again."""
    named = {**made["method"]["files"], **made["code"]["files"], **made["locks"]}
    return {name: digest for name, digest in named.items() if not name.startswith("data/processed/")}


def texts_of(folder: Path) -> Iterator[str]:
    """All texts of the corpus in ``folder``, also those of a large one."""
    for path in (folder / "documents.csv", *sorted((folder / "corpus").glob("documents-*.csv"))):
        yield from tables.read(path, tables.DOCUMENTS)["text"]


def chosen(
    inputs: Iterable[str], raw: Mapping[str, str], outputs: Iterable[str], folder: Path, settings: Settings
) -> tuple[list[str], dict[str, str]]:
    """The files that go in, and those that do not, with the reason.

    ``raw``: file -> SHA-256, empty where the pipeline did not read it; of these only links are left out.
    """
    if not settings.bundle.private:
        left = {name: "link" for name, digest in raw.items() if not digest and Path(name).is_symlink()}
        return [name for name in (*inputs, *raw, *outputs) if name not in left], left
    kept = [name for name in outputs if private.free(name)]
    left = {name: "" for name in (*raw, *outputs) if name not in kept}
    # The code is everybody's; what a researcher wrote or a run gave may quote.
    own = [name for name in (*inputs, *kept) if not name.startswith("pipeline/") and Path(name).suffix in _TEXT]
    readable = {name: Path(name).read_text("utf-8-sig") for name in own}
    found = private.quotations(readable, texts_of(folder), settings.bundle.quotation)
    left |= dict.fromkeys(sorted(found), "quotes")
    return [name for name in (*inputs, *kept) if name not in left], left


_TEXT = (".csv", ".txt", ".toml", ".md", ".svg", ".json")


def main(
    manifest_json: Path, settings_toml: Path, tables_folder: Path, coding: Path, *files_then_archive: Path
) -> None:
    *others, target = files_then_archive
    made = read_json(
        manifest_json, "run", "raw", "method", "code", "locks", "findings", "outputs", "python", "pipeline"
    )
    settings = load_settings(settings_toml)
    movable(made["run"]["method"], manifest_json)
    inputs = inputs_of(made)
    for name in changed({**inputs, **made["raw"]["files"], **made["outputs"]}):
        raise InputError(
            "这个文件在运行之后被改动或删除。请再运行一次 make all，再打包。",
            "this file was changed or removed after the run. Run `make all` again, then pack.",
            file=name,
        )
    files = tables.read(tables_folder / "files.csv", tables.FILES)
    raw = {row.file: "" if row.skipped else row.sha256 for row in files.itertuples()}
    more = [path.as_posix() for path in others if path.is_file() and path.as_posix() not in inputs]
    kept, left = chosen([*inputs, *more], raw, made["outputs"], tables_folder, settings)
    coded = f"coding/{coding.name}" if coding.is_file() else ""
    if coded and settings.bundle.private:  # a sheet has the measures beside the codes
        left[coded] = ""
    top = target.name.removesuffix(".zip")
    record = {
        "name": top.removesuffix("-bundle"),
        "coding": coded,
        "private": settings.bundle.private,
        "left_out": left,
    }
    # What is not read is named in files.csv with its size: as many zeros stand for it, and nobody sees what it holds.
    unread = {row.file: int(row.bytes) for row in files.itertuples() if row.skipped}
    entries: dict[str, archive.Content] = {
        f"{top}/results/{name}" if name in made["outputs"] else f"{top}/{name}": unread.get(name, Path(name))
        for name in kept
    }
    if coded and not settings.bundle.private:
        entries[f"{top}/{coded}"] = coding
    entries[f"{top}/results/manifest.json"] = manifest_json
    entries[f"{top}/bundle.json"] = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode()
    odd = archive.not_on_windows(entries)
    entries[f"{top}/README.md"] = readme(made, record, raw, sorted({*kept} & {*unread}), odd).encode()
    archive.write(entries, target)
    print("\n".join(told(record, len(entries), target, made["findings"]["fingerprint"], odd)))


def told(record: Mapping[str, Any], files: int, target: Path, fingerprint: str, odd: list[str]) -> Iterator[str]:
    """What was packed and what was not, in lines for a person."""
    left = list(record["left_out"])
    if record["private"]:
        yield (
            f"不外传原文（[bundle] private = true）：没有收入 {len(left)} 个文件，即原始文件、报告，和可由之读出原文的表；名单在包内 README.md。"
        )
        yield (
            f"No text is passed on ([bundle] private = true): {len(left)} files are left out, the raw files, the reports and "
            "every table from which a text could be read; README.md in the bundle lists them."
        )
    else:
        yield from (f"没有收入 left out: {name}" for name in left)
    for name in (name for name, why in record["left_out"].items() if why == "quotes"):
        yield f"引用了原文，没有收入；没有它结果无法重现 quotes the texts, left out, without it the run cannot be repeated: {name}"
    if odd:
        yield f"Windows 解不出这些文件名 names that Windows cannot unpack: {', '.join(odd)}"
    yield f"{target}  {files} 个文件 files  发现指纹 findings fingerprint: {short(fingerprint)}"


if __name__ == "__main__":
    run(main)
