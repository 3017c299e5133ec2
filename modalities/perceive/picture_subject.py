"""What draws the eye: colours that are rare and stand together, near the middle.

Uniqueness and distribution of colours as in Perazzi et al., "Saliency filters: contrast based filtering for salient
region detection" (2012), on the filled cells of a colour grid. Boxes around what is salient at several levels are
judged by a small network fitted to known subjects (modalities.perceive.train_setting).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import Box

Floats = NDArray[np.float64]
Scorer = dict[str, NDArray[np.float32]]
CELL = 0.06
LEVELS = (0.3, 0.8, 1.4, 2.2)
LEAST_SURE = 0.14
STRETCH = np.array([1.0, 1.8, 1.8])


def subject_of(lab: Floats, scorer: Scorer | None = None) -> tuple[Box | None, float]:
    """(box, confidence [0, 1]) of small OKLab pixels (H, W, 3). The confidence is the overlap (intersection over
    union) to expect where a scorer is given; without one the most salient box is taken."""
    boxes, seen = box_proposals(lab)
    if not len(boxes):
        return None, 0.0
    worth = box_scores(scorer, seen) if scorer is not None else seen[:, 0] * seen[:, 1] * 0.3
    best = int(worth.argmax())
    left, top, right, bottom = (float(v) for v in boxes[best])
    sure = float(np.clip(worth[best], 0.0, 1.0))
    return ((left, top, right, bottom), sure) if sure > LEAST_SURE else (None, 0.0)


def box_proposals(lab: Floats) -> tuple[Floats, NDArray[np.float32]]:
    """(n, 4) boxes around what is salient at several levels, and (n, 17) what is measured of each."""
    height, width = lab.shape[:2]
    plain, centred = _saliency(lab)
    bright = lab[..., 0]
    detail = np.hypot(np.diff(bright, axis=0, append=bright[-1:]), np.diff(bright, axis=1, append=bright[:, -1:]))
    stretched = lab * STRETCH
    boxes: dict[tuple[int, int, int, int], NDArray[np.float64]] = {}
    for saliency in (centred, plain):
        for spread in LEVELS:
            over = (saliency > saliency.mean() + spread * saliency.std()).astype(np.uint8)
            mask = cv2.morphologyEx(over, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
            count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
            for k in np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:4] + 1 if count > 1 else ():
                left, top, wide, tall, area = (int(v) for v in stats[k])
                box = (left, top, left + wide, top + tall)
                if area < 14 or wide * tall > 0.95 * width * height or box in boxes:
                    continue
                boxes[box] = _box_measures(box, np.asarray(labels == k), centred, plain, stretched, detail)
    if not boxes:
        return np.zeros((0, 4)), np.zeros((0, 17), np.float32)
    return np.array(list(boxes)) / np.array([width, height, width, height]), np.stack(list(boxes.values())).astype(
        np.float32)


def _box_measures(box: tuple[int, int, int, int], part: NDArray[np.bool_], centred: Floats, plain: Floats,
                  stretched: Floats, detail: Floats) -> Floats:
    height, width = centred.shape
    left, top, right, bottom = box
    inside = np.s_[top:bottom, left:right]
    pad_x, pad_y = 3 + (right - left) // 5, 3 + (bottom - top) // 5
    around = np.zeros(centred.shape, bool)
    around[max(0, top - pad_y):bottom + pad_y, max(0, left - pad_x):right + pad_x] = True
    around[inside] = False
    thing = stretched[part]
    ring = stretched[around] if around.any() else stretched.reshape(-1, 3)
    apart = float(np.linalg.norm(thing.mean(0) - ring.mean(0)))
    rest = float(centred[~part].mean())
    return np.array([
        centred[part].mean() / max(float(centred.mean()), 1e-6), apart, centred[part].mean(), rest,
        plain[part].mean() / max(float(plain.mean()), 1e-6), np.sqrt(thing.var(0).sum()), np.sqrt(ring.var(0).sum()),
        part.sum() / part.size, np.log((right - left) / width), np.log((bottom - top) / height),
        part.sum() / ((right - left) * (bottom - top)), abs((left + right) / 2 / width - 0.5),
        (top + bottom) / 2 / height, float((left == 0) + (right == width)), float(top == 0) - float(bottom == height),
        np.log(detail[inside].mean() + 1e-3), np.log(detail[around].mean() + 1e-3) if around.any() else -7.0])


def box_scores(scorer: Scorer, seen: NDArray[np.float32]) -> Floats:
    """(n,) overlaps that a scorer expects of measured boxes."""
    known = np.clip((seen - scorer["box_mean"]) / scorer["box_spread"], -4.0, 4.0)
    hidden = np.tanh(known @ scorer["box_in_weight"].T + scorer["box_in_bias"])
    return np.asarray(1.0 / (1.0 + np.exp(-(hidden @ scorer["box_out_weight"][0] + scorer["box_out_bias"][0]))),
                      np.float64)


def _saliency(lab: Floats) -> tuple[Floats, Floats]:
    """((H, W) in [0, 1], the same with a bias towards the middle)."""
    height, width = lab.shape[:2]
    pixels = (cv2.GaussianBlur(lab.astype(np.float32), (0, 0), 0.7).astype(np.float64) * STRETCH).reshape(-1, 3)
    index = np.floor(pixels / CELL).astype(np.int64) + 64
    code = (index[:, 0] * 128 + index[:, 1]) * 128 + index[:, 2]
    _, cell, counts = np.unique(code, return_inverse=True, return_counts=True)
    many = len(counts)
    share = counts / len(pixels)
    colour = np.stack([np.bincount(cell, pixels[:, c], many) for c in range(3)], 1) / counts[:, None]
    rows, columns = np.mgrid[0:height, 0:width]
    x, y = (columns.ravel() + 0.5) / width, (rows.ravel() + 0.5) / height
    moments = np.stack([np.bincount(cell, v, many) for v in (x, y, x * x, y * y)], 1)
    apart = ((colour[:, None] - colour[None]) ** 2).sum(-1)
    unique = np.sqrt(apart) @ share
    alike = np.exp(-apart / (2 * 0.07 ** 2))
    mass = alike @ counts
    mx, my, mxx, myy = (alike @ moments / mass[:, None]).T
    spread = np.sqrt(np.maximum(mxx - mx ** 2 + myy - my ** 2, 0.0))
    worth = unique * np.exp(-4.0 * spread)
    # Neighbouring cells of the grid share their worth, so that shading does not cut a thing in two.
    worth = (alike * share[None]) @ worth / ((alike * share[None]).sum(1))
    centre = np.exp(-(((x - 0.5) / 0.36) ** 2 + ((y - 0.52) / 0.4) ** 2) / 2.0)
    both = [np.asarray(cv2.GaussianBlur(v.reshape(height, width), (0, 0), 1.2), np.float64)
            for v in (worth[cell], worth[cell] * centre)]
    return both[0] / max(float(both[0].max()), 1e-9), both[1] / max(float(both[1].max()), 1e-9)
