"""The records of the archive and their one textual form: journal lines chained by hash.

A journal line is canonical JSON (keys sorted, no spaces, UTF-8) of an object with `seq` (1, 2, …: the line number),
`prev` (`hash` of the line before; 64 zeros on line 1), `kind` (`crawl`, `fetch`, `summary`, `close`) and the fields of
that kind, to which `"hash"` is appended as the last member: the SHA-256 of the line as it reads without that member. So
`sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\\n' | sha256sum` of one line prints its hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from lawdiff.errors import LawdiffError
from lawdiff.model import Lang, Verdict

GENESIS = "0" * 64
GOOD = frozenset({Verdict.TEXT, Verdict.HISTORY, Verdict.INFO, Verdict.RSS})
_HASHED = re.compile(rb'(?P<head>\{.*),"hash":"(?P<hash>[0-9a-f]{64})"\}')

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    """What one request brought, before it is stored.

    body: the HTTP body with its transfer and content encodings undone (b"" where none came).
    http_status: None when no response came; `error` then says why (also beside a body that was cut off).
    request_headers, response_headers: in order, as sent and received, values decoded as latin-1.
    certificate_sha256: SHA-256 of the server's TLS certificate (DER), hex; None without TLS.
    """

    url: str
    act_id: str | None
    lang: Lang | None
    page_kind: str
    redaction_date: date | None
    fetched_at: datetime
    http_status: int | None
    verdict: Verdict
    detail: str = ""
    body: bytes = b""
    article_sha256: str | None = None
    request_headers: Headers = ()
    response_headers: Headers = ()
    certificate_sha256: str | None = None
    error: str | None = None
    method: str = "GET"
    reason: str = ""
    ip_address: str | None = None

    @property
    def imported(self) -> bool:
        """Whether the bytes came from another source than an HTTP exchange (method `IMPORT`)."""
        return self.method == "IMPORT"


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored fetch: a `fetch` line of the journal.

    sha256, size: of the body; None and 0 where there is none. warc_file (relative to the archive), warc_offset,
    warc_length, warc_sha256: the bytes that this fetch added to the WARC file (its records, compressed).
    body_file, body_offset: the response record that holds the body; another fetch's when the same bytes came before.
    crawl: `seq` of the line that opened its crawl.
    """

    seq: int
    url: str
    act_id: str | None
    lang: Lang | None
    page_kind: str
    redaction_date: date | None
    fetched_at: datetime
    http_status: int | None
    verdict: Verdict
    detail: str
    sha256: str | None
    article_sha256: str | None
    size: int
    warc_file: str
    warc_offset: int
    warc_length: int
    warc_sha256: str
    body_file: str | None
    body_offset: int | None
    request_headers_sha256: str
    response_headers_sha256: str | None
    certificate_sha256: str | None
    error: str | None
    crawl: int
    prev: str
    hash: str

    @property
    def good(self) -> bool:
        """Whether it holds a whole page of the expected kind."""
        return self.verdict in GOOD

    @property
    def duplicate(self) -> bool:
        """Whether its body was already held: its own records refer to the earlier one (a WARC revisit)."""
        return self.body_file is not None and (self.body_file, self.body_offset) != (self.warc_file, self.warc_offset)


@dataclass(frozen=True, slots=True)
class CrawlOpen:
    """The `crawl` line: a run begins. software: program and version; settings: what it was told, for people.

    warc_length, warc_sha256: of the warcinfo record with which its WARC file begins.
    """

    seq: int
    started_at: datetime
    warc_file: str
    warc_length: int
    warc_sha256: str
    software: str
    settings: tuple[tuple[str, str], ...]
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class ActOutcome:
    """What a run found out of one act in one language.

    outcome: new, changed, unchanged, unchecked. why: what could not be checked. notes: what is worth knowing besides.
    requests: made for it; redactions_listed: by its history, None where that was not read; redactions_held, cards_new.
    """

    act_id: str
    lang: Lang
    outcome: str
    requests: int = 0
    redactions_new: int = 0
    redactions_listed: int | None = None
    redactions_held: int = 0
    cards_new: int = 0
    why: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run told at its end. ok: everything was checked and kept. base: the host that served the pages.

    stopped: why it ended early. shape: what looked odd about pages that were held back. altered: redactions that the
    portal changed after they were fetched. discovered: acts of the year index that are not tracked.
    """

    finished_at: datetime
    ok: bool
    requests: int
    base: str = ""
    stopped: str | None = None
    problems: tuple[str, ...] = ()
    shape: tuple[str, ...] = ()
    robots_closed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    discovered: tuple[str, ...] = ()
    acts: tuple[ActOutcome, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many acts and languages had which outcome."""
        return dict(Counter(act.outcome for act in self.acts))


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """The `summary` line, the last before `close`: the run's own account. A run that was killed has none."""

    seq: int
    crawl: int
    told: Summary
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class CrawlClose:
    """The `close` line: the run root that can be published is its `hash`.

    root: Merkle root (RFC 6962) over the hashes of the run's lines, from its `crawl` line to the last before this.
    prev_close: `hash` of the preceding `close` line, so that the run roots are a chain of their own.
    complete: False when the run was broken off; repaired: what the next open had to set aside, for people.
    """

    seq: int
    crawl: int
    closed_at: datetime
    fetches: int
    root: str
    warc_file: str
    warc_size: int
    warc_sha256: str
    complete: bool
    repaired: str | None
    prev_close: str
    prev: str
    hash: str


Line = Entry | CrawlOpen | CrawlSummary | CrawlClose
_KINDS: dict[str, type[Line]] = {"crawl": CrawlOpen, "fetch": Entry, "summary": CrawlSummary, "close": CrawlClose}
_NAMES: dict[type[Line], str] = {record: kind for kind, record in _KINDS.items()}
_FIELDS: dict[type[Line], frozenset[str]] = {
    record: frozenset(field.name for field in fields(record)) for record in _NAMES
}


class BadLine(LawdiffError):
    """A journal line that is not canonical, or does not have the hash that it states."""


def canonical(members: dict[str, Any]) -> bytes:
    """Keys sorted, no spaces, UTF-8: one text for one object."""
    return json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def iso(moment: datetime) -> str:
    """`2025-11-16T01:02:03Z` (with a fraction if there is one). Raises LawdiffError for a time without zone."""
    if moment.tzinfo is None:
        raise LawdiffError(f"{moment} has no time zone: pass a time such as datetime.now(UTC)")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def headers_sha256(headers: Iterable[tuple[str, str]]) -> str:
    """Digest of headers as `Name: value` lines ended by CRLF."""
    return sha256_hex("".join(f"{name}: {value}\r\n" for name, value in headers).encode("latin-1", "replace"))


def encode(record: type[Line], members: dict[str, Any]) -> tuple[bytes, Line]:
    """A journal line (with its newline) and the record, from all its members except `hash`."""
    plain = {name: _plain(value) for name, value in members.items()}
    head = canonical({**plain, "kind": _NAMES[record]})
    digest = sha256_hex(head)
    return head[:-1] + f',"hash":"{digest}"}}\n'.encode(), record(**members, hash=digest)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(member) for member in value]
    if is_dataclass(value):
        told = [
            field for field in fields(value) if field.default is MISSING or getattr(value, field.name) != field.default
        ]
        return {field.name: _plain(getattr(value, field.name)) for field in told}
    return value


def decode(line: bytes, *, strict: bool = False) -> Line:
    """The record in one journal line, given without its newline. Raises BadLine, saying what is wrong.

    strict: also that the line is canonical, which the hash alone does not say of a line made by others.
    """
    match = _HASHED.fullmatch(line)
    if not match:
        raise BadLine("the line does not end with its hash")
    head = match["head"] + b"}"
    if sha256_hex(head) != match["hash"].decode():
        raise BadLine("the line does not have the hash that it states")
    try:
        members = json.loads(head)
    except ValueError as error:
        raise BadLine(f"the line is not JSON: {error}") from None
    if strict and canonical(members) != head:
        raise BadLine("the line is not canonical JSON")
    record = _KINDS.get(members.pop("kind", ""))
    if record is None or members.keys() | {"hash"} != _FIELDS[record]:
        raise BadLine(
            "the line has fields that this release does not know; use the release that wrote it, or a newer one"
        )
    try:
        return record(**{name: _typed(name, value) for name, value in members.items()}, hash=match["hash"].decode())
    except (ValueError, TypeError) as error:
        raise BadLine(f"a field has no valid value: {error}") from None


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in {"fetched_at", "started_at", "closed_at", "finished_at"}:
        return datetime.fromisoformat(value)
    if name == "redaction_date":
        return date.fromisoformat(value)
    if name == "lang":
        return Lang(value)
    if name == "verdict":
        return Verdict(value)
    if name == "settings":
        return tuple((str(key), str(setting)) for key, setting in value)
    if name == "told":
        return Summary(**{member: _told(member, given) for member, given in value.items()})
    return value


def _told(name: str, value: Any) -> Any:
    """A member of a summary, or of an act's outcome in it."""
    if name == "acts":
        return tuple(ActOutcome(**{member: _told(member, given) for member, given in act.items()}) for act in value)
    if isinstance(value, list):
        return tuple(map(str, value))
    return _typed(name, value)


def line_bytes(record: Line) -> bytes:
    """The journal line of a record, with its newline."""
    members = {name: getattr(record, name) for name in record.__slots__ if name != "hash"}
    return encode(type(record), members)[0]


def root_line(close: CrawlClose) -> bytes:
    """The line of roots.txt for a closed crawl: `HASH  line SEQ  TIME  FETCHES fetches`."""
    return f"{close.hash}  line {close.seq}  {iso(close.closed_at)}  {close.fetches} fetches\n".encode()
