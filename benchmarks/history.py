"""Measures the history engine on an invented code, side by side in one run: `python -m benchmarks.history [--smoke]`.

What is measured, with its target (a missed one is named, and the exit code is 1; `--smoke` uses a small code, and
only correctness counts there):

- pages → complete database (parse, versions, diffs, notes, search), against lxml merely building the trees of the
  same pages, at most 2.0 times; and against the plain way (BeautifulSoup text, diff-match-patch on the whole
  document, a row at a time), at least 40 times faster, which is timed on a few pages and reckoned up;
- one new redaction with about 23 changed articles, against diff-match-patch on the two documents: at least 50 times
  faster;
- word diffs of 200 changed articles, against tokenising them: at most 2.5 times; no op inside a word; at most 1.25
  times the hunks of diff-match-patch with semantic clean-up on words;
- a rewritten article and table of 300 kB: at most 15 times their tokenising, 16 MB;
- peak memory of the ingest (150 MB), two processes (same rows, 1.4 times as fast), size of the database (a tenth of
  all texts), text at a date among 200 acts (1.5 times its time among one).
"""

from __future__ import annotations

import argparse
import gc
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from statistics import mean, median

import lxml.html
from bs4 import BeautifulSoup
from diff_match_patch import diff_match_patch

from benchmarks.generate import Code, Page
from lawdiff.archive import Archive, Fetch
from lawdiff.attribution import attribute
from lawdiff.build import build
from lawdiff.diff import diff_lines, tokens
from lawdiff.diff.engine import encode
from lawdiff.diff.tokens import pieces
from lawdiff.history import Folder
from lawdiff.identifiers import article_id, official_url
from lawdiff.model import History, Lang, Line, LineKind, Redaction, Verdict
from lawdiff.parse import ChunkCache, parse_page
from lawdiff.registry import Registry, TrackedAct
from lawdiff.store.read import article_at

START = datetime(2026, 1, 1, tzinfo=UTC)


class Report:
    """Prints each measurement with its target and remembers which were missed."""

    def __init__(self, *, smoke: bool) -> None:
        self.smoke = smoke
        self.missed: list[str] = []

    def line(
        self, what: str, value: float, limit: float | None = None, *, least: bool = False, unit: str = "x"
    ) -> None:
        """limit: at most (or, with `least`, at least) this."""
        verdict = ""
        if limit is not None:
            met = value >= limit if least else value <= limit
            verdict = f"(target {'>=' if least else '<='} {limit:g}{unit}: {'met' if met else 'MISSED'})"
            if not met and not self.smoke:
                self.missed.append(what)
        print(f"  {what}: {value:.2f}{unit} {verdict}", flush=True)

    def must(self, what: str, held: bool) -> None:
        print(f"  {what}: {'yes' if held else 'NO'}", flush=True)
        if not held:
            self.missed.append(what)


def timed(work: Callable[[], object]) -> float:
    """Processor seconds, so that what else the machine does counts on neither side of a ratio."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def fill(archive: Path, codes: Iterable[Code]) -> None:
    """Store every page of the codes, as a crawl of dated redactions."""
    with Archive(archive).writer(START, settings={}, clock=lambda: START, sync=False) as writer:
        for code in codes:
            for lang in Lang:
                for page in code.pages(lang):
                    writer.store(
                        Fetch(
                            url=official_url(code.act_id, lang, page.day), act_id=code.act_id, lang=lang,
                            page_kind="text", redaction_date=page.day, fetched_at=START, http_status=200,
                            verdict=Verdict.TEXT, body=page.body,
                        )
                    )  # fmt: skip


def registry_of(codes: Iterable[Code]) -> Registry:
    return Registry(tuple(TrackedAct(code.act_id, "СК", "ҚК") for code in codes))


def seconds_of_trees(archive: Path) -> float:
    """What lxml takes to build the trees, in a process of its own; reading the archive is not counted."""
    command = [sys.executable, "-m", "benchmarks.ingest", str(archive), "--trees"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["seconds"])


def start_ingest(archive: Path, db: Path, processes: int, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.ingest", str(archive), str(db), str(processes), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def outcome(running: subprocess.Popen[str]) -> dict[str, float]:
    """Processor and wall seconds of an ingest, and its peak memory in MB."""
    out, _ = running.communicate()
    if running.returncode:
        raise SystemExit("the build failed")
    return json.loads(out.splitlines()[-1])  # type: ignore[no-any-return]


def ingest(archive: Path, db: Path, processes: int, *more: str) -> dict[str, float]:
    """A build from nothing in a process of its own."""
    return outcome(start_ingest(archive, db, processes, *more))


def side_by_side(archive: Path, folder: Path) -> float:
    """Wall seconds of two builds that run at the same time, each in one process: what two processors give here."""
    both = [start_ingest(archive, folder / f"beside{number}.db", 1) for number in (1, 2)]
    return max(outcome(one)["wall"] for one in both)


def seconds_of_the_plain_way(pages: list[Page], db: Path) -> float:
    """BeautifulSoup text, diff-match-patch on the whole document (no time limit, its line mode first, as by default),
    a row at a time; per page. The first page, which has none before it, is read and not counted."""
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    before: str | None = None
    spent = 0.0
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("CREATE TABLE changes (day TEXT, op INTEGER, text TEXT)")
        for page in pages:
            begun = time.process_time()
            text = BeautifulSoup(page.body, "lxml").get_text()
            if before is not None:
                for op, part in engine.diff_main(before, text):
                    if op:
                        connection.execute("INSERT INTO changes VALUES (?, ?, ?)", (page.day.isoformat(), op, part))
                        connection.commit()
                spent += time.process_time() - begun
            before = text
    return spent / (len(pages) - 1)


def reader_of(db: Path) -> str:
    """Digest of the code that a database was built by."""
    with closing(sqlite3.connect(db)) as connection:
        return str(connection.execute("SELECT value FROM meta WHERE key = 'reader'").fetchone()[0])


def dump(db: Path) -> list[str]:
    with closing(sqlite3.connect(db)) as connection:
        return sorted(line for line in connection.iterdump() if "sqlite_sequence" not in line)


def whole_history(report: Report, code: Code, folder: Path) -> float:
    """Returns the processor seconds of the ingest, per page."""
    print("whole history", flush=True)
    archive, db = folder / "archive", folder / "one.db"
    fill(archive, [code])
    trees = [seconds_of_trees(archive)]
    one = ingest(archive, db, 1)
    trees.append(seconds_of_trees(archive))
    texts_only = ingest(archive, folder / "texts.db", 1, "--texts-only")
    trees.append(seconds_of_trees(archive))
    taken = ", ".join(f"{seconds:.2f}" for seconds in trees)
    print(f"  {code.redactions * 2} pages; trees {taken} s, database {one['seconds']:.2f} s", flush=True)
    report.line("pages to database over building the trees", one["seconds"] / mean(trees[:2]), 2.0)
    report.line("the same without comparing languages and reading sanctions", texts_only["seconds"] / mean(trees[1:]))
    report.line("peak memory of the ingest", one["peak"], 150, unit=" MB")
    two = ingest(archive, folder / "two.db", 2)
    report.line("two processes", one["wall"] / two["wall"], 1.4, least=True)
    report.line("two builds side by side, what two processors give", 2 * one["wall"] / side_by_side(archive, folder))
    if reader_of(db) == reader_of(folder / "two.db"):
        report.must("two processes give the same rows", dump(db) == dump(folder / "two.db"))
    else:
        print("  the program was edited between the two builds: their rows are not compared", flush=True)
    texts = sum(
        len(unit.text.encode()) for lang in Lang for page in code.pages(lang) for unit in read(code, page).units
    )
    report.line("database over the texts of all redactions", db.stat().st_size / texts, 0.1)
    check_truth(report, code, db)
    return one["seconds"] / (code.redactions * 2)


def stages(report: Report, code: Code) -> None:
    """Where the core spends its time, each against building the trees of the same pages."""
    print("stages of the core", flush=True)
    spent = dict.fromkeys(("trees", "parse", "fold", "attribution"), 0.0)
    histories: dict[Lang, History] = {}
    for lang in Lang:
        cache, folder = ChunkCache(), Folder(code.act_id, lang)
        for page in code.pages(lang):
            spent["trees"] += timed(lambda body=page.body: lxml.html.document_fromstring(body))
            begun = time.process_time()
            redaction = read(code, page, cache)
            parsed = time.process_time()
            folder.step(redaction)
            spent["parse"] += parsed - begun
            spent["fold"] += time.process_time() - parsed
        histories[lang] = folder.finish()
    spent["attribution"] = timed(lambda: attribute(histories, {}))
    for stage in ("parse", "fold", "attribution"):
        report.line(f"{stage} over building the trees", spent[stage] / spent["trees"])


def check_truth(report: Report, code: Code, db: Path) -> None:
    truth = {(day, eid, op) for day, changes in code.truth().items() for eid, op in changes.items()}
    with closing(sqlite3.connect(db)) as connection:
        for lang in Lang:
            found = connection.execute(
                "SELECT c.redaction_date, a.eid, c.op FROM changes c JOIN articles a ON a.id = c.article_id "
                "WHERE c.lang = ?",
                (str(lang),),
            )
            report.must(f"changes are exactly those that were made ({lang})", set(found) == truth)


def read(code: Code, page: Page, cache: ChunkCache | None = None) -> Redaction:
    return parse_page(
        page.body, act_id=code.act_id, lang=page.lang, redaction_date=page.day, is_current=page.is_current, cache=cache
    )  # fmt: skip


def plain_way(report: Report, code: Code, folder: Path, sample: int, ours: float) -> None:
    """ours: processor seconds of the ingest, per page."""
    print("the plain way, on a few pages", flush=True)
    start = code.redactions // 2
    middle = list(islice(code.pages(Lang.RU), start, start + sample + 1))
    plain = seconds_of_the_plain_way(middle, folder / "plain.db")
    print(f"  per page: plain {plain:.2f} s, database {ours:.3f} s", flush=True)
    report.line("database faster than the plain way", plain / ours, 40, least=True)


def one_redaction(report: Report, code: Code) -> None:
    print("one new redaction", flush=True)
    pages = list(code.pages(Lang.RU))
    wanted = min(23, max(len(page.changes) for page in pages[1:]))
    at = min(range(1, len(pages)), key=lambda place: abs(len(pages[place].changes) - wanted))
    cache = ChunkCache()  # as in a build: units that stand unchanged on both pages are read once
    old, new = (read(code, page, cache) for page in pages[at - 1 : at + 1])

    def step() -> float:
        folder = Folder(code.act_id, Lang.RU)
        folder.step(old)
        return timed(lambda: folder.step(new))

    ours = median(step() for _ in range(5))
    parsing = timed(lambda: read(code, pages[at]))
    texts = ["\n".join(f"{unit.heading}\n{unit.text}" for unit in one.units) for one in (old, new)]
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    theirs = timed(lambda: engine.diff_main(*texts))
    print(f"  {len(pages[at].changes)} changed articles: fold {ours:.4f} s (reading the page {parsing:.3f} s), "
          f"diff-match-patch {theirs:.2f} s", flush=True)  # fmt: skip
    report.line("faster than diff-match-patch on the documents", theirs / ours, 50, least=True)


def word_diffs(report: Report, code: Code, count: int) -> None:
    print("word diffs of changed articles", flush=True)
    pairs = changed_articles(code, count)
    # What is tokenised are the texts of both versions; what is diffed are the same.
    tokenising = min(timed(lambda: [tokens(text) for pair in pairs for text in map(text_of, pair)]) for _ in range(3))
    diffing = min(timed(lambda: [diff_lines(old, new) for old, new in pairs]) for _ in range(3))
    print(f"  {len(pairs)} articles: tokenising {tokenising:.4f} s, diffing {diffing:.4f} s", flush=True)
    report.line("diffing over tokenising", diffing / tokenising, 2.5)
    ours = sum(diff_lines(old, new).hunks for old, new in pairs)
    theirs = sum(semantic_hunks(text_of(old), text_of(new)) for old, new in pairs)
    report.line("hunks over diff-match-patch with semantic clean-up", ours / theirs, 1.25)
    report.must("no op ends inside a word", all(whole_words(old, new) for old, new in pairs))


def changed_articles(code: Code, count: int) -> list[tuple[list[Line], list[Line]]]:
    pairs: list[tuple[list[Line], list[Line]]] = []
    before: dict[str, list[Line]] = {}
    for page in code.pages(Lang.RU):
        now = {unit.eid: list(unit.lines) for unit in read(code, page).units}
        pairs += [(before[eid], now[eid]) for eid, op in page.changes.items() if op == "amended"]
        before = now
        if len(pairs) >= count:
            break
    return pairs[:count]


def text_of(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines)


def semantic_hunks(old: str, new: str) -> int:
    """Hunks of diff-match-patch over words, after its semantic clean-up: runs of changes between kept text."""
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    found = engine.diff_main(*encode(tokens(old), tokens(new)), checklines=False)
    engine.diff_cleanupSemantic(found)
    return sum(op != 0 and (at == 0 or found[at - 1][0] == 0) for at, (op, _) in enumerate(found))


def whole_words(old: list[Line], new: list[Line]) -> bool:
    diff = diff_lines(old, new)
    texts = {line.eid: line.text for line in new}
    for op in diff.lines:
        if op.op == "change" and op.new is not None:
            borders, at = {0}, 0
            for space, token in pieces(texts[op.new]):
                borders |= {at + len(space), at + len(space) + len(token), at}
                at += len(space) + len(token)
            at = 0
            for kind, text in op.words:
                if kind != "-":
                    at += len(text)
                    if at not in borders:
                        return False
    return True


def rewritten(report: Report) -> None:
    print("rewritten 300 kB", flush=True)
    words = [f"слово{at * 7919 % 9973}" for at in range(60_000)]

    def article(seed: int, size: int) -> list[Line]:
        random = [words[(at * seed) % len(words)] for at in range(20_000)]
        return [
            Line(f"para_{at}", LineKind.PARA, " ".join(random[at : at + size])) for at in range(0, len(random), size)
        ]

    def table(seed: int) -> list[Line]:
        return [
            Line(f"row_{at}", LineKind.ROW, f"{at}\tВид {at * seed % 977} образца хранения\t{at * seed % 500}\tпрочее")
            for at in range(5000)
        ]

    cases = {
        "article of many lines": (article(31, 14), article(57, 14)),
        "article of one line": (article(31, 20_000), article(57, 20_000)),
        "table": (table(3), table(7)),
    }
    for name, (old, new) in cases.items():
        tokenising = timed(lambda old=old, new=new: [tokens(line.text) for line in [*old, *new]])
        spent = timed(lambda old=old, new=new: diff_lines(old, new))
        tracemalloc.start()
        diff_lines(old, new)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        report.line(f"{name} ({len(text_of(old).encode()) // 1000} kB) over its tokenising", spent / tokenising, 15)
        report.line(f"{name}, memory", peak, 16, unit=" MB")


def at_a_date(report: Report, folder: Path, acts: int) -> None:
    print("text at a date", flush=True)
    times = {}
    for count in (1, acts):
        codes = [Code(12, 4, seed=at, act_id=f"K14{at:08d}", words=60) for at in range(count)]
        archive, db = folder / f"acts{count}", folder / f"acts{count}.db"
        fill(archive, codes)
        build(archive, db, registry_of(codes))
        day = codes[0].days[2]
        with closing(sqlite3.connect(f"file:{db}?mode=ro&immutable=1", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            keys = [article_id(codes[-1].act_id, f"art_{number}") for number in range(1, 13)]
            times[count] = min(timed(lambda c=connection, k=keys, d=day: lookups(c, k, d)) for _ in range(5))
    report.line(f"time among {acts} acts over time among one", times[acts] / times[1], 1.5)


def lookups(connection: sqlite3.Connection, keys: list[str], day: date) -> None:
    for _ in range(100):
        for key in keys:
            if article_at(connection, key, Lang.RU, day) is None:
                raise SystemExit(f"{key} has no text on {day}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a small code; only correctness counts")
    parser.add_argument("--articles", type=int)
    parser.add_argument("--redactions", type=int)
    arguments = parser.parse_args()
    smoke = arguments.smoke
    code = Code(arguments.articles or (30 if smoke else 500), arguments.redactions or (6 if smoke else 110))
    report = Report(smoke=smoke)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        word_diffs(report, Code(120, 20) if smoke else code, 40 if smoke else 200)
        rewritten(report)
        one_redaction(report, code)
        stages(report, code)
        ours = whole_history(report, code, folder)
        plain_way(report, code, folder, 2 if smoke else 3, ours)
        at_a_date(report, folder, 4 if smoke else 200)
    if report.missed:
        print(f"missed: {'; '.join(report.missed)}")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
