"""How well a film that was made again agrees with its model, shot by shot, both seen by the same eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.steer_look import palette_distance, stock
from agent.steer_report import LEAST_RATE, below_iou, box_iou
from agent.steer_time import Floats, TimeMap, curve_over, cuts_of
from modalities.cues import CAMERA_CURVES, FilmCues, FilmShot, PictureCues
from modalities.watching import pearson, smooth
from world_model.vocabulary import PALETTES

TOLERANCE_S = 0.25
RATE_HZ = 12.0
MOST_SHOTS = 40


@dataclass(frozen=True)
class ShotAgreement:
    """One shot of the model against what stands there in the film. Correlations in [-1, 1], NaN where the model's
    camera holds; layout_iou and subject_iou in [0, 1]."""

    number: int
    start_error_s: float
    palette_distance: float
    light_difference: float
    layout_iou: float
    subject_iou: float
    camera_correlation: float


def agreement(model: FilmCues, made: FilmCues, times: TimeMap) -> dict[str, float]:
    """cut_f1 (within 250 ms), transition_share, camera_correlation, pace_correlation, palette_distance,
    light_difference, layout_iou, subject_iou, medium_overlap, with their shuffled counterparts where there are any;
    then the same by shot as "shot.<number>.<measure>"."""
    wanted, found = times.film_s(cuts_of(model)), cuts_of(made)
    values = {"cut_f1": cut_f1(wanted, found), "cut_f1_shuffled": _cuts_by_chance(wanted, found, times.duration_s),
              "transition_share": _transitions(model, made, times)}
    at = np.arange(0.0, min(times.duration_s, made.duration_s), 1 / RATE_HZ)
    plain = TimeMap(0.0, max(made.duration_s, 0.1), max(made.duration_s, 0.1))
    if len(at) > 2 * RATE_HZ:
        one, other = (smooth(curve_over(film, "motion", how, at), 6) for film, how in ((model, times), (made, plain)))
        values["pace_correlation"], values["pace_shuffled"] = pearson(one, other), _by_chance(one, other)
        values["camera_correlation"] = _camera(model, made, times, plain, at)
        values["camera_shuffled"] = float(np.mean([_camera(model, made, times, plain, at, int(k))
                                                   for k in np.linspace(0.2, 0.8, 8) * len(at)]))
    pairs = matched(model, made, times)
    shots = [_shot(k + 1, model, made, a, b, times, plain) for k, (a, b) in enumerate(pairs)]
    for name in ("palette_distance", "light_difference", "layout_iou", "subject_iou"):
        values[name] = _mean([getattr(shot, name) for shot in shots])
    values["palette_shuffled"] = _mean([palette_distance(b.picture.palette, stock(name, roles))
                                        for _, b in pairs for name, roles in PALETTES.items()])
    turned = [pairs[(k + max(1, len(pairs) // 2)) % len(pairs)][0] for k in range(len(pairs))]
    values["layout_shuffled"] = _mean([_layout(a.picture, b.picture, mirrored=True)
                                       for a, (_, b) in zip(turned, pairs, strict=True)])
    values["medium_overlap"] = _mean([sum(min(a.picture.medium.get(n, 0.0), b.picture.medium.get(n, 0.0))
                                          for n in a.picture.medium) for a, b in pairs])
    for shot in shots[:MOST_SHOTS]:
        values |= {f"shot.{shot.number}.{name}": value for name, value in vars(shot).items() if name != "number"}
    return {name: round(float(value), 4) for name, value in values.items() if np.isfinite(value)}


def cut_f1(wanted: Floats, found: Floats, tolerance_s: float = TOLERANCE_S) -> float:
    """F-measure of cuts found for cuts wanted, each used once; 1 where neither has any."""
    if not len(wanted) and not len(found):
        return 1.0
    left = list(found)
    hits = 0
    for cut in wanted:
        near = min(left, key=lambda one: abs(one - cut), default=None)
        if near is not None and abs(near - cut) <= tolerance_s:
            left.remove(near)
            hits += 1
    return 2 * hits / (len(wanted) + len(found))


def matched(model: FilmCues, made: FilmCues, times: TimeMap) -> list[tuple[FilmShot, FilmShot]]:
    """Every shot of the model with the shot of the film that overlaps it most."""
    out: list[tuple[FilmShot, FilmShot]] = []
    for shot in model.shots:
        start, end = (float(t) * times.scale for t in (shot.start_s - times.start_s, shot.end_s - times.start_s))
        best = max(made.shots, key=lambda one: min(end, one.end_s) - max(start, one.start_s))
        out.append((shot, best))
    return out


def _shot(number: int, model: FilmCues, made: FilmCues, a: FilmShot, b: FilmShot, times: TimeMap, plain: TimeMap
          ) -> ShotAgreement:
    start, end = (float(t - times.start_s) * times.scale for t in (a.start_s, a.end_s))
    at = np.arange(start + 0.1, min(end, made.duration_s) - 0.1, 1 / RATE_HZ)
    one, other = a.picture, b.picture
    boxes = one.framing.subject, other.framing.subject
    return ShotAgreement(
        number, b.start_s - start, palette_distance(one.palette, other.palette), abs(one.light.key - other.light.key),
        _layout(one, other), box_iou(boxes[0], boxes[1]) if boxes[0] and boxes[1] else float("nan"),
        _camera(model, made, times, plain, at) if len(at) > 6 else float("nan"))


def _layout(one: PictureCues, other: PictureCues, mirrored: bool = False) -> float:
    """Agreement of two skylines, or of two horizons where there is none."""
    a, b = one.framing, other.framing
    if a.skyline is not None and b.skyline is not None:
        line = np.asarray(a.skyline, np.float64)
        return below_iou(line[::-1] if mirrored else line, np.asarray(b.skyline, np.float64))
    if a.horizon is not None and b.horizon is not None:
        return below_iou(np.array([a.horizon]), np.array([b.horizon]))
    return float("nan")


def _camera(model: FilmCues, made: FilmCues, times: TimeMap, plain: TimeMap, at: Floats, shift: int = 0) -> float:
    """Mean correlation of the camera curves that move in the model, each as heavy as it is lively."""
    total = score = 0.0
    for name in CAMERA_CURVES:
        wanted = smooth(curve_over(model, name, times, at) / times.scale, 3)
        weight = min(10.0, float(np.std(wanted)) / LEAST_RATE[name])
        if weight < 1.0:
            continue
        total += weight
        score += weight * pearson(np.roll(wanted, shift), smooth(curve_over(made, name, plain, at), 3))
    return score / total if total else float("nan")


def _by_chance(one: Floats, other: Floats) -> float:
    return float(np.mean([pearson(one, np.roll(other, int(k))) for k in np.linspace(0.2, 0.8, 20) * len(one)]))


def _cuts_by_chance(wanted: Floats, found: Floats, duration_s: float) -> float:
    """cut_f1 for the same shot lengths in other orders."""
    lengths = np.diff(np.concatenate([[0.0], wanted, [duration_s]]))
    pick = np.random.default_rng(7)
    return float(np.mean([cut_f1(np.cumsum(pick.permutation(lengths))[:-1], found) for _ in range(20)]))


def _transitions(model: FilmCues, made: FilmCues, times: TimeMap) -> float:
    """Share of the model's cuts, dissolves and fades that are of the same kind in the film."""
    pairs = matched(model, made, times)[1:]
    return _mean([float(a.transition == b.transition) for a, b in pairs])


def _mean(values: Sequence[float]) -> float:
    kept = [value for value in values if np.isfinite(value)]
    return float(np.mean(kept)) if kept else float("nan")
