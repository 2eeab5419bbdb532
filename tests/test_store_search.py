"""Search over stored texts: both languages, look-alike letters, citations, hostile input."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hand_acts import records, version
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lawdiff.model import Lang, State
from lawdiff.registry import load_registry
from lawdiff.store import open_database
from lawdiff.store import search as store_search
from lawdiff.store.extracts import Term, hits_in
from lawdiff.store.rows import rows_of
from lawdiff.store.search import match_expression, register_functions, resolve_citation, search
from lawdiff.store.words import WORD, compared, fold_word, index_text, kazakh_stem, stem
from lawdiff.store.write import Writer

CODE, LAW, ORDER = "K1400000226", "Z1300000094", "V14C0010027"
DAY = date(2020, 1, 1)
LATER = date(2025, 9, 16)
TEXTS = {
    CODE: [
        version(
            CODE,
            "205",
            Lang.RU,
            1,
            "Статья 205. Доступ к информации",
            "Неправомерный доступ к банковским счетам.",
            until=LATER,
        ),
        version(
            CODE,
            "205",
            Lang.RU,
            2,
            "Статья 205. Доступ к информации",
            "1. Доступ наказывается штрафом.\n2. Ёлка.",
            since=LATER,
        ),
        version(CODE, "115-1", Lang.RU, 1, "Статья 115-1. Преследование", "Преследование лица наказывается арестом."),
        version(CODE, "232-1", Lang.RU, 1, "Статья 232-1. Дропперы", "Передача счета дропперами."),
        version(CODE, "232-1", Lang.KK, 1, "232-1-бап. Шоттар", "Өз шoтын (Latin o) өткізу айыппұлдарға жазаланады."),
        version(CODE, "206", Lang.RU, 1, "Статья 206. Исключена", "", state=State.EXCLUDED),
    ],
    LAW: [version(LAW, "5", Lang.RU, 1, "Статья 5. Сбор", "Штраф за сбор данных и доступ к ним. Штраф. Штраф.")],
    ORDER: [version(ORDER, "5", Lang.RU, 1, "5. Порядок", "Штраф штраф штраф доступ доступ.")],
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "lawdiff.db"
    with Writer(path) as writer:
        writer.write_registry(load_registry())
        for act_id, versions in sorted(TEXTS.items()):
            with writer.transaction():
                number = "226-V ЗРК" if act_id == CODE else None
                writer.replace_act(rows_of(records(act_id, versions, number=number), load_registry()), ("", "", ""))
        writer.finish()
    return path


@pytest.fixture
def conn(db: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(db)) as connection:
        yield connection


def found(conn: sqlite3.Connection, query: str, **options: object) -> list[str]:
    results = search(conn, query, registry=load_registry(), **options)  # type: ignore[arg-type]
    assert results.total == len(results.hits)
    return [hit.version_id for hit in results.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("преследованием", [f"{CODE}/art_115-1/ru/1"]),
        ("дроппер", [f"{CODE}/art_232-1/ru/1"]),
        ("ДРОППЕРОВ", [f"{CODE}/art_232-1/ru/1"]),
        ("ёлки", [f"{CODE}/art_205/ru/2"]),
        ("елка", [f"{CODE}/art_205/ru/2"]),
        ("Дoступ", [f"{CODE}/art_205/ru/2", f"{LAW}/art_5/ru/1", f"{ORDER}/art_5/ru/1"]),  # Latin o
        ("шот", [f"{CODE}/art_232-1/kk/1"]),
        ("шоттың", [f"{CODE}/art_232-1/kk/1"]),
        ("айыппұл", [f"{CODE}/art_232-1/kk/1"]),
        ("пұлдар", [f"{CODE}/art_232-1/kk/1"]),  # inside a word
        ("ппұл", [f"{CODE}/art_232-1/kk/1"]),
        ("банковский счет", [f"{CODE}/art_205/ru/1"]),  # only an old text says so
        ('"наказывается штрафом"', [f"{CODE}/art_205/ru/2"]),
        ('"штрафом наказывается"', []),
        ("штраф доступ", [f"{CODE}/art_205/ru/2", f"{LAW}/art_5/ru/1", f"{ORDER}/art_5/ru/1"]),
        ("преследование и арест", [f"{CODE}/art_115-1/ru/1"]),  # the text has no «и»
        ("исключена", [f"{CODE}/art_206/ru/1"]),
        ("ничего", []),
        ("", []),
    ],
)
def test_a_query_finds_these_texts_in_this_order(conn: sqlite3.Connection, query: str, expected: list[str]) -> None:
    assert found(conn, query) == expected


def test_current_texts_come_before_old_ones_and_codes_before_orders(conn: sqlite3.Connection) -> None:
    assert found(conn, "счета") == [f"{CODE}/art_232-1/ru/1", f"{CODE}/art_205/ru/1"]
    assert found(conn, "счета", old=False) == [f"{CODE}/art_232-1/ru/1"]
    assert found(conn, "штраф")[0].startswith(CODE)


def test_language_and_act_narrow_the_search(conn: sqlite3.Connection) -> None:
    assert found(conn, "доступ", act_id=LAW) == [f"{LAW}/art_5/ru/1"]
    assert found(conn, "доступ", lang=Lang.KK) == []


def test_limit_and_offset_page_through_all_hits(conn: sqlite3.Connection) -> None:
    everything = found(conn, "доступ")
    pages = [search(conn, "доступ", limit=1, offset=at).hits[0].version_id for at in range(3)]
    assert pages == everything
    assert search(conn, "доступ", limit=1, offset=99).hits == ()


def test_matches_are_marked_in_heading_and_snippet_and_the_rest_is_escaped(conn: sqlite3.Connection) -> None:
    hit = search(conn, "доступ").hits[0]
    assert hit.heading_html == "Статья 205. <mark>Доступ</mark> к информации"
    assert "<mark>Доступ</mark> наказывается" in hit.snippet_html
    hit = search(conn, "айыппұл").hits[0]
    assert "<mark>айыппұлдарға</mark>" in hit.snippet_html


@pytest.mark.parametrize(
    ("query", "expected", "part"),
    [
        ("ст. 115-1 УК РК", f"{CODE}/art_115-1", None),
        ("статьи 115-1 Уголовного кодекса", f"{CODE}/art_115-1", None),
        ("ч. 2 ст. 205 УК РК", f"{CODE}/art_205", "2"),
        ("п. 1 ч. 2 ст. 205 УК РК", f"{CODE}/art_205", "2"),
        ("п.1 ч.2 ст.205 УК", f"{CODE}/art_205", "2"),
        ("подпункт 1) части 2 статьи 205 УК РК", f"{CODE}/art_205", "2"),
        ("ст. 205 ч. 2 п. 1 УК РК", f"{CODE}/art_205", "2"),
        ("пп. 1 п. 2 ст. 205 УК РК", f"{CODE}/art_205", "2"),
        ("ҚК 205-бабының 2-бөлігінің 1-тармағы", f"{CODE}/art_205", "2"),
        ("ҚК 205-бабы 2-бөлігінің 1-тармақшасы", f"{CODE}/art_205", "2"),
        ("ст.205 ч.2 УК", f"{CODE}/art_205", "2"),
        ("ст. 115 – 1 УК РК", f"{CODE}/art_115-1", None),
        ("УК 205", f"{CODE}/art_205", None),
        ("ҚК 232-1-бабы", f"{CODE}/art_232-1", None),
        ("ҚР ҚК-нің 205-бабының 2-бөлігі", f"{CODE}/art_205", "2"),
        ("Қылмыстық кодекстің 205-бабы", f"{CODE}/art_205", None),
        ("K1400000226 115-1", f"{CODE}/art_115-1", None),
        ("k1400000226/art_115-1", f"{CODE}/art_115-1", None),
        ("art_232-1 УК РК", f"{CODE}/art_232-1", None),
        ("ст. 205 № 226-V", f"{CODE}/art_205", None),
        ("ст. 115¹ УК РК", f"{CODE}/art_115-1", None),
    ],
)
def test_citations_resolve_and_come_first(
    conn: sqlite3.Connection, query: str, expected: str, part: str | None
) -> None:
    (citation, *_) = resolve_citation(conn, query, load_registry())
    assert (citation.article_id, citation.part, citation.exact) == (expected, part, True)
    assert search(conn, query, registry=load_registry()).hits[0].article_id == expected


def test_a_bare_number_names_every_article_of_that_number_in_the_order_of_the_registry(
    conn: sqlite3.Connection,
) -> None:
    named = resolve_citation(conn, "статья 5", load_registry())
    assert [citation.article_id for citation in named] == [f"{LAW}/art_5", f"{ORDER}/art_5"]
    assert not any(citation.exact for citation in named)


@pytest.mark.parametrize("query", ["штраф 205", "ст. 999 УК РК", "уголовный", "5 лет", "", "ст."])
def test_what_is_no_citation_of_something_held_resolves_to_no_article(conn: sqlite3.Connection, query: str) -> None:
    assert [one for one in resolve_citation(conn, query, load_registry()) if one.article_id] == []


def test_an_act_alone_is_a_citation_of_the_act(conn: sqlite3.Connection) -> None:
    (citation,) = resolve_citation(conn, "УК РК", load_registry())
    assert (citation.act_id, citation.article_id) == (CODE, None)


HOSTILE = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"'()*:^{}+-,;%_\\/<>ANDORNEAR«»“”\x00\n"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=HOSTILE)
def test_any_string_is_a_valid_query(conn: sqlite3.Connection, query: str) -> None:
    results = search(conn, query, registry=load_registry())
    assert results.total >= len(results.hits)
    for hit in results.hits:
        assert "".join(part.text for part in hit.heading) is not None


@given(st.text(max_size=40), st.sampled_from(Lang))
def test_a_word_and_its_folded_form_have_one_stem(word: str, lang: Lang) -> None:
    assert stem(fold_word(word), lang) == stem(word, lang)


def test_the_index_holds_one_token_per_word() -> None:
    assert index_text("Статья 115–1. Сталкинг, №210-VIII", Lang.RU) == "стат 115-1 сталкинг 210 viii"


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (("бап", "баптың", "бабы", "бабының", "баптар", "баптарда"), "бап"),
        (("бөлік", "бөлігі", "бөліктің", "бөліктері"), "бөлік"),
        (("шот", "шоты", "шотын", "шоттар", "шоттан"), "шот"),
        (("айыппұл", "айыппұлға", "айыппұлдар", "айыппұлдарды"), "айыппұл"),
    ],
)
def test_forms_of_a_kazakh_noun_have_one_stem(forms: tuple[str, ...], expected: str) -> None:
    assert {kazakh_stem(form) for form in forms} == {expected}


def test_sql_can_use_the_words_of_a_query(db: Path) -> None:
    with closing(open_database(db)) as connection:
        register_functions(connection)
        rows = connection.execute(
            "SELECT d.version_id FROM search_fts JOIN search_docs d ON d.id = search_fts.rowid"
            " WHERE search_fts MATCH search_match('дроппером', 'ru')"
        ).fetchall()
    assert [row[0] for row in rows] == [f"{CODE}/art_232-1/ru/1"]
    assert match_expression("…") is None


def test_an_act_that_is_written_again_leaves_no_word_of_its_old_text_in_the_index(db: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "lawdiff.db"
    shutil.copy(db, copy)
    with Writer(copy) as writer:
        with writer.transaction():
            new = [version(LAW, "5", Lang.RU, 1, "Статья 5. Иное", "Совсем другие слова.")]
            writer.replace_act(rows_of(records(LAW, new), load_registry()), ("", "", ""))
        writer.finish()
    with closing(open_database(copy)) as connection:
        assert found(connection, "сбор") == []
        assert found(connection, "иное") == [f"{LAW}/art_5/ru/1"]
        connection.execute("SELECT * FROM search_vocabulary").fetchall()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("INSERT INTO search_fts (search_fts) VALUES ('integrity-check')")


def test_a_question_that_fits_too_many_texts_has_a_lower_bound_and_its_headings_first(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = search(conn, "штраф доступ", lang=Lang.RU)
    assert (exact.total, exact.more) == (3, False)
    monkeypatch.setattr(store_search, "_MOST_COUNTED", 2)
    monkeypatch.setattr(store_search, "_MOST_RANKED", 1)
    bounded = search(conn, "доступ", lang=Lang.RU)
    assert bounded.more and bounded.total == 1
    assert bounded.hits[0].version_id == f"{CODE}/art_205/ru/2"
    assert not search(conn, "дропперы", lang=Lang.RU).more


@given(st.text(st.sampled_from("абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіABCaceoxp-"), min_size=1, max_size=14))
@settings(max_examples=300)
def test_a_word_begins_as_its_stem_does_but_for_the_last_letter(word: str) -> None:
    for part in WORD.findall(word):
        for lang in Lang:
            assert compared(part).startswith(compared(stem(part, lang)[:-1])), (part, stem(part, lang))
            assert hits_in(f"– {part}, –", lang, [Term((stem(part, lang),))]) == [(2, 2 + len(part))]


def test_where_no_text_holds_every_word_those_that_hold_most_are_found(conn: sqlite3.Connection) -> None:
    some = search(conn, "дропперам штраф невиданное", lang=Lang.RU)
    assert (some.partial, some.total) == (True, 1)
    assert some.hits[0].version_id == f"{CODE}/art_232-1/ru/1", "the rarer word decides"
    together = search(conn, "штраф доступ невиданное", lang=Lang.RU)
    assert {hit.version_id for hit in together.hits} == {
        hit.version_id for hit in search(conn, "штраф доступ", lang=Lang.RU).hits
    }
    assert not search(conn, "штраф доступ", lang=Lang.RU).partial
    assert search(conn, "невиданное неслыханное").total == 0
