"""The order in which redactions are folded: by date, then as they were observed, whatever the order of arrival."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from lawdiff.model import Redaction
from lawdiff.text import sha256_text


def in_order(redactions: Iterable[Redaction]) -> list[Redaction]:
    """Redactions by date, then in the order in which they were observed; independent of the order given."""
    found = list(redactions)
    counts = Counter(map(place_of, found))

    def key(redaction: Redaction) -> tuple[object, ...]:
        place = place_of(redaction)
        return (*place, fingerprint(redaction) if counts[place] > 1 else "")

    return sorted(found, key=key)


def effective_date(redaction: Redaction) -> date | None:
    """The portal's date; where it gives none, the day of observation stands in (`date_basis` in the store)."""
    return redaction.redaction_date or redaction.observed_on


def place_of(redaction: Redaction) -> tuple[date, date, int]:
    return (
        effective_date(redaction) or date.min,
        redaction.observed_on or date.min,
        redaction.snapshot_id or 0,
    )


def fingerprint(redaction: Redaction) -> str:
    return sha256_text(repr((redaction.is_current, redaction.units, redaction.act_notes)))
