"""A trained picture codec's way back, made better while its latents stay as they are.

The encoder is frozen, so that what was trained on its latents stays right. First the linear way back is fitted anew in
closed form, to what the network leaves; then decoder and linear part learn on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from world_model.train.budget import Budget, CsvLog, Ema, learning_rate
from world_model.train.picture import (
    LATENT_NOISE,
    PARTS,
    WEIGHTS,
    Crop,
    draw_batch,
    held_out_clips,
    losses,
    measure,
    open_shards,
    to_video,
)

FIT_BATCHES_A_MINUTE, MOST_FIT_BATCHES = 40, 120


def polish_picture(shards: Path, out: Path, minutes: float, on: str = "cpu", batch: int = 2, peak_rate: float = 6.0e-4,
                   seed: int = 5) -> dict[str, float]:
    """Train the decoder of out/picture_codec for so many minutes on a device; saved back to out/picture_codec.

    Returns what `measure` finds on held-out clips before, after the closed-form fit, and at the end.
    """
    from world_model.codec.picture import load_codec

    torch.manual_seed(seed)
    device = torch.device(on)
    codec = load_codec(str(out / "picture_codec")).float()
    nn.Module.to(codec, device)
    files = open_shards(shards)
    clips = held_out_clips(files, 24)
    found = {f"before_{k}": v for k, v in measure(codec, clips, device).items()}

    def pairs() -> Iterator[tuple[Tensor, Tensor]]:
        for k in range(max(4, min(MOST_FIT_BATCHES, round(FIT_BATCHES_A_MINUTE * minutes)))):
            video = to_video(draw_batch(files, 4, Crop(2, 144, 256), codec.frames_per_step, (seed, k)), device)
            latents, _ = codec.raw_latents(video)
            z = latents.flatten(0, 1)
            correction, _ = codec.decoder(z, video.shape[0], None)
            height, width = video.shape[-2:]
            folded = video.reshape(-1, 3 * codec.frames_per_step, height, width) * 2.0 - 1.0
            yield z, folded - correction

    codec.eval()
    with torch.no_grad():
        codec.linear.refit(pairs())
    found |= {f"fitted_{k}": v for k, v in measure(codec, clips, device).items()}
    for weight in codec.encoder.parameters():
        weight.requires_grad_(False)
    codec.linear.analysis.requires_grad_(False)
    slow = list(codec.linear.synthesis.parameters())
    optimiser = torch.optim.AdamW([{"params": list(codec.decoder.parameters()), "pace": 1.0},
                                   {"params": slow, "pace": 0.1, "weight_decay": 0.0}], lr=peak_rate,
                                  betas=(0.9, 0.98), weight_decay=1.0e-3)
    ema, budget, step = Ema(codec, 0.998), Budget(minutes), 0
    log = CsvLog(out / "polish.csv", ("loss", *PARTS))
    codec.train()
    budget.start()
    while not budget.over:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(budget.share, peak_rate) * float(group["pace"])
        video = to_video(draw_batch(files, batch, Crop(), codec.frames_per_step, (seed + 1, step)), device)
        with torch.no_grad():
            latents, _ = codec.raw_latents(video)
        made, _ = codec.from_raw(latents + LATENT_NOISE * torch.randn_like(latents))
        parts = losses(made, video, latents)
        loss = torch.stack([WEIGHTS[name] * parts[name] for name in PARTS]).sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(codec.parameters(), 1.0)
        optimiser.step()
        ema.update(codec)
        step += 1
        if step % 20 == 0:
            log.write(step, {"loss": float(loss.detach()), **{n: float(v.detach()) for n, v in parts.items()}})
    with ema.applied(codec):
        found |= measure(codec, clips, device, out / "picture_sides.png")
        codec.eval().save_pretrained(out / "picture_codec")
    return {**found, "steps": float(step), "minutes": budget.used_s / 60.0}
