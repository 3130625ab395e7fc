"""Alembic's entrance: the connection comes from the caller, who owns the transaction."""

from alembic import context

from escalation_desk.server.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
