"""A drawing and the first frame of the film that keeps its layout: python examples/drawing_to_film.py [--out FILE]"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from threading import Event

import numpy as np
from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from world_model import kernel_cache

kernel_cache.place()

SIZE_PX = (640, 360)
PROMPT = "a hot air balloon over the mountains at golden hour, watercolour"


def drawing() -> Image.Image:
    """Two hills, a balloon before the second and a sun, in pen on paper."""
    paper = Image.new("RGB", (960, 540), (250, 248, 240))
    pen = ImageDraw.Draw(paper)
    ink = (30, 30, 30)
    x = np.arange(0, 961, 8)
    y = 330 - 120 * np.exp(-((x - 250) / 120.0) ** 2) - 60 * np.exp(-((x - 620) / 90.0) ** 2)
    pen.line(list(zip(x.tolist(), y.tolist(), strict=True)), fill=ink, width=5, joint="curve")
    pen.ellipse((740, 70, 820, 150), outline=ink, width=5)
    for angle in np.linspace(0, 2 * np.pi, 9, endpoint=False):
        way = np.array([np.cos(angle), np.sin(angle)])
        pen.line((*(np.array([780, 110]) + 55 * way), *(np.array([780, 110]) + 80 * way)), fill=ink, width=4)
    pen.ellipse((560, 230, 660, 330), outline=ink, width=5)
    pen.line((575, 315, 595, 370), fill=ink, width=4)
    pen.line((645, 315, 625, 370), fill=ink, width=4)
    pen.rectangle((592, 370, 628, 395), outline=ink, width=4)
    return paper


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=Path("docs/images/drawing.jpg"))
    chosen = options.parse_args()
    import av

    from agent.graph import run
    from agent.request import Reference, Request
    from agent.studio import Studio
    from modalities.registry import default_registry
    from modalities.store import Store
    from ui_gen.compose import panel_for

    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "drawing.png"
        drawing().save(paper)
        studio = Studio(Store(Path(folder) / "project").open(), default_registry(), panel_for)
        request = Request(prompt=PROMPT, references=(Reference(path=paper),), duration_s=2.0, size_px=SIZE_PX, seed=1)
        events = list(run(studio, {"request": request.model_dump(mode="json")}, Event()))
        take = studio.store.take(next(event.text for event in events if event.kind == "take"))
        with av.open(str(take.video)) as film:
            first = next(frame.to_ndarray(format="rgb24") for frame in film.decode(video=0))
        for name, value in take.measured.items():
            if name.startswith("ref."):
                print(f"{name:36} {value}")
    sheet = np.concatenate([np.asarray(drawing().resize(SIZE_PX, Image.Resampling.LANCZOS)), first], 1)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet).save(chosen.out, quality=88)


if __name__ == "__main__":
    main()
