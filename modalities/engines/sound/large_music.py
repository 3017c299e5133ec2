"""A large music model as a sound engine: piece by piece, on the film's beats, exact in length."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event as Flag
from typing import Any, Protocol

import numpy as np

from modalities.accelerator import Fit
from modalities.engine import Emit, EngineCard, Needs, Progress
from modalities.engines.placing import fits, out_of_memory
from modalities.engines.sound.pieces import Span, joined, of_length, spans
from modalities.engines.sound.request import MusicParams, Played, SoundJob, SoundParams
from modalities.engines.sound.tempo import fit, fitted, heard_grid
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.measured_memory import measuring
from modalities.media import Sound
from modalities.script import MusicWords
from modalities.weights import Weights, found, missing

STOPPED = "The run was stopped; nothing of this take was kept."
# Beside the weights, until a run was measured: room for the waveform coder, which works on all of a piece at once.
WORK_MB, WORK_MB_PER_S = 600.0, 12.0
SHORTEST_S = 10.0
# How much more than a piece is asked for, so that a stretch and a shift leave enough.
SPARE = 1.09
# Coders drop what does not fill their last frame.
SPARE_S = 0.2


@dataclass(frozen=True)
class MusicCard:
    """What a model is. longest_s, least_s: what it was taught to make in one go; pipeline: class named in its folder,
    or "" where there is none; guided: whether it can follow a melody that is played to it."""

    id: str
    title: str
    weights: Weights
    longest_s: float
    least_s: float
    pipeline: str = ""
    guided: bool = True
    makes_effects: bool = True
    steps: int = 8


@dataclass(frozen=True)
class Piece:
    """One call of a model. words: style, key, tempo; guide: the score's own sound over the same time, or None; before:
    what was made already of the first lead_s seconds. Both (n, 2) at the model's rate."""

    words: MusicWords
    duration_s: float
    seed: int
    guide: Sound | None = None
    before: Sound | None = None

    def generator(self) -> Any:
        """On the CPU, whatever the model runs on: one seed, one noise."""
        import torch

        return torch.Generator("cpu").manual_seed(self.seed)


class MusicModel(Protocol):
    """What an adapter says and does."""

    @property
    def card(self) -> MusicCard: ...

    @property
    def Params(self) -> type[MusicParams]: ...  # noqa: N802

    def refused(self) -> str | None:
        """A sentence where it must not run though it could."""
        ...

    def lost(self) -> str | None:
        """A sentence where its weights are not here."""
        ...

    def open(self, folder: Path, fit: Fit) -> Any: ...

    def rate_hz(self, pipe: Any) -> int: ...

    def make(self, pipe: Any, piece: Piece, params: MusicParams, on_step: Callable[[float], None]) -> Any:
        """(channels, n) float at rate_hz: a tensor. on_step is told the share done, and may raise."""
        ...

    def effect(self, pipe: Any, prompt: str, piece: Piece, steps: int, on_step: Callable[[float], None]) -> Any: ...


class _Full(Exception):
    """It does not fit into memory, however it is laid out."""


class LargeMusic:
    """The engine of one model. The pipeline stays open between takes until `close`."""

    def __init__(self, model: MusicModel) -> None:
        self.model = model
        card = model.card
        self.card = EngineCard(
            id=card.id, version="1", title=card.title, tasks=("music", "effects") if card.makes_effects else ("music",),
            accepts=("words", "score") if card.guided else ("words",), emits=("audio",),
            needs=Needs(sets=(card.weights,)), determinism="same bytes on a CPU; on one machine with the same layout",
            streams=False, licence=card.weights.licence)
        self._pipe: Any = None
        self._opened: tuple[Path, Fit] | None = None

    @property
    def Params(self) -> type[SoundParams]:  # noqa: N802 - it names a class
        return self.model.Params

    @property
    def makes_effects(self) -> bool:
        return self.model.card.makes_effects

    def available(self) -> str | None:
        lost = self.model.refused() or self.model.lost()
        if lost:
            return lost
        try:
            self._fits(self.model.card.least_s)
        except Unavailable as fault:
            return str(fault)
        return None

    def close(self) -> None:
        held = self._pipe is not None
        self._pipe, self._opened = None, None
        if held:
            gc.collect()

    def run(self, job: SoundJob, emit: Emit) -> Played:
        """Longer films in pieces that meet on downbeats. What does not fit into memory is made in shorter ones."""
        params = job.params if isinstance(job.params, MusicParams) else self.model.Params()
        assert isinstance(params, MusicParams)
        if not job.words.style.strip():
            raise Unusable(f"{self.card.title} needs a score to play, and this film has none.")
        longest_s = max(min(params.piece_s, self.model.card.longest_s / SPARE), min(SHORTEST_S, params.piece_s))
        guide = job.guide() if params.follow > 0 and job.guide is not None and self.model.card.guided else None
        while True:
            plan = spans(job.duration_s, longest_s, job.downbeats_s, (one.start_s for one in job.words.sections))
            try:
                return self._played(job, params, plan, guide, emit)
            except _Full as fault:
                if longest_s <= SHORTEST_S:
                    raise Unavailable(f"{self.card.title} does not fit into memory, even {longest_s:.0f} s at a time "
                                      f"({str(fault)[:120]}); choose another sound, or free some memory.") from None
                longest_s = max(SHORTEST_S, longest_s / 2)

    def _played(self, job: SoundJob, params: MusicParams, plan: tuple[Span, ...], guide: Sound | None, emit: Emit
                ) -> Played:
        out = np.zeros((0, 2), np.float32)
        measured: dict[str, float] = {"music_pieces": float(len(plan))}
        stretches: list[float] = []
        for number, span in enumerate(plan):

            def tell(share: float, number: int = number) -> None:
                emit(Progress("sound", int(100 * (number + share) / len(plan)), 100, "percent"))

            begin_s = span.start_s - span.lead_s
            count = round(span.end_s * job.rate_hz) - round(begin_s * job.rate_hz)
            lead = round(span.start_s * job.rate_hz) - round(begin_s * job.rate_hz)
            seed = int(np.random.SeedSequence([job.seed & 0x7FFFFFFF, number]).generate_state(1)[0])
            made = self._made(job, params, span, number, guide, out[len(out) - lead:] if lead else None, seed, tell)
            if params.hold_tempo:
                beats, downs = (tuple(t - begin_s for t in times if begin_s - 1e-6 <= t <= span.end_s)
                                for times in (job.beats_s, job.downbeats_s))
                how = fit(heard_grid(made, job.rate_hz), beats, downs)
                if how.heard_bpm:
                    measured.setdefault("music_heard_bpm", round(how.heard_bpm, 2))
                if how.near:
                    stretches.append(how.stretch)
                    made = fitted(made, job.rate_hz, how)
            out = joined(out, of_length(made, count), lead)
        if stretches:
            measured["music_stretch"] = round(float(np.mean(stretches)), 4)
        measured["music_on_beats"] = len(stretches) / len(plan)
        out = of_length(out, job.samples)
        peak = float(np.abs(out).max(initial=0.0))
        return Played(out / np.float32(peak) if peak > 1.0 else out, measured)

    def _made(self, job: SoundJob, params: MusicParams, span: Span, number: int, guide: Sound | None,
              before: Sound | None, seed: int, tell: Callable[[float], None]) -> Sound:
        """One piece at the film's rate, longer than it has to be."""
        begin = round((span.start_s - span.lead_s) * job.rate_hz)
        bar_s = 60.0 / job.words.tempo_bpm * job.words.beats_per_bar
        wanted_s = span.duration_s * SPARE + bar_s if params.hold_tempo else span.duration_s + SPARE_S
        wanted_s = max(self.model.card.least_s, min(wanted_s, max(span.duration_s, self.model.card.longest_s)))

        def make(pipe: Any) -> Sound:
            rate_hz = self.model.rate_hz(pipe)
            whole = round(wanted_s * job.rate_hz)
            played = None if guide is None else at_rate(of_length(guide[begin:begin + whole], whole), job.rate_hz,
                                                        rate_hz)
            earlier = None if before is None else at_rate(before, job.rate_hz, rate_hz)
            piece = Piece(job.words, wanted_s, seed, played, earlier)
            made = self.model.make(pipe, piece, params, lambda share: _step(job.stop, tell, share))
            return at_rate(_stereo(made, self.card.title), rate_hz, job.rate_hz)

        return self._tried(wanted_s, job.stop, make, seed)

    def effect(self, prompt: str, duration_s: float, rate_hz: int, seed: int, stop: Flag) -> Sound:
        if not self.makes_effects:
            raise Unusable(f"{self.card.title} makes music only; foley needs another sound engine.")
        asked_s = max(duration_s, self.model.card.least_s)

        def make(pipe: Any) -> Sound:
            made = self.model.effect(pipe, prompt, Piece(MusicWords(prompt), asked_s, seed), self.model.card.steps,
                                     lambda share: _step(stop, lambda _: None, share))
            return at_rate(_stereo(made, self.card.title), self.model.rate_hz(pipe), rate_hz)

        return of_length(self._tried(asked_s, stop, make, seed), round(duration_s * rate_hz))

    def _tried(self, duration_s: float, stop: Flag, make: Callable[[Any], Sound], seed: int) -> Sound:
        """The first layout in which it fits. Raises _Full, Stopped, Unavailable."""
        import torch

        last: BaseException | None = None
        for layout in self._fits(duration_s):
            if stop.is_set():
                raise Stopped(STOPPED)
            try:
                with torch.random.fork_rng(devices=[]), measuring(self.card.id, layout=layout.said):
                    pipe = self._pipeline(layout)
                    # Coders and token models draw from the global generator; opening does as well.
                    torch.manual_seed(seed)
                    return make(pipe)
            except (Stopped, Unusable, Unavailable):
                raise
            except Exception as fault:
                if not out_of_memory(fault):
                    said = f"{type(fault).__name__}: {str(fault)[:160]}"
                    raise Unavailable(f"{self.card.title} failed ({said}).") from fault
                last = fault
                self.close()
        raise _Full(str(last)[:200])

    def _fits(self, duration_s: float) -> tuple[Fit, ...]:
        return fits(self._folder(), WORK_MB + WORK_MB_PER_S * duration_s)

    def _folder(self) -> Path:
        refused = self.model.refused()
        if refused:
            raise Unavailable(refused)
        folder = found(self.model.card.weights)
        if folder is None:
            raise Unavailable(self.model.lost() or missing(self.model.card.weights) or "")
        return folder

    def _pipeline(self, layout: Fit) -> Any:
        from modalities.engines.video.engine import check_pipeline

        folder, same = self._folder(), replace(layout, needs_mb=0.0)
        if self._opened != (folder, same):
            self.close()
            if self.model.card.pipeline:
                check_pipeline(folder, self.model.card.pipeline)
            with warnings.catch_warnings():
                # Of what libraries will do differently one day; nothing for who makes a film.
                warnings.simplefilter("ignore", FutureWarning)
                self._pipe = self.model.open(folder, layout)
            self._opened = (folder, same)
        return self._pipe


def at_rate(sound: Sound, from_hz: int, to_hz: int) -> Sound:
    """(n, 2) resampled, about n * to_hz / from_hz long."""
    if from_hz == to_hz or not len(sound):
        return sound
    import soxr

    return np.ascontiguousarray(soxr.resample(sound, from_hz, to_hz, quality="HQ"), np.float32)


def _step(stop: Flag, tell: Callable[[float], None], share: float) -> None:
    if stop.is_set():
        raise Stopped(STOPPED)
    tell(min(1.0, share))


def _stereo(made: Any, title: str) -> Sound:
    """(channels, n) tensor to (n, 2) float32 within [-1, 1]. Raises Unavailable for what is no sound."""
    sound = np.asarray(made.detach().float().cpu().numpy(), np.float32).T
    if sound.ndim != 2 or not len(sound) or not np.isfinite(sound).all():
        raise Unavailable(f"{title} gave something that is not sound; its weights may be damaged.")
    sound = np.repeat(sound, 2, 1) if sound.shape[1] == 1 else sound[:, :2]
    peak = float(np.abs(sound).max())
    return np.ascontiguousarray(sound / np.float32(peak) if peak > 1.0 else sound)
