"""The demo as a person runs it: crawl over loopback, build, serve; then the pages it serves."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """`lawdiff demo` under way: its address and its folder. Ctrl-C ends it cleanly."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LAWDIFF_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "lawdiff", "demo", "--folder", str(folder), "--port", str(port)],
        env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stderr
    address = f"http://127.0.0.1:{port}"
    said = []
    for line in process.stderr:
        said.append(line)
        if address in line:
            break
    else:
        pytest.fail("".join(said))
    for _ in range(100):
        try:
            urllib.request.urlopen(address).read()
            break
        except OSError:
            time.sleep(0.2)
    yield address, folder
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode in {0, 1, -signal.SIGINT, 130}


def history_rows(db: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as conn:
        return [row for table in ("redactions", "article_versions", "changes", "amendments")
                for row in conn.execute(f"SELECT * FROM {table} ORDER BY id")]  # fmt: skip


def get(address: str) -> str:
    return urllib.request.urlopen(address).read().decode("utf-8")


def test_the_site_shows_when_115_1_and_232_1_appeared_in_both_languages(served: tuple[str, Path]) -> None:
    address, _ = served
    for lang, heading in (("ru", "Статья 115-1. Сталкинг"), ("kk", "115-1-бап. Сталкинг")):
        page = get(f"{address}/K1400000226/art_115-1/{lang}?ui=en")
        assert heading in page
        assert "210-VIII" in page and re.search(r"16\s*September\s*2025", page)
    assert "232-1" in get(f"{address}/laws/Z2500000210?ui=ru")


def test_every_page_says_that_the_sample_is_not_the_official_text(served: tuple[str, Path]) -> None:
    address, _ = served
    for path in ("/", "/K1400000226", "/K1400000226/art_205", "/changes", "/search?q=205", "/status"):
        assert "не официальный текст" in get(f"{address}{path}"), path


def test_data_pages_json_and_feeds_are_served(served: tuple[str, Path]) -> None:
    address, _ = served
    rows = json.loads(get(f"{address}/lawdiff/recent_changes.json?_shape=array&article_id=K1400000226/art_115-1"))
    assert {(row["op"], row["in_force_from"]) for row in rows} == {("added", "2025-09-16")}
    assert get(f"{address}/feeds/changes.atom").count("<entry") > 3


def test_a_monitor_reads_the_status_as_json(served: tuple[str, Path]) -> None:
    address, _ = served
    try:
        told = json.loads(get(f"{address}/status.json"))
    except urllib.error.HTTPError as error:  # 503: most acts of the registry were never asked for
        assert error.code == 503
        told = json.loads(error.read())
    assert told["ok"] is False or told["ok"] is True
    assert told["problems"] or told["ok"]


def test_a_second_demo_fetches_no_dated_redaction_again_and_changes_no_row(served: tuple[str, Path]) -> None:
    _, folder = served
    before = history_rows(folder / "lawdiff.db")
    run = subprocess.run(
        [sys.executable, "-m", "lawdiff", "demo", "--folder", str(folder), "--no-serve"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "unchanged" in run.stderr
    lines = (folder / "archive" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    dated = [urlsplit(json.loads(line)["url"]).path for line in lines if '"redaction_date":"' in line]
    assert len(dated) == len(set(dated))
    assert history_rows(folder / "lawdiff.db") == before


def test_make_demo_runs_the_demo() -> None:
    dry = subprocess.run(["make", "-n", "demo"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(r"bin/lawdiff demo --port \d+", dry)


# (date, article, op, law): what the history of the sample is; the same in both languages but for what is named.
EXPECTED = {
    "K1400000226": [
        ("2016-04-08", "art_205", "amended", None),
        ("2018-07-12", "art_115", "amended", "180-VI"),
        ("2018-07-12", "art_205", "amended", "128-VI"),
        ("2020-01-10", "art_188-1", "deferred", "292-VI"),
        ("2020-01-10", "art_190", "amended", "128-VI"),
        ("2020-01-10", "art_208", "amended", "128-VI"),
        ("2020-01-10", "art_215", "excluded", "84-VI"),
        ("2021-12-29", "art_188", "typographic", None),  # Kazakh only: one Latin letter
        ("2021-12-29", "art_190", "note_only", "180-VI"),
        ("2022-09-12", "art_217-1", "added", "139-VII"),
        ("2023-01-01", "art_188-1", "took_effect", "292-VI"),
        ("2023-09-11", "art_188", "amended", "188-VII"),
        ("2023-09-11", "art_232", "amended", "188-VII"),
        ("2023-09-11", "art_235", "excluded", "23-VIII"),
        ("2023-09-11", "art_235-1", "added", "23-VIII"),
        ("2025-09-16", "art_115-1", "added", "210-VIII"),
        ("2025-09-16", "art_205", "amended", "210-VIII"),
        ("2025-09-16", "art_208", "amended", "210-VIII"),
        ("2025-09-16", "art_232-1", "added", "210-VIII"),
    ],
    "Z1300000094": [
        ("2016-01-01", "art_1", "amended", "419-V"),
        ("2018-01-09", "art_7", "amended", "128-VI"),
        ("2020-07-07", "art_7-1", "added", "347-VI"),
        ("2020-07-07", "art_8", "amended", "347-VI"),
        ("2020-07-07", "art_12", "amended", "347-VI"),
        ("2024-02-11", "art_1", "amended", "44-VIII"),
        ("2024-02-11", "art_2", "excluded", "44-VIII"),
        ("2024-02-11", "art_8", "amended", "44-VIII"),
        ("2025-01-01", "art_12", "note_only", "256-VIII"),
    ],
}


@pytest.mark.parametrize("act", EXPECTED)
@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_the_history_of_the_sample_is_the_one_that_was_composed(served: tuple[str, Path], act: str, lang: str) -> None:
    _, folder = served
    run = subprocess.run(
        [sys.executable, "-m", "lawdiff", "log", act, "--json", "--db", str(folder / "lawdiff.db")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = sorted(
        (change["redaction_date"], change["eid"], change["op"], change["law_number"])
        for change in json.loads(run.stdout)
        if change["lang"] == lang
    )
    expected = [row for row in EXPECTED[act] if lang == "kk" or row[2] != "typographic"]
    assert found == sorted(expected, key=lambda row: tuple(map(str, row)))
