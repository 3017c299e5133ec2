"""Every kind of control, moved: the Direction changes where it is bound, and the film in the direction it promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agent.brief import Brief
from agent.direction import Direction, Title
from agent.director import direct
from agent.edits import apply_patch
from agent.interpret import interpret
from agent.unroll import unroll
from agent.unroll_spans import spans_s
from ui_gen.bind import written
from ui_gen.bind_values import accepted, oklch_of
from ui_gen.catalogue import candidates
from ui_gen.measure import measure
from ui_gen.outcomes import Floats, picture_outcomes
from ui_gen.panel import Control
from world_model.sim.finish import finish
from world_model.sim.picture import Renderer
from world_model.vocabulary import PALETTE_ROLES


@pytest.fixture(scope="module")
def eye() -> Renderer:
    return Renderer((128, 72), threads=2)


def piece(words: str = "photoreal meadow at noon, a fox, rain, three shots, 9 seconds") -> tuple[Direction, Brief]:
    brief = interpret(words)
    return direct(brief, None), brief


def control(direction: Direction, ident: str) -> Control:
    return next(one.control for one in candidates(direction) if one.control.id == ident)


def moved(direction: Direction, one: Control, value: Any) -> Direction:
    return apply_patch(direction, written(direction, one, accepted(one, value)), reason="moved")


def seen(eye: Renderer, direction: Direction, share: float = 0.5) -> tuple[dict[str, float], Floats]:
    state = unroll(direction).state
    at = min(len(state) - 1, int(share * len(state)))
    rows = state.rows(max(0, at - 1), at + 1).pack().numpy()
    buffer = eye.geometry(rows, len(rows) - 1, want_flow=True)
    return picture_outcomes(finish(buffer, rows[-1], 0, 2), buffer.object_id, buffer.depth_m, buffer.flow_px, 24.0)


def inner(direction: Direction, pointer: str) -> list[Any]:
    found: list[Any] = []
    for shot in direction.model_dump(mode="json")["shots"]:
        at: Any = shot
        for part in pointer.strip("/").split("/"):
            at = at[int(part)] if isinstance(at, list) else at[part]
        found.append(at)
    return found


def test_a_range_goes_straight_from_the_first_shot_to_the_last(eye: Renderer):
    direction, _ = piece()
    day = moved(direction, control(direction, "day"), [12.0, 22.0])
    hours = inner(day, "/world/light/time_h")
    assert hours[0] == 12.0 and hours[-1] == 22.0 and np.allclose(np.diff(hours), np.diff(hours)[0])
    assert seen(eye, day, 0.1)[0]["brightness"] > seen(eye, day, 0.95)[0]["brightness"] + 5


def test_a_curve_over_the_film_is_cut_to_its_shots_and_seen_where_it_was_drawn(eye: Renderer):
    direction, _ = piece()
    drawn = moved(direction, control(direction, "rain_course"), [[0.0, 0.0], [0.5, 0.0], [1.0, 1.0]])
    rain = unroll(drawn).state.weather[:, 0].numpy()
    at = np.linspace(0, 1, len(rain))
    assert np.abs(rain - np.interp(at, [0.0, 0.5, 1.0], [0.0, 0.0, 1.0])).max() < 0.12
    assert rain[:len(rain) // 3].max() < 0.02 and rain[-1] > 0.9


def test_a_pad_writes_two_numbers_and_a_place_in_the_frame_is_where_it_was_put(eye: Renderer):
    direction, _ = piece()
    sun = moved(direction, control(direction, "sun"), [90.0, 8.5])
    assert set(inner(sun, "/world/light/azimuth_deg")) == {90.0} and set(inner(sun, "/world/light/time_h")) == {8.5}
    pad = control(direction, "frame_at")
    shot = next(k for k, one in enumerate(direction.shots) if one.id == pad.shot)
    starts = spans_s(direction)
    share = starts[shot][0] / direction.duration_s + 0.002
    left, right = (seen(eye, moved(direction, pad, [x, 0.45]), share)[0]["subject_across"] for x in (0.25, 0.75))
    assert left < 42 < 58 < right


def test_a_way_of_the_camera_is_near_where_it_was_drawn_near(eye: Renderer):
    direction, _ = piece("photoreal meadow at noon, a fox, 6 seconds")
    way = control(direction, "camera_way")
    shot = next(k for k, one in enumerate(direction.shots) if one.id == way.shot)
    start, end = (edge / direction.duration_s for edge in spans_s(direction)[shot])
    near, far = (moved(direction, way, [[0.0, a, 1.5], [1.0, b, 1.5]]) for a, b in ((3.0, 3.0), (30.0, 30.0)))
    middle = 0.5 * (start + end)
    assert seen(eye, near, middle)[0]["subject_share"] > 3 * seen(eye, far, middle)[0]["subject_share"]
    curves = near.shots[shot].camera.curves
    assert curves["distance_m"] == ((0.0, 3.0), (1.0, 3.0)) and curves["height_m"] == ((0.0, 1.5), (1.0, 1.5))


def test_a_mixture_of_places_is_what_the_world_is_made_of():
    direction, _ = piece()
    mix = control(direction, "places")
    names = list(mix.choices or ())[:2]
    both = moved(direction, mix, {names[0]: 0.5, names[1]: 0.25, (mix.choices or ())[-1]: 0.0})
    assert all(shot.world.place == {names[0]: 0.5, names[1]: 0.25} for shot in both.shots)
    place = unroll(both).state.place[0].numpy()
    assert sorted(place[place > 1e-4].round(3)) == [0.333, 0.667]


def test_a_colour_is_the_one_that_was_picked():
    direction, _ = piece()
    red = moved(direction, control(direction, "accent"), "#D02818")
    assert all(list(shot.world.palette.accent or ()) == oklch_of("#d02818") for shot in red.shots)
    accent = unroll(red).state.palette[0, PALETTE_ROLES.index("accent")].numpy()
    assert accent[1] > 0.1  # towards red in OKLab


def test_a_cut_moves_and_its_neighbours_follow():
    direction, _ = piece()
    cuts = control(direction, "cuts")
    edges = [*cuts.value]
    edges[1] += cuts.step or 0.25
    later = moved(direction, cuts, edges)
    before, after = spans_s(direction), spans_s(later)
    assert after[0][1] > before[0][1] and after[0][1] == pytest.approx(after[1][0])
    assert after[-1] == pytest.approx(before[-1]) and len(after) == len(before)


def test_a_line_of_the_land_is_where_the_land_ends(eye: Renderer):
    direction, _ = piece("photoreal meadow at noon, 4 seconds")
    line = control(direction, "land_line")
    shot = next(k for k, one in enumerate(direction.shots) if one.id == line.shot)
    share = spans_s(direction)[shot][0] / direction.duration_s
    high, low = (seen(eye, moved(direction, line, [y] * 32), share)[0]["land_share"] for y in (0.3, 0.65))
    assert high > low + 15


def test_a_switch_and_a_choice_write_what_they_say():
    direction, _ = piece()
    assert moved(direction, control(direction, "minor"), not direction.score.minor).score.minor != direction.score.minor
    pencil = moved(direction, control(direction, "look"), "pencil")
    assert {shot.world.look for shot in pencil.shots} == {"pencil"}


def test_painted_regions_are_in_their_shot_and_flow(eye: Renderer):
    direction, _ = piece()
    brush = control(direction, "brushes")
    region = {"region": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.5]], "direction": [0.2, 0.0]}
    painted = moved(direction, brush, [region])
    assert sum(len(shot.brushes) for shot in painted.shots) == 1
    assert next(shot for shot in painted.shots if shot.brushes).id == brush.shot
    told = measure(direction, brush, None, eye)
    assert told is not None and told.alive and told.changed > 1.0


def test_words_in_the_picture_are_the_ones_that_were_typed():
    direction, _ = piece("a lake at dawn, 4 s")
    direction = direction.model_copy(update={"titles": (Title(text="Stille", shot=direction.shots[0].id),)})
    text = control(direction, "title_0")
    assert moved(direction, text, "  Morgen\u202e ").titles[0].text == "Morgen"
