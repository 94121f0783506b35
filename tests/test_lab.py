"""JupyterLab starts, answers this machine only, shows the notebooks, and asks nobody for anything."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline import lab
from tests.make import ROOT, make

SECONDS = 90  # after which a server that does not answer, or does not end, is given up


def info_of(process: subprocess.Popen[str], runtime: Path) -> dict[str, object]:
    """What the server writes of itself, once it also answers: the file comes first."""
    for _ in range(SECONDS * 10):
        for file in runtime.glob("jpserver-*.json"):
            with suppress(ValueError, OSError):  # half written; not yet listening
                info = dict(json.loads(file.read_text("utf-8")))
                socket.create_connection((info["hostname"], info["port"]), timeout=SECONDS).close()
                return info
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    raise AssertionError("the server does not listen")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """The server of `make lab` on a free port, without a browser; it is ended whatever happens."""
    cache = tmp_path_factory.mktemp("jupyter")
    lab.prepare(cache, {"LANG": "zh_CN.UTF-8"})
    process = subprocess.Popen(
        [*lab.command(ROOT / "notebooks", cache), "--no-browser", "--ServerApp.port=0"],
        env=lab.environment(cache, os.environ),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield info_of(process, cache / "runtime")
        process.send_signal(signal.SIGINT)  # as Ctrl-C does
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.communicate()


def asked(server: dict[str, object], path: str) -> str:
    request = urllib.request.Request(f"{server['url']}{path}", headers={"Authorization": f"token {server['token']}"})
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return str(answer.read().decode())


def test_the_server_listens_on_this_machine_only_and_wants_a_token(server: dict[str, object]) -> None:
    assert server["hostname"] == "127.0.0.1"
    assert server["token"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        asked({**server, "token": "another"}, "api/contents")


def test_it_shows_the_folder_of_the_notebooks(server: dict[str, object]) -> None:
    shown = [entry["name"] for entry in json.loads(asked(server, "api/contents"))["content"]]
    assert sorted(shown) == sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


def test_its_one_kernel_is_the_python_of_this_environment(server: dict[str, object]) -> None:
    found = json.loads(asked(server, "api/kernelspecs"))
    assert list(found["kernelspecs"]) == ["python3"]
    assert found["default"] == "python3"


def test_the_page_asks_for_no_news_no_extensions_and_saves_nothing_unasked(server: dict[str, object]) -> None:
    page = asked(server, "lab")
    config = json.loads(page.split('id="jupyter-config-data" type="application/json">')[1].split("</script>")[0])
    assert config["news"] == {"disabled": True}
    for plugin, wanted in (lab.SETTINGS | lab.CHINESE).items():
        settings = json.loads(asked(server, f"lab/api/settings/{plugin}"))
        defaults = settings["schema"]["properties"]
        assert {name: defaults[name]["default"] for name in wanted} == wanted, plugin


def test_the_chinese_of_the_interface_is_there(server: dict[str, object]) -> None:
    assert "zh_CN" in json.loads(asked(server, "lab/api/translations"))["data"]
    spoken = json.loads(asked(server, "lab/api/translations/zh_CN"))
    assert "文件" in json.dumps(spoken, ensure_ascii=False)


@pytest.mark.parametrize(
    ("outer", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "de_DE"}, False),
        ({}, False),
    ],
)
def test_the_interface_speaks_the_language_of_the_system(tmp_path: Path, outer: dict[str, str], chinese: bool) -> None:
    lab.prepare(tmp_path, outer)
    written = json.loads((tmp_path / "defaults/overrides.json").read_text("utf-8"))
    assert written == (lab.SETTINGS | lab.CHINESE if chinese else lab.SETTINGS)


def test_nothing_is_written_into_the_folder_of_the_notebooks(server: dict[str, object]) -> None:
    before = sorted(path.name for path in (ROOT / "notebooks").iterdir())
    request = urllib.request.Request(
        f"{server['url']}api/contents/01_explore_keywords.ipynb/checkpoints",
        headers={"Authorization": f"token {server['token']}"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        assert answer.status == 201
    assert sorted(path.name for path in (ROOT / "notebooks").iterdir()) == before


def test_what_the_users_own_jupyter_is_set_to_changes_nothing(tmp_path: Path) -> None:
    own = {"JUPYTER_CONFIG_DIR": "elsewhere", "HOME": "home"}
    found = lab.environment(tmp_path, own)
    assert found["HOME"] == "home"
    folders = [value for name, value in found.items() if name.startswith(("JUPYTER", "IPYTHON")) and "/" in value]
    assert len(folders) == 6
    assert all(Path(folder).parent == tmp_path for folder in folders)


def test_make_lab_brings_the_tables_up_to_date_and_starts_the_server_on_the_notebooks() -> None:
    printed = make(ROOT, "--print-data-base", "--question", "lab").stdout
    rule = next(block for block in printed.split("\n\n") if block.startswith("lab:"))
    assert "data/processed/vocational-teachers/tokens.csv" in rule
    assert ".venv/lab.ok" in rule
    assert "$(RUN).lab notebooks" in rule


def test_a_folder_that_is_not_there_is_one_message_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(lab.InputError, match="no such folder") as error:
        lab.main(tmp_path / "none")
    assert "没有这个文件夹" in error.value.zh
