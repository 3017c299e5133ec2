"""Sound for LTX-2: a waveform as its audio latents, latents as a waveform, and a way to hold the sound still while the
picture is made, so that music leads a film.

The mel recipe is the one that model's own code states (16 kHz, 1024-point Hann windows every 160 samples, 64 Slaney
bands up to 8 kHz, magnitude, natural logarithm); sizes are read from the weights' configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

WINDOW, QUIETEST = 1024, 1e-5


def heard(pipe: Any, sound: NDArray[np.float32], rate_hz: int) -> Tensor:
    """Stereo sound (N, 2) float32 as audio latents (1, C, L, M), as the pipelines take them."""
    import librosa
    import soxr
    import torch

    config = pipe.audio_vae.config
    mono = np.asarray(soxr.resample(sound, rate_hz, config.sample_rate), np.float32)
    wave = torch.from_numpy(np.ascontiguousarray(mono.T))
    window = torch.hann_window(WINDOW)
    spectrum = torch.stft(wave, WINDOW, config.mel_hop_length, WINDOW, window, center=True, pad_mode="constant",
                          return_complex=True).abs()
    bands = librosa.filters.mel(sr=config.sample_rate, n_fft=WINDOW, n_mels=config.mel_bins, fmin=0.0,
                                fmax=min(8000.0, config.sample_rate / 2), htk=False, norm="slaney")
    mel = torch.log(torch.clamp(torch.from_numpy(bands) @ spectrum, min=QUIETEST))
    with torch.inference_mode():
        ready = mel.transpose(1, 2)[None].to(pipe._execution_device, pipe.audio_vae.dtype)
        latents = pipe.audio_vae.encode(ready).latent_dist.mode()
    return latents.float().cpu()


def played(pipe: Any, latents: Any) -> tuple[NDArray[np.float32], int]:
    """Audio latents as ((N, 2) float32, rate in Hz)."""
    import torch

    with torch.inference_mode():
        mel = pipe.audio_vae.decode(latents.to(pipe._execution_device, pipe.audio_vae.dtype), return_dict=False)[0]
        wave = pipe.vocoder(mel)[0]
    rate = int(pipe.vocoder.config.output_sampling_rate)
    return np.ascontiguousarray(wave.float().clamp(-1, 1).cpu().numpy().T), rate


class Still:
    """A scheduler under which nothing moves: every step has no noise left and gives back what it was given. In the
    place of the audio's scheduler it holds the sound while the picture is made from it."""

    order = 1

    def __init__(self) -> None:
        import torch

        self.timesteps: Tensor = torch.zeros(0)
        self.sigmas: Tensor = torch.zeros(1)
        self.config: dict[str, Any] = {}

    def set_timesteps(self, num_inference_steps: int | None = None, device: Any = None,
                      timesteps: list[float] | None = None, sigmas: list[float] | None = None,
                      mu: float | None = None) -> None:
        """As many steps as are asked for, all at 0."""
        import torch

        count = num_inference_steps or len(sigmas if sigmas is not None else timesteps or ())
        self.timesteps, self.sigmas = torch.zeros(count, device=device), torch.zeros(count + 1, device=device)

    def step(self, _velocity: Any, _time: Any, sample: Any, return_dict: bool = True) -> tuple[Any]:
        return (sample,)


def with_sound_held(kind: Any) -> Any:
    """The pipeline class `kind`, whose given audio latents are taken as they are, without noise."""

    class Held(kind):
        def prepare_audio_latents(self, *args: Any, **named: Any) -> Any:
            if named.get("latents") is not None:
                named["noise_scale"] = 0.0
            return super().prepare_audio_latents(*args, **named)

    return Held
