"""The score judged by measurement: one row per genre, then one JSON line.

    python benchmarks/sound.py [--seconds 60] [--seed 1] [--genre techno ...]

lufs, true peak, crest; onsets per second in the quietest and loudest section; energy follows sections (rank
correlation of section energy and loudness); tempo and key found by librosa in the sound; likeness of bars (mean
chroma-onset correlation between neighbours, and the best return after eight bars or more); stereo correlation; power
per octave against the whole in dB from 31 Hz to 8 kHz; seconds of processor time.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time

import librosa
import numpy as np
from scipy import signal, stats

from world_model.sim.arrange import STYLES, sections_of
from world_model.sim.compose import compose, default_spec
from world_model.sim.harmony import MAJOR, MINOR
from world_model.sim.instruments import render_music
from world_model.sim.loudness import Loudness, true_peak_dbtp

RATE = 48000
KRUMHANSL = (np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]),
             np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]))


def lufs(x: np.ndarray) -> float:
    meter = Loudness(RATE)
    meter.feed(x)
    return meter.lufs()


def octaves(x: np.ndarray) -> list[float]:
    freqs, power = signal.welch(x.mean(1), RATE, nperseg=16384)
    bands = [
        power[(freqs >= c / 2**0.5) & (freqs < c * 2**0.5)].sum()
        for c in (31, 63, 125, 250, 500, 1000, 2000, 4000, 8000)
    ]
    return [round(10 * float(np.log10(b / power.sum() + 1e-12)), 1) for b in bands]


def found_key(chroma: np.ndarray) -> tuple[int, bool]:
    profile = chroma.mean(1)
    scores = {(k, m): float(np.corrcoef(np.roll(KRUMHANSL[m], k), profile)[0, 1]) for k in range(12) for m in (0, 1)}
    key, minor = max(scores, key=scores.__getitem__)
    return key, bool(minor)


def measure(genre: str, seconds: float, seed: int) -> dict[str, object]:
    spec = default_spec(genre, seed, seconds)  # type: ignore[arg-type]
    c = compose(spec, seconds)
    start = time.process_time()
    x = render_music(c, spec)
    cpu_s = time.process_time() - start
    mono = librosa.resample(x.mean(1), orig_sr=RATE, target_sr=22050)
    envelope = librosa.onset.onset_strength(y=mono, sr=22050, hop_length=512)
    tempo = float(
        np.atleast_1d(librosa.feature.tempo(onset_envelope=envelope, sr=22050, hop_length=512, start_bpm=110))[0]
    )
    ratio = tempo / spec.tempo_bpm
    octave = min((abs(np.log2(ratio * f)), f) for f in (1, .5, 2, 1.5, 2 / 3, 3, 1 / 3))
    chroma = librosa.feature.chroma_stft(y=mono, sr=22050, hop_length=512, n_fft=8192)
    key, minor = found_key(chroma)
    fifth = (key - spec.key) % 12 in (5, 7) and minor == spec.minor
    relative = {(p + key) % 12 for p in (MINOR if minor else MAJOR)} == {
        (p + spec.key) % 12 for p in (MINOR if spec.minor else MAJOR)
    }
    onsets = librosa.onset.onset_detect(onset_envelope=envelope, sr=22050, hop_length=512, units="time")
    parts = [(n, a, b) for n, a, b in c.sections if b - a > 2 and n != "silence"]
    loud = [lufs(x[int(a * RATE):int(b * RATE)]) for _, a, b in parts]
    wanted = [s.energy for s, row in zip(sections_of(spec, seconds), c.sections) if row in parts]
    density = [float(((onsets >= a) & (onsets < b)).sum() / (b - a)) for _, a, b in parts]
    frames = np.concatenate([chroma, envelope[None, :chroma.shape[1]] / max(1e-9, envelope.max()) * 2])
    edges = (np.append(c.downbeats_s, seconds) * 22050 / 512).astype(int)
    bars = [signal.resample(frames[:, a:b], 32, axis=1).ravel() for a, b in itertools.pairwise(edges) if b - a > 4]
    like = np.corrcoef(np.array(bars)) if len(bars) > 2 else np.eye(2)
    back = [like[n, :n - 7].max() for n in range(8, len(like))]
    return {
        "genre": genre,
        "tempo_bpm": round(spec.tempo_bpm, 1),
        "lufs": round(lufs(x), 1),
        "true_peak": round(true_peak_dbtp(x), 2),
        "crest": round(20 * float(np.log10(np.abs(x).max() / np.sqrt((x**2).mean()))), 1),
        "onsets": [round(min(density), 1), round(max(density), 1)] if density else [0, 0],
        "follows": round(float(stats.spearmanr(wanted, loud).statistic), 2) if len(set(wanted)) > 1 else 1.0,
        "tempo_found": round(tempo, 1),
        "tempo_ok": bool(octave[0] < 0.06),
        "key_found": [key, minor],
        "key_ok": (key, minor) == (spec.key, spec.minor),
        "scale_ok": relative or fifth,
        "next_bar": round(float(np.diag(like, 1).mean()), 2),
        "returns": round(float(np.mean(back)), 2) if back else 0.0,
        "stereo": round(float(np.corrcoef(x.T)[0, 1]), 2),
        "octaves_db": octaves(x),
        "cpu_s": round(cpu_s, 1),
    }


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--genre", nargs="*", default=list(STYLES))
    chosen = options.parse_args()
    rows = []
    for genre in chosen.genre:
        row = measure(genre, chosen.seconds, chosen.seed)
        rows.append(row)
        print(
            f"{genre:14} {row['tempo_bpm']:6} bpm  {row['lufs']:6} LUFS "
            f"{row['true_peak']:6} dBTP "
            f"crest {row['crest']:5} onsets {row['onsets']} follows {row['follows']:5} tempo "
            f"{row['tempo_found']:6}{' ' if row['tempo_ok'] else '!'} "
            f"key {'ok' if row['key_ok'] else 'near' if row['scale_ok'] else 'NO':5} "
            f"next {row['next_bar']:5} "
            f"returns {row['returns']:5} stereo {row['stereo']:5} {row['cpu_s']:5} s  {row['octaves_db']}",
            flush=True,
        )
    print(
        json.dumps(
            {
                "seconds": chosen.seconds,
                "seed": chosen.seed,
                "genres": rows,
                "tempo_ok": sum(bool(r["tempo_ok"]) for r in rows),
                "scale_ok": sum(bool(r["scale_ok"]) for r in rows),
            }
        )
    )


if __name__ == "__main__":
    main()
