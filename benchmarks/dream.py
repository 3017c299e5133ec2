"""How fast the world model dreams at 256 x 144: frames/s, step times and memory with one thread and two.

    python benchmarks/dream.py [--seconds 30] [--passes 2] [--threads 1 --threads 2]

A step is a quarter second: three pictures. Steps are timed after four that warm up; `rows_ms` is what it takes to make
the step's streams of a live world, which the player pays as well. cpu_ms is processor time of all threads a step, which
other programs on the machine do not change. One JSON line at the end.

Picture and sound: both run on one whole-numbered clock. A step is exactly FRAMES_PER_STEP pictures and a whole number
of samples, so a picture's onset is never off by more than the time one picture is shown, and nothing adds up.
"""

from __future__ import annotations

import argparse
import json
import resource
import time

import numpy as np
import torch
from live_rows import live_steps
from numpy.typing import NDArray

from modalities.live.start import LIVE_GRID
from world_model import kernel_cache
from world_model.clock import TimeGrid
from world_model.dream_guide import GuideView, guided
from world_model.joint.guide import HOLDS
from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_FPS, PICTURE_PX, STEP_S, STEPS_PER_S, Floats

WARM = 4


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=30.0)
    options.add_argument("--passes", type=int, default=2)
    options.add_argument("--hold", choices=HOLDS, default="full", help="how tightly the dream holds to the drawn world")
    options.add_argument("--threads", type=int, action="append", default=None)
    chosen = options.parse_args()
    kernel_cache.place()
    from world_model.dream import Dreamer
    from world_model.joint.shipped import open_picture_codec, open_world

    dreamer = Dreamer(open_world("live"), open_picture_codec(), chosen.passes)
    worlds, before = list[tuple[NDArray[np.float32], dict[str, Floats]]](), 0.0
    view = GuideView()
    for rows, streams in live_steps(chosen.seconds, 3):
        worlds.append((rows[np.arange(FRAMES_PER_STEP) * len(rows) // FRAMES_PER_STEP], streams))
        before = time.process_time() if len(worlds) == WARM else before
    if len(worlds) <= WARM:
        raise SystemExit("too short: two seconds are needed at least")
    rows_ms = 1e3 * (time.process_time() - before) / (len(worlds) - WARM)
    result: dict[str, object] = {"benchmark": "dream", "size_px": list(PICTURE_PX), "passes": chosen.passes,
                                 "hold": chosen.hold,
                                 "steps": len(worlds) - WARM, "rows_ms": round(rows_ms, 2)}
    print(f"threads  frames/s  mean ms   p95 ms   cpu ms   (a step of {FRAMES_PER_STEP} pictures)")
    for threads in chosen.threads or [1, 2]:
        torch.set_num_threads(threads)
        dreamer.begin(1, ())
        times_s: list[float] = []
        busy = time.process_time()
        for k, (rows, streams) in enumerate(worlds):
            if k == WARM:
                busy = time.process_time()
            start = time.perf_counter()
            dreamer.step(streams, guided(view, rows, chosen.hold), chosen.hold)
            times_s.append(time.perf_counter() - start)
        kept = np.array(times_s[WARM:])
        cpu_ms = 1e3 * (time.process_time() - busy) / len(kept)
        figures = {"frames_per_s": FRAMES_PER_STEP / float(kept.mean()), "mean_ms": 1e3 * float(kept.mean()),
                   "p95_ms": 1e3 * float(np.percentile(kept, 95)), "cpu_ms": cpu_ms,
                   "worst_ms": 1e3 * float(kept.max())}
        result[f"threads_{threads}"] = {name: round(value, 2) for name, value in figures.items()}
        print(f"{threads:7}{figures['frames_per_s']:10.1f}{figures['mean_ms']:9.1f}{figures['p95_ms']:9.1f}"
              f"{cpu_ms:9.1f}")
    grid = TimeGrid(STEPS_PER_S, PICTURE_FPS, LIVE_GRID.sample_rate_hz)
    result |= {"peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
               "real_time_frames_per_s": PICTURE_FPS, "picture_shown_ms": round(1e3 / PICTURE_FPS, 2),
               "grid_error_samples_a_step": grid.samples_per_step - STEP_S * grid.sample_rate_hz}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
