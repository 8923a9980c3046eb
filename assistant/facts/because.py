"""Why a promise is what it is, in the words said with it: `because …`, `in return for …`, `I checked and that was wrong`."""

from __future__ import annotations

import re

from assistant.facts.conditions import written_out
from assistant.facts.dates import dates
from assistant.facts.figures import figures
from assistant.facts.speech import Place, Statement, whole_sentences
from ingest.records import Span

_GIVES_A_REASON = re.compile(
    r"\b(?:because|given that|due to|owing to|now that|seeing that|for the reason that|in (?:return|exchange) for|instead of|after (?:i"
    r"|we) (?:have )?"
    r"(?:checked|looked|spoke|talked|asked|tested|seen)|since (?=(?:the|we|i|you|your|our|they|there|it|he|she|that)\b)(?![^,.;]*\bago\b)"
    r"|on account of|thanks to|so (?:that )?(?=(?:you|we) (?:do not|don't|can)\b))\b[^.;!?]*",
    re.IGNORECASE,
)
_OWNS_UP = re.compile(
    r"\b(?:i|we) (?:have )?(?:checked|looked (?:again|into it|it up)|asked|spoke (?:to|with)|talked (?:to|with)|went to (?:my|our)"
    r"|found out|double-checked)\b"
    r"|\b(?:that|it|this) (?:was|is) (?:wrong|not right|a mistake|my (?:mistake|error|fault)|incorrect)\b|\bi (?:should not have"
    r"|was wrong|got (?:it|that)"
    r" wrong|misspoke|spoke too soon)\b|\b(?:my (?:manager|boss)|finance|legal|counsel|product|engineering|the team) (?:said|agreed"
    r"|approved|signed off|told me)\b"
    r"|\bi (?:want to|would rather|wanna) be (?:a little |a bit )?(?:more )?(?:careful|honest|safe)\b|\bthe reason\b",
    re.IGNORECASE,
)
_PRESSES = re.compile(
    r"\b(?:because|so (?:it|we|they|the|that)\b|has to|have to|must|needs? to|can not|will not|promised|cheaper|faster|offered"
    r"|otherwise|the latest"
    r"|before|deadline|peak|ends?|expires?|runs out|too (?:late|long|expensive|much))\b",
    re.IGNORECASE,
)


def reason(statement: Statement) -> Place | None:
    """The words that give one: in the sentence itself, in those beside it, or in what it answers, where that presses for it."""
    here = _clause(statement, statement.span)
    if here is not None:
        return here
    beside = [span for span in (statement.after_span, statement.before_span) if span is not None]
    for span in beside:
        if (found := _clause(statement, span)) is not None:
            return found
    for span in reversed(beside):
        if _OWNS_UP.search(written_out(statement.interaction.text[span.start : span.end])):
            return Place(statement.interaction, span)
    return _pressed(statement)


def _clause(statement: Statement, span: Span) -> Place | None:
    """From the word that gives the reason to the end of its clause, in the sentence's own characters."""
    match = _GIVES_A_REASON.search(statement.interaction.text, span.start, span.end)
    if match is None or len(match.group().split()) < 3:
        return None
    return Place(statement.interaction, Span(match.start(), match.start() + len(match.group().rstrip(" ,"))))


def _pressed(statement: Statement) -> Place | None:
    """The customer's sentence right before that says why it matters, with a day or a figure."""
    turns, position = statement.interaction.turns, statement.turn.position
    before = turns[position - 1] if 0 < position < len(turns) else None
    if before is None or before.role != "said" or before.side != "buyer":
        return None
    for span in reversed(whole_sentences(statement.interaction.text, before.span)):
        words = written_out(statement.interaction.text[span.start : span.end])
        if _PRESSES.search(words) and (figures(words) or dates(words, statement.said_on)) and not words.endswith("?"):
            return Place(statement.interaction, span)
    return None
