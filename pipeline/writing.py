"""Files that come whole or not at all: written beside their place under names of their own, then moved there.

A run that is killed, or that finds the disk full, leaves the old files. Nothing waits for the disk: after a loss of
power a file may be empty or cut off, which its reader notices where that breaks its form, and `make verify` always.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def _left_over(path: Path) -> Iterator[Path]:
    """Temporary files of ``path``, also those that another process is writing."""
    own = re.compile(re.escape(path.name) + r"\.[0-9a-f]{8}\.part")
    return (found for found in path.parent.iterdir() if own.fullmatch(found.name))


def _sweep(path: Path) -> None:
    """Remove the temporary files of ``path`` whose writer is dead: nobody holds their lock."""
    for part in _left_over(path):
        with suppress(OSError):  # held, gone meanwhile, or on a disk that knows no locks
            held = os.open(part, os.O_RDWR)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink()
            finally:
                os.close(held)


def _begun(path: Path) -> tuple[Path, int]:
    """A new temporary file beside ``path``, and the descriptor that holds its lock: it ends with this process."""
    while True:
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        held = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        with suppress(OSError):  # a disk that knows no locks: nobody sweeps there either
            fcntl.flock(held, fcntl.LOCK_EX)
        if os.fstat(held).st_nlink:
            return part, held
        os.close(held)  # swept before it was locked


@contextmanager
def replacing(*paths: Path) -> Iterator[list[Path]]:
    """Where to write what shall stand at ``paths``; they take their places when the block ends well, else none does.

    An `OSError` names the file, or the folder where there are several, not the temporary file.
    """
    begun: list[tuple[Path, int]] = []
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            _sweep(path)
            begun.append(_begun(path))
        yield [part for part, _ in begun]
        for path, (part, _) in zip(paths, begun, strict=True):
            os.replace(part, path)
    except OSError as error:
        if error.filename is None or str(error.filename).endswith(".part"):
            error.filename = str(paths[0] if len(paths) == 1 else paths[0].parent)
            error.filename2 = None
        raise
    finally:
        for part, held in begun:
            part.unlink(missing_ok=True)
            os.close(held)


def write(contents: Mapping[Path, bytes]) -> None:
    """Write all files or none."""
    with replacing(*contents) as parts:
        for part, content in zip(parts, contents.values(), strict=True):
            part.write_bytes(content)
