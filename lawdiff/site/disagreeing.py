"""Facts of a divergence in the reader's language: `fine ..200 mci (alternative)` → «штраф до 200 МРП».

`lawdiff.divergences` writes a fact in short English words, the same whichever language it was read in, so that texts
can be compared. Each kind of divergence has its own writing; a fact that is written otherwise is shown as it stands.
"""

from __future__ import annotations

import re
from typing import Any

from lawdiff.divergences import DivergenceKind
from lawdiff.site.catalogue import Interface
from lawdiff.site.labels import place_label
from lawdiff.site.punishments import punishment

_SANCTION = re.compile(
    r"""
    (?P<kind>[a-z_]+)
    (?: [ ](?P<minimum>\d+)?\.\.(?P<maximum>\d+)?[ ](?P<unit>[a-z]+) )? (?P<life>[ ]life)?
    [ ]\((?P<role>[a-z]+)\) (?:[ ]for[ ](?P<subject>[a-z_]+))? (?:[ ]in[ ]case[ ]of[ ](?P<case>\S+))?
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"(?P<number>\d+) (?P<unit>[a-z]+)")
_LAW = re.compile(r"(?P<law>.+) of (?P<day>\d{4}-\d\d-\d\d|\?): (?P<action>[a-z_]+) (?P<unit>\S+)")
_LAG = re.compile(r"text changed on (?P<day>\d{4}-\d\d-\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def told(kind: str, fact: str, t: Interface) -> str:
    """`fact` of a divergence of `kind` in words of the reader's language."""
    if kind in (DivergenceKind.SANCTION, DivergenceKind.NUMBER):
        return _sanction(fact, t) or _number(fact, t) or fact
    if kind == DivergenceKind.TERM:
        return t.word("term", fact.replace(" ", "_").replace("-", "_"))
    if kind == DivergenceKind.LAW and (match := _LAW.fullmatch(fact)):
        day = t.short(match["day"]) if match["day"] != "?" else "?"
        law = t("law.label", number=match["law"], date=day)
        return f"{law}: {t.word('action', match['action'])} ({place_label(match['unit'], t)})"
    if kind == DivergenceKind.LAG and (match := _LAG.fullmatch(fact)):
        return t("divergence.changed", date=t.short(match["day"]))
    if kind == DivergenceKind.DATE and _DAY.fullmatch(fact):
        return t.short(fact)
    return place_label(fact, t)  # a reference, or a unit that one text alone has


def _number(fact: str, t: Interface) -> str | None:
    match = _NUMBER.fullmatch(fact)
    if match is None or not t.has(f"exact.{match['unit']}"):
        return None
    return t.n(f"exact.{match['unit']}", int(match["number"]))


def _sanction(fact: str, t: Interface) -> str | None:
    match = _SANCTION.fullmatch(fact)
    if match is None or not t.has(f"punish.{match['kind']}"):
        return None
    unit = "life" if match["life"] else match["unit"]
    if unit and unit != "life" and not t.has(f"to.{unit}"):
        return None
    facts: dict[str, Any] = {"kind": match["kind"], "role": match["role"], "unit": unit}
    facts |= {name: int(match[name]) if match[name] else None for name in ("minimum", "maximum")}
    facts |= {name: match[name] for name in ("subject", "case") if match[name]}
    return punishment(facts, t)
