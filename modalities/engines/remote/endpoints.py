"""Endpoints that a creator set up: engines on other machines, in one strict file without any secret in it.

`remotes.toml` in the project, or `~/.config/beecam/remotes.toml` for all projects:

    [fast]
    kind = "predictions"            # comfyui, openai, predictions, fal or beecam
    url = "https://api.example.com/v1"
    model = "maker/video-model"
    key_env = "EXAMPLE_API_KEY"     # the name of the variable that holds the key
    price_per_s = 0.05              # of film, in the currency you are billed in
    max_cost = 5.0                  # dearer takes are refused before anything is sent
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from modalities.faults import Unusable

FILE = "remotes.toml"
NAME = re.compile(r"^[a-z][a-z0-9-]{0,30}$")
MOST_BYTES, MOST_ENDPOINTS = 200_000, 50
# What a key looks like, so that one pasted into the file is refused before it is copied anywhere.
KEYLIKE = re.compile(r"^(sk-|r8_|hf_|key-|Bearer )|^[A-Za-z0-9_\-]{32,}$")
Kind = Literal["comfyui", "openai", "predictions", "fal", "beecam"]


class Endpoint(BaseModel):
    """One engine elsewhere. size_px: what is asked of it, None for the film's own; lengths_s: lengths it makes, none
    for any; workflow: ComfyUI's API-format JSON, beside the file, with %prompt%, %avoid%, %seed%, %width%, %height%,
    %frames%, %fps% and %first% where values go; inputs: names of a prediction's inputs, with the same marks."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    name: str = ""
    kind: Kind
    url: str = Field(max_length=300)
    model: str = Field(default="", max_length=120)
    key_env: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,60}$")
    price_per_s: float = Field(default=0.0, ge=0, le=1000)
    price_per_shot: float = Field(default=0.0, ge=0, le=1000)
    max_cost: float | None = Field(default=None, ge=0)
    timeout_s: float = Field(default=1800.0, ge=0.05, le=86400)
    retries: int = Field(default=4, ge=0, le=20)
    size_px: tuple[int, int] | None = None
    lengths_s: tuple[float, ...] = Field(default=(), max_length=20)
    workflow: Path | None = None
    inputs: dict[str, str | int | float | bool] = Field(default_factory=dict)

    @field_validator("key_env")
    @classmethod
    def _named(cls, value: str | None) -> str | None:
        if value is not None and KEYLIKE.search(value):
            raise ValueError("key_env names the environment variable that holds the key; it is not the key itself")
        return value

    @model_validator(mode="after")
    def _reachable(self) -> Endpoint:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise ValueError("url is http:// or https:// with a host, and holds no name, password or query")
        if self.kind == "comfyui" and self.workflow is None:
            raise ValueError("a comfyui endpoint needs workflow = \"FILE.json\"")
        if self.kind in ("openai", "predictions", "fal") and not self.model:
            raise ValueError(f"a {self.kind} endpoint needs a model")
        if self.size_px is not None and not all(16 <= side <= 4096 for side in self.size_px):
            raise ValueError("size_px holds two sides from 16 to 4096 pixels")
        return self

    def key(self, environ: Mapping[str, str] = os.environ) -> str | None:
        """The key, if one is needed and set."""
        return environ.get(self.key_env, "").strip() or None if self.key_env else None


def files(project: Path | None, environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Where endpoints may be written down, the project's before the user's."""
    home = environ.get("XDG_CONFIG_HOME", "").strip()
    own = (Path(home) if home else Path("~/.config")).expanduser() / "beecam" / FILE
    return (own,) if project is None else (project / FILE, own)


def endpoints(project: Path | None, environ: Mapping[str, str] = os.environ) -> tuple[Endpoint, ...]:
    """All that are set up, by name. Raises Unusable with one sentence for a file that is not right."""
    found: dict[str, Endpoint] = {}
    for path in files(project, environ):
        for one in _read(path):
            found.setdefault(one.name, one)
    return tuple(found.values())


def _read(path: Path) -> tuple[Endpoint, ...]:
    try:
        if not path.is_file():
            return ()
        if path.stat().st_size > MOST_BYTES:
            raise Unusable(f"{path} is larger than {MOST_BYTES} bytes.")
        tables: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise Unusable(f"{path} cannot be read: {str(fault)[:120]}.") from None
    if len(tables) > MOST_ENDPOINTS:
        raise Unusable(f"{path} names {len(tables)} endpoints; at most {MOST_ENDPOINTS} are read.")
    out: list[Endpoint] = []
    for name, table in tables.items():
        if not NAME.match(name) or not isinstance(table, dict):
            raise Unusable(f"{path}: [{name[:40]}] is no endpoint; names are small letters, digits and hyphens.")
        for field, value in table.items():
            # Said without the value: it may be a key.
            if field in ("key", "api_key", "token", "secret") or (isinstance(value, str) and KEYLIKE.search(value)
                                                                  and field not in ("url", "model", "workflow")):
                raise Unusable(f"{path}: [{name}] seems to hold a key in {field[:40]}; put it into an environment "
                               "variable and name that with key_env.")
        try:
            one = Endpoint.model_validate(table | {"name": name})
        except ValidationError as fault:
            first = fault.errors()[0]
            raise Unusable(f"{path}: [{name}] {'.'.join(map(str, first['loc']))}: {first['msg'][:160]}.") from None
        if one.workflow is not None:
            inside = (path.parent / one.workflow).resolve()
            if path.parent.resolve() not in inside.parents:
                raise Unusable(f"{path}: [{name}] workflow leads out of the folder.")
            one = one.model_copy(update={"workflow": inside})
        out.append(one)
    return tuple(out)
