"""A disagreement between the languages, and how long it stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DivergenceKind(StrEnum):
    MISSING_UNIT = "missing_unit"
    NUMBER = "number"
    SANCTION = "sanction"
    REFERENCE = "reference"
    TERM = "term"
    DATE = "date"
    LAW = "law"
    LAG = "lag"


@dataclass(frozen=True, slots=True)
class Divergence:
    """One disagreement. place: eid within the unit (`part_3`, `heading`, `notes`), empty for the whole unit.

    only_ru, only_kk: the facts that one side alone has, in language-free words (`200 mci`, `part_2`, `art_99`).
    """

    kind: DivergenceKind
    place: str
    only_ru: tuple[str, ...] = ()
    only_kk: tuple[str, ...] = ()

    @property
    def detail(self) -> str:
        """Both sides in one line: `ru: 160 mci; kk: 300 mci`."""
        return f"ru: {', '.join(self.only_ru) or '—'}; kk: {', '.join(self.only_kk) or '—'}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A divergence over time. since: first day on which both texts show it; until: first on which they no longer do.

    ru_version, kk_version: keys of the newest pair that shows it, None where a language has no text.
    """

    act_id: str
    eid: str
    divergence: Divergence
    since: date
    until: date | None
    ru_version: str | None
    kk_version: str | None
