"""What a step can do: the contract, the catalogue, and one file per node."""

from pydantic import Field
from pydantic import JsonValue as Json

from nodes.context import Answer, Context, Question, Reply
from nodes.node import Node
from nodes.settings import (
    Code,
    ConnectionName,
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
from nodes.values import DECIDED_AT_RUN_TIME, Effect, File, FileMissing, Need, NodeError, StopRun, Touches

__all__ = [
    "DECIDED_AT_RUN_TIME",
    "Answer",
    "Code",
    "ConnectionName",
    "Context",
    "Effect",
    "Field",
    "File",
    "FileMissing",
    "Json",
    "Locator",
    "LongText",
    "Need",
    "Node",
    "NodeError",
    "Path",
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
