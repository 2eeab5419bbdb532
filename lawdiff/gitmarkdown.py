"""Markdown of the kazakhstan-law repositories → the portal's markup, so that one parser reads both sources.

Layout, as read in the public repository `kazakhstan-law/codes` (README and files of the Constitution of 2026, the
constitutional law on the Astana financial centre, the Criminal Code of 1997) and in FORMAT §0, §6:

- one folder per act with `rus.md`, `kaz.md` and `meta.yaml`, or (another build of the mirror: folders
  `19911216-…-104042`) without `meta.yaml`, the files opening with YAML front matter instead. The front matter may state
  `source` alone: `https://zan.gov.kz/client/#!/doc/104042/rus/16.12.1991` tells the act code and the redaction date.
  `act_code` is the state bank number that a portal page links as «Версия из ЭКБ»;
- a large act is cut: `rus.md` is a table of contents with links to `rus/sec001.md` …; each part opens with a line
  `↑ […]` that links back. In the codes of 2026 the contents are a table under «## Части документа» (in both languages),
  after a sentence on why the act is cut, behind the title and the notes on the whole act (administrative code);
- a note on the whole act goes on in paragraphs of their own, in italics or not: «слова «…» заменены …»;
- headings are `#`…`######`; an article is such a heading or a line in bold (`**Статья 1**`), after `<a id="st1"></a>`;
- paragraphs are separated by blank lines; a continuation of a numbered part is indented; notes are quoted and in
  italics: `> *Сноска. …*`. **The mirror quotes normative «Ескерту.» and «Примечание.» in the same way** (Criminal
  Code of 1997, article 288), so what a quotation is, its words decide, as on the portal (FORMAT §5.6).

Guarantee: every word of the Markdown outside front matter, anchors, back links and the table of contents that links to
the parts is in the result; the title stands in the frame instead of the text.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import date

from lawdiff.errors import LawdiffError
from lawdiff.identifiers import PORTAL_LANG
from lawdiff.model import Lang
from lawdiff.notes import is_normative
from lawdiff.text import normalise

_FRONT_MATTER = re.compile(r"\A---\n(?P<yaml>.*?)\n---\n", re.S)
_ANCHOR = re.compile(r"^<a id=\"[^\"]*\"></a>\s*$")
_HEADING = re.compile(r"^#{1,6}\s+(?P<text>.*?)\s*#*$")
_BOLD_LINE = re.compile(r"^\*\*(?P<text>[^*]+)\*\*$")
_QUOTE = re.compile(r"^>\s?")
_TABLE_RULE = re.compile(r"^\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?$")
_PART_LINK = re.compile(r"\]\((?:\./)?(?P<path>(?:rus|kaz)/[^)#\s]+\.md)[^)]*\)")
_CONTENTS_LINE = re.compile(r"^(?:[-*+]|\d+\.)?\s*\[[^\]]*\]\((?:\./)?(?:rus|kaz)/[^)]*\)\s*$")
_SERVICE = re.compile(rf"^↑\s*\[.*\]\(.*\)\s*$|{_CONTENTS_LINE.pattern}")
_SOURCE = re.compile(r"/doc/(?P<code>\d+)/(?:rus|kaz)(?:/(?P<day>\d{2}\.\d{2}\.\d{4}))?")
_TITLE = re.compile(r"^#\s+(?P<text>.+?)\s*#*$", re.M)
_PARTS_HEADING = re.compile(r"^#{1,6}\s+Части документа\s*$")
_PARTS_ROW = re.compile(r"^\|\s*\[[^\]]*\]\((?:\./)?(?:rus|kaz)/[^)]*\)\s*\|")
_WHOLE_ACT = re.compile(r"^\W*(?:Сноска|Ескерту)\.\s.*(?:всему тексту|бүкіл мәтін)", re.I)
_GOES_ON = re.compile(r"заменен\w*|ауыстырыл", re.I)
_LINK = re.compile(r"!?\[(?P<label>[^\]]*)\]\([^)]*\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")
_EMPHASIS = re.compile(r"(?<!\\)(\*\*|\*|__)(?=\S)(?P<text>.+?)(?<=\S)\1")
_ARTICLE = re.compile(r"^\s*(?:[СC]татья\s+\d|\d+(?:-\d+)*\s*-?\s*бап\b)", re.I)


@dataclass(frozen=True, slots=True)
class MirrorMeta:
    """What the mirror says of one redaction. act_code: state bank number; source: the page it was made from."""

    act_code: str
    lang: Lang
    redaction_date: date
    title: str
    requisite: str
    source: str | None


def part_links(contents: str) -> tuple[str, ...]:
    """Paths of the parts of a cut act, in the order in which its table of contents links them."""
    return tuple(dict.fromkeys(match["path"] for match in _PART_LINK.finditer(contents)))


def act_code(meta: dict[str, object]) -> str:
    """The state bank number that the facts of a redaction state, by themselves or in the address of its source; else
    empty."""
    if meta.get("act_code"):
        return str(meta["act_code"])
    source = meta.get("source")
    for address in source.values() if isinstance(source, dict) else (source,):
        stated = _SOURCE.search(str(address or ""))
        if stated:
            return stated["code"]
    return ""


def read_meta(meta: dict[str, object], lang: Lang, text: str = "") -> MirrorMeta | None:
    """The facts of `meta.yaml` and of front matter for one language; None where the language has no redaction.

    What they leave out, the address in `source` tells (code, date) and the `# …` heading of `text` (title). Raises
    LawdiffError where the code or the date is nowhere or malformed.
    """
    portal_lang = PORTAL_LANG[lang]

    def fact(name: str) -> object:
        value = meta.get(name)
        return value.get(portal_lang) if isinstance(value, dict) else value

    day = fact("version_date")
    if day is None and isinstance(meta.get("version_date"), dict):
        return None
    source = fact("source")
    stated = _SOURCE.search(str(source or ""))
    code = act_code(meta)
    if day is None and stated and stated["day"]:
        day = "-".join(reversed(stated["day"].split(".")))
    try:
        redaction_date = day if isinstance(day, date) else date.fromisoformat(str(day))
    except ValueError:
        raise LawdiffError(f"the mirror states no redaction date for act code {code or '?'}: {day!r}") from None
    if not code.isdigit():
        raise LawdiffError(f"the mirror states no act_code: {code!r}; is this a kazakhstan-law repository?")
    title = _TITLE.search(text)
    return MirrorMeta(
        code,
        lang,
        redaction_date,
        str(fact("title") or (normalise(title["text"]) if title else "")),
        str(fact("requisite") or ""),
        str(source) if source else None,
    )


def front_matter(text: str) -> tuple[str | None, str]:
    """(YAML, rest) of a file; YAML is None where it has none."""
    match = _FRONT_MATTER.match(text)
    return (match["yaml"], text[match.end() :]) if match else (None, text)


def bundle_page(bundle: bytes) -> tuple[MirrorMeta, tuple[str, ...]]:
    """A stored bundle → its facts and the texts of its files, contents first. Raises LawdiffError where it is none."""
    try:
        loaded = json.loads(bundle)
        meta = read_meta(
            {**loaded["meta"], "version_date": loaded["meta"]["redaction_date"]}, Lang(loaded["meta"]["lang"])
        )
        assert meta is not None
        return meta, tuple(file["text"] for file in loaded["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise LawdiffError(f"the stored bundle of an imported redaction is not readable: {error}") from None


def to_portal_page(texts: tuple[str, ...], meta: MirrorMeta, act_id: str) -> bytes:
    """One page in the portal's frame and markup (FORMAT §3, §4.1 variant B) from the files of one redaction."""
    body = "".join(_blocks(text, meta.lang, meta.title) for text in texts)
    portal_lang = PORTAL_LANG[meta.lang]
    title, requisite = (html.escape(value, quote=False) for value in (meta.title, meta.requisite))
    page = (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body>\n'
        f'<div id="container" class="module_npaView lang_{portal_lang}">\n'
        f'<ul id="impairedLogout"><li class="selected"><a href="/{portal_lang}/docs/{act_id}">·</a></li></ul>\n'
        f'<div class="container_alpha slogan"><h1>{title}</h1><span class="status status_upd"></span>'
        f"<p>{requisite}</p></div>\n"
        f'<div class="container_gamma text text_upd"><div class="gs_12"><article>{body}</article></div></div>\n'
        '<div class="container_omega aftertext"></div></div></body></html>'
    )
    return page.encode("utf-8")


def _blocks(text: str, lang: Lang, title: str = "") -> str:
    """Blocks of one file (separated by blank lines) as siblings of an `<article>`."""
    _, rest = front_matter(text)
    blocks: list[list[str]] = []
    for block in re.split(r"\n[ \t]*\n", rest):
        lines = [line.strip() for line in block.split("\n")]
        lines = [line for line in lines if line and not _ANCHOR.match(line) and not _SERVICE.match(line)]
        if lines:
            blocks.append(lines)
    out = []
    on_whole_act = False
    for lines in _without_contents(blocks):
        if len(lines) == 1 and title and lines[0].startswith("# ") and _same(lines[0][2:], title):
            continue  # the frame of the page shows it
        text = " ".join(_QUOTE.sub("", line) for line in lines)
        begins = _WHOLE_ACT.search(text) is not None
        if begins or (on_whole_act and not _HEADING.match(lines[0]) and _GOES_ON.search(text)):
            on_whole_act = True
            out.append(f'<p class="note">\n{_plain(text)}</p>\n')
            continue
        on_whole_act = False
        out.append(_block(lines, lang))
    return "".join(out)


def _without_contents(blocks: list[list[str]]) -> list[list[str]]:
    """The blocks without the table that links the parts, and without its heading and the sentence between them."""
    table = next((at for at, lines in enumerate(blocks) if len(lines) > 2 and _is_contents(lines)), None)
    if table is None:
        return blocks
    heading = next((at for at in range(table, -1, -1) if _PARTS_HEADING.match(blocks[at][0])), table)
    return blocks[:heading] + blocks[table + 1 :]


def _is_contents(lines: list[str]) -> bool:
    return bool(_TABLE_RULE.match(lines[1])) and all(_PARTS_ROW.match(line) for line in lines[2:])


def _same(one: str, other: str) -> bool:
    return normalise(html.unescape(_plain(one))).casefold() == normalise(other).casefold()


def _block(lines: list[str], lang: Lang) -> str:
    if all(_QUOTE.match(line) for line in lines):
        return _quotation(" ".join(_QUOTE.sub("", line) for line in lines), lang)
    if len(lines) > 1 and _TABLE_RULE.match(lines[1]) and "|" in lines[0]:
        return _table(lines)
    out = []
    for line in lines:
        heading = _HEADING.match(line) or _BOLD_LINE.match(line)
        if heading:
            text = _plain(heading["text"])
            out.append(f"<p><b>{text}</b></p>" if _ARTICLE.match(heading["text"]) else f"<h3>{text}</h3>")
        else:
            out.append(f"<p>\n{_plain(line)}</p>\n")
    return "".join(out)


def _quotation(text: str, lang: Lang) -> str:
    plain = _plain(text)
    if is_normative(normalise(html.unescape(plain)), lang):
        return f"<p>\n{plain}</p>\n"
    return f'<p class="note">\n{plain}</p>\n'


def _table(lines: list[str]) -> str:
    rows = [lines[0], *lines[2:]]
    cells = [re.split(r"(?<!\\)\|", row.strip().strip("|")) for row in rows]
    body = "".join("<tr>" + "".join(f"<td><p>\n{_plain(cell)}</p></td>" for cell in row) + "</tr>\n" for row in cells)
    return f"<p>\n<table>\n{body}</table></p>\n"


def _plain(text: str) -> str:
    """Inline Markdown as escaped text: links become their labels, emphasis and escapes their characters."""
    text = _LINK.sub(lambda link: link["label"], text.strip())
    previous = None
    while previous != text:
        previous, text = text, _EMPHASIS.sub(lambda match: match["text"], text)
    return html.escape(html.unescape(_ESCAPE.sub(r"\1", text)), quote=False)
