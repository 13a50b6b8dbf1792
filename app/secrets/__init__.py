"""Keys and passwords: sealed on the disk, opened only at use, masked everywhere afterwards."""

from app.secrets.refusal import SecretMissing, SecretRefusal, SecretsLocked, WrongPassphrase
from app.secrets.secrets import Kept, Secrets, variable
from app.secrets.states import Locked, NeedsPassphrase, NotChosen, Ready, State

__all__ = [
    "Kept",
    "Locked",
    "NeedsPassphrase",
    "NotChosen",
    "Ready",
    "SecretMissing",
    "SecretRefusal",
    "Secrets",
    "SecretsLocked",
    "State",
    "WrongPassphrase",
    "variable",
]
