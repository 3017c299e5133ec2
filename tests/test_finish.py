"""Laws of the finish: amounts, threads, determinism, size, blending, extremes, statistics."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from world_model import colour
from world_model.sim.edges import edges
from world_model.sim.finish import finish
from world_model.state import LIGHT, WEATHER, WIDTHS, offsets
from world_model.vocabulary import PALETTES, SETTINGS, STYLE_FIELDS, STYLE_NEUTRAL, STYLES

OFFSETS = offsets()
AMOUNTS = [name for name in STYLE_FIELDS if name not in STYLE_NEUTRAL]


@dataclass(frozen=True)
class Buffer:
    hdr: np.ndarray
    depth_m: np.ndarray
    normal: np.ndarray
    object_id: np.ndarray


def make_row(style: str | dict[str, float] = "photoreal", time_s: float = 1.0, **weather: float) -> np.ndarray:
    row = np.zeros(sum(WIDTHS.values()), np.float32)
    row[OFFSETS["place"]][SETTINGS.index("meadow")] = 1.0
    light = row[OFFSETS["light"]]
    light[:2] = 0.5, 0.4
    light[2:14] = 2.5, 2.3, 2.0, 0.15, 0.3, 0.6, 0.55, 0.6, 0.7, 0.2, 0.25, 0.35
    row[OFFSETS["palette"]] = colour.oklch_to_oklab(np.array(PALETTES["natural"])).ravel()
    numbers = STYLE_NEUTRAL | (STYLES[style] if isinstance(style, str) else style)
    for name, value in numbers.items():
        row[OFFSETS["style"]][STYLE_FIELDS.index(name)] = value
    for name, value in weather.items():
        row[OFFSETS["weather"]][WEATHER.index(name)] = value
    row[OFFSETS["camera"]] = 0.0, 3.0, 0.0, 0.0, -0.05, 0.0, 1.1, 12.0
    row[OFFSETS["time_s"]] = time_s
    return row


def scene(width: int = 192, height: int = 108) -> Buffer:
    """A plane under a graded sky, with a ball (body), a wall and a bush on it; exact at every size."""
    u, v = np.meshgrid((np.arange(width) + 0.5) / width * 2 - 1, 1 - (np.arange(height) + 0.5) / height * 2)
    v *= height / width
    hdr = np.empty((height, width, 3))
    rise = np.clip(v * 3, 0, 1)[..., None]
    hdr[:] = (1 - rise) * [0.9, 0.8, 0.7] + rise * [0.2, 0.4, 0.9]
    depth, ids = np.full((height, width), 1.0e4), np.zeros((height, width), np.int16)
    normal = np.zeros((height, width, 3))
    ground = v < -0.02
    depth[ground], ids[ground], normal[ground] = np.minimum(900.0, 2.0 / -v[ground]), 1, (0, 1, 0)
    check = 0.5 + 0.5 * np.sin(u * depth * 0.8) * np.sin(depth * 0.5) * np.exp(-depth / 20)
    hdr[ground] = (np.array([0.10, 0.20, 0.05]) + check[..., None] * [0.18, 0.22, 0.08])[ground]
    wall = (abs(u + 0.55) < 0.16) & (v > -0.2) & (v < 0.25)
    hdr[wall], depth[wall], ids[wall], normal[wall] = (0.35, 0.3, 0.28), 14.0, 4, (0, 0, -1)
    bush = (u - 0.1) ** 2 + (v + 0.1) ** 2 < 0.01
    hdr[bush], depth[bush], ids[bush], normal[bush] = (0.03, 0.09, 0.03), 11.0, 3, (0, 0.5, -0.86)
    ball = (u - 0.5) ** 2 + (v + 0.05) ** 2 < 0.04
    shade = np.clip(1 - ((u - 0.42) ** 2 + (v - 0.05) ** 2) / 0.07, 0.05, 1)[..., None]
    hdr[ball], depth[ball], ids[ball], normal[ball] = (shade * [0.9, 0.12, 0.06])[ball], 8.0, 10, (0, 0.3, -0.95)
    return Buffer(hdr.astype(np.float32), depth.astype(np.float32), normal.astype(np.float32), ids)


def far_apart(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(np.float64) - b.astype(np.float64)).mean())


@pytest.mark.parametrize("name", AMOUNTS)
def test_nothing_at_amount_zero_and_something_above(name: str) -> None:
    buffer = scene()
    plain = finish(buffer, make_row({}), 3)
    assert np.array_equal(plain, finish(buffer, make_row({name: 0.0}), 3))
    needs = {"wobble": {"outline": 0.8}}.get(name, {})
    before = finish(buffer, make_row(needs), 3)
    after = finish(buffer, make_row({**needs, name: 0.8}), 3)
    if name == "bloom":
        bright = Buffer(buffer.hdr * 4, buffer.depth_m, buffer.normal, buffer.object_id)
        before, after = finish(bright, make_row({}), 3), finish(bright, make_row({name: 0.8}), 3)
    assert far_apart(before, after) > 0.2, f"{name} at 0.8 changes nothing"


@pytest.mark.parametrize("name", AMOUNTS)
def test_an_amount_starts_gently(name: str) -> None:
    """No field jumps as it leaves 0."""
    buffer = scene()
    assert far_apart(finish(buffer, make_row({}), 3), finish(buffer, make_row({name: 0.004}), 3)) < 1.5


@pytest.mark.parametrize("style", STYLES)
def test_threads_and_repeats_give_the_same_bytes(style: str) -> None:
    buffer = scene(190, 107)
    row = make_row(style, rain=0.4, snow=0.5, dust=0.3, wind_mps=6.0)
    one = finish(buffer, row, 5, threads=1)
    assert one.dtype == np.uint8 and one.shape == (107, 190, 3)
    for threads in (1, 2, 3):
        assert np.array_equal(one, finish(buffer, row, 5, threads=threads))


@pytest.mark.parametrize("style", ["photoreal", "flat", "cel", "watercolour", "clay", "gouache", "noir"])
def test_a_style_looks_the_same_at_every_size(style: str) -> None:
    large, small = finish(scene(768, 432), make_row(style), 4), finish(scene(384, 216), make_row(style), 4)
    shrunk = large.reshape(216, 2, 384, 2, 3).mean((1, 3))
    assert far_apart(shrunk, small) < 9.0
    assert abs(shrunk.mean() - small.mean()) < 3.0


@pytest.mark.parametrize("style", [name for name in STYLES if name != "photoreal"])
def test_blending_from_photoreal_never_jumps(style: str) -> None:
    buffer = scene()
    a, b = make_row("photoreal"), make_row(style)
    walk = [finish(buffer, (a + (b - a) * t).astype(np.float32), 2) for t in np.linspace(0, 1, 21)]
    steps = np.array([far_apart(p, q) for p, q in pairwise(walk)])
    assert steps.max() < 12.0, f"a step of one twentieth moves {steps.max():.1f} of 255 at {steps.argmax()}"


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("radiance", [0.0, 1.0e6, float("nan"), float("inf"), -1.0])
def test_extreme_light_makes_a_picture(style: str, radiance: float) -> None:
    buffer = scene(64, 36)
    hdr = buffer.hdr.copy()
    hdr[10:20, 10:40] = radiance
    out = finish(Buffer(hdr, buffer.depth_m, buffer.normal, buffer.object_id), make_row(style, rain=0.5), 1)
    again = finish(Buffer(np.full_like(hdr, radiance), buffer.depth_m, buffer.normal, buffer.object_id),
                   make_row(style), 1)
    assert out.shape == again.shape == (36, 64, 3)
    # What is far from the fault is not blackened by it.
    assert out[30:, 50:].mean() > 4.0


@pytest.mark.parametrize("style", [name for name in STYLES if name not in ("noir", "synthwave")])
def test_detail_stays_in_darks_and_lights(style: str) -> None:
    luma = finish(scene(), make_row(style), 6) @ np.array([0.2126, 0.7152, 0.0722]) / 255.0
    assert np.percentile(luma, 1) > 0.02
    assert np.percentile(luma, 99) < 0.98
    assert np.percentile(luma, 95) - np.percentile(luma, 5) > 0.2


def test_exposure_and_contrast_do_what_they_say() -> None:
    buffer = scene()
    dim, bright = make_row({}), make_row({})
    bright[OFFSETS["light"]][LIGHT.index("exposure_ev")] = 1.0
    assert finish(buffer, bright, 1).mean() > finish(buffer, dim, 1).mean() + 15
    assert finish(buffer, make_row({"contrast": 1.5}), 1).std() > finish(buffer, make_row({}), 1).std() + 5
    grey = finish(buffer, make_row({"saturation": 0.0}), 1).astype(int)
    assert np.abs(grey[..., 0] - grey[..., 2]).max() <= 1


def test_paper_stays_and_the_line_boils_only_with_the_held_clock() -> None:
    buffer = scene()
    still = {name: value for name, value in STYLES["pencil"].items() if name != "wobble"}
    assert np.array_equal(finish(buffer, make_row(still, 1.0), 1), finish(buffer, make_row(still, 1.5), 1))
    drawn = [finish(buffer, make_row("pencil", t), 1) for t in (1.0, 1.0, 1.083)]
    assert np.array_equal(drawn[0], drawn[1])
    assert far_apart(drawn[0], drawn[2]) > 0.5


def test_weather_falls_in_front_of_what_is_far_and_is_hidden_by_what_is_near() -> None:
    buffer = scene()
    near = Buffer(buffer.hdr, np.full_like(buffer.depth_m, 0.5), buffer.normal * 0, buffer.object_id)
    for kind in ("rain", "snow"):
        dry, wet = make_row({}), make_row({}, **{kind: 1.0})
        assert far_apart(finish(buffer, dry, 1), finish(buffer, wet, 1)) > 0.5
        assert np.array_equal(finish(near, dry, 1), finish(near, wet, 1))


def test_flakes_slide_with_the_turning_camera() -> None:
    """Turning right by some pixels moves the far snow left by as many."""
    buffer = scene(256, 144)
    black = Buffer(buffer.hdr * 0, np.full_like(buffer.depth_m, 1e4), buffer.normal, buffer.object_id * 0)
    a, b = make_row({}, snow=0.8), make_row({}, snow=0.8)
    focal = 128 / np.tan(0.55)
    b[OFFSETS["camera"]][3] = 12 / focal
    p, q = finish(black, a, 1)[..., 1].astype(float), finish(black, b, 1)[..., 1].astype(float)

    def match(shift: int) -> float:
        return float(np.corrcoef(p[:, 40:-40].ravel(), q[:, 40 - shift:216 - shift].ravel())[0, 1])

    assert match(12) > 0.8 > match(0) + 0.3


def test_edges_are_lines_in_the_right_places() -> None:
    buffer = scene(384, 216)
    lines = edges(buffer)
    assert lines.dtype == np.float32 and lines.shape == (216, 384)
    assert lines.min() >= 0.0 and lines.max() <= 1.0
    assert 0.004 < (lines > 0.3).mean() < 0.08
    ids = buffer.object_id
    border = np.zeros(ids.shape, bool)
    border[:, 1:] |= (ids[:, 1:] == 10) != (ids[:, :-1] == 10)
    border[1:] |= (ids[1:] == 10) != (ids[:-1] == 10)
    near = border | np.roll(border, 1, 0) | np.roll(border, -1, 0) | np.roll(border, 1, 1) | np.roll(border, -1, 1)
    assert (lines[near].max() > 0.6) and lines[150:, 100:140].max() < 0.05


@pytest.mark.parametrize("size", [(513, 287), (16, 16), (33, 65)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    for style in STYLES:
        assert finish(scene(*size), make_row(style, rain=0.3), 1).shape == (size[1], size[0], 3)


def test_a_broken_row_is_read_as_neutral_numbers() -> None:
    row: Any = make_row("cel")
    row[OFFSETS["style"]][3] = np.nan
    row[OFFSETS["camera"]][3] = np.inf
    assert finish(scene(64, 36), row, 1).shape == (36, 64, 3)
