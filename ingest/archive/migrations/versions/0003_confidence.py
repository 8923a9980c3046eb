"""How sure the recogniser was of each turn.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("turn", sa.Column("confidence", sa.Float(), nullable=True))
