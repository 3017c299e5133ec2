"""Engines on other machines, against a fake that misbehaves: right sentences, paid once, stopped at once, no key anywhere."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_remote_server import Fake, grey_film, serving
from test_video_engines import film, frames_of, quiet

from agent.script import script_of
from agent.unroll import unroll
from modalities.engine import Job
from modalities.engines.remote import line as lines
from modalities.engines.remote import protocols
from modalities.engines.remote.beecam import patch_to
from modalities.engines.remote.clips import decoded, lasting
from modalities.engines.remote.endpoints import Endpoint, endpoints
from modalities.engines.remote.engine import RemoteEngine
from modalities.engines.remote.protocols import filled
from modalities.faults import Stopped, Unavailable, Unusable
from modalities.registry import default_registry

KINDS = ("comfyui", "openai", "predictions", "fal")


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(protocols, "POLL_S", 0.01)


@pytest.fixture
def fake() -> Iterator[Fake]:
    with serving(Fake()) as running:
        yield running


def engine(fake: Fake, tmp_path: Path, kind: str = "predictions", **changed: object) -> RemoteEngine:
    workflow = tmp_path / "workflow.json"
    workflow.write_text(json.dumps({"3": {"inputs": {"text": "%prompt%", "seed": "%seed%", "image": "%first%"}}}))
    fields = {"name": "x", "kind": kind, "url": fake.url, "model": "maker/model", "key_env": "REMOTE_TEST_KEY",
              "timeout_s": 20.0, "workflow": workflow if kind == "comfyui" else None} | changed
    return RemoteEngine(Endpoint.model_validate(fields), {"REMOTE_TEST_KEY": fake.key})


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMOTE_TEST_KEY", Fake.key)


def job(tmp_path: Path, name: str = "a", shots: tuple[float, ...] = (0.5, 0.5)) -> Job:
    direction = film(shots)
    (tmp_path / name).mkdir()
    return Job(unroll(direction, None, 50.0), direction.size_px, None, None, None, None, RemoteEngine.Params(),
               direction.seed, tmp_path / name, segments=tmp_path / "segments", script=script_of(direction),
               document=direction.model_dump(mode="json"))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_makes_a_take_with_the_films_frames(fake: Fake, tmp_path: Path, kind: str):
    rendered = engine(fake, tmp_path, kind).run(job(tmp_path), quiet)
    assert frames_of(rendered.video).shape == (12, 48, 64, 3) and fake.paid == 2
    asked = json.dumps([one for one in fake.bodies if not isinstance(one, bytes)])
    assert "fox" in asked and "meadow" in asked and "%" not in asked
    if kind == "comfyui":
        assert any(isinstance(one, bytes) and b"PNG" in one for one in fake.bodies) and "first.png" in asked


def test_shots_are_paid_for_once(fake: Fake, tmp_path: Path):
    made = engine(fake, tmp_path)
    first = made.run(job(tmp_path, "a"), quiet).video.read_bytes()
    assert fake.paid == 2
    assert made.run(job(tmp_path, "b"), quiet).video.read_bytes() == first and fake.paid == 2
    fake.wrong["poll"] = ["failed"]
    with pytest.raises(Unavailable, match="broke"):
        made.run(job(tmp_path, "c", (0.5, 0.75)), quiet)
    # The first shot was there from before; the second failed.
    assert fake.paid == 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong, paid", [
    ({"poll": [500, 502]}, 1), ({"submit": [429]}, 2), ({"submit": [503]}, 2), ({"film": [500]}, 1),
    ({"film": ["cut"]}, 1), ({"film": ["html"]}, 2), ({"film": ["short"]}, 2)])
def test_what_can_be_mended_is_mended(fake: Fake, tmp_path: Path, kind: str, wrong: dict[str, list], paid: int):
    fake.wrong = {step: list(how) for step, how in wrong.items()}
    rendered = engine(fake, tmp_path, kind).run(job(tmp_path, shots=(0.5,)), quiet)
    assert frames_of(rendered.video).shape[0] == 6 and fake.paid == paid


@pytest.mark.parametrize("wrong, said, paid", [
    ({"submit": [500]}, "answered 500", 1), ({"submit": [401]}, "refused with 401", 1),
    ({"submit": ["elsewhere"]}, "points elsewhere", 1), ({"submit": ["huge"]}, "more than 4 MiB", 1),
    ({"poll": ["nothing"]}, "gives no film", 1), ({"poll": ["failed"]}, "failed: the model", 1),
    ({"poll": [404]}, "refused with 404", 1), ({"film": ["html"] * 2}, "no film", 2),
    ({"film": ["elsewhere"]}, "points elsewhere", 1), ({"poll": [500] * 9}, "answered 500", 1)])
def test_what_cannot_is_one_sentence(fake: Fake, tmp_path: Path, wrong: dict[str, list], said: str, paid: int):
    fake.wrong = {step: list(how) for step, how in wrong.items()}
    with pytest.raises(Unavailable) as fault:
        engine(fake, tmp_path).run(job(tmp_path, shots=(0.5,)), quiet)
    text = str(fault.value)
    assert said in text and "remote-x" in text and "\n" not in text and fake.key not in text and len(text) < 400
    assert fake.paid == paid and "\u0007" not in text


def test_retry_after_is_honoured(fake: Fake, tmp_path: Path):
    fake.wrong, fake.retry_after = {"poll": [429]}, "0.3"
    began = time.monotonic()
    engine(fake, tmp_path).run(job(tmp_path, shots=(0.5,)), quiet)
    assert time.monotonic() - began >= 0.3


def test_a_server_that_is_not_there_or_never_ends(fake: Fake, tmp_path: Path):
    gone = engine(fake, tmp_path, url="http://127.0.0.1:9", retries=1)
    with pytest.raises(Unavailable, match="cannot be reached"):
        gone.run(job(tmp_path, "a", (0.5,)), quiet)
    fake.slow_polls = 10_000
    with pytest.raises(Unavailable, match="did not finish within"):
        engine(fake, tmp_path, timeout_s=0.4).run(job(tmp_path, "b", (0.5,)), quiet)
    assert any("cancel" in path for path in fake.stopped)


@pytest.mark.parametrize("kind", KINDS)
def test_stop_is_heard_at_once_and_told_to_the_other_side(fake: Fake, tmp_path: Path, kind: str):
    fake.slow_polls = 10_000
    work = job(tmp_path, shots=(0.5,))
    when: list[float] = []

    def stop() -> None:
        while not fake.polls:
            time.sleep(0.01)
        when.append(time.monotonic())
        work.stop.set()

    threading.Thread(target=stop, daemon=True).start()
    with pytest.raises(Stopped):
        engine(fake, tmp_path, kind).run(work, quiet)
    assert time.monotonic() - when[0] < 1.5 and fake.stopped


def test_the_key_goes_to_its_endpoint_and_nowhere_else(fake: Fake, tmp_path: Path):
    with serving(Fake()) as other:
        # The film lies on another host, as it often does.
        fake.wrong = {}
        made = engine(fake, tmp_path)
        url = other.url
        fake_url = Fake.url
        try:
            Fake.url = property(lambda self: url if self is fake else fake_url.fget(self))
            endpoint = made.endpoint
            made.run(job(tmp_path, shots=(0.5,)), quiet)
        finally:
            Fake.url = fake_url
        assert endpoint.url != url and other.keys_seen == [None]
        assert f"Bearer {fake.key}" in fake.keys_seen
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert fake.key.encode() not in path.read_bytes(), path


def test_the_cost_is_known_before_and_a_dear_take_is_refused(fake: Fake, tmp_path: Path):
    dear = engine(fake, tmp_path, price_per_s=2.0, price_per_shot=0.5, max_cost=1.0, lengths_s=(4.0, 8.0))
    assert dear.cost(3.0, 2) == 9.0
    with pytest.raises(Unusable, match="would cost"):
        dear.run(job(tmp_path, "a"), quiet)
    assert fake.paid == 0
    cheap = engine(fake, tmp_path, price_per_s=2.0, max_cost=100.0)
    assert cheap.run(job(tmp_path, "b"), quiet).measured["cost"] == pytest.approx(2.0)


# ------------------------------------------------------------------ the file of endpoints

GOOD = '[fast]\nkind = "predictions"\nurl = "https://api.example.com/v1"\nmodel = "a/b"\nkey_env = "FAST_KEY"\n'


def test_endpoints_are_listed_without_any_traffic(tmp_path: Path, monkeypatch):
    (tmp_path / "remotes.toml").write_text(GOOD)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.delenv("FAST_KEY", raising=False)
    registry = default_registry(tmp_path)
    assert "remote-fast" in {one.card.id for one in registry.all()}
    with pytest.raises(Unavailable, match="FAST_KEY is not set"):
        registry.get("remote-fast")
    monkeypatch.setenv("FAST_KEY", "k")
    assert registry.get("remote-fast").available() is None


@pytest.mark.parametrize("text, said", [
    ('[Fast]\nkind="openai"', "small letters"), ("not toml", "cannot be read"), ('[a]\nkind="ftp"\nurl="http://x"', "kind"),
    ('[a]\nkind="openai"\nmodel="m"\nurl="file:///etc/passwd"', "http:// or https://"),
    ('[a]\nkind="openai"\nmodel="m"\nurl="http://me:pw@x"', "holds no name"),
    ('[a]\nkind="openai"\nurl="http://x"', "needs a model"), ('[a]\nkind="comfyui"\nurl="http://x"', "workflow"),
    ('[a]\nkind="comfyui"\nurl="http://x"\nworkflow="../w.json"', "out of the folder"),
    ('[a]\nkind="openai"\nmodel="m"\nurl="http://x"\napi_key="sk-1234"', "seems to hold a key"),
    ('[a]\nkind="openai"\nmodel="m"\nurl="http://x"\nkey_env="sk-abcdefghijklmnopqrstuvwxyz0123456789"', "seems to hold a key"),
    ('[a]\nkind="openai"\nmodel="m"\nurl="http://x"\nprice_per_s=-1', "price_per_s"),
    ('[a]\nkind="openai"\nmodel="m"\nurl="http://x"\nsurprise=1', "surprise")])
def test_a_wrong_file_is_one_sentence_and_only_for_who_asks(tmp_path: Path, monkeypatch, text: str, said: str):
    (tmp_path / "remotes.toml").write_text(text)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    with pytest.raises(Unusable) as fault:
        endpoints(tmp_path)
    assert said in str(fault.value) and "\n" not in str(fault.value)
    assert "abcdefghijklmnop" not in str(fault.value) and "sk-1234" not in str(fault.value)
    registry = default_registry(tmp_path)
    assert registry.get("sim").card.id == "sim"
    with pytest.raises(Unusable, match=r"remotes\.toml"):
        registry.get("remote-a")


# ------------------------------------------------------------------ parts

def test_marks_are_filled_by_value_and_text_is_never_read_as_marks():
    values = {name: f"<{name}>" for name in protocols.MARKS} | {"seed": 7, "prompt": 'say "%seed%" {"a": 1}'}
    out = filled({"a": ["%seed%", "seed %seed%!", {"b": "%prompt%"}], "c": 3}, values)
    assert out == {"a": [7, "seed 7!", {"b": values["prompt"]}], "c": 3}


@pytest.mark.parametrize("count", [1, 3, 8, 40])
def test_a_clip_becomes_exactly_the_shots_frames(count: int):
    frames, rate = decoded(grey_film(), (32, 18), str)
    assert frames.shape == (8, 18, 32, 3) and rate == pytest.approx(8.0)
    shown = lasting(frames, count)
    levels = shown.mean((1, 2, 3))
    assert len(shown) == count and (np.diff(levels) >= -0.5).all()


def test_a_patch_makes_their_direction_ours():
    import jsonpatch

    theirs, ours = film((1.0,)).model_dump(mode="json"), film((0.5, 0.5), place="desert").model_dump(mode="json")
    patched = jsonpatch.apply_patch(theirs, patch_to(theirs, ours, "dream"))
    assert patched["shots"] == ours["shots"] and patched["engine"]["id"] == "dream" and patched["id"] == theirs["id"]


def test_broken_shots_are_asked_for_again_and_no_more_than_told(fake: Fake, tmp_path: Path):
    fake.wrong = {"film": ["html"] * 9}
    work = replace(job(tmp_path, shots=(0.5,)), params=RemoteEngine.Params(tries=3))
    with pytest.raises(Unavailable, match="no film"):
        engine(fake, tmp_path).run(work, quiet)
    assert fake.paid == 3
