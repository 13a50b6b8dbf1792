"""How hosts are spelled, what covers what, and where addresses lead."""

import pytest

from app.engine.hosts import Place, canonical, covers, is_local_name, place, spelled, split


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("EVIL.com.", "evil.com"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("[::FFFF:127.0.0.1]", "127.0.0.1"),
        ("[::1]", "::1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("straße.de", "xn--strae-oqa.de"),
        ("\uff11\uff12\uff17.0.0.1", "127.0.0.1"),
        ("\u0430pple.com", "xn--pple-43d.com"),
        ("999.1.1.1", "999.1.1.1"),
        ("", ""),
    ],
)
def test_a_host_has_one_spelling(written: str, meant: str) -> None:
    assert canonical(written) == meant


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("8.8.8.8", Place.PUBLIC),
        ("2001:4860:4860::8888", Place.PUBLIC),
        ("64:ff9b::808:808", Place.PUBLIC),
        ("127.0.0.1", Place.THIS_COMPUTER),
        ("127.8.9.1", Place.THIS_COMPUTER),
        ("0.0.0.0", Place.THIS_COMPUTER),
        ("::", Place.THIS_COMPUTER),
        ("::1", Place.THIS_COMPUTER),
        ("::ffff:127.0.0.1", Place.THIS_COMPUTER),
        ("::7f00:1", Place.THIS_COMPUTER),
        ("2002:7f00:1::", Place.THIS_COMPUTER),
        ("64:ff9b::7f00:1", Place.THIS_COMPUTER),
        ("10.0.0.1", Place.PRIVATE),
        ("172.16.0.1", Place.PRIVATE),
        ("192.168.1.1", Place.PRIVATE),
        ("100.64.0.1", Place.PRIVATE),
        ("192.0.2.1", Place.PRIVATE),
        ("fd00::1", Place.PRIVATE),
        ("fec0::1", Place.PRIVATE),
        ("169.254.169.254", Place.NOWHERE),
        ("::ffff:169.254.169.254", Place.NOWHERE),
        ("fe80::1", Place.NOWHERE),
        ("fd00:ec2::254", Place.NOWHERE),
        ("100.100.100.200", Place.NOWHERE),
        ("224.0.0.1", Place.NOWHERE),
        ("ff02::1", Place.NOWHERE),
        ("240.0.0.1", Place.NOWHERE),
        ("255.255.255.255", Place.NOWHERE),
    ],
)
def test_an_address_leads_somewhere(address: str, where: Place) -> None:
    assert place(address) is where


@pytest.mark.parametrize(
    ("allowed", "wanted", "covered"),
    [
        ("ok.com", "ok.com", True),
        ("OK.com.", "ok.com", True),
        ("ok.com:443", "ok.com", True),
        ("ok.com:8080", "ok.com:8080", True),
        ("[::1]:8080", "[::1]:8080", True),
        ("ok.com", "ok.com:8080", False),
        ("ok.com:8080", "ok.com", False),
        ("ok.com", "www.ok.com", False),
        ("ok.com", "ok.com.evil.com", False),
        ("evil.com#ok.com", "ok.com", False),
        ("*", "ok.com", False),
        ("", "", False),
        ("practice", "practice", True),
        ("practice", "practice:80", False),
    ],
)
def test_a_grant_covers_the_host_it_names_and_no_other(allowed: str, wanted: str, covered: bool) -> None:
    assert covers(allowed, wanted) is covered


def test_a_host_is_spelled_with_its_port_where_that_is_unusual() -> None:
    assert [spelled("OK.com", 443), spelled("ok.com", 8080), spelled("::1", 8080), spelled("practice", 80)] == [
        "ok.com",
        "ok.com:8080",
        "[::1]:8080",
        "practice:80",
    ]
    assert [split("ok.com:80"), split("[::1]:80"), split("::1"), split("ok.com")] == [
        ("ok.com", 80),
        ("::1", 80),
        ("::1", None),
        ("ok.com", None),
    ]


@pytest.mark.parametrize(("name", "local"), [("nas", True), ("a.local", True), ("::1", True), ("evil.com", False)])
def test_some_names_say_that_they_are_in_the_own_network(name: str, local: bool) -> None:
    assert is_local_name(name) is local
