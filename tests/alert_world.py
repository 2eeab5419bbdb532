"""A database for alert tests: the published schema filled by plain SQL, act by act, change by change.

`World` is mutable on purpose: a test plays the portal and the builder. `write(path)` writes a fresh database file, as
a build does.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from lawdiff.numbering import sort_key
from lawdiff.schema import prepare

CODE = "K1400000226"
LAW = ("Z2500000210", "210-VIII", "2025-07-16")
CHAPTERS = {"205": "chp_7", "206": "chp_7", "213": "chp_7", "115-1": "chp_1", "232-1": "chp_9", "188": "chp_6"}


@dataclass
class Version:
    article: str
    lang: str
    text: str
    valid_from: str
    first_seen: str
    heading: str = ""
    predecessor: str | None = None


@dataclass
class World:
    """What the portal shows and what a build makes of it."""

    acts: list[str] = field(default_factory=lambda: [CODE])
    changes: list[dict] = field(default_factory=list)
    announcements: list[dict] = field(default_factory=list)
    redactions: list[tuple[str, str, str]] = field(default_factory=list)
    pages: list[tuple[str, str, str | None, str, str]] = field(default_factory=list)  # act, lang, date, day, digest
    checked: dict[tuple[str, str], tuple[str, str | None, str]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=lambda: dict(CHAPTERS))
    laws: dict[str, tuple[str, str]] = field(default_factory=lambda: {LAW[0]: LAW[1:]})
    technical: list[str] = field(default_factory=list)
    claims: list[tuple[str, str, str, str]] = field(default_factory=list)  # article, lang, law, day
    basis: dict[str, str] = field(default_factory=dict)  # redaction date → where it comes from
    moved: dict[str, str] = field(default_factory=dict)  # number now → number before

    def fetch(self, day: str, content: str, *, act: str = CODE, langs: tuple[str, ...] = ("ru", "kk")) -> None:
        """The current page was fetched on `day` and its article held `content`."""
        for lang in langs:
            self.pages.append((act, lang, None, day, hashlib.sha256(f"{content}{lang}".encode()).hexdigest()))
            self.checked[act, lang] = (day, day, "text")

    def redaction(self, day: str, *, act: str = CODE, langs: tuple[str, ...] = ("ru", "kk")) -> None:
        for lang in langs:
            if (act, lang, day) not in self.redactions:
                self.redactions.append((act, lang, day))

    def change(
        self,
        number: str,
        day: str,
        *,
        act: str = CODE,
        langs: tuple[str, ...] = ("ru", "kk"),
        op: str = "amended",
        weight: str = "substantive",
        law: str | None = LAW[0],
        force: str | None = None,
        old: str = "прежний текст нормы",
        new: str = "новый текст нормы",
        attribution: str = "corroborated",
        first_seen: str | None = None,
        seq: int = 0,
        detail: str | None = None,
        moved_from: str | None = None,
    ) -> None:
        self.redaction(day, act=act, langs=langs)
        for lang in langs:
            self.changes.append(
                {
                    "act": act, "number": number, "day": day, "lang": lang, "op": op, "weight": weight, "law": law,
                    "force": force, "old": old, "new": new, "attribution": attribution,
                    "first_seen": first_seen or day, "seq": seq, "detail": detail, "moved_from": moved_from,
                }
            )  # fmt: skip

    def announce(
        self, number: str, first: str, *, law: str | None = LAW[0], force: str | None = None, last: str | None = None,
        langs: tuple[str, ...] = ("ru", "kk"), kind: str = "future", act: str = CODE, note: str = "",
    ) -> None:  # fmt: skip
        for lang in langs:
            self.announcements.append(
                {
                    "act": act, "number": number, "lang": lang, "law": law, "force": force, "first": first,
                    "last": last, "kind": kind, "note": note or f"Примечание ИЗПИ! В статью {number} ({lang})",
                }
            )  # fmt: skip

    def write(self, path: Path) -> Path:
        """A new database file, written beside and renamed into place, as a build does."""
        fresh = path.with_suffix(".new")
        fresh.write_bytes(_empty())
        conn = sqlite3.connect(fresh)
        conn.execute("PRAGMA foreign_keys = OFF")
        conn.execute("PRAGMA synchronous = OFF")
        self._fill(conn)
        conn.commit()
        conn.close()
        fresh.replace(path)
        return path

    def _fill(self, conn: sqlite3.Connection) -> None:
        conn.execute("INSERT INTO topics VALUES ('cyber', 'Кибер', 'Кибер', 'Cyber', 1)")
        for act in self.acts:
            conn.execute(
                "INSERT INTO acts (id, kind, title_ru, title_kk, short_ru, short_kk, tracked) VALUES (?,?,?,?,?,?,1)",
                [act, "code", "Уголовный кодекс", "Қылмыстық кодекс", f"УК {act[-3:]}", f"ҚК {act[-3:]}"],
            )
            conn.execute("INSERT INTO act_topics VALUES (?, 'cyber')", [act])
        for law, (number, adopted) in self.laws.items():
            conn.execute("INSERT INTO amending_acts (id, number, adopted_on) VALUES (?,?,?)", [law, number, adopted])
        for act, lang, day in self.redactions:
            conn.execute(
                "INSERT INTO redactions (id, act_id, lang, redaction_date, date_basis, is_current, article_count) "
                "VALUES (?,?,?,?,?,0,1)", [f"{act}/{lang}/{day}", act, lang, day, self.basis.get(day, "history")],
            )  # fmt: skip
        for number, (act, lang, day, fetched, digest) in enumerate(self.pages, 1):
            conn.execute(
                "INSERT INTO snapshots (id, url, act_id, lang, redaction_date, page_kind, fetched_at, sha256, verdict, "
                "article_sha256) VALUES (?,'',?,?,?,'text',?,?,'text',?)",
                [number, act, lang, day, f"{fetched}T03:00:00+00:00", digest, digest],
            )
        for (act, lang), (checked, good, verdict) in self.checked.items():
            conn.execute(
                "INSERT INTO coverage (act_id, lang, last_checked, last_good, last_verdict, redactions_held) "
                "VALUES (?,?,?,?,?,1)", [act, lang, checked, good, verdict],
            )  # fmt: skip
        for act in self.acts:
            for position, (number, chapter) in enumerate(sorted(self.numbers.items(), key=lambda n: sort_key(n[0])), 1):
                conn.execute(
                    "INSERT INTO articles (id, act_id, eid, kind, number, sort_key, position, parents, heading_ru, "
                    "heading_kk) VALUES (?,?,?,?,?,?,?,?,?,?)",
                    [
                        f"{act}/art_{number}", act, f"art_{number}", "article", number, sort_key(number), position,
                        f"sec_2 {chapter}", f"Статья {number}. Заголовок", f"{number}-бап. Тақырып",
                    ],
                )  # fmt: skip
                if number in ("205", "206", "213", "115-1", "232-1"):
                    conn.execute("INSERT INTO article_topics VALUES (?, 'cyber')", [f"{act}/art_{number}"])
        self._changes(conn)
        self._claims(conn)

    def _changes(self, conn: sqlite3.Connection) -> None:
        counts: dict[tuple[str, str, str], int] = {}
        for each in sorted(self.changes, key=lambda c: (c["act"], c["number"], c["lang"], c["day"], c["seq"])):
            article = f"{each['act']}/art_{each['number']}"
            unit = (each["act"], each["number"], each["lang"])
            versions = []
            for text in (each["old"], each["new"]):
                counts[unit] = counts.get(unit, 0) + 1
                version = f"{article}/{each['lang']}/{counts[unit]}"
                conn.execute(
                    "INSERT INTO article_versions (id, article_id, lang, version_no, heading, text, notes, state, "
                    "text_sha256, valid_from, first_seen, lines_json) VALUES (?,?,?,?,?,?,'','in_force',?,?,?,'[]')",
                    [
                        version, article, each["lang"], counts[unit], f"Статья {each['number']}. Заголовок", text,
                        hashlib.sha256(text.encode()).hexdigest(), _before(each["day"]) if text is each["old"]
                        else each["day"], each["first_seen"],
                    ],
                )  # fmt: skip
                versions.append(version)
            key = f"{article}/{each['lang']}/{each['day']}" + (f"~{each['seq'] + 1}" if each["seq"] else "")
            conn.execute(
                "INSERT INTO changes (id, article_id, lang, redaction_date, op, weight, old_version_id, "
                "new_version_id, "
                "words_added, words_removed, diff_json, diff_html, summary_json, amending_act_id, attribution, "
                "attribution_detail, in_force_from, first_seen, moved_from, seq) "
                "VALUES (?,?,?,?,?,?,?,?,3,2,'{}',?,?,?,?,?,?,?,?,?)",
                [
                    key, article, each["lang"], each["day"], each["op"], each["weight"], *versions,
                    f"<p>Общие слова <del>{each['old']}</del><ins>{each['new']}</ins> дальше.</p>",
                    json.dumps({"op": each["op"]}), each["law"],
                    each["attribution"], each["detail"], each["force"], each["first_seen"], each["moved_from"],
                    each["seq"],
                ],
            )  # fmt: skip
            if each["law"]:
                conn.execute(
                    "INSERT INTO change_laws (change_id, position, amending_act_id, action, in_force_from, "
                    "in_force_text) VALUES (?,1,?,'amended',?,?)",
                    [key, each["law"], each["force"], "по истечении шестидесяти дней" if each["force"] else None],
                )
            if key in self.technical:
                conn.execute(
                    "INSERT INTO technical_records VALUES (?,?,?,?,?,'differs','1','2')",
                    [f"t-{key}", key, each["act"], each["lang"], each["day"]],
                )
        for now, before in self.moved.items():
            for lang in ("ru", "kk"):
                conn.execute(
                    "UPDATE article_versions SET predecessor_id = "
                    "(SELECT id FROM article_versions WHERE article_id = ? "
                    "AND lang = ? LIMIT 1) WHERE article_id = ? AND lang = ?",
                    [f"{CODE}/art_{before}", lang, f"{CODE}/art_{now}", lang],
                )

    def _claims(self, conn: sqlite3.Connection) -> None:
        for number, each in enumerate(self.announcements):
            conn.execute(
                "INSERT INTO amendments (id, act_id, article_id, lang, action, unit, amending_act_id, in_force_from, "
                "note, note_kind, first_redaction, last_redaction, flags_json) "
                "VALUES (?,?,?,?,'amended',?,?,?,?,?,?,?,'[]')",
                [
                    f"a{number}", each["act"], f"{each['act']}/art_{each['number']}" if each["number"] else None,
                    each["lang"], f"art_{each['number']}", each["law"], each["force"], each["note"], each["kind"],
                    each["first"], each["last"],
                ],
            )  # fmt: skip
        for number, (article, lang, law, day) in enumerate(self.claims):
            conn.execute(
                "INSERT INTO amendments (id, act_id, article_id, lang, action, amending_act_id, in_force_from, note, "
                "note_kind, first_redaction) VALUES (?,?,?,?,'amended',?,?,'Сноска','amendment','2025-01-01')",
                [f"c{number}", CODE, f"{CODE}/art_{article}", lang, law, day],
            )


@cache
def _empty() -> bytes:
    """An empty database of the present schema."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        conn = sqlite3.connect(path)
        prepare(conn)
        conn.close()
        return path.read_bytes()


def _before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=400)).isoformat()


def rules_file(folder: Path, body: str = "", *, channels: str = '[channels.out]\nkind = "stdout"\n') -> Path:
    path = folder / "alerts.toml"
    path.write_text(f"{channels}\n{body}", encoding="utf-8")
    return path


def rule(name: str = "cyber", **fields: object) -> str:
    """One [[rules]] table as TOML."""
    given = {"name": name, "channels": ["out"], **fields}
    return "[[rules]]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in given.items())


class Clock:
    """A clock that a test sets. Sleeping moves it."""

    def __init__(self, now: str) -> None:
        self.now = datetime.fromisoformat(f"{now}T06:00:00+00:00")

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
