"""What a question takes for granted and nobody ever spoke of: a figure, or the third of things of which there are two."""

from __future__ import annotations

import re

from assistant.evidence import Evidence
from assistant.facts.figures import figures
from ingest.archive.rows import StoredPassage
from ingest.passages import sentences
from ingest.records import Span

SMALL = 12
"""Numbers up to here are in every talk and decide nothing by themselves; years and times of day are no figures of a deal."""
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
_KIND = r"phase|stage|wave|step|tier|level|version|milestone|release|option|package|part|section|article|clause|schedule|appendix|annex"
_NUMBER = rf"(?P<number>\d{{1,2}}|{'|'.join(_WORDS)})"
_NUMBERED = re.compile(rf"\b(?P<kind>{_KIND})s? {_NUMBER}\b", re.IGNORECASE)
_ORDERED = re.compile(rf"\b(?P<number>{'|'.join(_ORDINALS)}) (?P<kind>{_KIND})\b", re.IGNORECASE)
_DENIES = re.compile(
    rf"\b(?:there (?:is|are|was|will be)|there[’']s|we (?:have|see|planned)|got) no (?:(?:{'|'.join(_ORDINALS)}) )?(?:{_KIND})\b",
    re.IGNORECASE,
)


def strange_figures(asked: str, evidence: Evidence) -> bool:
    """`What did we agree for 250 users?`, where nothing that was found speaks of 250 of anything."""
    told = {figure.value for ranked in evidence.best for figure in figures(ranked.passage.text)}
    mine = {figure.value for figure in figures(asked) if figure.value > SMALL and not 1990 <= figure.value <= 2100}
    return bool(mine) and not mine & told and not evidence.understood.month


def strange_number(asked: str, evidence: Evidence) -> bool:
    """`When does phase three begin?` of a history that numbers its phases and has no third."""
    mine = numbered(asked)
    if not mine:
        return False
    told = {one for passage in evidence.room.shelf.passages for one in numbered(passage.text)}
    kinds = {kind for kind, _ in told}
    return any(kind in kinds and (kind, number) not in told for kind, number in mine)


def denied_number(asked: str, evidence: Evidence) -> tuple[StoredPassage, Span] | None:
    """The sentence `There's no phase three` for a question that takes it for granted."""
    mine = numbered(asked)
    for passage in (ranked.passage for ranked in evidence.ranked) if mine else ():
        for span in sentences(passage.text):
            text = passage.text[span.start : span.end]
            if mine & numbered(text) and _DENIES.search(text):
                return passage, span
    return None


def numbered(text: str) -> frozenset[tuple[str, int]]:
    """Of the things that are numbered, which.

    >>> sorted(numbered("Phase 1 and the second phase"))
    [('phase', 1), ('phase', 2)]
    """
    found = (*_NUMBERED.finditer(text), *_ORDERED.finditer(text))
    return frozenset((one["kind"].casefold(), _value(one["number"].casefold())) for one in found)


def _value(word: str) -> int:
    if word.isdigit():
        return int(word)
    return (_WORDS if word in _WORDS else _ORDINALS).index(word) + 1
