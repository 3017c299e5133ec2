"""Does the world model do what it is told? Paired interventions: same seed, one word or one control changed.

    python benchmarks/obedience.py [--weights DIR] [--seeds 4] [--steps 8] [--held-out] [--quick]

Two worlds are drawn from the same noise and the same other words, and one phrase (or one known stream) differs. Right:
the share of pairs in which the named outcome moves the right way; chance is 50 %. Names (looks, places, bodies, music)
are tried in every pair: right when, from one phrase to the other, the second name gains on the first. Leak: how far
streams that should stay move, as a share of how far they move between two seeds of the same words: 0 is perfect
aim, 100 % is no aim at all. A table, then one JSON line.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from world_model import kernel_cache

Streams = Mapping[str, Tensor]
MUSIC_STAYS = ("place", "look")
ASPECTS = ("setting", "look", "body", "light", "weather", "genre")
# What a phrase of an aspect should leave alone.
STAYS = {"look": ("place", "camera", "score"), "setting": ("look", "camera", "score"),
         "body": ("place", "look", "air", "score"), "genre": MUSIC_STAYS, "weather": ("place", "look", "camera"),
         "light": ("place", "look", "camera"), "move": ("place", "look", "air", "score"),
         "scale": ("place", "look", "air", "score"), "tempo": MUSIC_STAYS, "energy": MUSIC_STAYS,
         "key": MUSIC_STAYS, "density": ("look", "air", "score"), "relief": ("look", "air", "score")}


@dataclass(frozen=True)
class Word:
    """aspect: from one name (or own phrase) to another; `outcome` should rise (sign 1) or fall (-1)."""

    aspect: str
    before: str
    after: str
    outcome: str
    sign: int

    @property
    def name(self) -> str:
        return f"{self.before} -> {self.after}: {self.outcome} {'up' if self.sign > 0 else 'down'}"


WORDS = (
    *(Word("weather", "clear", name, outcome, 1) for name, outcome in (
        ("rain", "rain"), ("snow", "snow"), ("fog", "fog"), ("dust", "dust"), ("aurora", "aurora"),
        ("overcast", "cloud"), ("storm", "wind"))),
    Word("weather", "=in the rain", "=no rain", "rain", -1), Word("weather", "=in thick fog", "=no fog", "fog", -1),
    Word("weather", "=falling snow", "=without snow", "snow", -1),
    Word("light", "noon", "night", "sun_elevation", -1), Word("light", "noon", "night", "stars", 1),
    Word("light", "noon", "sunset", "sun_elevation", -1), Word("light", "night", "morning", "sun_elevation", 1),
    Word("tempo", "@slowest", "@fastest", "tempo", 1), Word("energy", "low", "high", "energy", 1),
    Word("energy", "low", "high", "drums", 1), Word("key", "major", "minor", "minor", 1),
    Word("move", "dolly_in", "dolly_out", "ahead", -1), Word("move", "crane_down", "crane_up", "climb", 1),
    Word("move", "static", "fly_through", "camera_speed", 1), Word("move", "static", "top_down", "pitch", -1),
    Word("scale", "wide", "close", "lens", -1), Word("density", "sparse", "dense", "density", 1),
    Word("relief", "flat", "rugged", "relief", 1), Word("body", "=one bird", "=a flock of birds", "crowd", 1),
)


@dataclass(frozen=True)
class Control:
    """A known stream taken from a true clip, in two versions; recipe fields of either."""

    stream: str
    before: dict[str, object]
    after: dict[str, object]
    wanted: str
    outcome: str
    sign: int

    @property
    def name(self) -> str:
        say = " ".join(str(v) for v in self.after.values())
        return f"known {self.stream}, {say}: {self.outcome} {'up' if self.sign > 0 else 'down'}"


QUIET, LOUD = {"tempo_bpm": 70.0, "energy": 0.2}, {"tempo_bpm": 150.0, "energy": 0.95}
CONTROLS = (
    Control("score", QUIET, LOUD, "camera", "camera_speed", 1), Control("score", QUIET, LOUD, "bodies", "body_pace", 1),
    Control("camera", {"move": "dolly_out"}, {"move": "dolly_in"}, "bodies", "approach", 1),
    Control("air", {"light": "noon"}, {"light": "night"}, "glimpse", "brightness", -1),
    Control("air", {"weather": "clear"}, {"weather": "storm"}, "hearing", "loudness", 1),
    Control("look", {"look": "flat"}, {"look": "noir"}, "glimpse", "chroma", -1),
)


class Drawer:
    """Draws worlds of the same noise for the contexts of all seeds at once."""

    def __init__(self, pipeline: object, seeds: int, steps: int, held_out: bool) -> None:
        from world_model.data.worlds import sample_recipe

        self.pipeline, self.steps, self.held_out = pipeline, steps, held_out
        wet = [sample_recipe(k, held_out) for k in range(500, 500 + 4 * seeds)]
        # Where there is no weather, none can be asked for.
        self.recipes = [r for r in wet if r.setting not in ("underwater", "space")][:seeds]
        self.known: dict[str, Tensor] = {}

    def phrase(self, aspect: str, name: str, count: int = 1) -> str:
        from world_model.data.phrases import TABLES, paraphrases

        if name[0] == "=":
            return name[1:]
        if name[0] == "@":
            name = list(TABLES[aspect])[0 if name == "@slowest" else -1]
        return paraphrases(aspect, name, self.held_out, count)[0]

    def text(self, aspect: str, phrase: str) -> Tensor:
        """(seeds, 4, 384): three phrases of each seed's recipe, never of the aspect in question, and the phrase."""
        from world_model.data.phrases import names_of

        rows: list[list[str]] = []
        for recipe in self.recipes:
            names = names_of(recipe)
            near = {"light": "weather", "weather": "light", "genre": "light"}.get(aspect)
            others = [a for a in ASPECTS if a in names and a not in (aspect, near)][:3]
            rows.append([*(self.phrase(a, names[a]) for a in others), phrase])
        return torch.stack([torch.stack([self.vector(words) for words in (row + row)[:4]]) for row in rows])

    def vector(self, phrase: str) -> Tensor:
        if phrase not in self.known:
            from world_model.joint.pipeline import embed_words

            self.known[phrase] = embed_words([phrase], 1)[0][0, 0]
        return self.known[phrase]

    def draw(self, text: Tensor, seed: int = 7, known: Streams | None = None, wanted: Sequence[str] = ()
             ) -> dict[str, Tensor]:
        from world_model.joint.pipeline import ALWAYS

        names = [name for name in (*ALWAYS, *wanted) if name not in (known or {})]
        return self.pipeline(known, names, text, None if known else 16, len(text),  # type: ignore[operator]
                             num_inference_steps=self.steps, generator=torch.Generator().manual_seed(seed)).streams


def moved(model: object, a: Streams, b: Streams, names: Sequence[str]) -> dict[str, float]:
    """name -> mean absolute difference in standard deviations of the stream."""
    return {n: float((model.normalised(n, a[n]) - model.normalised(n, b[n])).abs().mean())  # type: ignore[attr-defined]
            for n in names}


def leak(model: object, pairs: Sequence[tuple[Streams, Streams]], names: Sequence[str], usual: Mapping[str, float]
         ) -> float:
    """How far the streams named move, as a share of how far they move between seeds."""
    found = [moved(model, a, b, names) for a, b in pairs]
    return sum(one[n] / max(usual[n], 1e-6) for one in found for n in names) / (len(found) * len(names))


def approach(streams: Streams) -> Tensor:
    """How much nearer the first body is in the second half, in the stream's own logarithmic metres."""
    ahead = streams["bodies"][:, :, 2]
    return ahead[:, :8].mean(1) - ahead[:, 8:].mean(1)


def chroma(streams: Streams) -> Tensor:
    return streams["glimpse"].unflatten(2, (-1, 3))[..., 1:].norm(dim=-1).mean((1, 2))


def outcome_of(name: str) -> Callable[[Streams], Tensor]:
    from world_model.streams.outcomes import OUTCOMES

    return {"approach": approach, "chroma": chroma, **OUTCOMES}[name]


def names_case(drawer: Drawer, aspect: str, names: Sequence[str], usual: Mapping[str, float]) -> dict[str, float]:
    """Every pair of names of an aspect."""
    from world_model.streams.outcomes import NAMES, shares

    worlds = [drawer.draw(drawer.text(aspect, drawer.phrase(aspect, name))) for name in names]
    scores = torch.stack([shares(world, aspect)[:, [NAMES[aspect].index(n) for n in names]] for world in worlds])
    right = [((scores[b, :, b] - scores[b, :, a]) > (scores[a, :, b] - scores[a, :, a])).float()
             for a, b in itertools.combinations(range(len(names)), 2)]
    hit = torch.stack([(score.argmax(1) == k).float() for k, score in enumerate(scores)])
    pairs = list(itertools.pairwise(worlds))
    return {"right": float(torch.stack(right).mean()), "cases": float(len(right) * len(scores[0])),
            "named": float(hit.mean()), "chance_named": 1.0 / len(names),
            "leak": leak(drawer.pipeline.model, pairs, STAYS[aspect], usual)}  # type: ignore[attr-defined]


def word_case(drawer: Drawer, word: Word, usual: Mapping[str, float]) -> dict[str, float]:
    """One pair of words over all seeds."""
    many = {"=one bird": ("bird", 1), "=a flock of birds": ("bird", 24)}
    phrases = [drawer.phrase("body", *many[n]) if n in many else drawer.phrase(word.aspect, n)
               for n in (word.before, word.after)]
    a, b = (drawer.draw(drawer.text(word.aspect, phrase)) for phrase in phrases)
    outcome = outcome_of(word.outcome)
    change = word.sign * (outcome(b) - outcome(a))
    return {"right": float((change > 0).float().mean()), "cases": float(len(change)), "change": float(change.mean()),
            "leak": leak(drawer.pipeline.model, [(a, b)], STAYS[word.aspect], usual)}  # type: ignore[attr-defined]


def control_case(drawer: Drawer, control: Control) -> dict[str, float]:
    """One known stream in two versions; the words are those of the seeds' recipes."""
    from world_model.data.worlds import sample_clip
    from world_model.streams.from_state import state_streams
    from world_model.streams.layout import PICTURE_FPS
    from world_model.streams.music import score_stream

    worlds: list[dict[str, Tensor]] = []
    for fields in (control.before, control.after):
        rows: list[Tensor] = []
        for k, recipe in enumerate(drawer.recipes):
            fixed = replace(recipe, change=None, body=recipe.body or "bird", gait=recipe.gait or "cruise", **fields)
            clip = sample_clip(900 + k, recipe=fixed)
            streams = {**state_streams(clip.rows, PICTURE_FPS),
                       "score": score_stream(clip.score, clip.whole, 16, clip.piece_start_s)}
            rows.append(torch.from_numpy(streams[control.stream]))
        known = {control.stream: torch.stack(rows)}
        worlds.append(drawer.draw(drawer.text(control.stream, "a bird"), 7, known, (control.wanted,)))
    outcome = outcome_of(control.outcome)
    change = control.sign * (outcome(worlds[1]) - outcome(worlds[0]))
    return {"right": float((change > 0).float().mean()), "cases": float(len(change)), "change": float(change.mean())}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--weights", type=Path, default=None, help="a pipeline's folder (default: the shipped small)")
    options.add_argument("--seeds", type=int, default=4)
    options.add_argument("--steps", type=int, default=8)
    options.add_argument("--held-out", action="store_true", help="wordings and combinations that training never saw")
    options.add_argument("--quick", action="store_true", help="four names an aspect")
    chosen = options.parse_args()
    kernel_cache.place()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    from world_model.data.phrases import TABLES
    from world_model.joint.pipeline import load_pipeline
    from world_model.joint.shipped import weights_folder

    pipeline = load_pipeline(chosen.weights or weights_folder() / "small")
    drawer = Drawer(pipeline, chosen.seeds, chosen.steps, chosen.held_out)
    started = time.monotonic(), time.process_time()
    plain = drawer.text("", "a film")
    usual = moved(pipeline.model, drawer.draw(plain, 7), drawer.draw(plain, 8),
                  ("place", "air", "look", "bodies", "camera", "score"))
    found: dict[str, dict[str, float]] = {}

    def tell(name: str, one: dict[str, float]) -> None:
        found[name] = one
        leaks = f"{one['leak']:7.0%}" if "leak" in one else "       "
        named = f"   named rightly {one['named']:.0%} (chance {one['chance_named']:.0%})" if "named" in one else ""
        print(f"{name:58}{one['right']:7.0%}{leaks}{named}", flush=True)

    print(f"{'one thing changed':58}{'right':>7}{'leak':>7}")
    for aspect in ("setting", "look", "body", "genre"):
        names = list(TABLES[aspect])[:4 if chosen.quick else None]
        tell(f"every pair of {aspect} names ({len(names)})", names_case(drawer, aspect, names, usual))
    for word in WORDS[::6] if chosen.quick else WORDS:
        tell(word.name, word_case(drawer, word, usual))
    for control in CONTROLS[::2] if chosen.quick else CONTROLS:
        if {control.stream, control.wanted} <= set(pipeline.model.table):
            tell(control.name, control_case(drawer, control))
    kinds = {"names": [one for one in found.values() if "named" in one],
             "words": [one for one in found.values() if "leak" in one and "named" not in one],
             "controls": [one for one in found.values() if "leak" not in one]}
    summary = {f"{kind}_right": round(sum(one["right"] for one in some) / max(len(some), 1), 4)
               for kind, some in kinds.items()}
    leaks = [one["leak"] for one in found.values() if "leak" in one]
    summary["leak"] = round(sum(leaks) / max(len(leaks), 1), 4)
    print(json.dumps({"benchmark": "obedience", "held_out": chosen.held_out, "seeds": len(drawer.recipes),
                      "steps": chosen.steps, "wall_s": round(time.monotonic() - started[0], 1),
                      "cpu_s": round(time.process_time() - started[1], 1), **summary,
                      "cases": {name: {k: round(v, 4) for k, v in one.items()} for name, one in found.items()}}))


if __name__ == "__main__":
    main()
