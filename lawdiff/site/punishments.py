"""Sanctions in the reader's language: facts of `offence_parts.sanctions_json` → short phrases.

«штраф до 200 МРП», «3 жылдан 7 жылға дейін бас бостандығынан айыру», “imprisonment of 3 to 7 years”. Nothing is taken
from the text but its numbers: what the law itself says stands beside, in its own language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lawdiff.site.catalogue import Interface
from lawdiff.site.labels import line_label

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """Punishments of one case of a part. who: «в случае пункта 2 части 3» or empty. main: to choose from, each a phrase
    that may hold a list by subject; further: what goes with them, or may."""

    who: str
    main: tuple[str, ...]
    further: tuple[str, ...]


def choices(sanctions: list[Facts], t: Interface) -> list[Choice]:
    """The punishments of a part, the part's own first, then those of single cases."""
    found: list[Choice] = []
    for case in dict.fromkeys(one.get("case") for one in sanctions):
        own = [one for one in sanctions if one.get("case") == case]
        found.append(
            Choice(
                t("punish.case", where=line_label(case, t)) if case else "",
                tuple(_phrases([one for one in own if one["role"] == "alternative"], t)),
                tuple(
                    t("punish.optional", what=phrase) if role == "optional" else t("punish.additional", what=phrase)
                    for role in ("additional", "optional")
                    for phrase in _phrases([one for one in own if one["role"] == role], t)
                ),
            )
        )
    return found


def punishment(one: Facts, t: Interface) -> str:
    """A single punishment with all that is known of it: «может быть добавлено: лишение права до 10 лет»."""
    said = _with_amount(t.word("punish", one["kind"]), one, t)
    if "subject" in one:
        said = t("punish.of_subject", who=t.word("subject", one["subject"]), amount=said)
    if one["role"] in ("additional", "optional"):
        said = t(f"punish.{one['role']}", what=said)
    return f"{said} ({line_label(one['case'], t)})" if one.get("case") else said


def _phrases(sanctions: list[Facts], t: Interface) -> list[str]:
    """One phrase per kind in the order of the text; the subjects of one kind are listed in it."""
    found: list[str] = []
    for kind in dict.fromkeys(one["kind"] for one in sanctions):
        own = [one for one in sanctions if one["kind"] == kind]
        name = t.word("punish", kind)
        if all("subject" not in one for one in own):
            found += [_with_amount(name, one, t) for one in own]
        else:
            found.append(t("punish.by_subject", kind=name, list="; ".join(_by_amount(own, t))))
    return found


def _by_amount(own: list[Facts], t: Interface) -> list[str]:
    """«физические лица — 10 МРП», «должностные лица, малый бизнес — 20 МРП»: neighbours who pay the same together."""
    groups: list[tuple[str, list[str]]] = []
    for one in own:
        who = t.word("subject", one["subject"]) if "subject" in one else t("subject.anyone")
        size = amount(one, t)
        if groups and groups[-1][0] == size:
            groups[-1][1].append(who)
        else:
            groups.append((size, [who]))
    return [t("punish.of_subject", who=", ".join(who), amount=size) if size else ", ".join(who) for size, who in groups]


def _with_amount(name: str, one: Facts, t: Interface) -> str:
    size = amount(one, t)
    return t("punish.amount", kind=name, amount=size) if size else name


def amount(one: Facts, t: Interface) -> str:
    """«до 200 МРП», «от 3 до 7 лет», «50 %»; empty where the law states no amount."""
    unit, low, high = one.get("unit"), one.get("minimum"), one.get("maximum")
    if unit == "life":
        return t("amount.life")
    if unit is None or (low is None and high is None):
        return ""
    if low is not None and high is not None and low != high:
        size = t("amount.range", low=_count(low, unit, t, "from"), high=_count(high, unit, t, "to"))
    elif low is not None and low == high:
        size = _count(low, unit, t, "exact")
    elif high is not None:
        size = t("amount.up_to", high=_count(high, unit, t, "to"))
    else:
        assert low is not None
        size = t("amount.at_least", low=_count(low, unit, t, "exact"))
    base = one.get("base")
    return f"{size} ({base})" if base else size


def _count(number: int, unit: str, t: Interface, form: str) -> str:
    return t.n(f"{form}.{unit}", number)
