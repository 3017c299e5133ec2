"""One question to a chat model over the OpenAI-compatible protocol: bounded in calls, tokens, bytes and seconds.

The client is `openai` (extra `llm`), imported when the first question is asked. Nothing here logs, and no sentence
repeats what a server said: it may repeat the key.
"""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from threading import Event as Flag
from threading import Thread
from typing import Any, NoReturn

from agent.planner import HOSTED, ChatSettings
from modalities.faults import Stopped

MOST_CALLS = 4
MOST_TOKENS = 2000
MOST_BYTES = 256 * 1024
LONGEST_WAIT_S = 2.0
# After a call that ran out of time no other is made for so long: nobody waits a minute for every line.
REST_S = 60.0
# Which header fields leave this machine; all others that the client would add (platform, organisation, headers out of
# environment variables of its own) are taken out. The client itself looks for the last one.
SENT = frozenset({"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent",
                  "x-stainless-raw-response"})
Message = dict[str, str]


class NotAnswered(Exception):
    """The model gave nothing that can be used. Its text is a short reason without secrets, such as "…"."""


class _Manners(Exception):
    """The server refuses a field of the request; another form may be taken."""


@dataclass(frozen=True)
class Answer:
    text: str
    cut_off: bool = False


@dataclass
class Budget:
    """How many calls and seconds are left for one thing that was said."""

    calls: int = MOST_CALLS
    until: float = field(default_factory=lambda: time.monotonic() + 3600.0)

    def spend(self) -> None:
        if self.calls <= 0:
            raise NotAnswered(f"it was asked {MOST_CALLS} times")
        self.calls -= 1


def client_version() -> str | None:
    """The installed client's version, or None."""
    try:
        return version("openai")
    except PackageNotFoundError:
        return None


class Chat:
    """A chat model. What its server turned out not to take (schemas, field names) is remembered for the next call."""

    def __init__(self, settings: ChatSettings) -> None:
        self.settings = settings
        hosted = settings.base_url == HOSTED
        # Hosted reasoning models take neither max_tokens nor a temperature; servers of one's own know max_tokens.
        self._formats = ["schema", "object", "text"]
        self._tokens_field = "max_completion_tokens" if hosted else "max_tokens"
        self._temperature = not hosted
        self._rest_until = 0.0

    def ask(self, messages: Sequence[Message], schema: dict[str, Any], budget: Budget,
            stop: Flag | None = None) -> Answer:
        """One answer. Raises NotAnswered with the reason, Stopped."""
        waited = False
        if time.monotonic() < self._rest_until:
            raise NotAnswered("it ran out of time a moment ago")
        while True:
            budget.spend()
            try:
                return self._called(list(messages), schema, budget, stop)
            except _Manners:
                continue
            except _Busy as fault:
                if waited or fault.wait_s > LONGEST_WAIT_S:
                    raise NotAnswered(fault.reason) from None
                waited = True
                if stop is not None and stop.wait(fault.wait_s):
                    raise Stopped("The run was stopped while the language model was asked.") from None
                if stop is None:
                    time.sleep(fault.wait_s)

    def _called(self, messages: list[Message], schema: dict[str, Any], budget: Budget, stop: Flag | None) -> Answer:
        """One HTTP request in a thread of its own, so that Stop and the time limit hold whatever the server does."""
        found: queue.Queue[Answer | BaseException] = queue.Queue()
        closing: list[Any] = []

        def work() -> None:
            try:
                found.put(self._posted(messages, schema, closing))
            except BaseException as fault:
                found.put(fault)

        Thread(target=work, daemon=True, name="beecam-planner").start()
        limit = min(time.monotonic() + self.settings.call_s, budget.until)
        while True:
            try:
                got = found.get(timeout=0.05)
                break
            except queue.Empty:
                late = time.monotonic() > limit
                if late or (stop is not None and stop.is_set()):
                    for client in closing:
                        client.close()
                if stop is not None and stop.is_set():
                    raise Stopped("The run was stopped while the language model was asked.") from None
                if late:
                    self._rest_until = time.monotonic() + REST_S
                    raise NotAnswered(f"no answer within {self.settings.call_s:g} s") from None
        if isinstance(got, BaseException):
            raise got
        return got

    def _posted(self, messages: list[Message], schema: dict[str, Any], closing: list[Any]) -> Answer:
        try:
            import openai
        except ImportError:
            raise NotAnswered("its client is not installed; pip install 'beecam[llm]'") from None
        key = self.settings.key

        def only_ours(request: Any) -> None:
            for name in [name for name in request.headers if name.lower() not in SENT]:
                del request.headers[name]
            if key:
                request.headers["Authorization"] = f"Bearer {key}"

        fields: dict[str, Any] = {self._tokens_field: MOST_TOKENS}
        if self._temperature:
            fields["temperature"] = 0
        if self._formats[0] == "schema":
            fields["response_format"] = {"type": "json_schema",
                                         "json_schema": {"name": "answer", "strict": True, "schema": schema}}
        elif self._formats[0] == "object":
            fields["response_format"] = {"type": "json_object"}
        try:
            # No certificates are loaded where there is no TLS; a redirect to where there is some is not followed.
            wire = openai.DefaultHttpxClient(follow_redirects=False, trust_env=not self.settings.local,
                                             verify=self.settings.base_url.startswith("https:"),
                                             event_hooks={"request": [only_ours]})
            client = openai.OpenAI(api_key=key or "none", base_url=self.settings.base_url, max_retries=0,
                                   timeout=self.settings.call_s, http_client=wire)
            closing.append(client)
            with client, client.chat.completions.with_streaming_response.create(
                    model=self.settings.model, messages=messages, **fields) as response:  # pyright: ignore
                body = _bounded(response.iter_bytes(16 * 1024))
        except openai.APITimeoutError:
            self._rest_until = time.monotonic() + REST_S
            raise NotAnswered(f"no answer within {self.settings.call_s:g} s") from None
        except openai.APIConnectionError:
            raise NotAnswered(f"no connection to {self.settings.host}") from None
        except openai.APIStatusError as fault:
            self._refused(fault.status_code, fault.response)
        except NotAnswered:
            raise
        except Exception as fault:  # what a broken server does to the client below its own exceptions
            raise NotAnswered(f"the connection to {self.settings.host} broke ({type(fault).__name__})") from None
        return _answer(body)

    def _refused(self, status: int, response: Any) -> NoReturn:
        """Always raises: _Manners where asking in another form may help, _Busy, else NotAnswered."""
        host = self.settings.host
        if status in (400, 422, 501):
            said = _text_of(response)
            if self._tokens_field == "max_tokens" and "max_completion_tokens" in said:
                self._tokens_field = "max_completion_tokens"
                raise _Manners from None
            if self._temperature and "temperature" in said:
                self._temperature = False
                raise _Manners from None
            if len(self._formats) > 1:
                self._formats.pop(0)
                raise _Manners from None
        reasons = {401: f"{host} does not take the key (401)", 403: f"{host} does not allow it (403)",
                   404: f"{host} has no model of this name (404)", 413: "the request is too long for it (413)",
                   429: f"{host} is asked too often (429)"}
        reason = reasons.get(status, f"{host} failed ({status})" if status >= 500 else f"{host} refused ({status})")
        if status in (429, 503):
            raise _Busy(reason, _retry_after_s(response)) from None
        raise NotAnswered(reason) from None


class _Busy(Exception):
    def __init__(self, reason: str, wait_s: float) -> None:
        super().__init__(reason)
        self.reason, self.wait_s = reason, wait_s


def _bounded(chunks: Any) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > MOST_BYTES:
            raise NotAnswered(f"its answer is longer than {MOST_BYTES // 1024} KiB")
    return bytes(body)


def _text_of(response: Any) -> str:
    """The beginning of what a server said of an error, only ever searched for the names of fields."""
    try:
        return str(response.text)[:4000]
    except Exception:  # the body was not read, or cannot be decoded
        return ""


def _retry_after_s(response: Any) -> float:
    try:
        seconds = float(response.headers.get("retry-after", "inf"))
    except ValueError:
        return float("inf")
    return seconds if seconds >= 0 else float("inf")


def _answer(body: bytes) -> Answer:
    """The text of a chat completion. Raises NotAnswered for what is none, and for a refusal."""
    try:
        document: Any = json.loads(body)
        choice = document["choices"][0]
        message = choice["message"]
        content, refusal = message.get("content"), message.get("refusal")
        ended = choice.get("finish_reason")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise NotAnswered("its server does not answer as an OpenAI-compatible one does") from None
    if refusal or ended == "content_filter":
        raise NotAnswered("it refused")
    if isinstance(content, list):
        content = "".join(str(part["text"]) for part in content
                          if isinstance(part, dict) and isinstance(part.get("text"), str))
    if not isinstance(content, str):
        content = ""
    return Answer(content, ended == "length")


__all__ = ["MOST_CALLS", "Answer", "Budget", "Chat", "Message", "NotAnswered", "client_version"]
