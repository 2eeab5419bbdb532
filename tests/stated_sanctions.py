"""The short form in which tests/examples/sanctions states what a part provides, and back.

`F200` fine up to 200 monthly calculation indices, `F1000-3000` from … to, `X10-20` fine of ten to twenty times a sum
(`X50`: exactly), `L` correctional labour (in indices), `H` hours of community service, `R` years of restriction, `P`
years of imprisonment, `A` days of arrest, `C` confiscation, `D3` deprivation of a right for up to three years, `DL`
for life; `?` may go with it; `@part_3__point_2` begins the case of that point; `unread`: the text goes on in a way
that no form knows.
"""

from __future__ import annotations

import re
from typing import Any

from lawdiff.sanctions import AmountUnit, Role, SanctionKind, SanctionReading

KINDS = {
    "F": (SanctionKind.FINE, AmountUnit.MCI),
    "X": (SanctionKind.FINE, AmountUnit.MULTIPLE),
    "L": (SanctionKind.CORRECTIONAL_LABOUR, AmountUnit.MCI),
    "H": (SanctionKind.COMMUNITY_SERVICE, AmountUnit.HOURS),
    "R": (SanctionKind.RESTRICTION, AmountUnit.YEARS),
    "P": (SanctionKind.IMPRISONMENT, AmountUnit.YEARS),
    "A": (SanctionKind.ARREST, AmountUnit.DAYS),
    "C": (SanctionKind.CONFISCATION, None),
    "D": (SanctionKind.DEPRIVATION_OF_RIGHT, AmountUnit.YEARS),
}
Facts = tuple[Any, ...]


def stated_facts(article: dict[str, str]) -> tuple[set[Facts], int]:
    """(facts as `Sanction.facts`, number of parts that are stated as not readable to the end)."""
    facts: set[Facts] = set()
    unread = 0
    for number, words in article.items():
        part = f"part_{number}" if number else None
        case = None
        for word in words.split():
            if word.startswith("@"):
                case = word[1:]
            elif word == "unread":
                unread += 1
            else:
                facts.add(_fact(part, case, word))
    return facts, unread


def _fact(part: str | None, case: str | None, word: str) -> Facts:
    match = re.fullmatch(r"([A-Z])(L|(?:(\d+)-)?(\d+))?(\?)?", word)
    assert match, word
    kind, unit = KINDS[match[1]]
    low = int(match[3]) if match[3] else None
    high = int(match[4]) if match[4] else None
    if match[1] == "X" and low is None:
        low = high
    if match[2] == "L":
        unit = AmountUnit.LIFE
    role = Role.ALTERNATIVE
    if match[1] in "CD":
        role = Role.OPTIONAL if match[5] else Role.ADDITIONAL
    return (part, case, None, kind, role, low, high, unit)


def read_facts(reading: SanctionReading) -> tuple[set[Facts], int]:
    return {one.facts for one in reading.sanctions}, len(reading.unread)
