"""The fold written plainly, as an oracle: no shortcuts, no guard, one pass per article over all redactions.

Texts of different articles are taken to be distinct; a text that stood under one number before and stands under
another now was renumbered. The result is plain tuples, so that nothing of the real fold's records is trusted.
"""

from __future__ import annotations

from dataclasses import dataclass

from lawdiff.model import Redaction, State, Unit
from lawdiff.text import fold_key


@dataclass(frozen=True)
class Plain:
    """versions: (eid, text, heading, state, valid_from, valid_to); changes: (eid, date, op, text before, after)."""

    versions: list[tuple[str, str, str, str, str, str | None]]
    changes: list[tuple[str, str, str, str | None, str]]


def plain_fold(redactions: list[Redaction]) -> Plain:
    ordered = sorted(redactions, key=lambda one: (str(one.redaction_date), str(one.observed_on), one.snapshot_id))
    pages = [(str(one.redaction_date), {unit.eid: unit for unit in one.units}) for one in ordered]
    eids = sorted({eid for _, page in pages for eid in page})
    versions: list[tuple[str, str, str, str, str, str | None]] = []
    changes: list[tuple[str, str, str, str | None, str]] = []
    for eid in eids:
        one_versions, one_changes = plain_article(eid, pages)
        versions += one_versions
        changes += one_changes
    return Plain(versions, changes)


def plain_article(
    eid: str, pages: list[tuple[str, dict[str, Unit]]]
) -> tuple[list[tuple[str, str, str, str, str, str | None]], list[tuple[str, str, str, str | None, str]]]:
    versions: list[list[str | None]] = []
    changes: list[tuple[str, str, str, str | None, str]] = []
    for place, (day, page) in enumerate(pages):
        now = page.get(eid)
        before = pages[place - 1][1].get(eid) if place else None
        if now is None:
            if before is not None:
                versions[-1][5] = day  # in generated histories only a renumbered article leaves its number
            continue
        if before is None:
            versions.append([eid, now.text, now.heading, now.state, day, None])
            if place:
                source = came_from(now, pages[place - 1][1], page)
                changes.append((eid, day, "renumbered" if source else "added", source, now.text))
            continue
        op = what_happened(before, now, day == pages[place - 1][0])
        if (before.text, before.heading) != (now.text, now.heading):
            versions[-1][5] = day
            versions.append([eid, now.text, now.heading, now.state, day, None])
        elif versions[-1][3] != now.state:
            versions[-1][3] = now.state
        if op:
            changes.append((eid, day, op, before.text, now.text))
    return [tuple(version) for version in versions], changes  # type: ignore[misc]


def came_from(unit: Unit, before: dict[str, Unit], now: dict[str, Unit]) -> str | None:
    for eid, old in before.items():
        if eid not in now and fold_key(old.text) == fold_key(unit.text) != "":
            return old.text
    return None


def what_happened(before: Unit, now: Unit, same_day: bool) -> str | None:
    if now.state is not before.state:
        return {State.EXCLUDED: "excluded", State.IN_FORCE: "restored"}[now.state]
    if (before.text, before.heading) != (now.text, now.heading):
        same_key = fold_key(before.text) == fold_key(now.text) and fold_key(before.heading) == fold_key(now.heading)
        if same_key:
            return "typographic"
        return "silent_edit" if same_day else "amended"
    if before.parents != now.parents:
        return "renumbered"
    if [note.text for note in before.notes] != [note.text for note in now.notes]:
        return "note_only"
    return None
