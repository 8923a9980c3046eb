"""A brief as Markdown with footnotes, for a wiki, a ticket or a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.brief.export.notes import SEARCHES, notes, numbers
from assistant.brief.page import lay_out
from assistant.brief.paper import Group, Row, anything_folded
from assistant.brief.render import IN_FULL


def as_markdown(body: Mapping[str, Any]) -> str:
    """Somebody's words in it are never mark-up; `[^3]` is the footnote that says where they stand."""
    page, number_of = lay_out(body), numbers(body)
    lines = [f"# {escaped(page.title)}", "", *(f"- **{label}:** {escaped(value)}" for label, value in page.facts)]
    lines += [line for warning in page.warnings for line in ("", f"> {escaped(warning)}")]
    for section in page.sections:
        lines += ["", f"## {section.title}"]
        for group in section.groups:
            lines += ["", f"### {group.heading}"] if group.heading else []
            lines += ["", *(_table(group, number_of) if group.columns else _list(group, number_of))]
            lines += ["", f"… {group.folded}"] if group.more else []
    lines += ["", f"## {SEARCHES}", ""] if page.searches else []
    lines += [f"- {escaped(row.words)}  \n  {escaped(row.detail)}" for row in page.searches]
    lines += ["", IN_FULL] if anything_folded(page) else []
    for note in notes(body, page):
        link = f" [Open]({_address(note.url)})" if note.url else ""
        lines += ["", f"[^{note.number}]: {escaped(note.setting)}: “{escaped(note.quote)}”{link}"]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Somebody's words are never mark-up, and never begin a list, a heading or a number."""
    inline = re.sub(r"([\\`*_{}\[\]<>#|~&!])", r"\\\1", " ".join(text.split()))
    return re.sub(r"^([-+=]|\d+[.)])", r"\\\1", inline)


def _list(group: Group, number_of: Mapping[str, int]) -> Iterator[str]:
    for row in group.rows:
        yield ("" if group.prose else "- ") + f"{escaped(row.words)}{_marks(row, number_of)}" + ("  " if row.detail else "")
        if group.prose:
            yield ""
        if row.detail:
            yield f"  {escaped(row.detail)}"


def _table(group: Group, number_of: Mapping[str, int]) -> Iterator[str]:
    yield f"| {' | '.join(group.columns)} |"
    yield f"|{' --- |' * len(group.columns)}"
    for row in group.rows:
        first, *others = row.cells
        yield f"| {' | '.join((f'{escaped(first)}{_marks(row, number_of)}', *map(escaped, others)))} |"


def _marks(row: Row, number_of: Mapping[str, int]) -> str:
    return "".join(f"[^{number_of[id]}]" for id in row.citations)


def _address(url: str) -> str:
    """An address cannot end its link early."""
    return re.sub(r"[\s()<>\[\]\\]", lambda found: f"%{ord(found[0]):02X}", url)
