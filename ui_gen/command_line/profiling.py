"""`beecam taste`: what has been learnt of the creator's taste; set, forget, off, on, learn."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from threading import Event as Flag
from typing import Any

from agent.profile import Profile, changed, load, path_of, value_of, weight_of
from agent.profile_axes import AXES, axis_of
from agent.profile_learn import learn
from agent.profile_words import as_json, sentences
from modalities.faults import Unusable
from modalities.store import Store
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def taste(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """{path, on, choices, axes, said}; with learn also {new, gone}. Raises Unusable."""
    action, words = arguments.action, tuple(arguments.words)
    wanted = {"set": 3, "forget": 0 if arguments.all else 1}.get(action, 0)
    if len(words) != wanted or (arguments.all and action != "forget"):
        raise Unusable("Try: beecam taste, beecam taste set AXIS VALUE WEIGHT, beecam taste forget AXIS (or --all), "
                       "beecam taste off, on or learn.")
    if action == "learn":
        return _learnt(arguments, teller)
    return _told({"show": _shown,
                  "set": lambda: _set(*words),
                  "forget": lambda: changed(os.environ, lambda profile: forgotten(profile, *words)),
                  "off": lambda: changed(os.environ, lambda profile: replace(profile, on=False)),
                  "on": lambda: changed(os.environ, lambda profile: replace(profile, on=True))}[action](), teller)


def _shown() -> Profile:
    """As it lies there; a damaged file is moved aside."""
    found = load(os.environ)
    return changed(os.environ, lambda profile: profile) if found.fault else found


def forgotten(profile: Profile, axis: str | None = None) -> Profile:
    """Without what was learnt and set on an axis; without an axis, without anything but the switch.

    Raises Unusable for an axis that is none.
    """
    if axis is None:
        return Profile(on=profile.on)
    _checked(axis)
    left = (replace(one, difference=tuple(pair for pair in one.difference if axis_of(pair[0]) != axis))
            for one in profile.choices)
    return replace(profile, pins=tuple(pin for pin in profile.pins if pin[0] != axis),
                   choices=tuple(one for one in left if one.difference))


def _set(axis: str, value: str, weight: str) -> Profile:
    _checked(axis)
    try:
        heavy = weight_of(axis, float(weight))
    except ValueError:
        raise Unusable(f"{weight[:40]!r} is no weight; expected a number from -1 to 1.") from None
    clean = value_of(axis, value)
    # A number has one best place; a name is set beside the others.
    single = axis not in ("setting", "look", "palette", "weather", "body", "camera", "genre")

    def put(profile: Profile) -> Profile:
        kept = [pin for pin in profile.pins if pin[0] != axis or not (single or pin[1] == clean)]
        return replace(profile, pins=tuple(sorted([*kept, (axis, clean, heavy)])))

    return changed(os.environ, put)


def _checked(axis: str) -> None:
    if axis not in AXES:
        raise Unusable(f"There is no taste in {axis[:40]!r}; expected one of {', '.join(AXES)}.")


def _learnt(arguments: argparse.Namespace, teller: Teller) -> Result:
    found = learn(os.environ, Store(arguments.project).open())
    if found.off:
        raise Unusable("Taste is off, so nothing is learnt. Switch it on with: beecam taste on")
    teller.line(f"{found.new} new choices, {found.gone} taken back; {len(found.profile.choices)} in all.")
    return _told(found.profile, teller) | {"new": found.new, "gone": found.gone}


def _told(profile: Profile, teller: Teller) -> Result:
    if profile.fault:
        teller.line(profile.fault)
    said = sentences(profile)
    if not profile.on:
        teller.line("Taste is off: nothing is learnt and nothing leans to it.")
    for line in said:
        teller.line(line)
    if not said:
        teller.line(f"Nothing is known yet, from {len(profile.choices)} choices. Star and discard takes, or: beecam "
                    "taste learn")
    return {"path": str(path_of(os.environ)), **as_json(profile), "said": list(said)} | (
        {"fault": profile.fault} if profile.fault else {})


__all__ = ["forgotten", "taste"]
