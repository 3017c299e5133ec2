"""What a trained world model knows: a fixed list of tasks on worlds it never saw.

    python -m world_model.evaluate --weights DIR --data DIR --clips 64 [--json]

Each task shows the model some streams or a sentence and asks for others. Its best single guess (one pass from full
noise, which is the mean of what it would sample) is compared with the truth in standard deviations of the stream, as
are a sample of the pipeline and the names read off both. Beside it stand two baselines: the same model shown nothing,
and shown the streams or the sentence of another clip. A model that ignores what it is shown has a gain of 0.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from world_model.streams.layout import STATE_STREAMS
from world_model.streams.outcomes import NAMES, SOURCE, named

if TYPE_CHECKING:
    from world_model.data.shards import ClipSet
    from world_model.joint.model import JointModel
    from world_model.joint.pipeline import WorldPipeline

INFERENCE_STEPS = 6
Streams = dict[str, Tensor]
Result = dict[str, float | dict[str, float]]


@dataclass(frozen=True)
class Task:
    """What is shown (streams, and a sentence where `words`), what is asked for, and for a task over time the first
    step that is not shown."""

    name: str
    known: tuple[str, ...]
    wanted: tuple[str, ...]
    words: bool = False
    split: int | None = None


WORLD = (*STATE_STREAMS, "score")
TASKS = (
    Task("text to state", (), STATE_STREAMS, words=True),
    Task("text to score", (), ("score",), words=True),
    Task("text and score to state", ("score",), STATE_STREAMS, words=True),
    Task("glimpse to state", ("glimpse",), STATE_STREAMS),
    Task("sketch to place", ("sketch",), ("place",)),
    Task("sketch to bodies", ("sketch",), ("bodies",)),
    Task("hearing to score", ("hearing",), ("score",)),
    Task("hearing to state", ("hearing",), STATE_STREAMS),
    Task("camera to bodies", ("camera",), ("bodies",)),
    Task("score to air", ("score",), ("air",)),
    Task("score to camera", ("score",), ("camera",)),
    Task("score to state", ("score",), STATE_STREAMS),
    Task("state to score", STATE_STREAMS, ("score",)),
    Task("state to glimpse", STATE_STREAMS, ("glimpse",)),
    Task("first half to second", WORLD, WORLD, split=8),
)


@dataclass(frozen=True)
class Truth:
    """Clips to be measured against: streams name -> (B, T, width) in own units, text (B, 1, 384) one sentence each."""

    streams: Streams
    text: Tensor

    @property
    def count(self) -> int:
        return len(self.text)

    def shuffled(self) -> Truth:
        """The same clips, each in another's place."""
        return Truth({name: value.roll(1, 0) for name, value in self.streams.items()}, self.text.roll(1, 0))


def truth_of(clips: ClipSet, names: Sequence[str], count: int) -> Truth:
    """`count` clips evenly from those that have all the streams named (fewer where there are fewer). Raises
    ValueError where none has."""
    have = np.flatnonzero(np.all([clips.has[name] for name in names], 0))
    if len(have) < 2:
        raise ValueError(f"fewer than two clips hold all of {', '.join(names)}")
    rows = have[np.unique(np.linspace(0, len(have) - 1, count).round().astype(np.int64))]
    text: NDArray[np.float32] = clips.text[clips.sentences[rows, 0]].astype(np.float32)
    return Truth({name: torch.from_numpy(clips.streams[name][rows].astype(np.float32)) for name in names},
                 torch.from_numpy(text)[:, None])


def stream_errors(model: JointModel, truth: Mapping[str, Tensor], guess: Mapping[str, Tensor], names: Sequence[str],
                  start: int = 0) -> dict[str, float]:
    """name -> mean squared error from step `start` on, in the model's standard deviations of the stream."""
    return {name: float((model.normalised(name, truth[name]) - model.normalised(name, guess[name]))[:, start:]
                        .square().mean()) for name in names}


def accuracies(truth: Mapping[str, Tensor], guess: Mapping[str, Tensor], names: Sequence[str], start: int = 0
               ) -> dict[str, float]:
    """aspect -> share of clips whose setting, look, genre or (first) body is named rightly, for the streams given."""
    def late(streams: Mapping[str, Tensor]) -> Streams:
        return {name: value[:, start:] for name, value in streams.items()}

    return {aspect: float((named(late(truth), aspect) == named(late(guess), aspect)).float().mean())
            for aspect in NAMES if SOURCE[aspect] in names}


@torch.no_grad()
def guessed(pipeline: WorldPipeline, task: Task, shown: Truth | None, like: Truth, seed: int = 0) -> Streams:
    """The model's best single guess of the wanted streams, in own units; shown None is nothing at all."""
    from world_model.joint.pipeline import ALWAYS, embed_words

    model = pipeline.model
    batch, steps = like.streams["place"].shape[:2]
    draw = torch.Generator().manual_seed(seed)
    text, there = embed_words(shown.text if shown and task.words else (), batch)
    noisy, tau = Streams(), Streams()
    for name in (n for n in model.table if n in task.known or n in task.wanted or n in ALWAYS):
        noisy[name] = torch.randn(batch, steps, model.table[name][0], generator=draw)
        tau[name] = torch.ones(batch, steps)
        if shown and name in task.known:
            until = steps if task.split is None else task.split
            noisy[name][:, :until] = model.normalised(name, shown.streams[name])[:, :until]
            tau[name][:, :until] = 0.0
    made, _ = model(noisy, tau, text, there)
    return {name: model.restored(name, made[name]) for name in task.wanted}


def sampled(pipeline: WorldPipeline, task: Task, shown: Truth, seed: int = 0) -> Streams:
    """One sample of the wanted streams for every clip, by the pipeline without guidance."""
    batch, steps = shown.streams["place"].shape[:2]
    at = None if task.split is None else {
        name: (torch.arange(steps) < task.split).expand(batch, -1) for name in task.known}
    return pipeline({name: shown.streams[name] for name in task.known}, task.wanted, shown.text if task.words else (),
                    None if task.known else steps, batch, at, INFERENCE_STEPS, 1.0,
                    torch.Generator().manual_seed(seed)).streams


def run_task(pipeline: WorldPipeline, task: Task, truth: Truth) -> Result:
    """error, unconditional, shuffled (mean squared, streams counting alike), gain = 1 - error / unconditional,
    sampled, and accuracies of each kind."""
    model, start = pipeline.model, task.split or 0
    guesses = {"error": guessed(pipeline, task, truth, truth),
               "unconditional": guessed(pipeline, task, None, truth),
               "shuffled": guessed(pipeline, task, truth.shuffled(), truth), "sampled": sampled(pipeline, task, truth)}
    out: Result = {}
    for kind, guess in guesses.items():
        each = stream_errors(model, truth.streams, guess, task.wanted, start)
        out[kind] = float(np.mean(list(each.values())))
        right = accuracies(truth.streams, guess, task.wanted, start)
        if right:
            out[f"{kind} right" if kind != "error" else "right"] = right
        if kind == "error":
            out["by stream"] = each
    error, unconditional = out["error"], out["unconditional"]
    assert isinstance(error, float) and isinstance(unconditional, float)
    out["gain"] = 1.0 - error / max(unconditional, 1e-9)
    return out


def prompt_bits(pipeline: WorldPipeline, truth: Truth, count: int = 24) -> Result:
    """Bits a step of true worlds under their own sentence, another's and none; `told` is the share of clips whose own
    sentence makes them less surprising than another's."""
    from world_model.joint.surprise import bits

    worlds = {name: truth.streams[name][:count] for name in WORLD}
    text = truth.text[:count]
    own, other, none = (bits(pipeline, worlds, words) for words in (text, text.roll(1, 0), ()))
    return {"own": float(own.mean()), "other": float(other.mean()), "none": float(none.mean()),
            "told": float((own < other).float().mean())}


def evaluate(pipeline: WorldPipeline, clips: ClipSet, count: int = 64) -> dict[str, Result]:
    """Every task the model has the streams for, and `bits`. Raises ValueError where no clip has them."""
    senses = tuple(n for n in ("glimpse", "sketch", "hearing") if n in pipeline.model.table and clips.has[n].any())
    truth = truth_of(clips, (*WORLD, *senses), count)
    there = set(truth.streams)
    found = {task.name: run_task(pipeline, task, truth) for task in TASKS
             if set(task.known) | set(task.wanted) <= there}
    return {**found, "bits": prompt_bits(pipeline, truth)}


def table(results: Mapping[str, Result]) -> str:
    """The results as lines for a person."""
    lines = [f"{'task':26}{'error':>8}{'none':>8}{'other':>8}{'gain':>8}{'sample':>8}   right (none, other; sample)"]
    for name, one in results.items():
        if name == "bits":
            continue
        numbers = "".join(f"{one[kind]:8.3f}" for kind in ("error", "unconditional", "shuffled", "gain", "sampled"))
        right = {kind: one.get(kind, {}) for kind in ("right", "unconditional right", "shuffled right",
                                                      "sampled right")}
        told = [f"{aspect} {' '.join(f'{value[aspect]:.2f}' for value in right.values() if isinstance(value, dict))}"
                for aspect in NAMES if isinstance(right["right"], dict) and aspect in right["right"]]
        lines.append(f"{name:26}{numbers}   {', '.join(told)}")
    found = results["bits"]
    return "\n".join([*lines, f"bits a step of true worlds: {found['own']:.1f} with their own sentence, "
                      f"{found['other']:.1f} with another's, {found['none']:.1f} with none; told apart "
                      f"{found['told']:.0%}"])


def main(argv: Sequence[str] | None = None) -> int:
    """The command line of this module; exit code 2 with one sentence for what cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m world_model.evaluate", description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="a pipeline's folder, as weights/small")
    parser.add_argument("--data", type=Path, required=True, help="shards of held-out worlds")
    parser.add_argument("--clips", type=int, default=64)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(argv)
    from world_model.data.shards import load_clips
    from world_model.joint.pipeline import load_pipeline

    torch.set_num_threads(max(1, options.threads))
    started = time.monotonic(), time.process_time()
    try:
        found = evaluate(load_pipeline(options.weights), load_clips(options.data), options.clips)
    except ValueError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    if not options.json:
        sys.stdout.write(table(found) + "\n")
    took = {"wall_s": round(time.monotonic() - started[0], 1), "cpu_s": round(time.process_time() - started[1], 1)}
    rounded = json.loads(json.dumps(found), parse_float=lambda text: round(float(text), 4))
    sys.stdout.write(json.dumps({"weights": options.weights.name, "clips": options.clips, **took,
                                 "tasks": rounded}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
