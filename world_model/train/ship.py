"""Trained weights into a folder to be committed or handed over: half precision, shards of at most 16 MiB."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch

SHARD = "15MB"


def ship_joint(trained: Path, folder: Path) -> Path:
    """The joint model of a training folder as a pipeline in half precision under `folder` (replaced whole)."""
    from world_model.joint.model import JointModel
    from world_model.joint.pipeline import new_pipeline

    model = JointModel.from_pretrained(trained / "joint", local_files_only=True)
    model.half()
    return _replace(folder, lambda part: new_pipeline(model).save_pretrained(part, max_shard_size=SHARD))


def ship_picture(trained: Path, folder: Path) -> Path:
    """The picture codec in half precision."""
    from world_model.codec.picture import load_codec

    codec = load_codec(str(trained / "picture_codec"))
    codec.half()
    return _replace(folder, lambda part: codec.save_pretrained(part, max_shard_size=SHARD))


def ship_sound(trained: Path, folder: Path) -> Path:
    """The sound codec in half precision."""
    from world_model.codec.sound import SoundCodec

    codec = SoundCodec.load(trained / "sound_codec")
    return _replace(folder, lambda part: codec.save(part, torch.float16))


def _replace(folder: Path, save: object) -> Path:
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    assert callable(save)
    save(part)
    for path in part.rglob("*.json"):  # where the weights were trained is nobody's business
        found = json.loads(path.read_text("utf-8"))
        if found.pop("_name_or_path", None) is not None:
            path.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)
    return folder


def note_run(folder: Path, name: str, numbers: dict[str, float]) -> None:
    """Keep what a stage measured, by stage, in folder/metrics.json."""
    path = folder / "metrics.json"
    folder.mkdir(parents=True, exist_ok=True)
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    known[name] = {key: round(value, 5) for key, value in numbers.items()}
    part = path.with_suffix(".part")
    part.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")
    part.replace(path)
