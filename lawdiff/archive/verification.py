"""Does the archive still hold what was stored? Offline, in one pass, in bounded memory; every finding says where.

Checked: each journal line: form, hash, number, link to the line before; each run: Merkle root, count of fetches,
link to the run before; each fetch: its bytes in the WARC file against the journal; every WARC record: block and payload
digest; each body against the journal's digest; that a revisit record refers to a record with that digest; each closed
file's size and digest; bytes and files that the journal does not name; roots.txt; published roots that are passed in.

What no look inside can find: an archive that was rewritten as a whole, roots.txt with it. A root
published elsewhere finds it.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lawdiff.archive import warc
from lawdiff.archive.journal import JOURNAL, raw_lines
from lawdiff.archive.merkle import RunningRoot
from lawdiff.archive.reader import Archive
from lawdiff.archive.records import (
    GENESIS,
    BadLine,
    CrawlClose,
    CrawlOpen,
    CrawlSummary,
    Entry,
    Line,
    decode,
    root_line,
    sha256_hex,
)
from lawdiff.archive.writer import ROOTS, WARC_FOLDER, is_locked
from lawdiff.errors import ArchiveDamaged

# Left by an interrupted crawl; the next crawl sets it right.
UNFINISHED = frozenset({"unfinished_entry", "unclosed_crawl", "unrecorded_tail", "roots_behind"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. kind: see docs/archive.md; seq: the entry; file: relative to the archive; offset: in that file."""

    kind: str
    detail: str
    seq: int | None = None
    file: str | None = None
    offset: int | None = None

    @property
    def unfinished(self) -> bool:
        """Whether it is what an interrupted crawl leaves, which the next crawl repairs."""
        return self.kind in UNFINISHED

    def __str__(self) -> str:
        where = ", ".join(
            f"{name} {value}"
            for name, value in (("entry", self.seq), ("file", self.file), ("offset", self.offset))
            if value is not None
        )
        return f"{self.kind}: {self.detail}" + (f" ({where})" if where else "")


@dataclass(frozen=True, slots=True)
class Report:
    """The result: findings, and what was looked at. last_root: the newest run root."""

    findings: tuple[Finding, ...]
    crawls: int
    fetches: int
    records: int
    warc_bytes: int
    last_root: str | None


def verify(folder: Path, *, roots: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What is wrong with the archive in `folder`; empty when it is sound. Raises LawdiffError if none is."""
    return check(folder, roots=roots).findings


def check(folder: Path, *, roots: Iterable[str] = (), step: Callable[[str], None] | None = None) -> Report:
    """As `verify`, with counts. roots: run roots published elsewhere, which must occur. step: called per fetch."""
    Archive(folder).require()
    return _Check(folder, frozenset(roots), step or (lambda _: None)).run()


@dataclass(slots=True)
class _Run:
    """What is known of the crawl whose lines are being read."""

    seq: int | None
    file: _File | None
    root: RunningRoot = field(default_factory=RunningRoot)
    fetches: int = 0
    sound: bool = True  # no fault in its journal lines: else gaps and roots are no findings of their own


class _Check:
    def __init__(self, folder: Path, roots: frozenset[str], step: Callable[[str], None]) -> None:
        self.folder = folder
        self.step = step
        self.findings: list[Finding] = []
        self.missing: dict[int, tuple[int, int]] = {}  # first missing entry → (last, offset of the line after)
        self.expected = 1
        self.prev: str | None = GENESIS  # None after a line that cannot be read: anything may follow
        self.prev_close: str | None = GENESIS
        self.run_: _Run | None = None
        self.after_close = False  # the last line that could be read ended a crawl
        self.wanted_roots = set(roots)
        self.crawls = self.fetches = self.records = self.warc_bytes = 0
        self.last_root: str | None = None
        self.known: set[str] = set()
        self.roots_behind: CrawlClose | None = None

    def run(self) -> Report:
        locked = is_locked(self.folder)
        present = _present(self.folder)
        path = self.folder / JOURNAL
        roots = _root_lines(self.folder / ROOTS)
        end = 0
        for offset, raw in raw_lines(path):
            self._line(offset, raw, roots)
            end = offset + len(raw) + 1
        locked = locked or is_locked(self.folder)
        if not locked:
            self._tail(path, end)
        elif self.run_ and self.run_.file:
            self.run_.file.shut()
        self._roots(roots, locked)
        for first, (last, offset) in self.missing.items():
            which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
            self._find("missing_entries", f"{which} missing before this line", first, JOURNAL, offset)
        for extra in sorted(present - self.known):
            self._find("extra_file", "the journal does not name this file", None, extra, 0)
        for root in sorted(self.wanted_roots):
            self._find("root_absent", f"the published run root {root} is not in the journal", None, JOURNAL, None)
        return Report(tuple(self.findings), self.crawls, self.fetches, self.records, self.warc_bytes, self.last_root)

    def _find(self, kind: str, detail: str, seq: int | None, file: str | None, offset: int | None) -> None:
        self.findings.append(Finding(kind, detail, seq, file, offset))

    # --- the journal

    def _line(self, offset: int, raw: bytes, roots: Iterator[tuple[int, bytes]]) -> None:
        try:
            line = decode(raw, strict=True)
        except BadLine as error:
            self._find("altered_entry", error.message, self.expected, JOURNAL, offset)
            self._unsound()
            self.prev, self.prev_close, self.expected = None, None, self.expected + 1
            self.after_close = False
            return
        if not self._in_place(line, offset):
            return
        if isinstance(line, CrawlOpen):
            self._open(line, offset)
        elif isinstance(line, Entry):
            self._entry(line, offset)
        elif isinstance(line, CrawlSummary):
            self._summary(line, offset)
        else:
            self._close(line, offset, roots)
        if self.run_ is not None:
            self.run_.root.add(line.hash)

    def _in_place(self, line: Line, offset: int) -> bool:
        """Check number and link; False for a line that stands where it does not belong."""
        if line.seq < self.expected:
            self._unsound()
            home = next((first for first, (last, _) in self.missing.items() if first <= line.seq <= last), None)
            if home is None:
                detail = f"a second line claims to be entry {line.seq}: inserted, or a copy"
                if line.seq == self.expected - 1:
                    self.prev = None  # the next line may continue either of the two
            else:
                detail = f"entry {line.seq} stands after entry {self.expected - 1}: the order was changed"
                self._found_again(home, line.seq)
            self._find("misplaced_entry", detail, line.seq, JOURNAL, offset)
            return False
        if line.seq > self.expected:
            self.missing[self.expected] = (line.seq - 1, offset)
            self._unsound()
            self.prev_close, self.after_close = None, False
        elif self.prev is not None and line.prev != self.prev:
            detail = f"it does not continue entry {line.seq - 1}: one of the two was replaced"
            self._find("broken_chain", detail, line.seq, JOURNAL, offset)
            self._unsound()
        self.prev, self.expected = line.hash, line.seq + 1
        return True

    def _found_again(self, first: int, seq: int) -> None:
        last, offset = self.missing.pop(first)
        if first < seq:
            self.missing[first] = (seq - 1, offset)
        if seq < last:
            self.missing[seq + 1] = (last, offset)

    def _unsound(self) -> None:
        if self.run_ is not None:
            self.run_.sound = False

    def _open(self, line: CrawlOpen, offset: int) -> None:
        if self.run_ is not None:
            if self.run_.sound:
                self._find("broken_chain", "a crawl begins inside another", line.seq, JOURNAL, offset)
            self._leave()
        self.crawls += 1
        self.run_ = _Run(line.seq, self._file(line.warc_file))
        if self.run_.file:
            self.run_.file.opening(line)

    def _entry(self, line: Entry, offset: int) -> None:
        run = self.run_
        if run is None or (run.file is not None and run.file.name != line.warc_file):
            if run is not None and run.sound:
                self._find("broken_chain", "the entry names the file of another crawl", line.seq, JOURNAL, offset)
            self._leave()
            run = self.run_ = _Run(None, self._file(line.warc_file), sound=False)
        if run.sound and line.crawl != run.seq:
            self._find("broken_chain", f"the entry claims to be of crawl {line.crawl}", line.seq, JOURNAL, offset)
        run.fetches += 1
        self.fetches += 1
        if run.file:
            run.file.entry(line, gaps=run.sound)
        self.step(line.url)

    def _summary(self, line: CrawlSummary, offset: int) -> None:
        run = self.run_
        if run is None and self.after_close:
            self._find("broken_chain", "a summary outside of a crawl", line.seq, JOURNAL, offset)
        elif run is not None and run.sound and line.crawl != run.seq:
            self._find("broken_chain", f"the summary claims to be of crawl {line.crawl}", line.seq, JOURNAL, offset)

    def _close(self, line: CrawlClose, offset: int, roots: Iterator[tuple[int, bytes]]) -> None:
        run, self.run_, self.after_close = self.run_, None, True
        if run is not None and run.sound:
            if run.root.root() != line.root or run.fetches != line.fetches or run.seq != line.crawl:
                self._find("wrong_root", "the run root does not fit the run's entries", line.seq, JOURNAL, offset)
            if self.prev_close is not None and line.prev_close != self.prev_close:
                self._find("broken_chain", "it does not continue the run root before", line.seq, JOURNAL, offset)
        if run is not None and run.file:
            run.file.close(line, gaps=run.sound)
        self.prev_close = self.last_root = line.hash
        self.wanted_roots.discard(line.hash)
        published = next(roots, None)
        if published is None or (root_line(line).startswith(published[1]) and not published[1].endswith(b"\n")):
            self.roots_behind = line
        elif published[1] != root_line(line):
            detail = f"{ROOTS} states another run root here than entry {line.seq} of the journal"
            self._find("roots_disagree", detail, line.seq, ROOTS, published[0])

    def _leave(self) -> None:
        """A crawl whose closing line never came (removed or unreadable)."""
        if self.run_ and self.run_.file:
            self.run_.file.shut()
        self.run_ = None

    # --- the end

    def _tail(self, path: Path, end: int) -> None:
        size = path.stat().st_size
        if size > end:
            detail = f"{size - end} bytes of an unfinished line; the next crawl sets them aside"
            self._find("unfinished_entry", detail, self.expected, JOURNAL, end)
        run, self.run_ = self.run_, None
        if run is None:
            return
        detail = "the last crawl has no closing entry: it was killed, or its end was removed; the next crawl closes it"
        self._find("unclosed_crawl", detail, run.seq, JOURNAL, end)
        if run.file:
            run.file.tail(run.fetches)

    def _roots(self, roots: Iterator[tuple[int, bytes]], locked: bool) -> None:
        extra = next(roots, None)
        if extra is not None and not locked:
            detail = f"{ROOTS} names a run root that the journal no longer has: its end was removed"
            self._find("roots_disagree", detail, None, ROOTS, extra[0])
        elif self.roots_behind is not None and not locked:
            detail = f"{ROOTS} lacks the newest run root; the next crawl adds it"
            self._find("roots_behind", detail, self.roots_behind.seq, ROOTS, None)

    def _file(self, name: str) -> _File | None:
        self.known.add(name)
        if not name.startswith(f"{WARC_FOLDER}/") or ".." in name:
            self._find("broken_chain", f"{name!r} is no file of the archive", None, JOURNAL, None)
            return None
        return _File(self, name)


def _present(folder: Path) -> set[str]:
    """Every file in warc/ (which may be a link to another disk), and WARC files that lie beside it."""
    inside = (folder / WARC_FOLDER).iterdir() if (folder / WARC_FOLDER).is_dir() else ()
    return {str(path.relative_to(folder)) for path in (*inside, *folder.glob("*.warc*"))}


def _root_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    if not path.exists():
        return
    offset = 0
    with path.open("rb") as stream:
        for line in stream:
            yield offset, line
            offset += len(line)


class _File:
    """One WARC file, read once from its beginning beside the journal lines that name it."""

    def __init__(self, check: _Check, name: str) -> None:
        self.check = check
        self.name = name
        path = check.folder / name
        self.stream: BinaryIO | None = path.open("rb") if path.is_file() else None
        self.size = path.stat().st_size if self.stream else 0
        self.position = 0
        self.digest = hashlib.sha256()
        self.told = False  # something is wrong with the file, and was told: no follow-up findings
        self.reported_missing = False

    def opening(self, line: CrawlOpen) -> None:
        if self.stream is None or self.size == 0:
            return  # a crawl that was killed before it wrote anything: `close` or the entries tell
        raw = self._read(line.warc_length)
        if len(raw) < line.warc_length:
            return
        self.check.records += 1
        if sha256_hex(raw) != line.warc_sha256:
            self._tell("altered_record", "the record that opens the file is not the one that was stored", line.seq, 0)

    def entry(self, entry: Entry, *, gaps: bool) -> None:
        if self.stream is None:
            self._missing(entry.seq)
            return
        if entry.warc_offset < self.position:
            self._tell("broken_chain", "two entries claim the same bytes", entry.seq, entry.warc_offset)
            return
        if entry.warc_offset > self.position:
            start = self.position
            if gaps and entry.warc_offset <= self.size:
                self._tell("unrecorded_bytes", "bytes that no entry names", None, start)
            self._skip(entry.warc_offset - start)
        raw = self._read(entry.warc_length)
        if len(raw) < entry.warc_length:
            self._cut_off(entry.seq)
            return
        if sha256_hex(raw) != entry.warc_sha256:
            offset, why = _first_fault(raw)
            self._tell("altered_record", f"the bytes are not those that were stored: {why}", entry.seq,
                       entry.warc_offset + offset)  # fmt: skip
            return
        fault = self._content_fault(entry, raw)
        if fault:
            self._tell("altered_record", fault, entry.seq, entry.warc_offset)

    def _content_fault(self, entry: Entry, raw: bytes) -> str | None:
        """Why the records of an entry, whose bytes are as stored, are not what the journal says; None if they are."""
        try:
            stored = warc.members(raw, self.name)
        except ArchiveDamaged as error:
            return error.message
        self.check.records += len(stored)
        if entry.body_file is None:
            return None
        main = stored[0] if stored else None
        if main is None or main.http_status != entry.http_status or main.url != warc.uri(entry.url):
            return "its response record is of another address or status than the journal says"
        if not entry.duplicate:
            return None if sha256_hex(main.payload) == entry.sha256 else "its body is not the one in the journal"
        return self._reference_fault(entry, main)

    def _reference_fault(self, entry: Entry, main: warc.Stored) -> str | None:
        wanted = warc.digest_text(entry.sha256 or "")
        if main.kind != "revisit" or main.payload_digest != wanted:
            return "its revisit record has another digest than the journal says"
        try:
            with (self.check.folder / str(entry.body_file)).open("rb") as stream:
                stream.seek(entry.body_offset or 0)
                held = warc.record_headers(stream)
        except OSError as error:
            return f"the body is in {entry.body_file}, which cannot be read: {error.strerror}"
        if held.get("warc-type") != "response" or held.get("warc-payload-digest") != wanted:
            return f"the body is not in {entry.body_file} at offset {entry.body_offset}"
        return None

    def close(self, line: CrawlClose, *, gaps: bool) -> None:
        if self.stream is None:
            if line.warc_size:
                self._missing(line.seq)
            return
        if self.size < line.warc_size:
            self._cut_off(line.seq)
        else:
            start = self.position
            self._skip(max(0, line.warc_size - self.position))
            if self.position > start and gaps:
                self._tell("unrecorded_bytes", "bytes that no entry names", None, start)
            if self.digest.hexdigest() != line.warc_sha256:
                self._tell("altered_file", "the file is not the one that was closed", line.seq, 0)
            if self.size > line.warc_size:
                self.told = False
                self._tell("unrecorded_bytes", f"{self.size - line.warc_size} bytes were added after closing",
                           None, line.warc_size)  # fmt: skip
        self.shut()

    def tail(self, fetches: int) -> None:
        """The end of the file of a crawl without closing line."""
        if self.stream is None:
            return
        if self.size > self.position:
            detail = f"{self.size - self.position} bytes past the last entry; the next crawl sets them aside"
            self._tell("unrecorded_tail", detail, None, self.position)
        self.shut()

    def shut(self) -> None:
        if self.stream:
            self.stream.close()
        self.stream = None

    def _read(self, length: int) -> bytes:
        assert self.stream is not None
        raw = self.stream.read(length)
        self.digest.update(raw)
        self.position += len(raw)
        self.check.warc_bytes += len(raw)
        return raw

    def _skip(self, length: int) -> None:
        while length > 0 and (raw := self._read(min(length, 1 << 20))):
            length -= len(raw)

    def _missing(self, seq: int) -> None:
        if not self.reported_missing and not self.told:
            self._tell("missing_file", "the file is not there", seq, None)
        self.reported_missing = True

    def _cut_off(self, seq: int) -> None:
        self._tell("truncated_file", f"the file ends at byte {self.size}, before the end of this entry", seq, self.size)

    def _tell(self, kind: str, detail: str, seq: int | None, offset: int | None) -> None:
        follows = self.told and kind in {"altered_file", "truncated_file", "unrecorded_bytes"}
        if not follows:
            self.check._find(kind, detail, seq, self.name, offset)
        self.told = True


def _first_fault(raw: bytes) -> tuple[int, str]:
    """(offset in raw, what) of the first record that cannot be read or lacks its digest."""
    offset = 0
    while offset < len(raw):
        inflate = zlib.decompressobj(wbits=31)
        try:
            content = inflate.decompress(raw[offset:])
        except zlib.error as error:
            return offset, f"a compressed record is damaged ({error})"
        if not inflate.eof:
            return offset, "a compressed record has no end"
        try:
            warc.members(raw[offset : len(raw) - len(inflate.unused_data)], "record")
        except ArchiveDamaged as error:
            return offset, error.message
        if not content.startswith(b"WARC/1."):
            return offset, "no WARC record"
        offset = len(raw) - len(inflate.unused_data)
    return 0, "every record can be read, but its bytes differ"
