"""Times the parser on one composed page of 1.8 MB, beside two others in the same run, in turns.

    python -m benchmarks.parse [--smoke] [--megabytes 1.8]

- `lxml.html` merely building the tree of the same bytes (bytes to complete records: at most 2.0 times that);
- BeautifulSoup with lxml giving the same records, checked to be equal in every field (at least 8 times slower);
- a whole history of such pages, each differing in a few articles, with a `ChunkCache`;
- peak memory of one page over the interpreter, in a process of its own (at most 60 MB).

Exit 1 where a target is missed; `--smoke` runs a small page once and checks equality only.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date

import lxml.html
from bs4 import BeautifulSoup, NavigableString, Tag

from lawdiff.model import Lang, Redaction
from lawdiff.parse import ChunkCache, parse_page
from lawdiff.parse.blocks import Block, HeadingLine, NoteBlock, TextBlock
from lawdiff.parse.content import Body
from lawdiff.parse.cutting import Chunk, heads_of
from lawdiff.parse.editorial import join_notes
from lawdiff.parse.headings import Head
from lawdiff.parse.markup import join_pieces
from lawdiff.parse.outline import make_outline
from lawdiff.parse.page import read_header
from lawdiff.parse.tree import Builder
from lawdiff.text import normalise

MAX_OVER_TREE = 2.0
MIN_UNDER_SOUP = 8.0
MAX_MEGABYTES = 60.0
ACT_ID = "K1400000999"
DAY = date(2025, 1, 1)
_VOCABULARY = (
    "лицо орган порядок решение основание заявление срок договор имущество сведения проверка размер показатель "
    "действие ответственность уполномоченный государственный предусмотренный настоящим Кодексом в соответствии с "
    "законодательством Республики Казахстан и или при на по не более десяти рабочих дней со дня получения"
)
_WORDS = tuple(_VOCABULARY.split(" "))
_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"/><title>Составленный кодекс - ИПС "Әділет"</title></head><body class="normal js">
<div id="container" class="module_npaView lang_rus"><div class="container_alpha slogan"><h1>Составленный кодекс</h1>
<span class="status status_upd">Обновленный</span>
<p>Кодекс Республики Казахстан от 5 июля 2014 года № 999-V ЗРК.</p></div>
<div class="container_gamma text text_upd"><div class="gs_12"><article>{body}</article></div></div>
<div class="container_omega aftertext"></div></div></body></html>
"""


def sentence(rng: random.Random, low: int, high: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(rng.randint(low, high)))


def compose_article(rng: random.Random, number: int, bare: bool) -> str:
    """An article in the site's markup: numbered parts with points, links, a split note; bare text where `bare`."""
    identity = number * 50
    title = sentence(rng, 3, 9).capitalize()
    out = [f'<p><b><a name="z{identity}"></a>Статья {number}. {title}</b></p>']

    def line(text: str) -> None:
        nonlocal identity
        identity += 1
        if bare:
            out.append(f'&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; <a name="z{identity}"></a>{text}<br>\n')
        else:
            out.append(f'<p id="z{identity}">\n&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; {text}</p>\n')

    for part in range(1, rng.randint(2, 6)):
        linked = f' <a href="/rus/docs/K1400000235#z{rng.randint(1, 900)}">статьей {rng.randint(1, 900)}</a>'
        line(f"{part}. {sentence(rng, 20, 45).capitalize()}{linked if rng.random() < 0.15 else ''}:")
        for point in range(1, rng.randint(1, 6)):
            line(f"{point}) {sentence(rng, 12, 40)};")
        if rng.random() < 0.3:
            line(f"{sentence(rng, 15, 40).capitalize()}.")
    if rng.random() < 0.6:
        laws = "; от ".join(
            f'{rng.randint(10, 28)}.0{rng.randint(1, 9)}.20{rng.randint(15, 25)} </span><a href="/rus/docs/'
            f'Z2{rng.randint(100000000, 599999999)}#z{rng.randint(1, 900)}">№ {rng.randint(10, 400)}-VII</a>'
            '<span class="note"> (вводится в действие по истечении десяти календарных дней после дня его первого '
            "официального опубликования)"
            for _ in range(rng.randint(1, 4))
        )
        out.append(
            f'<span class="note">&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; Сноска. Статья {number} с изменениями, внесенными '
            f"законами РК от {laws}.</span><br>\n"
        )
    return "".join(out)


def compose_articles(size: int, seed: int = 7) -> list[str]:
    """Articles of about `size` bytes in all, some under chapter headings."""
    rng = random.Random(seed)
    articles: list[str] = []
    written = 0
    while written < size:
        number = len(articles) + 1
        chapter = f'<h3 id="z{number * 50 - 1}"> Глава {number // 12 + 1}. {sentence(rng, 2, 6).upper()}</h3>'
        articles.append((chapter if number % 12 == 1 else "") + compose_article(rng, number, number % 4 == 0))
        written += len(articles[-1].encode())
    return articles


def page_of(articles: list[str]) -> bytes:
    return _PAGE.format(body="".join(articles)).encode()


def records(page: bytes, cache: ChunkCache | None = None) -> Redaction:
    """Everything that the parser makes of a page."""
    return parse_page(page, act_id=ACT_ID, lang=Lang.RU, redaction_date=DAY, is_current=False, cache=cache)


class SoupReader:
    """The same records by BeautifulSoup with lxml, as one would write it for such pages: the tree is walked once.

    What a line, number or note is called and where it belongs is decided by the parser's own rules (`Body`,
    the outline, `Builder`), so that the two differ in nothing but how they get from bytes to lines.
    """

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.heads: tuple[tuple[Head, str, str | None], ...] = ()
        self.marked = False
        self.body = Body(Lang.RU)
        self.noted: list[Block] = []  # the lines of a note that may go on
        self.pieces: list[str] = []
        self.links: list[tuple[int, int, str]] = []
        self.anchor: str | None = None
        self.in_note = False

    def records(self, page: bytes) -> Redaction:
        soup = BeautifulSoup(page, "lxml")
        article = soup.find("article")
        assert isinstance(article, Tag)
        for child in article.children:
            if isinstance(child, Tag):
                self.tag(child)
            elif isinstance(child, NavigableString):
                self.pieces.append(str(child))
        self.heading((), marked=False)
        head = page[: page.find(b"<article")].decode()
        builder = Builder(ACT_ID, Lang.RU, make_outline(self.chunks), DAY)
        built = builder.build(self.chunks)
        return Redaction(
            read_header(head, ACT_ID, Lang.RU),
            DAY,
            False,
            built.units,
            built.act_notes,
            built.omissions,
            built.issues,
        )

    def tag(self, child: Tag) -> None:
        name = child.name
        if name == "p":
            self.end_line()
            bold = child.b
            text = normalise(child.get_text())
            if bold is not None and re.match(r"Статья \d", text):
                anchor = bold.a
                self.heading(heads_of((HeadingLine(text, str(anchor["name"]) if anchor else None),)), marked=False)
            elif text:
                identity = child.get("id")
                self.text(TextBlock(text, None, str(identity) if identity else None))
        elif name == "br":
            self.end_line()
        elif name == "h3":
            self.heading(heads_of((HeadingLine(normalise(child.get_text()), str(child["id"])),)), marked=True)
        elif name == "a":
            href = child.get("href")
            if href is None:
                self.anchor = str(child["name"])
            else:
                self.links.append((len(self.pieces), len(self.pieces) + 1, str(href)))
                self.pieces.append(child.get_text())
        elif name == "span":
            self.in_note = self.in_note or "note" in (child.get("class") or [])
            self.pieces.append(child.get_text())

    def text(self, block: TextBlock) -> None:
        self.end_note()
        self.body.text(block)

    def end_line(self) -> None:
        if not self.pieces:
            return
        if self.in_note:
            text, links = join_pieces(self.pieces, self.links)
            self.noted.append(NoteBlock(text, links, False, self.anchor))
            self.anchor = None
        else:
            text = normalise("".join(self.pieces))
            if text:
                self.text(TextBlock(text, None, self.anchor))
                self.anchor = None
        self.pieces, self.links, self.in_note = [], [], False

    def end_note(self) -> None:
        if self.noted:
            for block in join_notes(tuple(self.noted)):
                assert isinstance(block, NoteBlock)
                self.body.note(block)
            self.noted.clear()

    def heading(self, heads: tuple[tuple[Head, str, str | None], ...], *, marked: bool) -> None:
        """A heading or the end: what stood under the heading before is done."""
        self.end_line()
        self.end_note()
        if self.heads:
            self.chunks.append(Chunk(self.heads, (), self.marked, False, self.body.done()))
        self.heads, self.marked, self.body = heads, marked, Body(Lang.RU)


def read_with_soup(page: bytes) -> Redaction:
    """Everything that `records` gives, by BeautifulSoup with lxml."""
    return SoupReader().records(page)


def runs_of(page: bytes, articles: list[str], pages: int) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""

    def whole_history() -> None:
        cache = ChunkCache()
        for one in history:
            records(one, cache)

    history = histories(articles, pages) if pages else []
    return {
        "tree": lambda: lxml.html.fromstring(page),
        "records": lambda: records(page),
        "soup": lambda: read_with_soup(page),
        "trees": lambda: [lxml.html.fromstring(one).tag for one in history],
        "history": whole_history,
    }


class Contender:
    """One of `runs_of` in a process of its own, which runs it when told to. In one process the second pays for the
    garbage of the first: on the heap that a tree leaves behind, `parse_page` takes a sixth longer than on its own."""

    def __init__(self, name: str, megabytes: float, pages: int = 0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.parse", "--run", name, f"--megabytes={megabytes}", f"--pages={pages}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.best = float("inf")

    def run(self) -> None:
        """Once more; `best` is the fastest so far, in seconds of processor time."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("run\n")
        self._process.stdin.flush()
        self.best = min(self.best, float(self._process.stdout.readline()))

    def end(self) -> None:
        self._process.communicate()


def run_when_told(action: Callable[[], object]) -> None:
    """The process of a `Contender`. The collector is off while the clock runs, as in `timeit`."""
    for _ in sys.stdin:
        gc.collect()
        gc.disable()
        start = time.process_time()
        result = action()
        taken = time.process_time() - start
        gc.enable()
        del result
        print(taken, flush=True)


def best_of(times: int, *contenders: Contender) -> list[float]:
    """Seconds of the fastest run of each. They take turns, so that a busy moment of the machine hits all."""
    for _ in range(times):
        for contender in contenders:
            contender.run()
    for contender in contenders:
        contender.end()
    return [contender.best for contender in contenders]


_MEMORY_PROBE = """
import sys
from lawdiff.model import Lang
from lawdiff.parse import parse_page
page = sys.stdin.buffer.read()
if sys.argv[1] == "read":
    kept = parse_page(page, act_id="K1400000999", lang=Lang.RU, redaction_date=None, is_current=True)
for line in open("/proc/self/status"):
    if line.startswith("VmHWM"):
        print(line.split()[1])
"""


def peak_megabytes(page: bytes) -> float:
    """Peak resident memory of a process that reads the page, less that of one that has everything ready for it."""
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", _MEMORY_PROBE, mode], input=page, capture_output=True, check=True
            ).stdout
        )
        for mode in ("ready", "read")
    ]
    return (peaks[1] - peaks[0]) / 1024


def histories(articles: list[str], count: int) -> list[bytes]:
    """`count` pages, each with two articles of the one before composed anew."""
    rng = random.Random(11)
    pages = [page_of(articles)]
    for _ in range(count - 1):
        articles = list(articles)
        for _ in range(2):
            place = rng.randrange(len(articles))
            if place % 12:
                articles[place] = compose_article(rng, place + 1, False)
        pages.append(page_of(articles))
    return pages


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a small page, once, for CI")
    parser.add_argument("--megabytes", type=float, default=1.8)
    parser.add_argument("--run", help=argparse.SUPPRESS)  # the process of a Contender
    parser.add_argument("--pages", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    megabytes, times = (0.15, 1) if options.smoke else (options.megabytes, 15)
    articles = compose_articles(int(megabytes * 1e6))
    page = page_of(articles)
    if options.run:
        run_when_told(runs_of(page, articles, options.pages)[options.run])
        return 0
    ours = records(page)
    if ours != read_with_soup(page):
        print("the parser and BeautifulSoup disagree", file=sys.stderr)
        return 1
    tree, full, soup = best_of(times, *(Contender(name, megabytes) for name in ("tree", "records", "soup")))
    pages = 3 if options.smoke else 20
    trees, history = best_of(
        1 if options.smoke else 5, *(Contender(name, megabytes, pages) for name in ("trees", "history"))
    )
    over = peak_megabytes(page)
    print(f"page: {len(page) / 1e6:.2f} MB, {ours.article_count} articles")
    print(f"lxml.html, the tree only   {tree * 1000:8.1f} ms   1.00")
    print(f"parse_page, all records    {full * 1000:8.1f} ms   {full / tree:.2f} (at most {MAX_OVER_TREE})")
    print(
        f"BeautifulSoup with lxml    {soup * 1000:8.1f} ms   {soup / full:.1f} times ours (at least {MIN_UNDER_SOUP})"
    )
    print(f"{pages} pages, the trees only   {trees * 1000:8.1f} ms   1.00")
    print(f"{pages} pages with a cache      {history * 1000:8.1f} ms   {history / trees:.2f}")
    print(f"peak memory of one page    {over:8.1f} MB   (at most {MAX_MEGABYTES:.0f})")
    if options.smoke:
        return 0
    return int(full > MAX_OVER_TREE * tree or soup < MIN_UNDER_SOUP * full or over > MAX_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
