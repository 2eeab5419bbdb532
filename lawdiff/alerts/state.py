"""What was told to whom: the alerts' own database, never the published one.

    found ──> rendered ──> sending ──> sent
                  ^            │ failed: retry later, with back-off     doubt after a kill: see `on_doubt`
                  └────────────┴──────────────> dead

`ledger` holds one row per key; a key is made of facts (rule, act, eid, date, phase, law), so that a rebuilt database
finds its keys again. `known` holds every fact that was ever seen, told or not; `watched` how far each act was known.
The file is readable by its owner only. No secret is ever written here.

Guarantees: finding is one transaction (all items with their ledger rows, or none); every later step is one
transaction each.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from lawdiff.errors import StoreError
from lawdiff.model import Lang

SCHEMA = 1
_SCRIPT = """
CREATE TABLE watched (act_id TEXT, lang TEXT, newest TEXT, fingerprint TEXT NOT NULL, observed_to TEXT,
  baseline_on TEXT NOT NULL, PRIMARY KEY (act_id, lang)) WITHOUT ROWID;
CREATE TABLE rules (name TEXT PRIMARY KEY, first_day TEXT NOT NULL, last_day TEXT NOT NULL, last_digest TEXT)
  WITHOUT ROWID;
CREATE TABLE known (fact TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE schedule (fact TEXT, lang TEXT, law TEXT, in_force_from TEXT NOT NULL, moved TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (fact, lang, law)) WITHOUT ROWID;
CREATE TABLE ledger (rule TEXT, act_id TEXT, eid TEXT, day TEXT, phase TEXT, law TEXT, discriminator TEXT,
  status TEXT NOT NULL, in_force_from TEXT, shas TEXT, item_id INTEGER REFERENCES items(id), on_day TEXT NOT NULL,
  PRIMARY KEY (rule, act_id, eid, day, phase, law, discriminator)) WITHOUT ROWID;
CREATE TABLE items (id INTEGER PRIMARY KEY, rule TEXT NOT NULL, found_on TEXT NOT NULL, act_by TEXT,
  payload_json TEXT NOT NULL, digest_id TEXT REFERENCES digests(id));
CREATE TABLE digests (id TEXT PRIMARY KEY, rule TEXT NOT NULL, created_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE deliveries (id INTEGER PRIMARY KEY, digest_id TEXT NOT NULL REFERENCES digests(id), channel TEXT NOT NULL,
  target TEXT NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_try TEXT, parts_json TEXT,
  parts_done INTEGER NOT NULL DEFAULT 0, error TEXT, sent_at TEXT, UNIQUE (digest_id, channel, target));
CREATE TABLE channels (name TEXT PRIMARY KEY, failures INTEGER NOT NULL, not_before TEXT) WITHOUT ROWID;
CREATE INDEX items_waiting ON items(rule) WHERE digest_id IS NULL;
CREATE INDEX items_by_digest ON items(digest_id);
CREATE INDEX deliveries_open ON deliveries(status) WHERE status NOT IN ('sent', 'dead');
CREATE INDEX ledger_by_effect ON ledger(rule, act_id, eid, phase, law, in_force_from);
"""


class StateBusy(StoreError):
    """Another run holds the state."""


class Status(StrEnum):
    """Of a delivery."""

    FOUND = "found"
    RENDERED = "rendered"
    SENDING = "sending"
    RETRY = "retry"
    SENT = "sent"
    DEAD = "dead"


class Told(StrEnum):
    """Of a key in the ledger: told in an item; known before the rule or act was watched; damped; the same fact under
    a new date."""

    TOLD = "told"
    BASELINE = "baseline"
    DAMPED = "damped"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What makes an alert the same alert. Free of language: Russian and Kazakh of one change are one."""

    rule: str
    act_id: str
    eid: str
    day: str
    phase: str
    law: str = ""
    discriminator: str = ""

    def text(self) -> str:
        return "|".join((self.rule, self.act_id, self.eid, self.day, self.phase, self.law, self.discriminator))


@dataclass(frozen=True, slots=True)
class Watched:
    newest: date | None
    fingerprint: str
    observed_to: date | None
    baseline_on: date


@dataclass(frozen=True, slots=True)
class RuleState:
    first_day: date
    last_day: date
    last_digest: date | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    key: Key
    status: Told
    on_day: date
    in_force_from: date | None = None
    shas: str = ""


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be told: its payload, the ledger rows that it settles, and the day by which it must be out (None:
    any)."""

    rule: str
    payload: dict[str, Any]
    rows: tuple[LedgerRow, ...]
    act_by: date | None


@dataclass(frozen=True, slots=True)
class WaitingItem:
    id: int
    rule: str
    found_on: date
    act_by: date | None


@dataclass(frozen=True, slots=True)
class Delivery:
    id: int
    digest_id: str
    rule: str
    channel: str
    target: str
    status: Status
    attempts: int
    next_try: datetime | None
    parts: tuple[dict[str, Any], ...] | None
    parts_done: int
    error: str | None
    created_at: datetime
    sent_at: datetime | None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the state at `path` alone; StateBusy when another run holds it. A kill releases it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StateBusy(f"another alert run holds {path}; wait until it has ended") from error
        yield
    finally:
        os.close(descriptor)


class State:
    """The alerts' database at `path`, made on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if not path.exists():
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self.conn = sqlite3.connect(path, isolation_level=None, timeout=20)
            self.conn.row_factory = sqlite3.Row
            self.conn.execute("PRAGMA synchronous = FULL")
            (version,) = self.conn.execute("PRAGMA user_version").fetchone()
            if version > SCHEMA:
                raise StoreError(f"{path} was written by a newer lawdiff (schema {version}); upgrade lawdiff")
            if version == 0:
                with self.transaction():
                    for statement in filter(str.strip, _SCRIPT.split(";\n")):
                        self.conn.execute(statement)
                    self.conn.execute(f"PRAGMA user_version = {SCHEMA}")
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot open the state of alerts {path}: {error}; check --state") from error

    def close(self) -> None:
        self.conn.close()

    def __enter__(self) -> State:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        try:
            self.conn.execute("BEGIN IMMEDIATE")
            yield
            self.conn.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise StoreError(
                f"cannot write the state of alerts {self.path}: {error}; nothing of this step was recorded: "
                "make room or make it writable, and run again"
            ) from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self.conn.in_transaction:
            with suppress(sqlite3.Error):  # a full disk may refuse this too; closing rolls back as well
                self.conn.execute("ROLLBACK")

    # ---- what is known

    def watched(self) -> dict[tuple[str, Lang], Watched]:
        return {
            (row["act_id"], Lang(row["lang"])): Watched(
                _day(row["newest"]),
                row["fingerprint"],
                _day(row["observed_to"]),
                date.fromisoformat(row["baseline_on"]),
            )
            for row in self.conn.execute("SELECT * FROM watched")
        }

    def rules(self) -> dict[str, RuleState]:
        return {
            row["name"]: RuleState(
                date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]), _day(row["last_digest"])
            )
            for row in self.conn.execute("SELECT * FROM rules")
        }

    def known(self) -> set[str]:
        return {row[0] for row in self.conn.execute("SELECT fact FROM known")}

    def schedule(self) -> dict[tuple[str, str, str], tuple[date, str]]:
        """(fact, lang, law) → the day of effect last seen, and the marker of the move that led to it ('' for none)."""
        return {
            (row["fact"], row["lang"], row["law"]): (date.fromisoformat(row["in_force_from"]), row["moved"])
            for row in self.conn.execute("SELECT * FROM schedule")
        }

    def told(self, rule: str) -> dict[Key, LedgerRow]:
        """The ledger of one rule."""
        found = {}
        for row in self.conn.execute("SELECT * FROM ledger WHERE rule = ?", [rule]):
            key = Key(*(row[name] for name in ("rule", "act_id", "eid", "day", "phase", "law", "discriminator")))
            found[key] = LedgerRow(
                key,
                Told(row["status"]),
                date.fromisoformat(row["on_day"]),
                _day(row["in_force_from"]),
                row["shas"] or "",
            )
        return found

    def record_found(
        self,
        *,
        items: Iterable[NewItem],
        silent: Iterable[LedgerRow],
        known: Iterable[str],
        schedule: Iterable[tuple[str, str, str, date, str]],
        watched: Iterable[tuple[str, Lang, Watched]],
        rules: Iterable[tuple[str, date]],
        today: date,
    ) -> int:
        """Write what one run found, in one transaction; the number of items."""
        count = 0
        with self.transaction():
            for item in items:
                cursor = self.conn.execute(
                    "INSERT INTO items (rule, found_on, act_by, payload_json) VALUES (?, ?, ?, ?)",
                    [
                        item.rule, today.isoformat(), item.act_by.isoformat() if item.act_by else None,
                        json.dumps(item.payload, ensure_ascii=False, sort_keys=True),
                    ],
                )  # fmt: skip
                count += 1
                for row in item.rows:
                    self._write(row, cursor.lastrowid)
            for row in silent:
                self._write(row, None)
            self.conn.executemany("INSERT OR IGNORE INTO known VALUES (?)", ((fact,) for fact in known))
            self.conn.executemany(
                "INSERT OR REPLACE INTO schedule VALUES (?, ?, ?, ?, ?)",
                ((fact, lang, law, day.isoformat(), moved) for fact, lang, law, day, moved in schedule),
            )
            self.conn.executemany(
                "INSERT OR REPLACE INTO watched VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (
                        act, lang.value, seen.newest.isoformat() if seen.newest else None, seen.fingerprint,
                        seen.observed_to.isoformat() if seen.observed_to else None, seen.baseline_on.isoformat(),
                    )
                    for act, lang, seen in watched
                ),
            )  # fmt: skip
            self.conn.executemany(
                "INSERT INTO rules VALUES (?, ?, ?, NULL) "
                "ON CONFLICT (name) DO UPDATE SET last_day = max(last_day, excluded.last_day)",
                ((name, day.isoformat(), day.isoformat()) for name, day in rules),
            )
        return count

    def _write(self, row: LedgerRow, item_id: int | None) -> None:
        key = row.key
        self.conn.execute(
            "INSERT OR REPLACE INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                key.rule, key.act_id, key.eid, key.day, key.phase, key.law, key.discriminator, row.status.value,
                row.in_force_from.isoformat() if row.in_force_from else None, row.shas, item_id, row.on_day.isoformat(),
            ],
        )  # fmt: skip

    # ---- the outbox

    def waiting(self) -> list[WaitingItem]:
        """Items that are in no digest yet, oldest first."""
        return [
            WaitingItem(row["id"], row["rule"], date.fromisoformat(row["found_on"]), _day(row["act_by"]))
            for row in self.conn.execute("SELECT * FROM items WHERE digest_id IS NULL ORDER BY id")
        ]

    def make_digest(
        self,
        digest_id: str,
        rule: str,
        items: Iterable[int],
        targets: Iterable[tuple[str, str]],
        now: datetime,
        today: date,
    ) -> None:
        """One digest of these items, to be delivered to each (channel, target); in one transaction."""
        with self.transaction():
            self.conn.execute("INSERT INTO digests VALUES (?, ?, ?)", [digest_id, rule, now.isoformat()])
            self.conn.executemany("UPDATE items SET digest_id = ? WHERE id = ?", ((digest_id, item) for item in items))
            self.conn.executemany(
                "INSERT INTO deliveries (digest_id, channel, target, status) VALUES (?, ?, ?, 'found')",
                ((digest_id, channel, target) for channel, target in targets),
            )
            self.conn.execute("UPDATE rules SET last_digest = ? WHERE name = ?", [today.isoformat(), rule])

    def payloads(self, digest_id: str) -> list[dict[str, Any]]:
        return [
            json.loads(row[0])
            for row in self.conn.execute("SELECT payload_json FROM items WHERE digest_id = ? ORDER BY id", [digest_id])
        ]

    def keys_of(self, item_id: int) -> list[Key]:
        return sorted(
            Key(*row)
            for row in self.conn.execute(
                "SELECT rule, act_id, eid, day, phase, law, discriminator FROM ledger WHERE item_id = ?", [item_id]
            )
        )

    def rule_items(self, rule: str, limit: int) -> list[tuple[str, datetime, dict[str, Any]]]:
        """The newest items of a rule that are in a digest: (digest id, its moment, payload), newest first. For
        feeds."""
        return [
            (row["digest_id"], datetime.fromisoformat(row["created_at"]), json.loads(row["payload_json"]))
            for row in self.conn.execute(
                "SELECT i.digest_id, d.created_at, i.payload_json FROM items i JOIN digests d ON d.id = i.digest_id "
                "WHERE i.rule = ? ORDER BY i.id DESC LIMIT ?",
                [rule, limit],
            )
        ]

    def open_deliveries(self) -> list[Delivery]:
        """Deliveries that are neither sent nor dead, oldest first."""
        return self._deliveries("v.status NOT IN ('sent', 'dead')")

    def dead(self) -> list[Delivery]:
        return self._deliveries("v.status = 'dead'")

    def _deliveries(self, condition: str) -> list[Delivery]:
        return [
            Delivery(
                row["id"], row["digest_id"], row["rule"], row["channel"], row["target"], Status(row["status"]),
                row["attempts"], _moment(row["next_try"]),
                tuple(json.loads(row["parts_json"])) if row["parts_json"] else None, row["parts_done"], row["error"],
                datetime.fromisoformat(row["created_at"]), _moment(row["sent_at"]),
            )
            for row in self.conn.execute(
                "SELECT v.*, d.rule, d.created_at FROM deliveries v JOIN digests d ON d.id = v.digest_id "  # noqa: S608
                f"WHERE {condition} ORDER BY v.id"
            )
        ]  # fmt: skip

    def rendered(self, delivery: int, parts: Iterable[dict[str, Any]]) -> None:
        text = json.dumps(list(parts), ensure_ascii=False)
        with self.transaction():
            self.conn.execute(
                "UPDATE deliveries SET parts_json = ?, status = 'rendered' WHERE id = ?", [text, delivery]
            )

    def sending(self, delivery: int) -> None:
        with self.transaction():
            self.conn.execute(
                "UPDATE deliveries SET status = 'sending', attempts = attempts + 1 WHERE id = ?", [delivery]
            )

    def part_done(self, delivery: int, done: int) -> None:
        with self.transaction():
            self.conn.execute("UPDATE deliveries SET parts_done = ? WHERE id = ?", [done, delivery])

    def sent(self, delivery: int, channel: str, now: datetime) -> None:
        with self.transaction():
            self.conn.execute(
                "UPDATE deliveries SET status = 'sent', sent_at = ?, error = NULL, next_try = NULL WHERE id = ?",
                [now.isoformat(), delivery],
            )
            self.conn.execute("DELETE FROM channels WHERE name = ?", [channel])

    def failed(self, delivery: int, reason: str, next_try: datetime) -> None:
        with self.transaction():
            self.conn.execute(
                "UPDATE deliveries SET status = 'retry', error = ?, next_try = ? WHERE id = ?",
                [reason, next_try.isoformat(), delivery],
            )

    def hold_channel(self, channel: str, failures: int, not_before: datetime) -> None:
        with self.transaction():
            self.conn.execute(
                "INSERT OR REPLACE INTO channels VALUES (?, ?, ?)", [channel, failures, not_before.isoformat()]
            )

    def channel_hold(self, channel: str) -> tuple[int, datetime | None]:
        """Failures in a row of a channel, and the moment before which it is left alone."""
        row = self.conn.execute("SELECT failures, not_before FROM channels WHERE name = ?", [channel]).fetchone()
        return (row["failures"], _moment(row["not_before"])) if row else (0, None)

    def bury(self, delivery: int, reason: str) -> None:
        with self.transaction():
            self.conn.execute(
                "UPDATE deliveries SET status = 'dead', error = ?, next_try = NULL WHERE id = ?", [reason, delivery]
            )

    def revive(self, deliveries: Iterable[int]) -> int:
        """Dead deliveries back to the start of sending; the number revived. Parts that went out stay sent."""
        count = 0
        with self.transaction():
            for delivery in deliveries:
                count += self.conn.execute(
                    "UPDATE deliveries SET status = CASE WHEN parts_json IS NULL THEN 'found' ELSE 'rendered' END, "
                    "attempts = 0, next_try = NULL WHERE id = ? AND status = 'dead'",
                    [delivery],
                ).rowcount
        return count

    def counts(self) -> dict[str, int]:
        """Numbers for `alert status`: keys by status, waiting items, deliveries by status."""
        found = {
            f"keys_{row[0]}": row[1] for row in self.conn.execute("SELECT status, count(*) FROM ledger GROUP BY 1")
        }
        found["items_waiting"] = self.conn.execute("SELECT count(*) FROM items WHERE digest_id IS NULL").fetchone()[0]
        for row in self.conn.execute("SELECT status, count(*) FROM deliveries GROUP BY 1"):
            found[f"deliveries_{row[0]}"] = row[1]
        return dict(sorted(found.items()))


def backoff(attempts: int, now: datetime, *, base: float, cap: float, retry_after: float | None = None) -> datetime:
    """When to try again after the `attempts`-th failure: base·2^(n-1), at most `cap`, and never before Retry-After."""
    wait = min(cap, base * 2 ** max(0, attempts - 1))
    return (now + timedelta(seconds=max(wait, retry_after or 0))).astimezone(UTC)
