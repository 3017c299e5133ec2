"""Where the sky ends: the border that best parts two regions of a picture, if the upper one can be a sky at all.

Borders are proposed in two ways: where gradients first pass a threshold (after Shen and Wang, "Sky region detection in
a single image for autonomous ground robot navigation", 2013), and as paths of least cost along edges near the rows that
part the picture best. A small network, fitted to known skylines by modalities.perceive.train_setting, chooses among
them by what is measured across and above each; without it, the one whose two sides differ most.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STRETCH = np.array([1.0, 1.7, 1.7])
LEAST_WORTH = 0.5
MEASURES = ("jump_low", "jump", "apart", "spread_above", "spread_below", "rough", "inner", "share", "range", "green",
            "uneven", "top", "edges_above", "jump_over_edges", "detail_above", "detail_below", "lighter", "yellower",
            "lighter_near", "sharp")
Scorer = dict[str, NDArray[np.float32]]
STRIP = 5
_REACH = 3


@dataclass(frozen=True)
class Sky:
    """border: (W,) the row where the land begins. confidence [0, 1]."""

    border: Floats
    confidence: float


def sky_of(lab: Floats, scorer: Scorer | None = None) -> Sky | None:
    """The sky of small OKLab pixels (H, W, 3), or None where there is none."""
    borders, seen = proposals(lab)
    if not len(borders):
        return None
    by_hand = _by_hand(seen)
    best = int((border_scores(scorer, seen) if scorer is not None else by_hand).argmax())
    if by_hand.max() < LEAST_WORTH or by_hand[best] < 0.5 * LEAST_WORTH:
        return None
    border = np.asarray(cv2.medianBlur(borders[best].astype(np.float32)[None], 5)[0], np.float64)
    return Sky(border, float(np.clip((by_hand[best] - LEAST_WORTH) / 2.0 + 0.2, 0.1, 1.0)))


def proposals(lab: Floats) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(n, W) borders that a sky could have, and (n, len(MEASURES)) what is measured across and above each."""
    stretched = lab * STRETCH
    soft = np.asarray(cv2.GaussianBlur(stretched.astype(np.float32), (0, 0), 1.5), np.float32)
    calm = np.asarray(cv2.GaussianBlur(stretched.astype(np.float32), (0, 0), 3.0), np.float32)
    height = lab.shape[0]
    unique = {border.tobytes(): border for border in [*_first_edges(soft), *_first_edges(calm), *_paths(calm),
                                                      *_paths(soft)]}
    borders = [border for border in unique.values() if 0.06 < border.mean() / height < 0.93
               and ((border >= STRIP) & (border <= height - STRIP)).mean() > 0.4]
    if not borders:
        return np.zeros((0, lab.shape[1]), np.int64), np.zeros((0, len(MEASURES)), np.float32)
    sums = np.concatenate([np.zeros((1, *lab.shape[1:])), np.cumsum(soft.astype(np.float64), 0)])
    squares = np.concatenate([np.zeros((1, *lab.shape[1:])), np.cumsum(stretched ** 2, 0)])
    plain = np.concatenate([np.zeros((1, *lab.shape[1:])), np.cumsum(stretched, 0)])
    step = np.linalg.norm(np.diff(calm, axis=0, prepend=calm[:1]), axis=-1).astype(np.float64)
    highest = np.maximum.accumulate(step, axis=0)
    seen = [_measured(border, lab, sums, plain, squares, highest) for border in borders]
    return np.stack(borders), np.stack(seen).astype(np.float32)


def border_scores(scorer: Scorer, seen: NDArray[np.float32]) -> Floats:
    """(n,) what a scorer says of measured borders: the highest is to be taken."""
    known = np.clip((seen - scorer["border_mean"]) / scorer["border_spread"], -4.0, 4.0)
    hidden = np.tanh(known @ scorer["border_in_weight"].T + scorer["border_in_bias"])
    return np.asarray(hidden @ scorer["border_out_weight"][0], np.float64)


def _by_hand(seen: NDArray[np.float32]) -> Floats:
    """How much the picture changes across each border, against how uneven the sky above it and the border are."""
    of = {name: seen[:, k].astype(np.float64) for k, name in enumerate(MEASURES)}
    worth = (6.0 * (of["jump_low"] + 0.5 * of["jump"]) + 2.5 * of["apart"]) * of["inner"]
    worth = worth / (0.35 + 3.0 * of["spread_above"]) - 5.0 * of["rough"]
    # Skies are blue, grey, white, black or of a sunset, never grass-green; most are smoother than land.
    can_be = (1.0 - 0.8 * np.minimum(1.0, 1.5 * of["green"])) * np.clip(1.6 - 0.6 * of["uneven"], 0.2, 1.0)
    return worth * can_be * np.clip(of["top"], 0.2, 1.0)


def _first_edges(soft: NDArray[np.float32]) -> list[NDArray[np.int64]]:
    height = soft.shape[0]
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    step = np.sqrt((across ** 2 + down ** 2).sum(-1))
    step[:3] = 0.0
    out: list[NDArray[np.int64]] = []
    for level in np.geomspace(0.03, 0.9, 14):
        over = step > level
        out.append(np.where(over.any(0), over.argmax(0), height).astype(np.int64))
    return out


def _paths(soft: NDArray[np.float32]) -> list[NDArray[np.int64]]:
    """Paths from left to right along strong steps downwards, around the three rows that part the picture best."""
    height, width = soft.shape[:2]
    down = np.sqrt((cv2.Sobel(soft, cv2.CV_32F, 0, 1) ** 2).sum(-1)).astype(np.float64)
    down /= float(np.quantile(down, 0.98)) + 1e-6
    profile = soft.mean(1).astype(np.float64)
    split = [_parting(profile, row) for row in range(4, height - 3)]
    step = np.abs(profile[4:] - profile[:-4]).sum(1)
    starts = sorted({int(np.argmax(split)) + 4, int(np.argmax(step)) + 2, int(np.argmax(down.mean(1)))})
    rows = np.arange(height)
    far = np.abs(rows[None] - np.array(starts)[:, None]) / height
    cost = 1.0 - np.minimum(down, 1.0)[None] + 2.0 * far[..., None]
    moves = np.arange(-_REACH, _REACH + 1)
    came_from = np.clip(rows[None] - moves[:, None], 0, height - 1)
    climb = 0.12 * np.abs(moves)[None, :, None]
    total, came = cost[..., 0].copy(), np.zeros((len(starts), height, width), np.int64)
    each = np.arange(len(starts))[:, None]
    for column in range(1, width):
        near = total[:, came_from] + climb
        pick = near.argmin(1)
        came[..., column] = came_from[pick, rows]
        total = near[each, pick, rows] + cost[..., column]
    out: list[NDArray[np.int64]] = []
    for k in range(len(starts)):
        row, path = int(total[k].argmin()), np.zeros(width, np.int64)
        for column in range(width - 1, -1, -1):
            path[column] = row
            row = int(came[k, row, column])
        out.append(path)
    return out


def _parting(profile: Floats, row: int) -> float:
    """Variance between the rows above and below (Otsu, 1979)."""
    share = row / len(profile)
    return float(share * (1.0 - share) * ((profile[:row].mean(0) - profile[row:].mean(0)) ** 2).sum())


def _measured(border: NDArray[np.int64], lab: Floats, sums: Floats, plain: Floats, squares: Floats, highest: Floats
              ) -> Floats:
    """The MEASURES of one border."""
    height, width = lab.shape[:2]
    at = np.arange(width)
    inner = (border >= STRIP) & (border <= height - STRIP)
    b = border[inner]
    over = (sums[b, at[inner]] - sums[b - STRIP, at[inner]]) / STRIP
    under = (sums[b + STRIP, at[inner]] - sums[b, at[inner]]) / STRIP
    jump = np.linalg.norm(over - under, axis=1)
    count = max(1.0, float(border.sum()))
    rest = max(1.0, width * height - count)
    first = plain[border, at].sum(0) / count
    second = (plain[-1].sum(0) - plain[border, at].sum(0)) / rest
    spread = np.sqrt(np.maximum(squares[border, at].sum(0) / count - first ** 2, 0.0).sum())
    others = (squares[-1].sum(0) - squares[border, at].sum(0)) / rest
    spread_below = np.sqrt(np.maximum(others - second ** 2, 0.0).sum())
    above = np.arange(height)[:, None] < border[None]
    sky = lab[above]
    chroma = np.hypot(sky[:, 1], sky[:, 2])
    hue = np.degrees(np.arctan2(sky[:, 2], sky[:, 1])) % 360.0
    detail = np.abs(np.diff(lab[..., 0], axis=1, append=lab[..., -1:, 0]))
    fine_above, fine_below = float(detail[above].mean()), float(detail[~above].mean())
    before = highest[np.maximum(border - 4, 0), at]
    apart = first - second
    return np.array([
        np.quantile(jump, 0.25), jump.mean(), np.linalg.norm(apart), spread, spread_below,
        np.abs(np.diff(border)).mean() / height, inner.mean(), border.mean() / height, border.std() / height,
        ((chroma > 0.06) & (hue > 105.0) & (hue < 165.0)).mean(), (fine_above + 0.004) / (fine_below + 0.004),
        above[: max(2, height // 20)].mean(), before.mean(), jump.mean() / (before.mean() + 0.02), fine_above * 10.0,
        fine_below * 10.0, apart[0], apart[2], (over - under)[:, 0].mean(), (jump > 0.06).mean()])
