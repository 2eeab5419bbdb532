"""Act ids, languages of the portal and eids: the names by which everything is found.

Act ids are the portal's (FORMAT §1, «Act id»): a letter, two digits of the year, seven of digits or letters, and a last
digit, letter or `_`. Eids are language-free, in Akoma Ntoso style.
"""

from __future__ import annotations

import re
from datetime import date

from lawdiff.errors import BadIdentifier
from lawdiff.model import Lang

ACT_ID = re.compile(r"[A-Z]\d{2}[0-9A-Z]{7}[0-9A-Z_]")
PORTAL_LANG = {Lang.RU: "rus", Lang.KK: "kaz"}
# «К1400000226» typed on a Kazakh or Russian keyboard looks like the id and is not.
_CYRILLIC_CAPITALS = str.maketrans("АВЕЗКМНОРСТХ", "ABEZKMHOPCTX")
FROM_PORTAL_LANG = {portal: lang for lang, portal in PORTAL_LANG.items()}
OFFICIAL_BASE = "https://adilet.zan.kz"


def check_act_id(text: str) -> str:
    """`text` if it is an act id of the portal (`K1400000226`, `K950001000_`), else BadIdentifier with the form."""
    if ACT_ID.fullmatch(text):
        return text
    latin = text.strip().upper().translate(_CYRILLIC_CAPITALS)
    if ACT_ID.fullmatch(latin):
        raise BadIdentifier(f"{text!r} is not an act id: the portal writes {latin}, in Latin capitals")
    raise BadIdentifier(
        f"{text!r} is not an act id: 11 characters such as K1400000226 or K950001000_ "
        "(a letter, the year in two digits, then digits, letters and a padding '_'); copy it from the act's address"
    )


def check_acceptance(text: str) -> str:
    """An act, or one redaction of it, as `lawdiff build --accept` names it, in normal form, else BadIdentifier."""
    act, *rest = text.strip().split("/")
    act = check_act_id(act)
    if not rest:
        return act
    if len(rest) != 2:
        raise BadIdentifier(f"{text!r} names no redaction: write K1400000226 or K1400000226/ru/2025-09-16")
    return f"{act}/{parse_lang(rest[0])}/{parse_date(rest[1]).isoformat()}"


def parse_lang(text: str) -> Lang:
    """`ru` or `kk` (also the portal's `rus`, `kaz`) as Lang, else BadIdentifier."""
    if text in FROM_PORTAL_LANG:
        return FROM_PORTAL_LANG[text]
    try:
        return Lang(text)
    except ValueError:
        raise BadIdentifier(f"{text!r} is not a language of this tracker: use ru or kk") from None


def parse_date(text: str) -> date:
    """An ISO date (`2025-09-16`) or one of the portal (`16.09.2025`), else BadIdentifier."""
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text.strip())
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text.strip())
    except ValueError:
        raise BadIdentifier(f"{text!r} is not a date: write 2025-09-16 or 16.09.2025") from None


def portal_date(day: date) -> str:
    """`16.09.2025`, as the portal's addresses write it."""
    return day.strftime("%d.%m.%Y")


def act_path(act_id: str, lang: Lang, day: date | None = None) -> str:
    """Path of an act's text on the portal: `/rus/docs/K1400000226`, with `/16.09.2025` for a dated redaction."""
    path = f"/{PORTAL_LANG[lang]}/docs/{act_id}"
    return f"{path}/{portal_date(day)}" if day else path


def official_url(act_id: str, lang: Lang, day: date | None = None, anchor: str | None = None) -> str:
    """Address of the official page, for links in texts and messages."""
    return OFFICIAL_BASE + act_path(act_id, lang, day) + (f"#{anchor}" if anchor else "")


def article_eid(number: str) -> str:
    """`115-1` → `art_115-1`."""
    return f"art_{number}"


def article_id(act_id: str, eid: str) -> str:
    """Key of a unit in the store: `K1400000226/art_115-1`."""
    return f"{act_id}/{eid}"


def law_id_from_number(number: str, adopted_on: date) -> str:
    """Key of an amending act that no link names: `210-VIII@2025-07-16`."""
    return f"{number}@{adopted_on.isoformat()}"
