"""Who is who on the customer's side: roles from titles and words, a stance only where their own words show one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from assistant.facts.introduced import Introduced
from assistant.facts.roles import SIGNERS, roles_of_title, roles_of_work
from assistant.facts.speech import Place, Statement
from assistant.facts.topics import content_words
from ingest.archive.rows import StoredInteraction, StoredPerson
from ingest.records import CONTACT_ROLES

Stance = Literal["advocate", "neutral", "sceptic", "unknown"]


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


_SIGNS = re.compile(r"\bI(?:'ll)? sign\b(?! in| up| on)|\bI approve\b|\bmy budget\b|\bI sign alone\b", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:left|has left|is leaving|no longer (?:with|at)|moved on)\b", re.IGNORECASE)
_CHAMPION = re.compile(r"\bchampion\b", re.IGNORECASE)
_FOR = re.compile(
    r"\bI (?:really )?(?:like|love|trust)\b"
    r"|\b(?:that's|it's|this is) (?:great|huge|beautiful|perfect|amazing|brilliant|exactly|lovely)\b"
    r"|\bvery (?:happy|keen|impressed)\b"
    r"|\bI(?:'ll| will| have|'ve) (?:tell|told|put|show|shown)\b.{0,30}\b(?:board|boss|team)\b"
    r"|\bthat(?:'s| is) reassuring\b|\bthat(?:'d| would) (?:make a difference|be a dream)\b|\bthat I like\b|\b(?:he|she|they"
    r"|that) won me over\b"
    r"|\bI (?:could|can) defend it\b|\bI(?:'ll| will) fight for\b|\bI(?:'m| am) (?:a fan|all for it|with you)\b|\bI(?:'d"
    r"| would) be delighted\b"
    r"|\b(?:amazing|wonderful|can't wait)\b|\bI'm (?:sold|in)\b|\bwe go ahead\b|\blet's do it\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\bnot convinced\b|\boutvoted\b|\bI(?:'m| am) not (?:signing|sold|happy|comfortable)\b"
    r"|\bI don't (?:like|believe|trust|want|do)\b|\bisn't a (?:control|plan|answer|date)\b|\bI will think about it\b"
    r"|\bmade me come\b|\b(?:said|promised|told us) that,? too\b|\bis madness\b|\bI(?:'d| would) rather (?:stay|keep|go back|not|we)\b"
    r"|\bfine (?:as it is|the way it is)\b|\bif it ain't broke|\bI(?:'ll| will) believe it when\b|\bnot (?:going to|gonna) (?:work"
    r"|happen)\b"
    r"|\b(?:so|it's a) no\b(?=[.,!]|$)|\bI'll tell you that now\b|\bwaiting for (?:it|this) to fail\b"
    r"|\bnope\b|\bthat's a no\b|\bI hate\b|\bwaste of\b|\btoo (?:expensive|risky|long)\b|\bI've heard that before\b",
    re.IGNORECASE,
)
_CARES = re.compile(
    r"\b(?:I|we) (?:want|need|care about|don't want|will not|mind|worry)\b|\bwhat I care about\b|\bfor me (?:it's|the)\b"
    r"|\bthe (?:main|only) thing\b|\bimportant (?:to|for) (?:me|us)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one person's own words in one interaction show of them."""

    person: StoredPerson
    sentences: int
    first: Place | None
    """None where these words were withheld."""
    signs: Place | None
    favour: tuple[Place, ...]
    doubt: tuple[Place, ...]
    cares: Place | None
    telling: int
    """How much `cares` says, so that the most telling sentence of several interactions can be chosen."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence in our own notes that gives somebody a role or says that they left, or a line of the CRM's list of roles."""

    text: str
    at: Place
    listed: bool = False
    """`Economic buyer, champion: Dana O'Neill`, from the CRM's own list."""


def heard(said: Sequence[Statement]) -> tuple[Heard, ...]:
    """Of one interaction: everybody on the other side who said something in it, in the order they first spoke."""
    words: dict[str, list[Statement]] = {}
    for statement in said:
        if statement.turn.person and statement.side in ("buyer", "partner"):
            words.setdefault(statement.turn.person.id, []).append(statement)
    return tuple(one for own in words.values() if (one := _heard(own)) is not None)


def _heard(own: Sequence[Statement]) -> Heard | None:
    person = own[0].turn.person
    if person is None:
        return None
    cares = max((s for s in own if _tells_what_they_mind(s)), key=_telling, default=None)
    return Heard(
        person=person,
        sentences=len(own),
        first=own[0].place,
        signs=next((s.place for s in own if _SIGNS.search(s.text)), None),
        favour=tuple(s.place for s in own if _FOR.search(s.text)),
        doubt=tuple(s.place for s in own if _AGAINST.search(s.text)),
        cares=cares.place if cares else None,
        telling=_telling(cares) if cares else 0,
    )


def mentions(said: Sequence[Statement]) -> tuple[Mention, ...]:
    noted = (s for s in said if s.interaction.source.kind == "crm_note" and (_LEFT.search(s.text) or _ANY_ROLE.search(s.text)))
    listed = (s for s in said if s.interaction.source.kind == "crm_field" and s.turn.heading == CONTACT_ROLES and ": " in s.text)
    return (*(Mention(" ".join(s.text.split()), s.place) for s in noted), *(Mention(s.text, s.place, listed=True) for s in listed))


def people(
    contacts: Sequence[StoredPerson],
    interactions: Sequence[StoredInteraction],
    heard: Iterable[Heard],
    mentions: Sequence[Mention],
    introduced: Sequence[Introduced] = (),
) -> tuple[PersonSeen, ...]:
    """The customer's people and partners, those heard most first."""
    words: dict[str, list[Heard]] = {}
    for one in heard:
        words.setdefault(one.person.id, []).append(one)
    everybody = {person.id: person for person in contacts}
    for interaction in interactions:
        everybody |= {person.id: person for person in interaction.participants}
    theirs = [person for person in everybody.values() if person.side in ("buyer", "partner") and (person.name or person.email)]
    called = _called(theirs)
    meant = _meant(called, introduced)
    seen = [
        _seen(person, called[person.id], words.get(person.id, []), mentions, _met(person, interactions), meant.get(person.id, []))
        for person in theirs
    ]
    sentences = {id: sum(one.sentences for one in own) for id, own in words.items()}
    return tuple(
        sorted(seen, key=lambda one: (one.person.side != "buyer", -sentences.get(one.person.id, 0), one.person.name, one.person.id))
    )


def _met(person: StoredPerson, interactions: Sequence[StoredInteraction]) -> list[StoredInteraction]:
    return [interaction for interaction in interactions if any(other.id == person.id for other in interaction.participants)]


def _seen(
    person: StoredPerson,
    names: Sequence[str],
    own: Sequence[Heard],
    mentions: Sequence[Mention],
    met: Sequence[StoredInteraction],
    introduced: Sequence[Introduced],
) -> PersonSeen:
    signs = next((one.signs for one in own if one.signs), None)
    left = next((m for m in mentions if person.name and _has_left(person.name, m.text)), None)
    favour, doubt = [place for one in own for place in one.favour], [place for one in own for place in one.doubt]
    cares = max((one for one in own if one.cares), key=lambda one: one.telling, default=None)
    noted, noted_at = _roles_in_notes(names, [mention for mention in mentions if not mention.listed])
    listed, listed_at = _roles_listed(person, [mention for mention in mentions if mention.listed])
    dated = [interaction.source.occurred_on for interaction in met if interaction.source.occurred_on]
    gone = left is not None or bool(_LEFT.search(person.title))
    titled, person = person.title, _titled(person, introduced)
    working = [] if listed or roles_of_title(person.title) else _working(introduced)
    signed = [one for one in introduced if one.how == "signature"][-1:] if person.title and not titled else []
    by_others = [one for one in introduced if one.how == "leans"][-1:]
    shown = (*signed, *working[:2], *by_others)
    told = (
        signs, left.at if left else None, *listed_at, *noted_at, *(one.at for one in shown),
        cares.cares if cares else None, *favour[:1], *doubt[:1],
    )  # fmt: skip
    places = [place for place in told if place is not None] or [one.first for one in own if one.first is not None][:1]
    return PersonSeen(
        person=person,
        roles=_roles_gone(noted, left) if gone else _roles(person, signs is not None, listed, noted, working),
        stance=_stance(sum(one.sentences for one in own), len(favour), len(doubt), by_others[0].does if by_others else ""),
        cares_about=" ".join(cares.cares.text.split()) if cares and cares.cares else "",
        last_contact=max(dated, default=None),
        places=tuple({(place.interaction.source.id, place.span): place for place in places}.values()),
        introduced=tuple(one.at for how in ("self", "other") for one in introduced if one.how == how)
        + tuple(one.at for one in [one for one in introduced if one.how == "signature"][-1:]),
    )


MOST_TELLING = 6
"""Content words from which on a sentence says enough of what its speaker minds; of equals the first said stands."""


def _telling(statement: Statement) -> int:
    return min(len(content_words(statement.text)), MOST_TELLING)


def _tells_what_they_mind(statement: Statement) -> bool:
    return bool(_CARES.search(statement.text)) and 5 <= len(statement.text.split()) <= 30 and not statement.text.rstrip().endswith("?")


_ROLE = (
    r"(?P<role>economic buyer|champion|exec(?:utive)? sponsor|sponsor|decision[- ]maker|day-to-day lead|technical evaluator|procurement"
    r"|main contact)"
)
_NAMED_ROLE = re.compile(rf"\b{_ROLE}\s*(?:is|:|=|-)\s*(?P<name>[^\n.;,(]{{2,40}})", re.IGNORECASE)
"""`Economic buyer: Dana O'Neill`, `our champion is Tom`."""
_IS_ROLE = re.compile(
    rf"(?:,| is| still| =|\s*\()\s*(?:(?:now|still|clearly|really)\s+)?(?:(?:the|our|their|a)\s+)?{_ROLE}\b(?!\s+(?:change|call|team))",
    re.IGNORECASE,
)
"""What follows a name: `Tom is our champion`, `Denise still sponsor`, `Ingrid, the champion`."""
_ANY_ROLE = re.compile(rf"\b{_ROLE}\b", re.IGNORECASE)
_ROLE_CALLED = {
    "sponsor": "exec sponsor",
    "executive sponsor": "exec sponsor",
    "decision maker": "economic buyer",
    "decision-maker": "economic buyer",
    "main contact": "day-to-day lead",
}


def _called(persons: Sequence[StoredPerson]) -> dict[str, list[str]]:
    """By which names each is meant: the full one, and a first name that nobody else has."""
    first = Counter(person.name.split()[0] for person in persons if person.name)
    return {
        person.id: [person.name, *(n for n in person.name.split()[:1] if first[n] == 1 and n != person.name)] if person.name else []
        for person in persons
    }


def _roles_in_notes(names: Sequence[str], mentions: Sequence[Mention]) -> tuple[list[str], list[Place]]:
    """Roles our own notes give a person by name."""
    roles: list[str] = []
    places: list[Place] = []
    for mention in mentions:
        text = mention.text
        given = [m["role"] for m in _NAMED_ROLE.finditer(text) if any(_names(name, m["name"]) for name in names)]
        for name in names:
            ends = [m.end() for m in re.finditer(rf"\b{re.escape(name)}\b", text)]
            given += [m["role"] for end in ends if (m := _IS_ROLE.match(text, end))]
        if given:
            roles += [_ROLE_CALLED.get(role.casefold(), role.casefold()) for role in given]
            places.append(mention.at)
    return list(dict.fromkeys(roles)), places[:1]


_LISTED = {
    "economic buyer": "economic buyer", "economic decision maker": "economic buyer", "decision maker": "economic buyer",
    "decision-maker": "economic buyer", "budget holder": "economic buyer", "executive sponsor": "exec sponsor", "sponsor": "exec sponsor",
    "evaluator": "technical evaluator", "technical buyer": "technical evaluator", "technical decision maker": "technical evaluator",
    "business user": "user lead", "end user": "user lead", "legal and compliance": "legal", "legal & compliance": "legal",
    "purchasing": "procurement", "primary contact": "day-to-day lead", "main contact": "day-to-day lead",
    "project manager": "day-to-day lead", "other": "",
}  # fmt: skip
"""What CRMs call roles out of the box (Salesforce's `OpportunityContactRole.Role`, HubSpot's `hs_buying_role`), as we call them. Another
word is the customer's own and stays."""


def _roles_listed(person: StoredPerson, mentions: Sequence[Mention]) -> tuple[list[str], list[Place]]:
    """Roles the CRM gives this person, by the name it has for them, and the line that says so."""
    roles: list[str] = []
    places: list[Place] = []
    for mention in mentions:
        told, _, name = mention.text.rpartition(": ")
        if person.name and " ".join(name.casefold().split()) == " ".join(person.name.casefold().split()):
            called = [" ".join(role.casefold().replace("_", " ").split()) for role in re.split(r"[,;]", told)]
            found = [_LISTED.get(role, role) for role in called if role]
            roles += filter(None, found)
            places += [mention.at] if any(found) else []
    return list(dict.fromkeys(roles)), places[:1]


def _names(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _has_left(name: str, text: str) -> bool:
    return _LEFT.search(text) is not None and _names(name, text)


def _roles(
    person: StoredPerson, signs: bool, listed: Sequence[str], noted: Sequence[str], working: Sequence[Introduced]
) -> tuple[str, ...]:
    """What the CRM lists stands before what a title lets one guess; what somebody says they do counts where neither names a part."""
    named = (*listed, *roles_of_title(person.title)) or tuple(role for one in working for role in roles_of_work(one.does))
    roles = [role for role in dict.fromkeys(named) if person.side == "buyer" or role not in SIGNERS]
    if signs and "economic buyer" not in roles:
        roles.insert(0, "economic buyer")
    return (*roles, *(role for role in noted if role not in roles))


def _meant(called: dict[str, list[str]], introduced: Sequence[Introduced]) -> dict[str, list[Introduced]]:
    """Whom each speaks of, by person: the speaker, or the only one who bears the name."""
    found: dict[str, list[Introduced]] = {}
    for one in introduced:
        if one.person is not None:
            found.setdefault(one.person.id, []).append(one)
            continue
        bearing = [id for id, names in called.items() if one.name in names or one.name in _surname(names)]
        if len(bearing) == 1:
            found.setdefault(bearing[0], []).append(one)
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


def _roles_gone(noted: Sequence[str], left: Mention | None) -> tuple[str, ...]:
    """Who has left holds no role any more; that it was the champion has to be said: `Champion change: Greg Tanner left`."""
    champion = "champion" in noted or (left is not None and _CHAMPION.search(left.text) is not None)
    return ("former champion" if champion else "former contact",)


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
