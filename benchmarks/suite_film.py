"""What an expectation can ask of a film: a Direction as values over its time, and as one flat table to compare.

Values are looked up where they hold (the shot at that instant, its curves followed), so that it does not matter whether
an edit was made by cutting a shot in two, by a curve or by a number.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

import numpy as np

from agent.brief import Brief
from agent.direction import Direction
from agent.unroll_spans import bars_to_s, spans_s
from world_model.score import ScoreSpec
from world_model.vocabulary import STYLE_NEUTRAL, STYLES

INSTANTS = 80
KEYS = ("c", "c#", "d", "d#", "e", "f", "f#", "g", "g#", "a", "a#", "b")
WEATHER = ("rain", "snow", "fog", "cloud", "storm", "dust", "aurora")
HOURS = {"dawn": (4.8, 7.6), "morning": (6.0, 11.0), "noon": (10.0, 15.5), "golden": (16.0, 18.7),
         "sunset": (17.4, 19.8), "dusk": (18.4, 21.0), "night": (20.4, 5.0)}
# The land itself; waves belong to the energy of a scene.
GROUND = ("relief", "density", "object_scale", "variant", "water_level_m", "skyline")
# Parts of a shot that an edit may touch, by the pointers that belong to them.
PARTS = {
    "weather": ("/world/weather",), "light": ("/world/light",),
    "place": ("/world/place", *(f"/world/ground/{name}" for name in GROUND)),
    "bodies": ("/world/bodies", "/camera/target"), "look": ("/world/look", "/world/style"),
    "colours": ("/world/palette", "/world/style"), "camera": ("/camera",), "world": ("/world",),
    "speed": ("/camera/speed", "/camera/shake", "/world/bodies/speed", "/world/bodies/gait"),
    "cut": ("/cut", "/ending", "/purpose", "/section"), "shot": ("/world", "/camera", "/brushes", "/cut"),
    "energy": ("/world/weather/wind_mps", "/world/ground/wave_m"),
}
WHOLE = {"music": ("/score", "/music"), "links": ("/links",), "length": ("/duration_s", "/music", "/score/sections"),
         "cuts": ("/spans",), "weird": ("/weird",), "seed": ("/seed", "/score/seed"), "title": ("/title",)}
# A document's own identity is no part of what it shows.
IDENTITY = ("/format", "/id", "/parent", "/reason", "/author")


class Film:
    """A Direction that can be asked what holds when."""

    def __init__(self, direction: Direction, brief: Brief | None = None) -> None:
        self.direction = direction
        self.brief = brief
        self.document = direction.model_dump(mode="json")
        self._tables: dict[float, dict[str, Any]] = {}
        self._flats: dict[int, dict[str, Any]] = {}
        pairs = sorted(zip(spans_s(direction), range(len(direction.shots)), strict=True))
        self.order = [k for _, k in pairs]
        self.starts = [max(0.0, span[0]) for span, _ in pairs]
        self.ends = [*self.starts[1:], direction.duration_s]

    def instants(self, where: str) -> list[float]:
        """Shares of the film's length that lie in `where`; empty where there is no such place."""
        middles = [(k + 0.5) / INSTANTS for k in range(INSTANTS)]
        if not where:
            return middles
        low, high = self.window(where)
        inside = [u for u in middles if low <= u < high]
        return inside or ([(low + high) / 2] if 0 <= low < high <= 1.0001 else [])

    def window(self, where: str) -> tuple[float, float]:
        """(from, to) as shares of the film. where: "20-40%", "10-20s", "shot 2" (-1 the last), "in chorus",
        "after chorus 2", "before drop"; (2, 2) where the film has no such thing."""
        length = self.direction.duration_s
        if found := re.fullmatch(r"([\d.]+)-([\d.]+)(%|s)", where):
            scale = 100.0 if found[3] == "%" else length
            return float(found[1]) / scale, float(found[2]) / scale
        if found := re.fullmatch(r"shot (-?\d+)", where):
            at = int(found[1]) - 1 if int(found[1]) > 0 else int(found[1])
            if not -len(self.order) <= at < len(self.order):
                return 2.0, 2.0
            return self.starts[at] / length, self.ends[at] / length
        if found := re.fullmatch(r"(in|after|before) (\w+?)(?: (-?\d+))?", where):
            spans = [tuple(float(t) / length for t in bars_to_s(self.direction.music, s.bars))
                     for s in self.direction.music.sections if s.name == found[2]]
            nth = int(found[3] or 1)
            if not spans:
                return 2.0, 2.0
            low, high = spans[min(nth, len(spans)) - 1 if nth > 0 else nth]
            return {"in": (low, high), "after": (high, 1.0), "before": (0.0, low)}[found[1]]
        raise ValueError(f"no place in a film is called {where!r}")

    def shot_at(self, u: float) -> tuple[dict[str, Any], float]:
        """(the shot at a share of the film, the share of that shot)."""
        t = u * self.direction.duration_s
        at = max(0, bisect_right(self.starts, t) - 1)
        length = max(1e-9, self.ends[at] - self.starts[at])
        return self.document["shots"][self.order[at]], (t - self.starts[at]) / length

    def number(self, u: float, pointer: str, base: float) -> float:
        """A number of a shot, with its curve followed."""
        shot, inside = self.shot_at(u)
        keys = shot["curves"].get(pointer)
        return float(np.interp(inside, [k[0] for k in keys], [k[1] for k in keys])) if keys else base

    def at(self, u: float, name: str) -> Any:
        """The value of a name at a share of the film: a number, a word or a set of words."""
        shot, _ = self.shot_at(u)
        world, camera = shot["world"], shot["camera"]
        style = STYLE_NEUTRAL | STYLES.get(world["look"], {}) | world["style"]
        if name == "place":
            total = sum(world["place"].values())
            return {kind for kind, weight in world["place"].items() if weight / total >= 0.3}
        if name in ("body", "gait", "as"):
            key = {"body": "kind", "as": "shown_as"}.get(name, name)
            return {str(body[key]) for body in world["bodies"]}
        if name.startswith("count."):
            return sum(body["count"] for body in world["bodies"] if body["kind"] == name[6:])
        if name.startswith("style."):
            return self.number(u, f"/world/style/{name[6:]}", style.get(name[6:], 0.0))
        if name in WEATHER:
            return self.number(u, f"/world/weather/{name}", world["weather"][name])
        if name.startswith("size."):
            return max((body["size_m"] for body in world["bodies"] if body["kind"] == name[5:]), default=0.0)
        values: dict[str, Any] = {
            "bodies": sum(body["count"] for body in world["bodies"]),
            "glow": max((body["glow"] for body in world["bodies"]), default=0.0),
            "body_speed": np.mean([body["speed"] for body in world["bodies"]] or [0.0]),
            "wind": self.number(u, "/world/weather/wind_mps", world["weather"]["wind_mps"]),
            "hour": self.number(u, "/world/light/time_h", world["light"]["time_h"]) % 24,
            "exposure": self.number(u, "/world/light/exposure_ev", world["light"]["exposure_ev"]),
            "tint": world["light"]["tint"], "wave": world["ground"]["wave_m"], "relief": world["ground"]["relief"],
            "warmth": self.number(u, "/world/style/warmth", style.get("warmth", 0.0)),
            "saturation": style["saturation"] * world["palette"]["chroma"] * (world["palette"]["name"] != "mono"),
            "chroma": world["palette"]["chroma"], "look": world["look"], "palette": world["palette"]["name"],
            "hue_shift": world["palette"]["hue_shift_deg"], "move": camera["move"], "scale": camera["scale"],
            "target": next((b["kind"] for b in world["bodies"] if b["id"] == camera["target"]), "none"),
            "lens": camera["lens_mm"], "camera_speed": self.number(u, "/camera/speed", camera["speed"]),
            "shake": self.number(u, "/camera/shake", camera["shake"]), "cut": shot["cut"], "ending": shot["ending"],
        }
        # How dark the picture is meant: exposure, and the hour where it is night.
        values["dark"] = (-values["exposure"] + (2.0 if _in_hours(values["hour"], "night") else 0.0)
                          + (0.7 if _in_hours(values["hour"], "dusk") else 0.0))
        return values[name]

    def whole(self, name: str) -> Any:
        """A value of the film as a whole. Raises KeyError for a name that is none."""
        d, score = self.direction, self.direction.score
        wide, high = d.size_px
        silent = score is None or score.music_level < 0.02
        notes = ("; ".join((*self.brief.notes, *self.brief.questions, *self.brief.constraints,
                            *(t.note or "" for t in self.brief.traits))) if self.brief else "")
        return {"duration": d.duration_s, "tempo": d.music.tempo_bpm, "fps": d.grid.fps, "width": wide, "height": high,
                "ratio": wide / high, "shots": len(d.shots), "pace": d.duration_s / len(d.shots), "weird": d.weird,
                "title": d.title, "seed": d.seed, "music": "off" if silent else "on", "told": notes.lower(),
                "genre": score.genre if score else "none", "music_level": score.music_level if score else 0.0,
                "music_energy": _energy(score), "players": _players(score),
                "key": f"{KEYS[score.key]} {'minor' if score.minor else 'major'}" if score else "none"}[name]

    def table(self, u: float) -> dict[str, Any]:
        """Everything that a shot shows at a share of the film, pointer to value; curves followed."""
        if u not in self._tables:
            shot, inside = self.shot_at(u)
            flat = self._flats.get(id(shot))
            if flat is None:
                shown = {key: value for key, value in shot.items() if key not in ("id", "span", "curves")}
                flat = self._flats[id(shot)] = _flat(shown, "")
            self._tables[u] = flat if not shot["curves"] else flat | {
                pointer: round(float(np.interp(inside, [k[0] for k in keys], [k[1] for k in keys])), 6)
                for pointer, keys in shot["curves"].items()}
        return self._tables[u]

    def frame(self) -> dict[str, Any]:
        """Everything outside the shots, and where the cuts lie."""
        flat = _flat({k: v for k, v in self.document.items() if k != "shots"}, "")
        flat = {p: v for p, v in flat.items() if not p.startswith((*IDENTITY, "/links"))}
        # A coupling that moves a body is the body's, and goes with it.
        for link in self.document["links"]:
            owner = "/world/bodies" if "/world/bodies/" in link["to"] else "/links"
            flat |= {f"{owner}/{link['from']}{link['to']}/{key}": link[key] for key in ("amount", "lag_s")}
        return flat | {f"/spans/{k}": round(t / self.direction.duration_s, 4) for k, t in enumerate(self.starts)}


def _players(score: ScoreSpec | None) -> set[str]:
    """Everybody who plays in the score."""
    from world_model.sim.instruments import band

    return {layer.instrument for layers in band(score).values() for layer in layers} if score else set()


def _energy(score: ScoreSpec | None) -> float:
    """Mean energy of the score's sections, by their bars."""
    bars = sum(section.bars for section in score.sections) if score else 0
    return sum(section.bars * section.energy for section in score.sections) / bars if score and bars else 0.0


def _in_hours(hour: float, name: str) -> bool:
    low, high = HOURS[name]
    return low <= hour <= high if low <= high else hour >= low or hour <= high


def _flat(value: Any, pointer: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return {p: v for key, item in value.items() for p, v in _flat(item, f"{pointer}/{key}").items()}
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return {p: v for k, item in enumerate(value) for p, v in _flat(item, f"{pointer}/{k}").items()}
    return {pointer: round(value, 6) if isinstance(value, float) else value}


def differences(before: Film, after: Film, where: str = "") -> set[tuple[str, float]]:
    """(pointer, share of the film) of all that shows otherwise; pointers outside the shots at -1."""
    out: set[tuple[str, float]] = set()
    for u in before.instants(where):
        one, two = before.table(u), after.table(u)
        if one != two:
            out |= {(p, u) for p in one.keys() | two.keys() if one.get(p) != two.get(p)}
    if not where:
        one, two = before.frame(), after.frame()
        out |= {(p, -1.0) for p in one.keys() | two.keys() if one.get(p) != two.get(p)}
    return out


def belongs(pointer: str, part: str) -> bool:
    """Whether a pointer is of a part: "weather", "camera", "music" … or a pointer's beginning."""
    plain = re.sub(r"/bodies/\d+", "/bodies", pointer)
    starts = PARTS.get(part) or WHOLE.get(part) or (part,)
    return any(plain == start or plain.startswith(f"{start}/") for start in starts)


__all__ = ["HOURS", "PARTS", "WHOLE", "Film", "belongs", "differences"]
