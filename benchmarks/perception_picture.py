"""How well pictures and drawings are seen: python -m benchmarks.perception_picture [PICTURES]

Single frames of fresh worlds, whose horizon, skyline, subject, hour, medium and setting are known, as they are and
degraded; and drawings made from the same worlds. Each figure stands beside the same for answers to another picture
("shuffled"). A table, then one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from modalities.cues import Box, PictureCues, SketchCues, Swatch
from modalities.perceive.picture_truth import BODY, MEASURED_SEED, MEDIUM_OF_LOOK, SKY, Known, known_pictures
from world_model import kernel_cache
from world_model.colour import oklch_to_oklab
from world_model.data.sketches import sketch_of
from world_model.vocabulary import LIGHTS

Rgb = NDArray[np.uint8]
FIRST_SEED = MEASURED_SEED + 5_000
DEGRADED = ("as it is", "jpeg 20", "noise", "crop", "turned 3 deg")
DRAWN = ("as it is", "jpeg 20", "noise", "crop", "turned 3 deg", "uneven light", "inverted")
NO_HOUR = ("underwater", "space", "fluid", "particles")
CROP, TURN_DEG = 0.85, 3.0


@dataclass(frozen=True)
class Layout:
    """What is true of a picture's layout after it was moved."""

    horizon: float | None
    skyline: NDArray[np.float64] | None
    subject: Box | None


def degraded(rgb: Rgb, how: str, rng: np.random.Generator, layout: Layout, paper: int | None = None
             ) -> tuple[Rgb, Layout]:
    """A picture mistreated, and its layout where that moved. paper: the colour that comes in at the rim."""
    height, width = rgb.shape[:2]
    if how == "jpeg 20":
        coded = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, 20])[1]
        return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8), layout
    if how == "noise":
        return np.clip(rgb + rng.normal(0.0, 10.0, rgb.shape), 0, 255).astype(np.uint8), layout
    if how == "uneven light":
        x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
        light = (1.0 - 0.4 * x - 0.15 * y) * (0.75 + 0.25 / (1.0 + np.exp((x + 0.6 * y - 0.9) * 40.0)))
        return np.clip(rgb * light[..., None], 0, 255).astype(np.uint8), layout
    if how == "inverted":
        return 255 - rgb, layout
    if how == "crop":
        left, top = (int(rng.uniform(0, 1 - CROP) * side) for side in (width, height))
        size = (int(CROP * width), int(CROP * height))
        move = np.array([[1.0, 0.0, -left], [0.0, 1.0, -top]])
        return np.ascontiguousarray(rgb[top:top + size[1], left:left + size[0]]), _moved(layout, move, (width, height),
                                                                                       size)
    if how == "turned 3 deg":
        move = cv2.getRotationMatrix2D((width / 2, height / 2), -TURN_DEG, 1.0)
        border = cv2.BORDER_REFLECT_101 if paper is None else cv2.BORDER_CONSTANT
        turned = cv2.warpAffine(rgb, move, (width, height), flags=cv2.INTER_LINEAR, borderMode=border,
                                borderValue=(paper or 0,) * 3)
        return np.asarray(turned, np.uint8), _moved(layout, np.asarray(move), (width, height), (width, height))
    return rgb, layout


def _moved(layout: Layout, move: NDArray[np.float64], old: tuple[int, int], new: tuple[int, int]) -> Layout:
    def at(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return (np.column_stack([points * old, np.ones(len(points))]) @ move.T) / new

    horizon, skyline, subject = None, None, None
    if layout.horizon is not None:
        ends = at(np.array([[0.0, layout.horizon], [1.0, layout.horizon]]))
        horizon = float(np.interp(0.5, ends[:, 0], ends[:, 1]))
    columns = (np.arange(32) + 0.5) / 32
    if layout.skyline is not None:
        line = at(np.column_stack([columns, layout.skyline]))
        skyline = np.interp(columns, line[:, 0], line[:, 1])
    if layout.subject is not None:
        left, top, right, bottom = layout.subject
        corners = np.clip(at(np.array([[left, top], [right, top], [left, bottom], [right, bottom]])), 0.0, 1.0)
        low, high = corners.min(0), corners.max(0)
        if (high - low).min() > 0.02:
            subject = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Layout(horizon, skyline, subject)


def overlap(a: Box | None, b: Box | None) -> float:
    """Intersection over union; 0 where one is missing."""
    if a is None or b is None:
        return 0.0
    wide, tall = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, wide) * max(0.0, tall)
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return float(shared / both) if both > 0 else 0.0


def palette_distance(a: tuple[Swatch, ...], b: tuple[Swatch, ...], units: int = 50) -> float:
    """Mean OKLab distance of the best matching of two palettes, weighted by their shares (earth mover's distance)."""
    sides: list[NDArray[np.float64]] = []
    for palette in (a, b):
        shares = np.array([s.share for s in palette])
        counts = np.floor(shares / shares.sum() * units).astype(int)
        counts[: units - int(counts.sum())] += 1
        lab = oklch_to_oklab([(s.lightness, s.chroma, s.hue_deg) for s in palette])
        sides.append(np.repeat(lab, counts, axis=0)[:units])
    apart = np.linalg.norm(sides[0][:, None] - sides[1][None], axis=-1)
    rows, columns = linear_sum_assignment(apart)
    return float(apart[rows, columns].mean())


def hours_apart(a: float, b: float) -> float:
    return min((a - b) % 24.0, (b - a) % 24.0)


def outlines(known: Known) -> NDArray[np.float32]:
    """(H, W): the lines a person would draw: where sky ends and around bodies."""
    out = np.zeros(known.object_id.shape, np.float32)
    for mask in (known.object_id == SKY, known.object_id >= BODY):
        out[:-1] = np.maximum(out[:-1], mask[1:] != mask[:-1])
        out[:, :-1] = np.maximum(out[:, :-1], mask[:, 1:] != mask[:, :-1])
    return out


def drawing(known: Known, kind: str) -> Rgb:
    """A human-like drawing (360, 640, 3) of a picture: its outlines, or all its edges."""
    rng = np.random.default_rng([known.seed, 84])
    lines, ids = (outlines(known), None) if kind == "outlines" else (known.edge, known.object_id)
    ink = sketch_of(lines, ids, rng, (90, 160))
    grey = cv2.resize(255.0 - 225.0 * ink, (640, 360), interpolation=cv2.INTER_LINEAR)
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _mean(values: list[float]) -> float:
    kept = [v for v in values if np.isfinite(v)]
    return float(np.mean(kept)) if kept else float("nan")


def _layout_row(truths: list[Layout], seen: list[tuple[float | None, Any, Box | None]]) -> dict[str, float]:
    """Errors against the truth; what was not found counts as 0 overlap, and is left out of lines (see `found`)."""
    subject = [overlap(t.subject, s[2]) for t, s in zip(truths, seen, strict=True) if t.subject is not None]
    lines = [(t.skyline, s[1]) for t, s in zip(truths, seen, strict=True) if t.skyline is not None]
    levels = [(t.horizon, s[0]) for t, s in zip(truths, seen, strict=True) if t.horizon is not None]
    return {"subject": _mean(subject),
            "skyline": _mean([float(np.abs(b - a).mean()) for a, b in lines if b is not None]),
            "skyline_found": _mean([float(b is not None) for _, b in lines]),
            "horizon": _mean([abs(b - a) for a, b in levels if b is not None]),
            "horizon_found": _mean([float(b is not None) for _, b in levels])}


def picture_rows(known: list[Known]) -> dict[str, dict[str, float]]:
    from modalities.perceive.picture import look_at

    clean: list[PictureCues] = []
    rows: dict[str, dict[str, float]] = {}
    for how in DEGRADED:
        truths: list[Layout] = []
        cues: list[PictureCues] = []
        for one in known:
            sky = None if one.skyline is None or one.horizon is None else one.skyline.astype(np.float64)
            made, truth = degraded(one.rgb, how, np.random.default_rng([one.seed, 85]),
                                   Layout(one.horizon, sky, one.subject))
            truths.append(truth)
            cues.append(look_at(made))
        clean = clean or cues
        rows[how] = _picture_row(known, truths, cues, clean)
    other = [*clean[1:], clean[0]]
    truths = [Layout(k.horizon, None if k.skyline is None or k.horizon is None else k.skyline.astype(np.float64),
                     k.subject) for k in known]
    rows["shuffled"] = _picture_row(known, truths, other, clean)
    return rows


def _picture_row(known: list[Known], truths: list[Layout], cues: list[PictureCues], clean: list[PictureCues]
                 ) -> dict[str, float]:
    lit = [(LIGHTS[k.recipe.light]["time_h"], c.light.time_h) for k, c in zip(known, cues, strict=True)
           if k.recipe.setting not in NO_HOUR and "tint" not in LIGHTS[k.recipe.light]
           and k.recipe.change not in ("night_falls", "sun_rises")]
    places = [(k.recipe.setting, sorted(c.setting, key=lambda n, c=c: -c.setting[n]))
              for k, c in zip(known, cues, strict=True)]
    row = _layout_row(truths, [(c.framing.horizon, c.framing.skyline, c.framing.subject) for c in cues])
    return row | {
        "palette": _mean([palette_distance(a.palette, b.palette) for a, b in zip(cues, clean, strict=True)]),
        "hours": _mean([hours_apart(a, b) for a, b in lit if b is not None]),
        "hour_told": _mean([float(b is not None) for _, b in lit]),
        "medium": _mean([float(max(c.medium, key=lambda n, c=c: c.medium[n]) == MEDIUM_OF_LOOK[k.recipe.look])
                         for k, c in zip(known, cues, strict=True)]),
        "setting": _mean([float(bool(n) and n[0] == name) for name, n in places]),
        "setting_in_three": _mean([float(name in n[:3]) for name, n in places])}


def sketch_rows(known: list[Known], kind: str) -> dict[str, dict[str, float]]:
    from modalities.perceive.sketch import sketch_of_picture

    able = [k for k in known if k.horizon is not None or k.subject is not None]
    clean: list[SketchCues] = []
    rows: dict[str, dict[str, float]] = {}
    for how in DRAWN if kind == "outlines" else DRAWN[:1]:
        truths: list[Layout] = []
        cues: list[SketchCues] = []
        for one in able:
            sky = None if one.skyline is None or one.horizon is None else one.skyline.astype(np.float64)
            made, truth = degraded(drawing(one, kind), how, np.random.default_rng([one.seed, 86]),
                                   Layout(one.horizon, sky, one.subject), 255)
            truths.append(truth)
            cues.append(sketch_of_picture(made))
        clean = clean or cues
        rows[f"{kind}, {how}"] = _layout_row(truths, [(c.horizon, c.skyline, c.subject) for c in cues])
    truths = [Layout(k.horizon, None if k.skyline is None or k.horizon is None else k.skyline.astype(np.float64),
                     k.subject) for k in able]
    rows[f"{kind}, shuffled"] = _layout_row(truths, [(c.horizon, c.skyline, c.subject) for c in [*clean[1:], clean[0]]])
    return rows


def main(arguments: list[str]) -> None:
    kernel_cache.place()
    started = time.monotonic()
    known = list(known_pictures(int(arguments[0]) if arguments else 40, FIRST_SEED))
    pictures = picture_rows(known)
    print("pictures         palette horizon (found) skyline (found) subject hours (told) medium setting in three")
    for name, r in pictures.items():
        print(f"{name:16s} {r['palette']:7.3f} {r['horizon']:7.3f} ({r['horizon_found']:4.2f})  {r['skyline']:7.3f} "
              f"({r['skyline_found']:4.2f}) {r['subject']:7.3f} {r['hours']:5.1f} ({r['hour_told']:4.2f}) "
              f"{r['medium']:6.2f} {r['setting']:7.2f} {r['setting_in_three']:8.2f}")
    drawings = sketch_rows(known, "outlines") | sketch_rows(known, "edges")
    print("drawings                  horizon (found) skyline (found) subject IoU")
    for name, r in drawings.items():
        print(f"{name:25s} {r['horizon']:7.3f} ({r['horizon_found']:4.2f})  {r['skyline']:7.3f} "
              f"({r['skyline_found']:4.2f}) {r['subject']:7.3f}")
    print(json.dumps({"pictures": pictures, "drawings": drawings, "count": len(known), "seed": FIRST_SEED,
                      "seconds": round(time.monotonic() - started, 1)}))


if __name__ == "__main__":
    main(sys.argv[1:])
