"""A client of the HTTP API over a project of its own, for tests: three users, nothing on a network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from modalities.store import Store
from ui_gen.api_serve import api_routes

ALICE, BOB, ME = "a" * 20, "b" * 20, "m" * 20
V1 = "/api/v1"


def auth(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@contextmanager
def api_client(place: Path) -> Iterator[TestClient]:
    """The API as the studio serves it on loopback."""
    before = os.environ.get("BEECAM_API_TOKENS")
    os.environ["BEECAM_API_TOKENS"] = f"alice:{ALICE},bob:{BOB},me:{ME}"
    Store(place).open()
    routes, close = api_routes(place, "127.0.0.1")
    with TestClient(Starlette(routes=routes), base_url="http://127.0.0.1:7860") as client:
        yield client
    close()
    os.environ.pop("BEECAM_API_TOKENS")
    if before is not None:
        os.environ["BEECAM_API_TOKENS"] = before
