"""`lawdiff build`, `show`, `log` and `diff` as a person runs them, on the bundled sample."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from stored import SAMPLE, crawl_files, page_files

from lawdiff.cli import cli
from lawdiff.errors import LawdiffError

CODE = "K1400000226"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cli")
    crawl_files(place / "archive", page_files(SAMPLE))
    done = CliRunner().invoke(
        cli, ["build", "--archive", str(place / "archive"), "--db", str(place / "lawdiff.db"), "--json"]
    )
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["swapped"] and report["failed"] == []
    assert report["rows"]["article_versions"] > 50
    return place


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--db", str(folder / "lawdiff.db")])


def test_progress_goes_to_stderr_and_says_what_was_built(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["build", "--archive", str(folder / "archive"), "--db", str(folder / "lawdiff.db")])
    assert done.stdout == ""
    assert "nothing new" in done.stderr


def test_a_reader_that_has_seen_enough_is_no_fault_of_the_database(folder: Path) -> None:
    """`lawdiff log … | head -1`."""
    code = "import sys; from lawdiff.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "log", CODE, "--db", str(folder / "lawdiff.db")]
    ours, theirs = os.pipe()
    os.close(ours)  # gone before the first line: what is printed breaks for certain
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(theirs)
    assert done.returncode == 1
    assert done.stderr == ""


@pytest.mark.parametrize("article", ["115-1", "art_115-1", "115–1"])
def test_an_article_is_named_by_number_or_eid(folder: Path, article: str) -> None:
    done = run(folder, "show", CODE, article)
    assert done.exit_code == 0
    assert done.stdout.startswith("Статья 115-1.")
    assert "https://adilet.zan.kz/rus/docs/K1400000226" in done.stderr


def test_an_article_as_json_has_its_lines_and_dates(folder: Path) -> None:
    record = json.loads(run(folder, "show", CODE, "115-1", "--lang", "kk", "--json").stdout)
    assert record["heading"].startswith("115-1-бап.")
    assert record["valid_to"] is None
    assert "\n".join(line["text"] for line in record["lines"]) == record["text"]


def message(done: Result) -> str:
    assert done.exit_code == 1
    assert isinstance(done.exception, LawdiffError)
    assert "\n" not in str(done.exception)
    return str(done.exception)


def test_a_day_before_an_article_existed_says_since_when_it_exists(folder: Path) -> None:
    log = json.loads(run(folder, "log", CODE, "115-1", "--lang", "ru", "--json").stdout)
    since = log[0]["redaction_date"]
    said = message(run(folder, "show", CODE, "115-1", "--on", "2016-06-01"))
    assert "did not exist yet on 2016-06-01" in said
    assert since in said
    assert run(folder, "show", CODE, "115-1", "--on", since).exit_code == 0


def test_a_day_that_no_look_reached_is_answered_with_the_last_known_text_and_that_said(folder: Path) -> None:
    known, ahead = run(folder, "show", CODE, "205"), run(folder, "show", CODE, "205", "--on", "2090-01-01")
    assert "until the last look on" in known.stderr
    assert "nothing is known" not in known.stderr
    assert ahead.stdout == known.stdout
    assert "of 2090-01-01 nothing is known yet" in ahead.stderr
    assert "nothing is known yet" in run(folder, "diff", CODE, "205", "--to", "2090-01-01").stderr
    assert "nothing is known" not in run(folder, "diff", CODE, "205").stderr


def test_what_is_not_there_is_said_with_what_to_do(folder: Path) -> None:
    assert "2014-11-07" in message(run(folder, "show", CODE, "205", "--on", "2001-01-01"))
    assert "has no art_9999" in message(run(folder, "show", CODE, "9999"))
    assert "lawdiff crawl K1400000231" in message(run(folder, "show", "K1400000231", "1"))
    assert "write its number" in message(run(folder, "show", CODE, "сто"))
    missing = CliRunner().invoke(cli, ["show", CODE, "1", "--db", str(folder / "none.db")])
    assert "lawdiff build" in message(missing)
    assert run(folder, "show", "XYZ", "1").exit_code == 2


def test_a_comparison_from_before_the_first_redaction_does_not_pass_the_whole_text_off_as_new(folder: Path) -> None:
    for what in ((CODE, "205"), (CODE,)):
        done = run(folder, "diff", *what, "--from", "2001-01-01")
        assert done.stdout == ""
        assert "nothing is known of 2001-01-01; ask for --from 2014-11-07" in message(done)


def test_an_act_id_typed_on_another_keyboard_is_told_how_the_portal_writes_it(folder: Path) -> None:
    done = run(folder, "show", CODE.replace("K", "К"), "205")  # a Cyrillic letter
    assert done.exit_code == 2
    assert "the portal writes K1400000226, in Latin capitals" in done.stderr


@pytest.mark.parametrize("named", ["nonsense", f"{CODE}/ru", f"{CODE}/xx/2025-09-16", f"{CODE}/ru/soon"])
def test_what_cannot_be_accepted_is_refused_and_not_remembered(folder: Path, named: str) -> None:
    command = ["build", "--archive", str(folder / "archive"), "--db", str(folder / "lawdiff.db"), "--accept", named]
    assert CliRunner().invoke(cli, command).exit_code == 2
    assert not (folder / "archive" / "accepted.txt").exists()


def test_what_is_accepted_is_remembered_in_one_form(tmp_path: Path) -> None:
    crawl_files(tmp_path / "archive", page_files(SAMPLE))
    command = ["build", "--archive", str(tmp_path / "archive"), "--db", str(tmp_path / "lawdiff.db")]
    done = CliRunner().invoke(cli, [*command, "--accept", f"{CODE}/rus/16.09.2025", "--accept", CODE])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "archive" / "accepted.txt").read_text(encoding="utf-8") == f"{CODE}\n{CODE}/ru/2025-09-16\n"


def test_a_file_that_is_something_else_is_not_to_be_deleted(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Not a database\n" * 100, encoding="utf-8")
    said = message(CliRunner().invoke(cli, ["check", "--db", str(tmp_path / "README.md")]))
    assert "--db" in said
    assert "delete" not in said


def test_the_log_lists_changes_newest_last(folder: Path) -> None:
    rows = json.loads(run(folder, "log", CODE, "--json").stdout)
    dates = [row["redaction_date"] for row in rows]
    assert dates == sorted(dates)
    assert {row["lang"] for row in rows} == {"ru", "kk"}
    text = run(folder, "log", CODE, "--lang", "ru", "--since", dates[-1])
    assert text.exit_code == 0
    assert all(line.startswith(dates[-1]) for line in text.stdout.splitlines())


def test_a_diff_defaults_to_the_whole_range_and_to_the_whole_act(folder: Path) -> None:
    whole = json.loads(run(folder, "diff", CODE, "--format", "json").stdout)
    touched = {row["article_id"] for row in whole["articles"]}
    log = json.loads(run(folder, "log", CODE, "--lang", "ru", "--json").stdout)
    assert touched <= {row["article_id"] for row in log}
    assert f"{CODE}/art_115-1" in touched
    one = json.loads(run(folder, "diff", CODE, "115-1", "--format", "json").stdout)
    assert one["articles"][0]["old_version_id"] is None
    assert (one["from"], one["to"]) == (whole["from"], whole["to"])


def test_a_diff_between_equal_days_is_empty_and_a_backward_one_is_a_usage_error(folder: Path) -> None:
    same = run(folder, "diff", CODE, "--from", "2019-01-01", "--to", "2019-01-01")
    assert same.exit_code == 0
    assert same.stdout == ""
    assert run(folder, "diff", CODE, "--from", "2020-01-01", "--to", "2019-01-01").exit_code == 2


def test_a_diff_as_html_marks_words_and_escapes_the_rest(folder: Path) -> None:
    page = run(folder, "diff", CODE, "--format", "html").stdout
    assert "<ins" in page and "<del" in page
    assert "<script" not in page
