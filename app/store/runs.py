"""The runs there have been: what was run, when, how it ended. What happened inside is in the journal."""

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.failpoint import failpoint
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.refusal import RunElsewhere, RunMissing
from app.store.sizes import grow, refer, shas_in
from app.store.trouble import damaged


@dataclass(frozen=True)
class RunCard:
    """What a list shows of a run."""

    id: str
    flow_id: str
    flow_name: str
    trigger: str
    status: str
    message: str
    created_at: float
    ended_at: float | None


@dataclass(frozen=True)
class Run(RunCard):
    """A run with its inputs and result as JSON text."""

    version_hash: str
    inputs: str
    result: str | None
    boot_id: str
    """The start of Weft that has it in its hands; none where it was put away."""
    options: str
    parent: str | None


class Runs:
    """`boot_id` is the name of this start of Weft; what another start left running and no longer `lives` to go on with
    was interrupted."""

    def __init__(
        self,
        database: Database,
        boot_id: str,
        now: Callable[[], float] = time.time,
        lives: Callable[[str], bool] = lambda _boot: False,
    ) -> None:
        self._database = database
        self._files = Artifacts(database.path.parent / "artifacts")
        self._boot = boot_id
        self._now = now
        self._lives = lives

    async def create(
        self,
        *,
        flow_id: str,
        flow_name: str,
        document: str,
        inputs: str,
        trigger: str,
        click_id: str | None = None,
        parts: str | None = None,
        options: str = "{}",
        parent: str | None = None,
        status: str = "running",
        message: str = "",
    ) -> tuple[Run, bool]:
        """A running run of this document, and whether it is new: a click that arrives twice makes one run.

        With another `status` it is queued, or left out. `parts` are the flows that it runs as its steps, `options` how
        it was started and `parent` the run that it continues or follows; the first two are JSON text.
        """
        version = hashlib.sha256("\n".join((document, parts) if parts else (document,)).encode()).hexdigest()
        run_id = secrets.token_hex(8)
        now = self._now()

        def insert(connection: sqlite3.Connection) -> tuple[str, bool]:
            connection.execute(
                "INSERT OR IGNORE INTO version (hash, document, parts) VALUES (?, ?, ?)", (version, document, parts)
            )
            made = connection.execute(
                "INSERT INTO run (id, flow_id, flow_name, version_hash, inputs, trigger, status, message, created_at,"
                " boot_id, click_id, options, parent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (click_id) DO NOTHING",
                (
                    *(run_id, flow_id, flow_name, version, inputs, trigger, status, message, now),
                    *(self._boot, click_id, options, parent),
                ),
            )
            if made.rowcount == 1:
                texts = [text.encode() for text in (inputs, options, document, parts) if text]
                grow(connection, run_id, 0, len(texts[0]) + len(texts[1]), now)
                refer(connection, self._files, run_id, {sha for text in texts for sha in shas_in(text)})
                return run_id, True
            (first,) = connection.execute("SELECT id FROM run WHERE click_id = ?", (click_id,)).fetchone()
            return str(first), False

        id, is_new = await self._database.write(insert)
        failpoint("run.created")
        return await self.get(id), is_new

    async def get(self, id: str) -> Run:
        row = await self._database.read(
            lambda connection: connection.execute(f"SELECT {_WHOLE} FROM run WHERE id = ?", (id,)).fetchone()
        )
        if row is None:
            raise _missing(id)
        return Run(*row)

    async def document(self, run: Run) -> str:
        """The flow as this run used it, whatever became of the flow since."""
        return (await self.version(run))[0]

    async def version(self, run: Run) -> tuple[str, str | None]:
        """The flow as this run used it, and the flows that it runs as its steps, as JSON."""
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT document, parts FROM version WHERE hash = ?", (run.version_hash,)
            ).fetchone()
        )
        if row is None:
            raise damaged(self._database.path)
        return str(row[0]), row[1]

    async def newest(
        self, *, flow_id: str | None = None, status: str | None = None, limit: int = 50, before: RunCard | None = None
    ) -> list[RunCard]:
        """The newest runs first; `before` is the last one of the page before."""
        where = {"flow_id = ?": flow_id, "status = ?": status}
        wanted = {term: value for term, value in where.items() if value is not None}
        terms, values = [*wanted], [*wanted.values()]
        page: list[object] = []
        if before is not None:
            terms.append("(created_at, id) < (?, ?)")
            page = [before.created_at, before.id]
        sql = (
            f"SELECT {_CARD} FROM run {'WHERE' if terms else ''} {' AND '.join(terms)}"
            " ORDER BY created_at DESC, id DESC LIMIT ?"
        )
        rows = await self._database.read(lambda connection: connection.execute(sql, [*values, *page, limit]).fetchall())
        return [RunCard(*row) for row in rows]

    async def interrupted(self) -> list[Run]:
        """The runs that a start of Weft which is gone left running."""
        sql = f"SELECT {_WHOLE} FROM run WHERE status = 'running' AND boot_id <> ? ORDER BY created_at, id"
        rows = await self._database.read(lambda connection: connection.execute(sql, (self._boot,)).fetchall())
        return [run for row in rows if not self._lives((run := Run(*row)).boot_id)]

    async def left_waiting(self) -> list[Run]:
        """The runs that a start of Weft which is gone had in its hands while they waited."""
        sql = f"SELECT {_WHOLE} FROM run WHERE status = 'waiting' AND boot_id NOT IN ('', ?) ORDER BY created_at, id"
        rows = await self._database.read(lambda connection: connection.execute(sql, (self._boot,)).fetchall())
        return [run for row in rows if not self._lives((run := Run(*row)).boot_id)]

    def elsewhere(self, run: Run) -> bool:
        """Whether another start of Weft has this run now, a terminal's for example."""
        going = run.status in ("running", "waiting", "queued") and run.boot_id not in ("", self._boot)
        return going and self._lives(run.boot_id)

    async def last_inputs(self, flow_id: str) -> str | None:
        """What the flow was last given, to fill in its form."""
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT inputs FROM run WHERE flow_id = ? ORDER BY created_at DESC, id DESC LIMIT 1", (flow_id,)
            ).fetchone()
        )
        return None if row is None else str(row[0])

    async def go_on(self, id: str) -> None:
        """This start of Weft runs it now; one that waits does so until it says otherwise. RunElsewhere where another
        start has it."""
        run = await self.get(id)

        def claim(connection: sqlite3.Connection) -> bool:
            claimed = connection.execute(
                "UPDATE run SET status = CASE status WHEN 'waiting' THEN status ELSE 'running' END, message = '',"
                " ended_at = NULL, result = NULL, boot_id = ? WHERE id = ? AND boot_id = ? AND status = ?",
                (self._boot, id, run.boot_id, run.status),
            )
            return claimed.rowcount == 1

        if self.elsewhere(run) or not await self._database.write(claim):
            raise RunElsewhere(
                f"“{run.flow_name}” goes on in another window or terminal of Weft.", "Stop it there first."
            )

    async def left_queued(self) -> list[Run]:
        """The runs that wait for their turn and whose start of Weft is gone, in the order in which they were made."""
        sql = f"SELECT {_WHOLE} FROM run WHERE status = 'queued' AND boot_id <> ? ORDER BY created_at, id"
        rows = await self._database.read(lambda connection: connection.execute(sql, (self._boot,)).fetchall())
        return [run for row in rows if not self._lives((run := Run(*row)).boot_id)]

    async def put_option(self, id: str, name: str, value: object) -> None:
        """Change one of the things that say how a run was started."""
        text = json.dumps(value, ensure_ascii=False)
        await self._change(id, "UPDATE run SET options = json_set(options, ?, json(?)) WHERE id = ?", f"$.{name}", text)

    async def set_status(self, id: str, status: str, message: str = "") -> None:
        """It waits, goes on, or was interrupted. One that has ended meanwhile stays as it ended."""
        stands = "CASE WHEN status IN ('done', 'failed', 'stopped', 'skipped') THEN {0} ELSE ? END"
        sql = f"UPDATE run SET status = {stands.format('status')}, message = {stands.format('message')} WHERE id = ?"
        await self._change(id, sql, status, message)

    async def put_away(self, id: str, message: str) -> None:
        """It waits, and no start of Weft has it in its hands; the message says for what."""
        await self._change(id, "UPDATE run SET status = 'waiting', message = ?, boot_id = '' WHERE id = ?", message)

    async def end(self, id: str, status: str, message: str = "", result: str | None = None) -> None:
        """It ended now."""
        await self._change(
            id,
            "UPDATE run SET status = ?, message = ?, result = ?, ended_at = ? WHERE id = ?",
            status,
            message,
            result,
            now := self._now(),
            at=now,
            taken=len((result or "").encode()),
        )

    async def _change(self, id: str, sql: str, *values: object, at: float = 0.0, taken: int = 0) -> None:
        def update(connection: sqlite3.Connection) -> None:
            if connection.execute(sql, (*values, id)).rowcount != 1:
                raise _missing(id)
            grow(connection, id, 0, taken, at or time.time())

        await self._database.write(update)


def _missing(id: str) -> RunMissing:
    return RunMissing(f"There is no run “{id}”.", "Look for it among the runs.")


_CARD = "id, flow_id, flow_name, trigger, status, message, created_at, ended_at"
_WHOLE = f"{_CARD}, version_hash, inputs, result, boot_id, options, parent"
