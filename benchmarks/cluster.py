"""What workers are worth: one film in this process, by one worker and by two, in turn, on this machine.

    python -m benchmarks.cluster [--rounds 3] [--seconds 8] [--size 384x216]

The arms of a round run one after another, and ratios are taken within a round, so that other work on the machine weighs
on all of them alike; medians over rounds. A table for people, then one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from threading import Event
from typing import Any

from world_model import kernel_cache
from world_model.workers.tasks import Task

WORDS = "a fox in a meadow at dusk, then a city in the rain, then a lake at night"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--size", default="384x216")
    arguments = parser.parse_args()
    kernel_cache.place()
    import torch

    torch.set_num_threads(1)
    found = measured(arguments.rounds, arguments.seconds, arguments.size)
    sys.stdout.write(table(found) + "\n" + json.dumps(found) + "\n")


def measured(rounds: int, seconds: float, size: str) -> dict[str, Any]:
    """Everything that docs/scale.md says was measured."""
    from agent.request import Request, parse_size
    from modalities.cluster.engine import clustered
    from modalities.cluster.machines import Cluster
    from modalities.machine import facts
    from world_model.workers.on_ray import OnRay

    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        plan = studio_in(root / "plan").plan(
            Request(prompt=WORDS, duration_s=seconds, size_px=parse_size(size), seed=3), lambda p: None)
        frames = round(seconds * plan.direction.grid.fps)
        found: dict[str, Any] = {"machine": facts(), "frames": frames, "size_px": list(plan.direction.size_px),
                                 "load_before": round(os.getloadavg()[0], 2), "rounds": []}
        # Kernels, models and the disk's cache are warm afterwards; its take is what the others must equal.
        first = film(studio_in(root / "first"), plan)
        found["reached_s"], found["warm_s"] = [], []
        clusters: dict[int, Cluster] = {}
        for cores in (1, 2):
            began = time.monotonic()
            workers = OnRay("local", cores)
            _ = workers.nodes
            found["reached_s"].append(round(time.monotonic() - began, 2))
            clusters[cores] = Cluster(lambda workers=workers: workers)
            studio = studio_in(root / f"warm{cores}")
            studio.registry = clustered(studio.registry, clusters[cores])
            began = time.monotonic()
            film(studio, plan)
            found["warm_s"].append(round(time.monotonic() - began, 2))
        for number in range(rounds):
            row: dict[str, Any] = {"load": round(os.getloadavg()[0], 2)}
            # What this machine has to give at the moment: the same sums, by one worker and by two.
            spun = [spun_s(clusters[cores]) for cores in (1, 2)]
            row["sums"] = round(spun[0] / spun[1], 2)
            for arm in ("here", "1", "2"):
                studio = studio_in(root / f"{number}-{arm}")
                if arm != "here":
                    studio.registry = clustered(studio.registry, clusters[int(arm)])
                take = film(studio, plan)
                assert take.video.read_bytes() == first.video.read_bytes(), "another film"
                row[arm] = round(take.rendering["render_s"], 3)
                if arm == "2":
                    row["put_together"] = round(film(studio, plan).rendering["render_s"], 3)
                    pieces = list(studio.store.segments_dir.glob("*.npz"))
                    found["pieces"], found["piece_bytes"] = len(pieces), sum(p.stat().st_size for p in pieces)
                    found["film_bytes"] = take.video.stat().st_size
            studio = studio_in(root / f"{number}-killed")
            studio.registry = clustered(studio.registry, clusters[2])
            take = film(studio, plan, killing=clusters[2])
            assert take.video.read_bytes() == first.video.read_bytes(), "another film"
            row["2, one killed"], row["lost"] = round(take.rendering["render_s"], 3), take.rendering["lost_workers"]
            found["rounds"].append(row)
            sys.stderr.write(f"{row}\n")
        for cluster in clusters.values():
            cluster.close()
    ratios = {"sums: 2 workers / 1 worker": [row["sums"] for row in found["rounds"]],
              "2 workers / 1 worker": [row["1"] / row["2"] for row in found["rounds"]],
              "1 worker / this process": [row["here"] / row["1"] for row in found["rounds"]],
              "2 workers / this process": [row["here"] / row["2"] for row in found["rounds"]],
              "2, one killed / 2": [row["2"] / row["2, one killed"] for row in found["rounds"]]}
    found["speed"] = {name: round(statistics.median(values), 2) for name, values in ratios.items()}
    return found


def spin(shared: None, steps: int) -> Generator[None, None, int]:
    """A task of nothing but sums."""
    yield None
    return sum(k * k for k in range(steps))


def spun_s(cluster: Any) -> float:
    # By the name that workers know it by; here it may be the main program's.
    from benchmarks.cluster import spin

    began = time.monotonic()
    for _ in cluster.workers.run([Task(spin, (4_000_000,))] * 6):
        pass
    return time.monotonic() - began


def studio_in(folder: Path) -> Any:
    from agent.studio import Studio
    from modalities.registry import default_registry
    from modalities.store import Store

    return Studio(Store(folder).open(), default_registry(), lambda direction, brief: {})


def film(studio: Any, plan: Any, killing: Any = None) -> Any:
    """One take; with `killing` a worker of that cluster is killed when a quarter of the frames are there."""
    from agent.referring import Referred
    from tests.cluster_work import at_work

    killed: list[int] = []

    def emit(progress: Any) -> None:
        if killing is not None and progress.stage == "picture" and 4 * progress.done >= progress.total and not killed:
            killed.extend(at_work(killing.workers)[:1])
            for number in killed:
                os.kill(number, signal.SIGKILL)

    return studio.render(plan.direction, plan.brief, plan.heard, Referred(words=""), parent=None, reason="", request={},
                         emit=emit, stop=Event())


def table(found: dict[str, Any]) -> str:
    """The rounds and their medians, as Markdown."""
    arms = ("here", "1", "2", "2, one killed", "put_together")
    lines = ["| round | load | this process | 1 worker | 2 workers | 2, one killed | put together only | sums, 2 : 1 |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for number, row in enumerate(found["rounds"]):
        lines.append(f"| {number + 1} | {row['load']} | " + " | ".join(f"{row[arm]:.1f} s" for arm in arms)
                     + f" | {row['sums']} |")
    middle = {arm: statistics.median(row[arm] for row in found["rounds"]) for arm in arms}
    lines.append("| median | | " + " | ".join(f"{middle[arm]:.1f} s" for arm in arms)
                 + f" | {found['speed']['sums: 2 workers / 1 worker']} |")
    rate = {arm: found["frames"] / middle[arm] for arm in arms}
    lines.append("| frames/s | | " + " | ".join(f"{rate[arm]:.1f}" for arm in arms) + " | |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
