"""A drawn hill line laid into the world that was made of it: the land of the first picture ends where it was drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.perceive.sketch import sketch_of_picture
from world_model.sim.layout import skyline_field
from world_model.state import WIDTH, offsets
from world_model.streams.layout import Floats

AT = offsets()
CREST_M = 220.0


def skyline_in(picture: NDArray[np.uint8]) -> Floats | None:
    """(32,) y of the drawn skyline of a drawing (H, W, 3 or 4), or None where none runs through it."""
    line = sketch_of_picture(picture).skyline
    return None if line is None else np.asarray(line, np.float32)


def with_land(rows: NDArray[np.float32], skyline: Floats | None, aspect: float) -> NDArray[np.float32]:
    """Rows (T, 272 or 328) whose land ends along a skyline as the first row's camera sees it; unchanged for None."""
    if skyline is None or len(rows) == 0:
        return rows
    wide = np.zeros((len(rows), WIDTH), np.float32)
    wide[:, :rows.shape[1]] = rows
    camera, line = rows[0, AT["camera"]].astype(np.float64), np.asarray(skyline, np.float64)
    wide[:, AT["skyline"]] = skyline_field(camera, aspect, line, CREST_M)
    return wide
