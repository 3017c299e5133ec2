"""Which worker a task needs, from what an engine's card says that it needs."""

from __future__ import annotations

from modalities.engine import Needs
from world_model.workers.tasks import Place

# A take on a processor: the picture, and the encoder beside it.
TAKE_CPUS = 2.0
CARD_CPUS = 2.0
# Of a machine whose card nobody has measured.
UNMEASURED_MB = 2000


def piece_place(needs: Needs, nodes: tuple[str, ...] = ()) -> Place:
    """One core draws a piece; a card where the engine has one measured for it."""
    return Place(1.0, _cards(needs), needs.memory_mb or UNMEASURED_MB, nodes)


def take_place(needs: Needs, most_cpus: float, nodes: tuple[str, ...] = ()) -> Place:
    """A whole take; most_cpus: the cores of the largest machine, where that has fewer than a take would like."""
    cpus = CARD_CPUS if _cards(needs) else TAKE_CPUS
    return Place(max(1.0, min(cpus, most_cpus)), _cards(needs), needs.memory_mb or UNMEASURED_MB, nodes)


def _cards(needs: Needs) -> float:
    """How much of a card is not divided: Ray does not watch a card's memory."""
    return 1.0 if needs.vram_mb else 0.0
