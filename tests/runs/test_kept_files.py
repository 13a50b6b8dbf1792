"""A file that a step saves belongs to its run before the step hears of it."""

from app.engine.gate import Grant
from app.store.sizes import refer
from tests.runs.conftest import Parts


async def test_a_saved_file_is_noted_before_the_step_has_it(parts: Parts) -> None:
    noted: list[tuple[str, bool]] = []

    async def keep(sha: str) -> None:
        await parts.database.write(lambda connection: refer(connection, parts.artifacts, "r", [sha]))
        noted.append((sha, parts.artifacts.path(sha).exists()))

    file = await parts.world(Grant(), keep=keep).save(b"12345", "five.txt", "text/plain")
    assert noted == [(file.sha256, True)]
    rows = await parts.database.read(lambda connection: connection.execute("SELECT * FROM run_file").fetchall())
    assert rows == [("r", file.sha256, 5)]
