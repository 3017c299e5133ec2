"""Guards of the suite: no network but loopback, one torch thread, nothing written outside temporary folders."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path

import pytest

from world_model import kernel_cache

kernel_cache.place()
# Fixtures that outlive a test, and processes they start, keep away from the creator's own taste as well.
os.environ["BEECAM_PROFILE"] = str(Path(tempfile.mkdtemp(prefix="beecam-taste-")) / "none" / "taste.json")
# Large models of this machine would change what perception says; who tests those names their folder.
os.environ.setdefault("BEECAM_MODELS", tempfile.mkdtemp(prefix="beecam-models-"))
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    import torch

    torch.set_num_threads(1)


@pytest.fixture(autouse=True, scope="module")
def _no_taste_from_other_files():
    """What fixtures of a whole file taught is gone for the next file."""
    path = Path(os.environ["BEECAM_PROFILE"])
    shutil.rmtree(path.parent, ignore_errors=True)


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch):
    connect = socket.socket.connect

    def guarded(self: socket.socket, address, *rest):
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(address, tuple) and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
        return connect(self, address, *rest)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEECAM_PROFILE", str(tmp_path.with_name(f"{tmp_path.name}-taste") / "taste.json"))
