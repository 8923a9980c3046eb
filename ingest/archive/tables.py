"""The tables of the archive, on one MetaData; upper packages register theirs on it too, and one Alembic history makes them all."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC time, kept without its zone, which SQLite cannot keep."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def _owner(column: str, *, null: bool = False, index: bool = True) -> Column[str]:
    return Column(f"{column}_id", String, ForeignKey(f"{column}.id"), nullable=null, index=index)


account = Table(
    "account",
    metadata,
    Column("id", String, primary_key=True),
    Column("slug", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("folded_name", String, nullable=False, index=True),
    Column("revision", Integer, nullable=False),  # one more with every change of what readers see of this account
    Column("unsettled", Boolean, nullable=False),  # something was written since it was last seen what is the same as what
    Column("named_by_hand", Boolean, nullable=False),  # a CRM's name for it no longer counts
    Column("merged_into", String, ForeignKey("account.id")),  # a person said so: all of it lies there, and its names lead there
    Column("deleted", Boolean, nullable=False),  # a person said so: nobody sees it, and nothing more is filed in it
)

account_domain = Table(
    "account_domain",
    metadata,
    Column("account_id", String, ForeignKey("account.id"), primary_key=True),
    Column("domain", String, primary_key=True),
)

account_link = Table(
    "account_link",
    metadata,
    Column("key", String, primary_key=True),  # the link in its comparable form
    _owner("account"),
    Column("system", String, nullable=False),
    Column("type", String, nullable=False),
    Column("native_id", String, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", String, primary_key=True),
    _owner("account", null=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("title", String, nullable=False),
    Column("side", String, nullable=False),
    Column("recorded", Boolean, nullable=False),  # a CRM has them, whatever they took part in
    Column("links", JSON, nullable=False),
    Column("roles", JSON, nullable=False),  # as the CRM lists them, by the input that says so
    Column("also", JSON, nullable=False),  # other accounts whose contact the CRM says they are, too
    Column("merged_into", String, ForeignKey("person.id")),  # a person said so: they are read as that one
)

deal = Table(
    "deal",
    metadata,
    Column("id", String, primary_key=True),
    _owner("account"),
    Column("name", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("won", Boolean, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("closed_on", String, nullable=False),
    Column("opened_on", String, nullable=False),
    Column("amount", Float),
    Column("currency", String, nullable=False),
    Column("owner_email", String, nullable=False),
    Column("term_months", Integer),
    Column("seats", Integer),
    Column("opened_at", Moment),  # the moments of the two days above, on the calendar of whoever keeps the CRM
    Column("closed_at", Moment),
)

deal_link = Table(
    "deal_link",
    metadata,
    Column("key", String, primary_key=True),
    _owner("deal"),
    Column("system", String, nullable=False),
    Column("type", String, nullable=False),
    Column("native_id", String, nullable=False),
)

interaction = Table(
    "interaction",
    metadata,
    Column("id", String, primary_key=True),
    _owner("account"),
    _owner("deal", null=True),
    Column("kind", String, nullable=False),
    Column("tool", String, nullable=False),
    Column("external_id", String, nullable=False),
    Column("title", String, nullable=False),
    Column("occurred_at", Moment),
    Column("offset_s", Integer, nullable=False),  # how far the clock where it was said is ahead of UTC
    Column("url", String, nullable=False),
    Column("file", String, nullable=False),
    Column("internal", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("removed_at", Moment),  # when it was, by our clock
    Column("version", Integer, nullable=False),  # the current row of `version`
    Column("text_sha256", String, nullable=False),
    Column("content_digest", String, nullable=False),  # of what the source says
    Column("placing_digest", String, nullable=False),  # of what Baton made of it: deal, people, passages
    Column("worth", String, nullable=False),  # of the copy it was made from, among those that several inputs may give
    Column("prints", JSON, nullable=False),
    Column("own_deal_id", String, ForeignKey("deal.id")),  # by itself; `deal_id` is what an alternate may know better
    Column("alternate_of", String, ForeignKey("interaction.id"), index=True),  # the same thing, told more richly
    Column("apart", Boolean, nullable=False),  # a person said that it is the same as nothing else
    Column("links", JSON, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("meta", JSON, nullable=False),
)

version = Table(
    "version",
    metadata,
    Column("interaction_id", String, ForeignKey("interaction.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text_sha256", String, nullable=False),
    Column("title", String, nullable=False),
    Column("occurred_at", Moment),
    Column("offset_s", Integer, nullable=False),
    Column("replaced_at", Moment),  # when another wording took its place, by our clock
    Column("text", Text, nullable=False),
)

turn = Table(
    "turn",
    metadata,
    Column("interaction_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("role", String, nullable=False),
    Column("speaker_name", String, nullable=False),
    _owner("person", null=True),
    Column("native_id", String, nullable=False),
    Column("starts_s", Float),
    Column("ends_s", Float),
    Column("page", Integer),
    Column("heading", String, nullable=False),
    Column("marks", JSON(none_as_null=True)),
    Column("confidence", Float),
    ForeignKeyConstraint(["interaction_id", "version"], ["version.interaction_id", "version.version"]),
)

participant = Table(
    "participant",
    metadata,
    Column("interaction_id", String, ForeignKey("interaction.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    _owner("person"),
)

passage = Table(
    "passage",
    metadata,
    Column("number", Integer, primary_key=True),  # the row of the word index
    Column("id", String, nullable=False, unique=True),
    _owner("interaction", index=False),
    _owner("account"),
    Column("position", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("content", String, nullable=False, index=True),
    Index(None, "interaction_id", "position"),
)

embedding = Table(
    "embedding",
    metadata,
    Column("content", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("tokens", LargeBinary, nullable=False),
    Column("pieces", LargeBinary, nullable=False),
    Column("starts", LargeBinary, nullable=False),
)

input_ = Table(
    "input",
    metadata,
    Column("key", String, primary_key=True),
    Column("format", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("outcome", JSON, nullable=False),
    Column("root", String, nullable=False),  # the folder that was ingested, from which its files have their names
)

origin = Table(
    "origin",
    metadata,
    Column("input_key", String, ForeignKey("input.key"), primary_key=True),
    Column("interaction_id", String, ForeignKey("interaction.id"), primary_key=True, index=True),
    Column("worth", String, nullable=False),  # of the copy that this input gives
)

gone = Table(
    "gone",
    metadata,
    Column("key", String, primary_key=True),  # what a source said was deleted there, by its own id
    Column("input_key", String, nullable=False, index=True),  # who said so last
    Column("at", Moment),  # when it was deleted, where that is said
)

erasure = Table(
    "erasure",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("what", String, nullable=False),  # account, person or retention: never whose
    Column("at", Moment, nullable=False),
    Column("report", JSON, nullable=False),  # counts alone
)

tombstone = Table(
    "tombstone",
    metadata,
    Column("mark", String, primary_key=True),  # a keyed hash of what must not come back
    Column("erasure_number", Integer, ForeignKey("erasure.number"), nullable=False, index=True),
)

held = Table(
    "held",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("origin", String, nullable=False, index=True),  # the input's key: the same file name may come from two folders
    Column("file", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("hint", String, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("item", String, nullable=False, index=True),  # its name, the same for every copy of it
    Column("tool", String, nullable=False),
    Column("external_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("title", String, nullable=False),
    Column("occurred_at", Moment),
    Column("people", JSON, nullable=False),
    Column("teachable", JSON, nullable=False),  # what a decision on it could teach, by kind
    Column("sketch", JSON, nullable=False),  # of its words, which themselves are not kept
    Column("dismissed", Boolean, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("item", String, nullable=False, unique=True),
    _owner("account", null=True),  # none: it is left out
    Column("tool", String, nullable=False),
    Column("external_id", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("file", String, nullable=False),
    Column("title", String, nullable=False),
    Column("sketch", JSON, nullable=False),
    Column("decided_at", Moment, nullable=False),
)

alias = Table(
    "alias",
    metadata,
    Column("kind", String, primary_key=True),
    Column("value", String, primary_key=True),
    _owner("account"),
    Column("taught_by", String, nullable=False),  # the held item whose decision taught it; empty for a name that was given up
)

kept_id = Table(
    "kept_id",
    metadata,
    Column("account_id", String, ForeignKey("account.id"), primary_key=True),
    Column("tool", String, primary_key=True),
    Column("external_id", String, primary_key=True),
    Column("interaction_id", String, nullable=False),  # the id it had in the account that was merged into this one
)

change = Table(
    "change",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("what", String, nullable=False),
    Column("about", String, nullable=False),  # the account or person that was changed
    Column("body", JSON, nullable=False),  # what it takes to undo it
    Column("changed_at", Moment, nullable=False),
)

held_since = Table(
    "held_since",
    metadata,
    Column("key", String, primary_key=True),  # a hash of the input and file; a held row itself is made anew with every run
    Column("at", Moment, nullable=False),
)

failed = Table(
    "failed",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("origin", String, nullable=False, index=True),
    Column("file", String, nullable=False),
    Column("line", Integer),
    Column("reason", String, nullable=False),
    Column("detail", String, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    *(Column(count, Integer, nullable=False) for count in ("new", "changed", "unchanged", "removed", "held", "failed")),
)

setting = Table(
    "setting",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", JSON, nullable=False),
)

answer = Table(
    "answer",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    _owner("account"),
    Column("thread_id", String, nullable=False, index=True),
    Column("internal", Boolean, nullable=False),  # it may quote internal talk
    Column("as_of", Moment),
    Column("body", JSON, nullable=False),
)

thread = Table(
    "thread",
    metadata,
    Column("id", String, primary_key=True),
    _owner("account"),
    Column("owner_id", String, nullable=False, index=True),  # the principal who began it; outlives them
    Column("shared", Boolean, nullable=False),  # with everybody who may see the account
    Column("begun_at", Moment, nullable=False),
)

brief = Table(
    "brief",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    _owner("account"),
    _owner("deal", null=True),
    Column("version", Integer, nullable=False),
    Column("internal", Boolean, nullable=False),
    Column("as_of", Moment),
    Column("body", JSON, nullable=False),
)

reading = Table(
    "reading",
    metadata,
    Column("interaction_id", String, ForeignKey("interaction.id", ondelete="CASCADE"), primary_key=True),
    _owner("account"),
    Column("stamp", String, nullable=False),  # of the words that were read, the people in them, and the reader
    Column("body", JSON, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("account_id", String, ForeignKey("account.id"), primary_key=True),
    Column("stamp", String, nullable=False),  # of all that the account's promises were put in order from
)

promise = Table(
    "promise",
    metadata,
    Column("id", String, primary_key=True),
    _owner("account"),
    _owner("deal", null=True),
    Column("interaction_id", String, ForeignKey("interaction.id", ondelete="CASCADE"), nullable=False, index=True),  # first said there
    Column("position", Integer, nullable=False),  # among the promises of its account
    Column("body", JSON, nullable=False),
)

promise_mark = Table(
    "promise_mark",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("promise_id", String, nullable=False, index=True),  # outlives the row above, which is made anew with every reading
    _owner("account"),
    Column("status", String, nullable=False),
    Column("because", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
)

review = Table(  # what people did with a version of a brief, in order; nothing is ever changed in it
    "review",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("brief_id", String, nullable=False, index=True),  # outlives a brief that was erased, for what it withheld stays so
    _owner("account"),
    Column("at", Moment, nullable=False),
    Column("by", String, nullable=False),
    Column("act", String, nullable=False),
    Column("line", String, nullable=False),  # a line's, gap's or promise's id; empty for the whole brief
    Column("detail", JSON, nullable=False),
)

feedback = Table(  # what readers said about answers
    "feedback",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("answer_id", String, nullable=False, index=True),
    _owner("account"),
    Column("by", String, nullable=False),  # a principal's id
    Column("at", Moment, nullable=False),
    Column("rating", String, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("text", String, nullable=False),
)

withheld = Table(  # words of an account that a person took out of its answers and briefs as confidential
    "withheld",
    metadata,
    Column("interaction_id", String, ForeignKey("interaction.id"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("review_number", Integer, ForeignKey("review.number"), primary_key=True),
    _owner("account"),
)
