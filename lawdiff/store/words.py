"""Words as the search index keeps them: folded, stemmed, the same for stored text and for queries.

Folding: lower case, ё → е, Latin look-alikes → Cyrillic (FORMAT §6), dashes unified. Russian words are stemmed by the
Snowball stemmer; Kazakh words lose their case, possessive and plural endings by the short list below. A number with
its suffix («115-1») is one word. Guarantee: `index_text(t, lang)` holds one token per word of `t`, in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from threading import local

from snowballstemmer import stemmer

from lawdiff.model import Lang
from lawdiff.text import LOOKALIKES

# A number with suffixes, or a run of letters and digits; a hyphen joins letters («онлайн-платформа»: two words).
WORD = re.compile(r"\d+(?:[-‐‑–]\d+)+|[^\W_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_ONLY_LOOKALIKES = re.compile(r"[aceiopxyABCEHIKMOPTXYëË]+")
_DASHES = str.maketrans("‐‑–", "---")
_COMPARED = {**LOOKALIKES, **_DASHES}
_KAZAKH_LETTER = re.compile(r"[әғқңөұүһі]")
_MIN_STEM = 3

# Endings of Kazakh nouns, outermost first: case, then possessive, then plural. Vowel harmony gives each in two to four
# forms: «-ға/-ге/-қа/-ке» dative, «-ның» genitive, «-ны/-ді» accusative, «-да» locative, «-дан» ablative, «-мен»
# instrumental.
_KAZAKH_ENDINGS = (
    re.compile(
        r"(?:[ндт][ыі]ң|[нд]ан|[нд]ен|тан|тен|нда|нде|[дт][ае]|[қғ]а|[кг]е|на|не|[ндт][ыі]|[мбп]ен|ндағы|ндегі"
        r"|[дт]ағы|[дт]егі|ша|ше)$"
    ),
    re.compile(r"(?:ларының|лерінің|ының|інің|[сш]ын|[сш]ін|ын|ін|[сш]ы|[сш]і|ы|і|ымыз|іміз|ыңыз|іңіз)$"),
    re.compile(r"(?:[лдт]ар|[лдт]ер)$"),
)
_KAZAKH_FINAL = str.maketrans("бғг", "пқк")  # кітап/кітабы, тарақ/тарағы, жүрек/жүрегі
_of_thread = local()


def fold_word(word: str) -> str:
    """A word as it is compared in search: `Шoтты` (Latin o) → `шотты`, `Ёлка` → `елка`, `COM` → `сом`."""
    plain = word.translate(_DASHES)
    if _CYRILLIC.search(plain) or _ONLY_LOOKALIKES.fullmatch(plain):
        plain = plain.translate(LOOKALIKES)
    return plain.lower().replace("ё", "е")


def compared(word: str) -> str:
    """A word for a quick look at how it begins: equal beginnings here are a must for an equal stem, and not enough.

    Where `fold_word` asks whether a word is Latin, all look-alikes go here, so that the answer is the same for a part.
    """
    return word.translate(_COMPARED).lower().replace("ё", "е")


def _snowball(folded: str) -> str:
    """Russian stem. A stemmer keeps the word that it works on in itself, so every thread of the site has its own."""
    russian = getattr(_of_thread, "russian", None)
    if russian is None:
        russian = _of_thread.russian = stemmer("russian")
    return str(russian.stemWord(folded))


def stem(word: str, lang: Lang) -> str:
    """Stem of a word of a text in `lang`; numbers and Latin words only fold."""
    return _STEMMERS[lang](word)


@lru_cache(maxsize=50_000)
def _stem_russian(word: str) -> str:
    folded = fold_word(word)
    if not folded or folded[0].isdigit() or not _CYRILLIC.search(folded):
        return folded
    return _snowball(folded)


@lru_cache(maxsize=50_000)
def _stem_kazakh(word: str) -> str:
    folded = fold_word(word)
    if not folded or folded[0].isdigit() or not _CYRILLIC.search(folded):
        return folded
    if _looks_russian(folded) and not _KAZAKH_LETTER.search(folded):
        return _snowball(folded)
    return kazakh_stem(folded)


# One cache per language, keyed by the word alone: hashing an enum member costs more than finding the stem.
_STEMMERS = {Lang.RU: _stem_russian, Lang.KK: _stem_kazakh}


def stemmer_of(lang: Lang) -> Callable[[str], str]:
    """`stem` for many words of one language."""
    return _STEMMERS[lang]


def kazakh_stem(word: str) -> str:
    """A folded Kazakh word without case, possessive and plural endings; at least three letters stay.

    A final voiced consonant becomes the voiceless one of the dictionary form (кітабы → кітап).
    """
    short = word
    for ending in _KAZAKH_ENDINGS:
        match = ending.search(short)
        if match and match.start() >= _MIN_STEM:
            short = short[: match.start()]
    return short[:-1] + short[-1].translate(_KAZAKH_FINAL) if len(short) >= _MIN_STEM else short


def _looks_russian(word: str) -> bool:
    """Words with letters that Kazakh has only in borrowings (ф, ц, щ, ё, э …) and Russian endings."""
    return word.endswith(("ция", "цию", "ции", "ого", "ему", "ать", "ить"))


def index_text(text: str, lang: Lang) -> str:
    """The text as the index takes it: stems separated by spaces."""
    lines = map(_LINES[lang], text.split("\n"))
    return " ".join(line for line in lines if line)


# Most lines of a version stand in the version before it: their stems are made once. No word crosses a line.
@lru_cache(maxsize=2048)
def _russian_line(line: str) -> str:
    return " ".join(map(_stem_russian, WORD.findall(line)))


@lru_cache(maxsize=2048)
def _kazakh_line(line: str) -> str:
    return " ".join(map(_stem_kazakh, WORD.findall(line)))


_LINES = {Lang.RU: _russian_line, Lang.KK: _kazakh_line}
