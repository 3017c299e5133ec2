"""Moves of an idea that concern what there is: the place, the hand that draws it, light and weather."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.director_tables import NEIGHBOURS, SETTING_WORDS
from agent.ideas_types import Apply, Document, Move, Scene
from agent.ideas_view import filmed, subject
from agent.taste import family_of
from world_model.vocabulary import PALETTE_ROLES, PALETTES

ACCENT = PALETTE_ROLES.index("accent")

# How a place is spoken of as the new home of a subject; and a palette that is at home there.
HOMES: dict[str, tuple[str, str, str]] = {
    "ocean": ("out at sea", "natural", "Nothing but water"), "desert": ("in the dunes", "sand", "Sand in the eyes"),
    "forest": ("in a forest", "natural", "Lost among trunks"), "mountains": ("high in the mountains", "natural",
                                                                             "Above the tree line"),
    "city": ("in the middle of a city", "teal_orange", "Loose in the city"),
    "crystals": ("among crystals", "jewel", "A cave that grows light"),
    "islands": ("over scattered islands", "natural", "Stepping stones"),
    "underwater": ("on the floor of the sea", "jewel", "Holding its breath"),
    "space": ("in open space", "neon", "No air, no edge"), "snowfield": ("on a white plain", "winter", "A white sheet"),
    "canyon": ("at the bottom of a canyon", "mars", "Between red walls"),
    "clouds": ("on top of the clouds", "pastel", "A floor of weather"),
    "fluid": ("inside moving paint", "candy", "Poured, not built"),
    "village": ("between lit windows", "ember", "Somebody is home"), 
    "meadow": ("in high grass", "natural", "Into the green"),
    "particles": ("in a cloud of sparks", "neon", "Made of dust and light")}
# (look, tail, head, why)
HANDS: tuple[tuple[str, str, str, str], ...] = (
    ("ink", "in wet ink", "A brush that was too wet", "ink leaves most of the sheet empty, so a stroke says it all"),
    ("pencil", "drawn in pencil", "Only lines are left", "take colour away and what moves is all there is to look at"),
    ("watercolour", "in watercolour", "It was painted in the rain", "edges that bleed forgive all but bad light"),
    ("riso", "printed in two inks", "A poster that moves", "two inks and dots make a decision of every surface"),
    ("synthwave", "in neon wire", "The {where}, plugged in", "outlines that shine turn a landscape into its own map"),
    ("noir", "in black and white", "Shadows do the talking", "without colour the light has to say who is who"),
    ("pixel", "in fat pixels", "A game nobody finished", "so few dots that the eye has to make up the rest"),
    ("clay", "made of clay", "Thumbprints on everything", "what looks handmade may move badly and be loved for it"),
    ("vhs", "from a worn tape", "Found on an old tape", "a bad copy claims that this has really happened"))


def _place(name: str, palette: str) -> Apply:
    def apply(document: Document, scene: Scene, k: int) -> None:
        world = document["shots"][k]["world"]
        world["place"] = {name: 1.0}
        colours = world["palette"]
        # The subject wears the accent: it keeps its coat.
        own = (colours["roles"] or PALETTES[colours["name"]])[ACCENT]
        colours.update(name=palette, roles=None, dominant=None, accent=colours["accent"] or list(own))
        world["ground"].update(skyline=None, water_level_m=0.0)
        world["weather"].update(rain=0.0, snow=0.7 if name == "snowfield" else 0.0, storm=0.0, fog=0.05)
    return apply


def _fits_place(name: str) -> Callable[[Scene], bool]:
    return lambda scene: scene.direction.shots[scene.key].world.place.get(name, 0.0) < 0.2 \
        and name not in NEIGHBOURS[scene.place][:1]


def _moved(name: str) -> Move:
    tail, palette, head = HOMES[name]
    return Move(f"into {name}", "world", (head, f"The {{who}}, {tail}", f"Wake up {tail}"), tail,
                f"the {{who}} mean{{s}} something else {tail} than in the {{where}}", _place(name, palette),
                _fits_place(name))


def _half(name: str) -> Move:
    """Two places in one picture."""
    def apply(document: Document, scene: Scene, k: int) -> None:
        place = document["shots"][k]["world"]["place"]
        total = sum(place.values()) or 1.0
        for own in place:
            place[own] = round(0.5 * place[own] / total, 3)
        place[name] = round(place.get(name, 0.0) + 0.5, 3)
    word = SETTING_WORDS.get(name, name)
    return Move(f"half {name}", "world", (f"Half {{where}}, half {word}", f"There should be no {word} here"),
                f"with the {word} growing through it", "two places share one ground and neither of them wins", apply,
                _fits_place(name))


def _hand(look: str) -> Apply:
    def apply(document: Document, scene: Scene, k: int) -> None:
        document["shots"][k]["world"].update(look=look, style={})
    return apply


def _lit(weather: dict[str, float] | None = None, **light: Any) -> Apply:
    def apply(document: Document, scene: Scene, k: int) -> None:
        world = document["shots"][k]["world"]
        world["light"].update({"sun_at": None, "tint": 0.0} | light)
        if weather:
            world["weather"].update(weather)
    return apply


def _lamp(document: Document, scene: Scene, k: int) -> None:
    """Night, and the subject the only lamp in it."""
    shot = document["shots"][k]
    body = subject(shot, scene)
    shot["world"]["light"].update(time_h=1.0, exposure_ev=-0.9, tint=0.0, sun_at=None)
    shot["world"]["weather"].update(cloud=1.0, fog=0.12, rain=0.0, snow=0.0, storm=0.0)
    if body is not None:
        body["glow"] = 1.0


def _sun_behind(document: Document, scene: Scene, k: int) -> None:
    """A low sun straight behind the subject, through a long lens: a silhouette."""
    shot = document["shots"][k]
    filmed(shot, move="truck", scale="full", target=scene.body if scene.slots[k] is not None else
           shot["camera"]["target"], lens_mm=110.0, view_deg=90.0, speed=0.5, height_m=0.6)
    shot["world"]["light"].update(time_h=18.6, sun_at=[0.5, 0.4], exposure_ev=-0.2, tint=0.0)
    shot["world"]["weather"].update(fog=0.25, cloud=0.15, rain=0.0, snow=0.0, storm=0.0, dust=0.2)


def _night(scene: Scene) -> bool:
    return scene.hour_h < 5.0 or scene.hour_h > 20.5


OPEN = ("ocean", "lake", "desert", "meadow", "snowfield", "clouds", "islands")
CLEAR = {"rain": 0.0, "snow": 0.0, "fog": 0.05, "storm": 0.0, "dust": 0.0, "aurora": 0.0}
MOVES: tuple[Move, ...] = (
    *(_moved(name) for name in HOMES),
    *(_half(name) for name in ("city", "crystals", "underwater", "ocean", "forest", "canyon")),
    *(Move(f"drawn as {look}", "style", (head, f"The whole thing {tail}"), tail, why, _hand(look),
           lambda scene, look=look: scene.look != look and family_of(scene.look) != family_of(look))
      for look, tail, head, why in HANDS),
    Move("the only lamp", "light", ("The only lamp for miles", "The {who} light{s} the way", "Dark, but for the {who}"),
         "as the only light in the dark", "the subject brings its own light, so the frame follows it by itself", _lamp,
         lambda scene: scene.body is not None and scene.place not in ("underwater", "space", "particles")),
    Move("against the sun", "light", ("One black shape in front of the sun", "The {who} cross{es} the sun"),
         "as a shape against the sun", "a silhouette asks the viewer to draw the inside", _sun_behind,
         lambda scene: scene.body is not None and scene.place in OPEN),
    Move("midday without mercy", "light", ("Noon, with nowhere to hide", "The sun turned on like a lamp"),
         "under a hard noon", "full light takes the mystery off and shows how strange the thing itself is",
         _lit(CLEAR | {"cloud": 0.05}, time_h=12.5, exposure_ev=0.2), _night),
    Move("burning sky", "light", ("Under a sky on fire", "The last ten minutes of the sun"), "under a burning sky",
         "one red light makes relatives of everything in the frame",
         _lit(CLEAR | {"cloud": 0.35, "dust": 0.3}, time_h=18.9, tint_hue_deg=25.0, tint=0.6, azimuth_deg=10.0)),
    Move("green light", "light", ("Somebody changed the sun", "Light from another star"), "under a green sun",
         "only the lamp is wrong, so every known colour has to be learnt again",
         _lit(None, time_h=16.5, tint_hue_deg=150.0, tint=0.85)),
    Move("swallowed by fog", "light", ("The {where} is rubbed out", "Nothing further than an arm's length"),
         "in fog", "what cannot be seen is drawn by the viewer", _lit(CLEAR | {"fog": 0.85, "cloud": 0.7}, time_h=7.0),
         lambda scene: scene.place not in ("underwater", "space")),
    Move("curtain of aurora", "light", ("The sky puts on a dress", "A green fire overhead, and nobody looks up"),
         "under an aurora", "the brightest thing in the frame is the one that nobody in it notices",
         _lit(CLEAR | {"aurora": 1.0, "cloud": 0.05}, time_h=0.5, exposure_ev=0.4),
         lambda scene: scene.place not in ("underwater", "space")),
    Move("thunder", "light", ("Every few seconds it is day", "Lit by lightning"), "lit by lightning",
         "lightning cuts the film without an editor",
         _lit({"storm": 1.0, "rain": 0.9, "cloud": 1.0, "fog": 0.2, "wind_mps": 18.0, "snow": 0.0}, time_h=20.3,
              exposure_ev=0.3), lambda scene: scene.place not in ("underwater", "space", "particles")),
)
