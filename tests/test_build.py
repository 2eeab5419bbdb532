"""The build: archive → database; what is read again, what is not, and what survives."""

from __future__ import annotations

import ast
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hand_acts import version
from stored import ROOT, SAMPLE, START, build_all, crawl_files, day, dump, page_files

from lawdiff import build as build_module
from lawdiff import reading as reading_module
from lawdiff.errors import LawdiffError, StoreError
from lawdiff.model import History, Lang
from lawdiff.registry import Registry, load_registry
from lawdiff.schema import schema_version
from lawdiff.store import open_database, read

CODE = "K1400000226"
LAW = "Z1300000094"


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled sample as one crawl brings it."""
    folder = tmp_path_factory.mktemp("sample") / "archive"
    crawl_files(folder, page_files(SAMPLE))
    return folder


@pytest.fixture(scope="session")
def sample_db(sample_archive: Path) -> Path:
    db = sample_archive.parent / "lawdiff.db"
    report = build_all(sample_archive, db)
    assert report.ok and report.built == (CODE, LAW)
    return db


@pytest.fixture
def conn(sample_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(sample_db)) as connection:
        yield connection


# Identity


def test_two_builds_from_scratch_are_the_same_file_also_with_two_processes(
    sample_archive: Path, sample_db: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "moved" / "archive"
    shutil.copytree(sample_archive, elsewhere)
    build_all(elsewhere, tmp_path / "two.db", processes=2, from_scratch=True)
    assert (tmp_path / "two.db").read_bytes() == sample_db.read_bytes()
    with closing(sqlite3.connect(tmp_path / "two.db")) as one, closing(sqlite3.connect(sample_db)) as other:
        assert list(one.iterdump()) == list(other.iterdump())


def test_the_order_in_which_the_registry_lists_the_acts_changes_not_a_byte(
    sample_archive: Path, sample_db: Path, tmp_path: Path
) -> None:
    registry = load_registry()
    backwards = replace(registry, acts=registry.acts[::-1])
    assert backwards != registry
    build_all(sample_archive, tmp_path / "other.db", backwards, processes=2)
    assert (tmp_path / "other.db").read_bytes() == sample_db.read_bytes()


def test_the_parts_that_are_compared_side_by_side_hold_every_version_once() -> None:
    versions = {
        lang: tuple(version(CODE, str(number), lang, 1, f"{number}", "Т.") for number in range(1, 8)) for lang in Lang
    }
    ru, kk = (History(CODE, lang, versions[lang], (), ()) for lang in (Lang.RU, Lang.KK))
    for count in (1, 2, 3):
        parts = reading_module.comparable_parts(ru, kk, count)
        assert len(parts) == count
        for side, whole in enumerate((ru, kk)):
            assert sorted(one.key for part in parts for one in part[side].versions) == sorted(
                one.key for one in whole.versions
            )
        for ours, theirs in parts:
            assert {one.eid for one in ours.versions} == {one.eid for one in theirs.versions}


def test_a_second_build_changes_nothing_not_even_the_file(sample_archive: Path, sample_db: Path) -> None:
    before = (sample_db.read_bytes(), sample_db.stat().st_mtime_ns, sample_db.stat().st_ino)
    report = build_all(sample_archive, sample_db)
    assert not report.swapped
    assert report.built == ()
    assert report.unchanged == (CODE, LAW)
    assert (sample_db.read_bytes(), sample_db.stat().st_mtime_ns, sample_db.stat().st_ino) == before


def test_building_crawl_by_crawl_gives_the_rows_of_a_build_at_the_end(tmp_path: Path) -> None:
    """In another order of acts: the law first, then half of the code, then the other half."""
    archive, db = tmp_path / "archive", tmp_path / "lawdiff.db"
    code = page_files(SAMPLE, [CODE])
    half = [path for path in code if path.stem in ("history", "info") or path.stem.endswith(("2014", "2016", "2018"))]
    crawl_files(archive, page_files(SAMPLE, [LAW]))
    assert build_all(archive, db).built == (LAW,)
    crawl_files(archive, half, at=START + timedelta(days=1))
    report = build_all(archive, db)
    assert report.built == (CODE,)
    assert report.unchanged == (LAW,)
    crawl_files(archive, [path for path in code if path not in half], at=START + timedelta(days=2))
    assert build_all(archive, db).built == (CODE,)
    build_all(archive, tmp_path / "scratch.db")
    assert dump(db) == dump(tmp_path / "scratch.db")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pages_may_arrive_in_any_order_over_any_number_of_nights(seed: int, sample_db: Path, tmp_path: Path) -> None:
    """Built night by night or at once, the rows are the same; and the texts are those of an orderly crawl."""
    archive, db = tmp_path / "archive", tmp_path / "lawdiff.db"
    dice = random.Random(seed)
    files = page_files(SAMPLE, [LAW])
    dice.shuffle(files)
    # The history of a language comes with its current page: a page alone is dated by the day it was fetched.
    nights: list[list[Path]] = [[] for _ in range(dice.randint(2, 4))]
    for path in files:
        if path.stem not in ("history", "info"):
            nights[dice.randrange(len(nights))].append(path)
    for night in nights:
        portals = {path.parts[-4] for path in night if path.stem == "index"}
        night += [path for path in files if path.stem in ("history", "info") and path.parts[-4] in portals]
    for number, night in enumerate(night for night in nights if night):
        crawl_files(archive, night, at=START + timedelta(days=number))
        build_all(archive, db)
    build_all(archive, tmp_path / "scratch.db")
    assert dump(db) == dump(tmp_path / "scratch.db")
    assert texts_of(db) == texts_of(sample_db)


def texts_of(db: Path) -> list[tuple[object, ...]]:
    """Texts and changes of the law, without what depends on the day of the fetch."""
    with closing(open_database(db)) as connection:
        texts = connection.execute(
            "SELECT id, heading, text, notes, state, valid_from, valid_to FROM article_versions WHERE article_id GLOB ?"
            " UNION ALL SELECT id, op, diff_json, summary_json, weight, redaction_date, amending_act_id FROM changes"
            " WHERE article_id GLOB ? ORDER BY 1, 2",
            (f"{LAW}/*", f"{LAW}/*"),
        )
        return [tuple(row) for row in texts]


def test_a_page_that_came_again_unchanged_changes_only_coverage_and_snapshots(
    sample_archive: Path, sample_db: Path, tmp_path: Path
) -> None:
    archive, db = tmp_path / "archive", tmp_path / "lawdiff.db"
    shutil.copytree(sample_archive, archive)
    shutil.copy(sample_db, db)
    current = [path for path in page_files(SAMPLE) if path.stem == "index"]
    crawl_files(archive, current, at=START + timedelta(days=1))
    report = build_all(archive, db)
    assert report.swapped
    assert report.built == ()
    changed = {line.partition("(")[0] for line in set(dump(db)) ^ set(dump(sample_db))}
    assert changed == {"snapshots", "coverage", "meta"}


def test_the_dump_knows_no_clock(sample_db: Path) -> None:
    with closing(sqlite3.connect(sample_db)) as connection:
        stamps = connection.execute("SELECT DISTINCT applied_at FROM _sqlite_migrations").fetchall()
    assert stamps == [("",)]


def test_the_reader_version_covers_every_module_that_decides_what_is_read() -> None:
    package = ROOT / "lawdiff"
    todo, reached = ["build", "reading", "attribution", "store/rows", "store/write"], set()
    while todo:
        name = todo.pop()
        path = package / name / "__init__.py" if (package / name).is_dir() else package / f"{name}.py"
        if name in reached or not path.is_file():
            continue
        reached.add(name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lawdiff"):
                base = (node.module or "").removeprefix("lawdiff").lstrip(".").replace(".", "/")
                todo += [base, *(f"{base}/{alias.name}".lstrip("/") for alias in node.names)]
    left_out = {name for name in reached if {f"{name}.py", name.partition("/")[0]} & build_module._NOT_READING}
    # These carry bytes and rows and decide nothing about them.
    assert {name for name in left_out if not name.startswith("archive")} <= {
        "resources", "store/before", "store/connection",
    }  # fmt: skip


# What is stored


def test_every_redaction_of_the_sample_is_stored_with_its_date_and_basis(conn: sqlite3.Connection) -> None:
    rows = conn.execute("SELECT lang, redaction_date, date_basis, is_current FROM redactions WHERE act_id = ?", (CODE,))
    held = [tuple(row) for row in rows]
    files = [path for path in page_files(SAMPLE, [CODE]) if path.stem not in ("history", "info")]
    assert len(held) == len(files)
    assert [row for row in held if row[3]] == [row for row in held if row[2] == "history"]
    assert len([row for row in held if row[3]]) == 2


def test_coverage_says_what_is_listed_and_held(conn: sqlite3.Connection) -> None:
    for row in conn.execute("SELECT * FROM coverage"):
        assert row["redactions_listed"] == row["redactions_held"]
        assert json.loads(row["missing_json"]) == []
        assert row["last_verdict"] == "text"
        assert row["last_checked"].startswith("2026-03-01T02:0")


def test_the_command_line_builds_with_two_processes(sample_archive: Path, sample_db: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lawdiff", "build", "--archive", str(sample_archive), "--processes", "2"]
    done = subprocess.run([*command, "--db", str(tmp_path / "two.db")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "two.db").read_bytes() == sample_db.read_bytes()


def test_a_clock_that_jumps_back_between_crawls_changes_no_text(tmp_path: Path) -> None:
    files = page_files(SAMPLE, [LAW])
    crawl_files(tmp_path / "archive", files)
    index = [path for path in files if path.stem in ("index", "history")]
    crawl_files(tmp_path / "archive", index, at=START - timedelta(days=900))
    build_all(tmp_path / "archive", tmp_path / "jumped.db")
    crawl_files(tmp_path / "straight", files)
    build_all(tmp_path / "straight", tmp_path / "straight.db")
    texts = [
        [line for line in dump(tmp_path / name) if line.startswith(("article_versions", "changes", "redactions"))]
        for name in ("jumped.db", "straight.db")
    ]
    assert texts[0] == texts[1]


def test_a_listed_redaction_that_is_not_held_is_named(tmp_path: Path) -> None:
    files = [path for path in page_files(SAMPLE, [LAW]) if path.stem != "09.01.2018"]
    crawl_files(tmp_path / "archive", files)
    build_all(tmp_path / "archive", tmp_path / "lawdiff.db")
    with closing(open_database(tmp_path / "lawdiff.db")) as connection:
        missing = [json.loads(row[0]) for row in connection.execute("SELECT missing_json FROM coverage")]
    assert missing == [["2018-01-09"], ["2018-01-09"]]


def test_without_history_the_card_dates_the_current_page_and_without_both_the_first_fetch(tmp_path: Path) -> None:
    current = [path for path in page_files(SAMPLE, [LAW]) if path.stem == "index"]
    cards = [path for path in page_files(SAMPLE, [LAW]) if path.stem == "info"]
    crawl_files(tmp_path / "card", [*cards, *current])
    crawl_files(tmp_path / "bare", current)
    crawl_files(tmp_path / "bare", current, at=START + timedelta(days=3))
    for name, expected in (("card", "info"), ("bare", "first_observed")):
        build_all(tmp_path / name, tmp_path / f"{name}.db")
        with closing(open_database(tmp_path / f"{name}.db")) as connection:
            rows = connection.execute("SELECT date_basis, redaction_date, is_current FROM redactions").fetchall()
        assert {row[0] for row in rows} == {expected}
        assert len(rows) == 2
        assert all(row[2] for row in rows)
        if expected == "first_observed":
            assert {row[1] for row in rows} == {START.date().isoformat()}


def test_topics_hold_listed_articles_ranges_and_whole_laws(conn: sqlite3.Connection) -> None:
    in_cyber = {
        row[0] for row in conn.execute("SELECT article_id FROM article_topics WHERE topic_id = 'cyber'").fetchall()
    }
    numbers = {key.removeprefix(f"{CODE}/art_") for key in in_cyber if key.startswith(CODE)}
    held = {
        row[0] for row in conn.execute("SELECT number FROM articles WHERE act_id = ? AND kind = 'article'", (CODE,))
    }
    assert numbers == {
        n for n in held if n in {"115-1", "147", "188", "190", "232-1"} or 205 <= int(n.partition("-")[0]) <= 213
    }
    law_units = {
        row[0] for row in conn.execute("SELECT id FROM articles WHERE act_id = ? AND kind <> 'heading'", (LAW,))
    }
    assert law_units <= in_cyber


def test_snapshots_lead_to_the_bytes_of_the_archive(conn: sqlite3.Connection, sample_archive: Path) -> None:
    from lawdiff.archive import Archive

    entries = {entry.seq: entry for entry in Archive(sample_archive).entries()}
    rows = conn.execute("SELECT * FROM snapshots").fetchall()
    assert {row["id"] for row in rows} == set(entries)
    for row in rows[:5]:
        entry = entries[row["id"]]
        assert (row["warc_file"], row["warc_offset"]) == (entry.warc_file, entry.warc_offset)
        assert row["sha256"] == entry.sha256


# Bad pages


def test_a_page_that_lost_its_articles_changes_nothing_until_a_person_accepts_it(
    sample_archive: Path, sample_db: Path, tmp_path: Path
) -> None:
    archive, db = tmp_path / "archive", tmp_path / "lawdiff.db"
    shutil.copytree(sample_archive, archive)
    path = SAMPLE / "rus" / "docs" / CODE / "index.html"
    body = path.read_text(encoding="utf-8")
    start = body.index("<article>")
    middle = body.index("Статья 1", body.index("</h3>", start) if "</h3>" in body else start)
    cut = body.rindex("<", 0, body.index("Статья", middle + 20))
    bodies = {path: (body[:cut] + body[body.index("</article>") :]).encode()}
    crawl_files(archive, [path], at=START + timedelta(days=5), bodies=bodies)
    report = build_all(archive, db)
    assert report.ok
    with closing(open_database(db)) as connection:
        kept = {row.eid: row.text_sha256 for row in read.act_at(connection, CODE, Lang.RU, None)}
        issues = connection.execute("SELECT kind, detail FROM issues WHERE act_id = ?", (CODE,)).fetchall()
    with closing(open_database(sample_db)) as connection:
        good = {row.eid: row.text_sha256 for row in read.act_at(connection, CODE, Lang.RU, None)}
    assert kept == good
    assert any("--accept" in row["detail"] or "accept" in row["detail"] for row in issues), [
        tuple(row) for row in issues
    ]


def test_faults_of_the_last_fetch_are_issues_until_a_good_fetch_comes(tmp_path: Path) -> None:
    archive, db = tmp_path / "archive", tmp_path / "lawdiff.db"
    files = page_files(SAMPLE, [LAW])
    index = next(path for path in files if path.stem == "index")
    shell = b"<!doctype html><html><head><!--SEO_HEAD--></head><body><div id=root></div><!--SEO_BODY--></body></html>"
    crawl_files(archive, files)
    crawl_files(archive, [index], at=START + timedelta(days=1), bodies={index: shell})
    build_all(archive, db)
    with closing(open_database(db)) as connection:
        assert [row[0] for row in connection.execute("SELECT kind FROM issues WHERE id LIKE 'snapshot/%'")] == [
            "fetch_shell"
        ]
        assert {row[0] for row in connection.execute("SELECT last_verdict FROM coverage")} == {"shell", "text"}
    crawl_files(archive, [index], at=START + timedelta(days=2))
    build_all(archive, db)
    with closing(open_database(db)) as connection:
        assert connection.execute("SELECT count(*) FROM issues WHERE id LIKE 'snapshot/%'").fetchone()[0] == 0


def test_one_act_that_cannot_be_read_leaves_the_others_and_its_old_rows(
    sample_archive: Path, sample_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, db = tmp_path / "archive", tmp_path / "lawdiff.db"
    shutil.copytree(sample_archive, archive)
    shutil.copy(sample_db, db)
    real = reading_module.read_language

    def failing(work: object, on_page: object = None) -> object:
        if work.act_id == CODE:  # type: ignore[attr-defined]
            raise LawdiffError("no")
        return real(work)  # type: ignore[arg-type]

    monkeypatch.setattr(reading_module, "read_language", failing)
    monkeypatch.setattr(build_module, "reader_version", lambda: "another")
    report = build_all(archive, db)
    assert [act for act, _ in report.failed] == [CODE]
    assert report.built == (LAW,)
    assert read_versions(db) == read_versions(sample_db)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_defect_that_one_act_brings_out_leaves_the_others_and_is_told_in_one_line(
    processes: int, sample_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = build_module.attribute

    def breaking(histories: dict[Lang, History], *more: object) -> object:
        if histories[Lang.RU].act_id == CODE:
            raise KeyError("no such note")
        return real(histories, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(build_module, "attribute", breaking)
    report = build_all(sample_archive, tmp_path / "lawdiff.db", processes=processes)
    assert report.built == (LAW,)
    ((act, said),) = report.failed
    assert act == CODE
    assert "KeyError at test_build.py:" in said and "report it" in said
    assert "\n" not in said
    assert {line.partition("'")[2][:11] for line in read_versions(tmp_path / "lawdiff.db")} == {LAW}
    assert [line for line in dump(tmp_path / "lawdiff.db") if line.startswith(f"issues('{CODE}/not_built'")]
    monkeypatch.setattr(build_module, "attribute", real)
    assert build_all(sample_archive, tmp_path / "lawdiff.db").built == (CODE,)
    assert not [line for line in dump(tmp_path / "lawdiff.db") if "not_built" in line]


def read_versions(db: Path) -> list[str]:
    return [line for line in dump(db) if line.startswith("article_versions(")]


# A newer reader


def test_another_reader_reports_what_it_reads_differently_and_marks_it(
    sample_archive: Path, sample_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, db = tmp_path / "archive", tmp_path / "lawdiff.db"
    shutil.copytree(sample_archive, archive)
    shutil.copy(sample_db, db)
    monkeypatch.setattr(build_module, "reader_version", lambda: "f" * 64)
    assert build_all(archive, db).technical == 0
    real = build_module.attribute

    def blind(*given: object) -> object:
        """A reader that no longer sees one change, reads another weight in the next, and other words in the third."""
        from dataclasses import replace

        from lawdiff.model import Weight

        found = real(*given)  # type: ignore[arg-type]
        history = found.histories[Lang.RU]
        _, second, third, *rest = history.changes
        flipped = Weight.EDITORIAL if second.weight is Weight.SUBSTANTIVE else Weight.SUBSTANTIVE
        other = replace(
            history, changes=(replace(second, weight=flipped), replace(third, diff_json=third.diff_json + " "), *rest)
        )
        return replace(found, histories={**found.histories, Lang.RU: other})

    monkeypatch.setattr(build_module, "attribute", blind)
    monkeypatch.setattr(build_module, "reader_version", lambda: "e" * 64)
    assert build_all(archive, db).technical == 6
    with closing(open_database(db)) as connection:
        rows = connection.execute("SELECT act_id, what, reader_before, reader_now FROM technical_records").fetchall()
    assert sorted((row[0], row[1]) for row in rows) == [
        (CODE, "different"), (CODE, "gone"), (CODE, "reworded"), (LAW, "different"), (LAW, "gone"), (LAW, "reworded"),
    ]  # fmt: skip
    assert {(row[2], row[3]) for row in rows} == {("f" * 64, "e" * 64)}
    # The records outlive a rebuild, and are no part of the dump that proves its identity.
    build_all(archive, db, from_scratch=True)
    with closing(open_database(db)) as connection:
        assert connection.execute("SELECT count(*) FROM technical_records").fetchone()[0] == 6
    assert not [line for line in dump(db) if line.startswith("technical_records")]


# Files


def test_readers_keep_the_file_that_they_opened(sample_archive: Path, sample_db: Path, tmp_path: Path) -> None:
    db = tmp_path / "lawdiff.db"
    shutil.copy(sample_db, db)
    with closing(open_database(db)) as connection:
        count = connection.execute("SELECT count(*) FROM changes").fetchone()[0]
        build_all(sample_archive, db, Registry(()))
        assert connection.execute("SELECT count(*) FROM changes").fetchone()[0] == count
        assert connection.execute("SELECT count(*) FROM topics").fetchone()[0] > 0
    with closing(open_database(db)) as connection:
        assert connection.execute("SELECT count(*) FROM topics").fetchone()[0] == 0


def test_a_killed_build_leaves_the_old_database_and_the_next_one_cleans_up(
    sample_archive: Path, sample_db: Path, tmp_path: Path
) -> None:
    db = tmp_path / "lawdiff.db"
    shutil.copy(sample_db, db)
    script = (
        "from pathlib import Path; from lawdiff.build import build; from lawdiff.registry import load_registry\n"
        f"build(Path({str(sample_archive)!r}), Path({str(db)!r}), load_registry(), from_scratch=True,"
        " progress=lambda line: print(line, flush=True))"
    )
    for wait in ("line", 0.25, 0.5):
        running = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert running.stdout is not None
        if wait == "line":
            running.stdout.readline()
        else:
            time.sleep(float(wait))
        running.send_signal(signal.SIGKILL)
        running.wait()
        running.stdout.close()
        with closing(open_database(db)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert dump(db) == dump(sample_db)
    build_all(sample_archive, db)
    assert not list(tmp_path.glob(".lawdiff.db.building-*"))
    assert dump(db) == dump(sample_db)


def test_two_builds_at_once_are_refused(sample_archive: Path, tmp_path: Path) -> None:
    with build_module._only_build(tmp_path / "lawdiff.db"), pytest.raises(StoreError, match="another build"):
        build_all(sample_archive, tmp_path / "lawdiff.db")


def test_a_full_disk_is_a_clear_message_and_the_old_database_stays(
    sample_archive: Path, sample_db: Path, tmp_path: Path
) -> None:
    db = tmp_path / "lawdiff.db"
    shutil.copy(sample_db, db)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
        with pytest.raises(StoreError) as caught:
            build_all(sample_archive, db, from_scratch=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert "lawdiff build" in str(caught.value)
    assert dump(db) == dump(sample_db)
    assert not list(tmp_path.glob(".lawdiff.db.building-*"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_a_clear_message(sample_archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    with pytest.raises(StoreError, match="writable"):
        build_all(sample_archive, folder / "lawdiff.db")


def test_a_database_of_a_newer_program_is_refused_and_left_alone(
    sample_archive: Path, sample_db: Path, tmp_path: Path
) -> None:
    db = tmp_path / "lawdiff.db"
    shutil.copy(sample_db, db)
    with closing(sqlite3.connect(db)) as connection:
        connection.execute(f"PRAGMA user_version = {schema_version() + 1}")
    before = db.read_bytes()
    for attempt in (lambda: build_all(sample_archive, db), lambda: open_database(db)):
        with pytest.raises(StoreError, match="upgrade lawdiff"):
            attempt()
    assert db.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 3000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    content: bytes, sample_archive: Path, tmp_path: Path
) -> None:
    db = tmp_path / "lawdiff.db"
    db.write_bytes(content)
    with pytest.raises(StoreError):
        build_all(sample_archive, db)
    assert db.read_bytes() == content


def test_without_an_archive_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LawdiffError, match="lawdiff crawl"):
        build_all(tmp_path / "nothing", tmp_path / "lawdiff.db")


def test_an_article_exists_from_its_first_redaction_on(conn: sqlite3.Connection) -> None:
    found = read.find_article(conn, CODE, "115-1")
    first = read.presence(conn, found, Lang.RU).first
    assert first is not None
    assert read.article_at(conn, found.id, Lang.RU, first) is not None
    assert read.article_at(conn, found.id, Lang.RU, first - timedelta(days=1)) is None
    assert read.article_at(conn, found.id, Lang.RU, day("2014-01-01")) is None
