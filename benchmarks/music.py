"""How well tracks are heard: python -m benchmarks.music [REFERENCES TRACKS]

Drum machines and pieces of all twelve genres with known grids, made here; and, if given, tracks with reference files
(NAME.json: {"beats": seconds, "pos": place in the bar from 1}). A table, then one line of JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import soundfile as sf
from numpy.typing import NDArray

from modalities.media import decode_track
from modalities.perceive import music
from world_model.score import Genre
from world_model.sim.compose import compose, default_spec
from world_model.sim.instruments import render_music

RATE = 48000
Sound = NDArray[np.float32]
Times = NDArray[np.float64]
# Pattern: beats a bar, then for each drum the eighths it plays on.
PATTERNS: dict[str, tuple[int, dict[str, tuple[int, ...]]]] = {
    "rock": (4, {"kick": (0, 4), "snare": (2, 6), "hat": (0, 1, 2, 3, 4, 5, 6, 7)}),
    "four to the floor": (4, {"kick": (0, 2, 4, 6), "snare": (2, 6), "hat": (1, 3, 5, 7), "bass": (0,)}),
    "broken": (4, {"kick": (0, 5), "snare": (2, 6), "hat": (0, 2, 4, 6), "bass": (0, 3)}),
    "waltz": (3, {"kick": (0,), "hat": (2, 4), "bass": (0,)}),
    "three": (3, {"kick": (0,), "snare": (4,), "hat": (0, 1, 2, 3, 4, 5)}),
    "sparse": (4, {"kick": (0,), "snare": (4,), "hat": (0, 2, 4, 6)}),
    "click": (4, {"click": (0, 2, 4, 6)}),
}


def _strike(drum: str, rng: np.random.Generator, pitch_hz: float) -> Times:
    t = np.arange(int(0.3 * RATE)) / RATE
    if drum == "kick":
        return np.sin(2 * np.pi * (50 * t + 1.5 * (1 - np.exp(-t * 30)))) * np.exp(-t * 14)
    if drum == "bass":
        return 0.5 * np.sin(2 * np.pi * pitch_hz * t) * np.exp(-t * 3) * np.minimum(1, (0.3 - t) * 50)
    if drum == "click":
        return np.sin(2 * np.pi * 1000 * t) * np.exp(-t * 200)
    fall, level = {"snare": (22.0, 0.5), "hat": (70.0, 0.22)}[drum]
    return rng.standard_normal(len(t)) * np.exp(-t * fall) * level


def drum_track(pattern: str, tempo_bpm: float, duration_s: float = 40.0, offset_s: float = 0.3, seed: int = 0
               ) -> tuple[Sound, Times, Times]:
    """(N, 2) sound at 48 kHz of a drum machine, its beats and its downbeats in seconds. The bass changes each bar."""
    metre, drums = PATTERNS[pattern]
    rng = np.random.default_rng(seed)
    sound = np.zeros(int(duration_s * RATE))
    beat_s = 60.0 / tempo_bpm
    count = int((duration_s - offset_s - 0.4) / beat_s)
    for bar in range(count // metre + 1):
        pitch_hz = 55.0 * 2 ** (int(rng.choice([0, 3, 5, 7])) / 12)
        for drum, eighths in drums.items():
            for eighth in eighths:
                at = round((offset_s + (bar * metre + eighth / 2) * beat_s) * RATE)
                piece = _strike(drum, rng, pitch_hz)[: max(0, len(sound) - at)]
                sound[at: at + len(piece)] += piece * rng.uniform(0.85, 1.0)
    beats: Times = np.linspace(offset_s, offset_s + count * beat_s, count, endpoint=False)
    whole = np.repeat((0.5 * sound / np.abs(sound).max())[:, None], 2, axis=1).astype(np.float32)
    return whole, beats, beats[::metre]


def genre_track(genre: str, seed: int, duration_s: float) -> tuple[Sound, Times, Times, Times]:
    """Sound, beats, downbeats and section borders of one of our own pieces."""
    spec = default_spec(genre, seed, duration_s)  # type: ignore[arg-type]
    piece = compose(spec, duration_s)
    borders = np.array([start for _, start, _ in piece.sections[1:]])
    return render_music(piece, spec), piece.beats_s, piece.downbeats_s, borders


def f_measure(found: Times, true: Times, within_s: float = 0.07) -> float:
    if not len(found) or not len(true):
        return 0.0
    hits = sum(bool(np.abs(true - t).min() < within_s) for t in found)
    return 2 * hits / (len(found) + len(true))


def precision(found: Times, true: Times, within_s: float = 0.07) -> float:
    return float(np.mean([np.abs(true - t).min() < within_s for t in found])) if len(found) and len(true) else 0.0


def cases(folder: Path, references: Path | None, tracks: Path | None
          ) -> Iterator[tuple[str, Path, Times, Times, Times | None, float | None]]:
    """Name, file, beats, downbeats, borders if known, and how much of the file to hear."""
    path = folder / "case.wav"
    for n, pattern in enumerate(PATTERNS):
        for tempo_bpm in (97.3, 128.0):
            sound, beats, first = drum_track(pattern, tempo_bpm, seed=n)
            sf.write(path, sound, RATE, subtype="FLOAT")
            yield f"{pattern} {tempo_bpm:g}", path, beats, first, None, None
    for genre in get_args(Genre):
        sound, beats, first, borders = genre_track(genre, 3, 60.0)
        sf.write(path, sound, RATE, subtype="FLOAT")
        yield f"our {genre}", path, beats, first, borders, None
    if references and tracks:
        files = {p.name: p for p in tracks.rglob("*") if p.is_file()}
        for reference in sorted(references.glob("*.json")):
            plain = json.loads(reference.read_text())
            beats, places = np.array(plain["beats"]), np.array(plain["pos"])
            if len(beats) >= 16 and reference.stem in files:
                yield reference.stem, files[reference.stem], beats, beats[places == 1], None, 60.0


def main(arguments: list[str]) -> None:
    references, tracks = (Path(arguments[0]), Path(arguments[1])) if len(arguments) > 1 else (None, None)
    rows: list[dict[str, Any]] = []
    print(f"{'track':34s} {'bpm':>6s}   F   down metre conf  late_ms borders  x real time")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, path, beats, first, borders, longest_s in cases(folder, references, tracks):
            track = decode_track(path, folder / "heard.wav", longest_s=longest_s)
            start = time.process_time()
            heard = music.hear(track)
            speed = track.duration_s / (time.process_time() - start)
            late = [t - beats[np.abs(beats - t).argmin()] for t in heard.beats_s]
            late_ms = 1000 * float(np.median([d for d in late if abs(d) < 0.07] or [0.0]))
            found = np.array([start_s for _, _, start_s, _, _ in heard.sections[1:]])
            row = {"track": title, "bpm": round(heard.tempo_bpm, 1), "f": round(f_measure(heard.beats_s, beats), 3),
                   "down": round(precision(heard.downbeats_s, first), 3), "metre": heard.beats_per_bar,
                   "confidence": round(heard.beat_confidence, 2), "late_ms": round(late_ms, 1),
                   "borders": None if borders is None else round(f_measure(found, borders, 1.5), 2),
                   "speed": round(speed)}
            rows.append(row)
            print(f"{title:34s} {row['bpm']:6.1f} {row['f']:.2f} {row['down']:.2f} {row['metre']:4d} "
                  f"{row['confidence']:6.2f} {row['late_ms']:6.1f} {row['borders'] or '-'!s:>6} "
                  f"{row['speed']:6d}", flush=True)
    print(json.dumps({"tracks": len(rows), "beat_f": round(float(np.mean([r["f"] for r in rows])), 3),
                      "downbeat_precision": round(float(np.mean([r["down"] for r in rows])), 3), "rows": rows}))


if __name__ == "__main__":
    main(sys.argv[1:])
