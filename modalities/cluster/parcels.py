"""A job as it travels to another machine, and what comes back: values and bytes, no path of where it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event as Flag
from typing import cast

from modalities.engine import Engine, Job, Rendered
from modalities.faults import Unavailable
from modalities.segments_store import SegmentStore

# What a finished take leaves in its folder.
LARGEST_FILE = 4 << 30


@dataclass(frozen=True)
class Parcel:
    """A job without its folder and flag. files: what it reads of the creator's own, by the path in the job.
    torch_threads: of the machine it came from, because a model's last digit hangs on them."""

    engine: str
    job: Job
    files: dict[str, bytes]
    torch_threads: int


@dataclass(frozen=True)
class Finished:
    """A take that was made elsewhere: its files by name, and its finished pieces by key."""

    files: dict[str, bytes]
    rendered: Rendered
    pieces: dict[str, bytes]


def sealed(engine: str, job: Job, made_on: str, sound: bool) -> Parcel:
    """The parcel of a job; without `sound` only what pictures are drawn from. Raises OSError."""
    import torch

    bare = replace(job, stop=cast(Flag, None), folder=Path(), segments=None, brought=None, made_on=made_on)
    files: dict[str, bytes] = {}
    if sound:
        paths = [*job.script.pictures, *filter(None, [job.script.film]), *([job.track.path] if job.track else [])]
        files = {str(path): path.read_bytes() for path in paths}
    else:
        bare = replace(bare, track=None, cues=None)
    return Parcel(engine, bare, files, torch.get_num_threads())


def opened(parcel: Parcel, folder: Path, stop: Flag) -> Job:
    """The job again, on the machine that does it, with everything under a private folder."""
    (folder / "take").mkdir()
    (folder / "files").mkdir()
    at: dict[str, Path] = {}
    for number, (name, data) in enumerate(parcel.files.items()):
        at[name] = folder / "files" / f"{number}{Path(name).suffix[:12]}"
        at[name].write_bytes(data)
    job = parcel.job
    script = replace(job.script, pictures=tuple(at.get(str(path), path) for path in job.script.pictures),
                     film=at.get(str(job.script.film), job.script.film))
    track = replace(job.track, path=at[str(job.track.path)]) if job.track and str(job.track.path) in at else job.track
    return replace(job, stop=stop, folder=folder / "take", segments=folder / "pieces", script=script, track=track)


def finished(job: Job, rendered: Rendered) -> Finished:
    """What a take came to, as bytes. Raises OSError."""
    files = {path.name: path.read_bytes() for path in sorted(job.folder.iterdir())
             if path.is_file() and not path.name.startswith(".preview")}
    store = SegmentStore(job.segments or job.folder / "none")
    keys = sorted(path.stem for path in store.folder.glob("*.npz")) if store.folder.is_dir() else []
    pieces = {key: data for key in keys if (data := store.taken(key)) is not None}
    bare = replace(rendered, video=Path(rendered.video.name), audio=Path(rendered.audio.name),
                   poster=Path(rendered.poster.name))
    return Finished(files, bare, pieces)


def unpacked(found: Finished, job: Job) -> Rendered:
    """A finished take laid into the job's folder here, its pieces into the project's store. Raises OSError."""
    for name, data in found.files.items():
        if Path(name).name != name or name.startswith(".."):
            raise OSError(f"a worker named a file {name[:60]!r}")
        (job.folder / name).write_bytes(data)
    if job.segments is not None:
        store = SegmentStore(job.segments)
        for key, data in found.pieces.items():
            store.adopt(key, data)
        store.trim()
    one = found.rendered
    return replace(one, video=job.folder / one.video.name, audio=job.folder / one.audio.name,
                   poster=job.folder / one.poster.name)


def engine_here(name: str) -> Engine:
    """The engine on this machine. Raises Unavailable where it cannot run."""
    from modalities.registry import default_registry

    engine = next((one for one in default_registry().all() if one.card.id == name), None)
    missing = "this Beecam does not have it" if engine is None else engine.available()
    if engine is None or missing:
        raise Unavailable(f"Engine {name} cannot run on that worker: {missing}.")
    return engine
