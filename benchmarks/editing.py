"""One document of a large corpus is edited: how many are cut again, and how long does the second make take?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.checkout import Checkout
from benchmarks.made_up import Text
from benchmarks.rows import Found, Value
from benchmarks.watching import Run, StoppedError

_SENTENCES = re.compile("[。；！？\n]")
_ADDED = "逐年公布这项工作的进展"
_VARIABLE = "BENCH_CUT"
_STAGE = "BENCH_STAGE"
# Appended to the engine of the copied checkout: every text that it cuts is noted where the variable names a file, with the
# stage, of which its processes are told by the environment.
_COUNTER = f'''

import json as _json
import os as _os
import sys as _sys

if _os.environ.get("{_VARIABLE}"):
    _spec = getattr(_sys.modules["__main__"], "__spec__", None)
    _stage = _os.environ.setdefault("{_STAGE}", _spec.name if _spec else "")
    _file = _os.open(_os.environ["{_VARIABLE}"], _os.O_WRONLY | _os.O_CREAT | _os.O_APPEND)

    def _noting(cut):
        def each(texts):
            for text in texts:
                _os.write(_file, (_json.dumps([_stage, text]) + "\\n").encode())
                yield text

        return lambda self, texts: cut(self, each(texts))

    for _engine in (Plain, Fast):
        _engine.cut = _noting(_engine.cut)
'''


def counted(checkout: Checkout) -> None:
    """Have the copied engine note what it cuts when it is asked to; before the first make, for it changes the code."""
    engine = checkout.folder / "pipeline/engine.py"
    engine.write_text(engine.read_text("utf-8") + _COUNTER, "utf-8")


def edited(texts: Sequence[Text]) -> list[Text]:
    """A sentence that is nowhere else put to the end of the middle one of the texts whose words stand once."""
    often = Counter(text.text for text in texts)
    once = [at for at, text in enumerate(texts) if often[text.text] == 1]
    at = once[len(once) // 2]
    changed = replace(texts[at], text=texts[at].text.rstrip("。") + "，" + _ADDED + "。")
    return [*texts[:at], changed, *texts[at + 1 :]]


def documents_cut(texts: Iterable[Text], handed: Iterable[str]) -> int:
    """Documents of which a sentence was handed to the engine."""
    sentences = {piece.strip() for text in handed for piece in _SENTENCES.split(text)} - {""}
    return sum(any(piece.strip() in sentences for piece in _SENTENCES.split(text.text)) for text in texts)


def found(checkout: Checkout, corpus: str, raw: Path, changed: Sequence[Text], form: bytes, first: Run) -> Found:
    """``first``: the make of the corpus as it was, whose outputs are there."""
    noted = checkout.folder / "cut.jsonl"
    noted.unlink(missing_ok=True)
    raw.write_bytes(form)
    second = checkout.watched(["make", "all", f"CORPUS={corpus}"], {_VARIABLE: str(noted)})
    if not noted.exists():
        raise StoppedError("the edited text was not cut: the engine is not where the count looks")
    handed: dict[str, list[str]] = {}
    with noted.open(encoding="utf-8") as lines:
        for stage, text in map(json.loads, lines):
            handed.setdefault(stage.removeprefix("pipeline."), []).append(text)
    noted.unlink()
    again = {stage: documents_cut(changed, texts) for stage, texts in sorted(handed.items())}
    # Of a large corpus `cut` cuts all; the sample that is studied in full is cut by `segment`, as a small corpus is.
    all_of_it = "cut" if any((checkout.processed(corpus) / "corpus").glob("terms-*.npz")) else "segment"
    others = ", ".join(f"{count:,} by {stage}" for stage, count in again.items() if stage != all_of_it)
    if not again.get(all_of_it):
        raise StoppedError(f"the edited text was not cut by {all_of_it}: the engine is not where the count looks")
    beside = f"{second.seconds:.1f} s after {first.seconds:.1f} s"
    return Found(
        {"editing.cut": Value(again[all_of_it], others), "editing.time": Value(second.seconds / first.seconds, beside)}
    )
