"""How near what a picture shows is, by a depth network where its weights are here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def nearness_model() -> Callable[[NDArray[np.uint8]], NDArray[np.float32]] | None:
    """A function from pictures (T, H, W, 3) uint8 to nearness (T, H, W) float32, or None without weights."""
    return None
