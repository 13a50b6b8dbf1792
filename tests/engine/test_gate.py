"""What a flow touches, in full and in words, and what the gate says to a touch."""

import pytest

from app.engine import gate
from app.engine.gate import ALLOWED, Allowed, Grant, Outside, Refused, Verdict, difference, review
from app.engine.sheet import Section, words
from flows.model import Body, Flow, Limits, Step
from nodes import DECIDED_AT_RUN_TIME, Json, Touches
from nodes.catalog import built_in

OWN = Grant(own=True)
OPEN_END = Touches(hosts=(DECIDED_AT_RUN_TIME,), reads=(DECIDED_AT_RUN_TIME,), writes=(DECIDED_AT_RUN_TIME,))
ARRIVED = Flow(
    id="f",
    name="Arrived",
    steps={
        "shop": Step(kind="browser.open", settings={"url": "{{ practice }}/mugs"}),
        "site": Step(kind="browser.open", settings={"url": "https://example.com:8443/a"}),
        "off": Step(kind="browser.open", settings={"url": "https://{{ inputs.host }}/"}, disabled=True),
        "each": Step(
            kind="control.for_each",
            body=Body(
                steps={
                    "in": Step(kind="files.read", settings={"path": "prices.csv"}),
                    "out": Step(kind="files.write", settings={"path": "~/Reports/{{ item }}.md"}),
                    "send": Step(kind="web.get", settings={"url": "https://api.example.com", "secret": "api"}),
                    "say": Step(kind="ai.ask", settings={"prompt": "Hello"}),
                }
            ),
        ),
        "compute": Step(kind="code.python", title="Count", settings={"code": "result = 1"}),
        "unknown": Step(kind="their.node", settings={"url": "https://evil.example"}),
    },
)
TOUCHES = Touches(
    hosts=("practice", "example.com:8443", DECIDED_AT_RUN_TIME, "api.example.com"),
    reads=("prices.csv",),
    writes=(DECIDED_AT_RUN_TIME,),
    keys=("api",),
    models=("",),
    code=("result = 1",),
)


def asked(verdict: Verdict) -> Touches:
    """What an Allow would add."""
    assert isinstance(verdict, Outside)
    assert verdict.question.choices == ("Allow", "Refuse")
    return verdict.more


def test_a_review_finds_everything_in_bodies_and_in_steps_that_are_switched_off() -> None:
    assert review(ARRIVED, built_in()) == TOUCHES


@pytest.mark.parametrize(
    "settings", [{}, {"url": 5}, {"url": None}, {"url": ["https://ok.com"]}, {"url": "http://[::1"}]
)
def test_settings_that_make_no_sense_hide_nothing(settings: dict[str, Json]) -> None:
    flow = Flow(id="f", name="F", steps={"a": Step(kind="browser.open", settings=settings)})
    assert review(flow, built_in()) == Touches(hosts=(DECIDED_AT_RUN_TIME,))


def test_a_difference_is_what_was_not_accepted() -> None:
    more = TOUCHES | Touches(hosts=("evil.example",), code=("result = 2",))
    assert difference(more, TOUCHES) == Touches(hosts=("evil.example",), code=("result = 2",))
    assert difference(TOUCHES, TOUCHES) == Touches()


@pytest.mark.parametrize("grant", [Grant(TOUCHES), Grant(TOUCHES, own=True), Grant()])
def test_a_grant_can_be_kept_as_text(grant: Grant) -> None:
    assert gate.grant_from_json(gate.grant_to_json(grant)) == grant


@pytest.mark.parametrize("text", ["", "[]", "5", '{"hosts": "all"}', '{"hosts": [1]}', '{"code": null}'])
def test_what_is_no_grant_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"grant|Expecting"):
        gate.grant_from_json(text)


def test_own_must_be_written_out_to_count() -> None:
    assert gate.grant_from_json('{"own": 1, "trusted": true}') == Grant()


def test_the_sheet_says_it_in_words() -> None:
    assert words(TOUCHES, ARRIVED) == [
        Section(
            "Contacts these sites",
            "public",
            (
                "The practice shop on this computer",
                "example.com:8443",
                "Sites it finds out while it runs; you are asked about each before it happens.",
                "api.example.com",
            ),
        ),
        Section("Reads these files", "file_open", ("prices.csv, in Weft's own files folder",)),
        Section(
            "Writes these files",
            "edit_document",
            ("Files it names as it runs; you are asked about each before it happens.",),
        ),
        Section("Uses these keys", "key", ("api",)),
        Section("Asks these language models", "auto_awesome", ("The first model on your Keys page",)),
        Section("Contains this code", "code", ("In “Count”:\nresult = 1",)),
        Section(
            "May spend",
            "payments",
            ("As much as its models cost: this flow names no limit. You can set one in the flow itself.",),
        ),
        Section(
            "What no check can hold",
            "gpp_maybe",
            (
                "Code runs as you: it can read your files and reach every site. Read it before you accept it.",
                "A page that is opened loads what it likes from other sites, as in your own browser.",
                "A language model sees everything that a step puts into its question.",
            ),
        ),
    ]


def test_a_flow_that_touches_nothing_says_so() -> None:
    empty = Flow(id="f", name="F")
    assert words(Touches(), empty) == [
        Section("Touches nothing", "check_circle", ("It only works with what it is given.",))
    ]


def test_the_sheet_says_what_a_flow_may_spend_and_what_follows_a_failure() -> None:
    limits = Limits(money=2.5, tokens=200_000, tokens_a_day=1_000_000)
    flow = Flow(id="f", name="F", limits=limits, on_failure="tell-me")
    assert words(Touches(models=("",)), flow)[1:3] == [
        Section(
            "May spend",
            "payments",
            (
                "Up to 2.50 US dollars a run; then it asks you.",
                "Up to 200,000 tokens a run; then it asks you.",
                "Up to 1,000,000 tokens a day; then it asks you.",
            ),
        ),
        Section(
            "Runs another flow after a failure",
            "alt_route",
            ("One of your flows, if its id is the one this flow names. It is reviewed on its own.",),
        ),
    ]


def test_a_look_alike_site_shows_its_true_name() -> None:
    lines = words(Touches(hosts=("\u0430pple.com",)), Flow(id="f", name="F"))[0].lines
    assert lines == ("xn--pple-43d.com (shown to you as \u0430pple.com)",)


def test_a_flow_made_here_may_go_where_it_decides_to() -> None:
    assert [
        gate.host(OWN, "example.com", "It"),
        gate.reading(OWN, "/a", "/a", str, False, "It"),
        gate.writing(OWN, "/a", "/a", str, "It"),
        gate.key(OWN, "api", "It"),
        gate.model(OWN, "Mine", "It"),
        gate.code(OWN, ("result = 1",), "It"),
    ] == [ALLOWED] * 6


def test_an_arrived_flow_may_do_what_was_accepted() -> None:
    accepted = Grant(TOUCHES)
    assert [
        gate.host(accepted, "practice", "It"),
        gate.host(accepted, "example.com:8443", "It"),
        gate.reading(accepted, "prices.csv", "prices.csv", str, False, "It"),
        gate.key(accepted, "api", "It"),
        gate.model(accepted, "", "It"),
        gate.code(accepted, ("result = 1",), "It"),
    ] == [ALLOWED] * 6


@pytest.mark.parametrize("grant", [Grant(), Grant(OPEN_END), Grant(TOUCHES)])
def test_what_an_arrived_flow_decides_at_run_time_is_a_question_each_time(grant: Grant) -> None:
    assert asked(gate.host(grant, "evil.example", "It")) == Touches(hosts=("evil.example",))
    assert asked(gate.reading(grant, "a", "/f/a", str, False, "It")) == Touches(reads=("a",))
    assert asked(gate.writing(grant, "a", "/f/a", str, "It")) == Touches(writes=("a",))
    assert asked(gate.key(grant, "bank", "It")) == Touches(keys=("bank",))
    assert asked(gate.model(grant, "Mine", "It")) == Touches(models=("Mine",))
    assert asked(gate.code(grant, ("result = 2",), "It")) == Touches(code=("result = 2",))


@pytest.mark.parametrize("hosts", [(), ("",), ("*",), ("https://ok.com:x@evil.com",), ("evil.com#ok.com",)])
def test_a_list_of_hosts_that_says_nothing_allows_nothing(hosts: tuple[str, ...]) -> None:
    assert isinstance(gate.host(Grant(Touches(hosts=hosts)), "ok.com", "It"), Outside)


def at(grant: Grant, name: str, address: str) -> Verdict:
    return gate.address(grant, name, address, 5000, [8080], "It")


def test_the_own_network_is_reached_where_it_is_named() -> None:
    own = Grant(Touches(hosts=("nas:5000", "shop.example:5000")), own=True)
    assert at(own, "nas:5000", "10.0.0.5") == ALLOWED
    assert at(own, "shop.example:5000", "10.0.0.5") == ALLOWED
    assert at(own, "practice", "127.0.0.1") == ALLOWED
    assert asked(at(own, "other:5000", "10.0.0.5")) == Touches(hosts=("10.0.0.5:5000",))
    assert at(own | Touches(hosts=("10.0.0.5:5000",)), "other:5000", "10.0.0.5") == ALLOWED


def test_a_public_name_of_an_arrived_flow_does_not_open_the_own_network() -> None:
    accepted = Grant(Touches(hosts=("nas:5000", "shop.example:5000")))
    assert at(accepted, "nas:5000", "10.0.0.5") == ALLOWED
    assert at(accepted, "shop.example:5000", "93.184.216.34") == ALLOWED
    assert asked(at(accepted, "shop.example:5000", "10.0.0.5")) == Touches(hosts=("10.0.0.5:5000",))


@pytest.mark.parametrize(
    "grant", [OWN, Grant(Touches(hosts=("x:8080", "127.0.0.1:8080", "169.254.169.254")), own=True)]
)
def test_weft_itself_and_link_local_places_are_never_reached(grant: Grant) -> None:
    for address in ("127.0.0.1", "::1", "0.0.0.0", "127.3.2.1"):
        assert isinstance(gate.address(grant, "x:8080", address, 8080, [8080], "It"), Refused)
    assert isinstance(at(grant, "169.254.169.254", "169.254.169.254"), Refused)
    assert isinstance(gate.host(grant, "metadata.google.internal", "It"), Refused)


def test_programs_settings_are_read_only_where_a_step_names_them() -> None:
    named = Grant(Touches(reads=("~/.ssh/config",)), own=True)
    spell = {"~/.ssh/config": "/h/.ssh/config"}.__getitem__
    assert isinstance(gate.reading(named, "x", "/h/.ssh/config", spell, True, "It"), Allowed)
    assert asked(gate.reading(OWN, "x", "/h/.ssh/config", spell, True, "It")) == Touches(reads=("x",))


def test_code_that_cannot_be_seen_is_asked_about() -> None:
    assert isinstance(gate.code(Grant(TOUCHES), (), "It"), Outside)
