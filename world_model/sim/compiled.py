"""How the picture's inner loops are compiled.

Both kinds are free of the interpreter lock, cached on disk, divide by IEEE rules, and run without numba's reference
counting (`_nrt`): counting an array at every call costs more than most of these functions do, and two threads would
wait for each other at the counters. They may therefore not make arrays, only fill them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy", "_nrt": False}


def exact(function: Callable[..., Any]) -> Any:
    """Compile a function whose every rounding matters: shared edges, and heights that two frames must agree on."""
    return njit(**_OPTIONS)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """As `exact`, for a few operations that are always copied into their caller."""
    return njit(**_OPTIONS, inline="always")(function)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function of light and colour: products and sums may be fused, divisions turned into products.

    The same machine code and the same numbers still give the same bytes.
    """
    return njit(**_OPTIONS, fastmath={"contract", "arcp", "nsz", "reassoc"})(function)
