"""A text page of the portal to a `Redaction`: every visible character of its body in exactly one record.

`parse_page` is pure: bytes in, records out, no files and no clock. Guarantees (each a property test in
tests/test_parse_*.py):

1. the text of units, notes and omissions is the visible text of `<article>`, white space aside;
2. eids are unique in a page, language-free, and do not depend on anchors or markup;
3. a page that is not the whole text of the act and language asked for raises `PageRefused`; nothing is half-read;
4. time and memory grow with the length of the page, whatever its nesting;
5. a `ChunkCache` changes the speed and never a record.

The constructs, each with an example and the page where it was seen, are listed in docs/markup.md.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lawdiff.errors import PageRefused
from lawdiff.model import Issue, Lang, Redaction
from lawdiff.parse.chunks import ChunkCache, cut_and_read
from lawdiff.parse.cutting import read_chunk
from lawdiff.parse.markup import BrokenMarkup, SecondBody
from lawdiff.parse.outline import make_outline
from lawdiff.parse.page import Markup, RefusalReason, check_language, read_page
from lawdiff.parse.tree import Builder, rebuild

__all__ = ["ChunkCache", "RefusalReason", "parse_page"]


def parse_page(
    body: bytes,
    *,
    act_id: str,
    lang: Lang,
    redaction_date: date | None,
    is_current: bool,
    url: str | None = None,
    snapshot_id: int | None = None,
    observed_on: date | None = None,
    expected_articles: tuple[int, int] | None = None,
    cache: ChunkCache | None = None,
) -> Redaction:
    """The text page `body` as records.

    expected_articles: (fewest, most) articles that the act may have; outside of it the page is refused.
    cache: what was read of other redactions of the same act and language.
    Raises PageRefused with a `RefusalReason`.
    """
    parts = read_page(body, act_id, lang, url)
    try:
        cut = cache.cut_and_read(parts.markup, lang) if cache is not None else cut_and_read(parts.markup, lang)
        chunks = cut.chunks
        for place, chunk in enumerate(chunks):
            if not chunk.heads and place > 1 and chunks[place - 1].content is not None:
                # an empty heading: what follows it goes on with the article above, whose lines are not all numbered yet
                chunks[place - 1] = read_chunk(cut.text(place - 1), lang, in_blocks=True)
    except SecondBody as second:
        _must_be_text(parts.markup)
        raise PageRefused(
            RefusalReason.SEVERAL_BODIES.value,
            "page refused, several_bodies: the page holds more than one <article>; look at it",
            url=url,
            excerpt=second.excerpt,
        ) from None
    except BrokenMarkup as broken:
        _must_be_text(parts.markup)
        raise PageRefused(
            RefusalReason.BROKEN_MARKUP.value,
            "page refused, broken_markup: a tag of the body never closes; fetch the page again",
            url=url,
            excerpt=broken.excerpt,
        ) from None
    day = redaction_date or observed_on
    before = cache.built(lang) if cache is not None else None
    built = rebuild(before, act_id, chunks, day) if before is not None else None
    if built is None:
        built = Builder(act_id, lang, make_outline(chunks), day, for_next=cache is not None).build(chunks)
    if cache is not None:
        cache.remember(lang, built)
    redaction = Redaction(
        parts.header,
        redaction_date,
        is_current,
        built.units,
        built.act_notes,
        built.omissions,
        built.issues,
        snapshot_id,
        observed_on,
    )
    _check(redaction, lang, url, expected_articles)
    if not parts.has_chrome:
        issue = Issue("page_without_header", "the page shows no header of the portal", act_id, None, lang)
        redaction = replace(redaction, issues=(issue, *redaction.issues))
    return redaction


def _must_be_text(markup: Markup) -> None:
    """Raises PageRefused where a body that cannot be read is no UTF-8: that is the better reason."""
    markup.text(markup.start, markup.end)


def _check(redaction: Redaction, lang: Lang, url: str | None, expected: tuple[int, int] | None) -> None:
    if not redaction.units:
        raise PageRefused(
            RefusalReason.NO_ARTICLE_BODY.value,
            "page refused, no_article_body: <article> shows no text of law; fetch the page again",
            url=url,
        )
    sample = " ".join(unit.heading + " " + unit.text[:1200] for unit in redaction.units[:20])
    check_language(sample, lang, url)
    if expected is not None and not expected[0] <= redaction.article_count <= expected[1]:
        raise PageRefused(
            RefusalReason.ARTICLE_COUNT.value,
            f"page refused, article_count: {redaction.article_count} articles where {expected[0]} to {expected[1]} "
            "were expected; look at the page before it is accepted",
            url=url,
        )
