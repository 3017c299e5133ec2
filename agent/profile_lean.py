"""Where a Brief is open, and how a taste leans there: one trait of the axis `taste`, with the counts it rests on.

What was said, guessed from a mood, or given by a reference stays as it is. Each seed draws from what is known of the
taste (Thompson sampling, held in): several films of one Brief are not all alike, and less so the surer the taste.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from agent.brief import Brief, Trait
from agent.direction import Direction
from agent.profile import Profile
from agent.profile_axes import LINEAR, NAMED, NUMBERS, features
from agent.profile_choices import AXIS
from agent.profile_fit import Taste, best_z
from agent.profile_words import Liking, likings

# A guess from a mood that is at least this sure leaves an axis no longer open.
GUESSED = 0.3
# A weight counts when its sign is at least this sure; what a seed adds to it, in its spreads.
SURE, DRAWN = 0.65, 0.6
# A film shows what it leans to when that fills this share of it.
SHOWN = 0.3
MOST_SAID = 5
NOTE = "Left open, so it leans to your taste: "
CLOSED_BY: dict[str, frozenset[str]] = {
    "setting": frozenset(("setting", "heading")), "look": frozenset(("look", "style")),
    "palette": frozenset(("palette", "colour")), "weather": frozenset(("weather",)),
    "body": frozenset(("body", "nobody")), "camera": frozenset(("camera",)),
    "genre": frozenset(("genre", "music", "sound", "instrument", "instruments")),
    "camera_speed": frozenset(("speed",)), "cut_rate": frozenset(("pacing", "shots")),
    "colour": frozenset(("palette", "colour")), "tempo": frozenset(("tempo_bpm", "music", "sound")),
    "hour": frozenset(("light", "time_h"))}
# What a reference decides by the job it has.
GIVEN: dict[str, frozenset[str]] = {
    "content": frozenset(("setting", "body", "weather", "hour", "look", "palette", "colour")),
    "style": frozenset(("look", "palette", "colour")), "palette": frozenset(("palette", "colour")),
    "camera": frozenset(("camera", "camera_speed")), "pacing": frozenset(("cut_rate",)),
    "rhythm": frozenset(("tempo", "genre", "cut_rate")), "structure": frozenset(("tempo", "genre", "cut_rate")),
    "layout": frozenset(("setting", "body")), "mood": frozenset(("hour", "palette", "colour", "genre")),
    "timbre": frozenset(("genre",))}


def open_axes(brief: Brief, played: bool = False) -> frozenset[str]:
    """The axes of taste on which a Brief (and a recording that is played) says nothing."""
    said = {trait.axis for trait in brief.traits if not trait.negated and trait.confidence >= GUESSED}
    said |= {"nobody" for trait in brief.traits if trait.axis == "nobody"}
    given = {axis for use in brief.references for role in use.roles for axis in GIVEN.get(role, frozenset())}
    given |= {"genre", "tempo", "cut_rate"} if played else set()
    return frozenset(axis for axis, by in CLOSED_BY.items() if not by & said and axis not in given)


def without_taste(brief: Brief) -> Brief:
    """The Brief without what an earlier taste had put into it."""
    kept = tuple(trait for trait in brief.traits if trait.axis != AXIS)
    notes = tuple(note for note in brief.notes if not note.startswith(NOTE))
    same = (kept, notes) == (brief.traits, brief.notes)
    return brief if same else brief.model_copy(update={"traits": kept, "notes": notes})


def with_taste(brief: Brief, profile: Profile | None, seed: int, played: bool = False) -> Brief:
    """The Brief with what leans, in the axes that it leaves open. Without a profile, with an empty one, or with taste
    switched off it is as it was."""
    brief = without_taste(brief)
    if profile is None or not profile.leans:
        return brief
    free, taste = open_axes(brief, played), profile.taste
    value = {axis: found for axis in CLOSED_BY if axis in free and (found := _leaning(taste, axis, seed))}
    if not value:
        return brief
    known = [one for one in likings(profile) if one.axis in value and one.weight > 0]
    because = "; ".join(one.said for one in known[:MOST_SAID]) or "what you choose"
    trait = Trait(axis=AXIS, value=value, because=f"your taste: {because}", confidence=0.45)
    return brief.model_copy(update={"traits": (*brief.traits, trait)})


def note_of(profile: Profile | None, brief: Brief, direction: Direction) -> str:
    """One sentence on where the film in fact leans to the taste; empty where it does not."""
    value = next((trait.value for trait in brief.traits if trait.axis == AXIS), None)
    if profile is None or not isinstance(value, dict):
        return ""
    found = features(direction)
    first: dict[str, Liking] = {}
    for one in likings(profile):
        if one.axis in value and one.weight > 0 and (one.set or one.sure >= SURE) and _shows(one, found):
            first.setdefault(one.axis, one)
    said = [one.said for one in first.values()]
    more = f" and {len(said) - MOST_SAID} more" if len(said) > MOST_SAID else ""
    return f"{NOTE}{', '.join(said[:MOST_SAID])}{more}." if said else ""


def _shows(one: Liking, found: dict[str, float]) -> bool:
    if one.axis in NAMED:
        return found.get(f"{one.axis} {one.value}", 0.0) >= SHOWN
    if one.axis in NUMBERS:
        return one.z * found.get(f"{one.axis} {LINEAR}", 0.0) > 0.1
    return True


def _leaning(taste: Taste, axis: str, seed: int) -> dict[str, float]:
    """What leans on one axis, with what this seed draws."""
    pick = random.Random(f"taste {seed} {axis}")
    if axis in NAMED:
        found = {name: taste.mean.get(f"{axis} {name}", 0.0) + DRAWN * taste.spread.get(f"{axis} {name}", 0.0)
                 * pick.gauss(0.0, 1.0) for name in NAMED[axis]}
        return {name: round(worth, 3) for name, worth in found.items() if taste.sure(f"{axis} {name}") >= SURE}
    if axis in NUMBERS:
        sure = taste.sure(f"{axis} {LINEAR}")
        z = best_z(taste, axis) * (2.0 * sure - 1.0)
        return {"z": round(z, 3)} if sure >= SURE and abs(z) >= 0.1 else {}
    if max(taste.sure("hour cos"), taste.sure("hour sin")) < SURE:
        return {}
    return {name: round(taste.mean.get(f"hour {name}", 0.0), 3) for name in ("cos", "sin")}


def leaned_axes(brief: Brief) -> tuple[str, ...]:
    """The axes on which a Brief leans to a taste."""
    return tuple(axis for trait in brief.traits if trait.axis == AXIS and isinstance(trait.value, dict)
                 for axis in trait.value)


def ordered(seeds: Sequence[int], worth: Collection[float]) -> tuple[int, ...]:
    """Seeds, the one that is worth most first; as they were among equals."""
    return tuple(seed for seed, _ in sorted(zip(seeds, worth, strict=True), key=lambda pair: -pair[1]))


__all__ = ["leaned_axes", "note_of", "open_axes", "ordered", "with_taste", "without_taste"]
