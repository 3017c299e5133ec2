"""Controls found in the piece itself: the directions in which this film answers most, named by what they feel like.

Every number that sliders could move is nudged alone and the outcomes are measured (finite differences); the singular
vectors of that table (Golub & Reinsch 1970) are the combinations of numbers that move the outcomes most and apart from
each other, as SliderSpace finds directions of one prompt (Gandikota et al. 2025) and GANSpace those of a generator
(Härkönen et al. 2020). A direction is named after the mood whose own measured effect on this piece is nearest to it,
and reaches as far as the piece keeps answering.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from agent.unroll_values import number_at
from modalities.faults import Unusable
from ui_gen.answers import TOLD, Answers, Knob, along, compressed
from ui_gen.candidate import Candidate
from ui_gen.mood_effects import mood_directions
from ui_gen.panel import Control
from ui_gen.probe import IN_SHOT, Signals

Floats = NDArray[np.float64]
MOST, MOST_KNOBS, MOST_PARTS = 3, 10, 4
# A nudge, as a share of a slider's bounds; how many nudges a control may reach.
NUDGE, REACH = 0.12, 3.0
# A control ends where its piece answers with less than this share of what it answered at first.
SATURATED = 0.3
# A direction that is nearly one number is a slider already; one that answers with less than this is none.
ALONE, LEAST = 0.93, 1.0
# How alike a mood must be to lend its name.
ALIKE = 0.75
THREADS = 2
# What a direction is called where no mood is near: by what it moves most, upwards and downwards.
PLAIN = {"brightness": ("Brighter", "darker"), "contrast": ("Harder", "softer"),
         "colourfulness": ("More vivid", "paler"),
         "warmth": ("Warmer", "cooler"), "detail": ("Busier", "plainer"), "subject_share": ("Closer", "farther"),
         "land_share": ("More land", "more sky"), "subject_across": ("To the right", "to the left"),
         "subject_up": ("Higher", "lower"), "distance": ("Wider", "nearer"), "motion": ("Livelier", "calmer"),
         "camera_speed": ("Faster camera", "slower camera"), "subject_speed": ("Quicker", "slower"),
         "drawings": ("Smoother", "choppier")}


@dataclass(frozen=True)
class Table:
    """knobs (P), outcomes TOLD (K); jacobian (K, P): the answer to a nudge of each, in noticeable steps, compressed;
    still (K,): the outcomes where the film stands."""

    knobs: tuple[Knob, ...]
    jacobian: Floats
    still: Floats


def knobs_of(direction: Direction, found: Sequence[Candidate], most: int = MOST_KNOBS) -> tuple[Knob, ...]:
    """The numbers that sliders of these candidates move, most wanted first."""
    out: list[Knob] = []
    for one in found:
        control = one.control
        if control.kind != "slider" or control.bounds is None or control.id == "subject_count" or not all(
                IN_SHOT.match(pointer) for pointer in control.binds):
            continue
        bases = [_stands(direction, pointer, control) for pointer in control.binds]
        out.append(Knob(control, tuple(bases), NUDGE * (control.bounds[1] - control.bounds[0])))
    return tuple(out[:most])


def _stands(direction: Direction, pointer: str, control: Control) -> float:
    hit = IN_SHOT.match(pointer)
    assert hit is not None
    try:
        base = number_at(direction.shots[int(hit[1])], f"/{pointer[hit.end():]}").base
    except LookupError:
        base = None
    return float(control.value if base is None else base)


def table_of(answers: Answers, knobs: Sequence[Knob], pool: ThreadPoolExecutor) -> Table:
    """How the piece answers to each knob alone, both ways where there is room."""
    ways = [along(knobs, np.eye(len(knobs))[k], "one", "one") for k in range(len(knobs))]
    still = pool.submit(answers.of, answers.probe.direction)
    nudged = [pool.submit(answers.at, way, _room(knob)) for way, knob in zip(ways, knobs, strict=True)]
    at_rest = still.result()
    columns = [compressed(one.result() - at_rest) * _room(knob) for one, knob in zip(nudged, knobs, strict=True)]
    return Table(tuple(knobs), np.stack(columns, 1), at_rest)


def _room(knob: Knob) -> float:
    """Which way a nudge goes: up, unless the number stands at its upper end."""
    high = (knob.control.bounds or (0.0, 1.0))[1]
    return 1.0 if np.median(knob.bases) + knob.nudge <= high + 1e-9 else -1.0


def directions(table: Table, most: int = MOST) -> list[Floats]:
    """Up to `most` ways (P,) through the knobs, each of a few numbers and none of the same, the strongest answer first:
    the first singular vector, then that of what is left without its numbers, and so on."""
    left = table.jacobian.copy()
    found: list[Floats] = []
    while len(found) < most:
        _, strength, rows = np.linalg.svd(left, full_matrices=False)
        parts = np.argsort(-np.abs(rows[0]))[:MOST_PARTS]
        way = np.zeros_like(rows[0])
        way[parts] = rows[0][parts]
        way[np.abs(way) < 0.25 * np.abs(way).max()] = 0.0
        way /= np.linalg.norm(way)
        if strength[0] < LEAST:
            break
        if np.abs(way).max() <= ALONE:
            found.append(way)
            left[:, way != 0.0] = 0.0
        else:  # a slider of its own already
            left[:, int(np.argmax(np.abs(way)))] = 0.0
    return found


def proposed(direction: Direction, found: Sequence[Candidate], signals: Signals | None, most: int = MOST
             ) -> list[Candidate]:
    """Up to `most` controls of the piece's own; none where it answers to single numbers only. The same piece gives the
    same controls. found: the sliders they are made of, most wanted first."""
    knobs = knobs_of(direction, found)
    if len(knobs) < 3:
        return []
    answers = Answers(direction, knobs, signals)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="beecam-propose") as pool:
        try:
            table = table_of(answers, knobs, pool)
            moods = mood_directions(answers, table.still, pool)
            out: list[Candidate] = []
            taken = set[str]()
            for number, way in enumerate(directions(table, most)):
                answer = table.jacobian @ way
                name, sign = named(answer, moods, taken)
                taken.add(name)
                reach = _reach(answers, knobs, sign * way, sign * answer, table.still, pool)
                if reach[1] - reach[0] < 0.5:
                    continue
                parts = ", ".join(knobs[k].control.label.lower() for k in np.argsort(-np.abs(way)) if way[k])
                control = along(knobs, sign * way, f"found_{number}", name, reach)
                out.append(Candidate("look", "Found in this piece", 0.6 - 0.05 * number, control.model_copy(update={
                    "why": f"Moves together what this film answers to most: {parts}."[:200],
                    "promise": TOLD[int(np.argmax(np.abs(answer)))]})))
        except Unusable:
            return []
    return out


def named(answer: Floats, moods: Sequence[tuple[str, Floats]], taken: set[str]) -> tuple[str, float]:
    """(name, +1 or -1): the mood that this answer (K,) is nearest to, turned the way the mood goes; else plain words
    for the outcome that moves most."""
    best, alike = ("", 1.0), ALIKE
    size = float(np.linalg.norm(answer)) or 1.0
    for name, effect in moods:
        other = float(np.linalg.norm(effect))
        near = float(answer @ effect) / (size * other) if other > 0.3 else 0.0
        if abs(near) > alike and name not in taken:
            best, alike = (name, float(np.sign(near))), abs(near)
    if best[0]:
        return best
    top = [TOLD[int(k)] for k in np.argsort(-np.abs(answer))[:2]]
    sign = 1.0 if answer[TOLD.index(top[0])] >= 0 else -1.0
    second = PLAIN[top[1]][0 if sign * answer[TOLD.index(top[1])] >= 0 else 1]
    return f"{PLAIN[top[0]][0]}, {second[0].lower() + second[1:]}", sign


def _reach(answers: Answers, knobs: Sequence[Knob], way: Floats, answer: Floats, still: Floats,
           pool: ThreadPoolExecutor) -> tuple[float, float]:
    """How far both ways the piece goes on answering, in nudges."""
    toward = answer / (float(np.linalg.norm(answer)) or 1.0)
    control = along(knobs, way, "reach", "reach", (-REACH, REACH))
    told = [pool.submit(answers.at, control, step) for step in (-REACH, -0.5 * REACH, 0.5 * REACH, REACH)]
    values = np.array([float(one.result() @ toward) for one in told])
    values = np.insert(values, 2, float(still @ toward))
    slopes = np.abs(np.diff(values))
    first = max(float(slopes[1:3].max()), 1e-9)
    low = -REACH if slopes[0] >= SATURATED * first else -0.5 * REACH if slopes[1] >= SATURATED * first else 0.0
    high = REACH if slopes[3] >= SATURATED * first else 0.5 * REACH if slopes[2] >= SATURATED * first else 0.0
    return low, high
