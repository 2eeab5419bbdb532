"""The registry of tracked acts: `acts.toml` → `TrackedAct` records.

The file that ships is `data/acts.toml` (in a wheel: `lawdiff/_data/acts.toml`); a user's own is named by `--acts` or
`LAWDIFF_ACTS` and replaces it. Validation names the entry and the field, so that a person can mend the file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from lawdiff.errors import BadIdentifier, RegistryError
from lawdiff.identifiers import check_act_id, parse_lang
from lawdiff.model import Lang
from lawdiff.resources import data_path

_KNOWN = {"id", "short_ru", "short_kk", "aliases", "topics", "articles", "langs"}


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that readers follow: names in three languages; `articles`: act id → article numbers or `a-b` ranges."""

    id: str
    name_ru: str
    name_kk: str
    name_en: str
    articles: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class TrackedAct:
    """An act to follow. short names («УК РК», «ҚР ҚК») and aliases resolve citations; topics group acts."""

    id: str
    short_ru: str
    short_kk: str
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    langs: tuple[Lang, ...] = (Lang.RU, Lang.KK)


@dataclass(frozen=True, slots=True)
class Registry:
    acts: tuple[TrackedAct, ...]
    topics: tuple[Topic, ...] = ()

    def get(self, act_id: str) -> TrackedAct | None:
        return next((act for act in self.acts if act.id == act_id), None)


def load_registry(path: Path | None = None) -> Registry:
    """Read the registry at `path`, or the one that ships. Raises RegistryError naming entry and field."""
    source = path or data_path("acts.toml")
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise RegistryError(f"cannot read the registry {source}: {error.strerror}; check --acts") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegistryError(f"the registry {source} is not valid TOML: {error}; correct that line") from error
    topics = tuple(_topic(source, key, entry) for key, entry in table.get("topics", {}).items())
    acts = tuple(_act(source, index, entry) for index, entry in enumerate(table.get("acts", []), 1))
    seen: set[str] = set()
    for act in acts:
        if act.id in seen:
            raise RegistryError(f"{source}: act {act.id} is listed twice; remove one entry")
        seen.add(act.id)
        unknown = set(act.topics) - {topic.id for topic in topics}
        if unknown:
            raise RegistryError(f"{source}: act {act.id} names unknown topics {sorted(unknown)}; add [topics.NAME]")
    return Registry(acts, topics)


def _topic(source: Path, key: str, entry: object) -> Topic:
    if not isinstance(entry, dict) or not {"ru", "kk", "en"} <= set(entry):
        raise RegistryError(f"{source}: topic {key!r} needs names ru, kk and en")
    articles = entry.get("articles", {})
    return Topic(
        key,
        str(entry["ru"]),
        str(entry["kk"]),
        str(entry["en"]),
        tuple((str(act), tuple(str(number) for number in numbers)) for act, numbers in articles.items()),
    )


def _act(source: Path, index: int, entry: object) -> TrackedAct:
    where = f"{source}: act entry {index}"
    if not isinstance(entry, dict):
        raise RegistryError(f"{where} is not a table")
    missing = {"id", "short_ru", "short_kk"} - set(entry)
    if missing:
        raise RegistryError(f"{where} lacks {', '.join(sorted(missing))}")
    unknown = set(entry) - _KNOWN
    if unknown:
        raise RegistryError(f"{where} has unknown fields {sorted(unknown)}; known are {sorted(_KNOWN)}")
    try:
        return TrackedAct(
            check_act_id(str(entry["id"])),
            str(entry["short_ru"]),
            str(entry["short_kk"]),
            tuple(map(str, entry.get("aliases", ()))),
            tuple(map(str, entry.get("topics", ()))),
            tuple(parse_lang(str(lang)) for lang in entry.get("langs", ("ru", "kk"))),
        )
    except BadIdentifier as error:
        raise RegistryError(f"{where}: {error}") from error
