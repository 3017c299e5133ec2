"""What a reference holds, in one line, and what it gave to a take, as rows a person can read."""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.references import SAID, kind_named
from agent.seen import Seen
from modalities.cues import CAMERA_CURVES, FilmCues, GestureCues, MusicCues, PictureCues, SketchCues, Swatch

KEYS = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
# Below these a camera counts as still: degrees a second, natural logs of magnification a second.
STILL_DEG, STILL_LOG = 0.8, 0.02
MOST_DOTS = 5
# role: (measure, what it is by chance, what it is called, whether less is better)
MEASURES: dict[str, tuple[tuple[str, str, str, bool], ...]] = {
    "pacing": (("cut_correlation", "shuffled", "cuts", False),
               ("motion_correlation", "motion_shuffled", "motion", False)),
    "motion": (("motion_correlation", "motion_shuffled", "motion", False),),
    "camera": (("correlation", "shuffled", "camera path", False),),
    "palette": (("distance", "shuffled", "colours apart", True),),
    "light": (("key_difference", "shuffled", "brightness apart", True),),
    "style": (("medium_overlap", "shuffled", "same medium", False),),
    "layout": (("skyline_iou", "shuffled", "skyline overlap", False),),
    "subject": (("subject_iou", "shuffled", "subject overlap", False),)}


@dataclass(frozen=True)
class Agreement:
    """A measure of the take against its reference. chance: the same against the shuffled reference, or None. less:
    smaller is closer."""

    label: str
    value: float
    chance: float | None
    less: bool


@dataclass(frozen=True)
class Gift:
    """What one role of one reference came to."""

    role: str
    said: str
    agreed: tuple[Agreement, ...]


@dataclass(frozen=True)
class Given:
    """A reference of a take with everything it gave. notes: why it gave no more."""

    name: str
    kind: str
    gifts: tuple[Gift, ...]
    notes: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------------------ what is in it
def one_line(seen: Seen) -> str:
    """Such as "32 s, 9 shots, cool palette, the camera pans"."""
    parts = [_length(seen.duration_s)] if seen.duration_s else []
    if seen.film is not None:
        parts += _film(seen.film)
    elif seen.kind == "sketch" and seen.sketch is not None:
        parts += _sketch(seen.sketch)
    elif seen.image is not None:
        parts += [f"{seen.image.size_px[0]} × {seen.image.size_px[1]}", *_picture(seen.image.picture)]
    elif seen.gesture is not None:
        parts += _gesture(seen.gesture)
    elif seen.music is not None:
        parts += _sound(seen.kind, seen.music)
    elif seen.words is not None:
        parts += _words(seen)
    return ", ".join(parts)


def colours(seen: Seen) -> tuple[str, ...]:
    """CSS colours of what is seen in it, largest share first; of a film those at its middle."""
    picture = seen.picture_at(0.5)
    if picture is None or seen.kind == "sketch":
        return ()
    return tuple(f"oklch({s.lightness:.3f} {s.chroma:.3f} {s.hue_deg:.1f})" for s in picture.palette[:MOST_DOTS])


def _length(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 9.95 else f"{seconds:.1f} s".replace(".0 s", " s")
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def _film(film: FilmCues) -> list[str]:
    parts = [_count(len(film.shots), "shot")]
    if film.shots:
        swatches = tuple(s for shot in film.shots for s in shot.picture.palette)
        parts.append(_palette(swatches))
    rates = {name: float(np.abs(film.curves[name]).mean()) for name in CAMERA_CURVES if name in film.curves}
    lively = {name: rate / (STILL_LOG if name.endswith(("zoom", "dolly")) else STILL_DEG)
              for name, rate in rates.items()}
    best = max(lively, key=lambda name: lively[name], default="")
    if film.camera_confidence >= 0.3 and best:
        moves = {"pan": "pans", "tilt": "tilts", "roll": "rolls", "zoom": "zooms", "dolly": "travels"}
        parts.append(f"the camera {moves[best.removeprefix('camera.')]}" if lively[best] > 1 else "a still camera")
    if film.music is not None and not film.music.silent:
        parts.append("with sound")
    return parts


def _palette(swatches: tuple[Swatch, ...]) -> str:
    total = sum(s.share for s in swatches) or 1.0
    chroma = sum(s.share * s.chroma for s in swatches) / total
    if chroma < 0.012:
        return "black and white"
    # Warm is towards orange (60 degrees in OKLCH), cool is the other way.
    warm = sum(s.share * s.chroma * math.cos(math.radians(s.hue_deg - 60)) for s in swatches) / (total * chroma)
    word = "warm" if warm > 0.4 else "cool" if warm < -0.4 else "mixed"
    return f"{'muted ' if chroma < 0.035 else ''}{word} palette"


def _picture(picture: PictureCues) -> list[str]:
    parts = [_palette(picture.palette)] if picture.palette else []
    light = picture.light
    parts.append("dark" if light.key < 0.3 else "bright" if light.key > 0.72 else "")
    if light.time_h is not None and light.confidence >= 0.5:
        parts.append(f"as at {int(light.time_h) % 24}:{int(light.time_h % 1 * 60):02d}")
    if picture.medium:
        medium = max(picture.medium, key=lambda name: picture.medium[name])
        parts.append({"photo": "photographed"}.get(medium, medium))
    if picture.framing.subject is not None and picture.framing.subject_confidence >= 0.5:
        parts.append(f"a subject on the {_side(picture.framing.subject)}".replace("on the middle", "in the middle"))
    return [part for part in (*parts, picture.said) if part]


def _side(box: tuple[float, float, float, float]) -> str:
    middle = (box[0] + box[2]) / 2
    return "left" if middle < 0.38 else "right" if middle > 0.62 else "middle"


def _sketch(sketch: SketchCues) -> list[str]:
    parts = [_count(len(sketch.strokes), "line")]
    parts += ["a skyline"] if sketch.skyline is not None else ["a horizon"] if sketch.horizon is not None else []
    if sketch.subject is not None:
        parts.append(f"a shape on the {_side(sketch.subject)}".replace("on the middle", "in the middle"))
    parts += ["a sun"] if sketch.sun is not None else []
    parts += [_count(len(sketch.arrows), "arrow")] if sketch.arrows else []
    return parts


def _gesture(gesture: GestureCues) -> list[str]:
    parts = [_count(len(gesture.strokes), "stroke")] if gesture.strokes else []
    parts += [_count(len(gesture.regions), "painted region")] if gesture.regions else []
    moves = sorted(name.removeprefix("camera.") for name, curve in gesture.camera.items() if np.abs(curve).max() > 1e-6)
    return parts + ([" and ".join(moves[:3])] if moves else [])


def _sound(kind: str, cues: MusicCues) -> list[str]:
    if cues.silent:
        return ["silent"]
    if kind == "speech":
        return ["somebody speaks"]
    tempo = f"{cues.tempo_bpm:.0f} bpm" if cues.beat_confidence >= 0.35 else "no steady beat"
    if kind == "rhythm":
        return [f"tapped at {tempo}" if tempo.endswith("bpm") else "tapped freely"]
    parts = [tempo, f"{KEYS[cues.key % 12]} {'minor' if cues.minor else 'major'}"]
    parts += [_count(len(cues.sections), "section")] if cues.sections else []
    parts += [next(iter(cues.genres)).replace("_", " ")] if cues.genres else []
    return parts + ([cues.mood] if cues.mood else [])


def _words(seen: Seen) -> list[str]:
    assert seen.words is not None
    if seen.kind == "lyrics":
        return [_count(len(seen.words.lines), "line"), *([seen.words.language] if seen.words.language else [])]
    screenplay: Any = importlib.import_module("agent.interpret_screenplay").screenplay
    words = _count(len(seen.text.split()), "word")
    return [words, "a screenplay"] if screenplay(seen.text) is not None else [words]


# --------------------------------------------------------------------------------------------------- what it gave
def given_by(brief: Mapping[str, Any], measured: Mapping[str, float]) -> tuple[Given, ...]:
    """What every reference of a take gave, from its sidecar's `brief` and `measured`."""
    found: list[Given] = []
    uses: list[dict[str, Any]] = list(brief.get("references") or [])
    notes: list[str] = list(brief.get("notes") or [])
    for number, use in enumerate(uses, 1):
        used: list[str] = list(use.get("used") or [])
        had: list[str] = list(use.get("roles") or [])
        said = dict(map(_halves, used))
        roles = [role for role in had if role != "all"]
        gifts = [Gift(role, said.get(role, ""), agreements(number, role, measured))
                 for role in dict.fromkeys((*roles, *said))]
        name = Path(str(use.get("path", ""))).name
        found.append(Given(name, SAID[kind_named(str(use.get("kind", "")))],
                           tuple(gift for gift in gifts if gift.said or gift.agreed),
                           tuple(note for note in notes if f"of {name} " in note and " not used" in note)))
    return tuple(found)


def agreements(number: int, role: str, measured: Mapping[str, float]) -> tuple[Agreement, ...]:
    head = f"ref.{number}.{role}."
    return tuple(Agreement(label, measured[head + name], measured.get(head + by_chance), less)
                 for name, by_chance, label, less in MEASURES.get(role, ()) if head + name in measured)


def given_lines(found: tuple[Given, ...]) -> list[str]:
    """The same in a line of plain text for each reference."""
    lines: list[str] = []
    for one in found:
        parts = [f"{gift.role} ({'; '.join(map(_numbers, gift.agreed))})" if gift.agreed else gift.role
                 for gift in one.gifts]
        if parts:
            lines.append(f"From {one.name}: {', '.join(parts)}.")
    return lines


def _numbers(agreed: Agreement) -> str:
    chance = f", by chance {agreed.chance:.2f}" if agreed.chance is not None else ""
    return f"{agreed.label} {agreed.value:.2f}{chance}"


def _halves(line: str) -> tuple[str, str]:
    role, _, said = line.partition(": ")
    return role, said
