"""Builds small stored histories for the tests of facts and briefs: a few people, a call, a mail, a paper."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from ingest.archive.rows import Source, StoredInteraction, StoredPerson, StoredTurn
from ingest.records import TURN_BREAK, Kind, Role, Span

ANA = StoredPerson("per_ana", "Ana Silva", "ana@vendor.example", "Account Executive", "seller", None)
RAJ = StoredPerson("per_raj", "Raj Patel", "raj@vendor.example", "Solutions Engineer", "seller", None)
MIA = StoredPerson("per_mia", "Mia Berg", "mia@buyer.example", "Chief Operating Officer", "buyer", "acc_1")
TOM = StoredPerson("per_tom", "Tom Hale", "tom@buyer.example", "IT Architect", "buyer", "acc_1")

Said = tuple[StoredPerson | None, str] | tuple[StoredPerson | None, str, Role]


def interaction(
    kind: Kind,
    turns: Sequence[Said],
    *,
    on: str = "2026-06-02",
    title: str = "Talk",
    internal: bool = False,
    participants: Sequence[StoredPerson] | None = None,
    deal_id: str | None = None,
) -> StoredInteraction:
    """The turns in order; participants are the speakers unless given."""
    text = TURN_BREAK.join(turn[1] for turn in turns)
    stored: list[StoredTurn] = []
    start = 0
    for position, turn in enumerate(turns):
        person, words = turn[0], turn[1]
        role: Role = turn[2] if len(turn) == 3 else "said"
        stored.append(
            StoredTurn(
                position=position,
                span=Span(start, start + len(words)),
                role=role,
                speaker_name=person.name if person else "",
                person=person,
                native_id=f"t{position}",
                starts_s=10.0 * position if kind == "call" else None,
                ends_s=None,
                page=None,
                heading="",
                marks=(),
            )
        )
        start += len(words) + len(TURN_BREAK)
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = Source(
        id="src_" + hashlib.sha256(f"{kind}{title}{on}{text}".encode()).hexdigest()[:20],
        account_id="acc_1",
        deal_id=deal_id,
        kind=kind,
        tool="file",
        external_id=title,
        title=title,
        occurred_at=datetime.fromisoformat(f"{on}T12:00:00").replace(tzinfo=UTC),
        url="",
        file="",
        internal=internal,
        text_sha256=digest,
        version=1,
    )
    speakers = {turn[0].id: turn[0] for turn in turns if turn[0]}
    return StoredInteraction(source, text, tuple(stored), tuple(speakers.values()) if participants is None else tuple(participants))


def call(*turns: Said, on: str = "2026-06-02", title: str = "Call") -> StoredInteraction:
    """A call that the customer is in to its end."""
    return interaction("call", (*turns, (MIA, "Thank you, bye.")), on=on, title=title)


def mail(sender: StoredPerson, to: StoredPerson, words: str, *, on: str = "2026-06-03", title: str = "Mail") -> StoredInteraction:
    return interaction(
        "email", [(sender, words)], on=on, title=title, participants=[sender, to], internal=sender.side == to.side == "seller"
    )


def order_form(words: str, *, on: str = "2026-07-01", title: str = "Order Form 12") -> StoredInteraction:
    return interaction("doc", [(None, words)], on=on, title=title, participants=[])
