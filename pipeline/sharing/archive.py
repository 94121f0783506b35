"""A zip whose equal contents are equal bytes: entries sorted, one fixed time, one mode, nothing of the machine."""

from __future__ import annotations

import shutil
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from pipeline.errors import InputError
from pipeline.writing import replacing

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows
_CHUNK = 1 << 20
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


Content = Path | bytes | int  # a file, bytes, or so many zeros


def write(entries: Mapping[str, Content], archive: Path) -> None:
    """Write the entries, whole or not at all; names are UTF-8, and are marked as such."""
    with replacing(archive) as (part,), zipfile.ZipFile(part, "w") as file:
        for name in sorted(entries):
            content = entries[name]
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3  # Unix, wherever it is written: the mode is read
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            if isinstance(content, bytes):
                file.writestr(entry, content)
                continue
            # The size is told first, so that one of several gigabytes gets the wider format.
            entry.file_size = content if isinstance(content, int) else content.stat().st_size
            with file.open(entry, "w") as target:
                if isinstance(content, int):
                    for at in range(0, content, _CHUNK):
                        target.write(bytes(min(_CHUNK, content - at)))
                    continue
                with content.open("rb") as source:
                    shutil.copyfileobj(source, target, _CHUNK)


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack into ``folder`` and return the one folder that the archive holds; an `InputError` where it is no bundle."""
    try:
        with zipfile.ZipFile(archive) as file:
            tops = {PurePosixPath(name).parts[0] for name in file.namelist()}
            if len(tops) != 1 or any(".." in PurePosixPath(name).parts for name in file.namelist()):
                raise zipfile.BadZipFile
            file.extractall(folder)
    except (zipfile.BadZipFile, IndexError):
        raise InputError(
            "这不是 make bundle 打的包，或已损坏。请重新取得这个文件。",
            "this is no bundle of `make bundle`, or it is damaged. Get the file again.",
            file=archive,
        ) from None
    return folder / tops.pop()


def not_on_windows(names: Iterable[str]) -> list[str]:
    """Names that Windows cannot hold: reserved or with reserved characters, or equal to another but for upper case."""
    names = sorted(names)
    alike = Counter(name.casefold() for name in names)
    return [name for name in names if alike[name.casefold()] > 1 or not all(map(_windows_takes, name.split("/")))]


def _windows_takes(part: str) -> bool:
    reserved = part.split(".")[0].rstrip().upper() in _RESERVED
    return not (reserved or set(part) & set('<>:"\\|?*') or part != part.rstrip(". "))
