"""The Secret Service of a real Linux desktop: gnome-keyring in a D-Bus session of its own."""

from pathlib import Path

import pytest

from app.secrets.states import Locked, NotChosen, Ready
from tests.secrets.desktop import Desktop

STORE = Ready("store", "the password store of your desktop (Secret Service)")
READ = """
    print((await secrets.state()).sentence)
    print(await secrets.get("openai"))
"""
WRITE = """
    print((await secrets.state()).sentence)
    await secrets.put("openai", "sk-ключ-🔑")
"""


@pytest.fixture
def desktop(tmp_path: Path) -> Desktop:
    return Desktop(tmp_path)


def test_an_unlocked_store_keeps_a_key_from_session_to_session(desktop: Desktop) -> None:
    assert desktop.session(WRITE) == [STORE.sentence]
    assert desktop.session(READ) == [STORE.sentence, "sk-ключ-🔑"]
    assert "sk-ключ".encode() not in b"".join(path.read_bytes() for path in desktop.database.parent.glob("weft.db*"))


@pytest.mark.parametrize("password", ["a wrong password", None])
def test_a_store_that_was_not_unlocked_is_said_to_be_locked(desktop: Desktop, password: str | None) -> None:
    desktop.session(WRITE)
    sentence, refusal = desktop.session(READ, unlock_with=password)
    assert sentence == Locked().sentence
    assert refusal.startswith("SecretsLocked The key “openai” cannot be used now: your password store does not open.")
    assert desktop.session(READ) == [STORE.sentence, "sk-ключ-🔑"]


def test_a_store_that_cannot_be_set_up_is_locked_and_a_passphrase_can_be_chosen(desktop: Desktop) -> None:
    story = """
        print((await secrets.state()).sentence)
        print((await secrets.use_passphrase("four words of mine")).kept)
    """
    assert desktop.session(story, unlock_with=None) == [Locked().sentence, "passphrase"]


def test_without_dbus_there_is_no_store_and_nothing_is_written(desktop: Desktop) -> None:
    sentence, refusal = desktop.without_desktop(WRITE)
    assert sentence == NotChosen().sentence
    assert refusal.startswith("SecretsLocked The key “openai” cannot be used now: this computer has no running")


def test_a_store_that_is_not_running_any_more_leaves_the_keys_as_they_were(desktop: Desktop) -> None:
    desktop.session(WRITE)
    sentence, refusal = desktop.without_desktop(READ)
    assert sentence.startswith("The password store that protects your keys is not running.")
    assert refusal.startswith("SecretsLocked")
    assert desktop.session(READ) == [STORE.sentence, "sk-ключ-🔑"]


def test_moving_to_a_passphrase_takes_the_key_out_of_the_store(desktop: Desktop) -> None:
    desktop.session(WRITE)
    move = """
        await secrets.state()
        print((await secrets.use_passphrase("four words of mine")).kept)
        import secretstorage
        bus = secretstorage.dbus_init()
        print([item.get_label() for item in secretstorage.get_default_collection(bus).get_all_items()])
        bus.close()
    """
    assert desktop.session(move) == ["passphrase", "[]"]
    read = """
        await secrets.unlock("four words of mine")
        print(await secrets.get("openai"))
    """
    assert desktop.without_desktop(read) == ["sk-ключ-🔑"]
