"""index.html of a bundle: one page that needs nothing but a browser; every word from the source is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from lawdiff.archive.records import iso
from lawdiff.evidence.case import LANGS, Case
from lawdiff.evidence.names import page_file, record_file, redline_file, text_file
from lawdiff.evidence.words import LANG_NAMES, PROOF_STEPS, STATES, TITLES, WORDS, explanation, period
from lawdiff.model import Lang
from lawdiff.render import diff_html, summary_sentence
from lawdiff.store.read import ChangeRow, Version

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{border:1px solid #bbb;padding:.3rem .5rem;
text-align:left;vertical-align:top}code{overflow-wrap:anywhere}pre{white-space:pre-wrap;background:#f5f5f5;
padding:1rem}article{border-left:4px solid #bbb;padding-left:1rem;margin:1rem 0}.quiet{color:#595959}
.wide{overflow-x:auto}
.notes{color:#595959;font-size:.9rem}summary{cursor:pointer;font-weight:600}
"""


def index_page(case: Case) -> str:
    """The whole page."""
    name = f"{case.article.act_id} {case.article.eid}{period(case, 'en')}"
    parts = [
        f'<!DOCTYPE html>\n<html lang="ru"><head><meta charset="utf-8"><title>{escape(name)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>',
        f"<h1>{escape(case.article.heading(Lang.RU))}</h1>",
        f"<p>{escape(case.title)} · <code>{escape(case.article.id)}</code>{escape(period(case, 'ru'))}</p>",
        f'<p class="quiet">{escape(WORDS["unofficial"])}</p>',
        *(f'<p lang="en"><strong>{escape(warning)}</strong></p>' for warning in case.warnings),
        f"<h2>{WORDS['proof']}</h2>",
        *_proof(case),
        f"<h2>{WORDS['texts']}</h2>",
        *(part for lang in LANGS for part in _texts(case, lang)),
        *_between(case),
        f"<h2>{WORDS['changes']}</h2>",
        *_changes(case),
        f"<h2>{WORDS['pages']}</h2>",
        *_pages(case),
        f"<h2>{WORDS['how']}</h2>",
        *(
            f'<details lang="{lang}"{" open" if lang == "ru" else ""}><summary>{title}</summary>'
            f"<pre>{escape(explanation(case, lang))}</pre></details>"
            for lang, title in TITLES.items()
        ),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """heads: keys of WORDS; cells: HTML."""
    yield (
        '<div class="wide"><table><thead><tr>'
        + "".join(f'<th scope="col">{WORDS[head]}</th>' for head in heads)
        + "</tr></thead><tbody>"
    )
    for row in rows:
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
    yield "</tbody></table></div>"


def _link(name: str, shown: str | None = None) -> str:
    return f'<a href="{escape(name)}">{escape(shown or name)}</a>'


def _proof(case: Case) -> Iterator[str]:
    root = case.proof.run_root
    yield f"<p>{WORDS['root']} ({escape(iso(root.closed_at))}): <code>{root.hash}</code></p>"
    places = {
        "texts": _link("texts/"),
        "pages": _link("pages/"),
        "records": _link("records/"),
        "entries": _link("journal/entries.jsonl"),
        "paths": _link("journal/paths.json"),
        "closes": _link("journal/closes.jsonl"),
    }
    yield "<ol>"
    for step in PROOF_STEPS:
        said = "<br>".join(f'<span lang="{lang}">{sentence}</span>' for lang, sentence in step.items())
        yield f"<li>{said.format(**places)}</li>"
    yield "</ol>"
    yield f"<p><code>python3 check.py {root.hash}</code> ({_link('check.py')}, {_link('README.txt')})</p>"


def _texts(case: Case, lang: Lang) -> Iterator[str]:
    yield f"<h3>{LANG_NAMES[lang]}</h3>"
    versions = [version for version in case.versions if version.lang is lang]
    if not versions:
        yield f"<p>{WORDS['none']}</p>"
    for version in versions:
        yield from _text(case, version)


def _text(case: Case, version: Version) -> Iterator[str]:
    until = f"{WORDS['until']} {version.valid_to}" if version.valid_to else WORDS["still"]
    state = STATES[version.state]
    seq = version.snapshot_id or 0
    page = _link(page_file(case.entry(seq)), f"{WORDS['page']} {seq}")
    yield f'<article lang="{version.lang}"><h4>{escape(version.heading)}</h4>'
    yield (
        f'<p class="quiet">{WORDS["since"]} {version.valid_from}, {until}{f" · {state}" if state else ""} · '
        f"{_link(text_file(version), WORDS['text'])} · {page} · SHA-256 <code>{version.text_sha256}</code></p>"
    )
    for line in version.lines:
        yield f"<p>{escape(line.text).replace(chr(9), ' │ ')}</p>"
    if version.notes:
        yield f'<p class="notes">{escape(version.notes).replace(chr(10), "<br>")}</p>'
    yield "</article>"


def _between(case: Case) -> Iterator[str]:
    if not case.comparisons:
        return
    yield f"<h2>{WORDS['between']}: {case.since} – {case.until}</h2>"
    for comparison in case.comparisons:
        yield f"<h3>{LANG_NAMES[comparison.lang]}</h3>"
        yield diff_html(comparison.diff.to_json(), comparison.lang) if comparison.changed else f"<p>{WORDS['none']}</p>"


def _changes(case: Case) -> Iterator[str]:
    if not case.changes:
        yield f"<p>{WORDS['none']}</p>"
    for change in case.changes:
        yield f'<article lang="{change.lang}"><h4>{change.redaction_date} · {LANG_NAMES[change.lang]}</h4>'
        said = " / ".join(summary_sentence(change.summary_json, lang) for lang in TITLES)
        yield f"<p>{escape(said)}. {_link(redline_file(change))}</p>"
        if change.laws:
            yield f"<p>{WORDS['law']}: {escape('; '.join(_law(change)))}</p>"
        yield diff_html(change.diff_json, change.lang)
        yield "</article>"


def _law(change: ChangeRow) -> Iterator[str]:
    for law, number, day, text in change.laws:
        force = ", ".join(filter(None, (text, day.isoformat() if day else None)))
        yield f"{number or law} ({law})" + (f": {force}" if force else "")


def _pages(case: Case) -> Iterator[str]:
    roles = dict(case.roles)
    yield from _table(
        ("entry", "fetched", "redaction", "address", "page", "record", "digest", "why"),
        (
            (
                str(entry.seq),
                escape(iso(entry.fetched_at)),
                str(entry.redaction_date or ""),
                escape(entry.url),
                _link(page_file(entry)),
                _link(record_file(entry.seq)),
                f"<code>{entry.sha256}</code>",
                escape("; ".join(roles.get(entry.seq, ()))),
            )
            for entry in case.proof.entries
        ),
    )
