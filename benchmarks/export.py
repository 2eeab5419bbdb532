"""Exports stream: the peak memory of each form over a large database against a small one.

    python -m benchmarks.export [--acts 200] [--smoke]

The databases hold 8 and `--acts` acts of 60 articles with 4 versions each in two languages. Each export runs in a
process of its own and writes to a file; its own peak is measured, and what the large one takes more than the small
one. Bound: 48 MB more. Exit 1 when it is broken.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lawdiff.numbering import sort_key
from lawdiff.schema import prepare

BOUND_MB = 48
TEXT = "карается арестом на срок до сорока суток либо штрафом в размере до семидесяти расчетных показателей. " * 12
FORMS = {
    "ndjson": ["--out", "{file}"], "json": ["--out", "{file}"], "csv": ["--out", "{folder}"],
    "atom": ["--out", "{file}"], "akn": ["--all", "--out", "{folder}"], "git": ["--out", "{folder}"],
}  # fmt: skip
RUNNER = """
import sys
from lawdiff.cli import cli
from lawdiff.memory import peak_mb
try:
    cli(sys.argv[1:], standalone_mode=False)
finally:
    print(peak_mb() * 1024, file=sys.stderr)
"""


def fill(path: Path, acts: int, articles: int = 60, versions: int = 4) -> None:
    """A database of the published schema with invented texts."""
    conn = sqlite3.connect(path)
    prepare(conn)
    conn.execute("PRAGMA foreign_keys = OFF")
    conn.execute("INSERT INTO amending_acts (id, number, adopted_on) VALUES ('Z2500000210', '210-VIII', '2025-07-16')")
    days = [f"20{14 + 3 * number}-01-01" for number in range(versions)]
    for act in (f"K14{number:07d}_" for number in range(acts)):
        conn.execute("INSERT INTO acts (id, title_ru, title_kk, tracked) VALUES (?, 'Кодекс', 'Кодекс', 1)", [act])
        for lang in ("ru", "kk"):
            for day in days:
                conn.execute(
                    "INSERT INTO redactions (id, act_id, lang, redaction_date, date_basis, is_current, article_count) "
                    "VALUES (?,?,?,?,'url',0,?)",
                    [f"{act}/{lang}/{day}", act, lang, day, articles],
                )
        for number in range(1, articles + 1):
            eid, article = f"art_{number}", f"{act}/art_{number}"
            conn.execute(
                "INSERT INTO articles (id, act_id, eid, kind, number, sort_key, position, parents, path) "
                "VALUES (?,?,?,'article',?,?,?,'','')",
                [article, act, eid, str(number), sort_key(str(number)), number],
            )
            for lang in ("ru", "kk"):
                _versions(conn, article, lang, number, days)
    conn.commit()
    conn.close()


def _versions(conn: sqlite3.Connection, article: str, lang: str, number: int, days: list[str]) -> None:
    for at, day in enumerate(days):
        text = f"{TEXT} {article} {at}"
        line = '[["part_1", "para", null]]'
        conn.execute(
            "INSERT INTO article_versions (id, article_id, lang, version_no, heading, text, notes, state, text_sha256, "
            "valid_from, valid_to, lines_json) VALUES (?,?,?,?,?,?,'','in_force',?,?,?,?)",
            [
                f"{article}/{lang}/{at + 1}", article, lang, at + 1, f"Статья {number}. Название", text,
                hashlib.sha256(text.encode()).hexdigest(), day, days[at + 1] if at + 1 < len(days) else None, line,
            ],
        )  # fmt: skip
        if at:
            conn.execute(
                "INSERT INTO changes (id, article_id, lang, redaction_date, op, weight, old_version_id, "
                "new_version_id, words_added, words_removed, diff_json, diff_html, summary_json, amending_act_id, "
                "attribution) "
                "VALUES (?,?,?,?,'amended','substantive',?,?,1,1,'{}',?,?,'Z2500000210','corroborated')",
                [
                    f"{article}/{lang}/{day}", article, lang, day, f"{article}/{lang}/{at}",
                    f"{article}/{lang}/{at + 1}", f"<p>{text[:600]}<del>{at - 1}</del><ins>{at}</ins></p>",
                    '{"op": "amended"}',
                ],
            )  # fmt: skip


def export(form: str, db: Path, folder: Path) -> tuple[float, int]:
    """Seconds and peak megabytes of one export."""
    places = {"file": str(folder / f"{form}.out"), "folder": str(folder / form)}
    arguments = ["export", form, "--db", str(db), *(part.format(**places) for part in FORMS[form])]
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, *arguments], stderr=subprocess.PIPE, env=os.environ, check=False
    )
    if done.returncode:
        raise SystemExit(f"lawdiff {' '.join(arguments)} failed:\n{done.stderr.decode()}")
    return time.perf_counter() - began, int(done.stderr.split()[-1]) // 1024


def main() -> int:
    options = argparse.ArgumentParser(description="peak memory of the exports")
    options.add_argument("--acts", type=int, default=200)
    options.add_argument("--smoke", action="store_true", help="small numbers, to see that it runs")
    given = options.parse_args()
    sizes = (1, 2) if given.smoke else (8, given.acts)
    broken = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peaks: dict[str, list[int]] = {form: [] for form in FORMS}
        for acts in sizes:
            place = folder / str(acts)
            place.mkdir()
            fill(place / "lawdiff.db", acts)
            size = (place / "lawdiff.db").stat().st_size / 1e6
            print(f"{acts} acts, {size:.0f} MB")
            for form, seen in peaks.items():
                seconds, peak = export(form, place / "lawdiff.db", place)
                seen.append(peak)
                print(f"  {form:7} {seconds:6.1f} s, peak {peak} MB")
        for form, (small, large) in peaks.items():
            more = large - small
            broken |= more > BOUND_MB
            print(f"{form}: {more} MB more for {sizes[1] / sizes[0]:.0f} times the acts (at most {BOUND_MB})")
    return 1 if broken and not given.smoke else 0


if __name__ == "__main__":
    sys.exit(main())
