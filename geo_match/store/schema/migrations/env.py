"""Where Alembic runs a store's migrations: within the transaction that is handed over."""

from __future__ import annotations

from alembic import context

from geo_match.store.schema.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
