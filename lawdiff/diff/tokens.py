"""Text cut into the tokens that a word diff compares: whole words, and what a lawyer reads as one word.

One token each: a word (hyphens, apostrophes and slashes inside it included: «88-1-бабының», «ВИЧ/СПИД»), a number
with its groups of thousands, its fraction and its unit («1 000 000 тенге», «0,5 %»), a date («1 июля 2021 года»,
«2017 жылғы 1 қаңтардан», «01.07.2021»), «не» with its word, a reference («статьи 115-1», «частью второй», «№
210-VIII»), the enumerator that opens a line («1-1.», «2)»), a run of white space, any other single character.

Guarantee: `"".join(tokens(text)) == text` for every text, and no token ends inside a word.
"""

from __future__ import annotations

import re

_MONTHS_RU = "(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)"
_MONTHS_KK = "(?:қаңтар|ақпан|наурыз|сәуір|сәуiр|мамыр|маусым|шілде|шiлде|тамыз|қыркүйек|қазан|қараша|желтоқсан)"
_UNITS = (
    r"(?:%|‰|°[CС]|(?:процент|пайыз|тенге|теңге|тг|МРП|АЕК|мрп|аек|час|сағат|сут|тәулі|тонн|литр|гектар|метр|килограмм|грамм)"
    r"[^\W\d_]*|(?:км|м|см|мм|кв\.\s?м|куб\.\s?м|м2|м3|м²|м³|км2|км²|кг|г|мг|т|л|мл|га|кВт|МВт|Гкал)(?:[/·][^\W\d_]\w*)?)(?!\w)"
)
_REFERENCES = (
    r"(?:под)?пункт(?:а|у|е|ом|ы|ов|ам|ами|ах)?|стать(?:я|и|е|ю|ей|ёй|ям|ями|ях)|статей|част(?:ь|и|ью|ей|ям|ями|ях)|"
    r"глав(?:а|ы|е|у|ой|ам|ами|ах)?|абзац(?:а|у|е|ем|ы|ев|ам|ами|ах)?|параграф(?:а|у|е|ом|ы|ов|ам|ами|ах)?|"
    r"раздел(?:а|у|е|ом|ы|ов|ам|ами|ах)?|приложени(?:е|я|ю|ем|и|й|ям|ями|ях)"
)
_ORDINALS = (
    r"(?:перв|втор|трет|четверт|четвёрт|пят|шест|седьм|восьм|девят|десят)(?:ый|ой|ий|ого|его|ому|ему|ым|им|ом|ем|ая|ую|ые|"
    r"ых|ыми|ья|ью|ьей|ьего|ьему|ьим|ьем)(?!\w)"
)
# Numerals in words, in the cases that limits of punishments use: «ста двадцати», «до двух тысяч», «екі жүз елуге».
_NUMERALS_RU = (
    r"(?:один|одн(?:а|о|и|ого|ой|ому|им|у|их)|дв(?:а|е|ух|ум|умя)|тр(?:и|[её]х|[её]м|емя)|четыр(?:е|[её]х|[её]м|ьмя)|"
    r"(?:пят|шест|сем|девят|десят|двадцат|тридцат|[а-яё]{3,8}надцат)(?:и|ь|ью)|вос(?:ьми|емь|емью)|сорока?|"
    r"(?:пят|шест|сем|вос)(?:ьдесят|идесяти|емьдесят|ьмидесяти)|девяност[оа]|ст[оа]|двухсот|двести|тр[её]хсот|триста|"
    r"четыр[её]хсот|четыреста|(?:пят|шест|сем|восьм|девят)(?:исот|ьсот)|восемьсот|"
    r"тысяч[аиу]?|миллион(?:а|ов)?|миллиард(?:а|ов)?)"
)
_NUMERALS_KK = (
    r"(?:б[іi]р|ек[іi]|үш|төрт|бес|алты|жет[іi]|сег[іi]з|тоғыз|он|жиырма|отыз|қырық|елу|алпыс|жетп[іi]с|сексен|тоқсан|жүз|мың|"
    r"миллион|миллиард)(?:ға|ге|қа|ке|дан|ден|тан|тен|нан|нен|дық|дік|ды|ді)?"
)
_NEGATION = r"[Нн][Ее]\s[^\W\d_]\w*(?:[-‑'’·/]\w+)*"
# Letters that Russian lacks; І is not among them, for it stands in Roman numbers of Russian texts («180-VІ»).
_KAZAKH_LETTER = re.compile("[ӘәҒғҚқҢңӨөҰұҮүҺһ]")


def _pattern(long_words: str) -> re.Pattern[str]:
    """The tokens of one language, in the order in which they are tried; the second is the plain word, kept from the
    letters that open a longer token."""
    return re.compile(
        rf"""
        (?P<space>\s*)
        (?P<body>
          {long_words}
        | [^\W\d_сспСпПчЧгГаАрРN]\w*(?:[-‑'’·/]\w+)*
        | (?:(?i:{_REFERENCES})|ст\.)\s(?:\d+(?:[-.]\d+)*(?:\)|(?!\w))|{_ORDINALS})
        | (?:№|N(?=\s?\d))\s?\d*(?:[-\w])*
        | [^\W\d_]\w*(?:[-‑'’·/]\w+)*
        | ^\d+(?:[-‑]\d+)*[.)](?!\d)
        | \d{{1,2}}\s{_MONTHS_RU}(?:\s\d{{4}}(?:\sгода)?)?(?!\w)
        | \d{{4}}\sжылғы\s\d{{1,2}}\s{_MONTHS_KK}\w*
        | (?:\d{{1,3}}(?:[ \u00a0]\d{{3}})+(?![\w])(?:,\d+)?|\d+(?:[.,]\d+)*)[ \u00a0]?{_UNITS}
        | \d{{1,3}}(?:[ \u00a0]\d{{3}})+(?![\w])(?:,\d+)?
        | \d+(?:[.,]\d+)+(?!\w)
        | \d\w*(?:[-‑/]\w+)*
        | \w+
        | \S
        | \Z
        )""",
        re.VERBOSE | re.MULTILINE,
    )


# «не» negates in Russian and means «or» in Kazakh, where it is a word like others.
_RUSSIAN = _pattern(rf"{_NEGATION} | {_NUMERALS_RU}(?:\s{_NUMERALS_RU})+(?!\w)")
_KAZAKH = _pattern(rf"{_NUMERALS_KK}(?:\s{_NUMERALS_KK})+(?!\w)")
_WORD = re.compile(r"\d{1,3}(?:[ \u00a0]\d{3})+(?!\w)|\w+(?:[-‑'’·/.,]\w+)*")

Piece = tuple[str, str]  # the white space before a token, and the token


def pieces(text: str) -> list[Piece]:
    """`text` as (white space before, token) pairs; a trailing white space comes with an empty token."""
    found = (_KAZAKH if _KAZAKH_LETTER.search(text) else _RUSSIAN).findall(text)
    if found and not found[-1][0] and not found[-1][1]:
        found.pop()
    return found


def tokens(text: str) -> list[str]:
    """`text` as a list of tokens whose concatenation is `text`."""
    return [token for piece in pieces(text) for token in piece if token]


def count_words(text: str) -> int:
    """How many words (numbers included) `text` has, as people count them."""
    return len(_WORD.findall(text))
