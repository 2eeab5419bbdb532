"""Broken pages: cut, spliced, tags removed, entities broken, nested without end. Each is refused with a typed reason or
read without loss; none crashes, hangs or grows without bound."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parse_checks import ACT, lost_and_invented, page_of, shown_by_tokens

from lawdiff.errors import PageRefused
from lawdiff.model import Lang, Redaction
from lawdiff.parse import RefusalReason, parse_page

FOLDER = Path(__file__).parent / "examples" / "parse"
PAGES = {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.html"))}


STRAY = (
    "</article>", "<table>", "</table>", "<td>", "<h3>", "</h3>", "<script>", "<p class='note'>", "<sup>", "<b>",
    '<font color="red">', "<!-- -->", "<br/>", "</div>", '<span class="note">', "<img alt='x'>", "<p align=right>",
)  # fmt: skip


def read_or_refuse(page: bytes, lang: Lang, act_id: str = ACT) -> Redaction | None:
    try:
        return parse_page(page, act_id=act_id, lang=lang, redaction_date=None, is_current=False)
    except PageRefused as refused:
        assert refused.reason in set(RefusalReason)
        return None


def check(page: bytes, lang: Lang, act_id: str = ACT) -> bool:
    """Whether the page was read; then nothing of it may be lost."""
    redaction = read_or_refuse(page, lang, act_id)
    if redaction is None:
        return False
    assert lost_and_invented(redaction, shown_by_tokens(page)) == ({}, {})
    eids = [unit.eid for unit in redaction.units]
    assert len(set(eids)) == len(eids)
    return True


def mutate(page: str, rng: random.Random) -> str:
    """`page` with one thing broken inside its body."""
    start = page.index("<article>", page.index("text_upd")) + 9
    end = page.index("</article>")
    body = page[start:end]
    tags = [match.span() for match in re.finditer(r"<[^<>]*>", body)]
    kind = rng.randrange(8)
    if kind == 0 and tags:  # a tag removed
        first, last = rng.choice(tags)
        body = body[:first] + body[last:]
    elif kind == 1 and tags:  # a tag doubled elsewhere
        first, last = rng.choice(tags)
        place = rng.choice(tags)[0]
        body = body[:place] + body[first:last] + body[place:]
    elif kind == 2:  # a stretch removed
        first = rng.randrange(len(body))
        body = body[:first] + body[first + rng.randrange(200) :]
    elif kind == 3:  # a stretch moved
        first, place = rng.randrange(len(body)), rng.randrange(len(body))
        piece = body[first : first + rng.randrange(200)]
        body = body[:place] + piece + body[place:]
    elif kind == 4:  # entities broken
        body = body.replace("&nbsp;", rng.choice(["&nbsp", "&nbs", "&#160", "&#xA0;", "&", "&amp;nbsp;", "&#0;"]), 3)
    elif kind == 5:  # a character replaced
        place = rng.randrange(len(body))
        body = body[:place] + rng.choice("<>\"'&/=-!\x00\u2028ӘaZ9 ") + body[place + 1 :]
    elif kind == 6 and tags:  # tags of other pages
        place = rng.choice(tags)[0]
        extra = rng.choice(STRAY)
        body = body[:place] + extra + body[place:]
    else:  # cut
        return page[: start + rng.randrange(len(body) + 1)]
    return page[:start] + body + page[end:]


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(PAGES)), st.integers(0, 2**32))
def test_a_mutated_page_is_refused_or_read_without_loss(name: str, seed: int) -> None:
    rng = random.Random(seed)
    page = PAGES[name].decode()
    for _ in range(rng.randint(1, 4)):
        try:
            page = mutate(page, rng)
        except ValueError:  # the body's own tags are broken by now
            break
    check(page.encode("utf-8", "surrogatepass"), Lang(name.rpartition(".")[2]))


def test_most_pages_with_a_tag_removed_are_still_read() -> None:
    rng = random.Random(5)
    page = PAGES["notes.ru"].decode()
    read = 0
    for _ in range(100):
        start = page.index("<article>", page.index("text_upd")) + 9
        tags = [match.span() for match in re.finditer(r"<[^<>]*>", page[start : page.index("</article>")])]
        first, last = rng.choice(tags)
        read += check((page[: start + first] + page[start + last :]).encode(), Lang.RU)
    assert read >= 95


@pytest.mark.shared
def test_mutated_real_pages_are_refused_or_read_without_loss(shared: Path) -> None:
    rng = random.Random(17)
    files = [
        shared / "adilet/pages/K1400000231_upk_legacy.html",
        shared / "adilet/pages/K1500000375_entrepreneurial.html",
    ]
    for file in files:
        whole = file.read_text(encoding="utf-8")
        for _ in range(25):
            check(mutate(whole, rng).encode(), Lang.RU, file.name.partition("_")[0])


NESTS = {
    "divs": "<div>" * 2_000_000,
    "spans of notes": '<span class="note">' * 100_000,
    "tables": "<table><tr><td>" * 660_000,
    "bold": "<p><b>" * 200_000,
    "headings": "<h3>" * 2_500_000,
    "links": '<a href="/rus/docs/x">' * 100_000,
    "raised digits": "<h3>Статья 1" + "<sup>1</sup>" * 100_000,
    "unclosed fonts": '<font color="#FF0000">' * 100_000,
    "items after a note": '<span class="note">Сноска.</span>' + "<i>1. а </i>" * 100_000,
    "less-than signs": "<" * 10_000_000,
    "quotes in a tag": "<a '\"" * 2_000_000,
    "ampersands": "&" * 10_000_000,
    "one word": "я" * 5_000_000,
    "breaks": "<br>" * 500_000,
    "numbers": "1-" * 5_000_000,
    "empty comments": "<!---->" * 1_400_000,
}
_PROBE = """
import sys
from lawdiff.errors import PageRefused
from lawdiff.model import Lang
from lawdiff.parse import parse_page
try:
    parse_page(sys.stdin.buffer.read(), act_id="K2000000999", lang=Lang.RU, redaction_date=None, is_current=True)
    print("read")
except PageRefused as refused:
    print(refused.reason)
"""


@pytest.mark.parametrize("name", NESTS)
def test_ten_megabytes_of_one_thing_are_read_or_refused_in_bounded_time_and_memory(name: str) -> None:
    page = page_of(f"<p><b>Статья 1. Начало</b></p><p>Текст.</p>{NESTS[name]}<p>Конец.</p>")
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({2 << 30}, {2 << 30}))\n"
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", limit + _PROBE], input=page, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-800:]
    assert done.stdout.decode().strip() in {"read", *RefusalReason}
    assert time.monotonic() - started < 40
