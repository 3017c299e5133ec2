"""What a piece answers when its numbers are moved together: outcomes in steps that a viewer notices."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from ui_gen.outcomes import OUTCOMES, PICTURE
from ui_gen.panel import Control
from ui_gen.probe import SIZE_PX, Rolled, Signals, bound, moments, probe_of, roll, rolled, see
from world_model.sim.picture import Renderer

Floats = NDArray[np.float64]
# The outcomes that answers tell of, in this order; moments that are drawn for each.
TOLD = (*PICTURE, "camera_speed", "subject_speed", "drawings")
MOMENTS = 2


@dataclass(frozen=True)
class Knob:
    """One number of the film, in every shot that has it: a slider's binds, where each stands, and a nudge."""

    control: Control
    bases: tuple[float, ...]
    nudge: float


def compressed(steps: Floats) -> Floats:
    """Steps that are noticed as a viewer counts them: the tenth step more is not ten times one."""
    return np.sign(steps) * np.log1p(np.abs(steps))


def along(knobs: Sequence[Knob], way: Floats, ident: str, label: str, reach: tuple[float, float] = (-1.0, 1.0)
          ) -> Control:
    """A learned slider over the knobs, `way` (P,) in nudges."""
    binds, bases, gains, limits = list[str](), list[float](), list[float](), list[tuple[float, float]]()
    for knob, share in zip(knobs, way, strict=True):
        if abs(share) < 1e-6:
            continue
        binds += knob.control.binds
        bases += knob.bases
        gains += [round(float(share) * knob.nudge, 6)] * len(knob.bases)
        low, high = knob.control.bounds or (0.0, 1.0)
        limits += [(min(low, base), max(high, base)) for base in knob.bases]
    return Control(id=ident, label=label[:40], kind="learned", binds=tuple(binds), value=0.0, bounds=reach,
                   step=round((reach[1] - reach[0]) / 60, 4), bases=tuple(bases), gains=tuple(gains),
                   limits=tuple(limits), source="model", cost="live", fallback="slider")


class Answers:
    """What a piece answers: outcomes at values of a control, drawn by two threads with matched moments."""

    def __init__(self, direction: Direction, knobs: Sequence[Knob], signals: Signals | None, count: int = MOMENTS
                 ) -> None:
        self._shots, self._count = len(direction.shots), count
        self.probe = probe_of(direction, along(knobs, np.ones(len(knobs)), "all", "all"), signals)
        self._own = threading.local()

    def at(self, control: Control, value: float) -> Floats:
        """(K,) of TOLD, in noticeable steps, with a control at a value."""
        return self._told(roll(bound(self.probe, control, self._shots), value))

    def of(self, short: Direction) -> Floats:
        """The same of the probe's own short Direction, changed in any way."""
        return self._told(rolled(self.probe, short))

    def _told(self, found: Rolled) -> Floats:
        if not hasattr(self._own, "renderer"):
            self._own.renderer = Renderer(SIZE_PX, threads=1)
        seen = [see(self._own.renderer, found, k).outcomes for k in moments(len(self.probe.chosen), self._count)]
        mean = {name: float(np.mean([one[name] for one in seen])) for name in PICTURE} | found.state
        return np.array([mean[name] / OUTCOMES[name].noticeable for name in TOLD])
