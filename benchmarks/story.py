"""Stories as films, measured: order and coverage, and whether subjects and places stay themselves.

`python benchmarks/story.py [--size 160x90] [--out FILE.md] [--only NAME]`. Five requests of several kinds are read and
directed; of every shot three frames are drawn with the ids of what is seen. Coverage: the share of sentences that name
a subject whose subjects are all on the screen in one of their own shots. Colour: the overlap (0 to 1) of the histograms
of hue and lightness of a subject's own pixels between its shots, against other subjects; size: the spread of size_m.
"""

from __future__ import annotations

import argparse
import itertools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.direction import Direction
from agent.director import direct
from agent.pacing import span_s
from agent.referring import read
from agent.unroll import unroll
from world_model.sim.picture import Renderer, packed_rows

STORIES = {
    "fable": "At dawn a girl walks through a quiet forest. She finds a fox by the river and follows it over the hills. "
             "The fox leads her to the sea, where a whale rises out of the waves. Night falls and rain begins. In the "
             "morning she walks home through the forest, alone.",
    "advert": "A thirty second advert, photoreal. A red balloon slips away in a grey city. It drifts over the rooftops "
              "while a boy runs after it. Suddenly a storm breaks and the balloon spins in the wind. It lands on a "
              "quiet lake at sunset. The boy picks it up and smiles.",
    "documentary": "For centuries the glacier slept under the snow. In spring a fox wakes in the forest. It crosses "
                   "the meadow. By summer the fox reaches the village. At night it sleeps under the stars. A train "
                   "passes in the mountains. In winter the fox comes home to the snow.",
    "dream": "I want a film in pencil, with slow piano. A woman named Mara stands alone in a village at dusk. A bird "
             "lands beside her. She follows it into the desert. The bird returns with a lantern. Then everything "
             "bursts into light! Mara wakes at dawn in the village, and the bird sits beside her.",
    "storyboard": "Storyboard, watercolour, 40 seconds:\n1. Wide shot of a village at dawn, mist.\n2. Close-up of a "
                  "bee on a flower. (4 s)\n3. The bee flies to the mountains.\n4. A dragon sleeps on the snow; the bee "
                  "circles it.\n5. The dragon wakes and soars into the sky.\n6. Night. The village again, stars."}
LEAST_SHARE = 0.0006
# Ids of things in a picture: 10 and more are bodies, by slot (world_model/sim/bodies.py).
FIRST_BODY = 10
Hist = NDArray[np.float32]


@dataclass(frozen=True)
class Look:
    """A subject in one frame. share: of the picture; colour: its histogram."""

    body: str
    shot: int
    share: float
    colour: Hist


def looks_of(direction: Direction, size_px: tuple[int, int]) -> list[Look]:
    """Three frames of every shot, and each body that is seen in them."""
    signals: dict[str, NDArray[np.float32]] = {}
    world = unroll(direction.model_copy(update={"size_px": size_px, "links": ()}), signals)
    rows = packed_rows(world.state)
    shots = world.state.shot[:, 0].numpy().astype(int)
    renderer = Renderer(size_px, threads=1)
    out: list[Look] = []
    for k, shot in enumerate(direction.shots):
        frames = np.flatnonzero(shots == k)
        for u in (0.1, 0.45, 0.8):
            if not len(frames):
                continue
            at = int(frames[int(u * (len(frames) - 1))])
            seen = renderer.channels(rows[at:at + 1], 0)
            ids, rgb = seen["object_id"], seen["rgb"]
            for slot, body in enumerate(shot.world.bodies):
                mask = ids == FIRST_BODY + slot
                share = float(mask.mean())
                if share >= LEAST_SHARE:
                    out.append(Look(body.id, k, share, _colours(rgb, mask)))
    renderer.close()
    return out


def _colours(rgb: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Hist:
    """Histogram of hue (where there is colour) of the pixels of a mask: light changes over a film, hue should not."""
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)[mask].astype(np.float32)
    weight = hsv[:, 1] / 255.0 * np.minimum(1.0, hsv[:, 2] / 60.0)
    found = np.histogram(hsv[:, 0], bins=12, range=(0, 180), weights=weight)[0].astype(np.float32)
    smooth = (np.roll(found, 1) + 2 * found + np.roll(found, -1)) / 4 + 1e-6
    return (smooth / smooth.sum()).astype(np.float32)


def measured(text: str, size_px: tuple[int, int]) -> dict[str, Any]:
    """All figures of one story."""
    begun = time.perf_counter()
    brief = read(text)
    direction = direct(brief, None, size_px=size_px, fps=12)
    directed_s = time.perf_counter() - begun
    looks = looks_of(direction, size_px)
    cast = {t.part: [] for t in brief.traits if t.axis == "heading"}
    for t in brief.traits:
        if t.axis == "body" and not t.negated and t.part in cast:
            cast[t.part].append(str(t.value.get("id") or t.value["kind"]))
    parts = _parts(direction, brief)
    wanted = {part: set(bodies) for part, bodies in cast.items() if bodies}
    shown = {part: {look.body for look in looks if parts[look.shot] == part} for part in wanted}
    whole = sum(wanted[part] <= shown[part] for part in wanted)
    same, other = _overlaps(looks)
    sizes = [body for shot in direction.shots for body in shot.world.bodies]
    spread = max((max(b.size_m for b in group) / min(b.size_m for b in group)
                  for group in _by(sizes).values()), default=1.0)
    neighbours = sum(a.camera == b.camera and a.world.place == b.world.place
                     for a, b in itertools.pairwise(direction.shots))
    order = [parts[k] for k in range(len(direction.shots))]
    return {"beats": len(cast), "shots": len(direction.shots), "length_s": direction.duration_s,
            "covered": whole / max(1, len(wanted)), "in_order": order == sorted(order),
            "told": len(set(order)) / max(1, len(cast)), "same": same, "other": other, "size_spread": spread,
            "identical_neighbours": neighbours, "directed_s": directed_s}


def _by(bodies: list[Any]) -> dict[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    for body in bodies:
        out.setdefault(body.id, []).append(body)
    return out


def _parts(direction: Direction, brief: Any) -> list[int]:
    """The beat each shot belongs to: beats begin on the bar line nearest to their own time."""
    starts = sorted((float(t.value["t_s"]), int(t.part)) for t in brief.traits if t.axis == "sequence")
    spans = [span_s(shot.span, direction.music) for shot in direction.shots]
    out: list[int] = []
    for start_s, end_s in spans:
        middle = (start_s + end_s) / 2
        out.append(max((part for at, part in starts if at <= middle), default=0))
    return out


def _overlaps(looks: list[Look]) -> tuple[float, float]:
    """(mean overlap of one subject between two of its shots, of different subjects)."""
    same, other = [], []
    for one, two in itertools.combinations(looks, 2):
        overlap = float(np.minimum(one.colour, two.colour).sum())
        if one.body == two.body and one.shot != two.shot:
            same.append(overlap)
        elif one.body != two.body:
            other.append(overlap)
    return (float(np.mean(same)) if same else float("nan"), float(np.mean(other)) if other else float("nan"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="160x90")
    parser.add_argument("--only")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    width, height = (int(part) for part in given.size.split("x"))
    lines = ["| story | beats told | shots | length | order kept | sentences covered | colour, same subject | colour, "
             "other | size spread | identical neighbours | read and directed |",
             "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for name, text in STORIES.items():
        if given.only and name != given.only:
            continue
        m = measured(text, (width, height))
        kept = "yes" if m["in_order"] else "no"
        lines.append(f"| {name} | {m['told'] * m['beats']:.0f} of {m['beats']} | {m['shots']} | "
                     f"{m['length_s']:.0f} s | {kept} | {m['covered']:.0%} | {m['same']:.2f} | {m['other']:.2f} | "
                     f"{m['size_spread']:.2f} | {m['identical_neighbours']} | {m['directed_s']:.2f} s |")
        print(lines[-1], flush=True)
    if given.out:
        given.out.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
