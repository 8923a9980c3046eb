"""Which of the words found the ledger holds as a fact, and of what kind: a question about promises is answered where one was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.evidence import Evidence, FactKind
from assistant.facts.speech import Place
from assistant.ledger import Ledger
from ingest.records import Span


def with_facts(evidence: Evidence, ledger: Ledger) -> Evidence:
    """What was found, with the kinds of facts that the ledger has on each passage."""
    found: dict[str, list[tuple[Span, str]]] = {}
    for ranked in evidence.ranked:
        found.setdefault(ranked.passage.interaction_id, []).append((ranked.passage.span, ranked.passage.id))
    facts: dict[str, set[FactKind]] = {}
    for kind, place in _places(ledger):
        for span, passage in found.get(place.interaction.source.id, ()):
            if span.start < place.span.end and place.span.start < span.end:
                facts.setdefault(passage, set()).add(kind)
    return replace(evidence, facts={passage: frozenset(kinds) for passage, kinds in facts.items()})


def _places(ledger: Ledger) -> Iterator[tuple[FactKind, Place]]:
    for promise in ledger.promises:
        for place in promise.places:
            yield "promise", place
    yield from (("risk", one.at) for one in ledger.risks)
    yield from (("goal", one.at) for one in ledger.goals)
    yield from (("goal", one.at) for one in ledger.baselines)
    yield from (("day", one.at) for one in ledger.events)
    yield from (("reason", one.at) for one in ledger.remarks)
    yield from (("term", one.at) for one in ledger.terms)
    yield from (("rival", one.at) for rival in ledger.rivals for one in rival.said)
    yield from (("conflict", place) for one in ledger.conflicts for place in (one.one, one.other))
