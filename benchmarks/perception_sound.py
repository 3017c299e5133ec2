"""What is heard against what was written:

    python -m benchmarks.perception_sound [--seed N] [--count 12] [--tracks FOLDER] [--quick]

Pieces of all twelve genres (or of --count of them, picked by the seed) are composed here on fresh seeds, so tempo,
beats, downbeats, key, chords and sections are known to the millisecond; each is heard clean and through noise,
compression, a change of speed and a low-pass. Then sounds without a beat, which must not get one. With --tracks, real
music: how far our beats and librosa's agree. Tables, then one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import av
import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from benchmarks.music import f_measure
from modalities.cues import MusicCues
from modalities.media import decode_track
from modalities.perceive import music
from world_model.score import Genre
from world_model.sim.arrange import plan
from world_model.sim.compose import compose, default_spec
from world_model.sim.instruments import render_music

RATE = 48000
SPEED = 1.06
Sound = NDArray[np.float32]
Times = NDArray[np.float64]
MEASURES = ("beat F", "downbeat F", "tempo", "section F 3 s", "section F 0.5 s", "key", "key or near", "chords")


@dataclass(frozen=True)
class Truth:
    """What was written. chords: (start_s, end_s, name); bars with suspended chords have none."""

    beats_s: Times
    downbeats_s: Times
    borders_s: Times
    key: int
    minor: bool
    chords: tuple[tuple[float, float, str], ...]

    def faster(self, speed: float) -> Truth:
        """The same piece played faster, pitch and all."""
        shift = round(12 * np.log2(speed))
        return Truth(self.beats_s / speed, self.downbeats_s / speed, self.borders_s / speed, (self.key + shift) % 12,
                     self.minor, tuple((a / speed, b / speed, transposed(name, shift)) for a, b, name in self.chords))


def transposed(name: str, semitones: int) -> str:
    """A chord's name moved by semitones."""
    root = name.removesuffix("m")
    return music.KEYS[(music.KEYS.index(root) + semitones) % 12] + name[len(root):]


def made_piece(genre: str, seed: int, duration_s: float, key: int | None = None) -> tuple[Sound, Truth]:
    """One of our own pieces, (N, 2) at 48 kHz, and its truth."""
    spec = default_spec(genre, seed, duration_s, key=key)  # type: ignore[arg-type]
    piece = compose(spec, duration_s)
    names: list[tuple[float, float, str]] = []
    for bar in plan(spec, duration_s):
        thirds = {(tone - bar.chord.root) % 12 for tone in bar.chord.tones}
        start, end = bar.at * spec.bar_s, min((bar.at + 1) * spec.bar_s, duration_s)
        if bar.name != "silence" and end > start and ((3 in thirds) != (4 in thirds)):
            names.append((start, end, music.KEYS[bar.chord.root] + ("m" if 3 in thirds else "")))
    borders = np.array([start for _, start, _ in piece.sections[1:]])
    return render_music(piece, spec), Truth(piece.beats_s, piece.downbeats_s, borders, spec.key, spec.minor,
                                            tuple(names))


def noisy(sound: Sound, snr_db: float = 10.0) -> Sound:
    """White noise under the sound."""
    level = float(np.sqrt(np.mean(sound**2))) * 10 ** (-snr_db / 20)
    return sound + (level * np.random.default_rng(1).standard_normal(sound.shape)).astype(np.float32)


def dull(sound: Sound, cutoff_hz: float = 4000.0) -> Sound:
    """A low-pass of fourth order, both ways."""
    return np.asarray(sosfiltfilt(butter(4, cutoff_hz, fs=RATE, output="sos"), sound, axis=0), np.float32)


def faster(sound: Sound) -> Sound:
    """Played SPEED times as fast, as a tape would be."""
    return np.asarray(soxr.resample(sound, RATE * SPEED, RATE), np.float32)


def compress(sound: Sound, path: Path, codec: str) -> None:
    """Write 64 kbit/s MP3 or AAC."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.bit_rate = 64_000  # type: ignore[union-attr]
        stream.layout = "stereo"  # type: ignore[union-attr]
        for start in range(0, len(sound), 1152):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[start: start + 1152].T), "fltp", "stereo")
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))  # type: ignore[arg-type]
        container.mux(stream.encode(None))  # type: ignore[arg-type]


def chord_share(heard: MusicCues, true: tuple[tuple[float, float, str], ...]) -> float:
    """Share of the time with a known triad in which that triad is named."""
    right = sum(max(0.0, min(b, d) - max(a, c)) for a, b, name in true for c, d, found, _ in heard.chords
                if found == name)
    return right / max(1e-9, sum(b - a for a, b, _ in true))


def border_f(found: Times, true: Times, within_s: float) -> float:
    """F-measure where each border is matched once at most, in order."""
    hits, n = 0, 0
    for border in true:
        while n < len(found) and found[n] < border - within_s:
            n += 1
        if n < len(found) and found[n] <= border + within_s:
            hits, n = hits + 1, n + 1
    return 2 * hits / max(1, len(found) + len(true))


def key_near(heard: MusicCues, truth: Truth) -> bool:
    """The key itself, its relative, its parallel or a fifth away."""
    if heard.minor == truth.minor:
        return (heard.key - truth.key) % 12 in (0, 5, 7)
    return (heard.key - truth.key) % 12 in (0, 9 if heard.minor else 3)


def scores(heard: MusicCues, truth: Truth) -> dict[str, float]:
    starts = np.array([s[2] for s in heard.sections[1:]])
    tempo = 60 / float(np.median(np.diff(truth.beats_s)))
    return {"beat F": f_measure(heard.beats_s, truth.beats_s), "downbeat F": f_measure(heard.downbeats_s,
                                                                                        truth.downbeats_s),
            "tempo": float(abs(heard.tempo_bpm / tempo - 1) < 0.04),
            "section F 3 s": border_f(starts, truth.borders_s, 3.0),
            "section F 0.5 s": border_f(starts, truth.borders_s, 0.5),
            "key": float((heard.key, heard.minor) == (truth.key, truth.minor)),
            "key or near": float(key_near(heard, truth)), "chords": chord_share(heard, truth.chords)}


def beatless(rng: np.random.Generator) -> dict[str, Sound]:
    """Sounds without a metre, (N, 2): silence, noise, a drone, plucks at random times, a murmur of syllables."""
    t = np.arange(20 * RATE) / RATE
    drone = 0.1 * np.sin(2 * np.pi * np.outer(t, (55.0, 82.4, 110.0, 164.8))).sum(1)
    plucks, one = np.zeros(len(t)), np.arange(RATE) / RATE
    for at in np.cumsum(rng.exponential(0.45, 36)):
        start = int(at * RATE)
        if start + RATE < len(t):
            plucks[start: start + RATE] += np.sin(2 * np.pi * 220 * 2 ** (rng.integers(24) / 12) * one) * np.exp(
                -4 * one)
    murmur, at = np.zeros(len(t)), 0.2
    while at < 19:
        length = rng.uniform(0.09, 0.26)
        span = slice(int(at * RATE), int((at + length) * RATE))
        size = span.stop - span.start
        pitch = np.cumsum(np.linspace(rng.uniform(95, 150), rng.uniform(85, 150), size)) / RATE
        overtones = np.arange(1, 12)
        murmur[span] += np.hanning(size) * (np.sin(2 * np.pi * np.outer(pitch, overtones)) / overtones).sum(1)
        at += length + (rng.uniform(0.3, 0.7) if rng.random() < 0.2 else rng.uniform(0.0, 0.08))
    kinds = {"silence": np.zeros(len(t)), "noise": 0.1 * rng.standard_normal(len(t)), "drone": drone,
            "plucks at random": 0.3 * plucks, "murmur of syllables": 0.2 * murmur}
    return {name: np.repeat(row[:, None], 2, axis=1).astype(np.float32) for name, row in kinds.items()}


def heard_from(path: Path, folder: Path, longest_s: float | None = None) -> MusicCues:
    return music.hear(decode_track(path, folder / "heard.wav", longest_s=longest_s))


def made_rows(folder: Path, seed: int, duration_s: float, kinds: list[str], count: int) -> list[dict[str, Any]]:
    path = folder / "case.wav"
    changes: dict[str, Callable[[Sound], Sound]] = {"clean": lambda s: s, "noise 10 dB": noisy, "low-pass 4 kHz": dull,
                                                    "speed 1.06": faster}
    rows: list[dict[str, Any]] = []
    genres = np.random.default_rng([seed, 12]).permutation(get_args(Genre))[:count].tolist()
    for number, genre in enumerate(genres):
        sound, truth = made_piece(genre, seed + number, duration_s)
        for kind in kinds:
            if kind in changes:
                sf.write(path, changes[kind](sound), RATE, subtype="FLOAT")
                here = path
            else:
                here = folder / ("case.mp3" if "mp3" in kind else "case.m4a")
                compress(sound, here, "libmp3lame" if "mp3" in kind else "aac")
            heard = heard_from(here, folder)
            row = scores(heard, truth.faster(SPEED) if kind == "speed 1.06" else truth)
            rows.append({"piece": genre, "kind": kind, "confidence": round(heard.beat_confidence, 3)}
                        | {name: round(value, 3) for name, value in row.items()})
    return rows


def agreement(folder: Path, tracks: Path) -> list[dict[str, Any]]:
    """Beats of real tracks beside librosa's (Ellis, 2007): F, and F where half or double tempo counts as well."""
    import librosa

    rows: list[dict[str, Any]] = []
    kinds = (".ogg", ".mp3", ".opus", ".flac", ".wav", ".m4a")
    files = sorted(p for p in tracks.rglob("*") if p.suffix.lower() in kinds)
    for path in files:
        track = decode_track(path, folder / "heard.wav", longest_s=60.0)
        if track.duration_s < 15:
            continue
        heard = music.hear(track)
        mono = np.asarray(soxr.resample(track.read().mean(1), RATE, 22050), np.float32)
        other: Times = np.asarray(librosa.beat.beat_track(y=mono, sr=22050, units="time")[1], np.float64)
        options = [heard.beats_s, heard.beats_s[::2], heard.beats_s[1::2],
                   np.sort(np.concatenate([heard.beats_s, (heard.beats_s[1:] + heard.beats_s[:-1]) / 2]))]
        rows.append({"track": path.stem, "bpm": round(heard.tempo_bpm, 1),
                     "confidence": round(heard.beat_confidence, 2),
                     "agree": round(f_measure(heard.beats_s, other), 3), "mood": heard.mood,
                     "agree any level": round(max(f_measure(o, other) for o in options), 3),
                     "vocals": round(heard.vocals, 2)})
    return rows


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="How well music is heard, against what was written.")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--duration", type=float, default=40.0)
    parser.add_argument("--count", type=int, default=12, help="how many genres")
    parser.add_argument("--quick", action="store_true", help="clean pieces only")
    parser.add_argument("--pieces", action="store_true", help="a row for each piece, too")
    parser.add_argument("--tracks", type=Path)
    options = parser.parse_args(arguments)
    kinds = ["clean"] if options.quick else ["clean", "noise 10 dB", "mp3 64 kbit/s", "aac 64 kbit/s", "speed 1.06",
                                             "low-pass 4 kHz"]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = made_rows(folder, options.seed, options.duration, kinds, options.count)
        if options.pieces:
            for row in rows:
                print(f"{row['piece']:14s} {row['kind']:15s} " + " ".join(f"{row[m]:5.2f}" for m in MEASURES)
                      + f"  {row['confidence']:.2f}")
        print("| heard | " + " | ".join(MEASURES) + " |\n|---|" + "---|" * len(MEASURES))
        table = {kind: {m: round(float(np.mean([r[m] for r in rows if r["kind"] == kind])), 3) for m in MEASURES}
                 for kind in kinds}
        for kind, means in table.items():
            print(f"| {kind} | " + " | ".join(f"{means[m]:.2f}" for m in MEASURES) + " |")
        print("\n| no beat | beat confidence (must be under 0.35) |\n|---|---|")
        none: dict[str, float] = {}
        for kind, sound in beatless(np.random.default_rng(options.seed)).items():
            sf.write(folder / "case.wav", sound, RATE, subtype="FLOAT")
            none[kind] = round(heard_from(folder / "case.wav", folder).beat_confidence, 3)
            print(f"| {kind} | {none[kind]:.2f} |")
        real = agreement(folder, options.tracks) if options.tracks else []
        for row in real:
            print(f"{row['track'][:30]:30s} {row['bpm']:6.1f} confidence {row['confidence']:.2f} agree "
                  f"{row['agree']:.2f} any level {row['agree any level']:.2f} {row['mood']} vocals {row['vocals']}")
    print(json.dumps({"seed": options.seed, "pieces": len({r['piece'] for r in rows}), "table": table, "no_beat": none,
                      "real": real, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()
