"""Moves of an idea that concern the eye: from where the film is seen, who carries the camera, how large things are.

`apply` writes one shot of the document. Numbers were chosen by looking: each alone turns a plain film into another one
that can still be read.
"""

from __future__ import annotations

from typing import Any

from agent.ideas_types import Apply, Document, Move, Scene
from world_model.vocabulary import MEDIUM

Shot = dict[str, Any]
FREED: dict[str, Any] = {"horizon": None, "curves": {}, "shake": 0.0, "height_m": None, "view_deg": None}
FACES = ("fox", "walker", "dragon", "bird", "bee", "butterfly", "car", "whale", "train")
# Who may carry a camera where: carrier, gait, size, words.
CARRIERS: tuple[tuple[str, str, float, str], ...] = (
    ("bee", "dart", 0.35, "bee"), ("bird", "soar", 1.1, "bird"), ("kite", "drift", 1.6, "kite"),
    ("fish", "cruise", 0.9, "fish"), ("balloon", "drift", 7.0, "balloon"), ("dragon", "soar", 9.0, "dragon"),
    ("lantern", "drift", 0.8, "lantern"), ("boat", "cruise", 5.0, "boat"), ("butterfly", "hover", 0.5, "butterfly"))
WET = ("ocean", "lake", "islands", "underwater")


def filmed(shot: Shot, **fields: Any) -> None:
    """Another camera for a shot; what belonged to the old one is let go."""
    shot["camera"].update({**FREED, **fields})
    shot["world"]["ground"]["skyline"] = None
    for body in shot["world"]["bodies"]:
        body.update(frame_at=None, frame_height=None)


def subject(shot: Shot, scene: Scene) -> dict[str, Any] | None:
    """The subject's own part of a shot."""
    return next((body for body in shot["world"]["bodies"] if body["id"] == scene.body), None)


def there(scene: Scene) -> bool:
    return scene.body is not None


def _camera(**fields: Any) -> Apply:
    def apply(document: Document, scene: Scene, k: int) -> None:
        shot = document["shots"][k]
        target = scene.body if scene.slots[k] is not None else shot["camera"]["target"]
        filmed(shot, **({"target": target} | fields))
    return apply


def _carried(kind: str, gait: str, size_m: float) -> Apply:
    def apply(document: Document, scene: Scene, k: int) -> None:
        shot = document["shots"][k]
        bodies = shot["world"]["bodies"]
        if len(bodies) >= 6:
            bodies.pop()
        bodies.append({"id": "carrier", "kind": kind, "gait": gait, "size_m": size_m, "count": 1, "speed": 1.0,
                       "height_m": None, "glow": 0.0, "shown_as": None, "frame_at": None, "frame_height": None})
        filmed(shot, move="follow", target="carrier", scale="close", lens_mm=16.0, view_deg=12.0, speed=1.0)
    return apply


def _carrier(kind: str, gait: str, size_m: float, word: str) -> Move:
    def fits(scene: Scene) -> bool:
        wet = MEDIUM[kind] in ("water", "surface")
        return scene.kind != kind and (scene.place in WET if wet else scene.place != "underwater") \
            and not (kind == "boat" and scene.place == "underwater")
    an = "an" if word[0] in "aeiou" else "a"
    return Move(f"carried by {an} {word}", "carried",
                (f"{an.capitalize()} {word} passes through, and we go with it", f"On the heels of {an} {word}",
                 f"Somebody else's errand: {an} {word}"), f"on the heels of {an} {word}",
                f"the film gets a traveller of its own: {an} {word} that the story is not about",
                _carried(kind, gait, size_m), fits)


def _giant(document: Document, scene: Scene, k: int) -> None:
    shot = document["shots"][k]
    body = subject(shot, scene)
    ground = shot["world"]["ground"]
    ground["object_scale"] = 0.4
    if body is not None:
        body.update(size_m=round(min(60.0, max(16.0, 12.0 * scene.size_m)), 2), count=1, speed=0.5)
        filmed(shot, move="static", scale="close", target=scene.body, lens_mm=16.0, height_m=0.4, view_deg=125.0,
               curves={"pitch_deg": [[0.0, 6.0]]})


def _tiny(document: Document, scene: Scene, k: int) -> None:
    shot = document["shots"][k]
    body = subject(shot, scene)
    shot["world"]["ground"].update(object_scale=3.0, density=1.6)
    if body is not None:
        body.update(size_m=round(max(0.08, 0.25 * scene.size_m), 3))
    filmed(shot, move="dolly_in", scale="full", target=scene.body if body else None, lens_mm=20.0, view_deg=60.0)


def _many(document: Document, scene: Scene, k: int) -> None:
    shot = document["shots"][k]
    body = subject(shot, scene)
    if body is not None:
        body.update(count=36, gait="flock")
        filmed(shot, move="truck", scale="medium", target=scene.body, lens_mm=24.0, view_deg=110.0)


def _lone(document: Document, scene: Scene, k: int) -> None:
    body = subject(document["shots"][k], scene)
    if body is not None:
        body.update(count=1)
        filmed(document["shots"][k], move="dolly_in", scale="detail", target=scene.body, lens_mm=50.0, view_deg=80.0)


def _over(document: Document, scene: Scene, k: int) -> None:
    """The camera on the subject's own back: close behind it, with a wide lens."""
    filmed(document["shots"][k], move="follow", target=scene.body if scene.slots[k] is not None else
           document["shots"][k]["camera"]["target"], scale="detail", lens_mm=26.0, view_deg=10.0, speed=1.3)


MOVES: tuple[Move, ...] = (
    Move("bee height", "viewpoint", ("Below the grass tips", "As low as a bee flies, past the {who}",
                                     "Down where the bees are"),
         "seen from a bee's height", "small things in front become the landscape, and the {who} a rumour behind them",
         _camera(move="bee_cam", scale="medium", lens_mm=15.0, height_m=0.25, speed=1.0)),
    Move("its own back", "carried", ("On the {who}'s own back", "Riding the {who}", "Wherever it goes, we hold on"),
         "from the back of it", "we stop watching the {who} and begin to travel with it", _over, there),
    Move("straight above", "viewpoint", ("A map with one moving dot", "The {where} as a floor plan",
                                         "Looked down on, the {who} draw{s} a line"),
         "seen from straight above", "without a horizon the picture turns into a drawing that the {who} is making",
         _camera(move="top_down", scale="wide", lens_mm=28.0, speed=1.0), lambda scene: scene.place not in
         ("underwater", "space", "clouds", "particles")),
    Move("from the ground up", "viewpoint", ("An ant looks up", "The sky behind the {who}", "Flat on our backs"),
         "filmed from the ground", "against the sky the smallest subject becomes a monument",
         _camera(move="static", scale="close", lens_mm=14.0, height_m=0.1, view_deg=140.0,
                 curves={"pitch_deg": [[0.0, 8.0], [1.0, 16.0]]}), there),
    Move("from far away", "viewpoint", ("Seen from two kilometres off", "A long lens and a great deal of air",
                                        "Too far away to help the {who}"),
         "through a very long lens", "distance flattens the land into layers and makes the {who} look watched",
         _camera(move="truck", scale="wide", lens_mm=180.0, speed=0.5, view_deg=90.0)),
    Move("upside down", "viewpoint", ("The ground is the ceiling", "Hanging by the feet over the {where}",
                                      "Everything falls up"),
         "with the world upside down", "one number turned by half a circle, and every weight in the picture is wrong",
         _camera(move="dolly_in", scale="full", lens_mm=20.0, speed=0.8,
                 curves={"roll_deg": [[0.0, 180.0]]})),
    Move("rocking horizon", "viewpoint", ("Seasick", "The {where} swings like a lamp", "No floor is level here"),
         "on a horizon that rocks", "a level horizon is a promise; this one is broken slowly and on purpose",
         _camera(move="dolly_in", scale="full", lens_mm=22.0, speed=0.8,
                 curves={"roll_deg": [[0.0, -26.0], [0.5, 26.0], [1.0, -26.0]]})),
    Move("the room that stretches", "viewpoint", ("The {where} backs away from the {who}", "Vertigo for the {who}",
                                                  "Coming closer and never arriving"),
         "with the background stretching away", "what is near stays put while the world behind it moves, as no eye can",
         _camera(move="dolly_zoom", scale="medium", lens_mm=24.0, speed=2.2), there),
    Move("face to face", "viewpoint", ("The {who} look{s} back", "Eye to eye", "It has seen the camera"),
         "face to face", "the one who was watched now watches, at the distance of a conversation",
         _camera(move="dolly_out", scale="close", lens_mm=35.0, view_deg=160.0, speed=0.6),
         lambda scene: scene.kind in FACES),
    Move("whirled round", "viewpoint", ("The world turns round the {who}", "Round and round the {who}",
                                        "A carousel with one rider"),
         "circled without stopping", "only what stands in the middle keeps still, so everything else becomes motion",
         _camera(move="orbit", scale="medium", lens_mm=20.0, speed=3.2), there),
    Move("leaving the ground", "viewpoint", ("It begins at the feet and ends as a map", "Let go of the ground",
                                             "Up, until the {who} {be} gone"),
         "rising until it is a map", "the same shot holds the smallest and the largest picture of the {where}",
         _camera(move="crane_up", scale="full", lens_mm=20.0, speed=2.0,
                 curves={"height_m": [[0.0, 0.6], [0.25, 2.0], [1.0, 90.0]], "pitch_deg": [[0.0, 0.0], [1.0, -28.0]]}),
         lambda scene: scene.place not in ("underwater", "space", "clouds", "particles"), turned=True),
    Move("giant", "scale", ("The {who} outgrow{s} the {where}", "{a_who} the size of a hill",
                            "Mind your step, little {where}"),
         "grown to the size of a hill", "size is the cheapest kind of awe: it only changes what stands beside it",
         _giant, lambda scene: scene.medium in ("ground", "surface") and scene.size_m < 12.0),
    Move("tiny", "scale", ("Smaller than a mushroom", "A {where} of giants", "Under the furniture of the world"),
         "shrunk to the size of a thumb", "ordinary things turn into architecture once the {who} {be} small enough",
         _tiny, there),
    Move("a crowd", "scale", ("It was never alone", "The {who} {be} one of many", "More of them than can be right"),
         "in a crowd of its own", "one is a character, many are a pattern, and the film may choose between them",
         _many, lambda scene: scene.kind not in (None, "planet", "train", "dragon", "whale") and scene.count < 20),
    Move("only one", "scale", ("Only one of them came", "The last of the {who}"), "with only one left",
         "a group is weather, a single one is a story", _lone, lambda scene: scene.count > 2),
    *(_carrier(*one) for one in CARRIERS),
)
