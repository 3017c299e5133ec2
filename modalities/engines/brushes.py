"""Motion brushes: what lies in a painted region of a shot flows the way its direction says; the rest is untouched.

The finished frames of any engine are warped by a flow that does not change over time, as in a cinemagraph (Holynski et
al., "Animating Pictures with Eulerian Motion Fields", 2021). Two copies of a frame are blended: one has been carried
along the flow from where it stood, the other is still on its way there; whichever is carried furthest weighs nothing,
so that it starts again unseen. After every `loop_s` one copy stands exactly where the frame has it. A loop ends with
the flow, so the first and last frame of a brush are the frame itself and nothing jumps at a cut. A frame depends on
itself and its time alone: asked for alone it is the same as in sequence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
F32 = NDArray[np.float32]
# Share of the region's length that a copy is carried, the most of it in picture widths, and seconds of a loop.
CARRIED, MOST_CARRIED, LOOP_S = 0.22, 0.12, (0.2, 2.5)
EASE_S = 0.4
# The flow has its full speed after this share of the soft edge.
BRAKE = 0.6
# The flow is followed on a grid of at most so many columns.
GRID_PX = 256
MOST_GAIN = 1.5


@dataclass(frozen=True)
class Brush:
    """region: corners (x, y) in [0, 1] of a polygon. direction: (right, down) in picture widths a second. softness:
    how far inside the edge the moving picture has quite taken over from the one that stands, in picture widths. start,
    end: when it flows, in shares u of the shot."""

    region: tuple[tuple[float, float], ...]
    direction: tuple[float, float]
    softness: float = 0.05
    start: float = 0.0
    end: float = 1.0


def mask_of(brush: Brush, size_px: tuple[int, int], soft: float = 1.0) -> F32:
    """(H, W) float32 in [0, 1]: how far the moving picture covers the standing one; exactly 0 outside the region."""
    width, height = size_px
    corners = np.asarray(brush.region, np.float64) * (width, height) - 0.5
    filled = np.zeros((height, width), np.uint8)
    cv2.fillPoly(filled, [np.rint(corners * 16).astype(np.int32)], 1, shift=4)
    soft_px = soft * brush.softness * width
    if soft_px < 1.0:
        return filled.astype(np.float32)
    inside = cv2.distanceTransform(filled, cv2.DIST_L2, 5).astype(np.float32)
    u = np.minimum(inside / np.float32(soft_px), np.float32(1.0))
    return u * u * (np.float32(3.0) - np.float32(2.0) * u)


class Flow:
    """One brush made ready for a size and a shot of `duration_s`. `moved(rgb, t_s)` is a function of its arguments."""

    def __init__(self, brush: Brush, size_px: tuple[int, int], duration_s: float) -> None:
        self.brush = brush
        self._start_s, self._end_s = brush.start * duration_s, brush.end * duration_s
        self._ease_in = EASE_S if brush.start > 0 else 0.0
        self._ease_out = EASE_S if brush.end < 1 else 0.0
        spare = self._end_s - self._start_s
        if self._ease_in + self._ease_out > spare:
            share = spare / max(self._ease_in + self._ease_out, 1e-9)
            self._ease_in, self._ease_out = self._ease_in * share, self._ease_out * share
        mask = mask_of(brush, size_px)
        speed = float(np.hypot(*brush.direction))
        whole_s = self.flowed_s(self._end_s)
        found = cv2.boundingRect((mask > 0).astype(np.uint8))
        self._still = speed < 1e-6 or whole_s < 1e-6 or not found[2] * found[3]
        self.loop_s = 1.0
        if self._still:
            return
        self.loop_s = _loop_s(brush, speed, whole_s, size_px)
        # Two pixels more on each side, for the taps of the cubic kernel.
        left, top = max(found[0] - 2, 0), max(found[1] - 2, 0)
        right, bottom = min(found[0] + found[2] + 2, size_px[0]), min(found[1] + found[3] + 2, size_px[1])
        self._box = (slice(top, bottom), slice(left, right))
        cover = np.ascontiguousarray(mask[self._box])
        self._part, self._cover, self._rest = (cover > 0).astype(np.uint8), cover, np.float32(1.0) - cover
        part = np.ascontiguousarray(mask_of(brush, size_px, BRAKE)[self._box])
        self._step = np.array(brush.direction, np.float32) * np.float32(size_px[0])
        self._nodes_s, self._carried_s = _carried(part, self._step, self.loop_s)
        down, across = np.mgrid[0:part.shape[0], 0:part.shape[1]].astype(np.float32)
        self._across, self._down = across, down
        self._blur = max(3, size_px[0] // 40) | 1

    def flowed_s(self, t_s: float) -> float:
        """Seconds of full flow up to t_s of the shot: eased in and out where it begins or ends within the shot."""
        t = min(max(t_s, self._start_s), self._end_s) - self._start_s
        length = self._end_s - self._start_s
        # The integral of a trapezium: rising, full, falling.
        rise, fall = self._ease_in, self._ease_out
        gone = t if rise <= 0 else (t * t / (2 * rise) if t < rise else t - rise / 2)
        late = t - (length - fall)
        return gone - (late * late / (2 * fall) if fall > 0 and late > 0 else 0.0)

    def moved(self, rgb: Picture, t_s: float) -> Picture:
        """The frame (H, W, 3) uint8 at t_s seconds of its shot; the very same array where nothing is to be done."""
        if self._still:
            return rgb
        phase = self.flowed_s(t_s) / self.loop_s
        phase -= np.floor(phase + 1e-6)
        if phase <= 1e-6:
            return rgb
        part = np.ascontiguousarray(rgb[self._box])
        gone, coming = self._at(part, phase * self.loop_s), self._at(part, (phase - 1.0) * self.loop_s)
        share = phase * phase * (3.0 - 2.0 * phase)
        mixed = cv2.addWeighted(gone, 1.0 - share, coming, share, 0.0).astype(np.uint8, copy=False)
        mixed = _with_contrast(mixed, gone, coming, share, self._blur)
        # Near the edge, where the flow is braked and the picture would pile up, the standing one shows through.
        mixed = cv2.blendLinear(mixed, part, self._cover, self._rest)
        out = rgb.copy()
        whole = out[self._box]
        # cv2 copies within the mask only; outside it every byte is the frame's own.
        cv2.copyTo(mixed, self._part, whole)
        return out

    def _at(self, part: Picture, seconds: float) -> Picture:
        """The part carried along the flow for so many seconds, by looking back to where each pixel comes from."""
        nodes = self._nodes_s
        k = int(np.clip(np.searchsorted(nodes, seconds) - 1, 0, len(nodes) - 2))
        u = float((seconds - nodes[k]) / (nodes[k + 1] - nodes[k]))
        carried = cv2.addWeighted(self._carried_s[k], 1.0 - u, self._carried_s[k + 1], u, 0.0)
        back = cv2.resize(carried, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_LINEAR)
        # Only at the picture's own border is anything beyond the part asked for: it is mirrored there, not smeared.
        return cv2.remap(part, self._across - back * self._step[0], self._down - back * self._step[1],
                         cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101).astype(np.uint8, copy=False)


class Brushes:
    """The brushes of a film, by shot. shots: (T,) the shot of each frame; times_s: (T,) the film's time of the drawing
    that each frame shows (drawn looks hold a drawing, and the flow is held with it)."""

    def __init__(self, brushes: Mapping[int, Sequence[Brush]], size_px: tuple[int, int], shots: NDArray[np.int64],
                 times_s: NDArray[np.float64]) -> None:
        self._brushes = {shot: tuple(found) for shot, found in brushes.items() if found}
        self._size_px, self._shots, self._times_s = size_px, shots, times_s
        self._ready: dict[int, tuple[float, list[Flow]]] = {}

    def __bool__(self) -> bool:
        return bool(self._brushes)

    def of(self, index: int) -> tuple[Brush, ...]:
        """The brushes of frame `index`'s shot."""
        return self._brushes.get(int(self._shots[index]), ())

    def moved(self, index: int, rgb: Picture) -> Picture:
        """Frame `index` with its shot's brushes, each on what the one before has left."""
        if not self.of(index):
            return rgb
        begin_s, flows = self._flows(int(self._shots[index]))
        for flow in flows:
            rgb = flow.moved(rgb, float(self._times_s[index]) - begin_s)
        return rgb

    def _flows(self, shot: int) -> tuple[float, list[Flow]]:
        if shot not in self._ready:
            times = self._times_s[self._shots == shot]
            # One shot at a time is filmed; what was made ready for others is let go.
            self._ready = {shot: (float(times[0]), [Flow(brush, self._size_px, float(times[-1] - times[0]))
                                                    for brush in self._brushes[shot]])}
        return self._ready[shot]


def _loop_s(brush: Brush, speed: float, whole_s: float, size_px: tuple[int, int]) -> float:
    """Seconds of a loop: short enough that a copy stays near home, and a whole number of them in the flow's time."""
    corners = np.asarray(brush.region, np.float64) * (1.0, size_px[1] / size_px[0])
    along = corners @ (np.asarray(brush.direction) / speed)
    reach = min(CARRIED * float(along.max() - along.min()), MOST_CARRIED)
    wanted = float(np.clip(reach / speed, *LOOP_S))
    return whole_s / max(1, round(whole_s / wanted))


def _carried(mask: F32, step: F32, loop_s: float) -> tuple[NDArray[np.float64], list[F32]]:
    """Times from -loop_s to loop_s, and for each the seconds of full flow (h, w) by which a pixel of a small grid was
    carried: the solution of x' = mask(x) * step, backwards, by the midpoint rule. It never leaves the region."""
    height, width = mask.shape
    shrink = max(1.0, max(height, width) / GRID_PX)
    small = (max(2, round(width / shrink)), max(2, round(height / shrink)))
    slow = cv2.resize(mask, small, interpolation=cv2.INTER_AREA if shrink > 1 else cv2.INTER_LINEAR)
    down, across = np.mgrid[0:small[1], 0:small[0]].astype(np.float32)
    per_s = step * np.array([small[0] / width, small[1] / height], np.float32)
    count = int(np.clip(np.ceil(np.hypot(*per_s) * loop_s / 2.0), 6, 48))
    each = loop_s / count

    def speed_at(seconds: F32) -> F32:
        there = cv2.remap(slow, across - seconds * per_s[0], down - seconds * per_s[1], cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(there, np.float32)

    sides: list[list[F32]] = []
    for sign in (-1.0, 1.0):
        seconds: F32 = np.zeros((small[1], small[0]), np.float32)
        side = [seconds]
        for _ in range(count):
            half = (seconds + 0.5 * sign * each * speed_at(seconds)).astype(np.float32)
            seconds = (seconds + sign * each * speed_at(half)).astype(np.float32)
            side.append(seconds)
        sides.append(side)
    return np.linspace(-loop_s, loop_s, 2 * count + 1), [*sides[0][:0:-1], *sides[1]]


def _with_contrast(mixed: Picture, one: Picture, other: Picture, share: float, blur: int) -> Picture:
    """The mixture with the local contrast that its two parts have: where they do not agree, their mean is flat (Heitz
    and Neyret 2018, with the local correlation measured instead of taken for 0)."""
    half = (max(1, mixed.shape[1] // 2), max(1, mixed.shape[0] // 2))
    grey = [cv2.cvtColor(cv2.resize(part, half, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY).astype(np.float32)
            for part in (one, other)]
    window = (max(3, blur // 2) | 1,) * 2
    means = [cv2.blur(part, window) for part in grey]
    a, b = (part - mean for part, mean in zip(grey, means, strict=True))
    aa, bb, ab = (np.maximum(cv2.blur(x * y, window), low) for x, y, low in ((a, a, 0), (b, b, 0), (a, b, -1e9)))
    wanted = (1.0 - share) * np.sqrt(aa) + share * np.sqrt(bb)
    got = np.sqrt(np.maximum((1.0 - share) ** 2 * aa + share ** 2 * bb + 2.0 * share * (1.0 - share) * ab, 0.0))
    # Half a grey level is noise of rounding and is not made more of.
    gain = np.clip((wanted + 0.5) / (got + 0.5), 1.0, MOST_GAIN).astype(np.float32)
    gain = cv2.resize(gain, (mixed.shape[1], mixed.shape[0]), interpolation=cv2.INTER_LINEAR)
    flat = cv2.blur(mixed, (blur, blur))
    return cv2.blendLinear(mixed, flat, gain, np.float32(1.0) - gain).astype(np.uint8, copy=False)
