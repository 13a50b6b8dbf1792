"""Versions of a flow: content is stored once, and stays as long as anybody refers to it."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from app.store import migrations
from app.store.artifacts import Artifacts
from app.store.cleaning import Cleaning
from app.store.database import Database
from app.store.refusal import VersionMissing
from app.store.runs import Runs
from app.store.schema import prepare
from app.store.versions import Versions

LATER = 4_000_000_000.0


class Shelf:
    """Versions and runs with a clock that is set by hand."""

    def __init__(self, database: Database) -> None:
        self.at = 0.0
        self.database = database
        self.versions = Versions(database, lambda: self.at)
        self.runs = Runs(database, "this start", lambda: self.at)
        self.artifacts = Artifacts(database.path.parent / "artifacts")
        self.cleaning = Cleaning(database, self.artifacts, lambda: LATER)

    async def run(self, at: float, document: str) -> str:
        self.at = at
        made, _ = await self.runs.create(flow_id="f", flow_name="F", document=document, inputs="{}", trigger="hand")
        await self.runs.end(made.id, "done")
        return made.id

    async def keep(self, at: float, document: str, name: str, **more: Any) -> str:
        self.at = at
        return (await self.versions.keep("f", document, name=name, **more)).hash

    async def stored(self) -> list[str]:
        rows = await self.database.read(lambda it: it.execute("SELECT document FROM version ORDER BY 1").fetchall())
        return [document for (document,) in rows]


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def test_kept_versions_are_listed_newest_first_with_what_was_said_of_them(shelf: Shelf) -> None:
    await shelf.keep(1, "{}", "First")
    await shelf.keep(2, '{"a":1}', "", note="Faster", changes=3)
    await shelf.versions.keep("other", "{}", name="Not here")
    said = [(each.name, each.note, each.changes, each.at) for each in await shelf.versions.kept("f")]
    assert said == [("", "Faster", 3, 2.0), ("First", "", None, 1.0)]


async def test_the_same_content_is_stored_once_whoever_refers_to_it(shelf: Shelf) -> None:
    await shelf.run(1, "{}")
    last = await shelf.run(3, "{}")
    hash = await shelf.keep(2, "{}", "First")
    await shelf.keep(4, "{}", "Again")
    await shelf.run(5, '{"a":1}')
    assert await shelf.stored() == ['{"a":1}', "{}"]
    [newest, older] = await shelf.versions.used("f")
    assert (newest.runs, newest.at) == (1, 5.0)
    assert (older.hash, older.runs, older.last_run, older.at) == (hash, 2, last, 3.0)
    assert await shelf.versions.document(hash) == "{}"


async def test_a_kept_version_outlives_the_runs_that_used_it(shelf: Shelf) -> None:
    runs = [await shelf.run(1, "{}"), await shelf.run(2, '{"a":1}')]
    hash = await shelf.keep(3, "{}", "Good")
    assert sorted(await shelf.cleaning.remove(runs, LATER)) == sorted(runs)
    await shelf.cleaning.clear()
    assert await shelf.stored() == ["{}"]
    assert await shelf.versions.document(hash) == "{}"
    with pytest.raises(VersionMissing, match="not here any more"):
        await shelf.versions.document("gone")


async def test_a_file_pinned_in_a_kept_version_stays(shelf: Shelf) -> None:
    pinned, loose = shelf.artifacts.save(b"pinned"), shelf.artifacts.save(b"loose")
    run = await shelf.run(1, f'{{"pinned":{{"sha256":"{loose}"}}}}')
    await shelf.keep(2, f'{{"pinned":{{"sha256":"{pinned}"}}}}', "With a file")
    await shelf.cleaning.remove([run], LATER)
    await shelf.cleaning.clear()
    await shelf.cleaning.collect_all()
    assert [path.name for path in shelf.artifacts.root.rglob("*") if path.is_file()] == [
        shelf.artifacts.path(pinned).name
    ]


async def test_a_database_from_before_there_were_kept_versions_takes_some(tmp_path: Path) -> None:
    scripts = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, scripts, ignore=shutil.ignore_patterns("__pycache__", "v000[4-9]*"))
    prepare(tmp_path / "weft.db", "0003", scripts)
    database = Database(tmp_path / "weft.db")
    await database.open()
    versions = Versions(database)
    await versions.keep("f", "{}", name="First")
    assert [each.name for each in await versions.kept("f")] == ["First"]
    await database.close()
