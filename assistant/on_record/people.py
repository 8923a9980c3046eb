"""`Who decides?`, `Who is the champion?`, `Who is their CFO?`: people by role and title, in the words that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.facts.people import PersonSeen
from assistant.facts.speech import Place, whole_sentences
from assistant.ledger import Ledger
from assistant.on_record.introduced import by_own_words, introduced, said_of_deciding, who_asked
from assistant.room import Room
from assistant.words import plain, terms
from ingest.archive.rows import StoredPerson, StoredTurn
from ingest.records import Span

_END = (
    r"(?:\s+(?:here|there|now|today|again|exactly|on (?:their|the customer[’']?s?) side|at (?:the customer|their end)"
    r"|for (?:them|this|us)))*\W*$"
)
_DECIDES = re.compile(
    r"^\W*(?:(?:and|so|but|then) )?who (?:(?:really |finally |actually )?(?:decides|decided|signs|approves)"
    r"|(?:makes|made|takes) the decisions?"
    r"|(?:has|had) (?:the (?:last|final) (?:word|say)|to (?:sign|approve|decide))|(?:will|must|can|should) (?:sign|decide|approve)(?: off)?"
    r"|(?:holds|controls|owns|has) the (?:budget|money|purse(?: strings)?)|pays)"
    r"(?: (?:it|this|the (?:contract|deal|order|order form)|on it|off))?" + _END,
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"^\W*(?:(?:and|so|but|then) )?who(?:(?:[’']s| is| are| was| were)(?: responsible for| in charge of)?"
    r"| (?:looks after|handles|runs|takes care of|does)) (?:(?:the|their|our|its|her|his|an?) )?(?P<role>[\w/& -]{2,40}?)" + _END,
    re.I,
)
_ROLES: tuple[tuple[str, str], ...] = (
    ("economic buyer", r"(?:economic |economical )?(?:buyer|decision[- ]?makers?)|budget[- ](?:holder|owner)|signatory|signer"),
    ("champion", r"(?:internal )?champion|advocate|(?:biggest |best |main )?(?:ally|friend|supporter|fan)(?: inside| there)?"),
    ("exec sponsor", r"(?:exec(?:utive)? )?sponsor"),
    ("day-to-day lead", r"(?:main|primary|day[- ]to[- ]day|daily) (?:contact|lead|person)|(?:point of )?contact(?: person)?|project lead"),
    ("security", r"security (?:contact|officer|person|lead|reviewer)|(?:contact for )?security"),
    ("legal", r"legal(?: (?:contact|counsel|person|side))?|lawyer|counsel|attorney"),
    ("procurement", r"procurement(?: contact| lead| person)?|purchasing|purchaser"),
    ("technical evaluator", r"technical (?:evaluator|contact|lead|person)|IT (?:contact|lead|person)"),
)
_WORK = {
    "security": re.compile(r"\bsecurity\b", re.IGNORECASE),
    "legal": re.compile(r"\b(?:legal|counsel|lawyer|attorney)\b", re.IGNORECASE),
    "procurement": re.compile(r"\b(?:procurement|purchasing)\b", re.IGNORECASE),
    "technical evaluator": re.compile(r"\b(?:IT|engineer|architect|systems?|technical)\b"),
}
"""What those who do such work call it."""
_BY_ROLE = tuple((role, re.compile(words, re.IGNORECASE)) for role, words in _ROLES)
_SAYS_WHO_DECIDES = re.compile(
    r"\b(?:signs?|signed|approves?|budget|decides?|decided)\b|\b(?:board|committee|council|management)\b.{0,40}\b(?:release|approve|decide)",
    re.I,
)
_SIGNS = re.compile(
    r"\b(?:(?i:I|he|she|they|we|who|board|committee|council)(?:['’]ll|['’]d)?|[A-Z][\w’'-]+)"
    r"(?: (?:alone|also|both|only|will|must|can|would|has|have|had|needs?|to))* (?:signs?|approves?)\b(?! (?:of|that|up|in)\b)"
    r"|\b[Ss]igned(?: off)?(?: by|:)|\b[Aa]pproved by\b"
)
"""Somebody signs or approves; not `a good sign`, `once it is signed`."""
_SIGNS_WHATEVER = re.compile(
    r"\bsign (?:something|in|up|on|for it|here)\b|\bwhat (?:(?:do|does|did|will|must) )?\w+ signs?\b", re.IGNORECASE
)
_CHIEF = {
    "ceo": ("executive",), "cfo": ("financial", "finance"), "coo": ("operating", "operations"), "cto": ("technology", "technical"),
    "cio": ("information",), "ciso": ("security",), "cmo": ("marketing",), "cro": ("revenue",), "cpo": ("product", "procurement", "people"),
    "cso": ("security", "strategy", "sales"), "cdo": ("data", "digital"), "chro": ("human",), "dpo": ("protection",),
}  # fmt: skip
"""What a title's abbreviation may stand for."""


@dataclass(frozen=True, slots=True)
class PeopleAsked:
    places: tuple[Place, ...]
    nobody: bool = False
    """A title was asked for that nobody on record bears and nobody ever spoke of."""


def people_asked(question: str, ledger: Ledger, room: Room) -> PeopleAsked | None:
    """Where the words stand that show who it is; None where the question asks for no role or title."""
    if _DECIDES.match(question):
        return PeopleAsked(_deciding(ledger) or said_of_deciding(room))
    if (name := who_asked(question)) and (person := _called(name, room)):
        return PeopleAsked(introduced(person, room) or _read_off(person, ledger))
    holds = _HOLDS.match(question)
    asked = " ".join(holds["role"].split()) if holds else ""
    role = next((role for role, words in _BY_ROLE if words.fullmatch(asked)), None)
    if role == "economic buyer":
        return PeopleAsked((*_with_role(role, ledger), *_deciding(ledger)))
    if role is not None:
        there = _with_role(role, ledger) or _doing(role, ledger, room)
        return PeopleAsked(there, nobody=not there and not set(terms(asked)) & room.shelf.rarity.keys())
    if (title := asked.casefold()) in _CHIEF:
        return _titled(title, ledger, room)
    return None


def _called(name: str, room: Room) -> StoredPerson | None:
    """The one person on record of whom each word of the name is a name."""
    words = set(plain(name))
    people = {person.id: person for interaction in room.interactions.values() for person in interaction.participants}
    bearers = [person for person in people.values() if words and words <= set(plain(person.name))]
    return bearers[0] if len(bearers) == 1 else None


def _read_off(person: StoredPerson, ledger: Ledger) -> tuple[Place, ...]:
    """What the ledger has of how they were introduced; of our own people it has nothing."""
    return next((one.introduced for one in ledger.people if one.person.id == person.id), ())


def _deciding(ledger: Ledger) -> tuple[Place, ...]:
    """Who signs or approves, in their own words or others', then what else was said of how it is decided."""
    signs = [place for one in ledger.people for place in one.places if _SAYS_WHO_DECIDES.search(place.text) and one.person.side == "buyer"]
    told = [one.at for one in ledger.remarks if one.topic == "decision" and _SAYS_WHO_DECIDES.search(one.text)]
    meant = [place for place in (*signs, *told) if not _SIGNS_WHATEVER.search(place.text)]
    return tuple(sorted(meant, key=lambda place: _SIGNS.search(place.text) is None))


def _with_role(role: str, ledger: Ledger) -> tuple[Place, ...]:
    """In the words of a note or a record that give somebody the role; a title alone gives none here."""
    words = next(pattern for name, pattern in _BY_ROLE if name == role)
    holding = [one for one in ledger.people if any(role in held for held in one.roles)]
    return tuple(place for one in holding for place in one.places if words.search(place.text))


def _doing(role: str, ledger: Ledger, room: Room) -> tuple[Place, ...]:
    """Where no note gives anybody the role: who says that it is their work, and whose title makes it theirs, as they were introduced."""
    bearers = [one for one in ledger.people if one.person.side == "buyer" and role in one.roles]
    shown = (introduced(one.person, room)[:1] or one.places[:1] for one in bearers)
    own = by_own_words(_WORK[role], room) if role in _WORK else ()
    return (*own, *(place for places in shown for place in places))


def _titled(title: str, ledger: Ledger, room: Room) -> PeopleAsked:
    """`CFO` is the Chief Financial Officer: where their name stands with the title, else nowhere."""
    bearers = [one for one in ledger.people if one.person.side == "buyer" and _bears(one, title)]
    places = [place for one in bearers for place in _named_with_title(one, room)]
    unheard = not set(terms(title)) & room.shelf.rarity.keys() and not bearers
    return PeopleAsked(tuple(places), nobody=unheard)


def _bears(one: PersonSeen, title: str) -> bool:
    words = plain(one.person.title)
    return title in words or ("chief" in words and any(meant in words for meant in _CHIEF[title]))


def _named_with_title(one: PersonSeen, room: Room) -> Sequence[Place]:
    titles = [word for word in plain(one.person.title) if len(word) > 2]
    found: list[Place] = []
    for interaction in room.interactions.values():
        for turn in interaction.turns:
            for span in _sentences(interaction.text, turn):
                text = interaction.text[span.start : span.end]
                if one.person.name in text and set(titles) <= set(plain(text)):
                    found.append(Place(interaction, span))
    return found


def _sentences(text: str, turn: StoredTurn) -> Sequence[Span]:
    return whole_sentences(text, turn.span) if turn.role == "said" else ()
