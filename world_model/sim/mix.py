"""The mixing desk: place every layer, one room for all, ducking, echo, bus compression.

Everything works in chunks with carried state, so that chunked and whole results are the same numbers. The room is a
feedback delay network (Jot and Chaigne 1991) with a Householder matrix.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import signal

from world_model.score import PARTS, Composition, ScoreSpec
from world_model.sim.instruments import CHUNK_S, Layer, band, play

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
DELAYS_S = (.0297, .0371, .0411, .0437, .0533, .0617, .0683, .0797)


class Stopped(RuntimeError):
    """The creator stopped the rendering."""


def check(stop: threading.Event | None) -> None:
    """Raise Stopped when the event is set."""
    if stop is not None and stop.is_set():
        raise Stopped("the rendering was stopped")


@dataclass(frozen=True)
class Room:
    """rt60_s: time to fall by 60 dB; bright_hz: where its tail gets dull; level: how much comes back; size: delays."""

    rt60_s: float = 1.6
    bright_hz: float = 5000.0
    level: float = 1.0
    size: float = 1.0


GENRE_ROOMS = {"ambient": Room(4.2, 4200, 1.1, 1.5), "folk": Room(1.3, 5200, .8), "piano": Room(2.1, 5200, .9, 1.2),
               "suspense": Room(3.0, 3600, 1.1, 1.4), "orchestral": Room(2.4, 5000, 1.0, 1.4),
               "techno": Room(1.7, 5500, .8), "synthwave": Room(2.2, 6000, 1.0, 1.1), "lofi": Room(1.1, 3200, .8, .8),
               "jazz": Room(1.0, 4800, .8, .8), "chiptune": Room(.6, 6000, .6, .6), "waltz": Room(1.8, 4800, .9, 1.2),
               "drum_and_bass": Room(1.9, 6000, .9)}
PLACE_ROOMS = {
    "city": Room(1.8, 4200),
    "forest": Room(1.2, 3000),
    "mountains": Room(3.2, 3600, 1, 1.5),
    "canyon": Room(3.6, 3800, 1.1, 1.6),
    "underwater": Room(3.2, 1200, 1.2, 1.3),
    "space": Room(5.5, 3500, 1, 1.6),
    "crystals": Room(4.2, 8000, 1.1, 1.2),
    "village": Room(1.0, 4500, 0.8, 0.8),
    "snowfield": Room(0.8, 2600, 0.7),
    "clouds": Room(3.0, 3800, 1, 1.4),
    "fluid": Room(3.5, 5000, 1, 1.3),
    "particles": Room(3.0, 7000, 1, 1.2),
}


def room(genre: str | None, place: Mapping[str, float] | None) -> Room:
    """One room for the piece: the genre's, drawn half-way to that of the film's place (weights over settings)."""
    base = GENRE_ROOMS.get(genre or "", Room())
    if not place or sum(place.values()) <= 0:
        return base
    total = sum(place.values())
    seen = [(PLACE_ROOMS.get(name, Room(1.4, 4200, .85)), weight / total) for name, weight in place.items()]
    def mean(field: str) -> float:
        there = float(np.exp(sum(w * np.log(getattr(r, field)) for r, w in seen)))
        return there if genre is None else float(np.sqrt(getattr(base, field) * there))
    return Room(mean("rt60_s"), mean("bright_hz"), mean("level"), mean("size"))


@njit(cache=True, nogil=True, error_model="numpy")
def _fdn(
    x: F32, out: F32, lines: F64, at: NDArray[np.int64], sizes: NDArray[np.int64], gains: F64, low: F64, damp: float
) -> None:
    count = sizes.shape[0]
    read = np.empty(count)
    for n in range(x.shape[0]):
        total = 0.0
        left, right = 0.0, 0.0
        for k in range(count):
            v = lines[k, at[k]]
            low[k] += damp * (v - low[k])
            if abs(low[k]) < 1e-18:
                low[k] = 0.0
            read[k] = low[k] * gains[k]
            total += read[k]
            if k % 2 == 0:
                left += v if k % 4 == 0 else -v
            else:
                right += v if k % 4 == 1 else -v
        back = total * 2.0 / count
        for k in range(count):
            source = x[n, 0] if k % 2 == 0 else x[n, 1]
            fed = read[k] - back + source
            lines[k, at[k]] = fed if abs(fed) > 1e-18 else 0.0  # no denormals
            at[k] += 1
            if at[k] == sizes[k]:
                at[k] = 0
        out[n, 0] = left * 0.35
        out[n, 1] = right * 0.35


class Reverb:
    """The room with its state. `process` takes (n, 2) float32 sends and gives (n, 2) returns, without the dry sound."""

    def __init__(self, here: Room, rate_hz: int) -> None:
        sizes = np.array([max(8, round(d * here.size * rate_hz)) | 1 for d in DELAYS_S], dtype=np.int64)
        self._sizes, self._at = sizes, np.zeros(len(sizes), dtype=np.int64)
        self._lines = np.zeros((len(sizes), int(sizes.max())))
        self._low = np.zeros(len(sizes))
        self._gains = 10 ** (-3 * sizes / rate_hz / here.rt60_s)
        self._damp = 1 - float(np.exp(-2 * np.pi * here.bright_hz / rate_hz))
        self._predelay = np.zeros((round(.012 * here.size * rate_hz), 2), dtype=np.float32)
        self._cut = signal.butter(2, 180, "highpass", fs=rate_hz, output="sos")
        self._state = np.zeros((1, 2, 2))
        self._level = np.float32(here.level)

    def process(self, send: F32) -> F32:
        line = np.concatenate([self._predelay, send])
        self._predelay = line[len(send):]
        filtered, self._state = signal.sosfilt(self._cut, line[:len(send)], axis=0, zi=self._state)
        out = np.empty((len(send), 2), dtype=np.float32)
        _fdn(filtered.astype(np.float32), out, self._lines, self._at, self._sizes, self._gains, self._low, self._damp)
        return out * self._level


def _high_shelf(corner_hz: float, gain_db: float, rate_hz: int) -> F64:
    """A second-order high shelf (Bristow-Johnson, slope 1) as one section, (1, 6)."""
    a, w = 10 ** (gain_db / 40), 2 * np.pi * corner_hz / rate_hz
    c, alpha = np.cos(w), np.sin(w) / np.sqrt(2)
    root = 2 * np.sqrt(a) * alpha
    row = np.array([a * (a + 1 + (a - 1) * c + root), -2 * a * (a - 1 + (a + 1) * c), a * (a + 1 + (a - 1) * c - root),
                    a + 1 - (a - 1) * c + root, 2 * (a - 1 - (a + 1) * c), a + 1 - (a - 1) * c - root])
    return (row / row[3])[None]


class _Strip:
    """One layer's channel: low and high cut, presence, width, spread, pan, gain."""

    def __init__(self, layer: Layer, rate_hz: int) -> None:
        parts: list[Any] = [signal.butter(2, layer.low_cut_hz, "highpass", fs=rate_hz, output="sos")]
        if layer.high_cut_hz < 17000:
            parts.append(signal.butter(2, min(layer.high_cut_hz, rate_hz * .45), "lowpass", fs=rate_hz, output="sos"))
        if layer.presence_db:
            parts.append(_high_shelf(2500, layer.presence_db, rate_hz))
        self._sos = np.concatenate(parts)
        self._late = np.zeros(round(.0137 * rate_hz), dtype=np.float32)
        self._side_cut = signal.butter(1, 350, "highpass", fs=rate_hz, output="sos")
        self._side_state = np.zeros((1, 2))
        self._spread = np.float32(layer.spread)
        self._zi = np.zeros((len(self._sos), 2, 2))
        angle = (layer.pan + 1) * np.pi / 4
        self._pan = np.array([np.cos(angle), np.sin(angle)], dtype=np.float32) * np.float32(1.41421356)
        self._gain = np.float32(10 ** (layer.gain_db / 20))
        self._width = np.float32(layer.width)

    def process(self, x: F32) -> F32:
        y, self._zi = signal.sosfilt(self._sos, x, axis=0, zi=self._zi)
        y = y.astype(np.float32)
        if self._width != 1:
            middle = y.mean(1, keepdims=True, dtype=np.float32)
            y = middle + (y - middle) * self._width
        y = y * (self._pan * self._gain)
        if self._spread:  # a late copy in the side only: it cancels when the sound is folded to mono
            line = np.concatenate([self._late, y.mean(1, dtype=np.float32)])
            self._late = line[len(y):]
            side, self._side_state = signal.sosfilt(self._side_cut, line[:len(y)], zi=self._side_state)
            y += (side.astype(np.float32) * self._spread)[:, None] * np.array([1, -1], dtype=np.float32)
        return y


def duck_curve(kicks_s: F64, start: int, count: int, rate_hz: int, fall_s: float = .16) -> F32:
    """(count,) in [0, 1]: 1 at a kick, gone after about 3 * fall_s; a function of absolute time."""
    t = (start + np.arange(count)) / rate_hz
    out = np.zeros(count)
    if len(kicks_s):
        last = np.searchsorted(kicks_s, t, side="right") - 1
        since = t - kicks_s[np.maximum(last, 0)]
        out = np.where(last >= 0, np.exp(-since / fall_s) * np.minimum(1, since / .004), 0)
    return out.astype(np.float32)


def silence_gate(composition: Composition, start: int, count: int, rate_hz: int) -> F32 | None:
    """None, or (count,) gains: sections called silence fade out over 0.25 s and are zero until they end."""
    spans = [(a, b) for name, a, b in composition.sections if name == "silence"]
    t = (start + np.arange(count)) / rate_hz
    gain = np.ones(count)
    touched = False
    for a, b in spans:
        if a < t[-1] + .1 and b > t[0] - .1:
            touched = True
            inside = np.clip(1 - (t - a) / .25, 0, 1) if a > 0 else np.zeros(count)
            gain = np.where((t >= a) & (t < b), np.minimum(gain, inside), gain)
            gain = np.where((t >= b) & (t < b + .003), np.minimum(gain, (t - b) / .003), gain)
    return gain.astype(np.float32) if touched else None


def music_chunks(
    composition: Composition,
    spec: ScoreSpec,
    rate_hz: int,
    parts: tuple[str, ...] = PARTS,
    here: Room | None = None,
    stop: threading.Event | None = None,
    total: int | None = None,
) -> Iterator[F32]:
    """The music bus in chunks of CHUNK_S, (n, 2) float32: layers placed, ducked, echoed, in the room, gated."""
    total = round(composition.duration_s_total * rate_hz) if total is None else total
    chunk = round(CHUNK_S * rate_hz)
    layers = [(PARTS.index(part), layer) for part in parts for layer in band(spec)[part]]
    sources = [play(layer, composition, part, spec, rate_hz, total, chunk) for part, layer in layers]
    strips = [_Strip(layer, rate_hz) for _, layer in layers]
    reverb = Reverb(here or room(spec.genre, None), rate_hz)
    drums = (composition.part == PARTS.index("drums")) & np.isin(composition.pitch, (35, 36))
    kicks = np.unique(composition.start_s[drums])
    step = round(60 / spec.tempo_bpm * .75 * rate_hz)
    while step > 1.2 * rate_hz:
        step //= 2
    echo = np.zeros((step, 2), dtype=np.float32)
    echoing = any(layer.echo for _, layer in layers)
    for start in range(0, total, chunk):
        check(stop)
        count = min(chunk, total - start)
        dry, send, taps = (np.zeros((count, 2), dtype=np.float32) for _ in range(3))
        ducking = 1 - duck_curve(kicks, start, count, rate_hz)[:, None]
        for (_, layer), source, strip in zip(layers, sources, strips):
            y = strip.process(next(source))
            if layer.duck:
                y = y * (1 - layer.duck + layer.duck * ducking)
            dry += y
            if layer.send:
                send += y * np.float32(layer.send)
            if layer.echo:
                taps += y * np.float32(layer.echo)
        if echoing:
            wet = np.empty((count, 2), dtype=np.float32)
            for a in range(0, count, step):  # ping-pong: what comes back changes sides, weaker
                b = min(a + step, count)
                wet[a:b] = echo[:b - a]
                fed = taps[a:b, ::-1] + wet[a:b, ::-1] * np.float32(.42)
                echo = np.concatenate([echo[b - a:], fed])
            dry += wet
            send += wet * np.float32(.3)
        out = dry + reverb.process(send)
        gate = silence_gate(composition, start, count, rate_hz)
        yield out if gate is None else out * gate[:, None]


class Bus:
    """The master's first half, with state: no DC, mono below 120 Hz, 2:1 compression of what is loud."""

    def __init__(self, rate_hz: int, threshold_db: float = -20.0) -> None:
        self._dc = signal.butter(2, 24, "highpass", fs=rate_hz, output="sos")
        self._side = signal.butter(2, 120, "highpass", fs=rate_hz, output="sos")
        self._zi, self._zs = np.zeros((1, 2, 2)), np.zeros((1, 2))
        self._threshold, self._rate = threshold_db, rate_hz
        self._power = np.zeros(2)

    def process(self, x: F32) -> F32:
        y, self._zi = signal.sosfilt(self._dc, x, axis=0, zi=self._zi)
        middle, side = (y[:, 0] + y[:, 1]) / 2, (y[:, 0] - y[:, 1]) / 2
        side, self._zs = signal.sosfilt(self._side, side, zi=self._zs)
        out = np.stack([middle + side, middle - side], 1).astype(np.float32)
        _compress(out, self._power, self._threshold, float(self._rate))
        return out


@njit(cache=True, nogil=True, error_model="numpy")
def _compress(x: F32, state: F64, threshold_db: float, rate: float) -> None:
    quick = 1.0 - np.exp(-1.0 / (0.012 * rate))
    slow = 1.0 - np.exp(-1.0 / (0.18 * rate))
    power, gain_db = state[0], state[1]
    gain = 10.0 ** (gain_db / 20.0)
    for n in range(x.shape[0]):
        now = 0.5 * (x[n, 0] * x[n, 0] + x[n, 1] * x[n, 1])
        power += (quick if now > power else slow) * (now - power)
        if n % 8 == 0:
            over = 10.0 * np.log10(power + 1e-12) - threshold_db
            want = 0.0 if over <= -4.0 else -0.5 * over if over >= 4.0 else -0.5 * (over + 4.0) * (over + 4.0) / 16.0
            gain_db += 0.02 * (want - gain_db)
            gain = 10.0 ** (gain_db / 20.0)
        x[n, 0] *= gain
        x[n, 1] *= gain
    state[0], state[1] = power, gain_db
