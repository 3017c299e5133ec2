"""What differs between two takes: what was changed, in words, and what that came to in picture and sound, measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import jsonpatch
import numpy as np

from agent.direction import Direction
from agent.director_words import clock
from agent.edits import Patch
from agent.tree_fields import CLOCK, CURVE, IDENTITY, Fields, Path, Table, group_of, table, things
from agent.tree_words import field_named, shots_said, thing_said, value_said
from agent.unroll_spans import cut_frames
from modalities.store import Take
from modalities.take_measures import (
    Heard,
    Seen,
    differing_frames,
    differing_samples_s,
    heard,
    picture_means,
    seen,
    sound_means,
)
from world_model.clock import TimeGrid

Span = tuple[float, float]
# (id, number from 1, span in the first take, span in the second) of shots that both have.
Shots = list[tuple[str, int, Span, Span]]
# What is worth a word: the least step of each measure that a person may notice.
NOTICED = {"lightness": (0.01, "lighter", "darker"), "chroma": (0.005, "more colourful", "greyer"),
           "warmth": (0.005, "warmer", "colder"), "motion": (0.002, "livelier", "calmer"),
           "loudness_lufs": (0.5, "louder", "quieter"), "onsets_per_s": (0.3, "more onsets", "fewer onsets")}


@dataclass(frozen=True)
class Change:
    """One thing that was changed. field: its path in a shot or in the film; shots: ids of the shots it is in (empty:
    the whole film); spans_s: where those lie in the second take, or in the first for what is gone."""

    said: str
    field: str
    before: Any
    after: Any
    shots: tuple[str, ...] = ()
    spans_s: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Compared:
    """changed: in words; patch: RFC 6902 from the first Direction to the second; picture and sound: {"unchanged": bool,
    "first_difference_s", "said", and per film and shot what was measured in both}."""

    changed: tuple[Change, ...]
    patch: Patch
    picture: dict[str, Any] = field(default_factory=dict[str, Any])
    sound: dict[str, Any] = field(default_factory=dict[str, Any])


def changes(was: Direction, now: Direction) -> tuple[Change, ...]:
    """What differs between two Directions; the same change in several shots is told once."""
    before, after = table(was), table(now)
    spans = spans_of(was) | spans_of(now)
    count = len(now.shots)
    numbers = {shot.id: k + 1 for k, shot in enumerate(was.shots)} | {s.id: k + 1 for k, s in enumerate(now.shots)}
    found: list[Change] = []
    told: set[Path] = set()
    for thing in dict.fromkeys((*things(before), *things(after))):
        old, new = before.under(thing), after.under(thing)
        if bool(old) != bool(new) and not any(thing[: len(one)] == one for one in told):
            told.add(thing)
            found.append(_whole(thing, old, new, numbers, spans))
    same: dict[tuple[Path, str, str], list[tuple[str, Any, Any]]] = {}
    groups: dict[Path, tuple[Fields, Fields]] = {}
    for path in dict.fromkeys((*before.fields, *after.fields)):
        if before.fields.get(path) != after.fields.get(path) and not any(path[: len(one)] == one for one in told):
            old, new = groups.setdefault(group_of(path), ({}, {}))
            old.update(_one(before, path))
            new.update(_one(after, path))
    for group, (old, new) in groups.items():
        if group[0] != "shots":
            found += _film_wide(group, old, new)
            continue
        for path in dict.fromkeys((*old, *new)):
            one, other = old.get(path), new.get(path)
            same.setdefault((path[2:], _value(path, one), _value(path, other)), []).append((path[1], one, other))
    for (inner, told_before, told_after), places in same.items():
        keys = [key for key, _, _ in places]
        where = shots_said([numbers.get(key, 0) for key in keys], count)
        said = f"{_cap(field_named(('shots', keys[0], *inner)))} {where}: {_step(told_before, told_after)}"
        if all(_curve_holds(path, before, after) for path in ((("shots", key, *inner)) for key in keys)):
            said += " (a curve over the shot moves it all the same)"
        found.append(Change(said, "/" + "/".join(part for part in inner if part != CURVE), places[0][1], places[0][2],
                            tuple(keys), tuple(spans[key] for key in keys if key in spans)))
    moved = _moved(before, after)
    return (*found, Change(moved, "/shots", None, None)) if moved else tuple(found)


def compared(first: tuple[Take, Direction], second: tuple[Take, Direction]) -> Compared:
    """Two takes in full; files of the same bytes are not decoded. Raises Unusable when a film cannot be read."""
    (one, was), (other, now) = first, second
    patch: Patch = [op for op in jsonpatch.make_patch(was.model_dump(mode="json"), now.model_dump(mode="json"))
                    if op["path"].strip("/") not in IDENTITY]
    shots = _shared(was, now)
    spans = ((0.0, was.duration_s), (0.0, now.duration_s))
    return Compared(changes(was, now), patch, _picture(one, other, shots, spans), _sound(one, other, shots, spans))


def spans_of(direction: Direction) -> dict[str, Span]:
    """Where every shot is on screen, seconds, on whole frames; shots without a frame are left out."""
    grid = TimeGrid(direction.grid.steps_per_s, direction.grid.fps, direction.grid.sample_rate_hz)
    return {direction.shots[k].id: (start / grid.fps, end / grid.fps) for k, start, end in cut_frames(direction, grid)}


def _shared(was: Direction, now: Direction) -> Shots:
    old, new = spans_of(was), spans_of(now)
    numbers = {shot.id: k + 1 for k, shot in enumerate(now.shots)}
    return [(key, numbers[key], old[key], new[key]) for key in new if key in old]


def _picture(one: Take, other: Take, shots: Shots, spans: tuple[Span, Span]) -> dict[str, Any]:
    if _same_bytes(one, other, "video.mp4"):
        return {"unchanged": True, "said": "The picture is unchanged."}
    films: tuple[Seen, Seen] = seen(one.video), seen(other.video)
    apart = differing_frames(one.video, other.video)
    if apart is not None and not apart.any():
        return {"unchanged": True, "said": "The picture is unchanged (only its coding differs)."}
    rows: list[dict[str, Any]] = []
    for key, number, old, new in shots:
        same = apart is not None and old == new and not apart[
            round(new[0] * films[1].fps): round(new[1] * films[1].fps)].any()
        rows.append({"shot": key, "number": number, "span_s": list(new), "unchanged": same} | _pair(
            picture_means(films[0], old), picture_means(films[1], new)))
    whole = _pair(picture_means(films[0], spans[0]), picture_means(films[1], spans[1]))
    first_s = None if apart is None or films[0].fps != films[1].fps else float(np.argmax(apart)) / films[1].fps
    return {"unchanged": False, "first_difference_s": first_s, **whole, "shots": rows,
            "said": _told("The picture", whole, rows)}


def _sound(one: Take, other: Take, shots: Shots, spans: tuple[Span, Span]) -> dict[str, Any]:
    if _same_bytes(one, other, "audio.wav"):
        return {"unchanged": True, "said": "The sound is unchanged."}
    tracks: tuple[Heard, Heard] = heard(one.audio), heard(other.audio)
    first_s = differing_samples_s(*tracks)
    if first_s is None:
        return {"unchanged": True, "said": "The sound is unchanged (only its file differs)."}
    rows: list[dict[str, Any]] = []
    for key, number, old, new in shots:
        a, b = (track.samples[round(s * track.rate_hz): round(e * track.rate_hz)]
                for track, (s, e) in zip(tracks, (old, new), strict=True))
        rows.append({"shot": key, "number": number, "span_s": list(new), "unchanged": np.array_equal(a, b)} | _pair(
            sound_means(tracks[0], old), sound_means(tracks[1], new)))
    whole = _pair(sound_means(tracks[0], spans[0]), sound_means(tracks[1], spans[1]))
    return {"unchanged": False, "first_difference_s": round(first_s, 4), **whole, "shots": rows,
            "said": _told("The sound", whole, rows)}


def _pair(old: dict[str, float], new: dict[str, float]) -> dict[str, Any]:
    step = {name: round(new[name] - old[name], 5) for name in new if name != "hue_deg"}
    return {"before": old, "after": new, "step": step}


def _told(what: str, whole: dict[str, Any], rows: Sequence[dict[str, Any]]) -> str:
    """What is noticed of the whole, and in which shot most."""
    said: list[str] = []
    for name, step in whole["step"].items():
        least, up, down = NOTICED[name]
        if abs(step) >= least:
            said.append(f"{up if step > 0 else down} ({whole['before'][name]:.3g} → {whole['after'][name]:.3g})")
    sentence = f"{what} is {', '.join(said)}" if said else f"{what} differs, but on the whole in nothing measured"
    sentence = sentence.replace("is more onsets", "has more onsets").replace("is fewer onsets", "has fewer onsets")
    sentence = sentence.replace(", more onsets", ", with more onsets").replace(", fewer onsets", ", with fewer onsets")
    kept = [row["number"] for row in rows if row["unchanged"]]
    most = max(((abs(step) / NOTICED[name][0], row, name) for row in rows for name, step in row["step"].items()),
               key=lambda one: one[0], default=None)
    if most is not None and len(rows) > 1 and most[0] >= 1.0:
        _, row, name = most
        way = NOTICED[name][1 if row["step"][name] > 0 else 2]
        sentence += f"; most in shot {row['number']} at {clock(row['span_s'][0])}: {way}"
    return sentence + (f"; unchanged {shots_said(kept, 0)}." if kept else ".")


def _whole(thing: Path, old: Fields, new: Fields, numbers: dict[str, int], spans: dict[str, Span]) -> Change:
    shot = thing[1] if thing[0] == "shots" else None
    what = thing_said(thing, old or new, lambda key: f"shot {numbers.get(key, key)}")
    where = f" {shots_said([numbers.get(shot, 0)], 0)}" if shot is not None and len(thing) > 2 else ""
    at = f" at {clock(spans[shot][0])}" if shot in spans and len(thing) == 2 else ""
    return Change(f"{_cap(what)}{at} {'is new' if new else 'is gone'}{where}", "/" + "/".join(thing[2:] or thing),
                  None if not old else "there", None if not new else "there", (shot,) if shot else (),
                  (spans[shot],) if shot in spans else ())


def _film_wide(group: Path, old: Fields, new: Fields) -> list[Change]:
    out: list[Change] = []
    for path in dict.fromkeys((*old, *new)):
        # The tempo and the bars stand in the score and in the clock that follows it: told once.
        if group == CLOCK and path[0] == "score" and ("music", *path[1:]) in new:
            continue
        one, other = old.get(path), new.get(path)
        said = f"{_cap(field_named(path))}: {_step(_value(path, one), _value(path, other))}"
        if path[0] == "links":
            part = "amount" if path[-1] == "amount" else "delay"
            said = f"{_cap(field_named(path))} ({part}): {_step(_value(path, one), _value(path, other))}"
        out.append(Change(said, "/" + "/".join(path), one, other))
    return out


def _moved(before: Table, after: Table) -> str:
    both = set(before.orders[("shots",)]) & set(after.orders[("shots",)])
    was, now = ([key for key in side.orders[("shots",)] if key in both] for side in (before, after))
    return "" if was == now else f"The shots come in another order: {', '.join(now)}"


def _curve_holds(path: Path, before: Table, after: Table) -> bool:
    """Whether a number has a curve, which is the same as before, so that the number itself is not seen."""
    curve = (*path[:-1], CURVE, path[-1])
    return curve in after.fields and after.fields[curve] == before.fields.get(curve)


def _one(side: Table, path: Path) -> Fields:
    return {path: side.fields[path]} if path in side.fields else {}


def _value(path: Path, value: Any) -> str:
    if value is None and CURVE in path:
        return "still"
    return "the look's own" if value is None and "style" in path else value_said(path, value)


def _step(before: str, after: str) -> str:
    return f"{before} → {after}" if before != after else f"{before}, a little otherwise"


def _same_bytes(one: Take, other: Take, name: str) -> bool:
    a, b = one.dir / name, other.dir / name
    if not (a.is_file() and b.is_file()) or a.stat().st_size != b.stat().st_size:
        return False
    with a.open("rb") as left, b.open("rb") as right:
        while block := left.read(1 << 20):
            if block != right.read(1 << 20):
                return False
    return True


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]
