"""A subject's mask carried from picture to picture: moved by the flow, judged by colour, settled on edges.

Streaming: what is kept is the last picture, the last mask and two colour histograms. A cut ends the mask; after a cut
or when the subject was covered or left, it is looked for by its colours and goes on when it is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.roto.appearance import Colours, Sample, colours_of, place_by_place, sample_of, shares, to_lab
from modalities.roto.motion import Flow, Motion, against_camera, camera_motion, sample
from modalities.roto.settle import main_parts, roi_of, settled

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
State = Literal["held", "lost", "found", "cut", "waiting"]
# A covered subject is let go at this share of its usual size; below this likeness the mask holds something else.
GONE_SHARE, UNLIKE = 0.12, 0.45
REMEMBER = 0.1
LEARN = 0.15
SNAP = 8
KEY_EVERY, STEPWISE, EDGE_PX, LEAST_ROI_PX = 4, (0.25, 0.8), 2.0, 32
STIFF, PLAIN = (0.1, 0.7), 5.0
CARRIED, LOCAL, OVERALL, MOVING = 3.0, 1.0, 0.6, 0.5
NOISE_PX, DRIFT = 0.8, 0.8
UNSURE_PX, EDGES = 0.8, 1.2
CUT_TRUST, CUT_COLOURS = 0.35, 0.35
FOUND_LIKE, FOUND_ODDS, LEAST_APART = 0.72, 1.0, 0.5


@dataclass(frozen=True)
class Seen:
    """The subject in one picture. mask (H, W) float32 probability; sure [0, 1]; state: "held", "lost" (not to be seen),
    "found" (again, in this picture) or "cut" (this picture follows a cut and holds it not)."""

    mask: Floats
    sure: float
    state: State
    motion: Motion | None


class Tracker:
    """Follows one subject. Begin with `start`, then `step` every further picture; all of one size, (H, W, 3) uint8."""

    def __init__(self) -> None:
        self._flow = Flow()
        self._scene: Floats | None = None
        self._mask: Floats | None = None
        self._known = np.zeros((1, 1), np.float32)
        self._first: Colours | None = None
        self._now: Colours | None = None
        self._area = 0.0
        self._lost = False
        self._unlike = 0
        self._middle, self._size = (0.0, 0.0), 1.0
        self._samples: list[tuple[Sample, float]] = []
        self._age = 0
        self._drift = np.zeros((1, 1, 2), np.float32)
        self._key: tuple[Picture, Floats] | None = None
        self._since_key = np.eye(3)

    def start(self, rgb: Picture, mask: Floats) -> Seen:
        """The subject as it is in the first picture: mask (H, W) in [0, 1]."""
        lab = to_lab(rgb)
        self._flow.forget()
        self._flow.step(rgb)
        self._scene = _scene(lab)
        self._mask = mask.astype(np.float32)
        self._area = float(mask.sum())
        self._first = self._now = colours_of(lab, self._mask, _near(self._mask))
        self._known = 2.0 * self._mask - 1.0
        self._lost = False
        self._pose(self._mask)
        roi = roi_of(self._mask, 0.5, 24)
        self._set_key(rgb)
        if roi is not None:
            self._keep(lab, roi)
        return Seen(self._mask, 1.0, "held", None)

    def step(self, rgb: Picture) -> Seen:
        """The subject in the next picture."""
        assert self._mask is not None and self._first is not None and self._now is not None
        lab = to_lab(rgb)
        motion = self._flow.step(rgb)
        scene, earlier = _scene(lab), self._scene
        self._scene = scene
        cut = motion is None or (earlier is not None and float(motion.trust.mean()) < CUT_TRUST
                                 and float(np.sqrt(scene * earlier).sum()) < 1.0 - CUT_COLOURS)
        if motion is None or cut or self._lost:
            return self._look_again(rgb, lab, motion, cut)
        before = sample(self._mask, motion.back)
        known = self._carried(motion, flat_of(lab))
        moved = np.maximum(known, 0.0)
        roi = roi_of(np.maximum(moved, before), 0.12, 14)
        if roi is None:
            return self._lose(motion)
        known[roi] = self._from_key(rgb, known[roi], roi)
        part = self._judged(lab[roi], before[roi], known[roi], motion, roi)
        mask = np.zeros_like(moved)
        mask[roi] = main_parts(part, (moved[roi] > 0.2) | (before[roi] > 0.6))
        area = float(mask.sum())
        likeness = self._first.moved(self._now, 0.5).like(shares(lab[roi], mask[roi]))
        self._unlike = self._unlike + 1 if likeness < UNLIKE else 0
        if area < max(6.0, GONE_SHARE * self._area) or self._unlike > 2 or likeness < 0.5 * UNLIKE:
            return self._lose(motion)
        self._mask = mask
        # What was judged so often counts; what has just come into sight counts as far as it is clear.
        rate = LEARN + (1.0 - LEARN) * (1.0 - motion.trust) * 0.5
        self._known = (known + rate * (2.0 * mask - 1.0 - known)).astype(np.float32)
        self._keep(lab, roi)
        if self._age % KEY_EVERY == 0:
            self._set_key(rgb)
        self._area += 0.05 * (area - self._area)
        if self._age % 4 == 0:
            self._now = self._now.moved(colours_of(lab, mask, _near(mask)), REMEMBER)
        return Seen(mask, float(np.clip(likeness, 0.0, 1.0)), "held", motion)

    def _judged(self, lab: Floats, before: Floats, known: Floats, motion: Motion, roi: tuple[slice, slice]) -> Floats:
        """The probability inside the region."""
        assert self._first is not None and self._now is not None and self._mask is not None
        # Near its edge what is carried is unsure: there colours and the picture's own edges decide.
        carried = CARRIED * np.asarray(cv2.GaussianBlur(known, (0, 0), UNSURE_PX), np.float32)
        corner = (int(roi[0].start), int(roi[1].start))
        here = place_by_place(lab, corner, self._middle, self._size, self._samples)
        memory = self._first.moved(self._now, 0.5)
        overall = memory.odds(lab) * memory.apart
        odds = carried + LOCAL * here + OVERALL * overall + MOVING * self._moving(motion, np.maximum(known, 0.0), roi)
        # What nothing near was before is hardly the subject now.
        within = ((known > 0.1) | (before > 0.3)).astype(np.uint8)
        far = np.asarray(cv2.dilate(within, np.ones((13, 13), np.uint8)), np.uint8)
        odds = np.where(far > 0, odds, np.minimum(odds, 0.0) - 2.0)
        return settled(odds.astype(np.float32), lab, EDGES)

    def _moving(self, motion: Motion, moved: Floats, roi: tuple[slice, slice]) -> Floats | float:
        """Log odds from what moves with the subject and against the camera; nothing where the two hardly differ."""
        full = np.zeros(motion.back.shape[:2], bool)
        full[roi] = np.asarray(cv2.dilate((moved > 0.2).astype(np.uint8), np.ones((9, 9), np.uint8))) > 0
        camera = camera_motion(motion.back, full)
        inside = moved > 0.6
        if camera is None:
            self._drift = np.zeros_like(motion.back)
            return 0.0
        # Summed along each pixel's way: what is too slow to be seen in one step is plain after some.
        before = sample(self._drift, motion.back) if self._drift.shape == motion.back.shape else np.float32(0.0)
        drift = against_camera(motion.back, camera) + DRIFT * motion.trust[..., None] * before
        self._drift = drift.astype(np.float32)
        if inside.sum() < 20:
            return 0.0
        own = self._drift[roi]
        from_camera = np.minimum((own ** 2).sum(-1) / NOISE_PX**2, 9.0)
        # Only what moves by itself tells how the subject moves: a mask that leaks must not pull this along.
        weight = (moved * motion.trust[roi] * from_camera).astype(np.float32)
        wide = int(np.clip(0.4 * self._size, 6.0, 40.0))
        near = cv2.blur(cv2.blur(np.dstack([own * weight[..., None], weight]), (wide, wide)), (wide, wide))
        typical = np.asarray(near[..., :2] / (near[..., 2:] + 0.05), np.float32)
        noise = NOISE_PX + 0.15 * float(np.hypot(typical[..., 0], typical[..., 1])[inside].mean())
        # Beyond three sigmas is beyond: what moves like neither is hardly the subject (near ground, for one).
        from_subject = np.minimum(((own - typical) ** 2).sum(-1) / noise**2, 9.0)
        from_camera = np.minimum((own ** 2).sum(-1) / noise**2, 9.0)
        return (motion.trust[roi] * (0.3 * (from_camera - from_subject) - 0.1 * from_subject)).astype(np.float32)

    def _pose(self, mask: Floats) -> None:
        """Where the subject's middle is and how large it is, from its mask."""
        y, x = np.nonzero(mask > 0.5)
        if len(y):
            self._middle = (float(y.mean()), float(x.mean()))
            self._size = max(6.0, float(np.sqrt(len(y))))
        self._samples, self._age = [], 0

    def _carried(self, motion: Motion, flat: Floats) -> Floats:
        """What is known (H, W), brought to this picture: pixel by pixel where the flow can be trusted, and where it can
        not for want of anything to hold on to (`flat`, (H, W) in [0, 1]), as the subject moves as a whole."""
        fit = self._follow(motion)
        self._since_key = np.vstack([fit, [0.0, 0.0, 1.0]]) @ self._since_key
        stiff = np.asarray(cv2.warpAffine(self._known, fit, self._known.shape[::-1], borderMode=cv2.BORDER_REPLICATE),
                           np.float32)
        stiff = stiff * (STIFF[0] + (STIFF[1] - STIFF[0]) * flat)
        return (motion.trust * sample(self._known, motion.back) + (1.0 - motion.trust) * stiff).astype(np.float32)

    def _set_key(self, rgb: Picture) -> None:
        self._key = (np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8), self._known.copy())
        self._since_key = np.eye(3)

    def _from_key(self, rgb: Picture, known: Floats, roi: tuple[slice, slice]) -> Floats:
        """What is known in a region, told by a picture some time ago: an edge that creeps by half a pixel a picture
        does not creep here, and what has come into sight since is seen to be new."""
        if self._key is None or min(known.shape) < LEAST_ROI_PX:
            return known
        grey, before = self._key
        shift = np.array([[1.0, 0.0, -float(roi[1].start)], [0.0, 1.0, -float(roi[0].start)]])
        warp = shift @ self._since_key
        size = known.shape[::-1]
        moved = np.asarray(cv2.warpAffine(grey, warp, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)
        past = np.asarray(cv2.warpAffine(before, warp, size, borderMode=cv2.BORDER_REPLICATE), np.float32)
        now = np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb[roi]), cv2.COLOR_RGB2GRAY), np.uint8)
        motion = self._flow.between(moved, now)
        sure = motion.trust
        # A subject that bends is lost to the earlier picture, not to the last one; only the edge may have crept there.
        deep = np.asarray(cv2.GaussianBlur(known, (0, 0), EDGE_PX), np.float32) ** 2
        stepwise = (STEPWISE[0] + (STEPWISE[1] - STEPWISE[0]) * deep) * known
        return (sure * sample(past, motion.back) + (1.0 - sure) * stepwise).astype(np.float32)

    def _follow(self, motion: Motion) -> NDArray[np.float64]:
        """The similarity (2, 3) by which the inside of the subject moves; the middle and the size move with it."""
        still = np.eye(2, 3)
        y, x = np.nonzero((self._known > 0.7) & (motion.trust > 0.5))
        if len(y) < 12:
            return still
        pick = slice(None, None, max(1, len(y) // 400))
        here = np.stack([x[pick], y[pick]], 1).astype(np.float32)
        there = here + motion.back[y[pick], x[pick]]
        cv2.setRNGSeed(7)
        fit: Any = cv2.estimateAffinePartial2D(there, here, method=cv2.RANSAC, ransacReprojThreshold=1.0,
                                               maxIters=200)[0]
        if fit is None:
            return still
        scale = float(np.clip(np.hypot(fit[0, 0], fit[1, 0]), 0.93, 1.07))
        before = np.array([self._middle[1], self._middle[0], 1.0])
        now = np.asarray(fit, np.float64) @ before
        self._middle, self._size = (float(now[1]), float(now[0])), max(6.0, self._size * scale)
        return np.asarray(fit, np.float64)

    def _keep(self, lab: Floats, roi: tuple[slice, slice]) -> None:
        """Samples of the first picture, of one some time ago and of the last one."""
        corner = (int(roi[0].start), int(roi[1].start))
        one = sample_of(lab[roi], self._known[roi], corner, self._middle, self._size)
        if not self._samples:
            self._samples = [(one, 0.7), (one, 0.3), (one, 1.0)]
        else:
            old = one if self._age % SNAP == 0 else self._samples[1][0]
            self._samples = [self._samples[0], (old, 0.7), (one, 1.0)]
        self._age += 1

    def _lose(self, motion: Motion | None) -> Seen:
        assert self._mask is not None
        self._lost, self._unlike = True, 0
        self._mask = np.zeros_like(self._mask)
        return Seen(self._mask, 0.0, "lost", motion)

    def _look_again(self, rgb: Picture, lab: Floats, motion: Motion | None, cut: bool) -> Seen:
        """After a cut, or while the subject is not to be seen: where its colours are, in a piece of a fitting size."""
        assert self._first is not None and self._now is not None
        memory = self._first.moved(self._now, 0.5)
        found = find_again(lab, memory, self._area)
        if found is None:
            lost = self._lose(motion)
            return Seen(lost.mask, 0.0, "cut" if cut else "lost", motion)
        self._mask, self._lost, self._unlike = found, False, 0
        self._known = 0.5 * (2.0 * found - 1.0)
        self._area = float(found.sum())
        self._pose(found)
        roi = roi_of(found, 0.5, 24)
        self._set_key(rgb)
        assert roi is not None
        self._keep(lab, roi)
        return Seen(found, memory.like(shares(lab, found)), "found", motion)


def find_again(lab: Floats, memory: Colours, area: float) -> Floats | None:
    """(H, W) mask of what looks like the subject, between a quarter and four times its size, or None."""
    if memory.apart < LEAST_APART:
        return None
    odds = memory.odds(lab)
    likely = np.asarray(cv2.GaussianBlur(odds, (0, 0), 1.5), np.float32)
    hit = cv2.morphologyEx((likely > 0.5).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(hit, np.uint8), connectivity=8)
    best: tuple[float, int] | None = None
    for k in range(1, count):
        size = float(stats[k, cv2.CC_STAT_AREA])
        if not 0.25 * area <= size <= 4.0 * area:
            continue
        inside = (labels == k).astype(np.float32)
        like, odd = memory.like(shares(lab, inside)), float(odds[labels == k].mean())
        if like < FOUND_LIKE or odd < FOUND_ODDS:
            continue
        score = like - 0.1 * abs(float(np.log(size / area)))
        if best is None or score > best[0]:
            best = (score, k)
    if best is None:
        return None
    start = (labels == best[1]).astype(np.float32)
    roi = roi_of(start, 0.2, 12)
    assert roi is not None
    mask = np.zeros_like(start)
    near = np.asarray(cv2.GaussianBlur(start[roi], (0, 0), 3.0), np.float32)
    mask[roi] = main_parts(settled((odds[roi] + 3.0 * (near - 0.5)).astype(np.float32), lab[roi]))
    return mask


def flat_of(lab: Floats) -> Floats:
    """(H, W) in [0, 1]: where a picture (H, W, 3) is so plain that flow finds nothing to hold on to."""
    light = np.ascontiguousarray(lab[..., 0])
    mean = cv2.blur(light, (9, 9))
    spread = np.maximum(cv2.blur(light * light, (9, 9)) - mean * mean, 0.0)
    return np.exp(-np.asarray(spread) / PLAIN**2).astype(np.float32)


def _near(mask: Floats) -> Floats:
    """Weights (H, W) of the surroundings: all of the picture a little, near the subject much."""
    height, width = mask.shape
    small = cv2.resize(mask, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(0.5, 0.5 * float(np.sqrt(mask.sum())) / 8.0))
    close = np.asarray(cv2.resize(soft, (width, height)), np.float32)
    return np.float32(0.1) + close / max(float(close.max()), 1e-6)


def _scene(lab: Floats) -> Floats:
    small = np.asarray(cv2.resize(lab, (96, 54), interpolation=cv2.INTER_AREA), np.float32)
    return shares(small, np.ones(small.shape[:2], np.float32))
