"""The studio's page when it is open to others: whoever comes signs in with the token of `me` first.

On loopback the page is as open as the machine is. Listening elsewhere, it and all that belongs to it (live play, the
pad, files of takes) stand behind a cookie; the API and MCP have doors of their own.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from modalities.faults import Unusable
from ui_gen.api_addresses import BASE
from ui_gen.api_doors import foreign_page, known_host
from ui_gen.api_tokens import OWNER, tokens, user_of
from ui_gen.live_socket import LOOPBACK
from ui_gen.pad_routes import TOKEN_S, Passes

COOKIE, SIGN_IN, MOST_BYTES = "beecam_pass", "/sign-in", 4096
# A wrong token costs this long, and one after another.
WRONG_S = 0.5
# The API and MCP have doors of their own; the last is what Gradio asks itself when it starts.
OPEN = frozenset({"/mcp", "/gradio_api/startup-events"})
GUARD = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
         "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                                    "frame-ancestors 'none'"}
PAGE = """<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>Beecam: sign in</title><style>body{{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:18vh auto;
padding:0 1rem;color:#222;background:#fff}}
input,button{{font:inherit;padding:.5rem .7rem;width:100%;box-sizing:border-box;margin:.3rem 0}}
@media(prefers-color-scheme:dark){{body{{color:#eee;background:#181818}}}}</style>
<h1>Beecam</h1><form method=post action={action}><label for=token>Token</label>
<input id=token name=token type=password autocomplete=current-password required autofocus>
<button>Open the studio</button></form><p role=status>{said}</p>
<p>On the studio's machine, <code>beecam token</code> prints it.</p></html>"""


def behind(host: str, environ: Mapping[str, str] | None = None) -> list[Middleware]:
    """What puts the page behind a sign-in where it listens to more than this machine; nothing on loopback."""
    return [] if host in LOOPBACK else [Middleware(SignIn, host, os.environ if environ is None else environ)]


class SignIn:
    """Wraps an application; lets in who has the cookie."""

    def __init__(self, app: ASGIApp, host: str, environ: Mapping[str, str]) -> None:
        self._app, self._host, self._environ = app, host, environ
        self._passes = Passes()
        self._wrong = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] not in ("http", "websocket") or path in OPEN or path.startswith(f"{BASE}/"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        known = known_host(headers.get("host", ""), self._host, self._environ)
        if known and self._passes.good(pass_in(headers)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4401 if known else 4403})
        elif not known:
            await _refused("This studio is not known by that name.", 421)(scope, receive, send)
        elif path == SIGN_IN and scope["method"] == "POST":
            await (await self._signed_in(headers, receive, scope))(scope, receive, send)
        elif scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            await _page("", 401)(scope, receive, send)
        else:
            await _refused("Sign in first: open the studio's page.", 401)(scope, receive, send)

    async def _signed_in(self, headers: Headers, receive: Receive, scope: Scope) -> Response:
        if foreign_page(headers):
            return _refused("Pages of another origin may not sign in.", 403)
        body = await _body(receive)
        given = parse_qs(body.decode("utf-8", "replace"), max_num_fields=4).get("token", [""])[0] if body else ""
        try:
            user = user_of(f"Bearer {given}", tokens(self._environ))
        except Unusable:
            return _page("The tokens of this studio cannot be read; beecam token on its machine says why.", 503)
        if user != OWNER:
            async with self._wrong:
                await asyncio.sleep(WRONG_S)
            return _page("This is not the token of this studio." if user is None else
                         f"The studio shows the films of {OWNER}; with this token use the API or MCP.", 401)
        answer = RedirectResponse("/", 303, headers=GUARD)
        answer.set_cookie(COOKIE, self._passes.mint(), max_age=int(TOKEN_S), httponly=True, samesite="strict",
                          secure=scope.get("scheme") == "https")
        return answer


def pass_in(headers: Headers) -> str:
    """What the cookie of a request holds; empty where there is none."""
    try:
        found = SimpleCookie(headers.get("cookie", "")[:MOST_BYTES]).get(COOKIE)
    except CookieError:
        return ""
    return found.value[:100] if found is not None else ""


async def _body(receive: Receive) -> bytes:
    """A small body, or nothing where it is none."""
    held = b""
    while len(held) <= MOST_BYTES:
        message: Message = await receive()
        if message["type"] != "http.request":
            return b""
        held += message.get("body", b"")
        if not message.get("more_body", False):
            return held if len(held) <= MOST_BYTES else b""
    return b""


def _page(said: str, status: int) -> Response:
    return HTMLResponse(PAGE.format(action=SIGN_IN, said=said), status, headers=GUARD)


def _refused(said: str, status: int) -> Response:
    return JSONResponse({"error": said}, status, headers=GUARD)


__all__ = ["SignIn", "behind"]
