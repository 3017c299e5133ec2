"""/api/v1: films over HTTP. What a request comes to is in `api_acts`; who may ask is in `api_doors`.

Every answer is JSON, an event stream or a file of the user's own; what goes wrong is one sentence as {"error": …}.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import FastAPI, Query, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request as Asked

from modalities.faults import Unavailable, Unusable
from modalities.store import TAKE_ID, Take
from ui_gen import api_acts
from ui_gen.api_addresses import BASE, IDEA
from ui_gen.api_bodies import (
    AnswerBody,
    ChangeBody,
    EditBody,
    EstimateBody,
    IdeasBody,
    MakeBody,
    PanelBody,
    PerceiveBody,
    ProjectBody,
    schema_of,
)
from ui_gen.api_desk import ApiDesk
from ui_gen.api_doors import GUARD, USER, BodyTooLarge, answer
from ui_gen.api_events import events_of
from ui_gen.api_forms import WrongType, asked_for, streamed
from ui_gen.api_page import page
from ui_gen.api_rooms import MAIN, Missing, Room
from ui_gen.api_uploads import LARGEST_BYTES, TooLarge, WrongKind
from ui_gen.engines_told import engines_told
from ui_gen.queue_jobs import Full, Job

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (Missing, 404), (TooLarge, 413), (WrongKind, 415), (WrongType, 415), (Full, 429), (Unusable, 422),
    (Unavailable, 503))
OPEN = frozenset({"/openapi.json", "/docs"})
JSON_BODY = 1 << 20
TAKE_FILES = {"video": ("video.mp4", "video/mp4"), "audio": ("audio.wav", "audio/wav"),
              "poster": ("poster.png", "image/png"), "panel": ("panel.json", "application/json"),
              "direction": ("direction.json", "application/json")}


def largest(path: str) -> int:
    """The most bytes of a request's body, by its path below /api/v1."""
    return LARGEST_BYTES + JSON_BODY if path in ("/files", "/make", "/perceive") else JSON_BODY


def api_app(desk: ApiDesk) -> FastAPI:
    """The application below /api/v1, without its doors."""
    app = FastAPI(title="Beecam", version="1", docs_url=None, redoc_url=None, openapi_url="/openapi.json",
                  redirect_slashes=False, servers=[{"url": BASE}], root_path_in_servers=False,
                  description="Films from words and references. See docs/api.md.",
                  dependencies=[Security(HTTPBearer(auto_error=False, description="from `beecam token`"))])
    _faults(app, desk)
    _work(app, desk)
    _jobs(app, desk)
    _takes(app, desk)
    _files(app, desk)
    _engines(app, desk)

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()), headers=GUARD)

    return app


def user(asked: Asked) -> str:
    """Who asks, as the doors have found."""
    return str(asked.scope[USER])


# ------------------------------------------------------------------------------------------------------------- work
def _work(app: FastAPI, desk: ApiDesk) -> None:
    kinds: tuple[tuple[str, type[Any], str], ...] = (
        ("make", MakeBody, "Words and references to finished films"), ("edit", EditBody, "A new take forked from one"),
        ("ideas", IdeasBody, "Unexpected but coherent proposals"),
        ("perceive", PerceiveBody, "What is measured in a reference"),
        ("panel", PanelBody, "The control panel of a take, measured"),
        ("estimate", EstimateBody, "What a film will cost before it is made"))
    for kind, body, summary in kinds:
        app.post(f"/{kind}", status_code=202, summary=summary, name=kind,
                 openapi_extra=_body_schema(body))(_begins(desk, kind, body))

    @app.post("/takes/{take}/edit", status_code=202, summary="A new take forked from this one",
              openapi_extra=_body_schema(ChangeBody))
    async def change(asked: Asked, take: str) -> JSONResponse:
        body = await asked_for(asked, ChangeBody, desk.rooms.uploads(user(asked)))
        return accepted(desk, await run_in_threadpool(desk.change, user(asked), take, body))

    @app.post("/jobs/{job}/answer", status_code=202, summary="Answers what a job asked; a new job goes on",
              openapi_extra=_body_schema(AnswerBody))
    async def answered(asked: Asked, job: str) -> JSONResponse:
        body = await asked_for(asked, AnswerBody, desk.rooms.uploads(user(asked)))
        found = desk.job(user(asked), job)
        return accepted(desk, await run_in_threadpool(desk.answer, user(asked), found, body))


def _begins(desk: ApiDesk, kind: str, body: type[Any]) -> Callable[[Asked], Coroutine[Any, Any, JSONResponse]]:
    async def begin(asked: Asked) -> JSONResponse:
        given = await asked_for(asked, body, desk.rooms.uploads(user(asked)))
        return accepted(desk, await run_in_threadpool(desk.begin, user(asked), kind, given))

    return begin


def accepted(desk: ApiDesk, job: Job) -> JSONResponse:
    """202 with where the job is to be asked for."""
    told = desk.status(job)
    kept = {name: told[name] for name in ("job", "state", "position", "wait_s", "events", "status")}
    return JSONResponse(kept, 202, headers={"Location": told["status"]})


def _body_schema(body: type[Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {
        "application/json": {"schema": schema_of(body)}, "multipart/form-data": {"schema": {"type": "object"}}}}}


# ------------------------------------------------------------------------------------------------------------- jobs
def _jobs(app: FastAPI, desk: ApiDesk) -> None:
    @app.get("/jobs", summary="Your jobs, oldest first, without their results")
    def jobs(asked: Asked) -> dict[str, Any]:
        return {"jobs": [desk.status(job) | {"result": None} for job in desk.board.jobs(user(asked))]}

    @app.get("/jobs/{job}", summary="How far a job is, and its result")
    def job(asked: Asked, job: str) -> dict[str, Any]:
        return desk.status(desk.job(user(asked), job))

    @app.get("/jobs/{job}/events", summary="A job's events as they happen (text/event-stream)",
             response_class=StreamingResponse)
    def events(asked: Asked, job: str) -> StreamingResponse:
        found = desk.job(user(asked), job)
        room = desk.rooms.room(found.user, found.project)
        last = asked.headers.get("last-event-id", "0")
        after = int(last[:12]) if last.isascii() and last[:12].isdigit() else 0
        return StreamingResponse(events_of(found, after, lambda data: desk.told(room, data),
                                           lambda: desk.status(found)), media_type="text/event-stream")

    @app.post("/jobs/{job}/stop", summary="Ends a job; nothing half-made is kept")
    def stop(asked: Asked, job: str) -> dict[str, Any]:
        found = desk.job(user(asked), job)
        desk.board.stop(found)
        return desk.status(found)


# ------------------------------------------------------------------------------------------------------------ takes
def _takes(app: FastAPI, desk: ApiDesk) -> None:
    def room_of(asked: Asked, project: str) -> Room:
        return desk.rooms.room(user(asked), project)

    def take_of(asked: Asked, take: str, project: str) -> tuple[Room, Take]:
        room = room_of(asked, project)
        if not TAKE_ID.match(take):
            raise Missing(f"There is no take {take[:60]!r} in project {room.project}.")
        try:
            return room, room.store.take(take)
        except Unusable:
            raise Missing(f"There is no take {take} in project {room.project}.") from None

    @app.get("/projects", summary="Your projects")
    def projects(asked: Asked) -> dict[str, Any]:
        return {"projects": [{"project": one, "takes": f"{BASE}/projects/{one}/takes"}
                             for one in desk.rooms.projects(user(asked))]}

    @app.post("/projects", status_code=201, summary="A new project", openapi_extra=_body_schema(ProjectBody))
    async def add(asked: Asked) -> dict[str, Any]:
        body = await asked_for(asked, ProjectBody, desk.rooms.uploads(user(asked)))
        room = await run_in_threadpool(desk.rooms.add, user(asked), body.project)
        return {"project": room.project, "takes": f"{BASE}/projects/{room.project}/takes"}

    @app.get("/projects/{project}/takes", summary="A project's newest takes, oldest first")
    def takes(asked: Asked, project: str, newest: Annotated[int, Query(ge=1, le=1000)] = 200) -> dict[str, Any]:
        return {"takes": desk.takes(room_of(asked, project), newest)}

    @app.get("/projects/{project}/tree", summary="A project's history, with labels")
    def tree(asked: Asked, project: str) -> dict[str, Any]:
        room = room_of(asked, project)
        return desk.told(room, api_acts.tree(room))

    @app.get("/takes/{take}/diff/{other}", summary="What was changed from one take to another")
    def diff(asked: Asked, take: str, other: str, project: str = MAIN) -> dict[str, Any]:
        room, found = take_of(asked, take, project)
        return desk.told(room, api_acts.diff(room, found.id, take_of(asked, other, project)[1].id))

    @app.get("/takes/{take}", summary="A take: its Direction, its panel, what was measured")
    def take(asked: Asked, take: str, project: str = MAIN) -> dict[str, Any]:
        room, found = take_of(asked, take, project)
        return desk.take(room, found.id)

    @app.get("/takes/{take}/{file}", summary="A take's video, audio, poster, panel or direction; ranges are served",
             response_class=FileResponse)
    def file(asked: Asked, take: str, file: str, project: str = MAIN) -> FileResponse:
        _, found = take_of(asked, take, project)
        name, media = TAKE_FILES.get(file, ("", ""))
        if not name or not (found.dir / name).is_file():
            raise Missing(f"A take has no {file[:40]!r}; it has {', '.join(TAKE_FILES)}.")
        return FileResponse(found.dir / name, media_type=media)

    @app.get("/ideas/{folder}/{name}", summary="The moving thumbnail of an idea", response_class=FileResponse)
    def thumbnail(asked: Asked, folder: str, name: str, project: str = MAIN) -> FileResponse:
        room, stem = room_of(asked, project), name.removesuffix(".mp4")
        path = room.folder / "ideas" / folder / f"{stem}.mp4"
        if not IDEA.match(folder) or not IDEA.match(stem) or not path.is_file():
            raise Missing("There is no such idea.")
        return FileResponse(path, media_type="video/mp4")


# ------------------------------------------------------------------------------------------------------------ files
def _files(app: FastAPI, desk: ApiDesk) -> None:
    @app.post("/files", status_code=201, summary="Hands in a reference: the part `file` of a form, or the plain body")
    async def upload(asked: Asked, name: str = "file") -> dict[str, Any]:
        uploads = desk.rooms.uploads(user(asked))
        if asked.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            found = uploads.get((await asked_for(asked, PerceiveBody, uploads)).file)
            if found is None:
                raise Unusable("The form holds no part file.")
        else:
            found = await streamed(asked, uploads, name[:200], LARGEST_BYTES)
        return found.told()

    @app.get("/files", summary="What you handed in")
    def files(asked: Asked) -> dict[str, Any]:
        return {"files": [one.told() for one in desk.rooms.uploads(user(asked)).all()]}

    @app.delete("/files/{file}", summary="Deletes what you handed in; takes made of it stay")
    def delete(asked: Asked, file: str) -> dict[str, Any]:
        if not desk.rooms.uploads(user(asked)).delete(file):
            raise Missing(f"There is no file {file[:40]!r}.")
        return {"deleted": file}


# ---------------------------------------------------------------------------------------------------------- engines
def _engines(app: FastAPI, desk: ApiDesk) -> None:
    @app.get("/engines", summary="What can run here, what is missing and what would get it")
    def engines(asked: Asked) -> dict[str, Any]:
        room = desk.rooms.room(user(asked))
        return desk.told(room, engines_told(room.studio().registry))


# ----------------------------------------------------------------------------------------------------------- faults
def _faults(app: FastAPI, desk: ApiDesk) -> None:
    async def told(asked: Asked, fault: Exception) -> Response:
        status = next(number for kind, number in STATUS if isinstance(fault, kind))
        name = asked.scope.get(USER)
        return answer(status, desk.sentence(name, fault) if name else "This cannot be used.")

    async def too_large(asked: Asked, fault: Exception) -> Response:
        limit = largest(asked.url.path.removeprefix(BASE)) >> 20
        return answer(413, f"The request is larger than the {limit} MiB that are taken here.")

    async def http(asked: Asked, fault: Exception) -> Response:
        status = fault.status_code if isinstance(fault, HTTPException) else 500
        said = {404: "There is nothing at this address; see /api/v1/openapi.json.",
                405: "This address does not take that method; see /api/v1/openapi.json."}
        return answer(status, said.get(status, "The request cannot be read."))

    async def disk(asked: Asked, fault: Exception) -> Response:
        full = isinstance(fault, OSError) and fault.errno in (28, 122, 27)
        return answer(507 if full else 500, "The disk is full." if full else "A file could not be used.")

    async def invalid(asked: Asked, fault: Exception) -> Response:
        return answer(422, "A part of the address cannot be used.")

    async def inside(asked: Asked, fault: Exception) -> Response:
        # The server's log has the whole story.
        return answer(500, f"Something went wrong inside ({type(fault).__name__}).")

    for kind, _ in STATUS:
        app.add_exception_handler(kind, told)
    app.add_exception_handler(BodyTooLarge, too_large)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(OSError, disk)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, inside)


__all__ = ["OPEN", "api_app", "largest"]
