"""What tables, columns and prepared questions mean, in the language of the interface.

The English sentences are those of `lawdiff.datamodel` and `datasette/metadata.yml`; `descriptions.toml` has each in
Russian and Kazakh, keyed by the English one, so that a sentence which changes loses its translation and a test says so.
A sentence without a translation is shown in English rather than not at all.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from markupsafe import Markup, escape

from lawdiff.datamodel import TABLES, TYPES, Column, Table

_TABLES = {table.name: table for table in TABLES}


@cache
def sentences() -> dict[str, dict[str, dict[str, str]]]:
    """`descriptions.toml`: section → English sentence, or name of a parameter → language → text."""
    return tomllib.loads((files("lawdiff.site") / "descriptions.toml").read_text(encoding="utf-8"))


class Described:
    """The descriptions in one language of the interface."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def table(self, name: str) -> str:
        """What a row of the table is, as a sentence; empty for a table that nobody described."""
        table = _TABLES.get(name)
        return _plain(self.say("A row is {row}.", "frame").format(row=self._of(table.row))) if table else ""

    def columns(self, name: str) -> dict[str, Markup]:
        """Each column of the table with its meaning, type, unit, what an empty cell says, and an example."""
        table = _TABLES.get(name)
        return {column.name: self._column(column) for column in table.columns} if table else {}

    def column(self, table: str, name: str) -> str:
        """The same for one column, as plain text; empty for a column that nobody described."""
        found = self.columns(table).get(name)
        return found.striptags() if found else ""

    def question(self, text: str | None) -> str:
        """A title or description of a prepared question."""
        return self.say(text or "", "questions")

    def parameter(self, name: str) -> str:
        """What to fill in for a parameter of a prepared question; its name where nobody said."""
        return sentences()["parameters"].get(name, {}).get(self.lang, name)

    def say(self, english: str, section: str = "frame") -> str:
        return english if self.lang == "en" else sentences()[section].get(english, {}).get(self.lang, english)

    def _of(self, english: str) -> str:
        return self.say(english, "rows and columns")

    def _column(self, column: Column) -> Markup:
        kind = self.say(TYPES[column.type].partition(",")[0], "types")
        facts = [kind + (f", {self._of(column.unit)}" if column.unit else "")]
        if column.null:
            facts.append(self.say("empty: {null}").format(null=self._of(column.null)))
        if column.example:
            facts.append(self.say("for example {example}").format(example=column.example))
        values = Markup(", ").join(Markup("<code>{}</code>").format(value) for value in column.values)
        said = escape(_plain(self._of(column.meaning)))
        return said + (Markup(" ({})").format(values) if values else "") + f". {_plain('; '.join(facts))}."


def _plain(text: str) -> str:
    return text.replace("`", "").replace("..", ".")


def all_sentences() -> set[str]:
    """Every English sentence of the data model that a translator meets."""
    return {sentence for table in TABLES for sentence in _sentences(table) if sentence}


def _sentences(table: Table) -> list[str]:
    found = [table.row]
    for column in table.columns if table.stable else ():
        found += [column.meaning, column.null, column.unit]
    return found
