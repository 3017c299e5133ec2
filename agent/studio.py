"""The studio's work: perceive, interpret, direct, roll out, render, keep. The graph and the command line call these."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from threading import Event as Flag
from typing import Any

from pydantic import ValidationError

from agent.brief import Brief, Trait
from agent.direction import Direction, EngineChoice, SoundChoice
from agent.estimate import Cap, estimate, priced, record, with_time_left
from agent.planner import BuiltIn, Planner
from agent.profile import Profile
from agent.profile_lean import note_of, with_taste
from agent.referring import (
    Referred,
    check_score_length,
    lasting,
    length_after,
    music_for,
    refer,
    refer_again,
    sections_like,
    size_after,
)
from agent.request import LONGEST_SCORE_S, Request, checked
from agent.steer_plan import Steering, steering_of
from agent.surprising import as_weird_as
from agent.titles import drawn_titles
from modalities.cluster.machines import Cluster
from modalities.cues import MusicCues
from modalities.engine import Emit, Engine, EngineParams, Job, Progress, SoundWish
from modalities.engines.brushes import Brush
from modalities.engines.filming_pieces import share_there
from modalities.engines.sound.catalogue import chosen
from modalities.faults import Stopped, Unusable
from modalities.film import even_size
from modalities.media import Track
from modalities.registry import Registry
from modalities.script import Script
from modalities.store import Store, Take
from world_model.score import Composition
from world_model.state import World

PanelFor = Callable[[Direction, Brief], dict[str, Any]]
SIGNAL_RATE_HZ = 50.0
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
    """A project, its engines, how panels are made (given from above: panels live one floor up), and who reads words."""

    def __init__(self, store: Store, registry: Registry, panel_for: PanelFor, planner: Planner | None = None) -> None:
        self.store = store
        self.registry = registry
        self.panel_for = panel_for
        self.planner = planner or BuiltIn()
        self.cap: Cap | None = None
        # Whose workers draw and look at ideas; given by who runs the studio, as the registry's engines are.
        self.cluster: Cluster | None = None
        # Whose taste is leaned to in what a request leaves open; given by who runs the studio, as it is at that moment.
        self.profile: Callable[[], Profile] | None = None
        # Told of takes (ids) that were edited, taken or labelled, so that the profile learns; never fails.
        self.taught: Callable[[Collection[str]], str] | None = None

    def perceive(self, request: Request, emit: Emit, stop: Flag) -> Referred:
        """Every reference with its roles; cached in the project by content. Raises Unusable, Unavailable, Stopped."""
        return refer(self.store, request, emit, stop)

    def perceived(self, brief: Brief, words: str, stop: Flag) -> Referred:
        """The references of a stored Brief again; words may give them other roles. Raises Unusable."""
        return refer_again(self.store, brief.references, words, stop)

    def interpret(self, request: Request, referred: Referred, stop: Flag | None = None) -> Brief:
        """The Brief of the words and the references, as the planner reads them. Raises Unusable, Stopped."""
        return self.planner.brief(request, referred, stop)

    def heard(self, referred: Referred, brief: Brief, stop: Flag) -> Heard | None:
        """The recording that is played, if one is."""
        steering = steering_of(referred.seen, brief)
        lead, cues = steering.heard, music_for(steering)
        if lead is None or cues is None:
            return None
        track = lead.track
        if track is None:
            from modalities.hearing import heard_track

            track, _ = heard_track(self.store, lead.path, None, stop)
        return Heard(track, cues, lead.roles)

    def direct(self, request: Request, brief: Brief, heard: Heard | None, referred: Referred | None = None,
               lean: bool = True) -> tuple[Direction, Brief]:
        """The Direction, and the Brief with what every reference came to. Options win over words, words over
        references, references over the creator's taste (not asked without `lean`), taste over defaults."""
        from agent.director import direct
        from agent.steer import cuts_from, steered

        steering = steering_of(referred.seen if referred else (), brief)
        # What a single step is given (its own seconds) is not the film's.
        stated = {trait.axis: trait for trait in brief.traits if not trait.negated and trait.part is None}
        size = request.size_px or _pair(stated.get("size_px")) or size_after(steering)
        fps = request.fps or _whole(stated.get("fps")) or 24
        duration_s, note = request.duration_s, ""
        if duration_s is None:
            duration_s = heard.track.duration_s if heard else _number(stated.get("duration_s"))
        if duration_s is None:
            duration_s, note = length_after(steering)
        brief = lasting(brief, duration_s)
        seed = request.seed if request.seed is not None else 1
        profile = self.profile() if lean and self.profile and steering.whole is None else None
        brief = with_taste(brief, profile, seed, heard is not None)
        mood, sound = steering.lead("mood"), steering.lead("structure") or (
            steering.lead("rhythm") if steering.whole is not None else None)
        shape = sound.music if sound is not None else None

        def directed(weird: float | None) -> Direction:
            made = direct(brief, heard.cues if heard else None, music_ref=heard.source if heard else None,
                          duration_s=duration_s, size_px=even_size(size) if size else None, fps=fps, seed=seed,
                          weird=weird, engine=request.engine,
                          compose_sections=lambda genre, bars, seed: sections_like(shape, genre, bars, seed),
                          cuts_for=lambda length_s: cuts_from(steering, length_s, heard.cues if heard else None),
                          mood_from=mood.music if mood is not None and mood.kind == "audio" else None)
            return made.model_copy(update={"engine": EngineChoice(id=request.engine, params=request.engine_params),
                                           "sound": SoundChoice(id=request.sound, params=request.sound_params)})

        if request.weird is not None and steering.whole is None:
            direction, strange = as_weird_as(request.weird, directed, request.prompt, heard.cues if heard else None)
            brief = brief.model_copy(update={"notes": (*brief.notes, strange)}) if strange else brief
        else:
            direction = directed(0.0 if steering.whole is not None and request.weird is None else request.weird)
        check_score_length(direction, heard, LONGEST_SCORE_S)
        if leaned := note_of(profile, brief, direction):
            brief = brief.model_copy(update={"notes": (*brief.notes, leaned)})
        if not steering.by_role:
            return direction, brief
        direction, used = steered(direction, steering)
        uses = tuple(use.model_copy(update={"used": tuple(f"{one.role}: {one.said}" for one in used
                                                          if one.number == k + 1)})
                     for k, use in enumerate(brief.references))
        notes = (*brief.notes, note) if note else brief.notes
        return direction, brief.model_copy(update={"references": uses, "notes": tuple(dict.fromkeys(notes))})

    def engine(self, choice: EngineChoice) -> tuple[Engine, EngineParams]:
        """The engine that is chosen, with its knobs read. Raises Unusable, Unavailable."""
        engine = self.registry.get(choice.id)
        try:
            return engine, engine.Params.model_validate(choice.params)
        except ValidationError as fault:
            first = fault.errors()[0]
            name = ".".join(map(str, first["loc"]))[:60]
            raise Unusable(f"Engine {engine.card.id} does not take {name} = {str(first['input'])[:60]!r}: "
                           f"{first['msg'][:1].lower()}{first['msg'][1:]}.") from None

    def plan(self, request: Request, emit: Emit, stop: Flag | None = None) -> Plan:
        """Request to Direction, nothing rendered. Raises Unusable."""
        request, notes = checked(request)
        flag = stop or Flag()
        referred = self.perceive(request, emit, flag)
        emit(Progress("plan", 0, 1, "steps"))
        brief = self.interpret(request, referred, flag)
        heard = self.heard(referred, brief, flag)
        direction, brief = self.direct(request, brief, heard, referred)
        emit(Progress("plan", 1, 1, "steps"))
        return Plan(brief, direction, heard, notes + referred.notes + brief.notes)

    def render(self, direction: Direction, brief: Brief, heard: Heard | None, referred: Referred, *,
               parent: str | None, reason: str, request: dict[str, Any], emit: Emit, stop: Flag,
               parents: tuple[str, ...] | None = None, job_id: str = "") -> Take:
        """One take of a Direction, published whole or not at all. parents: all that it comes from, where they are
        several; job_id: by what `Store.take_of` finds it again. Raises Stopped, Unavailable, Unusable, OSError."""
        from agent.segment_joins import joins
        from agent.unroll import unroll
        from modalities.agreement import agreement

        started = time.monotonic()
        engine, params = self.engine(direction.engine)
        chosen(SoundWish(direction.sound.id, direction.sound.params))
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
                      heard.cues if heard else None, params, direction.seed, folder, stop, _brushes(direction),
                      self.store.segments_dir, joins(direction), drawn_titles(direction),
                      _script(direction, brief, referred), SoundWish(direction.sound.id, direction.sound.params),
                      document=direction.model_dump(mode="json"))
            reused_share = share_there(job, engine)
            expected = priced(estimate(direction, engine.card.id, self.store, reused_share), engine, direction)
            if self.cap is not None:
                self.cap.check(expected, direction, int(request.get("takes", 1)))
            if reused_share > 0.0:
                emit(Progress("reuse", round(reused_share * len(world.state)), len(world.state), "frames"))
            emit = with_time_left(emit, expected, started)
            begun = time.monotonic()
            rendered = engine.run(job, emit)
            render_s = round(time.monotonic() - begun, 3)
            for stray in folder.glob(".preview*"):
                stray.unlink()
            achieved = _achieved(steering_of(referred.seen, brief), direction, world, rendered.video, stop)
            achieved |= agreement(job.script, rendered.video, rendered.audio, direction.grid.fps, stop)
            sidecar = {
                "format": "beecam-take/1", "parent": parent, "job": job_id,
                "parents": list(parents or ([parent] if parent else [])), "reason": reason, "engine": engine.card.id,
                "seed": direction.seed, "duration_s": rendered.duration_s,
                "wall_s": round(time.monotonic() - started, 3), "measured": rendered.measured | achieved,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "request": request,
                "brief": brief.model_dump(mode="json"), "estimated": expected.as_json(),
                "rendering": record(direction, engine.card.id, rendered.spent, render_s),
                "versions": {"engine": engine.card.version} | _versions(),
            }
            take = self.store.publish(folder, sidecar, direction.model_dump(mode="json"), panel)
        if self.taught is not None and take.parents:
            self.taught((take.id, *take.parents))
        return take

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


def _achieved(steering: Steering, direction: Direction, world: World, video: Path, stop: Flag) -> dict[str, float]:
    """What a take came to against its references; a film that was made again is seen as its model was."""
    from agent.steer_report import measured_against

    found = measured_against(steering, direction, world, video)
    if steering.whole is None or steering.whole.film is None:
        return found
    from agent.recreate import agreement
    from agent.steer import map_of
    from modalities.perceive.film import see_film

    made = see_film(video, stop=stop, listen=False)
    agreed = agreement(steering.whole.film, made, map_of(steering.whole, direction.duration_s, True))
    return found | {f"recreate.{name}": value for name, value in agreed.items()}


def _brushes(direction: Direction) -> dict[int, tuple[Brush, ...]]:
    """The motion brushes of every shot that has some, as the engines take them."""
    return {number: tuple(Brush(b.region, b.direction, b.softness, b.start, b.end) for b in shot.brushes)
            for number, shot in enumerate(direction.shots) if shot.brushes}


def _script(direction: Direction, brief: Brief, referred: Referred) -> Script:
    """The film in words, with the creator's own pictures and film where their content is to be kept."""
    from agent.script import script_of

    kept = [one for one in referred.seen if "content" in one.roles]
    film = next((one for one in kept if one.kind == "film"), None)
    guides = film is not None and ("pacing" in film.roles or steering_of(referred.seen, brief).whole is film)
    return script_of(direction, brief, [one.path for one in kept if one.kind == "image"], film.path if film else None,
                     guides)


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
