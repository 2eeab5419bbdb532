"""The site's own pages as Datasette routes. Each asks `lawdiff.site` for a context and prints it with a template."""

import csv
import hashlib
import io
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from datasette import hookimpl
from datasette.utils.asgi import Response

from lawdiff import status as status_of
from lawdiff.archive import Archive
from lawdiff.registry import load_registry
from lawdiff.resources import data_path, site_path
from lawdiff.site import addresses, changing, entrance, feeds, labels, reading
from lawdiff.site import topic as topic_page
from lawdiff.site.catalogue import UI_LANGS, Interface, choose_ui
from lawdiff.site.described import Described
from lawdiff.site.desk import Desk, settle_memory
from lawdiff.site.reader import Elsewhere, Missing, Reader
from lawdiff.store import pages

DATABASE = "lawdiff"
_FEEDS = {}  # (address, reader) → feed: readers ask for the same few again and again
YEAR = 365 * 24 * 3600


def _ui(request):
    if request is None:
        return "ru"
    return choose_ui(request.args.get("ui"), request.cookies.get("ui"), request.headers.get("accept-language"))


def _reader(request):
    site = os.environ.get("LAWDIFF_SITE_URL", "").rstrip("/") or f"{request.scheme}://{request.host}"
    return Reader(Interface(_ui(request)), datetime.now(UTC).date().isoformat(), site)


def _query(request):
    return {name: request.args.get(name) for name in request.args}


def _registry(known={}):  # noqa: B006 - read again when the file changes
    path = Path(os.environ.get("LAWDIFF_ACTS") or data_path("acts.toml"))
    stamp = path.stat().st_mtime_ns
    if known.get("stamp") != stamp:
        known.update(stamp=stamp, registry=load_registry(path))
    return known["registry"]


def _asset(name, known={}):  # noqa: B006 - the digest of a shipped file is worked out once
    if name not in known:
        digest = hashlib.sha256(site_path("static", name).read_bytes()).hexdigest()[:12]
        known[name] = f"/static/{name}?v={digest}"
    return known[name]


@hookimpl
def startup():
    """Threads take turns ten times as often as Python has it: with four readers p99 fell by a third to a half."""
    sys.setswitchinterval(0.0005)
    settle_memory()


def _desk(datasette, name, known={}):  # noqa: B006 - two desks as long as the process: «texts» and «lists»
    if name not in known:
        known[name] = Desk(datasette.get_database(DATABASE).connect, name)
    return known[name]


@hookimpl
def extra_template_vars(request, datasette=None, database=None, table=None):
    """What every template may use, Datasette's own pages included: the interface, addresses and names."""
    ui = _ui(request)
    links = []
    if request is not None:
        kept = [(name, value) for name in request.args if name != "ui" for value in request.args.getlist(name)]
        for lang in UI_LANGS:
            links.append((lang, request.path + "?" + addresses.urlencode([*kept, ("ui", lang)])))
    # The table page prints the meanings of columns itself, in the reader's language.
    own = {"metadata": {**datasette.table_metadata(database, table), "columns": None}} if table and datasette else {}
    return own | {
        "t": Interface(ui), "data": Described(ui), "ui": ui, "ui_links": links, "at": addresses, "names": labels,
        "asset": _asset,
        "path": request.path if request is not None else "/",
        "sample": datasette is not None and entrance.is_sample(datasette.get_database(DATABASE).connect),
    }  # fmt: skip


def _printer(datasette, known={}):  # noqa: B006 - one environment as long as the process
    """Templates rendered at once instead of step by step, so that a page can be printed off the event loop."""
    if "env" not in known:
        known["env"] = datasette.jinja_env.overlay(enable_async=False)
    return known["env"]


async def _page(datasette, request, template, build, desk="lists", **context):
    """Print `template` with what `build(conn, reader)` answers; both in the thread of `desk`."""
    reader, env = _reader(request), _printer(datasette)
    shared = {**context, **extra_template_vars(request, datasette), "reader": reader, "today": reader.today}

    def work(conn):
        try:
            return 200, env.get_template(template).render({**build(conn, reader), **shared})
        except Missing as missing:
            said = reader.t(missing.key, **missing.values)
            return 404, env.get_template("lawdiff_missing.html").render({**shared, "said": said, "feeds": []})

    try:
        status, html = await _desk(datasette, desk).ask(work)
    except Elsewhere as elsewhere:
        return Response.redirect(elsewhere.url)
    headers = {"Vary": "Cookie, Accept-Language", "Content-Language": reader.t.lang}
    response = Response.html(html, status=status, headers=headers)
    wish = request.args.get("ui")
    if wish in UI_LANGS:
        response.set_cookie("ui", wish, max_age=YEAR, path="/", samesite="lax", httponly=True)
    return response


def _kept(build, remembered={}):  # noqa: B006 - kept as long as the process, that is as long as its immutable file
    """`build(conn, reader)` asked once a day and language: the database behind a running site never changes."""

    def answer(conn, reader):
        key = (build.__name__, reader.t.lang, reader.today)
        if key not in remembered:
            if len(remembered) > 30:
                remembered.clear()
            remembered[key] = build(conn, reader)
        return remembered[key]

    return answer


async def home(datasette, request):
    return await _page(
        datasette, request, "lawdiff_home.html", _kept(entrance.home), failed_checks=_failed_checks(_standing())
    )


def _failed_checks(standing):
    """How many texts were asked for and did not come: also of acts that the database does not know at all."""
    if standing is None:
        return 0
    failing = (status_of.Freshness.UNCHECKED, status_of.Freshness.STALE)
    return sum(act.freshness in failing for act in standing.acts)


async def act(datasette, request):
    found = request.url_vars
    return await _page(
        datasette, request, "lawdiff_act.html", desk="texts",
        build=lambda conn, reader: reading.act(
            conn, reader, found["act"], day=found["day"], langs=found["langs"], query=_query(request)
        ),
    )  # fmt: skip


async def article(datasette, request):
    found = request.url_vars
    return await _page(
        datasette, request, "lawdiff_article.html", desk="texts",
        build=lambda conn, reader: reading.article(
            conn, reader, found["act"], found["eid"], day=found["day"], langs=found["langs"], query=_query(request)
        ),
    )  # fmt: skip


async def diff(datasette, request):
    found = request.url_vars
    return await _page(
        datasette, request, "lawdiff_diff.html", desk="texts",
        build=lambda conn, reader: changing.diff(
            conn, reader, found["act"], found["eid"], found["since"], found["until"], query=_query(request)
        ),
    )  # fmt: skip


async def act_diff(datasette, request):
    found = request.url_vars
    return await _page(
        datasette, request, "lawdiff_act_diff.html",
        lambda conn, reader: changing.act_diff(conn, reader, found["act"], found["since"], found["until"]),
    )  # fmt: skip


async def law(datasette, request):
    return await _page(
        datasette, request, "lawdiff_law.html",
        lambda conn, reader: changing.law(conn, reader, request.url_vars["law"]),
    )  # fmt: skip


def all_laws(conn, _):
    return changing.laws(conn)


async def laws(datasette, request):
    return await _page(datasette, request, "lawdiff_laws.html", _kept(all_laws))


async def changes(datasette, request):
    return await _page(
        datasette, request, "lawdiff_changes.html",
        lambda conn, reader: changing.changes(conn, reader, query=_query(request)),
    )  # fmt: skip


async def changes_export(datasette, request):
    reader = _reader(request)
    rows = await _desk(datasette, "lists").ask(lambda conn: changing.export_rows(conn, reader, query=_query(request)))
    return _table(rows, changing.EXPORTED, request.url_vars["format"])


def _table(rows, columns, wish):
    """Rows as a file for programs: JSON or CSV."""
    if wish == "json":
        return Response(json.dumps(rows, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8")
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return Response(out.getvalue(), content_type="text/csv; charset=utf-8")


async def pending(datasette, request):
    return await _page(
        datasette, request, "lawdiff_pending.html",
        lambda conn, reader: changing.pending(conn, reader, query=_query(request)),
    )  # fmt: skip


async def search(datasette, request):
    return await _page(
        datasette, request, "lawdiff_search.html",
        lambda conn, _: entrance.find(conn, _registry(), query=_query(request)),
    )  # fmt: skip


async def topics(datasette, request):
    return await _page(datasette, request, "lawdiff_topics.html", lambda conn, _: entrance.topics(conn))


async def topic(datasette, request):
    return await _page(
        datasette, request, "lawdiff_topic.html",
        lambda conn, reader: topic_page.topic(
            conn, reader, request.url_vars["topic"], day=request.url_vars["day"], query=_query(request)
        ),
    )  # fmt: skip


async def topic_export(datasette, request):
    """The offences of a topic as JSON or CSV, of today or of a day."""
    reader, found = _reader(request), request.url_vars
    try:
        rows = await _desk(datasette, "lists").ask(
            lambda conn: topic_page.export_rows(conn, reader, found["topic"], day=found["day"])
        )
    except Missing as missing:
        return Response.text(reader.t(missing.key, **missing.values), status=404)
    return _table(rows, topic_page.EXPORTED, found["format"])


def _standing():
    """What `lawdiff status` says of the archive, or None where the site is not told where it is."""
    folder, timer = _archive(), os.environ.get("LAWDIFF_TIMER")
    return status_of.standing(Archive(folder), _registry(), status_of.utc_now(), timer=timer) if folder else None


async def status(datasette, request):
    return await _page(
        datasette,
        request,
        "lawdiff_status.html",
        lambda conn, _: entrance.status(conn),
        standing=(standing := _standing()),
        failed_checks=_failed_checks(standing),
    )


async def status_json():
    """The same for a monitor: `ok` false, and status 503, when something could not be checked or is not sound."""
    standing = _standing()
    if standing is None:
        return Response.json({"ok": None, "problems": ["the site is not told where the archive is"]}, status=404)
    told = standing.to_json()
    return Response.json(told, status=200 if told.get("ok") else 503)


async def about_feeds(datasette, request):
    return await _page(datasette, request, "lawdiff_feeds.html", entrance.feeds)


async def snapshot(datasette, request):
    number = int(request.url_vars["snapshot"])
    return await _page(
        datasette, request, "lawdiff_snapshot.html",
        lambda conn, _: entrance.snapshot(conn, number, archived=_archive() is not None),
    )  # fmt: skip


def _archive():
    folder = os.environ.get("LAWDIFF_ARCHIVE")
    return Path(folder) if folder and Path(folder).is_dir() else None


async def snapshot_bytes(datasette, request):
    """The bytes of an archived page as a download: never run, never framed, whatever they hold."""
    number, folder = int(request.url_vars["snapshot"]), _archive()

    def fetch(conn):
        row = pages.snapshot(conn, number)
        if row is None or folder is None:
            return None
        archive = Archive(folder)
        entry = next((entry for entry in archive.entries() if entry.seq == number), None)
        return archive.body(entry) if entry and entry.sha256 == row["sha256"] else None

    body = await _desk(datasette, "lists").ask(fetch)
    if body is None:
        return await _page(datasette, request, "lawdiff_missing.html", _no_snapshot(number))
    headers = {
        "Content-Disposition": f'attachment; filename="snapshot-{number}.html"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(body, headers=headers, content_type="application/octet-stream")


def _no_snapshot(number):
    def build(*_):
        raise Missing("missing.snapshot", id=number)

    return build


async def feed(datasette, request):
    """An Atom feed or calendar; answers 304 to a reader that has it already."""
    reader = _reader(request)
    authority = os.environ.get("LAWDIFF_TAG_AUTHORITY", feeds.AUTHORITY)
    address = request.path + (f"?{request.query_string}" if request.query_string else "")
    key = (address, reader)
    try:
        found = _FEEDS.get(key) or await _desk(datasette, "lists").ask(
            lambda conn: feeds.answer(
                conn, reader, request.url_vars["name"], address=address, query=_query(request), authority=authority
            )
        )
    except Missing as missing:
        return Response.text(reader.t(missing.key, **missing.values), status=404)
    if len(_FEEDS) > 200:
        _FEEDS.clear()
    _FEEDS[key] = found
    tag = f'"{hashlib.sha256(found.body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300", "Vary": "Cookie, Accept-Language"}
    if request.headers.get("if-none-match") == tag:
        return Response("", status=304, headers=headers)
    return Response(found.body, headers=headers, content_type=found.content_type)


async def robots():
    return Response.text("User-agent: *\nDisallow: /lawdiff?\nDisallow: /lawdiff/\nDisallow: /search\nCrawl-delay: 1\n")


@hookimpl
def register_routes():
    """Addresses of DESIGN.md; a plugin's routes come before Datasette's own."""
    return [
        (r"^/$", home),
        (rf"^{addresses.ACT_DIFF_ROUTE}", act_diff),
        (rf"^{addresses.DIFF_ROUTE}", diff),
        (rf"^{addresses.ACT_ROUTE}", act),
        (rf"^{addresses.ARTICLE_ROUTE}", article),
        (r"^/laws/(?P<law>[^/]+)/?$", law),
        (r"^/laws/?$", laws),
        (r"^/changes/?$", changes),
        (r"^/changes\.(?P<format>json|csv)$", changes_export),
        (r"^/pending/?$", pending),
        (r"^/search/?$", search),
        (rf"^{addresses.TOPIC_ROUTE}\.(?P<format>json|csv)$", topic_export),
        (rf"^{addresses.TOPIC_ROUTE}/?$", topic),
        (r"^/topics/?$", topics),
        (r"^/status/?$", status),
        (r"^/status\.json$", status_json),
        (r"^/feeds/?$", about_feeds),
        (r"^/feeds/(?P<name>.+\.(?:atom|ics))$", feed),
        (r"^/snapshots/(?P<snapshot>\d{1,12})/?$", snapshot),
        (r"^/snapshots/(?P<snapshot>\d{1,12})/bytes$", snapshot_bytes),
        (r"^/robots\.txt$", robots),
    ]
