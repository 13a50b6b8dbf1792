import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from app.secrets.masks import MASK
from app.secrets.password_store import NoStore, StoreLocked, ask
from app.secrets.refusal import SecretMissing, SecretsLocked, WrongPassphrase
from app.secrets.secrets import Kept, Secrets
from app.secrets.states import Locked, NeedsPassphrase, NotChosen, Ready
from app.store.database import Database

KEY = "sk-canary-0123456789"
PHRASE = "four words of mine"


class Store:
    """A password store in memory that can be locked, broken or silent."""

    where = "a store in memory"

    def __init__(self) -> None:
        self.items: dict[str, str] = {}
        self.trouble: Callable[[], None] = lambda: None

    def get(self, item: str) -> str | None:
        self.trouble()
        return self.items.get(item)

    def put(self, item: str, value: str) -> None:
        self.trouble()
        self.items[item] = value

    def remove(self, item: str) -> None:
        self.trouble()
        del self.items[item]


class KeyringLocked(Exception):
    """Called as the one of the keyring library is."""


def locked() -> None:
    raise KeyringLocked("Failed to unlock the collection!")


def broken() -> None:
    raise OSError(1783, "The stub received bad data")


def studio(
    database: Database, store: Store, environment: Mapping[str, str] | None = None, patience: float = 10.0
) -> Secrets:
    """Secrets as a start of the studio has them."""
    return Secrets(database, store=store, environment=environment or {}, now=lambda: 7.0, patience=patience)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def no_store() -> Store:
    store = Store()
    store.trouble = broken
    return store


def bytes_on_disk(database: Database) -> bytes:
    return b"".join(path.read_bytes() for path in database.path.parent.glob("weft.db*"))


async def test_a_secret_is_kept_sealed_and_got_by_the_next_start(database: Database, store: Store) -> None:
    first = studio(database, store)
    assert await first.state() == Ready("store", "a store in memory")
    assert store.items == {}
    await first.put("openai", KEY)
    await first.put("openai", KEY + "-new")
    next_start = studio(database, store)
    assert await next_start.get("openai") == KEY + "-new"
    assert await next_start.names() == [Kept("openai", 7.0)]
    assert [len(value) for value in store.items.values()] == [44]
    assert KEY.encode() not in bytes_on_disk(database)
    assert [each.masks.mask(f"key {KEY}-new.") for each in (first, next_start)] == [f"key {MASK}."] * 2


@pytest.mark.parametrize("value", ["", "line\nline\r\n", "ключ 🔑", "x" * 1280, "x" * 1281, "x" * 2560, "x" * 100_000])
async def test_values_of_every_kind_come_back(database: Database, store: Store, value: str) -> None:
    await studio(database, store).put("name with ü and spaces", value)
    assert await studio(database, store).get("name with ü and spaces") == value


async def test_two_data_folders_have_keys_of_their_own(database: Database, store: Store, tmp_path: Path) -> None:
    other = Database(tmp_path / "other.db")
    await other.open()
    await studio(database, store).put("openai", "one")
    await studio(other, store).put("openai", "two")
    assert [await studio(each, store).get("openai") for each in (database, other)] == ["one", "two"]
    assert len(store.items) == 2
    await other.close()


async def test_a_secret_opens_only_under_its_own_name(database: Database, store: Store) -> None:
    secrets = studio(database, store)
    await secrets.put("a", KEY)
    await database.write(lambda connection: connection.execute("UPDATE secret SET name = 'b'"))
    with pytest.raises(SecretMissing, match=r"“b” was sealed with a master key that is gone.*Enter it again"):
        await secrets.get("b")


async def test_what_is_not_there_is_said(database: Database, store: Store) -> None:
    with pytest.raises(SecretMissing, match=r"There is no key called “openai”\. Add it on the Keys page\."):
        await studio(database, store).get("openai")


async def test_after_deleting_nothing_of_it_is_left(database: Database, store: Store) -> None:
    secrets = studio(database, store)
    await secrets.put("openai", KEY * 50)

    def sealed(connection: sqlite3.Connection) -> bytes:
        (value,) = connection.execute("SELECT sealed FROM secret").fetchone()
        return bytes(value)

    before = await database.read(sealed)
    assert before in bytes_on_disk(database)
    await secrets.delete("openai")
    left = bytes_on_disk(database)
    assert [part in left for part in (before[:16], before[100:116], before[-16:], b"sk-canary", b"openai")] == [
        False
    ] * 5
    assert await secrets.names() == []
    assert secrets.masks.mask(KEY * 50) == MASK


async def test_after_replacing_nothing_of_the_old_one_is_left(database: Database, store: Store) -> None:
    secrets = studio(database, store)
    await secrets.put("openai", KEY * 50)
    (before,) = await database.read(lambda connection: connection.execute("SELECT sealed FROM secret").fetchone())
    await secrets.put("openai", "another")
    assert before[:16] not in bytes_on_disk(database)


async def test_a_locked_store_is_said_and_opens_at_try_again(database: Database, store: Store) -> None:
    await studio(database, store).put("openai", KEY)
    store.trouble = locked
    secrets = studio(database, store)
    assert await secrets.state() == Locked()
    with pytest.raises(SecretsLocked, match=r"“openai” cannot be used now: .* Unlock it and press Try again"):
        await secrets.get("openai")
    with pytest.raises(SecretsLocked):
        await secrets.put("other", "value")
    # What is only locked must not be replaced by a new key.
    for change in (secrets.use_passphrase(PHRASE), secrets.use_store()):
        with pytest.raises(SecretsLocked, match="Open it first, or start over"):
            await change
    store.trouble = lambda: None
    assert await secrets.try_again() == Ready("store", "a store in memory")
    assert await secrets.get("openai") == KEY


async def test_no_store_is_said_and_the_person_chooses(database: Database, no_store: Store) -> None:
    secrets = studio(database, no_store)
    state = await secrets.state()
    assert state == NotChosen()
    assert "I will not write them unprotected" in state.sentence
    with pytest.raises(SecretsLocked, match=r"Choose where to keep keys on the Keys page, or set WEFT_SECRET_OPENAI\."):
        await secrets.put("openai", KEY)
    assert await secrets.names() == []


async def test_a_store_that_never_answers_is_locked_and_the_studio_lives(database: Database, store: Store) -> None:
    silent = threading.Event()

    def says_nothing() -> None:
        silent.wait(5)

    store.trouble = says_nothing
    secrets = studio(database, store, patience=0.3)
    ticks = 0
    looking = asyncio.create_task(secrets.state())
    while not looking.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert await looking == Locked()
    assert ticks > 3
    silent.set()


async def test_a_store_that_vanishes_while_the_studio_runs_costs_nothing(database: Database, store: Store) -> None:
    secrets = studio(database, store)
    await secrets.put("openai", KEY)
    store.trouble = broken
    assert await secrets.get("openai") == KEY
    await secrets.put("other", "value")
    next_start = await studio(database, store).state()
    assert isinstance(next_start, Locked)
    assert "is not running" in next_start.sentence


async def test_a_store_that_forgets_is_no_store(database: Database, store: Store) -> None:
    store.trouble = store.items.clear
    assert await studio(database, store).state() == NotChosen()


async def test_a_store_that_fails_at_the_first_key_keeps_nothing_and_says_so(database: Database, store: Store) -> None:
    secrets = studio(database, store)
    await secrets.state()
    store.trouble = broken
    with pytest.raises(SecretsLocked, match="did not take the key that protects your secrets"):
        await secrets.put("openai", KEY)
    assert await secrets.names() == []


async def test_a_lost_master_key_is_said_and_keys_are_entered_again(database: Database, store: Store) -> None:
    await studio(database, store).put("openai", KEY)
    store.items.clear()
    secrets = studio(database, store)
    state = await secrets.state()
    assert state == Ready("store", "a store in memory", lost=True)
    assert "enter your keys again. Your flows are as they were" in state.sentence
    with pytest.raises(SecretMissing, match="master key that is gone"):
        await secrets.get("openai")
    assert await secrets.names() == [Kept("openai", 7.0)]
    await secrets.put("openai", KEY)
    assert await studio(database, store).get("openai") == KEY
    assert await secrets.state() == Ready("store", "a store in memory")


async def test_a_passphrase_is_asked_for_at_each_start(database: Database, no_store: Store) -> None:
    first = studio(database, no_store)
    with pytest.raises(WrongPassphrase, match="fewer than 8 characters"):
        await first.use_passphrase("short")
    assert await first.use_passphrase(PHRASE) == Ready("passphrase", "the database")
    await first.put("openai", KEY)
    second = studio(database, no_store)
    assert await second.state() == NeedsPassphrase()
    with pytest.raises(SecretsLocked, match="Enter the passphrase on the Keys page"):
        await second.get("openai")
    with pytest.raises(WrongPassphrase, match="This is not the passphrase"):
        await second.unlock("four words of theirs")
    with pytest.raises(SecretsLocked, match="Open it first, or start over"):
        await second.use_passphrase("another of my own")
    assert await second.state() == NeedsPassphrase()
    assert await second.unlock(PHRASE) == Ready("passphrase", "the database")
    assert await second.get("openai") == KEY
    on_disk = bytes_on_disk(database)
    assert [text.encode() in on_disk for text in (KEY, PHRASE)] == [False, False]


async def test_a_forgotten_passphrase_costs_the_keys_and_nothing_else(database: Database, no_store: Store) -> None:
    first = studio(database, no_store)
    await first.use_passphrase(PHRASE)
    await first.put("openai", KEY)
    second = studio(database, no_store)
    await second.state()
    assert await second.start_over() == NotChosen()
    assert await second.names() == []
    assert await second.use_passphrase("another of my own") == Ready("passphrase", "the database")


async def test_keys_move_from_the_store_to_a_passphrase_and_back(database: Database, store: Store) -> None:
    first = studio(database, store)
    await first.put("openai", KEY)
    await first.use_passphrase(PHRASE)
    assert store.items == {}
    second = studio(database, store)
    await second.unlock(PHRASE)
    assert await second.get("openai") == KEY
    assert await second.use_store() == Ready("store", "a store in memory")
    third = studio(database, store)
    assert (await third.state(), await third.get("openai")) == (Ready("store", "a store in memory"), KEY)


async def test_session_keys_leave_no_trace_and_can_be_kept_after_all(database: Database, no_store: Store) -> None:
    secrets = studio(database, no_store)
    assert await secrets.use_session() == Ready("session", "memory")
    await secrets.put("openai", KEY)
    assert (await secrets.get("openai"), await secrets.names()) == (KEY, [Kept("openai", 7.0)])
    assert await studio(database, no_store).names() == []
    assert await secrets.try_again() == Ready("session", "memory")
    assert await secrets.get("openai") == KEY
    no_store.trouble = lambda: None
    assert await secrets.try_again() == Ready("store", "a store in memory")
    assert await studio(database, no_store).get("openai") == KEY


async def test_a_stored_key_is_not_given_out_in_a_session_that_keeps_to_memory(
    database: Database, store: Store
) -> None:
    await studio(database, store).put("openai", KEY)
    secrets = studio(database, store)
    await secrets.use_session()
    with pytest.raises(SecretsLocked, match="you chose to keep keys in memory only"):
        await secrets.get("openai")


async def test_the_environment_comes_first_and_works_without_a_store(database: Database, no_store: Store) -> None:
    secrets = studio(database, no_store, {"WEFT_SECRET_MY_KEY_2": KEY, "OTHER": "x"})
    assert await secrets.get("My key-2") == KEY
    assert await secrets.names() == [Kept("my_key_2", None)]
    assert secrets.masks.mask(KEY) == MASK
    no_store.trouble = lambda: None
    stored = studio(database, no_store, {"WEFT_SECRET_OPENAI": "from outside"})
    await stored.put("openai", "stored")
    assert await stored.get("openai") == "from outside"
    assert await stored.names() == [Kept("openai", 7.0)]


async def test_anything_can_be_sealed_for_one_purpose(database: Database, store: Store) -> None:
    text = await studio(database, store).seal("cookies of run a", b"session=1")
    assert text is not None
    opened = [await studio(database, store).unseal(purpose, text) for purpose in ("cookies of run a", "of run b")]
    assert opened == [b"session=1", None]
    assert await studio(database, store).unseal("cookies of run a", "AAAA") is None
    assert await studio(database, store).unseal("cookies of run a", "not base64!") is None
    store.items.clear()
    lost = studio(database, store)
    assert (await lost.unseal("cookies of run a", text), await lost.seal("cookies", b"x")) == (None, None)
    assert await lost.state() == Ready("store", "a store in memory", lost=True)


async def test_without_a_lasting_key_nothing_is_sealed(database: Database, no_store: Store) -> None:
    secrets = studio(database, no_store)
    assert await secrets.seal("cookies", b"x") is None
    await secrets.use_session()
    assert await secrets.seal("cookies", b"x") is None
    assert no_store.items == {}


async def test_many_at_once_share_one_master_key(database: Database, store: Store) -> None:
    secrets = studio(database, store)
    await asyncio.gather(*(secrets.put(f"key {n}", f"value {n}") for n in range(20)))
    assert len(store.items) == 1
    next_start = studio(database, store)
    assert [await next_start.get(f"key {n}") for n in range(20)] == [f"value {n}" for n in range(20)]


async def test_every_error_of_a_store_is_sorted_into_locked_or_none() -> None:
    class Unheard(Exception):
        pass

    def fails(error: Exception) -> Callable[[], None]:
        def call() -> None:
            raise error

        return call

    with pytest.raises(StoreLocked):
        await ask(locked)
    with pytest.raises(StoreLocked):
        await ask(fails(Unheard(-25308, "User interaction is not allowed")))
    with pytest.raises(NoStore):
        await ask(fails(Unheard("anything")))
    began = time.monotonic()
    with pytest.raises(StoreLocked, match=r"no answer within 0\.1 s"):
        await ask(lambda: time.sleep(5), patience=0.1)
    assert time.monotonic() - began < 4


KILLED = """
import asyncio, sys
from pathlib import Path
from app.secrets.secrets import Secrets
from app.store.database import Database

async def main():
    database = Database(Path(sys.argv[1]))
    await database.open()
    secrets = Secrets(database, environment={})
    await secrets.use_passphrase("four words of mine")
    await secrets.put("a", "the old value")
    await secrets.put(sys.argv[2], "the new value")

asyncio.run(main())
"""


@pytest.mark.parametrize("name", ["a", "b"])
async def test_killed_while_a_secret_is_written_the_old_ones_are_as_they_were(tmp_path: Path, name: str) -> None:
    path = tmp_path / "weft.db"
    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED, str(path), name],
        env={"WEFT_FAILPOINT": "secret.write:2", "PATH": os.environ["PATH"]},
        check=False,
    )
    assert ran.returncode == -9
    database = Database(path)
    await database.open()
    secrets = studio(database, Store())
    await secrets.unlock(PHRASE)
    assert (await secrets.get("a"), [kept.name for kept in await secrets.names()]) == ("the old value", ["a"])
    await secrets.put(name, "the new value")
    assert await secrets.get(name) == "the new value"
    await database.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
