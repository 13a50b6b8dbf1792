"""Types for settings, so that a form knows what to draw and the gate knows what is meant."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic import JsonValue as Json

from nodes.targets import check_target
from nodes.values import DECIDED_AT_RUN_TIME


def widget(name: str, **more: Any) -> Any:
    """Marks a setting for the form builder."""
    return Field(json_schema_extra={"widget": name, **more})


def only_for(setting: str, *values: str) -> Any:
    """Marks a setting that counts only while another one has one of these values; a form hides it otherwise."""
    return Field(json_schema_extra={"only_for": {setting: list(values)}})


Text = Annotated[str, BeforeValidator(lambda value: written_out(value))]
"""A line of text; a value that an expression gives is written out as it would be inside other text."""

LongText = Annotated[str, BeforeValidator(lambda value: written_out(value)), widget("long_text")]
"""Several lines of text; a value that an expression gives is written out as it would be inside other text."""

Condition = Annotated[Json, AfterValidator(lambda value: check_condition(value))]
"""What has to be true: an expression, yes or no; text that only looks like an expression is refused."""

Later = Annotated[Json, AfterValidator(lambda value: check_condition(value)), widget("later", later=True)]
"""An expression that is not filled in when the step starts: `ctx.work_out` does it, as often as the step wants."""

FlowName = Annotated[str, Field(max_length=64), widget("flow")]
"""The id of another flow; no expression is allowed in it."""

Code = Annotated[str, widget("code", language="python")]
"""Source text of a program; `{{ }}` in it is left alone."""

Locator = Annotated[str, AfterValidator(check_target), widget("target")]
"""What to act on in a page: `get_by_role("button", name="Save")` or a CSS selector."""

SecretName = Annotated[str, Field(max_length=100), widget("secret")]
"""The name of a key on the Keys page, never its value; no expression is allowed in it."""

ConnectionName = Annotated[str, widget("connection")]
"""The name of a model connection on the Keys page; empty means the first."""

Path = Annotated[str, widget("path")]
"""A file; a relative one lies in Weft's own files folder."""

Url = Annotated[str, AfterValidator(lambda url: check_url(url)), widget("url")]
"""A web address, http or https."""

Schema = Annotated[dict[str, Any] | None, widget("json")]
"""A JSON schema."""


def check_condition(value: Json) -> Json:
    """The condition. ValueError with a sentence where it was written outside of the braces, and so is only a text."""
    text = value.strip() if isinstance(value, str) else ""
    if text and "{{" not in text and "{%" not in text and text.lower() not in ("true", "false", "yes", "no", "0", "1"):
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        raise ValueError(f"`{shown}` is only a text. Write it inside braces, as in {{{{ {shown} }}}}.")
    return value


def written_out(value: Any) -> Any:
    """The value as text, where it is one that an expression can give."""
    if isinstance(value, str) or not isinstance(value, int | float | list | dict | None):
        return value
    from flows.expressions import parse

    return parse("{{ value }}{{ end }}").render({"value": value, "end": ""})


def check_url(url: str) -> str:
    """The address, if it is one that a step may open. ValueError with a sentence otherwise."""
    # Braces excuse nothing: what an expression decides comes here filled in, and data may hold braces of its own.
    text = url.strip()
    try:
        parts = urlsplit(text)
        port_ok = parts.port is None or 0 < parts.port < 65536
    except ValueError:
        raise ValueError(f"`{text[:80]}` is not a web address.") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"`{text[:80]}` is not a web address. It has to start with http:// or https://.")
    if not parts.hostname or not port_ok or any(mark in text for mark in " \n\t\\") or len(text) > 8000:
        raise ValueError(f"`{text[:80]}` is not a web address.")
    if parts.username or parts.password:
        raise ValueError("The address contains a user name or password. Keep it as a key and use it in a Fill step.")
    return text


def host_of(url: str) -> str:
    """The host an address means, `practice` for the practice shop, or that it is decided at run time."""
    text = url.strip()
    if text.replace(" ", "").startswith("{{practice}}"):
        return "practice"
    head = text.split("{{", 1)[0]
    parts = urlsplit(head if "{{" not in text else head + "\0")
    if "{{" in text and (not parts.netloc or "\0" in parts.netloc):
        return DECIDED_AT_RUN_TIME
    try:
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        return f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return ""


def path_of(path: str) -> str:
    """The path as it stands, or that it is decided at run time."""
    return DECIDED_AT_RUN_TIME if "{{" in path else path
