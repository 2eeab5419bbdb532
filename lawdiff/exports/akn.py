"""Akoma Ntoso 3.0: one XML document per act, language and redaction, valid against the OASIS schema.

`document` turns the units of a redaction, its history and its laws into an element tree. Eids are ours (`art_115-1`,
`art_115-1__part_2`), which follow the naming convention of Akoma Ntoso. The lifecycle holds every redaction as an
event; each unit names the interval for which its text is shown; every attributed change is a passive modification.

Guarantee: the text of `body` and `preamble` is the text of the units, white space aside; notes of the portal are kept
apart, in `meta/notes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from lawdiff.identifiers import PORTAL_LANG
from lawdiff.model import Lang, Line, LineKind, State, UnitKind
from lawdiff.store.read import ChangeRow, Version

NS = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_SOURCE = "#lawdiff"
_HEADING = re.compile(
    r"(?P<num>(?:[СC]татья|Глава|Раздел|Подраздел|Параграф|Приложение)\s+[\w¹²³⁴⁵⁶⁷⁸⁹⁰-]+\s*\.?"
    r"|[\w-]+\s*-?\s*(?:бап|тарау|бөл[іi]м|параграф|қосымша)\s*\.?)\s*(?P<title>.*)",
    re.I | re.S,
)
_NUMBERED = re.compile(r"(?P<num>\d+(?:-\d+)*\s*[.)])\s*(?P<rest>.*)", re.S)
_ELEMENT = {"prt": "part", "sec": "section", "subsec": "subsection", "chp": "chapter", "art": "article"}
_MODIFICATION = {
    "added": "insertion", "amended": "substitution", "restated": "substitution", "excluded": "repeal",
    "replaced_words": "substitution", "restored": "insertion",
}  # fmt: skip
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class ActFacts:
    """What the head of a document states. redactions: every date held, oldest first; on: the one that is written."""

    act_id: str
    lang: Lang
    title: str
    number: str | None
    adopted_on: date | None
    subtype: str | None
    url: str
    redactions: tuple[date, ...]
    on: date
    laws: tuple[tuple[str, str | None, date | None, str | None], ...]  # id, number, adopted on, title


@dataclass(slots=True)
class _Node:
    """A line with the lines below it, by eid."""

    line: Line | None
    eid: str
    children: list[_Node] = field(default_factory=list)


def work_uri(facts: ActFacts) -> str:
    """`/akn/kz/act/2014-07-03/226-V`; the portal's id where number or date is unknown."""
    day = facts.adopted_on.isoformat() if facts.adopted_on else "unknown"
    number = facts.number.split()[0] if facts.number else facts.act_id  # «226-V ЗРК»: the register mark is no number
    return f"/akn/kz/act/{day}/{number}"


def document(facts: ActFacts, versions: Iterable[Version], changes: Sequence[ChangeRow]) -> etree._Element:
    """The document as a tree. versions: the units of the redaction in page order; changes: up to its date."""
    units = list(versions)
    root = etree.Element(_tag("akomaNtoso"), nsmap={None: NS})
    act = _sub(root, "act", name="act", contains="singleVersion")
    intervals = _intervals(units)
    _meta(act, facts, units, changes, intervals)
    preface = _sub(act, "preface")
    title = _sub(_sub(_sub(preface, "longTitle"), "p"), "docTitle")
    title.text = _clean(facts.title)
    preamble = [unit for unit in units if unit.kind is UnitKind.PREAMBLE and unit.lines]
    if preamble:
        target = _sub(act, "preamble", eId="preamble")
        for line in preamble[0].lines:
            _paragraph(target, line.text)
    body = _sub(act, "body")
    _body(body, [unit for unit in units if unit.kind is not UnitKind.PREAMBLE], intervals)
    if not len(body):
        _paragraph(_sub(_sub(body, "hcontainer", name="empty"), "content"), "")
    return root


def serialise(root: etree._Element) -> bytes:
    """UTF-8 bytes with a declaration and a final newline."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=False) + b"\n"


def _tag(name: str) -> str:
    return f"{{{NS}}}{name}"


def _sub(parent: etree._Element, element: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _tag(element), {key: _clean(value) for key, value in attributes.items()})


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold; the parser never lets them in, an old database might."""
    return _ILLEGAL.sub("", text)


def _paragraph(parent: etree._Element, text: str) -> etree._Element:
    element = _sub(parent, "p")
    element.text = _clean(text) or None
    return element


# meta


def _intervals(units: Iterable[Version]) -> dict[tuple[date, date | None], str]:
    """Interval → eId of its temporal group, in the order of first use."""
    found: dict[tuple[date, date | None], str] = {}
    for unit in units:
        found.setdefault((unit.valid_from, unit.valid_to), f"tg_{len(found) + 1}")
    return found


def _meta(
    act: etree._Element,
    facts: ActFacts,
    units: Sequence[Version],
    changes: Sequence[ChangeRow],
    intervals: dict[tuple[date, date | None], str],
) -> None:
    meta = _sub(act, "meta")
    _identification(meta, facts)
    eids = {unit.eid for unit in units}
    mods = [change for change in changes if change.eid in eids and change.lang is facts.lang]
    forces = sorted({law[2] for change in mods for law in change.laws if law[2]})
    events = _lifecycle(meta, facts, forces)
    _modifications(meta, mods, facts, {day: f"tg_force_{number}" for number, day in enumerate(forces, 1)})
    _temporal(meta, intervals, events, forces)
    _references(meta, facts)
    _notes(meta, units)


def _identification(meta: etree._Element, facts: ActFacts) -> None:
    work = work_uri(facts)
    expression = f"{work}/{PORTAL_LANG[facts.lang]}@{facts.on.isoformat()}"
    born = (facts.adopted_on or facts.redactions[0] if facts.redactions else facts.on).isoformat()
    identification = _sub(meta, "identification", source=_SOURCE)
    element = _sub(identification, "FRBRWork")
    _frbr(element, f"{work}/!main", work, born, "Generation", "#parliament")
    element.insert(2, etree.Element(_tag("FRBRalias"), {"value": facts.act_id, "name": "adilet"}))
    _sub(element, "FRBRcountry", value="kz")
    if facts.subtype:
        _sub(element, "FRBRsubtype", value=facts.subtype)
    if facts.number:
        _sub(element, "FRBRnumber", value=facts.number)
    element = _sub(identification, "FRBRExpression")
    _frbr(element, f"{expression}/!main", expression, facts.on.isoformat(), "Expression", "#adilet")
    _sub(element, "FRBRlanguage", language=PORTAL_LANG[facts.lang])
    element = _sub(identification, "FRBRManifestation")
    manifestation = f"{expression}.xml"
    _frbr(element, f"{expression}/!main.xml", manifestation, facts.on.isoformat(), "Generation", _SOURCE)
    _sub(element, "FRBRformat", value="application/akn+xml")


def _frbr(element: etree._Element, this: str, uri: str, day: str, name: str, author: str) -> None:
    _sub(element, "FRBRthis", value=this)
    _sub(element, "FRBRuri", value=uri)
    _sub(element, "FRBRdate", date=day, name=name)
    _sub(element, "FRBRauthor", href=author)


def _lifecycle(meta: etree._Element, facts: ActFacts, forces: Sequence[date]) -> dict[date, str]:
    """One event per redaction, the first for the text as first shown; then one per day on which changes take effect.

    Returns redaction date → eId.
    """
    lifecycle = _sub(meta, "lifecycle", source="#adilet")
    events: dict[date, str] = {}
    for number, day in enumerate(facts.redactions or (facts.on,), 1):
        events[day] = f"evt_{number}"
        kind = "generation" if number == 1 else "amendment"
        _sub(lifecycle, "eventRef", eId=events[day], date=day.isoformat(), source="#adilet", type=kind)
    for number, day in enumerate(forces, 1):
        _sub(lifecycle, "eventRef", eId=f"evt_force_{number}", date=day.isoformat(), source=_SOURCE, type="amendment")
    return events


def _modifications(
    meta: etree._Element, changes: Sequence[ChangeRow], facts: ActFacts, forces: dict[date, str]
) -> None:
    known = {law[0] for law in facts.laws}
    rows = [
        (change, law)
        for change in changes
        if change.op in _MODIFICATION
        for law in dict.fromkeys(law[:1] for law in change.laws if law[0] in known)
    ]
    if not rows:
        return
    passive = _sub(_sub(meta, "analysis", source=_SOURCE), "passiveModifications")
    for number, (change, (law_id,)) in enumerate(rows, 1):
        element = _sub(passive, "textualMod", type=_MODIFICATION[change.op], eId=f"pmod_{number}")
        _sub(element, "source", href=f"#{_law_eid(law_id)}")
        _sub(element, "destination", href=f"#{change.eid}")
        force = next((law[2] for law in change.laws if law[0] == law_id and law[2]), None)
        if force:
            _sub(element, "force", period=f"#{forces[force]}")


def _temporal(
    meta: etree._Element,
    intervals: dict[tuple[date, date | None], str],
    events: dict[date, str],
    forces: Sequence[date],
) -> None:
    if not intervals and not forces:
        return
    temporal = _sub(meta, "temporalData", source="#adilet")
    for (start, end), eid in intervals.items():
        group = _sub(temporal, "temporalGroup", eId=eid)
        element = _sub(group, "timeInterval", refersTo="#shown")
        if start in events:
            element.set("start", f"#{events[start]}")
        if end is not None and end in events:
            element.set("end", f"#{events[end]}")
    for number in range(1, len(forces) + 1):
        group = _sub(temporal, "temporalGroup", eId=f"tg_force_{number}")
        _sub(group, "timeInterval", start=f"#evt_force_{number}", refersTo="#inforce")


def _law_eid(law_id: str) -> str:
    return "law_" + re.sub(r"[^\w.-]", "-", law_id)


def _references(meta: etree._Element, facts: ActFacts) -> None:
    references = _sub(meta, "references", source=_SOURCE)
    _sub(references, "original", eId="original", href=work_uri(facts), showAs=facts.title or facts.act_id)
    for law_id, number, adopted_on, title in facts.laws:
        day = adopted_on.isoformat() if adopted_on else "unknown"
        _sub(
            references, "passiveRef", eId=_law_eid(law_id), href=f"/akn/kz/act/{day}/{number or law_id}",
            showAs=title or number or law_id,
        )  # fmt: skip
    _sub(references, "TLCOrganization", eId="lawdiff", href="/ontology/organization/lawdiff", showAs="lawdiff")
    _sub(references, "TLCOrganization", eId="adilet", href=facts.url, showAs="Әділет")
    _sub(references, "TLCOrganization", eId="parliament", href="/ontology/organization/kz/parliament",
         showAs="Parliament of the Republic of Kazakhstan")  # fmt: skip
    _sub(references, "TLCConcept", eId="shown", href="/ontology/concept/shown-by-the-portal",
         showAs="shown by the portal")  # fmt: skip
    _sub(references, "TLCConcept", eId="inforce", href="/ontology/concept/in-force", showAs="in force")


def _notes(meta: etree._Element, units: Sequence[Version]) -> None:
    rows = [(unit, text) for unit in units for text in unit.notes.split("\n") if text]
    if not rows:
        return
    notes = _sub(meta, "notes", source="#adilet")
    counts: dict[str, int] = {}
    for unit, text in rows:
        counts[unit.eid] = counts.get(unit.eid, 0) + 1
        note = _sub(notes, "note", eId=f"{unit.eid}__remark_{counts[unit.eid]}")
        _paragraph(note, text)


# body


def _body(body: etree._Element, units: Sequence[Version], intervals: dict[tuple[date, date | None], str]) -> None:
    """Units nested by the printed headings above them."""
    open_units: list[tuple[str, etree._Element]] = []
    for unit in units:
        while open_units and tuple(name for name, _ in open_units) != unit.path[: len(open_units)]:
            open_units.pop()
        parent = open_units[-1][1] if open_units else body
        element = _container(parent, unit.eid.rpartition("__")[2], unit.eid)
        element.set("period", f"#{intervals[unit.valid_from, unit.valid_to]}")
        if unit.state is State.EXCLUDED:
            element.set("status", "removed")
        _head(element, unit.heading)
        if unit.kind is UnitKind.HEADING and not unit.lines:
            open_units.append((unit.heading, element))
        else:
            if unit.kind is UnitKind.ANNEX:
                open_units.append((unit.heading, element))
            _content(element, unit)
    for element in list(body.iter(_tag("hcontainer"), *(_tag(name) for name in _ELEMENT.values()))):
        if not any(etree.QName(child).localname not in {"num", "heading"} for child in element):
            _paragraph(_sub(element, "content"), "")


def _container(parent: etree._Element, own: str, eid: str) -> etree._Element:
    kind = own.partition("_")[0]
    if kind in _ELEMENT:
        return _sub(parent, _ELEMENT[kind], eId=eid)
    return _sub(parent, "hcontainer", name=kind or "unit", eId=eid)


def _head(element: etree._Element, printed: str) -> None:
    match = _HEADING.fullmatch(printed)
    if match:
        _sub(element, "num").text = _clean(match["num"].strip())
    title = match["title"] if match else printed
    if title:
        _sub(element, "heading").text = _clean(title)


def _content(element: etree._Element, unit: Version) -> None:
    root = _tree(unit.eid, unit.lines)
    _children(element, root)


def _tree(eid: str, lines: Sequence[Line]) -> _Node:
    root = _Node(None, eid)
    nodes: dict[str, _Node] = {}
    for line in lines:
        above, _, _ = line.eid.rpartition("__")
        parent = nodes.get(above, root)
        node = _Node(line, f"{eid}__{line.eid}")
        nodes[line.eid] = node
        parent.children.append(node)
    return root


def _children(element: etree._Element, node: _Node) -> None:
    """Lines below a node: paragraphs alone are content; mixed with numbered ones each is a container of its own."""
    if all(_plain(child) for child in node.children):
        if node.children:
            _plain_lines(_sub(element, "content"), node.children)
        return
    for group in _groups(node.children):
        if _plain(group[0]):
            first = group[0]
            _plain_lines(_sub(_sub(element, "hcontainer", name="para", eId=first.eid), "content"), group)
        else:
            _numbered(element, group[0])


def _plain(node: _Node) -> bool:
    return not node.children and node.line is not None and node.line.kind not in {LineKind.PART, LineKind.POINT}


def _groups(nodes: Sequence[_Node]) -> Iterator[list[_Node]]:
    """Rows of one table together, every other node alone."""
    group: list[_Node] = []
    for node in nodes:
        rows = node.line is not None and node.line.kind is LineKind.ROW and _plain(node)
        if group and not (rows and group[-1].line and group[-1].line.kind is LineKind.ROW):
            yield group
            group = []
        group.append(node)
    if group:
        yield group


def _plain_lines(content: etree._Element, nodes: Sequence[_Node]) -> None:
    table: etree._Element | None = None
    for node in nodes:
        assert node.line is not None
        if node.line.kind is LineKind.ROW:
            table = _sub(content, "table") if table is None else table
            row = _sub(table, "tr")
            for cell in node.line.text.split("\t"):
                _paragraph(_sub(row, "td"), cell)
        else:
            table = None
            _paragraph(content, node.line.text)


def _numbered(parent: etree._Element, node: _Node) -> None:
    assert node.line is not None
    name = {LineKind.PART: "paragraph", LineKind.POINT: "point"}.get(node.line.kind)
    element = _sub(parent, name, eId=node.eid) if name else _sub(parent, "hcontainer", name="para", eId=node.eid)
    match = _NUMBERED.fullmatch(node.line.text)
    if match:
        _sub(element, "num").text = _clean(match["num"])
    own = match["rest"] if match else node.line.text
    if all(_plain(child) for child in node.children):
        content = _sub(element, "content")
        _paragraph(content, own)
        _plain_lines(content, node.children)
        return
    _paragraph(_sub(element, "intro"), own)
    _children(element, node)
