"""The password store of the operating system: one of a fixed list, never whatever happens to be installed."""

import asyncio
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds a password store may take: it may be showing a question to the person, or to nobody."""


class StoreLocked(Exception):
    """It is there but does not open, or does not answer."""


class NoStore(Exception):
    """There is none that works."""


class PasswordStore(Protocol):
    """Keeps short texts. A call may block and may raise anything, so make it through `ask`."""

    @property
    def where(self) -> str: ...

    def get(self, item: str) -> str | None: ...

    def put(self, item: str, value: str) -> None: ...

    def remove(self, item: str) -> None: ...


async def ask(call: Callable[[], T], patience: float = PATIENCE) -> T:
    """What the call returns, `StoreLocked` or `NoStore`. Its thread is left behind if it never answers."""
    answer: Future[T] = Future()
    answer.set_running_or_notify_cancel()

    def run() -> None:
        try:
            answer.set_result(call())
        except Exception as error:  # noqa: BLE001 - backends raise errors of every kind; sorted below
            answer.set_exception(error)

    threading.Thread(target=run, name="weft-password-store", daemon=True).start()
    try:
        return await asyncio.wait_for(asyncio.wrap_future(answer), patience)
    except TimeoutError as error:
        raise StoreLocked(f"no answer within {patience:g} s") from error
    except Exception as error:
        raise (StoreLocked if _says_locked(error) else NoStore)(str(error)) from error


def _says_locked(error: BaseException) -> bool:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if kinds & {"KeyringLocked", "LockedException", "PromptDismissedException"}:
        return True
    # macOS has -25308 for a session that cannot show its question, as over ssh.
    return "-25308" in str(error) or (error.__cause__ is not None and _says_locked(error.__cause__))


class SystemStore:
    """Windows Credential Manager, macOS Keychain or the Secret Service of a Linux desktop."""

    @property
    def where(self) -> str:
        match sys.platform:
            case "win32":
                return "Windows Credential Manager"
            case "darwin":
                return "macOS Keychain"
        return "the password store of your desktop (Secret Service)"

    def get(self, item: str) -> str | None:
        return _backend().get_password(_SERVICE, item)

    def put(self, item: str, value: str) -> None:
        _backend().set_password(_SERVICE, item, value)

    def remove(self, item: str) -> None:
        _backend().delete_password(_SERVICE, item)


def _backend() -> "KeyringBackend":
    # keyring would look for what is installed, and takes a plain text file for a store if that is all there is.
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        return WinVaultKeyring()
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain

        return Keychain()
    from keyring.backends.SecretService import Keyring as SecretService

    backend: type[KeyringBackend] = SecretService
    return backend()


_SERVICE = "weft"
