"""Whether a motion brush did what it was asked: the optical flow that it added, inside its region and outside."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.engines.brushes import Brush, mask_of

Picture = NDArray[np.uint8]
# Flow is looked for at this width at most; where a picture is flat nobody can see it move.
SEEN_PX, LEAST_DETAIL = 512, 6.0


@dataclass(frozen=True)
class Followed:
    """cosine [-1, 1] between the flow added inside the region and the brush's direction; speed: its length over the
    length asked for; outside: mean length of the flow added outside over the length asked for; seen: the share [0, 1]
    of the region that has detail enough to be seen moving. cosine is NaN where nothing of it has."""

    cosine: float
    speed: float
    outside: float
    seen: float


def followed(brush: Brush, plain: tuple[Picture, Picture], moved: tuple[Picture, Picture], step_s: float) -> Followed:
    """What a brush added between two frames (H, W, 3) uint8 that are step_s apart, by dense inverse search (Kroeger et
    al. 2016). plain: the frames as they were, whose own flow is taken off; moved: the same two with the brush."""
    scale = min(1.0, SEEN_PX / plain[0].shape[1])
    size = (max(16, round(plain[0].shape[1] * scale)), max(16, round(plain[0].shape[0] * scale)))
    mask = mask_of(brush, size)
    own, both = _flow(plain, size), _flow(moved, size)
    added = both - own
    grey = _grey(moved[1], size).astype(np.float32)
    steep = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=0.25))
    detailed = cv2.blur(steep, (9, 9)) > LEAST_DETAIL
    asked = np.asarray(brush.direction, np.float64) * size[0] * step_s
    length = float(np.hypot(*asked))
    inner = (mask > 0.95) & detailed
    # Blocks of the flow reach over the edge.
    outer = cv2.dilate((mask > 0).astype(np.uint8), np.ones((17, 17), np.uint8)) == 0
    far = float(np.hypot(added[outer, 0], added[outer, 1]).mean()) / length if outer.any() and length else 0.0
    if not inner.any() or not length:
        return Followed(float("nan"), 0.0, far, 0.0)
    mean = added[inner].astype(np.float64).mean(0)
    along = float(mean @ asked) / length
    return Followed(along / max(float(np.hypot(*mean)), 1e-9), along / length, far,
                    float(inner.sum()) / max(int((mask > 0.95).sum()), 1))


def _grey(rgb: Picture, size: tuple[int, int]) -> Picture:
    small = rgb if (rgb.shape[1], rgb.shape[0]) == size else cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def _flow(pair: tuple[Picture, Picture], size: tuple[int, int]) -> NDArray[np.float32]:
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    found = search.calc(_grey(pair[0], size), _grey(pair[1], size), np.zeros((size[1], size[0], 2), np.float32))
    return np.asarray(found, np.float32)
