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
# Appended to the engine of the copied checkout: every text that it cuts is noted where the variable names a file.
_COUNTER = f'''

import json as _json
import os as _os

if _os.environ.get("{_VARIABLE}"):
    _file = _os.open(_os.environ["{_VARIABLE}"], _os.O_WRONLY | _os.O_CREAT | _os.O_APPEND)

    def _noting(cut):
        def noted(self, text):
            _os.write(_file, (_json.dumps(text) + "\\n").encode())
            return cut(self, text)

        return noted

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
        raise StoppedError("an edited document was not cut: the engine is no longer where the count looks")
    with noted.open(encoding="utf-8") as lines:
        again = documents_cut(changed, (json.loads(line) for line in lines))
    noted.unlink()
    beside = f"{second.seconds:.1f} s after {first.seconds:.1f} s"
    return Found({"editing.cut": Value(again), "editing.time": Value(second.seconds / first.seconds, beside)})
