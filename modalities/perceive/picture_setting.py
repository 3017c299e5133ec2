"""What place a picture shows, as weights over the settings the world model knows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.cues import Framing

Floats = NDArray[np.float64]


def setting(lab: Floats, framing: Framing) -> dict[str, float]:
    """Names of SETTINGS to weights; empty where nothing tells."""
    return {}
