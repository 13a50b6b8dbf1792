"""The secrets of this studio: kept by name, opened at use, forgotten without a trace."""

import asyncio
import base64
import os
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from app.failpoint import failpoint
from app.secrets import sealing
from app.secrets.masks import Masker
from app.secrets.master import MasterKey
from app.secrets.password_store import PATIENCE, PasswordStore, SystemStore
from app.secrets.refusal import SecretMissing, SecretsLocked
from app.secrets.states import Locked, NeedsPassphrase, NotChosen, Ready, State
from app.store.database import Database
from app.store.settings import Settings


class Kept(NamedTuple):
    name: str
    changed_at: float | None
    """None for one that comes from the environment."""


class Secrets:
    """An environment variable `WEFT_SECRET_<NAME>` comes before what is stored, and works where nothing can be."""

    def __init__(
        self,
        database: Database,
        *,
        store: PasswordStore | None = None,
        environment: Mapping[str, str] = os.environ,
        now: Callable[[], float] = time.time,
        patience: float = PATIENCE,
    ) -> None:
        self.masks = Masker()
        self._database = database
        self._master = MasterKey(Settings(database), store or SystemStore(), patience)
        self._environment = environment
        self._now = now
        self._state: State | None = None
        self._session: dict[str, tuple[str, float]] = {}
        self._turn = asyncio.Lock()

    async def state(self) -> State:
        """What can be done with secrets now. The first call may take as long as the password store's own question."""
        async with self._turn:
            return await self._looked()

    async def try_again(self) -> State:
        """Look anew at a password store that was locked or not there."""
        if isinstance(self._state, Ready) and self._state.kept != "session":
            return self._state
        return await self._settle(self._master.look)

    async def use_store(self) -> State:
        """Keep the master key in the password store of the operating system; secrets that can be opened now stay."""
        await self.state()
        return await self._settle(self._master.move_to_store)

    async def use_passphrase(self, passphrase: str) -> State:
        """Keep the master key in the database, sealed with a passphrase; secrets that can be opened now stay."""
        await self.state()
        return await self._settle(lambda: self._master.move_to_passphrase(passphrase))

    async def unlock(self, passphrase: str) -> State:
        """Open what the passphrase protects."""
        return await self._settle(lambda: self._master.unlock(passphrase))

    async def use_session(self) -> State:
        """Keep what is put from now on in memory only, until the studio closes."""
        async with self._turn:
            self._state = Ready("session", "memory")
            return self._state

    async def start_over(self) -> State:
        """Forget every stored secret and the master key, for a passphrase nobody knows any more."""
        async with self._turn:
            await self._database.write(lambda connection: connection.execute("DELETE FROM secret"))
            await self._database.checkpoint()
            await self._master.forget()
            self._session.clear()
            self._state = None
            return await self._looked()

    async def put(self, name: str, value: str) -> None:
        """Keep a value; it is on the disk, sealed, when this returns."""
        self.masks.add(value)
        if "\0" in name:
            raise ValueError("the name of a secret is a line of text")
        async with self._turn:
            state = await self._looked()
            if not isinstance(state, Ready):
                raise _locked(state, name)
            if state.kept == "session":
                self._session[name] = (value, self._now())
                return
            await self._write(await self._key(state), name, value, self._now())

    async def get(self, name: str) -> str:
        """The value, which is masked everywhere from now on."""
        value = await self._found(name)
        self.masks.add(value)
        return value

    async def delete(self, name: str) -> None:
        """Forget it, in the database and in the log beside it."""
        self._session.pop(name, None)
        await self._database.write(lambda connection: connection.execute("DELETE FROM secret WHERE name = ?", (name,)))
        await self._database.checkpoint()

    async def names(self) -> list[Kept]:
        """Every secret there is, by name; whether it can be opened, `get` says."""
        rows = await self._database.read(
            lambda connection: connection.execute("SELECT name, changed_at FROM secret").fetchall()
        )
        found = {name: Kept(name, changed_at) for name, changed_at in rows}
        found |= {name: Kept(name, changed_at) for name, (_, changed_at) in self._session.items()}
        taken = {variable(name) for name in found}
        for key in self._environment:
            if key.startswith(_PREFIX) and key not in taken:
                name = key.removeprefix(_PREFIX).lower()
                found[name] = Kept(name, None)
        return sorted(found.values())

    async def seal(self, purpose: str, content: bytes) -> str | None:
        """The content as text that only this studio opens, for this purpose only; None while it has no lasting key."""
        async with self._turn:
            state = await self._looked()
            if not isinstance(state, Ready) or state.kept == "session" or state.lost:
                return None
            try:
                key = await self._key(state)
            except SecretsLocked:
                return None
        sealed = await asyncio.to_thread(sealing.seal, key, _PURPOSE + purpose, content)
        return base64.b64encode(sealed.nonce + sealed.content).decode()

    async def unseal(self, purpose: str, text: str) -> bytes | None:
        """What was sealed for this purpose; None where it cannot be opened any more."""
        await self.state()
        if self._master.key is None:
            return None
        try:
            sealed = sealing.Sealed.parse(base64.b64decode(text, validate=True))
            return await asyncio.to_thread(sealing.unseal, self._master.key, _PURPOSE + purpose, sealed)
        except (sealing.WrongKey, ValueError):
            return None

    async def _found(self, name: str) -> str:
        if (given := self._environment.get(variable(name))) is not None:
            return given
        if name in self._session:
            return self._session[name][0]
        state = await self.state()
        if not isinstance(state, Ready):
            raise _locked(state, name)
        row = await self._database.read(
            lambda connection: connection.execute("SELECT nonce, sealed FROM secret WHERE name = ?", (name,)).fetchone()
        )
        if row is None:
            raise SecretMissing(f"There is no key called “{name}”.", "Add it on the Keys page.")
        if self._master.key is None:
            raise _unopened(name) if state.kept == "session" else _lost(name)
        try:
            opened = await asyncio.to_thread(sealing.unseal, self._master.key, name, sealing.Sealed(*row))
        except sealing.WrongKey as error:
            raise _lost(name) from error
        return opened.decode()

    async def _looked(self) -> State:
        if self._state is None:
            self._state = await self._master.look()
        return self._state

    async def _settle(self, change: Callable[[], Awaitable[State]]) -> State:
        async with self._turn:
            state = await change()
            if not isinstance(state, Ready) and self._session:
                return await self._looked()  # the values in memory are still to be had
            self._state = state
            if self._session and isinstance(state, Ready):
                key = await self._key(state)
                for name, (value, changed_at) in self._session.items():
                    await self._write(key, name, value, changed_at)
                self._session.clear()
            return state

    async def _key(self, state: Ready) -> bytes:
        if self._master.key is not None:
            return self._master.key
        key = await self._master.create()
        self._state = Ready(state.kept, state.where)
        return key

    async def _write(self, key: bytes, name: str, value: str, changed_at: float) -> None:
        sealed = await asyncio.to_thread(sealing.seal, key, name, value.encode())

        def upsert(connection: sqlite3.Connection) -> bool:
            replaced = connection.execute("DELETE FROM secret WHERE name = ?", (name,)).rowcount > 0
            connection.execute(
                "INSERT INTO secret (name, nonce, sealed, changed_at) VALUES (?, ?, ?, ?)",
                (name, sealed.nonce, sealed.content, changed_at),
            )
            failpoint("secret.write")
            return replaced

        if await self._database.write(upsert):
            await self._database.checkpoint()


def variable(name: str) -> str:
    """The environment variable that holds this secret, if there is one."""
    return _PREFIX + re.sub(r"[^A-Z0-9]", "_", name.upper())


def _locked(state: Locked | NotChosen | NeedsPassphrase, name: str) -> SecretsLocked:
    match state:
        case NotChosen():
            why, move = "this computer has no running password store", "Choose where to keep keys"
        case NeedsPassphrase():
            why, move = "it is sealed with your passphrase", "Enter the passphrase"
        case Locked():
            why, move = "your password store does not open", "Unlock it and press Try again"
    return SecretsLocked(
        f"The key “{name}” cannot be used now: {why}.", f"{move} on the Keys page, or set {variable(name)}."
    )


def _unopened(name: str) -> SecretsLocked:
    return SecretsLocked(
        f"The key “{name}” is stored, but you chose to keep keys in memory only.",
        "Press Try again on the Keys page to open the stored ones.",
    )


def _lost(name: str) -> SecretMissing:
    return SecretMissing(
        f"The key “{name}” was sealed with a master key that is gone from this computer.",
        "Enter it again on the Keys page.",
    )


_PREFIX = "WEFT_SECRET_"
_PURPOSE = "\0"  # no secret has such a name, so neither can be taken for the other
