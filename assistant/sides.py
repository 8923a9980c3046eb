"""What stands against the words found: the clause of the contract beside a promise, and the other side of a disagreement on record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from assistant.evidence import Against, Evidence, Stand
from assistant.facts.speech import Place
from assistant.ledger import Ledger
from ingest.archive.rows import StoredPassage
from ingest.records import Kind, Span

NOWHERE = -2
"""Position of a passage that is no passage of the shelf: beside none of them."""


def with_sides(evidence: Evidence, ledger: Ledger, kinds: AbstractSet[Kind] | None) -> Evidence:
    """What was found, each stretch of it with what stands against it, of the `kinds` of sources asked for (None: of all)."""
    places = [one for one in _pairs(ledger) if kinds is None or one[2] is None or one[2].interaction.source.kind in kinds]
    of = evidence.room.of_interaction
    found = {passage.id for passage in (*(ranked.passage for ranked in evidence.ranked), *(passage for passage, _ in evidence.promised))}
    against: dict[str, tuple[Against, ...]] = {}
    beside = {passage.id: passage for passage in evidence.beside}
    for stand, one, other in places:
        for said in of.get(one.interaction.source.id, ()):
            if said.id not in found or not (said.span.start < one.span.end and one.span.start < said.span.end):
                continue
            span = _inside(said, one.span)
            if other is None:
                against[said.id] = (*against.get(said.id, ()), Against(stand, span))
            elif other.interaction.source.id in evidence.room.interactions:
                there = _passage_at(other, of.get(other.interaction.source.id, ()))
                against[said.id] = (*against.get(said.id, ()), Against(stand, span, there, _inside(there, other.span)))
                beside[there.id] = there
    return replace(evidence, beside=tuple(beside.values()), against=against)


def _pairs(ledger: Ledger) -> Iterator[tuple[Stand, Place, Place | None]]:
    """What was said, and what stands against it: of a disagreement each side against the other."""
    for promise in ledger.promises:
        clause, status = promise.verdict.clause, promise.verdict.status
        if not promise.current or promise.strength not in ("firm", "conditional") or status == "no_contract":
            continue
        if clause is not None or status == "silent":
            yield from ((status, place, clause.at if clause else None) for place in promise.places)
    for one in ledger.conflicts:
        if one.kind != "contract":  # told already, beside the promise
            yield one.kind, one.one, one.other
            yield one.kind, one.other, one.one


def _passage_at(place: Place, passages: Sequence[StoredPassage]) -> StoredPassage:
    """The words as a passage where they begin; machine-made summaries are none, and their line becomes one of its own."""
    for passage in passages:
        if passage.span.start <= place.span.start < passage.span.end:
            return passage
    turn = next(turn.position for turn in place.interaction.turns if turn.span.start <= place.span.start < turn.span.end)
    source = place.interaction.source
    return StoredPassage(f"{source.id}:{place.span.start}", source.id, source.account_id, NOWHERE, turn, place.span, place.text, "")


def _inside(passage: StoredPassage, span: Span) -> Span:
    """A span of the interaction as one of the passage's text, cut where the passage ends."""
    start, length = passage.span.start, len(passage.text)
    return Span(max(span.start - start, 0), min(span.end - start, length))
