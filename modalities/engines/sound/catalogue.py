"""The sound engines that Beecam speaks to, and who is chosen. Building the list opens nothing."""

from __future__ import annotations

from functools import cache

from pydantic import ValidationError

from modalities.engine import Job, SoundWish
from modalities.engines.sound.request import SoundEngine, SoundParams
from modalities.faults import Unavailable, Unusable

PLAIN = "synth"


@cache
def sound_engines() -> tuple[SoundEngine, ...]:
    """One engine for each model, whether its weights are here or not; the same ones at every call."""
    from modalities.engines.sound.ace_step import AceStep
    from modalities.engines.sound.large_music import LargeMusic
    from modalities.engines.sound.musicgen import MusicGen
    from modalities.engines.sound.stable_audio3 import StableAudio3
    from modalities.engines.sound.synth import Synth

    return (Synth(), LargeMusic(AceStep()), LargeMusic(StableAudio3()), LargeMusic(MusicGen()),
            LargeMusic(MusicGen(melody=True)))


def wanted(job: Job) -> bool:
    """Whether a job asks for more than its own score, or the creator's track, as it is."""
    params = job.sound.params
    asked = bool(params.get("narrate")) or bool(params.get("under_track") and job.track is not None)
    if job.track is not None:
        return asked
    return asked or job.sound.id != PLAIN


def chosen(wish: SoundWish) -> tuple[SoundEngine, SoundParams]:
    """The engine that is wished for, with its knobs read; to be asked before anything is made. Raises Unusable for an
    unknown id or knob, Unavailable for an engine, or a voice, that is not here."""
    known = {engine.card.id: engine for engine in sound_engines()}
    engine = known.get(wish.id)
    if engine is None:
        raise Unusable(f"There is no sound engine {wish.id[:60]!r}; known: {', '.join(known)}.")
    try:
        params = engine.Params.model_validate(dict(wish.params))
    except ValidationError as fault:
        first = fault.errors()[0]
        name = ".".join(map(str, first["loc"]))[:60]
        raise Unusable(f"Sound engine {wish.id} does not take {name} = {str(first['input'])[:60]!r}: "
                       f"{first['msg'][:1].lower()}{first['msg'][1:]}.") from None
    lost = engine.available()
    if lost:
        raise Unavailable(f"Sound engine {wish.id} cannot run here: {lost}")
    if params.narrate:
        from modalities.engines.sound.voice import missing_voice

        silent = missing_voice()
        if silent:
            raise Unavailable(f"Subtitles cannot be spoken here: {silent}")
    return engine, params
