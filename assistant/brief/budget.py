"""Deals the words of a page to its sections, so that a reader with five minutes meets what matters of each, and promises first of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.brief.paper import Section, count_words


@dataclass(frozen=True, slots=True)
class Claimed:
    """A section with all its rows, and what it may claim of them."""

    section: Section
    least: int
    """Rows it keeps before another section is given a further one."""
    lasting: bool = False
    """It gives nothing up, whatever else has to go."""


Shown = list[list[int]]
"""By section and group, how many rows are shown."""


def dealt(claimed: Sequence[Claimed], words: int, first_words: int) -> tuple[Section, ...]:
    """The sections with as many rows as fit into `words`, those of the first page into `first_words`; the rest is counted.

    Every section begins with its least. Is that too much, who has most rows gives one up, of equals the last; is it too little, a row
    goes to each in turn.
    """
    costs = [[[count_words(f"{row.words} {row.detail}") for row in group.rows] for group in one.section.groups] for one in claimed]

    def spent(shown: Shown, *, first: bool = False) -> int:
        return sum(
            count_words(one.section.title) + sum(_words_of(one, costs[at], shown[at]))
            for at, one in enumerate(claimed)
            if one.section.first or not first
        )

    def fits(shown: Shown, *, first: bool) -> bool:
        return spent(shown) <= words and (not first or spent(shown, first=True) <= first_words)

    shown = [_least(one) for one in claimed]
    while spent(shown, first=True) > first_words and (giver := _giver(claimed, shown, first=True)):
        shown = _with_one_less(shown, *giver)
    while spent(shown) > words and (giver := _giver(claimed, shown)):
        shown = _with_one_less(shown, *giver)
    while spent(shown) > words and (giver := _giver(claimed, shown, last=True)):
        shown = _with_one_less(shown, *giver)
    growing = True
    while growing:
        growing = False
        for at, one in enumerate(claimed):
            further = _with_one_more(claimed, shown, at)
            if further and fits(further, first=one.section.first):
                shown, growing = further, True
    return tuple(_cut(one.section, counts) for one, counts in zip(claimed, shown, strict=True))


def _words_of(one: Claimed, costs: Sequence[Sequence[int]], counts: Sequence[int]) -> Iterator[int]:
    for group, of_rows, count in zip(one.section.groups, costs, counts, strict=True):
        cut = replace(group, rows=group.rows[:count], more=group.more + len(of_rows) - count)
        yield count_words(group.heading) + sum(of_rows[:count]) + count_words(cut.folded)


def _least(one: Claimed) -> list[int]:
    """One row of each group, all of one that is shown whole, the rest of its least to the first groups; none where its least is none."""
    if one.least == 0:
        return [0 for _ in one.section.groups]
    counts = [len(group.rows) if group.whole else 1 for group in one.section.groups]
    for at, group in enumerate(one.section.groups):
        counts[at] += max(0, min(one.least - sum(counts), len(group.rows) - counts[at]))
    return counts


def _giver(claimed: Sequence[Claimed], shown: Shown, *, first: bool = False, last: bool = False) -> tuple[int, int] | None:
    """The section and group that can best spare a row: of those that give at all the one with most rows, of equals the last.

    With `last` a group gives its last row too, where another of its section shows some.
    """
    spare = [
        (count, at, group)
        for at, one in enumerate(claimed)
        if not one.lasting and (one.section.first or not first)
        for group, count in enumerate(shown[at])
        if count > (0 if last and sum(shown[at]) > count else min(1, one.least)) and not one.section.groups[group].whole
    ]
    return max(spare)[1:] if spare else None


def _with_one_less(shown: Shown, at: int, group: int) -> Shown:
    return [[count - ((n, m) == (at, group)) for m, count in enumerate(counts)] for n, counts in enumerate(shown)]


def _with_one_more(claimed: Sequence[Claimed], shown: Shown, at: int) -> Shown | None:
    """With a further row of a section, in its first group that has one left; None where all are shown."""
    for group, held in enumerate(claimed[at].section.groups):
        if shown[at][group] < len(held.rows):
            counts = [*shown[at][:group], shown[at][group] + 1, *shown[at][group + 1 :]]
            return [*shown[:at], counts, *shown[at + 1 :]]
    return None


def _cut(section: Section, counts: Sequence[int]) -> Section:
    groups = zip(section.groups, counts, strict=True)
    return replace(
        section,
        groups=tuple(replace(group, rows=group.rows[:count], more=group.more + len(group.rows) - count) for group, count in groups),
    )
