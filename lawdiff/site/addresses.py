"""Addresses of the site: made here, read here, so that a link and its page cannot disagree (DESIGN, «Addresses»).

    /{act}  /{act}/{eid}  /{act}/{eid}@{date}  /{act}/{eid}@{date}/{ru|kk|ru-kk}  /{act}/{eid}/diff/{from}..{to}
    /{act}@{date}  /laws/{id}  /changes  /pending  /search?q=  /topics/{topic}  /topics/{topic}@{date}  /status
    /feeds/….atom

Every address is a path without a host; a feed puts the host before it.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote, urlencode

from lawdiff.identifiers import ACT_ID, OFFICIAL_BASE

ACT = rf"(?P<act>{ACT_ID.pattern})"
EID = r"(?P<eid>[a-z]+(?:_{1,2}[0-9A-Za-z.-]+)*)"
DAY = r"\d{4}-\d{2}-\d{2}"
LANGS = r"(?P<langs>ru-kk|ru|kk)"

ACT_ROUTE = rf"/{ACT}(?:@(?P<day>{DAY}))?(?:/{LANGS})?/?$"
ARTICLE_ROUTE = rf"/{ACT}/(?!(?:ru|kk|ru-kk)/?$){EID}(?:@(?P<day>{DAY}))?(?:/{LANGS})?/?$"
DIFF_ROUTE = rf"/{ACT}/{EID}/diff/(?P<since>{DAY})\.\.(?P<until>{DAY})/?$"
TOPIC_ROUTE = rf"/topics/(?P<topic>[\w-]+)(?:@(?P<day>{DAY}))?"
ACT_DIFF_ROUTE = rf"/{ACT}/diff/(?P<since>{DAY})\.\.(?P<until>{DAY})/?$"


def act_url(act_id: str, *, day: str | None = None, langs: str | None = None) -> str:
    """`/K1400000226`, on a day `/K1400000226@2020-01-01`, in a language `/K1400000226/kk`."""
    return f"/{quote(act_id)}" + (f"@{day}" if day else "") + (f"/{langs}" if langs else "")


def article_url(act_id: str, eid: str, *, day: str | None = None, langs: str | None = None) -> str:
    """`/K1400000226/art_115-1@2025-09-16/kk`; without day the current text, without language the reader's."""
    return f"/{quote(act_id)}/{quote(eid)}" + (f"@{day}" if day else "") + (f"/{langs}" if langs else "")


def diff_url(act_id: str, eid: str, since: str, until: str, **wishes: str | None) -> str:
    """`/K1400000226/art_205/diff/2014-11-07..2025-09-16`, with wishes such as `lang` or `view` as the query."""
    return with_query(f"/{quote(act_id)}/{quote(eid)}/diff/{since}..{until}", **wishes)


def act_diff_url(act_id: str, since: str, until: str) -> str:
    """All articles of an act that differ between two dates."""
    return f"/{quote(act_id)}/diff/{since}..{until}"


def law_url(law_id: str) -> str:
    """`/laws/Z2500000210`; a law without a portal id is `/laws/210-VIII@2025-07-16`."""
    return f"/laws/{quote(law_id, safe='@')}"


def in_tongue(address: str, ui: str) -> str:
    """The address of a feed for a program that knows no cookie: with the reader's language, where not the default."""
    return address if ui == "ru" else address + ("&" if "?" in address else "?") + f"ui={ui}"


def topic_url(topic_id: str, *, day: str | None = None, **wishes: str | None) -> str:
    """`/topics/cyber`, on a day `/topics/cyber@2020-01-01`; `by=article` orders its offences by article."""
    return with_query(f"/topics/{quote(topic_id)}" + (f"@{day}" if day else ""), **wishes)


def snapshot_url(snapshot_id: int) -> str:
    """Where the bytes behind a text are described and, if the archive is at hand, served."""
    return f"/snapshots/{snapshot_id}"


def changes_url(**wishes: str | None) -> str:
    """`/changes` with filters: act, chapter, topic, op, lang, weight, from, to, law."""
    return with_query("/changes", **wishes)


def with_query(path: str, **wishes: str | None) -> str:
    """`path` with the wishes that are not None; `since`, `until` are written `from`, `to`, and `kind` stays."""
    names = {"since": "from", "until": "to"}
    chosen = {names.get(name, name): value for name, value in wishes.items() if value}
    return f"{path}?{urlencode(chosen)}" if chosen else path


def read_day(text: str | None) -> str | None:
    """A date from a query or path in either writing, as ISO; None where it is empty or no date."""
    if not text:
        return None
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text.strip())
    try:
        day = date(int(dotted[3]), int(dotted[2]), int(dotted[1])) if dotted else date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day.isoformat()


def official(url: str | None) -> str | None:
    """An address of the official portal as a link target; None for anything else: no stored text becomes a link.

    A snapshot of a stand-in on loopback has the portal's path; the reader is sent to the portal itself.
    """
    if not url:
        return None
    match = re.fullmatch(r"https?://(?P<host>[^/?#]+)(?P<path>/[\w./@%-]*)(?:\?[\w=&.%-]*)?", url)
    if not match:
        return None
    host = match["host"].rsplit(":", 1)[0]
    if host in {"127.0.0.1", "localhost"}:
        return OFFICIAL_BASE + match["path"]
    return url if host in {"adilet.zan.kz", "old.adilet.zan.kz"} else None
