"""Which of two versions of a sanction is the milder: the rule that the choice of law in time asks for.

The rule, in steps (docs/sanctions.md gives the reasons):

1. Sanctions are compared part by part, within a part case by case («в случаях, предусмотренных пунктом 2)»), and
   within a case for each subject of the administrative code. A subject that only the newer text names is tougher, one
   that it no longer names milder; what names nobody holds for each who is named.
2. Punishments to choose from are ranked warning < fine < correctional labour < community service < restriction <
   arrest < imprisonment < life imprisonment < death. A heavier heaviest one is tougher; a lighter lightest one is
   milder; one added between them widens the choice and is milder, one removed from between is tougher.
3. For a punishment in both: a higher upper bound or a higher lower bound is tougher, a lower one milder; no lower
   bound is zero. Days, months and years compare; a calculation index and a multiple do not.
4. Additional punishments: added, or made obligatory, is tougher; removed, or made optional, is milder; bounds as in 3.
5. Signs of both directions are `mixed`. Anything unread, or bounds that do not compare, is `unknown`: never a guess.
6. For the whole article: a part that only the newer text has is `new` and one that it no longer has is milder; they
   make an article `new` (nothing before), `milder` (nothing after) or count beside the signs of the shared parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from lawdiff.sanctions.records import AmountUnit, Role, Sanction, SanctionKind, SanctionReading


class Verdict(StrEnum):
    TOUGHER = "tougher"
    MILDER = "milder"
    MIXED = "mixed"
    NEW = "new"
    SAME = "same"
    UNKNOWN = "unknown"


_RANK = {
    kind: rank
    for rank, kind in enumerate(
        (
            SanctionKind.WARNING,
            SanctionKind.FINE,
            SanctionKind.CORRECTIONAL_LABOUR,
            SanctionKind.COMMUNITY_SERVICE,
            SanctionKind.RESTRICTION,
            SanctionKind.ARREST,
            SanctionKind.IMPRISONMENT,
            SanctionKind.LIFE_IMPRISONMENT,
            SanctionKind.DEATH_PENALTY,
        )
    )
}
_DAYS = {AmountUnit.DAYS: 1, AmountUnit.MONTHS: 30, AmountUnit.YEARS: 360}
_NO_BOUND = 10**12
_Group = tuple[str | None, str | None]  # case, subject


class _Incomparable(Exception):
    """Bounds in units that do not compare."""


def heaviest(sanctions: Iterable[Sanction]) -> SanctionKind | None:
    """The heaviest punishment to choose from, by the ranks of rule 2; None where none has a rank."""
    ranked = [one.kind for one in sanctions if one.role is Role.ALTERNATIVE and one.kind in _RANK]
    return max(ranked, key=lambda kind: _RANK[kind], default=None)


def compare_sanctions(old: SanctionReading, new: SanctionReading) -> Verdict:
    """The newer version of an article against the older: see the rule above."""
    verdicts = compare_parts(old, new)
    if not verdicts:
        return Verdict.SAME
    if not old.sanctions and not old.unread:
        return Verdict.UNKNOWN if new.unread else Verdict.NEW
    if not new.sanctions and not new.unread:
        return Verdict.UNKNOWN if old.unread else Verdict.MILDER
    found = set(verdicts.values())
    if Verdict.UNKNOWN in found:
        return Verdict.UNKNOWN
    signs = found - {Verdict.SAME, Verdict.NEW}
    if not signs:
        return Verdict.NEW if Verdict.NEW in found else Verdict.SAME
    if Verdict.NEW in found and Verdict.MILDER in signs:
        return Verdict.MIXED
    return signs.pop() if len(signs) == 1 else Verdict.MIXED


def compare_parts(old: SanctionReading, new: SanctionReading) -> dict[str | None, Verdict]:
    """The verdict on every part that either version has, in the order of the newer text."""
    parts = dict.fromkeys([*new.parts, *old.parts])
    return {part: _compare_part(old.of_part(part), new.of_part(part)) for part in parts}


def _compare_part(old: SanctionReading, new: SanctionReading) -> Verdict:
    if old.unread or new.unread:
        return Verdict.UNKNOWN
    if not old.sanctions:
        return Verdict.NEW
    if not new.sanctions:
        return Verdict.MILDER
    if {one.facts for one in old.sanctions} == {one.facts for one in new.sanctions}:
        return Verdict.SAME
    signs: set[int] = set()
    old_groups, new_groups = _groups(old.sanctions), _groups(new.sanctions)
    try:
        for group in dict.fromkeys([*new_groups, *old_groups]):
            if group == (None, None) and (_by_subject(old_groups) or _by_subject(new_groups)):
                continue  # one version punishes all alike: each subject of the other is judged against that
            before, after = _of_group(old_groups, group), _of_group(new_groups, group)
            if before is None or after is None:
                signs.add(1 if before is None else -1)  # a subject that comes is punished now, one that goes no longer
            else:
                signs |= _signs(before, after)
    except _Incomparable:
        return Verdict.UNKNOWN
    signs.discard(0)
    if not signs:
        # Equal amounts, but one version names who pays and the other does not: whom else it reaches is not told.
        return Verdict.SAME if _by_subject(old_groups) == _by_subject(new_groups) else Verdict.UNKNOWN
    return Verdict.MIXED if len(signs) == 2 else Verdict.TOUGHER if 1 in signs else Verdict.MILDER


def _groups(sanctions: Iterable[Sanction]) -> dict[_Group, list[Sanction]]:
    groups: dict[_Group, list[Sanction]] = {}
    for one in sanctions:
        groups.setdefault((one.case, one.subject), []).append(one)
    main = groups.get((None, None), [])
    subjects = [own for (case, subject), own in groups.items() if subject and not case]
    for own in subjects:
        # «предупреждение или штраф на … в размере …, с конфискацией»: what names nobody holds for each who is named.
        kinds = {one.kind for one in own}
        own += [one for one in main if one.kind not in kinds]
    if subjects:
        groups.pop((None, None), None)
    for (case, _), own in groups.items():
        # A case that states additional punishments alone («а в случаях …, с пожизненным лишением права …») keeps the
        # punishments of its part to choose from.
        if case and not any(one.role is Role.ALTERNATIVE for one in own):
            kinds = {one.kind for one in own}
            own += [one for one in main if one.role is Role.ALTERNATIVE or one.kind not in kinds]
    return groups


def _of_group(groups: dict[_Group, list[Sanction]], group: _Group) -> list[Sanction] | None:
    """What a version provides for a case and subject that either sets apart: its own, or that of the part as a whole.
    None: the version tells subjects apart and punishes another one than this."""
    case, subject = group
    for wanted in (group, (None, subject), (case, None), (None, None)):
        if wanted in groups:
            return groups[wanted]
    return None if subject and any(one for _, one in groups) else _merged(groups)


def _by_subject(groups: dict[_Group, list[Sanction]]) -> bool:
    return any(subject for _, subject in groups)


def _merged(groups: dict[_Group, list[Sanction]]) -> list[Sanction]:
    return next(iter(groups.values())) if len(groups) == 1 else [one for own in groups.values() for one in own]


def _signs(old: list[Sanction], new: list[Sanction]) -> set[int]:
    """+1 tougher, -1 milder, for every aspect in which two groups differ."""
    signs: set[int] = set()
    before = {one.kind: one for one in old if one.role is Role.ALTERNATIVE and one.kind in _RANK}
    after = {one.kind: one for one in new if one.role is Role.ALTERNATIVE and one.kind in _RANK}
    if before and after:
        signs |= _choice_signs(set(before), set(after))
    for kind in before.keys() & after.keys():
        signs |= _bound_signs(before[kind], after[kind])
    return signs | _additional_signs(old, new)


def _choice_signs(before: set[SanctionKind], after: set[SanctionKind]) -> set[int]:
    signs: set[int] = set()
    ranks_before, ranks_after = {_RANK[kind] for kind in before}, {_RANK[kind] for kind in after}
    if max(ranks_after) != max(ranks_before):
        signs.add(1 if max(ranks_after) > max(ranks_before) else -1)
    if min(ranks_after) != min(ranks_before):
        signs.add(1 if min(ranks_after) > min(ranks_before) else -1)
    low, high = max(min(ranks_before), min(ranks_after)), min(max(ranks_before), max(ranks_after))
    if any(low < rank < high for rank in ranks_after - ranks_before):
        signs.add(-1)
    if any(low < rank < high for rank in ranks_before - ranks_after):
        signs.add(1)
    return signs


def _additional_signs(old: list[Sanction], new: list[Sanction]) -> set[int]:
    signs: set[int] = set()
    before = {one.kind: one for one in old if one.role is not Role.ALTERNATIVE or one.kind not in _RANK}
    after = {one.kind: one for one in new if one.role is not Role.ALTERNATIVE or one.kind not in _RANK}
    for kind in before.keys() | after.keys():
        if kind not in before:
            signs.add(1)
        elif kind not in after:
            signs.add(-1)
        else:
            if before[kind].role is not after[kind].role:
                signs.add(-1 if after[kind].role is Role.OPTIONAL else 1)
            signs |= _bound_signs(before[kind], after[kind])
    return signs


def _bound_signs(old: Sanction, new: Sanction) -> set[int]:
    low_old, high_old = _bounds(old)
    low_new, high_new = _bounds(new)
    if not _comparable(old.unit, new.unit):
        raise _Incomparable
    return {(low_new > low_old) - (low_new < low_old), (high_new > high_old) - (high_new < high_old)}


def _comparable(old: AmountUnit | None, new: AmountUnit | None) -> bool:
    terms = {*_DAYS, AmountUnit.LIFE}
    return old == new or (old in terms and new in terms)


def _bounds(one: Sanction) -> tuple[int, int]:
    if one.unit is None:
        return 0, 0
    if one.unit is AmountUnit.LIFE:
        return _NO_BOUND, _NO_BOUND
    scale = _DAYS.get(one.unit, 1)
    low = 0 if one.minimum is None else one.minimum * scale
    high = _NO_BOUND if one.maximum is None else one.maximum * scale
    return low, high
