"""A few seconds that stand for a piece while a control is tried on it: matched seeds, matched moments.

A shot comes out the same whatever stands around it (world_model/sim/rollout.py), so the shots that a control reaches
are rolled out alone, a second or more each, and drawn small. Everything is a function of the Direction, the control and
the value: the same three give the same numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction, Link, Span
from agent.edits import apply_patch
from agent.ideas_excerpt import LENGTH_S, RATE_HZ, Signals, links_of, short_film
from agent.unroll import unroll
from modalities.faults import Unusable
from ui_gen.bind import written
from ui_gen.outcomes import Floats, Rows, picture_outcomes, state_outcomes
from ui_gen.panel import Control
from world_model.sim.finish import finish
from world_model.sim.picture import Renderer, packed_rows
from world_model.state import offsets

# A film at its own rate shows how long drawings are held.
FPS = 24
MOST_SHOTS = 3
SIZE_PX = (96, 54)
IN_SHOT = re.compile(r"^/shots/(\d+)/")
AT = offsets()


@dataclass(frozen=True)
class Probe:
    """direction: some shots of a piece as a film of LENGTH_S; control: the same control, bound to these; chosen: which
    shots they were; signals: what the music does in them."""

    direction: Direction
    control: Control
    chosen: tuple[int, ...]
    signals: Signals | None


def reached(direction: Direction, control: Control) -> tuple[int, ...]:
    """The shots a control writes to, in order; all of them where it is bound to none."""
    found: set[int] = set()
    for pointer in (*control.binds, *control.binds_y):
        if (hit := IN_SHOT.match(pointer)) is not None:
            found.add(int(hit[1]))
        elif pointer.startswith("/links/"):
            found |= _shots_of(direction, pointer)
    return tuple(sorted(k for k in found if k < len(direction.shots))) or tuple(range(len(direction.shots)))


def probe_of(direction: Direction, control: Control, signals: Signals | None) -> Probe:
    """Up to MOST_SHOTS of the shots a control reaches, spread over them.

    Raises Unusable where a bind leads to no shot.
    """
    shots = reached(direction, control)
    spread = np.unique(np.linspace(0, len(shots) - 1, min(MOST_SHOTS, len(shots))).round().astype(int))
    chosen = tuple(shots[k] for k in spread)
    short, heard = short_film(direction, chosen, signals, FPS)
    short = short.model_copy(update={"links": _links(direction, chosen), "titles": ()})
    return Probe(short, _bound(control, chosen, len(direction.shots)), chosen, heard)


def _bound(control: Control, chosen: Sequence[int], count: int) -> Control:
    """The control, bound to the chosen shots by their new numbers."""
    renamed = {old: new for new, old in enumerate(chosen)}

    def kept(binds: Sequence[str]) -> list[tuple[int, str]]:
        out: list[tuple[int, str]] = []
        for n, pointer in enumerate(binds):
            hit = IN_SHOT.match(pointer)
            if hit is None:
                out.append((n, pointer))
            elif int(hit[1]) in renamed:
                out.append((n, f"/shots/{renamed[int(hit[1])]}/{pointer[hit.end():]}"))
            elif int(hit[1]) >= count:
                raise Unusable(f"{pointer[:120]} is not in this Direction.")
        return out

    across, up = kept(control.binds), kept(control.binds_y)
    rows = [n for n, _ in across]
    update: dict[str, Any] = {"binds": tuple(pointer for _, pointer in across),
                              "binds_y": tuple(pointer for _, pointer in up)}
    for name in ("spans", "bases", "gains", "limits"):
        held = getattr(control, name)
        if held:
            update[name] = tuple(held[n] for n in rows)
    return control.model_copy(update=update)


def _links(direction: Direction, chosen: Sequence[int]) -> tuple[Link, ...]:
    """The links under their own numbers; one that reaches none of the shots moves nothing."""
    return tuple(link or old.model_copy(update={"to": "/shots/*/world/weather/fog", "amount": 0.0})
                 for link, old in zip(links_of(direction, chosen), direction.links, strict=True))


def _shots_of(direction: Direction, pointer: str) -> set[int]:
    """The shots that the link of a pointer `/links/2/amount` moves."""
    parts = pointer.split("/")
    if len(parts) < 3 or not parts[2].isdecimal() or int(parts[2]) >= len(direction.links):
        return set()
    to = direction.links[int(parts[2])].to.split("/")
    return {int(to[2])} if to[2].isdecimal() else set(range(len(direction.shots)))


@dataclass(frozen=True)
class Rolled:
    """One value of a control, rolled out: rows (96, WIDTH) of state, and what they come to."""

    rows: Rows
    state: dict[str, float]

    @property
    def shots(self) -> NDArray[np.int64]:
        return self.rows[:, AT["shot"]][:, 0].astype(np.int64)


def roll(probe: Probe, value: Any) -> Rolled:
    """The probe with the control at a value. Raises Unusable where the Direction does not take it."""
    patch = written(probe.direction, probe.control, value)
    changed = apply_patch(probe.direction, patch, reason="tried") if patch else probe.direction
    return rolled(probe, on_its_clock(changed))


def bound(probe: Probe, control: Control, shots: int) -> Probe:
    """The same moments for another control of the same piece, which has so many shots."""
    return replace(probe, control=_bound(control, probe.chosen, shots))


def rolled(probe: Probe, direction: Direction) -> Rolled:
    """A short Direction, rolled out to the probe's music. Raises Unusable."""
    try:
        world = unroll(direction, probe.signals, RATE_HZ)
    except (ValueError, LookupError) as fault:
        raise Unusable(f"{probe.control.label} cannot be tried: {fault}.") from None
    rows = packed_rows(world.state)
    return Rolled(rows, state_outcomes(rows, rows[:, AT["shot"]][:, 0].astype(np.int64), FPS))


def on_its_clock(direction: Direction) -> Direction:
    """The probe's own length, whatever was written to its clock."""
    if abs(direction.duration_s - LENGTH_S) < 1e-9:
        return direction
    each_s = LENGTH_S / len(direction.shots)
    shots = tuple(shot.model_copy(update={"span": Span(s=(n * each_s, (n + 1) * each_s))})
                  for n, shot in enumerate(direction.shots))
    return direction.model_copy(update={"duration_s": LENGTH_S, "shots": shots})


def moments(shots: int, count: int) -> list[int]:
    """Rows to draw, spread over the probe: some in every shot, none at a cut."""
    rows = round(LENGTH_S * FPS)
    each = rows / shots
    per = -(-count // shots)
    # From the middle outwards, so that fewer moments are a part of more.
    places = (0.5, 0.2, 0.85, 0.35, 0.68, 0.1)
    found = [int(each * (n + places[k])) for k in range(per) for n in range(shots)]
    return found[:count]


@dataclass(frozen=True)
class Seen:
    """One drawn moment: outcomes by name, OKLab (54, 96, 3) times 100."""

    outcomes: dict[str, float]
    lab: Floats


def see(renderer: Renderer, rolled: Rolled, at: int) -> Seen:
    """Row `at` of a rollout, drawn small, with the motion since the row before."""
    rows = np.ascontiguousarray(rolled.rows[max(0, at - 1):at + 1])
    last = len(rows) - 1
    buffer = renderer.geometry(rows, last, want_flow=True)
    rgb = finish(buffer, rows[last], 0, renderer.threads)
    return Seen(*picture_outcomes(rgb, buffer.object_id, buffer.depth_m, buffer.flow_px, FPS))
