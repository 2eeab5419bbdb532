"""Channels that stay on this machine: an Atom file per rule, and standard output."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from lxml import etree

from lawdiff.alerts.channels.base import Channel, Message, Patience, SendFailed
from lawdiff.alerts.digest import subject_of, view
from lawdiff.alerts.messages import Limits, Part
from lawdiff.alerts.rules import Rule, Settings

ATOM = "http://www.w3.org/2005/Atom"
_ILLEGAL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])  # not allowed in XML 1.0


@dataclass
class AtomFiles(Channel):
    """`FOLDER/RULE.atom`: the newest items of the rule, newest first, written whole and renamed into place.

    An entry's id is a tag URI made of the item's keys, so it is the same after every rewrite.
    """

    name: str
    folder: Path
    settings: Settings
    entries: int = 100
    patience: Patience = field(default_factory=Patience)
    limits: Limits = field(default_factory=lambda: Limits(html=False))

    def send(self, message: Message) -> None:
        try:
            self.write(message.rule, message.feed_items(self.entries), message.created_at)
        except OSError as error:
            raise SendFailed(f"cannot write into {self.folder}: {error.strerror}") from error

    def write(self, rule: Rule, items: list[tuple[str, datetime, dict[str, Any]]], now: datetime) -> Path:
        """Write the feed of `rule`; returns its path."""
        path = self.folder / f"{rule.name}.atom"
        self.folder.mkdir(parents=True, exist_ok=True)
        body = feed(rule, items, self.settings, now)
        descriptor, temporary = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".atom")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return path


def feed(rule: Rule, items: list[tuple[str, datetime, dict[str, Any]]], settings: Settings, now: datetime) -> bytes:
    """An Atom feed (RFC 4287) of payloads, newest first."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", rule.reader)
    _text(root, "id", f"tag:{settings.tag}:alerts/{rule.name}")
    _text(root, "title", rule.title or rule.name)
    _text(root, "updated", (items[0][1] if items else now).isoformat())
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _text(author, "name", "lawdiff")
    if settings.site:
        etree.SubElement(root, f"{{{ATOM}}}link", rel="alternate", href=f"{settings.site}/changes")
    for _, created, payload in items:
        item = view(payload, rule.reader, settings.site)
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        key = sorted(payload["keys"])[0].partition("|")[2].replace("|", "/")
        _text(entry, "id", f"tag:{settings.tag}:alerts/{rule.name}/{key}")
        _text(entry, "title", subject_of([item], rule.reader))
        _text(entry, "published", created.isoformat())
        _text(entry, "updated", created.isoformat())
        for label, url in item.links:
            etree.SubElement(
                entry, f"{{{ATOM}}}link", rel="alternate" if url == item.permalink else "related", href=url, title=label
            )
        _text(entry, "summary", "; ".join(said for _, said in item.lines))
        content = "".join(f"<p>{redline.label}</p>{redline.html}" for redline in item.redlines)
        _text(entry, "content", content or "; ".join(item.phases)).set("type", "html")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text.translate(_ILLEGAL)
    return element


@dataclass
class Stdout(Channel):
    """Plain text, or one JSON object per line, to standard output."""

    name: str
    as_json: bool = False
    stream: IO[str] | None = None
    patience: Patience = field(default_factory=Patience)
    limits: Limits = field(default_factory=lambda: Limits(html=False))

    def send(self, message: Message) -> None:
        stream = self.stream or sys.stdout
        try:
            stream.write(self._line(message.id, message.rule, message.part))
            stream.flush()
        except OSError as error:
            raise SendFailed(f"cannot write to standard output: {error}") from error

    def _line(self, message_id: str, rule: Rule, part: Part) -> str:
        if not self.as_json:
            return part.text + "\n"
        said = {"id": message_id, "rule": rule.name, "subject": part.subject, "items": list(part.items)}
        return json.dumps(said, ensure_ascii=False, sort_keys=True) + "\n"
