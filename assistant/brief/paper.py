"""What a laid-out brief is made of: a head, sections, groups of rows, each row with the citations it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    words: str
    detail: str = ""
    """A second, quieter line: who said it to whom and when."""
    citations: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    """The same words as the cells of a table, where the group is one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one small heading; `more` rows of it are left to the JSON."""

    heading: str
    rows: tuple[Row, ...]
    more: int = 0
    columns: tuple[str, ...] = ()
    """Headings of the cells of its rows; empty for a list."""
    prose: bool = False
    """Sentences to be read one after the other, not points."""
    whole: bool = False
    """Each of its rows is shown, whatever else has to give way."""

    @property
    def folded(self) -> str:
        if not self.more:
            return ""
        return f"{self.more} more" if self.rows else f"{self.more} on record"


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    groups: tuple[Group, ...]
    first: bool = False
    """It stands on the first page, which ends behind the last of these."""


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    facts: tuple[tuple[str, str], ...]
    """The head of the page: label and value."""
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    sources: tuple[Row, ...]
    """Each interaction quoted on the page, once, with the citations that lead to it."""
    searches: tuple[Row, ...] = ()
    """What was searched for each open question: looked up like the sources, not read."""


def words_on(page: Page) -> int:
    """The words of the page's body: its head and its list of sources are looked up, not read."""
    groups = [group for section in page.sections for group in section.groups]
    rows = [row for group in groups for row in group.rows]
    headings = [*(section.title for section in page.sections), *(group.heading for group in groups), *(group.folded for group in groups)]
    return sum(map(count_words, headings)) + sum(count_words(f"{row.words} {row.detail}") for row in rows)


def first_page_words(page: Page) -> int:
    """All that a reader meets before the second page: title, head, warnings, and the sections that stand first."""
    head = [page.title, *(f"{label} {value}" for label, value in page.facts), *page.warnings]
    first = replace(page, sections=tuple(section for section in page.sections if section.first))
    return sum(map(count_words, head)) + words_on(first)


def last_of_first_page(page: Page) -> Section | None:
    """Behind it a printed brief begins a new page; none where nothing stands first, or nothing follows."""
    first = [number for number, section in enumerate(page.sections) if section.first]
    return page.sections[first[-1]] if first and first[-1] + 1 < len(page.sections) else None


def cited_on(sections: Iterable[Section]) -> tuple[str, ...]:
    """The citations that are shown, in reading order."""
    return tuple(dict.fromkeys(id for section in sections for group in section.groups for row in group.rows for id in row.citations))


def anything_folded(page: Page) -> bool:
    return any(group.more for section in page.sections for group in section.groups)


def count_words(text: str) -> int:
    """Words a reader meets: runs with a letter or a digit in them, citation marks left out."""
    return sum(1 for word in re.sub(r"(?:\\?\[\d+\\?\])+", " ", text).split() if re.search(r"\w", word))


def day_words(iso: str) -> str:
    """`18 Jan 2027` of a date or a moment."""
    try:
        on = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{on.day} {on:%b %Y}"


LONGEST_ROW = 20


def shortened(text: str, most: int = LONGEST_ROW) -> str:
    """Whole where a few words more would do it."""
    words = text.split()
    return " ".join(words) if len(words) <= most + 5 else " ".join(words[:most]) + " …"


def titled(one: Mapping[str, Any]) -> str:
    return f"{one['name']} ({one['title']})" if one["title"] else str(one["name"])
