"""What happens and what moves, heard from the camera: events on their sample, bodies with their own voices.

Direction pans (behind folds to the sides and dulls), distance attenuates. An event's sound begins with its attack, so
what is seen at an instant is heard at that instant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from world_model.sim.ambience import CONTROL_HZ, Grains, Noise, Scene, at_samples, bubble, crackle, curve, wander
from world_model.sim.instruments import overlay
from world_model.state import BODY_SLOTS, Event
from world_model.vocabulary import BODIES, BODY_SIZE_M

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
# Loudness at the reference distance, and that distance in metres (beyond it sound falls with 1 / distance).
EVENT_LEVEL = {
    "thunder": (0.62, 900.0),
    "splash": (0.34, 14.0),
    "impact": (0.42, 14.0),
    "step": (0.22, 7.0),
    "wing": (0.16, 9.0),
    "horn": (0.24, 50.0),
    "whoosh": (0.26, 14.0),
    "chime": (0.15, 30.0),
    "launch": (0.5, 120.0),
}


def _band(x: F64, low: float, high: float, rate_hz: int) -> F64:
    sos = signal.butter(2, [low, min(high, rate_hz * .45)], "bandpass", fs=rate_hz, output="sos")
    y: F64 = np.asarray(signal.sosfilt(sos, x), dtype=np.float64)
    return y / max(1e-9, float(np.abs(y).max()))


def _fade(n: int, rate_hz: int, attack_s: float = .001, release_s: float = .02) -> F64:
    k = np.arange(n) / rate_hz
    return np.minimum(1, k / attack_s) * np.minimum(1, (n / rate_hz - k) / release_s)


def event_sound(kind: str, rng: np.random.Generator, rate_hz: int, surface: str = "ground") -> F64:
    """(n,) sound of an event, peak about 1, its attack within 3 ms of the first sample. Raises ValueError on a kind
    that does not exist. surface shapes a step: ground, snow, sand, stone, water."""
    r = rate_hz

    def time(length_s: float) -> F64:
        return np.arange(round(length_s * r)) / r

    if kind == "thunder":
        t = time(6.0)
        crack = _band(rng.normal(size=len(t)), 300, 5000, r) * np.exp(-t / .11)
        rolls = sum(np.exp(-((t - a) / w) ** 2) * g for a, w, g in
                    zip(np.cumsum(rng.uniform(.25, .9, 6)), rng.uniform(.15, .5, 6), (.9, .8, .7, .5, .4, .3)))
        low = _band(rng.normal(size=len(t)), 28, 170, r) * (np.exp(-t / .5) + rolls) * np.exp(-t / 2.2)
        out = (
            0.75 * crack
            + 1.1 * low * np.minimum(1, t / 0.01)
            + 0.3 * _band(rng.normal(size=len(t)), 120, 700, r) * rolls
        )
        out *= _fade(len(t), r, .0008, 1.0)
    elif kind == "splash":
        t = time(.9)
        out = _band(rng.normal(size=len(t)), 500, 7000, r) * np.exp(-t / 0.13) + 0.5 * _band(
            rng.normal(size=len(t)), 90, 500, r
        ) * np.exp(-t / 0.07)
        for _ in range(9):
            b, at = bubble(rng, r), int(rng.uniform(.05, .5) * r)
            n = min(len(b), len(out) - at)
            out[at:at + n] += .25 * b[:n]
        out *= _fade(len(t), r)
    elif kind == "impact":
        t = time(.7)
        hz = 52 + 130 * np.exp(-t / .03)
        out = np.sin(2 * np.pi * np.cumsum(hz) / r) * np.exp(-t / 0.16) + 0.8 * _band(
            rng.normal(size=len(t)), 200, 5000, r
        ) * np.exp(-t / 0.03)
        out *= _fade(len(t), r)
    elif kind == "step":
        t = time(.22)
        low, high, fall = {"snow": (900, 7000, .05), "sand": (400, 4500, .04), "stone": (700, 5000, .012),
                           "water": (500, 4000, .06)}.get(surface, (180, 2600, .028))
        out = _band(rng.normal(size=len(t)), low, high, r) * np.exp(-t / fall)
        out += .5 * np.sin(2 * np.pi * (70 + 40 * np.exp(-t / .01)) * t) * np.exp(-t / .03)
        out *= _fade(len(t), r)
    elif kind == "wing":
        t = time(.34)
        out = (
            _band(rng.normal(size=len(t)), 110, 1100, r)
            * np.minimum(1, t / 0.003)
            * np.exp(-t / 0.08)
            * _fade(len(t), r, 0.002)
        )
    elif kind == "horn":
        t = time(1.3)
        out = sum(np.sin(2 * np.pi * hz * n * t) / n ** 1.1 for hz in (311.1, 370.0, 466.2) for n in range(1, 7)) / 5
        out = np.asarray(out) * _fade(len(t), r, .003, .15)
    elif kind == "whoosh":
        t = time(.9)
        hiss, u = rng.normal(size=len(t)), t / .9
        parts = [_band(hiss, a, b, r) for a, b in ((200, 700), (700, 1800), (1800, 5000))]
        out = (
            parts[0] * (1 - u)
            + parts[1] * np.exp(-(((u - 0.15) / 0.2) ** 2))
            + 0.7 * parts[2] * np.exp(-(((u - 0.08) / 0.12) ** 2))
        )
        out *= np.minimum(1, t / .003) * np.exp(-t / .3) * _fade(len(t), r, .002)
    elif kind == "chime":
        t = time(2.4)
        root = 880 * 2 ** (rng.choice([0, 3, 5, 7, 10]) / 12)
        out = np.asarray(sum(a * np.sin(2 * np.pi * root * m * t) * np.exp(-t / d)
                             for m, a, d in ((1, 1, .8), (2.01, .5, .5), (2.98, .3, .3), (5.4, .15, .12))))
        out *= _fade(len(t), r, .0015, .3)
    elif kind == "launch":
        t = time(5.0)
        out = _band(rng.normal(size=len(t)), 30, 380, r) + 0.5 * _band(rng.normal(size=len(t)), 380, 3500, r) * (
            1 + 0.3 * np.sin(2 * np.pi * 17 * t)
        )
        out *= (.55 + .45 * np.exp(-t / .4)) * np.exp(-np.clip(t - 1.5, 0, None) / 1.2) * _fade(len(t), r, .002, .6)
    else:
        raise ValueError(f"no sound for an event of kind {kind!r}; there are {', '.join(EVENT_LEVEL)}")
    return out / max(1e-9, float(np.abs(out).max()))


def bearing(dx: F64, dy: F64, dz: F64, yaw_rad: F64) -> tuple[F64, F64, F64]:
    """Left gain, right gain (constant power) and distance in metres of something at (dx, dy, dz) from the camera."""
    distance = np.sqrt(dx * dx + dy * dy + dz * dz)
    right = dx * np.cos(yaw_rad) - dz * np.sin(yaw_rad)
    pan = .85 * right / np.maximum(distance, .5)
    angle = (np.clip(pan, -1, 1) + 1) * np.pi / 4
    return np.cos(angle) * np.sqrt(2) * .8, np.sin(angle) * np.sqrt(2) * .8, distance


def _surface(here: Scene, frame: int) -> str:
    names = {"snowfield": "snow", "desert": "sand", "islands": "sand", "city": "stone", "canyon": "stone",
             "mountains": "stone", "crystals": "stone", "ocean": "water", "lake": "water"}
    top = max(here.place, key=lambda name: here.place[name][frame])
    return names.get(top, "ground")


def walked(here: Scene) -> list[Event]:
    """Footsteps read from the gait of walkers and foxes: one at every half cycle of their phase."""
    out: list[Event] = []
    for kind, strength in (("walker", 1.0), ("fox", .45)):
        for slot in range(BODY_SLOTS):
            there = here.kinds[:, slot, BODIES.index(kind)]
            phase = here.poses["phase"][:, slot]
            for n in range(1, len(here)):
                if there[n] > .3 and not here.cuts[n] and 0 < phase[n] - phase[n - 1] < .5:
                    a, b = np.floor(phase[n - 1] * 2), np.floor(phase[n] * 2)
                    if b > a:
                        u = (b / 2 - phase[n - 1]) / (phase[n] - phase[n - 1])
                        where = (
                            float(here.poses["x_m"][n, slot]),
                            float(here.poses["y_m"][n, slot]),
                            float(here.poses["z_m"][n, slot]),
                        )
                        out.append(Event((n - 1 + float(u)) / here.fps, "step", strength * float(there[n]), where))
    return out


def event_pieces(
    events: tuple[Event, ...], here: Scene, seed: int, rate_hz: int, total: int
) -> Iterator[tuple[int, F32]]:
    """(first sample, (n, 2) sound) of every event inside the film, in order of time."""
    every = sorted(events, key=lambda e: (e.time_s, e.kind))
    for number, event in enumerate(every):
        first = round(event.time_s * rate_hz)
        if not 0 <= first < total or not len(here) or event.kind not in EVENT_LEVEL:
            continue
        rng = np.random.default_rng([seed, 201, number])
        frame = min(int(event.time_s * here.fps + 1e-6), len(here) - 1)
        level, reference_m = EVENT_LEVEL[event.kind]
        sound = event_sound(event.kind, rng, rate_hz, _surface(here, frame))
        left, right, gain = 1.0, 1.0, 1.0
        if event.position_m is not None:
            delta = [
                np.asarray(p - here.camera[axis][frame]) for p, axis in zip(event.position_m, ("x_m", "y_m", "z_m"))
            ]
            a, b, distance = bearing(delta[0], delta[1], delta[2], np.asarray(here.camera["yaw_rad"][frame]))
            left, right = float(a), float(b)
            gain = reference_m / max(reference_m, float(distance))
        if here.place["underwater"][frame] > .5 and event.kind not in ("splash", "chime"):
            sound = np.asarray(signal.sosfilt(signal.butter(2, 900, fs=rate_hz, output="sos"), sound), dtype=np.float64)
        amount = level * gain * float(np.clip(event.strength, 0, 1))
        yield first, (sound[:, None] * (amount * np.array([left, right]))).astype(np.float32)


def whale_song(rng: np.random.Generator, rate_hz: int) -> F64:
    """A long gliding moan with a few partials."""
    length = rng.uniform(1.6, 3.4)
    t = np.arange(int(length * rate_hz)) / rate_hz
    u = t / length
    hz = rng.uniform(110, 240) * 2 ** (rng.uniform(-.6, .9) * u + .18 * np.sin(2 * np.pi * u * rng.uniform(.8, 2.2)))
    phase = 2 * np.pi * np.cumsum(hz) / rate_hz
    return (np.sin(phase) + .4 * np.sin(2 * phase) + .16 * np.sin(3 * phase)) * np.sin(np.pi * u) ** .8 * .7


def creak(rng: np.random.Generator, rate_hz: int) -> F64:
    """Wood under load: a few quickening stick-slip clicks through a low resonance."""
    length = rng.uniform(.25, .6)
    n = int(length * rate_hz)
    clicks = np.zeros(n)
    at = 0.0
    while at < length - .03:
        clicks[int(at * rate_hz)] = rng.uniform(.5, 1)
        at += rng.uniform(.009, .022)
    return _band(clicks, 260, 1400, rate_hz) * np.sin(np.pi * np.arange(n) / n) * .8


class _Voice:
    """A mono source under left and right gain curves."""

    def __init__(self, source: Callable[[int, int], F32], left: F64, right: F64, rate_hz: int) -> None:
        self._source, self._left, self._right, self._rate = source, left, right, rate_hz

    def chunk(self, start: int, count: int) -> F32:
        x = self._source(start, count)
        return np.stack([x * at_samples(self._left, start, count, self._rate),
                         x * at_samples(self._right, start, count, self._rate)], 1)


def _buzz(hz: F64, partials: tuple[float, ...], rate_hz: int, tremble: F64) -> Callable[[int, int], F32]:
    """A harmonic tone whose pitch and tremble are control curves."""
    turns = np.concatenate([[0.0], np.cumsum(hz)[:-1]]) / CONTROL_HZ

    def source(start: int, count: int) -> F32:
        t = (start + np.arange(count)) * (CONTROL_HZ / rate_hz)
        phase = 2 * np.pi * np.interp(t, np.arange(len(turns)), turns)
        out = sum((a * np.sin((n + 1) * phase + n * n) for n, a in enumerate(partials)), np.zeros(count))
        return (out * np.interp(t, np.arange(len(tremble)), tremble)).astype(np.float32)
    return source


class Bodies:
    """The voices of everything that lives or runs in the state; ask chunks in order."""

    def __init__(self, here: Scene, seed: int, rate_hz: int, total: int, chunk: int) -> None:
        self._voices: list[_Voice | Grains] = []
        duration_s = total / rate_hz
        for slot in range(BODY_SLOTS if len(here) else 0):
            for index, kind in enumerate(BODIES):
                there = here.kinds[:, slot, index]
                if float(there.max(initial=0)) > 0.02 and kind not in (
                    "walker",
                    "fox",
                    "fish",
                    "jellyfish",
                    "butterfly",
                    "ball",
                    "planet",
                ):
                    self._add(kind, slot, here, there, seed + 31 * slot + 7 * index, rate_hz, total, chunk, duration_s)

    def _add(
        self,
        kind: str,
        slot: int,
        here: Scene,
        there: F64,
        seed: int,
        r: int,
        total: int,
        chunk: int,
        duration_s: float,
    ) -> None:
        pose = {name: here.poses[name][:, slot] for name in here.poses}
        delta = [pose[axis] - here.camera[axis] for axis in ("x_m", "y_m", "z_m")]
        left, right, distance = bearing(delta[0], delta[1], delta[2], here.camera["yaw_rad"])
        size = np.clip(pose["size_m"] / BODY_SIZE_M[kind], .2, 4)
        reach = {"bee": 1.6, "bird": 12, "boat": 14, "car": 14, "train": 30, "rocket": 70, "balloon": 25, "dragon": 25,
                 "whale": 60, "lantern": 4, "kite": 8}.get(kind, 10) * size
        near = np.clip(there, 0, 1) * reach / np.maximum(reach, distance)
        lefts, rights = (curve(near * side, here.fps, duration_s) for side in (left, right))
        middle = curve(near, here.fps, duration_s)
        t = np.arange(len(middle)) / CONTROL_HZ
        step = np.sqrt(sum(np.diff(pose[a], prepend=pose[a][:1]) ** 2 for a in ("x_m", "y_m", "z_m"))) * here.fps
        speed = curve(np.clip(np.where(here.cuts, 0, step), 0, 60), here.fps, duration_s)
        phase = curve(np.unwrap(pose["phase"], period=1.0), here.fps, duration_s)

        def hiss(tag: int, low: float, high: float, gain: F64) -> Callable[[int, int], F32]:
            stream = Noise((seed, tag), low, high, gain, r)
            return lambda start, count: stream.chunk(start, count)[:, 0]

        def add(source: Callable[[int, int], F32]) -> None:
            self._voices.append(_Voice(source, lefts, rights, r))

        beat = np.clip(np.sin(2 * np.pi * phase), 0, 1) ** 2
        if kind == "bee":
            hz = (
                196
                * (1 + 0.004 * np.clip(speed, 0, 30) + 0.09 * wander(seed, t, (1.7, 0.9, 0.37)))
                / np.sqrt(float(size.mean()))
            )
            add(
                _buzz(
                    hz,
                    (0.5, 0.42, 0.34, 0.26, 0.2, 0.15, 0.1, 0.07),
                    r,
                    0.16 * (0.7 + 0.5 * wander(seed + 1, t, (0.31, 0.53, 1.1))),
                )
            )
        elif kind == "car":
            add(_buzz(38 + 2.2 * np.clip(speed, 0, 45), (.5, .6, .35, .3, .12, .2), r, .06 + 0 * t))
            add(hiss(1, 120, 1400, .03 * np.clip(speed / 15, .2, 2)))
        elif kind == "train":
            turns = np.cumsum(np.clip(speed / 4, .6, 5)) / CONTROL_HZ
            chuff = (
                np.exp(-(turns % 1) * 5)
                * np.minimum(1, (turns % 1) * 25)
                * np.where(np.floor(turns) % 4 == 0, 1.25, 0.9)
            )
            add(hiss(1, 160, 2400, .11 * chuff))
            add(hiss(2, 40, 180, .08 + .05 * chuff))
            clack = np.exp(-((turns / 2) % 1) * 22) + .8 * np.exp(-((turns / 2 + .86) % 1) * 22)
            add(hiss(3, 900, 3600, .03 * clack))
        elif kind == "rocket":
            add(hiss(1, 28, 330, 0.16 + 0.03 * wander(seed, t, (.21, .47))))
            add(hiss(2, 330, 3600, .07 + .02 * wander(seed, t, (.13, .31))))
        elif kind == "boat":
            add(hiss(1, 240, 1500, .045 * (.35 + wander(seed, t, (2.9, 1.9, 4.7))) + .03 * np.clip(speed / 8, 0, 1.5)))
            self._voices.append(Grains((seed, 2), .22 + 0 * t, .07 * middle, r, total, chunk, lambda g: creak(g, r)))
        elif kind == "whale":
            self._voices.append(
                Grains((seed, 1), 0.2 + 0 * t, 0.3 * middle, r, total, chunk, lambda g: whale_song(g, r))
            )
        elif kind == "dragon":
            add(hiss(1, 60, 520, .3 * beat))
            add(hiss(2, 520, 1900, .05 * beat ** 2))
        elif kind == "bird":
            add(hiss(1, 500, 2600, .022 * beat))
        elif kind == "balloon":
            add(hiss(1, 90, 900, 0.25 * np.clip(wander(seed, t, (11.0, 7.3)) - .62, 0, .3) * 4))
        elif kind == "lantern":
            self._voices.append(Grains((seed, 1), 5 + 0 * t, 0.12 * middle, r, total, chunk, lambda g: crackle(g, r)))
        elif kind == "kite":
            add(hiss(1, 140, 1600, .04 * wander(seed, t, (.23, .41, 1.3)) ** 2))

    def chunk(self, start: int, count: int) -> F32:
        out = np.zeros((count, 2), dtype=np.float32)
        for voice in self._voices:
            out += voice.chunk(start, count)
        return out


class Effects:
    """Events and bodies together; ask chunks in order. Without "step" events, walkers' gaits make the steps."""

    def __init__(self, here: Scene, events: tuple[Event, ...], seed: int, rate_hz: int, total: int, chunk: int) -> None:
        heard = events if any(e.kind == "step" for e in events) else (*events, *walked(here))
        self._bodies = Bodies(here, seed, rate_hz, total, chunk)
        self._events = overlay(event_pieces(heard, here, seed, rate_hz, total), total, chunk)

    def chunk(self, start: int, count: int) -> F32:
        return self._bodies.chunk(start, count) + next(self._events)
