"""Rules × facts → matches, in time proportional to the facts.

Each rule is one bit. Every dimension of a fact (act, place, op, weight, language, laws) has a table from value to the
set of rules that accept it, an int used as a bit set; a fact's rules are the intersection of five or six such ints.
Places are worked out once per article. Words are read only where a rule that asks for words is still left.

Guarantee: `Matcher.match(fact)` equals `[rule for rule in rules if accepts(rule, fact)]`, which the tests compare.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lawdiff.alerts.facts import Fact, FactKind, Texts
from lawdiff.alerts.rules import WORDS_IN, Rule
from lawdiff.model import Lang
from lawdiff.numbering import fold_convocation, sort_key
from lawdiff.store.words import WORD, fold_word, stem

_CHAPTER_IN_PATH = re.compile(r"(?:глава|тарау)\s*(\d+(?:-\d+)*)|(\d+(?:-\d+)*)\s*-?\s*тарау", re.IGNORECASE)
_folded = lru_cache(maxsize=100_000)(fold_word)
TextsOf = Callable[[Fact], Texts | None]


@dataclass(frozen=True, slots=True)
class WordQuery:
    """A word, a stem («дроппер*») or a phrase, ready to be looked up in folded words or in stems."""

    prefix: str
    stems: tuple[tuple[Lang, tuple[str, ...]], ...]

    @classmethod
    def of(cls, printed: str) -> WordQuery:
        if printed.endswith("*"):
            return cls(fold_word(printed[:-1]), ())
        words = WORD.findall(printed)
        return cls("", tuple((lang, tuple(stem(word, lang) for word in words)) for lang in Lang))

    def found(self, words: frozenset[str], stems: Sequence[str], stem_set: frozenset[str], lang: Lang | None) -> bool:
        if self.prefix:
            return any(word.startswith(self.prefix) for word in words)
        for language, wanted in self.stems:
            if lang is not None and language is not lang:
                continue
            if not stem_set.issuperset(wanted):
                continue
            if wanted and (len(wanted) == 1 or _contains(stems, wanted)):
                return True
        return False


def _contains(stems: Sequence[str], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(tuple(stems[at : at + size]) == wanted for at, first in enumerate(stems) if first == wanted[0])


def place_accepts(rule: Rule, fact: Fact) -> bool:
    """Whether the unit of `fact` is where `rule` looks, under its present number or one that it bore before.

    An act-wide announcement touches every article of the act, so it is in every place of it.
    """
    if not (rule.articles or rule.chapters or rule.topics):
        return True
    if not fact.eid:
        return bool(rule.articles or rule.chapters or fact.topics.intersection(rule.topics))
    keys = [fact.sort_key, *(_sort_key_of(eid) for eid in fact.aliases)] if fact.unit_kind == "article" else []
    if any(part.holds(key) for part in rule.articles for key in keys):
        return True
    if any(chapter in fact.parents or chapter == fact.eid for chapter in rule.chapters):
        return True
    if fact.moved_from and any(f"chp_{number}" in rule.chapters for number in _chapters_in(fact.moved_from)):
        return True
    return bool(fact.topics.intersection(rule.topics))


def accepts(rule: Rule, fact: Fact, texts: TextsOf) -> bool:
    """The definition of a match, one fact and one rule at a time."""
    if rule.acts and fact.act_id not in rule.acts:
        return False
    if fact.lang is not None and fact.lang not in rule.languages:
        return False
    if not place_accepts(rule, fact):
        return False
    if fact.kind is FactKind.TROUBLE:
        return True
    if rule.laws and not any(name in rule.laws for name in law_names(fact)):
        return False
    if fact.kind is FactKind.CHANGE and rule.ops and fact.op not in rule.ops:
        return False
    if fact.weight not in rule.weight:
        return False
    return not rule.words or words_accept(rule, fact, texts)


def words_accept(rule: Rule, fact: Fact, texts: TextsOf) -> bool:
    return _Words(fact, texts).accept(rule.words_in, [WordQuery.of(word) for word in rule.words])


def law_names(fact: Fact) -> Iterator[str]:
    """Every name under which a rule may ask for the laws of `fact`: portal id, number."""
    for law in fact.laws:
        yield law.id
        if law.number:
            yield fold_convocation(law.number)


class Matcher:
    """The rules, prepared. `texts` brings the words of a fact when a rule asks for them."""

    def __init__(self, rules: Iterable[Rule], texts: TextsOf) -> None:
        self.rules = tuple(rules)
        self.texts = texts
        self._acts = self._table(lambda rule: rule.acts)
        self._laws = self._table(lambda rule: rule.laws)
        self._ops = self._table(lambda rule: rule.ops)
        self._weights = self._table(lambda rule: rule.weight)
        self._langs = self._table(lambda rule: rule.languages)
        self._worded = sum(1 << bit for bit, rule in enumerate(self.rules) if rule.words)
        self._anywhere = sum(
            1 << bit for bit, rule in enumerate(self.rules) if not (rule.articles or rule.chapters or rule.topics)
        )
        self._placed = sum(1 << bit for bit, rule in enumerate(self.rules) if rule.articles or rule.chapters)
        self._chapters = self._narrow(lambda rule: rule.chapters)
        self._topics = self._narrow(lambda rule: rule.topics)
        self._single: dict[str, int] = {}
        self._ranged: dict[str | None, list[tuple[int, Rule]]] = {}
        for bit, rule in enumerate(self.rules):
            for part in rule.articles:
                if part.first == part.last:
                    self._single[part.first] = self._single.get(part.first, 0) | 1 << bit
            if any(part.first != part.last for part in rule.articles):
                for act in rule.acts or (None,):
                    self._ranged.setdefault(act, []).append((1 << bit, rule))
        self._places: dict[tuple[object, ...], int] = {}
        self._words = {where: _WordIndex(self.rules, where) for where in WORDS_IN}

    def _table(self, values: Callable[[Rule], Sequence[str]]) -> dict[str | None, int]:
        """Value → rules that accept it; None → rules that accept any value."""
        table: dict[str | None, int] = {None: 0}
        for bit, rule in enumerate(self.rules):
            if not values(rule):
                table[None] = (table[None] or 0) | 1 << bit
        free = table[None]
        for bit, rule in enumerate(self.rules):
            for value in values(rule):
                table[str(value)] = table.get(str(value), free) | 1 << bit
        return table

    def _narrow(self, values: Callable[[Rule], Sequence[str]]) -> dict[str, int]:
        table: dict[str, int] = {}
        for bit, rule in enumerate(self.rules):
            for value in values(rule):
                table[value] = table.get(value, 0) | 1 << bit
        return table

    def match(self, fact: Fact) -> tuple[Rule, ...]:
        """The rules that accept `fact`, in the order of the file."""
        bits = self._acts.get(fact.act_id, self._acts[None])
        if fact.lang is not None:
            bits &= self._langs.get(fact.lang, self._langs[None])
        if fact.kind is FactKind.TROUBLE:
            return tuple(self._named(bits & self._place(fact)))
        bits &= self._weights.get(fact.weight, self._weights[None])
        if fact.kind is FactKind.CHANGE:
            bits &= self._ops.get(fact.op, self._ops[None])
        if bits:
            bits &= self._place(fact)
        if bits:
            bits &= self._law(fact)
        asked = bits & self._worded
        if asked:
            bits ^= asked
            words = _Words(fact, self.texts)
            for index in self._words.values():
                if asked & index.rules:
                    bits |= asked & index.accepting(words)
        return tuple(self._named(bits))

    def _named(self, bits: int) -> Iterator[Rule]:
        return (self.rules[bit] for bit in _bits(bits))

    def _law(self, fact: Fact) -> int:
        found = self._laws[None]
        for name in law_names(fact):
            found |= self._laws.get(name, 0)
        return found

    def _place(self, fact: Fact) -> int:
        if fact.moved_from:
            return self._find_place(fact)
        key = (fact.act_id, fact.eid, fact.unit_kind, fact.parents, fact.aliases, fact.topics)
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._find_place(fact)
        return found

    def _find_place(self, fact: Fact) -> int:
        bits = self._anywhere
        if not fact.eid:
            bits |= self._placed
        if fact.unit_kind == "article":
            for key in (fact.sort_key, *(_sort_key_of(eid) for eid in fact.aliases)):
                bits |= self._single.get(key, 0)
                for bit, rule in (*self._ranged.get(fact.act_id, ()), *self._ranged.get(None, ())):
                    if any(part.holds(key) for part in rule.articles):
                        bits |= bit
        for eid in (*fact.parents, fact.eid):
            bits |= self._chapters.get(eid, 0)
        if fact.moved_from:
            for number in _chapters_in(fact.moved_from):
                bits |= self._chapters.get(f"chp_{number}", 0)
        for topic in fact.topics:
            bits |= self._topics.get(topic, 0)
        return bits


class _WordIndex:
    """The words that rules look for in one place (the change, or the whole text), each with its rules."""

    def __init__(self, rules: Sequence[Rule], where: str) -> None:
        self.where = where
        self.rules = 0
        self._prefixes: dict[str, int] = {}
        self._stems: dict[tuple[Lang, str], int] = {}
        self._phrases: dict[tuple[Lang, str], list[tuple[tuple[str, ...], int]]] = {}
        for bit, rule in enumerate(rules):
            if not rule.words or rule.words_in != where:
                continue
            self.rules |= 1 << bit
            for query in map(WordQuery.of, rule.words):
                self._add(query, 1 << bit)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})

    def _add(self, query: WordQuery, bit: int) -> None:
        if query.prefix:
            self._prefixes[query.prefix] = self._prefixes.get(query.prefix, 0) | bit
        for lang, wanted in query.stems:
            if len(wanted) == 1:
                self._stems[lang, wanted[0]] = self._stems.get((lang, wanted[0]), 0) | bit
            elif wanted:
                self._phrases.setdefault((lang, wanted[0]), []).append((wanted, bit))

    def accepting(self, words: _Words) -> int:
        """The rules one of whose words is there."""
        folded, stems, stem_set = words.cut(self.where)
        found = 0
        for word in folded if self._prefixes else ():
            for length in self._lengths:
                if length > len(word):
                    break
                found |= self._prefixes.get(word[:length], 0)
        for lang in (words.fact.lang,) if words.fact.lang else Lang:
            for each in stem_set:
                found |= self._stems.get((lang, each), 0)
                for wanted, bit in self._phrases.get((lang, each), ()):
                    if not found & bit and stem_set.issuperset(wanted) and _contains(stems, wanted):
                        found |= bit
        return found


class _Words:
    """The words of one fact, cut once: of the change (with the heading), and of the whole text."""

    def __init__(self, fact: Fact, texts: TextsOf) -> None:
        self.fact = fact
        self.texts = texts
        self._cut: dict[str, tuple[frozenset[str], list[str], frozenset[str]]] = {}

    def accept(self, where: str, queries: Iterable[WordQuery]) -> bool:
        words, stems, stem_set = self.cut(where)
        return any(query.found(words, stems, stem_set, self.fact.lang) for query in queries)

    def cut(self, where: str) -> tuple[frozenset[str], list[str], frozenset[str]]:
        if where not in self._cut:
            found = self.texts(self.fact)
            body = "" if found is None else found.whole if where == "text" else found.changed
            if self.fact.kind is FactKind.ANNOUNCEMENT:
                body = self.fact.detail
            words = WORD.findall(f"{self.fact.heading}\n{body}")
            lang = self.fact.lang or Lang.RU
            stems = [stem(word, lang) for word in words]
            self._cut[where] = (frozenset(map(_folded, words)), stems, frozenset(stems))
        return self._cut[where]


def _bits(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _chapters_in(path: str) -> list[str]:
    return [first or second for first, second in _CHAPTER_IN_PATH.findall(path)]


def _sort_key_of(eid: str) -> str:
    return sort_key(eid.removeprefix("art_")) if eid.startswith("art_") else ""
