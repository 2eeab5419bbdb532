"""Short ways through a page give what the long way gives, whatever became of the page: a page read along the page
before, and an article read line by line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from page_grammar import Generated, pages
from parse_checks import ACT, page_of

from lawdiff.errors import PageRefused
from lawdiff.model import Lang, Redaction
from lawdiff.parse import ChunkCache, parse_page

# What an edit may put in: text, tags that open or close something, whole articles, what no browser shows.
SNIPPETS = (
    "", " ", "слово ", "Статья 5", "7-бап. ", "\u2003", "\xa0", "&nbsp;", "<br>", "</p>", "<p>", "<b>", "</b>", "<h3>",
    "<!-- c -->", "<script>x</script>", "<a name=\"z7\"></a>", "</article>", "<table><tr><td>1</td></tr></table>",
    '<p><b><a name="z900"></a>Статья 7-1. Новая</b></p><p id="z901">\n&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; 1. Текст.</p>',
    '<p><b><a name="z902"></a>7-1-бап. Жаңа</b></p><p id="z903">\n&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; 1. Мәтін.</p>',
    "<p><b>Статья 8</b></p><p>Текст без якоря.</p>",
    '<h3 id="z904"> Глава 9. НОВАЯ</h3>',
    '<p><font color="#FF0000">Примечание ИЗПИ!<br>Действие статьи 7 приостановлено до 01.01.2030 Законом РК '
    'от 01.02.2024 № 7-VIII.</font></p>',
)  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """Cut `length` characters out at `place` (a share of the page) and put `snippet` in."""

    place: float
    length: int
    snippet: str

    def of(self, body: str) -> str:
        at = int(self.place * len(body))
        return body[:at] + self.snippet + body[at + self.length :]


edits = st.builds(Edit, st.floats(0, 1), st.sampled_from((0, 0, 0, 1, 7, 60, 400)), st.sampled_from(SNIPPETS))
histories = st.lists(st.lists(edits, max_size=3), min_size=1, max_size=5)


def read(body: str, lang: Lang, day: date, cache: ChunkCache | None) -> Redaction | str:
    try:
        return parse_page(
            page_of(body, lang), act_id=ACT, lang=lang, redaction_date=day, is_current=False, cache=cache
        )  # fmt: skip
    except PageRefused as refusal:
        return refusal.reason


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(pages(), histories)
def test_a_page_read_along_the_page_before_gives_what_it_gives_alone(
    page: Generated, history: list[list[Edit]]
) -> None:
    cache = ChunkCache()
    body = page.body
    for year, step in enumerate([[], *history], 2010):
        for edit in step:
            body = edit.of(body)
        # two years at a time: a suspension may end between two pages that are the same
        for day in (date(year, 1, 1), date(year + 25, 1, 1)):
            assert read(body, page.lang, day, cache) == read(body, page.lang, day, None)


def read_the_general_way(body: str, lang: Lang, day: date) -> Redaction | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["lawdiff.parse.cutting"], "read_flat", lambda markup, start, lang: None)
        return read(body, lang, day, None)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(pages(), st.lists(edits, min_size=1, max_size=4))
def test_an_article_read_line_by_line_gives_what_it_gives_tag_by_tag(page: Generated, history: list[Edit]) -> None:
    body, day = page.body, date(2020, 1, 1)
    for edit in history:
        body = edit.of(body)
    assert read(body, page.lang, day, None) == read_the_general_way(body, page.lang, day)


def test_an_entity_that_a_tag_cuts_is_no_white_space() -> None:
    # a browser shows «&nbsp;» here: the entity is not put together over the tag
    article = (
        '<p><b><a name="z1"></a>Статья 1. Случай</b></p><p id="z2">\n&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; 1. Есть:</p>\n'
        '<p id="z3">\n&nbsp;&nb</a>sp; 1) знак.</p>'
    )
    day = date(2020, 1, 1)
    redaction = read(article, Lang.RU, day, None)
    assert redaction == read_the_general_way(article, Lang.RU, day)
    assert isinstance(redaction, Redaction)
    assert [line.text for line in redaction.units[0].lines] == ["1. Есть:", "&nbsp; 1) знак."]
