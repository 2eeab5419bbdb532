"""Storing and reading back: what comes out is what went in, each body once, in order, in bounded memory."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tracemalloc
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fetches import ACT, CERTIFICATE, START, crawl, fetch, page, small_archive
from hypothesis import given, settings
from hypothesis import strategies as st

from lawdiff.archive import Archive, CrawlClose, CrawlOpen, Entry, merkle
from lawdiff.archive.journal import JOURNAL
from lawdiff.archive.records import decode, encode
from lawdiff.errors import ArchiveDamaged, LawdiffError
from lawdiff.model import Lang, Verdict


def test_every_field_of_a_fetch_comes_back(tmp_path: Path) -> None:
    sent = fetch(1, day=date(2014, 11, 7), lang=Lang.KK, detail="бүтін бет, 48 бап")
    stored = crawl(tmp_path, [sent])
    (read,) = Archive(tmp_path).entries()
    assert [read] == stored
    for name in ("url", "act_id", "lang", "page_kind", "redaction_date", "fetched_at", "http_status", "verdict"):
        assert getattr(read, name) == getattr(sent, name), name
    assert (read.detail, read.certificate_sha256, read.error) == (sent.detail, CERTIFICATE, None)
    assert read.sha256 == hashlib.sha256(sent.body).hexdigest()
    assert read.size == len(sent.body)
    assert Archive(tmp_path).body(read) == sent.body
    response = Archive(tmp_path).response(read)
    assert (response.http_status, response.http_headers) == (200, sent.response_headers)


def test_a_fetch_without_a_response_is_kept_with_its_reason(tmp_path: Path) -> None:
    crawl(tmp_path, [fetch(1, status=None, verdict=Verdict.UNKNOWN, error="connection reset")])
    (entry,) = Archive(tmp_path).entries()
    assert (entry.http_status, entry.sha256, entry.body_file, entry.error) == (None, None, None, "connection reset")
    assert Archive(tmp_path).body(entry) == b""
    with pytest.raises(LawdiffError, match="brought no response"):
        Archive(tmp_path).response(entry)


def test_an_identical_body_is_stored_once_within_a_crawl_and_across_crawls(tmp_path: Path) -> None:
    body = page(1) * 50
    first, again = crawl(tmp_path, [fetch(1, body=body), fetch(2, body=body)])
    (later,) = crawl(tmp_path, [fetch(3, body=body)], at=START + timedelta(days=1))
    assert [first.duplicate, again.duplicate, later.duplicate] == [False, True, True]
    assert (later.body_file, later.body_offset) == (first.warc_file, first.warc_offset)
    assert again.warc_length < first.warc_length / 2
    assert [Archive(tmp_path).body(entry) for entry in (first, again, later)] == [body] * 3


@pytest.mark.parametrize("size", [3_700, 4_096, 60_000])
def test_a_body_is_read_whatever_the_length_of_its_headers(size: int, tmp_path: Path) -> None:
    """Headers are looked for in the first bytes of a record, and in more of them where they are not all there."""
    body = page(3) * 40 + b"\r\n\r\n" + bytes(range(256)) * 300
    sent = replace(fetch(1, body=body), response_headers=(("Content-Type", "text/html"), ("Set-Cookie", "k" * size)))
    (entry,) = crawl(tmp_path, [sent])
    assert Archive(tmp_path).body(entry) == body
    assert Archive(tmp_path).response(entry).http_headers == sent.response_headers


def test_headers_that_describe_an_encoding_which_is_undone_are_renamed(tmp_path: Path) -> None:
    sent = fetch(1)
    encoded = (("Content-Encoding", "gzip"), ("Content-Length", "17"), ("X-Note", "жаңа".encode().decode("latin-1")))
    crawl(tmp_path, [type(sent)(**{**{f: getattr(sent, f) for f in sent.__slots__}, "response_headers": encoded})])
    (entry,) = Archive(tmp_path).entries()
    headers = dict(Archive(tmp_path).response(entry).http_headers)
    assert headers["X-Archive-Orig-Content-Encoding"] == "gzip"
    assert headers["X-Archive-Orig-Content-Length"] == "17"
    assert headers["X-Note"] in ("жаңа", "жаңа".encode().decode("latin-1"))
    raw = (tmp_path / entry.warc_file).read_bytes()[entry.warc_offset :]
    assert "жаңа".encode() in __import__("gzip").decompress(raw)


def test_the_index_knows_the_last_good_page_and_the_held_redactions(tmp_path: Path) -> None:
    day = date(2014, 11, 7)
    good, *_ = crawl(
        tmp_path,
        [
            fetch(1, day=day),
            fetch(2, day=day, status=503, verdict=Verdict.SERVER_ERROR),
            fetch(3, day=date(2015, 1, 1), verdict=Verdict.TRUNCATED),
            fetch(4),
            fetch(5, lang=Lang.KK, day=date(2016, 1, 1)),
            fetch(6, page_kind="history", verdict=Verdict.HISTORY),
        ],
    )
    index = Archive(tmp_path).index()
    assert index.held_redactions(ACT, Lang.RU) == {day}
    assert index.held_redactions(ACT, Lang.KK) == {date(2016, 1, 1)}
    assert index.latest_good(ACT, Lang.RU, "text", day) == good
    assert index.latest[(ACT, Lang.RU, "text", day)].verdict is Verdict.SERVER_ERROR
    assert index.latest_good(ACT, Lang.RU, "text", date(2015, 1, 1)) is None
    current = index.latest_good(ACT, Lang.RU, "text")
    assert current is not None and current.url.endswith("?n=4")


def test_the_run_root_covers_the_run_and_the_runs_before(tmp_path: Path) -> None:
    small_archive(tmp_path)
    crawls = list(Archive(tmp_path).crawls())
    assert [opened.seq for opened, _ in crawls] == [1, 6, 11]
    lines = list(Archive(tmp_path).lines())
    before = "0" * 64
    for opened, close in crawls:
        assert isinstance(close, CrawlClose) and close.complete
        hashes = [line.hash for line in lines if opened.seq <= line.seq < close.seq]
        assert close.root == merkle.root(hashes)
        assert close.prev_close == before
        before = close.hash
    published = (tmp_path / "roots.txt").read_text().split("\n")
    assert [line.split()[0] for line in published if line] == [close.hash for _, close in crawls if close]


def test_a_line_s_hash_can_be_checked_with_sed_and_sha256sum(tmp_path: Path) -> None:
    small_archive(tmp_path)
    for number, line in enumerate(Archive(tmp_path).lines(), 1):
        bare = r"""sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\n'"""
        command = f"sed -n {number}p '{tmp_path / JOURNAL}' | {bare} | sha256sum"
        shown = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout
        assert shown.split()[0] == line.hash


def test_the_same_crawl_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        small_archive(tmp_path / name)
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*z*")}
        | {"journal": (tmp_path / name / JOURNAL).read_bytes()}
        for name in ("one", "two")
    )
    assert first == second


def test_reading_stops_where_the_chain_breaks_and_says_where(tmp_path: Path) -> None:
    small_archive(tmp_path)
    path = tmp_path / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3] + lines[4:]))
    offset = sum(map(len, lines[:3]))
    with pytest.raises(ArchiveDamaged, match=f"line 4, offset {offset}: the chain of hashes breaks"):
        list(Archive(tmp_path).entries())


def test_a_body_whose_bytes_were_changed_is_refused(tmp_path: Path) -> None:
    entries = small_archive(tmp_path)
    path = tmp_path / entries[0].warc_file
    content = bytearray(path.read_bytes())
    content[entries[0].warc_offset + 400] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ArchiveDamaged, match=re.escape(f"{entries[0].warc_file}, offset {entries[0].warc_offset}")):
        Archive(tmp_path).body(entries[0])


def test_an_empty_folder_has_no_entries_and_require_says_what_to_do(tmp_path: Path) -> None:
    assert list(Archive(tmp_path / "none").entries()) == []
    assert Archive(tmp_path / "none").index().latest == {}
    with pytest.raises(LawdiffError, match="run lawdiff crawl first"):
        Archive(tmp_path / "none").require()


def test_a_time_without_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawdiffError, match="has no time zone"):
        crawl(tmp_path, [fetch(1)], at=datetime(2025, 1, 1))
    assert not Archive(tmp_path).locked


def test_reading_ten_thousand_entries_takes_bounded_memory(tmp_path: Path) -> None:
    """The lines are made without WARC records: only the journal is read here."""
    (entry,) = crawl(tmp_path, [fetch(1)])
    prev = json.loads((tmp_path / JOURNAL).read_text().splitlines()[-1])["hash"]
    with (tmp_path / JOURNAL).open("ab") as journal:
        for seq in range(4, 10_004):
            members = {name: getattr(entry, name) for name in entry.__slots__ if name != "hash"}
            line, made = encode(type(entry), {**members, "seq": seq, "prev": prev})
            journal.write(line)
            prev = made.hash
    tracemalloc.start()
    assert sum(1 for _ in Archive(tmp_path).entries()) == 10_001
    index = Archive(tmp_path).index()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(index.latest) == 1
    assert peak < 2_000_000


texts = st.text(max_size=30)
moments = st.datetimes(min_value=datetime(2014, 1, 1), timezones=st.just(UTC))


@settings(max_examples=50, deadline=None)
@given(url=texts, detail=texts, moment=moments, status=st.none() | st.integers(100, 599), day=st.none() | st.dates())
def test_a_journal_line_reads_back_as_the_record_it_was_made_from(
    url: str, detail: str, moment: datetime, status: int | None, day: date | None
) -> None:
    nothing = dict.fromkeys(("act_id", "sha256", "article_sha256", "body_file", "body_offset", "error"))
    members = {
        **nothing,
        "response_headers_sha256": None,
        "certificate_sha256": None,
        "seq": 1,
        "url": url,
        "lang": Lang.KK,
        "page_kind": "text",
        "redaction_date": day,
        "fetched_at": moment,
        "http_status": status,
        "verdict": Verdict.SHELL,
        "detail": detail,
        "size": 0,
        "warc_file": "warc/a.warc.gz",
        "warc_offset": 0,
        "warc_length": 1,
        "warc_sha256": "0" * 64,
        "request_headers_sha256": "0" * 64,
        "crawl": 1,
        "prev": "0" * 64,
    }
    line, record = encode(Entry, members)
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert decode(line[:-1]) == record


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=40), st.data())
def test_a_merkle_path_leads_from_its_entry_to_the_root_and_from_no_other(
    digests: list[str], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(digests) - 1))
    steps = merkle.path(digests, index)
    assert merkle.climb(digests[index], steps) == merkle.root(digests)
    assert len(steps) <= 6
    other = hashlib.sha256(digests[index].encode()).hexdigest()
    assert merkle.climb(other, steps) != merkle.root(digests)


def test_the_merkle_root_is_that_of_the_standard_s_definition() -> None:
    """Recomputed from RFC 6962 §2.1 by hand for three leaves."""
    a, b, c = ("11" * 32, "22" * 32, "33" * 32)

    def leaf(text: str) -> bytes:
        return hashlib.sha256(b"\0" + bytes.fromhex(text)).digest()

    left = hashlib.sha256(b"\1" + leaf(a) + leaf(b)).digest()
    assert merkle.root([a, b, c]) == hashlib.sha256(b"\1" + left + leaf(c)).hexdigest()


def test_the_specification_names_every_member_and_every_finding() -> None:
    root = Path(__file__).resolve().parent.parent
    told = (root / "docs" / "archive.md").read_text(encoding="utf-8")
    members = {name for record in (CrawlOpen, Entry, CrawlClose) for name in record.__slots__}
    assert {name for name in members if f"`{name}`" not in told} == set()
    code = (root / "lawdiff" / "archive" / "verification.py").read_text(encoding="utf-8")
    kinds = set(re.findall(r'(?:_find|_tell)\(\s*"(\w+)"', code))
    assert len(kinds) > 12
    assert {kind for kind in kinds if f"`{kind}`" not in told} == set()
    assert {verdict for verdict in Verdict if verdict not in told} == set()
