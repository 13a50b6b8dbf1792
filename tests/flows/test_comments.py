"""Comments on steps: they travel with the flow, are told in differences, and change nothing of what it does."""

from __future__ import annotations

import pytest

from app.engine.fingerprint import traced
from flows.apply import EditRefused, apply
from flows.comments import all_comments
from flows.diff import diff
from flows.diff_words import Words
from flows.edits import AddComment, Edit, Remove, RemoveComment, Rename, ResolveComment
from flows.model import Body, Comment, Flow, Step, content_hash
from flows.pieces import pasted, piece_of
from flows.text import read_flow, write_flow
from nodes.catalog import built_in

LINE = Step(kind="data.compose", title="Line", settings={"text": "{{ item }}"})
FLOW = Flow(
    id="f",
    name="F",
    steps={
        "each": Step(kind="control.for_each", title="Each", settings={"items": [1]}, body=Body(steps={"line": LINE}))
    },
)
IN_FILE = """
          comments:
            c1:
              text: |-
                Why this?
                And why now?
              who: ann
"""
WHY = Comment(text="Why this?\nAnd why now?", who="ann", at="2026-11-20T08:30:00Z")


def after(*edits: Edit) -> Flow:
    flow = FLOW
    for edit in edits:
        flow = apply(flow, edit)
    return flow


SAID = AddComment(path="each/line", id="c1", comment=WHY)


def test_comments_travel_in_the_flow_file_and_a_file_without_any_is_as_it_was() -> None:
    flow = after(SAID, AddComment(path="each", id="c2", comment=WHY.model_copy(update={"resolved": True})))
    text = write_flow(flow)
    assert read_flow(text.encode()).flow == flow
    assert IN_FILE in text
    assert "comments" not in write_flow(FLOW)


def test_comments_follow_their_step_and_a_copy_has_none() -> None:
    flow = after(SAID, Rename(path="each/line", id="row"))
    assert [(path, id, each.text) for path, id, each in all_comments(flow)] == [("each/row", "c1", WHY.text)]
    copy = pasted(piece_of(flow, ["each"]), flow, None)
    assert list(all_comments(apply(flow, copy))) == list(all_comments(flow))
    assert list(all_comments(apply(flow, Remove(steps=("each/row",))))) == []


def test_comments_are_no_part_of_what_a_flow_does() -> None:
    assert content_hash(after(SAID)) == content_hash(FLOW)
    prints = [{path: each.print for path, each in traced(flow, built_in()).items()} for flow in (FLOW, after(SAID))]
    assert prints[0] == prints[1]


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ((SAID,), "New comment “Why this? And why now?” on “Line”"),
        ((SAID, ResolveComment(path="each/line", id="c1")), "Comment “Why this? And why now?” resolved on “Line”"),
        ((SAID, RemoveComment(path="each/line", id="c1")), "Comment “Why this? And why now?” removed on “Line”"),
    ],
    ids=["new", "resolved", "removed"],
)
def test_comments_are_told_in_a_difference(edits: tuple[Edit, ...], words: str) -> None:
    before = after(*edits[:-1])
    assert Words(diff(before, after(*edits))).sentences() == [words]


def test_a_comment_that_another_window_has_deleted_cannot_be_resolved() -> None:
    with pytest.raises(EditRefused, match="not there any more"):
        after(SAID, RemoveComment(path="each/line", id="c1"), ResolveComment(path="each/line", id="c1"))
