"""A step may have any name that an expression can use, and takes its references with it when it is renamed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.desk.shelf import Shelf
from app.store.database import Database
from flows.apply import EditRefused, apply
from flows.edits import EDIT, Rename
from flows.expressions import WORDS, ExpressionError, parse, rename
from flows.model import Body, Flow, Step
from flows.naming import RESERVED, fresh_id
from flows.pieces import pasted, piece_of
from nodes.catalog import built_in
from nodes.checks import holds_expressions

HOLDS = partial(holds_expressions, built_in())
CODE = 'return "{{ fetch }}".format(fetch=1)'


def flow_of(**steps: Step) -> Flow:
    return Flow(id="f", name="Flow", steps=steps)


@pytest.mark.parametrize("word", ["elif", "endif", "endfor", "recursive", "range", "True", "False", "None", "item"])
def test_a_step_cannot_have_a_name_that_means_something_in_expressions(word: str) -> None:
    flow = flow_of(fetch=Step(kind="web.get"))
    with pytest.raises(EditRefused, match=f"`{word}` has a meaning of its own in expressions"):
        apply(flow, Rename(path="fetch", id=word))
    assert fresh_id(flow, word) not in RESERVED


def test_every_word_a_reference_cannot_be_renamed_to_is_reserved() -> None:
    def refused(word: str) -> bool:
        try:
            return parse(rename("{{ old }}", "old", word)).roots != {word}
        except ExpressionError:
            return True

    assert {word for word in WORDS | RESERVED if refused(word)} == WORDS <= RESERVED


def test_a_renamed_step_takes_its_references_along_and_leaves_code_alone() -> None:
    flow = flow_of(
        fetch=Step(kind="web.get", settings={"url": "https://example.com"}),
        sum=Step(kind="code.python", settings={"code": CODE}),
        each=Step(
            kind="control.for_each",
            body=Body(steps={"say": Step(kind="data.text", settings={"text": "{{ fetch.body }}"})}),
        ),
        far=Step(kind="somebody.else", settings={"what": "{{ fetch.body }}"}),
    )
    after = apply(flow, Rename(path="fetch", id="load"), HOLDS)
    each = after.steps["each"]
    assert each.body is not None
    assert after.steps["sum"].settings == {"code": CODE}
    assert each.body.steps["say"].settings == {"text": "{{ load.body }}"}
    assert after.steps["far"].settings == {"what": "{{ load.body }}"}


def test_a_copy_refers_to_the_copies_inside_it_and_leaves_code_alone() -> None:
    inside = {
        "fetch": Step(kind="web.get"),
        "sum": Step(kind="code.python", settings={"code": CODE}),
        "say": Step(kind="data.text", settings={"text": "{{ fetch.body }}"}),
    }
    each = Step(kind="control.for_each", body=Body(steps=inside))
    flow = flow_of(each=each)
    copy = pasted(piece_of(flow, ["each"]), flow, None, holds=HOLDS).steps["each_2"]
    assert copy.body is not None
    assert list(copy.body.steps) == ["fetch_2", "sum_2", "say_2"]
    assert copy.body.steps["sum_2"].settings == {"code": CODE}
    assert copy.body.steps["say_2"].settings == {"text": "{{ fetch_2.body }}"}


async def test_renaming_in_the_editor_leaves_code_alone(tmp_path: Path) -> None:
    database = Database(tmp_path / "weft.db")
    await database.open()
    shelf = Shelf(database, built_in())
    opened = await shelf.open((await shelf.new()).id)
    for name, kind, settings in (("fetch", "web.get", {}), ("sum", "code.python", {"code": CODE})):
        step = {"kind": kind, "settings": settings}
        await opened.edit(EDIT.validate_python({"do": "add", "id": name, "step": step, "at": (0, 0)}))
    await opened.edit(Rename(path="fetch", id="load"))
    assert {name: step.settings for name, step in opened.flow.steps.items()} == {"load": {}, "sum": {"code": CODE}}
    await database.close()


@pytest.mark.parametrize("place", [(float("nan"), 0.0), (0.0, float("inf")), (0.0, 0.0, float("-inf"), 1.0)])
def test_a_step_lies_at_a_finite_place(place: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError):
        EDIT.validate_python({"do": "move", "to": {"fetch": place}})
    with pytest.raises(ValidationError):
        EDIT.validate_python({"do": "add", "id": "fetch", "step": {"kind": "web.get"}, "at": place})
    with pytest.raises(ValidationError):
        Flow.model_validate({"id": "f", "name": "Flow", "layout": {"fetch": place}})
