"""`Who is Priti?`, `Who is on their side?`, `Who was at the demo?`: what is known of people without anybody's words.

Name, side, title, and how often they took part stand on lists of participants and in the CRM. No quote says them, so they are told
beside quotes and never as one; and of the quotes only those are given that are about the person or of what they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from assistant.answers import Known
from assistant.facts.speech import Place
from assistant.facts.topics import content_words
from assistant.ledger import Ledger
from assistant.on_record.introduced import WORK, introduced, who_asked
from assistant.on_record.surest import sureness
from assistant.room import SPOKEN, Room
from assistant.words import fold, plain, terms
from ingest.archive.rows import StoredInteraction, StoredPerson
from ingest.people import is_somebody
from ingest.records import Kind, Side

_CARES = re.compile(
    r"^\W*(?:and )?what (?:does|do|is|are|did|matters|worries) (?:he|she|they|to (?:him|her|them)|him|her|them|[\w’'.-]+)"
    r"(?: (?:most|really))?(?: (?:care|worry) about| want| mind| worried about| after| (?P<does>do))?\W*$",
    re.IGNORECASE,
)
_TELL = re.compile(r"^\W*(?:tell me (?:more )?about|what do we know (?:about|of)) (?P<who>[\w’'. -]{2,40}?)\W*$", re.IGNORECASE)
_BREATH = re.compile(r",?\s+and (?=what\b)|,\s+(?=what\b)", re.IGNORECASE)
_ON_SIDE = re.compile(
    r"^\W*who(?:[’']s| is| are| was| were) (?:all )?(?:(?:the|everyone|everybody) )?(?:people |contacts |involved |there )?"
    r"(?:on|at|from) (?P<side>their|the customer[’']?s?|the client[’']?s?|our) (?:own )?(?:side|end)\W*$",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"^\W*who(?: all)?(?:[’']s| is| was| were| are| took part| joined| attended| sat)(?: all)?"
    r"(?: on| at| in| there at| there in)? (?:the|that|our) "
    r"(?P<which>[\w’' -]{0,40}?)\b(?P<kind>calls?|demo|meeting|kick-?off|workshop|session)"
    r"(?: (?:on|of|in) (?:the )?[\w ]{3,20})?\W*$",
    re.IGNORECASE,
)
_ADDRESSED = frozenset({"mr", "mrs", "ms", "dr", "herr", "frau", "prof"})
_SHORT_FOR = {
    "bill": "william", "will": "william", "bob": "robert", "rob": "robert", "liz": "elizabeth", "beth": "elizabeth", "kate": "katherine",
    "mike": "michael", "tony": "anthony", "jim": "james", "jack": "john", "dick": "richard", "rick": "richard", "ted": "edward",
    "peggy": "margaret", "maggie": "margaret", "sandy": "alexandra", "andy": "andrew", "dave": "david", "steve": "stephen",
}  # fmt: skip
LEAST_SHORT = 3
"""Letters of a first name that stand for the whole of it: `Ben` for Benjamin."""
QUOTES = 2
TELLING = 5
"""Content words from which on a sentence says something of its speaker to who was not there."""
MOST = 30
"""People listed of a side or a talk."""


@dataclass(frozen=True, slots=True)
class WhoAsked:
    known: tuple[Known, ...] = ()
    places: tuple[Place, ...] = ()
    which: tuple[str, ...] = ()
    """Questions to choose from, where what is asked fits several."""
    unknown: str = ""
    """A name that nobody bears and nobody ever said."""
    unsaid: tuple[str, ...] = ()


def who_is_asked(
    question: str, people: Sequence[StoredPerson], ledger: Ledger, room: Room, kinds: AbstractSet[Kind] | None
) -> WhoAsked | None:
    """None where it asks for nobody by name, side or talk, or for somebody of whom there are words alone."""
    if side := _ON_SIDE.match(question):
        wanted: Side = "seller" if side["side"].casefold() == "our" else "buyer"
        found = [_known(person, ledger, room, kinds) for person in people if person.side == wanted]
        took_part = sorted((one for one in found if one.calls or one.mails), key=lambda one: (-one.calls, -one.mails, one.name))
        return WhoAsked(tuple(took_part[:MOST])) if took_part else None
    if there := _THERE.match(question):
        return _there(there["which"], there["kind"], people, ledger, room, kinds)
    first, *others = _BREATH.split(question)
    asked = _TELL.match(question)
    name = asked["who"] if asked else who_asked(first)
    after = [_CARES.match(other) for other in others]
    if name is None or not all(after):
        return None
    bearers = _bearers(name, people)
    if not bearers:
        return _unheard(name, room)
    if len(bearers) > 1:
        known = tuple(_known(person, ledger, room, kinds) for person in bearers)
        return WhoAsked(known, which=tuple(f"Who is {one.name}?" for one in known))
    return _one(bearers[0], people, ledger, room, kinds, cares=any(one is not None and not one["does"] for one in after))


def _bearers(name: str, people: Sequence[StoredPerson]) -> list[StoredPerson]:
    """Whom the words name: by whole names, else by a short form of the first; who is but a name is no rival to who is known."""
    words = [word for word in plain(name) if word not in _ADDRESSED]
    found = [person for person in people if words and set(words) <= set(plain(person.name))]
    if not found and words:
        found = [person for person in people if (own := plain(person.name)) and _short(words[0], own[0]) and set(words[1:]) <= set(own)]
    surest = [person for person in found if is_somebody(person)]
    rest = [one for one in found if one not in surest and not any(set(plain(one.name)) <= set(plain(other.name)) for other in surest)]
    return list({fold(one.name): one for one in (*rest, *surest)}.values())


def _short(said: str, name: str) -> bool:
    return _SHORT_FOR.get(said) == name or (min(len(said), len(name)) >= LEAST_SHORT and (name.startswith(said) or said.startswith(name)))


def _unheard(name: str, room: Room) -> WhoAsked | None:
    words = name.split()
    if not all(word[:1].isupper() for word in words):
        return None
    said = any(set(plain(name)) <= set(plain(interaction.text)) for interaction in room.interactions.values())
    return None if said else WhoAsked(unknown=name)


def _one(
    person: StoredPerson, people: Sequence[StoredPerson], ledger: Ledger, room: Room, kinds: AbstractSet[Kind] | None, *, cares: bool
) -> WhoAsked:
    told = [place for place in _told_of(person, people, ledger, room) if kinds is None or place.interaction.source.kind in kinds]
    minds, stands = _minds(person, ledger), _promised(person, ledger)
    minded = [place for place in minds if kinds is None or place.interaction.source.kind in kinds]
    kept = _each_once((*told[:1], *minded[:1], *told[1:2], *stands[:1]))
    known = _known(person, ledger, room, kinds)
    unsaid = (f"What does {person.name} do",) if not known.title and not told else ()
    if cares and not minded:  # of our own people too: what they promised is no care of theirs
        unsaid = (*unsaid, f"What does {person.name} care about")
    return WhoAsked((known,), tuple(kept[:QUOTES]), unsaid=unsaid)


def _known(person: StoredPerson, ledger: Ledger, room: Room, kinds: AbstractSet[Kind] | None) -> Known:
    in_it = [one for one in room.interactions.values() if kinds is None or one.source.kind in kinds]
    met = [one for one in in_it if _took_part(person, one)]
    calls = [one for one in met if one.source.kind in ("call", "meeting")]
    days = sorted(one.source.occurred_on for one in met if one.source.occurred_on and one.source.kind in (*SPOKEN, "email"))
    signed = "" if person.title else next((one.person.title for one in ledger.people if one.person.id == person.id), "")
    return Known(
        id=person.id, name=person.name or person.email, side=person.side, email=person.email, title=person.title or signed,
        title_from="" if not (person.title or signed) else "signature" if signed else "crm_or_list" if person.links else "list",
        calls=len(calls), spoke=sum(_spoke(person, one) for one in calls), mails=sum(one.source.kind == "email" for one in met),
        first=days[0] if days else None, last=days[-1] if days else None,
    )  # fmt: skip


def _took_part(person: StoredPerson, interaction: StoredInteraction) -> bool:
    return any(one.id == person.id for one in interaction.participants) or _spoke(person, interaction)


def _spoke(person: StoredPerson, interaction: StoredInteraction) -> bool:
    return any(turn.person is not None and turn.person.id == person.id for turn in interaction.turns)


def _told_of(person: StoredPerson, people: Sequence[StoredPerson], ledger: Ledger, room: Room) -> list[Place]:
    """Their own introduction, then what others say that they do, under a name that is theirs alone."""
    says = _says_of(person, people)
    read = next((one.introduced for one in ledger.people if one.person.id == person.id), ())
    found = [place for place in (*read, *introduced(person, room)) if _by(person, place) or (says is not None and says.search(place.text))]
    return _each_once(place for place in found if _heard(place) and len(place.text.split()) > 1)


def _each_once(places: Iterable[Place]) -> list[Place]:
    return list({(place.interaction.source.id, place.span): place for place in places}.values())


def _says_of(person: StoredPerson, people: Sequence[StoredPerson]) -> re.Pattern[str] | None:
    """`Luis, our engineer`, `our engineer Luis`, `Luis looks after it`; None where no name is theirs alone."""
    others = {name for one in people if fold(one.name) != fold(person.name) for name in plain(one.name)}
    names = [word for word in re.findall(r"[^\W\d_][\w’'-]+", person.name) if not set(plain(word)) & others]
    alone = [rf"{re.escape(name)}(?! [A-Z][a-z])" for name in names]
    name = rf"(?-i:{'|'.join([re.escape(person.name), *alone])})"
    return re.compile(
        rf"\b{name}(?:['’]s| is|,| =|:| \(|,? (?:who|he|she|they)(?:['’]s| is| are)),? ?(?:[\w’'&-]+ ){{0,4}}?{WORK}\b"
        rf"|\b{WORK},?(?: is| called| named|:)? {name}(?!\w)"
        rf"|\b{name},? (?:who )?(?:runs|leads|heads|looks after|handles|manages|owns|takes over|took over|signs|decides|is in charge)\b",
        re.IGNORECASE,
    ) if person.name else None  # fmt: skip


def _by(person: StoredPerson, place: Place) -> bool:
    return any(
        turn.person is not None and turn.person.id == person.id and turn.span.start <= place.span.start < turn.span.end
        for turn in place.interaction.turns
    )


def _minds(person: StoredPerson, ledger: Ledger) -> list[Place]:
    """What they mind in their own words: the most telling, then their warnings, the surest first; of our own people nothing, who warn
    for others."""
    if person.side == "seller":
        return []
    seen = next((one for one in ledger.people if one.person.id == person.id), None)
    cares = [place for place in seen.places if seen.cares_about and " ".join(place.text.split()) == seen.cares_about] if seen else []
    warned = [one.at for one in sorted(ledger.risks, key=lambda one: -sureness(one)) if _by(person, one.at)]
    return _telling((*cares, *warned))


def _promised(person: StoredPerson, ledger: Ledger) -> list[Place]:
    return _telling(one.places[0] for one in ledger.promises if one.current and one.strength == "firm" and one.made_by.id == person.id)


def _telling(places: Iterable[Place]) -> list[Place]:
    return [place for place in places if _heard(place) and len(content_words(place.text)) >= TELLING]


def _heard(place: Place) -> bool:
    """Nothing that we said of somebody among ourselves is shown as who they are."""
    return not place.interaction.source.internal


def _there(
    which: str, kind: str, people: Sequence[StoredPerson], ledger: Ledger, room: Room, kinds: AbstractSet[Kind] | None
) -> WhoAsked | None:
    """Who is on the list of the talk that alone fits its name; None where none does."""
    asked = set(terms(which)) | (set() if kind.casefold().startswith(("call", "meeting", "session")) else set(terms(kind)))
    talks = [one for one in room.interactions.values() if one.source.kind in SPOKEN and (kinds is None or one.source.kind in kinds)]
    fitting = [one for one in talks if asked <= set(terms(one.source.title))]
    if which.strip().casefold() in ("last", "latest", "first"):
        dated = sorted((one for one in talks if one.source.occurred_at), key=lambda one: str(one.source.occurred_at))
        fitting = dated[:1] if "first" in which.casefold() else dated[-1:]
    if len(fitting) != 1:
        titles = [one.source.title for one in fitting]
        again = tuple(f"Who was at the {title} call?" for title in titles) if len(set(titles)) == len(titles) else ()
        return WhoAsked(which=again) if again else None
    here = _only(room, fitting[0])
    by_id = {person.id: person for person in (*fitting[0].participants, *people)}
    known = [_known(person, ledger, here, kinds) for person in by_id.values() if _took_part(person, fitting[0])]
    return WhoAsked(tuple(sorted(known, key=lambda one: (one.side, not one.spoke, one.name)))[:MOST]) if known else None


def _only(room: Room, only: StoredInteraction) -> Room:
    """The room with one talk in it."""
    return replace(room, interactions={only.source.id: only})
