"""Laws of a rolled-out shot: camera, bodies, land. Random shots over the whole vocabulary stand for all."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from world_model.sim.camera_frame import EXTENT, FLYING
from world_model.sim.motion import CENTRE
from world_model.sim.rollout import AT, held, roll_shot
from world_model.sim.sampling import random_plan, random_world
from world_model.sim.scout import hidden_share
from world_model.sim.terrain import ground_height, water_height
from world_model.vocabulary import BODIES, CAMERA_MOVES, GAITS, SETTINGS, STYLE_FIELDS

FPS = 24


def rolled(seed, frames=96, **fixed):
    plan = random_plan(seed, frames, FPS, look="photoreal", **fixed)
    rows, events = roll_shot(plan)
    return plan, rows, events


def camera_of(rows):
    return rows[:, AT["camera"]].astype(np.float64)


def leader_of(rows):
    return rows[:, AT["body_pose"]].reshape(len(rows), -1, 8)[:, 0].astype(np.float64)


def seen_at(rows, point):
    """(right, up) in [-1, 1] of the picture, and metres ahead."""
    camera = camera_of(rows)
    to = point - camera[:, :3]
    yaw, pitch, roll = camera[:, 3:6].T
    right = to[:, 0] * np.cos(yaw) - to[:, 2] * np.sin(yaw)
    flat = to[:, 0] * np.sin(yaw) + to[:, 2] * np.cos(yaw)
    ahead = flat * np.cos(pitch) + to[:, 1] * np.sin(pitch)
    up = -flat * np.sin(pitch) + to[:, 1] * np.cos(pitch)
    right, up = right * np.cos(roll) + up * np.sin(roll), up * np.cos(roll) - right * np.sin(roll)
    tan = np.tan(camera[:, 6] / 2)
    return right / ahead / tan, up / ahead / tan * 16 / 9, ahead


def middle_of(plan, rows):
    pose = leader_of(rows)
    point = pose[:, :3].copy()
    point[:, 1] += CENTRE.get(plan.bodies[0].kind, 0.0) * pose[:, 6]
    return point


@pytest.mark.parametrize("move", CAMERA_MOVES)
def test_cameras_stay_over_ground_and_water_and_turn_like_an_operator(move):
    for seed in range(24):
        frames = (96, 30, 150)[seed % 3]
        _, rows, _ = rolled(1000 + seed, frames, move=move)
        assert np.isfinite(rows).all()
        camera = camera_of(rows)
        clear = [camera[i, 1] - float(ground_height(rows[i], camera[i, 0], camera[i, 2], i / FPS))
                 for i in range(0, frames, 5)]
        assert min(clear) > 0.1, (seed, min(clear))
        if rows[0, SETTINGS.index("underwater")] < 0.5:
            assert camera[:, 1].min() > water_height(rows[0]) + 0.1
        most = 125.0 if move in FLYING else 47.0
        turns = np.degrees(np.abs(np.diff(np.unwrap(camera[:, 3:5], axis=0), axis=0))).max() * FPS
        assert turns < most, (seed, turns)
        jump = np.abs(np.diff(camera[:, :3], 2, axis=0)).max() * FPS**2
        assert jump < 150.0, (seed, jump)


@pytest.mark.parametrize("kind", BODIES)
def test_the_subject_is_seen_whatever_it_does_and_however_it_is_filmed(kind):
    for seed in range(30):
        plan, rows, _ = rolled(seed, (96, 36, 150)[seed % 3], kind=kind)
        point = middle_of(plan, rows)
        x, y, ahead = seen_at(rows, point)
        seen = np.mean((np.abs(x) < 0.97) & (np.abs(y) < 0.97) & (ahead > 0))
        assert seen >= 0.8, (seed, plan.lens.move, plan.bodies[0].gait, seen)
        under = [point[i, 1] - float(ground_height(rows[i], point[i, 0], point[i, 2], i / FPS))
                 for i in range(0, len(rows), 7)]
        assert min(under) > -0.05, (seed, plan.bodies[0].gait, min(under))


@pytest.mark.parametrize("gait", GAITS)
def test_phases_never_run_backwards_and_paths_have_no_jumps(gait):
    for seed, kind in enumerate(BODIES):
        _, rows, _ = rolled(seed, 120, kind=kind, gait=gait)
        pose = leader_of(rows)
        assert np.diff(pose[:, 7]).min() > -1e-4, kind
        step = np.linalg.norm(np.diff(pose[:, :3], axis=0), axis=1).max() * FPS
        assert step < 70.0, (kind, step)
        assert np.abs(np.diff(np.unwrap(pose[:, 3]))).max() * FPS < 12.0, kind


def test_feet_do_not_slide():
    _, rows, events = rolled(3, 150, kind="walker", gait="cruise", setting="meadow")
    pose = leader_of(rows)
    gone = np.hypot(np.diff(pose[:, 0]), np.diff(pose[:, 2])).sum()
    cycles = pose[-1, 7] - pose[0, 7]
    assert gone / cycles == pytest.approx(0.8 * pose[0, 6], rel=0.05)
    steps = [event for event in events if event.kind == "step"]
    assert abs(len(steps) - 2 * cycles) <= 2


def test_a_dolly_zoom_keeps_the_subject_and_changes_the_lens():
    for seed in range(6):
        plan, rows, _ = rolled(seed, 120, kind="walker", gait="still", move="dolly_zoom", scale="medium",
                               setting="meadow")
        camera = camera_of(rows)
        far = np.linalg.norm(middle_of(plan, rows) - camera[:, :3], axis=1)
        size = 1.0 / (far * np.tan(camera[:, 6] / 2))
        assert np.ptp(size) / size.mean() < 0.03
        assert camera[:, 6].max() / camera[:, 6].min() > 1.25


def test_top_down_looks_down_and_the_bee_flies_below_the_knee():
    for seed in range(8):
        _, rows, _ = rolled(seed, 60, move="top_down")
        assert np.degrees(camera_of(rows)[:, 4]).max() < -79
        _, rows, _ = rolled(seed, 96, move="bee_cam", setting="meadow", kind="walker")
        camera = camera_of(rows)
        over = [camera[i, 1] - float(ground_height(rows[i], camera[i, 0], camera[i, 2])) for i in range(0, 96, 4)]
        assert max(over) < 0.75


def test_scales_order_the_size_of_the_subject():
    sizes = []
    for scale in ("wide", "full", "medium", "close", "detail"):
        plan, rows, _ = rolled(5, 96, kind="walker", gait="still", move="static", scale=scale, setting="meadow")
        camera = camera_of(rows)
        far = np.linalg.norm(middle_of(plan, rows) - camera[:, :3], axis=1)
        sizes.append(float(np.mean(leader_of(rows)[:, 6] / (2 * far * np.tan(camera[:, 6] / 2)) * 16 / 9)))
    assert np.all(np.diff(sizes) > 0)
    assert 0.1 < sizes[0] < 0.24 and 0.2 < sizes[1] < 0.4 and 0.35 < sizes[2] < 0.6 and sizes[4] > 0.9


def test_held_frames_repeat_whole_rows():
    style = np.zeros((24, len(STYLE_FIELDS)))
    style[:, STYLE_FIELDS.index("hold_frames")] = 3
    assert (held(style, 24.0) == np.arange(24) // 3 * 3).all()
    assert (held(style, 48.0) == np.arange(24) // 6 * 6).all()
    rows, _ = roll_shot(random_plan(4, 48, FPS, look="clay"))
    assert (rows[0::2] == rows[1::2]).all() and not (rows[0] == rows[2]).all()


def test_lightning_comes_with_storms_and_thunder_after_it():
    world = random_world(8, 480, FPS, weather="storm", look="photoreal")
    flash = world.state.weather[:, 9].numpy()
    thunder = [event for event in world.events if event.kind == "thunder"]
    assert flash.max() > 0.5 and np.mean(flash > 0.01) < 0.5 and thunder
    assert all(event.time_s > 0.8 for event in thunder)
    assert random_world(8, 240, FPS, weather="clear", look="photoreal").state.weather[:, 9].max() == 0


def test_a_bouncing_ball_lands_on_its_phase():
    _, rows, events = rolled(2, 150, kind="ball", gait="bounce", setting="meadow")
    pose = leader_of(rows)
    impacts = [event for event in events if event.kind == "impact"]
    assert len(impacts) >= 3
    for event in impacts:
        phase = np.interp(event.time_s * FPS, np.arange(len(pose)), pose[:, 7])
        assert abs(phase - round(phase)) < 0.02


def test_random_worlds_repeat_and_cover_the_vocabulary():
    a, b = random_world(12, 30), random_world(12, 30)
    assert torch.equal(a.state.pack(), b.state.pack()) and a.events == b.events
    plans = [random_plan(seed, 2) for seed in range(400)]
    assert {plan.lens.move for plan in plans} == set(CAMERA_MOVES)
    assert {body.kind for plan in plans for body in plan.bodies} == set(BODIES)
    assert {int(plan.place[0].argmax()) for plan in plans} == set(range(len(SETTINGS)))


def test_a_rocket_stands_climbs_and_flies_where_its_nose_points():
    for seed in range(6):
        _, rows, _ = rolled(seed, 120, kind="rocket", gait="soar", setting="desert", move="static", scale="wide")
        pose = leader_of(rows)
        assert np.degrees(pose[2:12, 4]).min() > 70 and np.degrees(pose[:, 4]).min() > 50
        way = np.diff(pose[:, :3], axis=0)[6:-6]
        nose = np.stack([np.sin(pose[:, 3]) * np.cos(pose[:, 4]), np.sin(pose[:, 4]),
                         np.cos(pose[:, 3]) * np.cos(pose[:, 4])], 1)[6:-7]
        along = (way * nose).sum(1) / np.maximum(np.linalg.norm(way, axis=1), 1e-9)
        assert (way[:, 1] > 0).all() and along.mean() > 0.95


@pytest.mark.parametrize("kind", [kind for kind in BODIES if kind != "planet"])
def test_a_requested_body_is_at_least_six_hundredths_of_a_wide(kind):
    for seed in range(6):
        plan, rows, _ = rolled(seed, 72, kind=kind, gait="cruise", move="dolly_in", scale="wide", setting="meadow")
        camera = camera_of(rows)
        far = np.linalg.norm(middle_of(plan, rows) - camera[:, :3], axis=1)
        high, long = EXTENT[kind]
        most = max(high, 0.5 * long) * leader_of(rows)[:, 6]
        share = float((most / (2 * far * np.tan(camera[:, 6] / 2)) * 16 / 9).mean())
        assert share > (0.06 if plan.bodies[0].count.mean() <= 1 else 0.03), (seed, share)


def test_the_view_that_is_asked_for_is_the_view_that_is_filmed():
    for asked in (30.0, 60.0, 120.0, 150.0):
        for seed in range(4):
            plan = random_plan(seed, 72, FPS, kind="car", gait="cruise", move="dolly_in", scale="full",
                               setting="desert", look="photoreal")
            rows, _ = roll_shot(replace(plan, lens=replace(plan.lens, view_deg=asked)))
            middle, camera = leader_of(rows)[36], camera_of(rows)[36]
            to = middle[:3] - camera[:3]
            turn = np.degrees(middle[3] - np.arctan2(to[0], to[2]))
            assert abs(abs((turn + 180) % 360 - 180) - asked) < 25, (asked, turn)


def test_the_scout_keeps_trees_out_of_the_way():
    hidden = []
    for seed in range(30):
        plan, rows, _ = rolled(seed, 72, kind="fox", gait="cruise", setting="forest", scale="full", move="truck")
        hidden.append(hidden_share(rows[36], camera_of(rows)[::12, :3], middle_of(plan, rows)[::12], 0.7))
    assert np.mean(hidden) < 0.08 and np.mean(np.array(hidden) > 0.5) < 0.05, hidden
