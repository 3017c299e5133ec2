"""What a hand did, as cues: strokes, camera curves, motion brushes and arrows.

Reads the format of gesture_file, and the control log of a live session, whose steering becomes a gesture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from modalities.cues import CURVE_HZ, Cue, GestureCues, Stroke
from modalities.faults import Unusable
from modalities.live.control_log import FORMAT as LIVE_FORMAT
from modalities.live.control_log import read_log
from modalities.live.start import LIVE_GRID
from modalities.live.steering import Fly
from modalities.perceive.gesture_file import LARGEST_BYTES, LONGEST_S, Recorded, document_of, recorded
from modalities.perceive.gesture_motion import camera_curves

VERSION = "1"
CAMERA_UNITS = {"camera.pan": "deg/s", "camera.tilt": "deg/s", "camera.dolly": "log magnification/s",
                "forward": "m/s", "right": "m/s", "up": "m/s"}


def read_gesture(source: Path | str | bytes | Mapping[str, Any]) -> GestureCues:
    """The gesture of a file (Path), of JSON text, or of parsed JSON.

    camera holds only curves that move. Raises Unusable with one sentence where the file cannot be read, is no gesture,
    is empty, or holds numbers that cannot be meant; smaller faults are mended and told in `notes`.
    """
    if isinstance(source, Path) and _is_log(source):
        return _cues(_played(source))
    document, name = document_of(source)
    return _cues(recorded(document, name))


def gesture_cues(gesture: GestureCues, role: str | None = None) -> list[Cue]:
    """Cues of a gesture: `stroke` (value Stroke), `camera.*` with `forward`, `right` and `up` as `camera.forward` … (a
    curve at CURVE_HZ), `brush` (value as in a Direction's Shot.brushes) and `arrow`. role: "camera" leaves the brushes
    and arrows out, "motion" the camera; None gives all."""
    end = gesture.duration_s
    found: list[Cue] = []
    for stroke in gesture.strokes:
        times = stroke.times_s
        span = (float(times[0]), float(times[-1])) if times is not None and len(times) else (0.0, end)
        found.append(Cue("stroke", span, "share of the picture", stroke, 1.0, "as drawn"))
    if role in (None, "camera", "all"):
        found += [Cue(name if name.startswith("camera.") else f"camera.{name}", (0.0, end), CAMERA_UNITS[name], curve,
                      0.9, "One-Euro filter, both ways") for name, curve in gesture.camera.items()]
    if role in (None, "motion", "all"):
        found += [Cue("brush", (0.0, end), "picture widths/s", brush, 1.0, "as painted")
                  for brush in brush_documents(gesture)]
        found += [Cue("arrow", (0.0, end), "share of the picture", arrow, 1.0, "as drawn") for arrow in gesture.arrows]
    return found


def brush_documents(gesture: GestureCues) -> list[dict[str, Any]]:
    """The motion brushes as plain data for a Direction's Shot.brushes."""
    softness = gesture.softness or (0.05,) * len(gesture.regions)
    out: list[dict[str, Any]] = []
    for (region, direction), soft in zip(gesture.regions, softness, strict=True):
        # A Direction holds up to 400 corners; a hand gives more than anyone can see.
        step = max(1, -(-len(region) // 200))
        out.append({"region": [[round(float(x), 4), round(float(y), 4)] for x, y in region[::step]],
                    "direction": [round(float(v), 5) for v in direction], "softness": round(float(soft), 4)})
    return out


def _cues(gesture: Recorded) -> GestureCues:
    strokes = tuple(Stroke(s.table[:, 1:3].astype(np.float32), s.colour, s.closed, s.table[:, 0].astype(np.float32))
                    for s in gesture.strokes)
    regions = tuple((brush.region.astype(np.float32), brush.direction) for brush in gesture.brushes)
    return GestureCues(float(gesture.duration_s), strokes, camera_curves(gesture), CURVE_HZ, regions, gesture.notes,
                       gesture.arrows, tuple(brush.softness for brush in gesture.brushes))


def _is_log(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return LIVE_FORMAT.encode() in file.readline(4096)
    except OSError as fault:
        raise Unusable(f"{path.name} cannot be read: {fault.strerror or fault}.") from None


def _played(path: Path) -> Recorded:
    """The steering of a live session: what was held, and what was turned by dragging."""
    if path.stat().st_size > LARGEST_BYTES:
        raise Unusable(f"{path.name} is larger than the {LARGEST_BYTES >> 20} MiB that are read.")
    played = read_log(path)
    fps = LIVE_GRID.fps
    duration_s = played.frames / fps
    if duration_s > LONGEST_S:
        raise Unusable(f"{path.name} lasts {duration_s:.6g} s; up to {LONGEST_S:g} are read.")
    hand: list[tuple[float, ...]] = []
    turns: list[tuple[float, float, float]] = []
    for frame, inputs in sorted(played.inputs.items()):
        for given in inputs:
            if isinstance(given, Fly):
                # The last of a frame's holds; drags add up.
                if hand and hand[-1][0] == frame / fps:
                    hand.pop()
                hand.append((frame / fps, *given.thrust, *given.turn))
                if any(given.drag_rad):
                    yaw, pitch = given.drag_rad
                    turns.append((frame / fps, float(np.degrees(yaw)), float(np.degrees(pitch))))
    if not hand:
        raise Unusable(f"{path.name} is a live session in which nobody steered.")
    return replace(Recorded(), duration_s=duration_s, hand=np.array(hand), turns=np.array(turns).reshape(-1, 3),
                   notes=("Read from a live session: what was steered, without the flight's own momentum.",))


__all__ = ["VERSION", "brush_documents", "gesture_cues", "read_gesture"]
