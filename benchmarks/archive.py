"""Measures the page archive: what an act costs on the disk, first and per year, and what storing and verifying take.

    python -m benchmarks.archive [--smoke]

On the stand-in site (LAWDIFF_SHARED, default ../shared), else on the bundled sample: all redactions, then nights of
which each fetches robots.txt and the current pages, whose footer counter changes every time, so that no body repeats.

Beside each other in one run: storing a page and merely compressing it (target: at most 3 times; both with fsync off);
reading every body and verifying everything. Exit 1 where the target is missed or the archive is not sound.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lawdiff.archive import Archive, Fetch, check
from lawdiff.identifiers import FROM_PORTAL_LANG, parse_date
from lawdiff.model import Verdict

ROOT = Path(__file__).resolve().parent.parent
ACT = "K1400000226"
START = datetime(2025, 1, 1, 1, 0, tzinfo=UTC)
MAX_OVER_COMPRESSION = 3.0
_KINDS = {"index": ("text", Verdict.TEXT), "history": ("history", Verdict.HISTORY), "info": ("info", Verdict.INFO)}
_HEADERS = (("Content-Type", "text/html;charset=UTF-8"), ("Server", "nginx"), ("Transfer-Encoding", "chunked"))


def fetches(site: Path) -> list[Fetch]:
    """Every page of the act, as the crawler would hand it over."""
    made = []
    for path in sorted(site.glob(f"*/docs/{ACT}/*.html")):
        language = path.parts[-4]
        kind, verdict = _KINDS.get(path.stem, ("text", Verdict.TEXT))
        made.append(
            Fetch(
                url=f"https://old.adilet.zan.kz/{language}/docs/{ACT}/{path.stem}",
                act_id=ACT,
                lang=FROM_PORTAL_LANG[language],
                page_kind=kind,
                redaction_date=parse_date(path.stem) if path.stem not in _KINDS else None,
                fetched_at=START,
                http_status=200,
                verdict=verdict,
                body=path.read_bytes(),
                request_headers=(("User-Agent", "lawdiff"), ("Accept-Language", "ru,kk")),
                response_headers=_HEADERS,
                certificate_sha256="ab" * 32,
            )
        )
    return made


def robots(at: datetime) -> Fetch:
    return Fetch(
        "https://old.adilet.zan.kz/robots.txt", None, None, "robots", None, at, 200, Verdict.ROBOTS,
        body=b"User-agent: *\nDisallow: /rus/search/\n", response_headers=_HEADERS,
    )  # fmt: skip


def night(folder: Path, number: int, current: list[Fetch]) -> None:
    at = START + timedelta(days=number)
    with Archive(folder).writer(at, clock=lambda: at, sync=False) as writer:
        writer.store(robots(at))
        for fetch in current:
            body = fetch.body.replace(b"@@COUNTER@@", str(500_000 + number * 7).encode()) + b"<!-- %d -->" % number
            writer.store(replace(fetch, body=body, fetched_at=at))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true")
    nights = 10 if parser.parse_args().smoke else 365
    shared = Path(os.environ.get("LAWDIFF_SHARED", ROOT.parent / "shared")) / "adilet" / "site"
    site = shared if shared.is_dir() else ROOT / "data" / "sample"
    pages = fetches(site)
    current = [fetch for fetch in pages if fetch.page_kind == "text" and fetch.redaction_date is None]
    bodies = sum(len(fetch.body) for fetch in pages)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "archive"
        begun = time.perf_counter()
        for fetch in pages:
            packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)
            packer.compress(fetch.body)
            packer.flush()
        compressed = time.perf_counter() - begun
        begun = time.perf_counter()
        with Archive(folder).writer(START, clock=lambda: START, sync=False) as writer:
            for fetch in pages:
                writer.store(fetch)
        stored = time.perf_counter() - begun
        first = Archive(folder).size()
        print(f"site: {site.name}, {len(pages)} pages of {ACT} in both languages, {bodies / 1e6:.2f} MB of bodies")
        print(f"first crawl: {first / 1e6:.3f} MB ({first / bodies:.1%} of the bodies)")
        print(f"storing: {stored / len(pages) * 1e3:.2f} ms a page, {stored / compressed:.2f} times compressing alone")
        begun = time.perf_counter()
        for number in range(1, nights + 1):
            night(folder, number, current)
        print(
            f"{nights} nights: {(time.perf_counter() - begun) / nights * 1e3:.1f} ms each, opening and closing included"
        )
        grown = Archive(folder).size() - first
        journal = (folder / "journal.jsonl").stat().st_size
        print(
            f"a year of nights: {grown / nights * 365 / 1e6:.2f} MB for the act ({grown / nights / 1e3:.1f} KB a night)"
        )
        print(f"journal: {journal / (nights * 5 + len(pages) + 2):.0f} bytes a line")
        begun = time.perf_counter()
        count = sum(1 for entry in Archive(folder).entries() if Archive(folder).body(entry) is not None)
        read = time.perf_counter() - begun
        begun = time.perf_counter()
        report = check(folder)
        verified = time.perf_counter() - begun
        print(f"reading {count} bodies: {read:.2f} s; verifying: {verified:.2f} s, {report.records} records")
        begun = time.perf_counter()
        Archive(folder).index()
        print(f"index of {report.fetches} fetches: {time.perf_counter() - begun:.2f} s")
    sound = not report.findings and stored / compressed <= MAX_OVER_COMPRESSION
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
