"""What a small network (modalities.perceive.train_setting) says of a picture: setting, medium, hour, horizon.

Fitted to pictures of the simulator in all its styles; it knows the settings of this world and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from modalities.perceive.picture_features import features

Floats = NDArray[np.float64]
WEIGHTS = Path(__file__).parent / "picture_setting.npz"
DAY_PARTS = ("night", "twilight", "low sun", "day")
_PLACES, _MEDIA = 17, 5


@dataclass(frozen=True)
class Answers:
    """Probabilities over SETTINGS (17,), MEDIA (5,) and DAY_PARTS (4,); horizon: fraction from the top, and the error
    it expects."""

    setting: Floats
    medium: Floats
    day: Floats
    horizon: float
    horizon_error: float


@lru_cache(1)
def _weights() -> dict[str, NDArray[np.float32]]:
    with np.load(WEIGHTS, allow_pickle=False) as file:
        return {name: file[name].astype(np.float32) for name in file.files if name != "figures"}


def border_scorer() -> dict[str, NDArray[np.float32]] | None:
    """The shipped weights that choose the border of a sky."""
    weights = _weights()
    return weights if "border_mean" in weights else None


def answer(lab: Floats) -> Answers:
    """What the shipped network says of OKLab pixels (H, W, 3)."""
    return answers_of(_weights(), features(lab))


def answers_of(weights: dict[str, NDArray[np.float32]], x: NDArray[np.float32]) -> Answers:
    """What a network says of features (n,)."""
    known = np.clip((x - weights["mean"]) / weights["spread"], -4.0, 4.0)
    hidden = weights["in_weight"] @ known + weights["in_bias"]
    hidden = 0.5 * hidden * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (hidden + 0.044715 * hidden ** 3)))
    out = (weights["out_weight"] @ hidden + weights["out_bias"]).astype(np.float64)
    ends = np.cumsum([_PLACES, _MEDIA, len(DAY_PARTS)])
    place, medium, day, level = np.split(out, ends)
    return Answers(_soft(place), _soft(medium), _soft(day), float(level[0]), float(np.log1p(np.exp(level[1])) + 0.02))


def _soft(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()
