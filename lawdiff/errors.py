"""The errors of this project: one small family, each telling where it happened.

`LawdiffError` carries optional `url`, `eid` and `excerpt`; its text is one line that ends with what to do next.
"""

from __future__ import annotations


class LawdiffError(Exception):
    """Something that stops the present operation.

    message: one English sentence, with what to do next.
    url: the page concerned. eid: the unit concerned. excerpt: up to 200 characters of the offending text.
    """

    def __init__(
        self, message: str, *, url: str | None = None, eid: str | None = None, excerpt: str | None = None
    ) -> None:
        self.message = message
        self.url = url
        self.eid = eid
        self.excerpt = excerpt[:200] if excerpt else None
        where = ", ".join(
            f"{name}={value!r}"
            for name, value in (("url", url), ("eid", eid), ("excerpt", self.excerpt))
            if value is not None
        )
        super().__init__(f"{message} ({where})" if where else message)


class BadIdentifier(LawdiffError):
    """An act id, article number, eid, date or language that does not have its form."""


class PageRefused(LawdiffError):
    """A page that must not become history: shell, challenge, cut short, wrong act or language, odd shape.

    `reason` is a value of `lawdiff.model.Verdict`, or of `RefusalReason` in `lawdiff.parse`.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        url: str | None = None,
        eid: str | None = None,
        excerpt: str | None = None,
    ) -> None:
        self.reason = reason
        super().__init__(message, url=url, eid=eid, excerpt=excerpt)


class ArchiveDamaged(LawdiffError):
    """The archive's bytes do not agree with its journal; the text names file, entry and offset."""


class RegistryError(LawdiffError):
    """The registry of tracked acts is not readable; the text names the entry and the field."""


class StoreError(LawdiffError):
    """The database cannot be read or written: locked, full, read-only, or of a newer schema."""


class DiffError(LawdiffError):
    """A stored diff does not replay on the text that it was made for."""
