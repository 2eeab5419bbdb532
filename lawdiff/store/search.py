"""Full-text search over every text ever shown, in both languages.

Russian words match by stem. Kazakh words match by stem and prefix, and inside words where nothing begins with them
(through the trigram index of all words). Both ignore ё/е and look-alike letters. "Quoted words" match as a phrase.
Nothing that a user types is FTS5 syntax: every word goes through `lawdiff.store.words` and is quoted.
A hit is an article in one language: its current text if that matches, else the newest old text that does. An article
that the query cites comes first, then current texts, then by bm25 (headings count six times) weighted by the kind of
act, codes first.
"""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lawdiff.model import Lang
from lawdiff.registry import Registry
from lawdiff.store.citations import Citation, resolve_citation
from lawdiff.store.words import WORD, fold_word, stem, stemmer_of

__all__ = ["Citation", "Hit", "Results", "resolve_citation", "search"]

_SHORTEST_INFIX = 3
_MOST_WORDS = 24  # of a query; a pasted page is no question
_MOST_EXPANSIONS = 48  # words that an infix stands for
_SNIPPET = 240
# Words that stand in nearly every text and tell nothing; left out of a query that has others. «не» is law and stays.
_LITTLE = (
    "и в во на с со по к ко о об от до из за для при или а но же бы у как что және мен бен пен немесе үшін да де та те"
)
_FUNCTION_WORDS = frozenset(_LITTLE.split())
_NO_LIMIT = -1

# A unit's versions are numbered in the index as in time, so the greatest is the newest that matches; SQLite takes the
# other columns of a group from the row that has the maximum.
_SQL = """
WITH matched AS MATERIALIZED (
  SELECT d.id AS doc, d.version_id, d.article_id, d.act_id, d.lang, d.is_current,
         bm25(search_fts, 6.0, 1.0) * d.weight AS score
  FROM search_fts JOIN search_docs d ON d.id = search_fts.rowid
  WHERE search_fts MATCH :match AND d.lang = :lang AND (:act IS NULL OR d.act_id = :act)
    AND (:old OR d.is_current)
)
SELECT max(doc), version_id, article_id, act_id, lang, is_current, score, count(*) OVER () AS total FROM matched
GROUP BY article_id ORDER BY is_current DESC, score, article_id LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text; marked: it matches the query."""

    text: str
    marked: bool


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
    """total: hits before limit and offset. citations: what the query names, if it is a citation."""

    total: int
    hits: tuple[Hit, ...]
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Term:
    """One word or phrase of the query in one language: stems in order; prefixes and parts widen a single word."""

    stems: tuple[str, ...]
    prefix: bool = False
    inside: tuple[str, ...] = ()

    def expression(self) -> str:
        if len(self.stems) > 1:
            return '"' + " ".join(self.stems) + '"'
        alternatives = [f'"{self.stems[0]}"' + ("*" if self.prefix else "")]
        alternatives.extend(f'"{word}"' for word in self.inside)
        return alternatives[0] if len(alternatives) == 1 else "(" + " OR ".join(alternatives) + ")"


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
    """Articles whose text or heading holds every word of the query.

    lang: of the texts, None for both. act_id: within one act. old: False leaves out texts that are no longer shown.
    Any string is a valid query; one without words has no hits.
    """
    citations = resolve_citation(conn, query, registry)
    cited_ids = _articles_of(citations)
    start, end = max(offset, 0), max(offset, 0) + max(limit, 0)
    terms: dict[Lang, list[_Term]] = {}
    ranked: list[sqlite3.Row] = []
    total = 0
    for language in (lang,) if lang else tuple(Lang):
        question = _Question(language, act_id, old, _NO_LIMIT if cited_ids else end)
        terms[language], rows = _matches(conn, query, question)
        ranked.extend(rows)
        total += rows[0]["total"] if rows else 0
    cited = [row for key in cited_ids for language in terms for row in _newest(conn, key, language)]
    first = {(row["article_id"], row["lang"]) for row in cited}
    again = sum((row["article_id"], row["lang"]) in first for row in ranked)
    rest = [row for row in ranked if (row["article_id"], row["lang"]) not in first]
    rest.sort(key=lambda row: (-row["is_current"], row["score"], row["article_id"], row["lang"]))
    hits = tuple(_hit(conn, row, terms[Lang(row["lang"])]) for row in [*cited, *rest][start:end])
    return Results(total + len(cited) - again, hits, citations)


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
    """What narrows a search. most: how many hits are wanted at most."""

    lang: Lang
    act_id: str | None
    old: bool
    most: int


def _matches(conn: sqlite3.Connection, query: str, question: _Question) -> tuple[list[_Term], list[sqlite3.Row]]:
    terms = _terms(query, question.lang)
    if not terms:
        return [], []
    rows = _run(conn, terms, question)
    if not rows:
        wider = [_widened(conn, term) for term in terms]
        if wider != terms:
            return wider, _run(conn, wider, question)
    return terms, rows


def _run(conn: sqlite3.Connection, terms: Sequence[_Term], question: _Question) -> list[sqlite3.Row]:
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    match = " AND ".join(term.expression() for term in terms)
    return cursor.execute(
        _SQL,
        {"match": match, "lang": question.lang, "act": question.act_id, "old": question.old, "most": question.most},
    ).fetchall()


def _terms(query: str, lang: Lang) -> list[_Term]:
    terms: list[_Term] = []
    for index, piece in enumerate(re.split(r'["«»“”„]', query)):
        words = WORD.findall(piece)
        if index % 2 and len(words) > 1:
            terms.append(_Term(tuple(stem(word, lang) for word in words[:_MOST_WORDS])))
        else:
            words = [word for word in words if fold_word(word) not in _FUNCTION_WORDS] or ([] if terms else words)
            terms.extend(_Term((stem(word, lang),), _by_prefix(word, lang)) for word in words)
    return list(dict.fromkeys(terms))[:_MOST_WORDS]


def _by_prefix(word: str, lang: Lang) -> bool:
    return lang is Lang.KK and len(word) >= _SHORTEST_INFIX and not word[0].isdigit()


def _widened(conn: sqlite3.Connection, term: _Term) -> _Term:
    """The term by prefix and by every indexed word that holds it inside."""
    word = term.stems[0]
    if len(term.stems) > 1 or word[0].isdigit() or len(word) < _SHORTEST_INFIX:
        return term
    inside = conn.execute(
        "SELECT term FROM search_terms WHERE term LIKE ? ORDER BY length(term), term LIMIT ?",
        (f"%{word}%", _MOST_EXPANSIONS),
    )
    return _Term(term.stems, True, tuple(row[0] for row in inside if not row[0].startswith(word)))


def _hit(conn: sqlite3.Connection, row: sqlite3.Row, terms: Sequence[_Term]) -> Hit:
    lang = Lang(row["lang"])
    version = conn.execute(
        "SELECT heading, text, state, valid_from, valid_to FROM article_versions WHERE id = ?", (row["version_id"],)
    ).fetchone()
    heading, text, state, valid_from, valid_to = version
    until = date.fromisoformat(valid_to) if valid_to else None
    return Hit(
        row["version_id"], row["article_id"], row["act_id"], row["article_id"].partition("/")[2], lang,
        bool(row["is_current"]), state, date.fromisoformat(valid_from), until, row["score"],
        tuple(_segments(heading, lang, terms)), tuple(_snippet(text, lang, terms)),
    )  # fmt: skip


def _hits_in(text: str, lang: Lang, terms: Sequence[_Term]) -> list[tuple[int, int]]:
    """Where the text holds words of the query. Each distinct word is judged once."""
    exact = {one for term in terms for one in (*term.stems, *term.inside)}
    prefixes = tuple(term.stems[0] for term in terms if term.prefix)
    stem_word = stemmer_of(lang)
    matching = {
        word
        for word in set(WORD.findall(text))
        if (found := stem_word(word)) in exact or (prefixes and found.startswith(prefixes))
    }
    return [match.span() for match in WORD.finditer(text) if match[0] in matching] if matching else []


def _segments(text: str, lang: Lang, terms: Sequence[_Term]) -> list[Segment]:
    return _cut(text, 0, len(text), _hits_in(text, lang, terms))


def _snippet(text: str, lang: Lang, terms: Sequence[_Term]) -> list[Segment]:
    """The stretch of about `_SNIPPET` characters with the most matches, cut at words."""
    places = _hits_in(text, lang, terms)
    if not places:
        end = _word_edge(text, _SNIPPET)
        return [Segment(text[:end] + ("…" if end < len(text) else ""), False)]
    best = max(
        places, key=lambda place: (sum(place[0] <= at < place[0] + _SNIPPET - 40 for at, _ in places), -place[0])
    )
    start = _word_edge(text, max(0, best[0] - 40)) if best[0] > 40 else 0
    end = _word_edge(text, min(len(text), start + _SNIPPET))
    segments = _cut(text, start, max(end, best[1]), places)
    if start:
        segments.insert(0, Segment("…", False))
    if max(end, best[1]) < len(text):
        segments.append(Segment("…", False))
    return segments


def _word_edge(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at))
    return space + 1 if space > at - 40 else at


def _cut(text: str, start: int, end: int, places: Sequence[tuple[int, int]]) -> list[Segment]:
    segments: list[Segment] = []
    at = start
    for left, right in places:
        if left < at or right > end:
            continue
        if left > at:
            segments.append(Segment(text[at:left], False))
        segments.append(Segment(text[left:right], True))
        at = right
    if at < end:
        segments.append(Segment(text[at:end], False))
    return segments


def marked_html(segments: Sequence[Segment]) -> str:
    """Escaped text with `<mark>` around what matches."""
    return "".join(
        f"<mark>{html.escape(segment.text)}</mark>" if segment.marked else html.escape(segment.text)
        for segment in segments
    )


def match_expression(query: str, lang: str = "ru") -> str | None:
    """An FTS5 expression for `search_fts`, for use in SQL as the function `search_match(query, lang)`."""
    terms = _terms(query, Lang(lang))
    return " AND ".join(term.expression() for term in terms) or None


def register_functions(conn: sqlite3.Connection) -> None:
    """SQL functions for canned queries: `search_match(query, lang)` and `fold_word(word)`."""
    conn.create_function("search_match", 2, match_expression, deterministic=True)
    conn.create_function("fold_word", 1, fold_word, deterministic=True)
