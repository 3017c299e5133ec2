"""Learn what pictures show: python -m modalities.perceive.train_setting [--data DIR] [--pictures N] [--out FILE]

A small network on picture_features is fitted to single frames of the simulator, as they are and mistreated (JPEG,
noise, blur, tint, grey), and to clips of training data where --data names their folder. It answers four
questions: setting, medium, part of the day, height of the horizon. Two smaller ones learn which border is the sky's and
which box the subject's (train_layout). Held-out accuracy is printed and kept in the file.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.cues import MEDIA
from modalities.perceive.picture import shrunk
from modalities.perceive.picture_features import features
from modalities.perceive.picture_framing import lab_of, small_of
from modalities.perceive.picture_setting import DAY_PARTS, WEIGHTS
from modalities.perceive.picture_truth import LEARNT_SEED, MEASURED_SEED, MEDIUM_OF_LOOK, known_pictures
from modalities.perceive.train_layout import Judged, borders_of, boxes_of, fit_borders, fit_boxes
from world_model.vocabulary import SETTINGS

HIDDEN = 96
NO_DAY = ("underwater", "space", "fluid", "particles")
NO_HORIZON = (*NO_DAY, "clouds")
_PART_OF_LIGHT = {"night": "night", "moonlight": "night", "dusk": "twilight", "dawn": "twilight", "sunset": "low sun",
                  "golden": "low sun", "morning": "day", "noon": "day"}
Rows = dict[str, NDArray[Any]]


def answers(recipe: dict[str, Any], horizon: float | None) -> tuple[int, int, int, float]:
    """(setting, medium, part of the day or -1, horizon or nan) of a recipe."""
    hour_moves = recipe["change"] in ("night_falls", "sun_rises")
    part = _PART_OF_LIGHT.get(recipe["light"])
    day = DAY_PARTS.index(part) if part and not hour_moves and recipe["setting"] not in NO_DAY else -1
    level = horizon if horizon is not None and recipe["setting"] not in NO_HORIZON else float("nan")
    return SETTINGS.index(recipe["setting"]), MEDIA.index(MEDIUM_OF_LOOK[recipe["look"]]), day, level


def mistreated(rgb: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The picture mirrored, tinted, brightened, blurred, noisy, grey or compressed, each by chance."""
    out = rgb.astype(np.float32)
    if rng.random() < 0.5:
        out = out[:, ::-1]
    if rng.random() < 0.4:
        out = out * rng.uniform(0.85, 1.15, 3).astype(np.float32)
    if rng.random() < 0.4:
        out = 255.0 * np.clip(out / 255.0, 0.0, 1.0) ** float(rng.uniform(0.75, 1.3))
    if rng.random() < 0.15:
        out = np.repeat(out.mean(-1, keepdims=True), 3, axis=2)
    if rng.random() < 0.3:
        out = cv2.GaussianBlur(out, (0, 0), float(rng.uniform(0.4, 1.2)))
    if rng.random() < 0.4:
        out = out + rng.normal(0.0, rng.uniform(1.0, 8.0), out.shape)
    done = np.clip(out, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        coded = cv2.imencode(".jpg", done, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 90))])[1]
        done = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    return done


def simulated(count: int, first_seed: int, rounds: int) -> tuple[Rows, Judged, Judged]:
    """Features (n, f) and answers of single frames of sampled worlds, each as it is and `rounds` times mistreated; the
    borders proposed for their skies and the boxes proposed for their subjects, with what is true of them."""
    rows: list[tuple[NDArray[np.float32], tuple[int, int, int, float]]] = []
    borders: Judged = []
    boxes: Judged = []
    for known in known_pictures(count, first_seed):
        told = answers(vars(known.recipe), known.horizon)
        rows += _seen(known.rgb, told, np.random.default_rng([known.seed, 82]), rounds)
        small = small_of(lab_of(shrunk(known.rgb)))
        borders += borders_of(known, small)
        boxes += boxes_of(known, small)
    return _stacked(rows), borders, boxes


def of_clips(folder: Path, each: int, rounds: int) -> Rows:
    """The same of `each` frames of every clip in the picture shards of a folder."""
    rows: list[tuple[NDArray[np.float32], tuple[int, int, int, float]]] = []
    for path in sorted(folder.glob("streams-pictures-*.npz")):
        shard = np.load(path, allow_pickle=False)
        recipes = json.loads(str(shard["recipes"]))
        frames = np.load(folder / f"rgb-{path.stem.rsplit('-', 1)[1]}.npy", mmap_mode="r")
        for clip, recipe in enumerate(recipes):
            rng = np.random.default_rng([int(shard["seeds"][clip]), 83])
            for k in rng.choice(frames.shape[1], each, replace=False):
                pitch, _, log_fov = (float(v) for v in shard["camera"][clip, int(k) // 3, 4:7])
                focal = 0.5 * frames.shape[3] / np.tan(0.5 * np.exp(log_fov))
                level = 0.5 + np.tan(pitch) * focal / frames.shape[2]
                told = answers(recipe, level if 0.02 < level < 0.98 else None)
                rows += _seen(np.array(frames[clip, k]), told, rng, rounds)
    return _stacked(rows)


def _seen(rgb: NDArray[np.uint8], told: tuple[int, int, int, float], rng: np.random.Generator, rounds: int
          ) -> list[tuple[NDArray[np.float32], tuple[int, int, int, float]]]:
    pictures = [rgb, *(mistreated(rgb, rng) for _ in range(rounds))]
    return [(features(lab_of(shrunk(picture))), told) for picture in pictures]


def _stacked(rows: list[tuple[NDArray[np.float32], tuple[int, int, int, float]]]) -> Rows:
    told = [row[1] for row in rows]
    return {"x": np.stack([row[0] for row in rows]), "setting": np.array([t[0] for t in told]),
            "medium": np.array([t[1] for t in told]), "day": np.array([t[2] for t in told]),
            "horizon": np.array([t[3] for t in told], np.float32)}


def fit(rows: Rows, held: Rows, epochs: int = 60, seed: int = 0
        ) -> tuple[dict[str, NDArray[np.float32]], dict[str, float]]:
    """Weights of the network and its accuracies on held-out rows."""
    import torch
    from torch import nn

    torch.manual_seed(seed)
    mean, spread = rows["x"].mean(0), rows["x"].std(0) + 1e-3
    sizes = (len(SETTINGS), len(MEDIA), len(DAY_PARTS), 2)
    net = nn.Sequential(nn.Dropout(0.1), nn.Linear(len(mean), HIDDEN), nn.GELU(approximate="tanh"), nn.Dropout(0.35),
                        nn.Linear(HIDDEN, sum(sizes)))
    x = torch.from_numpy(np.clip((rows["x"] - mean) / spread, -4, 4))
    told = {name: torch.from_numpy(rows[name]) for name in ("setting", "medium", "day", "horizon")}
    steps = epochs * (len(x) // 128 + 1)
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), 128):
            at = order[start:start + 128]
            place, medium, day, level = net(x[at]).split(sizes, 1)
            loss = nn.functional.cross_entropy(place, told["setting"][at], label_smoothing=0.05)
            loss = loss + nn.functional.cross_entropy(medium, told["medium"][at], label_smoothing=0.02)
            known = told["day"][at] >= 0
            if known.any():
                loss = loss + nn.functional.cross_entropy(day[known], told["day"][at][known], label_smoothing=0.05)
            there = ~torch.isnan(told["horizon"][at])
            if there.any():
                width = nn.functional.softplus(level[there, 1]) + 0.02
                off = torch.abs(level[there, 0] - told["horizon"][at][there])
                loss = loss + 0.5 * (off / width + torch.log(width)).mean()  # Laplace: robust, and knows its error
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if schedule.last_epoch < steps:
                schedule.step()
        sys.stderr.write(".")
    layers = [layer for layer in net if isinstance(layer, nn.Linear)]
    weights = {"mean": mean, "spread": spread}
    for name, layer in zip(("in", "out"), layers):
        weights[f"{name}_weight"] = layer.weight.detach().numpy().copy()
        weights[f"{name}_bias"] = layer.bias.detach().numpy().copy()
    return weights, measured(weights, held)


def measured(weights: dict[str, NDArray[np.float32]], rows: Rows) -> dict[str, float]:
    """Shares of right answers, and the mean error of the horizon, on rows."""
    from modalities.perceive.picture_setting import answers_of

    said = [answers_of(weights, x) for x in rows["x"]]
    place = np.array([one.setting.argmax() for one in said])
    ranked = np.array([one.setting[t] >= np.sort(one.setting)[-3]
                       for one, t in zip(said, rows["setting"], strict=True)])
    medium = np.array([one.medium.argmax() for one in said])
    day = np.array([one.day.argmax() for one in said])
    level = np.array([one.horizon for one in said])
    lit, there = rows["day"] >= 0, ~np.isnan(rows["horizon"])
    return {"setting": float((place == rows["setting"]).mean()), "setting_in_three": float(ranked.mean()),
            "medium": float((medium == rows["medium"]).mean()),
            "day": float((day == rows["day"])[lit].mean()) if lit.any() else 0.0,
            "horizon_error": float(np.abs(level - rows["horizon"])[there].mean()) if there.any() else 0.0}


def joined(parts: list[Rows]) -> Rows:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def main() -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder of picture shards, as world_model.data.make writes them")
    parser.add_argument("--pictures", type=int, default=1500, help="frames of fresh worlds to learn from")
    parser.add_argument("--held-out", type=int, default=400, help="frames of other worlds to measure on")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    from world_model import kernel_cache

    kernel_cache.place()
    learnt, borders, boxes = simulated(arguments.pictures, LEARNT_SEED, 1)
    held, held_borders, held_boxes = simulated(arguments.held_out, MEASURED_SEED, 0)
    rows = joined([learnt, of_clips(arguments.data, 3, 1)]) if arguments.data else learnt
    weights, figures = fit(rows, held, arguments.epochs)
    for more, said in (fit_borders(borders, held_borders, 100), fit_boxes(boxes, held_boxes, 30)):
        weights |= more
        figures |= said
    save(arguments.out, weights, figures)
    sys.stderr.write(f"\n{json.dumps(figures)}\n")


def save(path: Path, weights: dict[str, NDArray[np.float32]], figures: dict[str, float]) -> None:
    """Half precision is enough: the file stays below 100 KB."""
    np.savez_compressed(path, allow_pickle=False, figures=np.array(json.dumps(figures)),
                        **{name: array.astype(np.float16) for name, array in weights.items()})


if __name__ == "__main__":
    main()
