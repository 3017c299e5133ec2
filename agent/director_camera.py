"""How each shot is filmed: purpose, scale, move, lens and side, so that neighbours cut and the film breathes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Literal, cast

from agent.direction import Body, Camera, CameraMove, Purpose, Scale
from agent.director_wishes import Wish, Wishes
from agent.pacing import Slot, Stretch
from agent.profile_choices import picked, speed_factor
from agent.taste import (
    PROFILES,
    SCALE_ORDER,
    SCALES_FOR,
    camera_speed,
    family_of,
    height_m,
    key_shot,
    lens_mm,
    medium_of,
    moves_for,
    next_scale,
    purpose_of,
    side_after,
    view_deg,
)

# Scales at which a move makes sense when the creator asks for the move.
SCALES_OF_MOVE: dict[str, tuple[Scale, ...]] = {
    "bee_cam": ("close", "medium", "full"), "top_down": ("wide", "full", "medium"),
    "fly_through": ("wide", "full", "medium"), "dolly_zoom": ("medium", "full", "close"),
    "reveal": ("wide", "full", "medium"), "handheld": ("medium", "full", "close")}


def purposes_of(slots: Sequence[Slot], stretches: Sequence[Stretch]) -> tuple[tuple[Purpose, ...], int | None]:
    """What every shot is for, and which one is the key image."""
    openers = {k for k, slot in enumerate(slots) if slot.index == 0 and stretches[slot.stretch].name in
               ("drop", "chorus", "break", "bridge")}
    key = key_shot([(slot.start_s, slot.end_s) for slot in slots], openers)
    last = len(slots) - 1
    return tuple(purpose_of(stretches[slot.stretch].name, slot.index, slot.count, k == 0, k == last and last > 0,
                            k == key) for k, slot in enumerate(slots)), key


def scales_of(purposes: Sequence[Purpose], wishes: Sequence[Wish], subjects: Sequence[str | None], seed: int,
              film: Wishes) -> tuple[Scale, ...]:
    """One scale per shot: the film opens and ends wide, the middle is closer. Neighbours differ in scale, or now and
    then share one when the same subject can be seen from another side.

    subjects: the first body of each shot; places alone are not filmed closer than medium unless asked.
    """
    pick = random.Random(f"scales {seed} {film.goal[:400]}")
    count = len(purposes)
    scales: list[Scale] = []
    for k in range(count):
        wanted: tuple[Scale, ...] = SCALES_FOR[purposes[k]]
        if purposes[k] in ("follow", "approach"):
            orders: tuple[tuple[Scale, ...], ...] = (("medium", "full", "close"), ("full", "medium", "close"),
                                                     ("close", "medium", "full"))
            wanted = orders[int(pick.random() * len(orders))]
        if purposes[k] == "contrast" and scales and SCALE_ORDER.index(scales[-1]) >= 2:
            wanted = ("wide", "full")
        # A short film comes close once: an image of the subject is what it is remembered by.
        inside = count < 5 and k > 0 and (k < count - 1 or count == 2)
        if subjects[k] and inside and (k == max(1, count - 2) or purposes[k] == "reveal"):
            wanted = ("close", "medium", "full") if pick.random() < 0.5 else ("medium", "close", "full")
        if subjects[k] is None:
            wanted = ("wide", "full", "medium") if "wide" in wanted else ("full", "medium")
        asked, move = wishes[k].scale, wishes[k].camera
        wanted = SCALES_OF_MOVE.get(move or "", wanted)
        written = asked is not None and wishes[k].scene
        if asked is not None and (0 < k < count - 1 or count < 4 or written):
            wanted = (cast(Scale, asked), *_beside(cast(Scale, asked)))
        allowed = _allowed(wanted, wishes[k].banned.get("scale", frozenset()))
        # The shot before the last leaves room for the wide that answers the first.
        after = scales[0] if k == count - 2 and count > 2 else None
        turn = pick.random() < 0.35
        if (turn and 1 < k < count - 2 and subjects[k] and subjects[k] == subjects[k - 1] and scales[-1] != "wide"
                and scales[-1] != scales[-2] and subjects[k] in PROFILES | {"walker"}
                and not move and not wishes[k - 1].camera):
            scales.append(scales[-1])
            continue
        if k == count - 1 and count > 2 and not written:
            scales.append(scales[0])
        else:
            scales.append(next_scale(allowed, scales[-1] if scales else None, after))
    return tuple(scales)


def _allowed(wanted: Sequence[Scale], banned: frozenset[str]) -> list[Scale]:
    left: list[Scale] = [scale for scale in wanted if scale not in banned]
    rest: list[Scale] = [scale for scale in SCALE_ORDER if scale not in banned]
    return left or rest or list(SCALE_ORDER)


def _beside(scale: Scale) -> list[Scale]:
    at = SCALE_ORDER.index(scale)
    return sorted((s for s in SCALE_ORDER if s != scale), key=lambda s: (abs(SCALE_ORDER.index(s) - at),
                                                                       -SCALE_ORDER.index(s)))


def cameras_of(slots: Sequence[Slot], stretches: Sequence[Stretch], purposes: Sequence[Purpose],
               scales: Sequence[Scale], looks: Sequence[str], places: Sequence[Sequence[str]],
               casts: Sequence[Sequence[Body]], steps: Sequence[Wish], wishes: Wishes, storms: Sequence[float],
               seed: int) -> tuple[Camera, ...]:
    """One camera per shot; all sequences are parallel to slots."""
    pick = random.Random(f"camera {seed} {wishes.goal[:400]}")
    side: Literal[-1, 1] = 1 if pick.random() < 0.5 else -1
    first_side = side
    cameras: list[Camera] = []
    for k, slot in enumerate(slots):
        changes = k > 0 and slot.stretch != slots[k - 1].stretch
        side = side_after(side, changes, stretches[slot.stretch].name in ("break", "bridge"))
        last = k == len(slots) - 1 and k > 1 and not (steps[k].scene and steps[k].scale)
        bodies = casts[k]
        target = bodies[0] if bodies and (purposes[k] not in ("establish", "rest") or scales[k] != "wide"
                                          or steps[k].bodies) else None
        if bodies and len(bodies) > 1 and purposes[k] in ("follow", "contrast"):
            target = bodies[slot.index % len(bodies)]
        medium, family = medium_of(target.kind if target else None), family_of(looks[k])
        banned = steps[k].banned.get("camera", frozenset())
        moves = moves_for(purposes[k], slot.energy, medium, family, places[k], banned)
        before = cameras[-1].move if cameras else None
        fresh: list[CameraMove] = [move for move in moves if move != before]
        fresh = fresh or list(moves)
        move: CameraMove = fresh[min(len(fresh) - 1, int(pick.random() ** 1.5 * len(fresh)))]
        move = picked(wishes.leans, "camera", fresh, move)
        asked = steps[k].camera
        if asked is not None and asked not in banned and _keeps(k, len(slots), asked):
            move = cast(CameraMove, asked)
        scale = scales[k]
        shake = 0.5 if move == "handheld" else 0.12 * max(0.0, slot.energy - 0.6) * (family == "photoreal")
        high = height_m(scale, purposes[k], move, medium, slot.energy) if _on_land(places[k]) or move == "bee_cam" \
            else None
        again = bool(cameras) and cameras[-1].scale == scale
        view = view_deg(target.kind, purposes[k], move, cameras[-1].view_deg if cameras else None, again,
                        pick.random()) if target else None
        cameras.append(Camera(move=move, scale=scale, target=target.id if target else None, side=side, height_m=high,
                              view_deg=view,
                              lens_mm=round(steps[k].lens_mm or lens_mm(scale, move, family), 1),
                              shake=round(shake + 0.15 * storms[k], 3),
                              speed=round(min(4.0, camera_speed(slot.energy, scale) * (
                                  steps[k].camera_speed or speed_factor(wishes.leans))), 3)))
        if last:
            # Same place, same angle, changed light: the film answers its first image.
            opener = cameras[0]
            ending = move if asked else _answer(opener.move, banned)
            if not asked and ending == before:
                ending = next((other for other in ("dolly_out", "static", "pan")
                               if other != before and other not in banned), opener.move)
            cameras[-1] = cameras[-1].model_copy(update={
                "side": first_side, "move": ending, "view_deg": opener.view_deg if target else None,
                "lens_mm": opener.lens_mm, "scale": opener.scale,
                "height_m": opener.height_m if ending != "bee_cam" else 0.3,
                "target": opener.target if opener.target in {body.id for body in bodies} else cameras[-1].target})
    return tuple(cameras)


def _keeps(k: int, count: int, asked: str) -> bool:
    """Whether shot k is filmed with the move that was asked for: all but the odd one of a longer film."""
    if count < 5:
        return True
    return k % 5 != 3 and not (asked == "bee_cam" and k == 0)


def _answer(move: CameraMove, banned: frozenset[str]) -> CameraMove:
    """The move that closes what a move opened."""
    pairs: dict[CameraMove, CameraMove] = {"dolly_in": "dolly_out", "dolly_out": "dolly_in", "crane_down": "crane_up",
                                           "crane_up": "crane_down", "fly_through": "crane_up"}
    answer = pairs.get(move, move)
    return move if answer in banned else answer


def _on_land(places: Sequence[str]) -> bool:
    return not {"underwater", "space", "clouds", "fluid", "particles"} & set(places)
