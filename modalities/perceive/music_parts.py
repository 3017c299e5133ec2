"""A track's parts without learnt weights: what lasts and what strikes, pitch classes finely, partials that glide.

Harmonic-percussive separation by medians along time and frequency (Fitzgerald, 2010) on mel bands. Everything streams:
blocks come in order and carry what the next one needs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

Floats = NDArray[np.float32]
STEPS = 3  # parts of a semitone
REACH = 10  # frames of 10 ms on both sides of a moment that the medians look at
ACROSS = 9  # mel bands
PARTIAL_WINDOW, PARTIAL_HOP, PARTIAL_HZ = 2048, 600, 40  # at 24 kHz
MOST_PARTIALS = 10
LOWEST_HZ, HIGHEST_HZ = 180.0, 2400.0
SLOWEST, FASTEST = 8.0, 90.0  # cents in 25 ms that count as a glide; a fixed string or key stays below


def pitch_bank(low_hz: float, high_hz: float, rate_hz: int, window: int) -> Floats:
    """(36, window / 2 + 1): each bin to its pitch class in thirds of a semitone, C first; none outside the band."""
    hz = np.fft.rfftfreq(window, 1 / rate_hz)
    bank = np.zeros((12 * STEPS, len(hz)), np.float32)
    inside = np.flatnonzero((hz >= low_hz) & (hz <= high_hz))
    place = 12 * STEPS * np.log2(hz[inside] / 261.6256)
    # A bin's width in steps: low bins are wider than a step, and spread over several.
    width = np.maximum(0.5, 12 * STEPS * np.log2(1 + rate_hz / window / hz[inside]) * 0.7)
    steps = np.arange(12 * STEPS)
    away = (place[None] - steps[:, None] + 6 * STEPS) % (12 * STEPS) - 6 * STEPS
    share = np.exp(-0.5 * (away / width[None]) ** 2)
    # Overtones sound more alike than fundamentals, so the middle counts most.
    weight = np.exp(-0.5 * (np.log2(hz[inside] / np.sqrt(low_hz * high_hz)) / (0.5 * np.log2(high_hz / low_hz))) ** 2)
    bank[:, inside] = share / share.sum(0) * weight
    return bank


def peaks_only(amplitude: Floats) -> Floats:
    """Amplitudes (n, bins) with all but spectral peaks and their neighbours at nought: noise and drums drop out."""
    left, right = amplitude[:, :-2], amplitude[:, 2:]
    middle = amplitude[:, 1:-1]
    top = (middle >= left) & (middle >= right)
    kept = np.zeros_like(amplitude)
    around = top.copy()
    around[:, 1:] |= top[:, :-1]
    around[:, :-1] |= top[:, 1:]
    kept[:, 1:-1] = np.where(around, middle, 0)
    floor = 0.02 * kept.max(1, keepdims=True)
    return np.log1p(np.maximum(0, kept - floor))


class Split:
    """Harmonic and percussive amplitude of a stream of mel power frames (T, 72) at 100 a second."""

    def __init__(self) -> None:
        self._held: Floats | None = None
        self._found: list[Floats] = []

    def add(self, power: Floats) -> None:
        """The next frames."""
        if self._held is None:
            self._held = power[:1].repeat(REACH, axis=0)
        self._held = np.concatenate([self._held, power])
        if len(self._held) > 2 * REACH:
            self._found.append(_parted(self._held))
            self._held = self._held[-2 * REACH:]

    def finished(self) -> tuple[Floats, Floats]:
        """(T,) harmonic and percussive amplitude of all frames that were added."""
        if self._held is None:
            return np.zeros(0, np.float32), np.zeros(0, np.float32)
        self._found.append(_parted(np.concatenate([self._held, self._held[-1:].repeat(REACH, axis=0)])))
        whole = np.concatenate(self._found)
        return whole[:, 0].copy(), whole[:, 1].copy()


def _parted(power: Floats) -> Floats:
    """(T - 2 * REACH, 2) amplitudes of what lasts and what strikes in the frames but for the margins."""
    root = np.sqrt(power)
    lasting = median_filter(root, (2 * REACH + 1, 1), mode="nearest")[REACH: len(root) - REACH]
    inner = root[REACH: len(root) - REACH]
    striking = median_filter(inner, (1, ACROSS), mode="nearest")
    share = lasting**2 / (lasting**2 + striking**2 + 1e-12)
    energy = inner**2
    return np.sqrt(np.stack([(energy * share).sum(1), (energy * (1 - share)).sum(1)], 1)).astype(np.float32)


class Partials:
    """Follows the strongest partials of a stream of spectra, PARTIAL_HZ a second."""

    def __init__(self, rate_hz: int) -> None:
        self._hz = rate_hz / PARTIAL_WINDOW
        self._cents: NDArray[np.float64] | None = None
        self._moves: NDArray[np.float64] | None = None

    def glides(self, power: Floats) -> Floats:
        """(n,) share [0, 1] of the partials' amplitude, of power spectra (n, 1025), that moves by 8 to 90 cents in
        25 ms in the direction it moved before: a voice does, a key or a drum does not."""
        found = np.zeros(len(power), np.float32)
        first, last = int(LOWEST_HZ / self._hz), int(HIGHEST_HZ / self._hz)
        level = np.log(power[:, first - 1: last + 2] + 1e-9)
        middle = level[:, 1:-1]
        top = (middle > level[:, :-2]) & (middle >= level[:, 2:])
        bend = level[:, :-2] - 2 * middle + level[:, 2:]
        offset = np.clip(0.5 * (level[:, :-2] - level[:, 2:]) / np.where(np.abs(bend) < 1e-9, -1e-9, bend), -0.5, 0.5)
        cents = 1200 * np.log2((np.arange(first, first + middle.shape[1]) + offset) * self._hz / 100.0)
        for n in range(len(power)):
            at = np.flatnonzero(top[n])
            at = at[np.argsort(-middle[n, at])[:MOST_PARTIALS]]
            at = np.sort(at[middle[n, at] > middle[n].max() - 7])
            here, moves = cents[n, at], np.full(len(at), np.nan)
            if self._cents is not None and self._moves is not None and len(self._cents) and len(here):
                near = np.abs(here[:, None] - self._cents[None]).argmin(1)
                step = here - self._cents[near]
                moves = np.where(np.abs(step) < FASTEST, step, np.nan)
                weight = np.exp(0.5 * middle[n, at])
                along = (moves * self._moves[near] > 0) & (np.abs(moves) > SLOWEST) & (
                    np.abs(self._moves[near]) > SLOWEST)
                found[n] = float(weight[along].sum() / weight.sum())
            self._cents, self._moves = here, moves
        return found
