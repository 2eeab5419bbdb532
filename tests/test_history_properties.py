"""The laws of the fold, on generated histories: the plain fold agrees, order and repetition do not matter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import pytest
from hand_built import redaction, unit
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_fold import plain_fold

from lawdiff.diff import apply, apply_heading
from lawdiff.history import Folder, fold
from lawdiff.model import History, Redaction, State, Unit, Weight
from lawdiff.ordering import in_order

SYLLABLES = ("ме", "ра", "ста", "но", "ви", "ко", "ду", "ле", "про", "гра", "жи", "то", "фи", "бе", "за", "сы")
DEEDS = (
    "add",
    "amend",
    "exclude",
    "restore",
    "renumber",
    "move",
    "note",
    "typographic",
    "heading",
    "silent",
    "nothing",
)


def wording(seed: int) -> str:
    """A sentence that no other seed gives, nor nearly."""
    random = Random(seed)
    return " ".join("".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(14))


@dataclass
class Generated:
    """A history as it is made: the articles of the newest redaction, and all redactions so far."""

    articles: dict[str, Unit]
    redactions: list[Redaction]
    texts: int = 0
    day: int = 0

    def text(self) -> list[str]:
        self.texts += 1
        return [f"1. {wording(self.texts)}.", f"2. {wording(-self.texts)} – «{self.texts}»."]

    def publish(self, *, silent: bool = False) -> None:
        self.day += not silent
        at = len(self.redactions)
        self.redactions.append(
            redaction(
                f"20{10 + self.day // 12:02d}-{self.day % 12 + 1:02d}-01",
                list(self.articles.values()),
                observed=f"2024-{at // 28 + 1:02d}-{at % 28 + 1:02d}",
                snapshot=at + 1,
            )
        )


def put(made: Generated, number: str, **fields: object) -> None:
    old = made.articles.get(f"art_{number}")
    chapter = str(fields.pop("chapter", old.path[0] if old and old.path else "Глава 1. Первая"))
    notes = fields.pop("notes", [note.text for note in old.notes] if old else [])
    texts = fields.pop("texts", [line.text for line in old.lines] if old else [])
    heading = fields.pop("heading", old.heading if old else f"Статья {number}. О {number}")
    made.articles[f"art_{number}"] = unit(
        number, list(texts), heading=str(heading), notes=list(notes), chapter=chapter, **fields  # type: ignore[call-overload,arg-type]
    )  # fmt: skip


def do(state: Generated, deed: str, random: Random) -> bool:
    """Apply one deed to the articles; whether it is a silent one."""
    live = [one.number or "" for one in state.articles.values() if one.state is State.IN_FORCE]
    dead = [one.number or "" for one in state.articles.values() if one.state is State.EXCLUDED]
    number = random.choice(live) if live else ""
    if deed == "add" or (not live and deed != "restore"):
        fresh = str(len(state.articles) + state.texts + 1)
        put(state, fresh, texts=state.text())
    elif deed in ("amend", "silent"):
        texts = state.text()
        kept = [line.text for line in state.articles[f"art_{number}"].lines]
        put(state, number, texts=[kept[0], texts[1]] if random.random() < 0.5 and kept else texts)
    elif deed == "exclude":
        put(state, number, texts=[], state=State.EXCLUDED, notes=[f"Сноска. Статья {number} исключена Законом."])
    elif deed == "restore" and dead:
        put(state, dead[0], texts=state.text())
    elif deed == "renumber":
        old = state.articles.pop(f"art_{number}")
        fresh = str(len(state.articles) + state.texts + 101)
        state.texts += 1
        put(state, fresh, texts=[line.text for line in old.lines])
    elif deed == "move":
        chapter = (
            "Глава 2. Вторая" if state.articles[f"art_{number}"].path[0].startswith("Глава 1") else "Глава 1. Первая"
        )
        put(state, number, chapter=chapter)
    elif deed == "note":
        state.texts += 1
        put(state, number, notes=[f"Сноска. Статья {number} с изменениями {state.texts}."])
    elif deed == "typographic":
        texts = [line.text for line in state.articles[f"art_{number}"].lines]
        put(state, number, texts=[text.replace("–", "-") if "–" in text else text.replace("-", "–") for text in texts])
    elif deed == "heading":
        state.texts += 1
        put(state, number, heading=f"Статья {number}. {wording(state.texts)}")
    return deed == "silent"


@st.composite
def histories(draw: st.DrawFn) -> list[Redaction]:
    random = Random(draw(st.integers(0, 2**32)))
    state = Generated({}, [])
    for number in range(1, 6):
        put(state, str(number), texts=state.text())
    state.publish()
    touched: set[str] = set()
    for deed in draw(st.lists(st.sampled_from(DEEDS), max_size=10)):
        # One deed a redaction: what several at once look like is tested by name in test_history.py.
        touched.add(deed)
        state.publish(silent=do(state, deed, random))
    return state.redactions


def facts(history: History) -> tuple[list[object], list[object]]:
    texts = {version.key: version.unit.text for version in history.versions}
    versions = [
        (v.eid, v.unit.text, v.unit.heading, str(v.state), str(v.valid_from), str(v.valid_to) if v.valid_to else None)
        for v in history.versions
    ]
    changes = [
        (c.eid, str(c.redaction_date), str(c.op), texts.get(c.old_version or ""), texts[c.new_version or ""])
        for c in history.changes
    ]
    return sorted(versions, key=repr), sorted(changes, key=repr)


@settings(max_examples=200, deadline=None)
@given(histories())
def test_the_plain_fold_agrees(redactions: list[Redaction]) -> None:
    plain = plain_fold(redactions)
    versions, changes = facts(fold(redactions))
    assert versions == sorted(plain.versions, key=repr)
    assert changes == sorted(plain.changes, key=repr)


@settings(max_examples=60, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(redactions: list[Redaction], random: Random) -> None:
    expected = fold(redactions)
    again = [*redactions, *random.sample(redactions, k=len(redactions) // 2)]
    random.shuffle(again)
    assert fold(again) == expected


@settings(max_examples=60, deadline=None)
@given(histories())
def test_every_change_replays_from_its_old_version_to_its_new_one(redactions: list[Redaction]) -> None:
    history = fold(redactions)
    versions = {version.key: version for version in history.versions}
    for change in history.changes:
        old, new = versions.get(change.old_version or ""), versions[change.new_version or ""]
        assert apply(old.unit.text if old else "", change.diff_json) == new.unit.text
        assert apply_heading(old.unit.heading if old else "", change.diff_json) == new.unit.heading


@settings(max_examples=60, deadline=None)
@given(histories())
def test_the_text_at_a_date_is_the_text_of_that_redaction(redactions: list[Redaction]) -> None:
    history = fold(redactions)
    last_of_date = {one.redaction_date: one for one in in_order(redactions)}
    for day, page in last_of_date.items():
        shown = {
            version.eid: version.unit.text
            for version in history.versions
            if version.valid_from <= day and (version.valid_to is None or day < version.valid_to)
        }
        assert shown == {one.eid: one.text for one in page.units}


@settings(max_examples=40, deadline=None)
@given(histories(), st.integers(1, 200))
def test_fetching_the_newest_page_every_night_changes_nothing(redactions: list[Redaction], nights: int) -> None:
    newest = in_order(redactions)[-1]
    nightly = [replace(newest, snapshot_id=1000 + night) for night in range(nights % 20)]
    assert fold([*redactions, *nightly]) == fold(redactions)


@settings(max_examples=40, deadline=None)
@given(histories(), st.integers(0, 9))
def test_a_redaction_that_arrives_late_folds_as_if_it_had_been_there(redactions: list[Redaction], at: int) -> None:
    late = redactions[at % len(redactions)]
    without = [one for one in redactions if one is not late]
    if without:
        fold(without)
    assert fold([*without, late]) == fold(redactions)


@settings(max_examples=40, deadline=None)
@given(histories())
def test_a_change_is_seen_no_earlier_than_its_text(redactions: list[Redaction]) -> None:
    history = fold(redactions)
    seen = {version.key: version.first_seen for version in history.versions}
    for change in history.changes:
        if change.old_version != change.new_version:
            assert change.first_seen == seen[change.new_version or ""]


@settings(max_examples=40, deadline=None)
@given(histories())
def test_editorial_changes_are_those_that_change_no_law(redactions: list[Redaction]) -> None:
    for change in fold(redactions).changes:
        if change.op in ("note_only", "typographic"):
            assert change.weight is Weight.EDITORIAL
        if change.op in ("amended", "excluded", "restored", "added", "silent_edit"):
            assert change.weight is Weight.SUBSTANTIVE


def test_a_folder_that_is_asked_early_gives_the_history_so_far() -> None:
    first = redaction("2020-01-01", [unit("1", ["1. Один."])], snapshot=1)
    second = redaction("2021-01-01", [unit("1", ["1. Два."])], snapshot=2)
    folder = Folder(first.header.act_id, first.header.lang)
    folder.step(first)
    assert folder.finish() == fold([first])
    folder.step(second)
    assert folder.finish() == fold([second, first])


def test_the_generator_reaches_every_op() -> None:
    ops = set()
    random = Random(7)
    state = Generated({}, [])
    for number in range(1, 6):
        put(state, str(number), texts=state.text())
    state.publish()
    for deed in DEEDS * 2:
        state.publish(silent=do(state, deed, random))
    ops = {str(change.op) for change in fold(state.redactions).changes}
    assert ops == {
        "added", "amended", "excluded", "restored", "renumbered", "note_only", "typographic", "silent_edit",
    }  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_alone_is_one_change_at_most(deed: str) -> None:
    random = Random(3)
    state = Generated({}, [])
    for number in range(1, 6):
        put(state, str(number), texts=state.text())
    put(state, "9", texts=[], state=State.EXCLUDED)
    state.publish()
    state.publish(silent=do(state, deed, random))
    assert len(fold(state.redactions).changes) == (0 if deed == "nothing" else 1)


@st.composite
def busy_histories(draw: st.DrawFn) -> list[Redaction]:
    """Several deeds in one step, as between two redactions that the portal still serves."""
    random = Random(draw(st.integers(0, 2**32)))
    state = Generated({}, [])
    for number in range(1, 7):
        put(state, str(number), texts=state.text())
    state.publish()
    for deeds in draw(st.lists(st.lists(st.sampled_from(DEEDS), min_size=1, max_size=4), max_size=5)):
        silent = [do(state, deed, random) for deed in deeds]
        state.publish(silent=any(silent) and random.random() < 0.5)
    return state.redactions


@settings(max_examples=80, deadline=None)
@given(busy_histories(), st.randoms(use_true_random=False))
def test_steps_of_several_deeds_keep_the_laws_too(redactions: list[Redaction], random: Random) -> None:
    history = fold(redactions)
    versions = {version.key: version for version in history.versions}
    for change in history.changes:
        old, new = versions.get(change.old_version or ""), versions[change.new_version or ""]
        assert apply(old.unit.text if old else "", change.diff_json) == new.unit.text
    for day, page in {one.redaction_date: one for one in in_order(redactions)}.items():
        shown = {
            version.eid: version.unit.text
            for version in history.versions
            if version.valid_from <= day
            and (version.valid_to is None or day < version.valid_to)
            # an excluded article that is printed no longer stays excluded
            and version.state is State.IN_FORCE
        }
        assert shown == {one.eid: one.text for one in page.units if one.state is State.IN_FORCE}
    shuffled = redactions.copy()
    random.shuffle(shuffled)
    assert fold(shuffled) == history
