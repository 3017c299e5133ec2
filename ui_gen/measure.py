"""Whether a control works on this piece, and how: tried on matched moments with matched seeds, before it is shown.

A number is tried at four values over its bounds; a choice at what can be chosen. What comes of it is told in named
outcomes (ui_gen/outcomes.py): effect with its interval, sign, whether it is monotone, the part of the bounds that
works, and what else moves though it should stay. Same piece, control and seed: same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from ui_gen.measure_brush import measure_brush
from ui_gen.measure_levels import Level, ladder
from ui_gen.measured import Measured, words_for
from ui_gen.outcomes import CHANGED, FILM, LEAST_LEAK, OUTCOMES, PICTURE, changed, moved_things
from ui_gen.panel import BESIDE, Control
from ui_gen.probe import Probe, Rolled, Seen, Signals, moments, probe_of, roll, see
from ui_gen.probe_film import band_distance, film_outcomes, heard, of_the_film, of_the_sound, with_value
from world_model.sim.picture import Renderer

Floats = NDArray[np.float64]
MOMENTS, MOMENTS_OF_OPTIONS = 3, 2
# Student's t for 95 % at n - 1 degrees of freedom, n = 2 to 6.
T95 = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57}
# A step between two values is dead when it moves the picture by less than this share of the liveliest step.
DEAD_SHARE, DEAD_LEAST = 0.04, 0.03
BISECTIONS = 4
# By how much of a noticeable step the response may turn back and still count as monotone.
BACK = 0.25


@dataclass(frozen=True)
class Tried:
    """A control at its levels: rollouts, drawn moments [level][moment], and outcomes of the film by level."""

    levels: tuple[Level, ...]
    rolled: tuple[Rolled, ...]
    seen: tuple[tuple[Seen, ...], ...]
    film: tuple[dict[str, float], ...]
    bands: tuple[Floats, ...]


def measure(direction: Direction, control: Control, signals: Signals | None, renderer: Renderer) -> Measured | None:
    """What a control does on this piece; None for what is no part of the Direction and cannot be tried.

    renderer draws SIZE_PX pictures. Raises Unusable where the control does not fit the Direction.
    """
    if control.kind in (*BESIDE, "text"):
        return None
    if control.kind == "brush":
        return measure_brush(probe_of(direction, control, signals), control, renderer)
    levels = ladder(control)
    film, bands = _film(direction, control, levels)
    probe = probe_of(direction, control, signals)
    if of_the_film(control) and not any("/shots/" in p and not p.endswith("/span") for p in control.binds):
        tried = Tried(levels, (), (), film, bands)
    else:
        rolled = tuple(roll(probe, level.value) for level in levels)
        same = all(np.array_equal(rolled[0].rows, one.rows) for one in rolled[1:])
        count = 0 if same else MOMENTS if levels[0].at is not None else MOMENTS_OF_OPTIONS
        at = moments(len(probe.chosen), count)
        tried = Tried(levels, rolled, tuple(tuple(see(renderer, one, k) for k in at) for one in rolled), film, bands)
    if levels[0].at is None:
        return _of_options(control, tried)
    return _of_ladder(control, tried, _edge_finder(probe, renderer))


def _film(direction: Direction, control: Control, levels: tuple[Level, ...]
          ) -> tuple[tuple[dict[str, float], ...], tuple[Floats, ...]]:
    """Outcomes of the whole film by level, and the sound's bands where nothing else tells what a control does."""
    if not of_the_film(control):
        return (), ()
    film = tuple(film_outcomes(with_value(direction, control, level.value)) for level in levels)
    silent = all(abs(film[0][name] - one[name]) < FILM[name].noticeable for one in film[1:] for name in film[0])
    if not silent or not of_the_sound(control):
        return film, ()
    some = (0, len(levels) - 1) if levels[0].at is not None else range(min(3, len(levels)))
    found = {k: heard(direction, control, levels[k].value) for k in some}
    known = sorted(found)
    filled = []
    for k, level in enumerate(levels):
        near = {name: float(np.interp(k, known, [found[n][0][name] for n in known])) for name in found[known[0]][0]}
        filled.append({**film[k], **near})
        assert level is levels[k]
    return tuple(filled), tuple(found[k][1] for k in known)


def _table(tried: Tried) -> dict[str, Floats]:
    """Outcome by name: (levels, moments) of pictures, (levels, 1) of rows and of the film."""
    out: dict[str, Floats] = {}
    if tried.seen and tried.seen[0]:
        for name in PICTURE:
            out[name] = np.array([[one.outcomes[name] for one in moment] for moment in tried.seen])
    if tried.rolled:
        out |= {name: np.array([[one.state[name]] for one in tried.rolled]) for name in tried.rolled[0].state}
    if tried.film:
        out |= {name: np.array([[one[name]] for one in tried.film]) for name in tried.film[0]}
    return out


def _apart(tried: Tried) -> Floats:
    """(levels, levels): how far two levels' pictures lie apart, in OKLab times 100."""
    count = len(tried.levels)
    apart = np.zeros((count, count))
    if tried.seen and tried.seen[0]:
        for i in range(count):
            for j in range(i):
                apart[i, j] = apart[j, i] = float(np.mean(
                    [changed(a.lab, b.lab) for a, b in zip(tried.seen[i], tried.seen[j], strict=True)]))
    return apart


def _of_ladder(control: Control, tried: Tried, edge: Callable[[Level, Level, bool], float]) -> Measured:
    table, apart = _table(tried), _apart(tried)
    at = np.array([level.at for level in tried.levels], np.float64)
    best, effect, interval, low, high = "", 0.0, (0.0, 0.0), 0, len(at) - 1
    strongest = 0.0
    for name, values in table.items():
        mean = values.mean(1)
        i, j = sorted((int(mean.argmin()), int(mean.argmax())))
        gaps = values[j] - values[i]
        spread = T95[len(gaps)] * float(gaps.std(ddof=1)) / np.sqrt(len(gaps)) if len(gaps) > 1 else 0.0
        steps = abs(float(gaps.mean())) / OUTCOMES[name].noticeable
        # What was promised is told if it can be noticed; else what is noticed most and most surely.
        sure = steps if spread < abs(float(gaps.mean())) else 0.3 * steps
        worth = (1e6 + sure if name == control.promise and steps >= 1.0 else
                 sure if name in PICTURE or name in FILM else 0.6 * sure)
        if worth > strongest and i != j:
            strongest, best = worth, name
            effect = float(gaps.mean())
            interval, low, high = (effect - spread, effect + spread), i, j
    response = table[best].mean(1) if best else np.zeros(len(at))
    seen = float(apart.max())
    sounding = max((band_distance(a, b) for a, b in pairwise(tried.bands)), default=0.0)
    noticed = abs(effect) / OUTCOMES[best].noticeable if best else 0.0
    alive = seen >= CHANGED.noticeable or (noticed >= 1.0 and (best in FILM or best == "drawings")) \
        or sounding >= FILM["sound"].noticeable
    turn = np.diff(response)
    least = BACK * OUTCOMES[best].noticeable if best else 0.0
    monotone = bool(len(turn)) and bool((turn >= -least).all() or (turn <= least).all())
    bounds = control.bounds or (float(at[0]), float(at[-1]))
    live = _live(tried, apart, response, best, edge) if alive else None
    if live is not None and live[1] == float(at[-1]):  # the hours after the last that was tried lead round to the first
        live = (live[0], bounds[1])
    found = Measured(
        outcome=best, unit=OUTCOMES[best].unit if best else "", effect=effect, interval=interval,
        sign=(int(np.sign(effect)) if monotone else 0), monotone=monotone, alive=alive, changed=seen,
        sounds=sounding, at=(float(at[low]), float(at[high])), live=live, bounds=bounds,
        curve=_curve(at, response, apart), leaks=_leaks(control, tried, table, best), dead=())
    return found.model_copy(update={"words": words_for(control, found)})


def _curve(at: Floats, response: Floats, apart: Floats) -> tuple[tuple[float, float], ...]:
    """The response by value, 0 to 1; how far the picture goes from its start where no outcome tells."""
    told = response if np.ptp(response) > 1e-9 else apart[0]
    span = float(np.ptp(told)) or 1.0
    return tuple((round(float(x), 4), round(float((y - told.min()) / span), 3)) for x, y in zip(at, told, strict=True))


def _live(tried: Tried, apart: Floats, response: Floats, best: str, edge: Callable[[Level, Level, bool], float]
          ) -> tuple[float, float]:
    """The part of the bounds in which moving the control moves the piece."""
    levels = tried.levels
    steps = np.array([apart[k, k + 1] for k in range(len(levels) - 1)])
    if best in (*FILM, "drawings") or steps.max(initial=0.0) < CHANGED.noticeable:
        steps = np.abs(np.diff(response))
        floor = DEAD_SHARE * float(steps.max(initial=0.0))
    else:
        floor = max(DEAD_SHARE * float(steps.max()), DEAD_LEAST)
    working = np.flatnonzero(steps > floor)
    if not len(working):
        return float(levels[0].at or 0.0), float(levels[-1].at or 0.0)
    first, last = int(working[0]), int(working[-1]) + 1
    low = edge(levels[first - 1], levels[first + 1], False) if first else float(levels[0].at or 0.0)
    high = edge(levels[last + 1], levels[last - 1], True) if last < len(levels) - 1 else float(levels[-1].at or 0.0)
    return low, high


def _edge_finder(probe: Probe, renderer: Renderer) -> Callable[[Level, Level, bool], float]:
    """Where between a dead level and a live one the piece begins to move, to a sixteenth of their distance."""
    where = moments(len(probe.chosen), 1)[0]

    def edge(dead: Level, live: Level, rising: bool) -> float:
        """The last value from which nothing is heard of on the dead side."""
        if dead.between is None or dead.at is None or live.at is None:
            return float(live.at or 0.0)
        still = see(renderer, roll(probe, dead.value), where).lab
        a, b = dead.at, live.at
        for _ in range(BISECTIONS):
            middle = 0.5 * (a + b)
            here = see(renderer, roll(probe, dead.between(middle)), where).lab
            if changed(still, here) > DEAD_LEAST:
                b = middle
            else:
                a = middle
        return a
    return edge


def _leaks(control: Control, tried: Tried, table: dict[str, Floats], best: str) -> tuple[str, ...]:
    """The named things that moved though the control is not about them, the most moved first."""
    own = set(OWN.get(_topic(control), ()))
    found: dict[str, float] = {}
    if len(tried.rolled) > 1:
        ends = (tried.rolled[0], tried.rolled[-1])
        if ends[0].rows.shape == ends[1].rows.shape:
            found = {name: much for name, much in moved_things(ends[0].rows, ends[1].rows).items()
                     if much >= LEAST_LEAK and name not in own}
    for name in ("length", "cuts"):
        if name in table and name != best and np.ptp(table[name]) > FILM[name].noticeable:
            found["the cuts" if name == "cuts" else "the length of the film"] = 1.0
    return tuple(sorted(found, key=lambda name: (-found[name], name)))[:4]


def _topic(control: Control) -> str:
    for pointer in (*control.binds, *control.binds_y):
        for topic in OWN:
            if f"/{topic}" in pointer:
                return topic
    return ""


OWN = {"bodies": ("the subject", "the cast"), "weather": ("the weather",), "light": ("the light",),
       "palette": ("the colours",), "ground": ("the land",), "place": ("the place", "the land"), "style": ("the look",),
       "look": ("the look",), "camera": ("the camera",), "links": ("the light", "the camera", "the look", "the weather",
                                                                    "the colours", "the subject", "the land")}


def _of_options(control: Control, tried: Tried) -> Measured:
    """A choice: how far its options lie apart, and which of them are the same."""
    table, apart = _table(tried), _apart(tried)
    film = max((abs(a[name] - b[name]) / FILM[name].noticeable for a in tried.film for b in tried.film for name in a),
               default=0.0)
    sounding = max((band_distance(a, b) for a in tried.bands for b in tried.bands), default=0.0)
    names = tuple(level.name for level in tried.levels)
    alike = [names[j] for j in range(1, len(names))
             if tried.rolled and any(np.array_equal(tried.rolled[i].rows, tried.rolled[j].rows) for i in range(j))]
    best, noticed = "", 0.0
    for name, values in table.items():
        steps = float(np.ptp(values.mean(1))) / OUTCOMES[name].noticeable
        if steps * (1.0 if name in PICTURE or name in FILM else 0.6) > noticed:
            best, noticed = name, steps
    seen = float(apart.max())
    effect = float(np.ptp(table[best].mean(1))) if best else 0.0
    alive = seen >= CHANGED.noticeable or film >= 1.0 or sounding >= FILM["sound"].noticeable
    found = Measured(outcome=best, unit=OUTCOMES[best].unit if best else "", effect=effect, interval=(effect, effect),
                     sign=0, monotone=False, alive=alive, changed=seen, sounds=sounding, at=(0.0, 0.0), live=None,
                     bounds=None, curve=(), leaks=_leaks(control, tried, table, best), dead=tuple(alike))
    return found.model_copy(update={"words": words_for(control, found)})
