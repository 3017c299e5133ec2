"""Synthesised voices where a sampled font is weak: unison saws with a filter sweep, pulse waves, subs, kicks.

Oscillators are band-limited with polyBLEP (Valimaki and Huovilainen 2007); the filter is the trapezoidal state-variable
low-pass (Simper 2013). Every note is rendered whole from its own numbers, so chunks never change the result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

F32 = NDArray[np.float32]


@dataclass(frozen=True)
class Patch:
    """saw, pulse, sine: oscillator levels; width the pulse width; voices in unison, spread over detune_cents and the
    stereo width. cutoff_hz with track (octaves per octave above middle C); sweep_oct opens it and falls back over
    sweep_s; opening lifts it with velocity. attack_s, decay_s, sustain, release_s; vibrato in cents; drive >= 0."""

    saw: float = 1.0
    pulse: float = 0.0
    sine: float = 0.0
    width: float = 0.5
    voices: int = 1
    detune_cents: float = 12.0
    spread: float = 0.0
    cutoff_hz: float = 2000.0
    track: float = 0.4
    sweep_oct: float = 1.0
    sweep_s: float = 0.3
    resonance: float = 0.15
    attack_s: float = 0.005
    decay_s: float = 0.2
    sustain: float = 0.8
    release_s: float = 0.12
    vibrato_cents: float = 0.0
    drive: float = 0.0
    gain: float = 0.2


PATCHES: dict[str, Patch] = {
    "warm pad": Patch(
        voices=3,
        detune_cents=14,
        spread=0.9,
        cutoff_hz=900,
        sweep_oct=1.0,
        sweep_s=2.5,
        attack_s=0.35,
        decay_s=1.5,
        sustain=0.8,
        release_s=0.9,
        gain=0.10,
    ),
    "dark pad": Patch(
        saw=0.7,
        sine=0.4,
        voices=3,
        detune_cents=18,
        spread=0.9,
        cutoff_hz=420,
        sweep_oct=0.8,
        sweep_s=3,
        attack_s=0.7,
        decay_s=2,
        sustain=0.85,
        release_s=1.4,
        gain=0.13,
    ),
    "saw pad": Patch(
        voices=5,
        detune_cents=20,
        spread=1,
        cutoff_hz=1700,
        sweep_oct=1.4,
        sweep_s=1.6,
        attack_s=0.06,
        decay_s=1,
        sustain=0.75,
        release_s=0.5,
        gain=0.07,
    ),
    "saw stab": Patch(
        voices=5,
        detune_cents=16,
        spread=1,
        cutoff_hz=1300,
        sweep_oct=2.2,
        sweep_s=0.12,
        resonance=0.3,
        attack_s=0.002,
        decay_s=0.22,
        sustain=0.25,
        release_s=0.12,
        gain=0.10,
    ),
    "synth lead": Patch(
        saw=0.8,
        pulse=0.3,
        voices=2,
        detune_cents=9,
        spread=0.4,
        cutoff_hz=2400,
        sweep_oct=1.2,
        sweep_s=0.25,
        attack_s=0.012,
        decay_s=0.4,
        sustain=0.7,
        release_s=0.18,
        vibrato_cents=9,
        gain=0.12,
    ),
    "acid": Patch(
        saw=0.9,
        cutoff_hz=520,
        sweep_oct=2.8,
        sweep_s=0.12,
        resonance=0.62,
        attack_s=0.002,
        decay_s=0.25,
        sustain=0.45,
        release_s=0.06,
        drive=0.8,
        gain=0.14,
    ),
    "synth arp": Patch(
        saw=0.5,
        pulse=0.6,
        voices=2,
        detune_cents=7,
        spread=0.7,
        cutoff_hz=1500,
        sweep_oct=2,
        sweep_s=0.1,
        attack_s=0.002,
        decay_s=0.2,
        sustain=0.25,
        release_s=0.12,
        gain=0.12,
    ),
    "pulse lead": Patch(
        saw=0,
        pulse=1,
        width=0.25,
        cutoff_hz=9000,
        sweep_oct=0,
        attack_s=0.001,
        decay_s=0.1,
        sustain=0.8,
        release_s=0.02,
        vibrato_cents=7,
        gain=0.12,
    ),
    "pulse arp": Patch(
        saw=0,
        pulse=1,
        width=0.5,
        cutoff_hz=7000,
        sweep_oct=0,
        attack_s=0.001,
        decay_s=0.12,
        sustain=0.35,
        release_s=0.02,
        gain=0.09,
    ),
    "triangle bass": Patch(
        saw=0,
        sine=1,
        cutoff_hz=3000,
        sweep_oct=0,
        attack_s=0.001,
        decay_s=0.1,
        sustain=0.9,
        release_s=0.02,
        drive=1.2,
        gain=0.26,
    ),
    "sub bass": Patch(
        saw=0.12,
        sine=1,
        cutoff_hz=360,
        sweep_oct=0.5,
        sweep_s=0.1,
        attack_s=0.006,
        decay_s=0.3,
        sustain=0.9,
        release_s=0.06,
        drive=0.5,
        gain=0.30,
    ),
    "saw bass": Patch(
        saw=0.8,
        pulse=0.2,
        sine=0.5,
        voices=2,
        detune_cents=6,
        cutoff_hz=420,
        sweep_oct=2.0,
        sweep_s=0.14,
        resonance=0.2,
        attack_s=0.003,
        decay_s=0.25,
        sustain=0.6,
        release_s=0.05,
        drive=0.4,
        gain=0.20,
    ),
    "reese bass": Patch(
        saw=0.8,
        sine=0.6,
        voices=3,
        detune_cents=22,
        spread=0.15,
        cutoff_hz=480,
        sweep_oct=1.2,
        sweep_s=0.5,
        resonance=0.2,
        attack_s=0.004,
        decay_s=0.5,
        sustain=0.85,
        release_s=0.06,
        drive=0.6,
        gain=0.20,
    ),
    "bell": Patch(
        saw=0, sine=1, cutoff_hz=9000, sweep_oct=0, attack_s=0.002, decay_s=1.2, sustain=0, release_s=0.5, gain=0.2
    ),
}


@njit(cache=True, nogil=True, error_model="numpy")
def _blep(phase: float, step: float) -> float:
    if phase < step:
        x = phase / step
        return x + x - x * x - 1.0
    if phase > 1.0 - step:
        x = (phase - 1.0) / step
        return x * x + x + x + 1.0
    return 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _voice(
    out: F32,
    rate: float,
    hz: float,
    held: int,
    seed: float,
    saw: float,
    pulse: float,
    sine: float,
    width: float,
    voices: int,
    detune: float,
    spread: float,
    cutoff: float,
    sweep_oct: float,
    sweep_s: float,
    resonance: float,
    attack_s: float,
    decay_s: float,
    sustain: float,
    release_s: float,
    vibrato: float,
    drive: float,
    level: float,
) -> None:
    total = out.shape[0]
    norm = 1.0 / np.sqrt(voices)
    ic = np.zeros((2, 2))
    phases = np.empty(voices)
    ratios = np.empty(voices)
    lefts = np.empty(voices)
    rights = np.empty(voices)
    for v in range(voices):
        phases[v] = (seed * (v + 1) * 0.61803398875) % 1.0
        place = 0.0 if voices == 1 else 2.0 * v / (voices - 1) - 1.0
        ratios[v] = 2.0 ** (place * detune / 1200.0)
        angle = (place * spread + 1.0) * np.pi / 4.0
        lefts[v] = np.cos(angle) * norm
        rights[v] = np.sin(angle) * norm
    sub = 0.0
    amp, g, k = 0.0, 0.1, 2.0 - 1.9 * resonance
    at_release = 1.0
    bend = 1.0
    for n in range(total):
        t = n / rate
        if n % 16 == 0:
            wobble = vibrato * min(1.0, max(0.0, (t - 0.25) * 3.0)) * np.sin(2 * np.pi * 5.3 * t)
            bend = 2.0 ** (wobble / 1200.0)
            fc = min(cutoff * 2.0 ** (sweep_oct * np.exp(-t / sweep_s)), rate * 0.42)
            g = np.tan(np.pi * fc / rate)
        if n < held:
            if t < attack_s:
                amp = t / attack_s
            else:
                amp = sustain + (1.0 - sustain) * np.exp(-(t - attack_s) / decay_s * 3.0)
            at_release = amp
        else:
            left_s = (n - held) / rate
            amp = at_release * np.exp(-left_s / release_s * 4.0) * min(1.0, (total - n) / (0.004 * rate))
        left, right = 0.0, 0.0
        for v in range(voices):
            step = hz * bend * ratios[v] / rate
            p = phases[v]
            x = 0.0
            if saw > 0.0:
                x += saw * (2.0 * p - 1.0 - _blep(p, step))
            if pulse > 0.0:
                q = (p + 1.0 - width) % 1.0
                x += pulse * ((1.0 if p < width else -1.0) + _blep(p, step) - _blep(q, step) - (2.0 * width - 1.0))
            left += x * lefts[v]
            right += x * rights[v]
            phases[v] = (p + step) % 1.0
        if sine > 0.0:
            s = sine * np.sin(2 * np.pi * sub)
            left += s * 0.7071
            right += s * 0.7071
            sub = (sub + hz * bend / rate) % 1.0
        a1 = 1.0 / (1.0 + g * (g + k))
        for c in range(2):
            x = left if c == 0 else right
            v3 = x - ic[c, 1]
            v1 = a1 * (ic[c, 0] + g * v3)
            v2 = ic[c, 1] + g * v1
            ic[c, 0] = 2.0 * v1 - ic[c, 0]
            ic[c, 1] = 2.0 * v2 - ic[c, 1]
            y = v2
            if drive > 0.0:
                y = np.tanh(y * (1.0 + drive)) / (1.0 + 0.5 * drive)
            out[n, c] = y * amp * level


def tone(patch: Patch, pitch: int, velocity: int, duration_s: float, rate_hz: int, seed: int) -> F32:
    """One note, (samples, 2) float32, release included. velocity [1, 127]."""
    hz = 440.0 * 2.0 ** ((pitch - 69) / 12)
    held = max(1, round(duration_s * rate_hz))
    out = np.zeros((held + round(patch.release_s * 1.6 * rate_hz), 2), dtype=np.float32)
    strength = velocity / 127
    cutoff = patch.cutoff_hz * 2.0 ** (patch.track * (pitch - 60) / 12 + 1.2 * (strength - .7))
    _voice(out, float(rate_hz), hz, held, (seed * 0.7548776662 + .31) % 1.0 + .01, patch.saw, patch.pulse, patch.sine,
           patch.width, patch.voices, patch.detune_cents, patch.spread, cutoff, patch.sweep_oct, patch.sweep_s,
           patch.resonance, patch.attack_s, patch.decay_s, patch.sustain, patch.release_s, patch.vibrato_cents,
           patch.drive, patch.gain * strength ** 1.3)
    return out


def kick(velocity: int, rate_hz: int, length_s: float = .34, low_hz: float = 48.0) -> F32:
    """A synthesised bass drum, (samples, 2) float32: a sine falling from a click to `low_hz`, softly clipped."""
    t = np.arange(round(length_s * rate_hz)) / rate_hz
    hz = low_hz + 150 * np.exp(-t / .028) + 900 * np.exp(-t / .0035)
    body = np.sin(2 * np.pi * np.cumsum(hz) / rate_hz) * np.exp(-t / (length_s * .36))
    body *= np.minimum(1, (length_s - t) / .02)
    sound = np.tanh(1.9 * body) * .62 * (velocity / 127) ** 1.1
    return np.repeat(sound[:, None], 2, 1).astype(np.float32)


def patch_named(name: str, **changes: float) -> Patch:
    """A patch by name with fields changed."""
    return replace(PATCHES[name], **changes)  # pyright: ignore[reportArgumentType]
