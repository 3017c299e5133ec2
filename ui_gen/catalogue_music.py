"""Controls of music, sound and time: couplings, score, levels, cuts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from agent.direction import Direction
from agent.unroll_spans import spans_s
from ui_gen.candidate import Candidate
from ui_gen.panel import Control, Focus
from world_model.vocabulary import GENRES

MOST_LINKS = 4
MOST_CUTS = 48
# What a coupling's target is called, and what it promises to move.
TARGETS = {"exposure_ev": "the light", "speed": "the camera", "chroma": "the colour", "bloom": "the glow",
           "shake": "the shake", "size_m": "the size", "count": "how many", "glow": "the glow", "wave_m": "the waves",
           "rain": "the rain", "snow": "the snow", "fog": "the fog", "wind_mps": "the wind", "lens_mm": "the lens",
           "hue_shift_deg": "the hue", "height_m": "the height", "saturation": "the colour", "neon": "the neon"}
PROMISES = {"exposure_ev": "brightness", "speed": "motion", "chroma": "colourfulness", "saturation": "colourfulness"}


def music_controls(direction: Direction) -> list[Candidate]:
    found: list[Candidate] = []
    given = direction.music.source != "score"
    for i, link in enumerate(direction.links[:MOST_LINKS]):
        reach = max(1.0, 2 * abs(link.amount))
        leaf = link.to.rsplit("/", 1)[-1]
        target = TARGETS.get(leaf, leaf.replace("_", " "))
        found.append(Candidate("music", "Music", (0.9 if given else 0.5) - 0.2 * i, Control(
            id=f"link_{i}", label=f"{link.from_.removeprefix('music.').capitalize()} moves {target}"[:40],
            kind="slider", binds=(f"/links/{i}/amount",), value=round(link.amount, 3), bounds=(-reach, reach),
            step=0.05, why="How strongly the picture follows this part of the music; below 0 it answers the other way.",
            promise=PROMISES.get(leaf, ""), cost="live")))
    score = direction.score
    if score is None or given:
        return found
    found += [
        Candidate("music", "Music", 0.72, Control(
            id="tempo", label="Tempo", kind="slider", binds=("/score/tempo_bpm",), value=round(score.tempo_bpm, 1),
            bounds=(40.0, 180.0), step=1.0, unit="bpm", why="Cuts stay on their bars; the film gets longer or shorter.",
            promise="tempo")),
        Candidate("music", "Music", 0.36, Control(
            id="genre", label="Music", kind="choice", binds=("/score/genre",), value=score.genre, choices=GENRES,
            why="The band that plays, and what it plays.")),
        Candidate("music", "Music", 0.3, Control(
            id="minor", label="Minor key", kind="switch", binds=("/score/minor",), value=score.minor,
            why="Darker or brighter harmony, with the same cuts."))]
    for section in range(min(len(score.sections), 4)):
        here = score.sections[section]
        found.append(Candidate("music", "Music", 0.16 - 0.02 * section, Control(
            id=f"energy_{section}", label=f"Energy of the {here.name}"[:34] + f" {section + 1}", kind="slider",
            binds=(f"/score/sections/{section}/energy",), value=round(here.energy, 3), bounds=(0.0, 1.0), step=0.05,
            why="How much is played there.", promise="notes")))
    return found


def sound_controls(direction: Direction) -> list[Candidate]:
    score = direction.score
    if score is None:
        return []
    topic: Focus = "sound"
    levels = (("ambience", "Sound of the place", "ambience_level", 0.42, "Wind, rain, sea and engines."),
              ("effects", "What happens, heard", "effects_level", 0.3, "Steps, wings, splashes and thunder."),
              ("music_level", "Level of the music", "music_level", 0.2, "Against the place and what happens in it."))
    return [Candidate(topic, "Sound", weight, Control(
        id=ident, label=label, kind="slider", binds=(f"/score/{field}",), value=getattr(score, field),
        bounds=(0.0, 1.5), step=0.05, unit="×", why=why, promise="loudness"))
        for ident, label, field, weight, why in levels if field != "music_level" or direction.music.source == "score"]


def time_controls(direction: Direction) -> list[Candidate]:
    """The shots on the clock, with a handle at every cut: on the beats of the music where shots lie on bars."""
    shots = direction.shots
    if not 2 <= len(shots) <= MOST_CUTS:
        return []
    in_bars = all(shot.span.bars is not None for shot in shots)
    if in_bars:
        spans = [shot.span.bars or (0.0, 0.0) for shot in shots]
        step, unit = 1.0 / direction.music.beats_per_bar, "bars"
    else:
        spans, step, unit = spans_s(direction), 0.25, "s"
    edges = [round(float(edge), 6) for edge in (spans[0][0], *(end for _, end in spans))]
    whole = all(abs(a[1] - b[0]) < 1e-6 for a, b in pairwise(spans))
    if not whole or np.any(np.diff(edges) <= 0):
        return []
    given = direction.music.source != "score"
    return [Candidate("time", "Time", 0.6 if given else 0.34, Control(
        id="cuts", label="Cuts", kind="timeline", binds=tuple(f"/shots/{k}/span" for k in range(len(shots))),
        value=edges, bounds=(edges[0], edges[-1]), step=step,
        unit=unit,
        why="Where each shot gives way to the next, on the beats." if in_bars else "Where each shot gives way.",
        promise="cut_moment"))]


def title_controls(direction: Direction) -> list[Candidate]:
    shown = {shot.id for shot in direction.shots}
    return [Candidate("look", "Words", 0.3 - 0.05 * k, Control(
        id=f"title_{k}", label=f"{title.kind.capitalize()} {k + 1}"[:40], kind="text", binds=(f"/titles/{k}/text",),
        value=title.text, shot=title.shot, why="The words in the picture."))
        for k, title in enumerate(direction.titles[:3]) if title.shot in shown]
