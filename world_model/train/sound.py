"""Training of the sound codec: EnCodec's recipe (Defossez et al. 2022) within a budget of minutes.

The networks, the quantiser and the discriminator come from the `encodec` package; what is shipped runs in transformers
(see codec/sound_rename.py). Where we part from the recipe:

- Half of each batch passes the quantiser by, with a little noise on its latents: the joint model works on continuous
  latents, so the decoder has to know both, and to forgive small errors.
- The first step starts from the best linear codec (sound_linear.py), not from noise.
- The codebooks are fitted by our own k-means, at the start, while training (dead codes move to where latents are) and
  once more on the averaged weights that ship. The package's first-batch k-means takes minutes at some sizes, and its
  replaced codes are overwritten in the same step.
- The adversarial part starts late and works every second step, since it costs more than all the rest.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as fn
from numpy.typing import NDArray
from torch import Tensor, nn

from world_model.codec.encodec_import import import_encodec
from world_model.codec.sound import CHANNELS, HOP, PRESETS, RATE_HZ, RATIOS, SAMPLES_PER_STEP, SoundCodec, build
from world_model.codec.sound_rename import to_transformers
from world_model.train.budget import Budget, CsvLog, Ema, learning_rate, load_checkpoint, plot_log, save_checkpoint
from world_model.train.sound_linear import start_linear

I16 = NDArray[np.int16]
HELD_OUT: Final = .05
RELIST_STEPS: Final = 200
REFIT_STEPS: Final = 250
LOG_STEPS: Final = 20
CHECKPOINT_S: Final = 60.0
LATENT_NOISE: Final = .05
TERMS: Final = ("time", "mel", "commitment", "adversarial", "feature", "discriminator")


@dataclass(frozen=True)
class SoundRecipe:
    """How a preset is trained. Shares are of the budget; weights are of the terms of the loss."""

    rate: float = 3e-4
    crop_s: float = .5
    adversarial_share: float = .75
    adversarial_every: int = 2
    discriminator_filters: int = 4
    discriminator_windows: tuple[int, ...] = (1024, 512)
    time: float = 3.0
    mel: float = 1.0
    commitment: float = .25
    adversarial: float = .2
    feature: float = .5
    average: float = .998


RECIPES: Final = {
    "tiny": SoundRecipe(rate=2e-3, crop_s=.25, discriminator_filters=2, discriminator_windows=(512,), average=.9),
    "small": SoundRecipe(),
    "base": SoundRecipe(rate=3e-4, crop_s=1.0, adversarial_share=.5, adversarial_every=1, discriminator_filters=32,
                        discriminator_windows=(2048, 1024, 512), adversarial=.5, feature=1.0, average=.999)}


class SoundShards:
    """Clips of the files sound-*.npy in a folder: int16 (clips, N) at 24 kHz, read from disk as they are needed.

    The last 5 % of the clips of each file (at least one) are held out. Files that are still being written carry another
    ending and are not seen. Raises ValueError where there is nothing to train on.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._clips = folder, dict[str, I16]()
        self.list_again()

    def list_again(self) -> None:
        for path in sorted(self._folder.glob("sound-*.npy")):
            if path.name not in self._clips:
                self._clips[path.name] = np.load(path, mmap_mode="r")
        if not any(len(clips) > 1 for clips in self._clips.values()):
            raise ValueError(f"no file sound-*.npy with two clips or more in {self._folder}")

    def crops(self, count: int, samples: int, rng: np.random.Generator) -> Tensor:
        """(count, samples) float32 in [-1, 1]: random places, gains of -6 to 3 dB, either polarity."""
        files = [clips for clips in self._clips.values() if len(clips) > 1]
        share = np.array([_training(clips) for clips in files], dtype=np.float64)
        out = np.zeros((count, samples), np.float32)
        for row in out:
            clips = files[int(rng.choice(len(files), p=share / share.sum()))]
            clip = clips[int(rng.integers(_training(clips)))]
            at = int(rng.integers(max(1, clip.shape[0] - samples + 1)))
            gain = 10 ** (rng.uniform(-6, 3) / 20) * rng.choice((-1, 1)) / 32768
            piece = clip[at:at + samples]
            row[:len(piece)] = np.clip(piece * gain, -1, 1)
        return torch.from_numpy(out)

    def held_out(self, most: int) -> Tensor:
        """(clips, N) float32: up to `most` held-out clips, evenly taken."""
        rows = [clip for clips in self._clips.values() if len(clips) > 1 for clip in clips[_training(clips):]]
        chosen = [rows[at] for at in np.unique(np.linspace(0, len(rows) - 1, most).round().astype(int))]
        return torch.from_numpy(np.stack(chosen).astype(np.float32) / 32768)


def _training(clips: I16) -> int:
    return len(clips) - max(1, round(len(clips) * HELD_OUT))


class MelLoss:
    """Distance of log-mel spectrograms at several window lengths: mean absolute plus root mean square per frame.

    `__call__` takes (B, N) twice and returns a scalar; 1.0 is a factor of e in every band and frame, counted twice.
    """

    FLOOR = 1e-4

    def __init__(self, windows: tuple[int, ...] = (2048, 512, 128), device: str = "cpu") -> None:
        self._scales = [(size, torch.hann_window(size, device=device), mel_bands(size).to(device)) for size in windows]

    def __call__(self, made: Tensor, true: Tensor) -> Tensor:
        total = made.new_zeros(())
        for size, window, bands in self._scales:
            apart = self._mel(made, size, window, bands) - self._mel(true, size, window, bands)
            total = total + apart.abs().mean() + (apart.square().mean(1) + 1e-8).sqrt().mean()
        return total / len(self._scales)

    def _mel(self, x: Tensor, size: int, window: Tensor, bands: Tensor) -> Tensor:
        spectrum = torch.stft(x, size, size // 4, size, window, pad_mode="constant", return_complex=True)
        power = torch.view_as_real(spectrum).square().sum(-1) + 1e-9
        return (bands @ power.sqrt() / window.sum() + self.FLOOR).log()


def mel_bands(size: int) -> Tensor:
    """(bands, size // 2 + 1) triangles, evenly spaced on the mel scale (O'Shaughnessy), each with a sum of 1."""
    count = min(64, size // 16)
    mel = np.linspace(0, 2595 * math.log10(1 + RATE_HZ / 2 / 700), count + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    at = np.linspace(0, RATE_HZ / 2, size // 2 + 1)
    spread = np.maximum(np.diff(edges), RATE_HZ / size)  # no band narrower than a bin
    up = (at - edges[1:-1, None]) / spread[:-1, None] + 1
    down = (edges[1:-1, None] - at) / spread[1:, None] + 1
    bands = np.clip(np.minimum(up, down), 0, None)
    return torch.from_numpy((bands / bands.sum(1, keepdims=True)).astype(np.float32))


def build_trainable(preset: str) -> Any:
    """The `encodec` package's EncodecModel of a preset; its codebooks wait for `fit_codebooks`."""
    import_encodec()
    size = PRESETS[preset]
    modules, quantization = (importlib.import_module(f"encodec.{name}") for name in ("modules", "quantization"))
    shape: dict[str, Any] = {"channels": 1, "dimension": CHANNELS, "n_filters": size.filters, "ratios": list(RATIOS),
                             "lstm": size.lstm_layers, "causal": True, "norm": "weight_norm", "pad_mode": "replicate"}
    quantiser = quantization.ResidualVectorQuantizer(dimension=CHANNELS, n_q=size.codebooks, bins=size.bins,
                                                     kmeans_init=False, threshold_ema_dead_code=0)
    return importlib.import_module("encodec.model").EncodecModel(
        modules.SEANetEncoder(**shape), modules.SEANetDecoder(**shape), quantiser, list(size.bandwidths_kbps), RATE_HZ,
        1)


@torch.no_grad()
def fit_codebooks(quantiser: Any, latents: Tensor, warm: bool, rounds: int = 8) -> None:
    """k-means of each codebook on what the ones before leave of `latents` (vectors, 32), in place.

    warm: start from the codes there are and only replace those that nothing uses.
    """
    rest = latents
    for layer in quantiser.vq.layers:
        book = layer._codebook
        bins = book.embed.shape[0]
        centres = book.embed.clone() if warm else rest[torch.randint(len(rest), (bins,), device=rest.device)]
        counts = centres.new_zeros(bins)
        for turn in range(rounds):
            near = torch.cdist(rest, centres).argmin(1)
            counts = torch.bincount(near, minlength=bins).to(rest.dtype)
            sums = torch.zeros_like(centres).index_add_(0, near, rest)
            centres = torch.where(counts[:, None] > 0, sums / counts.clamp_min(1)[:, None], centres)
            if turn < rounds - 1:
                dead = (counts == 0).nonzero()[:, 0]
                centres[dead] = rest[torch.randint(len(rest), (len(dead),), device=rest.device)]
        size = counts / counts.mean() * 4 + 1e-3
        book.embed.copy_(centres)
        book.cluster_size.copy_(size)
        book.embed_avg.copy_(centres * size[:, None])
        book.inited.fill_(1)
        rest = rest - centres[torch.cdist(rest, centres).argmin(1)]


def train_sound(shards: Path, out: Path, preset: str = "small", minutes: float = 20.0, resume: bool = False,
                device: str = "cpu", batch: int = 4, seed: int = 0, most_steps: int | None = None,
                said: Callable[[str], None] | None = None) -> dict[str, float]:
    """Trains for so many minutes, evaluates on held-out clips and saves the averaged codec in out/sound_codec.

    resume: go on from out/sound.pt where there is one (minutes then counts what was used before). most_steps: stop
    there even if time is left. said: told one line now and then. Also writes out/sound.csv and sound_loss.png. Returns
    steps, minutes, audio_s_per_s (seconds of sound trained on per second) and what `evaluate_sound` finds. Raises
    ValueError for an unknown preset or a folder without training clips, ImportError without the `encodec` package.
    """
    if preset not in PRESETS:
        raise ValueError(f"unknown preset {preset!r}; known are {', '.join(PRESETS)}")
    data, recipe = SoundShards(shards), RECIPES[preset]
    torch.manual_seed(seed)
    both = _Both(build_trainable(preset), _discriminator(recipe)).to(device)
    out.mkdir(parents=True, exist_ok=True)
    checkpoint, ongoing = out / "sound.pt", resume and (out / "sound.pt").exists()
    if not ongoing:
        start_linear(both.codec, data.crops(32, 2 * RATE_HZ, np.random.default_rng(seed)).to(device))
        fit_codebooks(both.codec.quantizer, _some_latents(both.codec, data, device), warm=False)
    optimiser = torch.optim.AdamW([{"params": list(both.codec.parameters())},
                                   {"params": list(both.discriminator.parameters())}],
                                  lr=recipe.rate, betas=(.8, .99), weight_decay=0.0)
    ema, mel = Ema(both, recipe.average), MelLoss(device=device)
    first, used_s = load_checkpoint(checkpoint, both, ema, optimiser) if ongoing else (0, 0.0)
    step, saved_s, log = first, used_s, CsvLog(out / "sound.csv", ("used_s", "rate", *TERMS), first)
    budget = Budget(minutes, used_s)
    budget.start()
    both.train()
    while not budget.over and (most_steps is None or step < most_steps):
        share = budget.share if most_steps is None else max(budget.share, step / most_steps)
        optimiser.param_groups[0]["lr"] = learning_rate(share, recipe.rate)
        optimiser.param_groups[1]["lr"] = recipe.rate * .3
        true = data.crops(batch, round(recipe.crop_s * RATE_HZ / HOP) * HOP, np.random.default_rng((seed, step)))
        row = _step(both, optimiser, recipe, mel, true.to(device), step, share)
        ema.update(both)
        step += 1
        if step % RELIST_STEPS == 0:
            data.list_again()
        if step % REFIT_STEPS == 0 and share < .8:
            fit_codebooks(both.codec.quantizer, _some_latents(both.codec, data, device), warm=True, rounds=2)
        if step % LOG_STEPS == 0 or step == most_steps:
            values = {name: float(value.detach()) for name, value in row.items()}
            log.write(step - 1, {**values, "used_s": budget.used_s, "rate": optimiser.param_groups[0]["lr"]})
            if said is not None:
                said(f"step {step}, {budget.used_s:.0f} s, " + ", ".join(f"{n} {v:.3f}" for n, v in values.items()))
        if budget.used_s - saved_s > CHECKPOINT_S:
            saved_s = budget.used_s
            save_checkpoint(checkpoint, both, ema, optimiser, step, saved_s)
    spent_s = budget.used_s
    save_checkpoint(checkpoint, both, ema, optimiser, step, spent_s)
    plot_log(log.path, out / "sound_loss.png", ("time", "mel", "feature"))
    with ema.applied(both):
        codec = _shipped(both.codec.eval(), data, preset, device)
    codec.save(out / "sound_codec")
    speed = (step - first) * batch * recipe.crop_s / max(1e-6, spent_s - used_s)
    return {"steps": float(step), "minutes": spent_s / 60, "audio_s_per_s": speed,
            **evaluate_sound(codec, data.held_out(24), preset)}


class _Both(nn.Module):
    """Codec and discriminator in one, so that one checkpoint and one optimiser hold them."""

    def __init__(self, codec: Any, discriminator: Any) -> None:
        super().__init__()
        self.codec, self.discriminator = codec, discriminator


def _discriminator(recipe: SoundRecipe) -> Any:
    windows = list(recipe.discriminator_windows)
    return importlib.import_module("encodec.msstftd").MultiScaleSTFTDiscriminator(
        recipe.discriminator_filters, n_ffts=windows, win_lengths=windows, hop_lengths=[size // 4 for size in windows])


def _step(both: Any, optimiser: torch.optim.Optimizer, recipe: SoundRecipe, mel: MelLoss, true: Tensor, step: int,
          share: float) -> dict[str, Tensor]:
    """One step of everything on (B, N) samples; the terms of its loss, unweighted."""
    codec = both.codec
    latents = codec.encoder(true[:, None])
    most = codec.quantizer.n_q
    kept = most if step % 2 else min(most, 1 << (step // 2) % most.bit_length())
    found = codec.quantizer(latents, codec.frame_rate, kept * _kbps(codec))
    noisy = latents + torch.randn_like(latents) * latents.detach().std((0, 2), keepdim=True) * LATENT_NOISE
    free = (torch.arange(len(true), device=true.device) % 2 == step // 2 % 2)[:, None, None]
    made = codec.decoder(torch.where(free, noisy, found.quantized))[:, 0]
    terms = {"time": ((made - true).abs().mean(1) / (true.abs().mean(1) + .01)).mean(), "mel": mel(made, true),
             "commitment": found.penalty / (latents.detach().var() + 1e-4)}
    if share >= recipe.adversarial_share and step % recipe.adversarial_every == 0:
        terms |= _against(both.discriminator, optimiser, made[:, None], true[:, None])
    loss = torch.stack([value * getattr(recipe, name) for name, value in terms.items() if hasattr(recipe, name)]).sum()
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(codec.parameters(), 1.0)
    optimiser.step()
    return terms


def _against(discriminator: Any, optimiser: torch.optim.Optimizer, made: Tensor, true: Tensor) -> dict[str, Tensor]:
    """Hinge losses: the discriminator learns first, then judges; the mean distance of its features is the last term."""
    judged, _ = discriminator(made.detach())
    real, features = discriminator(true)
    loss = torch.stack([fn.relu(1 - r).mean() + fn.relu(1 + j).mean() for r, j in zip(real, judged)]).mean()
    optimiser.zero_grad(set_to_none=True)  # what has no gradient is not moved: here only the discriminator is
    loss.backward()
    optimiser.step()
    discriminator.requires_grad_(False)
    judged, seen = discriminator(made)
    discriminator.requires_grad_(True)
    fool = torch.stack([fn.relu(1 - j).mean() for j in judged]).mean()
    apart = torch.stack([(a.detach() - b).abs().mean() / (a.detach().abs().mean() + 1e-6)
                         for there, here in zip(features, seen) for a, b in zip(there, here)]).mean()
    return {"adversarial": fool, "feature": apart, "discriminator": loss.detach()}


def _kbps(model: Any) -> float:
    """Of one codebook, a hair more so that rounding never loses one."""
    return model.quantizer.get_bandwidth_per_quantizer(model.frame_rate) * (1 + 1e-6)


@torch.no_grad()
def _some_latents(codec: Any, data: SoundShards, device: str) -> Tensor:
    """(4096, 32) of random crops of a second, always the same number."""
    rng = np.random.default_rng(17)
    rows = [codec.encoder(data.crops(8, RATE_HZ, rng).to(device)[:, None]) for _ in range(8)]
    return torch.cat(rows).transpose(1, 2).reshape(-1, CHANNELS)


def _shipped(trained: Any, data: SoundShards, preset: str, device: str) -> SoundCodec:
    """The trained weights as a SoundCodec, codebooks and scale fitted to them."""
    latents = _some_latents(trained, data, device)
    fit_codebooks(trained.quantizer, latents, warm=True, rounds=8)
    model = build(preset)
    model.load_state_dict(to_transformers(trained.state_dict()), strict=True)
    return SoundCodec(model.to(device), latents.mean(0), latents.std(0).clamp_min(1e-4))


@torch.no_grad()
def evaluate_sound(codec: SoundCodec, clips: Tensor, preset: str) -> dict[str, float]:
    """Means over (clips, N) float32: `si_sdr_db` (Le Roux et al. 2019; silent clips left out), `snr_db` (silence has 0)
    and `mel` distance, from continuous latents; `quantised_` from the codes; `untrained_`, and `silence_mel`."""
    mel = MelLoss((2048, 1024, 512, 256, 128))
    clips = clips[:, :clips.shape[1] // SAMPLES_PER_STEP * SAMPLES_PER_STEP]
    loud = clips.square().mean(1) > 1e-7
    out = {"silence_mel": float(mel(torch.zeros_like(clips), clips))}

    def measure(prefix: str, through: Callable[[Tensor], Tensor]) -> None:
        made = torch.cat([through(clip[None]).cpu() for clip in clips])
        out[prefix + "mel"] = float(mel(made, clips))
        if bool(loud.any()):
            out[prefix + "si_sdr_db"] = float(si_sdr_db(made[loud], clips[loud]).mean())
            power = clips[loud].square().sum(1) / (made - clips)[loud].square().sum(1).clamp_min(1e-9)
            out[prefix + "snr_db"] = float(10 * power.log10().mean())

    untrained = SoundCodec.untrained(preset)
    measure("", lambda clip: codec.decode(codec.encode(clip)))
    measure("quantised_", lambda clip: codec.decode(codec.encode(clip, quantised=True)))
    measure("untrained_", lambda clip: untrained.decode(untrained.encode(clip)))
    return out


def si_sdr_db(made: Tensor, true: Tensor) -> Tensor:
    """(B,) scale-invariant signal to distortion ratio of (B, N), means removed."""
    made, true = made - made.mean(1, keepdim=True), true - true.mean(1, keepdim=True)
    gain = (made * true).sum(1, keepdim=True) / true.square().sum(1, keepdim=True).clamp_min(1e-9)
    wanted = gain * true
    return 10 * (wanted.square().sum(1).clamp_min(1e-9) / (made - wanted).square().sum(1).clamp_min(1e-9)).log10()
