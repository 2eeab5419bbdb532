"""The facts of a change (`lawdiff.summary`) as one sentence in Russian, Kazakh or English.

«добавлена часть 3; изменены часть 1, пункт 2 части 2». A numbered line counts as the first абзац of its part, so the
unnumbered line after it is абзац 2. Long lists are cut after six with «и ещё N».
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

_SHOWN = 6

# kind of unit → (nominative, genitive, gender) where «1.» is a часть, and where it is a пункт
_RU_CHAST = {
    "part": ("часть", "части", "f"),
    "point": ("пункт", "пункта", "m"),
    "para": ("абзац", "абзаца", "m"),
    "note": ("примечание", "примечания", "n"),
    "row": ("строка", "строки", "f"),
    "table": ("таблица", "таблицы", "f"),
    "image": ("изображение", "изображения", "n"),
}
_RU_PUNKT = _RU_CHAST | {"part": ("пункт", "пункта", "m"), "point": ("подпункт", "подпункта", "m")}
# kind → (plain, genitive, possessed, possessed genitive)
_KK_CHAST = {
    "part": ("бөлік", "бөліктің", "бөлігі", "бөлігінің"),
    "point": ("тармақ", "тармақтың", "тармағы", "тармағының"),
    "para": ("абзац", "абзацтың", "абзацы", "абзацының"),
    "note": ("ескертпе", "ескертпенің", "ескертпесі", "ескертпесінің"),
    "row": ("жол", "жолдың", "жолы", "жолының"),
    "table": ("кесте", "кестенің", "кестесі", "кестесінің"),
    "image": ("сурет", "суреттің", "суреті", "суретінің"),
}
_KK_PUNKT = _KK_CHAST | {
    "part": ("тармақ", "тармақтың", "тармағы", "тармағының"),
    "point": ("тармақша", "тармақшаның", "тармақшасы", "тармақшасының"),
}
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


def _more(phrases: list[str], ui_lang: str) -> str:
    shown = phrases[:_SHOWN]
    rest = len(phrases) - len(shown)
    return ", ".join(shown) + (" " + _WHOLE[ui_lang]["more"].format(count=rest) if rest else "")


def _clause_ru(kind: str, eids: list[str], facts: dict[str, Any]) -> str:
    nouns = _RU_CHAST if facts.get("parts") == "chast" else _RU_PUNKT
    phrases = []
    gender = "n"
    for eid in eids:
        *outer, (name, number) = _levels(eid)
        nominative, _, gender = nouns.get(name, (name, name, "m"))
        above = [f"{nouns.get(level, (level, level, 'm'))[1]} {count}" for level, count in reversed(outer)]
        phrases.append(" ".join([f"{nominative} {number}".strip(), *above]))
    verb = _RU_VERBS[kind]["p" if len(eids) > 1 else gender]
    return f"{verb} {_more(phrases, 'ru')}" if kind != "restated" else f"{_more(phrases, 'ru')} {verb}"


def _clause_kk(kind: str, eids: list[str], facts: dict[str, Any]) -> str:
    nouns = _KK_CHAST if facts.get("parts") == "chast" else _KK_PUNKT
    phrases = []
    for eid in eids:
        words = []
        levels = _levels(eid)
        for place, (name, number) in enumerate(levels):
            forms = nouns.get(name, (name, name, name, name))
            last = place == len(levels) - 1
            form = forms[(0 if last else 1) if place == 0 else (2 if last else 3)]
            words.append(f"{number}-{form}" if number else form)
        phrases.append(" ".join(words))
    return f"{_more(phrases, 'kk')} {_KK_VERBS[kind]}"


def _clause_en(kind: str, eids: list[str], facts: dict[str, Any]) -> str:
    nouns = _EN_CHAST if facts.get("parts") == "chast" else _EN_PUNKT
    phrases = []
    for eid in eids:
        levels = [f"{nouns.get(name, name)} {number}".strip() for name, number in reversed(_levels(eid))]
        phrases.append(" of ".join(levels))
    return f"{_more(phrases, 'en')} {_EN_VERBS[kind]}"
