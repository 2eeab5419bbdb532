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

SEVERITIES = ("administrative", "misdemeanour", "minor", "medium", "grave", "especially_grave")
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
class Regulator:
    """Who regulates what: `body` in the words of the article (`act_id`, `eid`) that says so, `matter` what of."""

    topic: str
    act_id: str
    eid: str
    matter_ru: str
    matter_kk: str
    matter_en: str
    body_ru: str
    body_kk: str
    body_en: str


@dataclass(frozen=True, slots=True)
class OffenceObject:
    """The object of the offences of a chapter (`chp_7`) in three languages; else the chapter's heading names it."""

    act_id: str
    chapter: str
    name_ru: str
    name_kk: str
    name_en: str


@dataclass(frozen=True, slots=True)
class SeverityOverride:
    """The category of an offence as a person read it, and why; `part` is empty for an article without parts."""

    act_id: str
    eid: str
    part: str
    severity: str
    reason: str


@dataclass(frozen=True, slots=True)
class Registry:
    acts: tuple[TrackedAct, ...]
    topics: tuple[Topic, ...] = ()
    regulators: tuple[Regulator, ...] = ()
    objects: tuple[OffenceObject, ...] = ()
    severities: tuple[SeverityOverride, ...] = ()

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
    return Registry(
        acts,
        topics,
        tuple(_regulator(source, index, entry, topics) for index, entry in enumerate(table.get("regulators", []), 1)),
        tuple(_object(source, index, entry) for index, entry in enumerate(table.get("objects", []), 1)),
        tuple(_severity(source, index, entry) for index, entry in enumerate(table.get("severities", []), 1)),
    )


def _entry(
    source: Path, what: str, index: int, entry: object, names: tuple[str, ...], *, optional: str = ""
) -> dict[str, str]:
    """The texts of one entry, every name present but the optional one. Raises RegistryError naming entry and field."""
    where = f"{source}: {what} entry {index}"
    if not isinstance(entry, dict):
        raise RegistryError(f"{where} is not a table")
    missing = set(names) - set(entry)
    if missing:
        raise RegistryError(f"{where} lacks {', '.join(sorted(missing))}")
    unknown = set(entry) - {*names, optional}
    if unknown:
        raise RegistryError(
            f"{where} has unknown fields {sorted(unknown)}; known are {sorted({*names, optional} - {''})}"
        )
    texts = {name: str(value).strip() for name, value in entry.items()}
    empty = [name for name in names if not texts[name]]
    if empty:
        raise RegistryError(f"{where}: {', '.join(empty)} is empty; leave the entry out if it is not known")
    try:
        check_act_id(texts["act"])
    except BadIdentifier as error:
        raise RegistryError(f"{where}: {error}") from error
    return texts


_THREE = ("ru", "kk", "en")


def _regulator(source: Path, index: int, entry: object, topics: tuple[Topic, ...]) -> Regulator:
    names = ("topic", "act", "article", *(f"{what}_{lang}" for what in ("matter", "body") for lang in _THREE))
    texts = _entry(source, "regulators", index, entry, names)
    if texts["topic"] not in {topic.id for topic in topics}:
        raise RegistryError(
            f"{source}: regulators entry {index} names unknown topic {texts['topic']!r}; add [topics.NAME]"
        )
    return Regulator(
        texts["topic"], texts["act"], f"art_{texts['article']}", texts["matter_ru"], texts["matter_kk"],
        texts["matter_en"], texts["body_ru"], texts["body_kk"], texts["body_en"],
    )  # fmt: skip


def _object(source: Path, index: int, entry: object) -> OffenceObject:
    texts = _entry(source, "objects", index, entry, ("act", "chapter", *_THREE))
    return OffenceObject(texts["act"], f"chp_{texts['chapter']}", texts["ru"], texts["kk"], texts["en"])


def _severity(source: Path, index: int, entry: object) -> SeverityOverride:
    texts = _entry(source, "severities", index, entry, ("act", "article", "severity", "reason"), optional="part")
    if texts["severity"] not in SEVERITIES:
        raise RegistryError(
            f"{source}: severities entry {index} has severity {texts['severity']!r}; use one of {', '.join(SEVERITIES)}"
        )
    part = f"part_{texts['part']}" if texts.get("part") else ""
    return SeverityOverride(texts["act"], f"art_{texts['article']}", part, texts["severity"], texts["reason"])


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
