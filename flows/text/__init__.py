"""Flows as `.flow.yaml` text: strict to read, always the same to write."""

from flows.text.errors import FlowFileError
from flows.text.read import FlowFile, read_flow
from flows.text.write import write_flow

__all__ = ["FlowFile", "FlowFileError", "read_flow", "write_flow"]
