"""What could be said next about a film: short lines in the creator's own words, chosen for this film. A line is only
proposed when the built-in planner is seen to understand it and to change the film by it."""

from __future__ import annotations

from collections.abc import Iterator

from agent.direction import Direction
from agent.director_words import PLURALS
from agent.talk import understand
from agent.talk_types import Standing
from modalities.faults import Unusable

SHOWN = 3
INDOORS = frozenset({"space", "underwater", "fluid", "particles", "crystal"})
OTHER_LOOKS = {"photoreal": "as a watercolour", "noir": "as a pencil drawing", "vhs": "as a synthwave film",
               "synthwave": "in noir", "watercolour": "as a pencil drawing", "pencil": "as a watercolour",
               "cel": "as clay animation", "clay": "as a cel animation", "flat": "as gouache"}


def proposals(standing: Standing, count: int = SHOWN) -> tuple[str, ...]:
    """Up to `count` lines about the take on screen, no two about the same thing and none that was said already."""
    here = standing.here
    if here is None:
        return ()
    said = {" ".join(line.lower().split()) for line in standing.said}
    start = int(here.id[1:]) if here.id[1:].isdigit() else 0
    topics = list(_lines(here.direction))
    # Another order for every take, so that a long evening does not hear the same three.
    turned = topics[start % len(topics):] + topics[:start % len(topics)] if topics else []
    found: list[str] = []
    for lines in turned:
        for line in lines:
            if line in said or len(found) == count:
                continue
            try:
                turn = understand(line, standing)
            except Unusable:
                continue
            if turn.kind == "edit" and turn.patch and turn.parent == here.id:
                found.append(line)
                break
    return tuple(found)


def _lines(direction: Direction) -> Iterator[tuple[str, ...]]:
    """One tuple a topic, the better line first."""
    shots = direction.shots
    worlds = [shot.world for shot in shots]
    night = sum(not 6.0 <= world.light.time_h <= 20.0 for world in worlds) > len(worlds) / 2
    open_air = not any(INDOORS & {name for name, share in world.place.items() if share > 0.3} for world in worlds)
    wet = max(max(world.weather.rain, world.weather.snow, world.weather.fog) for world in worlds)
    yield ("make it dawn", "in the morning") if night else ("at night", "at golden hour")
    if open_air and wet > 0.15:
        yield ("let the sky clear towards the end", "clear the sky")
    elif open_air:
        yield ("let it rain in the last shot", "make it rain") if len(shots) > 1 else ("make it rain", "let it snow")
    bodies = [body for world in worlds for body in world.bodies]
    if bodies:
        name = bodies[0].shown_as or bodies[0].kind
        yield (f"closer to the {name}", "closer")
        many = PLURALS.get(name, f"{name}s")
        yield (f"more {many}", f"make the {name} bigger") if bodies[0].count == 1 else ("only one of them",
                                                                                        "wider shots")
    else:
        yield ("add a flock of birds", "add lanterns")
    yield (OTHER_LOOKS.get(worlds[0].look, "as a watercolour"), "photoreal")
    pace = direction.duration_s / len(shots)
    yield ("slower cuts", "calmer") if pace < 3.0 else ("faster", "livelier")
    if direction.score is not None:
        yield ("music in a minor key", "softer music") if direction.score.tempo_bpm > 100 else ("faster music",
                                                                                                "with drums")
    yield ("less colour", "black and white") if max(world.palette.chroma for world in worlds) > 1.0 else (
        "stronger colours", "warmer")


__all__ = ["proposals"]
