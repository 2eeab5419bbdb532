"""One visit: a page asked for until it is whole, given up, or refused. Every attempt is kept.

Rules, each tested against a server that misbehaves so: every request passes the run's gate (crawler.lanes); a retry
only for what may mend itself (5xx, 429, no answer, short bodies, maintenance without text), with doubling pauses and
never before Retry-After, and such a pause holds the whole run; redirects followed within the known hosts with
`;jsessionid` taken off; certificate errors and refusals not retried.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, NotSupported

from crawler.lanes import NOT_WANTED, Gate
from crawler.middlewares import Robots
from crawler.pace import WORTH_A_RETRY, not_before_note, retry_after
from crawler.plan import Options, Page, robots_page
from lawdiff.archive import Entry, Fetch, Headers
from lawdiff.model import Verdict
from lawdiff.pages import Classified, PageKind, classify
from lawdiff.portal import article_sha256, clean_url

if TYPE_CHECKING:
    from scrapy.http import Response

_MAX_HOPS = 5
_CERTIFICATE = re.compile(r"certificate verify failed|VerificationError|hostname|DNSMismatch|IPAddressMismatch", re.I)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a visit ended.

    verdict: of the last attempt; None when nothing was asked (`refused` then says why: robots, or the run stopped).
    body: of the last attempt. entry: the archive's line of it.
    """

    page: Page
    verdict: Verdict | None
    detail: str
    body: bytes = b""
    url: str = ""
    entry: Entry | None = None
    attempts: int = 0
    refused: str | None = None
    certificate_error: bool = False

    @property
    def good(self) -> bool:
        return self.verdict is not None and self.verdict.value == self.page.kind.value

    @property
    def why(self) -> str:
        """One line for people."""
        if self.refused == "robots":
            return f"{self.page.name}: {self.detail}"
        if self.verdict is None:
            return self.detail
        tries = f" after {self.attempts} attempts" if self.attempts > 1 else ""
        hint = "; the pages may live on another host: try --base-url" if self.verdict is Verdict.SHELL else ""
        return f"{self.page.name}: {self.verdict}{tries} ({self.detail}){hint}"


@dataclass(slots=True)
class _Attempt:
    """What one request brought. wait: of a Retry-After, seconds. location: of a redirect. held_back: it came whole, and
    the shape watch wants a person or other pages to judge it: no failure of the server."""

    fetch: Fetch
    wait: float | None = None
    location: str | None = None
    certificate_error: bool = False
    held_back: bool = False


Judge = Callable[[Page, Classified, bytes], Classified]
Keep = Callable[[Page, Fetch], Awaitable[Entry]]


class Visitor:
    """Makes visits for one run, several at a time where the gate has several lanes.

    download: sends a request through Scrapy's downloader and its middlewares. keep: stores what came and gives the
    archive's line of it. judge: may hold back a page that was classified as good (shape watch). remark: is told
    what the run has to do without.
    """

    def __init__(
        self,
        options: Options,
        gate: Gate,
        robots: Robots,
        download: Callable[[Request], Awaitable[Response]],
        *,
        keep: Keep,
        judge: Judge,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        remark: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.options = options
        self.gate = gate
        self.pace = gate.pace
        self.robots = robots
        self.keep = keep
        self.judge = judge
        self.bases = list(options.bases)
        self._download = download
        self._clock = clock
        self._remark = remark
        self._robots_turn = asyncio.Lock()
        self._unread_robots: dict[str, str] = {}  # host: why its robots.txt could not be read

    @property
    def base(self) -> str:
        return self.bases[0].rstrip("/")

    async def visit(self, page: Page) -> Answer:
        """Ask for a page. Moves on to the next host at a shell (FORMAT §0)."""
        while True:
            base = self.base
            answer = await self._visit_at(base, page)
            if answer.refused == NOT_WANTED:
                continue
            self._follow_the_pages(answer)
            if answer.verdict is not Verdict.SHELL:
                return answer
            if base == self.base:  # else another lane has moved the run on meanwhile
                if len(self.bases) < 2:
                    return answer
                self.bases.pop(0)
            self.pace.moved()

    def _follow_the_pages(self, answer: Answer) -> None:
        """Where a redirect to a further known host brought the page, ask that host from now on: half the requests."""
        for index, base in enumerate(self.bases):
            if index and answer.good and urlsplit(answer.url).netloc == urlsplit(base).netloc:
                del self.bases[:index]
                return

    async def _visit_at(self, base: str, page: Page) -> Answer:
        url = base + page.path
        host = urlsplit(url).netloc
        await self._learn_robots(url)
        if self.robots.allows(url):
            return await self._attempts(page, url, base)
        if not self.robots.unreachable(url):
            return Answer(page, None, f"closed by robots.txt of {host}", url=url, refused="robots")
        self.pace.stop(f"robots.txt of {host} could not be read, so nothing may be asked")
        return Answer(page, None, self._unread_robots.get(host, ""), refused="unreachable")

    async def _learn_robots(self, url: str) -> None:
        """Read the rules of a host before anything else of it is asked; once, whatever the number of lanes."""
        parts = urlsplit(url)
        async with self._robots_turn:
            if self.robots.knows(url):
                return
            answer = await self._attempts(robots_page(), f"{parts.scheme}://{parts.netloc}/robots.txt")
            rules = _rules_of(answer)
            self._slow_down(parts.netloc, self.robots.learn(url, rules))
            if rules is None:
                self._unread_robots[parts.netloc] = f"robots.txt could not be read: {answer.why}"

    def _slow_down(self, host: str, delays: tuple[float | None, ...]) -> None:
        """Keep to the pauses that robots.txt asks for; a run that would stand still for hours ends instead."""
        longest = max((delay for delay in delays if delay), default=0.0)
        if longest > self.options.max_wait:
            self.pace.stop(
                f"robots.txt of {host} asks for {longest:g} s between two requests, which is more than --max-wait; "
                "raise that to go on at this pace"
            )
        self.pace.slow_down(delays)

    async def _attempts(self, page: Page, url: str, base: str | None = None) -> Answer:
        """base: where the run asks for pages; not asked there any more once the run has moved on."""
        number, hops = 1, 0
        while True:
            refusal = await self.gate.enter(lambda: base is None or base == self.base)
            if refusal == NOT_WANTED:
                return Answer(page, None, refusal, refused=NOT_WANTED)
            if refusal:
                return Answer(page, None, f"the run was stopped: {refusal}", refused="stopped")
            try:
                attempt = await self._attempt(page, url)
                entry = await self.keep(page, attempt.fetch)
                again = attempt.location is None and self._conclude(page, attempt, number)
            finally:
                self.gate.leave()  # not sooner: the next request must know of this answer
            if attempt.location is not None:
                target = await self._next_hop(page, url, attempt.location) if hops < _MAX_HOPS else None
                if target is not None:
                    url, hops = target, hops + 1
                    continue
                again = self._conclude(page, attempt, number)
            if not again:
                fetch = attempt.fetch
                return Answer(
                    page, fetch.verdict, fetch.error or fetch.detail, fetch.body, fetch.url, entry, number,
                    certificate_error=attempt.certificate_error,
                )  # fmt: skip
            number, hops = number + 1, 0

    def _conclude(self, page: Page, attempt: _Attempt, number: int) -> bool:
        """Tell the pace how attempt `number` ended; whether the page is to be asked for again. A pause that the server
        asks for, or that a failure asks for, holds the whole run, also where this page is given up."""
        self.pace.answered(Verdict(page.kind.value) if attempt.held_back else attempt.fetch.verdict)
        if self.pace.too_long(attempt.wait):
            self.pace.stop(f"the server {attempt.fetch.error or 'asked to come back later'}; run again then")
        again = self.pace.stopped is None and self._again(attempt, number)
        if again:
            self.gate.hold(self.pace.wait_before_retry(number, attempt.wait))
        elif attempt.wait:
            self.gate.hold(attempt.wait)
        return again

    async def _next_hop(self, page: Page, url: str, location: str) -> str | None:
        """Where a redirect leads, if it may be followed."""
        target = clean_url(urljoin(url, location))
        if not self._same_page(page, target):
            return None
        if page.kind is PageKind.ROBOTS:
            return target
        await self._learn_robots(target)
        return target if self.robots.allows(target) else None

    def _again(self, attempt: _Attempt, number: int) -> bool:
        if number > self.options.retries or attempt.certificate_error:
            return False
        return attempt.fetch.verdict in WORTH_A_RETRY

    def _same_page(self, page: Page, target: str) -> bool:
        """Only the same page on a known host: a dated address that leads to the current text is not that redaction."""
        known = {urlsplit(base).netloc for base in self.options.bases}
        parts = urlsplit(target)
        return parts.netloc in known and parts.path.rstrip("/") == page.path.rstrip("/")

    async def _attempt(self, page: Page, url: str) -> _Attempt:
        """One request that the gate let out, one answer, classified. Never raises but for cancellation."""
        now = self._clock()
        request = Request(url, dont_filter=True, meta={"dont_redirect": True})
        response: Response | None = None
        error: Exception | None = None
        try:
            response = await self._download(request)
        except Exception as caught:  # every transport error is an outcome to be kept
            error = caught
        if response is None:
            return self._nothing_came(page, url, now, request, error)
        return self._something_came(page, url, now, request, response)

    def _nothing_came(self, page: Page, url: str, now: datetime, request: Request, error: Exception | None) -> _Attempt:
        text = _error_text(error)
        certificate = bool(_CERTIFICATE.search(text))
        if isinstance(error, IgnoreRequest) and "MAXSIZE" in text:
            verdict, detail = Verdict.UNKNOWN, "too large"
            text = f"larger than the limit of {self.options.max_size} bytes when decompressed"
        elif isinstance(error, IgnoreRequest):
            verdict, detail = Verdict.UNKNOWN, text
        elif isinstance(error, DownloadCancelledError):
            verdict, detail = Verdict.UNKNOWN, "too large"
            text = f"larger than the limit of {self.options.max_size} bytes"
        elif certificate:
            verdict = Verdict.SERVER_ERROR
            detail = (
                f"the certificate of {urlsplit(url).netloc} does not verify; if it lacks an intermediate, "
                "add that with --ca-bundle (docs/crawling.md)"
            )
            self.pace.stop(detail)
        elif isinstance(error, NotSupported):
            verdict, detail = Verdict.SERVER_ERROR, "no connection could be made"
            self.pace.stop(text.partition(": ")[2])
        else:
            verdict, detail = Verdict.SERVER_ERROR, "no answer"
        fetch = Fetch(
            url=url, act_id=page.act_id, lang=page.lang, page_kind=page.kind, redaction_date=page.day,
            fetched_at=now, http_status=None, verdict=verdict, detail=detail,
            request_headers=_headers(request.headers), error=text,
        )  # fmt: skip
        return _Attempt(fetch, certificate_error=certificate)

    def _something_came(self, page: Page, url: str, now: datetime, request: Request, response: Response) -> _Attempt:
        body = response.body
        lost = "dataloss" in response.flags
        classified = classify(
            body, status=response.status, url=url, page_kind=page.kind, act_id=page.act_id, lang=page.lang
        )
        if lost and (classified.good or response.status == 200):
            classified = Classified(Verdict.TRUNCATED, f"the connection ended after {len(body)} bytes of the body")
        location, held_back = None, False
        if 300 <= response.status < 400:
            location = (response.headers.get("Location") or b"").decode("latin-1") or None
            to_login = re.search(r"login|auth|signin", location or "", re.IGNORECASE)
            verdict = Verdict.LOGIN if to_login else Verdict.UNKNOWN
            classified = Classified(verdict, f"HTTP {response.status} to {location}")
        elif classified.good:
            classified = self.judge(page, classified, body)
            held_back = not classified.good
        asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wait = retry_after(asked, now) if response.status in (429, 503) else None
        error = "the connection ended before the body did" if lost else None
        if wait:
            error = not_before_note(wait, now)
        fetch = Fetch(
            url=url, act_id=page.act_id, lang=page.lang, page_kind=page.kind, redaction_date=page.day,
            fetched_at=now, http_status=response.status, verdict=classified.verdict, detail=classified.detail,
            body=body, article_sha256=article_sha256(body) if classified.verdict is Verdict.TEXT else None,
            request_headers=_headers(request.headers), response_headers=_headers(response.headers),
            certificate_sha256=self._fingerprint(url, response), error=error,
            ip_address=str(response.ip_address) if response.ip_address else None,
        )  # fmt: skip
        return _Attempt(fetch, wait, location, held_back=held_back)

    def _fingerprint(self, url: str, response: Response) -> str | None:
        """Of the certificate that came with an answer; None without TLS, or where it cannot be had."""
        if urlsplit(url).scheme != "https":
            return None
        try:
            digest = response.certificate.digest("sha256").decode("ascii")
        except Exception:  # another release of Scrapy or Twisted: the page is kept all the same
            self._remark("the fingerprint of the server's certificate could not be had and is not kept")
            return None
        return str(digest.replace(":", "").lower())


def _rules_of(answer: Answer) -> str | None:
    """The text of a robots.txt; "" where the host has none; None: it could not be read, the host is closed."""
    status = answer.entry.http_status if answer.entry else None
    if answer.verdict is Verdict.ROBOTS:
        return answer.body.decode("utf-8", "replace").lstrip("\ufeff")
    if answer.verdict in (Verdict.SHELL, Verdict.NOT_FOUND):
        return ""  # the site has no such file, or answers everything with one page: no rule (RFC 9309, 2.3.1.3)
    if answer.verdict is Verdict.UNKNOWN and status is not None and (status == 200 or 400 <= status < 500):
        return ""
    return None


def _headers(headers: Any) -> Headers:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )


def _error_text(error: Exception | None) -> str:
    """One line that names the error and what caused it."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < 4:
        text = " ".join(str(seen).split())
        for reason in getattr(seen, "reasons", ()) or ():
            text += f" {' '.join(str(getattr(reason, 'value', reason)).split())}"
        parts.append(f"{type(seen).__name__}: {text}" if text else type(seen).__name__)
        seen = seen.__cause__
    return " / ".join(dict.fromkeys(parts))[:500]
