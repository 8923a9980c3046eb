"""Knows the same thing when several tools tell of it: which stored interactions are copies of one, and which copy is the one to read.

A mail lies in a mailbox and as a copy in each CRM; a call was heard by two recorders and logged by a third; a note is kept in three
CRMs. For a reader each is one thing: the richest copy is its primary, whose words are searched and cited; the others are its
alternates, which keep their rows, words, ids and links and are reached by id alone.

Two questions, both answered from what is stored and from nothing else, never from the order in which it came:

* One id, given by several inputs (a mail in two mailboxes, a note as JSON and as CSV): each input leaves the `Worth` of what it gave
  beside its name, and the richest is what the row holds. When that input goes or says something else, the next one is read again.
* Several ids, one thing: `alternates` groups the rows of one account, all of them each time, so that a later copy, an edited one or
  one that is gone needs no rule of its own. An account's groups are made again only after something in it was written.

Across accounts nothing is ever one thing: two accounts' copies of a mail stay where routing put them.

What makes two interactions the same, surest first; a pair that is refused by `_differ` is left, whoever else vouches for it:

* A name of one is a name of the other: Message-ID, the id or link of the recorder's call in the CRM's log of it, a calendar's uid. A
  name that may belong to a room (a meeting's number or link) counts for calls and meetings that began within ten minutes.
* Mail without a Message-ID: the same sender, minute, subject and first 200 characters of new words. Salesforce's Tasks, which know when
  a mail was logged and not when it was sent: the same subject and words within a day.
* Calls of different tools that began within ten minutes, with two people in common or mostly the same words. Two calls of one tool are
  two, unless their words are mostly the same. A call without a time of day (pasted text, Otter) goes by its words.
* Notes with the same words in two CRMs within a day; in one CRM, the same author, record, day, and more than a few words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from typing import NamedTuple, TypeVar

from ingest.copies import Copy, fullness, likeness
from ingest.records import Kind
from ingest.sources import call_stubs

KINDS: frozenset[Kind] = frozenset({"call", "email", "crm_note", "meeting"})
"""What several tools tell of. A document is known by its bytes, a CRM's fields are that CRM's own, a chat is in one place."""
_SAME_START = timedelta(minutes=10)
_SAME_DAY = timedelta(days=1)
_SAME_CALL = timedelta(hours=12)
"""So far may the time at which a CRM logged a call lie from the call; a meeting that comes again comes later than that."""
_ABOUT_A_DAY = timedelta(hours=36)
"""A day without a time of day, somewhere on earth."""
_ALIKE = 0.6
"""The share of runs that two transcripts of one call have in common at least; two meetings of the same people share next to none."""
_UNLIKE = 0.05
_TELLING, _PLENTY = 8, 50
"""From so many runs on alike words tell that two calls are one, and unlike words that they are two."""
_COMMON = 50
"""A run that more calls than this share tells nothing."""
_REACH = 4
"""How many neighbours in time are looked at on either side: copies lie next to each other, and work stays in proportion."""
_CRMS = frozenset({"hubspot", "salesforce", "pipedrive"})
_MAIL_ORDER = {"mail": 4, "salesforce": 2, "hubspot": 1, "pipedrive": 1}
_TASK = "00T"
"""How the id of a Salesforce Task begins: a mail kept as one has lost its sender and its time."""
_NEITHER = 3
_SALESFORCE_ID = re.compile(r"[0-9a-zA-Z]{15}(?:[0-9A-Z]{3})")


Held = TypeVar("Held", Copy, tuple[Copy, bool])


class _Pair(NamedTuple):
    """Two copies that may be the same, to be taken in this order: the surest rule first, then the nearest in time."""

    rule: int
    apart: timedelta
    first: str
    second: str
    limit: timedelta
    """How far apart two calls may have begun by this rule."""


@dataclass(slots=True)
class _Group:
    """Copies of one thing so far; of those that `_differ` cannot tell apart one is in `unlike`, so that thousands cost what one does."""

    copies: list[Copy]
    unlike: dict[Hashable, Copy]


_NAMED, _WRITTEN, _HEARD, _READ = range(4)


def alternates(copies: Iterable[Copy]) -> dict[str, str]:
    """The primary of each alternate, by id; `copies` are all that one account has of `KINDS`."""
    every = list(copies)
    groups = {copy.id: _Group([copy], {_tested(copy): copy}) for copy in every}
    for pair in sorted(set(_pairs(every))):
        other, one = sorted((groups[pair.first], groups[pair.second]), key=lambda group: len(group.copies))
        if one is not other and not any(_differ(a, b, pair.limit) for a in one.unlike.values() for b in other.unlike.values()):
            one.copies += other.copies
            one.unlike |= other.unlike
            groups.update((copy.id, one) for copy in other.copies)
    several = {id(group): group.copies for group in groups.values() if len(group.copies) > 1}
    return {copy.id: primary.id for group in several.values() for primary in [_primary(group)] for copy in group if copy is not primary}


def _primary(group: Sequence[Copy]) -> Copy:
    most = max(copy.worth.said for copy in group)
    return max(group, key=lambda copy: (*_order(copy, most), copy.worth.facts, copy.tool, copy.id))


def _order(copy: Copy, most: int) -> tuple[object, ...]:
    """What a copy is read for, the most important first."""
    told = copy.worth
    match copy.kind:
        case "email":  # the mailbox's copy is the mail; a CRM's is what it made of it
            place = 0 if _is_task(copy) else _MAIL_ORDER.get(copy.tool, _NEITHER)
            return (told.said > 0, place, *fullness(told, most))
        case "meeting":
            return (told.standing, copy.tool == "calendar", *fullness(told, most))
        case _:
            said, whole, dated, sentences, timed, *rest = fullness(told, most)
            return (said, whole, dated, sentences, timed, copy.tool not in _CRMS, *rest)


def _pairs(copies: Sequence[Copy]) -> Iterator[_Pair]:
    of_kind: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        of_kind[copy.kind].append(copy)
    yield from _named(copies)
    yield from _mails(of_kind["email"])
    yield from _calls(of_kind["call"])
    yield from _undated(of_kind["call"])
    yield from _notes(of_kind["crm_note"])


def _named(copies: Sequence[Copy]) -> Iterator[_Pair]:
    """Where one is called by a name that the other has, or both by the same one."""
    holders: dict[str, dict[str, tuple[Copy, bool]]] = defaultdict(dict)
    for copy in copies:
        for name in (copy.message_id, *copy.aliases):
            if name:
                holders[_name(name)][copy.id] = (copy, False)
        for name in (copy.external_id, copy.url if copy.kind == "call" and copy.tool not in _CRMS else ""):  # there it is the deal's page
            if name:
                holders[_name(name)][copy.id] = (copy, True)
    for name, found in holders.items():
        for (one, owns), (other, owns_too) in _near(list(found.values())):
            limit = _limit(one, other, name, owns=owns, owns_too=owns_too)
            apart = _apart(one, other)
            if limit is not None and (apart is None or apart <= limit):
                yield _pair(_NAMED, one, other, limit)


def _limit(one: Copy, other: Copy, name: str, *, owns: bool, owns_too: bool) -> timedelta | None:
    """How far apart two that share a name may lie to be the same by it; None where the name says nothing."""
    kinds = {one.kind, other.kind}
    if owns and owns_too and not (one.tool == other.tool == "salesforce"):
        return None  # two tools count from one, each for itself
    sure = owns or owns_too or bool(call_stubs.aliases(name))
    if kinds == {"email"}:
        return timedelta.max
    if kinds == {"call"} or (kinds == {"call", "crm_note"} and _says_nothing(one, other)):
        return _SAME_CALL if sure else _SAME_START
    if kinds == {"meeting"}:
        return _SAME_START
    return timedelta.max if kinds == {"crm_note"} and owns | owns_too else None


def _says_nothing(one: Copy, other: Copy) -> bool:
    """A note that only points to a call stands for it; one with words of its own is a note about it."""
    return all(copy.worth.said == 0 for copy in (one, other) if copy.kind == "crm_note")


def _mails(mails: Sequence[Copy]) -> Iterator[_Pair]:
    for print_ in ("mail", "topic"):
        for alike in _by(mails, print_):
            for one, other in _near(alike):
                apart = _apart(one, other)
                if print_ == "mail" or ((_is_task(one) or _is_task(other)) and apart is not None and apart <= _SAME_DAY):
                    yield _pair(_WRITTEN, one, other)


def _calls(calls: Sequence[Copy]) -> Iterator[_Pair]:
    """Those that began at about the same time, each tool's nearest ones looked at."""
    timed = sorted((call for call in calls if _has_hour(call)), key=_when)
    of_tool: dict[str, list[Copy]] = defaultdict(list)
    for call in timed:
        of_tool[call.tool].append(call)
    starts = {tool: [_when(call) for call in heard] for tool, heard in of_tool.items()}
    for call in timed:
        for tool, heard in of_tool.items():
            at = bisect_left(starts[tool], _when(call))
            for other in heard[max(0, at - _REACH) : at + _REACH + 1]:
                if other is not call and _heard_together(call, other):
                    yield _pair(_HEARD, call, other, _SAME_START)


def _heard_together(one: Copy, other: Copy) -> bool:
    apart = _apart(one, other)
    if apart is None or apart > _SAME_START or _is_over(one, other) or _is_over(other, one):
        return False
    together = one.tool != other.tool and len(one.people & other.people) >= 2
    return together or _are_alike(one, other)


def _is_over(one: Copy, other: Copy) -> bool:
    """Before the other began: they hung up and called again."""
    if one.duration_s is None or one.occurred_at is None or other.occurred_at is None:
        return False
    return one.occurred_at + timedelta(seconds=min(one.duration_s, 86_400)) < other.occurred_at


def _undated(calls: Sequence[Copy]) -> Iterator[_Pair]:
    """Calls without a time of day, by their words."""
    known = {call.id: call for call in calls}
    holders: dict[int, list[Copy]] = defaultdict(list)
    lacking = [call for call in calls if not _has_hour(call) and call.prints.runs]
    if lacking:
        for call in calls:
            for run in call.prints.sketch:
                holders[run].append(call)
    for call in lacking:
        telling = (holders[run] for run in call.prints.sketch if len(holders[run]) <= _COMMON)
        shared = Counter(other.id for found in telling for other in found if other is not call)
        for id, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[: 2 * _REACH]:
            apart = _apart(call, known[id])
            if (apart is None or apart <= _ABOUT_A_DAY) and _are_alike(call, known[id]):
                yield _pair(_READ, call, known[id], _ABOUT_A_DAY)


def _notes(notes: Sequence[Copy]) -> Iterator[_Pair]:
    for alike in _by(notes, "words"):
        for one, other in _near(alike, of_tool=True):
            apart = _apart(one, other)
            within = one.occurred_at == other.occurred_at if apart is None else apart <= _SAME_DAY
            if within and (one.tool != other.tool or _is_twice(one, other)):
                yield _pair(_READ, one, other)


def _is_twice(one: Copy, other: Copy) -> bool:
    """Kept twice in one CRM, and not the same few words on two occasions."""
    if one.occurred_at is None or other.occurred_at is None or one.prints.few:
        return False
    days = {copy.occurred_at.date() for copy in (one, other) if copy.occurred_at}
    return len(days) == 1 and one.people == other.people and bool({*one.links} & {*other.links})


def _differ(one: Copy, other: Copy, limit: timedelta) -> bool:
    """What cannot be the same, whatever speaks for it."""
    apart = _apart(one, other)
    match one.kind, other.kind:
        case "email", "email":  # two Message-IDs are two mails
            return bool(one.message_id and other.message_id) and _name(one.message_id) != _name(other.message_id)
        case "call", "call" if one.prints.runs and other.prints.runs:
            alike = likeness(one.prints, other.prints)
            if one.tool == other.tool and alike < _ALIKE:  # a tool knows its own calls
                return True
            if min(one.prints.runs, other.prints.runs) >= _PLENTY and alike < _UNLIKE:
                return True
            return apart is not None and _has_hour(one) and _has_hour(other) and apart > limit
        case "meeting", "meeting":
            return apart is not None and apart > _SAME_START
        case "crm_note", "crm_note" if one.tool == other.tool and one.worth.said and other.worth.said:
            return not _is_twice(one, other)
        case _:
            return False


def _tested(copy: Copy) -> Hashable:
    """All that `_differ` looks at."""
    return copy.kind, copy.tool, copy.message_id, copy.occurred_at, copy.prints, copy.people, copy.links, copy.worth.said > 0


def _near(found: Sequence[Held], *, of_tool: bool = False) -> Iterator[tuple[Held, Held]]:
    """Pairs of neighbours in time; of a few, all. `of_tool`: neighbours among each tool's own, so that no tool hides another's."""
    if len(found) <= 2 * _REACH:
        yield from combinations(found, 2)
        return
    ordered = sorted(found, key=lambda held: (_when(_copy(held)), _copy(held).id))
    for at, held in enumerate(ordered):
        reached: Counter[str] = Counter()
        for other in ordered[at + 1 : at + 1 + 4 * _REACH]:
            tool = _copy(other).tool if of_tool else ""
            reached[tool] += 1
            if reached[tool] <= _REACH:
                yield held, other


def _copy(held: Copy | tuple[Copy, bool]) -> Copy:
    return held if isinstance(held, Copy) else held[0]


def _by(copies: Iterable[Copy], print_: str) -> list[list[Copy]]:
    found: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        if key := getattr(copy.prints, print_):
            found[key].append(copy)
    return [alike for alike in found.values() if len(alike) > 1]


def _pair(rule: int, one: Copy, other: Copy, limit: timedelta = timedelta.max) -> _Pair:
    first, second = sorted((one.id, other.id))
    return _Pair(rule, _apart(one, other) or timedelta(), first, second, limit)


def _apart(one: Copy, other: Copy) -> timedelta | None:
    if one.occurred_at is None or other.occurred_at is None:
        return None
    return abs(one.occurred_at - other.occurred_at)


def _when(copy: Copy) -> datetime:
    return copy.occurred_at or datetime.max.replace(tzinfo=UTC)


def _has_hour(copy: Copy) -> bool:
    """Midnight is what a date without a time becomes."""
    return copy.occurred_at is not None and copy.occurred_at.astimezone(UTC).time() != time()


def _are_alike(one: Copy, other: Copy) -> bool:
    return min(one.prints.runs, other.prints.runs) >= _TELLING and likeness(one.prints, other.prints) >= _ALIKE


def _is_task(copy: Copy) -> bool:
    return copy.tool == "salesforce" and copy.external_id.startswith(_TASK)


def _name(name: str) -> str:
    """As names are compared: addresses and links without case, Salesforce's ids, whose case counts, without their checksum."""
    if "@" in name or "://" in name:
        return name.partition("#")[0].rstrip("/").casefold()
    return name[:15] if _SALESFORCE_ID.fullmatch(name) else name
