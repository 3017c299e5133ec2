"""What the place sounds like: wind, rain, surf, insects, birds, city, deep water, space. All follow the State.

Every layer is filtered noise (or a few oscillators) under a gain curve read from the state's rows. Curves are smoothed
over 60 ms, so a cut is a short crossfade. Noise comes from tiles seeded by their number and grains are placed
by a seeded plan, so a chunk asked alone has the same source as in the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.signal.windows import tukey

from world_model.sim.instruments import overlay
from world_model.state import BODY_SLOTS, CAMERA, GROUND, LIGHT, POSE, WEATHER, World, offsets
from world_model.vocabulary import BODIES, SETTINGS

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
CONTROL_HZ = 200
TILE = 4096


@dataclass(frozen=True)
class Scene:
    """The state's rows as float64 columns over T frames, read once: what sound needs."""

    fps: int
    place: dict[str, F64]
    ground: dict[str, F64]
    weather: dict[str, F64]
    sun: F64
    camera: dict[str, F64]
    kinds: F64  # (T, slots, kinds)
    poses: dict[str, F64]  # (T, slots)
    cuts: NDArray[np.bool_]  # (T,) first frame of a shot

    def __len__(self) -> int:
        return len(self.sun)


def scene(world: World) -> Scene:
    """The columns of a world. Values that are not finite count as 0."""
    rows = np.nan_to_num(world.state.pack().numpy().astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    at = offsets()

    def columns(field: str, names: tuple[str, ...]) -> dict[str, F64]:
        block = rows[:, at[field]]
        return {name: block[:, n] for n, name in enumerate(names)}

    pose = rows[:, at["body_pose"]].reshape(len(rows), BODY_SLOTS, len(POSE))
    shot = rows[:, at["shot"]][:, 0]
    cuts = np.concatenate([[True], shot[1:] != shot[:-1]]) if len(shot) else np.zeros(0, dtype=np.bool_)
    return Scene(world.grid.fps, columns("place", SETTINGS), columns("ground", GROUND), columns("weather", WEATHER),
                 rows[:, at["light"]][:, LIGHT.index("sun_elevation_rad")], columns("camera", CAMERA),
                 rows[:, at["body_kind"]].reshape(len(rows), BODY_SLOTS, len(BODIES)),
                 {name: pose[:, :, n] for n, name in enumerate(POSE)}, cuts)


def curve(values: F64, fps: int, duration_s: float) -> F64:
    """A frame curve at CONTROL_HZ, each frame held and the steps smoothed over 60 ms."""
    count = int(np.ceil(duration_s * CONTROL_HZ)) + 2
    frames = np.clip((np.arange(count) / CONTROL_HZ * fps + 1e-6).astype(np.int64), 0, max(0, len(values) - 1))
    held = values[frames] if len(values) else np.zeros(count)
    window = np.hanning(15)[1:-1]
    padded = np.concatenate([np.full(6, held[0]), held, np.full(6, held[-1])])
    return np.asarray(np.convolve(padded, window / window.sum(), "valid"), dtype=np.float64)


def at_samples(control: F64, start: int, count: int, rate_hz: int) -> F32:
    """A control curve read at samples [start, start + count)."""
    t = (start + np.arange(count)) * (CONTROL_HZ / rate_hz)
    return np.interp(t, np.arange(len(control)), control).astype(np.float32)


def noise(seed: tuple[int, ...], start: int, count: int, channels: int = 2) -> F32:
    """White noise in [-1, 1], (count, channels): a function of the absolute sample number."""
    first, last = start // TILE, (start + count - 1) // TILE
    tiles = [
        np.random.default_rng([*seed, n]).random((TILE, channels), dtype=np.float32) for n in range(first, last + 1)
    ]
    return (np.concatenate(tiles) * 2 - 1)[start - first * TILE:][:count]


def wander(seed: int, t: F64, periods_s: tuple[float, ...]) -> F64:
    """A smooth random curve in about [0, 1] over times t: sines whose periods are not multiples of each other."""
    phases = np.random.default_rng([seed, 5]).random(len(periods_s)) * 2 * np.pi
    return .5 + .5 * sum(np.sin(2 * np.pi * t / p + f) for p, f in zip(periods_s, phases)) / len(periods_s) ** .7


class Noise:
    """A stream of filtered noise: bandpass between two frequencies, gain given as a control curve."""

    def __init__(
        self,
        seed: tuple[int, ...],
        low_hz: float,
        high_hz: float,
        gain: F64,
        rate_hz: int,
        width: float = 1.0,
        order: int = 2,
    ) -> None:
        self._seed, self._gain, self._rate, self._width = seed, gain, rate_hz, np.float32(width)
        self.silent = float(np.abs(gain).max(initial=0)) < 1e-5
        high = min(high_hz, rate_hz * .45)
        self._sos: Any = signal.butter(order, [low_hz, high], "bandpass", fs=rate_hz, output="sos")
        self._zi = np.zeros((len(self._sos), 2, 2))
        self._level = np.float32(min(12.0, np.sqrt(rate_hz / 2 / (high - low_hz)) * 1.7))  # the band's power back to 1

    def chunk(self, start: int, count: int) -> F32:
        x = noise(self._seed, start, count)
        y, self._zi = signal.sosfilt(self._sos, x, axis=0, zi=self._zi)
        y = y.astype(np.float32) * self._level
        if self._width != 1:
            middle = y.mean(1, keepdims=True, dtype=np.float32)
            y = middle + (y - middle) * self._width
        return y * at_samples(self._gain, start, count, self._rate)[:, None]


class Tones:
    """A few steady sines, slowly beating between the ears, under one gain curve."""

    def __init__(
        self, hz: tuple[float, ...], levels: tuple[float, ...], gain: F64, rate_hz: int, pulse: F64 | None = None
    ) -> None:
        self._hz, self._levels, self._gain, self._rate, self._pulse = hz, levels, gain, rate_hz, pulse
        self.silent = float(np.abs(gain).max(initial=0)) < 1e-5

    def chunk(self, start: int, count: int) -> F32:
        t = (start + np.arange(count)) / self._rate
        out = np.zeros((count, 2))
        for n, (hz, level) in enumerate(zip(self._hz, self._levels)):
            slow = 1 + .4 * np.sin(2 * np.pi * t / (7.3 + 2.9 * n))
            out[:, 0] += level * slow * np.sin(2 * np.pi * hz * t)
            out[:, 1] += level * slow * np.sin(2 * np.pi * (hz + .17 * (n + 1)) * t + n)
        return (out * at_samples(self._gain, start, count, self._rate)[:, None]).astype(np.float32)


class Insects:
    """Crickets: a high tone in bursts, several singers each with their own pitch, place and time."""

    def __init__(self, seed: int, gain: F64, rate_hz: int) -> None:
        rng = np.random.default_rng([seed, 77])
        self._singers = [
            (4100 + 900 * rng.random(), 0.55 + 0.5 * rng.random(), rng.random(), rng.random()) for _ in range(4)
        ]
        self._gain, self._rate = gain, rate_hz
        self.silent = float(np.abs(gain).max(initial=0)) < 1e-5

    def chunk(self, start: int, count: int) -> F32:
        t = (start + np.arange(count)) / self._rate
        out = np.zeros((count, 2))
        for hz, period, late, side in self._singers:
            part = (t / period + late) % 1
            trill = (
                np.clip(np.sin(2 * np.pi * 31 * part * period), 0, 1) ** 2
                * np.clip(np.sin(np.pi * part / 0.45), 0, 1)
                * (part < 0.45)
            )
            tone = np.sin(2 * np.pi * hz * t) * trill
            out += tone[:, None] * np.array([np.cos(side * np.pi / 2), np.sin(side * np.pi / 2)])
        return (out * at_samples(self._gain, start, count, self._rate)[:, None] * .4).astype(np.float32)


class Grains:
    """Short sounds strewn in time: `make(rng)` gives an (n,) sound; density_hz and gain are control curves."""

    def __init__(self, seed: tuple[int, ...], density_hz: F64, gain: F64, rate_hz: int, total: int, chunk: int,
                 make: Callable[[np.random.Generator], F64]) -> None:
        self.silent = float((np.abs(gain) * density_hz).max(initial=0)) < 1e-5
        self._source = overlay(self._plan(seed, density_hz, gain, rate_hz, total, make), total, chunk)

    @staticmethod
    def _plan(seed: tuple[int, ...], density_hz: F64, gain: F64, rate_hz: int, total: int,
              make: Callable[[np.random.Generator], F64]) -> Iterator[tuple[int, F32]]:
        for second in range(int(np.ceil(total / rate_hz))):
            rng = np.random.default_rng([*seed, second])
            tick = min(second * CONTROL_HZ + CONTROL_HZ // 2, len(density_hz) - 1)
            for when in sorted(rng.random(rng.poisson(density_hz[tick])).tolist()):
                first = int((second + when) * rate_hz)
                sound = make(rng)
                side, far = rng.random() * np.pi / 2, .3 + .7 * rng.random()
                level = float(np.interp(first / rate_hz * CONTROL_HZ, np.arange(len(gain)), gain)) * far
                if level > 1e-5 and first < total:
                    yield first, (sound[:, None] * (level * np.array([np.cos(side), np.sin(side)]))).astype(np.float32)

    def chunk(self, start: int, count: int) -> F32:
        return next(self._source)


def _hann_edges(n: int, share: float = .3) -> F64:
    return tukey(n, share)


def bird_call(rng: np.random.Generator, rate_hz: int) -> F64:
    """A phrase of 1 to 6 whistled notes that glide."""
    kind, notes = rng.integers(3), []
    base = (2300, 3300, 4400)[kind] * (.9 + .25 * rng.random())
    for n in range(int(rng.integers(1, 7))):
        length = rng.uniform(.045, .16)
        t = np.arange(int(length * rate_hz)) / rate_hz
        bend = rng.uniform(-.3, .35) if kind else .22 * (-1) ** n
        hz = base * (1 + bend * t / length + (.06 * np.sin(2 * np.pi * 38 * t) if kind == 2 else 0))
        tone = np.sin(2 * np.pi * np.cumsum(hz) / rate_hz)
        notes += [
            (tone + 0.15 * tone**2) * np.sin(np.pi * t / length) ** 0.7,
            np.zeros(int(rng.uniform(0.02, 0.09) * rate_hz)),
        ]
    return np.concatenate(notes)


def bubble(rng: np.random.Generator, rate_hz: int) -> F64:
    """A rising, ringing bubble (Minnaert): pitch climbs as it nears the surface."""
    length = rng.uniform(.03, .11)
    t = np.arange(int(length * rate_hz)) / rate_hz
    hz = rng.uniform(320, 1150) * (1 + 2.2 * t / length)
    return (
        np.sin(2 * np.pi * np.cumsum(hz) / rate_hz)
        * np.exp(-t / length * 4)
        * np.minimum(1, t / 0.002)
        * _hann_edges(len(t), 0.1)
    )


def drop(rng: np.random.Generator, rate_hz: int) -> F64:
    """One raindrop near the ear."""
    t = np.arange(int(.02 * rate_hz)) / rate_hz
    return (
        np.sin(2 * np.pi * rng.uniform(1800, 5200) * t)
        * np.exp(-t / 0.003)
        * np.minimum(1, t / 0.0004)
        * (1 - t / 0.02)
    )


def crackle(rng: np.random.Generator, rate_hz: int) -> F64:
    """A snap of burning wood."""
    n = int(rng.uniform(.004, .03) * rate_hz)
    return rng.normal(0, .5, n) * np.exp(-np.arange(n) / n * 5) * np.minimum(1, np.arange(n) / 8)


def glass(rng: np.random.Generator, rate_hz: int) -> F64:
    """A far glassy ring."""
    t = np.arange(int(1.4 * rate_hz)) / rate_hz
    hz = 1318.5 * 2 ** (rng.choice([0, 5, 7, 12, 17, 19]) / 12)
    return (
        (np.sin(2 * np.pi * hz * t) + 0.4 * np.sin(2 * np.pi * hz * 2.76 * t))
        * np.exp(-t / 0.35)
        * np.minimum(1, t / 0.004)
        * (1 - t / 1.4)
    )


class Ambience:
    """All the place's layers over a film; `chunk` must be asked in order, chunk by chunk of one size."""

    def __init__(self, here: Scene, seed: int, rate_hz: int, total: int, chunk: int) -> None:
        duration_s = total / rate_hz
        t = np.arange(int(np.ceil(duration_s * CONTROL_HZ)) + 2) / CONTROL_HZ
        place = {name: curve(values, here.fps, duration_s) for name, values in here.place.items()}
        air = {name: curve(values, here.fps, duration_s) for name, values in here.weather.items()}
        sun, wave = curve(here.sun, here.fps, duration_s), curve(here.ground["wave_m"], here.fps, duration_s)
        height = curve(here.camera["y_m"], here.fps, duration_s)
        none = np.zeros_like(t)

        def weigh(**weights: float) -> F64:
            return sum((place[name] * w for name, w in weights.items()), none)

        open_air = np.clip(1 - place["underwater"] - place["space"] - .8 * weigh(fluid=1, particles=1), 0, 1)
        near = 1 / (1 + np.clip(height - 2, 0, None) / 60)  # the ground's own sounds thin out with height
        day = 1 / (1 + np.exp(-(sun + .03) / .05))
        calm = np.clip(1 - 1.3 * air["rain"] - .08 * air["wind_mps"], 0, 1) * (1 - .9 * air["snow"])
        dawn = np.exp(-((sun - .08) / .16) ** 2)
        gust = wander(seed + 1, t, (7.9, 4.3, 13.7, 2.3))
        exposed = .5 + weigh(mountains=.5, desert=.35, clouds=.7, canyon=.4, ocean=.2, snowfield=.3, forest=-.05)
        blow = open_air * (np.clip(air["wind_mps"], 0, 30) / 11) ** 1.25 * exposed * (.35 + .9 * gust)

        def swells(late_s: float) -> F64:
            return np.sin(2 * np.pi * ((t - late_s) / 8.3 + .13 * wander(seed + 2, t - late_s, (31.0, 19.0))))

        swell = swells(0)
        surf = np.clip(weigh(ocean=1, islands=0.9, lake=0.12) * (0.35 + 0.5 * np.clip(wave, 0, 3)), 0, 1.4) * (
            0.4 + 0.6 * near
        )
        birds = weigh(forest=1.3, meadow=1, village=.8, lake=.6, mountains=.25, islands=.35, canyon=.15, city=.2)
        insects = weigh(meadow=1, forest=.7, village=.6, lake=.7, desert=.35, canyon=.3)
        leaves = weigh(forest=1, meadow=.4, village=.25) * open_air * np.clip(air["wind_mps"] / 8, 0, 2)
        city, sea = weigh(city=1, village=.08), weigh(underwater=1)
        dust, rain, r = air["dust"] * open_air, np.clip(air["rain"], 0, 1) * open_air, rate_hz
        self._layers = [
            Noise((seed, 101), 60, 320, 0.13 * blow, r, 0.7),
            Noise((seed, 102), 320, 1100, 0.055 * blow * (0.3 + gust), r),
            Noise((seed, 103), 820, 1050, 0.035 * blow * gust**3 * np.clip(air["wind_mps"] / 12, 0, 1), r, 0.6),
            Noise((seed, 104), 1800, 6500, 0.05 * leaves * (0.3 + gust), r),
            Noise((seed, 105), 1200, 8000, 0.05 * dust * gust, r),
            Noise((seed, 106), 1400, 9500, 0.05 * rain**0.9, r),
            Noise((seed, 107), 250, 1200, 0.028 * rain**1.5, r),
            Grains((seed, 108), 34 * rain**1.2, 0.15 * np.sqrt(rain), r, total, chunk, lambda g: drop(g, r)),
            Noise((seed, 109), 70, 420, 0.1 * surf * (0.55 + 0.45 * swell), r, 0.8),
            Noise((seed, 110), 400, 5200, 0.06 * surf * np.clip(swells(0.5), 0, 1) ** 2.2 + 0.012 * surf, r),
            Noise(
                (seed, 111),
                380,
                1700,
                0.05
                * weigh(lake=0.6, forest=0.12, canyon=0.15, mountains=0.08)
                * near
                * (0.5 + wander(seed + 3, t, (1.3, 0.7, 2.9))),
                r,
            ),
            Grains(
                (seed, 112),
                5 * weigh(lake=0.7, forest=0.1) * near,
                0.04 + none,
                r,
                total,
                chunk,
                lambda g: bubble(g, r),
            ),
            Noise((seed, 113), 30, 190, 0.14 * sea, r, 0.6),
            Noise((seed, 114), 190, 620, 0.035 * sea * (0.4 + gust), r),
            Grains((seed, 115), 2.2 * sea, 0.12 * sea, r, total, chunk, lambda g: bubble(g, r)),
            Grains(
                (seed, 116),
                birds * day * (0.55 + 1.3 * dawn) * calm,
                0.085 * near,
                r,
                total,
                chunk,
                lambda g: bird_call(g, r),
            ),
            Insects(seed, 0.05 * insects * (1 - day) * calm * near, r),
            Noise(
                (seed, 117),
                4600,
                6800,
                0.018 * insects * day * calm * near * (0.4 + wander(seed + 4, t, (3.1, 5.3))),
                r,
            ),
            Noise((seed, 118), 45, 260, 0.085 * city, r, 0.7),
            Noise((seed, 119), 260, 1600, 0.035 * city * wander(seed + 5, t, (9.7, 6.1, 15.1)) ** 2, r),
            Tones((54.0, 81.2, 108.5, 161.7), (0.5, 0.34, 0.2, 0.1), 0.085 * weigh(space=1, particles=0.35), r),
            Noise((seed, 120), 240, 900, 0.012 * weigh(space=1, particles=0.8, fluid=0.6) * gust, r),
            Noise((seed, 121), 90, 700, 0.06 * weigh(fluid=1) * (0.3 + wander(seed + 6, t, (3.7, 5.9, 2.1))), r),
            Tones((1318.5, 1975.5, 2637.0), (0.4, 0.3, 0.16), 0.007 * weigh(crystals=1), r),
            Grains(
                (seed, 122), 1.1 * weigh(crystals=1, particles=0.5), 0.03 + none, r, total, chunk, lambda g: glass(g, r)
            ),
            Noise((seed, 123), 140, 800, 0.02 * weigh(snowfield=1) + 0.02 * np.clip(air["snow"], 0, 1) * open_air, r),
            Noise((seed, 124), 2500, 9000, 0.012 * np.clip(air["snow"], 0, 1) * open_air, r),
            Noise((seed, 125), 35, 120, 0.12 * air["storm"] * open_air * gust, r, 0.5),
        ]
        self._layers = [layer for layer in self._layers if not layer.silent]

    def chunk(self, start: int, count: int) -> F32:
        out = np.zeros((count, 2), dtype=np.float32)
        for layer in self._layers:
            out += layer.chunk(start, count)
        return out
