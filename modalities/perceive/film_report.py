"""FilmCues as a list of named cues, for readers and roles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from modalities.cues import CAMERA_CURVES, Cue, FilmCues, FilmShot

UNITS = {"camera.pan": "deg/s", "camera.tilt": "deg/s", "camera.roll": "deg/s", "camera.zoom": "ln/s",
         "camera.dolly": "ln/s"}
ROLES: dict[str, tuple[str, ...]] = {
    "pacing": ("shot", "cut", "fade", "dissolve", "motion"), "motion": ("motion", "subject_motion"),
    "camera": CAMERA_CURVES, "palette": ("palette",), "light": ("light",), "layout": ("horizon", "subject", "layers"),
    "style": ("palette", "light", "medium"), "content": ("setting", "subject", "horizon", "described", "named"),
    "rhythm": (), "structure": ("shot",), "mood": ("light",), "timbre": ()}
OF_MUSIC = ("rhythm", "structure", "mood", "timbre")
HOW = {"cut": "motion-compensated difference and colour histograms", "dissolve": "linear blend of two pictures",
       "fade": "flat picture between slopes of contrast"}
FIT = "corner tracks, robust fit of turning, zooming and going"
# How far each camera curve can be told from pictures alone; multiplies how well the points followed one motion. A way
# forward is hardly told at all: in films of known cameras its curve does not follow the truth.
TOLD = {"camera.pan": 0.9, "camera.tilt": 0.85, "camera.roll": 0.9, "camera.zoom": 0.6, "camera.dolly": 0.2}


def film_cues(film: FilmCues, role: str | None = None) -> list[Cue]:
    """The cues as the command line names them, in order of time; `role` keeps only those of one job ("all": all).

    A camera cue spans a shot: value {"mean", "most": the rate furthest from 0, "total": its sum over the shot,
    "curve": values at film.curve_rate_hz}.
    """
    found: list[Cue] = []
    for shot in film.shots:
        found += _of_shot(film, shot)
    names = None if role in (None, "all") else ROLES.get(role or "")
    kept = [cue for cue in found if names is None or cue.name in names]
    if film.music is not None and (names is None or role in OF_MUSIC):
        from modalities.perceive.music import as_cues

        kept += as_cues(film.music, None if names is None else role)
    return sorted(kept, key=lambda cue: cue.span_s)


def _of_shot(film: FilmCues, shot: FilmShot) -> list[Cue]:
    span = (round(shot.start_s, 4), round(shot.end_s, 4))
    found: list[Cue] = []
    if shot.transition != "start":
        sure = {"cut": 0.95, "dissolve": 0.8, "fade": 0.9}.get(shot.transition, 0.5)
        found.append(Cue(shot.transition, (span[0], span[0]), "s", span[0], sure, HOW.get(shot.transition, "")))
    picture, frame = shot.picture, shot.picture.framing
    found.append(Cue("shot", span, "s", {"length_s": round(shot.end_s - shot.start_s, 4), "begins": shot.transition},
                     0.9, "between transitions"))
    trust = float(_part(film, "camera.trust", shot).mean()) if "camera.trust" in film.curves else \
        film.camera_confidence
    for name in CAMERA_CURVES:
        curve = _part(film, name, shot)
        sure = trust * TOLD[name]
        if name in ("camera.zoom", "camera.dolly"):
            sure *= _apart(_part(film, "camera.zoom", shot), _part(film, "camera.dolly", shot))
        found.append(Cue(name, span, UNITS[name], _summary(curve, film.curve_rate_hz), round(sure, 3), FIT))
    for name, how in (("motion", "dense flow, share of the picture a second"),
                      ("subject_motion", "dense flow that the camera does not explain")):
        curve = _part(film, name, shot)
        found.append(Cue(name, span, "0..1", {"mean": round(float(curve.mean()), 4), "curve": _numbers(curve)},
                         0.85 if name == "motion" else 0.6, how))
    found.append(Cue("palette", span, "OKLCH", [
        {"lightness": round(one.lightness, 4), "chroma": round(one.chroma, 4), "hue_deg": round(one.hue_deg, 1),
         "share": round(one.share, 4)} for one in picture.palette], 0.8, "colours of the shot's middle picture"))
    light = picture.light
    found.append(Cue("light", span, "", {
        "key": round(light.key, 4), "contrast": round(light.contrast, 4), "warmth": round(light.warmth, 4),
        "time_h": light.time_h, "luma": _numbers(_part(film, "luma", shot))},
        round(max(0.3, light.confidence), 3), "light of the shot's middle picture"))
    if frame.horizon is not None:
        found.append(Cue("horizon", span, "share from the top", {"y": round(frame.horizon, 4),
                                                                 "tilt_deg": round(frame.tilt_deg, 2)},
                         round(frame.horizon_confidence, 3), "the shot's middle picture"))
    if frame.subject is not None:
        found.append(Cue("subject", span, "shares of the picture", [round(v, 4) for v in frame.subject],
                         round(frame.subject_confidence, 3), "the shot's middle picture"))
    medium = max(picture.medium, key=lambda name: picture.medium[name], default="")
    if medium:
        found.append(Cue("medium", span, "", medium, round(float(picture.medium[medium]), 3),
                         "line, grain and levels of the shot's middle picture"))
    if picture.setting:
        best = max(picture.setting, key=lambda name: picture.setting[name])
        found.append(Cue("setting", span, "", best, round(float(picture.setting[best]), 3),
                         "the shot's middle picture"))
    if picture.said:
        found.append(Cue("described", span, "a sentence", picture.said, 0.5, picture.said_by))
    if picture.subjects:
        found.append(Cue("named", span, "bodies", list(picture.subjects), 0.5, picture.said_by))
    if picture.layers_by:
        found.append(Cue("layers", span, "sky, far, near", list(frame.layers), 0.8, picture.layers_by))
    return found


def _part(film: FilmCues, name: str, shot: FilmShot) -> NDArray[np.float32]:
    """A curve inside a shot, at least one value."""
    curve = film.curves[name]
    start = min(int(np.ceil(shot.start_s * film.curve_rate_hz - 1e-6)), len(curve) - 1)
    end = int(np.ceil(shot.end_s * film.curve_rate_hz - 1e-6))
    return curve[max(start, 0): max(end, start + 1)]


def _summary(curve: NDArray[np.float32], rate_hz: float) -> dict[str, Any]:
    most = float(curve[int(np.abs(curve).argmax())])
    return {"mean": round(float(curve.mean()), 4), "most": round(most, 4),
            "total": round(float(curve.sum()) / rate_hz, 4), "curve": _numbers(curve)}


def _numbers(curve: NDArray[np.float32]) -> list[float]:
    return [round(float(value), 4) for value in curve]


def _apart(zoom: NDArray[np.float32], dolly: NDArray[np.float32]) -> float:
    """How clearly a shot zooms or goes, rather than something of both [0.5, 1]."""
    a, b = float(np.abs(zoom).mean()), float(np.abs(dolly).mean())
    return 0.5 + 0.5 * abs(a - b) / max(a + b, 1e-6)
