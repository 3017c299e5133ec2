"""The light of a picture: key, contrast, warmth, and the hour it looks like."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.cues import Framing, LightCues
from modalities.perceive.picture_setting import DAY_PARTS

Floats = NDArray[np.float64]
# Hue of candle light against that of the blue hour in OKLab's (a, b).
WARM = np.array([0.42, 0.91])
# The hour that stands for each part of the day; morning and evening look alike, evening is said.
HOURS = (23.0, 19.6, 18.2, 12.5)
LEAST_SURE = 0.2
# On held-out pictures the learnt answer is right more often (63 %) than the sky's rule (42 %); both together 65 %.
SKY_WEIGHT = 0.3


def light(lab: Floats, framing: Framing, day: Floats | None = None) -> LightCues:
    """LightCues of OKLab pixels (H, W, 3) and how the picture is framed. day: (4,) what something else supposes, as
    probabilities of DAY_PARTS."""
    brightness = lab[..., 0]
    key, contrast = float(brightness.mean()), float(brightness.std())
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    greyish = np.exp(-((chroma / 0.09) ** 2)) * np.clip(brightness / 0.2, 0.0, 1.0)
    tint = (lab[..., 1:] @ WARM * greyish).sum() / max(float(greyish.sum()), 1e-3 * greyish.size)
    warmth = float(np.tanh(tint / 0.035))
    hour, confidence = _hour(lab, framing, key, day)
    return LightCues(key, contrast, warmth, hour, confidence)


def _hour(lab: Floats, framing: Framing, key: float, day: Floats | None) -> tuple[float | None, float]:
    """(hour or None, confidence): what brightness and colour of the sky say, times what is supposed."""
    likely = _from_sky(lab, framing, key)
    if day is not None:
        likely = day * likely ** SKY_WEIGHT
    likely = likely / likely.sum()
    best = int(likely.argmax())
    sure = float(np.clip((likely[best] - 1.0 / len(DAY_PARTS)) / (1.0 - 1.0 / len(DAY_PARTS)), 0.0, 1.0))
    if framing.layers[0] < 0.06:
        sure *= 0.6
    return (HOURS[best], sure) if sure > LEAST_SURE else (None, 0.0)


def _from_sky(lab: Floats, framing: Framing, key: float) -> Floats:
    """Likelihoods of DAY_PARTS by the sky's brightness and warmth, or by the whole picture where no sky is seen."""
    bright, warm, sharp = key + 0.12, 0.0, 0.5
    if framing.skyline is not None and framing.layers[0] > 0.06:
        above = _sky(lab, framing)
        if above is not None:
            whole, near = above
            bright, warm, sharp = float(whole[0]), float(near[1:] @ WARM), 1.0
    middle = np.array([0.22, 0.47, 0.66, 0.84])
    width = np.array([0.13, 0.14, 0.15, 0.16]) / sharp
    of_bright = np.exp(-0.5 * ((bright - middle) / width) ** 2)
    if bright > 0.84:
        of_bright[3] = 1.0
    if bright < 0.22:
        of_bright[0] = 1.0
    tone = np.array([-0.02, 0.03, 0.085, -0.01])
    of_warm = np.exp(-0.5 * ((warm - tone) / (np.array([0.05, 0.07, 0.05, 0.045]) / sharp)) ** 2)
    return of_bright * of_warm + 0.02


def _sky(lab: Floats, framing: Framing) -> tuple[Floats, Floats] | None:
    """(mean of the sky, mean of its lower part), OKLab."""
    height = lab.shape[0]
    assert framing.skyline is not None
    columns = np.linspace(0, lab.shape[1] - 1, len(framing.skyline)).astype(int)
    sky: list[Floats] = []
    low: list[Floats] = []
    for column, edge in zip(columns, framing.skyline, strict=True):
        end = int(np.clip(edge, 0.0, 1.0) * height)
        if end >= 2:
            sky.append(lab[:end, column])
            low.append(lab[max(0, end - max(2, height // 8)):end, column])
    return (np.concatenate(sky).mean(0), np.concatenate(low).mean(0)) if sky else None
