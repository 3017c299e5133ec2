"""Reading a drawing: strokes, ground, subject, sun, perspective and arrows, from a photo, a scan or a drawing pad."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as FilePath

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import Arrow, Cue, SketchCues, Stroke
from modalities.perceive.image import open_picture
from modalities.perceive.sketch_ground import Ground, ground_of
from modalities.perceive.sketch_ink import Ink, ink_of
from modalities.perceive.sketch_marks import FoundArrow, FoundSun, arrows_of, at_corners, sun_of, vanishing_of
from modalities.perceive.sketch_subject import enclosed, subject_of, without_frame
from modalities.perceive.sketch_thin import Path, joined, pieces, simplified, thinned

MOST_STROKES = 400
TOLERANCE_PX = 1.3
_ROLES = {"motion": ("arrow",), "camera": ("arrow",), "subject": ("subject",),
          "layout": ("horizon", "skyline", "subject", "sun", "vanishing")}


def see_sketch(path: FilePath) -> SketchCues:
    """The cues of a drawing in a file. Raises modalities.faults.Unusable where it is no picture; a blank sheet gives
    no strokes and a note."""
    opened = open_picture(path)
    cues = sketch_of_picture(opened.pixels)
    return replace(cues, size_px=opened.size_px, notes=(*opened.notes, *cues.notes))


def sketch_of_picture(rgb: NDArray[np.uint8]) -> SketchCues:
    """The cues of a drawing uint8 (H, W, 3), or (H, W, 4) where parts are transparent; any paper, any pen."""
    size = (int(rgb.shape[1]), int(rgb.shape[0]))
    ink = ink_of(rgb)
    mask = without_frame(ink.mask)
    if not mask.any():
        return _blank(size, ink)
    height, width = mask.shape
    thick, thin = _parted(mask, ink.width_px)
    parts = pieces(thinned(thin), max(4.0, 1.5 * ink.width_px))
    cut = at_corners(parts, max(2.0, 0.006 * max(width, height)))
    arrows = arrows_of(cut, (width, height), ink.width_px)
    paths = joined(parts, max(4.0, 0.02 * max(width, height)))
    paths = [path for path in paths if path.length_px > max(3.0, ink.width_px)] + _outlines(thick)
    without = _erased(mask, [cut[k].points for arrow in arrows for k in arrow.parts], ink.width_px)
    vanishing = vanishing_of(paths, (width, height), 2.0)
    guides = _guides(paths, (width, height), vanishing, thick)
    # Lines of perspective are no hills.
    slanted = [line for line in guides if vanishing is not None and _steep(line)]
    level, shut = _erased(without, slanted, ink.width_px), enclosed(without)
    ground = ground_of(level, shut)
    sun = sun_of(paths, without, shut, ground.base if ground else None)
    rest = _without_sun(_erased(without, guides, ink.width_px), sun)
    tails = [(arrow.tail[0] / width, arrow.tail[1] / height) for arrow in arrows]
    subject, subject_confidence = subject_of(rest, ground, ink.width_px, tails)
    horizon = _horizon(ground, vanishing, height)
    strokes = tuple(_stroke(path, ink.rgb, mask, (width, height)) for path in paths[:MOST_STROKES])
    notes = () if len(paths) <= MOST_STROKES else (f"The drawing has {len(paths)} strokes; "
                                                   f"the {MOST_STROKES} longest are kept.",)
    sure = max(0.25, subject_confidence if subject else 0.0, ground.covered if ground else 0.0)
    if float(ink.mask.mean()) > 0.35:
        sure *= 0.5
    return SketchCues(
        size, strokes, horizon, ground.skyline if ground else None, subject,
        _share(sun.centre, width, height) if sun else None, _share(vanishing, width, height) if vanishing else None,
        tuple(_arrow(arrow, width, height) for arrow in arrows), float(ink.mask.mean()), float(np.clip(sure, 0, 1)),
        notes)


def _blank(size: tuple[int, int], ink: Ink) -> SketchCues:
    what = "black" if float(ink.rgb.mean()) < 40.0 else "blank"
    return SketchCues(size, (), None, None, None, None, None, (), 0.0, 0.0,
                      (f"The sheet is {what}: there is no line on it.",))


def _parted(mask: NDArray[np.bool_], width_px: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(filled shapes, lines): what is several lines wide in every direction is filled in."""
    side = 2 * round(max(4.0, 1.5 * width_px)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    core = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    thick = (cv2.dilate(core, np.ones((5, 5), np.uint8)) > 0) & mask
    return thick, mask & ~thick


def _guides(paths: list[Path], size_px: tuple[int, int], vanishing: tuple[float, float] | None,
            thick: NDArray[np.bool_]) -> list[NDArray[np.float32]]:
    """Long straight lines that hang loose at both ends (or leave the sheet), or run loose to the vanishing point:
    roads and guides of perspective."""
    out: list[NDArray[np.float32]] = []
    long, rim = max(size_px), 0.03 * max(size_px)
    filled = cv2.dilate(thick.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    for path in paths:
        ends = path.points[[0, -1]]
        held = [bool(filled[round(float(y)), round(float(x))]) for x, y in ends]
        gone = [bool((end < rim).any() or (end > np.array(size_px) - rim).any()) for end in ends]
        loose = [(path.free[k] and not held[k]) or gone[k] for k in (0, 1)]
        plain = simplified(path.points, False, 0.009 * long)
        legs = np.linalg.norm(np.diff(plain, axis=0), axis=1)
        chord = float(np.linalg.norm(ends[0] - ends[1]))
        if all(loose) and chord > 0.2 * long and chord > 0.98 * float(legs.sum()):
            out.append(path.points)
        elif vanishing is not None and not path.closed:
            for free, run in zip(loose, (plain, plain[::-1]), strict=True):
                leg, toward = run[1] - run[0], np.array(vanishing) - run[0]
                cos = float(leg @ toward) / max(float(np.linalg.norm(leg) * np.linalg.norm(toward)), 1e-6)
                if free and cos > 0.998 and float(np.linalg.norm(leg)) > 0.1 * long:
                    out.append(run[:2])
    return out


def _steep(line: NDArray[np.float32]) -> bool:
    way = np.abs(line[-1] - line[0])
    return float(way[1]) > 0.12 * float(way[0])


def _outlines(thick: NDArray[np.bool_]) -> list[Path]:
    found, _ = cv2.findContours(thick.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    rings = [np.concatenate([one[:, 0], one[:1, 0]]).astype(np.float32) for one in found if len(one) >= 12]
    return sorted((Path(ring, True, (False, False)) for ring in rings), key=lambda path: -path.length_px)


def _erased(mask: NDArray[np.bool_], lines: list[NDArray[np.float32]], width_px: float) -> NDArray[np.bool_]:
    if not lines:
        return mask
    over = np.zeros(mask.shape, np.uint8)
    for line in lines:
        cv2.polylines(over, [np.rint(line).astype(np.int32)], False, 1, thickness=int(2 * width_px) + 5)
    return mask & (over == 0)


def _without_sun(mask: NDArray[np.bool_], sun: FoundSun | None) -> NDArray[np.bool_]:
    if sun is None:
        return mask
    over = np.zeros(mask.shape, np.uint8)
    cv2.circle(over, (round(sun.centre[0]), round(sun.centre[1])), round(sun.reach_px) + 6, 1, -1)
    return mask & (over == 0)


def _horizon(ground: Ground | None, vanishing: tuple[float, float] | None, height: int) -> float | None:
    if ground is not None and ground.straight > 0.6:
        return ground.horizon
    if vanishing is not None:
        return vanishing[1] / height
    # Hills stand above the horizon: it is at the foot of the line.
    return float(np.quantile(ground.base, 0.75)) if ground is not None else None


def _stroke(path: Path, rgb: NDArray[np.uint8], mask: NDArray[np.bool_], size: tuple[int, int]) -> Stroke:
    at = np.rint(path.points).astype(int)
    rows, columns = np.clip(at[:, 1], 0, size[1] - 1), np.clip(at[:, 0], 0, size[0] - 1)
    under = rgb[rows, columns].astype(float)
    colour = np.median(under[mask[rows, columns]] if mask[rows, columns].any() else under, axis=0)
    points = simplified(path.points, path.closed, TOLERANCE_PX)
    gap = float(np.linalg.norm(path.points[0] - path.points[-1]))
    closed = path.closed or (len(points) > 3 and gap < 0.07 * path.length_px)
    share = (points + 0.5) / np.array(size, np.float32)
    return Stroke(np.clip(share, 0.0, 1.0).astype(np.float32), (int(colour[0]), int(colour[1]), int(colour[2])), closed)


def _share(point: tuple[float, float], width: int, height: int) -> tuple[float, float]:
    return float((point[0] + 0.5) / width), float((point[1] + 0.5) / height)


def _arrow(arrow: FoundArrow, width: int, height: int) -> Arrow:
    return Arrow(_share(arrow.tail, width, height), _share(arrow.head, width, height))


def sketch_cues(sketch: SketchCues, role: str | None = None) -> list[Cue]:
    """The cues of a drawing, all or those that a role uses."""
    at, sure = (0.0, 0.0), sketch.confidence
    out = [Cue("strokes", at, "count", len(sketch.strokes), 1.0, "thinning and tracing"),
           Cue("ink", at, "share of the sheet", sketch.ink, 1.0, "thresholds against the paper")]
    if sketch.horizon is not None:
        out.append(Cue("horizon", at, "heights from the top", sketch.horizon, sure, "line across the sheet"))
    if sketch.skyline is not None:
        out.append(Cue("skyline", at, "heights from the top", sketch.skyline.tolist(), sure, "path through the ink"))
    if sketch.subject is not None:
        out.append(Cue("subject", at, "left, top, right, bottom", list(sketch.subject), sure, "closed or dense shape"))
    if sketch.sun is not None:
        out.append(Cue("sun", at, "x, y", list(sketch.sun), 0.7, "ring or spiral in the sky"))
    if sketch.vanishing is not None:
        out.append(Cue("vanishing", at, "x, y", list(sketch.vanishing), 0.6, "meeting lines"))
    out += [Cue("arrow", at, "tail x, y, head x, y", [*arrow.tail, *arrow.head], 0.7, "shaft with two barbs")
            for arrow in sketch.arrows]
    wanted = _ROLES.get(role or "")
    return [cue for cue in out if wanted is None or cue.name in wanted]


