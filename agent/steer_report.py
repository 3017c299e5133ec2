"""How far a take does what its references asked, measured in the finished picture and against shuffled references."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from agent.seen import Seen
from agent.steer import map_of
from agent.steer_camera import of_film, of_gesture
from agent.steer_layout import Layout, layout_of
from agent.steer_look import palette_distance, stock
from agent.steer_plan import Steering
from agent.steer_time import Floats, curve_over, cuts_of
from modalities.cues import CAMERA_CURVES, Box, PictureCues
from modalities.watching import Watcher, pearson, smooth
from world_model.state import World
from world_model.vocabulary import PALETTES

LOOKED_PX = 256
MOST_LOOKS = 24
SHIFTS = 20
# Changes of a reference's camera below these say nothing: degrees a second, and logs of magnification a second.
LEAST_RATE = {"camera.pan": 0.8, "camera.tilt": 0.8, "camera.roll": 0.8, "camera.zoom": 0.02, "camera.dolly": 0.02}
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Watched:
    """A finished film at a glance: motion (n,) a frame, small pictures by frame number, frames a second."""

    motion: Floats
    pictures: dict[int, Picture]
    fps: float


def watch(video: Path, frames: Sequence[int]) -> Watched:
    """Decode a film once and keep small pictures of the given frames. Raises OSError when it cannot be read."""
    wanted = set(frames)
    pictures: dict[int, Picture] = {}
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        fps = float(stream.average_rate or 24)
        watcher = Watcher(round(fps))
        for k, frame in enumerate(container.decode(stream)):
            scale = min(1.0, LOOKED_PX / max(frame.width, frame.height))
            small = frame.reformat(max(16, round(frame.width * scale)), max(16, round(frame.height * scale)), "rgb24")
            rgb = np.asarray(small.to_ndarray(), np.uint8)
            watcher.see(rgb)
            if k in wanted:
                pictures[k] = rgb
    return Watched(watcher.motion, pictures, fps)


def measured_against(steering: Steering, direction: Direction, world: World, video: Path) -> dict[str, float]:
    """Keys "ref.<number>.<role>.<measure>", with "…shuffled" beside each: the same against references put in another
    order (shots, time or colours). Empty without references to be measured against."""
    if not {"pacing", "motion", "camera", "palette", "light", "style", "layout", "subject"} & set(steering.by_role):
        return {}
    numbers = world.state.shot[:, 0].numpy().astype(np.int64)
    cut_frames = np.flatnonzero(np.diff(numbers) != 0) + 1
    starts = np.concatenate([[0], cut_frames])
    ends = np.concatenate([cut_frames, [len(numbers)]])
    middles = [int((a + b) // 2) for a, b in zip(starts, ends, strict=True)]
    if len(middles) > MOST_LOOKS:
        middles = [middles[int(k)] for k in np.linspace(0, len(middles) - 1, MOST_LOOKS)]
    watched = watch(video, [0, *middles])
    looked = _looked(watched, middles) if {"palette", "light", "style"} & set(steering.by_role) else {}
    found: dict[str, float] = {}
    fps, duration_s = world.grid.fps, direction.duration_s
    for role, having in steering.by_role.items():
        for seen in having if role == "palette" else having[:1]:
            values: dict[str, float] = {}
            if role == "pacing" and seen.film is not None:
                values = _pacing(seen, steering, duration_s, cut_frames / fps)
                found |= _named(seen, "pacing", _motion(seen, steering, duration_s, watched, cut_frames))
            elif role == "motion" and seen.film is not None and seen is not steering.lead("pacing"):
                values = _motion(seen, steering, duration_s, watched, cut_frames)
            elif role == "camera":
                values = _camera(seen, steering, duration_s, world)
            elif role in ("palette", "light", "style") and seen.shots:
                values = LOOKS[role](seen, steering, duration_s, fps, looked)
            elif role in ("layout", "subject") and (layout := layout_of(seen)) is not None:
                values = _composition(role, layout, world, direction)
            found |= _named(seen, role, values)
    return {name: round(float(value), 4) for name, value in found.items() if np.isfinite(value)}


def _named(seen: Seen, role: str, values: dict[str, float]) -> dict[str, float]:
    return {f"ref.{seen.number}.{role}.{name}": value for name, value in values.items()}


def _looked(watched: Watched, frames: Sequence[int]) -> dict[int, PictureCues]:
    from modalities.perceive.picture import look_at

    return {k: look_at(watched.pictures[k]) for k in frames if k in watched.pictures}


# ------------------------------------------------------------------------------------------------------------- pacing
def cut_rate(cuts_s: Floats, duration_s: float, width_s: float) -> Floats:
    """Cuts a second over the film at 25 Hz, each cut spread over about width_s."""
    at = np.arange(0.0, duration_s, 0.04)
    return np.exp(-0.5 * ((at[:, None] - np.asarray(cuts_s)[None]) / width_s) ** 2).sum(1) if len(cuts_s) \
        else np.zeros(len(at))


def _pacing(seen: Seen, steering: Steering, duration_s: float, cuts_s: Floats) -> dict[str, float]:
    """cut_correlation of the two cut rates, `shuffled` with the reference's shot lengths in other orders."""
    assert seen.film is not None
    times = map_of(seen, duration_s, seen is steering.whole)
    starts = np.concatenate([[0.0], cuts_of(seen.film)]) if times.rounds > 1 else cuts_of(seen.film)
    wanted = times.film_s(starts)
    wanted = wanted[(wanted > 0.05) & (wanted < duration_s - 0.05)]
    values = {"cuts": float(len(cuts_s)), "reference_cuts": float(len(wanted))}
    if len(wanted) == 0:
        return values
    lengths = np.diff(np.concatenate([[0.0], wanted, [duration_s]]))
    width_s = float(np.clip(0.3 * np.median(lengths), 0.12, 1.0))
    made = cut_rate(cuts_s, duration_s, width_s)
    values["cut_correlation"] = pearson(made, cut_rate(wanted, duration_s, width_s))
    pick = np.random.default_rng(7)
    values["shuffled"] = float(np.mean([
        pearson(made, cut_rate(np.cumsum(_reordered(lengths, pick))[:-1], duration_s, width_s))
        for _ in range(SHIFTS)]))
    return values


def _reordered(lengths: Floats, pick: np.random.Generator) -> Floats:
    """Shot lengths in another order; of lengths that are nearly alike the rhythm is moved as a whole."""
    mixed = pick.permutation(lengths)
    if len(lengths) < 3 or float(np.ptp(lengths)) < 0.15 * float(lengths.mean()):
        mixed = mixed * (1.0 + 0.6 * (pick.random(len(lengths)) - 0.5))
        mixed = mixed * lengths.sum() / mixed.sum()
    return mixed


def _motion(seen: Seen, steering: Steering, duration_s: float, watched: Watched, cut_frames: NDArray[np.int64]
            ) -> dict[str, float]:
    """motion_correlation of what moves in both over half a second, and the mean of it against shifts in time."""
    assert seen.film is not None
    times = map_of(seen, duration_s, seen is steering.whole)
    count = len(watched.motion)
    if count < 2 * watched.fps:
        return {}
    at = np.arange(count)
    jump = np.zeros(count, bool)
    for frame in (0, *cut_frames):
        jump[max(0, frame - 1): frame + 2] = True
    made = np.interp(at, at[~jump], watched.motion[~jump]) if (~jump).any() else watched.motion
    wide = max(1, round(watched.fps / 2))
    made = smooth(np.sqrt(made), wide)
    wanted = smooth(curve_over(seen.film, "motion", times, at / watched.fps), wide)
    return {"motion_correlation": pearson(made, wanted), "motion_shuffled": _shifted(made, wanted)}


def _shifted(made: Floats, wanted: Floats) -> float:
    return float(np.mean([pearson(made, np.roll(wanted, int(k))) for k in np.linspace(0.2, 0.8, SHIFTS) * len(made)]))


# ------------------------------------------------------------------------------------------------------------- camera
def rates_of(world: World) -> dict[str, Floats]:
    """The camera of a world as rates a second, frame by frame, named as in FilmCues; no rate runs across a cut."""
    rows = world.state.camera.numpy().astype(np.float64)
    numbers = world.state.shot[:, 0].numpy()
    fps = world.grid.fps
    out = {name: np.zeros(len(rows)) for name in CAMERA_CURVES}
    edges = [0, *(np.flatnonzero(np.diff(numbers) != 0) + 1), len(rows)]
    for a, b in pairwise(edges):
        if b - a < 3:
            continue
        part = rows[a:b]
        tangent = np.tan(0.5 * part[:, 6])
        paths = {"camera.pan": np.degrees(np.unwrap(part[:, 3])), "camera.tilt": np.degrees(part[:, 4]),
                 "camera.roll": -np.degrees(part[:, 5]), "camera.zoom": -np.log(np.maximum(tangent, 1e-3)),
                 "camera.dolly": -np.log(np.maximum(part[:, 7], 0.05))}
        for name, path in paths.items():
            out[name][a:b] = np.gradient(path) * fps
    return out


def _camera(seen: Seen, steering: Steering, duration_s: float, world: World) -> dict[str, float]:
    """<curve>_correlation of every way in which the reference's camera moves, over a quarter of a second; correlation
    is their mean, each as heavy as it is lively; shuffled the same against shifts in time."""
    count, fps = len(world.state), world.grid.fps
    film_s = np.arange(count) / fps
    if seen.film is not None:
        wanted = of_film(seen.film, map_of(seen, duration_s, seen is steering.whole))(film_s)
    elif seen.gesture is not None:
        wanted = of_gesture(seen.gesture, duration_s)(film_s)
    else:
        return {}
    made = rates_of(world)
    wide = max(1, round(fps / 4))
    values: dict[str, float] = {}
    total = score = by_chance = 0.0
    for name in CAMERA_CURVES:
        rate = wanted.get(name)
        if rate is None:
            continue
        weight = float(np.std(rate)) / LEAST_RATE[name]
        if weight < 1.0:
            continue
        one, other = smooth(made[name], wide), smooth(np.asarray(rate, np.float64), wide)
        values[f"{name.removeprefix('camera.')}_correlation"] = pearson(one, other)
        weight = min(weight, 10.0)
        total, score = total + weight, score + weight * pearson(one, other)
        by_chance += weight * _shifted(one, other)
    if total:
        values |= {"correlation": score / total, "shuffled": by_chance / total}
    return values


# --------------------------------------------------------------------------------------------------------------- look
def _pairs(seen: Seen, steering: Steering, duration_s: float, fps: float, looked: dict[int, PictureCues]
           ) -> list[tuple[PictureCues, PictureCues]]:
    """Pictures of the take with what the reference shows at that time."""
    times = map_of(seen, duration_s, seen is steering.whole)
    out: list[tuple[PictureCues, PictureCues]] = []
    for frame, picture in looked.items():
        at = float(times.reference_s(frame / fps))
        shots = seen.shots
        one = next((shot for shot in shots if shot.start_s <= at < shot.end_s), shots[-1])
        out.append((picture, one.picture if seen.film is not None else shots[0].picture))
    return out


def _palette(seen: Seen, steering: Steering, duration_s: float, fps: float, looked: dict[int, PictureCues]
             ) -> dict[str, float]:
    """distance in OKLab to the reference's palette; `shuffled` the same to the palettes of the vocabulary."""
    pairs = _pairs(seen, steering, duration_s, fps, looked)
    others = [stock(name, roles) for name, roles in PALETTES.items()]
    return {"distance": _mean([palette_distance(made.palette, wanted.palette) for made, wanted in pairs]),
            "shuffled": _mean([palette_distance(made.palette, other) for made, _ in pairs for other in others])}


def _light(seen: Seen, steering: Steering, duration_s: float, fps: float, looked: dict[int, PictureCues]
           ) -> dict[str, float]:
    """Mean differences of lightness, contrast and warmth; `shuffled` of the lightness against a plain picture's."""
    pairs = _pairs(seen, steering, duration_s, fps, looked)
    keys = (0.2, 0.4, 0.6, 0.8)
    return {"key_difference": _mean([abs(a.light.key - b.light.key) for a, b in pairs]),
            "contrast_difference": _mean([abs(a.light.contrast - b.light.contrast) for a, b in pairs]),
            "warmth_difference": _mean([abs(a.light.warmth - b.light.warmth) for a, b in pairs]),
            "shuffled": _mean([abs(a.light.key - key) for a, _ in pairs for key in keys])}


def _style(seen: Seen, steering: Steering, duration_s: float, fps: float, looked: dict[int, PictureCues]
           ) -> dict[str, float]:
    """medium_overlap [0, 1] of how the pictures are made; `shuffled` against every other medium."""
    pairs = _pairs(seen, steering, duration_s, fps, looked)
    names = list(pairs[0][1].medium) if pairs else []
    best = max(names, key=lambda name: sum(b.medium.get(name, 0.0) for _, b in pairs), default="")
    return {"medium_overlap": _mean([sum(min(a.medium.get(n, 0.0), b.medium.get(n, 0.0)) for n in names)
                                     for a, b in pairs]),
            "shuffled": _mean([a.medium.get(n, 0.0) for a, _ in pairs for n in names if n != best])}


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


LOOKS: dict[str, Callable[[Seen, Steering, float, float, dict[int, PictureCues]], dict[str, float]]] = {
    "palette": _palette, "light": _light, "style": _style}


# ------------------------------------------------------------------------------------------------------------- layout
def _composition(role: str, layout: Layout, world: World, direction: Direction) -> dict[str, float]:
    """Of the first frame: skyline_iou of the land (`shuffled`: mirrored and shifted), subject_iou and errors."""
    from agent.steer_truth import frame_truth

    made = frame_truth(world, 0, direction.size_px)
    values: dict[str, float] = {}
    if role == "layout" and layout.skyline is not None and made.skyline is not None:
        wanted = np.asarray(layout.skyline)
        values["skyline_iou"] = below_iou(made.skyline, wanted)
        others = [wanted[::-1], *(np.roll(wanted, k) for k in (8, 16, 24)), np.clip(wanted - 0.2, 0, 1)]
        values["shuffled"] = _mean([below_iou(made.skyline, other) for other in others])
        values["skyline_error"] = float(np.abs(made.skyline - wanted).mean())
    if role == "subject" and layout.subject is not None and made.subject is not None:
        values["subject_iou"] = box_iou(made.subject, layout.subject)
        values["subject_error"] = float(np.hypot(*(np.subtract(_middle(made.subject), _middle(layout.subject)))))
        left, top, right, bottom = layout.subject
        values["shuffled"] = box_iou(made.subject, (1 - right, 1 - bottom, 1 - left, 1 - top))
    return values


def below_iou(one: Floats, other: Floats) -> float:
    """Intersection over union of what lies below two lines."""
    a, b = 1.0 - np.clip(one, 0, 1), 1.0 - np.clip(other, 0, 1)
    return float(np.minimum(a, b).sum() / max(float(np.maximum(a, b).sum()), 1e-9))


def box_iou(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    wide = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    high = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    area = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return wide * high / max(area - wide * high, 1e-9)


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
