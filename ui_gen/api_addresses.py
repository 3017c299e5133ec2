"""Results as a client elsewhere can use them: files of this machine become addresses of the API.

A path tells who asks how this machine is laid out and is of no use to them; the keys of a result stay as they are.
"""

from __future__ import annotations

import re
from typing import Any

from modalities.store import TAKE_ID
from ui_gen.api_rooms import Room, Rooms

BASE = "/api/v1"
FILES = {"video.mp4": "video", "audio.wav": "audio", "poster.png": "poster", "direction.json": "direction",
         "panel.json": "panel"}
IDEA = re.compile(r"^[A-Za-z0-9_-]{1,60}\Z")


def take_address(room: Room, take_id: str, name: str = "") -> str:
    """Where a take, or one of its files, is had."""
    return f"{BASE}/takes/{take_id}{'/' + name if name else ''}{_in(room)}"


def addressed(value: Any, rooms: Rooms, room: Room) -> Any:
    """The value with every path in its texts replaced; anything else as it was."""
    if isinstance(value, str):
        return _text(value, rooms, room) if "/" in value or "\\" in value else value
    if isinstance(value, dict):
        return {key: addressed(one, rooms, room) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [addressed(one, rooms, room) for one in value]
    return value


def _text(text: str, rooms: Rooms, room: Room) -> str:
    root, home = str(room.folder), str(rooms.home(room.user))

    def take(found: re.Match[str]) -> str:
        if not TAKE_ID.match(found[1]):
            return found[0]
        return take_address(room, found[1], FILES[found[2]] if found[2] else "")

    def idea(found: re.Match[str]) -> str:
        return f"{BASE}/ideas/{found[1]}/{found[2]}.mp4{_in(room)}"

    files = "|".join(map(re.escape, FILES))
    text = re.sub(rf"{re.escape(root)}/takes/(t\d{{4,9}})(?:/({files}))?(?![\w/])", take, text)
    text = re.sub(rf"{re.escape(root)}/ideas/([\w-]+)/([\w-]+)\.mp4", idea, text)
    text = re.sub(rf"{re.escape(home)}/uploads/f[0-9a-f]{{24}}/", "", text)
    # What is left is named in sentences only: the project, and anything else under the studio's folder.
    for folder in sorted({root, home, str(rooms.main)}, key=len, reverse=True):
        text = text.replace(f"{folder}/", "").replace(folder, f"project {room.project}")
    return text


def _in(room: Room) -> str:
    return "" if room.project == "main" else f"?project={room.project}"


__all__ = ["BASE", "IDEA", "addressed", "take_address"]
