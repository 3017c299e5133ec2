"""The expectation language of tests/suite and its data files.

An expectation is one line: `[any|all|none|most] NAME OP VALUE [@ WHERE]`. Without a word in front, once is enough.
NAME is a value over time (place, body, count.bee, hour, rain, look, move …: benchmarks/suite_film.py) or of the whole
film (duration, tempo, genre, told …). OP is `=` or `!=` with alternatives between bars, `>`, `<`, `~` (within 6 %) or
`in` with `low..high` or hours by name. WHERE is `20-40%`, `10-20s`, `shot 2`, `in chorus`, `after chorus 2` or
`before drop`.

After an edit also `rises NAME`, `falls NAME` (the mean over WHERE moves, and nowhere the other way), and
`same PART [as N]`: a part (weather, camera, music …) shows as it did before, or as in the take of turn N.
`says = word|word`, `label.name = X`, `label.starred = true` and `takes = 4` ask the turn itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.suite_film import HOURS, PARTS, WHOLE, Film, belongs, differences

FOLDER = Path(__file__).parent.parent / "tests" / "suite"
_LINE = re.compile(r"(?:(?P<how>any|all|none|most) )?(?P<name>[a-z_.]+) (?P<op>=|!=|>|<|~|in) (?P<value>.+)")
_MOVES = re.compile(r"(?P<how>rises|falls) (?P<name>[a-z_.]+)")
_SAME = re.compile(r"same (?P<part>[a-z_/]+)(?: as (?P<turn>\d+))?")


@dataclass(frozen=True)
class Told:
    """What a turn itself says: its sentence or question, its label, how many takes it asked for."""

    says: str = ""
    label: Mapping[str, Any] = field(default_factory=dict[str, Any])
    takes: int = 0


def load(name: str) -> list[dict[str, Any]]:
    """The items of tests/suite/<name>.yaml."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def holds(line: str, film: Film | None, before: Film | None = None, made: Mapping[int, Film] | None = None,
          told: Told | None = None) -> bool:
    """Whether an expectation holds. before: the take the edit started from; made: the takes of earlier turns, from 1.
    Raises ValueError for a line that is no expectation."""
    text, _, where = (part.strip() for part in line.partition("@"))
    if found := _MOVES.fullmatch(text):
        return film is not None and before is not None and _moved(found["how"], found["name"], film, before, where)
    if found := _SAME.fullmatch(text):
        other = (made or {}).get(int(found["turn"])) if found["turn"] else before
        if film is None or other is None or not other.instants(where):
            return False
        return not _changed(found["part"], other, film, where)
    found = _LINE.fullmatch(text)
    if found is None:
        raise ValueError(f"{line!r} is no expectation")
    name, op, value = found["name"], found["op"], found["value"]
    if name == "says":
        return told is not None and any(word.lower() in told.says.lower() for word in value.split("|"))
    if name == "takes":
        return told is not None and _test(told.takes, op, value)
    if name.startswith("label."):
        return told is not None and _test(str(told.label.get(name[6:], "")), op, value)
    if film is None:
        return False
    try:
        whole = film.whole(name)
    except KeyError:
        results = [_test(film.at(u, name), op, value) for u in film.instants(where)]
        how = found["how"] or "any"
        if not results:
            return False
        return {"any": any(results), "all": all(results), "none": not any(results),
                "most": sum(results) * 2 > len(results)}[how]
    if name == "told":
        return any(word in whole for word in value.split("|"))
    if name == "key" and " " not in value:
        return str(whole).endswith(value)
    return _test(whole, op, value)


def _test(have: Any, op: str, value: str) -> bool:
    if op in ("=", "!="):
        hit = any(_equal(have, one.strip()) for one in value.split("|"))
        return hit if op == "=" else not hit
    number = float(have)
    if op == "in":
        spans = [HOURS[one] if one in HOURS else tuple(float(v) for v in one.split("..")) for one in value.split("|")]
        return any(low <= number <= high if low <= high else number >= low or number <= high for low, high in spans)
    wanted = float(value)
    if op == "~":
        return abs(number - wanted) <= 0.06 * abs(wanted)
    return number > wanted if op == ">" else number < wanted


def _equal(have: Any, wanted: str) -> bool:
    if isinstance(have, set):
        return wanted in have
    if isinstance(have, (int, float)) and not isinstance(have, bool):
        return abs(float(have) - float(wanted)) < 1e-6
    return str(have).lower() == wanted.lower()


def _moved(how: str, name: str, film: Film, before: Film, where: str) -> bool:
    try:
        pairs = [(float(before.whole(name)), float(film.whole(name)))]
    except KeyError:
        pairs = [(float(before.at(u, name)), float(film.at(u, name))) for u in before.instants(where)]
    sign = 1.0 if how == "rises" else -1.0
    steps = [sign * (after - old) for old, after in pairs]
    return bool(steps) and sum(steps) > 1e-6 * len(steps) and min(steps) > -1e-6


def _changed(part: str, one: Film, two: Film, where: str) -> bool:
    found = differences(one, two, where)
    if part == "all":
        return bool(found)
    if part in WHOLE:
        names = differences(one, two)
        return any(u < 0 and belongs(pointer, part) for pointer, u in names)
    # A camera is the same when it moves as before; whom it looks at goes with the bodies.
    return any(u >= 0 and belongs(pointer, part) and not (part == "camera" and pointer == "/camera/target")
               for pointer, u in found)


def strayed(only: str, before: Film, after: Film) -> list[str]:
    """Pointers that changed although only some parts might. only: `weather, light @ after chorus 2`: parts of PARTS and
    WHOLE or pointers; with a WHERE, shots may differ there alone (a little slack for a change that eases in)."""
    parts, _, where = (text.strip() for text in only.partition("@"))
    allowed = [part.strip() for part in parts.split(",") if part.strip()]
    low, high = before.window(where) if where else (0.0, 1.0)
    wrong = {pointer for pointer, u in differences(before, after)
             if not any(belongs(pointer, part) for part in allowed) or (u >= 0 and not low - 0.03 <= u <= high + 0.03)}
    return sorted(wrong)


def only_parts(only: str) -> list[str]:
    """The parts an `only` line names that are neither known nor pointers; for the test of the data files."""
    names = [part.strip() for part in only.partition("@")[0].split(",") if part.strip()]
    return [name for name in names if name not in PARTS and name not in WHOLE and not name.startswith("/")]


__all__ = ["Told", "holds", "load", "only_parts", "strayed"]
