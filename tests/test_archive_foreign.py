"""The WARC files are read, checked and replayed by programs that are not ours."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fetches import CERTIFICATE, crawl, fetch, page, small_archive
from warcio.archiveiterator import ArchiveIterator

from lawdiff.archive import Archive
from lawdiff.model import Lang


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("archive")
    small_archive(made)
    return made


def warcs(folder: Path) -> list[str]:
    return sorted(str(path) for path in (folder / "warc").iterdir())


def test_warcio_check_passes_every_record_and_finds_a_flipped_bit(folder: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", *warcs(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    checked = 3 + 8 * 3 - 1
    assert done.stdout.count("digest pass") + done.stdout.count("not checked (revisit)") == checked
    assert done.stdout.count("not checked (revisit)") == 2
    plain = gzip.decompress(Path(warcs(folder)[0]).read_bytes()).replace("жол 5".encode(), "жол 6".encode())
    (tmp_path / "changed.warc").write_bytes(plain)
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", str(tmp_path / "changed.warc")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "digest failed" in done.stdout


def test_warcio_replays_every_body_duplicates_by_their_reference(folder: Path) -> None:
    """Replay as a wayback machine does: a revisit is answered by the record it refers to."""
    bodies: dict[str, bytes] = {}
    seen: dict[str, bytes] = {}
    for name in warcs(folder):
        with Path(name).open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                header = record.rec_headers.get_header
                key = f"{header('WARC-Target-URI')} {header('WARC-Date')}"
                if record.rec_type == "response":
                    seen[key] = bodies[key] = record.content_stream().read()
                elif record.rec_type == "revisit":
                    assert header("WARC-Profile").endswith("/1.1/revisit/identical-payload-digest")
                    origin = f"{header('WARC-Refers-To-Target-URI')} {header('WARC-Refers-To-Date')}"
                    bodies[key] = seen[origin]
    ours = {
        f"{entry.url} {entry.fetched_at.isoformat().replace('+00:00', 'Z')}": Archive(folder).body(entry)
        for entry in Archive(folder).entries()
        if entry.http_status is not None
    }
    assert bodies == ours and len(bodies) == 7


def test_fastwarc_reads_the_same_records_with_sound_digests(folder: Path) -> None:
    """An independent reader in C++: types, addresses, digests, bodies, at the offsets that our journal states."""
    if os.environ.get("CI"):
        import fastwarc.warc as fastwarc
    else:
        fastwarc = pytest.importorskip("fastwarc.warc", reason="fastwarc has no wheel for this system")
    bodies = {}
    kinds = []
    for name in warcs(folder):
        with Path(name).open("rb") as stream:
            for record in fastwarc.ArchiveIterator(stream, parse_http=False):
                assert record.verify_block_digest(), record.record_id
                kinds.append(str(record.record_type))
        with Path(name).open("rb") as stream:
            for record in fastwarc.ArchiveIterator(stream, record_types=fastwarc.WarcRecordType.response):
                body = record.reader.read()
                bodies[(f"warc/{Path(name).name}", record.stream_pos)] = body
                assert record.http_headers.status_code in (200, 503, 204)
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "warcinfo": 3, "response": 5, "revisit": 2, "request": 8, "metadata": 8,
    }  # fmt: skip
    entries = [entry for entry in Archive(folder).entries() if entry.body_file and not entry.duplicate]
    theirs = {place: hashlib.sha256(body).hexdigest() for place, body in bodies.items()}
    assert theirs == {(entry.warc_file, entry.warc_offset): entry.sha256 for entry in entries}


def test_zcat_shows_the_page_the_request_and_the_certificate(folder: Path) -> None:
    shown = subprocess.run(["zcat", *warcs(folder)], capture_output=True, check=True).stdout
    assert shown.count(b"WARC/1.1\r\n") == 3 + 8 * 3 - 1
    assert page(1) in shown and page(2, Lang.KK) in shown
    assert b"GET /rus/docs/K1400000226?n=1 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n" in shown
    assert f"tls-certificate-sha256: {CERTIFICATE}".encode() in shown
    assert shown.count(page(1)) == 1  # stored once, although fetched twice


def test_every_record_is_a_gzip_member_of_its_own_at_the_journalled_offset(folder: Path) -> None:
    for entry in Archive(folder).entries():
        raw = (folder / entry.warc_file).read_bytes()[entry.warc_offset :][: entry.warc_length]
        assert raw[:2] == b"\x1f\x8b"
        assert gzip.decompress(raw).count(b"WARC/1.1\r\n") == (3 if entry.http_status is not None else 2)
        assert hashlib.sha256(raw).hexdigest() == entry.warc_sha256


@pytest.mark.shared
def test_a_real_page_of_megabytes_is_kept_byte_by_byte(shared: Path, tmp_path: Path) -> None:
    pages = sorted((shared / "adilet" / "pages").glob("*.html"))
    bodies = [path.read_bytes() for path in pages]
    crawl(tmp_path, [fetch(number, body=body) for number, body in enumerate(bodies)])
    assert [Archive(tmp_path).body(entry) for entry in Archive(tmp_path).entries()] == bodies
    assert len(bodies) == 5
