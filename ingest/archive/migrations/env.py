"""What Alembic runs for every command: the caller's connection and transaction, our MetaData."""

from __future__ import annotations

from alembic import context

from ingest.archive.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
