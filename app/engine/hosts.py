"""How a host is spelled, and what kind of place an address is. Pure: nothing is looked up."""

from __future__ import annotations

import ipaddress
import re
import socket
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network

PRACTICE = "practice"
"""Stands for the practice shop, wherever its port is."""

USUAL_PORTS = (80, 443)


class Place(StrEnum):
    """Where an address leads."""

    PUBLIC = "public"
    PRIVATE = "private"
    THIS_COMPUTER = "this computer"
    NOWHERE = "nowhere a step may go"


def canonical(host: str) -> str:
    """The one spelling of a host: lower case, punycode, an address as digits, no dot at the end."""
    name = host.strip().strip("[]").partition("%")[0].rstrip(".").lower()
    if not name.isascii():
        name = _punycode(name)
    if re.fullmatch(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}", name):
        try:
            # `127.1` and `2130706433` are addresses to every resolver.
            return str(IPv4Address(socket.inet_aton(name)))
        except (OSError, ValueError):
            return name
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name
    return str(getattr(address, "ipv4_mapped", None) or address)


def spelled(host: str, port: int | None) -> str:
    """A host and its port as a grant spells them: a usual port is left out."""
    name = canonical(host)
    # A computer of the local network may be called `practice`; with its port it is not the practice shop.
    if port is None or (port in USUAL_PORTS and name != PRACTICE):
        return name
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def split(text: str) -> tuple[str, int | None]:
    """The host and the port of `host:port`, `[::1]:80` or a host alone."""
    found = re.fullmatch(r"(\[[^\]]*\]|[^:]*):([0-9]{1,5})", text.strip())
    return (canonical(found[1]), int(found[2])) if found else (canonical(text), None)


def covers(allowed: str, wanted: str) -> bool:
    """True where a grant's entry means the host that is wanted. A host alone means its usual ports."""
    (name, port), (wanted_name, wanted_port) = split(allowed), split(wanted)
    if not name or name != wanted_name:
        return False
    return port == wanted_port or (wanted_port is None and port in USUAL_PORTS)


def place(address: str) -> Place:
    """What kind of place an address is; one that wraps another is what it wraps."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and (inner := _wrapped(found)) is not None:
        found = inner
    if str(found) in _METADATA or found.is_link_local or found.is_multicast:
        return Place.NOWHERE
    if found.is_loopback or found.is_unspecified:
        return Place.THIS_COMPUTER
    if found.is_reserved and not found.is_global:
        return Place.NOWHERE
    site_local = isinstance(found, IPv6Address) and found.is_site_local
    return Place.PUBLIC if found.is_global and not site_local else Place.PRIVATE


def is_local_name(name: str) -> bool:
    """True for a name that says of itself that it is in the own network: an address, `printer`, `nas.local`."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(_LOCAL_ENDINGS)
    return True


def names_metadata(name: str) -> bool:
    """True for the names under which cloud machines give out their keys."""
    return canonical(name) in ("metadata.google.internal", "metadata", "instance-data")


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if any(address in network for network in _LAST_FOUR_BYTES) and int(address) > 0xFFFF:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _punycode(name: str) -> str:
    import idna

    try:
        return idna.encode(name, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return name


_LOCAL_ENDINGS = (".localhost", ".local", ".lan", ".home", ".home.arpa", ".internal", ".intranet", ".corp")
_LAST_FOUR_BYTES = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))
_METADATA = frozenset({"169.254.169.254", "fd00:ec2::254", "100.100.100.200"})
