"""`?ui=kk` on Datasette's own pages, where a query is a filter: the choice goes into the cookie, the rest stays."""

from urllib.parse import parse_qsl, urlencode

from datasette import hookimpl

from lawdiff.site.catalogue import UI_LANGS

YEAR = 365 * 24 * 3600


@hookimpl
def asgi_wrapper():
    def wrap(app):
        async def choosing(scope, receive, send):
            chosen = _choice(scope)
            if chosen is None:
                await app(scope, receive, send)
                return
            lang, target = chosen
            headers = [
                (b"location", target.encode()),
                (b"set-cookie", f"ui={lang}; Max-Age={YEAR}; Path=/; SameSite=lax; HttpOnly".encode()),
                (b"cache-control", b"no-store"),
            ]
            await send({"type": "http.response.start", "status": 302, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

        return choosing

    return wrap


def _choice(scope):
    """The language chosen and the address without it, on a page of Datasette; None elsewhere."""
    if scope["type"] != "http" or not scope["path"].startswith(("/lawdiff", "/-/")):
        return None
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    wishes = [value for name, value in query if name == "ui" and value in UI_LANGS]
    if not wishes:
        return None
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    rest = urlencode([(name, value) for name, value in query if name != "ui"])
    return wishes[-1], path + (f"?{rest}" if rest else "")
