"""What lower rooms wrote down in English is found and said in German; names, values and the words of others stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk.saying import said, worded
from app.engine.budget import Reached
from app.engine.checks import problems_of
from app.language import prepare, spoken
from app.runs.world.paths import Places
from flows.apply import EditRefused, apply
from flows.edits import Add, AddNote, Configure, Connect, Edit, Pin, Remove, Rename, Set
from flows.model import Flow, Note, Retry, Step, Wire
from nodes.catalog import built_in
from nodes.values import NodeError
from tests.engine.steps import CATALOG
from tests.engine.story import flow, play, step

NODES = built_in()
SHOP = Flow(
    id="f",
    name="Mugs",
    steps={
        "look": Step(kind="web.get", title="Look. Twice", settings={"url": "https://a.example"}),
        "loop": Step(kind="control.for_each"),
    },
)


@pytest.fixture(autouse=True)
def speaking_german() -> Iterator[None]:
    prepare("de")
    yield
    prepare("en")


def problems(made: Flow) -> list[str]:
    """The problems of a flow, each with its hint, as the window says them."""
    return [f"{spoken(each.message)} {spoken(each.hint)}".strip() for each in problems_of(made, CATALOG)]


@pytest.mark.parametrize(
    ("made", "german"),
    [
        (flow(), "Dieser Ablauf hat noch keine Schritte. Ziehen Sie einen von links auf die Arbeitsfläche."),
        (
            flow(a=step("length")),
            "Für `text` wird Text gebraucht. Verbinden Sie etwas damit.",
        ),
        (
            flow(a=step("say", text="{{ shop.value }}")),
            "`{{ shop.value }}` bezieht sich auf `shop`, was hier nicht bekannt ist. "
            "Wählen Sie einen Schritt, der vor diesem läuft, oder eine Eingabe des Ablaufs.",
        ),
        (
            flow("a -> b", "b -> a", a=step("say"), b=step("say")),
            "Diese Schritte warten aufeinander: a → b → a. Entfernen Sie eine der Verbindungen oder Verweise zwischen "
            "ihnen. Um Schritte zu wiederholen, verwenden Sie „Für jedes“.",
        ),
    ],
    ids=["empty", "a lacking input", "a wrong reference", "a circle"],
)
def test_what_keeps_a_flow_from_running_is_said_in_german(made: Flow, german: str) -> None:
    assert german in problems(made)


async def test_a_failure_is_said_in_german_with_the_words_of_the_step_as_they_are() -> None:
    played = await play(flow(a=step("fail", message="No such page; look again. Then go")))
    assert spoken(played.end.message) == "„A“ ist fehlgeschlagen: No such page; look again. Then go"
    assert spoken(played.failure("a").hint) == "Prüfen Sie die Adresse."


async def test_a_failure_of_the_engine_is_german_to_its_end() -> None:
    made = flow("n.value -> l.text", n=step("give", value=[1]), l=step("length"))
    played = await play(made)
    assert spoken(played.end.message) == (
        "„L“ ist fehlgeschlagen: Für `text` wird Text gebraucht, gegeben wurde aber eine Liste."
    )


async def test_why_a_step_was_skipped_is_german() -> None:
    played = await play(flow("a -> b", a=step("fail", message="Oh"), b=step("say")).model_copy(update={"result": ""}))
    reasons = {spoken(reason) for each in played.events if (reason := getattr(each, "reason", ""))}
    assert reasons <= {"„A“ wurde nicht fertig."}


@pytest.mark.parametrize(
    ("reached", "question", "ending"),
    [
        (
            Reached("steps", 1200, 1200),
            "Die Grenze des Laufs ist erreicht: 1.200 Schritte. Weitermachen?",
            "An der Grenze des Laufs angehalten: 1.200 Schritte.",
        ),
        (
            Reached("money_a_day", 2, 2.5, unknown=3),
            "Die Tagesgrenze des Ablaufs ist erreicht: $2.00. Weitermachen?",
            "An der Tagesgrenze des Ablaufs angehalten: $2.00; dazu 3 Aufrufe mit unbekannten Kosten.",
        ),
    ],
    ids=["steps", "money a day"],
)
def test_the_question_of_a_limit_is_german_with_its_amounts(reached: Reached, question: str, ending: str) -> None:
    assert spoken(reached.question.title) == question
    assert spoken(reached.ending) == ending


def test_a_text_of_several_sentences_is_german_in_each_of_them() -> None:
    assert spoken(Reached("tokens", 500, 700, unknown=1).question.text) == (
        "Dieser Lauf hat 700 Token verbraucht. Dazu kommen 1 Aufruf mit unbekannten Kosten. "
        "Was läuft, wird fertig; Neues beginnt erst, wenn Sie antworten. "
        "Erhöhen Sie die Grenze für diesen Lauf oder halten Sie ihn an."
    )


def test_a_refused_edit_is_german_and_names_what_it_is_about() -> None:
    with pytest.raises(EditRefused) as refused:
        apply(SHOP, Rename(path="gone away", id="x"))
    german = spoken(str(refused.value))
    assert "`gone away`" in german
    assert "Ablauf" in german


@pytest.mark.parametrize(
    ("path", "german"),
    [
        ("", "Es ist keine Datei genannt."),
        ("../up.txt", "`../up.txt` geht mit `..` nach oben, was ein Pfad hier nicht darf."),
        ("{home}/.ssh/id. Not known", None),
    ],
    ids=["none", "up", "keys"],
)
def test_a_refused_file_is_german_and_its_path_is_as_it_is(tmp_path: Path, path: str, german: str | None) -> None:
    named = path.replace("{home}", str(tmp_path))
    with pytest.raises(NodeError) as refused:
        Places(tmp_path / "data", tmp_path).find(named, write=True)
    assert spoken(str(refused.value)) != str(refused.value)
    assert german is None or spoken(str(refused.value)) == german
    assert named in spoken(str(refused.value))


@pytest.mark.parametrize(
    ("edit", "german"),
    [
        (Add(id="x", step=Step(kind="control.for_each"), at=(0, 0)), "Für jedes hinzufügen"),
        (Add(id="x", step=Step(kind="web.get", title="Rows and more"), at=(0, 0)), "Rows and more hinzufügen"),
        (Remove(steps=("look", "loop")), "2 Schritte löschen"),
        (Rename(path="look", id="found"), "look in found umbenennen"),
        (Connect(wire=Wire.parse("look -> loop")), "Look. Twice → Für jedes verbinden"),
        (Pin(path="loop", outputs={"items": [1]}), "Für jedes festhalten"),
        (Configure(path="look", disabled=True), "Look. Twice ausschalten"),
        (AddNote(id="n", note=Note(text="Why", at=(0, 0, 9, 9))), "Notiz hinzufügen"),
    ],
    ids=["a node", "a step with a name", "several", "an id", "a wire", "pinned", "switched off", "a note"],
)
def test_what_undo_takes_back_is_german_with_the_names_of_steps(edit: Edit, german: str) -> None:
    assert spoken(said(edit, SHOP, NODES), edit=True) == german


def test_a_change_in_words_is_german_and_its_values_are_as_they_are() -> None:
    edit = Configure(path="look", retry=Retry(times=3))
    words = worded(edit, SHOP, apply(SHOP, edit), NODES)
    assert words == "Retry 0 → 3 on “Look. Twice”"
    assert spoken(words, edit=True).endswith("0 → 3 bei „Look. Twice“")
    other = Set(path="look", settings={"url": "The page crashed."})
    assert "„The page crashed.“" in spoken(worded(other, SHOP, apply(SHOP, other), NODES), edit=True)


@pytest.mark.parametrize(
    "text",
    [
        "salt and pepper",
        "many steps",
        "add rows to the table",
        "It is in Berlin.",
        "The page number crashed our count.",
        "There is no file here, said the man.",
        "“Quoted” by hand",
        "a" * 5000,
    ],
    ids=lambda text: text[:30],
)
def test_the_words_of_others_stay_as_they_are(text: str) -> None:
    assert spoken(text) == text


def test_names_in_quotes_stay_as_they_are_though_they_are_sentences_of_ours() -> None:
    assert spoken("“It failed.” was skipped.") == "„It failed.“ wurde übersprungen."
    assert spoken("There is no file `Run the flow.`.") == "Es gibt keine Datei `Run the flow.`."
    assert spoken("“My “best” one” was skipped.") == "„My “best” one“ wurde übersprungen."


def test_a_list_of_names_a_time_and_sentences_made_one_are_german() -> None:
    assert spoken("“A” and “For each” were there; “B. C” was skipped.") == (
        "„A“ und „Für jedes“ waren da; „B. C“ wurde übersprungen."
    )
    assert spoken("Trying again on 03 March, 08:00; 2 tries are left.") == (
        "Neuer Versuch am 3. März, 08:00; noch 2 Versuche."
    )


def test_what_is_said_of_something_keeps_the_name_before_it() -> None:
    assert spoken("Price: The page crashed.") == "Price: Die Seite ist abgestürzt."


def test_what_is_not_known_stays_between_what_is() -> None:
    assert spoken("The page crashed. Nobody knows why.\nRun the step again.") == (
        "Die Seite ist abgestürzt. Nobody knows why.\nFühren Sie den Schritt noch einmal aus."
    )


def test_a_text_that_is_a_message_in_itself_many_times_over_has_an_end() -> None:
    assert spoken("Trying again in 5 s. " * 150).startswith("Neuer Versuch in")


def test_english_stays_english() -> None:
    prepare("en")
    assert spoken("The page crashed.") == "The page crashed."
