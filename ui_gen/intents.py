"""What kind of work a piece is, and which controls a creator of such a piece reaches for first.

A music video is played on its couplings and cuts, a drawn film on its line and its holds, a landscape on its light, a
character on how it moves and is seen. The same candidates, weighed differently, give each of them a panel of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.brief import Brief
from agent.direction import Direction
from ui_gen.candidate import DRAWN, Candidate, look_of
from ui_gen.panel import Focus, Intent

# Words that name the kind of work outright.
SAID: tuple[tuple[Intent, str], ...] = (
    ("live", r"\b(live set|play(ed|ing)? live|vj(ing)?|on stage|for a (gig|club|concert)|perform(ance)? visuals)\b"),
    ("foley", r"\b(foley|sound design|sound effects?( only)?|no music|without music|only the sound|soundscape)\b"),
    ("restyle", r"\b(restyl\w+|re-?draw|in the style of|same film (but )?as|turn (this|it|my) \w+ into)\b"),
    ("music_video", r"\b(music video|lyric video|(video for|to) (my|this|the|a) (song|track|music))\b"),
    ("character", r"\b(character (study|sheet|design)|portrait|close[- ]?ups? of|study of an?)\b"),
    ("landscape", r"\b(landscapes?|vista|panorama|scenery)\b"))
NEAR_SCALES = ("medium", "close", "detail")
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "weather": ("rain", "snow", "fog", "dust", "aurora", "cloud", "storm", "wind"), "palette": ("palette", "chroma"),
    "colour": ("palette", "chroma", "accent"), "light": ("time_h", "exposure", "sun"), "time_h": ("time_h", "day"),
    "camera": ("camera_speed", "move", "lens"), "body": ("subject_size", "subject_count"), "tempo_bpm": ("tempo",),
    "size": ("subject_size",), "count": ("subject_count",), "gait": ("gait", "subject_speed"),
    "speed": ("camera_speed", "subject_speed"), "sound": ("ambience", "effects"), "mood": ("exposure", "chroma"),
    "genre": ("genre",), "music": ("genre", "tempo"), "title": ("title_0",), "setting": ("places",)}
# By intent: what is added to the weight of a topic, and of single controls.
TOPICS: Mapping[Intent, Mapping[str, float]] = {
    "music_video": {"music": 0.4, "time": 0.5, "look": -0.25, "land": -0.2, "weather": -0.15},
    "animation": {"look": 0.2, "colour": 0.2, "light": -0.25, "camera": -0.1, "music": -0.25},
    "landscape": {"light": 0.35, "weather": 0.2, "land": 0.25, "subject": -0.5, "music": -0.45, "look": -0.35},
    "character": {"subject": 0.45, "camera": 0.15, "land": -0.3, "weather": -0.3, "music": -0.45, "look": -0.25,
                  "light": -0.1},
    "restyle": {"look": 0.35, "colour": 0.4, "subject": -0.4, "music": -0.5, "weather": -0.3, "camera": -0.25},
    "foley": {"sound": 0.9, "weather": 0.1, "subject": 0.1, "music": -0.6, "look": -0.6, "colour": -0.4, "light": -0.3},
    "live": {"music": 0.45, "colour": 0.25, "land": -0.2, "time": -0.6, "weather": -0.15},
    "story": {"time": 0.3, "light": 0.1, "look": -0.2, "music": -0.2},
    "film": {}}
SINGLE: Mapping[Intent, Mapping[str, float]] = {
    "music_video": {"camera_speed": 0.2, "hue": 0.1, "exposure_course": 0.1, "genre": -0.2, "energy_0": 0.2,
                    "subject_size": -0.2},
    "animation": {"style_hold_frames": 0.1, "style_wobble": 0.15, "density": 0.15, "lens": -0.2,
                  "subject_count": 0.1},
    "landscape": {"sun": 0.5, "day": 0.1, "lens": 0.1, "relief": 0.15, "density": 0.05, "cloud": 0.35, "tempo": -0.3},
    "character": {"view": 0.55, "camera_way": 0.5, "gait": 0.25, "subject_count": -0.4, "frame_at": 0.2,
                  "subject_speed": 0.1, "glow": 0.1, "lens": -0.05},
    "restyle": {"look": 0.8, "accent": 0.2, "hue": 0.15, "ground_colour": 0.1},
    "foley": {"ambience": 0.3, "effects": 0.4, "wind": 0.4, "rain": 0.2, "subject_speed": 0.3, "waves": 0.3,
              "gait": 0.2, "music_level": 0.2},
    "live": {"camera_speed": 0.25, "hue": 0.25, "exposure": 0.2, "glow": 0.2, "subject_count": 0.2, "palette": 0.1,
             "tempo": -0.3, "chroma": 0.1},
    "story": {"day": 0.45, "title_0": 0.4, "cuts": 0.2, "rain_course": 0.15, "fog_course": 0.1, "gait": 0.1},
    "film": {}}
FOCUSED = 2.0


def intent_of(direction: Direction, brief: Brief) -> Intent:
    """The kind of work: as its creator called it, else by what the piece is made of."""
    words = brief.goal.lower()
    for intent, pattern in SAID:
        if re.search(pattern, words):
            return intent
    roles = {role for use in brief.references for role in use.roles}
    kinds = {use.kind for use in brief.references}
    if "style" in roles and kinds & {"film", "image"}:
        return "restyle"
    if direction.music.source != "score":
        return "music_video"
    if direction.score is not None and direction.score.music_level <= 0.01:
        return "foley"
    told = {trait.part for trait in brief.traits if trait.part is not None}
    if len(told) >= 3 and len(direction.shots) >= 3:
        return "story"
    if look_of(direction) in DRAWN:
        return "animation"
    with_target = [shot for shot in direction.shots if shot.camera.target is not None]
    near = [shot for shot in with_target if shot.camera.scale in NEAR_SCALES]
    if len(near) * 2 > len(direction.shots):
        return "character"
    if not any(shot.world.bodies for shot in direction.shots):
        return "landscape"
    return "film"


def weighed(found: list[Candidate], intent: Intent, brief: Brief, focus: Focus | None,
            leaning: Mapping[str, float] | None = None) -> list[tuple[float, Candidate]]:
    """(weight, candidate), most wanted first. What was spoken of counts more, a focus most of all; leaning: what the
    creator has reached for before, by control id, at most ± 0.2."""
    spoken = {name for trait in brief.traits for name in SPOKEN.get(trait.axis, ())}
    out: list[tuple[float, Candidate]] = []
    for one in found:
        ident = one.control.id
        weight = one.weight + TOPICS[intent].get(one.topic, 0.0) + SINGLE[intent].get(ident, 0.0)
        weight += 0.15 * (ident in spoken) + max(-0.2, min(0.2, (leaning or {}).get(ident, 0.0)))
        weight += FOCUSED * (one.topic == focus)
        out.append((weight, one))
    return sorted(out, key=lambda pair: (-pair[0], pair[1].control.id))


# What a line asks the panel for, as in "let's work on the light".
ABOUT: tuple[tuple[Focus, str], ...] = (
    ("light", r"light|lighting|sun|exposure|shadows?|hour"), ("colour", r"colou?rs?|palette|grad(e|ing)|hues?"),
    ("camera", r"camera|lens|framing|cinematography|shots?|movement"),
    ("subject", r"subject|characters?|cast|hero|animals?|bod(y|ies)"),
    ("weather", r"weather|rain|snow|fog|wind|clouds?"),
    ("land", r"land|landscape|place|terrain|setting|scenery|world"),
    ("look", r"look|style|line|drawing|texture|materials?"), ("sound", r"sounds?|foley|ambience|noises?"),
    ("music", r"music|score|beat|couplings?|tempo"), ("time", r"cuts?|editing|edit|timing|pacing|rhythm"))
WORK_ON = re.compile(r"^(?:ok(?:ay)?,? |now |so |and )*(?:let'?s|let us|i want to|i'd like to|can we|we should)?\s*"
                     r"(?:now )?(?:work on|focus on|look at|talk about|turn to|concentrate on|do|go to|"
                     r"give me (?:the )?controls? for|show (?:me )?(?:the )?controls? for|panel for)\s+"
                     r"(?:the |its |her |his )?(?P<what>[a-z ]{3,30}?)(?: now| next| first| please)?[.!]?$")


def focus_said(line: str) -> Focus | None:
    """The part of the piece that a line wants to work on; None when it asks for anything else."""
    hit = WORK_ON.match(line.strip().lower())
    if hit is None:
        return None
    what = hit["what"].strip()
    return next((focus for focus, words in ABOUT if re.fullmatch(words, what)), None)
