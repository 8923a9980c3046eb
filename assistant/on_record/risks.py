"""`What could go wrong?` and `What are they worried about?`: warnings on record, the surest first."""

from __future__ import annotations

import re

from assistant.facts.risks import RiskSaid
from assistant.facts.speech import Place
from assistant.facts.topics import content_words, speaks_of
from assistant.ledger import Ledger
from assistant.on_record.matter import in_other_words, narrowed_to
from assistant.on_record.surest import sureness

_IT = (
    r"(?:(?:the|this|our|their) (?:whole )?(?:project|deal|roll-?out|launch|implementation|go-?live|onboarding|account)|this|it|us|things)"
)
_SETS_OUT = (
    r"(?:all|me|us|exactly|else|are|is|the|their|our|main|biggest|top|any|known|of|could|can|might|may|will|would|do|does|we|see|that|possible"
    r"|open|real|were|was|should|must|to|likely|most|likeliest|(?:one|two|three|four|five|\d) things?|things?|I|be|it|this|have|need)"
)
_WRONG = (
    r"go wrong|goes wrong|gone wrong|risks?|dangers|threats|pitfalls|red flags|warning signs|hurt us|blow up|watch out for|worry|be worried"
    r"|at risk|be careful|trip (?:us|me) up|go off the rails|fall (?:apart|through)"
    rf"|derail(?: {_IT})?|make {_IT} (?:fail|collapse)|{_IT} (?:could |can |might )?fail"
    rf"|(?:could|can|would|might|may|will|likely to) (?:sink|kill|jeopardi[sz]e|endanger|threaten|ruin|break|wreck|stop|block|delay) {_IT}"
)
_THEIRS = (
    r"(?:they|their (?:team|people|side)|the customer|the client) (?:most )?(?:worr(?:y|ied)|concerned|afraid|nervous|scared|uneasy)"
    r"|worr(?:y|ies|ied) (?:them|the customer)|(?:their|the customer'?s?) (?:main |biggest )?(?:worries|concerns|fears|doubts|objections)"
    r"|keeps them (?:up|awake)"
)
_ASKS = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:what(?:[’']s)?|which|where|list|show|is there anything|are there|is anything|how)\b"
    rf"(?: {_SETS_OUT})*? (?:(?P<wrong>{_WRONG})|(?P<theirs>{_THEIRS}))\b(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_SAID_BEFORE_MATTER = re.compile(r"^ (?:about|at night)\b(?=\W*$)|^ about(?= (?:with|on|in|when|regarding)\b)", re.IGNORECASE)
_SAYS_LITTLE = 3
"""Content words below which a warning means nothing to somebody who was not there."""


def risks_asked(question: str, ledger: Ledger) -> list[Place] | None:
    """Places of the warnings asked for, those to be read first first; None where the question asks for none."""
    asked = _ASKS.match(question)
    matter = narrowed_to(_SAID_BEFORE_MATTER.sub("", asked["rest"])) if asked else None
    if asked is None or matter is None:
        return None
    theirs = asked["theirs"] is not None
    every = (*ledger.risks, *ledger.likely_risks)
    meant = [one for one in every if (not theirs or _side(one) == "buyer") and (not matter or _about(one.text, matter))]
    return [one.at for one in sorted(meant, key=lambda one: (len(content_words(one.text)) < _SAYS_LITTLE, -sureness(one)))]


def _about(text: str, matter: str) -> bool:
    return speaks_of(text, matter) or in_other_words(text, matter)


def _side(one: RiskSaid) -> str:
    interaction, span = one.at
    return next((turn.side for turn in interaction.turns if turn.span.start <= span.start < turn.span.end), "unknown")
