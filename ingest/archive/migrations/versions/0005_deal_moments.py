"""Since when a deal is there and since when it is closed, to the moment.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("deal", sa.Column("opened_at", sa.DateTime(), nullable=True))
    op.add_column("deal", sa.Column("closed_at", sa.DateTime(), nullable=True))
