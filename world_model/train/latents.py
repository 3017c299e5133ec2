"""Pictures and sound of the shards through the trained codecs, once, onto disk."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from pathlib import Path

import numpy as np
import torch
from torch import nn

from world_model.data.shards import CLIP_STEPS
from world_model.joint.guide import guide_of
from world_model.joint.patches import to_row
from world_model.joint.presets import PRESETS
from world_model.streams.layout import FRAMES_PER_STEP
from world_model.workers.folders import Folder, bytes_of, laid, marked, seen_by_all
from world_model.workers.tasks import Done, Place, Task, Workers

CODECS = ("picture_codec", "sound_codec")


def write_latents(shards: Path, codecs: Path, preset: str, device: str = "cpu", batch: int = 4,
                  cluster: Workers | None = None) -> int:
    """`latents-picture-NNNNN.npy` and, where the preset has sound, `latents-sound-NNNNN.npy` beside every picture
    shard that has none yet: float16 (clips, 16, width) in the model's patch order. Returns the files written. cluster:
    who makes them, None for this process. Raises NoWorkers where the cluster is gone; finished files are kept."""
    numbers = [path.stem.rsplit("-", 1)[1] for path in sorted(shards.glob("rgb-*.npy"))]
    if cluster is None:
        return sum(latents_of(shards, number, codecs, preset, device, batch) for number in numbers)
    wanted = [number for number in numbers if not all((shards / name).exists() for name in _names(number, preset))]
    weights = {f"{name}/{file}": data for name in CODECS for file, data in bytes_of(codecs / name).items()}
    place, written = Place(1.0, float(device.startswith("cuda"))), 0
    with marked(shards) as folder:
        # A shard is large: where it has to travel, only as many are on their way as there is somebody for.
        at_once = len(wanted) if seen_by_all(cluster, folder) else 2 * int(sum(node.cpus for node in cluster.nodes))
        for first in range(0, len(wanted), max(1, at_once)):
            part = wanted[first:first + at_once]
            given = [{} if at_once == len(wanted) else _inputs(shards, number) for number in part]
            tasks = [Task(latents, (number, preset, device, batch, files), place, f"latents of shard {number}")
                     for number, files in zip(part, given, strict=True)]
            for event in cluster.run(tasks, (folder, weights)):
                if isinstance(event, Done):
                    laid(event.result[1], shards)
                    written += event.result[0]
    return written


def latents(shared: tuple[Folder, dict[str, bytes]], number: str, preset: str, device: str, batch: int,
            files: dict[str, bytes]) -> Generator[None, None, tuple[int, dict[str, bytes]]]:
    """A task: (files written, those that have to be sent) of one shard. files: the shard's own, where the worker may
    not see them."""
    yield None
    torch.set_num_threads(1)
    folder, weights = shared
    with tempfile.TemporaryDirectory(prefix="beecam-latents-", ignore_cleanup_errors=True) as name:
        codecs, own = Path(name) / "codecs", Path(name) / "shard"
        laid(weights, codecs)
        seen = folder.here()
        if seen is not None:
            return latents_of(seen, number, codecs, preset, device, batch), {}
        laid(files, own)
        written = latents_of(own, number, codecs, preset, device, batch)
        return written, {one: data for one, data in bytes_of(own).items() if one not in files}


def latents_of(shards: Path, number: str, codecs: Path, preset: str, device: str, batch: int) -> int:
    """The latents of one shard, those that are not there yet; how many were written."""
    size, written, path = PRESETS[preset], 0, shards / f"rgb-{number}.npy"
    if size.picture_patch:
        final = shards / f"latents-picture-{number}.npy"
        written += _pictures(path, final, codecs, size.picture_patch, device, batch)
        written += _guides(path, shards / f"latents-guide-{number}.npy")
    if size.sound_tokens:
        written += _sounds(shards / f"sound-{number}.npy", shards / f"latents-sound-{number}.npy", codecs, device)
    return written


def _names(number: str, preset: str) -> list[str]:
    size = PRESETS[preset]
    kinds = [*(("picture", "guide") if size.picture_patch else ()), *(("sound",) if size.sound_tokens else ())]
    return [f"latents-{kind}-{number}.npy" for kind in kinds]


def _inputs(shards: Path, number: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (shards / f"rgb-{number}.npy", shards / f"sound-{number}.npy")
            if path.exists()}


def _pictures(path: Path, final: Path, codecs: Path, patch: tuple[int, int], device: str, batch: int) -> int:
    if final.exists():
        return 0
    from world_model.codec.picture import load_codec

    codec = load_codec(str(codecs / "picture_codec"))
    nn.Module.to(codec, device).eval()
    clips = np.load(path, mmap_mode="r")
    rows: list[np.ndarray] = []
    with torch.no_grad():
        for start in range(0, len(clips), batch):
            video = torch.from_numpy(np.ascontiguousarray(clips[start:start + batch])).to(device)
            latents, _ = codec.encode(video.permute(0, 1, 4, 2, 3).float() / 255.0)
            rows.append(to_row(latents, patch).cpu().numpy().astype(np.float16))
    _save(final, np.concatenate(rows))
    return 1


def _guides(path: Path, final: Path) -> int:
    """The guide of every step: its middle frame, small."""
    if final.exists():
        return 0
    clips = np.load(path, mmap_mode="r")[:, FRAMES_PER_STEP // 2::FRAMES_PER_STEP]
    _save(final, np.stack([[guide_of(frame) for frame in clip] for clip in clips]).astype(np.float16))
    return 1


def _sounds(path: Path, final: Path, codecs: Path, device: str) -> int:
    if final.exists():
        return 0
    from world_model.codec.sound import SoundCodec

    codec = SoundCodec.load(codecs / "sound_codec", device)
    with torch.no_grad():
        clips = torch.from_numpy(np.load(path).astype(np.float32) / 32767.0).to(device)
        rows = [codec.encode(clips[k:k + 8]).reshape(-1, CLIP_STEPS, 16 * 32).cpu().numpy().astype(np.float16)
                for k in range(0, len(clips), 8)]
    _save(final, np.concatenate(rows))
    return 1


def _save(final: Path, rows: np.ndarray) -> None:
    part = final.with_suffix(".part")
    with part.open("wb") as out:
        np.save(out, rows, allow_pickle=False)
    part.replace(final)
