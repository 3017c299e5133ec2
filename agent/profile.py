"""The taste of a creator, learnt from choices across projects, kept on this machine and nowhere else.

No texts are kept: only which features of a film were on the chosen side, and digests of takes so that each counts once.

    profile = load(os.environ)                       # never fails; empty and harmless where there is none
    learn(os.environ, store, ["t0007"])              # after a label, an edit, an idea taken (agent/profile_learn.py)
    brief = with_taste(brief, profile, seed, …)      # leans in what a Brief leaves open (agent/profile_lean.py)
    liking = profile_bias(profile)                   # Direction -> worth, or None: to order ideas and variations

One switch: `on` false learns nothing and leans nowhere. The file is BEECAM_PROFILE, else beecam/taste.json in the
user's configuration folder.
"""

from __future__ import annotations

import json
import math
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agent.direction import Direction
from agent.profile_axes import HOURS, NAMED, NUMBERS, features
from agent.profile_fit import Choice, Pins, Taste, fitted
from modalities.faults import Unusable
from modalities.one_writer import alone, write_whole

FORMAT = "beecam-taste/1"
KINDS = ("starred", "discarded", "edited", "forked", "taken")
# The oldest choices beyond this many are dropped; by then each counts for less than a hundredth.
MOST_CHOICES = 400
LARGEST_BYTES = 2 << 20


@dataclass(frozen=True)
class Profile:
    """on: the switch; pins: what the creator set, (axis, value, weight); choices: what was learnt, oldest first;
    fault: why the file could not be read, else empty."""

    on: bool = True
    pins: Pins = ()
    choices: tuple[Choice, ...] = ()
    fault: str = ""

    @property
    def leans(self) -> bool:
        return self.on and bool(self.pins or self.choices)

    @property
    def taste(self) -> Taste:
        """The weights, whether the switch is on or not."""
        return fitted(self.choices, self.pins)


class Newer(Unusable):
    """The file was written by a later version; it is left as it is."""


class Damaged(Unusable):
    """The file is there and holds no profile."""


def path_of(environ: Mapping[str, str]) -> Path:
    """Where the profile lies."""
    if given := environ.get("BEECAM_PROFILE", "").strip():
        return Path(given).expanduser().absolute()
    if sys.platform == "win32" and environ.get("APPDATA"):
        root = Path(environ["APPDATA"])
    elif configured := environ.get("XDG_CONFIG_HOME", "").strip():
        root = Path(configured)
    else:
        root = Path(environ["HOME"]) / ".config" if environ.get("HOME") else Path.home() / ".config"
    return root.expanduser().absolute() / "beecam" / "taste.json"


def load(environ: Mapping[str, str]) -> Profile:
    """The profile as it is; an empty one with the reason in `fault` where it cannot be read. Changes nothing."""
    try:
        return _read(path_of(environ))
    except (Unusable, OSError, RuntimeError) as fault:
        return Profile(fault=str(fault))


def profile_bias(profile: Profile | None) -> Callable[[Direction], float] | None:
    """How much a film is to this taste, in odds of e (0: nothing known of it); None where taste has no say."""
    if profile is None or not profile.leans:
        return None
    taste = profile.taste
    return lambda direction: taste.worth(features(direction))


def changed(environ: Mapping[str, str], change: Callable[[Profile], Profile]) -> Profile:
    """The profile after `change`, written in one step, one writer at a time. A file that is damaged is first moved
    aside; what came in its place says so in `fault`. Raises Unusable when it cannot be written, or is of a newer
    version."""
    path = path_of(environ)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path.with_name(f".{path.name}.lock")):
            fault = ""
            try:
                before = _read(path)
            except Damaged as damage:
                before, fault = Profile(), f"{damage} It is kept as {_aside(path)}; a new one has begun."
            after = change(before)
            if after != before or fault:
                _write(path, after)
            return replace(after, fault=fault)
    except (OSError, RuntimeError) as fault:
        why = getattr(fault, "strerror", None) or str(fault)
        raise Unusable(f"The taste profile {path} cannot be written: {why}.") from None


def with_choices(profile: Profile, found: Mapping[str, Choice | None]) -> Profile:
    """With choices by key put in the place of what they were before; None takes one away. The newest are kept."""
    kept: dict[str, Choice | None] = {one.key: one for one in profile.choices}
    kept.update(found)
    ordered = sorted((one for one in kept.values() if one is not None), key=lambda one: (one.at, one.key))
    return replace(profile, choices=tuple(ordered[-MOST_CHOICES:]))


def _read(path: Path) -> Profile:
    try:
        if not stat.S_ISREG((found := path.stat()).st_mode):
            raise Unusable(f"The taste profile {path} is no file.")
        if found.st_size > LARGEST_BYTES:
            raise ValueError
        given = json.loads(path.read_text("utf-8"), parse_constant=_refused)
        if not isinstance(given, dict):
            raise ValueError
        return _profile_of(given, path)
    except FileNotFoundError:
        return Profile()
    except Unusable:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        raise Damaged(f"The taste profile {path} is damaged.") from None
    except OSError as fault:
        raise Unusable(f"The taste profile {path} cannot be read: {fault.strerror or fault}.") from None


def _profile_of(given: dict[str, Any], path: Path) -> Profile:
    form = given["format"]
    if form != FORMAT:
        if isinstance(form, str) and form.startswith("beecam-taste/"):
            raise Newer(f"The taste profile {path} was written by another version of Beecam ({form[:40]!r}).")
        raise ValueError
    if type(given["on"]) is not bool:
        raise ValueError
    try:
        pins = tuple(sorted((str(axis), value_of(axis, str(value)), weight_of(axis, weight))
                            for axis, values in given["set"].items() for value, weight in values.items()))
    except Unusable:
        raise ValueError from None
    choices = tuple(_choice(one) for one in given["choices"])
    return with_choices(Profile(given["on"], pins), {one.key: one for one in choices})


def _choice(given: dict[str, Any]) -> Choice:
    key, at, kind, weight = given["key"], given["at"], given["kind"], float(given["weight"])
    if not (isinstance(key, str) and isinstance(at, str) and kind in KINDS and 0 < weight <= 1
            and 0 < len(key) <= 64 and len(at) <= 40):
        raise ValueError
    pairs = tuple((str(name), float(value)) for name, value in given["difference"].items())
    if any(not math.isfinite(value) or abs(value) > 20 or len(name) > 60 for name, value in pairs):
        raise ValueError
    return Choice(key, at, kind, weight, tuple(sorted(pairs)))


def value_of(axis: str, text: str) -> str:
    """A value of an axis as it is kept. Raises Unusable for an axis or value that is none."""
    wanted = text.strip().lower().replace(" ", "_")
    if axis in NAMED:
        if wanted in NAMED[axis]:
            return wanted
        raise Unusable(f"{text[:40]!r} is no {axis}; expected one of {', '.join(NAMED[axis])}.")
    if axis in NUMBERS:
        number = NUMBERS[axis]
        words = {number.low: number.value_of(-1.0), number.high: number.value_of(1.0), "usual": number.usual}
        return _number(axis, wanted, words, number.least, number.most)
    if axis == "hour":
        return _number(axis, wanted, HOURS, 0.0, 24.0)
    raise Unusable(f"There is no taste in {axis[:40]!r}; expected one of {', '.join((*NAMED, *NUMBERS, 'hour'))}.")


def _number(axis: str, text: str, words: Mapping[str, float], least: float, most: float) -> str:
    try:
        found = words[text] if text in words else float(text)
    except ValueError:
        found = math.nan
    if not least <= found <= most:
        raise Unusable(f"{text[:40]!r} is no {axis}; expected {', '.join(words)} or a number from {least:g} to "
                       f"{most:g}.")
    return f"{found:.4g}"


def weight_of(axis: str, weight: Any) -> float:
    """A weight that was set. Raises Unusable outside -1 to 1 (0 to 1 for numbers, which are only sought)."""
    least = -1.0 if axis in NAMED else 0.0
    found = float(weight) if isinstance(weight, (int, float)) and not isinstance(weight, bool) else math.nan
    if not least <= found <= 1.0:
        raise Unusable(f"A weight of {weight} cannot be used for {axis}; expected {least:g} to 1.")
    return found


def _refused(text: str) -> float:
    raise ValueError(text)


def _write(path: Path, profile: Profile) -> None:
    pins: dict[str, dict[str, float]] = {}
    for axis, value, weight in profile.pins:
        pins.setdefault(axis, {})[value] = weight
    document = {"format": FORMAT, "on": profile.on, "set": pins, "choices": [
        {"key": one.key, "at": one.at, "kind": one.kind, "weight": one.weight, "difference": dict(one.difference)}
        for one in profile.choices]}
    write_whole(path, json.dumps(document, allow_nan=False, separators=(",", ":")) + "\n")


def _aside(path: Path) -> Path:
    """Moves a damaged file to a name that is free. Raises OSError."""
    number = 1
    while (free := path.with_name(f"{path.stem}-damaged-{number}{path.suffix}")).exists():
        number += 1
    path.rename(free)
    return free


__all__ = ["KINDS", "Newer", "Profile", "changed", "load", "path_of", "profile_bias", "value_of", "weight_of",
           "with_choices"]
