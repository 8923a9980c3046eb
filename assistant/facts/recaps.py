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
    disputed: str = ""
    """The sentence with those beside it, where they say that it is not so: what was told is told as a complaint."""
    told_by: str = ""
    """A name, where they name who told them."""


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
_TOLD = re.compile(
    r"(?<![\w'])(?P<who>(?-i:[A-Z])[\w-]+|your [\w ]{3,24}?) (?:had |has |clearly |always )*(?:said|told (?:us|me|my|our|the)"
    r"|promised|assured|wrote"
    r"|offered|quoted|confirmed|agreed)\b|\byou (?:gave|have given) (?:us|me) your word\b|\b(?:was|were) (?:told|promised|assured)\b",
    re.IGNORECASE,
)
_PAPER = (
    r"(?:price list|draft|contract|order form|statement of work|sow|terms|invoice|quote|proposal|paper|agreement|offer|portal|documentation"
    r"|clause)"
)
_IS_NOT_SO = re.compile(
    rf"\b{_PAPER}s?(?: [\d.]+)? (?:now |still |only |clearly )?(?:says?|has|have|lets?|reads?|shows?|lists?|mentions?|is|are|does|do)\b"
    rf"|\b(?:not|nothing|no \w+|nowhere|missing|different) (?:of that |about it )?in (?:the|your|our) (?:\w+ ){{0,2}}{_PAPER}\b"
    r"|\b(?:that|this|it) (?:is|was) not (?:how|what|the same|in|there|so|as|right|true)\b|\bnot (?:at all )?what (?:was|we|i|you"
    r"|they|he|she)\b"
    r"|\b(?:nobody|a machine|a voice|an answering machine) (?:is |was )?(?:there|that says|saying|came|answered|picked|turned|showed"
    r"|called)\b|\bstill (?:not|no|waiting|missing|do not|does not"
    r"|has not|have not"
    r"|nothing)\b|\b(?:have|has|had) not (?:got|received|seen|had|come|arrived|happened)\b|\bwhere is (?:it|that)\b|\bwhat (?:we"
    r"|i) (?:have|have got|got|get|see) (?:now )?is\b|\bwhat is going on\b"
    r"|\b(?:like|want|need|owe \w+|expect) an explanation\b|\bhow (?:come|can that be)\b|\bwhich is it\b|\bnow (?:it is|you say"
    r"|i hear|we hear|i read)\b"
    r"|\bit is (?:now )?(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_PAPER_SAYS = re.compile(
    rf"\b{_PAPER}s?(?: [\d.]+)? (?:now |still |only )?(?:says?|has|have|lets?|reads?|shows?|lists?"
    rf"|mentions?)\b",
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
        told = _TOLD.search(text)
        if text.endswith("?") or not (told or _BELIEVES.search(text)) or _NOT_OF_US.search(text) or len(content_words(text)) < 2:
            continue
        topic = " ".join(" ".join(part.split()) for part in (statement.before, statement.text) if part)
        around = " ".join(" ".join(part.split()) for part in (statement.before, statement.text, statement.after) if part)
        # Neighbours count as one complaint with it; what comes before is often about something else.
        behind = written_out(f"{statement.text} {statement.after}")
        disputed = around if _IS_NOT_SO.search(behind) or _PAPER_SAYS.search(written_out(statement.before)) else ""
        if not _BELIEVES.search(text) and not disputed:
            continue
        who = told["who"] if told and told["who"] and not told["who"].casefold().startswith("your ") else ""
        name = "" if who.casefold() in _PRONOUNS else who
        found.append(Belief(" ".join(statement.text.split()), person, statement.said_on, statement.place, topic, disputed, name))
    return tuple(found)


_PRONOUNS = frozenset("i we you he she it they that this who".split())
