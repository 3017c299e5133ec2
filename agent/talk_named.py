"""What a clause names outright: weather, light, place, look, colours, camera, lens, bodies, and what is denied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agent.brief import Brief
from agent.direction import Direction
from agent.director_cast import body_of
from agent.director_looks import colours_of
from agent.director_tables import WEATHER_FIELDS
from agent.director_wishes import Wish, Wishes, wishes_of
from agent.director_words import PLURALS, clock
from agent.talk_change import WHOLE, Changed, Where, inside, put, whole_inside
from agent.talk_music import music_named
from agent.talk_places import whole_shots
from agent.unroll_spans import bars_to_s
from world_model.vocabulary import LIGHTS, WEATHERS

# Weather that one preset replaces of another; wind stays as it was unless the preset blows.
FALLING = ("rain", "snow", "fog", "storm", "dust")
# A name this sure was in the dictionary; a guess by meaning changes a film only where something is to be added.
SURE = 0.9
MOST_BODIES = 6


def sure(brief: Brief, adding: str = "", there: frozenset[str] = frozenset()) -> Brief:
    """The brief without guesses. adding: a clause that brings somebody in; a body of no known kind that it names as new
    ("a heron", "two herons") may then be its nearest. there: the creator's own words for who is in the film."""
    def fresh(because: str) -> bool:
        return re.search(rf"\b(?:an?|some|another|more|two|three|four|five|many|few|\d+)(?: [a-z-]+)? "
                         rf"{re.escape(because.lower().split()[-1])}", adding) is not None or re.match(
            rf"(?:add|put in|insert|with|let|have|want)(?: the)? {re.escape(because.lower())}", adding) is not None

    return brief.model_copy(update={"traits": tuple(
        t for t in brief.traits if t.confidence >= SURE or t.axis in ("degree", "at", "sequence")
        or (t.axis == "body" and t.confidence >= 0.6 and t.because and (
            (adding and fresh(t.because)) or t.because.lower().split()[-1].rstrip("s") in there)))})


def named(made: Changed, direction: Direction, brief: Brief, shots: list[dict[str, Any]], shot: int | None) -> None:
    """A Brief's names put into one shot (from 0) or all of them."""
    del shots
    spans = made.spans()
    apply(made, direction, wishes_of(brief), WHOLE if shot is None else Where(
        (spans[shot],), f"in shot {shot + 1}", shots=(shot,)))


def apply(made: Changed, direction: Direction, wishes: Wishes, where: Where) -> None:
    """Wishes put where they are about; a step of a sequence holds in its own stretch of that."""
    steps = [step for step in wishes.steps if step != Wish()]
    # "From day to night", "first rain, then snow": steps without a time of their own share the stretch in order.
    shared = len(steps) > 1 and all(step.start_s is None and step.at is None for step in steps)
    for wish in (wishes.whole, *steps):
        if wish == Wish():
            continue
        window = _when(direction, wish)
        if shared and wish is not wishes.whole:
            nth, (low, high) = steps.index(wish), (where.windows or ((0.0, direction.duration_s),))[0]
            part = ((low + (high - low) * nth / len(steps)), low + (high - low) * (nth + 1) / len(steps))
            place = whole_shots(Where((part,), f"in part {nth + 1} of {len(steps)}", loose=True), direction)
            _wished(made, wish, place)
            absent(made, wish.banned, wish.nobody, place)
            made.what = [f"{what} {place.words}" if what == made.what[-1] and "in part" not in what else what
                         for what in made.what]
            continue
        place = where if where.windows is not None or window == (0.0, direction.duration_s) else Where(
            (window,), f"from {clock(window[0])} to " + (
                "the end" if window[1] >= direction.duration_s else clock(window[1])))
        _wished(made, wish, place)
        absent(made, wish.banned, wish.nobody, place)
    absent(made, wishes.banned, wishes.nobody, where)
    music_named(made, wishes)


def _wished(made: Changed, wish: Wish, where: Where) -> None:
    _weather(made, wish, where)
    if (wish.light is not None and "light" in wish.firm) or wish.time_h is not None:
        hour: Mapping[str, float] = {"time_h": wish.time_h} if wish.time_h is not None else LIGHTS[str(wish.light)]
        moved = [put(shot, f"/world/light/{name}", value, within) for shot, within in inside(made, where)
                 for name, value in ({"tint": 0.0} | hour).items()]
        _done(made, any(moved), f"the light is {wish.light}" if wish.light else f"it is {_hour(wish.time_h)}", "light")
    if wish.place and "setting" in wish.firm:
        total = sum(weight for _, weight in wish.place)
        weights = {name: round(weight / total, 4) for name, weight in wish.place}
        moved = [_placed(shot, weights, within) for shot, within in inside(made, where)]
        names = [name for name, _ in sorted(wish.place, key=lambda one: -one[1])][:2]
        _done(made, any(moved), f"the place is {' and '.join(names).replace('_', ' ')}", "place")
    looks = {key: value for key, value, said in (
        ("look", wish.look, "look"), ("palette", wish.palette, "palette"), ("move", wish.camera, "camera"),
        ("scale", wish.scale, "scale"), ("lens", wish.lens_mm, "lens_mm")) if value
        and (said in wish.firm or key == "lens")}
    colours = colours_of(replace(wish, bodies=()))
    if not looks and colours == (None, None) and not wish.bodies:
        return
    already = inside(made, where)
    reached = whole_inside(made, where) if any(_differs(shot, looks) for shot, _ in already) or wish.bodies or \
        colours != (None, None) else [shot for shot, _ in already]
    for key, value in looks.items():
        one_name(made, reached, key, value)
    if colours != (None, None):
        for shot in reached:
            shot["world"]["palette"] |= {name: list(colour) for name, colour in zip(("dominant", "accent"), colours,
                                                                                   strict=True) if colour is not None}
        made.told(f"the {'main' if colours[0] is not None else 'accent'} colour is another", "colours")
    _joined(made, wish, reached, where.windows is None)


def _hour(time_h: float | None) -> str:
    hour = float(time_h or 0.0)
    return f"{int(hour):02d}:{round(60 * (hour % 1)) % 60:02d}"


def _differs(shot: dict[str, Any], looks: Mapping[str, Any]) -> bool:
    world, camera = shot["world"], shot["camera"]
    have = {"look": world["look"], "palette": world["palette"]["name"], "move": camera["move"],
            "scale": camera["scale"], "lens": camera["lens_mm"]}
    return any(have[key] != value for key, value in looks.items())


def one_name(made: Changed, shots: list[dict[str, Any]], key: str, value: Any) -> None:
    changed = False
    for shot in shots:
        world, camera = shot["world"], shot["camera"]
        owner, name = {"look": (world, "look"), "palette": (world["palette"], "name"), "move": (camera, "move"),
                       "scale": (camera, "scale"), "lens": (camera, "lens_mm")}[key]
        given = key == "palette" and world["palette"]["roles"] is not None
        changed = changed or owner[name] != value or given
        owner[name] = value
        if key == "palette":
            # Colours chosen by name take the place of those a reference or a word gave.
            world["palette"] |= {"roles": None, "dominant": None, "accent": None}
        if key == "lens":
            camera["curves"].pop("lens_mm", None)
            shot["curves"].pop("/camera/lens_mm", None)
    said = {"look": f"the look is {value}", "palette": f"the colours are {value}", "scale": f"the view is {value}",
            "move": f"the camera move is {str(value).replace('_', ' ')}", "lens": f"the lens is {value} mm"}[key]
    _done(made, changed, said.replace("teal_orange", "teal and orange").replace("mono", "black and white"),
          {"look": "look", "palette": "colours"}.get(key, "camera"))


def _done(made: Changed, changed: bool, said: str, part: str) -> None:
    if changed:
        made.told(said, part)
    else:
        made.same = True


def _weather(made: Changed, wish: Wish, where: Where) -> None:
    if not wish.weathers or "weather" not in wish.firm:
        return
    strength = dict(wish.strength)
    preset: dict[str, float] = dict.fromkeys(FALLING, 0.0)
    for name in reversed(wish.weathers):
        preset |= WEATHERS[name] | ({name: strength[name]} if name in strength and name in WEATHERS["storm"] | {
            "snow": 0, "dust": 0, "aurora": 0} else {})
    if "storm" in wish.weathers or "blizzard" in wish.weathers or "clear" in wish.weathers:
        preset |= {} if "aurora" in wish.weathers or "clear" not in wish.weathers else {"aurora": 0.0}
    moved = [put(shot, f"/world/weather/{name}", value, within) for shot, within in inside(made, where)
             for name, value in preset.items()]
    first = wish.weathers[0]
    said = {"clear": "the sky is clear", "aurora": "northern lights come up", "clouds": "clouds gather",
            "overcast": "it is overcast"}.get(first, f"{first} begins")
    _done(made, any(moved), said, "weather")


def _placed(shot: dict[str, Any], weights: Mapping[str, float], within: tuple[float, float]) -> bool:
    place = shot["world"]["place"]
    total = sum(place.values())
    if len(weights) == 1 and place.get(next(iter(weights)), 0.0) >= 0.6 * total and not any(
            pointer.startswith("/world/place/") for pointer in shot["curves"]):
        # A forest with a meadow at its edge is a forest.
        return False
    now = {name: round(weight / total, 4) for name, weight in place.items() if weight}
    curved = [pointer for pointer in shot["curves"] if pointer.startswith("/world/place/")]
    if now == dict(weights) and not curved:
        return False
    if within == (0.0, 1.0):
        shot["world"]["place"] = dict(weights)
        for pointer in curved:
            del shot["curves"][pointer]
        return True
    for name in {**place, **weights}:
        place.setdefault(name, 0.0)
        put(shot, f"/world/place/{name}", weights.get(name, 0.0) * total, within)
    return True


def _joined(made: Changed, wish: Wish, shots: list[dict[str, Any]], whole: bool) -> None:
    full = False
    for body in wish.bodies:
        # Who is in the film already stays in the shots it is in; a name brings nobody into the empty ones.
        there = whole and any(one["kind"] == body.kind for shot in shots for one in shot["world"]["bodies"])
        for shot in shots:
            bodies = shot["world"]["bodies"]
            same = [one for one in bodies if one["kind"] == body.kind]
            word = body.word if body.word and body.word.rstrip("s") != body.kind else body.kind
            if same and body.count and same[0]["count"] != body.count:
                same[0]["count"] = body.count
                made.told(f"there {'is' if body.count == 1 else 'are'} {body.count} "
                          f"{body.kind if body.count == 1 else PLURALS.get(body.kind, body.kind + 's')}", "bodies")
            elif same and body.gait and same[0]["gait"] != body.gait:
                same[0]["gait"] = body.gait
                made.told(f"the {word} moves otherwise ({body.gait})", "bodies")
            elif same:
                made.same = True
            elif there:
                continue
            elif len(bodies) >= MOST_BODIES:
                full = True
            else:
                bodies.append(body_of(_free(bodies, body.kind), body, 0.5, False).model_dump(mode="json"))
                made.told(f"{body.count} {word if word.endswith('s') else word + 's'} joined" if (body.count or 1) > 1
                          else
                    f"{word} joined", "bodies")
            if body.colour and any(one["kind"] == body.kind for one in bodies):
                shot["world"]["palette"]["accent"] = list(body.colour)
                made.told(f"the accent colour is that of the {word}", "colours")
    if full:
        made.missed.append(f"a shot holds at most {MOST_BODIES} kinds of bodies")


def _free(bodies: list[dict[str, Any]], kind: str) -> str:
    taken, name, n = {body["id"] for body in bodies}, kind, 2
    while name in taken:
        name, n = f"{kind}_{n}", n + 1
    return name


def absent(made: Changed, banned: Mapping[str, frozenset[str]], nobody: bool, where: Where) -> None:
    """What was denied is taken out where it is."""
    for name in banned.get("weather", ()):
        moved = [put(shot, f"/world/weather/{field}", 0.05 if field == "cloud" else 0.0, within)
                 for shot, within in inside(made, where) for field in WEATHER_FIELDS.get(name, ())]
        _done(made, any(moved), f"no {name} is left" if name != "clouds" else "no clouds are left", "weather")
    for key, neutral, part in (("palette", "natural", "colours"), ("look", "photoreal", "look")):
        for name in banned.get(key, ()):
            there = [shot for shot in (s for s, _ in inside(made, where)) if (
                shot["world"]["look"] if key == "look" else shot["world"]["palette"]["name"]) == name]
            for shot in there:
                if key == "look":
                    shot["world"]["look"] = neutral
                else:
                    shot["world"]["palette"]["name"] = neutral
            _done(made, bool(there), f"no {name} is left", part)
    for name in banned.get("camera", ()):
        there = [shot for shot, _ in inside(made, where) if shot["camera"]["move"] == name]
        for shot in there:
            shot["camera"]["move"] = "static"
        _done(made, bool(there), f"no {name.replace('_', ' ')} is left", "camera")
    for name in banned.get("setting", ()):
        there = [shot for shot, _ in inside(made, where) if name in shot["world"]["place"]]
        for shot in there:
            rest = {key: value for key, value in shot["world"]["place"].items() if key != name and value > 0}
            if rest:
                shot["world"]["place"] = rest
                made.told(f"no {name} is left", "place")
            else:
                made.missed.append(f"“no {name}” needs another place to go to")
                break
    kinds = set(banned.get("body", ()))
    if not kinds and not nobody:
        return
    gone_any: set[str] = set()
    for shot in whole_inside(made, where) if where.windows is not None else made.shots:
        bodies = shot["world"]["bodies"]
        left = [body for body in bodies if not (nobody or body["kind"] in kinds)]
        if len(left) < len(bodies):
            out = [body for body in bodies if body not in left]
            gone_any |= {body["kind"] for body in out}
            remove_bodies(shot, {body["id"] for body in out})
    for kind in sorted(gone_any):
        made.told(f"no {kind} is left", "bodies")
    made.same = made.same or not gone_any


def remove_bodies(shot: dict[str, Any], gone: set[str]) -> None:
    """Bodies taken out of a shot by id, with the curves and the camera that hung on them."""
    old = [body["id"] for body in shot["world"]["bodies"]]
    left = [identity for identity in old if identity not in gone]
    shot["world"]["bodies"] = [body for body in shot["world"]["bodies"] if body["id"] not in gone]
    if shot["camera"]["target"] in gone:
        shot["camera"]["target"] = None
    curves: dict[str, Any] = {}
    for pointer, keys in shot["curves"].items():
        found = re.match(r"/world/bodies/(\d+)(/.*)", pointer)
        if found is None:
            curves[pointer] = keys
        elif int(found[1]) < len(old) and old[int(found[1])] in left:
            curves[f"/world/bodies/{left.index(old[int(found[1])])}{found[2]}"] = keys
    shot["curves"] = curves


def _when(direction: Direction, wish: Wish) -> tuple[float, float]:
    """From when to when a step holds, seconds."""
    end_s = wish.end_s if wish.end_s is not None else direction.duration_s
    if wish.start_s is not None:
        return wish.start_s, end_s
    sections = [section for section in direction.music.sections if section.name == wish.at]
    if not sections:
        return (direction.duration_s / 2 if wish.at == "middle" else 0.0), end_s
    nth = wish.nth or 1
    section = sections[-1] if nth < 0 or nth > len(sections) else sections[nth - 1]
    start, end = (float(t) for t in bars_to_s(direction.music, section.bars))
    return (end, end_s) if wish.after else (start, min(end_s, end))
