"""Speed of the picture path: frames per second over all settings and some harder scenes, then one JSON line.

    python benchmarks/picture.py [--size 512x288 --size 1280x720] [--frames 6] [--threads 2]

Every scene is a short flight; the time of a scene is its fastest frame after the first (other programs on the machine
only ever add time). cpu_ms is processor time of all threads in that scene, per frame.
"""

from __future__ import annotations

import argparse
import json
import resource
import time

import numpy as np

from world_model import colour
from world_model.sim.light import light_at
from world_model.sim.picture import Renderer
from world_model.sim.terrain import ground_height, trail_position, water_height
from world_model.state import WEATHER, offsets
from world_model.vocabulary import PALETTES, SETTINGS, STYLE_FIELDS, STYLE_NEUTRAL, WEATHERS

AT = offsets()
BLENDS = ({"forest": 0.5, "city": 0.5}, {"lake": 0.5, "crystals": 0.5},
          {"mountains": 0.34, "village": 0.33, "islands": 0.33})


def flight(place: dict[str, float], frames: int, seed: int, changing: bool = False) -> np.ndarray:
    """Packed rows (frames, 328) of a flight along the trail; changing: the land morphs from frame to frame."""
    rng = np.random.default_rng(seed)
    row = np.zeros(AT["shot"].stop, np.float32)
    for name, weight in place.items():
        row[AT["place"]][SETTINGS.index(name)] = weight
    row[AT["ground"]] = 1, 1, 1, 0, 0.5, rng.uniform(0, 5)
    weather = WEATHERS[str(rng.choice(["clear", "clouds", "rain"]))]
    row[AT["weather"]] = [weather.get(name, 0.0) for name in WEATHER]
    row[AT["light"]] = light_at(float(rng.choice([8.5, 12.5, 17.6, 22.5])))
    row[AT["palette"]] = colour.oklch_to_oklab(np.array(PALETTES["natural"])).ravel()
    row[AT["style"]] = [STYLE_NEUTRAL.get(name, 0.0) for name in STYLE_FIELDS]
    rows = np.repeat(row[None], frames, 0)
    z = rng.uniform(0, 2000) + 0.15 * np.arange(frames)
    x = trail_position(row, z)
    eye = np.maximum(ground_height(row, x, z), water_height(row) if "underwater" not in place else -1e9) + 2.5
    rows[:, AT["camera"]] = np.stack([x, eye, z, 0.05 + 0.01 * np.arange(frames), np.full(frames, -0.05),
                                      np.zeros(frames), np.full(frames, 1.1), np.full(frames, 10.0)], 1)
    rows[:, AT["time_s"].start] = 3 + np.arange(frames) / 24
    if changing:
        rows[:, AT["ground"].start + 5] += 0.01 * np.arange(frames)
    return rows


def scenes(frames: int) -> dict[str, np.ndarray]:
    """Every setting, some blends, and two that morph."""
    every = {name: flight({name: 1.0}, frames, k) for k, name in enumerate(SETTINGS)}
    every |= {"+".join(blend): flight(blend, frames, 50 + k) for k, blend in enumerate(BLENDS)}
    every["mountains morphing"] = flight({"mountains": 1.0}, frames, 90, changing=True)
    return every


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--size", action="append", default=None)
    options.add_argument("--frames", type=int, default=6)
    options.add_argument("--threads", type=int, default=2)
    chosen = options.parse_args()
    result: dict[str, object] = {"threads": chosen.threads}
    for size in chosen.size or ["512x288", "1280x720"]:
        width, height = (int(v) for v in size.split("x"))
        renderer = Renderer((width, height), chosen.threads)
        rates = []
        print(f"{size:32} ms   cpu_ms  frames/s")
        for name, rows in scenes(chosen.frames).items():
            renderer.render(rows, 0)
            walls, before = [], time.process_time()
            for i in range(1, len(rows)):
                start = time.perf_counter()
                renderer.render(rows, i)
                walls.append(time.perf_counter() - start)
            busy = (time.process_time() - before) / (len(rows) - 1)
            rates.append(1 / min(walls))
            print(f"{name:30} {min(walls) * 1e3:6.1f} {busy * 1e3:6.1f} {rates[-1]:8.1f}")
        result[size] = {"median_fps": round(float(np.median(rates)), 2), "least_fps": round(min(rates), 2)}
    result["peak_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
