"""What may be asked over HTTP and MCP: the fields of each request, their limits, and one sentence for what is wrong.

The fields are those of the command line without the dashes; units stand in the names.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.ideas_types import MOST_IDEAS
from agent.references import ROLES
from agent.request import LONGEST_S, MOST_REFERENCES
from modalities.faults import Unusable
from ui_gen.command_line.panel_words import FOCUSES

LONGEST_PROMPT, LONGEST_LINE, MOST_OPERATIONS = 20_000, 4_000, 200
DEEPEST = 60
B = TypeVar("B", bound=BaseModel)
TakeName = Annotated[str, Field(min_length=1, max_length=80, description="a take's id, such as t0001, or its name")]
Seed = Annotated[int | None, Field(default=None, ge=0, lt=2**31)]
Cap = Annotated[float | None, Field(default=None, gt=0, description="refuse what may take longer than so many seconds")]


class Body(BaseModel):
    """Base of every request."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    project: str = Field(default="main", max_length=40, description="a project of yours")


class ReferenceWish(BaseModel):
    """A file that was handed in before, with its jobs; no roles means what its kind is usually for."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: str = Field(min_length=1, max_length=1000, description="the id of a file that was handed in")
    roles: tuple[str, ...] = Field(default=(), max_length=len(ROLES), description=f"some of {', '.join(ROLES)}")


class Operation(BaseModel):
    """One operation of RFC 6902."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)
    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    path: str = Field(max_length=300, description="a JSON Pointer into the Direction")
    value: Any = None
    from_: str | None = Field(default=None, alias="from", max_length=300)


class MakeBody(Body):
    """Words and references to finished films."""

    prompt: str = Field(default="", max_length=LONGEST_PROMPT, description="what should be seen and heard; may be "
                                                                           "empty where there is a reference")
    references: tuple[ReferenceWish, ...] = Field(default=(), max_length=MOST_REFERENCES)
    duration_s: float | None = Field(default=None, ge=0.2, le=LONGEST_S)
    size: str | None = Field(default=None, max_length=20, description="WIDTHxHEIGHT in pixels, such as 768x432")
    fps: int | None = Field(default=None, ge=1, le=120)
    engine: str = Field(default="sim", max_length=40)
    takes: int = Field(default=1, ge=1, le=16)
    seed: Seed
    weird: float | None = Field(default=None, ge=0, le=1, description="how far from the expected")
    cap_s: Cap

    @model_validator(mode="after")
    def _something(self) -> MakeBody:
        if not self.prompt.strip() and not self.references:
            raise ValueError("the prompt is empty; say what should be seen or heard, or give a reference")
        return self


class ChangeBody(Body):
    """A line about a take, or an RFC 6902 patch on its Direction; one of both."""

    say: str | None = Field(default=None, min_length=1, max_length=LONGEST_LINE, description="what should change")
    patch: tuple[Operation, ...] | None = Field(default=None, min_length=1, max_length=MOST_OPERATIONS)
    cap_s: Cap

    @model_validator(mode="after")
    def _one(self) -> ChangeBody:
        if (self.say is None) == (self.patch is None):
            raise ValueError("an edit needs either say or patch")
        if self.say is not None and not self.say.strip():
            raise ValueError("say is empty; say what should change")
        return self


class EditBody(ChangeBody):
    """A new take forked from one."""

    take: TakeName


class IdeasBody(Body):
    """Unexpected but coherent proposals for a take or for words; one of both. choose: makes one of them as a take."""

    take: Annotated[str | None, Field(default=None, min_length=1, max_length=80)]
    prompt: str | None = Field(default=None, min_length=1, max_length=LONGEST_PROMPT)
    count: int = Field(default=4, ge=1, le=MOST_IDEAS)
    seed: int = Field(default=1, ge=0, lt=2**31)
    choose: int | None = Field(default=None, ge=1, le=MOST_IDEAS,
                               description="makes idea so-and-so of the list shown last as a new take")

    @model_validator(mode="after")
    def _one(self) -> IdeasBody:
        if (self.take is None) == (self.prompt is None):
            raise ValueError("ideas need either take or prompt")
        return self


class PerceiveBody(Body):
    """What is measured in a reference of any kind."""

    file: str = Field(min_length=1, max_length=1000, description="the id of a file that was handed in")
    role: str | None = Field(default=None, max_length=20, description=f"only the cues of one of {', '.join(ROLES)}")


class PanelBody(Body):
    """The control panel of a take, each control with what it was measured to do on this film."""

    take: TakeName
    focus: str | None = Field(default=None, description=f"what it should be about: {', '.join(FOCUSES)}")

    @model_validator(mode="after")
    def _known(self) -> PanelBody:
        if self.focus is not None and self.focus not in FOCUSES:
            raise ValueError(f"focus is one of {', '.join(FOCUSES)}")
        return self


class EstimateBody(Body):
    """What a film will cost before it is made: a take again, or a film of words; one of both."""

    take: Annotated[str | None, Field(default=None, min_length=1, max_length=80)]
    prompt: str | None = Field(default=None, min_length=1, max_length=LONGEST_PROMPT)
    duration_s: float | None = Field(default=None, ge=0.2, le=LONGEST_S)
    size: str | None = Field(default=None, max_length=20, description="WIDTHxHEIGHT in pixels")
    fps: int | None = Field(default=None, ge=1, le=120)
    engine: str | None = Field(default=None, max_length=40, description="one engine only")

    @model_validator(mode="after")
    def _one(self) -> EstimateBody:
        if (self.take is None) == (self.prompt is None):
            raise ValueError("an estimate needs either take or prompt")
        return self


class AnswerBody(BaseModel):
    """The answer to what a job asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str = Field(min_length=1, max_length=LONGEST_LINE)


class ProjectBody(BaseModel):
    """A new project."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    project: str = Field(max_length=40)


def read(kind: type[B], given: Any) -> B:
    """The request in what was given. Raises Unusable with one sentence that names the field."""
    if not isinstance(given, dict):
        raise Unusable("The request is not a JSON object.")
    check_plain(given)
    try:
        return kind.model_validate(given)
    except ValidationError as fault:
        raise Unusable(_first(fault)) from None


def from_json(body: bytes) -> Any:
    """JSON as data. Raises Unusable for what is none, is nested too deeply or holds what is no text."""
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise Unusable("The request is not JSON.") from None
    check_plain(given)
    return given


def schema_of(kind: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a request, without references into itself."""
    schema = kind.model_json_schema()
    defs = schema.pop("$defs", {})

    def inlined(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return inlined(defs[value["$ref"].rsplit("/", 1)[-1]])
            return {key: inlined(one) for key, one in value.items()}
        return [inlined(one) for one in value] if isinstance(value, list) else value

    return inlined(schema)


def check_plain(given: Any) -> None:
    """Raises Unusable for data that cannot be written down again: lone surrogates, endless numbers, great depth."""
    try:
        level: list[Any] = [given]
        for _ in range(DEEPEST):
            level = [one for value in level for one in
                     (value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ())]
            if not level:
                break
        else:
            raise Unusable(f"The request is nested more than {DEEPEST} deep.")
        json.dumps(given, ensure_ascii=False, allow_nan=False, default=str).encode("utf-8")
    except UnicodeEncodeError:
        raise Unusable("The request holds half of a letter (a lone surrogate), which is not text.") from None
    except ValueError as fault:
        if isinstance(fault, Unusable):
            raise
        raise Unusable("The request holds a number that is none, such as NaN.") from None


def plain_words(sentence: str) -> str:
    """A sentence of the command line as the API says it: options become fields."""
    named = {"duration": "duration_s", "ref": "references", "cap": "cap_s", "take": "choose", "set": "patch"}
    # `beecam mcp --files` is a command that is advised, not a field.
    return re.sub(r"--(?!files\b)([a-z][a-z-]*)", lambda one: named.get(one[1], one[1].replace("-", "_")), sentence)


def _first(fault: ValidationError) -> str:
    error = fault.errors(include_url=False)[0]
    said = str(error["msg"]).removeprefix("Value error, ")
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"There is no field {where[:60]!r} here."
    if not where:
        return said[:1].upper() + said[1:] + "."
    return f"{where[:60]}: {said[:1].lower()}{said[1:]}."


__all__ = ["AnswerBody", "Body", "ChangeBody", "EditBody", "EstimateBody", "IdeasBody", "MakeBody", "PanelBody",
           "PerceiveBody", "ProjectBody", "check_plain", "from_json", "plain_words", "read", "schema_of"]
