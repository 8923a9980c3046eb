"""Where a customer says what they were told: `you promised us`, `I thought Sam said`, `weren't we getting`, `as agreed`.

Some of these words say by themselves that something was promised; the others (`you said the weather was bad`) do so only where a promise on
record is like what follows them. Whose words it is said to be counts too: `Marta promised me a room` is no matter of ours where Marta is
the customer's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.facts.conditions import written_out

Weight = Literal["promised", "said"]
"""`promised` is shown even where no promise on record is like it; `said` beside one that is."""


@dataclass(frozen=True, slots=True)
class Recall:
    """`teller` is the name of whoever is said to have said it, as far as one is named; empty for us."""

    weight: Weight
    teller: str


_YOU = (
    r"\b(?:you(?: (?:guys|all|both|folks|lot|people))?|(?:somebody|someone) (?:from|on|at|in) your (?:side|team|company|office)"
    r"|your (?:own )?(?:colleagues?|team|people|rep|sales \w+|account \w+))(?: (?:would|had|have|has|all|both|always|clearly|also|once|even"
    r"|already|originally|explicitly|definitely|specifically))*"
)
_NAME = (
    r"\b(?!(?:We|I|They|She|He|It|You|Who|Nobody|Somebody|Someone|Everybody|Everyone|Our|My|The|This|That|And|But|So)\b)"
    r"(?P<{0}>(?-i:[A-Z])[^\W\d_]+)(?: (?-i:[A-Z])[^\W\d_]+)?(?: (?:had|has|also|both|always|clearly|once|even|already|originally))*"
)
_US = r"(?:us|me|my|our|that|it|this|a|the)\b"

_PROMISED = re.compile(
    rf"{_YOU} (?:(?:told|promised|assured|guaranteed|offered|quoted) {_US}|committed (?:to|that)\b|gave (?:us|me) your word\b)"
    rf"|{_NAME.format('teller')} (?:(?:told|promised|assured|guaranteed|offered|quoted) {_US}|gave (?:us|me) (?:his|her|their) word\b)"
    r"|\b(?:we|i) (?:were|was|have been|had been|got) (?:\w+ly )?(?:promised|told|assured|offered|quoted|guaranteed)\b(?! by (?:our|my)\b)"
    r"|\bwas promised\b|\byour (?:own )?(?:promise|commitment)\b",
    re.IGNORECASE,
)
_SAYS = r"(?:said|wrote|mentioned|stated|committed|agreed|confirmed|swore|promised|assured|offered|quoted|told)"
_SAID = re.compile(
    rf"{_YOU} {_SAYS}\b"
    rf"|\b(?:did|had|have) (?:not )?you(?: (?:guys|all|both|folks))? (?:not )?(?:say|tell|promise|mention|agree|write|commit|offer"
    rf"|guarantee|confirm|quote|{_SAYS[3:-1]})\b"
    rf"|{_NAME.format('said')} (?:{_SAYS[3:-1]})\b"
    r"|\b(?:as|like) (?:promised|agreed|discussed|(?:you|we) (?:said|agreed|discussed|promised))\b"
    r"|\b(?:as )?per (?:our|the|your|\w+'s) (?:agreement|calls?|e?-?mails?|offer|discussion|conversation|notes?)\b"
    rf"|\baccording to (?:you\b|your\b|{_NAME.format('wrote')})"
    r"|\b(?:we|i) (?:had )?agreed\b(?! (?:internally|among|amongst|between (?:us|ourselves)|with (?:our|my)))"
    r"|\bthe (?:deal|agreement) was\b"
    r"|\bpart of (?:the|our|your) (?:deal|agreement|package|offer)\b"
    # what was expected: `Ben was supposed to`, `weren't we getting`, `I thought we would`
    rf"|(?:{_NAME.format('due')}|(?<!\bwe)(?<!\bi)(?<!\bthey)) (?:is|are|was|were) (?:not )?(?:supposed|meant|due) to\b"
    rf"|{_NAME.format('would')} was going to\b"
    r"|\b(?:was|were) (?:not )?(?:(?!we\b|i\b)\w+ ){1,3}(?:supposed|meant|due|going) to\b"
    r"|\b(?:were|are) (?:not )?we (?:not )?(?:getting|having|receiving"
    r"|(?:supposed|meant|going|due) to (?:get|have|receive|be (?:given|able)))\b"
    r"|\bwe (?:were|are) (?:supposed|meant|going|due) to (?:get|have|receive|be (?:given|able))\b"
    r"|\b(?:i|we) (?:had )?thought\b.{0,60}\b(?:would|could|said|told|promised|wrote|agreed|included|part of|free|supposed|meant|getting"
    r"|stays?|no extra|at no)\b"
    r"|\b(?:my|our) understanding (?:was|is)\b|\bunder the impression\b|\b(?:i|we) (?:had )?understood (?:that|it|you|this)\b"
    r"|\bif (?:i|we) (?:remember|recall)\b|\b(?:i|we) (?:clearly )?(?:remember|recall) (?:you|\w+) (?:saying|telling|promising)\b"
    r"|\b(?:we|i) (?:were|was|had been) expecting\b|\b(?:we|i) (?:had )?expected (?:you|to (?:get|have|receive))\b"
    r"|\bin (?:my|our|his|her|their) notes\b",
    re.IGNORECASE,
)


def recall(text: str) -> Recall | None:
    """How a sentence of the customer goes back to what they were told, or None where it does not."""
    words = written_out(text)
    if (found := _PROMISED.search(words)) is not None:
        return Recall("promised", found["teller"] or "")
    if (found := _SAID.search(words)) is not None:
        return Recall("said", next((name for name in found.groupdict().values() if name), ""))
    return None
