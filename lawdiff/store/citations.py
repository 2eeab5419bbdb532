"""Citations as people write them → the article: «ч. 2 ст. 205 УК РК», «ҚК 232-1-бабы», «K1400000226 115-1».

Names of acts come from the registry (short names and aliases, in any case form) and from the database (act id, number
of the act). Nothing is guessed: where several acts fit a bare number, all are given, in the order of the registry.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from lawdiff.identifiers import ACT_ID, article_id
from lawdiff.model import Lang
from lawdiff.registry import Registry
from lawdiff.store.words import WORD, fold_word, stem

_NUMBER = re.compile(r"\d+(?:-\d+)*")
_ARTICLE_WORD = re.compile(r"ст|стать\w*|статей|бап\w*|баб\w*|article|art|art_")
_PART_WORD = re.compile(r"ч|част\w*|пп?|(?:под)?пункт\w*|б[өо]л[иі][гк]\w*|тарма[ғқгк]\w*|part")
# What a number counts: told by the word after it in Kazakh («2-бөлігі»), before it in Russian («ч. 2»).
_KAZAKH_LEVELS = (
    ("deeper", re.compile(r"тарма[қк]ша\w*")),
    ("point", re.compile(r"тарма[ғқгк]\w*")),
    ("part", re.compile(r"б[өо]л[иі][гк]\w*")),
    ("article", re.compile(r"ба[бп]\w*")),
)
_RUSSIAN_LEVELS = (
    ("deeper", re.compile(r"пп|подпункт\w*")),
    ("point", re.compile(r"п|пункт\w*")),
    ("part", re.compile(r"ч|част\w*|part")),
    ("article", re.compile(r"ст|стать\w*|статей|article|art")),
)
_FILLER = frozenset(
    (
        "рк",
        "қр",
        "кр",
        "республики",
        "казахстан",
        "қазақстан",
        "республикасының",
        "нің",
        "ның",
        "дің",
        "дың",
        "тің",
        "тың",
    )
)
_MOST = 10
_RAISED = re.compile(r"(?<=\d)[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation names. article_id: None where only an act is named; part: number of the part, if any;
    exact: nothing of the query is left over, so that a site may go there at once."""

    act_id: str
    article_id: str | None
    number: str | None
    part: str | None
    exact: bool


def resolve_citation(conn: sqlite3.Connection, query: str, registry: Registry | None = None) -> tuple[Citation, ...]:
    """The articles (or acts) that a query names, best first; empty where it is no citation or names nothing held."""
    raw = query.replace("art_", " art ").replace("/", " ")
    words = [fold_word(word) for word in WORD.findall(_tight_numbers(raw))]
    act, words = _take_act(conn, query, words, registry)
    number, part, rest = _take_numbers(words)
    rest = [word for word in rest if word not in _FILLER]
    if act is not None:
        if number is None:
            return (Citation(act, None, None, None, True),) if not rest else ()
        key = article_id(act, f"art_{number}")
        held = conn.execute("SELECT 1 FROM articles WHERE id = ?", (key,)).fetchone()
        return (Citation(act, key, number, part, not rest),) if held else ()
    if number is None or rest:
        return ()
    rank = {tracked.id: place for place, tracked in enumerate(registry.acts if registry else ())}
    rows = conn.execute("SELECT id, act_id FROM articles WHERE kind = 'article' AND number = ?", (number,)).fetchall()
    found = sorted(((row[1], row[0]) for row in rows), key=lambda pair: (rank.get(pair[0], len(rank)), pair[0]))
    return tuple(Citation(act_id, key, number, part, len(found) == 1) for act_id, key in found[:_MOST])


def _tight_numbers(text: str) -> str:
    """`115 - 1`, `115¹` → `115-1`."""
    text = _RAISED.sub(lambda run: "-" + run[0].translate(_SUPERSCRIPTS), text)
    return re.sub(r"(?<=\d)\s*[-‐‑–—]\s*(?=\d)", "-", text)


def _take_act(
    conn: sqlite3.Connection, query: str, words: list[str], registry: Registry | None
) -> tuple[str | None, list[str]]:
    """The act that is named, and the words that are left."""
    by_id = ACT_ID.search(query.upper())
    if by_id:
        named = {fold_word(word) for word in WORD.findall(by_id[0])}
        return by_id[0], [word for word in words if word not in named]
    best: tuple[int, int, str] | None = None
    stems = [_both(word) for word in words]
    for name, act_id in _names(registry):
        for start in range(len(words) - len(name) + 1):
            fits = all(stems[start + offset] & name[offset] for offset in range(len(name)))
            if fits and (best is None or len(name) > best[0]):
                best = (len(name), start, act_id)
    if best:
        length, start, act_id = best
        return act_id, words[:start] + words[start + length :]
    for match in re.finditer(r"(?:№|\bN)\s*([\w-]+)", query):
        number = match[1].upper()  # printed «226-V ЗРК», cited «№ 226-V»
        row = conn.execute(
            "SELECT id FROM acts WHERE number = :it OR substr(number, 1, length(:it) + 1) = :it || ' '", {"it": number}
        ).fetchone()
        if row:
            named = {fold_word(word) for word in WORD.findall(match[1])}
            return str(row[0]), [word for word in words if word not in named | {"n"}]
    return None, words


def _names(registry: Registry | None) -> list[tuple[list[frozenset[str]], str]]:
    """Every name of every tracked act as stems of its words."""
    return [
        ([_both(word) for word in WORD.findall(name)], act.id)
        for act in (registry.acts if registry else ())
        for name in (act.short_ru, act.short_kk, *act.aliases)
        if WORD.search(name)
    ]


def _both(word: str) -> frozenset[str]:
    return frozenset((stem(word, Lang.RU), stem(word, Lang.KK)))


def _take_numbers(words: list[str]) -> tuple[str | None, str | None, list[str]]:
    """Number of the article, number of the part, and the words left.

    «п. 2 ч. 3 ст. 190» names a part and a place in it, which the part stands for; a point without a part is what other
    acts have in its stead («п. 2 ст. 5»).
    """
    named: dict[str, str] = {}
    bare: list[str] = []
    rest: list[str] = []
    for index, word in enumerate(words):
        if not _NUMBER.fullmatch(word):
            if not _ARTICLE_WORD.fullmatch(word) and not _PART_WORD.fullmatch(word):
                rest.append(word)
            continue
        level = _level(words[index - 1] if index else "", words[index + 1] if index + 1 < len(words) else "")
        if level is None:
            bare.append(word)
        elif level in named:
            rest.append(word)
        else:
            named[level] = word
    if bare and "article" not in named:
        named["article"], *bare = bare
    return named.get("article"), named.get("part", named.get("point")), [*rest, *bare]


def _level(before: str, after: str) -> str | None:
    """What a number between two words counts; None where neither tells."""
    for word, levels in ((after, _KAZAKH_LEVELS), (before, _RUSSIAN_LEVELS)):
        for level, pattern in levels:
            if pattern.fullmatch(word):
                return level
    return None
