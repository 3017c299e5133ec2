"""What an input tells the world model: known streams, the steps in which they are known, and words."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from modalities.convert.kinds import INPUTS, OUTPUTS
from modalities.media import Track
from world_model.streams.layout import WIDTHS, Floats

__all__ = ["DEFAULT_S", "INPUTS", "LONGEST_OWN_S", "LONGEST_S", "OUTPUTS", "Given", "only_at", "over"]
DEFAULT_S = 4.0
LONGEST_OWN_S = 60.0
LONGEST_S = 600.0


@dataclass(frozen=True)
class Given:
    """One input, read.

    known: name -> (steps, width) float32; a column that the input says nothing of is NaN and is filled with what is
    usual. known_at: name -> (steps,) bool, where it is known; everywhere when missing. text: phrases. moment: the step
    of the input's own picture, which is also shown where one picture is asked for; None is the middle. start: x_m, z_m
    and yaw_rad at which a camera path began. track: the creator's own sound. skyline: (32,) y of a drawn
    hill line in the first picture. notes are sentences for the creator.
    """

    kind: str
    steps: int
    known: dict[str, Floats] = field(default_factory=dict)
    known_at: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    text: tuple[str, ...] = ()
    moment: int | None = None
    start: tuple[float, float, float] = (0.0, 0.0, 0.0)
    track: Track | None = None
    skyline: Floats | None = None
    notes: tuple[str, ...] = ()


def only_at(kind: str, name: str, row: Floats, steps: int, moment: int = 0, text: tuple[str, ...] = (),
            skyline: Floats | None = None) -> Given:
    """A Given in which one stream is known in one step: row is (width,)."""
    values = np.zeros((steps, WIDTHS[name]), np.float32)
    values[moment] = row
    there = np.zeros(steps, np.bool_)
    there[moment] = True
    return Given(kind, steps, {name: values}, {name: there}, text, moment, skyline=skyline)


def over(kind: str, streams: dict[str, Floats], steps: int) -> Given:
    """A Given in which streams (t, width) are known from the start: all of them cut to `steps`, or unknown after t."""
    known, known_at = dict[str, Floats](), dict[str, NDArray[np.bool_]]()
    for name, values in streams.items():
        kept = min(len(values), steps)
        known[name] = np.zeros((steps, WIDTHS[name]), np.float32)
        known[name][:kept] = values[:kept]
        known_at[name] = np.arange(steps) < kept
    return Given(kind, steps, known, known_at)
