"""The one key that every secret is sealed with, and the place where a person wants it kept."""

import asyncio
import base64
import os
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from app.secrets import sealing
from app.secrets.password_store import NoStore, PasswordStore, StoreLocked, ask
from app.secrets.refusal import SecretsLocked, WrongPassphrase
from app.secrets.states import Locked, NeedsPassphrase, NotChosen, Ready, State
from app.store.settings import Settings

T = TypeVar("T")


class MasterKey:
    """`key` is there once the place it is kept in was opened, and stays in memory until the studio closes."""

    def __init__(self, settings: Settings, store: PasswordStore, patience: float) -> None:
        self._settings = settings
        self._store = store
        self._patience = patience
        self.key: bytes | None = None
        self._lost = False

    async def look(self) -> State:
        """Open the place the key is kept in, or see whether a password store could be one. Nothing is created."""
        match await self._settings.get(_SETTING):
            case {"kept": "passphrase"}:
                return NeedsPassphrase()
            case {"kept": "store", "item": str(item)}:
                return await self._from_store(item)
        return await self._try_store()

    async def create(self) -> bytes:
        """A new key in the password store."""
        return await self._into_store(sealing.new_key())

    async def move_to_store(self) -> State:
        """Keep the key in the password store from now on."""
        await self._only_if_open()
        await self._into_store(self.key or sealing.new_key())
        return Ready("store", self._store.where)

    async def move_to_passphrase(self, passphrase: str) -> State:
        """Keep the key in the database from now on, sealed with a passphrase that is kept nowhere."""
        if len(passphrase) < _SHORTEST:
            raise WrongPassphrase(
                f"This passphrase has fewer than {_SHORTEST} characters.", "Take a longer one; a few words are good."
            )
        before = await self._only_if_open()
        key = self.key or sealing.new_key()
        salt = os.urandom(16)
        lock = await asyncio.to_thread(sealing.key_from, passphrase, salt)
        sealed = await asyncio.to_thread(sealing.seal, lock, _MASTER, key)
        await self._settings.put(
            _SETTING,
            {"kept": "passphrase", "salt": _text(salt), "nonce": _text(sealed.nonce), "sealed": _text(sealed.content)},
        )
        self.key = key
        await self._remove_from_store(before)
        return Ready("passphrase", "the database")

    async def unlock(self, passphrase: str) -> State:
        """Open the key that was sealed with this passphrase."""
        match await self._settings.get(_SETTING):
            case {"kept": "passphrase", "salt": str(salt), "nonce": str(nonce), "sealed": str(content)}:
                lock = await asyncio.to_thread(sealing.key_from, passphrase, _bytes(salt))
                try:
                    sealed = sealing.Sealed(_bytes(nonce), _bytes(content))
                    self.key = await asyncio.to_thread(sealing.unseal, lock, _MASTER, sealed)
                except sealing.WrongKey as error:
                    raise WrongPassphrase(
                        "This is not the passphrase your keys are sealed with.",
                        "Try again, or start over and enter your keys anew.",
                    ) from error
                return Ready("passphrase", "the database")
        raise WrongPassphrase("No passphrase was set.", "Choose one first.")

    async def forget(self) -> None:
        """Let go of the key wherever it is kept; what is sealed with it can never be opened again."""
        before = await self._settings.get(_SETTING)
        await self._settings.forget(_SETTING)
        self.key, self._lost = None, False
        await self._remove_from_store(before)

    async def _only_if_open(self) -> Any:
        # A key that is only out of reach now must not be replaced: everything sealed with it would be lost.
        before = await self._settings.get(_SETTING)
        if before is not None and self.key is None and not self._lost:
            raise SecretsLocked(
                "Your keys are sealed with a master key that cannot be opened now.",
                "Open it first, or start over and enter your keys anew.",
            )
        return before

    async def _from_store(self, item: str) -> State:
        try:
            kept = await self._ask(partial(self._store.get, item))
        except StoreLocked:
            return Locked()
        except NoStore:
            return Locked(_GONE)
        self.key = None if kept is None else _bytes(kept)
        self._lost = kept is None
        return Ready("store", self._store.where, lost=self._lost)

    async def _try_store(self) -> State:
        item, value = f"test-{os.urandom(4).hex()}", os.urandom(8).hex()

        def works() -> bool:
            self._store.get(item)
            self._store.put(item, value)
            same = self._store.get(item) == value
            self._store.remove(item)
            return same

        try:
            return Ready("store", self._store.where) if await self._ask(works) else NotChosen()
        except StoreLocked:
            return Locked()
        except NoStore:
            return NotChosen()

    async def _into_store(self, key: bytes) -> bytes:
        item, text = f"master-{os.urandom(8).hex()}", _text(key)

        def kept() -> bool:
            self._store.put(item, text)
            return self._store.get(item) == text

        try:
            if not await self._ask(kept):
                raise NoStore("what was put is not what comes back")
        except (StoreLocked, NoStore) as error:
            raise SecretsLocked(
                "Your password store did not take the key that protects your secrets.",
                "Unlock it and try again, or choose a passphrase.",
            ) from error
        # Only now is it where a later start looks for it: killed before, the item is merely forgotten.
        await self._settings.put(_SETTING, {"kept": "store", "item": item})
        self.key = key
        return key

    async def _remove_from_store(self, before: Any) -> None:
        match before:
            case {"kept": "store", "item": str(item)}:
                try:
                    await self._ask(partial(self._store.remove, item))
                except (StoreLocked, NoStore):
                    return  # it stays behind and opens nothing that is kept later

    async def _ask(self, call: Callable[[], T]) -> T:
        return await ask(call, self._patience)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


_SETTING = "secrets.master_key"
_MASTER = "master key"
_SHORTEST = 8
_GONE = (
    "The password store that protects your keys is not running. Start it and press Try again, or start over and "
    "enter your keys anew. Flows that need keys wait; nothing was lost."
)
