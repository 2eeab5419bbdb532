"""Shape watch: a page that is whole but no longer looks as it did is kept as evidence and does not count.

An odd page is held back; one of another act too means that the site has changed, and the run stops writing history.
A person looks, then says `--accept ACT`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from crawler.held import Held
from crawler.ledger import Account
from crawler.pace import Pace
from crawler.plan import Options, Page
from lawdiff.archive import Archive
from lawdiff.model import Lang, Verdict
from lawdiff.pages import Classified, PageKind
from lawdiff.portal import article_sha256, read_history_table
from lawdiff.shape import (
    NoteShare,
    Shape,
    compare,
    compare_languages,
    compare_notes,
    has_articles,
    marked_as_old,
    measure,
    missing_selectors,
    read_notes,
    unpaired,
)

# So many redactions with the text of the current page, and none with another, are no redactions.
_ALIKE = 3
# Texts that are held, beside the current one, of which the notes are read to know what is usual for an act.
_EARLIER_TEXTS = 2


class ShapeWatch:
    """`judge` is asked about every good page; `broken` says what changed, one line each."""

    def __init__(self, options: Options, held: Held, archive: Archive, pace: Pace) -> None:
        self.options = options
        self.held = held
        self.archive = archive
        self.pace = pace
        self.broken: list[str] = []
        self._marked: dict[tuple[str, Lang], bool] = {}
        self._doubtful: dict[tuple[str, Lang], set[date]] = {}
        self._asked_again: set[tuple[str, Lang]] = set()
        self._changed = False
        self._odd: set[tuple[str | None, Lang | None]] = set()
        self._shapes: dict[tuple[str, Lang], Shape] = {}
        self._known_notes: dict[tuple[str, Lang], tuple[NoteShare, ...]] = {}
        self._canaries: dict[tuple[str, Lang], date] = {}

    def judge(self, page: Page, classified: Classified, body: bytes) -> Classified:
        """`classified`, or the same page held back with what is odd about it."""
        if self._changed and page.act_id is not None and page.act_id not in self.options.accept:
            detail = "held back: came while the site was found to have changed its shape"
            return replace(classified, verdict=Verdict.UNKNOWN, detail=detail)
        if page.act_id is None or page.lang is None or page.act_id in self.options.accept:
            if page.act_id and page.lang and page.kind is PageKind.TEXT and page.day is None:
                self._shapes[page.act_id, page.lang] = measure(body)
                self._known_notes[page.act_id, page.lang] = ()
            return classified
        if page.kind is PageKind.TEXT:
            if page.day is not None and self._in_doubt(page.act_id, page.lang, page.day, body):
                detail = "held back: the text of the current page; asked again when the other redactions are there"
                return replace(classified, verdict=Verdict.UNKNOWN, detail=detail)
            odd = self._odd_text(page.act_id, page.lang, page, body)
        elif page.kind is PageKind.HISTORY:
            odd = self._odd_history(page.act_id, page.lang, page, body)
        else:
            odd = ()
        if not odd:
            return classified
        what = "; ".join(odd)
        self.broken.append(f"{page.name}: {what}; look at the page, then run with --accept {page.act_id}")
        self._odd.add((page.act_id, page.lang))
        if self._site_changed():
            self._changed = True
            self.pace.stop(f"the site seems to have changed its shape ({len(self._odd)} pages held back)")
        return replace(classified, verdict=Verdict.UNKNOWN, detail=f"held back: {what}")

    def _site_changed(self) -> bool:
        """Whether odd pages of two acts were met: one act may be restated or repealed, in both languages at once."""
        acts = {act_id for act_id, _ in self._odd}
        return len(acts) > 1 or (len(self.options.acts) == 1 and len(self._odd) > 1)

    def _odd_text(self, act_id: str, lang: Lang, page: Page, body: bytes) -> tuple[str, ...]:
        if page.day is None:
            return self._odd_current(act_id, lang, body)
        why = self._why_not_a_redaction(act_id, lang, page.day, body)
        if why is not None:
            return (why,)
        known = self._known(act_id, lang)
        if known is not None and known.articles >= 6 and not has_articles(body):
            return (f"no heading of an article where the current text has {known.articles}",)
        if self._canaries.get((act_id, lang)) == page.day:
            found = read_notes(body, act_id=act_id, lang=lang, day=page.day)
            return compare_notes(self._usual_notes(act_id, lang), found, dated=True)
        # No more is asked of a dated page: what stands around its text is not known (FORMAT §10).
        return ()

    def canary(self, act_id: str, lang: Lang, days: Sequence[date]) -> None:
        """Of the redactions that will be fetched, the newest is read whole."""
        if days:
            self._canaries[act_id, lang] = max(days)

    def _odd_current(self, act_id: str, lang: Lang, body: bytes) -> tuple[str, ...]:
        """Of a text that is the one held, only what stands around it may have changed."""
        found = measure(body)
        if self._has_current_text(act_id, lang, body):
            self._shapes[act_id, lang] = found
            before = missing_selectors(self._body_held(act_id, lang)) if found.missing else ()
            return tuple(f"no {name} where it used to be" for name in found.missing if name not in before)
        known = self._known(act_id, lang)
        other = self._known(act_id, Lang.KK if lang is Lang.RU else Lang.RU)
        odd = compare(known, found) or compare_languages(known, found, other)
        if not odd:
            notes = read_notes(body, act_id=act_id, lang=lang)
            odd = compare_notes(self._usual_notes(act_id, lang), notes)
        if not odd:
            self._shapes[act_id, lang] = found
            self._known_notes[act_id, lang] = (notes, *self._known_notes[act_id, lang])
        return odd

    def _usual_notes(self, act_id: str, lang: Lang) -> tuple[NoteShare, ...]:
        """How the notes of the texts held are read: of the current one and of the newest redactions. Once a run."""
        key = act_id, lang
        if key not in self._known_notes:
            held = self.held.act(act_id, lang)
            earlier = [held.dated[day] for day in sorted(held.dated, reverse=True)[:_EARLIER_TEXTS]]
            entries = [held.current, *earlier] if held.current else earlier
            self._known_notes[key] = tuple(
                read_notes(self.archive.body(entry), act_id=act_id, lang=lang, day=entry.redaction_date)
                for entry in entries
            )
        return self._known_notes[key]

    def _body_held(self, act_id: str, lang: Lang) -> bytes:
        entry = self.held.act(act_id, lang).current
        return self.archive.body(entry) if entry else b""

    # A dated address may bring the current page (seen as a redirect; nothing says that it cannot come as it is).
    # Whether such a page is that redaction is only clear from the others: so it is asked for again when they have
    # come, and the answer does not depend on the order of arrival.

    def _in_doubt(self, act_id: str, lang: Lang, day: date, body: bytes) -> bool:
        """Whether the page has the current text, and it is not known yet if the portal marks dated redactions."""
        key = act_id, lang
        if marked_as_old(body):
            self._marked[key] = True
        if key in self._asked_again or not self._has_current_text(act_id, lang, body) or self._marks(act_id, lang):
            return False
        self._doubtful.setdefault(key, set()).add(day)
        return True

    def doubts(self, act_id: str, lang: Lang, day: date) -> bool:
        """Whether this redaction is to be asked for again."""
        return (act_id, lang) not in self._asked_again and day in self._doubtful.get((act_id, lang), ())

    def doubtful(self, act_id: str, lang: Lang) -> list[date]:
        """Redactions that are to be asked for again now, newest first; from now on every answer is judged at once."""
        self._asked_again.add((act_id, lang))
        return sorted(self._doubtful.get((act_id, lang), ()), reverse=True)

    def _why_not_a_redaction(self, act_id: str, lang: Lang, day: date, body: bytes) -> str | None:
        """Why a page with the current text under a dated address is not that redaction; None: it is."""
        if marked_as_old(body) or not self._has_current_text(act_id, lang, body):
            return None
        if self._marks(act_id, lang):
            return "the text of the current page came under a dated address, without the mark of a redaction"
        held = self.held.act(act_id, lang)
        current = held.current.article_sha256 if held.current else None
        others = [date for date, entry in held.dated.items() if entry.article_sha256 != current]
        if any(other > day for other in others):
            return "the text of the current page came under a dated address, though a later redaction has another"
        if not others and len(self._doubtful.get((act_id, lang), ())) >= _ALIKE:
            return "every dated address brings the text of the current page"
        return None

    def _has_current_text(self, act_id: str, lang: Lang, body: bytes) -> bool:
        current = self.held.act(act_id, lang).current
        return current is not None and current.article_sha256 == article_sha256(body)

    def _marks(self, act_id: str, lang: Lang) -> bool:
        """Whether the portal marks dated redactions of this act: seen in this run, or on the newest that is held."""
        key = act_id, lang
        if key not in self._marked:
            dated = self.held.act(act_id, lang).dated
            self._marked[key] = bool(dated) and marked_as_old(self.archive.body(dated[max(dated)]))
        return self._marked[key]

    def _known(self, act_id: str, lang: Lang) -> Shape | None:
        """The shape of the text that is held, measured at most once a run."""
        if (act_id, lang) not in self._shapes:
            if self.held.act(act_id, lang).current is None:
                return None
            self._shapes[act_id, lang] = measure(self._body_held(act_id, lang))
        return self._shapes[act_id, lang]

    def _odd_history(self, act_id: str, lang: Lang, page: Page, body: bytes) -> tuple[str, ...]:
        found = read_history_table(body, page.path)
        entry = self.held.act(act_id, lang).history
        odd: list[str] = []
        if found.unread and len(found.unread) > len(found.rows):
            odd.append(f"{len(found.unread)} rows of the history cannot be read")
        if entry is not None:
            known = read_history_table(self.archive.body(entry), entry.url)
            gone = {row.redaction_date for row in known.rows} - {row.redaction_date for row in found.rows}
            if len(known.rows) >= 4 and len(gone) * 2 >= len(known.rows):
                odd.append(f"{len(gone)} of {len(known.rows)} redactions are no longer listed")
        return tuple(odd)

    def pair(self, account: Account) -> None:
        """Note where the two languages of an act do not have the same articles."""
        russian, kazakh = (self._shapes.get((account.act_id, lang)) for lang in (Lang.RU, Lang.KK))
        if account.lang is Lang.KK and russian is not None and kazakh is not None:
            differ = unpaired(russian, kazakh)
            if differ:
                account.notes.append(f"the languages do not pair: {differ}")
