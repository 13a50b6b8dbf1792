"""Two versions of a flow in one picture: nothing of either is missing, and nothing stands on something else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.ui.versions.together import together
from flows.apply import EditRefused, apply
from flows.diff import diff
from flows.edits import Edit, Many, Remove, Rename
from flows.model import Flow, Wire, walk
from tests.flows.test_diff import EDITS, FLOW, INTO


def drawn(before: Flow, after: Flow) -> tuple[dict[str, str], dict[str, str]]:
    made = together(before, after, diff(before, after))
    assert {path for path, _ in walk(made.flow)} >= made.steps.keys()
    return dict(made.steps), dict(made.wires)


def test_a_removed_step_is_drawn_where_it_was_with_its_wires() -> None:
    after = apply(FLOW, Remove(steps=("send",)))
    assert drawn(FLOW, after) == ({"send": "removed"}, {":if.true -> send": "removed"})
    made = together(FLOW, after, diff(FLOW, after))
    assert (made.flow.layout["send"], Wire.parse("if.true -> send") in made.flow.wires) == ((400, 0), True)
    assert drawn(after, FLOW) == ({"send": "added"}, {":if.true -> send": "added"})


def test_what_left_a_container_that_is_gone_is_drawn_once() -> None:
    inside = apply(FLOW, INTO)
    after = apply(FLOW, Remove(steps=("each",)))
    steps, _ = drawn(inside, after)
    assert steps == {"send": "moved", "each": "removed", "each/line": "removed"}


def test_a_renamed_container_and_a_renamed_step_in_it_are_told_as_changed() -> None:
    after = apply(FLOW, Many(edits=(Rename(path="each/line", id="row"), Rename(path="each", id="all"))))
    assert drawn(FLOW, after)[0] == {"all": "changed", "all/row": "changed"}


@settings(max_examples=150, deadline=None)
@given(st.lists(EDITS, min_size=1, max_size=5))
def test_whatever_was_edited_both_versions_are_in_the_picture(edits: list[Edit]) -> None:
    after = FLOW
    for edit in edits:
        try:
            after = apply(after, edit)
        except EditRefused:
            continue
    for old, new in ((FLOW, after), (after, FLOW)):
        found = diff(old, new)
        made = together(old, new, found)
        paths = {path for path, _ in walk(made.flow)}
        assert len(paths) == len(found.pairing.after) + len(found.pairing.removed)
        assert paths >= found.pairing.after.keys()
        assert paths >= made.steps.keys()
        assert set(found.pairing.removed) == made.lost.keys()
