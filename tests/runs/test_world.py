"""Models, keys, code and files of a run, through the real engine."""

from pathlib import Path

import pytest

from app.engine.events import Answered, Asked, Failed, Spent, Streamed
from app.engine.gate import Grant
from app.engine.past import past_of
from app.runs.world.model import key_name
from app.runs.world.real import plain_name
from nodes import Context, Effect, Json, Touches
from tests.model_server import Fails, ModelServer, Says, model_server
from tests.runs.conftest import Parts
from tests.runs.playing import Played, Wish, play

__all__ = ["model_server"]
OWN = Grant(own=True)


def ask(connection: str = "", **options: object) -> Wish:
    async def wish(ctx: Context) -> Json:
        model = await ctx.model(connection)
        return (await model.ask("How are you?", **options)).text  # type: ignore[arg-type]  # the test knows

    return wish


async def connected(parts: Parts, server: ModelServer, name: str = "Mine") -> None:
    made = await parts.connections.add(
        name=name, provider="compatible", base_url=server.openai, default_model="practice-1"
    )
    await parts.secrets.use_session()
    await parts.secrets.put(key_name(made.id), "sk-canary-123456")


def hint(played: Played) -> str:
    return next(each.hint for each in played.events if isinstance(each, Failed))


async def test_without_a_connection_the_step_says_what_is_missing(parts: Parts) -> None:
    played = await play(parts.world(OWN), ask())
    assert played.failure == "This step asks a language model, but no model is connected yet."
    assert hint(played) == "Add a key on the Keys page, then press Continue."


async def test_without_a_key_the_step_says_what_is_missing(parts: Parts) -> None:
    await parts.connections.add(name="OpenAI", provider="openai")
    played = await play(parts.world(OWN), ask())
    assert played.failure == "There is no key for OpenAI."
    assert hint(played) == "Add a key on the Keys page, then press Continue."


async def test_an_unknown_connection_is_named_with_those_there_are(parts: Parts) -> None:
    await parts.connections.add(name="OpenAI", provider="openai")
    played = await play(parts.world(OWN), ask("Cluade"))
    assert played.failure == "There is no model connection called “Cluade”."
    assert "“OpenAI”" in hint(played)


async def test_the_first_connection_answers_and_the_text_streams(parts: Parts, model_server: ModelServer) -> None:
    await connected(parts, model_server)
    model_server.script(Says("I am well.", tokens_in=7, tokens_out=4))
    played = await play(parts.world(OWN), ask())
    assert played.result == "I am well."
    assert "".join(each.text for each in played.events if isinstance(each, Streamed)) == "I am well."
    spent = [(each.what, each.tokens_in, each.tokens_out) for each in played.events if isinstance(each, Spent)]
    assert spent == [("Mine: practice-1", 7, 4)]
    assert played.touched == ["model: Mine"]
    assert model_server.heard[0].key == "sk-canary-123456"
    assert "canary" not in str(played.events)


async def test_a_models_trouble_is_the_steps(parts: Parts, model_server: ModelServer) -> None:
    await connected(parts, model_server)
    model_server.script(Fails(401))
    assert (await play(parts.world(OWN), ask())).failure == "Mine does not accept the key."


async def test_an_arrived_flow_asks_only_the_models_that_were_accepted(parts: Parts, model_server: ModelServer) -> None:
    await connected(parts, model_server)
    played = await play(parts.world(Grant()), ask("Mine"))
    assert (played.questions, model_server.heard) == (["May “It” ask “Mine”?"], [])
    accepted = Grant(Touches(models=("",)))
    assert (await play(parts.world(accepted), ask())).questions == []
    assert (await play(parts.world(accepted), ask("Mine"))).questions == ["May “It” ask “Mine”?"]


def use(name: str) -> Wish:
    async def wish(ctx: Context) -> Json:
        value = await ctx.secret(name)
        ctx.log(f"the value is {value}")
        return {"value": value, "number": 4321, "length": len(value)}

    return wish


async def test_a_key_is_given_at_use_and_masked_everywhere_afterwards(parts: Parts) -> None:
    await parts.secrets.use_session()
    await parts.secrets.put("shop", "4321")
    played = await play(parts.world(OWN), use("shop"))
    assert played.result == {"value": "••••", "number": "••••", "length": 4}
    assert played.touched == ["key: shop"]
    assert "4321" not in str([each for each in played.events if not isinstance(each, Failed)])


async def test_a_key_that_is_not_there_is_said_not_to_be(parts: Parts) -> None:
    await parts.secrets.use_session()
    assert (await play(parts.world(OWN), use("shop"))).failure == "There is no key called “shop”."


async def test_an_arrived_flow_uses_only_the_keys_that_were_accepted(parts: Parts) -> None:
    await parts.secrets.use_session()
    await parts.secrets.put("shop", "canary-1")
    assert (await play(parts.world(Grant()), use("shop"))).questions == ["May “It” use the key “shop”?"]
    assert (await play(parts.world(Grant(Touches(keys=("shop",)))), use("shop"))).questions == []


@pytest.mark.parametrize("grant", [OWN, Grant(Touches(keys=(key_name("1"),)))])
async def test_the_key_of_a_model_is_for_no_step(parts: Parts, grant: Grant) -> None:
    await parts.secrets.use_session()
    await parts.secrets.put(key_name("1"), "canary-1")
    played = await play(parts.world(grant), use(key_name("1")), answer="Allow")
    assert played.failure == "The key of a language model is for that model only."


async def test_code_that_was_not_accepted_word_for_word_is_asked_about(parts: Parts) -> None:
    accepted = Grant(Touches(code=("print(1)",)))
    same = await play(parts.world(accepted), kind="test.compute", settings={"code": "print(1)"})
    assert (same.result, same.questions) == ("ran", [])
    other = await play(parts.world(accepted), kind="test.compute", settings={"code": "print(2)"})
    assert other.questions == ["May “It” run its code?"]
    assert "print(2)" in next(each.text for each in other.events if isinstance(each, Asked))
    assert (await play(parts.world(OWN), kind="test.compute", settings={"code": "print(2)"})).result == "ran"


async def test_what_was_refused_is_asked_again_when_the_run_is_continued(parts: Parts) -> None:
    settings: dict[str, Json] = {"code": "print(2)"}
    first = await play(parts.world(Grant()), kind="test.compute", settings=settings)
    past = past_of(first.events, lambda _: Effect.READ)
    again = await play(parts.world(Grant()), kind="test.compute", settings=settings, past=past, answer="Allow")
    assert (again.result, again.questions) == ("ran", first.questions)


async def test_an_answer_given_before_a_crash_still_holds(parts: Parts) -> None:
    settings: dict[str, Json] = {"code": "print(2)"}
    first = await play(parts.world(Grant()), kind="test.compute", settings=settings, answer="Allow")
    until = next(at for at, each in enumerate(first.events) if isinstance(each, Answered)) + 1
    past = past_of(first.events[:until], lambda _: Effect.READ)
    again = await play(parts.world(Grant()), kind="test.compute", settings=settings, past=past)
    assert (again.result, again.questions) == ("ran", [])


async def test_a_question_in_the_middle_of_a_step_leaves_a_doubt_and_one_before_it_none(
    parts: Parts, tmp_path: Path
) -> None:
    (tmp_path / "in.txt").write_bytes(b"text")
    accepted = Grant(Touches(reads=(str(tmp_path / "in.txt"),)))

    async def doubt(grant: Grant) -> frozenset[str]:
        played = await play(parts.world(grant), copy(str(tmp_path / "in.txt"), "out.txt"))
        until = next(at for at, each in enumerate(played.events) if isinstance(each, Asked)) + 1
        return past_of(played.events[:until], lambda _: Effect.WRITE).doubt

    assert await doubt(Grant()) == frozenset()
    assert await doubt(accepted) == {"it"}


def copy(source: str, target: str) -> Wish:
    async def wish(ctx: Context) -> Json:
        return await ctx.write(target, await ctx.read(source), append=True)

    return wish


async def test_files_are_read_and_written_and_noted(parts: Parts, tmp_path: Path) -> None:
    source = tmp_path / "in.txt"
    source.write_bytes(b"text")
    target = parts.folder / "files" / "out.txt"
    played = await play(parts.world(OWN), copy(str(source), "out.txt"))
    assert (played.result, target.read_bytes()) == (str(target), b"text")
    assert played.touched == [f"file read: {source}", f"file written: {target}"]


async def test_an_arrived_flow_reads_and_writes_only_what_was_accepted(parts: Parts, tmp_path: Path) -> None:
    source = tmp_path / "in.txt"
    source.write_bytes(b"text")
    wish = copy(str(source), "out.txt")
    target = parts.folder / "files" / "out.txt"
    assert (await play(parts.world(Grant()), wish)).questions == [f"May “It” read {source}?"]
    reading = Grant(Touches(reads=(str(source),)))
    assert (await play(parts.world(reading), wish)).questions == ["May “It” write out.txt?"]
    assert not target.exists()
    both = Grant(Touches(reads=(f"{source.parent}/./{source.name}",), writes=("./out.txt",)))
    assert (await play(parts.world(both), wish)).questions == []
    assert (await play(parts.world(Grant()), wish, answer="Allow")).result == str(target)
    assert parts.remembered == [Touches(reads=(str(source),)), Touches(writes=("out.txt",))]


async def test_programs_settings_in_the_home_folder_are_asked_about_unless_named(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "id_rsa").write_bytes(b"canary")
    wish = copy("~/.ssh/id_rsa", "out.txt")
    assert (await play(parts.world(OWN), wish)).questions == ["May “It” read ~/.ssh/id_rsa?"]
    named = Grant(Touches(reads=("~/.ssh/id_rsa",)), own=True)
    assert (await play(parts.world(named), wish)).questions == []


async def test_bytes_are_kept_with_the_run_under_a_harmless_name(parts: Parts) -> None:
    async def wish(ctx: Context) -> Json:
        file = await ctx.save(b"picture", "../../<a>.png", "image/png")
        return [file.name, file.size, (await ctx.open(file)).decode()]

    assert (await play(parts.world(OWN), wish)).result == ["a.png", 7, "picture"]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("report.md", "report.md"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\x", "x"),
        ("a\0b\n.txt", "ab.txt"),
        ("..", "file"),
        ("", "file"),
        ("a" * 400, "a" * 150),
        ("a\u202etxt.exe", "atxt.exe"),
    ],
)
def test_a_kept_files_name_means_nothing_but_itself(name: str, plain: str) -> None:
    assert plain_name(name) == plain
