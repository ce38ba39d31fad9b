"""Run migrations inside the transaction that the archive opened."""

from alembic import context

from unabridged.archive.storage.tables import metadata

# SQLite can roll back DDL if the driver leaves BEGIN to us (see archive/storage/engine.py).
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
