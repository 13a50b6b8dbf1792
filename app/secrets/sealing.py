"""Seal and open values with AES-GCM, and turn a passphrase into a key."""

import hashlib
import os
from dataclasses import dataclass
from typing import Self

KEY_BYTES = 32
_NONCE_BYTES = 12


class WrongKey(Exception):
    """Sealed with another key, under another name, or changed since."""


@dataclass(frozen=True)
class Sealed:
    nonce: bytes
    content: bytes

    @classmethod
    def parse(cls, whole: bytes) -> Self:
        """The nonce followed by the content. ValueError where it is too short."""
        if len(whole) <= _NONCE_BYTES:
            raise ValueError("too short")
        return cls(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:])


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def seal(key: bytes, name: str, value: bytes) -> Sealed:
    """The value, to be opened only with this key and under this name."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    return Sealed(nonce, AESGCM(key).encrypt(nonce, value, name.encode()))


def unseal(key: bytes, name: str, sealed: Sealed) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.content, name.encode())
    except InvalidTag as error:
        raise WrongKey(name) from error


def key_from(passphrase: str, salt: bytes) -> bytes:
    """Slow on purpose (a third of a second, 128 MB), so that guessing is."""
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=2**17, r=8, p=1, maxmem=2**28, dklen=KEY_BYTES)
