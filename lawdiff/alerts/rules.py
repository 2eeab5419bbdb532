"""`alerts.toml` → `Rules`: who is told what, when, where. Every mistake is named with its line and the reason.

A rule selects by what it is about (acts, articles, chapters, topics, words, laws), by what happened (ops, weight,
languages) and by when to tell (phases). Empty selectors select everything. `articles`, `chapters` and `topics` widen
each other (any of them); everything else narrows. docs/alerts.md is the reference.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lawdiff.alerts.facts import Phase
from lawdiff.errors import BadIdentifier, LawdiffError
from lawdiff.identifiers import check_act_id, parse_lang
from lawdiff.model import Lang, Op, Weight
from lawdiff.numbering import fold_convocation, normalise_number, sort_key

EVERY = ("run", "day", "week")
WORDS_IN = ("change", "text")
READERS = ("ru", "kk", "en")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TAG = "lawdiff.local,2026"
KINDS = ("apprise", "smtp", "webhook", "atom", "stdout")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*\"?([A-Za-z0-9_-]+)\"?\s*=")


class RulesError(LawdiffError):
    """The rules cannot be used; the text names the file, the line, the field and the reason."""


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers `first` to `last`, both included, as sort keys; `printed` is what the file says.

    Article 213-1 lies inside 205-213: a range ends with everything inserted after its last number.
    """

    first: str
    last: str
    printed: str

    def holds(self, key: str) -> bool:
        return bool(key) and (
            self.first <= key <= self.last or (self.first != self.last and key.startswith(self.last + "-"))
        )


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    channels: tuple[str, ...]
    acts: tuple[str, ...] = ()
    articles: tuple[NumberRange, ...] = ()
    chapters: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    words_in: str = "change"
    laws: tuple[str, ...] = ()
    ops: tuple[Op, ...] = ()
    weight: tuple[Weight, ...] = (Weight.SUBSTANTIVE,)
    languages: tuple[Lang, ...] = (Lang.RU, Lang.KK)
    phases: tuple[Phase, ...] = tuple(Phase)
    every: str = "run"
    weekday: int = 0
    reader: str = "ru"
    title: str = ""
    trouble_days: int = 3


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """One channel as the file states it; `options` are checked by the channel's own kind."""

    name: str
    kind: str
    options: Mapping[str, Any]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """site: base address of the published site for permalinks. templates: folder that replaces shipped templates."""

    site: str | None = None
    templates: Path | None = None
    reader: str = "ru"
    tag: str = TAG  # authority of Atom ids (RFC 4151)


@dataclass(frozen=True, slots=True)
class Rules:
    rules: tuple[Rule, ...]
    channels: Mapping[str, ChannelConfig]
    settings: Settings
    source: Path

    def get(self, name: str) -> Rule:
        """The rule of this name; RulesError lists those that exist."""
        for rule in self.rules:
            if rule.name == name:
                return rule
        known = ", ".join(rule.name for rule in self.rules)
        raise RulesError(f"{self.source} has no rule {name!r}; it has {known}")


class _Place:
    """Finds the line of a field: `where("rules", 2, "articles")` is line N of the file."""

    def __init__(self, source: Path, text: str) -> None:
        self.source = source
        self.lines: dict[tuple[str, int, str], int] = {}
        header, index, counts = "", 0, dict[str, int]()
        for number, line in enumerate(text.splitlines(), 1):
            if found := _HEADER.match(line):
                header = found[2].replace('"', "").replace(" ", "")
                if found[1] == "[[":
                    counts[header] = index = counts.get(header, 0) + 1
                else:
                    index = 0
                self.lines.setdefault((header, index, ""), number)
            elif found := _KEY.match(line):
                self.lines.setdefault((header, index, found[1]), number)

    def line(self, header: str, index: int, key: str = "") -> int:
        return self.lines.get((header, index, key)) or self.lines.get((header, index, "")) or 1

    def section(self, name: str) -> int:
        """The first line of a top-level name, be it `[name]`, `[name.x]`, `[[name]]` or `name = …`."""
        found = [
            line
            for (header, _, key), line in self.lines.items()
            if header.split(".")[0] == name or (not header and key == name)
        ]
        return min(found, default=1)

    def error(self, reason: str, header: str, index: int = 0, key: str = "") -> RulesError:
        return RulesError(f"{self.source}, line {self.line(header, index, key)}: {reason}")


def load_rules(path: Path, *, topics: frozenset[str] | None = None) -> Rules:
    """Read and check the rules at `path`. `topics`: ids of the registry, where known, to check the rules' topics
    against."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RulesError(f"cannot read {path}: {error.strerror}; name the rules with --rules") from error
    except UnicodeDecodeError as error:
        raise RulesError(f"{path} is not UTF-8; save it as UTF-8") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{path} is not valid TOML: {error}; correct that line") from error
    place = _Place(path, text)
    unknown = set(table) - {"settings", "channels", "rules"}
    if unknown:
        name = sorted(unknown)[0]
        line = place.section(name)
        raise RulesError(
            f"{path}, line {line}: unknown section {name!r}; known are [settings], [channels.NAME] and [[rules]]"
        )
    settings = _settings(place, table.get("settings", {}), path)
    channels = _channels(place, table.get("channels", {}))
    entries = table.get("rules", [])
    if not isinstance(entries, list) or not entries:
        raise place.error("there is no rule; add a [[rules]] table with name and channels", "rules", 1)
    rules: list[Rule] = []
    for index, entry in enumerate(entries, 1):
        rule = _RuleReader(place, index, entry, settings).read()
        if any(rule.name == other.name for other in rules):
            raise place.error(f"rule {rule.name!r} exists already; names must differ", "rules", index, "name")
        for channel in rule.channels:
            if channel not in channels:
                raise place.error(f"unknown channel {channel!r}; add [channels.{channel}]", "rules", index, "channels")
        if topics is not None:
            for topic in rule.topics:
                if topic not in topics:
                    raise place.error(
                        f"unknown topic {topic!r}; the registry has {', '.join(sorted(topics))}",
                        "rules",
                        index,
                        "topics",
                    )
        rules.append(rule)
    return Rules(tuple(rules), channels, settings, path)


def _settings(place: _Place, entry: Any, path: Path) -> Settings:
    if not isinstance(entry, dict):
        raise place.error("settings must be a table: [settings]", "", 0, "settings")
    known = {"site", "templates", "reader", "tag"}
    for key, given in entry.items():
        if key not in known:
            raise place.error(f"unknown setting {key!r}; known are {', '.join(sorted(known))}", "settings", 0, key)
        if not isinstance(given, str):
            raise place.error(f"{key} must be text", "settings", 0, key)
    site = entry.get("site")
    if site is not None and not re.fullmatch(r"https?://[^\s/]+(/[^\s?#]*)?", site):
        raise place.error(f"{site!r} is not a web address such as https://law.example.org", "settings", 0, "site")
    reader = entry.get("reader", "ru")
    if reader not in READERS:
        raise place.error(f"{reader!r} is no language of messages; use ru, kk or en", "settings", 0, "reader")
    templates = path.parent / entry["templates"] if "templates" in entry else None
    if templates is not None and not templates.is_dir():
        raise place.error(f"the folder of templates {templates} does not exist", "settings", 0, "templates")
    tag = entry.get("tag", TAG)
    if not re.fullmatch(r"[a-z0-9.@-]+,\d{4}(-\d\d(-\d\d)?)?", tag):
        raise place.error(f"{tag!r} is no tag authority such as law.example.org,2026", "settings", 0, "tag")
    return Settings(site.rstrip("/") if site else None, templates, reader, tag)


def _channels(place: _Place, entries: Any) -> dict[str, ChannelConfig]:
    if not isinstance(entries, dict):
        raise place.error("channels must be tables: [channels.NAME]", "", 0, "channels")
    found: dict[str, ChannelConfig] = {}
    for name, entry in entries.items():
        header = f"channels.{name}"
        if not _NAME.fullmatch(name):
            raise place.error(f"channel name {name!r}: use small letters, digits, - and _", header)
        if not isinstance(entry, dict):
            raise place.error(f"channel {name!r} must be a table", "channels", 0, name)
        kind = entry.get("kind")
        if kind not in KINDS:
            raise place.error(f"kind {kind!r} of channel {name!r}: use one of {', '.join(KINDS)}", header, 0, "kind")
        options = {key: given for key, given in entry.items() if key != "kind"}
        found[name] = ChannelConfig(name, kind, options, place.line(header, 0))
    return found


_FIELDS = {
    "name", "title", "channels", "acts", "articles", "chapters", "topics", "words", "words_in", "laws", "ops", "weight",
    "languages", "phases", "every", "weekday", "reader", "trouble_days",
}  # fmt: skip


class _RuleReader:
    """Reads one [[rules]] table, field by field, each with its own reason for refusal."""

    def __init__(self, place: _Place, index: int, entry: Any, settings: Settings) -> None:
        self.place = place
        self.index = index
        if not isinstance(entry, dict):
            raise self.error("a rule must be a table", "")
        self.entry: dict[str, Any] = entry
        self.settings = settings

    def error(self, reason: str, key: str) -> RulesError:
        return self.place.error(reason, "rules", self.index, key)

    def read(self) -> Rule:
        for key in self.entry:
            if key not in _FIELDS:
                raise self.error(f"unknown field {key!r}; known are {', '.join(sorted(_FIELDS))}", key)
        name = self.entry.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise self.error("a rule needs a name of small letters, digits, - and _", "name")
        channels = self.texts("channels")
        if not channels:
            raise self.error(f"rule {name!r} needs at least one channel", "channels")
        if ("articles" in self.entry or "chapters" in self.entry) and "acts" not in self.entry:
            key = "articles" if "articles" in self.entry else "chapters"
            raise self.error(f'{key} need the acts they belong to; add acts = ["K1400000226"]', key)
        articles = tuple(part for text in self.texts("articles") for part in self.number_range(text, "articles"))
        days = self.entry.get("trouble_days", 3)
        if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 365:
            raise self.error("trouble_days must be a number of days from 1 to 365", "trouble_days")
        return Rule(
            name=name,
            channels=channels,
            acts=tuple(self.act(text) for text in self.texts("acts")),
            articles=articles,
            chapters=tuple(self.chapter(text) for text in self.texts("chapters")),
            topics=self.texts("topics"),
            words=self.words(),
            words_in=self.choice("words_in", WORDS_IN, "change"),
            laws=tuple(fold_convocation(text) for text in self.texts("laws")),
            ops=self.enum("ops", Op, ()),
            weight=self.enum("weight", Weight, (Weight.SUBSTANTIVE,)),
            languages=tuple(self.lang(text) for text in self.texts("languages")) or (Lang.RU, Lang.KK),
            phases=self.enum("phases", Phase, tuple(Phase)),
            every=self.choice("every", EVERY, "run"),
            weekday=WEEKDAYS.index(self.choice("weekday", WEEKDAYS, "monday")),
            reader=self.choice("reader", READERS, self.settings.reader),
            title=self.text("title"),
            trouble_days=days,
        )

    def text(self, key: str, default: str = "") -> str:
        given = self.entry.get(key, default)
        if not isinstance(given, str) or "\n" in given:
            raise self.error(f"{key} must be one line of text", key)
        return given

    def texts(self, key: str) -> tuple[str, ...]:
        given = self.entry.get(key, [])
        if isinstance(given, str):
            given = [given]
        if not isinstance(given, list) or not all(isinstance(item, str | int) and item is not True for item in given):
            raise self.error(f'{key} must be a list of texts, such as ["…"]', key)
        texts = tuple(str(item).strip() for item in given)
        if key in self.entry and not all(texts):
            raise self.error(f"{key} holds an empty text", key)
        if key in self.entry and not texts:
            raise self.error(f"{key} is an empty list, which would select nothing; remove the line", key)
        return texts

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        given = self.text(key, default)
        if given not in allowed:
            raise self.error(f"{key} = {given!r}; use one of {', '.join(allowed)}", key)
        return given

    def enum(self, key: str, kind: Any, default: tuple[Any, ...]) -> tuple[Any, ...]:
        found = []
        for text in self.texts(key):
            try:
                found.append(kind(text))
            except ValueError:
                known = ", ".join(str(member) for member in kind)
                raise self.error(f"{text!r} is not one of the {key}: {known}", key) from None
        return tuple(dict.fromkeys(found)) or default

    def act(self, text: str) -> str:
        try:
            return check_act_id(text)
        except BadIdentifier as error:
            raise self.error(str(error), "acts") from error

    def lang(self, text: str) -> Lang:
        try:
            return parse_lang(text)
        except BadIdentifier as error:
            raise self.error(str(error), "languages") from error

    def chapter(self, text: str) -> str:
        """`7`, or the eid of any heading (`chp_7`, `sec_2`), as an eid."""
        if re.fullmatch(r"[a-z]+_[0-9a-z-]+(__[a-z]+_[0-9a-z-]+)*", text):
            return text
        try:
            return f"chp_{normalise_number(text)}"
        except BadIdentifier as error:
            raise self.error(f"{text!r} is no chapter: write 7, 11-1, or an eid such as sec_2", "chapters") from error

    def number_range(self, text: str, key: str) -> tuple[NumberRange, ...]:
        """`115-1` is an article where the second number is smaller than the first, `205-213` a range; `205..213` is
        always a range."""
        try:
            first, dots, last = (part.strip() for part in text.partition(".."))
            if dots:
                return (self.span(first, last, text, key),)
            number = normalise_number(text)
            head, _, tail = number.partition("-")
            if tail.isdigit() and head.isdigit() and (int(tail) > int(head) or int(tail) >= 100):
                return (self.span(head, tail, text, key),)
            return (NumberRange(sort_key(number), sort_key(number), text),)
        except BadIdentifier as error:
            raise self.error(f"{text!r} is no article: write 205, 115-1, 205-213 or 205..213-2", key) from error

    def span(self, first: str, last: str, text: str, key: str) -> NumberRange:
        low, high = sort_key(normalise_number(first)), sort_key(normalise_number(last))
        if low > high:
            raise self.error(f"the range {text!r} runs backwards", key)
        return NumberRange(low, high, text)

    def words(self) -> tuple[str, ...]:
        words = self.texts("words")
        for word in words:
            if len(word.rstrip("*")) < 3:
                raise self.error(f"{word!r} is too short: three letters at least, or everything matches", "words")
            if "*" in word[:-1]:
                raise self.error(f"{word!r}: a star may stand at the end only", "words")
        return words
