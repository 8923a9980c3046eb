"""A brief as one HTML file that needs nothing else: to keep, to mail, to print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from assistant.brief.export.notes import SEARCHES, notes, numbers
from assistant.brief.page import lay_out
from assistant.brief.paper import Group, Page, Row, anything_folded
from assistant.brief.render import IN_FULL

_STYLE = Path(__file__).with_name("brief.css")


def as_html(body: Mapping[str, Any]) -> str:
    """Built as a tree, so that somebody's words can be nothing but text; no script, and nothing fetched from anywhere."""
    page, number_of = lay_out(body), numbers(body)
    root = Element("html", {"lang": "en"})
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": policy})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    SubElement(head, "title").text = page.title
    SubElement(head, "style").text = _STYLE.read_text("utf-8")
    main = SubElement(SubElement(root, "body"), "main")
    SubElement(main, "h1").text = page.title
    facts = SubElement(main, "dl")
    for label, value in page.facts:
        SubElement(facts, "dt").text = label
        SubElement(facts, "dd").text = value
    for warning in page.warnings:
        SubElement(main, "p", {"class": "warning"}).text = warning
    first_marks: set[int] = set()
    for section in page.sections:
        part = SubElement(main, "section")
        SubElement(part, "h2").text = section.title
        for group in section.groups:
            if group.heading:
                SubElement(part, "h3").text = group.heading
            (_table if group.columns else _list)(part, group, number_of, first_marks)
            if group.more:
                SubElement(part, "p", {"class": "folded"}).text = f"… {group.folded}"
    if page.searches:
        part = SubElement(main, "section", {"class": "looked-up"})
        SubElement(part, "h2").text = SEARCHES
        _list(part, Group("", page.searches), number_of, first_marks)
    _sources(main, body, page, first_marks)
    if anything_folded(page):
        SubElement(SubElement(main, "footer"), "p").text = IN_FULL
    return "<!doctype html>\n" + ElementTree.tostring(root, encoding="unicode", method="html") + "\n"


def _list(parent: Element, group: Group, number_of: Mapping[str, int], first_marks: set[int]) -> None:
    listed = parent if group.prose else SubElement(parent, "ul")
    for row in group.rows:
        item = SubElement(listed, "p" if group.prose else "li")
        item.text = row.words
        _mark(item, row, number_of, first_marks)
        if row.detail:
            SubElement(item, "span", {"class": "detail"}).text = row.detail


def _table(parent: Element, group: Group, number_of: Mapping[str, int], first_marks: set[int]) -> None:
    table = SubElement(parent, "table")
    headings = SubElement(SubElement(table, "thead"), "tr")
    for column in group.columns:
        SubElement(headings, "th", {"scope": "col"}).text = column
    rows = SubElement(table, "tbody")
    for row in group.rows:
        line = SubElement(rows, "tr")
        for number, cell in enumerate(row.cells):
            held = SubElement(line, "td")
            held.text = cell
            if number == 0:
                _mark(held, row, number_of, first_marks)


def _mark(element: Element, row: Row, number_of: Mapping[str, int], first_marks: set[int]) -> None:
    for id in row.citations:
        number = number_of[id]
        named = {} if number in first_marks else {"id": f"at-{number}"}
        first_marks.add(number)
        raised = SubElement(element, "sup")
        SubElement(raised, "a", {"href": f"#source-{number}", **named}).text = f"[{number}]"


def _sources(parent: Element, body: Mapping[str, Any], page: Page, first_marks: set[int]) -> None:
    found = list(notes(body, page))
    if not found:
        return
    part = SubElement(parent, "section")
    SubElement(part, "h2").text = "Sources"
    listed = SubElement(part, "ol")
    for note in found:
        item = SubElement(listed, "li", {"id": f"source-{note.number}", "value": str(note.number)})
        item.text = f"{note.setting}: “{note.quote}” "
        if note.url:
            link = SubElement(item, "a", {"href": note.url, "rel": "noopener noreferrer", "target": "_blank"})
            link.text = "Open"
            link.tail = " "
        if note.number in first_marks:
            SubElement(item, "a", {"href": f"#at-{note.number}", "aria-label": f"Back to where source {note.number} is cited"}).text = "↑"
