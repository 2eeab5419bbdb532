"""Writing one crawl: one WARC file, a line per fetch, a closing line with the run root.

Order of one fetch: records to the WARC file, fsync, line to the journal, fsync. What the journal names is
therefore always there; a kill between the two leaves bytes that no line names, which the next open sets
aside (`repair`).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from lawdiff import __version__
from lawdiff.archive import repair, warc
from lawdiff.archive.journal import JOURNAL, AppendFile, line_at, sync_folder, write_error
from lawdiff.archive.records import (
    CrawlClose,
    CrawlOpen,
    CrawlSummary,
    Entry,
    Fetch,
    Line,
    Summary,
    encode,
    headers_sha256,
    iso,
    root_line,
    sha256_hex,
)
from lawdiff.errors import ArchiveDamaged, LawdiffError

WARC_FOLDER = "warc"
LOCK = "lock"
ROOTS = "roots.txt"


def now() -> datetime:
    return datetime.now(UTC)


class Lock:
    """The archive's write lock: held by one process, released by the system when it dies."""

    def __init__(self, folder: Path) -> None:
        path = folder / LOCK
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        except OSError as error:
            raise write_error(path, error) from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._fd, 32).decode(errors="replace").strip() or "unknown"
            os.close(self._fd)
            raise LawdiffError(
                f"another crawl (process {holder}) is writing to {folder}; wait until it ends, or stop it"
            ) from error
        try:
            os.ftruncate(self._fd, 0)
            os.write(self._fd, f"{os.getpid()}\n".encode())
        except OSError:
            pass  # the number is for people only: a full disk must not stop us here
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def is_locked(folder: Path) -> bool:
    """Whether a crawl is writing to the archive now."""
    try:
        fd = os.open(folder / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(fd)
    return False


class CrawlWriter:
    """One crawl being written; use as a context manager, or call `close`.

    Opening takes the lock, repairs what an interrupted crawl left, and begins a new crawl. `repaired` says what was
    repaired. Raises LawdiffError (locked, disk full, read-only) or ArchiveDamaged.
    """

    def __init__(
        self,
        folder: Path,
        started_at: datetime,
        *,
        settings: Mapping[str, str] | None = None,
        software: str = f"lawdiff {__version__}",
        clock: Callable[[], datetime] = now,
        sync: bool = True,
    ) -> None:
        self.folder = folder
        self.repaired: str | None = None
        self._clock = clock
        self._sync = sync
        self._files: list[AppendFile] = []
        self._failed = False
        self._closed = False
        try:
            if not (folder / WARC_FOLDER).is_dir():
                (folder / WARC_FOLDER).mkdir(parents=True)
                sync_folder(folder)
                sync_folder(folder.parent)
        except OSError as error:
            raise write_error(folder, error) from error
        self._lock = Lock(folder)
        try:
            self._open(started_at, settings or {}, software)
        except BaseException:
            self._release()
            raise

    def _open(self, started_at: datetime, settings: Mapping[str, str], software: str) -> None:
        notes = [repair.mend_journal(self.folder)]
        self._tail = tail = repair.read_tail(self.folder)
        self._journal = self._file(self.folder / JOURNAL)
        if tail.unclosed is not None:
            size, digest, note = repair.mend_warc(self.folder, tail)
            notes.append(note)
            self.repaired = "; ".join(filter(None, notes)) or "the crawl was broken off"
            self._append_close(size, digest, complete=False, repaired=self.repaired)
        elif any(notes):
            self.repaired = "; ".join(filter(None, notes))
        self._mend_roots()
        name = (
            f"{WARC_FOLDER}/crawl-{iso(started_at)[:19].replace('-', '').replace(':', '')}Z-{tail.seq + 1:08d}.warc.gz"
        )
        if (self.folder / name).exists():
            raise ArchiveDamaged(
                f"{name} exists, but the journal does not know it: the journal is older than the files; "
                "put back the newest journal.jsonl"
            )
        info = warc.warcinfo(tail.prev, name, iso(started_at), software)
        line, opened = encode(
            CrawlOpen,
            {
                "seq": tail.seq + 1,
                "started_at": started_at.astimezone(UTC),
                "warc_file": name,
                "warc_length": len(info),
                "warc_sha256": sha256_hex(info),
                "software": software,
                "settings": tuple(sorted((settings or {}).items())),
                "prev": tail.prev,
            },
        )
        assert isinstance(opened, CrawlOpen)
        self._append_line(line)
        tail.root = type(tail.root)()
        tail.unclosed, tail.fetches, tail.warc_end = opened, 0, len(info)
        self._advance(opened)
        self.crawl = opened.seq
        self._warc_file = name
        self._digest = hashlib.sha256(info)
        self._warc = self._file(self.folder / name, new=True)
        self._append_warc(info)

    def _file(self, path: Path, *, new: bool = False) -> AppendFile:
        opened = AppendFile(path, new=new, sync=self._sync)
        self._files.append(opened)
        return opened

    def store(self, fetch: Fetch) -> Entry:
        """Keep one fetch; returns when it is on the disk. Raises LawdiffError when that fails: nothing changed then."""
        if self._closed or self._failed:
            raise LawdiffError("this crawl is closed or failed: open a new writer")
        tail = self._tail
        responded = fetch.http_status is not None or fetch.imported
        sha256 = sha256_hex(fetch.body) if responded else None
        original = self._holder(sha256) if sha256 and fetch.body and not fetch.imported else None
        held = None
        if original is not None:
            held = warc.Held(original.url, iso(original.fetched_at), warc.record_id(original.prev, "response"))
        records = warc.fetch_records(fetch, tail.prev, held)
        offset = tail.warc_end
        line, entry = encode(
            Entry,
            {
                "seq": tail.seq + 1,
                "url": fetch.url,
                "act_id": fetch.act_id,
                "lang": fetch.lang,
                "page_kind": str(fetch.page_kind),
                "redaction_date": fetch.redaction_date,
                "fetched_at": fetch.fetched_at.astimezone(UTC),
                "http_status": fetch.http_status,
                "verdict": fetch.verdict,
                "detail": fetch.detail,
                "sha256": sha256,
                "article_sha256": fetch.article_sha256,
                "size": len(fetch.body) if responded else 0,
                "warc_file": self._warc_file,
                "warc_offset": offset,
                "warc_length": len(records),
                "warc_sha256": sha256_hex(records),
                "body_file": (original.warc_file if original else self._warc_file) if responded else None,
                "body_offset": (original.warc_offset if original else offset) if responded else None,
                "request_headers_sha256": headers_sha256(fetch.request_headers),
                "response_headers_sha256": headers_sha256(fetch.response_headers) if responded else None,
                "certificate_sha256": fetch.certificate_sha256,
                "error": fetch.error,
                "crawl": self.crawl,
                "prev": tail.prev,
            },
        )
        assert isinstance(entry, Entry)
        line_offset = self._journal.end
        self._append_warc(records, line)
        self._digest.update(records)
        tail.warc_end = offset + len(records)
        tail.fetches += 1
        if sha256 and fetch.body and original is None and not fetch.imported:
            tail.bodies.setdefault(repair.body_key(sha256), line_offset)
        self._advance(entry)
        return entry

    def _holder(self, sha256: str) -> Entry | None:
        """The entry whose own record holds the body with this digest."""
        offset = self._tail.bodies.get(repair.body_key(sha256))
        if offset is None:
            return None
        entry = line_at(self.folder / JOURNAL, offset)
        return entry if isinstance(entry, Entry) and entry.sha256 == sha256 else None

    def _append_warc(self, records: bytes, line: bytes = b"") -> None:
        """Records, then their journal line; both or neither."""
        try:
            self._warc.append(records)
            if line:
                self._journal.append(line)
        except BaseException:
            self._roll_back()
            raise
        self._warc.commit(len(records))
        self._journal.commit(len(line))

    def _append_line(self, line: bytes) -> None:
        try:
            self._journal.append(line)
        except BaseException:
            self._roll_back()
            raise
        self._journal.commit(len(line))

    def _roll_back(self) -> None:
        """After a failed write: the journal first, so that it never names bytes that are gone."""
        try:
            for opened in self._files:
                opened.cut()
        except OSError:
            self._failed = True  # the next open repairs

    def _advance(self, line: Line) -> None:
        self._tail.root.add(line.hash)
        self._tail.prev, self._tail.seq = line.hash, line.seq

    def _append_close(self, size: int, digest: str, *, complete: bool, repaired: str | None) -> CrawlClose:
        tail = self._tail
        assert tail.unclosed is not None
        line, close = encode(
            CrawlClose,
            {
                "seq": tail.seq + 1,
                "crawl": tail.unclosed.seq,
                "closed_at": self._clock().astimezone(UTC),
                "fetches": tail.fetches,
                "root": tail.root.root(),
                "warc_file": tail.unclosed.warc_file,
                "warc_size": size,
                "warc_sha256": digest,
                "complete": complete,
                "repaired": repaired,
                "prev_close": tail.prev_close,
                "prev": tail.prev,
            },
        )
        assert isinstance(close, CrawlClose)
        self._append_line(line)
        self._advance(close)
        tail.unclosed, tail.prev_close = None, close.hash
        tail.roots.append(root_line(close))
        return close

    def _append_summary(self, told: Summary) -> None:
        members = {"seq": self._tail.seq + 1, "crawl": self.crawl, "told": told, "prev": self._tail.prev}
        line, summary = encode(CrawlSummary, members)
        self._append_line(line)
        self._advance(summary)

    def _mend_roots(self) -> None:
        """Add to roots.txt what it lacks: a kill may have come between it and the journal, or it was deleted.

        A file that says anything else than the journal is left as it is: `verify` tells.
        """
        path = self.folder / ROOTS
        wanted = b"".join(self._tail.roots)
        known = path.read_bytes() if path.exists() else b""
        if known == wanted or not wanted.startswith(known):
            return
        roots = AppendFile(path, sync=self._sync)
        try:
            roots.append(wanted[len(known) :])
        finally:
            roots.close()

    def close(self, *, complete: bool = True, summary: Summary | None = None) -> CrawlClose | None:
        """End the crawl: what it told, the closing line with the run root, then the lock is free. A second call does
        nothing."""
        if self._closed:
            return None
        self._closed = True
        try:
            if self._failed:
                return None
            if summary is not None:
                self._append_summary(summary)
            close = self._append_close(self._warc.end, self._digest.hexdigest(), complete=complete, repaired=None)
            self._mend_roots()
            return close
        finally:
            self._release()

    def _release(self) -> None:
        for opened in self._files:
            opened.close()
        self._lock.release()

    def __enter__(self) -> CrawlWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
            return
        with contextlib.suppress(LawdiffError, OSError):  # the first error is the one to tell
            self.close(complete=False)
