"""The palette of a picture: weighted k-means over a histogram in OKLab."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modalities.cues import Swatch
from world_model.colour import oklab_to_oklch

Floats = NDArray[np.float64]
MOST = 6
CELL = 0.03
# In OKLab a step of hue is seen more strongly than one of lightness of the same length.
STRETCH = np.array([1.0, 1.6, 1.6])
NEAR = 0.075
ROUNDS = 12
LEAST_SHARE = 0.008
_CELLS = 128


def palette(lab: Floats) -> tuple[Swatch, ...]:
    """Up to six swatches of OKLab pixels (…, 3), largest first; their shares sum to 1."""
    colours, weights = _cells(lab.reshape(-1, 3))
    points = colours * STRETCH
    centres = _seeds(points, weights, MOST + 3)
    for _ in range(ROUNDS):
        nearest = _nearest(points, centres)
        mass = np.bincount(nearest, weights, len(centres))
        sums = np.stack([np.bincount(nearest, weights * points[:, c], len(centres)) for c in range(3)], 1)
        centres = sums[mass > 0] / mass[mass > 0, None]
    mass = np.bincount(_nearest(points, centres), weights, len(centres)).astype(np.float64)
    centres, mass = _merged(centres, mass)
    order = np.argsort(-mass, kind="stable")
    centres, mass = centres[order] / STRETCH, mass[order] / mass.sum()
    lch = oklab_to_oklch(centres)
    return tuple(Swatch(float(l), float(c), float(h), float(m)) for (l, c, h), m in zip(lch, mass, strict=True))


def _cells(pixels: Floats) -> tuple[Floats, Floats]:
    """(mean colours, shares) of the filled cells of a grid in OKLab."""
    index = np.clip(np.floor(pixels / CELL).astype(np.int64) + _CELLS // 2, 0, _CELLS - 1)
    code = (index[:, 0] * _CELLS + index[:, 1]) * _CELLS + index[:, 2]
    _, inverse, counts = np.unique(code, return_inverse=True, return_counts=True)
    sums = np.stack([np.bincount(inverse, pixels[:, c], len(counts)) for c in range(3)], 1)
    return sums / counts[:, None], counts / len(pixels)


def _seeds(points: Floats, weights: Floats, most: int) -> Floats:
    """Centres to start from: the heaviest cell, then always where most weight is farthest from all so far."""
    chosen = [int(weights.argmax())]
    away = ((points - points[chosen[0]]) ** 2).sum(1)
    while len(chosen) < most:
        worth = weights * away
        best = int(worth.argmax())
        if worth[best] <= 1e-9:
            break
        chosen.append(best)
        away = np.minimum(away, ((points - points[best]) ** 2).sum(1))
    return points[chosen]


def _nearest(points: Floats, centres: Floats) -> NDArray[np.intp]:
    return ((points[:, None] - centres[None]) ** 2).sum(-1).argmin(1)


def _merged(centres: Floats, mass: Floats) -> tuple[Floats, Floats]:
    """The two nearest become one while they look alike, are too many, or one is hardly there."""
    while len(centres) > 1:
        apart = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(-1))
        np.fill_diagonal(apart, np.inf)
        small = int(mass.argmin())
        if mass[small] < LEAST_SHARE * mass.sum():
            a, b = small, int(apart[small].argmin())
        elif apart.min() < NEAR or len(centres) > MOST:
            # Ward's criterion: what is lost by taking two for one.
            loss = apart ** 2 * mass[:, None] * mass[None] / (mass[:, None] + mass[None])
            where = np.unravel_index(int((apart if apart.min() < NEAR else loss).argmin()), apart.shape)
            a, b = int(where[0]), int(where[1])
        else:
            break
        joined = (centres[a] * mass[a] + centres[b] * mass[b]) / (mass[a] + mass[b])
        keep = [k for k in range(len(centres)) if k not in (a, b)]
        centres = np.concatenate([centres[keep], joined[None]])
        mass = np.concatenate([mass[keep], [mass[a] + mass[b]]])
    return centres, mass
