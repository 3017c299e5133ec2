"""From what speaks for each pixel to a mask whose edge lies on edges of the picture.

The energy is that of Boykov and Jolly (Interactive graph cuts, 2001): single pixels, and neighbours that would rather
agree, less so across a contrast. It is settled by mean field, which leaves a probability and always the same one.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
# Half of the eight neighbours; the other half is the same pairs seen from the other side.
STEPS = ((0, 1, 1.0), (1, 0, 1.0), (1, 1, 0.7071), (1, -1, 0.7071))
LEAST_PART = 0.06


def settled(odds: Floats, lab: Floats, strength: float = 1.2, rounds: int = 10) -> Floats:
    """(H, W) probability of the subject: log odds (H, W) and the picture (H, W, 3) settled over neighbours."""
    height, width = odds.shape
    pairs: list[tuple[tuple[slice, slice], tuple[slice, slice], Floats]] = []
    differences: list[tuple[tuple[slice, slice], tuple[slice, slice], Floats, float]] = []
    for down, right, near in STEPS:
        here = (slice(0, height - down), slice(max(0, -right), width - max(0, right)))
        there = (slice(down, height), slice(max(0, right), width + min(0, right)))
        gap = lab[here] - lab[there]
        differences.append((here, there, np.einsum("ijk,ijk->ij", gap, gap), near))
    usual = float(np.mean([d.mean() for _, _, d, _ in differences])) + 4.0
    for here, there, gap, near in differences:
        pairs.append((here, there, (strength * near * np.exp(-gap / (2.0 * usual))).astype(np.float32)))
    belief = np.tanh(0.5 * odds)
    for _ in range(rounds):
        pull = np.zeros_like(odds)
        for here, there, weight in pairs:
            pull[here] += weight * belief[there]
            pull[there] += weight * belief[here]
        belief = np.tanh(0.5 * (odds + pull))
    return (0.5 * (1.0 + belief)).astype(np.float32)


def main_parts(probability: Floats, expected: Bools | None = None) -> Floats:
    """The probability without its crumbs: parts that are small beside the largest and that nothing expected go to 0,
    pinholes close."""
    mask = (probability > 0.5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count <= 1:
        return probability
    areas = stats[1:, cv2.CC_STAT_AREA].astype(np.float64)
    keep = areas >= LEAST_PART * areas.max()
    if expected is not None:
        for k in np.flatnonzero(~keep & (areas >= 4)):
            keep[k] = float(expected[labels == k + 1].mean()) > 0.6
    out = probability.copy()
    drop = np.isin(labels, 1 + np.flatnonzero(~keep))
    out[drop] = np.minimum(out[drop], 0.2)
    _, holes, hole_stats, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    small = hole_stats[:, cv2.CC_STAT_AREA] <= max(3.0, 0.002 * areas.max())
    small[0] = False
    fill = np.isin(holes, np.flatnonzero(small))
    out[fill] = np.maximum(out[fill], 0.7)
    return out


def roi_of(mask: Floats, margin: float, least_px: int) -> tuple[slice, slice] | None:
    """The rows and columns round a mask (H, W), widened by a share of its size; None where it is empty."""
    rows, columns = np.flatnonzero(mask.max(1) > 0.1), np.flatnonzero(mask.max(0) > 0.1)
    if not len(rows):
        return None
    height, width = mask.shape
    wide = int(max(least_px, margin * max(rows[-1] - rows[0], columns[-1] - columns[0])))
    return (slice(max(0, int(rows[0]) - wide), min(height, int(rows[-1]) + wide + 1)),
            slice(max(0, int(columns[0]) - wide), min(width, int(columns[-1]) + wide + 1)))
