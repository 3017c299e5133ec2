"""Who plays: instruments by name, each genre's own band, and the rendering of a composition part by part.

A part is played by layers; a layer listens only to notes of certain lengths (a pad takes the held ones, a harp the
short ones) and loudness. Stems come in chunks, so a long film needs no more memory than a short one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import tinysoundfont
from numpy.typing import NDArray

from world_model.score import PARTS, SILENT, Composition, ScoreSpec
from world_model.sim import soundfont, synth

F32 = NDArray[np.float32]
CHUNK_S = 2.0

# name: (bank, program, trim in dB that brings velocity 80 at middle C to about -25 LUFS, lowest and highest pitch)
FONT: dict[str, tuple[int, int, float, int, int]] = {
    "piano": (0, 0, 1, 24, 103), "electric piano": (0, 4, 2, 33, 96), "celesta": (0, 8, 9, 60, 103),
    "glockenspiel": (0, 9, 6, 67, 103), "music box": (0, 10, 1, 60, 96), "vibraphone": (0, 11, 1, 48, 89),
    "marimba": (0, 12, 8, 40, 96), "xylophone": (0, 13, 6, 60, 103), "bells": (0, 14, 0, 55, 84),
    "organ": (0, 16, -1, 36, 96), "accordion": (0, 21, 3, 48, 91), "nylon guitar": (0, 24, 7, 40, 88),
    "steel guitar": (0, 25, 11, 40, 88), "jazz guitar": (0, 26, 6, 40, 84), "double bass": (0, 32, -3, 26, 60),
    "bass guitar": (0, 33, -7, 26, 60), "synth bass": (0, 38, 5, 24, 60), "violin": (0, 40, -1, 55, 98),
    "cello": (0, 42, -5, 36, 76), "tremolo strings": (0, 44, 7, 36, 96), "pizzicato": (0, 45, 5, 36, 96),
    "harp": (0, 46, 3, 28, 100), "timpani": (0, 47, 6, 36, 60), "strings": (0, 48, 4, 28, 98),
    "slow strings": (0, 49, 5, 28, 98), "choir": (0, 52, 5, 43, 84), "voices": (0, 53, -2, 48, 84),
    "trumpet": (0, 56, -6, 54, 86), "trombone": (0, 57, -13, 36, 72), "horn": (0, 60, -6, 36, 77),
    "saxophone": (0, 65, -6, 49, 84), "oboe": (0, 68, -3, 58, 91), "bassoon": (0, 70, -2, 34, 72),
    "clarinet": (0, 71, 0, 50, 91), "flute": (0, 73, 0, 60, 96), "pan flute": (0, 75, -1, 60, 96),
    "shakuhachi": (0, 77, -5, 55, 84), "ocarina": (0, 79, -10, 60, 91), "square lead": (0, 80, 4, 36, 96),
    "saw lead": (0, 81, 0, 36, 96), "crystal": (0, 98, 3, 48, 96), "banjo": (0, 105, 1, 48, 84),
    "koto": (0, 107, 2, 43, 88), "kalimba": (0, 108, 6, 55, 91), "steel drums": (0, 114, -4, 52, 88),
    "taiko": (0, 116, 6, 24, 60), "sine": (8, 80, 1, 24, 96),
}
KITS: dict[str, tuple[int, float]] = {"drum kit": (0, 0), "electronic kit": (25, -1), "brush kit": (40, 3),
                                      "orchestra kit": (48, 1)}
INSTRUMENTS = (*FONT, *synth.PATCHES, *KITS)


@dataclass(frozen=True)
class Layer:
    """One player. lengths_s: the note lengths it takes; from_velocity: only notes at least this strong; low_cut_hz and
    high_cut_hz shape it, presence_db lifts it above 2.5 kHz, spread [0, 1] widens a mono sound (and folds down to the
    same mono); send is its share of the room, echo its share of the tempo echo; duck [0, 1] by the kick."""

    instrument: str
    gain_db: float = 0.0
    transpose: int = 0
    pan: float = 0.0
    width: float = 1.0
    lengths_s: tuple[float, float] = (0.0, 1e9)
    from_velocity: int = 0
    low_cut_hz: float = 30.0
    high_cut_hz: float = 18000.0
    presence_db: float = 0.0
    spread: float = 0.0
    send: float = 0.2
    echo: float = 0.0
    duck: float = 0.0


def _pad(name: str, gain_db: float, **more: Any) -> Layer:
    settings: dict[str, Any] = {"low_cut_hz": 190.0, "send": 0.35, **more}
    return Layer(name, gain_db, **settings)


BANDS: dict[str, dict[str, tuple[Layer, ...]]] = {
    "ambient": {
        "bass": (Layer("sub bass", -10, high_cut_hz=500), Layer("cello", -9, send=0.4)),
        "harmony": (
            Layer("warm pad", -2, low_cut_hz=190, send=0.4, lengths_s=(1.2, 1e9), presence_db=4),
            Layer("choir", -8, low_cut_hz=200, send=0.5, lengths_s=(1.2, 1e9), presence_db=5, spread=0.3),
            Layer("harp", -1, low_cut_hz=180, send=0.45, echo=0.25, lengths_s=(0, 1.2), presence_db=4, spread=0.3),
        ),
        "melody": (
            Layer("piano", 0, send=0.45, echo=0.3, low_cut_hz=150, width=0.6, presence_db=6),
            Layer("flute", -8, send=0.5, pan=0.15, presence_db=3),
        ),
        "drums": (Layer("drum kit", -9, send=0.35),),
    },
    "folk": {
        "bass": (Layer("double bass", -1, send=0.08),),
        "harmony": (
            Layer("nylon guitar", 1, pan=-0.45, low_cut_hz=110, spread=0.25),
            Layer("steel guitar", -2, pan=0.5, low_cut_hz=160, spread=0.2),
        ),
        "melody": (
            Layer("flute", 1, pan=0.1, send=0.3, low_cut_hz=200, spread=0.15),
            Layer("violin", -4, pan=-0.25, send=0.3, from_velocity=92, low_cut_hz=180, spread=0.2),
        ),
        "drums": (Layer("drum kit", -6, send=0.15, spread=0.2),),
    },
    "piano": {
        "bass": (Layer("piano", 5, width=0.6, send=0.22, presence_db=3),),
        "harmony": (
            Layer("piano", -1, width=0.6, send=0.26, low_cut_hz=90, presence_db=7),
            _pad("slow strings", -11, from_velocity=72, presence_db=3),
        ),
        "melody": (Layer("piano", 4, width=0.6, send=0.28, low_cut_hz=120, presence_db=7),),
        "drums": (),
    },
    "suspense": {
        "bass": (Layer("cello", -2, send=0.3, presence_db=3), Layer("dark pad", -6, high_cut_hz=700, send=0.3)),
        "harmony": (
            _pad("tremolo strings", 1, lengths_s=(1, 1e9), presence_db=4),
            Layer("pizzicato", 4, low_cut_hz=150, send=0.3, lengths_s=(0, 1), presence_db=4, spread=0.2),
        ),
        "melody": (
            Layer("clarinet", 1, send=0.4, pan=-0.15, presence_db=3, spread=0.2),
            Layer("horn", -4, send=0.4, from_velocity=84, transpose=-12),
        ),
        "drums": (Layer("drum kit", -3, send=0.4, spread=0.25), Layer("taiko", -2, send=0.4)),
    },
    "orchestral": {
        "bass": (Layer("strings", 2, send=0.28, pan=0.25, width=0.6), Layer("bassoon", -8, send=0.3, pan=0.2)),
        "harmony": (
            _pad("strings", 2, lengths_s=(0.9, 1e9), width=0.7),
            _pad("horn", -5, lengths_s=(0.9, 1e9), from_velocity=66, pan=-0.3),
            Layer("pizzicato", 2, lengths_s=(0, 0.9), low_cut_hz=120, send=0.3),
        ),
        "melody": (
            Layer("violin", 1, send=0.3, pan=-0.25),
            Layer("oboe", -5, send=0.32, pan=0.12),
            Layer("trumpet", -5, send=0.34, from_velocity=94, pan=0.25),
            Layer("strings", 1, send=0.32, from_velocity=84, pan=-0.15, width=0.6),
        ),
        "drums": (Layer("orchestra kit", -2, send=0.32),),
    },
    "techno": {
        "bass": (Layer("saw bass", -2, duck=0.75, send=0),),
        "harmony": (
            Layer("saw stab", 2, lengths_s=(0, 0.8), low_cut_hz=220, send=0.22, echo=0.35, duck=0.45, presence_db=2),
            Layer("dark pad", 0, lengths_s=(0.8, 1e9), low_cut_hz=190, send=0.4, duck=0.6, presence_db=4),
        ),
        "melody": (Layer("acid", 0, low_cut_hz=200, send=0.15, echo=0.3, duck=0.3, spread=0.3),),
        "drums": (Layer("electronic kit", -4, send=0.08, spread=0.3),),
    },
    "synthwave": {
        "bass": (Layer("saw bass", -2, duck=0.5, send=0),),
        "harmony": (
            Layer("saw pad", 2, lengths_s=(1, 1e9), low_cut_hz=200, send=0.35, duck=0.35),
            Layer("synth arp", 0, lengths_s=(0, 1), low_cut_hz=250, send=0.25, echo=0.3),
        ),
        "melody": (Layer("synth lead", 3, low_cut_hz=200, send=0.3, echo=0.4, spread=0.3),),
        "drums": (Layer("electronic kit", -3, send=0.22, spread=0.25),),
    },
    "lofi": {
        "bass": (Layer("bass guitar", 0, high_cut_hz=900, send=0.03),),
        "harmony": (
            Layer("electric piano", 2, low_cut_hz=140, high_cut_hz=5200, send=0.2, duck=0.25, spread=0.45),
            _pad("warm pad", -12, lengths_s=(0.9, 1e9), duck=0.3),
        ),
        "melody": (
            Layer("vibraphone", 1, high_cut_hz=7000, send=0.28, echo=0.25, pan=0.15, spread=0.3),
            Layer("jazz guitar", -4, high_cut_hz=5000, pan=-0.25, from_velocity=84),
        ),
        "drums": (Layer("drum kit", 0, high_cut_hz=8500, send=0.1, spread=0.25, presence_db=2),),
    },
    "jazz": {
        "bass": (Layer("double bass", 0, send=0.06),),
        "harmony": (Layer("piano", 1, width=0.7, low_cut_hz=120, pan=-0.35, presence_db=3),),
        "melody": (
            Layer("saxophone", 1, send=0.25, pan=0.15, low_cut_hz=150, spread=0.15),
            Layer("vibraphone", -6, pan=0.4, from_velocity=90, spread=0.2),
        ),
        "drums": (Layer("brush kit", -2, send=0.14, spread=0.3),),
    },
    "chiptune": {
        "bass": (Layer("triangle bass", -1, send=0),),
        "harmony": (Layer("pulse arp", -3, pan=-0.45, low_cut_hz=200, send=0.05, spread=0.2),),
        "melody": (Layer("pulse lead", 0, pan=0.2, send=0.08, echo=0.25, low_cut_hz=200, spread=0.2),),
        "drums": (Layer("electronic kit", -4, send=0.03, spread=0.2),),
    },
    "waltz": {
        "bass": (Layer("double bass", -1, send=0.12),),
        "harmony": (
            Layer("accordion", -2, pan=-0.35, low_cut_hz=150, spread=0.35),
            Layer("pizzicato", 0, pan=0.3, low_cut_hz=150, spread=0.2, presence_db=3),
        ),
        "melody": (
            Layer("violin", 2, pan=-0.1, send=0.3, spread=0.2),
            Layer("clarinet", -5, pan=0.25, from_velocity=86),
        ),
        "drums": (Layer("drum kit", -7, send=0.2, spread=0.2),),
    },
    "drum_and_bass": {
        "bass": (
            Layer("sub bass", -2, duck=0.4, send=0),
            Layer("reese bass", -3, low_cut_hz=70, duck=0.4, send=0.03, spread=0.2),
        ),
        "harmony": (
            Layer("saw pad", 0, lengths_s=(0.8, 1e9), low_cut_hz=220, send=0.42, duck=0.35),
            Layer("saw stab", 0, lengths_s=(0, 0.8), low_cut_hz=300, send=0.3, echo=0.3),
        ),
        "melody": (Layer("synth lead", 2, low_cut_hz=220, send=0.34, echo=0.35, spread=0.3),),
        "drums": (Layer("drum kit", 1, send=0.08, spread=0.3, presence_db=3),),
    },
}
SYNTH_KICK = {"techno": (.34, 46.0), "synthwave": (.28, 52.0), "drum_and_bass": (.2, 56.0), "chiptune": (.14, 60.0)}


def band(spec: ScoreSpec) -> dict[str, tuple[Layer, ...]]:
    """The layers of every part; a part named in spec.instruments is played by that instrument alone (or by several,
    joined with "+"), in the mix place of the genre's first, or by nobody (SILENT). Raises ValueError naming what cannot
    be played."""
    chosen = dict(BANDS[spec.genre])
    for part, wanted in spec.instruments.items():
        if part not in PARTS:
            raise ValueError(f"no part {part!r}; parts are {', '.join(PARTS)}")
        if wanted == SILENT:
            chosen[part] = ()
            continue
        place = chosen[part][0] if chosen[part] else Layer("drum kit", -3)
        layers: list[Layer] = []
        for name in (n.strip().lower() for n in wanted.split("+")):
            if name not in INSTRUMENTS or (name in KITS) != (part == "drums"):
                raise ValueError(f"no instrument {name!r} for {part}; there are {', '.join(INSTRUMENTS)}")
            layers.append(Layer(name, min(0.0, place.gain_db), 0, place.pan, 1.0, low_cut_hz=place.low_cut_hz,
                                send=max(place.send, .1), echo=place.echo, duck=place.duck))
        chosen[part] = tuple(layers)
    return chosen


@dataclass(frozen=True)
class Event:
    """A note for a player, in samples."""

    on: int
    off: int
    pitch: int
    velocity: int


def _events(composition: Composition, part: int, layer: Layer, rate_hz: int, span: tuple[int, int]) -> list[Event]:
    out: list[Event] = []
    drums = PARTS[part] == "drums"
    for n in np.flatnonzero(composition.part == part):
        length, velocity = float(composition.duration_s[n]), int(composition.velocity[n])
        if not layer.lengths_s[0] <= length < layer.lengths_s[1] or velocity < layer.from_velocity:
            continue
        pitch = int(composition.pitch[n]) + (0 if drums else layer.transpose)
        if not drums:
            while pitch < span[0]:
                pitch += 12
            while pitch > span[1]:
                pitch -= 12
        on = round(float(composition.start_s[n]) * rate_hz)
        out.append(Event(on, max(on + 1, on + round(length * rate_hz)), pitch, velocity))
    return out


def _sampled(events: list[Event], bank: int, program: int, rate_hz: int, total: int, chunk: int) -> Iterator[F32]:
    """Chunks of a soundfont preset; every note starts on its own sample."""
    player = tinysoundfont.Synth(samplerate=rate_hz, gain=0)
    loaded = player.sfload(soundfont.cut(frozenset({(bank, program)})), max_voices=96)
    player.program_select(0, loaded, bank, program, bank == 128)
    marks = sorted([(e.on, 1, e.pitch, e.velocity) for e in events] + [(e.off, 0, e.pitch, 0) for e in events])
    at = 0
    for start in range(0, total, chunk):
        stop = min(start + chunk, total)
        out = np.zeros((stop - start, 2), dtype=np.float32)
        view = memoryview(cast(Any, out)).cast("B")
        here = start
        while at < len(marks) and marks[at][0] < stop:
            when, kind, pitch, velocity = marks[at]
            if when > here:
                player.generate_simple(when - here, view[(here - start) * 8:(when - start) * 8])
                here = when
            if kind:
                player.noteon(0, pitch, velocity)
            else:
                player.noteoff(0, pitch)
            at += 1
        if stop > here:
            player.generate_simple(stop - here, view[(here - start) * 8:])
        yield out


def overlay(pieces: Iterator[tuple[int, F32]], total: int, chunk: int) -> Iterator[F32]:
    """Chunks of a sum of short sounds, given as (first sample, (n, 2) sound) in order of their first sample."""
    waiting: list[tuple[int, F32]] = []
    coming = next(pieces, None)
    for start in range(0, total, chunk):
        stop = min(start + chunk, total)
        out = np.zeros((stop - start, 2), dtype=np.float32)
        while coming is not None and coming[0] < stop:
            waiting.append(coming)
            coming = next(pieces, None)
        left: list[tuple[int, F32]] = []
        for first, sound in waiting:
            a, b = max(first, start), min(first + len(sound), stop)
            if a < b:
                out[a - start:b - start] += sound[a - first:b - first]
            if first + len(sound) > stop:
                left.append((first, sound))
        waiting = left
        yield out


def play(layer: Layer, composition: Composition, part: int, spec: ScoreSpec, rate_hz: int, total: int, chunk: int
         ) -> Iterator[F32]:
    """Chunks (n, 2) float32 of one layer, level trimmed, before its place in the mix."""
    if layer.instrument in synth.PATCHES:
        patch = synth.PATCHES[layer.instrument]
        events = sorted(_events(composition, part, layer, rate_hz, (24, 108)), key=lambda e: (e.on, e.pitch))
        sounds = ((e.on, synth.tone(patch, e.pitch, e.velocity, (e.off - e.on) / rate_hz, rate_hz, n))
                  for n, e in enumerate(events))
        yield from overlay(sounds, total, chunk)
        return
    if layer.instrument in KITS:
        program, trim_db = KITS[layer.instrument]
        events = _events(composition, part, layer, rate_hz, (0, 127))
        shape = SYNTH_KICK.get(spec.genre)
        kicks = [e for e in events if shape and e.pitch == 36]
        hits = overlay(((e.on, synth.kick(e.velocity, rate_hz, *(shape or (.3, 50.0)))) for e in kicks), total, chunk)
        sampled = _sampled([e for e in events if e not in kicks], 128, program, rate_hz, total, chunk)
        gain = np.float32(10 ** (trim_db / 20))
        for a, b in zip(sampled, hits, strict=True):
            yield a * gain + b
        return
    bank, program, trim_db, low, high = FONT[layer.instrument]
    events = _events(composition, part, layer, rate_hz, (low, high))
    gain = np.float32(10 ** (trim_db / 20))
    for block in _sampled(events, bank, program, rate_hz, total, chunk):
        yield block * gain


def render_stems(
    composition: Composition,
    spec: ScoreSpec,
    sample_rate_hz: int = 48000,
    progress: Callable[[float], None] | None = None,
    stop: threading.Event | None = None,
) -> dict[str, F32]:
    """Part name to (N, 2) float32, placed and in the room, before the master; they sum to the music bus."""
    from world_model.sim.mix import music_chunks

    out: dict[str, F32] = {}
    for n, part in enumerate(PARTS):
        out[part] = np.concatenate(list(music_chunks(composition, spec, sample_rate_hz, (part,), stop=stop)))
        if progress:
            progress((n + 1) / len(PARTS))
    return out


def render_music(composition: Composition, spec: ScoreSpec, sample_rate_hz: int = 48000,
                 progress: Callable[[float], None] | None = None, stop: threading.Event | None = None) -> F32:
    """The mastered music alone, (N, 2) float32 within -1 dBTP. music_level scales it; 0 gives zeros."""
    from world_model.sim.sound import master

    return master(composition, spec, None, sample_rate_hz, composition.duration_s_total, progress, stop)
