"""S41 to S43: what the HTTP client of a run reaches, and what it takes, with real servers on this computer."""

import asyncio
import gzip
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.engine.gate import Grant
from nodes import Context, Json, Touches
from tests.runs.conftest import Parts
from tests.runs.playing import Played, Wish, play

OWN = Grant(own=True)
Give = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """A server that says what the test wants, byte for byte, and remembers what it heard."""

    port: int = 0
    heard: list[str] = field(default_factory=list)
    give: list[Give] = field(default_factory=list)

    def says(self, *whole: bytes) -> None:
        """Answer the next requests so, one each."""
        for each in whole:
            self.give.append(lambda writer, each=each: _write(writer, each))  # type: ignore[misc]  # bound per round

    async def listen(self) -> asyncio.Server:
        """Open for requests; close what is given back."""
        listening = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        return listening

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.heard.append(head)
            if self.give:
                await self.give.pop(0)(writer)
            else:
                await _write(writer, answer(b"hello"))
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


async def _write(writer: asyncio.StreamWriter, content: bytes) -> None:
    writer.write(content)
    await writer.drain()


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def sent_on(to: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, f"Location: {to}")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async for each in _server():
        yield each


@pytest.fixture
async def other() -> AsyncIterator[Server]:
    async for each in _server():
        yield each


async def _server() -> AsyncIterator[Server]:
    made = Server()
    listening = await made.listen()
    yield made
    listening.close()


def get(url: str, **options: object) -> Wish:
    async def wish(ctx: Context) -> Json:
        return (await ctx.http.get(url, **options)).text  # type: ignore[arg-type]  # the test knows what it passes

    return wish


def here(*servers: Server) -> Touches:
    return Touches(hosts=tuple(f"127.0.0.1:{each.port}" for each in servers))


async def test_a_host_named_in_the_flow_is_reached_and_noted(parts: Parts, server: Server) -> None:
    played = await play(parts.world(Grant(here(server), own=True)), get(f"http://127.0.0.1:{server.port}/a?b=c"))
    assert (played.result, played.questions) == ("hello", [])
    assert played.touched == [f"host: 127.0.0.1:{server.port}"]
    assert server.heard[0].startswith("GET /a?b=c HTTP/1.1\r\n")


async def test_the_practice_shop_needs_no_naming(parts: Parts) -> None:
    world = parts.world(OWN)
    address = await world.practice()
    played = await play(world, get(f"{address}/mugs"))
    assert "Moon mug" in str(played.result)
    assert (played.questions, played.touched) == ([], ["host: practice"])


THIS_COMPUTER = [
    "127.0.0.1",
    "localhost",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "127.1",
    "2130706433",
    "0x7f.1",
    "localhost.",
    "LOCALHOST",
]


@pytest.mark.parametrize("host", THIS_COMPUTER)
async def test_this_computer_is_not_reached_unless_a_person_allows_it(parts: Parts, server: Server, host: str) -> None:
    played = await play(parts.world(OWN), get(f"http://{host}:{server.port}/"))
    assert played.failure.startswith("You refused this: May “It” contact ")
    assert (len(played.questions), server.heard) == (1, [])


@pytest.mark.parametrize("host", THIS_COMPUTER)
@pytest.mark.parametrize("named", [True, False])
async def test_weft_itself_is_never_reached(parts: Parts, server: Server, host: str, named: bool) -> None:
    touches = Touches(hosts=(f"{host}:{server.port}", f"127.0.0.1:{server.port}")) if named else Touches()
    world = parts.world(Grant(touches, own=True), own_port=server.port)
    played = await play(world, get(f"http://{host}:{server.port}/"), answer="Allow")
    assert (played.failure, played.questions, server.heard) == ("No step may contact Weft itself.", [], [])


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://169.254.169.254/latest", "`169.254.169.254` leads to 169.254.169.254, an address that no step"),
        ("http://[fe80::1]/", "`fe80::1` leads to fe80::1, an address that no step may contact."),
        ("http://metadata.google.internal/", "No step may contact `metadata.google.internal`"),
        ("http://metadata.google.internal./", "No step may contact `metadata.google.internal`"),
        ("file:///etc/passwd", "`/etc/passwd` cannot be fetched; only addresses with"),
        ("gopher://127.0.0.1/", "`gopher://127.0.0.1/` cannot be fetched; only addresses with"),
        ("ftp://127.0.0.1/", "`ftp://127.0.0.1/` cannot be fetched; only addresses with"),
        ("http:///nowhere", "`/nowhere` cannot be fetched"),
    ],
)
async def test_some_places_are_refused_whatever_anybody_says(parts: Parts, url: str, sentence: str) -> None:
    grant = Grant(Touches(hosts=("169.254.169.254", "fe80::1", "metadata.google.internal")), own=True)
    played = await play(parts.world(grant), get(url), answer="Allow")
    assert played.failure.startswith(sentence)
    assert played.questions == []


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1", "[fd00::]", "100.64.0.1"])
async def test_the_own_network_is_asked_about(parts: Parts, host: str) -> None:
    played = await play(parts.world(OWN), get(f"http://{host}/"))
    assert played.questions == [f"May “It” contact {host.strip('[]')}?"]


async def test_what_a_person_allows_holds_and_is_remembered(parts: Parts, server: Server) -> None:
    async def wish(ctx: Context) -> Json:
        url = f"http://127.0.0.1:{server.port}/"
        return [(await ctx.http.get(url)).text, (await ctx.http.get(url)).text]

    played = await play(parts.world(Grant()), wish, answer="Allow")
    assert played.result == ["hello", "hello"]
    assert played.questions == [f"May “It” contact 127.0.0.1:{server.port}?"]
    assert parts.remembered == [here(server)]


async def test_an_arrived_flow_asks_before_a_site_is_looked_up(parts: Parts) -> None:
    looked_up: list[str] = []

    async def look_up(name: str, port: int) -> list[str]:
        looked_up.append(name)
        return ["127.0.0.1"]

    played = await play(parts.world(Grant(), look_up=look_up), get("http://evil.example/"))
    assert (played.questions, looked_up) == (["May “It” contact evil.example?"], [])


async def test_a_site_that_was_accepted_cannot_lead_into_the_own_network(parts: Parts, server: Server) -> None:
    async def look_up(name: str, port: int) -> list[str]:
        return ["93.184.216.34", "127.0.0.1"]

    accepted = Grant(Touches(hosts=(f"evil.example:{server.port}",)))
    played = await play(parts.world(accepted, look_up=look_up), get(f"http://evil.example:{server.port}/"))
    assert played.failure == f"You refused this: May “It” contact evil.example:{server.port}?"
    assert server.heard == []


async def test_the_connection_goes_to_the_checked_address_and_the_name_stays(parts: Parts, server: Server) -> None:
    async def look_up(name: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    own = Grant(Touches(hosts=(f"shop.example:{server.port}",)), own=True)
    headers = {"Host": "other.example"}
    played = await play(parts.world(own, look_up=look_up), get(f"http://shop.example:{server.port}/", headers=headers))
    assert played.result == "hello"
    assert f"host: shop.example:{server.port}\r\n" in server.heard[0].lower()
    assert "other.example" not in server.heard[0]


async def test_a_name_is_looked_up_and_checked_anew_each_time(parts: Parts, server: Server) -> None:
    answers = [["127.0.0.1"], ["169.254.169.254"]]

    async def look_up(name: str, port: int) -> list[str]:
        return answers.pop(0)

    url = f"http://shop.example:{server.port}/"

    async def wish(ctx: Context) -> Json:
        await ctx.http.get(url)
        return (await ctx.http.get(url)).text

    own = Grant(Touches(hosts=(f"shop.example:{server.port}",)), own=True)
    played = await play(parts.world(own, look_up=look_up), wish)
    assert "leads to 169.254.169.254" in played.failure
    assert len(server.heard) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_every_hop_is_checked(parts: Parts, server: Server, other: Server, status: str) -> None:
    server.says(sent_on(f"http://127.0.0.1:{other.port}/", status))
    played = await play(parts.world(Grant(here(server))), get(f"http://127.0.0.1:{server.port}/"))
    assert played.questions == [f"May “It” contact 127.0.0.1:{other.port}?"]
    assert other.heard == []


async def test_nothing_secret_goes_along_to_another_site(parts: Parts, server: Server, other: Server) -> None:
    server.says(sent_on(f"http://127.0.0.1:{other.port}/"))
    headers = {"Authorization": "Bearer canary", "X-Api-Key": "canary", "Cookie": "a=canary", "Accept": "text/plain"}
    world = parts.world(Grant(here(server, other), own=True))
    played = await play(world, get(f"http://127.0.0.1:{server.port}/", headers=headers))
    assert played.result == "hello"
    assert server.heard[0].count("canary") == 3
    assert "canary" not in other.heard[0]
    assert "accept: text/plain" in other.heard[0].lower()


async def test_what_was_posted_is_not_posted_to_another_site(parts: Parts, server: Server, other: Server) -> None:
    async def wish(ctx: Context) -> Json:
        return (await ctx.http.post(f"http://127.0.0.1:{server.port}/", content=b"canary")).text

    server.says(sent_on(f"http://127.0.0.1:{other.port}/", "307 Temporary Redirect"))
    played = await play(parts.world(Grant(here(server, other), own=True)), wish)
    assert "wants what was sent to it sent on" in played.failure
    assert other.heard == []


async def test_going_round_in_circles_ends(parts: Parts, server: Server) -> None:
    server.says(*[sent_on(f"http://127.0.0.1:{server.port}/{each}") for each in range(20)])
    played = await play(parts.world(Grant(here(server), own=True)), get(f"http://127.0.0.1:{server.port}/"))
    assert "more than 10 times" in played.failure
    assert len(server.heard) == 11


async def test_the_proxy_of_the_environment_is_not_used(
    parts: Parts, server: Server, other: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{other.port}")
    played = await play(parts.world(Grant(here(server), own=True)), get(f"http://127.0.0.1:{server.port}/"))
    assert (played.result, other.heard) == ("hello", [])


def packed(body: bytes, how: str) -> bytes:
    return answer(body, "200 OK", f"Content-Encoding: {how}")


@pytest.mark.parametrize(
    "whole",
    [
        packed(gzip.compress(b"hello", mtime=0), "gzip"),
        packed(gzip.compress(b"hel", mtime=0) + gzip.compress(b"lo"), "gzip"),
        packed(zlib.compress(b"hello"), "deflate"),
        packed(zlib.compress(b"hello")[2:-4], "deflate"),
        packed(b"hello", "identity"),
    ],
)
async def test_what_is_packed_arrives_unpacked(parts: Parts, server: Server, whole: bytes) -> None:
    server.says(whole)
    played = await play(parts.world(Grant(here(server), own=True)), get(f"http://127.0.0.1:{server.port}/"))
    assert played.result == "hello"


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        await _write(writer, b"x" * 65536)


async def endless_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        await _write(writer, b"X-More: more\r\n" * 1000)


async def drop_by_drop(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        await _write(writer, b"x")
        await asyncio.sleep(0.1)


def bomb() -> bytes:
    piece, packer = b"\0" * 1_000_000, zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packed(b"".join([*(packer.compress(piece) for _ in range(300)), packer.flush()]), "gzip")


async def given(parts: Parts, server: Server, give: Give, **options: object) -> Played:
    server.give.append(give)
    return await play(parts.world(Grant(here(server), own=True)), get(f"http://127.0.0.1:{server.port}/", **options))


async def test_an_answer_without_an_end_is_cut_at_the_limit(parts: Parts, server: Server) -> None:
    played = await given(parts, server, endless)
    assert played.failure == "The answer of `127.0.0.1` is larger than 20 MB."


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_at_the_limit(parts: Parts, server: Server) -> None:
    whole = bomb()
    assert len(whole) < 500_000
    played = await given(parts, server, lambda writer: _write(writer, whole))
    assert played.failure == "The answer of `127.0.0.1` is larger than 20 MB."


async def test_an_answer_that_says_it_is_huge_is_not_begun(parts: Parts, server: Server) -> None:
    played = await given(
        parts, server, lambda writer: _write(writer, b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
    )
    assert played.failure == "The answer of `127.0.0.1` is larger than 20 MB."


async def test_headers_without_an_end_are_cut(parts: Parts, server: Server) -> None:
    played = await given(parts, server, endless_headers)
    assert "is not HTTP" in played.failure


async def test_an_answer_drop_by_drop_ends_with_the_time(parts: Parts, server: Server) -> None:
    began = time.monotonic()
    played = await given(parts, server, drop_by_drop, timeout=0.6)
    assert played.failure == "`127.0.0.1` did not answer in time."
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("whole", "sentence"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "broke off its answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nhello", "is not HTTP"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "is not HTTP"),
        (packed(gzip.compress(b"hello" * 100, mtime=0)[:-20], "gzip"), "cannot be read: it ends in the middle"),
        (packed(b"not packed at all", "gzip"), "cannot be read: it is damaged"),
        (packed(b"hello", "br"), "packed its answer as `br`, unasked"),
        (packed(b"hello", "gzip, gzip"), "packed its answer as `gzip, gzip`, unasked"),
        (sent_on("http://[::1"), "sent the request on to an address that is none"),
        (sent_on("file:///etc/passwd"), "cannot be fetched; only addresses with http"),
    ],
)
async def test_a_broken_answer_is_said_to_be_one(parts: Parts, server: Server, whole: bytes, sentence: str) -> None:
    played = await given(parts, server, lambda writer: _write(writer, whole))
    assert sentence in played.failure


async def test_a_storm_of_cookies_is_weathered(parts: Parts, server: Server) -> None:
    cookies = [f"Set-Cookie: c{each}={'x' * 50}" for each in range(900)]
    server.says(answer(b"hello", "200 OK", *cookies))
    played = await play(parts.world(Grant(here(server), own=True)), get(f"http://127.0.0.1:{server.port}/"))
    assert played.result == "hello"


async def test_a_request_that_may_have_been_done_is_not_tried_again_by_itself(parts: Parts, server: Server) -> None:
    from flows.model import Retry, Step

    async def wish(ctx: Context) -> Json:
        return (await ctx.http.post(f"http://127.0.0.1:{server.port}/", content=b"order")).text

    retrying = {"it": Step(kind="test.try", retry=Retry(times=1, wait=0))}
    server.says(b"", b"")
    await play(parts.world(Grant(here(server), own=True)), wish, steps=retrying)
    assert len(server.heard) == 1
    server.heard.clear()
    await play(parts.world(Grant(here(server), own=True)), get(f"http://127.0.0.1:{server.port}/"), steps=retrying)
    assert len(server.heard) == 2


async def test_a_site_that_is_not_there_is_said_not_to_be(parts: Parts) -> None:
    async def nobody(name: str, port: int) -> list[str]:
        raise OSError("not known")

    played = await play(parts.world(OWN, look_up=nobody), get("https://nowhere.example/"))
    assert played.failure == "There is no site `nowhere.example`, or this computer is not connected."


async def test_a_certificate_nobody_vouches_for_is_refused_and_the_right_name_was_asked_for(
    parts: Parts, tmp_path: Path
) -> None:
    asked_for: list[str | None] = []
    heard: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path, "shop.example"))
    context.sni_callback = lambda _, name, __: asked_for.append(name)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(100))
        writer.close()

    async def look_up(name: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = listening.sockets[0].getsockname()[1]
    own = Grant(Touches(hosts=(f"shop.example:{port}",)), own=True)
    played = await play(parts.world(own, look_up=look_up), get(f"https://shop.example:{port}/"))
    assert played.failure == "The certificate of `shop.example` cannot be trusted, so nothing was sent."
    assert (asked_for, heard) == (["shop.example"], [])
    listening.close()


def self_signed(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "site.pem"
    plain = serialization.NoEncryption()
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return pem
