"""The journal file: reading its lines in order with the chain checked; appending that can be undone."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from lawdiff.archive.records import GENESIS, BadLine, Line, decode
from lawdiff.errors import ArchiveDamaged, LawdiffError

JOURNAL = "journal.jsonl"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def raw_lines(path: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(offset, line without newline) of every whole line from byte `start` on; an unended last line is left out."""
    if not path.exists():
        return
    offset = start
    with path.open("rb") as stream:
        stream.seek(start)
        for raw in stream:
            if not raw.endswith(b"\n"):
                return
            yield offset, raw[:-1]
            offset += len(raw)


def read_lines(path: Path) -> Iterator[tuple[int, Line]]:
    """(offset, record) of every line in order, hash and chain checked. Raises ArchiveDamaged at the first fault."""
    prev, seq = GENESIS, 1
    for offset, raw in raw_lines(path):
        try:
            line = decode(raw)
        except BadLine as error:
            raise ArchiveDamaged(
                f"{path.name}, line {seq}, offset {offset}: {error.message}; run lawdiff verify, "
                "then put back the journal from a backup"
            ) from error
        if line.prev != prev or line.seq != seq:
            raise ArchiveDamaged(
                f"{path.name}, line {seq}, offset {offset}: the chain of hashes breaks here; run lawdiff verify, "
                "then put back the journal from a backup"
            )
        yield offset, line
        prev, seq = line.hash, seq + 1


def line_at(path: Path, offset: int) -> Line:
    """The record of the line at a byte offset. Raises ArchiveDamaged."""
    for _, raw in raw_lines(path, offset):
        try:
            return decode(raw)
        except BadLine as error:
            raise ArchiveDamaged(f"{path.name}, offset {offset}: {error.message}; run lawdiff verify") from error
    raise ArchiveDamaged(f"{path.name} ends before offset {offset}; run lawdiff verify")


def write_error(path: Path, error: OSError) -> LawdiffError:
    """What to tell a person when writing fails."""
    if error.errno in _FULL:
        return LawdiffError(
            f"no space to write {path}: {error.strerror}; free some space and run the command again, "
            "what was stored before is safe"
        )
    return LawdiffError(f"cannot write {path}: {error.strerror}; check the permissions of the archive folder")


class AppendFile:
    """A file that only grows. `append` returns when the bytes are on the disk; `cut` undoes what came after `end`."""

    def __init__(self, path: Path, *, new: bool = False, sync: bool = True) -> None:
        self.path = path
        self.sync = sync
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | (os.O_EXCL if new else 0)
        try:
            self._fd = os.open(path, flags, 0o644)
            if sync:
                sync_folder(path.parent)
        except OSError as error:
            raise write_error(path, error) from error
        self.end = os.fstat(self._fd).st_size

    def append(self, content: bytes) -> None:
        """Raises LawdiffError (disk full, read-only); the caller then calls `cut`."""
        view = memoryview(content)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
            if self.sync:
                os.fsync(self._fd)
        except OSError as error:
            raise write_error(self.path, error) from error

    def commit(self, size: int) -> None:
        """`size` appended bytes now belong to the file."""
        self.end += size

    def cut(self) -> None:
        """Take away what was appended and not committed. Raises OSError."""
        os.ftruncate(self._fd, self.end)
        if self.sync:
            os.fsync(self._fd)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
