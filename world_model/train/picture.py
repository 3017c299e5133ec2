"""Trains the picture codec on shards of rendered clips, on a time budget, and measures it on clips it has not seen.

A shard `rgb-*.npy` is uint8 (clips, frames, H, W, 3) at 12 fps, without grain (noise cannot be predicted and would eat
the latents). Shards may still be arriving while training runs. The last twentieth of each shard's clips is held out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
import torch.nn.functional as fn
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from world_model.train.budget import (
    Budget,
    CsvLog,
    Ema,
    learning_rate,
    load_checkpoint,
    plot_log,
    save_checkpoint,
)

if TYPE_CHECKING:
    from world_model.codec.picture import PictureCodec

Clips = NDArray[np.uint8]

LATENT_NOISE = 0.05
PARTS = ("l1", "gradient", "pyramid", "texture", "latent")
WEIGHTS = {"l1": 1.0, "gradient": 1.0, "pyramid": 0.5, "texture": 2.0, "latent": 3.0e-4}
LOG_EVERY, RELIST_EVERY, CHECKPOINT_S = 20, 200, 60.0
FIT_CLIPS = 160


@dataclass(frozen=True)
class Crop:
    """What a training example is: `steps` steps of `height_px` by `width_px` (multiples of 16)."""

    steps: int = 4
    height_px: int = 96
    width_px: int = 128


def open_shards(folder: Path) -> list[Clips]:
    """The finished shards of a folder, memory-mapped, by name. A shard that cannot be read yet is left out."""
    shards: list[Clips] = []
    for path in sorted(folder.glob("rgb-*.npy")):
        try:
            shards.append(np.load(path, mmap_mode="r"))
        except (ValueError, OSError, EOFError):
            continue
    return shards


def held_out(shard: Clips) -> int:
    """How many of a shard's clips, counted from its end, are kept for measuring: a twentieth, and one at least."""
    return max(1, math.ceil(len(shard) / 20)) if len(shard) > 1 else 0


def to_video(clips: Clips, device: torch.device) -> Tensor:
    """uint8 (B, F, H, W, 3) to float (B, F, 3, H, W) in [0, 1]."""
    return (torch.from_numpy(clips).to(device).float() / 255.0).permute(0, 1, 4, 2, 3).contiguous()


def draw_batch(shards: list[Clips], batch: int, crop: Crop, frames_per_step: int, seed: tuple[int, int]) -> Clips:
    """Random pieces of random training clips, half of them mirrored; (batch, steps * frames_per_step, h, w, 3) uint8.
    The same for the same seed and shards. A clip smaller than the crop gives all it has."""
    rng = np.random.default_rng(seed)
    ends = np.cumsum([len(shard) - held_out(shard) for shard in shards])
    pieces: list[Clips] = []
    for at in rng.integers(ends[-1], size=batch):
        which = int(np.searchsorted(ends, at, side="right"))
        clip = shards[which][int(at - ends[which]) - held_out(shards[which])]
        frames, height, width = clip.shape[:3]
        steps, h, w = min(crop.steps, frames // frames_per_step), min(crop.height_px, height), min(crop.width_px, width)
        t = frames_per_step * int(rng.integers(frames // frames_per_step - steps + 1))
        y, x = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
        piece = clip[t:t + steps * frames_per_step, y:y + h, x:x + w]
        pieces.append(piece[:, :, ::-1] if rng.random() < 0.5 else piece)
    return np.ascontiguousarray(np.stack(pieces))


def bands(x: Tensor, levels: int = 3) -> list[Tensor]:
    """Laplacian pyramid (Burt & Adelson 1983) of (N, C, H, W), fine to coarse, without the rest."""
    out: list[Tensor] = []
    for _ in range(levels):
        small = fn.avg_pool2d(x, 2)
        out.append(x - fn.interpolate(small, scale_factor=2, mode="nearest"))
        x = small
    return out


def losses(made: Tensor, video: Tensor, latents: Tensor) -> dict[str, Tensor]:
    """The PARTS of the loss of a video (B, F, 3, H, W) against its source.

    gradient and pyramid weigh edges and detail more than L1 does. texture compares the mean strength of each band of
    detail over 8 x 8 pixels, whatever its phase, which L1 alone would smooth away. latent keeps the latents small.
    """
    made, video = made.flatten(0, 1).float(), video.flatten(0, 1)
    error = made - video
    gradient, scaled = error.new_zeros(()), error
    for _ in range(3):
        gradient = gradient + scaled.diff(dim=-1).abs().mean() + scaled.diff(dim=-2).abs().mean()
        scaled = fn.avg_pool2d(scaled, 2)
    with torch.no_grad():
        strong = [fn.avg_pool2d(band.abs(), 8 >> i) for i, band in enumerate(bands(video))]
    seen = [fn.avg_pool2d(band.abs(), 8 >> i) for i, band in enumerate(bands(made))]
    return {"l1": error.abs().mean(), "gradient": gradient / 3.0,
            "pyramid": torch.stack([band.abs().mean() for band in bands(error)]).mean(),
            "texture": torch.stack([(a - b).abs().mean() for a, b in zip(seen, strong)]).mean(),
            "latent": latents.float().square().mean()}


def gradient_energy(video: Tensor) -> float:
    """Mean squared difference of neighbouring pixels."""
    return float(video.diff(dim=-1).square().mean() + video.diff(dim=-2).square().mean())


def held_out_clips(shards: list[Clips], most: int) -> list[Clips]:
    """At most `most` held-out clips, spread evenly over the shards. ValueError when there is none."""
    clips = [shard[len(shard) - 1 - i] for shard in shards for i in range(held_out(shard))]
    if not clips:
        raise ValueError("measuring needs a shard of at least two clips: the last ones are held out")
    return [clips[i] for i in np.unique(np.linspace(0, len(clips) - 1, min(most, len(clips))).astype(int))]


@torch.no_grad()
def measure(codec: PictureCodec, clips: list[Clips], device: torch.device, png: Path | None = None) -> dict[str, float]:
    """Code whole clips and compare: psnr_db (mean over clips), sharpness (gradient energy of what came back over the
    source's), latent_mean (largest size over channels) and latent_std (mean over channels) of the scaled latents.

    png: where to draw the middle frames of up to six clips, the sources over what came back.
    """
    codec.eval()
    psnr: list[float] = []
    energy = np.zeros(2)
    seen: list[Tensor] = []
    columns: list[Clips] = []
    for clip in clips:
        whole = len(clip) - len(clip) % codec.frames_per_step
        video = to_video(np.array(clip[None, :whole]), device)
        latents, _ = codec.encode(video)
        made, _ = codec.decode(latents)
        psnr.append(-10.0 * math.log10(max(float((made - video).square().mean()), 1.0e-10)))
        energy += (gradient_energy(made), gradient_energy(video))
        seen.append(latents.transpose(1, 2).flatten(2)[0].cpu())
        if len(columns) < 6:
            frame = (made[0, whole // 2].permute(1, 2, 0) * 255.0).round().to(torch.uint8).cpu().numpy()
            columns.append(np.concatenate([clip[whole // 2], frame], 0))
    if png is not None:
        Image.fromarray(np.concatenate(columns, 1)).save(png)
    scaled = torch.cat([x.flatten(1) for x in seen], 1)
    return {"psnr_db": float(np.mean(psnr)), "sharpness": float(energy[0] / max(energy[1], 1.0e-12)),
            "latent_mean": float(scaled.mean(1).abs().max()), "latent_std": float(scaled.std(1).mean())}


@torch.no_grad()
def fit_latent_scale(codec: PictureCodec, shards: list[Clips], device: torch.device, clips: int = 48) -> None:
    """Measure mean and standard deviation of the raw latents, per channel, over whole training clips; set them."""
    codec.eval()
    crop = Crop(1_000_000, 1_000_000, 1_000_000)
    total = [codec.raw_latents(to_video(draw_batch(shards, 1, crop, codec.frames_per_step, (7, i)), device))[0]
             .transpose(1, 2).flatten(2)[0].double() for i in range(clips)]
    flat = torch.cat([x.flatten(1) for x in total], 1)
    codec.set_latent_scale(flat.mean(1), flat.std(1).clamp_min(1.0e-4))


def optimise(codec: PictureCodec, optimiser: torch.optim.Optimizer, video: Tensor) -> dict[str, Tensor]:
    """One step on a video (B, F, 3, H, W): the loss and its PARTS before it, detached scalars."""
    with cast(AbstractContextManager[Any], torch.autocast("cuda", torch.bfloat16) if video.is_cuda else nullcontext()):
        made, latents = codec(video, LATENT_NOISE)
    parts = losses(made, video, latents)
    loss = torch.stack([WEIGHTS[name] * parts[name] for name in PARTS]).sum()
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(codec.parameters(), 1.0)
    optimiser.step()
    return {name: value.detach() for name, value in {"loss": loss, **parts}.items()}


def train_picture(shards: Path, out: Path, preset: str = "small", minutes: float = 35.0, resume: bool = False,
                  device: str = "cpu", batch: int = 2, crop: Crop | None = None, peak_rate: float = 1.5e-3,
                  seed: int = 0, most_steps: int | None = None,
                  said: Callable[[str], None] | None = None) -> dict[str, float]:
    """Train a codec of a preset for so many minutes and save it to out/picture_codec.

    resume: go on from out/picture.pt where there is one (minutes then counts what was used before). most_steps: stop
    there even if time is left. said: told one line now and then. Also writes out/picture.csv, picture_loss.png and
    picture_sides.png. Returns steps, minutes, frames_per_s (in whole pictures) and what `measure` finds for averaged
    weights on held-out clips. Raises ValueError for an unknown preset or a folder without training clips.
    """
    from world_model.codec.picture import make_codec

    at, crop = torch.device(device), crop or Crop()
    torch.manual_seed(seed)
    files = open_shards(shards)
    clips = held_out_clips(files, 24)
    codec = make_codec(preset).to(at)  # pyright: ignore[reportArgumentType]
    frames = codec.frames_per_step
    out.mkdir(parents=True, exist_ok=True)
    checkpoint, log_path = out / "picture.pt", out / "picture.csv"
    ongoing = resume and checkpoint.exists()
    if not ongoing:
        codec.fit_linear(to_video(draw_batch(files, FIT_CLIPS, Crop(2, 96, 128), frames, (seed, 0)), at))
    ema = Ema(codec, 0.998)
    # The linear part starts at its optimum in weights of about 0.02: it may move, but ten times more slowly.
    slow = list(codec.linear.parameters())
    rest = [*codec.encoder.parameters(), *codec.decoder.parameters()]
    optimiser = torch.optim.AdamW([{"params": rest, "pace": 1.0}, {"params": slow, "pace": 0.1, "weight_decay": 0.0}],
                                  lr=peak_rate, betas=(0.9, 0.98), weight_decay=1.0e-3, fused=at.type == "cuda")
    step, used_s = load_checkpoint(checkpoint, codec, ema, optimiser) if ongoing else (0, 0.0)
    log = CsvLog(log_path, ("used_s", "rate", "loss", *PARTS, "frames_per_s"), step)
    budget = Budget(minutes, used_s)
    sums: dict[str, Tensor] = dict.fromkeys(("loss", *PARTS), torch.zeros((), device=at))
    saved_s, whole_frames, pixels = used_s, 0.0, clips[0].shape[1] * clips[0].shape[2]
    codec.train()
    budget.start()
    while not budget.over and (most_steps is None or step < most_steps):
        if step % RELIST_EVERY == RELIST_EVERY - 1:
            files = open_shards(shards)
        rate = learning_rate(budget.share, peak_rate)
        for group in optimiser.param_groups:
            group["lr"] = rate * cast(float, group["pace"])
        video = to_video(draw_batch(files, batch, crop, frames, (seed + 1, step)), at)
        parts = optimise(codec, optimiser, video)
        ema.update(codec)
        step += 1
        whole_frames += video.shape[0] * video.shape[1] * video.shape[3] * video.shape[4] / pixels
        sums = {name: sums[name] + value for name, value in parts.items()}
        if step % LOG_EVERY == 0 or step == most_steps:
            over = (step - 1) % LOG_EVERY + 1
            speed = whole_frames / max(budget.used_s - used_s, 1.0e-6)
            row = {name: float(total) / over for name, total in sums.items()}
            log.write(step - 1, {**row, "used_s": budget.used_s, "rate": rate, "frames_per_s": speed})
            if said is not None:
                said(f"step {step}, {budget.used_s:.0f} s, loss {row['loss']:.4f}, {speed:.1f} frames/s")
            sums = dict.fromkeys(sums, torch.zeros((), device=at))
        if budget.used_s - saved_s > CHECKPOINT_S:
            saved_s = budget.used_s
            save_checkpoint(checkpoint, codec, ema, optimiser, step, saved_s)
    spent_s = budget.used_s
    save_checkpoint(checkpoint, codec, ema, optimiser, step, spent_s)
    plot_log(log_path, out / "picture_loss.png", ("loss", *PARTS[:-1]))
    with ema.applied(codec):
        fit_latent_scale(codec, files, at)
        found = measure(codec, clips, at, out / "picture_sides.png")
        codec.save_pretrained(out / "picture_codec")
    return {"steps": float(step), "minutes": spent_s / 60.0,
            "frames_per_s": whole_frames / max(spent_s - used_s, 1.0e-6), **found}
