"""Whether a motion brush moves this piece's picture: an example region is laid over a small frame of its shot."""

from __future__ import annotations

import numpy as np

from modalities.engines.brushes import Brush, Brushes
from ui_gen.measured import Measured
from ui_gen.outcomes import CHANGED, changed
from ui_gen.panel import Control
from ui_gen.probe import FPS, LENGTH_S, Probe, roll
from world_model.colour import linear_to_oklab, srgb_to_linear
from world_model.sim.picture import Renderer

# Most of the picture, a third of its width a second: what any painted region does in small.
EXAMPLE = Brush(((0.05, 0.05), (0.95, 0.05), (0.95, 0.95), (0.05, 0.95)), (0.3, 0.0))
# Moments that no loop of the flow begins at together.
AT = (0.31, 0.43, 0.61)


def measure_brush(probe: Probe, control: Control, renderer: Renderer) -> Measured:
    """What the example comes to at a few moments of the shot; a picture without any texture has nothing to move."""
    rolled = roll(probe, list(control.value))
    shots = np.zeros(len(rolled.rows), np.int64)
    times_s = np.arange(len(rolled.rows)) / FPS
    brushes = Brushes({0: (EXAMPLE,)}, renderer.size_px, shots, times_s)
    seen = 0.0
    for share in AT:
        at = int(share * LENGTH_S * FPS / max(1, len(probe.chosen)))
        plain = renderer.render(rolled.rows[at: at + 1])
        pair = (100.0 * linear_to_oklab(srgb_to_linear(one / 255.0)) for one in (plain, brushes.moved(at, plain)))
        seen = max(seen, changed(*pair))
    alive = seen >= CHANGED.noticeable
    words = f"A painted region moves the picture by up to {seen:.2g} ΔE." if alive else "Nothing on this piece."
    return Measured(outcome="motion", unit="%/s", words=words, effect=30.0 if alive else 0.0,
                    interval=(30.0, 30.0) if alive else (0.0, 0.0), sign=int(alive), monotone=alive, alive=alive,
                    changed=seen, at=(0.0, 1.0), bounds=None, live=None, curve=(), leaks=(), dead=())
