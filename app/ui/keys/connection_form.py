"""The form for a language model: where it is reached, its key, its usual model; with a test before it is kept."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import replace

from nicegui import ui

from app.language import msg, spoken, tr
from app.models import DEFAULT_MODELS, ModelTrouble, clean_key
from app.models import Connection as Asked
from app.models.keys import usable_key
from app.runs.world.model import key_name
from app.secrets import SecretRefusal
from app.store.connections import Connection
from app.store.trouble import StoreTrouble
from app.studio import Studio
from app.ui.dialogs import dialog, does
from app.ui.keys.presets import PRESETS, Preset, preset_of
from app.ui.keys.testing import key_of, tried
from app.ui.keys.verdict import Verdict
from app.ui.keys.where import ready_to_keep, secret_field

KEPT = msg("One is kept. Leave this empty to keep it.")
MOST_OFFERED = 300
NO_USUAL_MODEL = msg("Test it to see which models there are.")


async def connection_form(studio: Studio, stored: Connection | None = None, *, has_key: bool = False) -> bool:
    """Let a person make a connection, or change the one that is stored. True once that is kept."""
    taken = {each.name for each in await studio.connections.all()}
    with dialog("weft-dialog-wide") as asked:
        ConnectionForm(studio, stored, taken, has_key=has_key, done=asked.submit).build()
    return bool(await asked)


class ConnectionForm:
    """One connection being made or changed. Nothing is kept before its last button; `done` hears how it ended."""

    def __init__(
        self,
        studio: Studio,
        stored: Connection | None,
        taken: set[str],
        *,
        has_key: bool,
        done: Callable[[bool], None],
    ) -> None:
        self._studio = studio
        self._stored = stored
        self._taken = taken
        self._has_key = has_key
        self._done = done
        self._preset = PRESETS[0] if stored is None else preset_of(stored.provider, stored.base_url)
        self._choices: dict[str, ui.element] = {}

    def build(self) -> None:
        """Make the form."""
        new = self._stored is None
        add = tr("Add a language model")
        title = add if self._stored is None else tr("Change “{name}”", name=self._stored.name)
        ui.label(title).classes("weft-dialog-title")
        with ui.element("form").classes("weft-form") as form:
            form.on("submit", js_handler="event => event.preventDefault()")
            if new:
                self._presets()
            self._name_box, self._name = _field(tr("Name"), tr("Steps call it by this name."))
            self._address_box, self._address = _field(tr("Address"), "")
            self._key_box, self._key = _field(tr("Key"), "", secret=True)
            self._model_box, self._model = _field(tr("Usual model"), "")
            # The name under which NiceGUI's field looks for its own list, which it makes on telephones only.
            self._models = ui.element("datalist").props(f"id={self._model.html_id}-datalist")
            self._verdict = Verdict()
            with ui.element("div").classes("weft-dialog-actions"):
                does(ui.button(tr("Test"), icon="sym_r_network_check"), self._test).classes("weft-button")
                ui.element("div").classes("weft-grow")
                ui.button(tr("Cancel"), on_click=lambda: self._done(False)).classes("weft-button")
                last = does(ui.button(tr("Add") if new else tr("Save")), self._save)
                last.classes("weft-button weft-primary").props("type=submit")
        for field in (self._address, self._key, self._model):
            field.on_value_change(self._verdict.hide)
        if self._stored is not None:
            self._name_box.set_visibility(False)
            self._address.value, self._model.value = self._stored.base_url, self._stored.default_model
        self._fit()
        (self._key if self._preset.provider != "compatible" else self._address).props("autofocus")

    def _presets(self) -> None:
        with ui.element("div").classes("weft-choices").props(f'role=radiogroup aria-label="{tr("Provider")}"'):
            for preset in PRESETS:
                with ui.element("button").classes("weft-choice weft-tight") as choice:
                    choice.props("type=button role=radio")
                    choice.on("click", lambda preset=preset: self._choose(preset))
                    ui.label(tr(preset.name)).classes("weft-strong")
                    ui.label(tr(preset.about)).classes("weft-faint weft-small")
                self._choices[preset.name] = choice

    def _choose(self, preset: Preset) -> None:
        if self._address.value in ("", self._preset.address):
            self._address.value = preset.address
        if self._name.value in ("", self._free_name(self._preset)):  # A name of the person's own stays.
            self._name.value = self._free_name(preset)
        self._preset = preset
        self._fit()

    def _fit(self) -> None:
        """Show what this provider needs, and nothing else."""
        preset = self._preset
        compatible = preset.provider == "compatible"
        for name, choice in self._choices.items():
            choice.classes(remove="is-current", add="is-current" if name == preset.name else "")
            choice.props["aria-checked"] = "true" if name == preset.name else "false"
        if self._stored is None and not self._name.value:
            self._name.value = self._free_name(preset)
        self._address_box.set_visibility(compatible)
        self._address.props["placeholder"] = preset.address or "https://…/v1"
        self._key_box.hint.set_text(tr(KEPT if self._has_key else preset.key))
        usual = DEFAULT_MODELS[preset.provider]
        self._model.props["placeholder"] = usual
        self._model_box.hint.set_text(tr("Empty means {usual}.", usual=usual) if usual else tr(NO_USUAL_MODEL))

    async def _test(self) -> None:
        if not self._fits(name=False):
            return
        key = clean_key(self._key.value or "") or (await key_of(self._studio, self._stored) if self._stored else None)
        asked = self._meant()
        self._verdict.testing(asked.name)
        answer = await tried(asked, key)
        if answer.models:
            self._offer(answer.models)
        self._verdict.show(answer)

    def _offer(self, models: tuple[str, ...]) -> None:
        self._models.clear()
        with self._models:
            for model in models[:MOST_OFFERED]:
                ui.element("option").props["value"] = model
        if self._preset.provider == "compatible" and not self._model.value:
            self._model.value = models[0]
        self._model_box.hint.set_text(tr("It has {count}: type, or choose from the list.", count=len(models)))

    async def _save(self) -> None:
        if not self._fits(name=True):
            return
        key = clean_key(self._key.value or "")
        if key and not await ready_to_keep(self._studio):
            return
        kept = self._meant()
        await self._studio.connections.put(kept)
        if key:
            try:
                await self._studio.secrets.put(key_name(kept.id), key)
            except (SecretRefusal, StoreTrouble):
                if self._stored is None:
                    await self._studio.connections.remove(kept.id)
                raise
        self._done(True)

    def _meant(self) -> Connection:
        """The connection as the form says it."""
        compatible = self._preset.provider == "compatible"
        address = (self._address.value or "").strip() if compatible else ""
        model = (self._model.value or "").strip()
        if self._stored is not None:
            return replace(self._stored, base_url=address, default_model=model)
        name = (self._name.value or "").strip() or self._preset.name
        return Connection(secrets.token_hex(8), name, self._preset.provider, address, model, time.time())

    def _fits(self, *, name: bool) -> bool:
        """Say at each field what is wrong with it; True where nothing is."""
        wrong = {
            self._name_box: self._wrong_name() if name and self._stored is None else "",
            self._address_box: self._wrong_address(),
            self._key_box: self._wrong_key(),
        }
        for box, message in wrong.items():
            box.problem(message)
        return not any(wrong.values())

    def _wrong_name(self) -> str:
        name = (self._name.value or "").strip()
        if not name:
            return tr("Give it a name.")
        return tr("There is already one called “{name}”.", name=name) if name in self._taken else ""

    def _wrong_address(self) -> str:
        address = (self._address.value or "").strip()
        if self._preset.provider != "compatible" or address.startswith(("http://", "https://")):
            return ""
        return tr("Begin the address with http:// or https://.") if address else tr("The address is missing.")

    def _wrong_key(self) -> str:
        if not self._key.value and (self._has_key or self._preset.provider == "compatible"):
            return ""
        meant = self._meant()
        try:
            usable_key(Asked(meant.id, meant.name, self._preset.provider, meant.base_url), self._key.value)
        except ModelTrouble as trouble:
            told = f"{trouble.message} {trouble.hint}"
            return tr("The key is missing.") if trouble.kind == "no_key" else spoken(told)
        return ""

    def _free_name(self, preset: Preset) -> str:
        name, number = (tr("Model") if preset.name == PRESETS[-1].name else preset.name), 1
        while (free := name if number == 1 else f"{name} {number}") in self._taken:
            number += 1
        return free


class Box(ui.element):
    """What stands around a field: its label, a hint, and what is wrong with its value."""

    def __init__(self, label: str, hint: str) -> None:
        super().__init__("div")
        self.classes("weft-field")
        with self:
            ui.label(label).classes("weft-label")
            self.inner = ui.element("div")
            self.error = ui.label("").classes("weft-error").props("role=alert")
            self.hint = ui.label(hint).classes("weft-hint")
        self.error.set_visibility(False)

    def problem(self, message: str) -> None:
        """Say what is wrong; an empty text says that nothing is."""
        self.error.set_text(message)
        self.error.set_visibility(bool(message))


def _field(label: str, hint: str, *, secret: bool = False) -> tuple[Box, ui.input]:
    box = Box(label, hint)
    with box.inner:
        if secret:
            field = secret_field(label).props("autocomplete=off")
        else:
            field = ui.input().props("dense outlined autocomplete=off spellcheck=false")
            field.props["aria-label"] = label
    return box, field
