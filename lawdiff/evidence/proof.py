"""From chosen entries of the archive to what proves them: records, journal lines, the way to the run roots."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lawdiff.archive import Archive, CrawlClose, CrawlOpen, Entry, merkle
from lawdiff.archive.records import sha256_hex
from lawdiff.errors import ArchiveDamaged, LawdiffError


@dataclass(frozen=True, slots=True)
class ChainPath:
    """The steps from an entry's hash to the Merkle root in the closing line `close` of its run."""

    entry: Entry
    close: int
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """paths: of every entry, in order; closes: every closing line from the first run concerned to the newest."""

    paths: tuple[ChainPath, ...]
    closes: tuple[CrawlClose, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(path.entry for path in self.paths)

    @property
    def run_root(self) -> CrawlClose:
        return self.closes[-1]


def prove(archive: Archive, wanted: Callable[[Entry], bool]) -> Proof:
    """The proof for the entries that `wanted` accepts, and for those whose records hold their bodies.

    Raises LawdiffError when one of them is of a crawl that is not closed, ArchiveDamaged where the chain breaks.
    """
    places = {(entry.body_file, entry.body_offset) for entry in archive.entries() if wanted(entry) and entry.body_file}
    paths: list[ChainPath] = []
    closes: list[CrawlClose] = []
    hashes: list[str] = []
    chosen: list[tuple[int, Entry]] = []
    for line in archive.lines():
        if isinstance(line, CrawlOpen):
            hashes, chosen = [], []
        elif isinstance(line, CrawlClose):
            paths += [ChainPath(entry, line.seq, merkle.path(hashes, index)) for index, entry in chosen]
            chosen = []
            if paths:
                closes.append(line)
            continue
        elif isinstance(line, Entry) and (wanted(line) or (line.warc_file, line.warc_offset) in places):
            chosen.append((len(hashes), line))
        hashes.append(line.hash)
    if chosen:
        raise LawdiffError(
            f"fetch {chosen[0][1].seq} is of a crawl that has no run root yet; wait until it ends (if it was killed, "
            "the next lawdiff crawl closes it), then try again"
        )
    return Proof(tuple(paths), tuple(closes))


def record_bytes(archive: Archive, entry: Entry) -> bytes:
    """The compressed WARC records of a fetch exactly as they are stored. Raises ArchiveDamaged."""
    path: Path = archive.folder / entry.warc_file
    try:
        with path.open("rb") as stream:
            stream.seek(entry.warc_offset)
            raw = stream.read(entry.warc_length)
    except OSError as error:
        raise ArchiveDamaged(f"{entry.warc_file}: {error.strerror}; run lawdiff verify") from error
    if sha256_hex(raw) != entry.warc_sha256:
        raise ArchiveDamaged(
            f"{entry.warc_file}, offset {entry.warc_offset}: the records of fetch {entry.seq} are not those that were "
            "stored; run lawdiff verify"
        )
    return raw


def by_seq(seqs: Iterable[int]) -> Callable[[Entry], bool]:
    chosen = frozenset(seqs)
    return lambda entry: entry.seq in chosen
