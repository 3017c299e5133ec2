"""Weights of large models: what they are, where they lie, and whether they are whole. Nothing here downloads.

A set of weights is looked for in BEECAM_MODELS (one folder for each name; by default
~/.local/share/beecam/models), then in the hub's own cache, where other programs may have left it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

VARIABLE = "BEECAM_MODELS"
INDEX_ENDINGS = (".safetensors.index.json", ".bin.index.json")
# What marks a folder as one of ours, with what was fetched; written last.
FETCHED = "beecam-fetched.json"


@dataclass(frozen=True)
class Weights:
    """One set of weights. size_mb: of the files as published, None where nobody measured it. commercial: whether films
    made with it may be sold; terms: what the licence asks beyond that. files: patterns of what is needed. by_hand: what
    to do where the published files have to be converted first, so that fetching them would not do."""

    name: str
    repo: str
    revision: str
    size_mb: int | None
    licence: str
    commercial: bool
    terms: str = ""
    files: tuple[str, ...] = ()
    index: str = "model_index.json"
    by_hand: str = ""


def weights_root(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that holds one folder for each set."""
    given = environ.get(VARIABLE, "").strip()
    if given:
        return Path(given).expanduser().absolute()
    data = environ.get("XDG_DATA_HOME", "").strip()
    return (Path(data) if data else Path("~/.local/share")).expanduser().absolute() / "beecam" / "models"


def found(weights: Weights, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of a whole set of weights, or None."""
    own = weights_root(environ) / weights.name
    for folder in (own, *_cached(weights, environ)):
        if not holes(folder, weights.index):
            return folder
    return None


def missing(weights: Weights, environ: Mapping[str, str] = os.environ) -> str | None:
    """None when the weights are here and whole, else one sentence with the command that gets them."""
    if found(weights, environ) is not None:
        return None
    own = weights_root(environ) / weights.name
    size = "" if weights.size_mb is None else f", {weights.size_mb / 1000:.1f} GB"
    torn = holes(own, weights.index) if own.is_dir() else ()
    what = f"the weights of {weights.name} are not whole ({torn[0]} is missing)" if torn else \
        f"the weights of {weights.name} are not here"
    return f"{what} ({weights.repo}{size}, {weights.licence}); get them with: {command_for(weights)}"


def command_for(weights: Weights) -> str:
    """The one command that gets a set, or what to do where no command does."""
    if weights.by_hand:
        return weights.by_hand
    return f"beecam engines get {weights.name}" + ("" if weights.commercial else " --accept-licence")


def holes(folder: Path, index: str = "model_index.json") -> tuple[str, ...]:
    """Files that a folder of weights should hold and does not, by its own indices; empty when it is whole."""
    if "*" in index:
        return () if any(folder.glob(index)) else (index,)
    head = folder / index
    if not head.is_file():
        return (index,)
    try:
        listed = json.loads(head.read_text("utf-8"))
    except (OSError, ValueError):
        return (index,)
    lost: list[str] = []
    parts = _components(listed) if index == "model_index.json" else ()
    for part in parts:
        inner = folder / part
        if not inner.is_dir():
            lost.append(part)
        else:
            lost += [f"{part}/{name}" for name in _shards_lost(inner)]
    if not parts:
        lost += _shards_lost(folder)
        if not any(folder.glob("*.safetensors")):
            lost.append("model.safetensors")
    return tuple(lost)


def size_on_disk_mb(folder: Path) -> dict[str, float]:
    """MB of the weight files of each part of a pipeline; the folder's own under ''."""
    out: dict[str, float] = {}
    for path in sorted(folder.rglob("*.safetensors")):
        part = path.relative_to(folder).parts[0] if path.parent != folder else ""
        out[part] = out.get(part, 0.0) + path.stat().st_size / 1e6
    return out


def _components(listed: Any) -> tuple[str, ...]:
    if not isinstance(listed, dict):
        return ()
    pairs = cast("dict[str, Any]", listed)
    lists = {name: cast("list[Any]", what) for name, what in pairs.items() if isinstance(what, list)}
    return tuple(name for name, what in lists.items() if not name.startswith("_") and len(what) == 2
                 and all(isinstance(word, str) for word in what))


def _shards_lost(folder: Path) -> list[str]:
    """Shards that an index names and that are not there; a model's config without any weights beside it."""
    lost: list[str] = []
    indexed = [path for path in folder.iterdir() if path.name.endswith(INDEX_ENDINGS)]
    for path in indexed:
        try:
            table: dict[str, str] = json.loads(path.read_text("utf-8"))["weight_map"]
            lost += sorted({name for name in table.values() if not (folder / name).is_file()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            lost.append(path.name)
    if not indexed and (folder / "config.json").is_file() and _is_model(folder / "config.json") and not any(
            folder.glob("*.safetensors")) and not any(folder.glob("*.bin")):
        lost.append("model.safetensors")
    return lost


def _is_model(config: Path) -> bool:
    """Schedulers and tokenizers have a configuration of another name; a broken one counts as a model."""
    try:
        return bool(json.loads(config.read_text("utf-8")))
    except (OSError, ValueError):
        return True


def _cached(weights: Weights, environ: Mapping[str, str]) -> list[Path]:
    """Snapshots of the repository in the hub's cache, newest first."""
    home = environ.get("HF_HOME", "").strip()
    hub = environ.get("HF_HUB_CACHE", "").strip()
    root = Path(hub) if hub else (Path(home) if home else Path("~/.cache/huggingface")).expanduser() / "hub"
    folder = root.expanduser() / f"models--{weights.repo.replace('/', '--')}" / "snapshots"
    try:
        return sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: -path.stat().st_mtime)
    except OSError:
        return []
