"""`beecam estimate`: what a film will cost before it is made; `--cap`: what it may cost at most."""

from __future__ import annotations

import argparse
from threading import Event as Flag
from typing import Any

from agent.director_words import clock
from agent.edits import apply_patch, parse_setting, patch_for
from agent.estimate import Cap, Estimate, estimate, priced
from agent.request import Request, parse_reference, parse_size
from agent.studio import Studio
from modalities.faults import Unusable
from modalities.store import TAKE_ID, Take
from modalities.take_labels import take_id_of
from ui_gen.command_line.telling import Teller


def capped(studio: Studio, arguments: argparse.Namespace) -> Studio:
    """The studio, with the creator's cap where one was given. Raises Unusable for a cap that is none."""
    if arguments.cap is not None:
        studio.cap = Cap(arguments.cap)
    return studio


def cost_of(take: Take) -> dict[str, Any]:
    """What was expected of a take and what it took, for its JSON result."""
    kept = ("frames", "rendered", "reused", "sound_s", "picture_s", "render_s", "peak_memory_mb")
    return {"estimated": take.estimated,
            "rendering": {name: take.rendering[name] for name in kept if name in take.rendering}}


def took(take: dict[str, Any]) -> str:
    """The end of a line about a finished take: what it took, against what was expected, and what was reused."""
    said, expected, done = f"in {_clock(take['wall_s'])}", take["estimated"], take["rendering"]
    if expected:
        low, high = _clock(expected["low_s"]), _clock(expected["high_s"])
        said += f" (estimated {_clock(expected['seconds'])}, {low} to {high})"
    if done.get("reused"):
        said += f", {done['rendered']} of {done['frames']} frames rendered, {done['reused']} as they were"
    return said


def in_words(found: Estimate) -> str:
    """An estimate in half a line."""
    said = f"about {_clock(found.seconds)} ({_clock(found.low_s)} to {_clock(found.high_s)}), {found.memory_mb} MB"
    return said + (f", {found.reused_share:.0%} is there already" if found.reused_share > 0 else "")


def estimated(arguments: argparse.Namespace, studio: Studio, teller: Teller, stop: Flag) -> dict[str, Any]:
    """What the film would cost with each engine that can run here. Raises Unusable, Unavailable."""
    take, direction = None, None
    words = arguments.what.strip()
    if TAKE_ID.match(words) or words.casefold() in _names(studio):
        take, direction, _ = studio.load(take_id_of(studio.store, words))
        changes = {"duration_s": arguments.duration, "size_px": parse_size(arguments.size) if arguments.size else None}
        if arguments.ref or arguments.fps or any(value is not None for value in changes.values()):
            raise Unusable("--ref, --duration, --size and --fps go with a prompt; say what changes in a take with "
                           "--set POINTER=VALUE.")
        patch = [op for text in arguments.settings for op in patch_for(direction, *parse_setting(text))]
        if patch:
            direction = apply_patch(direction, patch, reason="estimate", new_id=f"{take.id}e")
    else:
        if arguments.settings:
            raise Unusable("--set goes with a take; there is none of this id or name.")
        request = Request(prompt=arguments.what, references=tuple(map(parse_reference, arguments.ref)),
                          duration_s=arguments.duration, fps=arguments.fps, engine=arguments.engine or "sim",
                          size_px=parse_size(arguments.size) if arguments.size else None)
        studio.registry.get(request.engine)
        direction = studio.plan(request, lambda p: None, stop).direction
    chosen = [studio.registry.get(arguments.engine)] if arguments.engine else [
        engine for engine in studio.registry.all() if engine.available() is None]
    found = [priced(estimate(direction, engine.card.id, studio.store), engine, direction) for engine in chosen]
    for one in found:
        teller.line(f"{one.engine:<6} {clock(direction.duration_s)} at {direction.size_px[0]}x{direction.size_px[1]}: "
                    f"{in_words(one)}{f', costs {one.cost:.2f}' if one.cost else ''}, "
                    f"from {one.takes or 'no'} past take{'s' * (one.takes != 1)}")
    own = next((one for one in found if one.engine == direction.engine.id), found[0])
    return {"estimate": own.as_json(), "engines": [one.as_json() for one in found],
            "duration_s": direction.duration_s, "size_px": list(direction.size_px), "fps": direction.grid.fps,
            "actual_s": take.wall_s if take else None}


def _clock(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else clock(seconds)


def _names(studio: Studio) -> set[str]:
    from modalities.take_labels import labels

    return {label.name.casefold() for label in labels(studio.store).values() if label.name}
