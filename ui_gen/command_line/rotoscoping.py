"""`beecam roto`: a film in, its subject's alpha, its mask, or its subject in another world out."""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.director_words import clock
from agent.events import AgentEvent
from modalities.engine import Progress
from modalities.faults import Unusable
from modalities.roto.cut_out import CutOut, Follower, cut_out, told
from modalities.roto.export import FORMATS, HELD, AlphaFilm, PngFolder, whole_or_nothing
from modalities.roto.frames import Clip, look_at_film
from modalities.roto.propagate import State
from modalities.roto.start import Wish
from ui_gen.command_line.telling import Teller

if TYPE_CHECKING:
    from agent.studio import Studio

Result = dict[str, Any]
TELL_EVERY_S = 0.25


def roto(arguments: argparse.Namespace, studio: Studio, teller: Teller, stop: Flag) -> Result:
    """What became of the film. Raises Unusable, Unavailable (no weights), Stopped."""
    begun = time.monotonic()
    new_world = arguments.world is not None or arguments.world_take is not None
    to = arguments.to or ("film" if new_world else "alpha")
    _agree(arguments, to, new_world)
    path = arguments.film.expanduser().absolute()
    clip = look_at_film(path)
    wish = wish_of(arguments.at, arguments.box, clip.size_px)
    follower = _follower(arguments.weights, wish, clip)
    result = _in_world(arguments, studio, clip, wish, follower, teller, stop) if to == "film" else \
        _as_file(arguments, to, clip, wish, follower, teller, stop)
    for note in result["notes"]:
        teller.line(note)
    wall_s = time.monotonic() - begun
    teller.line(f"{path.name}: {result['frames']} frames, the subject in {result['seen']:.0%} of them, "
                f"{result['share']:.1%} of the picture, in {clock(wall_s)}: {result['output']}")
    return {"film": str(path), "to": to, **result, "wall_s": round(wall_s, 2)}


def wish_of(at: str | None, box: str | None, size_px: tuple[int, int]) -> Wish:
    """The wish behind --at and --box: fractions of the picture, or pixels where a number is above 1."""
    if at is not None and box is not None:
        raise Unusable("Give either --at or --box, not both.")
    if at is not None:
        x, y = _inside(_numbers(at, 2, "--at", "X,Y"), size_px, "--at")
        return Wish(at=(x, y))
    if box is not None:
        left, top, right, bottom = _inside(_numbers(box, 4, "--box", "LEFT,TOP,RIGHT,BOTTOM"), size_px, "--box")
        if not (left < right and top < bottom):
            raise Unusable(f"--box {box[:60]} is empty; expected LEFT,TOP,RIGHT,BOTTOM, left < right and top < bottom.")
        return Wish(box=(left, top, right, bottom))
    return Wish()


def _numbers(text: str, count: int, option: str, form: str) -> list[float]:
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        values = []
    if len(values) != count or not all(math.isfinite(value) for value in values):
        raise Unusable(f"{option} {text[:60]!r} is not {form}, in fractions of the picture or in pixels.")
    return values


def _inside(values: list[float], size_px: tuple[int, int], option: str) -> list[float]:
    if max(values) > 1.0:
        values = [value / size_px[k % 2] for k, value in enumerate(values)]
    if min(values) < 0.0 or max(values) > 1.0:
        raise Unusable(f"{option} lies outside the picture, which is {size_px[0]} x {size_px[1]} pixels.")
    return values


def _agree(arguments: argparse.Namespace, to: str, new_world: bool) -> None:
    """Raises Unusable where options contradict each other."""
    if arguments.world is not None and arguments.world_take is not None:
        raise Unusable("Give either --world or --world-take, not both.")
    if arguments.world is not None and not arguments.world.strip():
        raise Unusable("--world is empty. Say what the new world is.")
    if to == "film" and not new_world:
        raise Unusable("--to film needs a new world: --world TEXT or --world-take TAKE.")
    if to != "film" and new_world:
        raise Unusable(f"--to {to} has no use for a new world; leave out --world, or say --to film.")
    if not 0 <= arguments.seed < 2**31:
        raise Unusable(f"--seed {arguments.seed} cannot be used; expected 0 to {2**31 - 1}.")


def _follower(weights: Path | None, wish: Wish, clip: Clip) -> Follower | None:
    from modalities.engines.understand.catalogue import FOLLOWING, folder_of

    weights = weights or folder_of(FOLLOWING)
    if weights is None:
        return None
    from modalities.engines.sam import SamFollower

    return SamFollower(weights.expanduser().absolute(), wish)


def _as_file(arguments: argparse.Namespace, to: str, clip: Clip, wish: Wish, follower: Follower | None, teller: Teller,
             stop: Flag) -> Result:
    out = _place(arguments.out, to, clip)
    states: list[tuple[int, State]] = []
    areas: list[float] = []
    with whole_or_nothing(out) as part:
        grey = to == "mask"
        writer = AlphaFilm(part, clip.size_px, clip.rate, grey) if out.suffix else nullcontext(PngFolder(part))
        with writer as sink:
            for one in _told_of(cut_out(clip, wish, stop, follower=follower), clip, teller):
                sink.add(one.rgb, one.alpha)
                states.append((one.index, one.state))
                areas.append(float(one.alpha.mean()))
        teller.clear()
    return {"output": str(out), **_summary(states, areas), "fps": float(clip.rate), "size_px": list(clip.size_px),
            "notes": told(states, clip.rate)}


def _place(out: Path | None, to: str, clip: Clip) -> Path:
    """Where it goes; by default beside the film, with a number where something is there. Raises Unusable."""
    if out is None:
        stem, suffix = (f"{clip.path.stem}-mask", ".mp4") if to == "mask" else (f"{clip.path.stem}-alpha", "")
        place, n = clip.path.parent / f"{stem}{suffix}", 2
        while place.exists():
            place, n = clip.path.parent / f"{stem}-{n}{suffix}", n + 1
        return place
    out = out.expanduser().absolute()
    suffix = out.suffix.lower()
    if to == "mask" and suffix != ".mp4":
        raise Unusable(f"--out {out.name} cannot hold a mask; expected an .mp4 file.")
    if to == "alpha" and suffix and suffix not in FORMATS:
        raise Unusable(f"--out {out.name} cannot hold alpha; expected {', '.join(HELD)}.")
    return out


def _in_world(arguments: argparse.Namespace, studio: Studio, clip: Clip, wish: Wish, follower: Follower | None,
              teller: Teller, stop: Flag) -> Result:
    from agent.new_world import as_filmed, in_new_world, world_take
    from modalities.store import check_writable

    out = arguments.out.expanduser().absolute() if arguments.out else None
    if out is not None:
        check_writable(out)
    clip, _ = as_filmed(clip)

    def emit(p: Progress) -> None:
        teller.tell(AgentEvent(kind="progress", stage=p.stage, done=p.done, total=p.total, unit=p.unit,
                               left_s=p.left_s))

    cut = cut_out(clip, wish, stop, clip.rate, follower)
    first = next(cut)  # whether there is a subject at all is known before a world is made for it
    world = studio.store.take(arguments.world_take) if arguments.world_take is not None else \
        world_take(studio, clip, arguments.world, arguments.seed, arguments.still_world, emit, stop)
    request = {"film": str(clip.path), "world": arguments.world or world.id, "at": arguments.at, "box": arguments.box}
    take, notes = in_new_world(studio, clip, chain([first], cut), world, not arguments.no_shadow, request, emit, stop)
    teller.clear()
    take = studio.store.copy_out(take, out) if out is not None else take
    return {"output": str(take.video), "take": take.id, "world": world.id, "dir": str(take.dir),
            "audio": str(take.audio), "poster": str(take.poster), "measured": take.measured,
            "frames": round(take.duration_s * float(clip.rate)), "seen": take.measured["subject_seen"],
            "share": take.measured["subject_share"], "fps": float(clip.rate), "size_px": list(clip.size_px),
            "notes": notes}


def _told_of(cut: Iterator[CutOut], clip: Clip, teller: Teller) -> Iterator[CutOut]:
    """The same frames, with progress told on the way."""
    begun, told_s = time.monotonic(), 0.0
    for one in cut:
        now = time.monotonic()
        if now - told_s > TELL_EVERY_S:
            told_s, done = now, one.index + 1
            teller.tell(AgentEvent(kind="progress", stage="picture", done=done, total=max(done, clip.frames),
                                   unit="frames", left_s=(now - begun) / done * max(0, clip.frames - done)))
        yield one


def _summary(states: list[tuple[int, State]], areas: list[float]) -> Result:
    seen = [area for area, (_, state) in zip(areas, states, strict=True) if state in ("held", "found")]
    return {"frames": len(states), "seen": round(len(seen) / max(1, len(states)), 4),
            "share": round(float(np.mean(seen)) if seen else 0.0, 5)}
