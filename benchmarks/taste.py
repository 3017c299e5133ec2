"""Whether a learnt taste helps: proposals accepted with the profile, with none, and with somebody else's.

    python benchmarks/taste.py [--people 6] [--seed 1] [--out docs/taste.md]

Simulated creators of ten known tastes, `people` of each, make films from prompts of their own kind and keep the best of
three, with noise; some change their mind after 20 choices. The profile sees only which film was kept. Then, for prompts
that nobody has learnt from and that leave most open, the director proposes one film; the creator accepts it when it
pleases them, with noise. Their pleasure is written by hand below and has another form than the model that is fitted
(limits, one favourite, dislikes). Nothing is rendered. Intervals are 95 %, bootstrapped over creators.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from agent.brief import Brief, Trait
from agent.direction import Direction
from agent.director import direct
from agent.profile import Profile, profile_bias, with_choices
from agent.profile_axes import difference, features
from agent.profile_fit import Choice
from agent.profile_lean import with_taste
from agent.variations import apart
from agent.variations import features as named
from world_model.vocabulary import BODIES, GENRES, LIGHTS, PALETTES, SETTINGS, STYLES, WEATHERS

BEGIN, END = "<!-- table: python benchmarks/taste.py -->", "<!-- end of table -->"
STEPS = (0, 5, 10, 20, 40)
DRIFT_AT = 20
SHOWN, NOISE = 3, 0.5
HELD_OUT, SEEDS = 10, 2
CONDITIONS = ("profile", "none", "shuffled")
Pleasure = Callable[[Direction], float]


@dataclass(frozen=True)
class Creator:
    """A taste by hand: pleasure of a film, from about -1 to 1; after drift it is another."""

    name: str
    pleases: Pleasure
    later: Pleasure | None = None

    def at(self, choices: int) -> Pleasure:
        return self.later if self.later is not None and choices > DRIFT_AT else self.pleases


def share(direction: Direction, test: Callable[[Any], bool]) -> float:
    """Of the shots that pass a test."""
    return sum(test(shot) for shot in direction.shots) / len(direction.shots)


def place(shot: Any) -> str:
    return max(shot.world.place, key=lambda name: shot.world.place[name])


def speed(direction: Direction) -> float:
    return float(np.mean([shot.camera.speed for shot in direction.shots]))


def slow_noir(d: Direction) -> float:
    return 0.6 * share(d, lambda s: s.world.look in ("noir", "ink")) + 0.6 * (speed(d) < 0.8) - 0.4


def bright_drawings(d: Direction) -> float:
    drawn = share(d, lambda s: s.world.look in ("cel", "riso", "flat", "gouache"))
    return drawn + 0.5 * share(d, lambda s: s.world.palette.chroma > 1.1) - 0.7


def night(d: Direction) -> float:
    return 1.4 * share(d, lambda s: s.world.light.time_h > 19.3 or s.world.light.time_h < 5) - 0.5


def cold(d: Direction) -> float:
    icy = share(d, lambda s: s.world.palette.name in ("winter", "mono", "pastel"))
    return 0.7 * share(d, lambda s: place(s) in ("snowfield", "mountains", "lake", "clouds")) + 0.6 * icy - 0.6


def wet(d: Direction) -> float:
    return 1.2 * share(d, lambda s: s.world.weather.rain > 0.2 or s.world.weather.fog > 0.3) - 0.4


def slow_music(d: Direction) -> float:
    if d.score is None:
        return 0.0
    return (0.6 if d.score.genre in ("piano", "ambient", "lofi") else -0.4) + 0.3 * (d.score.tempo_bpm < 85)


def long_shots(d: Direction) -> float:
    return 1.0 - abs(math.log2((d.duration_s / len(d.shots)) / 6.0)) * 1.2


def with_birds(d: Direction) -> float:
    return 1.3 * share(d, lambda s: any(b.kind in ("bird", "butterfly", "whale") for b in s.world.bodies)) - 0.5


def flying(d: Direction) -> float:
    return 2.2 * share(d, lambda s: s.camera.move in ("bee_cam", "fly_through", "follow", "orbit")) - 0.9


def no_neon(d: Direction) -> float:
    loud = share(d, lambda s: s.world.look in ("synthwave", "vhs", "pixel") or s.world.palette.name == "neon")
    towns = share(d, lambda s: place(s) in ("city", "village"))
    return 0.6 - 1.2 * loud - 0.9 * towns - 0.7 * share(d, lambda s: place(s) in ("mountains", "canyon"))


CREATORS = (Creator("slow noir", slow_noir), Creator("bright drawings", bright_drawings), Creator("night", night),
            Creator("cold places", cold), Creator("rain and fog", wet), Creator("quiet music", slow_music),
            Creator("long shots", long_shots), Creator("birds and whales", with_birds), Creator("flying", flying),
            Creator("no neon, no towns", no_neon), Creator("night, then bright drawings", night, bright_drawings),
            Creator("slow noir, then cold places", slow_noir, cold))


def asked(rng: random.Random, most: int) -> Brief:
    """What a creator asks for: up to `most` things said at random, the rest left open."""
    said: dict[str, Callable[[], Any]] = {
        "setting": lambda: rng.choice(SETTINGS), "look": lambda: rng.choice(list(STYLES)),
        "palette": lambda: rng.choice(list(PALETTES)), "weather": lambda: rng.choice(list(WEATHERS)),
        "light": lambda: rng.choice(list(LIGHTS)), "genre": lambda: rng.choice(GENRES),
        "body": lambda: {"kind": rng.choice(BODIES)}, "pacing": lambda: rng.choice(("fast", "slow")),
        "speed": lambda: {"of": "camera", "factor": rng.choice((0.4, 0.6, 1.5, 2.0))}}
    names = rng.sample(sorted(said), rng.randint(0, most))
    traits = tuple(Trait(axis=name, value=said[name](), because="said") for name in names)
    return Brief(goal=f"film {rng.randrange(10**6)}", traits=traits)


def learnt(creator: Creator, rng: random.Random, counts: Sequence[int]) -> dict[int, Profile]:
    """The profile after so many choices; each is the best of three takes that were made of what was asked for."""
    profile, found = Profile(), dict[int, Profile]()
    for number in range(1, max(counts) + 1):
        pleases = creator.at(number)
        made: list[Direction] = []
        for _ in range(SHOWN):
            brief = with_taste(asked(rng, 4), profile, rng.randrange(2**31))
            made.append(direct(brief, None, seed=rng.randrange(2**31)))
        noisy = [pleases(film) + rng.gauss(0.0, NOISE * 0.5) for film in made]
        best = max(range(SHOWN), key=lambda k: noisy[k])
        moved = difference(features(made[best]), [features(film) for k, film in enumerate(made) if k != best])
        if moved:
            key = f"{number:04d}"
            choice = Choice(key, key, "starred", 1.0, tuple(sorted(moved.items())))
            profile = with_choices(profile, {key: choice})
        if number in counts:
            found[number] = profile
    return found | {0: Profile()}


def accepted(creator: Creator, profile: Profile | None, choices: int, rng: random.Random, threshold: float) -> float:
    """Share of proposals that are accepted, in expectation over the noise, for prompts that leave most open."""
    pleases, total = creator.at(max(1, choices)), 0.0
    for _ in range(HELD_OUT):
        brief = asked(rng, 1)
        for _ in range(SEEDS):
            seed = rng.randrange(2**31)
            film = direct(with_taste(brief, profile, seed), None, seed=seed)
            total += 1.0 / (1.0 + math.exp(-(pleases(film) - threshold) / (NOISE * 0.4)))
    return total / (HELD_OUT * SEEDS)


def ordered_first(creator: Creator, profile: Profile | None, choices: int, rng: random.Random) -> float:
    """Of four proposals that do not lean, how often the one put first is the one that pleases most."""
    pleases, liking, hits = creator.at(max(1, choices)), profile_bias(profile), 0
    for _ in range(HELD_OUT):
        films = [direct(asked(rng, 5), None, seed=rng.randrange(2**31)) for _ in range(4)]
        first = max(range(4), key=lambda k: liking(films[k])) if liking else 0
        hits += pleases(films[first]) >= max(map(pleases, films)) - 1e-9
    return hits / HELD_OUT


Rows = dict[tuple[str, int], list[float]]
Figures = tuple[Rows, Rows, dict[str, Rows], Rows]


def measured(people: int, seed: int) -> Figures:
    """(acceptance, first-of-four) by (condition, choices), one figure a creator; acceptance by taste; variety."""
    everyone: list[tuple[Creator, int, dict[int, Profile]]] = []
    for creator in CREATORS:
        for person in range(people):
            everyone.append((creator, person, learnt(creator, random.Random(f"{seed} {creator.name} {person}"), STEPS)))
    rows, firsts, apart_by = Rows(), Rows(), Rows()
    by_taste: dict[str, Rows] = {}
    for at, (creator, person, mine) in enumerate(everyone):
        # Somebody of another taste, never of the same.
        other = next(one for shift in range(1, len(everyone)) if (one := everyone[(at + shift * (people + 1)) % len(
            everyone)])[0].name != creator.name)
        for count in STEPS:
            # Half of the time a film is accepted that pleases as what the director makes by itself does.
            rng = random.Random(f"threshold {seed} {creator.name}")
            usual = [creator.at(max(1, count))(direct(asked(rng, 1), None, seed=rng.randrange(2**31)))
                     for _ in range(40)]
            threshold = float(np.mean(usual))
            given: Mapping[str, Profile | None] = {"profile": mine[count], "none": None, "shuffled": other[2][count]}
            for condition, profile in given.items():
                apart_by.setdefault((condition, count), []).append(variety(profile, 100 * person))
                # The same prompts and seeds for all three.
                share_ok = accepted(creator, profile, count, random.Random(f"held {seed} {creator.name} {person}"),
                                    threshold)
                rows.setdefault((condition, count), []).append(share_ok)
                by_taste.setdefault(creator.name, {}).setdefault((condition, count), []).append(share_ok)
                firsts.setdefault((condition, count), []).append(ordered_first(
                    creator, profile, count, random.Random(f"order {seed} {creator.name} {person}")))
    return rows, firsts, by_taste, apart_by


def variety(profile: Profile | None, seed: int) -> float:
    """Mean distance in [0, 1] between six films of the same open prompt, as variations are told apart."""
    films = [named(direct(with_taste(Brief(goal="a film"), profile, k), None, seed=k)) for k in range(seed, seed + 6)]
    return float(np.mean([apart(one, other) for one, other in combinations(films, 2)]))


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float, float]:
    """(mean, low, high), 95 %, bootstrapped."""
    rng, given = np.random.default_rng(seed), np.asarray(values)
    means = rng.choice(given, (2000, len(given))).mean(1)
    return float(given.mean()), float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def table(rows: Rows, title: str) -> list[str]:
    lines = [f"| {title}, after choices | " + " | ".join(str(count) for count in STEPS) + " |",
             "| --- |" + " --- |" * len(STEPS)]
    for condition in CONDITIONS:
        cells: list[str] = []
        for count in STEPS:
            mean, low, high = interval(rows[condition, count])
            cells.append(f"{100 * mean:.0f} % ({100 * low:.0f} to {100 * high:.0f})")
        lines.append(f"| {condition} | " + " | ".join(cells) + " |")
    gains = ["| gain over none |"]
    for count in STEPS:
        pairs = np.subtract(rows["profile", count], rows["none", count]).tolist()
        mean, low, high = interval(pairs)
        gains.append(f" {100 * mean:+.0f} ({100 * low:+.0f} to {100 * high:+.0f}) |")
    return [*lines, "".join(gains)]


def by_name(found: dict[str, Rows]) -> list[str]:
    last = STEPS[-1]
    lines = [f"| taste | none | profile after {last} | shuffled |", "| --- | --- | --- | --- |"]
    for name, rows in found.items():
        none, profile, shuffled = (100 * float(np.mean(rows[c, last])) for c in ("none", "profile", "shuffled"))
        lines.append(f"| {name} | {none:.0f} % | {profile:.0f} % | {shuffled:.0f} % |")
    return lines


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(argv)
    began = time.monotonic()
    rows, firsts, found, apart_by = measured(given.people, given.seed)
    people = given.people * len(CREATORS)
    lines = [f"{len(CREATORS)} tastes, {people} simulated creators, {HELD_OUT * SEEDS} proposals each and condition, "
             f"seed {given.seed}; {time.monotonic() - began:.0f} s.", "",
             *table(rows, "accepted"), "", *table(firsts, "first of four pleases most"), "", *by_name(found), "",
             *table(apart_by, "distance between six films of one open prompt, in hundredths")[:-1]]
    sys.stdout.write("\n".join(lines) + "\n")
    if given.out:
        text = given.out.read_text("utf-8")
        head, tail = text.split(BEGIN)[0], text.split(END)[1]
        given.out.write_text("\n".join([head + BEGIN, *lines, END + tail]), "utf-8")


if __name__ == "__main__":
    main()

