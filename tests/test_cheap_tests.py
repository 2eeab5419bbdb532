"""The cheap tests that come before patterns change the speed and no reading: without them everything reads alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lawdiff import terms
from lawdiff import text as text_module
from lawdiff.divergences import facts as divergence_facts
from lawdiff.model import Lang, Line, LineKind
from lawdiff.notes import kinds, words
from lawdiff.notes.fold import fold
from lawdiff.sanctions import read_sanctions, reading, vocabulary
from lawdiff.text import close_dashes, fold_key, fold_lookalikes

RU = (
    "от двухсот до трехсот месячных расчетных показателей, 50 МРП, в течение пяти часов и десяти минут",
    "на срок до сорока пяти суток либо тридцати дней, на 2 месяца, от трех до пяти лет, шестнадцатилетнего возраста",
    "в размере двадцати процентов (20 %) от 100 000 тенге; двухмесячный, десятидневный, трехсуточный срок",
    "статьями 188 и 190, частью второй, подпунктом 3) пункта 1, главой 7, разделом 2 настоящего Кодекса",
    "через информационно‑коммуникационную сеть, критически важных информационных объектов, сети телекоммуникаций",
    "объекта информатизации, информационной системы, электронного носителя, интернет-ресурса, преступной группы",
    "идентификационного кода абонентского устройства – наказывается штрафом до ста месячных расчетных показателей",
    "карается лишением свободы на срок до трех лет с конфискацией имущества; влечет штраф; влекут арест",
)  # fmt: skip
KK = (
    "екі жүзден үш жүзге дейінгі айлық есептік көрсеткіш, 50 АЕК, бес сағат, он минут ішінде",
    "қырық бес тәулікке, отыз күнтізбелік күнге, екі айға, үш жылдан бес жылға дейінгі мерзімге, он алты жасқа",
    "жиырма пайыз (20 %), он процент, 100 000 теңге; екі ай; үш айдан кейін",
    "188-баппен, 190-бабының екінші бөлігінде, 1-тармақтың 3) тармақшасында, 7-тарауда, 2-бөлімде",
    "ақпараттық‑коммуникациялық желі, аса маңызды ақпараттық объектілер, телекоммуникация желілері арқылы",
    "ақпараттандыру объектісі, ақпараттық жүйе, электрондық жеткізгіш, интернет-ресурс, қылмыстық топ",
    "абоненттік құрылғы – жүз айлық есептік көрсеткішке дейінгі мөлшерде айыппұл салуға жазаланады",
    "айыппұл салуға әкеп соғады; қамаққа алуға алып келеді; айыппұл салуға әкеледі",
)


EVERY = ("",)  # a stem that every text has


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The cheap tests let everything through."""
    every = dict.fromkeys(Lang, EVERY)
    monkeypatch.setattr(divergence_facts, "_NUMBER_STEMS", every)
    monkeypatch.setattr(divergence_facts, "_REFERENCE_STEMS", every)
    monkeypatch.setattr(terms, "_STEMS", every)
    monkeypatch.setattr(vocabulary, "VERB_STEMS", every)
    monkeypatch.setattr(
        words, "ACTION_STEMS", {lang: dict.fromkeys(stems, EVERY) for lang, stems in words.ACTION_STEMS.items()}
    )
    forget()
    yield monkeypatch
    forget()


def forget() -> None:
    for remembered in (
        divergence_facts.numbers_in, divergence_facts.references_in, terms.terms_in, reading._read_line,
        reading._read_text, kinds.find_actions,
    ):  # fmt: skip
        remembered.cache_clear()


def facts(text: str, lang: Lang) -> tuple[object, ...]:
    line = Line("part_1", LineKind.PART, text, "1")
    return (
        divergence_facts.numbers_in(text, lang),
        divergence_facts.references_in(text, lang),
        terms.terms_in(text, lang),
        read_sanctions([line], lang),
        kinds.find_actions(fold(text), lang),
    )


def texts() -> list[tuple[str, Lang]]:
    """Each sentence, each of its clauses, and each pair of neighbouring words, so that every word stands alone too."""
    found = []
    for lang, sentences in ((Lang.RU, RU), (Lang.KK, KK)):
        for sentence in sentences:
            parts = sentence.split()
            found += [
                (text, lang) for text in (sentence, sentence.upper(), *sentence.split(", "), *sentence.split(";"))
            ]
            found += [(" ".join(parts[at : at + size]), lang) for size in (1, 2, 3) for at in range(len(parts))]
    return found


def test_every_word_that_is_read_passes_the_cheap_tests(without: pytest.MonkeyPatch) -> None:
    slow = [facts(*text) for text in texts()]
    without.undo()
    forget()
    assert [facts(*text) for text in texts()] == slow
    read = [sum(bool(fact) for fact in column) for column in list(zip(*slow, strict=True))[:3]]
    assert min(read) > 10


@pytest.mark.shared
def test_actions_of_real_notes_pass_the_cheap_tests(without: pytest.MonkeyPatch, shared: Path) -> None:
    notes = [json.loads(line) for line in (shared / "adilet" / "notes.jsonl").read_text(encoding="utf-8").splitlines()]
    both = [(fold(note["note"]), lang) for note in notes for lang in Lang]
    slow = [kinds.find_actions(folded, lang) for folded, lang in both]
    without.undo()
    forget()
    assert [kinds.find_actions(folded, lang) for folded, lang in both] == slow
    assert sum(map(bool, slow)) > 80


@given(st.lists(st.text(alphabet='абVІI -–\t\u00a0́"«1i', max_size=8), max_size=4))
@settings(max_examples=300)
def test_the_key_of_a_text_is_made_of_the_keys_of_its_lines(lines: list[str]) -> None:
    keys = [fold_key(line) for line in lines]
    assert close_dashes(" ".join(key for key in keys if key)) == fold_key("\n".join(lines))


@given(st.text(alphabet="aeVëiабВіё1٣½Ωß- .\u0301«»", max_size=12))
@settings(max_examples=500)
def test_only_words_of_one_alphabet_are_left_unsearched(text: str) -> None:
    plain = text_module._WORD_WITH_LATIN.sub(
        lambda word: word[0].translate(text_module.LOOKALIKES) if text_module._CYRILLIC.search(word[0]) else word[0],
        text,
    )
    assert fold_lookalikes(text) == plain
