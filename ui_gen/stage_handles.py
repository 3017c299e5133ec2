"""Handles on the film: where sun, horizon and main body stand in a shot's first frame, and the edits that move them.

Everything comes from the state that the shot is rolled out to, projected with its camera; no picture is drawn for it.
Places are shares of the picture from its top left. Couplings to the music are left out: they move no first frame.
"""

from __future__ import annotations

import base64
import io
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from agent.direction import Direction, Shot
from agent.edits import Patch, apply_patch
from agent.unroll import shot_plan
from agent.unroll_spans import cut_frames
from modalities.faults import Unusable
from ui_gen.stage_cuts import Edit
from world_model.clock import TimeGrid
from world_model.sim import layout
from world_model.sim.camera_frame import EXTENT
from world_model.sim.motion import CENTRE
from world_model.sim.picture import Renderer
from world_model.sim.rollout import roll_shot
from world_model.state import offsets

Row = NDArray[np.float32]
Place = tuple[float, float]
AT = offsets()
NAMES = ("sun", "horizon", "body")
# The moon takes the sun's place at night (world_model/sim/light.py).
DAY_H = (5.5, 19.6)
STILL_PX = 256
LEAST_HIGH, MOST_HIGH = 0.02, 1.5
FARTHEST_M = 1e4


@dataclass(frozen=True)
class Standing:
    """Where things stand in the first frame of a shot. sun: its place, at the edge where it is out of the picture
    (sun_seen); moon: whether it is one. horizon: y at the left edge, the middle and the right edge; None seen from
    above. body: its slot; body_at, body_size (width, height): of what the camera is about; None without a body."""

    sun: Place
    sun_seen: bool
    moon: bool
    horizon: tuple[float, float, float] | None
    body: int | None = None
    body_name: str = ""
    body_at: Place = (0.5, 0.5)
    body_size: Place = (0.1, 0.1)

    def as_json(self) -> dict[str, Any]:
        """As the page takes it."""
        body = {"name": self.body_name, "at": _four(self.body_at), "size": _four(self.body_size)}
        return {"sun": {"at": _four(self.sun), "seen": self.sun_seen, "moon": self.moon},
                "horizon": None if self.horizon is None else _four(self.horizon),
                "body": None if self.body is None else body}


def first_row(direction: Direction, shot: int) -> Row:
    """The first row (328,) float32 of a shot alone. Raises Unusable for a shot that is not seen, or a world that
    cannot be rolled out."""
    grid = TimeGrid(direction.grid.steps_per_s, direction.grid.fps, direction.grid.sample_rate_hz)
    frames = next((end - start for k, start, end in cut_frames(direction, grid) if k == shot), 0)
    if frames < 1:
        raise Unusable("That shot is not in the film.")
    try:
        return roll_shot(shot_plan(direction, shot, frames))[0][0]
    except ValueError as fault:
        raise Unusable(f"That shot cannot be rolled out: {fault}.") from None


def standing(direction: Direction, shot: int, row: Row | None = None) -> Standing:
    """Where things stand in the first frame of a shot; row: that frame where it is known. Raises Unusable."""
    row = first_row(direction, shot) if row is None else row
    given = direction.shots[shot]
    camera = row[AT["camera"]].astype(np.float64)
    aspect = direction.size_px[0] / direction.size_px[1]
    elevation, azimuth = (float(v) for v in row[AT["light"]][:2])
    flat = np.cos(elevation)
    way = np.array([np.sin(azimuth) * flat, np.sin(elevation), np.cos(azimuth) * flat])
    sun, seen = _in_sight(layout.places(camera, aspect, camera[:3] + FARTHEST_M * way))
    moon = _moonlit(given)
    found = Standing(sun, seen, moon, None if given.camera.move == "top_down" else _horizon(camera, aspect))
    bodies = given.world.bodies
    if not bodies:
        return found
    slot = next((n for n, body in enumerate(bodies) if body.id == given.camera.target), 0)
    kind = bodies[slot].kind
    pose = row[AT["body_pose"]].reshape(-1, 8)[slot].astype(np.float64)
    high, long = (extent * float(pose[6]) for extent in EXTENT[kind])
    middle = layout.places(camera, aspect, pose[:3] + np.array([0.0, CENTRE.get(kind, 0.0) * pose[6], 0.0]))
    across, up = layout.half_tangents(camera, aspect)
    depth = max(float(middle[2]), 0.05)
    # Seen from the side it is as wide as it is long, from the front about as wide as it is high.
    turn = abs(float(np.sin(pose[3] - camera[3])))
    wide = max(high * 0.7, long * turn)
    at, _ = _in_sight(middle)
    size = (float(np.clip(wide / (2 * across * depth), 0.01, 1.0)), float(np.clip(high / (2 * up * depth), 0.01, 1.5)))
    return Standing(found.sun, seen, moon, found.horizon, slot, bodies[slot].shown_as or kind, at, size)


def moved_handle(direction: Direction, shot: int, name: str, at: Place, high: float | None = None) -> Edit:
    """Sun or body put at a place of the shot's first frame, or the horizon at its y; high: how much of the picture's
    height the body fills, where that was dragged. Raises Unusable for what is not there."""
    if not 0 <= shot < len(direction.shots) or name not in NAMES:
        raise Unusable("That cannot be moved in this film.")
    given, where = direction.shots[shot], f"of shot {shot + 1}"
    x, y = (round(float(np.clip(v, 0.0, 1.0)), 4) for v in at)
    if name == "sun":
        return Edit([_set(f"/shots/{shot}/world/light/sun_at", [x, y])],
                    f"{'moon' if _moonlit(given) else 'sun'} {where} to {_there(x, y)}")
    if name == "horizon":
        if given.camera.move == "top_down":
            raise Unusable(f"Shot {shot + 1} looks straight down; it has no horizon.")
        return Edit([_set(f"/shots/{shot}/camera/horizon", y)], f"horizon {where} to {_percent(y)} down")
    if not given.world.bodies:
        raise Unusable(f"Shot {shot + 1} has no body to move.")
    slot = next((n for n, body in enumerate(given.world.bodies) if body.id == given.camera.target), 0)
    body, path = given.world.bodies[slot], f"/shots/{shot}/world/bodies/{slot}"
    patch: Patch = [_set(f"{path}/frame_at", [x, y])]
    told = ""
    if high is not None:
        high = round(float(np.clip(high, LEAST_HIGH, MOST_HIGH)), 4)
        patch.append(_set(f"{path}/frame_height", high))
        told = f", {_percent(high)} high"
    return Edit(patch, f"{body.shown_as or body.kind} {where} to {_there(x, y)}{told}")


class Stills:
    """Small pictures of first frames, one at a time: who asks while one is drawn gets none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._renderer: Renderer | None = None

    def still(self, direction: Direction, shot: int, edit: Edit) -> tuple[Standing, str] | None:
        """What the edit makes of the shot's first frame: where things then stand, and a JPEG as a data address. None
        while another is drawn. Raises Unusable."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            after = apply_patch(direction, edit.patch, reason=edit.why)
            row = first_row(after, shot)
            picture = self._drawer(after.size_px).render(row[None], 0, after.seed)
            out = io.BytesIO()
            Image.fromarray(picture).save(out, "JPEG", quality=82)
            return standing(after, shot, row), f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"
        finally:
            self._lock.release()

    def _drawer(self, size_px: tuple[int, int]) -> Renderer:
        scale = STILL_PX / max(size_px)
        small = max(32, 2 * round(size_px[0] * scale / 2)), max(32, 2 * round(size_px[1] * scale / 2))
        if self._renderer is None or self._renderer.size_px != small:
            self._renderer = Renderer(small, threads=1)
        return self._renderer


def _moonlit(shot: Shot) -> bool:
    """Whether the shot begins at night."""
    keys = shot.curves.get("/world/light/time_h")
    hour = min(keys)[1] if keys else shot.world.light.time_h
    return not DAY_H[0] <= hour % 24.0 <= DAY_H[1]


def _horizon(camera: NDArray[np.float64], aspect: float) -> tuple[float, float, float]:
    """y at which slope 0 crosses the left edge, the middle and the right edge."""
    across, up = layout.half_tangents(camera, aspect)
    pitch, roll = float(camera[4]), float(camera[5])
    cos = np.cos(roll) if abs(np.cos(roll)) > 0.05 else 0.05
    left, middle, right = (0.5 + 0.5 * (np.tan(pitch) + a * np.sin(roll)) / (cos * up) for a in (-across, 0.0, across))
    return float(left), float(middle), float(right)


def _in_sight(place: NDArray[np.float64]) -> tuple[Place, bool]:
    """A projected place; brought to the edge, in its direction from the middle, where it is out of the picture."""
    x, y, depth = (float(v) for v in place)
    if depth > 0 and 0.0 <= x <= 1.0 and 0.0 <= y <= 1.0:
        return (x, y), True
    right, down = x - 0.5, y - 0.5
    if depth <= 0:
        # Behind the camera everything is mirrored, and the way round to it is the shorter one.
        right, down = -right, min(-down, 0.0)
    most = max(abs(right), abs(down), 1e-9)
    return (0.5 + 0.5 * right / most, 0.5 + 0.5 * down / most), False


def _four(values: tuple[float, ...]) -> list[float]:
    return [round(float(value), 4) for value in values]


def _set(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _there(x: float, y: float) -> str:
    return f"{_percent(x)} across, {_percent(y)} down"


__all__ = ["NAMES", "Standing", "Stills", "first_row", "moved_handle", "standing"]
