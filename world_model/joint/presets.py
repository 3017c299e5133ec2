"""Sizes of the joint model, and which streams each preset thinks in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from world_model.streams.layout import WIDTHS

TEXT_WIDTH = 384
# How many tokens hold a stream; a wide stream is cut into equal pieces of its rows.
TOKENS = {"place": 1, "air": 1, "look": 1, "bodies": 1, "camera": 1, "score": 1, "hearing": 1, "glimpse": 3,
          "sketch": 3}
SOUND_WIDTH = 16 * 32  # 16 latent frames of 32 channels a step
PICTURE_ROWS, PICTURE_COLUMNS = 9, 16


@dataclass(frozen=True)
class Preset:
    """A size of the joint model. picture_patch is (rows, columns) of picture latents in a token, or None for none;
    head_width and head_depth of the picture head (see head.py)."""

    width: int
    depth: int
    heads: int
    window: int = 16
    picture_patch: tuple[int, int] | None = None
    picture_channels: int = 32
    sound_tokens: int = 0
    head_width: int = 0
    head_depth: int = 4


PRESETS = {
    "tiny": Preset(48, 2, 2, picture_patch=(9, 8), picture_channels=8, sound_tokens=1, head_width=16, head_depth=1),
    "small": Preset(256, 6, 4),
    "live": Preset(256, 6, 4, picture_patch=(3, 4), head_width=128, head_depth=3),
    "base": Preset(384, 12, 6, picture_patch=(1, 1), sound_tokens=2, head_width=320, head_depth=6),
}


def stream_table(streams: list[list[str | int]]) -> dict[str, tuple[int, int]]:
    """name -> (width, tokens) of a config's list. Raises ValueError where a width is no multiple of its tokens."""
    table: dict[str, tuple[int, int]] = {}
    for name, width, tokens in streams:
        if int(width) % int(tokens):
            raise ValueError(f"stream {name}: {width} numbers do not make {tokens} equal tokens")
        table[str(name)] = (int(width), int(tokens))
    return table


def streams_of(preset: Preset) -> list[list[str | int]]:
    """The streams of a preset, as a JointModel's config holds them."""
    table: list[list[str | int]] = [[name, width, TOKENS[name]] for name, width in WIDTHS.items()]
    if preset.sound_tokens:
        table.append(["sound", SOUND_WIDTH, preset.sound_tokens])
    if preset.picture_patch:
        rows, columns = preset.picture_patch
        tokens = -(-PICTURE_ROWS // rows) * -(-PICTURE_COLUMNS // columns)
        table.append(["picture", PICTURE_ROWS * PICTURE_COLUMNS * preset.picture_channels, tokens])
    return table


def model_options(preset: Preset) -> dict[str, Any]:
    """What JointModel is built from."""
    return {"streams": streams_of(preset), "width": preset.width, "depth": preset.depth, "heads": preset.heads,
            "window": preset.window, "picture_patch": list(preset.picture_patch) if preset.picture_patch else None,
            "picture_channels": preset.picture_channels, "head_width": preset.head_width,
            "head_depth": preset.head_depth}


def extra_widths(preset: Preset) -> dict[str, int]:
    """Widths of the streams of latents, which lie beside the shards."""
    return {str(name): int(width) for name, width, _ in streams_of(preset) if name not in WIDTHS}
