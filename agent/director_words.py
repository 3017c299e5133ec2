"""The Direction in words: a short title, and a sentence or two for the chat."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.direction import Body, Direction, Shot
from agent.director_tables import SETTING_WORDS

OPENERS = re.compile(
    r"^\s*(please|first|can you|could you|would you|i want|i need|i'd like|i would like|let's|lets|make|create|"
    r"generate|show|give|film|shoot|render|draw|do|me|us|to see|to make|a|an|the|some|short|quick|little|new|nice|cool|"
    r"\d+\s*x\s*\d+|just|video|film|movie|clip|animation|piece|scene|shot|of|about|with|showing|where|in which|for|"
    r"\d+\s*-?\s*"
    r"(s|sec|secs|second|seconds|min|minute|minutes))\b[\s,:\-]*", re.I)
ASIDE = re.compile(r"(no|not|without|in the style|at the|style of|only)\b", re.I)
LOOK_WORDS = {"photoreal": "photoreal film", "flat": "flat 2D animation", "cel": "cel animation",
              "watercolour": "watercolour film", "pencil": "pencil-drawn film", "pixel": "pixel-art film",
              "synthwave": "synthwave film", "noir": "film noir", "clay": "clay animation", "vhs": "VHS tape",
              "riso": "riso-print film", "ink": "ink-wash film"}
GENRE_WORDS = {"lofi": "lo-fi", "drum_and_bass": "drum and bass"}
PLURALS = {"fox": "foxes", "bird": "birds", "fish": "fish", "jellyfish": "jellyfish", "butterfly": "butterflies"}
HOURS = ((4.5, "night"), (7.2, "dawn"), (10.5, "morning light"), (15.0, "noon light"), (16.9, "afternoon light"),
         (18.2, "golden light"), (19.2, "sunset"), (20.6, "dusk"), (24.1, "night"))


def title_of(goal: str, shots: Sequence[Shot], with_track: bool) -> str:
    """At most eight words and 60 characters out of the goal; out of the first shot when the goal says nothing."""
    words = " ".join(goal[:400].split())
    while True:
        shorter = OPENERS.sub("", words, count=1)
        if shorter == words:
            break
        words = shorter
    clauses = [clause.strip(" \"'“”‘’-,:") for clause in re.split(r"[.!?;\n]|,\s", words)]
    words = next((clause for clause in clauses if re.search(r"\w", clause) and not ASIDE.match(clause)), clauses[0])
    words = words.removeprefix("just ")
    kept = words.split()[:8]
    while kept and kept[-1].lower() in ("a", "an", "the", "of", "in", "on", "at", "and", "with", "to", "over", "then",
                                        "for", "by", "as", "or"):
        kept.pop()
    title = " ".join(kept)[:60].strip()
    if not re.search(r"\w", title) or title.lower() in ("music", "film for the music"):
        place = setting_word(shots[0].world.place)
        body = next((shot.world.bodies[0] for shot in shots if shot.world.bodies), None)
        title = f"{body_words(body)} in the {place}" if body and not with_track else f"Music for the {place}" \
            if with_track else f"The {place}"
    return title[0].upper() + title[1:]


def setting_word(place: dict[str, float]) -> str:
    """The place's main setting as a person would say it."""
    main = max(place, key=lambda name: place[name])
    return SETTING_WORDS.get(main, main)


def body_words(body: Body) -> str:
    """A body (or a group of them) with its article: "a red fox", "birds"."""
    word = (body.shown_as or body.kind).strip().lower()
    if body.count > 1:
        return word if word.endswith("s") else PLURALS.get(word, f"{word}s")
    for article in ("a ", "an ", "the "):
        word = word.removeprefix(article)
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"


def hour_word(time_h: float) -> str:
    """The light at an hour in a word or two."""
    return next(word for end, word in HOURS if time_h < end)


def length_word(duration_s: float) -> str:
    """A length in seconds or minutes and seconds."""
    if duration_s < 100:
        return f"{duration_s:g}-second" if duration_s == round(duration_s, 1) else f"{duration_s:.1f}-second"
    return f"{int(duration_s // 60)} min {int(duration_s % 60):02d} s"


def explained(direction: Direction, drives: Sequence[str]) -> str:
    """What film it is, its shots, look, place, light and music; then what drives what."""
    shots = direction.shots
    looks = list(dict.fromkeys(LOOK_WORDS.get(shot.world.look, shot.world.look) for shot in shots))
    places = list(dict.fromkeys(setting_word(shot.world.place) for shot in shots))
    bodies = {body.id: body for shot in shots for body in shot.world.bodies}
    who = ", ".join(body_words(body) for body in list(bodies.values())[:3])
    light, last = hour_word(shots[0].world.light.time_h), hour_word(shots[-1].world.light.time_h)
    when = f"{'in' if 'light' in light else 'at'} {light}" if light == last else f"from {light} to {last}"
    count = "one shot" if len(shots) == 1 else f"{len(shots)} shots"
    length = length_word(direction.duration_s)
    film = f"{'An' if length.startswith(('8', '11-', '18-')) else 'A'} {length} {' and '.join(looks[:2])} in {count}"
    lead = "on" if places[0] in ("ocean", "lake", "islands") else "in"
    where = f"{who + ' ' if who else ''}{lead} the {' and the '.join(places[:3])}"
    if direction.score is not None and direction.score.music_level > 0:
        genre = GENRE_WORDS.get(direction.score.genre, direction.score.genre)
        music = f"with {'an' if genre[0] in 'aeiou' else 'a'} {genre} score at {direction.score.tempo_bpm:.0f} bpm"
    elif direction.score is not None:
        music = "without music"
    else:
        music = "cut to your music"
    first = f"{film}: {where}, {when}, {music}."
    if not drives:
        return first
    rest = ", ".join(drives[:-1]) + (f" and {drives[-1]}" if len(drives) > 1 else drives[-1])
    return f"{first} {rest[0].upper()}{rest[1:]}."


def clock(seconds: float) -> str:
    """Seconds as m:ss."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
