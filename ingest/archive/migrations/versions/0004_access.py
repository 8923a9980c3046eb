"""People and programs that may come in, with keys, links, sessions, an audit log that is only added to, and threads with their owners.

A key of before becomes a program of its own that may see what the key could.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_OPERATOR = "usr_operator"


def upgrade() -> None:
    op.create_table(
        "principal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_principal")),
    )
    op.create_index(op.f("ix_principal_email"), "principal", ["email"], unique=False)
    op.create_table(
        "member",
        sa.Column("principal_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["principal_id"], ["principal.id"], name=op.f("fk_member_principal_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_member_account_id")),
        sa.PrimaryKeyConstraint("principal_id", "account_id", name=op.f("pk_member")),
    )
    op.create_index(op.f("ix_member_account_id"), "member", ["account_id"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("principal_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["principal_id"], ["principal.id"], name=op.f("fk_api_key_principal_id")),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_api_key")),
    )
    op.create_index(op.f("ix_api_key_principal_id"), "api_key", ["principal_id"], unique=False)
    op.create_table(
        "sign_in_link",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("principal_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["principal_id"], ["principal.id"], name=op.f("fk_sign_in_link_principal_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_principal_id"), "sign_in_link", ["principal_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("principal_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["principal_id"], ["principal.id"], name=op.f("fk_session_principal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("sha256", name=op.f("uq_session_sha256")),
    )
    op.create_index(op.f("ix_session_principal_id"), "session", ["principal_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("principal_id", sa.String(), nullable=False),
        sa.Column("credential", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_principal_id"), "audit", ["principal_id"], unique=False)
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        )
    op.create_table(
        "thread",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_thread_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    op.create_index(op.f("ix_thread_account_id"), "thread", ["account_id"], unique=False)
    op.create_index(op.f("ix_thread_owner_id"), "thread", ["owner_id"], unique=False)
    _take_over()
    op.drop_table("token")


def _take_over() -> None:
    connection = op.get_bind()
    accounts = set(connection.scalars(sa.text("SELECT id FROM account")))
    for prefix, name, sha256, scopes, made_at, revoked_at in connection.execute(
        sa.text("SELECT prefix, name, sha256, scopes, created_at, revoked_at FROM token")
    ).all():
        words = json.loads(scopes)
        limits = {word.removeprefix("account:") for word in words if word.startswith("account:")}
        given = {"id": f"usr_{prefix}", "name": name, "reach": "listed" if limits else "all", "at": made_at}
        connection.execute(
            sa.text(
                "INSERT INTO principal (id, kind, name, email, role, reach, made_at) VALUES (:id, 'program', :name, '', 'csm', :reach, :at)"
            ),
            given,
        )
        for account in sorted(limits & accounts):
            connection.execute(
                sa.text("INSERT INTO member (principal_id, account_id) VALUES (:id, :account)"), {"id": given["id"], "account": account}
            )
        connection.execute(
            sa.text(
                "INSERT INTO api_key (prefix, principal_id, name, sha256, permissions, made_at, made_by, revoked_at) "
                "VALUES (:prefix, :id, :name, :sha256, :permissions, :at, :by, :revoked)"
            ),
            {
                "prefix": prefix, "id": given["id"], "name": name, "sha256": sha256, "at": made_at, "by": _OPERATOR, "revoked": revoked_at,
                "permissions": json.dumps([word for word in words if not word.startswith("account:")]),
            },
        )  # fmt: skip
    connection.execute(
        sa.text(
            "INSERT INTO thread (id, account_id, owner_id, shared, begun_at) "
            "SELECT thread_id, min(account_id), :owner, 0, strftime('%Y-%m-%d %H:%M:%f000', 'now') FROM answer GROUP BY thread_id"
        ),
        {"owner": _OPERATOR},
    )
