"""`beecam token`: who may call the API and MCP. A token's name is a user with projects of their own."""

from __future__ import annotations

import argparse
import os
import sys
from threading import Event as Flag
from typing import Any

from modalities.faults import Unusable
from ui_gen.api_tokens import OWNER, remove_token, token_for, tokens, tokens_path
from ui_gen.command_line.telling import Teller

Result = dict[str, Any]


def add_token(sub: argparse.ArgumentParser) -> None:
    """The options of `beecam token`."""
    sub.add_argument("name", nargs="?", default=OWNER, metavar="NAME",
                     help=f"whose token; {OWNER} is you, whose main project is the one the studio shows (default)")
    sub.add_argument("--new", action="store_true", help="make a new one; the old one is no longer good")
    sub.add_argument("--remove", action="store_true", help="take it away; the projects stay")
    sub.add_argument("--list", action="store_true", dest="list_only", help="the names, not the tokens")


def token(arguments: argparse.Namespace, teller: Teller, stop: Flag) -> Result:
    """{name, token, file}, or {names} with --list or --remove; a person gets the token alone on standard output. Raises
    Unusable, OSError."""
    if sum((arguments.new, arguments.remove, arguments.list_only)) > 1:
        raise Unusable("beecam token takes one of --new, --remove and --list.")
    if arguments.remove:
        remove_token(os.environ, arguments.name)
        teller.line(f"The token of {arguments.name} is gone.")
    if arguments.remove or arguments.list_only:
        names = sorted(tokens(os.environ))
        teller.line(", ".join(names) or "There are no tokens.")
        return {"names": names}
    found = token_for(os.environ, arguments.name, new=arguments.new)
    if not arguments.json:
        sys.stdout.write(found + "\n")
    return {"name": arguments.name, "token": found, "file": str(tokens_path(os.environ))}
