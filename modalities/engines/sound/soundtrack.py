"""The sound of a take when more than our own instruments are asked for: music by a model, foley, narration, stems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as changed
from pathlib import Path

import numpy as np

from modalities.engine import Emit, Job, Progress
from modalities.engines.sound.catalogue import PLAIN, chosen
from modalities.engines.sound.foley import modelled, placed
from modalities.engines.sound.large_music import STOPPED
from modalities.engines.sound.mixing import Mix, events_of, mixed, world_sound
from modalities.engines.sound.request import FoleyParams, Played, SoundEngine, SoundJob, SoundParams
from modalities.engines.sound.voice import Spoken, narration
from modalities.faults import Stopped, Unusable
from modalities.media import Sound, write_wav

# Files of a take beside its sound: what the mix was made of.
STEM = "stem-{}.wav"
# Stems lie in memory as whole films.
LONGEST_S = 1800.0
# Of the whole, when music is played by a model.
MUSIC_SHARE = 0.8


@dataclass(frozen=True)
class Soundtrack:
    """A film's sound; measured: of how it was made."""

    mix: Mix
    measured: dict[str, float]


def soundtrack(job: Job, emit: Emit) -> Soundtrack:
    """Music, world and speech of a job, mixed. With a creator's own track it is only added to. Raises Stopped,
    Unavailable, Unusable."""
    engine, params = chosen(job.sound)
    grid, world = job.world.grid, job.world
    rate_hz, samples = grid.sample_rate_hz, grid.samples(world.duration_s)
    if world.duration_s > LONGEST_S:
        raise Unusable(f"Sound of models is mixed for films of up to {LONGEST_S / 60:.0f} minutes; this one takes "
                       f"{world.duration_s / 60:.0f}. Choose the sound engine {PLAIN}.")
    played = _music(job, engine, params, rate_hz, samples, emit)
    share = MUSIC_SHARE if played.measured else 0.2

    def tell(done: float) -> None:
        if job.stop.is_set():
            raise Stopped(STOPPED)
        emit(Progress("sound", int(100 * (share + (1 - share) * 0.8 * done)), 100, "percent"))

    effects = np.zeros((samples, 2), np.float32)
    measured = dict(played.measured)
    if job.track is None or params.under_track:
        by_model = isinstance(params, FoleyParams) and params.foley == "model" and engine.makes_effects
        effects = world_sound(world, job.score, rate_hz, samples, job.stop, tell, events=not by_model)
        if by_model:
            effects, count = _with_foley(job, engine, effects, rate_hz, samples)
            measured["foley_events"] = float(count)
    spoken = Spoken(np.zeros((samples, 2), np.float32), (), 0.0, 0)
    if params.narrate:
        spoken = narration(job.script.lines, samples, rate_hz, params.pace, job.stop)
        measured |= {"lines_spoken": float(len(spoken.spans)), "lines_late_s": round(spoken.late_s, 3),
                     "lines_lost": float(spoken.lost)}
    tell(1.0)
    mix = mixed(played.music, effects, spoken.speech, spoken.spans, rate_hz, job.score, params.duck_db,
                played=job.track is None)
    return Soundtrack(mix, measured)


def written(made: Soundtrack, folder: Path, rate_hz: int) -> None:
    """audio.wav and its stems, 24 bits; a stem above full scale in float."""
    write_wav(folder / "audio.wav", _blocks(made.mix.sound), rate_hz, 24, 1.0)
    for name, stem in made.mix.stems.items():
        write_wav(folder / STEM.format(name), _blocks(stem), rate_hz, None, float(np.abs(stem).max(initial=0.0)))


def _music(job: Job, engine: SoundEngine, params: SoundParams, rate_hz: int, samples: int, emit: Emit) -> Played:
    if job.track is not None:
        sound = job.track.read(0, samples)
        rest = np.zeros((samples - len(sound), 2), np.float32)
        return Played(np.concatenate([np.clip(sound, -1.0, 1.0), rest]))
    score, piece = job.score, job.composition
    if score is None or piece is None or score.music_level <= 0 or not len(piece.start_s):
        return Played(np.zeros((samples, 2), np.float32))

    def guide() -> Sound:
        """The score on our own instruments, without the place."""
        from world_model.sim.mix import Stopped as SoundStopped
        from world_model.sim.sound import master

        try:
            return master(piece, score, None, rate_hz, samples / rate_hz, None, job.stop)
        except SoundStopped:
            raise Stopped(STOPPED) from None

    def tell(progress: Progress) -> None:
        emit(changed(progress, done=int(MUSIC_SHARE * progress.done)))

    return engine.run(SoundJob(job.script.music, samples, rate_hz, params, job.seed, tuple(piece.beats_s.tolist()),
                               tuple(piece.downbeats_s.tolist()), guide, job.stop), tell)


def _with_foley(job: Job, engine: SoundEngine, effects: Sound, rate_hz: int, samples: int) -> tuple[Sound, int]:
    from world_model.sim.ambience import scene

    events = events_of(job.world)
    clips = modelled(engine, (one.kind for one in events), rate_hz, job.seed, job.stop)
    level = np.float32(job.score.effects_level if job.score else 1.0)
    near = placed(events, clips, rate_hz, samples, scene(job.world), job.stop)
    near *= level
    near += effects
    return near, len(events)


def _blocks(sound: Sound) -> Iterator[Sound]:
    for start in range(0, len(sound), 1 << 18):
        yield sound[start:start + (1 << 18)]
