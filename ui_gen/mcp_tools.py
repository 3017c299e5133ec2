"""The tools an MCP client sees: what each is for and what it takes."""

from __future__ import annotations

from typing import Any

from mcp_types import Tool, ToolAnnotations
from pydantic import BaseModel, ConfigDict, Field

from ui_gen.api_bodies import (
    LONGEST_LINE,
    Body,
    EditBody,
    EstimateBody,
    IdeasBody,
    MakeBody,
    PanelBody,
    PerceiveBody,
    TakeName,
    schema_of,
)

USUAL_WAIT_S, LONGEST_WAIT_S = 600.0, 3600.0
LARGEST_INLINE = 6 << 20
LATER = " Waits up to wait_s seconds; if it takes longer, call `wait` with the job it names."
JobId = Field(min_length=1, max_length=40, description="a job's name, as an earlier call gave it")


class WaitBody(BaseModel):
    """Waits on for a job."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    job: str = JobId


class StopBody(WaitBody):
    """Ends a job; nothing half-made is kept."""


class ReplyBody(WaitBody):
    """Answers what a job asked."""

    text: str = Field(min_length=1, max_length=LONGEST_LINE)


class TakesBody(Body):
    """A project's takes, newest last."""

    newest: int = Field(default=20, ge=1, le=500)


class TakeBody(Body):
    """One take, with its Direction and panel."""

    take: TakeName


class DiffBody(Body):
    """Two takes."""

    a: TakeName
    b: TakeName


class UploadBody(BaseModel):
    """A small file, handed in as base64."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(min_length=1, max_length=200, description="its name, with its ending")
    content_base64: str = Field(max_length=LARGEST_INLINE * 4 // 3 + 4)


# Name, request, whether it works in the queue, what it is for.
TOOLS: tuple[tuple[str, type[BaseModel], bool, str], ...] = (
    ("make", MakeBody, True, "Makes a finished film with sound from words, references (films, pictures, drawings, "
                             "music, speech, lyrics, gestures) or both." + LATER),
    ("edit", EditBody, True, "A new take forked from one: say what should change (say), or give an RFC 6902 patch on "
                             "its Direction (patch; see the tool take). Takes are never overwritten. A line may come "
                             "back as a question; answer it with `answer`." + LATER),
    ("ideas", IdeasBody, True, "Up to eight unexpected but coherent proposals for a take or for words, each with the "
                               "patch that leads there and a moving thumbnail; choose makes one of them." + LATER),
    ("perceive", PerceiveBody, True, "What is measured in a reference of any kind: tempo, beats, sections, cuts, "
                                     "camera, palette, horizon, phrases, as cues with spans and confidence." + LATER),
    ("panel", PanelBody, True, "The control panel of a take: at most seven controls, each with the JSON Pointers it is "
                               "bound to and what it was measured to do on this film; patch a pointer with `edit`."
                               + LATER),
    ("estimate", EstimateBody, True, "What a film will cost before it is made: seconds with an interval, memory."
                                     + LATER),
    ("answer", ReplyBody, True, "Answers what a job asked, so that it goes on." + LATER),
    ("wait", WaitBody, True, "Waits on for a job that took longer than an earlier call waited."),
    ("stop", StopBody, False, "Ends a job; nothing half-made is kept."),
    ("takes", TakesBody, False, "The takes of a project: ids, reasons, parents, measured figures, files."),
    ("take", TakeBody, False, "One take: its Direction (what an edit patches), its control panel, what was measured."),
    ("diff", DiffBody, False, "What was changed from one take to another, in words and as a patch."),
    ("upload", UploadBody, False, "Hands in a small file, up to 6 MiB, as base64; gives the id that references and "
                                  "perceive take. Larger files go to POST /api/v1/files."))
READ_ONLY = frozenset({"wait", "takes", "take", "perceive", "panel", "estimate", "diff"})


def tools(folder: str | None) -> list[Tool]:
    """All tools. folder: where files may be named by their path, None where only uploads are."""
    found: list[Tool] = []
    for name, kind, queued, text in TOOLS:
        schema = schema_of(kind)
        schema.pop("title", None)
        schema.pop("description", None)
        if queued:
            schema["properties"]["wait_s"] = {"type": "number", "minimum": 0, "maximum": LONGEST_WAIT_S,
                                              "default": USUAL_WAIT_S, "description": "seconds to wait"}
        if folder is not None:
            _say_paths(schema, folder)
        found.append(Tool(name=name, description=text, input_schema=schema, annotations=ToolAnnotations(
            read_only_hint=name in READ_ONLY, destructive_hint=False, open_world_hint=False)))
    return found


def _say_paths(schema: dict[str, Any], folder: str) -> None:
    said = f"a file inside {folder}, by its path, or the id of a file that was handed in"
    own = schema["properties"]
    wished = own.get("references", {}).get("items", {}).get("properties", {})
    for properties in (own, wished):
        if "file" in properties:
            properties["file"]["description"] = said


__all__ = ["TOOLS", "USUAL_WAIT_S", "DiffBody", "ReplyBody", "StopBody", "TakeBody", "TakesBody", "UploadBody",
           "WaitBody", "tools"]
