"""The questions that the pages of the site ask, each one function over a connection, answered with plain dicts.

Nothing here knows of HTML or of the reader's language. Dates are ISO strings, as the tables hold them; `day` is the
date that a reader asks for, `today` the date on which the question is asked. The text of an article on a day is the
version with `valid_from <= day` and `valid_to` NULL or later than the day (DESIGN, «SQLite»).
"""

from __future__ import annotations

from lawdiff.store.pages.acts import (
    act,
    act_names,
    act_topics,
    acts,
    coverage,
    held_since,
    redaction_dates,
    redactions,
    structure,
)
from lawdiff.store.pages.articles import (
    amendments_of,
    article,
    change,
    changes_of,
    children,
    divergences,
    headings,
    laws_of,
    neighbours,
    redaction_snapshot,
    sanction_verdict,
    snapshot,
    version,
    version_at,
    versions,
)
from lawdiff.store.pages.coming import (
    force_dates,
    pending,
)
from lawdiff.store.pages.laws import (
    latest_laws,
    law,
    law_changes,
    law_claims,
    laws,
    laws_named,
)
from lawdiff.store.pages.overview import (
    holds_sample,
    issue_counts,
    most_amended,
    topic,
    topic_acts,
    topic_articles,
    topics,
    totals,
)
from lawdiff.store.pages.stream import (
    MANY,
    Filters,
    chapters,
    feed_changes,
    first_change,
    stream,
    stream_count,
)

__all__ = [
    "MANY",
    "Filters",
    "act",
    "act_names",
    "act_topics",
    "acts",
    "amendments_of",
    "article",
    "change",
    "changes_of",
    "chapters",
    "children",
    "coverage",
    "divergences",
    "feed_changes",
    "first_change",
    "force_dates",
    "headings",
    "held_since",
    "holds_sample",
    "issue_counts",
    "latest_laws",
    "law",
    "law_changes",
    "law_claims",
    "laws",
    "laws_named",
    "laws_of",
    "most_amended",
    "neighbours",
    "pending",
    "redaction_dates",
    "redaction_snapshot",
    "redactions",
    "sanction_verdict",
    "snapshot",
    "stream",
    "stream_count",
    "structure",
    "topic",
    "topic_acts",
    "topic_articles",
    "topics",
    "totals",
    "version",
    "version_at",
    "versions",
]
