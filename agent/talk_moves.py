"""Relative words: what "calmer", "more rain", "the waves higher" turn, by how much, within what bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent.talk_change import Changed, Where, inside, places, turn, whole_inside
from agent.taste import SCALE_ORDER
from world_model.sim.camera_frame import PLACE_HEIGHT_M

# pointer, how (times or plus), by, lowest, highest.
Turn = tuple[str, str, float, float, float]


@dataclass(frozen=True)
class Dial:
    """One thing that can be had more or less of. noun: what it is called; up, down: adjectives of its own; said: what
    was done; kind: how its noun is compared ("more rain", "higher waves"); parts: what of a film it is."""

    noun: str
    up: str
    down: str
    turns: tuple[Turn, ...]
    said: tuple[str, str]
    parts: tuple[str, ...]
    kind: str = "amount"


_CAMERA: Turn = ("/camera/speed", "times", 1.5, 0, 4)
_BODIES: Turn = ("/world/bodies/*/speed", "times", 1.4, 0, 4)
_WIND: Turn = ("/world/weather/wind_mps", "times", 1.6, 0, 30)
_WAVES: Turn = ("/world/ground/wave_m", "times", 1.8, 0, 3)
_SEA = r"(?:sea|ocean|waves?|water|swell|surf|lake|surface)"
_NONE = r"(?!x)x"


def _amount(noun: str, up: str, down: str, name: str, step: float, said: str, part: str = "weather") -> Dial:
    verb = "are" if said in ("The clouds", "The waves", "The northern lights") else "is"
    pointer = name if name.startswith("/") else f"/world/weather/{name}"
    return Dial(noun, up, down, ((pointer, "plus", step, 0, 1),), (f"{said} {verb} stronger", f"{said} {verb} weaker"),
                (part,))


# Weather that begins by its name ("more rain" where there is none is rain), not by a step of its amount.
_BY_NAME = ("rain", "snow", "fog", "storm", "dust", "aurora")
_SOME = r"(?:(?:add|bring in|with|give it|put in|want)(?: some)? |some |more of the )?"
DIALS: tuple[Dial, ...] = (
    Dial(_NONE, "later in the (?:day|evening|night|afternoon)|(?<=^make it )later$|^later$",
         "earlier in the (?:day|morning|evening)|(?<=^make it )earlier$|^earlier$",
         (("/world/light/time_h", "hour", 1.5, 0, 24),), ("It is later in the day", "It is earlier in the day"),
         ("light",)),
    Dial(_SEA, "wavier|choppier|rougher(?= sea| water| waves)", "flat calm water|still water|mirror[- ]flat",
         (_WAVES, _WIND), ("The waves are higher", "The waves are lower"), ("place", "weather"), "size"),
    Dial(r"(?:camera|camera work|camera movements?|camera moves?|tracking|panning)", _NONE, _NONE, (_CAMERA,),
         ("The camera moves faster", "The camera moves slower"), ("camera",), "speed"),
    Dial(r"(?:camera ?shake|shaking|shake|wobble|jitter)", "shakier|more shaky|more handheld",
         "steadier|more steady|more stable|less shaky|less handheld", (("/camera/shake", "plus", 0.25, 0, 1),),
         ("The camera shakes more", "The camera is steadier"), ("camera",)),
    _amount(r"(?:rain|rainfall|drizzle)", "rainier|wetter", "drier|dryer|less rainy|less wet", "rain", 0.3, "The rain"),
    _amount(r"(?:snow|snowfall|snowflakes)", "snowier", "less snowy", "snow", 0.3, "The snow"),
    _amount(r"(?:fog|mist|haze)", "foggier|mistier|hazier|thicker fog", "less foggy|less misty|less hazy|clearer air",
            "fog", 0.25, "The fog"),
    _amount(r"(?:clouds?|cloud cover)", "cloudier|more overcast|more cloudy", "less cloudy|less overcast|clearer(?: "
                                                                              "sky)?",
            "cloud", 0.3, "The clouds"),
    _amount(r"(?:storm|thunder|lightning)", "stormier", "less stormy", "storm", 0.3, "The storm"),
    _amount(r"(?:dust|sand ?storm)", "dustier", "less dusty", "dust", 0.3, "The dust"),
    _amount(r"(?:aurora|northern lights|polar lights)", _NONE, _NONE, "aurora", 0.3, "The northern lights"),
    Dial(r"(?:wind|breeze|gusts?)", "windier", "less windy|stiller air", (_WIND,), ("The wind is stronger",
        "The wind is weaker"),
         ("weather",)),
    Dial(r"(?:contrast)", "more contrasty|punchier", "less contrasty|flatter(?! land| hills| ground| landscape| "
                                                              "terrain| mountains| country)",
         (("/world/style/contrast", "times", 1.3, 0, 2),), ("The contrast is stronger", "The contrast is weaker"),
         ("look",)),
    Dial(r"(?:grain|film grain|noise)", "grainier|more grainy", "less grainy|cleaner",
         (("/world/style/grain", "plus", 0.25, 0, 1),), ("The grain is stronger", "The grain is weaker"), ("look",)),
    Dial(r"(?:bloom|glare|dreamy glow)", _NONE, _NONE, (("/world/style/bloom", "plus", 0.25, 0, 1),),
         ("The bloom is stronger", "The bloom is weaker"), ("look",)),
    Dial(r"(?:vignette|vignetting)", _NONE, _NONE, (("/world/style/vignette", "plus", 0.25, 0, 1),),
         ("The vignette is stronger", "The vignette is weaker"), ("look",)),
    Dial(r"(?:outlines?|lines|contours)", _NONE, _NONE, (("/world/style/outline", "plus", 0.3, 0, 1),),
         ("The outlines are stronger", "The outlines are weaker"), ("look",)),
    Dial(r"(?:relief|hills|terrain)", "hillier|more rugged|steeper", "less hilly|less rugged",
         (("/world/ground/relief", "times", 1.5, 0, 3),), ("The land is higher", "The land is lower"), ("place",),
         "size"),
    Dial(r"(?:mountains?|peaks?|ridges?|cliffs?|slopes?|dunes?|canyons?(?: walls)?|rocks|valleys?|gorges?|crests?|"
         r"summits?|"
         r"land(?:scape)?|ground|country)", _NONE,
         _NONE, (("/world/ground/relief", "times", 1.5, 0, 3),), ("The land is higher", "The land is lower"),
         ("place",), "tall"),
    Dial(r"(?:trees?|plants|buildings?|houses?|towers?|skyscrapers?|flowers?|crystals?|corals?|grass)", _NONE, _NONE,
         (("/world/ground/object_scale", "times", 1.4, 0.2, 3),), ("What stands there is bigger",
                                                                   "What stands there is smaller"), ("place",), "tall"),
    Dial(r"(?:trees|plants|vegetation|buildings|houses|grass|growth|flowers)", "denser|lusher", "sparser|barer",
         (("/world/ground/density", "times", 1.5, 0, 3),), ("The place is fuller", "The place is emptier"), ("place",)),
    Dial(r"(?:horizon)", _NONE, _NONE, (("/camera/horizon", "plus", -0.12, 0.02, 0.98),),
         ("The horizon is higher in the picture", "The horizon is lower in the picture"), ("camera",), "height"),
    Dial(r"(?:camera|camera position|point of view|view ?point)", "from higher up|(?<=^)higher up$", "closer to the "
                                                                                                     "ground|from "
                                                                                                     "lower "
                                                                                    "down",
         (("/camera/height_m", "times", 1.9, 0.05, 400),), ("The camera is higher up", "The camera is lower"),
         ("camera",), "height"),
    Dial(r"(?:colou?rs?|saturation|colou?r saturation)", "more (?:saturated|vivid|vibrant)",
         "less (?:saturated|vivid|vibrant)|muted|paler", (("/world/palette/chroma", "times", 1.35, 0, 2),),
         ("The colours are stronger", "The colours are weaker"), ("colours",)),
    Dial(_NONE, "more colou?rful|less pale|too (?:grey|gray|dull|pale)", "less colou?rful|too "
                                                                         "(?:colou?rful|saturated|garish)",
         (("/world/palette/chroma", "times", 1.35, 0, 2),),
         ("The colours are stronger", "The colours are weaker"), ("colours",)),
    Dial(r"(?:warmth)", "warmer(?: colou?rs| light| tones?)?|less (?:cold|cool)|too cold(?! outside)",
        "(?:cooler|colder)(?: colou?rs| "
                                                                                    "light| tones?)?|less warm|too "
                                                                                    "warm",
         (("/world/style/warmth", "plus", 0.3, -1, 1),), ("The colours are warmer", "The colours are cooler"),
         ("colours",)),
    Dial(r"(?:brightness|exposure|light)", "brighter|lighter|less dim|too dark|less dark|less gloomy",
         "darker|dimmer|gloomier|too bright|less (?:bright|light)", (("/world/light/exposure_ev", "plus", 0.8, -3, 3),),
         ("It is brighter", "It is darker"), ("light",)),
    Dial(r"(?:energy|drama|action|tension)",
         "wilder|livelier|(?:more )(?:energetic|intense|dramatic|lively|dynamic|hectic|exciting|action)|too "
         "(?:calm|boring|tame|still|sleepy)|less (?:calm|boring|quiet|slow and)|rougher",
         "calmer|calm (?:it )?down|gentler|quieter(?! music)|softer(?! music)|(?:more "
         ")(?:peaceful|relaxed|gentle|quiet|calm|serene)|too (?:wild|busy|hectic|nervous|chaotic|intense|much going "
         "on)|less (?:wild|busy|hectic|energetic|intense|dramatic|lively|nervous)",
         (_CAMERA, _BODIES, _WIND, _WAVES, ("/camera/shake", "times", 1.8, 0, 1)), ("It is wilder", "It is calmer"),
         ("camera", "bodies", "weather", "place")),
    Dial(r"(?:speed|everything|movement|motion)", "faster|quicker|speed (?:it )?up|speed up|too slow|more speed|less "
                                                  "slow",
         "slower|slow (?:it )?down|slow down|too (?:fast|quick)|less (?:fast|quick)|less speed", (_CAMERA, _BODIES),
         ("Camera and bodies move faster", "Camera and bodies move slower"), ("camera", "bodies"), "speed"),
    Dial(r"(?:focal length)", r"(?:longer|tighter|narrower) lens|telephoto(?: lens)?|tele lens",
         r"(?:wider|shorter) lens|wider angle lens", (("/camera/lens_mm", "times", 1.5, 8, 200),),
         ("The lens is longer", "The lens is wider"), ("camera",)),
    Dial(_NONE, "closer|nearer|less (?:wide|far)|too far(?: away)?|tighter|more close|zoom(?:ed)? in(?: more)?|move "
                "in|get in "
                "closer|go in closer",
         "wider|less (?:close|tight)|further (?:away|back|out)|farther (?:away|back|out)|too "
         "close|looser|zoom(?:ed)? out(?: more)?|pull "
         "back|move back|step back",
         (("/camera/scale", "scale", 1, 0, 4),), ("The camera is closer", "The view is wider"), ("camera",)),
)
_MORE = {"amount": r"more|stronger|heavier|thicker|denser|harder|bigger|extra|increase(?: the)?|raise(?: the)?|"
                   r"boost(?: the)?|(?:turn|crank|pump|push|bring)(?: the)? up(?: the)?|push(?: the)?|not enough|"
                   r"too little|too few",
         "size": r"higher|bigger|larger|rougher|wilder|stronger|taller|more|stormier|steeper|increase(?: the)?|"
                 r"raise(?: the)?|not enough|too little",
         "tall": r"higher|taller|bigger|larger|steeper|longer|deeper",
         "speed": r"faster|quicker|more|speed up(?: the)?|increase(?: the)?",
         "height": r"higher|raise(?: the)?|lift(?: the)?|move up(?: the)?"}
_LESS = {"amount": r"less|weaker|lighter|thinner|softer|fewer|reduce(?: the)?|decrease(?: the)?|lower(?: the)?|"
                   r"turn down(?: the)?|(?:dial|tone|bring|take|pull|cut) (?:down|back)(?: on)?(?: the)?|"
                   r"go easy on(?: the)?|ease(?: the)?|too much|too many|not (?:so|that|as) much|gentler",
         "size": r"lower|smaller|calmer|gentler|flatter|flat|calm|smoother|less|quieter|weaker|reduce(?: the)?|"
                 r"decrease(?: the)?|too much|too many|no",
         "tall": r"lower|smaller|flatter|shorter|gentler",
         "speed": r"slower|calmer|less|slow down(?: the)?|reduce(?: the)?|gentler|steadier",
         "height": r"lower(?: the)?|drop(?: the)?|move down(?: the)?"}
_AFTER_MORE = {"amount": r"stronger|heavier|thicker|denser|harder|increase", "size": r"higher|bigger|rougher|wilder|"
                                                                                     r"larger|stronger|taller|"
                                                                                     r"too (?:low|small|calm|flat)",
               "tall": r"higher|taller|bigger|larger|steeper|deeper|too (?:low|small|flat|short)",
               "speed": r"faster|quicker|too slow|speed(?:s)? up", "height": r"higher(?: up)?|too low"}
_AFTER_LESS = {"amount": r"weaker|lighter|thinner|softer|less|too (?:strong|heavy|thick|much)", "size":
    r"lower|calmer|smaller|flatter|gentler|too (?:high|big|rough|wild)",
               "tall": r"lower|smaller|flatter|shorter|gentler|too (?:high|big|tall|steep)",
               "speed": r"slower|calmer|gentler|too fast|slow(?:s)? down", "height": r"lower|too high"}
_BE = (r"(?: (?:should|could|must|can|would|may|shall|needs? to|goes?|go|gets?|get|is|are|was|were|be|become|becomes|"
       r"come|comes|moves?|a bit|a little|much|even|to|only|still|far|way))*")
_STRENGTHS = ((r"\b(?:a (?:tiny |little )?(?:bit|little|touch|tad|notch)(?: of)?|slightly|somewhat|a hint|tiny bit)\b",
               0.5),
              (r"\b(?:twice as|double(?: the)?|two times(?: as)?)\b", 1.8),
              (r"\b(?:way|far|a lot|lots|so|much|very|really|significantly|a whole lot) (?=much\b|too\b|more\b|"
               r"less\b|\w+er\b)|\bmuch\b", 1.8),
              (r"\b(?:as much as possible|to the max(?:imum)?|all the way)\b", 12.0))
_UTMOST = re.compile(r"\b(?:as|so) (?P<word>\w+) as (?:it goes|it gets|possible|you can|can be|it can(?: be| get)?)\b")
_LESS_SO = re.compile(r"\b(?:too|not (?:so|as|that|quite so|quite as|too)|a bit less|less) (?P<word>\w+)\b")
_MORE_SO = re.compile(r"\bmore (?P<word>\w+)\b")
UTMOST_WORDS = {"calm": "calmer", "wild": "wilder", "slow": "slower", "fast": "faster", "bright": "brighter",
                 "dark": "darker", "colourful": "more colourful", "colorful": "more colourful", "warm": "warmer",
                 "cold": "cooler", "cool": "cooler", "close": "closer", "wide": "wider", "cloudy": "cloudier",
                 "foggy": "foggier", "windy": "windier", "steady": "steadier", "quiet": "calmer", "shaky": "shakier",
                 "grainy": "grainier", "rainy": "rainier", "snowy": "snowier",
                 "stormy": "stormier", "dusty": "dustier", "misty": "mistier", "hazy": "hazier", "gloomy": "gloomier",
                 "lively": "livelier", "hectic": "wilder", "busy": "wilder", "quick": "faster", "pale": "paler",
                 "light": "lighter", "dim": "dimmer", "cool ": "cooler", "tight": "tighter", "far": "wider"}


def strength_of(text: str) -> tuple[float, str]:
    """(how much of a step is meant, the text without the words that say it)."""
    if (found := _UTMOST.search(text)) and (word := UTMOST_WORDS.get(found["word"])):
        return 12.0, " ".join(f"{text[:found.start()]} {word} {text[found.end():]}".split())
    amount, rest = 1.0, text
    if (found := re.search(r"\b(?P<x>twice|three times|half) as (?P<word>\w+)\b",
                           rest)) and found["word"] in UTMOST_WORDS:
        word = f"less {found['word']}" if found["x"] == "half" else UTMOST_WORDS[found["word"]]
        return 1.8, " ".join(f"{rest[:found.start()]} {word} {rest[found.end():]}".split())
    if found := re.search(r"\b(?:by )?(\d{1,3}) ?(?:%|percent|per cent)", rest):
        amount *= min(2.0, max(0.1, int(found[1]) / 40.0))
        rest = " ".join(f"{rest[:found.start()]} {rest[found.end():]}".split())
    for pattern, factor in _STRENGTHS:
        rest, hits = re.subn(pattern, " ", rest)
        if hits and factor != 1.8:
            amount *= factor
        elif hits:
            amount *= factor ** min(hits, 2)
    for pattern, less in ((_LESS_SO, True), (_MORE_SO, False)):
        if (found := pattern.search(rest)) and found["word"] in UTMOST_WORDS:
            word = f"less {found['word']}" if less else UTMOST_WORDS[found["word"]]
            rest = f"{rest[:found.start()]} {word} {rest[found.end():]}"
    return amount, " ".join(rest.split())


def moved(made: Changed, text: str, where: Where) -> str:
    """Turns what the relative words of a clause say; returns what is left of it."""
    strength, rest = strength_of(text)
    hit = False
    for dial in DIALS:
        for sign, found in _found(dial, rest):
            if dial.kind == "tall" and dial.turns[0][0].endswith("relief") and not any(
                    _high(shot) for shot, _ in inside(made, where)):
                break
            name = dial.turns[0][0].rsplit("/", 1)[-1]
            if sign > 0 and name in _BY_NAME and not any(
                    shot["world"]["weather"][name] or f"/world/weather/{name}" in shot["curves"]
                    for shot, _ in inside(made, where)):
                break
            rest = f"{rest[:found.start()]} {rest[found.end():]}"
            rest, hit = " ".join(rest.split()), True
            turn_dial(made, dial, sign, strength, where)
            break
    return rest if hit else text


def _high(shot: dict[str, Any]) -> bool:
    """Whether the land of a shot has heights that relief turns."""
    place = shot["world"]["place"]
    flat = sum(place.get(name, 0.0) for name in ("ocean", "particles", "city", "fluid", "clouds"))
    return flat < 0.75 * sum(place.values())


def _found(dial: Dial, text: str) -> list[tuple[int, re.Match[str]]]:
    out: list[tuple[int, re.Match[str]]] = []
    thing = rf"(?:the |its |that |this |of the )*{dial.noun}"
    for sign, own, ahead, behind in ((1, dial.up, _MORE, _AFTER_MORE), (-1, dial.down, _LESS, _AFTER_LESS)):
        for pattern in (rf"\b(?:{own})\b", rf"\b(?:{ahead[dial.kind]}) {thing}\b",
                        rf"\b{thing}{_BE} (?:{behind[dial.kind]})\b",
                        rf"\b{thing} (?:down|off a bit|back)\b" if sign < 0 else rf"\b{thing} up\b"):
            if found := re.search(pattern, text):
                out.append((sign, found))
                break
        name = dial.turns[0][0].rsplit("/", 1)[-1]
        if sign > 0 and not out and name not in _BY_NAME and dial.kind == "amount" and (
                found := re.search(rf"^{_SOME}(?:the )?{dial.noun}$", text.strip())):
            out.append((sign, found))
    return out[:1]


def turn_dial(made: Changed, dial: Dial, sign: int, strength: float, where: Where) -> None:
    """One dial turned up or down where it was said."""
    said = dial.said[0 if sign > 0 else 1]
    said = said[0].lower() + said[1:]
    moves = [_turned(made, step, sign, strength, where) for step in dial.turns]
    if any(moves):
        made.told(said, *dial.parts)
    else:
        made.clamped.append(said)


def _turned(made: Changed, step: Turn, sign: int, strength: float, where: Where) -> bool:
    pointer, how, by, low, high = step
    if how == "scale":
        return _scaled(made, round(sign * by * (2 if strength > 1 else 1)), where)
    any_moved = False
    for shot, within in inside(made, where):
        for concrete, _, key in places(shot, pointer):
            usual = {"height_m": PLACE_HEIGHT_M.get(shot["camera"]["scale"], 2.0), "horizon": 0.5}.get(key, 0.0)
            if how == "hour":
                def way(v: float, plus: float = sign * by * strength) -> float:
                    return (v + plus) % 24.0
            elif how == "times":
                power = sign * strength

                def way(v: float, plus: float = power) -> float:
                    power = plus
                    grown = max(v, 0.15 if by > 1 and power > 0 and high <= 4 else 0.0) * by ** power
                    return min(high, max(low, grown))
            else:
                def way(v: float, plus: float = sign * by * strength) -> float:
                    return min(high, max(low, v + plus))
            if key == "horizon":
                # The horizon is where a shot begins: it has no curve.
                value = shot["camera"]["horizon"] if shot["camera"]["horizon"] is not None else usual
                after = round(way(value), 4)
                any_moved = any_moved or after != value
                shot["camera"]["horizon"] = after
                continue
            if pointer == "/camera/height_m" and shot["camera"]["curves"].get("height_m"):
                keys: Any = shot["camera"]["curves"]["height_m"]
                shot["camera"]["curves"]["height_m"] = [[u, round(way(v), 4)] for u, v in keys]
                any_moved = True
                continue
            any_moved = turn(shot, concrete, way, within, usual) or any_moved
    return any_moved


def _scaled(made: Changed, step: int, where: Where) -> bool:
    """Every shot that is reached one size of shot closer or wider."""
    any_moved = False
    for shot in whole_inside(made, where):
        at = SCALE_ORDER.index(shot["camera"]["scale"])
        after = SCALE_ORDER[min(4, max(0, at + step))]
        any_moved = any_moved or after != shot["camera"]["scale"]
        shot["camera"]["scale"] = after
    return any_moved


__all__ = ["DIALS", "Dial", "moved", "strength_of", "turn_dial"]
