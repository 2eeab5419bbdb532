"""An invented code with a known history, in the site's markup: what the benchmarks of the history measure on.

`Code(articles=500, redactions=110)` gives, for each language, one page of about 2 MB per redaction, in order, each
with 1 to 40 changed articles; ids renumbered now and then; the markup switched twice (bare text, then `p`, then `h3`
mixed in: FORMAT §4.1). The same deeds happen to both languages, in wording of their own. `truth` holds what happened:
{date: {eid: op}}, for both. Deterministic: the same arguments give the same bytes.

    python -m benchmarks.generate FOLDER [--articles 500] [--redactions 110]     pages and truth.json as files
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape
from pathlib import Path

from lawdiff.model import Lang

RUSSIAN = """
лицо орган порядок решение основание заявление срок договор имущество сведения проверка размер показатель действие
ответственность уполномоченный государственный предусмотренный настоящим кодексом соответствии законодательством
республики получения хранения передачи учёта образцов журнала заказчика хранителя обязан вправе может должен имеет
право установленном порядке течение календарных дней уведомить возместить ущерб причинённый деятельностью субъектов
предпринимательства контроля надзора лицензия разрешение документ форма правила перечень категория условие требование
"""
KAZAKH = """
тұлға орган тәртіп шешім негіз өтініш мерзім шарт мүлік мәлімет тексеру мөлшер көрсеткіш әрекет жауаптылық уәкілетті
мемлекеттік көзделген осы кодекске сәйкес заңнамасына республикасының алу сақтау беру есепке үлгілерді журналын
тапсырысшының сақтаушы міндетті құқылы мүмкін тиіс белгіленген тәртіппен ішінде күнтізбелік күн хабарлауға өтеуге
залалды келтірілген қызметі субъектілерінің кәсіпкерлік бақылау қадағалау лицензия рұқсат құжат нысан қағидалар тізбе
"""
WORDS = {Lang.RU: tuple(RUSSIAN.split()), Lang.KK: tuple(KAZAKH.split())}
PENALTY = {
    Lang.RU: "наказывается штрафом в размере до {} месячных расчетных показателей либо арестом на срок до {} суток.",
    Lang.KK: "{} айлық есептік көрсеткішке дейін айыппұл салуға не {} тәулікке дейін қамаққа алуға жазаланады.",
}
AMOUNTS = {
    Lang.RU: (
        "ста",
        "двухсот",
        "трехсот",
        "пятисот",
        "ста двадцати",
        "двух тысяч",
        "трех тысяч",
        "сорока",
        "шестидесяти",
    ),
    Lang.KK: ("жүз", "екі жүз", "үш жүз", "бес жүз", "жүз жиырма", "екі мың", "үш мың", "қырық", "алпыс"),
}
HEADING = {Lang.RU: "Статья {}. {}", Lang.KK: "{}-бап. {}"}
CHAPTER = {Lang.RU: "Глава {}. {}", Lang.KK: "{}-тарау. {}"}
AMENDED = {
    Lang.RU: ("Сноска. Статья {} с изменениями, внесенными законами РК ", "от {:%d.%m.%Y} ", "."),
    Lang.KK: ("Ескерту. {}-бапқа өзгерістер енгізілді - ҚР ", "{:%d.%m.%Y} ", " заңдарымен."),
}
ADDED = {
    Lang.RU: ("Сноска. Кодекс дополнен статьей {} в соответствии с Законом РК ", "от {:%d.%m.%Y} ", "."),
    Lang.KK: ("Ескерту. {}-баппен толықтырылды - ҚР ", "{:%d.%m.%Y} ", " Заңымен."),
}
EXCLUDED = {
    Lang.RU: ("Сноска. Статья {} исключена Законом РК ", "от {:%d.%m.%Y} ", "."),
    Lang.KK: ("Ескерту. {}-бап алып тасталды - ҚР ", "{:%d.%m.%Y} ", " Заңымен."),
}
IN_FORCE = {
    Lang.RU: "вводится в действие по истечении десяти календарных дней после дня его официального опубликования",
    Lang.KK: "алғашқы ресми жарияланған күнінен кейін күнтізбелік он күн өткен соң қолданысқа енгізіледі",
}
TITLE = {
    Lang.RU: "Составленный кодекс Республики Казахстан",
    Lang.KK: "Қазақстан Республикасының құрастырылған кодексі",
}
REQUISITES = {
    Lang.RU: "Кодекс Республики Казахстан от 5 июля 2014 года № 999-V ЗРК.",
    Lang.KK: "Қазақстан Республикасының 2014 жылғы 5 шілдедегі № 999-V ҚРЗ Кодексі.",
}
STATUS = {Lang.RU: "Обновленный", Lang.KK: "Жаңартылған"}
PORTAL = {Lang.RU: "rus", Lang.KK: "kaz"}
PAGE = """<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{title} - {site}</title></head>
<body class="normal js">
<div id="container" class="module_npaView lang_{portal}">
<div id="menu" class="png_bg"><ul class="right" id="impairedLogout">{langs}</ul></div>
<div class="container_alpha slogan"><h1>{title}</h1><span class="status status_upd">{status}</span>
<p>{requisites}</p></div>
<div class="container_gamma text text_upd"><div class="gs_12">
<article>{body}
</article></div></div>
<div class="container_omega aftertext"><p>Ctrl+Enter</p></div>
<div id="footer"><p>© 2012</p></div></div></body></html>
"""
SITE = {Lang.RU: 'ИПС "Әділет"', Lang.KK: '"Әділет" АҚЖ'}
LANGS = {
    Lang.RU: '<li><a href="/kaz/docs/{act}">ҚАЗ</a></li><li class="selected"><a href="/rus/docs/{act}">РУС</a></li>',
    Lang.KK: '<li class="selected"><a href="/kaz/docs/{act}">ҚАЗ</a></li><li><a href="/rus/docs/{act}">РУС</a></li>',
}
INDENT = "\n     "
PER_CHAPTER = 25


@dataclass(frozen=True)
class Law:
    number: str
    day: date
    act_id: str


@dataclass
class Article:
    """One article in one language as it stands. added, excluded: by which law; laws: that amended it."""

    number: str
    chapter: int
    title: str
    lines: list[str]
    laws: list[Law] = field(default_factory=list)
    added: Law | None = None
    excluded: Law | None = None
    anchor: int = 0


@dataclass(frozen=True)
class Page:
    """One redaction's page. changes: {eid: op}, what happened since the page before."""

    lang: Lang
    day: date
    body: bytes
    changes: dict[str, str]
    is_current: bool


class Code:
    """The invented code. act_id: its id; `pages(lang)` yields its redactions, oldest first."""

    def __init__(
        self,
        articles: int = 500,
        redactions: int = 110,
        *,
        seed: int = 7,
        act_id: str = "K1400000999",
        words: int = 190,
    ) -> None:
        self.articles = articles
        self.redactions = redactions
        self.seed = seed
        self.act_id = act_id
        self.words = words  # in one article, about

    @property
    def days(self) -> list[date]:
        return [date(2014, 7, 5) + timedelta(days=37 * at) for at in range(self.redactions)]

    def law(self, at: int) -> Law:
        day = self.days[at] - timedelta(days=14)
        number = 100 + at
        return Law(
            f"{number}-{'V' if day.year < 2016 else 'VI' if day.year < 2021 else 'VII'}",
            day,
            f"Z{day:%y}00000{number:03d}",
        )

    def pages(self, lang: Lang) -> Iterator[Page]:
        deeds, wording = random.Random(self.seed), random.Random(f"{self.seed}{lang}")
        author = _Author(lang, wording, self.words)
        state = [author.article(str(at + 1), at // PER_CHAPTER + 1) for at in range(self.articles)]
        chapters = [author.chapter(at + 1) for at in range((self.articles - 1) // PER_CHAPTER + 1)]
        anchors = 0
        for at, day in enumerate(self.days):
            changes: dict[str, str] = {}
            if at:
                changes = self._amend(state, deeds, author, self.law(at))
            if at % 17 == 0:  # the portal numbers its anchors anew
                anchors = at * 3
                for article in state:
                    article.anchor = 0
            for article in state:
                if not article.anchor:
                    anchors += 10
                    article.anchor = anchors
            markup = 0 if at < self.redactions // 5 else 1 if at < 3 * self.redactions // 5 else 2
            body = self._body(lang, state, chapters, markup)
            yield Page(lang, day, self._page(lang, body), changes, at == self.redactions - 1)

    def truth(self, lang: Lang = Lang.RU) -> dict[str, dict[str, str]]:
        """What happened, by date: {eid: op}. The same for both languages."""
        return {page.day.isoformat(): page.changes for page in self.pages(lang)}

    def _amend(self, state: list[Article], deeds: random.Random, author: _Author, law: Law) -> dict[str, str]:
        most = min(40, max(1, len(state) // 3))
        changes: dict[str, str] = {}
        for place in sorted(deeds.sample(range(len(state)), deeds.randint(1, most)), reverse=True):
            article = state[place]
            deed = deeds.random()
            article.anchor = 0
            if article.excluded is not None:
                if deed < 0.5:
                    article.excluded = None
                    article.laws = [law]
                    author.restate(article)
                    changes[f"art_{article.number}"] = "restored"
            elif deed < 0.03:
                article.excluded, article.laws, article.lines = law, [], []
                changes[f"art_{article.number}"] = "excluded"
            elif deed < 0.08:
                number = _next_number(article.number, {one.number for one in state})
                fresh = author.article(number, article.chapter)
                fresh.added = law
                state.insert(place + 1, fresh)
                changes[f"art_{number}"] = "added"
            elif deed < 0.11:
                article.laws.append(law)
                changes[f"art_{article.number}"] = "note_only"
            else:
                author.amend(article, deeds)
                article.laws.append(law)
                changes[f"art_{article.number}"] = "amended"
        return changes

    def _body(self, lang: Lang, state: list[Article], chapters: list[str], markup: int) -> str:
        parts: list[str] = []
        chapter = 0
        for article in state:
            if article.chapter != chapter:
                chapter = article.chapter
                parts.append(f'\n<h3 id="z{900000 + chapter}"> {chapters[chapter - 1]}</h3>')
            parts.append(_article_html(lang, article, markup))
        return "".join(parts)

    def _page(self, lang: Lang, body: str) -> bytes:
        return PAGE.format(
            title=TITLE[lang], site=SITE[lang], portal=PORTAL[lang], langs=LANGS[lang].format(act=self.act_id),
            status=STATUS[lang], requisites=REQUISITES[lang], body=body,
        ).encode()  # fmt: skip


def _next_number(number: str, taken: set[str]) -> str:
    base = number.partition("-")[0]
    at = 1
    while f"{base}-{at}" in taken:
        at += 1
    return f"{base}-{at}"


class _Author:
    """Writes and rewrites articles in one language. What it does to the shape of an article depends on `deeds` only."""

    def __init__(self, lang: Lang, wording: random.Random, words: int) -> None:
        self.lang = lang
        self.random = wording
        self.words = words

    def sentence(self, low: int, high: int) -> str:
        return " ".join(self.random.choices(WORDS[self.lang], k=self.random.randint(low, high)))

    def chapter(self, number: int) -> str:
        return CHAPTER[self.lang].format(number, self.sentence(3, 6).capitalize())

    def article(self, number: str, chapter: int) -> Article:
        return Article(number, chapter, self.sentence(3, 7).capitalize(), self.lines())

    def lines(self) -> list[str]:
        found: list[str] = []
        for number in range(1, max(2, self.words // 45) + 1):
            found.append(f"{number}. {self.sentence(20, 32).capitalize()} –")
            found.append(self.penalty())
        return found

    def penalty(self) -> str:
        amounts = self.random.sample(AMOUNTS[self.lang], 2)
        return PENALTY[self.lang].format(*amounts)

    def restate(self, article: Article) -> None:
        article.lines = self.lines()

    def amend(self, article: Article, deeds: random.Random) -> None:
        deed = deeds.random()
        at = deeds.randrange(len(article.lines))
        words = article.lines[at].split(" ")
        if deed < 0.6:
            place = self.random.randrange(1, len(words) - 1)
            words[place] = f"{self.random.choice(WORDS[self.lang])}{self.random.randint(2, 99)}"
            article.lines[at] = " ".join(words)
        elif deed < 0.85:
            place = self.random.randrange(1, len(words) - 1)
            article.lines[at] = " ".join(
                [*words[:place], self.sentence(2, 6), str(self.random.randint(1, 999)), *words[place:]]
            )
        elif deed < 0.95:
            number = sum(line[0].isdigit() for line in article.lines) + 1
            article.lines += [f"{number}. {self.sentence(15, 25).capitalize()} –", self.penalty()]
        else:
            article.lines = self.lines()


def _article_html(lang: Lang, article: Article, markup: int) -> str:
    heading = escape(HEADING[lang].format(article.number, article.title), quote=False)
    anchor = article.anchor
    if markup == 2 and anchor % 30 == 0:
        out = [f'\n<h3 id="z{anchor}"> {heading}</h3>']
    else:
        out = [f'\n<p><b><a name="z{anchor}"></a>{heading}</b></p>']
    for at, line in enumerate(article.lines, start=1):
        text = escape(line, quote=False)
        if markup == 0:
            name = f'<a name="z{anchor + at}"></a>' if at % 2 else ""
            out.append(f"{INDENT}{name}{text}<br>")
        else:
            out.append(f'<p id="z{anchor + at}">{INDENT}{text}</p>' if at % 2 else f"<p>{INDENT}{text}</p>")
    out.append(_notes_html(lang, article))
    return "".join(out)


def _notes_html(lang: Lang, article: Article) -> str:
    if article.excluded is not None:
        return f'<p class="note">{INDENT}{_note(EXCLUDED[lang], article.number, [article.excluded], lang)}</p>'
    notes = []
    if article.added is not None:
        notes.append(_note(ADDED[lang], article.number, [article.added], lang))
    if article.laws:
        notes.append(_note(AMENDED[lang], article.number, article.laws, lang))
    return "".join(f'\n<span class="note">{INDENT}{note}</span><br>' for note in notes)


def _note(shape: tuple[str, str, str], number: str, laws: list[Law], lang: Lang) -> str:
    start, day, end = shape
    named = "; ".join(
        f'{day.format(law.day)}<a href="/{PORTAL[lang]}/docs/{law.act_id}#z1">№ {law.number}</a> ({IN_FORCE[lang]})'
        for law in laws
    )
    return start.format(number) + named + end


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--redactions", type=int, default=110)
    arguments = parser.parse_args()
    code = Code(arguments.articles, arguments.redactions)
    for lang in Lang:
        folder = arguments.folder / PORTAL[lang]
        folder.mkdir(parents=True, exist_ok=True)
        for page in code.pages(lang):
            (folder / f"{page.day:%d.%m.%Y}.html").write_bytes(page.body)
    (arguments.folder / "truth.json").write_text(json.dumps(code.truth(), indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
