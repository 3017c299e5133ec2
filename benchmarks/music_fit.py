"""Fit the few weights of the beat tracker: python -m benchmarks.music_fit FOLDER_OF_REFERENCES FOLDER_OF_TRACKS

A reference is NAME.json, {"beats": seconds, "pos": place in the bar from 1}, for the first minute
of the track NAME found anywhere under the second folder. A third of the tracks, chosen by a hash of the name, is held
out; both scores are printed, then the arrays for music_bars and music_grids.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import soundfile as sf
from scipy.optimize import minimize

from benchmarks.music import PATTERNS, RATE, drum_track, f_measure, genre_track
from modalities.media import decode_track
from modalities.perceive import music_bars, music_beats, music_features, music_grids
from world_model.score import Genre

Table = Any
FIRST_S = 60.0
MADE, MADE_WEIGHT = "made: ", 0.25


def held_out(name: str) -> bool:
    return not name.startswith(MADE) and int(hashlib.md5(name.encode()).hexdigest(), 16) % 3 == 0


def made() -> dict[str, Table]:
    """Pieces made here: drum machines and our own genres; they weigh less than real tracks."""
    sounds = {f"{MADE}{pattern} {bpm}": drum_track(pattern, bpm, seed=n)[:3]
              for n, pattern in enumerate(PATTERNS) for bpm in (78.0, 112.0, 141.0)}
    sounds |= {f"{MADE}{genre} {seed}": genre_track(genre, seed, 40.0)[:3]
               for genre in get_args(Genre) for seed in (11, 12)}
    data: dict[str, Table] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.wav"
        for name, (sound, beats, first) in sounds.items():
            sf.write(path, sound, RATE, subtype="FLOAT")
            metre = round((first[1] - first[0]) / (beats[1] - beats[0]))
            places = np.arange(len(beats)) % metre + 1
            data[name] = _entry(path, Path(folder), beats, places)
    return data


def _entry(path: Path, folder: Path, beats: Table, places: Table) -> Table:
    track = decode_track(path, folder / "t.wav", longest_s=FIRST_S)
    features = music_features.measure(track, lambda: False, lambda _: None)
    strength = music_beats.activation(features)
    grids = music_grids.hypotheses(strength)
    scores = np.array([f_measure(music_bars.rate_s(g), beats) for g in grids])
    return music_bars.listen(features), strength, grids, scores, beats, places


def read(references: Path, tracks: Path) -> dict[str, Table]:
    files = {p.name: p for p in tracks.rglob("*") if p.is_file()}
    data: dict[str, Table] = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(references.glob("*.json")):
            plain = json.loads(path.read_text())
            beats, places = np.array(plain["beats"]), np.array(plain["pos"])
            if len(beats) < 16 or path.stem not in files:
                continue
            near = beats < FIRST_S
            data[path.stem] = _entry(files[path.stem], Path(folder), beats[near], places[near])
    return data


def logit(choices: Sequence[tuple[Table, Table, float]], ridge: float) -> Table:
    """Weights of a conditional logit: (options, features), how good each option is, weight of the choice."""
    def loss(w: Table) -> tuple[float, Table]:
        total, slope, count = 0.0, np.zeros_like(w), 0.0
        for table, good, weight in choices:
            u = table @ w
            p = np.exp(u - u.max())
            p /= p.sum()
            chance = float(p @ good) + 1e-9
            total -= weight * np.log(chance)
            slope -= weight * table.T @ (p * good / chance - p)
            count += weight
        return total / count + ridge * float(w @ w), slope / count + 2 * ridge * w

    return minimize(loss, np.zeros(choices[0][0].shape[1]), jac=True, method="L-BFGS-B").x


def bar_choices(entry: Table) -> list[tuple[Table, Table, float]]:
    heard, _, grids, scores, beats, places = entry
    if scores.max() < 0.88:
        return []
    frames, metre = grids[int(scores.argmax())], int(places.max())
    table = music_bars.beat_features(heard, frames)
    true = beats[places == 1]
    first = np.array([np.abs(true - t).min() < 0.07 for t in music_bars.rate_s(frames)])
    found = []
    for a in range(0, max(1, len(table) - 31), 16):
        rows, marks = table[a:a + 32], first[a:a + 32]
        hits = np.array([marks[k::metre].mean() for k in range(metre)])
        if hits.max() < 0.85:
            continue
        means = np.stack([rows[k::metre].mean(0) for k in range(metre)]) - rows.mean(0)
        found.append((np.concatenate([means, np.roll(means, -1, axis=0)], axis=1),
                      (np.arange(metre) == hits.argmax()).astype(float)))
    return [(t, g, 1 / len(found)) for t, g in found]


def score(data: dict[str, Table], names: Sequence[str]) -> str:
    rows = []
    for name in names:
        heard, strength, grids, scores, beats, places = data[name]
        repeats = music_beats.autocorrelation(strength)
        table = np.stack([music_grids.describe(heard, strength, repeats, g) for g in grids])
        best = int(np.argmax((table - music_grids.MEANS) / music_grids.SCALES @ music_grids.WEIGHTS))
        first, _ = music_bars.downbeats(heard, grids[best])
        at, true = music_bars.rate_s(grids[best])[first], beats[places == 1]
        right = float(np.mean([np.abs(true - t).min() < 0.07 for t in at])) if len(at) and len(true) else 0.0
        rows.append((scores[0], scores[best], scores.max(), right,
                     music_grids.confidence(strength, repeats, grids[best], table[best])))
        print(f"{name:34s} free {scores[0]:.2f} chosen {scores[best]:.2f} best {scores.max():.2f} "
              f"downbeats {right:.2f} confidence {rows[-1][-1]:.2f}")
    sure = [r[3] for r in rows if r[4] >= 0.35]
    return (f"{len(rows)} tracks, beat F free / chosen / best {np.mean(rows, axis=0)[:3].round(3)}, "
            f"downbeat precision {np.mean([r[3] for r in rows]):.3f}, "
            f"where confident {np.mean(sure):.3f} of {len(sure)}")


def main(references: Path, tracks: Path) -> None:
    data = read(references, tracks) | made()
    train = [name for name in data if not held_out(name)]
    weights = {name: MADE_WEIGHT if name.startswith(MADE) else 1.0 for name in data}
    bars = logit([(t, good, w * weights[name]) for name in train for t, good, w in bar_choices(data[name])], 0.3)
    music_bars.WEIGHTS = bars.reshape(2, -1)
    tables = {}
    for name in train:
        heard, strength, grids, scores, _, _ = data[name]
        repeats = music_beats.autocorrelation(strength)
        if scores.max() > 0.6:
            tables[name] = np.stack([music_grids.describe(heard, strength, repeats, g) for g in grids])
    whole = np.concatenate(list(tables.values()))
    music_grids.MEANS, music_grids.SCALES = whole.mean(0), whole.std(0) + 1e-9
    music_grids.WEIGHTS = logit([((t - music_grids.MEANS) / music_grids.SCALES, data[name][3] ** 3, weights[name])
                                 for name, t in tables.items()], 0.02)
    print("made:", score(data, [name for name in train if name.startswith(MADE)]))
    print("train:", score(data, [name for name in train if not name.startswith(MADE)]))
    print("held out:", score(data, [name for name in data if held_out(name)]))
    for module, names in ((music_bars, ("WEIGHTS",)), (music_grids, ("MEANS", "SCALES", "WEIGHTS"))):
        for name in names:
            text = np.array2string(getattr(module, name), precision=3, separator=", ", max_line_width=108,
                                   suppress_small=True)
            print(f"{module.__name__}\n{name} = np.array({text})")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
