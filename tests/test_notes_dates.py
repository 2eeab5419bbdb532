# ruff: noqa: E501, SIM905 - a sentence of a table is one line
"""Dates, number words and phrases on entry into force, in both languages (FORMAT §5.2, §6, §7)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawdiff.dates import find_dates, in_force_date, read_date, read_force_phrase
from lawdiff.model import Lang
from lawdiff.numerals import find_numbers, read_number

RU, KK = Lang.RU, Lang.KK
PUBLISHED = date(2025, 7, 17)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("10.03.2017", date(2017, 3, 10)),
        ("1.2.2019", date(2019, 2, 1)),
        ("2007.07.06", date(2007, 7, 6)),
        ("31.08.95", date(1995, 8, 31)),
        ("02.01.21", date(2021, 1, 2)),
        ("30 июня 2021 года", date(2021, 6, 30)),
        ("2 марта 1998 г.", date(1998, 3, 2)),
        ("5 мая 2020", date(2020, 5, 5)),
        ("2017 жылғы 1 қаңтар", date(2017, 1, 1)),
        ("2008 жылғы 5 шілдедегі", date(2008, 7, 5)),
        ("2009 жылғы 1 қаңтардан", date(2009, 1, 1)),
        ("2016 жылғы 20 маусымдағы", date(2016, 6, 20)),
        ("08.06.2022г.", date(2022, 6, 8)),
    ],
)
def test_every_form_of_a_date_is_read(printed: str, day: date) -> None:
    assert read_date(f"от {printed} № 1") == day


@pytest.mark.parametrize("printed", ["31.02.2020", "2020.13.01", "00.00.2000", "31 июня 2021 года"])
def test_a_day_that_does_not_exist_is_found_and_has_no_date(printed: str) -> None:
    text = f"от {printed} №"
    (span,) = find_dates(text)
    assert (span.on, text[span.start : span.end]) == (None, printed)


@pytest.mark.parametrize("printed", ["1.50.", "12.34.56.78", "№ 10.03", "1.8.5.", "2017.3"])
def test_numbers_of_items_are_no_dates(printed: str) -> None:
    assert find_dates(printed) == ()


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_a_date_survives_every_form(day: date) -> None:
    months = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
    kk = "қаңтардағы ақпандағы наурыздағы сәуірдегі мамырдағы маусымдағы шілдедегі тамыздағы қыркүйектегі қазандағы".split()
    kk += ["қарашадағы", "желтоқсандағы"]
    forms = [
        day.strftime("%d.%m.%Y"),
        day.strftime("%Y.%m.%d"),
        day.strftime("%d.%m.%y"),
        f"{day.day} {months[day.month - 1]} {day.year} года",
        f"{day.year} жылғы {day.day} {kk[day.month - 1]}",
    ]
    assert [read_date(form) for form in forms] == [day] * 5


@pytest.mark.parametrize(
    ("phrase", "lang", "on", "rule", "flags"),
    [
        ("вводится в действие с 01.07.2021", RU, date(2021, 7, 1), None, ()),
        ("вводится в действие с 1 января 2027 года", RU, date(2027, 1, 1), None, ()),
        ("01.07.2021 бастап қолданысқа енгізіледі", KK, date(2021, 7, 1), None, ()),
        ("2017 жылғы 1 қаңтардан бастап қолданысқа енгізіледі", KK, date(2017, 1, 1), None, ()),
        ("вводится в действие 01.01.2015", RU, date(2015, 1, 1), None, ("preposition_absent",)),
        ("вводится в действие c 08.06.2022", RU, date(2022, 6, 8), None, ()),  # Latin c
        ("вводится в действие со дня его первого официального опубликования", RU, None, ("publication", 0), ()),
        ("вводится в действие со дня его официального опубликования", RU, None, ("publication", 0), ()),
        ("алғашқы ресми жарияланған күнінен бастап қолданысқа енгізіледі", KK, None, ("publication", 0), ()),
        (
            "вводится в действие по истечении десяти (10) календарных дней после дня его первого официального "
            "опубликования", RU, None, ("days", 10), (),
        ),
        (
            "вводится в действие по истечении двадцати одного календарного дня после дня его первого официального "
            "опубликования", RU, None, ("days", 21), (),
        ),
        (
            "вводится в действие по истечении шестидесяти календарных дней после дня его официального опубликования",
            RU, None, ("days", 60), (),
        ),
        (
            "вводится в действие по истечении тридцати календарных дней после его официального опубликования",
            RU, None, ("days", 30), ("day_word_absent",),
        ),
        (
            "алғашқы ресми жарияланған күнінен кейін күнтізбелік жиырма бір күн өткен соң қолданысқа енгізіледі",
            KK, None, ("days", 21), (),
        ),
        (
            "алғашқы ресми жарияланған күнінен кейін күнтізбелік отыз күн өткен соң қолданысқа енгізіледі",
            KK, None, ("days", 30), (),
        ),
        (
            "вводится в действие по истечении трех месяцев после дня его первого официального опубликования",
            RU, None, ("months", 3), (),
        ),
        ("алғашқы ресми жарияланған күнінен кейін алты ай өткен соң қолданысқа енгізіледі", KK, None, ("months", 6), ()),
        (
            "вводится в действие по истечении одного года после дня его первого официального опубликования",
            RU, None, ("months", 12), (),
        ),
        (
            "вводится в действие по истечении десяти календарных дней со дня его опубликования",
            RU, None, None, ("ambiguous_start",),
        ),
        ("порядок введения в действие см. ст. 2", RU, None, None, ("see_article",)),
        (
            "вводится в действие после дня введения в действие соответствующих изменений и дополнений в Кодекс",
            RU, None, None, ("condition",),
        ),
        (
            "вводится в действие по истечении десяти рабочих дней после дня его первого официального опубликования",
            RU, None, None, ("working_days",),
        ),
        (
            "вводится в действие по истечении десяти (20) календарных дней после дня его официального опубликования",
            RU, None, None, ("numeral_disagrees",),
        ),
        (
            "алғашқы ресми жарияланған күнінен кейін күнтізбелік он күн өткен соң қолданысқа енгізілед",
            KK, None, ("days", 10), ("cut_short",),  # kaz art. 235, as printed
        ),
        (
            "вводится в действие по истечении 10 (десять) календарных дней после дня его официального опубликования",
            RU, None, ("days", 10), (),
        ),
        (
            "вводится в действие с 01.02.2020 и распространяется на отношения, возникшие с 01.01.2019",
            RU, date(2020, 2, 1), None, ("retroactive",),
        ),
        ("вводится в действие с 01.01.2020 до 01.01.2025", RU, date(2020, 1, 1), None, ("sunset",)),
        (
            "вводится в действие с 01.01.2020, абзацы второй и третий пункта 1 вводятся в действие с 01.07.2020",
            RU, date(2020, 1, 1), None, ("exception",),
        ),
        ("вводится в действие с 31.02.2021", RU, None, None, ("bad_date",)),
        ("вводится в действие с 01.01.2020 и с 01.07.2020", RU, None, None, ("several_dates",)),
    ],
)  # fmt: skip
def test_the_rule_table_of_entry_into_force(
    phrase: str, lang: Lang, on: date | None, rule: tuple[str, int] | None, flags: tuple[str, ...]
) -> None:
    read = read_force_phrase(phrase, lang)
    assert (read.on, read.rule, read.flags) == (on, rule, flags)


@pytest.mark.parametrize(
    ("rule", "published", "day"),
    [
        (("days", 10), PUBLISHED, date(2025, 7, 28)),  # P + 11
        (("days", 21), PUBLISHED, date(2025, 8, 8)),  # P + 22
        (("days", 60), PUBLISHED, date(2025, 9, 16)),  # P + 61: the law of 16.07.2025 № 210-VIII
        (("publication", 0), PUBLISHED, PUBLISHED),
        (("months", 6), date(2025, 8, 31), date(2026, 3, 1)),  # clipped to 28.02, then the next day
        (("months", 6), date(2023, 8, 31), date(2024, 3, 1)),  # leap year: 29.02, then the next day
        (("months", 1), date(2025, 1, 15), date(2025, 2, 16)),
        (("months", 12), date(2024, 2, 29), date(2025, 3, 1)),
        (None, PUBLISHED, None),
        (("days", 10), None, None),
        (("days", 10**9), PUBLISHED, None),
    ],
)
def test_days_and_months_are_counted_from_publication(
    rule: tuple[str, int] | None, published: date | None, day: date | None
) -> None:
    assert in_force_date(rule, published) == day


def test_an_exception_is_kept_apart_from_the_rule() -> None:
    ru = read_force_phrase(
        "вводится в действие по истечении десяти календарных дней после дня его первого официального опубликования, "
        "за исключением пункта 3, который вводится в действие с 01.02.2030",
        RU,
    )
    assert (ru.rule, ru.on, ru.exception_on) == (("days", 10), None, date(2030, 2, 1))
    assert ru.exception_text == "за исключением пункта 3, который вводится в действие с 01.02.2030"
    kk = read_force_phrase(
        "01.02.2030 бастап қолданысқа енгізілетін 3-тармақты қоспағанда, алғашқы ресми жарияланған күнінен кейін "
        "күнтізбелік он күн өткен соң қолданысқа енгізіледі",
        KK,
    )
    assert (kk.rule, kk.on, kk.exception_on) == (("days", 10), None, date(2030, 2, 1))
    assert kk.exception_text == "01.02.2030 бастап қолданысқа енгізілетін 3-тармақты қоспағанда"


@pytest.mark.parametrize(
    ("phrase", "lang", "until", "flag"),
    [
        ("действие приостановлено до 31.12.2026", RU, date(2026, 12, 31), "suspended"),
        ("қолданылуы 2017 жылғы 1 қаңтарға дейін тоқтатыла тұрсын", KK, date(2017, 1, 1), "suspended"),
        ("действуют до 1 января 2027 года", RU, date(2027, 1, 1), "sunset"),
        ("2027 жылғы 1 қаңтарға дейін қолданылады", KK, date(2027, 1, 1), "sunset"),
    ],
)
def test_a_date_that_ends_something_is_not_one_that_starts_it(phrase: str, lang: Lang, until: date, flag: str) -> None:
    read = read_force_phrase(phrase, lang)
    assert (read.on, read.rule, read.until) == (None, None, until)
    assert flag in read.flags


@given(st.text(alphabet="пвсдо  чистеью01234567890.(),;«»\nқоланысғібс", max_size=200), st.sampled_from(Lang))
def test_no_phrase_at_all_makes_the_reader_fail(text: str, lang: Lang) -> None:
    read = read_force_phrase(text, lang)
    assert read.on is None or read.rule is None


@pytest.mark.parametrize(
    ("words", "lang", "value"),
    [
        ("двухсот", RU, 200), ("одной тысячи двухсот", RU, 1200), ("пятидесяти", RU, 50), ("двадцати одного", RU, 21),
        ("трёх", RU, 3), ("сорока восьми", RU, 48), ("двухсот сорока", RU, 240), ("двух тысяч", RU, 2000),
        ("ста двадцати пяти тысяч трехсот одного", RU, 125301), ("1 200", RU, 1200), ("двадцать первая", RU, 21),
        ("четырьмя тысячами", RU, 4000), ("трех миллионов", RU, 3_000_000), ("восьмидесяти", RU, 80),
        ("екі жүз", KK, 200), ("бір мың екі жүз", KK, 1200), ("елу", KK, 50), ("жиырма бір", KK, 21), ("мың", KK, 1000),
        ("он сегіз", KK, 18), ("жүз сексен", KK, 180), ("үш мыңға", KK, 3000), ("екi жүз", KK, 200),  # Latin i
        ("он бірінші", KK, 11), ("екіден", KK, 2), ("100 мың", KK, 100_000),
    ],
)  # fmt: skip
def test_number_words_are_read_in_both_languages(words: str, lang: Lang, value: int) -> None:
    assert read_number(words, lang) == value


@pytest.mark.parametrize(
    ("text", "lang", "values"),
    [
        ("от трех до пяти лет", RU, [3, 5]),
        ("двух пяти", RU, [2, 5]),
        ("десяти двух", RU, [10, 2]),
        ("части второй и третьей", RU, [2, 3]),
        ("үш жылдан бес жылға дейін", KK, [3, 5]),
        ("үш жүзден жеті жүзге дейін", KK, [300, 700]),
        ("бір жүз алпыс", KK, [160]),
        ("полутора лет", RU, []),
        ("стать стороны семьи", RU, []),
        ("ба п", KK, []),
    ],
)
def test_two_numbers_stay_two_and_other_words_are_none(text: str, lang: Lang, values: list[int]) -> None:
    assert [number.value for number in find_numbers(text, lang)] == values


def _ru_words(value: int) -> str:
    """A genitive spelling made here, apart from the tables of the reader."""
    ones = ["", "одного", "двух", "трех", "четырех", "пяти", "шести", "семи", "восьми", "девяти"]
    teens = "десяти одиннадцати двенадцати тринадцати четырнадцати пятнадцати шестнадцати семнадцати".split()
    teens += ["восемнадцати", "девятнадцати"]
    tens = ["", "", "двадцати", "тридцати", "сорока", "пятидесяти", "шестидесяти", "семидесяти", "восьмидесяти"]
    tens += ["девяноста"]
    hundreds = ["", "ста", "двухсот", "трехсот", "четырехсот", "пятисот", "шестисот", "семисот", "восьмисот"]
    hundreds += ["девятисот"]
    thousands, rest = divmod(value, 1000)
    words = [] if not thousands else [_ru_words(thousands).replace("одного", "одной"), "тысяч"]
    words.append(hundreds[rest // 100])
    words += [teens[rest % 100 - 10]] if 10 <= rest % 100 < 20 else [tens[rest % 100 // 10], ones[rest % 10]]
    return " ".join(word for word in words if word)


def _kk_words(value: int) -> str:
    ones = ["", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"]
    tens = ["", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"]
    thousands, rest = divmod(value, 1000)
    words = [] if not thousands else [_kk_words(thousands), "мың"]
    words += ["" if rest < 200 else ones[rest // 100], "жүз" if rest >= 100 else ""]
    words += [tens[rest % 100 // 10], ones[rest % 10]]
    return " ".join(word for word in words if word)


@given(st.integers(1, 999_999))
def test_every_number_spelt_out_is_read_back(value: int) -> None:
    assert read_number(_ru_words(value), RU) == value
    assert read_number(_kk_words(value), KK) == value
