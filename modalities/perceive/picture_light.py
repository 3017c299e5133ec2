"""The light of a picture: key, contrast, warmth, and the hour it looks like."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.cues import Framing, LightCues

Floats = NDArray[np.float64]
# Hue of candle light against that of the blue hour in OKLab's (a, b).
WARM = np.array([0.42, 0.91])
NOON_H, GOLDEN_H, SUNSET_H, DUSK_H, NIGHT_H = 12.5, 17.6, 18.8, 19.6, 23.0


def light(lab: Floats, framing: Framing) -> LightCues:
    """LightCues of OKLab pixels (H, W, 3) and how the picture is framed."""
    brightness = lab[..., 0]
    key, contrast = float(brightness.mean()), float(brightness.std())
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    greyish = np.exp(-((chroma / 0.09) ** 2)) * np.clip(brightness / 0.2, 0.0, 1.0)
    tint = (lab[..., 1:] @ WARM * greyish).sum() / max(float(greyish.sum()), 1e-3 * greyish.size)
    warmth = float(np.tanh(tint / 0.035))
    hour, confidence = _hour(lab, framing, key)
    return LightCues(key, contrast, warmth, hour, confidence)


def _hour(lab: Floats, framing: Framing, key: float) -> tuple[float | None, float]:
    """(hour or None, confidence): the sky's brightness and colour tell most, then how dark all is."""
    height = lab.shape[0]
    share = framing.layers[0]
    if share < 0.08 or framing.skyline is None:
        if key < 0.22:
            return NIGHT_H, 0.3
        return None, 0.0
    columns = np.linspace(0, lab.shape[1] - 1, len(framing.skyline)).astype(int)
    sky: list[Floats] = []
    low: list[Floats] = []
    for column, edge in zip(columns, framing.skyline, strict=True):
        end = int(np.clip(edge, 0.0, 1.0) * height)
        if end >= 2:
            sky.append(lab[:end, column])
            low.append(lab[max(0, end - max(2, height // 8)):end, column])
    if not sky:
        return None, 0.0
    whole, near = np.concatenate(sky).mean(0), np.concatenate(low).mean(0)
    warm = float(near[1:] @ WARM)
    sure = float(np.clip(share * 2.0, 0.2, 0.8))
    if whole[0] < 0.32 and key < 0.38:
        return (DUSK_H, 0.5 * sure) if warm > 0.04 else (NIGHT_H, sure)
    if warm > 0.075:
        return (SUNSET_H, sure) if whole[0] < 0.72 else (GOLDEN_H, 0.6 * sure)
    if warm > 0.035:
        return GOLDEN_H, 0.6 * sure
    if whole[0] < 0.45:
        return DUSK_H, 0.5 * sure
    return NOON_H, float(sure * np.clip((whole[0] - 0.45) / 0.3, 0.2, 1.0))
