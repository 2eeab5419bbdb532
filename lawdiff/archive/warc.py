"""WARC 1.1 records of one fetch, and reading them back (warcio), one gzip member per record.

A fetch becomes: `response` (or `revisit`, when the same body is already held), `request`, `metadata`; a fetch without a
response: `request`, `metadata`; an import from another source: `resource`, `metadata`.
Bodies are kept with their transfer and content encodings undone; a header that
would then mislead a reader (Content-Encoding, Transfer-Encoding, a Content-Length of the encoded bytes) is renamed
`X-Archive-Orig-…`.
Digests are SHA-256, base32 as is the custom. Record ids are derived from the chain: the same crawl, the
same bytes.
"""

# warcio has no type hints
# mypy: disallow-untyped-calls=False

from __future__ import annotations

import base64
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

from isal import isal_zlib
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from lawdiff.archive.records import Fetch, Headers, iso, sha256_hex
from lawdiff.errors import ArchiveDamaged

VERSION = "1.1"
_WITHOUT_OWN_PAYLOAD = ("revisit", "warcinfo")  # a revisit states the digest of what it refers to
_BROKEN: type[Exception] = isal_zlib.IsalError  # type: ignore[assignment]  # its stub calls it an instance
_PACKED = 1 << 18  # bytes read at once; a page of 2 MB packs to less
_HEAD = 1 << 12  # bytes in which the headers of WARC and HTTP stand, as a rule
_ENCODED = ("content-encoding", "transfer-encoding")


class _Writer(WARCWriter):
    """warcio's writer, with SHA-256 for the block and payload digests, and each record a gzip member of level 6.

    warcio's level 9 takes twice the time for 2 % less on the portal's pages (126 KB: 5.7 ms, 14.2 KB; or 2.5, 14.6).
    """

    def __init__(self) -> None:
        self._plain = BytesIO()
        self._members: list[bytes] = []
        super().__init__(self._plain, gzip=False, warc_version=VERSION)

    def write_record(self, record: Any, params: Any = None) -> None:
        super().write_record(record, params)
        packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        self._members.append(packer.compress(self._plain.getbuffer()) + packer.flush())
        self._plain.seek(0)
        self._plain.truncate()

    def written(self) -> bytes:
        """The compressed records, one after the other."""
        return b"".join(self._members)

    @staticmethod
    def _create_digester() -> Any:
        return Digester("sha256")


class _ExactHeaders(StatusAndHeaders):
    """HTTP headers written back as they came; warcio itself would percent-encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        self.headers_buff = (self.to_str(header_filter) + "\r\n").encode("latin-1", "replace")


@dataclass(frozen=True, slots=True)
class Held:
    """Where a body is already kept: for the revisit record that refers to it."""

    url: str
    fetched_at: str
    record_id: str


def uri(url: str) -> str:
    """An address as WARC headers and request lines may hold it: whatever is no ASCII of a URI is percent-encoded."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=-._~")


def record_id(chain: str, role: str) -> str:
    """The `WARC-Record-ID` of a record, from the chain hash that its entry continues and its role."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'lawdiff:{chain}:{role}')}>"


def warcinfo(chain: str, warc_file: str, started_at: str, software: str) -> bytes:
    """The record that opens a WARC file."""
    writer = _Writer()
    fields = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
    headers = {
        "WARC-Record-ID": record_id(chain, "warcinfo"),
        "WARC-Filename": warc_file.rpartition("/")[2],
        "WARC-Date": started_at,
    }
    record = writer.create_warc_record(
        "", "warcinfo", payload=BytesIO(fields), length=len(fields), warc_headers_dict=headers
    )
    writer.write_record(record)
    return writer.written()


def fetch_records(fetch: Fetch, chain: str, held: Held | None) -> bytes:
    """The compressed records of one fetch; the response or revisit record comes first."""
    writer = _Writer()
    if fetch.imported:
        imported = record_id(chain, "resource")
        writer.write_record(_resource(writer, fetch, imported))
        writer.write_record(_metadata(writer, fetch, chain, imported))
        return writer.written()
    main = record_id(chain, "response") if fetch.http_status is not None else None
    if main is not None:
        writer.write_record(_response(writer, fetch, main, held))
    writer.write_record(_request(writer, fetch, chain, main))
    writer.write_record(_metadata(writer, fetch, chain, main))
    return writer.written()


def _response(writer: _Writer, fetch: Fetch, main: str, held: Held | None) -> Any:
    http = _ExactHeaders(
        f"{fetch.http_status} {_one_line(fetch.reason)}", list(_stored_headers(fetch)), protocol="HTTP/1.1"
    )
    headers = {"WARC-Record-ID": main, "WARC-Date": iso(fetch.fetched_at)}
    if fetch.ip_address:
        headers["WARC-IP-Address"] = fetch.ip_address
    if fetch.error:
        headers["WARC-Truncated"] = "unspecified"
    if held is None:
        return writer.create_warc_record(
            uri(fetch.url),
            "response",
            payload=BytesIO(fetch.body),
            length=len(fetch.body),
            warc_headers_dict=headers,
            http_headers=http,
        )
    digester = Digester("sha256")
    digester.update(fetch.body)
    headers["WARC-Refers-To"] = held.record_id
    return writer.create_revisit_record(
        uri(fetch.url), str(digester), uri(held.url), held.fetched_at, http_headers=http, warc_headers_dict=headers
    )


def _resource(writer: _Writer, fetch: Fetch, main: str) -> Any:
    """Bytes that no HTTP exchange brought (an import): nothing pretends to be a response."""
    headers = {"WARC-Record-ID": main, "WARC-Date": iso(fetch.fetched_at)}
    media_type = next((value for name, value in fetch.response_headers if name.lower() == "content-type"), None)
    return writer.create_warc_record(
        uri(fetch.url), "resource", payload=BytesIO(fetch.body), length=len(fetch.body), warc_headers_dict=headers,
        warc_content_type=media_type or "application/octet-stream",
    )  # fmt: skip


def _request(writer: _Writer, fetch: Fetch, chain: str, main: str | None) -> Any:
    parts = urlsplit(uri(fetch.url))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = [(_one_line(name), _one_line(value)) for name, value in fetch.request_headers]
    if not any(name.lower() == "host" for name, _ in sent):
        sent.insert(0, ("Host", parts.netloc))
    http = _ExactHeaders(f"{fetch.method} {target} HTTP/1.1", sent, is_http_request=True)
    headers = {"WARC-Record-ID": record_id(chain, "request"), "WARC-Date": iso(fetch.fetched_at)}
    if main:
        headers["WARC-Concurrent-To"] = main
    return writer.create_warc_record(uri(fetch.url), "request", warc_headers_dict=headers, http_headers=http)


def _metadata(writer: _Writer, fetch: Fetch, chain: str, main: str | None) -> Any:
    facts = {
        "verdict": str(fetch.verdict),
        "detail": fetch.detail,
        "page-kind": str(fetch.page_kind),
        "act": fetch.act_id,
        "lang": fetch.lang,
        "redaction-date": fetch.redaction_date.isoformat() if fetch.redaction_date else None,
        "tls-certificate-sha256": fetch.certificate_sha256,
        "error": fetch.error,
    }
    block = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in facts.items() if value).encode()
    headers = {"WARC-Record-ID": record_id(chain, "metadata"), "WARC-Date": iso(fetch.fetched_at)}
    headers["WARC-Concurrent-To"] = main or record_id(chain, "request")
    return writer.create_warc_record(
        uri(fetch.url), "metadata", payload=BytesIO(block), length=len(block), warc_headers_dict=headers
    )


def _stored_headers(fetch: Fetch) -> Iterator[tuple[str, str]]:
    """The response's headers, with those renamed that describe encodings which the stored body no longer has."""
    size = str(len(fetch.body))
    for name, value in fetch.response_headers:
        low = name.lower()
        misleads = low in _ENCODED or (low == "content-length" and value.strip() != size)
        yield _one_line(f"X-Archive-Orig-{name}" if misleads else name), _one_line(value)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines()) if text else ""


@dataclass(frozen=True, slots=True)
class Stored:
    """One WARC record read back. http_status and http_headers: None and empty where it holds no HTTP response."""

    kind: str
    record_id: str
    url: str | None
    date: str
    payload_digest: str | None
    refers_to: str | None
    http_status: int | None
    http_headers: Headers
    payload: bytes


def read_records(stream: BinaryIO, where: str) -> Iterator[Stored]:
    """The records from the stream's position on, digests checked. Raises ArchiveDamaged naming `where`."""
    try:
        for record in ArchiveIterator(stream, no_record_parse=True):
            yield _stored(record, where)
    except (ArchiveLoadFailed, EOFError, OSError, ValueError, IndexError, AttributeError) as error:
        # warcio lets a broken zlib stream or header surface as any of these
        raise ArchiveDamaged(f"{where}: a WARC record cannot be read ({error}); run lawdiff verify") from error


def _stored(record: Any, where: str) -> Stored:
    """One record. The HTTP headers are read here, as latin-1, because warcio guesses between UTF-8 and latin-1."""
    header = record.rec_headers.get_header
    block = record.raw_stream.read()
    http = (header("Content-Type") or "").startswith("application/http")
    head, _, payload = block.partition(b"\r\n\r\n") if http else (b"", b"", block)
    own_payload = record.rec_type not in _WITHOUT_OWN_PAYLOAD
    _check_digest(header("WARC-Block-Digest"), block, "block", where)
    if own_payload:
        _check_digest(header("WARC-Payload-Digest"), payload, "payload", where)
    status, headers = _http(head) if record.rec_type in ("response", "revisit") else (None, ())
    return Stored(
        record.rec_type,
        header("WARC-Record-ID") or "",
        header("WARC-Target-URI"),
        header("WARC-Date") or "",
        header("WARC-Payload-Digest"),
        header("WARC-Refers-To"),
        status,
        headers,
        payload,
    )


def _check_digest(stated: str | None, content: bytes, what: str, where: str) -> None:
    if stated != digest_text(sha256_hex(content)):
        raise ArchiveDamaged(f"{where}: a WARC record does not have its {what} digest; run lawdiff verify")


def _http(head: bytes) -> tuple[int, Headers]:
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return int(status.split()[1]), tuple((name, value.strip()) for name, _, value in pairs)


def first_record(stream: BinaryIO, where: str) -> Stored:
    """The record at the stream's position. Raises ArchiveDamaged."""
    for record in read_records(stream, where):
        return record
    raise ArchiveDamaged(f"{where}: no WARC record begins here; run lawdiff verify")


def first_payload(stream: BinaryIO, where: str) -> tuple[str, str | None, bytes]:
    """Kind, stated payload digest and payload of the record at the stream's position.

    A build reads every page of the archive: warcio, which hands a record on in pieces of 16 kB, took three times as
    long as unpacking it at once with ISA-L, and the digest of the block (HTTP headers and payload) as long again as
    that of the payload. So this way unpacks the gzip member whole and checks the digest of the payload only; `verify`
    reads all by warcio and zlib.
    Raises ArchiveDamaged.
    """
    packed = stream.read(_PACKED)
    head = b""
    size = _HEAD
    while True:  # the payload is unpacked once more, by itself: to cut it out of the record would copy it
        try:
            head = isal_zlib.decompressobj(wbits=31).decompress(packed, size)
        except _BROKEN as error:
            raise _unreadable(where, error) from error
        layout = _layout(head)
        if layout is not None or len(head) < size or size >= _PACKED:
            break
        size *= 8
    if layout is None:
        raise ArchiveDamaged(f"{where}: no whole WARC record begins here; run lawdiff verify")
    headers, start, end = layout
    unpacking = _Unpacking(stream, packed, where)
    unpacking.read(start)
    payload = unpacking.read(end - start)
    unpacking.end()
    kind, stated = headers.get("warc-type", ""), headers.get("warc-payload-digest")
    if kind not in _WITHOUT_OWN_PAYLOAD:
        _check_digest(stated, payload, "payload", where)
    return kind, stated, payload


def _layout(head: bytes) -> tuple[dict[str, str], int, int] | None:
    """The WARC headers of a record that begins with `head`, and where its payload starts and ends; None where `head`
    does not hold the headers of WARC and HTTP."""
    start = head.find(b"\r\n\r\n") + 4
    pairs = (line.partition(":") for line in head[:start].decode("utf-8", "replace").splitlines()[1:])
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = headers.get("content-length", "")
    if start < 4 or not head.startswith(b"WARC/") or not length.isdecimal():
        return None
    end = start + int(length)
    if headers.get("content-type", "").startswith("application/http"):
        body = head.find(b"\r\n\r\n", start, end)
        if body < 0 and end > len(head):
            return None
        start = body + 4 if body >= 0 else end
    return headers, start, end


class _Unpacking:
    """One gzip member, unpacked in stretches of a known size."""

    def __init__(self, stream: BinaryIO, packed: bytes, where: str) -> None:
        """packed: what was read of it already."""
        self._stream = stream
        self._packed = packed
        self._where = where
        self._member = isal_zlib.decompressobj(wbits=31)

    def read(self, size: int) -> bytes:
        """The next `size` bytes. Raises ArchiveDamaged where the record or the file has fewer."""
        pieces: list[bytes] = []
        while size:
            piece = self._unpack(size)
            if piece:
                pieces.append(piece)
                size -= len(piece)
            elif self._member.eof:
                raise ArchiveDamaged(f"{self._where}: no whole WARC record begins here; run lawdiff verify")
            else:
                self._more()
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def end(self) -> None:
        """What is left of the member: its checksum is looked at there. Raises ArchiveDamaged."""
        while not self._member.eof:
            if not self._unpack(_PACKED) and not self._member.eof:
                self._more()

    def _unpack(self, size: int) -> bytes:
        try:
            piece = self._member.decompress(self._packed, size)
        except _BROKEN as error:
            raise _unreadable(self._where, error) from error
        self._packed = self._member.unconsumed_tail
        return piece

    def _more(self) -> None:
        self._packed = self._stream.read(_PACKED)
        if not self._packed:
            raise ArchiveDamaged(f"{self._where}: the file ends inside a WARC record; run lawdiff verify")


def _unreadable(where: str, error: Exception) -> ArchiveDamaged:
    return ArchiveDamaged(f"{where}: a WARC record cannot be read ({error}); run lawdiff verify")


def members(raw: bytes, where: str) -> tuple[Stored, ...]:
    """All records in `raw`. Raises ArchiveDamaged."""
    return tuple(read_records(BytesIO(raw), where))


def digest_text(sha256: str) -> str:
    """A hex SHA-256 as WARC headers write it: `sha256:` and base32."""
    return "sha256:" + base64.b32encode(bytes.fromhex(sha256)).decode()


def record_headers(stream: BinaryIO) -> dict[str, str]:
    """The WARC headers (names in lower case) of the record at the stream's position; empty when it cannot be read."""
    try:
        start = zlib.decompressobj(wbits=31).decompress(stream.read(16384), 65536)
    except zlib.error:
        return {}
    head = start.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    pairs = (line.partition(":") for line in head.splitlines()[1:])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
