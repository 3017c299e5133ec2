"""From a Direction to a live session: its first shot (or any other) becomes a world that goes on for ever."""

from __future__ import annotations

from typing import Any

from agent.direction import Direction
from agent.unroll import shot_plan
from modalities.faults import Unusable
from modalities.live.start import LIVE_GRID, LiveStart

FRAMES = 48
PROMPT = "A bee explores a poppy meadow at golden hour, folk guitar"


def live_start(direction: Direction, size_px: tuple[int, int], shot: int = 0) -> LiveStart:
    """The start of live play in a shot of a Direction. A creator's own track is not played live; the score is.

    Raises Unusable when there is no such shot or its names are not known.
    """
    if not 0 <= shot < len(direction.shots):
        raise Unusable(f"There is no shot {shot}; this film has {len(direction.shots)}.")
    live = direction.model_copy(update={"grid": direction.grid.model_copy(update={
        "fps": LIVE_GRID.fps, "steps_per_s": LIVE_GRID.steps_per_s, "sample_rate_hz": LIVE_GRID.sample_rate_hz})})
    try:
        plan = shot_plan(live, shot, FRAMES, size_px)
    except ValueError as fault:
        raise Unusable(f"This film cannot be played live: {fault}.") from None
    return LiveStart(plan, direction.score, direction.seed, direction.title)


def live_direction(prompt: str, seed: int = 1) -> Direction:
    """A Direction for live play from words alone. Raises Unusable."""
    from agent.director import direct
    from agent.interpret import interpret

    return direct(interpret(prompt), None, duration_s=16.0, seed=seed)


def origin_of(direction: Direction, shot: int) -> dict[str, Any]:
    """What a control log keeps, so that the piece can be played again."""
    return {"direction": direction.model_dump(mode="json"), "shot": shot}


def start_of(origin: dict[str, Any], size_px: tuple[int, int]) -> tuple[Direction, LiveStart]:
    """The start that a control log's origin names. Raises Unusable."""
    try:
        direction = Direction.model_validate(origin["direction"])
        shot = int(origin.get("shot", 0))
    except (KeyError, TypeError, ValueError):
        raise Unusable("The control log does not hold the Direction it was played from.") from None
    return direction, live_start(direction, size_px, shot)
