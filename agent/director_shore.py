"""Who goes on foot or on wheels at a lake or by the sea goes on its shore and not over the water.

The way through a lake or the sea lies under water, where boats go. For shots of those who walk, land comes into the
mixture of the place and the water falls until that way is dry where the shot may stand; water is left in the dips
beside it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from agent.direction import Shot
from world_model.sim.shot_plan import origin_m
from world_model.sim.terrain import ground_height, trail_position, water_height
from world_model.state import GROUND, WIDTH, offsets
from world_model.vocabulary import MEDIUM, SETTINGS

WATERS = ("lake", "ocean", "islands")
# Land that comes in, and the share that a water keeps at most: the place is still called by it.
SHORE, KEPT = "mountains", 0.52
LEAST_RELIEF = 1.4
# Spots that a shot is scouted at, metres along the way that it may use of each, and metres beside it that are seen.
SPOTS, REACH_M, BESIDE_M = 6, 22.0, (-40.0, -26.0, -15.0, 15.0, 26.0, 40.0)
# Share of the way that may be wet, by how much the rest lies over the water, and variants of the land that are tried.
WET_SHARE, OVER_M, TRIED, STEP = 0.06, 0.04, 10, 0.37


def on_shore(shots: Sequence[Shot], film_seed: int) -> tuple[Shot, ...]:
    """The shots, those of walkers at a water moved to its shore. film_seed: the Direction's seed. Shots of one place
    stay shots of one place: the same land, the same water."""
    groups: dict[tuple[float, str], list[Shot]] = {}
    for shot in shots:
        if _wades(shot):
            groups.setdefault(_place_of(shot), []).append(shot)
    lands = {key: _land(group, film_seed) for key, group in groups.items()}
    return tuple(_ashore(shot, *lands[_place_of(shot)]) if _wades(shot) else shot for shot in shots)


def _place_of(shot: Shot) -> tuple[float, str]:
    return shot.world.ground.variant, repr(sorted(shot.world.place))


def _wades(shot: Shot) -> bool:
    place = shot.world.place
    wet = sum(place.get(name, 0.0) for name in WATERS) / sum(place.values())
    media = {MEDIUM[body.kind] for body in shot.world.bodies}
    return wet >= 0.15 and "ground" in media and "surface" not in media and "underwater" not in place


def _mixture(place: Mapping[str, float]) -> dict[str, float]:
    """A place with enough land in it, the water first where it was."""
    total = sum(place.values())
    wet = sum(weight for name, weight in place.items() if name in WATERS) / total
    land = {name: weight for name, weight in place.items() if name not in WATERS} or {SHORE: 1.0}
    kept = min(wet, KEPT)
    mixed = {name: round(kept * weight / total / wet, 3) for name, weight in place.items() if name in WATERS}
    return mixed | {name: round((1 - kept) * weight / sum(land.values()), 3) for name, weight in land.items()}


def _ashore(shot: Shot, variant: float, level_m: float) -> Shot:
    ground = shot.world.ground.model_copy(update={"relief": LEAST_RELIEF, "variant": variant, "water_level_m": level_m})
    world = shot.world.model_copy(update={"place": _mixture(shot.world.place), "ground": ground})
    return shot.model_copy(update={"world": world})


def _land(group: Sequence[Shot], film_seed: int) -> tuple[float, float]:
    """(variant of the land, water_level_m) for shots of one place: the way is dry on every spot where one of them may
    be filmed, and as much water as can be lies beside it."""
    first = group[0].world
    best = (-1.0, first.ground.variant, 0.0)
    for k in range(TRIED):
        variant = round(first.ground.variant + STEP * k, 3)
        row = _row(_mixture(first.place), variant)
        way, beside = [], []
        for shot in group[:4]:
            seed = (film_seed * 2654435761 + zlib.crc32(shot.id.encode())) % 2**31
            for spot in range(SPOTS):
                z = origin_m(film_seed, variant, seed, spot) + np.linspace(-REACH_M, REACH_M, 15)
                x = trail_position(row, z)
                way.append(ground_height(row, x, z))
                beside += [ground_height(row, x[::4] + aside, z[::4]) for aside in BESIDE_M]
        level = float(np.quantile(np.concatenate(way), WET_SHARE)) - OVER_M
        wet = float(np.mean(np.concatenate(beside) < level))
        best = max(best, (wet, variant, round(max(-20.0, min(20.0, level - water_height(row))), 3)))
    return best[1], best[2]


def _row(place: Mapping[str, float], variant: float) -> NDArray[np.float32]:
    """A packed row with the land of a place."""
    row, at = np.zeros(WIDTH, np.float32), offsets()
    for name, weight in place.items():
        row[at["place"].start + SETTINGS.index(name)] = weight / sum(place.values())
    row[at["ground"].start + GROUND.index("relief")] = LEAST_RELIEF
    row[at["ground"].start + GROUND.index("variant")] = variant
    return row


__all__ = ["on_shore"]
