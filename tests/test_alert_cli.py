"""`lawdiff alert` on the command line: output, exit codes, and what a monitor reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from alert_receivers import SECRET, hook_server
from alert_world import CODE, World, rule, rules_file
from click.testing import CliRunner

from lawdiff.cli.alert import alert


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    world = World()
    world.fetch("2025-07-01", "a")
    world.change("205", "2023-03-07", force="2023-03-07")
    world.write(tmp_path / "lawdiff.db")
    rules_file(tmp_path, rule(acts=[CODE], chapters=["7"], title="Кибер"))
    assert ask(tmp_path, "run", "--today", "2025-07-01").exit_code == 0
    world.fetch("2025-07-20", "b")
    world.change("206", "2025-09-16", force="2025-09-16")
    world.write(tmp_path / "lawdiff.db")
    return tmp_path


def ask(folder: Path, *arguments: str, **environ: str):
    options = {"LAWDIFF_DB": str(folder / "lawdiff.db"), "LAWDIFF_RULES": str(folder / "alerts.toml"), **environ}
    return CliRunner().invoke(alert, list(arguments), env=options)


def test_run_sends_once_and_keeps_its_state_beside_the_database(folder: Path) -> None:
    first = ask(folder, "run", "--today", "2025-07-20")
    assert (first.exit_code, "ст. 206: изменение" in first.stdout) == (0, True)
    assert "1 found, 1 digests, 1 sent" in first.stderr
    assert (folder / "alerts.db").exists()
    assert ask(folder, "run", "--today", "2025-07-20").stdout == ""


def test_a_dry_run_lists_and_sends_nothing(folder: Path) -> None:
    said = ask(folder, "run", "--dry-run", "--today", "2025-07-20")
    assert said.stdout == (
        f"2025-07-20  cyber  {CODE}/art_206@2025-09-16  adopted  amended  law 210-VIII in force 2025-09-16\n"
    )
    assert "(dry run)" in said.stderr
    assert "ст. 206" in ask(folder, "run", "--today", "2025-07-20").stdout


def test_json_on_stdout_is_one_object_also_when_a_channel_prints(folder: Path) -> None:
    said = ask(folder, "run", "--json", "--today", "2025-07-20")
    report = json.loads(said.stdout)
    assert (report["ok"], report["found"], report["sent"]) == (True, 1, 1)
    assert report["items"][0]["laws"][0]["number"] == "210-VIII"


def test_a_receiver_that_fails_gives_exit_code_1_and_waits_in_the_outbox(folder: Path) -> None:
    with hook_server() as (hook, port):
        hook.answers = [(500, {})]
        channels = (
            f'[channels.out]\nkind = "webhook"\nurl = "http://127.0.0.1:{port}/"\nsecret = "env:S"\n'
            'allow_private = ["127.0.0.1"]\nattempts = 2\nretry_base = 1\n'
        )
        rules_file(folder, rule(acts=[CODE], chapters=["7"]), channels=channels)
        assert ask(folder, "run", "--today", "2025-07-20", S=SECRET).exit_code == 1
        status = json.loads(ask(folder, "status", "--json").stdout)
        assert (status["counts"]["deliveries_retry"], status["open"][0]["error"]) == (1, "the receiver answered 500")
        hook.answers = [(500, {})]
        sent = ask(folder, "send", "--patience", "3", S=SECRET)
        assert (sent.exit_code, "see lawdiff alert dead" in sent.stderr) == (1, True)
        assert ask(folder, "status").exit_code == 1
        (dead,) = json.loads(ask(folder, "dead", "--json").stdout)
        assert dead["error"] == "the receiver answered 500"
        assert "1 put back" in ask(folder, "dead", "--retry", str(dead["id"])).stderr
        assert ask(folder, "send", S=SECRET).exit_code == 0
        assert ask(folder, "status").exit_code == 0
    assert len(hook.delivered()) == 1


def test_backtest_lists_what_the_rule_would_have_sent(folder: Path) -> None:
    said = ask(folder, "backtest", "cyber", "--since", "2014-01-01", "--until", "2025-12-31")
    assert [line.split()[:4] for line in said.stdout.splitlines()] == [
        ["2023-03-07", "cyber", f"{CODE}/art_205@2023-03-07", "adopted+in_force"],
        ["2025-09-16", "cyber", f"{CODE}/art_206@2025-09-16", "adopted+in_force"],
    ]
    assert "cyber: 2 alerts in 2 digests" in said.stderr
    days = json.loads(ask(folder, "backtest", "cyber", "--since", "2025-01-01", "--json").stdout)
    assert [day["day"] for day in days] == ["2025-09-16"]


def test_test_sends_one_message_to_a_channel(folder: Path) -> None:
    said = ask(folder, "test", "out")
    assert (said.exit_code, "Проверка канала «out»" in said.stdout + said.output or "проверочное" in said.output) == (
        0,
        True,
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("test", "nowhere"), "has no channel 'nowhere'; it has out"),
        (("backtest", "nowhere", "--since", "2014-01-01"), "has no rule 'nowhere'; it has cyber"),
        (("run", "--db", "/nonexistent/x.db", "--state", "{folder}/s.db"), "no database"),
        (("run", "--rules", "/nonexistent/alerts.toml"), "--rules"),
        (("status", "--state", "{folder}/none.db"), "there is no state"),
        (("dead", "--state", "{folder}/none.db"), "there is no state"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_1(folder: Path, arguments: tuple[str, ...], reason: str) -> None:
    environ = os.environ | {"LAWDIFF_DB": str(folder / "lawdiff.db"), "LAWDIFF_RULES": str(folder / "alerts.toml")}
    done = subprocess.run(
        [sys.executable, "-m", "lawdiff", "alert", *(each.format(folder=folder) for each in arguments)],
        capture_output=True, text=True, env=environ, check=False,
    )  # fmt: skip
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert reason in done.stderr


def test_a_date_that_is_none_is_a_usage_error(folder: Path) -> None:
    assert ask(folder, "run", "--since", "yesterday").exit_code == 2


def test_send_is_idle_while_a_run_is_under_way(folder: Path) -> None:
    from lawdiff.alerts.state import locked

    with locked(folder / "alerts.db"):
        said = ask(folder, "send")
        assert (said.exit_code, "another alert run holds" in said.stderr) == (0, True)
