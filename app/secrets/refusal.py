"""Why a secret is not to be had, in sentences a person can act on."""

from app.store.refusal import Refusal


class SecretRefusal(Refusal):
    """No secret, for whatever reason."""


class SecretMissing(SecretRefusal):
    """There is none of this name that can be opened."""


class SecretsLocked(SecretRefusal):
    """Nothing can be read or kept now; a person can change that."""


class WrongPassphrase(SecretRefusal):
    """Not the passphrase the keys are sealed with, or none that could be used."""
