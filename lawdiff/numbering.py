"""Numbers of units as the portal prints them, normalised and sortable.

`115-1`, `115¹` (superscript), `115–1` (dash) are one number; Roman numbers of sections come with Latin or Cyrillic
letters (FORMAT §4.1, §4.2, §9.17). Numbers sort as people count: 115, 115-1, 115-2, 116.
"""

from __future__ import annotations

import re

from lawdiff.errors import BadIdentifier

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT_RUN = re.compile(r"(?<=\d)[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_ROMAN_LOOKALIKES = str.maketrans("ІХѴСМѵіхсм", "IXVCMVIXCM")
_ROMAN = re.compile(r"(?=[MDCLXVI])M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_NUMBER = re.compile(r"\d+(?:[-.]\d+)*")


def normalise_number(text: str) -> str:
    """A printed number in its normal form: ` 115 – 1. ` → `115-1`, `115¹` → `115-1`, `IІ` → `2`.

    Raises BadIdentifier where there is no number.
    """
    plain = _SUPERSCRIPT_RUN.sub(lambda run: "-" + run[0].translate(_SUPERSCRIPTS), text)
    plain = re.sub(r"\s+", "", plain.translate(_DASHES)).strip(".)-")
    if _NUMBER.fullmatch(plain):
        return plain
    value = roman_value(plain)
    if value is not None:
        return str(value)
    raise BadIdentifier(f"{text!r} holds no number of a unit", excerpt=text)


def roman_value(text: str) -> int | None:
    """Value of a Roman number, Cyrillic look-alikes allowed (`ІV` → 4), or None."""
    latin = text.translate(_ROMAN_LOOKALIKES).upper()
    if not latin or not _ROMAN.fullmatch(latin):
        return None
    values = [_ROMAN_VALUES[letter] for letter in latin]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def fold_convocation(number: str) -> str:
    """A law's number with its convocation in Latin letters: `180-VІ` (Cyrillic І) → `180-VI`; others unchanged."""
    head, dash, tail = number.translate(_DASHES).replace(" ", "").partition("-")
    return f"{head}-{tail.translate(_ROMAN_LOOKALIKES).upper()}" if dash else head


def sort_key(number: str | None) -> str:
    """A string that sorts numbers as people count them: `115-1` → `00115-00001`; None sorts first.

    The separator sorts below every digit, so that 115 < 115-1 < 116.
    """
    if not number:
        return ""
    return "-".join(f"{int(part):05d}" if part.isdigit() else part for part in re.split(r"[-.]", number))
