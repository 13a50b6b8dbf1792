"""The ports that a step has, as its settings are written."""

from __future__ import annotations

from app.engine.remember import once_per_step
from flows.model import Step
from nodes.node import Node
from nodes.ports import Ports


def ports_of(node: type[Node], step: Step) -> Ports:
    """What goes into a step and what comes out of it, its failure and the order-only ports apart."""
    return _of_settings(node, step) if node.spec.varies else node.spec.ports


@once_per_step
def _of_settings(node: type[Node], step: Step) -> Ports:
    try:
        return node.ports(step.settings)
    except Exception:  # noqa: BLE001  settings of any shape come here, and a node from outside may not have thought of all
        return node.spec.ports
