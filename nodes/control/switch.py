"""The Switch node."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from nodes import Condition, Context, Effect, Field, Json, Node, Port, Ports
from nodes.control.if_ import holds

DEFAULT = "default"
LONGEST_NAME = 40


class Case(BaseModel):
    """One way out, and when it is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("", max_length=100, description="What the way is called.")
    when: Condition = Field("", description="An expression such as {{ order.total > 100 }}.")


class Switch(
    Node,
    kind="control.switch",
    icon="alt_route",
    words=("case", "branch", "route", "condition", "match", "decide"),
    effect=Effect.NONE,
    sentence="{cases}",
):
    """Go the way of the case that is true, and the way “default” where none is."""

    cases: list[Case] = Field(
        min_length=1,
        description="The ways out, looked at from above. What counts as true is the same as for If.",
        json_schema_extra={"widget": "records", "later": True},
    )
    take: Literal["first_match", "every_match"] = Field(
        "first_match", description="Where several cases are true: go the way of the first one, or all their ways."
    )

    @classmethod
    def ports(cls, settings: Mapping[str, Json]) -> Ports:
        cases = settings.get("cases")
        titles = [str(case.get("name") or "") if isinstance(case, dict) else "" for case in _list(cases)]
        ways = tuple(Port(name, "any", title=title) for name, title in zip(names_of(titles), titles, strict=True))
        return Ports(cls.spec.inputs, (*ways, Port(DEFAULT, "any")))

    async def run(self, ctx: Context, value: Json = None) -> dict[str, Json]:
        taken: dict[str, Json] = {}
        for number, name in enumerate(names_of(case.name for case in self.cases)):
            if holds(ctx.work_out(f"cases.{number}.when", {})):
                taken[name] = value if value is not None else self.cases[number].name
                if self.take == "first_match":
                    break
        return taken or {DEFAULT: value if value is not None else DEFAULT}


def names_of(titles: Iterable[str]) -> list[str]:
    """A port name for each case, made from the words it is called by: `Too big!` is `too_big`."""
    found: list[str] = []
    for number, title in enumerate(titles, 1):
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        wish = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_NAME] or f"case_{number}"
        wish = wish if wish[0].isalpha() else f"case_{wish}"
        name, more = wish, 1
        while name in found or name in (DEFAULT, "error"):
            more += 1
            name = f"{wish}_{more}"
        found.append(name)
    return found


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
