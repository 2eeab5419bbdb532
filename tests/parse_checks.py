"""What the parser's tests share: pages composed around a body, and what a body shows, read by other means."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser

import lxml.html

from lawdiff.model import Lang, LineKind, Redaction, Unit
from lawdiff.parse import parse_page

ACT = "K2000000999"
_PORTAL = {Lang.RU: "rus", Lang.KK: "kaz"}
_TITLES = {
    Lang.RU: ("Пробный кодекс Республики Казахстан", "Кодекс Республики Казахстан от 2 марта 2020 года № 999-VI ЗРК."),
    Lang.KK: (
        "Қазақстан Республикасының Сынақ кодексі",
        "Қазақстан Республикасының Кодексі 2020 жылғы 2 наурыздағы № 999-VI ҚРЗ.",
    ),
}


def page_of(body: str, lang: Lang = Lang.RU, act_id: str = ACT) -> bytes:
    """A page of the portal around `body`, the markup inside `<article>`."""
    portal = _PORTAL[lang]
    title, requisites = _TITLES[lang]
    return f"""<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{title}</title></head>
<body class="normal js"><div id="container" class="module_npaView lang_{portal}">
<div id="header"><!--<p style="font-size: 30pt">Ведутся технические работы. <article> </p>--></div>
<div id="menu" class="png_bg"><ul class="right" id="impairedLogout">
<li><a href="/kaz/docs/{act_id}">ҚАЗ</a></li><li><a href="/rus/docs/{act_id}">РУС</a></li></ul></div>
<div class="container_alpha slogan"><h1>{title}</h1>
<span class="status status_upd">Обновленный</span><p>{requisites}</p></div>
<div class="container_gamma tabs clearfix"><ul><li class="selected"><a href="/{portal}/docs/{act_id}"> Текст </a></li>
<li><a href="/{portal}/docs/{act_id}/info"> Информация </a></li></ul></div>
<div class="container_gamma text text_upd"><div class="gs_12">
<article>{body}</article></div></div>
<div class="container_omega aftertext"><p>Если Вы обнаружили на странице ошибку</p></div>
<div id="footer"><a href="/rus/docs/K1500000414">Трудовой кодекс</a></div></div></body></html>
""".encode()


def parse(body: str, lang: Lang = Lang.RU) -> Redaction:
    """The records of a page composed around `body`."""
    return parse_page(page_of(body, lang), act_id=ACT, lang=lang, redaction_date=None, is_current=True)


def units_of(redaction: Redaction) -> dict[str, Unit]:
    return {unit.eid: unit for unit in redaction.units}


def recorded(redaction: Redaction) -> list[str]:
    """Every text of the records that the page shows; an image's line holds its alternative text, which it does not."""
    texts: list[str] = []
    for unit in redaction.units:
        texts.append(unit.heading)
        texts += [line.text for line in unit.lines if line.kind is not LineKind.IMAGE]
        texts += [note.text for note in unit.notes]
    texts += [note.text for note in redaction.act_notes]
    texts += [omission.text for omission in redaction.omissions]
    return texts


def squeezed(text: str) -> str:
    """Without white space, and with raised digits as digits (a heading prints `115<sup>1</sup>` as 115¹)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def shown_by_lxml(page: bytes) -> str:
    """The visible text of `<article>` as lxml's tree has it."""
    article = lxml.html.fromstring(page).find(".//article")
    assert article is not None
    for hidden in article.xpath(".//script | .//style | .//template"):
        hidden.drop_tree()
    return str(article.text_content())


class _Visible(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def shown_by_tokens(page: bytes) -> str:
    """The same by the standard library's tokeniser, for pages too broken for a tree to be of use."""
    text = page.decode()
    start = re.search(r"<article\b[^<>]*>", re.sub(r"<!--.*?-->", lambda m: " " * len(m[0]), text, flags=re.S), re.I)
    assert start is not None
    end = text.lower().index("</article>", start.end())
    body = re.sub(r"(?is)<(script|style|template)\b[^<>]*>.*?</\1\s*>", "", text[start.end() : end])
    reader = _Visible()
    reader.feed(body)
    reader.close()
    return "".join(reader.texts)


def lost_and_invented(redaction: Redaction, shown: str) -> tuple[Counter[str], Counter[str]]:
    """Characters that the page shows more often than the records hold, and the reverse."""
    page = Counter(squeezed(shown))
    ours = Counter(squeezed("".join(recorded(redaction))))
    return page - ours, ours - page


def assert_conserved(redaction: Redaction, shown: str) -> None:
    """Every visible character is in the records as often as on the page, and every record stands on the page as it is
    recorded, in one piece but for a note that runs over several lines."""
    assert lost_and_invented(redaction, shown) == (Counter(), Counter())
    whole = squeezed(shown)
    for text in recorded(redaction):
        for cell in text.split("\t"):
            assert squeezed(cell) in whole, f"stands nowhere on the page in one piece: {cell[:200]!r}"
