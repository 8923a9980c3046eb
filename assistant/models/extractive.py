"""Answers without a language model: the few sentences that answer, word for word, each with who said it and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from assistant.answers import Draft, DraftBlock, DraftChange, Question
from assistant.evidence import Evidence
from assistant.facts.commitment import strength_of
from assistant.facts.figures import figures
from assistant.facts.topics import alike, content_words
from assistant.models.chains import change_of
from assistant.models.changes import change, per_deal, standing
from assistant.models.choice import Choice, choose, read
from assistant.models.claims import claim, claims, said_at, speaker
from assistant.models.follow_ups import follow_ups
from assistant.models.heard import LEAST_HEARD, Signs, heard, signs
from assistant.models.premise import never_ended, says_otherwise
from assistant.models.refusal import ENOUGH_WORDS, Part, asks_something, evenness, holds
from assistant.models.sentence_fit import SentenceFit, fits
from assistant.models.sides import in_blocks
from assistant.models.strange import asked_for_alone, denied_number, strange_figures, strange_number, strange_words
from assistant.models.weights import SHIPPED, Numbers
from assistant.understand import is_whether, wanted
from assistant.words import terms
from ingest.records import Span

CONFIDENT = 10
"""Of the passages found, those whose sentences say whether there is an answer at all."""
FIRST, FIRST_OF_MANY = 3, 5
"""What is said first, and of a list; a reader in a hurry stops there."""
ALSO = 2
"""What may follow under `Also in the history`."""
LEAST, LEAST_ALSO = 0.08, 0.1
"""The part of the chance that words beside the likeliest must have, first and under `Also`. Those before them leave little where they are
sure, so that a sure answer stands alone and one that is not shows what else may be meant; the values keep more than one citation in
three right."""
LEAST_OF_PART = 4
"""Word pieces; of a part with fewer (`and by when?`) an even match says nothing."""
SAID_AGAIN = 0.75
"""Content words shared, from which on two sentences with the same figures are one claim with two places."""


@dataclass(frozen=True, slots=True)
class Extractive:
    name: str = "extractive"
    enough: float = LEAST_HEARD
    """The least chance that the history answers with which it does; with 0 it answers whatever it is asked."""
    numbers: Numbers = SHIPPED

    def draft(self, question: Question, evidence: Evidence) -> Draft:
        if _ORDERS.match(question.text):
            return Draft((), "out_of_scope")
        if not evidence.understood.leans_back and not asks_something(question.text):
            return Draft((), "ambiguous" if _ASKS.search(question.text) else "not_in_history")
        found = fits(evidence, read(evidence))
        near, sure, _ = sureness(evidence, found)
        if denied := denied_number(question.text, evidence):
            return Draft((DraftBlock("list", (said_at(*denied, evidence, sure),)),), "false_premise", sure)
        if strange_number(question.text, evidence):
            return Draft((), "false_premise", sure)
        if strange := strange_words(evidence):
            return Draft((), "not_in_history", sure, unsaid=strange)
        if asked_for_alone(question.text, evidence):
            return Draft((), "not_in_history", sure)
        if never_ended(question.text, evidence, found):
            return Draft((), "false_premise", sure)
        if sure < (self.enough if evidence.by_pieces else ENOUGH_WORDS) and not _promised_in_its_words(question.text, near, evidence):
            return Draft((), "not_in_history", sure)
        if strange_figures(question.text, evidence):
            return Draft((), "false_premise", sure)
        if otherwise := says_otherwise(question.text, found):
            return _corrected(otherwise, evidence, sure)
        answerable = self.numbers.answerable.of((sure,)) if evidence.by_pieces else 1.0
        chosen = choose(evidence, found, answerable, self.numbers)
        if evidence.route.ever and not evidence.understood.about.promise:  # whether it came up: what it may be a fact of does not matter
            chosen = sorted(chosen, key=lambda one: -one.best.fit)
        if deals := per_deal(chosen, evidence):
            return Draft((), "ambiguous", sure, follow_ups=tuple(f"For {name}: {question.text}" for name in deals))
        return _denied(question, chosen, evidence, sure) or _answered(question, chosen, evidence, sure)


def sureness(evidence: Evidence, found: Sequence[SentenceFit]) -> Sure:
    """Those of the sentences that say whether there is an answer at all, and how sure they make of it: the chance, by words alone the
    share of the question that one of them holds."""
    first = {ranked.passage.id for ranked in evidence.ranked[:CONFIDENT]}
    near = [sentence for sentence in found if sentence.passage.id in first]
    even = evenness(_parts(evidence), near, by_vectors=evidence.by_pieces, unheard=_unheard(evidence))
    seen = signs(evidence, found, near, even)
    return Sure(near, even if seen is None else heard().of(seen), seen)


class Sure(NamedTuple):
    near: list[SentenceFit]
    chance: float
    seen: Signs | None
    """What the chance was made from."""


def _answered(question: Question, chosen: Sequence[Choice], evidence: Evidence, sure: float) -> Draft:
    room = FIRST_OF_MANY if evidence.understood.of_many else FIRST
    likely = [one for i, one in enumerate(chosen) if i == 0 or one.chance >= (LEAST if i < room else LEAST_ALSO)][: room + ALSO]
    said, taken_back = standing(_once(likely, evidence), chosen, evidence, room)
    shown = said[:room]
    first = in_blocks(shown, evidence)
    also = claims(said[room:], evidence, {claim.text for block in first for claim in block.claims})
    blocks = (*first, DraftBlock("list", also, "Also in the history"))
    quoted = [evidence.passage(quote.passage_id) for block in blocks for claim in block.claims for quote in claim.quotes]
    return Draft(
        tuple(block for block in blocks if block.claims),
        confidence=sure,
        changes=taken_back or (_moved(said, chosen, evidence) if evidence.understood.of_change else ()),
        unsaid=_unsaid(evidence, said),
        follow_ups=follow_ups(evidence, [passage for passage in quoted if passage]),
    )


def _moved(said: Sequence[Sequence[Choice]], chosen: Sequence[Choice], evidence: Evidence) -> tuple[DraftChange, ...]:
    """How it came to what it is: by the ledger where what is said is a position in a chain of promises, else by the words found."""
    quoted = {one.best.passage.id: one.best.span for group in said for one in group}
    for chain in evidence.chains:
        if any(passage.id in quoted and _overlap(span, quoted[passage.id]) for passage, span in chain):
            return (change_of(chain, evidence, evidence.understood.standalone.rstrip("? ")),)
    return change(chosen, evidence)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


# --- what is asked


_ORDERS = re.compile(
    r"^\s*(?:please |can you |could you |would you )?(?:write|draft|compose|send|delete|remove|create|schedule|book|translate|remind|update"
    r"|post|upload|call|e-?mail|cancel|approve|sign|ignore|forget)\b(?! down| up to)",
    re.IGNORECASE,
)
"""Baton answers from the history; it does no errands."""
_ASKS = re.compile(r"\b(?:who|whom|whose|what|when|where|why|how|which)\b", re.IGNORECASE)
_TAKES_FOR_GRANTED = re.compile(
    r"^\s*(?:and |so )?(?:why|when|since when|on wh\w+ (?:day|date|\w+day)|how much|what|which)\b.{0,60}?"
    r"\b(?:did|have|has|had|do|are|were|was)\b.{0,40}?\b(?:promis\w*|agree\w*|accept\w*|grant\w*|offer\w*|guarantee\w*|commit\w*|includ\w*|give|gave|get|got)\b",
    re.IGNORECASE,
)


def _denied(question: Question, chosen: Sequence[Choice], evidence: Evidence, sure: float) -> Draft | None:
    """`When did we agree to refund them?`, where what stands nearest is our refusal: the question takes for granted what is not so."""
    if not _TAKES_FOR_GRANTED.match(question.text) or evidence.understood.of_change:
        return None
    best = chosen[0].best
    interaction = evidence.room.interactions[best.passage.interaction_id]
    refused = interaction.turns[best.passage.turn].side == "seller" and strength_of(best.text) in ("declined", "retracted")
    return Draft((DraftBlock("list", (claim(chosen[:1], evidence),)),), "false_premise", sure) if refused else None


def _corrected(said: Sequence[SentenceFit], evidence: Evidence, sure: float) -> Draft:
    """What the history says to the contrary of what a question takes for granted, a sentence of a passage."""
    best = {one.passage.id: one for one in reversed(said)}
    claims = [said_at(one.passage, one.span, evidence, sure) for one in said if one is best[one.passage.id]]
    return Draft((DraftBlock("list", tuple(claims[:CORRECTS])),), "false_premise", sure)


CORRECTS = 2
"""Sentences that correct a question."""


def _parts(evidence: Evidence) -> tuple[Part, ...]:
    """The whole question, and what it asks one after the other: a part has about as many of the word pieces as of the meaningful words."""
    understood, query = evidence.understood, evidence.query
    whole = Part(understood.wanted)
    if query is None or not understood.parts:
        return (whole,)
    words = [max(len(terms(part)), 1) for part in understood.parts]
    ends = [round(len(query.pieces) * sum(words[: i + 1]) / sum(words)) for i in range(len(words))]
    stretches = [slice(start, end) for start, end in pairwise((0, *ends))]
    own = [Part(wanted(part), at) for part, at in zip(understood.parts, stretches, strict=True) if at.stop - at.start >= LEAST_OF_PART]
    return (whole, *own)


MOST_OF_IT = 0.6
"""Of a question's words, by rarity."""


def _promised_in_its_words(asked: str, found: Sequence[SentenceFit], evidence: Evidence) -> bool:
    """`Can the night crew ring us in Swedish?`, of which `your night shift can ring and speak Swedish` holds all but one word: a question
    whether something is so is answered by a promise in most of its own words, however unevenly the pieces match."""
    if not is_whether(asked):
        return False
    worth = evidence.worth()
    told = (set(terms(one.text)) for one in found if "promise" in evidence.facts.get(one.passage.id, ()))
    held = (sum(worth[term] for term in worth.keys() & words) for words in told)
    return len(worth) >= LEAST_OF_WORDS and max(held, default=0.0) >= MOST_OF_IT * sum(worth.values())


LEAST_OF_WORDS = 3
"""Words of a question below which most of them is too little to go by."""


def _unsaid(evidence: Evidence, said: Sequence[Sequence[Choice]]) -> tuple[str, ...]:
    """Parts of a question that want something specific which nothing that is quoted holds."""
    quoted = " ".join(one.best.passage.text for group in said for one in group)
    return tuple(part for part in evidence.understood.parts if not holds(wanted(part), quoted))


# --- what is said


def _once(chosen: Sequence[Choice], evidence: Evidence) -> list[list[Choice]]:
    """The same said twice, by whomever, is one claim with two places; and of one passage there is one claim."""
    groups: list[list[Choice]] = []
    for one in chosen:
        words = content_words(one.best.text)
        said = _figures(one.best.text)
        same = next(
            (g for g in groups if alike(words, content_words(g[0].best.text)) >= SAID_AGAIN and said == _figures(g[0].best.text)), None
        )
        if same is None:
            groups.append([one])
        elif speaker(same[0], evidence) == speaker(one, evidence):
            same.append(one)
        else:
            groups.append([one])
    return groups


def _figures(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+(?:[.,:]\d+)*", text)) | {f"{figure.value:g}" for figure in figures(text)}


def _unheard(evidence: Evidence) -> float:
    """0 for a question that leans on the one before: its own few words need not be the history's."""
    asked = set(evidence.query_terms)
    return len(asked - evidence.room.shelf.rarity.keys()) / len(asked) if asked and not evidence.understood.leans_back else 0.0
