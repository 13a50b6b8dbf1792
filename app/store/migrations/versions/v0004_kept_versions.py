"""Versions of a flow that a person has kept, with a name."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow_id", sa.Text(), nullable=False),
        sa.Column("version_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.REAL(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["version_hash"], ["version.hash"]),
    )
    op.create_index("kept_newest_of_flow", "kept_version", ["flow_id", sa.text("created_at DESC"), sa.text("id DESC")])
    op.create_index("kept_of_version", "kept_version", ["version_hash"])
