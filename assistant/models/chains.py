"""Facts of the ledger in an answer: their words as a claim, and promises that took each other's place as a change with dated steps."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

from assistant.answers import DraftChange, DraftClaim, DraftStep, Quote
from assistant.evidence import Evidence
from assistant.models.claims import setting, widened
from assistant.models.weights import ON_RECORD, LineKind
from ingest.archive.rows import StoredPassage
from ingest.records import Span

SHORT, WIDER = 8, 25
"""Words of a sentence that says little by itself, and up to how many it is then shown with."""
TOPIC_WIDTH = 70


def change_of(chain: Sequence[tuple[StoredPassage, Span]], evidence: Evidence, topic: str = "") -> DraftChange:
    """Every position with its day; all but the last are superseded."""
    words = " ".join(chain[-1][0].text[chain[-1][1].start : chain[-1][1].end].split())
    steps = tuple(DraftStep(_day(one, evidence), fact_claim(one, evidence, "promise"), one is not chain[-1]) for one in chain)
    return DraftChange(topic or shorten(words, TOPIC_WIDTH, placeholder=" …"), steps)


def fact_claim(one: tuple[StoredPassage, Span], evidence: Evidence, kind: LineKind) -> DraftClaim:
    """The words of the fact, as sure as facts of its kind are; a few words with what stands around them, for alone they mean nothing to
    who was not there."""
    passage, span = one
    if len(passage.text[span.start : span.end].split()) < SHORT:
        span = widened(passage.text, span, WIDER)
    words = passage.text[span.start : span.end]
    lead = setting(evidence.room.interactions[passage.interaction_id], passage.turn)
    return DraftClaim(f"{lead}: {' '.join(words.split())}", (Quote(passage.id, words),), ON_RECORD[kind])


def _day(one: tuple[StoredPassage, Span], evidence: Evidence) -> str:
    on = evidence.room.interactions[one[0].interaction_id].source.occurred_on
    return on.isoformat() if on else ""
