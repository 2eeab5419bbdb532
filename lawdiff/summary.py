"""What a diff says in facts: which parts were added, removed, reworded, renumbered, moved. The material of a sentence.

The record (`summary_json`): `op`; `heading` true when it changed; `added`, `removed`, `changed`, `restated` (eids of
lines, a part standing for all lines under it), `renumbered` and `moved` ([old eid, new eid]), `words` ([added,
removed]); `number` ([old, new]) and `path` ([old, new]) of the unit, `state` ([old, new]), `notes` ([gained, lost]);
`parts` is `chast` in acts whose «1.» is a часть, else `punkt`. Keys without content are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from lawdiff.diff import ArticleDiff, LineOp
from lawdiff.model import Op, Unit

# Acts whose numbered «1.» is called часть (FORMAT §4.3): criminal, offences, penal and procedure codes.
PARTS_ARE_CHAST = frozenset({"K1400000226", "K1400000231", "K1400000234", "K1400000235", "K1500000377", "K2000000350"})


def summarise(act_id: str, op: Op, diff: ArticleDiff, old: Unit | None, new: Unit | None) -> str:
    """The facts of one change as JSON."""
    record: dict[str, Any] = {"op": str(op), "parts": "chast" if act_id in PARTS_ARE_CHAST else "punkt"}
    if old is not None and new is not None:
        record |= _between(old, new)
        record |= _lines(diff)
    record["words"] = [diff.words_added, diff.words_removed]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _between(old: Unit, new: Unit) -> dict[str, Any]:
    record: dict[str, Any] = {}
    if old.heading != new.heading:
        record["heading"] = True
    if old.eid != new.eid:
        record["number"] = [old.number, new.number]
    if old.state is not new.state:
        record["state"] = [str(old.state), str(new.state)]
    if old.path != new.path and old.parents != new.parents:
        record["path"] = [_innermost(old), _innermost(new)]
    return record


def _innermost(unit: Unit) -> str | None:
    return unit.path[-1] if unit.path else None


def _lines(diff: ArticleDiff) -> dict[str, Any]:
    facts = {
        "added": _roots(op.new for op in diff.lines if op.op == "insert"),
        "removed": _roots(op.old for op in diff.lines if op.op == "delete"),
        "changed": [op.new for op in diff.lines if op.op == "change" and not _only_number(op) and not _all_new(op)],
        "restated": [op.new for op in diff.lines if op.op == "change" and _all_new(op)],
        "renumbered": [[op.old, op.new] for op in diff.lines if op.op == "change" and _only_number(op)],
        "moved": [[op.old, op.new] for op in diff.lines if op.op == "move_to"],
        "notes": _notes(diff.notes),
    }
    return {name: fact for name, fact in facts.items() if fact}


def _roots(eids: Iterable[str | None]) -> list[str]:
    """The eids without those that lie under another of them."""
    kept: list[str] = []
    for eid in eids:
        if eid is not None and not any(eid.startswith(root + "__") for root in kept):
            kept.append(eid)
    return kept


def _all_new(op: LineOp) -> bool:
    """Whether nothing but the printed number of a line stayed."""
    return not any(kind == "=" and any(letter.isalpha() for letter in text) for kind, text in op.words)


def _only_number(op: LineOp) -> bool:
    """Whether nothing but the printed number of a line changed."""
    changed = [text for kind, text in op.words if kind != "="]
    return op.words[0][0] != "=" and len(changed) <= 2 and not any(letter.isalpha() for letter in "".join(changed))


def _notes(ops: Sequence[LineOp]) -> list[int]:
    gained = sum(op.op in ("insert", "change", "move_to") for op in ops)
    lost = sum(op.op in ("delete", "change", "move_from") for op in ops)
    return [gained, lost] if ops else []
