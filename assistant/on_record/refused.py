"""`Is there anything we refused?`, `What did we say no to on the price?`: what was asked of us and declined, or taken back."""

from __future__ import annotations

import re

from assistant.facts.speech import Place
from assistant.facts.topics import concepts, speaks_of
from assistant.ledger import Ledger
from assistant.on_record.matter import in_other_words, narrowed_to
from assistant.promise import Promise

_NO = r"(?:refused?|declined?|sa(?:y|id) no to|turn(?:ed)? down|rule[d]? out|reject(?:ed)?)"
_ASKS = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:"
    rf"(?:is|was|are|were) there (?:anything|something|things|any (?:requests?|wishes)) (?:that |which )?"
    rf"(?:we|sales|our side)(?: have)? {_NO}"
    rf"|(?:did|have|had) (?:we|sales|our side) {_NO} (?:anything|something|any of it)"
    rf"|(?:what|which (?:things|requests?|wishes|demands))(?: exactly| all| else)? (?:did|have|had) (?:we|sales|our side) {_NO}"
    rf"|(?:what|which (?:things|requests?|wishes|demands)) (?:was|were|has been|have been) {_NO}"
    r"|what (?:won[’']t|can[’']t|don[’']t|will|can|do) we (?:not )?(?:do|offer|give|support)(?= for them|\W*$))"
    r"(?: (?:to )?(?:do|give|offer|them|the customer|them anything))*(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_POSITIVE = re.compile(r"^\W*(?:(?:and|so|but) )?what (?:will|can|do) we (?!not\b)", re.IGNORECASE)


def refusals_asked(question: str, ledger: Ledger) -> list[Place] | None:
    """Where it was refused, the latest first; None where the question asks for none."""
    asked = None if _POSITIVE.match(question) else _ASKS.match(question)
    matter = narrowed_to(asked["rest"]) if asked else None
    if matter is None:
        return None
    refused = [one for one in ledger.promises if one.current and one.strength in ("declined", "retracted")]
    meant = [one for one in refused if not matter or _about(one, matter)]
    return [one.places[-1] for one in sorted(meant, key=lambda one: str(one.made_on or ""), reverse=True)]


def _about(one: Promise, matter: str) -> bool:
    return speaks_of(one.said.topic, matter) or bool(concepts(one.text) & concepts(matter)) or in_other_words(one.text, matter)
