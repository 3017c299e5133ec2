"""A request as the creator makes it, checked before any work starts."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from agent.references import ROLES, kind_of
from modalities.faults import Unusable
from modalities.film import even_size

__all__ = ["ROLES", "SOUND_SUFFIXES", "Reference", "Request", "checked", "parse_param", "parse_reference",
           "parse_size"]
# What a file dialogue offers first; what a file is decided by its content.
SOUND_SUFFIXES = frozenset({
    ".wav", ".flac", ".ogg", ".oga", ".mp3", ".m4a", ".aac", ".opus", ".aif", ".aiff", ".aifc", ".wma", ".w64",
    ".caf", ".mp4", ".mov", ".mkv", ".webm", ".avi", ".rf64", ".au", ".snd"})
MOST_REFERENCES = 12

LONGEST_S = 3600.0
# Our own score is mixed in memory: ten minutes took 1.5 GB.
LONGEST_SCORE_S = 600.0
SIDE_PX = (16, 7680)


class Reference(BaseModel):
    """A file with the jobs it was given; no roles means the defaults of its kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    path: Path
    roles: tuple[str, ...] = ()


class Request(BaseModel):
    """What to make. Raises nothing itself: `checked` does the checking."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    prompt: str = ""
    references: tuple[Reference, ...] = ()
    duration_s: float | None = None
    size_px: tuple[int, int] | None = None
    fps: int | None = None
    engine: str = "sim"
    engine_params: dict[str, float | int | str | bool] = Field(default_factory=dict)
    sound: str = "synth"
    sound_params: dict[str, float | int | str | bool] = Field(default_factory=dict)
    takes: int = 1
    seed: int | None = None
    weird: float | None = None


def parse_reference(text: str) -> Reference:
    """`FILE` or `FILE:role,role`. A colon inside a file's own name is fine as long as that file exists."""
    if not text.strip():
        raise Unusable("--ref is empty; expected FILE or FILE:role,role.")
    if "\0" in text:
        raise Unusable("--ref holds a zero byte; expected FILE or FILE:role,role.")
    head, colon, tail = text.rpartition(":")
    try:
        whole = Path(text).expanduser().exists()
    except (OSError, RuntimeError):
        raise Unusable(f"--ref {text[:80]!r} is not a usable file name.") from None
    if whole or not colon or "/" in tail:
        return Reference(path=Path(text).expanduser())
    roles = tuple(role.strip() for role in tail.split(",") if role.strip())
    wrong = [role for role in roles if role not in ROLES]
    if wrong or not roles:
        raise Unusable(f"Unknown role {(wrong or [''])[0][:40]!r} in --ref; roles are {', '.join(ROLES)}.")
    return Reference(path=Path(head).expanduser(), roles=roles)


def parse_param(text: str) -> tuple[str, float | int | str | bool]:
    """`NAME=VALUE`, a knob of the engine's; the value is a number, true, false or a word."""
    name, equals, value = text.partition("=")
    if not equals or not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) or not value or len(value) > 200:
        raise Unusable(f"--engine-param {text[:60]!r} is not NAME=VALUE, such as freedom=0.4.")
    try:
        read = json.loads(value)
    except ValueError:
        return name, value
    if isinstance(read, float) and not math.isfinite(read):
        raise Unusable(f"--engine-param {name} is not a number.")
    return name, read if isinstance(read, bool | int | float | str) else value


def parse_size(text: str) -> tuple[int, int]:
    """`WxH` in pixels."""
    parts = text.lower().replace("×", "x").split("x")
    try:
        width, height = (int(part) for part in parts)
    except ValueError:
        raise Unusable(f"--size {text[:40]!r} is not WIDTHxHEIGHT, such as 1280x720.") from None
    return width, height


def checked(request: Request) -> tuple[Request, tuple[str, ...]]:
    """The request with what can be mended mended, and a sentence for each mending. Raises Unusable."""
    notes: list[str] = []
    if not request.prompt.strip() and not request.references:
        raise Unusable("The prompt is empty. Say what should be seen or heard, or give a reference with --ref.")
    duration_s = request.duration_s
    if duration_s is not None and not (math.isfinite(duration_s) and 0.2 <= duration_s <= LONGEST_S):
        raise Unusable(f"--duration {duration_s:g} cannot be made; expected 0.2 to {LONGEST_S:g} seconds.")
    if duration_s is not None and duration_s > LONGEST_SCORE_S and not request.references:
        raise Unusable(f"--duration {duration_s:g} is too long for a film with a score of its own; expected up to "
                       f"{LONGEST_SCORE_S:g} seconds, or give the music with --ref.")
    if request.fps is not None and not 1 <= request.fps <= 120:
        raise Unusable(f"--fps {request.fps} cannot be made; expected a whole number from 1 to 120.")
    if not 1 <= request.takes <= 16:
        raise Unusable(f"--takes {request.takes} cannot be made; expected 1 to 16.")
    if request.seed is not None and not 0 <= request.seed < 2**31:
        raise Unusable(f"--seed {request.seed} cannot be used; expected 0 to {2**31 - 1}.")
    if request.weird is not None and not 0 <= request.weird <= 1:
        raise Unusable(f"--weird {request.weird:g} cannot be used; expected 0 to 1.")
    size = request.size_px
    if size is not None:
        if not all(SIDE_PX[0] <= side <= SIDE_PX[1] for side in size) or size[0] * size[1] > 3840 * 2160:
            raise Unusable(f"--size {size[0]}x{size[1]} cannot be made; sides from {SIDE_PX[0]} px, "
                           "at most 3840x2160 pixels in all.")
        if even_size(size) != size:
            notes.append(f"{size[0]}x{size[1]} has an odd side; the film is {even_size(size)[0]}x"
                         f"{even_size(size)[1]}, because H.264 stores colour for two by two pixels.")
            size = even_size(size)
    if len(request.references) > MOST_REFERENCES:
        raise Unusable(f"{len(request.references)} references are too many; at most {MOST_REFERENCES} are read.")
    for reference in request.references:
        kind_of(reference.path)
    return request.model_copy(update={"size_px": size}), tuple(notes)
