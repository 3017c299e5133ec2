"""A patient, careful line to one endpoint: retries that do not pay twice, a deadline, stop, and a key that goes nowhere
else."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

from modalities.engines.remote.endpoints import Endpoint
from modalities.faults import Stopped, Unavailable

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
MOST_JSON, MOST_FILM = 4 << 20, 2 << 30
LOOK_S = 0.2
# Waits between tries, in seconds: the first, and at most.
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0


class Refused(Unavailable):
    """The endpoint said no, and asking again will not help."""


@dataclass
class Line:
    """Calls to an endpoint. wait: sleeps, and can be a test's own; sent: paid requests that went out."""

    endpoint: Endpoint
    stop: Flag
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: Callable[[float], None] | None = None
    transport: httpx2.BaseTransport | None = None
    began: float = field(default_factory=time.monotonic)

    def client(self) -> httpx2.Client:
        # Redirects are not followed: a key must not travel to where a server points.
        return httpx2.Client(timeout=httpx2.Timeout(min(60.0, self.endpoint.timeout_s)), follow_redirects=False,
                             transport=self.transport, trust_env=False)

    def ask(self, method: str, address: str, body: Any = None, *, again: bool = True, key: bool = True,
            files: Any = None, extra: Mapping[str, str] | None = None, content: bytes | None = None) -> Any:
        """JSON in, JSON out. again: whether the request may be sent twice. Raises Refused, Unavailable, Stopped."""
        answer = self._try(lambda client: self._bounded(client, method, self._url(address), body, key, files, extra,
                                                        MOST_JSON, content, again), again)
        try:
            return json.loads(answer)
        except ValueError:
            raise Unavailable(self.said("answered with something that is not JSON")) from None

    def fetch(self, address: str) -> bytes:
        """A film from where the endpoint says it lies; the key goes along to the endpoint's own host only."""
        url = self._url(address)
        parts, own = urlsplit(url), urlsplit(self.endpoint.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise Refused(self.said("gave an address for the film that is none"))
        same = (parts.scheme, parts.hostname, parts.port) == (own.scheme, own.hostname, own.port)
        return self._try(lambda client: self._bounded(client, "GET", url, None, same, None, None, MOST_FILM, None,
                                                      True), True)

    def rest(self, seconds: float) -> None:
        """Wait, in small pieces, so that stop is heard. Raises Stopped, Unavailable at the deadline."""
        end = time.monotonic() + seconds
        while True:
            if self.stop.is_set():
                raise Stopped("The run was stopped; nothing of this take was kept.")
            if time.monotonic() - self.began > self.endpoint.timeout_s:
                raise Unavailable(self.said(f"did not finish within {self.endpoint.timeout_s:g} s"))
            left = end - time.monotonic()
            if left <= 0:
                return
            (self.wait or time.sleep)(min(LOOK_S, left))
            if self.wait is not None:
                return

    def said(self, what: str) -> str:
        """A sentence about this endpoint, without anything secret in it."""
        key = self.endpoint.key()
        clean = " ".join(what.split())[:300]
        for secret in filter(None, (key, *self.headers.values())):
            clean = clean.replace(secret, "…").replace(secret.removeprefix("Bearer ").removeprefix("Key "), "…")
        return f"remote-{self.endpoint.name} ({urlsplit(self.endpoint.url).hostname}) {clean}."

    def _url(self, address: str) -> str:
        return address if "://" in address else urljoin(self.endpoint.url.rstrip("/") + "/", address.lstrip("/"))

    def _bounded(self, client: httpx2.Client, method: str, url: str, body: Any, key: bool, files: Any,
                 extra: Mapping[str, str] | None, most: int, content: bytes | None, heed: bool) -> bytes:
        headers = (dict(self.headers) if key else {}) | dict(extra or {})
        with client.stream(method, url, json=body, files=files, content=content, headers=headers) as answer:
            out = bytearray()
            for piece in answer.iter_bytes(1 << 16):
                # An answer to what may be paid for is read to its end: it holds the name by which it can be stopped.
                if heed and self.stop.is_set():
                    raise Stopped("The run was stopped; nothing of this take was kept.")
                out += piece
                if len(out) > most:
                    raise Refused(self.said(f"sent more than {most >> 20} MiB"))
            if answer.status_code in AGAIN:
                raise _Again(answer.status_code, _after(answer.headers.get("retry-after")))
            if answer.is_redirect:
                raise Refused(self.said("points elsewhere, and a key is not sent to where a server points"))
            if answer.status_code >= 400:
                raise Refused(self.said(f"refused with {answer.status_code}: {_reason(bytes(out))}"))
            told = answer.headers.get("content-length")
            if told is not None and told.isdigit() and not answer.headers.get("content-encoding") and int(
                    told) != len(out):
                raise _Again(0, None)
            return bytes(out)

    def _try(self, call: Callable[[httpx2.Client], bytes], again: bool) -> bytes:
        wait, last = FIRST_WAIT_S, ""
        for number in range(self.endpoint.retries + 1):
            self.rest(0.0)
            try:
                with self.client() as client:
                    return call(client)
            except _Again as fault:
                # A request that may be paid for is sent again only where the endpoint says that it was not taken.
                last = f"answered {fault.status}" if fault.status else "sent less than it said"
                if not again and fault.status not in (429, 503):
                    break
                pause = fault.after_s if fault.after_s is not None else wait * (0.75 + 0.5 * random.random())
            except httpx2.ConnectError:
                last, pause = "cannot be reached", wait
            except httpx2.HTTPError as fault:
                last, pause = f"broke off ({type(fault).__name__})", wait
                if not again:
                    break
            if number == self.endpoint.retries:
                break
            self.rest(min(LONGEST_WAIT_S, pause))
            wait = min(LONGEST_WAIT_S, 2 * wait)
        raise Unavailable(self.said(last or "cannot be reached"))


class _Again(Exception):
    def __init__(self, status: int, after_s: float | None) -> None:
        super().__init__(status)
        self.status, self.after_s = status, after_s


def _after(told: str | None) -> float | None:
    try:
        return None if told is None else min(LONGEST_WAIT_S, max(0.0, float(told)))
    except ValueError:
        return None


def _reason(body: bytes) -> str:
    """The endpoint's own words, as plain text."""
    try:
        said: Any = json.loads(body)
        while isinstance(said, dict):
            said = next((said[name] for name in ("error", "detail", "message", "title") if name in said), "")
        text = said if isinstance(said, str) else ""
    except ValueError:
        text = ""
    return " ".join("".join(letter for letter in text if letter.isprintable()).split())[:160] or "no reason given"
