"""Controls of what is there: light, weather and land."""

from __future__ import annotations

from agent.direction import Direction
from ui_gen.candidate import (
    FILMED,
    Candidate,
    course,
    first_to_last,
    key_shot,
    look_of,
    number,
    over_shots,
    share_of_places,
)
from ui_gen.panel import Control

# Places that lie near each other, for mixtures one would think of.
NEAR = {"ocean": ("islands", "clouds"), "desert": ("canyon", "crystals"), "meadow": ("forest", "lake"),
        "forest": ("meadow", "mountains"), "mountains": ("snowfield", "lake"), "city": ("canyon", "crystals"),
        "village": ("meadow", "lake"), "lake": ("forest", "islands"), "crystals": ("underwater", "space"),
        "islands": ("ocean", "clouds"), "underwater": ("crystals", "fluid"), "space": ("clouds", "particles"),
        "snowfield": ("mountains", "forest"), "canyon": ("desert", "mountains"), "clouds": ("islands", "ocean"),
        "fluid": ("particles", "ocean"), "particles": ("fluid", "space")}
SKYLESS = frozenset({"underwater", "space", "particles", "fluid"})


def light_controls(direction: Direction) -> list[Candidate]:
    filmed = look_of(direction) in FILMED
    hours = {round(shot.world.light.time_h, 1) for shot in direction.shots}
    found = [
        Candidate("light", "Light", 0.85 if filmed else 0.4, number(
            direction, "time_h", "Hour of the day", "/world/light/time_h", lambda s: s.world.light.time_h, (0.0, 24.0),
            0.25, "h", "One hour for the whole film." if len(hours) > 1 else "Where the sun stands.", "brightness")),
        Candidate("light", "Light", 0.6 if filmed else 0.25, number(
            direction, "exposure", "Exposure", "/world/light/exposure_ev", lambda s: s.world.light.exposure_ev,
            (-2.0, 2.0), 0.1, "EV", "Darker or brighter, in stops.", "brightness")),
        Candidate("light", "Light", 0.34, number(
            direction, "tint", "Strange light", "/world/light/tint", lambda s: s.world.light.tint, (0.0, 1.0), 0.05, "",
            "Light of a colour of its own, as under another sun.")),
        Candidate("light", "Light", 0.2, course(
            direction, "exposure_course", "Light over the film", "/world/light/exposure_ev",
            lambda s: s.world.light.exposure_ev, (-2.0, 2.0), "EV", "Draw how bright it is from beginning to end.",
            "brightness"))]
    if all(shot.world.light.sun_at is None for shot in direction.shots):
        shot = direction.shots[key_shot(direction)].world.light
        found.append(Candidate("light", "Light", 0.5 if filmed else 0.2, Control(
            id="sun", label="Side of the sun", label_y="Hour", kind="pad", unit="°", fallback="slider", cost="live",
            binds=over_shots(direction, "/world/light/azimuth_deg"),
            binds_y=over_shots(direction, "/world/light/time_h"),
            value=[round(shot.azimuth_deg, 1), round(shot.time_h, 2)], bounds=(-180.0, 180.0), bounds_y=(0.0, 24.0),
            why="Across: from which side it comes. Up: the hour.", promise="sun_side")))
    if len(direction.shots) > 1:
        found.append(Candidate("light", "Light", 0.52 if len(hours) > 1 else 0.36, first_to_last(
            direction, "day", "Hours, first to last", "/world/light/time_h", lambda s: s.world.light.time_h,
            (0.0, 24.0), 0.25, "h", "The day goes on from shot to shot.", "brightness")))
    return found


def weather_controls(direction: Direction) -> list[Candidate]:
    look, found = look_of(direction), list[Candidate]()
    for field, label, weight in (("rain", "Rain", 0.82), ("snow", "Snow", 0.82), ("fog", "Fog", 0.5),
                                 ("dust", "Dust", 0.7), ("aurora", "Aurora", 0.8), ("storm", "Storm", 0.6),
                                 ("cloud", "Clouds", 0.3)):
        strength = max(getattr(shot.world.weather, field) for shot in direction.shots)
        here = strength > 0.05
        asked_for = weight * (1.0 if strength > 0.3 else 0.7)
        found.append(Candidate("weather", "Weather", asked_for if here or (field == "fog" and look in FILMED) else 0.12,
                               number(direction, field, label, f"/world/weather/{field}",
                                      lambda s, f=field: getattr(s.world.weather, f), (0.0, 1.0), 0.05, "",
                                      "It is in this film's air." if here else "Not in the film yet.", field)))
        if here and field in ("rain", "snow", "fog"):
            found.append(Candidate("weather", "Weather", 0.45 * weight, course(
                direction, f"{field}_course", f"{label} over the film", f"/world/weather/{field}",
                lambda s, f=field: getattr(s.world.weather, f), (0.0, 1.0), "", "Draw when it comes and goes.", field)))
    found.append(Candidate("weather", "Weather", 0.22, number(
        direction, "wind", "Wind", "/world/weather/wind_mps", lambda s: s.world.weather.wind_mps, (0.0, 25.0), 0.5,
        "m/s", "What it takes along: rain, grass, cloth and waves.", "wind")))
    return found


def land_controls(direction: Direction) -> list[Candidate]:
    shares = share_of_places(direction)
    named = {name for name, share in shares.items() if share > 0.2}
    found = [Candidate("land", "Place", 0.5, number(
        direction, "density", "How much stands there", "/world/ground/density", lambda s: s.world.ground.density,
        (0.0, 2.0), 0.05, "×", "Trees, houses, flowers: none to crowded.", "density")),
        Candidate("land", "Place", 0.24, number(
            direction, "thing_scale", "Size of what stands there", "/world/ground/object_scale",
            lambda s: s.world.ground.object_scale, (0.4, 2.5), 0.05, "×", "Toy trees to towers."))]
    if named & {"ocean", "fluid", "islands", "lake"}:
        found.append(Candidate("land", "Place", 0.65 if "lake" not in named else 0.4, number(
            direction, "waves", "Wave height", "/world/ground/wave_m", lambda s: s.world.ground.wave_m, (0.0, 3.0),
            0.05, "m", "Glass to swell.", "waves")))
    if named & {"mountains", "desert", "canyon", "meadow", "snowfield", "forest", "crystals", "islands", "underwater"}:
        found.append(Candidate("land", "Place", 0.42, number(
            direction, "relief", "Relief", "/world/ground/relief", lambda s: s.world.ground.relief, (0.2, 2.0), 0.05,
            "×", "Flat land to steep land.", "relief")))
    if len({tuple(sorted(shot.world.place)) for shot in direction.shots}) == 1:
        own = sorted(shares, key=lambda name: -shares[name])
        names = tuple(dict.fromkeys([*own[:3], *NEAR[own[0]]]))[:4]
        found.append(Candidate("land", "Place", 0.33, Control(
            id="places", label="Place", kind="mix", binds=over_shots(direction, "/world/place"), choices=names,
            value={name: round(shares[name], 3) for name in own if name in names}, fallback="choice",
            why="One place, or several grown together.")))
    key = key_shot(direction)
    if not named & SKYLESS and direction.shots[key].world.ground.skyline is None:
        found.append(Candidate("land", "Place", 0.1, Control(
            id="land_line", label="Line of the land", kind="mask", binds=(f"/shots/{key}/world/ground/skyline",),
            value=None, shot=direction.shots[key].id, why="Draw where the land meets the sky in this shot.",
            promise="land_share")))
    return found
