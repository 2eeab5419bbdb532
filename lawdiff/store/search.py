"""Full-text search over every text ever shown, in both languages.

Russian words match by stem. Kazakh words match by stem and prefix, and inside words where nothing begins with them
(through the trigram index of all words). Both ignore ё/е and look-alike letters. "Quoted words" match as a phrase.
Nothing that a user types is FTS5 syntax: every word goes through `lawdiff.store.words` and is quoted.
A hit is an article in one language: its current text if that matches, else the newest old text that does. An article
that the query cites comes first, then current texts, then by bm25 (headings count six times) weighted by the kind of
act, codes first. What a question may cost is bounded: a word that stands everywhere is counted as «more than so
many», and not all of its texts are weighed (`_run`).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lawdiff.model import Lang
from lawdiff.registry import Registry
from lawdiff.store.citations import Citation, resolve_citation
from lawdiff.store.extracts import Segment, Term, marked_html, segments, snippet
from lawdiff.store.words import WORD, fold_word, stem

__all__ = ["Citation", "Hit", "Results", "resolve_citation", "search"]

_SHORTEST_INFIX = 3
_MOST_WORDS = 24  # of a query; a pasted page is no question
_MOST_EXPANSIONS = 48  # words that an infix stands for
# Words that stand in nearly every text and tell nothing; left out of a query that has others. «не» is law and stays.
_LITTLE = (
    "и в во на с со по к ко о об от до из за для при или а но же бы у как что және мен бен пен немесе үшін да де та те"
)
_FUNCTION_WORDS = frozenset(_LITTLE.split())
_MOST_COUNTED = 2500  # texts that match one question in one language; beyond, it is «more than so many»
_MOST_WEIGHED = 300  # texts of a word whose rarity is asked, and of an answer that holds only some words
_MOST_RANKED = 1000  # of such a question: texts that are weighed

_FROM = """
  FROM search_fts JOIN search_docs d ON d.id = search_fts.rowid
  WHERE search_fts MATCH :match AND d.lang = :lang AND (:act IS NULL OR d.act_id = :act)
"""
_COUNT = f"""
SELECT count(*) AS texts, count(DISTINCT article_id) AS articles, total(is_current) AS current
FROM (SELECT d.article_id, d.is_current {_FROM} AND (:old OR d.is_current) LIMIT :ranked)
"""  # noqa: S608 - constants of this module
_CURRENT = f"""
SELECT * FROM (
  SELECT d.version_id, d.article_id, d.act_id, d.lang, 1 AS is_current, bm25(search_fts, 6.0, 1.0) * d.weight AS score
  {_FROM} AND d.is_current LIMIT :ranked)
ORDER BY score, article_id LIMIT :most
"""  # noqa: S608 - constants of this module
# Articles of which only former texts match. A unit's versions are numbered in the index as in time, so the greatest is
# the newest that matches; SQLite takes the other columns of a group from the row that has the maximum.
_FORMER = f"""
SELECT max(doc), version_id, article_id, act_id, lang, 0 AS is_current, score FROM (
  SELECT d.id AS doc, d.version_id, d.article_id, d.act_id, d.lang, d.is_current,
    CASE WHEN d.is_current THEN 0.0 ELSE bm25(search_fts, 6.0, 1.0) * d.weight END AS score
  {_FROM} LIMIT :ranked)
GROUP BY article_id HAVING total(is_current) = 0 ORDER BY score, article_id LIMIT :most
"""  # noqa: S608 - constants of this module
_AMONG = """
SELECT count(DISTINCT d.article_id) FROM search_docs d CROSS JOIN search_fts ON search_fts.rowid = d.id
WHERE d.article_id = :article AND d.lang = :lang AND (:old OR d.is_current) AND (:act IS NULL OR d.act_id = :act)
  AND search_fts MATCH :match
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that matches. snippet: an extract of its text; heading: whole. score: lower is better."""

    version_id: str
    article_id: str
    act_id: str
    eid: str
    lang: Lang
    is_current: bool
    state: str
    valid_from: date
    valid_to: date | None
    score: float
    heading: tuple[Segment, ...]
    snippet: tuple[Segment, ...]

    @property
    def heading_html(self) -> str:
        return marked_html(self.heading)

    @property
    def snippet_html(self) -> str:
        return marked_html(self.snippet)


@dataclass(frozen=True, slots=True)
class Results:
    """total: hits before limit and offset; with `more` at least so many. citations: what the query names, if any.

    partial: no text holds all words; these hold some of them.
    """

    total: int
    hits: tuple[Hit, ...]
    citations: tuple[Citation, ...] = ()
    more: bool = False
    partial: bool = False


def search(
    conn: sqlite3.Connection,
    query: str,
    *,
    lang: Lang | None = None,
    registry: Registry | None = None,
    act_id: str | None = None,
    old: bool = True,
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """Articles whose text or heading holds every word of the query; where there is none, those that hold as many of
    them as go together.

    lang: of the texts, None for both. act_id: within one act. old: False leaves out texts that are no longer shown.
    Any string is a valid query; one without words has no hits.
    """
    citations = resolve_citation(conn, query, registry)
    languages = (lang,) if lang else tuple(Lang)
    found = _search(conn, query, languages, citations, act_id, old, limit, offset, some=False)
    if found.total or citations:
        return found
    return _search(conn, query, languages, citations, act_id, old, limit, offset, some=True)


def _search(
    conn: sqlite3.Connection,
    query: str,
    languages: Sequence[Lang],
    citations: tuple[Citation, ...],
    act_id: str | None,
    old: bool,
    limit: int,
    offset: int,
    *,
    some: bool,
) -> Results:
    cited_ids = _articles_of(citations)
    start, end = max(offset, 0), max(offset, 0) + max(limit, 0)
    terms: dict[Lang, list[Term]] = {}
    cited: list[sqlite3.Row] = []
    ranked: list[sqlite3.Row] = []
    total, more = 0, False
    for language in languages:
        question = _Question(language, act_id, old, end + len(cited_ids), some)
        terms[language], found = _matches(conn, query, question)
        named = [row for key in cited_ids for row in _newest(conn, key, language)]
        again = sum(_is_among(conn, terms[language], question, row["article_id"]) for row in named)
        cited.extend(named)
        ranked.extend(found.rows)
        total += found.articles + len(named) - again
        more = more or found.more
    cited.sort(key=lambda row: cited_ids.index(row["article_id"]))
    first = {(row["article_id"], row["lang"]) for row in cited}
    rest = [row for row in ranked if (row["article_id"], row["lang"]) not in first]
    rest.sort(key=lambda row: (-row["is_current"], row["score"], row["article_id"], row["lang"]))
    hits = tuple(_hit(conn, row, terms[Lang(row["lang"])]) for row in [*cited, *rest][start:end])
    return Results(total, hits, citations, more, some and total > 0)


def _articles_of(citations: Sequence[Citation]) -> list[str]:
    return [citation.article_id for citation in citations if citation.article_id is not None]


def _newest(conn: sqlite3.Connection, key: str, lang: Lang) -> list[sqlite3.Row]:
    """The newest version of a cited article in one language, as a matched row."""
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    return cursor.execute(
        "SELECT version_id, article_id, act_id, lang, is_current, 0.0 AS score FROM search_docs"
        " WHERE article_id = ? AND lang = ? ORDER BY id DESC LIMIT 1",
        (key, lang),
    ).fetchall()


@dataclass(frozen=True, slots=True)
class _Question:
    """What narrows a search. most: how many hits are wanted at most. some: some of the words are enough."""

    lang: Lang
    act_id: str | None
    old: bool
    most: int
    some: bool = False

    @property
    def counted(self) -> int:
        """Texts that are counted; fewer for an answer that is but a way out."""
        return _MOST_WEIGHED if self.some else _MOST_COUNTED

    def values(self, match: str) -> dict[str, Any]:
        return {
            "match": match, "lang": self.lang, "act": self.act_id, "old": self.old, "most": self.most,
            "ranked": self.counted,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """The best rows of one language. articles: how many match; with `more` at least so many."""

    rows: list[sqlite3.Row]
    articles: int
    more: bool


_NOTHING = _Found([], 0, False)


def _matches(conn: sqlite3.Connection, query: str, question: _Question) -> tuple[list[Term], _Found]:
    terms = _terms(query, question.lang)
    if question.some:
        terms = _held_together(conn, terms, question)
    if not terms:
        return [], _NOTHING
    found = _run(conn, terms, question)
    if not found.articles and not question.some:
        wider = [_widened(conn, term) for term in terms]
        if wider != terms:
            return wider, _run(conn, wider, question)
    return terms, found


def _match_of(terms: Sequence[Term]) -> str:
    return " AND ".join(term.expression() for term in terms)


def _held_together(conn: sqlite3.Connection, terms: Sequence[Term], question: _Question) -> list[Term]:
    """As many of the words as some text holds together, the rare ones first: what they ask tells more than the rest."""
    rare = [(frequency, term) for term in terms if (frequency := _frequency(conn, [term], question))]
    kept: list[Term] = []
    for _, term in sorted(rare, key=lambda pair: pair[0]):
        if not kept or _frequency(conn, [*kept, term], question):
            kept.append(term)
    return kept


def _frequency(conn: sqlite3.Connection, terms: Sequence[Term], question: _Question) -> int:
    """How many texts hold all of `terms`, counted up to a few hundred."""
    values = question.values(_match_of(terms)) | {"ranked": _MOST_WEIGHED}
    return int(_rows(conn, _COUNT, values)[0]["texts"])


def _run(conn: sqlite3.Connection, terms: Sequence[Term], question: _Question) -> _Found:
    """Count, then the current texts, then, where these are too few, articles that match by a former text alone.

    A question that fits more texts than `_MOST_COUNTED` says little about which is best: articles that have all its
    words in the heading come first then, and the rest is weighed among the first texts of the index, acts in order.
    """
    match = _match_of(terms)
    values = question.values(match)
    counted = _rows(conn, _COUNT, values)[0]
    articles, more = counted["articles"], counted["texts"] >= question.counted
    rows: list[sqlite3.Row] = []
    if more:
        values["ranked"] = min(_MOST_RANKED, question.counted)
        articles = min(articles, values["ranked"])
        rows = _rows(conn, _CURRENT, values | {"match": f"heading : ({match})"})
    if (counted["current"] or more) and len(rows) < question.most:
        known = {row["article_id"] for row in rows}
        current = _rows(conn, _CURRENT, values | {"most": question.most + len(rows)})
        rows += [row for row in current if row["article_id"] not in known]
    if question.old and len(rows) < question.most and counted["current"] < counted["texts"]:
        rows += _rows(conn, _FORMER, values)
    return _Found(rows[: question.most], articles, more)


def _rows(conn: sqlite3.Connection, sql: str, values: dict[str, Any]) -> list[sqlite3.Row]:
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    return cursor.execute(sql, values).fetchall()


def _is_among(conn: sqlite3.Connection, terms: Sequence[Term], question: _Question, article_id: str) -> bool:
    """Whether an article is one of those that match."""
    if not terms:
        return False
    values = question.values(_match_of(terms)) | {"article": article_id}
    return bool(conn.execute(_AMONG, values).fetchone()[0])


def _terms(query: str, lang: Lang) -> list[Term]:
    terms: list[Term] = []
    for index, piece in enumerate(re.split(r'["«»“”„]', query)):
        words = WORD.findall(piece)
        if index % 2 and len(words) > 1:
            terms.append(Term(tuple(stem(word, lang) for word in words[:_MOST_WORDS])))
        else:
            words = [word for word in words if fold_word(word) not in _FUNCTION_WORDS] or ([] if terms else words)
            terms.extend(Term((stem(word, lang),), _by_prefix(word, lang)) for word in words)
    return list(dict.fromkeys(terms))[:_MOST_WORDS]


def _by_prefix(word: str, lang: Lang) -> bool:
    return lang is Lang.KK and len(word) >= _SHORTEST_INFIX and not word[0].isdigit()


def _widened(conn: sqlite3.Connection, term: Term) -> Term:
    """The term by prefix and by every indexed word that holds it inside."""
    word = term.stems[0]
    if len(term.stems) > 1 or word[0].isdigit() or len(word) < _SHORTEST_INFIX:
        return term
    inside = conn.execute(
        "SELECT term FROM search_terms WHERE term LIKE ? ORDER BY length(term), term LIMIT ?",
        (f"%{word}%", _MOST_EXPANSIONS),
    )
    return Term(term.stems, True, tuple(row[0] for row in inside if not row[0].startswith(word)))


def _hit(conn: sqlite3.Connection, row: sqlite3.Row, terms: Sequence[Term]) -> Hit:
    lang = Lang(row["lang"])
    version = conn.execute(
        "SELECT heading, text, state, valid_from, valid_to FROM article_versions WHERE id = ?", (row["version_id"],)
    ).fetchone()
    heading, text, state, valid_from, valid_to = version
    until = date.fromisoformat(valid_to) if valid_to else None
    return Hit(
        row["version_id"], row["article_id"], row["act_id"], row["article_id"].partition("/")[2], lang,
        bool(row["is_current"]), state, date.fromisoformat(valid_from), until, row["score"],
        tuple(segments(heading, lang, terms)), tuple(snippet(text, lang, terms)),
    )  # fmt: skip


def match_expression(query: str, lang: str = "ru") -> str | None:
    """An FTS5 expression for `search_fts`, for use in SQL as the function `search_match(query, lang)`."""
    terms = _terms(query, Lang(lang))
    return " AND ".join(term.expression() for term in terms) or None


def register_functions(conn: sqlite3.Connection) -> None:
    """SQL functions for canned queries: `search_match(query, lang)` and `fold_word(word)`."""
    conn.create_function("search_match", 2, match_expression, deterministic=True)
    conn.create_function("fold_word", 1, fold_word, deterministic=True)
