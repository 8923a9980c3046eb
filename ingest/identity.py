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

import hashlib
import json
import re
import unicodedata
import zlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from typing import NamedTuple, TypeVar

from ingest.records import Call, Document, Email, Interaction, Kind, Link, Meeting, Note, kind_of
from ingest.sources import call_stubs
from ingest.sources.invites import state_of

KINDS: frozenset[Kind] = frozenset({"call", "email", "crm_note", "meeting"})
"""What several tools tell of. A document is known by its bytes, a CRM's fields are that CRM's own, a chat is in one place."""

_SAME_START = timedelta(minutes=10)
_SAME_DAY = timedelta(days=1)
_SAME_CALL = timedelta(hours=12)
"""So far may the time at which a CRM logged a call lie from the call; a meeting that comes again comes later than that."""
_ABOUT_A_DAY = timedelta(hours=36)
"""A day without a time of day, somewhere on earth."""

_RUN = 4
"""Words in a row that are compared."""
_KEPT = 256
"""Of a call's runs so many are kept, those with the lowest hashes: enough to tell how much two calls share."""
_ALIKE = 0.6
"""The share of runs that two transcripts of one call have in common at least; two meetings of the same people share next to none."""
_UNLIKE = 0.05
_TELLING, _PLENTY = 8, 50
"""From so many runs on alike words tell that two calls are one, and unlike words that they are two."""
_COMMON = 50
"""A run that more calls than this share tells nothing."""
_FEW_WORDS = 6
_OPENING = 200
"""Characters of a mail's new words that are compared."""
_REACH = 4
"""How many neighbours in time are looked at on either side: copies lie next to each other, and work stays in proportion."""

_CRMS = frozenset({"hubspot", "salesforce", "pipedrive"})
_MAIL_ORDER = {"mail": 4, "salesforce": 2, "hubspot": 1, "pipedrive": 1}
_TASK = "00T"
"""How the id of a Salesforce Task begins: a mail kept as one has lost its sender and its time."""
_NEITHER = 3
_SUBJECT_MARKS = re.compile(r"^(?:\s*(?:(?:re|fwd?|aw|wg|sv|vs|tr|antw|rif|res|enc)\s*(?:\[\d+\])?\s*:|\[[^\]]{1,40}\]))+", re.I)
_SALESFORCE_ID = re.compile(r"[0-9a-zA-Z]{15}(?:[0-9A-Z]{3})")


@dataclass(frozen=True, slots=True)
class Worth:
    """How much one copy of an interaction tells, to compare it with another copy."""

    standing: str
    """Decides by itself where it differs: the latest state of a meeting, the first mail that carried a document."""
    said: int
    """Letters and digits of evidence."""
    dated: bool
    sentences: bool
    """The moments of sentences are known."""
    timed: bool
    """The moments of turns are known."""
    addressed: int
    """Participants whose address is given."""
    facts: int
    """Whatever else is told."""
    words: str
    """A hash of the evidence as it is compared, without case, punctuation and layout; empty where nothing is said."""
    digest: str
    """Of everything the copy says."""
    file: str

    def __str__(self) -> str:
        return json.dumps(list(asdict(self).values()))

    @classmethod
    def of(cls, kept: str) -> Worth:
        return cls(*json.loads(kept))


@dataclass(frozen=True, slots=True)
class Prints:
    """What of the words tells the same thing told by another tool; made when an interaction is stored, so that grouping reads no text."""

    words: str = ""
    """Of a note with more than nothing in it: `Worth.words`."""
    few: bool = False
    mail: str = ""
    """Of a mail's sender, minute, subject and opening."""
    topic: str = ""
    """Of its subject and opening."""
    runs: int = 0
    """How many different runs of words a call has."""
    sketch: tuple[int, ...] = ()

    def kept(self) -> dict[str, object]:
        """As JSON values, without what is empty."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items() if value}

    @classmethod
    def of(cls, kept: Mapping[str, object]) -> Prints:
        found = cls(**kept)  # type: ignore[arg-type]  # they were made by `kept`
        return replace(found, sketch=tuple(found.sketch))


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A stored interaction as far as it matters to what it is the same as."""

    id: str
    kind: Kind
    tool: str
    external_id: str
    worth: Worth
    prints: Prints = field(default_factory=Prints)
    occurred_at: datetime | None = None
    url: str = ""
    aliases: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    people: frozenset[str] = frozenset()
    message_id: str = ""
    duration_s: float | None = None


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


def worth(interaction: Interaction) -> Worth:
    said = _letters(turn.text for turn in interaction.turns if turn.role == "said")
    turns = interaction.turns
    return Worth(
        standing=_standing(interaction),
        said=len(said),
        dated=interaction.occurred_at is not None,
        sentences=any(turn.marks for turn in turns),
        timed=any(turn.starts_s is not None for turn in turns),
        addressed=len({person.email.casefold() for person in interaction.participants if person.email}),
        facts=sum(map(bool, (interaction.url, *interaction.meta.values())))
        + sum(map(len, (interaction.participants, interaction.links, interaction.aliases)))
        + sum(turn.speaker is not None for turn in turns),
        words=_hash(said) if said else "",
        digest=_hash(repr(replace(interaction, file="", revised_at=None))),
        file=interaction.file,
    )


def prints(interaction: Interaction) -> Prints:
    said = [turn for turn in interaction.turns if turn.role == "said"]
    match interaction:
        case Note():
            words = _words(turn.text for turn in said)
            return Prints(words=_hash("".join(words)) if words else "", few=len(words) <= _FEW_WORDS)
        case Call():
            runs = _runs(_words(turn.text for turn in said))
            return Prints(runs=len(runs), sketch=tuple(sorted(runs)[:_KEPT]))
        case Email():
            opening = _letters(turn.text for turn in said)[:_OPENING]
            sender = next((turn.speaker.email for turn in said if turn.speaker), "") or (
                interaction.participants[0].email if interaction.participants else ""
            )
            if not opening:
                return Prints()
            subject = _letters([_SUBJECT_MARKS.sub("", interaction.title)])
            minute = interaction.occurred_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if interaction.occurred_at else ""
            whole = _hash("\n".join((sender.casefold(), minute, subject, opening))) if sender and minute else ""
            return Prints(mail=whole, topic=_hash(f"{subject}\n{opening}"))
        case _:
            return Prints()


def sketch(interaction: Interaction) -> tuple[int, ...]:
    """Of its words, as far as it takes to tell an edited one from another one."""
    return tuple(sorted(_runs(_words(turn.text for turn in interaction.turns)))[:_KEPT])


def is_edited(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two sketches are of one thing before and after an edit: half of what the shorter one says stands in the other, too."""
    ours, theirs = set(one), set(other)
    return bool(ours and theirs) and 2 * len(ours & theirs) >= min(len(ours), len(theirs))


def richest(copies: Sequence[Worth]) -> Worth:
    """The copy of one id that counts."""
    most = max(copy.said for copy in copies)
    return max(copies, key=lambda copy: (copy.standing, *_fullness(copy, most), copy.facts, copy.digest, _backwards(copy.file)))


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


def likeness(one: Prints, other: Prints) -> float:
    """The share of the shorter one's runs of words that the other has too."""
    if not one.runs or not other.runs:
        return 0.0
    ours, theirs = set(one.sketch), set(other.sketch)
    if max(one.runs, other.runs) <= _KEPT:
        return len(ours & theirs) / min(one.runs, other.runs)
    lowest = sorted(ours | theirs)[:_KEPT]
    jaccard = sum(run in ours and run in theirs for run in lowest) / len(lowest)
    return min(1.0, jaccard * (one.runs + other.runs) / (1 + jaccard) / min(one.runs, other.runs))


def _primary(group: Sequence[Copy]) -> Copy:
    most = max(copy.worth.said for copy in group)
    return max(group, key=lambda copy: (*_order(copy, most), copy.worth.facts, copy.tool, copy.id))


def _order(copy: Copy, most: int) -> tuple[object, ...]:
    """What a copy is read for, the most important first."""
    told = copy.worth
    match copy.kind:
        case "email":  # the mailbox's copy is the mail; a CRM's is what it made of it
            place = 0 if _is_task(copy) else _MAIL_ORDER.get(copy.tool, _NEITHER)
            return (told.said > 0, place, *_fullness(told, most))
        case "meeting":
            return (told.standing, copy.tool == "calendar", *_fullness(told, most))
        case _:
            said, whole, dated, sentences, timed, *rest = _fullness(told, most)
            return (said, whole, dated, sentences, timed, copy.tool not in _CRMS, *rest)


def _fullness(told: Worth, most: int) -> tuple[object, ...]:
    """Whether anything is said, and nearly all that any copy says; then how well it is known when and by whom."""
    return (told.said > 0, told.said >= 0.9 * most, told.dated, told.sentences, told.timed, told.addressed, told.said)


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


def _standing(interaction: Interaction) -> str:
    if isinstance(interaction, Meeting):
        sequence, stamped = state_of(interaction.meta)
        return f"{sequence:09d} {stamped}"
    if isinstance(interaction, Document):
        at = interaction.occurred_at.timestamp() if interaction.occurred_at else 10**11
        return f"{bool(interaction.attached_to):d} {10**11 - at:018.3f}"
    revised = f" {interaction.revised_at.astimezone(UTC).isoformat()}" if interaction.revised_at else ""
    return f"{kind_of(interaction)}{revised}"


def _name(name: str) -> str:
    """As names are compared: addresses and links without case, Salesforce's ids, whose case counts, without their checksum."""
    if "@" in name or "://" in name:
        return name.partition("#")[0].rstrip("/").casefold()
    return name[:15] if _SALESFORCE_ID.fullmatch(name) else name


def _words(texts: Iterable[str]) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", " ".join(texts)).casefold())


def _letters(texts: Iterable[str]) -> str:
    return "".join(_words(texts))


def _runs(words: Sequence[str]) -> set[int]:
    return {zlib.crc32(" ".join(words[at : at + _RUN]).encode("utf-8", "replace")) for at in range(max(0, len(words) - _RUN + 1))}


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _backwards(name: str) -> tuple[int, ...]:
    """Sorts the first name highest."""
    return (*(-ord(letter) for letter in name), 1)
