"""The units that a note names, as eids.

Russian names the inner unit first («абзац второй подпункта 3) пункта 1 статьи 108»), Kazakh the outer one («108-баптың
1-тармағы»). A numbered «1.» is a `part` whether the act calls it часть, пункт, бөлік or тармақ; «1)» is a `point`.
A часть of a пункт («часть вторая пункта 1», «1-тармағының екінші бөлігі») is a `subpart`: `part_1__subpart_2`.
Structure: `sec_` раздел, `subsec_` подраздел, `chp_` глава, `subchp_` параграф, `annex_` приложение.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lawdiff.model import Lang
from lawdiff.notes.fold import Folded
from lawdiff.numbering import roman_value
from lawdiff.numerals import find_numbers

ACT = "act"
HEADING = "heading__"
# Order of levels from the outside in; structure above articles, then the inside of an article.
LEVELS = ("sec", "subsec", "chp", "subchp", "annex", "art", "part", "subpart", "point", "para")
STRUCTURE = frozenset({"sec", "subsec", "chp", "subchp"})
_NUM = r"\d{1,9}(?:-\d{1,9}){0,4}(?!\d)"  # bounded: a run of thousands is no number of a unit
_TENS_RU = r"(?:(?:двадцать|тридцать|сорок|пятьдесят|шестьдесят|семьдесят|восемьдесят|девяносто)\s+)?"
_ORDINAL_RU = (
    rf"{_TENS_RU}(?:(?:перв|втор|четверт|пят|шест|седьм|восьм|девят|десят|[а-я]{{2,7}}надцат|двадцат|тридцат|сороков)"
    r"(?:ый|ой|ий|ая|ое|ого|ому|ым|ом|ую|ою|ые|ых|ыми)|трет(?:ий|ь[а-я]+))(?![а-я])"
)
_ORDINAL_KK = (
    r"(?:(?:он|жиырма|отыз|қырық|елу)\s+)?(?:бірінші|екінші|үшінші|төртінші|бесінші|алтыншы|жетінші|сегізінші"
    r"|тоғызыншы|оныншы|жиырмасыншы|отызыншы|қырқыншы|елуінші)"
)
_NOT_RANGE = r"\s*,\s*(?:(?:{words})\s+)?|\s+(?:{words})\s+"
_SEP_RU = "(?:" + _NOT_RANGE.format(words="и|или|либо") + r"|\s*-\s*)"
_SEP_KK = "(?:" + _NOT_RANGE.format(words="және|немесе|не|мен") + r"|\s*-\s*)"
_RU_LEVELS = (
    ("subsec", r"подраздел\w*"),
    ("sec", r"раздел\w*"),
    ("chp", r"глав(?:а|ы|е|у|ой|ою|ам|ами|ах)?"),
    ("subchp", r"параграф\w*"),
    ("annex", r"приложени\w+"),
    ("art", r"стат(?:ья|ьи|ье|ью|ьей|ей|ьям|ьями|ьях)"),
    ("point", r"подпункт\w*"),
    ("part", r"пункт\w*"),
    ("subpart", r"част(?:ь|и|ью|ей|ям|ями|ях)"),  # a `part`, unless a пункт holds it
    ("para", r"абзац\w*"),
)
_KK_LEVELS = (
    ("subsec", r"кіші\s+бөлім\w*|бөлімше\w*"),
    ("sec", r"бөлім\w*"),
    ("chp", r"тарау\w*"),
    ("subchp", r"параграф\w*"),
    ("annex", r"қосымша\w*"),
    ("art", r"ба[пб]\w*"),
    ("point", r"тармақша\w*"),
    ("part", r"тарма[қғ]\w*"),
    ("subpart", r"бөлі[кг]\w*"),
    ("para", r"абза[цт]\w*"),
)
_LEVEL_RU = "|".join(f"(?P<{level}>{word})" for level, word in _RU_LEVELS)
_LEVEL_KK = "|".join(f"(?P<{level}>{word})" for level, word in _KK_LEVELS)
_RU_ONE = rf"(?:{_NUM}\)?|{_ORDINAL_RU})"
_RU_ITEM = re.compile(
    rf"\b(?:{_LEVEL_RU})\b(?:\s*(?P<numbers>{_RU_ONE}(?:{_SEP_RU}{_RU_ONE})*|[ivxіх]+(?![^\W\d_]))(?!\s*жыл))?"
)
_RU_ACT = re.compile(r"\b(?:кодекс\w*|закон\w*|конституци\w*|указ\w*|положени\w+|правил\w*)\b")
_RU_OTHER = re.compile(
    r"\b(?P<heading>заголов\w+|наименовани\w+|назван\w+)|\b(?P<preamble>преамбул\w*)|\b(?P<contents>оглавлени\w+|содержани\w+)"
    r"|\b(?P<note>примечани\w+)|\b(?P<title>титул\w*)"
)
# Kazakh names the number first: a pattern would run over every list of numbers again from each of them. So the text is
# cut into tokens once, and a level word takes the list that stands right before it.
_KK_TOKEN = re.compile(
    rf"(?P<one>{_NUM}\)?|{_ORDINAL_KK}(?![^\W_])|[ivxіх]+(?![^\W_]))|(?P<level>{_LEVEL_KK})|(?P<separator>{_SEP_KK})|(?P<space>\s+)"
    r"|(?P<other>[^\W_]+|.)",
    re.DOTALL,
)
# Not «… Заңымен», «… кодексімен»: the act by which something was done.
_KK_ACT = re.compile(r"\b(?!\w+мен\b)(?:кодекс\w*|заң(?:ның|ға|ы\w*)?|конституция\w*|жарлық\w*)\b")
_KK_OTHER = re.compile(
    r"\b(?P<heading>тақыры[пб]\w*|атау\w*)|\b(?P<preamble>кіріспе\w*|преамбула\w*)|\b(?P<contents>мазмұн\w*)"
    r"|\b(?P<note>ескертпе\w*|ескерту\w*)"
)
_LETTER = re.compile(r"[^\W\d_]")
_KK_BEFORE_LEVEL = re.compile(r"\s*-?\s*")
_KK_INSTRUMENTAL = re.compile(r"(?:мен|пен|бен)$")


@dataclass(frozen=True, slots=True)
class Item:
    """One level word with its numbers: («part», («1», «2-1»)). added: stands in the instrumental (Kazakh).

    chast: the word is часть, бөлік, which a пункт may hold; else a `part` is a пункт, тармақ.
    """

    level: str
    numbers: tuple[str, ...]
    start: int
    end: int
    added: bool = False
    chast: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """What a stretch of a note names. paths: outermost level first, each ((level, number), …).

    heading: a title is meant. whole: `act`, `preamble`, `contents`, `note` where such a word stands instead.
    """

    paths: tuple[tuple[tuple[str, str], ...], ...] = ()
    heading: bool = False
    whole: str | None = None


def items_in(folded: Folded, start: int, end: int, lang: Lang) -> tuple[Item, ...]:
    """Level words with numbers between two offsets, in page order."""
    region = folded.masked[:end]
    return tuple(_russian_items(region, start) if lang is Lang.RU else _kazakh_items(region, start))


def _russian_items(region: str, start: int) -> Iterator[Item]:
    for match in _RU_ITEM.finditer(region, start):
        level = next(level for level in LEVELS if match[level])
        printed = match["numbers"] or ""
        numbers = _listed(printed, Lang.RU)
        yield Item(_level(level, printed), numbers, match.start(), match.end(), chast=level == "subpart")


def _kazakh_items(region: str, start: int) -> Iterator[Item]:
    """The list that stands right before a level word, with no more than a dash or space between."""
    begin: int | None = None  # of the list under way
    last_end = start  # of its last number
    expects_number = False  # after a separator
    for token in _KK_TOKEN.finditer(region, start):
        kind = token.lastgroup if token.lastgroup in ("one", "separator", "space", "other") else "level"
        if kind == "one":
            begin = token.start() if begin is None or not expects_number else begin
            last_end, expects_number = token.end(), False
        elif kind == "separator":
            expects_number = begin is not None
        elif kind == "level" and begin is not None and _KK_BEFORE_LEVEL.fullmatch(region, last_end, token.start()):
            level = next(level for level in LEVELS if token[level])
            printed = region[begin:last_end]
            added = _KK_INSTRUMENTAL.search(token[0]) is not None
            numbers = _listed(printed, Lang.KK)
            yield Item(_level(level, printed), numbers, begin, token.end(), added, level == "subpart")
            begin, expects_number = None, False
        elif kind != "space":
            begin, expects_number = None, False


def _level(level: str, printed: str) -> str:
    """«пункт 2) части второй», «2) тармақ» of the Criminal Code are subitems."""
    if level == "subpart":
        return "part"
    return "point" if level == "part" and ")" in printed else level


def _listed(printed: str, lang: Lang) -> tuple[str, ...]:
    return expand(_in_digits(printed, lang)) if printed else ()


def named_by(items: tuple[Item, ...], folded: Folded, start: int, end: int, lang: Lang) -> Named:
    """Items of one stretch joined to paths; a list shares the outer levels named after (ru) or before (kk) it."""
    region = folded.masked[start:end]
    other = (_RU_OTHER if lang is Lang.RU else _KK_OTHER).search(region)
    kind = other.lastgroup if other else None
    ordered = tuple(reversed(items)) if lang is Lang.RU else items
    levels = _nested_levels(ordered, folded.masked)
    groups: list[list[tuple[tuple[str, str], ...]]] = []
    outer: tuple[tuple[str, str], ...] = ()
    for index, item in enumerate(ordered):
        rank = LEVELS.index(levels[index])
        outer = tuple(step for step in outer if LEVELS.index(step[0]) < rank)
        alternatives = [(*outer, (levels[index], number)) for number in item.numbers]
        last = index + 1 == len(ordered) or LEVELS.index(levels[index + 1]) <= rank
        if last:
            groups.append(alternatives)
        elif alternatives:
            outer = alternatives[0]
    paths = [path for group in (reversed(groups) if lang is Lang.RU else groups) for path in group]
    whole = kind if kind in ("preamble", "contents", "note") and not (kind == "note" and paths) else None
    if (
        not paths
        and whole is None
        and kind in (None, "heading")
        and (_RU_ACT if lang is Lang.RU else _KK_ACT).search(region)
    ):
        whole = ACT
    if kind == "note" and paths:
        return Named(tuple((*path, ("note", "1")) for path in paths))
    return Named(tuple(paths), heading=kind == "heading", whole=whole)


def _nested_levels(ordered: tuple[Item, ...], masked: str) -> list[str]:
    """The level of each item, outermost first: a часть right in a пункт is a subpart, a пункт in a часть a point."""
    levels: list[str] = []
    for index, item in enumerate(ordered):
        level, above = item.level, ordered[index - 1] if index else None
        if above is not None and level == "part" and levels[-1] == "part" and above.chast != item.chast:
            first, second = sorted((above, item), key=lambda one: one.start)
            if len(above.numbers) == 1 and not masked[first.end : second.start].strip():
                level = inside_part(item)
        levels.append(level)
    return levels


def inside_part(item: Item) -> str:
    """What a part within a part is: «часть вторая пункта 1» a subpart, «пункт 2 части первой» a point."""
    return "subpart" if item.chast else "point"


def resolve(
    path: tuple[tuple[str, str], ...], target: str | None, *, position_decides: bool = True
) -> tuple[str, tuple[str, ...]]:
    """(eid, flags): a path within the unit that position gives (`art_188__part_2`), outermost level first.

    A path that starts above the target's levels stands alone. Where note and position name different articles, position
    decides (FORMAT §5.4: the number in the note can be wrong), unless the note names several or adds them.
    """
    named = "__".join(f"{level}_{number}" for level, number in path)
    if not target or target == ACT:
        inner = path[0][0] in ("part", "subpart", "point", "para", "note")
        return named, ("unit_relative",) if inner else ()
    plain = target.removeprefix(HEADING)
    steps = tuple((step.rpartition("_")[0], step.rpartition("_")[2]) for step in plain.split("__"))
    if steps[-len(path) :] == path:
        return plain, ()
    if steps[: len(path)] == path:
        return named, ()
    held = _in_point_act(path, steps)
    if held:
        return held, ()
    first = path[0]
    if first[0] == "art":
        article = next((step for step in steps if step[0] == "art"), None)
        if article is None or article == first or not position_decides:
            return named, ()
        return _join((article, *path[1:])), ("unit_contradicts_position",)
    if first[0] in STRUCTURE or first[0] == "annex":
        return named, ()
    rank = LEVELS.index(first[0]) if first[0] in LEVELS else len(LEVELS)
    outer = tuple(step for step in steps if step[0] in LEVELS and LEVELS.index(step[0]) < rank)
    return _join((*outer, *path)), ()


def _in_point_act(path: tuple[tuple[str, str], ...], steps: tuple[tuple[str, str], ...]) -> str | None:
    """In an act without articles a numbered «1.» is a unit of its own, `sec_2__point_4`: its note says «Пункт 4»."""
    first = next((index for index, (level, _) in enumerate(steps) if level == "point"), None)
    if first is None or any(level in ("art", "part") for level, _ in steps):
        return None
    if path[0][0] == "part":
        return _join((*steps[:first], ("point", path[0][1]), *path[1:]))
    return _join((*steps[: first + 1], *path)) if path[0][0] in ("subpart", "point", "para") else None


def _join(path: tuple[tuple[str, str], ...]) -> str:
    return "__".join(f"{level}_{number}" for level, number in path)


def _in_digits(printed: str, lang: Lang) -> str:
    """«первой, второй или 2-1» → `1, 2 или 2-1`."""
    if _LETTER.search(printed) is None:
        return printed
    parts: list[str] = []
    at = 0
    for number in find_numbers(printed, lang):
        if number.ordinal:
            parts += [printed[at : number.start], str(number.value)]
            at = number.end
    return "".join([*parts, printed[at:]])


def expand(printed: str) -> tuple[str, ...]:
    """Numbers of a list: `1, 2-1 и 4` → 1, 2-1, 4; `2. - 6.` → 2, 3, 4, 5, 6; `IV` → 4."""
    numbers: list[str] = []
    roman = roman_value(printed.strip().rstrip(")").upper())
    if roman is not None:
        return (str(roman),)
    for match in re.finditer(
        rf"(?P<from>{_NUM})[.)]?(?:\s+-\s*|\s*-\s+|[.)]\s*-\s*)(?P<to>{_NUM})|(?P<one>{_NUM})", printed
    ):
        if match["one"]:
            numbers.append(match["one"])
        elif match["from"].isdigit() and match["to"].isdigit() and 0 < int(match["to"]) - int(match["from"]) < 1000:
            numbers += [str(number) for number in range(int(match["from"]), int(match["to"]) + 1)]
        else:
            numbers += [match["from"], match["to"]]
    return tuple(numbers)
