"""From a G-buffer to the picture on screen: weather in the air, tone, style, lens, film.

One story: radiance (plus rain, snow, …) is exposed and toned, painted or drawn in the row's style, and developed to
8 bits. Every style number is an amount; at 0 its pass is skipped, so two styles blend by blending numbers. Lengths
are fractions of the picture height; noise is a hash of place, held time and seed.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from world_model.sim.stylise_bands import run_bands
from world_model.sim.stylise_noise import GRAIN_TILE_PX, grain_tile, hash01
from world_model.sim.stylise_tone import develop, grade, tone_curve
from world_model.state import LIGHT, offsets
from world_model.vocabulary import STYLE_FIELDS

Floats = NDArray[np.float32]


class Frame(Protocol):
    """What the geometry hands over; picture.GBuffer is one."""

    @property
    def hdr(self) -> Floats: ...
    @property
    def depth_m(self) -> Floats: ...
    @property
    def normal(self) -> Floats: ...
    @property
    def object_id(self) -> NDArray[np.int16]: ...


def style_of(row: NDArray[np.float32]) -> dict[str, float]:
    """The style numbers of a packed row (272,), by name; not-a-number reads as 0."""
    values = np.nan_to_num(np.asarray(row[offsets()["style"]], np.float64))
    return {name: max(0.0, float(value)) for name, value in zip(STYLE_FIELDS, values, strict=True)}


def finish(gbuffer: Frame, row: NDArray[np.float32], seed: int, threads: int = 2,
           clock_s: float | None = None) -> NDArray[np.uint8]:
    """The finished picture, uint8 sRGB (H, W, 3).

    row is a packed state row (272,) float32. clock_s is the film's own running time for what never holds a frame
    (video noise); None takes the row's held time. The same input gives the same bytes for any number of threads.
    """
    row = np.asarray(row, np.float32)
    style = style_of(row)
    part = offsets()
    time_s = float(row[part["time_s"]][0])
    tick = round(time_s * 1000.0)
    hdr = np.ascontiguousarray(gbuffer.hdr, np.float32)
    height, width = hdr.shape[:2]
    gain = float(2.0 ** float(np.clip(row[part["light"]][LIGHT.index("exposure_ev")], -20.0, 20.0)))

    glow = np.zeros((1, 1, 3), np.float32)
    code = np.empty_like(hdr)
    run_bands(grade, height, threads, hdr, code, tone_curve(style["contrast"]), gain, style["saturation"],
              style["warmth"], glow, 0.0)

    out = np.empty((height, width, 3), np.uint8)
    tile_y = int(hash01(tick, 11, seed) * GRAIN_TILE_PX)
    tile_x = int(hash01(tick, 12, seed) * GRAIN_TILE_PX)
    run_bands(develop, height, threads, code, out, style["vignette"], style["grain"], grain_tile(), tile_y, tile_x,
              min(1.0, 400.0 / height))
    return out
