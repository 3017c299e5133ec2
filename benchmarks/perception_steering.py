"""How far references steer: python -m benchmarks.perception_steering [--references 3] [--seed 8200]

Each reference is a film of a fresh seed (see benchmarks.perception_film) that the studio has not seen. It steers a film
of other words by pacing, camera, motion, palette and light, and is made again ("recreate this", all roles). Both takes
are looked at with the same eyes as the references, and compared with their own reference and with each of the others:
what a reference does shows in the difference. Beside it stands what each take itself reports, with its own shuffled
counterparts (shot lengths in another order, curves shifted in time, other palettes). Tables, then one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from threading import Event
from typing import Any

import cv2
import numpy as np

from agent.recreate import agreement
from agent.request import Reference, Request
from agent.steer_time import time_map
from agent.studio import Studio
from benchmarks.perception_film import SIZE_PX, film_of, write
from modalities.cues import FilmCues
from modalities.perceive.film import see_film
from modalities.registry import default_registry
from modalities.store import Store
from ui_gen.compose import panel_for

WORDS = ("a walker in a desert", "a boat on a lake", "a fox in the snow", "a balloon over a meadow")
ROLES = ("pacing", "camera", "motion", "palette", "light")
SEEN = ("cut_f1", "camera_correlation", "pace_correlation", "palette_distance", "light_difference", "layout_iou",
        "subject_iou")
Values = dict[str, float]


def taken(studio: Studio, path: Path, words: str, roles: tuple[str, ...], seed: int) -> tuple[FilmCues, Values]:
    """A take with the film at `path` as its reference: its cues and what it reports."""
    request = Request(prompt=words, references=(Reference(path=path, roles=roles),), size_px=SIZE_PX, seed=seed)
    stop = Event()
    plan = studio.plan(request, lambda _: None, stop)
    take = studio.render(plan.direction, plan.brief, plan.heard, studio.perceive(request, lambda _: None, stop),
                         parent=None, reason="benchmark", request={}, emit=lambda _: None, stop=stop)
    measured: dict[str, Any] = take.document("take")["measured"]
    return see_film(take.video, listen=False), measured


def means(rows: list[Values]) -> Values:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: round(float(np.mean([row[name] for row in rows if name in row])), 3) for name in names}


def compared(made: list[FilmCues], models: list[FilmCues]) -> dict[str, Values]:
    """Agreement of every take with its own reference, and with all others."""
    own: list[Values] = []
    other: list[Values] = []
    for k, film in enumerate(made):
        for j, model in enumerate(models):
            found = agreement(model, film, time_map(model, film.duration_s, True))
            (own if j == k else other).append({name: found[name] for name in SEEN if name in found})
    return {"own": means(own), "others": means(other)}


def main() -> None:
    options = argparse.ArgumentParser(description="How far references steer, against other references.")
    options.add_argument("--references", type=int, default=3)
    options.add_argument("--seed", type=int, default=8200)
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    began = time.monotonic()
    models: list[FilmCues] = []
    steered: list[tuple[FilmCues, Values]] = []
    again: list[tuple[FilmCues, Values]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        studio = Studio(Store(folder / "project").open(), default_registry(), panel_for)
        for k in range(chosen.references):
            path = folder / f"reference{k}.mp4"
            write(film_of(chosen.seed + k), path, 20)
            models.append(see_film(path, listen=False))
            steered.append(taken(studio, path, WORDS[k % len(WORDS)], ROLES, chosen.seed))
            again.append(taken(studio, path, "recreate this", ("all",), chosen.seed))
            print(f"reference {k + 1}: {models[-1].duration_s:.1f} s, {len(models[-1].shots)} shots; steered "
                  f"{len(steered[-1][0].shots)}, made again {len(again[-1][0].shots)}", flush=True)
    reports = means([{name.removeprefix("ref.1."): value for name, value in report.items() if name.startswith("ref.1.")}
                     for _, report in steered])
    result: dict[str, Any] = {
        "benchmark": "perception_steering", "references": chosen.references, "seed": chosen.seed,
        "steered": compared([film for film, _ in steered], models), "reported": reports,
        "recreated": compared([film for film, _ in again], models),
        "recreate_reported": means([{name.removeprefix("recreate."): value for name, value in report.items()
                                     if name.startswith("recreate.") and ".shot." not in name}
                                    for _, report in again])}
    for part in ("steered", "recreated"):
        print(f"{part:22s} own   others")
        for name, value in result[part]["own"].items():
            print(f"  {name:20s} {value:5.2f}  {result[part]['others'].get(name, float('nan')):5.2f}")
    print(json.dumps(result | {"seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()
