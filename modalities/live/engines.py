"""The live engines at hand, by id."""

from __future__ import annotations

from collections.abc import Callable

from modalities.faults import Unusable
from modalities.live.player import LiveEngine

Factory = Callable[[], LiveEngine]


def live_engines() -> dict[str, Factory]:
    """Id to a function that makes an engine, not yet open. A factory raises Unavailable when it cannot run here."""
    from modalities.live.dream_live import dream_engine
    from modalities.live.sim_live import sim_engine

    return {"sim": sim_engine, "dream": dream_engine}


def live_engine(engine_id: str) -> LiveEngine:
    """A new engine. Raises Unusable for an id that is not known, Unavailable when it cannot run here."""
    factory = live_engines().get(engine_id)
    if factory is None:
        raise Unusable(f"There is no live engine {engine_id[:40]!r}; known: {', '.join(live_engines())}.")
    return factory()
