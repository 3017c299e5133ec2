"""Loudness and true peak: ITU-R BS.1770-4 with its gates, and a limiter that looks ahead.

Peaks are read 4 times oversampled with the interpolation filter of BS.1770-4 annex 2.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import signal

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
CEILING_DBTP = -1.0


class Loudness:
    """Integrated loudness of a stream: feed chunks, then read `lufs()` (minus infinity for silence)."""

    def __init__(self, rate_hz: int) -> None:
        self._sos, self._rate = k_weighting(rate_hz), rate_hz
        self._zi = np.zeros((2, 2, 2))
        self._rest = np.zeros(0)
        self._tenths: list[F64] = []

    def feed(self, x: F32) -> None:
        y, self._zi = signal.sosfilt(self._sos, x, axis=0, zi=self._zi)
        power = np.concatenate([self._rest, (y * y).sum(1)])
        size = self._rate // 10
        whole = len(power) // size
        self._tenths.append(power[:whole * size].reshape(whole, size).mean(1))
        self._rest = power[whole * size:]

    def lufs(self) -> float:
        tenths = np.concatenate(self._tenths) if self._tenths else np.zeros(0)
        if len(tenths) < 4:  # shorter than one gating block: the whole of it
            rest = float(self._rest.mean()) if len(self._rest) else 0.0
            mean = float(tenths.mean()) if len(tenths) else rest
            return -.691 + 10 * float(np.log10(mean)) if mean > 1e-10 else float("-inf")
        blocks = np.convolve(tenths, np.ones(4) / 4, "valid")
        loud = blocks[blocks > 10 ** ((-70 + .691) / 10)]
        if not len(loud):
            return float("-inf")
        kept = loud[loud > loud.mean() * .1]
        return -.691 + 10 * float(np.log10(kept.mean()))


def k_weighting(rate_hz: int) -> F64:
    """BS.1770 K-weighting as second-order sections at any rate (bilinear transform of the analogue prototype)."""
    rows: list[list[float]] = []
    k, q = np.tan(np.pi * 1681.974450955533 / rate_hz), .7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band_gain = high ** .4996667741545416
    a0 = 1 + k / q + k * k
    rows.append(
        [
            (high + band_gain * k / q + k * k) / a0,
            2 * (k * k - high) / a0,
            (high - band_gain * k / q + k * k) / a0,
            1,
            2 * (k * k - 1) / a0,
            (1 - k / q + k * k) / a0,
        ]
    )
    k, q = np.tan(np.pi * 38.13547087602444 / rate_hz), .5003270373238773
    a0 = 1 + k / q + k * k
    rows.append([1, -2, 1, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0])
    return np.array(rows)


# BS.1770-4 annex 2: four phases of a 48-tap interpolator.
_PHASES = np.array([
    [.0017089843750, .0109863281250, -.0196533203125, .0332031250000, -.0594482421875, .1373291015625, .9721679687500,
     -.1022949218750, .0476074218750, -.0266113281250, .0148925781250, -.0083007812500],
    [-.0291748046875, .0292968750000, -.0517578125000, .0891113281250, -.1665039062500, .4650878906250, .7797851562500,
     -.2003173828125, .1015625000000, -.0582275390625, .0330810546875, -.0189208984375]])
PHASES = np.concatenate([_PHASES, _PHASES[::-1, ::-1]])


@njit(cache=True, nogil=True, error_model="numpy")
def _true_peaks(x: F32, taps: F64, floor: float, out: F32) -> None:
    """Peak between samples near n, for n in [6, len - 6); below `floor` the sample peak stands in for it."""
    for n in range(6, x.shape[0] - 6):
        top = 0.0
        for k in range(n - 2, n + 3):
            top = max(top, abs(x[k, 0]), abs(x[k, 1]))
        if top > floor:
            for c in range(2):
                for p in range(4):
                    acc = 0.0
                    for k in range(12):
                        acc += taps[p, k] * x[n + 6 - k - 1, c]
                    top = max(top, abs(acc))
        out[n] = top


def true_peaks(x: F32, floor: float = 0.0) -> F32:
    """(n,) inter-sample peak magnitude around each sample of an (n, 2) sound."""
    padded = np.concatenate([np.zeros((6, 2), np.float32), x, np.zeros((6, 2), np.float32)])
    out = np.zeros(len(padded), dtype=np.float32)
    _true_peaks(np.ascontiguousarray(padded), PHASES, floor, out)
    return out[6:-6]


def true_peak_dbtp(x: F32) -> float:
    """True peak of a sound in dBTP."""
    top = max((float(true_peaks(x[a:a + 2**20]).max()) for a in range(0, len(x), 2**20)), default=0.0)
    return 20 * float(np.log10(max(top, 1e-9)))


@njit(cache=True, nogil=True, error_model="numpy")
def _floor_and_rise(need: F32, hold: int, rise: float) -> None:
    """In place: the least gain over the next `hold` samples, then no faster rise than the release allows."""
    length = need.shape[0]
    queue = np.empty(length + 1, dtype=np.int64)
    head, tail = 0, 0
    ahead = 0
    last = 1.0
    source = need.copy()
    for n in range(length):
        while ahead < min(length, n + hold):
            while tail > head and source[queue[tail - 1]] >= source[ahead]:
                tail -= 1
            queue[tail] = ahead
            tail += 1
            ahead += 1
        while queue[head] < n:
            head += 1
        want = source[queue[head]]
        last = min(want, last + (1.0 - last) * rise)
        need[n] = last


def limit(x: F32, rate_hz: int, ceiling_dbtp: float = CEILING_DBTP) -> None:
    """In place: no true peak above the ceiling. Gain falls over 4 ms before a peak and recovers in about 80 ms."""
    ceiling = 10 ** ((ceiling_dbtp - .15) / 20)
    need = np.empty(len(x), dtype=np.float32)
    size = 2**20
    for a in range(0, len(x), size):
        lead, tail = max(0, a - 6), min(len(x), a + size + 6)
        peaks = true_peaks(x[lead:tail], ceiling * .6)[a - lead:][:min(size, len(x) - a)]
        need[a:a + size] = np.minimum(1, ceiling / np.maximum(peaks, 1e-9))
    if float(need.min(initial=1.0)) >= 1:
        return
    look = max(2, round(.004 * rate_hz))
    _floor_and_rise(need, look + 2, 1 - float(np.exp(-1 / (.08 * rate_hz))))
    window = np.hanning(look + 2)[1:-1].astype(np.float32)
    padded = np.concatenate([np.full(look, need[0], np.float32), need])
    smooth = signal.oaconvolve(padded, window / window.sum())[look:look + len(need)].astype(np.float32)
    x *= smooth[:, None]
