"""Does a dream that goes on drift? Colour, contrast and sharpness of five minutes, beside the simulator's own.

    python benchmarks/drift.py [--seconds 300] [--passes 2] [--hold full] [--seed 3] [--out docs/images]

A live world is flown through and steered alike every minute; the dreamer makes pictures of it without pause, and the
simulator draws the same rows. Four moments in every five seconds are measured in OKLab: mean and spread of colour,
contrast (spread of lightness) and sharpness (mean gradient of lightness, a pixel). Out come drift.csv, drift.png and
one JSON line. `kept` is (dream / simulator at the end) / (dream / simulator at the start) of a measure: 1 is no drift
whatever the world itself did; start and end are minutes, or thirds of a shorter run.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from pathlib import Path

import numpy as np
import torch
from live_rows import live_steps
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from world_model import kernel_cache
from world_model.colour import linear_to_oklab, srgb_to_linear
from world_model.dream_guide import GuideView, guided
from world_model.joint.guide import HOLDS
from world_model.streams.layout import FRAMES_PER_STEP, PICTURE_PX, STEPS_PER_S

BIN_S, A_BIN = 5.0, 4
MEASURES = ("lightness", "green_red", "blue_yellow", "colour_spread", "contrast", "sharpness")
INKS = {"dream": (200, 60, 30), "simulator": (40, 90, 170)}
RATIOS = ("lightness", "colour_spread", "contrast", "sharpness")


def measured(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(6,) MEASURES of a picture (H, W, 3) sRGB."""
    lab = linear_to_oklab(srgb_to_linear(rgb.astype(np.float64) / 255.0))
    light = lab[..., 0]
    down, right = np.diff(light, axis=0)[:, :-1], np.diff(light, axis=1)[:-1]
    return np.array([*lab.mean((0, 1)), np.sqrt(lab[..., 1:].var((0, 1)).sum()), light.std(),
                     np.hypot(down, right).mean()])


def curves(times_s: NDArray[np.float64], lines: dict[str, NDArray[np.float64]], png: Path) -> None:
    """One panel per measure, a line per painter, over seconds."""
    wide, high, left = 480, 170, 54
    image = Image.new("RGB", (2 * wide, 3 * high), "white")
    pen = ImageDraw.Draw(image)
    for k, name in enumerate(MEASURES):
        x0, y0 = k % 2 * wide + left, k // 2 * high + 22
        x1, y1 = x0 + wide - left - 14, y0 + high - 44
        values = np.concatenate([line[:, k] for line in lines.values()])
        low, tall = float(values.min()), max(float(np.ptp(values)), 1e-4)
        low, tall = low - 0.1 * tall, 1.2 * tall
        pen.text((x0, y0 - 16), name.replace("_", " "), fill="black")
        for share in (0.0, 0.5, 1.0):
            y = y1 - share * (y1 - y0)
            pen.line((x0, y, x1, y), fill=(225, 225, 225))
            pen.text((x0 - 50, y - 6), f"{low + share * tall:.3f}", fill="black")
        pen.text((x0, y1 + 4), "0 s", fill="black")
        pen.text((x1 - 40, y1 + 4), f"{times_s[-1]:.0f} s", fill="black")
        for j, (who, line) in enumerate(lines.items()):
            at = [(x0 + (x1 - x0) * t / max(times_s[-1], 1e-6), y1 - (y1 - y0) * (v - low) / tall)
                  for t, v in zip(times_s, line[:, k], strict=True)]
            if len(at) > 1:
                pen.line(at, fill=INKS[who], width=2)
            pen.text((x1 - 130 + 70 * j, y0 - 16), who, fill=INKS[who])
    png.parent.mkdir(parents=True, exist_ok=True)
    image.save(png)


def ratios(lines: dict[str, NDArray[np.float64]], first: slice, last: slice) -> dict[str, dict[str, float]]:
    """measure -> end / start of either painter, and what the dream kept beside the simulator."""
    out: dict[str, dict[str, float]] = {}
    for name in RATIOS:
        k = MEASURES.index(name)
        dream, sim = (float(line[last, k].mean() / max(line[first, k].mean(), 1e-6)) for line in
                      (lines["dream"], lines["simulator"]))
        out[name] = {"dream": round(dream, 3), "simulator": round(sim, 3), "kept": round(dream / max(sim, 1e-6), 3)}
    return out


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=300.0)
    options.add_argument("--passes", type=int, default=2)
    options.add_argument("--hold", choices=HOLDS, default="full", help="how tightly the dream holds to the drawn world")
    options.add_argument("--seed", type=int, default=3)
    options.add_argument("--setting", default="meadow")
    options.add_argument("--look", default="photoreal")
    options.add_argument("--out", type=Path, default=Path("docs/images"))
    chosen = options.parse_args()
    kernel_cache.place()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    from world_model.dream import Dreamer
    from world_model.joint.shipped import open_picture_codec, open_world
    from world_model.sim.picture import Renderer

    dreamer = Dreamer(open_world("live"), open_picture_codec(), chosen.passes)
    dreamer.begin(chosen.seed, ())
    renderer, view = Renderer(PICTURE_PX, threads=1), GuideView()
    every = round(BIN_S * STEPS_PER_S / A_BIN)
    found: dict[str, list[NDArray[np.float64]]] = {"dream": [], "simulator": []}
    started = time.monotonic()
    for step, (rows, streams) in enumerate(live_steps(chosen.seconds, chosen.seed, chosen.setting, chosen.look)):
        three = rows[np.arange(FRAMES_PER_STEP) * len(rows) // FRAMES_PER_STEP]
        frames = dreamer.step(streams, guided(view, three, chosen.hold), chosen.hold)
        if step % every == every - 1:
            # The middle picture of the step, and the same moment of the rows.
            found["dream"].append(measured(frames[1]))
            found["simulator"].append(measured(renderer.render(rows, len(rows) // 2)))
    count = len(found["dream"]) // A_BIN
    if count < 3:
        raise SystemExit("too short: 15 seconds are needed at least")
    lines = {who: np.stack(list_of[:count * A_BIN]).reshape(count, A_BIN, -1).mean(1)
             for who, list_of in found.items()}
    times_s = BIN_S * (np.arange(count) + 0.5)
    chosen.out.mkdir(parents=True, exist_ok=True)
    with (chosen.out / "drift.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["seconds", *(f"{who}_{name}" for who in lines for name in MEASURES)])
        for k in range(count):
            writer.writerow([times_s[k], *(f"{v:.5f}" for line in lines.values() for v in line[k])])
    curves(times_s, lines, chosen.out / "drift.png")
    edge = min(int(60.0 / BIN_S), count // 3)
    first, last = slice(0, edge), slice(count - edge, count)
    off = np.linalg.norm(lines["dream"][:, :3] - lines["simulator"][:, :3], axis=1)
    result = ratios(lines, first, last)
    print(f"{'end / start':16}{'dream':>8}{'sim':>8}{'kept':>8}")
    for name, values in result.items():
        print(f"{name:16}{values['dream']:8.3f}{values['simulator']:8.3f}{values['kept']:8.3f}")
    print(json.dumps({"benchmark": "drift", "seconds": chosen.seconds, "passes": chosen.passes,
                      "hold": chosen.hold, "edge_s": edge * BIN_S,
                      **result, "mean_colour_off_start": round(float(off[first].mean()), 4),
                      "mean_colour_off_end": round(float(off[last].mean()), 4),
                      "wall_s": round(time.monotonic() - started, 1)}))


if __name__ == "__main__":
    main()
