"""The API and MCP as routes of the studio's application, over the studio's project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from ui_gen.api_addresses import BASE
from ui_gen.api_desk import ApiDesk
from ui_gen.api_doors import Doors
from ui_gen.api_routes import OPEN, api_app, largest

if TYPE_CHECKING:
    from ui_gen.mcp_http import McpOverHttp

MCP, MCP_BYTES = "/mcp", 9 << 20


def api_routes(project: Path, host: str) -> tuple[list[BaseRoute], Callable[[], None]]:
    """The routes, and what ends their jobs and sessions. They go before the routes of the page they stand beside. host:
    what the server listens on. Raises Unusable for settings that are none."""
    desk = ApiDesk(project)
    later = McpLater(desk)
    doors = Doors(api_app(desk), host, largest=largest, open_paths=OPEN)

    def close() -> None:
        desk.close()
        later.close()

    return [Mount(BASE, app=doors), Route(MCP, endpoint=Doors(later, host, largest=lambda path: MCP_BYTES))], close


class McpLater:
    """MCP's application, imported when it is first asked for: its SDK takes a second to load."""

    def __init__(self, desk: ApiDesk) -> None:
        self._desk = desk
        self._app: McpOverHttp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            from ui_gen.mcp_http import McpOverHttp

            self._app = McpOverHttp(self._desk)
        await self._app(scope, receive, send)

    def close(self) -> None:
        """Ends its sessions."""
        if self._app is not None:
            self._app.close()


__all__ = ["api_routes"]
