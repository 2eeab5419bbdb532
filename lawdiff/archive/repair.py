"""What an interrupted write left behind, found and set aside when the archive is opened for writing.

Nothing is thrown away: the bytes go to `torn/` first, then the file is cut. Only the end of the journal and of the WARC
file of a crawl that has no closing line are ever touched; whatever the journal covers stays.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from lawdiff.archive.journal import JOURNAL, read_lines, sync_folder, write_error
from lawdiff.archive.merkle import RunningRoot
from lawdiff.archive.records import GENESIS, CrawlClose, CrawlOpen, Entry, root_line
from lawdiff.errors import ArchiveDamaged

TORN = "torn"
_BLOCK = 1 << 20


@dataclass(slots=True)
class Tail:
    """Where the journal ends, and what its last crawl had reached.

    bodies: first eight bytes of a body's SHA-256 → offset of the journal line that holds the body itself.
    """

    prev: str = GENESIS
    seq: int = 0
    prev_close: str = GENESIS
    unclosed: CrawlOpen | None = None
    roots: list[bytes] = field(default_factory=list)  # what roots.txt has to say
    fetches: int = 0
    warc_end: int = 0
    root: RunningRoot = field(default_factory=RunningRoot)
    bodies: dict[int, int] = field(default_factory=dict)


def body_key(sha256: str) -> int:
    """The key of a body in `Tail.bodies`: half the memory of the digest; a hit is compared in full."""
    return int(sha256[:16], 16)


def read_tail(folder: Path) -> Tail:
    """Read the whole journal once. Raises ArchiveDamaged when a line or the chain is broken."""
    tail = Tail()
    for offset, line in read_lines(folder / JOURNAL):
        if isinstance(line, CrawlOpen):
            if tail.unclosed is not None:
                raise ArchiveDamaged(f"{JOURNAL}, line {line.seq}: a crawl begins inside another; run lawdiff verify")
            tail.unclosed, tail.fetches, tail.root, tail.warc_end = line, 0, RunningRoot(), line.warc_length
        elif isinstance(line, Entry):
            tail.fetches += 1
            tail.warc_end = line.warc_offset + line.warc_length
            if line.http_status is not None and line.sha256 and line.size and not line.duplicate:
                tail.bodies.setdefault(body_key(line.sha256), offset)
        elif isinstance(line, CrawlClose):
            tail.unclosed, tail.prev_close = None, line.hash
            tail.roots.append(root_line(line))
        tail.root.add(line.hash)
        tail.prev, tail.seq = line.hash, line.seq
    return tail


def mend_journal(folder: Path) -> str | None:
    """Set a torn last line aside. Returns what was done, for people, or None."""
    path = folder / JOURNAL
    if not path.exists():
        return None
    size, end = path.stat().st_size, _last_sound_end(path)
    if end == size:
        return None
    kept = set_aside(folder, path, end)
    return f"{JOURNAL}: {size - end} bytes of an unfinished line from offset {end} set aside in {kept}"


def _last_sound_end(path: Path) -> int:
    """Offset after the last whole line. A last line with NUL bytes is torn too: a power loss leaves such holes."""
    end = path.stat().st_size
    with path.open("rb") as stream:
        newline = _find_back(stream, end)
        if newline == end:
            start = _find_back(stream, end - 1) if end else 0
            stream.seek(start)
            return start if b"\0" in stream.read(end - start) else end
        return newline


def _find_back(stream: object, end: int) -> int:
    """Offset after the last newline before `end`, 0 when there is none."""
    while end > 0:
        start = max(0, end - 65536)
        stream.seek(start)  # type: ignore[attr-defined]
        found: int = stream.read(end - start).rfind(b"\n")  # type: ignore[attr-defined]
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def mend_warc(folder: Path, tail: Tail) -> tuple[int, str, str | None]:
    """Set WARC bytes past the last journalled record of the unclosed crawl aside.

    Returns (size, sha256 of the file, what was done or was found amiss). A file that is too short stays as it is: that
    is damage, which `verify` reports; a crawl that stored nothing may have no file.
    """
    assert tail.unclosed is not None
    path = folder / tail.unclosed.warc_file
    note = None
    if not path.exists():
        missing = f"{tail.unclosed.warc_file} is missing" if tail.fetches else None
        return 0, hashlib.sha256(b"").hexdigest(), missing
    size = path.stat().st_size
    end = 0 if size < tail.warc_end and not tail.fetches else tail.warc_end
    if size > end:
        kept = set_aside(folder, path, end)
        note = f"{tail.unclosed.warc_file}: {size - end} bytes past the last journalled record set aside in {kept}"
        if end == 0:
            path.unlink()
            return 0, hashlib.sha256(b"").hexdigest(), note
    elif size < end:
        note = f"{tail.unclosed.warc_file} has {size} bytes, the journal covers {end}"
    return min(size, end), file_sha256(path), note


def set_aside(folder: Path, path: Path, start: int) -> str:
    """Copy the bytes from `start` on to `torn/`, then cut them off. Returns the copy's name. Raises LawdiffError."""
    torn = folder / TORN
    try:
        torn.mkdir(exist_ok=True)
        with path.open("rb") as source:
            source.seek(start)
            content = source.read()
        number = 1
        while (kept := torn / f"{path.name}-{start}-{number}").exists() and kept.read_bytes() != content:
            number += 1
        with kept.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        sync_folder(torn)
        with path.open("r+b") as source:
            source.truncate(start)
            os.fsync(source.fileno())
    except OSError as error:
        raise write_error(path, error) from error
    return f"{TORN}/{kept.name}"


def file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
