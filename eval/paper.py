"""HTML pages that need nothing else: one file, no script, nothing fetched; built as a tree, so that words can be nothing but text."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

_STYLE = Path(__file__).with_name("paper.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
# Controls have no place in HTML, and marks that turn the direction of writing would let a quote rearrange the page around it.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """What a page can show: a sign in place of each character that it cannot."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class Paper:
    """A page that is written from top to bottom."""

    def __init__(self, title: str, lead: str = "") -> None:
        self.root = Element("html", {"lang": "en"})
        head = SubElement(self.root, "head")
        SubElement(head, "meta", {"charset": "utf-8"})
        SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
        SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
        SubElement(head, "title").text = clean(title)
        SubElement(head, "style").text = _STYLE.read_text("utf-8")
        self.main = SubElement(SubElement(self.root, "body"), "main")
        self.at: Element = self.main
        add(self.main, "h1", title)
        if lead:
            add(self.main, "p", lead, "lead")

    def section(self, heading: str, intro: str = "") -> Element:
        """Begins a section, in which what follows is put."""
        self.at = SubElement(self.main, "section")
        add(self.at, "h2", heading)
        if intro:
            add(self.at, "p", intro, "intro")
        return self.at

    def said(self, text: str, kind: str = "") -> Element:
        return add(self.at, "p", text, kind)

    def tiles(self, tiles: list[tuple[str, str, str]]) -> None:
        """Each a figure, what it counts, and `good`, `bad` or nothing."""
        held = add(self.at, "dl", kind="tiles")
        for figure, counts, judged in tiles:
            tile = add(held, "div", kind=judged)
            add(tile, "dt", counts)
            add(tile, "dd", figure)

    def table(self, columns: list[str], rows: list[list[str]]) -> Element:
        """Columns after the first hold figures and stand to the right, unless their heading begins with a `<`."""
        around = add(self.at, "div", kind="wide")
        around.set("tabindex", "0")
        table = SubElement(around, "table")
        line = SubElement(SubElement(table, "thead"), "tr")
        words = [column.startswith("<") or not number for number, column in enumerate(columns)]
        for column, flush in zip(columns, words, strict=True):
            add(line, "th", column.removeprefix("<"), "" if flush else "figure").set("scope", "col")
        body = SubElement(table, "tbody")
        for row in rows:
            line = SubElement(body, "tr")
            for cell, flush in zip(row, words, strict=True):
                add(line, "td", cell, "" if flush else "figure")
        return table

    def html(self) -> str:
        return "<!doctype html>\n" + ElementTree.tostring(self.root, encoding="unicode", method="html") + "\n"


def add(parent: Element, tag: str, text: str = "", kind: str = "") -> Element:
    made = SubElement(parent, tag, {"class": kind} if kind else {})
    if text:
        made.text = clean(text)
    return made
