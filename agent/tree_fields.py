"""A Direction as a flat table of fields, with shots and bodies by their id instead of their place in a list: what
comparing and merging work on. `table` and `direction_of` are each other's inverse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agent.direction import Direction

Path = tuple[str, ...]
Fields = dict[Path, Any]
IDENTITY = ("id", "parent", "reason", "author")
# Dictionaries that are one value: a span is either bars or seconds, a place is a mixture.
WHOLE = ("span", "place")
# Marks the keys of a curve over the shot, which belong to the number that they move.
CURVE = "~curve"
ORDERED = ("shots", "bodies", "links")
# Everything that places bars and beats on the film's clock hangs together.
CLOCK: Path = ("clock",)
_SCORE_CLOCK = (("tempo_bpm",), ("beats_per_bar",), ("sections",))
_BODY = re.compile(r"^/world/bodies/(\d+)/(.+)$")
_SHOT = re.compile(r"^/shots/(\d+)(?:/world/bodies/(\d+))?(/.*)$")


@dataclass(frozen=True)
class Table:
    """fields: every value by its path; orders: the keys of every list of things that have an id, in order."""

    fields: Fields
    orders: dict[Path, tuple[str, ...]]

    def under(self, prefix: Path) -> Fields:
        """The fields of one thing."""
        return {path: value for path, value in self.fields.items() if path[: len(prefix)] == prefix}


def table(direction: Direction) -> Table:
    """The fields of a Direction without its identity."""
    document = direction.model_dump(mode="json")
    fields: Fields = {}
    orders: dict[Path, tuple[str, ...]] = {}
    for name, value in document.items():
        if name not in (*IDENTITY, *ORDERED, "format"):
            _flat(fields, (name,), value)
    shots: list[dict[str, Any]] = document["shots"]
    keys = _keys(shot["id"] for shot in shots)
    orders[("shots",)] = keys
    bodies = [_keys(body["id"] for body in shot["world"]["bodies"]) for shot in shots]
    for key, shot, inside in zip(keys, shots, bodies, strict=True):
        _shot(fields, orders, ("shots", key), shot, inside)
    links = document["links"]
    names = _keys(f"{link['from']} > {_by_id(link['to'], keys, bodies)}" for link in links)
    orders[("links",)] = names
    for name, link in zip(names, links, strict=True):
        fields[("links", name, "amount")], fields[("links", name, "lag_s")] = link["amount"], link["lag_s"]
    return Table(fields, orders)


def direction_of(made: Table, identity: Mapping[str, Any]) -> Direction:
    """The Direction of a table. Couplings and curves of what is not there any more are left out.

    Raises pydantic.ValidationError for a table that is no Direction.
    """
    document: dict[str, Any] = dict(identity)
    keys = made.orders[("shots",)]
    bodies = [made.orders.get(("shots", key, "world", "bodies"), ()) for key in keys]
    for path, value in made.fields.items():
        if path[0] not in ("shots", "links"):
            _put(document, path, value)
    document["shots"] = [_shot_of(made, key, inside) for key, inside in zip(keys, bodies, strict=True)]
    document["links"] = []
    for name in made.orders[("links",)]:
        source, _, target = re.sub(r"#\d+$", "", name).partition(" > ")
        to = _by_number(target, keys, bodies)
        if to is not None:
            document["links"].append({"from": source, "to": to, "amount": made.fields[("links", name, "amount")],
                                      "lag_s": made.fields[("links", name, "lag_s")]})
    return Direction.model_validate(document)


def group_of(path: Path) -> Path:
    """The path of what a field can only be changed together with: a number and its curve, the clock of the music."""
    first, inner = path[:1], path[1:]
    if first in (("duration_s",), ("music",)) or (first == ("score",) and inner[:1] in _SCORE_CLOCK):
        return CLOCK
    if first == ("shots",) and path[2:] in (("world", "palette", "name"), ("world", "palette", "roles")):
        return (*path[:2], "world", "palette", "name")
    if CURVE in path:
        at = path.index(CURVE)
        return (*path[:at], *path[at + 1:])
    if first == ("shots",) and path[2:4] == ("camera", "curves"):
        return (*path[:3], *path[4:])
    return path


def things(made: Table) -> list[Path]:
    """Everything that is there or not there as a whole: the score, links, shots, bodies; the larger first."""
    found: list[Path] = [("score",)] if made.under(("score",)) else []
    for prefix in sorted(made.orders, key=len):
        found += [(*prefix, key) for key in made.orders[prefix]]
    return found


def _keys(names: Iterable[str]) -> tuple[str, ...]:
    """Names made different: a second one of the same name gets a number."""
    out: list[str] = []
    for name in names:
        key, n = name, 2
        while key in out:
            key, n = f"{name}#{n}", n + 1
        out.append(key)
    return tuple(out)


def _flat(fields: Fields, path: Path, value: Any) -> None:
    if isinstance(value, dict) and path[-1] not in WHOLE:
        for name, inner in value.items():
            _flat(fields, (*path, name), inner)
    elif value is not None or path != ("score",):
        fields[path] = value


def _put(document: dict[str, Any], path: Path, value: Any) -> None:
    for name in path[:-1]:
        document = document.setdefault(name, {})
    document[path[-1]] = value


def _shot(fields: Fields, orders: dict[Path, tuple[str, ...]], path: Path, shot: dict[str, Any],
          bodies: tuple[str, ...]) -> None:
    orders[(*path, "world", "bodies")] = bodies
    for key, body in zip(bodies, shot["world"]["bodies"], strict=True):
        _flat(fields, (*path, "world", "bodies", key), body)
    world = {name: value for name, value in shot["world"].items() if name != "bodies"}
    _flat(fields, path, shot | {"world": world, "curves": {}})
    for pointer, keys in shot["curves"].items():
        found = _BODY.match(pointer)
        if found is None:
            fields[(*path, *pointer.strip("/").split("/")[:-1], CURVE, pointer.rpartition("/")[2])] = keys
        elif int(found[1]) < len(bodies):
            fields[(*path, "world", "bodies", bodies[int(found[1])], CURVE, *found[2].split("/"))] = keys


def _shot_of(made: Table, key: str, bodies: tuple[str, ...]) -> dict[str, Any]:
    shot: dict[str, Any] = {"world": {}, "curves": {}}
    cast: dict[str, dict[str, Any]] = {body: {} for body in bodies}
    for path, value in made.under(("shots", key)).items():
        inner = path[2:]
        owner = cast.get(inner[2]) if inner[:2] == ("world", "bodies") else shot
        if owner is None:
            continue
        if owner is not shot:
            body, inner = inner[2], inner[3:]
            if CURVE in inner:
                shot["curves"]["/".join(["/world/bodies", str(bodies.index(body)), *inner[1:]])] = value
                continue
        if CURVE in inner:
            shot["curves"]["/" + "/".join(part for part in inner if part != CURVE)] = value
        else:
            _put(owner, inner, value)
    shot["world"]["bodies"] = list(cast.values())
    return shot


def _by_id(pointer: str, shots: tuple[str, ...], bodies: list[tuple[str, ...]]) -> str:
    """A link's pointer with the shot and the body named by id: "@s2/@bee/speed"."""
    found = _SHOT.match(pointer)
    if found is None or int(found[1]) >= len(shots):
        return pointer
    number, rest = int(found[1]), found[3]
    if found[2] is None:
        return f"@{shots[number]}{rest}"
    body = int(found[2])
    return f"@{shots[number]}/@{bodies[number][body]}{rest}" if body < len(bodies[number]) else pointer


def _by_number(target: str, shots: tuple[str, ...], bodies: list[tuple[str, ...]]) -> str | None:
    if not target.startswith("@"):
        return target
    shot, _, rest = target[1:].partition("/")
    if shot not in shots:
        return None
    number = shots.index(shot)
    if not rest.startswith("@"):
        return f"/shots/{number}/{rest}"
    body, _, rest = rest[1:].partition("/")
    return f"/shots/{number}/world/bodies/{bodies[number].index(body)}/{rest}" if body in bodies[number] else None
