"""How each kind of endpoint is asked for a shot, watched, and stopped. A protocol gives the film's address or bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from modalities.engines.remote.endpoints import Endpoint
from modalities.engines.remote.line import Line, Refused

Tell = Callable[[float], None]
POLL_S = 2.0
MARKS = ("prompt", "avoid", "seed", "width", "height", "frames", "fps", "seconds", "first")


@dataclass(frozen=True)
class Wanted:
    """One shot. first: its first picture as PNG bytes; key: the same for the same shot, so that nothing is paid
    twice."""

    prompt: str
    avoid: str
    seed: int
    size_px: tuple[int, int]
    frames: int
    fps: int
    seconds: float
    first: bytes
    key: str


class Speaks(Protocol):
    def make(self, line: Line, wanted: Wanted, tell: Tell) -> bytes:
        """The shot as a film file. Raises Refused, Unavailable, Stopped."""
        ...


def headers_for(endpoint: Endpoint, key: str | None) -> dict[str, str]:
    """What carries the key."""
    if key is None:
        return {}
    return {"Authorization": f"{'Key' if endpoint.kind == 'fal' else 'Bearer'} {key}"}


def filled(template: Any, values: dict[str, Any]) -> Any:
    """A copy of JSON with %marks% replaced: a mark that is the whole text by the value itself, others by its text."""
    if isinstance(template, dict):
        return {name: filled(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values) for value in template]
    if isinstance(template, str):
        for name in MARKS:
            if template == f"%{name}%":
                return values[name]
            template = template.replace(f"%{name}%", str(values[name]))
    return template


def values_of(wanted: Wanted, first: str) -> dict[str, Any]:
    return {"prompt": wanted.prompt, "avoid": wanted.avoid, "seed": wanted.seed, "width": wanted.size_px[0],
            "height": wanted.size_px[1], "frames": wanted.frames, "fps": wanted.fps,
            "seconds": round(wanted.seconds, 3), "first": first}


class ComfyUi:
    """A ComfyUI server: /prompt, /history, /view, /upload/image, /interrupt, /queue."""

    def make(self, line: Line, wanted: Wanted, tell: Tell) -> bytes:
        path = line.endpoint.workflow
        assert path is not None
        try:
            workflow = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as fault:
            raise Refused(line.said(f"has a workflow that cannot be read: {str(fault)[:100]}")) from None
        first = ""
        if "%first%" in json.dumps(workflow):
            seen = line.ask("POST", "upload/image", files={"image": (f"beecam-{wanted.key[:16]}.png", wanted.first)},
                            again=True)
            first = str(seen.get("name", ""))
        asked = line.ask("POST", "prompt", {"prompt": filled(workflow, values_of(wanted, first)),
                                            "client_id": f"beecam-{wanted.key[:16]}"}, again=False)
        number = _name(line, asked, "prompt_id")
        try:
            while True:
                told = line.ask("GET", f"history/{quote(number, safe='')}").get(number)
                if isinstance(told, dict):
                    status = told.get("status") or {}
                    if status.get("status_str") == "error":
                        raise Refused(line.said(f"failed: {_words(status.get('messages'))}"))
                    if status.get("completed", True) and told.get("outputs"):
                        return line.fetch("view?" + urlencode(_film_among(line, told["outputs"])))
                tell(0.0)
                line.rest(POLL_S)
        except BaseException:
            quietly(line, "POST", "queue", {"delete": [number]})
            quietly(line, "POST", "interrupt", {"prompt_id": number})
            raise


class OpenAi:
    """The OpenAI video shape: /videos, /videos/ID, /videos/ID/content."""

    def make(self, line: Line, wanted: Wanted, tell: Tell) -> bytes:
        asked = line.ask("POST", "videos", {
            "model": line.endpoint.model, "prompt": wanted.prompt, "seconds": f"{wanted.seconds:g}",
            "size": f"{wanted.size_px[0]}x{wanted.size_px[1]}"}, again=False,
            extra={"Idempotency-Key": wanted.key})
        number = quote(_name(line, asked, "id"), safe="")
        try:
            while True:
                told = line.ask("GET", f"videos/{number}")
                state = told.get("status")
                if state == "completed":
                    return line.fetch(f"videos/{number}/content")
                if state in ("failed", "cancelled"):
                    raise Refused(line.said(f"failed: {_words(told.get('error'))}"))
                tell(_share(told.get("progress"), 100.0))
                line.rest(POLL_S)
        except BaseException:
            quietly(line, "DELETE", f"videos/{number}", None)
            raise


class Predictions:
    """The predictions shape of Replicate: an input by names, then polled until there is an output."""

    def make(self, line: Line, wanted: Wanted, tell: Tell) -> bytes:
        inputs = filled(line.endpoint.inputs or {"prompt": "%prompt%", "seed": "%seed%"}, values_of(wanted, ""))
        address = f"models/{line.endpoint.model}/predictions" if "/" in line.endpoint.model else "predictions"
        body = {"input": inputs} if "/" in line.endpoint.model else {"input": inputs, "version": line.endpoint.model}
        told = line.ask("POST", address, body, again=False, extra={"Idempotency-Key": wanted.key})
        number = quote(_name(line, told, "id"), safe="")
        try:
            while True:
                state = told.get("status")
                if state == "succeeded":
                    return line.fetch(_address(line, told.get("output")))
                if state in ("failed", "canceled"):
                    raise Refused(line.said(f"failed: {_words(told.get('error'))}"))
                tell(0.0)
                line.rest(POLL_S)
                told = line.ask("GET", f"predictions/{number}")
        except BaseException:
            quietly(line, "POST", f"predictions/{number}/cancel", None)
            raise


class Fal:
    """The queue shape of fal: /MODEL, /MODEL/requests/ID/status, /MODEL/requests/ID."""

    def make(self, line: Line, wanted: Wanted, tell: Tell) -> bytes:
        inputs = filled(line.endpoint.inputs or {"prompt": "%prompt%", "seed": "%seed%"}, values_of(wanted, ""))
        told = line.ask("POST", line.endpoint.model, inputs, again=False, extra={"Idempotency-Key": wanted.key})
        at = f"{line.endpoint.model}/requests/{quote(_name(line, told, 'request_id'), safe='')}"
        try:
            while True:
                told = line.ask("GET", f"{at}/status")
                if told.get("status") == "COMPLETED":
                    made = line.ask("GET", at)
                    return line.fetch(_address(line, (made.get("video") or {}).get("url")))
                if told.get("status") not in ("IN_QUEUE", "IN_PROGRESS"):
                    raise Refused(line.said(f"failed: {_words(told.get('error'))}"))
                tell(0.0)
                line.rest(POLL_S)
        except BaseException:
            quietly(line, "PUT", f"{at}/cancel", None)
            raise


def quietly(line: Line, method: str, address: str, body: Any) -> None:
    """Told to the endpoint, once, whatever comes of it: nobody is interested any more."""
    from threading import Event

    try:
        Line(line.endpoint.model_copy(update={"retries": 0, "timeout_s": 5.0}), Event(), line.headers,
             transport=line.transport).ask(method, address, body)
    except Exception:
        return


def _name(line: Line, told: Any, field: str) -> str:
    value = told.get(field) if isinstance(told, dict) else None
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise Refused(line.said(f"took the shot and gave no {field}"))
    return value


def _address(line: Line, output: Any) -> str:
    value = output[0] if isinstance(output, list) and output else output
    if not isinstance(value, str) or "://" not in value:
        raise Refused(line.said("says that it is done and gives no film"))
    return value


def _film_among(line: Line, outputs: Any) -> dict[str, str]:
    """The first moving output of a ComfyUI run, as the query of /view."""
    for node in outputs.values() if isinstance(outputs, dict) else ():
        for name in ("videos", "gifs", "images"):
            for one in (node.get(name) or []) if isinstance(node, dict) else []:
                file = str(one.get("filename", ""))
                if file.lower().endswith((".mp4", ".webm", ".mov", ".mkv", ".gif")):
                    return {"filename": file, "subfolder": str(one.get("subfolder", "")),
                            "type": str(one.get("type", "output"))}
    raise Refused(line.said("says that it is done and gives no film"))


def _words(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("message", "")
    text = value if isinstance(value, str) else json.dumps(value)[:200] if value else ""
    return "".join(letter for letter in text if letter.isprintable())[:200] or "no reason given"


def _share(value: Any, whole: float) -> float:
    return min(1.0, max(0.0, float(value) / whole)) if isinstance(value, int | float) else 0.0


SPEAKS: dict[str, Callable[[], Speaks]] = {"comfyui": ComfyUi, "openai": OpenAi, "predictions": Predictions, "fal": Fal}
