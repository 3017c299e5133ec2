"""Pictures whose content is known: single frames of sampled worlds with their horizon, skyline, subject and names.

For training and measuring what is seen in pictures; nothing here runs in the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modalities.cues import Box
from world_model.data.phrases import Recipe

COLUMNS = 32
SKY, BODY = 0, 10
# Seeds of the pictures learnt from and of those measured on, apart from each other and from all other data.
LEARNT_SEED, MEASURED_SEED = 510_000_000, 910_000_000
SIZE_PX = (320, 180)
MEDIUM_OF_LOOK = {
    "photoreal": "photo", "noir": "photo", "vhs": "photo", "clay": "photo", "flat": "flat", "synthwave": "flat",
    "cel": "drawn", "pencil": "drawn", "coloured_pencil": "drawn", "riso": "drawn", "ink": "painted",
    "watercolour": "painted", "gouache": "painted", "pixel": "pixelated"}


@dataclass(frozen=True)
class Known:
    """rgb (H, W, 3) uint8; object_id (H, W) int16 and edge (H, W) float32 as in the simulator's GBuffer. horizon,
    tilt_deg, skyline, subject as in Framing; horizon is None without a surface and a sky in the picture."""

    seed: int
    recipe: Recipe
    rgb: NDArray[np.uint8]
    object_id: NDArray[np.int16]
    edge: NDArray[np.float32]
    horizon: float | None
    tilt_deg: float
    skyline: NDArray[np.float32] | None
    subject: Box | None


def known_pictures(count: int, first_seed: int, size_px: tuple[int, int] = SIZE_PX) -> Iterator[Known]:
    """One picture of each of `count` sampled worlds, taken somewhere inside the clip."""
    from world_model.data.worlds import sample_clip
    from world_model.sim.finish import finish
    from world_model.sim.picture import Renderer, edges_of

    renderer = Renderer(size_px, threads=1)
    for seed in range(first_seed, first_seed + count):
        clip = sample_clip(seed)
        k = int(np.random.default_rng([seed, 81]).integers(len(clip.rows)))
        row = clip.rows[k]
        buffer = renderer.geometry(clip.rows[k:k + 1])
        rgb = finish(buffer, row, 0, 1)
        ids = buffer.object_id
        skyline = skyline_of(ids)
        horizon, tilt_deg = horizon_of(row, size_px)
        flat = clip.recipe.setting not in ("space", "clouds", "fluid", "particles", "underwater")
        seen = horizon if flat and skyline is not None and 0.02 < horizon < 0.98 else None
        yield Known(seed, clip.recipe, rgb, ids, edges_of(buffer), seen, tilt_deg, skyline, subject_of(ids))


def horizon_of(row: NDArray[np.float32], size_px: tuple[int, int]) -> tuple[float, float]:
    """(height of the horizon in the middle column as a fraction from the top, lean in degrees) of a state's row."""
    from world_model.state import CAMERA, offsets

    camera = dict(zip(CAMERA, row[offsets()["camera"]].astype(float), strict=True))
    width, height = size_px
    focal = 0.5 * width / np.tan(0.5 * camera["fov_rad"])
    roll = camera["roll_rad"]
    return float(0.5 + np.tan(camera["pitch_rad"]) * focal / height / max(0.2, np.cos(roll))), float(np.degrees(roll))


def skyline_of(object_id: NDArray[np.int16]) -> NDArray[np.float32] | None:
    """(32,) y of the first thing under the sky that is no body, or None where hardly any sky or land is seen."""
    height, width = object_id.shape
    land = (object_id > SKY) & (object_id < BODY)
    sky = object_id == SKY
    if sky.mean() < 0.05 or land.mean() < 0.05:
        return None
    first = np.where(land.any(0), land.argmax(0), height) / height
    at = ((np.arange(COLUMNS) + 0.5) * width / COLUMNS).astype(int)
    return first[at].astype(np.float32)


def subject_of(object_id: NDArray[np.int16]) -> Box | None:
    """The box around the bodies where they take 0.4 to 60 % of the picture."""
    body = object_id >= BODY
    if not 0.004 < body.mean() < 0.6:
        return None
    rows, columns = np.flatnonzero(body.any(1)), np.flatnonzero(body.any(0))
    height, width = body.shape
    return (float(columns[0] / width), float(rows[0] / height), float((columns[-1] + 1) / width),
            float((rows[-1] + 1) / height))
