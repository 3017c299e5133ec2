"""Panels as others read and write them: the published schema, the flat one for models, A2UI, the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.brief import Brief
from agent.direction import Direction
from agent.director import direct
from agent.interpret import interpret
from modalities.faults import Unusable
from ui_gen.catalogue import candidates
from ui_gen.compose import compose
from ui_gen.panel import KINDS, Panel
from ui_gen.panel_export import COMPONENTS, a2ui_catalog, a2ui_messages
from ui_gen.panel_schema import flat_schema, panel_schema, read_flat


def piece(words: str = "a bee over poppies, cel, folk guitar, 20 s") -> tuple[Direction, Brief]:
    brief = interpret(words)
    return direct(brief, None), brief


def flat(*controls: dict[str, Any]) -> dict[str, Any]:
    empty = {"section": "Light", "label": "", "why": "", "kind": "slider", "binds": [], "low": None, "high": None,
             "choices": []}
    return {"title": "Warm evening", "reason": "you spoke of the light", "controls": [empty | one for one in controls]}


def test_the_published_schema_takes_our_panels_and_says_every_kind():
    direction, brief = piece()
    schema = panel_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(compose(direction, brief).model_dump(mode="json"), schema)
    assert set(schema["$defs"]["Control"]["properties"]["kind"]["enum"]) == set(KINDS)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(compose(direction, brief).model_dump(mode="json") | {"html": "<b>"}, schema)


def test_the_flat_schema_is_strict_and_of_the_same_source():
    schema = flat_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert not any(word in text for word in ("oneOf", "discriminator", "default", "maxLength", "minItems", "pattern"))
    for node in (schema, schema["$defs"]["FlatControl"]):
        assert node["additionalProperties"] is False and set(node["required"]) == set(node["properties"])
    assert schema["$defs"]["FlatControl"]["properties"]["kind"]["enum"] == list(KINDS)


def test_a_model_takes_controls_from_the_catalogue_and_writes_its_own():
    direction, _ = piece()
    panel = read_flat(flat({"id": "time_h", "label": "Evening"}, {"id": "rain", "label": "Drizzle", "section": "Air"},
                           {"id": "own", "label": "Long lens", "binds": ["/shots/*/camera/lens_mm"], "low": 20.0, "high": 90.0},
                           {"id": "cam", "label": "Move", "kind": "choice", "binds": ["/shots/0/camera/move"],
                            "choices": [direction.shots[0].camera.move, "orbit"]}), direction)
    by_id = {control.id: control for control in panel.controls}
    assert by_id["time_h"].label == "Evening" and by_id["time_h"].bounds == (0.0, 24.0)
    assert len(by_id["own"].binds) == len(direction.shots)
    assert by_id["own"].value == direction.shots[0].camera.lens_mm and by_id["own"].source == "model"
    jsonschema.validate(panel.model_dump(mode="json"), panel_schema())


BROKEN: tuple[Any, ...] = (
    None, [], "panel", {}, {"title": "x"}, flat(), flat({"id": "rain", "kind": "knob", "binds": ["/nowhere"]}) | {"html": "x"},
    flat({"id": "x", "binds": ["/shots/0/nonsense"], "low": 0, "high": 1}), flat({"id": "x", "binds": []}),
    flat({"id": "x", "label": "<script>", "binds": ["/shots/0/camera/lens_mm"], "low": 20, "high": 90}),
    flat({"id": "x", "label": "a", "binds": ["/shots/0/camera/lens_mm"], "low": 90, "high": 20}),
    flat({"id": "x", "label": "a", "binds": ["/shots/0/camera/lens_mm"], "low": 1, "high": 9999}),
    flat({"id": "x", "label": "a", "binds": ["/shots/0/camera/lens_mm"]}),
    flat({"id": "x", "label": "a", "kind": "brush", "binds": ["/shots/0/brushes"]}),
    flat({"id": "time_h", "label": "a"}, {"id": "time_h", "label": "b"}),
    flat(*({"id": f"n{k}", "label": "a", "binds": [f"/shots/0/world/weather/{name}"], "low": 0.0, "high": 1.0}
           for k, name in enumerate(("rain", "snow", "fog", "cloud", "storm", "dust", "aurora", "wind_mps")))),
    flat({"id": "x", "label": "a", "why": "open http://evil", "binds": ["/shots/0/camera/lens_mm"], "low": 20, "high": 90}),
    flat({"id": "x", "label": "a", "binds": ["/id"], "low": 0, "high": 1}),
    flat({"id": "../x", "label": "a", "binds": ["/shots/0/camera/lens_mm"], "low": 20, "high": 90}),
    flat({"id": "x", "label": "", "binds": ["/shots/0/camera/lens_mm"], "low": 20, "high": 90}))


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_a_broken_panel_of_a_model_is_refused_in_one_sentence(number: int):
    with pytest.raises(Unusable) as refused:
        read_flat(BROKEN[number], piece()[0])
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 400


@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=True) | st.text(max_size=12),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)))
@settings(max_examples=60, deadline=None)
def test_nothing_a_model_writes_breaks_the_reading(given_: Any):
    try:
        read_flat(given_, DIRECTION)
    except Unusable:
        return


DIRECTION = piece()[0]


def accepted_by_a2ui(messages: list[dict[str, Any]]) -> None:
    from a2ui.core import Catalog, MessageProcessor
    from a2ui.core.processing import MessageProcessorOptions
    from a2ui.core.validation import STRICT_VALIDATION

    catalog = Catalog.from_json(a2ui_catalog(), protocol_version="v0.9")
    reader = MessageProcessor([catalog], options=MessageProcessorOptions(validation_config=STRICT_VALIDATION))
    reader.process_messages(messages)


def test_the_export_is_accepted_by_the_validator_of_a2ui():
    direction, _ = piece("a city at night, rain, techno, cars, watercolour")
    for one in candidates(direction):
        panel = Panel.model_validate({"id": "p", "title": "t", "sections": [{"title": "s", "controls": [one.control]}]})
        accepted_by_a2ui(a2ui_messages(panel))
    messages = a2ui_messages(compose(*piece()))
    accepted_by_a2ui(messages)
    assert len(COMPONENTS) == len(KINDS)
    messages[1]["updateComponents"]["components"][2]["component"] = "RawHtml"
    with pytest.raises(Exception, match="RawHtml"):
        accepted_by_a2ui(messages)


def test_the_command_line_measures_a_panel(tmp_path: Path):
    from functools import partial

    from tests.test_command_line import beecam as run

    beecam = partial(run, cwd=tmp_path)
    made = beecam("make", "a kite, 1 s", "--size", "96x54", "--fps", "8", "--project", str(tmp_path), "--json")
    assert made.returncode == 0, made.stderr
    found = beecam("panel", "t0001", "--project", str(tmp_path), "--focus", "light", "--a2ui", "--json")
    told = json.loads(found.stdout.splitlines()[-1])
    assert found.returncode == 0 and told["panel"]["focus"] == "light"
    assert set(told["measured"]) == {c["id"] for s in told["panel"]["sections"] for c in s["controls"]}
    assert all(one is None or (one["alive"] and one["words"]) for one in told["measured"].values())
    accepted_by_a2ui(told["a2ui"])
    schema = json.loads(beecam("panel", "--schema", "--json").stdout.splitlines()[-1])
    jsonschema.validate(told["panel"], schema["schema"])
    for wrong in (("panel", "t0009"), ("panel",), ("panel", "t0001", "--focus", "nothing")):
        refused = beecam(*wrong, "--project", str(tmp_path), "--json")
        assert refused.returncode == 2 and "Traceback" not in refused.stderr
