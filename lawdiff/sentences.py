"""The facts of a change (`lawdiff.summary`) as one sentence in Russian, Kazakh or English.

«добавлена часть 3; изменены пункты 1, 2 части 2». A numbered line counts as the first абзац of its part, so the
unnumbered line after it is абзац 2. Long lists are cut after six with «и ещё N».
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

_SHOWN = 6


class _Noun(NamedTuple):
    """A Russian noun: nominative, genitive, nominative plural, gender."""

    one: str
    of_one: str
    plural: str
    gender: str


_RU_CHAST = {
    "part": _Noun("часть", "части", "части", "f"),
    "point": _Noun("пункт", "пункта", "пункты", "m"),
    "para": _Noun("абзац", "абзаца", "абзацы", "m"),
    "note": _Noun("примечание", "примечания", "примечания", "n"),
    "row": _Noun("строка", "строки", "строки", "f"),
    "table": _Noun("таблица", "таблицы", "таблицы", "f"),
    "image": _Noun("изображение", "изображения", "изображения", "n"),
}
_RU_PUNKT = _RU_CHAST | {
    "part": _Noun("пункт", "пункта", "пункты", "m"),
    "point": _Noun("подпункт", "подпункта", "подпункты", "m"),
}
_RU_OTHER = _Noun("строка", "строки", "строки", "f")
# Kazakh nouns: plain, genitive, possessed, possessed genitive, plural, possessed plural
_KK_CHAST = {
    "part": ("бөлік", "бөліктің", "бөлігі", "бөлігінің", "бөліктер", "бөліктері"),
    "point": ("тармақ", "тармақтың", "тармағы", "тармағының", "тармақтар", "тармақтары"),
    "para": ("абзац", "абзацтың", "абзацы", "абзацының", "абзацтар", "абзацтары"),
    "note": ("ескертпе", "ескертпенің", "ескертпесі", "ескертпесінің", "ескертпелер", "ескертпелері"),
    "row": ("жол", "жолдың", "жолы", "жолының", "жолдар", "жолдары"),
    "table": ("кесте", "кестенің", "кестесі", "кестесінің", "кестелер", "кестелері"),
    "image": ("сурет", "суреттің", "суреті", "суретінің", "суреттер", "суреттері"),
}
_KK_PUNKT = _KK_CHAST | {
    "part": _KK_CHAST["point"],
    "point": ("тармақша", "тармақшаның", "тармақшасы", "тармақшасының", "тармақшалар", "тармақшалары"),
}
_KK_OTHER = _KK_CHAST["row"]
_EN_CHAST = {
    "part": "part", "point": "point", "para": "paragraph", "note": "note", "row": "row", "table": "table",
    "image": "image",
}  # fmt: skip
_EN_PUNKT = _EN_CHAST | {"part": "point", "point": "subpoint"}

_RU_VERBS = {
    "added": {"m": "добавлен", "f": "добавлена", "n": "добавлено", "p": "добавлены"},
    "removed": {"m": "исключён", "f": "исключена", "n": "исключено", "p": "исключены"},
    "changed": {"m": "изменён", "f": "изменена", "n": "изменено", "p": "изменены"},
    "restated": {
        "m": "изложен в новой редакции", "f": "изложена в новой редакции",
        "n": "изложено в новой редакции", "p": "изложены в новой редакции",
    },
    "moved": {"m": "перемещён", "f": "перемещена", "n": "перемещено", "p": "перемещены"},
    "renumbered": {"m": "перенумерован", "f": "перенумерована", "n": "перенумеровано", "p": "перенумерованы"},
}  # fmt: skip
_KK_VERBS = {
    "added": "қосылды", "removed": "алып тасталды", "changed": "өзгертілді", "restated": "жаңа редакцияда жазылды",
    "moved": "орны ауыстырылды", "renumbered": "нөмірі өзгертілді",
}  # fmt: skip
_EN_VERBS = {
    "added": "added", "removed": "removed", "changed": "amended", "restated": "restated", "moved": "moved",
    "renumbered": "renumbered",
}  # fmt: skip
_WHOLE = {
    "ru": {
        "added": "добавлено", "excluded": "исключено", "restored": "восстановлено",
        "deferred": "введение в действие отложено", "took_effect": "вступило в действие",
        "note_only": "изменено только примечание портала, текст прежний",
        "typographic": "изменено только написание: пробелы, тире, кавычки или похожие буквы",
        "silent_edit": "текст изменён без смены даты редакции", "amended": "текст изменён",
        "renumbered": "изменён номер: {old} → {new}", "path": "перемещено: {old} → {new}",
        "heading": "изменён заголовок", "more": "и ещё {count}", "state": "состояние: {old} → {new}",
    },
    "kk": {
        "added": "қосылды", "excluded": "алып тасталды", "restored": "қалпына келтірілді",
        "deferred": "қолданысқа енгізілуі кейінге қалдырылды", "took_effect": "қолданысқа енгізілді",
        "note_only": "порталдың ескертпесі ғана өзгерді, мәтін бұрынғыша",
        "typographic": "жазылуы ғана өзгерді: бос орын, сызықша, тырнақша немесе ұқсас әріптер",
        "silent_edit": "мәтін редакция күні өзгермей өзгертілді", "amended": "мәтін өзгертілді",
        "renumbered": "нөмірі өзгертілді: {old} → {new}", "path": "орны ауыстырылды: {old} → {new}",
        "heading": "тақырып өзгертілді", "more": "және тағы {count}", "state": "күйі: {old} → {new}",
    },
    "en": {
        "added": "added", "excluded": "repealed", "restored": "restored",
        "deferred": "entry into force deferred", "took_effect": "took effect",
        "note_only": "only the portal's note changed, the text is as before",
        "typographic": "only the spelling changed: spaces, dashes, quotes or look-alike letters",
        "silent_edit": "text changed under an unchanged redaction date", "amended": "text amended",
        "renumbered": "renumbered: {old} → {new}", "path": "moved: {old} → {new}", "heading": "heading amended",
        "more": "and {count} more", "state": "state: {old} → {new}",
    },
}  # fmt: skip
_LINE_OPS = frozenset({"amended", "silent_edit", "renumbered", "restored", "took_effect", "deferred"})
_KINDS = ("added", "removed", "restated", "changed", "renumbered", "moved")


def summary_sentence(summary_json: str, ui_lang: str) -> str:
    """One sentence without a final dot, starting in lower case. ui_lang: ru, kk or en."""
    facts = json.loads(summary_json)
    words = _WHOLE[ui_lang]
    op = facts["op"]
    clauses = _whole(facts, words)
    if op in _LINE_OPS:
        details = [words["heading"]] if facts.get("heading") and not facts.get("number") else []
        if op in ("amended", "silent_edit", "renumbered"):
            details += _details(facts, ui_lang)
        clauses += details
    return "; ".join(clauses) if clauses else words[op]


def _whole(facts: dict[str, Any], words: dict[str, str]) -> list[str]:
    op = facts["op"]
    clauses = []
    if op == "renumbered":
        if facts.get("number"):
            clauses.append(_arrow(words["renumbered"], facts["number"]))
    elif op != "amended":
        clauses.append(words[op])
    if facts.get("path"):
        clauses.append(_arrow(words["path"], facts["path"]))
    if op == "note_only" and facts.get("state"):
        clauses.append(_arrow(words["state"], facts["state"]))
    return clauses


def _arrow(shape: str, pair: Sequence[str | None]) -> str:
    return shape.format(old=pair[0] or "—", new=pair[1] or "—")


def _details(facts: dict[str, Any], ui_lang: str) -> list[str]:
    clause: Callable[[str, list[str], dict[str, Any]], str] = {"ru": _clause_ru, "kk": _clause_kk, "en": _clause_en}[
        ui_lang
    ]
    clauses = []
    taken: list[str] = []
    for kind in _KINDS:
        eids = [entry if isinstance(entry, str) else entry[1] for entry in facts.get(kind, ())]
        eids = [eid for eid in eids if not _covered(eid, taken)] if kind == "changed" else eids
        eids = [eid for eid in eids if not _covered(eid, [other for other in eids if other != eid])]
        taken += eids
        if eids:
            clauses.append(clause(kind, eids, facts))
    return clauses


def _covered(eid: str, others: Sequence[str]) -> bool:
    return any(eid.startswith(other + "__") for other in others)


def _levels(eid: str) -> list[tuple[str, str]]:
    """`part_1__para_1` → [("part", "1"), ("para", "2")], outermost first: the numbered line is the first абзац."""
    levels = []
    for place, part in enumerate(eid.split("__")):
        kind, _, number = part.partition("_")
        if kind == "para" and place and number.isdigit():
            number = str(int(number) + 1)
        levels.append((kind, number))
    return levels


Group = tuple[tuple[tuple[str, str], ...], str, list[str]]  # levels above, kind, numbers


def _groups(eids: Sequence[str]) -> tuple[list[Group], int]:
    """The first eids, those of one kind under one parent together, and how many were left out."""
    groups: dict[tuple[tuple[tuple[str, str], ...], str], list[str]] = {}
    for eid in eids[:_SHOWN]:
        *above, (kind, number) = _levels(eid)
        groups.setdefault((tuple(above), kind), []).append(number)
    return [(above, kind, numbers) for (above, kind), numbers in groups.items()], max(0, len(eids) - _SHOWN)


def _listed(phrases: Sequence[str], left_out: int, ui_lang: str) -> str:
    more = " " + _WHOLE[ui_lang]["more"].format(count=left_out) if left_out else ""
    return ", ".join(phrases) + more


def _clause_ru(kind: str, eids: list[str], facts: dict[str, Any]) -> str:
    nouns = _RU_CHAST if facts.get("parts") == "chast" else _RU_PUNKT
    groups, left_out = _groups(eids)
    phrases = []
    for above, name, numbers in groups:
        noun = nouns.get(name, _RU_OTHER)
        words = [noun.plural if len(numbers) > 1 else noun.one, ", ".join(filter(None, numbers))]
        words += [f"{nouns.get(level, _RU_OTHER).of_one} {number}" for level, number in reversed(above)]
        phrases.append(" ".join(filter(None, words)))
    verb = _RU_VERBS[kind]["p" if len(eids) > 1 else nouns.get(groups[0][1], _RU_OTHER).gender]
    listed = _listed(phrases, left_out, "ru")
    return f"{verb} {listed}" if kind != "restated" else f"{listed} {verb}"


def _clause_kk(kind: str, eids: list[str], facts: dict[str, Any]) -> str:
    nouns = _KK_CHAST if facts.get("parts") == "chast" else _KK_PUNKT
    groups, left_out = _groups(eids)
    phrases = []
    for above, name, numbers in groups:
        words = []
        for place, (level, number) in enumerate(above):
            words.append(f"{number}-{nouns.get(level, _KK_OTHER)[3 if place else 1]}")
        noun = nouns.get(name, _KK_OTHER)[(5 if above else 4) if len(numbers) > 1 else (2 if above else 0)]
        words.append("-".join(filter(None, [", ".join(filter(None, numbers)), noun])))
        phrases.append(" ".join(words))
    return f"{_listed(phrases, left_out, 'kk')} {_KK_VERBS[kind]}"


def _clause_en(kind: str, eids: list[str], facts: dict[str, Any]) -> str:
    nouns = _EN_CHAST if facts.get("parts") == "chast" else _EN_PUNKT
    groups, left_out = _groups(eids)
    phrases = []
    for above, name, numbers in groups:
        noun = nouns.get(name, "line") + ("s" if len(numbers) > 1 else "")
        words = [f"{noun} {', '.join(filter(None, numbers))}".strip()]
        words += [f"{nouns.get(level, 'line')} {number}" for level, number in reversed(above)]
        phrases.append(" of ".join(words))
    return f"{_listed(phrases, left_out, 'en')} {_EN_VERBS[kind]}"
