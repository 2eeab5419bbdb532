"""Security headers on every answer. Scripts come from this site's files alone, on Datasette's own pages too.

Datasette's templates colour their headings by style attributes, so its pages may carry inline styles; ours may not.
"""

from datasette import hookimpl

COMMON = "default-src 'none'; script-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
CLOSED = "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
OWN = f"{COMMON}style-src 'self'; {CLOSED}"
DATASETTE = f"{COMMON}style-src 'self' 'unsafe-inline'; {CLOSED}"
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), interest-cohort=()",
}


@hookimpl
def asgi_wrapper():
    def wrap(app):
        async def with_headers(scope, receive, send):
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            path = scope["path"]
            policy = DATASETTE if path.startswith(("/lawdiff", "/-/", "/_")) else OWN

            async def sending(message):
                if message["type"] == "http.response.start":
                    headers = list(message.get("headers", []))
                    named = {name.lower() for name, _ in headers}
                    wanted = {**HEADERS, b"content-security-policy": policy.encode()}
                    if path.startswith("/static/") and b"v=" in scope.get("query_string", b""):
                        wanted[b"cache-control"] = b"public, max-age=31536000, immutable"
                    headers += [(name, value) for name, value in wanted.items() if name not in named]
                    message = {**message, "headers": headers}
                await send(message)

            await app(scope, receive, sending)

        return with_headers

    return wrap
