"""What is kept here and whether it can be used: the database, the keys, and the models they are for."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from app.cli.findings import Finding

if TYPE_CHECKING:
    from app.models.values import Provider
    from app.secrets import Secrets
    from app.store.database import Database

NO_STORE = "This computer has no running password store: keys would be sealed with a passphrase, or not stored at all."
GET_A_STORE = (
    "Choose on the Keys page of the studio. On a Linux desktop, GNOME Keyring and KeePassXC are password stores."
)


async def kept() -> AsyncIterator[Finding]:
    """About the data folder's own database, or about a passing one where there is none that can be looked into."""
    from app.cli.mending import commands
    from app.store.home import home
    from app.store.lock import AlreadyOpen, StudioLock
    from app.store.trouble import StoreTrouble

    try:
        path = home() / "weft.db"
        if path.exists():
            with StudioLock(path.parent):
                async for finding in _looked_into(path, passing=False):
                    yield finding
            return
        models = "No model is connected yet: that is done on the Keys page of the studio."
    except StoreTrouble as trouble:
        ways = " or ".join(f"`{command}`" for command in commands(trouble))
        yield Finding("Database", False, trouble.message, f"{trouble.hint} {f'Use {ways}.' if ways else ''}".strip())
        return
    except AlreadyOpen as already:
        models = f"{already.message.rstrip('.')}; its Keys page tests each model."
    with tempfile.TemporaryDirectory() as folder:
        async for finding in _looked_into(Path(folder) / "weft.db", passing=True):
            yield finding
    yield Finding("Models", True, models)


async def _looked_into(path: Path, *, passing: bool) -> AsyncIterator[Finding]:
    from app.secrets import Secrets
    from app.store.database import Database

    database = Database(path)
    await database.open()
    try:
        secrets = Secrets(database)
        if not passing:
            yield Finding("Database", True, f"{path} opens and is up to date.")
        yield await _keys(secrets)
        if not passing:
            async for finding in _models(database, secrets):
                yield finding
    finally:
        await database.close()


async def _keys(secrets: Secrets) -> Finding:
    from app.secrets import Locked, NeedsPassphrase, NotChosen, Ready

    match await secrets.state():
        case Ready() as state:
            return Finding("Keys", not state.lost, state.sentence, essential=False)
        case NeedsPassphrase():
            return Finding("Keys", True, "Your keys are sealed with your passphrase, which the studio asks for.")
        case Locked() as state:
            return Finding("Keys", False, state.sentence, essential=False)
        case NotChosen():
            return Finding("Keys", False, NO_STORE, GET_A_STORE, essential=False)


async def _models(database: Database, secrets: Secrets) -> AsyncIterator[Finding]:
    from app.models import Connection, ModelTrouble, check
    from app.runs.world.model import key_name
    from app.secrets import SecretRefusal
    from app.store.connections import Connections

    connections = await Connections(database).all()
    if not connections:
        yield Finding("Models", True, "No model is connected yet: that is done on the Keys page of the studio.")
    for stored in connections:
        key, locked = None, ""
        try:
            key = await secrets.get(key_name(stored.id))
        except SecretRefusal as refusal:
            locked = refusal.message
        provider = cast("Provider", stored.provider)
        connection = Connection(stored.id, stored.name, provider, stored.base_url, stored.default_model)
        try:
            yield Finding("Models", True, f"{stored.name}: {await check(connection, key)}")
        except ModelTrouble as trouble:
            says = f"{stored.name}: {trouble.message} {locked}".strip()
            yield Finding("Models", False, says, trouble.hint, essential=False)
