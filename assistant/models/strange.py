"""What a question takes for granted and nobody ever spoke of: a thing, a figure, or the third of things of which there are two."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence
from assistant.facts.figures import figures, may_be_year
from assistant.finding import pieces_of
from assistant.vocabulary import related
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

RARE = 9_500
"""The packaged models' vocabulary is in the order of how common a word piece is. A word of several pieces, or of one behind this place,
names something in particular; common words are what a question is put in when it says a thing otherwise (`the tool`, `leave`)."""
FAR = 0.40
"""The nearest of all words ever said, by cosine. Of 96 questions with an invented thing (32 on each sample deal, this was chosen on them)
44 were answered without this rule and 20 with it, of 36 others 14 and 5; of 423 that can be (LoCoMo, ERB) it silences 1."""
_QUALITY = re.compile(r"(?:[ai]ble|ly|ous|ive|ful|ish|less|est|ing|ed)$", re.IGNORECASE)
"""How something is said to be or to happen, not what it is."""
_DONE = re.compile(
    r"(?:\b(?:who|to|they|we|you|i|it|he|she|and|not|will|can|could|would|should|must|did|do|does|is|are|was|were|has|have|had)|n[’']t"
    r"|\b(?!(?:Which|Whose|The|An?|Their|Our|His|Her|Any|Every|All)\b)[A-ZÀ-Þ]\w*)\s+$"
)
"""After which a word rather says what is done: `who pays`, `they outsource`, `did Halden outsource`."""
ENOUGH_SAID = 150
"""Passages below which a history is too short for a word to have come near."""
AT_ONCE = 50_000
"""Rows of vectors compared in one go."""


def strange_words(evidence: Evidence) -> tuple[str, ...]:
    """Things that the question names and the history neither does nor comes near: `Who pays for the zeppelin hangar?`

    None while word pieces cannot be compared: that a word was not used says little, for a question is often put in others.
    """
    query, shelf, asked = evidence.query, evidence.room.shelf, evidence.understood.asked
    if query is None or shelf.tokens is None or len(shelf) < ENOUGH_SAID or evidence.understood.leans_back:
        return ()
    found = []
    for term in dict.fromkeys(evidence.query_terms):
        mine = None if term in shelf.rarity else pieces_of(asked, query, (term,))
        if mine is None or (mine.sum() == 1 and query.pieces[mine][0] < RARE):
            continue
        begins = int(query.starts[mine][0])
        word = asked[begins:].split()[0].strip(".,;:!?()\"'“”")
        if related(word):  # the field says it otherwise too: the breach asked about is the incident of the contract
            continue
        if is_a_thing(word, asked[:begins]) and _nearest(query.tokens[mine], shelf.tokens) < FAR:
            found.append(word)
    return tuple(found)


def is_a_thing(word: str, before: str) -> bool:
    """Rather a thing than what is done or how: not `outsource` behind `they`, and not `responsible`."""
    return not _QUALITY.search(word) and not _DONE.search(before)


def _nearest(word: NDArray[np.int8], told: NDArray[np.int8]) -> float:
    """Mean over the word's pieces of the best cosine with any piece ever said."""
    wanted, best = word.astype(np.float32).T, np.full(len(word), -1.0, np.float32)
    for start in range(0, len(told), AT_ONCE):
        cosines = told[start : start + AT_ONCE].astype(np.float32) @ wanted / (127.0 * 127.0)
        best = np.maximum(best, cosines.max(axis=0))
    return float(best.mean())


def strange_figures(asked: str, evidence: Evidence) -> bool:
    """`What did we agree for 250 users?`, where nothing that was found speaks of 250 of anything."""
    told = {figure.value for ranked in evidence.best for figure in figures(ranked.passage.text)}
    mine = _particular(asked)
    return bool(mine) and not mine & told and not evidence.understood.month


def asked_for_alone(asked: str, evidence: Evidence) -> bool:
    """`When did we agree to 99.99%?`, where that figure is in the customer's words and in nobody else's: they asked for it, and it was
    never granted."""
    mine = _particular(asked)
    if not mine or not _WE_GRANTED.search(asked):
        return False
    sides = {
        side
        for passage in evidence.room.shelf.passages
        if mine <= {figure.value for figure in figures(passage.text)}
        for side in (evidence.room.interactions[passage.interaction_id].turns[passage.turn].side,)
    }
    return sides == {"buyer"}


def _particular(asked: str) -> frozenset[float]:
    """Figures that are neither a small number nor a year."""
    return frozenset(figure.value for figure in figures(asked) if figure.value > SMALL and not may_be_year(figure.value))


_WE_GRANTED = re.compile(
    r"\b(?:did|have|had) (?:we|sales|our \w+)\b.{0,30}"
    r"\b(?:agree\w*|accept\w*|grant\w*|promis\w*|commit\w*|guarantee\w*|offer\w*|sign\w*)\b",
    re.IGNORECASE,
)


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
