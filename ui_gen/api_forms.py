"""How a request arrives: JSON, or a form whose files are handed in on the way."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request as Asked

from agent.request import MOST_REFERENCES
from modalities.faults import Unusable
from ui_gen.api_bodies import MakeBody, from_json, read
from ui_gen.api_uploads import TooLarge, Upload, Uploads

LARGEST_JSON = 1 << 20
B = TypeVar("B", bound=BaseModel)


class WrongType(Unusable):
    """A body that is neither JSON nor a form."""


async def asked_for(asked: Asked, kind: type[B], uploads: Uploads) -> B:
    """The request in a body. Raises Unusable, TooLarge, WrongType; files of a request that is refused are kept as
    uploads, under the ids that a later request may name."""
    content = asked.headers.get("content-type", "").split(";")[0].strip().lower()
    if content in ("application/json", ""):
        return read(kind, from_json(await body_of(asked, LARGEST_JSON)))
    if content != "multipart/form-data":
        raise WrongType(f"A body of type {content[:60]!r} is not read; expected application/json or "
                        "multipart/form-data.")
    return read(kind, await _form(asked, kind, uploads))


async def body_of(asked: Asked, limit: int) -> bytes:
    """The whole body. Raises TooLarge beyond so many bytes."""
    held = bytearray()
    async for part in asked.stream():
        held += part
        if len(held) > limit:
            raise TooLarge(f"The request is larger than the {limit >> 20} MiB that are taken here.")
    return bytes(held)


async def _form(asked: Asked, kind: type[BaseModel], uploads: Uploads) -> dict[str, Any]:
    """Fields by name. A part `reference` or `reference:role,role` is a reference; `file` is the file of a request that
    has one; `patch` and `references` hold JSON."""
    found: dict[str, Any] = {}
    references: list[Any] = []
    try:
        async with asked.form(max_files=MOST_REFERENCES, max_fields=40) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    head, _, roles = name.partition(":")
                    if not (head == "reference" and kind is MakeBody) and not (name == "file" and "file" in
                                                                              kind.model_fields):
                        raise Unusable(f"There is no place for a file {name[:60]!r} here.")
                    upload = await asyncio.to_thread(kept, uploads, value.filename or "file", value.file)
                    if name == "file":
                        found["file"] = upload.id
                    else:
                        references.append({"file": upload.id, "roles": [r.strip() for r in roles.split(",") if
                                                                        r.strip()]})
                elif name in ("patch", "references"):
                    found[name] = from_json(value.encode("utf-8", "surrogateescape"))
                else:
                    found[name] = value
    except HTTPException:
        raise Unusable("The form cannot be read: it is damaged, or holds too many or too long fields.") from None
    if references:
        more = found.get("references", [])
        found["references"] = [*(more if isinstance(more, list) else [more]), *references]
    return found


def kept(uploads: Uploads, name: str, file: BinaryIO) -> Upload:
    """A file that arrived, as an upload. Raises TooLarge, WrongKind, OSError."""
    path = uploads.begin(name)
    try:
        with path.open("xb") as out:
            shutil.copyfileobj(file, out, 1 << 20)
    except BaseException:
        uploads.give_up(path)
        raise
    return uploads.finish(path)


async def streamed(asked: Asked, uploads: Uploads, name: str, limit: int) -> Upload:
    """The plain body as an upload. Raises TooLarge, WrongKind, OSError."""
    path: Path = await asyncio.to_thread(uploads.begin, name)
    try:
        size = 0
        with path.open("xb") as out:
            async for part in asked.stream():
                size += len(part)
                if size > limit:
                    raise TooLarge(f"The file is larger than the {limit >> 20} MiB that are taken.")
                await asyncio.to_thread(out.write, part)
    except BaseException:
        uploads.give_up(path)
        raise
    return await asyncio.to_thread(uploads.finish, path)


__all__ = ["LARGEST_JSON", "WrongType", "asked_for", "body_of", "kept", "streamed"]
