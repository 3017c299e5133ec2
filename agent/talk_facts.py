"""What a film is, as an answer: lengths, counts, music, weather, hours, who is where."""

from __future__ import annotations

import re

from agent.direction import Direction
from agent.director_wishes import SECTION_WORDS
from agent.director_words import GENRE_WORDS, HOURS, PLURALS, clock
from agent.talk_holding import names_in, shows
from agent.talk_types import KnownTake
from agent.unroll_spans import bars_to_s, spans_s

_SECTION = re.compile(rf"\b(?P<name>{'|'.join(sorted(SECTION_WORDS, key=len, reverse=True))})s?\b")


def fact(line: str, take: KnownTake, at: int | None) -> str | None:
    """Lengths, counts, music, size, hour, place, look."""
    d = take.direction
    spans = spans_s(d)
    if re.search(r"\bhow long\b|\bduration\b|\blength\b", line):
        if at is not None:
            return f"Shot {at + 1} lasts {spans[at][1] - spans[at][0]:.1f} seconds."
        return f"It lasts {d.duration_s:.1f} seconds, in {len(d.shots)} shots."
    if re.search(r"\bhow many (?:shots|cuts|scenes)\b", line):
        return f"It has {len(d.shots)} shots, {d.duration_s / len(d.shots):.1f} seconds each on average."
    if said := _when(line, d) or _counted(line, d):
        return said
    if re.match(r"(?:what|which|who)(?:'s| is| are| do| does)?\b.*\b(?:playing|plays|instruments?|hear)\b", line):
        return f"You hear {_players(d)}."
    if re.search(r"\bweather\b", line) and re.match(r"what|how", line):
        return _sky(d, at)
    found = re.match(r"(?:which|what|in which) (?:shots?|scenes?) (?:have|has|show|shows|contain|with|is|are|do we see|"
                     r"can we see)? ?(?:there )?(?:the |a |an )?(?P<what>.+?)(?: in| in it)?$", line)
    if found and (names := names_in(found["what"])):
        held = [str(k + 1) for k, shot in enumerate(d.shots) if shows(shot, names)]
        return f"Shots {', '.join(held)}." if held else f"No shot shows {found['what']}."
    if re.match(r"is it (?:raining|snowing)\b", line):
        kind = "rain" if "rain" in line else "snow"
        held = [str(k + 1) for k, shot in enumerate(d.shots) if max([getattr(shot.world.weather, kind), *(
            v for _, v in shot.curves.get(f"/world/weather/{kind}", ()))]) > 0.1]
        return f"Yes, in shots {', '.join(held)}." if held else f"No, there is no {kind} in this film."
    if re.search(r"\b(?:music|tempo|bpm|genre|key|score|song|soundtrack)\b",
                 line) and not line.startswith(("why", "how come")):
        if d.score is None:
            return f"It is your own track, at {d.music.tempo_bpm:.0f} bpm."
        keys = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
        return (f"The music is {GENRE_WORDS.get(d.score.genre, d.score.genre)} in {keys[d.score.key]} "
                f"{'minor' if d.score.minor else 'major'}, "
                f"{d.score.tempo_bpm:.0f} bpm.")
    if re.search(r"\b(?:size|resolution|how big|aspect|format|frame rate|fps|frames)\b", line):
        return f"It is {d.size_px[0]} × {d.size_px[1]} with {d.grid.fps} frames a second."
    if re.search(r"\bwhat time\b|\btime of day\b|\bwhat hour\b", line):
        hour = d.shots[at or 0].world.light.time_h
        return f"It is {hour_word(hour)}, about {int(hour):02d}:{round(60 * (hour % 1)) % 60:02d}."
    if at is None and re.match(r"(?:who|what|where) (?:is|are|does|do|can|happens|'s|kind)", line) and \
            re.search(r"\b(?:in (?:it|this|the film)|see|there|shows?|film about|happens|it|look|style|place)\b", line):
        return f"It shows {whole_words(d)}."
    return None


def _players(d: Direction) -> str:
    """Who plays our own music."""
    if d.score is None:
        return "your own track"
    from world_model.score import SILENT
    from world_model.sim.instruments import BANDS

    playing = {part: d.score.instruments.get(part, " and ".join(layer.instrument for layer in layers))
               for part, layers in BANDS[d.score.genre].items()}
    return ", ".join(f"{who.replace('+', ' and ')} ({part})" for part, who in playing.items()
                     if who and who != SILENT)


def _when(line: str, d: Direction) -> str | None:
    """When a section begins and ends."""
    found = _SECTION.search(line)
    if found is None or not re.match(r"when|where|at what", line):
        return None
    name = SECTION_WORDS[found["name"]]
    spans = [bars_to_s(d.music, section.bars) for section in d.music.sections if section.name == name]
    if not spans:
        have = ", ".join(dict.fromkeys(section.name for section in d.music.sections)) or "none"
        return f"This film's music has no {found['name']}; its sections are {have}."
    times = ", ".join(f"{clock(float(a))} to {clock(min(float(b), d.duration_s))}" for a, b in spans)
    return f"The {found['name']} runs {times}."


def _counted(line: str, d: Direction) -> str | None:
    """How many of somebody there are."""
    found = re.match(r"how many (?P<who>[a-z][a-z -]*?)(?: (?:are|is|do|can|does|have|in|there)\b.*)?$", line)
    if found is None:
        return None
    word = re.sub(r"s$", "", found["who"].strip())
    kinds = {name for axis, name in names_in(found["who"]) if axis == "body"}
    bodies = [body for shot in d.shots for body in shot.world.bodies
              if body.kind in kinds or (body.shown_as or "").lower().rstrip("s") == word]
    if not bodies:
        return f"There is no {word} in this film." if kinds else None
    most = max(body.count for body in bodies)
    kind = bodies[0].kind
    called = bodies[0].shown_as or (kind if most == 1 else PLURALS.get(kind, kind + "s"))
    return f"{most} {called}, in {sum(any(b in shot.world.bodies for b in bodies) for shot in d.shots)} shots."


def _sky(d: Direction, at: int | None) -> str:
    """The weather of a shot, or of the first and any that differs."""
    def told(k: int) -> str:
        weather = d.shots[k].world.weather
        strong = [name for name in ("rain", "snow", "fog", "storm", "dust", "aurora") if max(
            [getattr(weather, name), *(v for _, v in d.shots[k].curves.get(f"/world/weather/{name}", ()))]) > 0.1]
        sky = "overcast" if weather.cloud > 0.7 else "cloudy" if weather.cloud > 0.35 else "clear sky"
        return f"{', '.join(strong) or sky}, wind {weather.wind_mps:.0f} m/s"

    if at is not None:
        return f"Shot {at + 1}: {told(at)}."
    lines = list(dict.fromkeys(told(k) for k in range(len(d.shots))))
    return f"{lines[0][0].upper()}{lines[0][1:]}" + (f"; later {lines[1]}." if len(lines) > 1 else ".")


def whole_words(d: Direction) -> str:
    who = list(dict.fromkeys(body.shown_as or body.kind for shot in d.shots for body in shot.world.bodies))
    places = list(dict.fromkeys(name.replace("_", " ") for shot in d.shots for name, share in shot.world.place.items()
                                if share >= 0.3))
    first = d.shots[0].world
    return (f"{', '.join(who[:4]) or 'nobody'} in the {', '.join(places[:3])}, {hour_word(first.light.time_h)}, "
            f"as {first.look}, in {len(d.shots)} shots")


def hour_word(hour: float) -> str:
    return next(word for until, word in HOURS if hour % 24 < until)


__all__ = ["fact", "hour_word", "whole_words"]
