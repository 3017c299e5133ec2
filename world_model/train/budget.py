"""What every training stage shares: a time budget, a learning rate, averaged weights, a log, a plot, checkpoints.

A stage trains for so many minutes, not so many steps. The schedule is a function of the share of the budget used, so
that the same call does its best on a laptop and on a large card. A run killed at any instant goes on from its last
checkpoint.
"""

from __future__ import annotations

import csv
import math
import os
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from PIL import Image, ImageDraw
from torch import Tensor, nn


class Budget:
    """So many minutes of training. The clock stands still until `start`, so that warm-up and compiling are free.

    used_s: what earlier runs of the same training used. ValueError unless minutes > 0 and used_s >= 0.
    """

    def __init__(self, minutes: float, used_s: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        if not (minutes > 0.0 and used_s >= 0.0):
            raise ValueError(f"a budget needs minutes above zero, not {minutes} ({used_s} s used)")
        self.minutes, self._before_s, self._clock = minutes, used_s, clock
        self._start_s: float | None = None

    def start(self) -> None:
        """Let the clock run; starting twice changes nothing."""
        self._start_s = self._clock() if self._start_s is None else self._start_s

    @property
    def used_s(self) -> float:
        """Seconds used, earlier runs included."""
        return self._before_s + (0.0 if self._start_s is None else self._clock() - self._start_s)

    @property
    def share(self) -> float:
        """Share used, in [0, 1]."""
        return min(1.0, self.used_s / (60.0 * self.minutes))

    @property
    def over(self) -> bool:
        """Whether all of it is used."""
        return self.share >= 1.0


def learning_rate(share: float, peak: float, warm_up: float = 0.02, least: float = 0.02) -> float:
    """Rises straight to peak over the first `warm_up` of the budget, then falls along half a cosine to least * peak
    (Loshchilov & Hutter 2017)."""
    if share < warm_up:
        return peak * max(share / warm_up, 0.02)
    along = min(1.0, (share - warm_up) / (1.0 - warm_up))
    return peak * (least + (1.0 - least) * 0.5 * (1.0 + math.cos(math.pi * along)))


class Ema:
    """An exponential moving average of a model's weights (Polyak & Juditsky 1992), young averages forgetting faster.

    decay: the largest; after n updates it is at most (1 + n) / (10 + n). Buffers and what is not floating are copied.
    """

    def __init__(self, model: nn.Module, decay: float = 0.999) -> None:
        self.decay, self.updates = decay, 0
        self.weights: dict[str, Tensor] = {name: x.detach().clone() for name, x in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Move towards the model's weights of now."""
        self.updates += 1
        decay = min(self.decay, (1.0 + self.updates) / (10.0 + self.updates))
        learned = {name for name, _ in model.named_parameters()}
        for name, x in model.state_dict().items():
            if name in learned and x.is_floating_point():
                self.weights[name].lerp_(x, 1.0 - decay)
            else:
                self.weights[name].copy_(x)

    @contextmanager
    def applied(self, model: nn.Module) -> Generator[None]:
        """The model carries the average inside the block and its own weights afterwards."""
        own = {name: x.detach().clone() for name, x in model.state_dict().items()}
        model.load_state_dict(self.weights)
        try:
            yield
        finally:
            model.load_state_dict(own)


class CsvLog:
    """One row of numbers per entry, appended and flushed at once; the first column is `step`.

    A file that exists is taken up: rows of `from_step` and later, which a run killed after its last checkpoint has left
    behind, and a half-written last row, are dropped. ValueError when its columns are others.
    """

    def __init__(self, path: Path, columns: Sequence[str], from_step: int = 0) -> None:
        self.path, self.columns = path, ("step", *columns)
        kept: list[list[str]] = []
        if path.exists() and from_step > 0:
            rows = list(csv.reader(path.read_text("utf-8").splitlines()))
            if rows and tuple(rows[0]) != self.columns:
                raise ValueError(f"{path.name} has the columns {', '.join(rows[0])}, not {', '.join(self.columns)}")
            kept = [row for row in rows[1:] if len(row) == len(self.columns) and int(row[0]) < from_step]
        beside = path.with_name(path.name + ".part")
        with beside.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([self.columns, *kept])
        beside.replace(path)

    def write(self, step: int, values: Mapping[str, float]) -> None:
        """Append one row; a column without a value stays empty."""
        row = [str(step), *(f"{values[name]:.6g}" if name in values else "" for name in self.columns[1:])]
        with self.path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(row)


def read_log(path: Path) -> dict[str, list[float]]:
    """The columns of a CsvLog; what is empty is NaN."""
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    return {name: [float(row[i] or "nan") for row in rows[1:] if len(row) == len(rows[0])]
            for i, name in enumerate(rows[0])}


INKS = ((31, 92, 168), (204, 85, 34), (44, 130, 80), (150, 60, 140), (120, 120, 120))


def plot_log(log: Path, png: Path, names: Sequence[str], size_px: tuple[int, int] = (960, 480)) -> None:
    """Columns of a CsvLog over its steps as a PNG, values on a logarithmic axis (those not above zero are left out)."""
    columns = read_log(log)
    width, height = size_px
    left, top, right, bottom = 64, 16, width - 16, height - 32
    image = Image.new("RGB", size_px, "white")
    pen = ImageDraw.Draw(image)
    lines = {name: [(s, math.log10(v)) for s, v in zip(columns["step"], columns[name]) if v > 0.0] for name in names}
    points = [point for line in lines.values() for point in line]
    if points:
        steps, logs = [p[0] for p in points], [p[1] for p in points]
        first, wide = min(steps), max(max(steps) - min(steps), 1.0)
        low, tall = min(logs), max(max(logs) - min(logs), 1.0e-3)
        for k in range(5):
            y = bottom - (bottom - top) * k / 4
            pen.line((left, y, right, y), fill=(225, 225, 225))
            pen.text((6, y - 6), f"{10 ** (low + tall * k / 4):.3g}", fill="black")
        pen.text((left, bottom + 8), f"step {first:.0f}", fill="black")
        pen.text((right - 90, bottom + 8), f"step {first + wide:.0f}", fill="black")
        for i, (name, line) in enumerate(lines.items()):
            ink = INKS[i % len(INKS)]
            at = [(left + (right - left) * (s - first) / wide, bottom - (bottom - top) * (v - low) / tall)
                  for s, v in line]
            if len(at) > 1:
                pen.line(at, fill=ink, width=2)
            pen.text((right - 130, top + 14 * i), name, fill=ink)
    beside = png.with_name(png.name + ".part")
    image.save(beside, "PNG")
    beside.replace(png)


def save_checkpoint(path: Path, model: nn.Module, ema: Ema, optimiser: torch.optim.Optimizer, step: int,
                    used_s: float) -> None:
    """Everything a run needs to go on, written beside and renamed: a kill leaves the old checkpoint or the new one."""
    content: dict[str, Any] = {
        "model": model.state_dict(), "ema": ema.weights, "ema_updates": ema.updates,
        "optimiser": optimiser.state_dict(), "step": step, "used_s": used_s, "rng": torch.get_rng_state(),
        "cuda_rng": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    with beside.open("wb") as file:
        torch.save(content, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load_checkpoint(path: Path, model: nn.Module, ema: Ema, optimiser: torch.optim.Optimizer) -> tuple[int, float]:
    """Take a run up again, in place; (step, seconds used). RuntimeError when the model is another one."""
    content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(content["model"])
    for name, x in content["ema"].items():
        ema.weights[name].copy_(x)
    ema.updates = int(content["ema_updates"])
    optimiser.load_state_dict(content["optimiser"])
    torch.set_rng_state(content["rng"])
    if content["cuda_rng"] and len(content["cuda_rng"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(content["cuda_rng"])
    return int(content["step"]), float(content["used_s"])
