"""What a result shows of a text: the heading and a stretch of it, with the words that match marked.

A text has hundreds of words and few that match, and finding the stem of a new word is slow. So a word is judged only if
it begins like a stem of the query: stemming cuts endings and changes at most the last letter of what stays
(`lawdiff.store.words`), which a test holds for every word that it meets.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from lawdiff.model import Lang
from lawdiff.store.words import WORD, compared, stemmer_of

_SNIPPET = 240


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text; marked: it matches the query."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Term:
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


def hits_in(text: str, lang: Lang, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where the text holds words of the query. Each distinct word is judged once."""
    exact = {one for term in terms for one in (*term.stems, *term.inside)}
    prefixes = tuple(term.stems[0] for term in terms if term.prefix)
    stem_word = stemmer_of(lang)
    matching = {
        word
        for word in _likely(set(WORD.findall(text)), {*exact, *prefixes})
        if (found := stem_word(word)) in exact or (prefixes and found.startswith(prefixes))
    }
    return [match.span() for match in WORD.finditer(text) if match[0] in matching] if matching else []


def _likely(words: set[str], stems: set[str]) -> list[str]:
    """The words that begin as one of the stems does, but for its last letter; one look at the first letter for most."""
    beginnings = tuple({compared(one[:-1]) for one in stems})
    if "" in beginnings:
        return list(words)
    heads = {beginning[0] for beginning in beginnings}
    first = {letter for letter in {word[0] for word in words} if compared(letter) in heads}
    return [word for word in words if word[0] in first and compared(word).startswith(beginnings)]


def segments(text: str, lang: Lang, terms: Sequence[Term]) -> list[Segment]:
    return _cut(text, 0, len(text), hits_in(text, lang, terms))


def snippet(text: str, lang: Lang, terms: Sequence[Term]) -> list[Segment]:
    """The stretch of about `_SNIPPET` characters with the most matches, cut at words."""
    places = hits_in(text, lang, terms)
    if not places:
        end = _word_edge(text, _SNIPPET)
        return [Segment(text[:end] + ("…" if end < len(text) else ""), False)]
    best = max(
        places, key=lambda place: (sum(place[0] <= at < place[0] + _SNIPPET - 40 for at, _ in places), -place[0])
    )
    start = _word_edge(text, max(0, best[0] - 40)) if best[0] > 40 else 0
    end = _word_edge(text, min(len(text), start + _SNIPPET))
    pieces = _cut(text, start, max(end, best[1]), places)
    if start:
        pieces.insert(0, Segment("…", False))
    if max(end, best[1]) < len(text):
        pieces.append(Segment("…", False))
    return pieces


def _word_edge(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at))
    return space + 1 if space > at - 40 else at


def _cut(text: str, start: int, end: int, places: Sequence[tuple[int, int]]) -> list[Segment]:
    pieces: list[Segment] = []
    at = start
    for left, right in places:
        if left < at or right > end:
            continue
        if left > at:
            pieces.append(Segment(text[at:left], False))
        pieces.append(Segment(text[left:right], True))
        at = right
    if at < end:
        pieces.append(Segment(text[at:end], False))
    return pieces


def marked_html(pieces: Sequence[Segment]) -> str:
    """Escaped text with `<mark>` around what matches."""
    return "".join(
        f"<mark>{html.escape(segment.text)}</mark>" if segment.marked else html.escape(segment.text)
        for segment in pieces
    )
