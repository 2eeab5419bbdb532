"""`lawdiff status` and `lawdiff verify`: what they say of real archives, and their exit codes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fetches import ACT, START, crawl, fetch, small_archive
from stored import SAMPLE, crawl_files, page_files
from stored import START as SAMPLE_START

from lawdiff.archive import ActOutcome, Archive, Fetch, Summary, verify
from lawdiff.archive.verified import last_verified
from lawdiff.cli import cli
from lawdiff.errors import LawdiffError
from lawdiff.model import Lang, Verdict
from lawdiff.registry import Registry, TrackedAct
from lawdiff.status import ActStatus, Freshness, Status, next_run, read_status, standing

REGISTRY = Registry((TrackedAct(ACT, "УК РК", "ҚР ҚК"), TrackedAct("Z1300000094", "О персональных данных", "ДД")))
HOUR = timedelta(hours=1)


def status_of(folder: Path, now: datetime, **options: Any) -> Status:
    return read_status(Archive(folder), REGISTRY, now, **options)


def act(status: Status, lang: Lang = Lang.RU, act_id: str = ACT) -> ActStatus:
    (found,) = [each for each in status.acts if (each.act_id, each.lang) == (act_id, lang)]
    return found


def nights(folder: Path, fetches: Iterable[list[Fetch]]) -> None:
    for number, made in enumerate(fetches):
        crawl(folder, made, at=START + timedelta(days=number))


def test_coverage_counts_listed_and_held_redactions_of_the_sample(tmp_path: Path) -> None:
    files = page_files(SAMPLE)
    missing = next(path for path in files if path.stem == "12.07.2018" and path.parts[-4] == "rus")
    crawl_files(tmp_path, [path for path in files if path != missing])
    status = status_of(tmp_path, SAMPLE_START + HOUR)
    russian, kazakh = act(status), act(status, Lang.KK)
    assert russian.listed == kazakh.listed == kazakh.held
    assert russian.held == russian.listed - 1
    assert russian.missing == (date(2018, 7, 12),)
    assert kazakh.missing == ()
    assert (russian.freshness, russian.name, kazakh.name) == (Freshness.FRESH, "УК РК", "ҚР ҚК")
    assert status.ok and status.archive.fetches == len(files) - 1
    assert status.archive.bytes == Archive(tmp_path).size()
    assert {each.act_id for each in status.acts} == {ACT, "Z1300000094"}


def test_an_act_that_fails_for_longer_than_the_threshold_is_a_problem_and_says_why(tmp_path: Path) -> None:
    down = [
        fetch(night, at=START + timedelta(days=night), status=503, verdict=Verdict.SERVER_ERROR, detail="answered 503")
        for night in range(1, 9)
    ]
    nights(tmp_path / "early", [[fetch(1, at=START)], *([each] for each in down[:5])])
    early = status_of(tmp_path / "early", START + timedelta(days=5, hours=1))
    nights(tmp_path, [[fetch(1, at=START)], *([each] for each in down)])
    assert act(early).freshness is Freshness.FRESH and early.ok
    late = status_of(tmp_path, START + timedelta(days=8, hours=1))
    assert act(late).freshness is Freshness.STALE
    assert act(late).verdict is Verdict.SERVER_ERROR
    assert act(late).checked_at == START
    assert late.problems == (f"{ACT} ru: not checked for 8 days; the last answer was server_error (answered 503)",)
    assert status_of(tmp_path, START + timedelta(days=8, hours=1), max_age=timedelta(days=30)).ok
    (fault,) = late.faults
    assert (fault.verdict, fault.standing, fault.recent) == (Verdict.SERVER_ERROR, 1, 8)


def test_an_act_that_was_asked_for_and_never_came_is_unchecked(tmp_path: Path) -> None:
    crawl(tmp_path, [fetch(1, verdict=Verdict.SHELL, detail="application shell")])
    status = status_of(tmp_path, START + HOUR)
    assert act(status).freshness is Freshness.UNCHECKED
    assert status.problems == (f"{ACT} ru: never checked; the last answer was shell (application shell)",)


def test_an_act_that_nobody_asked_for_is_no_problem(tmp_path: Path) -> None:
    crawl(tmp_path, [fetch(1)])
    status = status_of(tmp_path, START + HOUR)
    assert act(status, act_id="Z1300000094").freshness is Freshness.NEVER
    assert status.ok


def test_no_crawl_for_long_is_a_problem_even_where_every_page_was_good(tmp_path: Path) -> None:
    crawl(tmp_path, [fetch(1)])
    problems = status_of(tmp_path, START + timedelta(days=30)).problems
    assert "no crawl asked since" in problems[0]
    assert "no crawl for 30 days; look at the timer" in problems[1]


def test_the_year_index_counts_as_a_check_of_acts_that_it_says_were_not_amended(tmp_path: Path) -> None:
    """By the account of a run: it tells of an act that it is unchanged, and asked for no page of it."""
    later, again = START + timedelta(days=20), START + timedelta(days=21)
    crawl(tmp_path, [fetch(1), fetch(2, lang=Lang.KK)])

    def night(at: datetime, outcome: str) -> None:
        summary = Summary(at, ok=True, requests=1, acts=(ActOutcome(ACT, Lang.RU, outcome),))
        with Archive(tmp_path).writer(at, clock=lambda: at, sync=False) as writer:
            writer.store(fetch(3, act_id="Z1300000094", at=at))
            writer.close(complete=True, summary=summary)

    night(later, "unchanged")
    status = status_of(tmp_path, later + HOUR)
    assert (act(status).checked_at, act(status).checked_by) == (later, "index")
    assert (act(status, Lang.KK).freshness, act(status, Lang.KK).checked_by) == (Freshness.STALE, "page")
    night(again, "unchecked")
    status = status_of(tmp_path, again + HOUR)
    assert (act(status).checked_at, act(status).checked_by) == (later, "index")


def test_a_fault_that_a_later_good_answer_made_good_no_longer_stands(tmp_path: Path) -> None:
    crawl(tmp_path, [fetch(1, verdict=Verdict.TRUNCATED), fetch(2)])
    (fault,) = status_of(tmp_path, START + HOUR).faults
    assert (fault.verdict, fault.standing, fault.recent) == (Verdict.TRUNCATED, 0, 1)


def test_a_killed_crawl_and_a_running_one_are_told_apart(tmp_path: Path) -> None:
    writer = Archive(tmp_path).writer(START)
    writer.store(fetch(1))
    status = status_of(tmp_path, START + HOUR)
    assert status.archive.running and status.ok
    writer._release()
    status = status_of(tmp_path, START + HOUR)
    assert not status.archive.running
    assert status.problems == ("the crawl of 2025-11-16 01:02 was killed; the next lawdiff crawl repairs what it left",)


def told(at: datetime, **members: Any) -> Summary:
    russian = ActOutcome(ACT, Lang.RU, "changed", requests=3, redactions_new=1, notes=("a note",))
    kazakh = ActOutcome(ACT, Lang.KK, "unchecked", requests=1, why=(f"{ACT} kk text: shell (application shell)",))
    return Summary(at, ok=False, requests=5, base="http://127.0.0.1", acts=(russian, kazakh), **members)


def test_the_account_of_the_last_run_is_kept_and_told_for_each_act(tmp_path: Path) -> None:
    with Archive(tmp_path).writer(START, clock=lambda: START, sync=False) as writer:
        writer.store(fetch(1))
        writer.close(complete=False, summary=told(START + HOUR, stopped="the budget is spent"))
    crawl(tmp_path, [fetch(2, at=START + 2 * HOUR)], at=START + 2 * HOUR)
    status = status_of(tmp_path, START + 3 * HOUR)
    assert status.run is not None
    assert (status.run.started_at, status.run.told.finished_at) == (START, START + HOUR)
    assert status.run.counts == {"changed": 1, "unchecked": 1}
    assert (act(status).outcome, act(status).told_at, act(status).why) == ("changed", START + HOUR, ())
    assert act(status, Lang.KK).outcome == "unchecked"
    assert act(status, Lang.KK).why == (f"{ACT} kk text: shell (application shell)",)
    assert status.archive.last_crawl is not None
    assert status.archive.last_crawl.started_at == START + 2 * HOUR, "a crawl that told nothing is still the last crawl"
    plain = status.to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["run"]["stopped"] == "the budget is spent"
    assert plain["run"]["acts"][1]["why"] == [f"{ACT} kk text: shell (application shell)"]
    assert [each["outcome"] for each in plain["acts"][:2]] == ["changed", "unchecked"]
    assert verify(tmp_path) == ()
    said = run("status", "--archive", str(tmp_path), "--acts", registry_file(tmp_path))[1]
    assert "last account: 2025-11-16 02:02Z, 1 changed, 1 unchecked; 5 requests" in said
    assert "  stopped: the budget is spent" in said
    assert f"  {ACT} kk unchecked: {ACT} kk text: shell (application shell)" in said


def test_a_change_of_shape_is_a_problem_until_a_run_goes_without_one(tmp_path: Path) -> None:
    line = f"{ACT} ru text: 4 of 8 articles gone; look at the page, then run with --accept {ACT}"
    for number, shape in enumerate(((line,), ())):
        moment = START + number * HOUR
        with Archive(tmp_path).writer(moment, clock=lambda: START, sync=False) as writer:
            writer.store(fetch(number, at=moment))
            writer.close(summary=told(moment, shape=shape))
        problems = status_of(tmp_path, moment).problems
        assert problems == tuple(f"the site has changed its shape: {each}" for each in shape)


def test_an_archive_of_earlier_days_has_no_account_and_is_as_sound(tmp_path: Path) -> None:
    small_archive(tmp_path)
    assert verify(tmp_path) == ()
    status = status_of(tmp_path, START + HOUR)
    assert status.run is None and act(status).outcome is None
    assert status.to_json()["run"] is None


def test_a_crawl_that_a_wrong_clock_dated_ahead_is_a_problem(tmp_path: Path) -> None:
    ahead = START + timedelta(days=400)
    crawl(tmp_path, [fetch(1, at=ahead)], at=ahead)
    (problem,) = status_of(tmp_path, START).problems
    assert "lies ahead: look at the clock" in problem


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    return result.exit_code, result.stdout


def registry_file(tmp_path: Path) -> str:
    path = tmp_path / "acts.toml"
    path.write_text(f'[[acts]]\nid = "{ACT}"\nshort_ru = "УК РК"\nshort_kk = "ҚР ҚК"\n', encoding="utf-8")
    return str(path)


def test_verify_prints_the_run_root_and_status_remembers_the_result(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    now = datetime.now(UTC)
    crawl(folder, [fetch(1, at=now), fetch(2, lang=Lang.KK, at=now)], at=now)
    arguments = ("status", "--archive", str(folder), "--acts", registry_file(tmp_path))
    assert last_verified(folder) is None
    assert "verified: never" in run(*arguments)[1]
    code, said = run("verify", "--archive", str(folder))
    root = (folder / "roots.txt").read_text().split()[0]
    assert (code, said) == (0, f"sound: run root {root}\n")
    code, said = run(*arguments)
    assert code == 0 and re.search(r"verified: \d{4}-\d\d-\d\d \d\d:\d\dZ, sound", said)
    assert f"run root: {root}" in said


def test_verify_names_what_it_finds_exits_1_and_status_tells_it_on(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    now = datetime.now(UTC)
    (entry, _) = crawl(folder, [fetch(1, at=now), fetch(2, at=now)], at=now)
    path = folder / entry.warc_file
    content = bytearray(path.read_bytes())
    content[entry.warc_offset + 500] ^= 4
    path.write_bytes(bytes(content))
    code, said = run("verify", "--archive", str(folder))
    assert code == 1
    assert re.search(rf"altered_record: .* \(entry 2, file {re.escape(entry.warc_file)}, offset \d+\)", said)
    code, said = run("verify", "--archive", str(folder), "--json")
    found = json.loads(said)
    assert (code, found["ok"], found["findings"][0]["seq"], found["findings"][0]["file"]) == (
        1, False, 2, entry.warc_file,
    )  # fmt: skip
    code, said = run("status", "--archive", str(folder), "--acts", registry_file(tmp_path), "--json")
    assert code == 1
    assert json.loads(said)["verified"]["ok"] is False
    assert "lawdiff verify found 1 faults" in json.loads(said)["problems"][0]


def test_verify_compares_with_a_published_root(tmp_path: Path) -> None:
    small_archive(tmp_path)
    first = (tmp_path / "roots.txt").read_text().split()[0]
    assert run("verify", "--archive", str(tmp_path), "--root", first)[0] == 0
    code, said = run("verify", "--archive", str(tmp_path), "--root", "f" * 64)
    assert code == 1 and "root_absent" in said


def test_status_without_an_archive_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LawdiffError, match="run lawdiff crawl first"):
        run("status", "--archive", str(tmp_path / "none"))


def test_the_threshold_and_the_timer_are_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The timer is asked of systemctl; here a program of that name stands on the path and answers as systemd does."""
    folder = tmp_path / "archive"
    now = datetime.now(UTC)
    crawl(folder, [fetch(1, at=now - timedelta(days=3))], at=now - timedelta(days=3))
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "systemctl").write_text('#!/bin/sh\n[ "$2" = lawdiff-update.timer ] && echo "@1800000000"\n')
    (programs / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    common = ("status", "--archive", str(folder), "--acts", registry_file(tmp_path))
    code, said = run(*common, "--timer", "lawdiff-update.timer")
    assert code == 0 and "next run: 2027-01-15 08:00Z" in said
    code, said = run(*common, "--timer", "other.timer")
    assert code == 0 and "next run: not known" in said
    code, said = run(*common, "--max-age", "2")
    assert code == 1 and "not checked for 3 days" in said
    monkeypatch.setenv("LAWDIFF_MAX_AGE", "1.5")
    assert run(*common)[0] == 1


@pytest.mark.parametrize(
    ("told", "now", "expected"),
    [
        ("22:30", "2026-03-01T20:00", "2026-03-01T22:30"),
        ("22:30", "2026-03-01T22:30", "2026-03-02T22:30"),
        ("6:05", "2026-12-31T23:00", "2027-01-01T06:05"),
    ],
)
def test_the_next_run_of_a_daily_job_is_told_by_its_time_of_day(told: str, now: str, expected: str) -> None:
    here = datetime.fromisoformat(now).astimezone()
    assert next_run(told, here) == datetime.fromisoformat(expected).astimezone()
    assert next_run(None) is next_run("25:00") is None


def test_the_json_of_a_status_is_complete_and_plain(tmp_path: Path) -> None:
    small_archive(tmp_path)
    found = status_of(tmp_path, START + HOUR).to_json()
    assert json.loads(json.dumps(found)) == found
    assert set(found) == {
        "ok", "now", "max_age_days", "acts", "faults", "archive", "verified", "next_run", "problems",
        "run",
    }  # fmt: skip
    assert found["max_age_days"] == 7


def test_a_site_gets_a_remembered_status_until_something_changes(tmp_path: Path) -> None:
    crawl(tmp_path, [fetch(1)])
    archive, now = Archive(tmp_path), START + HOUR
    first = standing(archive, REGISTRY, now)
    assert standing(archive, REGISTRY, now + timedelta(minutes=1)) is first
    crawl(tmp_path, [fetch(2)], at=START + HOUR)
    assert standing(archive, REGISTRY, now).archive.fetches == 2
    assert standing(archive, REGISTRY, now + HOUR).now == now + HOUR


def test_a_site_is_told_that_the_archive_is_broken_or_missing_instead_of_failing(tmp_path: Path) -> None:
    crawl(tmp_path, [fetch(1)])
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"seq":2', b'"seq":7'))
    (problem,) = standing(Archive(tmp_path), REGISTRY, START).problems
    assert problem.startswith("journal.jsonl, line 2, offset ")
    (problem,) = standing(Archive(tmp_path / "none"), REGISTRY, START).problems
    assert "run lawdiff crawl first" in problem
