"""What was found for a question: the passages that may answer it, what the ledger knows about their words, and what is on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.answers import Known
from assistant.room import SPOKEN, Room
from assistant.routes import Route
from assistant.understand import Understood
from ingest.archive.rows import Embedding, StoredPassage
from ingest.records import Span

FOUND = 20
"""Passages that an answer is drafted from."""
LOOKED_AT = 60
"""Passages among which the words of an answer are chosen: what answers is not always what sounds most like the question."""
FactKind = Literal["promise", "risk", "goal", "day", "reason", "term", "rival", "conflict"]
"""What the ledger knows about words: a promise of ours, a risk, what success is, a day on which something happens, why they buy, a
commercial term, an alternative to us, and that something else on record contradicts them."""
Stand = Literal["covered", "contradicted", "excluded", "silent", "seller", "customer", "recap"]
"""What stands against words: what the contract says of a promise, or whose statement cannot hold together with them."""


@dataclass(frozen=True, slots=True)
class Against:
    """Of a passage found the stretch `span`, and what stands against it: `words` of `other`, both None where the contract is silent."""

    stand: Stand
    span: Span
    other: StoredPassage | None = None
    words: Span | None = None
    """In `other.text`."""


RecordKind = Literal["people", "days", "risks", "reasons", "goals", "changes", "refusals"]
ON_RECORD_AS: Mapping[RecordKind, str] = {
    "people": "on record for who somebody is",
    "days": "on record as a day",
    "risks": "on record as a risk",
    "reasons": "on record as a reason",
    "goals": "on record as a goal",
    "changes": "on record as a change",
    "refusals": "on record as refused",
}


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What the ledger holds of the kind of thing that the question asks for."""

    kind: RecordKind
    places: tuple[tuple[StoredPassage, Span], ...] = ()
    """Words in their passages, those to be read first first."""
    chains: tuple[tuple[tuple[StoredPassage, Span], ...], ...] = ()
    """Of changes each with its positions in the order of time; the last one stands."""
    alone: bool = True
    """The question asks for nothing else in the same breath."""
    nobody: bool = False
    """It asks for somebody whom nobody in this history is or ever spoke of."""
    known: tuple[Known, ...] = ()
    """Whom it asks about, as lists of participants and the CRM have them: then `places` are the few that are truly of them."""
    which: tuple[str, ...] = ()
    """It fits several of them, or several talks: a question for each."""
    unknown: str = ""
    """The name it asks about, where nobody bears it."""
    unsaid: tuple[str, ...] = ()
    """What it asks of them that nothing says."""
    sure: bool = False
    """It answers whatever things the question names besides: who plays a part was weighed over all that is on record."""

    @property
    def of_lists(self) -> bool:
        """Lists answer it, or say that it fits several or nobody: there is nothing for words to be found for."""
        return bool(self.known or self.which or self.unknown)


@dataclass(frozen=True, slots=True)
class Ranked:
    passage: StoredPassage
    score: float
    index: int
    """Its place on the room's shelf."""
    block: int = 0
    """Passages of one number are one stretch of an interaction, in reading order; a place found by itself is a block of its own."""
    replies_to: int | None = None
    """The place on the shelf of somebody else's question right before it: without that the words may make no sense."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`ranked` best first; for a question about a whole discussion stretch by stretch."""

    ranked: tuple[Ranked, ...]
    room: Room
    understood: Understood
    query_terms: tuple[str, ...]
    query: Embedding | None
    route: Route
    beside: tuple[StoredPassage, ...] = ()
    """What stands before a passage found and was answered by it, or took it back; quoted only together with it."""
    withdrawn: Mapping[str, tuple[tuple[Span, str], ...]] = field(default_factory=dict)
    """Of passages found, the stretches of them that were taken back later, each with the id of the passage that does so."""
    facts: Mapping[str, frozenset[FactKind]] = field(default_factory=dict)
    """Of passages found, the kinds of facts that the ledger has on them."""
    against: Mapping[str, tuple[Against, ...]] = field(default_factory=dict)
    """Of passages found, what the contract says of the promises in them, and what else on record cannot hold together with them."""
    deals: tuple[tuple[str, str], ...] = ()
    """(id, name) of the deals that the question may be about: empty where it names one, is asked of one, or there is but one."""
    promised: tuple[tuple[StoredPassage, Span], ...] = ()
    """The promises on record that the question asks for, each in its passage; none where it does not ask for promises."""
    recorded: OnRecord | None = None
    """What is on record of another kind than promises, where the question asks for such a thing."""
    chains: tuple[tuple[tuple[StoredPassage, Span], ...], ...] = ()
    """The promises that others took the place of, with what did, in the order of time; each in its passage."""
    said: tuple[Embedding, ...] = ()
    """In the field's own words what the question asks, a concept each."""

    def worth(self) -> dict[str, float]:
        """By how rare they are in the account, the question's words that mean something; one that nobody said is as rare as the rarest."""
        rarity = self.room.shelf.rarity
        unseen = max(rarity.values(), default=1.0)
        return {term: rarity.get(term, unseen) for term in self.query_terms}

    def passage(self, id: str) -> StoredPassage | None:
        """Of what was found, what stands beside it, and what is on record."""
        return next((p for p in self._quotable() if p.id == id), None)

    def _quotable(self) -> Iterator[StoredPassage]:
        yield from (ranked.passage for ranked in self.ranked)
        yield from self.beside
        yield from (passage for passage, _ in self.promised)
        recorded = self.recorded or OnRecord("people")
        yield from (passage for passage, _ in recorded.places)
        yield from (passage for chain in (*recorded.chains, *self.chains) for passage, _ in chain)

    @property
    def on_record(self) -> tuple[tuple[StoredPassage, Span, str], ...]:
        """What the ledger holds of the kind that the question asks for, those to be read first first, each with what it is taken for."""
        recorded = self.recorded or OnRecord("people")
        return (
            *((*placed, "on record as a promise") for placed in self.promised),
            *((*placed, ON_RECORD_AS[recorded.kind]) for placed in recorded.places),
            *(
                (*placed, "on record as what holds now" if placed is chain[-1] else "on record as no longer holding")
                for chain in recorded.chains
                for placed in reversed(chain)
            ),
        )

    @property
    def best(self) -> tuple[Ranked, ...]:
        """Those that an answer is drafted from."""
        return self.ranked[:FOUND]

    @property
    def by_pieces(self) -> bool:
        """Whether single word pieces can be compared: there is an embedding, and it has a vector a piece."""
        return self.query is not None and self.room.shelf.tokens is not None


def with_prompts(evidence: Evidence) -> Evidence:
    """With the turn before each turn of a call or chat that was found: `yes, we'll do that` says what only together with its question."""
    shelf = evidence.room.shelf
    spoken = [r for r in evidence.ranked if evidence.room.interactions[r.passage.interaction_id].source.kind in SPOKEN]
    before = (shelf.passages[r.index - 1] for r in spoken if r.index > int(shelf.starts[r.index]))
    return replace(evidence, beside=tuple({p.id: p for p in before}.values()))
