"""What the store will not do as asked, in sentences a person can act on."""


class Refusal(Exception):
    """`message` says why it is not done and `hint` the next move."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class FlowMissing(Refusal):
    """No such flow, or it was deleted."""


class FlowExists(Refusal):
    """There is a flow with this id."""


class FlowConflict(Refusal):
    """The flow was saved by someone else since it was opened."""


class RunMissing(Refusal):
    """No such run."""


class RunElsewhere(Refusal):
    """Another start of Weft runs it now."""


class NameTaken(Refusal):
    """Another one has this name."""


class VersionMissing(Refusal):
    """No such version of a flow, or not any more."""


class NotPublished(Refusal):
    """No version of this flow is the published one."""
