"""The category of an offence from the punishments that one part of an article provides.

The rule is that of articles 10, 11 and 19 of the Criminal Code of 2014, read in its text:

1. An offence that restriction or deprivation of liberty may punish is a crime; one that arrest or deportation may
   punish, and neither of those, is a misdemeanour (article 10). Of a part with only such punishments as both have
   (fine, correctional labour, community service) the text does not say which it is: `crime_or_misdemeanour`.
2. A crime is minor where the law threatens at most two years of imprisonment (or restriction alone), of medium gravity
   up to five, grave up to twelve, especially grave above twelve or for life (article 11).
3. That scale is for intended deeds. A careless one is an offence only where its article says so (article 19, part 4);
   so a part that names no carelessness is taken as intended; `basis` says `intended` where the answer leans on that.
   A part that names carelessness may hold both, and its text does not settle which: `carelessness_named`, except where
   both scales agree (up to two years: minor).
4. What is unread counts as possibly heavier: unless it can only be an additional punishment, nothing below especially
   grave is told (`unread_sanction`).

Offences of the administrative codes are `administrative`: their code knows no categories. The code of 1997 had other
rules, which are not stated here: `rule_not_stated`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lawdiff.model import Lang
from lawdiff.numerals import fold_word
from lawdiff.sanctions import vocabulary as words
from lawdiff.sanctions.records import AmountUnit, Sanction, SanctionKind, UnreadSanction


class Category(StrEnum):
    """Categories of offences, lightest first."""

    ADMINISTRATIVE = "administrative"
    MISDEMEANOUR = "misdemeanour"
    MINOR = "minor"
    MEDIUM = "medium"
    GRAVE = "grave"
    ESPECIALLY_GRAVE = "especially_grave"


class Basis(StrEnum):
    """act: of the act alone; sanction: of the punishments alone; intended: and of no carelessness being named."""

    ACT = "act"
    SANCTION = "sanction"
    INTENDED = "intended"


@dataclass(frozen=True, slots=True)
class Severity:
    """category and basis, or neither and the reason why it is not known."""

    category: Category | None
    basis: Basis | None = None
    reason: str | None = None


CRIMINAL_CODE = "K1400000226"
ADMINISTRATIVE_CODES = frozenset({"K1400000235", "K010000155_"})
MONTHS = {AmountUnit.MONTHS: 1, AmountUnit.YEARS: 12}
_FOR_LIFE = frozenset({SanctionKind.LIFE_IMPRISONMENT, SanctionKind.DEATH_PENALTY})
_OF_MISDEMEANOURS = frozenset({SanctionKind.ARREST, SanctionKind.DEPORTATION})
_SCALE = ((24, Category.MINOR), (60, Category.MEDIUM), (144, Category.GRAVE))
# Kinds that never stand alone in the Criminal Code: unread bounds of these move no category.
_ADDITIONAL = frozenset(
    {
        SanctionKind.CONFISCATION,
        SanctionKind.DEPRIVATION_OF_RIGHT,
        SanctionKind.DEPRIVATION_OF_RANK,
        SanctionKind.DEPRIVATION_OF_CITIZENSHIP,
    }
)
_CARELESS = {Lang.RU: re.compile(r"неосторожн"), Lang.KK: re.compile(r"абайсызда|абайсыз\b")}


def classify(
    act_id: str, sanctions: Sequence[Sanction], unread: Sequence[UnreadSanction], text: str, lang: Lang
) -> Severity:
    """The category of one part. sanctions, unread: of that part. text: heading of the article and lines of the part."""
    if act_id in ADMINISTRATIVE_CODES:
        return Severity(Category.ADMINISTRATIVE, Basis.ACT)
    if act_id != CRIMINAL_CODE:
        return Severity(None, reason="rule_not_stated")
    if not sanctions and not unread:
        return Severity(None, reason="no_sanction")
    heavier = any(_may_be_heavier(one, lang) for one in unread)
    kinds = {one.kind for one in sanctions}
    longest = longest_term(sanctions)
    if kinds & _FOR_LIFE or (longest is not None and longest > _SCALE[-1][0]):
        careless = _names_carelessness(text, lang) and not kinds & _FOR_LIFE
        if careless:
            return Severity(None, reason="carelessness_named")
        return Severity(Category.ESPECIALLY_GRAVE, Basis.SANCTION if kinds & _FOR_LIFE else Basis.INTENDED)
    if heavier:
        return Severity(None, reason="unread_sanction")
    return _bounded(kinds, longest, _names_carelessness(text, lang))


def _bounded(kinds: set[SanctionKind], longest: int | None, careless: bool) -> Severity:
    if SanctionKind.IMPRISONMENT in kinds:
        if longest is None:
            return Severity(None, reason="term_unknown")
        if longest <= _SCALE[0][0]:
            return Severity(Category.MINOR, Basis.SANCTION)
        if careless:
            return Severity(None, reason="carelessness_named")
        return Severity(next(name for limit, name in _SCALE if longest <= limit), Basis.INTENDED)
    if SanctionKind.RESTRICTION in kinds:
        return Severity(Category.MINOR, Basis.SANCTION)
    if kinds & _OF_MISDEMEANOURS:
        return Severity(Category.MISDEMEANOUR, Basis.SANCTION)
    return Severity(None, reason="crime_or_misdemeanour" if kinds - _ADDITIONAL else "no_sanction")


def longest_term(
    sanctions: Sequence[Sanction],
    kind: SanctionKind = SanctionKind.IMPRISONMENT,
    months: dict[AmountUnit, int] = MONTHS,
) -> int | None:
    """The longest term of a kind of punishment, in months; None: there is none, or none with an upper bound."""
    terms = [
        one.maximum * months[one.unit]
        for one in sanctions
        if one.kind is kind and one.maximum is not None and one.unit in months
    ]
    return max(terms, default=None)


def _names_carelessness(text: str, lang: Lang) -> bool:
    return _CARELESS[lang].search(fold_word(text)) is not None


def _may_be_heavier(one: UnreadSanction, lang: Lang) -> bool:
    """Whether words that could not be read may threaten a main punishment."""
    folded = fold_word(one.text)
    found = {kind for kind, pattern in words.PUNISHMENTS[lang] if pattern.search(folded)}
    return not found or bool(found - _ADDITIONAL)
