"""How people want the pages, whichever browser they look from.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("principal_id", sa.String(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("principal_id", name=op.f("pk_preference")),
    )
