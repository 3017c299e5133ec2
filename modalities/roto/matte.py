"""From a mask at working size to alpha at the film's size: soft where the subject's edge is soft, calm over time.

The edge is refined by the guided filter with colour as its guide (He, Sun and Tang, 2013), its coefficients found small
and used large (He and Sun, Fast guided filter, 2015). Masks are averaged along the flow, near the edge only.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.roto.motion import Motion, sample

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
CALM = 0.4
RADIUS_PX, EPSILON = 3, 4e-4
BAND_PX = 4.0


class Matte:
    """Turns masks into alphas, in order; keeps the last mask only."""

    def __init__(self) -> None:
        self._last: Floats | None = None

    def alpha(self, full: Picture, small: Picture, mask: Floats, motion: Motion | None, held: bool) -> Floats:
        """(H, W) float32 in [0, 1] at the size of `full`. mask (h, w): the probability at the size of `small`; held:
        whether the picture before shows the same subject, so that `motion` leads from there."""
        if held and motion is not None and self._last is not None and self._last.shape == mask.shape:
            before = sample(self._last, motion.back)
            # Only where both are near the edge: averaging is for shimmer, and must not leave ghosts behind.
            near = np.clip(1.0 - np.abs(before - mask), 0.0, 1.0)
            mask = (mask + CALM * near * motion.trust * (before - mask)).astype(np.float32)
        self._last = mask
        if float(mask.max()) < 0.5:
            return np.zeros(full.shape[:2], np.float32)
        return refined(full, small, mask)


def refined(full: Picture, small: Picture, mask: Floats) -> Floats:
    """(H, W) alpha in [0, 1]: the mask (h, w), with the edges of the picture."""
    height, width = full.shape[:2]
    slope, offset = guided(small.astype(np.float32) / np.float32(255.0), mask)
    size = (width, height)
    slope = np.asarray(cv2.resize(slope, size, interpolation=cv2.INTER_LINEAR), np.float32)
    offset = np.asarray(cv2.resize(offset, size, interpolation=cv2.INTER_LINEAR), np.float32)
    alpha = np.einsum("ijk,ijk->ij", slope, full.astype(np.float32)) / np.float32(255.0) + offset
    alpha = np.clip((alpha - 0.12) / 0.76, 0.0, 1.0)
    # Far from the edge the mask itself holds, whatever the colours say.
    hard = (mask > 0.5).astype(np.uint8)
    inner = cv2.distanceTransform(hard, cv2.DIST_L2, 3)
    outer = cv2.distanceTransform(1 - hard, cv2.DIST_L2, 3)
    signed = np.asarray(cv2.resize(inner - outer, size, interpolation=cv2.INTER_LINEAR), np.float32)
    low = np.clip((signed - 0.5) / BAND_PX, 0.0, 1.0)
    high = np.clip((signed + BAND_PX) / BAND_PX, 0.0, 1.0)
    return np.clip(alpha, low, high).astype(np.float32)


def guided(guide: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Slopes (h, w, 3) and offsets (h, w) so that slope · guide + offset follows `values` (h, w); guide (h, w, 3) in
    [0, 1]."""
    def mean(x: Floats) -> Floats:
        return np.asarray(cv2.blur(x, (2 * RADIUS_PX + 1,) * 2, borderType=cv2.BORDER_REFLECT), np.float32)

    middle, level = mean(guide), mean(values)
    pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    spread = np.empty((*values.shape, 3, 3), np.float32)
    for i, j in pairs:
        value = mean(guide[..., i] * guide[..., j]) - middle[..., i] * middle[..., j]
        spread[..., i, j] = spread[..., j, i] = value
    together = np.stack([mean(guide[..., k] * values) - middle[..., k] * level for k in range(3)], -1)
    # Only where the mask changes is there anything to solve.
    edge = np.asarray(cv2.blur(((values > 0.02) & (values < 0.98)).astype(np.float32), (9, 9))) > 0
    edge |= np.abs(level - values) > 0.01
    slope = np.zeros((*values.shape, 3), np.float32)
    if edge.any():
        slope[edge] = np.linalg.solve(spread[edge] + EPSILON * np.eye(3, dtype=np.float32), together[edge][..., None]
                                      )[..., 0]
    offset = level - np.einsum("ijk,ijk->ij", slope, middle)
    return mean(slope), mean(offset)
