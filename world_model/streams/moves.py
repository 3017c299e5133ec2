"""Which of the camera moves a camera stream shows: rules over its mean motion, tilt, lens, height and focus.

What a person would say of a recording, in the order in which it catches the eye: looking straight down, a lens that
zooms, a flight, a crane, a tilt, no travel at all, a turn round something, a travel to the side, ahead or back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world_model.streams.layout import CAMERA_MOTION, Floats, symexp

F64 = NDArray[np.float64]
# How often a move named so was the one asked for, over 768 sampled clips: its confidence.
RIGHT = {"top_down": 1.0, "dolly_zoom": 1.0, "bee_cam": 0.96, "fly_through": 0.95, "reveal": 0.9, "crane_up": 0.73,
         "crane_down": 0.8, "tilt": 0.93, "pan": 0.64, "static": 0.67, "orbit": 0.64, "truck": 0.61, "dolly_out": 0.62,
         "dolly_in": 0.63, "follow": 0.9, "handheld": 0.22}
LOOKS_DOWN_RAD = -1.2
STILL_MPS = 0.12


def move_of(camera: Floats) -> tuple[str, float]:
    """The move's name (vocabulary.CAMERA_MOVES) and confidence in [0, 1] of a camera stream (T, 10)."""
    stream = np.nan_to_num(np.asarray(camera, np.float64))
    name = _name(stream) if len(stream) > 1 else ("top_down" if stream[0, 4] < LOOKS_DOWN_RAD else "static")
    return name, RIGHT[name]


def _name(stream: F64) -> str:
    column = {name: stream[:, k] for k, name in enumerate(CAMERA_MOTION)}
    ahead, right, up = (symexp(column[name]) for name in ("ahead_mps", "right_mps", "up_mps"))
    turn, pitch, height = column["turn_rad_per_s"], column["pitch_rad"], symexp(column["height"])
    few = max(1, len(stream) // 5)

    def change(values: F64) -> float:
        return float(values[-few:].mean() - values[:few].mean())

    # Changes are measured for four seconds, whatever the length.
    longer = 16.0 / len(stream)
    zoom, tilted, focus = (longer * change(column[name]) for name in ("log_fov", "pitch_rad", "log_focus"))
    risen = longer * change(height)
    forward, sideways, climb = float(ahead.mean()), float(right.mean()), float(up.mean())
    speed = float(np.sqrt(ahead ** 2 + right ** 2 + up ** 2).mean())
    if pitch.mean() < LOOKS_DOWN_RAD:
        return "top_down"
    if abs(zoom) > 0.04:
        return "dolly_zoom"
    if column["roll_rad"].std() > 0.006 and forward > 0.3:
        return "bee_cam" if np.median(height) < 0.5 else "fly_through"
    if abs(turn.mean()) > 0.08 and abs(sideways) > 0.35 * speed and turn.mean() * sideways < 0:
        return "orbit"
    tilts = abs(tilted) > 0.02
    if tilts and abs(climb) > max(0.03, 0.12 * abs(forward)) and climb * tilted < 0:
        if climb < 0:
            return "crane_down"
        return "reveal" if focus < -0.08 else "crane_up"
    if abs(risen) > 0.5 and abs(climb) > 0.5 * abs(forward):
        return "crane_up" if risen > 0 else "crane_down"
    if speed < STILL_MPS:
        return "tilt" if abs(tilted) > 0.03 else "pan" if turn.std() > 0.02 else "static"
    if abs(tilted) > 0.1 and speed < 0.5:
        return "tilt"
    if abs(sideways) > 1.3 * abs(forward) and abs(sideways) > 0.05:
        return "truck"
    if forward < 0:
        return "dolly_out"
    return "dolly_in" if focus < -0.2 else "follow" if focus < -0.12 else "handheld"
