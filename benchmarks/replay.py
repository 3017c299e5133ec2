"""Whether takes come out the same again: a tree of random forks is made, and every take made again in another process.

    python benchmarks/replay.py [--forks 50] [--seed 1] [--size 64x36] [--seconds 1.5] [--fps 12] [--project DIR]

A fork starts from a random take of the tree and has one to four random edits of numbers, names, curves, couplings,
bodies, music, seeds or size. Printed: a row for every kind of edit (forks that had one, how many came out with the same
bytes in picture, sound and poster), then one JSON line.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from world_model import kernel_cache

if TYPE_CHECKING:
    from agent.direction import Direction
    from agent.studio import Studio
    from modalities.store import Take

kernel_cache.place()

PROMPTS = ("a bee over a meadow at dawn", "a fox in a snowy forest at night, slow piano",
           "whales under a storm, techno", "a neon city in the rain, synthwave, watercolour")
GENRES = ("ambient", "folk", "piano", "techno", "lofi", "jazz", "chiptune", "waltz")


def edit(direction: Direction, dice: random.Random) -> tuple[str, str, Any]:
    """(kind, pointer, value) of a random edit."""
    from world_model.vocabulary import PALETTES, SETTINGS, STYLES

    shot = f"/shots/{dice.randrange(len(direction.shots))}"
    bodies = direction.shots[int(shot.split("/")[2])].world.bodies
    ways: list[tuple[str, str, Any]] = [
        ("weather", f"{shot}/world/weather/{dice.choice(('rain', 'snow', 'fog', 'storm', 'cloud'))}", dice.random()),
        ("light", f"{shot}/world/light/time_h", 24 * dice.random()),
        ("place", f"{shot}/world/place", {dice.choice(SETTINGS): 0.7, dice.choice(SETTINGS): 0.3}),
        ("look", f"{shot}/world/look", dice.choice(sorted(STYLES))),
        ("palette", f"{shot}/world/palette/name", dice.choice(sorted(PALETTES))),
        ("camera", f"{shot}/camera/move", dice.choice(("static", "orbit", "handheld", "bee_cam", "crane_up"))),
        ("curve", f"{shot}/curves", {"/world/weather/rain": [[0, dice.random()], [1, dice.random()]]}),
        ("seed", "/seed", dice.randrange(2**31)), ("size", "/size_px", dice.choice(([48, 48], [80, 44], [64, 36]))),
        ("music", "/score/genre", dice.choice(GENRES)), ("tempo", "/score/tempo_bpm", dice.uniform(60, 170)),
        ("level", "/score/ambience_level", dice.random())]
    if direction.links:
        ways.append(("coupling", "/links/0/amount", dice.uniform(-1, 1)))
    if bodies:
        ways.append(("body", f"{shot}/world/bodies/0/{dice.choice(('speed', 'size_m', 'glow'))}", dice.uniform(0.3, 1)))
    return dice.choice(ways)


def grown(studio: Studio, forks: int, seed: int, given: argparse.Namespace) -> dict[str, list[str]]:
    """The tree: a take of every prompt, then forks; which kinds of edits each fork had."""
    from agent.brief import Brief
    from agent.edits import apply_patch, patch_for
    from agent.referring import Referred
    from agent.request import Request

    dice, quiet, stop = random.Random(seed), lambda p: None, Event()
    kinds: dict[str, list[str]] = {}
    known: list[tuple[Take, Direction]] = []

    def keep(direction: Direction, parent: str | None, reason: str, had: list[str]) -> None:
        take = studio.render(direction, Brief(goal=reason), None, Referred(), parent=parent, reason=reason, request={},
                             emit=quiet, stop=stop)
        known.append((take, direction))
        kinds[take.id] = had

    width, height = map(int, given.size.split("x"))
    for prompt in PROMPTS[: max(1, min(len(PROMPTS), forks // 4))]:
        request = Request(prompt=prompt, duration_s=given.seconds, size_px=(width, height), fps=given.fps, seed=seed)
        keep(studio.plan(request, quiet, stop).direction, None, prompt, ["plan"])
    while len(kinds) < forks:
        take, direction = dice.choice(known)
        had: list[str] = []
        for _ in range(dice.randint(1, 4)):
            kind, pointer, value = edit(direction, dice)
            direction = apply_patch(direction, patch_for(direction, pointer, value), reason=kind, new_id=f"{take.id}e")
            had.append(kind)
        if direction.duration_s <= 3 * given.seconds:
            keep(direction, take.id, ", ".join(had), sorted(set(had)))
    return kinds


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forks", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", default="64x36")
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--fps", type=int, default=12)
    parser.add_argument("--project", type=Path, help="keep the tree here")
    given = parser.parse_args(words)
    from agent.studio import Studio
    from agent.tree_replay import replays
    from modalities.registry import default_registry
    from modalities.store import Store

    with tempfile.TemporaryDirectory() as scratch:
        store = Store(given.project or Path(scratch) / "project").open()
        studio = Studio(store, default_registry(), lambda direction, brief: {})
        started = time.monotonic()
        kinds = grown(studio, given.forks, given.seed, given)
        made_s = time.monotonic() - started
        found = list(replays(store.root, [store.take(take_id) for take_id in kinds], Event()))
    exact, all_of = Counter[str](), Counter[str]()
    for one in found:
        for kind in kinds[one.take]:
            all_of[kind] += 1
            exact[kind] += one.exact
    print(f"{'edit':<10} {'takes':>5} {'exact':>5}")
    for kind in sorted(all_of):
        print(f"{kind:<10} {all_of[kind]:>5} {exact[kind]:>5}")
    apart = [{"take": one.take, "kinds": kinds[one.take], "same": one.same, "fault": one.fault,
              "first_difference_s": one.first_difference_s} for one in found if not one.exact]
    print(json.dumps({"forks": len(found), "exact": sum(one.exact for one in found), "apart": apart,
                      "made_s": round(made_s, 1), "again_s": round(sum(one.wall_s for one in found), 1)}))
    return 0 if not apart else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
