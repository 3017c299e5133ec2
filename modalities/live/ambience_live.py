"""The place's own sound for ever, block by block, from the row that plays: wind, rain, surf, birds, city, deep sea.

The layers are those of `world_model.sim.ambience` with their weights folded to one number per block; a gain runs
straight from the last block's value to this one's, so no border clicks. Noise is a function of the absolute sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from world_model.sim.ambience import bird_call, bubble, drop, glass, noise, wander
from world_model.state import WEATHER, offsets
from world_model.vocabulary import SETTINGS

F32 = NDArray[np.float32]
AT = offsets()
HEIGHT = AT["camera"].start + 1
QUIET = 2e-5


@dataclass(frozen=True)
class Air:
    """What the layers listen to at one instant: place weights, weather by name, sun elevation in radians, waves in
    metres, the camera's height, and seconds of play."""

    place: dict[str, float]
    weather: dict[str, float]
    sun_rad: float
    wave_m: float
    height_m: float
    time_s: float
    seed: int

    def weigh(self, **weights: float) -> float:
        return sum(self.place[name] * weight for name, weight in weights.items())

    def slow(self, number: int, *periods_s: float) -> float:
        return float(wander(self.seed + number, np.array([self.time_s]), periods_s)[0])

    @property
    def open(self) -> float:
        shut = self.place["underwater"] + self.place["space"] + 0.8 * self.weigh(fluid=1, particles=1)
        return min(max(1.0 - shut, 0.0), 1.0)

    @property
    def near(self) -> float:
        return 1.0 / (1.0 + max(self.height_m - 2.0, 0.0) / 60.0)

    @property
    def day(self) -> float:
        return 1.0 / (1.0 + math.exp(-(self.sun_rad + 0.03) / 0.05))

    @property
    def calm(self) -> float:
        still = min(max(1.0 - 1.3 * self.weather["rain"] - 0.08 * self.weather["wind_mps"], 0.0), 1.0)
        return still * (1.0 - 0.9 * self.weather["snow"])

    @property
    def gust(self) -> float:
        return self.slow(1, 7.9, 4.3, 13.7, 2.3)

    @property
    def blow(self) -> float:
        exposed = 0.5 + self.weigh(mountains=.5, desert=.35, clouds=.7, canyon=.4, ocean=.2, snowfield=.3, forest=-.05)
        return self.open * (min(self.weather["wind_mps"], 30.0) / 11) ** 1.25 * exposed * (0.35 + 0.9 * self.gust)

    @property
    def surf(self) -> float:
        shore = self.weigh(ocean=1, islands=0.9, lake=0.12) * (0.35 + 0.5 * min(self.wave_m, 3.0))
        swell = math.sin(2 * math.pi * (self.time_s / 8.3 + 0.13 * self.slow(2, 31.0, 19.0)))
        return min(shore, 1.4) * (0.4 + 0.6 * self.near) * (0.55 + 0.45 * swell)


def air_of(row: NDArray[np.float32], time_s: float, seed: int) -> Air:
    """What a packed row (328,) sounds of."""
    values = row.astype(np.float64)
    return Air(dict(zip(SETTINGS, values[AT["place"]], strict=True)),
               dict(zip(WEATHER, values[AT["weather"]], strict=True)), float(values[AT["light"].start]),
               float(values[AT["ground"].start + 4]), float(values[HEIGHT]), time_s, seed)


# Noise layers: tag, low and high in hertz, stereo width, gain.
NOISES: tuple[tuple[int, float, float, float, Callable[[Air], float]], ...] = (
    (101, 60, 320, 0.7, lambda a: 0.13 * a.blow),
    (102, 320, 1100, 1.0, lambda a: 0.055 * a.blow * (0.3 + a.gust)),
    (104, 1800, 6500, 1.0, lambda a: 0.05 * a.weigh(forest=1, meadow=.4, village=.25) * a.open
     * min(a.weather["wind_mps"] / 8, 2.0) * (0.3 + a.gust)),
    (105, 1200, 8000, 1.0, lambda a: 0.05 * a.weather["dust"] * a.open * a.gust),
    (106, 1400, 9500, 1.0, lambda a: 0.05 * a.open * a.weather["rain"] ** 0.9),
    (107, 250, 1200, 1.0, lambda a: 0.028 * a.open * a.weather["rain"] ** 1.5),
    (109, 70, 420, 0.8, lambda a: 0.1 * a.surf),
    (110, 400, 5200, 1.0, lambda a: 0.05 * a.surf),
    (111, 380, 1700, 1.0, lambda a: 0.05 * a.weigh(lake=.6, forest=.12, canyon=.15, mountains=.08) * a.near
     * (0.5 + a.slow(3, 1.3, 0.7, 2.9))),
    (113, 30, 190, 0.6, lambda a: 0.14 * a.place["underwater"]),
    (114, 190, 620, 1.0, lambda a: 0.035 * a.place["underwater"] * (0.4 + a.gust)),
    (117, 4600, 6800, 1.0, lambda a: 0.018 * a.weigh(meadow=1, forest=.7, village=.6, lake=.7, desert=.35, canyon=.3)
     * a.day * a.calm * a.near * (0.4 + a.slow(4, 3.1, 5.3))),
    (118, 45, 260, 0.7, lambda a: 0.085 * a.weigh(city=1, village=.08)),
    (119, 260, 1600, 1.0, lambda a: 0.035 * a.weigh(city=1, village=.08) * a.slow(5, 9.7, 6.1, 15.1) ** 2),
    (120, 240, 900, 1.0, lambda a: 0.012 * a.weigh(space=1, particles=.8, fluid=.6) * a.gust),
    (121, 90, 700, 1.0, lambda a: 0.06 * a.weigh(fluid=1) * (0.3 + a.slow(6, 3.7, 5.9, 2.1))),
    (123, 140, 800, 1.0, lambda a: 0.02 * (a.place["snowfield"] + a.weather["snow"] * a.open)),
    (125, 35, 120, 0.5, lambda a: 0.12 * a.weather["storm"] * a.open * a.gust),
)
# Short sounds strewn in time: tag, how many a second, gain, the sound.
GRAINS: tuple[tuple[int, Callable[[Air], float], Callable[[Air], float],
                    Callable[[np.random.Generator, int], NDArray[np.float64]]], ...] = (
    (108, lambda a: 34 * (a.open * a.weather["rain"]) ** 1.2, lambda a: 0.15 * math.sqrt(a.weather["rain"]), drop),
    (112, lambda a: 5 * a.weigh(lake=.7, forest=.1) * a.near, lambda a: 0.04, bubble),
    (115, lambda a: 2.2 * a.place["underwater"], lambda a: 0.12, bubble),
    (116, lambda a: a.weigh(forest=1.3, meadow=1, village=.8, lake=.6, mountains=.25, islands=.35, canyon=.15, city=.2)
     * a.day * (0.55 + 1.3 * math.exp(-((a.sun_rad - 0.08) / 0.16) ** 2)) * a.calm, lambda a: 0.085 * a.near,
     bird_call),
    (122, lambda a: 1.1 * a.weigh(crystals=1, particles=.5), lambda a: 0.03, glass),
)
# Steady tones: frequencies, levels, gain.
TONES: tuple[tuple[tuple[float, ...], tuple[float, ...], Callable[[Air], float]], ...] = (
    ((54.0, 81.2, 108.5, 161.7), (0.5, 0.34, 0.2, 0.1), lambda a: 0.085 * a.weigh(space=1, particles=.35)),
    ((1318.5, 1975.5, 2637.0), (0.4, 0.3, 0.16), lambda a: 0.007 * a.weigh(crystals=1)),
)


class _Noise:
    """One band of noise with its filter's state."""

    def __init__(self, seed: int, tag: int, low: float, high: float, width: float, rate_hz: int) -> None:
        self._seed, self._width, self._gain = (seed, tag), np.float32(width), 0.0
        high = min(high, rate_hz * 0.45)
        self._sos: Any = signal.butter(2, [low, high], "bandpass", fs=rate_hz, output="sos")
        self._zi = np.zeros((len(self._sos), 2, 2))
        self._level = min(12.0, math.sqrt(rate_hz / 2 / (high - low)) * 1.7)

    def add(self, out: F32, start: int, gain: float) -> None:
        if gain < QUIET and self._gain < QUIET:
            self._gain = gain
            return
        y, self._zi = signal.sosfilt(self._sos, noise(self._seed, start, len(out)), axis=0, zi=self._zi)
        y = y.astype(np.float32)
        if self._width != 1:
            middle = y.mean(1, keepdims=True, dtype=np.float32)
            y = middle + (y - middle) * self._width
        out += y * (np.linspace(self._gain, gain, len(out), dtype=np.float32) * np.float32(self._level))[:, None]
        self._gain = gain


class Overlap:
    """Sounds longer than a block, laid down once and heard over the blocks to come."""

    def __init__(self, longest_s: float, rate_hz: int) -> None:
        self._line = np.zeros((round(longest_s * rate_hz), 2), np.float32)
        self._at = 0

    def lay(self, first: int, sound: F32) -> None:
        """Add sound (n, 2) from sample `first` of the next block on; what lies beyond the longest is left out."""
        count = max(0, min(len(sound), len(self._line) - first))
        begin = (self._at + first) % len(self._line)
        head = min(count, len(self._line) - begin)
        self._line[begin:begin + head] += sound[:head]
        self._line[:count - head] += sound[head:count]

    def take(self, count: int) -> F32:
        """The next block (count, 2); count is at most the longest."""
        head = min(count, len(self._line) - self._at)
        out = np.concatenate([self._line[self._at:self._at + head], self._line[:count - head]])
        self._line[self._at:self._at + head] = 0.0
        self._line[:count - head] = 0.0
        self._at = (self._at + count) % len(self._line)
        return out


class LiveAmbience:
    """Ask for blocks in order, each with the row that plays in it."""

    def __init__(self, seed: int, rate_hz: int) -> None:
        self._seed, self._rate, self._block, self._at = seed, rate_hz, 0, 0
        self._noises = [_Noise(seed, tag, low, high, width, rate_hz) for tag, low, high, width, _ in NOISES]
        self._tones = [0.0] * len(TONES)
        self._grains = Overlap(3.0, rate_hz)

    def block(self, row: NDArray[np.float32], count: int) -> F32:
        """(count, 2) of the place as it is in `row` (328,)."""
        start, rate = self._at, self._rate
        air = air_of(row, start / rate, self._seed)
        out = self._scattered(air, count)
        for source, (_, _, _, _, gain) in zip(self._noises, NOISES, strict=True):
            source.add(out, start, gain(air))
        t = (start + np.arange(count)) / rate
        for k, (hz, levels, gain) in enumerate(TONES):
            now, before = gain(air), self._tones[k]
            self._tones[k] = now
            if now < QUIET and before < QUIET:
                continue
            level = np.linspace(before, now, count)
            for n, (f, a) in enumerate(zip(hz, levels, strict=True)):
                slow = a * (1 + 0.4 * np.sin(2 * np.pi * t / (7.3 + 2.9 * n))) * level
                out[:, 0] += (slow * np.sin(2 * np.pi * f * t)).astype(np.float32)
                out[:, 1] += (slow * np.sin(2 * np.pi * (f + 0.17 * (n + 1)) * t + n)).astype(np.float32)
        self._at, self._block = start + count, self._block + 1
        return out

    def _scattered(self, air: Air, count: int) -> F32:
        """Drops, calls and bubbles that begin in this block, and what still rings of earlier ones."""
        for tag, density, gain, make in GRAINS:
            per_block = density(air) * count / self._rate
            if per_block < 1e-6:
                continue
            rng = np.random.default_rng([self._seed, tag, self._block])
            for when in rng.random(rng.poisson(per_block)).tolist():
                sound = make(rng, self._rate)
                side, far = rng.random() * np.pi / 2, 0.3 + 0.7 * rng.random()
                pan = gain(air) * far * np.array([np.cos(side), np.sin(side)])
                self._grains.lay(int(when * count), (sound[:, None] * pan).astype(np.float32))
        return self._grains.take(count)
