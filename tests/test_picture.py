"""The picture is a pure function of its row: same bytes however it is asked for, and true to its geometry."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from world_model import colour
from world_model.sim import clipmap
from world_model.sim.light import light_at
from world_model.sim.picture import Renderer
from world_model.sim.terrain import ground_height, trail_position, water_height
from world_model.sim.view import SKY_DEPTH_M
from world_model.state import BODY_SLOTS, POSE, WEATHER, offsets
from world_model.vocabulary import BODIES, PALETTES, SETTINGS, STYLE_FIELDS, STYLE_NEUTRAL

AT = offsets()
SIZE = (96, 64)


def world(setting: str = "meadow", eye_m: float = 2.0, time_h: float = 10.0, **weather: float) -> np.ndarray:
    row = np.zeros(AT["shot"].stop, np.float32)
    row[AT["place"]][SETTINGS.index(setting)] = 1
    row[AT["ground"]] = 1, 1, 1, 0, 0.3, 0.4
    row[AT["light"]] = light_at(time_h)
    row[AT["weather"]] = [weather.get(name, 0.0) for name in WEATHER]
    row[AT["palette"]] = colour.oklch_to_oklab(np.array(PALETTES["natural"])).ravel()
    row[AT["style"]] = [STYLE_NEUTRAL.get(name, 0.0) for name in STYLE_FIELDS]
    ground = max(float(ground_height(row, trail_position(row, 0.0), 0.0)), water_height(row))
    row[AT["camera"]] = float(trail_position(row, 0.0)), ground + eye_m, 0, 0.1, -0.1, 0, 1.1, 10
    return row


def film(setting: str, frames: int = 4) -> np.ndarray:
    rows = np.stack([world(setting)] * frames)
    rows[:, AT["camera"].start + 2] += np.arange(frames) * 0.4
    rows[:, AT["camera"].start + 3] += np.arange(frames) * 0.03
    rows[:, AT["time_s"].start] = np.arange(frames) / 24
    return rows


@pytest.mark.parametrize("setting", ["forest", "lake", "clouds"])
def test_threads_change_nothing(setting: str) -> None:
    row = world(setting)
    assert np.array_equal(Renderer(SIZE, threads=1).render(row), Renderer(SIZE, threads=2).render(row))


@pytest.mark.parametrize("setting", ["meadow", "fluid", "islands"])
def test_a_frame_asked_alone_is_the_films_frame(setting: str) -> None:
    rows = film(setting)
    renderer = Renderer(SIZE)
    whole = [renderer.render(rows, i) for i in range(len(rows))]
    assert np.array_equal(whole[3], Renderer(SIZE).render(rows, 3))
    assert np.array_equal(whole[1], renderer.render(rows, 1))
    assert not np.array_equal(whole[0], whole[3])


@pytest.mark.parametrize("setting", ["canyon", "mountains", "lake", "clouds"])
def test_ground_out_of_view_is_not_missed(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that are not measured because they lie out of view would not have been seen; jumps and turns included."""
    rng = np.random.default_rng(3)
    rows = np.stack([world(setting, eye_m) for eye_m in (1.0, 2.0, 8.0, 60.0, 2.0, 2.0, 200.0, 1.0)])
    at = AT["camera"].start
    rows[:, at + 2] += rng.uniform(-40, 40, len(rows)).cumsum()
    rows[:, at + 3:at + 6] = rng.uniform((-3.0, -1.5, -0.6), (3.0, 1.2, 0.6), (len(rows), 3))
    kept = Renderer(SIZE)
    found = [kept.geometry(rows, i).depth_m for i in range(len(rows))]
    # Its last argument says which blocks to measure: all of them.
    monkeypatch.setattr(clipmap, "mark_blocks", lambda *given: given[-1].fill(1))
    for i, depth_m in enumerate(found):
        assert np.array_equal(depth_m, Renderer(SIZE).geometry(rows, i).depth_m)


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_fills_the_frame_with_numbers(setting: str) -> None:
    buffer = Renderer(SIZE).geometry(world(setting))
    assert np.isfinite(buffer.hdr).all() and (buffer.hdr >= 0).all()
    assert buffer.hdr.std() > 0.003, "a blank picture"
    sky = buffer.object_id == 0
    assert (buffer.depth_m[sky] == SKY_DEPTH_M).all()
    assert (buffer.depth_m[~sky] < 6500).all() and (buffer.depth_m > 0).all()
    assert np.allclose(np.linalg.norm(buffer.normal, axis=-1), np.where(sky, 0, 1), atol=1e-3)
    assert (buffer.object_id[-4:] != 0).mean() > 0.9, "sky under the feet"


def test_water_lies_level_and_ground_where_it_is() -> None:
    row = world("lake")
    view = row[AT["camera"]].astype(float)
    row[AT["ground"].start + 1] = 0
    buffer = Renderer(SIZE).geometry(row)
    y, pitch, fov = view[1], view[4], view[6]
    focal = 0.5 * SIZE[0] / np.tan(0.5 * fov)
    rise = (SIZE[1] / 2 - np.arange(SIZE[1]) - 0.5)[:, None] / focal
    up = buffer.depth_m * (np.sin(pitch) + np.cos(pitch) * rise)
    wet = (buffer.object_id == 2) & (buffer.depth_m < 20)
    assert wet.sum() > 500
    assert np.abs(up[wet] + y - water_height(row)).max() < 2e-3


def test_depth_of_ground_is_the_height_fields() -> None:
    row = world("mountains", eye_m=3.0)
    row[AT["ground"].start + 1] = 0
    row[AT["camera"].start + 4] = -0.5
    buffer = Renderer(SIZE).geometry(row)
    x, y, z, yaw, pitch, _, fov, _ = row[AT["camera"]].astype(float)
    focal = 0.5 * SIZE[0] / np.tan(0.5 * fov)
    a, b = np.meshgrid((np.arange(SIZE[0]) + 0.5 - SIZE[0] / 2) / focal,
                       (SIZE[1] / 2 - np.arange(SIZE[1]) - 0.5) / focal)
    d = buffer.depth_m.astype(float)
    along = d * (np.cos(pitch) - b * np.sin(pitch))
    px = x + along * np.sin(yaw) + d * a * np.cos(yaw)
    pz = z + along * np.cos(yaw) - d * a * np.sin(yaw)
    py = y + d * (np.sin(pitch) + b * np.cos(pitch))
    near = (buffer.object_id == 1) & (d < 12)
    assert near.sum() > 1000
    assert np.abs(ground_height(row, px[near], pz[near]) - py[near]).max() < 0.05


def test_flow_of_a_pan_is_the_analytic_one() -> None:
    rows = np.stack([world("desert")] * 2)
    rows[:, AT["camera"].start + 4] = 0
    rows[1, AT["camera"].start + 3] += 0.02
    flow = Renderer(SIZE).geometry(rows, 1, want_flow=True).flow_px
    assert flow is not None
    focal = 0.5 * SIZE[0] / np.tan(0.5 * float(rows[0, AT["camera"].start + 6]))
    x = np.arange(SIZE[0]) + 0.5 - SIZE[0] / 2
    expected = x - focal * np.tan(np.arctan(x / focal) + 0.02)
    assert np.abs(flow[SIZE[1] // 2, :, 0] - expected).max() < 0.02
    assert (flow[..., 0] < 0).all()


def test_flow_of_a_still_world_is_zero_and_a_walk_expands() -> None:
    rows = np.stack([world("canyon")] * 2)
    renderer = Renderer(SIZE)
    still = renderer.geometry(rows, 1, want_flow=True).flow_px
    assert still is not None and np.abs(still).max() < 1e-3
    yaw = float(rows[1, AT["camera"].start + 3])
    rows[1, AT["camera"].start] += 0.3 * np.sin(yaw)
    rows[1, AT["camera"].start + 2] += 0.3 * np.cos(yaw)
    walk = renderer.geometry(rows, 1, want_flow=True).flow_px
    assert walk is not None
    assert walk[-1, 4, 0] < 0 < walk[-1, -4, 0]
    assert walk[-1, SIZE[0] // 2, 1] > 0


def test_a_body_is_seen_and_its_flow_is_its_own() -> None:
    rows = np.stack([world("meadow", eye_m=3.0)] * 2)
    rows[:, AT["ground"].start + 1] = 0
    camera = rows[0, AT["camera"]].astype(float)
    pose = rows[:, AT["body_pose"]].reshape(2, BODY_SLOTS, len(POSE))
    kind = rows[:, AT["body_kind"]].reshape(2, BODY_SLOTS, len(BODIES))
    group = rows[:, AT["body_group"]].reshape(2, BODY_SLOTS, 3)
    kind[:, 0, BODIES.index("ball")] = 1
    group[:, 0] = 1, 1, 0
    pose[:, 0, :3] = camera[:3] + 6 * np.array([np.sin(camera[3]), 0.0, np.cos(camera[3])])
    pose[:, 0, 6] = 1.5
    pose[1, 0, 1] += 0.2
    rows[:, AT["body_pose"]], rows[:, AT["body_kind"]] = pose.reshape(2, -1), kind.reshape(2, -1)
    rows[:, AT["body_group"]] = group.reshape(2, -1)
    buffer = Renderer(SIZE).geometry(rows, 1, want_flow=True)
    body = buffer.object_id == 10
    assert body.sum() > 60 and buffer.flow_px is not None
    assert abs(np.median(buffer.depth_m[body]) - 6) < 1.5
    assert (buffer.flow_px[body][:, 1] < -0.5).mean() > 0.9


@pytest.mark.parametrize("size", [(16, 16), (17, 31), (513, 287)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    channels = Renderer(size).channels(world("village"))
    height, width = size[1], size[0]
    assert channels["rgb"].shape == (height, width, 3) and channels["rgb"].dtype == np.uint8
    assert channels["flow_px"].shape == (height, width, 2)
    assert channels["edge"].min() >= 0 and channels["edge"].max() <= 1


def test_a_size_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="16"):
        Renderer((8, 64))


@pytest.mark.parametrize("change", [{1: -5.0}, {4: 1.55}, {4: -1.55}, {1: 900.0}, {0: 3.0e5, 2: -4.0e5}, {6: 3.1},
                                    {3: np.nan}, {5: 3.0}])
def test_extreme_cameras_give_finite_pictures(change: dict[int, float]) -> None:
    for setting in ("lake", "underwater", "forest"):
        row = world(setting)
        for slot, value in change.items():
            row[AT["camera"].start + slot] = value
        buffer = Renderer(SIZE).geometry(row)
        assert np.isfinite(buffer.hdr).all() and np.isfinite(buffer.depth_m).all()


def test_worlds_blend_without_a_jump() -> None:
    rng = np.random.default_rng(3)
    renderer = Renderer(SIZE)
    for _ in range(3):
        a, b = (world(SETTINGS[k]) for k in rng.choice(len(SETTINGS), 2, replace=False))
        start = 0.2 + 0.5 * rng.random()
        frames = [renderer.geometry((a + (b - a) * np.float32(t))[None]).hdr
                  for t in np.linspace(start, start + 0.01, 5)]
        code = [np.clip(f, 0, 1) ** (1 / 2.2) for f in frames]
        steps = [float(np.abs(p - q).mean()) for p, q in pairwise(code)]
        assert max(steps) < 0.03
