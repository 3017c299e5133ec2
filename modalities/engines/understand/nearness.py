"""How near what a film shows is, as a guide for large video models, by a depth network where its weights are here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from modalities.engines.understand.catalogue import DEPTH, folder_of


def nearness_model() -> Callable[[NDArray[np.uint8]], NDArray[np.float32]] | None:
    """A function from pictures (T, H, W, 3) uint8 to nearness (T, H, W) float32 in [0, 1], or None without weights. It
    raises Unavailable for weights that do not work."""
    folder = folder_of(DEPTH)
    if folder is None:
        return None
    from modalities.engines.understand.depth import depth_of

    return lambda frames: depth_of(frames, folder)
