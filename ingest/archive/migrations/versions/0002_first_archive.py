"""The first archive whose form is kept: there is no way from 0001, which grew until this was settled.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("unsettled", sa.Boolean(), nullable=False),
        sa.Column("named_by_hand", sa.Boolean(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["account.id"], name=op.f("fk_account_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("slug", name=op.f("uq_account_slug")),
    )
    op.create_index(op.f("ix_account_folded_name"), "account", ["folded_name"], unique=False)
    op.create_table(
        "alias",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("taught_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_alias_account_id")),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_alias")),
    )
    op.create_index(op.f("ix_alias_account_id"), "alias", ["account_id"], unique=False)
    op.create_table(
        "change",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_change")),
    )
    op.create_table(
        "decision",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("sketch", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_decision_account_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_decision")),
        sa.UniqueConstraint("item", name=op.f("uq_decision_item")),
    )
    op.create_index(op.f("ix_decision_account_id"), "decision", ["account_id"], unique=False)
    op.create_table(
        "kept_id",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_kept_id_account_id")),
        sa.PrimaryKeyConstraint("account_id", "tool", "external_id", name=op.f("pk_kept_id")),
    )
    op.create_table(
        "embedding",
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("tokens", sa.LargeBinary(), nullable=False),
        sa.Column("pieces", sa.LargeBinary(), nullable=False),
        sa.Column("starts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("content", "model", name=op.f("pk_embedding")),
    )
    op.create_table(
        "held_since",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_held_since")),
    )
    op.create_table(
        "gone",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("input_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_gone")),
    )
    op.create_index(op.f("ix_gone_input_key"), "gone", ["input_key"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_erasure")),
    )
    op.create_table(
        "tombstone",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("erasure_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["erasure_number"], ["erasure.number"], name=op.f("fk_tombstone_erasure_number")),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_tombstone")),
    )
    op.create_index(op.f("ix_tombstone_erasure_number"), "tombstone", ["erasure_number"], unique=False)
    op.create_table(
        "failed",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_failed")),
    )
    op.create_index(op.f("ix_failed_origin"), "failed", ["origin"], unique=False)
    op.create_table(
        "held",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(), nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("teachable", sa.JSON(), nullable=False),
        sa.Column("sketch", sa.JSON(), nullable=False),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_held")),
    )
    op.create_index(op.f("ix_held_item"), "held", ["item"], unique=False)
    op.create_index(op.f("ix_held_origin"), "held", ["origin"], unique=False)
    op.create_table(
        "input",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_input")),
    )
    op.create_table(
        "run",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_run")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "token",
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_token")),
    )
    op.create_table(
        "account_domain",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_domain_account_id")),
        sa.PrimaryKeyConstraint("account_id", "domain", name=op.f("pk_account_domain")),
    )
    op.create_table(
        "account_link",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("native_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_link_account_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_account_link")),
    )
    op.create_index(op.f("ix_account_link_account_id"), "account_link", ["account_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_answer_account_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_answer")),
        sa.UniqueConstraint("id", name=op.f("uq_answer_id")),
    )
    op.create_index(op.f("ix_answer_account_id"), "answer", ["account_id"], unique=False)
    op.create_index(op.f("ix_answer_thread_id"), "answer", ["thread_id"], unique=False)
    op.create_table(
        "deal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("won", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.String(), nullable=False),
        sa.Column("opened_on", sa.String(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("owner_email", sa.String(), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_deal_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal")),
    )
    op.create_index(op.f("ix_deal_account_id"), "deal", ["account_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("also", sa.JSON(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_person_account_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["person.id"], name=op.f("fk_person_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_account_id"), "person", ["account_id"], unique=False)
    op.create_table(
        "brief",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("deal_id", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_brief_account_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_brief_deal_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_brief")),
        sa.UniqueConstraint("id", name=op.f("uq_brief_id")),
    )
    op.create_index(op.f("ix_brief_account_id"), "brief", ["account_id"], unique=False)
    op.create_index(op.f("ix_brief_deal_id"), "brief", ["deal_id"], unique=False)
    op.create_table(
        "deal_link",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("deal_id", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("native_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_deal_link_deal_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deal_link")),
    )
    op.create_index(op.f("ix_deal_link_deal_id"), "deal_link", ["deal_id"], unique=False)
    op.create_table(
        "interaction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("deal_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(), nullable=True),
        sa.Column("offset_s", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=False),
        sa.Column("placing_digest", sa.String(), nullable=False),
        sa.Column("worth", sa.String(), nullable=False),
        sa.Column("prints", sa.JSON(), nullable=False),
        sa.Column("own_deal_id", sa.String(), nullable=True),
        sa.Column("alternate_of", sa.String(), nullable=True),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("meta", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_interaction_account_id")),
        sa.ForeignKeyConstraint(["alternate_of"], ["interaction.id"], name=op.f("fk_interaction_alternate_of")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_interaction_deal_id")),
        sa.ForeignKeyConstraint(["own_deal_id"], ["deal.id"], name=op.f("fk_interaction_own_deal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
    )
    op.create_index(op.f("ix_interaction_account_id"), "interaction", ["account_id"], unique=False)
    op.create_index(op.f("ix_interaction_alternate_of"), "interaction", ["alternate_of"], unique=False)
    op.create_index(op.f("ix_interaction_deal_id"), "interaction", ["deal_id"], unique=False)
    op.create_table(
        "origin",
        sa.Column("input_key", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("worth", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["input_key"], ["input.key"], name=op.f("fk_origin_input_key")),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], name=op.f("fk_origin_interaction_id")),
        sa.PrimaryKeyConstraint("input_key", "interaction_id", name=op.f("pk_origin")),
    )
    op.create_index(op.f("ix_origin_interaction_id"), "origin", ["interaction_id"], unique=False)
    op.create_table(
        "participant",
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], name=op.f("fk_participant_interaction_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participant_person_id")),
        sa.PrimaryKeyConstraint("interaction_id", "position", name=op.f("pk_participant")),
    )
    op.create_index(op.f("ix_participant_person_id"), "participant", ["person_id"], unique=False)
    op.create_table(
        "passage",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passage_account_id")),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], name=op.f("fk_passage_interaction_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_passage")),
        sa.UniqueConstraint("id", name=op.f("uq_passage_id")),
    )
    op.create_index(op.f("ix_passage_account_id"), "passage", ["account_id"], unique=False)
    op.create_index(op.f("ix_passage_content"), "passage", ["content"], unique=False)
    op.create_index(op.f("ix_passage_interaction_id_position"), "passage", ["interaction_id", "position"], unique=False)
    op.create_table(
        "version",
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(), nullable=True),
        sa.Column("offset_s", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], name=op.f("fk_version_interaction_id")),
        sa.PrimaryKeyConstraint("interaction_id", "version", name=op.f("pk_version")),
    )
    op.create_table(
        "turn",
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("speaker_name", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("native_id", sa.String(), nullable=False),
        sa.Column("starts_s", sa.Float(), nullable=True),
        sa.Column("ends_s", sa.Float(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("marks", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interaction_id", "version"], ["version.interaction_id", "version.version"], name=op.f("fk_turn_interaction_id_version")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_turn_person_id")),
        sa.PrimaryKeyConstraint("interaction_id", "version", "position", name=op.f("pk_turn")),
    )
    op.create_index(op.f("ix_turn_person_id"), "turn", ["person_id"], unique=False)
    op.create_table(
        "reading",
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reading_account_id")),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], name=op.f("fk_reading_interaction_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interaction_id", name=op.f("pk_reading")),
    )
    op.create_index(op.f("ix_reading_account_id"), "reading", ["account_id"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ledger_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_ledger")),
    )
    op.create_table(
        "promise",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("deal_id", sa.String(), nullable=True),
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_promise_account_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_promise_deal_id")),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], name=op.f("fk_promise_interaction_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index(op.f("ix_promise_account_id"), "promise", ["account_id"], unique=False)
    op.create_index(op.f("ix_promise_deal_id"), "promise", ["deal_id"], unique=False)
    op.create_index(op.f("ix_promise_interaction_id"), "promise", ["interaction_id"], unique=False)
    op.create_table(
        "promise_mark",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_promise_mark_account_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_promise_mark")),
    )
    op.create_index(op.f("ix_promise_mark_account_id"), "promise_mark", ["account_id"], unique=False)
    op.create_index(op.f("ix_promise_mark_promise_id"), "promise_mark", ["promise_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("brief_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_review_account_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_account_id"), "review", ["account_id"], unique=False)
    op.create_index(op.f("ix_review_brief_id"), "review", ["brief_id"], unique=False)
    op.create_table(
        "withheld",
        sa.Column("interaction_id", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("review_number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_withheld_account_id")),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"], name=op.f("fk_withheld_interaction_id")),
        sa.ForeignKeyConstraint(["review_number"], ["review.number"], name=op.f("fk_withheld_review_number")),
        sa.PrimaryKeyConstraint("interaction_id", "start", "end", "review_number", name=op.f("pk_withheld")),
    )
    op.create_index(op.f("ix_withheld_account_id"), "withheld", ["account_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE passage_words USING fts5("
            "account, words, passage_id UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2')"
        )
