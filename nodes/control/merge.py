"""The Merge node."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AfterValidator, TypeAdapter, ValidationInfo

from nodes import Context, Effect, Field, Json, Many, Node, Port, Ports, Text
from nodes.control._join import join
from nodes.settings import only_for

LISTS: TypeAdapter[list[Json]] = TypeAdapter(list[Json])


def named_for_join(key: str, info: ValidationInfo) -> str:
    """The key. ValueError with a sentence where a join has none."""
    if not key.strip() and info.data.get("how") == "join":
        raise ValueError("Key is missing: a join needs the field by which records belong together.")
    return key


class Merge(
    Node,
    kind="control.merge",
    icon="call_merge",
    words=("join", "combine", "wait", "together", "union", "first"),
    effect=Effect.NONE,
    sentence="{how} {key}",
):
    """Bring several ways together: go on with the first value, with all of them, or with lists joined by a field.

    With `first` it goes on once; steps on the other ways are not stopped, what they give later is not used here.
    With `all` it waits for every way that can still be taken, and gives a list of the values that came. With `join`
    it needs a list on every wire, and one list of records comes out.
    """

    how: Literal["first", "all", "join"] = Field(
        "all",
        description="Go on with the value that comes first, while steps on the other ways go on too; wait for all ways "
        "that can still be taken and give the values that came as a list; or join lists of records.",
    )
    key: Annotated[Text, AfterValidator(named_for_join), only_for("how", "join")] = Field(
        "",
        max_length=200,
        validate_default=True,
        description="For join: the field by which records belong together. 1 and “1” are the same.",
    )
    other_key: Annotated[Text, only_for("how", "join")] = Field(
        "", max_length=200, description="For join: what that field is called in the other lists, if not the same."
    )
    keep: Annotated[Literal["matching", "first_list", "everything"], only_for("how", "join")] = Field(
        "matching",
        description="For join: keep records that are in every list (inner), all of the list on the first wire (left), "
        "or all of every list (outer). A field that is there already comes from the second list as “price_2”.",
    )

    @classmethod
    def ports(cls, settings: Mapping[str, Json]) -> Ports:
        how = settings.get("how")
        (ways,) = cls.spec.inputs
        match how:
            case "first":
                return Ports((replace(ways, many="first"),), (Port("value", "any", required=True),))
            case "join":
                lists = replace(ways, kind="list", many="every", check=LISTS)
                return Ports((lists,), (Port("value", "list", required=True),))
            case _:
                return Ports((ways,), (Port("value", "list", required=True),))

    async def run(self, ctx: Context, ways: Many[Json]) -> Json:
        match self.how:
            case "first":
                return ways[0]
            case "join":
                return join(ways, self.key, self.other_key or self.key, self.keep)
            case _:
                return ways
