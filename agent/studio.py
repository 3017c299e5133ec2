"""The studio's work: hear, interpret, direct, roll out, render, keep. The graph and the command line call these."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from threading import Event as Flag
from typing import Any

from agent.brief import Brief, ReferenceUse, Trait
from agent.direction import Direction
from agent.request import Request, checked
from modalities.cues import MusicCues
from modalities.engine import Emit, Job, Progress
from modalities.faults import Stopped, Unusable
from modalities.film import even_size
from modalities.media import Track
from modalities.registry import Registry
from modalities.store import Store, Take
from world_model.score import Composition

PanelFor = Callable[[Direction, Brief], dict[str, Any]]
SIGNAL_RATE_HZ = 50.0
SHORTEST_S = 0.2
DEFAULT_ROLES = ("rhythm", "structure", "mood")


@dataclass(frozen=True)
class Heard:
    """A creator's track and what was heard in it."""

    track: Track
    cues: MusicCues
    roles: tuple[str, ...]

    @property
    def source(self) -> str:
        return f"ref:{self.track.sha256}"


@dataclass(frozen=True)
class Plan:
    brief: Brief
    direction: Direction
    heard: Heard | None
    notes: tuple[str, ...]


class Studio:
    """A project, its engines, and how panels are made (given from above: panels live one floor up)."""

    def __init__(self, store: Store, registry: Registry, panel_for: PanelFor) -> None:
        self.store = store
        self.registry = registry
        self.panel_for = panel_for

    def hear(self, request: Request, emit: Emit, stop: Flag) -> Heard | None:
        """The first reference, decoded and analysed; cached in the project by the file's content."""
        if not request.references:
            return None
        from modalities.hearing import heard_track

        reference = request.references[0]
        emit(Progress("perceive", 0, 1, "steps"))
        track, cues = heard_track(self.store, reference.path, request.duration_s, stop,
                                  lambda share: emit(Progress("perceive", int(share * 100), 100, "percent")))
        emit(Progress("perceive", 1, 1, "steps"))
        if track.duration_s < SHORTEST_S:
            raise Unusable(f"{reference.path} holds {track.duration_s:.3f} seconds of sound; a film needs at least "
                           f"{SHORTEST_S:g}.")
        return Heard(track, cues, reference.roles or DEFAULT_ROLES)

    def interpret(self, request: Request, heard: Heard | None) -> Brief:
        """The Brief of the words and the track."""
        from agent.interpret import interpret

        if request.prompt.strip():
            brief = interpret(request.prompt, has_music=heard is not None)
        else:
            brief = Brief(goal="A film for the music")
        if heard is None:
            return brief
        use = ReferenceUse(id=heard.source, kind="audio", path=str(heard.track.source), roles=heard.roles)
        return brief.model_copy(update={"references": (*brief.references, use)})

    def direct(self, request: Request, brief: Brief, heard: Heard | None) -> Direction:
        """The Direction. Options win over words, words over defaults."""
        from agent.director import direct

        stated = {trait.axis: trait for trait in brief.traits if not trait.negated}
        size = request.size_px or _pair(stated.get("size_px"))
        fps = request.fps or _whole(stated.get("fps")) or 24
        duration_s = request.duration_s or (None if heard else _number(stated.get("duration_s")))
        if heard and request.duration_s is None:
            duration_s = heard.track.duration_s
        seed = request.seed if request.seed is not None else 1
        direction = direct(brief, heard.cues if heard else None, music_ref=heard.source if heard else None,
                           duration_s=duration_s, size_px=even_size(size) if size else None, fps=fps, seed=seed,
                           weird=request.weird, engine=request.engine)
        return direction

    def plan(self, request: Request, emit: Emit, stop: Flag | None = None) -> Plan:
        """Request to Direction, nothing rendered. Raises Unusable."""
        request, notes = checked(request)
        heard = self.hear(request, emit, stop or Flag())
        emit(Progress("plan", 0, 1, "steps"))
        brief = self.interpret(request, heard)
        direction = self.direct(request, brief, heard)
        emit(Progress("plan", 1, 1, "steps"))
        return Plan(brief, direction, heard, notes + (heard.track.notes if heard else ()) + brief.notes)

    def render(self, direction: Direction, brief: Brief, heard: Heard | None, *, parent: str | None, reason: str,
               request: dict[str, Any], emit: Emit, stop: Flag) -> Take:
        """One take of a Direction, published whole or not at all. Raises Stopped, Unavailable, Unusable, OSError."""
        from agent.unroll import unroll

        started = time.monotonic()
        engine = self.registry.get(direction.engine.id)
        try:
            params = engine.Params.model_validate(direction.engine.params)
        except ValueError as fault:
            raise Unusable(f"Engine {engine.card.id} does not take these parameters: {fault}") from None
        emit(Progress("roll out", 0, 1, "steps"))
        composition = _composition(direction, heard)
        signals, rate = _signals(direction, heard, composition)
        world = unroll(direction, signals, rate)
        emit(Progress("roll out", 1, 1, "steps"))
        if stop.is_set():
            raise Stopped("The run was stopped; nothing of this take was kept.")
        panel = self.panel_for(direction, brief)
        with self.store.making() as folder:
            job = Job(world, direction.size_px, direction.score, composition, heard.track if heard else None,
                      heard.cues if heard else None, params, direction.seed, folder, stop)
            rendered = engine.run(job, emit)
            for stray in folder.glob(".preview*"):
                stray.unlink()
            sidecar = {
                "format": "beecam-take/1", "parent": parent, "reason": reason, "engine": engine.card.id,
                "seed": direction.seed, "duration_s": rendered.duration_s,
                "wall_s": round(time.monotonic() - started, 3), "measured": rendered.measured,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "request": request,
                "brief": brief.model_dump(mode="json"),
                "versions": {"engine": engine.card.version} | _versions(),
            }
            return self.store.publish(folder, sidecar, direction.model_dump(mode="json"), panel)

    def heard_again(self, direction: Direction, emit: Emit, stop: Flag) -> Heard | None:
        """The track a stored Direction refers to, from the project's own copy."""
        if not direction.music.source.startswith("ref:"):
            return None
        from modalities.hearing import stored_track

        track, cues = stored_track(self.store, direction.music.source.removeprefix("ref:"), stop)
        return Heard(track, cues, DEFAULT_ROLES)

    def load(self, take_id: str) -> tuple[Take, Direction, Brief]:
        """A stored take with its documents. Raises Unusable."""
        take = self.store.take(take_id)
        try:
            direction = Direction.model_validate(take.document("direction"))
            brief = Brief.model_validate(take.brief) if take.brief else Brief(goal="")
        except (OSError, ValueError):
            raise Unusable(f"The documents of take {take_id} are damaged: {take.dir}.") from None
        return take, direction, brief


def merged(before: Brief, said: Brief) -> Brief:
    """What holds after the creator said more: new traits replace old ones of the same axis and part."""
    replaced = {(trait.axis, trait.part) for trait in said.traits}
    kept = tuple(trait for trait in before.traits if (trait.axis, trait.part) not in replaced)
    return Brief(goal=f"{before.goal}; {said.goal}".strip("; ")[:400], traits=kept + said.traits,
                 constraints=before.constraints + said.constraints, questions=said.questions, notes=said.notes,
                 references=before.references)


def with_seed(direction: Direction, seed: int) -> Direction:
    return direction.model_copy(update={"seed": seed})


def _composition(direction: Direction, heard: Heard | None) -> Composition | None:
    if heard is not None or direction.score is None:
        return None
    from world_model.sim.compose import compose

    return compose(direction.score, direction.duration_s)


def _signals(direction: Direction, heard: Heard | None, composition: Composition | None) -> tuple[Any, float]:
    if heard is not None:
        return heard.cues.signals, heard.cues.signal_rate_hz
    if composition is None:
        return None, SIGNAL_RATE_HZ
    from world_model.sim.sound import signals

    return signals(composition, direction.duration_s, SIGNAL_RATE_HZ), SIGNAL_RATE_HZ


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("beecam", "torch", "numpy", "numba")}


def _number(trait: Trait | None) -> float | None:
    return float(trait.value) if trait is not None and isinstance(trait.value, (int, float)) else None


def _whole(trait: Trait | None) -> int | None:
    number = _number(trait)
    return int(number) if number is not None and 1 <= number <= 120 else None


def _pair(trait: Trait | None) -> tuple[int, int] | None:
    value = trait.value if trait is not None else None
    if isinstance(value, (list, tuple)) and len(value) == 2 and all(isinstance(v, (int, float)) for v in value):
        return int(value[0]), int(value[1])
    return None


__all__ = ["Heard", "Plan", "Studio", "merged", "with_seed"]
