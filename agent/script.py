"""From a Direction to prompts: each shot in the words of a film crew, the music in the words of a musician.

Large models read long, concrete sentences: subject and action, place, light and weather, camera and lens,
finish. What the creator called a thing (`shown_as`) goes before our own word for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from agent.brief import Brief
from agent.direction import Body, Camera, Direction, Shot, Span, Weather
from agent.director_words import GENRE_WORDS, body_words, hour_word, setting_word, title_of
from agent.pacing import span_s
from agent.unroll_spans import cut_frames
from modalities.convert.treatment import MOVES
from modalities.script import MusicSection, MusicWords, Script, ShotWords, SpokenLine
from world_model.clock import TimeGrid
from world_model.score import SILENT

LOOKS = {
    "photoreal": "Photorealistic cinema, shot on 35 mm film, natural colour, fine detail.",
    "flat": "Flat 2D animation with clean shapes and bold even colours.",
    "cel": "Hand-drawn cel animation with ink outlines and two-tone shading.",
    "watercolour": "A watercolour painting in motion, wet edges, paper grain.",
    "pencil": "A pencil drawing in motion on paper, hatched shading.",
    "pixel": "Pixel art with a small palette.",
    "synthwave": "Synthwave, neon lines over darkness, glowing horizon.",
    "noir": "Black-and-white film noir, hard contrast, film grain.",
    "clay": "Stop-motion clay animation, soft plasticine surfaces, fingerprints.",
    "vhs": "A worn VHS tape, scan lines, soft colour bleeding.",
    "riso": "A risograph print in motion, halftone dots, two inks.",
    "ink": "East Asian ink wash painting in motion, brush strokes on paper.",
    "gouache": "A gouache painting in motion, matte opaque colour.",
    "coloured_pencil": "A coloured-pencil drawing in motion on rough paper."}
DRAWN = frozenset(LOOKS) - {"photoreal", "noir", "vhs", "clay"}
GAITS = {"still": "resting", "cruise": "moving", "dart": "darting about", "hover": "hovering",
         "flock": "moving together as a flock", "bounce": "bouncing", "drift": "drifting", "circle": "circling",
         "dance": "dancing", "soar": "soaring"}
SCALES = {"wide": "Wide shot", "full": "Full shot", "medium": "Medium shot", "close": "Close-up",
          "detail": "Extreme close-up"}
# From this much on a weather is named; from `HEAVY` on it is heavy.
NAMED, HEAVY = 0.3, 0.75
WEATHERS = {"storm": "a thunderstorm with lightning", "snow": "falling snow", "rain": "rain", "fog": "fog",
            "dust": "blowing dust", "aurora": "northern lights in the sky"}
SOUNDS = {"ocean": "waves breaking", "desert": "wind over sand", "meadow": "birds and insects",
          "forest": "birdsong and leaves", "mountains": "high wind", "city": "distant traffic",
          "village": "quiet village sounds", "lake": "water lapping", "crystals": "glassy resonances",
          "islands": "surf and gulls", "underwater": "deep rumble and bubbles", "space": "a low hum",
          "snowfield": "soft wind over snow", "canyon": "wind with echoes", "clouds": "rushing air",
          "fluid": "slow swells of tone", "particles": "faint shimmering"}
OF_BODIES = {"bird": "wing beats and calls", "bee": "a buzzing bee", "boat": "a boat's wash", "car": "a car engine",
             "train": "a train on rails", "rocket": "a rocket's roar", "whale": "whale song", "walker": "footsteps",
             "balloon": "a burner's breath", "dragon": "heavy wing beats"}
PLACES = {"ocean": ("over", "the open ocean"), "desert": ("in", "a desert of sand dunes"),
          "meadow": ("in", "a meadow of grass and flowers"), "forest": ("in", "a forest"),
          "mountains": ("in", "rocky mountains"), "city": ("in", "a city of tall buildings"),
          "village": ("in", "a village of small houses"), "lake": ("by", "a calm lake"),
          "crystals": ("among", "giant glowing crystals"), "islands": ("by", "small islands in the sea"),
          "underwater": ("in", "an underwater world of a reef"), "space": ("in", "outer space with stars"),
          "snowfield": ("in", "a field of snow"), "canyon": ("in", "a rocky canyon"), "clouds": ("above", "the clouds"),
          "fluid": ("in", "abstract flowing colours"), "particles": ("among", "abstract glowing particles")}
KEYS = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
PLAINLY_BAD = "blurry, low quality, jpeg artefacts, watermark, text, letters, distorted shapes, flicker"
MOST_SUBJECTS = 3
MOST_TOLD = 240
HALF_A_BAR_S = 1.3
AND_THEN = re.compile(r"^\s*(?:and\s+)?(?:first|then|next|after that|at last|finally|later|in the end)\b[\s,:]*", re.I)


def script_of(direction: Direction, brief: Brief | None = None, pictures: Sequence[Path] = (),
              film: Path | None = None, film_guides: bool = False) -> Script:
    """The whole film in words. pictures: of the creator's, whose subject should be kept; film: of the creator's;
    film_guides: whether it guides in place of the simulator's pictures."""
    grid = TimeGrid(direction.grid.steps_per_s, direction.grid.fps, direction.grid.sample_rate_hz)
    banned, told = _banned(brief), _told(direction, brief)
    shots = tuple(_shot(direction.shots[number], number, start, end, banned, told(start / grid.fps))
                  for number, start, end in cut_frames(direction, grid))
    return Script(direction.title, shots, _music(direction), _lines(direction, shots, grid.fps), tuple(pictures), film,
                  film_guides)


def _shot(shot: Shot, number: int, start: int, end: int, banned: str, told: str) -> ShotWords:
    world, weather = shot.world, _weather(shot.world.weather)
    who = [f"{body_words(body)} {_doing(body)}" for body in world.bodies[:MOST_SUBJECTS]]
    lead, place = PLACES.get(max(world.place, key=lambda name: world.place[name]), ("in", setting_word(world.place)))
    where = f"{lead} {place}" if who else place
    seen = f"{SCALES[shot.camera.scale]} of {_listed(who)}{' ' if who else ''}{where}."
    hour = hour_word(world.light.time_h)
    light = f"{hour[:1].upper()}{hour[1:]}{', ' + _listed(weather) if weather else ''}."
    look = LOOKS.get(world.look, f"In the look of {world.look.replace('_', ' ')}.")
    avoid = ", ".join(part for part in (PLAINLY_BAD, banned, "" if world.look not in DRAWN else "photograph") if part)
    return ShotWords(number, shot.id, start, end - start, seen, look, light, _camera(shot.camera, world.bodies),
                     _heard(shot), avoid, told, tuple(body_words(body) for body in world.bodies[:MOST_SUBJECTS]))


def _told(direction: Direction, brief: Brief | None) -> Callable[[float], str]:
    """The creator's own words for a moment: the step of the story that is told there, else what the film is of."""
    traits = brief.traits if brief is not None else ()
    heads = {t.part: str(t.value) for t in traits if t.axis == "heading" and t.part is not None}
    begins = sorted((float(t.value.get("t_s") or 0.0), t.part) for t in traits if t.axis == "sequence"
                    and t.part in heads and isinstance(t.value, Mapping))
    whole = "" if brief is None else title_of(brief.goal, direction.shots, direction.score is None)

    def at(time_s: float) -> str:
        # A step begins on the bar line nearest to its own time.
        there = [heads[part] for begin_s, part in begins if begin_s <= time_s + HALF_A_BAR_S]
        words = there[-1] if there else whole
        words = " ".join(AND_THEN.sub("", words).split())[:MOST_TOLD]
        return f"{words[:1].upper()}{words[1:].rstrip('.')}." if words else ""

    return at


def _doing(body: Body) -> str:
    pace = " slowly" if body.speed < 0.6 and body.gait != "still" else " fast" if body.speed > 1.6 else ""
    if body.gait == "cruise" and body.kind in ("walker", "fox"):
        return f"walking{pace}{', glowing' if body.glow > 0.4 else ''}"
    return f"{GAITS[body.gait]}{pace}{', glowing' if body.glow > 0.4 else ''}"


def _weather(weather: Weather) -> list[str]:
    out = [f"heavy {words}" if name in ("rain", "snow", "fog") and getattr(weather, name) >= HEAVY else words
           for name, words in WEATHERS.items() if getattr(weather, name) >= NAMED]
    if weather.cloud >= HEAVY and not out:
        out.append("an overcast sky")
    if weather.wind_mps >= 10:
        out.append("strong wind")
    return out


def _camera(camera: Camera, bodies: Sequence[Body]) -> str:
    target = next((body for body in bodies if body.id == camera.target), None)
    name = "" if target is None else f"the {body_words(target).split(' ', 1)[-1]}"
    whom = "" if not name else f" {name}" if camera.move in ("follow", "orbit") else f", towards {name}"
    move = MOVES.get(camera.move, camera.move)
    pace = "slowly, " if camera.speed < 0.6 and "slow" not in move else "fast, " if camera.speed > 1.6 else ""
    lens = "wide-angle" if camera.lens_mm < 28 else "telephoto" if camera.lens_mm > 70 else "normal"
    shaken = ", slightly shaking" if camera.shake > 0.25 else ""
    return f"The camera {move}{whom}, {pace}{lens} {camera.lens_mm:.0f} mm lens{shaken}."


def _heard(shot: Shot) -> str:
    world = shot.world
    main = max(world.place, key=lambda name: world.place[name])
    parts = [SOUNDS.get(main, "")]
    parts += [OF_BODIES[body.kind] for body in world.bodies[:MOST_SUBJECTS] if body.kind in OF_BODIES]
    parts += [words for name, words in (("storm", "thunder"), ("rain", "rain falling"), ("dust", "hissing dust"))
              if getattr(world.weather, name) >= NAMED]
    if world.weather.wind_mps >= 10:
        parts.append("strong wind")
    return _listed([part for part in dict.fromkeys(parts) if part])


def _music(direction: Direction) -> MusicWords:
    score, music = direction.score, direction.music
    sections = tuple(MusicSection(one.name, *_clipped(span_s(Span(bars=one.bars), music), direction.duration_s),
                                  one.energy) for one in music.sections)
    if score is None or score.music_level <= 0:
        return MusicWords("", music.tempo_bpm, music.beats_per_bar, "", sections)
    genre = GENRE_WORDS.get(score.genre, score.genre)
    played = ", ".join(dict.fromkeys(name.replace("_", " ") for name in score.instruments.values() if name != SILENT))
    mean = sum(one.energy for one in sections) / len(sections) if sections else 0.5
    mood = "quiet and spacious" if mean < 0.35 else "energetic and driving" if mean > 0.7 else "flowing"
    mode = "minor" if score.minor else "major"
    style = f"Instrumental {genre} music, {mood}, {score.tempo_bpm:.0f} bpm, {KEYS[score.key]} {mode}" \
            f"{', with ' + played if played else ''}."
    return MusicWords(style, score.tempo_bpm, score.beats_per_bar, f"{KEYS[score.key]} {mode}", sections)


def _clipped(span: tuple[float, float], most_s: float) -> tuple[float, float]:
    return max(0.0, min(span[0], most_s)), max(0.0, min(span[1], most_s))


def _lines(direction: Direction, shots: Sequence[ShotWords], fps: int) -> tuple[SpokenLine, ...]:
    """Subtitles are what somebody says; titles, credits and intertitles are read in silence."""
    at = {shot.id: shot for shot in shots}
    return tuple(SpokenLine((at[one.shot].first_frame + one.start * at[one.shot].frames) / fps, one.text)
                 for one in direction.titles if one.kind == "subtitle" and one.shot in at)


def _banned(brief: Brief | None) -> str:
    """What the creator does not want to see, as a list for a negative prompt."""
    if brief is None:
        return ""
    out: list[str] = []
    for said in brief.constraints:
        words = said.strip().rstrip(".").lower()
        for head in ("without any ", "without ", "no ", "never ", "not "):
            if words.startswith(head):
                out.append(words.removeprefix(head)[:60])
                break
    return ", ".join(dict.fromkeys(out))


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
