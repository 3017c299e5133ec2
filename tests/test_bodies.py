"""Laws of the animated bodies: whole, periodic, continuous, the right size, in the right colours, fast enough."""

import time

import numpy as np
import pytest

from world_model import colour
from world_model.sim import bodies
from world_model.sim.bodies import GROUNDED, RIGS, pose_bodies
from world_model.sim.mesh import face_normals
from world_model.state import BODY_SLOTS, WIDTHS, offsets
from world_model.vocabulary import BODIES, PALETTES

AT = offsets()
KINDS = list(BODIES)


def row(kind="bird", *, presence=1.0, count=1.0, spread=1.0, glow=0.0, phase=0.0, size=1.0, place=(0.0, 0.0, 0.0),
        yaw=0.0, pitch=0.0, roll=0.0, slot=0):
    out = np.zeros(sum(WIDTHS.values()), np.float32)
    out[AT["palette"]] = colour.oklch_to_oklab(np.array(PALETTES["natural"])).ravel()
    kinds = np.zeros((BODY_SLOTS, len(BODIES)))
    kinds[slot, BODIES.index(kind)] = presence
    pose = np.zeros((BODY_SLOTS, 8))
    pose[slot] = [*place, yaw, pitch, roll, size, phase]
    group = np.tile([1.0, 0, 0], (BODY_SLOTS, 1))
    group[slot] = count, spread, glow
    out[AT["body_kind"]], out[AT["body_pose"]], out[AT["body_group"]] = kinds.ravel(), pose.ravel(), group.ravel()
    return out


def posed(kind="bird", time_s=1.0, **more):
    mesh = pose_bodies(row(kind, **more), time_s)
    assert mesh is not None
    return mesh


def test_an_empty_row_has_no_bodies_and_every_kind_has_a_rig():
    assert pose_bodies(np.zeros(sum(WIDTHS.values()), np.float32), 0.0) is None
    assert tuple(RIGS) == BODIES


@pytest.mark.parametrize("kind", KINDS)
def test_mesh_is_whole(kind):
    mesh = posed(kind, slot=3, count=3)
    assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.normals).all()
    assert mesh.faces.min() >= 0 and mesh.faces.max() < len(mesh.vertices)
    np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-3)
    assert (mesh.object_id == 13).all()
    assert mesh.colour.min() >= 0 and mesh.colour.max() <= 4
    for value in (mesh.gloss, mesh.emissive):
        assert value.min() >= 0 and value.max() <= 1
    for array, kind_of in ((mesh.vertices, np.float32), (mesh.normals, np.float32), (mesh.faces, np.int32),
                           (mesh.colour, np.float32), (mesh.gloss, np.float32), (mesh.object_id, np.int16)):
        assert array.dtype == kind_of


@pytest.mark.parametrize("kind", KINDS)
def test_faces_look_the_way_their_normals_do(kind):
    mesh = posed(kind, phase=0.3)
    cross = face_normals(mesh.vertices, mesh.faces)
    agree = np.einsum("fk,fk->f", cross, mesh.normals[mesh.faces].mean(1))
    assert np.average(agree > 0, weights=np.linalg.norm(cross, axis=1)) > 0.98


@pytest.mark.parametrize("kind", KINDS)
def test_solids_enclose_a_positive_volume(kind):
    rig = RIGS[kind]()
    for mesh in (rig.near, rig.member):
        a, b, c = (mesh.vertices[mesh.faces[:, k]].astype(np.float64) for k in range(3))
        assert np.einsum("fk,fk->f", a, np.cross(b, c)).sum() > 0


@pytest.mark.parametrize("kind", KINDS)
def test_size_is_the_largest_dimension_and_y_the_contact_or_the_centre(kind):
    mesh = posed(kind, size=5.0, place=(10.0, 20.0, 30.0))
    keep = np.ones(len(mesh.vertices), bool)
    if kind == "kite":                            # the string goes on, down to whoever holds it
        keep = np.tile(RIGS[kind]().near.part != 2, 1)
    low, high = mesh.vertices[keep].min(0), mesh.vertices[keep].max(0)
    assert 0.8 < (high - low).max() / 5.0 < 1.2
    if kind in GROUNDED:
        assert -0.2 < (low[1] - 20) / 5 < 0.02
    else:
        assert low[1] < 20 < high[1]
    assert (np.abs((low + high)[[0, 2]] / 2 - (10, 30)) < 1.0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_one_gait_cycle_ends_where_it_began_and_something_moves(kind):
    start, later, half = posed(kind, phase=0.2), posed(kind, phase=7.2), posed(kind, phase=0.7)
    np.testing.assert_allclose(start.vertices, later.vertices, atol=2e-5)
    assert np.abs(start.vertices - half.vertices).max() > 0.005


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["phase", "time", "size", "yaw", "presence"])
def test_small_changes_move_vertices_little(kind, what):
    step = 1e-3
    for at in (0.0, 0.31, 0.499, 0.75, 0.9995):
        if what == "phase":
            a, b = posed(kind, phase=at), posed(kind, phase=at + step)
        elif what == "time":
            a, b = posed(kind, 3 + at), posed(kind, 3 + at + step)
        else:
            a, b = posed(kind, **{what: 0.2 + 0.7 * at}), posed(kind, **{what: 0.2 + 0.7 * at + step})
        assert np.abs(a.vertices - b.vertices).max() < 0.03


@pytest.mark.parametrize("kind", KINDS)
def test_count_grows_without_a_jump(kind):
    few = posed(kind, count=3.0)
    more = posed(kind, count=3.001)
    np.testing.assert_array_equal(few.vertices, more.vertices[:len(few.vertices)])
    if len(more.vertices) > len(few.vertices):
        fresh = more.vertices[len(few.vertices):]
        assert (fresh.max(0) - fresh.min(0)).max() < 0.01
    nearly, whole = posed(kind, count=3.999), posed(kind, count=4.0)
    assert np.abs(nearly.vertices - whole.vertices).max() < 0.01


@pytest.mark.parametrize("kind", ["bird", "fish", "lantern", "walker"])
def test_members_keep_their_distance_and_stay_near(kind):
    for t in (0.0, 7.3, 31.0):
        place, _, scale = bodies.formation(kind, 24.0, t)
        gaps = np.linalg.norm(place[:, None] - place[None], axis=2) + 9 * np.eye(24)
        assert gaps.min() > 0.2 and (scale == 1).all()
        assert np.linalg.norm(place, axis=1).max() < 25


def test_kinds_blend_by_presence():
    mixed = row("fish", presence=0.5)
    kinds = mixed[AT["body_kind"]].reshape(BODY_SLOTS, -1)
    kinds[0, BODIES.index("bird")] = 0.5
    mixed[AT["body_kind"]] = kinds.ravel()
    whole = pose_bodies(mixed, 1.0)
    alone = [pose_bodies(row(kind, presence=0.5), 1.0) for kind in ("bird", "fish")]
    assert whole is not None
    np.testing.assert_array_equal(whole.vertices, np.concatenate([m.vertices for m in alone if m is not None]))
    full, half = posed("fish"), posed("fish", presence=0.5)
    np.testing.assert_allclose(full.vertices, 2 * half.vertices, atol=1e-5)


def test_heading_follows_the_axes_of_the_state():
    def nose(**turn):
        return posed("fish", **turn).vertices[np.argmax(posed("fish").vertices[:, 2])]
    assert nose()[2] > 0.4
    assert nose(yaw=np.pi / 2)[0] > 0.4          # yaw grows towards +x
    assert nose(pitch=0.8)[1] > 0.25             # pitch grows upward
    flat, banked = posed("bird"), posed("bird", roll=0.4)
    right = np.argmax(flat.vertices[:, 0])
    assert banked.vertices[right, 1] > flat.vertices[right, 1] + 0.1


@pytest.mark.parametrize("kind", ["walker", "fox"])
def test_the_lowest_foot_is_on_the_ground_through_the_whole_step(kind):
    for phase in np.linspace(0, 1, 17):
        assert abs(posed(kind, phase=phase).vertices[:, 1].min()) < 0.02


def test_left_and_right_legs_alternate():
    rig = RIGS["walker"]()
    left, right = (np.flatnonzero(rig.near.part == p) for p in (2, 4))
    pose = rig.pose(rig.near, np.array([0.0, 0.5]), np.zeros(2))
    ahead = pose[:, left, 2].mean(1) - pose[:, right, 2].mean(1)
    assert ahead[0] * ahead[1] < 0 and np.abs(ahead).min() > 0.1


@pytest.mark.parametrize("kind", ["car", "train"])
def test_wheels_turn_without_sliding(kind):
    rig = RIGS[kind]()
    rows = np.flatnonzero(rig.near.part == 1)
    pose = rig.pose(rig.near, np.array([0.0, 0.01]), np.zeros(2))
    axle = rig.near.vertices[rows].mean(0)
    top = rows[np.argmax(rig.near.vertices[rows, 1])]
    assert pose[1, top, 2] > pose[0, top, 2]     # the top of a wheel goes forward
    np.testing.assert_allclose(pose[1, rows].mean(0)[1:], axle[1:], atol=1e-3)


def test_glow_lights_and_lanterns_shine_alone():
    assert posed("bird").emissive.max() == 0 and posed("bird", glow=1.0).emissive.min() > 0.5
    assert posed("lantern").emissive.max() > 0.8


@pytest.mark.parametrize("kind", KINDS)
def test_accent_belongs_to_the_subject(kind):
    plain, changed = row(kind), row(kind)
    palette = changed[AT["palette"]].reshape(6, 3)
    palette[4 if kind != "whale" else 5] = (0.7, 0.1, -0.1)
    changed[AT["palette"]] = palette.ravel()
    a, b = pose_bodies(plain, 0.0), pose_bodies(changed, 0.0)
    assert a is not None and b is not None
    if kind != "bee":                             # a bee is amber in every world
        assert (np.abs(a.colour - b.colour).max(1) > 0.01).mean() > 0.08


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30, -1e30])
def test_wild_rows_stay_finite(value):
    wild = np.full(sum(WIDTHS.values()), value, np.float32)
    wild[AT["body_kind"]] = 1.0
    group = wild[AT["body_group"]].reshape(BODY_SLOTS, 3)
    group[:, 0] = 2
    wild[AT["body_group"]] = group.ravel()
    mesh = pose_bodies(wild, float(value))
    assert mesh is not None and np.isfinite(mesh.vertices).all() and np.isfinite(mesh.normals).all()


def test_same_row_same_bytes():
    one, two = posed("dragon", count=5), posed("dragon", count=5)
    assert one.vertices.tobytes() == two.vertices.tobytes() and one.normals.tobytes() == two.normals.tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_triangles_fit_the_budget(kind):
    rig = RIGS[kind]()
    assert len(rig.near.faces) <= (6000 if kind == "train" else 2500)
    assert len(rig.member.faces) <= (1000 if kind == "train" else 650)
    if kind in ("bird", "fish", "butterfly"):
        assert len(rig.member.faces) <= 260


@pytest.mark.parametrize(("kind", "count", "limit_ms"), [("dragon", 1, 6), ("walker", 1, 6), ("bird", 48, 15)])
def test_speed(kind, count, limit_ms):
    packed = row(kind, count=count)
    pose_bodies(packed, 0.0)
    best = 1e9
    for _ in range(12):
        start = time.perf_counter()
        pose_bodies(packed, 0.5)
        best = min(best, time.perf_counter() - start)
    assert best * 1e3 < limit_ms
