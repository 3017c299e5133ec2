"""Looking at one picture: palette, light, framing, medium and setting."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import PictureCues
from modalities.perceive.picture_framing import framing, lab_of
from modalities.perceive.picture_light import light
from modalities.perceive.picture_medium import medium, qualities
from modalities.perceive.picture_palette import palette
from modalities.perceive.picture_setting import setting

LONGEST_PX = 320


def look_at(rgb: NDArray[np.uint8]) -> PictureCues:
    """What a picture (H, W, 3) uint8 sRGB of any size holds. The same picture always gives the same answer."""
    small = _small(rgb)
    lab = lab_of(small)
    frame = framing(lab)
    line, grain, texture = qualities(lab)
    return PictureCues(palette(lab), light(lab, frame), frame, medium(lab, line, grain), line, grain, texture,
                       setting(lab, frame))


def _small(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """At most LONGEST_PX on the longer side, at least 16 on the shorter."""
    height, width = rgb.shape[:2]
    scale = min(1.0, LONGEST_PX / max(height, width))
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    if size == (width, height):
        return np.ascontiguousarray(rgb)
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_NEAREST
    return np.asarray(cv2.resize(np.ascontiguousarray(rgb), size, interpolation=how), np.uint8)
