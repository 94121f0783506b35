"""Run a stage's ``main`` from the command line: its docstring is the help, its parameters are the files."""

from __future__ import annotations

import argparse
import errno
import inspect
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import NoReturn

from pipeline.errors import InputError
from pipeline.resources import jobs, scheduler

_NO_MEMORY = (
    "内存不足。请关闭别的程序，或用 JOBS=1 make all 再运行一次。",
    "not enough memory. Close other programs, or run again with `JOBS=1 make all`.",
)
_ENDED = (
    "一个进程被系统结束，多半因为内存不足。请关闭别的程序，或用 JOBS=1 make all 再运行一次。",
    "the system ended a process, most likely for want of memory. Close other programs, or run again with `JOBS=1 make all`.",
)
# What the machine refuses, and what to do about it.
_NO_SPACE = (
    "磁盘空间或配额已满。请腾出空间，再运行一次。",
    "no space left on the device, or in your quota. Free some, then run again.",
)
_NOT_ALLOWED = (
    "没有读写权限，或磁盘只读。请改权限或换一个文件夹，再运行一次。",
    "no permission to use it, or a read-only disk. Change that or take another folder, then run again.",
)
_TOO_MANY = (
    "打开的文件太多。请关闭别的程序，再运行一次。",
    "too many open files. Close other programs, then run again.",
)
_REFUSED = {
    errno.ENOSPC: _NO_SPACE,
    errno.EDQUOT: _NO_SPACE,
    errno.EFBIG: ("文件超过系统允许的大小（ulimit -f）。请放宽限制，再运行一次。", "a file larger than the system allows (ulimit -f). Raise the limit, then run again."),
    errno.EROFS: _NOT_ALLOWED,
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EMFILE: _TOO_MANY,
    errno.ENFILE: _TOO_MANY,
    errno.ENOMEM: _NO_MEMORY,
    errno.EAGAIN: ("系统不让再开进程。请关闭别的程序，再运行一次。", "the system starts no more processes. Close other programs, then run again."),
    errno.EIO: ("磁盘读写出错。请检查磁盘，再运行一次。", "the disk fails to read or write. Check it, then run again."),
    errno.ENOENT: ("找不到这个文件。请检查文件名，或先运行 make all。", "no such file. Check its name, or run `make all` first."),
}  # fmt: skip


def parser_of(main: Callable[..., None], description: str) -> argparse.ArgumentParser:
    """A parser with one positional path per parameter of ``main``, in order; ``*name`` takes many. Keywords are not for it."""
    spec = getattr(inspect.getmodule(main), "__spec__", None)
    parser = argparse.ArgumentParser(
        prog=f"python -m {spec.name.removesuffix('.__main__')}" if spec else None,
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for parameter in inspect.signature(main).parameters.values():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            continue
        many = parameter.kind is inspect.Parameter.VAR_POSITIONAL
        parser.add_argument(parameter.name, type=Path, metavar=parameter.name.upper(), nargs="+" if many else None)
    return parser


def _stop(told: tuple[str, str], file: str | bytes | int) -> NoReturn:
    """Say it in both languages and end with exit code 2."""
    print(InputError(*told, file=os.fsdecode(file) if isinstance(file, bytes) else str(file)), file=sys.stderr)
    raise SystemExit(2) from None


def run(main: Callable[..., None], argv: Sequence[str] | None = None) -> None:
    """Call ``main`` with the paths given; an `InputError`, or what the machine refuses, is one message and exit code 2.

    ``argv`` None: this process's own arguments, and the process ends with ``main``.
    """
    module = inspect.getmodule(main)
    parser = parser_of(main, inspect.getdoc(module) or "")
    given, stage = vars(parser.parse_args(argv)), parser.prog
    paths: list[Path] = []
    for value in given.values():
        paths += value if isinstance(value, list) else [value]
    try:
        if argv is None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        jobs(), scheduler()  # a mistake in them is told now, not after an hour
        main(*paths)
    except InputError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    except OSError as error:
        if error.filename is None and error.errno not in _REFUSED:
            raise
        unknown = (f"无法读写：{error.strerror}。", f"cannot be used: {error.strerror}.")
        _stop(_REFUSED.get(error.errno or 0, unknown), error.filename or stage)
    except MemoryError:
        _stop(_NO_MEMORY, stage)
    except BrokenExecutor:
        _stop(_ENDED, stage)
    except KeyboardInterrupt:  # whoever pressed Ctrl-C knows why; 130 is how the shell says it
        raise SystemExit(130) from None
    if argv is None:
        # All files are closed. Taking the libraries down would take longer than many a stage.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
