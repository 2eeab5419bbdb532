"""The store at size: text at a date with 200 acts against one, search against its bare SQL, bytes per version.

`python -m benchmarks.store [--smoke]` writes invented acts through the real writer into a temporary folder (about
150,000 article versions with 200 acts; a tenth with --smoke), then asks. Limits: text at a date with all acts at most
1.5 times its time with one act; a search at most 5 times its bare SQL.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from lawdiff.memory import peak_mb
from lawdiff.model import ActHeader, ArticleVersion, History, Lang, Line, LineKind, State, Unit, UnitKind
from lawdiff.registry import load_registry
from lawdiff.store import open_database, read
from lawdiff.store.rows import ActRecords, rows_of
from lawdiff.store.search import match_expression, search
from lawdiff.store.write import Writer
from lawdiff.text import sha256_text

STEMS = {
    Lang.RU: "лицо орган порядок решение срок договор имущество проверка размер действие доступ информация штраф арест",
    Lang.KK: "тұлға орган тәртіп шешім мерзім шарт мүлік тексеру мөлшер әрекет қолжетімділік ақпарат айыппұл қамақ",
}
ENDINGS = {Lang.RU: ("", "а", "у", "ом", "е", "ы"), Lang.KK: ("", "тың", "қа", "ды", "та", "тар")}
ARTICLES = 125
VERSIONS = 3
QUERIES = ("доступ информация", "арестом", "айыппұл", "тексеру мерзім")


def sentence(rng: random.Random, lang: Lang, words: list[str]) -> str:
    return (
        " ".join(rng.choice(words) + rng.choice(ENDINGS[lang]) for _ in range(rng.randint(12, 40))).capitalize() + "."
    )


def versions(rng: random.Random, act_id: str, number: int, lang: Lang, words: list[str]) -> list[ArticleVersion]:
    """Three texts of one article, each with one paragraph changed."""
    paragraphs = [sentence(rng, lang, words) for _ in range(rng.randint(2, 8))]
    made: list[ArticleVersion] = []
    start = date(2014, 1, 1) + timedelta(days=rng.randint(0, 50))
    days = [start, start + timedelta(days=rng.randint(100, 2000)), start + timedelta(days=rng.randint(2100, 4000))]
    for place in range(VERSIONS):
        paragraphs[rng.randrange(len(paragraphs))] = sentence(rng, lang, words)
        lines = tuple(
            Line(f"part_{at}", LineKind.PART, f"{at}. {text}", str(at)) for at, text in enumerate(paragraphs, 1)
        )
        heading = f"Статья {number}. О предмете" if lang is Lang.RU else f"{number}-бап. Нысана туралы"
        unit = Unit(f"art_{number}", UnitKind.ARTICLE, str(number), heading, (), (), lines)
        until = days[place + 1] if place + 1 < VERSIONS else None
        made.append(
            ArticleVersion(act_id, unit.eid, lang, place + 1, unit, State.IN_FORCE, sha256_text(unit.text), days[place],
                           until, days[place], None)
        )  # fmt: skip
    return made


def act(rng: random.Random, act_id: str) -> ActRecords:
    histories: dict[Lang, History] = {}
    for lang in Lang:
        # Every act has words of its own beside the common ones.
        words = STEMS[lang].split() + ["".join(rng.choices("абвгдежзиклмнопрст", k=6)) for _ in range(400)]
        held = tuple(one for number in range(1, ARTICLES + 1) for one in versions(rng, act_id, number, lang, words))
        days = sorted({one.valid_from for one in held})
        histories[lang] = History(act_id, lang, held, (), tuple((day, day == days[-1], None, ARTICLES) for day in days))
    headers = {lang: ActHeader(act_id, lang, act_id, "", "upd") for lang in Lang}
    return ActRecords(act_id, histories, {}, headers, [f"art_{number}" for number in range(1, ARTICLES + 1)])


def write(path: Path, acts: list[str]) -> float:
    began = time.perf_counter()
    registry = load_registry()
    with Writer(path) as writer:
        with writer.transaction():
            writer.write_registry(registry)
        for place, act_id in enumerate(acts):
            with writer.transaction():
                writer.replace_act(rows_of(act(random.Random(place), act_id), registry), ("", "", ""))
        writer.finish()
    return time.perf_counter() - began


def per_call(calls: int, ask: Callable[[int], object]) -> float:
    """Median of five rounds, seconds per call."""
    rounds = []
    for _ in range(5):
        began = time.perf_counter()
        for turn in range(calls):
            ask(turn)
        rounds.append((time.perf_counter() - began) / calls)
    return statistics.median(rounds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="a tenth of the acts; limits are shown, not judged")
    smoke = parser.parse_args().smoke
    count = 20 if smoke else 200
    acts = [f"K{number:010d}" for number in range(1000, 1000 + count)]
    with tempfile.TemporaryDirectory() as folder:
        one, many = Path(folder) / "one.db", Path(folder) / "many.db"
        write(one, acts[:1])
        seconds = write(many, acts)
        peak = peak_mb()
        with closing(open_database(one)) as small, closing(open_database(many)) as large:
            total, texts = large.execute(
                "SELECT count(*), sum(length(CAST(text AS BLOB))) FROM article_versions"
            ).fetchone()
            print(f"{count} acts, {total} versions written in {seconds:.1f} s, peak {peak} MB; "
                  f"{many.stat().st_size / 1e6:.0f} MB, {many.stat().st_size / texts:.2f} times its texts")  # fmt: skip
            slower = text_at_a_date(small, large, acts)
            worst = max(search_over_floor(large, query) for query in QUERIES)
    bad = slower > 1.5 or worst > 5
    print("too slow" if bad else "within the limits")
    return int(bad and not smoke)


def text_at_a_date(small: sqlite3.Connection, large: sqlite3.Connection, acts: list[str]) -> float:
    """Prints and returns the time with all acts over the time with one."""
    rng = random.Random(1)
    asked = [
        (f"art_{rng.randint(1, ARTICLES)}", date(2014, 6, 1) + timedelta(days=rng.randint(0, 4000))) for _ in range(400)
    ]

    def ask(conn: sqlite3.Connection, known: list[str]) -> Callable[[int], object]:
        def one(turn: int) -> object:
            eid, day = asked[turn]
            return read.article_at(conn, f"{known[turn % len(known)]}/{eid}", Lang.RU, day)

        return one

    with_one, with_all = per_call(400, ask(small, acts[:1])), per_call(400, ask(large, acts))
    print(f"text at a date: {with_one * 1e6:.0f} µs with one act, {with_all * 1e6:.0f} µs with {len(acts)}: "
          f"{with_all / with_one:.2f}")  # fmt: skip
    return with_all / with_one


def search_over_floor(conn: sqlite3.Connection, query: str) -> float:
    """Prints and returns the time of a search (grouped by article, ranked, with snippets) over that of its bare SQL:
    the 20 best versions of each language with their texts."""
    registry = load_registry()
    bare = (
        "SELECT d.version_id, bm25(search_fts) FROM search_fts JOIN search_docs d ON d.id = search_fts.rowid"
        " WHERE search_fts MATCH ? ORDER BY 2 LIMIT 20"
    )
    terms = [match_expression(query, lang) for lang in Lang]
    texts = "SELECT heading, text FROM article_versions WHERE id = ?"

    def plain(_: int) -> None:
        for term in terms:
            for key, _score in conn.execute(bare, (term,)).fetchall():
                conn.execute(texts, (key,)).fetchone()

    floor = per_call(5, plain)
    ours = per_call(5, lambda _: search(conn, query, registry=registry))
    print(f"search «{query}»: {ours * 1e3:.1f} ms, bare SQL {floor * 1e3:.1f} ms: {ours / floor:.2f} "
          f"({search(conn, query).total} hits)")  # fmt: skip
    return ours / floor


if __name__ == "__main__":
    sys.exit(main())
