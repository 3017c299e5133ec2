"""Dreams beside the simulator: python examples/dream_sheet.py [--out docs/images/dreams.jpg]

Eight fresh worlds, two seconds each; a row shows the simulator, and the dream of the same moment held to shapes and to
colours alone.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from world_model import kernel_cache

kernel_cache.place()

STEPS = 8
WORLDS = (("ocean", "photoreal", "boat"), ("forest", "watercolour", "fox"), ("city", "synthwave", "car"),
          ("underwater", "photoreal", "whale"), ("desert", "cel", "balloon"), ("snowfield", "pencil", "walker"),
          ("islands", "pixel", "rocket"), ("meadow", "riso", "butterfly"))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=Path("docs/images/dreams.jpg"))
    options.add_argument("--seed", type=int, default=70)
    chosen = options.parse_args()
    from world_model.dream import Dreamer
    from world_model.dream_guide import GuideView
    from world_model.joint.guide import Hold
    from world_model.joint.shipped import open_picture_codec, open_world
    from world_model.sim.picture import Renderer
    from world_model.sim.sampling import random_world
    from world_model.streams.from_state import state_streams
    from world_model.streams.layout import PICTURE_FPS, PICTURE_PX

    torch.set_num_threads(2)
    renderer, view = Renderer(PICTURE_PX), GuideView(2)
    holds: tuple[Hold, ...] = ("full", "glimpse")
    dreamers = {hold: Dreamer(open_world("live"), open_picture_codec()) for hold in holds}
    cells: list[np.ndarray] = []
    for k, (setting, look, kind) in enumerate(WORLDS):
        rows = random_world(chosen.seed + k, 3 * STEPS, PICTURE_FPS, setting=setting, look=look, kind=kind).state
        packed = rows.pack().numpy()
        shown = [renderer.render(rows, 3 * STEPS - 2)]
        for hold, dreamer in dreamers.items():
            dreamer.begin(chosen.seed, ())
            frames = np.zeros((3, 1, 1, 3), np.uint8)
            for step in range(STEPS):
                three = packed[3 * step:3 * step + 3]
                frames = dreamer.step(state_streams(three, PICTURE_FPS), view.of(three), hold)
            shown.append(frames[1])
        cells.append(np.concatenate([np.pad(cell, ((3, 3), (3, 3), (0, 0)), constant_values=20) for cell in shown], 1))
    sheet = np.concatenate([np.concatenate(cells[:4]), np.concatenate(cells[4:])], 1)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet).save(chosen.out, quality=88)


if __name__ == "__main__":
    main()
