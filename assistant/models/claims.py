"""The words of a claim: who said them and when, the sentence that answers with what stands around it, and the turn a bare reply answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from assistant.answers import DraftClaim, Quote
from assistant.evidence import Evidence
from assistant.facts.topics import content_words
from assistant.instructions import addressed
from assistant.models.choice import Choice
from assistant.models.sentence_fit import SentenceFit
from ingest.archive.rows import StoredInteraction, StoredPassage
from ingest.passages import sentences
from ingest.records import Span

TEXT_WORDS = 40
"""A claim says the sentence that answers and, up to this many words, what stands around it in the passage."""
QUOTE_WORDS = 110
"""Its quote holds as much more of the passage, so that the words are read in their place."""
PROMPT_WORDS = 30
_NEEDS_ITS_QUESTION = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|no|nope|sure|right|exactly|correct|okay|ok|fine|agreed|deal|done|both|neither|it|that|this|they|he|she|those)\b",
    re.IGNORECASE,
)
STANDS_ALONE = 5
"""Content words from which on a turn says by itself what it is about, however it opens."""


def _prompt(one: Choice, evidence: Evidence) -> tuple[DraftClaim, ...]:
    """The turn that a bare reply answers: `yes, we'll do that` carries what was asked for."""
    passage = one.best.passage
    if not _NEEDS_ITS_QUESTION.match(passage.text) or len(content_words(passage.text)) >= STANDS_ALONE:
        return ()
    before = next((p for p in evidence.beside if p.interaction_id == passage.interaction_id and p.position == passage.position - 1), None)
    if before is None:
        return ()
    last = sentences(before.text)[-1]
    span = _widened(before.text, last, PROMPT_WORDS)
    words = before.text[span.start : span.end]
    lead = setting(evidence.room.interactions[passage.interaction_id], before.turn)
    return (DraftClaim(f"{lead}: {' '.join(words.split())}", (Quote(before.id, words),), one.support),)


def claims(said: Sequence[Sequence[Choice]], evidence: Evidence, told: AbstractSet[str] = frozenset()) -> tuple[DraftClaim, ...]:
    """Each with the turn it answers where it means nothing alone; what was told already, or is the turn of another, once."""
    made = {each.text: each for one in said for each in (*_prompt(one[0], evidence), claim(one, evidence))}
    return tuple(each for text, each in made.items() if text not in told)


def claim(group: Sequence[Choice], evidence: Evidence) -> DraftClaim:
    """The likeliest of the group says it; the others are further places where it stands."""
    best = group[0].best
    quotes = tuple(Quote(one.best.passage.id, _words(one.best, QUOTE_WORDS)) for one in group)
    interaction = evidence.room.interactions[best.passage.interaction_id]
    support = round(group[0].support, 2)
    if interaction.source.kind == "crm_field":
        return _field_claim(best, interaction.source.title, support)
    return DraftClaim(f"{setting(interaction, best.passage.turn)}: {' '.join(_words(best, TEXT_WORDS).split())}", quotes, support)


def step(one: Choice, evidence: Evidence) -> DraftClaim:
    """The sentence alone: what stands around it may be about something that did not change."""
    said = " ".join(one.best.text.split())
    interaction = evidence.room.interactions[one.best.passage.interaction_id]
    return replace(claim([one], evidence), text=f"{setting(interaction, one.best.passage.turn)}: {said}")


def _words(best: SentenceFit, most: int) -> str:
    span = _widened(best.passage.text, best.span, most)
    return best.passage.text[span.start : span.end]


def setting(interaction: StoredInteraction, turn: int) -> str:
    """`Dana Okafor, 24 Sep 2026`; for a call that does not name the speaker `Somebody in`, and for a document, its title and date."""
    source, who = interaction.source, interaction.turns[turn]
    unnamed = f"Somebody in {source.title}" if source.kind == "call" else source.title
    name = (who.person.name if who.person else who.speaker_name) or unnamed
    on = source.occurred_on
    return f"{name}, {on.day} {on:%b %Y}" if on else name


def _field_claim(best: SentenceFit, title: str, support: float) -> DraftClaim:
    """One field of a CRM record: the claim names the field, the quote is its value alone."""
    text = best.passage.text
    start = text.rfind("\n", 0, best.span.start) + 1
    end = text.find("\n", best.span.end)
    label, _, value = text[start : end if end >= 0 else len(text)].partition(": ")
    return DraftClaim(f"{title}, {label}: {value}", (Quote(best.passage.id, value or label),), support)


def _widened(text: str, best: Span, words: int) -> Span:
    """The best sentence and its neighbours, the one before first, while they fit; never what is addressed to a machine."""
    parts: Sequence[Span] = sentences(text)
    return _grown(text, parts, parts.index(best), parts.index(best), words)


def widened(text: str, span: Span, words: int) -> Span:
    """The sentences that a stretch of a passage lies in, and their neighbours while they fit."""
    parts: Sequence[Span] = sentences(text)
    inside = [i for i, part in enumerate(parts) if part.start < span.end and span.start < part.end]
    return _grown(text, parts, inside[0], inside[-1], words) if inside else span


def _grown(text: str, parts: Sequence[Span], first: int, last: int, words: int) -> Span:
    grown = True
    while grown:
        grown = False
        for lo, hi in ((first - 1, last), (first, last + 1)):
            fitting = lo >= 0 and hi < len(parts) and len(text[parts[lo].start : parts[hi].end].split()) <= words
            if fitting and not addressed(text, Span(parts[lo].start, parts[hi].end)):
                first, last, grown = lo, hi, True
                break
    return Span(parts[first].start, parts[last].end)


def day_of(one: Choice, evidence: Evidence) -> str:
    on = evidence.room.interactions[one.best.passage.interaction_id].source.occurred_on
    return on.isoformat() if on else ""


def speaker(one: Choice, evidence: Evidence) -> str:
    turn = evidence.room.interactions[one.best.passage.interaction_id].turns[one.best.passage.turn]
    return turn.person.id if turn.person else turn.speaker_name


def said_at(passage: StoredPassage, span: Span, evidence: Evidence, support: float) -> DraftClaim:
    """The words of one stretch of a passage and no more, for what was not chosen but stands against what was."""
    words = passage.text[span.start : span.end].strip()
    lead = setting(evidence.room.interactions[passage.interaction_id], passage.turn)
    return DraftClaim(f"{lead}: {' '.join(words.split())}", (Quote(passage.id, words),), round(support, 2))
