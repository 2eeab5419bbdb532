"""The readings that notes.jsonl states, and our readings, in one form to compare (for the tests and the benchmark)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from lawdiff.model import Reading

WORDS = {"words_replaced_throughout": "replaced_words"}


def stated_unit(words: str | None) -> str | None:
    """The unit that notes.jsonl states in words, as an eid."""
    if words is None or words.startswith("legal note"):
        return None
    if words.startswith("code"):
        return "act"
    if match := re.fullmatch(r"note \(примечание\) to article (\S+)", words):
        return f"art_{match[1]}__note_1"
    if match := re.fullmatch(r"heading of article (\S+)", words):
        return f"heading__art_{match[1]}"
    if match := re.fullmatch(r"(article|chapter|section) (\S+)", words):
        return {"article": "art", "chapter": "chp", "section": "sec"}[match[1]] + "_" + match[2]
    match = re.fullmatch(r"article (\S+), part (\S+?)(?:, point (\S+)\))?", words)
    assert match, words
    return f"art_{match[1]}__part_{match[2]}" + (f"__point_{match[3]}" if match[3] else "")


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_stated(reading: Reading) -> dict[str, Any]:
    return {
        "action": reading.action.value,
        "unit": reading.unit,
        "container": reading.container,
        "valid_until": iso(reading.until),
        "laws": [
            {
                "date": iso(law.adopted_on),
                "number": law.number,
                "number_raw": law.printed,
                "action": law.action.value,
                "in_force_text": law.in_force_text,
                "in_force_date": iso(law.in_force_on),
                "in_force_exception_date": iso(law.exception_on),
            }
            for law in reading.laws
        ],
    }


def expected(parsed: dict[str, Any]) -> dict[str, Any]:
    return {
        "action": WORDS.get(parsed["action"], parsed["action"]),
        "unit": stated_unit(parsed["unit"]),
        "container": stated_unit(parsed.get("container")),
        "valid_until": parsed.get("valid_until"),
        "laws": [
            {"in_force_exception_date": None, **law, "action": WORDS.get(law["action"], law["action"])}
            for law in parsed["laws"]
        ],
    }
