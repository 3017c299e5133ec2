"""What an idea is made of: the facts of the take it starts from, and the moves that lead away from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from agent.direction import Direction, Shot
from agent.director_words import body_words, setting_word
from agent.edits import Patch
from agent.taste import key_shot
from agent.unroll_spans import spans_s
from world_model.vocabulary import MEDIUM

Document = dict[str, Any]
Apply = Callable[[Document, "Scene", int], None]
Fits = Callable[["Scene"], bool]
Gene = Literal["viewpoint", "carried", "scale", "physics", "rhythm", "style", "world", "light", "story"]
GENES: tuple[Gene, ...] = ("viewpoint", "carried", "scale", "physics", "rhythm", "style", "world", "light", "story")
# Where in the film a move holds: all through, or from the key shot on.
Scope = Literal["all", "from"]
LEAST_KEY = 0.66
MOST_IDEAS = 8


@dataclass(frozen=True)
class Scene:
    """What the moves need to know of a take: its subject (None where there is nobody) and its slot in each shot."""

    direction: Direction
    body: str | None
    kind: str | None
    size_m: float
    count: int
    slots: tuple[int | None, ...]
    key: int
    place: str
    hour_h: float
    look: str
    musical: bool

    @property
    def medium(self) -> str:
        return MEDIUM.get(self.kind or "", "place")

    @property
    def who(self) -> str:
        """The subject in words, without an article: "fox", "birds"; "place" words where there is nobody."""
        shot = self.direction.shots[self.key]
        slot = self.slots[self.key]
        if slot is None:
            slot, shot = next(((s, one) for s, one in zip(self.slots, self.direction.shots, strict=True)
                               if s is not None), (None, shot))
        if slot is None:
            return self.where
        words = shot.world.bodies[slot].shown_as or body_words(shot.world.bodies[slot])
        return words.removeprefix("a ").removeprefix("an ").removeprefix("the ")

    @property
    def where(self) -> str:
        return setting_word(self.direction.shots[self.key].world.place)


def scene_of(direction: Direction) -> Scene:
    """The facts of a Direction. The subject is the body the camera looks at for most of the film."""
    spans = spans_s(direction)
    held: dict[str, float] = {}
    for shot, (start_s, end_s) in zip(direction.shots, spans, strict=True):
        wanted = shot.camera.target or next((body.id for body in shot.world.bodies), None)
        if wanted is not None:
            held[wanted] = held.get(wanted, 0.0) + end_s - start_s
    body = max(held, key=lambda name: held[name]) if held else None
    slots = tuple(_slot(shot, body) for shot in direction.shots)
    key = key_shot(spans)
    if key is None or slots[key] is None:
        shown = [k for k, slot in enumerate(slots) if slot is not None] or list(range(len(slots)))
        aim_s = LEAST_KEY * direction.duration_s
        key = min(shown, key=lambda k: (abs(0.5 * sum(spans[k]) - aim_s), k))
    shot = direction.shots[key]
    one = None if slots[key] is None else shot.world.bodies[slots[key] or 0]
    place = max(shot.world.place, key=lambda name: shot.world.place[name])
    return Scene(direction, body, one.kind if one else None, one.size_m if one else 1.0, one.count if one else 1, slots,
                 key, place, shot.world.light.time_h, shot.world.look,
                 direction.score is not None or direction.music.source.startswith("ref:"))


def _slot(shot: Shot, body: str | None) -> int | None:
    return next((k for k, one in enumerate(shot.world.bodies) if one.id == body), None)


def _always(scene: Scene) -> bool:
    return True


@dataclass(frozen=True)
class Move:
    """One thing an idea changes. heads: ways to say it as a title; tail: as the end of another's title; why: the reason
    it may work, a clause. {who} and {where} are filled in. apply(document, scene, shot) writes one shot; `whole` moves
    are applied once, with the first shot's number. turned: what moves over the length of the shot."""

    name: str
    gene: Gene
    heads: tuple[str, ...]
    tail: str
    why: str
    apply: Apply
    fits: Fits = _always
    whole: bool = False
    turned: bool = False


@dataclass(frozen=True)
class Made:
    """An idea before it is measured: its moves, where they hold, and the Direction they lead to."""

    moves: tuple[Move, ...]
    scope: Scope
    direction: Direction


@dataclass(frozen=True)
class Idea:
    """A proposal: direction is the take's with `patch` applied. distance: from everything tried, 0 the same, about 1
    as far as two films of different subjects. surprise_bits: a step above what is typical of the words. coherence in
    [0, 1]. preview: a moving thumbnail, None where none was asked for."""

    title: str
    why: str
    direction: Direction
    patch: Patch
    distance: float
    surprise_bits: float
    coherence: float
    genes: tuple[str, ...]
    preview: Path | None = None
