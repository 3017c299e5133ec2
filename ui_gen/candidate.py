"""One control that a panel may offer, and how such controls are made from a Direction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from agent.direction import Direction
from agent.unroll_spans import spans_s
from ui_gen.panel import Control, Focus, Pair
from world_model.vocabulary import STYLE_NEUTRAL, STYLES

DRAWN = frozenset({"flat", "cel", "watercolour", "pencil", "pixel", "riso", "ink", "clay", "gouache",
                   "coloured_pencil"})
FILMED = frozenset({"photoreal", "noir", "vhs"})


@dataclass(frozen=True)
class Candidate:
    """topic: what it is about, by which a talk asks for it; weight: how much a creator of such a piece is likely to
    reach for it, highest first; section groups controls in the panel."""

    topic: Focus
    section: str
    weight: float
    control: Control


def look_of(direction: Direction) -> str:
    """The look of most of the film's time."""
    looks = [shot.world.look for shot in direction.shots]
    return max(sorted(set(looks)), key=looks.count)


def over_shots(direction: Direction, inner: str) -> tuple[str, ...]:
    """A pointer inside a shot, for every shot."""
    return tuple(f"/shots/{i}{inner}" for i in range(len(direction.shots)))


def number(direction: Direction, ident: str, label: str, inner: str, read: Callable[[Any], float], bounds: Pair,
           step: float, unit: str, why: str, promise: str = "") -> Control:
    """A slider over one number of every shot; it stands at their median."""
    value = median(read(shot) for shot in direction.shots)
    clipped = min(max(value, bounds[0]), bounds[1])
    return Control(id=ident, label=label, kind="slider", binds=over_shots(direction, inner), value=round(clipped, 3),
                   bounds=bounds, step=step, unit=unit, why=why, promise=promise, cost="live")


def style(direction: Direction, field: str, label: str, bounds: Pair, why: str, step: float = 0.05,
          promise: str = "") -> Control:
    """A slider over one field of the look; it stands at the look's own value where the film does not say."""
    def read(shot: Any) -> float:
        return shot.world.style.get(field, STYLES.get(shot.world.look, {}).get(field, STYLE_NEUTRAL.get(field, 0.0)))

    return number(direction, f"style_{field}", label, f"/world/style/{field}", read, bounds, step, "", why, promise)


def first_to_last(direction: Direction, ident: str, label: str, inner: str, read: Callable[[Any], float], bounds: Pair,
                  step: float, unit: str, why: str, promise: str = "") -> Control:
    """A range from the first shot's number to the last one's."""
    ends = [round(min(max(read(shot), bounds[0]), bounds[1]), 3) for shot in (direction.shots[0], direction.shots[-1])]
    return Control(id=ident, label=label, kind="range", binds=over_shots(direction, inner), value=ends, bounds=bounds,
                   step=step, unit=unit, why=why, promise=promise, fallback="slider")


def course(direction: Direction, ident: str, label: str, inner: str, read: Callable[[Any], float], bounds: Pair,
           unit: str, why: str, promise: str = "") -> Control:
    """A curve of one number over the film; it stands at the shots' own numbers."""
    spans = [(min(max(start / direction.duration_s, 0.0), 1.0), min(max(end / direction.duration_s, 0.0), 1.0))
             for start, end in spans_s(direction)]
    wide = [max(span, (span[0], span[0] + 1e-4)) for span in spans]
    keys: list[list[float]] = []
    for shot, (start, end) in zip(direction.shots, wide, strict=True):
        held = min(max(read(shot), bounds[0]), bounds[1])
        keys += [[round(start + 1e-3, 4), round(held, 3)], [round(end - 1e-3, 4), round(held, 3)]]
    thinned = [key for k, key in enumerate(keys) if k in (0, len(keys) - 1)
               or not (keys[k - 1][1] == key[1] == keys[k + 1][1])]
    thinned[0][0], thinned[-1][0] = 0.0, 1.0
    return Control(id=ident, label=label, kind="curve", binds=over_shots(direction, inner), spans=tuple(wide),
                   value=thinned[:64], bounds=bounds, unit=unit, why=why, promise=promise, fallback="slider")


def key_shot(direction: Direction) -> int:
    """The shot that tells most: the climax or release, else the longest with somebody in it."""
    spans = spans_s(direction)

    def worth(k: int) -> tuple[int, int, float, int]:
        shot = direction.shots[k]
        return (shot.purpose in ("climax", "release", "reveal"), bool(shot.world.bodies), spans[k][1] - spans[k][0], -k)

    return max(range(len(direction.shots)), key=worth)


def share_of_places(direction: Direction) -> dict[str, float]:
    """name -> mean weight over the shots."""
    out: dict[str, float] = {}
    for shot in direction.shots:
        whole = sum(shot.world.place.values())
        for name, weight in shot.world.place.items():
            out[name] = out.get(name, 0.0) + weight / whole / len(direction.shots)
    return out
