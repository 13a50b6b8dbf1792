"""What a step can do: the contract, the catalogue, and one file per node."""

from pydantic import Field
from pydantic import JsonValue as Json

from nodes.context import Answer, Context, Question, Reply
from nodes.node import Node
from nodes.ports import Many, Port, Ports
from nodes.settings import (
    Code,
    Condition,
    ConnectionName,
    FlowName,
    Later,
    Locator,
    LongText,
    Path,
    Schema,
    SecretName,
    Text,
    Url,
    host_of,
    path_of,
)
from nodes.values import (
    DECIDED_AT_RUN_TIME,
    Effect,
    File,
    FileMissing,
    InsideFailed,
    Need,
    NodeError,
    StopRun,
    Touches,
)

__all__ = [
    "DECIDED_AT_RUN_TIME",
    "Answer",
    "Code",
    "Condition",
    "ConnectionName",
    "Context",
    "Effect",
    "Field",
    "File",
    "FileMissing",
    "FlowName",
    "InsideFailed",
    "Json",
    "Later",
    "Locator",
    "LongText",
    "Many",
    "Need",
    "Node",
    "NodeError",
    "Path",
    "Port",
    "Ports",
    "Question",
    "Reply",
    "Schema",
    "SecretName",
    "StopRun",
    "Text",
    "Touches",
    "Url",
    "host_of",
    "path_of",
]
