"""Rules that can never speak: an act, article or chapter that the database does not hold, a law that it never names.

A misspelt number would otherwise be silence that looks like «nothing changed». Each doubt is one line; none of them
stops a round, because what is not there today may come tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lawdiff.alerts.rules import Rule


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds. units: act id → eids; numbers: act id → sort keys of its articles, also former ones."""

    units: Mapping[str, frozenset[str]]
    numbers: Mapping[str, frozenset[str]]
    laws: frozenset[str]


def doubts(rules: Iterable[Rule], held: Held) -> Iterator[str]:
    """One line per selector of a rule that selects nothing in `held`."""
    for rule in rules:
        for act in rule.acts:
            if act not in held.units:
                yield f"rule {rule.name!r}: act {act} is not in the database; track it (acts.toml), crawl and build"
        acts = [act for act in rule.acts if act in held.units]
        if not acts:
            continue
        where = " or ".join(acts)
        for part in rule.articles:
            if not any(part.holds(key) for act in acts for key in held.numbers[act]):
                yield f"rule {rule.name!r}: no article {part.printed} in {where}; check the number"
        for chapter in rule.chapters:
            if not any(chapter in held.units[act] for act in acts):
                yield f"rule {rule.name!r}: no chapter or heading {chapter} in {where}; check the number"
        for law in rule.laws:
            if law not in held.laws:
                yield f"rule {rule.name!r}: no change names the law {law} yet; check it unless it is still to come"
