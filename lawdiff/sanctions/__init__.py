"""Sanctions of the criminal and administrative codes as records, from Russian and Kazakh, and which law is milder.

`read_sanctions` reads the lines of one article version; what cannot be read is listed, never guessed.
`compare_sanctions` says whether a newer version is tougher, milder, mixed, new or the same (docs/sanctions.md).
"""

from lawdiff.sanctions.compare import Verdict, compare_parts, compare_sanctions
from lawdiff.sanctions.reading import read_sanctions
from lawdiff.sanctions.records import (
    AmountUnit,
    Role,
    Sanction,
    SanctionKind,
    SanctionReading,
    Subject,
    UnreadSanction,
)

# The acts that provide punishments: the criminal and the administrative code in force, and those before them. In other
# acts the same words («штраф», «конфискация») speak of contracts and procedures.
PUNISHING_ACTS = frozenset({"K1400000226", "K1400000235", "K970000167_", "K010000155_"})

__all__ = [
    "PUNISHING_ACTS",
    "AmountUnit",
    "Role",
    "Sanction",
    "SanctionKind",
    "SanctionReading",
    "Subject",
    "UnreadSanction",
    "Verdict",
    "compare_parts",
    "compare_sanctions",
    "read_sanctions",
]
