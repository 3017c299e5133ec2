"""How pictures move from one to the next: dense flow with its trust, and the motion of the camera.

Flow is DIS (Kroeger et al., Fast optical flow using dense inverse search, 2016), checked forward against backward.
The camera's part of it is one homography, fitted by RANSAC to the flow of what is not the subject.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
# A pixel whose way there and back misses by so much is as likely wrong as right.
MISS_PX = 0.8
GRID_PX = 8


@dataclass(frozen=True)
class Motion:
    """From the picture before to this one. back (H, W, 2): where each pixel of this picture was, relative, in px (x,
    y). trust (H, W) in [0, 1]: whether the way there and back agrees."""

    back: Floats
    trust: Floats


class Flow:
    """Dense flow between successive pictures; keeps only the last one. The same pictures give the same bytes."""

    def __init__(self) -> None:
        self._dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        self._last: Picture | None = None

    def forget(self) -> None:
        """After a cut: the next picture has nothing before it."""
        self._last = None

    def step(self, rgb: Picture) -> Motion | None:
        """The motion to this picture, uint8 (H, W, 3), from the one before, or None for the first."""
        grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        last, self._last = self._last, grey
        if last is None or last.shape != grey.shape:
            return None
        return self.between(last, grey)

    def between(self, before: Picture, now: Picture) -> Motion:
        """The motion from one grey picture (H, W) uint8 to another of the same size."""
        none = np.zeros((*now.shape, 2), np.float32)
        back = np.asarray(self._dis.calc(now, before, none.copy()), np.float32)
        forth = np.asarray(self._dis.calc(before, now, none), np.float32)
        miss = back + sample(forth, back)
        trust = np.exp(-(miss * miss).sum(-1) / (MISS_PX * MISS_PX + 0.01 * (back * back).sum(-1)))
        return Motion(back, trust.astype(np.float32))


def sample(values: Floats, back: Floats) -> Floats:
    """values (H, W) or (H, W, C) of the picture before, brought to this one along `back`; nothing outside."""
    height, width = back.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    moved = cv2.remap(values, x + back[..., 0], y + back[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def camera_motion(back: Floats, inside: Bools | None = None) -> NDArray[np.float64] | None:
    """The homography (3, 3) that takes a pixel of this picture to where it was, by the camera alone; `inside` (H, W)
    marks what moves by itself and is left out. None where too little is left to tell."""
    height, width = back.shape[:2]
    y, x = np.mgrid[GRID_PX // 2:height:GRID_PX, GRID_PX // 2:width:GRID_PX]
    keep = np.ones(x.shape, bool) if inside is None else ~inside[y, x]
    if keep.sum() < 24:
        return None
    here = np.stack([x[keep], y[keep]], 1).astype(np.float32)
    there = here + back[y[keep], x[keep]]
    cv2.setRNGSeed(7)
    found: Any = cv2.findHomography(here, there, cv2.RANSAC, 1.0, maxIters=300)[0]  # None where nothing fits
    return None if found is None else np.asarray(found, np.float64)


def against_camera(back: Floats, homography: NDArray[np.float64], corner: tuple[int, int] = (0, 0)) -> Floats:
    """(H, W, 2) px of motion that the camera does not explain; of a region, `corner` (y, x) is its upper left pixel."""
    height, width = back.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32) + corner[1], np.arange(height, dtype=np.float32) + corner[0])
    grid = np.stack([x, y], -1)
    there = cv2.perspectiveTransform(grid.reshape(-1, 1, 2), homography).reshape(height, width, 2)
    return np.asarray(back - (there - grid), np.float32)
