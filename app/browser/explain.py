"""What went wrong in the browser, as a sentence with the next move."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.model import Trouble
from nodes.values import NodeError

if TYPE_CHECKING:
    from playwright.async_api import Error

GONE = (
    "has been closed",
    "Browser closed",
    "Connection closed while reading",
    "Target closed",
    "browser has disconnected",
)
NET_ERROR = re.compile(r"net::(ERR_\w+)(?: at (\S+))?")
"""What Chromium says of an address it could not open, and the address, where it is named."""

DENIED = "denied"
Unreached = Mapping[tuple[str, int], str]
"""Why the gate did not let the browser reach a host and port: `DENIED`, or a sentence."""

ONLINE = "Check the spelling, and that this computer is online."
AS_REFUSED = ("ERR_EMPTY_RESPONSE", "ERR_TUNNEL_CONNECTION_FAILED")
"""What Chromium says where the gate lets nothing through."""

# What Chromium calls it → what it is, with the place filled in, and the next move.
NETWORK = {
    "ERR_NAME_NOT_RESOLVED": ("The address {host} was not found.", ONLINE),
    "ERR_INTERNET_DISCONNECTED": ("This computer is not online.", "Connect it, and run the step again."),
    "ERR_CONNECTION_REFUSED": ("Nothing answers at {host}.", "Check the address and its port."),
    "ERR_CONNECTION_RESET": ("{host} broke the connection off.", "Run the step again."),
    "ERR_CONNECTION_CLOSED": ("{host} broke the connection off.", "Run the step again."),
    "ERR_EMPTY_RESPONSE": ("{host} answered nothing.", "Run the step again."),
    "ERR_CONNECTION_TIMED_OUT": ("{host} does not answer.", ONLINE),
    "ERR_TIMED_OUT": ("{host} does not answer.", ONLINE),
    "ERR_ADDRESS_UNREACHABLE": ("{host} cannot be reached from here.", ONLINE),
    "ERR_NETWORK_CHANGED": ("The network changed while the page was loading.", "Run the step again."),
    "ERR_TUNNEL_CONNECTION_FAILED": ("{host} cannot be reached.", ONLINE),
    "ERR_PROXY_CONNECTION_FAILED": ("The proxy of this computer does not answer.", "Check its settings."),
    "ERR_TOO_MANY_REDIRECTS": (
        "{host} sends the browser round in circles.",
        "Check the address; a sign-in may be missing.",
    ),
    "ERR_SSL_PROTOCOL_ERROR": ("{host} does not speak https.", "Try the address with http."),
    "ERR_INVALID_AUTH_CREDENTIALS": ("{host} did not accept the user name and password.", "Check them."),
    "ERR_UNSAFE_PORT": ("The browser does not open this port of {host}.", "Check the port in the address."),
    "ERR_UNKNOWN_URL_SCHEME": ("The browser cannot open this kind of address.", "Use one with http or https."),
    "ERR_FILE_NOT_FOUND": ("There is no such file.", "Check the address."),
}


def explain(error: Error, *, unreached: Unreached | None = None, own: frozenset[int] = frozenset()) -> NodeError:
    """The error of a browser step for the person. `unreached` is what the gate knows, `own` are the studio's ports."""
    message = error.message
    if any(sign in message for sign in GONE):
        return NodeError(
            "The browser ended while this step was using it.", hint="Run the step again: it gets a new browser."
        )
    if "Page crashed" in message or "Target crashed" in message:
        return NodeError("The page crashed.", hint="Run the step again: it gets a new page.")
    if "Download is starting" in message:
        return NodeError("This address starts a download instead of opening a page.", retryable=False)
    if failed := NET_ERROR.search(message):
        code, url = failed[1], failed[2] or ""
        return gates_word(url, code, unreached=unreached or {}, own=own) or _network(code, url)
    if type(error).__name__ == "TimeoutError":
        return _too_long(message)
    if matches := re.search(r"strict mode violation: (.*?) resolved to (\d+) elements", message):
        return NodeError(
            f"{matches[1]} matches {matches[2]} elements, and this step needs exactly one.",
            hint="Make the target say more, or pick it on the page.",
            retryable=False,
        )
    if "Frame was detached" in message or "frame got detached" in message:
        return NodeError("The part of the page that this step was using went away.", hint="Run the step again.")
    if "interrupted by another navigation" in message:
        return NodeError("The page went somewhere else while it was loading.", hint="Run the step again.")
    first = re.sub(r"^\w+\.\w+: ", "", message.splitlines()[0] if message else "")
    return NodeError(f"The browser could not do this: {first or 'it gave no reason.'}")


def gates_word(url: str, code: str, *, unreached: Unreached, own: frozenset[int]) -> NodeError | None:
    """Why an address was not reached where only the gate knows: what the browser is told is not the reason."""
    host, port = _place(url)
    known = unreached.get((host, port))
    if known is None and code in AS_REFUSED:
        # The browser names a redirect by where it began.
        known = next((word for (name, _), word in unreached.items() if name == host), None)
    if port in own and (known == DENIED or code == "ERR_NAME_NOT_RESOLVED"):
        return NodeError("A flow cannot open Weft's own window.", hint="Use another address.", retryable=False)
    if known == DENIED:
        return denied(host)
    return NodeError(known, hint=ONLINE, trouble="unreachable") if known else None


def _place(url: str) -> tuple[str, int]:
    try:
        split = urlsplit(url)
        return split.hostname or url, split.port or (443 if split.scheme == "https" else 80)
    except ValueError:
        return url, 0


def _network(code: str, url: str) -> NodeError:
    host, _ = _place(url)
    if code.startswith(("ERR_CERT_", "ERR_SSL_VERSION", "ERR_BAD_SSL")):
        return NodeError(
            f"{host} shows a certificate that is not valid ({code.removeprefix('ERR_')}).",
            hint="Check the address. If the site is your own, give it a certificate this computer trusts.",
            retryable=False,
        )
    if code == "ERR_ABORTED":
        return NodeError("The page was not opened: the address leads to no page, or to a download.", retryable=False)
    says, hint = NETWORK.get(code, ("{host} cannot be opened ({code}).", ONLINE))
    trouble: Trouble = "timeout" if "TIMED_OUT" in code else "unreachable"
    return NodeError(says.format(host=host or "The address", code=code), hint=hint, trouble=trouble)


def denied(host: str) -> NodeError:
    return NodeError(
        f"This flow may not contact {host}.", hint="Allow it where the flow says what it touches.", retryable=False
    )


def _too_long(message: str) -> NodeError:
    limit = re.search(r"Timeout (\d+)ms", message)
    waited = f"{int(limit[1]) / 1000:g} s" if limit else "too long"
    if re.match(r"(Page|Frame)\.(goto|reload|go_back|go_forward|wait_for_load_state)", message):
        hint = "Raise the step's limit, or try later."
        return NodeError(f"The page was not loaded after {waited}.", hint=hint, trouble="timeout")
    awaited = re.search(r"waiting for (.+)", message)
    what = awaited[1].strip() if awaited else "what the step needs"
    return NodeError(
        f"After {waited} the page still did not have {what}.",
        hint="Check the target, or raise the limit.",
        trouble="timeout",
    )
