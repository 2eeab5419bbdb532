"""Channels against real receivers on loopback: taken, refused, slow, redirecting, asking for patience."""

from __future__ import annotations

import io
import json
import logging
import ssl
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
import trustme
from alert_receivers import SECRET, Hook, Mailbox, hook_server, mail_server
from alert_world import CODE, Clock, World, rule, rules_file

from lawdiff.alerts import run
from lawdiff.alerts.channels.base import Message, SendFailed
from lawdiff.alerts.channels.bridge import AppriseChannel
from lawdiff.alerts.channels.smtp import Smtp
from lawdiff.alerts.channels.webhook import Webhook, retry_after
from lawdiff.alerts.messages import Part
from lawdiff.alerts.rounds import Report
from lawdiff.alerts.rules import Rule
from lawdiff.alerts.secrets import Secret
from lawdiff.alerts.state import State

ENVIRON = {"HOOK_SECRET": SECRET}


def message(target: str = "reader@example.org", subject: str = "Тема", number: int = 1) -> Message:
    part = Part(subject, "текст\n", "<p>текст</p>", number, 2, ())
    created = datetime(2025, 7, 20, 6, tzinfo=UTC)
    return Message(f"abc.1.{number}", part, Rule("cyber", ("out",)), target, created, lambda _: [])


class Job:
    """A world with one change to tell, and a channel to tell it through."""

    def __init__(self, folder: Path, channels: str, rules: str = "") -> None:
        self.folder = folder
        self.clock = Clock("2025-07-01")
        self.world = World()
        self.rules = rules_file(folder, rules or rule(acts=[CODE], phases=["adopted"]), channels=channels)
        self.world.fetch("2025-07-01", "a")
        self.world.redaction("2023-03-07")
        self.round()
        self.world.fetch("2025-07-20", "b")
        for number in ("205", "115-1"):
            self.world.change(number, "2025-09-16", force="2025-09-16")
        self.clock = Clock("2025-07-20")

    def round(self, **options) -> Report:
        db = self.world.write(self.folder / "lawdiff.db")
        options = {"environ": ENVIRON, "stdout": io.StringIO(), **options}
        return run(db, self.rules, self.folder / "alerts.db", clock=self.clock, sleep=self.clock.sleep, **options)

    def state(self) -> State:
        return State(self.folder / "alerts.db")


def smtp_channel(port: int, more: str = "") -> str:
    return (
        f'[channels.out]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        f'from = "Law <law@example.org>"\nto = ["a@example.org", "b@example.org"]\n{more}\n'
    )


def hook_channel(port: int, more: str = "") -> str:
    return (
        f'[channels.out]\nkind = "webhook"\nurl = "http://127.0.0.1:{port}/hook"\nsecret = "env:HOOK_SECRET"\n'
        f'allow_private = ["127.0.0.1"]\ntimeout = 0.4\n{more}\n'
    )


# ---- mail


def test_a_mail_goes_to_each_address_on_its_own_with_text_and_html(tmp_path: Path) -> None:
    with mail_server() as (box, port):
        report = Job(tmp_path, smtp_channel(port)).round()
    assert (report.found, report.sent, report.ok) == (2, 2, True)
    assert box.recipients == ["a@example.org", "b@example.org"]
    mail = box.mails[0]
    assert str(mail["To"]) == "a@example.org"
    assert "ст. 205" in str(mail["Subject"])
    assert str(mail["Auto-Submitted"]) == "auto-generated"
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for body in (text, html):
        assert "Закон РК от 16.07.2025 № 210-VIII" in body
        assert "16.09.2025" in body
        assert "https://adilet.zan.kz/rus/docs/K1400000226" in body
    assert "[-прежний текст нормы-]{+новый текст нормы+}" in text
    assert "<style" not in html
    assert "class=" not in html


def test_a_refused_address_dies_alone_and_the_other_is_served(tmp_path: Path) -> None:
    with mail_server() as (box, port):
        box.refused["a@example.org"] = "550 no such user"
        job = Job(tmp_path, smtp_channel(port))
        report = job.round()
        assert (report.sent, report.dead, report.ok) == (1, 1, False)
        with job.state() as state:
            (dead,) = state.dead()
        assert (dead.target, "550" in (dead.error or "")) == ("a@example.org", True)
        box.refused.clear()
        with job.state() as state:
            assert state.revive([dead.id]) == 1
        assert job.round().sent == 1
    assert sorted(box.recipients) == ["a@example.org", "b@example.org"]


def test_a_temporary_failure_is_tried_again_later_with_the_same_message_id(tmp_path: Path) -> None:
    with mail_server() as (box, port):
        job = Job(tmp_path, smtp_channel(port, "retry_base = 60"))
        box.answers = ["451 try later", None]
        report = job.round()
        assert (report.sent, report.retrying) == (1, 1)
        assert job.round().sent == 0  # a minute has not passed
        job.clock.sleep(61)
        assert (job.round().sent, job.round().retrying) == (1, 0)
    assert len(set(box.ids())) == 2
    assert all(str(mail["Date"]).startswith("Sun, 20 Jul 2025") for mail in box.mails)


def test_the_message_id_is_the_same_at_every_attempt(tmp_path: Path) -> None:
    with mail_server() as (box, port):
        channel = Smtp("out", "127.0.0.1", port, "law@example.org", ("a@example.org",), "none")
        for _ in range(2):
            channel.send(message())
    assert box.ids() == ["<abc.1.1@example.org>"] * 2


def test_back_off_doubles_up_to_its_cap_and_ends_among_the_dead(tmp_path: Path) -> None:
    with mail_server() as (box, port):
        more = "retry_base = 10\nretry_cap = 35\nattempts = 5"
        job = Job(tmp_path, smtp_channel(port, more).replace('"a@example.org", ', ""))
        box.answers = ["451 no"] * 5
        waits = []
        for _ in range(5):
            report = job.round()
            with job.state() as state:
                waits += [(each.next_try - job.clock()).total_seconds() for each in state.open_deliveries()]
            job.clock.sleep(36)
        assert waits == [10, 20, 35, 35]
        assert report.dead == 1


def test_in_one_round_patience_waits_for_the_retry(tmp_path: Path) -> None:
    with mail_server() as (box, port):
        job = Job(tmp_path, smtp_channel(port, "retry_base = 20"))
        box.answers = ["451 no", "451 no"]
        report = job.round(patience=60)
    assert (report.sent, report.ok) == (2, True)


def test_a_mail_server_that_offers_no_tls_gets_no_mail_where_tls_is_asked() -> None:
    with mail_server() as (box, port):
        channel = Smtp("out", "127.0.0.1", port, "law@example.org", ("a@example.org",), "starttls")
        with pytest.raises(SendFailed):
            channel.send(message())
    assert box.mails == []


def test_a_mail_server_with_a_foreign_certificate_gets_no_mail(tmp_path: Path) -> None:
    authority, trusted = trustme.CA(), trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(server_context)
    ours, theirs = ssl.create_default_context(), ssl.create_default_context()
    trusted.configure_trust(ours)
    authority.configure_trust(theirs)
    with mail_server(tls_context=server_context) as (box, port):
        for context, taken in ((ours, 0), (theirs, 1)):
            channel = Smtp("out", "127.0.0.1", port, "l@example.org", ("a@example.org",), "starttls", context=context)
            if not taken:
                with pytest.raises(SendFailed):
                    channel.send(message())
            else:
                channel.send(message())
            assert len(box.mails) == taken


LONG = (
    "УК РК: ст. 115-1, ст. 205, ст. 206, ст. 207 и ещё 3 — введение, изменение; действует с 16.09.2025 [часть 1 из 3]"
)


@pytest.mark.parametrize("subject", [LONG[start:] for start in range(0, 60, 7)] + ["plain " * 30, LONG + " " + LONG])
def test_a_subject_arrives_as_it_was_however_it_is_folded(subject: str) -> None:
    with mail_server() as (box, port):
        Smtp("out", "127.0.0.1", port, "law@example.org", ("a@example.org",), "none").send(message(subject=subject))
    assert str(box.mails[0]["Subject"]) == " ".join(subject.split())[:300].strip()


def test_a_subject_cannot_smuggle_a_header() -> None:
    with mail_server() as (box, port):
        channel = Smtp("out", "127.0.0.1", port, "law@example.org", ("a@example.org",), "none")
        channel.send(message(subject="Тема\r\nBcc: thief@example.org"))
    assert box.recipients == ["reader@example.org"]
    assert box.mails[0]["Bcc"] is None


# ---- webhook


def test_a_webhook_is_signed_dated_and_carries_the_facts(tmp_path: Path) -> None:
    with hook_server() as (hook, port):
        report = Job(tmp_path, hook_channel(port)).round()
    assert (report.sent, report.ok, hook.bad_signatures) == (1, True, 0)
    ((call_id, body),) = hook.taken
    headers, _ = hook.calls[0]
    assert headers["idempotency-key"] == call_id == body["id"]
    assert [item["eid"] for item in body["items"]] == ["art_115-1", "art_205"]
    law = body["items"][0]["laws"][0]
    assert (law["number"], law["adopted_on"], law["in_force_from"]) == ("210-VIII", "2025-07-16", "2025-09-16")
    assert [text["lang"] for text in body["items"][0]["texts"]] == ["ru", "kk"]


@pytest.mark.parametrize("answer", [(500, {}), (503, {}), (408, {}), "hang", "drop", "drip"])
def test_a_receiver_in_trouble_is_tried_again_with_the_same_id(tmp_path: Path, answer) -> None:
    with hook_server() as (hook, port):
        job = Job(tmp_path, hook_channel(port, "retry_base = 60"))
        hook.answers = [answer]
        report = job.round()
        assert (report.sent, report.retrying, report.dead) == (0, 1, 0)
        job.clock.sleep(61)
        assert job.round().sent == 1
    ids = {headers["webhook-id"] for headers, _ in hook.calls}
    assert (len(hook.calls), len(ids), len(hook.delivered())) == (2, 1, 2)


def test_retry_after_is_kept_by_the_whole_channel(tmp_path: Path) -> None:
    with hook_server() as (hook, port):
        rules = rule("one", acts=[CODE], phases=["adopted"]) + rule("two", acts=[CODE], phases=["adopted"])
        job = Job(tmp_path, hook_channel(port, "retry_base = 1"), rules)
        hook.answers = [(429, {"Retry-After": "600"})]
        job.round()
        assert len(hook.calls) == 1  # the second rule's message does not hammer the receiver
        job.clock.sleep(599)
        job.round()
        assert len(hook.calls) == 1
        job.clock.sleep(2)
        assert job.round().sent == 2
    assert hook.bad_signatures == 0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), ("Sun, 20 Jul 2025 06:02:00 GMT", 120.0), ("soon", None), (None, None), ("99999999", 604800.0)],
)
def test_retry_after_is_read_in_both_forms(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, datetime(2025, 7, 20, 6, tzinfo=UTC).timestamp()) == seconds


def test_a_redirect_is_not_followed_and_not_tried_again(tmp_path: Path) -> None:
    with hook_server() as (hook, port), hook_server() as (elsewhere, other):
        job = Job(tmp_path, hook_channel(port))
        hook.answers = [(307, {"Location": f"http://127.0.0.1:{other}/"})]
        report = job.round()
    assert (report.dead, elsewhere.calls) == (1, [])
    assert "redirect" in report.errors[0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413])
def test_a_final_answer_is_not_tried_again(tmp_path: Path, status: int) -> None:
    with hook_server() as (hook, port):
        job = Job(tmp_path, hook_channel(port))
        hook.answers = [(status, {})]
        assert job.round().dead == 1
        job.clock.sleep(86400)
        assert (job.round().sent, len(hook.calls)) == (0, 1)


def test_a_private_address_that_is_not_allowed_by_name_is_never_called() -> None:
    with hook_server() as (hook, port):
        channel = Webhook("out", Secret(f"http://127.0.0.1:{port}/"), Secret(SECRET))
        with pytest.raises(SendFailed) as caught:
            channel.send(message())
        named = Webhook("out", Secret(f"http://localhost:{port}/"), Secret(SECRET), allow_private=("127.0.0.1",))
        with pytest.raises(SendFailed):
            named.send(message())
    assert caught.value.permanent
    assert hook.calls == []


def test_a_name_that_resolves_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.8")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(SendFailed, match=r"private or loopback address \(10\.0\.0\.8\)"):
        Webhook("out", Secret("https://innocent.example/"), Secret(SECRET)).send(message())


def test_a_webhook_over_tls_checks_the_certificate_of_the_name() -> None:
    authority = trustme.CA()
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server_context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with hook_server(server_context) as (hook, port):
        url = Secret(f"https://localhost:{port}/")
        strict = Webhook("out", url, Secret(SECRET), allow_private=("localhost",), timeout=2)
        with pytest.raises(SendFailed, match="certificate"):
            strict.send(message())
        Webhook("out", url, Secret(SECRET), allow_private=("localhost",), timeout=2, context=trusting).send(message())
        wrong = Secret(f"https://127.0.0.1:{port}/")
        with pytest.raises(SendFailed, match="certificate"):
            Webhook("out", wrong, Secret(SECRET), allow_private=("127.0.0.1",), timeout=2, context=trusting).send(
                message()
            )
    assert len(hook.taken) == 1


# ---- Atom, standard output


def test_an_atom_file_per_rule_keeps_its_ids_over_rewrites(tmp_path: Path) -> None:
    job = Job(
        tmp_path, '[settings]\nsite = "https://law.example.org"\n[channels.out]\nkind = "atom"\nfolder = "feeds"\n'
    )
    assert job.round().ok
    path = tmp_path / "feeds" / "cyber.atom"
    first = feedparser.parse(path.read_bytes())
    assert (first.bozo, len(first.entries)) == (False, 2)
    assert "введение" not in first.entries[0].title
    assert {entry.id for entry in first.entries} == {
        f"tag:lawdiff.local,2026:alerts/cyber/{CODE}/art_{number}/2025-09-16/adopted//" for number in ("205", "115-1")
    }
    assert first.entries[0].link.startswith(f"https://law.example.org/{CODE}/art_")
    job.world.fetch("2025-07-22", "c")
    job.world.change("206", "2025-10-01")
    job.clock = Clock("2025-07-22")
    job.round()
    second = feedparser.parse(path.read_bytes())
    assert [entry.id for entry in second.entries[1:]] == [entry.id for entry in first.entries]
    assert [entry.updated for entry in second.entries[1:]] == [entry.updated for entry in first.entries]
    assert [name.name for name in path.parent.iterdir()] == ["cyber.atom"]


def test_standard_output_as_json_is_one_object_per_digest(tmp_path: Path) -> None:
    job = Job(tmp_path, '[channels.out]\nkind = "stdout"\nformat = "json"\n')
    out = io.StringIO()
    job.round(stdout=out)
    (line,) = out.getvalue().splitlines()
    assert [item["eid"] for item in json.loads(line)["items"]] == ["art_115-1", "art_205"]


# ---- Apprise


def test_apprise_sends_through_a_real_service_address_and_keeps_its_token_out_of_the_state(tmp_path: Path) -> None:
    """ntfy is a service that one hosts oneself: the address names a host, so loopback must be allowed by name."""
    with hook_server() as (hook, port):
        hook.verify = lambda headers, body: True  # type: ignore[method-assign]
        hook.answers = [(500, {}), (403, {})]
        channel = '[channels.out]\nkind = "apprise"\nurl = "env:NTFY"\nallow_private = ["127.0.0.1"]\nretry_base = 1\n'
        job = Job(tmp_path, channel)
        environ = {"NTFY": f"ntfy://user:topsecrettoken@127.0.0.1:{port}/topic"}
        report = job.round(environ=environ)
        assert (report.sent, report.retrying) == (0, 1)
        with job.state() as state:
            (waiting,) = state.open_deliveries()
        assert "topsecrettoken" not in (tmp_path / "alerts.db").read_bytes().decode("latin-1")
        assert "topsecrettoken" not in (waiting.error or "")
        refused = AppriseChannel("out", Secret(environ["NTFY"]))
        with pytest.raises(SendFailed, match="private or loopback"):
            refused.send(message())
    assert len(hook.calls) == 1


def test_apprise_delivers_in_parts_that_the_service_takes(tmp_path: Path) -> None:
    """gotify stands for the chats: a title and a text, no HTML, no redline of a second language."""
    with hook_server() as (hook, port):
        hook.verify = lambda headers, body: True  # type: ignore[method-assign]
        hook.answers = [(200, {})] * 9
        channel = '[channels.out]\nkind = "apprise"\nurl = "env:GOTIFY"\nallow_private = ["127.0.0.1"]\n'
        job = Job(tmp_path, channel)
        for number in ("206", "213", "188"):
            job.world.change(number, "2025-09-16", new="новое слово " * 300, force="2025-09-16")
        report = job.round(environ={"GOTIFY": f"gotify://127.0.0.1:{port}/token-token"})
    assert (report.sent, report.ok) == (1, True)
    bodies = [body for _, body in hook.taken]
    assert "вступает в силу 16.09.2025" in bodies[0]["title"]
    text = "\n".join(body["message"] for body in bodies)
    for number in ("115-1", "188", "205", "206", "213"):
        assert f"ст. {number}" in text
    assert "{+новый текст нормы+}" in text
    assert "Полностью по ссылке." in text
    assert all(len(body["message"].encode()) <= 33_000 for body in bodies)


def test_what_apprise_logs_does_not_reach_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with hook_server() as (hook, port), caplog.at_level(logging.DEBUG):
        hook.verify = lambda headers, body: True  # type: ignore[method-assign]
        hook.answers = [(500, {})]
        address = Secret(f"gotify://127.0.0.1:{port}/topsecrettoken")
        with pytest.raises(SendFailed) as caught:
            AppriseChannel("out", address, allow_private=("127.0.0.1",)).send(message())
    assert "topsecrettoken" not in caplog.text + caught.value.reason


# ---- all of them


def test_a_channel_without_its_secret_holds_back_its_own_messages_only(tmp_path: Path) -> None:
    with hook_server() as (hook, port):
        channels = hook_channel(port) + '[channels.other]\nkind = "stdout"\n'
        rules = rule("hooked", acts=[CODE], phases=["adopted"])
        rules += rule("printed", acts=[CODE], phases=["adopted"], channels=["out", "other"])
        job = Job(tmp_path, channels, rules)
        out = io.StringIO()
        report = job.round(environ={}, stdout=out)
        assert (report.sent, report.retrying, report.ok) == (1, 2, False)
        assert "HOOK_SECRET is not set" in report.errors[0]
        assert "ст. 205" in out.getvalue()
        assert job.round().sent == 2
    assert len(hook.delivered()) == 4


def test_what_was_for_a_removed_channel_is_listed_among_the_dead(tmp_path: Path) -> None:
    with hook_server() as (hook, port):
        job = Job(tmp_path, hook_channel(port))
        hook.answers = [(500, {})]
        job.round()
        rules_file(tmp_path, rule(acts=[CODE], channels=["new"]), channels='[channels.new]\nkind = "stdout"\n')
        report = job.round()
    assert report.dead == 1
    assert "no longer in the rules" in report.errors[0]


def test_no_secret_is_in_the_state(tmp_path: Path) -> None:
    with hook_server() as (_, port):
        Job(tmp_path, hook_channel(port)).round()
    kept = (tmp_path / "alerts.db").read_bytes()
    assert SECRET.encode() not in kept
    assert SECRET.removeprefix("whsec_").encode() not in kept


__all__ = ["Hook", "Mailbox"]
