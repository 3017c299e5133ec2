"""Words for a clip whose making is known: short phrases and whole sentences, as creators type them.

A Recipe says in names what a clip shows and plays; every name has several paraphrases. About one in six of them is
held out: it is never used in training, so that a measure on held-out words tells whether meaning was learnt or
wording. All randomness comes from the generator given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from world_model.data import phrase_tables as world
from world_model.data import phrase_tables_screen as screen
from world_model.data.phrase_grammar import bare, counted, gerund, present

EVERY = 6
CHANGES = tuple(screen.CHANGES)
TABLES: dict[str, dict[str, str]] = {
    "setting": world.SETTINGS, "body": world.BODIES, "gait": world.GAITS, "light": world.LIGHTS,
    "weather": world.WEATHERS, "palette": screen.PALETTES, "look": screen.LOOKS, "move": screen.MOVES,
    "scale": screen.SCALES, "genre": screen.GENRES, "tempo": screen.TEMPOS, "key": screen.KEYS,
    "energy": screen.ENERGIES, "density": screen.DENSITIES, "relief": screen.RELIEFS, "change": screen.CHANGES,
}
_BPM = ("{} bpm", "{}bpm", "at {} bpm", "tempo {}", "{} bpm music", "{} beats per minute")
_BLENDS = ("{a} and {b}", "{a} with {b} in the distance", "a mix of {a} and {b}", "{a} meets {b}", "half {a} half {b}",
           "{a} blending into {b}")
_OF = re.compile(r"(painting|drawing|sketch|animation|print|footage|illustration|shot|view|close[- ]?up)$")
_ASKS = ("", "", "", "", "a video of ", "make me a clip of ", "show me ", "i want ", "a short film: ", "please make ")


@dataclass(frozen=True)
class Recipe:
    """What one clip shows and plays, by names of world_model.vocabulary.

    setting, other_setting (a second place blended in, or None): SETTINGS; body, gait: BODIES, GAITS or None;
    body_count >= 0; light: LIGHTS; weather: WEATHERS; palette: PALETTES; look: STYLES; move: CAMERA_MOVES;
    scale: SCALES; genre: GENRES; tempo_bpm > 0; minor: the mode; energy in [0, 1]; change: one of CHANGES or None;
    density: "sparse", "dense" or None; relief: "flat", "rugged" or None.
    """

    setting: str
    light: str
    weather: str
    palette: str
    look: str
    move: str
    scale: str
    genre: str
    tempo_bpm: float
    minor: bool
    energy: float
    other_setting: str | None = None
    body: str | None = None
    body_count: int = 1
    gait: str | None = None
    change: str | None = None
    density: str | None = None
    relief: str | None = None


@cache
def _entries(aspect: str, name: str, held_out: bool) -> tuple[str, ...]:
    """The table's own entries of one name, of training or held out."""
    if aspect not in TABLES or name not in TABLES[aspect]:
        raise ValueError(f"there are no words for {aspect} {name!r}")
    all_of = tuple(item.strip() for item in TABLES[aspect][name].split(",") if item.strip())
    kept = {k for k in range(len(all_of)) if k % EVERY == EVERY - 1} or {len(all_of) - 1}
    return tuple(entry for k, entry in enumerate(all_of) if (k in kept) == held_out)


def tempo_name(tempo_bpm: float) -> str:
    """The word class of a tempo in beats per minute: a name of the tempo table."""
    limits = (62.0, 88.0, 116.0, 142.0)
    return tuple(screen.TEMPOS)[sum(tempo_bpm >= limit for limit in limits)]


def energy_name(energy: float) -> str:
    """low, medium or high."""
    return "low" if energy < 0.35 else "medium" if energy < 0.65 else "high"


def names_of(recipe: Recipe) -> dict[str, str]:
    """Aspect to name, for the aspects that this recipe has (the body's number and the second place left out)."""
    found: dict[str, str | None] = {
        "setting": recipe.setting, "body": recipe.body if recipe.body_count > 0 else None, "gait": recipe.gait,
        "light": recipe.light, "weather": recipe.weather, "palette": recipe.palette, "look": recipe.look,
        "move": recipe.move, "scale": recipe.scale, "genre": recipe.genre, "tempo": tempo_name(recipe.tempo_bpm),
        "key": "minor" if recipe.minor else "major", "energy": energy_name(recipe.energy), "density": recipe.density,
        "relief": recipe.relief, "change": recipe.change}
    if not found["body"]:
        found["gait"] = None
    return {aspect: name for aspect, name in found.items() if name}


@cache
def paraphrases(aspect: str, name: str, held_out: bool = False, count: int = 1) -> tuple[str, ...]:
    """Every short phrase for one name (a body in the number given). ValueError for what has no words."""
    entries = _entries(aspect, name, held_out)
    if aspect == "setting":
        found = [form for e in entries for form in (e.lstrip(">"), bare(e.lstrip(">")) if e[0] != ">" else e[1:])]
    elif aspect == "body":
        found = [form for e in entries for form in counted(e, count, world.GROUPS[name])]
    elif aspect == "gait":
        found = [gerund(e) for e in entries]
    elif aspect in ("light", "weather"):
        found = [form for e in entries for form in (e, bare(e))]
    elif aspect == "tempo":
        found = [f"{e} {noun}" if noun and "tempo" not in e else e for e in entries for noun in ("", "music", "tempo")]
    else:
        found = list(entries)
    return tuple(dict.fromkeys(found))


def canonical(aspect: str, name: str) -> str:
    """One plain phrase for a name ("setting", "ocean" -> "ocean"). ValueError for what has no words."""
    first = _entries(aspect, name, False)[0].lstrip(">")
    if aspect == "gait":
        return gerund(first)
    return bare(first) if aspect in ("setting", "light", "weather") else first


def every_phrase(held_out: bool = False) -> tuple[str, ...]:
    """Every phrase of one name that `phrases_of` can say, without blends of places and tempos as numbers."""
    found = [phrase for aspect, names in TABLES.items() for name in names
             for count in ((1, 2, 3, 4, 5, 9) if aspect == "body" else (1,))
             for phrase in paraphrases(aspect, name, held_out, count)]
    return tuple(dict.fromkeys(found))


def phrases_of(recipe: Recipe, rng: np.random.Generator, most: int = 8, held_out: bool = False) -> tuple[str, ...]:
    """1 to `most` short phrases, at most one per aspect, in random order, of training or of held-out wording only.

    ValueError for most < 1 or a name without words.
    """
    if most < 1:
        raise ValueError(f"at least one phrase must be asked for, not {most}")
    names = names_of(recipe)
    aspects = [*names, *(("blend",) if recipe.other_setting else ())]
    wanted = int(rng.integers(1, min(most, len(aspects)) + 1))
    picked = [aspects[int(k)] for k in rng.permutation(len(aspects))[:wanted]]
    return tuple(_say(recipe, names, aspect, rng, held_out) for aspect in picked)


def _say(recipe: Recipe, names: dict[str, str], aspect: str, rng: np.random.Generator, held_out: bool) -> str:
    if aspect == "blend":
        return _blend(recipe, rng, held_out)
    if aspect == "tempo" and rng.random() < 0.5:
        return _one(_split(_BPM, held_out), rng).format(round(recipe.tempo_bpm))
    return _one(paraphrases(aspect, names[aspect], held_out, recipe.body_count if aspect == "body" else 1), rng)


def _one(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _split(forms: tuple[str, ...], held_out: bool) -> tuple[str, ...]:
    return forms[-1:] if held_out else forms[:-1]


def _blend(recipe: Recipe, rng: np.random.Generator, held_out: bool) -> str:
    a, b = (_one([e for e in _entries("setting", s or "", held_out) if e[0] != ">"] or [s or ""], rng)
            for s in (recipe.setting, recipe.other_setting))
    return _one(_split(_BLENDS, held_out), rng).format(a=a, b=b)


def sentence_of(recipe: Recipe, rng: np.random.Generator, held_out: bool = False) -> str:
    """One sentence about some of the recipe, as a creator would type it; the place or the body is always in it."""
    says = {aspect: _one(_entries(aspect, name, held_out), rng) for aspect, name in names_of(recipe).items()}

    def chance(p: float) -> bool:
        return bool(rng.random() < p)

    place = _blend(recipe, rng, held_out) if recipe.other_setting and chance(0.7) else says["setting"]
    clause = _clause(recipe, says, place, rng) if "body" in says and chance(0.85) else place.lstrip(">")
    for aspect, p in (("light", 0.6), ("weather", 0.45)):
        if chance(p):
            clause += " " + says[aspect]
    front = ""
    extras: list[str] = []
    if chance(0.25):
        lead = _one((says["look"], says["look"], says["scale"], says["move"]), rng)
        front = lead + (" of " if _OF.search(lead) else ": ")
    elif chance(0.8):
        plain = not re.search(r"style|look|^(an?|like|made) ", says["look"])
        extras.append(says["look"] + (" style" if plain and chance(0.2) else ""))
    if chance(0.55):
        extras.append(_music(recipe, says, rng, held_out))
    for aspect, p in (("move", 0.3), ("scale", 0.15), ("palette", 0.3), ("energy", 0.2), ("change", 0.6),
                      ("density", 0.4), ("relief", 0.3)):
        if aspect in says and chance(p) and says[aspect] not in front:
            extras.append(says[aspect])
    order = rng.permutation(len(extras))
    opening = (front or _one(_ASKS, rng)) + clause
    text = ", ".join([opening, *(extras[int(k)] for k in order)])
    text = re.sub(r" +", " ", text).strip()
    if chance(0.35):
        text = text[0].upper() + text[1:] + ("." if chance(0.5) else "")
    return text


def _clause(recipe: Recipe, says: dict[str, str], place: str, rng: np.random.Generator) -> str:
    """Who does what where."""
    who = _one(counted(says["body"], recipe.body_count, world.GROUPS[recipe.body or "bird"], bare_too=False), rng)
    verbs = tuple(v.strip() for v in world.BODY_VERBS[recipe.body or "bird"].split(","))
    verb = says["gait"] if "gait" in says and rng.random() < 0.7 else _one(verbs, rng)
    many = recipe.body_count > 1 and not re.match(r"an? (?!few )", who)
    how = rng.random()
    doing = "" if how < 0.15 else gerund(verb) if how < 0.5 else present(verb, many)
    prepositions = tuple(p.strip() for p in world.PREPOSITIONS[recipe.setting].split(","))
    where = place[1:] if place[0] == ">" else f"{_one(prepositions, rng)} {place}"
    return " ".join(part for part in (who, doing, where) if part)


def _music(recipe: Recipe, says: dict[str, str], rng: np.random.Generator, held_out: bool) -> str:
    """The music in a few words: its kind, often with its tempo as a word or a number, sometimes its mode."""
    kind, dice = bare(says["genre"]), rng.random()
    if dice < 0.4:
        kind = f"{says['tempo']} {kind}"
    elif dice < 0.65:
        kind = f"{kind} {_one(_split(_BPM, held_out)[:4], rng).format(round(recipe.tempo_bpm))}"
    if rng.random() < 0.25:
        kind += f" {says['key']}" if says["key"].startswith("in ") else f" with {says['key']}"
    return ("with " if rng.random() < 0.3 else "") + kind
