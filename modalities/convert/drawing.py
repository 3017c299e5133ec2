"""Streams to pictures: a world is set down where the camera stands free, and drawn by the simulator."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from world_model.sim.edges import edges
from world_model.sim.picture import GBuffer, Renderer
from world_model.sim.rollout import held
from world_model.sim.stylise_noise import paper_texture
from world_model.state import offsets
from world_model.streams.layout import STEP_S, Floats
from world_model.streams.to_state import footing, state_rows

Rows = NDArray[np.float32]
AT = offsets()
FOOTINGS = 4
LOOK_PX = (64, 36)
# Growth or walls so near before the lens that the picture is blocked.
TOO_NEAR_M, GROWTH = 0.45, 3
BLOCKED = 0.25
GRAPHITE = 0.86


def rows_of(streams: Mapping[str, Floats], fps: int, seed: int, looks: Renderer | None = None) -> Rows:
    """(T * fps / 4, 328) rows of a world that stands where its camera is not inside things: of the seed's own spots
    the first free one, else the freest. Drawn looks hold their frames. `looks` is a small Renderer to look with; None
    takes the first spot unseen."""
    plain = {name: np.asarray(values, np.float32) for name, values in streams.items()}
    best, least = None, 2.0
    for spot in range(FOOTINGS if looks is not None else 1):
        rows, _ = state_rows(plain, fps, footing(plain["place"], (seed + 7919 * spot) % 2**31))
        covered = blocked(looks, rows) if looks is not None else 0.0
        if covered < least:
            best, least = rows, covered
        if least < BLOCKED:
            break
    assert best is not None
    return best[held(best[:, AT["style"]].astype(np.float64), float(fps))]


def blocked(renderer: Renderer, rows: Rows) -> float:
    """The largest share [0, 1] of the picture, at the start, the middle or the end, that is right before the lens."""
    worst = 0.0
    for at in sorted({0, len(rows) // 2, len(rows) - 1}):
        buffer = renderer.geometry(rows[at:at + 1])
        near = (buffer.depth_m < TOO_NEAR_M) & (buffer.object_id >= GROWTH) & (buffer.object_id < 10)
        worst = max(worst, float(near.mean()))
    return worst


def frame_at(moment: int | None, count: int, fps: int) -> int:
    """The frame in the middle of a step, or of the whole for None."""
    size = round(fps * STEP_S)
    return min(count - 1, count // 2 if moment is None else moment * size + size // 2)


def pencil(buffer: GBuffer, seed: int = 0) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: the lines of a frame in graphite on white paper, stronger where the paper stands up."""
    line = edges(buffer, 1.4, threads=1)
    height, width = line.shape
    tooth = np.asarray(paper_texture(height, width, seed), np.float32)
    rough = (tooth - tooth.mean()) / max(float(tooth.std()), 1e-6)
    pressed = np.clip(line * (1.0 + 0.18 * np.clip(rough, -2.0, 2.0)), 0.0, 1.0)
    grey = 255.0 * (1.0 - GRAPHITE * pressed)
    return np.repeat(np.rint(np.clip(grey, 0.0, 255.0)).astype(np.uint8)[..., None], 3, 2)


def drawn(rows: Rows, renderer: Renderer, seed: int, see: Callable[[int, NDArray[np.uint8]], None]) -> None:
    """Every row as a picture, handed to see(index, rgb); a held drawing is drawn once."""
    rgb: NDArray[np.uint8] | None = None
    for index in range(len(rows)):
        if rgb is None or not np.array_equal(rows[index], rows[index - 1]):
            rgb = renderer.render(rows[index:index + 1], 0, seed)
        see(index, rgb)
