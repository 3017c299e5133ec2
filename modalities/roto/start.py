"""The first mask: of what is at a point, in a box, or of what draws the eye.

Cut by GrabCut (Rother et al., 2004) in a window round the place. What draws the eye differs in colour from the rim of
the picture, moves against the camera, and stands rather in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.roto.appearance import colours_of, shares, to_lab
from modalities.roto.composite import grain_of
from modalities.roto.motion import Flow, against_camera, camera_motion
from modalities.roto.settle import main_parts, settled

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Box = tuple[float, float, float, float]
RINGS = (0.08, 0.14, 0.24, 0.4)
LEAST_SHARE, MOST_SHARE = 0.0015, 0.6
LEAST_EYE = 0.25
PLAIN_SUBJECT, LARGEST_BOX = 0.195, 0.3
GRAINY = 3.0


@dataclass(frozen=True)
class Wish:
    """Which subject: a point (x, y), a box (left, top, right, bottom), both as fractions of the picture, or neither:
    the main one."""

    at: tuple[float, float] | None = None
    box: Box | None = None


def first_mask(pictures: Sequence[Picture], wish: Wish) -> Floats | None:
    """(H, W) float32 mask in [0, 1] of the wished subject in the first of some successive pictures (H, W, 3), or None
    where nothing can be told apart there."""
    pictures = [without_grain(picture) for picture in pictures]
    rgb = pictures[0]
    if wish.box is not None:
        return in_box(rgb, wish.box)
    eye = draws_the_eye(pictures)
    if wish.at is not None:
        return at_point(rgb, wish.at, eye)
    return main_subject(rgb, eye)


def without_grain(rgb: Picture) -> Picture:
    """A grainy picture, smoothed within its edges; any other as it is. Grain misleads a cut by colour."""
    grain = grain_of(rgb)
    if grain < GRAINY:
        return rgb
    return np.asarray(cv2.bilateralFilter(rgb, 7, 4.0 * grain, 2.0), np.uint8)


def in_box(rgb: Picture, box: Box) -> Floats | None:
    """The subject that fills a box."""
    height, width = rgb.shape[:2]
    left, right = sorted((round(box[0] * width), round(box[2] * width)))
    top, bottom = sorted((round(box[1] * height), round(box[3] * height)))
    left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
    if right - left < 4 or bottom - top < 4:
        return None
    trimap = np.full((height, width), cv2.GC_BGD, np.uint8)
    trimap[top:bottom, left:right] = cv2.GC_PR_FGD
    inside = (trimap != cv2.GC_BGD).astype(np.float32)
    reach = 2 * max(6, round(0.35 * max(right - left, bottom - top))) + 1
    lab = to_lab(rgb)
    odds = colours_of(lab, inside, np.asarray(cv2.dilate(inside, np.ones((reach, reach))), np.float32)).odds(lab)
    whole = _cut(rgb, trimap)
    trimap[top:bottom, left:right] = np.where(odds[top:bottom, left:right] > 0.7, cv2.GC_PR_FGD, cv2.GC_PR_BGD)
    mask = _agreed(lab, odds, inside > 0, (left, top, right, bottom), whole, _cut(rgb, trimap))
    if mask is None or mask.sum() < 0.08 * (right - left) * (bottom - top):
        # Nothing in the box stands out by colour: what is round its middle, then.
        trimap[top:bottom, left:right] = cv2.GC_PR_BGD
        centre = ((left + right) // 2, (top + bottom) // 2)
        cv2.ellipse(trimap, centre, ((right - left) // 3, (bottom - top) // 3), 0, 0, 360, cv2.GC_FGD, -1)
        mask = _cut(rgb, trimap)
    return mask


def _agreed(lab: Floats, odds: Floats, inside: NDArray[np.bool_], box: tuple[int, int, int, int], one: Floats | None,
            other: Floats | None) -> Floats | None:
    """Of two cuts the one that fills the box clearly better, else what both and the colours come to together."""
    if one is None or other is None:
        return one if other is None else other
    fits = _fills(one, box), _fills(other, box)
    if abs(fits[0] - fits[1]) > 0.08:
        return one if fits[0] > fits[1] else other
    both = np.where(inside, 3.0 * (one + other - 1.0) + 0.4 * odds, -6.0).astype(np.float32)
    return main_parts(settled(both, lab))


def _fills(mask: Floats, box: tuple[int, int, int, int]) -> float:
    """How well a mask's own box agrees with a box, as the share of both that they have in common."""
    rows, columns = np.flatnonzero((mask > 0.5).any(1)), np.flatnonzero((mask > 0.5).any(0))
    if not len(rows):
        return 0.0
    own = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    wide = max(0, min(own[2], box[2]) - max(own[0], box[0]))
    high = max(0, min(own[3], box[3]) - max(own[1], box[1]))
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (own, box)]
    return wide * high / max(1, sum(areas) - wide * high)


def at_point(rgb: Picture, at: tuple[float, float], eye: Floats) -> Floats | None:
    """The thing under a point, out of windows of growing size: the one whose mask is apart from its surroundings, in
    colour and by an edge, and does not run out of its window."""
    height, width = rgb.shape[:2]
    x, y = int(np.clip(at[0] * width, 0, width - 1)), int(np.clip(at[1] * height, 0, height - 1))
    best: tuple[float, Floats] | None = None
    for ring in RINGS:
        radius = max(6, round(ring * max(height, width)))
        trimap = np.full((height, width), cv2.GC_BGD, np.uint8)
        cv2.circle(trimap, (x, y), radius, cv2.GC_PR_BGD, -1)
        cv2.circle(trimap, (x, y), max(3, round(0.55 * radius)), cv2.GC_PR_FGD, -1)
        cv2.circle(trimap, (x, y), max(2, round(0.12 * radius)), cv2.GC_FGD, -1)
        mask = _cut(rgb, trimap, (x, y))
        if mask is None:
            continue
        window = trimap != cv2.GC_BGD
        score = _is_a_thing(rgb, mask, window) + 0.3 * float(eye[mask > 0.5].mean())
        if best is None or score > best[0]:
            best = (score, mask)
    return None if best is None else best[1]


def main_subject(rgb: Picture, eye: Floats) -> Floats | None:
    """What draws the eye most, or None where nothing does: the subject of the framing where that is plain, else the
    piece of what stands out and moves that is most like one thing."""
    from modalities.perceive.picture import look_at

    framing = look_at(rgb).framing
    box = framing.subject
    # A large box that hangs from the picture's top is sky.
    if box is not None and framing.subject_confidence >= PLAIN_SUBJECT and not (
            box[1] < 0.01 and (box[2] - box[0]) * (box[3] - box[1]) > LARGEST_BOX):
        found = in_box(rgb, box)
        if found is not None:
            return found
    height, width = eye.shape
    best: tuple[float, Floats] | None = None
    for level in (0.35, 0.5, 0.65):
        hit = cv2.morphologyEx((eye > level).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        # Stripes are of one thing.
        hit = cv2.morphologyEx(hit, cv2.MORPH_CLOSE, np.ones((1 + width // 24, 1 + width // 24), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(hit, np.uint8))
        for k in np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:3] + 1 if count > 1 else ():
            share = float(stats[k, cv2.CC_STAT_AREA]) / (height * width)
            if not LEAST_SHARE <= share <= 0.4:
                continue
            seed = (labels == k).astype(np.uint8)
            grown = cv2.dilate(seed, np.ones((3, 3), np.uint8), iterations=max(4, round(0.25 * np.sqrt(seed.sum()))))
            trimap = np.where(grown > 0, cv2.GC_PR_BGD, cv2.GC_BGD).astype(np.uint8)
            trimap[seed > 0] = cv2.GC_PR_FGD
            x, y, wide, high = (int(v) for v in stats[k, :4])
            near = ((x - 0.15 * wide) / width, (y - 0.15 * high) / height, (x + 1.15 * wide) / width,
                    (y + 1.15 * high) / height)
            for mask in (_cut(rgb, trimap), in_box(rgb, near)):
                strength = 0.0 if mask is None else float(eye[mask > 0.5].mean())
                if mask is None or strength <= LEAST_EYE:
                    continue
                size = min(0.3, float(np.sqrt((mask > 0.5).mean())))
                score = _is_a_thing(rgb, mask, np.ones(mask.shape, np.bool_)) + strength + size
                if best is None or score > best[0]:
                    best = (score, mask)
    return None if best is None else best[1]


def draws_the_eye(pictures: Sequence[Picture]) -> Floats:
    """(H, W) in [0, 1] of the first picture."""
    lab = to_lab(pictures[0])
    height, width = lab.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    rim = np.minimum(np.minimum(x, width - 1 - x) / width, np.minimum(y, height - 1 - y) / height)
    colours = colours_of(lab, (rim > 0.1).astype(np.float32))
    rare = np.clip(colours.odds(lab), 0.0, 3.0) / 3.0
    middle = np.asarray(cv2.GaussianBlur(lab, (0, 0), 0.12 * height)) - np.asarray(cv2.GaussianBlur(lab, (0, 0), 2.0))
    differs = np.sqrt((middle * middle * np.array([0.3, 1.0, 1.0], np.float32)).sum(-1))
    differs = differs / max(float(np.percentile(differs, 99.5)), 8.0)
    centred = np.exp(-(((x / width - 0.5) / 0.33) ** 2 + ((y / height - 0.5) / 0.36) ** 2))
    moving = _moves(pictures)
    eye = (0.45 * rare + 0.35 * np.clip(differs, 0.0, 1.0) + 0.35 * moving) * (0.35 + 0.65 * centred)
    eye = np.asarray(cv2.GaussianBlur(eye.astype(np.float32), (0, 0), 2.0), np.float32)
    return np.clip(eye / max(float(np.percentile(eye, 99.7)), 0.25), 0.0, 1.0).astype(np.float32)


def _moves(pictures: Sequence[Picture]) -> Floats:
    """(H, W) in [0, 1]: what moves against the camera between the first pictures."""
    total = np.zeros(pictures[0].shape[:2], np.float32)
    if len(pictures) < 2:
        return total
    flow = Flow()
    flow.step(pictures[-1])
    motion = flow.step(pictures[0])
    camera = camera_motion(motion.back) if motion is not None else None
    if motion is None or camera is None:
        return total
    own = np.hypot(*np.moveaxis(against_camera(motion.back, camera), -1, 0)) * motion.trust
    return np.clip((own - 0.7) / max(2.0, float(np.percentile(own, 99))), 0.0, 1.0).astype(np.float32)


def _cut(rgb: Picture, trimap: Bytes, through: tuple[int, int] | None = None) -> Floats | None:
    """GrabCut, settled on the picture's edges; the piece `through` a point (x, y) only, where that is given."""
    if not ((trimap == cv2.GC_PR_FGD) | (trimap == cv2.GC_FGD)).any() or not (trimap == cv2.GC_BGD).any():
        return None
    rows, columns = np.flatnonzero((trimap != cv2.GC_BGD).any(1)), np.flatnonzero((trimap != cv2.GC_BGD).any(0))
    height, width = trimap.shape
    wide = max(12, int(0.35 * max(rows[-1] - rows[0], columns[-1] - columns[0])))
    part = (slice(max(0, int(rows[0]) - wide), min(height, int(rows[-1]) + wide + 1)),
            slice(max(0, int(columns[0]) - wide), min(width, int(columns[-1]) + wide + 1)))
    labels = trimap[part].copy()
    background, subject = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(7)
    try:
        cv2.grabCut(np.ascontiguousarray(rgb[part]), labels, (0, 0, 1, 1), background, subject, 4,
                    cv2.GC_INIT_WITH_MASK)
    except cv2.error:  # too few pixels for its mixtures
        return None
    hard = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.float32)
    inside = (trimap[part] != cv2.GC_BGD)
    odds = np.where(inside, 5.0 * np.asarray(cv2.GaussianBlur(hard, (0, 0), 0.8)) - 2.5, -6.0).astype(np.float32)
    found = np.zeros((height, width), np.float32)
    found[part] = main_parts(settled(odds, to_lab(np.ascontiguousarray(rgb[part]))))
    if through is not None:
        _, pieces = cv2.connectedComponents((found > 0.5).astype(np.uint8))
        piece = int(pieces[through[1], through[0]])
        if piece == 0:
            return None
        found[(found > 0.5) & (pieces != piece)] = 0.0
    share = float((found > 0.5).mean())
    return found if max(LEAST_SHARE / 4, 12.0 / found.size) < share < MOST_SHARE else None


def _is_a_thing(rgb: Picture, mask: Floats, window: NDArray[np.bool_]) -> float:
    """How much a mask is one thing, about 0 to 2: apart in colour from its near surroundings, edged all round, and not
    running out of the window it was looked for in."""
    lab, hard = to_lab(rgb), (mask > 0.5).astype(np.uint8)
    ring = max(3, round(0.3 * float(np.sqrt(hard.sum()))))
    near = np.asarray(cv2.dilate(hard, np.ones((2 * ring + 1, 2 * ring + 1), np.uint8)), np.float32) - hard
    apart = 1.0 - float(np.sqrt(shares(lab, hard.astype(np.float32)) * shares(lab, near)).sum())
    step = np.hypot(cv2.Sobel(lab, cv2.CV_32F, 1, 0), cv2.Sobel(lab, cv2.CV_32F, 0, 1)).max(-1)
    edge = (hard - np.asarray(cv2.erode(hard, np.ones((3, 3), np.uint8)))) > 0
    edged = float(np.clip(step[edge].mean() / (2.0 * float(step.mean()) + 20.0), 0.0, 1.0))
    inner = np.asarray(cv2.erode(window.astype(np.uint8), np.ones((3, 3), np.uint8))) > 0
    out = float((edge & ~inner).sum()) / max(1.0, float(edge.sum()))
    return apart + edged - 2.0 * out
