"""A sentence, spoken to a world while it plays, as steering: "let it rain", "lightning now", "calmer", "faster music".

Short commands of live play are read here; everything else goes through the planner's own interpreter, so that a word
means live what it means in a film. What cannot be done live is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agent.brief import Trait
from agent.interpret import interpret
from agent.interpret_text import normalise
from modalities.faults import Unusable
from modalities.live.steering import AnyInput, Ease, Happen, Look, Music, Pause, Reset, parse_input
from world_model.vocabulary import GENRES, LIGHTS, PALETTES, SETTINGS, STYLES, WEATHERS

Dials = Mapping[str, float]
MOST_CHARS = 400
USUAL_S = 3.0
AMOUNTS = ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora")
WORDS = {"rain": "rain|raining|drizzle", "snow": "snow|snowing", "fog": "fog|mist|haze", "cloud": "clouds?|cloudy",
         "storm": "storms?|stormy", "dust": "dust|sand in the air", "aurora": "aurora|northern lights"}
SURE = 0.5


@dataclass(frozen=True)
class Told:
    """inputs in the order to apply them; done: what each part of the sentence became; missed: what was not done."""

    inputs: tuple[AnyInput, ...]
    done: tuple[str, ...]
    missed: tuple[str, ...]


Rule = tuple[str, Callable[[re.Match[str], Dials, float], tuple[list[AnyInput], str]]]


def _ease(over_s: float, **values: float) -> Ease:
    return Ease(values={name.replace("__", "/"): value for name, value in values.items()}, over_s=over_s)


def _scaled(now: Dials, over_s: float, factors: Mapping[str, float]) -> Ease:
    return Ease(values={pointer: now.get(pointer, 0.0) * factor for pointer, factor in factors.items()}, over_s=over_s)


def _calmer(_: re.Match[str], now: Dials, over_s: float) -> tuple[list[AnyInput], str]:
    return [_scaled(now, over_s, {"/weather/wind_mps": 0.5, "/weather/storm": 0.2, "/weather/rain": 0.7,
                                  "/ground/wave_m": 0.5, "/camera/speed": 0.65, "/bodies/speed": 0.7}),
            Music(tempo_factor=0.88, energy=0.25)], "calmer"


def _wilder(_: re.Match[str], now: Dials, over_s: float) -> tuple[list[AnyInput], str]:
    values = {"/weather/wind_mps": now["/weather/wind_mps"] * 1.6 + 3.0, "/ground/wave_m": now["/ground/wave_m"] * 1.5,
              "/camera/speed": now["/camera/speed"] * 1.4, "/bodies/speed": now["/bodies/speed"] * 1.4}
    return [Ease(values=values, over_s=over_s), Music(tempo_factor=1.12, energy=0.9)], "wilder"


def _light(match: re.Match[str], now: Dials, over_s: float) -> tuple[list[AnyInput], str]:
    up = match[0].startswith(("bright", "light"))
    step = 0.8 if up else -0.8
    return [_ease(over_s, **{"/light/exposure_ev": now["/light/exposure_ev"] + step})], "brighter" if up else "darker"


def _pace(match: re.Match[str], now: Dials, over_s: float) -> tuple[list[AnyInput], str]:
    quick = "fast" in match[0] or "speed up" in match[0]
    return [_scaled(now, min(over_s, 1.5), {"/camera/speed": 1.6 if quick else 0.6,
                                            "/bodies/speed": 1.3 if quick else 0.75})], "faster" if quick else "slower"


def _tempo(match: re.Match[str], _: Dials, __: float) -> tuple[list[AnyInput], str]:
    quick = re.search(r"fast|quick|speed|up", match[0]) is not None
    return [Music(tempo_factor=1.2 if quick else 0.83)], "faster music" if quick else "slower music"


def _loud(match: re.Match[str], _: Dials, __: float) -> tuple[list[AnyInput], str]:
    if re.search(r"\b(no|off|stop|mute|silence)\b", match[0]):
        return [Music(level=0.0)], "music off"
    loud = "loud" in match[0] or "up" in match[0]
    return [Music(level=1.3 if loud else 0.5)], "louder music" if loud else "quieter music"


def _amount(match: re.Match[str], now: Dials, over_s: float) -> tuple[list[AnyInput], str]:
    name = next(name for name, words in WORDS.items() if re.fullmatch(words, match["what"]))
    pointer, how = f"/weather/{name}", match["how"].strip()
    before = now[pointer]
    target = min(1.0, before + 0.35) if how == "more" else before * 0.4 if how == "less" else 0.0
    return [Ease(values={pointer: target}, over_s=over_s)], f"{name} {before:.2f} → {target:.2f}"


def _wind(match: re.Match[str], now: Dials, over_s: float) -> tuple[list[AnyInput], str]:
    before, how = now["/weather/wind_mps"], match["how"].strip()
    target = before * 1.7 + 3.0 if how == "more" else before * 0.4 if how == "less" else 0.0
    return [_ease(over_s, **{"/weather/wind_mps": target})], f"wind {before:.0f} → {target:.0f} m/s"


def _deed(name: str) -> Callable[[re.Match[str], Dials, float], tuple[list[AnyInput], str]]:
    return lambda match, now, over_s: ([parse_input({"kind": "event", "name": name})], name)


def _clear(_: re.Match[str], now: Dials, over_s: float) -> tuple[list[AnyInput], str]:
    values = {f"/weather/{name}": WEATHERS["clear"].get(name, 0.0) for name in AMOUNTS if name != "aurora"}
    return [Ease(values=values, over_s=over_s)], "clear sky"


_LESS = r"(?P<how>more|less|stop(?: the)?|end(?: the)?|no(?: more)?|without) "
RULES: tuple[Rule, ...] = (
    (r"\b(lightning|thunder(bolt|clap)?)( strike| bolt)?( (right )?now| please)?\b", _deed("lightning")),
    (r"\b(a )?splash\b", _deed("splash")), (r"\b(honk|(blow |sound )?(the )?horn)\b", _deed("horn")),
    (r"\b(ring )?(the |a )?(bells?|chimes?)\b", _deed("chime")), (r"\b(boom|bang|crash|explosion)\b", _deed("impact")),
    (r"\bwhoosh\b", _deed("whoosh")),
    (r"\b(no music|music off|(stop|mute)( the)? music|(turn )?(the )?music (louder|quieter|softer|up|down)|"
     r"(louder|quieter|softer) music|silence)\b", _loud),
    (r"\b((faster|quicker|slower|slow) (music|tempo|beat)|(the )?(music|tempo|beat) (faster|quicker|slower)|"
     r"(speed up|slow down)( the)? (music|tempo|beat))\b", _tempo),
    (r"\b(calmer|calm( it)? down|gentler|softer|quieter|more peaceful)\b", _calmer),
    (r"\b(wilder|livelier|more (intense|dramatic|energy|excit\w+)|go wild)\b", _wilder),
    (r"\b(brighter|lighter|darker|dimmer)\b", _light),
    (r"\b((fly |go |move )?(faster|slower)|speed up|slow down)\b", _pace),
    (_LESS + rf"(?P<what>{'|'.join(WORDS.values())})\b", _amount),
    (_LESS + r"(wind|breeze)\b", _wind),
    (r"\b(clear up|clear( the)? sky|let the sun (out|through)|sun comes out)\b", _clear),
    (r"^(pause|hold|freeze|stop)( it)?$", lambda m, now, s: ([Pause(on=True)], "paused")),
    (r"^(play|go on|continue|resume|unpause)$", lambda m, now, s: ([Pause(on=False)], "playing")),
    (r"\b(reset|start over|as it was|back to the (start|beginning))\b", lambda m, now, s: ([Reset()], "as it began")),
)
_PACE = ((r"\b(slowly|gradually|little by little)\b", 10.0), (r"\b(suddenly|at once|instantly|quickly)\b", 0.6))
_OVER = re.compile(r"\b(?:over|in|within) (\d{1,3}(?:\.\d+)?) ?s(?:ec(?:ond)?s?)?\b")
_FILLING = re.compile(r"[\s,.;!?]|\b(and|then|please|now|let|make|it|the|with|some|a|be|there|to|go)\b")


def steering_of(text: str, now: Dials) -> Told:
    """What a sentence asks of a world whose dials are `now`. Raises Unusable for empty or far too long text."""
    if not text.strip():
        raise Unusable("Say what should change, such as \"let it rain\" or \"faster music\".")
    if len(text) > MOST_CHARS:
        raise Unusable(f"That is {len(text)} characters; live, at most {MOST_CHARS} are read.")
    rest = normalise(text).lower().strip(" .!?")
    over_s = USUAL_S
    found = _OVER.search(rest)
    if found is not None:
        over_s, rest = min(max(float(found[1]), 0.25), 120.0), _OVER.sub(" ", rest)
    for pattern, seconds in _PACE:
        if re.search(pattern, rest):
            over_s, rest = seconds, re.sub(pattern, " ", rest)
    inputs: list[AnyInput] = []
    done: list[str] = []
    for pattern, act in RULES:
        match = re.search(pattern, rest)
        if match is not None:
            given, said = act(match, now, over_s)
            inputs += given
            done.append(said)
            rest = (rest[:match.start()] + " , " + rest[match.end():]).strip()
    missed: list[str] = []
    if _FILLING.sub("", rest):
        more, said, missed = _planned(rest, over_s)
        inputs += more
        done += said
        if not more and not missed:
            missed.append(f"\u201c{rest.strip(' ,')[:80]}\u201d was not understood.")
    return Told(tuple(inputs), tuple(done), tuple(missed))


def _planned(text: str, over_s: float) -> tuple[list[AnyInput], list[str], list[str]]:
    """What the planner's interpreter finds: (inputs, what was done, what cannot be done live)."""
    brief = interpret(text)
    values: dict[str, float] = {}
    look: dict[str, str] = {}
    music: dict[str, Any] = {}
    done: list[str] = []
    missed: list[str] = []
    degrees = {t.value["of"]: float(t.value["amount"]) for t in brief.traits
               if t.axis == "degree" and isinstance(t.value, dict) and t.value.get("axis") == "weather"}
    for trait in brief.traits:
        if trait.confidence < SURE or trait.axis in ("degree", "sequence", "mood", "gait", "pacing"):
            continue
        turned = _turned(trait, degrees)
        if turned:
            values |= turned
            done.append(f"{'no ' if trait.negated else ''}{_named(trait)}")
        elif trait.axis in ("look", "palette") and trait.value in (*STYLES, *PALETTES) and not trait.negated:
            look[trait.axis] = str(trait.value)
            done.append(str(trait.value).replace("_", " "))
        elif trait.axis == "genre" and trait.value in GENRES and not trait.negated:
            music["genre"] = trait.value
            done.append(f"{trait.value} music")
        elif trait.axis in ("tempo_bpm", "energy") and isinstance(trait.value, int | float):
            music[trait.axis] = float(trait.value)
            done.append(f"{trait.axis.split('_')[0]} {trait.value:g}")
        elif trait.axis == "music":
            music["level"] = 0.0
            done.append("music off")
        else:
            missed.append(_why_not(trait))
    inputs: list[AnyInput] = []
    if values:
        inputs.append(Ease(values=values, over_s=over_s))
    if look:
        inputs.append(Look(look=look.get("look"), palette=look.get("palette"),
                           over_s=min(over_s, 1.5) if over_s == USUAL_S else over_s))
    if music:
        inputs.append(parse_input({"kind": "music"} | music))
    return inputs, done, list(dict.fromkeys(missed))


def _turned(trait: Trait, degrees: Mapping[str, float]) -> dict[str, float]:
    """The dials a trait turns; empty when it turns none."""
    name = trait.value if isinstance(trait.value, str) else ""
    if trait.axis == "weather" and name in WEATHERS:
        preset = WEATHERS[name]
        if trait.negated:
            return {f"/weather/{field}": 0.0 for field in preset if field not in ("cloud", "wind_mps")}
        scale = min(1.4, degrees.get(name, 0.7) / 0.7) if name in degrees else 1.0
        wet = {"rain": 0.0, "snow": 0.0, "storm": 0.0, "dust": 0.0, "fog": 0.0}
        return {f"/weather/{field}": value for field, value in wet.items()} | {
            f"/weather/{field}": value * (scale if field != "cloud" else 1.0) for field, value in preset.items()}
    if trait.negated:
        return {}
    if trait.axis == "light" and name in LIGHTS:
        light = LIGHTS[name]
        return {"/light/time_h": light["time_h"], "/light/tint": light.get("tint", 0.0),
                "/light/tint_hue_deg": light.get("tint_hue_deg", 0.0)}
    if trait.axis == "time_h" and isinstance(trait.value, int | float):
        return {"/light/time_h": float(trait.value) % 24.0}
    if trait.axis == "setting":
        weights = trait.value if isinstance(trait.value, dict) else {name: 1.0}
        return {f"/place/{place}": float(weight) for place, weight in weights.items() if place in SETTINGS}
    return {}


def _named(trait: Trait) -> str:
    return trait.because or str(trait.value)


def _why_not(trait: Trait) -> str:
    word = f"\u201c{(trait.because or str(trait.value))[:60]}\u201d"
    if trait.axis == "body":
        return f"{word}: who is there is set when a film is made; live they only live on."
    if trait.axis in ("camera", "scale", "lens", "lens_mm"):
        return f"{word}: live, the camera is in your own hands."
    return f"{word} cannot be changed while it plays."


__all__ = ["Happen", "Told", "steering_of"]
