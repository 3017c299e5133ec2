"""What can go in and what can come out."""

from __future__ import annotations

INPUTS = ("text", "image", "sketch", "video", "audio", "camera", "gesture", "score")
OUTPUTS = ("text", "image", "sketch", "video", "audio", "score", "camera", "panel")
