"""What a dream is shown of its world, and the grain that is laid over it: the ends that are not the model's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from world_model.joint.guide import Hold, guide_of, guide_of_glimpse
from world_model.joint.presets import TEXT_WIDTH
from world_model.state import offsets
from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_PX, STATE_STREAMS, Floats
from world_model.vocabulary import STYLE_FIELDS

if TYPE_CHECKING:
    from world_model.joint.attention import Cache
    from world_model.joint.pipeline import WorldPipeline
    from world_model.sim.picture import Renderer

GRAIN = offsets()["style"].start + STYLE_FIELDS.index("grain")


class GuideView:
    """A small look at each step by the simulator: drawn at the dream's own size and made small, as in training (lines
    and paper of a style look otherwise when they are drawn small). Not safe for two threads at once."""

    def __init__(self, threads: int = 1, size_px: tuple[int, int] = PICTURE_PX) -> None:
        self._size_px, self._threads = size_px, threads
        self._renderer: Renderer | None = None

    def of(self, rows: NDArray[np.float32]) -> Floats:
        """(6912,) guide of a step's three rows (3, 272): its middle frame, without grain."""
        from world_model.sim.finish import finish
        from world_model.sim.picture import Renderer

        if self._renderer is None:
            self._renderer = Renderer(self._size_px, threads=self._threads)
        row = rows[min(FRAMES_PER_STEP // 2, len(rows) - 1)].copy()
        row[GRAIN] = 0.0
        return guide_of(finish(self._renderer.geometry(row[None]), row, 0, self._threads))


class Imagined:
    """Guides that the joint model imagines: it fills in what is seen at a glance from the state, with its own past."""

    def __init__(self, pipeline: WorldPipeline, seed: int, passes: int = 3) -> None:
        self._model, self._passes = pipeline.model, passes
        self._draw = torch.Generator().manual_seed(seed)
        self._cache: Cache | None = None
        self._noise: Tensor | None = None

    @torch.no_grad()
    def of(self, known: Mapping[str, Floats]) -> Floats:
        """(6912,) guide of the next step, to be held at "glimpse". known: name -> (1, width) of the state streams."""
        model = self._model
        x = {name: model.normalised(name, torch.from_numpy(np.asarray(known[name], np.float32))[None])
             for name in STATE_STREAMS}
        tau = {name: torch.zeros(1, 1) for name in STATE_STREAMS}
        fresh = torch.randn(1, 1, model.table["glimpse"][0], generator=self._draw)
        # Mostly the noise of the step before: what stands still stays as it was.
        seen = fresh if self._noise is None else 0.95 * self._noise + (1.0 - 0.95 ** 2) ** 0.5 * fresh
        self._noise = seen
        text, there = torch.zeros(1, 1, TEXT_WIDTH), torch.zeros(1, 1, dtype=torch.bool)
        for k in range(self._passes):
            level, lower = 1.0 - k / self._passes, 1.0 - (k + 1) / self._passes
            made, _ = model({**x, "glimpse": seen}, {**tau, "glimpse": torch.full((1, 1), level)}, text, there,
                            self._cache)
            seen = made["glimpse"] + lower / level * (seen - made["glimpse"])
        _, self._cache = model({**x, "glimpse": seen}, {**tau, "glimpse": torch.full((1, 1), 0.04)}, text, there,
                               self._cache, keep=True)
        return guide_of_glimpse(model.restored("glimpse", seen)[0].float().numpy())[0]


def guided(view: GuideView, rows: NDArray[np.float32], hold: Hold) -> Floats | None:
    """The guide of a step where the dream holds to any; drawing it is what it costs."""
    return None if hold == "free" else view.of(rows)


def with_grain(frames: NDArray[np.uint8], amounts: NDArray[np.float32], first_frame: int, seed: int
               ) -> NDArray[np.uint8]:
    """frames (N, H, W, 3) sRGB with film grain by amount (N,) in [0, 1]: on luma, strongest in the middle tones, new in
    every frame. The codec never learns grain; this is the simulator's own, laid over what was decoded."""
    from world_model.sim.stylise_noise import GRAIN_TILE_PX, grain_tile, hash01

    if not np.any(amounts > 0.0):
        return frames
    high, wide = frames.shape[1:3]
    out = frames.copy()
    for k, amount in enumerate(amounts):
        if amount <= 0.0:
            continue
        tick = first_frame + k
        down, right = (int(hash01(tick, axis, seed & 0x3FFFFFFF) * GRAIN_TILE_PX) for axis in (11, 12))
        tile = np.take(np.take(grain_tile(), (down + np.arange(high)) % GRAIN_TILE_PX, 0),
                       (right + np.arange(wide)) % GRAIN_TILE_PX, 1)
        code = frames[k].astype(np.float32) / 255.0
        luma = code @ np.array([0.3, 0.59, 0.11], np.float32)
        code += (tile * (0.075 * amount * (0.18 + 2.2 * luma * (1.0 - luma))))[..., None]
        out[k] = (np.clip(code, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
    return out
