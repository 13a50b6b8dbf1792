"""A flow as text: read back it is the same flow, and the text of a flow is always the same."""

from __future__ import annotations

import time
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue as Json

from flows.model import Body, Colour, Flow, Frame, Input, Limits, Note, Retry, Step, Trouble, Wire
from flows.text import FlowFileError, read_flow, write_flow

MORNING = """\
format: 1
id: 0d6f3c1e-6f0e-4c57-9d0b-3f3a5f3f9f10
name: Morning prices
description: Mugs over a price, one line each.
inputs:
  at_least: {type: number, label: Price from, default: 20}
steps:
  open:
    kind: browser.open
    settings:
      url: "{{ inputs.shop }}"
  shelf:
    kind: browser.read_table
    settings:
      target: get_by_role("table", name="Mugs")
  each:
    kind: control.for_each
    settings:
      at_once: 4
    body:
      steps:
        line:
          kind: ai.ask
          settings:
            prompt: |
              One line about {{ item.name }}, {{ item.price }}.
      result: line.text
wires:
  - open -> shelf
  - shelf.rows -> each.items
layout:
  open: [0, 0]
  shelf: [240, 0]
  each: [480, 0, 420, 220]
"""


def test_the_text_of_a_flow_says_what_the_flow_is() -> None:
    assert read_flow(MORNING.encode()).flow == Flow(
        id="0d6f3c1e-6f0e-4c57-9d0b-3f3a5f3f9f10",
        name="Morning prices",
        description="Mugs over a price, one line each.",
        inputs={"at_least": Input(type="number", label="Price from", default=20)},
        steps={
            "open": Step(kind="browser.open", settings={"url": "{{ inputs.shop }}"}),
            "shelf": Step(kind="browser.read_table", settings={"target": 'get_by_role("table", name="Mugs")'}),
            "each": Step(
                kind="control.for_each",
                settings={"at_once": 4},
                body=Body(
                    steps={
                        "line": Step(
                            kind="ai.ask", settings={"prompt": "One line about {{ item.name }}, {{ item.price }}.\n"}
                        )
                    },
                    result="line.text",
                ),
            ),
        },
        wires=(Wire(source="open", target="shelf"), Wire.parse("shelf.rows -> each.items")),
        layout={"open": (0, 0), "shelf": (240, 0), "each": (480, 0, 420, 220)},
    )


def test_reading_and_writing_changes_no_letter() -> None:
    assert write_flow(read_flow(MORNING.encode()).flow) == MORNING


def test_everything_a_step_can_have_is_written_once_and_only_if_it_was_changed() -> None:
    step = Step(
        kind="data.compose",
        version=3,
        title="Say: hello",
        settings={
            "text": "a\n\n b\n",
            "rows": [{"a": [1, 2.0], "b": None}, []],
            "yes": "yes",
            "key: x": {},
            "w": "'\"'",
        },
        on_error="port",
        retry=Retry(times=2, wait=0.5),
        timeout=30,
        disabled=True,
        pinned={"text": "2026-05-04", "n": "12"},
        note="First line\nsecond",
        body=Body(),
    )
    flow = Flow(id="a", name="x", steps={"only": step}, result="only.text", extra={"made_by": ["me", True]})
    assert write_flow(flow) == (
        """\
format: 1
id: a
name: x
steps:
  only:
    kind: data.compose
    version: 3
    title: "Say: hello"
    note: |-
      First line
      second
    settings:
      text: |
        a

         b
      rows:
        - a:
            - 1
            - 2.0
          b: null
        - []
      "yes": "yes"
      "key: x": {}
      w: "'\\"'"
    on_error: port
    retry: {times: 2, wait: 0.5}
    timeout: 30
    disabled: true
    pinned:
      text: "2026-05-04"
      "n": "12"
    body: {}
result: only.text
made_by:
  - me
  - true
"""
    )
    assert read_flow(write_flow(flow).encode()).flow == flow


def test_limits_and_what_follows_a_failure_are_written_in_a_readable_way_and_come_back() -> None:
    step = Step(
        kind="web.get",
        on_error="continue",
        instead={"text": "no answer", "rows": []},
        retry=Retry(times=3, backoff=1, only=("unreachable", "busy")),
    )
    limits = Limits(seconds=1800, money=2.5, tokens_a_day=1_000_000, at_once=1, when_full="skip")
    flow = Flow(id="a", name="x", limits=limits, on_failure="tell-me", resumes_itself=True, steps={"only": step})
    assert write_flow(flow) == (
        """\
format: 1
id: a
name: x
limits:
  seconds: 1800
  money: 2.5
  tokens_a_day: 1000000
  at_once: 1
  when_full: skip
on_failure: tell-me
resumes_itself: true
steps:
  only:
    kind: web.get
    on_error: continue
    instead:
      text: no answer
      rows: []
    retry: {times: 3, backoff: 1, only: [unreachable, busy]}
"""
    )
    assert read_flow(write_flow(flow).encode()).flow == flow


def test_notes_and_frames_stand_before_the_layout_and_come_back() -> None:
    flow = Flow(
        id="a",
        name="x",
        steps={"open": Step(kind="t"), "shelf": Step(kind="t")},
        notes={
            "why": Note(text="# Why\n\nFor *you*.", at=(0, -200, 240, 120)),
            "short": Note(text="Look", color="pink", at=(9.5, 0, 200, 80)),
        },
        frames={"prices": Frame(title="Prices: all", steps=("open", "shelf"), collapsed=True), "two": Frame()},
        layout={"open": (0, 0)},
    )
    assert write_flow(flow) == (
        """\
format: 1
id: a
name: x
steps:
  open:
    kind: t
  shelf:
    kind: t
notes:
  why:
    at: [0, -200, 240, 120]
    text: |-
      # Why

      For *you*.
  short:
    at: [9.5, 0, 200, 80]
    color: pink
    text: Look
frames:
  prices:
    title: "Prices: all"
    collapsed: true
    steps: [open, shelf]
  two: {}
layout:
  open: [0, 0]
"""
    )
    assert read_flow(write_flow(flow).encode()).flow == flow


def test_a_flow_without_notes_and_frames_is_kept_as_it_was_before_there_were_any() -> None:
    flow = read_flow(MORNING.encode()).flow
    assert "notes" not in flow.model_dump_json()
    assert "frames" not in flow.model_dump_json()


letters = st.characters(exclude_categories=["Cs"])
troublesome = st.sampled_from(" \n\t\r:#-{}[]'\"|>&*!%@`\\a\x85\u2028\ufeff\x00,?~=<0.1y")
taken = st.sampled_from(
    ["yes", "no", "null", "~", "1", "1.0", "007", "0x1F", "1e3", ".inf", "-", "---", "...", "? a", "a: b", "a #b", "<<",
     "=", "2026-05-04", "12:30", "a\n", "\na", "a\n\n", "  a\n b", "\ta\nb", " \n a", "a\n  ", "k" * 1100, "{{ a }}",
     "n"]
)  # fmt: skip
text = st.text(letters) | st.text(troublesome) | taken
number = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
json: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | number | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
name = st.text(st.sampled_from("abcxyzXYZ_"), min_size=1, max_size=5).map(lambda text: f"s_{text}")
line = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=40).map(str.strip)
values = st.dictionaries(text, json, max_size=4)
wire = st.builds(Wire, source=name, target=name, source_port=st.just("") | name, target_port=st.just("") | name)


def _bodies(step: st.SearchStrategy[Step]) -> dict[str, st.SearchStrategy[object]]:
    return {
        "steps": st.dictionaries(name, step, max_size=3),
        "wires": st.lists(wire, max_size=3, unique=True).map(tuple),
        "result": text,
    }


def _step(body: st.SearchStrategy[Body | None]) -> st.SearchStrategy[Step]:
    return st.builds(
        Step,
        kind=text.map(lambda each: each[:200]),
        version=st.integers(1, 99),
        title=line,
        settings=values,
        on_error=st.sampled_from(["stop", "continue", "port"]),
        instead=st.none() | values,
        retry=st.builds(
            Retry,
            times=st.integers(0, 20),
            wait=st.floats(0, 3600),
            backoff=st.floats(1, 10),
            only=st.lists(st.sampled_from(get_args(Trouble)), unique=True).map(tuple),
        ),
        timeout=st.none() | st.floats(1, 86_400),
        disabled=st.booleans(),
        pinned=st.none() | values,
        note=text,
        body=body,
    )


step = st.recursive(_step(st.none()), lambda inner: _step(st.none() | st.builds(Body, **_bodies(inner))), max_leaves=3)
declared = st.builds(
    Input,
    type=st.sampled_from(["text", "number", "choice"]),
    label=line,
    help=text,
    default=json,
    choices=st.lists(text, max_size=3).map(tuple),
    required=st.booleans(),
)
limits = st.builds(
    Limits,
    seconds=st.none() | st.floats(0.1, 2_592_000),
    steps=st.none() | st.integers(1, 10**8),
    tokens=st.none() | st.integers(1, 10**12),
    money=st.none() | st.floats(0.001, 1e9),
    tokens_a_day=st.none() | st.integers(1, 10**12),
    money_a_day=st.none() | st.floats(0.001, 1e9),
    at_once=st.integers(1, 50),
    when_full=st.sampled_from(["queue", "skip"]),
)
place = st.floats(-1e6, 1e6)
colour = st.sampled_from(get_args(Colour))
note = st.builds(Note, text=text, color=colour, at=st.tuples(place, place, place, place))
frame = st.builds(Frame, title=line, color=colour, steps=st.lists(text, max_size=3).map(tuple), collapsed=st.booleans())
flow = st.builds(
    Flow,
    id=st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    name=line.map(lambda each: each or "x"),
    description=text,
    inputs=st.dictionaries(name, declared, max_size=2),
    limits=limits,
    on_failure=st.from_regex(r"[A-Za-z0-9_-]{0,64}", fullmatch=True),
    resumes_itself=st.booleans(),
    layout=st.dictionaries(text, st.tuples(place, place) | st.tuples(place, place, place, place), max_size=3),
    notes=st.dictionaries(name, note, max_size=2),
    frames=st.dictionaries(name, frame, max_size=2),
    extra=values.map(lambda extra: {f"x {key}": value for key, value in extra.items()}),
    **_bodies(step),
)
calm = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


@calm
@given(flow)
def test_any_flow_comes_back_as_it_was(flow: Flow) -> None:
    written = write_flow(flow)
    assert read_flow(written.encode()).flow == flow
    assert write_flow(read_flow(written.encode()).flow) == written


@calm
@given(st.data())
def test_a_damaged_file_is_a_flow_or_gets_a_sentence(data: st.DataObject) -> None:
    content = bytearray(MORNING.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    began = time.perf_counter()
    try:
        outcome = str(read_flow(bytes(content)).flow)
    except FlowFileError as error:
        outcome = str(error)
    assert outcome
    assert time.perf_counter() - began < 2
