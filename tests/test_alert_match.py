"""The matcher against the definition of a match, on generated rules and facts."""

from __future__ import annotations

from datetime import date

from alert_world import CODE
from hypothesis import given, settings
from hypothesis import strategies as st

from lawdiff.alerts.facts import Fact, FactKind, FactLaw, Texts
from lawdiff.alerts.match import Matcher, WordQuery, accepts
from lawdiff.alerts.rules import NumberRange, Rule
from lawdiff.model import Lang, Op, Weight
from lawdiff.numbering import sort_key

OTHER = "K1400000235"
NUMBERS = ("115-1", "205", "205-1", "213", "213-1", "232-1", "7")
WORDS = ("доступ", "доступа", "неправомерный доступ", "дроппер*", "ақпарат", "штраф")
BODIES = ("за неправомерный доступ", "доступом к ақпараттарды", "услуги дропперов", "штрафа", "")


def some(values, least: int = 0):
    return st.sets(st.sampled_from(tuple(values)), min_size=least, max_size=2).map(
        lambda found: tuple(sorted(found, key=str))
    )


def span(first: str, last: str) -> NumberRange:
    return NumberRange(sort_key(first), sort_key(last), f"{first}-{last}")


RANGES = (span("205", "213"), span("205", "205"), span("115-1", "115-1"), span("1", "9"))
RULES = st.builds(
    Rule,
    name=st.just("r"),
    channels=st.just(("out",)),
    acts=some((CODE, OTHER)),
    articles=some(RANGES),
    chapters=some(("chp_7", "chp_1", "sec_2")),
    topics=some(("cyber", "tax")),
    words=some(WORDS),
    words_in=st.sampled_from(("change", "text")),
    laws=some(("210-VIII", "Z2500000210", "1-IX")),
    ops=some(Op),
    weight=some(Weight, 1),
    languages=some(Lang, 1),
)
FACTS = st.builds(
    lambda number, **given: Fact(
        number=number, eid=f"art_{number}" if number else "", sort_key=sort_key(number), **given
    ),
    number=st.sampled_from((*NUMBERS, None)),
    kind=st.sampled_from(FactKind),
    act_id=st.sampled_from((CODE, OTHER)),
    lang=st.sampled_from(Lang),
    day=st.just(date(2025, 9, 16)),
    op=st.sampled_from([op.value for op in Op]),
    weight=st.sampled_from([weight.value for weight in Weight]),
    id=st.sampled_from(BODIES),
    unit_kind=st.sampled_from(("article", "heading")),
    parents=some(("chp_7", "chp_1", "sec_2")),
    aliases=some(("art_205", "art_115-1", "chp_9")),
    topics=some(("cyber", "tax")).map(frozenset),
    heading=st.sampled_from(("Статья. Штраф", "")),
    detail=st.sampled_from(BODIES),
    moved_from=st.sampled_from((None, "РАЗДЕЛ\nГлава 7. Название", "1-тарау. Атауы")),
    laws=some((FactLaw("Z2500000210", "210-VIII", None), FactLaw("1-IX@2026-01-01", "1-ІХ", None))),
)


def texts(fact: Fact) -> Texts:
    return Texts(fact.id, f"{fact.id} {fact.detail}", "")


@given(st.lists(RULES, max_size=12), st.lists(FACTS, max_size=6))
@settings(max_examples=120, deadline=None)
def test_the_matcher_gives_what_the_definition_gives(rules: list[Rule], facts: list[Fact]) -> None:
    matcher = Matcher(rules, texts)
    for fact in facts:
        assert list(matcher.match(fact)) == [rule for rule in rules if accepts(rule, fact, texts)]


def test_a_phrase_needs_its_words_in_order() -> None:
    rule = Rule("r", ("out",), words=("неправомерный доступ",))
    fact = Fact(FactKind.CHANGE, CODE, "art_205", Lang.RU, date(2025, 9, 16), "amended", "substantive", "")
    for body, wanted in (
        ("неправомерного доступа", True),
        ("доступ неправомерный", False),
        ("неправомерный и чужой доступ", False),
    ):
        assert accepts(rule, fact, lambda _, body=body: Texts(body, body, "")) is wanted


def test_a_star_matches_by_its_beginning_and_look_alikes_are_one_letter() -> None:
    query = WordQuery.of("дроппер*")
    assert query.found(frozenset({"дропперами"}), (), frozenset(), Lang.RU)
    assert not query.found(frozenset({"поддроппер"}), (), frozenset(), Lang.RU)
    latin = WordQuery.of("дрoппep*")  # Latin o, e, p as a person may type them
    assert latin.found(frozenset({"дропперов"}), (), frozenset(), Lang.RU)
