"""Whether quoted words have anything to do with the question: what is proven by words about something else answers nothing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers import Citation
from assistant.evidence import FOUND, Evidence
from assistant.models.sentence_fit import fits

LEAST_OF_BEST = 0.28
"""Of the fit that the best sentence found has. On the development deals 99 of 100 sentences that prove an answer have more."""


def to_the_point(citations: Sequence[Citation], evidence: Evidence) -> bool:
    """A follow-up's own few words say too little to tell, and so does a question of which no word was found."""
    found = fits(evidence, FOUND)
    best = max((each.fit for each in found), default=0.0)
    if evidence.understood.leans_back or best <= 0:
        return True
    for each in found:
        at = each.passage.span.start
        start, end = at + each.span.start, at + each.span.end
        for citation in citations:
            overlaps = citation.span.start < end and start < citation.span.end
            if citation.interaction_id == each.passage.interaction_id and overlaps and each.fit >= LEAST_OF_BEST * best:
                return True
    return False
