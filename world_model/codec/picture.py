"""The picture codec: three frames (a quarter second at 12 fps) become one grid of latents, and come back.

Causal in time: a step sees itself and the steps before, never those to come, so that it streams. What it must remember
between two calls is an explicit value. It is deterministic: the latents are plain numbers, not a distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor

from world_model.codec.picture_blocks import FACTOR, Decoder, Encoder, LinearPatches

PRESETS: dict[str, dict[str, Any]] = {
    "tiny": {"latent_channels": 8, "encoder_channels": (8, 16, 24), "decoder_channels": (24, 16, 8), "blocks": 1},
    "small": {"latent_channels": 32, "encoder_channels": (32, 64, 128), "decoder_channels": (160, 96, 48), "blocks": 1},
    "base": {"latent_channels": 32, "encoder_channels": (96, 192, 320), "decoder_channels": (352, 256, 128),
             "blocks": 2},
}


@dataclass(frozen=True)
class CodecState:
    """What one direction of the codec remembers of the last step: features (B, C, h, w), one for each memory.

    A value: it may be kept, and a run may be taken up from it more than once.
    """

    features: tuple[Tensor, ...]


class PictureCodec(ModelMixin, ConfigMixin):
    """A causal autoencoder of pictures.

    frames_per_step: frames behind one latent grid. latent_channels: C. encoder_channels: widths at 1/4, 1/8 and 1/16
    of the size; decoder_channels: widths at 1/16, 1/8 and 1/4. blocks: residual blocks at each of them.

    The weights hold the latents' mean and standard deviation (see `set_latent_scale`), so that what leaves `encode` has
    about zero mean and unit variance in each channel.
    """

    latent_mean: Tensor
    latent_std: Tensor

    @register_to_config
    def __init__(self, frames_per_step: int = 3, latent_channels: int = 32,
                 encoder_channels: Sequence[int] = (32, 64, 128), decoder_channels: Sequence[int] = (160, 96, 48),
                 blocks: int = 1) -> None:
        super().__init__()
        if len(encoder_channels) != 3 or len(decoder_channels) != 3:
            raise ValueError("encoder_channels and decoder_channels must each have three widths")
        self.frames_per_step, self.latent_channels = frames_per_step, latent_channels
        folded = 3 * frames_per_step
        self.linear = LinearPatches(folded, latent_channels)
        self.encoder = Encoder(folded, tuple(encoder_channels), latent_channels, blocks)
        self.decoder = Decoder(folded, tuple(decoder_channels), latent_channels, blocks)
        self.register_buffer("latent_mean", torch.zeros(latent_channels))
        self.register_buffer("latent_std", torch.ones(latent_channels))
        self.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]

    def encode(self, video: Tensor, state: CodecState | None = None) -> tuple[Tensor, CodecState]:
        """Latents of a video, and the state from which the next call goes on.

        video: (B, T * frames_per_step, 3, H, W) float in [0, 1], H and W multiples of 16. Returns latents
        (B, T, C, H / 16, W / 16), about unit normal. Step by step with the state carried equals all at once.
        Raises ValueError for another shape, or a state of another size.
        """
        latents, kept = self.raw_latents(video, state)
        return (latents - self.latent_mean[:, None, None]) / self.latent_std[:, None, None], kept

    def decode(self, latents: Tensor, state: CodecState | None = None) -> tuple[Tensor, CodecState]:
        """The video of latents (B, T, C, h, w), and the state from which the next call goes on.

        Returns (B, T * frames_per_step, 3, 16 h, 16 w) float, clamped to [0, 1] unless training (a clamp has no
        gradient). Raises ValueError for another shape, or a state of another size.
        """
        if latents.ndim != 5 or latents.shape[2] != self.latent_channels or 0 in latents.shape:
            raise ValueError(f"latents must be (B, T, {self.latent_channels}, h, w), not {tuple(latents.shape)}")
        z = latents * self.latent_std[:, None, None] + self.latent_mean[:, None, None]
        return self.from_raw(z, state)

    def raw_latents(self, video: Tensor, state: CodecState | None = None) -> tuple[Tensor, CodecState]:
        """As `encode`, before the latents are scaled; for training."""
        folded = self._folded(video)
        batch = video.shape[0]
        before = self._before(state, Encoder.memories, batch, folded.shape[-1] // FACTOR)
        correction, kept = self.encoder(folded, batch, before)
        return (self.linear.encode(folded) + correction).unflatten(0, (batch, -1)), CodecState(kept)

    def from_raw(self, latents: Tensor, state: CodecState | None = None) -> tuple[Tensor, CodecState]:
        """As `decode`, from latents that were not scaled; for training."""
        batch = latents.shape[0]
        before = self._before(state, Decoder.memories, batch, latents.shape[-1])
        z = latents.flatten(0, 1)
        correction, kept = self.decoder(z, batch, before)
        folded = (self.linear.decode(z) + correction) * 0.5 + 0.5
        height, width = folded.shape[-2:]
        video = folded.reshape(batch, -1, 3, height, width)
        return (video if self.training else video.clamp(0.0, 1.0)), CodecState(kept)

    def forward(self, video: Tensor, noise: float = 0.0) -> tuple[Tensor, Tensor]:
        """(the video again, its latents before scaling); noise: standard deviation added in between, which teaches
        the decoder to bear latents that are a little off."""
        latents, _ = self.raw_latents(video)
        return self.from_raw(latents + noise * torch.randn_like(latents) if noise else latents)[0], latents

    def fit_linear(self, video: Tensor) -> None:
        """Set the linear part to the principal components of a video (B, T * frames_per_step, 3, H, W)."""
        self.linear.fit(self._folded(video))

    def set_latent_scale(self, mean: Tensor, std: Tensor) -> None:
        """Remember the raw latents' mean and standard deviation, both (C,). ValueError unless finite and std > 0."""
        if not (torch.isfinite(mean).all() and torch.isfinite(std).all() and (std > 0).all()):
            raise ValueError("the latents' mean and standard deviation must be finite, the latter above zero")
        self.latent_mean.copy_(mean)
        self.latent_std.copy_(std)

    def _folded(self, video: Tensor) -> Tensor:
        """(B * T, 3 * frames_per_step, H, W) in [-1, 1]."""
        frames = self.frames_per_step
        if video.ndim != 5 or video.shape[2] != 3 or video.shape[1] % frames or 0 in video.shape:
            raise ValueError(f"a video must be (B, T * {frames}, 3, H, W), not {tuple(video.shape)}")
        height, width = video.shape[3:]
        if height % FACTOR or width % FACTOR:
            raise ValueError(f"height and width must be multiples of {FACTOR}, not {height} and {width}")
        return video.reshape(-1, 3 * frames, height, width) * 2.0 - 1.0

    def _before(self, state: CodecState | None, memories: int, batch: int, width: int) -> tuple[Tensor, ...] | None:
        if state is None:
            return None
        if len(state.features) != memories or any(x.shape[0] != batch or x.shape[-1] % width for x in state.features):
            raise ValueError("the carried state belongs to another direction, batch or picture size")
        return state.features


def make_codec(preset: str) -> PictureCodec:
    """A new codec of one of PRESETS. ValueError for another name."""
    if preset not in PRESETS:
        raise ValueError(f"preset must be one of {', '.join(PRESETS)}, not {preset!r}")
    return PictureCodec(**PRESETS[preset])


def load_codec(folder: str) -> PictureCodec:
    """A codec saved with save_pretrained, ready to use (not training)."""
    codec = PictureCodec.from_pretrained(folder, local_files_only=True).eval()
    return codec.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
