"""A Direction through the eyes of the world model: its world as streams, and how many bits it costs beyond what is
typical of its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.direction import Direction
from modalities.cues import MusicCues

if TYPE_CHECKING:
    from torch import Tensor

    from world_model.joint.pipeline import WorldPipeline
    from world_model.joint.surprise import Typical
    from world_model.streams.layout import Floats

# A long film is looked at in so many windows of the model's own length, evenly spread.
MOST_WINDOWS = 8
# Dials of the director that are tried for one that is as surprising as was asked, in that many windows each.
TRIED = (0.0, 0.2, 0.35, 0.45, 0.55, 0.65, 0.8, 1.0)
TRIED_WINDOWS = 2


@dataclass(frozen=True)
class Weighed:
    """A Direction at one setting of the director's dial, and what the model makes of it: bits a step above typical, and
    coherence [0, 1]: how plausible it is as a world of any words, beside the plain film of the same words."""

    direction: Direction
    dial: float
    surprise_bits: float
    coherence: float


@dataclass(frozen=True)
class Calibrated:
    """The chosen Direction; all that were tried, by rising dial; target_bits, which was asked for."""

    chosen: Weighed
    tried: tuple[Weighed, ...]
    target_bits: float
    typical: Typical


def calibrated(direct_at: Callable[[float], Direction], words: str, weird: float, cues: MusicCues | None = None
               ) -> Calibrated | None:
    """The Direction whose measured surprise is nearest to what a dial in [0, 1] asks for, see `picked`.

    direct_at(dial) gives the director's film at a dial of its own. None where the world model is not here or there are
    no words.
    """
    from world_model.joint.shipped import missing

    if missing("small") or not words.strip():
        return None
    tried, usual = weighed(direct_at, words, TRIED if weird > 0.0 else TRIED[:1], cues)
    return picked(tried, usual, weird)


def weighed(direct_at: Callable[[float], Direction], words: str, dials: Sequence[float],
            cues: MusicCues | None = None) -> tuple[tuple[Weighed, ...], Typical]:
    """The director's films at some dials, the plain one (dial 0) first, in bits; and what is typical of the words."""
    from world_model.joint.shipped import open_world
    from world_model.joint.surprise import bits, typical
    from world_model.joint.weird import coherence

    pipeline = open_world("small")
    usual: Typical | None = None
    plain_open = 0.0
    tried: list[Weighed] = []
    for dial in dials:
        direction = direct_at(dial)
        windows, _ = windows_of(streams_of_direction(direction, cues), pipeline.model.window, TRIED_WINDOWS)
        usual = usual or typical(pipeline, [words], wanted=tuple(windows), steps=next(iter(windows.values())).shape[1])
        asked, unasked = float(bits(pipeline, windows, [words]).mean()), float(bits(pipeline, windows).mean())
        # What directors film is less usual to the model than its own samples are; the plain film is the measure.
        plain_open = plain_open if tried else unasked
        tried.append(Weighed(direction, dial, asked - usual.mean, coherence(unasked - plain_open + usual.open_mean,
                                                                            usual)))
    if usual is None:
        raise ValueError("no dial to try")
    return tuple(tried), usual


def picked(tried: Sequence[Weighed], usual: Typical, weird: float) -> Calibrated:
    """What a dial in [0, 1] picks of films whose first is the plain one: 0 that one; 1 asks for its surprise plus the
    model's full scale (see world_model/joint/weird.py). What is less coherent than the floor is not taken, nor what is
    less surprising than the plain film. Surprise never falls as the dial rises."""
    from world_model.joint.weird import COHERENCE_FLOOR, full_bits

    plain = tried[0]
    target = plain.surprise_bits + weird * full_bits(usual)
    fit = [one for one in tried if one is plain or (one.surprise_bits >= plain.surprise_bits
                                                    and one.coherence >= COHERENCE_FLOOR)]
    fit = fit if weird > 0.0 else [plain]
    chosen = min(sorted(fit, key=lambda one: one.surprise_bits), key=lambda one: abs(one.surprise_bits - target))
    return Calibrated(chosen, tuple(tried), target, usual)


def as_weird_as(weird: float, directed: Callable[[float], Direction], words: str, cues: MusicCues | None
                ) -> tuple[Direction, str]:
    """The Direction for `--weird`, and a sentence on what the world model makes of it; the director's own dial where
    the model is not here."""
    found = calibrated(directed, words, weird, cues)
    if found is None:
        return directed(weird), ""
    plain, chosen = found.tried[0], found.chosen
    above = chosen.surprise_bits - plain.surprise_bits
    asked = found.target_bits - plain.surprise_bits
    note = (f"Weirdness {weird:g} asks for {asked:.1f} bits a step more surprise than the plain film has; this one has "
            f"{above:.1f} more (coherence {chosen.coherence:.2f}).")
    return chosen.direction.model_copy(update={"weird": weird}), note if weird > 0.0 else ""


def surprise_of(pipeline: WorldPipeline, direction: Direction, words: list[str], cues: MusicCues | None
                ) -> dict[str, Any]:
    """The surprise of a Direction's world under words, whole and over the film: bits, typical_bits, spread_bits,
    surprise_bits, coherence, over_film."""
    from world_model.joint.surprise import bits, typical
    from world_model.joint.weird import coherence

    windows, starts_s = windows_of(streams_of_direction(direction, cues), pipeline.model.window)
    usual = typical(pipeline, words, wanted=tuple(windows), steps=next(iter(windows.values())).shape[1])
    asked, unasked = bits(pipeline, windows, words), bits(pipeline, windows)
    whole = figures(float(asked.mean()), usual, coherence(float(unasked.mean()), usual))
    return {**whole, "words": words, "over_film": [
        {"at_s": at_s, "surprise_bits": round(float(b) - usual.mean, 3)} for at_s, b in zip(starts_s, asked,
                                                                                            strict=True)]}


def figures(bits: float, usual: Typical, coherent: float) -> dict[str, float]:
    """The numbers of one world, rounded for a reader."""
    return {"bits": round(bits, 3), "typical_bits": round(usual.mean, 3), "spread_bits": round(usual.spread, 3),
            "surprise_bits": round(bits - usual.mean, 3), "coherence": round(coherent, 4)}


def streams_of_direction(direction: Direction, cues: MusicCues | None) -> dict[str, Floats]:
    """The state streams of a Direction's world as it would be filmed, and its score where the music is our own."""
    from agent.unroll import unroll
    from world_model.sim.compose import compose
    from world_model.sim.picture import packed_rows
    from world_model.sim.signals import signals
    from world_model.streams.from_state import state_streams
    from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_FPS
    from world_model.streams.music import score_stream

    own = direction.score if cues is None else None
    piece = compose(own, direction.duration_s) if own else None
    curves, rate = (cues.signals, cues.signal_rate_hz) if cues else (
        signals(piece, direction.duration_s, 50.0) if piece else None, 50.0)
    rows = packed_rows(unroll(direction, curves, rate).state)
    count = max(FRAMES_PER_STEP, round(len(rows) * PICTURE_FPS / direction.grid.fps) // FRAMES_PER_STEP
                * FRAMES_PER_STEP)
    at = np.minimum(np.floor(np.arange(count) * direction.grid.fps / PICTURE_FPS + 1e-6).astype(np.int64),
                    len(rows) - 1)
    streams = state_streams(rows[at], PICTURE_FPS)
    return {**streams, "score": score_stream(own, piece, len(streams["place"]))} if piece else streams


def windows_of(streams: dict[str, Floats], window: int, most: int = MOST_WINDOWS
               ) -> tuple[dict[str, Tensor], list[float]]:
    """(streams as a batch of windows, the second at which each begins)."""
    import torch

    from world_model.streams.layout import STEP_S

    steps = len(next(iter(streams.values())))
    length = min(window, steps)
    starts = np.unique(np.linspace(0, steps - length, min(most, max(1, steps // length))).round().astype(int))
    return ({name: torch.from_numpy(np.stack([value[a:a + length] for a in starts])) for name, value in
             streams.items()}, [float(a * STEP_S) for a in starts])
