"""What a long run looks like is kept, so that opening it reads no journal; what is kept is never believed blindly."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.runs.keeping import Keeping
from app.runs.reading import journal
from app.runs.reading.frozen import freeze, thaw
from app.runs.reading.journal import MANY, picture_at, take_rows
from app.runs.reading.keeper import Keeper
from app.runs.reading.picture import Picture
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import LARGE, Journal, StoredRow, next_seq, read_rows
from app.store.runs import Runs
from app.store.settings import Settings
from tests.runs.test_long_picture import looks

ROUNDS = MANY // 2 + 50
SECRET = "s3cret-value"


class Long:
    """A run of some thousand events, whose journal the test writes."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "weft.db")
        self.artifacts = Artifacts(folder / "artifacts")
        self.runs = Runs(self.database, "boot")
        self.keeping = Keeping(self.database, self.artifacts, Settings(self.database), folder)
        self.read: list[int] = []
        """How many rows of a journal were understood each time."""

    async def begin(self) -> str:
        made, _ = await self.runs.create(flow_id="f", flow_name="F", document="{}", inputs="{}", trigger="window")
        return made.id

    async def tell(self, run_id: str, *events: tuple[str, str, dict[str, Any]]) -> None:
        told = Journal(self.database, run_id, artifacts=self.artifacts, next_seq=await next_seq(self.database, run_id))
        for kind, step, body in events:
            told.append((1.0, kind, step, orjson.dumps(body)))
        await told.close()

    async def ended(self) -> str:
        """A run that has ended, with many rounds and a result."""
        run_id = await self.begin()
        rounds = [("finished", f"each/{n}/{step}", {"ms": n, "outputs": {}}) for n in range(ROUNDS) for step in "ab"]
        await self.tell(run_id, ("started", "each", {}), *rounds, ("failed", f"each/{ROUNDS}/a", {"message": "No"}))
        await self.tell(run_id, ("ended", "", {"status": "failed", "message": "No", "result": [1, 2]}))
        await self.runs.end(run_id, "failed", "No", "[1,2]")
        return run_id

    async def picture(self, run_id: str) -> Picture:
        """What a window would see, once what is to be kept of it is kept."""
        self.read.clear()
        picture, _ = await picture_at(self.database, self.artifacts, run_id)
        await self.written()
        return picture

    async def folded(self, run_id: str) -> Picture:
        """The same from the journal alone."""
        picture = Picture()
        take_rows(picture, await read_rows(self.database, run_id))
        return picture

    async def written(self) -> None:
        await self.database.write(lambda connection: None)

    async def rows(self, sql: str, *values: object) -> list[Any]:
        return await self.database.read(lambda connection: connection.execute(sql, values).fetchall())

    async def kept(self, run_id: str) -> list[tuple[int, bytes]]:
        return await self.rows("SELECT seq, body FROM run_picture WHERE run_id = ?", run_id)

    async def put(self, run_id: str, body: object) -> None:
        sql = "UPDATE run_picture SET body = ? WHERE run_id = ?"
        await self.database.write(lambda connection: connection.execute(sql, (body, run_id)).rowcount)


@pytest.fixture
async def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Long]:
    made = Long(tmp_path)
    await made.database.open()

    def counted(picture: Picture, rows: list[StoredRow]) -> None:
        made.read.append(len(rows))
        take_rows(picture, rows)

    monkeypatch.setattr(journal, "take_rows", counted)
    yield made
    await made.database.close()


async def test_who_opens_a_long_run_again_reads_nothing_but_its_end(long: Long) -> None:
    run_id = await long.ended()
    first = await long.picture(run_id)
    assert sum(long.read) > MANY
    again = await long.picture(run_id)
    assert long.read == [1]
    assert looks(again) == looks(first) == looks(await long.folded(run_id))
    assert again.result == [1, 2]


async def test_of_a_run_that_went_on_only_what_is_new_is_read(long: Long) -> None:
    run_id = await long.ended()
    await long.picture(run_id)
    await long.tell(
        run_id,
        ("resumed", "", {}),
        ("finished", f"each/{ROUNDS}/a", {"outputs": {}}),
        ("finished", "each", {"outputs": {}}),
        ("ended", "", {"status": "done"}),
    )
    picture = await long.picture(run_id)
    assert long.read == [5]
    assert looks(picture) == looks(await long.folded(run_id))
    assert (picture.status, picture.lights["each/a"].status) == ("done", "done")


@pytest.mark.parametrize(
    "message", ["", 'It "ended" at \\, as it was told.', "long " * 2000], ids=["none", "odd", "long"]
)
async def test_a_large_result_is_not_read_to_see_how_a_run_looks(long: Long, message: str) -> None:
    run_id = await long.begin()
    result = "x" * (LARGE + 1)
    await long.tell(run_id, ("ended", "", {"status": "failed", "message": message, "result": result}))
    picture = await long.picture(run_id)
    assert (picture.status, picture.message) == ("failed", message)
    assert picture.result == (None if len(message) < 4000 else result)


async def test_of_a_short_run_nothing_is_kept(long: Long) -> None:
    run_id = await long.begin()
    await long.tell(run_id, ("finished", "a", {"outputs": {}}), ("ended", "", {"status": "done"}))
    await long.picture(run_id)
    assert await long.kept(run_id) == []


def packed(text: bytes) -> bytes:
    return zlib.compress(text)


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: b"",
        lambda body: body[: len(body) // 2],
        lambda body: body[:40] + bytes([body[40] ^ 255]) + body[41:],
        lambda body: packed(b"{}"),
        lambda body: packed(zlib.decompress(body).replace(b'"status":"running"', b'"status":7', 1)),
        lambda body: packed(zlib.decompress(body).replace(b'"places":{"each"', b'"places":{"else"')),
        lambda body: packed(zlib.decompress(body).replace(str(ROUNDS).encode(), b"9" * 12)),
        lambda body: "a text",
    ],
    ids=["empty", "cut off", "a byte", "nothing in it", "a wrong type", "a place less", "too many rounds", "no bytes"],
)
async def test_what_was_damaged_is_read_from_the_journal_and_kept_anew(long: Long, damage: Any) -> None:
    run_id = await long.ended()
    await long.picture(run_id)
    [(_, body)] = await long.kept(run_id)
    await long.put(run_id, damage(body))
    picture = await long.picture(run_id)
    assert looks(picture) == looks(await long.folded(run_id))
    assert sum(long.read) > MANY
    await long.picture(run_id)
    assert long.read == [1]


async def test_a_picture_of_another_run_or_another_way_of_making_them_is_not_believed(long: Long) -> None:
    one, other = await long.ended(), await long.ended()
    await long.picture(one)
    [(seq, body)] = await long.kept(one)
    assert thaw(body, one, seq) is not None
    assert thaw(body, other, seq) is None
    assert thaw(body, one, seq - 1) is None
    kept = orjson.loads(zlib.decompress(body))
    assert thaw(packed(orjson.dumps(kept)), one, seq) is not None
    assert thaw(packed(orjson.dumps(kept | {"made_by": "an earlier Weft"})), one, seq) is None


async def test_rounds_of_many_steps_are_kept_whole() -> None:
    picture = Picture()
    rows = [(1.0, "finished", f"each/{n}/s{step}", b"{}") for n in range(3) for step in range(60)]
    take_rows(picture, [StoredRow(number, *row) for number, row in enumerate(rows)])
    body = freeze(picture, "run", 200)
    assert body is not None
    thawed = thaw(body, "run", 200)
    assert thawed is not None
    assert looks(thawed) == looks(picture)


async def test_it_counts_as_the_runs_and_goes_with_it(long: Long) -> None:
    run_id = await long.ended()
    await long.written()
    [(before,)] = await long.rows("SELECT bytes FROM run_size WHERE run_id = ?", run_id)
    await long.picture(run_id)
    [(_, body)] = await long.kept(run_id)
    assert await long.rows("SELECT bytes FROM run_size WHERE run_id = ?", run_id) == [(before + len(body),)]
    await long.put(run_id, bytes(len(body)))
    await long.picture(run_id)
    assert await long.rows("SELECT bytes FROM run_size WHERE run_id = ?", run_id) == [(before + len(body),)]
    await long.keeping.remove([run_id])
    assert await long.kept(run_id) == []


async def test_when_a_long_run_ends_it_is_kept_before_anybody_looks(long: Long) -> None:
    run_id, keeper = await long.ended(), Keeper(long.database, long.artifacts)
    keeper.ended(run_id, MANY + 1)
    await keeper.close()
    await long.written()
    await long.picture(run_id)
    assert long.read == [1]


async def test_nothing_is_kept_that_the_journal_does_not_say(long: Long) -> None:
    """The journal masks secrets before it is written, so what comes from it alone holds none."""
    run_id = await long.ended()
    await long.runs.put_option(run_id, "seen", SECRET)
    await long.picture(run_id)
    [(_, body)] = await long.kept(run_id)
    assert SECRET.encode() not in zlib.decompress(body)
    assert b"result" not in zlib.decompress(body)
