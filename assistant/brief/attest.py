"""What an account executive answers from memory becomes evidence of its own kind: an AE note with author and hour, cited like the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from assistant.citations import cite
from assistant.render import citation_json
from assistant.wiring import Kit
from ingest.archive.errors import NotThere
from ingest.archive.identifiers import interaction_id
from ingest.archive.scope import EVERYTHING
from ingest.index.projection import bring_up_to_date
from ingest.records import AeNote, Participant, Turn

SOURCE = "baton"


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody answers for: in whose words, to which question."""

    question: str
    text: str
    by: str
    at: datetime


def attest(
    kit: Kit, account_id: str, deal_id: str | None, *, about: str, question: str, text: str, by: str, at: datetime
) -> dict[str, Any]:
    """Keeps the note and gives its citation, in the form of the public interface.

    `about` is the id of the gap or line it answers; a second answer to the same one takes the first one's place, which stays as an
    earlier version. The note can be found from now on, by the words of the question too, and it never counts as said to the customer.
    """
    name, email = parseaddr(by) if "<" in by else (by, "")
    said_by = Participant(name or email, email, side="seller")
    note = AeNote(
        source=SOURCE, external_id=about, title=question, occurred_at=at, internal=True,
        turns=(Turn(text, said_by, heading=question),), participants=(said_by,), meta={"about": about, "question": question},
    )  # fmt: skip
    with kit.archive.transaction():
        person = kit.archive.put_person(said_by, "seller", None if said_by.email else account_id)
        kit.archive.put_interaction(account_id, deal_id, note, [person], [person])
    bring_up_to_date(kit.home)
    kept = kit.archive.interaction(EVERYTHING.only(account_id), interaction_id(account_id, SOURCE, about))
    return citation_json(cite(kept, kept.turns[0].span), 0)


def stands(kit: Kit, account_id: str, deal_id: str | None, *, about: str, note: Note | None) -> None:
    """Only the note that is given is on record for a gap or line; with none, what was is evidence no longer.

    One that was taken away and stands again comes back in its own words, so that what cited it opens.
    """
    id = interaction_id(account_id, SOURCE, about)
    try:
        kept = kit.archive.interaction(EVERYTHING.only(account_id), id).text
    except NotThere:
        kept = ""
    if note is not None and kept != note.text:
        attest(kit, account_id, deal_id, about=about, question=note.question, text=note.text, by=note.by, at=note.at)
    elif note is None and kept:
        kit.archive.remove_interaction(id)
        bring_up_to_date(kit.home)
