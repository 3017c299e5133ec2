"""What can run here, told straight: state, what is missing and the one command that gets it, licence, size, memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from modalities.accelerator import Accelerator, accelerator, ways
from modalities.engine import Engine
from modalities.engines.placing import fits
from modalities.engines.sound.catalogue import sound_engines
from modalities.engines.sound.request import SoundEngine
from modalities.engines.understand.catalogue import ALL, Understander
from modalities.faults import Unavailable
from modalities.measured_memory import of
from modalities.weights import Weights, command_for, found, missing, size_on_disk_mb

GROUPS = ("picture", "sound", "understanding", "remote")
NOT_MEASURED = "not measured here"
# Beside the weights of an engine that does not say what its work takes.
WORK_MB = 2000.0


@dataclass(frozen=True)
class SetRow:
    """A set of weights. size_mb: on disk where it is here, else as published, else None; here: whole, on this machine.
    """

    name: str
    repo: str
    revision: str
    licence: str
    commercial: bool
    terms: str
    here: bool
    size_mb: float | None
    command: str


@dataclass(frozen=True)
class Row:
    """An engine. missing: one sentence or None; commands: what gets what is missing; layout: how it would be laid out
    here, or why it does not fit; memory: what was measured; used_for: of models that understand."""

    id: str
    title: str
    group: str
    ready: bool
    missing: str | None
    commands: tuple[str, ...]
    licence: str
    commercial: bool
    terms: str
    size_mb: float | None
    layout: str
    memory: str
    used_for: str
    sets: tuple[SetRow, ...]

    @property
    def licence_said(self) -> str:
        """The licence with what a creator must know of it."""
        said = self.licence if self.commercial else f"{self.licence}, not for sale"
        return f"{said}; {self.terms}" if self.terms else said

    @property
    def size_said(self) -> str:
        if self.size_mb is None:
            return "size not known before it is asked for" if self.sets else ""
        where = "on disk" if all(one.here for one in self.sets) else "as published"
        return f"{in_words(self.size_mb)} {where}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def in_words(size_mb: float) -> str:
    """A size for a person."""
    return f"{size_mb / 1000:.1f} GB" if size_mb >= 100 else f"{size_mb:.0f} MB"


def rows(engines: Iterable[Engine], environ: Mapping[str, str] = os.environ, here: Accelerator | None = None
         ) -> tuple[Row, ...]:
    """Every engine and every model that understands, by group. Opens no weights."""
    made = [_of_engine(engine, environ, here) for engine in (*engines, *sound_engines())]
    made += [_of_understander(one, environ) for one in ALL]
    return tuple(sorted(made, key=lambda row: GROUPS.index(row.group)))


def all_sets(engines: Iterable[Engine]) -> dict[str, Weights]:
    """Every set that can be fetched, by its name."""
    listed = [one for engine in (*engines, *sound_engines()) for one in engine.card.needs.sets]
    return {one.name: one for one in (*listed, *(one.weights for one in ALL)) if not one.by_hand}


def group_of(engine: Engine | SoundEngine) -> str:
    """By where an engine lives and what it does."""
    home = type(engine).__module__
    if ".remote" in home:
        return "remote"
    return "picture" if "film" in engine.card.tasks and ".sound" not in home else "sound"


def _of_engine(engine: Engine | SoundEngine, environ: Mapping[str, str], here: Accelerator | None) -> Row:
    card, lost = engine.card, engine.available()
    sets = tuple(_set_row(one, environ) for one in card.needs.sets)
    terms = "; ".join(dict.fromkeys(one.terms for one in card.needs.sets if one.terms))
    return Row(card.id, card.title, group_of(engine), lost is None, lost,
               tuple(dict.fromkeys(one.command for one in sets if not one.here)), card.licence,
               all(one.commercial for one in sets), terms, _total(sets) if sets else _shipped(engine),
               _layout(engine, environ, here) if sets else "", _memory(engine), "", sets)


def _of_understander(one: Understander, environ: Mapping[str, str]) -> Row:
    lost, row = missing(one.weights, environ), _set_row(one.weights, environ)
    return Row(one.id, one.title, "understanding", lost is None, lost, () if row.here else (row.command,), row.licence,
               row.commercial, row.terms, row.size_mb, "", _measured(one.id), one.used_for, (row,))


def _set_row(one: Weights, environ: Mapping[str, str]) -> SetRow:
    folder = found(one, environ)
    size = one.size_mb if folder is None else round(sum(size_on_disk_mb(folder).values()), 1)
    return SetRow(one.name, one.repo, one.revision, one.licence, one.commercial, one.terms, folder is not None, size,
                  command_for(one))


def _total(sets: Iterable[SetRow]) -> float | None:
    sizes = [one.size_mb for one in sets]
    return None if any(size is None for size in sizes) else sum(size for size in sizes if size is not None)


def _shipped(engine: Engine | SoundEngine) -> float | None:
    """MB of the weights that ship with Beecam, None for an engine without any."""
    return float(sum(size for _, _, size, _ in engine.card.needs.weights)) or None


def _layout(engine: Engine | SoundEngine, environ: Mapping[str, str], here: Accelerator | None) -> str:
    """How the largest set would be laid out on this machine, or why it does not fit."""
    machine, work_mb = here or accelerator(), _work_mb(engine)
    folders = [folder for one in engine.card.needs.sets[:1] if (folder := found(one, environ)) is not None]
    published = engine.card.needs.sets[0].size_mb
    try:
        if folders:
            best = fits(folders[0], work_mb, machine)[0]
            return f"{best.said}, about {best.needs_mb / 1000:.1f} GB"
        if published is None:
            return "known once its weights are here"
        best = ways({"": float(published)}, work_mb, machine)[0]
        return f"probably {best.said}"
    except Unavailable as fault:
        return str(fault)


def _work_mb(engine: Engine | SoundEngine) -> float:
    """What one generation takes beside the weights, as the engine's adapter says for its usual shape."""
    model: Any = getattr(engine, "model", None)
    shape: Any = getattr(getattr(model, "card", None), "shape", None)
    if model is None or shape is None:
        return WORK_MB
    return float(model.work_mb(shape.size_px((768, 432), shape.area_px), 17))


def _memory(engine: Engine | SoundEngine) -> str:
    measured = _measured(engine.card.id)
    if measured != NOT_MEASURED or engine.card.needs.memory_mb is None:
        return measured
    return f"took {engine.card.needs.memory_mb / 1000:.1f} GB of main memory where it was made"


def _measured(engine_id: str) -> str:
    peaks = of(engine_id)
    return peaks[0].said if peaks else NOT_MEASURED
