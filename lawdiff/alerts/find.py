"""Facts + rules + what was told before → what is to be told now. Pure: all reading and writing happens outside.

`find(facts, …) -> Findings` decides for every fact, rule and phase one of: tell, remember silently, or nothing. Rules
of decision:

1. A fact is news if its page brought something new (another fingerprint of the newest page), it was never seen
before, and it lies
   after what was known: a change under a later redaction date, a silent edit observed since, a live announcement.
   Everything else that
   appears is old: a refilled redaction, or a text that a newer parser reads differently (`Fact.live` is false for a
   change with a technical record).
2. The first run of a rule, and the first run on an act and language, tells nothing but source trouble; of what lies
ahead it
   remembers the phases that have passed, so that the later ones still come.
3. A timed phase is due from its day on, whether or not the fact is news, once.
4. `since` tells on purpose everything from that day on that was not told, news or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from lawdiff.alerts.facts import TIMED, Evidence, Fact, FactKind, Phase
from lawdiff.alerts.match import Matcher
from lawdiff.alerts.phases import Call, calls, days_of_effect, due
from lawdiff.alerts.rules import Rule
from lawdiff.alerts.state import Key, LedgerRow, RuleState, Told, Watched
from lawdiff.model import Lang

FLIP_WINDOW = timedelta(days=14)
NO_LAW = "~"  # begins the law part of a key where no law is named
FLIPS_TOLD = 2  # the second return is told as a flip-flop; what follows is damped
_SETTLED = (Told.TOLD, Told.MOVED, Told.DAMPED)


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier runs left: see `lawdiff.alerts.state` for each."""

    watched: Mapping[tuple[str, Lang], Watched]
    rules: Mapping[str, RuleState]
    known: frozenset[str] | set[str]
    schedule: Mapping[tuple[str, str, str], tuple[date, str]]
    ledger: Mapping[str, Ledger]


class Ledger:
    """The ledger rows of one rule, by key and by unit."""

    def __init__(self, rows: Mapping[Key, LedgerRow] | None = None) -> None:
        self.rows = dict(rows or {})
        self._units: dict[tuple[str, str], list[LedgerRow]] = defaultdict(list)
        for key, row in self.rows.items():
            self._units[key.act_id, key.eid].append(row)

    def get(self, key: Key) -> LedgerRow | None:
        return self.rows.get(key)

    def of_unit(self, fact: Fact) -> list[LedgerRow]:
        return self._units.get((fact.act_id, fact.eid), [])


_EMPTY = Ledger()


@dataclass(frozen=True, slots=True)
class Finding:
    """One item to tell: a rule, the facts of one unit and day (one per language), the due calls, remarks for the
    reader."""

    rule: Rule
    facts: tuple[Fact, ...]
    calls: tuple[Call, ...]
    rows: tuple[LedgerRow, ...]
    remarks: tuple[tuple[str, str], ...] = ()
    act_by: date | None = None


@dataclass(slots=True)
class Findings:
    items: list[Finding] = field(default_factory=list)
    silent: list[LedgerRow] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    schedule: dict[tuple[str, str, str], tuple[date, str]] = field(default_factory=dict)
    refilled: int = 0  # facts that appeared below what was known, or as technical differences: remembered, not told
    baseline: int = 0  # facts that appeared with the first run on their act
    damped: int = 0


def known_key(fact: Fact) -> str:
    """A fact's name in `known`: of its language, without anything that a parser computes."""
    lang = fact.lang.value if fact.lang else ""
    day = "" if fact.kind is FactKind.ANNOUNCEMENT else fact.day.isoformat()
    return "|".join((fact.kind.value, fact.act_id, fact.eid, lang, day, fact.discriminator))


def key_of(rule: str, fact: Fact, call: Call, moved: str = "") -> Key:
    """The key of a call. An announcement is known by its law or words, not by the day on which a note was first
    seen."""
    day = "" if fact.kind is FactKind.ANNOUNCEMENT else fact.day.isoformat()
    if call.phase is Phase.SOURCE_RECOVERED:
        day = call.on.isoformat()  # of the outage that is over
    if call.in_force_from is not None:  # counts to a day: by law, or by the words of a note that names none
        return Key(rule, fact.act_id, fact.eid, day, call.phase, call.law or f"{NO_LAW}{fact.discriminator}", moved)
    return Key(rule, fact.act_id, fact.eid, day, call.phase, "", fact.discriminator)


def find(
    facts: Iterable[Fact],
    matcher: Matcher,
    memory: Memory,
    evidence: Mapping[tuple[str, Lang], Evidence],
    today: date,
    since: date | None = None,
) -> Findings:
    """Decide over all facts. `facts` may come in any order; items come in the order of the acts and of their
    articles."""
    found = Findings()
    flips = _Flips()
    groups: dict[tuple[str, str], list[tuple[Fact, tuple[Call, ...], bool]]] = defaultdict(list)
    days_now: dict[tuple[str, str], set[str]] = defaultdict(set)
    rules = {rule.name: rule for rule in matcher.rules}
    for fact in sorted(facts, key=_order):
        days_now[fact.act_id, fact.eid].add(fact.day.isoformat())
        seen = _Seen(fact, memory, evidence, today)
        _count(found, fact, seen)
        flip = flips.of(fact)
        moves = _schedule(found, fact, memory, seen, today)
        if fact.kind is not FactKind.TROUBLE and not seen.known:
            found.known.add(known_key(fact))
        if not _worth_matching(fact, seen, moves, memory, today, since):
            continue
        ready = due(fact, today, Phase)
        for rule in matcher.match(fact):
            wanted = _due(fact, ready, rule, seen, moves, memory, today, since)
            if not wanted.tell and not wanted.silent:
                continue
            found.silent.extend(wanted.silent)
            if wanted.tell and flip > FLIPS_TOLD:
                rows = (_row(rule, fact, call, moves, Told.DAMPED, today) for call in wanted.tell)
                found.silent.extend(rows)
                found.damped += 1
            elif wanted.tell:
                groups[rule.name, group_name(fact)].append((fact, wanted.tell, flip > 0))
    for (rule_name, _), members in groups.items():
        _item(found, rules[rule_name], members, memory, days_now, today)
    order = {rule.name: at for at, rule in enumerate(matcher.rules)}
    found.items = joined(found.items)
    found.items.sort(
        key=lambda item: (
            order[item.rule.name], item.facts[0].kind is FactKind.TROUBLE, item.facts[0].act_id,
            item.facts[0].position, item.facts[0].day,
        )
    )  # fmt: skip
    return found


def joined(items: list[Finding]) -> list[Finding]:
    """An announcement that is about the same day or law as a change of its unit becomes a remark of that change's item.

    A deferred article is printed together with the note that defers it: two facts, one thing to tell.
    """
    changes = {
        (item.rule.name, item.facts[0].act_id, item.facts[0].eid): at
        for at, item in enumerate(items)
        if item.facts[0].kind is FactKind.CHANGE
    }
    kept: dict[int, Finding] = dict(enumerate(items))
    for at, item in enumerate(items):
        first = item.facts[0]
        host_at = changes.get((item.rule.name, first.act_id, first.eid))
        if first.kind is not FactKind.ANNOUNCEMENT or host_at is None or not _same_story(item, kept[host_at]):
            continue
        host = kept[host_at]
        notes = dict.fromkeys(("announced", fact.detail) for fact in item.facts if fact.detail)
        calls = tuple(dict.fromkeys((*host.calls, *(call for call in item.calls if call.in_force_from is None))))
        kept[host_at] = Finding(
            host.rule, host.facts, calls, (*host.rows, *item.rows), (*host.remarks, *notes), host.act_by
        )
        del kept[at]
    return [kept[at] for at in sorted(kept)]


def _same_story(announcement: Finding, change: Finding) -> bool:
    said, done = (
        {day for fact in item.facts for _, day in days_of_effect(fact.laws)} for item in (announcement, change)
    )
    return bool(said) and said <= done


def _order(fact: Fact) -> tuple[str, str, int, str, date, date, int, str]:
    """Units in page order, each unit's facts in the order in which they happened (`~10` after `~2`)."""
    return (
        fact.act_id, fact.lang or "", fact.position, fact.eid, fact.day, fact.first_seen or fact.day, len(fact.id),
        fact.id,
    )  # fmt: skip


def group_name(fact: Fact) -> str:
    """Facts that make one item: a change in both languages, all announcements of one unit, the trouble of one act."""
    if fact.kind is FactKind.CHANGE:
        return _fact_name(fact)
    return f"{fact.kind}|{fact.act_id}|{fact.eid}"


class _Seen:
    """How a fact stands to what was known: new act, fresh page, news."""

    def __init__(self, fact: Fact, memory: Memory, evidence: Mapping[tuple[str, Lang], Evidence], today: date) -> None:
        where = (fact.act_id, fact.lang or Lang.RU)
        watched, now = memory.watched.get(where), evidence.get(where)
        self.new_act = watched is None
        self.known = known_key(fact) in memory.known
        self.fresh = (
            watched is not None
            and now is not None
            and (watched.fingerprint != now.fingerprint or _later(now.newest, watched.newest))
        )
        self.watched = watched
        self.news = self.fresh and not self.known and fact.live and self._after(fact)

    def _after(self, fact: Fact) -> bool:
        assert self.watched is not None
        if fact.kind is FactKind.ANNOUNCEMENT:
            return True
        if fact.op == "silent_edit":
            return self.watched.observed_to is None or (fact.first_seen or fact.day) >= self.watched.observed_to
        return self.watched.newest is None or fact.day > self.watched.newest


def _later(now: date | None, before: date | None) -> bool:
    return now is not None and (before is None or now > before)


@dataclass(frozen=True, slots=True)
class _Wanted:
    tell: tuple[Call, ...]
    silent: tuple[LedgerRow, ...]


Moves = dict[str, tuple[str, bool]]  # law → (marker of the last move, whether it moved in this run)


def _worth_matching(fact: Fact, seen: _Seen, moves: Moves, memory: Memory, today: date, since: date | None) -> bool:
    """Cheap and generous: may any rule have something to do with this fact today?"""
    if fact.kind is FactKind.TROUBLE or seen.news or any(moved for _, moved in moves.values()):
        return True
    if since is not None and any(call.on >= since for call in calls(fact)):
        return True
    floor = min((state.last_day for state in memory.rules.values()), default=today)
    return any(
        law.in_force_from is not None and law.in_force_from > min(floor, today - timedelta(days=1)) for law in fact.laws
    )


def _due(
    fact: Fact,
    ready: tuple[Call, ...],
    rule: Rule,
    seen: _Seen,
    moves: Moves,
    memory: Memory,
    today: date,
    since: date | None,
) -> _Wanted:
    state = memory.rules.get(rule.name)
    reached = max(today, state.last_day) if state else today  # a clock that was set back brings nothing back
    ledger = memory.ledger.get(rule.name, _EMPTY)
    tell: list[Call] = []
    silent: list[LedgerRow] = []
    gone = fact.kind is FactKind.ANNOUNCEMENT and not fact.live  # its note is no longer made: nothing lies ahead of it
    for call in ready:
        if call.phase not in rule.phases:
            continue
        moved = moves.get(call.law, ("", False))[0]
        row = ledger.get(key_of(rule.name, fact, call, moved))
        if row is not None and (row.status in _SETTLED or since is None):
            continue
        if _same_effect(ledger, fact, call):
            continue
        if fact.kind is FactKind.TROUBLE:
            if fact.words_added >= rule.trouble_days:
                tell.append(call)
        elif (since is not None and call.on >= since) or (seen.news and state is not None):
            tell.append(call)
        elif call.in_force_from is not None and not gone:
            ahead = call.in_force_from > reached
            if state is None or seen.new_act or not seen.known:
                if ahead:  # first sight: what has passed is remembered, what is to come will be told
                    silent.append(_row(rule, fact, call, moves, Told.BASELINE, today))
            elif ahead or call.on > state.last_day:
                tell.append(call)
    if fact.kind is FactKind.TROUBLE and Phase.SOURCE_RECOVERED in rule.phases:
        tell.extend(call for call in _recovered(fact, ledger) if ledger.get(key_of(rule.name, fact, call)) is None)
    if Phase.RESCHEDULED in rule.phases and state is not None:
        for law, day in days_of_effect(fact.laws):
            call = Call(Phase.RESCHEDULED, today, law, day)
            marker, just_now = moves.get(law, ("", False))
            if just_now and ledger.get(key_of(rule.name, fact, call, marker)) is None:
                tell.append(call)
    return _Wanted(tuple(tell), tuple(silent))


def _recovered(fact: Fact, ledger: Ledger) -> Iterator[Call]:
    """A call for each outage that was told and that a good check has ended since."""
    for row in ledger.of_unit(fact):
        key = row.key
        if (key.phase, key.discriminator, row.status) == (Phase.SOURCE_TROUBLE, fact.discriminator, Told.TOLD):
            began = date.fromisoformat(key.day)
            if began < fact.day:
                yield Call(Phase.SOURCE_RECOVERED, began)


def _same_effect(ledger: Ledger, fact: Fact, call: Call) -> bool:
    """The same law taking effect on the same day was told of this unit already, from a note or under another
    redaction date. A note that names no law speaks of whatever takes effect on its day."""
    if call.phase not in TIMED or call.in_force_from is None:
        return False
    return any(
        row.key.phase == call.phase
        and (row.key.law == call.law or not call.law or row.key.law.startswith(NO_LAW))
        and row.in_force_from == call.in_force_from
        and row.status is Told.TOLD
        for row in ledger.of_unit(fact)
    )


def _schedule(found: Findings, fact: Fact, memory: Memory, seen: _Seen, today: date) -> Moves:
    """Follow the days of effect of what lies ahead. A day that differs from the one seen before has moved if the page
    brought something new; otherwise it is only read differently, and nobody is told."""
    moves: Moves = {}
    for law, day in days_of_effect(fact.laws):
        name = (_fact_name(fact), fact.lang.value if fact.lang else "", law)
        before = memory.schedule.get(name)
        if before is None:
            if day > today:
                found.schedule[name] = (day, "")
            continue
        day_before, marker = before
        if day_before == day:
            moves[law] = (marker, False)
        elif seen.fresh and max(day_before, day) > today:
            moves[law] = (day.isoformat(), True)
            found.schedule[name] = (day, day.isoformat())
        else:
            moves[law] = (marker, False)
            found.schedule[name] = (day, marker)
    return moves


def _fact_name(fact: Fact) -> str:
    return known_key(fact).replace(f"|{fact.lang}|", "|") if fact.lang else known_key(fact)


def _row(rule: Rule, fact: Fact, call: Call, moves: Moves, status: Told, today: date) -> LedgerRow:
    key = key_of(rule.name, fact, call, moves.get(call.law, ("", False))[0])
    return LedgerRow(key, status, today, call.in_force_from, f"{fact.lang}:{fact.new_sha}" if fact.new_sha else "")


def _item(
    found: Findings,
    rule: Rule,
    members: list[tuple[Fact, tuple[Call, ...], bool]],
    memory: Memory,
    days_now: Mapping[tuple[str, str], set[str]],
    today: date,
) -> None:
    """One item of the facts of one unit and day, in both languages; ledger rows for every key that it settles."""
    ledger = memory.ledger.get(rule.name, _EMPTY)
    facts = tuple(sorted((fact for fact, _, _ in members), key=lambda fact: fact.lang != Lang.RU))
    shas = " ".join(sorted({f"{fact.lang}:{fact.new_sha}" for fact in facts if fact.new_sha}))
    first = facts[0]
    rows: dict[Key, LedgerRow] = {}
    told: dict[tuple[Phase, str], Call] = {}
    for fact, wanted, _ in members:
        for call in wanted:
            key = key_of(rule.name, fact, call, _marker(memory, found, fact, call))
            if key not in rows:
                rows[key] = LedgerRow(key, Told.TOLD, today, call.in_force_from, shas)
            told.setdefault((call.phase, call.law), call)
    moved = _moved(ledger, first, shas, days_now)
    if moved:
        found.silent.extend(LedgerRow(row.key, Told.MOVED, today, row.in_force_from, shas) for row in rows.values())
        return
    remarks: list[tuple[str, str]] = []
    if any(flip for _, _, flip in members):
        remarks.append(("flip_flop", ""))
    damped = sum(row.status is Told.DAMPED for row in ledger.of_unit(first))
    if damped:
        remarks.append(("damped", str(damped)))
    aliases = {alias for fact in facts for alias in fact.aliases}
    remarks.extend(("formerly", alias) for alias in sorted(aliases))
    ahead = [day for fact in facts for _, day in days_of_effect(fact.laws) if day > today]
    found.items.append(
        Finding(rule, facts, tuple(told.values()), tuple(rows.values()), tuple(remarks), min(ahead, default=None))
    )


def _marker(memory: Memory, found: Findings, fact: Fact, call: Call) -> str:
    """The marker of the last move of a law's day of effect, this run's included."""
    name = (_fact_name(fact), fact.lang.value if fact.lang else "", call.law)
    return (found.schedule.get(name) or memory.schedule.get(name) or (call.on, ""))[1]


def _moved(ledger: Ledger, fact: Fact, shas: str, days_now: Mapping[tuple[str, str], set[str]]) -> bool:
    """The same new text was told under a date at which the history no longer has a change: the change only got
    another date."""
    if fact.kind is not FactKind.CHANGE or not shas:
        return False
    mine = set(shas.split())
    return any(
        row.status is Told.TOLD
        and row.key.phase in (Phase.ADOPTED, Phase.SILENT_EDIT)
        and row.key.day != fact.day.isoformat()
        and row.key.day not in days_now[fact.act_id, fact.eid]
        and bool(mine & set(row.shas.split()))
        for row in ledger.of_unit(fact)
    )


def _count(found: Findings, fact: Fact, seen: _Seen) -> None:
    if fact.kind is FactKind.TROUBLE:
        return
    if seen.new_act:
        found.baseline += 1
    elif not seen.known and not seen.news:
        found.refilled += 1


class _Flips:
    """Counts how often a text has returned to its wording of before, each return within two weeks of the last edit."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str, Lang | None], tuple[Fact, int]] = {}

    def of(self, fact: Fact) -> int:
        """Returns in a row that end with this fact; 0 for anything but a silent edit. Facts come in order per unit."""
        if fact.kind is not FactKind.CHANGE or fact.op in ("note_only", "typographic"):
            return 0
        unit = (fact.act_id, fact.eid, fact.lang)
        before = self._last.get(unit)
        count = 0
        if before is not None and fact.op == "silent_edit" and before[0].op == "silent_edit":
            gap = (fact.first_seen or fact.day) - (before[0].first_seen or before[0].day)
            if fact.new_sha == before[0].old_sha and gap <= FLIP_WINDOW:
                count = before[1] + 1
        self._last[unit] = (fact, count)
        return count
