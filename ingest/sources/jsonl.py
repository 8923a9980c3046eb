"""Reads the neutral format: one interaction a line, whatever tool it came from (README, "Files in")."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate

from ingest.records import (
    LATEST_S,
    Call,
    Chat,
    Document,
    Email,
    Failure,
    Interaction,
    Link,
    Meeting,
    Note,
    Participant,
    Reading,
    Record,
    Side,
    Turn,
)
from ingest.sources import mail_text, names, spoken
from ingest.sources.fields import Object, is_number, is_object, moment, obj, objects, seconds, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, NotJson, decode, load_json

_DEEPEST = 100

_KINDS: dict[str, Callable[..., Interaction]] = {
    "call": Call, "email": Email, "crm_note": Note, "crm_field": Record, "chat": Chat, "doc": Document, "meeting": Meeting,
}  # fmt: skip
_SIDES: dict[str, Side] = {"seller": "seller", "buyer": "buyer", "partner": "partner"}
_KNOWN = frozenset(["doc_id", "account", "source_type", "title", "timestamp", "participants", "turns", "text", "url", "meta"])


class _NotValid(ValueError):
    """What is wrong with a line, in words for the person who wrote it."""


def parse(inputs: Sequence[Input]) -> Reading:
    interactions: list[Interaction] = []
    failures: list[Failure] = []
    notices: list[Failure] = []
    for item in inputs:
        first: dict[tuple[str, str], tuple[int, Interaction]] = {}
        for number, line in enumerate(decode(item.data).split("\n"), start=1):
            if not line.strip():
                continue
            try:
                row = _row(line)
                found = _interaction(row, f"{item.name}:{number}")
            except NotJson as error:
                failures.append(_not_json(item.name, error, line, number))
                continue
            except _NotValid as error:
                failures.append(Failure(item.name, "not_valid", str(error), number))
                continue
            taken_on, taken = first.setdefault(_identity(found), (number, found))
            if taken_on == number:
                interactions.append(found)
                if isinstance(found, Call):
                    notices += spoken.notices(found, item.name, times_lost=_has_unread_times(row), line=number)
            elif replace(found, file=taken.file) != taken:
                detail = f"Line {taken_on} has the `doc_id` {found.external_id!r} too, with other content; give each interaction its own."
                failures.append(Failure(item.name, "duplicate_id", detail, number))
    return Reading(interactions=tuple(interactions), failures=tuple(failures), notices=tuple(notices))


def _identity(interaction: Interaction) -> tuple[str, str]:
    """What two lines of one file may not share: the account, as far as its spelling tells, and the id."""
    account = next((link.id for link in interaction.links), "")
    return " ".join(account.casefold().split()), interaction.external_id


def _not_json(file: str, error: NotJson, line: str, number: int) -> Failure:
    if error.truncated and line.lstrip().startswith("{"):
        detail = "The line is not a whole JSON object, it ends in the middle; write one JSON object a line, unbroken."
        return Failure(file, "truncated_json", detail, number)
    return Failure(file, "not_valid", f"The line is not JSON ({error.problem}); write one JSON object a line, in braces.", number)


def _row(line: str) -> Object:
    row = load_json(line)
    if not is_object(row):
        raise _NotValid("The line is not a JSON object; write one JSON object a line, in braces.")
    if _depth(line) > _DEEPEST:
        raise _NotValid(f"It is nested too deeply; keep `meta` within {_DEEPEST} levels.")
    return row


def _interaction(row: Object, file: str) -> Interaction:
    native, kind = text(row.get("doc_id")), text(row.get("source_type"))
    if not native:
        raise _NotValid("`doc_id` is missing; give each interaction an id that stays the same in every export.")
    if kind not in _KINDS:
        raise _NotValid(f"`source_type` is {kind!r}; it is one of {', '.join(_KINDS)}.")
    at = moment(row.get("timestamp"))
    if at is None and row.get("timestamp") not in (None, ""):
        raise _NotValid(f"`timestamp` {text(row.get('timestamp'))!r} is no date; write it like 2026-09-24T12:00:00Z.")
    people = [found for item in _list(row.get("participants")) if (found := _person(item))]
    turns = _turns(row, kind, people, at)
    if not turns:
        raise _NotValid("There are no words: fill `turns` or `text`.")
    account = text(row.get("account"))
    return _KINDS[kind](
        source="jsonl",
        external_id=native,
        title=text(row.get("title")) or native,
        occurred_at=at,
        turns=turns,
        participants=tuple(people),
        url=text(row.get("url")),
        links=(Link("name", "account", account),) if account else (),
        meta={**obj(row.get("meta")), **{key: value for key, value in row.items() if key not in _KNOWN}},
        file=file,
    )


def _turns(row: Object, kind: str, people: list[Participant], at: datetime | None) -> tuple[Turn, ...]:
    spoken = objects(row.get("turns"))
    if not spoken and kind == "email":
        sender = _speaker(row, people)
        return mail_text.body(text(row.get("text")), sender=sender, subject=text(row.get("title"))).turns
    if not spoken:
        return (Turn(text(row.get("text")), _speaker(row, people)),) if text(row.get("text")) else ()
    return tuple(
        Turn(
            text(turn.get("text")),
            _speaker(turn, people),
            starts_s=_starts(turn.get("time"), at),
            native_id=text(turn.get("turn_id")),
            confidence=_confidence(turn.get("confidence")),
        )
        for turn in spoken
        if text(turn.get("text"))
    )


def _starts(value: object, at: datetime | None) -> float | None:
    """Seconds from the start, or a date-time counted from the interaction's own."""
    if is_number(value):
        starts_s = seconds(value)
        if starts_s is None:
            rule = f"`time` is seconds from the start of the call, from 0 to {LATEST_S:,}"
            raise _NotValid(f"{rule}; {str(value)[:40]} cannot be, so correct it or leave it out.")
        return starts_s
    said_at = moment(value)
    return seconds(max(0.0, (said_at - at).total_seconds())) if said_at and at else None


def _confidence(value: object) -> float | None:
    """Anything but a number from 0 to 1 says nothing."""
    return float(value) if isinstance(value, int | float) and is_number(value) and 0 <= value <= 1 else None


def _has_unread_times(row: Object) -> bool:
    """A time is given that is neither seconds nor a date-time."""
    times = [turn.get("time") for turn in objects(row.get("turns"))]
    return any(time not in (None, "") and not is_number(time) and moment(time) is None for time in times)


def _speaker(row: Object, people: list[Participant]) -> Participant | None:
    """The participant whom `speaker` (or `author`, `from`) names."""
    for key in ("speaker", "author", "from"):
        value = row.get(key)
        named = _person(value) if value else None
        if named:
            by_address = next((person for person in people if person.email and person.email == named.email), None)
            return by_address or names.find(named.name, people) or named
    return None


def _person(value: object) -> Participant | None:
    """A plain name, a plain address, or an object with name, email, title and side."""
    row = obj(value)
    name, email = (text(row.get("name")), text(row.get("email"))) if row else (text(value), "")
    if "@" in name and " " not in name and not email:
        email = name
    if not name and not email:
        return None
    return Participant(name or email, email.casefold(), text(row.get("title")), _SIDES.get(text(row.get("side")), "unknown"))


def _depth(line: str) -> int:
    """The deepest nesting a line can have, counting brackets inside of strings too."""
    return max(accumulate({"[": 1, "{": 1, "]": -1, "}": -1}.get(c, 0) for c in re.findall(r"[\[\]{}]", line)), default=0)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _recognise(look: Look) -> Part | None:
    if "doc_id" in look.top and "source_type" in look.top:
        return "main"
    if look.page is not None and not isinstance(look.page, list):
        return None
    named = look.name.lower().endswith(".jsonl") and bool(look.content)
    lines = [line for line in look.content.split("\n", 40)[:40] if line.strip()] if look.not_json else []
    return "main" if named or any(_is_neutral(line) for line in lines) else None


def _is_neutral(line: str) -> bool:
    try:
        return "doc_id" in obj(load_json(line))
    except NotJson:
        return False


FORMAT = Format("jsonl", _recognise, parse)
