"""`What changed?`, `What changed on the price?`: promises that others took the place of, and promises that were taken back."""

from __future__ import annotations

import re

from assistant.facts.speech import Place
from assistant.facts.topics import concepts, speaks_of
from assistant.ledger import Ledger
from assistant.on_record.matter import in_other_words, narrowed_to
from assistant.promise import Promise

Chain = tuple[Place, ...]
"""Where each position on one matter was said, in the order of time; the last one stands."""

_ASKS = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:what(?:[’']s| has| have)? (?:else )?(?:changed|moved)|what changes? (?:were|was|are|is) (?:there|made)"
    r"|(?:did|has|have) (?:anything|something) change[d]?|what did (?:we|sales|they) (?:change|take back|correct|walk back|revise)"
    r"|which promises? (?:changed|(?:was|were) (?:changed|replaced|taken back|withdrawn))"
    r"|what (?:was|were) (?:taken back|corrected|withdrawn|revised))"
    r"\b(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_ASKS_HOW = re.compile(
    r"^\W*(?:(?:and|so|but) )?how (?:has|have|did|does) (?P<matter>.{3,60}?) (?:move[ds]?|change[ds]?|shift(?:ed|s)?"
    r"|evolved?|develop(?:ed)?|slip(?:ped)?)\b(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"^(?:prices?|pricing|costs?|money|terms|commercials?|commercial terms|discounts?|fees?)$", re.IGNORECASE)


def changes_asked(question: str, ledger: Ledger) -> list[Chain] | None:
    """The chains asked for, the latest change first; None where the question asks for none."""
    asked, how = _ASKS.match(question), _ASKS_HOW.match(question)
    matter = narrowed_to(asked["rest"]) if asked else how["matter"] if how and narrowed_to(how["rest"]) == "" else None
    if matter is None:
        return None
    return [chain for chain, promises in _changed(ledger) if not matter or any(_about(one, matter) for one in promises)]


def chains(ledger: Ledger) -> list[Chain]:
    return [chain for chain, _ in _changed(ledger)]


def _changed(ledger: Ledger) -> list[tuple[Chain, tuple[Promise, ...]]]:
    found: list[tuple[Chain, tuple[Promise, ...]]] = []
    replaced = {one.supersedes for one in ledger.promises}
    for last in ledger.promises:
        if last.strength == "retracted" and len(last.places) > 1 and last.id not in replaced:
            found.append(((last.places[0], last.instead or last.places[-1]), (last,)))
        elif last.current and last.supersedes:
            chain = ledger.chain(last)
            found.append((tuple(one.places[0] for one in chain), chain))
    return sorted(found, key=lambda each: str(each[1][-1].places[-1].interaction.source.occurred_on or ""), reverse=True)


def _about(one: Promise, matter: str) -> bool:
    if _MONEY.match(matter) and one.kind == "commercial":
        return True
    return speaks_of(one.text, matter) or bool(concepts(one.text) & concepts(matter)) or in_other_words(one.text, matter)
