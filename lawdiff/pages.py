"""What a response is, before anything is read from it: bytes, status and address → a verdict.

Guarantees: pure; only TEXT, HISTORY, INFO and RSS (and ROBOTS for the file of that name) are good; a page is good only
if it is whole and of the asked act and language, as far as the page itself says. Everything else gets the verdict that
tells a person why, with a one-line detail. Nothing is judged by words that may stand in a comment: the portal keeps its
maintenance banner as a comment on every page (FORMAT §2), so a live banner over a whole text is still a text.

Cost: a few searches over the bytes and one decoding, no tree is built; pages of 6 MB are usual (FORMAT §1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from lawdiff.identifiers import FROM_PORTAL_LANG
from lawdiff.model import Lang, Verdict


class PageKind(StrEnum):
    """What was asked for."""

    TEXT = "text"
    HISTORY = "history"
    INFO = "info"
    RSS = "rss"
    ROBOTS = "robots"


GOOD = frozenset({Verdict.TEXT, Verdict.HISTORY, Verdict.INFO, Verdict.RSS, Verdict.ROBOTS})


@dataclass(frozen=True, slots=True)
class Classified:
    """verdict; detail: one line for people; act_id and lang: what the page says of itself, None where it does not."""

    verdict: Verdict
    detail: str
    act_id: str | None = None
    lang: Lang | None = None

    @property
    def good(self) -> bool:
        return self.verdict in GOOD


_TAG = re.compile(r"<[^<>]*>")
_VISIBLE = re.compile(rb">\s*[^<\s]")
_ARTICLE_OPEN = re.compile(rb"<article\b[^<>]*>")
_ARTICLE_CLOSE = b"</article>"
_AFTERTEXT = re.compile(rb"""class\s*=\s*["'][^"']*\baftertext\b""")
# What follows the table of a history or a card was never seen (FORMAT §10): the block of a text page, or any end.
_PAGE_END = re.compile(rb"""\bid\s*=\s*["']footer["']|</html>""", re.IGNORECASE)
_TABLE = re.compile(rb"""<table\b[^<>]*\bid\s*=\s*["']?ethernatable\b""")
_LEGACY = re.compile(
    rb"""class\s*=\s*["'][^"']*\bmodule_npaView\b | \bid\s*=\s*["'](?:tabs_container|impairedLogout)["']""", re.VERBOSE
)
_CONTAINER_LANG = re.compile(rb"""class\s*=\s*["'][^"']*\blang_(rus|kaz|eng)\b""")
_LANG_MENU = re.compile(rb"""\bid\s*=\s*["']impairedLogout["']""")
_SELECTED_LANG = re.compile(
    rb"""<li\b[^<>]*\bselected\b[^<>]*>\s*<a\b[^<>]*\bhref\s*=\s*["'](?:https?://[^/"']+)?/(rus|kaz|eng)/docs/"""
)
# From the first tab to the end of the tabs: links of the act itself (FORMAT §3). The footer's links are others'.
_TABS = re.compile(rb"""\bid\s*=\s*["']tabs_container["']""")
_ACT_HREF = re.compile(
    rb"""\bhref\s*=\s*["'](?:https?://[^/"']+)?/(?P<lang>rus|kaz|eng)/docs/"""
    rb"""(?P<act>[A-Z]\d{2}[0-9A-Z]{7}[0-9A-Z_])(?P<tail>/(?:info|history|links|download))?(?=["'/#?;])"""
)
_SHELL = re.compile(
    rb"""<!--SEO_(?:HEAD|BODY)--> | <div\b[^<>]*\bid\s*=\s*["']?(?:root|app|__next|__nuxt)["']?\s*>\s*</div>""",
    re.VERBOSE,
)
_CHALLENGE = re.compile(
    rb"""g-recaptcha | h-captcha | hcaptcha\.com | smart-?captcha | cf-challenge | cf_chl_ | challenge-platform
    | cf-turnstile | ddos-guard | data-sitekey""",
    re.VERBOSE | re.IGNORECASE,
)
_CHALLENGE_WORDS = re.compile(r"не\s+робот|captcha|каптча|Just a moment|робот емес", re.IGNORECASE)
_LOGIN = re.compile(rb"""<input\b[^<>]*\btype\s*=\s*["']?password\b""", re.IGNORECASE)
_MAINTENANCE_WORDS = re.compile(
    r"технически\w+\s+работ|Техникалық\s+жұмыстар|under\s+maintenance|временно\s+недоступ", re.IGNORECASE
)
_NOT_FOUND_WORDS = re.compile(
    r"<title>\s*404|Страница\s+не\s+найдена|Документ\s+не\s+найден|Бет\s+табылмады|Құжат\s+табылмады|Page not found",
    re.IGNORECASE,
)
_KAZAKH_LETTERS = "әғқңөұүһӘҒҚҢӨҰҮҺ"
# A text shorter than this many Cyrillic letters says too little of its language.
_ENOUGH_LETTERS = 400
_SAMPLE = 20_000


def classify(
    body: bytes, *, status: int, url: str, page_kind: PageKind, act_id: str | None, lang: Lang | None
) -> Classified:
    """The verdict on one response.

    body: as received, content encoding undone. status: of HTTP; 0 where no whole answer came. url: asked for, for the
    detail. page_kind, act_id, lang: what was asked; None where it does not matter (robots, a list). Never raises.
    """
    by_status = _by_status(body, status)
    if by_status is not None:
        return by_status
    if not body.strip():
        return Classified(Verdict.TRUNCATED, f"an empty answer to {url}")
    if page_kind is PageKind.ROBOTS:
        return _robots(body)
    if page_kind is PageKind.RSS:
        return _rss(body)
    return _page(body, page_kind, act_id, lang)


def _by_status(body: bytes, status: int) -> Classified | None:
    if status == 200:
        return None
    if status in (404, 410):
        return Classified(Verdict.NOT_FOUND, f"HTTP {status}: the portal has no such page")
    if status in (401, 407):
        return Classified(Verdict.LOGIN, f"HTTP {status}: the portal asks for a login")
    if status >= 400 and _CHALLENGE.search(body):
        return Classified(Verdict.CHALLENGE, f"HTTP {status} with a challenge")
    if status >= 500 or status in (408, 429):
        return Classified(Verdict.SERVER_ERROR, f"HTTP {status}")
    if status == 0:
        return Classified(Verdict.SERVER_ERROR, "no whole answer came")
    return Classified(Verdict.UNKNOWN, f"HTTP {status} is not an answer that this program knows")


def _robots(body: bytes) -> Classified:
    if re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<", body):
        return _not_a_page(body, "a page came instead of robots.txt")
    return Classified(Verdict.ROBOTS, f"{len(body)} bytes")


def _rss(body: bytes) -> Classified:
    if not re.search(rb"<rss\b|<rdf:RDF\b", body[:2000]):
        return _not_a_page(body, "no feed")
    if not re.search(rb"</rss>\s*$|</rdf:RDF>\s*$", body):
        return Classified(Verdict.TRUNCATED, "the feed has no end")
    return Classified(Verdict.RSS, f"{len(re.findall(rb'<item[ >]', body))} items")


def _page(body: bytes, page_kind: PageKind, act_id: str | None, lang: Lang | None) -> Classified:
    opened = _ARTICLE_OPEN.search(body)
    chrome_end = opened.start() if opened else len(body)
    chrome = _without_comments(body[:chrome_end])
    if opened is None and not _LEGACY.search(chrome):
        return _not_a_page(body, "neither an act's page nor anything known")
    found_act, found_lang = _own_act(chrome), _own_lang(chrome)
    refusal = _incomplete(body, page_kind, opened) or _unreadable(body)
    if refusal is None:
        refusal = _other(page_kind, body, opened, (act_id, lang), (found_act, found_lang))
    verdict, detail = refusal or (Verdict(page_kind.value), _praise(body, page_kind, opened))
    return Classified(verdict, detail, found_act, FROM_PORTAL_LANG.get(found_lang or ""))


def _praise(body: bytes, page_kind: PageKind, opened: re.Match[bytes] | None) -> str:
    if page_kind is PageKind.TEXT and opened:
        return f"whole, {body.find(_ARTICLE_CLOSE) - opened.end()} bytes of article"
    return "whole"


def _incomplete(body: bytes, page_kind: PageKind, opened: re.Match[bytes] | None) -> tuple[Verdict, str] | None:
    """Short reads happen (FORMAT §2): the end of the article or table and the block after it must both be there."""
    if page_kind is PageKind.TEXT:
        if opened is None:
            if _TABLE.search(body):
                return Verdict.UNKNOWN, "a table page came instead of the text"
            return _without_content(body, "article")
        close = body.find(_ARTICLE_CLOSE, opened.end())
        if close < 0:
            return Verdict.TRUNCATED, "the page ends inside its article"
        if not _AFTERTEXT.search(body, close):
            return Verdict.TRUNCATED, "the page ends right after its article"
        if _ARTICLE_OPEN.search(body, close):
            return Verdict.UNKNOWN, "more than one article element: text could be lost"
        if not _VISIBLE.search(body, opened.end() - 1, close):
            return Verdict.UNKNOWN, "the article element is empty"
        return None
    if opened is not None:
        return Verdict.UNKNOWN, f"a text page came instead of the {page_kind}"
    table = _TABLE.search(body)
    if table is None:
        return _without_content(body, f"table of the {page_kind}")
    close = body.find(b"</table>", table.end())
    if close < 0:
        return Verdict.TRUNCATED, "the page ends inside its table"
    if not (_AFTERTEXT.search(body, close) or _PAGE_END.search(body, close)):
        return Verdict.TRUNCATED, "the page ends right after its table"
    return None


def _without_content(body: bytes, what: str) -> tuple[Verdict, str]:
    """The portal's page frame with nothing in it: an error of its own, maintenance, or a short read."""
    visible = _without_comments(body[:200_000]).decode("utf-8", "replace")
    if _NOT_FOUND_WORDS.search(visible):
        return Verdict.NOT_FOUND, "HTTP 200 with a page of the portal that says «not found»"
    if _MAINTENANCE_WORDS.search(visible):
        return Verdict.MAINTENANCE, f"a maintenance page without its {what}"
    if _AFTERTEXT.search(body) or _PAGE_END.search(body):
        return Verdict.UNKNOWN, f"the page has no {what}"
    return Verdict.TRUNCATED, f"the page ends before its {what}"


def _unreadable(body: bytes) -> tuple[Verdict, str] | None:
    """The portal's pages are UTF-8 (FORMAT §2); another encoding, or UTF-8 encoded twice, would store nonsense."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return Verdict.UNKNOWN, f"not UTF-8 at byte {error.start}: another character encoding"
    # Ð and Ñ, which Cyrillic becomes when read as Latin-1, begin with C3: a byte that Cyrillic text does not hold.
    if body.count(b"\xc3") > 50:
        mojibake = body.count("Ð".encode()) + body.count("Ñ".encode())
        if mojibake > (len(body) - len(text)) // 10:
            return Verdict.UNKNOWN, "UTF-8 encoded twice: the letters are nonsense"
    if body.count(b"\xef") > 20 and body.count("\ufffd".encode()) > 20:
        return Verdict.UNKNOWN, "the sender replaced letters that it could not read"
    return None


def _own_act(chrome: bytes) -> str | None:
    """The act that the page's own tabs lead to, else the one of its language menu; None where neither says."""
    tabs = _TABS.search(chrome)
    if tabs:
        for href in _ACT_HREF.finditer(chrome, tabs.end()):
            if href["tail"]:
                return href["act"].decode("ascii")
    href_in_menu = _ACT_HREF.search(_lang_menu(chrome))
    return href_in_menu["act"].decode("ascii") if href_in_menu else None


def _lang_menu(chrome: bytes) -> bytes:
    """The entries of the language menu; empty where there is none."""
    menu = _LANG_MENU.search(chrome)
    if menu is None:
        return b""
    end = chrome.find(b"</ul>", menu.end())
    return chrome[menu.end() : end if end >= 0 else menu.end() + 4000]


def _without_comments(chunk: bytes) -> bytes:
    """The bytes outside comments; a comment without an end hides the rest. One pass, whatever the page holds."""
    kept, start = [], 0
    while (begun := chunk.find(b"<!--", start)) >= 0:
        kept.append(chunk[start:begun])
        end = chunk.find(b"-->", begun + 4)
        if end < 0:
            return b"".join(kept)
        start = end + 3
    return b"".join([*kept, chunk[start:]])


def _own_lang(chrome: bytes) -> str | None:
    """The portal's name of the page's language: class of the container, else the selected entry of the menu."""
    container = _CONTAINER_LANG.search(chrome)
    if container:
        return container[1].decode("ascii")
    selected = _SELECTED_LANG.search(_lang_menu(chrome))
    if selected:
        return selected[1].decode("ascii")
    tabs = _TABS.search(chrome)
    href = _ACT_HREF.search(chrome, tabs.end()) if tabs else None
    return href["lang"].decode("ascii") if href else None


def _other(
    page_kind: PageKind,
    body: bytes,
    opened: re.Match[bytes] | None,
    asked: tuple[str | None, Lang | None],
    found: tuple[str | None, str | None],
) -> tuple[Verdict, str] | None:
    asked_act, asked_lang = asked
    found_act, found_lang = found
    if asked_act is not None:
        if found_act is None:
            return Verdict.UNKNOWN, "the page does not say of which act it is"
        if found_act != asked_act:
            return Verdict.OTHER_ACT, f"the page is of {found_act}, not of {asked_act}"
    if asked_lang is None:
        return None
    if found_lang is None:
        return Verdict.UNKNOWN, "the page does not say in which language it is"
    if FROM_PORTAL_LANG.get(found_lang) is not asked_lang:
        return Verdict.OTHER_LANG, f"the page is in the language {found_lang!r} of the portal, not in {asked_lang}"
    if page_kind is PageKind.TEXT and opened is not None:
        written = _written_lang(body[opened.end() : body.find(_ARTICLE_CLOSE, opened.end())])
        if written is not None and written is not asked_lang:
            return Verdict.OTHER_LANG, f"the page calls itself {asked_lang} but its text is written in {written}"
    return None


def _written_lang(article: bytes) -> Lang | None:
    """The language of a text by its letters; None where it is too short to tell.

    Letters that Russian does not have make up a tenth of Kazakh text («і» is left out: old pages write a Latin i,
    FORMAT §6), and next to nothing of a Russian text that quotes a Kazakh name.
    """
    text = _TAG.sub("", b" ".join(_samples(article)).decode("utf-8", "replace"))
    letters = len(text.encode("utf-8")) - len(text)
    if letters < _ENOUGH_LETTERS:
        return None
    share = sum(map(text.count, _KAZAKH_LETTERS)) / letters
    if share > 0.03:
        return Lang.KK
    return Lang.RU if share < 0.005 else None


def _samples(article: bytes) -> tuple[bytes, ...]:
    """The whole of a short article; the beginning, two places inside and the end of a long one."""
    if len(article) <= 4 * _SAMPLE:
        return (article,)
    third = len(article) // 3
    return tuple(article[start : start + _SAMPLE] for start in (0, third, 2 * third, len(article) - _SAMPLE))


def _not_a_page(body: bytes, otherwise: str) -> Classified:
    """What a 200 without an act's page is (FORMAT §0, §2)."""
    if _SHELL.search(body):
        return Classified(Verdict.SHELL, "the empty shell of a JavaScript application")
    visible = _without_comments(body[:200_000]).decode("utf-8", "replace")
    if _CHALLENGE.search(body) or _CHALLENGE_WORDS.search(visible):
        return Classified(Verdict.CHALLENGE, "a challenge page")
    if _LOGIN.search(body):
        return Classified(Verdict.LOGIN, "a login page")
    if _NOT_FOUND_WORDS.search(visible):
        return Classified(Verdict.NOT_FOUND, "HTTP 200 with a page that says «not found»")
    if _MAINTENANCE_WORDS.search(visible):
        return Classified(Verdict.MAINTENANCE, "a maintenance page without any text")
    if not re.search(rb"</html>\s*$", body, re.IGNORECASE) and re.search(rb"<html\b|<!doctype", body, re.IGNORECASE):
        return Classified(Verdict.TRUNCATED, "the page ends before its content")
    return Classified(Verdict.UNKNOWN, otherwise)
