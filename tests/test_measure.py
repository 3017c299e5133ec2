"""Controls are tried before they are shown: what does nothing is found, and what is told of the others is true."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import Field

from agent.brief import Brief
from agent.direction import Direction, Link
from agent.director import direct
from agent.edits import apply_patch
from agent.interpret import interpret
from agent.unroll import unroll
from modalities.engine import Emit, EngineCard, EngineParams, Job, Needs, Rendered
from ui_gen.bind import patch_of, written
from ui_gen.candidate import Candidate
from ui_gen.compose import Wish, compose, composing
from ui_gen.measure import measure
from ui_gen.measure_store import MeasureStore, digest_of, measuring
from ui_gen.panel import Control
from ui_gen.panel_check import faults
from world_model.sim.picture import Renderer


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer((96, 54), threads=1)


def piece(words: str = "photoreal meadow at noon, a fox, 8 seconds", **update: Any) -> tuple[Direction, Brief]:
    brief = interpret(words)
    return direct(brief, None).model_copy(update=update), brief


def every(direction: Direction, inner: str) -> tuple[str, ...]:
    return tuple(f"/shots/{k}{inner}" for k in range(len(direction.shots)))


def exposure(direction: Direction, **update: Any) -> Control:
    return Control(id="exposure", label="Exposure", kind="slider", binds=every(direction, "/world/light/exposure_ev"),
                   value=0.0, bounds=(-2.0, 2.0), step=0.1, promise="brightness").model_copy(update=update)


def dummies(direction: Direction) -> list[Control]:
    """Controls with a good name, a good bind and no effect here."""
    def slider(name: str, inner: str, bounds: tuple[float, float]) -> Control:
        return Control(id=name, label=name.title(), kind="slider", binds=every(direction, inner), value=bounds[0],
                       bounds=bounds, step=0.01)
    return [slider("waves", "/world/ground/wave_m", (0.0, 3.0)), slider("aurora", "/world/weather/aurora", (0.0, 1.0)),
            Control(id="threads", label="Power", kind="slider", binds=("/engine/params/threads",), value=2, bounds=(1, 8),
                    step=1),
            Control(id="depth", label="Depth", kind="slider", binds=("/weird",), value=0.1, bounds=(0.0, 1.0), step=0.01)]


def test_a_control_that_does_nothing_is_found(renderer: Renderer):
    direction, _ = piece()
    for control in dummies(direction):
        found = measure(direction, control, None, renderer)
        assert found is not None and not found.alive, control.id
        assert found.words == "Nothing on this piece."


def test_what_lies_under_a_curve_is_dead_and_above_it_alive(renderer: Renderer):
    direction, _ = piece()
    assert measure(direction, exposure(direction), None, renderer).alive
    held = direction.model_copy(update={"shots": tuple(shot.model_copy(update={
        "curves": {"/world/light/exposure_ev": ((0.0, 0.5), (1.0, 0.5))}}) for shot in direction.shots)})
    assert not measure(held, exposure(held), None, renderer).alive


def test_effect_sign_and_promise_are_told_as_they_are(renderer: Renderer):
    direction, _ = piece()
    up = measure(direction, exposure(direction), None, renderer)
    assert up.outcome == "brightness" and up.sign == 1 and up.monotone and up.interval[0] > 10
    binds = exposure(direction).binds
    down = measure(direction, exposure(direction, kind="learned", bases=tuple(0.0 for _ in binds),
                                       gains=tuple(-1.0 for _ in binds), limits=tuple((-3.0, 3.0) for _ in binds)),
                   None, renderer)
    assert down.sign == -1 and down.effect == pytest.approx(-up.effect, rel=1e-6)
    assert "Brightness −" in down.words and "Brightness +" in up.words


def test_a_dead_range_is_told(renderer: Renderer):
    direction, _ = piece()
    binds = exposure(direction).binds
    half = exposure(direction, kind="learned", bases=tuple(0.0 for _ in binds), gains=tuple(1.0 for _ in binds),
                    limits=tuple((-3.0, 0.0) for _ in binds))
    found = measure(direction, half, None, renderer)
    assert found.alive and found.live[0] == -2.0 and found.live[1] == pytest.approx(0.0, abs=0.26)
    assert "works from -2 to" in found.words


def test_what_moves_beside_is_named(renderer: Renderer):
    direction, _ = piece()
    both = exposure(direction, binds=(*exposure(direction).binds, *every(direction, "/camera/lens_mm")), bounds=(20.0, 60.0),
                    promise="lens", kind="learned",
                    bases=tuple(0.0 for _ in range(2 * len(direction.shots))),
                    gains=(*(0.02 for _ in direction.shots), *(1.0 for _ in direction.shots)),
                    limits=tuple((-3.0, 200.0) for _ in range(2 * len(direction.shots))))
    found = measure(direction, both, None, renderer)
    assert "the camera" in found.leaks
    assert measure(direction, exposure(direction), None, renderer).leaks == ()


def test_the_same_piece_gives_the_same_numbers_and_keeps_them(renderer: Renderer, tmp_path: Path):
    direction, _ = piece()
    control = exposure(direction)
    first = measure(direction, control, None, renderer)
    assert measure(direction, control, None, Renderer((96, 54), threads=2)) == first
    store = MeasureStore(tmp_path)
    with measuring(direction, None, store) as now:
        assert now(control) == first
    name = digest_of(direction, control, None)
    assert MeasureStore(tmp_path).get(name) == first
    assert digest_of(direction.model_copy(update={"id": "d9", "reason": "else"}), control, None) == name
    assert digest_of(direction.model_copy(update={"seed": 77}), control, None) != name
    (tmp_path / f"{name}.json").write_text("{half")
    assert MeasureStore(tmp_path).get(name) is None
    with measuring(direction, None, MeasureStore(tmp_path)) as now:
        assert now(control) == first


@pytest.mark.parametrize("words", ["a kite, noir, 6 s", "foley, ocean, a boat"])
def test_a_panel_grows_of_what_works_and_never_of_dummies(words: str):
    direction, brief = piece(words)
    planted = tuple(Candidate("look", "Look", 50.0 - k, control.model_copy(update={"id": f"planted_{k}"}))
                    for k, control in enumerate(dummies(direction)) if control.id in ("threads", "depth"))
    with measuring(direction, None, MeasureStore(None)) as now:
        grown = list(composing(direction, brief, None, Wish(more=planted), now))
    assert not any("planted" in control.id for panel in grown for control in panel.controls)
    counts = [len(panel.controls) for panel in grown]
    assert counts == sorted(counts) and 3 <= counts[-1] <= 7
    for panel in grown:
        assert faults(panel, direction) == ()
    assert all(control.measured is None or control.measured["alive"] for control in grown[-1].controls)


def test_what_was_promised_is_seen_from_outside():
    """Every slider of a measured panel, moved to its two measured ends, moves the film's own pictures or clock."""
    direction, brief = piece("cel animation, a dragon over a village at dusk, 6 s")
    with measuring(direction, None, MeasureStore(None)) as now:
        panel = compose(direction, brief, None, None, now)
    eye = Renderer((128, 72), threads=2)

    def shown(control: Control, value: float) -> tuple[np.ndarray, float]:
        changed = apply_patch(direction, patch_of(direction, panel, {control.id: value}), reason="moved")
        world = unroll(changed)
        picked = [int(share * len(world.state)) for share in (0.15, 0.4, 0.6, 0.85)]
        return np.stack([eye.render(world.state, k).astype(float) for k in picked]), changed.duration_s

    sliders = [control for control in panel.controls if control.kind == "slider" and control.measured]
    assert len(sliders) >= 3
    for control in sliders:
        (low, high) = control.measured["live"]
        (a, long), (b, short) = shown(control, low), shown(control, high)
        assert long != short or np.abs(a - b).mean() > 0.3, control.id


class KnobParams(EngineParams):
    """One knob that works and one that does not."""

    gain: float = Field(default=1.0, ge=0.0, le=1.0, json_schema_extra={"phase": "take", "unit": "×"})
    sparkle: float = Field(default=0.5, ge=0.0, le=1.0, json_schema_extra={"phase": "take", "unit": ""})
    threads: int = Field(default=1, ge=1, le=8, json_schema_extra={"phase": "load", "unit": ""})


class FakeEngine:
    """A fake, for tests only: draws grey pictures as bright as its gain."""

    card = EngineCard(id="fake", version="1", title="Fake", tasks=("film",), accepts=("world",), emits=("video",),
                      needs=Needs(), determinism="same bytes", streams=False, licence="Apache-2.0")
    Params = KnobParams

    def available(self) -> str | None:
        return None

    def close(self) -> None:
        return None

    def run(self, job: Job, emit: Emit) -> Rendered:
        import av

        assert isinstance(job.params, KnobParams) and not job.stop.is_set()
        film = job.folder / "video.mp4"
        with av.open(str(film), "w") as out:
            stream = out.add_stream("libx264", rate=12)
            stream.width, stream.height, stream.pix_fmt = *job.size_px, "yuv420p"
            for _ in range(len(job.world.state)):
                grey = np.full((job.size_px[1], job.size_px[0], 3), round(200 * job.params.gain), np.uint8)
                out.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
            out.mux(stream.encode())
        return Rendered(film, film, film, job.world.duration_s, {})


def test_a_planted_knob_of_an_engine_is_not_shown_and_a_working_one_is():
    direction, brief = piece("a kite, 4 s")
    direction = direction.model_copy(update={"engine": direction.engine.model_copy(update={"id": "fake", "params": {}})})
    engine: Any = FakeEngine()
    wanted = Wish(leaning={"engine_sparkle": 0.2, "engine_gain": 0.2}, focus="look")
    with measuring(direction, None, MeasureStore(None), engine) as now:
        # Only the knobs are tried here; the rest is taken as it is composed.
        panel = compose(direction, brief, engine, wanted, lambda c: now(c) if c.id.startswith("engine_") else None)
    shown = {control.id for control in panel.controls}
    assert "engine_gain" in shown and "engine_sparkle" not in shown and "engine_threads" not in shown
    gain = next(control for control in panel.controls if control.id == "engine_gain")
    patch = written(direction, gain, 0.3)
    assert apply_patch(direction, patch, reason="moved").engine.params == {"gain": 0.3}


def test_a_link_is_tried_with_the_music(renderer: Renderer):
    direction, _ = piece()
    linked = direction.model_copy(update={"links": (Link.model_validate(
        {"from": "music.kick", "to": "/shots/*/world/light/exposure_ev", "amount": 0.4}),)})
    control = Control(id="link_0", label="Kick moves the light", kind="slider", binds=("/links/0/amount",), value=0.4,
                      bounds=(-1.0, 1.0), step=0.05)
    beat = {"kick": (np.arange(800) % 25 < 8).astype(np.float32)}
    assert measure(linked, control, beat, renderer).alive
    assert not measure(linked, control, {"kick": np.zeros(800, np.float32)}, renderer).alive


def test_stopping_leaves_no_thread():
    import threading

    direction, brief = piece()
    before = threading.active_count()
    with measuring(direction, None, MeasureStore(None)) as now:
        growing = composing(direction, brief, None, None, now)
        next(growing)
        growing.close()
    time.sleep(0.05)
    assert threading.active_count() <= before


def test_a_desk_that_closes_ends_its_measuring_and_a_damaged_take_has_no_panel(tmp_path: Path):
    import threading

    from agent.studio import Studio
    from modalities.registry import default_registry
    from modalities.store import Store
    from ui_gen.compose import panel_for
    from ui_gen.panels import Panels

    direction, brief = piece("a kite, 4 s")
    store = Store(tmp_path).open()
    with store.making() as folder:
        for name in ("video.mp4", "audio.wav", "poster.png"):
            (folder / name).write_bytes(b"x")
        take = store.publish(folder, {"format": "beecam-take/1", "parent": None, "reason": "", "engine": "sim", "seed": 0,
                                      "duration_s": 4.0, "wall_s": 1.0, "measured": {}, "made_at": "", "request": {},
                                      "brief": brief.model_dump(mode="json"), "versions": {}},
                             direction.model_dump(mode="json"), {})
    panels = Panels(Studio(store, default_registry(), panel_for))
    assert not panels.now(take.id).whole
    panels.close()
    assert not any(thread.name.startswith("beecam-") for thread in threading.enumerate())
    again = Panels(Studio(store, default_registry(), panel_for))
    (take.dir / "direction.json").write_text("{half")
    again.now(take.id)
    assert again.finish(take.id, 5.0) is None and again.now(take.id).whole
