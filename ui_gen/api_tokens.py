"""Who may call the API: tokens with a name each, in a file of the user's Beecam folder or in BEECAM_API_TOKENS.

A token's name is a user: it says whose projects are meant. The file holds one `name:token` a line, readable by its
owner only. BEECAM_API_TOKENS holds the same, separated by commas, and takes the place of the file.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from agent.profile import path_of
from modalities.faults import Unusable
from modalities.one_writer import alone

FILE, VARIABLE = "api-tokens", "BEECAM_API_TOKENS"
OWNER = "me"
NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,31}\Z")
SHORTEST, LONGEST, MOST = 16, 200, 100
TOKEN = re.compile(r"^[!-+\--9;-~]+\Z")  # seen letters, without comma and colon


def tokens_path(environ: Mapping[str, str]) -> Path:
    """Where the tokens lie: beside the taste, in the user's Beecam folder."""
    return path_of(environ).with_name(FILE)


def tokens(environ: Mapping[str, str]) -> dict[str, str]:
    """Token by name; empty where there are none. Raises Unusable for what is no list of tokens, and for a file that
    others may read."""
    if given := environ.get(VARIABLE, "").strip():
        return _parsed(given.split(","), VARIABLE)
    path = tokens_path(environ)
    try:
        with path.open("r", encoding="utf-8") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise Unusable(f"{path} can be read by others; close it with: chmod 600 {path}")
            return _parsed(file.read(1 << 16).splitlines(), str(path))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        raise Unusable(f"The tokens in {path} cannot be read.") from None


def token_for(environ: Mapping[str, str], name: str, *, new: bool = False) -> str:
    """The token of a name, made where there is none or where a new one is wanted. Raises Unusable, OSError."""
    if not NAME.match(name):
        raise Unusable(f"{name[:40]!r} cannot be the name of a token; expected up to 32 of a-z, 0-9, - and _.")
    if environ.get(VARIABLE, "").strip():
        known = tokens(environ)
        if name not in known or new:
            raise Unusable(f"Tokens come from {VARIABLE} here; add {name}:TOKEN to it.")
        return known[name]
    path = tokens_path(environ)
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone(path.with_name(f".{FILE}.lock")):
        known = tokens(environ)
        if name not in known and len(known) >= MOST:
            raise Unusable(f"There are {MOST} tokens, which is the most; take one away: beecam token NAME --remove")
        if new or name not in known:
            known[name] = f"bee_{secrets.token_urlsafe(32)}"
            _write(path, known)
        return known[name]


def remove_token(environ: Mapping[str, str], name: str) -> None:
    """Takes a token away; its user's projects stay. Raises Unusable where there is none, OSError."""
    if environ.get(VARIABLE, "").strip():
        raise Unusable(f"Tokens come from {VARIABLE} here; take {name[:40]} out of it.")
    path = tokens_path(environ)
    known = tokens(environ)
    if name not in known:
        raise Unusable(f"There is no token {name[:40]!r}; known: {', '.join(sorted(known)) or 'none'}.")
    with alone(path.with_name(f".{FILE}.lock")):
        known = tokens(environ)
        known.pop(name, None)
        _write(path, known)


def user_of(authorization: str, known: Mapping[str, str]) -> str | None:
    """The name behind `Bearer TOKEN`, or None. Every token is compared, each in constant time."""
    scheme, _, given = authorization.strip().partition(" ")
    given = given.strip()
    if scheme.lower() != "bearer" or not given or len(given) > LONGEST:
        return None
    found = None
    for name, token in known.items():
        if hmac.compare_digest(token.encode(), given.encode("utf-8", "surrogateescape")):
            found = name
    return found


def _parsed(entries: list[str], source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        name, colon, token = entry.strip().partition(":")
        # The token itself is never told.
        if not colon or not NAME.match(name) or not TOKEN.match(token) or not SHORTEST <= len(token) <= LONGEST:
            raise Unusable(f"Entry {number} of {source} is not name:token with {SHORTEST} to {LONGEST} letters.")
        if name in found or token in found.values():
            raise Unusable(f"Entry {number} of {source} says a name or a token twice.")
        found[name] = token
    return found


def _write(path: Path, known: Mapping[str, str]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        # Made closed, not closed afterwards.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{name}:{token}\n" for name, token in sorted(known.items()))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


__all__ = ["OWNER", "remove_token", "token_for", "tokens", "tokens_path", "user_of"]
