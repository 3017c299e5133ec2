"""`beecam surprise`: how many bits a film costs the world model beyond what is typical of its words; and with --weird,
a world of the model's own that is as surprising as was asked, filmed by the simulator."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.direction import Direction
from agent.events import AgentEvent
from agent.request import Request, parse_size
from agent.studio import Heard, Studio
from modalities.engine import Job, Progress
from modalities.faults import Unavailable, Unusable
from modalities.film import even_size
from modalities.store import TAKE_ID, check_writable
from ui_gen.command_line.telling import Teller

if TYPE_CHECKING:
    from torch import Tensor

    from world_model.joint.pipeline import WorldPipeline
    from world_model.joint.surprise import Typical
    from world_model.joint.weird import Candidate
    from world_model.streams.layout import Floats

Result = dict[str, Any]
SIZE_PX = (384, 216)
# A long film is looked at in so many windows of the model's own length, evenly spread.
MOST_WINDOWS = 8
FPS, RATE_HZ = 24, 48000


def surprise(arguments: argparse.Namespace, studio: Studio, teller: Teller, stop: Flag) -> Result:
    """{bits, typical_bits, surprise_bits, coherence} a step of 1/4 s, and the chosen world where --weird asks for it.

    Raises Unusable for words that cannot be used and Unavailable where the weights are not here.
    """
    from world_model.joint.shipped import missing, open_world

    weird = arguments.weird
    if weird is not None and not 0.0 <= weird <= 1.0:
        raise Unusable(f"--weird {weird:g} cannot be used; expected 0 to 1.")
    if not arguments.what.strip():
        raise Unusable("Surprise needs a take's id or some words.")
    size = even_size(parse_size(arguments.size)) if arguments.size else SIZE_PX
    if not all(16 <= side <= 1920 for side in size):
        raise Unusable(f"--size {size[0]}x{size[1]} cannot be made; sides from 16 to 1920 px.")
    out = Path(arguments.out or Path(arguments.project) / "worlds").expanduser().absolute()
    if weird is not None:
        check_writable(out)
    wrong = missing("small")
    if wrong:
        raise Unavailable(f"Surprise cannot be measured here: {wrong}.")
    pipeline = open_world("small")
    direction, words, heard = _asked(arguments.what, arguments.seed, studio, teller, stop)
    found = measured(pipeline, direction, words, heard)
    teller.line(_sentence("The film", found))
    if weird is None:
        return found
    from world_model.joint.weird import weird_worlds

    choice = weird_worlds(pipeline, words, weird, seed=arguments.seed)
    one = choice.chosen
    numbers = {"weird": weird, "how": one.how, "target_bits": round(choice.target_bits, 3),
               **_numbers(one.bits, choice.candidates.typical, one.coherence),
               "full_bits": round(choice.candidates.full_bits, 3)}
    teller.line(_sentence(f"The world at {weird:g} ({one.how})", numbers))
    folder = filmed(one, arguments.seed, size, out, teller, stop)
    teller.clear()
    teller.line(f"{folder / 'video.mp4'}")
    return {**found, "world": {**numbers, "seed": arguments.seed, "video": str(folder / "video.mp4"),
                               "audio": str(folder / "audio.wav"), "poster": str(folder / "poster.png")}}


def measured_of_plan(direction: Direction, words: str, heard: Heard | None) -> dict[str, float]:
    """What `beecam plan --weird` tells of its Direction: surprise_bits and coherence, or nothing where the world model
    is not here or cannot tell. Never raises."""
    from world_model.joint.shipped import missing, open_world

    if missing("small") or not words.strip():
        return {}
    try:
        found = measured(open_world("small"), direction, [words], heard)
    except Exception:  # a measure must not cost anyone a plan
        return {}
    return {name: found[name] for name in ("surprise_bits", "typical_bits", "coherence")}


def measured(pipeline: WorldPipeline, direction: Direction, words: list[str], heard: Heard | None) -> Result:
    """The surprise of a Direction's world under words, whole and over the film."""
    from world_model.joint.surprise import bits, typical
    from world_model.joint.weird import coherence

    windows, starts_s = _windows(streams_of_direction(direction, heard), pipeline.model.window)
    usual = typical(pipeline, words, wanted=tuple(windows), steps=next(iter(windows.values())).shape[1])
    asked = bits(pipeline, windows, words)
    unasked = bits(pipeline, windows)
    whole = _numbers(float(asked.mean()), usual, coherence(float(unasked.mean()), usual))
    return {**whole, "words": words, "over_film": [
        {"at_s": at_s, "surprise_bits": round(float(b) - usual.mean, 3)} for at_s, b in zip(starts_s, asked,
                                                                                       strict=True)]}


def streams_of_direction(direction: Direction, heard: Heard | None) -> dict[str, Floats]:
    """The state streams of a Direction's world as it would be filmed, and its score where the music is our own."""
    from agent.unroll import unroll
    from world_model.sim.compose import compose
    from world_model.sim.picture import packed_rows
    from world_model.sim.signals import signals
    from world_model.streams.from_state import state_streams
    from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_FPS
    from world_model.streams.music import score_stream

    own = direction.score if heard is None else None
    piece = compose(own, direction.duration_s) if own else None
    curves, rate = (heard.cues.signals, heard.cues.signal_rate_hz) if heard else (
        signals(piece, direction.duration_s, 50.0) if piece else None, 50.0)
    rows = packed_rows(unroll(direction, curves, rate).state)
    count = max(FRAMES_PER_STEP, round(len(rows) * PICTURE_FPS / direction.grid.fps) // FRAMES_PER_STEP
                * FRAMES_PER_STEP)
    at = np.minimum(np.floor(np.arange(count) * direction.grid.fps / PICTURE_FPS + 1e-6).astype(np.int64),
                    len(rows) - 1)
    streams = state_streams(rows[at], PICTURE_FPS)
    return {**streams, "score": score_stream(own, piece, len(streams["place"]))} if piece else streams


def filmed(one: Candidate, seed: int, size_px: tuple[int, int], out: Path, teller: Teller, stop: Flag) -> Path:
    """A world of streams as a small film in a new folder under `out`, there whole or not at all."""
    import torch

    from modalities.engines.sim import SimEngine
    from world_model.clock import TimeGrid
    from world_model.sim.compose import compose
    from world_model.state import World, unpack
    from world_model.streams.layout import STATE_STREAMS
    from world_model.streams.music import score_spec
    from world_model.streams.to_state import footing, state_rows

    plain = {name: value[0].numpy() for name, value in one.streams.items()}
    rows, _ = state_rows({name: plain[name] for name in STATE_STREAMS}, FPS, footing(plain["place"], seed))
    world = World(TimeGrid(4, FPS, RATE_HZ), unpack(torch.from_numpy(rows)), (), seed)
    spec = score_spec(plain["score"], seed) if "score" in plain else None
    piece = compose(spec, world.duration_s) if spec else None
    final, n = out / f"weird-{seed}", 2
    while final.exists():
        final, n = out / f"weird-{seed}-{n}", n + 1
    part = out / f".{final.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)

    def emit(p: Progress) -> None:
        teller.tell(AgentEvent(kind="progress", stage=p.stage, done=p.done, total=p.total, unit=p.unit,
                               left_s=p.left_s))

    engine = SimEngine()
    try:
        engine.run(Job(world, size_px, spec, piece, None, None, engine.Params(), seed, part, stop), emit)
        part.rename(final)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return final


def _asked(what: str, seed: int, studio: Studio, teller: Teller, stop: Flag
           ) -> tuple[Direction, list[str], Heard | None]:
    """The Direction of a take's id or of a prompt, the words it answers, and its track if it has one."""
    def emit(p: Progress) -> None:
        teller.tell(AgentEvent(kind="progress", stage=p.stage, done=p.done, total=p.total, unit=p.unit))

    if TAKE_ID.match(what):
        _, direction, brief = studio.load(what)
        heard = studio.heard_again(direction, emit, stop)
        words = brief.goal or direction.reason
    else:
        made = studio.plan(Request(prompt=what, seed=seed), emit, stop)
        direction, heard, words = made.direction, made.heard, what
    teller.clear()
    return direction, [words], heard


def _windows(streams: dict[str, Floats], window: int) -> tuple[dict[str, Tensor], list[float]]:
    """(streams as a batch of windows, the second at which each begins)."""
    import torch

    from world_model.streams.layout import STEP_S

    steps = len(next(iter(streams.values())))
    length = min(window, steps)
    starts = np.unique(np.linspace(0, steps - length, min(MOST_WINDOWS, max(1, steps // length))).round().astype(int))
    return ({name: torch.from_numpy(np.stack([value[a:a + length] for a in starts])) for name, value in
             streams.items()}, [float(a * STEP_S) for a in starts])


def _numbers(bits: float, usual: Typical, coherent: float) -> dict[str, float]:
    return {"bits": round(bits, 3), "typical_bits": round(usual.mean, 3), "spread_bits": round(usual.spread, 3),
            "surprise_bits": round(bits - usual.mean, 3), "coherence": round(coherent, 4)}


def _sentence(who: str, found: Result) -> str:
    return (f"{who}: {found['surprise_bits']:+.1f} bits a step over what is typical of these words "
            f"({found['bits']:.1f} where {found['typical_bits']:.1f} ± {found['spread_bits']:.1f} are), "
            f"coherence {found['coherence']:.2f}.")
