"""What an MCP client can read of takes: posters, panels and Directions, as beecam://PROJECT/TAKE/FILE; and what can
run here, as beecam://engines."""

from __future__ import annotations

import base64
import json
import re

from mcp_types import (
    BlobResourceContents,
    Resource,
    ResourceLink,
    ResourceTemplate,
    TextResourceContents,
)

from modalities.faults import Unusable
from modalities.store import Take
from ui_gen.api_desk import ApiDesk
from ui_gen.api_rooms import Missing
from ui_gen.engines_told import engines_told

FILES = {"poster": ("poster.png", "image/png"), "panel": ("panel.json", "application/json"),
         "direction": ("direction.json", "application/json")}
ADDRESS = re.compile(r"^beecam://([a-z0-9][a-z0-9_-]{0,39})/(t\d{4,9})/([a-z]+)\Z")
ENGINES = "beecam://engines"
MOST_LISTED = 30


def address(project: str, take_id: str, name: str) -> str:
    """The resource of a take's file."""
    return f"beecam://{project}/{take_id}/{name}"


def links(project: str, take_ids: list[str]) -> list[ResourceLink]:
    """Links to the posters and panels of takes."""
    return [ResourceLink(uri=address(project, take_id, name), name=f"{take_id} {name}", mime_type=FILES[name][1])
            for take_id in take_ids for name in ("poster", "panel")]


def listed(desk: ApiDesk, user: str) -> list[Resource]:
    """What can run here; posters and panels of the newest takes of every project."""
    found = [Resource(uri=ENGINES, name="engines", mime_type="application/json",
                      description="what can run here, what is missing and what would get it")]
    for project in desk.rooms.projects(user):
        room = desk.rooms.room(user, project)
        takes: list[Take] = room.store.newest(MOST_LISTED)
        for take in reversed(takes):
            found += [Resource(uri=address(project, take.id, name), name=f"{take.id} {name}",
                               description=take.reason[:200] or None, mime_type=FILES[name][1])
                      for name in ("poster", "panel")]
    return found


def templates() -> list[ResourceTemplate]:
    """How the resources of any take are called."""
    return [ResourceTemplate(uri_template=f"beecam://{{project}}/{{take}}/{name}", name=name, mime_type=media)
            for name, (_, media) in FILES.items()]


def contents(desk: ApiDesk, user: str, uri: str) -> TextResourceContents | BlobResourceContents:
    """What lies at an address. Raises Missing."""
    if uri == ENGINES:
        own = desk.rooms.room(user)
        told = desk.told(own, engines_told(own.studio().registry))
        return TextResourceContents(uri=uri, mime_type="application/json", text=json.dumps(told, ensure_ascii=False))
    found = ADDRESS.match(uri)
    if found is None or found[3] not in FILES:
        raise Missing(f"There is no resource {uri[:120]!r}; resources are beecam://engines and beecam://PROJECT/TAKE/"
                      "poster, panel or direction.")
    room = desk.rooms.room(user, found[1])
    name, media = FILES[found[3]]
    try:
        data = (room.store.take(found[2]).dir / name).read_bytes()
    except (Unusable, OSError):
        raise Missing(f"There is no take {found[2]} with a {found[3]} in project {room.project}.") from None
    if media == "image/png":
        return BlobResourceContents(uri=uri, mime_type=media, blob=base64.b64encode(data).decode())
    return TextResourceContents(uri=uri, mime_type=media, text=data.decode("utf-8"))


__all__ = ["contents", "links", "listed", "templates"]
