"""Every table, as it is after the last migration. For people, migrations and tests: Weft itself speaks plain SQL."""

from sqlalchemy import REAL, Column, Index, LargeBinary, MetaData, Text, UniqueConstraint, desc
from sqlmodel import Field, SQLModel


class Table(SQLModel):
    metadata = MetaData()


class Flow(Table, table=True):
    """A flow as it is now."""

    id: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    document: str = Field(sa_type=Text, description="The flow as JSON")
    revision: int = Field(description="Counts the saves; a save that expects another number is a conflict")
    origin: str = Field(sa_type=Text, description="made | arrived | example")
    created_at: float = Field(sa_type=REAL)
    changed_at: float = Field(sa_type=REAL)
    deleted_at: float | None = Field(sa_type=REAL, description="Set when deleted, so that deleting can be undone")


class FlowGrant(Table, table=True):
    """What a person has allowed a flow to touch."""

    __tablename__ = "flow_grant"

    flow_id: str = Field(sa_type=Text, primary_key=True, foreign_key="flow.id", ondelete="CASCADE")
    content_hash: str = Field(sa_type=Text, description="Of the flow that was reviewed")
    grant_json: str = Field(sa_type=Text)
    accepted_at: float = Field(sa_type=REAL)


class Version(Table, table=True):
    """A flow as some run used it or somebody kept it, stored once however often."""

    hash: str = Field(sa_type=Text, primary_key=True)
    document: str = Field(sa_type=Text)
    parts: str | None = Field(sa_type=Text, description="The flows that it runs as its steps, by id, as JSON")


class KeptVersion(Table, table=True):
    """A version of a flow that a person has kept. It outlives its flow, so that the same flow finds it again."""

    __tablename__ = "kept_version"
    __table_args__ = (
        Index("kept_newest_of_flow", "flow_id", desc("created_at"), desc("id")),
        Index("kept_of_version", "version_hash"),
    )

    id: int = Field(primary_key=True)
    flow_id: str = Field(sa_type=Text)
    version_hash: str = Field(sa_type=Text, foreign_key="version.hash")
    name: str = Field(sa_type=Text)
    note: str = Field(sa_type=Text)
    changes: int | None = Field(description="Since the one before; none of the first")
    created_at: float = Field(sa_type=REAL)


class Past(Table, table=True):
    """What an edit changed in a flow's document, so that it can be undone, also after a restart."""

    flow_id: str = Field(sa_type=Text, primary_key=True, foreign_key="flow.id", ondelete="CASCADE")
    seq: int = Field(primary_key=True)
    done: str = Field(sa_type=Text, description="What was done, in words")
    undone: bool = Field(description="It was taken back, and can be done again")
    ticket: str = Field(sa_type=Text, description="What the window called it, so that it is made once")
    delta: bytes = Field(sa_column=Column(LargeBinary, nullable=False), description="Between the two documents")
    files: str = Field(sa_type=Text, description="The kept files that either document speaks of")
    created_at: float = Field(sa_type=REAL)


class Published(Table, table=True):
    """The version of a flow that is used where nobody sits before it. It outlives its flow, as kept versions do."""

    flow_id: str = Field(sa_type=Text, primary_key=True)
    version_hash: str = Field(sa_type=Text, foreign_key="version.hash")
    published_at: float = Field(sa_type=REAL)


class Run(Table, table=True):
    """One execution of one version of a flow. Its flow may be gone; the run is still there to be read."""

    __table_args__ = (
        Index("run_newest", desc("created_at"), desc("id")),
        Index("run_newest_of_flow", "flow_id", desc("created_at"), desc("id")),
        Index("run_newest_of_status", "status", desc("created_at"), desc("id")),
        Index("run_of_version", "version_hash"),
    )

    id: str = Field(sa_type=Text, primary_key=True)
    flow_id: str = Field(sa_type=Text)
    flow_name: str = Field(sa_type=Text)
    version_hash: str = Field(sa_type=Text, foreign_key="version.hash")
    inputs: str = Field(sa_type=Text, description="JSON")
    trigger: str = Field(sa_type=Text, description="What started it")
    status: str = Field(sa_type=Text)
    message: str = Field(sa_type=Text)
    created_at: float = Field(sa_type=REAL)
    ended_at: float | None = Field(sa_type=REAL)
    result: str | None = Field(sa_type=Text, description="JSON")
    boot_id: str = Field(sa_type=Text, description="The start of Weft that runs it; another one finds it interrupted")
    click_id: str | None = Field(
        sa_type=Text, unique=True, description="One click is one run, however often it arrives"
    )
    options: str = Field(sa_type=Text, description="How it was started (a rehearsal, a debugger), as JSON")
    parent: str | None = Field(sa_type=Text, description="The run that this one continues; it may be gone")


class Question(Table, table=True):
    """The inbox: what a run asks a person or the clock, and what was decided."""

    __table_args__ = (
        UniqueConstraint("run_id", "step", "key"),
        Index("question_newest", "status", desc("asked_at"), desc("id")),
        Index("question_due", "status", "deadline"),
        Index("question_unheard", "heard", "status"),
    )

    id: int = Field(primary_key=True)
    run_id: str = Field(sa_type=Text, foreign_key="run.id", ondelete="CASCADE")
    step: str = Field(sa_type=Text, description="The path of the step, as in each/17/click")
    key: str = Field(sa_type=Text, description="Which question of the step")
    sort: str = Field(sa_type=Text, description="question | rest | break | budget")
    flow_id: str = Field(sa_type=Text)
    flow_name: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    choices: str = Field(sa_type=Text, description="JSON")
    payload: str = Field(sa_type=Text, description="JSON: what it is about")
    editable: int
    picture: str | None = Field(sa_type=Text, description="JSON: a kept file")
    asked_at: float = Field(sa_type=REAL)
    deadline: float | None = Field(sa_type=REAL)
    at_deadline: str = Field(sa_type=Text, description="The answer that the deadline gives")
    status: str = Field(sa_type=Text, description="pending | answered | expired | gone")
    choice: str | None = Field(sa_type=Text)
    answer_payload: str | None = Field(sa_type=Text, description="JSON")
    decided_at: float | None = Field(sa_type=REAL)
    decided_by: str | None = Field(sa_type=Text, description="A place in Weft, or the deadline")
    heard: int = Field(description="1 once the answer is in the run's journal")


class Event(Table, table=True):
    """The journal: what happened in a run, in order."""

    __table_args__ = {"sqlite_with_rowid": False}

    run_id: str = Field(sa_type=Text, primary_key=True, description="No foreign key: of a removed run it goes later")
    seq: int = Field(primary_key=True)
    at: float = Field(sa_type=REAL)
    kind: str = Field(sa_type=Text)
    step: str = Field(sa_type=Text, description="The path of the step, as in each/17/click")
    body: str = Field(sa_type=Text, description="JSON")
    artifact: str | None = Field(sa_type=Text, description="The file that holds the body, when it is large")


class RunSize(Table, table=True):
    """How much room a run takes in the database."""

    __tablename__ = "run_size"
    __table_args__ = {"sqlite_with_rowid": False}

    run_id: str = Field(sa_type=Text, primary_key=True)
    events: int
    bytes: int
    last_at: float = Field(sa_type=REAL, description="When it was last heard of")


class RunPicture(Table, table=True):
    """What a long run looked like after a row of its journal: nothing that the journal does not say."""

    __tablename__ = "run_picture"

    run_id: str = Field(sa_type=Text, primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    seq: int = Field(description="The number of that row")
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RunFile(Table, table=True):
    """A kept file that a run refers to. A file that nobody refers to is cleared away."""

    __tablename__ = "run_file"
    __table_args__ = (Index("run_file_of_sha", "sha256"), {"sqlite_with_rowid": False})

    run_id: str = Field(sa_type=Text, primary_key=True)
    sha256: str = Field(sa_type=Text, primary_key=True)
    bytes: int


class Removal(Table, table=True):
    """A run that was removed and of which something is left to clear away."""

    __table_args__ = {"sqlite_with_rowid": False}

    run_id: str = Field(sa_type=Text, primary_key=True)


class Secret(Table, table=True):
    """A secret, sealed with the master key that is kept elsewhere."""

    name: str = Field(sa_type=Text, primary_key=True)
    nonce: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    changed_at: float = Field(sa_type=REAL)


class Connection(Table, table=True):
    """A model provider a person has set up; its key is a secret."""

    id: str = Field(sa_type=Text, primary_key=True)
    name: str = Field(sa_type=Text, unique=True)
    provider: str = Field(sa_type=Text)
    base_url: str = Field(sa_type=Text)
    default_model: str = Field(sa_type=Text)
    created_at: float = Field(sa_type=REAL)


class Setting(Table, table=True):
    """A choice of the person's or of Weft's, by name."""

    key: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text, description="JSON")
