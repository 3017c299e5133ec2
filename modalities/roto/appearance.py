"""What a subject looks like beside its surroundings: colours over the whole of it, and colours place by place.

Place by place is a grid over x, y and OKLab-like Lab, blurred and read back (Märki et al., Bilateral space video
segmentation, 2016): the same colour may be subject here and background there. The remembered colours change slowly, so
that a mask which has slipped is pulled back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Whole = NDArray[np.int64]
# Lab of OpenCV, each 0 to 255: fine bins where colours differ little in numbers.
BIN = np.array([12.0, 6.0, 6.0], np.float32)
BINS = tuple(int(np.ceil(256.0 / b)) for b in BIN)
LEAST_SURE, MOST_SURE = -4.0, 4.0
# Cells of the grid in sizes of the subject (the root of its area), and the pixels of doubt in one.
CELL, DOUBT = 0.14, 0.1


def to_lab(rgb: Picture) -> Floats:
    """(H, W, 3) CIE Lab scaled to 0..255, a little smoothed: noise is no colour."""
    return np.asarray(cv2.cvtColor(cv2.GaussianBlur(rgb, (3, 3), 0.8), cv2.COLOR_RGB2Lab), np.float32)


@dataclass(frozen=True)
class Sample:
    """A region of a picture with what was known of it. at (N, 2): y and x beside the subject's middle, in units of its
    size; lab (N, 3); subject and rest (N,) >= 0: how much each pixel speaks for either."""

    at: Floats
    lab: Floats
    subject: Floats
    rest: Floats


def sample_of(lab: Floats, known: Floats, corner: tuple[int, int], middle: tuple[float, float], size_px: float
              ) -> Sample:
    """The sample of a region (H, W, 3) whose upper left pixel is `corner` (y, x). known (H, W) in [-1, 1]: -1 surely
    the rest, 1 surely the subject."""
    return Sample(_relative(known.shape, corner, middle, size_px), lab.reshape(-1, 3),
                  np.maximum(known, 0.0).ravel(), np.maximum(-known, 0.0).ravel())


def place_by_place(lab: Floats, corner: tuple[int, int], middle: tuple[float, float], size_px: float,
                   samples: Sequence[tuple[Sample, float]]) -> Floats:
    """(H, W) log odds that a pixel belongs to the subject, from samples (with weights) of its colour and place."""
    height, width = lab.shape[:2]
    at = _relative((height, width), corner, middle, size_px)
    colour = lab.reshape(-1, 3)
    low = np.concatenate([at.min(0), colour.min(0)])
    step = np.concatenate([np.array([CELL, CELL], np.float32), BIN])
    shape = np.floor((np.concatenate([at.max(0), colour.max(0)]) - low) / step).astype(np.int64) + 1

    def cells(at: Floats, colour: Floats) -> tuple[Whole, NDArray[np.bool_]]:
        where = np.floor((np.concatenate([at, colour], 1) - low) / step).astype(np.int64)
        inside = np.asarray(((where >= 0) & (where < shape)).all(1), np.bool_)
        where = where[inside]
        flat = where[:, 0]
        for axis in range(1, 5):
            flat = flat * shape[axis] + where[:, axis]
        return flat, inside

    subject, rest = np.zeros(int(shape.prod()), np.float32), np.zeros(int(shape.prod()), np.float32)
    for sample, weight in samples:
        flat, inside = cells(sample.at, sample.lab)
        subject += weight * np.bincount(flat, sample.subject[inside], len(subject)).astype(np.float32)
        rest += weight * np.bincount(flat, sample.rest[inside], len(rest)).astype(np.float32)
    here, _ = cells(at, colour)
    sigma = (1.0, 1.0, 0.7, 0.7, 0.7)
    subject, rest = (np.asarray(gaussian_filter(grid.reshape(shape), sigma, truncate=2.0), np.float32).ravel()[here]
                     for grid in (subject, rest))
    # A pixel or so of doubt: a colour hardly seen here says nothing.
    doubt = np.float32(DOUBT)
    return np.clip(np.log((subject + doubt) / (rest + doubt)), LEAST_SURE, MOST_SURE).reshape(height, width)


def _relative(shape: tuple[int, ...], corner: tuple[int, int], middle: tuple[float, float], size_px: float) -> Floats:
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    at = [(y + (corner[0] - middle[0])) / size_px, (x + (corner[1] - middle[1])) / size_px]
    return np.stack(at, -1).reshape(-1, 2).astype(np.float32)


@dataclass(frozen=True)
class Colours:
    """Shares of colour (L, a, b) of the subject and of what surrounds it; each sums to 1."""

    subject: Floats
    rest: Floats

    @property
    def apart(self) -> float:
        """How well colour alone tells the two apart, 0 to 1 (1 minus their overlap)."""
        return float(1.0 - np.minimum(self.subject, self.rest).sum())

    def odds(self, lab: Floats) -> Floats:
        """(H, W) log odds of the subject by colour alone."""
        ratio = np.log((self.subject + 2e-5) / (self.rest + 2e-5))
        return np.clip(ratio.ravel()[_bins(lab)], LEAST_SURE, MOST_SURE).astype(np.float32)

    def moved(self, other: Colours, rate: float) -> Colours:
        """These colours, gone a share `rate` of the way to others."""
        return Colours((self.subject + rate * (other.subject - self.subject)).astype(np.float32),
                       (self.rest + rate * (other.rest - self.rest)).astype(np.float32))

    def like(self, other: Floats) -> float:
        """How much of the subject's colours other shares have in common with it, 0 to 1 (Bhattacharyya)."""
        return float(np.sqrt(self.subject * other).sum())


def colours_of(lab: Floats, mask: Floats, near: Floats | None = None) -> Colours:
    """The colours inside a mask (H, W) in [0, 1] and outside it, the outside weighed by `near` (H, W)."""
    outside = (1.0 - mask) if near is None else (1.0 - mask) * near
    return Colours(shares(lab, mask), shares(lab, outside))


def shares(lab: Floats, weight: Floats) -> Floats:
    """(bins) colour histogram, blurred a little, of weight 1."""
    grid = np.bincount(_bins(lab).ravel(), weight.ravel(), int(np.prod(BINS))).reshape(BINS)
    grid = gaussian_filter(grid, 0.8, truncate=2.0)
    return (grid / max(float(grid.sum()), 1e-9)).astype(np.float32)


def _bins(lab: Floats) -> Whole:
    cells: Sequence[Whole] = [np.clip(lab[..., k] / BIN[k], 0, BINS[k] - 1).astype(np.int64) for k in range(3)]
    return (cells[0] * BINS[1] + cells[1]) * BINS[2] + cells[2]
