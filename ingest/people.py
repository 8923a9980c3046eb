"""Who spoke: the names and addresses in an interaction matched to people, each with a side.

By address first, then by name among the interaction's own participants, then among the account's contacts, our own users and whoever else
took part in something of the account; a first name will do where only one of them has it. A name nobody knows stays a name: it is never
guessed onto a person. What was read while nobody of that name was known is read again once somebody is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.archive.rows import StoredPerson
from ingest.domains import FREE_MAIL, Domains
from ingest.records import Participant, Side
from ingest.routing import fold

_ASIDE = re.compile(r"\s*[(\[].*?[)\]]")
_DEVICE = re.compile(r"(?:'s|’s)\s+(?:iphone|ipad|macbook|zoom|laptop)\b.*", re.I)


@dataclass(frozen=True, slots=True)
class Known:
    """Everybody an account's interactions may name: its contacts, our users, and who else has been seen."""

    people: tuple[StoredPerson, ...]

    def by_email(self, email: str) -> StoredPerson | None:
        return next((p for p in self.people if p.email and p.email.lower() == email.lower()), None)

    def by_name(self, name: str) -> StoredPerson | None:
        """The only person of that full name, else the only one of that first name, else None.

        Who is known by a name alone is no rival to somebody of the same name with an address or in the CRM.
        """
        wanted = fold(plain_name(name))
        if not wanted:
            return None
        full = [p for p in self.people if fold(plain_name(p.name)) == wanted]
        found = _distinct(p for p in full if is_somebody(p)) or _distinct(full)
        if not full:
            identified = {fold(plain_name(p.name)) for p in self.people if is_somebody(p)}
            firsts = [p for p in self.people if _first(p.name) == wanted]
            found = _distinct(p for p in firsts if is_somebody(p) or fold(plain_name(p.name)) not in identified)
        return found[0] if len(found) == 1 else None


def is_somebody(person: StoredPerson) -> bool:
    """More than a name that was heard: with an address, or in the CRM."""
    return bool(person.email or person.links)


def plain_name(name: str) -> str:
    """`Tom Becker (Harborlight)` and `Tom Becker's iPhone` are Tom Becker; `Becker, Tom` is turned round."""
    cleaned = _DEVICE.sub("", _ASIDE.sub("", name)).strip()
    last, comma, first = cleaned.partition(", ")
    return f"{first} {last}" if comma and first and " " not in last.strip() else cleaned


def completed(participant: Participant, present: Sequence[Participant], known: Known) -> Participant:
    """A participant with the address, title and name that the interaction or the account knows of them."""
    person = known.by_email(participant.email) if participant.email else None
    fellow = None if person or participant.email else _fellow(participant.name, present)
    if fellow and not person:
        person = known.by_email(fellow.email)
    if person is None and not participant.email and fellow is None:
        person = known.by_name(participant.name)
    email = participant.email or (fellow.email if fellow else "") or (person.email if person else "")
    return Participant(
        name=_better_name(participant.name, person.name if person else "", fellow.name if fellow else "", email),
        email=email.lower(),
        title=participant.title or (person.title if person else "") or (fellow.title if fellow else ""),
        side=_listed(participant, fellow, person),
    )


def side_in(account_domains: frozenset[str], domains: Domains, participant: Participant, registrable_domain: str) -> Side:
    """The side of a participant within one account: ours and partners by domain, the account's own domain is the buyer's.

    Of an account whose domains nobody has named, whoever writes from a company that is not ours or a partner's is the buyer.
    """
    listed: Side = participant.side
    known = registrable_domain and registrable_domain not in FREE_MAIL
    if known and (registrable_domain in account_domains or (not account_domains and domains.ours)):
        listed = "buyer"
    return domains.side_of(participant.email, listed_as=listed)


def _fellow(name: str, present: Sequence[Participant]) -> Participant | None:
    """The only participant with an address who bears this name, else the only one of that first name."""
    wanted = fold(plain_name(name))
    named = [p for p in present if wanted and p.email and p.name]
    found = [p for p in named if fold(plain_name(p.name)) == wanted] or [p for p in named if _first(p.name) == wanted]
    return found[0] if len({p.email.lower() for p in found}) == 1 else None


def _first(name: str) -> str:
    return fold(plain_name(name)).partition(" ")[0]


def _listed(participant: Participant, fellow: Participant | None, person: StoredPerson | None) -> Side:
    claims = [participant.side, fellow.side if fellow else "unknown", person.side if person else "unknown"]
    return next((side for side in claims if side != "unknown"), "unknown")


def _better_name(said: str, listed: str, fellow: str, email: str) -> str:
    """The CRM's spelling where it has one; never an address where a name is known."""
    return listed or plain_name(said) or fellow or email.partition("@")[0]


def _distinct(people: Iterable[StoredPerson]) -> list[StoredPerson]:
    return list({p.email.lower() or p.id: p for p in people}.values())
