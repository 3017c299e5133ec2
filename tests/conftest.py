"""Guards of the suite: no network but loopback, one torch thread, nothing written outside temporary folders."""

from __future__ import annotations

import os
import socket

import pytest

from world_model import kernel_cache

kernel_cache.place()
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


# Files that take a minute or more are begun first: with files as the unit of sharing, a long one begun last is waited for.
LONG = ("test_training", "test_attached", "test_studio", "test_steering", "test_roto", "test_layout", "test_obeyed_words",
        "test_perceive_film", "test_pad_page", "test_live_page", "test_perceive_sound", "test_command_line")


def pytest_collection_modifyitems(items: list[pytest.Item]):
    items.sort(key=lambda item: item.path.stem not in LONG)


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    import torch

    torch.set_num_threads(1)


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
