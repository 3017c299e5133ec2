"""The camera of a reference, transplanted: what it turned, tilted, rolled, zoomed and travelled, shot by shot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from agent.direction import Camera, CameraMove, Direction, Shot
from agent.steer_time import Floats, TimeMap, curve_over
from agent.unroll_spans import spans_s
from modalities.cues import CAMERA_CURVES, FilmCues, GestureCues
from world_model.sim.blocking import SPREAD
from world_model.sim.camera_frame import LOOK_M, PLACE_HEIGHT_M, apparent_m, framing_distance
from world_model.sim.keys import smoothed

SAMPLE_HZ = 24.0
KEYS_HZ = 6.0
FRAME_WIDTH_MM = 36.0
# How far a path may go in a shot: shares of the angle of view with a subject to keep, degrees without, and logs of
# magnification. A path that went further is made smaller, not cut off.
SUBJECT_SHARE = 0.36
MOST_DEG = {"yaw": 160.0, "pitch": 34.0, "roll": 32.0}
MOST_LOG = np.log(4.5)
# Below these a shot's camera holds: degrees, and logs of magnification, over the whole shot.
STILL_DEG, STILL_LOG = 0.6, 0.02
Rates = Callable[[Floats], Mapping[str, Floats]]


def of_film(film: FilmCues, times: TimeMap) -> Rates:
    """Rates of the reference's camera a second of the film, by name, at seconds of the film."""
    def rates(film_s: Floats) -> Mapping[str, Floats]:
        return {name: curve_over(film, name, times, film_s) / times.scale for name in CAMERA_CURVES}

    return rates


def of_gesture(gesture: GestureCues, duration_s: float) -> Rates:
    """Rates of a gesture's camera, its length stretched over the film when it is of another length."""
    stretch = duration_s / max(gesture.duration_s, 0.1)
    stretch = 1.0 if 1.0 <= stretch < 1.15 else stretch

    def rates(film_s: Floats) -> Mapping[str, Floats]:
        out: dict[str, Floats] = {}
        for name, curve in gesture.camera.items():
            clock = np.arange(len(curve)) / gesture.curve_rate_hz
            values = np.interp(film_s / stretch, clock, np.nan_to_num(np.asarray(curve, np.float64)), right=0.0) \
                if len(curve) else np.zeros(len(film_s))
            out[name] = values / stretch
        return out

    return rates


def with_camera(direction: Direction, rates: Rates) -> Direction:
    """The Direction whose shots are filmed with these paths instead of moves of their own."""
    aspect = direction.size_px[0] / direction.size_px[1]
    shots = tuple(_filmed(shot, span, rates, aspect) for shot, span in
                  zip(direction.shots, spans_s(direction), strict=True))
    links = tuple(link for link in direction.links if not link.to.endswith("/camera/speed"))
    return direction.model_copy(update={"shots": shots, "links": links})


def usual_distance_m(shot: Shot, aspect: float) -> float:
    """How far from its subject, or from the spot it looks at, a shot's camera stands."""
    camera = shot.camera
    body = next((body for body in shot.world.bodies if body.id == camera.target), None)
    if body is None:
        return LOOK_M[camera.scale] * (24.0 / camera.lens_mm) ** 0.5
    extent = apparent_m(body.kind, body.size_m, body.count, SPREAD[body.kind] * body.size_m, camera.scale, aspect)
    return framing_distance(camera.scale, extent, camera.lens_mm, aspect)


def _filmed(shot: Shot, span: tuple[float, float], rates: Rates, aspect: float) -> Shot:
    length_s = span[1] - span[0]
    count = max(3, round(length_s * SAMPLE_HZ) + 1)
    film_s = span[0] + np.linspace(0.0, 1.0, count) * length_s * 0.999
    found = rates(film_s)
    step_s = length_s / (count - 1)

    def path(name: str) -> Floats:
        rate = found.get(name)
        if rate is None:
            return np.zeros(count)
        rate = smoothed(rate, 1)
        way = np.concatenate([[0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]))]) * step_s
        return way - 0.5 * (way.max() + way.min())

    distance_m = usual_distance_m(shot, aspect)
    across = np.degrees(np.arctan2(path("right"), distance_m))
    held = shot.camera.target is not None
    view_deg = float(np.degrees(2 * np.arctan(FRAME_WIDTH_MM / (2 * shot.camera.lens_mm))))
    yaw = _within(path("camera.pan") + across, SUBJECT_SHARE * view_deg if held else MOST_DEG["yaw"])
    pitch = _within(path("camera.tilt"), SUBJECT_SHARE * view_deg / aspect if held else MOST_DEG["pitch"])
    # The world's roll tips the horizon clockwise, which a camera does that turns the other way.
    roll = -_within(path("camera.roll"), MOST_DEG["roll"])
    zoom = _within(path("camera.zoom"), MOST_LOG / 2)
    dolly = _within(path("camera.dolly") + path("forward") / distance_m, MOST_LOG / 2)
    up = path("up")
    curves = {name: keys for name, keys in shot.camera.curves.items() if name not in
              ("yaw_deg", "pitch_deg", "roll_deg", "lens_mm", "distance_m")}
    u = np.linspace(0.0, 1.0, count)
    for name, values, still in (("yaw_deg", yaw, STILL_DEG), ("pitch_deg", pitch, STILL_DEG),
                                ("roll_deg", roll, STILL_DEG)):
        if np.ptp(values) > still:
            curves[name] = _keys(u, values, length_s)
    if np.ptp(zoom) > STILL_LOG:
        curves["lens_mm"] = _keys(u, np.clip(shot.camera.lens_mm * np.exp(zoom), 8.0, 200.0), length_s)
    if np.ptp(dolly) > STILL_LOG:
        curves["distance_m"] = _keys(u, np.maximum(distance_m * np.exp(-dolly), 0.15), length_s)
    if np.ptp(up) > 0.05:
        base = shot.camera.height_m or PLACE_HEIGHT_M[shot.camera.scale]
        curves["height_m"] = _keys(u, np.clip(base + up - up.min(), 0.1, 400.0), length_s)
    moved = {"pan": float(np.ptp(yaw)), "tilt": float(np.ptp(pitch)), "roll": float(np.ptp(roll)),
             "dolly_in": 40.0 * float(dolly[-1] - dolly[0]), "dolly_out": -40.0 * float(dolly[-1] - dolly[0])}
    camera = shot.camera.model_copy(update={
        "move": move_of(moved), "speed": 0.0, "shake": 0.0, "curves": curves,
        "height_m": shot.camera.height_m if shot.camera.move != "bee_cam" else None})
    return shot.model_copy(update={"camera": Camera.model_validate(camera.model_dump())})


def move_of(moved: Mapping[str, float]) -> CameraMove:
    """The nearest name of a path, from how far it goes in each way."""
    named: dict[str, CameraMove] = {"pan": "pan", "tilt": "tilt", "dolly_in": "dolly_in", "dolly_out": "dolly_out"}
    best = max(named, key=lambda name: moved.get(name, 0.0))
    return named[best] if moved.get(best, 0.0) > 1.5 else "static"


def _within(path: Floats, most: float) -> Floats:
    """A path round 0, made smaller where it goes further than `most`."""
    far = float(np.abs(path).max())
    return path if far <= most else path * (most / far)


def _keys(u: Floats, values: Floats, length_s: float) -> tuple[tuple[float, float], ...]:
    at = np.linspace(0.0, 1.0, max(3, round(length_s * KEYS_HZ) + 1))
    return tuple((round(float(a), 4), round(float(b), 4)) for a, b in zip(at, np.interp(at, u, values), strict=True))
