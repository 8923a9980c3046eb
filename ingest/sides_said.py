"""Whose side somebody is on who is known by a name alone, told by what is said: `I'm Nadia, from Cartage`, `my colleague Nadia`.

Only words that name a company or speak of a colleague count, and only where all that is said of the person agrees. Where nothing is
said they stay of unknown side, and a person can say whose they are (`baton people side`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from ingest.archive.archive import Archive
from ingest.archive.rows import StoredAccount, StoredInteraction, StoredPerson
from ingest.archive.scope import EVERYTHING
from ingest.domains import Domains
from ingest.records import Side

OPENING_TURNS = 3
"""In so many of their first turns somebody says who they are."""
LEAST_NAME = 4
"""Letters of a company's name that is looked for; shorter ones are words of the language too often."""
_GENERIC = frozenset("city bank group hospital school university county town north south west east saint royal national general".split())
_OUTSIDE = re.compile(
    r"\b(?:accountants?|auditors?|agency|consultants?|consultancy|integrators?|partner|contractors?|freelancers?|architects|suppliers?)\b",
    re.IGNORECASE,
)
_NOT_EMPLOYED = re.compile(
    r"\b(?:i'm|i am) (?:not employed|not (?:an )?employee|external|a contractor|a freelancer?"
    r"|the consultant)\b",
    re.IGNORECASE,
)
_COLLEAGUE = (
    r"(?:\w+ ){0,3}?(?:colleague|boss|manager|engineer|architect|specialist|consultant|accountant|deputy|director|lawyer|team ?mate|expert"
    r"|lead)s?"
)
_OTHER: dict[Side, Side] = {"seller": "buyer", "buyer": "seller"}


def place_by_words(archive: Archive, domains: Domains) -> int:
    """Gives people known by a name alone the side that is said of them; returns how many got one."""
    accounts = {account.id: account for account in archive.accounts(EVERYTHING)}
    sides: dict[str, Side] = {}
    for account_id, account in accounts.items():
        scope = EVERYTHING.only(account_id)
        unplaced = [p for p in archive.people(scope) if p.side == "unknown" and p.name and not p.email and not p.links]
        if unplaced:
            sides |= sides_said(unplaced, archive.interactions(scope), _names(domains.ours), _of_account(account))
    return archive.set_sides(sides) if sides else 0


def sides_said(
    unplaced: Sequence[StoredPerson], interactions: Sequence[StoredInteraction], ours: Collection[str], theirs: Collection[str]
) -> dict[str, Side]:
    """By person's id; `ours` and `theirs` are names of the companies, in lower case. Who is spoken of in two ways is left out."""
    found: dict[str, set[Side]] = {person.id: set() for person in unplaced}
    for interaction in interactions:
        for person in unplaced:
            if any(one.id == person.id for one in interaction.participants):
                found[person.id] |= set(_heard(person, interaction, ours, theirs))
    return {id: next(iter(sides)) for id, sides in found.items() if len(sides) == 1}


def _heard(person: StoredPerson, interaction: StoredInteraction, ours: Collection[str], theirs: Collection[str]) -> Iterable[Side]:
    own = [_words(interaction, turn.span) for turn in interaction.turns if turn.person and turn.person.id == person.id]
    for words in own[:OPENING_TURNS]:
        if _NOT_EMPLOYED.search(words):
            yield "partner"
            return
        if _is_from(words, ours):
            yield "seller"
        if _is_from(words, theirs):
            yield "buyer"
    first = person.name.split()[0]
    if len(first) < 2:
        return
    for turn in interaction.turns:
        if turn.person and turn.side in ("seller", "buyer") and (said := _of_them(first, _words(interaction, turn.span))):
            yield "partner" if said == "outside" else turn.side if said == "mine" else _OTHER[turn.side]


def _of_them(first: str, words: str) -> str:
    """`mine`, `yours` or `outside`, for what the sentence that names somebody says of them; empty for nothing."""
    name = re.escape(first)
    after = re.search(rf"\b{name}\b,?(?: \w+,?)? (?:is )?(?:from|of|in|on) (?P<whose>my|our|your) (?P<what>[\w ]{{2,30}})", words)
    before = re.search(rf"\b(?P<whose>[Mm]y|[Oo]ur|[Yy]our) (?P<what>{_COLLEAGUE}),? {name}\b", words)
    match = before or after
    if match is None:
        return ""
    if _OUTSIDE.search(match["what"]) and match["whose"].lower() != "your":
        return "outside"
    return "yours" if match["whose"].lower() == "your" else "mine"


def _is_from(words: str, companies: Collection[str]) -> bool:
    """Says so of themselves; `are you from Cartage?` says it of another."""
    for name in map(re.escape, companies):
        of_others = rf"\b(?:you|your \w+|everyone|anybody|people) (?:\w+ )?(?:from|at|with) (?:the )?{name}\b"
        of_mine = rf"\b(?:(?:from|at|with|for) (?:the )?{name}|{name} here|we at {name})\b"
        if re.search(of_mine, words, re.IGNORECASE) and not re.search(of_others, words, re.IGNORECASE):
            return True
    return False


def _words(interaction: StoredInteraction, span: tuple[int, int]) -> str:
    return " ".join(interaction.text[span[0] : span[1]].replace("’", "'").split())


def _names(domains: Iterable[str]) -> frozenset[str]:
    labels = {domain.split(".")[0].replace("-", " ") for domain in domains}
    return frozenset(label for label in labels if len(label) >= LEAST_NAME)


def _of_account(account: StoredAccount) -> frozenset[str]:
    """Its name, that of its domain, and the first word of its name where that says enough."""
    name = account.name.casefold()
    first = name.split()[0] if name.split() else ""
    telling = {first} if len(first) >= LEAST_NAME and first not in _GENERIC else set()
    return frozenset({name} | telling) | _names(account.domains)
