"""An engine whose films are drawn by workers: piece by piece where its frames stand alone, else the take as a whole.

A film is put together here from its pieces, by the engine itself and as it always is; it finds them in the store. So
it is the same bytes as without workers, and a piece that no worker could bring is drawn here like any other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from modalities.cluster.bringing import Bringing
from modalities.cluster.machines import Cluster
from modalities.cluster.parcels import sealed, unpacked
from modalities.cluster.placing import piece_place, take_place
from modalities.cluster.works import make_take, missing_there
from modalities.engine import Emit, Engine, EngineCard, EngineParams, Job, Needs, Progress, Rendered
from modalities.engines.filming_pieces import Pieces
from modalities.faults import Unavailable, Unusable
from modalities.registry import Registry
from modalities.segments import made_with
from world_model.workers.tasks import Done, Lost, Task, Told


class Clustered:
    """The engine `inner` with workers behind it. Knobs, card and sources are the inner engine's own."""

    def __init__(self, inner: Engine, cluster: Cluster) -> None:
        self.inner, self._cluster = inner, cluster
        source: Callable[[Job], Any] | None = getattr(inner, "source", None)
        if source is not None:
            # Whether an engine says what it draws from is told by its having this.
            self.source = source

    @property
    def card(self) -> EngineCard:
        return self.inner.card

    @property
    def Params(self) -> type[EngineParams]:  # noqa: N802 - it names a class
        return self.inner.Params

    def available(self) -> str | None:
        """Here, or on a worker that has what it needs."""
        missing = self.inner.available()
        if missing is None:
            return None
        place = take_place(self.card.needs, 1.0)
        try:
            asked = Task(missing_there, (self.card.id,), place, f"engine {self.card.id}")
            for event in self._cluster.run([asked], None, threading.Event()):
                if isinstance(event, Done):
                    return None if event.result is None else f"neither here nor on a worker: {event.result}"
        except (Unavailable, Unusable) as fault:
            return f"{missing} And no worker has it: {fault}"
        return missing

    def close(self) -> None:
        self.inner.close()

    def run(self, job: Job, emit: Emit) -> Rendered:
        """Raises as the inner engine does, and Unavailable where the cluster is gone; pieces that were finished are
        kept then."""
        if job.segments is None:
            job = replace(job, segments=job.folder / ".preview-pieces")
        if hasattr(self.inner, "draw_pieces"):
            return self._by_pieces(job, emit)
        return self._as_a_whole(job, emit)

    def _by_pieces(self, job: Job, emit: Emit) -> Rendered:
        inner: Any = self.inner
        kind = self._cluster.kind(job.stop)
        job = replace(job, made_on=kind.made_on)
        there = Pieces(job, inner.source(job))
        known = there.store.known(there.keys) if there.store is not None else set[str]()
        missing = [number for number, key in enumerate(there.keys) if key not in known]
        lock, most = threading.Lock(), [0]

        def told(progress: Progress) -> None:
            with lock:
                # Two threads tell of the same frames: those that came, and those that are put together.
                if progress.stage != "picture" or progress.done >= most[0]:
                    most[0] = max(most[0], progress.done if progress.stage == "picture" else 0)
                    emit(progress)

        with Bringing(self._cluster, job, there, missing, told) as bringing:
            def own(progress: Progress) -> None:
                # Sound and putting together go on beside the workers; how far they are is what is told meanwhile.
                if progress.stage not in ("picture", "sound") or not bringing.busy:
                    told(progress)

            if missing:
                bringing.begin(sealed(self.card.id, job, kind.made_on or made_with(), sound=False),
                               piece_place(self.card.needs, kind.nodes))
            rendered = self.inner.run(replace(job, brought=bringing.wait), own)
        spent = dict(rendered.spent)
        spent["rendered"] = spent.get("rendered", 0) + bringing.brought
        spent["reused"] = spent.get("reused", 0) - bringing.brought
        if bringing.brought:
            spent |= {"workers": kind.cores, "lost_workers": bringing.lost}
        return replace(rendered, spent=spent)

    def _as_a_whole(self, job: Job, emit: Emit) -> Rendered:
        kind = self._cluster.kind(job.stop)
        needs = self.card.needs
        nodes = kind.with_code if needs.vram_mb else kind.nodes
        place = take_place(needs, max(node.cpus for node in self._cluster.workers.nodes), nodes)
        parcel, lost = sealed(self.card.id, job, "", sound=True), 0
        shown = job.folder / ".preview-workers.jpg"
        for event in self._cluster.run([Task(make_take, (), place, f"a take of engine {self.card.id}")], parcel,
                                       job.stop):
            if isinstance(event, Told):
                progress, picture = event.value
                if picture is not None:
                    part = shown.with_suffix(".part")
                    part.write_bytes(picture)
                    part.replace(shown)
                emit(replace(progress, preview_png=shown if shown.exists() else None))
            elif isinstance(event, Lost):
                lost += 1
                self._cluster.tell(f"A worker {event.why}; the take begins anew on another.")
            else:
                shown.unlink(missing_ok=True)
                rendered = unpacked(event.result, job)
                return replace(rendered, spent=dict(rendered.spent) | {"workers": 1.0, "lost_workers": lost})
        raise Unavailable("The workers ended without a take.")


def clustered(registry: Registry, cluster: Cluster) -> Registry:
    """The same engines, with workers behind each; one that needs nothing of a machine works elsewhere already."""
    return Registry(tuple(one if one.card.needs == Needs() else Clustered(one, cluster) for one in registry.all()))
