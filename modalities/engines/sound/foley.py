"""Sounds of what happens: each event of a world heard on its own sample, from a short clip per kind of event.

Clips come from a model by words, or from our own synthesis; both are cut to begin with their attack, placed where the
event stands and as loud as it is far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Event as Flag

import numpy as np
from numpy.typing import NDArray

from modalities.engines.sound.large_music import STOPPED
from modalities.engines.sound.request import SoundEngine
from modalities.faults import Stopped
from modalities.media import Sound
from world_model.sim.ambience import Scene
from world_model.sim.effects import EVENT_LEVEL, bearing, event_sound
from world_model.state import Event

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """prompt: as a model is told; duration_s: of the clip, at most; takes: how many different ones a film gets."""

    prompt: str
    duration_s: float
    takes: int = 1


KINDS: Mapping[str, Kind] = {
    "thunder": Kind("a close thunder clap with a long rolling rumble", 6.0),
    "splash": Kind("a single splash of water, something drops in", 1.4, 2),
    "impact": Kind("a single heavy thud, something hits the ground", 1.2, 2),
    "step": Kind("a single footstep", 0.5, 3),
    "wing": Kind("a single wing flap of a bird", 0.6, 2),
    "horn": Kind("a single ship's horn blast", 2.0),
    "whoosh": Kind("something rushes past, a single whoosh", 1.2, 2),
    "chime": Kind("a single small bell chime", 2.5),
    "launch": Kind("a rocket launch, roaring", 6.0)}
# An attack is where a clip first reaches this share of its peak; this much is kept before it, faded in.
ATTACK, BEFORE_S, END_S = 0.2, 0.002, 0.03


@dataclass(frozen=True)
class Clip:
    """mono (n,) float32, peak 1; attack: the sample that belongs onto the event."""

    mono: NDArray[np.float32]
    attack: int


def clip_of(sound: NDArray[np.floating], rate_hz: int, duration_s: float) -> Clip | None:
    """A clip, (n,) or (n, 2), cut to begin just before its attack; None where it is silent."""
    mono = np.asarray(sound if sound.ndim == 1 else sound.mean(1), np.float32)
    peak = float(np.abs(mono).max(initial=0.0))
    if peak < 1e-4 or not np.isfinite(peak):
        return None
    attack = int(np.argmax(np.abs(mono) >= ATTACK * peak))
    begin = max(0, attack - round(BEFORE_S * rate_hz))
    mono = mono[begin:begin + max(2, round(duration_s * rate_hz))] / np.float32(peak)
    attack -= begin
    mono[:attack] *= np.linspace(0.0, 1.0, attack, endpoint=False, dtype=np.float32)
    end = min(len(mono) - attack, round(END_S * rate_hz))
    if end > 0:
        mono[len(mono) - end:] *= np.linspace(1.0, 0.0, end, dtype=np.float32)
    return Clip(mono, attack)


def modelled(engine: SoundEngine, kinds: Iterable[str], rate_hz: int, seed: int, stop: Flag,
             tell: Callable[[float], None] = lambda _: None) -> dict[str, tuple[Clip, ...]]:
    """Clips of each kind from a model; where one is silent, our own sound of it. Raises Stopped, Unavailable."""
    wanted = [(kind, number) for kind in sorted(set(kinds) & set(KINDS)) for number in range(KINDS[kind].takes)]
    out: dict[str, list[Clip]] = {}
    for done, (kind, number) in enumerate(wanted):
        own = int(np.random.SeedSequence([seed & 0x7FFFFFFF, sorted(KINDS).index(kind), number]).generate_state(1)[0])
        made = engine.effect(KINDS[kind].prompt, KINDS[kind].duration_s, rate_hz, own, stop)
        clip = clip_of(made, rate_hz, KINDS[kind].duration_s) or synthesised((kind,), rate_hz, own)[kind][0]
        out.setdefault(kind, []).append(clip)
        tell((done + 1) / len(wanted))
    return {kind: tuple(clips) for kind, clips in out.items()}


def synthesised(kinds: Iterable[str], rate_hz: int, seed: int) -> dict[str, tuple[Clip, ...]]:
    """Clips of each kind by our own synthesis."""
    out: dict[str, tuple[Clip, ...]] = {}
    for kind in sorted(set(kinds) & set(EVENT_LEVEL)):
        takes = KINDS[kind].takes if kind in KINDS else 1
        rng = np.random.default_rng([seed & 0x7FFFFFFF, 301, sorted(EVENT_LEVEL).index(kind)])
        made = [clip_of(event_sound(kind, rng, rate_hz), rate_hz, 10.0) for _ in range(takes)]
        out[kind] = tuple(clip for clip in made if clip is not None)
    return out


def placed(events: Iterable[Event], clips: Mapping[str, tuple[Clip, ...]], rate_hz: int, samples: int,
           here: Scene | None = None, stop: Flag | None = None) -> Sound:
    """(samples, 2) with every event's attack on sample round(time_s * rate_hz). here: from where it is heard; without
    it everything stands in the middle, one reference distance away."""
    out = np.zeros((samples, 2), np.float32)
    for first, piece in _pieces(events, clips, rate_hz, samples, here):
        if stop is not None and stop.is_set():
            raise Stopped(STOPPED)
        begin, end = max(0, first), min(samples, first + len(piece))
        if end > begin:
            out[begin:end] += piece[begin - first:end - first]
    return out


def _pieces(events: Iterable[Event], clips: Mapping[str, tuple[Clip, ...]], rate_hz: int, samples: int,
            here: Scene | None) -> Iterator[tuple[int, Sound]]:
    heard: dict[str, int] = {}
    for event in sorted(events, key=lambda one: (one.time_s, one.kind)):
        at = round(event.time_s * rate_hz)
        able = clips.get(event.kind, ())
        if not able or not 0 <= at < samples or event.kind not in EVENT_LEVEL:
            continue
        clip = able[heard.get(event.kind, 0) % len(able)]
        heard[event.kind] = heard.get(event.kind, 0) + 1
        level, reference_m = EVENT_LEVEL[event.kind]
        left, right, gain = 1.0, 1.0, 1.0
        if event.position_m is not None and here is not None and len(here):
            frame = min(int(event.time_s * here.fps + 1e-6), len(here) - 1)
            off: list[F64] = [np.asarray(p - here.camera[axis][frame])
                              for p, axis in zip(event.position_m, ("x_m", "y_m", "z_m"), strict=True)]
            a, b, distance = bearing(off[0], off[1], off[2], np.asarray(here.camera["yaw_rad"][frame]))
            left, right, gain = float(a), float(b), reference_m / max(reference_m, float(distance))
        amount = level * gain * float(np.clip(event.strength, 0, 1))
        yield at - clip.attack, clip.mono[:, None] * (amount * np.array([left, right])).astype(np.float32)
