"""Which sentence shows best what part somebody plays: theirs, or one that names them.

Roles are weighed by how people take part (`assistant.facts.role_choice`), and nobody's word says so. But a reader wants the words that
come nearest to it: `Anything over 40k goes to Ruth` for who holds the money, `I've seen four of these` for who doubts. So each word and
pair of words of a sentence, with names as one word and the one it speaks of as another, counts for or against each role, by weights
that `python -m eval.telling` fits on labelled sentences of many trades and on the quotes that labels of deals give for people.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import fsum, sqrt
from pathlib import Path

from assistant.facts.introduced import Introduced
from assistant.facts.likeness import words_of
from assistant.facts.openers import OPENERS
from assistant.facts.own_words import shows
from assistant.facts.role_choice import ROLES
from assistant.facts.roles import roles_of_work
from assistant.facts.speech import Place, Statement
from ingest.archive.rows import StoredPerson
from ingest.records import Span

FILE = Path(__file__).with_name("telling.json")
_NAME = re.compile(r"(?<![\w'’])[A-ZÀ-Þ][\w’'-]*(?: [A-ZÀ-Þ][\w’'-]*){0,2}")
_ENDS = re.compile(r"['’](?:s|ll|d|ve|re)$")
MOST = 4
"""Sentences of one person, or of one name, in one interaction."""
FEWEST_WORDS, MOST_WORDS = 4, 45


@dataclass(frozen=True, slots=True)
class Telling:
    """`person` is who speaks of themselves, and then `name` is empty; `odds` are by role, in the order of `ROLES`."""

    person: StoredPerson | None
    name: str
    odds: tuple[float, ...]
    at: Place


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of somebody's own, or one with a name in it."""

    person: StoredPerson | None
    name: str
    features: Mapping[str, float]
    at: Place


def telling(said: Sequence[Statement], introduced: Sequence[Introduced]) -> tuple[Telling, ...]:
    """Of one interaction the most telling sentences of each person and each name."""
    by_whom: dict[str, list[Telling]] = defaultdict(list)
    for one in candidates(said, introduced):
        whom = one.person.id if one.person else one.name
        by_whom[whom].append(Telling(one.person, one.name, odds(one.features), one.at))
    ranked = (sorted(found, key=lambda one: -max(one.odds))[:MOST] for found in by_whom.values())
    return tuple(one for found in ranked for one in found)


SHOWN = 3


def showing(role: str, given: Sequence[Telling]) -> tuple[Place, ...]:
    """The words of theirs, or about them, that come nearest to it, the nearest first."""
    if role not in ROLES:
        return ()
    at = ROLES.index(role)
    return tuple(one.at for one in sorted(given, key=lambda one: -one.odds[at])[:SHOWN])


def candidates(said: Iterable[Statement], introduced: Sequence[Introduced]) -> Iterator[Candidate]:
    """`introduced` is what phrases made of the same sentences."""
    told: dict[Span, list[Introduced]] = defaultdict(list)
    for each in introduced:
        told[each.at.span].append(each)
    for one in said:
        kind = one.interaction.source.kind
        if kind in ("doc", "crm_field") or not FEWEST_WORDS <= len(one.text.split()) <= MOST_WORDS:
            continue
        if one.turn.person is not None and one.side in ("buyer", "partner"):
            signs = (*shows(one.text), *(name for each in told[one.span] if each.person for name in _by_phrase(each)))
            yield Candidate(one.turn.person, "", features(words_of(one.text), kind, own=True, opens=not one.before, signs=signs), one.place)
        for name, start, end in names_in(one.text):
            words = (*words_of(one.text[:start]), THEM, *words_of(one.text[end:].lstrip("'’s")))
            signs = tuple(sign for each in told[one.span] if each.name in (name, name.split()[-1]) for sign in _by_phrase(each))
            yield Candidate(None, name, features(words, kind, own=False, opens=not one.before, signs=signs), one.place)


def _by_phrase(one: Introduced) -> Iterator[str]:
    yield f"{one.how} {one.does}" if one.how in ("leans", "leaves") else one.how
    if one.how not in ("leans", "leaves"):
        yield from (f"does as a {role}" for role in roles_of_work(one.does))


def names_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Each with where it stands; a name at the end of a sentence may be anybody's, the account's people decide that."""
    for match in _NAME.finditer(text):
        words = match.group().split()
        while words and (words[0] in OPENERS or words[0] in _ADDRESSES):
            words = words[1:]
        name = _ENDS.sub("", " ".join(words))
        if len(name) > 1 and not name.isupper():
            start = match.end() - len(" ".join(words))
            yield name, start, start + len(name)


_ADDRESSES = frozenset({"Mr", "Mrs", "Ms", "Dr", "Prof", "Professor", "Herr", "Frau", "Madame", "Monsieur"})
THEM = "@them"
LENGTH, MOST_LENGTHS = 5, 6
SIDE = 0.5
"""Of a word's weight: what it says beside that where somebody speaks of themselves, or others of them."""


def features(words: Sequence[str], kind: str, *, own: bool, opens: bool, signs: Collection[str] = ()) -> dict[str, float]:
    """`signs` are what phrases found in it."""
    ends = ("^", *words, "$")
    names = dict.fromkeys((*words, *(f"{one} {other}" for one, other in pairwise(ends))))
    value = 2 / sqrt(max(1, len(names)))
    whose = "i" if own else "o"
    found = dict.fromkeys(names, value) | {f"{whose}: {name}": SIDE * value for name in names}
    return found | {
        f"whose {whose}": HALF,
        f"length {min(MOST_LENGTHS, len(words) // LENGTH)}": HALF,
        **({"opens": HALF} if opens else {}),
        **({"of a note": HALF} if kind == "crm_note" else {}),
        **{f"sign: {sign}": 1.0 for sign in signs},
    }


HALF = 0.5


def odds(found: Mapping[str, float], weights: Mapping[str, Sequence[float]] | None = None) -> tuple[float, ...]:
    told = shipped() if weights is None else weights
    known = [(value, told[name]) for name, value in found.items() if name in told]
    return tuple(round(fsum(value * each[at] for value, each in known), 2) for at in range(len(ROLES)))


@cache
def shipped() -> Mapping[str, Sequence[float]]:
    weights: dict[str, list[float]] = json.loads(FILE.read_text("utf-8"))
    return weights
