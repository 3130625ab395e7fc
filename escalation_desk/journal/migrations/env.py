"""Alembic's entrance: the connection comes from the caller, who owns the transaction."""

from alembic import context

from escalation_desk.journal.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
