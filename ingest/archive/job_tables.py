"""The tables of what happens by itself, beside those of the history: close events that came in, the work they make, what was sent to whom.

They hold ids and addresses, no word of anybody's talk.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from ingest.archive.tables import Moment, metadata

job = Table(
    "job",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("run", String, nullable=False, unique=True),  # by which the engine knows it: new with every try that a person asked for
    Column("kind", String, nullable=False),
    Column("key", String, unique=True),  # of what must be done once and no more
    Column("account_id", String, ForeignKey("account.id"), index=True),
    Column("about", JSON, nullable=False),
    Column("state", String, nullable=False),  # waiting, running, done, failed, dismissed
    Column("tries", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("trouble", String, nullable=False),  # why the last try failed
    Column("result", JSON, nullable=False),
    Index(None, "state", "due_at"),
)

close_event = Table(
    "close_event",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("hook", String, nullable=False),
    Column("event", String, nullable=False),  # the sender's id for it
    Column("system", String, nullable=False),
    Column("deal", String, nullable=False),  # the CRM's id
    Column("says", String, nullable=False),  # won, open, lost, or changed: look for yourself
    Column("stage", String, nullable=False),
    Column("occurred_at", Moment),
    Column("received_at", Moment, nullable=False),
    Column("account_id", String, ForeignKey("account.id"), index=True),
    Column("job_number", Integer, ForeignKey("job.number"), index=True),
    UniqueConstraint("hook", "event"),
    Index(None, "system", "deal"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("account_id", String, ForeignKey("account.id"), nullable=False, index=True),
    Column("brief_id", String, nullable=False, index=True),
    Column("what", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("place", String, nullable=False),  # a channel's id, an address, a record's id, a webhook's name
    Column("began_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("reference", String, nullable=False),  # what the other side calls it
)
