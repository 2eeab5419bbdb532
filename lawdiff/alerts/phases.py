"""What a fact calls for on a given day: `calls(fact, today)` → the phases that are due, each with its day.

Source of the rule: FORMAT §7 (the day of effect comes from the note, or from publication) and §8 (a note that appears
is an event of its own). `today` is an argument; nothing here reads a clock.

Guarantees: an unknown day of effect gives no timed phase; a phase is due from its day on, never earlier; the key of a
call does not hold the computed day of effect, so that a corrected computation does not call again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lawdiff.alerts.facts import Fact, FactKind, FactLaw, Phase

LEAD = {Phase.T30: timedelta(days=30), Phase.T7: timedelta(days=7), Phase.IN_FORCE: timedelta(0)}
_QUIET_OPS = {"note_only", "typographic"}


@dataclass(frozen=True, slots=True)
class Call:
    """One phase of one fact: `on` is the day from which it is due, `law` the key of the law whose day of effect it
    counts from."""

    phase: Phase
    on: date
    law: str = ""
    in_force_from: date | None = None


def calls(fact: Fact) -> Iterator[Call]:
    """Every call that this fact will ever make, whatever the day, in the order of their days."""
    if fact.kind is FactKind.TROUBLE:
        yield Call(Phase.SOURCE_TROUBLE, fact.day)
        return
    if fact.kind is FactKind.ANNOUNCEMENT:
        yield Call(Phase.ANNOUNCED, fact.day)
        yield from _timed(fact.laws)
        return
    if fact.op == "silent_edit":
        yield Call(Phase.SILENT_EDIT, fact.first_seen or fact.day)
        return
    if fact.op == "took_effect":
        yield Call(Phase.IN_FORCE, fact.day)
        return
    yield Call(Phase.ADOPTED, fact.day)
    if fact.attribution == "disputed":
        yield Call(Phase.DISPUTED, fact.day)
    if fact.op not in _QUIET_OPS:
        yield from _timed(fact.laws)


def due(fact: Fact, today: date, phases: Iterable[Phase]) -> tuple[Call, ...]:
    """The calls of `fact` that are due on `today`, of the phases that a rule asks for. What the portal shows already
    is due although its date may lie ahead; timed phases wait for their day."""
    wanted = frozenset(phases)
    return tuple(call for call in calls(fact) if call.phase in wanted and (call.on <= today or call.phase not in LEAD))


def shown(due_calls: Iterable[Call]) -> tuple[Phase, ...]:
    """The phases to name to a reader. Of several timed calls of one law the latest stands for the earlier ones; beside
    `adopted`, which carries the day of effect, only `in_force` is named too."""
    found = list(due_calls)
    names = [call.phase for call in found if call.phase not in LEAD]
    latest: dict[str, Call] = {}
    for call in found:
        if call.phase in LEAD and (call.law not in latest or call.on >= latest[call.law].on):
            latest[call.law] = call
    for call in latest.values():
        if Phase.ADOPTED in names and call.phase is not Phase.IN_FORCE:
            continue
        names.append(call.phase)
    return tuple(phase for phase in Phase if phase in names)


def days_of_effect(laws: tuple[FactLaw, ...]) -> tuple[tuple[str, date], ...]:
    """(law's key, day) for every law with a known day. A law that takes effect on several days has its later ones under
    `KEY#2`, `KEY#3`, by date."""
    days: dict[str, set[date]] = {}
    for law in laws:
        if law.in_force_from is not None:
            days.setdefault(law.key, set()).add(law.in_force_from)
    return tuple(
        (key if at == 1 else f"{key}#{at}", day)
        for key, found in days.items()
        for at, day in enumerate(sorted(found), 1)
    )


def _timed(laws: tuple[FactLaw, ...]) -> Iterator[Call]:
    found = [Call(phase, day - lead, key, day) for key, day in days_of_effect(laws) for phase, lead in LEAD.items()]
    yield from sorted(found, key=lambda call: (call.on, call.law))
