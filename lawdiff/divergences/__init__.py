"""Where the Russian and the Kazakh text of one unit do not say the same, found without translating.

Both texts are law. Paired by eid, they are compared in what does not depend on language:

| kind | compared |
|---|---|
| `missing_unit` | the set of parts, points, notes and tables; an article that one language lacks |
| `number` | numbers with their units: МРП/АЕК, years, months, days, hours, percent, tenge; bounds of sanctions |
| `sanction` | the punishments of a part: which, to choose from or additional, obligatory or not |
| `reference` | references to articles, parts and points |
| `term` | technical terms with one fixed counterpart (`lawdiff.terms`), in the heading and in every part |
| `date` | dates in the text |
| `law` | laws named in the notes, and what each is said to have done to which unit |
| `lag` | a change of text that the other language shows later, or not yet |

Every finding holds both places and what only one side has. A fact that cannot be read on one side is not compared:
silence is not disagreement. Pure: units and histories in, findings out.
"""

from __future__ import annotations

from lawdiff.divergences.facts import dates_in, numbers_in, references_in
from lawdiff.divergences.over_time import compare_histories, in_order
from lawdiff.divergences.records import Divergence, DivergenceKind, Finding
from lawdiff.divergences.units import compare_units, laws_of

__all__ = [
    "Divergence",
    "DivergenceKind",
    "Finding",
    "compare_histories",
    "compare_units",
    "dates_in",
    "in_order",
    "laws_of",
    "numbers_in",
    "references_in",
]
