"""Imports the `encodec` package where torchaudio is missing or does not load.

The package names torchaudio at the top of two modules, though the networks use it for one thing only: the complex
spectrogram of the multi-scale STFT discriminator. A stand-in with that one transform is lent for the length of the
import and taken back at once: left in sys.modules, it would make other libraries believe that torchaudio is there.

Used by training only. The release on the package index is under CC-BY-NC 4.0; what runs the codec is the Apache-2.0
class of transformers, and the weights are our own.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.machinery
import sys
from collections.abc import Callable, Generator
from types import ModuleType, SimpleNamespace

import torch
from torch import Tensor, nn

NAME = "torchaudio"


class Spectrogram(nn.Module):
    """Complex short-time Fourier transform: (..., N) float -> (..., n_fft // 2 + 1, frames) complex.

    normalized divides by the window's energy; power, where given, returns magnitudes to that power instead.
    """

    window: Tensor

    def __init__(self, n_fft: int, hop_length: int, win_length: int,
                 window_fn: Callable[[int], Tensor] = torch.hann_window, normalized: bool = False,
                 center: bool = True, pad_mode: str | None = "reflect", power: float | None = None) -> None:
        super().__init__()
        self._n_fft, self._hop, self._length = n_fft, hop_length, win_length
        self._normalized, self._center, self._power = normalized, center, power
        self._pad_mode = pad_mode or "reflect"
        self.register_buffer("window", window_fn(win_length), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        flat = torch.stft(x.reshape(-1, x.shape[-1]), self._n_fft, self._hop, self._length, self.window,
                          center=self._center, pad_mode=self._pad_mode, return_complex=True)
        out = flat.reshape(*x.shape[:-1], *flat.shape[-2:])
        if self._normalized:
            out = out / self.window.square().sum().sqrt()
        return out if self._power is None else out.abs().pow(self._power)


def import_encodec() -> ModuleType:
    """The `encodec` package with its modules `modules`, `quantization` and `msstftd` loaded.

    Raises ImportError where the package is not installed.
    """
    if "encodec.msstftd" in sys.modules:
        return sys.modules["encodec"]
    with contextlib.nullcontext() if _loads() else _lent():
        package = importlib.import_module("encodec")
        importlib.import_module("encodec.msstftd")
    return package


def _loads() -> bool:
    """Whether torchaudio imports: absent gives ImportError, built for another torch gives OSError."""
    try:
        importlib.import_module(NAME)
    except (ImportError, OSError):
        _forget()
        return False
    return True


def _forget() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == NAME]:
        del sys.modules[name]


@contextlib.contextmanager
def _lent() -> Generator[None, None, None]:
    stand_in = ModuleType(NAME)
    stand_in.__spec__ = importlib.machinery.ModuleSpec(NAME, None)
    stand_in.__dict__["transforms"] = SimpleNamespace(Spectrogram=Spectrogram)
    sys.modules[NAME] = stand_in
    try:
        yield
    finally:
        _forget()
