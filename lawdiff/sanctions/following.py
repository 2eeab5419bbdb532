"""Which part of the newer text of an article continues which of the older, where parts came, went, changed numbers.

An inserted part takes the number of the one that stood there: in article 208 of the Criminal Code the law of 2025 put a
new part 3 before the old one, which is part 4 since. Compared by number alone, grave consequences would look as if they
had become cheaper. So where the two texts do not have the same parts, a part is followed under another number if what
it forbids (its words without the sanction) is nearly the same there, and clearly nearer than what stands under its own
number on either side. Everything else keeps its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz

from lawdiff.model import Line
from lawdiff.sanctions.records import SanctionReading
from lawdiff.text import fold_key

Part = str | None
_SAME = 0.8  # ratio from which a part under another number is the same part
_NEARER = 0.1  # by how much it must be nearer than the parts under the two numbers


@dataclass(frozen=True, slots=True)
class PunishingText:
    """The lines of one version of an article and the sanctions read from them."""

    lines: tuple[Line, ...]
    reading: SanctionReading


def renamed_parts(old: PunishingText, new: PunishingText) -> dict[Part, Part]:
    """The new name of every part of the older text that is not the newer text's part of its name.

    A part whose number the continuation of another took, and that nothing continues, is named `-part_2`: it is gone.
    """
    before, after = old.reading.parts, new.reading.parts
    if set(before) == set(after) or not before or not after:
        return {}
    likeness = {(here, there): _likeness(old, here, new, there) for here in before for there in after}
    moved: dict[Part, Part] = {}
    for (here, there), ratio in sorted(likeness.items(), key=lambda item: -item[1]):
        rivals = (likeness.get((here, here), 0.0), likeness.get((there, there), 0.0))
        if here == there or here in moved or there in moved.values():
            continue
        if ratio >= _SAME and ratio >= max(rivals) + _NEARER:
            moved[here] = there
    gone = {part: f"-{part}" for part in before if part not in moved and part in moved.values()}
    return moved | gone


def renumbered(reading: SanctionReading, names: Mapping[Part, Part]) -> SanctionReading:
    """The reading with its parts, and the parts in its cases, under their new names."""
    if not names:
        return reading
    return SanctionReading(
        tuple(
            replace(one, part=names.get(one.part, one.part), case=_case(one.case, names)) for one in reading.sanctions
        ),
        tuple(replace(one, part=names.get(one.part, one.part)) for one in reading.unread),
    )


def follow(old: PunishingText, new: PunishingText) -> SanctionReading:
    """What the older text provides, under the names that its parts have in the newer."""
    return renumbered(old.reading, renamed_parts(old, new))


def lineages(texts: Sequence[PunishingText]) -> list[dict[Part, int]]:
    """For each of the versions of an article, oldest first, the line that each of its parts belongs to: the parts that
    continue one another, step by step, have one number. A part that comes back in its old words comes back to its line.
    """
    found: list[dict[Part, int]] = []
    ended: dict[int, tuple[PunishingText, Part]] = {}
    new_line = 0
    for place, text in enumerate(texts):
        names = renamed_parts(texts[place - 1], text) if place else {}
        before = {names.get(part, part): line for part, line in found[-1].items()} if found else {}
        own: dict[Part, int] = {}
        for part in text.reading.parts:
            back = next((line for line, (old, was) in ended.items() if _likeness(old, was, text, part) >= _SAME), None)
            if part in before:
                own[part] = before[part]
            elif back is not None:
                own[part] = back
                del ended[back]
            else:
                own[part] = new_line
                new_line += 1
        if found:
            ended |= {line: (texts[place - 1], part) for part, line in found[-1].items() if line not in own.values()}
        found.append(own)
    return found


def names_along(old: Mapping[Part, int], new: Mapping[Part, int]) -> dict[Part, Part]:
    """New names for the parts of one version (their lines: `old`) among those of another, older or newer."""
    named = {line: part for part, line in new.items()}
    names = {part: named.get(line, f"-{part}" if part in new else part) for part, line in old.items()}
    return {part: name for part, name in names.items() if name != part}


def _case(case: str | None, names: Mapping[Part, Part]) -> str | None:
    if case is None:
        return None
    head, joint, rest = case.partition("__")
    if head in names:
        return f"{names[head]}{joint}{rest}"
    return f"{names[None]}__{case}" if names.get(None) and not head.startswith("part_") else case


def _likeness(old: PunishingText, here: Part, new: PunishingText, there: Part) -> float:
    one, two = _forbidden(old, here), _forbidden(new, there)
    return fuzz.ratio(one, two, score_cutoff=30) / 100 if one and two else 0.0


@lru_cache(maxsize=256)
def _forbidden(text: PunishingText, part: Part) -> str:
    """The words of a part before its sanction, folded, without its number."""
    starts: dict[str, int] = {}
    for one in text.reading.sanctions:
        starts[one.line] = min(one.start, starts.get(one.line, one.start))
    own = [line for line in text.lines if part is None or line.eid == part or line.eid.startswith(f"{part}__")]
    words = fold_key(" ".join(line.text[: starts.get(line.eid)] for line in own))
    number, dot, rest = words.partition(". ")
    return rest if dot and number.replace("-", "").isdigit() else words
