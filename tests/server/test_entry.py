"""Who is let in: whoever opened this start's link, once, and nobody by guessing."""

from pathlib import Path

from app.server.entry import Allowance, Entry
from tests.server.started import Studio, cookie_from, path_of, started, token_of

USED = "This link was used already or is from an earlier start. Start `weft` again for a fresh one.\n"


def test_s04_without_the_cookie_there_is_no_page_and_no_session(studio: Studio) -> None:
    reply = studio.get("/")
    assert (reply.status, reply.header("set-cookie")) == (401, None)
    assert reply.text == "This browser is not let in yet. Start `weft` again in a terminal for a link that does it.\n"
    assert list((studio.folder / "window").iterdir()) == []


def test_s15_a_link_lets_one_browser_in_and_a_second_use_is_harmless(studio: Studio) -> None:
    link = studio.link
    first = studio.get(path_of(link))
    assert (first.status, first.header("location")) == (303, "/")
    assert studio.get("/", f"Cookie: {cookie_from(first)}").status == 200

    again = studio.get(path_of(link))
    assert (again.status, again.header("set-cookie"), again.text) == (401, None, USED)

    who_is_in = studio.get(path_of(link), f"Cookie: {cookie_from(first)}")
    assert (who_is_in.status, who_is_in.header("location"), who_is_in.header("set-cookie")) == (303, "/", None)


def test_s15_a_used_link_is_replaced_by_a_fresh_one(studio: Studio) -> None:
    link = studio.link
    assert studio.get(path_of(link)).status == 303
    assert studio.link != link
    assert studio.get(path_of(studio.link)).status == 303


def test_s15_after_a_restart_neither_the_old_link_nor_the_old_cookie_is_good(tmp_path: Path) -> None:
    with started(tmp_path) as before:
        link, cookie, port = before.link, before.cookie, before.port
    with started(tmp_path, "--port", str(port)) as after:
        assert after.port == port
        assert after.get(path_of(link)).status == 401
        assert after.get("/", f"Cookie: {cookie}").status == 401


def test_s15_the_token_is_not_the_cookie_and_is_written_nowhere(tmp_path: Path) -> None:
    with started(tmp_path) as running:
        page = running.get("/", f"Cookie: {running.cookie}")
        running.get("/no-such-page", f"Cookie: {running.cookie}")
    token = token_of(running.first_link)
    assert token not in running.cookie
    assert token not in page.text
    said, *logged = running.said
    assert said == f"Weft is ready: open {running.first_link} in your browser (Ctrl+C stops Weft).\n"
    assert [line for line in logged if token in line] == []
    assert [path for path in tmp_path.rglob("*") if path.is_file() and token in path.read_text("utf-8")] == []


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(studio: Studio) -> None:
    given = studio.get(path_of(studio.link)).header("set-cookie")
    assert given is not None
    name_and_value, *attributes = given.split("; ")
    assert name_and_value.startswith(f"studio_{studio.port}=")
    assert attributes == ["Path=/", "HttpOnly", "SameSite=Strict"]


def test_only_a_get_of_the_first_page_uses_a_link(studio: Studio) -> None:
    link = studio.link
    assert studio.ask("HEAD", path_of(link)).status == 401
    assert studio.ask("POST", path_of(link)).status == 401
    assert studio.get(path_of(link).replace("/?", "/other?")).status == 401
    assert studio.link == link


def test_a_cookie_planted_beside_the_right_one_locks_nobody_out(studio: Studio) -> None:
    planted = f"studio_{studio.port}=planted"
    assert studio.get("/", f"Cookie: {planted}; {studio.cookie}").status == 200
    assert studio.get("/", f"Cookie: {planted}", f"Cookie: {studio.cookie}").status == 200
    assert studio.get("/", f"Cookie: x{studio.cookie}").status == 401


def test_s16_guessing_is_slowed_down_and_the_person_still_comes_in(tmp_path: Path) -> None:
    with started(tmp_path) as running:
        statuses = [running.get(f"/?t=guess{number}").status for number in range(40)]
        assert statuses == [401] * 30 + [429] * 10
        assert running.get("/", f"Cookie: studio_{running.port}=guess").status == 429
        assert running.get("/").status == 401
        assert running.get(path_of(running.link)).status == 303


def test_s16_ten_thousand_guesses_are_all_wrong() -> None:
    links: list[str] = []
    entry = Entry(8428, links.append)
    assert not any(entry.redeem(f"{number:043d}") for number in range(10_000))
    assert not any(entry.admits([f"{number:043d}", "", "ключ"]) for number in range(10_000))
    assert links == [entry.link]


def test_an_allowance_is_back_after_a_minute() -> None:
    now = 0.0
    allowance = Allowance(2, clock=lambda: now)
    assert [allowance.spent() for _ in range(4)] == [False, False, True, True]
    now = 61.0
    assert [allowance.spent() for _ in range(3)] == [False, False, True]
