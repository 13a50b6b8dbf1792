"""The settings that a reference can be written into, and how each looks with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue as Json

from app.language import tr
from app.ui.forms.kinds import Setting, settings_of
from app.ui.opened.sources import title_of
from app.ui.shown import line_of
from flows.apply import downstream
from flows.edits import Set
from flows.model import Body, Flow, Step, body_at, step_at
from nodes.catalog import Catalog

KINDS = ("text", "long_text", "number", "switch", "choice", "json", "list")
"""Settings that hold one value, and so can be one expression."""

ANYWHERE = ("inputs", "now")


@dataclass(frozen=True)
class Target:
    """A setting of a step, and what is in it now."""

    path: str
    title: str
    setting: Setting
    value: Json

    @property
    def says(self) -> str:
        """What becomes of the value that is there."""
        if self.value in (None, "") or self.value == self.setting.default:
            return tr("Empty now") if self.value in (None, "") else tr("As it comes now")
        now = line_of(self.value, 60)
        return tr("Added after: {value}", value=now) if self._adds else tr("Instead of: {value}", value=now)

    @property
    def _adds(self) -> bool:
        return self.setting.kind == "long_text" and isinstance(self.value, str) and self.value.strip() != ""

    def edit(self, expression: str) -> Set:
        """The edit that writes the reference: after a long text that is there, in the place of any other value."""
        is_own = self.value == self.setting.default
        text = f"{str(self.value).rstrip()} {expression}" if self._adds and not is_own else expression
        return Set(path=self.path, settings={self.setting.name: text})


def targets(flow: Flow, catalog: Catalog, root: str, at: str) -> list[Target]:
    """The settings that may refer to `root`, as it is called at the step `at`: those of that step first."""
    home = _home(flow, root, at)
    if home is None:
        return []
    container, giver = home
    body = body_at(flow, f"{container}/-" if container else "-")
    found: list[Target] = []
    for name in body.steps:
        if name == giver or (giver and giver in downstream(body, name)):
            continue
        found += _inside(flow, catalog, f"{container}/{name}" if container else name)
    return sorted(found, key=lambda each: (each.path != at, not each.path.startswith(f"{at}/")))


def _home(flow: Flow, root: str, at: str) -> tuple[str, str] | None:
    """The container whose steps know the name, and the step of it that is meant; None where nobody knows it."""
    if root in ANYWHERE:
        return "", ""
    parts = at.split("/")
    for depth in range(len(parts), 0, -1):
        container = "/".join(parts[: depth - 1])
        if root in body_at(flow, "/".join(parts[:depth])).steps:
            return container, root
    return ("/".join(parts[:-1]), "") if len(parts) > 1 and root in ("item", "index", "last") else None


def _inside(flow: Flow, catalog: Catalog, path: str) -> Iterator[Target]:
    step = step_at(flow, path)
    yield from _own(flow, catalog, path, step)
    for name in step.body.steps if isinstance(step.body, Body) else ():
        yield from _inside(flow, catalog, f"{path}/{name}")


def _own(flow: Flow, catalog: Catalog, path: str, step: Step) -> Iterator[Target]:
    node = catalog.kinds.get(step.kind)
    for setting in settings_of(node) if node is not None else ():
        if setting.expressions and setting.kind in KINDS:
            value = step.settings.get(setting.name, setting.default)
            yield Target(path, title_of(flow, catalog, path), setting, value)
