"""Ideas against random patches, the planner's own variations and the weirdness dial, at equal coherence.

    python benchmarks/ideas.py [--prompts 4] [--seed 1] [--out docs/ideas.md]

Each source makes as many candidates as the search weighs, for the same take; the same rules choose four of them: as
readable, as coherent (at two floors), and as different from each other as can be. novelty is the distance from the
take, apart the distance between nearest neighbours among the four, both as in agent/ideas_pictures.py. With --out the
table is written between the marks of that file.
"""

from __future__ import annotations

import argparse
import platform
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Flag
from typing import Any

import numpy as np

from world_model import kernel_cache

kernel_cache.place()

PROMPTS = ("a fox in a snowy forest at night", "a sailing boat on a calm lake in the morning",
           "cars in a rainy city at night, synthwave", "birds over a desert canyon at sunset",
           "a whale in the open ocean, watercolour", "a walker in the mountains in fog")
FLOORS = (0.5, 0.005)
BEGIN, END = "<!-- table: python benchmarks/ideas.py -->", "<!-- end of table -->"


def random_patch(document: dict[str, Any], count: int, rng: random.Random) -> dict[str, Any]:
    """A Direction with `count` fields set, on all of its shots, to anything that the field takes."""
    from agent.direction import CameraMove, Direction, Gait, Scale
    from world_model.vocabulary import LIGHTS, PALETTES, SETTINGS, STYLES

    def number(low: float, high: float) -> Callable[[], float]:
        return lambda: round(rng.uniform(low, high), 3)

    fields: dict[str, Callable[[], Any]] = {
        "camera/move": lambda: rng.choice(CameraMove.__args__), "camera/scale": lambda: rng.choice(Scale.__args__),
        "camera/lens_mm": number(8, 200), "camera/speed": number(0, 4), "camera/view_deg": number(0, 180),
        "camera/height_m": number(0.05, 100), "world/place": lambda: {rng.choice(SETTINGS): 1.0},
        "world/look": lambda: rng.choice(list(STYLES)), "world/palette/name": lambda: rng.choice(list(PALETTES)),
        "world/palette/hue_shift_deg": number(-180, 180), "world/light/time_h": lambda: rng.choice(
            [light["time_h"] for light in LIGHTS.values()]), "world/light/exposure_ev": number(-3, 3),
        "world/light/tint": number(0, 1), "world/weather/rain": number(0, 1), "world/weather/snow": number(0, 1),
        "world/weather/fog": number(0, 1), "world/weather/storm": number(0, 1), "world/weather/aurora": number(0, 1),
        "world/ground/relief": number(0, 3), "world/ground/object_scale": number(0.2, 3),
        "world/ground/water_level_m": number(-20, 20), "body/gait": lambda: rng.choice(Gait.__args__),
        "body/size_m": lambda: round(10 ** rng.uniform(-1, 1.5), 3), "body/count": lambda: rng.randint(1, 40),
        "body/glow": number(0, 1)}
    after = Direction.model_validate(document).model_dump(mode="json")
    for name in rng.sample(sorted(fields), count):
        value, path = fields[name](), name.split("/")
        for shot in after["shots"]:
            owners = shot["world"]["bodies"] if path[0] == "body" else [shot[path[0]]]
            for owner in owners:
                for part in path[1:-1]:
                    owner = owner[part]
                owner[path[-1]] = value
    return after


Figures = dict[tuple[str, float], dict[str, float]]


def measured(prompt: str, seed: int, folder: Path) -> tuple[Figures, dict[str, float]]:
    """Figures by (source, floor); and what the search cost."""
    from agent.direction import Direction
    from agent.ideas_excerpt import signals_of
    from agent.ideas_pictures import distance
    from agent.ideas_search import BATCH, FIRST, ROUNDS, chosen, searched
    from agent.ideas_types import Made, scene_of
    from agent.ideas_weigh import READABLE, Scales, Weighed
    from agent.request import Request
    from agent.studio import Studio, with_seed
    from modalities.registry import default_registry
    from modalities.store import Store

    studio = Studio(Store(folder).open(), default_registry(), lambda direction, brief: {})

    def planned(seed: int, weird: float | None = None) -> Direction:
        from agent.director import direct

        plan = studio.plan(Request(prompt=prompt, seed=seed), lambda p: None, Flag())
        return plan.direction if weird is None else direct(plan.brief, None, duration_s=plan.direction.duration_s,
                                                           seed=seed, weird=weird)

    take = planned(1)
    scene, budget = scene_of(take), FIRST + (ROUNDS - 1) * BATCH
    scales = Scales(scene, [prompt], signals_of(take))
    assert scales.usual
    rng = random.Random(seed)
    begun, cpu = time.monotonic(), time.process_time()
    every: list[Weighed] = []
    kept = scales.weigh

    def weighing(ideas: Sequence[Made], every_one: bool = False) -> list[Weighed]:
        found = kept(ideas, every_one)
        every.extend(found)
        return found

    scales.weigh = weighing  # type: ignore[method-assign]
    searched(scales, scene, seed, Flag())
    cost = {"wall_s": time.monotonic() - begun, "cpu_s": time.process_time() - cpu}
    scales.weigh = kept  # type: ignore[method-assign]
    document = take.model_dump(mode="json")
    pools: dict[str, list[Direction]] = {
        "random patches": [Direction.model_validate(random_patch(document, rng.randint(2, 6), rng))
                           for _ in range(budget)],
        "another seed of the world": [with_seed(take, 100 + k) for k in range(budget)],
        "the planner again, another seed": [planned(100 + k) for k in range(budget)],
        "the planner, weirdness 0.2 to 1": [planned(100 + k, 0.2 + 0.8 * k / (budget - 1)) for k in range(budget)]}
    weighed = {"ideas": [one for one in every if np.isfinite(one.surprise_bits)]}
    for name, directions in pools.items():
        found: list[Weighed] = []
        for at in range(0, len(directions), 12):
            found += scales.weigh([Made((), "all", one) for one in directions[at:at + 12]], True)
        weighed[name] = [replace(one, distance=min(distance(one.look, other) for other in scales.tried))
                         for one in found]
    scales.close()
    out: dict[tuple[str, float], dict[str, float]] = {}
    for name, found in weighed.items():
        for floor in FLOORS:
            fit = [one for one in found if one.coherence >= floor and one.readable >= READABLE]
            four = chosen(fit, 4)
            near = [min((distance(a.look, b.look) for b in four if b is not a), default=0.0) for a in four]
            out[name, floor] = {
                "novelty": float(np.mean([one.distance for one in four])) if four else 0.0,
                "apart": float(np.mean(near)) if four else 0.0,
                "coherence": float(np.mean([one.coherence for one in four])) if four else 0.0,
                "surprise": float(np.mean([one.surprise_bits for one in four])) - (
                    scales.usual.bits - scales.usual.typical.mean) if four else 0.0,
                "fit": len(fit) / budget, "four": float(len(four))}
    return out, cost


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--prompts", type=int, default=4)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--out", type=Path)
    asked = words.parse_args()
    rows: list[Figures] = []
    costs: list[dict[str, float]] = []
    with TemporaryDirectory() as folder:
        for prompt in PROMPTS[:asked.prompts]:
            found, cost = measured(prompt, asked.seed, Path(folder))
            rows.append(found)
            costs.append(cost)
            print(prompt, {name: round(value, 1) for name, value in cost.items()}, flush=True)
    lines = ["| source | coherence at least | novelty | apart | mean coherence | bits over the take | fit | of four |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for name, floor in rows[0]:
        mean = {key: float(np.mean([row[name, floor][key] for row in rows])) for key in rows[0][name, floor]}
        lines.append(f"| {name} | {floor:g} | {mean['novelty']:.2f} | {mean['apart']:.2f} | {mean['coherence']:.2f} | "
                     f"{mean['surprise']:.1f} | {mean['fit']:.0%} | {mean['four']:.1f} |")
    lines.append("")
    lines.append(f"Mean over {len(rows)} takes, seed {asked.seed}; a search took "
                 f"{np.mean([c['wall_s'] for c in costs]):.1f} s ({np.mean([c['cpu_s'] for c in costs]):.1f} s of "
                 f"processor) in a warm process; Python {platform.python_version()}.")
    print("\n".join(lines))
    if asked.out:
        text = asked.out.read_text("utf-8")
        head, _, rest = text.partition(BEGIN)
        asked.out.write_text(f"{head}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
