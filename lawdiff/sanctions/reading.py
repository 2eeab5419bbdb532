"""Lines of an article version → its sanctions, in Russian or Kazakh.

Russian names a punishment and then its amount («штрафом в размере до …»), Kazakh the amount and then the punishment
(«… дейінгі мөлшерде айыппұл салуға»); additional punishments stand last in Russian («с конфискацией имущества»),
first in Kazakh («мүлкі тәркіленіп»). What does not fit the grammar becomes an UnreadSanction: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from lawdiff.model import Lang, Line, LineKind
from lawdiff.notes.fold import fold
from lawdiff.notes.units import items_in, named_by
from lawdiff.numerals import fold_word
from lawdiff.sanctions import vocabulary as words
from lawdiff.sanctions.amounts import Amount, read_amounts
from lawdiff.sanctions.records import (
    AmountUnit,
    Role,
    Sanction,
    SanctionKind,
    SanctionReading,
    Subject,
    UnreadSanction,
)
from lawdiff.text import plain_dashes

_TERM = frozenset({AmountUnit.DAYS, AmountUnit.MONTHS, AmountUnit.YEARS})
_EXPECTED: dict[SanctionKind, frozenset[AmountUnit]] = {
    SanctionKind.FINE: frozenset({AmountUnit.MCI, AmountUnit.PERCENT, AmountUnit.MULTIPLE}),
    SanctionKind.CORRECTIONAL_LABOUR: frozenset({AmountUnit.MCI}),
    SanctionKind.COMMUNITY_SERVICE: frozenset({AmountUnit.HOURS}),
    SanctionKind.RESTRICTION: _TERM,
    SanctionKind.IMPRISONMENT: _TERM,
    SanctionKind.ARREST: frozenset({AmountUnit.DAYS, AmountUnit.MONTHS}),
    SanctionKind.DEPRIVATION_OF_RIGHT: _TERM | {AmountUnit.LIFE},
    SanctionKind.SUSPENSION: _TERM,
    SanctionKind.PROHIBITION: _TERM,
    SanctionKind.DEPORTATION: _TERM,
}
_AMOUNT_IS_OPTIONAL = frozenset({SanctionKind.SUSPENSION, SanctionKind.PROHIBITION, SanctionKind.DEPORTATION})
_RU_WITH = re.compile(r"(?:^|[\s,])(?:и\s+)?[сc]о?\s*$")
_RU_AND = re.compile(r"(?:^|\s)и\s*$")
_KK_WITH = re.compile(r"(?:іп|ып|отырып|тұрып|п)$")
_KK_AND_FIRST = re.compile(r"\s*,?\s*және\b")
_RU_INSTRUMENTAL = re.compile(r"\w+(?:ем|ом|ей|ой)\b")
_RU_OR = re.compile(r"\s(?:или|либо)\s*$")
_KK_OR = re.compile(r"^,?\s*(?:немесе|не)\s")
_KK_GENITIVE = re.compile(r"(?:ның|нің|дың|дің|тың|тің)\s*$")
_CHOICE = {Lang.RU: re.compile(r"\bлибо\b(?!\s+без\s)"), Lang.KK: re.compile(r"(?<!немесе )\bне\b(?!месе)")}
_RU_OTHER_SUBJECT = re.compile(r"\bна\s+(?!срок|тот|такой|каждо|сумм)[а-я]")
_KK_DATIVE = re.compile(r"(?:ларға|лерге|дарға|дерге|тарға|терге|ларына|леріне)\b")
_KK_OTHER_SUBJECT = _KK_DATIVE
_UNIT_WORDS = re.compile(r"\bмесячн\w+\s+расчетн\w+\s+показател\w+|\bпроцент\w*|%")
_OF_SOMETHING = frozenset({AmountUnit.MULTIPLE, AmountUnit.PERCENT})
_PART = re.compile(r"part_[^_]+")
_Found = tuple[tuple[Sanction, ...], tuple[UnreadSanction, ...]]


@dataclass(slots=True)
class _Clause:
    """One sanction clause under way: what was read last is what «в том же размере», «на тот же срок» refer to."""

    line: Line
    folded: str
    part: str | None
    lang: Lang
    fine: tuple[Sanction, ...] = ()
    accusative: bool = False  # the verb governs the accusative, as in the administrative code («влечет штраф»)
    waiting: tuple[Subject, ...] = ()  # subjects named before a punishment without amount, in Kazakh
    term: Sanction | None = None
    sanctions: list[Sanction] = field(default_factory=list)
    unread: list[UnreadSanction] = field(default_factory=list)

    def refuse(self, start: int, end: int, reason: str) -> None:
        text = " ".join(self.line.text[start:end].split()).strip(" ,;-–")
        self.unread.append(UnreadSanction(self.part, self.line.eid, text, reason))


@dataclass(frozen=True, slots=True)
class _Element:
    """One punishment word: `start`, `end` its stretch with amounts, `word_start`, `word_end` the word itself."""

    kind: SanctionKind
    start: int
    end: int
    word_start: int
    word_end: int
    role: Role


def read_sanctions(lines: Iterable[Line], lang: Lang) -> SanctionReading:
    """All sanctions of one article version. lines: `Unit.lines`. Never raises."""
    sanctions: list[Sanction] = []
    unread: list[UnreadSanction] = []
    for line in lines:
        if line.kind in (LineKind.IMAGE, LineKind.NOTE):
            continue
        found, not_read = _read_line(line.text, line.number, line.eid, lang)
        sanctions += found
        unread += not_read
    return SanctionReading(tuple(sanctions), tuple(unread))


@lru_cache(maxsize=2048)  # most lines stay as they are from version to version
def _read_line(text: str, number: str | None, eid: str, lang: Lang) -> _Found:
    folded = fold_word(text)
    if not any(stem in folded for stem in words.VERB_STEMS[lang]):
        return (), ()  # nearly every line: it must not push what punishes out of the memory of `_read_text`
    found, own_points = _read_text(text, number is None, lang)
    if own_points:
        return _read_clause(Line(eid, LineKind.PARA, text, number), lang)
    return _placed(found, eid, _part_of(eid)) if found[0] or found[1] else found


def _placed(found: _Found, eid: str, part: str | None) -> _Found:
    """The same sanctions in another line. Made by their constructors: `dataclasses.replace` costs more than reading."""
    sanctions, unread = found
    return (
        tuple(
            Sanction(
                part, one.kind, one.role, minimum=one.minimum, maximum=one.maximum, unit=one.unit,
                subject=one.subject, case=one.case, base=one.base, line=eid, start=one.start, end=one.end,
            )
            for one in sanctions
        ),
        tuple(UnreadSanction(part, eid, one.text, one.reason) for one in unread),
    )  # fmt: skip


# One act threatens many offences with the same words.
@lru_cache(maxsize=2048)
def _read_text(text: str, unnumbered: bool, lang: Lang) -> tuple[_Found, bool]:
    """What a text provides wherever it stands; True where it provides for points of its own part, by their eids."""
    line = Line("", LineKind.PARA, text, None if unnumbered else "1")
    found = _read_clause(line, lang)
    return found, any(one.case is not None for one in found[0])


def _part_of(eid: str) -> str | None:
    part = _PART.match(eid)
    return part[0] if part else None


def _read_clause(line: Line, lang: Lang) -> _Found:
    folded = plain_dashes(fold_word(line.text)).replace("\u00a0", " ")
    bounds = _bounds(folded, line, lang)
    if bounds is None:
        return (), ()
    clause = _Clause(line, folded, _part_of(line.eid), lang)
    clause.accusative = lang is Lang.RU and folded[: bounds[0]].endswith(("влечет", "влекут"))
    for cases, start, end in _cases(clause, *_without_besides(clause, *bounds)):
        before = len(clause.sanctions)
        _read_stretch(clause, start, end)
        if cases:
            own = clause.sanctions[before:]
            clause.sanctions[before:] = [replace(one, case=case) for case in cases for one in own]
    return tuple(clause.sanctions), tuple(clause.unread)


def _bounds(folded: str, line: Line, lang: Lang) -> tuple[int, int] | None:
    """Where the punishments stand: after the verb in Russian, before it in Kazakh. None: no sanction in this line."""
    verbs = list(words.VERB[lang].finditer(folded))
    for verb in reversed(verbs):
        if lang is Lang.RU:
            start, end = verb.end(), len(folded)
        else:
            start, end = _kazakh_start(folded, line, verb.start()), verb.start()
        if _words_in(folded, start, end, lang) or verb["verb"].startswith(("наказыва", "кара")):
            return start, end
    return None


def _without_besides(clause: _Clause, start: int, end: int) -> tuple[int, int]:
    """The clause without a second sentence for a case of its own, which is listed: whom it concerns is not a point."""
    found = words.BESIDES[clause.lang].search(clause.folded)
    if not found:
        return start, end
    clause.refuse(found.start(), len(clause.folded), "case_unread")
    if clause.lang is Lang.RU:
        first = words.VERB[Lang.RU].search(clause.folded, 0, found.start())
        return (first.end() if first else start), found.start()
    return 0 if clause.line.number is None else min(start, found.start()), _verb_start(clause.folded, found.start())


def _verb_start(folded: str, end: int) -> int:
    """Where the last verb before `end` begins."""
    verbs = [match.start() for match in words.VERB[Lang.KK].finditer(folded, 0, end)]
    return verbs[-1] if verbs else end


def _kazakh_start(folded: str, line: Line, verb: int) -> int:
    """A line of its own is all sanction; in a numbered one it begins after the dash that ends the offence."""
    if line.number is None:
        return 0
    for dash in re.finditer(r"\s-\s", folded[:verb]):
        before = folded[: dash.start()]
        of_subject = any(re.search(rf"(?:{pattern.pattern})$", before) for _, pattern in words.SUBJECTS[Lang.KK])
        if not of_subject:
            return dash.end()
    return 0


# ---- cases -----------------------------------------------------------------------------------------------------------


def _cases(clause: _Clause, start: int, end: int) -> list[tuple[tuple[str, ...], int, int]]:
    """The clause cut at «а в случаях, предусмотренных пунктом 2), – …»: (eids of the points, start, end)."""
    cuts = list(words.CASE[clause.lang].finditer(clause.folded, start, end))
    found: list[tuple[tuple[str, ...], int, int]] = [((), start, cuts[0].start() if cuts else end)]
    for index, cut in enumerate(cuts):
        stop = cuts[index + 1].start() if index + 1 < len(cuts) else end
        eids = _case_eids(cut["where"], clause)
        if eids:
            found.append((eids, cut.end(), stop))
        else:
            clause.refuse(cut.start(), stop, "case_unread")
    return found


def _case_eids(where: str, clause: _Clause) -> tuple[str, ...]:
    folded = fold(where)
    items = items_in(folded, 0, len(where), clause.lang)
    eids = []
    for path in named_by(items, folded, 0, len(where), clause.lang).paths:
        inside = [step for step in path if step[0] != "art"]
        if not inside:
            return ()
        steps = [f"{level}_{number}" for level, number in inside]
        if inside[0][0] != "part" and clause.part:
            steps.insert(0, clause.part)
        eids.append("__".join(steps))
    return tuple(eids)


# ---- punishments -----------------------------------------------------------------------------------------------------


def _words_in(folded: str, start: int, end: int, lang: Lang) -> list[tuple[SanctionKind, int, int]]:
    hits = sorted(
        (match.start(), -match.end(), rank, kind)
        for rank, (kind, pattern) in enumerate(words.PUNISHMENTS[lang])
        for match in pattern.finditer(folded, start, end)
    )
    found: list[tuple[SanctionKind, int, int]] = []
    for begin, minus_end, _, kind in hits:
        if not found or begin >= found[-1][2]:
            found.append((kind, begin, -minus_end))
    return found


def _elements(clause: _Clause, start: int, end: int) -> list[_Element]:
    found = _words_in(clause.folded, start, end, clause.lang)
    make = _russian_element if clause.lang is Lang.RU else _kazakh_element
    elements: list[_Element] = []
    for index in range(len(found)):
        elements.append(make(clause, found, index, start, end, elements))
    return _joined(clause, elements)


_Word = tuple[SanctionKind, int, int]


def _russian_element(
    clause: _Clause, found: list[_Word], index: int, start: int, end: int, _before: list[_Element]
) -> _Element:
    kind, word_start, word_end = found[index]
    stretch_end = found[index + 1][1] if index + 1 < len(found) else end
    before = clause.folded[max(start, word_start - 20) : word_start]
    # «влечет» governs the accusative: what stands in the instrumental goes with it, whatever joins it to its neighbour.
    beside = clause.accusative and _RU_INSTRUMENTAL.match(clause.folded, word_start, word_end)
    goes_with = beside or _RU_WITH.search(before) or (index and _RU_AND.search(before))
    optional = words.OPTIONAL[Lang.RU].search(clause.folded, word_end, stretch_end)
    role = (Role.OPTIONAL if optional else Role.ADDITIONAL) if goes_with else Role.ALTERNATIVE
    return _Element(kind, word_start, stretch_end, word_start, word_end, role)


def _kazakh_element(
    clause: _Clause, found: list[_Word], index: int, start: int, end: int, before: list[_Element]
) -> _Element:
    kind, word_start, word_end = found[index]
    at = start
    if before:
        ended = before[-1].word_end
        optional_before = words.OPTIONAL[Lang.KK].match(clause.folded, ended, end)
        at = optional_before.end() if optional_before else ended
    optional = words.OPTIONAL[Lang.KK].match(clause.folded, word_end, end)
    goes_with = _KK_WITH.search(clause.folded[word_start:word_end]) or (
        index and _KK_AND_FIRST.match(clause.folded, at, word_start)
    )
    role = (Role.OPTIONAL if optional else Role.ADDITIONAL) if goes_with else Role.ALTERNATIVE
    return _Element(kind, at, word_end, word_start, word_end, role)


def _joined(clause: _Clause, elements: list[_Element]) -> list[_Element]:
    """Roles that neighbours settle: of additional punishments to choose from each may go with it; of two that go
    together («арест и лишение права») the one that may stand for an offence alone is the main one."""
    found = list(elements)
    for index in range(1, len(found)):
        first, second = found[index - 1], found[index]
        between = clause.folded[first.word_end : second.word_start]
        if (
            first.role is not Role.ALTERNATIVE
            and second.role is not Role.ALTERNATIVE
            and _is_choice(between, clause.lang)
        ):
            found[index - 1], found[index] = replace(first, role=Role.OPTIONAL), replace(second, role=Role.OPTIONAL)
        elif first.role is Role.ALTERNATIVE and second.role is Role.ADDITIONAL and _swapped(first, second):
            found[index - 1], found[index] = replace(first, role=second.role), replace(second, role=first.role)
    return found


def _is_choice(between: str, lang: Lang) -> bool:
    """Whether two additional punishments are joined by «или», «либо», «немесе», «не» and not by «или без него»."""
    plain = words.OPTIONAL[lang].sub("", between)
    return (_RU_OR if lang is Lang.RU else _KK_OR).search(plain) is not None


def _swapped(first: _Element, second: _Element) -> bool:
    """«лишение права … и арест»: the right is lost beside the arrest, in whatever order they are named."""
    return first.kind is SanctionKind.DEPRIVATION_OF_RIGHT and second.kind in (SanctionKind.ARREST, SanctionKind.FINE)


def _read_stretch(clause: _Clause, start: int, end: int) -> None:
    elements = _elements(clause, start, end)
    if not elements:
        if clause.folded[start:end].strip(" .,;-"):
            clause.refuse(start, end, "no_punishment_known")
        return
    choices = [
        match.end()
        for match in _CHOICE[clause.lang].finditer(clause.folded, start, end)
        # «лицензияның не рұқсаттың қолданылуын тоқтата тұрып» chooses between nouns of one punishment.
        if clause.lang is Lang.RU or not _KK_GENITIVE.search(clause.folded, start, match.start())
    ]
    cuts = [start, *choices, end]
    for low, high in pairwise(cuts):
        if not any(low <= element.word_start < high for element in elements):
            clause.refuse(low, high, "punishment_unknown")
    for index, element in enumerate(elements):
        following = elements[index + 1] if index + 1 < len(elements) else None
        _read_element(clause, element, following)


def _read_element(clause: _Clause, element: _Element, following: _Element | None = None) -> None:
    lang = clause.lang
    stretch = clause.folded[element.start : element.end]
    if following and element.kind in _AMOUNT_IS_OPTIONAL and following.kind in _AMOUNT_IS_OPTIONAL:
        between = clause.folded[element.word_end : following.word_start]
        if lang is Lang.RU and re.fullmatch(r"\s*(?:или|либо|и)\s*", between):
            stretch = clause.folded[element.start : following.end]  # «приостановлением или запрещением … на срок …»
    made = Sanction(
        clause.part, element.kind, element.role, line=clause.line.eid,
        start=element.start, end=element.start + len(stretch.rstrip(" ,;.")),
    )  # fmt: skip
    if element.kind not in (SanctionKind.FINE, SanctionKind.DEPORTATION) and lang is Lang.KK:
        clause.waiting = _named(stretch, lang)  # of a deportation they are its object («шетелдікті … шығарып жібере»)
        if element.role is not Role.ALTERNATIVE and len(clause.waiting) == 1:
            made = replace(made, subject=clause.waiting[0])  # «жеке тұлғаларға – сертификатынан айыра отырып, он …»
    if element.kind is SanctionKind.WARNING:
        _read_warning(clause, element, following, made)
    elif element.kind not in _EXPECTED:
        clause.sanctions.append(made)
        rest = clause.folded[element.word_end : element.end]
        if lang is Lang.RU and _named(rest, lang) and read_amounts(rest, lang) != ():
            # «… с лишением сертификата, на должностных лиц – в размере …»: a fine goes on behind another punishment.
            clause.refuse(element.word_end, element.end, "amount_unread")
    elif words.SAME_AMOUNT[lang].search(stretch):
        _copy(clause, made, clause.fine[:1] if len(clause.fine) == 1 else (), element)
    elif words.SAME_TERM[lang].search(stretch):
        _copy(clause, made, (clause.term,) if clause.term else (), element)
    elif element.kind is SanctionKind.DEPRIVATION_OF_RIGHT and words.FOR_LIFE[lang].search(stretch):
        if re.search(r"\bдо\s+установления|\bот\s", stretch) and lang is Lang.RU:
            clause.refuse(element.start, element.end, "amount_unread")
        else:
            clause.sanctions.append(replace(made, unit=AmountUnit.LIFE))
    else:
        _read_amount(clause, element, made, stretch)


def _read_warning(clause: _Clause, element: _Element, following: _Element | None, made: Sanction) -> None:
    """A warning of those whom it names («предупреждение на физических лиц, штраф на должностных лиц в размере …»)."""
    owners: tuple[Subject, ...] = ()
    if clause.lang is Lang.RU:
        rest = _RU_WITH.sub(" ", clause.folded[element.word_end : element.end])
        owners = _named(rest, clause.lang)
        if not _only_subjects(rest, owners, clause.lang, percent=False) or (owners and read_amounts(rest, Lang.RU)):
            clause.refuse(element.start, element.end, "subject_unread")
            return
    elif clause.waiting and (following is None or _names_its_own(clause, following)):
        owners = clause.waiting
    clause.sanctions += [replace(made, subject=subject) for subject in owners or (None,)]


def _names_its_own(clause: _Clause, following: _Element) -> bool:
    """Whether a Kazakh fine names whom it is for, so that those before the warning are the warning's alone; where it
    does not, they are both's («жеке тұлғаларға ескерту жасауға немесе үш … айыппұл салуға»)."""
    stretch = clause.folded[following.start : following.end]
    amounts = read_amounts(stretch, clause.lang)
    return bool(_named(stretch[: amounts[0].start] if amounts else stretch, clause.lang))


def _copy(clause: _Clause, made: Sanction, source: tuple[Sanction, ...], element: _Element) -> None:
    """«в том же размере», «на тот же срок»: the bounds of what stands before."""
    if not source or (source[0].unit is AmountUnit.MULTIPLE and made.kind is SanctionKind.CORRECTIONAL_LABOUR):
        clause.refuse(element.start, element.end, "same_as_nothing")
        return
    first = source[0]
    copied = replace(made, minimum=first.minimum, maximum=first.maximum, unit=first.unit)
    clause.sanctions.append(copied)
    _remember(clause, [copied])


def _remember(clause: _Clause, made: list[Sanction]) -> None:
    if made[0].kind is SanctionKind.FINE:
        clause.fine = tuple(made)
    if made[0].unit in _TERM and made[0].kind in (
        SanctionKind.RESTRICTION,
        SanctionKind.IMPRISONMENT,
        SanctionKind.ARREST,
    ):
        clause.term = made[0]


def _read_amount(clause: _Clause, element: _Element, made: Sanction, stretch: str) -> None:
    amounts = read_amounts(stretch, clause.lang)
    if amounts is None or (not amounts and element.kind not in _AMOUNT_IS_OPTIONAL):
        clause.refuse(element.start, element.end, "amount_unread")
        return
    if not amounts:
        clause.sanctions.append(made)
        return
    amounts = _with_units(amounts)
    if any(amount.unit not in _EXPECTED[element.kind] for amount in amounts):
        clause.refuse(element.start, element.end, "unit_unread")
        return
    of_fine = element.kind is SanctionKind.FINE
    subjects = _subjects(stretch, amounts, clause.lang, of_fine=of_fine)
    if subjects and of_fine and not subjects[0] and clause.waiting:
        subjects[0] = clause.waiting  # «жеке тұлғаларға ескерту жасауға немесе үш … айыппұл салуға»
    if subjects is None or (len(amounts) > 1 and not all(subjects)):
        clause.refuse(element.start, element.end, "subject_unread")
        return
    found = [
        replace(
            made,
            minimum=amount.minimum,
            maximum=amount.maximum,
            unit=amount.unit,
            subject=subject,
            base=_base(clause, element, amounts) if amount.unit in _OF_SOMETHING else None,
        )
        for amount, owners in zip(amounts, subjects, strict=True)
        for subject in owners or (None,)
    ]
    clause.sanctions += found
    _remember(clause, found)


def _with_units(amounts: tuple[Amount, ...]) -> tuple[Amount, ...]:
    """An amount without a unit takes that of the next one that has it («… тридцати, на … – пятидесяти процентов»)."""
    found: list[Amount] = []
    unit: AmountUnit | None = None
    for amount in reversed(amounts):
        unit = amount.unit or unit
        found.append(replace(amount, unit=unit))
    return tuple(reversed(found))


def _named(stretch: str, lang: Lang) -> tuple[Subject, ...]:
    """Subjects that a stretch names, in the order of the text."""
    places = sorted(
        (match.start(), subject) for subject, pattern in words.SUBJECTS[lang] for match in pattern.finditer(stretch)
    )
    return tuple(dict.fromkeys(subject for _, subject in places))


def _subjects(
    stretch: str, amounts: tuple[Amount, ...], lang: Lang, *, of_fine: bool
) -> list[tuple[Subject, ...]] | None:
    """Who each amount is for; None where a fine names somebody whom the vocabulary does not know."""
    owners: list[tuple[Subject, ...]] = []
    at = 0
    for amount in amounts:
        before = words.INCLUDED[lang].sub(" ", stretch[at : amount.start])
        own = _named(before, lang)
        if of_fine and not _only_subjects(before, own, lang, percent=amount.unit in _OF_SOMETHING):
            return None
        owners.append(own)
        at = amount.end
    return owners


def _only_subjects(before: str, own: tuple[Subject, ...], lang: Lang, *, percent: bool) -> bool:
    """Whether the words before an amount name nobody beside the known subjects."""
    other = (_RU_OTHER_SUBJECT if lang is Lang.RU else _KK_OTHER_SUBJECT).search(before)
    if not own:
        return other is None
    rest = before
    for _, pattern in words.SUBJECTS[lang]:
        rest = pattern.sub(" ", rest)
    if lang is Lang.RU:
        rest = _UNIT_WORDS.sub(" ", rest)
        return not words.BETWEEN_SUBJECTS[lang].sub("", rest)
    return percent or not _KK_DATIVE.search(rest)


def _base(clause: _Clause, element: _Element, amounts: tuple[Amount, ...]) -> str | None:
    """What a multiple or a percentage is of, as printed: after the last amount in Russian, in Kazakh between the
    subjects and the first amount that is of something."""
    if clause.lang is Lang.RU:
        start, end = element.start + amounts[-1].end, element.end
        text = re.sub(r"\s*(?:либо|,\s*с|\bс)\s*$", "", clause.line.text[start:end].rstrip(" ,;.")).strip(" ,;.-–")
        text = re.sub(r"^(?:процент\w*|%|размера|суммы)\s+(?:от\s+)?", "", text)
        return " ".join(text.split()) or None
    place = next(index for index, amount in enumerate(amounts) if amount.unit in _OF_SOMETHING)
    start = element.start + (amounts[place - 1].end if place else 0)
    end = element.start + amounts[place].start
    named = [
        match.end() for _, pattern in words.SUBJECTS[Lang.KK] for match in pattern.finditer(clause.folded, start, end)
    ]
    text = clause.line.text[max(named, default=start) : end]
    return " ".join(re.sub(r"^\s*(?:,|не\b)\s*", "", text).strip(" ,;.-–").split()) or None
