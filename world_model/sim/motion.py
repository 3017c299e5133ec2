"""How bodies move: paths and gaits.

A gait is a path in the trail's own frame (forward, right, up) as a function of time; the land then gives the height,
the velocity gives heading, pitch and bank, and the way gone or the clock gives the phase, so that feet and wheels
do not slide and wings do not stop. Roll is positive when the right side lifts, so a right turn banks negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world_model.sim.keys import chance, cover, smoothed, smoothstep, wander
from world_model.sim.stage import Stage
from world_model.state import Event
from world_model.vocabulary import BODY_SIZE_M, MEDIUM

Floats = NDArray[np.float64]
GRAVITY = 9.81

# Metres a second at speed 1 and typical size.
CRUISE_MPS = {"bird": 7.0, "bee": 1.4, "butterfly": 0.8, "fish": 1.1, "whale": 3.0, "jellyfish": 0.3, "boat": 4.0,
              "car": 11.0, "train": 13.0, "rocket": 20.0, "balloon": 1.4, "walker": 1.4, "fox": 2.4, "ball": 1.7,
              "planet": 0.0, "lantern": 0.4, "dragon": 8.0, "kite": 0.5}
# Height of the centre over what lies below, metres.
ALTITUDE_M = {"bird": 7.0, "bee": 0.9, "butterfly": 0.9, "fish": 2.0, "whale": 7.0, "jellyfish": 3.0, "rocket": 16.0,
              "balloon": 16.0, "planet": 70.0, "lantern": 3.5, "dragon": 14.0, "kite": 9.0}
# Metres a gait cycle covers, in sizes, for what touches the ground.
STRIDE = {"walker": 0.8, "fox": 1.1, "car": 0.5, "train": 0.2, "ball": 3.14}
# Cycles a second for what flies, swims or floats.
BEAT_HZ = {"bird": 2.3, "bee": 9.3, "butterfly": 3.1, "fish": 1.7, "whale": 0.23, "jellyfish": 0.43, "boat": 0.21,
           "rocket": 2.9, "balloon": 0.11, "planet": 0.013, "lantern": 0.31, "dragon": 0.83, "kite": 0.57}
# How much a body leans into a turn.
BANK = {"bird": 1.0, "dragon": 0.9, "rocket": 0.5, "butterfly": 0.5, "bee": 0.5, "fish": 0.4, "whale": 0.3,
        "boat": -0.15, "car": -0.06, "kite": 0.6}
# The centre of what is seen over the pose's y, in sizes (ground bodies and boats are posed by their contact).
CENTRE = {"walker": 0.5, "fox": 0.35, "ball": 0.5, "car": 0.17, "train": 0.13, "boat": 0.3}


@dataclass(frozen=True)
class Motion:
    """One body over n frames: pose (n, 8) as state.POSE, and what is heard of it."""

    pose: Floats
    events: tuple[Event, ...]

    def centre(self, kind: str) -> Floats:
        """(n, 3) middle of the body, metres."""
        middle = self.pose[:, :3].copy()
        middle[:, 1] += CENTRE.get(kind, 0.0) * self.pose[:, 6]
        return middle


@dataclass(frozen=True)
class Actor:
    """What a body is asked to do. size_m, speed (factor), (n,) each; altitude_m (n,) or None for its kind's own.

    forward_m and right_m place the middle of its path in the trail's frame; facing is +1 along the trail, -1 against
    it; room_m is half the picture's width at its distance; fastest_mps caps its pace; a placed body may leave the lane.
    """

    kind: str
    gait: str
    size_m: Floats
    speed: Floats
    altitude_m: Floats | None = None
    forward_m: float = 0.0
    right_m: float = 0.0
    facing: float = 1.0
    room_m: float = 20.0
    fastest_mps: float = 1e9
    seed: int = 0
    placed: bool = False


def natural_mps(kind: str, size_m: float) -> float:
    """Pace at speed 1; larger ones of a kind go faster (Froude: with the root of the size)."""
    return CRUISE_MPS[kind] * float(np.sqrt(size_m / BODY_SIZE_M[kind]))


def _beats(t: Floats, beats_s: Floats) -> Floats:
    """Beat number at t, running through whole numbers at beats_s; even tempo outside and where there are none."""
    if len(beats_s) < 2:
        return t * 2.0
    step = float(np.median(np.diff(beats_s)))
    number = np.interp(t, beats_s, np.arange(len(beats_s)))
    number = np.where(t < beats_s[0], (t - beats_s[0]) / step, number)
    return np.where(t > beats_s[-1], len(beats_s) - 1 + (t - beats_s[-1]) / step, number)


def _path(actor: Actor, t: Floats, beats_s: Floats, way: Floats,
          submerged: bool) -> tuple[Floats, Floats, Floats, Floats | None]:
    """(forward, right, up, hops) in metres; hops counts leaps, whole at each landing, or None."""
    size = actor.size_m
    seed = actor.seed
    kind = actor.kind
    still = np.zeros(len(t))
    loose = 0.0 if MEDIUM[kind] in ("ground", "surface", "sky") else 1.0
    sway = np.minimum(size, actor.room_m)
    match actor.gait:
        case "still":
            return still, still, 0.04 * loose * size * np.sin(1.7 * t + seed), None
        case "hover":
            reach = 0.55 * sway
            return (reach * wander(0.41 * t, seed), reach * wander(0.47 * t, seed + 1),
                    loose * 0.4 * sway * wander(0.6 * t, seed + 2), None)
        case "dart":
            bursts = 1.6 * smoothstep(1.4 * wander(0.8 * t, seed, 1) + 0.35)
            fps = 1.0 / (t[1] - t[0]) if len(t) > 1 else 24.0
            pace = np.gradient(way) * fps if len(t) > 1 else still
            gone = np.concatenate([[0.0], np.cumsum((pace * bursts)[:-1] / fps)])
            reach = min(1.0, 0.3 * actor.room_m) * (1.0 if loose else 0.4)
            return (gone, reach * wander(0.7 * t, seed + 3), loose * 0.6 * reach * wander(0.83 * t, seed + 4), None)
        case "flock":
            weave = 0.25 * actor.room_m
            return way, weave * wander(0.17 * t, seed), loose * 0.4 * weave * wander(0.23 * t, seed + 1), None
        case "bounce":
            swims = MEDIUM[kind] == "water"
            high = (1.1 if kind == "ball" else 0.3 if submerged else 0.9 if swims else 0.35) * size
            hop_s = np.sqrt(8.0 * high / GRAVITY) * (1.8 if swims else 1.0)
            hops = np.cumsum(1.0 / np.maximum(hop_s, 0.2)) * (t[1] - t[0] if len(t) > 1 else 0.0) + 0.37
            f = hops % 1.0
            up = high * (0.25 + 0.8 * np.sin(2.0 * np.pi * hops)) if swims else 4.0 * high * f * (1.0 - f)
            return way, still, up, hops
        case "drift":
            return (0.35 * way + 0.5 * sway * wander(0.13 * t, seed), 0.9 * sway * wander(0.11 * t, seed + 1),
                    loose * 0.5 * sway * wander(0.17 * t, seed + 2), None)
        case "soar" if kind == "rocket":
            # It stands on its flame, climbs, and leans over as it gains height; never out of the picture's reach.
            gone = way * min(1.0, 2.2 * actor.room_m / max(float(way[-1]), 1e-6))
            lean = np.radians(4.0 + 26.0 * smoothstep(np.linspace(0.0, 1.0, len(t))))
            step = np.diff(gone, prepend=0.0)
            return np.cumsum(step * np.sin(lean)), still, np.cumsum(step * np.cos(lean)), None
        case "circle" | "soar":
            wide = 2.2 if actor.gait == "circle" else 5.0
            radius = float(np.clip(wide * np.mean(size), 0.3 * actor.room_m, 0.62 * actor.room_m))
            if MEDIUM[kind] == "ground":
                radius = min(radius, 3.5)
            angle = way / max(radius, 1e-3) + 6.28 * chance(seed, 5)
            climb = loose * (0.2 * radius * (1.0 + np.sin(0.23 * t + seed)) if actor.gait == "soar" else still)
            return radius * np.sin(angle), radius * np.cos(angle), climb, None
        case "dance":
            beat = _beats(t, beats_s)
            hop = np.abs(np.sin(np.pi * beat)) ** 0.8 if loose == 0.0 else 0.5 - 0.5 * np.cos(2.0 * np.pi * beat)
            side = np.sin(np.pi * (beat - 0.25))
            sway = np.minimum(sway, 2.5)
            return (0.3 * sway * np.sin(0.5 * np.pi * beat), 0.45 * sway * side, 0.22 * np.minimum(size, 4.0) * hop,
                    beat if MEDIUM[kind] == "ground" else None)
        case _:  # cruise
            fly = 0.25 * sway * loose
            return way, fly * wander(0.31 * t, seed), fly * wander(0.37 * t, seed + 1), None


def _rest_height(actor: Actor, stage: Stage, x: Floats, z: Floats, t: Floats, fps: float) -> Floats:
    """y (n,) of the pose before the gait's own ups and downs."""
    kind, size = actor.kind, actor.size_m
    calm = max(2, round(0.8 * fps))
    medium = MEDIUM[kind]
    below = stage.surface(x, z)
    if medium == "ground":
        return below if actor.altitude_m is None else below + np.maximum(actor.altitude_m, 0.0)
    if medium == "surface":
        bob = 0.03 * size * wander(0.4 * t, actor.seed + 9)
        # Only a placed boat may leave the water, as a drawing may have it.
        lifted = np.maximum(actor.altitude_m, 0.0) if actor.placed and actor.altitude_m is not None else 0.0
        return smoothed(below, calm) + bob - 0.02 * size + lifted
    wet = float(np.mean(stage.water_m - stage.ground(x, z))) > 1.0
    altitude = np.full(len(t), ALTITUDE_M[kind]) if actor.altitude_m is None else actor.altitude_m
    if actor.altitude_m is None and kind != "planet":
        altitude = np.maximum(altitude, 0.9 * size)
    if medium == "water" and stage.submerged > 0.5:
        room = np.maximum(stage.water_m - below - 0.8 * size, 0.8 * size)
        return smoothed(below, calm) + np.minimum(np.maximum(altitude, 0.8 * size), room)
    if medium == "water" and wet and kind != "jellyfish" and actor.altitude_m is None:
        # At the surface: a whale shows its back, a fish is seen where it breaks the water.
        swell = 0.05 * size * wander(0.25 * t, actor.seed + 8)
        return stage.water_m + (0.03 if kind == "whale" else 0.1) * size + swell
    if medium == "water" and actor.altitude_m is None:
        altitude = np.maximum(0.35 * altitude, 1.3 * size)
    if medium == "sky":
        return np.full(len(t), float(below.mean())) + altitude
    floor = smoothed(below, 2 * calm)
    return np.maximum(floor + altitude, below + 0.55 * size)


def move(actor: Actor, stage: Stage, fps: float, beats_s: Floats) -> Motion:
    """The Motion of one body over the stage's frames. beats_s: beat times in seconds from the shot's start."""
    count = len(stage.time_s)
    t = np.arange(count) / fps
    kind, size = actor.kind, actor.size_m
    pace = np.minimum(natural_mps(kind, float(size.mean())) * actor.speed, actor.fastest_mps)
    way = np.concatenate([[0.0], np.cumsum(0.5 * (pace[1:] + pace[:-1]))]) / fps if count > 1 else np.zeros(1)
    forward, right, up, hops = _path(actor, t, beats_s, way, stage.submerged > 0.5)
    if actor.gait not in ("circle", "soar"):
        forward = forward - forward[count // 2]
    lane = max(0.5, stage.lane_m - 0.3)
    right = np.clip(actor.right_m + right, -lane, lane) if stage.lane_m < 12 and not actor.placed \
        else actor.right_m + right
    x, z = stage.along(actor.forward_m + actor.facing * forward, right)
    rest = _rest_height(actor, stage, x, z, t, fps)
    y = rest + up
    grounded = MEDIUM[kind] in ("ground", "surface")
    if not grounded:
        low = np.maximum(stage.ground(x, z) + 0.5 * size - y, 0.0)
        y = y + (cover(low, max(1, round(0.6 * fps))) if low.max() > 0 else 0.0)

    yaw, pitch, roll, run = _attitude(actor, stage, x, y, z, fps)
    if grounded and actor.altitude_m is None:
        reach = 0.32 * size
        ahead = stage.surface(x + reach * np.sin(yaw), z + reach * np.cos(yaw))
        behind = stage.surface(x - reach * np.sin(yaw), z - reach * np.cos(yaw))
        if kind in ("car", "train"):
            y = (ahead + behind) / 2.0 + up
        slope = smoothed(np.arctan2(ahead - behind, 2.0 * reach), max(1, round(0.15 * fps)))
        pitch = 0.0 * slope if kind in ("walker", "ball") else np.clip(slope, -0.5, 0.5)
        if kind == "boat":
            pitch = 0.05 * wander(0.5 * t, actor.seed + 11)
            roll = roll + 0.06 * wander(0.37 * t, actor.seed + 12)
    phase = _phase(actor, t, run, hops, fps)
    pose = np.stack([x, y, z, yaw, pitch, roll, size, phase], 1)
    return Motion(pose, _heard(actor, stage, pose, up, hops, fps))


def _attitude(actor: Actor, stage: Stage, x: Floats, y: Floats, z: Floats,
              fps: float) -> tuple[Floats, Floats, Floats, Floats]:
    """(yaw, pitch, roll, way gone) of the path; slow bodies keep their first heading."""
    count = len(x)
    base = float(stage.lane(np.array([stage.z_m]))[1][0]) + (0.0 if actor.facing > 0 else np.pi)
    if count < 3:
        return np.full(count, base), np.zeros(count), np.zeros(count), np.zeros(count)
    vx, vy, vz = (np.gradient(v) * fps for v in (x, y, z))
    flat = np.hypot(vx, vz)
    run = np.concatenate([[0.0], np.cumsum(0.5 * (flat[1:] + flat[:-1])) / fps])
    kind = actor.kind
    if actor.gait in ("still", "hover", "dance", "drift") or kind in ("balloon", "lantern", "planet", "jellyfish"):
        look = 0.35 if kind not in ("planet", "balloon") else 0.0
        t = np.arange(count) / fps
        slow = 0.35 * look * wander(0.3 * t, actor.seed + 21) + (0.5 * look * vx / (flat + 1.0))
        yaw = smoothed(base + 0.6 * (chance(actor.seed, 3) - 0.5) + slow, max(1, round(0.25 * fps)))
        lean = 0.25 if kind in ("bee", "butterfly", "bird") else 0.08
        return yaw, np.zeros(count), -lean * np.tanh(vx * np.cos(yaw) - vz * np.sin(yaw)), run
    hold = 0.15 * float(flat.mean()) + 1e-4
    yaw = np.unwrap(np.arctan2(vx + hold * np.sin(base), vz + hold * np.cos(base)))
    calm = max(1, round((0.22 if actor.gait == "dart" else 0.2) * fps))
    yaw = smoothed(yaw, calm)
    turn = smoothed(np.gradient(yaw) * fps, calm)
    roll = -BANK.get(kind, 0.0) * np.arctan(flat * turn / GRAVITY)
    pitch = smoothed(0.8 * np.arctan2(vy, flat + hold), calm)
    if kind == "rocket" and actor.gait == "soar":
        yaw = np.full(count, base)
        pitch = smoothed(np.arctan2(vy, np.maximum(flat, 1e-3)), calm)
        roll = np.zeros(count)
    most = 1.5 if kind == "rocket" else 0.9
    return yaw, np.clip(pitch, -most, most), np.clip(roll, -1.0, 1.0), run


def _phase(actor: Actor, t: Floats, run: Floats, hops: Floats | None, fps: float) -> Floats:
    """Gait cycles (n,), never falling."""
    start = chance(actor.seed, 31)
    if hops is not None and actor.kind == "ball":
        return hops
    if actor.kind in STRIDE:
        if actor.gait == "dance" and hops is not None:
            return start + 0.5 * hops
        return start + np.concatenate([[0.0], np.cumsum(np.diff(run) / (STRIDE[actor.kind] * actor.size_m[1:]))])
    quick = 1.25 if actor.gait in ("dart", "hover") else 0.45 if actor.gait == "soar" else 1.0
    rate = BEAT_HZ[actor.kind] * quick * (0.55 + 0.45 * np.clip(actor.speed, 0.0, 2.5))
    return start + np.concatenate([[0.0], np.cumsum(rate[1:]) / fps])


def _heard(actor: Actor, stage: Stage, pose: Floats, up: Floats, hops: Floats | None, fps: float) -> tuple[Event, ...]:
    """Steps, impacts, splashes and wing strokes, at the frame and fraction where they happen."""
    kind = actor.kind
    phase = pose[:, 7]
    if hops is not None and MEDIUM[kind] == "water" and actor.gait == "bounce":
        if stage.submerged > 0.5:
            return ()
        side = np.cumsum(np.concatenate([[0.0], np.abs(np.diff(np.sign(up))) > 0]))
        marks, name, strength = _crossings(side), "splash", 0.9 if kind == "whale" else 0.4
    elif hops is not None and actor.gait == "bounce":
        marks, name, strength = _crossings(hops), "impact", float(np.clip(0.25 + 0.25 * up.max(), 0.2, 0.9))
    elif kind in ("walker", "fox"):
        marks, name, strength = _crossings((2.0 if kind == "walker" else 1.0) * phase), "step", 0.35
    elif kind in ("bird", "dragon") and actor.gait != "still":
        marks, name, strength = _crossings(phase), "wing", 0.6 if kind == "dragon" else 0.2
    else:
        return ()
    at = np.arange(len(pose), dtype=np.float64)
    xyz = [np.interp(marks, at, pose[:, k]) for k in range(3)]
    times = stage.time_s[0] + marks / fps
    return tuple(Event(float(s), name, strength, (float(x), float(y), float(z)))
                 for s, x, y, z in zip(times, *xyz, strict=True))


def _crossings(count: Floats) -> Floats:
    """Fractional frame numbers at which a rising count passes a whole number."""
    whole = np.floor(count)
    i = np.flatnonzero(np.diff(whole) > 0)
    return i + (whole[i + 1] - count[i]) / np.maximum(count[i + 1] - count[i], 1e-9)
