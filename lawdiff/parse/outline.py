"""The outline of a page: headings in their order, their parents and eids (FORMAT §4.2, §4.6).

The rule of eids, the same in every redaction and language:

- an article is `art_115-1` whatever stands above it; a section is `sec_2`, a chapter `chp_7`, Общая часть `prt_1`,
  Особенная часть `prt_2`;
- a subsection and a paragraph restart everywhere, so they always carry what they stand in: `chp_7__subchp_2`,
  `sec_2__subsec_1`;
- where the numbers of sections or chapters restart under another heading of the same act, all of that kind carry what
  they stand in: `sec_1__chp_1`, `sec_2__chp_1`;
- everything in an annex carries the annex: `annex_1__sec_2`, `annex_1__art_5`; an annex is named by its printed number,
  else by its place among the annexes;
- a numbered annex to a document that the act approves (rules, a concept) carries that document: `annex_1__annex_2`;
- an unnumbered heading is counted under what it stands in: `sec_1__chp_nn_1`, `hd_1`;
- a number that repeats where it must not gets `__2` and an issue: nothing is overwritten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lawdiff.parse.blocks import Block, TableBlock, TextBlock
from lawdiff.parse.cutting import Chunk
from lawdiff.parse.editorial import CONTENTS_WORD
from lawdiff.parse.headings import PREFIX, Level, lookalike_pattern, read_title

_ANNEX_RU = re.compile(
    r"(?:к\s+)?Приложени[ея](?:\s*№?\s*(?P<number>\d+(?:-\d+)*))?(?![\w])|Утвержд[её]н[аоы]?(?![\w])|Одобрен[аоы]?(?![\w])",
    re.I,
)
_ANNEX_KK = re.compile(
    rf"(?P<number>\d+(?:-\d+)*)?\s*-?\s*{lookalike_pattern('қосымша')}(?![\w])|{lookalike_pattern('бекітіл')}", re.I
)
_SIGNATURE = re.compile(
    r"(?:Исполняющий\s+обязанности\s+)?(?:Президент|Премьер-Министр|Министр|Председатель|Вице-|Заместитель|Аким|Судья|"
    r"Секретарь|И\.?\s?о\.?\s)|Қазақстан\s+Республикасы(?:ны)?ң\s+(?:Президент|Премьер|Министр|Төрағ)|"
    r"Республики\s+Казахстан|.{0,80}(?:Президент[іi]|Премьер-Министр[іi]|министр[іi]|төрағасы)\b",
    re.I,
)
_SIGNED = re.compile(
    r"(?:(?:Президент|Премьер-Министр)\s+Республики\s+Казахстан"
    r"|Қазақстан\s+Республикасының\s+(?:Президент[іi]|Премьер-Министр[іi]))\s+[^\W\d_]\.\s?[^\W\d_-]+"
)
_MAX_ANNEX_TEXT = 400
_APPROVED = re.compile(rf"Утвержд[её]н[аоы]?(?!\w)|Одобрен[аоы]?(?!\w)|{lookalike_pattern('бекітіл')}", re.I)
_OF_AN_ACT = re.compile(
    r"закон|кодекс|конституци|постановлен|указ[уа]|приказ|решени|распоряжени|заң|қаулы|жарлы[қғ]|бұйры[қғ]|шеш[іi]м",
    re.I,
)
_BOLD_TITLE = re.compile(r"(?:\d+(?:\.\d+)*|[IVXІХ]+)\.?\s+[^\W\d_].{0,200}[^.;:,]")


@dataclass(slots=True, eq=False)
class Node:
    """A heading in its place. annex: it opens an annex. container: index of the act's body (0) or of an annex."""

    level: Level | None
    number: str | None
    heading: str
    anchor: str | None
    titled: bool
    container: int
    parent: Node | None = None
    eid: str = ""
    annex: bool = False
    duplicate: bool = False
    contents: bool = False
    path: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(slots=True)
class Segment:
    """What stands under the last of `nodes`: blocks, or all of `chunk` where its content is already numbered.
    number: of the chunk in the page."""

    nodes: list[Node]
    blocks: tuple[Block, ...]
    container: int
    chunk: Chunk | None = None
    number: int = -1


@dataclass(slots=True)
class Outline:
    segments: list[Segment] = field(default_factory=list)
    with_articles: set[int] = field(default_factory=set)  # containers that have articles
    duplicates: list[tuple[str, str]] = field(default_factory=list)  # (eid given, printed heading)


def annex_opening(block: Block) -> tuple[str, str | None] | None:
    """(printed text, number) where a block is the head of an annex: a layout table, or lines on the right."""
    if isinstance(block, TableBlock):
        if block.bordered or block.cells > 2 or len(block.rows) > 3:
            return None
    elif not (isinstance(block, TextBlock) and block.right):
        return None
    text = block.text
    if len(text) > _MAX_ANNEX_TEXT:
        return None
    match = _ANNEX_RU.match(text)
    if match is not None:
        return text, match["number"]
    if isinstance(block, TextBlock) or not block.italic:
        match = _ANNEX_KK.search(text)
        if match is not None:
            return text, match["number"]
    return None


def is_signature(block: Block) -> bool:
    """Whether a block is the signature under an act: italics that name an office, in a layout table or a paragraph, or
    a table with nothing but the office of the President or the Prime Minister and a name."""
    if isinstance(block, TableBlock) and _SIGNED.fullmatch(block.text) is not None:
        return True
    if isinstance(block, TableBlock):
        return block.italic and not block.bordered and block.cells <= 4 and _SIGNATURE.match(block.text) is not None
    return isinstance(block, TextBlock) and block.italic and _SIGNATURE.match(block.text) is not None


def is_bold_title(block: Block) -> bool:
    """Whether a line is the numbered title of a section in an act without articles: all bold, no sentence
    («<p><b>1. Введение</b></p>»); in an act with articles such a line is text."""
    return isinstance(block, TextBlock) and block.bold and _BOLD_TITLE.fullmatch(block.text) is not None


def make_outline(chunks: list[Chunk]) -> Outline:
    """The segments of a page with their headings placed and named."""
    result = Outline()
    stack: list[Node] = []
    nodes: list[Node] = []
    container = 0
    signed = False
    approved: Node | None = None  # a document that the act approves: it may have annexes of its own
    without_articles = not any(head.level is Level.ARTICLE for chunk in chunks for head, _, _ in chunk.heads)
    open_title: Node | None = None  # a level word without a title, whose title may be the next heading
    for number, chunk in enumerate(chunks):
        new: list[Node] = []
        for head, text, anchor in chunk.heads:
            if open_title is not None and head.level is Level.TITLE and not new:
                open_title.heading = f"{open_title.heading} {text}"
                open_title = None
                continue
            annex = _ANNEX_RU.match(text) if chunk.marked and head.level is Level.TITLE else None
            if annex is None and chunk.marked and head.level is Level.TITLE:
                annex = _ANNEX_KK.fullmatch(text)
            if annex is not None or (signed and not any(node.annex for node in stack[:1])):
                container += 1
                approved = _enter_annex(stack, approved, text, annex["number"] if annex is not None else None)
                signed = False
                if annex is not None:
                    node = Node(None, annex["number"], text, anchor, False, container, annex=True)
                    _place(node, stack)
                    approved = _approved(node, approved)
                    new.append(node)
                    open_title = node
                    continue
                node = Node(None, None, "", None, True, container, annex=True)
                _place(node, stack)
                new.append(node)
            node = Node(head.level, head.number, text, anchor, head.titled, container)
            node.contents = head.level is Level.TITLE and CONTENTS_WORD.fullmatch(text) is not None
            _place(node, stack)
            new.append(node)
            open_title = None if head.titled or head.level is Level.ARTICLE else node
            if head.level is Level.ARTICLE:
                result.with_articles.add(container)
        nodes += new
        if chunk.blocks or chunk.content is not None:
            open_title = None
        if not chunk.layout:
            result.segments.append(Segment(new, chunk.blocks, container, chunk, number))
            continue
        start = 0
        for index, block in enumerate(chunk.blocks):
            opening = annex_opening(block)
            if opening is not None:
                result.segments.append(Segment(new, chunk.blocks[start:index], container))
                container += 1
                approved = _enter_annex(stack, approved, *opening)
                signed = False
                annex_node = Node(None, opening[1], opening[0], _anchor(block), False, container, annex=True)
                _place(annex_node, stack)
                approved = _approved(annex_node, approved)
                new = [annex_node]
                nodes += new
                open_title = annex_node
                start = index + 1
            elif without_articles and is_bold_title(block):
                result.segments.append(Segment(new, chunk.blocks[start:index], container))
                head = read_title(block.text)
                title = Node(head.level, head.number, block.text, block.anchor, True, container)
                _place(title, stack)
                new = [title]
                nodes += new
                open_title = None
                start = index + 1
            elif is_signature(block):
                signed = True
            else:
                open_title = None
        result.segments.append(Segment(new, chunk.blocks[start:], container))
    _name(nodes, result)
    return result


def _enter_annex(stack: list[Node], approved: Node | None, text: str, number: str | None) -> Node | None:
    """Empty the stack for a new annex; a numbered annex to an approved document stays under that document."""
    stack.clear()
    if approved is None or number is None or _OF_AN_ACT.search(text) is not None:
        return None
    stack.append(approved)
    return approved


def _approved(node: Node, approved: Node | None) -> Node | None:
    return node if approved is None and _APPROVED.search(node.heading) is not None else approved


def _anchor(block: Block) -> str | None:
    return block.anchor


def _place(node: Node, stack: list[Node]) -> None:
    if node.level is not None:
        while stack and stack[-1].level is not None and stack[-1].level >= node.level:
            stack.pop()
    node.parent = stack[-1] if stack else None
    stack.append(node)


def _name(nodes: list[Node], result: Outline) -> None:
    restarting = _restarting(nodes)
    used: set[str] = set()
    counters: dict[str, int] = {}
    annexes = 0
    prefixes: dict[int, str] = {0: ""}
    for node in nodes:
        parent = node.parent
        if node.annex and parent is not None:
            base = f"{parent.eid}__annex_{node.number}"
        elif node.annex:
            annexes += 1
            base = f"annex_{node.number or annexes}"
        else:
            container = prefixes[node.container]
            assert node.level is not None
            prefix = PREFIX[node.level]
            within = container
            if (
                parent is not None
                and not parent.annex
                and (
                    node.level in (Level.SUBSECTION, Level.PARAGRAPH)
                    or (node.container, node.level) in restarting
                    or (node.number is None and node.level is not Level.ARTICLE)
                )
            ):
                within = f"{parent.eid}__"
            if node.number is not None:
                base = f"{within}{prefix}_{node.number}"
            else:
                kind = f"{within}{prefix}_nn" if node.level is not Level.TITLE else f"{within}{prefix}"
                counters[kind] = counters.get(kind, 0) + 1
                base = f"{kind}_{counters[kind]}"
        node.eid = base
        count = 1
        while node.eid in used:
            count += 1
            node.eid = f"{base}__{count}"
        if count > 1:
            node.duplicate = True
            result.duplicates.append((node.eid, node.heading))
        used.add(node.eid)
        if node.annex:
            prefixes[node.container] = f"{node.eid}__"
        if parent is not None:
            node.path = (*parent.path, parent.heading) if parent.heading else parent.path
            node.parents = (*parent.parents, parent.eid)


def _restarting(nodes: list[Node]) -> set[tuple[int, Level]]:
    """Kinds of heading whose numbers stand under more than one parent in one container."""
    seen: dict[tuple[int, Level, str], Node | None] = {}
    restarting: set[tuple[int, Level]] = set()
    for node in nodes:
        if node.level in (Level.SECTION, Level.CHAPTER) and node.number is not None:
            assert node.level is not None
            key = (node.container, node.level, node.number)
            if key in seen and seen[key] is not node.parent:
                restarting.add((node.container, node.level))
            seen.setdefault(key, node.parent)
    return restarting
