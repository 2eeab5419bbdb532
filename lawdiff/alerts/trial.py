"""Trying things out: one message to a channel, and what a rule would have sent in the past. Neither touches the
state."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lawdiff.alerts.channels import Message, SendFailed, open_channel
from lawdiff.alerts.digest import payload_of
from lawdiff.alerts.facts import Fact, FactKind, Phase
from lawdiff.alerts.find import Finding, group_name, joined, key_of
from lawdiff.alerts.match import Matcher
from lawdiff.alerts.messages import test_part
from lawdiff.alerts.phases import LEAD, Call, calls
from lawdiff.alerts.rounds import KAZAKHSTAN, TextCache, utc_now
from lawdiff.alerts.rules import Rule, RulesError, load_rules
from lawdiff.alerts.secrets import ChannelError
from lawdiff.alerts.state import Key, LedgerRow, Told
from lawdiff.store import alert_facts
from lawdiff.store.connection import open_database


def send_test(rules: Path, channel: str, environ: Mapping[str, str]) -> Iterator[str]:
    """Send one test message to each target of a channel; yields the targets that took it. Raises with the reason
    otherwise."""
    loaded = load_rules(rules)
    if channel not in loaded.channels:
        raise RulesError(f"{rules} has no channel {channel!r}; it has {', '.join(sorted(loaded.channels))}")
    opened = open_channel(loaded.channels[channel], loaded.settings, rules, environ)
    now = utc_now()
    rule = Rule(name="test", channels=(channel,), reader=loaded.settings.reader)
    for number, target in enumerate(opened.targets(), 1):
        message_id = f"test-{int(now.timestamp() * 1000)}.{number}"
        part = test_part(channel, loaded.settings.reader)
        try:
            opened.send(Message(message_id, part, rule, target, now, lambda _: []))
        except SendFailed as error:
            raise ChannelError(f"channel {channel!r}{f' to {target}' if target else ''}: {error.reason}") from error
        yield target


@dataclass(frozen=True, slots=True)
class BacktestDay:
    """What one run would have sent on a day: payloads, as in a digest."""

    day: date
    items: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        return {"day": self.day.isoformat(), "items": list(self.items)}


def backtest(db: Path, rules: Path, name: str, *, since: date, until: date | None = None) -> tuple[BacktestDay, ...]:
    """The digests that a rule would have sent from `since` to `until`, had it run every day and seen each redaction
    on its date.

    Source trouble is left out: the database keeps only the present state of checking.
    """
    until = until or utc_now().astimezone(KAZAKHSTAN).date()
    with closing(open_database(db)) as conn:
        loaded = load_rules(rules, topics=alert_facts.topic_ids(conn))
        return _replay(conn, loaded.get(name), since, until)


def _replay(conn: sqlite3.Connection, rule: Rule, since: date, until: date) -> tuple[BacktestDay, ...]:
    texts = TextCache(conn)
    matcher = Matcher([rule], texts)
    sent: dict[tuple[date, str], list[tuple[Fact, Call]]] = defaultdict(list)
    for fact in (*alert_facts.changes(conn), *alert_facts.announcements(conn)):
        if not fact.live and fact.kind is FactKind.CHANGE:
            continue
        if not matcher.match(fact):
            continue
        seen_on = fact.first_seen if fact.op == "silent_edit" and fact.first_seen else fact.day
        for call in calls(fact):
            if call.phase not in rule.phases:
                continue
            day = max(call.on, seen_on)
            if (
                call.phase in LEAD
                and call.in_force_from
                and day >= call.in_force_from
                and call.phase is not Phase.IN_FORCE
            ):
                continue  # it took effect before it could be told ahead: `adopted` or `in_force` says so
            if not since <= day <= until:
                continue
            sent[day, group_name(fact)].append((fact, call))
    acts = alert_facts.act_infos(conn)
    days: dict[date, list[Finding]] = defaultdict(list)
    done: set[Key] = set()
    for (day, _), pairs in sorted(
        sent.items(), key=lambda each: (each[0][0], each[1][0][0].act_id, each[1][0][0].position)
    ):
        fresh = [(fact, call) for fact, call in pairs if key_of(rule.name, fact, call) not in done]
        if not fresh:
            continue
        done.update(key_of(rule.name, fact, call) for fact, call in fresh)
        facts = tuple(dict.fromkeys(fact for fact, _ in pairs))
        called = tuple(dict.fromkeys(call for _, call in fresh))
        rows = tuple(
            LedgerRow(key, Told.TOLD, day)
            for key in dict.fromkeys(key_of(rule.name, fact, call) for fact, call in fresh)
        )
        days[day].append(Finding(rule, facts, called, rows))
    return tuple(
        BacktestDay(day, tuple(payload_of(item, acts, texts, day) for item in joined(items)))
        for day, items in sorted(days.items())
    )
