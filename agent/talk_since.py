"""Words about the last edit: "more", "even more", "less", "the opposite", "too much", "do the same in shot 2"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel

from agent.direction import Direction, Shot
from agent.talk_change import Changed, opened
from agent.talk_lines import clauses
from agent.talk_places import Where, where_in
from agent.taste import SCALE_ORDER
from agent.unroll_values import STYLE_BOUNDS

_END = (r"(?: (?:of (?:that|it|this|the same)|than (?:that|this)|in that direction|like that|please|again|then|still|"
        r"with that))*$")
# (what is said, how far on from the last edit: 1 doubles it, -1 takes it back, -2 turns it round).
STEPS: tuple[tuple[re.Pattern[str], float], ...] = tuple((re.compile(pattern), amount) for pattern, amount in (
    (rf"^(?:much|way|a lot|lots|far|even much) (?:more|stronger|further){_END}", 1.2),
    (rf"^(?:(?:just )?a (?:tiny |little )?(?:bit|little|touch|tad)|slightly|some) (?:more|stronger|further){_END}",
     0.35),
    (rf"^(?:(?:and |even |still |yet )*(?:more|further|stronger|go further|push it(?: further)?|keep going|go on|"
     rf"harder)|not enough|do (?:it|that) more|more of (?:that|it|this)|"
     rf"it could be (?:even )?more|twice (?:that|as much)|double (?:it|that)){_END}", 0.6),
    (rf"^(?:(?:just )?a (?:tiny |little )?(?:bit|little|touch|tad)|slightly) (?:less|weaker){_END}", -0.25),
    (rf"^(?:much|way|a lot|far) (?:less|weaker|too much){_END}", -0.75),
    (rf"^(?:(?:even |still )?(?:less|weaker)|(?:that(?:'s| is| was)|it(?:'s| is| was))? ?(?:a bit |still |way |"
     rf"far )?too (?:much|strong|far|extreme)|not (?:so|that|as) (?:much|strong|far)|"
     rf"tone (?:it|that) down|(?:only |just |about |maybe )?half (?:of )?(?:that|it|as much|the amount)|"
     rf"half as (?:much|strong)|(?:a bit )?overdone|"
     rf"over the top|(?:you )?went too far|ease off|dial (?:it|that) back|less of (?:that|it|this)){_END}", -0.5),
    (rf"^(?:(?:no,? )?(?:do )?the (?:exact )?opposite|the other way(?: round| around)?|reverse (?:it|that)|"
     rf"the contrary|other direction|in reverse){_END}", -2.0)))
_SAME = re.compile(r"^(?:(?:do )?the same(?: thing)?|same|do (?:that|it)|that too|also|likewise)(?: (?:again|too|"
                   r"also))* (?P<where>(?:in|for|to|at|during|with|on) .+)$")


def step_in(line: str) -> float | None:
    """How far on from the last edit a line asks to go; None where it is about something else. "Too much. Half of that":
    of several that say the same the last counts."""
    said = [next((amount for pattern, amount in STEPS if pattern.match(part)), None)
            for part in clauses(line)] if re.search(r"[,.;]", line) else [None]
    if said and all(amount is not None for amount in said):
        amounts = [amount for amount in said if amount is not None]
        return amounts[-1] if len({amount > 0 for amount in amounts}) == 1 else None
    return next((amount for pattern, amount in STEPS if pattern.match(line)), None)


def same_where(line: str) -> str | None:
    """The place in "the same in the third shot"."""
    found = _SAME.match(line)
    return found["where"] if found else None


def gone_on(before: Direction, now: Direction, amount: float) -> Changed:
    """Every number that the last edit turned, turned on by a share of that step, within its bounds."""
    made = opened(now)
    old = {shot["id"]: shot for shot in before.model_dump(mode="json")["shots"]}
    hit = False
    limits = _limits()
    for shot in made.shots:
        if shot["id"] in old:
            hit = _on(shot, old[shot["id"]], amount, "", limits) or hit
    theirs, score = before.model_dump(mode="json")["score"], made.document["score"]
    if score is not None and theirs is not None:
        for key, low, high in (("tempo_bpm", 30.0, 240.0), ("music_level", 0.0, 1.5), ("ambience_level", 0.0, 1.5),
                               ("effects_level", 0.0, 1.5)):
            if score[key] != theirs[key]:
                after = round(min(high, max(low, score[key] + amount * (score[key] - theirs[key]))), 3)
                hit, score[key] = hit or after != score[key], after
    if hit:
        made.told({True: "that went further", False: "that was taken back in part"}[amount > 0] if amount > -1.5
                  else "that was turned round", "shots")
    return made


def _on(now: Any, was: Any, amount: float, path: str, limits: dict[str, tuple[float, float]]) -> bool:
    """Turns the numbers of a document in place; whether any moved."""
    hit = False
    pairs: list[tuple[Any, Any]] = []
    if isinstance(now, dict) and isinstance(was, dict):
        if path == "/curves":
            return _curves_on(now, was, amount, limits)
        pairs = [(key, f"{path}/{key}") for key in now if key in was and key not in ("id", "span")]
    elif isinstance(now, list) and isinstance(was, list) and len(now) == len(was):
        pairs = [(key, f"{path}/*") for key in range(len(now))]
    for key, pointer in pairs:
        value, other = now[key], was[key]
        if isinstance(value, dict | list):
            hit = _on(value, other, amount, pointer, limits) or hit
        elif pointer == "/camera/scale" and value != other:
            step = SCALE_ORDER.index(value) - SCALE_ORDER.index(other)
            far = round(amount * step) or (1 if amount * step > 0 else -1)
            after = SCALE_ORDER[min(4, max(0, SCALE_ORDER.index(value) + far))]
            hit, now[key] = hit or after != value, after
        elif isinstance(value, int | float) and isinstance(other, int | float) and not isinstance(value, bool) \
                and value != other and (bounds := limits.get(pointer) or (
                    STYLE_BOUNDS.get(str(key), (0.0, 1.0)) if pointer.startswith("/world/style/") else None)):
            after = min(bounds[1], max(bounds[0], value + amount * (value - other)))
            after = max(1, round(after)) if isinstance(value, int) and pointer.endswith("/count") else round(after, 4)
            hit, now[key] = hit or after != value, after
    return hit


def _curves_on(now: dict[str, Any], was: dict[str, Any], amount: float, limits: dict[str, tuple[float, float]]) -> bool:
    hit = False
    for pointer, keys in now.items():
        if was.get(pointer) == keys:
            continue
        low, high = limits.get(re.sub(r"/\d+/", "/*/", pointer), (0.0, 1.0))
        base = keys[0][1] if pointer not in was else None
        for key in keys:
            other = base if base is not None else _at(was[pointer], key[0])
            after = round(min(high, max(low, key[1] + amount * (key[1] - other))), 4)
            hit, key[1] = hit or after != key[1], after
    return hit


def _at(keys: Any, u: float) -> float:
    return float(min(keys, key=lambda key: abs(key[0] - u))[1])


@lru_cache(maxsize=1)
def _limits() -> dict[str, tuple[float, float]]:
    """Bounds of every number of a shot, by pointer (`*` for a body)."""
    out: dict[str, tuple[float, float]] = {}

    def walk(model: type[BaseModel], path: str) -> None:
        for name, info in model.model_fields.items():
            kinds = [kind for kind in (info.annotation, *get_args(info.annotation)) if isinstance(kind, type)]
            inner = next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
            if inner is not None:
                walk(inner, f"{path}/{name}" if str(info.annotation) == str(inner) else f"{path}/{name}/*")
                continue
            rules: list[Any] = list(info.metadata)
            low = [float(rule.ge if hasattr(rule, "ge") else rule.gt) for rule in rules
                   if hasattr(rule, "ge") or hasattr(rule, "gt")]
            high = [float(rule.le) for rule in rules if hasattr(rule, "le")]
            if low and high:
                out[f"{path}/{name}"] = (low[0] or (1e-3 if name == "size_m" else 0.0), high[0])

    walk(Shot, "")
    return out


def where_before(lines: Sequence[str], direction: Direction) -> Where | None:
    """Where the last edit was made, read again from its words."""
    for line in lines:
        where, _ = where_in(line, direction)
        if where.windows:
            return where
    return None


__all__ = ["gone_on", "same_where", "step_in", "where_before"]
