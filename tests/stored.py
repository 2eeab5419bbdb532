"""Archives and databases for the tests of the store: real journals and WARC files made from folders of pages.

A folder of pages is laid out like `data/sample`: `rus/docs/K1400000226/{index,history,info,01.01.2020}.html`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lawdiff.archive import Archive, Entry, Fetch
from lawdiff.build import BuildReport, build
from lawdiff.identifiers import FROM_PORTAL_LANG, parse_date
from lawdiff.model import Verdict
from lawdiff.pages import PageKind, classify
from lawdiff.portal import article_sha256
from lawdiff.registry import Registry, load_registry

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
START = datetime(2026, 3, 1, 2, 0, 0, tzinfo=UTC)
KINDS = {"index": PageKind.TEXT, "history": PageKind.HISTORY, "info": PageKind.INFO}


def page_files(site: Path, acts: Iterable[str] = ()) -> list[Path]:
    """Every page of a folder, as a crawl fetches them: by act and language, dated texts last."""
    wanted = set(acts)
    files = [path for path in site.rglob("*.html") if not wanted or path.parent.name in wanted]
    order = {"history": 0, "info": 1, "index": 2}
    return sorted(files, key=lambda path: (path.parent.name, path.parts[-4], order.get(path.stem, 3), path.stem))


def fetch_of(path: Path, at: datetime, body: bytes | None = None, status: int = 200) -> Fetch:
    """A page file as what a request for it brings, classified by the real rules."""
    lang = FROM_PORTAL_LANG[path.parts[-4]]
    act = path.parent.name
    day = parse_date(path.stem) if path.stem not in KINDS else None
    kind = KINDS.get(path.stem, PageKind.TEXT)
    content = path.read_bytes() if body is None else body
    tail = "" if path.stem == "index" else f"/{path.stem}"
    url = f"http://127.0.0.1:8765/{path.parts[-4]}/docs/{act}{tail}"
    found = classify(content, status=status, url=url, page_kind=kind, act_id=act, lang=lang)
    digest = article_sha256(content) if found.verdict is Verdict.TEXT else None
    return Fetch(
        url=url, act_id=act, lang=lang, page_kind=kind, redaction_date=day, fetched_at=at, http_status=status,
        verdict=found.verdict, detail=found.detail, body=content, article_sha256=digest,
    )  # fmt: skip


def crawl_files(
    archive: Path, files: Iterable[Path], *, at: datetime = START, bodies: Mapping[Path, bytes] | None = None
) -> list[Entry]:
    """One crawl that fetches these files, a second apart. bodies: other bytes for some of them."""
    entries: list[Entry] = []
    moment = at
    with Archive(archive).writer(at, clock=lambda: moment, sync=False) as writer:
        for path in files:
            moment += timedelta(seconds=1)
            entries.append(writer.store(fetch_of(path, moment, (bodies or {}).get(path))))
    return entries


def build_all(archive: Path, db: Path, registry: Registry | None = None, **options: object) -> BuildReport:
    return build(archive, db, registry or load_registry(), **options)  # type: ignore[arg-type]


def dump(db: Path) -> list[str]:
    """The rows of a database in the order of their keys."""
    import sqlite3
    from contextlib import closing

    from lawdiff.store.write import dump_lines

    with closing(sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True)) as connection:
        return list(dump_lines(connection))


def day(text: str) -> date:
    return date.fromisoformat(text)
