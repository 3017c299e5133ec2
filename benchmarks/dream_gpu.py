"""Learn on from the shipped `live` weights on a GPU in minutes: worlds are sampled and drawn by all cores, encoded at
once, and learnt from where they lie, while more are being drawn.

    python benchmarks/dream_gpu.py --total-s 600 --out DIR

Words are left out (the dream is not told any), and so is sound. The averaged weights are on disk every 90 seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

FIRST_SEED, HELD_OUT_SEED = 40_000_000, 95_000_000
CLIP = 8  # steps: half of what training here uses, for twice as many worlds
STATE = ("place", "air", "look", "bodies", "camera", "score")


def prepare() -> None:
    from world_model import kernel_cache

    kernel_cache.place()
    torch.set_num_threads(1)


def clip_of(seed: int, held_out: bool, until: float) -> dict[str, Any] | None:
    """One world: its streams, its guide and its 24 pictures; None when the time is up."""
    if time.time() > until:
        return None
    from world_model.data.worlds import sample_clip, without_grain
    from world_model.joint.guide import guide_of
    from world_model.sim.finish import finish
    from world_model.sim.picture import Renderer
    from world_model.streams.from_state import state_streams
    from world_model.streams.layout import PICTURE_FPS, PICTURE_PX
    from world_model.streams.music import score_stream

    global renderer
    if "renderer" not in globals():
        renderer = Renderer(PICTURE_PX, threads=1)  # type: ignore[name-defined]
    clip = sample_clip(seed, held_out, steps=CLIP)
    rows = without_grain(clip.rows)
    rgb = np.stack([finish(renderer.geometry(rows[k:k + 1]), rows[k], 0, 1) for k in range(len(rows))])  # type: ignore[name-defined]
    streams = {**state_streams(clip.rows, PICTURE_FPS),
               "score": score_stream(clip.score, clip.whole, CLIP, clip.piece_start_s)}
    return {"streams": {name: value.astype(np.float16) for name, value in streams.items()}, "rgb": rgb,
            "guide": np.stack([guide_of(frame) for frame in rgb[1::3]]).astype(np.float16)}


class Making:
    """Worlds drawn by other processes while the model learns; `gather` takes what is done and encodes it."""

    def __init__(self, workers: int, codec: Any, patch: tuple[int, int], device: str) -> None:
        self.pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=prepare)
        self.codec, self.patch, self.device = codec, patch, device

    def ask(self, first: int, most: int, held_out: bool, until: float) -> list[Any]:
        return [self.pool.submit(clip_of, first + k, held_out, until) for k in range(most)]

    def encoded(self, found: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        """name -> (clips, steps, width) float16 on the device."""
        from world_model.joint.patches import to_row

        out = {name: torch.from_numpy(np.stack([{**one["streams"], "guide": one["guide"]}[name] for one in found]))
               .to(self.device) for name in (*found[0]["streams"], "guide")}
        rgb = torch.from_numpy(np.stack([one["rgb"] for one in found])).to(self.device)
        with torch.no_grad():
            video = rgb.permute(0, 1, 4, 2, 3).float() / 255.0
            out["picture"] = torch.cat([to_row(self.codec.encode(video[k:k + 8])[0], self.patch).half()
                                        for k in range(0, len(video), 8)])
        return out


class Store:
    """Clips on the device in tensors that grow by doubling."""

    def __init__(self) -> None:
        self.count, self.held = 0, dict[str, torch.Tensor]()

    def add(self, clips: dict[str, torch.Tensor]) -> None:
        size = len(clips["picture"])
        for name, value in clips.items():
            if name not in self.held:
                self.held[name] = value.new_empty(max(512, size), *value.shape[1:])
            old = self.held[name]
            if self.count + size > len(old):
                self.held[name] = value.new_empty(2 * (self.count + size), *value.shape[1:])
                self.held[name][:self.count] = old[:self.count]
            self.held[name][self.count:self.count + size] = value
        self.count += size


def measured(model: Any, clips: dict[str, torch.Tensor], device: str) -> dict[str, float]:
    """First guesses of the picture from full noise, by how it is held: squared error, channels as they count."""
    from world_model.joint.guide import HOLDS, Guide

    out: dict[str, float] = {}
    draw = torch.Generator(device).manual_seed(5)
    x = {name: model.normalised(name, clips[name].float()) for name in (*STATE, "picture")}
    count, steps = x["picture"].shape[:2]
    tau = {name: torch.zeros(count, steps, device=device) for name in STATE}
    tau["picture"] = torch.ones(count, steps, device=device)
    noise = torch.randn(x["picture"].shape, generator=draw, device=device)
    text, there = torch.zeros(count, 1, 384, device=device), torch.zeros(count, 1, dtype=torch.bool, device=device)
    weight = model.weight.repeat(x["picture"].shape[-1] // len(model.weight))
    for k, hold in enumerate(HOLDS):
        guide = Guide(clips["guide"].float(), torch.full((count, steps), k, device=device))
        with torch.no_grad():
            made_, _ = model({**x, "picture": noise}, tau, text, there, guide=guide)
        out[hold] = round(float(((made_["picture"] - x["picture"]).square() * weight).mean()), 4)
    return out


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--total-s", type=float, default=600.0, help="from the first line to the last")
    options.add_argument("--first", type=int, default=400, help="worlds to wait for before learning begins")
    options.add_argument("--batch", type=int, default=128)
    options.add_argument("--peak", type=float, default=8e-4)
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--seed", type=int, default=FIRST_SEED, help="of the first world drawn")
    options.add_argument("--ema", type=float, default=0.9993)
    options.add_argument("--unmeasured", action="store_true", help="no held-out worlds: 25 s more for learning")
    options.add_argument("--out", type=Path, required=True)
    chosen = options.parse_args()
    started = time.time()
    prepare()
    from world_model.codec.picture import load_codec
    from world_model.joint.model import JointModel
    from world_model.train.budget import Ema, learning_rate
    from world_model.train.joint import Words, joint_loss

    def say(**what: Any) -> None:
        sys.stdout.write(json.dumps({"at_s": round(time.time() - started, 1), **what}) + "\n")
        sys.stdout.flush()

    chosen.out.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    weights = Path(__file__).resolve().parent.parent / "world_model" / "weights"
    codec = load_codec(str(weights / "picture_codec")).float().eval().to(device)  # type: ignore[call-arg]
    model = JointModel.from_pretrained(weights / "live" / "model", local_files_only=True, torch_dtype=torch.float32)
    model = model.to(device)
    clip_of(1, False, time.time() + 1e6)  # compiled once, for all
    say(stage="compiled", device=device)
    ends = started + chosen.total_s - 8.0
    making, store = Making(chosen.workers, codec, model.patch, device), Store()
    held_out = [] if chosen.unmeasured else making.ask(HELD_OUT_SEED, 6 * chosen.workers, True, ends)
    waiting = making.ask(chosen.seed, 40_000, False, ends - 25.0)
    test = making.encoded([done.result() for done in held_out]) if held_out else None
    if test is not None:
        say(stage="held out", clips=len(test["picture"]), before=measured(model.eval(), test, device))
    model.train()
    learnt = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learnt, chosen.peak, betas=(0.9, 0.98), weight_decay=0.02)
    ema = Ema(model, chosen.ema)
    draw, rng = torch.Generator().manual_seed(3), np.random.default_rng(3)
    begun, step, saved, sums, turn = time.time(), 0, time.time(), list[torch.Tensor](), 0
    while time.time() < ends:
        ready = list[dict[str, Any]]()
        while turn < len(waiting) and waiting[turn].done() and len(ready) < 64:
            if (found := waiting[turn].result()) is not None:
                ready.append(found)
            waiting[turn] = None  # its pictures are not needed again
            turn += 1
        if len(ready):
            store.add(making.encoded(ready))
        if store.count < chosen.first:
            time.sleep(0.05)
            begun = time.time()
            continue
        steps = 4 if rng.random() < 0.75 else CLIP
        size = min(store.count, chosen.batch * 8 // steps)
        rows = torch.from_numpy(rng.choice(store.count, size, replace=False)).to(device)
        at = int(rng.integers(CLIP - steps + 1))
        names = (*STATE, "picture", "guide") if rng.random() < 0.7 else (*STATE[:-1], "picture", "guide")
        clean = {name: store.held[name][rows, at:at + steps].float() for name in names}
        words = Words(torch.zeros(size, 1, 384), torch.zeros(size, 1, dtype=torch.bool))
        share = (time.time() - begun) / max(1.0, ends - begun)
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(min(share, 0.999), chosen.peak)
        loss, errors = joint_loss(model, clean, words, draw)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimiser.step()
        ema.update(model)
        step += 1
        sums.append(loss.detach())
        if step % 200 == 0:
            say(step=step, clips=store.count, loss=round(float(torch.stack(sums).mean()), 4),
                picture=round(errors["picture"], 4))
            sums.clear()
        if time.time() - saved > 90.0:
            keep(model, ema, chosen.out)
            saved = time.time()
    keep(model, ema, chosen.out)
    with ema.applied(model):
        say(stage="trained", steps=step, clips=store.count,
            after=measured(model.eval(), test, device) if test is not None else None,
            peak_gib=round(torch.cuda.max_memory_allocated() / 2**30, 2) if device == "cuda" else None)
    making.pool.shutdown(wait=False, cancel_futures=True)


def keep(model: Any, ema: Any, out: Path) -> None:
    """The averaged weights in half precision, in shards that travel."""
    from safetensors.torch import save_file

    with ema.applied(model):
        whole = {name: value.detach().half().cpu().contiguous() for name, value in model.state_dict().items()}
    names, half = sorted(whole), len(whole) // 2
    for number, part in enumerate((names[:half], names[half:])):
        save_file({name: whole[name] for name in part}, str(out / f"live-{number}.safetensors"))


if __name__ == "__main__":
    main()
