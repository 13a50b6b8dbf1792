"""Ports that a node from outside makes of its settings: what it forgets is no crash."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import JsonValue as Json

from app.engine.ports import ports_of
from flows.model import Step
from nodes import Context, Effect, Many, Node, Ports
from nodes.catalog import from_folder


class Careless(Node, kind="test.careless", effect=Effect.NONE):
    """Thinks of one shape of its settings only."""

    names: list[str]

    @classmethod
    def ports(cls, settings: Mapping[str, Json]) -> Ports:
        names = settings["names"]
        assert isinstance(names, list)
        return Ports(cls.spec.inputs, cls.spec.outputs * len(names))

    async def run(self, ctx: Context) -> str:
        return ""


class Gathers(Node, kind="test.gathers", effect=Effect.NONE):
    """Takes numbers on many wires, and may do without texts."""

    async def run(self, ctx: Context, numbers: Many[int], texts: Many[str] = []) -> int:  # noqa: B006  never changed
        return sum(numbers)


def test_where_its_ports_cannot_be_made_a_step_has_those_of_its_kind() -> None:
    assert len(ports_of(Careless, Step(kind="test.careless", settings={"names": ["a", "b"]})).outputs) == 2
    for settings in ({}, {"names": 3}):
        assert ports_of(Careless, Step(kind="test.careless", settings=settings)) == Careless.spec.ports


def test_a_parameter_for_many_wires_says_what_each_of_them_carries() -> None:
    assert [(port.name, port.kind, port.many, port.required) for port in Gathers.spec.inputs] == [
        ("numbers", "number", "arrived", True),
        ("texts", "text", "arrived", False),
    ]


@pytest.mark.filterwarnings("ignore:Field name")
@pytest.mark.parametrize("name", ["ports", "calls", "forgives", "touches"])
def test_a_setting_that_hides_what_every_node_has_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "bad.py").write_text(
        f'from nodes import Node\n\nclass Bad(Node, kind="x.{name}"):\n    """Bad."""\n\n    {name}: int = 3\n\n'
        "    async def run(self, ctx: object) -> int:\n        return 1\n"
    )
    (broken,) = from_folder(tmp_path).broken
    assert f"A setting of `Bad` cannot be called `{name}`" in broken.message
