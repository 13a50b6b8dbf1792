"""What there is to say about a kind of step, read from its class."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from annotated_types import Ge, Gt, Le, Lt

from app.ui.forms.kinds import Setting, settings_of, written
from app.ui.help.failures import Failure, failures_of
from nodes.node import Node
from nodes.ports import WORDS, Port
from nodes.values import Effect, Need

EFFECTS = {
    Effect.NONE: "It touches nothing outside the flow, so it may run again at any time.",
    Effect.READ: "It only reads, so it may run again at any time.",
    Effect.WRITE: "It changes something outside: after a crash in the middle of it you are asked before it runs again.",
    Effect.SPEND: "It costs money or tokens each time it runs.",
}
NEEDS = {
    Need.BROWSER: "It works in a browser that Weft opens.",
    Need.NETWORK: "It goes over the network.",
    Need.MODEL: "It needs a model: a service with a key, or one on this computer. Set it up on the Keys page.",
    Need.SECRET: "It needs a key that is kept on the Keys page.",
    Need.FILES: "It works with files in the folder that Weft keeps for flows.",
    Need.MAIL: "It needs a mail account.",
    Need.CODE: "It runs your code in a process of its own.",
}


@dataclass(frozen=True)
class Told:
    """A setting: what it is, what it usually is, and between what it has to be."""

    label: str
    name: str
    help: str
    usual: str
    limits: str


@dataclass(frozen=True)
class About:
    """All of it, in the order in which it is read."""

    title: str
    summary: str
    more: tuple[str, ...]
    effect: str
    needs: tuple[str, ...]
    inside: str
    settings: tuple[Told, ...]
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    gives_more: str
    failures: tuple[Failure, ...]


def about(node: type[Node]) -> About:
    """What there is to say about this kind."""
    spec = node.spec
    inputs, outputs = node.ports({})
    names = [f"`{name}`" for name in sorted(spec.inside, key=lambda name: (name == "index", name))]
    return About(
        title=spec.title,
        summary=spec.summary,
        more=rest(node),
        effect=EFFECTS[spec.effect],
        needs=tuple(NEEDS[need] for need in Need if need in spec.needs),
        inside=f"The steps inside it know {' and '.join(names)} of their round." if names else "",
        settings=tuple(_told(node, setting) for setting in settings_of(node)),
        takes=tuple(map(port_words, inputs)),
        gives=tuple(map(port_words, outputs)),
        gives_more="The settings decide which there are." if spec.varies else "",
        failures=failures_of(node),
    )


def rest(node: type[Node]) -> tuple[str, ...]:
    """What a node says of itself after its first sentences."""
    return tuple(part.replace("\n", " ") for part in (inspect.getdoc(node) or "").split("\n\n")[1:])


def usual(setting: Setting) -> str:
    """What a setting is where nobody sets it, in words or as code."""
    if setting.required:
        return "has to be set"
    text = written(setting, setting.default)
    return f"`{text}`" if text else "empty"


def port_words(port: Port) -> str:
    """An input or output with what kind of value it is."""
    if port.many:
        return f"`{port.name}`: {WORDS[port.kind]}, on any number of wires"
    return f"`{port.name}`: {WORDS[port.kind]}" + ("" if port.required else ", if there is one")


def _told(node: type[Node], setting: Setting) -> Told:
    return Told(setting.label, setting.name, setting.help, usual(setting), limits(node, setting))


def limits(node: type[Node], setting: Setting) -> str:
    """Between what a number has to be, or what there is to choose from; nothing where anything goes."""
    if setting.choices:
        return f"One of: {', '.join(setting.choices)}."
    least = most = ""
    for rule in node.model_fields[setting.name].metadata:
        match rule:
            case Ge(ge=value):
                least = f"{value:,}"
            case Gt(gt=value):
                least = f"more than {value:,}"
            case Le(le=value):
                most = f"{value:,}"
            case Lt(lt=value):
                most = f"less than {value:,}"
    if least and most:
        return f"{least.capitalize()}, up to {most}." if " " in least else f"From {least} to {most}."
    return f"At least {least}." if least else f"At most {most}." if most else ""
