"""What there is to say about a kind of step, read from its class."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from annotated_types import Ge, Gt, Le, Lt

from app.language import msg, tr
from app.ui.called import choice_label, kind_words, number
from app.ui.forms.kinds import Setting, settings_of, written
from app.ui.help.failures import Failure, failures_of
from app.ui.words import listed
from nodes.node import Node
from nodes.ports import Port
from nodes.values import Effect, Need

EFFECTS = {
    Effect.NONE: msg("It touches nothing outside the flow, so it may run again at any time."),
    Effect.READ: msg("It only reads, so it may run again at any time."),
    Effect.WRITE: msg(
        "It changes something outside: after a crash in the middle of it you are asked before it runs again."
    ),
    Effect.SPEND: msg("It costs money or tokens each time it runs."),
}
NEEDS = {
    Need.BROWSER: msg("It works in a browser that Weft opens."),
    Need.NETWORK: msg("It goes over the network."),
    Need.MODEL: msg("It needs a model: a service with a key, or one on this computer. Set it up on the Keys page."),
    Need.SECRET: msg("It needs a key that is kept on the Keys page."),
    Need.FILES: msg("It works with files in the folder that Weft keeps for flows."),
    Need.MAIL: msg("It needs a mail account."),
    Need.CODE: msg("It runs your code in a process of its own."),
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
        title=tr(spec.title),
        summary=tr(spec.summary),
        more=tuple(map(tr, rest(node))),
        effect=tr(EFFECTS[spec.effect]),
        needs=tuple(tr(NEEDS[need]) for need in Need if need in spec.needs),
        inside=tr("The steps inside it know {names} of their round.", names=listed(names)) if names else "",
        settings=tuple(_told(node, setting) for setting in settings_of(node)),
        takes=tuple(map(port_words, inputs)),
        gives=tuple(map(port_words, outputs)),
        gives_more=tr("The settings decide which there are.") if spec.varies else "",
        failures=failures_of(node),
    )


def rest(node: type[Node]) -> tuple[str, ...]:
    """What a node says of itself after its first sentences."""
    return tuple(" ".join(part.split()) for part in (inspect.getdoc(node) or "").split("\n\n")[1:])


def usual(setting: Setting) -> str:
    """What a setting is where nobody sets it, in words or as code."""
    if setting.required:
        return tr("has to be set")
    text = written(setting, setting.default)
    if text in setting.choices and (said := _choice(text)) != text:
        return said
    return f"`{text}`" if text else tr("empty")


def port_words(port: Port) -> str:
    """An input or output with what kind of value it is."""
    kind = kind_words(port.kind)
    if port.many:
        return tr("`{name}`: {kind}, on any number of wires", name=port.name, kind=kind)
    if not port.required:
        return tr("`{name}`: {kind}, if there is one", name=port.name, kind=kind)
    return f"`{port.name}`: {kind}"


def _told(node: type[Node], setting: Setting) -> Told:
    return Told(tr(setting.label), setting.name, tr(setting.help), usual(setting), limits(node, setting))


def limits(node: type[Node], setting: Setting) -> str:
    """Between what a number has to be, or what there is to choose from; nothing where anything goes."""
    if setting.choices:
        return tr("One of: {choices}.", choices=", ".join(map(_choice, setting.choices)))
    least = most = above = below = ""
    for rule in node.model_fields[setting.name].metadata:
        match rule:
            case Ge(ge=value):
                least = number(value)  # type: ignore[arg-type]  # the limits of numbers are numbers
            case Gt(gt=value):
                above = number(value)  # type: ignore[arg-type]
            case Le(le=value):
                most = number(value)  # type: ignore[arg-type]
            case Lt(lt=value):
                below = number(value)  # type: ignore[arg-type]
    match bool(least), bool(above), bool(most), bool(below):
        case True, _, True, _:
            return tr("From {least} to {most}.", least=least, most=most)
        case _, True, True, _:
            return tr("More than {least}, up to {most}.", least=above, most=most)
        case True, _, _, True:
            return tr("From {least} to less than {most}.", least=least, most=below)
        case _, True, _, True:
            return tr("More than {least} and less than {most}.", least=above, most=below)
        case True, *_:
            return tr("At least {least}.", least=least)
        case _, True, *_:
            return tr("More than {least}.", least=above)
        case _, _, True, _:
            return tr("At most {most}.", most=most)
        case _, _, _, True:
            return tr("Less than {most}.", most=below)
    return ""


def _choice(choice: str) -> str:
    """What there is to choose: as it is written, or in the words of another language."""
    english, said = choice.replace("_", " ").capitalize(), choice_label(choice)
    return choice if said == english else said
