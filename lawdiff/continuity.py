"""Which unit of a new redaction continues which old one, and whether the units that are gone may be gone.

A number is an identity until the text says otherwise: an article whose text reappears under another number was
renumbered. An article may vanish under an excluded chapter (FORMAT §5.3) or because it was renumbered; more than a
few that vanish without such a reason are the mark of a broken page, not of a repeal (FORMAT §8, re-fetch guard).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from lawdiff.model import Note, State, Unit, UnitKind
from lawdiff.text import fold_key, fold_lookalikes

_LONG_ENOUGH = 40  # characters below which equal texts prove nothing
_NEARLY = 90.0  # likeness above which a vanished and a new text are one article
_NEARLY_SAME_TITLE = 75.0  # the same where the title without the number is equal
_PAIRS = 900
_MASS_COUNT = 3
_MASS_SHARE = 0.05
_SHRUNK = 0.5
_WORD = re.compile(r"[^\W_]+")
_TITLE_NUMBER = re.compile(r"^(?:\S+\s+)?\d+(?:-\d+)*(?:-?\s?бап\w*)?[.\s]*", re.IGNORECASE)

# «Сноска. Глава 50 исключена …», «Ескерту. 50-тарау алып тасталды …»; not «Глава 5 … пункт 3 исключен».
_EXCLUDED_HEADING = re.compile(
    r"""
    ^(?:Сноска|Ескерту)\.\s*
    (?:
      (?:Глава|Параграф|Раздел|Подраздел)\s+[\w-]+\.?\s*(?:«[^»]*»\s*)?[-–—]?\s*(?:исключен[аы]?|утратил[аи]?\s+силу)\b
    | [\w-]+?[-\s]?(?:тарау|параграф|бөлім|кіші\s+бөлім)\s*[-–—]?\s*(?:алып\s+тасталды|алынып\s+тасталды|күші\s+жойылды)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_VERSIONED = frozenset({UnitKind.ARTICLE, UnitKind.POINT})


def exclusion_notes(heading: Unit) -> tuple[Note, ...]:
    """The notes of a chapter's (section's, paragraph's) heading that say the whole of it is excluded."""
    return tuple(note for note in heading.notes if _EXCLUDED_HEADING.match(fold_lookalikes(note.text)))


def excluded_parent(unit: Unit, page: Mapping[str, Unit]) -> Unit | None:
    """The heading above a vanished unit that the new page shows as excluded, innermost first."""
    for eid in reversed(unit.parents):
        heading = page.get(eid)
        if heading is not None and (heading.state is State.EXCLUDED or exclusion_notes(heading)):
            return heading
    return None


def renumbered(olds: Mapping[str, Unit], news: Mapping[str, Unit]) -> dict[str, str]:
    """New eid → old eid, for units whose text left one number and came under another.

    olds: units gone or changed, as they were; news: units added or changed, as they are.
    """
    found = _equal(*_suspects(olds, news))
    gone = _left(olds, news, found.values())
    come = _left(news, olds, found)
    if gone and come and len(gone) * len(come) <= _PAIRS:
        titles = {eid: title(olds[eid]) for eid in gone} | {eid: title(news[eid]) for eid in come}
        found |= _near(gone, come, titles)
    return found


def _left(units: Mapping[str, Unit], others: Mapping[str, Unit], matched: Iterable[str]) -> dict[str, str]:
    """Keys of the units that only one side has and that are not matched yet."""
    done = set(matched)
    return {
        eid: fold_key(unit.text)
        for eid, unit in units.items()
        if eid not in others and eid not in done and unit.kind in _VERSIONED
    }


def same_law(old: str, new: str) -> bool:
    """Whether two texts have one key: they differ in white space, dashes, quotes or look-alike letters at most.

    Only the lines between the equal ones at both ends are folded: folding costs more than all else here.
    """
    if old == new:
        return True
    a, b = old.split("\n"), new.split("\n")
    while a and b and a[0] == b[0]:
        del a[0], b[0]
    while a and b and a[-1] == b[-1]:
        del a[-1], b[-1]
    return fold_key("\n".join(a)) == fold_key("\n".join(b))


def _suspects(olds: Mapping[str, Unit], news: Mapping[str, Unit]) -> tuple[dict[str, str], dict[str, str]]:
    """Keys of the old and the new units whose first and last words, folded, recur in another unit of the other side."""
    marks = [
        {eid: _mark(unit) for eid, unit in units.items() if unit.kind in _VERSIONED and unit.lines}
        for units in (olds, news)
    ]
    keys: list[dict[str, str]] = []
    for own, other, units in ((marks[0], marks[1], olds), (marks[1], marks[0], news)):
        places: dict[str, set[str]] = {}
        for eid, mark in other.items():
            places.setdefault(mark, set()).add(eid)
        keys.append({eid: fold_key(units[eid].text) for eid, mark in own.items() if places.get(mark, set()) - {eid}})
    return keys[0], keys[1]


def _mark(unit: Unit) -> str:
    """The first and last words of a text, alike for texts of one key."""
    first, last = unit.lines[0].text, unit.lines[-1].text
    return fold_key(" ".join([*_WORD.findall(first[:200])[:6], *_WORD.findall(last[-80:])[-3:]]))


def _equal(keys_old: Mapping[str, str], keys_new: Mapping[str, str]) -> dict[str, str]:
    counts_old, counts_new = Counter(keys_old.values()), Counter(keys_new.values())
    by_key = {key: eid for eid, key in keys_old.items() if counts_old[key] == 1 and len(key) >= _LONG_ENOUGH}
    return {
        eid: by_key[key]
        for eid, key in keys_new.items()
        if counts_new[key] == 1 and key in by_key and by_key[key] != eid
    }


def _near(gone: Mapping[str, str], come: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, str]:
    """New eid → old eid by likeness of keys, the most alike first."""
    scored = []
    for old, key_old in gone.items():
        for new, key_new in come.items():
            if min(len(key_old), len(key_new)) < _LONG_ENOUGH:
                continue
            same_title = titles[old] != "" and titles[old] == titles[new]
            ratio = fuzz.ratio(key_old, key_new, score_cutoff=_NEARLY_SAME_TITLE if same_title else _NEARLY)
            if ratio:
                scored.append((-ratio, old, new))
    found: dict[str, str] = {}
    for _, old, new in sorted(scored):
        if new not in found and old not in found.values():
            found[new] = old
    return found


def title(unit: Unit) -> str:
    """The heading without its number, folded for comparing."""
    return fold_key(_TITLE_NUMBER.sub("", unit.heading)).casefold()


def moved_from(old: Unit, new: Unit) -> str | None:
    """The printed path that a unit left, if it now stands under another innermost heading; else None.

    A heading reworded in place, or a level that one page prints and another does not, is no move.
    """
    if not old.parents or not new.parents or old.parents[-1] == new.parents[-1]:
        return None
    if old.path and new.path and _name(old.path[-1]) == _name(new.path[-1]):
        return None
    return " / ".join(old.path) or old.parents[-1]


def _name(heading: str) -> str:
    return re.sub(r"[^\w]+", " ", fold_lookalikes(heading).casefold()).strip()


def too_many_gone(unexplained: int, articles: int) -> bool:
    """Whether so many articles vanished without a reason that the page, not the law, is to blame."""
    return unexplained > max(_MASS_COUNT, int(_MASS_SHARE * articles))


def shrunk(old_size: int, new_size: int, articles: int) -> bool:
    """Whether the text of an act of some size lost more than half of its characters."""
    return articles >= 2 * _MASS_COUNT and new_size < _SHRUNK * old_size


def shrunk_alone(sizes: Iterable[tuple[int, int]]) -> bool:
    """Whether texts, as (old size, new size), lost more than half of their characters together."""
    found = list(sizes)
    return sum(new for _, new in found) < _SHRUNK * sum(old for old, _ in found)


def repeated(units: Iterable[Unit]) -> list[str]:
    """Eids that a page holds twice."""
    return [eid for eid, count in Counter(unit.eid for unit in units).items() if count > 1]
