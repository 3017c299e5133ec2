"""The planner protocol: what the environment names, what the doctor says, and the built-in planner behind Studio."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.planner import HOSTED, BuiltIn, chat_settings, described, planner_from
from agent.referring import Referred, understood
from agent.request import Request
from agent.studio import Studio
from agent.talk import understand
from agent.talk_types import KnownTake, Standing
from modalities.faults import Unusable
from modalities.registry import Registry
from modalities.store import Store

KEY = "sk-secret-0123456789"
WORDS = "a red fox in the snow at dawn, 8 seconds"
LOCAL = {"BEECAM_LLM_MODEL": "qwen3:8b", "BEECAM_LLM_BASE_URL": "http://127.0.0.1:11434"}


def studio_in(folder: Path, **more) -> Studio:
    return Studio(Store(folder / "p").open(), Registry(), lambda _direction, _brief: {}, **more)


def test_nothing_named_is_the_built_in_planner():
    for environ in ({}, {"BEECAM_LLM_MODEL": "  "}, {"BEECAM_LLM_BASE_URL": "http://127.0.0.1:1"}):
        assert planner_from(environ).name == "built-in"


def test_the_built_in_planner_reads_as_before(tmp_path: Path):
    request, referred = Request(prompt=WORDS), Referred(words=WORDS)
    assert BuiltIn().brief(request, referred) == understood(referred, request)
    studio = studio_in(tmp_path)
    assert studio.planner.name == "built-in"
    plan = studio.plan(request, lambda _: None)
    standing = Standing(takes=(KnownTake(id="t0001", parent=None, direction=plan.direction, brief=plan.brief),))
    assert BuiltIn().turn("make it rain", standing) == understand("make it rain", standing)
    with pytest.raises(Unusable):
        BuiltIn().turn("…", standing)


def test_studio_asks_the_planner_it_was_given(tmp_path: Path):
    class Tells(BuiltIn):
        def brief(self, request, referred, stop=None):
            return super().brief(request, referred, stop).model_copy(update={"notes": ("asked",)})

    assert "asked" in studio_in(tmp_path, planner=Tells()).plan(Request(prompt=WORDS), lambda _: None).notes


@pytest.mark.parametrize(("given", "address"), [
    ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1"), ("http://localhost:8080/v1/", "http://localhost:8080/v1"),
    ("https://models.example/v1/chat/completions", "https://models.example/v1"),
    ("http://[::1]:8000/openai", "http://[::1]:8000/openai")])
def test_addresses(given: str, address: str):
    settings = chat_settings({"BEECAM_LLM_MODEL": "m", "BEECAM_LLM_BASE_URL": given})
    assert settings is not None and settings.base_url == address
    assert settings.local is ("example" not in given)


def test_a_key_alone_means_the_hosted_address():
    settings = chat_settings({"BEECAM_LLM_MODEL": "m", "BEECAM_LLM_API_KEY": KEY})
    assert settings is not None and settings.base_url == HOSTED and not settings.local
    assert KEY not in repr(settings)


@pytest.mark.parametrize(("name", "value"), [
    ("BASE_URL", "127.0.0.1:8080"), ("BASE_URL", "file:///etc/passwd"), ("BASE_URL", f"http://me:{KEY}@host/v1"),
    ("BASE_URL", f"http://host/v1?key={KEY}"), ("BASE_URL", f"http://host/{KEY}"), ("BASE_URL", "http://host:99999"),
    ("BASE_URL", "http://[::1"), ("BASE_URL", "http://ho st"), ("BASE_URL", ""), ("MODEL", "m" * 300),
    ("MODEL", "a\nb"), ("MODEL", f"m-{KEY}"), ("API_KEY", f"{KEY} {KEY}"), ("API_KEY", f"{KEY}\nX-Evil: 1"),
    ("API_KEY", "clé"), ("TIMEOUT_S", "soon"), ("TIMEOUT_S", "0"), ("TIMEOUT_S", "nan"), ("TIMEOUT_S", "1e9")])
def test_settings_that_cannot_be_used_are_one_sentence_without_the_key(name: str, value: str):
    environ = LOCAL | {"BEECAM_LLM_API_KEY": KEY if value else ""} | {f"BEECAM_LLM_{name}": value}
    with pytest.raises(Unusable, match="BEECAM_LLM_") as fault:
        planner_from(environ)
    assert KEY not in str(fault.value) and "\n" not in str(fault.value)


def test_what_the_doctor_says_never_holds_the_key(monkeypatch: pytest.MonkeyPatch):
    assert described({}) == "built-in, no network"
    assert "BEECAM_LLM_MODEL is not" in described({"BEECAM_LLM_API_KEY": KEY})
    monkeypatch.setattr("agent.planner_chat.client_version", lambda: "3.0")
    said = described(LOCAL | {"BEECAM_LLM_API_KEY": KEY})
    assert "qwen3:8b" in said and "127.0.0.1:11434" in said and "with a key" in said and KEY not in said
    monkeypatch.setattr("agent.planner_chat.client_version", lambda: None)
    with pytest.raises(RuntimeError, match="client is not installed"):
        described(LOCAL)


def test_without_the_client_the_built_in_planner_stands(monkeypatch: pytest.MonkeyPatch):
    import sys

    monkeypatch.setitem(sys.modules, "openai", None)  # importing it fails from here on
    planner = planner_from(LOCAL)
    assert planner.name == "model qwen3:8b"
    request, referred = Request(prompt=WORDS), Referred(words=WORDS)
    brief, plain = planner.brief(request, referred), understood(referred, request)
    assert brief.traits == plain.traits and "beecam[llm]" in brief.notes[-1]
