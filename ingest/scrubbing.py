"""Takes an erased person out of what others said: their words go, their name and address in other people's words become `[erased]`.

The same rules run when somebody is erased and whenever a file is read again afterwards; both know the person by marks alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ingest.archive.tombstones import Mark, Marks
from ingest.people import plain_name
from ingest.records import Interaction, Participant, Side, Turn

ERASED = "[erased]"
NOBODY = "Erased person"

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_GAP = re.compile(r"[\s.,_·-]{1,3}")
_LONGEST_NAME = 5
_RUN = 8
"""So many words in a row of somebody's own are theirs wherever they stand."""
_NOT_EVIDENCE = frozenset({"quoted", "hidden", "signature", "derived"})


def marks_of_person(email: str, names: Sequence[str], accounts: Sequence[str], said: Sequence[str]) -> Iterator[Mark]:
    """What they are known by afterwards: the address anywhere, the name within the accounts they were met in, runs of their words."""
    if email:
        yield "person", email.strip().casefold()
    for way in dict.fromkeys(way for name in names for way in _ways(name)):
        for account in accounts:
            yield "name", f"{account}\x1f{way}"
            yield "first", f"{account}\x1f{way.split()[0]}"
    for text in said:
        words = [match[0].casefold() for match in _WORD.finditer(text)]
        starts = range(0, len(words) - _RUN + 1, _RUN)
        for start in {*starts, len(words) - _RUN} if len(words) >= _RUN else ():
            yield "words", " ".join(words[start : start + _RUN])


def scrubbed(record: Interaction, account_id: str, marks: Marks, side_of: Callable[[str], Side]) -> Interaction | None:
    """Without those whom the marks know; None where nothing is left that anybody else said. Unchanged where they are not in it.

    Names count within an account; `account_id` is empty before it is known.
    """
    present = dict.fromkeys([*record.participants, *(turn.speaker for turn in record.turns if turn.speaker)])
    theirs = {each for each in present if _is_erased(each, account_id, marks)}
    known_as = {way for each in theirs for way in _ways(each.name)}
    theirs |= {each for each in present if not each.email and known_as.intersection(_ways(each.name))}
    said = [turn for turn in record.turns if turn.role == "said"]
    if theirs and said and all(turn.speaker in theirs for turn in said):
        return None
    pen = _Pen(account_id, marks, [each.name for each in theirs], [each.name for each in present if each not in theirs], record)
    turns = tuple(_turn(turn, theirs, pen, side_of) for turn in record.turns)
    return replace(
        record,
        title=pen.over(record.title),
        turns=turns,
        participants=tuple(dict.fromkeys(_nobody(each, side_of) if each in theirs else each for each in record.participants)),
        url=pen.drop(record.url),
        aliases=tuple(alias for alias in record.aliases if pen.drop(alias)),
        meta=_value(record.meta, pen),
        file=pen.drop(record.file) or (record.file and ERASED),
    )


class _Pen:
    """Blacks out, in the texts of one interaction, whoever is erased."""

    def __init__(self, account_id: str, marks: Marks, names: Sequence[str], others: Sequence[str], record: Interaction) -> None:
        self._account, self._marks = account_id, marks
        self._starts: dict[str, bool] = {}
        spared = {word for name in others for word in _words(name)}
        ways = {way for name in names for way in _ways(name) if " " in way}
        self._names = ways
        ordinary = {match[0] for turn in record.turns for match in _WORD.finditer(turn.text)}
        self._parts = {word for way in ways for word in way.split() if len(word) > 2 and word not in ordinary} - spared
        """First and last names by themselves, unless they are also words here, or somebody else's name."""

    def over(self, text: str) -> str:
        spans = list(self._spans(text))
        if not spans:
            return text
        made, at = [], 0
        for start, end in _united(spans):
            made += [text[at:start], ERASED]
            at = end
        return "".join([*made, text[at:]])

    def drop(self, text: str) -> str:
        """Empty if it tells of them."""
        return "" if any(True for _ in self._spans(text)) else text

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        for match in _ADDRESS.finditer(text) if "@" in text else ():
            if self._marks.has("person", match[0].casefold()):
                yield match.span()
        words = list(_WORD.finditer(text))
        folded = [match[0].casefold() for match in words]
        for at, match in enumerate(words):
            if folded[at] in self._parts and (match[0][0].isupper() or not text.islower()) and match[0] != folded[at]:
                yield match.span()
            if self._begins(folded[at]):
                for length in range(min(_LONGEST_NAME, len(words) - at), 1, -1):
                    close = all(_GAP.fullmatch(text[words[n].end() : words[n + 1].start()]) for n in range(at, at + length - 1))
                    if close and self._is_name(" ".join(folded[at : at + length])):
                        yield match.start(), words[at + length - 1].end()
                        break
        for at in range(len(words) - _RUN + 1):
            if self._marks.has("words", " ".join(folded[at : at + _RUN])):
                yield words[at].start(), words[at + _RUN - 1].end()

    def _begins(self, word: str) -> bool:
        """Whether a name that is erased begins with this word; asked once a word."""
        if word not in self._starts:
            own = any(name.startswith(f"{word} ") for name in self._names)
            self._starts[word] = own or bool(self._account and self._marks.has("first", f"{self._account}\x1f{word}"))
        return self._starts[word]

    def _is_name(self, name: str) -> bool:
        return name in self._names or bool(self._account and self._marks.has("name", f"{self._account}\x1f{name}"))


def _turn(turn: Turn, theirs: set[Participant], pen: _Pen, side_of: Callable[[str], Side]) -> Turn:
    if turn.speaker in theirs and turn.speaker:
        return replace(turn, text=ERASED, speaker=_nobody(turn.speaker, side_of), marks=(), heading="")
    text = pen.over(turn.text)
    if text == turn.text:
        return replace(turn, heading=pen.over(turn.heading))
    if turn.role in _NOT_EVIDENCE:  # what is no evidence costs nothing, and who is named in a quotation often wrote it
        return replace(turn, text=ERASED, marks=(), heading=pen.over(turn.heading))
    return replace(turn, text=text, marks=(), heading=pen.over(turn.heading))


def _is_erased(person: Participant, account_id: str, marks: Marks) -> bool:
    if person.email:
        return marks.has("person", person.email.strip().casefold())
    return bool(account_id) and any(marks.has("name", f"{account_id}\x1f{way}") for way in _ways(person.name))


def _nobody(person: Participant, side_of: Callable[[str], Side]) -> Participant:
    side = side_of(person.email) if person.email else "unknown"
    return Participant(NOBODY, side=person.side if side == "unknown" else side)


def _value(value: Any, pen: _Pen) -> Any:
    if isinstance(value, str):
        return pen.over(value)
    if isinstance(value, list):
        return [_value(each, pen) for each in value]
    if isinstance(value, dict):
        return {pen.over(str(key)): _value(each, pen) for key, each in value.items()}
    return value


def _ways(name: str) -> Iterator[str]:
    """A name as it is compared, and turned round: `Reyes, Tom` is Tom Reyes."""
    for one in (name, plain_name(name)):
        words = _words(one)
        if words:
            yield " ".join(words)
        if len(words) > 1:
            yield " ".join([words[-1], *words[:-1]])


def _words(name: str) -> list[str]:
    return [match[0].casefold() for match in _WORD.finditer(name)]


def _united(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Overlapping ones and those with nothing but space between them as one."""
    start, end = -1, -1
    for first, last in sorted(spans):
        if start >= 0 and first <= end + 1:
            end = max(end, last)
            continue
        if start >= 0:
            yield start, end
        start, end = first, last
    if start >= 0:
        yield start, end
