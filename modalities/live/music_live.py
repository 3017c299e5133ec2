"""Music without end: long pieces of one score follow each other on the bar; another score fades in at the next bar.

Pieces are composed and played by a thread of their own, seconds ahead of what is heard, so that a busy picture never
makes the music wait. What is heard depends only on the scores and the samples at which they begin.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modalities.live.steering import Music
from world_model.score import ScoreSpec
from world_model.sim.compose import compose, default_spec
from world_model.sim.mix import Bus, music_chunks

F32 = NDArray[np.float32]
# Loudness of a genre's music bus at middling energy, as measured over pieces of 48 s; the gain brings it to TARGET.
BUS_LUFS = {"ambient": -21.0, "folk": -17.5, "piano": -21.0, "suspense": -19.7, "orchestral": -17.5, "techno": -20.8,
            "synthwave": -22.0, "lofi": -20.6, "jazz": -18.6, "chiptune": -20.4, "waltz": -19.6,
            "drum_and_bass": -20.2}
TARGET_LUFS = -18.0
PIECE_S, TAIL_S, AHEAD_S = 72.0, 3.0, 8.0
FADE_S = 0.35
# A change is heard at the first bar line this long after it was asked for: time to compose.
NOTICE_S = 0.75


def changed(spec: ScoreSpec, energy: float, wish: Music) -> tuple[ScoreSpec, float]:
    """(score, energy) after a wish. Another genre brings its own tempo unless one was asked for."""
    genre = wish.genre or spec.genre
    tempo = wish.tempo_bpm
    if tempo is None:
        usual = default_spec(genre, spec.seed, 64.0).tempo_bpm if genre != spec.genre else spec.tempo_bpm
        tempo = usual * wish.tempo_factor
    beats = default_spec(genre, spec.seed, 64.0).beats_per_bar if genre != spec.genre else spec.beats_per_bar
    level = spec.music_level if wish.level is None else wish.level
    update: dict[str, Any] = {"genre": genre, "tempo_bpm": float(np.clip(tempo, 30, 240)), "beats_per_bar": beats,
                              "sections": (), "music_level": level}
    if genre != spec.genre:
        update["instruments"] = {}
    return spec.model_copy(update=update), energy if wish.energy is None else wish.energy


def piece(spec: ScoreSpec, energy: float, number: int) -> tuple[ScoreSpec, float]:
    """(score, seconds) of piece `number`: whole bars, about PIECE_S long, a tune of its own in the same key."""
    bars = max(4, 4 * round(PIECE_S / spec.bar_s / 4))
    length_s = bars * spec.bar_s
    rising = (0.8 * energy, energy, min(1.0, energy + 0.15), energy, 0.85 * energy)
    shaped = default_spec(spec.genre, spec.seed + 1009 * number, length_s, rising, spec.tempo_bpm, spec.key, spec.minor)
    return spec.model_copy(update={"sections": shaped.sections, "seed": (spec.seed + 1009 * number) % 2**31}), length_s


def sounding(spec: ScoreSpec, energy: float, rate_hz: int) -> Iterator[F32]:
    """Blocks (n, 2) of a score for ever, contiguous; each piece's last notes ring into the next."""
    gain = np.float32(10 ** ((TARGET_LUFS - BUS_LUFS[spec.genre]) / 20))
    ring = np.zeros((0, 2), np.float32)
    for number in range(1 << 30):
        own, length_s = piece(spec, energy, number)
        kept = round((number + 1) * length_s * rate_hz) - round(number * length_s * rate_hz)
        composition = compose(own, length_s)
        bus, at = Bus(rate_hz), 0
        late: list[F32] = []
        for block in music_chunks(composition, own, rate_hz, total=kept + round(TAIL_S * rate_hz)):
            block = bus.process(block) * gain
            shared = min(len(ring), len(block))
            if shared:
                block[:shared] += ring[:shared]
                ring = ring[shared:]
            if at < kept:
                yield block[:kept - at]
            if at + len(block) > kept:
                late.append(block[max(kept - at, 0):])
            at += len(block)
        ring = np.concatenate(late) if late else ring
        fade = np.linspace(1.0, 0.0, len(ring), dtype=np.float32)[:, None]
        ring = ring * fade


class _Track:
    """One score from the sample at which it began."""

    def __init__(self, spec: ScoreSpec, energy: float, rate_hz: int, began: int) -> None:
        self.spec, self.energy, self.began = spec, energy, began
        self.source = sounding(spec, energy, rate_hz)
        self.blocks: deque[F32] = deque()
        self.ready = 0

    def take(self, count: int) -> F32:
        """The next (count, 2); what is not there yet is silence."""
        out = np.zeros((count, 2), np.float32)
        at = 0
        while at < count and self.blocks:
            block = self.blocks.popleft()
            some = min(count - at, len(block))
            out[at:at + some] = block[:some]
            if some < len(block):
                self.blocks.appendleft(block[some:])
            at += some
        self.ready -= at
        return out


class MusicStream:
    """Read in order. In real time (`waits` false) a late block is silence and counts as an underrun; else it is
    waited for.

    Close it, or its thread runs on.
    """

    def __init__(self, spec: ScoreSpec, rate_hz: int, energy: float = 0.55, waits: bool = True) -> None:
        self._rate, self._waits, self._at = rate_hz, waits, 0
        self._wake = threading.Condition()
        self._closed = False
        self._fault: BaseException | None = None
        self._now = _Track(spec, energy, rate_hz, 0)
        self._next: _Track | None = None
        self._old: _Track | None = None
        self._began = 0
        self.underruns = 0
        self._thread = threading.Thread(target=self._work, daemon=True, name="beecam-music")
        self._thread.start()

    @property
    def spec(self) -> ScoreSpec:
        """The score that is or will be heard."""
        return (self._next or self._now).spec

    def prepare(self, seconds: float, timeout_s: float = 30.0) -> bool:
        """Wait until this much is ready; whether it is."""
        with self._wake:
            return self._wake.wait_for(lambda: self._now.ready >= seconds * self._rate or self._fault is not None,
                                       timeout_s) and self._fault is None

    def change(self, wish: Music) -> int:
        """Go over to other music; the sample at which it begins (a bar line unless the wish names one)."""
        with self._wake:
            spec, energy = changed(self.spec, (self._next or self._now).energy, wish)
            bar = self._now.spec.bar_s * self._rate
            earliest = self._at + NOTICE_S * self._rate - self._now.began
            begins = wish.at_sample
            if begins is None or begins < self._at:
                begins = self._now.began + round(float(np.ceil(earliest / bar)) * bar)
            self._next = _Track(spec, energy, self._rate, begins)
            self._wake.notify_all()
            return begins

    def read(self, count: int) -> F32:
        """(count, 2) float32."""
        with self._wake:
            if self._waits:
                self._wake.wait_for(lambda: self._ready(count), 60.0)
            if self._fault is not None:
                raise RuntimeError(f"the music stopped: {self._fault}") from self._fault
            end = self._at + count
            upcoming = self._next
            if upcoming is not None and upcoming.began < end and upcoming.ready < self._rate and not self._waits:
                # Not composed in time: one bar later.
                upcoming.began += round(self._now.spec.bar_s * self._rate)
            if self._now.ready < count:
                self.underruns += 1
            out = self._now.take(count) * np.float32(self._now.spec.music_level)
            if upcoming is not None and upcoming.began < end:
                first = max(upcoming.began - self._at, 0)
                self._old, self._now, self._next = self._now, upcoming, None
                self._began = self._at + first
                out = self._mixed(out, self._now.take(count - first) * np.float32(self._now.spec.music_level), first)
            elif self._old is not None:
                out = self._mixed(self._old.take(count) * np.float32(self._old.spec.music_level), out, 0)
            self._at = end
            if self._old is not None and end > self._began + FADE_S * self._rate:
                self._old = None
            self._wake.notify_all()
            return out

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def _mixed(self, old: F32, new: F32, first: int) -> F32:
        """Equal-power fade from old (n, 2) to new, which begins at sample `first` of this block."""
        u = np.clip((self._at + np.arange(len(old)) - self._began) / (FADE_S * self._rate), 0.0, 1.0)
        out = old * np.cos(0.5 * np.pi * u).astype(np.float32)[:, None]
        out[first:] += new * np.sin(0.5 * np.pi * u[first:]).astype(np.float32)[:, None]
        return out

    def _ready(self, count: int) -> bool:
        if self._fault is not None or self._closed:
            return True
        soon = self._next is not None and self._next.began < self._at + count
        tracks = [self._now, *([self._next] if soon and self._next else []), *([self._old] if self._old else [])]
        return all(track.ready >= count for track in tracks)

    def _hungry(self) -> _Track | None:
        """The track that most needs playing ahead."""
        tracks = [track for track in (self._old, self._now, self._next) if track is not None]
        least = min(tracks, key=lambda track: track.ready)
        return least if least.ready < AHEAD_S * self._rate else None

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closed or self._hungry() is not None)
                track = self._hungry()
                if self._closed or track is None:
                    return
            try:
                block = next(track.source)
            except BaseException as fault:
                # Told to whoever reads: a thread that died in silence would be heard as silence.
                with self._wake:
                    self._fault = fault
                    self._wake.notify_all()
                return
            with self._wake:
                track.blocks.append(block)
                track.ready += len(block)
                self._wake.notify_all()
