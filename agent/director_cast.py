"""Who is in the picture: the bodies that were asked for, or those that live in the place."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

from agent.direction import Body, Gait, Purpose
from agent.director_read import BodyWish
from agent.director_tables import COUNT_OF, GAIT_OF, GLOW_OF, LIFE
from agent.director_wishes import Wish, Wishes
from agent.profile_choices import picked
from world_model.vocabulary import BODY_SIZE_M

# A requested body is seen in at least this share of the shots; the plan keeps a margin over the promised 60 %.
PRESENT = 0.75


def bodies_of(wish: Wish, energy: float, beat: bool) -> tuple[Body, ...]:
    """The bodies a step asks for, as they move in music of this energy."""
    named: dict[str, int] = {}
    bodies: list[Body] = []
    for body in wish.bodies[:6]:
        named[body.kind] = named.get(body.kind, 0) + 1
        identity = body.identity or (body.kind if named[body.kind] == 1 else f"{body.kind}_{named[body.kind]}")
        bodies.append(body_of(identity, body, energy, beat))
    return tuple(bodies)


def body_of(identity: str, wish: BodyWish, energy: float, beat: bool) -> Body:
    """One body; whatever the creator left open is what its kind does."""
    kind = wish.kind
    count = wish.count or COUNT_OF.get(kind, 1)
    gait: Gait = GAIT_OF[kind]
    if kind in ("bird", "fish") and count < 3:
        gait = "soar" if kind == "bird" else "cruise"
    if kind == "fox" and energy > 0.75:
        gait = "dart"
    if kind in ("ball", "jellyfish", "butterfly") and beat and energy > 0.7:
        gait = "dance"
    if wish.gait is not None:
        gait = BODY_GAIT[wish.gait]
    size = min(200.0, max(0.05, BODY_SIZE_M[kind] * wish.size_factor))
    word = wish.word if wish.word and wish.word.strip().lower().rstrip("s") not in (kind, f"{kind}e") else None
    speed = 0.0 if gait == "still" and wish.speed_factor == 0 else (0.35 + 1.15 * energy) * wish.speed_factor
    return Body(id=identity, kind=kind, gait=gait, count=count, size_m=round(size, 3), shown_as=word, height_m=None,
                speed=round(min(4.0, speed), 3), glow=GLOW_OF.get(kind, 0.0) if wish.glow is None else wish.glow)


BODY_GAIT: Mapping[str, Gait] = {"still": "still", "cruise": "cruise", "dart": "dart", "hover": "hover",
                                 "flock": "flock", "bounce": "bounce", "drift": "drift", "circle": "circle",
                                 "dance": "dance", "soar": "soar"}


def living(place: Mapping[str, float], time_h: float, wishes: Wishes, seed: int, rough: bool) -> BodyWish | None:
    """Someone who belongs here when nobody was asked for; None where the place should be empty.

    The same place in the same film has the same inhabitant. rough weather keeps what flies lightly at home.
    """
    if wishes.nobody:
        return None
    main = max(place, key=lambda name: place[name])
    day, night = LIFE[main]
    if wishes.whole.look == "synthwave" and main in ("desert", "mountains", "city", "canyon"):
        day = night = ("car",)
    dark = time_h >= 19.3 or time_h < 5.0
    kinds = [kind for kind in (night if dark else day) if kind not in wishes.banned["body"]]
    if rough:
        kinds = [kind for kind in kinds if kind not in ("butterfly", "bee", "kite", "balloon", "lantern")]
    if not kinds:
        return None
    pick = random.Random(f"life {seed} {wishes.goal[:400]} {main}")
    own = kinds[min(len(kinds) - 1, int(pick.random() * pick.random() * len(kinds)))]
    return BodyWish(picked(wishes.leans, "body", kinds, own))


def empty_shots(purposes: Sequence[Purpose], asked: bool, nobody: bool) -> frozenset[int]:
    """Which shots show the place alone: none, a few, half or all of them."""
    count = len(purposes)
    if nobody:
        return frozenset(range(count))
    if asked:
        room = math.floor((1 - PRESENT) * count) if count >= 5 else 0
        rank: dict[Purpose, int] = {"rest": 0, "establish": 1, "contrast": 2}
        order = [k for k in range(1, count - 1) if purposes[k] in rank]
        order.sort(key=lambda k: (rank[purposes[k]], k))
        return frozenset(order[:room])
    if count == 1:
        return frozenset()
    order = [k for k in range(count) if purposes[k] != "follow"]
    ranks: dict[Purpose, int] = {"establish": 0, "rest": 1, "release": 2, "contrast": 3, "turn": 3, "approach": 4,
                                 "reveal": 5, "climax": 5, "follow": 6, "detail": 6}
    order.sort(key=lambda k: (ranks[purposes[k]], k))
    return frozenset(order[:(2 * count) // 5])
