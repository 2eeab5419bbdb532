"""The portal's tables and links, read tolerantly: history, information card, year index, links in notes.

Every page of these kinds is only reported, never seen (FORMAT §3, §10): columns are found by their heading, else by
what stands in them; what cannot be read is handed back in `unread`, so that a change of shape is noticed.
Guarantees: pure; nothing is invented (None where the page does not say); order of the page is kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml import etree, html

from lawdiff.identifiers import ACT_ID, FROM_PORTAL_LANG
from lawdiff.model import Lang
from lawdiff.numbering import fold_convocation
from lawdiff.text import fold_lookalikes, normalise


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One redaction that the history lists. url: absolute, without session part; status: as printed («Обновленный»)."""

    redaction_date: date
    url: str
    is_current: bool
    status: str | None


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """rows in page order, repetitions dropped; unread: texts of the rows that could not be read; columns: heads."""

    rows: tuple[HistoryRow, ...]
    unread: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActInfo:
    """What an information card says. requisites: the line under the title; published_on: first official publication."""

    title: str | None
    kind: str | None
    number: str | None
    adopted_on: date | None
    changed_on: date | None
    published_on: date | None
    requisites: str | None


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One act of the year index. changed_on: its last amendment (pubDate, FORMAT §1)."""

    act_id: str
    lang: Lang
    title: str
    changed_on: date | None


@dataclass(frozen=True, slots=True)
class Feed:
    """total: number of documents that the index says it found; None where it does not say."""

    items: tuple[FeedItem, ...]
    total: int | None


_ARTICLE = re.compile(rb"<article\b[^<>]*>")
_ACT_IN_PATH = re.compile(rf"/(rus|kaz|eng)/(?:archive/)?docs/({ACT_ID.pattern})(?:/(\d{{2}}\.\d{{2}}\.\d{{4}}))?/?$")
_DATE = re.compile(r"(?<!\d)(\d{2})\.(\d{2})\.(\d{4})(?!\d)")
_WORD_DATE_RU = re.compile(r"(?<!\d)(?P<day>\d{1,2})\s+(?P<month>[а-я]+)\s+(?P<year>\d{4})")
_WORD_DATE_KK = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s*(?:жылғы|жылы|ж\.)\s*(?P<day>\d{1,2})\s+(?P<month>[а-яәғқңөұүһі]+)"
)
_MONTHS_RU = ("январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр")
_MONTHS_KK = (
    "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым",
    "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан",
)  # fmt: skip
_NUMBER = re.compile(r"(?<![\d.])(\d+(?:\s*[-–]\s*[IVXLCІХ]+)?)(?![\d.])")
_REQUISITES_NUMBER = re.compile(r"(?:№|\bN)\s*(\d+(?:\s*[-–]\s*[IVXLCІХ]+)?)")


# -- the article's bytes ---------------------------------------------------------------------------------------------


def article_bytes(body: bytes) -> bytes | None:
    """The bytes of the first `<article>…</article>`, tags included; None where it is absent or has no end."""
    opened = _ARTICLE.search(body)
    if opened is None:
        return None
    close = body.find(b"</article>", opened.end())
    return None if close < 0 else body[opened.start() : close + len(b"</article>")]


def article_sha256(body: bytes) -> str | None:
    """Digest of `article_bytes`: the rest of the page changes daily (FORMAT §2). None where there is no article."""
    article = article_bytes(body)
    return None if article is None else hashlib.sha256(article).hexdigest()


def linked_acts(body: bytes) -> tuple[str, ...]:
    """Ids of the acts that the article's notes link to, in page order, each once.

    A link belongs to a note when it stands inside `.note` or a red font, or beside a span of one (FORMAT §5.1).
    Links in the law's own text and in the footer are not references to amending laws.
    """
    article = article_bytes(body)
    if article is None or b"/docs/" not in article:
        return ()
    tree = _tree(article)
    acts: dict[str, None] = {}
    for link in tree.iter("a"):
        match = _ACT_IN_PATH.search(urlsplit(str(link.get("href") or "")).path.split(";")[0])
        if match and _in_note(link):
            acts.setdefault(match[2])
    return tuple(acts)


def _is_note(element: etree._Element | None) -> bool:
    if element is None or not isinstance(element.tag, str):
        return False
    if "note" in (element.get("class") or "").split():
        return True
    return element.tag == "font" and (element.get("color") or "").lstrip("#").lower() == "ff0000"


def _in_note(link: etree._Element) -> bool:
    if any(_is_note(ancestor) for ancestor in link.iterancestors()):
        return True
    for siblings in (link.itersiblings(preceding=True), link.itersiblings()):
        neighbour = next((element for element in siblings if element.tag != "a"), None)
        if _is_note(neighbour):
            return True
    return False


# -- history ---------------------------------------------------------------------------------------------------------


def read_history(body: bytes, url: str) -> tuple[HistoryRow, ...]:
    """The redactions that a history page lists, in page order. url: of the page, to resolve links."""
    return read_history_table(body, url).rows


def read_history_table(body: bytes, url: str) -> HistoryTable:
    """The history table with what could not be read of it.

    The date of a dated redaction is that of its address; that of the current one comes from the column «Дата изменения»
    («Өзгерту күні»), found by its heading, else from the last cell that holds one date (FORMAT §3, /history).
    """
    table = _portal_table(body)
    if table is None:
        return HistoryTable((), (), ())
    columns: tuple[str, ...] = ()
    rows: dict[HistoryRow, None] = {}
    unread: list[str] = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        texts = [_text(cell) for cell in cells]
        if not any(texts):
            continue
        if all(cell.tag == "th" for cell in cells) or (not rows and not columns and row.find(".//a[@href]") is None):
            columns = tuple(texts)
            continue
        read = _history_row(row, texts, columns, url)
        if read is None:
            unread.append(" | ".join(texts))
        else:
            rows.setdefault(read)
    return HistoryTable(tuple(rows), tuple(unread), columns)


def _history_row(row: etree._Element, texts: list[str], columns: tuple[str, ...], url: str) -> HistoryRow | None:
    for link in row.iter("a"):
        address = clean_url(urljoin(url, str(link.get("href") or "")))
        match = _ACT_IN_PATH.search(urlsplit(address).path)
        if match is None:
            continue
        in_address = _first_date(match[3] or "")
        day = in_address or _date_in_column(texts, columns)
        if day is None:
            return None
        status = _cell(texts, columns, ("статус", "мәртебе"))
        return HistoryRow(day, address, in_address is None, status or None)
    return None


def _date_in_column(texts: list[str], columns: tuple[str, ...]) -> date | None:
    named = _cell(texts, columns, ("дата изменения", "өзгерту күні", "өзгертілген күні", "өзгерістер күні"))
    if named:
        return _first_date(named)
    dates = [found for text in texts if _DATE.fullmatch(text) and (found := _first_date(text))]
    return dates[-1] if dates else None


def _cell(texts: list[str], columns: tuple[str, ...], names: Iterable[str]) -> str | None:
    for index, column in enumerate(columns):
        folded = fold_lookalikes(column.lower())
        if index < len(texts) and any(name in folded for name in names):
            return texts[index]
    return None


def clean_url(url: str) -> str:
    """An address without `;jsessionid=…` (it makes the portal answer 404, FORMAT §1) and without a fragment."""
    parts = urlsplit(url)
    path = re.sub(r";jsessionid=[^/?#]*", "", parts.path, flags=re.IGNORECASE)
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


# -- information card ------------------------------------------------------------------------------------------------

# label as it begins, folded to lower case → field. Russian is reported (FORMAT §3, /info); Kazakh is not known and
# therefore read by its key words.
_LABELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("published_portal", ("дата официальной публикации", "ресми жарияланған күні", "ресми жариялау күні")),
    ("published", ("официальная публикация", "ресми жариялан", "ресми жариялау")),
    ("adopted", ("дата принятия", "қабылданған күні", "қабылдау күні")),
    ("changed", ("дата изменения", "өзгертілген күні", "өзгерту күні", "өзгерістер күні")),
    ("kind", ("форма акта", "актінің нысаны", "акт нысаны", "акт түрі")),
    ("number", ("регистрационный номер нпа, присвоенный", "нормашығарушы орган берген", "нормативтік құқықтық актіге")),
)


def read_info(body: bytes) -> ActInfo:
    """What the information card of an act says, in either language.

    published_on is the earliest date that the card gives as an official publication, not before the adoption: phrases
    of entry into force count from the first official publication (FORMAT §7).
    """
    tree = _tree(body)
    cells = dict(_labelled_cells(_portal_table(body)))
    requisites = _first_text(tree, "slogan", "p")
    adopted = _first_date(cells.get("adopted", "")) or _first_date(requisites or "")
    published = [
        day
        for name in ("published", "published_portal")
        for day in _dates(cells.get(name, ""))
        if adopted is None or day >= adopted
    ]
    return ActInfo(
        title=_first_text(tree, "slogan", "h1"),
        kind=cells.get("kind") or None,
        number=_number(cells.get("number"), _NUMBER) or _number(requisites, _REQUISITES_NUMBER),
        adopted_on=adopted,
        changed_on=_first_date(cells.get("changed", "")),
        published_on=min(published, default=None),
        requisites=requisites,
    )


def _labelled_cells(table: etree._Element | None) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for row in table.iter("tr") if table is not None else ():
        texts = [_text(cell) for cell in row if cell.tag in ("td", "th")]
        if len(texts) < 2:
            continue
        label = fold_lookalikes(texts[0].lower())
        field = next((name for name, begins in _LABELS if any(begin in label for begin in begins)), None)
        if field is not None and field not in seen:
            seen.add(field)
            yield field, " ".join(texts[1:]).strip()


def _number(text: str | None, pattern: re.Pattern[str]) -> str | None:
    match = pattern.search(text or "")
    return fold_convocation(match[1]) if match else None


# -- year index ------------------------------------------------------------------------------------------------------


def read_feed(body: bytes) -> Feed:
    """The acts of one page of the year index (`…&rss=true`), in page order; items without an act are left out."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        tree = etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError:
        return Feed((), None)
    if tree is None:
        return Feed((), None)
    items: list[FeedItem] = []
    for item in tree.iter("item"):
        fields = {str(child.tag): normalise("".join(child.itertext())) for child in item if isinstance(child.tag, str)}
        match = _ACT_IN_PATH.search(urlsplit(clean_url(fields.get("link", ""))).path)
        if match and match[1] in FROM_PORTAL_LANG:
            lang = FROM_PORTAL_LANG[match[1]]
            items.append(FeedItem(match[2], lang, fields.get("title", ""), _feed_date(fields.get("pubDate"))))
    described = normalise(" ".join(tree.xpath("string(//channel/description)").split()))
    total = re.search(r"(?:Найдено|Табылды|табылған)\D{0,40}(\d+)", described) or re.search(r"(\d+)\s+құжат", described)
    return Feed(tuple(items), int(total[1]) if total else None)


def _feed_date(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        try:
            return datetime.fromisoformat(text).date()
        except ValueError:
            return _first_date(text)


# -- small readers ---------------------------------------------------------------------------------------------------


def _tree(body: bytes) -> etree._Element:
    """The page as a tree; an empty element where there is nothing to read."""
    try:
        return html.fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return etree.Element("html")


def _portal_table(body: bytes) -> etree._Element | None:
    """The table of a history or information page: the one with the portal's id, else the first with a date."""
    tree = _tree(body)
    for table in tree.iter("table"):
        if table.get("id") == "ethernatable":
            return table
    for table in tree.iter("table"):
        if table.find(".//td") is not None and _DATE.search(_text(table)):
            return table
    return None


def _text(element: etree._Element) -> str:
    return normalise(" ".join(str(part) for part in element.itertext()))


def _first_text(tree: etree._Element, class_name: str, tag: str) -> str | None:
    for block in tree.iter("div"):
        if class_name in (block.get("class") or "").split():
            found = block.find(f".//{tag}")
            if found is not None:
                return normalise("".join(str(part) for part in found.itertext())) or None
    return None


def _first_date(text: str) -> date | None:
    return next(_dates(text), None)


def _dates(text: str) -> Iterator[date]:
    """Every date in the text, numeric ones first: 17.07.2025, «17 июля 2025 года», «2025 жылғы 17 шілде»."""
    for match in _DATE.finditer(text):
        day = _real_date(int(match[3]), int(match[2]), int(match[1]))
        if day is not None:
            yield day
    lower = fold_lookalikes(text.lower())
    for pattern, months in ((_WORD_DATE_RU, _MONTHS_RU), (_WORD_DATE_KK, _MONTHS_KK)):
        for match in pattern.finditer(lower):
            month = _month(match["month"], months)
            day = _real_date(int(match["year"]), month, int(match["day"])) if month else None
            if day is not None:
                yield day


def _month(word: str, months: tuple[str, ...]) -> int | None:
    """1 to 12 by the word's beginning; «март» is tried before «ма» (май, мая) because it stands first."""
    return next((number for number, begin in enumerate(months, 1) if word.startswith(begin)), None)


def _real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
