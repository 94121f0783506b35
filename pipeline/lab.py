"""Open a folder of notebooks in JupyterLab, on this machine and for this machine only."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.writing import write

# No news, no list of extensions from elsewhere, no saving unasked: a notebook changes when somebody says so.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/extensionmanager-extension:plugin": {"enabled": False},
}
CHINESE = {"@jupyterlab/translation-extension:plugin": {"locale": "zh_CN"}}
# The kernel would warn that others on this machine can listen to it.
_KERNEL = {"IPKernelApp": {"log_level": 40}}
# Everything that Jupyter keeps, in the project's own cache: what the user's Jupyter is set to changes nothing here.
_FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
SAID = (
    "JupyterLab 在浏览器中打开 {folder}（若没有打开，请把下面的网址贴进浏览器）。改动不会自动保存；按 Ctrl-C 结束。",
    "JupyterLab opens {folder} in the browser (if not, paste the address below). Nothing is saved unasked; Ctrl-C ends it.",
)


def environment(cache: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """The surroundings of the server: ``outer``, with all that Jupyter reads and writes below ``cache``."""
    return {
        **outer,
        **{name: str(cache / folder) for name, folder in _FOLDERS.items()},
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def command(notebooks: Path, cache: Path) -> list[str]:
    """JupyterLab by this Python: it answers this machine only, knows one kernel (this Python) and asks nobody for news."""
    options = {
        "ServerApp.root_dir": str(notebooks.resolve()),
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.log_level": "ERROR",
        "LabApp.log_level": "ERROR",
        "ServerApp.answer_yes": "True",  # Ctrl-C ends it without a question
        "KernelSpecManager.allowed_kernelspecs": "python3",
        "ContentsManager.hide_globs": "*.py",  # the scripts that the notebooks are made from
        "AsyncFileCheckpoints.checkpoint_dir": str(cache / "checkpoints"),
        "LabApp.app_settings_dir": str(cache / "defaults"),
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.news_url": "None",
        "LabApp.extension_manager": "readonly",
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options["ServerApp.allow_root"] = "True"  # of a container; Jupyter refuses it else
    return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]


def prepare(cache: Path, outer: Mapping[str, str]) -> None:
    """Write what the interface is set to until somebody sets it otherwise; in Chinese where the system speaks it."""
    spoken = outer.get("LC_ALL") or outer.get("LC_MESSAGES") or outer.get("LANG") or ""
    settings = SETTINGS | (CHINESE if spoken.startswith("zh") else {})
    write(
        {
            cache / "defaults/overrides.json": json.dumps(settings, indent=2).encode(),
            cache / "ipython/profile_default/ipython_kernel_config.json": json.dumps(_KERNEL).encode(),
        }
    )


def main(notebooks: Path) -> None:
    if not notebooks.is_dir():
        raise InputError("没有这个文件夹。", "there is no such folder.", file=notebooks)
    cache = Path(".cache/jupyter").resolve()
    prepare(cache, os.environ)
    for line in SAID:
        print(line.format(folder=f"{notebooks}/"), flush=True)
    started = command(notebooks, cache)
    os.execve(started[0], started, environment(cache, os.environ))


if __name__ == "__main__":
    run(main)
