"""Who reads, and the two answers that are no page: somewhere else, and nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lawdiff.errors import LawdiffError
from lawdiff.model import Weight
from lawdiff.site.addresses import diff_url
from lawdiff.site.catalogue import Interface

Row = dict[str, Any]
EVER = "9999-12-31"  # the day on which the newest version of everything is shown


class Missing(LawdiffError):
    """There is no such page; `key` names the sentence of the catalogue that says what is missing."""

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(f"no such page: {key} {values}; check the address")


class Elsewhere(Exception):
    """The page is at `url`, a path of this site."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(url)


@dataclass(frozen=True)
class Reader:
    """One request's reader: the interface in their language, the day it is, and the address of the site (`https://host`)."""

    t: Interface
    today: str
    site: str

    @property
    def text_langs(self) -> tuple[str, str]:
        """Languages of texts, the reader's own first: Kazakh for a Kazakh interface, else Russian."""
        return ("kk", "ru") if self.t.lang == "kk" else ("ru", "kk")


def day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def change_link(change: Row) -> str:
    """The permanent address of a change: from the redaction before it to its own."""
    since = change["before"] or change["old_from"] or day_before(change["redaction_date"])
    seq = change.get("seq")
    return diff_url(change["act_id"], change["eid"], since, change["redaction_date"], n=str(seq + 1) if seq else None)


def in_reader_order(changes: list[Row], langs: tuple[str, ...]) -> list[Row]:
    """Changes of the text before those of a note alone; among them those in the reader's language first."""
    return sorted(
        changes,
        key=lambda change: (
            change["weight"] != Weight.SUBSTANTIVE,
            langs.index(change["lang"]) if change["lang"] in langs else len(langs),
        ),
    )


def told_langs(ordered: list[Row]) -> list[str]:
    """The languages of which an entry's first change is told: where one text was amended and the other's note alone
    changed, the first."""
    return [
        lang
        for lang in ("ru", "kk")
        if any((one["lang"], one["weight"]) == (lang, ordered[0]["weight"]) for one in ordered)
    ]
