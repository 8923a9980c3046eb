"""What machines wrote about a talk: never a fact by itself, kept so that it can be held against what was said.

And what the customer believes was agreed, in their own words, which is held against promises and paper in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.facts.conditions import written_out
from assistant.facts.speech import Place, Statement, is_recap, whole_sentences
from assistant.facts.topics import content_words
from assistant.instructions import addressed
from ingest.archive.rows import StoredInteraction, StoredPerson
from ingest.records import Span


@dataclass(frozen=True, slots=True)
class RecapLine:
    """One sentence of a machine's summary."""

    text: str
    said_on: date | None
    at: Place


@dataclass(frozen=True, slots=True)
class Belief:
    """The customer says what they understood to be agreed; `topic` with the sentence before it."""

    text: str
    by: StoredPerson
    said_on: date | None
    at: Place
    topic: str


_HEAD = re.compile(
    r"^\W*(?:\[[^\]]*\]|[^.:\n]{0,60}\b(?:summary|recap|notes|takeaways|overview"
    r"|action items)\b[^.:\n]{0,20}:)\s*(?:key takeaways:\s*)?",
    re.I,
)
LEAST_WORDS = 4


def recap(interaction: StoredInteraction) -> tuple[RecapLine, ...]:
    """Sentences of its machine-made parts, without the heading that says who made them."""
    whole = is_recap(interaction)
    found: list[RecapLine] = []
    for turn in interaction.turns:
        if turn.role != "derived" and not (whole and turn.role == "said"):
            continue
        for span in whole_sentences(interaction.text, turn.span):
            head = _HEAD.match(interaction.text[span.start : span.end])
            here = Span(span.start + head.end(), span.end) if head else span
            text = " ".join(interaction.text[here.start : here.end].split())
            if len(text.split()) >= LEAST_WORDS and len(content_words(text)) >= 2 and not addressed(interaction.text, here):
                found.append(RecapLine(text, interaction.source.occurred_on, Place(interaction, here)))
    return tuple(found)


_BELIEVES = re.compile(
    r"\b(?:i|we|they|he|she|people|everybody|everyone|my \w+|our \w+) (?:have |had |all |also |always |just |both )*(?:thought|assumed"
    r"|assume"
    r"|understood|understand|believed?|expected|expects?|figured|reckoned|took it|take it|heard|read)\b"
    r"|\b(?:was|were|been|am|are) (?:told|promised|assured|quoted)\b|\bunder the impression\b|\b(?:in|on|from) (?:my|our) (?:mind|head"
    r"|notes?"
    r"|understanding|list|calendar|plan)\b|\bmy understanding\b|\bi have (?:it )?(?:down|written|noted|in)\b"
    r"|\byou (?:have |had |all |both |always |clearly )*(?:wrote|said|told|promised|offered|mentioned|quoted|agreed|confirmed)\b"
    r"|\bwe agreed\b|\bas agreed\b|\bit (?:now )?says\b|\bthe agreement (?:shall|will|just)\b",
    re.IGNORECASE,
)
_NOT_OF_US = re.compile(r"\b(?:i|we) (?:never|did not|do not|have not) (?:thought|assumed|expected|heard|read)\b", re.IGNORECASE)


def beliefs(said: Sequence[Statement]) -> tuple[Belief, ...]:
    """In the customer's own words in our hearing; a question asks and believes nothing."""
    found: list[Belief] = []
    for statement in said:
        person = statement.turn.person
        if person is None or statement.side != "buyer" or not statement.to_customer or statement.interaction.source.kind == "doc":
            continue
        text = written_out(statement.text)
        if text.endswith("?") or not _BELIEVES.search(text) or _NOT_OF_US.search(text) or len(content_words(text)) < 2:
            continue
        topic = " ".join(" ".join(part.split()) for part in (statement.before, statement.text) if part)
        found.append(Belief(" ".join(statement.text.split()), person, statement.said_on, statement.place, topic))
    return tuple(found)
