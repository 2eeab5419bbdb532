"""The vocabulary of the portal's notes: labels, actions and levels in Russian and Kazakh (FORMAT §5.2-5.6, §6).

All patterns match text folded by `lawdiff.notes.fold` (lower case, «ё» as «е», look-alikes folded, one kind of dash).
docs/notes.md lists each with an example and its meaning.
"""

from __future__ import annotations

import re

from lawdiff.model import Action, Lang

_FLAGS = re.VERBOSE

LABEL = {
    Lang.RU: re.compile(
        r"\s*(?:сноска|примечани[ея]\s*(?P<office>изпи|рцпи)\s*!?|(?P<plain>примечани[ея]))\s*[.:!]?\s*", _FLAGS
    ),
    Lang.KK: re.compile(
        r"\s*(?:(?P<office>рқао|зқаи)\s*-?\s*ның\s+ескертпе(?:сі|лері)\s*!?|(?P<plain>ескертулер|ескерту|ескертпелер|ескертпе))\s*[.:!]?\s*",
        _FLAGS,
    ),
}

# In the order in which they are tried at one place of the text; the first that matches there wins.
ACTIONS: dict[Lang, tuple[tuple[Action, re.Pattern[str]], ...]] = {
    Lang.RU: (
        (
            Action.RESTATED,
            re.compile(r"\b(?:изложен\w*\s+|излага\w+\s+)?в\s+(?:новой\s+)?редакции\b", _FLAGS),
        ),
        (
            Action.AMENDED,
            re.compile(
                r"\b(?:[сc]\s+(?:изменени\w+|дополнени\w+)(?:\s+и\s+(?:изменени\w+|дополнени\w+))?"
                r"|(?:внесен\w*|вносятся|вносится)\s+(?:изменени\w+|дополнени\w+|поправк\w+)"
                r"|(?:изменени\w+|дополнени\w+)(?:\s+и\s+дополнени\w+)?\s+внесен\w*"
                r"|дополн(?:ен[аоы]?|ить)(?:\s+[а-я]{4,12}м)?[\s\ue001]+"  # words added make no new unit
                r"(?:слов(?:ом|ами)|предложени(?:ем|ями)|цифр(?:ой|ами)|текстом|знаком)\b"
                r"|предус(?:матрива\w+|мотрен\w*)\s+(?:внести\s+)?(?:изменени\w+|дополнени(?!ем\s+(?:под)?(?:стать|пункт|част|абзац|глав))\w+)"
                r"(?:\s+и\s+дополнени\w+)?)",
                _FLAGS,
            ),
        ),
        (
            Action.ADDED,
            re.compile(
                r"\b(?:дополнен[аоы]?|дополнить|дополняется|дополняются|введен[аоы]?(?=\s+(?:закон|в\s+соответствии))"
                r"|дополнением(?=\s+(?:под)?(?:стать|пункт|част|абзац|глав)))\b",
                _FLAGS,
            ),
        ),
        (
            Action.EXCLUDED,
            re.compile(r"\b(?:исключен[аоы]?|исключить|исключается|исключаются|исключение)\b(?!\s*м)", _FLAGS),
        ),
        (
            Action.REPLACED_WORDS,
            re.compile(
                r"\bзаменен[аоы]?\b|\bзаменить\b|\bзаменяются\b|\bзаменой\b"
                # «слова "…" исключены»: words are gone, no unit is
                r"|\b(?:слов[ао]|цифр[аы]|аббревиатур[аы])\s[\s,и\ue001]{1,2000}"
                r"(?:предусматрива(?:ется|ются)\s+)?исключ(?:ен[аоы]?|ить)\b",
                _FLAGS,
            ),
        ),
        (Action.REPEALED, re.compile(r"\bутра(?:тил\w*|чива\w+)\s+силу|\bпризнан\w*\s+утратившим\w*\s+силу", _FLAGS)),
        (Action.CONSTITUTIONAL_REVIEW, re.compile(r"\bпризнан\w*\s+(?:не\s*)?соответствующ\w+", _FLAGS)),
        (Action.SUSPENDED, re.compile(r"\bприостановлен\w*|\bприостанавлива\w+", _FLAGS)),
        (Action.EXPIRED, re.compile(r"\bдейств(?:овал\w*|ует|уют)\s+(?:[сc]\s+[\d.]+\s+)?до\b", _FLAGS)),
        (
            Action.ENTERS_INTO_FORCE,
            re.compile(
                r"\bпорядок\s+введения\s+в\s+действие|\bввод(?:ится|ятся)\s+в\s+действие|\bвведен\w*\s+в\s+действие",
                _FLAGS,
            ),
        ),
    ),
    Lang.KK: (
        (Action.RESTATED, re.compile(r"\b(?:жаңа\s+)?редакция(?:да|сында)\b", _FLAGS)),
        (
            Action.AMENDED,
            re.compile(
                r"\b(?:(?:өзгеріс\w*|өзгерту\w*)(?:\s+(?:мен|және)\s+толықтыру\w*)?\s+(?:енгізіл\w+|енгізу\s+көзделген|көзделген)"
                r"|толықтыру\w*(?:\s+(?:мен|және)\s+өзгеріс\w*)?\s+(?:енгізіл\w+|енгізу\s+көзделген)"
                r"|(?:сөз(?:бен|дермен)|сөйлем(?:мен|дермен)|цифр(?:мен|лармен))\s+толықтыр(?:ылды|ылсын|у\s+көзделген))",
                _FLAGS,
            ),
        ),
        (Action.ADDED, re.compile(r"\bтолықтырыл(?:ды|сын|ған|атын)\w*|\bтолықтыру\s+көзделген", _FLAGS)),
        (
            Action.EXCLUDED,
            re.compile(r"\bалып\s+таста\w+|\bалынып\s+таста\w+|\bшығарып\s+таста\w+|\bалып\s+тасталу\w*", _FLAGS),
        ),
        (
            Action.REPLACED_WORDS,
            re.compile(
                r"\bауыстырыл\w+|\bалмастырыл\w+|\bауыстыру\s+көзделген|\bдеген\s+сөз(?:дер|і|дері)?\s+алып\s+таста\w+",
                _FLAGS,
            ),
        ),
        (Action.REPEALED, re.compile(r"\bкүш(?:і|ін)\s+жой\w+", _FLAGS)),
        (
            Action.CONSTITUTIONAL_REVIEW,
            re.compile(r"\bконституция\w*\s+сәйкес\s+(?:келеді|келмейді|деп)\s*\w*", _FLAGS),
        ),
        (Action.SUSPENDED, re.compile(r"\bтоқтатыл\w+|\bтоқтата\s+тұр\w+", _FLAGS)),
        (Action.EXPIRED, re.compile(r"\bдейін\s+қолдан(?:ылды|ыста\s+бол\w+|ылады|ыста)\b", _FLAGS)),
        (
            Action.ENTERS_INTO_FORCE,
            re.compile(r"\bқолданысқа\s+енгізіл\w+|\bқолданысқа\s+енгізу\s+тәртібін", _FLAGS),
        ),
    ),
}

# Every match of an action's pattern holds one of these: a text without them is not searched for that action.
ACTION_STEMS: dict[Lang, dict[Action, tuple[str, ...]]] = {
    Lang.RU: {
        Action.RESTATED: ("редакции",),
        Action.AMENDED: ("изменени", "дополн", "поправк"),
        Action.ADDED: ("дополн", "введен"),
        Action.EXCLUDED: ("исключ",),
        Action.REPLACED_WORDS: ("замен", "исключ"),
        Action.REPEALED: ("силу",),
        Action.CONSTITUTIONAL_REVIEW: ("соответствующ",),
        Action.SUSPENDED: ("приостан",),
        Action.EXPIRED: ("действовал", "действует", "действуют"),
        Action.ENTERS_INTO_FORCE: ("действие",),
    },
    Lang.KK: {
        Action.RESTATED: ("редакция",),
        Action.AMENDED: ("өзгер", "толықтыр"),
        Action.ADDED: ("толықтыр",),
        Action.EXCLUDED: ("таста",),
        Action.REPLACED_WORDS: ("ауыстыр", "алмастыр", "таста"),
        Action.REPEALED: ("жой",),
        Action.CONSTITUTIONAL_REVIEW: ("конституция",),
        Action.SUSPENDED: ("тоқтат",),
        Action.EXPIRED: ("дейін",),
        Action.ENTERS_INTO_FORCE: ("қолданысқа",),
    },
}

FUTURE = {
    Lang.RU: re.compile(r"\bпредусматрива(?:ется|ются)\b|\bпредусмотрен[оаы]?\b"),
    Lang.KK: re.compile(r"\bкөздел(?:ген|іп\s+отыр|еді)\b|\bкөзделуде\b"),
}
TEXT_WIDE = {
    Lang.RU: re.compile(
        r"\bпо\s+(?:всему\s+)?тексту\b|\bв\s+тексте\s+(?:[^\W\d_]{3,20}\s+){0,3}(?:слов|аббревиатур|цифр)"
    ),
    Lang.KK: re.compile(
        r"\b(?:бүкіл|барлық)\s+мәтін\w*(?:\s+бойынша)?|\bмәтін\w*\s+бойынша|\bмәтін(?:де|інде)\s+\ue001"  # a quotation
    ),
}
SERVICE = {
    Lang.RU: re.compile(r"вниманию\s+пользовател|для\s+удобства\s+пользовани|^\W*(?:содержание|оглавление)\W*$"),
    Lang.KK: re.compile(r"(?:қолданушылар|пайдаланушылар)\w*\s+назарына|қолайлы\s+болуы\s+үшін|^\W*мазмұны\W*$"),
}
COURT = {
    Lang.RU: re.compile(r"конституционн\w+\s+(?:суд|совет)|верховн\w+\s+суд"),
    Lang.KK: re.compile(r"конституциялық\s+(?:сот|кеңес)|жоғарғы\s+сот"),
}
SEE = {
    Lang.RU: re.compile(r"\bсм\.?\s|порядок\s+введения\s+в\s+действие"),
    Lang.KK: re.compile(r"\bқараңыз\b|қолданысқа\s+енгіз\w+\s+тәртібін|\bқара\b"),
}
THIS_ACT_FORCE = {
    Lang.RU: re.compile(r"ввод\w+\s+в\s+действие\s+в\s+соответствии\s+со\s+стать\w+\s+\S+\s+настоящ"),
    Lang.KK: re.compile(r"осы\s+(?:кодекс|заң|конституция)\w*\s+\S+\s*баб\w+\s+сәйкес\s+қолданысқа\s+енгіз"),
}
SUSPENDED = {Lang.RU: re.compile(r"приостановлен|приостанавлива"), Lang.KK: re.compile(r"тоқтатыл|тоқтата\s+тұр")}
# An amendment of one language's text only: (flag, pattern).
ONE_LANGUAGE = {
    Lang.RU: (
        ("text_unchanged_in_ru", re.compile(r"текст\s+на\s+русском\s+языке\s+не\s+изменя|на\s+казахском\s+языке")),
        (
            "text_unchanged_in_kk",
            re.compile(r"текст\s+на\s+казахском\s+языке\s+не\s+изменя|внесен\w*[^.;,]{0,40}на\s+русском\s+языке"),
        ),
    ),
    Lang.KK: (
        ("text_unchanged_in_kk", re.compile(r"қазақ\s+тіліндегі\s+мәтін\w*\s+өзгер(?:меді|мейді|тілмеді|тілмейді)")),
        ("text_unchanged_in_ru", re.compile(r"орыс\s+тіліндегі\s+мәтін\w*\s+өзгер(?:меді|мейді|тілмеді|тілмейді)")),
    ),
}
# An act of the Republic named in a Kazakh note: «- ҚР … Заңымен», «ҚР 2007.07.06 N 279». The bare words «заңымен»,
# «заңдарымен» do not tell: a normative note may refer to the laws of the Republic as well.
KK_NAMES_ACT = re.compile(r"-\s*қр\b|\b(?:қр|қазақстан\s+республикасының)\s+(?:\d|№|n\s*\d)")
# What follows an amending action in an editorial note; in law the same words stand inside a sentence.
KK_AFTER_ACTION = re.compile(r"\s*(?:-|\.|;|,|$|\bқр\b)")
# «2) исключен …», «2. - 6. Исключены …», «8-1), 8-2) и 9) исключены …», «4) утратил силу …»: numbers in a row, told by
# the last one's sign. A dash is a range only beside a sign or space: «8-1» is one number.
_ITEM_NUMBER = r"\d{1,9}(?:-\d{1,9}){0,4}"
_ITEM_LIST = (
    rf"\s*(?P<numbers>{_ITEM_NUMBER}(?:\s?[.)])?"
    r"(?:(?:\s*,\s*|\s+(?:и|және|мен|пен)\s+|(?<=[.)])-\s*|\s+-\s*|(?<=\d)-\s+)"
    rf"{_ITEM_NUMBER}(?:\s?[.)])?){{0,40}})\s*[-(]?\s*"
)
EXCLUDED_ITEM = {
    Lang.RU: re.compile(_ITEM_LIST + r"(?:исключен[аоы]?\b|(?P<repealed>утратил[аио]?\s+силу\b))"),
    Lang.KK: re.compile(
        _ITEM_LIST + r"(?:алып\s+таста|алынып\s+таста|шығарып\s+таста|(?P<repealed>күш(?:і|тері)\s+жойыл))"
    ),
}
