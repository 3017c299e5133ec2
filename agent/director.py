"""The director: from what was understood (and what was heard) to a Direction that can be rolled out.

Pure and deterministic: the same Brief, cues and options give the same Direction, on any machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, cast

from agent.brief import Brief
from agent.couplings import links_for, said
from agent.direction import Body, Direction, EngineChoice, Grid, Music, Purpose, Shot, ShotWorld
from agent.director_camera import cameras_of, purposes_of, scales_of
from agent.director_cast import bodies_of, body_of, empty_shots, living
from agent.director_curves import with_transitions
from agent.director_cuts import slots_at, slots_for
from agent.director_looks import Base, answered, at_home, base_of, over_step, world_at
from agent.director_score import Composer, genre_for, music_of, score_for, stretches_of
from agent.director_shore import on_shore
from agent.director_track import bar_lines, music_of_track, sections_heard, with_steps
from agent.director_weird import strange
from agent.director_wishes import Wish, Wishes, submerged, wishes_of
from agent.director_words import explained, title_of
from agent.pacing import GENRE_FEEL, BarGrid, Feel, Slot, Stretch, feel_of_track, shifted
from agent.profile_choices import pacing_of
from agent.story_filming import on_bars, one_stretch_each, same_places, side_by_side, story_purposes, told
from agent.taste import family_of
from agent.titles import titles_for
from modalities.cues import MusicCues
from modalities.engine import Unusable
from world_model.clock import TimeGrid
from world_model.score import ScoreSpec
from world_model.vocabulary import STYLES

CutsFor = Callable[[float], Sequence[float] | None]
DEFAULT_S = 16.0
# What follows the last moment that was named in seconds.
AFTER_S = 6.0
LONGEST_S = 3 * 3600.0
DEFAULT_SIZE_PX = (768, 432)


def direct(brief: Brief, music: MusicCues | None, *, music_ref: str | None = None, duration_s: float | None = None,
           size_px: tuple[int, int] | None = None, fps: int = 24, seed: int = 0, weird: float | None = None,
           engine: str = "sim", compose_sections: Composer | None = None,
           cuts_for: CutsFor | None = None, mood_from: MusicCues | Literal["track"] | None = "track") -> Direction:
    """The Direction of a Brief and, when there is one, a track.

    music_ref is the track's source, "ref:<sha256>". Options win over the Brief, the Brief over defaults (the track's
    length, else 16 s; 768x432; 24 frames/s; weird 0.15). compose_sections(genre, bars, seed) may give the sections of
    our own score; they are used when their bars sum to `bars`. cuts_for(duration_s) gives the cuts of a reference, in
    seconds, or None; mood_from is the music whose mood is followed where the words name none. Raises Unusable for a
    duration that is not a positive number of at most three hours, and for fps outside 1 to 120.
    """
    wishes = wishes_of(brief)
    wishes = replace(wishes, whole=submerged(wishes.whole))
    length_s = _length(duration_s, wishes, music)
    frames = wishes.fps if fps == 24 and wishes.fps else fps
    if not 1 <= frames <= 120:
        raise Unusable(f"fps must be from 1 to 120, not {frames}.")
    dial = weird if weird is not None else wishes.weird if wishes.weird is not None else 0.15
    base = base_of(wishes, music if mood_from == "track" else mood_from, seed)
    clock, score, stretches, feel = _timing(wishes, base, music, music_ref, length_s, seed, compose_sections)
    metred = music is None or feel != "free"
    grid = BarGrid(clock.downbeats_s) if metred else None
    if metred:
        wishes = replace(wishes, steps=on_bars(wishes.steps, clock.downbeats_s, length_s))
    stretches = one_stretch_each(with_steps(stretches, wishes.steps, length_s), wishes.steps)
    cuts_s = cuts_for(length_s) if cuts_for is not None else None
    stretches, slots = slots_for(stretches, grid, feel, length_s, seed, music, wishes.shots) if cuts_s is None \
        else slots_at(stretches, cuts_s, grid, length_s, music)
    silent = music.silent if music is not None else False
    shots = _shots(wishes, base, stretches, slots, feel, length_s, seed)
    shots = strange(shots, wishes.anywhere, min(1.0, max(0.0, dial)), seed, purposes_of(slots, stretches)[1])
    shots = on_shore(shots, seed % 2**31)
    settings = {name for shot in shots for name, share in shot.world.place.items() if share >= 0.3}
    grey = all(shot.world.palette.name == "mono" or STYLES[shot.world.look].get("saturation") == 0 for shot in shots)
    links = links_for(feel, "noir" if grey else family_of(base.look), shots, silent, settings)
    title = wishes.title or title_of(brief.goal, shots, music is not None)
    titles = titles_for(brief, title, shots, [(slot.start_s, slot.end_s) for slot in slots],
                        [stretches[slot.stretch].part for slot in slots])
    return Direction(title=title, titles=titles, seed=seed % 2**31, duration_s=length_s,
                     reason=brief.goal[:200], author="agent", size_px=size_px or wishes.size_px or DEFAULT_SIZE_PX,
                     grid=Grid(fps=frames, steps_per_s=TimeGrid.for_fps(frames, most_steps_per_s=4).steps_per_s),
                     music=clock, shots=shots, links=links, score=score, weird=min(1.0, max(0.0, dial)),
                     engine=EngineChoice(id=engine))


def explain(direction: Direction) -> str:
    """One or two plain sentences: what film, how many shots, which look, what drives what."""
    return explained(direction, said(direction.links))


def _length(asked_s: float | None, wishes: Wishes, music: MusicCues | None) -> float:
    """The film's length in seconds: option, words, track, default, in that order."""
    heard_s = music.duration_s if music is not None and math.isfinite(music.duration_s) else 0.0
    if asked_s is not None:
        if not math.isfinite(asked_s) or not 0 < asked_s <= LONGEST_S:
            raise Unusable(f"duration must be more than 0 and at most {LONGEST_S:.0f} seconds, not {asked_s:g}.")
        return float(asked_s)
    # A film without a length of its own is long enough for every moment that was named.
    length_s = wishes.duration_s or (heard_s if heard_s > 0 else max(DEFAULT_S, wishes.latest_s + AFTER_S))
    return min(LONGEST_S, max(0.1, float(length_s)))


def _timing(wishes: Wishes, base: Base, music: MusicCues | None, source: str | None, length_s: float, seed: int,
            compose_sections: Composer | None) -> tuple[Music, ScoreSpec | None, tuple[Stretch, ...], Feel]:
    """The musical clock, our own score when there is no track, the sections in seconds, and the pacing they ask for."""
    if music is not None:
        heard = sections_heard(music, length_s)
        clock = music_of_track(music, source or "ref:track", heard, bar_lines(music, min(length_s, music.duration_s)))
        feel = feel_of_track(music)
        if wishes.genre and feel != "free":
            feel = GENRE_FEEL[wishes.genre]
        return clock, None, heard, shifted(feel, wishes.pacing or pacing_of(wishes.leans))
    kinds = [body.kind for body in wishes.at_step(len(wishes.steps) - 1).bodies]
    settings = [name for name, share in base.place if share >= 0.25]
    score = score_for(wishes, base.look, settings, kinds, length_s, seed, compose_sections)
    clock = music_of(score, length_s)
    feel = GENRE_FEEL[genre_for(wishes, base.look, settings, kinds)]
    return clock, score, stretches_of(clock, length_s), shifted(feel, wishes.pacing or pacing_of(wishes.leans))


def _shots(wishes: Wishes, base: Base, stretches: Sequence[Stretch], slots: Sequence[Slot], feel: Feel,
           length_s: float, seed: int) -> tuple[Shot, ...]:
    """Worlds, bodies and cameras for the slots, and the curves that lead from one step of a story to the next."""
    within = [wishes.within(stretches[slot.stretch].part) for slot in slots]
    steps = [replace(at_home(over_step(mine, stretches[slot.stretch].part), base, mine.banned["setting"]),
                     banned=mine.banned)
             for slot, mine in zip(slots, within, strict=True)]
    purposes = story_purposes(slots, stretches, steps, purposes_of(slots, stretches)[0])
    numbers = _look_numbers(stretches)
    order = list(dict.fromkeys(numbers[slot.stretch] for slot in slots))
    loudest = max(range(len(stretches)), key=lambda k: (stretches[k].energy, -k))
    worlds: list[ShotWorld] = []
    seen: dict[int, int] = {}
    for k, slot in enumerate(slots):
        number = numbers[slot.stretch]
        seen[number] = seen.get(number, -1) + 1
        on_way = _on_way(order.index(number), len(order), k, len(slots))
        worlds.append(world_at(base, within[k], steps[k], stretches[slot.stretch], slot, number, seen[number], on_way,
                               slot.stretch == loudest and len(stretches) > 2, length_s, seed))
    worlds = same_places(worlds, steps)
    if len(slots) > 2:
        same = steps[0].place == steps[-1].place or not wishes.steps
        worlds[-1] = answered(worlds[0], worlds[-1], same and worlds[0].look == worlds[-1].look)
    casts = _casts(within, steps, purposes, slots, worlds, feel, seed)
    worlds = [world.model_copy(update={"bodies": cast}) for world, cast in zip(worlds, casts, strict=True)]
    scales = scales_of(purposes, steps, [cast[0].kind if cast else None for cast in casts], seed, wishes)
    cameras = cameras_of(slots, stretches, purposes, scales, [world.look for world in worlds],
                         [[name for name, share in world.place.items() if share >= 0.3] for world in worlds], casts,
                         steps, wishes, [world.weather.storm for world in worlds], seed)
    shots = [Shot(id=f"s{k + 1}", span=slot.span, section=stretches[slot.stretch].name, purpose=purposes[k],
                  cut=_cut(k, slots, stretches, feel, wishes), world=worlds[k], camera=cameras[k])
             for k, slot in enumerate(slots)]
    if told(wishes.steps):
        shots = side_by_side(shots)
    if wishes.ending == "fade":
        shots[-1] = shots[-1].model_copy(update={"ending": "fade"})
    return with_transitions(shots, wishes, [stretches[slot.stretch].part for slot in slots])


def _look_numbers(stretches: Sequence[Stretch]) -> list[int]:
    """A number per look: a label (within a step of the story) that comes back has the number it had."""
    seen: dict[tuple[str, int], int] = {}
    return [seen.setdefault((stretch.label, stretch.part), len(seen)) for stretch in stretches]


def _on_way(number: int, looks: int, k: int, count: int) -> float:
    """How far the light has come, [0, 1]: by look, with a little of the film's own clock; all the way at the end."""
    if k == count - 1 and count > 1:
        return 1.0
    by_look = number / max(1, looks)
    return 0.75 * by_look + 0.25 * k / max(1, count)


def _casts(within: Sequence[Wishes], steps: Sequence[Wish], purposes: Sequence[Purpose], slots: Sequence[Slot],
           worlds: Sequence[ShotWorld], feel: Feel, seed: int) -> list[tuple[Body, ...]]:
    """The bodies of every shot."""
    asked = any(step.bodies for step in steps)
    empty = empty_shots(purposes, asked, within[0].nobody and not asked)
    beat = feel in ("dance", "mid")
    casts: list[tuple[Body, ...]] = []
    for k, slot in enumerate(slots):
        cast: tuple[Body, ...] = ()
        if steps[k].nobody and not steps[k].bodies:
            pass
        elif steps[k].bodies and (k not in empty or steps[k].scene):
            cast = bodies_of(steps[k], slot.energy, beat)
        elif k not in empty and not asked:
            weather = worlds[k].weather
            rough = max(weather.rain, weather.storm, weather.snow, weather.dust) > 0.5
            guest = living(worlds[k].place, worlds[k].light.time_h, within[k], seed, rough)
            cast = (body_of(guest.kind, guest, slot.energy, beat),) if guest else ()
        casts.append(cast)
    return casts


def _cut(k: int, slots: Sequence[Slot], stretches: Sequence[Stretch], feel: Feel,
         wishes: Wishes) -> Literal["hard", "dissolve", "fade"]:
    """How a shot begins: as its step was asked to, else cut for energy, dissolve for time in quiet music."""
    step, before = stretches[slots[k].stretch].part, stretches[slots[k - 1].stretch].part if k else None
    asked = wishes.steps[step].transition if step != before and 0 <= step < len(wishes.steps) else None
    if k == 0:
        return "fade" if asked == "fade" else "hard"
    if asked is not None and (before is None or step > before):
        return cast(Literal["hard", "dissolve", "fade"], asked)
    slot = slots[k]
    room = min(slot.end_s - slot.start_s, slots[k - 1].end_s - slots[k - 1].start_s) >= 2.5
    quiet = slot.energy < 0.4 and feel in ("ambient", "ballad", "free")
    turns = slot.index == 0 and stretches[slot.stretch].name in ("break", "bridge", "outro") and slot.energy < 0.5
    return "dissolve" if room and (quiet or turns) else "hard"

