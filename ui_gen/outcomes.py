"""Named outcomes: what a creator would say has changed, and by how much it must change to be noticed.

Picture outcomes are measured on drawn frames, state outcomes on rows of the world, film outcomes on the Direction and
its score. All are means over one frame or over the probe, in the units below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world_model.colour import linear_to_oklab, srgb_to_linear
from world_model.state import BODY_SLOTS, GROUND, WEATHER, offsets
from world_model.vocabulary import STYLE_FIELDS

Rows = NDArray[np.float32]
Floats = NDArray[np.float64]
AT = offsets()


@dataclass(frozen=True)
class Outcome:
    """words: as in a sentence; noticeable: the change of it that a viewer would just notice, in its unit."""

    words: str
    unit: str
    noticeable: float


# OKLab lightness and chroma times 100 for pictures; a share of the picture in per cent.
PICTURE: dict[str, Outcome] = {
    "brightness": Outcome("brightness", "L", 1.2), "contrast": Outcome("contrast", "L", 0.8),
    "colourfulness": Outcome("strength of colour", "C", 0.5), "warmth": Outcome("warmth", "b", 0.5),
    "detail": Outcome("fine detail", "L", 0.25), "subject_share": Outcome("size of the subject", "%", 0.4),
    "land_share": Outcome("share of land", "%", 2.0),
    "subject_across": Outcome("place of the subject across", "%", 3.0),
    "subject_up": Outcome("place of the subject up", "%", 3.0), "distance": Outcome("distance of things", "%", 6.0),
    "motion": Outcome("motion", "%/s", 3.0)}
STATE: dict[str, Outcome] = {
    **{name: Outcome(name, "", 0.05) for name in ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora")},
    "wind": Outcome("wind", "m/s", 1.0), "sun_height": Outcome("height of the sun", "°", 3.0),
    "sun_side": Outcome("side of the sun", "°", 5.0), "relief": Outcome("relief", "×", 0.08),
    "density": Outcome("how much stands there", "×", 0.08), "waves": Outcome("waves", "m", 0.08),
    "water": Outcome("level of the water", "m", 0.2), "count": Outcome("how many there are", "", 0.9),
    "size": Outcome("size of the subject", "m", 0.05), "glow": Outcome("glow", "", 0.06),
    "subject_speed": Outcome("speed of the subject", "m/s", 0.15), "lens": Outcome("angle of view", "°", 2.0),
    "camera_speed": Outcome("speed of the camera", "m/s", 0.12),
    "camera_turn": Outcome("turning of the camera", "°/s", 1.0),
    "camera_height": Outcome("height of the camera", "m", 0.25), "shake": Outcome("shake", "°/s", 1.0),
    "drawings": Outcome("drawings a second", "/s", 1.0)}
FILM: dict[str, Outcome] = {
    "length": Outcome("length of the film", "s", 0.25), "cuts": Outcome("cuts a minute", "/min", 0.5),
    "cut_moment": Outcome("moment of the cut", "s", 0.04), "tempo": Outcome("tempo", "bpm", 1.0),
    "notes": Outcome("notes a second", "/s", 0.2), "pitch": Outcome("pitch", "semitones", 0.5),
    "loudness": Outcome("loudness", "dB", 0.5), "brilliance": Outcome("brilliance of the sound", "Hz", 60.0),
    "onsets": Outcome("onsets a second", "/s", 1.0), "sound": Outcome("the sound", "dB", 0.5)}
OUTCOMES = {**PICTURE, **STATE, **FILM}
# What is told by the picture as a whole: mean distance in OKLab times 100.
CHANGED = Outcome("the picture", "ΔE", 0.35)


def picture_outcomes(rgb: NDArray[np.uint8], object_id: NDArray[np.int16], depth_m: NDArray[np.float32],
                     flow_px: NDArray[np.float32] | None, fps: float) -> tuple[dict[str, float], Floats]:
    """(outcomes by name, OKLab (H, W, 3) times 100) of one frame."""
    lab = 100.0 * linear_to_oklab(srgb_to_linear(rgb / 255.0))
    light, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    # Fine detail is what a blur takes away: differences of neighbours.
    detail = 0.5 * (np.abs(np.diff(light, axis=0)).mean() + np.abs(np.diff(light, axis=1)).mean())
    near = depth_m[object_id > 0]
    down, across = np.nonzero(object_id >= 10)
    high, wide = object_id.shape
    moved = np.hypot(flow_px[..., 0], flow_px[..., 1]).mean() if flow_px is not None else 0.0
    return {"brightness": float(light.mean()), "contrast": float(light.std()), "colourfulness": float(chroma.mean()),
            "warmth": float(lab[..., 2].mean()), "detail": float(detail),
            "subject_share": 100.0 * float((object_id >= 10).mean()),
            "subject_across": 100.0 * float(across.mean()) / wide if across.size else 50.0,
            "subject_up": 100.0 * (1.0 - float(down.mean()) / high) if down.size else 50.0,
            "land_share": 100.0 * float((object_id > 0).mean()),
            "distance": 100.0 * float(np.log(np.maximum(near, 0.05)).mean()) if near.size else 0.0,
            "motion": 100.0 * float(moved) * fps / rgb.shape[1]}, lab


def state_outcomes(rows: Rows, shots: NDArray[np.int64], fps: float) -> dict[str, float]:
    """Outcomes of rows (n, WIDTH) of state; shots (n,) says which rows follow each other."""
    weather, ground, camera = rows[:, AT["weather"]], rows[:, AT["ground"]], rows[:, AT["camera"]].astype(np.float64)
    pose = rows[:, AT["body_pose"]].reshape(len(rows), BODY_SLOTS, -1).astype(np.float64)
    group = rows[:, AT["body_group"]].reshape(len(rows), BODY_SLOTS, -1)
    there = rows[:, AT["body_kind"]].reshape(len(rows), BODY_SLOTS, -1).sum(-1) > 0.02
    light = rows[:, AT["light"]]
    follows = shots[1:] == shots[:-1]
    out = {name: float(weather[:, WEATHER.index(name)].mean())
           for name in ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora")}
    out["wind"] = float(weather[:, WEATHER.index("wind_mps")].mean())
    out["sun_height"] = float(np.degrees(light[:, 0]).mean())
    out["sun_side"] = float(np.degrees(np.unwrap(light[:, 1] - camera[:, 3])).mean())
    for name, field in (("relief", "relief"), ("density", "density"), ("waves", "wave_m"), ("water", "water_level_m")):
        out[name] = float(ground[:, GROUND.index(field)].mean())
    out["count"] = float(group[:, :, 0][there].sum() / max(1, len(rows)))
    out["size"] = float(pose[:, :, 6][there].mean()) if there.any() else 0.0
    out["glow"] = float(group[:, :, 2][there].mean()) if there.any() else 0.0
    both = there[1:] & there[:-1] & follows[:, None]
    gone = np.linalg.norm(np.diff(pose[:, :, :3], axis=0), axis=-1) * fps
    out["subject_speed"] = float(gone[both].mean()) if both.any() else 0.0
    out["lens"] = float(np.degrees(camera[:, 6]).mean())
    step = np.diff(camera, axis=0)[follows]
    turned = np.degrees(np.abs(np.angle(np.exp(1j * step[:, 3:6]))))
    out["camera_speed"] = float(np.linalg.norm(step[:, :3], axis=1).mean() * fps) if len(step) else 0.0
    out["camera_turn"] = float(turned[:, :2].sum(1).mean() * fps) if len(step) else 0.0
    out["shake"] = float(np.abs(np.diff(turned.sum(1))).mean() * fps) if len(step) > 1 else 0.0
    out["camera_height"] = float(camera[:, 1].mean())
    held = np.abs(np.diff(rows[:, AT["time_s"]][:, 0]))[follows]
    hold = np.maximum(rows[:, AT["style"]][:, STYLE_FIELDS.index("hold_frames")], 1.0)
    out["drawings"] = fps * float((held > 1e-6).mean()) if len(held) else 24.0 / float(hold.mean())
    return out


# The named things that should stay while another is moved, and where each lies in a row.
THINGS = {"place": "the place", "ground": "the land", "light": "the light", "weather": "the weather",
          "palette": "the colours", "style": "the look", "body_kind": "the cast", "body_pose": "the subject",
          "body_group": "the subject", "camera": "the camera"}
LEAST_LEAK = 0.03
# Metres and radians by which a camera or a body must move to count as wholly moved.
REACH_M, REACH_RAD = 4.0, 0.5


def moved_things(before: Rows, after: Rows) -> dict[str, float]:
    """How far each named thing moved between two rollouts (n, WIDTH) of one shape, 0 (not at all) to 1."""
    out: dict[str, float] = {}
    for field, words in THINGS.items():
        a, b = before[:, AT[field]].astype(np.float64), after[:, AT[field]].astype(np.float64)
        gap = np.abs(a - b)
        if field == "camera":
            share = np.concatenate([gap[:, :3] / REACH_M, gap[:, 3:7] / REACH_RAD], 1).max(1)
        elif field == "body_pose":
            shape = (len(a), BODY_SLOTS, -1)
            kind = before[:, AT["body_kind"]].reshape(len(a), BODY_SLOTS, -1).sum(-1) > 0.02
            pose = gap.reshape(shape)
            size = np.maximum(np.abs(a.reshape(shape)[..., 6]), 0.05)
            share = np.where(kind, np.maximum(pose[..., :3].max(-1) / (REACH_M + size), pose[..., 6] / size), 0).max(1)
        else:
            share = (gap / (0.5 + np.maximum(np.abs(a), np.abs(b)))).max(1)
        out[words] = max(out.get(words, 0.0), float(np.minimum(share, 1.0).mean()))
    return out


def changed(before: Floats, after: Floats) -> float:
    """Mean distance in OKLab (times 100) of two pictures (H, W, 3)."""
    return float(np.sqrt(np.square(before - after).sum(-1)).mean())


def noticed(effects: Mapping[str, float]) -> dict[str, float]:
    """Effects in steps that a viewer would just notice."""
    return {name: effect / OUTCOMES[name].noticeable for name, effect in effects.items() if name in OUTCOMES}
