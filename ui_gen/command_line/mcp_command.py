"""`beecam mcp`: the MCP server over standard input and output, for a client on this machine."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from threading import Event as Flag
from typing import Any

from modalities.faults import Unusable
from modalities.store import Store
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def add_mcp(sub: argparse.ArgumentParser) -> None:
    """The options of `beecam mcp`."""
    sub.add_argument("--files", type=Path, metavar="DIR",
                     help="the folder whose files may be given as references by their path (default: this one, unless "
                          "it is a home or the root)")


def mcp(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """Serves until standard input ends. Raises Unusable."""
    import anyio
    from mcp.server.stdio import stdio_server

    from ui_gen.api_desk import ApiDesk
    from ui_gen.api_tokens import OWNER
    from ui_gen.mcp_server import mcp_server

    if arguments.json:
        raise Unusable("beecam mcp speaks MCP on standard output; --json has no place there.")
    folder = _folder(arguments.files)
    store = Store(arguments.project).open()
    desk = ApiDesk(store.root, local=True, file_of=lambda user, name: _file(desk, folder, user, name))
    server = mcp_server(desk, lambda asked: OWNER, str(folder) if folder else None)

    async def serve() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    try:
        anyio.run(serve)
    except KeyboardInterrupt:
        desk.close()
        teller.line("Stopped; nothing half-made was kept, earlier takes are intact.")
        # A thread still waits for a line on standard input, and would hold the process until one comes.
        os._exit(130)
    finally:
        desk.close()
    return {}


def _folder(given: Path | None) -> Path | None:
    """Where files may be named by their path. Clients often start servers in a home or at the root, which says nothing
    about what may be read: there, nothing is. Raises Unusable."""
    if given is None:
        here = Path.cwd()
        return None if here in (Path(here.anchor), Path.home()) else here
    folder = given.expanduser().resolve()
    if not folder.is_dir():
        raise Unusable(f"--files {given} is not a folder.")
    return folder


def _file(desk: Any, folder: Path | None, user: str, name: str) -> Path:
    """A file inside the folder, or an upload. Raises Unusable."""
    from ui_gen.api_uploads import UPLOAD_ID

    if folder is None and not UPLOAD_ID.match(name):
        raise Unusable("Files are not named by their path here; hand them in, or start beecam mcp --files DIR.")
    if folder is None or UPLOAD_ID.match(name):
        return desk.upload_of(user, name)
    try:
        path = (folder / Path(name).expanduser()).resolve()
    except (OSError, ValueError, RuntimeError):
        raise Unusable(f"{name[:80]!r} is not the name of a file.") from None
    # After links were followed: what lies outside stays outside.
    if not path.is_relative_to(folder):
        raise Unusable(f"{name[:80]!r} lies outside {folder}; files inside it may be given (beecam mcp --files DIR).")
    if not path.is_file():
        raise Unusable(f"There is no file {name[:80]!r} in {folder}.")
    return path


__all__ = ["add_mcp", "mcp"]
