"""A note read into claims: which law did what to which unit, and from when.

A note is a run of clauses. Each clause has actions («в редакции», «өзгерістер енгізілді»), each followed by its laws;
the unit stands before the first action of its clause («Статья 205 …», «205-бапқа …»), and what was added stands after
it in Russian («дополнена статьей 164-1») or in the instrumental in Kazakh («164-1-баппен»). A law's action is the last
one named before it. Unknown text is never an error: it gives Action.UNKNOWN with the flag `unread`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from lawdiff.dates import ForcePhrase, is_force_phrase, read_force_phrase
from lawdiff.model import Action, Lang, LawRef, NoteKind, NoteLink, Reading
from lawdiff.notes import words
from lawdiff.notes.fold import Folded, fold
from lawdiff.notes.kinds import classify_note, find_actions, is_normative, label_end
from lawdiff.notes.laws import Mention, find_mentions, law_ref
from lawdiff.notes.replacements import read_replacements
from lawdiff.notes.units import ACT, HEADING, STRUCTURE, Item, Named, expand, inside_part, items_in, named_by, resolve

_COMPLEMENT_END = re.compile(r"\b(?:в\s+соответствии|закон\w*|согласно|указ\w*)\b|\s-\s|;")
_LONGEST_NOTE = 40_000  # the longest note of the pages at hand has 3 000 characters
_ITEM = re.compile(r"\s*(?P<number>\d{1,9}(?:-\d{1,9}){0,4})\s*(?P<sign>[.)])")
_NEXT_ITEM = re.compile(r"[;\n]\s*(?=\d{1,9}(?:-\d{1,9}){0,4}\s*[.)])(?!\s*\d{1,2}\.\d{1,2}\.\d)")
_OWN_FORCE = (Action.DEFERRED, Action.SUSPENDED, Action.EXPIRED)
_LAW_CLAUSE = {
    Lang.RU: re.compile(r"\s+(?:в\s+соответствии\s+с|согласно|закон\w+\s+рк)\b"),
    Lang.KK: re.compile(r"\s+-\s+қр\b"),
}


@dataclass(frozen=True, slots=True)
class _Clause:
    """One subject with its actions: offsets of the subject's region and of the clause's end."""

    start: int
    end: int
    actions: tuple[tuple[Action, int, int], ...]


@lru_cache(maxsize=8192)  # the same note stands in redaction after redaction
def read_note(
    text: str,
    lang: Lang,
    *,
    links: tuple[NoteLink, ...] = (),
    target: str | None = None,
    is_amendment: bool = False,
) -> tuple[Reading, ...]:
    """Every claim of a note, in order; at least one. Never raises.

    text: as shown (offsets of `links` refer to it). target: eid of the unit that it concerns by position.
    is_amendment: that `classify_note` gave AMENDMENT is known; it is not asked again.
    """
    if len(text) > _LONGEST_NOTE:
        return (Reading(Action.UNKNOWN, None, flags=("too_long", "unread")),)
    if not is_amendment and is_normative(text, lang):
        return (Reading(Action.NONE, None, flags=("normative",)),)
    kind = NoteKind.AMENDMENT if is_amendment else classify_note(text, lang)
    if kind is NoteKind.SERVICE:
        return (Reading(Action.NONE, None, flags=("service",)),)
    folded = fold(text)
    start = label_end(folded, lang)
    mentions = find_mentions(folded, lang, links)
    if kind is NoteKind.EXCLUDED_UNIT:
        return _excluded_items(folded, start, mentions, lang, target, links)
    if kind is NoteKind.REFERENCE:
        return _reference(folded, start, mentions, lang, target)
    actions = find_actions(folded, lang, start)
    if not actions:
        refs, flags = _refs(folded, mentions, (), Action.UNKNOWN, lang)
        return (Reading(Action.UNKNOWN, None, refs, flags=_unique([*flags, "unread"])),)
    readings: list[Reading] = []
    for clause in _clauses(folded, start, actions, mentions, lang):
        # «Статья 5 с изменением, внесенным …; дополнена пунктом 3 …; исключена …»: the unit named first is meant.
        named = readings[0].unit if readings else None
        made = _read_clause(folded, clause, mentions, lang=lang, kind=kind, target=named or target)
        readings += [_without(one, "unit_by_position") for one in made] if named else made
    return tuple(readings)


def _without(reading: Reading, doubt: str) -> Reading:
    return replace(reading, flags=tuple(flag for flag in reading.flags if flag != doubt))


def _unique(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flags))


def _refs(
    folded: Folded,
    mentions: Iterable[Mention],
    actions: tuple[tuple[Action, int, int], ...],
    default: Action,
    lang: Lang,
) -> tuple[tuple[LawRef, ...], list[str]]:
    """Laws with the last action named before each, and every flag raised on the way."""
    refs: list[LawRef] = []
    flags: list[str] = []
    for mention in mentions:
        before = [action for action, begin, _ in actions if begin < mention.start]
        ref, phrase_flags = law_ref(folded, mention, before[-1] if before else default, lang)
        refs.append(ref)
        flags += [*mention.flags, *phrase_flags]
    return tuple(refs), flags


# ---- excluded points, clauses of their own --------------------------------------------------------------------------


def _excluded_items(
    folded: Folded,
    start: int,
    mentions: tuple[Mention, ...],
    lang: Lang,
    target: str | None,
    links: tuple[NoteLink, ...],
) -> tuple[Reading, ...]:
    """«2) исключен Законом …;», «2. - 6. Исключены …», several of them on lines of one note."""
    starts = _item_starts(folded, start)
    readings: list[Reading] = []
    for at, end in pairwise([*starts, len(folded.text)]):
        head = words.EXCLUDED_ITEM[lang].match(folded.plain, at)
        own = [mention for mention in mentions if at <= mention.start < end]
        if head is None:
            readings += _other_item(folded, at, end, own, lang=lang, target=target)
            continue
        action = Action.REPEALED if head["repealed"] else Action.EXCLUDED
        laws, flags = _refs(folded, own, (), action, lang)
        if not own:
            laws, flags = _laws_in_paren(folded, (at, head.end()), action, lang, links)
        level = "point" if head["numbers"].rstrip().endswith(")") else "part"
        for number in expand(head["numbers"]):
            unit, doubts = resolve(((level, number),), target)
            readings.append(Reading(action, unit, laws, flags=_unique([*flags, *doubts])))
    return tuple(readings)


def _laws_in_paren(
    folded: Folded, head: tuple[int, int], action: Action, lang: Lang, links: tuple[NoteLink, ...]
) -> tuple[tuple[LawRef, ...], list[str]]:
    """The laws of «2. (исключен - N 154 от 06.07.2007)»: the parenthesis around the verb hides them elsewhere."""
    for paren in folded.parens:
        if head[0] <= paren.start < head[1]:
            begin, end = paren.start + 1, paren.end - paren.closed
            inside = fold(folded.text[begin:end])
            own = tuple(
                NoteLink(link.start - begin, link.end - begin, link.href)
                for link in links
                if begin <= link.start and link.end <= end
            )
            return _refs(inside, find_mentions(inside, lang, own), (), action, lang)
    return (), []


def _other_item(
    folded: Folded, at: int, end: int, own: list[Mention], *, lang: Lang, target: str | None
) -> list[Reading]:
    """A line of the note that excludes nothing («3) действовал до 01.01.2021 …»)."""
    head = _ITEM.match(folded.plain, at)
    actions = tuple(action for action in find_actions(folded, lang, at) if action[1] < end)
    if head is None or not actions:
        laws, flags = _refs(folded, own, (), Action.UNKNOWN, lang)
        return [Reading(Action.UNKNOWN, None, laws, flags=_unique([*flags, "unread"]))]
    unit, doubts = resolve((("point" if head["sign"] == ")" else "part", head["number"]),), target)
    clause = _Clause(head.end(), end, actions)
    made = _read_clause(folded, clause, tuple(own), lang=lang, kind=NoteKind.AMENDMENT, target=unit)
    return [replace(one, flags=_unique([*one.flags, *doubts])) for one in made]


def _item_starts(folded: Folded, start: int) -> list[int]:
    """The note's start, and each place after «;» or a line end where another item begins."""
    return [start, *(match.end() for match in _NEXT_ITEM.finditer(folded.masked) if match.end() > start)]


# ---- references ------------------------------------------------------------------------------------------------------


def _reference(
    folded: Folded, start: int, mentions: tuple[Mention, ...], lang: Lang, target: str | None
) -> tuple[Reading, ...]:
    """Court rulings, «порядок введения в действие см. …»: nothing is amended, so that no law is listed as amending."""
    plain = folded.plain[start:]
    actions = find_actions(folded, lang, start)
    documents, flags = _refs(folded, mentions, (), Action.NONE, lang)
    first = actions[0][0] if actions else Action.NONE
    if first is Action.CONSTITUTIONAL_REVIEW:
        units, doubts = _units(_reviewed(folded, start, actions[0][1], mentions, lang), target)
        return tuple(
            Reading(first, unit, flags=_unique([*flags, *doubts]), documents=documents) for unit in units or (None,)
        )
    if words.THIS_ACT_FORCE[lang].search(plain) or first is Action.ENTERS_INTO_FORCE:
        refs, flags = _refs(folded, mentions, (), Action.ENTERS_INTO_FORCE, lang)
        return (Reading(Action.ENTERS_INTO_FORCE, ACT, refs, flags=_unique([*flags, "see_article"])),)
    return (Reading(Action.NONE, target, flags=_unique([*flags, "reference"]), documents=documents),)


def _reviewed(folded: Folded, start: int, action: int, mentions: tuple[Mention, ...], lang: Lang) -> Named:
    """What a ruling is on: named between the ruling and the action, else before the ruling (the Kazakh order)."""
    after = _after(mentions, action, start)
    named = named_by(items_in(folded, after, action, lang), folded, after, action, lang)
    if named.paths or after == start:
        return named
    first = min(mention.start for mention in mentions)
    before = named_by(items_in(folded, start, first, lang), folded, start, first, lang)
    return before if before.paths else named


def _after(mentions: tuple[Mention, ...], before: int, start: int) -> int:
    """End of the last law named before an offset, else `start`."""
    return max((mention.end for mention in mentions if mention.end <= before), default=start)


# ---- clauses ---------------------------------------------------------------------------------------------------------


def _clauses(
    folded: Folded,
    start: int,
    actions: tuple[tuple[Action, int, int], ...],
    mentions: tuple[Mention, ...],
    lang: Lang,
) -> list[_Clause]:
    """A new clause begins where, after a law, another unit is named before the next action, or is added by it.

    After an addition to the unit named first («…; дополнена пунктом 3 …; исключена …») that unit is spoken of again.
    """
    begins = [(start, 0)]
    added_to_it = False  # the clause under way adds something to the unit of the first
    for index in range(1, len(actions)):
        action, begin, end = actions[index]
        ends = [
            _end_of(mention) for mention in mentions if actions[index - 1][2] <= mention.start and mention.end <= begin
        ]
        if not ends:
            continue
        region = max(ends)
        items = items_in(folded, region, begin, lang)
        named = named_by(items, folded, region, begin, lang)
        named_itself = named.paths or named.heading or named.whole in ("preamble", "contents", "note")
        adds = action is Action.ADDED and (
            all(item.added for item in items) and bool(items)
            if lang is Lang.KK
            else not named_itself and bool(_complement(folded, end, mentions, len(folded.text))[0].paths)
        )
        if named_itself or adds or (added_to_it and action is not Action.ADDED):
            begins.append((region, index))
            added_to_it = adds
    clauses = []
    for position, (region, index) in enumerate(begins):
        last = position + 1 == len(begins)
        end = len(folded.text) if last else begins[position + 1][0]
        clauses.append(_Clause(region, end, actions[index : len(actions) if last else begins[position + 1][1]]))
    return clauses


def _end_of(mention: Mention) -> int:
    return mention.force.end if mention.force else mention.end


def _read_clause(
    folded: Folded,
    clause: _Clause,
    mentions: tuple[Mention, ...],
    *,
    lang: Lang,
    kind: NoteKind,
    target: str | None,
) -> list[Reading]:
    own = tuple(mention for mention in mentions if clause.start <= mention.start < clause.end)
    action, begin, _ = clause.actions[0]
    subject_items = items_in(folded, clause.start, begin, lang)
    wide = words.TEXT_WIDE[lang].search(folded.masked, clause.start, clause.end) is not None
    refs, flags = _refs(folded, own, clause.actions, action, lang)
    flags += _language_flags(folded, clause, lang)
    if action is Action.ENTERS_INTO_FORCE:
        action = Action.DEFERRED
        refs = tuple(replace(ref, action=action) if ref.action is Action.ENTERS_INTO_FORCE else ref for ref in refs)
    container: str | None = None
    if action is Action.ADDED:
        units, container, doubts = _added(folded, clause, own, subject_items, lang=lang, target=target)
    else:
        named = named_by(subject_items, folded, clause.start, begin, lang)
        if wide and not named.paths:
            named = Named(whole=ACT)
        units, doubts = _units(named, target)
    pairs: tuple[tuple[str, str], ...] = ()
    if Action.REPLACED_WORDS in {one for one, _, _ in clause.actions}:
        pairs, doubt = read_replacements(folded, clause.start, clause.end, lang)
        flags += doubt
    if kind is NoteKind.FUTURE:
        flags.append("future")
    phrase_text, phrase = _own_force(folded, clause, own, action, lang)
    if phrase is not None:
        flags += phrase.flags
    until = _until(refs, phrase)
    return [
        Reading(
            action,
            unit,
            refs,
            container=container,
            replacements=pairs,
            flags=_unique([*flags, *doubts]),
            until=until,
            in_force_text=phrase_text,
            in_force_on=phrase.on if phrase else None,
        )
        for unit in units or (None,)
    ]


def _language_flags(folded: Folded, clause: _Clause, lang: Lang) -> list[str]:
    stretch = folded.masked[clause.start : clause.end]
    return [flag for flag, pattern in words.ONE_LANGUAGE[lang] if pattern.search(stretch)]


def _units(named: Named, target: str | None) -> tuple[tuple[str, ...], list[str]]:
    """The eids that a subject names; by position where it names none."""
    doubts: list[str] = []
    eids: list[str] = []
    for path in named.paths:
        eid, flags = resolve(path, target, position_decides=len(named.paths) == 1)
        eids.append(eid)
        doubts += flags
    if not eids and named.whole == "note":
        article = _article_of(target)
        eids, doubts = ([f"{article}__note_1"], []) if article else (["note_1"], ["unit_relative"])
    elif not eids and named.whole:
        eids = [named.whole]
    elif not eids and target:
        eids, doubts = [target.removeprefix(HEADING) if named.heading else target], ["unit_by_position"]
    if named.heading:
        eids = [eid if eid.startswith(HEADING) else HEADING + eid for eid in eids]
        doubts = [doubt for doubt in doubts if doubt != "unit_by_position"]
    return tuple(eids), doubts


def _article_of(target: str | None) -> str | None:
    if not target or target == ACT:
        return None
    return target.removeprefix(HEADING).split("__")[0]


def _added(
    folded: Folded,
    clause: _Clause,
    own: tuple[Mention, ...],
    subject_items: tuple[Item, ...],
    *,
    lang: Lang,
    target: str | None,
) -> tuple[tuple[str, ...], str | None, list[str]]:
    """(units added, what they were added to, doubts)."""
    _, begin, end = clause.actions[0]
    if lang is Lang.RU:
        added, new = _complement(folded, end, own, clause.end)
        holder = named_by(subject_items, folded, clause.start, begin, lang)
    else:
        new = tuple(item for item in subject_items if item.added)
        if not new:
            units_named, doubts_named = _units(named_by(subject_items, folded, clause.start, begin, lang), target)
            return units_named, None, [*doubts_named, "added_unit_unread"]
        old = tuple(item for item in subject_items if item not in new)
        first = new[0].start
        added = named_by(new, folded, first, begin, lang)
        holder = named_by(old, folded, clause.start, first, lang)
    if not added.paths and added.whole is None and holder.paths:
        added, holder = holder, Named()  # «Глава 7-1 введена Законом …»: the subject itself is new
    outer = holder.paths[0] if holder.paths else ()
    inside = tuple(step for step in outer if step[0] not in STRUCTURE)
    doubts: list[str] = []
    units: list[str] = []
    for named in added.paths:
        in_part = named[0][0] == "part" and inside and inside[-1][0] == "part"
        path = ((inside_part(new[0]), named[0][1]), *named[1:]) if in_part else named
        whole = path if path[0][0] == "art" or path[0][0] in ("sec", "chp", "annex") else (*(inside or outer), *path)
        eid, flags = resolve(whole, target, position_decides=False)
        units.append(eid)
        doubts += flags
    named_none = not (units or outer or added.whole or holder.whole or holder.heading)
    if named_none and target and target != ACT:
        return (target.removeprefix(HEADING),), None, ["unit_by_position"]  # «Статья дополнена в соответствии с …»
    if not units:
        units = [f"{'__'.join('_'.join(step) for step in inside)}__note_1"] if added.whole == "note" and inside else []
        doubts.append("added_unit_unread" if not units else "")
    if outer:
        container, flags = resolve(outer, target, position_decides=False)
    elif holder.whole:
        container, flags = holder.whole, ()
    elif added.paths and added.paths[0][0][0] in ("art", "chp", "sec", "annex", "subchp"):
        container, flags = ACT, ("container_not_named",)
    else:
        container, flags = units[0].rpartition("__")[0] if units else "", ()
    return tuple(units), container or None, [doubt for doubt in (*doubts, *flags) if doubt]


def _complement(folded: Folded, start: int, mentions: tuple[Mention, ...], end: int) -> tuple[Named, tuple[Item, ...]]:
    """What «дополнена» is followed by, up to the law: «статьями 5-1 и 5-2», «частью второй»."""
    limit = min([mention.start for mention in mentions if mention.start >= start] or [end])
    stop = _COMPLEMENT_END.search(folded.masked, start, limit)
    limit = stop.start() if stop else limit
    items = items_in(folded, start, limit, Lang.RU)
    return named_by(items, folded, start, limit, Lang.RU), items


# ---- force of the unit itself ----------------------------------------------------------------------------------------


def _own_force(
    folded: Folded, clause: _Clause, own: tuple[Mention, ...], action: Action, lang: Lang
) -> tuple[str | None, ForcePhrase | None]:
    """The phrase on the unit's own force, outside or inside a parenthesis, where the action is about that."""
    suspended = words.SUSPENDED[lang].search(folded.plain, clause.start, clause.end) is not None
    if action not in _OWN_FORCE and not suspended:
        return None, None
    begin = clause.actions[0][1]
    if action in _OWN_FORCE:
        limit = min([mention.start for mention in own if mention.start > begin] or [clause.end])
        stop = _LAW_CLAUSE[lang].search(folded.masked, begin, limit)
        stretch_from = clause.start if lang is Lang.KK or action is Action.EXPIRED else begin
        text = " ".join(folded.text[stretch_from : stop.start() if stop else limit].split()).strip(" .;,-–")
        return text, read_force_phrase(text, lang)
    for paren in folded.parens:
        text = folded.inside(paren)
        if (
            clause.start <= paren.start < clause.end
            and is_force_phrase(text, lang)
            and words.SUSPENDED[lang].search(text.lower())
        ):
            return text, read_force_phrase(text, lang)
    return None, None


def _until(refs: tuple[LawRef, ...], phrase: ForcePhrase | None) -> date | None:
    if phrase is not None and phrase.until:
        return phrase.until
    ends = {ref.until for ref in refs if ref.until}
    return ends.pop() if len(ends) == 1 else None
