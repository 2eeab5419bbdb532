"""The bundled sample served as the portal would serve it, on loopback, for `lawdiff demo` and the tests.

`serve_sample` is a context manager that yields the base URL. The pages are composed by this project: a miniature of
two acts in seven to nine redactions each; their wording is not the official text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lawdiff.resources import data_path

SAMPLE_ACTS = ("K1400000226", "Z1300000094")
ROBOTS = "User-agent: *\nDisallow: /rus/search/\nDisallow: /rus/list/docs/\nDisallow: /rus/archive/\n"
NOT_FOUND = "<html><head><title>404</title></head><body>Страница не найдена</body></html>"


class _SamplePages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder = Path()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).strip("/")
        if path == "robots.txt":
            self._answer(200, ROBOTS.encode(), "text/plain")
            return
        page = self._page(path)
        if page is None:
            self._answer(404, NOT_FOUND.encode(), "text/html")
        else:
            self._answer(200, page, "text/html")

    def _page(self, path: str) -> bytes | None:
        """The stored page for a path, or None; a path can only name files below the sample's folder."""
        if ".." in Path(path).parts:
            return None
        for name in (f"{path}.html", f"{path}/index.html"):
            target = self.folder / name
            if target.is_file():
                return target.read_bytes()
        return None

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent: the crawl reports what it fetched."""


@contextmanager
def serve_sample(folder: Path | None = None) -> Iterator[str]:
    """Serve the sample (or another `folder` of the same form) on a free loopback port; yields `http://127.0.0.1:PORT`."""
    handler = type("SamplePages", (_SamplePages,), {"folder": folder or data_path("sample")})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True, name="sample")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
