"""Live play, measured: frames a second, dropped pictures, late sound, control to visible. One JSON line at the end.

    python benchmarks/live.py [--seconds 20] [--engine sim] [--sizes 256x144 512x288]
"""

from __future__ import annotations

import argparse
import json
import os
import time
from typing import Any

from world_model import kernel_cache

kernel_cache.place()

PROMPTS = ("A bee explores a poppy meadow at golden hour, folk guitar",
           "A paper boat on a stormy sea at dusk, orchestral",
           "Synthwave drive through a neon city at night")


def run(engine_id: str, prompt: str, size_px: tuple[int, int], seconds: float) -> dict[str, Any]:
    """One piece at one size, steered by the script of `beecam live`."""
    from agent.live_start import live_direction, live_start
    from modalities.live.engines import live_engine
    from modalities.live.player import Nobody, Player
    from ui_gen.command_line.live_command import measure, script

    engine = live_engine(engine_id)
    engine.open(live_start(live_direction(prompt), size_px), size_px)
    begun = time.monotonic()
    try:
        player = Player(engine, Nobody())
        player.run(seconds, script)
        return measure(engine, player, seconds, time.monotonic() - begun) | {"prompt": prompt}
    finally:
        engine.close()


def main() -> None:
    """Print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--engine", default="sim")
    parser.add_argument("--sizes", nargs="*", default=["256x144", "512x288"])
    given = parser.parse_args()
    found: list[dict[str, Any]] = []
    print("size      frames/s  dropped  late under  draw p95  c2v p50     p95  (milliseconds)")
    for text in given.sizes:
        width, height = (int(side) for side in text.split("x"))
        for prompt in PROMPTS:
            r = run(given.engine, prompt, (width, height), given.seconds)
            found.append(r)
            print(f"{text:<9} {r['fps']:>8} {r['dropped']:>8} {r['late_slices']:>5} {r['sound_underruns']:>5} "
                  f"{r['draw_ms_p95']!s:>9} {r['control_to_visible_ms_p50']!s:>8} "
                  f"{r['control_to_visible_ms_p95']!s:>7}  {prompt[:40]}", flush=True)
    print(json.dumps({"benchmark": "live", "cores": os.cpu_count(), "load_1m": round(os.getloadavg()[0], 2),
                      "runs": found}))


if __name__ == "__main__":
    main()
