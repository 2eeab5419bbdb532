"""Renders composed acts in the markup of the legal information system: page frame, headings, paragraphs, notes.

The frame follows FORMAT §3, the variants of article markup are those of §4.1 (B: paragraphs; C: bare text with `<br>`).
Everything here is written for the bundled sample; no official wording is in it.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from datetime import date

NBSP5 = "\u00a0" * 5
WORDS = {
    "rus": {
        "site": 'ИПС "Әділет"',
        "tabs": ("Текст", "Информация", "История изменений", "Ссылки"),
        "typo": "Если Вы обнаружили на странице ошибку, выделите мышью слово или фразу и нажмите сочетание клавиш "
        "Ctrl+Enter",
        "status": {"new": "Новый", "upd": "Обновленный"},
        "history": ("№", "Заголовок", "Форма НПА и орган, принявший акт", "Дополнительная информация",
                    "Дата изменения", "Статус НПА"),
        "base": "Состояние базы",
        "president": ("Президент", "Республики Казахстан"),
    },
    "kaz": {
        "site": '"Әділет" АҚЖ',
        "tabs": ("Мәтін", "Ақпарат", "Өзгерістер тарихы", "Сілтемелер"),
        "typo": "Егер Сіз беттен қате тапсаңыз, тінтуірмен сөзді немесе фразаны белгілеңіз және Ctrl+Enter пернелер "
        "тіркесін басыңыз",
        "status": {"new": "Жаңа", "upd": "Жаңартылған"},
        "history": ("№", "Тақырып", "НҚА нысаны және актіні қабылдаған орган", "Қосымша ақпарат", "Өзгерту күні",
                    "НҚА мәртебесі"),
        "base": "Деректер қорының жай-күйі",
        "president": ("Қазақстан Республикасының", "Президенті"),
    },
}  # fmt: skip


@dataclass
class Article:
    """One article in one language. lines: law text; a nested tuple is a table of rows of cells.

    notes come after the text; `head_notes` right below the heading; `future` is a red note that stands before the
    heading and takes its anchor (FORMAT §5.4). A note is a list of pieces: plain text, or (label, address).
    """

    heading: str
    lines: list[object] = field(default_factory=list)
    notes: list[list[object]] = field(default_factory=list)
    head_notes: list[list[object]] = field(default_factory=list)
    future: str | None = None


@dataclass
class Act:
    """State of one act in one language: structure headings and articles in page order, keyed by number."""

    act_id: str
    lang: str
    title: str
    requisites: str
    signer: str
    intro: list[str] = field(default_factory=list)
    act_notes: list[list[object]] = field(default_factory=list)
    body: list[tuple[str, str, object]] = field(default_factory=list)  # (kind, key, heading text or Article)

    def article(self, number: str) -> Article:
        found = next(item for kind, key, item in self.body if kind == "article" and key == number)
        assert isinstance(found, Article)
        return found

    def insert_after(self, number: str, new: str, article: Article) -> None:
        at = next(i for i, (kind, key, _) in enumerate(self.body) if kind == "article" and key == number)
        self.body.insert(at + 1, ("article", new, article))


def portal(day: date) -> str:
    return day.strftime("%d.%m.%Y")


class _Anchors:
    def __init__(self, start: int) -> None:
        self.next = start

    def __call__(self) -> str:
        self.next += 1
        return f"z{self.next}"


def _inline(pieces: list[object]) -> str:
    out = []
    for piece in pieces:
        if isinstance(piece, tuple):
            out.append(f'<a href="{piece[1]}">{html.escape(piece[0], quote=False)}</a>')
        else:
            out.append(html.escape(str(piece), quote=False))
    return "".join(out)


def _span_note(pieces: list[object]) -> str:
    """Split spans outside `p` (FORMAT §5.1, form 1)."""
    out, first = [], True
    for piece in pieces:
        if isinstance(piece, tuple):
            out.append(f'<a href="{piece[1]}">{html.escape(piece[0], quote=False)}</a>')
        else:
            indent = NBSP5 + " " if first else ""
            out.append(f'<span class="note">{indent}{html.escape(str(piece), quote=False)}</span>')
        first = False
    return "".join(out) + "<br>\n"


def _p_note(pieces: list[object]) -> str:
    """`p.note` after a heading (FORMAT §5.1, form 2)."""
    return f'<p class="note">\n{NBSP5} {_inline(pieces)}</p>'


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    body = "".join(
        "<tr>" + "".join(f"<td><p>\n{html.escape(cell, quote=False)}</p>\n</td>" for cell in row) + "</tr>\n"
        for row in rows
    )
    return f'<p>\n<table border="0" width="600">\n{body}</table></p>\n'


def _article(article: Article, style: str, anchor: _Anchors) -> str:
    out = []
    heading = html.escape(article.heading, quote=False)
    if article.future:
        red = html.escape(article.future, quote=False)
        editor = "ЗҚАИ-ның ескертпесі!" if "-бап" in article.heading else "Примечание ИЗПИ!"
        out.append(
            f'<font color="#FF0000">{NBSP5} <a name="{anchor()}"></a>{editor} </font><br>\n'
            f'<font color="#FF0000">{NBSP5} {red}</font><br>\n<p><b>{heading}</b></p>'
        )
    elif style == "A":
        out.append(f'<h3 id="{anchor()}"> {heading}</h3>')
    else:
        out.append(f'<p><b><a name="{anchor()}"></a>{heading}</b></p>')
    out += [_p_note(note) for note in article.head_notes]
    for number, line in enumerate(article.lines):
        if isinstance(line, tuple):
            out.append(_table(line))
        elif style == "C":
            mark = f'<a name="{anchor()}"></a>' if number % 2 == 0 else ""
            out.append(f"{NBSP5} {mark}{html.escape(str(line), quote=False)}<br>\n")
        else:
            ident = f' id="{anchor()}"' if number % 3 != 2 else ""
            out.append(f"<p{ident}>\n{NBSP5} {html.escape(str(line), quote=False)}</p>\n")
    out += [_span_note(note) for note in article.notes]
    return "".join(out)


def article_body(act: Act, style: str, first_anchor: int) -> str:
    """Content of `<article>` for the present state of the act."""
    anchor = _Anchors(first_anchor)
    out = [f"<p>\n{NBSP5} {html.escape(line, quote=False)}</p>\n" for line in act.intro]
    out += [_span_note(note) for note in act.act_notes]
    for kind, _, item in act.body:
        if isinstance(item, Article):
            out.append(_article(item, style, anchor))
        else:
            out.append(f'<h3 id="{anchor()}"> {html.escape(str(item), quote=False)}</h3>')
        assert kind
    first, second = WORDS[act.lang]["president"]
    out.append(
        f'<p>\n<table border="0" width="600">\n<tr>\n<td align="left" width="400">\n'
        f"<i>{NBSP5} {first}<br>{second}</i>\n"
        f'</td>\n<td align="left" width="215"><i>{act.signer}</i></td>\n</tr>\n</table></p>\n'
    )
    return "".join(out)


def page(act: Act, main: str, *, status: str = "upd", archived: bool = False, text: bool = True) -> str:
    """A whole page; `main` is the content of `<article>`, or the table of an info or history page."""
    words = WORDS[act.lang]
    link = f"/{act.lang}/docs/{act.act_id}"
    langs = "".join(
        f"<li{' class=' + chr(34) + 'selected' + chr(34) if lang == act.lang else ''}>"
        f'<a href="/{lang}/docs/{act.act_id}">{label}</a></li>'
        for lang, label in (("kaz", "ҚАЗ"), ("rus", "РУС"))
    )
    tabs = "".join(
        f'<li><a href="{link}{tail}"> {name} </a></li>'
        for name, tail in zip(words["tabs"], ("", "/info", "/history", "/links"), strict=True)
    )
    body = (
        f'<div class="container_gamma text text_{status}{" text_arc" if archived else ""}">\n<div class="gs_12">\n'
        f"<article>{main}</article>\n</div>\n</div>"
        if text
        else f'<div class="container_gamma">{main}</div>'
    )
    title = html.escape(act.title, quote=False)
    return f"""<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<!-- lawdiff sample page: composed wording, not the official text -->
<title>{title} - {words["site"]}</title>
</head>
<!--[if lt IE 7 ]> <body class="no-js ie6"> <![endif]-->
<!--[if (gt IE 9)|!(IE)]><!--> <body class="normal js"> <!--<![endif]-->
<div id="container" class="module_npaView lang_{act.lang}">
<div id="header"><div class="header_cms">
<!--<p style="font-size: 30pt">Ведутся технические работы.</p>-->
</div></div>
<div id="menu" class="png_bg"><ul class="right" id="impairedLogout">{langs}</ul></div>
<div class="container_alpha slogan">
<h1>{title}</h1>
<span class="status status_{status}">{words["status"].get(status, status)}</span>
<p>{html.escape(act.requisites, quote=False)}</p>
</div>
<div id="tabs_container"><div class="container_gamma tabs clearfix"><ul class="clearfix">{tabs}</ul></div></div>
{body}
<div class="container_omega aftertext">
<p>{words["typo"]}</p>
</div>
<div id="footer"><p>{words["base"]}: <span class="counter">0</span></p>
<ul><li><a href="/{act.lang}/docs/K1500000414">…</a></li></ul></div>
</div>
</body></html>
"""


def history_page(act: Act, days: list[date]) -> str:
    """The history table: dated redactions first, the current one last under the undated address."""
    link = f"/{act.lang}/docs/{act.act_id}"
    rows = []
    for number, day in enumerate(days, 1):
        current = number == len(days)
        href = link if current else f"{link}/{portal(day)}"
        status = WORDS[act.lang]["status"]["new" if number == 1 else "upd"]
        rows.append(
            f'<tr><td class="{"odd" if number % 2 else "even"}">{number}</td>'
            f'<td><a href="{href}">{html.escape(act.title, quote=False)}</a></td>'
            f"<td>{html.escape(act.requisites, quote=False)}</td><td></td><td>{portal(day)}</td>"
            f'<td class="last">{status}</td></tr>'
        )
    head = "".join(f"<th>{name}</th>" for name in WORDS[act.lang]["history"])
    table = f'<table id="ethernatable"><thead><tr>{head}</tr></thead><tbody>{chr(10).join(rows)}</tbody></table>'
    return page(act, table, text=False)


def info_page(act: Act, rows: list[tuple[str, str]], status: str = "upd") -> str:
    """The info table of an act."""
    cells = "".join(f"<tr><td>{name}</td><td>{html.escape(value, quote=False)}</td></tr>" for name, value in rows)
    return page(act, f'<table id="ethernatable">{cells}</table>', status=status, text=False)
