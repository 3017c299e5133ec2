"""A creator's taste from choices: Bradley-Terry on feature vectors, the most probable weights with their certainty.

Bradley and Terry, 1952: what was chosen beats what was not with probability sigma(w · difference). The weights have a
normal prior; Newton's method finds the mode, and the curvature there how sure each is (Laplace, as in MacKay, 1992).
Every axis is fitted alone: few choices cannot tell apart what comes together (noir is grey and nightly), and one fit of
everything would share eight clear choices among ten weights and be sure of none. What came together by chance parts
again as choices go on. Newer choices count more: a taste is forgotten slowly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from agent.profile_axes import COSINE, HOURS, LINEAR, NAMED, NUMBERS, SINE, SQUARE, Features, angle_of, axis_of, known

Floats = NDArray[np.float64]
# Choices after which one counts half.
HALF_LIFE = 60.0
# Spread of a weight before anything is known; z² and the hour differ in scale from shares.
SPREAD = {SQUARE: 0.4}
USUAL_SPREAD = 1.5
# What a weight of 1 that the creator sets is worth.
PINNED = 2.5
ROUNDS = 12
Pins = tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class Choice:
    """One choice. key: what it was, as a digest, so that it counts once; at: ISO 8601; kind: one of KINDS; weight
    (0, 1]; difference: of what was chosen over what was not, by feature."""

    key: str
    at: str
    kind: str
    weight: float
    difference: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Taste:
    """Weights by feature with the spread of each; what is not named has weight 0 and nobody knows."""

    mean: Mapping[str, float]
    spread: Mapping[str, float]
    pinned: frozenset[str]

    def worth(self, found: Features) -> float:
        """The worth of a film with these features, 0 the usual; a unit is odds of e to 1."""
        return sum(self.mean.get(name, 0.0) * value for name, value in found.items())

    def sure(self, feature: str) -> float:
        """Probability that the weight has the sign it has, [0.5, 1]."""
        mean, spread = abs(self.mean.get(feature, 0.0)), self.spread.get(feature, math.inf)
        return 1.0 if feature in self.pinned else 0.5 * (1.0 + math.erf(mean / spread / math.sqrt(2.0)))


@lru_cache(maxsize=16)
def fitted(choices: tuple[Choice, ...], pins: Pins) -> Taste:
    """The taste behind choices, in whatever order they come, and what the creator set. Never raises."""
    fixed = pinned(pins)
    ordered = sorted(choices, key=lambda one: (one.at, one.key), reverse=True)
    weights = np.array([one.weight * 0.5 ** (row / HALF_LIFE) for row, one in enumerate(ordered)])
    mean, spread = dict(fixed), dict.fromkeys(fixed, 0.0)
    axes: dict[str, set[str]] = {}
    for one in ordered:
        for name, _ in one.difference:
            if known(name):
                axes.setdefault(axis_of(name), set()).add(name)
    for axis in sorted(axes):
        names = sorted(axes[axis] - fixed.keys())
        column = {name: k for k, name in enumerate(names)}
        rows, held = np.zeros((len(ordered), len(names))), np.zeros(len(ordered))
        for row, one in enumerate(ordered):
            for name, value in one.difference:
                if name in column:
                    rows[row, column[name]] = value
                elif axis_of(name) == axis:
                    held[row] += fixed.get(name, 0.0) * value
        prior = np.array([SPREAD.get(name.split(" ", 1)[1], USUAL_SPREAD) ** -2 for name in names])
        found, wide = _mode(rows, weights, held, prior)
        mean |= dict(zip(names, found.tolist(), strict=True))
        spread |= dict(zip(names, wide.tolist(), strict=True))
    return Taste(mean, spread, frozenset(fixed))


def _mode(rows: Floats, weights: Floats, held: Floats, prior: Floats) -> tuple[Floats, Floats]:
    """(weights, spreads) at the mode of a logistic likelihood with a normal prior."""
    at = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        won = 1.0 / (1.0 + np.exp(-np.clip(rows @ at + held, -30.0, 30.0)))
        slope = rows.T @ (weights * (1.0 - won)) - prior * at
        bend = (rows.T * (weights * won * (1.0 - won))) @ rows + np.diag(prior)
        step = np.linalg.solve(bend, slope)
        # Far from the mode a whole step may overshoot.
        at = at + step * min(1.0, 2.0 / max(1e-12, float(np.abs(step).max(initial=0.0))))
    won = 1.0 / (1.0 + np.exp(-np.clip(rows @ at + held, -30.0, 30.0)))
    bend = (rows.T * (weights * won * (1.0 - won))) @ rows + np.diag(prior)
    return at, np.sqrt(np.diag(np.linalg.inv(bend))) if len(prior) else np.zeros(0)


def pinned(pins: Iterable[tuple[str, str, float]]) -> dict[str, float]:
    """Weights by feature of what a creator set, as (axis, value, weight)."""
    found: dict[str, float] = {}
    for axis, value, weight in pins:
        if axis in NAMED:
            found[f"{axis} {value}"] = PINNED * weight
        elif axis in NUMBERS:
            z = NUMBERS[axis].z_of(float(value))
            found |= {f"{axis} {LINEAR}": PINNED * weight * z, f"{axis} {SQUARE}": -0.5 * PINNED * weight}
        else:
            angle = angle_of(float(value))
            found |= {f"hour {COSINE}": PINNED * weight * math.cos(angle),
                      f"hour {SINE}": PINNED * weight * math.sin(angle)}
    return found


def best_z(taste: Taste, axis: str) -> float:
    """Where a number's worth is highest, in z within ±1.5; 0 where nothing is known."""
    a, b = taste.mean.get(f"{axis} {LINEAR}", 0.0), taste.mean.get(f"{axis} {SQUARE}", 0.0)
    if a == 0.0:
        return 0.0
    return max((0.05 * k for k in range(-30, 31)), key=lambda z: (a * z + b * z * z, -abs(z)))


def best_hour(taste: Taste) -> float | None:
    """The hour that is worth most, [0, 24); None where nothing is known."""
    cosine, sine = taste.mean.get(f"hour {COSINE}", 0.0), taste.mean.get(f"hour {SINE}", 0.0)
    if cosine == 0.0 and sine == 0.0:
        return None
    return (math.atan2(sine, cosine) / math.tau * 24.0 + 12.0) % 24.0


def hour_word(hour: float) -> str:
    return min(HOURS, key=lambda name: min(abs(HOURS[name] - hour), 24.0 - abs(HOURS[name] - hour)))


__all__ = ["Choice", "Pins", "Taste", "axis_of", "best_hour", "best_z", "fitted", "hour_word", "pinned"]
