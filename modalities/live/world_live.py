"""The world that goes on for ever: one packed State row per frame, each from the state before and what was steered.

`advance` is a pure function. The same start and the same inputs at the same frames give the same rows, so a control log
replays exactly; and the world without one input can be run beside the real one, to know when that input shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from modalities.faults import Unusable
from modalities.live.companions import Companion, Life, live_on
from modalities.live.dials import (
    AIR_AT,
    GROUND_AT,
    INDEX,
    LIGHT_AT,
    NAMES,
    PALETTE_AT,
    PLACE,
    STYLE_AT,
    Floats,
    Ramp,
    dials_of,
    look_values,
    run,
    turned,
)
from modalities.live.flight import Flight, Land, fly
from modalities.live.start import LiveStart
from modalities.live.steering import AnyInput, Ease, Fly, Happen, Look, Music, Pause, Reset
from world_model.sim.keys import chance, wander
from world_model.sim.light import light_at
from world_model.sim.rollout import WIDTH, roll_shot
from world_model.sim.stage import LANE_M, OPEN_M
from world_model.sim.terrain import ground_height, trail_position, water_height
from world_model.state import BODY_SLOTS, GROUP, POSE, Event, offsets
from world_model.vocabulary import BODIES, MEDIUM, SETTINGS

Row = NDArray[np.float32]
AT = offsets()
UNDERWATER = SETTINGS.index("underwater")
STORM = INDEX["/weather/storm"]
# Lightning is drawn by lot this often, as in a filmed storm.
DRAW_S = 0.7
LEAST_FOV_RAD = 0.75


@dataclass(frozen=True)
class LiveState:
    """All that is carried from frame to frame. frame counts for ever; world_frame stands still while paused."""

    frame: int
    world_frame: int
    dials: Floats
    ramps: tuple[Ramp, ...]
    flight: Flight
    lives: tuple[Life, ...]
    controls: Fly
    flashes: tuple[tuple[int, float], ...]
    paused: bool


class LiveWorld:
    """The parts of a piece that do not change while it plays, and its law of motion."""

    def __init__(self, start: LiveStart) -> None:
        self.grid = start.grid
        self.plan = start.plan
        rows, _ = roll_shot(start.plan)
        self.first_row: Row = rows[0]
        hour = float(start.plan.light[0, 0])
        stray = 25.0 * math.sin(2 * math.pi * (hour - 18.5) / 24.0)
        azimuth = math.degrees(float(rows[0, AT["light"].start + 1])) - stray
        self.base = dials_of(start.plan, azimuth)
        camera = rows[0, AT["camera"]].astype(np.float64)
        self.fov_rad, self.focus_m = max(float(camera[6]), LEAST_FOV_RAD), float(camera[7])
        self.cast = tuple(self._companion(slot, rows[0], camera) for slot in range(len(start.plan.bodies)))

    def _companion(self, slot: int, row: Row, camera: Floats) -> Companion:
        body = self.plan.bodies[slot]
        pose = row[AT["body_pose"]].reshape(BODY_SLOTS, len(POSE))[slot].astype(np.float64)
        group = row[AT["body_group"]].reshape(BODY_SLOTS, len(GROUP))[slot].astype(np.float64)
        dx, dz, yaw = pose[0] - camera[0], pose[2] - camera[2], camera[3]
        forward, right = dx * math.sin(yaw) + dz * math.cos(yaw), dx * math.cos(yaw) - dz * math.sin(yaw)
        size = float(body.size_m[0])
        if MEDIUM[body.kind] != "sky":
            forward = min(max(forward, 2.2 * size, 1.2), 70.0)
        below = float(self._surface(row)(pose[:1], pose[2:3])[0])
        over = None if MEDIUM[body.kind] in ("ground", "surface", "sky") else max(float(pose[1]) - below, 0.6 * size)
        if over is None and body.altitude_m is not None:
            over = float(body.altitude_m[0])
        return Companion(body.kind, body.gait, size, float(body.speed[0]), float(body.count[0]), float(group[1]),
                         float(body.glow[0]), over, float(forward), float(right), 0.5 * abs(float(forward)) + size,
                         self.plan.seed * 7 + slot)

    @cached_property
    def beginning(self) -> LiveState:
        """The state before the first frame: advancing it once gives frame 0."""
        row = self.first_row.astype(np.float64)
        x, y, z, yaw, pitch = (float(v) for v in row[AT["camera"]][:5])
        below = float(self._surface(self.first_row)(np.array([x]), np.array([z]))[0])
        flight = Flight((x, y, z), (0.0, 0.0, 0.0), yaw, pitch, 0.0, 0.0, 0.0, min(max(y - below, 1.2), 40.0),
                        min(max(pitch, -0.35), 0.15), 100.0, yaw)
        poses = row[AT["body_pose"]].reshape(BODY_SLOTS, len(POSE))
        lives = tuple(Life((float(p[0]), float(p[1]), float(p[2])), (0.0, 0.0, 0.0), float(p[3]), float(p[4]),
                           float(p[5]), float(p[7])) for p in poses[:len(self.cast)])
        return LiveState(-1, -1, self.base, (), flight, lives, Fly(), (), False)

    def check(self, state: LiveState, given: AnyInput) -> None:
        """Raises Unusable, with a sentence for the viewer, for an input that cannot act on this state."""
        wanted = self.wanted(given)
        if isinstance(given, Ease | Look) and not turned(state.dials, (), wanted, 0, 1) \
                and not any(NAMES[ramp.dial] in wanted for ramp in state.ramps):
            raise Unusable("It is like that already.")
        if isinstance(given, Pause) and given.on == state.paused:
            raise Unusable("It is paused already." if given.on else "It is playing already.")
        if isinstance(given, Music) and given.genre is given.tempo_bpm is given.energy is given.level is None \
                and given.tempo_factor == 1.0:
            raise Unusable("A change of music needs a genre, a tempo, an energy or a level.")

    def wanted(self, given: AnyInput) -> dict[str, float]:
        """The dials an input turns. Raises Unusable for names that do not exist."""
        if isinstance(given, Look):
            return look_values(given.look, given.palette)
        if isinstance(given, Reset):
            return {name: float(v) for name, v in zip(NAMES, self.base, strict=True) if name != "/ground/variant"}
        if not isinstance(given, Ease):
            return {}
        wanted = dict(given.values)
        if any(pointer.startswith("/place/") for pointer in wanted):
            # A place that is named takes the ground over from those that are not.
            wanted = {f"/place/{name}": 0.0 for name in SETTINGS} | wanted
            if sum(v for p, v in wanted.items() if p.startswith("/place/")) <= 0:
                raise Unusable("A place needs some weight on at least one setting.")
        return wanted

    def advance(self, state: LiveState, inputs: tuple[AnyInput, ...]) -> tuple[LiveState, Row, tuple[Event, ...]]:
        """(state, packed row (328,) float32, events) of the next frame. Event times are seconds of play.

        Inputs were checked; they act in their order.
        """
        frame, fps = state.frame + 1, self.grid.fps
        ramps, controls, fresh, flashes, paused = state.ramps, state.controls, False, state.flashes, state.paused
        drag = np.zeros(2)
        events: list[Event] = []
        for given in inputs:
            if isinstance(given, Fly):
                drag += given.drag_rad
                controls, fresh = given, True
            elif isinstance(given, Ease | Look | Reset):
                over_s = 2.0 if isinstance(given, Reset) else given.over_s
                ramps = turned(state.dials, ramps, self.wanted(given), frame, round(over_s * fps))
            elif isinstance(given, Pause):
                paused = given.on
            elif isinstance(given, Happen):
                flashes, heard = self._happens(given, state, frame, flashes)
                events.append(heard)
        if fresh:
            turn = tuple(float(v) for v in np.clip(drag, -2.0, 2.0))
            controls = controls.model_copy(update={"drag_rad": turn})
        dials, ramps = run(state.dials, ramps, frame)
        if paused:
            # Light and weather may still be turned, and the camera may look about; nothing moves of itself.
            flashes = ()
        world_frame = state.world_frame + (0 if paused and state.world_frame >= 0 else 1)
        time_s = self.plan.start_s + world_frame / fps
        row = np.zeros(WIDTH, np.float32)
        weights = dials[PLACE] / max(float(dials[PLACE].sum()), 1e-6)
        row[AT["place"]], row[AT["ground"]] = weights, dials[GROUND_AT]
        row[AT["skyline"]] = self.first_row[AT["skyline"]]
        row[AT["time_s"]] = time_s
        land = self._land(row)
        flight, lives = state.flight, state.lives
        flight = fly(flight, controls, fresh, land, float(dials[INDEX["/camera/speed"]]) *
                     (0.0 if paused and not fresh and not any(controls.thrust) else 1.0), 1.0 / fps)
        if not paused:
            alive: list[Life] = []
            for body, life in zip(self.cast, lives, strict=True):
                after, heard = live_on(body, life, flight, land, weights[UNDERWATER] > 0.5, water_height(row),
                                       float(dials[INDEX["/bodies/speed"]]), time_s, 1.0 / fps)
                alive.append(after)
                events.extend(replace(event, time_s=frame / fps) for event in heard)
            lives = tuple(alive)
            flashes, thunder = self._storm(float(dials[STORM]), frame, flight, flashes)
            events.extend(thunder)
        flash, flashes = _flash(flashes, frame, fps)
        breeze = 6.2832 * chance(self.plan.film_seed, 13) + 0.5 * float(wander(np.array([time_s / 23.0]),
                                                                               self.plan.film_seed, 1)[0])
        row[AT["weather"]] = [*dials[AIR_AT], breeze, flash]
        hour, hue, tint, azimuth, exposure = dials[LIGHT_AT]
        row[AT["light"]] = light_at(hour, hue, tint, azimuth, dials[AIR_AT.start + 3], exposure)
        row[AT["palette"]], row[AT["style"]] = dials[PALETTE_AT], dials[STYLE_AT]
        row[AT["camera"]] = [*flight.position_m, flight.yaw_rad, flight.pitch_rad, flight.roll_rad, self.fov_rad,
                             self.focus_m]
        self._place_bodies(row, lives, float(dials[INDEX["/bodies/glow"]]))
        after_state = LiveState(frame, world_frame, dials, ramps, flight, lives, controls, flashes, paused)
        return after_state, row, tuple(events)

    def _place_bodies(self, row: Row, lives: tuple[Life, ...], glow: float) -> None:
        kinds = np.zeros((BODY_SLOTS, len(BODIES)), np.float32)
        poses = np.zeros((BODY_SLOTS, len(POSE)), np.float32)
        poses[:, 6] = 1.0
        groups = np.zeros((BODY_SLOTS, len(GROUP)), np.float32)
        groups[:, :2] = 1.0
        for slot, (body, life) in enumerate(zip(self.cast, lives, strict=True)):
            kinds[slot, BODIES.index(body.kind)] = 1.0
            poses[slot] = [*life.position_m, life.yaw_rad, life.pitch_rad, life.roll_rad, body.size_m, life.phase]
            groups[slot] = [body.count, body.spread_m, min(1.0, body.glow + glow)]
        row[AT["body_kind"]], row[AT["body_pose"]] = kinds.ravel(), poses.ravel()
        row[AT["body_group"]] = groups.ravel()

    def _happens(self, given: Happen, state: LiveState, frame: int,
                 flashes: tuple[tuple[int, float], ...]) -> tuple[tuple[tuple[int, float], ...], Event]:
        """What a deed sets off: a flash with its thunder a second later, or a sound before the camera."""
        (x, y, z), yaw = state.flight.position_m, state.flight.yaw_rad
        now = frame / self.grid.fps
        if given.name == "lightning":
            side = yaw + 1.2 * (chance(self.plan.seed, 61, frame) - 0.5)
            spot = (x + 340.0 * math.sin(side), y + 300.0, z + 340.0 * math.cos(side))
            return (*flashes, (frame, given.strength)), Event(now + 1.0, "thunder", given.strength, spot)
        return flashes, Event(now, given.name, given.strength, (x + 7.0 * math.sin(yaw), y, z + 7.0 * math.cos(yaw)))

    def _storm(self, storm: float, frame: int, flight: Flight,
               flashes: tuple[tuple[int, float], ...]) -> tuple[tuple[tuple[int, float], ...], list[Event]]:
        """Lightning of the storm's own: about one strike in three seconds in a full one."""
        every = max(1, round(DRAW_S * self.grid.fps))
        k = frame // every
        late = int(chance(self.plan.seed, 21, k) * 0.8 * every)
        if storm <= 0.05 or frame - k * every != late or chance(self.plan.seed, 22, k) > 0.27 * storm:
            return flashes, []
        power = 0.55 + 0.45 * chance(self.plan.seed, 23, k)
        far = 300.0 + 1700.0 * chance(self.plan.seed, 25, k)
        side = flight.yaw_rad + 1.6 * (chance(self.plan.seed, 26, k) - 0.5)
        x, y, z = flight.position_m
        spot = (x + far * math.sin(side), y + 300.0, z + far * math.cos(side))
        thunder = Event(frame / self.grid.fps + far / 340.0, "thunder", power * (1.0 - 0.25 * far / 2000.0), spot)
        return (*flashes, (frame, power)), [thunder]

    def _surface(self, row: Row):  # noqa: ANN202 - a closure of plain arrays
        water = water_height(row)
        place = row[AT["place"]]
        time_s = float(row[AT["time_s"]][0])
        dry = float(place[UNDERWATER]) > 0.5

        def surface(x: Floats, z: Floats) -> Floats:
            ground = ground_height(row, x, z, time_s)
            return ground if dry else np.maximum(ground, water)

        return surface

    def _land(self, row: Row) -> Land:
        place = row[AT["place"]].astype(np.float64)
        narrow = sum(w / LANE_M.get(name, OPEN_M) for name, w in zip(SETTINGS, place, strict=True))
        roof = water_height(row) - 0.6 if place[UNDERWATER] > 0.5 else math.inf
        return Land(self._surface(row), lambda z: float(trail_position(row, np.array([z]))[0]), roof,
                    float(1.0 / max(narrow, 1e-3)))


def _flash(flashes: tuple[tuple[int, float], ...], frame: int,
           fps: int) -> tuple[float, tuple[tuple[int, float], ...]]:
    """(brightness of lightning now [0, 1], the strikes that are not over)."""
    now = 0.0
    for first, power in flashes:
        for late_s, share, fall_s in ((0.0, 1.0, 0.07), (0.14, 0.7, 0.13)):
            since = (frame - first) / fps - late_s
            if since >= 0:
                now = max(now, power * share * math.exp(-since / fall_s))
    return (min(now, 1.0) if now >= 0.004 else 0.0), tuple(f for f in flashes if frame - f[0] < fps)
