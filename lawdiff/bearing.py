"""What a diff bears out of what a note says was done: the check behind `corroborated`.

A claim on the whole unit is borne out by any difference of the fitting sort; a claim on a part, point, heading or on
words must be seen there. Lines are looked for under their old and their new name, because an insertion renumbers what
follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lawdiff.claims import Claim
from lawdiff.diff import read
from lawdiff.model import Action, Change, Op
from lawdiff.text import fold_lookalikes

_HEADING = "heading__"
_WHOLE_OPS = frozenset({Op.ADDED, Op.DEFERRED})
_WORD = re.compile(r"\w+")
_STEM = 4  # letters that two forms of one word must share at least
_EXCLUDED = re.compile(r"исключен|утратил|алып\s+тасталды|алынып\s+тасталды|күші\s+жойылды", re.IGNORECASE)


class Bearing:
    """The differences of one change, ready to be asked about."""

    def __init__(self, change: Change) -> None:
        self.change = change

    @cached_property
    def _record(self) -> dict[str, Any]:
        """The stored diff: read only for claims that speak of less than the whole unit."""
        return read(self.change.diff_json)

    @property
    def heading(self) -> Sequence[Sequence[str]]:
        return self._record.get("heading", ())  # type: ignore[no-any-return]

    @cached_property
    def ops(self) -> list[dict[str, Any]]:
        return [op for op in self._record["lines"] if op["op"] != "equal"]

    @property
    def heading_differs(self) -> bool:
        return '"heading":true' in self.change.summary_json or bool(self.change.op in _WHOLE_OPS and self.heading)

    @property
    def differs(self) -> bool:
        """Whether anything does: a version opens for nothing else."""
        return self.change.old_version != self.change.new_version

    def touches(self, eid: str, kinds: frozenset[str] | None = None) -> bool:
        """Whether a line at or under `eid` (relative to the unit) differs, by one of `kinds` of ops."""
        wanted = _line_of(eid)
        return any(
            (kinds is None or op["op"] in kinds) and any(_within(op.get(side), wanted) for side in ("old", "new"))
            for op in self.ops
        )

    def says_excluded(self, eid: str) -> bool:
        """Whether the text itself now says of `eid` that it is excluded («2) исключен …»)."""
        wanted = _line_of(eid)
        return any(
            op["op"] in ("change", "insert")
            and any(_within(op.get(side), wanted) for side in ("old", "new"))
            and any(kind == "+" and _EXCLUDED.search(text) for kind, text in op["words"])
            for op in self.ops
        )

    def hunks(self) -> list[tuple[list[str], list[str]]]:
        """(words removed, words added) of every hunk, heading included."""
        found: list[tuple[list[str], list[str]]] = []
        for words in [self.heading, *(op["words"] for op in self.ops if op["op"] != "move_from")]:
            removed: list[str] = []
            added: list[str] = []
            for kind, text in words:
                if kind == "=":
                    found.append((removed, added))
                    removed, added = [], []
                else:
                    (removed if kind == "-" else added).extend(_words(text))
            found.append((removed, added))
        return [(removed, added) for removed, added in found if removed or added]

    def replaces(self, pair: tuple[str, str]) -> bool:
        """Whether some hunk is explained by the replacement of the first words by the second."""
        return any(_explained(removed, added, pair) for removed, added in self.hunks())

    def holds(self, pair: tuple[str, str]) -> bool:
        """Whether the words that a replacement takes away and brings are among those removed and added."""
        hunks = self.hunks()
        removed = [word for words, _ in hunks for word in words]
        added = [word for _, words in hunks for word in words]
        old, new = _words(pair[0]), _words(pair[1])
        taken = [word for word in old if word not in new]
        brought = [word for word in new if word not in old]
        return _made_of(taken, removed) and _made_of(brought, added) and bool(taken or brought)


def names_heading(claim: Claim, eid: str) -> bool:
    """Whether a claim speaks of the heading, or of the whole unit with its heading (added, restated)."""
    unit = claim.reading.unit
    whole = unit in (None, eid) and claim.action in (Action.ADDED, Action.RESTATED)
    return whole or unit in (_HEADING + eid, f"{eid}__heading")


def seen(claim: Claim, bearing: Bearing) -> bool:
    """Whether the diff bears out a claim. A claim that names no unit of this article is not contradicted by it."""
    unit, eid = claim.reading.unit, bearing.change.eid
    if unit is None or not _concerns(unit, eid):
        return True
    if unit in (_HEADING + eid, f"{eid}__heading"):
        return bearing.heading_differs
    if claim.reading.replacements and claim.action is Action.REPLACED_WORDS:
        return any(bearing.holds(pair) for pair in claim.reading.replacements)
    inner = unit.removeprefix(eid).removeprefix("__") if unit.startswith(eid + "__") else ""
    if inner:
        return _part_seen(claim.action, inner, bearing)
    return _whole_seen(claim.action, bearing)


def _concerns(unit: str, eid: str) -> bool:
    bare = unit.removeprefix(_HEADING)
    return bare == eid or bare.startswith(eid + "__")


def _whole_seen(action: Action, bearing: Bearing) -> bool:
    op = bearing.change.op
    if action is Action.ADDED:
        return op in (Op.ADDED, Op.DEFERRED, Op.TOOK_EFFECT, Op.RESTORED)
    if action in (Action.EXCLUDED, Action.REPEALED):
        return op is Op.EXCLUDED
    # Amended, then excluded or added within one step: the text shows the last deed only, and contradicts none.
    return bearing.differs


def _part_seen(action: Action, inner: str, bearing: Bearing) -> bool:
    if bearing.change.op in (Op.ADDED, Op.EXCLUDED):
        return True
    if action is Action.ADDED:
        return bearing.touches(inner, frozenset({"insert", "move_to", "change"}))
    if action in (Action.EXCLUDED, Action.REPEALED):
        gone = bearing.touches(inner, frozenset({"delete", "move_from", "change"}))
        return gone or bearing.says_excluded(inner)
    return bearing.touches(inner)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The lines that a claim speaks of. eid: of the unit that holds them. which: all under it, the line itself, or the
    unnumbered lines under it."""

    eid: str
    which: str = "all"


def _line_of(unit: str) -> _Wanted:
    """Where the lines of a unit as notes count it stand.

    Notes count абзацы of a numbered part from the numbered line on: абзац 1 of part 2 is the line `part_2`, абзац 3 is
    `part_2__para_2`. Unnumbered lines after a point are counted with its part (`lawdiff.parse.lines`), so that абзац 3
    of a point is one of those. A часть of a пункт has no number on the page: its points are points of the пункт, and
    its own words are the numbered line or one of the unnumbered ones.
    """
    steps = unit.split("__")
    plain = [step for step in steps if not step.startswith("subpart_")]
    if plain == steps and (len(steps) == 1 or not steps[-1].startswith("para_")):
        return _Wanted(unit)
    if plain[-1].startswith("point_"):
        return _Wanted("__".join(plain))
    number = steps[-1].rpartition("_")[2]
    above = [step for step in plain if not step.startswith("para_")]
    if number == "1" and all(step == "subpart_1" for step in steps if step.startswith("subpart_")):
        return _Wanted("__".join(above), "self")
    if plain == steps and above[-1].startswith(("part_", "note_")) and number.isdigit():
        return _Wanted(f"{'__'.join(above)}__para_{int(number) - 1}")
    return _Wanted("__".join(step for step in above if not step.startswith("point_")), "unnumbered")


def _within(eid: str | None, wanted: _Wanted) -> bool:
    if eid is None:
        return False
    if wanted.which == "unnumbered":
        return eid.startswith(f"{wanted.eid}__para_" if wanted.eid else "para_")
    # A note names «point 3» of an article without parts, or of a part that the page numbers otherwise.
    if not wanted.eid or eid == wanted.eid or eid.endswith("__" + wanted.eid):
        return True
    return wanted.which == "all" and eid.startswith(wanted.eid + "__")


def explains_all(bearing: Bearing, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether every word that changed is explained by one of the replacements."""
    hunks = bearing.hunks()
    return bool(hunks) and all(any(_explained(*hunk, pair) for pair in pairs) for hunk in hunks)


def _explained(removed: Sequence[str], added: Sequence[str], pair: tuple[str, str]) -> bool:
    """Whether the words of one hunk are words of the replacement, whatever their case endings.

    A hunk holds only the words that differ: it may be less than the pair, and must not be more.
    """
    old, new = _words(pair[0]), _words(pair[1])
    return _made_of(removed, old) and _made_of(added, new) and bool(removed or added)


def _made_of(words: Sequence[str], source: Sequence[str]) -> bool:
    rest = list(source)
    for word in words:
        match = next((other for other in rest if _same_stem(word, other)), None)
        if match is None:
            return False
        rest.remove(match)
    return True


def _same_stem(one: str, other: str) -> bool:
    if one == other:
        return True
    shortest = min(len(one), len(other))
    if shortest < _STEM:
        return False
    needed = max(_STEM, max(len(one), len(other)) - 4)
    return one[:needed] == other[:needed] if needed <= shortest else one[:shortest] == other[:shortest]


def _words(text: str) -> list[str]:
    return _WORD.findall(fold_lookalikes(text).casefold())
