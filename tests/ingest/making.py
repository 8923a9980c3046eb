"""Small true things to put into an archive, and an embedder that needs no weights."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from ingest.archive.archive import Archive
from ingest.archive.identifiers import interaction_id
from ingest.archive.rows import Embedding
from ingest.records import Call, Interaction, Participant, Turn

DANA = Participant("Dana Okafor", "dana@cartage.example")
PRIYA = Participant("Priya Raman", "priya@halden.example", "VP Operations")


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


FIRST_CALL = on(9, 1)


def call(external_id: str, *texts: str, occurred_at: datetime | None = FIRST_CALL, title: str = "Call", internal: bool = False) -> Call:
    """A turn a text, Dana and Priya by turns."""
    turns = tuple(Turn(text, (DANA, PRIYA)[n % 2]) for n, text in enumerate(texts))
    return Call(
        source="gong",
        external_id=external_id,
        title=title,
        occurred_at=occurred_at,
        turns=turns,
        participants=(DANA, PRIYA),
        internal=internal,
    )


def put(archive: Archive, account_id: str, interaction: Interaction) -> str:
    """With its people; the interaction's id."""
    people = {DANA: archive.put_person(DANA, "seller"), PRIYA: archive.put_person(PRIYA, "buyer", account_id)}
    archive.put_interaction(
        account_id,
        None,
        interaction,
        [people[turn.speaker] if turn.speaker else None for turn in interaction.turns],
        [people[each] for each in interaction.participants],
    )
    return interaction_id(account_id, interaction.source, interaction.external_id)


class HashedWords:
    """A vector of word counts, each word at a place its hash gives it; texts with the same words are near each other."""

    name = "hashed-words"
    dimension = 64

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        for text in texts:
            self.embedded.append(text)
            yield self.query(text)

    def query(self, text: str) -> Embedding:
        found = list(re.finditer(r"\w+", text.lower()))
        words = [match.group() for match in found] or ["-"]
        places = np.array([int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") for word in words], dtype=np.int64)
        tokens = np.zeros((len(words), self.dimension), dtype=np.float32)
        tokens[np.arange(len(words)), places % self.dimension] = 1.0
        vector = tokens.sum(axis=0)
        return Embedding(
            (vector / np.linalg.norm(vector)).astype(np.float32),
            (tokens * 127).astype(np.int8),
            (places % 9000).astype(np.int32),  # among the common words of the real vocabulary: of a hash, no word is rare
            np.array([match.start() for match in found] or [0], dtype=np.int32),
        )
