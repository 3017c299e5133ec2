"""What was perceived, on disk: any cues as one compressed file without pickles."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from modalities import cues as kinds

Array = NDArray[Any]


def save(found: Any, path: Path) -> None:
    """One file, replaced whole. found: any dataclass of modalities.cues."""
    arrays: dict[str, Array] = {}
    plain = _plain(found, arrays)
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, plain=json.dumps(plain), **arrays)  # pyright: ignore[reportArgumentType]
    part.replace(path)


def load(path: Path) -> Any:
    """What `save` wrote, or None when it is not there, damaged, or of another making."""
    try:
        with np.load(path, allow_pickle=False) as data:
            arrays: dict[str, Array] = {name: data[name] for name in data.files if name != "plain"}
            return _whole(json.loads(str(data["plain"])), arrays)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, BadZipFile, zlib.error):
        return None


def _plain(value: Any, arrays: dict[str, Array]) -> Any:
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {"array": name}
    if isinstance(value, np.generic):
        return value.item()
    if is_dataclass(value) and not isinstance(value, type):
        return {"of": type(value).__name__,
                "with": {field.name: _plain(getattr(value, field.name), arrays) for field in fields(value)}}
    if isinstance(value, tuple | list):
        return {"in_order": [_plain(item, arrays) for item in value]}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        named: dict[str, Any] = {str(k): _plain(v, arrays) for k, v in value.items()}  # pyright: ignore
        return {"by_name": named}
    return value


def _whole(plain: Any, arrays: dict[str, Array]) -> Any:
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        return arrays[plain["array"]]
    if "in_order" in plain:
        return tuple(_whole(item, arrays) for item in plain["in_order"])
    if "by_name" in plain:
        return {name: _whole(item, arrays) for name, item in plain["by_name"].items()}
    kind: Any = getattr(kinds, plain["of"])
    if not isinstance(kind, type) or not is_dataclass(kind):
        raise ValueError(plain["of"])
    return kind(**{name: _whole(item, arrays) for name, item in plain["with"].items()})
