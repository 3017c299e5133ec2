"""What grows: which plants, how many, where. Probabilities are per cell of the template's own grid, so a meadow is
made of a dense near carpet (grass), a middle layer (flowers, shrubs) and a far one (trees)."""

from __future__ import annotations

from functools import lru_cache

from world_model.sim import flora_trees as trees
from world_model.sim.mesh import Template, amounts


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """All growing things. Built on the first call (some 0.3 s), then the same values for ever."""
    return (*_woods(),)


def _woods() -> tuple[Template, ...]:
    return (
        Template("conifer", trees.conifer(1), amounts(forest=0.62, mountains=0.32, lake=0.22, village=0.05), 6.5, 260,
                 (7, 17), (0.85, 1.15), slope_max=1.1, trail_clear_m=3.0),
        Template("conifer slim", trees.conifer(2, 0.17), amounts(forest=0.4, mountains=0.25, lake=0.1), 8.0, 240,
                 (9, 20), (0.85, 1.1), slope_max=1.1, trail_clear_m=3.0),
        Template("broadleaf", trees.broadleaf(3), amounts(forest=0.42, meadow=0.05, village=0.22, lake=0.14, city=0.0),
                 9.0, 240, (6, 12), (0.9, 1.25), slope_max=0.7, trail_clear_m=3.5),
        Template("broadleaf wide", trees.broadleaf(8, 0.34, stem=0.28, tall=0.85),
                 amounts(forest=0.22, meadow=0.05, village=0.12, lake=0.07), 12.0, 260, (7, 11), (0.95, 1.25),
                 slope_max=0.6, trail_clear_m=4.5),
        Template("birch", trees.birch(5), amounts(forest=0.3, meadow=0.03, lake=0.2, village=0.05), 8.0, 200, (7, 13),
                 (0.85, 1.1), slope_max=0.7, trail_clear_m=2.5),
        Template("shrub", trees.shrub(6), amounts(forest=0.2, meadow=0.05, mountains=0.05, lake=0.06, village=0.05),
                 5.0, 110, (0.7, 1.8), (0.9, 1.3), trail_clear_m=1.6),
        Template("snow fir", trees.conifer(7, 0.26, True), amounts(snowfield=0.20), 8.0, 260, (5, 14), (0.9, 1.2),
                 slope_max=0.9, trail_clear_m=3.0),
        Template("palm", trees.palm(4), amounts(islands=0.5, desert=0.006), 6.0, 240, (5, 11), (0.9, 1.2),
                 slope_max=0.8, trail_clear_m=1.5),
        Template("palm leaning", trees.palm(9), amounts(islands=0.4), 7.5, 240, (4, 9), (0.9, 1.3), slope_max=0.8,
                 trail_clear_m=1.5),
        Template("cactus", trees.cactus(2), amounts(desert=0.07, canyon=0.06), 10.0, 200, (2.0, 5.5), (0.9, 1.15),
                 slope_max=0.6, trail_clear_m=1.5),
        Template("snag", trees.snag(3), amounts(desert=0.02, canyon=0.05, mountains=0.02, snowfield=0.03), 12.0, 160,
                 (2.5, 6), trail_clear_m=2.0),
        Template("log", trees.log(2), amounts(forest=0.1, lake=0.03), 9.0, 60, (0.45, 0.8), (0.8, 1.3), slope_max=0.4,
                 trail_clear_m=2.0),
    )
