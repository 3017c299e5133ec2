"""The codec round trip: what is left of a sound after so many bits a second, heard and measured.

EnCodec (Defossez et al. 2022, "High Fidelity Neural Audio Compression") through transformers' EncodecModel: our own
weights that ship with Beecam, or any EnCodec folder among the large models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modalities.engines.sound.large_music import STOPPED, at_rate
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.media import Sound
from modalities.weights import weights_root
from world_model.sim.loudness import Loudness

SHIPPED = "sound_codec"
# Coded in parts, each with some of the sound before it, which the network's memory needs.
PART_S, BEFORE_S = 20.0, 1.0
LONGEST_S = 3600.0
MELS, WINDOW = 64, 1024


@dataclass(frozen=True)
class Coded:
    """What came back and what that cost. kbps: of all channels together; snr_db: of the waveform (a codec that sounds
    right may have a poor one); spectral_db: mean distance of log-mel spectra, 0 is equal; loudness before and after."""

    sound: Sound
    rate_hz: int
    codec: str
    kbps: float
    offered_kbps: tuple[float, ...]
    codebooks: int
    channels: int
    snr_db: float
    spectral_db: float
    loudness_before_lufs: float
    loudness_after_lufs: float


def folder_of(name: str) -> Path:
    """A codec's folder: ours, or one among the large models. Raises Unavailable, Unusable for a name that is none."""
    if name == SHIPPED:
        import world_model

        return Path(world_model.__file__).parent / "weights" / SHIPPED
    if not name or Path(name).name != name or name.startswith("."):
        raise Unusable(f"--codec {name[:60]!r} is not a name; expected {SHIPPED}, or a folder of {weights_root()}.")
    folder = weights_root() / name
    if not (folder / "config.json").is_file():
        raise Unavailable(f"There is no codec {name[:60]!r} in {weights_root()}: put an EnCodec model's folder "
                          f"(config.json and safetensors) there, or use {SHIPPED}.")
    return folder


def round_trip(sound: Sound, rate_hz: int, kbps: float | None, name: str, stop: Flag,
               tell: Callable[[float], None] = lambda _: None) -> Coded:
    """(n, 2) float32 through the codec and back, at the same rate and length. kbps: the nearest rate that the codec
    offers is taken; None is the highest. Raises Stopped, Unavailable, Unusable."""
    if not len(sound) or len(sound) > LONGEST_S * rate_hz:
        raise Unusable(f"The codec takes sound of up to {LONGEST_S / 60:.0f} minutes, and not of none at all.")
    model = _opened(folder_of(name))
    config = model.config
    own_hz, channels = int(config.sampling_rate), int(config.audio_channels)
    # A mono codec says both sides one after the other.
    times = 1 if channels == 2 else 2
    offered = tuple(round(times * float(one), 3) for one in config.target_bandwidths)
    number = len(offered) - 1 if kbps is None else int(np.argmin([abs(one - kbps) for one in offered]))
    inner = at_rate(sound, rate_hz, own_hz)
    made, codebooks = _coded(model, inner, float(config.target_bandwidths[number]), own_hz, channels == 2, stop, tell)
    back = at_rate(made, own_hz, rate_hz)
    back = np.concatenate([back, np.zeros((max(0, len(sound) - len(back)), 2), np.float32)])[:len(sound)]
    noise = float(((inner - made) ** 2).sum())
    power = float((inner**2).sum())
    snr_db = 10.0 * float(np.log10(max(power, 1e-12) / max(noise, 1e-12)))
    return Coded(back, rate_hz, name, offered[number], offered, codebooks, channels, snr_db,
                 spectral_distance_db(inner, made, own_hz), _lufs(sound, rate_hz), _lufs(back, rate_hz))


def spectral_distance_db(one: Sound, other: Sound, rate_hz: int) -> float:
    """Mean over time of the root mean square difference of log-mel spectra in dB, floor 60 dB under the loudest; 0 for
    equal sounds."""
    a, b = (_mel_db(sound, rate_hz) for sound in (one, other))
    floor = max(float(a.max()), float(b.max())) - 60.0
    return float(np.sqrt(((np.maximum(a, floor) - np.maximum(b, floor)) ** 2).mean(0)).mean())


def _opened(folder: Path) -> Any:
    import torch
    from transformers import EncodecModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        model: Any = EncodecModel.from_pretrained(str(folder), local_files_only=True, dtype=torch.float32)
    except Exception as fault:  # a folder can be wrong in many ways
        raise Unavailable(f"The codec at {folder} cannot be opened ({type(fault).__name__}: "
                          f"{str(fault)[:160]}).") from None
    return model.eval().requires_grad_(False)


def _coded(model: Any, sound: Sound, kbps: float, rate_hz: int, stereo: bool, stop: Flag, tell: Callable[[float], None]
           ) -> tuple[Sound, int]:
    """At the model's rate, part by part; and how many codebooks spoke."""
    import torch

    out = np.zeros_like(sound)
    part, before = round(PART_S * rate_hz), round(BEFORE_S * rate_hz)
    codebooks = 0
    for start in range(0, len(sound), part):
        if stop.is_set():
            raise Stopped(STOPPED)
        lead = min(before, start)
        piece = sound[start - lead:start + part]
        values = torch.from_numpy(np.ascontiguousarray(piece.T))
        batch = values[None] if stereo else values[:, None]
        with torch.no_grad():
            said = model.encode(batch, bandwidth=kbps)
            codebooks = int(said.audio_codes.shape[2])
            made = model.decode(said.audio_codes, said.audio_scales,
                                last_frame_pad_length=getattr(said, "last_frame_pad_length", 0))[0]
        heard = made[0] if stereo else made[:, 0]
        back: NDArray[np.float32] = heard.numpy().T[lead:len(piece)]
        out[start:start + len(back)] = back
        tell(min(1.0, (start + part) / len(sound)))
    return out, codebooks


def _mel_db(sound: Sound, rate_hz: int) -> NDArray[np.float64]:
    import librosa

    mono = sound.mean(1, dtype=np.float32)
    mono = np.pad(mono, (0, max(0, WINDOW - len(mono))))
    mel = librosa.feature.melspectrogram(y=mono, sr=rate_hz, n_fft=WINDOW, hop_length=WINDOW // 2, n_mels=MELS)
    return 10.0 * np.log10(np.maximum(np.asarray(mel, np.float64), 1e-10))


def _lufs(sound: Sound, rate_hz: int) -> float:
    meter = Loudness(rate_hz)
    for start in range(0, len(sound), 10 * rate_hz):
        meter.feed(sound[start:start + 10 * rate_hz])
    return max(-70.0, meter.lufs())
