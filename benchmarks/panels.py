"""Generated panels, measured: whether any control on them is dead, how apart panels of different kinds of work are, how
soon they are there, and what the piece's own controls explain.

    python -m benchmarks.panels [--panels 100] [--own 6]

Prints tables and a JSON line. Dead controls are looked for from outside, at another size, other moments and the ends of
the range that a panel says is live; planted dummies must not come through.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from itertools import product
from typing import Any

import numpy as np

from agent.brief import Brief
from agent.direction import Direction
from agent.director import direct
from agent.edits import apply_patch
from agent.ideas_excerpt import signals_of
from agent.interpret import interpret
from agent.unroll import unroll
from ui_gen.bind import patch_of
from ui_gen.bind_values import accepted
from ui_gen.candidate import Candidate
from ui_gen.catalogue import candidates
from ui_gen.compose import IN_VIEW, MOST_FOUND, Wish, composing
from ui_gen.intents import intent_of, weighed
from ui_gen.measure_levels import ladder
from ui_gen.measure_store import MeasureStore, measuring
from ui_gen.panel import Control, Panel
from ui_gen.panel_check import faults
from ui_gen.probe_film import film_outcomes, heard, of_the_film

KINDS: dict[str, str] = {
    "music_video": "music video for my song, {body} in {place}, {look}",
    "animation": "{body} in {place}, cel animation", "landscape": "landscape of {place}, {light}, photoreal",
    "character": "portrait of {body}, close up, {place}, photoreal",
    "restyle": "redraw in the style of watercolour: {body} in {place}", "foley": "foley for {body} in {place}, {light}",
    "live": "a VJ live set, {place}, {look}", "film": "{body} in {place}, {light}, {look}, 12 seconds"}
PLACES = ("a meadow", "the ocean", "a neon city", "snowy mountains", "a crystal world")
BODIES = ("a fox", "a whale", "birds", "a car", "lanterns")
LIGHTS, LOOKS = ("dawn", "night", "a storm", "fog", "noon"), ("noir", "synthwave", "photoreal", "pencil", "pixel art")


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def pieces(count: int) -> list[tuple[str, Direction, Brief]]:
    """(kind, Direction, Brief): the kinds in turn, over places, bodies, lights and looks."""
    out = []
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        k = number // len(KINDS)
        words = KINDS[kind].format(place=PLACES[k % 5], body=BODIES[(k + number) % 5],
                                   light=LIGHTS[(k * 2 + number) % 5], look=LOOKS[(k * 3 + number) % 5])
        brief = interpret(words)
        out.append((kind, direct(brief, None, seed=number), brief))
    return out


def dummies() -> tuple[Candidate, ...]:
    """Two knobs that do nothing, wanted more than anything else."""
    made = [Control(id="planted_threads", label="Power", kind="slider", binds=("/engine/params/threads",), value=2,
                    bounds=(1, 8), step=1),
            Control(id="planted_weird", label="Depth", kind="slider", binds=("/weird",), value=0.1, bounds=(0.0, 1.0),
                    step=0.01)]
    return tuple(Candidate("look", "Look", 60.0 - k, control) for k, control in enumerate(made))


def grown(direction: Direction, brief: Brief, planted: bool) -> tuple[Panel, float, float]:
    """(panel, seconds to its first control, seconds to all of it), nothing of it known before."""
    began = time.monotonic()
    signals, store = signals_of(direction) if direction.links else None, MeasureStore(None)
    ranked = weighed(candidates(direction), intent_of(direction, brief), brief, None)
    ahead = tuple(one.control for _, one in ranked[:IN_VIEW - MOST_FOUND])
    wish = Wish(more=dummies() if planted else (), finding=lambda own: store.found(direction, own, signals))
    first, panel = 0.0, None
    with measuring(direction, signals, store, None, ahead) as now:
        for grown_ in composing(direction, brief, None, wish, now):
            panel = grown_
            first = first or time.monotonic() - began
    assert panel is not None
    return panel, first, time.monotonic() - began


def moves(direction: Direction, panel: Panel, control: Control, eye: Any) -> bool:
    """Whether a control moves the film when tried from outside: picture, clock or sound."""
    levels = ladder(control)
    live = (control.measured or {}).get("live")
    # Hours and angles end where they begin, so their middle is tried as well.
    values = [levels[0].between(float(at)) for at in np.linspace(*live, 4)] if live and levels[0].between else \
        [level.value for level in levels[:5]]
    seen, sounds = [], []
    for value in (accepted(control, one) for one in values):
        changed = apply_patch(direction, patch_of(direction, panel, {control.id: value}), reason="moved")
        if of_the_film(control):
            bands = heard(direction, control, value)[1] if direction.score else np.zeros(1)
            sounds.append((film_outcomes(changed), bands))
        if any(pointer.startswith(("/shots/", "/links/")) for pointer in control.binds):
            world = unroll(changed, signals_of(changed) if changed.links else None, 50.0)
            seen.append(np.stack([eye.render(world.state, int(share * len(world.state))).astype(float)
                                  for share in (0.12, 0.33, 0.55, 0.78, 0.93)]))
    if any(np.abs(a - seen[0]).mean() > 0.15 for a in seen[1:]):
        return True
    return any(any(abs(a[0][name] - sounds[0][0][name]) > 1e-3 for name in a[0]) or
               float(np.abs(a[1] - sounds[0][1]).mean()) > 0.2 for a in sounds[1:])


def quantiles(seconds: list[float]) -> dict[str, float]:
    return {"p50": round(float(np.median(seconds)), 2), "p95": round(float(np.quantile(seconds, 0.95)), 2)}


def jaccard(a: Panel, b: Panel) -> float:
    """1 where two panels share no control, 0 where they have the same."""
    one, other = ({control.id for control in panel.controls} for panel in (a, b))
    return 1.0 - len(one & other) / max(1, len(one | other))


def explained(direction: Direction, brief: Brief, seed: int, worlds: int = 24) -> dict[str, float]:
    """Share of what the outcomes do over random worlds near this piece that one control tells, on average over the
    controls of each set: the piece's own, the fixed panel's sliders, random directions."""
    from concurrent.futures import ThreadPoolExecutor

    from ui_gen.answers import Answers, along, compressed
    from ui_gen.propose import directions, knobs_of, table_of

    own = [one for _, one in weighed(candidates(direction), intent_of(direction, brief), brief, None)]
    knobs = knobs_of(direction, own)
    answers = Answers(direction, knobs, None)
    rng = np.random.default_rng(seed)
    with ThreadPoolExecutor(2) as pool:
        table = table_of(answers, knobs, pool)
        ways = directions(table)
        tried = rng.normal(size=(worlds, len(knobs)))
        told = list(pool.map(lambda way: answers.at(along(knobs, way, "w", "w"), 1.0), tried))
    answered = compressed(np.stack(told) - table.still)
    answered = (answered - answered.mean(0)) / np.maximum(answered.std(0), 1e-9)
    fixed = [np.eye(len(knobs))[k] for k in range(3)]
    random = [way / np.linalg.norm(way) for way in rng.normal(size=(12, len(knobs)))]

    def share(way: np.ndarray) -> float:
        at = tried @ way
        at = (at - at.mean()) / max(float(at.std()), 1e-9)
        return float(np.mean([np.corrcoef(at, one)[0, 1] ** 2 if one.std() > 0 else 0.0 for one in answered.T]))

    return {name: float(np.mean([share(way) for way in ways_])) if ways_ else float("nan")
            for name, ways_ in (("own", ways[:3]), ("fixed", fixed), ("random", random))}


def named_right(direction: Direction, brief: Brief) -> tuple[int, int]:
    """(right, of): moods turned by half as much again, named by their effect among all moods turned as usual."""
    from concurrent.futures import ThreadPoolExecutor

    from agent.talk_moods import MOODS
    from ui_gen.answers import Answers, compressed
    from ui_gen.mood_effects import mood_directions, mood_name, with_mood
    from ui_gen.propose import knobs_of, named

    own = [one for _, one in weighed(candidates(direction), intent_of(direction, brief), brief, None)]
    answers = Answers(direction, knobs_of(direction, own), None)
    right = asked = 0
    with ThreadPoolExecutor(2) as pool:
        still = answers.of(answers.probe.direction)
        moods = mood_directions(answers, still, pool)
        for _, dial in MOODS:
            effect = compressed(answers.of(with_mood(answers.probe.direction, dial, 0.8)) - still)
            if np.linalg.norm(effect) > 0.7:
                asked += 1
                right += named(effect, moods, set())[0] == mood_name(dial)
    return right, asked


def main() -> None:
    from world_model import kernel_cache
    from world_model.sim.picture import Renderer

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--panels", type=int, default=100)
    options.add_argument("--own", type=int, default=6, help="pieces on which the piece's own controls are weighed")
    chosen = options.parse_args()
    kernel_cache.place()
    grown(*pieces(1)[0][1:], False)  # warm: fonts, kernels
    eye = Renderer((160, 90), threads=2)
    panels: list[tuple[str, Panel]] = []
    dead, shown, planted, wrong, firsts, wholes = list[str](), 0, 0, 0, list[float](), list[float]()
    for number, (kind, direction, brief) in enumerate(pieces(chosen.panels)):
        panel, first, whole = grown(direction, brief, planted=number % 2 == 1)
        panels.append((kind, panel))
        firsts.append(first)
        wholes.append(whole)
        wrong += len(faults(panel, direction))
        planted += sum(control.id.startswith("planted") for control in panel.controls)
        for control in panel.controls:
            if control.kind in ("text", "takes", "roles", "brush"):
                continue
            shown += 1
            if not moves(direction, panel, control, eye):
                dead.append(f"{control.id} in {brief.goal!r}")
        if number % 10 == 9:
            say(f"{number + 1} panels, {shown} controls, {len(dead)} dead, first {statistics.median(firsts):.2f} s, "
                f"all {statistics.median(wholes):.2f} s")
    within = [jaccard(a, b) for (ka, a), (kb, b) in product(panels, panels) if ka == kb and a is not b]
    between = [jaccard(a, b) for (ka, a), (kb, b) in product(panels, panels) if ka != kb]
    told = [explained(direction, brief, k) for k, (_, direction, brief) in enumerate(pieces(chosen.own))]
    names = [named_right(direction, brief) for _, direction, brief in pieces(chosen.own)]
    result: dict[str, Any] = {
        "panels": chosen.panels, "controls": shown, "dead": len(dead), "dead_controls": dead, "planted_shown": planted,
        "faults": wrong, "first_s": quantiles(firsts), "whole_s": quantiles(wholes),
        "distance_within": round(float(np.mean(within)), 3), "distance_between": round(float(np.mean(between)), 3),
        "explained": {name: round(float(np.nanmean([one[name] for one in told])), 4) for name in told[0]},
        "moods_named": [sum(right for right, _ in names), sum(asked for _, asked in names)],
        "kinds": sorted({control.kind for _, panel in panels for control in panel.controls})}
    say()
    say(f"dead controls           {len(dead)} of {shown} ({len(dead) / max(1, shown):.1%})")
    say(f"planted dummies shown   {planted} of {2 * (chosen.panels // 2)}")
    say(f"faults                  {wrong}")
    say(f"first control, all      p50 {result['first_s']['p50']} s, {result['whole_s']['p50']} s; "
        f"p95 {result['first_s']['p95']} s, {result['whole_s']['p95']} s")
    say(f"distance of panels      within a kind of work {result['distance_within']}, "
        f"between {result['distance_between']}")
    say(f"explained by a control  own {result['explained']['own']:.1%}, fixed {result['explained']['fixed']:.1%}, "
        f"random {result['explained']['random']:.1%}")
    say(f"moods named right       {result['moods_named'][0]} of {result['moods_named'][1]}")
    say(json.dumps(result))


if __name__ == "__main__":
    main()
