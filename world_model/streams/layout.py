"""The streams of the joint model: names, widths and what each number is.

A step is 1/4 s. Row k of every stream tells of the interval [k, k + 1) steps; states are sampled in its middle, so
that no stream leads or lags another. Everything is relative to the camera, so a world has no absolute place: the same
picture gives the same numbers wherever it was taken.

Widths come from the typed state (world_model/state.py); the order of STREAMS is part of the weights' format: add at
the end, never reorder.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world_model.score import PARTS
from world_model.state import GROUND, GROUP
from world_model.vocabulary import BODIES, GENRES, PALETTE_ROLES, SETTINGS, STYLE_FIELDS

Floats = NDArray[np.float32]
STEPS_PER_S = 4
STEP_S = 1.0 / STEPS_PER_S
# Pictures of the learnt streams: 12 a second, three to a step.
PICTURE_FPS = 12
FRAMES_PER_STEP = PICTURE_FPS // STEPS_PER_S
PICTURE_PX = (256, 144)
SOUND_RATE_HZ = 24000

AIR_LIGHT = ("sun_elevation", "sun_right", "sun_ahead", "sun_r", "sun_g", "sun_b", "zenith_r", "zenith_g", "zenith_b",
             "horizon_r", "horizon_g", "horizon_b", "ambient_r", "ambient_g", "ambient_b", "stars", "exposure_ev")
AIR_WEATHER = ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora", "wind", "wind_right", "wind_ahead", "flash")
# What is kept of a body slot: where it is seen from the camera, how it is turned, what it is.
BODY_POSE = ("right", "up", "ahead", "heading_sin", "heading_cos", "pitch", "roll", "size", "pace")
BODY_SLOTS_KEPT = 3
BODY_WIDTH = len(BODY_POSE) + len(GROUP) + len(BODIES)
CAMERA_MOTION = ("ahead_mps", "right_mps", "up_mps", "turn_rad_per_s", "pitch_rad", "roll_rad", "log_fov", "log_focus",
                 "height", "cut")
SCORE_SECTIONS = ("intro", "verse", "build", "drop", "chorus", "break", "bridge", "outro", "silence")
SUBSTEPS = 4  # onsets and hearing look four times a step: 62.5 ms
SCORE_ONSETS = ("bass", "harmony", "melody", "kick", "snare", "hihat")
SCORE_HEAD = ("minor", "log_tempo", "beats_per_bar", "beat_sin", "beat_cos", "bar_sin", "bar_cos", "energy",
              "melody_height", "playing")
HEARING_BANDS = 24
GLIMPSE_PX = (16, 9)
SKETCH_PX = (32, 18)
assert len(PARTS) == 4


@dataclass(frozen=True)
class Stream:
    """width numbers a step; `tokens` is how many model tokens hold them; `what` is said to people."""

    name: str
    width: int
    what: str


STREAMS = (
    Stream("place", len(SETTINGS) + len(GROUND), "settings and the shape of the ground"),
    Stream("air", len(AIR_LIGHT) + len(AIR_WEATHER), "light and weather, seen from the camera's heading"),
    Stream("look", 3 * len(PALETTE_ROLES) + len(STYLE_FIELDS), "palette and style"),
    Stream("bodies", BODY_SLOTS_KEPT * BODY_WIDTH, "what moves, seen from the camera"),
    Stream("camera", len(CAMERA_MOTION), "the camera's own motion, lens and cuts"),
    Stream("score", len(GENRES) + 12 + len(SCORE_HEAD) + len(SCORE_SECTIONS) + SUBSTEPS * len(SCORE_ONSETS) + 24,
           "genre, key, metre, sections, onsets and harmony of the music"),
    Stream("hearing", SUBSTEPS * (HEARING_BANDS + 1), "what is heard: mel bands and their attack"),
    Stream("glimpse", 3 * GLIMPSE_PX[0] * GLIMPSE_PX[1], "what is seen at a glance: 16 x 9 colours"),
    Stream("sketch", SKETCH_PX[0] * SKETCH_PX[1], "drawn lines: 32 x 18 ink"),
)
WIDTHS = {stream.name: stream.width for stream in STREAMS}
STATE_STREAMS = ("place", "air", "look", "bodies", "camera")


def symlog(x: NDArray[np.float64] | Floats) -> NDArray[np.float64]:
    """sign(x) log(1 + |x|): metres and speeds over five decades in a few units."""
    x = np.asarray(x, np.float64)
    return np.sign(x) * np.log1p(np.abs(x))


def symexp(y: NDArray[np.float64] | Floats) -> NDArray[np.float64]:
    """The inverse of symlog; |y| is capped at 9.3 (10 km)."""
    y = np.clip(np.asarray(y, np.float64), -9.3, 9.3)
    return np.sign(y) * np.expm1(np.abs(y))


def steps_in(duration_s: float) -> int:
    """Whole steps that cover duration_s, at least one."""
    return max(1, int(np.ceil(duration_s * STEPS_PER_S - 1e-6)))
