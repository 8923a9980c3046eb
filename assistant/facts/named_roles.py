"""Roles that our notes and the CRM give somebody by name, and who they say has left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.facts.speech import Place, Statement
from ingest.archive.rows import StoredPerson
from ingest.records import CONTACT_ROLES

LEFT = re.compile(r"\b(?:left|has left|is leaving|no longer (?:with|at)|moved on)\b", re.IGNORECASE)
_CHAMPION = re.compile(r"\bchampion\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence in our own notes that gives somebody a role or says that they left, or a line of the CRM's list of roles."""

    text: str
    at: Place
    listed: bool = False
    """`Economic buyer, champion: Dana O'Neill`, from the CRM's own list."""


def mentions(said: Sequence[Statement]) -> tuple[Mention, ...]:
    noted = (s for s in said if s.interaction.source.kind == "crm_note" and (LEFT.search(s.text) or _ANY_ROLE.search(s.text)))
    listed = (s for s in said if s.interaction.source.kind == "crm_field" and s.turn.heading == CONTACT_ROLES and ": " in s.text)
    return (*(Mention(" ".join(s.text.split()), s.place) for s in noted), *(Mention(s.text, s.place, listed=True) for s in listed))


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


def roles_in_notes(names: Sequence[str], mentions: Sequence[Mention]) -> tuple[list[str], list[Place]]:
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


def roles_listed(person: StoredPerson, mentions: Sequence[Mention]) -> tuple[list[str], list[Place]]:
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


NEAR = 30
"""Characters between a name and that its bearer left: what is further off may be of another."""


def has_left(name: str, text: str) -> bool:
    return any(_names(name, text[max(0, match.start() - len(name) - NEAR) : match.start()]) for match in LEFT.finditer(text))


def roles_gone(noted: Sequence[str], left: Mention | None) -> tuple[str, ...]:
    """Who has left holds no role any more; that it was the champion has to be said: `Champion change: Greg Tanner left`."""
    champion = "champion" in noted or (left is not None and _CHAMPION.search(left.text) is not None)
    return ("former champion" if champion else "former contact",)
