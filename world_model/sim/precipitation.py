"""What falls, drifts and glows in the air: rain, snow, dust, plankton and bubbles, fireflies, lightning's flash."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def precipitate(hdr: Floats, depth_m: Floats, row: NDArray[np.float32], view: NDArray[np.float64], seed: int,
                threads: int) -> Floats:
    """Radiance hdr (H, W, 3) with the weather in the air before it."""
    return hdr
