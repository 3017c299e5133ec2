"""What a take will cost before it is made: seconds with an interval, memory, money; from past takes on this machine.

The work of a take (frames to be drawn, megapixels of each, seconds of sound) is priced by a few costs that are never
negative, so that a longer, larger or smoother film is never estimated to be cheaper. The costs start from figures
measured on two cores (docs/STATUS.md) and move to what the project's takes took: first by the machine's speed (the mean
log ratio), then by a ridge regression of the relative errors. Takes of the same places and looks weigh more. The
interval is the predictive distribution of the log of the time, with the machine's and the scenes' spread.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction, Shot
from modalities.engine import Emit, Progress
from modalities.faults import Unusable
from modalities.machine import facts, peak_memory_mb
from modalities.store import Store, Take
from world_model.vocabulary import STYLES

Floats = NDArray[np.float64]
# Drawn looks hold a drawing for some frames of 24 a second; at other rates that is rounded to whole frames.
DRAWINGS_PER_S = 26.0
NEWEST = 60
# Spread of the log of the time: of an unknown machine, and from scene to scene on a known one; 90 % of takes.
MACHINE_SD, SCENE_SD, SCENE_WEIGHT, WITHIN = 0.5, 0.22, 3.0, 1.645
OTHER_SCENE, RIDGE = 0.4, 0.3


@dataclass(frozen=True)
class Costs:
    """Seconds: once a take, per second of own score, per second of film, per drawing, per megapixel of a drawing, and
    per megapixel of a frame that is only encoded. memory_mb: of the engine itself, and per megapixel of its picture."""

    once_s: float
    sound_s: float
    film_s: float
    drawing_s: float
    megapixel_s: float
    encode_s: float
    memory_mb: float
    picture_mb: float


# 512x288 at 20.7 and 1280x720 at 4.1 frames/s, own score at 12 times real time; the dream at 12 pictures/s.
PRIOR = {"sim": Costs(1.0, 0.1, 0.05, 0.010, 0.245, 0.012, 560.0, 150.0),
         "dream": Costs(3.0, 0.1, 1.0, 0.004, 0.030, 0.012, 900.0, 60.0)}
# A large model on a card: Wan 2.1 1.3 B makes 81 frames of 832x480 in 261 s on an RTX 4090 (50 steps; its own table),
# 20 steps here. Cards differ tenfold, so a first estimate says little; past takes on this machine say more.
LARGE = Costs(60.0, 0.1, 0.05, 0.0, 3.2, 0.012, 3000.0, 600.0)
LARGE_SD = 1.2
SCORE_MB_PER_S = 1.6


@dataclass(frozen=True)
class Work:
    """What a take asks of its engine. frames: of the film; drawings: different pictures among them; fresh: the share
    of frames that is not there from earlier takes; composed: whether the score is our own; places, looks: its kind."""

    engine: str
    film_s: float
    frames: int
    drawings: float
    megapixels: float
    composed: bool
    fresh: float
    places: tuple[str, ...]
    looks: tuple[str, ...]


@dataclass(frozen=True)
class Estimate:
    """seconds, and an interval low_s to high_s that holds nine takes out of ten; memory_mb at its peak; cost in money
    (0 for an engine on this machine); reused_share: frames already there from earlier takes; takes: how many past
    takes on this machine it rests on."""

    engine: str
    seconds: float
    low_s: float
    high_s: float
    memory_mb: int
    cost: float
    reused_share: float
    takes: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def times(self, count: int) -> Estimate:
        """Of several takes, one after another."""
        return Estimate(self.engine, self.seconds * count, self.low_s * count, self.high_s * count, self.memory_mb,
                        self.cost * count, self.reused_share, self.takes)


def estimate(direction: Direction, engine_id: str, store: Store, reused_share: float = 0.0) -> Estimate:
    """What a take of this Direction by this engine will cost here; an engine that is not known is taken for
    a large model on a card."""
    return estimated(work_of(direction, engine_id, reused_share), store.newest(NEWEST))


def priced(expected: Estimate, engine: object, direction: Direction) -> Estimate:
    """With the money that an engine elsewhere asks for what is not there already; nothing for one on this machine."""
    cost = getattr(engine, "cost", None)
    if cost is None:
        return expected
    asked = float(cost(direction.duration_s, len(direction.shots)))
    return replace(expected, cost=round(asked * (1.0 - expected.reused_share), 4))


def work_of(direction: Direction, engine_id: str, reused_share: float = 0.0) -> Work:
    """The work of a Direction; reused_share in [0, 1] of its frames is there already."""
    frames = max(1, round(direction.duration_s * direction.grid.fps))
    shares = [_length(shot) for shot in direction.shots]
    rate = sum(share * min(direction.grid.fps, DRAWINGS_PER_S / _hold(shot))
               for share, shot in zip(shares, direction.shots, strict=True)) / sum(shares)
    places = {max(shot.world.place, key=lambda name: shot.world.place[name]) for shot in direction.shots}
    return Work(engine_id, direction.duration_s, frames, min(frames, max(1.0, rate * direction.duration_s)),
                direction.size_px[0] * direction.size_px[1] / 1e6, direction.score is not None,
                1.0 - min(max(reused_share, 0.0), 1.0), tuple(sorted(places)),
                tuple(sorted({shot.world.look for shot in direction.shots})))


def estimated(work: Work, takes: Iterable[Take]) -> Estimate:
    """The same from the work alone."""
    prior, machine_sd = (PRIOR[work.engine], MACHINE_SD) if work.engine in PRIOR else (LARGE, LARGE_SD)
    past = [one for one in (_past(take, work, prior) for take in takes) if one is not None]
    costs = _fitted(prior, past)
    sound, picture, rest = _parts(costs, work)
    seconds = sound + picture + rest
    weights = sum(one.weight for one in past)
    errors = [(math.log(one.wall_s / sum(_parts(costs, one.work))), one.weight) for one in past]
    scene_sd2 = (SCENE_WEIGHT * SCENE_SD ** 2 + sum(w * e * e for e, w in errors)) / (SCENE_WEIGHT + weights)
    spread = math.exp(WITHIN * math.sqrt(scene_sd2 + 1.0 / (1.0 / machine_sd ** 2 + weights / scene_sd2)))
    memory = costs.memory_mb + costs.picture_mb * work.megapixels + SCORE_MB_PER_S * work.film_s * work.composed
    return Estimate(work.engine, round(seconds, 2), round(seconds / spread, 2), round(seconds * spread, 2),
                    round(memory), 0.0, round(1.0 - work.fresh, 4), len(past))


def record(direction: Direction, engine_id: str, spent: Mapping[str, float], render_s: float) -> dict[str, Any]:
    """What a take's sidecar keeps of its rendering, for later estimates. spent: as in Rendered."""
    frames = spent.get("frames", 0)
    work = work_of(direction, engine_id, spent.get("reused", 0) / frames if frames else 0.0)
    return dict(spent) | {"render_s": render_s, "peak_memory_mb": peak_memory_mb(), "machine": facts(),
                          "work": asdict(work)}


def with_time_left(emit: Emit, expected: Estimate, started_s: float) -> Emit:
    """An emit that says how long it will take from the first moment on; a stage that knows better is believed.
    started_s: on the monotonic clock."""
    emit(Progress("estimate", 1, 1, "steps", expected.seconds))

    def told(progress: Progress) -> None:
        if progress.left_s is None and progress.stage != "compile":
            progress = replace(progress, left_s=max(0.0, expected.seconds - (time.monotonic() - started_s)))
        emit(progress)

    return told


class Cap:
    """The most seconds a creator will wait. Looked at once, before the first take of a run is rendered."""

    def __init__(self, seconds: float) -> None:
        """Raises Unusable for a number that is none or not above 0."""
        if not (math.isfinite(seconds) and seconds > 0):
            raise Unusable(f"--cap {seconds} cannot be used; expected seconds above 0.")
        self.seconds = seconds
        self._passed = False

    def check(self, found: Estimate, direction: Direction, takes: int = 1) -> None:
        """Raises Unusable when the run may take longer, saying what would make it shorter."""
        if self._passed:
            return
        whole = found.times(max(1, takes))
        if whole.high_s > self.seconds:
            wide, high = direction.size_px
            many = f"{takes} takes of " if takes > 1 else ""
            fewer = "fewer takes, " if takes > 1 else ""
            raise Unusable(f"This may take {whole.high_s:.0f} s (about {whole.seconds:.0f} s), over the cap of "
                           f"{self.seconds:g} s; nothing was rendered. Ask for {fewer}a shorter film than {many}"
                           f"{direction.duration_s:g} s, or a smaller picture than {wide}x{high}.")
        self._passed = True


@dataclass(frozen=True)
class _Past:
    work: Work
    sound_s: float
    picture_s: float
    wall_s: float
    weight: float


def _past(take: Take, work: Work, prior: Costs) -> _Past | None:
    """A take as something to learn from; None where it says nothing about this engine on this machine."""
    told = take.rendering
    try:
        done = Work(**told["work"] | {"places": tuple(told["work"]["places"]), "looks": tuple(told["work"]["looks"])})
        sound_s, picture_s, wall_s = float(told["sound_s"]), float(told["picture_s"]), float(take.wall_s)
        usable = (done.engine == work.engine and told["machine"] == facts()
                  and not told["compiled"] and not told.get("workers")
                  and min(sound_s, picture_s) >= 0 and math.isfinite(wall_s) and wall_s > 0)
    except (KeyError, TypeError, ValueError):
        return None
    if not usable or not all(map(_sound_number, (done.film_s, done.frames, done.drawings, done.megapixels))):
        return None
    alike = set(done.places) & set(work.places) and set(done.looks) & set(work.looks)
    # A film that was nearly all there tells little about drawing, and a very short one little about anything.
    much = min(1.0, (0.1 + done.fresh) * sum(_parts(prior, done)))
    return _Past(done, sound_s, picture_s, wall_s, much * (1.0 if alike else OTHER_SCENE))


def _sound_number(value: object) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value) and value > 0


def _parts(costs: Costs, work: Work) -> tuple[float, float, float]:
    """Seconds of sound, of picture, and of all the rest."""
    return (costs.sound_s * work.film_s if work.composed else 0.1 * costs.sound_s * work.film_s,
            _picture(costs, work), costs.once_s)


def _picture(costs: Costs, work: Work) -> float:
    drawn = work.fresh * work.drawings * (costs.drawing_s + costs.megapixel_s * work.megapixels)
    encoded = work.fresh * work.frames * costs.encode_s * work.megapixels
    return drawn + encoded + work.fresh * costs.film_s * work.film_s


def _fitted(prior: Costs, past: list[_Past]) -> Costs:
    """The costs that past takes speak for; the prior where there are none."""
    if not past:
        return prior
    sound = _ratio(past, lambda one: (one.sound_s, _parts(prior, one.work)[0] if one.work.composed else 0.0))
    rest = _ratio(past, lambda one: (one.wall_s - one.sound_s - one.picture_s, prior.once_s))
    drawn = [one for one in past if one.work.fresh > 0.2]
    speed = _ratio(drawn, lambda one: (one.picture_s, _picture(prior, one.work)))
    names = ("film_s", "drawing_s", "megapixel_s", "encode_s")
    start = np.array([getattr(prior, name) for name in names]) * speed
    found = start if not drawn else _ridge(start, drawn)
    film, drawing, megapixel, encode = (float(value) for value in found)
    return replace(prior, once_s=prior.once_s * rest, sound_s=prior.sound_s * sound, film_s=film, drawing_s=drawing,
                   megapixel_s=megapixel, encode_s=encode)


def _ratio(past: list[_Past], pair: Callable[[_Past], tuple[float, float]]) -> float:
    """exp of the mean log of actual over expected, a little held to 1."""
    total, weights = 0.0, 0.15
    for one in past:
        actual, expected = pair(one)
        if actual > 1e-3 and expected > 1e-3:
            total += one.weight * float(np.clip(math.log(actual / expected), -4.0, 4.0))
            weights += one.weight
    return math.exp(total / weights)


def _ridge(start: Floats, past: list[_Past]) -> Floats:
    """Costs with the least relative errors, near `start` in proportion and never under a tenth of it."""
    rows = np.array([[w.fresh * w.film_s, w.fresh * w.drawings, w.fresh * w.drawings * w.megapixels,
                      w.fresh * w.frames * w.megapixels] for w in (one.work for one in past)]) * start
    took = np.array([max(one.picture_s, 1e-3) for one in past])
    weigh = np.sqrt(np.array([one.weight for one in past]))[:, None]
    left = np.concatenate([rows / took[:, None] * weigh, math.sqrt(RIDGE) * np.eye(len(start))])
    right = np.concatenate([weigh[:, 0], math.sqrt(RIDGE) * np.ones(len(start))])
    factors = np.linalg.lstsq(left, right, rcond=None)[0]
    return start * np.clip(factors, 0.1, 10.0)


def _length(shot: Shot) -> float:
    begin, end = shot.span.s or shot.span.bars or (0.0, 1.0)
    return end - begin


def _hold(shot: Shot) -> float:
    look: Mapping[str, float] = STYLES.get(shot.world.look, {})
    return max(1.0, shot.world.style.get("hold_frames", look.get("hold_frames", 1.0)))
