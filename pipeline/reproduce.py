"""Repeat the run of a bundle and compare every byte: unpacked folder or NAME-bundle.zip -> standard output."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.hashing import read_json, sha256, short
from pipeline.remaking import make_all
from pipeline.sharing import archive, contents


def altered(folder: Path, made: Mapping[str, Any]) -> Iterator[str]:
    """What went into the run and is not here as it was: changed after unpacking, left out, or not yet put in its place."""
    named = {**made["raw"]["files"], **made["method"]["files"], **made["code"]["files"], **made["locks"]}
    for name, digest in named.items():
        if not name.startswith("data/processed/") and (
            not (folder / name).is_file() or sha256(folder / name) != digest
        ):
            yield name


def compared(folder: Path, outputs: Mapping[str, str]) -> dict[str, list[str]]:
    """Outputs of the bundle by what became of them in ``folder``: identical, same (content, compressed otherwise), different."""
    found: dict[str, list[str]] = {"identical": [], "same": [], "different": []}
    for name, digest in sorted(outputs.items()):
        again, published = folder / name, folder / "results" / name
        if not again.is_file():
            found["different"].append(name)
        elif sha256(again) == digest:
            found["identical"].append(name)
        elif published.is_file() and contents.same(published.read_bytes(), again.read_bytes(), name):
            found["same"].append(name)
        else:
            found["different"].append(name)
    return found


def told(found: Mapping[str, list[str]], published: str, again: str) -> Iterator[str]:
    """The outcome in lines for a person."""
    if found["same"]:
        yield f"{len(found['same'])} 个文件内容相同、压缩不同 / {len(found['same'])} files of the same content, compressed otherwise:"
        yield from (f"  {name}" for name in found["same"])
    if found["different"]:
        yield f"{len(found['different'])} 个文件不同 / {len(found['different'])} files differ:"
        yield from (f"  {name}" for name in found["different"])
    yield f"{len(found['identical'])} 个文件逐字节一致 / {len(found['identical'])} files identical, byte for byte"
    outcome = "一致 the same" if again == published else f"不同 different: {short(again)}"
    yield f"发现指纹 findings fingerprint: {short(published)} {outcome}"


def repeated(folder: Path) -> bool:
    """Repeat the run in ``folder``, an unpacked bundle, and say how it compares; whether nothing differs."""
    record_json, manifest_json = folder / "bundle.json", folder / "results" / "manifest.json"
    if not record_json.is_file() or not manifest_json.is_file():
        raise InputError(
            "这里不是解压后的包。请在解压得到的文件夹里运行 make reproduce，或写明 BUNDLE=文件.zip。",
            "this is no unpacked bundle. Run `make reproduce` in the folder that was unpacked, or name BUNDLE=file.zip.",
            file=folder,
        )
    record = read_json(record_json, "name", "coding", "private", "left_out")
    made = read_json(manifest_json, "run", "raw", "method", "code", "locks", "findings", "outputs", "python")
    if wrong := list(altered(folder, made)):
        raise InputError(
            f"与发布时不同，或不在这里：{'、'.join(wrong)}。请重新解压；不外传的原始文件须放到所写的位置。",
            f"not as they were published, or not here: {', '.join(wrong)}. Unpack again; raw files that are not passed on must "
            "be put into their places.",
            file=folder,
        )
    if made["python"] != platform.python_version():
        print(f"Python {platform.python_version()} · 发布者所用 published with: {made['python']}", flush=True)
    coding = record["coding"] if (folder / record["coding"]).is_file() else ""
    if make_all(folder, made["run"], coding, shown=True).returncode:
        raise SystemExit("make all 没有完成 did not end well")
    again = read_json(folder / "data/processed" / record["name"] / "manifest.json", "findings")
    found = compared(folder, made["outputs"])
    print("\n".join(told(found, made["findings"]["fingerprint"], again["findings"]["fingerprint"])))
    return not found["different"]


def main(bundle: Path, venv: Path) -> None:
    if bundle.is_dir():
        alike = repeated(bundle)
    else:
        with tempfile.TemporaryDirectory(prefix="jingyan-bundle-") as empty:
            folder = archive.unpack(bundle, Path(empty))
            (folder / ".venv").symlink_to(venv.absolute())
            alike = repeated(folder)
    if not alike:
        sys.exit(1)


if __name__ == "__main__":
    run(main)
