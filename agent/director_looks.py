"""What each section looks like: one coherent film whose place, light, weather and palette travel with the music.

A look belongs to a section's label, so that a returning section returns to the place and the colours it had.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent.direction import Ground, Light, Palette, ShotWorld, Weather
from agent.director_read import LCH
from agent.director_tables import (
    NEIGHBOURS,
    PALETTE_OF_LOOK,
    PALETTE_OF_SETTING,
    WEATHER_FIELDS,
)
from agent.director_wishes import Wish, Wishes
from agent.pacing import Slot, Stretch
from agent.profile_choices import chroma_factor, hour_among, picked, sky_among, wanted
from agent.taste import shot_chroma, shot_exposure_ev
from modalities.cues import MusicCues
from world_model.vocabulary import LIGHTS, MEDIUM, PALETTES, SETTINGS, STYLES, WEATHERS

# Thicker air than this leaves a wide shot without a picture.
MOST_FOG = 0.5
AMOUNTS = ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora")
LAST_LIGHT_H = 19.7
NIGHT_EV, PALE_EV, SHADE_EV, LATE_EV = 0.25, -0.35, 0.3, 0.25
INDOOR = frozenset(("underwater", "space", "fluid", "particles"))
SUN_DEG = (-40.0, 28.0, -72.0, 14.0, 58.0, -18.0)
HUE_STEPS = (0.0, 16.0, -14.0, 26.0, -24.0, 34.0)
LIGHTNESS_STEPS = (1.0, 0.95, 1.05, 0.92, 1.03, 0.97)
HOMES: dict[str, tuple[str, ...]] = {
    "fish": ("underwater",), "whale": ("underwater", "ocean"), "jellyfish": ("underwater",),
    "boat": ("ocean", "lake", "islands"), "car": ("city", "desert", "canyon"), "train": ("mountains", "canyon"),
    "rocket": ("space",), "planet": ("space",), "bee": ("meadow",), "butterfly": ("meadow", "forest"),
    "fox": ("forest", "snowfield", "meadow"), "balloon": ("canyon", "mountains", "clouds"),
    "walker": ("mountains", "desert", "forest"), "lantern": ("lake", "village"), "dragon": ("mountains", "clouds"),
    "kite": ("meadow", "desert"), "bird": ("ocean", "mountains"), "ball": ("particles", "meadow")}
WATERS = frozenset(("ocean", "lake", "islands"))
GENRE_PLACES: dict[str, tuple[str, ...]] = {
    "techno": ("city", "particles", "crystals", "fluid"), "ambient": ("clouds", "ocean", "underwater", "space"),
    "folk": ("meadow", "village", "forest"), "piano": ("lake", "snowfield", "forest"),
    "suspense": ("forest", "canyon", "city"), "orchestral": ("mountains", "ocean", "canyon"),
    "synthwave": ("mountains", "city", "desert"), "lofi": ("city", "village", "lake"), "jazz": ("city", "islands"),
    "chiptune": ("islands", "village", "meadow"), "waltz": ("village", "lake", "clouds"),
    "drum_and_bass": ("city", "fluid", "crystals")}


@dataclass(frozen=True)
class Base:
    """What the whole film rests on. asked_place and asked_light: the creator named them, so they stay."""

    place: tuple[tuple[str, float], ...]
    look: str
    time_h: float
    tint_hue_deg: float
    tint: float
    palette: str
    asked_place: bool
    asked_light: bool
    mood: tuple[float, float]


def mood_of(wishes: Wishes, cues: MusicCues | None) -> tuple[float, float]:
    """(valence, arousal) in [-1, 1] from the words, and from the track where the words say nothing."""
    valence, arousal = wishes.mood
    if (valence, arousal) == (0.0, 0.0) and cues is not None and not cues.silent and cues.mood:
        return cues.valence, cues.arousal
    if (valence, arousal) == (0.0, 0.0) and cues is not None and not cues.silent:
        curve = cues.signals.get("energy")
        energy = float(curve.mean()) if curve is not None and len(curve) else 0.4
        # Without a beat there is no tempo to be lively by.
        tempo = cues.tempo_bpm if 20 <= cues.tempo_bpm <= 400 and cues.beat_confidence >= 0.35 else 75.0
        arousal = max(-1.0, min(1.0, 1.6 * (energy - 0.45) + (tempo - 105) / 120))
        valence = -0.3 if cues.minor else 0.35
    return valence, arousal


def base_of(wishes: Wishes, cues: MusicCues | None, seed: int) -> Base:
    """Place, look, light and palette of the whole film: what was asked for, else what suits it."""
    # Two tracks that come without words are still two films.
    heard = f" {cues.duration_s:.2f} {cues.tempo_bpm:.1f} {cues.key}" if cues is not None else ""
    pick = random.Random(f"base {seed} {wishes.goal[:400]}{heard}")
    first = wishes.at_step(0) if wishes.steps else wishes.whole
    mood = mood_of(wishes, cues)
    open_hand = cues is not None and not cues.silent and not (first.place or first.bodies or wishes.whole.look)
    pulse = open_hand and cues is not None and cues.beat_confidence >= 0.5
    look = look_for(first.look or (_look_of_music(mood, pulse, pick) if open_hand else None), wishes)
    if not (first.look or wishes.whole.look):
        look = picked(wishes.leans, "look", wanted(wishes.leans, "look", wishes.banned["look"]), look)
    place = without(first.place or _place_for(first, wishes, cues, mood, look, pick), wishes.banned["setting"])
    light = first.light if first.light not in wishes.banned["light"] else None
    lamp = LIGHTS[light] if light else {}
    asked = light is not None or first.time_h is not None
    hour = lamp.get("time_h", first.time_h) if asked else _hour_for(first, place, look, mood, wishes)
    palette = first.palette if first.palette and first.palette not in wishes.banned["palette"] else None
    palette = palette or picked(wishes.leans, "palette", wanted(wishes.leans, "palette", wishes.banned["palette"]),
                                _palette_for(place, look, mood, wishes.banned["palette"]))
    firm = asked and bool({"light", "time_h"} & first.firm)
    return Base(place, look, float(hour or 0.0) % 24.0, lamp.get("tint_hue_deg", 0.0), lamp.get("tint", 0.0), palette,
                bool(first.place), firm, mood)


def _look_of_music(mood: tuple[float, float], pulse: bool, pick: random.Random) -> str:
    """A look for music that came without words: drawn or filmed, by how lively and how bright it is."""
    valence, arousal = mood
    if arousal > 0.35:
        looks = ("synthwave", "photoreal", "riso", "cel") if pulse else ("photoreal", "cel")
    elif arousal < -0.25:
        looks = ("photoreal", "watercolour", "ink") if valence < 0 else ("photoreal", "gouache", "watercolour")
    else:
        looks = ("photoreal", "gouache", "cel") if valence >= 0 else ("photoreal", "ink", "noir")
    return looks[pick.randrange(len(looks))]


def look_for(asked: str | None, wishes: Wishes) -> str:
    """The look that was asked for unless it was also refused; photoreal, or the first left, otherwise."""
    for look in (asked, wishes.whole.look, "photoreal", *STYLES):
        if look and look not in wishes.banned["look"]:
            return look
    return "photoreal"


def without(place: Sequence[tuple[str, float]], banned: frozenset[str]) -> tuple[tuple[str, float], ...]:
    """A mixture without the settings nobody wants; the first setting allowed when nothing is left."""
    left = [(name, weight) for name, weight in place if name not in banned and weight > 0]
    if not left:
        near = [name for setting, _ in place for name in NEIGHBOURS[setting]]
        left = [(next((name for name in (*near, *SETTINGS) if name not in banned), "meadow"), 1.0)]
    total = sum(weight for _, weight in left)
    return tuple((name, weight / total) for name, weight in left)


def _place_for(wish: Wish, wishes: Wishes, cues: MusicCues | None, mood: tuple[float, float], look: str,
               pick: random.Random) -> tuple[tuple[str, float], ...]:
    """Where a film with no place should be: where its bodies live, its weather falls or its music belongs."""
    options: list[str] = []
    anywhere: list[str] = []
    for body in wish.bodies:
        options += HOMES.get(body.kind, ())[:2]
    weather = set(wish.weathers)
    if not options and weather & {"snow", "blizzard", "aurora"}:
        options = ["snowfield", "mountains"]
    if not options and "dust" in weather:
        options = ["desert", "canyon"]
    if not options and wish.palette == "neon":
        options = ["city"]
    if not options and wishes.genre:
        options = list(GENRE_PLACES[wishes.genre])
    if not options and look in ("synthwave", "noir", "vhs"):
        options = ["city"] if look != "synthwave" else ["mountains", "city"]
    if not options and weather & {"storm"}:
        options = ["ocean"]
    if not options:
        valence, arousal = mood
        if arousal > 0.35:
            options = ["city", "crystals", "particles"] if cues is not None else ["mountains", "canyon", "city"]
        elif arousal < -0.25:
            options = ["lake", "clouds", "ocean"] if valence >= 0 else ["lake", "forest", "snowfield"]
        else:
            options = ["meadow", "islands", "mountains"] if valence >= 0 else ["forest", "lake", "canyon"]
        anywhere = wanted(wishes.leans, "setting")
    options = [option for option in options if option not in wishes.banned["setting"]] or options
    own = options[pick.randrange(len(options))]
    liked = [name for name in (*options, *anywhere) if name not in wishes.banned["setting"]]
    return ((picked(wishes.leans, "setting", liked, own), 1.0),)


def _hour_for(wish: Wish, place: Sequence[tuple[str, float]], look: str, mood: tuple[float, float],
              wishes: Wishes) -> float:
    """A light that suits: low sun unless something argues otherwise."""
    banned = wishes.banned["light"]
    kinds = {body.kind for body in wish.bodies}
    name = place[0][0]
    order: list[float] = []
    if look == "synthwave":
        order.append(19.4)
    if wish.palette == "neon" and name in ("city", "village", "canyon", "crystals"):
        order.append(20.4)
    if look == "noir" or "aurora" in wish.weathers:
        order.append(22.0)
    if "lantern" in kinds:
        order.append(19.5)
    if name in ("underwater", "space"):
        order.append(11.5)
    if wish.weathers and {"rain", "storm", "fog", "blizzard", "overcast"} & set(wish.weathers):
        order.append(15.5)
    if name == "snowfield":
        order.append(9.0)
    if look in ("flat", "pixel", "riso", "clay"):
        order.append(15.8)
    if name == "city" and mood[1] > 0.2:
        order.append(19.3)
    order += [7.0] if mood[0] > 0.5 and mood[1] < 0 else []
    order += [16.6, 9.0, 13.0, 19.4, 22.0]
    hours = {light: numbers["time_h"] for light, numbers in LIGHTS.items() if light in banned}
    free = [hour for hour in order if not any(abs(hour - other) < 1.0 or (
        other in (0.0, 22.5) and (hour > 20 or hour < 5)) for other in hours.values())]
    return hour_among(wishes.leans, free or order[:1])


def _palette_for(place: Sequence[tuple[str, float]], look: str, mood: tuple[float, float],
                 banned: frozenset[str]) -> str:
    wanted = [PALETTE_OF_LOOK.get(look, "")]
    if mood[0] < -0.55 and mood[1] > 0.3:
        wanted.append("ember")
    if look == "watercolour" and mood[0] >= 0:
        wanted.append("pastel")
    wanted += [PALETTE_OF_SETTING.get(place[0][0], ""), "natural", *PALETTES]
    return next(name for name in wanted if name and name not in banned)


def place_at(base: Base, wish: Wish, number: int, short: bool, wishes: Wishes, pick: random.Random) -> dict[str, float]:
    """The sub-mixture of the `number`th look: the place itself, then more and more of what lies beside it."""
    place = without(wish.place or base.place, wishes.banned["setting"])
    main = max(place, key=lambda item: item[1])[0]
    mixed = dict(place)
    if number == 0 or (main in ("underwater", "space", "city") and short):
        return rounded(mixed)
    if len(place) > 1:
        # Several were asked for: the balance tips from one to the next.
        turn = place[number % len(place)][0]
        mixed[turn] += 0.45
        return rounded(mixed)
    beside = [name for name in NEIGHBOURS[main] if name not in wishes.banned["setting"] and name not in mixed]
    if main in INDOOR or not beside:
        share = 0.15
    else:
        share = (0.15 if short else 0.3) if wish.place else (0.2 if short else (0.35, 0.55, 0.3, 0.6)[number % 4])
    if beside:
        other = beside[(number - 1 + (pick.random() < 0.3)) % len(beside)]
        mixed = {name: weight * (1 - share) for name, weight in mixed.items()}
        mixed[other] = share
    return rounded(mixed)


def rounded(place: Mapping[str, float]) -> dict[str, float]:
    """Weights that sum to 1, to three decimals, heaviest first, without crumbs."""
    total = sum(place.values())
    kept = {name: round(weight / total, 3) for name, weight in place.items() if weight / total >= 0.02}
    return dict(sorted(kept.items(), key=lambda item: (-item[1], SETTINGS.index(item[0]))))


def light_at(base: Base, wish: Wish, on_way: float, number: int, length_s: float, energy: float,
             wishes: Wishes) -> Light:
    """The light on its way through the film: on_way in [0, 1]. A light that was asked for moves only a little."""
    lamp = LIGHTS[wish.light] if wish.light and wish.light not in wishes.banned["light"] else None
    hour, tint, hue = base.time_h, base.tint, base.tint_hue_deg
    if lamp is not None:
        hour, tint, hue = lamp["time_h"], lamp.get("tint", 0.0), lamp.get("tint_hue_deg", 0.0)
    elif wish.time_h is not None:
        hour = wish.time_h
    asked = bool({"light", "time_h"} & wish.firm) or base.asked_light
    travel_h = 0.4 if asked else 1.3 if length_s <= 24 else 2.6
    way_h = travel_h * on_way * (0.5 if asked and 16.5 <= hour <= 20 else 1.0)
    # A film that was not asked for the night stops in the last of the light.
    hour += min(way_h, max(0.0, LAST_LIGHT_H - hour)) if 12.0 <= hour <= LAST_LIGHT_H else way_h
    if not asked and wishes.banned["light"]:
        hour = base.time_h
    place = dict(wish.place or base.place)
    pale = sum(place.get(name, 0.0) for name in ("desert", "snowfield", "clouds")) / max(sum(place.values()), 1e-9)
    if {"snow", "blizzard"} & set(wish.weathers):
        pale = 1.0
    dark = hour % 24.0 < 5.0 or hour % 24.0 > 20.3
    # Open for the night, stop down for sand and snow in daylight, as a photographer would.
    # Under trees, and as the sun goes down, the picture is opened so that it does not dim with the hour.
    shady = place.get("forest", 0.0) / max(sum(place.values()), 1e-9)
    late = min(1.0, max(0.0, hour % 24.0 - 16.5) / 2.5) if hour % 24.0 <= 20.3 else 0.0
    lift = NIGHT_EV if dark else PALE_EV * pale + SHADE_EV * shady + LATE_EV * late
    return Light(time_h=round(hour % 24.0, 3), exposure_ev=round(shot_exposure_ev(energy) + lift, 3),
                 azimuth_deg=SUN_DEG[number % len(SUN_DEG)], tint=tint, tint_hue_deg=hue)


def weather_at(base: Base, wish: Wish, section: str, energy: float, wishes: Wishes) -> Weather:
    """Weather that was asked for, stronger when the music is; else a light arc: it thickens before a release."""
    amounts: dict[str, float] = dict.fromkeys(AMOUNTS, 0.0)
    place = wish.place or base.place
    wind, asked = 2.0 + 4.0 * energy, [weather for weather in wish.weathers if weather not in wishes.banned["weather"]]
    strength = dict(wish.strength)
    if not wish.weathers and (sky := sky_among(wishes.leans, place[0][0] in INDOOR, wishes.banned["weather"])):
        asked, strength = [sky], {sky: 0.3}
    for weather in asked:
        for name, amount in WEATHERS[weather].items():
            if weather in strength and name not in ("cloud", "wind_mps"):
                amount = min(1.0, amount * (0.4 + strength[weather]))
            if name == "wind_mps":
                wind = max(wind, amount * (0.85 + 0.3 * energy)) if amount > 4 else min(wind, amount + 1.5 * energy)
            else:
                swing = 1.0 if name in ("cloud", "fog") else 0.82 + 0.3 * energy
                amounts[name] = max(amounts[name], min(1.0, amount * swing))
    if not asked and place[0][0] not in INDOOR:
        dark = max(0.0, -base.mood[0])
        amounts["cloud"] = 0.22 + 0.3 * (section in ("build", "bridge")) + 0.25 * dark
        amounts["fog"] = 0.1 * (section in ("break", "outro", "intro")) + 0.12 * dark
    for weather in wishes.banned["weather"]:
        for name in WEATHER_FIELDS.get(weather, ()):
            amounts[name] = 0.05 if name == "cloud" else 0.0
    amounts["fog"] = min(amounts["fog"], MOST_FOG)
    if "clear" in wishes.banned["weather"] and not asked:
        amounts["cloud"] = 0.85
    return Weather(**{name: round(amount, 3) for name, amount in amounts.items()}, wind_mps=round(min(30.0, wind), 2))


def palette_at(base: Base, wish: Wish, number: int, energy: float, climax: bool, wishes: Wishes) -> Palette:
    """The palette on its travels: hue and lightness by look, chroma by energy, most (or least) of it at the climax."""
    name = wish.palette if wish.palette and wish.palette not in wishes.banned["palette"] else base.palette
    held = bool(wish.palette or wish.colours)
    reach = 0.4 if held else 1.0
    chroma = shot_chroma(energy)
    if climax:
        # A calm film reaches its height by going bare, a loud one by colour.
        chroma = 0.62 if base.mood[1] < -0.45 else min(1.45, chroma * 1.15)
    if not held:
        chroma = min(2.0, chroma * chroma_factor(wishes.leans))
    dominant, accent = colours_of(wish)
    return Palette(name=name, hue_shift_deg=HUE_STEPS[number % len(HUE_STEPS)] * reach, chroma=round(chroma, 3),
                   lightness=1 + (LIGHTNESS_STEPS[number % len(LIGHTNESS_STEPS)] - 1) * reach, dominant=dominant,
                   accent=accent)


def colours_of(wish: Wish) -> tuple[LCH | None, LCH | None]:
    """(dominant, accent) out of the colours that were named; a body's own colour is the accent."""
    dominant = accent = None
    accents = [colour for role, colour in wish.colours if role in ("accent", "subject")]
    if len(accents) > 1 and len(accents) == len(wish.colours):
        # "blue and gold": the first named is the larger.
        dominant = accents[0]
        accent = accents[1]
    for role, colour in wish.colours:
        if role in ("ground", "dominant", "ground2", "growth", "structure", "water"):
            dominant = dominant or colour
        elif role in ("accent", "subject"):
            accent = accent or colour
        elif dominant is None:
            dominant = colour
        else:
            accent = accent or colour
    body = next((body.colour for body in wish.bodies if body.colour), None)
    return dominant, body or accent


def world_at(base: Base, wishes: Wishes, wish: Wish, stretch: Stretch, slot: Slot, number: int, nth: int,
             on_way: float, climax: bool, length_s: float, seed: int) -> ShotWorld:
    """The world of one slot, bodies aside: the `nth` shot that has look `number`."""
    pick = random.Random(f"look {seed} {stretch.label} {stretch.part}")
    look = look_for(wish.look or base.look, wishes)
    weather = weather_at(base, wish, stretch.name, slot.energy, wishes)
    home = random.Random(f"land {seed} {wishes.goal[:400]}").uniform(-300, 300)
    ground = Ground.model_validate({
        "variant": round(home + 17.31 * number + 3.73 * (nth % 3), 3), "relief": round(0.95 + 0.25 * slot.energy, 3),
        "wave_m": round(min(2.4, 0.2 + 0.35 * slot.energy + 1.3 * weather.storm), 3)})
    place = place_at(base, wish, number, length_s <= 24, wishes, pick)
    return ShotWorld(place=place, ground=ground, look=look, weather=weather,
                     light=light_at(base, wish, on_way, number, length_s, slot.energy, wishes),
                     palette=palette_at(base, wish, number, slot.energy, climax, wishes))


def answered(first: ShotWorld, last: ShotWorld, same_place: bool) -> ShotWorld:
    """The last shot's world: the place of the first, seen again in another light."""
    if not same_place:
        return last
    light = last.light.model_copy(update={"azimuth_deg": first.light.azimuth_deg})
    if abs(light.time_h - first.light.time_h) < 0.2:
        light = light.model_copy(update={"time_h": round((first.light.time_h + 0.3) % 24.0, 3)})
    return last.model_copy(update={"place": first.place, "ground": last.ground.model_copy(
        update={"variant": first.ground.variant}), "light": light})


def at_home(wish: Wish, base: Base, banned: frozenset[str]) -> Wish:
    """The wish with a place its bodies can live in: water under a boat, and another place for who cannot be where
    nobody asked them to be (birds after fish)."""
    media = [MEDIUM[body.kind] for body in wish.bodies]
    place = wish.place or base.place
    names = {name for name, share in place if share >= 0.25}
    if media and media[0] == "surface" and not names & WATERS and "lake" not in banned:
        total = sum(share for _, share in place)
        return replace(wish, place=(*((name, 0.5 * share / total) for name, share in place), ("lake", 0.5)))
    wet = "underwater" in names
    if not wish.bodies or wish.place or wet == (media[0] == "water") or (not wet and media[0] != "water"):
        return wish
    homes = [name for name in HOMES.get(wish.bodies[0].kind, ()) if name not in banned]
    return replace(wish, place=((homes[0], 1.0),)) if homes else wish


def over_step(wishes: Wishes, step: int) -> Wish:
    """The wish of a step, bodies that were refused left out."""
    wish = wishes.at_step(step)
    return replace(wish, bodies=tuple(body for body in wish.bodies if body.kind not in wishes.banned["body"]))
