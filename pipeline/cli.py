"""Run a stage's ``main`` from the command line: its docstring is the help, its parameters are the files."""

from __future__ import annotations

import argparse
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.errors import InputError


def parser_of(main: Callable[..., None], description: str) -> argparse.ArgumentParser:
    """A parser with one positional path per parameter of ``main``, in order; ``*name`` takes many."""
    spec = getattr(inspect.getmodule(main), "__spec__", None)
    parser = argparse.ArgumentParser(
        prog=f"python -m {spec.name.removesuffix('.__main__')}" if spec else None,
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for parameter in inspect.signature(main).parameters.values():
        many = parameter.kind is inspect.Parameter.VAR_POSITIONAL
        parser.add_argument(parameter.name, type=Path, metavar=parameter.name.upper(), nargs="+" if many else None)
    return parser


def run(main: Callable[..., None], argv: Sequence[str] | None = None) -> None:
    """Call ``main`` with the paths given; an `InputError` is one message and exit code 2.

    ``argv`` None: this process's own arguments, and the process ends with ``main``.
    """
    module = inspect.getmodule(main)
    given = vars(parser_of(main, inspect.getdoc(module) or "").parse_args(argv))
    paths: list[Path] = []
    for value in given.values():
        paths += value if isinstance(value, list) else [value]
    try:
        main(*paths)
    except InputError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    except OSError as error:
        if error.filename is None:
            raise
        missing = isinstance(error, FileNotFoundError)
        told = InputError(
            "找不到这个文件。请检查文件名，或先运行 make all。" if missing else f"无法读写：{error.strerror}。",
            "no such file. Check its name, or run `make all` first."
            if missing
            else f"cannot be used: {error.strerror}.",
            file=error.filename,
        )
        print(told, file=sys.stderr)
        raise SystemExit(2) from None
    if argv is None and "joblib" not in sys.modules:  # its idle processes would live on for minutes
        # All files are closed. Taking the libraries down would take longer than many a stage.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
