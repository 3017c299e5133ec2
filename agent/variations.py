"""Several films of one Brief that differ from each other in all that the creator left open: many seeds are directed,
which costs no picture, and those that lie farthest apart are kept (greedy maximin)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from threading import Event as Flag

import numpy as np

from agent.brief import Brief, Trait
from agent.direction import Direction
from modalities.faults import Stopped
from world_model.vocabulary import CAMERA_MOVES, GENRES, LIGHTS, PALETTES, SETTINGS, STYLES

Weights = dict[str, float]
TRIED_EACH = 4
MOST_TRIED = 24
# What was said outright has this confidence or more; the rest is open.
OUTRIGHT = 0.85
OPEN = {"look": tuple(STYLES), "light": tuple(LIGHTS), "palette": tuple(PALETTES), "genre": GENRES,
        "camera": CAMERA_MOVES, "setting": SETTINGS}
CHANCE = 0.75
# What a film gains at most by being to the creator's taste, in distance.
LIKED = 0.25


def varied(brief: Brief, seed: int) -> Brief:
    """The Brief with most of what it leaves open decided by a seed; what was said outright, denied or given by a
    reference stays."""
    draw = np.random.default_rng(seed)
    held = {trait.axis for trait in brief.traits if not trait.negated
            and (trait.confidence >= OUTRIGHT or trait.reference is not None)}
    denied = {(trait.axis, str(trait.value)) for trait in brief.traits if trait.negated}
    fresh: dict[str, Trait] = {}
    for axis, values in OPEN.items():
        chance, at = draw.random(), int(draw.integers(len(values)))
        if axis not in held and chance < CHANCE and (axis, values[at]) not in denied:
            fresh[axis] = Trait(axis=axis, value=values[at], because="a variation", confidence=0.9)
    kept = tuple(trait for trait in brief.traits if trait.axis not in fresh or trait.negated)
    return brief.model_copy(update={"traits": kept + tuple(fresh.values())})


def seeds_apart(directed: Callable[[int], Direction], first: int, count: int, stop: Flag | None = None,
                liking: Callable[[Direction], float] | None = None) -> tuple[int, ...]:
    """`count` seeds beginning with `first`, each farthest from those before it among the seeds tried. With `liking`
    what is to the creator's taste counts as a little farther, and the rest come in the order of that. Deterministic.
    Raises Stopped."""
    if count < 2:
        return (first,)
    tried = [first]
    for _ in range(min(MOST_TRIED, TRIED_EACH * count) - 1):
        tried.append((tried[-1] * 48271 + 11) % (2**31 - 1))
    described: dict[int, Weights] = {}
    liked: dict[int, float] = {}
    for seed in dict.fromkeys(tried):
        if stop is not None and stop.is_set():
            raise Stopped("The run was stopped.")
        direction = directed(seed)
        described[seed] = features(direction)
        liked[seed] = math.tanh(0.5 * liking(direction)) if liking else 0.0
    chosen = [first]
    while len(chosen) < count:
        left = [seed for seed in described if seed not in chosen]
        if not left:
            # More films than seeds that were tried: plain further seeds.
            chosen.append((chosen[-1] * 16807 + 7) % (2**31 - 1))
            continue
        chosen.append(max(left, key=lambda seed: (LIKED * liked[seed] + min(
            apart(described[seed], described[one]) for one in chosen), -seed)))
    return (first, *sorted(chosen[1:], key=lambda seed: -liked.get(seed, -1.0))) if liking else tuple(chosen)


def features(direction: Direction) -> Weights:
    """What a person would name of a film, weighed by the share of its time: places, looks, palettes, hours, weather,
    bodies, camera moves, pace, genre."""
    found: Weights = defaultdict(float)
    share = 1.0 / len(direction.shots)
    for shot in direction.shots:
        world = shot.world
        for name, weight in world.place.items():
            found[f"place {name}"] += share * weight * 1.5
        found[f"look {world.look}"] += share * 1.5
        found[f"palette {world.palette.name}"] += share
        found[f"hour {round(world.light.time_h / 3.0) % 8}"] += share
        for name in ("rain", "snow", "fog", "dust", "aurora"):
            found[f"air {name}"] += share * float(getattr(world.weather, name))
        for body in world.bodies:
            found[f"body {body.kind}"] += share
        found[f"camera {shot.camera.move}"] += share * 0.7
    found[f"pace {round(np.log2(max(0.5, direction.duration_s / len(direction.shots))))}"] += 0.5
    if direction.score is not None:
        found[f"genre {direction.score.genre}"] += 1.0
    return found


def apart(one: Weights, other: Weights) -> float:
    """Share of what is named that only one of the two has, in [0, 1] (Ruzicka distance)."""
    names = sorted(set(one) | set(other))
    most = sum(max(one.get(name, 0.0), other.get(name, 0.0)) for name in names)
    return 1.0 - sum(min(one.get(name, 0.0), other.get(name, 0.0)) for name in names) / most if most else 0.0


__all__ = ["apart", "features", "seeds_apart", "varied"]
