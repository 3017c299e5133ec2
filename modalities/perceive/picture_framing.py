"""How a picture is framed: skyline, horizon and its lean, the box of the subject, depth layers."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import Framing
from modalities.perceive.picture_sky import Scorer, Sky, sky_of
from modalities.perceive.picture_subject import subject_of
from world_model.colour import linear_to_oklab, srgb_to_linear

Floats = NDArray[np.float64]
COLUMNS = 32
SMALL_PX = (128, 72)
STRAIGHT = 0.015


def framing(lab: Floats, guess: float | None = None, guess_error: float = 1.0, scorer: Scorer | None = None
            ) -> Framing:
    """Framing of OKLab pixels (H, W, 3). guess: where something else supposes the horizon, and the error it expects.
    scorer: weights that choose the border of the sky."""
    small = small_of(lab)
    sky = sky_of(small, scorer)
    skyline = None
    horizon, tilt_deg, sure = None, 0.0, 0.0
    if sky is not None:
        at = (np.arange(SMALL_PX[0]) + 0.5) / SMALL_PX[0]
        skyline = np.interp((np.arange(COLUMNS) + 0.5) / COLUMNS, at, sky.border / SMALL_PX[1]).astype(np.float32)
        horizon, tilt_deg, sure = _horizon(sky, skyline, lab.shape[1] / lab.shape[0], guess, guess_error)
    elif guess is not None and guess_error < 0.09:
        horizon, sure = guess, 0.2
    subject, subject_confidence = subject_of(small, scorer if scorer and "box_mean" in scorer else None)
    above = float(skyline.mean()) if skyline is not None else 0.0
    ground = 1.0 - max(above, min(1.0, horizon) if horizon is not None else above)
    near = 0.6 * max(0.0, ground)
    return Framing(horizon, tilt_deg, skyline, subject, (above, max(0.0, 1.0 - above - near), near), float(sure),
                   float(subject_confidence))


def _horizon(sky: Sky, skyline: NDArray[np.float32], aspect: float, guess: float | None, guess_error: float
             ) -> tuple[float, float, float]:
    """(height, lean in degrees, confidence): the line under the sky where it is straight; hills hide the horizon."""
    level, slope, straight = _line(skyline)
    lean_deg = float(np.degrees(np.arctan(slope / aspect)))
    if guess is None:
        return level, lean_deg if straight > 0.6 else 0.0, sky.confidence * (straight if straight > 0.6 else 0.3)
    agree = abs(level - guess) < (3.0 if straight > 0.9 else 2.0) * guess_error
    weight = float(np.clip((straight - 0.5) / 0.3, 0.0, 1.0)) * (1.0 if agree else 0.5)
    known = float(np.clip(0.65 - 3.5 * guess_error, 0.1, 0.6))
    sure = weight * max(known, straight * sky.confidence) + (1.0 - weight) * known
    return weight * level + (1.0 - weight) * guess, lean_deg if weight > 0.4 else 0.0, sure


def _line(skyline: NDArray[np.float32]) -> tuple[float, float, float]:
    """(height in the middle, slope in heights a width, share of columns on it) of a robust line (Theil, 1950)."""
    x = (np.arange(COLUMNS) + 0.5) / COLUMNS - 0.5
    y = skyline.astype(np.float64)
    a, b = np.triu_indices(COLUMNS, 4)
    slope = float(np.clip(np.median((y[b] - y[a]) / (x[b] - x[a])), -0.3, 0.3))
    away = y - slope * x
    # Land rises above the horizon, it does not fall below.
    level = float(np.quantile(away, 0.7))
    return level, slope, float((np.abs(away - level) < STRAIGHT).mean())


def small_of(lab: Floats) -> Floats:
    """The pixels in which skies and subjects are looked for."""
    return cv2.resize(lab.astype(np.float32), SMALL_PX, interpolation=cv2.INTER_AREA).astype(np.float64)


def lab_of(rgb: NDArray[np.uint8]) -> Floats:
    """OKLab of sRGB (H, W, 3) uint8."""
    return linear_to_oklab(_LINEAR[rgb])


_LINEAR = srgb_to_linear(np.arange(256) / 255.0)
