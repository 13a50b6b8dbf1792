import base64
import json
import time
from urllib.parse import quote, quote_plus

import orjson
import pytest

from app.secrets.masks import MASK, Masker

KEY = 'sk-ä"q/7&+ \\x=='


@pytest.fixture
def masks() -> Masker:
    made = Masker()
    made.add(KEY)
    return made


@pytest.mark.parametrize(
    "shown",
    [
        KEY,
        json.dumps(KEY)[1:-1],
        json.dumps(KEY, ensure_ascii=False)[1:-1],
        quote(KEY),
        quote(KEY, safe=""),
        quote(KEY, safe="").lower().replace("%c3", "%c3"),
        quote_plus(KEY),
        base64.b64encode(KEY.encode()).decode(),
        base64.urlsafe_b64encode(KEY.encode()).decode(),
    ],
)
def test_a_value_is_masked_in_every_spelling(masks: Masker, shown: str) -> None:
    assert masks.mask(f"before {shown} after") == f"before {MASK} after"


@pytest.mark.parametrize("user", ["", "u", "us", "user"])
def test_a_value_inside_a_longer_base64_text_cannot_be_read_back(masks: Masker, user: str) -> None:
    header = base64.b64encode(f"{user}:{KEY}:end".encode()).decode()
    masked = masks.mask(f"Authorization: Basic {header}")
    assert MASK in masked
    left = masked.removeprefix("Authorization: Basic ").split(MASK)
    assert sum(map(len, left)) <= len(header) - len(KEY)


def test_text_without_a_secret_is_left_alone(masks: Masker) -> None:
    body = b'{"a":"nothing here"}'
    assert masks.mask("nothing here") == "nothing here"
    assert masks.mask_json(body) is body
    assert Masker().mask_json(body) is body


def test_json_stays_json_whatever_is_masked() -> None:
    masks = Masker()
    for value in ("1234567", '": "', "naïve key"):
        masks.add(value)
    body = orjson.dumps({"n": 1234567, "in 1234567": ["a naïve key", 5, 1.5, None, True], "x": '": "'})
    assert orjson.loads(masks.mask_json(body)) == {
        "n": MASK,
        f"in {MASK}": [f"a {MASK}", 5, 1.5, None, True],
        "x": MASK,
    }


def test_a_longer_secret_is_masked_whole_although_a_shorter_one_begins_like_it() -> None:
    masks = Masker()
    masks.add("abcd")
    masks.add("abcdefgh")
    assert masks.mask("abcdefgh abcdef") == f"{MASK} {MASK}ef"


def test_a_value_is_masked_with_and_without_the_spaces_around_it() -> None:
    masks = Masker()
    masks.add("  token-77\n")
    assert masks.mask("x=token-77;") == f"x={MASK};"


def test_a_whole_certificate_is_masked_and_takes_no_time() -> None:
    masks = Masker()
    masks.add("short key")
    certificate = "-----BEGIN\n" + "\n".join(f"line {n} of it" for n in range(10_000))
    began = time.monotonic()
    masks.add(certificate)
    body = orjson.dumps({"c": f"<{certificate}>", "k": "a short key"})
    assert orjson.loads(masks.mask_json(body)) == {"c": f"<{MASK}>", "k": f"a {MASK}"}
    assert masks.mask(base64.b64encode(certificate.encode()).decode()) == MASK
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("value", ["", " ", "abc", " abc "])
def test_what_is_too_short_is_not_masked(value: str) -> None:
    masks = Masker()
    masks.add(value)
    assert masks.mask("abc def") == "abc def"
