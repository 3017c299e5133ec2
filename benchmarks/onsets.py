"""How far apart an onset is seen and heard, in milliseconds, for the simulator and the dream.

    python benchmarks/onsets.py [--engines sim dream] [--seconds 12] [--seeds 3]

A film whose brightness follows the kick of its own score is made, and read back from its files: lightness of every
frame out of the video stream, level of the low band out of the audio stream. The lag is where the rises of one follow
the rises of the other best (cross-correlation at 1 ms, within 200 ms, parabola at the top); a lag above 0 means
that the picture is late. A frame is shown for 42 ms (sim, 24/s) or 83 ms (dream, 12/s). One JSON line at the end.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from threading import Event

import av
import numpy as np
import soundfile as sf
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from world_model import kernel_cache

RATE_HZ = 1000
REACH_MS = 200  # less than half a beat, or the beat before is found


def rises(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How fast a curve rises, falls left out, zero mean, unit length."""
    up = np.maximum(np.gradient(values), 0.0)
    up -= up.mean()
    return up / max(float(np.linalg.norm(up)), 1e-12)


def seen(video: Path, duration_s: float) -> NDArray[np.float64]:
    """Mean luma of the frame on screen at every millisecond."""
    times, luma = list[float](), list[float]()
    with av.open(str(video)) as film:
        for frame in film.decode(video=0):
            times.append(float(frame.time or 0.0))
            luma.append(float(frame.reformat(format="gray8").to_ndarray().mean()))
    clock = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return np.asarray(luma)[np.clip(np.searchsorted(times, clock + 1e-9, side="right") - 1, 0, len(luma) - 1)]


def heard(audio: Path, duration_s: float) -> NDArray[np.float64]:
    """Level of the low band (40 to 120 Hz) at every millisecond."""
    sound, rate = sf.read(audio, dtype="float64", always_2d=True)
    low = sosfiltfilt(butter(4, (40.0, 120.0), "bandpass", fs=rate, output="sos"), sound.mean(1))
    size = rate // RATE_HZ
    level = np.abs(low[: len(low) // size * size]).reshape(-1, size).max(1)
    level = np.convolve(level, np.hanning(31) / np.hanning(31).sum(), "same")
    return level[: round(duration_s * RATE_HZ)]


def lag_ms(picture: NDArray[np.float64], sound: NDArray[np.float64]) -> tuple[float, float]:
    """(by how many milliseconds the picture follows the sound, the correlation there)."""
    count = min(len(picture), len(sound))
    a, b = rises(picture[:count]), rises(sound[:count])
    # A picture holds for a frame, a beat swells: both are blurred alike before they are laid over each other.
    blur = np.hanning(101) / np.hanning(101).sum()
    a, b = np.convolve(a, blur, "same"), np.convolve(b, blur, "same")
    scale = float(np.linalg.norm(a) * np.linalg.norm(b))
    lags = np.arange(-REACH_MS, REACH_MS + 1)
    found = np.array([float(a[max(0, k):count + min(0, k)] @ b[max(0, -k):count - max(0, k)]) for k in lags]) / scale
    top = int(np.clip(found.argmax(), 1, len(found) - 2))
    left, here, right = found[top - 1:top + 2]
    bend = left - 2 * here + right
    return float(lags[top] + (0.5 * (left - right) / bend if abs(bend) > 1e-12 else 0.0)), float(here)


def film_of(engine: str, seed: int, seconds: float, folder: Path) -> tuple[Path, Path, float]:
    """A film in which the kick opens the lens, as (video, audio, seconds)."""
    from agent.direction import Link
    from agent.request import Request
    from agent.studio import Studio
    from modalities.registry import default_registry
    from modalities.store import Store
    from ui_gen.compose import panel_for

    studio = Studio(Store(folder).open(), default_registry(), panel_for)
    request = Request(prompt="abstract particles, techno, 120 bpm", duration_s=seconds, size_px=(256, 144), seed=seed,
                      engine=engine)
    plan = studio.plan(request, lambda _: None)
    links = (Link.model_validate({"from": "music.kick", "to": "/shots/*/world/light/exposure_ev", "amount": 1.6}),)
    direction = plan.direction.model_copy(update={"links": links})
    referred = studio.perceive(request, lambda _: None, Event())
    take = studio.render(direction, plan.brief, None, referred, parent=None, reason="onsets", request={},
                         emit=lambda _: None, stop=Event())
    return take.video, take.audio, take.duration_s


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--engines", nargs="*", default=["sim", "dream"])
    options.add_argument("--seconds", type=float, default=12.0)
    options.add_argument("--seeds", type=int, default=3)
    chosen = options.parse_args()
    kernel_cache.place()
    result: dict[str, object] = {"benchmark": "onsets", "seconds": chosen.seconds}
    print("engine   seed   picture late (ms)   correlation")
    for engine in chosen.engines:
        lags: list[float] = []
        for seed in range(chosen.seeds):
            with tempfile.TemporaryDirectory() as folder:
                video, audio, duration_s = film_of(engine, seed + 1, chosen.seconds, Path(folder))
                lag, match = lag_ms(seen(video, duration_s), heard(audio, duration_s))
            lags.append(lag)
            print(f"{engine:8} {seed + 1:4} {lag:19.1f} {match:13.2f}")
        result[engine] = {"lags_ms": [round(lag, 1) for lag in lags],
                          "mean_abs_ms": round(float(np.abs(lags).mean()), 1)}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
