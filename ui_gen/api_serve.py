"""The API and MCP as routes of the studio's application, over the studio's project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.routing import BaseRoute, Mount

from ui_gen.api_addresses import BASE
from ui_gen.api_desk import ApiDesk
from ui_gen.api_doors import Doors
from ui_gen.api_routes import OPEN, api_app, largest


def api_routes(project: Path, host: str) -> tuple[list[BaseRoute], Callable[[], None]]:
    """The routes, and what ends their jobs. They go before the routes of the page they stand beside. host: what the
    server listens on. Raises Unusable for settings that are none."""
    desk = ApiDesk(project)
    doors = Doors(api_app(desk), host, largest=largest, open_paths=OPEN)
    return [Mount(BASE, app=doors)], desk.close


__all__ = ["api_routes"]
