"""The sound codec: 24 kHz mono to 16 latent frames of 32 values per world step (a quarter of a second), and back.

The EnCodec architecture (Defossez et al. 2022, "High Fidelity Neural Audio Compression"): causal convolutions, an LSTM,
a residual vector quantiser. It runs through transformers' EncodecModel with our own weights. Padding repeats
the first value, where EnCodec's usual reflection would read the future at the start: so every part is causal to the
sample, and streaming gives what one long call gives.

The joint model works on the continuous latents, scaled to about unit normal; the codes are there for whoever wants
tokens.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
import torch.nn.functional as fn
from torch import Tensor, nn

RATE_HZ: Final = 24000
STEPS_PER_S: Final = 4
RATIOS: Final = (5, 5, 5, 3)
HOP: Final = 375
FRAMES_PER_STEP: Final = 16
CHANNELS: Final = 32
SAMPLES_PER_STEP: Final = HOP * FRAMES_PER_STEP
SCALE_FILE: Final = "latent_scale.json"


@dataclass(frozen=True)
class SoundPreset:
    """Sizes of a codec. filters: channels at the full rate, doubled at each of the four stages."""

    filters: int
    codebooks: int = 8
    bins: int = 256
    lstm_layers: int = 1

    @property
    def bandwidths_kbps(self) -> tuple[float, ...]:
        """Rates with 1, 2, 4, .. codebooks."""
        one = (self.bins.bit_length() - 1) * RATE_HZ / HOP / 1000
        counts = [1 << power for power in range(self.codebooks.bit_length()) if 1 << power < self.codebooks]
        return tuple(one * count for count in (*counts, self.codebooks))


PRESETS: Final = {"tiny": SoundPreset(2, codebooks=4, bins=32), "small": SoundPreset(12), "base": SoundPreset(32)}


def build(preset: str) -> Any:
    """transformers' EncodecModel of a preset, its codebooks all zeros. Raises ValueError for an unknown preset."""
    if preset not in PRESETS:
        raise ValueError(f"unknown preset {preset!r}; known are {', '.join(PRESETS)}")
    from transformers import EncodecConfig, EncodecModel

    size = PRESETS[preset]
    return EncodecModel(EncodecConfig(
        target_bandwidths=list(size.bandwidths_kbps), sampling_rate=RATE_HZ, audio_channels=1, hidden_size=CHANNELS,
        num_filters=size.filters, upsampling_ratios=list(RATIOS), norm_type="weight_norm", use_causal_conv=True,
        pad_mode="replicate", num_lstm_layers=size.lstm_layers, codebook_size=size.bins,
        codebook_dim=CHANNELS)).eval()


class SoundCodec:
    """A codec ready to run. All calls are without gradients; tensors go to the codec's device by themselves."""

    def __init__(self, model: Any, mean: Tensor, std: Tensor) -> None:
        """model: transformers' EncodecModel. mean, std: (32,) of its continuous latents."""
        if mean.shape != (CHANNELS,) or std.shape != (CHANNELS,) or not bool((std > 0).all()):
            raise ValueError(f"mean and std must be ({CHANNELS},) with std above 0")
        self.model = model.eval().requires_grad_(False)
        self.mean, self.std = mean.to(self.device, torch.float32), std.to(self.device, torch.float32)

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    @property
    def parameters(self) -> int:
        return sum(p.numel() for p in self.model.parameters())

    @classmethod
    def untrained(cls, preset: str, seed: int = 0) -> SoundCodec:
        """Random weights, with random codebooks too: as built they are zeros, which gives one code everywhere."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = build(preset)
            for layer in model.quantizer.layers:
                layer.codebook.embed.normal_(std=.1)
                layer.codebook.embed_avg.copy_(layer.codebook.embed)
                layer.codebook.cluster_size.fill_(1)
        return cls(model, torch.zeros(CHANNELS), torch.ones(CHANNELS))

    @classmethod
    def load(cls, folder: Path, device: str | torch.device = "cpu") -> SoundCodec:
        """The codec saved in `folder`, in float32. Raises ValueError where a weight is missing, unknown or misshapen,
        OSError where a file is missing."""
        from transformers import EncodecModel

        scale = json.loads((folder / SCALE_FILE).read_text("utf-8"))
        loaded: Any = EncodecModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32,
                                                   output_loading_info=True, ignore_mismatched_sizes=True)
        model, found = loaded
        wrong = {what: names for what, names in found.items() if names and what != "error_msgs"}
        if wrong:
            raise ValueError(f"the weights in {folder} do not fit the codec: {wrong}")
        return cls(model.to(device), torch.tensor(scale["mean"]), torch.tensor(scale["std"]))

    def save(self, folder: Path, dtype: torch.dtype = torch.float32) -> None:
        """Writes config.json, model.safetensors in `dtype` and latent_scale.json."""
        folder.mkdir(parents=True, exist_ok=True)
        model = self.model if dtype == torch.float32 else copy.deepcopy(self.model).to(dtype)
        model.save_pretrained(folder)
        scale = {"mean": self.mean.tolist(), "std": self.std.tolist()}
        (folder / SCALE_FILE).write_text(json.dumps(scale, indent=1) + "\n", "utf-8")

    @torch.no_grad()
    def encode(self, samples: Tensor, quantised: bool = False) -> Tensor:
        """(B, N) float32 at 24 kHz in [-1, 1] -> (B, steps, 16, 32) float32, about unit normal.

        N is filled up with silence to whole steps of 6000 samples. quantised: what the codes say of the latents.
        """
        latents = self.model.encoder(_whole_steps(samples.to(self.device))[:, None])
        if quantised:
            latents = self.model.quantizer.decode(self.model.quantizer.encode(latents))
        return self._scaled(latents)

    @torch.no_grad()
    def codes(self, samples: Tensor) -> Tensor:
        """(B, N) float32 -> (B, codebooks, frames) int64, 64 frames a second."""
        latents = self.model.encoder(_whole_steps(samples.to(self.device))[:, None])
        return self.model.quantizer.encode(latents).transpose(0, 1)

    @torch.no_grad()
    def latents_of(self, codes: Tensor) -> Tensor:
        """(B, codebooks or fewer, frames) int64 -> (B, steps, 16, 32). Raises ValueError unless frames fill steps."""
        if codes.ndim != 3 or codes.shape[-1] % FRAMES_PER_STEP:
            raise ValueError(f"codes must be (B, codebooks, a multiple of {FRAMES_PER_STEP}), not {tuple(codes.shape)}")
        return self._scaled(self.model.quantizer.decode(codes.to(self.device).transpose(0, 1)))

    @torch.no_grad()
    def decode(self, latents: Tensor) -> Tensor:
        """(B, steps, 16, 32) -> (B, steps * 6000) float32 at 24 kHz. Not clipped. ValueError for other shapes."""
        return self.model.decoder(self._frames(latents))[:, 0]

    def decoder_stream(self) -> DecoderStream:
        """A decoder that carries its state from step to step."""
        return DecoderStream(self)

    def encoder_stream(self) -> EncoderStream:
        """An encoder that carries its state from step to step."""
        return EncoderStream(self)

    def _scaled(self, latents: Tensor) -> Tensor:
        scaled = (latents.transpose(1, 2) - self.mean) / self.std
        return scaled.reshape(latents.shape[0], -1, FRAMES_PER_STEP, CHANNELS)

    def _frames(self, latents: Tensor) -> Tensor:
        """(B, steps, 16, 32) scaled -> (B, 32, frames) as the network has them."""
        if latents.ndim != 4 or latents.shape[2:] != (FRAMES_PER_STEP, CHANNELS):
            raise ValueError(f"latents must be (B, steps, {FRAMES_PER_STEP}, {CHANNELS}), not {tuple(latents.shape)}")
        return (latents.to(self.device).flatten(1, 2) * self.std + self.mean).transpose(1, 2)


class DecoderStream:
    """Decodes step by step; the pieces joined are what one long `decode` gives. The batch size stays the same."""

    def __init__(self, codec: SoundCodec) -> None:
        self._codec, self._chain = codec, _Chain(codec.model.decoder.layers)

    @torch.no_grad()
    def push(self, latents: Tensor) -> Tensor:
        """(B, steps, 16, 32) -> the next (B, steps * 6000) samples."""
        return self._chain(self._codec._frames(latents))[:, 0]  # pyright: ignore[reportPrivateUsage]

    def reset(self) -> None:
        """Back to the silence before the first step."""
        self._chain.reset()


class EncoderStream:
    """Encodes step by step; the pieces joined are what one long `encode` gives. The batch size stays the same."""

    def __init__(self, codec: SoundCodec) -> None:
        self._codec, self._chain = codec, _Chain(codec.model.encoder.layers)

    @torch.no_grad()
    def push(self, samples: Tensor) -> Tensor:
        """(B, N) -> (B, N / 6000, 16, 32). Raises ValueError unless N is whole steps of 6000 samples."""
        if samples.ndim != 2 or samples.shape[1] % SAMPLES_PER_STEP or not samples.shape[1]:
            raise ValueError(f"samples must be (B, a multiple of {SAMPLES_PER_STEP}), not {tuple(samples.shape)}")
        latents = self._chain(samples.to(self._codec.device)[:, None])
        return self._codec._scaled(latents)  # pyright: ignore[reportPrivateUsage]

    def reset(self) -> None:
        """Back to the silence before the first sample."""
        self._chain.reset()


def _whole_steps(samples: Tensor) -> Tensor:
    if samples.ndim != 2 or not samples.shape[1]:
        raise ValueError(f"samples must be (B, N) with N above 0, not {tuple(samples.shape)}")
    return fn.pad(samples, (0, -samples.shape[1] % SAMPLES_PER_STEP))


class _Part:
    """One layer with memory."""

    def __call__(self, x: Tensor) -> Tensor:
        return x

    def reset(self) -> None:
        pass


class _Chain(_Part):
    def __init__(self, layers: Sequence[Any]) -> None:
        self._parts = [_part(layer) for layer in layers]

    def __call__(self, x: Tensor) -> Tensor:
        for part in self._parts:
            x = part(x)
        return x

    def reset(self) -> None:
        for part in self._parts:
            part.reset()


class _Elu(_Part):
    def __call__(self, x: Tensor) -> Tensor:
        return fn.elu(x)


class _Conv(_Part):
    """Carries the inputs that the next window still covers. The normalised weight is worked out once, here."""

    def __init__(self, conv: nn.Conv1d) -> None:
        self._weight, self._bias = conv.weight.detach(), conv.bias
        self._stride, self._dilation = conv.stride[0], conv.dilation[0]
        self._memory = (conv.kernel_size[0] - 1) * self._dilation + 1 - self._stride
        self._tail: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        if self._memory:
            before = x[..., :1].expand(-1, -1, self._memory) if self._tail is None else self._tail
            x = torch.cat([before, x], -1)
            self._tail = x[..., -self._memory:]
        return fn.conv1d(x, self._weight, self._bias, self._stride, dilation=self._dilation)

    def reset(self) -> None:
        self._tail = None


class _Growing(_Part):
    """A transposed convolution: carries the frames whose output still reaches into the next chunk."""

    def __init__(self, conv: nn.ConvTranspose1d) -> None:
        self._weight, self._bias, self._stride = conv.weight.detach(), conv.bias, conv.stride[0]
        self._memory = -(-conv.kernel_size[0] // self._stride) - 1
        self._tail: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        start, length = self._memory * self._stride, x.shape[-1] * self._stride
        before = x.new_zeros(*x.shape[:2], self._memory) if self._tail is None else self._tail
        x = torch.cat([before, x], -1)
        self._tail = x[..., x.shape[-1] - self._memory:]
        return fn.conv_transpose1d(x, self._weight, self._bias, self._stride)[..., start:start + length]

    def reset(self) -> None:
        self._tail = None


class _Lstm(_Part):
    def __init__(self, lstm: nn.LSTM) -> None:
        self._lstm = lstm
        self._state: tuple[Tensor, Tensor] | None = None

    def __call__(self, x: Tensor) -> Tensor:
        rows = x.permute(2, 0, 1)
        out, self._state = self._lstm(rows, self._state)
        return (out + rows).permute(1, 2, 0)

    def reset(self) -> None:
        self._state = None


class _Residual(_Part):
    def __init__(self, block: Any) -> None:
        self._main, self._side = _Chain(block.block), _part(block.shortcut)

    def __call__(self, x: Tensor) -> Tensor:
        return self._side(x) + self._main(x)

    def reset(self) -> None:
        self._main.reset()
        self._side.reset()


def _part(layer: Any) -> _Part:
    """The streaming form of one layer of transformers' encoder or decoder. Raises ValueError for an unknown one."""
    if isinstance(layer, nn.Identity):
        return _Part()
    if isinstance(layer, nn.ELU):
        return _Elu()
    if hasattr(layer, "lstm"):
        return _Lstm(layer.lstm)
    if hasattr(layer, "block"):
        return _Residual(layer)
    if hasattr(layer, "conv"):
        return _Growing(layer.conv) if isinstance(layer.conv, nn.ConvTranspose1d) else _Conv(layer.conv)
    raise ValueError(f"no streaming form of {type(layer).__name__}")
