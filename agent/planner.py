"""The planner behind one protocol: what a request asks for (a Brief) and what a next line asks for (a Turn).

`BuiltIn` needs no network. With `BEECAM_LLM_MODEL` set, any chat model behind an OpenAI-compatible address does the
reading (agent/planner_model.py), and the built-in reading stands wherever the model does not answer usefully.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Event as Flag
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from agent.brief import Brief
from agent.referring import Referred, understood
from agent.request import Request
from agent.talk import understand
from agent.talk_types import DirectAnew, Standing, Turn
from modalities.faults import Unusable

HOSTED = "https://api.openai.com/v1"
CALL_S = (1.0, 600.0)


class Planner(Protocol):
    """Reads what the creator says. Both forms raise Unusable for words that cannot be read at all, and Stopped."""

    @property
    def name(self) -> str: ...

    def brief(self, request: Request, referred: Referred, stop: Flag | None = None) -> Brief:
        """The Brief of the words and the references of a first request."""
        ...

    def turn(self, text: str, standing: Standing, direct: DirectAnew | None = None, stop: Flag | None = None) -> Turn:
        """What one more line asks for where takes exist. direct: directs a whole new world where one is asked for."""
        ...


@dataclass(frozen=True)
class BuiltIn:
    """Dictionary, grammar and sentence embeddings; no network, nothing random."""

    name: str = "built-in"

    def brief(self, request: Request, referred: Referred, stop: Flag | None = None) -> Brief:
        return understood(referred, request)

    def turn(self, text: str, standing: Standing, direct: DirectAnew | None = None, stop: Flag | None = None) -> Turn:
        return understand(text, standing, direct)


@dataclass(frozen=True)
class ChatSettings:
    """Which chat model is asked. key is never shown, stored or logged; call_s: the longest one answer may take."""

    model: str
    base_url: str = HOSTED
    key: str = field(default="", repr=False)
    call_s: float = 60.0

    @property
    def host(self) -> str:
        """Host and port, for sentences."""
        parts = urlsplit(self.base_url)
        return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}"

    @property
    def local(self) -> bool:
        """Whether the server is on this machine (then no proxy stands between)."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False


def chat_settings(environ: Mapping[str, str]) -> ChatSettings | None:
    """The chat model of BEECAM_LLM_MODEL, BEECAM_LLM_BASE_URL, BEECAM_LLM_API_KEY and BEECAM_LLM_TIMEOUT_S; None where
    no model is named. Raises Unusable, without the key in its sentence, for what cannot be used."""
    model = environ.get("BEECAM_LLM_MODEL", "").strip()
    if not model:
        return None
    if len(model) > 200 or not model.isprintable():
        raise Unusable("BEECAM_LLM_MODEL is not a model's name, such as qwen3:8b.")
    key = environ.get("BEECAM_LLM_API_KEY", "").strip()
    if key and not re.fullmatch(r"[!-~]{1,4096}", key):
        raise Unusable("BEECAM_LLM_API_KEY holds characters that no key has; expected plain letters, digits and signs.")
    address = environ.get("BEECAM_LLM_BASE_URL", "").strip()
    if not address and not key:
        raise Unusable("BEECAM_LLM_MODEL is set, but neither BEECAM_LLM_BASE_URL (a server of your own, such as "
                       "http://127.0.0.1:11434/v1) nor BEECAM_LLM_API_KEY.")
    if key and key in model:
        raise Unusable("BEECAM_LLM_MODEL holds the key; it belongs into BEECAM_LLM_API_KEY alone.")
    return ChatSettings(model, _address(address, key) if address else HOSTED, key,
                        _seconds(environ.get("BEECAM_LLM_TIMEOUT_S", "").strip()))


def _address(text: str, key: str) -> str:
    """A checked base address. A server named without a path gets the usual /v1."""
    said = 'an http or https address without a user, "?" or "#", such as http://127.0.0.1:11434/v1'
    try:
        parts: SplitResult = urlsplit(text)
        usable = (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
                  and parts.password is None and not parts.query and not parts.fragment and text.isprintable()
                  and " " not in text and len(text) <= 500 and parts.port != 0 and not (key and key in text))
    except ValueError:
        usable, parts = False, urlsplit("")
    if not usable:
        raise Unusable(f"BEECAM_LLM_BASE_URL cannot be used; expected {said}.")
    path = parts.path.rstrip("/").removesuffix("/chat/completions")
    return f"{parts.scheme}://{parts.netloc}{path or '/v1'}"


def _seconds(text: str) -> float:
    try:
        seconds = float(text or 60.0)
    except ValueError:
        seconds = math.nan
    if not CALL_S[0] <= seconds <= CALL_S[1]:
        raise Unusable(f"BEECAM_LLM_TIMEOUT_S cannot be used; expected {CALL_S[0]:g} to {CALL_S[1]:g} seconds.")
    return seconds


def planner_from(environ: Mapping[str, str]) -> Planner:
    """The planner that the environment names, else the built-in one. Nothing is asked of a network here. Raises
    Unusable."""
    settings = chat_settings(environ)
    if settings is None:
        return BuiltIn()
    from agent.planner_model import ModelPlanner

    return ModelPlanner(settings)


def described(environ: Mapping[str, str]) -> str:
    """Which planner is configured, in one line, never with the key. Raises Unusable, RuntimeError where the model's
    client is not installed."""
    settings = chat_settings(environ)
    if settings is None:
        stray = [name for name in ("BEECAM_LLM_BASE_URL", "BEECAM_LLM_API_KEY") if environ.get(name, "").strip()]
        more = f" ({stray[0]} is set, but BEECAM_LLM_MODEL is not)" if stray else ""
        return f"built-in, no network{more}"
    from agent.planner_chat import client_version

    found = client_version()
    if found is None:
        raise RuntimeError(f"the model {settings.model} is configured, but its client is not installed")
    key = "with a key" if settings.key else "without a key"
    return f"model {settings.model} at {settings.host}, {key}, by openai {found}; the built-in planner stands in for it"


__all__ = ["HOSTED", "BuiltIn", "ChatSettings", "Planner", "chat_settings", "described", "planner_from"]
