"""Whether quoted words have anything to do with the question: what is proven by words about something else answers nothing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers import Citation
from assistant.evidence import FOUND, Evidence
from assistant.models.sentence_fit import fits
from ingest.archive.rows import StoredPassage
from ingest.records import Span

LEAST_OF_BEST = 0.28
"""Of the fit that the best sentence found has. On the development deals 99 of 100 sentences that prove an answer have more."""


def to_the_point(citations: Sequence[Citation], evidence: Evidence) -> bool:
    """A follow-up's own few words say too little to tell, and so does a question of which no word was found. What the ledger holds of the
    kind asked for is to the point whatever its words."""
    if any(_stands_in(citation, passage, span) for citation in citations for passage, span, _ in evidence.on_record):
        return True
    found = fits(evidence, FOUND)
    best = max((each.fit for each in found), default=0.0)
    if evidence.understood.leans_back or best <= 0:
        return True
    for each in found:
        if each.fit >= LEAST_OF_BEST * best and any(_stands_in(citation, each.passage, each.span) for citation in citations):
            return True
    return False


def _stands_in(citation: Citation, passage: StoredPassage, span: Span) -> bool:
    """Whether it quotes of a stretch of a passage."""
    start, end = passage.span.start + span.start, passage.span.start + span.end
    return citation.interaction_id == passage.interaction_id and citation.span.start < end and start < citation.span.end
