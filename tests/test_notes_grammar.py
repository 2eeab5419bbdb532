# ruff: noqa: E501 - a sentence of a table is one line
"""Every phrase of the notes' vocabulary, on sentences of our own (FORMAT §5.2-5.6, §6): reading is grammar, not a list."""

from __future__ import annotations

from datetime import date

import pytest

from lawdiff.model import Action, Lang, NoteKind, NoteLink, Reading
from lawdiff.notes import classify_note, is_normative, read_note

RU, KK = Lang.RU, Lang.KK
TEN = "вводится в действие по истечении десяти календарных дней после дня его первого официального опубликования"
TEN_KK = "алғашқы ресми жарияланған күнінен кейін күнтізбелік он күн өткен соң қолданысқа енгізіледі"


def short(reading: Reading) -> tuple[str, str | None, str | None, list[tuple[str, str | None, str]]]:
    """(action, unit, container, [(day, number, action)]) of a reading."""
    laws = [(str(law.adopted_on), law.number, law.action.value) for law in reading.laws]
    return reading.action.value, reading.unit, reading.container, laws


@pytest.mark.parametrize(
    ("text", "kind", "action", "unit", "container", "laws"),
    [
        ("Сноска. Статья 611 с изменением, внесенным Законом РК от 06.07.2007 N 279.",
         "amendment", "amended", "art_611", None, [("2007-07-06", "279", "amended")]),
        (f"Сноска. Статья 12-1 с изменениями, внесенными Законами РК от 22.04.2015 № 308-V ({TEN}); "
         "от 29.06.2020 № 351-VI (вводится в действие с 01.07.2021).",
         "amendment", "amended", "art_12-1", None,
         [("2015-04-22", "308-V", "amended"), ("2020-06-29", "351-VI", "amended")]),
        ("Сноска. Статья 701 с изменениями и дополнениями, внесенными законом РК от 22.04.2015 № 308-V.",
         "amendment", "amended", "art_701", None, [("2015-04-22", "308-V", "amended")]),
        ("Сноска. Статья 168 в редакции Закона РК от 01.02.2019 № 5-VI.",
         "amendment", "restated", "art_168", None, [("2019-02-01", "5-VI", "restated")]),
        ("Сноска. Статья 157 - в редакции Закона РК от 01.02.2019 № 5-VI.",
         "amendment", "restated", "art_157", None, [("2019-02-01", "5-VI", "restated")]),
        ("Сноска. Статья 4 – в редакции Закона РК от 01.02.2019 № 5-VI.",
         "amendment", "restated", "art_4", None, [("2019-02-01", "5-VI", "restated")]),
        ("Сноска. Статья 9 изложена в новой редакции Законом РК от 01.02.2019 № 5-VI.",
         "amendment", "restated", "art_9", None, [("2019-02-01", "5-VI", "restated")]),
        ("Сноска. Глава 31 дополнена статьей 164-7 Законом РК от 06.07.2007 N 279; с изменениями, внесенными законами "
         "РК от 20.07.2011 № 464-IV; от 24.05.2018 № 156-VI.",
         "amendment", "added", "art_164-7", "chp_31",
         [("2007-07-06", "279", "added"), ("2011-07-20", "464-IV", "amended"), ("2018-05-24", "156-VI", "amended")]),
        ("Сноска. Конституция дополнена статьей 94-9 в соответствии с Законом РК от 17.09.2022 № 142-VII.",
         "amendment", "added", "art_94-9", "act", [("2022-09-17", "142-VII", "added")]),
        ("Сноска. Закон дополнен главой 52-4 в соответствии с Законом РК от 21.11.2024 № 136-VIII.",
         "amendment", "added", "chp_52-4", "act", [("2024-11-21", "136-VIII", "added")]),
        ("Сноска. Глава 14 дополнена параграфом 3-1 в соответствии с Законом РК от 21.11.2024 № 136-VIII.",
         "amendment", "added", "chp_14__subchp_3-1", "chp_14", [("2024-11-21", "136-VIII", "added")]),
        ("Сноска. Статья 171 исключена Законом РК от 20.07.2011 № 464-IV.",
         "amendment", "excluded", "art_171", None, [("2011-07-20", "464-IV", "excluded")]),
        ("Сноска. Параграф 5 исключен Законом РК от 20.07.2011 № 464-IV.",
         "amendment", "excluded", "subchp_5", None, [("2011-07-20", "464-IV", "excluded")]),
        ("Сноска. Глава 77 исключена Законом РК от 31.10.2015 № 378-V (вводится в действие с 01.01.2016).",
         "amendment", "excluded", "chp_77", None, [("2015-10-31", "378-V", "excluded")]),
        ("Сноска. Раздел IІ исключен Законом РК от 31.10.2015 № 378-V.",  # Latin I and Cyrillic І
         "amendment", "excluded", "sec_2", None, [("2015-10-31", "378-V", "excluded")]),
        ("Сноска. Подраздел 2 исключен Законом РК от 31.10.2015 № 378-V.",
         "amendment", "excluded", "subsec_2", None, [("2015-10-31", "378-V", "excluded")]),
        ("Сноска. Заголовок статьи 164 с изменением, внесенным Законом РК от 31.10.2015 № 378-V.",
         "amendment", "amended", "heading__art_164", None, [("2015-10-31", "378-V", "amended")]),
        ("Сноска. Заголовок главы 21 в редакции Закона РК от 31.10.2015 № 378-V.",
         "amendment", "restated", "heading__chp_21", None, [("2015-10-31", "378-V", "restated")]),
        ("Пункт 1 статьи 308 дополнен абзацем вторым - Закон РК от 2 марта 1998 г. № 211",
         "amendment", "added", "art_308__part_1__para_2", "art_308__part_1", [("1998-03-02", "211", "added")]),
        ("Сноска. Подпункт 3) пункта 2 статьи 8 исключен Законом РК от 2 марта 1998 г. № 211.",
         "amendment", "excluded", "art_8__part_2__point_3", None, [("1998-03-02", "211", "excluded")]),
        ("Сноска. Часть третья статьи 8 в редакции Закона РК от 2 марта 1998 г. № 211.",
         "amendment", "restated", "art_8__part_3", None, [("1998-03-02", "211", "restated")]),
        ("Сноска. Статья 8 дополнена частью четвертой Законом РК от 2 марта 1998 г. № 211.",
         "amendment", "added", "art_8__part_4", "art_8", [("1998-03-02", "211", "added")]),
        ("Сноска. Преамбула в редакции Закона РК от 01.02.2019 № 5-VI.",
         "amendment", "restated", "preamble", None, [("2019-02-01", "5-VI", "restated")]),
        ("Сноска. Оглавление исключено Законом РК от 29.06.2021 № 58-VII.",
         "amendment", "excluded", "contents", None, [("2021-06-29", "58-VII", "excluded")]),
        ("Сноска. Приложение 2 с изменениями, внесенными Законом РК от 29.06.2021 № 58-VII.",
         "amendment", "amended", "annex_2", None, [("2021-06-29", "58-VII", "amended")]),
        ("Сноска. Статья 12 утратила силу Законом РК от 29.06.2021 № 58-VII.",
         "amendment", "repealed", "art_12", None, [("2021-06-29", "58-VII", "repealed")]),
        ("Сноска. Раздел 9 действовал до 01.01.2019 в соответствии с Законом РК от 25.12.2017 № 121-VI.",
         "amendment", "expired", "sec_9", None, [("2017-12-25", "121-VI", "expired")]),
        ("Сноска. Статья 5 в редакции Указа Президента РК, имеющего силу Закона, № 2447 от 31.08.95.",
         "amendment", "restated", "art_5", None, [("1995-08-31", "2447", "restated")]),
        ("Сноска. Глава 7-1 введена Законом РК от 5 июля 2000 г. N 75.",
         "amendment", "added", "chp_7-1", "act", [("2000-07-05", "75", "added")]),
        ("Сноска. В статью 5 внесены изменения - Законом РК от 10 июля 1998 г. N 283, от 29 марта 2000 г. N 42.",
         "amendment", "amended", "art_5", None, [("1998-07-10", "283", "amended"), ("2000-03-29", "42", "amended")]),
        ("Сноска. Заголовок Закона в редакции Конституционного закона РК от 10.07.2009 № 176-IV.",
         "amendment", "restated", "heading__act", None, [("2009-07-10", "176-IV", "restated")]),
        ("Ескерту. Заңның тақырыбы жаңа редакцияда - ҚР 2009.07.10 № 176-IV Заңымен.",
         "amendment", "restated", "heading__act", None, [("2009-07-10", "176-IV", "restated")]),
        ("Ескерту. 3-бап жаңа редакцияда – ҚР Цифрлық даму министрінің 12.10.2022 № 386/НҚ бұйрығымен.",
         "amendment", "restated", "art_3", None, [("2022-10-12", "386/НҚ", "restated")]),
        ("Сноска. Статья 5 в редакции Закона РК 30.12.2024 №.",
         "amendment", "restated", "art_5", None, [("2024-12-30", None, "restated")]),
        ("Сноска. Статья 5 с изменениями, внесенными законами РК от 08.06.2022 (вводится в действие c 08.06.2022); . от "
         "30 июня 2021 года № 59-VII.\\",
         "amendment", "amended", "art_5", None, [("2022-06-08", None, "amended"), ("2021-06-30", "59-VII", "amended")]),
        ("Сноска. Статья 5 с изменением, внесенным Законом РК от 12.07.2018 № 180-VІ.",  # Cyrillic І
         "amendment", "amended", "art_5", None, [("2018-07-12", "180-VI", "amended")]),
        ("Сноска. Статья 5 с изменением, внесенным Законом РК от 06.07.2007 № \n 154.",
         "amendment", "amended", "art_5", None, [("2007-07-06", "154", "amended")]),
        ("Примечание ИЗПИ!\nВ статью 31 предусматривается изменение Законом РК от 11.06.2026 № 306-VIII (вводится в "
         "действие с 01.07.2026).",
         "future", "amended", "art_31", None, [("2026-06-11", "306-VIII", "amended")]),
        ("Статья 46 предусматривается в редакции Закона РК от 11.06.2026 № 306-VIII (вводится в действие с 01.01.2030).",
         "future", "restated", "art_46", None, [("2026-06-11", "306-VIII", "restated")]),
        ("Статью 46 предусматривается исключить Законом РК от 11.06.2026 № 306-VIII (вводится в действие с 01.01.2030).",
         "future", "excluded", "art_46", None, [("2026-06-11", "306-VIII", "excluded")]),
        ("Главу 4 предусматривается дополнить статьей 46-1 в соответствии с Законом РК от 11.06.2026 № 306-VIII (вводится "
         "в действие с 01.01.2030).",
         "future", "added", "art_46-1", "chp_4", [("2026-06-11", "306-VIII", "added")]),
        ("Примечание ИЗПИ!\nВ статью 46 предусмотрены изменения Законом РК от 11.06.2026 № 306-VIII (вводится в действие с 01.01.2030).",
         "future", "amended", "art_46", None, [("2026-06-11", "306-VIII", "amended")]),
        ("Статья 46 предусматривается дополнением пунктом 3 Законом РК от 11.06.2026 № 306-VIII (вводится в действие с 01.01.2030).",
         "future", "added", "art_46__part_3", "art_46", [("2026-06-11", "306-VIII", "added")]),
        ("ЗҚАИ-ның ескертпесі!\n46-бапты 3-тармақпен толықтыру көзделген - ҚР 11.06.2026 № 306-VIII Заңымен (01.01.2030 бастап "
         "қолданысқа енгізіледі).",
         "future", "added", "art_46__part_3", "art_46", [("2026-06-11", "306-VIII", "added")]),
        ("ЗҚАИ-ның ескертпесі!\n46-бап 01.01.2030 бастап қолданысқа енгізіледі - ҚР 11.06.2026 № 306-VIII Заңымен.",
         "deferred", "deferred", "art_46", None, [("2026-06-11", "306-VIII", "deferred")]),
        ("Ескерту. 6-баптың 2-тармағы 4) тармақшамен толықтырылды - ҚР 29.04.2009 № 154-IV Заңымен.",
         "amendment", "added", "art_6__part_2__point_4", "art_6__part_2", [("2009-04-29", "154-IV", "added")]),
        ("Ескерту. 5-бапқа өзгерістер мен толықтырулар енгізілді - ҚР Президентінің 1995.12.20 № 2700 Жарлығымен; ҚР 1997.07.08 "
         "№ 142-I Заңымен.",
         "amendment", "amended", "art_5", None, [("1995-12-20", "2700", "amended"), ("1997-07-08", "142-I", "amended")]),
        ("Сноска. Глава 7 (статьи 30 - 35) исключена Законом РК от 30.06.2025 № 204-VIII.",
         "amendment", "excluded", "chp_7", None, [("2025-06-30", "204-VIII", "excluded")]),
        ("Ескерту. 611-бапқа өзгеріс енгізілді - ҚР 2007.07.06 N 279 Заңымен.",
         "amendment", "amended", "art_611", None, [("2007-07-06", "279", "amended")]),
        (f"Ескерту. 65-бапқа өзгеріс енгізілді - ҚР 2007.07.06 N 279, 2011.03.01 N 414-IV ({TEN_KK}), 24.05.2018 № 156-VI "
         "Заңдарымен.",
         "amendment", "amended", "art_65", None,
         [("2007-07-06", "279", "amended"), ("2011-03-01", "414-IV", "amended"), ("2018-05-24", "156-VI", "amended")]),
        ("Ескерту. 68-бап жаңа редакцияда - ҚР 2007.07.06 N 279 Заңымен.",
         "amendment", "restated", "art_68", None, [("2007-07-06", "279", "restated")]),
        ("Ескерту. 70-бап алып тасталды - ҚР 20.07.2011 N 464-IV (2012.01.30 бастап қолданысқа енгізіледі) Заңымен.",
         "amendment", "excluded", "art_70", None, [("2011-07-20", "464-IV", "excluded")]),
        ("Ескерту. 31-тарау 171-3-баппен толықтырылды - ҚР 02.07.2014 № 225-V (01.01.2015 бастап қолданысқа енгізіледі); "
         "өзгерістер енгізілді - ҚР 30.09.2020 № 362-VI Заңымен.",
         "amendment", "added", "art_171-3", "chp_31",
         [("2014-07-02", "225-V", "added"), ("2020-09-30", "362-VI", "amended")]),
        ("Ескерту. Заң 5-1-баппен толықтырылды - ҚР 02.07.2014 № 225-V Заңымен.",
         "amendment", "added", "art_5-1", "act", [("2014-07-02", "225-V", "added")]),
        ("Ескерту. 64-1-баппен толықтырылды - ҚР 2007.07.06 N 279 Заңымен, өзгерістер енгізілді - ҚР 2011.07.20 N 464-IV "
         "Заңымен.",
         "amendment", "added", "art_64-1", "act", [("2007-07-06", "279", "added"), ("2011-07-20", "464-IV", "amended")]),
        ("Ескерту. 5-бап 3-тармақпен толықтырылды - ҚР 2007.07.06 N 279 Заңымен.",
         "amendment", "added", "art_5__part_3", "art_5", [("2007-07-06", "279", "added")]),
        ("Ескерту. 21-тараудың тақырыбына өзгерту енгізілді - ҚР 20.07.2011 N 464-IV Заңымен.",
         "amendment", "amended", "heading__chp_21", None, [("2011-07-20", "464-IV", "amended")]),
        ("Ескерту. 5-бөлiм алып тасталды - ҚР 2007.07.06 N 279 Заңымен.",  # Latin i
         "amendment", "excluded", "sec_5", None, [("2007-07-06", "279", "excluded")]),
        ("Ескерту. 3-параграф алып тасталды - ҚР 2007.07.06 N 279 Заңымен.",
         "amendment", "excluded", "subchp_3", None, [("2007-07-06", "279", "excluded")]),
        ("Ескерту. 108-баптың 1-тармағының 2) тармақшасы алып тасталды - ҚР 2007.07.06 N 279 Заңымен.",
         "amendment", "excluded", "art_108__part_1__point_2", None, [("2007-07-06", "279", "excluded")]),
        ("Ескерту. 122-бабы 2-тармағының төртінші абзацы жаңа редакцияда - ҚР 2007.07.06 N 279 Заңымен.",
         "amendment", "restated", "art_122__part_2__para_4", None, [("2007-07-06", "279", "restated")]),
        ("Ескерту. 5-баптың күші жойылды - ҚР 2008 жылғы 5 шілдедегі N 62-IV Заңымен.",
         "amendment", "repealed", "art_5", None, [("2008-07-05", "62-IV", "repealed")]),
        ("Ескерту. Кіріспеге өзгеріс енгізілді - Қазақстан Республикасының 2008 жылғы 5 шілдедегі № 62-IV Заңымен.",
         "amendment", "amended", "preamble", None, [("2008-07-05", "62-IV", "amended")]),
        ("ЗҚАИ-ның ескертпесі!\n3-бапқа өзгеріс енгізу көзделген - ҚР 11.06.2026 № 306-VIII Заңымен (01.07.2026 бастап "
         "қолданысқа енгізіледі).",
         "future", "amended", "art_3", None, [("2026-06-11", "306-VIII", "amended")]),
    ],
)  # fmt: skip
def test_each_phrase_of_the_vocabulary_reads(
    text: str, kind: str, action: str, unit: str, container: str | None, laws: list[tuple[str, str | None, str]]
) -> None:
    lang = KK if any(letter in text.lower() for letter in "қңұһғө") else RU
    (reading,) = read_note(text, lang)
    assert short(reading) == (action, unit, container, laws)
    assert classify_note(text, lang) == kind


@pytest.mark.parametrize(
    ("text", "lang", "target", "units"),
    [
        ("2) исключен Законом РК от 24.05.2018 № 156-VI;", RU, "art_9__part_4", ["art_9__part_4__point_2"]),
        ("2) исключен Законом РК от 24.05.2018 № 156-VI;", RU, "art_9__part_4__point_2", ["art_9__part_4__point_2"]),
        ("2-1) исключен Законом РК от 24.05.2018 № 156-VI;", RU, "art_9", ["art_9__point_2-1"]),
        ("16. Исключена Законом РК от 24.05.2018 № 156-VI.", RU, "art_9", ["art_9__part_16"]),
        ("5-1. исключен Законом РК от 24.05.2018 № 156-VI.", RU, "art_9__part_5", ["art_9__part_5-1"]),
        ("2. (исключен)", RU, "art_9", ["art_9__part_2"]),
        ("2. - 5. Исключены Законом РК от 24.05.2018 № 156-VI.", RU, "art_9", [f"art_9__part_{n}" for n in (2, 3, 4, 5)]),
        ("4 - 6. (исключены)", RU, "art_9", ["art_9__part_4", "art_9__part_5", "art_9__part_6"]),
        ("2) - 4) исключены Законом РК от 24.05.2018 № 156-VI;", RU, "art_9", [f"art_9__point_{n}" for n in (2, 3, 4)]),
        ("2) исключен Законом РК от 24.05.2018 № 156-VI;\n5) исключен Законом РК от 25.06.2019 № 200-VI;", RU, "art_9",
         ["art_9__point_2", "art_9__point_5"]),
        ("3) алып тасталды - ҚР 2007.07.06 N 279 Заңымен;", KK, "art_9__part_4", ["art_9__part_4__point_3"]),
        ("1. Алып тасталды - ҚР 11.07.2022 № 137-VII Заңымен.", KK, "art_9", ["art_9__part_1"]),
        ("Заголовок - в редакции Закона РК от 27.12.2021 № 88-VII.", RU, "art_475", ["heading__art_475"]),
        ("Подпункт 46) предусматривается в редакции Закона РК от 09.01.2026 № 256-VIII.", RU, "art_7__part_2",
         ["art_7__part_2__point_46"]),
        ("В подпункт 5) предусматривается изменение Законом РК от 09.01.2026 № 256-VIII.", RU, "art_7__part_2__point_5",
         ["art_7__part_2__point_5"]),
        ("7) тармақша жаңа редакцияда көзделген - ҚР 07.11.2014 № 248-V Заңымен.", KK, "art_99__part_1",
         ["art_99__part_1__point_7"]),
        ("Сноска. Параграф 3 исключен Законом РК от 29.06.2020 № 352-VI.", RU, "chp_14__subchp_3", ["chp_14__subchp_3"]),
        ("Сноска. Исключена Законом РК от 29.06.2020 № 352-VI.", RU, "art_14", ["art_14"]),
        ("Сноска. Пункты 1, 2-1 и 4 статьи 7 исключены Законом РК от 06.04.2024 № 71-VIII.", RU, "art_7",
         ["art_7__part_1", "art_7__part_2-1", "art_7__part_4"]),
        ("Ескерту. 8-баптың екінші және үшінші бөліктері жаңа редакцияда - ҚР 2011.07.20 N 464-IV Заңымен.", KK, "art_8",
         ["art_8__part_2", "art_8__part_3"]),
        ("Ескерту. Заң 5-1 және 5-2-баптармен толықтырылды - ҚР 2007.07.06 N 279 Заңымен.", KK, None, ["art_5-1", "art_5-2"]),
        ("Сноска. Пункт 3 в редакции приказа Министра РК от 12.10.2022 № 386/НҚ.", RU, "annex_1__point_3", ["annex_1__point_3"]),
        ("Сноска. Подпункт 5) пункта 3 в редакции приказа Министра РК от 12.10.2022 № 386/НҚ.", RU, "point_3", ["point_3__point_5"]),
        ("5) исключен приказом Министра РК от 12.10.2022 № 386/НҚ;", RU, "sec_2__point_3", ["sec_2__point_3__point_5"]),
        ("5) исключен приказом Министра РК от 12.10.2022 № 386/НҚ;", RU, "point_3__point_5", ["point_3__point_5"]),
        ("Статью 17 предусмотрено дополнить частями второй, третьей и четвертой Законом РК от 09.01.2026 № 256-VIII.", RU,
         "art_17", ["art_17__part_2", "art_17__part_3", "art_17__part_4"]),
    ],
)  # fmt: skip
def test_what_the_note_leaves_out_position_gives(text: str, lang: Lang, target: str | None, units: list[str]) -> None:
    assert [reading.unit for reading in read_note(text, lang, target=target)] == units


def test_two_claims_in_one_note_are_two_readings() -> None:
    text = (
        "Сноска. Заголовок статьи 6 в редакции Закона РК от 06.04.2024 № 71-VIII; статья 6 с изменениями, внесенными "
        "Законом РК от 06.05.2024 № 81-VIII."
    )
    assert [short(reading) for reading in read_note(text, RU)] == [
        ("restated", "heading__art_6", None, [("2024-04-06", "71-VIII", "restated")]),
        ("amended", "art_6", None, [("2024-05-06", "81-VIII", "amended")]),
    ]


def test_where_note_and_position_name_different_articles_position_decides_and_a_flag_tells() -> None:
    text = "В статью 1-2 предусматривается изменение Законом РК от 11.06.2026 № 306-VIII (вводится в действие с 01.07.2026)."
    (reading,) = read_note(text, RU, target="art_4-1")
    assert reading.unit == "art_4-1"
    assert "unit_contradicts_position" in reading.flags


def test_articles_that_are_added_are_never_taken_for_the_one_they_stand_at() -> None:
    text = "Сноска. Глава 8 дополнена статьями 35-1, 35-2 и 35-3 в соответствии с Законом РК от 12.07.2023 № 23-VIII."
    readings = read_note(text, RU, target="art_35-2")
    assert [(one.unit, one.container) for one in readings] == [
        ("art_35-1", "chp_8"), ("art_35-2", "chp_8"), ("art_35-3", "chp_8"),
    ]  # fmt: skip
    assert not any(one.flags for one in readings)


def test_a_point_named_inside_the_parenthesis_does_not_end_it() -> None:
    text = (
        "Сноска. Статья 5 с изменениями, внесенными законами РК от 28.12.2017 № 128-VI (вводится в действие с 10.01.2018; "
        "изменения в подпункты 1) и 3) пункта 2 вводятся в действие с 01.01.2019); от 12.07.2018 № 180-VІ (вводится в "
        "действие с 01.02.2019)."
    )
    (reading,) = read_note(text, RU)
    first, second = reading.laws
    assert (first.in_force_on, first.exception_on) == (date(2018, 1, 10), date(2019, 1, 1))
    assert (second.action, second.in_force_on) == (Action.AMENDED, date(2019, 2, 1))
    kk = (
        "Ескерту. 5-бапқа өзгерістер енгізілді - ҚР 28.12.2017 № 128-VI (01.01.2019 бастап қолданысқа енгізілетін 3) "
        "тармақшаны қоспағанда, 10.01.2018 бастап қолданысқа енгізіледі); 12.07.2018 № 180-VI (01.02.2019 бастап "
        "қолданысқа енгізіледі) заңдарымен."
    )
    (reading,) = read_note(kk, KK)
    assert [(law.in_force_on, law.exception_on) for law in reading.laws] == [
        (date(2018, 1, 10), date(2019, 1, 1)), (date(2019, 2, 1), None),
    ]  # fmt: skip


def test_a_note_with_two_headers_makes_two_claims_on_the_same_article() -> None:
    text = (
        "Примечание ИЗПИ!\nСтатья 9 предусмотрена в редакции Закона РК от 30.06.2025 № 204-VIII (вводится в действие с "
        "01.01.2027).\nПримечание ИЗПИ!\nВ статью 9 предусматриваются изменения Законом РК от 16.07.2025 № 210-VIII "
        "(вводится в действие с 16.09.2026)."
    )
    assert [short(reading)[:2] for reading in read_note(text, RU, target="art_9")] == [
        ("restated", "art_9"), ("amended", "art_9"),
    ]  # fmt: skip


def test_a_line_among_excluded_points_that_excludes_nothing_keeps_its_own_law() -> None:
    text = (
        "2) исключен Законом РК от 27.12.2019 № 292-VI (вводится в действие с 01.01.2020);\n3) действовал до 01.01.2021 в "
        "соответствии с Законом РК от 25.12.2017 № 121-VI;"
    )
    readings = read_note(text, RU, target="art_9__part_1")
    assert [short(reading) for reading in readings] == [
        ("excluded", "art_9__part_1__point_2", None, [("2019-12-27", "292-VI", "excluded")]),
        ("expired", "art_9__part_1__point_3", None, [("2017-12-25", "121-VI", "expired")]),
    ]
    assert readings[1].until == date(2021, 1, 1)


def test_an_amendment_of_one_language_names_the_other_as_unchanged() -> None:
    ru = "Сноска. В статью 29 внесено изменение на казахском языке, текст на русском языке не изменяется Законом РК от 21.05.2007 № 254-III."
    kk = "Ескерту. 29-бапқа орыс тілінде өзгеріс енгізілді, қазақ тіліндегі мәтіні өзгермейді - ҚР 2007.05.21 N 254-III Заңымен."
    assert "text_unchanged_in_ru" in read_note(ru, RU)[0].flags
    assert "text_unchanged_in_kk" not in read_note(ru, RU)[0].flags
    assert "text_unchanged_in_kk" in read_note(kk, KK)[0].flags
    assert short(read_note(ru, RU)[0])[:2] == ("amended", "art_29")


def test_replacements_throughout_the_text_are_pairs() -> None:
    text = (
        'Сноска. По всему тексту:\nслова "алая", "алой" и "алую" заменены соответственно словами "белая", "белой" и '
        '"белую";\nслова "лён; холст" и "сукно" заменены словом "ткань" в соответствии с Законом РК от 24.11.2015№ 419-V '
        "(вводится в действие с 01.01.2016)."
    )
    (reading,) = read_note(text, RU)
    assert (reading.action, reading.unit) == (Action.REPLACED_WORDS, "act")
    assert reading.replacements == (
        ("алая", "белая"), ("алой", "белой"), ("алую", "белую"), ("лён; холст", "ткань"), ("сукно", "ткань"),
    )  # fmt: skip
    assert classify_note(text, RU) is NoteKind.TEXT_WIDE
    assert reading.laws[0].in_force_on == date(2016, 1, 1)
    kk = 'Ескерту. Бүкіл мәтін бойынша "алма", "өрік" деген сөздер тиісінше "жүзім", "шие" деген сөздермен ауыстырылды - ҚР 24.11.2015 № 419-V Заңымен.'
    assert read_note(kk, KK)[0].replacements == (("алма", "жүзім"), ("өрік", "шие"))


def test_lists_of_replaced_words_that_do_not_match_are_not_paired_by_force() -> None:
    text = 'Сноска. По всему тексту слова "а", "б" и "в" заменены словами "г" и "д" Законом РК от 24.11.2015 № 419-V.'
    (reading,) = read_note(text, RU)
    assert reading.replacements == ()
    assert "replacements_unpaired" in reading.flags


def test_a_title_quoted_in_the_parenthesis_is_no_replacement() -> None:
    text = (
        'Сноска. По всему тексту слова "путник" и "путники" заменены соответственно словами "гость" и "гости" в '
        "соответствии с Законом РК от 13.05.2020 № 327-VI (вводится в действие после дня введения в действие "
        'соответствующих изменений в Кодекс РК "О пошлинах" (Кодекс о пошлинах)).'
    )
    (reading,) = read_note(text, RU)
    assert reading.replacements == (("путник", "гость"), ("путники", "гости"))
    assert reading.laws[0].in_force_rule is None
    assert "condition" in reading.flags


def test_a_future_replacement_throughout_the_text_is_a_future_change() -> None:
    text = 'По всему тексту слова "а" предусматриваются заменить словами "б" Законом РК от 09.01.2026 № 256-VIII (вводится в действие с 01.01.2030).'
    (reading,) = read_note(text, RU)
    assert (classify_note(text, RU), reading.action, reading.unit) == (NoteKind.FUTURE, Action.REPLACED_WORDS, "act")
    assert "future" in reading.flags


def test_deferred_text_keeps_its_condition_and_gets_no_date() -> None:
    text = (
        "Примечание РЦПИ!\nПодпункт 9) вводится в действие после введения в действие законодательного акта о ремеслах "
        "в соответствии с Кодексом РК от 29.10.2015 № 375-V."
    )
    (reading,) = read_note(text, RU, target="art_2__part_1")
    assert (reading.action, reading.unit, reading.in_force_on) == (Action.DEFERRED, "art_2__part_1__point_9", None)
    assert reading.in_force_text == "вводится в действие после введения в действие законодательного акта о ремеслах"
    assert classify_note(text, RU) is NoteKind.DEFERRED


@pytest.mark.parametrize(
    ("text", "lang", "until"),
    [
        ("Статью 71 предусмотрено дополнить частью второй в соответствии с Законом РК от 09.01.2026 № 256-VIII(действие "
         "приостановлено до 31.12.2026).", RU, date(2026, 12, 31)),
        ("Действие статьи 12 приостановлено до 01.01.2025 Законом РК от 06.04.2024 № 71-VIII.", RU, date(2025, 1, 1)),
        ("Ескерту. 12-баптың қолданылуы 2017 жылғы 1 қаңтарға дейін тоқтатыла тұрсын - ҚР 2016 жылғы 20 маусымдағы № 5-VI "
         "Заңымен.", KK, date(2017, 1, 1)),
    ],
)  # fmt: skip
def test_suspended_text_has_the_end_of_its_suspension(text: str, lang: Lang, until: date) -> None:
    assert classify_note(text, lang) is NoteKind.SUSPENDED
    (reading,) = read_note(text, lang)
    assert (reading.until, reading.in_force_on) == (until, None)


@pytest.mark.parametrize(
    ("text", "lang", "documents"),
    [
        ("Примечание. См. нормативные постановления Конституционного Суда РК от 11.07.2023 № 20-НП; от 29.05.2024 № 45-НП.",
         RU, [("2023-07-11", "20-НП"), ("2024-05-29", "45-НП")]),
        ("Нормативным постановлением Конституционного Суда РК от 03.10.2023 № 31-НП примечание статьи 14 Уголовного кодекса "
         "РК признано соответствующим Конституции Республики Казахстан.", RU, [("2023-10-03", "31-НП")]),
        ("Ескерту. Қазақстан Республикасы Конституциялық Сотының 22.05.2023 № 17-НП нормативтік қаулысын қараңыз.",
         KK, [("2023-05-22", "17-НП")]),
        ("Порядок введения в действие настоящего Кодекса см. ст. 848.", RU, []),
        ("Сноска. Вводится в действие в соответствии со статьей 467 настоящего Кодекса.", RU, []),
        ("Ескерту. Осы Кодекстің 467-бабына сәйкес қолданысқа енгізіледі.", KK, []),
    ],
)  # fmt: skip
def test_references_amend_nothing(text: str, lang: Lang, documents: list[tuple[str, str]]) -> None:
    assert classify_note(text, lang) is NoteKind.REFERENCE
    (reading,) = read_note(text, lang, target="art_14")
    assert reading.laws == ()
    assert [(str(one.adopted_on), one.number) for one in reading.documents] == documents


def test_a_ruling_names_the_note_that_it_judged() -> None:
    text = (
        "Нормативным постановлением Конституционного Суда РК от 03.10.2023 № 31-НП примечание статьи 14 Уголовного кодекса "
        "РК признано не соответствующим Конституции Республики Казахстан."
    )
    (reading,) = read_note(text, RU)
    assert (reading.action, reading.unit) == (Action.CONSTITUTIONAL_REVIEW, "art_14__note_1")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Вниманию пользователей!", RU),
        ("Примечание ИЗПИ! Для удобства пользования ИЗПИ создано СОДЕРЖАНИЕ", RU),
        ("Примечание РЦПИ!", RU),
        ("Қолданушылар назарына!", KK),
        ("Пайдаланушылар назарына! Қолданушыларға қолайлы болуы үшін ЗҚАИ мазмұнды жасады.", KK),
    ],
)
def test_service_text_is_told_from_notes(text: str, lang: Lang) -> None:
    assert classify_note(text, lang) is NoteKind.SERVICE


@pytest.mark.parametrize(
    ("text", "lang", "normative"),
    [
        ("Примечание. Лицо, сдавшее находку, получает награду.", RU, True),
        ("Примечания.", RU, True),
        ("Примечание ИЗПИ! Порядок введения в действие см. ст. 2", RU, False),
        ("Примечание. См. нормативное постановление Конституционного Суда РК от 22.05.2023 № 17-НП.", RU, False),
        ("Сноска. Статья 5 в редакции Закона РК от 01.02.2019 № 5-VI.", RU, False),
        ("Ескерту. Олжаны тапсырған адам сыйақы алады.", KK, True),
        (
            "Ескерту. Осы бапта көзделген сыйақы Қазақстан Республикасының заңдарымен белгіленген тәртіппен төленеді.",
            KK,
            True,
        ),
        ("Ескерту. 5-бап жаңа редакцияда - ҚР 2007.07.06 N 279 Заңымен.", KK, False),
        ("Ескерту. 5-бап алып тасталды.", KK, False),
        ("Ескерту. Осы Кодекстің 467-бабына сәйкес қолданысқа енгізіледі.", KK, False),
        ("1. Кім олжаны тапсырса, сыйақы алады.", KK, False),
    ],
)
def test_the_double_meaning_of_a_note_is_told_apart(text: str, lang: Lang, normative: bool) -> None:
    assert is_normative(text, lang) is normative


def linked(text: str, label: str, href: str) -> tuple[NoteLink, ...]:
    start = text.index(label)
    return (NoteLink(start, start + len(label), href),)


@pytest.mark.parametrize(
    ("text", "lang", "laws"),
    [
        (
            "Сноска. Статья 7 с изменениями, внесенными законами РК от 02.03.2019 №№ 231-VI, 232-VI (вводится в действие "
            "с 01.01.2020); от 05.05.2021 № 33-VII.",
            Lang.RU,
            [("231-VI", "2019-03-02", None), ("232-VI", "2019-03-02", "2020-01-01"), ("33-VII", "2021-05-05", None)],
        ),
        (
            "Сноска. Статья 7 с изменениями, внесенными законами РК от 02.03.2019 № 231-VI и № 232-VI.",
            Lang.RU,
            [("231-VI", "2019-03-02", None), ("232-VI", "2019-03-02", None)],
        ),
        (
            "Ескерту. 7-бапқа өзгерістер енгізілді - ҚР 02.03.2019 № 231-VI, № 232-VI Заңдарымен.",
            Lang.KK,
            [("231-VI", "2019-03-02", None), ("232-VI", "2019-03-02", None)],
        ),
        (  # the number before its own date belongs to that
            "Сноска. Статья 7 с изменениями, внесенными законами РК от 02.03.2019 № 231-VI, № 22 от 05.05.2021.",
            Lang.RU,
            [("231-VI", "2019-03-02", None), ("22", "2021-05-05", None)],
        ),
        (  # a number that no sign and no convocation marks is not one of a law
            "Сноска. Статья 7 с изменениями, внесенными Законом РК от 02.03.2019 № 231-VI, 15 и 16 абзацы.",
            Lang.RU,
            [("231-VI", "2019-03-02", None)],
        ),
    ],
)
def test_several_laws_of_one_day_share_its_date(text: str, lang: Lang, laws: list[tuple[str, str, str | None]]) -> None:
    found = [law for reading in read_note(text, lang) for law in reading.laws]
    assert [
        (law.number, str(law.adopted_on), str(law.in_force_on) if law.in_force_on else None) for law in found
    ] == laws


@pytest.mark.parametrize(
    ("number", "label", "href", "act_id", "disagrees"),
    [
        ("от 16.07.2025 № 210-VIII", "№ 210-VIII", "/rus/docs/Z2500000210#z12", "Z2500000210", False),
        ("от 21.05.2007 № 254-III", "№ 254-III", "https://adilet.zan.kz/rus/docs/Z070000254_#z0", "Z070000254_", False),
        ("от 30 июня 2021 года № 59-VII", "№ 59", "/rus/docs/Z2100000059#z1", "Z2100000059", False),
        ("от 08.06.2022", "08.06.2022", "/rus/docs/Z220000001K#z1", "Z220000001K", False),
        ("от 30.06.2025 № 196-VIII", "№ 196-VIII", "/rus/docs/Z2500000194#z1", "Z2500000194", True),
        ("от 30.06.2024 № 194-VIII", "№ 194-VIII", "/rus/docs/Z2500000194#z1", "Z2500000194", True),
        ("от 30.06.2025 № 196-VIII", "№ 196-VIII", "/rus/search/docs/", None, False),
        ("от 29.10.2015 № 375-V", "№ 375-V", "/rus/docs/K1500000375", "K1500000375", False),
    ],
)
def test_the_act_is_taken_from_the_link_and_a_disagreement_is_reported(
    number: str, label: str, href: str, act_id: str | None, disagrees: bool
) -> None:
    text = f"Сноска. Статья 5 с изменением, внесенным Законом РК {number} (вводится в действие с 01.01.2026)."
    (reading,) = read_note(text, RU, links=linked(text, label, href))
    (law,) = reading.laws
    assert (law.act_id, law.link_disagrees) == (act_id, disagrees)
    assert ("link_disagrees" in reading.flags) is disagrees


def test_a_link_on_the_word_in_the_parenthesis_belongs_to_the_law_before_it() -> None:
    text = (
        "Сноска. Статья 5 с изменениями, внесенными законами РК от 10.03.2017 № 51-VI (вводится в действие с 11.03.2017); "
        "от 16.07.2025 № 210-VIII (вводится в действие с 16.09.2025)."
    )
    first = text.index("вводится")
    last = text.index("№ 210-VIII")
    links = (
        NoteLink(first, first + 8, "/rus/docs/Z1700000051#z9"),
        NoteLink(last, last + 10, "/rus/docs/Z2500000210#z1"),
    )
    (reading,) = read_note(text, RU, links=links)
    assert [law.act_id for law in reading.laws] == ["Z1700000051", "Z2500000210"]


def test_of_two_links_on_one_law_the_one_on_its_number_counts() -> None:
    text = "Сноска. Статья 5 в редакции Закона РК от 16.07.2025 № 210-VIII."
    day, number = text.index("16.07"), text.index("№")
    links = (
        NoteLink(day, day + 10, "/rus/docs/Z2500000214"),
        NoteLink(number, number + 10, "/rus/docs/Z2500000210"),
    )
    assert read_note(text, RU, links=links)[0].laws[0].act_id == "Z2500000210"


def test_without_a_link_no_id_is_invented() -> None:
    (reading,) = read_note("Сноска. Статья 5 в редакции Закона РК от 16.07.2025 № 210-VIII.", RU)
    assert reading.laws[0].act_id is None
    assert reading.laws[0].in_force_text is None


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Сноска. Статья 5 в редакции Закона РК от 02.08.2015№ 343-V.", "no_space_before_number"),
        ("Сноска. Статья 5 в редакции Закона РК от 02.08.2015 № 343-V(вводится в действие с 01.01.2016).",
         "no_space_before_parenthesis"),
        ("Сноска. Статья 5 в редакции Закона РК от 02.08.2015 № 343-V (вводится в действие с 01.01.2016.",
         "unclosed_parenthesis"),
        ("Сноска. Статья 5 в редакции Закона РК от 19.05.2025 № 188-VII.", "convocation_contradicts_date"),
        ("Сноска. Статья 5 в редакции Закона РК от 32.05.2025 № 188-VIII.", "bad_date"),
        ("Сноска. Статья 5 в редакции Закона РК № 188-VIII.", "date_missing"),
        ("Сноска. Статья 5 в редакции Закона РК от 29.12.2014 № 272-V (вводится в действие 01.01.2015).",
         "preposition_absent"),
        ("Сноска. Статья 5 вчера стала иной.", "unread"),
    ],
)  # fmt: skip
def test_oddities_of_the_source_are_flagged(text: str, flag: str) -> None:
    readings = read_note(text, RU)
    assert flag in {flag for reading in readings for flag in reading.flags}


def test_a_parenthesis_that_is_not_about_force_is_no_force_phrase() -> None:
    text = "Сноска. Статья 5 в редакции Кодекса РК от 25.12.2017 № 120-VI (Налоговый кодекс) (вводится в действие с 01.01.2018)."
    (reading,) = read_note(text, RU)
    assert reading.laws[0].in_force_text == "вводится в действие с 01.01.2018"


def test_a_dot_after_the_date_parts_no_law_from_its_number() -> None:
    text = "Ескерту. 21-бапқа өзгерту енгізілді - Қазақстан Республикасының 1999.05.06. N 376, 2004.11.24. N 604 Заңдарымен."
    laws = [
        (law.adopted_on and law.adopted_on.isoformat(), law.number) for one in read_note(text, KK) for law in one.laws
    ]
    assert laws == [("1999-05-06", "376"), ("2004-11-24", "604")]


def test_quoted_words_are_not_read_as_units_or_laws() -> None:
    text = 'Сноска. По всему тексту слова "статья 7 исключена Законом РК от 01.01.2001 № 1-II" заменены словами "пусто" Законом РК от 02.02.2022 № 2-VII.'
    (reading,) = read_note(text, RU)
    assert short(reading) == ("replaced_words", "act", None, [("2022-02-02", "2-VII", "replaced_words")])
