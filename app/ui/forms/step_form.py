"""The settings of one step, built from its node's model, with every problem at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from nicegui import ui
from pydantic import JsonValue as Json

from app.engine.ports import ports_of
from app.language import spoken, tr
from app.runs.world.model import MODEL_KEY
from app.store.refusal import FlowMissing
from app.studio import Studio
from app.ui.called import of_setting
from app.ui.canvas import colour_of
from app.ui.commands.button import command_button
from app.ui.forms.common import Common
from app.ui.forms.expression_field import ExpressionField
from app.ui.forms.fields import Field, Surroundings
from app.ui.forms.following import following
from app.ui.forms.kinds import Setting, settings_of
from app.ui.forms.known import Here, Offered, Preview
from app.ui.forms.parts import Prose, more
from app.ui.forms.sending import MakeEdit, Sending
from app.ui.forms.values import Values
from app.ui.tips import tip
from flows.edits import Set
from flows.model import Flow, Input, step_at
from flows.problems import Problem
from nodes.checks import label_of, refusal
from nodes.ports import Port
from nodes.values import Effect


class StepForm:
    """A form for one step. `update` shows the step as it is after an edit made elsewhere."""

    def __init__(
        self, studio: Studio, flow: Flow, path: str, problems: Sequence[Problem], values: Values, edit: MakeEdit
    ) -> None:
        self._studio = studio
        self._flow = flow
        self._path = path
        self._values = values
        self._fields: dict[str, Field] = {}
        self._folded: ui.expansion | None = None
        self._common: Common | None = None
        self._result: ui.input | None = None
        self._result_around: ExpressionField | None = None
        self._around_rounds: Surroundings | None = None
        self._wanted = ""
        self._called = ""
        self._flows: dict[str, str] = {}
        self._asked: Mapping[str, Input] | None = None
        self._step = step_at(flow, path)
        self._node = studio.catalog.kinds.get(self._step.kind)
        self._root = ui.element("div").classes("weft-form")
        self._sending = Sending(edit, self._take_back)
        with self._root:
            self._head()
            self._body = ui.element("div").classes("weft-form")
        self._problems = tuple(problems)
        self._settings = settings_of(self._node) if self._node is not None else ()
        # Another step's values: what expressions give is shown when those of this one are read.
        values.forget()
        if not self._names_needed():
            self._fill(self._around())
        ui.timer(0, self._read, once=True)

    async def _read(self) -> None:
        """Read what the fields offer and show; only those that cannot do without are made after that."""
        if self._common is None:
            connections = [each.name for each in await self._studio.connections.all()]
            secrets = [kept.name for kept in await self._studio.secrets.names() if not kept.name.startswith(MODEL_KEY)]
            self._flows = await self._other_flows()
            await self._look_into_called()
            around = self._around()
            self._fill(replace(around, secrets=secrets, connections=connections, flows=self._flows))
        await self._values.load(self._path)
        self._refresh()

    def _names_needed(self) -> bool:
        """True where a field offers the names of keys, connections or flows."""
        return any(setting.kind in ("secret", "connection", "flow", "flow_inputs") for setting in self._settings)

    def _around(self, *, body: bool = False) -> Surroundings:
        """What the fields may offer; with `body`, to what is looked at between the rounds and knows what is inside."""

        def offers(base: str) -> list[Offered]:
            return self._values.offers(base, self._flow, self._path, body=body)

        def preview(text: str, bare: bool, refuses: Callable[[Json], str] | None) -> Preview | None:
            return self._values.preview(text, self._flow, self._path, body=body, bare=bare, refuses=refuses)

        def refuses(name: str, value: Json) -> str:
            if self._node is None:
                return ""
            return of_setting(refusal(self._node, name, value), label_of(self._node, name))

        kept = self._values.kept(self._path)
        return Surroundings(offers, preview, asks=lambda: self._asked, refuses=refuses, kept=kept)

    def _refresh(self) -> None:
        for field in self._fields.values():
            field.refresh()
        if self._result_around is not None:
            self._result_around.refresh()

    def _fill(self, around: Surroundings) -> None:
        """Make the fields."""
        if self._step.body is not None:
            self._around_rounds = self._around(body=True)
        with self._body:
            if self._node is None:
                missing = tr("There is no node called `{kind}` here. Its settings are kept.", kind=self._step.kind)
                Prose(missing, "weft-notice is-failed")
            else:
                folded = [setting for setting in self._settings if setting.name in self._node.spec.more]
                self._fill_in([setting for setting in self._settings if setting not in folded], around)
                if folded:
                    with more(tr("More settings")) as self._folded, ui.element("div").classes("weft-form"):
                        self._fill_in(folded, around)
            if self._step.body is not None:
                self._result_field()
            effect = self._node.spec.effect if self._node else Effect.WRITE
            self._common = Common(self._path, self._step, self._ports(), effect, self._sending)
        self._show_problems()
        self._give_keys()

    async def _other_flows(self) -> dict[str, str]:
        """The flows that a step of this kind may name; read only for a kind that names one."""
        if not any(setting.kind == "flow" for setting in self._settings):
            return {}
        cards = await self._studio.shelf.cards()
        return {card.id: card.name for card in cards if card.id != self._flow.id}

    async def _look_into_called(self) -> None:
        """Find out what the flow asks for that the step runs, and show it."""
        self._called = self._node.calls(self._step.settings) if self._node is not None else ""
        try:
            self._asked = (await self._studio.shelf.current(self._called)).inputs if self._called else None
        except FlowMissing:
            self._asked = None
        self._refresh()

    def _fill_in(self, settings: Sequence[Setting], around: Surroundings) -> None:
        for setting in settings:
            value = self._step.settings.get(setting.name, setting.default)
            known = self._around_rounds if setting.later and self._around_rounds is not None else around
            self._fields[setting.name] = Field(setting, value, known, self._changed)
        self._show_what_counts()

    def _show_what_counts(self) -> None:
        """Leave out the settings that another one makes mean nothing."""
        defaults = {setting.name: setting.default for setting in self._settings}
        for field in self._fields.values():
            if field.setting.only_for:
                field.element.set_visibility(field.setting.counts(self._step.settings, defaults))

    def focus(self, name: str = "") -> None:
        """Give a setting the keyboard: the one with this name, or the first."""
        self._wanted = name or next(iter(self._node.model_fields), "") if self._node else ""
        self._give_keys()

    async def finish(self) -> None:
        """Return once all that was typed is in the flow, what was still held back included."""
        for field in self._fields.values():
            field.finish()
        await self._sending.settled()

    def name(self) -> None:
        """Give the step's title the keyboard, its text selected."""
        # In this order: once it has the keyboard, a letter may be there that selecting would give up to the next one.
        self._title.run_method("select")
        self._title.run_method("focus")

    def _ports(self) -> tuple[Port, ...]:
        """What the step gives."""
        return ports_of(self._node, self._step).outputs if self._node else ()

    def _give_keys(self) -> None:
        field = self._fields.get(self._wanted)
        if field is not None:
            if self._folded is not None and self._node is not None and self._wanted in self._node.spec.more:
                self._folded.value = True
            field.focus()
            self._wanted = ""

    def update(self, flow: Flow, problems: Sequence[Problem]) -> None:
        """Show the step as it is now."""
        self._flow, self._problems = flow, tuple(problems)
        self._step = step_at(flow, self._path)
        if not self._sending.busy:
            self._take_back()
        self._show_what_counts()
        with self._root:
            self._show_problems()
        if self._node is not None and self._node.calls(self._step.settings) != self._called:
            with self._root:
                ui.timer(0, self._look_into_called, once=True)

    def _take_back(self) -> None:
        """Show the values that the flow has now."""
        if self._root.is_deleted:
            return
        with self._root, self._sending.quiet():
            for name, field in self._fields.items():
                field.show(self._step.settings.get(name, field.setting.default))
            self._title.value = self._step.title
            if self._result is not None and self._step.body is not None:
                self._result.value = self._step.body.result
            if self._common is not None:
                self._common.show(self._step, self._ports())

    def values_changed(self) -> None:
        """After a run, show what expressions give with its values."""

        async def load() -> None:
            await self._values.load(self._path)
            self._refresh()

        with self._root:
            ui.timer(0, load, once=True)

    def _head(self) -> None:
        spec = self._node.spec if self._node else None
        with ui.element("div").classes("weft-row"):
            with ui.element("span").classes("weft-tile").style(f"--tile: var(--weft-{colour_of(self._step.kind)})"):
                ui.icon(f"sym_r_{spec.icon}" if spec else "sym_r_extension")
            with ui.element("div").classes("weft-stack weft-tight weft-grow"):
                self._title = ui.input(value=self._step.title, placeholder=tr(spec.title) if spec else self._step.kind)
                self._title.props(f'dense borderless debounce=300 maxlength=200 aria-label="{tr("Name of the step")}"')
                self._title.classes("weft-strong weft-borderless").on_value_change(
                    lambda e: self._sending.configure(self._path, title=e.value or "")
                )
                self._name = ui.label(self._path.rsplit("/", 1)[-1]).classes("weft-mono weft-small weft-muted")
                tip(self._name, tr("The name that expressions use. Change it under This step."))
            if spec:
                command_button("help", tr("Help for this step"), tr("Help, and an example to insert"), "node.help")
        if spec:
            Prose(tr(spec.summary), "weft-muted weft-small")
        self._loose = ui.element("div").classes("weft-stack weft-tight")

    def _changed(self, name: str, value: Json) -> None:
        self._sending.send(following(Set(path=self._path, settings={name: value}), self._flow, self._studio.catalog))
        title, has = self._flows.get(str(value), ""), self._step.title
        if title and self._fields[name].setting.kind == "flow" and (not has or has in self._flows.values()):
            # It is called after the flow that it runs, until somebody gives it a name.
            self._sending.configure(self._path, title=title)

    def _show_problems(self) -> None:
        mine = [problem for problem in self._problems if problem.step == self._path]
        for name, field in self._fields.items():
            said = " ".join(_words(problem, field.setting.label) for problem in mine if problem.field == name)
            field.problem(said)
            if said and self._folded is not None and self._node is not None and name in self._node.spec.more:
                self._folded.value = True
        self._loose.clear()
        with self._loose:
            for problem in mine:
                if problem.field not in self._fields:
                    Prose(_whole(problem), "weft-notice is-failed weft-small")

    def _result_field(self) -> None:
        assert self._step.body is not None
        with ui.element("div").classes("weft-field"):
            is_round = self._node is None or "index" in self._node.spec.inside
            gives = tr("Each round gives") if is_round else tr("It gives")
            ui.label(gives).classes("weft-label")
            around = self._around(body=True)
            known = Here(around.offers, lambda text, bare: around.preview(text, bare, None))
            self._result_around = ExpressionField(partial(self._result_input, gives), known, label=gives, bare=True)
            Prose(
                tr("An expression such as `line.text`; empty means everything that the last step inside gives."),
                "weft-hint",
            )

    def _result_input(self, gives: str) -> ui.input:
        body = self._step.body
        assert body is not None
        self._result = field = ui.input(value=body.result)
        field.on_value_change(lambda e: self._sending.configure(self._path, result=e.value or ""))
        field.props("dense outlined debounce=300").classes("weft-mono")
        field.props["aria-label"] = gives
        inside = (each.text for each in self._values.offers("", self._flow, self._path, body=True))
        first = next((name for name in inside if name.split(".")[0] in body.steps), "")
        if first:
            field.props["placeholder"] = first
        return field


def _words(problem: Problem, label: str) -> str:
    """What is wrong with a setting, in which line of several, and the next move."""
    said = of_setting(problem.message, label)
    if problem.line and problem.line > 1:
        said = tr("Line {line}: {said}", line=problem.line, said=said)
    return f"{said} {spoken(problem.hint)}".rstrip()


def _whole(problem: Problem) -> str:
    """What is wrong with the step, exactly where, and the next move."""
    said = spoken(problem.message)
    if problem.line:
        said = tr("line {line}, column {column}: {said}", line=problem.line, column=problem.column, said=said)
    return f"{said} {spoken(problem.hint)}".rstrip()
