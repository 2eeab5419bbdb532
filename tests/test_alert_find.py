"""What is told and what is not: the portal, the builder and the calendar played against a rule, run by run."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from alert_world import CODE, LAW, Clock, World, rule, rules_file

from lawdiff.alerts import run
from lawdiff.alerts.rounds import Report

WATCHED = rule(acts=[CODE], articles=["115-1", "232-1"], chapters=["7"])


class Watch:
    """A world with one database, one rules file and one state."""

    def __init__(self, folder: Path, rules: str = WATCHED) -> None:
        self.world = World()
        self.folder = folder
        self.db = folder / "lawdiff.db"
        self.state = folder / "alerts.db"
        self.rules = rules_file(folder, rules)

    def run(self, day: str, **options) -> list[str]:
        """A build and a round on `day`; what was told, as `eid phase+phase`."""
        return told(self.report(day, **options))

    def report(self, day: str, **options) -> Report:
        self.world.write(self.db)
        options.setdefault("stdout", io.StringIO())
        report = run(self.db, self.rules, self.state, clock=Clock(day), environ={}, **options)
        assert report.ok, report.errors
        return report

    def baseline(self, day: str = "2025-07-01") -> None:
        self.world.fetch(day, "first")
        self.world.redaction("2023-03-07")
        assert self.run(day) == []


def told(report: Report) -> list[str]:
    return sorted(f"{item['eid'] or item['act']['id']} {'+'.join(item['phases'])}" for item in report.items)


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


def adopt(watch: Watch, fetched: str, *numbers: str, day: str = "2025-09-16", **options) -> None:
    watch.world.fetch(fetched, f"page of {fetched}")
    for number in numbers:
        watch.world.change(number, day, **{"force": day, **options})


def test_the_first_run_on_an_act_tells_nothing(watch: Watch) -> None:
    for number in ("205", "206", "115-1"):
        watch.world.change(number, "2020-07-07", force="2020-07-18")
    watch.baseline()
    assert watch.run("2025-07-02") == []


def test_a_change_is_told_at_every_phase_of_its_life_and_once_at_each(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205", "115-1", "188")
    expected = {
        "2025-07-20": "adopted", "2025-08-17": "T-30", "2025-09-09": "T-7", "2025-09-16": "in_force",
    }  # fmt: skip
    seen = {}
    day = date(2025, 7, 20)
    while day <= date(2025, 9, 30):
        watch.world.checked = {key: (day.isoformat(), day.isoformat(), "text") for key in watch.world.checked}
        if found := watch.run(day.isoformat()):
            seen[day.isoformat()] = found
        day = date.fromordinal(day.toordinal() + 1)
    assert seen == {day: [f"art_115-1 {phase}", f"art_205 {phase}"] for day, phase in expected.items()}


def test_russian_and_kazakh_of_one_change_are_one_alert_even_when_the_kazakh_page_comes_later(watch: Watch) -> None:
    watch.baseline()
    watch.world.fetch("2025-07-20", "new", langs=("ru",))
    watch.world.change("205", "2025-09-16", langs=("ru",))
    assert watch.run("2025-07-20") == [f"{CODE} source_trouble", "art_205 adopted"]
    watch.world.fetch("2025-07-21", "new", langs=("kk",))
    watch.world.change("205", "2025-09-16", langs=("kk",))
    assert watch.run("2025-07-21") == [f"{CODE} source_recovered"]


def test_a_change_in_kazakh_alone_is_told(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205", langs=("kk",))
    report = watch.report("2025-07-20")
    assert [text["lang"] for text in report.items[0]["texts"]] == ["kk"]


def test_a_rule_on_one_language_is_not_told_of_the_other(tmp_path: Path) -> None:
    watch = Watch(tmp_path, rule(acts=[CODE], languages=["kk"], phases=["adopted"]))
    watch.baseline()
    adopt(watch, "2025-07-20", "205", langs=("ru",))
    assert watch.run("2025-07-20") == []
    watch.world.fetch("2025-07-21", "kk comes", langs=("kk",))
    watch.world.change("205", "2025-09-16", langs=("kk",))
    assert watch.run("2025-07-21") == ["art_205 adopted"]


@pytest.mark.parametrize("op", ["note_only", "typographic"])
def test_note_wording_and_typography_tell_nobody_who_did_not_ask(watch: Watch, op: str) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205", op=op, weight="editorial")
    assert watch.run("2025-07-20") == []
    assert watch.run("2025-09-20") == [f"{CODE} source_trouble"]


def test_who_asks_for_editorial_changes_is_told_of_them(tmp_path: Path) -> None:
    watch = Watch(tmp_path, rule(acts=[CODE], weight=["editorial"], ops=["typographic"], phases=["adopted"]))
    watch.baseline()
    adopt(watch, "2025-07-20", "205", op="typographic", weight="editorial")
    adopt(watch, "2025-07-20", "206", op="note_only", weight="editorial")
    assert watch.run("2025-07-20") == ["art_205 adopted"]


def test_a_rebuild_tells_nothing_again(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205")
    assert watch.run("2025-07-20") == ["art_205 adopted"]
    watch.db.unlink()
    assert watch.run("2025-07-20") == []


def test_a_rebuild_without_an_act_and_then_with_it_tells_nothing_again(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205")
    assert watch.run("2025-07-20") == ["art_205 adopted"]
    full, watch.world = watch.world, World(acts=[])
    assert watch.run("2025-07-20") == []
    watch.world = full
    assert watch.run("2025-07-21") == []


def test_old_redactions_that_are_filled_in_tell_nothing(watch: Watch) -> None:
    watch.baseline()
    watch.world.fetch("2025-07-10", "first")
    watch.world.pages.append((CODE, "ru", "2018-07-12", "2025-07-10", "an old page"))
    watch.world.change("205", "2018-07-12", force="2018-07-23")
    watch.world.change("206", "2020-07-07")
    report = watch.report("2025-07-10")
    assert (told(report), report.refilled) == ([], 4)
    assert watch.run("2025-07-11") == []


def test_a_refill_that_gives_a_told_change_an_earlier_date_tells_nothing(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205")
    assert watch.run("2025-07-20") == ["art_205 adopted"]
    # the redaction of 2025-08-01 turns out to have shown the same text before
    watch.world.changes.clear()
    adopt(watch, "2025-07-25", "205", day="2025-08-01")
    assert watch.run("2025-07-25") == []


def test_a_change_dated_by_its_first_observation_is_told_once_when_the_portal_dates_it(watch: Watch) -> None:
    watch.baseline()
    watch.world.basis = {"2025-07-20": "first_observed"}
    adopt(watch, "2025-07-20", "205", day="2025-07-20", force=None)
    assert watch.run("2025-07-20") == ["art_205 adopted"]
    watch.world.changes.clear()
    watch.world.redactions = [each for each in watch.world.redactions if each[2] != "2025-07-20"]
    adopt(watch, "2025-07-22", "205", day="2025-07-15", force=None)
    assert watch.run("2025-07-22") == []
    # and the next redaction, dated before that first observation, is not taken for an old one
    adopt(watch, "2025-07-23", "206", day="2025-07-18", force=None)
    assert watch.run("2025-07-23") == ["art_206 adopted"]


def test_what_a_newer_parser_reads_differently_tells_nothing(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205")
    watch.run("2025-07-20")
    watch.world.change("206", "2025-09-16", new="прочитано новой программой")
    watch.world.change("213", "2025-10-01", new="и под другой датой")
    watch.world.technical = [f"{CODE}/art_213/{lang}/2025-10-01" for lang in ("ru", "kk")]
    assert watch.run("2025-07-21") == []
    watch.world.fetch("2025-07-22", "a new page")
    assert watch.run("2025-07-22") == []


def test_a_day_of_effect_that_is_computed_anew_calls_no_phase_again(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205")
    watch.run("2025-07-20")
    watch.world.fetch("2025-08-17", "page of 2025-07-20")
    assert watch.run("2025-08-17") == ["art_205 T-30"]
    for each in watch.world.changes:
        each["force"] = "2025-09-17"
    assert watch.run("2025-08-18") == []
    assert watch.run("2025-08-19") == []


def test_a_day_of_effect_that_moves_with_a_new_page_is_told_and_counted_anew(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205")
    watch.run("2025-07-20")
    watch.world.fetch("2025-08-17", "same")
    assert watch.run("2025-08-17") == ["art_205 T-30"]
    watch.world.fetch("2025-09-01", "another note: the law is put off")
    watch.world.claims = [("205", lang, LAW[0], "2026-01-01") for lang in ("ru", "kk")]
    assert watch.run("2025-09-01") == ["art_205 rescheduled"]
    watch.world.fetch("2025-09-16", "another note: the law is put off")
    assert watch.run("2025-09-16") == []
    for day, phase in (("2025-12-02", "T-30"), ("2025-12-25", "T-7"), ("2026-01-01", "in_force")):
        watch.world.fetch(day, "another note: the law is put off")
        assert watch.run(day) == [f"art_205 {phase}"]


def test_the_first_run_keeps_silent_of_what_has_passed_and_tells_what_is_to_come(watch: Watch) -> None:
    watch.world.change("205", "2025-09-16", force="2025-09-16")
    watch.world.fetch("2025-08-20", "x")
    assert watch.run("2025-08-20") == []  # T-30 has passed on that day
    watch.world.fetch("2025-09-09", "x")
    assert watch.run("2025-09-09") == ["art_205 T-7"]


def test_a_new_rule_is_told_nothing_of_the_past(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205")
    watch.run("2025-07-20")
    rules_file(watch.folder, WATCHED + rule("second", acts=[CODE]))
    assert watch.run("2025-07-21") == []
    watch.world.fetch("2025-08-17", "x")
    assert watch.run("2025-08-17") == ["art_205 T-30", "art_205 T-30"]


def test_since_tells_what_was_missed_once(watch: Watch) -> None:
    watch.world.change("205", "2020-07-07", force="2020-07-18")
    watch.world.change("206", "2016-04-08")
    watch.baseline()
    since = date(2020, 1, 1)
    assert watch.run("2025-07-02", since=since) == ["art_205 adopted+in_force"]
    assert watch.run("2025-07-02", since=since) == []
    assert watch.run("2025-07-02", since=date(2014, 1, 1)) == ["art_206 adopted"]


def test_a_dry_run_records_nothing(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205")
    assert watch.run("2025-07-20", dry_run=True) == ["art_205 adopted"]
    assert watch.run("2025-07-20") == ["art_205 adopted"]


def test_after_a_long_pause_one_alert_says_what_several_would_have_said(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-10-20", "205")
    assert watch.run("2025-10-20") == ["art_205 adopted+in_force"]
    assert watch.run("2025-10-21") == []


def test_a_rule_that_only_asks_for_warnings_is_warned_late_rather_than_never(tmp_path: Path) -> None:
    watch = Watch(tmp_path, rule(acts=[CODE], phases=["T-30"]))
    watch.baseline()
    adopt(watch, "2025-09-10", "205")
    assert watch.run("2025-09-10") == ["art_205 T-30"]


def test_a_day_of_effect_that_becomes_known_late_still_warns(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205", force=None)
    assert watch.run("2025-07-20") == ["art_205 adopted"]
    watch.world.fetch("2025-08-25", "page of 2025-07-20")
    for each in watch.world.changes:
        each["force"] = "2025-09-16"
    assert watch.run("2025-08-25") == ["art_205 T-30"]


def test_an_unknown_day_of_effect_gives_no_timed_phase(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205", force=None)
    assert watch.run("2025-07-20") == ["art_205 adopted"]
    watch.world.fetch("2026-07-20", "page of 2025-07-20")
    assert watch.run("2026-07-20") == []


def test_a_note_that_announces_a_change_is_told_once_and_counts_down(watch: Watch) -> None:
    watch.baseline()
    watch.world.fetch("2026-01-20", "with a red note")
    watch.world.laws["Z2600000256"] = ("256-VIII", "2026-01-09")
    watch.world.announce("205", "2023-03-07", law="Z2600000256", force="2026-07-20")
    assert watch.run("2026-01-20") == ["art_205 announced"]
    watch.world.fetch("2026-06-20", "with a red note")
    assert watch.run("2026-06-20") == ["art_205 T-30"]
    watch.world.fetch("2026-07-13", "with a red note")
    assert watch.run("2026-07-13") == ["art_205 T-7"]
    # the text changes on the day, the note goes
    for each in watch.world.announcements:
        each["last"] = "2026-07-20"
    adopt(watch, "2026-07-20", "205", day="2026-07-20", law="Z2600000256")
    assert watch.run("2026-07-20") == ["art_205 adopted+in_force"]
    assert watch.run("2026-07-21") == []


def test_an_announcement_that_an_older_redaction_already_made_is_not_told_again(watch: Watch) -> None:
    watch.baseline()
    watch.world.fetch("2026-01-20", "with a red note")
    watch.world.announce("205", "2023-03-07")
    watch.run("2026-01-20")
    for each in watch.world.announcements:
        each["first"] = "2022-09-12"
    watch.world.fetch("2026-01-22", "something else changed")
    assert watch.run("2026-01-22") == []


def test_an_announcement_for_the_whole_act_reaches_a_rule_on_one_article(watch: Watch) -> None:
    watch.baseline()
    watch.world.fetch("2026-01-20", "with a red note")
    watch.world.announce("", "2023-03-07")
    assert watch.run("2026-01-20") == [f"{CODE} announced"]


def test_a_silent_edit_is_told_with_its_own_phase(watch: Watch) -> None:
    watch.baseline()
    watch.world.fetch("2025-07-05", "edited")
    watch.world.change("205", "2023-03-07", op="silent_edit", law=None, first_seen="2025-07-05", seq=1)
    assert watch.run("2025-07-05") == ["art_205 silent_edit"]
    watch.world.fetch("2025-07-06", "edited")
    assert watch.run("2025-07-06") == []


def test_two_silent_edits_on_one_date_of_the_portal_are_two_alerts(watch: Watch) -> None:
    watch.baseline()
    watch.world.fetch("2025-07-05", "edited")
    watch.world.change("205", "2023-03-07", op="silent_edit", first_seen="2025-07-05", seq=1, old="а", new="б")
    assert watch.run("2025-07-05") == ["art_205 silent_edit"]
    watch.world.fetch("2025-07-08", "edited again")
    watch.world.change("205", "2023-03-07", op="silent_edit", first_seen="2025-07-08", seq=2, old="б", new="в")
    assert watch.run("2025-07-08") == ["art_205 silent_edit"]


def test_text_that_flips_back_and_forth_is_told_and_then_damped(watch: Watch) -> None:
    watch.baseline()
    reports = []
    for night in range(1, 13):
        day = f"2025-07-{night + 4:02d}"
        old, new = ("а", "б") if night % 2 else ("б", "а")
        watch.world.fetch(day, f"{new}{night}")
        watch.world.change("205", "2023-03-07", op="silent_edit", first_seen=day, seq=night, old=old, new=new)
        reports.append(watch.report(day))
    assert [told(report) for report in reports] == [["art_205 silent_edit"]] * 3 + [[]] * 9
    assert [["flip_flop", ""] in report.items[0]["remarks"] for report in reports[:3]] == [False, True, True]
    assert [report.damped for report in reports] == [0] * 3 + [2] * 9
    adopt(watch, "2025-08-01", "205", new="новый закон")
    (item,) = watch.report("2025-08-01").items
    assert ["damped", "9"] in item["remarks"]


def test_a_disputed_change_says_so_in_the_same_alert(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205", attribution="disputed", detail="сноска называет пункт 2, изменён пункт 3")
    (item,) = watch.report("2025-07-20").items
    assert item["phases"] == ["adopted", "disputed"]
    assert ["disputed", "сноска называет пункт 2, изменён пункт 3"] in item["remarks"]


def test_a_rule_follows_its_article_through_renumbering(tmp_path: Path) -> None:
    watch = Watch(tmp_path, rule(acts=[CODE], articles=["205"], phases=["adopted"]))
    watch.world.numbers["213-5"] = "chp_7"
    watch.world.change("205", "2020-07-07")
    watch.baseline()
    watch.world.moved = {"213-5": "205"}
    adopt(watch, "2025-07-20", "213-5", op="renumbered")
    (item,) = watch.report("2025-07-20").items
    assert item["eid"] == "art_213-5"
    assert ["formerly", "art_205"] in item["remarks"]
    adopt(watch, "2025-11-01", "213-5", day="2025-11-01")
    assert watch.run("2025-11-01") == ["art_213-5 adopted"]


def test_a_rule_on_a_chapter_is_told_when_an_article_leaves_it(tmp_path: Path) -> None:
    watch = Watch(tmp_path, rule(acts=[CODE], chapters=["7"], phases=["adopted"]))
    watch.baseline()
    adopt(watch, "2025-07-20", "188", moved_from="РАЗДЕЛ 2 / Глава 7. Уголовные правонарушения в сфере информатизации")
    assert watch.run("2025-07-20") == ["art_188 adopted"]


def test_source_trouble_is_told_once_per_outage_and_again_for_the_next(watch: Watch) -> None:
    watch.baseline("2025-07-01")
    outage = {(CODE, lang): ("2025-07-03", "2025-07-01", "challenge") for lang in ("ru", "kk")}
    watch.world.checked = dict(outage)
    assert watch.run("2025-07-03") == []  # two days
    assert watch.run("2025-07-04") == [f"{CODE} source_trouble"]
    assert watch.run("2025-07-05") == []
    watch.world.fetch("2025-07-06", "first")
    report = watch.report("2025-07-06")
    assert told(report) == [f"{CODE} source_recovered"]
    assert report.items[0]["outage"] == "2025-07-02"
    assert watch.run("2025-07-06") == []
    watch.world.fetch("2025-07-07", "first")
    assert watch.run("2025-07-07") == []
    assert watch.run("2025-07-20") == [f"{CODE} source_trouble"]


def test_source_trouble_on_the_very_first_run_is_told(watch: Watch) -> None:
    watch.world.checked = {(CODE, "ru"): ("2025-07-20", None, "shell")}
    watch.world.redaction("2023-03-07")
    assert watch.run("2025-07-24") == [f"{CODE} source_trouble"]


def test_a_law_with_two_days_of_effect_counts_down_to_each(watch: Watch) -> None:
    watch.baseline()
    watch.world.laws["Z2500000300"] = ("300-VIII", "2025-07-16")
    adopt(watch, "2025-07-20", "205", force="2025-09-16")
    watch.world.write(watch.db)
    import sqlite3

    real = World.write

    def with_second_day(world: World, path: Path) -> Path:
        real(world, path)
        conn = sqlite3.connect(path)
        for lang in ("ru", "kk"):
            conn.execute(
                "INSERT INTO change_laws (change_id, position, amending_act_id, action, unit, in_force_from) "
                "VALUES (?, 2, ?, 'amended', 'art_205__part_3', '2026-01-01')",
                [f"{CODE}/art_205/{lang}/2025-09-16", LAW[0]],
            )
        conn.commit()
        conn.close()
        return path

    watch.world.write = with_second_day.__get__(watch.world)  # type: ignore[method-assign]
    watch.run("2025-07-20")
    seen = {}
    for day in ("2025-08-17", "2025-09-09", "2025-09-16", "2025-12-02", "2025-12-25", "2026-01-01"):
        watch.world.fetch(day, "page of 2025-07-20")
        seen[day] = watch.run(day)
    assert list(seen.values()) == [[f"art_205 {phase}"] for phase in ("T-30", "T-7", "in_force") * 2]


def test_words_match_stems_phrases_and_endings_in_both_languages(tmp_path: Path) -> None:
    rules = rule("stem", acts=[CODE], words=["доступ"], phases=["adopted"])
    rules += rule("star", acts=[CODE], words=["дроппер*"], phases=["adopted"])
    rules += rule("phrase", acts=[CODE], words=["неправомерный доступ"], phases=["adopted"])
    rules += rule("kazakh", acts=[CODE], words=["ақпарат"], languages=["kk"], phases=["adopted"])
    watch = Watch(tmp_path, rules)
    watch.baseline()
    adopt(watch, "2025-07-20", "205", langs=("ru",), new="за неправомерного доступа лишается")
    adopt(watch, "2025-07-20", "206", langs=("ru",), new="доступ не неправомерный")
    adopt(watch, "2025-07-20", "213", langs=("ru",), new="услуги дропперов")
    adopt(watch, "2025-07-20", "188", langs=("kk",), new="ақпараттарды жою")
    report = watch.report("2025-07-20")
    assert sorted((item["rule"], item["eid"]) for item in report.items) == [
        ("kazakh", "art_188"), ("phrase", "art_205"), ("star", "art_213"), ("stem", "art_205"), ("stem", "art_206"),
    ]  # fmt: skip


def test_words_in_text_find_what_stands_around_the_change(tmp_path: Path) -> None:
    watch = Watch(tmp_path, rule(acts=[CODE], words=["персональных"], words_in="text", phases=["adopted"]))
    watch.baseline()
    text = "о персональных данных: срок {} дней"
    adopt(watch, "2025-07-20", "205", langs=("ru",), old=text.format(3), new=text.format(5))
    adopt(watch, "2025-07-20", "206", langs=("ru",))
    assert watch.run("2025-07-20") == ["art_205 adopted"]


def test_rules_on_laws_ops_and_topics_narrow(tmp_path: Path) -> None:
    rules = rule("law", laws=["210-VІІІ"], phases=["adopted"])  # convocation in Cyrillic letters
    rules += rule("op", ops=["excluded"], phases=["adopted"]) + rule("topic", topics=["cyber"], phases=["adopted"])
    watch = Watch(tmp_path, rules)
    watch.world.laws["Z2600000001"] = ("1-IX", "2026-01-01")
    watch.baseline()
    adopt(watch, "2025-07-20", "188")
    adopt(watch, "2025-07-20", "205", law="Z2600000001", op="excluded")
    report = watch.report("2025-07-20")
    assert sorted((item["rule"], item["eid"]) for item in report.items) == [
        ("law", "art_188"), ("op", "art_205"), ("topic", "art_205"),
    ]  # fmt: skip


def test_a_digest_a_day_and_a_digest_a_week_gather_and_what_is_urgent_does_not_wait(tmp_path: Path) -> None:
    rules = rule("daily", acts=[CODE], every="day", phases=["adopted", "T-7"])
    rules += rule("weekly", acts=[CODE], every="week", weekday="monday", phases=["adopted", "T-7"])
    watch = Watch(tmp_path, rules)
    watch.baseline("2025-07-01")
    digests = {}

    def at(day: str) -> None:
        report = watch.report(day)
        digests[day] = (report.found, report.digests, report.waiting)

    adopt(watch, "2025-07-22", "205", force="2025-12-01")  # Tuesday
    at("2025-07-22")  # the daily one goes out
    adopt(watch, "2025-07-22", "206", day="2025-09-17", force="2025-12-01")
    watch.world.fetch("2025-07-22", "second page of the day")
    at("2025-07-22")
    watch.world.fetch("2025-07-23", "second page of the day")
    at("2025-07-23")
    watch.world.fetch("2025-07-28", "second page of the day")
    at("2025-07-28")  # Monday
    adopt(watch, "2025-07-29", "213", day="2025-09-18", force="2025-08-02")  # takes effect before next Monday
    at("2025-07-29")
    assert digests == {
        "2025-07-22": (2, 0, 3), "2025-07-23": (0, 1, 2), "2025-07-28": (0, 1, 0), "2025-07-29": (2, 2, 0),
    }  # fmt: skip


def test_two_rounds_never_overlap(watch: Watch) -> None:
    from lawdiff.alerts.state import locked
    from lawdiff.errors import StoreError

    watch.baseline()
    with locked(watch.state), pytest.raises(StoreError, match="another alert run"):
        watch.report("2025-07-02")


def test_a_clock_that_was_set_back_brings_nothing_back(watch: Watch) -> None:
    watch.world.change("205", "2025-07-05", force="2025-07-05")
    watch.baseline("2025-07-10")
    for day in ("2025-07-01", "2025-07-04", "2025-07-05", "2025-07-11"):
        assert watch.run(day) == []


def test_a_state_that_cannot_be_written_says_so_and_records_nothing(watch: Watch) -> None:
    from lawdiff.alerts.state import State
    from lawdiff.errors import StoreError

    watch.baseline()
    adopt(watch, "2025-07-20", "205", new="слово " * 30_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(State, "__init__", _full(State.__init__))
        with pytest.raises(StoreError, match="make room"):
            watch.run("2025-07-20")
    assert watch.run("2025-07-20") == ["art_205 adopted"]


def _full(opened):
    """A state whose file may not grow: what a full disk does."""

    def init(self, path) -> None:
        opened(self, path)
        (pages,) = self.conn.execute("PRAGMA page_count").fetchone()
        self.conn.execute(f"PRAGMA max_page_count = {pages}")

    return init


def test_a_state_that_is_no_database_is_named(watch: Watch) -> None:
    from lawdiff.errors import StoreError

    watch.baseline()
    watch.state.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match=r"alerts\.db.*--state"):
        watch.run("2025-07-20")


def test_a_rule_that_can_never_speak_is_named(tmp_path: Path) -> None:
    rules = rule("right", acts=[CODE], articles=["205", "205-213"], chapters=["7", "sec_2"], laws=["210-VIII"])
    rules += rule("wrong", acts=[CODE], articles=["2050", "300..310"], chapters=["77"], laws=["999-IX"])
    rules += rule("absent", acts=["K1400000235"], articles=["205"])
    watch = Watch(tmp_path, rules)
    watch.world.fetch("2025-07-01", "a")
    watch.world.redaction("2023-03-07")
    warnings = watch.report("2025-07-01").warnings
    assert [line.partition(";")[0] for line in warnings] == [
        f"rule 'wrong': no article 2050 in {CODE}",
        f"rule 'wrong': no article 300..310 in {CODE}",
        f"rule 'wrong': no chapter or heading chp_77 in {CODE}",
        "rule 'wrong': no change names the law 999-IX yet",
        "rule 'absent': act K1400000235 is not in the database",
    ]


def test_the_official_link_has_a_date_only_where_the_portal_serves_one(watch: Watch) -> None:
    watch.baseline()
    adopt(watch, "2025-07-20", "205", "206")
    adopt(watch, "2025-07-20", "206", day="2025-09-17")
    items = watch.report("2025-07-20").items
    links = {(item["eid"], item["redaction_date"]): item["texts"][0]["official_url"] for item in items}
    base = f"https://adilet.zan.kz/rus/docs/{CODE}"
    assert links == {
        ("art_205", "2025-09-16"): f"{base}/16.09.2025", ("art_206", "2025-09-16"): f"{base}/16.09.2025",
        ("art_206", "2025-09-17"): base,
    }  # fmt: skip


def test_a_deferred_article_and_the_note_that_defers_it_are_one_alert(watch: Watch) -> None:
    watch.baseline()
    note = "Статья 205 вводится в действие с 01.01.2026."
    watch.world.announce("205", "2025-09-16", law=None, force="2026-01-01", kind="deferred", note=note, langs=("ru",))
    adopt(watch, "2025-07-20", "205", op="deferred", force="2026-01-01")
    (item,) = watch.report("2025-07-20").items
    assert item["phases"] == ["announced", "adopted"]
    assert ["announced", note] in item["remarks"]
    for day, phase in (("2025-12-02", "T-30"), ("2025-12-25", "T-7"), ("2026-01-01", "in_force")):
        watch.world.fetch(day, "page of 2025-07-20")
        assert watch.run(day) == [f"art_205 {phase}"]


def test_a_note_without_a_law_counts_down_too(watch: Watch) -> None:
    watch.baseline()
    watch.world.fetch("2025-07-20", "with a note")
    watch.world.announce("205", "2023-03-07", law=None, force="2026-01-01", kind="deferred")
    assert watch.run("2025-07-20") == ["art_205 announced"]
    for day, phase in (("2025-12-02", "T-30"), ("2025-12-25", "T-7"), ("2026-01-01", "in_force")):
        watch.world.fetch(day, "with a note")
        assert watch.run(day) == [f"art_205 {phase}"]


def test_a_note_on_another_day_than_the_change_stays_an_alert_of_its_own(watch: Watch) -> None:
    watch.baseline()
    watch.world.laws["Z2600000256"] = ("256-VIII", "2026-01-09")
    watch.world.announce("205", "2025-09-16", law="Z2600000256", force="2026-07-20")
    adopt(watch, "2025-07-20", "205")
    assert watch.run("2025-07-20") == ["art_205 adopted", "art_205 announced"]
