"""What this machine has for large models, and how a model of a given size can be laid out on it, best way first.

Ways of laying out are diffusers': everything on the card; whole parts moved there when they are used; blocks streamed
there one after another; weights kept in eight bits and computed in sixteen. Sizes are read from files, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from modalities.faults import Unavailable

Device = Literal["cuda", "mps", "cpu"]
Offload = Literal["none", "model", "group"]
# Above this a model on the CPU alone would take hours for a second of film.
MOST_ON_CPU_MB = 3000.0
# Of a card's memory, what a driver, a desktop and fragmentation leave for us.
USABLE = 0.92
# A streamed part keeps about two of its blocks on the card at once.
STREAMED = 0.12
# Layers that stay in sixteen bits when the rest is cast to eight.
EIGHT_BITS = 0.55


@dataclass(frozen=True)
class Accelerator:
    """memory_mb: of the card, 0 without one; host_mb: main memory that is free now."""

    device: Device
    name: str
    memory_mb: float
    host_mb: float
    bf16: bool


@dataclass(frozen=True)
class Fit:
    """One way to lay a model out. dtype: torch's name for it; needs_mb: on the card, weights and work together."""

    device: Device
    dtype: Literal["float32", "bfloat16", "float16"]
    offload: Offload
    eight_bits: bool
    needs_mb: float

    @property
    def said(self) -> str:
        """In words."""
        if self.device == "cpu":
            return "on the CPU in 32 bits"
        where = {"none": "all on the card", "model": "part by part on the card", "group": "streamed to the card"}
        return f"{where[self.offload]}{', weights in 8 bits' if self.eight_bits else ''}"


@cache
def accelerator() -> Accelerator:
    """The first card that torch sees, or the CPU."""
    import psutil
    import torch

    host_mb = psutil.virtual_memory().available / 1e6
    if torch.cuda.is_available():
        seen = torch.cuda.get_device_properties(0)
        return Accelerator("cuda", seen.name, seen.total_memory / 1e6, host_mb, torch.cuda.is_bf16_supported())
    if torch.backends.mps.is_available():
        return Accelerator("mps", "Apple GPU", 0.7 * psutil.virtual_memory().total / 1e6, host_mb, False)
    return Accelerator("cpu", "no GPU", 0.0, host_mb, False)


def ways(parts_mb: Mapping[str, float], work_mb: float, here: Accelerator) -> tuple[Fit, ...]:
    """Every way that should fit, best first; each later one needs less of the card.

    parts_mb: weights of each part in the type they are computed in; work_mb: what one generation needs beside them.
    Raises Unavailable, with the numbers, when none fits.
    """
    total, largest = sum(parts_mb.values()), max(parts_mb.values(), default=0.0)
    if here.device == "cpu":
        if total > MOST_ON_CPU_MB:
            raise Unavailable(f"It needs a GPU: {total / 1000:.1f} GB of weights would take hours on this CPU.")
        return (Fit("cpu", "float32", "none", False, 2.0 * total + work_mb),)
    dtype = "bfloat16" if here.bf16 else "float16"
    wanted = [Fit(here.device, dtype, "none", False, total + work_mb),
              Fit(here.device, dtype, "model", False, largest + work_mb),
              Fit(here.device, dtype, "model", True, EIGHT_BITS * largest + work_mb),
              Fit(here.device, dtype, "group", False, STREAMED * largest + work_mb)]
    # Streaming is of CUDA's; and what is not on the card lies in main memory.
    able = [fit for fit in wanted if fit.needs_mb <= USABLE * here.memory_mb
            and (fit.offload != "group" or here.device == "cuda") and (fit.offload == "none" or total <= here.host_mb)]
    if not able:
        least = min(fit.needs_mb for fit in wanted)
        raise Unavailable(f"It does not fit: at least {least / 1000:.1f} GB of GPU memory and {total / 1000:.1f} GB of "
                          f"free main memory are needed; here are {here.memory_mb / 1000:.1f} GB ({here.name}) and "
                          f"{here.host_mb / 1000:.1f} GB.")
    return tuple(able)
