"""How well films are seen: python -m benchmarks.perception_film [--films 5] [--seed 400] [--clean]

Films of fresh seeds are directed and drawn here: any setting, look, body and camera move, shots joined by cuts,
dissolves (blended pictures) and fades; some zoom or roll as well. The world's own camera is the truth: its turn about
its own axes (as it shows through the lens that perception assumes), the change of its lens, and its way forward over
the middle depth of what stands still. Each film is seen as it is and degraded (compression, noise, a crop, another
speed). Correlations are Pearson's over all films together, away from transitions. A table, then one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction, Shot
from agent.director import direct
from agent.interpret import interpret
from agent.unroll import unroll
from modalities.cues import CAMERA_CURVES, FilmCues
from modalities.perceive.film import see_film
from modalities.perceive.film_camera import WHOLE_LENS_MM, WIDE_MM
from world_model import kernel_cache
from world_model.vocabulary import LIGHTS, SETTINGS, STYLES, WEATHERS

kernel_cache.place()
from world_model.sim.finish import finish  # noqa: E402
from world_model.sim.picture import Renderer, packed_rows  # noqa: E402
from world_model.sim.sampling import fitting_bodies  # noqa: E402
from world_model.sim.view import make_view  # noqa: E402

FPS = 24
FIRST_BODY = 10
WITHIN_FRAMES = 2
SIZE_PX = (256, 144)
Frames = NDArray[np.uint8]
Curves = NDArray[np.float64]
DEGRADATIONS = ("clean", "crf 38", "noise", "crop 90 %", "speed 1.25")


@dataclass(frozen=True)
class Film:
    """frames (N, H, W, 3); transitions (second, kind, half its length in seconds); camera (N, 7) truth: the rates at
    each frame in the order and units of CAMERA_CURVES, then how fast the middle depth goes by, in degrees a second,
    because the camera goes right and up."""

    frames: Frames
    fps: float
    transitions: tuple[tuple[float, str, float], ...]
    camera: Curves


def direction_of(seed: int) -> Direction:
    """A Direction by the director for a random wish, with some zooms and rolls, and hard cuts only."""
    rng = np.random.default_rng([seed, 5])
    looks = list(STYLES)
    setting = SETTINGS[int(rng.integers(len(SETTINGS)))]
    bodies = fitting_bodies(setting)
    look = "photoreal" if rng.random() < 0.5 else looks[int(rng.integers(len(looks)))]
    prompt = (f"a {bodies[int(rng.integers(len(bodies)))]}, {setting}, {look.replace('_', ' ')}, "
              f"{list(WEATHERS)[int(rng.integers(len(WEATHERS)))]}, {list(LIGHTS)[int(rng.integers(len(LIGHTS)))]}")
    direction = direct(interpret(prompt), None, duration_s=float(rng.uniform(8.0, 12.0)), size_px=SIZE_PX, seed=seed)
    shots: list[Shot] = []
    for shot in direction.shots:
        extra, camera = rng.random(), shot.camera
        sign = float(rng.choice([-1, 1]))
        if extra < 0.2:
            reach = np.exp(sign * rng.uniform(0.15, 0.35))
            keys = ((0.0, camera.lens_mm / reach), (1.0, camera.lens_mm * reach))
            camera = camera.model_copy(update={"move": str(rng.choice(["static", "pan"])),
                                               "curves": {**camera.curves, "lens_mm": keys}})
        elif extra < 0.35:
            keys = ((0.0, 0.0), (1.0, sign * float(rng.uniform(6.0, 22.0))))
            camera = camera.model_copy(update={"curves": {**camera.curves, "roll_deg": keys}})
        shots.append(shot.model_copy(update={"cut": "hard", "camera": camera}))
    return direction.model_copy(update={"shots": tuple(shots)})


def filmed(rows: NDArray[np.float32]) -> tuple[Frames, Curves]:
    """The pictures of a shot's rows and its camera's rates (frames, 7)."""
    frames = len(rows)
    views = [make_view(row, SIZE_PX) for row in rows]
    renderer = Renderer(SIZE_PX, threads=1)
    pictures = np.empty((frames, SIZE_PX[1], SIZE_PX[0], 3), np.uint8)
    near = np.zeros(frames)
    for k, row in enumerate(rows):
        if k and np.array_equal(row, rows[k - 1]):
            pictures[k], near[k] = pictures[k - 1], near[k - 1]
            continue
        buffer = renderer.geometry(rows[k: k + 1])
        pictures[k] = finish(buffer, row, 0, 1)
        solid = buffer.depth_m[(buffer.object_id > 0) & (buffer.object_id < FIRST_BODY)]
        near[k] = float(np.median(1.0 / solid)) if len(solid) else 0.0
    renderer.close()
    axes = np.stack([view[3:12].reshape(3, 3) for view in views])
    eyes = np.stack([view[:3] for view in views])
    focal = np.array([view[12] for view in views])
    # Degrees are told as through the lens that is assumed: a longer one moves the picture faster.
    through = focal / (max(SIZE_PX) * WHOLE_LENS_MM / WIDE_MM)
    rates = np.zeros((frames, 7))
    for k in range(frames):
        a, b = max(0, k - 2), min(frames - 1, k + 2)
        if a == b:
            continue
        span_s = (b - a) / FPS
        turn = axes[a] @ axes[b].T
        way = axes[k] @ (eyes[b] - eyes[a]) / span_s * near[k]
        rates[k] = (np.degrees(turn[0, 2]) / span_s * through[k], np.degrees(turn[1, 2]) / span_s * through[k],
                    np.degrees(turn[0, 1]) / span_s, np.log(focal[b] / focal[a]) / span_s, way[2],
                    np.degrees(way[0]) * through[k], np.degrees(way[1]) * through[k])
    return pictures, rates


def film_of(seed: int) -> Film:
    """A film of 8 to 12 seconds, its shots joined in random ways."""
    rng = np.random.default_rng([seed, 9])
    world = unroll(direction_of(seed), size_px=SIZE_PX)
    rows = packed_rows(world.state)
    starts = [0, *(np.flatnonzero(np.diff(world.state.shot[:, 0].numpy()) != 0) + 1).tolist(), len(rows)]
    frames: list[Frames] = []
    camera: list[Curves] = []
    transitions: list[tuple[float, str, float]] = []
    at = 0
    for k, (start, end) in enumerate(pairwise(starts)):
        pictures, rates = filmed(rows[start:end])
        short = min(len(pictures), len(frames[-1]) if k else 0)
        kind = str(rng.choice(["cut", "cut", "cut", "dissolve", "fade"])) if k else "start"
        if kind == "fade":
            half = min(int(rng.integers(6, 13)), short // 3)
            ramp = (np.arange(half) / half)[:, None, None, None]
            pictures[:half] = (pictures[:half] * ramp).astype(np.uint8)
            frames[-1][-half:] = (frames[-1][-half:] * ramp[::-1]).astype(np.uint8)
            transitions.append((at / FPS, kind, half / FPS))
        elif kind == "dissolve":
            over = 2 * min(int(rng.integers(5, 11)), short // 6)
            share = ((np.arange(over) + 0.5) / over)[:, None, None, None]
            mixed = frames[-1][-over:] * (1 - share) + pictures[:over] * share
            frames[-1][-over:] = np.rint(mixed).astype(np.uint8)
            camera[-1][-over // 2:] = rates[over // 2: over]
            transitions.append(((at - over / 2) / FPS, kind, over / 2 / FPS))
            pictures, rates = pictures[over:], rates[over:]
        elif kind == "cut":
            transitions.append((at / FPS, kind, 0.0))
        frames.append(pictures)
        camera.append(rates)
        at += len(pictures)
    return Film(np.concatenate(frames), FPS, tuple(transitions), np.concatenate(camera))


def degraded(film: Film, way: str, rng: np.random.Generator) -> tuple[Film, int]:
    """The film in another state, and the quality (crf) it is to be written with."""
    frames = film.frames
    if way == "crf 38":
        return film, 38
    if way == "noise":
        noisy = [np.clip(frame + rng.normal(0, 12, frame.shape), 0, 255).astype(np.uint8) for frame in frames]
        return replace(film, frames=np.stack(noisy)), 18
    if way == "crop 90 %":
        high, wide = frames.shape[1:3]
        y, x = int(0.05 * high), int(0.05 * wide)
        part = frames[:, y: y + high * 9 // 20 * 2, x: x + wide * 9 // 20 * 2]
        return replace(film, frames=np.ascontiguousarray(part)), 18
    if way == "speed 1.25":
        times = tuple((at / 1.25, kind, half / 1.25) for at, kind, half in film.transitions)
        return replace(film, fps=film.fps * 1.25, transitions=times, camera=film.camera * 1.25), 18
    return film, 18


def write(film: Film, path: Path, crf: int) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(film.fps).limit_denominator(1001),
                                options={"crf": str(crf), "preset": "veryfast", "threads": "1"})
        stream.height, stream.width = film.frames.shape[1:3]  # type: ignore[union-attr]
        stream.pix_fmt = "yuv420p"  # type: ignore[union-attr]
        for frame in film.frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))  # type: ignore[union-attr]
        out.mux(stream.encode(None))  # type: ignore[union-attr]


def matched(seen: FilmCues, film: Film) -> tuple[int, int, int, int]:
    """(hits within two frames, of them of the right kind, found, true); a dissolve or fade is hit inside its span."""
    left = [(shot.start_s, shot.transition) for shot in seen.shots[1:]]
    found, hits, kinds = len(left), 0, 0
    for at, kind, half in film.transitions:
        near = [one for one in left if abs(one[0] - at) <= WITHIN_FRAMES / film.fps + half + 1e-3]
        if near:
            one = min(near, key=lambda other: abs(other[0] - at))
            left.remove(one)
            hits += 1
            kinds += one[1] == kind
    return hits, kinds, found, len(film.transitions)


def compared(seen: FilmCues, film: Film) -> tuple[Curves, Curves]:
    """Seen and true camera (n, 5) away from transitions, the truth smoothed like the curves."""
    count = min(len(seen.curves["motion"]), int(len(film.camera) / film.fps * seen.curve_rate_hz))
    times = np.arange(count) / seen.curve_rate_hz
    clock = np.arange(len(film.camera)) / film.fps
    off = np.exp(-0.5 * ((times[:, None] - clock) * seen.curve_rate_hz) ** 2)
    true = off @ film.camera / off.sum(1, keepdims=True)
    inside = np.ones(len(times), bool)
    for at, _, half in film.transitions:
        inside &= np.abs(times - at) > half + 1.5 / seen.curve_rate_hz
    curves = np.stack([seen.curves[name] for name in CAMERA_CURVES], 1).astype(np.float64)[:count]
    return curves[inside], true[inside]


def pearson(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / scale) if scale > 1e-9 else float("nan")


def measured(way: str, pairs: Sequence[tuple[FilmCues, Film]]) -> dict[str, Any]:
    """One row of the table: all films of a degradation."""
    hits, kinds, found, true = np.array([matched(seen, film) for seen, film in pairs]).sum(0)
    both = [compared(seen, film) for seen, film in pairs]
    a, b = np.concatenate([one[0] for one in both]), np.concatenate([one[1] for one in both])
    row: dict[str, Any] = {"way": way, "shot_f1": round(2 * int(hits) / max(1, int(found + true)), 3),
                           "kinds": round(int(kinds) / max(1, int(hits)), 3), "true": int(true), "found": int(found)}
    for k, name in enumerate(CAMERA_CURVES):
        short = name.removeprefix("camera.")
        row[short] = round(pearson(a[:, k], b[:, k]), 3)
        each = [pearson(x[:, k], y[:, k]) for x, y in both if y[:, k].std() > 1e-3]
        row[f"{short}_median_film"] = round(float(np.median(each)), 3) if each else None
        row[f"{short}_error"] = round(float(np.median(np.abs(a[:, k] - b[:, k]))), 3)
    row["zoom_or_dolly"] = round(pearson(a[:, 3] + a[:, 4], b[:, 3] + b[:, 4]), 3)
    row["confidence"] = round(float(np.mean([seen.camera_confidence for seen, _ in pairs])), 3)
    return row


def run(films: Sequence[Film], ways: Sequence[str], folder: Path) -> list[dict[str, Any]]:
    """See all films in all states; prints the table while it goes."""
    print(f"{'state':12}{'shots F1':>9}{'kinds':>7}" + "".join(f"{name.removeprefix('camera.'):>7}"
                                                              for name in CAMERA_CURVES) + "  zoom|dolly  confidence")
    rows: list[dict[str, Any]] = []
    first: list[tuple[FilmCues, Film]] = []
    for way in (*ways, *(["shuffled"] if len(films) > 1 else [])):
        # Each film's cues beside the truth of the next film: what falls together by chance.
        others = [film for _, film in (*first[1:], *first[:1])] if way == "shuffled" else []
        pairs = [(seen, film) for (seen, _), film in zip(first, others, strict=False)]
        for k, film in enumerate(() if pairs else films):
            changed, crf = degraded(film, way, np.random.default_rng([k, 3]))
            path = folder / "film.mp4"
            write(changed, path, crf)
            pairs.append((see_film(path, listen=False), changed))
        first = first or pairs
        row = measured(way, pairs)
        rows.append(row)
        print(f"{way:12}{row['shot_f1']:9.3f}{row['kinds']:7.2f}" + "".join(
            f"{row[name.removeprefix('camera.')]:7.2f}" for name in CAMERA_CURVES)
            + f"{row['zoom_or_dolly']:12.2f}{row['confidence']:12.2f}", flush=True)
    return rows


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--films", type=int, default=5)
    options.add_argument("--seed", type=int, default=400, help="of the first film")
    options.add_argument("--clean", action="store_true", help="no degradations")
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    started, busy = time.monotonic(), time.process_time()
    films = [film_of(chosen.seed + k) for k in range(chosen.films)]
    made = time.process_time() - busy
    with tempfile.TemporaryDirectory() as name:
        rows = run(films, DEGRADATIONS[:1] if chosen.clean else DEGRADATIONS, Path(name))
    seconds = sum(len(film.frames) / film.fps for film in films) * len(rows)
    # No zoom in any film, say, leaves no correlation: null in JSON.
    rows = [{name: None if isinstance(value, float) and np.isnan(value) else value for name, value in row.items()}
            for row in rows]
    print(json.dumps({"benchmark": "perception_film", "films": chosen.films, "seed": chosen.seed,
                      "made_cpu_s": round(made, 1), "film_s_per_cpu_s": round(
                          seconds / max(1e-6, time.process_time() - busy - made), 2),
                      "wall_s": round(time.monotonic() - started, 1), "rows": rows}))


if __name__ == "__main__":
    main()
