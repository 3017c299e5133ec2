"""The Brief read into wishes a director can act on: for the whole film and for each step of a sequence.

Whatever cannot be read is left out: a director who does not understand a note still makes the film.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from agent.brief import Brief, Trait
from agent.direction import Purpose
from agent.director_bans import NOBODY, Banned, banned_in, joined
from agent.director_read import LCH, BodyWish, body_in, colour_in, mood_in, name_in, number, place_in
from agent.director_tables import INSTRUMENTS, WEATHER_MOODS
from agent.profile_choices import Leans, leans_of
from world_model.score import SILENT
from world_model.vocabulary import (
    CAMERA_MOVES,
    GAITS,
    GENRES,
    LIGHTS,
    MEDIUM,
    PALETTE_ROLES,
    PALETTES,
    SCALES,
    STYLES,
    WEATHERS,
)

# Flowers stand in a meadow; the meadow itself stays what it is. (Lavender and heather cover the ground.)
FLOWERS = re.compile(r"\b(popp(y|ies)|roses?|tulips?|dais(y|ies)|sunflowers?|cornflowers?|peon(y|ies)|"
                     r"orchids?|lil(y|ies)|dandelions?|marigolds?|flowers?|blossoms?)\b", re.I)
SECTION_WORDS = {"drop": "drop", "chorus": "chorus", "refrain": "chorus", "verse": "verse", "build": "build",
                 "build-up": "build", "buildup": "build", "break": "break", "breakdown": "break", "bridge": "bridge",
                 "intro": "intro", "start": "intro", "beginning": "intro", "opening": "intro", "outro": "outro",
                 "end": "outro", "ending": "outro", "finale": "peak", "middle": "middle", "halfway": "middle",
                 "second half": "middle", "build up": "build", "beat drop": "drop", "hook": "chorus", "climax": "peak",
                 "peak": "peak", "solo": "bridge", "first half": "intro", "last third": "late"}
# A trait at least this sure was said; a weaker one was guessed from a mood, and only leans.
SAID = 0.5
# A guess from a mood names a colour or a light at most when it is at least this sure; it never sets the camera.
HINTED = 0.3


@dataclass(frozen=True)
class Wish:
    """What one step of the film (or the whole of it) should be; None and empty mean nothing was said."""

    place: tuple[tuple[str, float], ...] = ()
    bodies: tuple[BodyWish, ...] = ()
    light: str | None = None
    time_h: float | None = None
    weathers: tuple[str, ...] = ()
    palette: str | None = None
    look: str | None = None
    camera: str | None = None
    scale: str | None = None
    energy: float | None = None
    moods: tuple[tuple[float, float], ...] = ()
    colours: tuple[tuple[str, LCH], ...] = ()
    at: str | None = None
    lens_mm: float | None = None
    strength: tuple[tuple[str, float], ...] = ()
    firm: frozenset[str] = frozenset()
    gait: str | None = None
    camera_speed: float | None = None
    start_s: float | None = None
    length_s: float | None = None
    # Of its own step alone: which section of the name begins it (-1: the last) and whether it begins as that one ends;
    # when it is over; how it begins; what is absent, and whether everybody is;
    # scene: a shot of a screenplay or a beat of a story; purpose, place_number, soft (it may begin on the next bar
    # line): of a beat.
    nth: int | None = None
    after: bool = False
    end_s: float | None = None
    transition: str | None = None
    banned: Banned = field(default_factory=dict[str, frozenset[str]])
    nobody: bool = False
    scene: bool = False
    purpose: Purpose | None = None
    place_number: int | None = None
    soft: bool = False


OPEN_WATER = frozenset(("ocean", "lake", "islands", "underwater"))


def submerged(wish: Wish) -> Wish:
    """Fish, whales and jellyfish in the ocean or a lake are seen where they live: under the water."""
    swims = bool(wish.bodies) and all(MEDIUM[body.kind] == "water" for body in wish.bodies)
    if swims and wish.place and all(name in OPEN_WATER for name, _ in wish.place):
        return replace(wish, place=(("underwater", 1.0),))
    return wish


@dataclass(frozen=True)
class Wishes:
    """The whole Brief. banned: axis to the names that must be absent; nobody: no bodies at all; leans: where the
    creator's taste leans in what is left open."""

    whole: Wish
    steps: tuple[Wish, ...]
    banned: Mapping[str, frozenset[str]]
    nobody: bool
    goal: str
    genre: str | None
    tempo_bpm: float | None
    duration_s: float | None
    fps: int | None
    size_px: tuple[int, int] | None
    weird: float | None
    pacing: str | None
    music_off: bool
    shots: int | None
    minor: bool | None
    leanings: tuple[str, ...] = ()
    instruments: tuple[tuple[str, str], ...] = ()
    sound_off: bool = False
    title: str | None = None
    ending: str | None = None
    leans: Leans = field(default_factory=dict[str, dict[str, float]])

    def within(self, step: int) -> Wishes:
        """The wishes as they hold in a step: what is refused in it is refused beside what the film refuses."""
        own = self.steps[step].banned if 0 <= step < len(self.steps) else {}
        return replace(self, banned=joined(self.banned, own)) if own else self

    @property
    def anywhere(self) -> Wishes:
        """The wishes with whatever is refused in any step refused throughout."""
        banned = self.banned
        for step in self.steps:
            banned = joined(banned, step.banned)
        return replace(self, banned=banned)

    @property
    def latest_s(self) -> float:
        """The latest moment that was given in seconds; 0 where none was."""
        return max((time_s for step in self.steps for time_s in (step.start_s, step.end_s) if time_s), default=0.0)

    def at_step(self, step: int) -> Wish:
        """What holds in step `step`: what it says itself, else what an earlier step (one that is not over) or the whole
        film said."""
        # A place that is first named in a later step ("from day to night in the desert") is where it all happens.
        places = [said.place for said in self.steps if said.place]
        wish = self.whole if self.whole.place or not places else replace(self.whole, place=places[0])
        for at, said in enumerate(self.steps[:step + 1]):
            if said.scene:
                # How one shot of a screenplay is filmed says nothing of the next.
                wish = replace(wish, camera=self.whole.camera, scale=self.whole.scale, colours=self.whole.colours)
            if at == step or said.end_s is None or not said.start_s:
                wish = over(wish, said)
        return submerged(wish)

    @property
    def mood(self) -> tuple[float, float]:
        """Mean (valence, arousal) of the mood words in [-1, 1]; zeros when there are none."""
        wishes = (self.whole, *self.steps)
        moods = [mood for wish in wishes for mood in wish.moods]
        moods += [WEATHER_MOODS[name] for wish in wishes for name in wish.weathers
                  if name in WEATHER_MOODS and "weather" in wish.firm]
        if not moods:
            return 0.0, 0.0
        return sum(m[0] for m in moods) / len(moods), sum(m[1] for m in moods) / len(moods)


OWN = ("at", "start_s", "length_s", "nth", "after", "end_s", "transition", "banned", "scene", "purpose",
       "place_number", "soft")
# How a step may begin, as it is filmed.
TRANSITIONS = {"cut": "hard", "smash cut": "hard", "match cut": "hard", "jump cut": "hard", "hard cut": "hard",
               "hard": "hard", "dissolve": "dissolve", "wipe": "dissolve", "fade": "fade"}


def over(under: Wish, said: Wish) -> Wish:
    """`said` where it says something, else `under`. A light said later replaces the hour said before."""
    changes = {name: value for name, value in vars(said).items() if value not in (None, (), frozenset())
               and name not in OWN}
    if "light" in changes and "time_h" not in changes:
        changes["time_h"] = None
    if "time_h" in changes and "light" not in changes:
        changes["light"] = None
    # When a step begins and how long it lasts is its own affair.
    changes.update({name: getattr(said, name) for name in OWN})
    if said.nobody:
        changes.update({"nobody": True, "bodies": said.bodies})
    else:
        changes["nobody"] = under.nobody and not said.bodies
    changes["firm"] = under.firm | said.firm
    if "weathers" in changes:
        changes["strength"] = said.strength
    return replace(under, **changes)


def _said(traits: list[Trait]) -> Wish:
    """One step's traits, the surest of rivals winning."""
    wish = Wish()
    places: list[tuple[float, tuple[tuple[str, float], ...]]] = []
    bodies: list[BodyWish] = []
    for trait in sorted(traits, key=lambda trait: trait.confidence):
        axis, value = trait.axis, trait.value
        if trait.confidence < SAID and (axis in ("camera", "scale", "lens", "lens_mm")
                                        or (axis == "palette" and trait.confidence < HINTED)):
            # A mood may lean a whole film somewhere, but it must not film every shot in one way.
            continue
        if trait.confidence >= SAID:
            wish = replace(wish, firm=wish.firm | {axis})
        at = value.get("at") if isinstance(value, Mapping) else None
        if axis in ("at", "sequence") and isinstance(value, str):
            at = value
        if axis == "sequence" and isinstance(value, Mapping):
            nth = value.get("nth")
            wish = replace(wish, start_s=number(value.get("t_s"), 0, 3 * 3600), after=value.get("after") is True,
                           end_s=number(value.get("until_s"), 0, 3 * 3600),
                           nth=nth if isinstance(nth, int) and not isinstance(nth, bool) else None,
                           soft=value.get("soft") is True)
        if axis == "transition" and isinstance(value, str):
            wish = replace(wish, transition=TRANSITIONS.get(value.strip().lower(), wish.transition))
        if axis == "purpose" and isinstance(value, str):
            wish = replace(wish, purpose=next((known for known in get_args(Purpose) if known == value), None))
        if axis == "place" and (place_number := number(value, 0, 999)) is not None:
            wish = replace(wish, place_number=round(place_number))
        if axis == "heading":
            # One scene of a screenplay follows another by a cut, if nothing else is written.
            wish = replace(wish, scene=True, transition=wish.transition or "hard")
        if axis == "duration_s" and trait.part is not None:
            wish = replace(wish, length_s=number(value, 0.1, 3 * 3600))
        if axis == "degree" and isinstance(value, Mapping) and value.get("axis") == "weather":
            of, amount = name_in(value.get("of"), WEATHERS), number(value.get("amount"), 0, 1)
            if of and amount is not None:
                wish = replace(wish, strength=(*wish.strength, (of, amount)))
        if isinstance(at, str) and at.strip().lower() in SECTION_WORDS:
            wish = replace(wish, at=SECTION_WORDS[at.strip().lower()])
        if axis == "setting" and (place := place_in(value)):
            places.append((trait.confidence, place))
        elif axis == "body" and (body := body_in(value)):
            bodies.insert(0, body)
        elif axis == "weather" and (weather := name_in(value, WEATHERS)):
            wish = replace(wish, weathers=tuple(dict.fromkeys((weather, *wish.weathers))))
            amount = next((number(value.get(key), 0, 1) for key in ("amount", "degree", "strength") if key in value),
                          None) if isinstance(value, Mapping) else None
            if amount is None and trait.confidence < SAID:
                amount = 0.0
            if amount is not None:
                wish = replace(wish, strength=(*wish.strength, (weather, amount)))
        elif axis == "mood" and (mood := mood_in(value)):
            wish = replace(wish, moods=(*wish.moods, mood))
        elif axis == "colour" and (colour := colour_in(value)):
            role = str(value.get("role", "")) if isinstance(value, Mapping) else ""
            role = role if role in PALETTE_ROLES or role in ("dominant", "subject") else ""
            if FLOWERS.search(trait.because) and role in ("", "dominant", "ground", "growth"):
                role = "accent"
            wish = replace(wish, colours=(*wish.colours, (role, colour)))
        else:
            wish = replace(wish, **_plain(axis, value))
    if places:
        # Several places said apart share the film's ground by how sure each is.
        mixed: dict[str, float] = {}
        for confidence, place in reversed(places):
            for name, weight in place:
                mixed[name] = mixed.get(name, 0.0) + weight * max(0.05, confidence)
        total = sum(mixed.values())
        wish = replace(wish, place=tuple((name, weight / total) for name, weight in mixed.items()))
    merged: dict[str, BodyWish] = {}
    for body in bodies:
        merged.setdefault(f"{body.kind} {body.word}", body)
    cast = [body if body.gait or not wish.gait else replace(body, gait=wish.gait) for body in merged.values()]
    return replace(wish, bodies=tuple(cast[:6]))


def _placed(trait: Trait) -> Trait:
    """A trait of the sequence axis under the step it speaks of."""
    part = trait.value.get("part") if trait.axis == "sequence" and isinstance(trait.value, Mapping) else None
    return trait.model_copy(update={"part": part}) if isinstance(part, int) and not isinstance(part, bool) else trait


def _plain(axis: str, value: Any) -> dict[str, Any]:
    """The wishes that are a single name or number."""
    names: dict[str, Mapping[str, Any] | tuple[str, ...]] = {
        "light": LIGHTS, "palette": PALETTES, "look": STYLES, "style": STYLES, "camera": CAMERA_MOVES, "scale": SCALES}
    if axis in names:
        name = name_in(value, names[axis])
        if name is not None:
            return {"look" if axis == "style" else axis: name}
        if axis == "camera" and (scale := name_in(value, SCALES)):
            return {"scale": scale}
        return {}
    if axis == "time_h" and (hour := number(value, 0, 24)) is not None:
        return {"time_h": hour}
    if axis in ("lens", "lens_mm") and (lens := number(value, 8, 200)) is not None:
        return {"lens_mm": lens}
    if axis == "gait" and (gait := name_in(value, GAITS)):
        return {"gait": gait}
    if axis == "speed" and isinstance(value, Mapping) and value.get("of") == "camera":
        factor = number(value.get("factor"), 0.1, 3)
        return {"camera_speed": factor} if factor else {}
    if axis == "energy" and (energy := number(value, 0, 1)) is not None:
        return {"energy": energy}
    return {}


def _last(traits: list[Trait], axis: str) -> Any:
    """The surest value of an axis, negations aside."""
    rivals = [trait for trait in traits if trait.axis == axis and not trait.negated]
    return max(rivals, key=lambda trait: trait.confidence).value if rivals else None


def wishes_of(brief: Brief) -> Wishes:
    """Everything a Brief says that a director can use."""
    traits = list(brief.traits)
    # What is refused in a step is refused there alone.
    banned, nobody = banned_in([trait for trait in traits if trait.part is None])
    said = [_placed(trait) for trait in traits if not trait.negated]
    numbers = sorted({trait.part for trait in map(_placed, traits) if trait.part is not None})
    whole = _said([trait for trait in said if trait.part is None])
    steps = [_step([_placed(trait) for trait in traits if trait.part == part]) for part in numbers]
    steps = [step for step in steps if step != Wish()]
    banned = joined(banned, {})
    wanted = {body.kind for wish in (whole, *steps) for body in wish.bodies}
    nobody = (nobody or bool(NOBODY.search(brief.goal[:4000]))) and not wanted - banned["body"]
    size = _last(traits, "size_px")
    size_px = None
    if isinstance(size, list | tuple) and len(size) == 2:
        sides = [number(side, 16, 8192) for side in size]
        size_px = (round(sides[0]), round(sides[1])) if sides[0] and sides[1] else None
    fps, tempo = number(_last(traits, "fps"), 1, 120), number(_last(_sure(traits), "tempo_bpm"), 30, 240)
    pacing, mode = _last(traits, "pacing"), _last(traits, "key")
    count = 1.0 if pacing == "single" else number(_last(traits, "shots"), 1, 200)
    duration_s = number(_last([trait for trait in traits if trait.part is None], "duration_s"), 0.0, 3 * 3600)
    title = _last(traits, "title")
    weird = number(_last(_sure(traits), "weird"), 0, 1)
    if weird is None and (hint := number(_last(traits, "weird"), 0, 1)) is not None:
        weird = min(hint, 0.3)
    return Wishes(
        whole, tuple(steps), banned, nobody, brief.goal, name_in(_last(_sure(traits), "genre"), GENRES), tempo,
        duration_s or None, round(fps) if fps else None, size_px, weird,
        pacing if isinstance(pacing, str) and pacing in ("fast", "slow") else None, _off(traits, "music"),
        round(count) if count else None, _minor(mode),
        tuple(name for trait in said if trait.axis == "genre" and (name := name_in(trait.value, GENRES))),
        _players(said, brief.constraints), _off(traits, "sound"),
        title[:60] if isinstance(title, str) and title.strip() else None,
        _ending(said), leans_of(said))


def _step(traits: list[Trait]) -> Wish:
    """One step with what it refuses."""
    banned, nobody = banned_in(traits)
    return replace(_said([trait for trait in traits if not trait.negated]), banned=banned, nobody=nobody)


def _ending(said: list[Trait]) -> str | None:
    """How the film ends: "fade" or "hard"."""
    value = _last(said, "ending")
    return TRANSITIONS.get(value.strip().lower()) if isinstance(value, str) else None


def _sure(traits: list[Trait]) -> list[Trait]:
    return [trait for trait in traits if trait.confidence >= SAID]


def _off(traits: list[Trait], axis: str) -> bool:
    """Whether music or sound was switched off."""
    return any(trait.axis == axis and (trait.negated or trait.value is False
                                       or str(trait.value).lower() in ("off", "none", "silent")) for trait in traits)


def _minor(mode: Any) -> bool | None:
    if not isinstance(mode, str) or not re.search("minor|major", mode.lower()):
        return None
    return "minor" in mode.lower()


_SILENCED = re.compile(r"^(?:no|without|never|not)\b(?: any| the| more)? (drums?|percussion|bass|melody|beats?)\b"
                       r"(?! guitar)")
PARTS_NAMED = {"drum": "drums", "percussion": "drums", "beat": "drums", "beats": "drums"}


def _players(said: list[Trait], constraints: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Instruments that were named, as (part, player); parts that nobody should play, as (part, SILENT)."""
    found: dict[str, str] = {}
    for one in constraints:
        if part := _SILENCED.search(one.lower()):
            found[PARTS_NAMED.get(part[1], part[1])] = SILENT
    for trait in said:
        if trait.axis not in ("instrument", "instruments"):
            continue
        for value in trait.value if isinstance(trait.value, list | tuple) else [trait.value]:
            name = name_in(value, INSTRUMENTS)
            if name and not trait.negated:
                part, player = INSTRUMENTS[name]
                found.setdefault(part, player)
    return tuple(found.items())
