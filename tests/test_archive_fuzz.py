"""Whatever a server sends or a caller passes: stored, read back, verified, and readable by others."""

from __future__ import annotations

import string
import tempfile
from dataclasses import replace
from pathlib import Path

from fetches import crawl, fetch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from lawdiff.archive import Archive, verify

names = st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=12)
values = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x0b\x0c\x1c\x1d\x1e\x85"), max_size=30).map(
    str.strip
)
headers = st.lists(st.tuples(names, values), max_size=5).map(tuple)
texts = st.text(max_size=40)
bodies = st.one_of(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\r\n\r\n", b"WARC/1.1\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\x1f\x8b\x08\x00", b"same"]),
)
paths = st.text(max_size=15)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(bodies, headers, headers, texts, st.none() | st.integers(100, 599), paths, texts),
        min_size=1,
        max_size=4,
    )
)
def test_any_response_is_stored_read_back_and_sound(made: list[tuple]) -> None:  # type: ignore[type-arg]
    fetches = []
    for number, (body, sent, received, detail, status, path, reason) in enumerate(made):
        plain = replace(
            fetch(number), http_status=status, body=body if status else b"", detail=detail, reason=reason,
            request_headers=sent, response_headers=received if status else (), url=f"https://old.adilet.zan.kz/{path}",
            error=None if status else detail,
        )  # fmt: skip
        fetches.append(plain)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entries = crawl(folder, fetches)
        archive = Archive(folder)
        assert list(archive.entries()) == entries
        assert [archive.body(entry) for entry in entries] == [each.body for each in fetches]
        assert [entry.detail for entry in entries] == [each.detail for each in fetches]
        assert [entry.url for entry in entries] == [each.url for each in fetches]
        assert verify(folder) == ()
        with (folder / entries[0].warc_file).open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                record.content_stream().read()
        for entry, each in zip(entries, fetches, strict=True):
            if entry.http_status is None:
                continue
            stored = archive.response(entry).http_headers
            assert [value for _, value in stored] == [value for _, value in each.response_headers]
