"""Run the migrations on the connection that `unisono.catalog.migrate` hands over."""

from alembic import context

from unisono.catalog.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
    transactional_ddl=False,  # the caller holds the transaction
)
context.run_migrations()
