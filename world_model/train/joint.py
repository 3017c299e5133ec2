"""Training of the joint model: clips in memory, noise levels of every kind, a time budget, averaged weights."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from world_model.data.shards import CLIP_STEPS, ClipSet, load_clips
from world_model.joint.noise import draw_noise, loss_weight
from world_model.joint.presets import PRESETS, TEXT_WIDTH, extra_widths, model_options
from world_model.streams.layout import STATE_STREAMS
from world_model.train.budget import Budget, CsvLog, Ema, learning_rate, load_checkpoint, plot_log, save_checkpoint
from world_model.train.guided import draw_guide, fit_head, guide_streams

LEAST_SPREAD = 0.08
SAVE_EVERY_S = 60.0
LOG_EVERY = 20
NO_WORDS = 0.12
PHRASES = 8
LENGTHS, LENGTH_SHARES = (4, 8, 16), (0.5, 0.25, 0.25)
SENSES = ("hearing", "glimpse", "sketch", "sound", "picture")


@dataclass(frozen=True)
class Words:
    """text (B, K, 384) float32 unit vectors, there (B, K) bool."""

    text: Tensor
    there: Tensor


def groups_of(clips: ClipSet) -> list[tuple[tuple[str, ...], NDArray[np.int64]]]:
    """The clips by which streams they have: [(stream names, rows)], so that a batch is never padded."""
    names = list(clips.streams)
    table = np.stack([clips.has[name] for name in names], 1)
    patterns, which = np.unique(table, axis=0, return_inverse=True)
    return [(tuple(name for name, there in zip(names, pattern, strict=True) if there), np.flatnonzero(which == k))
            for k, pattern in enumerate(patterns)]


def words_for(clips: ClipSet, rows: NDArray[np.int64], rng: np.random.Generator) -> Words:
    """One wording per clip: phrases, a sentence, both, or nothing."""
    count = len(rows)
    wording = rng.integers(clips.phrases.shape[1], size=count)
    phrases = clips.phrases[rows, wording]
    sentence = clips.sentences[rows, wording]
    kind = rng.random(count)
    keep = phrases.copy()
    keep[kind > 0.65] = -1
    chosen = np.concatenate([np.where((kind > 0.5), sentence, -1)[:, None], keep], 1)
    chosen[rng.random(count) < NO_WORDS] = -1
    text = clips.text[np.maximum(chosen, 0)].astype(np.float32)
    return Words(torch.from_numpy(text), torch.from_numpy(chosen >= 0))


def batch_of(clips: ClipSet, names: Sequence[str], rows: NDArray[np.int64], start: int = 0, steps: int = CLIP_STEPS
             ) -> dict[str, Tensor]:
    """name -> (B, steps, width) float32 in the streams' own units, from step `start` of the clips on."""
    return {name: torch.from_numpy(clips.streams[name][rows, start:start + steps].astype(np.float32)) for name in names}


def fit_statistics(model: torch.nn.Module, clips: ClipSet) -> None:
    """Mean and spread of every stream from the clips that have it; a number that hardly moves is not blown up."""
    from world_model.joint.model import JointModel

    assert isinstance(model, JointModel)
    for name in model.table:
        rows = np.flatnonzero(clips.has[name])
        if len(rows) == 0:
            continue
        some = clips.streams[name][rows[:: max(1, len(rows) // 2000)]].astype(np.float32)
        some = some.reshape(-1, model.table[name][0])
        spread = np.maximum(some.std(0), LEAST_SPREAD)
        if name in ("picture", "sound"):  # latents are normalised by their codecs
            spread = np.full_like(spread, float(some.std()))
        model.fit_statistics(name, torch.from_numpy(some.mean(0)), torch.from_numpy(spread))


def joint_loss(model: torch.nn.Module, clean: dict[str, Tensor], words: Words, draw: torch.Generator
               ) -> tuple[Tensor, dict[str, float]]:
    """The weighted squared error of all streams, each counting alike, and each stream's own (unweighted) error."""
    from world_model.joint.model import JointModel

    joint = model.module if hasattr(model, "module") else model
    assert isinstance(joint, JointModel)
    device = joint.device
    pixels = clean.get("guide")
    guide = draw_guide(pixels.to(device), draw) if pixels is not None and "picture" in clean else None
    x = {name: joint.normalised(name, value.to(device)) for name, value in clean.items() if name != "guide"}
    batch, steps = next(iter(x.values())).shape[:2]
    tau = {name: level.to(device) for name, level in draw_noise(list(x), batch, steps, draw).items()}
    noisy = {name: torch.lerp(value, torch.randn_like(value), tau[name][..., None]) for name, value in x.items()}
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        made, _ = model(noisy, tau, words.text.to(device), words.there.to(device), guide=guide)
    total, errors = torch.zeros((), device=device), dict[str, float]()
    for name, value in x.items():
        error = (made[name].float() - value).square()
        if name == "picture" and joint.head is not None:  # channels count as they do in pixels
            error = error * joint.weight.repeat(error.shape[-1] // len(joint.weight))
        error = error.mean(-1)
        weight = loss_weight(tau[name])
        # Pictures are the largest part of what there is to know.
        share = 3.0 if name == "picture" else 1.0
        total = total + share * (error * weight).sum() / weight.sum().clamp(min=1.0)
        wanted = tau[name] > 0.01
        errors[name] = float(error[wanted].mean().detach()) if bool(wanted.any()) else float("nan")
    return total / len(x), errors


def train_joint(shards: Path, out: Path, preset: str = "small", minutes: float = 30.0, resume: bool = False,
                device: str = "cpu", batch: int = 24, peak: float = 1.2e-3, start_from: Path | None = None,
                rich: float = 1.0) -> dict[str, float]:
    """Train a preset on shards for so many minutes; EMA weights go to out/joint by save_pretrained.

    `start_from` is a folder with a trained model whose blocks are taken over (a larger set of streams learns on);
    `rich` is how much more often clips with senses are drawn than their number gives.
    Returns the last mean error of each stream, steps and clips per second. Raises ValueError without shards.
    """
    from world_model.joint.model import JointModel

    size = PRESETS[preset]
    clips = load_clips(shards, {**extra_widths(size), **(guide_streams() if size.picture_patch else {})})
    codec = out / "picture_codec"
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    model = JointModel(**model_options(size))
    fit_statistics(model, clips)
    fit_head(model, clips, codec)
    if start_from is not None:
        take_over(model, JointModel.from_pretrained(start_from, local_files_only=True))
    torch.nn.Module.to(model, device).train()
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], peak, betas=(0.9, 0.98),
                                  weight_decay=0.02)
    ema, checkpoint, step, used_s = Ema(model, 0.999), out / "joint.pt", 0, 0.0
    if resume and checkpoint.exists():
        step, used_s = load_checkpoint(checkpoint, model, ema, optimiser)
    groups = [(names, rows) for names, rows in groups_of(clips) if set(STATE_STREAMS) <= set(names)]
    # A compiled model keeps to few shapes: every batch is whole, and clips without senses stand for their absence.
    varied = not device.startswith("cuda")
    run = model if varied else cast("torch.nn.Module", torch.compile(model))
    dreams = preset == "live"
    if dreams:
        groups = [(names, rows) for names, rows in groups if {"picture", "guide"} <= set(names)]
    lengths, shares = ((4, 8), (0.75, 0.25)) if dreams else (LENGTHS, LENGTH_SHARES)
    if not groups:
        raise ValueError(f"the clips in {shards} have no streams for the preset {preset}")
    draw = torch.Generator().manual_seed(1000 + step)
    rng = np.random.default_rng(1000 + step)
    log = CsvLog(out / "joint.csv", ["loss", "rate", "clips_per_s", *model.table], step)
    for names, rows in [] if varied else groups:  # compile every shape before the clock starts
        some = rng.choice(rows, batch)
        joint_loss(run, batch_of(clips, names, some), words_for(clips, some, rng), draw)[0].backward()
        optimiser.zero_grad()
    budget = Budget(minutes, used_s)
    budget.start()
    saved = told = time.monotonic()
    sums, since = dict[str, list[float]](), 0
    # Rich clips are rarer and teach more: groups are drawn by the root of their number and by how much a clip holds.
    tokens = {name: entry[1] for name, entry in model.table.items()}
    weight = np.array([np.sqrt(len(rows)) * sum(tokens.get(name, 0) for name in names)
                       * (4 if "picture" in names else 1)
                       * (rich if "glimpse" in names else 1.0) for names, rows in groups])
    last: dict[str, float] = {}
    seen = 0
    while not budget.over:
        names, rows = groups[int(rng.choice(len(groups), p=weight / weight.sum()))]
        # Short runs cost less and say as much of what things look like; as many steps are seen in every batch.
        steps = lengths[int(rng.choice(len(lengths), p=shares))] if varied else CLIP_STEPS
        start = int(rng.integers(CLIP_STEPS - steps + 1))
        some = rng.choice(rows, batch * CLIP_STEPS // steps)
        if varied and rng.random() < 0.7:  # senses may be away altogether, which is cheaper and happens in use
            names = tuple(name for name in names if name not in SENSES or rng.random() < (0.8 if name == "picture"
                                                                                         else 0.4))
        if dreams and rng.random() < 0.9:  # a model to dream with is seldom asked for anything but pictures
            names = (*STATE_STREAMS, "score", "picture", "guide") if rng.random() < 0.7 else (
                *STATE_STREAMS, "picture", "guide")
        rate = learning_rate(budget.share, peak)
        for entry in optimiser.param_groups:
            entry["lr"] = rate
        clean = batch_of(clips, names, some, start, steps)
        loss, errors = joint_loss(run, clean, words_for(clips, some, rng), draw)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        ema.update(model)
        step, since, seen = step + 1, since + 1, seen + len(some)
        sums.setdefault("loss", []).append(float(loss.detach()))
        for name, error in errors.items():
            sums.setdefault(name, []).append(error)
        now = time.monotonic()
        if since == LOG_EVERY:
            last = {name: float(np.nanmean(values)) for name, values in sums.items()}
            last |= {"rate": rate, "clips_per_s": seen / (now - told)}
            log.write(step, last)
            sums, since, seen, told = {}, 0, 0, now
        if now - saved > SAVE_EVERY_S:
            save_checkpoint(checkpoint, model, ema, optimiser, step, budget.used_s)
            saved = now
    save_checkpoint(checkpoint, model, ema, optimiser, step, budget.used_s)
    with ema.applied(model):
        model.save_pretrained(out / "joint", safe_serialization=True)
    plot_log(out / "joint.csv", out / "joint.png", ["loss", *model.table])
    return {**last, "steps": float(step), "parameters": float(sum(p.numel() for p in model.parameters()))}


def take_over(model: torch.nn.Module, trained: torch.nn.Module) -> int:
    """Copy every weight of the same name and shape, statistics too; how many tensors were taken."""
    source, own = trained.state_dict(), model.state_dict()
    same = {name: value for name, value in source.items() if name in own and own[name].shape == value.shape}
    model.load_state_dict({**own, **same})
    return len(same)


assert TEXT_WIDTH == 384 and PHRASES == 8
