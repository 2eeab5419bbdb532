"""Invented fetches for tests of the archive: addresses and dates like the portal's, wording composed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lawdiff.archive import Archive, Entry, Fetch
from lawdiff.identifiers import act_path
from lawdiff.model import Lang, Verdict

ACT = "K1400000226"
START = datetime(2025, 11, 16, 1, 2, 3, tzinfo=UTC)
CERTIFICATE = "ab" * 32


def page(number: int, lang: Lang = Lang.RU) -> bytes:
    """A page body of some kilobytes that differs by number and language."""
    words = {Lang.RU: "Составленная для проверки статья", Lang.KK: "Тексеру үшін құрастырылған бап"}[lang]
    lines = "".join(f"<p>{words} {number}, жол {line}: {line * 7919 + number}</p>\n" for line in range(40))
    return f"<html><body><article>\n{lines}</article></body></html>".encode()


def fetch(
    number: int = 1,
    *,
    body: bytes | None = None,
    lang: Lang = Lang.RU,
    day: date | None = None,
    at: datetime | None = None,
    status: int | None = 200,
    verdict: Verdict = Verdict.TEXT,
    act_id: str = ACT,
    page_kind: str = "text",
    error: str | None = None,
    detail: str = "",
    url: str | None = None,
) -> Fetch:
    moment = at or START + timedelta(seconds=number)
    return Fetch(
        url=url or f"http://127.0.0.1:8000{act_path(act_id, lang, day)}?n={number}",
        act_id=act_id,
        lang=lang,
        page_kind=page_kind,
        redaction_date=day,
        fetched_at=moment,
        http_status=status,
        verdict=verdict,
        detail=detail,
        body=(page(number, lang) if status is not None else b"") if body is None else body,
        request_headers=(("User-Agent", "lawdiff (someone@example.org)"), ("Accept", "text/html")),
        response_headers=(("Content-Type", "text/html; charset=utf-8"), ("Server", "stand-in")) if status else (),
        certificate_sha256=CERTIFICATE,
        error=error,
    )


def crawl(folder: Path, fetches: list[Fetch], *, at: datetime = START, sync: bool = False) -> list[Entry]:
    """One complete crawl."""
    with Archive(folder).writer(at, settings={"delay": "1"}, clock=lambda: at, sync=sync) as writer:
        return [writer.store(each) for each in fetches]


def small_archive(folder: Path) -> list[Entry]:
    """Three crawls: pages in two languages, a fault, a duplicate within and across crawls, an answer without body."""
    entries = crawl(folder, [fetch(1), fetch(2, lang=Lang.KK), fetch(3, body=page(1))])
    later = START + timedelta(days=1)
    entries += crawl(
        folder,
        [
            fetch(4, at=later, status=None, verdict=Verdict.UNKNOWN, error="timeout after 180 s"),
            fetch(5, at=later, body=page(2, Lang.KK), lang=Lang.KK),
            fetch(6, at=later, status=503, verdict=Verdict.SERVER_ERROR),
        ],
        at=later,
    )
    return entries + crawl(folder, [fetch(7, status=204, body=b"", verdict=Verdict.UNKNOWN), fetch(8)], at=later)
