"""Why a secret is not to be had, in sentences a person can act on."""


class SecretRefusal(Exception):
    """`message` says why and `hint` the next move."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class SecretMissing(SecretRefusal):
    """There is none of this name that can be opened."""


class SecretsLocked(SecretRefusal):
    """Nothing can be read or kept now; a person can change that."""


class WrongPassphrase(SecretRefusal):
    """Not the passphrase the keys are sealed with, or none that could be used."""
