"""Controls of the camera and of who is in front of it."""

from __future__ import annotations

from statistics import median
from typing import Any

from agent.direction import Direction
from ui_gen.candidate import FILMED, Candidate, key_shot, look_of, number
from ui_gen.panel import Control
from world_model.vocabulary import CAMERA_MOVES, GAITS, SCALES

IN_NUMBERS = frozenset({"bird", "butterfly", "fish", "lantern", "jellyfish", "bee", "balloon", "kite", "boat",
                        "walker"})
WIDE_M = {"wide": 30.0, "full": 16.0, "medium": 8.0, "close": 4.0, "detail": 2.0}


def camera_controls(direction: Direction) -> list[Candidate]:
    filmed = look_of(direction) in FILMED
    key = key_shot(direction)
    shot = direction.shots[key]
    one = len(direction.shots) == 1
    found = [
        Candidate("camera", "Camera", 0.58, number(
            direction, "camera_speed", "Camera speed", "/camera/speed", lambda s: s.camera.speed, (0.0, 3.0), 0.05, "×",
            "How far the camera travels in each shot.", "camera_speed")),
        Candidate("camera", "Camera", 0.8 if filmed else 0.3, number(
            direction, "lens", "Focal length", "/camera/lens_mm", lambda s: s.camera.lens_mm, (12.0, 100.0), 1.0, "mm",
            "Wide shows the place, long draws the subject out of it.", "lens")),
        Candidate("camera", "Camera", 0.26, number(
            direction, "shake", "Hand-held", "/camera/shake", lambda s: s.camera.shake, (0.0, 1.0), 0.05, "",
            "From a tripod to a running operator.", "shake")),
        Candidate("camera", "Camera", 0.4 if one else 0.22, Control(
            id="move", label="Camera move" if one else f"Move of shot {key + 1}", kind="choice",
            binds=(f"/shots/{key}/camera/move",), value=shot.camera.move, choices=CAMERA_MOVES,
            shot=None if one else shot.id, why="How this shot is travelled.")),
        Candidate("camera", "Camera", 0.28 if one else 0.16, Control(
            id="scale", label="Shot size" if one else f"Size of shot {key + 1}", kind="choice",
            binds=(f"/shots/{key}/camera/scale",), value=shot.camera.scale, choices=SCALES,
            shot=None if one else shot.id, why="How much of the place is in the frame."))]
    if shot.camera.target is not None and not shot.camera.curves.get("distance_m"):
        far = WIDE_M[shot.camera.scale]
        found.append(Candidate("camera", "Camera", 0.3, Control(
            id="camera_way", label=f"Way of the camera, shot {key + 1}"[:40], kind="camera", shot=shot.id, unit="m",
            binds=(f"/shots/{key}/camera/curves/distance_m", f"/shots/{key}/camera/curves/height_m"),
            value=[[0.0, far, 2.0], [1.0, round(0.6 * far, 2), 2.0]], bounds=(1.0, 80.0), bounds_y=(0.2, 30.0),
            why="Seen from the side: how near and how high, from beginning to end.", promise="subject_share",
            fallback="slider")))
        found.append(Candidate("camera", "Camera", 0.2, Control(
            id="view", label="Seen from", kind="slider", binds=(f"/shots/{key}/camera/view_deg",), shot=shot.id,
            value=round(shot.camera.view_deg if shot.camera.view_deg is not None else 90.0, 1), bounds=(0.0, 180.0),
            step=5.0, unit="°", why="0 from behind, 90 in profile, 180 from the front.", cost="live")))
    return found


def subject_controls(direction: Direction) -> list[Candidate]:
    holders: dict[str, list[tuple[str, Any]]] = {}
    for i, shot in enumerate(direction.shots):
        for k, body in enumerate(shot.world.bodies):
            holders.setdefault(body.kind, []).append((f"/shots/{i}/world/bodies/{k}", body))
    if not holders:
        return []
    kind = max(sorted(holders), key=lambda name: len(holders[name]))
    bases, bodies = [base for base, _ in holders[kind]], [body for _, body in holders[kind]]
    name = bodies[0].shown_as or kind
    share = len(bases) / len(direction.shots)
    size = median(body.size_m for body in bodies)

    def every(field: str) -> tuple[str, ...]:
        return tuple(f"{base}/{field}" for base in bases)

    found = [
        Candidate("subject", "Subject", 0.45 + 0.3 * share, Control(
            id="subject_size", label=f"Size of the {name}"[:40], kind="slider", binds=every("size_m"),
            value=round(size, 2), bounds=(round(size / 4, 3), round(min(size * 4, 200.0), 3)), step=round(size / 50, 4),
            unit="m", why="Small against the land, or larger than life.", promise="subject_share", cost="live")),
        Candidate("subject", "Subject", 0.36 * share, Control(
            id="subject_speed", label=f"Speed of the {name}"[:40], kind="slider", binds=every("speed"),
            value=round(median(body.speed for body in bodies), 2), bounds=(0.0, 3.0), step=0.05, unit="×",
            why="From drifting to darting.", promise="subject_speed", cost="live")),
        Candidate("subject", "Subject", 0.34 * share, Control(
            id="gait", label=f"How the {name} moves"[:40], kind="choice", binds=every("gait"), value=bodies[0].gait,
            choices=GAITS, why="The way of moving makes the character.")),
        Candidate("subject", "Subject", 0.2 * share, Control(
            id="glow", label="Glow from within", kind="slider", binds=every("glow"),
            value=round(median(body.glow for body in bodies), 2), bounds=(0.0, 1.0), step=0.05,
            why="It gives light of its own.", promise="glow", cost="live"))]
    if kind in IN_NUMBERS:
        swarms = kind not in ("boat", "walker")
        found.append(Candidate("subject", "Subject", (0.55 if swarms else 0.2) * share + 0.1, Control(
            id="subject_count", label="How many", kind="slider", binds=every("count"), value=bodies[0].count,
            bounds=(1, 48), step=1, why="One, a few, a swarm.", promise="count", cost="live")))
    key = key_shot(direction)
    placed = next((k for k, body in enumerate(direction.shots[key].world.bodies) if body.kind == kind), None)
    if placed is not None:
        body = direction.shots[key].world.bodies[placed]
        at = body.frame_at or (0.5, 0.55)
        found.append(Candidate("subject", "Subject", 0.3 * share, Control(
            id="frame_at", label="Across the frame", label_y="Up", kind="pad", shot=direction.shots[key].id,
            binds=(f"/shots/{key}/world/bodies/{placed}/frame_at",), value=[round(at[0], 3), round(1.0 - at[1], 3)],
            bounds=(0.05, 0.95), bounds_y=(0.05, 0.95), promise="subject_across",
            why=f"Where the {name} stands as shot {key + 1} begins."[:200])))
    return found


def brush_control(direction: Direction) -> list[Candidate]:
    key = key_shot(direction)
    shot = direction.shots[key]
    return [Candidate("camera", "Motion", 0.08, Control(
        id="brushes", label=f"Motion brush, shot {key + 1}", kind="brush", binds=(f"/shots/{key}/brushes",),
        value=[brush.model_dump(mode="json") for brush in shot.brushes], shot=shot.id,
        why="Paint a region, drag a direction: that part flows."))]
