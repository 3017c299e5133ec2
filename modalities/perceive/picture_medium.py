"""What a picture is made with: photographed, drawn, painted, pixelated or flat; its line, grain and texture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import MEDIA

Floats = NDArray[np.float64]


def qualities(lab: Floats) -> tuple[float, float, float]:
    """(line, grain, texture), each [0, 1], of OKLab pixels (H, W, 3).

    line: how much of the picture is thin dark strokes. grain: noise on what is smooth otherwise. texture: detail.
    """
    bright = lab[..., 0].astype(np.float32)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
    dark = cv2.morphologyEx(bright, cv2.MORPH_BLACKHAT, kernel)
    line = float(np.clip((dark > 0.12).mean() / 0.12, 0.0, 1.0))
    fine = bright - cv2.medianBlur(bright, 3)
    edge = cv2.GaussianBlur(np.abs(cv2.Laplacian(cv2.GaussianBlur(bright, (0, 0), 1.5), cv2.CV_32F)), (0, 0), 2.0)
    smooth = edge <= float(np.quantile(edge, 0.5))
    grain = float(np.clip(np.abs(fine[smooth]).mean() / 0.02, 0.0, 1.0))
    detail = np.abs(bright - cv2.GaussianBlur(bright, (0, 0), 2.0))
    texture = float(np.clip(detail.mean() / 0.05, 0.0, 1.0))
    return line, grain, texture


def medium(lab: Floats, line: float, grain: float) -> dict[str, float]:
    """MEDIA to weights that sum to 1."""
    bright = lab[..., 0]
    step = np.abs(np.diff(bright, axis=1))
    still = float((step < 0.004).mean())
    soft = float(((step > 0.004) & (step < 0.03)).mean())
    score = {"photo": 0.2 + 1.2 * soft, "drawn": 1.3 * line, "painted": 0.25 + 0.5 * grain, "flat": 1.2 * still ** 2,
             "pixelated": 2.0 * _blocks(bright)}
    raw = np.array([max(0.0, score[name]) for name in MEDIA]) ** 2 + 1e-3
    return {name: float(v) for name, v in zip(MEDIA, raw / raw.sum(), strict=True)}


def _blocks(bright: Floats) -> float:
    """[0, 1]: whether steps of brightness stand on a grid of equal blocks."""
    found = 0.0
    for axis in (0, 1):
        steps = np.abs(np.diff(bright, axis=axis)).mean(1 - axis)
        if steps.sum() <= 0:
            continue
        for period in range(3, 17):
            on = max(float(steps[phase::period].mean()) for phase in range(period))
            found = max(found, np.clip((on / max(float(steps.mean()), 1e-6) / period - 0.45) * 2.0, 0.0, 1.0))
    return float(found)
