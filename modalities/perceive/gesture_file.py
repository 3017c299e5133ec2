"""The file of a gesture, `beecam-gesture/1`: what a hand did, with times. JSON in UTF-8; all but `format` may be left
out, and unknown keys are passed over.

    {"format": "beecam-gesture/1",
     "size_px": [1280, 720],              shape of the surface; 16:9 where it is not said
     "duration_s": 6.0,                   else until the last event
     "plan_m": 40,                        metres across a plan view
     "look": "along" | "ahead",           on a plan: the camera looks where it goes, or keeps looking up the plan
     "strokes": [{"on": "frame" | "plan" | "sketch", "colour": "#f2b43c", "closed": false,
                  "points": [[t_s, x, y, pressure], …]}],          pressure [0, 1] may be left out; so may the times
                                                                   of all points: [x, y], or {"t_s", "x", "y"}
     "keys": [{"t_s": 0.2, "code": "KeyW", "down": true}],         KeyboardEvent.code: W A S D E Q and the arrows
     "axes": [[t_s, left_x, left_y, right_x, right_y, rise], …],   a gamepad's, [-1, 1], held until the next sample
     "dolly": [[t_s, log_magnification], …],                       wheel or pinch; inwards grows
     "brushes": [{"region": [[x, y], …], "direction": [dx, dy],    picture widths a second, right and down; or
                  "drag": [[t_s, x, y], …], "softness": 0.05}],    "drag": how far it went in how long
     "arrows": [{"tail": [x, y], "head": [x, y]}]}

x and y are shares of the surface from its top left corner. t_s counts from the beginning of the gesture; times of
strokes lie on one clock. A stroke on "frame" leads the look, one on "plan" is a path seen from above, one on "sketch"
only draws. A list of points under "stroke" (one stroke over the frame) and a live session's control log are read too.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modalities.cues import Arrow
from modalities.faults import Unusable

FORMAT = "beecam-gesture/1"
LARGEST_BYTES = 24 << 20
MOST_POINTS, MOST_STROKES, MOST_EVENTS, MOST_BRUSHES = 20_000, 2000, 20_000, 32
LONGEST_S = 3600.0
# A hand slips over the edge; a number further out is in another unit.
SLIP = 1.0
# How fast a stroke without times is taken to have been drawn, surface widths a second.
UNTIMED_WIDTHS_PER_S = 0.5
SURFACES = ("frame", "plan", "sketch")
FASTEST_BRUSH = 1.0
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """A stroke as it was drawn. table: (N, 4) t_s, x, y, pressure; times rise strictly."""

    on: str
    table: F64
    colour: tuple[int, int, int]
    closed: bool
    timed: bool


@dataclass(frozen=True)
class Painted:
    """A motion brush: corners (N, 2), direction in picture widths a second, softness in picture widths."""

    region: F64
    direction: tuple[float, float]
    softness: float


@dataclass(frozen=True)
class Recorded:
    """A gesture as it was recorded. hand: (M, 6) t_s, right, up, forward, turn right, turn up, each [-1, 1] and held
    until the next row. turns: (K, 3) t_s, yaw and pitch in degrees, turned at once. dolly: (L, 2) t_s, natural log of
    magnification."""

    aspect: float = 16 / 9
    duration_s: float = 0.0
    plan_m: float = 40.0
    along: bool = True
    strokes: tuple[Drawn, ...] = ()
    hand: F64 = field(default_factory=lambda: np.zeros((0, 6)))
    turns: F64 = field(default_factory=lambda: np.zeros((0, 3)))
    dolly: F64 = field(default_factory=lambda: np.zeros((0, 2)))
    brushes: tuple[Painted, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    notes: tuple[str, ...] = ()


# What keys do: right, up, forward, turn right, turn up, as in live play.
KEYS: dict[str, tuple[float, ...]] = {
    "KeyW": (0, 0, 1, 0, 0), "KeyS": (0, 0, -1, 0, 0), "KeyA": (-1, 0, 0, 0, 0), "KeyD": (1, 0, 0, 0, 0),
    "KeyE": (0, 1, 0, 0, 0), "KeyQ": (0, -1, 0, 0, 0), "ArrowLeft": (0, 0, 0, -1, 0), "ArrowRight": (0, 0, 0, 1, 0),
    "ArrowUp": (0, 0, 0, 0, 1), "ArrowDown": (0, 0, 0, 0, -1)}


def document_of(source: Path | str | bytes | Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The JSON object of a file, a text or parsed JSON, and its name for sentences. Raises Unusable."""
    if isinstance(source, Mapping):
        return source, "The gesture"
    name = "The gesture"
    if isinstance(source, Path):
        name = source.name
        try:
            if source.stat().st_size > LARGEST_BYTES:
                raise Unusable(f"{name} is larger than the {LARGEST_BYTES >> 20} MiB that a gesture may have.")
            source = source.read_bytes()
        except OSError as fault:
            raise Unusable(f"{name} cannot be read: {fault.strerror or fault}.") from None
    if len(source) > LARGEST_BYTES:
        raise Unusable(f"{name} is larger than the {LARGEST_BYTES >> 20} MiB that a gesture may have.")
    try:
        parsed: Any = json.loads(source)
    except (ValueError, RecursionError):
        raise Unusable(f"{name} is not JSON; expected a gesture ({FORMAT}) or a control log of live play.") from None
    if not isinstance(parsed, dict):
        raise Unusable(f"{name} holds no JSON object; expected a gesture ({FORMAT}).")
    return cast(dict[str, Any], parsed), name


def recorded(document: Mapping[str, Any], name: str = "The gesture") -> Recorded:
    """A gesture from its JSON object; what can be mended is, with a note. Raises Unusable with one sentence."""
    said = document.get("format", FORMAT if "stroke" in document else None)
    if said != FORMAT:
        raise Unusable(f"{name} is of format {str(said)[:40]!r}; expected {FORMAT}.")
    notes: list[str] = []
    width, height = _pair(document.get("size_px", (16, 9)), f"{name}: size_px")
    if not (0 < width <= 1e5 and 0 < height <= 1e5 and 0.1 <= width / height <= 10):
        raise Unusable(f"{name}: size_px is {width:g} x {height:g}; expected the surface's width and height in pixels.")
    aspect = width / height
    strokes = _strokes(document, name, aspect, notes)
    hand = _hand(document, name, notes)
    dolly = _table(_list(document, "dolly", name), 2, f"{name}: dolly", notes)
    if len(dolly) and float(np.abs(dolly[:, 1]).max()) > 8:
        raise Unusable(f"{name}: dolly is a natural log of magnification, within 8 of 0.")
    brushes = tuple(_brush(cast(Any, item), k, name, aspect) for k, item in
                    enumerate(_list(document, "brushes", name, MOST_BRUSHES)))
    arrows = tuple(_arrow(cast(Any, item), k, name) for k, item in
                   enumerate(_list(document, "arrows", name, MOST_STROKES)))
    if not strokes and not len(hand) and not len(dolly) and not brushes and not arrows:
        raise Unusable(f"{name} is empty: there is no stroke, key, stick, wheel, brush or arrow in it.")
    ends = [stroke.table[-1, 0] for stroke in strokes] + [table[-1, 0] for table in (hand, dolly) if len(table)]
    starts = [stroke.table[0, 0] for stroke in strokes] + [table[0, 0] for table in (hand, dolly) if len(table)]
    shift = min(starts, default=0.0)
    if shift < 0:
        notes.append(f"Times begin at {shift:.3g} s; they were moved to begin at 0.")
        strokes = [Drawn(s.on, s.table - (shift, 0, 0, 0), s.colour, s.closed, s.timed) for s in strokes]
        hand, dolly = hand - (shift, 0, 0, 0, 0, 0), dolly - (shift, 0)
        ends = [end - shift for end in ends]
    last = max(ends, default=0.0)
    given = document.get("duration_s")
    duration_s = last if given is None else _number(given, f"{name}: duration_s")
    if not 0 <= duration_s <= LONGEST_S or last > LONGEST_S:
        raise Unusable(f"{name} lasts {max(duration_s, last):.6g} s; expected seconds, up to {LONGEST_S:g}.")
    if duration_s < last:
        notes.append(f"duration_s is {duration_s:g}, but events go on until {last:.3g} s; the longer one holds.")
    plan_m = _number(document.get("plan_m", 40.0), f"{name}: plan_m")
    if not 0.1 <= plan_m <= 1e5:
        raise Unusable(f"{name}: plan_m is {plan_m:g}; expected 0.1 to 100000 metres across the plan.")
    return Recorded(aspect, max(duration_s, last), plan_m, document.get("look", "along") != "ahead", tuple(strokes),
                    hand, np.zeros((0, 3)), dolly, brushes, arrows, tuple(dict.fromkeys(notes)))


def _strokes(document: Mapping[str, Any], name: str, aspect: float, notes: list[str]) -> list[Drawn]:
    items = _list(document, "strokes", name, MOST_STROKES)
    if "stroke" in document:
        items = [*items, {"points": document["stroke"]}]
    total = sum(len(cast(Any, item).get("points") or ()) for item in items
                if isinstance(item, dict) and isinstance(cast(Any, item).get("points"), list))
    thin = max(1, math.ceil(total / MOST_POINTS))
    if thin > 1:
        notes.append(f"{total} points are more than the {MOST_POINTS} that are read; every {thin}th was kept.")
    out: list[Drawn] = []
    clock = 0.0
    for k, item in enumerate(items):
        where = f"{name}: stroke {k + 1}"
        if not isinstance(item, dict) or not isinstance(cast(Any, item).get("points"), list):
            raise Unusable(f"{where} has no list of points.")
        stroke = cast(dict[str, Any], item)
        on = str(stroke.get("on", "frame"))
        if on not in SURFACES:
            raise Unusable(f"{where} is drawn on {on[:20]!r}; expected {', '.join(SURFACES)}.")
        points: list[Any] = stroke["points"]
        kept = points[::thin] + ([points[-1]] if thin > 1 and (len(points) - 1) % thin else [])
        table, timed = _points(kept, where, notes)
        if not len(table):
            notes.append(f"Stroke {k + 1} has no point and was left out.")
            continue
        if not timed:
            gone = np.hypot(np.diff(table[:, 1]), np.diff(table[:, 2]) / aspect)
            table[:, 0] = clock + np.concatenate([[0.0], np.cumsum(np.maximum(gone, 1e-4))]) / UNTIMED_WIDTHS_PER_S
            notes.append("A stroke has no times; it was taken as drawn evenly.")
        if len(table) == 1 and on != "sketch":
            notes.append(f"Stroke {k + 1} is a single point: it moves nothing.")
        clock = max(clock, float(table[-1, 0]))
        out.append(Drawn(on, table, _colour(stroke.get("colour")), bool(stroke.get("closed", False)), timed))
    return out


def _points(points: Sequence[Any], where: str, notes: list[str]) -> tuple[F64, bool]:
    """(N, 4) t_s, x, y, pressure of points as lists or objects, and whether they have times."""
    rows: list[tuple[float, float, float, float]] = []
    timed, broken = True, 0
    for k, point in enumerate(points):
        if isinstance(point, dict):
            found = cast(dict[str, Any], point)
            values: list[Any] = [found.get("t_s"), found.get("x"), found.get("y"), found.get("pressure", 0.5)]
        elif isinstance(point, list) and 2 <= len(cast(list[Any], point)) <= 4:
            numbers = cast(list[Any], point)
            values = [None, *numbers, 0.5] if len(numbers) == 2 else [*numbers, 0.5][:4]
        else:
            raise Unusable(f"{where}, point {k + 1} is neither [t_s, x, y] nor an object with t_s, x and y.")
        if values[0] is None:
            timed, values[0] = False, 0.0
        if not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
            raise Unusable(f"{where}, point {k + 1} holds something that is no number.")
        t, x, y, pressure = (float(v) for v in values)
        if not all(math.isfinite(v) for v in (t, x, y, pressure)):
            broken += 1
            continue
        if not (-SLIP <= x <= 1 + SLIP and -SLIP <= y <= 1 + SLIP):
            raise Unusable(f"{where}, point {k + 1} lies at ({x:.4g}, {y:.4g}); expected shares of the surface, "
                           "0 to 1.")
        if not abs(t) <= LONGEST_S:
            raise Unusable(f"{where}, point {k + 1} is at {t:.6g} s; expected seconds, up to {LONGEST_S:g}.")
        rows.append((t, x, y, pressure))
    if broken:
        if broken > len(rows):
            raise Unusable(f"{where} is mostly not finite numbers ({broken} of {len(points)} points).")
        notes.append(f"{broken} point{'s' * (broken > 1)} that were no finite numbers were left out.")
    table = np.array(rows, np.float64).reshape(-1, 4)
    if ((table[:, 1:3] < 0) | (table[:, 1:3] > 1)).any():
        notes.append("Points beside the surface were moved to its edge.")
    table[:, 1:] = np.clip(table[:, 1:], 0.0, 1.0)
    return (_rising(table, notes) if timed else table), timed


def _rising(table: F64, notes: list[str]) -> F64:
    """Rows in order of time; of those with one time the last is kept."""
    if len(table) < 2:
        return table
    if (np.diff(table[:, 0]) < 0).any():
        notes.append("Times that ran backwards were put in order.")
        table = table[np.argsort(table[:, 0], kind="stable")]
    return table[np.concatenate([np.diff(table[:, 0]) > 1e-6, [True]])]


def _hand(document: Mapping[str, Any], name: str, notes: list[str]) -> F64:
    """Keys and sticks together, each held until it changes."""
    axes = _table(_list(document, "axes", name), 6, f"{name}: axes", notes, optional=1)
    if len(axes) and float(np.abs(axes[:, 1:]).max()) > 1.0:
        notes.append("Sticks beyond their full way were held at it.")
        axes[:, 1:] = np.clip(axes[:, 1:], -1.0, 1.0)
    axes[:, 1:] = np.where(np.abs(axes[:, 1:]) < 0.14, 0.0, axes[:, 1:])
    events: list[tuple[float, str, bool]] = []
    for k, item in enumerate(_list(document, "keys", name)):
        event = cast(dict[str, Any], item) if isinstance(item, dict) else {}
        code = event.get("code")
        if not isinstance(code, str):
            raise Unusable(f"{name}: key event {k + 1} has no code, such as \"KeyW\".")
        t = _number(event.get("t_s"), f"{name}: key event {k + 1}, t_s")
        if not abs(t) <= LONGEST_S:
            raise Unusable(f"{name}: key event {k + 1} is at {t:.6g} s; expected seconds, up to {LONGEST_S:g}.")
        if code in KEYS:
            events.append((t, code, bool(event.get("down", True))))
        else:
            notes.append(f"Key {code[:20]!r} steers nothing.")
    events.sort(key=lambda event: event[0])
    times = sorted({*axes[:, 0].tolist(), *(t for t, _, _ in events)})
    held: set[str] = set()
    out = np.zeros((len(times), 6))
    at, row = 0, -1
    for k, t in enumerate(times):
        while at < len(events) and events[at][0] <= t:
            (held.add if events[at][2] else held.discard)(events[at][1])
            at += 1
        while row + 1 < len(axes) and axes[row + 1, 0] <= t:
            row += 1
        sum_ = np.sum([KEYS[code] for code in sorted(held)], 0) if held else np.zeros(5)
        if row >= 0:
            left_x, left_y, right_x, right_y, rise = axes[row, 1:]
            sum_ = sum_ + np.array([left_x, rise, -left_y, right_x, -right_y])
        out[k] = (t, *np.clip(sum_, -1.0, 1.0))
    return out


def _brush(item: Any, k: int, name: str, aspect: float) -> Painted:
    where = f"{name}: brush {k + 1}"
    if not isinstance(item, dict) or not isinstance(cast(Any, item).get("region"), list):
        raise Unusable(f"{where} has no region.")
    brush = cast(dict[str, Any], item)
    corners: list[Any] = brush["region"]
    if not 3 <= len(corners) <= MOST_POINTS:
        raise Unusable(f"{where} has {len(corners)} corners; expected 3 to {MOST_POINTS}.")
    region = np.array([_pair(corner, f"{where}, region") for corner in corners])
    if not ((region >= -SLIP) & (region <= 1 + SLIP)).all():
        raise Unusable(f"{where} lies beside the picture; expected shares of it, 0 to 1.")
    region = np.clip(region, 0.0, 1.0)
    x, y = region.T
    if abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) < 2e-4:
        raise Unusable(f"{where} has no area.")
    if "direction" in brush:
        dx, dy = _pair(brush["direction"], f"{where}, direction")
    else:
        path: Any = brush.get("drag")
        drag, timed = _points(cast(list[Any], path) if isinstance(path, list) else [], where, [])
        if len(drag) < 2:
            raise Unusable(f"{where} says no direction: expected \"direction\" or a \"drag\" of two points or more.")
        # A drag without times is what moves in a second.
        over_s = max(float(drag[-1, 0] - drag[0, 0]), 0.1) if timed else 1.0
        dx, dy = (drag[-1, 1] - drag[0, 1]) / over_s, (drag[-1, 2] - drag[0, 2]) / aspect / over_s
    speed = math.hypot(dx, dy)
    if not 1e-4 <= speed < 1e6:
        raise Unusable(f"{where} has no direction it could move in.")
    slower = min(1.0, FASTEST_BRUSH / speed)
    softness = min(max(_number(brush.get("softness", 0.05), f"{where}, softness"), 0.0), 0.3)
    return Painted(region, (float(dx) * slower, float(dy) * slower), softness)


def _arrow(item: Any, k: int, name: str) -> Arrow:
    arrow = cast(dict[str, Any], item) if isinstance(item, dict) else {}
    ends = [_pair(arrow.get(end), f"{name}: arrow {k + 1}, {end}") for end in ("tail", "head")]
    tail, head = ((min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)) for x, y in ends)
    return Arrow(tail, head)


def _list(document: Mapping[str, Any], key: str, name: str, most: int = MOST_EVENTS) -> list[object]:
    found = document.get(key, [])
    if not isinstance(found, list):
        raise Unusable(f"{name}: {key} is no list.")
    items = cast(list[object], found)
    if len(items) > most:
        raise Unusable(f"{name}: {key} has {len(items)} entries; up to {most} are read.")
    return items


def _table(rows: Sequence[object], columns: int, where: str, notes: list[str], optional: int = 0) -> F64:
    out: list[list[float]] = []
    for k, row in enumerate(rows):
        values = cast(list[Any], row) if isinstance(row, list) else []
        if not columns - optional <= len(values) <= columns:
            raise Unusable(f"{where}, row {k + 1} does not hold {columns} numbers.")
        numbers = [_number(value, f"{where}, row {k + 1}") for value in values]
        if not abs(numbers[0]) <= LONGEST_S:
            raise Unusable(f"{where}, row {k + 1} is at {numbers[0]:.6g} s; expected seconds, up to {LONGEST_S:g}.")
        out.append(numbers + [0.0] * (columns - len(numbers)))
    return _rising(np.array(out, np.float64).reshape(-1, columns), notes)


def _number(value: Any, where: str) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise Unusable(f"{where} is {str(value)[:24]!r}; expected a finite number.")
    return float(value)


def _pair(value: Any, where: str) -> tuple[float, float]:
    if not isinstance(value, (list, tuple)) or len(cast(Sequence[Any], value)) != 2:
        raise Unusable(f"{where} is not a pair of numbers.")
    first, second = cast(Sequence[Any], value)
    return _number(first, where), _number(second, where)


def _colour(value: Any) -> tuple[int, int, int]:
    text = str(value or "").lstrip("#")
    try:
        number = int(text, 16) if len(text) == 6 else 0
    except ValueError:
        number = 0
    return number >> 16 & 255, number >> 8 & 255, number & 255
