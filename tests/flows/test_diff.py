"""What has changed between two flows, in words; and that nothing that can be edited is ever left out."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.apply import EditRefused, apply
from flows.diff import diff
from flows.diff_words import Words, text_diff
from flows.edits import (
    Add,
    AddFrame,
    AddNote,
    ChangeFrame,
    ChangeNote,
    Configure,
    Connect,
    Describe,
    Edit,
    Join,
    Many,
    Move,
    Pin,
    Remove,
    Rename,
    Replace,
    Set,
)
from flows.model import Body, Flow, Frame, Input, Limits, Note, Retry, Step, Wire, content_hash, walk

LINE = Step(kind="ai.ask", settings={"prompt": "About {{ item }} of {{ shop.name }}"})
FLOW = Flow(
    id="f",
    name="Mugs",
    inputs={"city": Input(label="City")},
    steps={
        "shop": Step(kind="web.get", title="Shop", settings={"url": "https://a.example"}),
        "if": Step(kind="control.if", title="If", settings={"is": "{{ shop.name }}"}),
        "send": Step(kind="mail.send", title="Send", settings={"to": "a@b.example", "text": "Hi {{ shop.name }}"}),
        "merge": Step(kind="control.merge", title="Merge"),
        "each": Step(kind="control.for_each", title="Each", body=Body(steps={"line": LINE}, result="line.text")),
    },
    wires=(Wire.parse("shop -> if"), Wire.parse("if.true -> send")),
    result="shop.name",
    layout={"shop": (0, 0), "if": (200, 0), "send": (400, 0), "each": (0, 200, 400, 200), "each/line": (10, 10)},
)
INTO = Many(edits=(Remove(steps=("send",)), Add(id="send", step=FLOW.steps["send"], at=(5, 5), parent="each")))

OF_WHY = AddNote(id="why", note=Note(text="Why", at=(0, 0, 200, 100)))
OF_BOTH = AddFrame(id="both", frame=Frame(title="Both", steps=("shop", "if")))
SHAPED = apply(apply(FLOW, OF_WHY), OF_BOTH)


def says(*edits: Edit, flow: Flow = FLOW) -> list[str]:
    after = flow
    for edit in edits:
        after = apply(after, edit)
    return Words(diff(flow, after)).sentences()


STORIES: list[tuple[str, tuple[Edit, ...], list[str]]] = [
    ("a retry", (Configure(path="send", retry=Retry(times=3)),), ["Retry 0 → 3 on “Send”"]),
    ("a time limit", (Configure(path="send", timeout=30),), ["Time limit none → 30 on “Send”"]),
    ("on error", (Configure(path="send", on_error="port"),),
     ["When it fails the run stops → its error way is taken on “Send”"]),
    ("switched off", (Configure(path="send", disabled=True),), ["Switched off no → yes on “Send”"]),
    ("a new name", (Configure(path="send", title="Mail"),), ["Name “Send” → “Mail” on “Mail”"]),
    ("a setting", (Set(path="send", settings={"to": "c@d.example"}),),
     ["to “a@b.example” → “c@d.example” on “Send”"]),
    ("a setting that is gone", (Set(path="send", settings={}, unset=("to",)),), ["to “a@b.example” → none on “Send”"]),
    ("a wire", (Connect(wire=Wire.parse("if.true -> merge.value")),), ["New wire If.true → Merge.value"]),
    ("a wire that is gone", (Remove(wires=(("", Wire.parse("shop -> if")),)),), ["Wire Shop → If removed"]),
    ("a step", (Add(id="wait", step=Step(kind="control.wait", title="Wait"), at=(0, 0), parent="each"),),
     ["New step “Wait”"]),
    ("a step that is gone, with its wires", (Remove(steps=("send",)),), ["Step “Send” removed"]),
    ("a container that is gone", (Remove(steps=("each",)),), ["Step “Each” removed", "Step “line” removed"]),
    ("an id, and what refers to it", (Rename(path="shop", id="store"),),
     ["“Shop”: called store in expressions, before shop; references follow"]),
    ("the id of a container", (Rename(path="each", id="all"),),
     ["“Each”: called all in expressions, before each; references follow"]),
    ("two ids at once", (Rename(path="shop", id="store"), Rename(path="each/line", id="row")),
     ["“Shop”: called store in expressions, before shop; references follow",
      "“row”: called row in expressions, before line; references follow"]),
    ("an id and a setting", (Rename(path="send", id="mail"), Set(path="mail", settings={"to": "x"})),
     ["“Send”: called mail in expressions, before send; references follow", "to “a@b.example” → “x” on “Send”"]),
    ("into a container", (INTO,), ["“Send”: moved into “Each”", "Wire If.true → Send removed"]),
    ("an input", (Describe(inputs={"city": Input(label="Town"), "day": Input(type="date")}),),
     ["Label of input “city” “City” → “Town”", "Input “day” is new"]),
    ("the result", (Describe(result="each.results"),), ["Result “shop.name” → “each.results”"]),
    ("a limit", (Describe(limits=Limits(steps=100)),), ["Limit of steps none → 100"]),
    ("the name", (Describe(name="Cups"),), ["Name of the flow “Mugs” → “Cups”"]),
    ("a pin", (Pin(path="shop", outputs={"name": "x"}),), ['Pinned data none → {"name": "x"} on “Shop”']),
    ("only places", (Move(to={"send": (9, 9)}),), ["Only the layout."]),
    ("a note", (AddNote(id="why", note=Note(text="# **Why** so", at=(0, 0, 9, 9))),), ["New note “Why so”"]),
    ("a note written anew", (OF_WHY, ChangeNote(id="why", text="Since\nthen")), ["New note “Since”"]),
    ("a frame", (AddFrame(id="all", frame=Frame(title="Both", steps=("shop", "if"))),), ["New frame “Both”"]),
    ("nothing", (), []),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "said"), [story[1:] for story in STORIES], ids=[story[0] for story in STORIES])
def test_what_has_changed_is_said_in_sentences(edits: tuple[Edit, ...], said: list[str]) -> None:
    assert says(*edits) == said


SHAPES: list[tuple[str, tuple[Edit, ...], list[str]]] = [
    ("text", (ChangeNote(id="why", text="Since\nthen"),), ["Note “Why” → “Since”"]),
    ("colour", (ChangeNote(id="why", color="pink"),), ["Colour of a note amber → pink"]),
    ("its place", (ChangeNote(id="why", at=(5, 5, 300, 100)),), ["Only the layout."]),
    ("no note", (Remove(notes=("why",)),), ["Note “Why” removed"]),
    ("title", (ChangeFrame(id="both", title="Two"),), ["Frame “Both” → “Two”"]),
    ("collapsed", (ChangeFrame(id="both", collapsed=True),), ["A frame collapsed"]),
    ("one more", (Join(steps=("send",), frame="both"),), ["“Send” put into a frame"]),
    ("one less", (Join(steps=("if",)),), ["“If” taken out of a frame"]),
    ("an id", (Rename(path="shop", id="store"),),
     ["“Shop”: called store in expressions, before shop; references follow"]),
    ("a step that is gone", (Remove(steps=("if",)),), ["Step “If” removed"]),
    ("no frame", (Remove(frames=("both",)),), ["Frame “Both” removed"]),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "said"), [story[1:] for story in SHAPES], ids=[story[0] for story in SHAPES])
def test_what_has_changed_of_notes_and_frames_is_said_in_sentences(edits: tuple[Edit, ...], said: list[str]) -> None:
    assert says(*edits, flow=SHAPED) == said


def test_a_step_that_left_a_container_is_the_same_step() -> None:
    inside = apply(FLOW, INTO)
    assert Words(diff(inside, FLOW)).sentences()[0] == "“Send”: moved out of “Each”"


def test_a_renaming_is_seen_at_once_however_many_steps_refer_to_it() -> None:
    after = apply(FLOW, Rename(path="shop", id="store"))
    assert [change.sort for change in diff(FLOW, after).changes] == ["renamed"]
    assert [change.sort for change in diff(after, FLOW).changes] == ["renamed"]


def test_a_long_text_is_told_line_by_line() -> None:
    text = "\n".join(f"line {number}" for number in range(20))
    flow = apply(FLOW, Set(path="send", settings={"text": text}))
    after = apply(flow, Set(path="send", settings={"text": text.replace("line 9", "another")}))
    words = Words(diff(flow, after))
    [change] = words.difference.changes
    assert words.sentence(change) == "text changed on “Send”"
    assert words.lines(change) == [
        ("…", ""), (" ", "line 7"), (" ", "line 8"), ("-", "line 9"), ("+", "another"),
        (" ", "line 10"), (" ", "line 11"), ("…", ""),
    ]  # fmt: skip


def test_a_text_of_any_length_is_compared_at_once() -> None:
    old, new = ("\n".join(f"{word} {number}" for number in range(20_000)) for word in ("old", "new"))
    began = time.perf_counter()
    lines = text_diff(old, new)
    assert time.perf_counter() - began < 1
    assert (lines[0], lines[400], lines[401]) == (("-", "old 0"), ("…", "19,600 more lines"), ("+", "new 0"))


def large(count: int, ids: str = "step") -> Flow:
    steps = {
        f"{ids}_{n}": Step(kind="data.compose", settings={"text": f"{n} {{{{ {ids}_{max(0, n - 1)}.text }}}}"})
        for n in range(count)
    }
    wires = tuple(Wire(source=f"{ids}_{n}", target=f"{ids}_{n + 1}") for n in range(count - 1))
    return Flow(id="f", name="Large", steps=steps, wires=wires, layout={name: (0, 0) for name in steps})


@pytest.mark.parametrize("ids", ["step", "other"])
def test_a_thousand_steps_are_compared_quickly(ids: str) -> None:
    before, after = large(1000), Flow.model_validate_json(large(1000, ids).model_dump_json())
    changed = Many(edits=tuple(Configure(path=f"{ids}_{n}", retry=Retry(times=2)) for n in range(0, 1000, 2)))
    after = apply(after, changed)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        found = diff(before, after)
        took.append(time.perf_counter() - began)
    sorts = [change.sort for change in found.changes]
    assert (sorts.count("changed"), sorts.count("renamed")) == (500, 1000 if ids == "other" else 0)
    assert len(sorts) == (1500 if ids == "other" else 500)
    # 50 ms is the promise; a machine under load is given some more, and so is it where every single id is another.
    assert min(took) < (0.15 if ids == "step" else 1)


PATHS = st.sampled_from(["shop", "if", "send", "merge", "each", "each/line", "each/send"])
IDS = st.sampled_from(["a", "b", "send", "shop", "line"])
WIRES = st.builds(
    Wire,
    source=st.sampled_from(["shop", "if", "send", "a"]),
    target=st.sampled_from(["send", "merge", "each", "b"]),
    source_port=st.sampled_from(["", "true"]),
)
PLACES = st.tuples(st.integers(0, 3), st.integers(0, 3))
STEPS = st.builds(
    Step,
    kind=st.sampled_from(["data.compose", "mail.send"]),
    title=st.sampled_from(["", "Send"]),
    settings=st.dictionaries(st.sampled_from(["to", "text"]), st.sampled_from([1, "{{ shop.name }}", None, "x\ny"])),
    body=st.sampled_from([None, Body(), Body(steps={"inside": LINE})]),
)
SHAPE_IDS = st.sampled_from(["why", "both", "x"])
SIZES = st.sampled_from([(0.0, 0.0, 200.0, 100.0), (8.0, 8.0, 200.0, 100.0)])
SIMPLE: st.SearchStrategy[Edit] = st.one_of(
    st.builds(Add, id=IDS, step=STEPS, at=PLACES, parent=st.sampled_from(["", "each"])),
    st.builds(Remove, steps=st.tuples(PATHS), wires=st.lists(st.tuples(st.just(""), WIRES), max_size=2).map(tuple)),
    st.builds(Set, path=PATHS, settings=STEPS.map(lambda step: step.settings), unset=st.sampled_from([(), ("to",)])),
    st.builds(
        Configure,
        path=PATHS,
        title=st.sampled_from([None, "T"]),
        note=st.sampled_from([None, "n"]),
        on_error=st.sampled_from([None, "continue"]),
        instead=st.sampled_from([None, {"a": 1}]),
        retry=st.sampled_from([None, Retry(times=2, only=("busy",))]),
        timeout=st.sampled_from([None, 3.0]),
        disabled=st.sampled_from([None, True]),
        result=st.sampled_from([None, "line"]),
    ),
    st.builds(Pin, path=PATHS, outputs=st.sampled_from([None, {"text": "x"}])),
    st.builds(Rename, path=PATHS, id=IDS),
    st.builds(Move, to=st.dictionaries(PATHS, PLACES)),
    st.builds(Connect, wire=WIRES, many=st.booleans()),
    st.builds(
        Describe,
        name=st.sampled_from([None, "N"]),
        description=st.sampled_from([None, "d"]),
        inputs=st.sampled_from([None, {}, {"city": Input(), "x": Input(choices=("a",))}]),
        result=st.sampled_from([None, "send"]),
        limits=st.sampled_from([None, Limits(at_once=2)]),
        on_failure=st.sampled_from([None, "g"]),
        resumes_itself=st.sampled_from([None, True]),
    ),
    st.builds(AddNote, id=SHAPE_IDS, note=st.builds(Note, text=st.sampled_from(["", "Hi"]), at=SIZES)),
    st.builds(ChangeNote, id=SHAPE_IDS, text=st.sampled_from([None, "Ho"]), at=st.none() | SIZES),
    st.builds(AddFrame, id=SHAPE_IDS, frame=st.builds(Frame, steps=st.lists(PATHS, max_size=3).map(tuple))),
    st.builds(ChangeFrame, id=SHAPE_IDS, title=st.sampled_from([None, "T"]), collapsed=st.sampled_from([None, True])),
    st.builds(Join, steps=st.lists(PATHS, max_size=2).map(tuple), frame=st.just("") | SHAPE_IDS),
    st.builds(Remove, notes=st.lists(SHAPE_IDS).map(tuple), frames=st.lists(SHAPE_IDS).map(tuple)),
    st.builds(Replace, flow=st.sampled_from([FLOW, large(3), apply(FLOW, INTO)])),
)
SHAPE_EDITS = (AddNote, ChangeNote, AddFrame, ChangeFrame, Join)
EDITS = st.one_of(SIMPLE, st.builds(Many, edits=st.lists(SIMPLE, max_size=3).map(tuple)))


@settings(max_examples=400, deadline=None)
@given(st.lists(EDITS, min_size=1, max_size=6))
def test_every_edit_shows_and_equal_flows_differ_in_nothing(edits: list[Edit]) -> None:
    flow = FLOW
    for edit in edits:
        before = flow
        try:
            flow = apply(before, edit)
        except EditRefused:
            continue
        assert (content_hash(before) == content_hash(flow)) or not isinstance(edit, SHAPE_EDITS)
        read = Flow.model_validate_json(flow.model_dump_json())
        assert not diff(flow, read)
        for old, new in ((before, flow), (flow, before), (FLOW, flow)):
            found = diff(old, new)
            assert bool(found) == (old != new)
            assert set(found.pairing.removed) == {path for path, _ in walk(old)} - found.pairing.later.keys()
            assert len(Words(found).sentences()) == len(found.changes) + found.layout_only
