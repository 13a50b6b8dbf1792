"""Files of other tools, known by their shape."""

from __future__ import annotations

from pydantic import JsonValue as Json


def made_by(value: Json) -> str | None:
    """The tool that a file comes from, if it is a flow of another one."""
    match value:
        case {"nodes": list(), "connections": dict()}:
            return "n8n"
        case [{"type": str(), "id": str()}, *_] | [{"type": "tab"}, *_]:
            return "Node-RED"
        case {"drawflow": _, **_rest}:
            return "Automa"
        case {"last_node_id": _, "links": _}:
            return "ComfyUI"
        case {"kind": "app", "workflow": dict()} | {"app": dict(), "workflow": dict()}:
            return "Dify"
        case {"data": {"nodes": list(), "edges": list()}} | {"nodes": list(), "edges": list()}:
            return "Langflow or Flowise"
        case {"workflow_definition": _} | {"workflow_permanent_id": _}:
            return "Skyvern"
        case {"zap": _} | {"zaps": _}:
            return "Zapier"
        case {"trigger": {"type": str()}, "displayName": str()} | {"template": {"trigger": dict()}}:
            return "Activepieces"
        case {"summary": _, "value": {"modules": list()}}:
            return "Windmill"
        case _:
            return None
