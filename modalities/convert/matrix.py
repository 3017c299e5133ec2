"""The matrix of any-to-any: every input to every output on held-out worlds, against two baselines in the same run.

A cell passes when its outputs are more like the truth than the outputs for another world's input (inputs rotated by
one world) and than what the model makes of nothing, each by more than the standard error of the paired difference.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modalities.convert.ends_out import PanelOf
from modalities.convert.fill import SAMPLING_STEPS, imagine, one_of
from modalities.convert.given import OUTPUTS, Given
from modalities.convert.likeness import (
    camera_likeness,
    film_likeness,
    ink_likeness,
    panel_likeness,
    picture_likeness,
    score_likeness,
    sound_likeness,
    text_likeness,
)
from modalities.convert.truths import MATRIX_INPUTS, SIZE_PX, Shown, Truth, shown_by, truth_of
from world_model.data.worlds import CLIP_STEPS

if TYPE_CHECKING:
    from world_model.joint.pipeline import WorldPipeline

F64 = NDArray[np.float64]
NOTHING = "nothing"
SEED = 7


@dataclass(frozen=True)
class Cell:
    """Mean scores in [0, 1] over the worlds; baseline is the better of the two; margin is over it, margin_se its
    standard error."""

    source: str
    to: str
    score: float
    shuffled: float
    unconditional: float
    baseline: float
    margin: float
    margin_se: float
    passed: bool

    def document(self) -> dict[str, Any]:
        """As the command line names it."""
        found = asdict(self)
        return {"from": found.pop("source"), **found}


def score_of(to: str, shown: Shown, truth: Shown, moment: int) -> float:
    """How like the truth one output is, in [0, 1]; moment counts into MOMENTS."""
    match to:
        case "text":
            return text_likeness(shown.names, truth.names)
        case "image":
            return picture_likeness(shown.glimpses[moment], truth.glimpses[moment], shown.inks[moment],
                                    truth.inks[moment])
        case "sketch":
            return ink_likeness(shown.inks[moment], truth.inks[moment])
        case "video":
            return film_likeness(shown.glimpses, truth.glimpses, shown.camera, truth.camera)
        case "audio":
            return sound_likeness(shown.heard, truth.heard)
        case "score":
            return score_likeness(shown.score, truth.score)
        case "camera":
            return camera_likeness(shown.camera, truth.camera)
        case _:
            return panel_likeness(shown.panel, truth.panel)


def matrix(pipeline: WorldPipeline, panel_of: PanelOf, worlds: int = 16, seed: int = SEED,
           sampling_steps: int = SAMPLING_STEPS, tell: Callable[[str], None] = print) -> dict[str, Any]:
    """Run and score every cell on `worlds` held-out worlds. Returns cells, worlds, seed, wall_s.

    One call of the pipeline serves all outputs of an input. The same arguments give the same scores. Raises ValueError
    for fewer than two worlds, which have no one to be shuffled with.
    """
    if worlds < 2:
        raise ValueError(f"the matrix needs two worlds at least, not {worlds}")
    from world_model.sim.picture import Renderer

    begun = time.monotonic()
    renderer = Renderer(SIZE_PX, threads=1)
    truths: list[Truth] = []
    for number in range(worlds):
        truths.append(truth_of(number, renderer, panel_of))
        tell(f"truth {number + 1} of {worlds}, {time.monotonic() - begun:.0f} s")
    made: dict[str, list[Shown]] = {}
    for kind in (NOTHING, *MATRIX_INPUTS):
        given = [Given(NOTHING, CLIP_STEPS) if kind == NOTHING else truth.inputs[kind] for truth in truths]
        streams = imagine(pipeline, given, seed, sampling_steps)
        made[kind] = [shown_by(one_of(streams, k), seed + k, renderer, panel_of, given[k].skyline)
                      for k in range(worlds)]
        tell(f"{kind}: filled in and shown, {time.monotonic() - begun:.0f} s")
    cells = cells_of(made, [truth.shown for truth in truths])
    return {"cells": [cell.document() for cell in cells], "worlds": worlds, "first_seed": truths[0].seed, "seed": seed,
            "sampling_steps": sampling_steps, "passed": sum(cell.passed for cell in cells), "of": len(cells),
            "wall_s": round(time.monotonic() - begun, 1)}


def cells_of(made: dict[str, list[Shown]], truths: Sequence[Shown]) -> list[Cell]:
    """The cells of what was made of each kind of input (and of nothing), one Shown a world."""
    cells: list[Cell] = []
    count = len(truths)
    for kind in (kind for kind in made if kind != NOTHING):
        moment = 0 if kind in ("image", "sketch") else 1
        for to in OUTPUTS:
            own = np.array([score_of(to, made[kind][k], truths[k], moment) for k in range(count)])
            other = np.array([score_of(to, made[kind][k - 1], truths[k], moment) for k in range(count)])
            none = np.array([score_of(to, made[NOTHING][k], truths[k], moment) for k in range(count)])
            cells.append(_cell(kind, to, own, other, none))
    return cells


def _cell(kind: str, to: str, own: F64, shuffled: F64, nothing: F64) -> Cell:
    better = shuffled if shuffled.mean() >= nothing.mean() else nothing
    passed = all(float((own - base).mean()) > max(_error(own - base), 1e-9) for base in (shuffled, nothing))

    def mean(values: F64) -> float:
        return round(float(values.mean()), 4)

    return Cell(kind, to, mean(own), mean(shuffled), mean(nothing), mean(better), mean(own - better),
                round(_error(own - better), 4), passed)


def _error(values: F64) -> float:
    """The standard error of a mean."""
    return float(values.std(ddof=1) / math.sqrt(len(values)))
