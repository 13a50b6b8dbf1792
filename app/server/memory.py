"""What NiceGUI remembers stays in the data folder, never where Weft happened to be started."""

import contextlib
import os
import secrets
from pathlib import Path


def nicegui_in(folder: Path) -> None:
    """Give NiceGUI its room in the data folder; call it before anything else touches `app.storage`."""
    room = folder / "window"
    room.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["NICEGUI_STORAGE_PATH"] = str(room)

    from nicegui import app
    from nicegui.persistence import FilePersistentDict
    from nicegui.storage import Storage

    # The variable is read on import only, and a page module may have imported NiceGUI before.
    Storage.path = room
    if isinstance(app.storage.general, FilePersistentDict):
        app.storage.general.filepath = room / app.storage.general.filepath.name


def kept_secret(folder: Path) -> str:
    """The secret that signs this installation's session cookies; made once, readable by its owner only."""
    path = folder / "session.secret"
    with contextlib.suppress(FileExistsError):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as fresh:
            fresh.write(secrets.token_urlsafe(32))
    secret = path.read_text(encoding="ascii", errors="replace").strip()
    if len(secret) < 32:  # Cut short by a crash or a full disk: a session is worth less than a start.
        path.unlink()
        return kept_secret(folder)
    return secret
