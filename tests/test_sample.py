"""The bundled sample: what it holds, and that it is what its source composes."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from lxml import html
from sample_pages import compose, criminal, personal_data

from lawdiff.demo import serve_sample


def test_the_stored_sample_is_what_its_source_composes() -> None:
    stored = {str(path.relative_to(compose.SAMPLE)): path.read_bytes() for path in compose.SAMPLE.rglob("*.html")}
    composed = {name: text.encode("utf-8") for name, text in compose.pages().items()}
    assert sorted(stored) == sorted(composed)
    assert stored == composed, "run PYTHONPATH=tests python -m sample_pages.compose and read the difference"


@pytest.mark.parametrize("source", [criminal, personal_data])
def test_each_act_has_at_least_six_redactions(source: object) -> None:
    assert len(source.DAYS) >= 6  # type: ignore[attr-defined]
    assert {style for _, style in source.DAYS} >= {"A", "B", "C"}  # type: ignore[attr-defined]


def test_every_page_says_that_it_is_a_sample() -> None:
    for name, text in compose.pages().items():
        assert "lawdiff" in text.split("</h1>")[0].split("<h1>")[1], name


def test_the_sample_server_answers_pages_robots_and_404() -> None:
    with serve_sample() as base:
        page = urllib.request.urlopen(f"{base}/rus/docs/K1400000226/07.11.2014").read()
        assert "<article>" in page.decode()
        assert b"Disallow" in urllib.request.urlopen(f"{base}/robots.txt").read()
        for path in ("/rus/docs/K9999999999", "/../acts.toml", "/%2e%2e/acts.toml"):
            with pytest.raises(urllib.error.HTTPError) as error:
                urllib.request.urlopen(base + path)
            assert error.value.code == 404


@pytest.mark.shared
def test_no_paragraph_of_the_sample_is_a_sentence_of_the_real_code(shared: Path) -> None:
    """Sanctions follow the grammar that the reader must know; no sentence of the law is copied for that."""
    real = {line for path in (shared / "adilet").rglob("*.html") for line in _paragraphs(path)}
    assert len(real) > 500
    copied = {line for path in compose.SAMPLE.rglob("*.html") for line in _paragraphs(path) if line in real}
    assert copied == set()


def _paragraphs(path: Path) -> set[str]:
    """Paragraphs of law of a page, without numbers, marks and case; headings and notes left out."""
    document = html.fromstring(path.read_bytes().decode("utf-8"))
    texts = [
        " ".join(element.itertext()) for element in document.iterfind(".//article//p") if "note" not in element.classes
    ]
    found = {" ".join(re.findall(r"[^\W\d_]+", text.casefold())) for text in texts}
    wordy = {text for text in found if len(text.split()) >= 5 and not re.match(r"глава|статья|раздел|\w*тарау", text)}
    # The verb aside, too: what is left must be long to be a sentence («лишением свободы на срок до двух лет» is not).
    bare = {re.sub(r"^(?:карается|наказывается) | (?:жазаланады|алып келеді)$", "", text) for text in wordy}
    return wordy | {text for text in bare if len(text.split()) >= 14}


# What every sanction and reference of the code is made of, in both languages: numbers, terms, kinds of punishment; and
# the phrase on entry into force, where an excluded point stands among the lines.
FORMULA = re.compile(
    r"\d+|календарных|дней|после|дня|его|официального|опубликования|лет|года?|до|от|на|в|с|или|и|либо|без|тот|том|той|же|не|сол|онсыз|немесе|отырып"
    r"|(?:наказ|кара|штраф|размер|месячн|расчетн|показател|исправит|работ|привлеч|обществен|срок|час|арест|сут|огранич"
    r"|свобод|лишен|конфиск|имуществ|таков|деяни|предусмотр|част|настоящ|стат|перв|втор|треть|одн|дв[аеу]|тр[её]|четыр"
    r"|пят|шест|сем|восьм|восем|девят|десят|сорок|сто|ста|тысяч|айлық|есептік|көрсеткіш|дейінгі|мөлшер|айыппұл|сал|түзеу"
    r"|жұмыс|сағат|мерзім|қоғам|тарт|тәулік|қама|бостанд|шекте|айыр|жаза|тәркіле|мүлк|мүлік|бас|бір|екі|үш|төрт|бес|алты|жеті"
    r"|сегіз|тоғыз|жүз|мың|он|жиырма|отыз|қырық|елу|алпыс|жетпіс|сексен|тоқсан|жыл|бап|бөлі|көздел|іс-әрекет|осы)[\w-]*"
)
RUN = 8  # words in a row


@pytest.mark.shared
def test_what_sample_and_examples_share_with_the_real_pages_is_formula(shared: Path) -> None:
    """Wording is composed: no eight words of law in a row are those of a real page, but for the formulas."""
    real = {run for path in (shared / "adilet").rglob("*.html") for run in _runs(path)}
    assert len(real) > 15_000
    examples = Path(__file__).parent / "examples"
    ours = [*compose.SAMPLE.rglob("*.html"), *examples.rglob("*.html")]
    assert len(ours) > 50
    for path in ours:
        for run in _runs(path) & real:
            assert all(FORMULA.fullmatch(word) for word in run), f"{path.name}: {' '.join(run)}"


def _runs(path: Path) -> set[tuple[str, ...]]:
    """Every eight words in a row of the law text of a page; notes of the portal and headings are left out."""
    document = html.fromstring(path.read_bytes().decode("utf-8"))
    found: set[tuple[str, ...]] = set()
    for article in document.iterfind(".//article"):
        left_out = "self::h3 or self::b or self::font or contains(@class, 'note')"
        texts = article.xpath(f".//text()[not(ancestor::*[{left_out}])]")
        words = re.findall(r"[\w-]+", " ".join(texts).casefold())
        found |= {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    return found
