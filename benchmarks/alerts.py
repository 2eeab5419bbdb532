"""Matching against reading: 10,000 changes × 1,000 rules in at most 20 times the time to read the changes once.

    python benchmarks/alerts.py [--changes 10000] [--rules 1000] [--smoke]

«Reading once» is one pass over the changes as the published database holds them (every column, diffs and laws
included) into rows; «matching» is what a round does with them: facts are built, every rule is asked. A tenth of the
rules asks for words, so that the diffs are cut into words too. The best of three runs counts; exit 1 when the bound
is broken.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lawdiff.alerts.facts import Fact, Texts
from lawdiff.alerts.match import Matcher
from lawdiff.alerts.rules import NumberRange, Rule
from lawdiff.model import Op
from lawdiff.numbering import sort_key
from lawdiff.schema import prepare
from lawdiff.store import alert_facts

BOUND = 20.0
TEXT = """
карается арестом сорок суток общественными работами девяносто часов штрафом семьдесят месячных расчетных показателей
неправомерный доступ чужие сведения электронный носитель сеть
телекоммуникаций персональные данные уничтожение блокирование модификация копирование срок лишение
"""
WORDS = TEXT.split()


def fill(path: Path, changes: int, seed: int = 7) -> None:
    """A database of `changes` changes over 20 acts of 250 articles, with diffs of about 1,500 characters."""
    dice = random.Random(seed)
    conn = sqlite3.connect(path)
    prepare(conn)
    conn.execute("PRAGMA foreign_keys = OFF")
    acts = [f"K{14 + act % 10:02d}0000{act:03d}" + "_" for act in range(20)]
    conn.executemany("INSERT INTO acts (id, tracked) VALUES (?, 1)", ([act] for act in acts))
    conn.execute("INSERT INTO amending_acts (id, number, adopted_on) VALUES ('Z2500000210', '210-VIII', '2025-07-16')")
    conn.executemany(
        "INSERT INTO articles (id, act_id, eid, kind, number, sort_key, position, parents) VALUES (?,?,?,?,?,?,?,?)",
        (
            [f"{act}/art_{n}", act, f"art_{n}", "article", str(n), sort_key(str(n)), n, f"sec_1 chp_{n // 10}"]
            for act in acts
            for n in range(1, 251)
        ),
    )
    for number in range(changes):
        article = f"{dice.choice(acts)}/art_{dice.randint(1, 250)}"
        same = " ".join(dice.choices(WORDS, k=150))
        edits = "".join(f"<del>{some_words(dice)}</del><ins>{some_words(dice)}</ins> {same[:90]}" for _ in range(4))
        change = f"{article}/ru/{number}"
        conn.execute(
            "INSERT INTO changes (id, article_id, lang, redaction_date, op, weight, words_added, words_removed, "
            "diff_json, diff_html, summary_json, amending_act_id, attribution) "
            "VALUES (?,?,?,?,?,?,16,16,?,?,'{}',?,'corroborated')",
            [
                change, article, dice.choice(["ru", "kk"]), f"20{14 + number % 12}-0{1 + number % 9}-1{number % 9}",
                dice.choice(["amended", "added", "note_only"]),
                dice.choice(["substantive", "substantive", "editorial"]), same,
                f"<p>{same[:300]} {edits}</p>", "Z2500000210",
            ],
        )  # fmt: skip
        conn.execute(
            "INSERT INTO change_laws (change_id, position, amending_act_id, action, in_force_from) "
            "VALUES (?, 1, 'Z2500000210', 'amended', '2025-09-16')",
            [change],
        )
    conn.commit()
    conn.close()


def some_words(dice: random.Random) -> str:
    return " ".join(dice.choices(WORDS, k=4))


def make_rules(count: int, seed: int = 11) -> list[Rule]:
    """Rules as people write them: an act and some articles, a chapter, words, a whole act, everything."""
    dice = random.Random(seed)
    acts = [f"K{14 + act % 10:02d}0000{act:03d}" + "_" for act in range(20)]
    rules = []
    for number in range(count):
        act = (dice.choice(acts),)
        low = dice.randint(1, 240)
        span = NumberRange(sort_key(str(low)), sort_key(str(low + 9)), f"{low}..{low + 9}")
        single = NumberRange(sort_key(str(low)), sort_key(str(low)), str(low))
        name = f"rule-{number}"
        kind = number % 10
        if kind < 4:
            rules.append(Rule(name, ("out",), acts=act, articles=(single, span)))
        elif kind < 6:
            rules.append(Rule(name, ("out",), acts=act, chapters=(f"chp_{dice.randint(0, 25)}",)))
        elif kind == 6:
            rules.append(Rule(name, ("out",), words=(dice.choice(WORDS), "дроппер*")))
        elif kind == 7:
            rules.append(Rule(name, ("out",), acts=act, ops=(Op.ADDED,)))
        elif kind == 8:
            rules.append(Rule(name, ("out",), laws=("1-IX",)))
        else:
            rules.append(Rule(name, ("out",), acts=act))
    return rules


def best(job: Callable[[], int], times: int) -> tuple[float, int]:
    seconds, result = [], 0
    for _ in range(times):
        began = time.perf_counter()
        result = job()
        seconds.append(time.perf_counter() - began)
    return min(seconds), result


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--changes", type=int, default=10_000)
    options.add_argument("--rules", type=int, default=1_000)
    options.add_argument("--smoke", action="store_true", help="small numbers, to see that it runs")
    given = options.parse_args()
    changes, count = (500, 100) if given.smoke else (given.changes, given.rules)
    times = 1 if given.smoke else 3
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lawdiff.db"
        fill(path, changes)
        conn = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        rules = make_rules(count)

        def read() -> int:
            conn.execute("SELECT * FROM change_laws").fetchall()
            return sum(len(row) for row in conn.execute("SELECT * FROM changes").fetchall())

        def match() -> int:
            facts = list(alert_facts.changes(conn))
            held: dict[str, Texts] = {}

            def texts(fact: Fact) -> Texts | None:
                if fact.id not in held:
                    held.clear()
                    at = where[fact.id]
                    held.update(alert_facts.texts_of(conn, (each.id for each in facts[at : at + 200])))
                return held.get(fact.id)

            where = {fact.id: at for at, fact in enumerate(facts)}
            matcher = Matcher(rules, texts)
            return sum(len(matcher.match(fact)) for fact in facts)

        reading, _ = best(read, times)
        matching, matches = best(match, times)
        conn.close()
    ratio = matching / reading
    print(
        f"{changes} changes, {count} rules: read {reading * 1000:.0f} ms, match {matching * 1000:.0f} ms "
        f"({ratio:.1f} times; at most {BOUND:.0f}), {matches} matches"
    )
    return 0 if ratio <= BOUND or given.smoke else 1


if __name__ == "__main__":
    sys.exit(main())
