"""What grows: which plants, how many, where. Probabilities are per cell of the template's own grid, so a meadow is
made of a dense near carpet (grass), a middle layer (flowers, shrubs) and a far one (trees)."""

from __future__ import annotations

from functools import lru_cache

from world_model.sim import flora_sea as sea
from world_model.sim import flora_small as small
from world_model.sim import flora_trees as trees
from world_model.sim.mesh import GROWTH, STRUCTURE, Template, amounts


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """All growing things. Built on the first call (some 0.3 s), then the same values for ever."""
    return (*_woods(), *_carpet(), *_flowers(), *_stones(), *_reef())


def _woods() -> tuple[Template, ...]:
    return (
        Template("conifer", trees.conifer(1), amounts(forest=0.54, mountains=0.32, lake=0.22, village=0.05), 6.5, 232,
                 (7, 17), (0.85, 1.15), slope_max=1.1, trail_clear_m=6.5),
        Template("conifer slim", trees.conifer(2, 0.17), amounts(forest=0.34, mountains=0.25, lake=0.1), 8.0, 215,
                 (9, 20), (0.85, 1.1), slope_max=1.1, trail_clear_m=6.0),
        Template("broadleaf", trees.broadleaf(3), amounts(forest=0.42, meadow=0.05, village=0.22, lake=0.14, city=0.0),
                 9.0, 240, (6, 12), (0.9, 1.25), slope_max=0.7, trail_clear_m=6.5),
        Template("broadleaf wide", trees.broadleaf(8, 0.34, stem=0.28, tall=0.85),
                 amounts(forest=0.22, meadow=0.05, village=0.12, lake=0.07), 12.0, 260, (7, 11), (0.95, 1.25),
                 slope_max=0.6, trail_clear_m=7.5),
        Template("birch", trees.birch(5), amounts(forest=0.3, meadow=0.03, lake=0.2, village=0.05), 8.0, 200, (7, 13),
                 (0.85, 1.1), slope_max=0.7, trail_clear_m=5.0),
        Template("shrub", trees.shrub(6), amounts(forest=0.2, meadow=0.05, mountains=0.05, lake=0.06, village=0.05),
                 5.0, 110, (0.7, 1.8), (0.9, 1.3), trail_clear_m=1.6),
        Template("snow fir", trees.conifer(7, 0.26, True), amounts(snowfield=0.26), 8.0, 260, (5, 14), (0.9, 1.2),
                 slope_max=0.9, trail_clear_m=6.5),
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


def _carpet() -> tuple[Template, ...]:
    return (
        Template("grass", small.grass(1), amounts(meadow=0.9, forest=0.34, lake=0.55, village=0.5, mountains=0.22,
                                                  islands=0.18), 0.42, 17, (0.12, 0.34), (0.8, 1.3),
                 trail_clear_m=0.5),
        Template("tall grass", small.grass(2, 9), amounts(meadow=0.34, lake=0.22, forest=0.08, village=0.12,
                                                          islands=0.1), 0.8, 26, (0.35, 0.75), (0.8, 1.2),
                 trail_clear_m=0.9),
        Template("dry grass", small.grass(3, 10, dry=True), amounts(desert=0.08, canyon=0.12, islands=0.06,
                                                                   snowfield=0.02), 0.9, 24, (0.2, 0.5), (0.8, 1.4),
                 trail_clear_m=0.7),
        Template("reeds", small.reeds(4), amounts(lake=0.36, meadow=0.012), 1.1, 45, (0.8, 1.7), (0.8, 1.2),
                 slope_max=0.4, water="any", trail_clear_m=1.2),
        Template("fern", small.fern(5), amounts(forest=0.42, mountains=0.04, lake=0.05), 1.7, 30, (0.35, 0.8),
                 (0.9, 1.4), trail_clear_m=0.8),
        Template("lily pad", small.lily_pad(2), amounts(lake=0.3, meadow=0.02), 2.6, 55, (0.14, 0.26), (1.0, 1.5),
                 slope_max=9.0, water="float", trail_clear_m=0.6),
        Template("lily pads", small.lily_pad(3), amounts(lake=0.3), 2.2, 55, (0.05, 0.085), (0.8, 1.2), slope_max=9.0,
                 water="float", trail_clear_m=0.6),
    )


def _flowers() -> tuple[Template, ...]:
    def sown(density: float, **more: float) -> dict[str, float]:
        return {"meadow": density, "village": density * 0.35, "lake": density * 0.25, **more}
    return (
        Template("daisy", small.daisy(1), amounts(**sown(0.34, forest=0.05, mountains=0.08)), 0.75, 22, (0.22, 0.48),
                 trail_clear_m=0.5),
        Template("poppy", small.poppy(2), amounts(**sown(0.36, islands=0.06)), 0.9, 30, (0.3, 0.65),
                 trail_clear_m=0.6),
        Template("tulip", small.tulip(3), amounts(**sown(0.16)), 1.0, 26, (0.3, 0.55), trail_clear_m=0.6),
        Template("pale tulip", small.tulip(1, STRUCTURE), amounts(**sown(0.1)), 1.1, 24, (0.3, 0.5),
                 trail_clear_m=0.6),
        Template("blue daisy", small.daisy(2, STRUCTURE), amounts(**sown(0.14, mountains=0.1)), 0.9, 20, (0.2, 0.4),
                 trail_clear_m=0.5),
        Template("lavender", small.lavender(4), amounts(**sown(0.2, mountains=0.05)), 1.0, 26, (0.35, 0.7), (0.9, 1.3),
                 trail_clear_m=0.6),
        Template("mushroom", small.mushroom(1), amounts(forest=0.16, meadow=0.01), 1.3, 24, (0.12, 0.38), (0.9, 1.3),
                 trail_clear_m=0.4),
        Template("brown mushroom", small.mushroom(2, spotted=False), amounts(forest=0.12), 1.5, 20, (0.1, 0.26),
                 (0.9, 1.4), trail_clear_m=0.4),
    )


def _stones() -> tuple[Template, ...]:
    return (
        Template("boulder", small.boulder(1), amounts(mountains=0.3, desert=0.06, canyon=0.22, meadow=0.02, forest=0.06,
                                                      lake=0.1, islands=0.16, snowfield=0.06, ocean=0.1, crystals=0.12,
                                                      underwater=0.14), 7.0, 190, (0.5, 2.6), (0.8, 1.4),
                 slope_max=1.5, water="any", trail_clear_m=2.0, object_id=4),
        Template("mossy stone", small.boulder(4, 0.85, 0.35), amounts(forest=0.28, lake=0.22, meadow=0.04, village=0.04,
                                                                      mountains=0.1), 5.0, 90, (0.3, 1.3), (0.9, 1.3),
                 slope_max=1.2, water="any", trail_clear_m=1.4, object_id=4),
        Template("crag", small.boulder(9, 1.5), amounts(mountains=0.14, canyon=0.08, snowfield=0.04, ocean=0.05,
                                                        islands=0.05, underwater=0.06), 16.0, 300, (3.0, 8.0),
                 (0.8, 1.2), slope_max=2.0, water="any", trail_clear_m=5.0, object_id=4),
        Template("pebbles", small.pebbles(2), amounts(desert=0.16, canyon=0.22, mountains=0.16, lake=0.1, islands=0.14,
                                                      underwater=0.16, crystals=0.14, meadow=0.02), 1.3, 22,
                 (0.06, 0.2), (0.9, 1.4), slope_max=1.2, water="any", trail_clear_m=0.4, object_id=4),
    )


def _reef() -> tuple[Template, ...]:
    def bed(name: str, lods: trees.Lods, density: float, cell_m: float, range_m: float, height_m: tuple[float, float],
            clear_m: float) -> Template:
        return Template(name, lods, amounts(underwater=density, islands=density * 0.3), cell_m, range_m, height_m,
                        (0.85, 1.3), slope_max=1.4, water="bed", trail_clear_m=clear_m)
    return (
        bed("staghorn coral", sea.branching(1), 0.42, 3.0, 55, (0.5, 1.5), 1.2),
        bed("pale staghorn", sea.branching(5, STRUCTURE), 0.32, 3.4, 55, (0.5, 1.3), 1.2),
        bed("sea fan", sea.fan(2), 0.4, 3.2, 60, (0.6, 1.8), 1.2),
        bed("green fan", sea.fan(6, GROWTH), 0.2, 3.8, 55, (0.6, 1.6), 1.2),
        bed("brain coral", sea.brain(3), 0.26, 3.6, 60, (0.35, 1.0), 1.2),
        bed("table coral", sea.plates(4), 0.26, 4.4, 65, (0.5, 1.1), 1.5),
        bed("kelp", sea.kelp(5), 0.42, 4.6, 90, (4.0, 10.0), 2.2),
        bed("anemone", sea.anemone(6), 0.3, 2.2, 32, (0.25, 0.6), 0.8),
        bed("sea grass", sea.sea_grass(7), 0.4, 1.1, 26, (0.3, 0.9), 0.7),
    )
