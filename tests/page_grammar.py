"""Pages generated from the grammar of the portal's markup, with what the parser must give back for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from hypothesis import strategies as st

from lawdiff.model import Lang

NBSP5 = "&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; "
_TEXT_RU = "лодка весло порт берег Глава статья пункт вода «якорь» № 20-кратного «не» 5% И/ИЛИ a&b <знак> 1,5"
_TEXT_KK = "қайық ескек порт жаға тарау бап тармақ су «зәкір» № Меншiк өлтiру 5% ЖӘНЕ a&b <белгі> 1,5"
_WORDS = {Lang.RU: tuple(_TEXT_RU.split(" ")), Lang.KK: tuple(_TEXT_KK.split(" "))}
_FIRST = {Lang.RU: ["Лодка", "берег", "«порт»"], Lang.KK: ["Қайық", "жаға", "«су»"]}


@dataclass
class Wanted:
    """A unit as it must be read."""

    eid: str
    heading: str
    lines: list[tuple[str, str]] = field(default_factory=list)  # (eid, text)
    notes: list[str] = field(default_factory=list)
    parents: tuple[str, ...] = ()
    state: str = "in_force"


@dataclass
class Generated:
    body: str
    wanted: list[Wanted]
    lang: Lang


class _Page:
    def __init__(self, draw: st.DrawFn, lang: Lang) -> None:
        self.draw = draw
        self.lang = lang
        self.markup: list[str] = []
        self.wanted: list[Wanted] = []
        self.anchors = 0
        self.stolen: str | None = None  # a red note that waits for the next heading

    def pick(self, *values: str) -> str:
        return self.draw(st.sampled_from(values))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def sentence(self) -> str:
        words = self.draw(st.lists(st.sampled_from(_WORDS[self.lang]), min_size=1, max_size=7))
        return " ".join([self.pick(*_FIRST[self.lang]), *words]) + self.pick(";", ".", ":", " –")

    def noisy(self, text: str) -> str:
        """`text` as markup: escaped, with white space of every kind between the words."""
        gap = self.pick(" ", "  ", "\n", "&nbsp;", "\u00a0 ", "\t")
        words = escape(text, quote=self.chance(50)).split(" ")
        place = self.draw(st.integers(0, len(words)))
        return (
            gap.join([" ".join(words[:place]), " ".join(words[place:])]) if 0 < place < len(words) else " ".join(words)
        )

    def identity(self) -> str:
        self.anchors += 1
        return f"z{self.anchors}"

    def number(self, last: int) -> tuple[str, int]:
        if last and self.chance(25):
            return f"{last}-{self.pick('1', '2', '3-1')}", last
        last += self.draw(st.integers(1, 3))
        return str(last), last

    # headings

    def heading(self, level: str, number: str) -> str:
        title = self.sentence().rstrip(";.: –")
        if self.lang is Lang.RU:
            word = {"art": "Статья", "chp": "Глава", "sec": "Раздел"}[level]
            word = self.pick(word, word.upper()) if level != "art" else self.pick(word, word, "Cтатья")
            line = f"{word} {number}"
        else:
            word = {"art": "бап", "chp": "тарау", "sec": "бөлiм"}[level]
            line = f"{number}{self.pick('-', '-', ' ')}{self.pick(word, word.upper())}"
        if level == "art" and self.chance(10):
            return line
        return f"{line}{self.pick('. ', '. ', '.', '.  ')}{title}".replace(".  ", ". ")

    def put_heading(self, text: str, *, marked: bool, anchor: bool = True) -> None:
        shown = escape(text, quote=False)
        identity = self.identity() if anchor else None
        if marked:
            at = f' id="{identity}"' if identity else ""
            self.markup.append(f"<h3{at}> {shown}{self.pick('', ' ')}</h3>{self.pick('', chr(10))}")
            return
        name = f'<a name="{identity}"></a>' if identity else ""
        self.markup.append(
            self.pick(
                f"<p><b>{name}{shown}</b></p>",
                f"<p>{name}<b>{shown}</b></p>",
                f'<p align="center"><b>{name}{shown}</b></p>',
                f"<p>\n<strong>{name}{shown}</strong></p>",
            )
        )

    # text

    def put_line(self, text: str, bare: bool) -> None:
        shown = self.noisy(text)
        if self.chance(25) and " " in shown:
            first, _, rest = shown.partition(" ")
            shown = f'{first} <a href="/rus/docs/K950001000_#z1">{rest}</a>'
        if bare:
            name = f'<a name="{self.identity()}"></a>' if self.chance(60) else ""
            self.markup.append(f"{NBSP5}{name}{shown}{self.pick('<br>', '<br/>')}{self.pick('', chr(10))}")
        else:
            at = f' id="{self.identity()}"' if self.chance(60) else ""
            self.markup.append(
                f"<p{at}>{self.pick(chr(10) + NBSP5, chr(10), ' ', '')}{shown}</p>{self.pick('', chr(10))}"
            )

    def text(self, unit: Wanted, bare: bool) -> None:
        scope, paras = "", 0
        part = 0
        for _ in range(self.draw(st.integers(1, 4))):
            if self.chance(60):
                number, part = self.number(part)
                text = f"{number}. {self.sentence()}"
                eid = f"part_{number}"
                if eid in {line[0] for line in unit.lines}:
                    continue
                scope, paras = f"{eid}__", 0
                unit.lines.append((eid, text))
                self.put_line(text, bare)
            else:
                paras += 1
                text = self.sentence()
                unit.lines.append((f"{scope}para_{paras}", text))
                self.put_line(text, bare)
            if f"{scope}point_1" in {line[0] for line in unit.lines}:
                continue
            for point in range(1, self.draw(st.integers(1, 4))):
                text = f"{point}) {self.sentence()}"
                unit.lines.append((f"{scope}point_{point}", text))
                self.put_line(text, bare)

    # notes

    def amendment(self, number: str) -> str:
        law = f"№ {self.draw(st.integers(1, 400))}-VII"
        if self.lang is Lang.RU:
            action = self.pick(
                "с изменениями, внесенными Законом", "в редакции Закона", "с изменением, внесенным Законом"
            )
            return f"Сноска. Статья {number} {action} РК от 05.11.2022 {law} (вводится в действие с 01.01.2023)."
        action = self.pick("бапқа өзгеріс енгізілді", "бап жаңа редакцияда")
        return f"Ескерту. {number}-{action} - ҚР 05.11.2022 {law} (01.01.2023 бастап қолданысқа енгізіледі) Заңымен."

    def put_note(self, text: str) -> None:
        before, _, rest = text.partition("№")
        law, _, after = rest.partition(" (")
        link = f'</span><a href="/rus/docs/Z2200000157#z1">№{law}</a><span class="note">'
        self.markup.append(
            self.pick(
                f'<span class="note">{NBSP5}{before}{link} ({after}</span><br>\n',
                f'<p class="note">\n{NBSP5}{text}</p>\n',
                f'<span class="note">     {text}</span><br/>\n',
                f'<span class="note">{NBSP5}{before}</span>№{law}<span class="note"> ({after}</span><br>',
            )
        )

    def red(self, number: str) -> str:
        if self.lang is Lang.RU:
            head, text = (
                "Примечание ИЗПИ!",
                f"В статью {number} предусматривается изменение Законом РК от 11.06.2026 № 306-VIII.",
            )
        else:
            head, text = (
                "ЗҚАИ-ның ескертпесі!",
                f"{number}-бапқа өзгеріс енгізу көзделген - ҚР 11.06.2026 № 306-VIII Заңымен.",
            )
        color = self.pick('color="#FF0000"', 'color="FF0000"')
        self.markup.append(f'<font {color}>{NBSP5}<a name="{self.identity()}"></a>{head} </font><br>\n')
        self.markup.append(f"<font {color}>{NBSP5}{text}</font><br>\n")
        return f"{head} {text}"

    # units

    def article(self, number: str, parents: tuple[str, ...]) -> None:
        steals = None
        if self.wanted and self.chance(15):
            steals = self.red(number)
        heading = self.heading("art", number)
        unit = Wanted(f"art_{number}", heading, parents=parents)
        self.wanted.append(unit)
        self.put_heading(heading, marked=self.chance(30), anchor=steals is None)
        if steals:
            unit.notes.append(steals)
        if self.chance(12):
            unit.state = "excluded"
            text = (
                f"Сноска. Статья {number} исключена Законом РК от 03.07.2021 № 61-VII (вводится в действие с "
                "01.08.2021)."
                if self.lang is Lang.RU
                else f"Ескерту. {number}-бап алып тасталды - ҚР 03.07.2021 № 61-VII (01.08.2021 бастап қолданысқа "
                "енгізіледі) Заңымен."
            )
            unit.notes.append(text)
            self.put_note(text)
            return
        self.text(unit, bare=self.chance(35))
        if self.chance(50):
            text = self.amendment(number)
            unit.notes.append(text)
            self.put_note(text)

    def build(self) -> None:
        article = chapter = section = 0
        with_sections = self.chance(40)
        parents: tuple[str, ...] = ()
        for _ in range(self.draw(st.integers(1, 3))):
            if with_sections and (not parents or self.chance(30)):
                number, section = self.number(section)
                if f"sec_{number}" in {unit.eid for unit in self.wanted}:
                    continue
                heading = self.heading("sec", number)
                self.wanted.append(Wanted(f"sec_{number}", heading))
                self.put_heading(heading, marked=True)
                parents = (f"sec_{number}",)
            number, chapter = self.number(chapter)
            eid = f"chp_{number}"
            if eid in {unit.eid for unit in self.wanted}:
                continue
            heading = self.heading("chp", number)
            self.wanted.append(Wanted(eid, heading, parents=parents))
            self.put_heading(heading, marked=self.chance(80))
            for _ in range(self.draw(st.integers(1, 3))):
                number, article = self.number(article)
                if f"art_{number}" not in {unit.eid for unit in self.wanted}:
                    self.article(number, (*parents, eid))


@st.composite
def pages(draw: st.DrawFn) -> Generated:
    """A page body of sections, chapters and articles in any mixture of markup, in either language."""
    lang = draw(st.sampled_from(list(Lang)))
    page = _Page(draw, lang)
    page.build()
    return Generated("".join(page.markup), page.wanted, lang)
