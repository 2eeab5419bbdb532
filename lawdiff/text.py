"""Text as it is stored, as it is compared, and as it is cut into words.

`normalise` is all that is ever done to stored text (FORMAT §4: NBSP and runs to one space, stripped). `fold_key` is for
comparing only: it removes what may change without any change of law (FORMAT §6 look-alikes, §8 dashes and quotes).
"""

from __future__ import annotations

import hashlib
import re

# Latin letters that Kazakh and Russian pages use inside Cyrillic words (FORMAT §6), to their Cyrillic look.
_LOOKALIKE_LATIN = "aceiopxyABCEHIKMOPTXYëË"
_LOOKALIKE_CYRILLIC = "асеіорхуАВСЕНІКМОРТХУёЁ"
LOOKALIKES = str.maketrans(_LOOKALIKE_LATIN, _LOOKALIKE_CYRILLIC)
_DASHES = dict.fromkeys("‐‑‒–—−", "-")
_QUOTES = dict.fromkeys("«»“”„‟″〝〞", '"') | dict.fromkeys("‘’‚‛`´", "'")
_STYLE = _DASHES | _QUOTES
# Patterns, not translation tables: `str.translate` looks every Cyrillic letter up, a pattern only what it finds.
_STYLED = re.compile(f"[{''.join(_STYLE)}]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
# A word with a Latin letter in it; possessive, and from the start of a word only, for most words have none.
_WORD_WITH_LATIN = re.compile(r"(?<![^\W\d_])[^\W\d_A-Za-zëË]*+[A-Za-zëË][^\W\d_]*+")
_LATIN_RUN = re.compile(r"[A-Za-zëË]+")
# Numbers of convocations and sections, printed with letters of either alphabet (FORMAT §9.17: «180-VІ»).
_ROMAN = re.compile(r"\b[IVXLCDMІХСМ]+\b")
_ROMAN_LATIN = str.maketrans("ІХСМ", "IXCM")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def normalise(text: str) -> str:
    """`text` stripped, with runs of white space (NBSP included) folded to one space."""
    return " ".join(text.split())


def plain_dashes(text: str) -> str:
    """Every dash as «-»; same length. Replaced one by one: most texts have none, and looking for one is cheap."""
    for dash in _DASHES:
        text = text.replace(dash, "-")
    return text


def fold_lookalikes(text: str) -> str:
    """Latin look-alikes to Cyrillic inside words that also hold a Cyrillic letter (`бөлiм` → `бөлім`)."""

    def fold(match: re.Match[str]) -> str:
        word = match[0]
        return word.translate(LOOKALIKES) if _CYRILLIC.search(word) else word

    return _WORD_WITH_LATIN.sub(fold, text) if _mixes_scripts(text) else text


def _mixes_scripts(text: str) -> bool:
    """Whether some word has letters of the Latin and of another alphabet: «107-V» has not, and most texts have no more
    Latin than that."""
    for run in _LATIN_RUN.finditer(text):
        for beside in (text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]):
            if beside.isalnum() and not beside.isdecimal():
                return True
    return False


def fold_key(text: str) -> str:
    """The key under which two texts are the same law: white space, invisible characters, dash and quote style and
    look-alike letters (in words and in Roman numbers) folded. Words, numbers and punctuation stay: «не» and a comma are
    law."""
    folded = fold_lookalikes(_INVISIBLE.sub("", text))
    folded = _STYLED.sub(lambda mark: _STYLE[mark[0]], folded)
    folded = _ROMAN.sub(lambda number: number[0].translate(_ROMAN_LATIN), folded)
    return close_dashes(" ".join(folded.split()))


def close_dashes(text: str) -> str:
    """`text` without the spaces around «-»; the keys of two lines, joined by a space, are so made the key of both."""
    return text.replace(" - ", "-").replace(" -", "-").replace("- ", "-")


def sha256_text(text: str) -> str:
    """Hex digest of the text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
