"""Laws of the meshes that stand on the ground: closed and outward, one unit high, few triangles, sensible amounts."""

import numpy as np
import pytest

from world_model.sim import flora, mesh, structures
from world_model.vocabulary import SETTINGS

ALL = (*flora.templates(), *structures.templates())
BY_NAME = pytest.mark.parametrize("template", ALL, ids=lambda t: t.name)


def volume(m):
    a, b, c = (m.vertices[m.faces[:, k]].astype(np.float64) for k in range(3))
    return np.einsum("fk,fk->f", a, np.cross(b, c)).sum() / 6


def open_edges(m):
    """Edges, by position, that are not walked once in each direction equally often."""
    keys = np.unique(np.round(m.vertices, 5), axis=0, return_inverse=True)[1].reshape(-1)[m.faces]
    edges = np.concatenate([keys[:, [0, 1]], keys[:, [1, 2]], keys[:, [2, 0]]]).astype(np.int64)
    edges = edges[edges[:, 0] != edges[:, 1]]
    size = int(edges.max()) + 1
    forward = np.bincount(edges[:, 0] * size + edges[:, 1], minlength=1)
    walked = {divmod(k, size): int(forward[k]) for k in np.flatnonzero(forward)}
    return sum(walked.get((b, a), 0) != n for (a, b), n in walked.items())


SOLIDS = {"lathe": mesh.lathe([(0, 0), (0.4, 0), (0.4, 0), (0.3, 0.6), (0, 1)], 10),
          "ripple": mesh.lathe([(0, 0), (0.4, 0), (0, 1)], 8, ripple=0.3),
          "tube": mesh.tube([(0, 0, 0), (0.1, 0.4, 0), (0.4, 0.7, 0.1), (0.3, 1, 0.2)], (0.15, 0.15, 0.1, 0), 7),
          "ellipsoid": mesh.ellipsoid((0.5, 0.3, 0.4), (1, 2, 3), 60), "box": mesh.box((1, 2, 3)),
          "bevelled box": mesh.box((1, 2, 3), bevel=0.1), "cone": mesh.cone(0.5, 1.0, 9),
          "outline": mesh.extrude([(-0.5, 0), (0.5, 0), (0.5, 0.3), (0.1, 0.3), (0.1, 1), (-0.5, 1)], 0.3),
          "mirrored": mesh.moved(mesh.box(1.0, bevel=0.1), (1, 0, 0), (-1, 2, 1), 0.3, 0.2, 0.1)}


@pytest.mark.parametrize("name", SOLIDS)
def test_solids_are_closed_and_wound_outward(name):
    solid = SOLIDS[name]
    assert open_edges(solid) == 0
    assert volume(solid) > 0
    agree = np.einsum("fk,fk->f", mesh.face_normals(solid.vertices, solid.faces), solid.normals[solid.faces].mean(1))
    assert (agree > 0).all()


def test_a_known_volume():
    assert volume(SOLIDS["box"]) == pytest.approx(6.0)
    assert volume(mesh.ellipsoid(1.0, points=600)) == pytest.approx(4 / 3 * np.pi, rel=0.03)


def test_turn_follows_the_state_s_angles():
    ahead, right = np.array([0, 0, 1.0]), np.array([1.0, 0, 0])
    np.testing.assert_allclose(mesh.turn(yaw=np.pi / 2) @ ahead, (1, 0, 0), atol=1e-12)
    np.testing.assert_allclose(mesh.turn(pitch=np.pi / 2) @ ahead, (0, 1, 0), atol=1e-12)
    np.testing.assert_allclose(mesh.turn(roll=np.pi / 2) @ right, (0, 1, 0), atol=1e-12)


def test_thin_sheets_are_seen_from_both_sides():
    leaf = mesh.sheet([[(-1, 0, 0), (1, 0, 0)], [(-1, 1, 0), (1, 1, 0)]])
    facing = mesh.face_normals(leaf.vertices, leaf.faces)[:, 2]
    assert (facing > 0).sum() == (facing < 0).sum() == 2
    assert open_edges(leaf) == 0


def test_names_are_unique_and_lists_are_stable():
    assert len({t.name for t in ALL}) == len(ALL)
    assert flora.templates() is flora.templates() and structures.templates() is structures.templates()


@BY_NAME
def test_lods_stand_on_the_ground_one_unit_high(template):
    assert len(template.lods) == 3
    for k, m in enumerate(template.lods):
        assert m.vertices[:, 1].min() >= -1e-4 and m.vertices[:, 1].max() <= 1 + 1e-4
        if k == 0:
            assert m.vertices[:, 1].max() > 0.95
        assert m.vertices[:, 1].min() < 0.2
        assert np.isfinite(m.vertices).all() and np.abs(m.vertices).max() < 20


@BY_NAME
def test_lods_are_sound_meshes(template):
    for m in template.lods:
        count = len(m.vertices)
        assert m.vertices.dtype == m.normals.dtype == m.shade.dtype == m.sway.dtype == np.float32
        assert m.faces.dtype == np.int32 and m.role.dtype == np.int8 and m.part.dtype == np.int16
        assert m.faces.min() == 0 and m.faces.max() == count - 1
        assert len(m.normals) == len(m.role) == len(m.shade) == len(m.sway) == len(m.part) == count
        np.testing.assert_allclose(np.linalg.norm(m.normals, axis=1), 1.0, atol=1e-3)
        assert m.role.min() >= 0 and m.role.max() <= 9
        assert m.shade.min() > 0 and m.shade.max() < 6
        assert m.sway.min() >= 0 and m.sway.max() <= 1 and m.sway[m.vertices[:, 1] < 1e-3].max(initial=0) < 0.05


@BY_NAME
def test_triangle_budget(template):
    near, middle, far = (len(m.faces) for m in template.lods)
    rare = template.cell_m >= 20                  # large and few: a cloud may have more
    assert near <= (820 if rare else 420) and middle <= (300 if rare else 145) and far <= 80
    assert near > middle >= far


@BY_NAME
def test_lods_keep_the_silhouette(template):
    spans = [np.ptp(m.vertices, axis=0) for m in template.lods]
    for span in spans[1:]:
        assert 0.3 < max(span[0], span[2]) / max(spans[0][0], spans[0][2]) < 2.2


@BY_NAME
def test_rules_are_in_range(template):
    assert template.amounts.shape == (len(SETTINGS),) and template.amounts.dtype == np.float32
    assert 0 < template.amounts.max() <= 1 and template.amounts.min() >= 0
    assert 0 < template.height_m[0] <= template.height_m[1] and 0 < template.width[0] <= template.width[1]
    assert template.water in ("avoid", "bed", "float", "any") and template.align in ("free", "avenue")
    assert template.object_id in (3, 4) and template.base_m[0] <= template.base_m[1]


def test_every_setting_but_the_open_sea_has_foreground_and_background():
    for k, setting in enumerate(SETTINGS):
        here = [t for t in ALL if t.amounts[k] > 0]
        assert len(here) >= 3 or setting == "ocean", setting
        if setting not in ("ocean",):
            assert max(t.range_m for t in here) >= 150, setting
            assert min(t.range_m for t in here) <= 150 or setting in ("clouds", "fluid"), setting


def test_expected_triangles_in_view_stay_in_budget():
    """Sum over the rings of a 75 degree view on flat land: near to 6 heights, mid to 25 heights, then far."""
    for k, setting in enumerate(SETTINGS):
        total = 0.0
        for t in ALL:
            height = sum(t.height_m) / 2
            rings = [0, min(6 * height, t.range_m), min(25 * height, t.range_m), t.range_m]
            for m, inner, outer in zip(t.lods, rings[:-1], rings[1:]):
                cells = np.pi * (outer ** 2 - inner ** 2) * 75 / 360 / t.cell_m ** 2
                total += cells * t.amounts[k] * len(m.faces)
        assert total < 120_000, (setting, total)


def test_amounts_refuse_an_unknown_setting():
    with pytest.raises(KeyError):
        mesh.amounts(atlantis=1.0)
