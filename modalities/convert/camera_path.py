"""Camera paths and drawn strokes as the camera stream, and the camera stream as a path.

A path is {"camera": [{"t_s", "x_m", "y_m", "z_m", "yaw_deg", "pitch_deg", "roll_deg", "fov_deg"[, "focus_m"]}, …]}: x
right, z ahead, y metres above the ground, yaw 0 along z and growing to the right, pitch growing upward, roll positive
tips the horizon clockwise, fov horizontal.

A stroke is {"stroke": [{"t_s", "x", "y"}, …]}: x to the right and y downward in shares of the frame. The look follows
the pen: a stroke across the whole width turns the camera by TURN_RAD, one from bottom to top raises its pitch by
TILT_RAD. How fast the camera travels and how high it stands is not said, so it stays at what is usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from world_model.streams.layout import CAMERA_MOTION, STEP_S, Floats, symexp, symlog

F64 = NDArray[np.float64]
PATH_FIELDS = ("t_s", "x_m", "y_m", "z_m", "yaw_deg", "pitch_deg", "roll_deg", "fov_deg")
DEFAULTS = {"roll_deg": 0.0, "pitch_deg": 0.0, "fov_deg": 60.0}
STROKE_FIELDS = ("t_s", "x", "y")
# One width of the frame turns by one usual field of view, one height by its share.
TURN_RAD, TILT_RAD = float(np.radians(60.0)), float(np.radians(36.0))
AHEAD, RIGHT, UP, TURN, PITCH, ROLL, FOV, FOCUS, HEIGHT, CUT = range(len(CAMERA_MOTION))
Start = tuple[float, float, float]


def _at(times: NDArray[Any], points: NDArray[Any], at_s: NDArray[Any]) -> F64:
    """(n, columns) of points (m, columns) at other times, by straight lines, the ends held."""
    return np.stack([np.interp(at_s, times, column) for column in points.T], 1)


def stream_of_path(points: F64, steps: int) -> tuple[Floats, Start]:
    """The camera stream (steps, 10) of points (m, 9): PATH_FIELDS and focus_m (NaN where it is not said), and the
    x_m, z_m and yaw_rad at which it starts. Times rise from 0; after the last point the camera stands."""
    times, rest = points[:, 0], points[:, 1:].copy()
    rest[:, 3] = np.unwrap(np.radians(rest[:, 3]))
    rest[:, 4:7] = np.radians(rest[:, 4:7])
    edges = _at(times, rest, np.arange(steps + 1) * STEP_S)
    middles = _at(times, rest, (np.arange(steps) + 0.5) * STEP_S)
    gone = np.diff(edges, axis=0) / STEP_S
    sin, cos = np.sin(edges[:-1, 3]), np.cos(edges[:-1, 3])
    out = np.zeros((steps, len(CAMERA_MOTION)))
    out[:, AHEAD] = symlog(gone[:, 0] * sin + gone[:, 2] * cos)
    out[:, RIGHT] = symlog(gone[:, 0] * cos - gone[:, 2] * sin)
    out[:, UP] = symlog(gone[:, 1])
    out[:, TURN], out[:, PITCH], out[:, ROLL] = gone[:, 3], middles[:, 4], middles[:, 5]
    out[:, FOV] = np.log(np.clip(middles[:, 6], 0.05, 3.0))
    out[:, FOCUS] = np.log(np.clip(middles[:, 7], 0.05, 1e4))
    out[:, HEIGHT] = symlog(middles[:, 1])
    return out.astype(np.float32), (float(edges[0, 0]), float(edges[0, 2]), float(edges[0, 3]))


def path_of_stream(camera: Floats, start: Start = (0.0, 0.0, 0.0)) -> list[dict[str, float]]:
    """The path of a camera stream (T, 10) from a start: two points a step, at its edges and its middle, so that
    `stream_of_path` gives the same stream back. A cut is not a movement and is left out."""
    stream = np.nan_to_num(np.asarray(camera, np.float64))
    steps = len(stream)
    yaw = start[2] + np.concatenate([[0.0], np.cumsum(stream[:, TURN])]) * STEP_S
    ahead, right = symexp(stream[:, AHEAD]), symexp(stream[:, RIGHT])
    sin, cos = np.sin(yaw[:-1]), np.cos(yaw[:-1])
    x = start[0] + np.concatenate([[0.0], np.cumsum(ahead * sin + right * cos)]) * STEP_S
    z = start[1] + np.concatenate([[0.0], np.cumsum(ahead * cos - right * sin)]) * STEP_S
    times = np.arange(2 * steps + 1) * 0.5 * STEP_S
    edges, middles = times[::2], times[1::2]
    smooth = np.stack([symexp(stream[:, HEIGHT]), np.degrees(stream[:, PITCH]), np.degrees(stream[:, ROLL]),
                       np.degrees(np.exp(np.clip(stream[:, FOV], -3.0, 1.1))),
                       np.exp(np.clip(stream[:, FOCUS], -3.0, 9.3))], 1)
    between = _at(middles, smooth, times)
    moved = _at(edges, np.stack([x, z, np.degrees(yaw)], 1), times)
    names = ("t_s", "x_m", "y_m", "z_m", "yaw_deg", "pitch_deg", "roll_deg", "fov_deg", "focus_m")
    rows = np.column_stack([times, moved[:, 0], between[:, 0], moved[:, 1], moved[:, 2], between[:, 1:]])
    return [{name: round(float(value), 6) for name, value in zip(names, row, strict=True)} for row in rows]


def stream_of_stroke(points: F64, steps: int) -> Floats:
    """The camera stream (steps, 10) of a stroke (m, 3) of STROKE_FIELDS: turn and pitch; NaN where it says nothing."""
    edges = _at(points[:, 0], points[:, 1:], np.arange(steps + 1) * STEP_S)
    middles = _at(points[:, 0], points[:, 1:], (np.arange(steps) + 0.5) * STEP_S)
    out = np.full((steps, len(CAMERA_MOTION)), np.nan)
    out[:, TURN] = np.diff(edges[:, 0]) * TURN_RAD / STEP_S
    out[:, PITCH] = (0.5 - middles[:, 1]) * TILT_RAD
    out[:, ROLL] = out[:, CUT] = 0.0
    return out.astype(np.float32)


def stroke_of_stream(camera: Floats) -> list[dict[str, float]]:
    """The stroke, laid round the middle of the frame, that a person would draw for a camera stream (T, 10)."""
    turned = np.concatenate([[0.0], np.cumsum(camera[:, TURN].astype(np.float64))]) * STEP_S
    times = np.arange(len(turned)) * STEP_S
    pitch = np.interp(times, times[:-1] + 0.5 * STEP_S, camera[:, PITCH])
    across = turned / TURN_RAD
    x = np.clip(0.5 + across - 0.5 * (across.max() + across.min()), 0.0, 1.0)
    y = np.clip(0.5 - pitch / TILT_RAD, 0.0, 1.0)
    return [{"t_s": float(t), "x": float(a), "y": float(b)} for t, a, b in zip(times, x, y, strict=True)]


def table_of(points: Sequence[Any], names: Sequence[str], defaults: dict[str, float]) -> F64:
    """(m, len(names)) of a JSON list. Raises ValueError with a sentence for what is missing, not a number, not finite
    or out of order (t_s rises from 0 or later)."""
    rows: list[list[float]] = []
    for k, point in enumerate(points):
        row: list[float] = []
        for name in names:
            value: Any = point.get(name, defaults.get(name)) if isinstance(point, dict) else None
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                raise ValueError(f"point {k} has no number {name!r}")
            if not abs(value) < 1e6 and not (name == "focus_m" and value != value):
                raise ValueError(f"point {k} has {name} = {str(value)[:24]}, which is no usable number")
            row.append(float(value))
        rows.append(row)
    table = np.array(rows, np.float64).reshape(len(rows), len(names))
    if len(table) < 2 or table[0, 0] < 0 or not bool((np.diff(table[:, 0]) > 0).all()):
        raise ValueError("it needs two points at least, with t_s rising from 0")
    return table
