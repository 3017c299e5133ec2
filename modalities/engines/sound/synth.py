"""Our own instruments as a sound engine: always here, exact, and the guide of all others."""

from __future__ import annotations

from threading import Event as Flag

from modalities.engine import Emit, EngineCard, Needs
from modalities.engines.sound.pieces import of_length
from modalities.engines.sound.request import Played, SoundJob, SoundParams
from modalities.faults import Unusable
from modalities.media import Sound


class Synth:
    card = EngineCard(id="synth", version="1", title="Our own instruments", tasks=("music",), accepts=("score",),
                      emits=("audio",), needs=Needs(), determinism="same bytes", streams=False, licence="Apache-2.0")
    Params: type[SoundParams] = SoundParams
    makes_effects = False

    def available(self) -> str | None:
        return None

    def run(self, job: SoundJob, emit: Emit) -> Played:
        """The score as it is written."""
        if job.guide is None:
            raise Unusable("There is no score to play.")
        return Played(of_length(job.guide(), job.samples))

    def effect(self, prompt: str, duration_s: float, rate_hz: int, seed: int, stop: Flag) -> Sound:
        raise Unusable("Our own instruments make no sounds by words.")

    def close(self) -> None:
        return None
