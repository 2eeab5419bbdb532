"""Bytes of a text page to its header and body, or a refusal (FORMAT §2, §3).

A page is refused, never half-read, where it is not the text asked for: `PageRefused.reason` is a `RefusalReason`.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lawdiff.errors import PageRefused
from lawdiff.identifiers import PORTAL_LANG
from lawdiff.model import ActHeader, Lang
from lawdiff.parse.markup import fold


class RefusalReason(StrEnum):
    """Why a page does not become history."""

    NO_ARTICLE_BODY = "no_article_body"  # there is no <article>, or it shows nothing
    CUT_SHORT = "cut_short"  # the body or the page ends in mid-text
    WRONG_ACT = "wrong_act"
    WRONG_LANGUAGE = "wrong_language"
    BROKEN_ENCODING = "broken_encoding"
    BROKEN_MARKUP = "broken_markup"  # a tag of the body never closes: what is text cannot be told
    ARTICLE_COUNT = "article_count"  # far outside what the act had
    SEVERAL_BODIES = "several_bodies"


class Markup:
    """The markup inside `<article>`: the bytes `start` to `end` of a page, as text piece by piece."""

    __slots__ = ("_has_rare_spaces", "_url", "end", "page", "start")

    def __init__(self, page: bytes, start: int, end: int, url: str | None = None) -> None:
        self.page = page
        self.start = start
        self.end = end
        self._url = url
        self._has_rare_spaces: bool | None = None

    @classmethod
    def of_text(cls, body: str) -> Markup:
        """`body` as a page of its own."""
        page = body.encode()
        return cls(page, 0, len(page))

    def text(self, start: int, end: int) -> str:
        """What stands there, every white space but newline and NBSP as a space. Raises PageRefused where it is no
        UTF-8."""
        try:
            text = self.page[start:end].decode()
        except UnicodeDecodeError as error:
            raise _refused(
                RefusalReason.BROKEN_ENCODING,
                f"byte {start + error.start} is not UTF-8: fetch the page again",
                self._url,
            ) from None
        rare = self._has_rare_spaces
        if rare is None:
            rare = _has_rare_spaces(self.page, start, end)
        return _RARE_SPACE.sub(" ", text) if rare or "\x85" in text else text

    def look_for_rare_spaces(self) -> None:
        """Look in the whole body at once: worth it where all of it will be read."""
        self._has_rare_spaces = _has_rare_spaces(self.page, self.start, self.end)

    def glimpse(self, start: int, end: int) -> str:
        """What stands there, for a look only: a character that is cut or broken is shown as U+FFFD."""
        return _RARE_SPACE.sub(" ", self.page[start:end].decode("utf-8", "replace"))

    def is_blank_before(self, place: int) -> bool:
        """Whether nothing but white space stands before `place`."""
        blank = _BLANK.match(self.page, self.start, self.end)
        return blank is not None and place <= blank.end()


class PageParts(NamedTuple):
    """A text page cut in two: what it says of the act, and the markup inside `<article>`."""

    header: ActHeader
    markup: Markup
    has_chrome: bool


_OPENINGS = (b"<article", b"<ARTICLE")
_CLOSINGS = (b"</article>", b"</ARTICLE>")
_RARE_BYTES = (b"\t", b"\r", b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x1f", b"\xe1", b"\xe3")
_WIDE_LEAD = b"\xe2"
_WIDE_TAILS = frozenset(chr(code).encode()[1:] for code in (*range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F))
_RARE_SPACE = re.compile("[\t\r\x0b\x0c\x1c-\x1f\x85\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_BLANK = re.compile(
    rb"(?:[ \n\t\r\x0b\x0c\x1c-\x1f]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]"
    rb"|\xe2\x81\x9f|\xe3\x80\x80)*+"
)
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_SLOGAN = re.compile(r'class="[^"]*\bslogan\b[^"]*"[^<>]*>(.*?)</div>', re.S)
_TITLE = re.compile(r"<h1\b[^<>]*>(.*?)</h1>", re.S)
_PAGE_TITLE = re.compile(r"<title>(.*?)</title>", re.S)
_STATUS = re.compile(r"""class="[^"]*\bstatus_([a-z]+)""")
_REQUISITES = re.compile(r"<p\b[^<>]*>(.*?)</p>", re.S)
_LANG_CLASS = re.compile(r"\blang_(rus|kaz|eng)\b")
_SELECTED = re.compile(r'<li class="selected">\s*<a href="[^"]*?/(rus|kaz|eng)/docs/([^"/#?]+)"')
_TAB = re.compile(r'href="[^"]*?/(rus|kaz|eng)/docs/([^"/#?]+)/(?:info|history|links)\b')
_KAZAKH = re.compile("[әғқңөұүһӘҒҚҢӨҰҮҺ]")
_VOWELS = "аеоиыАЕОИЫ"  # about as many in both languages

_KINDS = (
    (re.compile(r"Конституционный\s+закон|Конституциялық\s+заң", re.I), "constitutional_law"),
    (re.compile(r"Конституция", re.I), "constitution"),
    (re.compile(r"Кодекс", re.I), "code"),
    (re.compile(r"(?:^|\W)(?:Закон|Заң)", re.I), "law"),
    (re.compile(r"Указ|Жарлы[қғ]", re.I), "decree"),
    (re.compile(r"Постановление|қаулы", re.I), "resolution"),
    (re.compile(r"Приказ|бұйры[қғ]", re.I), "order"),
    (re.compile(r"Решение|шеш[іi]м", re.I), "decision"),
    (re.compile(r"Распоряжение|өк[іi]м", re.I), "directive"),
)
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("января", "қаңтар"), ("февраля", "ақпан"), ("марта", "наурыз"), ("апреля", "сәуір"), ("мая", "мамыр"),
            ("июня", "маусым"), ("июля", "шілде"), ("августа", "тамыз"), ("сентября", "қыркүйек"),
            ("октября", "қазан"), ("ноября", "қараша"), ("декабря", "желтоқсан"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_RU_DATE = re.compile(r"(\d{1,2})\s+(" + "|".join(n for n in _MONTHS if n.endswith(("я", "а"))) + r")\s+(\d{4})")
_KK_DATE = re.compile(r"(\d{4})\s+жылғы\s+(\d{1,2})\s+(" + "|".join(_MONTHS) + r")")
_ACT_NUMBER = re.compile(r"(?:№|\bN)\s*([\w-]+(?:\s+[А-ЯӘҒҚҢӨҰҮҺІ]{2,5})?)")


def read_page(page: bytes, act_id: str, lang: Lang, url: str | None) -> PageParts:
    """The page's header and body. Raises PageRefused where the page is not the whole text of that act and language."""
    opening = _find_tag(page, _OPENINGS, 0)
    start = page.find(b">", opening) + 1 if opening >= 0 else 0
    if start <= 0:
        raise _refused(RefusalReason.NO_ARTICLE_BODY, "there is no <article>: fetch the page again", url, page[:200])
    head = _COMMENT.sub("", _decoded(page, 0, opening, url))
    has_chrome = 'id="container"' in head
    _check_identity(head, act_id, lang, url)
    end = page.rfind(_CLOSINGS[0], start)
    if end < 0:
        end = page.rfind(_CLOSINGS[1], start)
    if end < 0:
        raise _refused(RefusalReason.CUT_SHORT, "the body has no </article>: fetch the page again", url, page[-200:])
    if has_chrome and page.find(b"aftertext", end) < 0:
        raise _refused(
            RefusalReason.CUT_SHORT, "the page ends before the block after the text: fetch it again", url, page[-200:]
        )
    if page.find(b"\0", start, end) >= 0:
        raise _refused(RefusalReason.BROKEN_ENCODING, "the page holds NUL bytes: fetch it again", url)
    return PageParts(read_header(head, act_id, lang), Markup(page, start, end, url), has_chrome)


def _has_rare_spaces(page: bytes, start: int, end: int) -> bool:
    """Whether there may be white space other than space, newline, NBSP and NEL. Looked for in the bytes, because each
    piece would have to be searched otherwise, and nearly no page has any."""
    if any(page.find(byte, start, end) >= 0 for byte in _RARE_BYTES):
        return True
    at = page.find(_WIDE_LEAD, start, end)
    while at >= 0:
        if page[at + 1 : at + 3] in _WIDE_TAILS:
            return True
        at = page.find(_WIDE_LEAD, at + 1, end)
    return False


def _find_tag(page: bytes, tags: tuple[bytes, bytes], start: int) -> int:
    """Offset of the first of the tags from `start` that stands in no comment, or -1."""
    for tag in tags:
        at = page.find(tag, start)
        while at >= 0:
            comment = page.rfind(b"<!--", start, at)
            if comment < 0 or page.find(b"-->", comment, at) >= 0:
                return at
            at = page.find(tag, at + 1)
    return -1


def _decoded(page: bytes, start: int, end: int, url: str | None) -> str:
    if page.find(b"\0", start, end) >= 0:
        raise _refused(RefusalReason.BROKEN_ENCODING, "the page holds NUL bytes: fetch it again", url)
    try:
        return page[start:end].decode()
    except UnicodeDecodeError as error:
        raise _refused(
            RefusalReason.BROKEN_ENCODING, f"byte {start + error.start} is not UTF-8: fetch the page again", url
        ) from None


def check_language(sample: str, lang: Lang, url: str | None) -> None:
    """Refuse a body whose letters are those of the other language; short bodies pass."""
    found = len(_KAZAKH.findall(sample))
    if not found and lang is Lang.RU:
        return
    letters = sum(map(sample.count, _VOWELS))
    if letters < 100:
        return
    kazakh = found / letters
    if (lang is Lang.RU and kazakh > 0.2) or (lang is Lang.KK and kazakh < 0.05):
        raise _refused(
            RefusalReason.WRONG_LANGUAGE,
            f"the text is not in {lang}: Kazakh letters are {kazakh:.0%} of it; check the address",
            url,
            sample,
        )


def _check_identity(head: str, act_id: str, lang: Lang, url: str | None) -> None:
    wanted = PORTAL_LANG[lang]
    shown = _LANG_CLASS.search(head)
    if shown is not None and shown[1] != wanted:
        raise _refused(RefusalReason.WRONG_LANGUAGE, f"the page is in {shown[1]}, not {wanted}: check the address", url)
    for match in (*_SELECTED.finditer(head), *_TAB.finditer(head)):
        if match[2] != act_id:
            raise _refused(RefusalReason.WRONG_ACT, f"the page is of {match[2]}, not {act_id}: check the address", url)
        if match[1] != wanted:
            raise _refused(
                RefusalReason.WRONG_LANGUAGE, f"the page is in {match[1]}, not {wanted}: check the address", url
            )


def read_header(head: str, act_id: str, lang: Lang) -> ActHeader:
    """What the page says of the act, from the markup above its body."""
    slogan = _SLOGAN.search(head)
    area = slogan[1] if slogan else ""
    title = _TITLE.search(area)
    status = _STATUS.search(area)
    requisites = _REQUISITES.search(area)
    printed = _visible(requisites[1]) if requisites else ""
    kind = next((name for pattern, name in _KINDS if pattern.search(printed)), None)
    number = _ACT_NUMBER.search(printed.partition("Утратил")[0])
    return ActHeader(
        act_id,
        lang,
        _visible(title[1]) if title else "",
        printed,
        status[1] if status else "",
        kind,
        number[1].strip() if number else None,
        _adopted_on(printed),
    )


def _visible(markup: str) -> str:
    return fold(_TAG.sub(" ", markup))


def _adopted_on(printed: str) -> date | None:
    match = _RU_DATE.search(printed)
    parts = (match[3], match[2], match[1]) if match else None
    if parts is None:
        match = _KK_DATE.search(printed)
        parts = (match[1], match[3], match[2]) if match else None
    if parts is None:
        return None
    try:
        return date(int(parts[0]), _MONTHS[parts[1]], int(parts[2]))
    except ValueError:
        return None


def _refused(reason: RefusalReason, message: str, url: str | None, excerpt: str | bytes | None = None) -> PageRefused:
    if isinstance(excerpt, bytes):
        excerpt = excerpt.decode("utf-8", "replace")
    return PageRefused(reason.value, f"page refused, {reason}: {message}", url=url, excerpt=excerpt)
