"""Transitions inside a story: the sky darkens before the storm, the light goes before the night."""

from __future__ import annotations

from collections.abc import Sequence

from agent.direction import Shot
from agent.director_looks import AMOUNTS
from agent.director_wishes import Wishes

Keys = tuple[tuple[float, float], ...]
NOTICEABLE = 0.15
# How much of the coming weather may already show in the shot before it.
FOREBODING = {"cloud": 0.7, "fog": 0.5, "dust": 0.4, "rain": 0.3, "snow": 0.35, "storm": 0.0, "aurora": 0.2}


def with_transitions(shots: Sequence[Shot], wishes: Wishes, steps: Sequence[int]) -> tuple[Shot, ...]:
    """Shots with curves that lead from the weather and the light of one step to those of the next."""
    out = list(shots)
    for k in range(1, len(out)):
        if steps[k] == steps[k - 1]:
            continue
        before, after = out[k - 1], out[k]
        if 0 <= steps[k] < len(wishes.steps) and wishes.steps[steps[k]].transition == "hard":
            # A cut that was asked for shows nothing of what is to come.
            continue
        coming = foreboding(before, after, wishes.within(steps[k - 1]))
        out[k - 1] = before.model_copy(update={"curves": {**before.curves, **coming}})
        moment = wishes.steps[steps[k]].at if 0 <= steps[k] < len(wishes.steps) else None
        if moment not in ("drop", "chorus"):
            come = arrival(before, after, wishes.within(steps[k]))
            out[k] = after.model_copy(update={"curves": {**after.curves, **come}})
            day = hours_between(before.world.light.time_h, after.world.light.time_h)
            if day is not None:
                # From day to night: the hours run, first to the middle of the way and then to its end.
                start, middle, end = day
                pointer = "/world/light/time_h"
                out[k - 1] = out[k - 1].model_copy(update={"curves": {**out[k - 1].curves, pointer: (
                    (0.0, start), (1.0, middle))}})
                out[k] = out[k].model_copy(update={"curves": {**out[k].curves, pointer: (
                    (0.0, middle), (0.7, end), (1.0, end))}})
    return tuple(out)


def hours_between(hour: float, later: float) -> tuple[float, float, float] | None:
    """(start, middle, end) of a light that runs forward by 4 to 14 hours without passing midnight, else None."""
    ahead = (later - hour) % 24.0
    end = min(24.0, hour + ahead)
    if not 4.0 < ahead <= 14.0 or hour + ahead > 25.0:
        return None
    return hour, round(hour + 0.55 * (end - hour), 3), end


def foreboding(before: Shot, after: Shot, wishes: Wishes) -> dict[str, Keys]:
    """Curves of the shot before a change: the coming weather builds in its second half, the light leans that way."""
    curves: dict[str, Keys] = {}
    for name in AMOUNTS:
        now, then = getattr(before.world.weather, name), getattr(after.world.weather, name)
        if abs(then - now) >= NOTICEABLE and FOREBODING[name] > 0 and name not in refused(wishes):
            toward = round(now + (then - now) * FOREBODING[name], 3)
            curves[f"/world/weather/{name}"] = ((0.0, now), (0.4, now), (1.0, toward))
    hour, next_hour = before.world.light.time_h, after.world.light.time_h
    gap = (next_hour - hour + 12) % 24 - 12
    if 0.3 < abs(gap) <= 4.0 and 0 <= hour + 0.5 * gap <= 24:
        curves["/world/light/time_h"] = ((0.0, hour), (1.0, round(hour + 0.5 * gap, 3)))
    return curves


def arrival(before: Shot, after: Shot, wishes: Wishes) -> dict[str, Keys]:
    """Curves of the first shot after a change: what was coming arrives in its first third."""
    curves: dict[str, Keys] = {}
    for name in AMOUNTS:
        then, now = getattr(before.world.weather, name), getattr(after.world.weather, name)
        if abs(then - now) >= NOTICEABLE and FOREBODING[name] > 0 and name not in refused(wishes):
            start = round(then + (now - then) * FOREBODING[name], 3)
            curves[f"/world/weather/{name}"] = ((0.0, start), (0.35, now), (1.0, now))
    return curves


def refused(wishes: Wishes) -> frozenset[str]:
    """Weather amounts that must not appear in any curve."""
    names = set(wishes.banned["weather"])
    if "clouds" in names or "overcast" in names:
        names.add("cloud")
    return frozenset(names)
