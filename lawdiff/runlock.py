"""A lock so that two updates never overlap: a file that the system unlocks when its process dies.

`with RunLock(path): …` holds it; a second one raises LawdiffError naming the holder. Nothing has to be cleaned up
after a kill: the file may stay, the lock does not.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from types import TracebackType

from lawdiff.errors import LawdiffError


class RunLock:
    """Exclusive while the block runs. path: of the lock file; its folder is made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = -1

    def __enter__(self) -> RunLock:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise LawdiffError(f"cannot write {self.path}: {error.strerror}; check the folder's rights") from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(fd, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(fd)
            raise LawdiffError(f"another update (process {holder}) is running; wait until it ends") from error
        with contextlib.suppress(OSError):  # the number is for people only
            os.ftruncate(fd, 0)
            os.write(fd, f"{os.getpid()}\n".encode())
        self._fd = fd
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._fd)
        self._fd = -1
