"""The reviewed list of paths that answer without the session cookie. Each one must bring a check of its own."""

# A path ending in `/` stands for everything below it. Host and header rules hold here too; whoever adds a line
# writes beside it what is checked instead of the cookie. `tests/server` fails for every other open path.
PUBLIC: tuple[str, ...] = ()


def is_public(path: str, public: tuple[str, ...] = PUBLIC) -> bool:
    """Whether this path takes its own way in."""
    return any(path == known or (known.endswith("/") and path.startswith(known)) for known in public)
