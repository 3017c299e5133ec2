"""Laws of ink: paper is nothing, the colour of the pen does not matter, a line stays where it was drawn."""

from __future__ import annotations

import numpy as np
import pytest
from test_picture import world

from world_model.data.sketches import SIZE, ink_of_image, sketch_of
from world_model.sim.picture import Renderer


def drawing(seed: int, height: int = 360, width: int = 640, pen_px: int = 3) -> np.ndarray:
    """A horizon, a hill and a round body, black on white."""
    rng = np.random.default_rng(seed)
    page = np.full((height, width, 3), 255, np.uint8)
    t = np.linspace(0.0, 1.0, 6 * width)
    turn = 2 * np.pi * t
    x0, y0, r = rng.uniform(0.25, 0.75), rng.uniform(0.3, 0.6), rng.uniform(0.08, 0.16)
    horizon = rng.uniform(0.55, 0.7)
    strokes = [(t, horizon + 0.02 * np.sin(turn * 2)), (x0 + r * np.cos(turn), y0 + r * 16 / 9 * np.sin(turn)),
               (t, horizon - 0.25 * np.exp(-((t - rng.random()) / 0.12) ** 2)),
               (0.3 + 0.2 * t, 0.75 + 0.15 * t), (0.7 - 0.1 * t, 0.75 + 0.2 * t)]
    for x, y in strokes:
        left, top = (x * (width - pen_px)).astype(int), np.clip(y * (height - pen_px), 0, height - pen_px).astype(int)
        for dy in range(pen_px):
            for dx in range(pen_px):
                page[top + dy, np.clip(left + dx, 0, width - 1)] = 0
    return page


def frames(size_px: tuple[int, int]) -> list[tuple[np.ndarray, np.ndarray]]:
    renderer = Renderer(size_px, threads=1)
    shown = [renderer.channels(world(setting)[None]) for setting in ("forest", "mountains", "village", "lake")]
    return [(channels["edge"], channels["object_id"]) for channels in shown]


def hill(height: int = 144, width: int = 256) -> tuple[np.ndarray, np.ndarray]:
    """Edges and ids of a hill with one body on the left."""
    y, x = np.mgrid[:height, :width] / np.array([height, width]).reshape(2, 1, 1)
    ids = np.where(y > 0.6, 1, 0).astype(np.int16)
    ids[(np.hypot((x - 0.25) * 16 / 9, y - 0.45) < 0.2)] = 10
    edge = np.zeros((height, width), np.float32)
    edge[:-1] = ids[1:] != ids[:-1]
    edge[:, :-1] = np.maximum(edge[:, :-1], ids[:, 1:] != ids[:, :-1])
    return edge, ids


@pytest.mark.parametrize("colour", [0, 255, (250, 240, 200), (20, 60, 30)])
def test_blank_paper_is_no_ink(colour: int | tuple[int, int, int]):
    page = np.empty((300, 400, 3), np.uint8)
    page[:] = colour
    assert not ink_of_image(page).any()
    noisy = np.clip(page + np.random.default_rng(0).integers(-3, 4, page.shape), 0, 255).astype(np.uint8)
    assert not ink_of_image(noisy).any()
    assert not sketch_of(np.zeros((36, 64), np.float32), None, np.random.default_rng(0)).any()


def test_light_on_dark_is_the_same_drawing_as_dark_on_light():
    for seed in range(5):
        page = drawing(seed)
        ink = ink_of_image(page)
        assert ink.shape == SIZE and ink.dtype == np.float32 and ink.max() > 0.8
        assert np.abs(ink - ink_of_image(255 - page)).max() < 1e-5
        assert np.abs(ink - ink_of_image(page[..., 0])).max() < 1e-5


def test_neither_pen_nor_paper_colour_changes_the_drawing():
    page = drawing(1)
    lined = page[..., :1] == 0
    for pen, paper in (((200, 30, 30), (255, 250, 235)), ((255, 220, 40), (255, 255, 255)), ((120,) * 3, (60,) * 3)):
        other = np.where(lined, np.array(pen, np.uint8), np.array(paper, np.uint8))
        assert np.abs(ink_of_image(other) - ink_of_image(page)).max() < 0.02


def test_transparent_paper_is_white_and_white_ink_on_nothing_is_seen():
    page = drawing(2)
    alpha = (page[..., :1] == 0).astype(np.uint8) * 255
    for pen in (0, 255):
        clear = np.concatenate([np.full_like(page, pen), alpha], -1)
        assert np.abs(ink_of_image(clear) - ink_of_image(page)).max() < 0.02


def test_a_mirrored_drawing_has_mirrored_ink():
    for shape in ((360, 640), (333, 517), (1125, 2000), (20, 30)):
        page = drawing(3, *shape, pen_px=2)
        ink = ink_of_image(page)
        assert np.allclose(ink_of_image(page[:, ::-1])[:, ::-1], ink, atol=1e-5)
        assert np.allclose(ink_of_image(page[::-1])[::-1], ink, atol=1e-5)


def test_a_thin_line_on_large_paper_does_not_vanish():
    small, large = ink_of_image(drawing(4, 360, 640, 2)), ink_of_image(drawing(4, 1125, 2000, 2))
    assert large.sum() > 0.6 * small.sum() and (large > 0.3).sum() > 0.6 * (small > 0.3).sum()


def test_what_is_no_picture_is_refused():
    for wrong in (np.zeros((4, 4), np.float32), np.zeros((4, 4, 2), np.uint8), np.zeros((0, 4, 3), np.uint8)):
        with pytest.raises(ValueError):
            ink_of_image(wrong)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError):
        sketch_of(np.zeros((4, 4), np.float32), np.zeros((4, 5), np.int16), np.random.default_rng(0))


def test_same_seed_same_drawing_and_no_two_hands_alike():
    edge, ids = hill()
    made = [sketch_of(edge, ids, np.random.default_rng(s)) for s in range(12)]
    again = [sketch_of(edge, ids, np.random.default_rng(s)) for s in range(12)]
    assert all(np.array_equal(a, b) for a, b in zip(made, again, strict=True))
    assert len({m.tobytes() for m in made}) == 12


def test_a_sketch_stays_where_its_edges_are():
    edge = hill()[0]
    edge[:, 128:] = 0.0  # everything is on the left
    for seed in range(40):
        ink = sketch_of(edge, None, np.random.default_rng(seed))
        assert ink[:, :16].sum() > 10 * ink[:, 17:].sum() and ink.max() > 0.2
        assert ink.min() >= 0.0 and ink.max() <= 1.0
    mean = np.mean([sketch_of(*hill(), np.random.default_rng(s)) for s in range(60)], 0)
    assert mean[:, :16].sum() > mean[:, 16:].sum() and mean[9:13].mean() > 3 * mean[:3].mean()


def test_drawn_lines_and_the_simulators_edges_make_as_much_ink():
    drawn = np.array([ink_of_image(drawing(s, pen_px=2 + s % 4)).mean() for s in range(12)])
    for size_px in ((64, 36), (256, 144)):
        made = np.array([sketch_of(edge, ids, np.random.default_rng(10 * k + s))
                         for k, (edge, ids) in enumerate(frames(size_px)) for s in range(8)])
        assert made.min() >= 0.0 and made.max() <= 1.0
        assert 1 / 3 < made.mean() / drawn.mean() < 3.0, (size_px, made.mean(), drawn.mean())


def test_an_empty_sky_is_not_scribbled_over():
    _, ids = hill()
    filled = np.where(ids == 0, 0.63, 0.0).astype(np.float32)  # normals of the sky are zero: edges may fill it
    for given in (ids, None):
        inks = [sketch_of(filled, given, np.random.default_rng(s)) for s in range(12)]
        assert max(float(ink[:5, 16:].mean()) for ink in inks) < 0.05
