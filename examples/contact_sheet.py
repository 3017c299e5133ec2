"""Twelve sentences, twelve worlds: one frame of each, as in the README.

    .venv/bin/python examples/contact_sheet.py docs/images/contact-sheet.jpg
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from world_model import kernel_cache

kernel_cache.place()

from PIL import Image

from agent.request import Request
from agent.studio import Studio
from agent.unroll import unroll
from modalities.registry import default_registry
from modalities.store import Store
from ui_gen.compose import panel_for
from world_model.sim.picture import Renderer

SENTENCES = (
    "a bee explores a meadow of flowers at golden hour, watercolour",
    "synthwave drive through a neon city at night",
    "a sailing boat on a calm ocean at sunset, photoreal",
    "a fox trots through a snowy forest, morning, storybook gouache",
    "a whale under the sea, photoreal, light shafts",
    "film noir city in the rain at night",
    "hot air balloons over a canyon, golden hour, photoreal",
    "lanterns rise over a snowy village under an aurora",
    "pixel art islands at noon with birds",
    "an anime train through mountains on a summer morning, cel shaded, close",
    "ink wash mountain lake in the mist with a flock of birds",
    "a ringed planet over a cratered moon, space, photoreal",
)
SIZE = (512, 288)
COLUMNS = 3


def main(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Store(Path(folder)).open(), default_registry(), panel_for)
        sheet = Image.new("RGB", (COLUMNS * SIZE[0], -(-len(SENTENCES) // COLUMNS) * SIZE[1]))
        renderer = Renderer(SIZE)
        for number, sentence in enumerate(SENTENCES):
            plan = studio.plan(Request(prompt=sentence, duration_s=12, size_px=SIZE, seed=7), lambda _: None)
            world = unroll(plan.direction)
            shots = world.state.shot[:, 0]
            at = int((shots == shots[int(0.62 * len(shots))]).nonzero()[:, 0].float().mean())
            picture = Image.fromarray(renderer.render(world.state, at))
            sheet.paste(picture, ((number % COLUMNS) * SIZE[0], (number // COLUMNS) * SIZE[1]))
        sheet.save(out, quality=88)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "contact-sheet.jpg"))
