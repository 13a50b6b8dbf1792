"""What the help for a step says is what its class says, and every kind that comes with Weft has an example."""

from __future__ import annotations

import pytest

from app.desk.examples import example_of
from app.ui.help.about import about
from app.ui.help.failures import Failure
from flows.model import walk
from nodes.catalog import built_in

KINDS = sorted(built_in().kinds)


@pytest.mark.parametrize("kind", KINDS)
def test_the_help_has_every_setting_and_port_and_an_example_with_the_step_in_it(kind: str) -> None:
    node = built_in().kinds[kind]
    found = about(node)
    assert found.summary == node.spec.summary
    assert [each.name for each in found.settings] == list(node.model_fields)
    assert all(each.help for each in found.settings)
    assert len(found.gives) == len(node.ports({}).outputs)
    assert all(each.what.strip("… ") for each in found.failures)
    example = example_of(kind)
    assert example is not None
    assert kind in {step.kind for _, step in walk(example)}


def test_the_help_says_between_what_a_setting_has_to_be() -> None:
    settings = {each.name: each for each in about(built_in().kinds["control.for_each"]).settings}
    assert settings["at_once"].limits == "From 1 to 50."
    assert settings["on_item_error"].limits == "One of: stop, skip, collect."
    seconds = {each.name: each for each in about(built_in().kinds["web.get"]).settings}
    assert seconds["time_limit"].limits == "More than 0, up to 600."


def test_the_help_says_what_a_step_may_fail_with_and_what_to_do_then() -> None:
    failures = about(built_in().kinds["code.python"]).failures
    hint = "Look for a loop without an end, or raise the time limit."
    assert Failure("The code took longer than [Time limit] s and was ended.", hint) in failures


def test_a_kind_of_somebody_elses_has_no_example() -> None:
    assert example_of("mine.knit") is None
