"""The engines at hand. A Registry is built by whoever starts the program; importing registers nothing."""

from __future__ import annotations

from modalities.engine import Engine
from modalities.faults import Unavailable, Unusable


class Registry:
    """Engines by id, in the order they were added."""

    def __init__(self, engines: tuple[Engine, ...] = ()) -> None:
        self._engines: dict[str, Engine] = {}
        for engine in engines:
            self.add(engine)

    def add(self, engine: Engine) -> None:
        """Raises ValueError when the id is taken."""
        if engine.card.id in self._engines:
            raise ValueError(f"engine {engine.card.id!r} is there already")
        self._engines[engine.card.id] = engine

    def all(self) -> tuple[Engine, ...]:
        return tuple(self._engines.values())

    def get(self, engine_id: str) -> Engine:
        """A usable engine. Raises Unusable for an unknown id, Unavailable when it cannot run here."""
        engine = self._engines.get(engine_id)
        if engine is None:
            raise Unusable(f"There is no engine {engine_id[:60]!r}; known: {', '.join(self._engines)}.")
        missing = engine.available()
        if missing:
            raise Unavailable(f"Engine {engine_id} cannot run here: {missing}")
        return engine

    def close(self) -> None:
        for engine in self._engines.values():
            engine.close()


def default_registry() -> Registry:
    """The engines that ship with Beecam."""
    from modalities.engines.dream import DreamEngine
    from modalities.engines.sim import SimEngine
    from modalities.engines.video.catalogue import video_engines

    return Registry((SimEngine(), DreamEngine(), *video_engines()))
