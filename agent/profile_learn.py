"""What the takes of a project say about its creator's taste: labels, edits, forks, and ideas taken or passed over.

Each take gives at most one choice of each kind, under a digest of itself: to learn again from the same project changes
nothing, and the order does not matter. A label that was taken back takes its choice with it. What a choice is compared
with are the take's rivals: those made beside it, else the project's others, else the middle of everything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from agent.direction import Direction
from agent.edits import apply_patch
from agent.profile import KINDS, Profile, changed, load, with_choices
from agent.profile_axes import LINEAR, NAMED, NUMBERS, SQUARE, difference, features
from agent.profile_fit import Choice
from modalities.faults import Unusable
from modalities.store import Store, Take
from modalities.take_labels import Label, labels

# What a choice of each kind is worth; a fork says less than a star.
WORTH = {"starred": 1.0, "discarded": 1.0, "taken": 0.8, "edited": 0.5, "forked": 0.3}
MOST_TAKES = 400
LARGEST_LIST_BYTES = 4 << 20
# The middle of everything, for a first take that has no rival.
MIDDLE: dict[str, float] = {f"{axis} {name}": 1.0 / len(names) for axis, names in NAMED.items() for name in names} | {
    f"{axis} {part}": 0.0 for axis in NUMBERS for part in (LINEAR, SQUARE)}


@dataclass(frozen=True)
class Learnt:
    """profile: as it is now; new, gone: how many choices came and went; off: taste is switched off, nothing learnt."""

    profile: Profile
    new: int
    gone: int
    off: bool = False


def learn(environ: Mapping[str, str], store: Store, only: Collection[str] | None = None) -> Learnt:
    """Learn from a project's takes; `only` these, as after one label. Raises Unusable when the profile cannot be
    written or the project's labels are damaged."""
    if not load(environ).on:
        return Learnt(load(environ), 0, 0, True)
    found = choices_of(store, only)
    before: set[str] = set()

    def add(profile: Profile) -> Profile:
        before.update(one.key for one in profile.choices)
        return with_choices(profile, found) if profile.on else profile

    profile = changed(environ, add)
    after = {one.key for one in profile.choices}
    return Learnt(profile, len(after - before), len(before - after))


def learn_quietly(environ: Mapping[str, str], store: Store, only: Collection[str]) -> str:
    """As `learn`, for those who have other work: what went wrong is returned in one sentence, never raised."""
    try:
        return learn(environ, store, only).profile.fault
    except Unusable as fault:
        return str(fault)


def learn_taken(environ: Mapping[str, str], taken: Direction, passed: Sequence[Direction]) -> str:
    """An idea that was taken, and those that were passed over for it, where they are at hand as Directions."""
    moved = difference(features(taken), [features(one) for one in passed]) if passed else {}
    if not moved or not load(environ).on:
        return ""
    digest = hashlib.sha256("|".join(("taken", *sorted(one.model_dump_json() for one in (taken, *passed)))).encode())
    made = Choice(digest.hexdigest()[:20], datetime.now(UTC).isoformat(timespec="seconds"), "taken", WORTH["taken"],
                  tuple(sorted(moved.items())))

    def add(profile: Profile) -> Profile:
        known = any(one.key == made.key for one in profile.choices)
        return profile if known or not profile.on else with_choices(profile, {made.key: made})

    try:
        return changed(environ, add).fault
    except Unusable as fault:
        return str(fault)


def choices_of(store: Store, only: Collection[str] | None = None) -> dict[str, Choice | None]:
    """The choices of a project's takes by key; None for each that could be there and is not."""
    project = _Project(store)
    found: dict[str, Choice | None] = {}
    for take in project.takes:
        if (only is None or take.id in only) and project.seen(take) is not None:
            for kind in KINDS:
                key, pairs = project.key(take, kind), tuple(sorted(project.choice(take, kind).items()))
                found[key] = Choice(key, str(take.made_at)[:40], kind, WORTH[kind], pairs) if pairs else None
    return found


class _Project:
    """A project as it is read once: its newest takes (those in the trash too), labels, features and lists of ideas."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.takes = sorted((*store.takes(), *store.binned()), key=lambda take: int(take.id[1:]))[-MOST_TAKES:]
        self.labels: dict[str, Label] = labels(store)
        self._seen: dict[str, tuple[str, dict[str, float]] | None] = {}

    def seen(self, take: Take) -> tuple[str, dict[str, float]] | None:
        """(digest, features) of a take's Direction; None where it cannot be read."""
        if take.id not in self._seen:
            try:
                text = (take.dir / "direction.json").read_bytes()
                found = features(Direction.model_validate_json(text))
                self._seen[take.id] = hashlib.sha256(text).hexdigest(), found
            except (OSError, ValueError, IndexError):
                self._seen[take.id] = None
        return self._seen[take.id]

    def key(self, take: Take, kind: str) -> str:
        """The same for a copy of the project or another folder that it was moved to."""
        seen = self.seen(take)
        told = "|".join((kind, take.id, str(take.made_at), seen[0] if seen else ""))
        return hashlib.sha256(told.encode()).hexdigest()[:20]

    def label(self, take: Take) -> Label:
        return self.labels.get(take.id, Label())

    def choice(self, take: Take, kind: str) -> dict[str, float]:
        """The difference of a kind of choice on a take; empty where there is none."""
        seen, label = self.seen(take), self.label(take)
        if seen is None:
            return {}
        mine, rivals = seen[1], list[dict[str, float]]()
        if kind == "starred" and label.starred and not label.discarded:
            rivals = self._rivals(take, lambda other: not self.label(other).starred)
        elif kind == "discarded" and label.discarded:
            rivals = self._rivals(take, lambda other: not self.label(other).discarded)
        elif label.discarded:
            return {}
        elif kind == "taken":
            rivals = self._passed(take)
        elif kind == "edited" and not self._passed(take) and len(take.parents) == 1:
            # Another seed is another throw of the same dice: nobody edited anything towards it.
            rivals = self._features(one for one in self._parents(take) if one.seed == take.seed)
        elif kind == "forked" and self._children(take):
            rivals = self._features(other for other in self._beside(take) if not self._children(other)
                                    and not self.label(other).starred)
        moved = difference(mine, rivals) if rivals else {}
        return {name: -value for name, value in moved.items()} if kind == "discarded" else moved

    def _features(self, takes: Iterable[Take]) -> list[dict[str, float]]:
        return [seen[1] for take in takes if (seen := self.seen(take))]

    def _rivals(self, take: Take, unlike: Callable[[Take], bool]) -> list[dict[str, float]]:
        """Of the takes for which `unlike` holds: those beside it and its parents, else all others, else the middle."""
        near = [other for other in (*self._beside(take), *self._parents(take)) if unlike(other)]
        return self._features(near) or self._features(
            other for other in self.takes if other.id != take.id and unlike(other)) or [MIDDLE]

    def _parents(self, take: Take) -> list[Take]:
        return [other for other in self.takes if other.id in take.parents]

    def _beside(self, take: Take) -> list[Take]:
        """Takes of the same run, and those that were forked from the same take."""
        run = take.job.rpartition("/")[0]
        return [other for other in self.takes if other.id != take.id and (
            (take.parent and other.parent == take.parent) or (run and other.job.rpartition("/")[0] == run))]

    def _children(self, take: Take) -> list[Take]:
        return [other for other in self.takes if take.id in other.parents and not self.label(other).discarded]

    def _passed(self, take: Take) -> list[dict[str, float]]:
        """The ideas that were passed over for this take, where it is an idea that was taken."""
        for what, ideas in self._lists:
            if take.parent == what and any(title == take.reason for title, _ in ideas):
                return [found for title, found in ideas if title != take.reason]
        return []

    @cached_property
    def _lists(self) -> list[tuple[str, list[tuple[str, dict[str, float]]]]]:
        """(the take they were found for, their titles with their features) of every list of ideas that was shown."""
        found: list[tuple[str, list[tuple[str, dict[str, float]]]]] = []
        for path in sorted((self.store.root / "ideas").glob("*/ideas.json")):
            try:
                if path.stat().st_size > LARGEST_LIST_BYTES:
                    continue
                given = json.loads(path.read_text("utf-8"))
                before = Direction.model_validate(given["before"])
                ideas = [(str(one["title"]), features(apply_patch(before, one["patch"], reason="idea")))
                         for one in given["ideas"]]
                found.append((str(given["asked"]["what"]), ideas))
            except (Unusable, OSError, ValueError, TypeError, KeyError, IndexError, RecursionError):
                continue
        return found


__all__ = ["Learnt", "choices_of", "learn", "learn_quietly", "learn_taken"]
