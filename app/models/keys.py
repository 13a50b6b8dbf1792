"""Keys as people paste them: taken out of their wrapping, and held against the provider they are for."""

import re

from app.models.clients import is_provider
from app.models.defaults import KEY_OWNERS, PROVIDER_NAMES
from app.models.values import Connection, ModelTrouble

_WRAPPING = re.compile(
    r"""^(?: export\s+ | (?:authorization|x-api-key)\s*: | [A-Z][A-Z0-9_]*(?:KEY|TOKEN)\s*[=:] | bearer(?:\s+|$) )
    \s*""",
    re.IGNORECASE | re.VERBOSE,
)
_AROUND = " \t\r\n\"'`“”„\u2018\u2019«»,;"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def clean_key(text: str) -> str:
    """The key itself, without quotes, spaces, line breaks, `Bearer`, or a variable's name around it."""
    key = _INVISIBLE.sub("", text)
    while (shorter := _WRAPPING.sub("", key.strip().strip(_AROUND))) != key:
        key = shorter
    return "".join(key.split())


def usable_key(connection: Connection, key: str | None) -> str:
    """The key to send, or nothing where a server of one's own needs none; ModelTrouble where it cannot be right."""
    found = clean_key(key or "")
    if not found:
        if not is_provider(connection):
            return ""
        provider = PROVIDER_NAMES[connection.provider]
        raise ModelTrouble(
            f"There is no key for {connection.name}.", f"Add a key from {provider} on the Keys page.", kind="no_key"
        )
    if not (found.isascii() and found.isprintable()):
        raise ModelTrouble(
            f"The key for {connection.name} has characters that no key has.",
            "Copy it again from the provider, and replace it on the Keys page.",
            kind="key",
        )
    if is_provider(connection):
        _belongs(connection, found)
    return found


def without_key(text: str, key: str) -> str:
    """The text with the key blotted out."""
    return text.replace(key, "…") if len(key) >= 4 else text


def _belongs(connection: Connection, key: str) -> None:
    owner = next((name for start, name in KEY_OWNERS if key.startswith(start)), None)
    provider = PROVIDER_NAMES[connection.provider]
    if owner in (None, provider):
        return
    other = f"“{owner}”" if owner in PROVIDER_NAMES.values() else f"“compatible server” with the address of {owner}"
    raise ModelTrouble(
        f"The key for {connection.name} looks like a key of {owner}, but the connection is to {provider}.",
        f"Paste a key from {provider}, or choose {other} as the provider.",
        kind="key",
    )
