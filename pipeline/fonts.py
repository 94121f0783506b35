"""Where the CJK font is: a file of the package zhplot, which is located and never imported."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def font_file() -> Path:
    """Path of NotoSansSC-Regular.ttf (SIL Open Font License 1.1)."""
    spec = importlib.util.find_spec("zhplot")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package zhplot is not installed: run make to set up the environment")
    return Path(spec.submodule_search_locations[0]) / "fonts" / "NotoSansSC-Regular.ttf"
