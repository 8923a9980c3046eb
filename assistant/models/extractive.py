"""Answers without a language model: the sentences that answer, word for word, each with who said it and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers import Draft, DraftBlock, DraftClaim, Question, Quote
from assistant.evidence import Evidence
from assistant.models.refusal import ENOUGH, ENOUGH_WORDS, asks_something, confidence
from assistant.models.sentence_fit import SentenceFit, fits
from ingest.archive.rows import StoredInteraction
from ingest.passages import sentences
from ingest.records import Span

READ = 10
"""Passages whose sentences are compared with the question."""
FIRST = 3
"""What is said first; a reader in a hurry stops there."""
MOST_CLAIMS = 8
TEXT_WORDS = 35
"""A claim says the sentence that answers and, up to this many words, what stands around it in the passage."""
QUOTE_WORDS = 110
"""Its quote holds as much more of the passage, so that the words are read in their place."""


@dataclass(frozen=True, slots=True)
class Extractive:
    name: str = "extractive"
    enough: float = ENOUGH
    """The least confidence with which it answers."""

    def draft(self, question: Question, evidence: Evidence) -> Draft:
        if not evidence.understood.leans_back and not asks_something(question.text):
            return Draft((), "not_in_history")
        found = fits(evidence, READ)
        sure = confidence(evidence.understood.wanted, found, by_vectors=evidence.by_pieces, unheard=_unheard(evidence))
        if sure < (self.enough if evidence.by_pieces else ENOUGH_WORDS):
            return Draft((), "not_in_history", sure)
        claims = tuple(_claim(best, evidence) for best in _best_of_each(found, evidence))
        blocks = DraftBlock("list", claims[:FIRST]), DraftBlock("list", claims[FIRST:], "Also in the history")
        return Draft(tuple(block for block in blocks if block.claims), confidence=sure)


def setting(interaction: StoredInteraction, turn: int) -> str:
    """`Dana Okafor, 24 Sep 2026`; for a call that does not name the speaker `Somebody in`, and for a document, its title and date."""
    source, who = interaction.source, interaction.turns[turn]
    unnamed = f"Somebody in {source.title}" if source.kind == "call" else source.title
    name = (who.person.name if who.person else who.speaker_name) or unnamed
    on = source.occurred_on
    return f"{name}, {on.day} {on:%b %Y}" if on else name


def _unheard(evidence: Evidence) -> float:
    """0 for a question that leans on the one before: its own few words need not be the history's."""
    asked = set(evidence.query_terms)
    return len(asked - evidence.room.shelf.rarity.keys()) / len(asked) if asked and not evidence.understood.leans_back else 0.0


def _best_of_each(found: Sequence[SentenceFit], evidence: Evidence) -> list[SentenceFit]:
    """The best sentence of each of the first passages, in the passages' order."""
    best: dict[str, SentenceFit] = {}
    for sentence in found:
        known = best.get(sentence.passage.id)
        if known is None or sentence.fit > known.fit:
            best[sentence.passage.id] = sentence
    return [best[r.passage.id] for r in evidence.ranked[:MOST_CLAIMS] if r.passage.id in best]


def _claim(best: SentenceFit, evidence: Evidence) -> DraftClaim:
    passage = best.passage
    interaction = evidence.room.interactions[passage.interaction_id]
    if interaction.source.kind == "crm_field":
        return _field_claim(best, interaction.source.title)
    said, quote = (passage.text[s.start : s.end] for s in (_widened(passage.text, best.span, n) for n in (TEXT_WORDS, QUOTE_WORDS)))
    return DraftClaim(f"{setting(interaction, passage.turn)}: {' '.join(said.split())}", (Quote(passage.id, quote),))


def _field_claim(best: SentenceFit, title: str) -> DraftClaim:
    """One field of a CRM record: the claim names the field, the quote is its value alone."""
    text = best.passage.text
    start = text.rfind("\n", 0, best.span.start) + 1
    end = text.find("\n", best.span.end)
    label, _, value = text[start : end if end >= 0 else len(text)].partition(": ")
    return DraftClaim(f"{title}, {label}: {value}", (Quote(best.passage.id, value or label),))


def _widened(text: str, best: Span, words: int) -> Span:
    """The best sentence and its neighbours, the one before first, while they fit."""
    parts: Sequence[Span] = sentences(text)
    first = last = parts.index(best)
    grown = True
    while grown:
        grown = False
        for lo, hi in ((first - 1, last), (first, last + 1)):
            if lo >= 0 and hi < len(parts) and len(text[parts[lo].start : parts[hi].end].split()) <= words:
                first, last, grown = lo, hi, True
                break
    return Span(parts[first].start, parts[last].end)
