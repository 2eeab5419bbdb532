"""Shape watch: a page that is whole but no longer looks as it did is kept as evidence and does not count.

An odd page is held back; one of another act too means that the site has changed, and the run stops writing history.
A person looks, then says `--accept ACT`.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.held import Held
from crawler.ledger import Account
from crawler.pace import Pace
from crawler.plan import Options, Page
from lawdiff.archive import Archive
from lawdiff.model import Lang, Verdict
from lawdiff.pages import Classified, PageKind
from lawdiff.portal import article_sha256, read_history_table
from lawdiff.shape import Shape, compare, has_articles, marked_as_old, measure, unpaired


class ShapeWatch:
    """`judge` is asked about every good page; `broken` says what changed, one line each."""

    def __init__(self, options: Options, held: Held, archive: Archive, pace: Pace) -> None:
        self.options = options
        self.held = held
        self.archive = archive
        self.pace = pace
        self.broken: list[str] = []
        self._marks_seen = False
        self._odd: set[tuple[str | None, Lang | None]] = set()
        self._shapes: dict[tuple[str, Lang], Shape] = {}

    def judge(self, page: Page, classified: Classified, body: bytes) -> Classified:
        """`classified`, or the same page held back with what is odd about it."""
        if page.act_id is None or page.lang is None or page.act_id in self.options.accept:
            if page.act_id and page.lang and page.kind is PageKind.TEXT and page.day is None:
                self._shapes[page.act_id, page.lang] = measure(body)
            return classified
        if page.kind is PageKind.TEXT:
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
            self.pace.stop(f"the site seems to have changed its shape ({len(self._odd)} pages held back)")
        return replace(classified, verdict=Verdict.UNKNOWN, detail=f"held back: {what}")

    def _site_changed(self) -> bool:
        """Whether odd pages of two acts were met: one act may be restated or repealed, in both languages at once."""
        acts = {act_id for act_id, _ in self._odd}
        return len(acts) > 1 or (len(self.options.acts) == 1 and len(self._odd) > 1)

    def _odd_text(self, act_id: str, lang: Lang, page: Page, body: bytes) -> tuple[str, ...]:
        known = self._known(act_id, lang, body)
        if page.day is None:
            found = measure(body)
            odd = compare(known, found)
            if not odd:
                self._shapes[act_id, lang] = found
            return odd
        if self._is_current_text(act_id, lang, body):
            return ("the text of the current page came under a dated address",)
        if known is not None and known.articles >= 6 and not has_articles(body):
            return (f"no heading of an article where the current text has {known.articles}",)
        # No more is asked of a dated page: what stands around its text is not known (FORMAT §10).
        return ()

    def _is_current_text(self, act_id: str, lang: Lang, body: bytes) -> bool:
        """Whether a dated address brought the current page: the same article without the mark of a dated redaction.

        Only said once another page of this run had that mark: a redaction may well have the text of the current one.
        """
        if marked_as_old(body):
            self._marks_seen = True
            return False
        current = self.held.act(act_id, lang).current
        return self._marks_seen and current is not None and current.article_sha256 == article_sha256(body)

    def _known(self, act_id: str, lang: Lang, body: bytes) -> Shape | None:
        """The shape of the text that is held, measured at most once a run."""
        if (act_id, lang) not in self._shapes:
            entry = self.held.act(act_id, lang).current
            if entry is None:
                return None
            same = entry.article_sha256 == article_sha256(body)
            self._shapes[act_id, lang] = measure(body if same else self.archive.body(entry))
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
