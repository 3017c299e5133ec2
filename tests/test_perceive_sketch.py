"""Laws of reading drawings: what was drawn is found where it was drawn, on any paper and with any pen."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from modalities.faults import Unusable
from modalities.perceive.image import is_drawing
from modalities.perceive.sketch import see_sketch, sketch_cues, sketch_of_picture

W, H = 640, 400
BLACK = (25, 25, 25)


def sheet() -> np.ndarray:
    return np.full((H, W, 3), 255, np.uint8)


def line(picture: np.ndarray, points: list[tuple[float, float]], colour=BLACK, thick: int = 3) -> None:
    cv2.polylines(picture, [np.array(points, np.float32).round().astype(np.int32)], False, colour, thick, cv2.LINE_AA)


def hills() -> np.ndarray:
    x = np.linspace(8, W - 8, 60)
    return np.stack([x, H * (0.62 - 0.2 * np.exp(-((x / W - 0.3) / 0.12) ** 2))], 1)


def house(picture: np.ndarray, x: float, y: float, size: float, colour=BLACK) -> None:
    line(picture, [(x, y), (x, y - size), (x + size, y - size), (x + size, y), (x, y)], colour)
    line(picture, [(x - 5, y - size), (x + size / 2, y - 1.5 * size), (x + size + 5, y - size)], colour)


def arrow(picture: np.ndarray, tail: tuple[float, float], head: tuple[float, float]) -> None:
    way = np.array(head, float) - tail
    line(picture, [tail, head])
    for turn in (150, -150):
        a = np.radians(turn)
        spin = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
        line(picture, [head, tuple(np.array(head) + 0.22 * spin @ way)])


def sun(picture: np.ndarray, x: int, y: int, radius: int = 24) -> None:
    cv2.circle(picture, (x, y), radius, BLACK, 3, cv2.LINE_AA)
    for k in range(8):
        d = np.array([np.cos(k * np.pi / 4), np.sin(k * np.pi / 4)])
        line(picture, [tuple((x, y) + 1.4 * radius * d), tuple((x, y) + 2.0 * radius * d)])


@pytest.fixture(scope="module")
def scene() -> np.ndarray:
    picture = sheet()
    line(picture, [tuple(p) for p in hills()])
    house(picture, 400, 0.62 * H, 70)
    sun(picture, 540, 60)
    return picture


def uneven(picture: np.ndarray, seed: int = 0) -> np.ndarray:
    """As a telephone sees it: warm light that falls off, a shadow, noise, JPEG."""
    x, y = np.meshgrid(np.linspace(0, 1, picture.shape[1]), np.linspace(0, 1, picture.shape[0]))
    light = (0.9 - 0.35 * x - 0.15 * y) * (0.75 + 0.25 / (1 + np.exp((x + 0.6 * y - 0.9) * 40)))
    seen = picture * light[..., None] * np.array([1.0, 0.96, 0.88])
    noisy = np.clip(seen + np.random.default_rng(seed).normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], 1), np.uint8)


def truth_at_columns() -> np.ndarray:
    points = hills()
    return np.interp((np.arange(32) + 0.5) / 32, points[:, 0] / W, points[:, 1] / H)


def overlap(a, b) -> float:
    wide, tall = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, wide) * max(0.0, tall)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


HOUSE = (395 / W, (0.62 * H - 105) / H, 475 / W, 0.62)


def test_what_is_drawn_is_found_where_it_was_drawn(scene):
    for picture in (scene, uneven(scene), 255 - scene, cv2.resize(scene, (1920, 1200)), cv2.resize(scene, (400, 250))):
        cues = sketch_of_picture(picture)
        assert np.abs(cues.skyline - truth_at_columns()).mean() < 0.02
        assert overlap(cues.subject, HOUSE) > 0.7
        assert np.hypot(cues.sun[0] - 540 / W, cues.sun[1] - 60 / H) < 0.03
        assert cues.arrows == () and 0.005 < cues.ink < 0.06


def test_a_mirrored_drawing_is_seen_mirrored(scene):
    cues, other = sketch_of_picture(scene), sketch_of_picture(np.ascontiguousarray(scene[:, ::-1]))
    assert np.abs(cues.skyline - other.skyline[::-1]).mean() < 0.01
    left, top, right, bottom = cues.subject
    assert overlap((1 - right, top, 1 - left, bottom), other.subject) > 0.85
    assert abs(cues.sun[0] - (1 - other.sun[0])) < 0.02


def test_light_on_dark_gives_the_strokes_of_dark_on_light(scene):
    a, b = sketch_of_picture(scene), sketch_of_picture(255 - scene)
    assert len(a.strokes) == len(b.strokes)
    for one, other in zip(a.strokes, b.strokes, strict=True):
        assert np.abs(one.points.mean(0) - other.points.mean(0)).max() < 0.02
        assert np.abs(np.array(one.colour) - (255 - np.array(other.colour))).max() < 40


def test_the_same_drawing_gives_the_same_answer(scene):
    a, b = sketch_of_picture(scene), sketch_of_picture(scene.copy())
    assert a.subject == b.subject and a.sun == b.sun
    assert all(np.array_equal(x.points, y.points) for x, y in zip(a.strokes, b.strokes, strict=True))


@pytest.mark.parametrize("tail, head", [((100, 300), (400, 300)), ((420, 300), (120, 310)), ((200, 340), (240, 80)),
                                        ((80, 330), (560, 60))])
@pytest.mark.parametrize("photo", [False, True])
def test_an_arrow_points_from_tail_to_head(tail, head, photo):
    picture = sheet()
    arrow(picture, tail, head)
    cues = sketch_of_picture(uneven(picture) if photo else picture)
    assert len(cues.arrows) == 1
    assert np.abs(np.array(cues.arrows[0].tail) * (W, H) - tail).max() < 14
    assert np.abs(np.array(cues.arrows[0].head) * (W, H) - head).max() < 14


def test_a_tree_and_a_person_are_no_arrows():
    picture = sheet()
    line(picture, [(100, 300), (100, 200)])  # a trunk that forks
    line(picture, [(60, 130), (100, 200), (140, 130)])
    cv2.circle(picture, (400, 150), 20, BLACK, 3, cv2.LINE_AA)
    line(picture, [(400, 170), (400, 240)])
    line(picture, [(370, 300), (400, 240), (430, 300)])
    assert sketch_of_picture(picture).arrows == ()


def test_lines_of_a_road_meet_at_the_vanishing_point_on_the_horizon():
    picture = sheet()
    meet = np.array([370.0, 160.0])
    line(picture, [(10, 160), (W - 10, 160)])
    for end in ((40, 390), (220, 395), (540, 395), (630, 330)):
        line(picture, [end, tuple(meet + 0.05 * (np.array(end) - meet))])
    cues = sketch_of_picture(picture)
    assert np.abs(np.array(cues.vanishing) * (W, H) - meet).max() < 12
    assert abs(cues.horizon - 0.4) < 0.02 and cues.subject is None


def test_what_an_arrow_sets_out_from_is_the_subject():
    for first in (True, False):
        picture = sheet()
        house(picture, 100, 300, 70)
        house(picture, 470, 300, 70)
        line(picture, [(6, 300), (W - 6, 300)])
        arrow(picture, (190, 250) if first else (455, 250), (320, 130))
        left, _, right, _ = sketch_of_picture(picture).subject
        assert abs((left + right) / 2 * W - (135 if first else 505)) < 25


def test_the_back_of_one_large_animal_is_no_ground():
    picture = sheet()
    cv2.ellipse(picture, (320, 220), (270, 120), 0, 0, 360, BLACK, 3, cv2.LINE_AA)
    cues = sketch_of_picture(picture)
    assert cues.skyline is None and overlap(cues.subject, (50 / W, 100 / H, 590 / W, 340 / H)) > 0.9


def test_a_flat_line_is_the_horizon_wherever_it_is():
    for level in (0.3, 0.5, 0.8):
        picture = sheet()
        line(picture, [(6, level * H), (W - 6, level * H)])
        cues = sketch_of_picture(picture)
        assert abs(cues.horizon - level) < 0.015 and np.abs(cues.skyline - level).max() < 0.02


def test_a_pen_keeps_its_colour_and_pale_pens_are_seen():
    picture = sheet()
    for y, colour in ((80, (200, 30, 30)), (160, (30, 60, 200)), (240, (240, 210, 40)), (320, (40, 150, 60))):
        line(picture, [(100, y), (500, y + 10)], colour, 5)
    found = sorted(sketch_of_picture(picture).strokes, key=lambda s: s.points[:, 1].mean())
    assert len(found) == 4
    for stroke, colour in zip(found, ((200, 30, 30), (30, 60, 200), (240, 210, 40), (40, 150, 60)), strict=True):
        assert np.abs(np.array(stroke.colour) - colour).max() < 45


def test_a_ring_is_closed_and_a_line_is_open():
    picture = sheet()
    cv2.ellipse(picture, (200, 220), (90, 60), 0, 0, 360, BLACK, 3, cv2.LINE_AA)
    line(picture, [(400, 100), (560, 300)])
    found = sorted(sketch_of_picture(picture).strokes, key=lambda s: s.points[:, 0].mean())
    assert [stroke.closed for stroke in found] == [True, False]


@pytest.mark.parametrize("value", [0, 7, 128, 250, 255])
def test_blank_sheets_have_a_note_and_nothing_else(value):
    for picture in (np.full((300, 400, 3), value, np.uint8),
                    np.clip(np.random.default_rng(1).normal(value, 3, (300, 400, 3)), 0, 255).astype(np.uint8)):
        cues = sketch_of_picture(picture)
        assert cues.strokes == () and cues.ink == 0.0 and cues.subject is None and cues.skyline is None
        assert len(cues.notes) == 1 and sketch_cues(cues)


def test_transparent_sheets_show_their_strokes_whatever_the_pen(tmp_path, scene):
    from PIL import Image

    ink = 255 - scene[..., 0]
    for colour in (0, 255):
        rgba = np.dstack([np.full((H, W, 3), colour, np.uint8), ink])
        Image.fromarray(rgba, "RGBA").save(tmp_path / "pad.png")
        cues = see_sketch(tmp_path / "pad.png")
        assert overlap(cues.subject, HOUSE) > 0.7 and cues.size_px == (W, H)
    Image.fromarray(np.zeros((50, 60, 4), np.uint8), "RGBA").save(tmp_path / "clear.png")
    assert see_sketch(tmp_path / "clear.png").strokes == ()


def test_tiny_and_odd_sheets_do_not_fail():
    rng = np.random.default_rng(0)
    for shape in ((1, 1, 3), (2, 900, 3), (700, 3, 3), (40, 40, 4)):
        cues = sketch_of_picture(rng.integers(0, 256, shape).astype(np.uint8))
        assert cues.size_px == (shape[1], shape[0])


def test_drawings_are_told_from_pictures(scene):
    assert is_drawing(scene) > 0.6 and is_drawing(uneven(scene)) > 0.6 and is_drawing(255 - scene) > 0.6
    rng = np.random.default_rng(0)
    soft = cv2.GaussianBlur(rng.uniform(0, 255, (180, 320, 3)).astype(np.float32), (0, 0), 6)
    soft = ((soft - soft.min()) / np.ptp(soft) * 255).astype(np.uint8)
    assert is_drawing(soft) < 0.3 and is_drawing(np.full((90, 160, 3), 200, np.uint8)) == 0.0


def test_a_role_keeps_its_own_cues(scene):
    cues = sketch_of_picture(scene)
    assert {cue.name for cue in sketch_cues(cues, "layout")} == {"horizon", "skyline", "subject", "sun"}
    assert all(cue.method and cue.unit for cue in sketch_cues(cues))


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"not a picture at all")
    with pytest.raises(Unusable):
        see_sketch(tmp_path / "a.png")
