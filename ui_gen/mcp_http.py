"""MCP over streamable HTTP, as an application that starts with its first request.

The studio's application is running already when its routes are added, so nothing of it can open the session manager;
a task of the server's own loop does, and ends with that loop.
"""

from __future__ import annotations

import asyncio

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from ui_gen.api_desk import ApiDesk
from ui_gen.api_doors import USER
from ui_gen.mcp_server import Asked, mcp_server

LARGEST_BYTES, MOST_SESSIONS, IDLE_S = 9 << 20, 200, 1800.0


class McpOverHttp:
    """The application below /mcp, without its doors: who asks stands in scope["beecam_user"]."""

    def __init__(self, desk: ApiDesk) -> None:
        self._desk = desk
        self._manager: StreamableHTTPSessionManager | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._open, self._ending = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._manager is None:
            # The doors have looked at host and origin.
            self._manager = StreamableHTTPSessionManager(
                mcp_server(self._desk, user_of), max_request_body_size=LARGEST_BYTES, max_sessions=MOST_SESSIONS,
                session_idle_timeout=IDLE_S,
                security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False))
            self._loop = asyncio.get_running_loop()
            self._keeping = self._loop.create_task(self._keep(self._manager))
        await self._open.wait()
        # A session belongs to whom it was opened for: the SDK compares this user at every request.
        scope["user"] = AuthenticatedUser(AccessToken(token="", client_id=scope[USER], scopes=[]))
        await self._until_end(self._manager, scope, receive, send)

    def close(self) -> None:
        """Ends every session, from any thread: a client that only listens would hold the server open."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ending.set)

    async def _until_end(self, manager: StreamableHTTPSessionManager, scope: Scope, receive: Receive, send: Send
                         ) -> None:
        """One request; its stream is closed properly when the server ends before it does."""
        sent: list[Message] = []

        async def seen(message: Message) -> None:
            # Only the last one is asked for.
            sent[:] = [message]
            await send(message)

        answer = asyncio.ensure_future(manager.handle_request(scope, receive, seen))
        ending = asyncio.ensure_future(self._ending.wait())
        try:
            await asyncio.wait({answer, ending}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                answer.result()
                return
        finally:
            ending.cancel()
            answer.cancel()
        await asyncio.wait({answer})
        if not sent:
            await Response("The studio is ending.", 503)(scope, receive, send)
        elif sent[0]["type"] != "http.response.body" or sent[0].get("more_body", False):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _keep(self, manager: StreamableHTTPSessionManager) -> None:
        async with manager.run():
            self._open.set()
            await self._ending.wait()


def user_of(asked: Asked) -> str:
    """Who sent the request that is being answered."""
    if asked.request is None:
        raise RuntimeError("a request over HTTP has no HTTP request")
    return str(asked.request.scope[USER])


__all__ = ["LARGEST_BYTES", "McpOverHttp"]
