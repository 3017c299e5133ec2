"""How fast this machine makes pictures and sound: what `beecam bench` prints."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from world_model.vocabulary import SETTINGS

SIZES = ((512, 288), (1280, 720))
Tell = Callable[[str], None]


def measure(*, quick: bool, tell: Tell) -> dict[str, Any]:
    """Frames a second over scenes of every setting at two sizes, seconds of sound a second, and peak memory.

    Kernels are warmed (compiled) before any clock starts; each figure is the best of three frames.
    """
    from world_model.sim.picture import Renderer
    from world_model.sim.sampling import random_world

    names = SETTINGS[::4] if quick else SETTINGS
    worlds = [random_world(seed, 8, setting=name) for seed, name in enumerate(names)]
    result: dict[str, Any] = {"machine": platform.processor() or platform.machine(), "cores": os.cpu_count(),
                              "python": platform.python_version(), "picture": {}}
    started = time.perf_counter()
    with_small = Renderer((64, 36), threads=2)
    with_small.render(worlds[0].state, 0)
    result["first_frame_s"] = round(time.perf_counter() - started, 2)
    tell(f"first frame (with compiling, if needed) {result['first_frame_s']:.1f} s")
    for size in SIZES:
        renderer = Renderer(size, threads=2)
        rates: list[float] = []
        for name, world in zip(names, worlds, strict=True):
            renderer.render(world.state, 2)
            spent: list[float] = []
            for frame in (3, 4, 5):
                begin = time.perf_counter()
                renderer.render(world.state, frame)
                spent.append(time.perf_counter() - begin)
            rates.append(1 / min(spent))
            tell(f"{size[0]}x{size[1]:<5} {name:<12} {rates[-1]:6.1f} frames/s")
        label = f"{size[0]}x{size[1]}"
        result["picture"][label] = {"median_fps": round(statistics.median(rates), 2), "worst_fps": round(min(rates), 2)}
        tell(f"{label}: median {statistics.median(rates):.1f}, worst {min(rates):.1f} frames/s")
    result["sound"] = _sound(8.0 if quick else 30.0, tell)
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    result["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // scale
    tell(f"peak memory {result['peak_memory_mb']} MB")
    return result


def _sound(duration_s: float, tell: Tell) -> dict[str, float]:
    from world_model.sim.compose import compose, default_spec
    from world_model.sim.sampling import random_world
    from world_model.sim.sound import render_soundtrack

    world = random_world(1, int(duration_s * 24))
    spec = default_spec("folk", 1, duration_s)
    begin = time.perf_counter()
    composition = compose(spec, duration_s)
    render_soundtrack(world, spec, composition)
    spent = time.perf_counter() - begin
    tell(f"sound: {duration_s:.0f} s in {spent:.1f} s")
    return {"duration_s": duration_s, "wall_s": round(spent, 2), "times_real_time": round(duration_s / spent, 2)}
