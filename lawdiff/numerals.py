"""Numbers in words and digits, in Russian (all cases) and Kazakh, with their place in the text.

«двухсот», «одной тысячи двухсот», «двадцати одного», «второй» and «екі жүз», «жиырма бір», «екінші» are read by one
walk over word tables: a number is a run of numeral words whose magnitudes can follow one another («двадцати одного» is
21, «двух пяти» are two numbers). Nothing is rounded or guessed: a word that is not in the tables ends the number.
Digits may be grouped («1 000», «1 200 000»). Fractions («полутора», «1,5») are not integers and are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from lawdiff.model import Lang
from lawdiff.text import fold_lookalikes

_THOUSAND = 1000
_LONGEST_NUMBER = 18  # digits; a longer run is an account or a code, not a quantity


@dataclass(frozen=True, slots=True)
class Number:
    """A number found in a text. ordinal: «второй», «екінші» (for «часть вторая»), else a quantity."""

    value: int
    start: int
    end: int
    ordinal: bool = False


# value → forms; stems of Russian cardinals decline irregularly, so that all forms are listed.
_RU_CARDINALS: dict[int, str] = {
    0: "ноль нуль нуля",
    1: "один одного одному одним одном одна одной одну одною одно",
    2: "два две двух двум двумя",
    3: "три трех трем тремя",
    4: "четыре четырех четырем четырьмя",
    5: "пять пяти пятью",
    6: "шесть шести шестью",
    7: "семь семи семью",
    8: "восемь восьми восемью восьмью",
    9: "девять девяти девятью",
    10: "десять десяти десятью",
    11: "одиннадцать одиннадцати одиннадцатью",
    12: "двенадцать двенадцати двенадцатью",
    13: "тринадцать тринадцати тринадцатью",
    14: "четырнадцать четырнадцати четырнадцатью",
    15: "пятнадцать пятнадцати пятнадцатью",
    16: "шестнадцать шестнадцати шестнадцатью",
    17: "семнадцать семнадцати семнадцатью",
    18: "восемнадцать восемнадцати восемнадцатью",
    19: "девятнадцать девятнадцати девятнадцатью",
    20: "двадцать двадцати двадцатью",
    30: "тридцать тридцати тридцатью",
    40: "сорок сорока",
    50: "пятьдесят пятидесяти пятьюдесятью",
    60: "шестьдесят шестидесяти шестьюдесятью",
    70: "семьдесят семидесяти семьюдесятью",
    80: "восемьдесят восьмидесяти восемьюдесятью восьмьюдесятью",
    90: "девяносто девяноста",
    100: "сто ста",
    200: "двести двухсот двумстам двумястами двухстах",
    300: "триста трехсот тремстам тремястами трехстах",
    400: "четыреста четырехсот четыремстам четырьмястами четырехстах",
    500: "пятьсот пятисот пятистам пятьюстами пятистах",
    600: "шестьсот шестисот шестистам шестьюстами шестистах",
    700: "семьсот семисот семистам семьюстами семистах",
    800: "восемьсот восьмисот восьмистам восемьюстами восьмистах",
    900: "девятьсот девятисот девятистам девятьюстами девятистах",
    1000: "тысяча тысячи тысяче тысячу тысячей тысячью тысяч тысячам тысячами тысячах",
    1000000: "миллион миллиона миллиону миллионом миллионе миллионы миллионов миллионам миллионами миллионах",
    1000000000: "миллиард миллиарда миллиардов миллиарду миллиардом",
}
_RU_ORDINAL_STEMS: dict[str, int] = {
    "перв": 1, "втор": 2, "четверт": 4, "пят": 5, "шест": 6, "седьм": 7, "восьм": 8, "девят": 9, "десят": 10,
    "одиннадцат": 11, "двенадцат": 12, "тринадцат": 13, "четырнадцат": 14, "пятнадцат": 15, "шестнадцат": 16,
    "семнадцат": 17, "восемнадцат": 18, "девятнадцат": 19, "двадцат": 20, "тридцат": 30, "сороков": 40,
    "пятидесят": 50, "шестидесят": 60, "семидесят": 70, "восьмидесят": 80, "девяност": 90, "сот": 100,
}  # fmt: skip
_RU_ADJECTIVE = ["ый", "ой", "ий", "ая", "ое", "ого", "ому", "ым", "ом", "ую", "ою", "ые", "ых", "ыми"]
_RU_THIRD = [
    "третий",
    "третья",
    "третье",
    "третьего",
    "третьему",
    "третьим",
    "третьем",
    "третьей",
    "третью",
    "третьи",
    "третьих",
    "третьими",
]

_KK_CARDINALS: dict[int, str] = {
    1: "бір", 2: "екі", 3: "үш", 4: "төрт", 5: "бес", 6: "алты", 7: "жеті", 8: "сегіз", 9: "тоғыз", 10: "он",
    20: "жиырма", 30: "отыз", 40: "қырық", 50: "елу", 60: "алпыс", 70: "жетпіс", 80: "сексен", 90: "тоқсан",
    100: "жүз", 1000: "мың", 1000000: "миллион", 1000000000: "миллиард",
}  # fmt: skip
_KK_ORDINALS: dict[int, str] = {
    1: "бірінші", 2: "екінші", 3: "үшінші", 4: "төртінші", 5: "бесінші", 6: "алтыншы", 7: "жетінші", 8: "сегізінші",
    9: "тоғызыншы", 10: "оныншы", 20: "жиырмасыншы", 30: "отызыншы", 40: "қырқыншы", 50: "елуінші", 60: "алпысыншы",
    70: "жетпісінші", 80: "сексенінші", 90: "тоқсаныншы", 100: "жүзінші",
}  # fmt: skip
# Dative, ablative and genitive of a bare numeral («екіден беске дейін»); accusative and locative do not occur in terms.
_KK_CASES = ["ға", "ге", "қа", "ке", "дан", "ден", "тан", "тен", "нан", "нен", "ның", "нің", "дың", "дің", "тың", "тің"]

_WORD = re.compile(r"[^\W\d_]+|\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)|\d+")
_GAP = re.compile(r"[\s\u00a0]+")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A numeral word. closes: nothing may follow it in one number («үш жүзден жеті жүз» are 300 and 700)."""

    value: int
    ordinal: bool = False
    closes: bool = False


@cache
def _table(lang: Lang) -> dict[str, _Entry]:
    """Folded word form → its entry."""
    table: dict[str, _Entry] = {}
    if lang is Lang.RU:
        for stem, value in _RU_ORDINAL_STEMS.items():
            table |= {stem + ending: _Entry(value, True, True) for ending in _RU_ADJECTIVE}
        table |= dict.fromkeys(_RU_THIRD, _Entry(3, True, True))
        for value, forms in _RU_CARDINALS.items():
            table |= dict.fromkeys(forms.split(), _Entry(value))
        return table
    for value, word in _KK_CARDINALS.items():
        table |= {word + case: _Entry(value, closes=bool(case)) for case in ("", *_KK_CASES)}
    table |= {word: _Entry(value, True, True) for value, word in _KK_ORDINALS.items()}
    return table


@lru_cache(maxsize=64)  # the readers of one line fold it one after the other
def fold_word(text: str) -> str:
    """`text` lower-cased, «ё» as «е», Latin look-alikes inside Cyrillic words as Cyrillic; same length."""
    lowered = text.lower()
    if len(lowered) != len(text):  # «İ» alone becomes two characters
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return fold_lookalikes(lowered).replace("ё", "е")


def _fits(total: int, group: int, value: int) -> bool:
    """Whether a word of this value may continue a number whose present group (below a thousand) is `group`."""
    if value >= _THOUSAND:
        return total == 0 or value < _lowest_power(total)
    if value == 100 and 1 <= group < 10:
        return True  # «екі жүз», «бір жүз»
    if group == 0:
        return True
    return value < _lowest_digit(group)


def _lowest_power(total: int) -> int:
    power = 1
    while total % (power * _THOUSAND) == 0:
        power *= _THOUSAND
    return power


def _lowest_digit(group: int) -> int:
    """Magnitude of the last non-zero digit: 200 → 100, 20 → 10 (so that 1..9 fit), 15 → 1 (nothing fits)."""
    magnitude = 1
    while group % (magnitude * 10) == 0:
        magnitude *= 10
    return magnitude


def find_numbers(text: str, lang: Lang) -> tuple[Number, ...]:
    """All numbers of a text in order: digits as they stand, number words added up.

    «десять» takes no unit in Russian («десять один» are two numbers), «он бір» is eleven in Kazakh.
    """
    folded = fold_word(text)
    table = _table(lang)
    found: list[Number] = []
    state: _Run | None = None
    for match in _WORD.finditer(folded):
        word = match[0]
        entry = table.get(word)
        if entry is None and word[0].isdigit():
            _close(state, found)
            digits = word if word.isdecimal() else re.sub(r"\D", "", word)
            if len(digits) > _LONGEST_NUMBER:
                state = None
                continue
            value = int(digits)
            state = _Run(match.start(), match.end(), group=value, digits=True)
            continue
        if entry is None:
            if state is not None:
                _close(state, found)
                state = None
            continue
        adjacent = state is not None and _GAP.fullmatch(folded, state.end, match.start()) is not None
        if state is not None and adjacent and state.take(entry, match.end(), lang):
            continue
        _close(state, found)
        state = _Run(match.start(), match.end())
        state.begin(entry)
    _close(state, found)
    return tuple(found)


def read_number(text: str, lang: Lang) -> int | None:
    """The number that the whole text is («двадцати одного», «200», «екі жүз»), or None."""
    numbers = find_numbers(text.strip(), lang)
    if len(numbers) != 1 or (numbers[0].start, numbers[0].end) != (0, len(text.strip())):
        return None
    return numbers[0].value


@dataclass(slots=True)
class _Run:
    """A number being read: `total` of whole thousands, `group` below a thousand (or any digits)."""

    start: int
    end: int
    total: int = 0
    group: int = 0
    digits: bool = False
    ordinal: bool = False
    closed: bool = False

    def begin(self, entry: _Entry) -> None:
        value, self.ordinal, self.closed = entry.value, entry.ordinal, entry.closes
        if value >= _THOUSAND:
            self.total = value
        else:
            self.group = value

    def take(self, entry: _Entry, end: int, lang: Lang) -> bool:
        """Whether the next word belongs to this number; if so, it is added."""
        value = entry.value
        if self.closed or (self.digits and value < _THOUSAND):
            return False
        if not _fits(self.total, self.group, value) or (lang is Lang.RU and self.group % 100 == 10 and value < 10):
            return False
        if lang is Lang.RU and value == 100 and self.group:
            return False  # «двух ста» is no Russian number
        if value >= _THOUSAND:
            self.total += (self.group if self.group or self.digits else 1) * value
            self.group = 0
        elif value == 100 and self.group:
            self.group *= 100
        else:
            self.group += value
        self.end, self.ordinal, self.closed, self.digits = end, entry.ordinal, entry.closes, False
        return True


def _close(state: _Run | None, found: list[Number]) -> None:
    if state is not None:
        found.append(Number(state.total + state.group, state.start, state.end, state.ordinal))
