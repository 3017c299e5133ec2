"""Where compiled kernels are kept between runs.

numba looks only at the file a kernel stands in; a kernel that inlined a function of another file would stay stale
when that other file changes. So the folder is named after the content of every source file that can be compiled in.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = 3
KEPT_S = 3600.0


# Where kernels stand, and the files whose constants and functions they are compiled with (tests/test_kernel_cache.py).
KERNELS = ("world_model/sim",)
COMPILED_IN = (*(f"world_model/{name}.py" for name in ("state", "vocabulary", "colour", "clock", "score")),
               "modalities/perceive/music_viterbi.py")


def sources() -> list[Path]:
    """Every source file that a kernel may be compiled from."""
    found = [path for room in KERNELS for path in (ROOT / room).rglob("*.py")]
    return sorted([*found, *(ROOT / name for name in COMPILED_IN)])


def source_digest() -> str:
    """12 hex digits over `sources`: an edit elsewhere does not make everyone compile again."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def place() -> Path:
    """Point numba at its folder (before numba is first imported) and sweep the folders of older sources.

    An address already in NUMBA_CACHE_DIR is left alone. Falls back to the temporary folder when the cache folder
    cannot be written.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return Path(given)
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "beecam"
    name = f"kernels-{source_digest()}"
    try:
        (base / name).mkdir(parents=True, exist_ok=True)
        (base / name).touch()
        older = sorted((p for p in base.glob("kernels-*") if p.name != name), key=lambda p: -p.stat().st_mtime)
        for old in older[KEPT:]:
            # A run that started an hour ago may still be reading its kernels.
            if time.time() - old.stat().st_mtime > KEPT_S:
                shutil.rmtree(old, ignore_errors=True)
        if not os.access(base / name, os.W_OK):
            raise PermissionError(name)
    except (OSError, RuntimeError):
        base = Path(tempfile.gettempdir()) / f"beecam-{os.getuid() if hasattr(os, 'getuid') else 0}"
    os.environ["NUMBA_CACHE_DIR"] = str(base / name)
    return base / name
