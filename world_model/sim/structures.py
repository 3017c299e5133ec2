"""What stands without growing: which buildings, stones and wonders, how many, where."""

from __future__ import annotations

from functools import lru_cache

from world_model.sim import structures_town as town
from world_model.sim import structures_wonder as wonder
from world_model.sim.mesh import ACCENT, DARK, GROUND2, STRUCTURE, WATER, WHITE, WOOD, Template, amounts


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """All structures. Built on the first call (some 0.3 s), then the same values for ever."""
    return (*_village(), *_city(), *_rock(), *_crystal(), *_afloat())


def _village() -> tuple[Template, ...]:
    def home(name: str, lods: tuple[town.Mesh, ...], density: float, cell_m: float, low_m: float, high_m: float,
             **more: float) -> Template:
        return Template(name, lods, amounts(village=density, **more), cell_m, 320, (low_m, high_m), (0.95, 1.25),
                        slope_max=0.35, trail_clear_m=5.5, object_id=4)
    return (
        home("house", town.house(1), 0.26, 17, 6.0, 8.5, islands=0.012),
        home("slate house", town.house(4, 0.95, 1.2, 0.54, DARK, WHITE, 3.2, 0.85), 0.3, 18.5, 6.0, 8.5),
        home("thatched cottage", town.house(2, 1.0, 1.1, 0.42, WOOD, WHITE, 2.0, 0.8), 0.3, 18, 4.5, 6.0, lake=0.03,
             snowfield=0.008, meadow=0.006),
        home("brown house", town.house(5, 0.86, 1.3, 0.5, WOOD, STRUCTURE, 0.8, 1.05), 0.26, 19.5, 5.5, 8.0),
        home("long house", town.house(3, 0.85, 1.9, 0.48, ACCENT, GROUND2, 0.6, 0.9), 0.16, 23, 6.0, 8.0),
        home("barn", town.barn(1), 0.14, 32, 6.5, 8.5, meadow=0.02),
        home("church", town.church(1), 0.22, 90, 17.0, 23.0),
        home("windmill", town.windmill(1), 0.16, 60, 11.0, 15.0, meadow=0.03),
        Template("buoy", town.buoy(1), amounts(ocean=0.12, islands=0.03), 48, 320, (1.8, 2.6), slope_max=9.0,
                 water="float", trail_clear_m=6.0, object_id=4),
        Template("fence", town.fence(1), amounts(village=0.3, meadow=0.012), 5.0, 80, (0.9, 1.2), slope_max=0.4,
                 trail_clear_m=2.4, align="avenue", object_id=4),
        Template("street lamp", town.lamp(1), amounts(city=0.75, village=0.1), 13.0, 150, (5.0, 6.0), slope_max=0.4,
                 trail_clear_m=4.2, align="avenue", object_id=4),
    )


def _city() -> tuple[Template, ...]:
    names = ("slab", "setback", "twin", "needle", "round", "stepped")
    sizes = ((38, 70), (55, 110), (45, 95), (60, 125), (40, 85), (55, 100))
    shares = (0.36, 0.2, 0.17, 0.14, 0.16, 0.16)
    towers = tuple(
        Template(f"tower {name}", town.tower(k), amounts(city=share), 30 + 1.7 * k, 700, size, (0.9, 1.3),
                 slope_max=0.6,
                 water="any", trail_clear_m=15.0, align="avenue", object_id=4)
        for k, (name, size, share) in enumerate(zip(names, sizes, shares)))
    blocks = tuple(
        Template(f"low block {k}", town.low_block(k), amounts(city=0.42), 21.0 + 1.3 * k, 260, (9, 17), (0.95, 1.25),
                 slope_max=0.4, trail_clear_m=12.0, align="avenue", object_id=4) for k in range(3))
    return *towers, *blocks


def _rock() -> tuple[Template, ...]:
    return (
        Template("hoodoo", wonder.spire(2), amounts(canyon=0.34, desert=0.02), 22.0, 380, (9, 30), (0.8, 1.3),
                 slope_max=1.6, trail_clear_m=7.0, object_id=4),
        Template("rock spire", wonder.spire(5, STRUCTURE), amounts(canyon=0.12, underwater=0.12, ocean=0.03,
                                                                   islands=0.03,
                                                                   clouds=0.03), 30.0, 420, (10, 34), (0.9, 1.5),
                 slope_max=2.0, water="any", trail_clear_m=9.0, object_id=4),
        Template("arch", wonder.arch(1), amounts(canyon=0.2, desert=0.05, ocean=0.03, underwater=0.06), 75.0, 500,
                 (14, 26), (0.9, 1.3), slope_max=1.4, water="any", trail_clear_m=13.0, object_id=4),
        Template("standing stones", wonder.standing_stones(1), amounts(meadow=0.06, desert=0.03, mountains=0.03), 55.0,
                 240, (3.2, 5.5), slope_max=0.4, trail_clear_m=4.0, object_id=4),
        Template("column", wonder.column(1), amounts(desert=0.08, islands=0.03, underwater=0.05, clouds=0.02), 26.0,
                 220,
                 (4, 8), slope_max=0.5, water="any", trail_clear_m=3.0, object_id=4),
    )


def _crystal() -> tuple[Template, ...]:
    return (
        Template("crystal cluster", wonder.crystals(1), amounts(crystals=0.4, canyon=0.012), 5.5, 190, (1.0, 4.5),
                 (0.9, 1.5), slope_max=1.5, water="any", trail_clear_m=1.8, object_id=4),
        Template("great crystal", wonder.crystals(4, STRUCTURE), amounts(crystals=0.34), 26.0, 420, (10, 30), (0.7,
                                                                                                               1.1),
                 slope_max=1.8, water="any", trail_clear_m=8.0, object_id=4),
        Template("blue crystal", wonder.crystals(7, WATER), amounts(crystals=0.36), 8.0, 220, (1.5, 6), (0.9, 1.4),
                 slope_max=1.5, water="any", trail_clear_m=2.2, object_id=4),
        Template("lit crystal", wonder.crystals(3, ACCENT, lit=True), amounts(crystals=0.22), 6.5, 150, (0.6, 2.2),
                 (0.9, 1.4), slope_max=1.5, water="any", trail_clear_m=1.2, object_id=4),
        Template("small crystal", wonder.crystals(9), amounts(crystals=0.5, space=0.0), 1.9, 34, (0.15, 0.6), (0.9,
                                                                                                               1.5),
                 slope_max=1.5, water="any", trail_clear_m=0.6, object_id=4),
        Template("ice shard", wonder.ice(2), amounts(snowfield=0.12, ocean=0.006), 14.0, 220, (1.2, 6.0), (0.8, 1.3),
                 slope_max=1.2, water="any", trail_clear_m=2.4, object_id=4),
        Template("small ice", wonder.ice(6), amounts(snowfield=0.1), 3.5, 50, (0.2, 0.8), (0.8, 1.4), slope_max=1.2,
                 trail_clear_m=0.8, object_id=4),
    )


def _afloat() -> tuple[Template, ...]:
    def adrift(name: str, lods: tuple[town.Mesh, ...], where: dict[str, float], cell_m: float, range_m: float,
               height_m: tuple[float, float], base_m: tuple[float, float], drift_m: float,
               width: tuple[float, float] = (0.9, 1.2)) -> Template:
        return Template(name, lods, amounts(**where), cell_m, range_m, height_m, width, base_m, drift_m, slope_max=9.0,
                        water="any", trail_clear_m=height_m[1] * 0.8, object_id=4)
    return (
        adrift("asteroid", wonder.asteroid(1), {"space": 0.3}, 20, 420, (1.5, 8), (4, 60), 1.5),
        adrift("great asteroid", wonder.asteroid(5), {"space": 0.24}, 75, 700, (12, 32), (15, 120), 2.0),
        adrift("pebble in space", wonder.asteroid(8), {"space": 0.3}, 7, 90, (0.2, 0.9), (0.5, 14), 0.8),
        *(adrift(f"orb {k}", wonder.orb(k), {"particles": 0.34, "space": 0.0}, 5 + 1.3 * k, 150, (0.35, 2.0), (0.5, 30),
                 2.2) for k in range(4)),
        *(adrift(f"spark {k}", wonder.orb(k), {"particles": 0.42, "crystals": 0.07, "forest": 0.0}, 2.4 + 0.5 * k, 45,
                 (0.06, 0.2), (0.4, 9), 1.2) for k in range(2)),
        *(adrift(f"shard {k}", wonder.shard(k), {"particles": 0.3, "crystals": 0.03}, 6 + 1.1 * k, 130, (0.4, 2.2),
                 (0.5, 24), 1.6, (0.8, 1.3)) for k in range(3)),
        *(adrift(f"ribbon {k}", wonder.ribbon(k * 2 + 1, (ACCENT, STRUCTURE)[k]), {"fluid": 0.3}, 17 + 4 * k, 260, (2,
                                                                                                                    7),
                 (1.5, 22), 2.5) for k in range(2)),
        *(adrift(f"blob {k}", wonder.blob(k + 1, (WATER, ACCENT)[k]), {"fluid": 0.32}, 10 + 3 * k, 200, (0.6, 3.2),
                 (0.5, 18), 1.8, (0.8, 1.3)) for k in range(2)),
        Template("fluid strand", wonder.fluid_column(1), amounts(fluid=0.24), 24, 260, (6, 20), (0.9, 1.5),
                 slope_max=9.0,
                 water="any", trail_clear_m=5.0, object_id=4),
        adrift("cloud puff", wonder.cloud(1), {"clouds": 0.34, "mountains": 0.012}, 46, 620, (9, 22), (4, 50), 3.0),
        adrift("small puff", wonder.cloud(4), {"clouds": 0.3}, 22, 260, (3, 7), (1, 26), 2.0),
        Template("cloud tower", wonder.cloud(2, tower=True), amounts(clouds=0.26), 62, 700, (30, 85), (0.9, 1.4),
                 slope_max=9.0, water="any", trail_clear_m=26.0, object_id=4),
    )
