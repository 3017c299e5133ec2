"""How the camera moved between two pictures: its turn, its zoom and its way, apart from what moves in the scene.

Corners are followed (Lucas-Kanade, pyramids, there and back), then the instantaneous motion field of Longuet-Higgins
and Prazdny (1980) is fitted robustly: turning and zooming move every point alike, going somewhere moves near points
more than far ones, along lines through one point. For each of a fixed set of ways to go, turn and zoom follow linearly
from what is left across those lines (after Heeger and Jepson, 1992); a way is believed where points lie in front of
the camera and where it explains more than turning alone, summed over half a second to either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Grey = NDArray[np.uint8]
POINTS, APART_PX = 220, 5
SIGMA_PX, FREE = 0.22, 0.35
RIDGE, BOTH_COST, GOING_COST, SOFT = 1e-5, 0.03, 0.02, 0.01
ROUNDS = 4
DIRECTIONS = 60
NEAR_FOCUS = 0.12
FEW_FOLLOWED, STILL_PX = 0.5, 0.25
CELLS = 6
REACH = 6
WHOLE_LENS_MM, WIDE_MM = 24.0, 36.0


def ways() -> Floats:
    """(DIRECTIONS, 3) unit vectors (right, up, forward), one of each pair of opposites, evenly spread."""
    k = np.arange(DIRECTIONS) + 1.0
    forward = k / DIRECTIONS
    turn = np.pi * (1 + 5**0.5) * k
    side = np.sqrt(1 - forward**2)  # the last one is straight ahead
    return np.stack([side * np.cos(turn), side * np.sin(turn), forward], 1)


WAYS = ways()
KINDS = 1 + 2 * DIRECTIONS + 2


@dataclass(frozen=True)
class Step:
    """What was measured between two pictures dt_s apart, for each of K explanations: turning and zooming only, then
    every way there and back, then forward and backward while zooming. cost (K,) float32: lower is better, a point.
    moves (K, 7) float32: pan, tilt, roll (radians), zoom, dolly (log of magnification), truck, pedestal (radians by
    which the middle depth goes by). trust [0, 1]: the share of points that follow one motion, 0 where hardly any could
    be followed. held: the pictures are the same."""

    dt_s: float
    cost: NDArray[np.float32]
    moves: NDArray[np.float32]
    trust: float
    held: bool


@dataclass(frozen=True)
class Motion:
    """The camera over one step: rates a second. pan, tilt, roll in degrees (right, up, clockwise), zoom and dolly in
    log of magnification, truck and pedestal: degrees a second by which the picture moves because the camera goes right
    or up. trust [0, 1]."""

    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    zoom: float = 0.0
    dolly: float = 0.0
    truck: float = 0.0
    pedestal: float = 0.0
    trust: float = 0.0


def focal_px(shape: tuple[int, int]) -> float:
    """Of a picture (h, w) under the lens assumed: 24 mm on 36 mm of its longer side."""
    return max(shape) * WHOLE_LENS_MM / WIDE_MM


def even_light(grey: Grey) -> Grey:
    """The picture with its local mean and spread taken out, so that flashes, fades and night leave what is drawn; and
    with its finest detail, which may be grain, print dots or paper that stays with the screen."""
    plain = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.5)
    off = plain - cv2.GaussianBlur(plain, (0, 0), 8.0)
    spread = np.sqrt(cv2.GaussianBlur(off * off, (0, 0), 16.0))
    return np.asarray(np.clip(128.0 + 40.0 * off / (spread + 2.5), 0, 255), np.uint8)


def follow(before: Grey, after: Grey, mask: Grey | None = None) -> tuple[Floats, Floats, float]:
    """Points (N, 2) of `before` in pixels, how they moved (N, 2), and the share of all corners that could be followed.

    Where the picture went too far for pyramids, the search starts from the shift of the whole picture.
    """
    found: Any = cv2.goodFeaturesToTrack(before, POINTS, 0.02, APART_PX, mask=mask)
    if found is None or len(found) < 4:
        return np.zeros((0, 2)), np.zeros((0, 2)), 0.0
    corners = np.asarray(found, np.float32)
    moved, good = _there_and_back(before, after, corners, (0.0, 0.0))
    if good.mean() < FEW_FOLLOWED:
        shift = _whole_shift(before, after)
        if max(map(abs, shift)) > 2.0:
            again, as_good = _there_and_back(before, after, corners, shift)
            if as_good.sum() > 1.2 * good.sum():
                moved, good = again, as_good
    return corners[good, 0].astype(np.float64), moved[good].astype(np.float64), float(good.mean())


def _there_and_back(before: Grey, after: Grey, corners: NDArray[np.float32], shift: tuple[float, float]
                    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """How corners (N, 1, 2) moved (N, 2), and which of them come back to where they were."""
    start = corners + np.array(shift, np.float32)
    there, seen, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, start.copy(), winSize=(11, 11), maxLevel=3,
                                              flags=cv2.OPTFLOW_USE_INITIAL_FLOW)
    back, seen_back, _ = cv2.calcOpticalFlowPyrLK(after, before, there, there - np.array(shift, np.float32),
                                                  winSize=(11, 11), maxLevel=3, flags=cv2.OPTFLOW_USE_INITIAL_FLOW)
    off = np.linalg.norm(back - corners, axis=-1)[:, 0]
    good = (seen[:, 0] > 0) & (seen_back[:, 0] > 0) & (off < 0.5)
    return np.asarray(there - corners, np.float32)[:, 0], np.asarray(good, np.bool_)


def _whole_shift(before: Grey, after: Grey) -> tuple[float, float]:
    """(right, down) in pixels by which most of the picture moved, by phase correlation; (0, 0) where unsure."""
    size = before.shape[1] // 2, before.shape[0] // 2
    a, b = (cv2.resize(one, size, interpolation=cv2.INTER_AREA).astype(np.float32) for one in (before, after))
    window = cv2.createHanningWindow(size, cv2.CV_32F)
    (x, y), sure = cv2.phaseCorrelate(a - a.mean(), b - b.mean(), window)
    return (2.0 * x, 2.0 * y) if sure > 0.05 else (0.0, 0.0)


def fields(points: Floats) -> Floats:
    """(N, 2, 4): how pan, tilt, roll (radians) and zoom move points (N, 2) given in focal lengths from the centre."""
    x, y = points[:, 0], points[:, 1]
    across = np.stack([-(1 + x * x), x * y, y, x], 1)
    down = np.stack([-x * y, 1 + y * y, -x, y], 1)
    return np.stack([across, down], 1)


def measure(points_px: Floats, moved_px: Floats, shape: tuple[int, int], dt_s: float, share: float) -> Step:
    """The step between two pictures of size `shape` (h, w) from points that were followed."""
    focal = focal_px(shape)
    if len(points_px) < 8:
        return blank(dt_s)
    free = _off_screen(points_px, moved_px, shape)
    points_px, moved_px = points_px[free], moved_px[free]
    points = (points_px - np.array([shape[1], shape[0]]) * 0.5) / focal
    # The field holds half way between the two pictures.
    points = points + 0.5 * moved_px / focal
    moved = moved_px / focal
    sigma = SIGMA_PX / focal
    base = fields(points)
    likely = _background(points_px, shape)
    still = _turning(base, moved, sigma, likely)
    lines = np.stack([-WAYS[:, 0, None] + points[:, 0] * WAYS[:, 2, None],
                      WAYS[:, 1, None] + points[:, 1] * WAYS[:, 2, None]], -1)
    size = np.sqrt((lines**2).sum(-1, keepdims=True))
    lines = lines / np.sqrt(size**2 + NEAR_FOCUS**2)
    across = np.stack([-lines[..., 1], lines[..., 0]], -1)
    # (K, N, 3) rows and (K, N) what they are to explain.
    turning = base[:, :, :3]
    rows = np.einsum("knc,ncj->knj", across, turning)
    wanted = np.einsum("knc,nc->kn", across, moved)
    turns = np.repeat(still[None, :3], len(WAYS), 0)
    for _ in range(ROUNDS):
        off = (wanted - np.einsum("knj,kj->kn", rows, turns)) / sigma
        weight = likely / (1.0 + off * off) ** 2
        heavy = rows * weight[..., None]
        normal = np.einsum("kni,knj->kij", heavy, rows) + RIDGE * len(points) * np.eye(3)
        right = np.einsum("kni,kn->ki", heavy, wanted) + RIDGE * len(points) * still[:3]
        turns = np.linalg.solve(normal, right[..., None])[..., 0]
    rest = moved[None] - np.einsum("ncj,kj->knc", turning, turns)
    off = (across * rest).sum(-1) / sigma
    along = (lines * rest).sum(-1)
    reach = np.sqrt(size[..., 0]**2 + NEAR_FOCUS**2)
    apart = _robust(off)
    fit = np.abs(off) < 3.0
    share_of = likely / likely.sum()
    costs = [np.array([_robust((moved - base @ still) / sigma).sum(1) @ share_of])]
    nothing = np.zeros((len(WAYS), 1))
    moves = [np.concatenate([still, np.zeros(3)])[None]]
    for sign in (1.0, -1.0):
        ahead = sign * along / sigma
        costs.append((apart + _depth(ahead)) @ share_of)
        # A way that no point fits has no depth.
        near = np.nanmedian(np.where(fit | ~fit.any(1, keepdims=True), sign * along / reach, np.nan), 1)
        near = np.maximum(np.where(fit.any(1), near, 0.0), 0.0)[:, None] * sign
        moves.append(np.concatenate([turns, nothing, WAYS[:, 2:] * near, WAYS[:, :2] * near], 1))
    straight = len(WAYS) - 1
    radial = along[straight] / reach[straight]
    kept = radial[fit[straight]] if fit[straight].sum() > 4 else np.zeros(1)
    for sign, share_far in ((1.0, 15.0), (-1.0, 85.0)):
        zoom = float(np.percentile(kept, share_far))
        ahead = sign * (along[straight] - zoom * reach[straight]) / sigma
        costs.append(np.array([(apart[straight] + _depth(ahead)) @ share_of + BOTH_COST]))
        dolly = sign * max(0.0, sign * float(np.median(kept) - zoom))
        moves.append(np.array([[*turns[straight], zoom, dolly, 0.0, 0.0]]))
    left = (np.abs(moved - base @ still) < 3.0 * sigma).all(1)
    followed = float(max(fit.mean(1).max(), left.mean()))
    trust = followed * min(1.0, share / 0.5) * min(1.0, len(points) / 40.0)
    return Step(dt_s, np.concatenate(costs).astype(np.float32), np.concatenate(moves).astype(np.float32), trust, False)


def blank(dt_s: float, held: bool = False) -> Step:
    """Nothing could be measured, or nothing moved (held)."""
    return Step(dt_s, np.zeros(KINDS, np.float32), np.zeros((KINDS, 7), np.float32), 0.0, held)


def settled(steps: Sequence[Step], at: int) -> Motion:
    """The camera in step `at`, judged with the steps round it: the mean over explanations, by how well they do."""
    step = steps[at]
    if step.held:
        return Motion(trust=1.0)
    total, weight = np.zeros(KINDS), 0.0
    for other, one in enumerate(steps):
        if one.trust > 0:
            near = one.trust * np.exp(-0.5 * ((other - at) / (0.5 * REACH)) ** 2)
            total += near * one.cost
            weight += near
    if weight == 0 or step.trust == 0:
        return Motion()
    cost = total / weight
    cost[1:] += GOING_COST
    share = np.exp(-(cost - cost.min()) / SOFT)
    moves = (share / share.sum()) @ step.moves.astype(np.float64) / step.dt_s
    angles = np.degrees(moves[[0, 1, 2, 5, 6]])
    return Motion(*(float(v) for v in (*angles[:3], moves[3], moves[4], *angles[3:])), trust=step.trust)


def _depth(ahead: Floats) -> Floats:
    """What it costs that points move this far (in sigmas) along their lines: little when their depth can be so,
    as much as any misfit when they would lie behind the camera."""
    return np.where(ahead > 0, np.minimum(_robust(ahead), FREE), _robust(ahead))


def beside(step: Step, flow: NDArray[np.float32], weight: NDArray[np.float32]) -> tuple[float, float]:
    """(all, beside): mean movement of a dense flow (h, w, 2) in pixels, weighted by (h, w), as a share of the longer
    side; and the mean of what the camera's best explanation in `step` leaves over."""
    high, wide = flow.shape[:2]
    focal = focal_px((high, wide))
    y, x = np.mgrid[1:high:2, 1:wide:2].astype(np.float64)
    points = np.stack([(x.ravel() + 0.5 - 0.5 * wide) / focal, (y.ravel() + 0.5 - 0.5 * high) / focal], 1)
    moved = flow[1::2, 1::2].reshape(-1, 2).astype(np.float64) / focal
    heavy = weight[1::2, 1::2].ravel().astype(np.float64)
    total = float(heavy.sum())
    if total <= 0:
        return 0.0, 0.0
    per_side = focal / max(high, wide)
    whole = float((np.linalg.norm(moved, axis=1) * heavy).sum()) / total * per_side
    best = int(step.cost.argmin())
    rest = moved - fields(points + 0.5 * moved) @ step.moves[best, :4].astype(np.float64)
    if best:
        way, sign = (WAYS[(best - 1) % DIRECTIONS], 1 if best <= DIRECTIONS else -1) if best <= 2 * DIRECTIONS else \
            (WAYS[-1], 1 if best == KINDS - 2 else -1)
        lines = np.stack([-way[0] + points[:, 0] * way[2], way[1] + points[:, 1] * way[2]], -1)
        lines = sign * lines / np.linalg.norm(lines, axis=1, keepdims=True).clip(1e-6)
        # Depth explains what moves along the line, the right way.
        rest = rest - lines * np.maximum((rest * lines).sum(1), 0.0)[:, None]
    return whole, float((np.linalg.norm(rest, axis=1) * heavy).sum()) / total * per_side


def _robust(off: Floats) -> Floats:
    """Geman and McClure's cost of residuals in sigmas, in [0, 1)."""
    square = off * off / 4.0
    return square / (1.0 + square)


def _off_screen(points_px: Floats, moved_px: Floats, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """(N,) False for points that stay with the screen (edges of coded blocks, print, paper, lettering) while points
    all over the picture follow one motion that would have taken them along; else all True."""
    every = np.ones(len(points_px), np.bool_)
    still = np.abs(moved_px).max(1) < STILL_PX
    if still.mean() < 0.1 or (~still).sum() < 12:
        return every
    focal = focal_px(shape)
    points = (points_px - np.array([shape[1], shape[0]]) * 0.5 + 0.5 * moved_px) / focal
    base, moved = fields(points), moved_px / focal
    turn = _turning(base[~still], moved[~still], SIGMA_PX / focal, np.ones(int((~still).sum())))
    follows = (np.abs(moved - base @ turn) < 5.0 * SIGMA_PX / focal).all(1) & ~still
    if follows.sum() < 0.6 * (~still).sum():
        return every
    cells = (points_px / np.array([shape[1], shape[0]]) * 3).astype(np.int64).clip(0, 2)
    covered = len(np.unique(cells[follows] @ np.array([3, 1])))
    carried = np.abs(base[still] @ turn).max(1) * focal > 2.0 * STILL_PX
    return ~still if covered >= 5 and carried.mean() > 0.6 else every


def _background(points_px: Floats, shape: tuple[int, int]) -> Floats:
    """(N,) weights, mean 1: points towards the edges, and where few others are, are likelier to stand still in the
    world than the many on a subject in the middle."""
    place = points_px / np.array([shape[1], shape[0]])
    edge = np.abs(place - 0.5).max(1) / 0.35
    cells = (place * CELLS).astype(np.int64).clip(0, CELLS - 1)
    number = cells[:, 0] * CELLS + cells[:, 1]
    crowd = np.bincount(number, minlength=CELLS * CELLS)[number]
    weight = (0.4 + 0.6 * np.minimum(edge, 1.0) ** 2) / np.sqrt(crowd)
    return weight / weight.mean()


def _turning(base: Floats, moved: Floats, sigma: float, likely: Floats) -> Floats:
    """(4,) pan, tilt, roll, zoom that explain most points, going nowhere, from two starts."""
    flat, goal = base.reshape(-1, 4), moved.reshape(-1)
    turn = np.zeros(4)
    best = np.inf
    median = np.median(moved, 0)
    least = np.linalg.lstsq(flat, goal, rcond=None)[0].astype(np.float64)
    for start in (np.array([-median[0], median[1], 0.0, 0.0]), least):
        now: Floats = start
        for width in (6.0, 3.0, 2.0, 1.0, 1.0):
            off = (moved - (base @ now)) / (sigma * width)
            weight = np.repeat(likely / (1.0 + (off**2).sum(1)) ** 2, 2)
            heavy = flat * weight[:, None]
            now = np.linalg.solve(heavy.T @ flat + 1e-9 * np.eye(4), heavy.T @ goal).astype(np.float64)
        cost = float(_robust((moved - base @ now) / sigma).sum(1) @ likely)
        if cost < best:
            best, turn = cost, now
    return turn
