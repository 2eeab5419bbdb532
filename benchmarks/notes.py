"""Precision and recall of the reading of notes, per field and language, over the notes of the shared folder.

Two inputs: the real notes whose reading is stated (notes.jsonl: expected against read, field by field), and every note
of every page at hand (how many are read whole, how many stay unread, which doubts are raised). Exit code 1 under 1.0.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from stated_notes import as_stated, expected, stated_unit

from lawdiff.model import Action, Lang, Note
from lawdiff.notes import read_note
from lawdiff.parse import parse_page

SHARED = Path(os.environ.get("LAWDIFF_SHARED", Path(__file__).resolve().parent.parent.parent / "shared")) / "adilet"
LAW_FIELDS = ("date", "number", "number_raw", "action", "in_force_text", "in_force_date", "in_force_exception_date")


def facts(record: dict[str, Any]) -> Counter[tuple[str, str, Any]]:
    """(field, place, value) of a reading; an absent value is no fact."""
    found = Counter((name, "", record[name]) for name in ("action", "unit", "container", "valid_until") if record[name])
    for place, law in enumerate(record["laws"]):
        found.update((f"law.{name}", str(place), law[name]) for name in LAW_FIELDS if law[name])
    return found


def stated() -> bool:
    print(f"{'lang':5}{'field':28}{'stated':>8}{'read':>8}{'right':>8}{'precision':>11}{'recall':>8}")
    tallies: dict[tuple[str, str], Counter[str]] = {}
    for line in (SHARED / "notes.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        lang = {"rus": Lang.RU, "kaz": Lang.KK}[record["lang"]]
        target = stated_unit(record["parsed"]["unit"]) if record["kind"] == "inline" else None
        want = facts(expected(record["parsed"]))
        got: Counter[tuple[str, str, Any]] = Counter()
        for reading in read_note(record["note"], lang, target=target):
            got += facts(as_stated(reading))
        for name, counted in (("stated", want), ("read", got), ("right", want & got)):
            for (field, _, _), number in counted.items():
                tallies.setdefault((lang, field), Counter())[name] += number
    perfect = True
    for (lang_name, field), tally in sorted(tallies.items()):
        precision = tally["right"] / tally["read"] if tally["read"] else 0.0
        recall = tally["right"] / tally["stated"] if tally["stated"] else 0.0
        perfect = perfect and precision == recall == 1.0
        counts = "".join(f"{tally[name]:8}" for name in ("stated", "read", "right"))
        print(f"{lang_name:5}{field:28}{counts}{precision:11.3f}{recall:8.3f}")
    return perfect


def notes_of_pages() -> list[tuple[Lang, Note]]:
    found: list[tuple[Lang, Note]] = []
    for path in sorted([*SHARED.glob("pages/*.html"), *SHARED.glob("site/*/docs/K*/*.html")]):
        if path.stem in ("history", "info"):
            continue
        lang = Lang.KK if "kaz" in path.parts else Lang.RU
        act_id = path.stem.split("_")[0] if path.parent.name == "pages" else path.parent.name
        page = parse_page(
            path.read_bytes(), act_id=act_id.ljust(11, "_"), lang=lang, redaction_date=None, is_current=True
        )
        found += [(lang, note) for notes in (page.act_notes, *(u.notes for u in page.units)) for note in notes]
    return found


def pages() -> None:
    notes = notes_of_pages()
    begun = time.perf_counter()
    readings = [
        (lang, note, reading)
        for lang, note in notes
        for reading in read_note(note.text, lang, links=note.links, target=note.target)
    ]
    seconds = time.perf_counter() - begun
    unread = [note for _, note, reading in readings if reading.action is Action.UNKNOWN]
    laws = [law for _, _, reading in readings for law in reading.laws]
    doubts = Counter(flag for _, _, reading in readings for flag in reading.flags)
    print(f"\npages at hand: {len(notes)} notes, {len(readings)} claims, {len(unread)} notes unread, {len(laws)} laws")
    print(f"laws with an id from their link: {sum(law.act_id is not None for law in laws)}")
    known = sum(law.in_force_on is not None or law.in_force_rule is not None for law in laws)
    phrases = sum(bool(law.in_force_text) for law in laws)
    print(f"laws with a phrase on force: {phrases}; with a date or a rule that counts from publication: {known}")
    print("doubts:", ", ".join(f"{flag} {number}" for flag, number in doubts.most_common()))
    print(f"{len(notes) / seconds:.0f} notes per second")
    for note in unread:
        print("unread:", note.text[:160])


if __name__ == "__main__":
    if not SHARED.is_dir():
        print(f"{SHARED} is absent: set LAWDIFF_SHARED")
        sys.exit(0)
    right = stated()
    pages()
    sys.exit(0 if right else 1)
