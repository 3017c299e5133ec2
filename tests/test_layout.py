"""The first frame keeps what was drawn: skyline, horizon, bodies, sun; and it is a real world, not a backdrop."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from agent.direction import Body, Camera, CameraMove, Direction, Grid, Ground, Light, Shot, ShotWorld, Span, Weather
from agent.unroll import unroll
from agent.unroll_values import number_at
from world_model.sim import layout
from world_model.sim.motion import CENTRE
from world_model.sim.picture import GBuffer, Renderer
from world_model.sim.skyline import TOP_TO
from world_model.sim.terrain import ground_height
from world_model.state import WIDTH, State, World, blend, offsets, unpack

AT = offsets()
SIZE = (160, 90)
ASPECT = SIZE[0] / SIZE[1]
X = (np.arange(32) + 0.5) / 32
PLACES = ("meadow", "mountains", "desert", "ocean", "forest", "city", "islands", "canyon")
BODIES = {"fox": 0.8, "walker": 1.7, "bird": 0.9, "balloon": 6.0, "boat": 8.0, "whale": 12.0, "car": 4.4, "dragon": 6.0}
Floats = NDArray[np.float64]


@lru_cache(maxsize=1)
def renderer() -> Renderer:
    return Renderer(SIZE, 1)


def hills(seed: int) -> Floats:
    """A random line of three to five hills over a horizon."""
    rng = np.random.default_rng(seed)
    y = np.full(32, rng.uniform(0.45, 0.6))
    for _ in range(int(rng.integers(3, 6))):
        y -= rng.uniform(0.03, 0.2) * np.exp(-(((X - rng.uniform(0, 1)) / rng.uniform(0.06, 0.2)) ** 2))
    return np.clip(y, 0.15, 0.6)


def film(place: str = "meadow", line: Floats | None = None, bodies: tuple[Body, ...] = (), camera: Camera | None = None,
         light: Light | None = None, frames: int = 6, seed: int = 3, weather: Weather | None = None,
         variant: float = 0.0) -> World:
    ground = Ground(skyline=None if line is None else tuple(float(v) for v in line), variant=variant)
    world = ShotWorld(place={place: 1.0}, ground=ground, bodies=bodies, light=light or Light(time_h=16.0),
                      weather=weather or Weather())
    shot = Shot(id="a", span=Span(s=(0, frames / 8)), world=world, camera=camera or Camera(move="static"))
    return unroll(Direction(seed=seed, duration_s=frames / 8, size_px=SIZE, grid=Grid(fps=8), shots=(shot,)))


def seen(world: World, frame: int = 0) -> GBuffer:
    return renderer().geometry(world.state, frame)


def upper_edge(buffer: GBuffer) -> Floats:
    """y (W,) at which land, water or what stands on them begins."""
    land = (buffer.object_id > 0) & (buffer.object_id < 10)
    return np.where(land.any(0), land.argmax(0), SIZE[1]) / SIZE[1]


def asked_edge(line: Floats) -> Floats:
    return np.interp((np.arange(SIZE[0]) + 0.5) / SIZE[0], X, line)


def camera_of(world: World, frame: int = 0) -> Floats:
    return world.state.camera[frame].numpy().astype(np.float64)


def place_of(world: World, slot: int, kind: str, frame: int = 0) -> Floats:
    pose = world.state.body_pose[frame, slot].numpy().astype(np.float64)
    middle = pose[:3] + np.array([0.0, CENTRE.get(kind, 0.0) * pose[6], 0.0])
    return layout.places(camera_of(world, frame), ASPECT, middle)


@pytest.mark.parametrize("place", PLACES)
def test_the_land_ends_where_the_line_was_drawn(place: str):
    for seed in range(4):
        line = hills(seed)
        buffer = seen(film(place, line, seed=seed))
        edge = upper_edge(buffer)
        assert np.abs(edge - asked_edge(line)).mean() < 0.03
        rows = (np.arange(SIZE[1])[:, None] + 0.5) / SIZE[1]
        drawn, kept = rows >= asked_edge(line), (buffer.object_id > 0) & (buffer.object_id < 10)
        assert (drawn & kept).sum() / (drawn | kept).sum() > 0.9


def test_a_mirrored_line_mirrors_the_land():
    line = hills(7)
    edge, mirrored = (upper_edge(seen(film("mountains", one))) for one in (line, line[::-1]))
    assert np.abs(edge - mirrored[::-1]).mean() < 0.012 < np.abs(edge - mirrored).mean()


def test_other_lenses_tilts_shapes_and_weathers_keep_the_line():
    line = hills(2)
    for camera in (Camera(move="static", lens_mm=14), Camera(move="dolly_in", lens_mm=40), Camera(move="bee_cam"),
                   Camera(move="static", curves={"roll_deg": ((0, 9), (1, 0))})):
        world = film("meadow", line, camera=camera, weather=Weather(fog=0.4))
        assert np.abs(upper_edge(seen(world)) - asked_edge(line)).mean() < 0.03


def test_under_water_and_in_space_the_bed_follows_the_line():
    for place in ("underwater", "space", "clouds"):
        line = hills(5)
        bed = seen(film(place, line)).object_id == 1
        edge = np.where(bed.any(0), bed.argmax(0), SIZE[1]) / SIZE[1]
        assert np.median(np.abs(edge - asked_edge(line))) < 0.03


def test_the_ridge_is_land_that_moves_as_its_distance_says():
    line = 0.55 - 0.3 * np.exp(-(((X - 0.45) / 0.08) ** 2))
    world = film("meadow", line, camera=Camera(move="truck", scale="wide", speed=4.0), frames=32)
    first, last = seen(world), seen(world, 31)
    top = upper_edge(first)
    column = int(top.argmin())
    row = round(top[column] * SIZE[1]) + 1
    crest_m = float(world.state.skyline[0, 7])
    depth = float(first.depth_m[row, column])
    assert 0.7 * crest_m < depth < 1.4 * crest_m * TOP_TO
    at = np.array([(column + 0.5) / SIZE[0], (row + 0.5) / SIZE[1]])
    start, end = camera_of(world), camera_of(world, 31)
    point = start[:3] + depth * layout.rays(start, ASPECT, at[:1], at[1:])[0]
    expected = layout.places(end, ASPECT, point)
    assert abs(expected[0] - at[0]) > 0.02
    moved = upper_edge(last)
    assert abs(moved.argmin() / SIZE[0] - expected[0]) < 0.02 and abs(moved.min() - expected[1]) < 0.04
    normals = first.normal[row + 2:row + 12, column]
    assert np.abs(np.linalg.norm(normals, axis=1) - 1.0).max() < 0.05


def test_a_ridge_is_continuous_and_leaves_the_rest_of_the_land_alone():
    world, plain = film("mountains", hills(1)), film("mountains")
    row, bare = (w.state.pack().numpy()[0] for w in (world, plain))
    crest = float(row[AT["skyline"]][7])
    x0, z0, yaw = camera_of(world)[[0, 2, 3]]
    for turn in np.linspace(-1.6, 1.6, 33):
        r = np.linspace(0.5, 4.0 * crest, 4000)
        x, z = x0 + r * np.sin(yaw + turn), z0 + r * np.cos(yaw + turn)
        assert np.abs(np.diff(ground_height(row, x, z))).max() < 5.0 * (r[1] - r[0])
    for r in (0.3 * crest, crest, 1.6 * crest):
        a = np.linspace(-np.pi, np.pi, 6000)
        around = ground_height(row, x0 + r * np.sin(a), z0 + r * np.cos(a))
        assert np.abs(np.diff(around)).max() < 6.0 * r * (a[1] - a[0])
    behind = np.linspace(1.0, 900.0, 200)
    x, z = x0 - behind * np.sin(yaw), z0 - behind * np.cos(yaw)
    assert np.array_equal(ground_height(row, x, z), ground_height(bare, x, z))


def test_nothing_asked_changes_nothing():
    world = film("forest", bodies=(Body(id="f", kind="fox"),), camera=Camera(target="f"))
    rows = world.state.pack().numpy()
    assert rows.shape[1] == WIDTH and not rows[:, AT["skyline"]].any()
    x, z = np.meshgrid(np.linspace(-300, 300, 40), np.linspace(-300, 300, 40))
    short = np.ascontiguousarray(rows[0, :AT["skyline"].start])
    assert np.array_equal(ground_height(rows[0], x, z), ground_height(short, x, z))
    old = unpack(world.state.pack()[:, :AT["skyline"].start])
    assert isinstance(old, State) and not old.skyline.any()


@pytest.mark.parametrize("move", ["static", "dolly_in", "orbit", "follow", "crane_up"])
@pytest.mark.parametrize("kind", list(BODIES))
def test_the_subject_starts_where_it_was_put(kind: str, move: CameraMove):
    place = "ocean" if kind in ("boat", "whale") else "meadow"
    body = Body(id="s", kind=kind, size_m=BODIES[kind])
    flying = kind in ("bird", "balloon", "dragon")
    for at, line in (((0.25, 0.3 if flying else 0.72), None), ((0.7, 0.25 if flying else 0.7), hills(3))):
        put = body.model_copy(update={"frame_at": at, "frame_height": 0.2})
        world = film(place, line, (put,), Camera(move=move, target="s", scale="full"))
        x, y, depth = place_of(world, 0, kind)
        assert depth > 0 and abs(x - at[0]) < 0.04 and abs(y - at[1]) < 0.04
        if line is not None:
            edge = upper_edge(seen(world))
            clear = (seen(world).object_id < 10).all(0)
            assert np.abs(edge - asked_edge(line))[clear].mean() < 0.03


def test_several_bodies_stand_on_their_marks_and_walk_on():
    spots = {"a": ("walker", 1.7, (0.2, 0.75), 0.3), "b": ("fox", 0.8, (0.75, 0.85), 0.16),
             "c": ("bird", 1.0, (0.6, 0.15), 0.05), "d": ("balloon", 6.0, (0.85, 0.25), 0.15)}
    bodies = tuple(Body(id=name, kind=kind, size_m=size, frame_at=at, frame_height=high)
                   for name, (kind, size, at, high) in spots.items())
    for target in (None, "a"):
        world = film("desert", hills(4), bodies, Camera(move="static", target=target, scale="full"), frames=16)
        for slot, (kind, _, at, _) in enumerate(spots.values()):
            x, y, _ = place_of(world, slot, kind)
            assert abs(x - at[0]) < 0.04 and abs(y - at[1]) < 0.04
        walked = world.state.body_pose[:, 0, (0, 2)].numpy()
        assert np.linalg.norm(walked[-1] - walked[0]) > 0.5


def test_a_figure_drawn_on_the_hill_stands_on_the_hill():
    line = 0.55 - 0.25 * np.exp(-(((X - 0.3) / 0.12) ** 2))
    body = Body(id="w", kind="walker", size_m=1.7, gait="still", frame_at=(0.3, 0.25), frame_height=0.12)
    world = film("meadow", line, (body,), Camera(move="static", target="w"))
    x, y, _ = place_of(world, 0, "walker")
    assert abs(x - 0.3) < 0.04 and abs(y - 0.25) < 0.05
    pose, row = world.state.body_pose[0, 0].numpy(), world.state.pack().numpy()[0]
    assert abs(float(pose[1] - ground_height(row, pose[0], pose[2]))) < 0.3


def test_the_sun_and_the_moon_stand_where_they_were_drawn():
    for hour, at in ((17.8, (0.3, 0.3)), (12.5, (0.8, 0.1)), (23.0, (0.15, 0.2))):
        for line in (None, hills(6)):
            world = film("meadow", line, light=Light(time_h=hour, sun_at=at), frames=6)
            elevation, azimuth = world.state.light[0, :2].double().numpy()
            flat = np.cos(elevation)
            way = np.array([np.sin(azimuth) * flat, np.sin(elevation), np.cos(azimuth) * flat])
            camera = camera_of(world)
            x, y, depth = layout.places(camera, ASPECT, camera[:3] + 1e4 * way)
            assert depth > 0 and abs(x - at[0]) < 0.01 and (abs(y - at[1]) < 0.01 or elevation < 0.006)


def test_the_horizon_lies_where_it_was_asked_for():
    for horizon in (0.2, 0.5, 0.8):
        for body in ((), (Body(id="w", kind="whale", size_m=12.0, frame_at=(0.7, horizon + 0.15)),)):
            camera = Camera(move="static", horizon=horizon, target="w" if body else None, scale="full")
            buffer = seen(film("ocean", None, body, camera))
            sea = buffer.object_id == 2
            assert abs(np.median(sea.argmax(0)) / SIZE[1] - horizon) < 0.02


def test_worlds_with_and_without_a_line_blend_smoothly():
    with_line, without = film("mountains", hills(1)).state.rows(0, 1), film("meadow", variant=4.0).state.rows(0, 1)
    x0, z0, yaw = with_line.skyline[0, [1, 3, 4]].tolist()
    crest = float(with_line.skyline[0, 7])
    r, a = np.meshgrid(np.linspace(5.0, 2.0 * crest, 40), np.linspace(-0.8, 0.8, 21))
    x, z = x0 + r * np.sin(yaw + a), z0 + r * np.cos(yaw + a)

    def land(t: float, start: State, end: State) -> Floats:
        return ground_height(blend(start, end, t).pack().numpy()[0], x, z)

    other = film("desert", hills(9)).state.rows(0, 1)
    for start, end in ((without, with_line), (with_line, without), (with_line, other)):
        coarse = np.abs(land(0.41, start, end) - land(0.40, start, end)).max()
        fine = np.abs(land(0.4001, start, end) - land(0.40, start, end)).max()
        assert fine < 0.05 * coarse + 0.05
        near = np.abs(land(1e-4, start, end) - land(0.0, start, end)).max()
        assert near < 0.5
    moved = blend(without, with_line, 0.3).skyline[0]
    assert np.allclose(moved[1:].numpy(), with_line.skyline[0, 1:].numpy())


def test_a_layout_is_checked_and_is_no_number_that_moves():
    for wrong in ({"skyline": (0.5,) * 31}, {"skyline": (9.0,) * 32}):
        with pytest.raises(ValidationError):
            Ground.model_validate(wrong)
    with pytest.raises(ValidationError):
        Body(id="a", kind="fox", frame_at=(float("nan"), 0.5))
    shot = Shot(id="a", span=Span(s=(0, 1)), world=ShotWorld(ground=Ground(skyline=(0.5,) * 32)),
                camera=Camera(horizon=0.5))
    for pointer in ("/world/ground/skyline/3", "/camera/horizon"):
        with pytest.raises(LookupError):
            number_at(shot, pointer)


def test_rays_and_places_are_inverse():
    rng = np.random.default_rng(0)
    for _ in range(50):
        camera = np.array([*rng.normal(size=3) * 50, rng.uniform(-3, 3), *rng.uniform(-0.6, 0.6, 2),
                           rng.uniform(0.3, 1.6), 1.0])
        x, y = rng.uniform(-0.2, 1.2, (2, 5))
        back = layout.places(camera, ASPECT, camera[:3] + 40.0 * layout.rays(camera, ASPECT, x, y))
        assert np.allclose(back, np.stack([x, y, np.full(5, 40.0)], 1), atol=1e-6)
        azimuth, slope = layout.bearings(layout.rays(camera, ASPECT, x[:1], y[:1]))
        yaw, pitch = layout.facing(camera, ASPECT, (float(x[0]), float(y[0])), float(azimuth[0]),
                                   float(np.arctan(slope[0])))
        assert np.cos(yaw - camera[3]) > 0.99999 and abs(pitch - camera[4]) < 1e-4
