"""One visit: a page asked for until it is whole, given up, or refused. Every attempt becomes an item.

Rules, each tested against a server that misbehaves so: a pause before every request; a retry only for what may mend
itself (5xx, 429, no answer, short bodies, maintenance without text), with doubling pauses and never before Retry-After;
redirects followed within the known hosts with `;jsessionid` taken off; certificate errors and refusals not retried.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest

from crawler.items import PageItem
from crawler.middlewares import Robots
from crawler.pace import WORTH_A_RETRY, Pace, not_before_note, retry_after
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
    """What one request brought. wait: of a Retry-After, seconds. location: of a redirect."""

    fetch: Fetch
    wait: float | None = None
    location: str | None = None
    certificate_error: bool = False


Judge = Callable[[Page, Classified, bytes], Classified]


class Visitor:
    """Makes visits for one run; `answer` is that of the last visit made.

    download: sends a request through Scrapy's downloader and its middlewares. judge: may hold back a page that was
    classified as good (shape watch).
    """

    def __init__(
        self,
        options: Options,
        pace: Pace,
        robots: Robots,
        download: Callable[[Request], Awaitable[Response]],
        *,
        judge: Judge,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.options = options
        self.pace = pace
        self.robots = robots
        self.judge = judge
        self.bases = list(options.bases)
        self.answer = Answer(robots_page(), None, "nothing was asked")
        self._download = download
        self._clock = clock
        self._sleep = sleep
        self._loop = asyncio.get_running_loop()
        self._ended_at: float | None = None

    @property
    def base(self) -> str:
        return self.bases[0].rstrip("/")

    async def visit(self, page: Page) -> AsyncIterator[PageItem]:
        """Ask for a page; `answer` holds the outcome afterwards. Moves on to the next host at a shell (FORMAT §0)."""
        while True:
            base = self.base
            async for item in self._visit_at(base, page):
                yield item
            self._follow_the_pages()
            if self.answer.verdict is not Verdict.SHELL or len(self.bases) < 2:
                return
            self.bases.pop(0)
            self.pace.answered(Verdict.TEXT)  # this host is well: it only no longer serves the pages

    def _follow_the_pages(self) -> None:
        """Where a redirect to a further known host brought the page, ask that host from now on: half the requests."""
        for index, base in enumerate(self.bases):
            if index and self.answer.good and urlsplit(self.answer.url).netloc == urlsplit(base).netloc:
                del self.bases[:index]
                return

    async def _visit_at(self, base: str, page: Page) -> AsyncIterator[PageItem]:
        url = base + page.path
        if not self.robots.knows(url):
            async for item in self._learn_robots(url):
                yield item
        if not self.robots.allows(url):
            if self.robots.unreachable(url):
                self.answer = Answer(page, None, self.answer.detail, refused="unreachable")
                if self.pace.stopped is None:
                    self.pace.stop(f"robots.txt of {urlsplit(url).netloc} could not be read, so nothing may be asked")
            else:
                self.answer = Answer(page, None, f"closed by robots.txt of {urlsplit(url).netloc}", refused="robots")
            return
        async for item in self._attempts(page, url):
            yield item

    async def _learn_robots(self, url: str) -> AsyncIterator[PageItem]:
        parts = urlsplit(url)
        async for item in self._attempts(robots_page(), f"{parts.scheme}://{parts.netloc}/robots.txt"):
            yield item
        answer = self.answer
        status = answer.entry.http_status if answer.entry else None
        rules: str | None = None
        if answer.verdict is Verdict.ROBOTS:
            rules = answer.body.decode("utf-8", "replace").lstrip("\ufeff")
        elif answer.verdict in (Verdict.SHELL, Verdict.NOT_FOUND) or (
            answer.verdict is Verdict.UNKNOWN and status == 200
        ):
            rules = ""  # the site has no such file, or answers everything with one page: no rule (RFC 9309, 2.3.1.3)
        elif answer.verdict is Verdict.UNKNOWN and status is not None and 400 <= status < 500:
            rules = ""
        self.pace.slow_down(self.robots.learn(url, rules))
        if rules is None:
            self.answer = replace(answer, detail=f"robots.txt could not be read: {answer.why}")

    async def _attempts(self, page: Page, url: str) -> AsyncIterator[PageItem]:
        for number in range(1, self.options.retries + 2):
            hops = 0
            while True:
                refusal = self.pace.refusal(self._clock())
                if refusal:
                    self.answer = Answer(page, None, f"the run was stopped: {refusal}", refused="stopped")
                    return
                attempt = await self._attempt(page, url)
                item = PageItem(attempt.fetch, self._loop.create_future())
                yield item
                entry = await item.receipt
                if attempt.location is None or hops >= _MAX_HOPS:
                    break
                target = clean_url(urljoin(url, attempt.location))
                if not self._same_page(page, target):
                    break
                if page.kind is not PageKind.ROBOTS and not self.robots.knows(target):
                    async for item in self._learn_robots(target):
                        yield item
                if page.kind is not PageKind.ROBOTS and not self.robots.allows(target):
                    break
                url, hops = target, hops + 1
            fetch = attempt.fetch
            self.answer = Answer(
                page, fetch.verdict, fetch.error or fetch.detail, fetch.body, fetch.url, entry, number,
                certificate_error=attempt.certificate_error,
            )  # fmt: skip
            self.pace.answered(fetch.verdict)
            if self.pace.too_long(attempt.wait):
                self.pace.stop(f"the server {fetch.error or 'asked to come back later'}; run again then")
            if self.pace.stopped or not self._again(attempt, number):
                return
            await self._sleep(self.pace.wait_before_retry(number, attempt.wait))

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
        """One request, one answer: pause, send, classify. Never raises but for cancellation."""
        await self._pause()
        now = self._clock()
        self.pace.asked(now)
        request = Request(url, dont_filter=True, meta={"dont_redirect": True})
        response: Response | None = None
        error: Exception | None = None
        try:
            response = await self._download(request)
        except Exception as caught:  # every transport error is an outcome to be kept
            error = caught
        self._ended_at = self._loop.time()
        if response is None:
            return self._nothing_came(page, url, now, request, error)
        return self._something_came(page, url, now, request, response)

    async def _pause(self) -> None:
        """The delay counts from the end of the last answer, so that the server never sees more than the set rate."""
        if self._ended_at is not None:
            wait = self._ended_at + self.pace.delay - self._loop.time()
            if wait > 0:
                await self._sleep(wait)

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
        location = None
        if 300 <= response.status < 400:
            location = (response.headers.get("Location") or b"").decode("latin-1") or None
            to_login = re.search(r"login|auth|signin", location or "", re.IGNORECASE)
            verdict = Verdict.LOGIN if to_login else Verdict.UNKNOWN
            classified = Classified(verdict, f"HTTP {response.status} to {location}")
        elif classified.good:
            classified = self.judge(page, classified, body)
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
            certificate_sha256=_fingerprint(response.certificate), error=error,
            ip_address=str(response.ip_address) if response.ip_address else None,
        )  # fmt: skip
        return _Attempt(fetch, wait, location)


def _headers(headers: Any) -> Headers:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )


def _fingerprint(certificate: Any) -> str | None:
    if certificate is None:
        return None
    return str(certificate.digest("sha256").decode("ascii").replace(":", "").lower())


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
