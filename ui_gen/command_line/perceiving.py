"""`beecam perceive`: what is measured in a reference of any kind, as cues and as a few lines for a person."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from threading import Event as Flag
from typing import Any

import numpy as np

from agent.director_words import clock
from agent.events import AgentEvent
from agent.references import ROLES, SAID
from agent.seen import Seen, see, transcribed
from modalities.cues import CAMERA_CURVES, Cue, FilmCues, MusicCues, PictureCues, SketchCues
from modalities.faults import Unavailable, Unusable
from modalities.store import Store
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]
KEYS = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")


def perceive(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """kind, duration_s, notes and cues of one file. Raises Unusable, Unavailable, Stopped."""
    role = arguments.role
    if role is not None and role not in ROLES:
        raise Unusable(f"Unknown role {role[:40]!r}; roles are {', '.join(ROLES)}.")
    store = Store(arguments.project).open()

    def tell(share: float) -> None:
        teller.tell(AgentEvent(kind="progress", stage="perceive", done=int(share * 100), total=100))

    asked = (role,) if role in ("speech", "timbre", "style", "palette") else ()
    seen = see(store, arguments.file.expanduser(), 1, asked, None, stop, tell)
    if seen.kind == "speech":
        try:
            seen = transcribed(store, seen, stop, tell)
        except Unavailable:
            if role == "speech":
                raise
    elif role == "speech" and seen.film is not None:
        seen = transcribed(store, seen, stop, tell)
    teller.clear()
    found = cues_of(seen, role)
    for note in seen.notes:
        teller.line(note)
    for line in summary(seen):
        teller.line(line)
    return {"kind": seen.kind, "duration_s": seen.duration_s, "notes": list(seen.notes),
            "cues": [{"name": c.name, "span_s": [plain(t) for t in c.span_s], "unit": c.unit, "value": plain(c.value),
                      "confidence": round(float(c.confidence), 3), "method": c.method} for c in found]}


def cues_of(seen: Seen, role: str | None) -> list[Cue]:
    """The cues of a reference; `role` keeps only those of one job."""
    role = None if role == "all" else role
    found: list[Cue] = []
    if seen.film is not None:
        from modalities.perceive.film import film_cues

        found += film_cues(seen.film, role)
    if seen.image is not None:
        from modalities.perceive.image import image_cues

        found += image_cues(seen.image, role)
    if seen.sketch is not None:
        from modalities.perceive.sketch import sketch_cues

        found += sketch_cues(seen.sketch, role)
    if seen.gesture is not None:
        from modalities.perceive.gesture import gesture_cues

        found += gesture_cues(seen.gesture, role)
    if seen.music is not None and seen.film is None and role not in ("speech", "lyrics"):
        from modalities.perceive.music import as_cues

        found += as_cues(seen.music, role)
    if seen.words is not None and seen.kind == "text":
        found += _phrases(seen)
    elif seen.words is not None and role in (None, "speech", "lyrics", "content", "mood", "pacing"):
        from modalities.perceive.lyrics import word_cues

        found += word_cues(seen.words)
    return found


def _phrases(seen: Seen) -> list[Cue]:
    """What is understood of a text."""
    import importlib

    from agent.interpret import interpret

    text = seen.text
    screenplay: Callable[[str], Any] = importlib.import_module("agent.interpret_screenplay").screenplay
    brief = screenplay(text) or interpret(text)
    return [Cue("phrase", (0.0, 0.0), trait.axis, {"value": trait.value, "words": trait.because, "part": trait.part,
                                                  "negated": trait.negated}, trait.confidence,
                "dictionary and sentence embedding") for trait in brief.traits]


def plain(value: Any) -> Any:
    """A cue's value as JSON takes it; what is no finite number becomes null."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        items: Sequence[Any] = value  # pyright: ignore[reportUnknownVariableType]
        return [plain(item) for item in items]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}  # pyright: ignore
    return value


# ------------------------------------------------------------------------------------------------------ for a person
def summary(seen: Seen) -> list[str]:
    """A few lines about a reference."""
    lines = [f"{seen.name}: {SAID[seen.kind]}" + (f", {clock(seen.duration_s)}" if seen.duration_s else "")]
    if seen.film is not None:
        lines += _film(seen.film)
    if seen.image is not None:
        lines += _picture(seen.image.picture)
    if seen.sketch is not None:
        lines += _sketch(seen.sketch)
    if seen.gesture is not None:
        moved = ", ".join(sorted(seen.gesture.camera)) or "no camera"
        lines.append(f"  {len(seen.gesture.strokes)} strokes, {len(seen.gesture.regions)} painted regions, {moved}")
    if seen.music is not None:
        lines += _music(seen.music)
    if seen.words is not None:
        lines += [f"  {len(seen.words.lines)} lines" + (f", {seen.words.language}" if seen.words.language else "")]
        lines += [f"  {clock(line.start_s)}  {line.text[:90]}" for line in seen.words.lines[:6]]
    return lines


def _film(film: FilmCues) -> list[str]:
    lengths = [shot.end_s - shot.start_s for shot in film.shots] or [film.duration_s]
    kinds = [shot.transition for shot in film.shots]
    ways = {name: float(np.abs(film.curves[name]).mean()) for name in CAMERA_CURVES if name in film.curves}
    lively = [name.removeprefix("camera.") for name, rate in sorted(ways.items(), key=lambda item: -item[1])
              if rate > (0.01 if name.endswith(("zoom", "dolly")) else 0.5)]
    lines = [f"  {len(film.shots)} shots, {float(np.median(lengths)):.1f} s at the middle ({kinds.count('cut')} cuts, "
             f"{kinds.count('dissolve')} dissolves, {kinds.count('fade')} fades), {film.size_px[0]}x{film.size_px[1]}",
             f"  camera: {', '.join(lively) or 'still'} (confidence {film.camera_confidence:.2f})"]
    return lines + (_picture(film.shots[len(film.shots) // 2].picture) if film.shots else [])


def _picture(picture: PictureCues) -> list[str]:
    light = picture.light
    colours = ", ".join(f"L{s.lightness:.2f} C{s.chroma:.2f} h{s.hue_deg:.0f} ({s.share:.0%})"
                        for s in picture.palette[:4])
    medium = max(picture.medium, key=lambda name: picture.medium[name]) if picture.medium else "unknown"
    places = ", ".join(f"{name} {weight:.0%}" for name, weight in
                       sorted(picture.setting.items(), key=lambda item: -item[1])[:3])
    hour = f", about {int(light.time_h):02d}:{int(light.time_h % 1 * 60):02d}" if light.time_h is not None else ""
    horizon = "no horizon" if picture.framing.horizon is None else f"horizon at {picture.framing.horizon:.2f}"
    box = picture.framing.subject
    subject = "" if box is None else f", subject at ({(box[0] + box[2]) / 2:.2f}, {(box[1] + box[3]) / 2:.2f})"
    return [f"  colours: {colours}",
            f"  light: lightness {light.key:.2f}, contrast {light.contrast:.2f}, warmth {light.warmth:+.2f}{hour}",
            f"  {medium}; {horizon}{subject}" + (f"; looks like {places}" if places else ""),
            *([f"  described as: {picture.said}"] if picture.said else [])]


def _sketch(sketch: SketchCues) -> list[str]:
    drawn = [f"{len(sketch.strokes)} strokes"]
    drawn += [f"horizon at {sketch.horizon:.2f}"] if sketch.horizon is not None else []
    drawn += ["a ground line"] if sketch.skyline is not None else []
    if sketch.subject is not None:
        left, top, right, bottom = sketch.subject
        drawn.append(f"a shape at ({(left + right) / 2:.2f}, {(top + bottom) / 2:.2f})")
    drawn += ["a sun"] if sketch.sun is not None else []
    drawn += [f"{len(sketch.arrows)} arrows"] if sketch.arrows else []
    return ["  " + ", ".join(drawn)]


def _music(cues: MusicCues) -> list[str]:
    if cues.silent:
        return ["  silent"]
    mood = f", {cues.mood}" if cues.mood else ""
    return [f"  {cues.tempo_bpm:.1f} bpm ({cues.beats_per_bar} beats a bar, confidence {cues.beat_confidence:.2f}), "
            f"{KEYS[cues.key % 12]} {'minor' if cues.minor else 'major'}, {len(cues.sections)} sections, "
            f"{cues.loudness_lufs:.1f} LUFS{mood}",
            *([f"  sounds like {', '.join(named)}"] if (named := [*cues.genres, *cues.instruments]) else [])]
