"""The site at size: each kind of page against its bare SQL plus Datasette's own floor, then four readers at once.

`python -m benchmarks.site [--smoke] [--db FILE]` writes 200 invented acts through the real writer (about 150,000
article versions and 100,000 changes; 6 acts with --smoke), serves them as `lawdiff serve` does, and asks over HTTP.

- bare SQL: the statements that the page itself issues, recorded once and replayed with all rows fetched;
- floor: what Datasette needs to answer `select 1` as JSON;
- ratio: median time of the page over the sum of both. Limit 5.
- tail: p99 over p50 with four readers at that kind of page. Limit 3. All kinds mixed are printed for information.

Exit code 1 if a limit is broken (not with --smoke, whose numbers are too small to mean anything).
"""

from __future__ import annotations

import argparse
import http.client
import random
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

from benchmarks.store import STEMS, sentence
from lawdiff.cli.serve import free_port, running
from lawdiff.diff import diff_lines
from lawdiff.model import (
    ActHeader,
    Action,
    AmendingAct,
    ArticleVersion,
    Attribution,
    Change,
    ChangeLaw,
    History,
    Lang,
    Line,
    LineKind,
    Op,
    State,
    Unit,
    UnitKind,
    Weight,
)
from lawdiff.registry import load_registry
from lawdiff.site import changing, entrance, reading
from lawdiff.site.catalogue import Interface
from lawdiff.site.reader import Reader
from lawdiff.store.rows import ActRecords, rows_of
from lawdiff.store.write import Writer
from lawdiff.summary import summarise
from lawdiff.text import sha256_text

ARTICLES, CHAPTERS, VERSIONS = 125, 10, 3
DAYS = tuple(date(2014, 11, 7) + timedelta(days=110 * step) for step in range(40))
READERS, ASKED_ALONE, ASKED_TOGETHER = 4, 60, 100
RATIO_LIMIT, TAIL_LIMIT = 5.0, 3.0


# ---- invented acts


def heading(number: int) -> Unit:
    return Unit(f"chp_{number}", UnitKind.HEADING, str(number), f"Глава {number}. О разном")


def article(number: int, lang: Lang, paragraphs: list[str]) -> Unit:
    lines = tuple(Line(f"part_{at}", LineKind.PART, f"{at}. {text}", str(at)) for at, text in enumerate(paragraphs, 1))
    title = f"Статья {number}. О предмете" if lang is Lang.RU else f"{number}-бап. Нысана туралы"
    chapter = f"chp_{number * CHAPTERS // (ARTICLES + 1) + 1}"
    return Unit(f"art_{number}", UnitKind.ARTICLE, str(number), title, ("Глава",), (chapter,), lines)


def version(act_id: str, unit: Unit, lang: Lang, number: int, since: date, until: date | None) -> ArticleVersion:
    digest = sha256_text(unit.text)
    return ArticleVersion(act_id, unit.eid, lang, number, unit, State.IN_FORCE, digest, since, until, since, None)


def change(act_id: str, lang: Lang, old: ArticleVersion, new: ArticleVersion) -> Change:
    diff = diff_lines(old.unit.lines, new.unit.lines)
    law = f"Z{new.valid_from:%y}{new.valid_from.toordinal() % 10_000_000:07d}0"
    in_force = new.valid_from + timedelta(days=60)
    laws = (ChangeLaw(law, Action.AMENDED, new.eid, None, in_force, "stated"),)
    return Change(
        act_id=act_id,
        eid=new.eid,
        lang=lang,
        redaction_date=new.valid_from,
        op=Op.AMENDED,
        weight=Weight.SUBSTANTIVE,
        old_version=old.key,
        new_version=new.key,
        words_added=diff.words_added,
        words_removed=diff.words_removed,
        diff_json=diff.to_json(),
        summary_json=summarise(act_id, Op.AMENDED, diff, old.unit, new.unit),
        amending_act=law,
        attribution=Attribution.CORROBORATED,
        in_force_from=in_force,
        first_seen=new.valid_from,
        laws=laws,
    )


def act(rng: random.Random, act_id: str) -> ActRecords:
    histories: dict[Lang, History] = {}
    laws: dict[str, AmendingAct] = {}
    deeds = {number: sorted(rng.sample(range(1, len(DAYS)), VERSIONS - 1)) for number in range(1, ARTICLES + 1)}
    for lang in Lang:
        words = STEMS[lang].split() + ["".join(rng.choices("абвгдежзиклмнопрст", k=6)) for _ in range(400)]
        held = [version(act_id, heading(number), lang, 1, DAYS[0], None) for number in range(1, CHAPTERS + 1)]
        changes: list[Change] = []
        for number, steps in deeds.items():
            paragraphs = [sentence(rng, lang, words) for _ in range(rng.randint(2, 8))]
            days = [DAYS[0], *(DAYS[step] for step in steps)]
            previous: ArticleVersion | None = None
            for place, since in enumerate(days):
                until = days[place + 1] if place + 1 < len(days) else None
                paragraphs[rng.randrange(len(paragraphs))] = sentence(rng, lang, words)
                new = version(act_id, article(number, lang, paragraphs), lang, place + 1, since, until)
                held.append(new)
                if previous is not None:
                    made = change(act_id, lang, previous, new)
                    changes.append(made)
                    laws[str(made.amending_act)] = AmendingAct(
                        str(made.amending_act),
                        f"{since.toordinal() % 999}-VIII",
                        since - timedelta(days=60),
                        None,
                        "О поправках",
                    )
                previous = new
        redactions = tuple((day, day == DAYS[-1], None, ARTICLES) for day in DAYS)
        histories[lang] = History(act_id, lang, tuple(held), tuple(changes), redactions)
    headers = {lang: ActHeader(act_id, lang, f"Кодекс {act_id}", "", "upd") for lang in Lang}
    order = [
        eid
        for number in range(1, CHAPTERS + 1)
        for eid in (f"chp_{number}", *(f"art_{n}" for n in deeds if n * CHAPTERS // (ARTICLES + 1) + 1 == number))
    ]
    return ActRecords(act_id, histories, laws, headers, order)


def write(path: Path, acts: list[str]) -> None:
    registry = load_registry()
    with Writer(path) as writer:
        with writer.transaction():
            writer.write_registry(registry)
        for place, act_id in enumerate(acts):
            rows = rows_of(act(random.Random(place), act_id), registry)
            with writer.transaction():
                writer.write_laws(rows.laws)
                writer.replace_act(rows, ("", "", ""))
        writer.finish()


# ---- what is asked


def questions(acts: list[str]) -> dict[str, tuple[Callable[[random.Random], str], Callable[..., object]]]:
    """Per kind of page: an address for a random choice, and the function of the site that answers it."""
    registry = load_registry()
    words = [stem for lang in Lang for stem in STEMS[lang].split()]

    def some(rng: random.Random) -> tuple[str, str]:
        return rng.choice(acts), f"art_{rng.randint(1, ARTICLES)}"

    def article_at(rng: random.Random, day: str = "") -> str:
        act_id, eid = some(rng)
        return f"/{act_id}/{eid}{day}/ru"

    def changed(rng: random.Random) -> str:
        act_id, eid = some(rng)
        return f"/{act_id}/{eid}/diff/{DAYS[0]}..{DAYS[-1]}?lang=ru"

    def read_article(reader: Reader, address: str, conn: sqlite3.Connection) -> object:
        _, act_id, rest, lang = address.split("/")
        eid, _, day = rest.partition("@")
        return reading.article(conn, reader, act_id, eid, day=day or None, langs=lang, query={})

    def read_change(reader: Reader, address: str, conn: sqlite3.Connection) -> object:
        _, act_id, eid, _, period = address.partition("?")[0].split("/")
        since, until = period.split("..")
        return changing.diff(conn, reader, act_id, eid, since, until, query={"lang": "ru"})

    def read_stream(reader: Reader, address: str, conn: sqlite3.Connection) -> object:
        return changing.changes(conn, reader, query={"page": address.partition("=")[2]})

    def read_search(reader: Reader, address: str, conn: sqlite3.Connection) -> object:
        return entrance.find(conn, registry, query={"q": found[address]})

    found: dict[str, str] = {}

    def search(rng: random.Random) -> str:
        question = " ".join(rng.sample(words, 2))
        address = f"/search?q={quote(question)}"
        found[address] = question
        return address

    return {
        "article": (article_at, read_article),
        "change": (changed, read_change),
        "text at a date": (lambda rng: article_at(rng, f"@{rng.choice(DAYS)}"), read_article),
        "stream": (lambda rng: f"/changes?page={rng.randint(1, 15)}", read_stream),
        "search": (search, read_search),
    }


# ---- how it is timed


def bare_sql(db: Path, ask: Callable[[sqlite3.Connection], object]) -> float:
    """Seconds of the statements that `ask` issues, replayed with all rows fetched: the best of five."""
    statements: list[str] = []
    with closing(sqlite3.connect(f"file:{db}?immutable=1", uri=True)) as conn:
        conn.set_trace_callback(statements.append)
        ask(conn)
        conn.set_trace_callback(None)
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            for statement in statements:
                conn.execute(statement).fetchall()
            times.append(time.perf_counter() - begun)
    return min(times)


class Client:
    """One reader with one kept connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.last = time.monotonic()

    def seconds(self, address: str) -> float:
        if time.monotonic() - self.last > 3:  # the server drops a connection that was silent for five seconds
            self.connection.close()
            self.connection.connect()
        begun = time.perf_counter()
        self.connection.request("GET", address)
        response = self.connection.getresponse()
        response.read()
        taken = time.perf_counter() - begun
        self.last = time.monotonic()
        assert response.status == 200, (address, response.status)
        return taken


def memory(pid: int) -> dict[str, float]:
    """MB now and at most, as Linux counts them."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    facts = dict(line.split(":", 1) for line in lines if line.startswith(("VmRSS", "VmHWM")))
    return {name: int(value.split()[0]) / 1024 for name, value in facts.items()}


def alone(port: int, db: Path, acts: list[str], asked: int) -> dict[str, float]:
    """Ratio of each kind of page with one reader. Floor, page and SQL take turns, so that a busy machine slows all."""
    client, rng, reader = Client(port), random.Random(1), Reader(Interface("ru"), "2026-11-21", "http://x")
    ratios = {}
    kinds = questions(acts)
    for address_of, _ in kinds.values():  # a server that has just started knows no template and no stem
        for _ in range(asked // 2):
            client.seconds(address_of(rng))
    for kind, (address_of, answer) in kinds.items():
        floors, pages, statements = [], [], []
        for _ in range(asked):
            address = address_of(rng)
            floors.append(client.seconds("/lawdiff.json?sql=select+1"))
            pages.append(client.seconds(address))
            statements.append(bare_sql(db, partial(answer, reader, address)))
        floor, page, sql = map(statistics.median, (floors, pages, statements))
        ratios[kind] = page / (sql + floor)
        print(
            f"{kind:15} page {page * 1000:6.1f} ms   floor {floor * 1000:5.1f} ms   bare SQL {sql * 1000:6.2f} ms   "
            f"ratio {ratios[kind]:.2f}"
        )
    return ratios


def at_once(port: int, acts: list[str], asked: int, only: str | None) -> dict[str, list[float]]:
    """Sorted times of each kind of page while four readers ask for `only` that kind, or for all kinds mixed."""
    taken: dict[str, list[float]] = defaultdict(list)

    def read(seed: int) -> None:
        client, rng, kinds = Client(port), random.Random(seed), questions(acts)
        for turn in range(asked):
            kind = only or list(kinds)[turn % len(kinds)]
            taken[kind].append(client.seconds(kinds[kind][0](rng)))

    readers = [threading.Thread(target=read, args=(seed,)) for seed in range(READERS)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    return {kind: sorted(times) for kind, times in taken.items()}


def together(port: int, acts: list[str], asked: int) -> dict[str, float]:
    """p99 over p50 of each kind of page with four readers at it; then all kinds mixed, for information."""
    tails = {}
    for kind in questions(acts):
        times = at_once(port, acts, asked, kind)[kind]
        tails[kind] = percentile(times, 99) / percentile(times, 50)
        print(f"{kind:15} {told(times)}   tail {tails[kind]:.2f}   {READERS} readers")
    for kind, times in at_once(port, acts, asked, None).items():
        print(f"{kind:15} {told(times)}   {READERS} readers, all kinds mixed")
    return tails


def told(times: list[float]) -> str:
    return f"p50 {percentile(times, 50) * 1000:6.1f} ms   p99 {percentile(times, 99) * 1000:6.1f} ms"


def percentile(times: list[float], part: int) -> float:
    return times[min(len(times) - 1, len(times) * part // 100)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--db", type=Path, help="keep the database here and use it again")
    arguments = parser.parse_args()
    acts = [f"K99{number:07d}0" for number in range(6 if arguments.smoke else 200)]
    with tempfile.TemporaryDirectory() as folder:
        db = arguments.db or Path(folder) / "site.db"
        if not db.exists():
            begun = time.perf_counter()
            write(db, acts)
            print(f"written in {time.perf_counter() - begun:.0f} s, {db.stat().st_size / 1e6:.0f} MB")
        with closing(sqlite3.connect(db)) as conn:
            for table in ("article_versions", "changes"):
                print(f"{table}: {conn.execute(f'SELECT count(*) FROM {table}').fetchone()[0]:,}")
        port = free_port()
        with running(db, port=port) as child:
            started = memory(child.pid)["VmRSS"]
            ratios = alone(port, db, acts, 10 if arguments.smoke else ASKED_ALONE)
            tails = together(port, acts, 20 if arguments.smoke else ASKED_TOGETHER)
            held = memory(child.pid)
            print(f"memory of the server: {started:.0f} MB at its start, {held['VmHWM']:.0f} MB at most")
    broken = [f"{kind}: ratio {ratio:.2f}" for kind, ratio in ratios.items() if ratio > RATIO_LIMIT]
    broken += [f"{kind}: tail {tail:.2f}" for kind, tail in tails.items() if tail > TAIL_LIMIT]
    print("limits kept" if not broken else f"limits broken: {'; '.join(broken)}")
    return 1 if broken and not arguments.smoke else 0


if __name__ == "__main__":
    sys.exit(main())
