"""Laws of the roll-out of a Direction."""

import time

import numpy as np
import pytest
import torch

from agent.direction import Body, Camera, Direction, Grid, Link, Music, Palette, Shot, ShotWorld, Span
from agent.unroll import spans_s, unroll
from agent.unroll_spans import bars_to_s, beats_s
from agent.unroll_values import driving, glowing, link_curves
from world_model.sim.rollout import AT
from world_model.vocabulary import CAMERA_MOVES, STYLE_FIELDS

BIRDS = (Body(id="birds", kind="bird", gait="flock", size_m=0.8, count=9),)


def shot(k, bars=None, s=None, **more):
    fields = {"world": ShotWorld(bodies=BIRDS), "camera": Camera(move=CAMERA_MOVES[k % 16], target="birds")}
    return Shot(id=f"s{k}", span=Span(bars=bars) if bars else Span(s=s), **{**fields, **more})


def film(count=4, bars=1.0, **more):
    shots = more.pop("shots", tuple(shot(k, (k * bars, (k + 1) * bars)) for k in range(count)))
    fields = {"duration_s": count * bars * 2.0, "seed": 5, "music": Music(tempo_bpm=120), "shots": shots}
    return Direction(**{**fields, **more})


def link(to, source="music.kick", amount=0.5, lag_s=0.0):
    return Link.model_validate({"from": source, "to": to, "amount": amount, "lag_s": lag_s})


def test_rows_tile_the_film_and_shots_change_only_at_cuts():
    world = unroll(film(5, bars=1.37))
    numbers = world.state.shot[:, 0].numpy()
    assert len(world.state) == world.grid.frames(5 * 1.37 * 2)
    starts = [int(start * 24 + 1e-6) for start, _ in spans_s(film(5, bars=1.37))]
    assert [0, *(np.flatnonzero(np.diff(numbers)) + 1)] == starts
    assert np.isfinite(world.state.pack().numpy()).all()


def test_cuts_lie_on_the_bar_or_one_frame_before_for_any_tempo_and_rate():
    for tempo, fps in ((97.3, 24), (121.0, 25), (174.0, 30), (60.0, 12)):
        direction = film(6, duration_s=12 * 4 * 60 / tempo / 2, music=Music(tempo_bpm=tempo),
                         grid=Grid(steps_per_s=1, fps=fps))
        world = unroll(direction)
        cuts = (np.flatnonzero(np.diff(world.state.shot[:, 0].numpy())) + 1) / fps
        lines = np.array([start for start, _ in spans_s(direction)])[1:]
        assert len(cuts) == 5 and ((lines - cuts) >= -1e-6).all() and ((lines - cuts) < 1 / fps + 1e-6).all()


def test_bars_follow_the_heard_bar_lines_and_go_on_by_tempo():
    music = Music(tempo_bpm=120, downbeats_s=(0.5, 2.6, 4.4))
    assert bars_to_s(music, [0, 0.5, 1, 1.5, 2]) == pytest.approx([0.5, 1.55, 2.6, 3.5, 4.4])
    assert bars_to_s(music, [-1, 3]) == pytest.approx([-1.5, 6.4])
    beats = beats_s(music, 8.0)
    assert (np.diff(beats) > 0).all() and beats[0] >= 0 and beats[-1] <= 8
    assert np.isclose(beats, 2.6).any() and np.isclose(beats, 4.4).any()


def test_the_same_input_gives_the_same_tensors():
    a, b = unroll(film()), unroll(film())
    assert torch.equal(a.state.pack(), b.state.pack()) and a.events == b.events


def test_a_shot_does_not_depend_on_its_neighbours():
    base = film(3)
    other = base.shots[0].model_copy(update={"world": ShotWorld(place={"ocean": 1.0}), "camera": Camera(move="orbit")})
    changed = base.model_copy(update={"shots": (other, *base.shots[1:])})
    a, b = unroll(base).state.pack(), unroll(changed).state.pack()
    assert torch.equal(a[48:], b[48:]) and not torch.equal(a[:48], b[:48])


def test_links_stay_inside_bounds_and_reach_what_they_name():
    noise = np.random.default_rng(0).random(800).astype(np.float32)
    noise[10], noise[11] = np.nan, np.inf
    signals = {"kick": noise, "energy": noise}
    quiet = unroll(film())
    world = unroll(film(links=(link("/shots/*/world/weather/rain", amount=9),
                               link("/shots/1/camera/lens_mm", amount=-10),
                               link("/shots/*/world/bodies/*/glow", "music.energy", 3))), signals)
    rain = world.state.weather[:, 0].numpy()
    assert rain.min() >= 0 and rain.max() == 1 and quiet.state.weather[:, 0].max() == 0
    assert np.isfinite(world.state.pack().numpy()).all()
    assert world.state.body_group[:, 0, 2].max() == 1
    assert torch.equal(world.state.camera[:48, 6], quiet.state.camera[:48, 6])
    assert not torch.equal(world.state.camera[48:96, 6], quiet.state.camera[48:96, 6])


def test_a_lagged_link_comes_later():
    pulse = np.zeros(400, np.float32)
    pulse[100:110] = 1
    at = [int(unroll(film(links=(link("/shots/*/world/weather/fog", lag_s=lag),)), {"kick": pulse})
              .state.weather[:, 2].numpy().argmax()) for lag in (0.0, 0.5, -0.5)]
    assert at[1] - at[0] == pytest.approx(12, abs=1) and at[2] - at[0] == pytest.approx(-12, abs=1)


@pytest.mark.parametrize("pointer", ["/shots/*/world/weather/hail", "/shots/9/world/weather/rain", "/score/seed",
                                     "/shots/*/world/look", "/shots/*/world/bodies/5/glow", "/shots/*/camera/side"])
def test_a_pointer_that_leads_nowhere_is_named(pointer):
    with pytest.raises(ValueError, match=pointer.replace("*", r"\*")):
        unroll(film(links=(link(pointer),)), {"kick": np.ones(10, np.float32)})


def test_unknown_names_are_refused_with_the_known_ones():
    for world, words in ((ShotWorld(look="oil"), "watercolour"), (ShotWorld(palette=Palette(name="mud")), "natural")):
        with pytest.raises(ValueError, match=words):
            unroll(film(shots=(shot(0, s=(0, 2), world=world, camera=Camera()),)))
    with pytest.raises(ValueError, match="dog"):
        unroll(film(shots=(shot(0, s=(0, 2), camera=Camera(target="dog")),)))
    with pytest.raises(ValueError, match="/world/weather/hail"):
        unroll(film(shots=(shot(0, s=(0, 2), curves={"/world/weather/hail": ((0, 0),)}),)))
    with pytest.raises(ValueError, match="zoom"):
        unroll(film(shots=(shot(0, s=(0, 2), camera=Camera(curves={"zoom": ((0, 0),)})),)))


def test_curves_start_and_end_on_their_keys():
    world = unroll(film(shots=(shot(0, s=(0, 8), curves={"/world/weather/rain": ((0, 0.1), (1, 0.9)),
                                                        "/world/style/bloom": ((0, 0), (1, 1))}),)))
    rain = world.state.weather[:, 0].numpy()
    assert rain[0] == pytest.approx(0.1) and rain[-1] == pytest.approx(0.9) and (np.diff(rain) >= 0).all()
    assert world.state.style[-1, STYLE_FIELDS.index("bloom")] == 1


def test_camera_curves_rule_the_camera():
    def curved(**curves):
        camera = Camera(move="static", curves=curves)
        return unroll(film(shots=(shot(0, s=(0, 6), world=ShotWorld(), camera=camera),))).state.camera.numpy()

    camera = curved(yaw_deg=((0, 0), (1, 30)), roll_deg=((0, 0), (1, -10)))
    assert np.degrees(camera[-1, 3] - camera[0, 3]) == pytest.approx(30, abs=0.5)
    assert np.degrees(camera[-1, 5]) == pytest.approx(-10, abs=0.1)
    camera = curved(lens_mm=((0, 20), (1, 80)))
    assert 18 / np.tan(camera[[0, -1], 6] / 2) == pytest.approx([20, 80], rel=1e-3)


def test_fades_go_through_black_but_the_film_does_not_start_in_it():
    shots = (shot(0, s=(0, 3)), shot(1, s=(3, 6), cut="fade"))
    hard = (shots[0], shots[1].model_copy(update={"cut": "hard"}))
    faded, plain = (unroll(film(shots=way, duration_s=6)).state.light[:, -1].numpy() for way in (shots, hard))
    drop = faded - plain
    assert drop[0] == 0 and drop[71] == -8 and drop[72] == -8 and drop[90] == 0 and drop.min() >= -8


def test_a_dissolve_turns_one_world_into_the_other():
    desert = ShotWorld(place={"desert": 1.0}, bodies=BIRDS, palette=Palette(name="mars"))
    shots = (shot(0, s=(0, 3)), shot(1, s=(3, 6), cut="dissolve", world=desert))
    world = unroll(film(shots=shots, duration_s=6))
    place = world.state.place.numpy()
    assert np.abs(place.sum(1) - 1).max() < 1e-5
    assert np.abs(np.diff(place, axis=0)).max() < 0.25
    assert place[50, 2] == 1 and place[90, 1] == 1 and 0.3 < place[71, 2] < 0.7
    assert np.isfinite(world.state.pack().numpy()).all()


def test_shots_in_any_order_overlapping_or_too_short_still_tile():
    shots = (shot(1, s=(2, 4)), shot(0, s=(0, 3)), shot(2, s=(2.01, 2.02)), shot(3, s=(50, 60)))
    world = unroll(film(shots=shots, duration_s=4))
    assert len(world.state) == 96
    assert np.isfinite(world.state.pack().numpy()).all()


@pytest.mark.parametrize("move", CAMERA_MOVES)
def test_shots_of_a_few_frames_roll_out(move):
    for frames in (1, 2, 3, 7):
        shots = (shot(0, s=(0, frames / 24), camera=Camera(move=move, target="birds")), shot(1, s=(frames / 24, 1)))
        world = unroll(film(shots=shots, duration_s=1, size_px=(90, 160)))
        assert len(world.state) == 24 and np.isfinite(world.state.pack().numpy()).all()


def test_looks_hold_their_frames():
    world = unroll(film(shots=(shot(0, s=(0, 4), world=ShotWorld(look="cel", bodies=BIRDS)),)))
    rows = world.state.pack()
    assert torch.equal(rows[0::2], rows[1::2]) and not torch.equal(rows[0], rows[2])


def test_events_are_in_the_film_and_in_order():
    world = unroll(film(8, bars=2))
    times = [event.time_s for event in world.events]
    assert times == sorted(times) and times and times[0] >= 0 and times[-1] < 32


def test_three_minutes_unroll_quickly():
    direction = film(60, bars=1.5)
    unroll(film(1))
    best = 1e9
    for _ in range(2):
        start = time.perf_counter()
        world = unroll(direction)
        best = min(best, time.perf_counter() - start)
    assert len(world.state) == 4320 and best < 4.0
    assert world.state.pack().shape[1] == AT["skyline"].stop


def test_light_on_a_beat_falls_softly():
    curve = np.zeros(100)
    curve[20] = 1.0
    lit = glowing(curve, 50.0)
    assert 0.7 < lit.max() <= 1.0 and abs(int(lit.argmax()) - 20) <= 3
    assert lit[30] > 0.4 and np.all(np.diff(lit[24:]) <= 1e-9) and lit[15] < 0.1


def test_a_tall_picture_keeps_the_diagonal_of_its_lens():
    wide, tall = (unroll(film(1), size_px=size).state.camera[0, 6].item() for size in ((768, 432), (432, 768)))
    diagonal = [np.tan(fov / 2) * np.hypot(1, side) for fov, side in ((wide, 9 / 16), (tall, 16 / 9))]
    assert abs(diagonal[0] / diagonal[1] - 1) < 0.02


def test_energy_drives_by_its_own_range_and_drums_land_harder_where_it_is_loud():
    loud = np.repeat([0.6, 0.8], 200)
    felt = driving(loud, 50.0)
    assert felt[:150].max() < 0.05 and felt[250:].min() > 0.95
    assert np.allclose(driving(np.full(300, 0.5), 50.0), 0.5)
    kick = np.zeros(400, np.float32)
    kick[[100, 300]] = 1.0
    light = "/shots/0/world/light/exposure_ev"
    moved = film(1, bars=4.0, links=(link(light),))
    times = {0: np.arange(0, 8, 1 / 24)}
    found = link_curves(moved, {"kick": kick, "energy": loud.astype(np.float32)}, 50.0, times)[0]
    added = next(curve for pointer, curve in found.items() if pointer.endswith("exposure_ev"))
    assert added[48:60].max() < 0.6 * added[144:156].max()
