"""What an edit says that does not fit."""


class EditRefused(ValueError):
    """An edit that does not fit this flow, with a sentence that says why."""
