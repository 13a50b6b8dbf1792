"""The Run flow node."""

from collections.abc import Mapping

from nodes import Context, Effect, Field, FlowName, Json, Node, NodeError


class RunFlow(
    Node,
    kind="control.run_flow",
    icon="account_tree",
    words=("subflow", "call", "workflow", "reuse", "part", "function"),
    effect=Effect.NONE,
):
    """Run another flow as a step of this one, and go on with its result.

    Its steps are part of this run: they are in its history, go on after an interruption and share its browser. A Stop
    in it ends the whole run. A flow that came from elsewhere runs here once it was reviewed.
    """

    flow: FlowName = Field(min_length=1, description="Which flow.")
    inputs: dict[str, Json] = Field(
        default_factory=dict,
        description="A value for each of its inputs; those left out have the value it gives them.",
        json_schema_extra={"widget": "flow_inputs"},
    )

    @classmethod
    def calls(cls, settings: Mapping[str, Json]) -> str:
        flow = settings.get("flow")
        return flow if isinstance(flow, str) else ""

    async def run(self, ctx: Context) -> Json:
        try:
            return await ctx.run_flow(self.inputs)
        except NodeError as error:
            raise NodeError(error.what, hint=error.hint) from error
