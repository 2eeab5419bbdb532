"""Pages that must not become history are refused with a typed reason, whole pages are not."""

from __future__ import annotations

from html import unescape

import pytest
from parse_checks import ACT, page_of, parse, units_of

from lawdiff.errors import PageRefused
from lawdiff.model import Lang, Redaction
from lawdiff.parse import RefusalReason, parse_page

BODY = (
    '<h3 id="z1"> Глава 1. Лодки</h3><p><b><a name="z2"></a>Статья 1. Весло</b></p><p id="z3">\n Весло длинное.</p>\n'
    '<p><b><a name="z4"></a>Статья 2. Парус</b></p><p id="z5">\n Парус белый.</p>\n'
)
LONG_RU = "<p>" + "Лодка держится на воде и плывет по течению реки к далекому порту. " * 20 + "</p>"
LONG_KK = "<p>" + "Қайық суда жүзіп, өзеннің ағысымен алыстағы портқа қарай жылжиды. " * 20 + "</p>"


def read(page: bytes, *, act_id: str = ACT, lang: Lang = Lang.RU, expected: tuple[int, int] | None = None) -> Redaction:
    return parse_page(
        page,
        act_id=act_id,
        lang=lang,
        redaction_date=None,
        is_current=True,
        url="http://x/",
        expected_articles=expected,
    )


def reason_of(page: bytes, **arguments: object) -> str:
    with pytest.raises(PageRefused) as refused:
        read(page, **arguments)  # type: ignore[arg-type]
    assert refused.value.url == "http://x/"
    assert "\n" not in str(refused.value)
    return refused.value.reason


def test_the_page_itself_is_accepted() -> None:
    assert read(page_of(BODY), expected=(1, 2)).article_count == 2


def test_a_page_of_another_act_is_refused() -> None:
    assert reason_of(page_of(BODY, act_id="K2000000111")) == RefusalReason.WRONG_ACT


def test_a_page_in_another_language_is_refused_by_its_frame_and_by_its_letters() -> None:
    assert reason_of(page_of(BODY, Lang.KK)) == RefusalReason.WRONG_LANGUAGE
    assert reason_of(page_of(BODY + LONG_KK)) == RefusalReason.WRONG_LANGUAGE
    assert reason_of(page_of(BODY + LONG_RU, Lang.KK), lang=Lang.KK) == RefusalReason.WRONG_LANGUAGE


@pytest.mark.parametrize("body", ["", " \n&nbsp; ", "<p></p><br>", "<!-- Статья 1. Весло -->"])
def test_a_body_that_shows_nothing_is_refused(body: str) -> None:
    assert reason_of(page_of(body)) == RefusalReason.NO_ARTICLE_BODY


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<!doctype html><html><body><div id=root></div><!--SEO_BODY--></body></html>",
        "<html><body>Подтвердите, что вы не робот</body></html>".encode(),
    ],
)
def test_a_page_without_article_is_refused(page: bytes) -> None:
    assert reason_of(page) == RefusalReason.NO_ARTICLE_BODY


def test_every_cut_of_a_page_inside_or_after_its_body_is_refused() -> None:
    page = page_of(BODY)
    start, end = page.index(b"<article>", page.index(b"text_upd")), page.index(b"aftertext")
    for cut in range(start + 9, end, 7):
        assert reason_of(page[:cut]) in (RefusalReason.CUT_SHORT, RefusalReason.BROKEN_ENCODING)


def test_bytes_that_are_not_utf8_are_refused() -> None:
    assert reason_of(page_of(BODY).replace("Весло".encode(), "Весло".encode("cp1251"))) == RefusalReason.BROKEN_ENCODING


@pytest.mark.parametrize(
    "broken", ['<p id="z9" Статья', "<!-- без конца", '<a href="x>текст</a>', '<a name="z9"" id="z8></a>текст', "<p"]
)
def test_markup_that_never_closes_is_refused_rather_than_guessed(broken: str) -> None:
    assert reason_of(page_of(BODY + broken)) in (RefusalReason.BROKEN_MARKUP, RefusalReason.CUT_SHORT)


def test_two_bodies_in_one_page_are_refused() -> None:
    page = page_of(BODY)
    body = page[page.index(b"<article>", page.index(b"text_upd")) : page.index(b"</article>") + 10]
    assert reason_of(page.replace(b"</article>", b"</article>" + body)) == RefusalReason.SEVERAL_BODIES
    assert reason_of(page.replace(b"</article>", b"<article><p>x</p></article>")) == RefusalReason.SEVERAL_BODIES


def test_an_article_count_far_outside_the_expected_is_refused() -> None:
    page = page_of(BODY)
    assert reason_of(page, expected=(40, 60)) == RefusalReason.ARTICLE_COUNT
    assert reason_of(page, expected=(0, 1)) == RefusalReason.ARTICLE_COUNT


def test_a_less_than_sign_in_the_text_is_text() -> None:
    units = units_of(parse("<p><b>Статья 1. Знаки</b></p><p>при x < 5 и y <= 6 < Б, а также a<5</p>"))
    assert units["art_1"].text == "при x < 5 и y <= 6 < Б, а также a<5"


def test_the_maintenance_banner_does_not_hinder_a_whole_text() -> None:
    live = page_of(BODY).replace(b"<!--<p", b"<p").replace(b" <article> </p>-->", b"</p>")
    assert read(live) == read(page_of(BODY))


WHITE = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2005\u200a\u2028\u2029\u202f\u205f\u3000"


# references to control characters mean something else in HTML
REFERENCES = [f"&#{ord(char)};" for char in WHITE if unescape(f"&#{ord(char)};") == char]


@pytest.mark.parametrize("white", [*WHITE, *REFERENCES, "&emsp;", "&nbsp;&nbsp; "])
def test_white_space_of_every_kind_is_one_space(white: str) -> None:
    text = f"<p>{white}1. Лодка{white}{white}плывет{white}</p>{white}Весло{white}длинное<br>"
    units = units_of(parse(f"<p><b>Статья 1. Лодка</b></p>{text}"))
    assert units["art_1"].text == "1. Лодка плывет\nВесло длинное"
