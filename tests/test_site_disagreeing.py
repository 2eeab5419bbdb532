"""Facts of divergences in the reader's language."""

from __future__ import annotations

import re

import pytest

from lawdiff import terms
from lawdiff.divergences.facts import _REFERENCED, dates_in, numbers_in
from lawdiff.model import Lang
from lawdiff.site.catalogue import UI_LANGS, Interface
from lawdiff.site.disagreeing import told
from lawdiff.site.labels import attribution_details, laws_remarked, place_label


@pytest.mark.parametrize(
    ("kind", "fact", "ru", "en"),
    [
        ("sanction", "fine ..200 mci (alternative)", "штраф до 200 МРП", "fine up to 200 MCI"),
        (
            "number",
            "imprisonment 2..7 years (alternative)",
            "лишение свободы от 2 до 7 лет",
            "imprisonment 2 to 7 years",
        ),
        (
            "sanction",
            "deprivation_of_right ..10 years (optional) in case of part_3__point_2",
            "может быть добавлено: лишение права до 10 лет (часть 3, пункт 2)",
            "may be added: loss of a right up to 10 years (part 3, point 2)",
        ),
        (
            "sanction",
            "deprivation_of_right life (additional)",
            "дополнительно: лишение права пожизненно",
            "in addition: loss of a right for life",
        ),
        ("sanction", "confiscation (additional)", "дополнительно: конфискация", "in addition: confiscation"),
        ("number", "5 years", "5 лет", "5 years"),
        ("number", "30 minutes", "30 минут", "30 minutes"),
        ("term", "information system", "информационная система", "information system"),
        ("reference", "art_99", "статья 99", "article 99"),
        ("reference", "part_2", "часть 2", "part 2"),
        ("missing_unit", "part_2__point_3", "часть 2, пункт 3", "part 2, point 3"),
        ("date", "2015-01-01", "01.01.2015", "01.01.2015"),
        ("lag", "text changed on 2019-01-10", "текст изменён 10.01.2019", "text changed on 10.01.2019"),
        (
            "law",
            "210-VIII of 2025-07-16: restated art_208__part_1",
            "Закон № 210-VIII от 16.07.2025: изложить в новой редакции (статья 208, часть 1)",
            "Law No. 210-VIII of 16.07.2025: restated (article 208, part 1)",
        ),
        ("sanction", "a fact that nobody wrote so", "a fact that nobody wrote so", "a fact that nobody wrote so"),
    ],
)
def test_a_fact_is_said_in_the_words_of_the_reader(kind: str, fact: str, ru: str, en: str) -> None:
    assert told(kind, fact, Interface("ru")) == ru
    assert told(kind, fact, Interface("en")) == en
    assert ru == fact or told(kind, fact, Interface("kk")) not in (fact, "")


def test_whatever_the_comparison_reads_of_a_text_has_words_in_every_language() -> None:
    """The facts come from the readers themselves: a unit that one of them learns fails here without its text."""
    said = "штраф 200 МРП на срок до 5 лет, 3 месяца, 30 минут, 40 часов, 15 суток, 20 процентов, 1000 тенге"
    numbers = numbers_in(said, Lang.RU)
    assert {fact.split()[1] for fact in numbers} == {
        "mci", "years", "months", "minutes", "hours", "days", "percent", "tenge",
    }  # fmt: skip
    references = {f"{level}_7" for level in _REFERENCED}
    for ui in ("ru", "kk"):
        t = Interface(ui)
        for kind, facts in (("number", numbers), ("reference", references), ("date", dates_in("01.02.2015", Lang.RU))):
            for fact in facts:
                assert not re.search("[a-z]", told(kind, fact, t)), (ui, fact)
        for name, *_ in terms._TERMS:
            assert not re.search("[a-z]{4}", told("term", name, t)), (ui, name)


def test_a_place_is_named_or_left_as_it_is() -> None:
    t = Interface("ru")
    assert place_label("heading__art_205", t) == "заголовок, статья 205"
    assert place_label("art_205__part_2", t) == "статья 205, часть 2"
    assert place_label("notes", t) == "примечания"
    assert place_label("prt_2", t) == "prt_2"
    assert place_label("part", t) == "part"


@pytest.mark.parametrize("ui", UI_LANGS)
def test_a_remark_names_laws_as_people_do(ui: str) -> None:
    change = {"attribution_detail": "not seen in the diff: Z2500000210 amended heading__art_205", "lang": "ru"}
    assert laws_remarked(change) == ["Z2500000210"]
    ((said, lang),) = attribution_details(change, Interface(ui), {"Z2500000210": "N 210"})
    assert lang == ui
    assert "N 210" in said
    assert "Z25" not in said
    assert "art_" not in said
    quoted = {"attribution_detail": "could not read: Z2500000210", "lang": "ru"}
    assert laws_remarked(quoted) == []
