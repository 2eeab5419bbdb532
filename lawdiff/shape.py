"""The shape of an act's page, and what has changed when it no longer looks as it did.

`measure` counts what the parser builds on; `compare` says which invariants broke between the last page that was held
and a new one. Both are pure. A break does not say that the page is wrong: it says that a person must look first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lawdiff.portal import article_bytes

# A heading of an article in any of the markup variants of FORMAT §4.1: in h3, or bold in a paragraph, either language.
_HEADING = re.compile(
    r"""(?:<h3\b[^<>]*>|<b>|<strong>)(?:\s|&nbsp;|<a\b[^<>]*></a>|<[bi]>|<br\s*/?>){0,40}
    (?: [СC]тать[яи]\s*\d | \d+(?:\s*[-–]\s*\d+)*\s*-?\s*бап )""",
    re.VERBOSE | re.IGNORECASE,
)
_NOTE = re.compile(r"""<(?:span|p)\b[^<>]*\bclass\s*=\s*["'][^"']*\bnote\b[^<>]*>(?P<text>[^<]*)""")
_NOTE_BEGINS = re.compile(r"(?:Сноска|Ескерту|Примечание|ЗҚАИ|РҚАО|Ескертпе)")
_TITLE = re.compile(rb"""class\s*=\s*["'][^"']*\bslogan\b[^<>]*>\s*<h1\b[^<>]*>\s*[^<\s]""")
_STATUS = re.compile(rb"""class\s*=\s*["'][^"']*\bstatus_[a-z]+\b""")
_REQUISITES = re.compile(rb"""class\s*=\s*["'][^"']*\bslogan\b.{0,6000}?<p\b[^<>]*>\s*[^<\s]""", re.DOTALL)
_BODY = re.compile(rb"""class\s*=\s*["'][^"']*\bcontainer_gamma\b[^"']*\btext\b""")
_OLD = re.compile(rb"""class\s*=\s*["'][^"']*\btext_arc\b""")
_SELECTORS = {"title": _TITLE, "status": _STATUS, "requisites": _REQUISITES, "body": _BODY}
# Acts smaller than this change by one article in ways that say nothing.
_FEW = 6


@dataclass(frozen=True, slots=True)
class Shape:
    """articles: headings of articles in the markup. notes, notes_begun: note elements, and those that begin as one.

    size: bytes of the article. missing: selectors of FORMAT §3 that found nothing.
    """

    articles: int
    notes: int
    notes_begun: int
    size: int
    missing: tuple[str, ...]


def missing_selectors(body: bytes) -> tuple[str, ...]:
    """Which selectors of FORMAT §3 find nothing above the article."""
    head = body[: body.find(b"<article")]
    return tuple(name for name, selector in _SELECTORS.items() if not selector.search(head))


def marked_as_old(body: bytes) -> bool:
    """Whether the page marks its text as a dated redaction (class `text_arc`, FORMAT §3: reported, never seen)."""
    return _OLD.search(body[: body.find(b"<article")]) is not None


def has_articles(body: bytes) -> bool:
    """Whether the article element holds at least one heading of an article."""
    article = article_bytes(body) or b""
    return _HEADING.search(article[:200_000].decode("utf-8", "replace")) is not None or bool(
        _HEADING.search(article.decode("utf-8", "replace"))
    )


def measure(body: bytes) -> Shape:
    """The shape of a text page that was classified as whole."""
    article = article_bytes(body) or b""
    text = article.decode("utf-8", "replace")
    notes = [match["text"] for match in _NOTE.finditer(text)]
    return Shape(
        articles=len(_HEADING.findall(text)),
        notes=len(notes),
        notes_begun=sum(bool(_NOTE_BEGINS.search(note)) for note in notes),
        size=len(article),
        missing=missing_selectors(body),
    )


def compare(known: Shape | None, found: Shape) -> tuple[str, ...]:
    """Which invariants `found` breaks, one phrase each; empty: none. known: of the page held, None: first sight."""
    broken = [f"no {name} where it used to be" for name in found.missing if known is None or name not in known.missing]
    if known is None:
        return tuple(broken) if len(broken) > 1 else ()
    if known.articles >= _FEW and found.articles * 2 <= known.articles:
        broken.append(f"{known.articles - found.articles} of {known.articles} articles gone")
    elif known.articles >= _FEW and found.articles > known.articles * 2:
        broken.append(f"{found.articles} articles where there were {known.articles}")
    if known.size > 4000 and found.size * 2 < known.size:
        broken.append(f"the text fell from {known.size} to {found.size} bytes")
    if known.notes >= 8 and known.notes_begun >= 4 and found.notes_begun * 4 < known.notes_begun:
        broken.append(f"{found.notes_begun} notes that can be read where there were {known.notes_begun}")
    return tuple(broken)


def unpaired(russian: Shape, kazakh: Shape) -> str | None:
    """A phrase when the two languages of an act differ by more than a tenth of the articles; None when they pair."""
    more, fewer = max(russian.articles, kazakh.articles), min(russian.articles, kazakh.articles)
    if more >= _FEW and (more - fewer) * 10 > more:
        return f"{russian.articles} articles in Russian, {kazakh.articles} in Kazakh"
    return None
