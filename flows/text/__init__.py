"""Flows as `.flow.yaml` text: strict to read, always the same to write."""

from flows.text.errors import FlowFileError
from flows.text.piece import read_piece, write_piece
from flows.text.read import FlowFile, read_flow
from flows.text.write import write_flow

__all__ = ["FlowFile", "FlowFileError", "read_flow", "read_piece", "write_flow", "write_piece"]
