"""The shape of an act's page, and what has changed when it no longer looks as it did.

`measure` counts what can be counted at once; `read_notes` has the parser and the reader of notes read the page, and
counts what they could not read. `compare` and `compare_notes` say which invariants broke between what was known of an
act and a new page. All are pure. A break does not say that the page is wrong: it says that a person must look first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lawdiff.errors import PageRefused
from lawdiff.model import Lang, Note, NoteKind, Redaction
from lawdiff.notes import read_note
from lawdiff.parse import parse_page
from lawdiff.portal import article_bytes

# A heading of an article in any of the markup variants of FORMAT §4.1: in h3, or bold in a paragraph, either language.
_HEADING = re.compile(
    r"""(?:<h3\b[^<>]*>|<b>|<strong>)(?:\s|&nbsp;|<a\b[^<>]*></a>|<[bi]>|<br\s*/?>){0,40}
    (?: [СC]тать[яи]\s*\d | \d+(?:\s*[-–]\s*\d+)*\s*-?\s*бап )""",
    re.VERBOSE | re.IGNORECASE,
)
_TITLE = re.compile(rb"""class\s*=\s*["'][^"']*\bslogan\b[^<>]*>\s*<h1\b[^<>]*>\s*[^<\s]""")
_STATUS = re.compile(rb"""class\s*=\s*["'][^"']*\bstatus_[a-z]+\b""")
_REQUISITES = re.compile(rb"""class\s*=\s*["'][^"']*\bslogan\b.{0,6000}?<p\b[^<>]*>\s*[^<\s]""", re.DOTALL)
_BODY = re.compile(rb"""class\s*=\s*["'][^"']*\bcontainer_gamma\b[^"']*\btext\b""")
_OLD = re.compile(rb"""class\s*=\s*["'][^"']*\btext_arc\b""")
_SELECTORS = {"title": _TITLE, "status": _STATUS, "requisites": _REQUISITES, "body": _BODY}
# Acts smaller than this change by one article in ways that say nothing.
_FEW = 6
_MANY = 5
# Notes: of 474 on the real pages at hand the reader leaves none unread, so a rise of the share is a rise from nought.
# One law brings at most a few notes in words that are new to the reader; a tenth of an act's notes is no such thing.
MOST_MORE_UNREAD = 4
UNREAD_RISE = 0.10
FEW_NOTES = 8  # of fewer, a share says nothing
UNREAD_AT_FIRST = 0.50  # of an act that was never seen before


@dataclass(frozen=True, slots=True)
class Shape:
    """articles: headings of articles in the markup. size: bytes of the article. missing: selectors of FORMAT §3 that
    found nothing."""

    articles: int
    size: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteShare:
    """notes: that the parser found on a page; unread: those that the reader of notes makes nothing of.

    example: the first of these. refused: why the parser refuses the page, None where it reads it.
    """

    notes: int
    unread: int
    example: str = ""
    refused: str | None = None

    @property
    def share(self) -> float:
        return self.unread / self.notes if self.notes else 0.0


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
    return Shape(len(_HEADING.findall(article.decode("utf-8", "replace"))), len(article), missing_selectors(body))


def read_notes(body: bytes, *, act_id: str, lang: Lang, day: date | None = None) -> NoteShare:
    """How many notes of a text page are read, by the very parser and reader that make the history of it."""
    try:
        page = parse_page(body, act_id=act_id, lang=lang, redaction_date=day, is_current=day is None)
        count, unread = _count(page, lang)
    except PageRefused as refused:
        return NoteShare(0, 0, refused=refused.message)
    except Exception as error:  # a defect of the reader is told, and keeps no page from being kept as evidence
        return NoteShare(0, 0, refused=f"{type(error).__name__}: {error}; this is a fault of lawdiff, report it")
    return NoteShare(count, len(unread), unread[0][:120] if unread else "")


def _count(page: Redaction, lang: Lang) -> tuple[int, list[str]]:
    """How many notes there are, and the texts of those that are not read."""
    count = 0
    unread: list[str] = []
    for note in _notes_of(page):
        count += 1
        if note.kind is NoteKind.UNREAD or any(
            "unread" in reading.flags for reading in read_note(note.text, lang, links=note.links, target=note.target)
        ):
            unread.append(note.text)
    return count, unread


def _notes_of(page: Redaction) -> Iterator[Note]:
    yield from page.act_notes
    for unit in page.units:
        yield from unit.notes


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
    return tuple(broken)


def compare_languages(known: Shape | None, found: Shape, other: Shape | None) -> tuple[str, ...]:
    """Whether a page lost articles that the act's other language still has. known: of the page held in this language;
    other: of the page held in the other one.

    More than a quarter, and more than one law excludes: excluded articles keep their headings.
    """
    if known is None or other is None or known.articles < _FEW or unpaired(known, other):
        return ()
    lost = known.articles - found.articles
    if lost < _MANY or lost * 4 <= known.articles:
        return ()
    return (f"{lost} of {known.articles} articles gone, while the other language has {other.articles}",)


def compare_notes(known: Sequence[NoteShare], found: NoteShare, *, dated: bool = False) -> tuple[str, ...]:
    """Which invariants of the notes `found` breaks. known: of texts of the act that are held, the newest first; none:
    first sight. dated: `found` is a dated redaction, which may well have fewer notes than the newer ones."""
    read = [one for one in known if one.refused is None]
    if found.refused is not None:
        return (f"the parser refuses the page ({found.refused})",) if read else ()
    broken: list[str] = []
    if read and not dated and read[0].notes >= FEW_NOTES and found.notes * 4 < read[0].notes:
        broken.append(f"{found.notes} notes where there were {read[0].notes}")
    most = max((one.share for one in read), default=UNREAD_AT_FIRST - UNREAD_RISE)
    more = found.unread - max((one.unread for one in read), default=0)
    if found.notes >= FEW_NOTES and more > MOST_MORE_UNREAD and found.share > most + UNREAD_RISE:
        was = f"at most {most:.0%} before" if read else "an act never seen before"
        broken.append(f"{found.unread} of {found.notes} notes cannot be read ({was}), such as “{found.example}”")
    return tuple(broken)


def unpaired(russian: Shape, kazakh: Shape) -> str | None:
    """A phrase when the two languages of an act differ by more than a tenth of the articles; None when they pair."""
    more, fewer = max(russian.articles, kazakh.articles), min(russian.articles, kazakh.articles)
    if more >= _FEW and (more - fewer) * 10 > more:
        return f"{russian.articles} articles in Russian, {kazakh.articles} in Kazakh"
    return None
