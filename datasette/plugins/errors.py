"""Error pages in the reader's language, inside the site's frame.

Datasette 0.65.5 asks every handler and takes the first answer. Its own renders templates without the variables of
`extra_template_vars` and, where the package `rich` happens to be installed, fails on a plain 404. So it is wrapped: its
coroutine is closed unrun, and the answer is made here.
"""

import inspect
import sys
import traceback

from datasette import Response, hookimpl
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

from lawdiff.errors import LawdiffError


@hookimpl(hookwrapper=True)
def handle_exception(datasette, request, exception):
    outcome = yield
    for other in outcome.get_result():
        if inspect.iscoroutine(other):
            other.close()

    async def answer():
        status, message, title = _facts(exception)
        if status == 500:
            traceback.print_exception(exception, file=sys.stderr)
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": message, "status": status, "title": title}, status=status)
        html = await datasette.render_template(
            "lawdiff_error.html",
            {"status": status, "message": message if status not in (404, 500) else "", "feeds": []},
            request=request,
        )
        return Response.html(html, status=status, headers={"Vary": "Cookie, Accept-Language"})

    outcome.force_result([answer()])


def _facts(exception):
    """Status, message as plain text, and title. What failed inside is told to the log, not to the reader."""
    if isinstance(exception, DatasetteError):
        return exception.status, str(exception.message), exception.title
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0]) if exception.args else "", None
    if isinstance(exception, LawdiffError):
        return 500, exception.message, None
    return 500, "internal error", None
