"""The inbox; what a run was started with and from which one it continues; the flows that a flow runs as its steps."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Whoever refers to a table by its name is to mean the new one of that name.
    op.execute("PRAGMA legacy_alter_table=ON")
    op.execute("ALTER TABLE version RENAME TO version_before")
    op.create_table(
        "version",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.execute("INSERT INTO version SELECT hash, document, NULL FROM version_before")
    op.execute("DROP TABLE version_before")
    for index in ("run_newest", "run_newest_of_flow", "run_newest_of_status", "run_of_version"):
        op.execute(f"DROP INDEX {index}")
    op.execute("ALTER TABLE run RENAME TO run_before")
    op.create_table(
        "run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("flow_id", sa.Text(), nullable=False),
        sa.Column("flow_name", sa.Text(), nullable=False),
        sa.Column("version_hash", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("created_at", sa.REAL(), nullable=False),
        sa.Column("ended_at", sa.REAL(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("boot_id", sa.Text(), nullable=False),
        sa.Column("click_id", sa.Text(), nullable=True),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["version_hash"], ["version.hash"]),
        sa.UniqueConstraint("click_id"),
    )
    op.execute(
        "INSERT INTO run SELECT id, flow_id, flow_name, version_hash, inputs, trigger, status, message, created_at,"
        " ended_at, result, boot_id, click_id, '{}', NULL FROM run_before"
    )
    op.execute("DROP TABLE run_before")
    op.execute("PRAGMA legacy_alter_table=OFF")
    op.create_index("run_newest", "run", [sa.text("created_at DESC"), sa.text("id DESC")])
    op.create_index("run_newest_of_flow", "run", ["flow_id", sa.text("created_at DESC"), sa.text("id DESC")])
    op.create_index("run_newest_of_status", "run", ["status", sa.text("created_at DESC"), sa.text("id DESC")])
    op.create_index("run_of_version", "run", ["version_hash"])
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("flow_id", sa.Text(), nullable=False),
        sa.Column("flow_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("editable", sa.Integer(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.REAL(), nullable=False),
        sa.Column("deadline", sa.REAL(), nullable=True),
        sa.Column("at_deadline", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("answer_payload", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.REAL(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run_id", "step", "key"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
    )
    op.create_index("question_newest", "question", ["status", sa.text("asked_at DESC"), sa.text("id DESC")])
    op.create_index("question_due", "question", ["status", "deadline"])
    op.create_index("question_unheard", "question", ["heard", "status"])
