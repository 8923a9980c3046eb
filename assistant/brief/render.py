"""Draws the page of a kept brief as plain text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.brief.page import lay_out
from assistant.brief.paper import Page, Row, anything_folded

COLUMNS = 100
IN_FULL = "What is only counted here stands in full in the JSON (baton brief with --format json), every promise in the CSV."


def as_text(body: Mapping[str, Any]) -> str:
    """The brief as a terminal shows it, no line wider than `COLUMNS`."""
    page, numbers = lay_out(body), _numbers(body)
    lines = [page.title, "=" * len(page.title), *_head(page)]
    for section in page.sections:
        lines += ["", section.title.upper()]
        for group in section.groups:
            lines += [f"  {group.heading}"] if group.heading else []
            for row in group.rows:
                lines += _wrapped(f"{row.words}{_marked(row, numbers)}", "  " if group.prose else "  - ", "  " if group.prose else "    ")
                lines += _wrapped(row.detail, "    ", "    ") if row.detail else []
            lines += [f"  … {group.folded}"] if group.more else []
    if page.sources:
        lines += ["", "SOURCES", *(line for row in page.sources for line in _wrapped(_source(row, numbers), "  ", "      "))]
    lines += ["", *_wrapped(IN_FULL, "", "")] if anything_folded(page) else []
    return "\n".join(lines) + "\n"


def _head(page: Page) -> Iterator[str]:
    width = max(len(label) for label, _ in page.facts) + 2
    for label, value in page.facts:
        yield from _wrapped(value, f"{label:<{width}}", " " * width)
    for warning in page.warnings:
        yield ""
        yield from _wrapped(warning, "! ", "  ")


def _numbers(body: Mapping[str, Any]) -> dict[str, int]:
    return {citation["id"]: citation["number"] for citation in body["citations"]}


def _marked(row: Row, numbers: Mapping[str, int]) -> str:
    return (" " + "".join(f"[{numbers[id]}]" for id in row.citations)) if row.citations else ""


def _source(row: Row, numbers: Mapping[str, int]) -> str:
    return f"{row.words} {''.join(f'[{numbers[id]}]' for id in row.citations)}"


def _wrapped(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(text, COLUMNS, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)
