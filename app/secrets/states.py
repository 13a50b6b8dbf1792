"""What the keys of this computer are like right now, as values with the sentence to show."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Ready:
    """Keys can be kept and used."""

    kept: Literal["store", "passphrase", "session"]
    where: str
    lost: bool = False
    """The master key is gone from its place, so what was kept before must be entered again."""

    @property
    def sentence(self) -> str:
        match self.kept:
            case "session":
                text = "Your keys are kept only until you close the studio."
            case "passphrase":
                text = "Your keys are stored in Weft's database, sealed with your passphrase."
            case "store":
                text = f"Your keys are stored in {self.where}. Programs you run under your account can read them."
        if self.lost:
            text += " The master key that was there is gone: enter your keys again. Your flows are as they were."
        return text


@dataclass(frozen=True)
class Locked:
    """There is a password store, but it does not open."""

    sentence: str = (
        "Your password store is locked. Unlock it and press Try again. Flows that need keys wait; nothing was lost."
    )


@dataclass(frozen=True)
class NotChosen:
    """There is no password store; the person chooses what to do."""

    sentence: str = (
        "This computer has no running password store. Choose: a passphrase I ask for at each start, "
        "or keep keys only until you close the studio. I will not write them unprotected."
    )


@dataclass(frozen=True)
class NeedsPassphrase:
    """The keys are sealed with a passphrase that was not given yet."""

    sentence: str = "Your keys are sealed with your passphrase. Enter it to use them."


State = Ready | Locked | NotChosen | NeedsPassphrase
