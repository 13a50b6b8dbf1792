"""Who may come in: one cookie per start, and links that each hand it to one browser."""

import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable


class Entry:
    """The cookie of this start, and the link that is good for it once; every used link is replaced by a fresh one."""

    def __init__(self, port: int, fresh_link: Callable[[str], object]) -> None:
        self.cookie_name = f"studio_{port}"  # Browsers share cookies between all ports of a host.
        self._cookie = secrets.token_urlsafe(32)
        self._address = f"http://127.0.0.1:{port}/"
        self._fresh_link = fresh_link
        self._token = ""
        self._renew()

    @property
    def link(self) -> str:
        """The address that lets one browser in."""
        return f"{self._address}?t={self._token}"

    @property
    def set_cookie(self) -> str:
        """What tells a browser to keep the cookie until it is closed, and to show it to this studio only."""
        return f"{self.cookie_name}={self._cookie}; Path=/; HttpOnly; SameSite=Strict"

    def admits(self, cookies: list[str]) -> bool:
        """Whether one of these values is the cookie of this start."""
        # All are tried: another program on this host can set a second cookie of the same name.
        return any([_equal(value, self._cookie) for value in cookies])

    def redeem(self, token: str) -> bool:
        """Whether this is the current link's token; it is used up then."""
        if not _equal(token, self._token):
            return False
        self._renew()
        return True

    def _renew(self) -> None:
        self._token = secrets.token_urlsafe(32)
        self._fresh_link(self.link)


class Allowance:
    """So many guesses a minute. Whoever is right never asks here, so nobody can be locked out by another's guesses."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._recent: deque[float] = deque(maxlen=a_minute)

    def spent(self) -> bool:
        """Count one guess; whether it is one too many."""
        now = self._clock()
        full = len(self._recent) == self._recent.maxlen
        if full and now - self._recent[0] < 60:
            return True
        self._recent.append(now)
        return False


def _equal(given: str, true: str) -> bool:
    return hmac.compare_digest(given.encode(), true.encode())
