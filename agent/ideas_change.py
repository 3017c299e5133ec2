"""Moves of an idea that concern time: physics that changes within a shot, rhythm and couplings, the story's turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.director_tables import STRANGERS
from agent.ideas_types import Apply, Document, Move, Scene
from agent.ideas_view import filmed, subject, there

DRY = ("underwater", "space", "clouds", "fluid", "particles", "ocean")
LANDS = ("meadow", "desert", "forest", "snowfield", "canyon", "mountains", "village", "crystals", "islands", "lake")
TOUR = ("meadow", "snowfield", "city", "underwater", "desert", "space", "forest", "clouds", "canyon", "ocean")
HANDS = ("ink", "photoreal", "riso", "pencil", "synthwave", "clay", "watercolour", "noir")
Curve = list[list[float]]


def _curves(**curves: Curve) -> Apply:
    """Curves over every shot; double underscores in the names are slashes."""
    def apply(document: Document, scene: Scene, k: int) -> None:
        document["shots"][k]["curves"].update({f"/world/{name.replace('__', '/')}": keys for name, keys in
                                               curves.items()})
    return apply


def _flood(document: Document, scene: Scene, k: int) -> None:
    """The sea takes the land within the shot."""
    shot = document["shots"][k]
    place: dict[str, float] = shot["world"]["place"]
    for name, weight in place.items():
        shot["curves"][f"/world/place/{name}"] = [[0.1, weight], [0.9, round(0.25 * weight, 3)]]
    shot["curves"]["/world/place/ocean"] = [[0.1, 0.0], [0.9, 1.0]]
    shot["world"]["ground"]["wave_m"] = 0.5


def _day(backwards: bool) -> Apply:
    def apply(document: Document, scene: Scene, k: int) -> None:
        shot = document["shots"][k]
        keys = [[0.0, 5.6], [0.5, 12.0], [1.0, 20.4]]
        if backwards:
            keys = [[u, hour] for (u, _), (_, hour) in zip(keys, reversed(keys), strict=True)]
        shot["curves"]["/world/light/time_h"] = keys
        shot["world"]["light"].update(sun_at=None, tint=0.0)
    return apply


def _melt(document: Document, scene: Scene, k: int) -> None:
    """One place turns into another within the shot."""
    shot = document["shots"][k]
    place: dict[str, float] = shot["world"]["place"]
    other = STRANGERS[scene.place][0]
    for name, weight in place.items():
        shot["curves"][f"/world/place/{name}"] = [[0.1, weight], [0.9, 0.0 if name != other else 1.0]]
    shot["curves"][f"/world/place/{other}"] = [[0.1, place.get(other, 0.0)], [0.9, 1.0]]


def _slow(document: Document, scene: Scene, k: int) -> None:
    shot = document["shots"][k]
    shot["camera"].update(speed=0.25)
    shot["world"]["weather"].update(wind_mps=0.0)
    for body in shot["world"]["bodies"]:
        body.update(speed=0.12)


def _dancing(document: Document, scene: Scene, k: int) -> None:
    body = subject(document["shots"][k], scene)
    if body is not None:
        body.update(gait="bounce" if scene.medium in ("ground", "surface") else "dance", speed=1.6)
        filmed(document["shots"][k], move="static", scale="full", target=scene.body, lens_mm=30.0, view_deg=90.0)


def _coupled(signal: str, to: str, amount: float, lag_s: float = 0.0) -> Apply:
    def apply(document: Document, scene: Scene, k: int) -> None:
        document["links"].append({"from": signal, "to": to, "amount": amount, "lag_s": lag_s})
    return apply


def _pulse(document: Document, scene: Scene, k: int) -> None:
    document["links"].append({"from": "music.energy", "to": "/shots/*/world/bodies/*/size_m",
                              "amount": round(min(10.0, 3.0 * scene.size_m), 2), "lag_s": 0.0})


def _unbroken(document: Document, scene: Scene, k: int) -> None:
    """The key shot alone, all through."""
    shot = document["shots"][scene.key]
    shot["span"] = {"bars": None, "s": [0.0, document["duration_s"]]}
    shot["cut"] = "hard"
    document["shots"] = [shot]
    document["links"] = [link for link in document["links"] if link["to"].startswith("/shots/*/")]


def _by_shot(field: tuple[str, ...], values: Callable[[Scene, int, int], Any]) -> Apply:
    def apply(document: Document, scene: Scene, k: int) -> None:
        shots = document["shots"]
        for number, shot in enumerate(shots):
            at: Any = shot["world"] if field[0] != "body" else subject(shot, scene)
            for name in field[1:-1]:
                at = at[name] if at is not None else None
            if at is not None:
                value = values(scene, number, len(shots))
                if value is not None:
                    at[field[-1]] = value
    return apply


def _tour(scene: Scene, k: int, count: int) -> dict[str, float] | None:
    places = [name for name in TOUR if name != scene.place]
    return None if k == 0 else {places[(k - 1 + scene.direction.seed) % len(places)]: 1.0}


def _gone(document: Document, scene: Scene, k: int) -> None:
    """The subject leaves the film after the key shot, and the camera does not mind."""
    for number, shot in enumerate(document["shots"]):
        if number > scene.key:
            shot["world"]["bodies"] = []
            shot["camera"].update(target=None, move="dolly_out", scale="wide", view_deg=None)


def _long(scene: Scene) -> bool:
    return len(scene.direction.shots) > 2


def _land(scene: Scene) -> bool:
    return scene.place in LANDS


MOVES: tuple[Move, ...] = (
    Move("the water rises", "physics", ("The water comes in", "Up to the neck", "The {where} drowns while we watch"),
         "while the water rises", "a slow change that nobody in the picture reacts to is a story by itself", _flood,
         lambda scene: scene.place not in DRY, turned=True),
    Move("a day in one shot", "physics", ("Dawn to dusk in one breath", "One shot, one day"),
         "while a whole day passes",
         "time is the one thing a camera cannot see until it is sped up", _day(False),
         lambda scene: scene.place not in ("underwater",), turned=True),
    Move("the day runs backwards", "physics", ("The sun goes home the wrong way", "From dusk back to morning"),
         "as the day runs backwards", "everything else goes forward, so only the light knows the end", _day(True),
         lambda scene: scene.place not in ("underwater",), turned=True),
    Move("mountains breathe", "physics", ("The ground breathes in", "Hills that were not there a moment ago"),
         "on ground that heaves", "what should be the most reliable thing in the frame is the one that moves",
         _curves(ground__relief=[[0.0, 0.2], [0.5, 3.0], [1.0, 0.4]]), _land, turned=True),
    Move("one place melts into another", "physics", ("It was a {where} when we started", "The {where} thinks again"),
         "as the land turns into another", "no cut tells you when you left, so you cannot say when you arrived", _melt,
         turned=True),
    Move("almost stopped", "physics", ("One second, made to last", "Hold still, everything"), "almost stopped",
         "at a tenth of the speed a gesture turns into a place", _slow, there),
    Move("a gale", "physics", ("The wind has opinions", "Hold on to something"), "in a gale",
         "wind is the one actor that touches everything in the frame at once",
         lambda d, s, k: d["shots"][k]["world"]["weather"].update(wind_mps=30.0, dust=0.35) or
         d["shots"][k]["world"]["ground"].update(wave_m=2.6), _land),
    Move("it dances", "rhythm", ("The {who} know{s} this song", "Nobody told the {who} it was being filmed"),
         "dancing to the beat", "a body on the beat makes a film about music out of any film", _dancing, there),
    Move("size follows the music", "rhythm", ("Louder is larger", "The {who} swell{s} with the music"),
         "growing with the music", "one strong link that a viewer can name after ten seconds", _pulse,
         lambda scene: scene.body is not None and scene.musical, whole=True),
    Move("the sun follows the music", "rhythm", ("The band plays the sun", "The loud bars are noon"),
         "with the sun played by the music", "light that obeys the music makes the hour a matter of volume",
         _coupled("music.energy", "/shots/*/world/light/time_h", 9.0, 0.2),
         lambda scene: scene.musical and scene.hour_h < 12.0, whole=True),
    Move("the tide follows the music", "rhythm", ("A tide in four-four", "The music has a waterline"),
         "with water that follows the music", "the level shows what the ear cannot hold on to",
         _coupled("music.energy", "/shots/*/world/ground/water_level_m", 5.0, 0.3),
         lambda scene: scene.musical and scene.place not in DRY, whole=True),
    Move("one unbroken shot", "rhythm", ("Nobody says cut", "One shot, held to the end"), "without a single cut",
         "what may not be cut away has to be lived through", _unbroken, _long, whole=True),
    Move("bigger in every shot", "story", ("Every cut, twice the size", "The {who} do{es} not stop growing"),
         "growing at every cut", "each cut asks the same question and each answer is larger",
         _by_shot(("body", "size_m"), lambda scene, k, count: round(min(40.0, scene.size_m * 2.0 ** min(k, 5)), 2)),
         lambda scene: scene.body is not None and _long(scene), whole=True),
    Move("more in every shot", "story", ("One, three, nine, twenty-seven", "At every cut there are more of them"),
         "and more of them at every cut", "multiplying is a plot that needs no words",
         _by_shot(("body", "count"), lambda scene, k, count: min(40, 3 ** min(k, 4))),
         lambda scene: scene.kind not in (None, "planet", "train") and _long(scene), whole=True),
    Move("another world at every cut", "story", ("The same walk through every world", "Blink, and it is elsewhere"),
         "with another world behind every cut", "only the subject is constant, so the cuts do the travelling",
         _by_shot(("world", "place"), _tour), _long, whole=True),
    Move("another hand at every cut", "story", ("Everyone drew one shot", "Redrawn at every cut"),
         "drawn by another hand at every cut", "the same thing told by many hands shows what all of them kept",
         _by_shot(("world", "look"), lambda scene, k, count: HANDS[(k + scene.direction.seed) % len(HANDS)]), _long,
         whole=True),
    Move("it leaves", "story", ("The film goes on without the {who}", "After this, the {where} is empty"),
         "and then nobody is there", "an absence is only felt by those who have seen what is missing", _gone,
         lambda scene: scene.body is not None and scene.key < len(scene.direction.shots) - 1, whole=True),
)
