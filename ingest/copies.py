"""One copy of an interaction as one tool tells it: how much it tells, and the prints of its words by which another copy is known."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime

from ingest.records import Call, Document, Email, Interaction, Kind, Link, Meeting, Note, kind_of
from ingest.sources.invites import state_of

_RUN = 4
"""Words in a row that are compared."""
_KEPT = 256
"""Of a call's runs so many are kept, those with the lowest hashes: enough to tell how much two calls share."""
_FEW_WORDS = 6
_OPENING = 200
"""Characters of a mail's new words that are compared."""
_SUBJECT_MARKS = re.compile(r"^(?:\s*(?:(?:re|fwd?|aw|wg|sv|vs|tr|antw|rif|res|enc)\s*(?:\[\d+\])?\s*:|\[[^\]]{1,40}\]))+", re.I)


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
    return max(copies, key=lambda copy: (copy.standing, *fullness(copy, most), copy.facts, copy.digest, _backwards(copy.file)))


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


def fullness(told: Worth, most: int) -> tuple[object, ...]:
    """Whether anything is said, and nearly all that any copy says; then how well it is known when and by whom."""
    return (told.said > 0, told.said >= 0.9 * most, told.dated, told.sentences, told.timed, told.addressed, told.said)


def _standing(interaction: Interaction) -> str:
    if isinstance(interaction, Meeting):
        sequence, stamped = state_of(interaction.meta)
        return f"{sequence:09d} {stamped}"
    if isinstance(interaction, Document):
        at = interaction.occurred_at.timestamp() if interaction.occurred_at else 10**11
        return f"{bool(interaction.attached_to):d} {10**11 - at:018.3f}"
    revised = f" {interaction.revised_at.astimezone(UTC).isoformat()}" if interaction.revised_at else ""
    return f"{kind_of(interaction)}{revised}"


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
