"""State rows to the streams place, air, look, bodies and camera."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world_model.sim.terrain import ground_height, water_height
from world_model.state import BODY_SLOTS, CAMERA, LIGHT, POSE, WEATHER, offsets
from world_model.streams.layout import BODY_SLOTS_KEPT, STEP_S, Floats, symlog
from world_model.vocabulary import BODIES, SETTINGS

Rows = NDArray[np.float32]
AT = offsets()
_UNDER = SETTINGS.index("underwater")


def surface_at(row: Rows, x: float, z: float) -> float:
    """Metres up of what one stands or floats on at (x, z): the bed when the place is under water."""
    ground = float(ground_height(row, x, z, float(row[AT["time_s"]][0])))
    under = float(row[AT["place"]][_UNDER])
    return ground if under > 0.5 else max(ground, float(water_height(row)))


def state_streams(rows: Rows, fps: int) -> dict[str, Floats]:
    """Streams of packed rows (n, 328) at fps frames a second, a multiple of 4: {name: (n * 4 // fps, width)}.

    A cut inside a step counts at its start. Raises ValueError when fps is no multiple of 4 or there is no whole step.
    """
    each = fps * STEP_S
    if each != int(each) or len(rows) < each:
        raise ValueError(f"state rows need a whole number of frames in {STEP_S} s and one step at least; "
                         f"got {len(rows)} rows at {fps} frames/s")
    size = int(each)
    steps = len(rows) // size
    middles = rows[np.arange(steps) * size + size // 2].astype(np.float64)
    camera = middles[:, AT["camera"]]
    yaw = camera[:, CAMERA.index("yaw_rad")]
    return {
        "place": middles[:, AT["place"].start:AT["ground"].stop].astype(np.float32),
        "air": _air(middles[:, AT["light"]], middles[:, AT["weather"]], yaw),
        "look": middles[:, AT["palette"].start:AT["style"].stop].astype(np.float32),
        "bodies": _bodies(middles, camera, rows, size, fps),
        "camera": _camera(rows, middles, size, fps),
    }


def _air(light: NDArray[np.float64], weather: NDArray[np.float64], yaw: NDArray[np.float64]) -> Floats:
    sun = light[:, LIGHT.index("sun_azimuth_rad")] - yaw
    wind = weather[:, WEATHER.index("wind_yaw_rad")] - yaw
    colours = symlog(light[:, 2:14])
    kept = [light[:, :1], np.sin(sun)[:, None], np.cos(sun)[:, None], colours, light[:, 14:16], weather[:, :7],
            symlog(weather[:, 7:8]), np.sin(wind)[:, None], np.cos(wind)[:, None], weather[:, 9:10]]
    return np.concatenate(kept, 1).astype(np.float32)


def seen_from(camera: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 3) right, up and ahead in metres of world points (n, 3) from cameras (n, 8), by heading alone."""
    away = points - camera[:, :3]
    sin, cos = np.sin(camera[:, 3]), np.cos(camera[:, 3])
    return np.stack([away[:, 0] * cos - away[:, 2] * sin, away[:, 1], away[:, 0] * sin + away[:, 2] * cos], 1)


def _bodies(middles: NDArray[np.float64], camera: NDArray[np.float64], rows: Rows, size: int, fps: int) -> Floats:
    steps = len(middles)
    pose = middles[:, AT["body_pose"]].reshape(steps, BODY_SLOTS, len(POSE))
    kind = middles[:, AT["body_kind"]].reshape(steps, BODY_SLOTS, len(BODIES))
    group = middles[:, AT["body_group"]].reshape(steps, BODY_SLOTS, -1)
    phases = rows[:, AT["body_pose"]].reshape(len(rows), BODY_SLOTS, len(POSE))[:, :, POSE.index("phase")]
    out: list[NDArray[np.float64]] = []
    for slot in range(BODY_SLOTS_KEPT):
        there = np.minimum(kind[:, slot].sum(1, keepdims=True), 1.0)
        turned = pose[:, slot, 3] - camera[:, 3]
        ends = np.minimum((np.arange(steps) + 1) * size, len(rows) - 1)
        starts = np.minimum(np.arange(steps) * size, len(rows) - 1)
        pace = (phases[ends, slot] - phases[starts, slot]).astype(np.float64) * fps / np.maximum(ends - starts, 1)
        count, spread, glow = np.moveaxis(group[:, slot], 1, 0)
        seen = np.concatenate([
            symlog(seen_from(camera, pose[:, slot, :3])), np.sin(turned)[:, None], np.cos(turned)[:, None],
            pose[:, slot, 4:6], np.log(np.maximum(pose[:, slot, 6:7], 1e-3)), symlog(pace)[:, None],
            np.log(np.maximum(count, 1.0))[:, None], symlog(spread)[:, None], glow[:, None]], 1)
        # An empty slot is all zeros, so that nothing is learnt of where nothing is.
        out.append(np.concatenate([seen * there, kind[:, slot]], 1))
    return np.concatenate(out, 1).astype(np.float32)


def _camera(rows: Rows, middles: NDArray[np.float64], size: int, fps: int) -> Floats:
    steps = len(middles)
    camera = rows[:, AT["camera"]].astype(np.float64)
    shot = rows[:, AT["shot"].start]
    starts = np.arange(steps) * size
    ends = np.minimum(starts + size, len(rows) - 1)
    # A camera does not fly from one shot to the next: motion is that of the shot in the step's middle.
    middle = starts + size // 2
    starts = np.where(shot[starts] == shot[middle], starts, middle)
    ends = np.where(shot[ends] == shot[middle], ends, middle)
    span_s = np.maximum(ends - starts, 1) / fps
    moved = seen_from(camera[starts], camera[ends, :3]) / span_s[:, None]
    turned = (camera[ends, 3] - camera[starts, 3] + np.pi) % (2 * np.pi) - np.pi
    at = middles[:, AT["camera"]]
    height = np.array([at[k, 1] - surface_at(rows[middle[k]], at[k, 0], at[k, 2]) for k in range(steps)])
    cut = np.zeros(steps)
    cut[1:] = shot[middle[1:]] != shot[middle[:-1]]
    out = np.stack([symlog(moved[:, 2]), symlog(moved[:, 0]), symlog(moved[:, 1]), turned / span_s, at[:, 4], at[:, 5],
                    np.log(np.clip(at[:, 6], 0.05, 3.0)), np.log(np.clip(at[:, 7], 0.05, 1e4)), symlog(height), cut], 1)
    return out.astype(np.float32)
