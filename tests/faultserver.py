# ruff: noqa: E501, A002  (markup is left on its lines; the names are the standard library's)
"""A site that misbehaves on purpose: real HTTP on loopback, over a miniature of the portal composed here.

`Site` holds acts in both languages with their redactions (wording invented, markup the site's own). `FaultServer` serves
it and asks `fault(path, n)` what to do with the n-th request of a path; a fault writes what it likes to the socket.
Every request is logged with the times at which it came and at which its answer ended.
"""

from __future__ import annotations

import atexit
import functools
import gzip
import html
import json
import os
import select
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lawdiff.archive import Archive, Entry

LANGS = {
    "rus": ("Статья {}. Состав {}", 'ИПС "Әділет"', "Обновленный"),
    "kaz": ("{}-бап. Құрам {}", "АҚЖ", "Жаңартылған"),
}
SENTENCE = {
    "rus": "Лицо, виновное в деянии номер {}, несёт ответственность в порядке, который установлен настоящим актом, и "
    "возмещает причинённый вред полностью.",
    "kaz": "Осы актіде белгіленген тәртіппен {} нөмірлі әрекетке кінәлі адам жауапкершілік көтереді және келтірілген "
    "зиянды толық өтейді, оның ішінде үшінші тұлғаларға.",
}
ROBOTS = "User-agent: *\nDisallow: /rus/search/\nDisallow: /rus/list/docs/\nDisallow: /rus/archive/\n"

NOTE = {
    "rus": "Сноска. Статья {} с изменением, внесенным Законом РК от 16.07.2025 № 210-VIII (вводится в действие по "
    "истечении шестидесяти календарных дней после дня его первого официального опубликования).",
    "kaz": "Ескерту. {}-бапқа өзгеріс енгізілді - ҚР 16.07.2025 № 210-VIII Заңымен (алғашқы ресми жарияланған күнінен "
    "кейін күнтізбелік алпыс күн өткен соң қолданысқа енгізіледі).",
}

Text = dict[str, str]  # number of an article → its paragraph


def articles(lang: str, count: int, **changed: str) -> Text:
    """`count` articles of invented wording; `a3="…"` gives article 3 another paragraph."""
    text = {str(number): SENTENCE[lang].format(number) for number in range(1, count + 1)}
    text.update({name[1:].replace("_", "-"): paragraph for name, paragraph in changed.items()})
    return text


@dataclass
class Act:
    """One act in one language: redactions by date; the newest is the current one, served without its date."""

    act_id: str
    lang: str
    redactions: dict[date, Text] = field(default_factory=dict)
    laws: tuple[str, ...] = ()
    title: str = "Кодекс примера"
    has_history: bool = True
    notes: int = 0  # articles, from the first on, that have a note which the reader reads

    @property
    def newest(self) -> date:
        return max(self.redactions)


class Site:
    """The miniature: acts by (language, id), information cards by id, feeds by path."""

    def __init__(self) -> None:
        self.acts: dict[tuple[str, str], Act] = {}
        self.cards: dict[str, dict[str, str]] = {}
        self.feeds: dict[str, str] = {}
        self.robots = ROBOTS
        self.shown = 0

    def add(self, act: Act) -> Act:
        self.acts[act.lang, act.act_id] = act
        self.cards.setdefault(act.act_id, {"Дата принятия акта": "03.07.2014", "Форма акта": "Кодекс"})
        return act

    def page(self, path: str) -> bytes | None:
        """The page at a path, or None."""
        self.shown += 1
        if path in self.feeds:
            return self.feeds[path].encode()
        parts = path.strip("/").split("/")
        if len(parts) < 3 or parts[1] != "docs" or parts[0] not in LANGS:
            return None
        lang, act_id, rest = parts[0], parts[2], parts[3:]
        if rest == ["info"]:
            card = self.cards.get(act_id)
            return self.info(lang, act_id, card) if card is not None else None
        act = self.acts.get((lang, act_id))
        if act is None:
            return None
        if not rest:
            return self.text(act, act.newest)
        if rest == ["history"]:
            return self.history(act) if act.has_history else None
        for day in act.redactions:
            if rest == [day.strftime("%d.%m.%Y")] and day != act.newest:
                return self.text(act, day, dated=True)
        return None

    def chrome(self, lang: str, act_id: str, title: str, body: str) -> bytes:
        """A page of the portal around a body: menu, tabs, after-text, a footer that is never twice the same."""
        _, system, status = LANGS[lang]
        return f"""<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{title} - {system}</title></head>
<!--[if (gt IE 9)|!(IE)]><!--> <body class="normal js"> <!--<![endif]-->
<div id="container" class="module_npaView lang_{lang}"><div id="header"><div class="header_cms">
<!--<p style="font-size: 30pt">Ведутся технические работы. <br></p>--></div></div>
<div id="menu" class="png_bg"><ul class="right" id="impairedLogout">
<li{' class="selected"' if lang == "kaz" else ""}><a href="/kaz/docs/{act_id}">ҚАЗ</a></li>
<li{' class="selected"' if lang == "rus" else ""}><a href="/rus/docs/{act_id}">РУС</a></li></ul></div>
<div class="container_alpha slogan"><h1>{title}</h1><span class="status status_upd">{status}</span>
<p>Кодекс Республики Казахстан от 3 июля 2014 года № 226-V ЗРК.</p></div>
<div id="tabs_container"><div class="container_gamma tabs clearfix"><ul class="clearfix">
<li><a href="/{lang}/docs/{act_id}"> Текст </a></li><li><a href="/{lang}/docs/{act_id}/info"> Информация </a></li>
<li><a href="/{lang}/docs/{act_id}/history"> История изменений </a></li></ul></div></div>
{body}
<div class="container_omega aftertext"><p>Ctrl+Enter</p></div>
<div id="footer"><p>Состояние базы: {370000 + self.shown}</p><a href="/rus/docs/V2500036{self.shown % 1000:03d}">приказ</a></div>
</div></body></html>""".encode()

    def text(self, act: Act, day: date, *, dated: bool = False) -> bytes:
        parts = []
        for number, paragraph in act.redactions[day].items():
            heading = LANGS[act.lang][0].format(number, number)
            parts.append(
                f'<p><b><a name="z{number}"></a>{heading}</b></p><p id="p{number}">\n     {html.escape(paragraph)}</p>'
            )
            if len(parts) <= act.notes:
                parts[-1] += f'<span class="note">     {NOTE[act.lang].format(number)}</span><br>'
        for law in act.laws:
            parts.append(
                f'<span class="note">     Сноска. Статья 1 с изменением, внесенным Законом РК </span>'
                f'<a href="/{act.lang}/docs/{law}#z1">№ 1-VIII</a><span class="note"> (вводится в действие).</span><br>'
            )
        body = (
            f'<div class="container_gamma text text_upd{" text_arc" if dated else ""}"><div class="gs_12">'
            f"<article>{''.join(parts)}</article></div></div>"
        )
        return self.chrome(act.lang, act.act_id, act.title, body)

    def history(self, act: Act, extra: str = "", head: str = "") -> bytes:
        rows = []
        for number, day in enumerate(sorted(act.redactions), 1):
            dated = "" if day == act.newest else f"/{day:%d.%m.%Y}"
            rows.append(
                f'<tr><td class="odd">{number}</td><td><a href="/{act.lang}/docs/{act.act_id}{dated}">{act.title}</a></td>'
                f'<td>Кодекс</td><td></td><td>{day:%d.%m.%Y}</td><td class="last">Обновленный</td></tr>'
            )
        table = (
            '<div class="container_gamma"><table id="ethernatable"><thead><tr><th>№</th><th>Заголовок</th><th>Форма НПА</th>'
            f"<th>Дополнительная информация</th><th>Дата изменения</th><th>Статус НПА</th>{head}</tr></thead><tbody>"
            f"{''.join(rows)}{extra}</tbody></table></div>"
        )
        return self.chrome(act.lang, act.act_id, act.title, table)

    def info(self, lang: str, act_id: str, card: dict[str, str]) -> bytes:
        rows = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in card.items())
        return self.chrome(
            lang, act_id, "Акт", f'<div class="container_gamma"><table id="ethernatable">{rows}</table></div>'
        )


def miniature(count: int = 8, *, laws: tuple[str, ...] = ("Z2500000210",)) -> Site:
    """One act in two languages with three redactions each; one amending law with its card."""
    site = Site()
    for lang in LANGS:
        days = {
            date(2014, 11, 7): articles(lang, count),
            date(2018, 7, 12): articles(lang, count, a2=SENTENCE[lang].format(22)),
            date(2025, 9, 16): articles(lang, count, a2=SENTENCE[lang].format(22), a2_1=SENTENCE[lang].format(21)),
        }
        site.add(Act("K1400000226", lang, days, laws))
    site.cards["Z2500000210"] = {
        "Дата принятия акта": "16.07.2025",
        "Официальная публикация": '"Газета" от 17.07.2025 г.',
    }
    return site


@dataclass
class Hit:
    """One request as the server saw it: seconds of a monotonic clock. answered: just before the body was written, so
    that the client cannot have had it whole by then; ended: some time after."""

    path: str
    began: float
    agent: str
    ended: float = 0.0
    status: int = 0
    answered: float = 0.0


Fault = Callable[["Handler", bytes | None], None]
Chooser = Callable[[str, int], Fault | None]


class Handler(BaseHTTPRequestHandler):
    """Serves the site; a fault takes the place of the ordinary answer."""

    protocol_version = "HTTP/1.1"
    server: FaultServer  # type: ignore[assignment]

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        hit = Hit(path, time.monotonic(), self.headers.get("User-Agent", ""))
        with self.server.guard:
            self.server.hits.append(hit)
            self.server.counts[path] += 1
            n = self.server.counts[path]
        self.hit = hit
        page = self.server.site.robots.encode() if path == "/robots.txt" else self.server.site.page(path)
        fault = self.server.fault(path, n)
        try:
            if fault is not None:
                fault(self, page)
            elif page is None:
                self.send(b"<html><head><title>404</title></head><body>not here</body></html>", status=404)
            else:
                self.send(page)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True
        hit.ended = time.monotonic()

    def send(self, body: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        """An answer; `length` overrides Content-Length, headers are given with underscores."""
        self.hit.status = status
        self.send_response(status)
        self.send_header("Content-Type", headers.pop("Content_Type", "text/html; charset=utf-8"))
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.hit.answered = time.monotonic()
        self.wfile.write(body)

    def reset(self) -> None:
        """Break the connection as hard as TCP allows."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


class FaultServer(ThreadingHTTPServer):
    """`with FaultServer(site) as server:`; `server.url`, `server.hits`. `context`: TLS of the server side."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, site: Site, fault: Chooser = lambda path, n: None, context: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.site = site
        self.fault = fault
        self.hits: list[Hit] = []
        self.counts: Counter[str] = Counter()
        self.guard = threading.Lock()
        self.scheme = "http"
        self.host = "127.0.0.1"
        if context is not None:
            self.scheme = "https"
            self.host = "localhost"
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.server_port}"

    def paths(self) -> list[str]:
        return [hit.path for hit in self.hits]

    def handle_error(self, request: object, client_address: object) -> None:
        """Broken connections are what this server is for."""

    def __enter__(self) -> FaultServer:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()


# -- faults --------------------------------------------------------------------------------------------------------------


def status(code: int, **headers: str) -> Fault:
    return lambda handler, page: handler.send(b"busy", status=code, **headers)


def instead(body: bytes, **headers: str) -> Fault:
    """Another body with status 200."""
    return lambda handler, page: handler.send(body, **headers)


def changed(change: Callable[[bytes], bytes], **headers: str) -> Fault:
    """The page, altered."""
    return lambda handler, page: handler.send(change(page or b""), **headers)


def reset_midway(handler: Handler, page: bytes | None) -> None:
    body = page or b""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.reset()


def longer_than_said(handler: Handler, page: bytes | None) -> None:
    """Content-Length says less than what comes: the rest never reaches a correct client."""
    body = page or b""
    handler.send(body, length=len(body) // 2)
    handler.close_connection = True


def shorter_than_said(handler: Handler, page: bytes | None) -> None:
    body = page or b""
    handler.send(body, length=len(body) + 500)
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_WR)


def without_length_cut(handler: Handler, page: bytes | None) -> None:
    """An answer that says no length and ends early: only its content can tell."""
    body = page or b""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(body[: body.find(b"</article>") - 100])
    handler.close_connection = True


def chunked_cut(handler: Handler, page: bytes | None) -> None:
    """Chunks without the last one."""
    body = page or b""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"%x\r\n" % len(body) + body + b"\r\n")
    handler.reset()


def broken_gzip(handler: Handler, page: bytes | None) -> None:
    """Compressed bytes that do not unpack to the end."""
    packed = gzip.compress(page or b"")
    handler.send(packed[: len(packed) // 2], Content_Encoding="gzip")


def drip(seconds: float, chunk: int = 200) -> Fault:
    """The page, a little at a time."""

    def fault(handler: Handler, page: bytes | None) -> None:
        body = page or b""
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        for start in range(0, len(body), chunk):
            handler.wfile.write(body[start : start + chunk])
            handler.wfile.flush()
            time.sleep(seconds)

    return fault


def endless(handler: Handler, page: bytes | None) -> None:
    """A body without end, in chunks."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    block = (page or b"x") * 8
    while True:
        handler.wfile.write(b"%x\r\n" % len(block) + block + b"\r\n")


def endless_head(handler: Handler, page: bytes | None) -> None:
    """Header lines without end."""
    handler.send_response(200)
    handler.flush_headers()
    while True:
        handler.wfile.write(b"X-More: " + b"x" * 2000 + b"\r\n")


def gzip_bomb(size: int) -> Fault:
    """A few kilobytes that unpack to `size` bytes."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * 1_000_000
    packed = b"".join([*(squeeze.compress(block) for _ in range(size // len(block))), squeeze.flush()])
    return lambda handler, page: handler.send(packed, Content_Encoding="gzip")


def redirect(to: str) -> Fault:
    """302 to an address; `{path}` stands for the asked path."""
    return lambda handler, page: handler.send(b"", status=302, Location=to.format(path=handler.hit.path))


def on(pattern: str, fault: Fault, *, first: int | None = None) -> Chooser:
    """The fault for paths that end with `pattern` ("" is all but robots.txt), for the `first` requests of a path or for all."""

    def choose(path: str, n: int) -> Fault | None:
        if path == "/robots.txt" and pattern != "/robots.txt":
            return None
        return fault if path.endswith(pattern) and (first is None or n <= first) else None

    return choose


SHELL = b"<!doctype html><html><head><!--SEO_HEAD--></head><body><div id=root></div><!--SEO_BODY--><script></script></body></html>"
CHALLENGE = (
    "<html><body><div class='g-recaptcha' data-sitekey='x'></div>Подтвердите, что вы не робот</body></html>".encode()
)
LOGIN = b"<html><body><form><input name=u><input type='password'></form></body></html>"
MAINTENANCE = "<html><body><p>Ведутся технические работы</p></body></html>".encode()


# -- the spider against it -----------------------------------------------------------------------------------------------

QUICK = ("--delay", "0", "--backoff", "0", "--budget", "0", "--timeout", "5")


@dataclass(frozen=True)
class Run:
    """One run of the spider: its exit code, its summary, what it said of settings that are not allowed."""

    code: int
    summary: dict[str, Any]
    errors: str

    def account(self, lang: str = "ru", act_id: str = "K1400000226") -> dict[str, Any]:
        return next(act for act in self.summary["acts"] if (act["act_id"], act["lang"]) == (act_id, lang))

    @property
    def why(self) -> str:
        return " | ".join(line for act in self.summary["acts"] for line in act["why"])


class SpiderHost:
    """One process that runs the spider again and again (tests/spiderhost.py): a new interpreter for each of a hundred
    short runs would cost more than the runs."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("spiderhost.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        atexit.register(self.close)

    def run(self, argv: list[str]) -> Run:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(argv) + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], 120)
        line = self.process.stdout.readline() if ready else ""
        assert line, "the spider's host died or hangs"
        told = json.loads(line)
        return Run(told["code"], told["summary"], told["errors"])

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


@functools.cache
def _host() -> SpiderHost:
    return SpiderHost()


def run_spider(archive: Path, *arguments: str, acts: tuple[str, ...] = ("K1400000226",), **env: str) -> Run:
    """The spider with quick settings; the arguments given win. With `env`: `python -m crawler` in that environment."""
    if not env:
        return _host().run([*acts, *QUICK, "--archive", str(archive), "--json", *arguments])
    done = subprocess.run(
        [sys.executable, "-m", "crawler", *acts, *QUICK, "--archive", str(archive), "--json", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | env,
        check=False,
    )
    return Run(done.returncode, json.loads(done.stdout) if done.stdout.strip() else {}, done.stderr)


def good(archive: Path) -> dict[tuple[str | None, str | None, str, str | None], Entry]:
    """The newest good page of each kind: what may become history."""
    if not Archive(archive).exists:
        return {}
    return {
        (entry.act_id, entry.lang, entry.page_kind, str(entry.redaction_date) if entry.redaction_date else None): entry
        for entry in Archive(archive).entries()
        if entry.good
    }


def digests(archive: Path) -> dict[tuple[str | None, str | None, str, str | None], str | None]:
    """The texts among `good`, by the digest of their article."""
    return {key: entry.article_sha256 for key, entry in good(archive).items() if key[2] == "text"}
