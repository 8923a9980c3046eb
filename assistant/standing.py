"""Which words among those found no longer stand: promises that were taken back in front of the customer, and where that was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.evidence import Evidence
from assistant.facts.speech import Place
from assistant.ledger import Ledger
from ingest.archive.rows import StoredPassage
from ingest.records import Span

Passages = Mapping[str, Sequence[StoredPassage]]
"""By interaction."""


def with_corrections(evidence: Evidence, ledger: Ledger) -> Evidence:
    """What was found, each promise in it that was taken back beside the words that took it back.

    Only retractions count: a later promise may add to an earlier one, a retraction cannot. Its words, as the customer heard them,
    are in the same mail or turn as the sentence that begins it.
    """
    retracted = [one for one in ledger.promises if one.strength == "retracted" and len(one.places) > 1]
    if not retracted:
        return evidence
    of = evidence.room.of_interaction
    found = {ranked.passage.id for ranked in evidence.ranked}
    withdrawn: dict[str, tuple[tuple[Span, str], ...]] = {}
    beside: dict[str, StoredPassage] = {passage.id: passage for passage in evidence.beside}
    for promise in retracted:
        correction = _passage_at(promise.places[-1], of)
        if correction is None:
            continue
        for place in promise.places[:-1]:
            said = _passage_at(place, of)
            if said is not None and said.id in found and said.id != correction.id:
                span = Span(place.span.start - said.span.start, place.span.end - said.span.start)
                withdrawn[said.id] = (*withdrawn.get(said.id, ()), (span, correction.id))
                beside[correction.id] = correction
    return replace(evidence, beside=tuple(beside.values()), withdrawn=withdrawn)


def _passage_at(place: Place, of: Passages) -> StoredPassage | None:
    here = of.get(place.interaction.source.id, ())
    return next((p for p in here if p.span.start <= place.span.start < p.span.end), None)
