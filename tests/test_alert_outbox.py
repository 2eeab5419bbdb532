"""Exactly once, in effect: kills at every step, any order of crawls, rebuilds and restarts, and what each channel
errs on."""

from __future__ import annotations

import io
import os
import shutil
import signal
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alert_receivers import SECRET, hook_server, mail_server
from alert_world import CODE, Clock, World, rule, rules_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawdiff.alerts import run
from lawdiff.alerts.channels.base import Channel, Message, Patience, SendFailed
from lawdiff.alerts.messages import Limits
from lawdiff.alerts.rounds import Report

ENVIRON = {"HOOK_SECRET": SECRET}


def one_round(folder: Path, day: str, kill_at: int = -1) -> tuple[int, list[str]]:
    """A round in a process of its own, killed (SIGKILL) at the Nth point between two steps; the signal, and the points
    that it passed. The program knows no kill points: `run(…, hook=…)` calls what it is given between its steps."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        left = kill_at
        try:

            def hook(point: str) -> None:
                nonlocal left
                os.write(write, f"{point}\n".encode())
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

            names = (folder / name for name in ("lawdiff.db", "alerts.toml", "alerts.db"))
            run(*names, clock=Clock(day), hook=hook, environ=ENVIRON, stdout=io.StringIO())
            os._exit(0)
        except BaseException as error:
            os.write(2, f"{error!r}\n".encode())
            os._exit(3)
    os.close(write)
    with os.fdopen(read) as pipe:
        points = pipe.read().split("\n")[:-1]
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, points


def prepared(folder: Path, port: int, mail_port: int) -> World:
    """A state with its baseline, and two rules with something to tell, by webhook (in parts) and by mail."""
    channels = (
        f'[channels.hook]\nkind = "webhook"\nurl = "http://127.0.0.1:{port}/"\nsecret = "env:HOOK_SECRET"\n'
        'allow_private = ["127.0.0.1"]\n'
        f'[channels.mail]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {mail_port}\nsecurity = "none"\n'
        'from = "law@example.org"\nto = ["a@example.org"]\n'
    )
    rules = rule("one", acts=[CODE], chapters=["7"], channels=["hook", "mail"])
    rules += rule("two", acts=[CODE], articles=["115-1"], channels=["hook"])
    rules_file(folder, rules, channels=channels)
    world = World()
    world.fetch("2025-07-01", "a")
    world.redaction("2023-03-07")
    world.write(folder / "lawdiff.db")
    assert one_round(folder, "2025-07-01") == (0, ["before found", "found"])
    world.fetch("2025-07-20", "b")
    for number in ("205", "206", "115-1"):
        world.change(number, "2025-09-16", force="2025-09-16")
    world.write(folder / "lawdiff.db")
    return world


EXPECTED = sorted(
    f"{name}|{CODE}|art_{number}|2025-09-16|adopted||"
    for name, number in (("one", "205"), ("one", "206"), ("two", "115-1"))
)


def test_killed_at_every_step_and_started_again_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    with hook_server() as (hook, port), mail_server() as (box, mail_port):
        template = tmp_path / "template"
        template.mkdir()
        prepared(template, port, mail_port)
        code, points = one_round(shutil.copytree(template, tmp_path / "whole"), "2025-07-20")
        assert code == 0
        assert {"before found", "found", "digest", "rendered", "sending", "part sent", "part recorded", "sent"} == set(
            points
        )
        whole_mail = box.ids()
        repeated = Counter[str]()
        for number, point in enumerate(points):
            hook.taken.clear()
            box.mails.clear()
            folder = shutil.copytree(template, tmp_path / f"killed-{number}")
            assert one_round(folder, "2025-07-20", number)[0] == signal.SIGKILL
            assert one_round(folder, "2025-07-20")[0] == 0
            assert sorted(hook.delivered()) == EXPECTED, f"killed at {number}, {point}"
            assert set(box.ids()) == set(whole_mail), f"killed at {number}, {point}"
            repeated[point] += len(hook.taken) - 2 + len(box.mails) - 1
            passed_again = one_round(folder, "2025-07-20")[1]
            assert passed_again == ["before found", "found"]
        # Between sending and recording a message is repeated, with the same id; nowhere else.
        assert repeated == {point: (3 if point == "part sent" else 0) for point in points}


def test_killed_again_and_again_it_still_ends_with_each_alert_once(tmp_path: Path) -> None:
    with hook_server() as (hook, port), mail_server() as (box, mail_port):
        prepared(tmp_path, port, mail_port)
        for number in (0, 1, 2, 0, 1, 3, 2, 1, 0, 4, 1):
            one_round(tmp_path, "2025-07-20", number)
        one_round(tmp_path, "2025-07-20")
        assert sorted(hook.delivered()) == EXPECTED
        assert len(set(box.ids())) == 1


class Courier(Channel):
    """A channel that fails on order and remembers what it took."""

    name = "out"
    limits = Limits()
    patience = Patience(base=0.0, attempts=1000)

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.fail = False

    def send(self, message: Message) -> None:
        if self.fail:
            raise SendFailed("down")
        self.taken.extend((message.id, key) for item in message.part.items for key in item["keys"])


class Killed(BaseException):
    """Stands for a kill: no handler of the program catches it."""


@pytest.fixture
def courier(monkeypatch: pytest.MonkeyPatch) -> Courier:
    one = Courier()
    monkeypatch.setattr("lawdiff.alerts.rounds.open_channel", lambda *_: one)
    return one


def test_what_was_being_sent_when_killed_is_dropped_into_the_dead_letters_where_the_rules_say_so(
    tmp_path: Path, courier: Courier
) -> None:
    for on_doubt, outcome in (("repeat", (1, 0)), ("drop", (0, 1))):
        folder = tmp_path / on_doubt
        folder.mkdir()
        courier.on_doubt = on_doubt
        player = Player(folder, courier)
        player.play("adopt")
        with pytest.raises(Killed):
            player.round(kill_at="part sent")
        report = player.round()
        assert (report.sent, report.dead) == outcome


class Player:
    """Plays steps against a world and remembers which keys must have been told."""

    def __init__(self, folder: Path, courier: Courier) -> None:
        self.folder, self.courier = folder, courier
        self.world = World()
        self.rules = rules_file(
            folder, rule(acts=[CODE], phases=["announced", "adopted", "T-30", "in_force", "silent_edit"])
        )
        self.day = date(2025, 1, 1)
        self.expected: set[str] = set()
        self.adopted: list[tuple[str, date]] = []
        self.announced: list[tuple[str, str, date]] = []
        self.serial = 0
        self.world.fetch(self.day.isoformat(), "0")
        self.world.redaction("2024-01-01")
        self.round()

    def play(self, step: str) -> None:
        number = ("205", "206", "213", "115-1", "188")[self.serial % 5]
        self.serial += 1
        if step == "adopt":
            force = self.day + timedelta(days=45)
            self.world.fetch(self.day.isoformat(), f"p{self.serial}")
            self.world.change(number, self.day.isoformat(), force=force.isoformat(), new=f"текст {self.serial}")
            self.expected.add(f"cyber|{CODE}|art_{number}|{self.day}|adopted||")
            self.adopted.append((number, self.day))
        elif step == "announce":
            law, force = f"Z26{self.serial:08d}", self.day + timedelta(days=45)
            self.world.laws[law] = (f"{self.serial}-VIII", "2024-12-01")
            self.world.fetch(self.day.isoformat(), f"p{self.serial}")
            self.world.announce(number, "2024-01-01", law=law, force=force.isoformat())
            self.expected.add(f"cyber|{CODE}|art_{number}||announced||future:{self.serial}-VIII@2024-12-01")
            self.announced.append((number, f"{self.serial}-VIII@2024-12-01", force))
        elif step == "quiet night":
            self.world.fetch(self.day.isoformat(), f"p{self.serial}" if self.serial % 2 else "same")
        elif step == "refill":
            old = date(2015, 1, 1) + timedelta(days=self.serial)
            self.world.change(number, old.isoformat(), new=f"старый {self.serial}")
        elif step == "silent edit":
            self.world.fetch(self.day.isoformat(), f"p{self.serial}")
            newest = max(day for _, _, day in self.world.redactions)
            self.world.change(
                number, newest, op="silent_edit", law=None, first_seen=self.day.isoformat(), seq=self.serial,
                old=f"было {self.serial}", new=f"стало {self.serial}",
            )  # fmt: skip
            self.expected.add(f"cyber|{CODE}|art_{number}|{newest}|silent_edit||{self.day}")
        elif step == "typography":
            self.world.fetch(self.day.isoformat(), f"p{self.serial}")
            self.world.change(number, self.day.isoformat(), op="typographic", weight="editorial")
        elif step == "rebuild elsewhere":
            (self.folder / "lawdiff.db").unlink()

    def advance(self, days: int) -> None:
        """Days pass, each with its round: what takes effect on the way is expected."""
        for _ in range(days):
            self.day += timedelta(days=1)
            self.round()

    def round(self, kill_at: str | None = None) -> Report:
        self.world.checked = {}
        self.world.write(self.folder / "lawdiff.db")

        def hook(point: str) -> None:
            if point == kill_at:
                raise Killed(point)

        for number, adopted in self.adopted:
            for phase, lead in (("T-30", 30), ("in_force", 0)):
                if self.day >= adopted + timedelta(days=45 - lead):
                    self.expected.add(f"cyber|{CODE}|art_{number}|{adopted}|{phase}|210-VIII@2025-07-16|")
        for number, law, force in self.announced:
            for phase, lead in (("T-30", 30), ("in_force", 0)):
                if self.day >= force - timedelta(days=lead):
                    self.expected.add(f"cyber|{CODE}|art_{number}||{phase}|{law}|")
        return run(
            self.folder / "lawdiff.db", self.rules, self.folder / "alerts.db", hook=hook, environ={},
            clock=Clock(self.day.isoformat()), stdout=io.StringIO(),
        )  # fmt: skip


STEPS = ("adopt", "announce", "quiet night", "refill", "silent edit", "typography", "rebuild elsewhere")
POINTS = ("before found", "found", "digest", "rendered", "sending", "part recorded", "sent")
PLAY = st.lists(
    st.one_of(
        st.sampled_from(STEPS),
        st.tuples(st.just("kill"), st.sampled_from(POINTS)),
        st.tuples(st.just("days"), st.sampled_from([1, 3])),
        st.sampled_from(["outage", "restart", "pause"]),
    ),
    min_size=3,
    max_size=12,
)


@given(PLAY)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_for_any_order_of_crawls_rebuilds_and_restarts_each_key_is_delivered_once(
    courier: Courier, play: list[object]
) -> None:
    courier.taken.clear()
    courier.fail = False
    with tempfile.TemporaryDirectory() as folder:
        player = Player(Path(folder), courier)
        for step in play:
            if isinstance(step, str) and step in STEPS:
                player.play(step)
                player.day += timedelta(days=1)
                player.round()
            elif step == "outage":
                courier.fail = not courier.fail
            elif step == "restart":
                player.round()
            elif step == "pause":
                player.day += timedelta(days=16)
                player.round()
            elif isinstance(step, tuple) and step[0] == "days":
                player.advance(step[1])
            elif isinstance(step, tuple):
                with suppress(Killed):
                    player.round(kill_at=step[1])
        courier.fail = False
        player.round()
        player.round()
    counts = Counter(key for _, key in courier.taken)
    assert set(counts) == player.expected
    assert set(counts.values()) <= {1}


def test_what_nobody_expected_holds_back_neither_the_round_nor_the_others(tmp_path: Path, courier: Courier) -> None:
    player = Player(tmp_path, courier)
    player.play("adopt")
    real, courier.send = courier.send, lambda message: {}[message.id]  # type: ignore[method-assign, assignment]
    report = player.round()
    assert (report.sent, report.retrying, report.ok) == (0, 1, False)
    courier.send = real  # type: ignore[method-assign]
    assert player.round().sent == 1
    assert {key for _, key in courier.taken} == player.expected


def test_a_digest_that_cannot_be_rendered_waits_while_others_go_out(
    tmp_path: Path, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lawdiff.alerts import rounds

    player = Player(tmp_path, courier)
    rules_file(tmp_path, rule("bad", acts=[CODE], phases=["adopted"]) + rule("good", acts=[CODE], phases=["adopted"]))
    player.round()
    player.day += timedelta(days=1)
    player.play("adopt")
    real = rounds.render_digest

    def poisoned(payloads, rule, *rest):
        if rule.name == "bad":
            raise ZeroDivisionError("a bug")
        return real(payloads, rule, *rest)

    monkeypatch.setattr(rounds, "render_digest", poisoned)
    report = player.round()
    assert (report.sent, report.retrying) == (1, 1)
    assert "rule 'bad' cannot be rendered: ZeroDivisionError" in report.errors[0]
    monkeypatch.setattr(rounds, "render_digest", real)
    assert player.round().sent == 1
    assert sorted(key.partition("|")[0] for _, key in courier.taken) == ["bad", "good"]


def test_a_round_with_only_send_needs_no_database(tmp_path: Path, courier: Courier) -> None:
    player = Player(tmp_path, courier)
    player.play("adopt")
    courier.fail = True
    assert player.round().retrying == 1
    courier.fail = False
    (tmp_path / "lawdiff.db").unlink()
    now = datetime(2025, 1, 1, 7, tzinfo=UTC)
    report = run(
        tmp_path / "lawdiff.db", player.rules, tmp_path / "alerts.db", only_send=True, clock=lambda: now, environ={}
    )
    assert (report.sent, report.found) == (1, 0)
