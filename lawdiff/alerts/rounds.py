"""One round: find, record, make digests, render, send, retry. The only place where clock, files and channels meet.

Every step leaves the state such that a kill loses nothing: what was found is recorded before anything is sent, a
delivery is marked before it is tried and after it went out. `hook` is called between the steps; production passes
none, the kill tests pass one that ends the process.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from lawdiff.alerts.advice import doubts
from lawdiff.alerts.channels import Channel, Message, SendFailed, open_channel, targets_of
from lawdiff.alerts.digest import payload_of
from lawdiff.alerts.facts import ActInfo, Fact, FactKind, Texts
from lawdiff.alerts.find import Findings, Ledger, Memory, find
from lawdiff.alerts.match import Matcher
from lawdiff.alerts.messages import Part, render_digest
from lawdiff.alerts.rules import Rule, Rules, RulesError, load_rules
from lawdiff.alerts.secrets import ChannelError
from lawdiff.alerts.state import Delivery, NewItem, State, Status, WaitingItem, Watched, backoff, locked
from lawdiff.store import alert_facts
from lawdiff.store.connection import open_database, translated

KAZAKHSTAN = ZoneInfo("Asia/Almaty")  # «today» of a law in force is the day in Kazakhstan (UTC+5 since 2024-03-01)
Hook = Callable[[str], None]
Clock = Callable[[], datetime]


@dataclass(slots=True)
class Report:
    """What a round did. `ok`: nothing failed that a person must look at. warnings: rules that select nothing."""

    found: int = 0
    digests: int = 0
    sent: int = 0
    retrying: int = 0
    dead: int = 0
    waiting: int = 0
    baseline: int = 0
    refilled: int = 0
    damped: int = 0
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not (self.dead or self.retrying or self.errors)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"ok": self.ok}

    def summary(self) -> str:
        """One line for people and logs."""
        said = f"{self.found} found, {self.digests} digests, {self.sent} sent"
        for name in ("waiting", "retrying", "dead", "damped", "refilled", "baseline"):
            if number := getattr(self, name):
                said += f", {number} {name}"
        return said


def utc_now() -> datetime:
    return datetime.now(UTC)


def run(
    db: Path,
    rules: Path,
    state: Path,
    *,
    since: date | None = None,
    today: date | None = None,
    dry_run: bool = False,
    only_send: bool = False,
    patience: float = 0.0,
    clock: Clock = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    environ: Mapping[str, str] | None = None,
    stdout: IO[str] | None = None,
    hook: Hook = lambda _: None,
) -> Report:
    """Do one round over the database `db` with the rules file `rules` and the state file `state`.

    since: send also what was missed from that day on. dry_run: find only; `Report.items` says what would be told,
    nothing is recorded or sent. only_send: no finding, only what is due in the outbox. patience: seconds to wait in
    this round for retries that fall due. today: the day in Kazakhstan by default.
    Raises RulesError, StoreError; what a channel does wrong is in the report, never an exception.
    """
    today = today or clock().astimezone(KAZAKHSTAN).date()
    report = Report()
    with locked(state):
        if only_send:
            loaded = load_rules(rules)
            with State(state) as kept:
                outbox = Outbox(
                    loaded, kept, report, today, clock, sleep, os.environ if environ is None else environ, hook
                )
                outbox.deliver(patience, stdout)
            return report
        with closing(open_database(db)) as conn, translated(db):
            loaded = load_rules(rules, topics=alert_facts.topic_ids(conn))
            with State(state) as kept:
                report.warnings = list(doubts(loaded.rules, alert_facts.held(conn)))
                findings = _find(conn, loaded, kept, today, since)
                report.found = len(findings.items)
                report.baseline, report.refilled, report.damped = findings.baseline, findings.refilled, findings.damped
                new = _items(conn, findings, today)
                report.items = [{"rule": item.rule, **item.payload} for item in new]
                if dry_run:
                    return report
                hook("before found")
                _record(conn, loaded, kept, findings, new, today)
                hook("found")
                outbox = Outbox(
                    loaded, kept, report, today, clock, sleep, os.environ if environ is None else environ, hook
                )
                outbox.deliver(patience, stdout)
    return report


def facts_of(conn: sqlite3.Connection, today: date) -> Iterator[Fact]:
    """Everything that can be alerted."""
    yield from alert_facts.changes(conn)
    yield from alert_facts.announcements(conn)
    yield from alert_facts.troubles(conn, today)


class TextCache:
    """The words of facts, fetched when first asked for; remembers the last few hundred."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self._held: dict[str, Texts | None] = {}

    def __call__(self, fact: Fact) -> Texts | None:
        if fact.kind is not FactKind.CHANGE:
            return None
        if fact.id not in self._held:
            if len(self._held) > 300:
                self._held.clear()
            self._held[fact.id] = alert_facts.texts_of(self.conn, [fact.id]).get(fact.id)
        return self._held[fact.id]


def _find(conn: sqlite3.Connection, loaded: Rules, kept: State, today: date, since: date | None) -> Findings:
    memory = Memory(
        kept.watched(), kept.rules(), kept.known(), kept.schedule(),
        {rule.name: Ledger(kept.told(rule.name)) for rule in loaded.rules},
    )  # fmt: skip
    matcher = Matcher(loaded.rules, TextCache(conn))
    return find(facts_of(conn, today), matcher, memory, alert_facts.evidence(conn), today, since)


def _items(conn: sqlite3.Connection, findings: Findings, today: date) -> list[NewItem]:
    acts: dict[str, ActInfo] = alert_facts.act_infos(conn)
    texts = TextCache(conn)
    return [
        NewItem(item.rule.name, payload_of(item, acts, texts, today), item.rows, item.act_by) for item in findings.items
    ]


def _record(
    conn: sqlite3.Connection, loaded: Rules, kept: State, findings: Findings, new: list[NewItem], today: date
) -> None:
    before = kept.watched()
    watched = []
    for (act, lang), now in alert_facts.evidence(conn).items():
        old = before.get((act, lang))
        newest = max((day for day in (now.newest, old.newest if old else None) if day), default=None)
        observed = max((day for day in (now.observed_to, old.observed_to if old else None) if day), default=None)
        watched.append((act, lang, Watched(newest, now.fingerprint, observed, old.baseline_on if old else today)))
    kept.record_found(
        items=new,
        silent=findings.silent,
        known=findings.known,
        schedule=((*name, *kept_day) for name, kept_day in findings.schedule.items()),
        watched=watched,
        rules=((rule.name, today) for rule in loaded.rules),
        today=today,
    )


@dataclass
class Outbox:
    """What was found and not yet delivered, and the channels that deliver it."""

    loaded: Rules
    kept: State
    report: Report
    today: date
    clock: Clock
    sleep: Callable[[float], None]
    environ: Mapping[str, str]
    hook: Hook
    channels: dict[str, Channel] = field(default_factory=dict)

    def deliver(self, patience: float, stdout: IO[str] | None) -> None:
        """Make digests, render, send what is due; wait up to `patience` seconds for retries."""
        self._open(stdout)
        self._make_digests()
        self._render()
        deadline = self.clock() + timedelta(seconds=patience)
        while True:
            self._send_due()
            next_try = self._next_try()
            if next_try is None or next_try >= deadline:
                break
            self.sleep(max(0.05, (next_try - self.clock()).total_seconds()))
        self.report.waiting = len(self.kept.waiting())
        self.report.retrying = len(self.kept.open_deliveries())

    def _open(self, stdout: IO[str] | None) -> None:
        """The channels that rules name. One that cannot be opened is reported; what is for it waits, the others go
        on."""
        loaded = self.loaded
        for name in dict.fromkeys(channel for rule in loaded.rules for channel in rule.channels):
            try:
                self.channels[name] = open_channel(
                    loaded.channels[name], loaded.settings, loaded.source, self.environ, stdout
                )
            except ChannelError as error:
                self.report.errors.append(str(error))

    def _make_digests(self) -> None:
        states = self.kept.rules()
        by_rule: dict[str, list[WaitingItem]] = {}
        for item in self.kept.waiting():
            by_rule.setdefault(item.rule, []).append(item)
        for rule in self.loaded.rules:
            items = by_rule.get(rule.name, [])
            last = states[rule.name].last_digest if rule.name in states else None
            if not items or not digest_is_due(rule, items, last, self.today):
                continue
            keys = sorted(key.text() for item in items for key in self.kept.keys_of(item.id))
            digest_id = hashlib.sha256("\n".join([rule.name, *keys]).encode()).hexdigest()[:20]
            targets = [(name, target) for name in rule.channels for target in targets_of(self.loaded.channels[name])]
            ids = [item.id for item in items]
            self.kept.make_digest(digest_id, rule.name, ids, targets, self.clock(), self.today)
            self.report.digests += 1
            self.hook("digest")

    def _rule(self, delivery: Delivery) -> Rule | None:
        """The delivery's rule; None, and a dead letter, where its rule or channel is no longer in the file."""
        rule = next((rule for rule in self.loaded.rules if rule.name == delivery.rule), None)
        if rule is None or delivery.channel not in self.loaded.channels:
            self._bury(delivery, "its rule or channel is no longer in the rules")
            return None
        return rule

    def _render(self) -> None:
        for delivery in self.kept.open_deliveries():
            if delivery.parts is not None:
                continue
            rule, channel = self._rule(delivery), self.channels.get(delivery.channel)
            if rule is None or channel is None:
                continue
            payloads = self.kept.payloads(delivery.digest_id)
            try:
                parts = render_digest(payloads, rule, self.loaded.settings, channel.limits)
            except RulesError as error:  # a broken template of the user: shown, and tried again once it is mended
                if str(error) not in self.report.errors:
                    self.report.errors.append(str(error))
                continue
            except Exception as error:  # one digest that cannot be shown must not hold back all others
                self.report.errors.append(
                    f"digest {delivery.digest_id} of rule {rule.name!r} cannot be rendered: {type(error).__name__}: "
                    f"{error}; it waits, the others go on; please report this"
                )
                continue
            self.kept.rendered(delivery.id, (part.to_json() for part in parts))
            self.hook("rendered")

    def _bury(self, delivery: Delivery, reason: str) -> None:
        self.kept.bury(delivery.id, reason)
        self.report.dead += 1
        self.report.errors.append(f"{delivery.channel}: {reason}; see lawdiff alert dead")

    def _send_due(self) -> None:
        for delivery in self.kept.open_deliveries():
            channel, rule = self.channels.get(delivery.channel), self._rule(delivery)
            if rule is None or channel is None or delivery.parts is None:
                continue
            if delivery.status is Status.SENDING and channel.on_doubt == "drop":
                self._bury(delivery, "the process ended while this was being sent: it may have gone out")
                continue
            now = self.clock()
            _, not_before = self.kept.channel_hold(delivery.channel)
            if (delivery.next_try and delivery.next_try > now) or (not_before and not_before > now):
                continue
            self._send(delivery, rule, channel)

    def _send(self, delivery: Delivery, rule: Rule, channel: Channel) -> None:
        assert delivery.parts is not None
        self.kept.sending(delivery.id)
        self.hook("sending")
        for number in range(delivery.parts_done, len(delivery.parts)):
            message = Message(
                message_id(delivery, number),
                Part.from_json(delivery.parts[number]),
                rule,
                delivery.target,
                delivery.created_at,
                lambda limit: self.kept.rule_items(rule.name, limit),
            )
            try:
                channel.send(message)
            except SendFailed as error:
                self._failed(delivery, channel, error)
                return
            except Exception as error:  # of a library: its text may hold the address, so only its kind is told
                self._failed(delivery, channel, SendFailed(f"unexpected {type(error).__name__} while sending"))
                return
            self.hook("part sent")
            self.kept.part_done(delivery.id, number + 1)
            self.hook("part recorded")
        self.kept.sent(delivery.id, delivery.channel, self.clock())
        self.report.sent += 1
        self.hook("sent")

    def _failed(self, delivery: Delivery, channel: Channel, error: SendFailed) -> None:
        attempts = delivery.attempts + 1
        if error.permanent or attempts >= channel.patience.attempts:
            self._bury(delivery, error.reason)
            return
        patience = channel.patience
        again = backoff(attempts, self.clock(), base=patience.base, cap=patience.cap, retry_after=error.retry_after)
        self.kept.failed(delivery.id, error.reason, again)
        if error.retry_after is not None:  # the receiver asked for it: nothing goes to this channel before
            failures, _ = self.kept.channel_hold(delivery.channel)
            self.kept.hold_channel(delivery.channel, failures + 1, again)

    def _next_try(self) -> datetime | None:
        """When the next delivery that can be sent at all falls due."""
        found = []
        for delivery in self.kept.open_deliveries():
            if delivery.channel not in self.channels or delivery.parts is None:
                continue
            _, not_before = self.kept.channel_hold(delivery.channel)
            moments = [moment for moment in (delivery.next_try, not_before) if moment]
            found.append(max(moments) if moments else datetime.min.replace(tzinfo=UTC))
        return min(found, default=None)


def digest_is_due(rule: Rule, items: list[WaitingItem], last: date | None, today: date) -> bool:
    """Whether a digest of `items` goes out today: every run, once a day, or on the rule's weekday; and at once where an
    item takes effect before the next regular one."""
    if rule.every == "run":
        return True
    if rule.every == "day":
        return last is None or last < today
    if last == today:
        return False
    if today.weekday() == rule.weekday:
        return True
    next_regular = today + timedelta(days=(rule.weekday - today.weekday()) % 7 or 7)
    overdue = min(item.found_on for item in items) <= today - timedelta(days=7)
    return overdue or any(item.act_by is not None and item.act_by <= next_regular for item in items)


def message_id(delivery: Delivery, part: int) -> str:
    """The same for the same digest, channel, target and part, in every attempt and after every restart."""
    whom = hashlib.sha256(f"{delivery.channel}|{delivery.target}".encode()).hexdigest()[:8]
    return f"{delivery.digest_id}.{whom}.{part + 1}"
