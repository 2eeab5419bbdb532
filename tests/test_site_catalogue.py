"""The interface texts: complete in three languages, equal placeholders, and every text that is asked for exists."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from lawdiff.datamodel import TYPES
from lawdiff.model import Action, Attribution, Op, State, Verdict, Weight
from lawdiff.resources import site_path
from lawdiff.site.catalogue import FORMS, UI_LANGS, CatalogueError, Interface, catalogue, choose_ui, plural
from lawdiff.site.described import Described, all_sentences, sentences
from lawdiff.site.metadata import site_metadata

USES = re.compile(r"""\bt(?:\.n)?\(\s*["'](?P<key>[a-z]+\.\w+)["']\s*[,)]""")
NAMED = re.compile(r"`[^`]+`")
QUOTED = re.compile(r"""["'](?P<key>(?:nav|missing|situation|feeds)\.\w+)["']""")


def forms(entry: str | list[str]) -> list[str]:
    return entry if isinstance(entry, list) else [entry]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def asked_for() -> set[str]:
    sources = [
        *site_path("templates").glob("*.html"),
        *Path("lawdiff/site").glob("*.py"),
        *site_path("plugins").glob("*.py"),
    ]
    found: set[str] = set()
    for source in sources:
        text = source.read_text(encoding="utf-8")
        found |= {match["key"] for pattern in (USES, QUOTED) for match in pattern.finditer(text)}
    return found


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_every_text_is_there_in_three_languages_with_the_same_placeholders(key: str) -> None:
    texts = catalogue()[key]
    assert set(texts) == set(UI_LANGS)
    wanted = placeholders(forms(texts["ru"])[0])
    for lang in UI_LANGS:
        for form in forms(texts[lang]):
            assert form.strip(), f"{key} is empty in {lang}"
            assert placeholders(form) == wanted, f"{key} in {lang} has other placeholders"
        if isinstance(texts[lang], list):
            assert len(texts[lang]) == FORMS[lang], f"{key} in {lang} needs {FORMS[lang]} forms"


def test_every_text_that_a_page_asks_for_exists() -> None:
    asked = asked_for()
    assert len(asked) > 150
    assert asked - set(catalogue()) == set()


def test_every_table_column_and_prepared_question_is_described_in_every_language() -> None:
    metadata = site_metadata(site_path("metadata.yml"))
    queries = metadata["databases"]["lawdiff"]["queries"].values()
    wanted = {
        "rows and columns": all_sentences(),
        "types": {text.partition(",")[0] for text in TYPES.values()},
        "questions": {query[name] for query in queries for name in ("title", "description")},
        "parameters": {name for query in queries for name in query.get("params", ())},
    }
    found = sentences()
    for section, english in wanted.items():
        assert english == set(found[section]), section  # one that nobody says any more misleads a translator, too
    for section, texts in found.items():
        for english, told in texts.items():
            assert set(told) == ({"ru", "kk", "en"} if section == "parameters" else {"ru", "kk"}), english
            for text in told.values():
                assert text.strip(), english
                assert placeholders(text) == placeholders(english if section != "parameters" else "")
                if section == "rows and columns":
                    assert set(NAMED.findall(text)) == set(NAMED.findall(english)), english


def test_a_description_reads_as_a_sentence_of_its_language() -> None:
    assert Described("ru").table("acts") == "Строка: правовой акт, без привязки к языку."
    assert Described("en").table("acts") == "A row is an act of law, free of language."
    assert Described("kk").column("changes", "op").startswith("не болды (added, amended, excluded")
    assert "`" not in str(Described("ru").columns("articles"))
    assert Described("ru").parameter("act") == "Акт, например K1400000226"
    assert (Described("ru").table("nothing"), Described("ru").column("acts", "nothing")) == ("", "")


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("op.", Op), ("action.", Action), ("state.", State), ("verdict.", Verdict), ("weight.", Weight),
        ("attribution.", Attribution), ("attribution.name_", Attribution), ("attribution.short_", Attribution),
    ],
)  # fmt: skip
def test_every_word_of_the_model_has_a_text(prefix: str, values: type) -> None:
    assert [value for value in values if f"{prefix}{value}" not in catalogue()] == []


def test_a_missing_text_is_an_error_that_names_key_and_language() -> None:
    with pytest.raises(CatalogueError, match=r"no\.such.*kk.*interface\.toml"):
        Interface("kk")("no.such")


@pytest.mark.parametrize(
    ("number", "index"),
    [(1, 0), (21, 0), (101, 0), (2, 1), (4, 1), (22, 1), (5, 2), (11, 2), (12, 2), (14, 2), (111, 2), (0, 2)],
)
def test_russian_numbers_choose_their_form(number: int, index: int) -> None:
    assert plural("ru", number) == index


def test_dates_are_written_as_people_write_them() -> None:
    assert Interface("ru").day("2025-09-16").replace("\u00a0", " ") == "16 сентября 2025 г."
    assert Interface("kk").day("2025-09-16").replace("\u00a0", " ") == "2025 ж. 16 қыркүйек"
    assert Interface("en").day("2025-09-16").replace("\u00a0", " ") == "16 September 2025"
    assert Interface("ru").month("2026-05") == "май 2026"
    assert Interface("ru").day(None) == "—"


@pytest.mark.parametrize(
    ("wish", "cookie", "accept", "chosen"),
    [
        (None, None, None, "ru"),
        ("kk", "en", "ru", "kk"),
        ("xx", "en", "ru", "en"),
        (None, None, "de, kk;q=0.8, en;q=0.9", "en"),
        (None, None, "kk-KZ,kk;q=0.9", "kk"),
        (None, "<script>", "x;q=y", "ru"),
    ],
)
def test_the_reader_s_language_is_the_wish_then_the_memory_then_the_browser_s(
    wish: str | None, cookie: str | None, accept: str | None, chosen: str
) -> None:
    assert choose_ui(wish, cookie, accept) == chosen


def test_a_sentence_with_a_date_at_its_end_has_one_full_stop() -> None:
    t = Interface("ru")
    assert t("situation.checked", date=t.day("2026-11-21")).endswith("г.")
    assert ".." not in t("situation.checked", date=t.day("2026-11-21"))
