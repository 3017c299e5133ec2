"""How well a subject is cut out: simulator films know which pixel is the body, so masks can be compared with the truth.

    python benchmarks/rotoscope.py [--frames 48] [--size 384x216] [--worlds 8] [--skip 0] [--seed 4200] [--sheet F.png]

Every world is a fresh seed with one clear body and a moving camera. Three ways to begin: the true box of the first
frame (as a person would draw it), a point in it, and nothing (the main subject); and with the box two degradations:
H.264 at crf 35 and grain of sigma 12. Against the first mask left where it was. Reported: IoU (mean and worst frame),
boundary F at 2 px (0.5 % of the diagonal), flicker (share of the subject's pixels that change from frame to frame once
the flow is undone; the truth has some of its own), and frames per second of processor time.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from dataclasses import dataclass, replace

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from modalities.roto.motion import Flow, sample
from modalities.roto.propagate import Tracker
from modalities.roto.start import Wish, first_mask
from world_model import kernel_cache

Picture = NDArray[np.uint8]
Bools = NDArray[np.bool_]
BODIES = (("boat", "lake", "truck"), ("balloon", "meadow", "follow"), ("whale", "underwater", "pan"),
          ("walker", "desert", "follow"), ("car", "canyon", "follow"), ("dragon", "mountains", "orbit"),
          ("fox", "snowfield", "truck"), ("rocket", "space", "static"))
TOLERANCE_PX = 2


@dataclass(frozen=True)
class Row:
    iou: float
    worst: float
    edge: float
    flicker: float
    fps: float


def film(kind: str, setting: str, move: str, seed: int, frames: int, size: tuple[int, int]
         ) -> tuple[list[Picture], list[Bools]]:
    """The pictures of one body in one world, and where it is in them."""
    from world_model.sim.picture import Renderer, packed_rows
    from world_model.sim.sampling import random_plan, world_of

    plan = random_plan(seed, frames, 24, size[0] / size[1], kind=kind, setting=setting, move=move, light="morning",
                       weather="clear", look="photoreal", scale="medium", gait="cruise")
    plan = replace(plan, bodies=tuple(replace(body, count=body.count * 0 + 1) for body in plan.bodies))
    rows = packed_rows(world_of(plan).state)
    renderer = Renderer(size, 1)
    drawn = [renderer.channels(rows, i) for i in range(frames)]
    renderer.close()
    return [np.asarray(one["rgb"]) for one in drawn], [np.asarray(one["object_id"]) >= 10 for one in drawn]


def compressed(frames: list[Picture], crf: int) -> list[Picture]:
    """The frames as H.264 leaves them."""
    held = io.BytesIO()
    with av.open(held, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=24, options={"crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = frames[0].shape[1], frames[0].shape[0], "yuv420p"
        for rgb in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")))
        out.mux(stream.encode(None))
    held.seek(0)
    with av.open(held) as back:
        return [frame.to_ndarray(format="rgb24") for frame in back.decode(video=0)]


def grained(frames: list[Picture], sigma: float) -> list[Picture]:
    rng = np.random.default_rng(5)
    return [np.clip(f + rng.normal(0, sigma, f.shape), 0, 255).astype(np.uint8) for f in frames]


def iou(one: Bools, other: Bools) -> float:
    union = int((one | other).sum())
    return float((one & other).sum()) / union if union else 1.0


def boundary_f(one: Bools, other: Bools) -> float:
    """F measure of the boundaries within the tolerance (as in DAVIS, Perazzi et al., 2016)."""
    def edge(mask: Bools) -> NDArray[np.uint8]:
        return mask.astype(np.uint8) - cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8))

    a, b = edge(one), edge(other)
    if not a.any() or not b.any():
        return float(a.any() == b.any())
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * TOLERANCE_PX + 1,) * 2)
    precision = float((a & cv2.dilate(b, disc)).sum()) / float(a.sum())
    recall = float((b & cv2.dilate(a, disc)).sum()) / float(b.sum())
    return 2.0 * precision * recall / max(precision + recall, 1e-9)


def flicker(frames: list[Picture], masks: list[Bools]) -> float:
    flow, shares = Flow(), []
    flow.step(frames[0])
    for k in range(1, len(frames)):
        motion = flow.step(frames[k])
        if motion is not None and masks[k].any():
            moved = sample(masks[k - 1].astype(np.float32), motion.back) > 0.5
            shares.append(float((moved != masks[k]).sum()) / float(masks[k].sum()))
    return float(np.mean(shares)) if shares else 0.0


def measure(frames: list[Picture], truth: list[Bools], wish: Wish) -> tuple[Row, list[Bools]]:
    """One film followed. A subject that is not found counts as an empty mask all through."""
    begun = time.process_time()
    first = first_mask(frames[:5], wish)
    if first is None:
        masks = [np.zeros_like(truth[0])] * len(frames)
    else:
        tracker = Tracker()
        masks = [tracker.start(frames[0], first).mask > 0.5]
        masks += [tracker.step(rgb).mask > 0.5 for rgb in frames[1:]]
    spent = time.process_time() - begun
    each = [iou(a, b) for a, b in zip(masks, truth, strict=True)]
    edges = [boundary_f(a, b) for a, b in zip(masks, truth, strict=True)]
    return Row(float(np.mean(each)), min(each), float(np.mean(edges)), flicker(frames, masks),
               len(frames) / max(spent, 1e-6)), masks


def box_of(mask: Bools) -> Wish:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    return Wish(box=(columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height))


def point_of(mask: Bools) -> Wish:
    """The pixel that lies deepest inside."""
    deep = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    y, x = np.unravel_index(int(deep.argmax()), deep.shape)
    return Wish(at=((float(x) + 0.5) / mask.shape[1], (float(y) + 0.5) / mask.shape[0]))


def drawn(rgb: Picture, mask: Bools) -> Picture:
    out, hard = rgb.copy(), mask.astype(np.uint8)
    out[(cv2.dilate(hard, np.ones((3, 3), np.uint8)) - hard) > 0] = (255, 0, 255)
    return out


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--frames", type=int, default=48)
    options.add_argument("--size", default="384x216")
    options.add_argument("--worlds", type=int, default=len(BODIES))
    options.add_argument("--skip", type=int, default=0, help="leave out the first worlds")
    options.add_argument("--seed", type=int, default=4200)
    options.add_argument("--ways", default="box,point,nothing,crf35,grain12")
    options.add_argument("--sheet")
    chosen = options.parse_args()
    kernel_cache.place()
    cv2.setNumThreads(1)
    width, height = (int(side) for side in chosen.size.split("x"))
    found: dict[str, list[Row]] = {}
    still: list[float] = []
    rows: list[Picture] = []
    print(f"{'world':10} {'way':8}  IoU  worst  edge  flicker (truth)  frames/s  still IoU")
    for k in range(chosen.skip, chosen.worlds):
        kind, setting, move = BODIES[k % len(BODIES)]
        frames, truth = film(kind, setting, move, chosen.seed + k, chosen.frames, (width, height))
        if not truth[0].any():
            continue
        base = float(np.mean([iou(truth[0], mask) for mask in truth]))
        still.append(base)
        usual = flicker(frames, truth)
        for way in chosen.ways.split(","):
            seen = compressed(frames, 35) if way == "crf35" else grained(frames, 12.0) if way == "grain12" else frames
            wish = Wish() if way == "nothing" else point_of(truth[0]) if way == "point" else box_of(truth[0])
            row, masks = measure(seen, truth, wish)
            found.setdefault(way, []).append(row)
            print(f"{kind:10} {way:8} {row.iou:.3f} {row.worst:.3f} {row.edge:.3f} {row.flicker:.3f} ({usual:.3f}) "
                  f"{row.fps:9.1f} {base:.3f}", flush=True)
            if way == "box" and chosen.sheet:
                at = np.linspace(0, len(frames) - 1, 4).astype(int)
                rows.append(np.hstack([drawn(frames[i], masks[i]) for i in at]))
    if chosen.sheet and rows:
        cv2.imwrite(chosen.sheet, np.vstack(rows)[..., ::-1])
    result = {way: {name: round(float(np.mean([getattr(row, name) for row in all_])), 4)
                    for name in Row.__dataclass_fields__} for way, all_ in found.items()}
    print(json.dumps({"worlds": len(still), "seed": chosen.seed, "frames": chosen.frames, "size": chosen.size,
                      "still_iou": round(float(np.mean(still)), 4), **result}))


if __name__ == "__main__":
    main()
