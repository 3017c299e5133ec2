"""Small pictures of takes for the tree: kept in `<project>/thumbs`, which may be deleted at any time."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from PIL import Image

from modalities.store import Store, Take

FOLDER = "thumbs"
SIZE_PX = (256, 144)


def small_poster(store: Store, take: Take) -> Path | None:
    """The take's poster, at most SIZE_PX; None where it cannot be read."""
    path = store.root / FOLDER / f"{take.id}.jpg"
    try:
        # A number may be given again after a take was deleted for good.
        if path.stat().st_mtime_ns >= take.poster.stat().st_mtime_ns:
            return path
    except OSError:
        pass
    part = path.with_name(f".{take.id}-{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        with Image.open(take.poster) as poster:
            small = poster.convert("RGB")
        small.thumbnail(SIZE_PX)
        small.save(part, "JPEG", quality=82)
        part.replace(path)
        return path
    except (OSError, ValueError):
        part.unlink(missing_ok=True)
        return take.poster if take.poster.is_file() else None


__all__ = ["FOLDER", "small_poster"]
