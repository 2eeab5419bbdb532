"""Precision and recall of the reading of sanctions, and how far Russian and Kazakh agree, over the texts at hand.

Expected: what a person read in the texts of today and in every text before them whose sanctions were others
(tests/examples/sanctions). Then every redaction of both languages: how many sanctions are read, and everything that is
not. Exit code 1 under a precision of 0.98, or where a text that provides a punishment yields neither a sanction nor an
unread one.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from stated_sanctions import stated_facts  # noqa: E402

from lawdiff.divergences import compare_units  # noqa: E402
from lawdiff.model import Lang, Unit, UnitKind  # noqa: E402
from lawdiff.parse import parse_page  # noqa: E402
from lawdiff.sanctions import SanctionReading, read_sanctions  # noqa: E402

SHARED = Path(os.environ.get("LAWDIFF_SHARED", ROOT.parent / "shared")) / "adilet"
ACT = "K1400000226"
FOLDERS = {Lang.RU: "rus", Lang.KK: "kaz"}


def articles(path: Path, lang: Lang) -> dict[str, Unit]:
    page = parse_page(path.read_bytes(), act_id=ACT, lang=lang, redaction_date=None, is_current=True)
    return {unit.number or unit.eid: unit for unit in page.units if unit.kind is UnitKind.ARTICLE}


def stated_texts(lang: Lang) -> Iterator[tuple[str, str, dict[str, str], Unit]]:
    """(day, article, what a person read there, the text) of every text that is stated."""
    folder, site = ROOT / "tests" / "examples" / "sanctions", SHARED / "site" / FOLDERS[lang] / "docs" / ACT
    past = json.loads((folder / f"{ACT}-{lang}-past.json").read_text(encoding="utf-8"))
    today = json.loads((folder / f"{ACT}-{lang}.json").read_text(encoding="utf-8"))
    for day, stated in {**past, "index": today}.items():
        texts = articles(site / f"{'.'.join(reversed(day.split('-')))}.html", lang)
        for number, words in stated.items():
            yield day, number, words, texts[number]


def measure(lang: Lang) -> float:
    tally: Counter[str] = Counter()
    for day, number, words, text in stated_texts(lang):
        want, unread = stated_facts(words)
        reading = read_sanctions(text.lines, lang)
        got = {one.facts for one in reading.sanctions}
        tally["texts"] += 1
        tally["stated"] += len(want)
        tally["read"] += len(got)
        tally["right"] += len(want & got)
        tally["stated unread"] += unread
        tally["listed unread"] += len(reading.unread)
        for fact in sorted(want ^ got, key=str):
            print("differs:", lang, day, number, "stated" if fact in want else "read", fact)
    precision, recall = tally["right"] / tally["read"], tally["right"] / tally["stated"]
    print(f"{lang}: {dict(tally)}, precision {precision:.4f}, recall {recall:.4f}")
    return precision


def agreement(ru: dict[str, Unit], kk: dict[str, Unit]) -> None:
    same = differ = 0
    for number in sorted(ru.keys() & kk.keys()):
        one, two = read_sanctions(ru[number].lines, Lang.RU), read_sanctions(kk[number].lines, Lang.KK)
        for part in dict.fromkeys([*one.parts, *two.parts]):
            facts = [{sanction.facts for sanction in reading.of_part(part).sanctions} for reading in (one, two)]
            same, differ = same + (facts[0] == facts[1]), differ + (facts[0] != facts[1])
            if facts[0] != facts[1]:
                print(f"languages differ: article {number} {part}")
    print(f"Russian and Kazakh agree on {same} of {same + differ} parts of {len(ru.keys() & kk.keys())} articles")
    found = [one for number in ru.keys() & kk.keys() for one in compare_units(ru[number], kk[number])]
    print(f"divergences: {dict(Counter(one.kind.value for one in found))}")


def all_redactions() -> bool:
    read = silent = 0
    unread: Counter[tuple[str, str, str, str]] = Counter()
    begun = time.perf_counter()
    seconds = 0.0
    for lang, folder in FOLDERS.items():
        for path in sorted((SHARED / "site" / folder / "docs" / ACT).glob("*.html")):
            if path.stem in ("history", "info"):
                continue
            for number, unit in articles(path, lang).items():
                begun = time.perf_counter()
                reading: SanctionReading = read_sanctions(unit.lines, lang)
                seconds += time.perf_counter() - begun
                read += len(reading.sanctions)
                silent += bool(unit.lines) and not (reading.sanctions or reading.unread)
                unread.update((lang.value, number, one.reason, one.text[:90]) for one in reading.unread)
    print(
        f"all redactions: {read} sanctions read in {seconds:.2f} s, {sum(unread.values())} not read, "
        f"{silent} articles silent"
    )
    for (language, number, reason, text), times in unread.items():
        print(f"unread: {language} article {number}, {reason}, in {times} redactions: {text}")
    return silent == 0


if __name__ == "__main__":
    if not SHARED.is_dir():
        print(f"{SHARED} is absent: set LAWDIFF_SHARED")
        sys.exit(0)
    now = {
        lang: articles(SHARED / "site" / folder / "docs" / ACT / "index.html", lang) for lang, folder in FOLDERS.items()
    }
    precisions = [measure(lang) for lang in FOLDERS]
    agreement(now[Lang.RU], now[Lang.KK])
    whole = all_redactions()
    sys.exit(0 if min(precisions) >= 0.98 and whole else 1)
