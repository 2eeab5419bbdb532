"""Reading the archive: entries in order, bodies at random, and what is held of which act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from lawdiff.archive import warc
from lawdiff.archive.journal import JOURNAL, read_lines
from lawdiff.archive.records import CrawlClose, CrawlOpen, Entry, Line, sha256_hex
from lawdiff.archive.writer import CrawlWriter, is_locked, now
from lawdiff.errors import ArchiveDamaged, LawdiffError
from lawdiff.model import Lang, Verdict

_Read = TypeVar("_Read")
PageKey = tuple[str | None, Lang | None, str, date | None]  # act, language, page kind, date of the redaction


@dataclass(frozen=True, slots=True)
class Index:
    """What is held, from one pass over the journal.

    latest: the last fetch of each page, good or not. good: the last good one. by_url: the last fetch of each address.
    """

    latest: dict[PageKey, Entry] = field(default_factory=dict)
    good: dict[PageKey, Entry] = field(default_factory=dict)
    by_url: dict[str, Entry] = field(default_factory=dict)

    def latest_good(
        self, act_id: str | None, lang: Lang | None, page_kind: str, day: date | None = None
    ) -> Entry | None:
        """The last good fetch of a page; `day` None: the page without a date (for texts: the current page)."""
        return self.good.get((act_id, lang, str(page_kind), day))

    def held_redactions(self, act_id: str, lang: Lang) -> frozenset[date]:
        """Dates of the redactions whose whole text is held."""
        return frozenset(
            day
            for (act, language, _, day), entry in self.good.items()
            if act == act_id and language == lang and day is not None and entry.verdict is Verdict.TEXT
        )

    def add(self, entry: Entry) -> None:
        key = (entry.act_id, entry.lang, entry.page_kind, entry.redaction_date)
        self.latest[key] = entry
        self.by_url[entry.url] = entry
        if entry.good:
            self.good[key] = entry


class Archive:
    """The archive in a folder. Reading needs no lock and sees every entry that was stored when it began."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        return (self.folder / JOURNAL).is_file()

    def require(self) -> Archive:
        """Itself, or LawdiffError when there is no archive in the folder."""
        if not self.exists:
            raise LawdiffError(f"no archive in {self.folder}: run lawdiff crawl first, or give --archive")
        return self

    def lines(self) -> Iterator[Line]:
        """Every line of the journal in order. Raises ArchiveDamaged where the chain breaks."""
        for _, line in read_lines(self.folder / JOURNAL):
            yield line

    def entries(self) -> Iterator[Entry]:
        """Every stored fetch in order, in bounded memory. Raises ArchiveDamaged where the chain breaks."""
        return (line for line in self.lines() if isinstance(line, Entry))

    def crawls(self) -> Iterator[tuple[CrawlOpen, CrawlClose | None]]:
        """Every crawl with its closing line, None while it runs or when it was killed."""
        opened: CrawlOpen | None = None
        for line in self.lines():
            if isinstance(line, CrawlOpen):
                opened = line
            elif isinstance(line, CrawlClose) and opened is not None:
                yield opened, line
                opened = None
        if opened is not None:
            yield opened, None

    def index(self) -> Index:
        """What is held of which page; one pass over the journal, memory by the number of pages, not of fetches."""
        index = Index()
        for entry in self.entries():
            index.add(entry)
        return index

    def response(self, entry: Entry) -> warc.Stored:
        """The HTTP response of a fetch as its own record holds it (a revisit has headers and no body).

        Raises ArchiveDamaged; LawdiffError when no response came.
        """
        if entry.http_status is None or entry.body_file is None or entry.body_offset is None:
            raise LawdiffError(f"fetch {entry.seq} brought no response ({entry.error})", url=entry.url)
        return self._at(entry.warc_file, entry.warc_offset, entry, warc.first_record)

    def body(self, entry: Entry) -> bytes:
        """The body of a fetch, its digest checked; b"" when no response came. Raises ArchiveDamaged."""
        if entry.body_file is None or entry.body_offset is None:
            return b""
        kind, digest, content = self._at(entry.body_file, entry.body_offset, entry, warc.first_payload)
        # A response's payload was checked against the digest that its record states; a revisit's states another's.
        if kind == "response" and entry.sha256 is not None:
            whole = digest == warc.digest_text(entry.sha256)
        else:
            whole = sha256_hex(content) == entry.sha256
        if not whole:
            raise ArchiveDamaged(
                f"{entry.body_file}, offset {entry.body_offset}: the body of fetch {entry.seq} does not have its "
                "digest; run lawdiff verify",
                url=entry.url,
            )
        return content

    def _at(self, file: str, offset: int, entry: Entry, read: Callable[[BinaryIO, str], _Read]) -> _Read:
        where = f"{file}, offset {offset} (fetch {entry.seq})"
        if Path(file).is_absolute() or ".." in Path(file).parts:
            raise ArchiveDamaged(f"{where}: that is no file of the archive; run lawdiff verify")
        try:
            with (self.folder / file).open("rb") as stream:
                stream.seek(offset)
                return read(stream, where)
        except OSError as error:
            raise ArchiveDamaged(f"{where}: {error.strerror}; run lawdiff verify, put the file back") from error

    def writer(
        self,
        started_at: datetime,
        *,
        settings: Mapping[str, str] | None = None,
        clock: Callable[[], datetime] = now,
        sync: bool = True,
    ) -> CrawlWriter:
        """Begin a crawl: takes the lock, repairs. Raises LawdiffError (locked, full, read-only), ArchiveDamaged."""
        return CrawlWriter(self.folder, started_at, settings=settings, clock=clock, sync=sync)

    @property
    def locked(self) -> bool:
        """Whether a crawl is writing now."""
        return is_locked(self.folder)

    def size(self) -> int:
        """Bytes of all files of the archive."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
