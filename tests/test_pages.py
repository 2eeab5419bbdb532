"""What a response is: the classifier over composed pages and over the real ones, and the tables of the portal."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import faultserver as faults
import pytest
from faultserver import miniature
from hypothesis import given, settings
from hypothesis import strategies as st

from lawdiff.model import Lang, Verdict
from lawdiff.pages import GOOD, PageKind, classify
from lawdiff.portal import (
    article_bytes,
    article_sha256,
    clean_url,
    linked_acts,
    read_feed,
    read_history,
    read_history_table,
    read_info,
)
from lawdiff.shape import compare, measure, unpaired

ACT = "K1400000226"
PAGE = miniature().page(f"/rus/docs/{ACT}") or b""
HISTORY = miniature().page(f"/rus/docs/{ACT}/history") or b""
CARD = miniature().page("/rus/docs/Z2500000210/info") or b""


def verdict(
    body: bytes, kind: PageKind = PageKind.TEXT, status: int = 200, act: str | None = ACT, lang: Lang | None = Lang.RU
) -> Verdict:
    return classify(body, status=status, url="http://127.0.0.1/x", page_kind=kind, act_id=act, lang=lang).verdict


@pytest.mark.parametrize(
    ("body", "kind", "status", "expected"),
    [
        (PAGE, PageKind.TEXT, 200, Verdict.TEXT),
        (HISTORY, PageKind.HISTORY, 200, Verdict.HISTORY),
        (PAGE, PageKind.HISTORY, 200, Verdict.UNKNOWN),
        (HISTORY, PageKind.TEXT, 200, Verdict.UNKNOWN),
        (PAGE, PageKind.TEXT, 404, Verdict.NOT_FOUND),
        (PAGE, PageKind.TEXT, 410, Verdict.NOT_FOUND),
        (PAGE, PageKind.TEXT, 500, Verdict.SERVER_ERROR),
        (PAGE, PageKind.TEXT, 0, Verdict.SERVER_ERROR),
        (PAGE, PageKind.TEXT, 429, Verdict.SERVER_ERROR),
        (PAGE, PageKind.TEXT, 403, Verdict.UNKNOWN),
        (PAGE, PageKind.TEXT, 206, Verdict.UNKNOWN),
        (faults.CHALLENGE, PageKind.TEXT, 403, Verdict.CHALLENGE),
        (faults.CHALLENGE, PageKind.TEXT, 503, Verdict.CHALLENGE),
        (b"", PageKind.TEXT, 401, Verdict.LOGIN),
        (b"", PageKind.TEXT, 200, Verdict.TRUNCATED),
        (b" \n", PageKind.ROBOTS, 200, Verdict.TRUNCATED),
        (faults.SHELL, PageKind.TEXT, 200, Verdict.SHELL),
        (faults.SHELL, PageKind.HISTORY, 200, Verdict.SHELL),
        (faults.SHELL, PageKind.RSS, 200, Verdict.SHELL),
        (faults.CHALLENGE, PageKind.INFO, 200, Verdict.CHALLENGE),
        (faults.LOGIN, PageKind.TEXT, 200, Verdict.LOGIN),
        (faults.MAINTENANCE, PageKind.TEXT, 200, Verdict.MAINTENANCE),
        ("<html><title>404</title>Страница не найдена</html>".encode(), PageKind.TEXT, 200, Verdict.NOT_FOUND),
        (b"<html><head>", PageKind.TEXT, 200, Verdict.TRUNCATED),
        (b"<html><body>Hello</body></html>", PageKind.TEXT, 200, Verdict.UNKNOWN),
        (b"User-agent: *\nDisallow: /x\n", PageKind.ROBOTS, 200, Verdict.ROBOTS),
        (b"<!doctype html><html></html>", PageKind.ROBOTS, 200, Verdict.UNKNOWN),
        (b'<?xml version="1.0"?><rss><channel></channel></rss>\n', PageKind.RSS, 200, Verdict.RSS),
        (b'<?xml version="1.0"?><rss><channel><item>', PageKind.RSS, 200, Verdict.TRUNCATED),
    ],
)
def test_a_response_gets_the_verdict_that_tells_why(
    body: bytes, kind: PageKind, status: int, expected: Verdict
) -> None:
    assert verdict(body, kind, status) is expected


def test_a_card_is_good_and_says_whose_it_is() -> None:
    found = classify(CARD, status=200, url="", page_kind=PageKind.INFO, act_id="Z2500000210", lang=Lang.RU)
    assert (found.verdict, found.act_id, found.lang) == (Verdict.INFO, "Z2500000210", Lang.RU)


def test_the_maintenance_banner_counts_neither_as_comment_nor_live() -> None:
    live = PAGE.replace(b"<!--<p style", b"<p style").replace(b"</p>-->", b"</p>")
    assert live != PAGE
    assert verdict(PAGE) is verdict(live) is Verdict.TEXT


def test_the_act_of_the_footer_is_not_the_act_of_the_page() -> None:
    assert verdict(PAGE, act="V2500036001") is Verdict.OTHER_ACT


def test_a_page_that_does_not_say_whose_it_is_does_not_count() -> None:
    assert verdict(PAGE.replace(b"/docs/K1400000226", b"/somewhere")) is Verdict.UNKNOWN


def test_the_language_is_found_without_the_class_of_the_container() -> None:
    kazakh = (miniature().page(f"/kaz/docs/{ACT}") or b"").replace(b" lang_kaz", b"")
    assert verdict(kazakh, lang=Lang.KK) is Verdict.TEXT
    assert verdict(kazakh, lang=Lang.RU) is Verdict.OTHER_LANG


def test_a_table_page_may_end_otherwise_than_a_text_page_but_must_end() -> None:
    other = HISTORY.replace(b"container_omega aftertext", b"container_omega")
    assert verdict(other, PageKind.HISTORY) is Verdict.HISTORY
    assert verdict(other[: other.index(b"</table>") + 30], PageKind.HISTORY) is Verdict.TRUNCATED
    assert verdict(PAGE.replace(b"aftertext", b"after")) is Verdict.TRUNCATED, "the text page is known to have it"


def test_the_frame_of_the_portal_with_nothing_in_it_is_read_by_its_words() -> None:
    site = miniature()
    empty = site.chrome("rus", ACT, "Кодекс", "<p>Документ не найден</p>")
    assert verdict(empty) is verdict(empty, PageKind.HISTORY) is Verdict.NOT_FOUND
    assert verdict(site.chrome("rus", ACT, "Кодекс", "<p>Ведутся технические работы</p>")) is Verdict.MAINTENANCE
    assert verdict(site.chrome("rus", ACT, "Кодекс", "<p>Пусто</p>")) is Verdict.UNKNOWN
    begun = site.chrome("rus", ACT, "Кодекс", "<p>Пу")
    assert verdict(begun[: begun.index(b"<p>\xd0\x9f\xd1\x83")]) is Verdict.TRUNCATED


def test_two_articles_in_one_page_are_refused_because_text_could_be_lost() -> None:
    doubled = PAGE.replace(b"</article>", b"</article><article>more</article>")
    assert verdict(doubled) is Verdict.UNKNOWN


@settings(max_examples=120, deadline=None)
@given(st.integers(min_value=0, max_value=len(PAGE) - 1))
def test_no_page_cut_short_of_its_after_text_is_a_text(end: int) -> None:
    cut = PAGE[:end]
    if end < PAGE.index(b"aftertext"):
        assert verdict(cut) not in GOOD


@settings(max_examples=120, deadline=None)
@given(st.integers(min_value=0, max_value=len(HISTORY) - 1))
def test_no_history_cut_short_of_its_after_text_is_a_history(end: int) -> None:
    if end < HISTORY.index(b"aftertext"):
        assert verdict(HISTORY[:end], PageKind.HISTORY) not in GOOD


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(list(PageKind)),
    st.sampled_from([0, 200, 204, 302, 404, 503]),
    st.integers(0, 3),
)
def test_no_bytes_make_the_classifier_fail_or_pass_as_an_act(
    noise: bytes, kind: PageKind, status: int, place: int
) -> None:
    body = [noise, noise + PAGE[:500], b"<article>" + noise, b"<rss" + noise][place]
    found = verdict(body, kind, status)
    assert isinstance(found, Verdict)
    assert found not in (Verdict.TEXT, Verdict.HISTORY, Verdict.INFO)


@pytest.mark.parametrize(
    "piece",
    [b"<", b"<!--", b"<article", b'class="', b"<b>", b"<li selected ", b'<div id="impairedLogout">', b"<input ",
     b"&nbsp;", b'<a href="/rus/docs/K1400000226/info">', b"<span class=note>", b"<td>1.1.2000", b"<table id=x><tr>"],
)  # fmt: skip
def test_no_repeated_piece_makes_the_spider_hang(piece: bytes) -> None:
    flood = piece * (1_000_000 // len(piece))
    at = PAGE.index(b"</article>")
    began = time.process_time()
    for kind in (PageKind.TEXT, PageKind.HISTORY):
        verdict(flood, kind)
        verdict(PAGE[:at] + flood + PAGE[at:], kind)
        verdict(PAGE[:900] + flood + PAGE[900:], kind)
    measure(PAGE[:at] + flood + PAGE[at:])
    article_sha256(flood)
    assert time.process_time() - began < 3


def test_a_page_of_six_megabytes_is_classified_in_little_time() -> None:
    at = PAGE.index(b"</article>")
    big = PAGE[:at] + PAGE[PAGE.index(b"<article>") + 9 : at] * (6_000_000 // len(PAGE)) + PAGE[at:]
    began = time.process_time()
    assert verdict(big) is Verdict.TEXT
    assert time.process_time() - began < 1.5


# -- digest and links -----------------------------------------------------------------------------------------------


def test_the_digest_is_of_the_article_alone() -> None:
    site = miniature()
    first, second = site.page(f"/rus/docs/{ACT}") or b"", site.page(f"/rus/docs/{ACT}") or b""
    assert first != second
    assert article_sha256(first) == article_sha256(second) is not None
    assert (article_bytes(first) or b"").startswith(b"<article>")
    assert article_bytes(b"<article>without end") is None


def test_only_links_of_notes_are_laws() -> None:
    body = (
        '<article><p>См. <a href="/rus/docs/K1500000414">Трудовой кодекс</a></p>'
        '<span class="note">Сноска. от 1 </span><a href="/rus/docs/Z1800000180#z21">№ 180</a>'
        '<span class="note">; от 2 </span><a href="https://adilet.zan.kz/rus/docs/Z220000001K;jsessionid=1">№ 1</a>'
        '<span class="note">.</span><br><p class="note">Сноска <a href="/rus/docs/U950002447_">№ 2447</a></p>'
        '<font color="FF0000">Примечание <a href="/rus/docs/Z2600000256">№ 256</a></font>'
        '<span class="note">ещё <a href="/rus/docs/Z1800000180">№ 180</a></span></article>'
        '<a href="/rus/docs/V2500036001">подвал</a>'
    ).encode()
    assert linked_acts(body) == ("Z1800000180", "Z220000001K", "U950002447_", "Z2600000256")


def test_session_parts_leave_an_address() -> None:
    assert clean_url("http://h/rus/docs/X;jsessionid=AB.n1?a=1#z3") == "http://h/rus/docs/X?a=1"


# -- tables ---------------------------------------------------------------------------------------------------------


def table(*rows: str, head: str = "") -> bytes:
    return f'<div><table id="ethernatable">{head}{"".join(rows)}</table></div>'.encode()


def test_a_history_is_read_with_its_current_row() -> None:
    rows = read_history(HISTORY, f"http://h/rus/docs/{ACT}/history")
    assert [(row.redaction_date, row.is_current) for row in rows] == [
        (date(2014, 11, 7), False), (date(2018, 7, 12), False), (date(2025, 9, 16), True),
    ]  # fmt: skip
    assert rows[0].url == f"http://h/rus/docs/{ACT}/07.11.2014"
    assert rows[2].status == "Обновленный"


def test_a_history_is_read_by_its_heads_whatever_the_order_of_columns() -> None:
    head = "<tr><th>Дата изменения</th><th>Дата регистрации</th><th>Документ</th><th>Статус НПА</th></tr>"
    row = f'<tr><td>05.07.2014</td><td>01.01.2020</td><td><a href="/rus/docs/{ACT}">К</a></td><td>Новый</td></tr>'
    (read,) = read_history(table(row, head=head), "http://h/")
    assert (read.redaction_date, read.is_current, read.status) == (date(2014, 7, 5), True, "Новый")


def test_the_older_form_of_a_dated_address_is_read() -> None:
    row = f'<tr><td>1</td><td><a href="/rus/archive/docs/{ACT}/05.07.2014">К</a></td><td>05.07.2014</td></tr>'
    (read,) = read_history(table(row), "http://h/")
    assert (read.redaction_date, read.is_current) == (date(2014, 7, 5), False)


def test_rows_that_cannot_be_read_are_handed_back() -> None:
    rows = (
        f'<tr><td>1</td><td><a href="/rus/docs/{ACT}">К</a></td><td>скоро</td></tr>',
        f'<tr><td>2</td><td><a href="/rus/docs/{ACT}/31.02.2014">К</a></td><td>31.02.2014</td></tr>',
    )
    read = read_history_table(table(*rows), "http://h/")
    assert (read.rows, len(read.unread)) == ((), 2)


def test_repeated_rows_are_read_once() -> None:
    row = f'<tr><td>1</td><td><a href="/rus/docs/{ACT}/05.07.2014">К</a></td><td>05.07.2014</td></tr>'
    assert len(read_history(table(row, row), "http://h/")) == 1


@pytest.mark.parametrize(
    ("cells", "published"),
    [
        ({"Официальная публикация": '"Газета" от 17.07.2025 г., № 133; "Вестник" от 25.07.2025'}, date(2025, 7, 17)),
        ({'Дата официальной публикации в ИПС "Әділет"': "20.07.2025"}, date(2025, 7, 20)),
        ({"Официальная публикация": "17 июля 2025 года"}, date(2025, 7, 17)),
        ({"Ресми жариялануы": "2025 жылғы 17 шілде"}, date(2025, 7, 17)),
        ({"Официальная публикация": "не опубликован"}, None),
        ({"Официальная публикация": '"Газета" от 01.01.1990'}, None),
        ({}, None),
    ],
)
def test_the_publication_is_the_first_official_one_or_unknown(cells: dict[str, str], published: date | None) -> None:
    card = miniature().info("rus", "Z2500000210", {"Дата принятия акта": "16.07.2025", **cells})
    assert read_info(card).published_on == published


def test_a_card_is_read() -> None:
    cells = {
        "Дата принятия акта": "16.07.2025", "Дата изменения акта": "01.09.2025", "Форма акта": "Закон",
        "Регистрационный номер НПА, присвоенный нормотворческим органом": "210-VIІІ ЗРК",
    }  # fmt: skip
    info = read_info(miniature().info("rus", "Z2500000210", cells))
    assert (info.adopted_on, info.changed_on, info.kind) == (date(2025, 7, 16), date(2025, 9, 1), "Закон")
    assert info.number == "210-VIII"
    assert info.title == "Акт"
    assert info.requisites == "Кодекс Республики Казахстан от 3 июля 2014 года № 226-V ЗРК."


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 4))
def test_no_bytes_make_the_readers_fail(noise: bytes, place: int) -> None:
    table_begun = b"<table id=ethernatable><tr><td>" + noise
    article = b"<article>" + noise + b"</article>"
    body = [noise, HISTORY[:3000] + noise, table_begun, article, b"<rss><channel>" + noise][place]
    assert isinstance(read_history(body, "http://h/"), tuple)
    read_info(body)
    read_feed(body)
    linked_acts(body)
    measure(body)


def test_a_year_index_is_read() -> None:
    feed = read_feed(
        """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><description>Найдено 12 документов
        </description><item><title>О связи</title><link>https://adilet.zan.kz/rus/docs/Z2500000001</link>
        <pubDate>Tue, 16 Sep 2025 00:00:00 +0600</pubDate></item><item><title>чужое</title><link>https://h/x</link>
        </item></channel></rss>""".encode()
    )
    assert feed.total == 12
    assert [(item.act_id, item.lang, item.title, item.changed_on) for item in feed.items] == [
        ("Z2500000001", Lang.RU, "О связи", date(2025, 9, 16))
    ]


# -- shape ----------------------------------------------------------------------------------------------------------


def test_a_shape_counts_articles_and_misses_no_selector() -> None:
    shape = measure(PAGE)
    assert (shape.articles, shape.missing) == (9, ())
    assert compare(shape, shape) == compare(None, shape) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p[: p.index(b'<p><b><a name="z4">')] + p[p.index(b"</article>") :], "articles gone"),
        (lambda p: p.replace(b"<b>", b"<i>"), "articles gone"),
        (lambda p: p.replace(b"slogan", b"banner"), "no title"),
        (
            lambda p: p.replace(b"</article>", p[p.index(b"<p><b>") : p.index(b"</article>")] * 2 + b"</article>"),
            "where",
        ),
    ],
)
def test_an_odd_shape_is_named(change: object, words: str) -> None:
    assert any(words in phrase for phrase in compare(measure(PAGE), measure(change(PAGE))))  # type: ignore[operator]


def test_languages_pair_within_a_tenth() -> None:
    kazakh = measure(miniature().page(f"/kaz/docs/{ACT}") or b"")
    assert unpaired(measure(PAGE), kazakh) is None
    assert "9 articles in Russian" in (
        unpaired(measure(PAGE), measure(miniature(20).page(f"/kaz/docs/{ACT}") or b"")) or ""
    )


# -- the real pages -------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_every_page_of_the_stand_in_is_good_in_its_own_kind(shared: Path) -> None:
    site = shared / "adilet" / "site"
    kinds = {"history": PageKind.HISTORY, "info": PageKind.INFO}
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == 32
    for path in pages:
        lang = Lang.RU if path.relative_to(site).parts[0] == "rus" else Lang.KK
        kind = kinds.get(path.stem, PageKind.TEXT)
        assert verdict(path.read_bytes(), kind, act=path.parent.name, lang=lang).value == kind.value, path


@pytest.mark.shared
def test_the_real_saved_pages_are_texts_and_their_own_act(shared: Path) -> None:
    for path in sorted((shared / "adilet" / "pages").glob("*.html")):
        act = path.name[:11] if path.name[10] != "_" else path.name[:10] + "_"
        found = verdict(path.read_bytes(), act=act)
        # The tax code's excerpt was saved without the page around it: nothing says whose it is.
        assert found is (Verdict.TRUNCATED if "tax" in path.name else Verdict.TEXT), path
        assert measure(path.read_bytes()).articles > 0


@pytest.mark.shared
def test_the_history_of_the_stand_in_is_the_one_of_the_truth(shared: Path) -> None:
    import json

    truth = json.loads((shared / "adilet" / "truth-K1400000226.json").read_text(encoding="utf-8"))
    for portal in ("rus", "kaz"):
        path = shared / "adilet" / "site" / portal / "docs" / ACT / "history.html"
        rows = read_history(path.read_bytes(), f"http://h/{portal}/docs/{ACT}/history")
        assert [row.redaction_date.isoformat() for row in rows] == [
            redaction["date"] for redaction in truth["languages"][portal]
        ]
        assert [row.is_current for row in rows] == [False] * 12 + [True]
