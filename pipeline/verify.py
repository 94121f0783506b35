"""Make everything again in an empty folder, under another hash seed, and compare every byte with manifest.json."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.cli import run
from pipeline.hashing import read_json, sha256
from pipeline.remaking import differences, make_all

_COPIED = ("Makefile", "method", "pipeline", "reports/calibration")


def remake(folder: Path, made: Mapping[str, Any], venv: Path) -> dict[str, str]:
    """`make all` in ``folder`` on copies of the inputs of ``made``, a manifest; hashes of its outputs."""
    chosen = made["run"]
    method = Path(chosen["method"])
    outside = method.is_absolute() or method.is_relative_to("method")
    raw = Path("data/raw") / chosen["corpus"]
    files = (
        [raw.as_posix()] if raw.is_dir() else made["raw"]["files"]
    )  # a folder with what is listed there, but not read
    copied = [*_COPIED, *made["locks"], *files, *(() if outside else (chosen["method"],))]
    for name in copied:
        source, target = Path(name), folder / name
        if name == "reports/calibration" and not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    (folder / ".venv").symlink_to(venv.absolute())  # an absolute VENV= could hold a blank, which make cannot take
    coding = os.environ.get("CODING", "")  # its name starts in this folder, not in the second
    done = make_all(folder, chosen, str(Path(coding).absolute()) if coding else "")
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        raise SystemExit("make all failed in the second folder 在另一文件夹中重跑失败")
    made_again = next((folder / "data" / "processed").glob("*/manifest.json"))
    return dict(read_json(made_again, "outputs")["outputs"])


def uncommitted(reports: Path) -> list[str]:
    """Committed reports and figures that are not what `make all` writes; none outside a git work tree."""
    if shutil.which("git") is None:
        return []
    status = subprocess.run(
        [
            "git",
            "-c",
            "core.quotePath=false",
            "status",
            "--porcelain",
            "--untracked-files=no",
            "--",
            reports.as_posix(),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return [line[3:] for line in status.stdout.splitlines()] if status.returncode == 0 else []


def main(manifest_json: Path, venv: Path) -> None:
    made = read_json(manifest_json, "outputs", "raw", "run", "locks")
    expected = dict(made["outputs"])
    problems = [
        f"{name}: changed since `make all` 在 make all 之后被改动"
        for name in differences(expected, {name: sha256(Path(name)) for name in expected if Path(name).exists()})
    ]
    with tempfile.TemporaryDirectory(prefix="jingyan-verify-") as folder:
        again = remake(Path(folder), made, venv)
    problems += [f"{name}: differs when made again 重做后不同" for name in differences(expected, again)]
    problems += [
        f"{name}: the committed file is not current; commit it 已提交的文件不是最新，请提交"
        for name in uncommitted(Path("reports") / manifest_json.parent.name)
    ]
    if problems:
        raise SystemExit("\n".join(problems))
    print(f"{len(expected)} 个文件逐字节一致 / {len(expected)} files identical, byte for byte")


if __name__ == "__main__":
    run(main)
