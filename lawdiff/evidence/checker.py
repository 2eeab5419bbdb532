#!/usr/bin/env python3
"""Check this folder without the program that made it. Needs Python 3.8 or newer and nothing else.

    python3 check.py [RUN_ROOT]

RUN_ROOT: a run root that you have from elsewhere (published, notarised). Without it the script prints the newest run
root of the folder, for you to compare. Exit code 0: everything fits; 1: something does not.
"""

from __future__ import annotations

import gzip
import hashlib
import html.parser
import json
import re
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
problems: list[str] = []


def read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def expect(condition: bool, what: str) -> None:
    if not condition:
        problems.append(what)


def lines(name: str) -> list[dict[str, Any]]:
    """Journal lines, the hash of each recomputed: SHA-256 of the line without its last member, "hash"."""
    found = []
    for raw in read(name).splitlines():
        head, _, tail = raw.rpartition(b',"hash":"')
        line = json.loads(raw.decode("utf-8"))
        ended = tail == line["hash"].encode() + b'"}'
        expect(ended and sha256(head + b"}") == line["hash"], f"{name}: entry {line['seq']} does not have its hash")
        found.append(line)
    return found


def climb(digest: str, steps: list[list[str]]) -> str:
    """From an entry's hash to the root of its run (RFC 6962: leaves prefixed with 0, nodes with 1)."""
    current = hashlib.sha256(b"\0" + bytes.fromhex(digest)).digest()
    for side, sibling in steps:
        other = bytes.fromhex(sibling)
        pair = other + current if side == "left" else current + other
        current = hashlib.sha256(b"\1" + pair).digest()
    return current.hex()


def body_of(record: bytes) -> bytes:
    """The page inside the first WARC record: what follows the WARC headers and, in a response, the HTTP headers."""
    head, _, rest = gzip.decompress(record).partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^Content-Length:\s*(\d+)", head)
    block = rest[: int(length.group(1))] if length else b""
    is_response = re.search(rb"(?im)^WARC-Type:\s*response", head)
    return block.partition(b"\r\n\r\n")[2] if is_response else block


class Visible(html.parser.HTMLParser):
    """The characters of a page that a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def visible(page: bytes) -> str:
    parser = Visible()
    parser.feed(page.decode("utf-8", "replace"))
    return squeeze("".join(parser.parts))


def squeeze(text: str) -> str:
    """Without white space and invisible characters: where lines break is no matter of the text."""
    return re.sub("[\\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff]+", "", text)


def check_sums() -> None:
    named = {}
    for line in read("SHA256SUMS").decode("utf-8").splitlines():
        digest, name = line.split("  ", 1)
        named[name] = digest
    present = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    for name in sorted(set(named) | present - {"SHA256SUMS"}):
        if name not in present:
            problems.append(f"{name} is missing")
        elif name not in named:
            problems.append(f"{name} was added")
        else:
            expect(sha256(read(name)) == named[name], f"{name} was changed")


def check_records(entries: list[dict[str, Any]]) -> None:
    by_place = {(entry["warc_file"], entry["warc_offset"]): entry for entry in entries}
    for entry in entries:
        seq = entry["seq"]
        page_name = f"pages/{seq:06d}.{'json' if entry['http_status'] is None else 'html'}"
        page = read(page_name)
        record = sha256(read(f"records/{seq:06d}.warc.gz"))
        expect(record == entry["warc_sha256"], f"records/{seq:06d}.warc.gz is not what entry {seq} names")
        expect(sha256(page) == entry["sha256"], f"{page_name} is not what entry {seq} names")
        holder = by_place.get((entry["body_file"], entry["body_offset"]))
        if holder is None:
            problems.append(f"the record with the body of entry {seq} is missing")
            continue
        name = f"records/{holder['seq']:06d}.warc.gz"
        expect(body_of(read(name)) == page, f"{page_name} is not the page in {name}")


def check_chain(entries: list[dict[str, Any]], closes: list[dict[str, Any]]) -> None:
    paths = {path["seq"]: path for path in json.loads(read("journal/paths.json").decode("utf-8"))}
    roots = {close["seq"]: close for close in closes}
    for entry in entries:
        path = paths.get(entry["seq"])
        close = roots.get(path["close"]) if path else None
        if path is None or close is None:
            problems.append(f"entry {entry['seq']}: no path to a run root")
            continue
        reached = climb(entry["hash"], path["steps"])
        expect(reached == close["root"], f"entry {entry['seq']} is not in the run that entry {close['seq']} closes")
    for number in range(1, len(closes)):
        before, after = closes[number - 1], closes[number]
        expect(after["prev_close"] == before["hash"], f"run root {after['seq']} does not follow {before['seq']}")


def check_texts(case: dict[str, Any]) -> None:
    last, shown = "", ""
    for version in sorted(case["versions"], key=lambda one: str(one["page_file"])):
        name, page = version["text_file"], version["page_file"]
        content = read(name)
        expect(sha256(content) == version["text_sha256"], f"{name} does not have its digest")
        if version["imported"]:
            continue  # no page of the portal: a person has to look the words up in the JSON bundle
        if page != last:
            last, shown = page, visible(read(page))
        for line in [version["heading"], *content.decode("utf-8").split("\n")]:
            expect(squeeze(line) in shown, f"{name}: not in {page}: {line[:80]}")


def main() -> int:
    check_sums()
    entries, closes = lines("journal/entries.jsonl"), lines("journal/closes.jsonl")
    case = json.loads(read("evidence.json").decode("utf-8"))
    check_records(entries)
    check_chain(entries, closes)
    check_texts(case)
    known = [close["hash"] for close in closes]
    expect(case["run_root"]["hash"] == known[-1], "evidence.json names another run root")
    for root in sys.argv[1:]:
        expect(root.strip().lower() in known, f"the run root {root} is not in journal/closes.jsonl")
    for problem in problems:
        sys.stdout.write(f"WRONG: {problem}\n")
    if problems:
        return 1
    imported = sum(version["imported"] for version in case["versions"])
    if imported:
        sys.stdout.write(f"NOTE: {imported} texts come from another source than the portal; compare them yourself\n")
    sys.stdout.write(f"OK: {len(entries)} pages, {len(case['versions'])} texts, {len(closes)} run roots\n")
    sys.stdout.write(
        f"newest run root, {case['run_root']['closed_at']}; compare it with the published one:\n{known[-1]}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
