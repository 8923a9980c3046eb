"""Who is who on the customer's side: roles from titles and words, a stance only where their own words show one."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from assistant.facts.introduced import Introduced
from assistant.facts.named_roles import LEFT, Mention, has_left, roles_gone, roles_in_notes, roles_listed
from assistant.facts.own_words import Heard
from assistant.facts.role_choice import UNKNOWN, Stance, Traits, stance_weighed, weighed
from assistant.facts.roles import SIGNERS, roles_of_title, roles_of_work
from assistant.facts.speech import Place
from assistant.facts.telling import Telling, showing
from ingest.archive.rows import StoredInteraction, StoredPerson


@dataclass(frozen=True, slots=True)
class PersonSeen:
    person: StoredPerson
    roles: tuple[str, ...]
    stance: Stance
    cares_about: str
    """A sentence of theirs about what they want or mind; empty where they said none."""
    last_contact: date | None
    places: tuple[Place, ...]
    introduced: tuple[Place, ...] = ()
    """Where it stands what they do: in their own words, in those of others, at the foot of their latest mail."""
    traits: Traits = UNKNOWN
    """What their roles were weighed by."""
    shows: tuple[tuple[str, tuple[Place, ...]], ...] = ()
    """By role the words that come nearest to it."""
    going: tuple[Place, ...] = ()
    """Where they say, or others do, that they leave."""

    def shown_as(self, role: str) -> tuple[Place, ...]:
        return next((places for shown, places in self.shows if shown == role), ())


def people(
    contacts: Sequence[StoredPerson],
    interactions: Sequence[StoredInteraction],
    heard: Iterable[Heard],
    mentions: Sequence[Mention],
    introduced: Sequence[Introduced] = (),
    telling: Sequence[Telling] = (),
) -> tuple[PersonSeen, ...]:
    """The customer's people and partners, those heard most first."""
    words: dict[str, list[Heard]] = {}
    for one in heard:
        words.setdefault(one.person.id, []).append(one)
    everybody = {person.id: person for person in contacts}
    for interaction in interactions:
        everybody |= {person.id: person for person in interaction.participants}
    theirs = [person for person in everybody.values() if person.side in ("buyer", "partner") and (person.name or person.email)]
    known_as = called(theirs)
    by_person = meant(known_as, introduced)
    room = _Room(interactions, {id: sum(one.sentences for one in own) for id, own in words.items()})
    by_words = meant(known_as, telling)
    seen = [
        _seen(person, known_as[id], words.get(id, []), mentions, room, by_person.get(id, []), by_words.get(id, []))
        for person in theirs
        for id in (person.id,)
    ]
    sentences = room.sentences
    return tuple(
        sorted(seen, key=lambda one: (one.person.side != "buyer", -sentences.get(one.person.id, 0), one.person.name, one.person.id))
    )


class _Room:
    """Everything on record, and by person how many sentences they said; what is asked of it for each person is counted once."""

    def __init__(self, interactions: Sequence[StoredInteraction], sentences: Mapping[str, int]) -> None:
        self.interactions = interactions
        self.sentences = sentences
        self.talked = sum(sentences.values()) >= ENOUGH_TALK
        """Enough was said to see who takes what part in it."""
        self.calls = {at for at, one in enumerate(interactions) if one.source.kind == "call"}
        self._met: dict[str, list[int]] = {}
        for at, one in enumerate(interactions):
            for id in {person.id for person in one.participants}:
                self._met.setdefault(id, []).append(at)
        self._ranked = sorted(sentences.values())

    def met(self, person: StoredPerson) -> list[int]:
        return self._met.get(person.id, [])

    def more_than(self, said: int) -> int:
        """How many said more."""
        return len(self._ranked) - bisect_right(self._ranked, said)

    @property
    def most(self) -> int:
        return self._ranked[-1] if self._ranked else 0


ENOUGH_TALK = 60
"""Sentences of their side: in less than a call or two nobody's part shows."""


def _seen(
    person: StoredPerson,
    names: Sequence[str],
    own: Sequence[Heard],
    mentions: Sequence[Mention],
    room: _Room,
    introduced: Sequence[Introduced],
    telling: Sequence[Telling],
) -> PersonSeen:
    signs = next((one.signs for one in own if one.signs), None)
    left = next((m for m in mentions if person.name and has_left(person.name, m.text)), None)
    favour, doubt = [place for one in own for place in one.favour], [place for one in own for place in one.doubt]
    cares = max((one for one in own if one.cares), key=lambda one: one.telling, default=None)
    noted, noted_at = roles_in_notes(names, [mention for mention in mentions if not mention.listed])
    listed, listed_at = roles_listed(person, [mention for mention in mentions if mention.listed])
    met = [room.interactions[at] for at in room.met(person)]
    dated = [interaction.source.occurred_on for interaction in met if interaction.source.occurred_on]
    gone = left is not None or bool(LEFT.search(person.title))
    titled, person = person.title, _titled(person, introduced)
    working = [] if listed or roles_of_title(person.title) else _working(introduced)
    signed = [one for one in introduced if one.how == "signature"][-1:] if person.title and not titled else []
    by_others = [one for one in introduced if one.how == "leans"][-1:]
    shown = (*signed, *working[:2], *by_others)
    by_rule = roles_gone(noted, left) if gone else _roles(person, signs is not None, listed, noted, working)
    stance = _stance(sum(one.sentences for one in own), len(favour), len(doubt), by_others[0].does if by_others else "")
    traits = replace(
        _traits(person, own, room, introduced),
        by_rule=tuple(by_rule),
        named=() if gone else tuple(dict.fromkeys((*listed, *noted))),
        stance=stance,
    )
    roles = weighed(traits) if room.talked else by_rule
    best = [place for role in roles if room.talked for place in showing(role, telling)[:1]]
    told = (
        *best, signs, left.at if left else None, *listed_at, *noted_at, *(one.at for one in shown),
        cares.cares if cares else None, *favour[:1], *doubt[:1],
    )  # fmt: skip
    places = [place for place in told if place is not None] or [one.first for one in own if one.first is not None][:1]
    return PersonSeen(
        person=person,
        roles=roles,
        traits=traits,
        shows=tuple((role, showing(role, telling)) for role in roles),
        going=tuple(one.at for one in introduced if one.how == "leaves") or ((left.at,) if left else ()),
        stance=stance_weighed(traits) if room.talked else stance,
        cares_about=" ".join(cares.cares.text.split()) if cares and cares.cares else "",
        last_contact=max(dated, default=None),
        places=tuple({(place.interaction.source.id, place.span): place for place in places}.values()),
        introduced=tuple(one.at for how in ("self", "other") for one in introduced if one.how == how)
        + tuple(one.at for one in [one for one in introduced if one.how == "signature"][-1:]),
    )


def called(persons: Sequence[StoredPerson]) -> dict[str, list[str]]:
    """By which names each is meant: the full one, and a first name that nobody else has."""
    first = Counter(person.name.split()[0] for person in persons if person.name)
    return {
        person.id: [person.name, *(n for n in person.name.split()[:1] if first[n] == 1 and n != person.name)] if person.name else []
        for person in persons
    }


def _roles(
    person: StoredPerson, signs: bool, listed: Sequence[str], noted: Sequence[str], working: Sequence[Introduced]
) -> tuple[str, ...]:
    """What the CRM lists stands before what a title lets one guess; what somebody says they do counts where neither names a part."""
    named = (*listed, *roles_of_title(person.title)) or tuple(role for one in working for role in roles_of_work(one.does))
    roles = [role for role in dict.fromkeys(named) if person.side == "buyer" or role not in SIGNERS]
    if signs and "economic buyer" not in roles:
        roles.insert(0, "economic buyer")
    return (*roles, *(role for role in noted if role not in roles))


def _traits(person: StoredPerson, own: Sequence[Heard], room: _Room, introduced: Sequence[Introduced]) -> Traits:
    said = sum(one.sentences for one in own)
    met, titled = room.met(person), roles_of_title(person.title)
    told = (role for one in _working(introduced) for role in roles_of_work(one.does))
    return Traits(
        titled=tuple(titled),
        told=tuple(role for role in dict.fromkeys(told) if role not in titled),
        share=said / room.most if room.most else 0.0,
        place=room.more_than(said),
        calls=len(room.calls.intersection(met)) / max(1, len(room.calls)),
        first=met[0] / len(room.interactions) if met else None,
        last=met[-1] / len(room.interactions) if met else None,
        asks=sum(one.questions for one in own) / said if said else 0.0,
        partner=person.side == "partner",
        leaves=frozenset(one.does for one in introduced if one.how == "leaves"),
        said=said,
        favour=sum(len(one.favour) for one in own),
        doubt=sum(len(one.doubt) for one in own),
        leans=frozenset(one.does for one in introduced if one.how == "leans"),
    )


class _Naming(Protocol):
    @property
    def person(self) -> StoredPerson | None: ...
    @property
    def name(self) -> str: ...


Naming = TypeVar("Naming", bound=_Naming)


def meant(called: Mapping[str, Sequence[str]], given: Iterable[Naming]) -> dict[str, list[Naming]]:
    """Whom each speaks of, by person: the speaker, or the only one who bears the name."""
    bearing: dict[str, list[str]] = {}
    for id, names in called.items():
        for name in {*names, *_surname(names)}:
            bearing.setdefault(name, []).append(id)
    found: dict[str, list[Naming]] = {}
    for one in given:
        ids = [one.person.id] if one.person is not None else bearing.get(one.name, [])
        if len(ids) == 1:
            found.setdefault(ids[0], []).append(one)
    return found


def _surname(names: Sequence[str]) -> list[str]:
    return [names[0].split()[-1]] if names and len(names[0].split()) > 1 else []


def _titled(person: StoredPerson, introduced: Sequence[Introduced]) -> StoredPerson:
    """With the title at the foot of their latest mail, where the CRM has none."""
    signed = [one for one in introduced if one.how == "signature"]
    return replace(person, title=" ".join(signed[-1].does.split())) if signed and not person.title else person


def _working(introduced: Sequence[Introduced]) -> list[Introduced]:
    """What tells of somebody's work, the surest first: their signature, their own words, those of others."""
    return [one for how in ("signature", "self", "other") for one in introduced if one.how == how][:MOST_TOLD]


MOST_TOLD = 4
"""Places that one person's roles are read from."""


ENOUGH_WORDS = 8
"""Below this many sentences nobody's stance is called."""


def _stance(said: int, favour: int, doubt: int, by_others: str) -> Stance:
    """Their own words first; what is said of them decides where those do not."""
    if doubt >= 2 and doubt > favour:
        return "sceptic"
    if favour >= 3 and favour > 2 * doubt:
        return "advocate"
    if by_others == "against" and favour <= doubt + 1:
        return "sceptic"
    if by_others == "for" and doubt <= favour + 1:
        return "advocate"
    return "neutral" if said >= ENOUGH_WORDS else "unknown"
