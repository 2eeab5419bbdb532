"""The laws that a note names: date, number, link, and the parenthesis on entry into force that belongs to each.

Forms (FORMAT §5.2, §6): «от 10.03.2017 № 51-VI», «от 06.07.2007 N 279», «РК 30.12.2024 №» (number missing),
«№ 2447 от 31.08.95» (number first), «от 30 июня 2021 года № 59» + «-VII» outside the link, «от 08.06.2022» (no number),
«ҚР 2007.07.06 N 279, 2011.03.01 N 414-IV», «2008 жылғы 5 шілдедегі № 62-IV», parenthesis before or after «Заңымен»,
«1999.05.06. N 376» (a dot after the date, in old Kazakh notes).
The act's id comes from the link alone: without a link there is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lawdiff.dates import DateSpan, find_dates_folded, is_force_phrase, read_force_phrase
from lawdiff.identifiers import ACT_ID
from lawdiff.model import Action, Lang, LawRef, NoteLink
from lawdiff.notes.fold import Enclosed, Folded
from lawdiff.numbering import fold_convocation

_CONVOCATION = r"\s?-\s?[ivxіхѵ]+(?![^\W_])"
_NUMBER = rf"(?:қр\s+)?(?:[^\W\d_]+[-/])?\d+[^\W\d_]?(?![^\W\d_])(?:{_CONVOCATION}|\s?-\s?нп(?![^\W_])|[-/][^\W_]+)*"
_AFTER_DATE = re.compile(
    rf"(?:\.(?!\d))?[\s\\]*(?:г(?:ода|\.)?(?![^\W\d_]))?[\s,\\]*(?:(?:№{{1,2}}|\bn(?:o\b\.?|º)?)\s*)(?P<number>{_NUMBER})?\s*(?:зрк|қрз|ққз)?"
)
_BEFORE_DATE = re.compile(rf"(?:№|\bn)\s*(?P<number>{_NUMBER})\s*(?:зрк\s*)?,?\s*от\s*$")
_NUMBER_ALONE = re.compile(rf"(?:№|\bn)\s*(?P<number>{_NUMBER})")
# «от 03.07.2014 № 225-V, № 226-V», «№№ 225-V, 226-V»: several laws of one day.
_SAME_DAY = re.compile(rf"\s*(?:,|\bи\b|\bжәне\b)\s*(?P<sign>№\s*)?(?P<number>{_NUMBER})")
_CONTEXT = 80  # characters before a date in which its own words stand
_NAMES_ACT = re.compile(
    r"(?:\bот|\bрк|казахстан\w*|\bқр|республикасының|\bзакон\w*|\bкодекс\w*|\bуказ\w*|\bпостановлени\w*|;|,)\s*$"
)
_NOT_OF_AN_ACT = re.compile(r"(?:\bдо|\b[сc]|\bпо|\bв\s+действие|\bна)\s*$")
_KK_NOT_OF_AN_ACT = re.compile(r"\s*(?:бастап|дейін|жағдай|-?\s*(?:ға|ге|қа|ке)\s+дейін)")
# «Пункт 3 в редакции Закона РК от … № … вводится в действие с 01.01.2018»: the phrase without its parenthesis.
_FORCE_AFTER = re.compile(r"[\s,]*(?:котор\w+\s+)?(?=ввод(?:ится|ятся)\s+в\s+действие\b)")
_HREF_ID = re.compile(rf"(?:^|/docs/)({ACT_ID.pattern})(?![0-9A-Za-z])")
_HREF_SERIAL = re.compile(r"\d{2}0*(\d+)_?")
# First and last calendar year in which laws of a convocation of the Parliament were signed; a law is signed up to some
# months after the convocation ends (№ 489-V is of 08.04.2016, № 223-VII of 19.04.2023).
_CONVOCATION_YEARS = {
    "I": (1996, 1999), "II": (1999, 2004), "III": (2004, 2007), "IV": (2007, 2012), "V": (2012, 2016),
    "VI": (2016, 2021), "VII": (2021, 2023), "VIII": (2023, 2026),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A law as found: offsets into the note; `force` the parenthesis that belongs to it."""

    start: int
    end: int
    on: date | None
    number: str | None
    printed: str
    year_first: bool
    flags: tuple[str, ...] = ()
    act_id: str | None = None
    link_disagrees: bool = False
    force: Enclosed | None = None


def find_mentions(folded: Folded, lang: Lang, links: tuple[NoteLink, ...] = ()) -> tuple[Mention, ...]:
    """Every law named outside quotations and parentheses, in order."""
    found: list[Mention] = []
    for span in find_dates_folded(folded.masked):
        mention = _dated(folded, span, lang, links, last_end=found[-1].end if found else 0)
        if mention is not None and not (found and mention.start < found[-1].end):
            found.append(mention)
    ends = [mention.start for mention in found[1:]] + [len(folded.masked)]
    found += [
        other for mention, end in zip(found, ends, strict=False) for other in _of_the_same_day(folded, mention, end)
    ]
    found += _numbers_without_date(folded, found)
    found.sort(key=lambda mention: mention.start)
    return tuple(
        _complete(
            folded,
            mention,
            lang,
            links,
            after=found[index - 1].end if index else 0,
            until=found[index + 1].start if index + 1 < len(found) else len(folded.text),
        )
        for index, mention in enumerate(found)
    )


def law_ref(folded: Folded, mention: Mention, action: Action, lang: Lang) -> tuple[LawRef, tuple[str, ...]]:
    """The mention as a LawRef, and the flags of its force phrase."""
    text = folded.inside(mention.force) if mention.force else None
    phrase = read_force_phrase(text, lang) if text else None
    return LawRef(
        adopted_on=mention.on,
        number=mention.number,
        printed=mention.printed,
        action=action,
        act_id=mention.act_id,
        link_disagrees=mention.link_disagrees,
        in_force_text=text,
        in_force_on=phrase.on if phrase else None,
        in_force_rule=phrase.rule if phrase else None,
        exception_text=phrase.exception_text if phrase else None,
        exception_on=phrase.exception_on if phrase else None,
        until=phrase.until if phrase else None,
    ), (phrase.flags if phrase else ())


@lru_cache(maxsize=1024)
def act_id_of(href: str) -> str | None:
    """The act that an address of the portal leads to: `/rus/docs/Z070000254_#z0` → `Z070000254_`, else None."""
    match = _HREF_ID.search(href)
    return match[1] if match else None


def _dated(folded: Folded, span: DateSpan, lang: Lang, links: tuple[NoteLink, ...], *, last_end: int) -> Mention | None:
    masked = folded.masked
    low = max(0, span.start - _CONTEXT)
    before = masked[low : span.start]
    first = _BEFORE_DATE.search(masked, low, span.start)
    if (
        first and first.start() >= last_end
    ):  # else the number is that of the law before: «N 283, от 29 марта 2000 г. N 42»
        return _mention(folded, first.start(), span.end, span, first.span("number"))
    after = _AFTER_DATE.match(masked, span.end)
    if after:
        return _mention(folded, span.start, after.end(), span, after.span("number") if after["number"] else (0, 0))
    if _NOT_OF_AN_ACT.search(before) or (lang is Lang.KK and _KK_NOT_OF_AN_ACT.match(masked, span.end)):
        return None
    linked = any(link.start < span.end and span.start < link.end for link in links)
    named = _NAMES_ACT.search(before)
    if linked or (named and (last_end or named[0].strip() not in (";", ","))):
        return _mention(folded, span.start, span.end, span, (0, 0))
    return None


def _mention(folded: Folded, start: int, end: int, span: DateSpan, number_at: tuple[int, int]) -> Mention:
    printed_number = folded.text[slice(*number_at)].strip()
    flags: list[str] = []
    if span.on is None:
        flags.append("bad_date")
    if not printed_number:
        flags.append("number_missing")
    elif "№" in folded.plain[span.end : span.end + 1]:
        flags.append("no_space_before_number")
    return Mention(
        start,
        end,
        span.on,
        fold_convocation(" ".join(printed_number.split())) if printed_number else None,
        " ".join((printed_number or folded.text[span.start : span.end]).split()),
        span.year_first,
        tuple(flags),
    )


def _of_the_same_day(folded: Folded, mention: Mention, until: int) -> list[Mention]:
    """The laws whose numbers follow that of a dated one without a date of their own. After «№№» a number needs no sign,
    but it must be one of a law («226-V»). until: where the next law with a date begins."""
    found: list[Mention] = []
    at = mention.end
    signs = folded.masked.startswith("№№", folded.masked.find("№", mention.start, mention.end))
    while mention.on is not None and mention.number is not None:
        other = _SAME_DAY.match(folded.masked, at, until)
        if other is None or not (other["sign"] or (signs and re.search(_CONVOCATION, other["number"]))):
            break
        printed = " ".join(folded.text[slice(*other.span("number"))].split())
        at = other.end()
        start = other.start("sign") if other["sign"] else other.start("number")
        found.append(Mention(start, at, mention.on, fold_convocation(printed), printed, mention.year_first))
    return found


def _numbers_without_date(folded: Folded, dated: list[Mention]) -> list[Mention]:
    found = []
    for match in _NUMBER_ALONE.finditer(folded.masked):
        if any(mention.start <= match.start() < mention.end for mention in dated):
            continue
        printed = " ".join(folded.text[match.start("number") : match.end("number")].split())
        found.append(
            Mention(match.start(), match.end(), None, fold_convocation(printed), printed, False, ("date_missing",))
        )
    return found


def _complete(
    folded: Folded,
    mention: Mention,
    lang: Lang,
    links: tuple[NoteLink, ...],
    *,
    after: int,
    until: int,
) -> Mention:
    """The mention with its parenthesis, its link and the flags that follow from them."""
    force = next(
        (
            paren
            for paren in folded.parens
            if mention.end <= paren.start < until and is_force_phrase(folded.inside(paren), lang)
        ),
        None,
    )
    flags = list(mention.flags)
    if force is None and lang is Lang.RU:
        force = _force_after(folded, mention.end, until)
    elif force is not None:
        if not force.closed:
            flags.append("unclosed_parenthesis")
        if force.start == mention.end and mention.end and not folded.masked[mention.end - 1].isspace():
            flags.append("no_space_before_parenthesis")
    link = _link_of(mention, links, after, force.end if force else mention.end)
    act_id = act_id_of(link.href) if link else None
    disagrees = act_id is not None and _disagrees(act_id, mention)
    if disagrees:
        flags.append("link_disagrees")
    if _convocation_contradicts(mention):
        flags.append("convocation_contradicts_date")
    return Mention(
        mention.start,
        mention.end,
        mention.on,
        mention.number,
        mention.printed,
        mention.year_first,
        tuple(flags),
        act_id,
        disagrees,
        force,
    )


def _force_after(folded: Folded, start: int, until: int) -> Enclosed | None:
    """A phrase on entry into force that follows the law without a parenthesis, as if one enclosed it."""
    begin = _FORCE_AFTER.match(folded.masked, start, until)
    if begin is None:
        return None
    ends = [end for cut in ";\n" if (end := folded.masked.find(cut, begin.end(), until)) >= 0]
    end = min(ends, default=until)
    return Enclosed(begin.end() - 1, end - (folded.masked[end - 1] == "."), closed=False)


def _link_of(mention: Mention, links: tuple[NoteLink, ...], after: int, until: int) -> NoteLink | None:
    """The link on the law itself, else the first link between the law before it and the end of its parenthesis."""
    own = [link for link in links if link.start < mention.end and mention.start < link.end and act_id_of(link.href)]
    if own:
        return own[-1]
    near = [link for link in links if after <= link.start and link.end <= until and act_id_of(link.href)]
    return near[0] if near else None


def _disagrees(act_id: str, mention: Mention) -> bool:
    """Whether the link's year or serial number is another than the label's (FORMAT §5.2: № 196 links Z2500000194)."""
    if mention.on is not None and int(act_id[1:3]) != mention.on.year % 100:
        return True
    serial = _HREF_SERIAL.fullmatch(act_id[1:])
    label = re.match(r"\d+", mention.number or "")
    if act_id[0] not in "ZK" or serial is None or label is None:
        return False
    return int(serial[1]) != int(label[0]) and not act_id.startswith("K95")


def _convocation_contradicts(mention: Mention) -> bool:
    if mention.on is None or mention.number is None:
        return False
    first, last = _CONVOCATION_YEARS.get(mention.number.rpartition("-")[2], (0, 9999))
    return not first <= mention.on.year <= last
