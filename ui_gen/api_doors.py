"""The doors before the API and MCP: which host was asked, from which page, by whom, and with how many bytes.

Being on the same machine is not enough: any web page can post to a port of the machine it is read on. A request needs a
token; one that a browser sends for a foreign page, or for a name that is not this server's, is refused before that.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from modalities.faults import Unusable
from ui_gen.api_tokens import tokens, user_of
from ui_gen.live_socket import LOOPBACK

USER = "beecam_user"
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})
GUARD = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
         "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}
NO_TOKEN = "Send the header Authorization: Bearer TOKEN; `beecam token` makes and prints a token."


class BodyTooLarge(Exception):
    """A body that grew beyond its limit while it was read."""


def known_host(host_header: str, listening_on: str, environ: Mapping[str, str]) -> bool:
    """Whether a Host header names this server. On loopback: loopback names. Elsewhere also the address it listens on,
    any plain address (those cannot be pointed elsewhere) and the names in BEECAM_HOSTS."""
    try:
        asked = (urlsplit(f"//{host_header}").hostname or "").lower()
    except ValueError:
        return False
    more = {name.strip().lower() for name in environ.get("BEECAM_HOSTS", "").split(",") if name.strip()}
    if asked in LOOPBACK or asked in more:
        return True
    if listening_on in LOOPBACK:
        return False
    if listening_on not in EVERYWHERE and asked == listening_on.lower():
        return True
    try:
        ipaddress.ip_address(asked)
        return True
    except ValueError:
        return False


def foreign_page(headers: Mapping[str, str]) -> bool:
    """Whether a browser sent this for a page of another origin."""
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return True
    origin = headers.get("origin")
    if origin is None:
        return False
    parts = urlsplit(origin)
    return parts.scheme not in ("http", "https") or parts.netloc != headers.get("host")


class Doors:
    """Wraps an application: lets in whom it knows, and tells it who that is in scope["beecam_user"].

    open_paths: what anybody may read (after the checks of host and origin); largest: the most bytes of a body by path.
    """

    def __init__(self, app: ASGIApp, host: str, *, largest: Callable[[str], int],
                 open_paths: frozenset[str] = frozenset(), environ: Mapping[str, str] | None = None) -> None:
        self._app, self._host, self._largest, self._open = app, host, largest, open_paths
        self._environ = os.environ if environ is None else environ

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("The API speaks HTTP only.")
        headers = Headers(scope=scope)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        refused = self._refused(headers, path, scope)
        if refused is None:
            limit = self._largest(path)
            length = headers.get("content-length", "0")
            if not length.isascii() or not length.isdigit() or int(length[:20]) > limit:
                refused = answer(413, f"The request is larger than the {limit >> 20} MiB that are taken here.")
            else:
                await self._app(scope, limited(receive, limit), guarded(send))
                return
        await refused(scope, receive, send)

    def _refused(self, headers: Headers, path: str, scope: Scope) -> JSONResponse | None:
        if not known_host(headers.get("host", ""), self._host, self._environ):
            return answer(421, "This server is not known by that name; add it to BEECAM_HOSTS if it should be.")
        if foreign_page(headers):
            return answer(403, "Pages of another origin may not call this.")
        try:
            user = user_of(headers.get("authorization", ""), tokens(self._environ))
        except Unusable:
            # Where the tokens lie is nobody's business who has none; the studio's own log says it.
            return answer(503, "The tokens of this server cannot be read; `beecam token` on its machine says why.")
        scope[USER] = user
        if user is None and path not in self._open:
            refused = answer(401, NO_TOKEN)
            refused.headers["WWW-Authenticate"] = "Bearer"
            return refused
        return None


def answer(status: int, sentence: str) -> JSONResponse:
    """One sentence as {"error": …}."""
    return JSONResponse({"error": sentence}, status, headers=GUARD)


def limited(receive: Receive, limit: int) -> Receive:
    """Receives up to so many bytes. Raises BodyTooLarge."""
    held = 0

    async def counted() -> Message:
        nonlocal held
        message = await receive()
        held += len(message.get("body", b""))
        if held > limit:
            raise BodyTooLarge
        return message

    return counted


def guarded(send: Send) -> Send:
    """Adds the guarding headers that an answer does not set itself."""

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            named = {name.lower() for name, _ in message.get("headers", [])}
            more: list[Any] = [(name.lower().encode(), value.encode()) for name, value in GUARD.items()
                               if name.lower().encode() not in named]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        await send(message)

    return add


__all__ = ["GUARD", "USER", "BodyTooLarge", "Doors", "answer", "foreign_page", "known_host"]
