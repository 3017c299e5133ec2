"""What a picture is recognised by: numbers on its colours, layout, edges and grain, the same for its mirror image."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROWS = 24
HUES, TURNS = 12, 8


def features(lab: Floats) -> NDArray[np.float32]:
    """(n,) float32 of OKLab pixels (H, W, 3); n is the same for every picture."""
    plain = lab.astype(np.float32)
    return np.concatenate([_colours(plain), _layout(plain), _edges(plain[..., 0]), _grain(plain)]).astype(np.float32)


def _colours(lab: NDArray[np.float32]) -> Floats:
    pixels = cv2.resize(lab, (80, 45), interpolation=cv2.INTER_AREA).reshape(-1, 3).astype(np.float64)
    chroma = np.hypot(pixels[:, 1], pixels[:, 2])
    hue = (np.arctan2(pixels[:, 2], pixels[:, 1]) / (2 * np.pi) % 1.0 * HUES).astype(int) % HUES
    hues = np.bincount(hue, chroma, HUES) / len(pixels)
    bright = np.histogram(pixels[:, 0], 8, (0.0, 1.0))[0] / len(pixels)
    strong = np.histogram(chroma, 5, (0.0, 0.25))[0] / len(pixels)
    return np.concatenate([pixels.mean(0), pixels.std(0), np.quantile(pixels, (0.05, 0.25, 0.5, 0.75, 0.95), 0).ravel(),
                           [chroma.mean(), chroma.std()], np.sqrt(hues), np.sqrt(bright), np.sqrt(strong),
                           hues / max(float(hues.sum()), 1e-4)])


def _layout(lab: NDArray[np.float32]) -> Floats:
    """Profiles from top to bottom, and how the middle differs from the sides."""
    small = cv2.resize(lab, (96, 2 * ROWS), interpolation=cv2.INTER_AREA).astype(np.float64)
    across = np.abs(np.diff(small, axis=1)).mean((1, 2))
    down = np.abs(np.diff(small, axis=0, append=small[-1:])).mean((1, 2))
    step = np.abs(np.diff(small.mean(1), axis=0, append=small.mean(1)[-1:])).sum(-1)
    rows = np.concatenate([small.mean(1).T, small[..., 0].std(1)[None], across[None] * 10, down[None] * 10,
                           step[None] * 5])
    profile = rows.reshape(len(rows), ROWS, 2).mean(-1)
    middle, sides = small[:, 32:64], np.concatenate([small[:, :24], small[:, 72:]], 1)
    apart = (middle.mean(1) - sides.mean(1)).reshape(6, 2 * ROWS // 6, 3).mean(1)
    return np.concatenate([profile.ravel(), apart.ravel()])


def _edges(bright: NDArray[np.float32]) -> Floats:
    """Directions of edges (up and down alike, left and right alike) and how much detail there is, at four sizes."""
    out: list[Floats] = []
    now = cv2.resize(bright, (256, 144), interpolation=cv2.INTER_AREA)
    for _ in range(4):
        gx, gy = cv2.Sobel(now, cv2.CV_32F, 1, 0), cv2.Sobel(now, cv2.CV_32F, 0, 1)
        size = np.hypot(gx, gy).astype(np.float64)
        turn = np.arctan2(np.abs(gy), np.abs(gx)) / (np.pi / 2)
        histogram = np.bincount(np.minimum((turn * TURNS).astype(int), TURNS - 1).ravel(), size.ravel(), TURNS)
        out.append(histogram / max(float(histogram.sum()), 1e-6))
        flat = np.quantile(size, (0.25, 0.5, 0.75, 0.95))
        thirds = [size[: len(size) // 3].mean(), size[len(size) // 3: 2 * len(size) // 3].mean(),
                  size[2 * len(size) // 3:].mean()]
        out.append(np.log(np.concatenate([flat, thirds, [size.mean()]]) + 1e-3))
        now = cv2.resize(now, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return np.concatenate(out)


def _grain(lab: NDArray[np.float32]) -> Floats:
    """What tells paint, pencil, print, pixels and film apart, measured at the size the picture has."""
    bright = lab[..., 0]
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    dark = cv2.morphologyEx(bright, cv2.MORPH_BLACKHAT, kernel)
    light = cv2.morphologyEx(bright, cv2.MORPH_TOPHAT, kernel)
    fine = bright - cv2.medianBlur(bright, 3)
    steps = [np.abs(np.diff(bright, axis=axis)) for axis in (0, 1)]
    still = [float((step < 0.003).mean()) for step in steps]
    soft = [float(((step > 0.003) & (step < 0.02)).mean()) for step in steps]
    hard = [float((step > 0.12).mean()) for step in steps]
    near = bright - cv2.GaussianBlur(bright, (0, 0), 3.0)
    power = float((near ** 2).mean()) + 1e-6
    lags = [float((near[:, k:] * near[:, :-k]).mean() / power) for k in range(1, 9)]
    lags += [float((near[k:] * near[:-k]).mean() / power) for k in range(1, 9)]
    slanted = [float((near[k:, k:] * near[:-k, :-k] + near[k:, :-k] * near[:-k, k:]).mean() / power / 2)
               for k in range(1, 5)]
    blocks = [block_grid(bright, axis) for axis in (0, 1)]
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    speckle = chroma - cv2.medianBlur(chroma, 3)
    rim = np.concatenate([lab[:3].reshape(-1, 3), lab[-3:].reshape(-1, 3), lab[:, :3].reshape(-1, 3),
                          lab[:, -3:].reshape(-1, 3)]).mean(0) - lab.mean((0, 1))
    amounts = [(dark > 0.1).mean(), (light > 0.1).mean(), dark.mean(), light.mean(), np.abs(fine).mean(),
               np.quantile(np.abs(fine), 0.5), np.quantile(np.abs(fine), 0.9), np.abs(speckle).mean(), power]
    return np.concatenate([np.log(np.array(amounts, np.float64) + 1e-3), still, soft, hard, lags, slanted, blocks, rim])


def block_grid(bright: NDArray[np.float32], axis: int) -> float:
    """[0, 1]: how far steps of brightness along an axis stand on a grid of equal blocks of 2 to 16 pixels."""
    steps = np.abs(np.diff(bright, axis=axis)).mean(1 - axis).astype(np.float64)
    total = float(steps.sum())
    if total <= 1e-6:
        return 0.0
    found = 0.0
    for period in range(2, 17):
        padded = np.pad(steps, (0, -len(steps) % period)).reshape(-1, period).sum(0)
        # One of `period` places holds 1 / period of all steps by chance.
        found = max(found, (float(padded.max()) / total - 1.0 / period) / (1.0 - 1.0 / period))
    return float(np.clip(found, 0.0, 1.0))
