"""Where keys are kept, in words, and the choice a person has: password store, passphrase, or this session only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.language import msg, spoken, tr
from app.secrets import Locked, NeedsPassphrase, NotChosen, Ready, Secrets, State, WrongPassphrase
from app.studio import Studio
from app.ui.dialogs import confirm, dialog, does, said

LOOKING = msg("Looking for your password store …")
NOT_RECOVERED = msg(
    "Weft keeps it nowhere. If it is forgotten, you enter your keys again; your flows stay as they are."
)
SHORTEST = 8

Changed = Callable[[State], Awaitable[None]]


async def ready_to_keep(studio: Studio) -> bool:
    """Whether a key can be kept now, once the person has chosen where. False where they thought better of it."""
    now = await studio.secrets.state()
    if isinstance(now, Ready):
        return True

    async def changed(state: State) -> None:
        if isinstance(state, Ready):
            asked.submit(True)

    with dialog("weft-dialog-wide") as asked:
        where_to = tr("Where shall Weft keep your keys?")
        title = where_to if isinstance(now, NotChosen) else tr("Your keys are locked")
        ui.label(title).classes("weft-dialog-title")
        where = Where(studio.secrets, changed)
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Not now"), on_click=lambda: asked.submit(False)).classes("weft-button")
    await where.refresh()
    return bool(await asked)


class Where:
    """Says where keys are kept. `changed` hears of every new state, the first one included."""

    def __init__(self, secrets: Secrets, changed: Changed) -> None:
        self._secrets = secrets
        self._changed = changed
        self._box = ui.element("div").classes("weft-stack")
        with self._box:
            _looking()

    async def refresh(self) -> None:
        """Look and say it."""
        with said():
            await self._show(await self._secrets.state())

    async def _show(self, state: State) -> None:
        self._box.clear()
        with self._box:
            match state:
                case Ready():
                    self._ready(state)
                case Locked():
                    self._locked(state)
                case NotChosen():
                    self._not_chosen(state)
                case NeedsPassphrase():
                    self._sealed(state)
        await self._changed(state)

    def _ready(self, state: Ready) -> None:
        with _notice("is-asked" if state.lost else "", "sym_r_key_off" if state.lost else _icon(state)):
            ui.label(spoken(state.sentence))
            with ui.element("div").classes("weft-row weft-wrap"):
                if state.kept == "passphrase":
                    self._button(tr("Change the passphrase"), self._choose_passphrase)
                else:
                    self._button(tr("Use a passphrase instead"), self._choose_passphrase)
                if state.kept != "store":
                    self._button(tr("Use the password store instead"), self._use_store)

    def _locked(self, state: Locked) -> None:
        with _notice("is-asked", "sym_r_lock"):
            ui.label(spoken(state.sentence))
            with ui.element("div").classes("weft-row weft-wrap"):
                self._button(tr("Try again"), self._try_again, "weft-primary")
                self._button(tr("Keep keys for this session only"), self._use_session)
                self._button(tr("Start over"), self._start_over, "weft-danger")

    def _not_chosen(self, state: NotChosen) -> None:
        with _notice("is-asked", "sym_r_key_off"):
            ui.label(spoken(state.sentence))
            with ui.element("div").classes("weft-choices"):
                with ui.element("div").classes("weft-choice"):
                    ui.label(tr("With a passphrase")).classes("weft-strong")
                    ui.label(tr("Keys stay, sealed. You give the passphrase at each start.")).classes("weft-muted")
                    self._button(tr("Choose a passphrase"), self._choose_passphrase, "weft-primary")
                with ui.element("div").classes("weft-choice"):
                    ui.label(tr("For this session only")).classes("weft-strong")
                    ui.label(tr("Keys are in memory and gone when you close the studio.")).classes("weft-muted")
                    self._button(tr("Only this session"), self._use_session)
            with ui.element("div").classes("weft-row"):
                ui.label(tr("Have you started a password store meanwhile?")).classes("weft-muted")
                self._button(tr("Look again"), self._try_again, "weft-quiet")

    def _sealed(self, state: NeedsPassphrase) -> None:
        with _notice("is-asked", "sym_r_lock"):
            ui.label(spoken(state.sentence))
            with ui.element("form").classes("weft-row weft-wrap") as form:
                field = secret_field(tr("Passphrase")).classes("weft-grow").props("autofocus")
                opens = does(ui.button(tr("Unlock")), lambda: self._unlock(field, error))
                opens.classes("weft-button weft-primary").props("type=submit")
            form.on("submit", js_handler="event => event.preventDefault()")
            error = ui.label("").classes("weft-error").props("role=alert")
            error.set_visibility(False)
            with ui.element("div").classes("weft-row weft-wrap"):
                self._button(tr("Keep new keys for this session only"), self._use_session)
                self._button(tr("Start over"), self._start_over, "weft-danger")

    def _button(self, text: str, work: Callable[[], Awaitable[None]], extra: str = "") -> None:
        button = does(ui.button(text), work)
        if extra == "weft-quiet":
            button.classes(extra).props("flat")
        else:
            button.classes(f"weft-button {extra}".strip())

    async def _unlock(self, field: ui.input, error: ui.label) -> None:
        try:
            state = await self._secrets.unlock(field.value or "")
        except WrongPassphrase as wrong:
            error.set_text(spoken(str(wrong)))
            error.set_visibility(True)
            field.value = ""
            field.run_method("focus")
            return
        await self._show(state)

    async def _try_again(self) -> None:
        state = await self._secrets.try_again()
        await self._show(state)
        if not isinstance(state, Ready):
            ui.notify(tr("It is as before.") if isinstance(state, Locked) else tr("There is still none."))

    async def _use_session(self) -> None:
        await self._show(await self._secrets.use_session())

    async def _use_store(self) -> None:
        state = await self._secrets.use_store()
        await self._show(state)
        ui.notify(tr("Your keys are in the password store now."), type="positive")

    async def _choose_passphrase(self) -> None:
        passphrase = await _ask_passphrase()
        if passphrase is not None:
            await self._show(await self._secrets.use_passphrase(passphrase))
            ui.notify(tr("Your keys are sealed with the passphrase."), type="positive")

    async def _start_over(self) -> None:
        text = tr("Every stored key is forgotten and must be entered again. Your flows and connections stay.")
        if await confirm(tr("Start over without your keys?"), text, tr("Forget every key")):
            await self._show(await self._secrets.start_over())


async def _ask_passphrase() -> str | None:
    def take() -> None:
        wrong = _wrong(first.value or "", second.value or "")
        error.set_visibility(bool(wrong))
        error.set_text(wrong)
        if not wrong:
            asked.submit(first.value)

    with dialog() as asked:
        ui.label(tr("Choose a passphrase")).classes("weft-dialog-title")
        ui.label(tr(NOT_RECOVERED)).classes("weft-muted")
        with ui.element("form").classes("weft-form").on("submit.prevent", take):
            with ui.element("div").classes("weft-field"):
                ui.label(tr("Passphrase")).classes("weft-label")
                first = secret_field(tr("Passphrase")).props("autofocus autocomplete=new-password")
                ui.label(tr("A few words are good.")).classes("weft-hint")
            with ui.element("div").classes("weft-field"):
                ui.label(tr("The same again")).classes("weft-label")
                second = secret_field(tr("The same again")).props("autocomplete=new-password")
            error = ui.label("").classes("weft-error").props("role=alert")
            error.set_visibility(False)
            with ui.element("div").classes("weft-dialog-actions"):
                ui.button(tr("Cancel"), on_click=lambda: asked.submit(None)).classes("weft-button").props("type=button")
                ui.button(tr("Use it")).classes("weft-button weft-primary").props("type=submit")
    passphrase: str | None = await asked
    return passphrase


def _wrong(first: str, second: str) -> str:
    if len(first) < SHORTEST:
        return tr("Take at least {count} characters; a few words are good.", count=SHORTEST)
    return "" if first == second else tr("These two are not the same.")


def secret_field(label: str) -> ui.input:
    """A field that shows dots, with an eye to look at what was typed."""
    field = ui.input(password=True, password_toggle_button=True)
    field.props["aria-label"] = label
    return field.props("dense outlined")


def _icon(state: Ready) -> str:
    return {"store": "sym_r_encrypted", "passphrase": "sym_r_password", "session": "sym_r_timer"}[state.kept]


def _looking() -> None:
    with ui.element("div").classes("weft-row"):
        ui.spinner(size="18px")
        ui.label(tr(LOOKING)).classes("weft-muted")


def _notice(tone: str, icon: str) -> ui.element:
    notice = ui.element("div").classes(f"weft-notice {tone}".strip())
    with notice:
        ui.icon(icon)
        body = ui.element("div").classes("weft-stack weft-grow")
    return body
