"""The words of the interface: `interface.toml` → `Interface`, one per language, with dates and plurals as people write.

An entry is a text for each of ru, kk and en, or, where a number decides the form, a list of forms: Russian one, few,
many; English one, other; Kazakh a single text. Placeholders are `{name}`. A missing entry or language is an error at
once, and a test walks the whole catalogue.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup, escape

from lawdiff.errors import LawdiffError

UI_LANGS = ("ru", "kk", "en")
FORMS = {"ru": 3, "kk": 1, "en": 2}
MONTHS = {
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "kk": [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}

# The month by itself, as the head of a calendar.
RUSSIAN_MONTHS = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]


class CatalogueError(LawdiffError):
    """A text of the interface is missing or has no such form."""


@cache
def catalogue() -> dict[str, dict[str, str | list[str]]]:
    """`interface.toml` flattened: `article.as_of` → {"ru": …, "kk": …, "en": …}."""
    table = tomllib.loads((files("lawdiff.site") / "interface.toml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": texts for section, entries in table.items() for name, texts in entries.items()}


class Interface:
    """The interface in one language. Call it with a key and the values of its placeholders."""

    def __init__(self, lang: str) -> None:
        if lang not in UI_LANGS:
            raise CatalogueError(f"the interface has no language {lang!r}; use one of {', '.join(UI_LANGS)}")
        self.lang = lang

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Interface) and other.lang == self.lang

    def __hash__(self) -> int:
        return hash(self.lang)

    def _entry(self, key: str) -> str | list[str]:
        try:
            return catalogue()[key][self.lang]
        except KeyError:
            raise CatalogueError(
                f"the interface has no text {key!r} in {self.lang}; add it to interface.toml"
            ) from None

    def __call__(self, key: str, **values: Any) -> str:
        """The text of `key`. With Markup among the values the result is Markup and the rest is escaped."""
        entry = self._entry(key)
        if isinstance(entry, list):
            raise CatalogueError(f"the text {key!r} has forms; ask for it with a number")
        if any(isinstance(value, Markup) for value in values.values()):
            return escape(entry).format(**values)
        return entry.format(**values).replace("г..", "г.") if values else entry

    def n(self, key: str, number: int, **values: Any) -> str:
        """The form of `key` that goes with `number`, which fills `{n}` with its digits grouped."""
        entry = self._entry(key)
        form = entry[plural(self.lang, number)] if isinstance(entry, list) else entry
        return form.format(n=self.number(number), **values)

    def word(self, prefix: str, value: str) -> str:
        """The text of a word of the model (`op.added`); bare where a newer database knows more than this site."""
        key = f"{prefix}.{value}"
        return self(key) if key in catalogue() else value.replace("_", " ")

    def has(self, key: str) -> bool:
        return key in catalogue()

    def number(self, number: int) -> str:
        """`12 345` with a no-break space; in English `12,345`."""
        grouped = f"{number:,}"
        return grouped if self.lang == "en" else grouped.replace(",", "\u00a0")

    def day(self, iso: str | None) -> str:
        """«16 сентября 2025 г.», «2025 ж. 16 қыркүйек», “16 September 2025”; a dash for an unknown date."""
        if not iso:
            return "—"
        try:
            day = date.fromisoformat(iso[:10])
        except ValueError:
            return iso
        month = MONTHS[self.lang][day.month - 1]
        if self.lang == "ru":
            return f"{day.day}\u00a0{month} {day.year}\u00a0г."
        if self.lang == "kk":
            return f"{day.year}\u00a0ж. {day.day}\u00a0{month}"
        return f"{day.day}\u00a0{month} {day.year}"

    def month(self, iso: str) -> str:
        """«сентябрь 2026», «2026 ж. қыркүйек», “September 2026” for `2026-09`."""
        year, number = iso[:4], int(iso[5:7]) - 1
        if self.lang == "ru":
            return f"{RUSSIAN_MONTHS[number]} {year}"
        return f"{year} ж. {MONTHS['kk'][number]}" if self.lang == "kk" else f"{MONTHS['en'][number]} {year}"

    def short(self, iso: str | None) -> str:
        """`16.09.2025`; a dash for an unknown date."""
        if not iso:
            return "—"
        try:
            return date.fromisoformat(iso[:10]).strftime("%d.%m.%Y")
        except ValueError:
            return iso

    def pick(self, row: Any, name: str) -> str | None:
        """The value of `name_ru` or `name_kk` that suits the reader, else the other one."""
        first, second = ("kk", "ru") if self.lang == "kk" else ("ru", "kk")
        found = row.get(f"{name}_{first}") or row.get(f"{name}_{second}")
        return str(found) if found else None

    def pick_lang(self, row: Any, name: str) -> str:
        """The language of what `pick` gives."""
        first, second = ("kk", "ru") if self.lang == "kk" else ("ru", "kk")
        return first if row.get(f"{name}_{first}") else second


def plural(lang: str, number: int) -> int:
    """Index of the form: Russian 1, 2–4, 5…; English 1, other; Kazakh has one."""
    if lang == "ru":
        if number % 10 == 1 and number % 100 != 11:
            return 0
        return 1 if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else 2
    return 0 if lang == "kk" or number == 1 else 1


def choose_ui(wish: str | None, cookie: str | None, accept: str | None) -> str:
    """The reader's interface language: `?ui=`, else the cookie, else the browser's wish, else Russian."""
    for candidate in (wish, cookie):
        if candidate in UI_LANGS:
            return str(candidate)
    ranked: list[tuple[float, str]] = []
    for part in (accept or "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            ranked.append((-float(quality or 1), tag.split("-")[0].lower()))
        except ValueError:
            continue
    return next((tag for _, tag in sorted(ranked, key=lambda item: item[0]) if tag in UI_LANGS), "ru")
