"""Large JSON is read piece by piece, and comes out as if it had been read at once."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine import pieces

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    # Half of a letter cannot be written.
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=40,
)


@given(JSON, st.booleans())
def test_pieces_make_the_same_value(value: object, wide: bool) -> None:
    body = orjson.dumps(value, option=orjson.OPT_INDENT_2 if wide else None)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pieces, "LARGE", 0)
        patched.setattr(pieces, "SMALL", 20)
        patched.setattr(pieces, "FEW", 2)
        assert pieces.loads(body) == orjson.loads(body)


def test_no_piece_of_a_large_value_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"number": n, "name": f"row {n}", "tags": ["a", "b"]} for n in range(60_000)]
    body = orjson.dumps({"ms": 1, "outputs": {"count": 3, "rows": rows}})
    assert len(body) > pieces.LARGE
    read = pieces._at_once
    longest = 0

    def measured(text: str, at: int) -> tuple[object, int]:
        nonlocal longest
        value, end = read(text, at)
        longest = max(longest, end - at)
        return value, end

    monkeypatch.setattr(pieces, "_at_once", measured)
    assert pieces.loads(body)["outputs"]["rows"] == rows
    assert longest < pieces.SMALL
