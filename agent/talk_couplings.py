"""Lines about what follows the music: "flash the lights on every kick", "let the fox dance to the bass", "the camera
should follow the melody", "react more to the music", "nothing should pulse any more". They become couplings (Links)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent.couplings import DOES, NAMES
from agent.talk_change import Changed, opened
from agent.talk_types import KnownTake

# What is listened to, in words; the first that is found in the part after "to", "on", "with" counts.
SIGNALS: tuple[tuple[str, str], ...] = (
    (r"down ?beats?|bar lines?|every bar|the one", "music.downbeat"),
    (r"kicks?|kick drums?|bass drums?|thumps?", "music.kick"),
    (r"snares?|claps?|backbeats?", "music.snare"), (r"hi-?hats?|cymbals?|shakers?", "music.hihat"),
    (r"bass(?: ?line)?|low end|sub", "music.bass"),
    (r"notes?|melod(?:y|ies)|onsets?|plucks?|pianos?|guitars?|strings|voices?|singing", "music.onset"),
    (r"build(?:-?up)?s?|risers?", "music.build"),
    (r"brightness of the (?:sound|music)|treble|highs", "music.brightness"),
    (r"beats?|drums?|rhythm|pulse|percussion", "music.beat"),
    (r"music|sound|song|track|tune|energy|loudness|volume|score", "music.energy"))


@dataclass(frozen=True)
class Target:
    """words: how it is named; to: the end of the pointer; amount: added at the signal's full; said: in an answer."""

    words: str
    to: str
    amount: float
    said: str
    lag_s: float = 0.0


TARGETS = (
    Target(r"lights?|lamps?|exposure|brightness|picture|screen|sky light|sun", "light/exposure_ev", 0.9, "the light"),
    Target(r"glow", "bodies/0/glow", 0.6, "the glow"),
    Target(r"(?:camera )?shak(?:e|es|ing|y)", "camera/shake", 0.5, "the shake of the camera"),
    Target(r"zoom(?:s|ing)?|lens", "camera/lens_mm", 9.0, "the lens"),
    Target(r"camera", "camera/speed", 1.5, "how fast the camera moves", 0.1),
    Target(r"colou?rs?|saturation|palette", "palette/chroma", 0.6, "the strength of colour"),
    Target(r"waves?|sea|water|ocean|swell", "ground/wave_m", 0.8, "the waves", 0.1),
    Target(r"hills?|mountains?|ground|terrain|land(?:scape)?|dunes?", "ground/relief", 0.4, "the ground", 0.1),
    Target(r"wind|grass|trees", "weather/wind_mps", 5.0, "the wind", 0.2),
    Target(r"fog|mist|haze", "weather/fog", 0.35, "the fog", 0.2),
    Target(r"rain", "weather/rain", 0.5, "the rain", 0.1),
    Target(r"snow", "weather/snow", 0.5, "the snow", 0.1), Target(r"clouds?", "weather/cloud", 0.4, "the clouds", 0.3))
_VERB = (r"(?:pulses?|pulsing|flash(?:es|ing)?|blinks?|blinking|flickers?|reacts?|reacting|responds?|follows?|"
         r"following|moves?|moving|danc(?:e|es|ing)|bounc(?:e|es|ing)|breathes?|breathing|jumps?|jumping|shakes?|"
         r"shaking|throbs?|strobes?|syncs?|synced|synchroni[sz]ed|goes?|listens?|hits?|swells?|swelling|grows?|"
         r"growing|pumps?|punch(?:es)?|zooms?|zooming|driven|nods?|sways?|swaying|locked|in (?:sync|time))")
_COUPLE = re.compile(rf"\b(?P<verb>{_VERB})\b(?P<mid>.*?)\b(?:to|on|with|by|at|in time with|in sync with|every time)\b "
                     r"(?P<signal>.+)$|\b(?:follow|mirror|track)s?\b (?P<signal2>.+)$")
_STOP = re.compile(r"\b(?:stop|no more|don't|do not|doesn't|nothing should|nothing|without|less|never) .*?"
                   rf"\b(?P<verb>{_VERB})\b|\b(?:decouple|uncouple|disconnect|unlink)\b")
_MORE = re.compile(r"\b(?P<much>much |a lot |far |way )?(?P<way>more|stronger|harder|less|weaker|softer|not so)\b.*?"
                   rf"\b(?:{_VERB}|to the (?:music|beat|song|track))\b|"
                   r"\b(?:react|respond|pulse|follow the (?:music|beat))\w* (?P<much2>much |a lot |far |way )?"
                   r"(?P<way2>more|stronger|harder|less|weaker|softer)\b")
HEARD = {"music.downbeat": "every downbeat", "music.beat": "the beat", "music.hihat": "the hi-hat"} | NAMES


def coupled(line: str, here: KnownTake) -> Changed | None:
    """The change a line about the music's hold on the picture asks for; None where it is about something else. line: as
    it was typed: spelling is not mended before, which would make a snake of a snare."""
    line = " ".join(line.lower().split()).strip(" .!?")
    direction = here.direction
    wanted = _wanted(line, here)
    if re.search(r"\b(?:music|beat|song|track)\b", line) and (found := _MORE.search(line)) and not wanted:
        return _scaled(here, found)
    if _STOP.search(line) and (wanted or re.search(r"\b(?:music|beat|anything|nothing|everything)\b", line)):
        return _ended(here, wanted)
    found = _COUPLE.search(line)
    signal = _signal(found["signal"] or found["signal2"]) if found else None
    if found is None or signal is None or not wanted:
        return None
    made = opened(direction)
    links: list[dict[str, Any]] = made.document["links"]
    for target in wanted:
        ends = target.to
        held = [k for k, shot in enumerate(direction.shots) if _there(shot.model_dump(mode="json"), ends)]
        if not held:
            made.missed.append(f"{target.said} is in no shot of this film")
            continue
        whole = len(held) == len(direction.shots) or "bodies" not in ends
        names = ["*"] if whole else [str(k) for k in held]
        links[:] = [link for link in links if not link["to"].endswith(f"/{ends}")]
        room = "camera" if ends.startswith("camera/") else "world"
        links += [{"from": signal, "to": f"/shots/{name}/{room}/{ends.removeprefix('camera/')}",
                   "amount": target.amount, "lag_s": target.lag_s} for name in names]
        made.told(f"{HEARD[signal]} drives {target.said} now", "links")
    return made


def _wanted(line: str, here: KnownTake) -> list[Target]:
    """What should move, as far as it is named before the signal."""
    found = _COUPLE.search(line)
    at = found.start("signal") if found and found["signal"] else found.start("signal2") if found else len(line)
    head = re.sub(r"\b(?:to|on|with|by|at|in time with|in sync with|every time)\b ?(?:the )?$", "", line[:at])
    if re.search(r"\bshak(?:e|es|ing)\b", head) and "camera" in head:
        return [target for target in TARGETS if target.to == "camera/shake"]
    if re.search(r"\bzoom", head):
        return [target for target in TARGETS if target.to == "camera/lens_mm"]
    wanted = [target for target in TARGETS if re.search(rf"\b(?:{target.words})\b", head)]
    if not wanted and re.search(r"^(?:add |make |a |some |let |it |everything |the |and |please |i want |white )*"
                                r"(?:flash|strobe|blink|flicker)(?:es|s|ing|e?d)?(?: lights?)?$", head.strip()):
        # What flashes, with nothing named, is the light.
        wanted = [target for target in TARGETS if target.to == "light/exposure_ev"]
    bodies = {body.shown_as or body.kind: k for shot in here.direction.shots
              for k, body in enumerate(shot.world.bodies)}
    for name, slot in bodies.items():
        plural = re.escape(name)
        if re.search(rf"\b{plural}(?:s|es)?\b", head):
            size = re.search(r"\b(?:grow|swell|pulse|breathe|pump|bigger|size|throb)", head)
            wanted.append(Target("", f"bodies/{slot}/size_m", _third_of(here, slot), f"the size of the {name}") if size
                          else Target("", f"bodies/{slot}/glow", 0.6, f"the glow of the {name}")
                          if re.search(r"\b(?:glow|flash|blink|flicker|light)", head) else
                          Target("", f"bodies/{slot}/speed", 1.0, f"how fast the {name} moves", 0.05))
    return [target for target in wanted if not (target.to == "bodies/0/glow" and len(wanted) > 1)]


def _third_of(here: KnownTake, slot: int) -> float:
    sizes = [shot.world.bodies[slot].size_m for shot in here.direction.shots if len(shot.world.bodies) > slot]
    return round(min(10.0, max(0.01, 0.35 * min(sizes))), 3)


def _there(shot: dict[str, Any], ends: str) -> bool:
    at: Any = shot["camera"] if ends.startswith("camera/") else shot["world"]
    for token in ends.removeprefix("camera/").split("/"):
        if isinstance(at, list):
            if int(token) >= len(at):
                return False
            at = at[int(token)]
        elif isinstance(at, dict) and token in at:
            at = at[token]
        else:
            return False
    return True


def _signal(text: str) -> str | None:
    return next((name for words, name in SIGNALS if re.search(rf"\b(?:{words})\b", text)), None)


def _scaled(here: KnownTake, found: re.Match[str]) -> Changed | None:
    way, much = found["way"] or found["way2"], found["much"] or found["much2"]
    factor = (2.5 if much else 1.6) if way in ("more", "stronger", "harder") else (0.25 if much else 0.5)
    made = opened(here.direction)
    if not made.document["links"]:
        made.missed.append("nothing follows the music in this film yet; say what should, such as “flash the light on "
                           "every kick”")
        return made
    for link in made.document["links"]:
        link["amount"] = round(max(-10.0, min(10.0, link["amount"] * factor)), 3)
    made.told(f"the picture follows the music {'more' if factor > 1 else 'less'}", "links")
    return made


def _ended(here: KnownTake, wanted: list[Target]) -> Changed:
    made = opened(here.direction)
    links: list[dict[str, Any]] = made.document["links"]
    ends = tuple(f"/{target.to.removeprefix('camera/')}" for target in wanted)
    left = [link for link in links if wanted and not link["to"].endswith(ends)]
    if len(left) == len(links):
        made.missed.append(f"the music does not drive {wanted[0].said}" if wanted else "nothing follows the music here")
        return made
    gone = [next((words for end, words in DOES.items() if link["to"].endswith(end)), link["to"].rsplit("/", 1)[-1])
            for link in links if link not in left]
    links[:] = left
    made.told(f"the music no longer drives {' and '.join(dict.fromkeys(gone))}", "links")
    return made


__all__ = ["coupled"]
