"""Run a command while no other process runs one under the same lock: LOCK TARGET SOURCE... -- COMMAND...

Who has to wait runs nothing where TARGET is newer than every SOURCE by then.
The lock ends with the processes that hold it, however they end. Only the
standard library: the environment is set up under it.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def current(target: Path, sources: Sequence[Path]) -> bool:
    """Whether ``target`` is there and no source is newer."""
    return target.exists() and all(target.stat().st_mtime_ns >= source.stat().st_mtime_ns for source in sources)


def main(lock: Path, target: Path, sources: Sequence[Path], command: Sequence[str]) -> int:
    """Exit code of the command, or 0 where another process has made the target."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"{target}: 另一个进程正在准备，等它完成 … another process is at it; waiting …", file=sys.stderr)
        fcntl.flock(held, fcntl.LOCK_EX)
        if current(target, sources):
            return 0
    # The command holds the lock too: where only this process is killed, the next one waits for the command to end.
    return subprocess.run(command, pass_fds=[held], check=False).returncode


if __name__ == "__main__":
    end = sys.argv.index("--")
    paths = [Path(name) for name in sys.argv[1:end]]
    raise SystemExit(main(paths[0], paths[1], paths[2:], sys.argv[end + 1 :]))
