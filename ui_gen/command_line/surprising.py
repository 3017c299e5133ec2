"""`beecam surprise`: how many bits a film costs the world model beyond what is typical of its words; and with --weird,
a world of the model's own that is as surprising as was asked, filmed by the simulator."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

from agent.direction import Direction
from agent.events import AgentEvent
from agent.request import Request, parse_size
from agent.studio import Heard, Studio
from agent.surprising import figures, surprise_of
from modalities.engine import Job, Progress
from modalities.faults import Unavailable, Unusable
from modalities.film import even_size
from modalities.store import TAKE_ID, check_writable
from ui_gen.command_line.telling import Teller

if TYPE_CHECKING:

    from world_model.joint.weird import Candidate

Result = dict[str, Any]
SIZE_PX = (384, 216)
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
    found = surprise_of(pipeline, direction, words, heard.cues if heard else None)
    teller.line(_sentence("The film", found))
    if weird is None:
        return found
    from world_model.joint.weird import weird_worlds

    choice = weird_worlds(pipeline, words, weird, seed=arguments.seed)
    one = choice.chosen
    numbers = {"weird": weird, "how": one.how, "target_bits": round(choice.target_bits, 3),
               **figures(one.bits, choice.candidates.typical, one.coherence),
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
        found = surprise_of(open_world("small"), direction, [words], heard.cues if heard else None)
    except Exception:  # a measure must not cost anyone a plan
        return {}
    return {name: found[name] for name in ("surprise_bits", "typical_bits", "coherence")}


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


def _sentence(who: str, found: Result) -> str:
    return (f"{who}: {found['surprise_bits']:+.1f} bits a step over what is typical of these words "
            f"({found['bits']:.1f} where {found['typical_bits']:.1f} ± {found['spread_bits']:.1f} are), "
            f"coherence {found['coherence']:.2f}.")
