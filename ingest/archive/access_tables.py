"""The tables of who may come in, beside those of the history: people and programs, their keys, links, sessions, and what they did."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table

from ingest.archive.tables import Moment, metadata


def _whose() -> Column[str]:
    return Column("principal_id", String, ForeignKey("principal.id"), nullable=False, index=True)


principal = Table(
    "principal",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),  # person or program
    Column("name", String, nullable=False),
    Column("email", String, nullable=False, index=True),  # folded; empty for a program and for whoever works on the machine
    Column("role", String, nullable=False),  # api.access gives it a meaning
    Column("reach", String, nullable=False),  # all, owner (the deals the CRM says are theirs, and those listed) or listed
    Column("made_at", Moment, nullable=False),
    Column("suspended_at", Moment),
)

member = Table(
    "member",
    metadata,
    Column("principal_id", String, ForeignKey("principal.id"), primary_key=True),
    Column("account_id", String, ForeignKey("account.id"), primary_key=True, index=True),
)

api_key = Table(
    "api_key",
    metadata,
    Column("prefix", String, primary_key=True),
    _whose(),
    Column("name", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("permissions", JSON, nullable=False),  # no more than the role of its owner allows at the time
    Column("made_at", Moment, nullable=False),
    Column("made_by", String, nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),  # to the minute
    Column("revoked_at", Moment),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("sha256", String, primary_key=True),
    _whose(),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

session = Table(
    "session",
    metadata,
    Column("id", String, primary_key=True),
    _whose(),
    Column("sha256", String, nullable=False, unique=True),
    Column("begun_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),  # to the minute
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

preference = Table(
    "preference",
    metadata,
    Column("principal_id", String, primary_key=True),  # who works on the machine itself may have no row among the principals
    Column("chosen", JSON, nullable=False),  # api.shapes.access says what may be chosen
)

restricted = Table(  # what only some of those who see its account may see
    "restricted",
    metadata,
    Column("interaction_id", String, ForeignKey("interaction.id"), primary_key=True),
    Column("by", String, nullable=False),  # a principal's id
    Column("at", Moment, nullable=False),
)

audit = Table(  # only ever added to, which triggers hold; each row's hash covers the one before it
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),  # as it is hashed
    Column("principal_id", String, nullable=False, index=True),  # outlives its principal
    Column("credential", String, nullable=False),  # the key's prefix, the session's id, or `cli` with the user's number
    Column("action", String, nullable=False),
    Column("targets", JSON, nullable=False),  # ids, never words
    Column("outcome", Integer, nullable=False),  # the HTTP status, or 0
    Column("request_id", String, nullable=False),
    Column("before", String, nullable=False),
    Column("hash", String, nullable=False),
)
