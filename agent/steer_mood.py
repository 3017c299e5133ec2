"""What references add to what is understood: where they seem to be and how they feel, as traits that only lean."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agent.brief import Brief, Trait
from agent.director_tables import MOODS
from agent.seen import Seen
from agent.steer_cast import PLACE_SHARES, place_of
from agent.steer_plan import Steering
from modalities.cues import PictureCues

GUESSED = 0.45  # a trait from a reference's content leans, it does not rule


def traits_from(steering: Steering, brief: Brief) -> tuple[Trait, ...]:
    """What references add to what is understood: place and mood, leaning, never against a word."""
    said = {trait.axis for trait in brief.traits if not trait.negated}
    out: list[Trait] = []
    lead = steering.lead("content")
    if lead is not None and lead.shots and "setting" not in said:
        total: dict[str, float] = {}
        for shot in lead.shots:
            for name, weight in place_of(shot.picture).items():
                total[name] = total.get(name, 0.0) + weight * max(shot.end_s - shot.start_s, 1e-3)
        best = sorted(((weight, name) for name, weight in total.items()), reverse=True)[:PLACE_SHARES]
        if best:
            share = sum(weight for weight, _ in best)
            out.append(Trait(axis="setting", value={name: round(weight / share, 3) for weight, name in best},
                             because=f"what {lead.name} shows", confidence=GUESSED, reference=lead.number))
    lead = steering.lead("mood")
    if lead is not None and lead is not steering.heard and "mood" not in said and (word := mood_word(lead)):
        out.append(Trait(axis="mood", value=word, because=f"the mood of {lead.name}", confidence=GUESSED,
                         reference=lead.number))
    return tuple(out)


def mood_word(seen: Seen) -> str | None:
    """The nearest mood word to what a reference feels like; None for the music that is heard, which speaks itself."""
    point = mood_point(seen)
    if point is None:
        return None
    words = ("calm", "peaceful", "dreamy", "melancholy", "lonely", "eerie", "dark", "ominous", "tense", "chaotic",
             "dramatic", "epic", "happy", "playful", "energetic", "wonder", "warm", "hopeful")
    known = {word: mood for word in words for start, mood in MOODS.items() if word.startswith(start)}
    return min(known, key=lambda word: float(np.hypot(known[word][0] - point[0], known[word][1] - point[1])))


def mood_point(seen: Seen) -> tuple[float, float] | None:
    """(valence, arousal) in [-1, 1] of pictures (how light, warm and colourful; how much moves) or of music."""
    if seen.shots:
        weights = [max(shot.end_s - shot.start_s, 1e-3) for shot in seen.shots]

        def mean(of: Callable[[PictureCues], float]) -> float:
            return float(np.average([of(shot.picture) for shot in seen.shots], weights=weights))

        chroma = mean(lambda p: sum(s.chroma * s.share for s in p.palette))
        valence = 2.2 * (mean(lambda p: p.light.key) - 0.5) + 0.5 * mean(lambda p: p.light.warmth) + 3 * (chroma - 0.07)
        arousal = -0.1 + 2 * (chroma - 0.08) + 2 * (mean(lambda p: p.light.contrast) - 0.18)
        if seen.film is not None:
            motion = float(np.average([shot.motion for shot in seen.shots], weights=weights))
            rate = 60 * len(seen.shots) / max(seen.film.duration_s, 1.0)
            arousal = 1.4 * (motion - 0.35) + 0.02 * (rate - 15)
        return float(np.clip(valence, -1, 1)), float(np.clip(arousal, -1, 1))
    if seen.music is not None and not seen.music.silent and seen.music.mood:
        return seen.music.valence, seen.music.arousal
    return None
