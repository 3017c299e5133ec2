"""The MCP server: the tools and resources of `mcp_tools` and `mcp_resources` over one desk, for any transport."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import anyio
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
)

from modalities.faults import Unusable
from ui_gen.api_desk import ApiDesk
from ui_gen.mcp_calls import called
from ui_gen.mcp_resources import contents, listed, templates
from ui_gen.mcp_tools import tools

ABOUT = ("Beecam makes films with sound from words and references. make gives a take; edit forks a new one from it, in "
         "words or by a patch on its Direction; ideas proposes what nobody asked for; perceive measures a reference. "
         "Rendering takes from seconds to minutes and tells its progress. Keep films short and small while you try "
         "things (duration_s 4, size 384x216).")
Asked = ServerRequestContext[Any, Any]


def mcp_server(desk: ApiDesk, user_of: Callable[[Asked], str], folder: str | None = None) -> Server[Any]:
    """The server. user_of: who asks; folder: where files may be named by their path, None where they may not."""
    offered = tools(folder)

    async def list_tools(asked: Asked, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=offered)

    async def call_tool(asked: Asked, params: CallToolRequestParams) -> CallToolResult:
        return await called(desk, user_of(asked), params.name, params.arguments or {}, asked.session.report_progress)

    async def list_resources(asked: Asked, params: PaginatedRequestParams | None) -> ListResourcesResult:
        user = user_of(asked)
        return ListResourcesResult(resources=await anyio.to_thread.run_sync(lambda: listed(desk, user)))

    async def list_templates(asked: Asked, params: PaginatedRequestParams | None) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(resource_templates=templates())

    async def read_resource(asked: Asked, params: ReadResourceRequestParams) -> ReadResourceResult:
        user = user_of(asked)
        try:
            found = await anyio.to_thread.run_sync(lambda: contents(desk, user, params.uri))
        except Unusable as fault:
            raise MCPError(INVALID_PARAMS, desk.sentence(user, fault)) from None
        return ReadResourceResult(contents=[found])

    return Server("beecam", version=version("beecam"), title="Beecam", instructions=ABOUT, on_list_tools=list_tools,
                  on_call_tool=call_tool, on_list_resources=list_resources, on_read_resource=read_resource,
                  on_list_resource_templates=list_templates)


__all__ = ["mcp_server"]
