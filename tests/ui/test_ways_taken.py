"""A step's light says which of its ways were taken, so that the wires of the others are not drawn as if they were."""

from __future__ import annotations

from app.engine.events import Finished, Resumed
from app.runs.reading.picture import Picture
from app.ui.lighting import light_of


def test_the_light_of_a_step_names_the_outputs_that_had_a_value() -> None:
    picture = Picture()
    picture.take_all(
        [Finished(at=1.0, step="sort", outputs={"middle": 42}), Finished(at=1.0, step="far", outputs=None)]
    )
    assert [(light_of(picture, path, {}) or {}).get("taken") for path in ("sort", "far")] == [["middle"], None]


def test_what_was_taken_inside_a_loop_is_known_after_the_run_goes_on() -> None:
    picture = Picture()
    picture.take_all([Finished(at=1.0, step="each/0/sort", outputs={"middle": 42}), Resumed(at=2.0, step="")])
    assert (light_of(picture, "each/sort", {}) or {}).get("taken") == ["middle"]
