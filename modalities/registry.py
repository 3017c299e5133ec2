"""The engines at hand. A Registry is built by whoever starts the program; importing registers nothing."""

from __future__ import annotations

from pathlib import Path

from modalities.engine import Engine
from modalities.faults import Unavailable, Unusable


class Registry:
    """Engines by id, in the order they were added."""

    def __init__(self, engines: tuple[Engine, ...] = (), trouble: str = "") -> None:
        """trouble: why some engines could not even be listed; said to who asks for one that is not there."""
        self._engines: dict[str, Engine] = {}
        self.trouble = trouble
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
            if self.trouble and engine_id.startswith("remote-"):
                raise Unusable(self.trouble)
            raise Unusable(f"There is no engine {engine_id[:60]!r}; known: {', '.join(self._engines)}.")
        missing = engine.available()
        if missing:
            raise Unavailable(f"Engine {engine_id} cannot run here: {missing}")
        return engine

    def close(self) -> None:
        for engine in self._engines.values():
            engine.close()


def default_registry(project: Path | None = None) -> Registry:
    """The engines that ship with Beecam, and the endpoints set up for a project or for all; nothing is sent."""
    from modalities.engines.dream import DreamEngine
    from modalities.engines.remote.engine import remote_engines
    from modalities.engines.sim import SimEngine
    from modalities.engines.video.catalogue import video_engines

    trouble, remote = "", ()
    try:
        remote = remote_engines(project)
    except Unusable as fault:
        trouble = str(fault)
    return Registry((SimEngine(), DreamEngine(), *video_engines(), *remote), trouble)
