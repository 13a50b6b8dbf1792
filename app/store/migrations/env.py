"""What Alembic runs for every command: on the connection it was given, as one transaction."""

from alembic import context

from app.failpoint import failpoint

context.configure(
    connection=context.config.attributes["connection"],
    # SQLite cannot change a column in place: batch mode copies the table.
    render_as_batch=True,
    transactional_ddl=True,
    on_version_apply=lambda **_: failpoint("migration.step"),
)
with context.begin_transaction():
    context.run_migrations()
